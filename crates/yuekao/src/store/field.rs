//! What phones hand in: every item as it came, and the visits, positions and observations it makes.

mod inbox;
mod tables;
mod told;

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::act::Deed;
use super::writer::Tx;
use super::{Error, Result, Store};
use crate::viewer::{Role, Viewer};

pub(super) use inbox::Waiting;
pub use inbox::{Looked, Said};
pub use told::{ClosedSite, Odd, OddItems, Phone, Reported};

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
    /// What it says. Acts of earlier versions hold it as a text, which a JSON document that is itself a text still is.
    #[serde(serialize_with = "written", deserialize_with = "read")]
    pub content: Value,
    /// When it was made, by the phone's clock.
    pub made_at: i64,
    /// Said to the phone.
    pub verdict: Verdict,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What it makes; nothing if it was refused or stands against another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub makes: Option<Makes>,
}

fn written<S: Serializer>(content: &Value, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    match content {
        Value::String(_) => serializer.serialize_str(&canonical(content)),
        content => content.serialize(serializer),
    }
}

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Value, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        content => content,
    })
}

/// JSON with sorted keys: the same content is the same text.
pub fn canonical(content: &Value) -> String {
    let mut text = Vec::with_capacity(256);
    write_canonical(content, &mut text).expect("memory takes all that is written");
    String::from_utf8(text).expect("JSON is UTF-8")
}

fn write_canonical(value: &Value, text: &mut Vec<u8>) -> serde_json::Result<()> {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<(&String, &Value)> = map.iter().collect();
            pairs.sort_unstable_by_key(|(key, _)| *key);
            text.push(b'{');
            for (place, (key, value)) in pairs.into_iter().enumerate() {
                text.extend((place > 0).then_some(b','));
                serde_json::to_writer(&mut *text, key)?;
                text.push(b':');
                write_canonical(value, text)?;
            }
            text.push(b'}');
        }
        Value::Array(list) => {
            text.push(b'[');
            for (place, value) in list.iter().enumerate() {
                text.extend((place > 0).then_some(b','));
                write_canonical(value, text)?;
            }
            text.push(b']');
        }
        other => serde_json::to_writer(&mut *text, other)?,
    }
    Ok(())
}

impl Item {
    /// Acts of earlier versions tell only in what the phone said when a position was measured: of its own beside the place,
    /// others within.
    fn tell_when_measured(&mut self) {
        let fix = match &mut self.makes {
            Some(
                Makes::Start { fix, .. } | Makes::Finish { fix, .. } | Makes::Closed { fix, .. },
            ) => fix.as_mut(),
            Some(Makes::Observation(observed)) => observed.fix.as_mut(),
            Some(Makes::Position { fix, .. }) => Some(fix),
            Some(Makes::Note {}) | None => None,
        };
        if let Some(fix) = fix.filter(|fix| fix.measured_at.is_none()) {
            let within = self.content["position"]["at"].as_i64();
            fix.measured_at = within.or_else(|| self.content["at"].as_i64());
        }
    }
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
    /// When it was measured, by the phone's clock, if it told: one that is measured is used for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured_at: Option<i64>,
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
    Received(Received),
    /// Somebody looked at an item that conflicts or could not be used, and nothing is left to be done about it.
    Settled {
        /// Its id.
        item: String,
        /// SHA-256 over it: several have the id of a conflict.
        digest: String,
    },
}

/// What one parcel brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Whose session it was.
    pub login: String,
    /// The agency whose plan the items are of; theirs where they are of none.
    pub agency: String,
    /// When they were sent, by the phone's clock.
    pub sent_at: i64,
    /// The last number that the phone had given; 0 if it did not tell.
    #[serde(default)]
    pub numbered: i64,
    /// The items in the order in which they came; in the record only those that were not here yet.
    pub items: Vec<Item>,
}

impl Received {
    /// The visits that items begin or end, with the item.
    pub fn visits_told(&self) -> Vec<(String, String)> {
        self.items
            .iter()
            .filter_map(|item| match &item.makes {
                Some(Makes::Start { of, .. } | Makes::Finish { of, .. }) => {
                    Some((item.id.clone(), of.visit.clone()))
                }
                _ => None,
            })
            .collect()
    }

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

impl Deed for FieldDeed {
    const NOUN: &'static str = "field";

