//! What phones hand in: every item as it came, and the visits, positions and observations it makes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use assessment::inspection::track;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use tokio::sync::oneshot;

use super::act::Deed;
use super::rows::{self, Cell, bound, places, portions};
use super::writer::Tx;
use super::{Error, Result, Store};
use crate::viewer::{Role, Viewer};

/// What was said to a phone about one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is on the disk.
    Taken,
    /// It was on the disk before, with the same content.
    Known,
    /// Another item has this id; this one is kept beside it.
    Conflict,
    /// It cannot be used as it is; it is kept, with the reason.
    Refused,
}

impl Verdict {
    /// The word in the database and in answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Known => "known",
            Self::Conflict => "conflict",
            Self::Refused => "refused",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "conflict" => Self::Conflict,
            "refused" => Self::Refused,
            _ => Self::Taken,
        }
    }
}

/// Why an item was refused: the key of a sentence and what it speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// `field-refused-…`.
    pub key: String,
    /// What stands there, or which part is meant.
    pub detail: String,
}

/// One item, as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Made by the phone.
    pub id: String,
    /// SHA-256 over everything that the phone says in it.
    pub digest: String,
    /// Running number of the phone.
    pub number: i64,
    /// What kind of item it says it is.
    pub kind: String,
    /// JSON with sorted keys.
    pub content: String,
    /// When it was made, by the phone's clock.
    pub made_at: i64,
    /// Said to the phone.
    pub verdict: Verdict,
    /// Why it was refused.
    pub reason: Option<Reason>,
    /// What it makes; nothing if it was refused or stands against another.
    pub makes: Option<Makes>,
}

/// What a taken item makes of the tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Makes {
    /// A visit begins.
    Start {
        /// Which.
        #[serde(flatten)]
        of: OfVisit,
        /// Where the phone said it was.
        #[serde(default)]
        fix: Option<Fix>,
    },
    /// A visit ends.
    Finish {
        /// Which.
        of: OfVisit,
        /// Ids of the indicators that were looked at.
        looked: Vec<String>,
        /// How many of them were ticked together by one tap.
        #[serde(default)]
        rest: i64,
        /// Length walked, metres as decimal text.
        length_m: Option<String>,
        /// Grades given, by key.
        grades: std::collections::BTreeMap<String, String>,
        /// Free words.
        note: String,
        /// Where the phone said it was.
        #[serde(default)]
        fix: Option<Fix>,
    },
    /// Something was found.
    Observation(Box<Observed>),
    /// The phone says where it is.
    Position {
        /// During which visit, if any.
        visit: Option<String>,
        /// When, by our clock.
        at: i64,
        /// Where.
        fix: Fix,
    },
    /// A site cannot be visited.
    Closed {
        /// The assignment.
        assignment: String,
        /// During which visit, if any.
        visit: Option<String>,
        /// When, by our clock.
        at: i64,
        /// What is closed, and why.
        words: String,
        /// SHA-256 of the photos.
        photos: Vec<String>,
        /// Where the phone said it was.
        fix: Option<Fix>,
    },
    /// Words about a visit or the day; they are read where they lie.
    Note {},
}

/// The visit that an item belongs to, and what was drawn for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfVisit {
    /// Id of the visit, made by the phone.
    pub visit: String,
    /// Its assignment.
    pub assignment: String,
    /// The evaluation.
    pub series: String,
    /// The month drawn for.
    pub month: String,
    /// The site.
    pub site: String,
    /// The unit evaluated there.
    pub unit: String,
    /// Rules and catalogue that the phone worked by, with their digests.
    pub rules: String,
    /// When it happened, by our clock.
    pub at: i64,
}

/// A position: degrees × 10⁷, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// Longitude.
    pub lng: i64,
    /// Latitude.
    pub lat: i64,
    /// Radius in metres that the phone believes in.
    pub accuracy_m: Option<i64>,
}

/// A finding as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// Where it belongs; its time is that of the finding.
    pub of: OfVisit,
    /// Id of the indicator.
    pub indicator: String,
    /// `minor`, `general`, `serious`.
    pub severity: String,
    /// Measured value with its unit: `12 mm`.
    pub value: Option<String>,
    /// Place in words.
    pub place: String,
    /// Free words.
    pub note: String,
    /// Where the phone said it was.
    pub fix: Option<Fix>,
    /// SHA-256 of the photos.
    pub photos: Vec<String>,
    /// Case category that the indicator opens; empty for none.
    pub category: String,
    /// Filing condition; empty for none.
    pub condition: String,
}

