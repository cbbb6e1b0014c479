//! The rows that parcels bring, by table.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use super::super::Result;
use super::super::rows::{self, Cell, Found as _, Rows, places, portions};
use super::{Fix, Item, Makes, Observed, OfVisit, Received, canonical, json};

/// Keeps what parcels bring: a statement for each table, however many parcels there are. `refused` are the ids of items that
/// were refused before, if they can be used now.
pub(super) async fn keep(
    tx: &mut impl Rows,
    parcels: Vec<Brought>,
    refused: Vec<&str>,
) -> Result<()> {
    phones(tx, &parcels).await?;
    if !refused.is_empty() {
        let text = format!(
            "DELETE FROM field_item WHERE answer = 'refused' AND id IN ({})",
            tx.dialect().listed(1)
        );
        tx.run(text, vec![json(&refused)?.into()]).await?;
    }
    let mut all = Brought::default();
    let mut visits: BTreeMap<Arc<str>, Begun> = BTreeMap::new();
    for mut parcel in parcels {
        all.items.append(&mut parcel.items);
        all.ends.append(&mut parcel.ends);
        all.positions.append(&mut parcel.positions);
        all.observations.append(&mut parcel.observations);
        all.photos.append(&mut parcel.photos);
        all.closed.append(&mut parcel.closed);
        for begun in parcel.visits {
            match visits.get_mut(&begun.id) {
                Some(known) if known.login == begun.login => known.at = known.at.min(begun.at),
                Some(_) => {}
                None => {
                    visits.insert(begun.id.clone(), begun);
                }
            }
        }
    }
    all.visits = visits.into_values().collect();
    all.write(tx).await
}

/// The phone of a parcel and what it has numbered.
struct OfPhone {
    phone: String,
    login: String,
    agency: String,
    numbers: Vec<i64>,
    numbered: i64,
    sent_at: i64,
    now: i64,
}

/// Notes what phones have numbered so far: asked before the items are kept.
async fn phones(tx: &mut impl Rows, parcels: &[Brought]) -> Result<()> {
    let parcels = || parcels.iter().filter_map(|parcel| parcel.of.as_ref());
    let mut numbers: BTreeMap<(&str, &str), BTreeSet<i64>> = BTreeMap::new();
    for parcel in parcels() {
        let of_phone = numbers.entry((&parcel.phone, &parcel.login)).or_default();
        of_phone.extend(&parcel.numbers);
    }
    let known = numbers_known(tx, &numbers).await?;
    let mut rows: BTreeMap<(&str, &str), [Cell; 8]> = BTreeMap::new();
    for parcel in parcels() {
        let key = (parcel.phone.as_str(), parcel.login.as_str());
        let of_phone = &numbers[&key];
        let known = known
            .range((key.0.into(), key.1.into(), i64::MIN)..=(key.0.into(), key.1.into(), i64::MAX));
        let fresh = of_phone.len() - known.count();
        // The first parcel of a phone says when it was seen first, the last one the rest.
        let first_seen = rows
            .get(&key)
            .map_or(Cell::from(parcel.now), |row| row[6].clone());
        let highest = of_phone.last().copied().unwrap_or(0);
        rows.insert(
            key,
            [
                (&parcel.phone).into(),
                (&parcel.login).into(),
                (&parcel.agency).into(),
                (fresh as i64).into(),
                highest.max(parcel.numbered).into(),
                parcel.sent_at.saturating_sub(parcel.now).into(),
                first_seen,
                parcel.now.into(),
            ],
        );
    }
    rows::insert(
        tx,
        "field_phone (phone, login, agency, numbers, highest, ahead_ms, first_seen, last_seen)",
        rows.into_values().collect(),
        "ON CONFLICT (phone, login) DO UPDATE SET numbers = field_phone.numbers + excluded.numbers,
            highest = CASE WHEN excluded.highest > field_phone.highest THEN excluded.highest ELSE field_phone.highest END,
            ahead_ms = excluded.ahead_ms, last_seen = excluded.last_seen",
    )
    .await
}