    async fn apply(&self, tx: &mut Tx<'_>, phone: &str, at: Timestamp) -> Result<()> {
        let received = match self {
            Self::Received(received) => received,
            Self::Settled { item, digest } => return told::settle(tx, item, digest, at).await,
        };
        let mut received = received.clone();
        received.items.iter_mut().for_each(Item::tell_when_measured);
        let rows = tables::Brought::by(phone, at, &received)?;
        let taken = received.items.iter();
        let taken = taken.filter(|item| item.verdict == Verdict::Taken);
        let ids = taken.map(|item| item.id.as_str()).collect();
        tables::keep(tx, vec![rows], ids).await
    }
}

pub(super) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::damaged)
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
    /// The agency that carries the plan out: what is recorded there is its, wherever the inspector's account has gone since.
    pub agency: String,
}

impl Drawn {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            series: row.try_get("series")?,
            month: row.try_get("month")?,
            site: row.try_get("site")?,
            unit: row.try_get("unit")?,
            agency: row.try_get("agency")?,
        })
    }
}

/// A time in which somebody had an assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// When it was released to them, epoch milliseconds.
    pub from: i64,
    /// When it was given to somebody else, taken back or had to be visited again; none as long as it is theirs.
    pub until: Option<i64>,
    /// The day for which it was released.
    pub day: String,
}

impl Span {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            from: row.try_get("released_at")?,
            until: row.try_get("ended_at")?,
            day: row.try_get("day")?,
        })
    }

    /// Of times in their order, the one that something done at a moment belongs to; what seems to have been done before a
    /// release was done by a wrong clock.
    pub fn of(spans: &[Self], at: i64) -> Option<&Self> {
        spans
            .iter()
            .find(|span| span.until.is_none_or(|until| at < until))
    }
}

impl Store {
    /// Of these assignments, those that were released to an inspector, whatever day it is and whoever has them now, with
    /// the times in which they were theirs: a phone may come back days later.
    pub async fn released_ever(
        &self,
        login: &str,
        ids: &[String],
    ) -> Result<Vec<(Drawn, Vec<Span>)>> {
        let mut released = Vec::new();
        for id in ids {
            let spans = self.spans(login, id).await?;
            if spans.is_empty() {
                continue;
            }
            let row = sqlx::query(
                "SELECT a.id, a.series, a.month, a.site, a.unit, p.agency FROM assignment a
                 JOIN plan p ON p.series = a.series AND p.month = a.month WHERE a.id = $1",
            )
            .bind(id)
            .fetch_optional(self.reading())
            .await?;
            if let Some(row) = row {
                released.push((Drawn::from_row(&row)?, spans));
            }
        }
        Ok(released)
    }

    /// The times in which an assignment was an inspector's, in their order.
    pub async fn spans(&self, login: &str, id: &str) -> Result<Vec<Span>> {
        let rows = sqlx::query(
            "SELECT released_at, CAST(NULL AS BIGINT) AS ended_at, COALESCE(day, '') AS day FROM assignment
             WHERE id = $1 AND inspector = $2 AND released_at IS NOT NULL
             UNION ALL SELECT released_at, ended_at, day FROM earlier_release
             WHERE assignment = $1 AND inspector = $2 ORDER BY released_at",
        )
        .bind(id)
        .bind(login)
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(Span::from_row).collect()
    }

    /// When the visits of an assignment that an inspector made began, epoch milliseconds, by visit.
    pub async fn visits_begun(&self, login: &str, id: &str) -> Result<HashMap<String, i64>> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT id, started_at FROM visit_record WHERE assignment = $1 AND inspector = $2",
        )
        .bind(id)
        .bind(login)
        .fetch_all(self.reading())
        .await?;
        Ok(rows.into_iter().collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_act_tells_when_a_position_was_measured_in_what_the_phone_said() {
        let item = |content: &str, makes: serde_json::Value| -> Item {
            serde_json::from_value(serde_json::json!({
                "id": "1", "digest": "", "number": 1, "kind": "", "content": content, "made_at": 9,
                "verdict": "taken", "reason": null, "makes": makes,
            }))
            .unwrap()
        };
        let place = serde_json::json!({ "lng": 1, "lat": 2, "accuracy_m": 3 });
        let alone = serde_json::json!({ "position": { "visit": null, "at": 8, "fix": place } });
        let closed = serde_json::json!({ "closed": {
            "assignment": "A1", "visit": null, "at": 8, "words": "", "photos": [], "fix": place,
        } });
        for (content, makes) in [
            (r#"{"at":7,"lng":1,"lat":2}"#, alone),
            (r#"{"position":{"at":7,"lng":1,"lat":2}}"#, closed),
        ] {
            let mut item = item(content, makes);
            item.tell_when_measured();
            let (Some(Makes::Position { fix, .. }) | Some(Makes::Closed { fix: Some(fix), .. })) =
                item.makes
            else {
                panic!("{content}");
            };
            assert_eq!(fix.measured_at, Some(7), "{content}");
        }
    }
}