/// What can be done with a phone's items; the phone is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldDeed {
    /// Items came in one parcel.
    Received {
        /// Whose session it was.
        login: String,
        /// Their agency.
        agency: String,
        /// When they were sent, by the phone's clock.
        sent_at: i64,
        /// The last number that the phone had given; 0 if it did not tell.
        #[serde(default)]
        numbered: i64,
        /// The items that were not here yet.
        items: Vec<Item>,
    },
}

impl Deed for FieldDeed {
    const NOUN: &'static str = "field";

    async fn apply(&self, tx: &mut Tx<'_>, phone: &str, at: Timestamp) -> Result<()> {
        keep(tx, &[(phone, at, self)]).await
    }
}

/// Keeps parcels, each with its phone and its moment, and makes of them what they make: a statement for each table, however
/// many parcels there are.
async fn keep(tx: &mut Tx<'_>, parcels: &[(&str, Timestamp, &FieldDeed)]) -> Result<()> {
    let parcels: Vec<Parcel<'_>> = parcels
        .iter()
        .map(|(phone, at, deed)| {
            let FieldDeed::Received {
                login,
                agency,
                sent_at,
                numbered,
                items,
            } = deed;
            Parcel {
                phone,
                login,
                agency,
                sent_at: *sent_at,
                numbered: *numbered,
                now: at.as_millisecond(),
                items,
            }
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
            (&item.content).into(),
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
            "ON CONFLICT (id, digest) DO UPDATE SET sent_at = excluded.sent_at, received_at = excluded.received_at,
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
            "INSERT INTO field_track (item, phone, login, agency, visit, at, lng, lat, accuracy_m)",
            &self.positions,
            "",
        )
        .await?;
        rows::insert(
            tx,
            "INSERT INTO observation (id, visit, assignment, series, month, site, unit, agency, inspector, phone,
                number, rules, indicator, severity, value, place, note, lng, lat, accuracy_m, photos, category,
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

pub(super) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::damaged)
}

/// What a phone is told about one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The id it sent.
    pub id: String,
    /// What became of it.
    pub verdict: Verdict,
    /// Why it was refused.
    pub reason: Option<Reason>,
}

/// A parcel of items that have been looked at, ready to be kept.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The phone that numbers them.
    pub phone: String,
    /// Whose session it is.
    pub login: String,
    /// Their agency.
    pub agency: String,
    /// The phone's clock when it sent them.
    pub sent_at: i64,
    /// The last number that the phone has given; 0 if it does not tell.
    pub numbered: i64,
    /// In the order in which they came.
    pub items: Vec<Item>,
}

impl Looked {
    /// The items that end a visit, with its assignment.
    pub fn visits_ended(&self) -> Vec<(String, String)> {
        self.items
            .iter()
            .filter_map(|item| match &item.makes {
                Some(Makes::Finish { of, .. }) => Some((item.id.clone(), of.assignment.clone())),
                _ => None,
            })
            .collect()
    }
}

/// Parcels that wait for the writer: whatever has gathered is kept together.
#[derive(Default)]
pub(super) struct Waiting(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    parcels: Vec<Sent>,
    /// A request that takes them is on its way to the writer.
    asked: bool,
}

/// A parcel and whom to tell what became of it.
struct Sent {
    at: Timestamp,
    parcel: Looked,
    answer: oneshot::Sender<Result<Vec<Said>>>,
}

/// Parcels with so many items are kept together; what comes meanwhile is got ready beside it and is kept next.
const TOGETHER: usize = 400;

impl Waiting {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a parcel; says whether the writer has to be asked.
    fn add(&self, sent: Sent) -> bool {
        let mut queue = self.queue();
        queue.parcels.push(sent);
        !std::mem::replace(&mut queue.asked, true)
    }

    /// Takes those that have waited longest; says whether others are left.
    fn take(&self) -> (Vec<Sent>, bool) {
        let mut queue = self.queue();
        let mut items = 0;
        let some = queue.parcels.iter().take_while(|one| {
            let room = items < TOGETHER;
            items += one.parcel.items.len();
            room
        });
        let some = some.count();
        let taken = queue.parcels.drain(..some).collect();
        queue.asked = !queue.parcels.is_empty();
        (taken, queue.asked)
    }
}