/// Of the numbers that phones use now, those that are here under the same login.
async fn numbers_known(
    tx: &mut impl Rows,
    numbers: &BTreeMap<(&str, &str), BTreeSet<i64>>,
) -> Result<BTreeSet<(String, String, i64)>> {
    let phones: Vec<Cell> = numbers
        .keys()
        .map(|(phone, _)| Cell::from(*phone))
        .collect();
    let mut highest: HashMap<(String, String), i64> = HashMap::new();
    for some in portions(&phones) {
        let text = format!(
            "SELECT phone, login, highest FROM field_phone WHERE phone IN ({})",
            places(0, some.len())
        );
        for row in tx.ask(text, some).await? {
            let text = |column| Ok::<_, super::Error>(row.text(column)?.unwrap_or_default());
            highest.insert((text("phone")?, text("login")?), row.number("highest")?);
        }
    }
    let mut known = BTreeSet::new();
    for ((phone, login), numbers) in numbers {
        let of = ((*phone).to_owned(), (*login).to_owned());
        // Mostly a phone counts on, and nothing has to be looked for.
        let Some(highest) = highest.get(&of) else {
            continue;
        };
        let used: Vec<Cell> = numbers
            .range(..=*highest)
            .map(|number| Cell::from(*number))
            .collect();
        for some in portions(&used) {
            let text = format!(
                "SELECT number FROM every_item WHERE phone = $1 AND login = $2 AND number IN ({})",
                places(2, some.len())
            );
            let whose = [Cell::from(*phone), Cell::from(*login)];
            let cells = whose.into_iter().chain(some).collect();
            for row in tx.ask(text, cells).await? {
                known.insert((of.0.clone(), of.1.clone(), row.number("number")?));
            }
        }
    }
    Ok(known)
}

/// A visit, as its first item says it; it begins with the earliest of what belongs to it.
struct Begun {
    id: Arc<str>,
    login: Arc<str>,
    at: i64,
    row: [Cell; 15],
}

/// Texts of a parcel that many of its rows share.
#[derive(Default)]
struct Texts<'a>(HashMap<&'a str, Arc<str>>);

impl<'a> Texts<'a> {
    fn text(&mut self, text: &'a str) -> Arc<str> {
        self.0.entry(text).or_insert_with(|| text.into()).clone()
    }

    fn cell(&mut self, text: &'a str) -> Cell {
        Cell::Text(Some(self.text(text)))
    }

    fn maybe(&mut self, text: Option<&'a str>) -> Cell {
        Cell::Text(text.map(|text| self.text(text)))
    }
}

/// The rows that one parcel brings, by table, put together by whoever hands it in.
#[derive(Default)]
pub(super) struct Brought {
    of: Option<OfPhone>,
    items: Vec<[Cell; 14]>,
    visits: Vec<Begun>,
    ends: Vec<[Cell; 9]>,
    positions: Vec<[Cell; 10]>,
    observations: Vec<[Cell; 30]>,
    photos: Vec<[Cell; 2]>,
    closed: Vec<[Cell; 8]>,
}

/// What is being put together of one parcel.
struct Parcel<'a> {
    phone: &'a str,
    received: &'a Received,
    now: i64,
    texts: Texts<'a>,
    rows: Brought,
}

impl Brought {
    /// What a phone's parcel brings that came at a moment.
    ///
    /// Errors: [`super::Error::Damaged`] if something of it cannot be written as JSON.
    pub(super) fn by(phone: &str, at: Timestamp, received: &Received) -> Result<Self> {
        let now = at.as_millisecond();
        let mut parcel = Parcel {
            phone,
            received,
            now,
            texts: Texts::default(),
            rows: Self::default(),
        };
        for item in &received.items {
            parcel.keep(item);
            if let Some(makes) = &item.makes {
                parcel.make(item, makes)?;
            }
        }
        let mut rows = parcel.rows;
        rows.of = Some(OfPhone {
            phone: phone.to_owned(),
            login: received.login.clone(),
            agency: received.agency.clone(),
            numbers: received.items.iter().map(|item| item.number).collect(),
            numbered: received.numbered,
            sent_at: received.sent_at,
            now,
        });
        Ok(rows)
    }

