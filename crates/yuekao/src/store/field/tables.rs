//! The rows that parcels bring, by table.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use sqlx::Row as _;

use super::super::Result;
use super::super::rows::{self, Cell, bound, places, portions};
use super::super::writer::Tx;
use super::{Fix, Item, Makes, Observed, OfVisit, Received, json};

/// Keeps parcels, each with its phone and its moment, and makes of them what they make: a statement for each table, however
/// many parcels there are.
pub(super) async fn keep(tx: &mut Tx<'_>, parcels: &[(&str, Timestamp, &Received)]) -> Result<()> {
    let parcels: Vec<Parcel<'_>> = parcels
        .iter()
        .map(|(phone, at, received)| Parcel {
            phone,
            login: &received.login,
            agency: &received.agency,
            sent_at: received.sent_at,
            numbered: received.numbered,
            now: at.as_millisecond(),
            items: &received.items,
        })
        .collect();
    phones(tx, &parcels).await?;
    let mut table = Tables::default();
    for parcel in &parcels {
        for item in parcel.items {
            table.keep(parcel, item);
            if let Some(makes) = &item.makes {
                table.make(parcel, item, makes)?;
            }
        }
    }
    table.write(tx).await
}

/// Who sent what is being kept.
struct Parcel<'a> {
    phone: &'a str,
    login: &'a str,
    agency: &'a str,
    sent_at: i64,
    numbered: i64,
    now: i64,
    items: &'a [Item],
}

/// Notes what phones have numbered so far: asked before the items are kept.
async fn phones(tx: &mut Tx<'_>, parcels: &[Parcel<'_>]) -> Result<()> {
    let mut numbers: BTreeMap<(&str, &str), BTreeSet<i64>> = BTreeMap::new();
    for parcel in parcels {
        let of_phone = numbers.entry((parcel.phone, parcel.login)).or_default();
        of_phone.extend(parcel.items.iter().map(|item| item.number));
    }
    let known = numbers_known(tx, &numbers).await?;
    let mut rows: BTreeMap<(&str, &str), Vec<Cell<'_>>> = BTreeMap::new();
    for parcel in parcels {
        let key = (parcel.phone, parcel.login);
        let of_phone = &numbers[&key];
        let known = known
            .range((key.0.into(), key.1.into(), i64::MIN)..=(key.0.into(), key.1.into(), i64::MAX));
        let fresh = of_phone.len() - known.count();
        // The first parcel of a phone says when it was seen first, the last one the rest.
        let first_seen = rows
            .get(&key)
            .map_or(Cell::from(parcel.now), |row| row[6].clone());
        rows.insert(
            key,
            vec![
                parcel.phone.into(),
                parcel.login.into(),
                parcel.agency.into(),
                (fresh as i64).into(),
                of_phone
                    .last()
                    .copied()
                    .unwrap_or(0)
                    .max(parcel.numbered)
                    .into(),
                parcel.sent_at.saturating_sub(parcel.now).into(),
                first_seen,
                parcel.now.into(),
            ],
        );
    }
    rows::insert(
        tx,
        "INSERT INTO field_phone (phone, login, agency, numbers, highest, ahead_ms, first_seen, last_seen)",
        &rows.into_values().collect::<Vec<_>>(),
        "ON CONFLICT (phone, login) DO UPDATE SET numbers = field_phone.numbers + excluded.numbers,
            highest = CASE WHEN excluded.highest > field_phone.highest THEN excluded.highest ELSE field_phone.highest END,
            ahead_ms = excluded.ahead_ms, last_seen = excluded.last_seen",
    )
    .await
}

/// Of the numbers that phones use now, those that are here under the same login.
async fn numbers_known(
    tx: &mut Tx<'_>,
    numbers: &BTreeMap<(&str, &str), BTreeSet<i64>>,
) -> Result<BTreeSet<(String, String, i64)>> {
    let phones: Vec<Cell<'_>> = numbers
        .keys()
        .map(|(phone, _)| Cell::from(*phone))
        .collect();
    let mut highest: HashMap<(String, String), i64> = HashMap::new();
    for some in portions(&phones) {
        let text = format!(
            "SELECT phone, login, highest FROM field_phone WHERE phone IN ({})",
            places(0, some.len())
        );
        for row in bound(text, &some).fetch_all(tx.conn()).await? {
            let of = (row.try_get("phone")?, row.try_get("login")?);
            highest.insert(of, row.try_get("highest")?);
        }
    }
    let mut known = BTreeSet::new();
    for ((phone, login), numbers) in numbers {
        let of = ((*phone).to_owned(), (*login).to_owned());
        // Mostly a phone counts on, and nothing has to be looked for.
        let Some(highest) = highest.get(&of) else {
            continue;
        };
        let used: Vec<Cell<'_>> = numbers
            .range(..=*highest)
            .map(|number| Cell::from(*number))
            .collect();
        for some in portions(&used) {
            let text = format!(
                "SELECT DISTINCT number FROM field_item WHERE phone = $1 AND login = $2 AND number IN ({})",
                places(2, some.len())
            );
            let whose = [Cell::from(*phone), Cell::from(*login)];
            let rows = bound(text, whose.iter().chain(&some));
            for row in rows.fetch_all(tx.conn()).await? {
                known.insert((of.0.clone(), of.1.clone(), row.try_get("number")?));
            }
        }
    }
    Ok(known)
}