impl Store {
    /// Takes a parcel of items: what is new is kept in one act, what is known costs nothing. The
    /// answers are in the order of the items, and true: what they say is on the disk.
    ///
    /// Errors: the database's.
    pub async fn receive(&self, at: Timestamp, parcel: Looked) -> Result<Vec<Said>> {
        let (answer, answered) = oneshot::channel();
        let sent = Sent { at, parcel, answer };
        if self.inbox.add(sent) {
            // A task of its own: who asked may go away, and the others wait for it.
            tokio::spawn(self.clone().receive_waiting());
        }
        answered.await.map_err(|_| Error::NotSaved)?
    }

    /// Keeps what waits, and tells each what became of it once it is on the disk.
    async fn receive_waiting(self) {
        loop {
            // Taken when it is the writer's turn: until then others have come.
            let taken: Arc<Mutex<Option<(Vec<Sent>, bool)>>> = Arc::default();
            let (inbox, taking) = (self.inbox.clone(), taken.clone());
            let kept = self.write(move |tx| {
                Box::pin(async move {
                    let (sent, left) = inbox.take();
                    let parcels = sent.iter().map(|one| (one.at, one.parcel.clone()));
                    let parcels: Vec<_> = parcels.collect();
                    *taking.lock().unwrap_or_else(PoisonError::into_inner) = Some((sent, left));
                    tx.receive(parcels).await
                })
            });
            let kept = kept.await;
            let taken = taken.lock().unwrap_or_else(PoisonError::into_inner).take();
            // If it never was its turn, nothing was taken.
            let (sent, left) = taken.unwrap_or_else(|| self.inbox.take());
            match kept {
                Ok(said) => {
                    for (one, said) in sent.into_iter().zip(said) {
                        let _ = one.answer.send(Ok(said));
                    }
                }
                // One of them spoils it: each by itself.
                Err(_) => {
                    for one in sent {
                        let (at, parcel) = (one.at, one.parcel);
                        let alone = self.write(move |tx| {
                            Box::pin(async move { tx.receive(vec![(at, parcel)]).await })
                        });
                        let said = alone.await.map(|mut said| said.pop().unwrap_or_default());
                        let _ = one.answer.send(said);
                    }
                }
            }
            if !left {
                return;
            }
        }
    }
}

impl Tx<'_> {
    /// Receives parcels one after the other; returns what is said of each.
    async fn receive(&mut self, parcels: Vec<(Timestamp, Looked)>) -> Result<Vec<Vec<Said>>> {
        let mut known = self.items_known(&parcels).await?;
        let (mut answers, mut deeds) = (vec![], vec![]);
        for (at, parcel) in parcels {
            let said_nothing = parcel.items.is_empty();
            let mut said = Vec::with_capacity(parcel.items.len());
            let mut fresh: Vec<Item> = Vec::new();
            for mut item in parcel.items {
                let known = known.entry(item.id.clone()).or_default();
                let same = known.iter().position(|(digest, ..)| *digest == item.digest);
                // What was refused is looked at again: its task may have been released since.
                let usable_now = item.verdict == Verdict::Taken
                    && known.len() == 1
                    && same.is_some_and(|same| known[same].1 == Verdict::Refused);
                if let Some((_, verdict, reason)) =
                    same.filter(|_| !usable_now).map(|same| &known[same])
                {
                    said.push(Said {
                        id: item.id,
                        verdict: match verdict {
                            Verdict::Taken => Verdict::Known,
                            other => *other,
                        },
                        reason: reason.clone(),
                    });
                    continue;
                }
                if !known.is_empty() && !usable_now {
                    item.verdict = Verdict::Conflict;
                    item.reason = None;
                    item.makes = None;
                }
                let now = (item.digest.clone(), item.verdict, item.reason.clone());
                match same {
                    Some(same) => known[same] = now,
                    None => known.push(now),
                }
                said.push(Said {
                    id: item.id.clone(),
                    verdict: item.verdict,
                    reason: item.reason.clone(),
                });
                fresh.push(item);
            }
            answers.push(said);
            // A phone that sends nothing tells how far it has numbered.
            if !fresh.is_empty() || (said_nothing && parcel.numbered > 0) {
                let deed = FieldDeed::Received {
                    login: parcel.login.clone(),
                    agency: parcel.agency,
                    sent_at: parcel.sent_at,
                    numbered: parcel.numbered,
                    items: fresh,
                };
                deeds.push((at, parcel.login, parcel.phone, deed));
            }
        }
        let acts = deeds
            .iter()
            .map(|(at, login, phone, deed)| self.next_act(*at, login, phone, deed))
            .collect::<Result<Vec<_>>>()?;
        if !acts.is_empty() {
            self.append(&acts).await?;
            let parcels: Vec<_> = deeds
                .iter()
                .map(|(at, _, phone, deed)| (phone.as_str(), *at, deed))
                .collect();
            keep(self, &parcels).await?;
        }
        Ok(answers)
    }

    /// What is here under the ids of the items of parcels.
    async fn items_known(
        &mut self,
        parcels: &[(Timestamp, Looked)],
    ) -> Result<HashMap<String, Vec<KnownItem>>> {
        let mut known: HashMap<String, Vec<KnownItem>> = HashMap::new();
        let ids: Vec<Cell<'_>> = parcels
            .iter()
            .flat_map(|(_, parcel)| parcel.items.iter().map(|item| Cell::from(&item.id)))
            .collect();
        for some in portions(&ids) {
            let text = format!(
                "SELECT id, digest, answer, reason, detail FROM field_item WHERE id IN ({})",
                places(0, some.len())
            );
            for row in bound(text, &some).fetch_all(self.conn()).await? {
                let answer: String = row.try_get("answer")?;
                let item = (
                    row.try_get("digest")?,
                    Verdict::of(&answer),
                    reason_of(&row)?,
                );
                known.entry(row.try_get("id")?).or_default().push(item);
            }
        }
        Ok(known)
    }
}

