//! What phones hand in: every item as it came, and the visits, positions and observations it makes.

use assessment::inspection::track;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::act::Deed;
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
    Start(OfVisit),
    /// A visit ends.
    Finish {
        /// Which.
        of: OfVisit,
        /// Ids of the indicators that were looked at.
        looked: Vec<String>,
        /// Length walked, metres as decimal text.
        length_m: Option<String>,
        /// Grades given, by key.
        grades: std::collections::BTreeMap<String, String>,
        /// Free words.
        note: String,
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
        /// The items that were not here yet.
        items: Vec<Item>,
    },
}

impl Deed for FieldDeed {
    const NOUN: &'static str = "field";

    async fn apply(&self, tx: &mut Tx<'_>, phone: &str, at: Timestamp) -> Result<()> {
        let Self::Received {
            login,
            agency,
            sent_at,
            items,
        } = self;
        let now = at.as_millisecond();
        let parcel = Parcel {
            phone,
            login,
            agency,
            sent_at: *sent_at,
            now,
        };
        let mut numbers = 0;
        for item in items {
            numbers += i64::from(parcel.is_new_number(tx, item.number).await?);
            parcel.keep(tx, item).await?;
            if let Some(makes) = &item.makes {
                parcel.make(tx, item, makes).await?;
            }
        }
        let highest = items.iter().map(|item| item.number).max().unwrap_or(0);
        parcel.seen(tx, numbers, highest).await
    }
}

/// Who sent what is being kept.
struct Parcel<'a> {
    phone: &'a str,
    login: &'a str,
    agency: &'a str,
    sent_at: i64,
    now: i64,
}