/// A visit, as its first item says it; it begins with the earliest of what belongs to it.
struct Begun<'a> {
    of: &'a OfVisit,
    parcel: &'a Parcel<'a>,
    at: i64,
}

/// The end of a visit.
struct Ended<'a> {
    of: &'a OfVisit,
    login: &'a str,
    cells: [Cell<'a>; 5],
}

/// Rows that parcels bring, by table.
#[derive(Default)]
struct Tables<'a> {
    items: Vec<Vec<Cell<'a>>>,
    visits: Vec<Begun<'a>>,
    ends: Vec<Ended<'a>>,
    positions: Vec<Vec<Cell<'a>>>,
    observations: Vec<Vec<Cell<'a>>>,
    photos: BTreeSet<(&'a str, &'a str)>,
    closed: Vec<Vec<Cell<'a>>>,
}

impl<'a> Tables<'a> {
    fn keep(&mut self, parcel: &Parcel<'a>, item: &'a Item) {
        let reason = item.reason.as_ref();
        self.items.push(vec![
            (&item.id).into(),
            (&item.digest).into(),
            parcel.login.into(),
            parcel.agency.into(),
            parcel.phone.into(),
            item.number.into(),
            (&item.kind).into(),
            // What an item says stands in its act, and in the rows that it makes.
            match item.makes {
                None | Some(Makes::Note {}) => (&item.content).into(),
                Some(_) => "".into(),
            },
            item.made_at.into(),
            parcel.sent_at.into(),
            parcel.now.into(),
            item.verdict.word().into(),
            reason.map(|reason| reason.key.as_str()).into(),
            reason.map(|reason| reason.detail.as_str()).into(),
        ]);
    }

    fn make(&mut self, parcel: &'a Parcel<'a>, item: &'a Item, makes: &'a Makes) -> Result<()> {
        match makes {
            Makes::Start { of, fix } => {
                self.visit(parcel, of);
                self.position(parcel, item, Some(&of.visit), of.at, fix.as_ref());
            }
            Makes::Finish {
                of,
                looked,
                rest,
                length_m,
                grades,
                note,
                fix,
            } => {
                self.visit(parcel, of);
                self.position(parcel, item, Some(&of.visit), of.at, fix.as_ref());
                self.ends.push(Ended {
                    of,
                    login: parcel.login,
                    cells: [
                        json(looked)?.into(),
                        length_m.as_deref().into(),
                        json(grades)?.into(),
                        note.into(),
                        (*rest).into(),
                    ],
                });
            }
            Makes::Observation(observed) => {
                self.visit(parcel, &observed.of);
                self.observation(parcel, item, observed)?;
            }
            Makes::Closed {
                assignment,
                visit,
                at,
                words,
                photos,
                fix,
            } => {
                self.position(parcel, item, visit.as_deref(), *at, fix.as_ref());
                self.closed.push(vec![
                    (&item.id).into(),
                    assignment.into(),
                    visit.as_deref().into(),
                    parcel.agency.into(),
                    parcel.login.into(),
                    (*at).into(),
                    words.into(),
                    json(photos)?.into(),
                ]);
            }
            Makes::Position { visit, at, fix } => {
                self.position(parcel, item, visit.as_deref(), *at, Some(fix));
            }
            Makes::Note {} => {}
        }
        Ok(())
    }

    fn visit(&mut self, parcel: &'a Parcel<'a>, of: &'a OfVisit) {
        match self
            .visits
            .iter_mut()
            .find(|begun| begun.of.visit == of.visit)
        {
            Some(begun) if begun.parcel.login == parcel.login => begun.at = begun.at.min(of.at),
            Some(_) => {}
            None => self.visits.push(Begun {
                of,
                parcel,
                at: of.at,
            }),
        }
    }

    fn position(
        &mut self,
        parcel: &Parcel<'a>,
        item: &'a Item,
        visit: Option<&'a str>,
        at: i64,
        fix: Option<&Fix>,
    ) {
        let Some(fix) = fix else { return };
        self.positions.push(vec![
            (&item.id).into(),
            parcel.phone.into(),
            parcel.login.into(),
            parcel.agency.into(),
            visit.into(),
            at.into(),
            fix.lng.into(),
            fix.lat.into(),
            fix.accuracy_m.into(),
            fix.measured_at.into(),
        ]);
    }