/// Digest, verdict and reason of an item that is here.
type KnownItem = (String, Verdict, Option<Reason>);

fn reason_of(row: &AnyRow) -> Result<Option<Reason>> {
    let key: Option<String> = row.try_get("reason")?;
    let detail: Option<String> = row.try_get("detail")?;
    Ok(key.map(|key| Reason {
        key,
        detail: detail.unwrap_or_default(),
    }))
}

/// What was drawn for an inspector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Id of the assignment.
    pub id: String,
    /// The evaluation whose evidence it brings.
    pub series: String,
    /// The month drawn for.
    pub month: String,
    /// The site.
    pub site: String,
    /// The unit evaluated there.
    pub unit: String,
}

impl Drawn {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            series: row.try_get("series")?,
            month: row.try_get("month")?,
            site: row.try_get("site")?,
            unit: row.try_get("unit")?,
        })
    }
}

impl Store {
    /// Of these assignments, those that were released to an inspector, whatever day it is: a phone
    /// may come back days later.
    pub async fn released_ever(&self, login: &str, ids: &[String]) -> Result<Vec<Drawn>> {
        let mut drawn = Vec::new();
        for id in ids {
            let row = sqlx::query(
                "SELECT id, series, month, site, unit FROM assignment
                 WHERE id = $1 AND inspector = $2 AND released_at IS NOT NULL",
            )
            .bind(id)
            .bind(login)
            .fetch_optional(self.reading())
            .await?;
            drawn.extend(row.as_ref().map(Drawn::from_row).transpose()?);
        }
        Ok(drawn)
    }

    /// Positions reported during a visit: longitude and latitude in 1e-7 degree.
    pub async fn track_of_visit(&self, visit: &str) -> Result<Vec<(i64, i64)>> {
        Ok(sqlx::query_as(
            "SELECT lng, lat FROM (
                SELECT at, lng, lat FROM field_track WHERE visit = $1
                UNION ALL SELECT found_at, lng, lat FROM observation WHERE visit = $1 AND lng IS NOT NULL
             ) AS track ORDER BY at LIMIT 2000",
        )
        .bind(visit)
        .fetch_all(self.reading())
        .await?)
    }

    /// Positions that an inspector's phones reported between two moments, for judging them.
    pub async fn track(
        &self,
        login: &str,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Reported>> {
        let rows = sqlx::query(
            "SELECT track.phone AS phone, visit, number, made_at, received_at, sent_at, lng, lat, accuracy_m, content
             FROM (
                SELECT item, phone, visit, at, lng, lat, accuracy_m FROM field_track WHERE login = $1 AND at BETWEEN $2 AND $3
                UNION ALL SELECT id, phone, visit, found_at, lng, lat, accuracy_m FROM observation
                WHERE inspector = $1 AND found_at BETWEEN $2 AND $3 AND lng IS NOT NULL
             ) AS track JOIN field_item ON field_item.id = track.item AND field_item.answer = 'taken'
             ORDER BY at LIMIT 5000",
        )
        .bind(login)
        .bind(from.as_millisecond())
        .bind(until.as_millisecond())
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(Reported::from_row).collect()
    }

    /// What inspectors said about sites that they found closed, the oldest first: about one assignment, or without one
    /// about all that are neither visited nor replaced; at most a hundred.
    pub async fn closed_sites(
        &self,
        sight: Sight<'_>,
        assignment: Option<&str>,
    ) -> Result<Vec<ClosedSite>> {
        let rows = sqlx::query(
            "SELECT assignment.id AS id, series, month, site, unit, login, closed_site.at AS at, words, photos
             FROM closed_site JOIN assignment ON assignment.id = closed_site.assignment
             WHERE (agency = $1 OR $1 = '') AND (assignment.id = $2 OR ($2 = '' AND state NOT IN ('visited', 'closed')))
             ORDER BY closed_site.at, item LIMIT 100",
        )
        .bind(sight.bound())
        .bind(assignment.unwrap_or_default())
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(ClosedSite::from_row).collect()
    }
}