    async fn write(self, tx: &mut impl Rows) -> Result<()> {
        rows::insert(
            tx,
            "field_item (id, digest, login, agency, phone, number, kind, content, made_at, sent_at,
                received_at, answer, reason, detail)",
            self.items,
            "",
        )
        .await?;
        let begun = |Begun { at, mut row, .. }: Begun| {
            row[10] = at.into();
            row
        };
        rows::insert(
            tx,
            "visit_record (id, assignment, series, month, site, unit, agency, inspector, phone, rules,
                started_at, looked, grades, note, state)",
            self.visits.into_iter().map(begun).collect(),
            "ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at
             WHERE visit_record.inspector = excluded.inspector AND excluded.started_at < visit_record.started_at",
        )
        .await?;
        for cells in self.ends {
            let text = "UPDATE visit_record SET looked = $1, length_m = $2, grades = $3, note = $4, rest = $5, finished_at = $6,
                    state = CASE WHEN state = 'accepted' THEN 'new' ELSE state END
                 WHERE id = $7 AND inspector = $8 AND assignment = $9";
            tx.run(text.to_owned(), cells.into()).await?;
        }
        rows::insert(
            tx,
            "field_track (item, phone, login, agency, visit, at, lng, lat, accuracy_m, measured_at)",
            self.positions,
            "",
        )
        .await?;
        rows::insert(
            tx,
            "observation (id, visit, assignment, series, month, site, unit, agency, inspector, phone,
                number, rules, indicator, severity, value, place, note, lng, lat, accuracy_m, measured_at, photos, category,
                condition, found_at, made_at, ahead_ms, received_at, state, digest)",
            self.observations,
            "",
        )
        .await?;
        rows::insert(
            tx,
            "observation_photo (photo, observation)",
            self.photos,
            "ON CONFLICT (photo, observation) DO NOTHING",
        )
        .await?;
        rows::insert(
            tx,
            "closed_site (item, assignment, visit, agency, login, at, words, photos)",
            self.closed,
            "",
        )
        .await
    }
}

impl<'a> Parcel<'a> {
    /// Keeps an item by itself, unless it is a finding.
    fn keep(&mut self, item: &'a Item) {
        if matches!(item.makes, Some(Makes::Observation(_))) {
            return;
        }
        let (received, texts) = (self.received, &mut self.texts);
        let reason = item.reason.as_ref();
        self.rows.items.push([
            (&item.id).into(),
            (&item.digest).into(),
            texts.cell(&received.login),
            texts.cell(&received.agency),
            texts.cell(self.phone),
            item.number.into(),
            texts.cell(&item.kind),
            // What an item says stands in its act, and in the rows that it makes.
            match item.makes {
                None | Some(Makes::Note {}) => canonical(&item.content).into(),
                Some(_) => texts.cell(""),
            },
            item.made_at.into(),
            received.sent_at.into(),
            self.now.into(),
            texts.cell(item.verdict.word()),
            reason.map(|reason| reason.key.as_str()).into(),
            reason.map(|reason| reason.detail.as_str()).into(),
        ]);
    }