    fn observation(
        &mut self,
        parcel: &Parcel<'a>,
        item: &'a Item,
        observed: &'a Observed,
    ) -> Result<()> {
        let of = &observed.of;
        self.observations.push(vec![
            (&item.id).into(),
            (&of.visit).into(),
            (&of.assignment).into(),
            (&of.series).into(),
            (&of.month).into(),
            (&of.site).into(),
            (&of.unit).into(),
            parcel.agency.into(),
            parcel.login.into(),
            parcel.phone.into(),
            item.number.into(),
            (&of.rules).into(),
            (&observed.indicator).into(),
            (&observed.severity).into(),
            observed.value.as_deref().into(),
            (&observed.place).into(),
            (&observed.note).into(),
            observed.fix.map(|fix| fix.lng).into(),
            observed.fix.map(|fix| fix.lat).into(),
            observed.fix.and_then(|fix| fix.accuracy_m).into(),
            observed.fix.and_then(|fix| fix.measured_at).into(),
            json(&observed.photos)?.into(),
            (&observed.category).into(),
            (&observed.condition).into(),
            of.at.into(),
            item.made_at.into(),
            parcel.sent_at.saturating_sub(parcel.now).into(),
            parcel.now.into(),
            "new".into(),
        ]);
        for photo in &observed.photos {
            self.photos.insert((photo, &item.id));
        }
        Ok(())
    }

    async fn write(self, tx: &mut Tx<'_>) -> Result<()> {
        rows::insert(
            tx,
            "INSERT INTO field_item (id, digest, login, agency, phone, number, kind, content, made_at, sent_at,
                received_at, answer, reason, detail)",
            &self.items,
            "ON CONFLICT (id, digest) DO UPDATE SET content = excluded.content, sent_at = excluded.sent_at,
                received_at = excluded.received_at,
                answer = excluded.answer, reason = excluded.reason, detail = excluded.detail",
        )
        .await?;
        let visits: Vec<_> = self
            .visits
            .iter()
            .map(|Begun { of, parcel, at }| -> Vec<Cell<'_>> {
                vec![
                    (&of.visit).into(),
                    (&of.assignment).into(),
                    (&of.series).into(),
                    (&of.month).into(),
                    (&of.site).into(),
                    (&of.unit).into(),
                    parcel.agency.into(),
                    parcel.login.into(),
                    parcel.phone.into(),
                    (&of.rules).into(),
                    (*at).into(),
                    "[]".into(),
                    "{}".into(),
                    "".into(),
                    "new".into(),
                ]
            })
            .collect();
        rows::insert(
            tx,
            "INSERT INTO visit_record (id, assignment, series, month, site, unit, agency, inspector, phone, rules,
                started_at, looked, grades, note, state)",
            &visits,
            "ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at
             WHERE visit_record.inspector = excluded.inspector AND excluded.started_at < visit_record.started_at",
        )
        .await?;
        for Ended { of, login, cells } in &self.ends {
            let text = "UPDATE visit_record SET looked = $1, length_m = $2, grades = $3, note = $4, rest = $5, finished_at = $6,
                    state = CASE WHEN state = 'accepted' THEN 'new' ELSE state END
                 WHERE id = $7 AND inspector = $8 AND assignment = $9";
            let of_visit: [Cell<'_>; 4] = [
                of.at.into(),
                (&of.visit).into(),
                (*login).into(),
                (&of.assignment).into(),
            ];
            bound(text.to_owned(), cells.iter().chain(&of_visit))
                .execute(tx.conn())
                .await?;
        }
        rows::insert(
            tx,
            "INSERT INTO field_track (item, phone, login, agency, visit, at, lng, lat, accuracy_m, measured_at)",
            &self.positions,
            "",
        )
        .await?;
        rows::insert(
            tx,
            "INSERT INTO observation (id, visit, assignment, series, month, site, unit, agency, inspector, phone,
                number, rules, indicator, severity, value, place, note, lng, lat, accuracy_m, measured_at, photos, category,
                condition, found_at, made_at, ahead_ms, received_at, state)",
            &self.observations,
            "",
        )
        .await?;
        let photos: Vec<Vec<Cell<'_>>> = self
            .photos
            .iter()
            .map(|(photo, item)| vec![(*photo).into(), (*item).into()])
            .collect();
        rows::insert(
            tx,
            "INSERT INTO observation_photo (photo, observation)",
            &photos,
            "ON CONFLICT (photo, observation) DO NOTHING",
        )
        .await?;
        rows::insert(
            tx,
            "INSERT INTO closed_site (item, assignment, visit, agency, login, at, words, photos)",
            &self.closed,
            "",
        )
        .await
    }
}