/// A position as a phone reported it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// Which phone.
    pub phone: String,
    /// During which visit, if any.
    pub visit: Option<String>,
    /// What it said.
    pub fix: track::Fix,
}

impl Reported {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let number: i64 = row.try_get("number")?;
        let accuracy: Option<i64> = row.try_get("accuracy_m")?;
        let content: String = row.try_get("content")?;
        // A position of its own tells it beside the place, others within.
        let content: serde_json::Value = serde_json::from_str(&content).unwrap_or_default();
        let measured = content["position"]["at"].as_i64();
        Ok(Self {
            phone: row.try_get("phone")?,
            visit: row.try_get("visit")?,
            fix: track::Fix {
                number: number.unsigned_abs(),
                at: row.try_get("made_at")?,
                received: row.try_get("received_at")?,
                sent: Some(row.try_get("sent_at")?),
                spot: track::Spot {
                    lng_e7: row.try_get("lng")?,
                    lat_e7: row.try_get("lat")?,
                },
                accuracy_m: accuracy.and_then(|metres| u32::try_from(metres).ok()),
                measured: measured.or_else(|| content["at"].as_i64()),
                site: None,
            },
        })
    }
}

/// What an inspector said about a site that cannot be visited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedSite {
    /// The assignment.
    pub assignment: Drawn,
    /// Who.
    pub login: String,
    /// When, by our clock.
    pub at: Timestamp,
    /// What is closed, and why.
    pub words: String,
    /// SHA-256 of the photos.
    pub photos: Vec<String>,
}

impl ClosedSite {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let photos: String = row.try_get("photos")?;
        Ok(Self {
            assignment: Drawn::from_row(row)?,
            login: row.try_get("login")?,
            at: super::moment(row.try_get("at")?)?,
            words: row.try_get("words")?,
            photos: serde_json::from_str(&photos).map_err(Error::damaged)?,
        })
    }
}

/// The rows of the field that a viewer may see: the agency's own people see their agency's, host
/// and auditor see all, nobody else any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight<'a> {
    /// Everything.
    All,
    /// One agency's.
    Agency(&'a str),
}

impl<'a> Sight<'a> {
    /// What this viewer may see of what the field brings.
    pub fn of(viewer: &'a Viewer) -> Option<Self> {
        match viewer.role {
            Role::Host | Role::Auditor => Some(Self::All),
            Role::Agency | Role::Reviewer => viewer.unit.as_deref().map(Self::Agency),
            _ => None,
        }
    }

    /// For `(agency = $n OR $n = '')`: the agency, or nothing for all. An agency without a name
    /// is none.
    pub(super) fn bound(self) -> &'a str {
        match self {
            Self::All => "",
            Self::Agency("") => "\u{1}",
            Self::Agency(agency) => agency,
        }
    }
}

/// A phone as the review sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// Its id, made by itself.
    pub phone: String,
    /// Who was signed in on it.
    pub login: String,
    /// Different numbers that have arrived.
    pub numbers: i64,
    /// The highest of them.
    pub highest: i64,
    /// How far its clock was ahead of ours when it last sent something.
    pub ahead_ms: i64,
    /// When it last sent something.
    pub last_seen: Timestamp,
    /// Spans of numbers that have not arrived, at most twenty.
    pub gaps: Vec<(i64, i64)>,
    /// Numbers that several items have.
    pub doubled: Vec<i64>,
    /// The same account had used another phone before: a new one, or its browser's data were cleared.
    pub follows: bool,
}