    fn make(&mut self, item: &'a Item, makes: &'a Makes) -> Result<()> {
        match makes {
            Makes::Start { of, fix } => {
                self.visit(of);
                self.position(item, Some(&of.visit), of.at, fix.as_ref());
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
                self.visit(of);
                self.position(item, Some(&of.visit), of.at, fix.as_ref());
                let row = [
                    json(looked)?.into(),
                    length_m.as_deref().into(),
                    json(grades)?.into(),
                    note.into(),
                    (*rest).into(),
                    of.at.into(),
                    self.texts.cell(&of.visit),
                    self.texts.cell(&self.received.login),
                    self.texts.cell(&of.assignment),
                ];
                self.rows.ends.push(row);
            }
            Makes::Observation(observed) => {
                self.visit(&observed.of);
                self.observation(item, observed)?;
            }
            Makes::Closed {
                assignment,
                visit,
                at,
                words,
                photos,
                fix,
            } => {
                self.position(item, visit.as_deref(), *at, fix.as_ref());
                let row = [
                    (&item.id).into(),
                    assignment.into(),
                    visit.as_deref().into(),
                    self.texts.cell(&self.received.agency),
                    self.texts.cell(&self.received.login),
                    (*at).into(),
                    words.into(),
                    json(photos)?.into(),
                ];
                self.rows.closed.push(row);
            }
            Makes::Position { visit, at, fix } => {
                self.position(item, visit.as_deref(), *at, Some(fix));
            }
            Makes::Note {} => {}
        }
        Ok(())
    }

    fn visit(&mut self, of: &'a OfVisit) {
        let mut begun = self.rows.visits.iter_mut();
        if let Some(begun) = begun.find(|begun| *begun.id == *of.visit) {
            begun.at = begun.at.min(of.at);
            return;
        }
        let (received, texts) = (self.received, &mut self.texts);
        self.rows.visits.push(Begun {
            id: texts.text(&of.visit),
            login: texts.text(&received.login),
            at: of.at,
            row: [
                texts.cell(&of.visit),
                texts.cell(&of.assignment),
                texts.cell(&of.series),
                texts.cell(&of.month),
                texts.cell(&of.site),
                texts.cell(&of.unit),
                texts.cell(&received.agency),
                texts.cell(&received.login),
                texts.cell(self.phone),
                texts.cell(&of.rules),
                of.at.into(),
                texts.cell("[]"),
                texts.cell("{}"),
                texts.cell(""),
                texts.cell("new"),
            ],
        });
    }

    fn position(&mut self, item: &'a Item, visit: Option<&'a str>, at: i64, fix: Option<&Fix>) {
        let Some(fix) = fix else { return };
        let (received, texts) = (self.received, &mut self.texts);
        self.rows.positions.push([
            (&item.id).into(),
            texts.cell(self.phone),
            texts.cell(&received.login),
            texts.cell(&received.agency),
            texts.maybe(visit),
            at.into(),
            fix.lng.into(),
            fix.lat.into(),
            fix.accuracy_m.into(),
            fix.measured_at.into(),
        ]);
    }

    fn observation(&mut self, item: &'a Item, observed: &'a Observed) -> Result<()> {
        let (of, received, texts) = (&observed.of, self.received, &mut self.texts);
        let id = texts.text(&item.id);
        self.rows.observations.push([
            Cell::Text(Some(id.clone())),
            texts.cell(&of.visit),
            texts.cell(&of.assignment),
            texts.cell(&of.series),
            texts.cell(&of.month),
            texts.cell(&of.site),
            texts.cell(&of.unit),
            texts.cell(&received.agency),
            texts.cell(&received.login),
            texts.cell(self.phone),
            item.number.into(),
            texts.cell(&of.rules),
            texts.cell(&observed.indicator),
            texts.cell(&observed.severity),
            observed.value.as_deref().into(),
            (&observed.place).into(),
            texts.cell(&observed.note),
            observed.fix.map(|fix| fix.lng).into(),
            observed.fix.map(|fix| fix.lat).into(),
            observed.fix.and_then(|fix| fix.accuracy_m).into(),
            observed.fix.and_then(|fix| fix.measured_at).into(),
            match observed.photos.is_empty() {
                true => texts.cell("[]"),
                false => json(&observed.photos)?.into(),
            },
            texts.cell(&observed.category),
            texts.cell(&observed.condition),
            of.at.into(),
            item.made_at.into(),
            received.sent_at.saturating_sub(self.now).into(),
            self.now.into(),
            texts.cell("new"),
            (&item.digest).into(),
        ]);
        for photo in &observed.photos {
            let row = [photo.into(), Cell::Text(Some(id.clone()))];
            self.rows.photos.push(row);
        }
        Ok(())
    }
}