impl Parcel<'_> {
    /// Whether nothing with this number has come from the phone before.
    async fn is_new_number(&self, tx: &mut Tx<'_>, number: i64) -> Result<bool> {
        let known = sqlx::query(
            "SELECT 1 FROM field_item WHERE phone = $1 AND number = $2 AND login = $3 LIMIT 1",
        )
        .bind(self.phone)
        .bind(number)
        .bind(self.login)
        .fetch_optional(tx.conn())
        .await?;
        Ok(known.is_none())
    }

    async fn keep(&self, tx: &mut Tx<'_>, item: &Item) -> Result<()> {
        let reason = item.reason.as_ref();
        sqlx::query(
            "INSERT INTO field_item (id, digest, login, agency, phone, number, kind, content, made_at, sent_at,
                received_at, answer, reason, detail)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
             ON CONFLICT (id, digest) DO UPDATE SET sent_at = excluded.sent_at, received_at = excluded.received_at,
                answer = excluded.answer, reason = excluded.reason, detail = excluded.detail",
        )
        .bind(&item.id)
        .bind(&item.digest)
        .bind(self.login)
        .bind(self.agency)
        .bind(self.phone)
        .bind(item.number)
        .bind(&item.kind)
        .bind(&item.content)
        .bind(item.made_at)
        .bind(self.sent_at)
        .bind(self.now)
        .bind(item.verdict.word())
        .bind(reason.map(|reason| reason.key.as_str()))
        .bind(reason.map(|reason| reason.detail.as_str()))
        .execute(tx.conn())
        .await?;
        Ok(())
    }

    async fn make(&self, tx: &mut Tx<'_>, item: &Item, makes: &Makes) -> Result<()> {
        match makes {
            Makes::Start(of) => self.visit(tx, of).await,
            Makes::Finish {
                of,
                looked,
                length_m,
                grades,
                note,
            } => {
                self.visit(tx, of).await?;
                sqlx::query(
                    "UPDATE visit_record SET finished_at = $1, looked = $2, length_m = $3, grades = $4, note = $5,
                        state = CASE WHEN state = 'accepted' THEN 'new' ELSE state END
                     WHERE id = $6 AND inspector = $7 AND assignment = $8",
                )
                .bind(of.at)
                .bind(json(looked)?)
                .bind(length_m.as_deref())
                .bind(json(grades)?)
                .bind(note)
                .bind(&of.visit)
                .bind(self.login)
                .bind(&of.assignment)
                .execute(tx.conn())
                .await?;
                Ok(())
            }
            Makes::Observation(observed) => {
                self.visit(tx, &observed.of).await?;
                if let Some(fix) = &observed.fix {
                    let visit = Some(observed.of.visit.as_str());
                    self.position(tx, item, visit, observed.of.at, fix).await?;
                }
                self.observation(tx, item, observed).await
            }
            Makes::Position { visit, at, fix } => {
                self.position(tx, item, visit.as_deref(), *at, fix).await
            }
            Makes::Note {} => Ok(()),
        }
    }

    async fn position(
        &self,
        tx: &mut Tx<'_>,
        item: &Item,
        visit: Option<&str>,
        at: i64,
        fix: &Fix,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO field_track (item, phone, login, agency, visit, at, lng, lat, accuracy_m)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(&item.id)
        .bind(self.phone)
        .bind(self.login)
        .bind(self.agency)
        .bind(visit)
        .bind(at)
        .bind(fix.lng)
        .bind(fix.lat)
        .bind(fix.accuracy_m)
        .execute(tx.conn())
        .await?;
        Ok(())
    }

    /// The visit of an item; it begins with the earliest of what belongs to it.
    async fn visit(&self, tx: &mut Tx<'_>, of: &OfVisit) -> Result<()> {
        sqlx::query(
            "INSERT INTO visit_record (id, assignment, series, month, site, unit, agency, inspector, phone, rules,
                started_at, finished_at, looked, length_m, grades, note, state)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, '[]', NULL, '{}', '', 'new')
             ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at
             WHERE visit_record.inspector = excluded.inspector AND excluded.started_at < visit_record.started_at",
        )
        .bind(&of.visit)
        .bind(&of.assignment)
        .bind(&of.series)
        .bind(&of.month)
        .bind(&of.site)
        .bind(&of.unit)
        .bind(self.agency)
        .bind(self.login)
        .bind(self.phone)
        .bind(&of.rules)
        .bind(of.at)
        .execute(tx.conn())
        .await?;
        Ok(())
    }

    async fn observation(&self, tx: &mut Tx<'_>, item: &Item, observed: &Observed) -> Result<()> {
        let of = &observed.of;
        sqlx::query(
            "INSERT INTO observation (id, visit, assignment, series, month, site, unit, agency, inspector, phone,
                number, rules, indicator, severity, value, place, note, lng, lat, accuracy_m, photos, category,
                condition, found_at, made_at, ahead_ms, received_at, state)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                $22, $23, $24, $25, $26, $27, 'new')",
        )
        .bind(&item.id)
        .bind(&of.visit)
        .bind(&of.assignment)
        .bind(&of.series)
        .bind(&of.month)
        .bind(&of.site)
        .bind(&of.unit)
        .bind(self.agency)
        .bind(self.login)
        .bind(self.phone)
        .bind(item.number)
        .bind(&of.rules)
        .bind(&observed.indicator)
        .bind(&observed.severity)
        .bind(observed.value.as_deref())
        .bind(&observed.place)
        .bind(&observed.note)
        .bind(observed.fix.map(|fix| fix.lng))
        .bind(observed.fix.map(|fix| fix.lat))
        .bind(observed.fix.and_then(|fix| fix.accuracy_m))
        .bind(json(&observed.photos)?)
        .bind(&observed.category)
        .bind(&observed.condition)
        .bind(of.at)
        .bind(item.made_at)
        .bind(self.sent_at.saturating_sub(self.now))
        .bind(self.now)
        .execute(tx.conn())
        .await?;
        for photo in &observed.photos {
            sqlx::query(
                "INSERT INTO observation_photo (photo, observation) VALUES ($1, $2)
                 ON CONFLICT (photo, observation) DO NOTHING",
            )
            .bind(photo)
            .bind(&item.id)
            .execute(tx.conn())
            .await?;
        }
        Ok(())
    }

    /// What the phone has numbered so far: so many numbers more, and perhaps a higher one.
    async fn seen(&self, tx: &mut Tx<'_>, numbers: i64, highest: i64) -> Result<()> {
        sqlx::query(
            "INSERT INTO field_phone (phone, login, agency, numbers, highest, ahead_ms, first_seen, last_seen)
             VALUES ($1, $2, $3, $6, $7, $4, $5, $5)
             ON CONFLICT (phone, login) DO UPDATE SET numbers = field_phone.numbers + excluded.numbers,
                highest = CASE WHEN excluded.highest > field_phone.highest THEN excluded.highest ELSE field_phone.highest END,
                ahead_ms = excluded.ahead_ms, last_seen = excluded.last_seen",
        )
        .bind(self.phone)
        .bind(self.login)
        .bind(self.agency)
        .bind(self.sent_at.saturating_sub(self.now))
        .bind(self.now)
        .bind(numbers)
        .bind(highest)
        .execute(tx.conn())
        .await?;
        Ok(())
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

impl Store {
    /// Takes a parcel of items: what is new is kept in one act, what is known costs nothing. The
    /// answers are in the order of the items, and true: what they say is on the disk.
    ///
    /// Errors: the database's.
    pub async fn receive(&self, at: Timestamp, parcel: Looked) -> Result<Vec<Said>> {
        self.write(move |tx| {
            Box::pin(async move {
                let mut said = Vec::with_capacity(parcel.items.len());
                let mut fresh: Vec<Item> = Vec::new();
                for mut item in parcel.items {
                    let mut known = tx.items_with_id(&item.id).await?;
                    known.extend(
                        fresh
                            .iter()
                            .filter(|one| one.id == item.id)
                            .map(|one| (one.digest.clone(), one.verdict, one.reason.clone())),
                    );
                    let same = known.iter().find(|(digest, ..)| *digest == item.digest);
                    // What was refused is looked at again: its task may have been released since.
                    let usable_now = item.verdict == Verdict::Taken
                        && known.len() == 1
                        && same.is_some_and(|(_, verdict, _)| *verdict == Verdict::Refused);
                    if let Some((_, verdict, reason)) = same.filter(|_| !usable_now) {
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
                    said.push(Said {
                        id: item.id.clone(),
                        verdict: item.verdict,
                        reason: item.reason.clone(),
                    });
                    fresh.push(item);
                }
                if !fresh.is_empty() {
                    let deed = FieldDeed::Received {
                        login: parcel.login.clone(),
                        agency: parcel.agency,
                        sent_at: parcel.sent_at,
                        items: fresh,
                    };
                    tx.act(at, &parcel.login, &parcel.phone, &deed).await?;
                }
                Ok(said)
            })
        })
        .await
    }
}

impl Tx<'_> {
    async fn items_with_id(&mut self, id: &str) -> Result<Vec<(String, Verdict, Option<Reason>)>> {
        let rows =
            sqlx::query("SELECT digest, answer, reason, detail FROM field_item WHERE id = $1")
                .bind(id)
                .fetch_all(self.conn())
                .await?;
        rows.iter()
            .map(|row| {
                let answer: String = row.try_get("answer")?;
                Ok((
                    row.try_get("digest")?,
                    Verdict::of(&answer),
                    reason_of(row)?,
                ))
            })
            .collect()
    }
}

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
            if let Some(row) = row {
                drawn.push(Drawn {
                    id: row.try_get("id")?,
                    series: row.try_get("series")?,
                    month: row.try_get("month")?,
                    site: row.try_get("site")?,
                    unit: row.try_get("unit")?,
                });
            }
        }
        Ok(drawn)
    }

    /// Positions reported during a visit: longitude and latitude in 1e-7 degree.
    pub async fn track_of_visit(&self, visit: &str) -> Result<Vec<(i64, i64)>> {
        Ok(sqlx::query_as(
            "SELECT lng, lat FROM field_track WHERE visit = $1 ORDER BY at LIMIT 2000",
        )
        .bind(visit)
        .fetch_all(self.reading())
        .await?)
    }

    /// Positions that an inspector's phones reported on the day around a moment, for judging them.
    pub async fn track(&self, login: &str, around: Timestamp) -> Result<Vec<(String, track::Fix)>> {
        let half = 12 * 3600 * 1000;
        let rows = sqlx::query(
            "SELECT field_track.phone AS phone, number, made_at, received_at, sent_at, field_track.lng AS lng,
                field_track.lat AS lat, field_track.accuracy_m AS accuracy_m
             FROM field_track JOIN field_item ON field_item.id = field_track.item AND field_item.answer = 'taken'
             WHERE field_track.login = $1 AND field_track.at BETWEEN $2 AND $3 ORDER BY field_track.at LIMIT 5000",
        )
        .bind(login)
        .bind(around.as_millisecond() - half)
        .bind(around.as_millisecond() + half)
        .fetch_all(self.reading())
        .await?;
        rows.iter()
            .map(|row| {
                let number: i64 = row.try_get("number")?;
                let accuracy: Option<i64> = row.try_get("accuracy_m")?;
                let fix = track::Fix {
                    number: number.unsigned_abs(),
                    at: row.try_get("made_at")?,
                    received: row.try_get("received_at")?,
                    sent: Some(row.try_get("sent_at")?),
                    spot: track::Spot {
                        lng_e7: row.try_get("lng")?,
                        lat_e7: row.try_get("lat")?,
                    },
                    accuracy_m: accuracy.and_then(|metres| u32::try_from(metres).ok()),
                    site: None,
                };
                Ok((row.try_get("phone")?, fix))
            })
            .collect()
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
            "SELECT phone, login, numbers, highest, ahead_ms, last_seen FROM field_phone
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
                phone,
                login,
            });
        }
        Ok(phones)
    }

    /// Spans of a phone's numbers that have not arrived. A phone numbers through whoever uses it.
    async fn gaps(&self, phone: &str) -> Result<Vec<(i64, i64)>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT before, number FROM (
                SELECT number, COALESCE(lag(number) OVER (ORDER BY number), 0) AS before
                FROM (SELECT DISTINCT number FROM field_item WHERE phone = $1 AND number > 0) AS numbers
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