/// An item that could not be used as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Odd {
    /// Its id.
    pub id: String,
    /// Who sent it.
    pub login: String,
    /// From which phone.
    pub phone: String,
    /// Its number.
    pub number: i64,
    /// What it says it is.
    pub kind: String,
    /// What stands in it.
    pub content: String,
    /// `conflict` or `refused`.
    pub answer: String,
    /// Why.
    pub reason: Option<Reason>,
    /// When it came.
    pub received_at: Timestamp,
    /// For a conflict: what the first item with its id says.
    pub first: Option<String>,
}

impl Store {
    /// The phones that have sent something, the newest first; at most two hundred.
    pub async fn phones(&self, sight: Sight<'_>) -> Result<Vec<Phone>> {
        let rows = sqlx::query(
            "SELECT phone, login, numbers, highest, ahead_ms, last_seen,
                (SELECT count(*) FROM field_phone AS other WHERE other.login = field_phone.login
                 AND other.phone <> field_phone.phone AND other.first_seen < field_phone.first_seen) AS earlier
             FROM field_phone
             WHERE agency = $1 OR $1 = '' ORDER BY last_seen DESC, phone LIMIT 200",
        )
        .bind(sight.bound())
        .fetch_all(self.reading())
        .await?;
        let mut phones = Vec::new();
        for row in rows {
            let (phone, login): (String, String) = (row.try_get("phone")?, row.try_get("login")?);
            phones.push(Phone {
                numbers: row.try_get("numbers")?,
                highest: row.try_get("highest")?,
                ahead_ms: row.try_get("ahead_ms")?,
                last_seen: super::moment(row.try_get("last_seen")?)?,
                gaps: self.gaps(&phone).await?,
                doubled: self.doubled(&phone).await?,
                follows: row.try_get::<i64, _>("earlier")? > 0,
                phone,
                login,
            });
        }
        Ok(phones)
    }

    /// Spans of a phone's numbers that have not arrived, up to the last one that it says it has given. A phone numbers
    /// through whoever uses it.
    async fn gaps(&self, phone: &str) -> Result<Vec<(i64, i64)>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT before, number FROM (
                SELECT number, COALESCE(lag(number) OVER (ORDER BY number), 0) AS before
                FROM (SELECT number FROM field_item WHERE phone = $1 AND number > 0
                    UNION SELECT max(highest) + 1 FROM field_phone WHERE phone = $1) AS numbers
             ) AS steps WHERE number > before + 1 ORDER BY number LIMIT 20",
        )
        .bind(phone)
        .fetch_all(self.reading())
        .await?;
        Ok(rows
            .into_iter()
            .map(|(before, number)| (before + 1, number - 1))
            .collect())
    }

    async fn doubled(&self, phone: &str) -> Result<Vec<i64>> {
        Ok(sqlx::query_scalar(
            "SELECT number FROM field_item WHERE phone = $1 AND number > 0
             GROUP BY number HAVING count(DISTINCT id) > 1 ORDER BY number LIMIT 20",
        )
        .bind(phone)
        .fetch_all(self.reading())
        .await?)
    }

    /// Items that could not be used as they came, the newest first; at most two hundred.
    pub async fn odd_items(&self, sight: Sight<'_>) -> Result<Vec<Odd>> {
        let rows = sqlx::query(
            "SELECT id, login, phone, number, kind, content, answer, reason, detail, received_at,
                (SELECT min(first.content) FROM field_item AS first
                 WHERE first.id = field_item.id AND first.answer = 'taken' AND first.agency = field_item.agency) AS first
             FROM field_item WHERE answer IN ('conflict', 'refused') AND (agency = $1 OR $1 = '')
             ORDER BY received_at DESC, number DESC LIMIT 200",
        )
        .bind(sight.bound())
        .fetch_all(self.reading())
        .await?;
        rows.iter()
            .map(|row| {
                let answer: String = row.try_get("answer")?;
                let first: Option<String> = row.try_get("first")?;
                Ok(Odd {
                    id: row.try_get("id")?,
                    login: row.try_get("login")?,
                    phone: row.try_get("phone")?,
                    number: row.try_get("number")?,
                    kind: row.try_get("kind")?,
                    content: row.try_get("content")?,
                    reason: reason_of(row)?,
                    received_at: super::moment(row.try_get("received_at")?)?,
                    first: first.filter(|_| answer == "conflict"),
                    answer,
                })
            })
            .collect()
    }
}
