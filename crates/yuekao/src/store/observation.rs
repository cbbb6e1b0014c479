//! The agency's review: what was recorded in the field is accepted, rejected or linked as a duplicate;
//! nothing is deleted. What is accepted becomes evidence and a case, in one transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use assessment::facts::Facts;
use assessment::finding::{Finder, Finding, Severity, Word as _};
use assessment::inspection::{Position, Visit};
use assessment::message::Message;
use assessment::month::Month;
use assessment::points::Points;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::act::Deed;
use super::assignment::AssignmentDeed;
use super::case::{EXCLUDED, NewCase};
use super::evidence::{EvidenceDeed, rows_of};
use super::field::Sight;
use super::field_photo::print_of_hex;
use super::frame::Counties;
use super::stay::Stay;
use super::unit::UnitRow;
use super::writer::Tx;
use super::{Error, Result, Store, moment};
use crate::clock::{civil, day_of};
use crate::datum::{decimal, metres};
use crate::evidence::folder::make_readable;
use crate::field::photo::apart;

/// What the review can do with an observation.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObservationDeed {
    /// It counts: evidence and case follow in the same transaction.
    Accepted {
        /// Who says so.
        by: String,
    },
    /// It does not count.
    Rejected {
        /// Who says so.
        by: String,
        /// Why.
        reason: String,
    },
    /// It is the same thing as another.
    Duplicate {
        /// Who says so.
        by: String,
        /// The other one.
        of: String,
    },
    /// A rejection or a link was a mistake.
    Reopened {
        /// Who says so.
        by: String,
    },
}

impl Deed for ObservationDeed {
    const NOUN: &'static str = "observation";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<()> {
        let (state, by, reason, other, before): (_, _, Option<&str>, Option<&str>, _) = match self {
            Self::Accepted { by } => ("accepted", by, None, None, "new"),
            Self::Rejected { by, reason } => ("rejected", by, Some(reason), None, "new"),
            Self::Duplicate { by, of } => ("duplicate", by, None, Some(of), "new"),
            Self::Reopened { by } => ("new", by, None, None, "rejected duplicate"),
        };
        let (first, second) = before.split_once(' ').unwrap_or((before, before));
        let done = sqlx::query(
            "UPDATE observation SET state = $1, decided_by = $2, decided_at = $3, reason = $4, duplicate_of = $5
             WHERE id = $6 AND state IN ($7, $8)",
        )
        .bind(state)
        .bind(by)
        .bind(at.as_millisecond())
        .bind(reason)
        .bind(other)
        .bind(id)
        .bind(first)
        .bind(second)
        .execute(tx.conn())
        .await?;
        match done.rows_affected() {
            0 => Err(Error::refused("review-decided")),
            _ => Ok(()),
        }
    }
}

/// What the review can do with a visit.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitDeed {
    /// It took place; it is evidence.
    Accepted {
        /// Who says so.
        by: String,
    },
    /// It did not take place as recorded.
    Rejected {
        /// Who says so.
        by: String,
        /// Why.
        reason: String,
    },
}

impl Deed for VisitDeed {
    const NOUN: &'static str = "visit";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<()> {
        let (state, by, reason) = match self {
            Self::Accepted { by } => ("accepted", by, None),
            Self::Rejected { by, reason } => ("rejected", by, Some(reason.as_str())),
        };
        let done = sqlx::query(
            "UPDATE visit_record SET state = $1, decided_by = $2, decided_at = $3, reason = $4
             WHERE id = $5 AND state = 'new'",
        )
        .bind(state)
        .bind(by)
        .bind(at.as_millisecond())
        .bind(reason)
        .bind(id)
        .execute(tx.conn())
        .await?;
        match done.rows_affected() {
            0 => Err(Error::refused("review-decided")),
            _ => Ok(()),
        }
    }
}

/// A finding as it was recorded, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    pub id: String,
    pub visit: String,
    pub series: String,
    pub month: String,
    pub site: String,
    pub unit: String,
    pub agency: String,
    pub inspector: String,
    pub phone: String,
    /// Running number of the phone.
    pub number: i64,
    pub indicator: String,
    pub severity: String,
    pub value: Option<String>,
    pub place: String,
    pub note: String,
    /// Where the phone said it was: longitude and latitude in 1e-7 degree.
    pub at: Option<(i64, i64)>,
    pub accuracy_m: Option<i64>,
    /// SHA-256 of the photos.
    pub photos: Vec<String>,
    pub category: String,
    pub condition: String,
    /// By our clock.
    pub found_at: Timestamp,
    /// How far the phone's clock was ahead of ours.
    pub ahead_ms: i64,
    pub received_at: Timestamp,
    /// `new`, `accepted`, `rejected`, `duplicate`.
    pub state: String,
    pub decided_by: Option<String>,
    pub decided_at: Option<Timestamp>,
    pub reason: Option<String>,
    pub duplicate_of: Option<String>,
}

impl Observation {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let photos: String = row.try_get("photos")?;
        let at: (Option<i64>, Option<i64>) = (row.try_get("lng")?, row.try_get("lat")?);
        Ok(Self {
            id: row.try_get("id")?,
            visit: row.try_get("visit")?,
            series: row.try_get("series")?,
            month: row.try_get("month")?,
            site: row.try_get("site")?,
            unit: row.try_get("unit")?,
            agency: row.try_get("agency")?,
            inspector: row.try_get("inspector")?,
            phone: row.try_get("phone")?,
            number: row.try_get("number")?,
            indicator: row.try_get("indicator")?,
            severity: row.try_get("severity")?,
            value: row.try_get("value")?,
            place: row.try_get("place")?,
            note: row.try_get("note")?,
            at: at.0.zip(at.1),
            accuracy_m: row.try_get("accuracy_m")?,
            photos: serde_json::from_str(&photos).map_err(Error::damaged)?,
            category: row.try_get("category")?,
            condition: row.try_get("condition")?,
            found_at: moment(row.try_get("found_at")?)?,
            ahead_ms: row.try_get("ahead_ms")?,
            received_at: moment(row.try_get("received_at")?)?,
            state: row.try_get("state")?,
            decided_by: row.try_get("decided_by")?,
            decided_at: row
                .try_get::<Option<i64>, _>("decided_at")?
                .map(moment)
                .transpose()?,
            reason: row.try_get("reason")?,
            duplicate_of: row.try_get("duplicate_of")?,
        })
    }

    /// As evidence: at how many visits before it was found at its site, and whether it came back where a case had been closed.
    ///
    /// Errors: a row that does not read, which is a bug.
    fn finding(&self, repeated: usize, relapsed: bool) -> Result<Finding> {
        Ok(Finding {
            id: self.id.clone(),
            visit: Some(self.visit.clone()),
            site: Some(self.site.clone()),
            unit: self.unit.clone(),
            second_unit: None,
            indicator: self.indicator.clone(),
            severity: Severity::parse(&self.severity)
                .ok_or_else(|| Error::damaged(&self.severity))?,
            found_by: Finder::Agency,
            found_at: civil(self.found_at),
            due_at: None,
            rectified_at: None,
            repeated: repeated as u32,
            relapsed,
            failed: 0,
            excluded: None,
            value: self.value.clone(),
            place: self.place.clone(),
            position: self.at.map(|(lng, lat)| Position {
                lng: decimal(lng),
                lat: decimal(lat),
            }),
            photos: self.photos.clone(),
        })
    }
}

/// At which visits something was found at a site before: of all that counts as evidence, from phones and from files.
#[derive(Default)]
struct Earlier {
    /// By evaluation, site and indicator: when, and the visit; a finding without one stands for itself.
    found: HashMap<(String, String, String), BTreeSet<(DateTime, String)>>,
    /// Units whose findings were read, by evaluation.
    read: HashSet<(String, String)>,
}

impl Earlier {
    fn key(of: &Observation) -> (String, String, String) {
        let key = [&of.series, &of.site, &of.indicator].map(String::clone);
        key.into()
    }

    /// Notes a finding as its canonical cells tell it; one that does not count is none.
    fn note(&mut self, series: &str, cells: &[String]) -> Result<()> {
        let [id, visit, site, _, _, indicator, _, _, found_at, ..] = cells else {
            return Err(Error::damaged("a finding without its cells"));
        };
        if cells.get(EXCLUDED).is_some_and(String::is_empty) && !site.is_empty() {
            let key = [series, site, indicator].map(str::to_owned).into();
            let visit = if visit.is_empty() { id } else { visit };
            let at = found_at.parse().map_err(Error::damaged)?;
            self.found
                .entry(key)
                .or_default()
                .insert((at, visit.clone()));
        }
        Ok(())
    }

    /// At how many visits it was found before, and from now on at this one.
    fn count(&mut self, of: &Observation) -> usize {
        let found = self.found.entry(Self::key(of)).or_default();
        let at = civil(of.found_at);
        let before = found
            .iter()
            .filter(|(when, visit)| *when < at && *visit != of.visit);
        let visits: BTreeSet<&String> = before.map(|(_, visit)| visit).collect();
        let repeated = visits.len();
        found.insert((at, of.visit.clone()));
        repeated
    }
}

/// A visit as it was recorded, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitRecord {
    pub id: String,
    pub assignment: String,
    pub series: String,
    pub month: String,
    pub site: String,
    pub unit: String,
    pub agency: String,
    pub inspector: String,
    pub phone: String,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// Ids of the indicators that were looked at.
    pub looked: Vec<String>,
    /// How many of them were ticked together by one tap.
    pub rest: i64,
    pub length_m: Option<String>,
    pub grades: BTreeMap<String, String>,
    pub note: String,
    /// `new`, `accepted`, `rejected`.
    pub state: String,
    pub reason: Option<String>,
}

impl VisitRecord {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let (looked, grades): (String, String) = (row.try_get("looked")?, row.try_get("grades")?);
        Ok(Self {
            id: row.try_get("id")?,
            assignment: row.try_get("assignment")?,
            series: row.try_get("series")?,
            month: row.try_get("month")?,
            site: row.try_get("site")?,
            unit: row.try_get("unit")?,
            agency: row.try_get("agency")?,
            inspector: row.try_get("inspector")?,
            phone: row.try_get("phone")?,
            started_at: moment(row.try_get("started_at")?)?,
            finished_at: row
                .try_get::<Option<i64>, _>("finished_at")?
                .map(moment)
                .transpose()?,
            looked: serde_json::from_str(&looked).map_err(Error::damaged)?,
            rest: row.try_get("rest")?,
            length_m: row.try_get("length_m")?,
            grades: serde_json::from_str(&grades).map_err(Error::damaged)?,
            note: row.try_get("note")?,
            state: row.try_get("state")?,
            reason: row.try_get("reason")?,
        })
    }

    fn visit(&self) -> Result<Visit> {
        let length = self.length_m.as_deref().map(Points::parse).transpose();
        Ok(Visit {
            id: self.id.clone(),
            unit: self.unit.clone(),
            site: Some(self.site.clone()),
            at: civil(self.started_at),
            length_m: length.map_err(|_| Error::damaged("length_m"))?,
            grades: self.grades.clone(),
        })
    }
}

/// A visit that waits for the review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitToReview {
    pub visit: VisitRecord,
    /// How many observations belong to it.
    pub observations: i64,
    /// How many other visits there are of its assignment, apart from rejected ones.
    pub others: i64,
}

const VISIT_AND_OTHERS: &str =
    "SELECT *, (SELECT count(*) FROM observation WHERE observation.visit = visit_record.id) AS observations,
        (SELECT count(*) FROM visit_record AS other WHERE other.assignment = visit_record.assignment
         AND other.id <> visit_record.id AND other.state <> 'rejected') AS others
     FROM visit_record";

impl VisitToReview {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            visit: VisitRecord::from_row(row)?,
            observations: row.try_get("observations")?,
            others: row.try_get("others")?,
        })
    }
}

/// Which observations are asked for; empty texts ask for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// `new`, `accepted`, `rejected`, `duplicate`.
    pub state: String,
    /// Code of a unit.
    pub unit: String,
    /// Login of an inspector.
    pub inspector: String,
    /// A month.
    pub month: String,
}

/// `$1` agency … `$5` month: the conditions of [`Wanted`] in every query.
const WANTED: &str =
    "(agency = $1 OR $1 = '') AND (state = $2 OR $2 = '') AND (unit = $3 OR $3 = '')
     AND (inspector = $4 OR $4 = '') AND (month = $5 OR $5 = '')";

/// Something that looks like the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The other observation.
    pub observation: Observation,
    /// Metres between the two, if they are of one category and near each other.
    pub metres: Option<u64>,
    /// Bits in which the most similar photos differ; 0 also for the same file.
    pub bits: Option<u32>,
}

/// Prints that differ in at most so many bits are of one scene; eight bytes find them all.
pub const BITS: u32 = 7;

impl Store {
    /// Observations that are asked for, the oldest first, `limit` of them after `skip`; and how
    /// many there are.
    pub async fn observations(
        &self,
        sight: Sight<'_>,
        wanted: &Wanted,
        skip: i64,
        limit: i64,
    ) -> Result<(Vec<Observation>, i64)> {
        let many = format!(
            "SELECT * FROM observation WHERE {WANTED} ORDER BY found_at, id LIMIT $6 OFFSET $7"
        );
        let count = format!("SELECT count(*) FROM observation WHERE {WANTED}");
        let rows = sqlx::query(sqlx::AssertSqlSafe(many))
            .bind(sight.bound())
            .bind(&wanted.state)
            .bind(&wanted.unit)
            .bind(&wanted.inspector)
            .bind(&wanted.month)
            .bind(limit)
            .bind(skip)
            .fetch_all(self.reading())
            .await?;
        let count = sqlx::query_scalar(sqlx::AssertSqlSafe(count))
            .bind(sight.bound())
            .bind(&wanted.state)
            .bind(&wanted.unit)
            .bind(&wanted.inspector)
            .bind(&wanted.month)
            .fetch_one(self.reading())
            .await?;
        let observations = rows
            .iter()
            .map(Observation::from_row)
            .collect::<Result<_>>()?;
        Ok((observations, count))
    }

    /// Units, inspectors and months that a list can be narrowed to.
    pub async fn observation_choices(
        &self,
        sight: Sight<'_>,
    ) -> Result<(Vec<String>, Vec<String>, Vec<String>)> {
        let mut choices = Vec::new();
        for column in ["unit", "inspector", "month"] {
            let text = format!(
                "SELECT DISTINCT {column} FROM observation WHERE agency = $1 OR $1 = '' ORDER BY {column} LIMIT 200"
            );
            let values: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(text))
                .bind(sight.bound())
                .fetch_all(self.reading())
                .await?;
            choices.push(values);
        }
        let months = choices.pop().unwrap_or_default();
        let inspectors = choices.pop().unwrap_or_default();
        Ok((choices.pop().unwrap_or_default(), inspectors, months))
    }

    /// How many observations there are of each state.
    pub async fn observation_counts(&self, sight: Sight<'_>) -> Result<HashMap<String, i64>> {
        self.observations_by_state(sight, &Wanted::default()).await
    }

    /// How many of the observations that are asked for there are of each state, whatever state is asked for.
    pub async fn observations_by_state(
        &self,
        sight: Sight<'_>,
        wanted: &Wanted,
    ) -> Result<HashMap<String, i64>> {
        let text = format!("SELECT state, count(*) FROM observation WHERE {WANTED} GROUP BY state");
        let rows: Vec<(String, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(text))
            .bind(sight.bound())
            .bind("")
            .bind(&wanted.unit)
            .bind(&wanted.inspector)
            .bind(&wanted.month)
            .fetch_all(self.reading())
            .await?;
        Ok(rows.into_iter().collect())
    }

    /// One observation.
    pub async fn observation(&self, sight: Sight<'_>, id: &str) -> Result<Option<Observation>> {
        let row =
            sqlx::query("SELECT * FROM observation WHERE id = $1 AND (agency = $2 OR $2 = '')")
                .bind(id)
                .bind(sight.bound())
                .fetch_optional(self.reading())
                .await?;
        row.as_ref().map(Observation::from_row).transpose()
    }

    /// One visit.
    pub async fn visit_record(&self, sight: Sight<'_>, id: &str) -> Result<Option<VisitRecord>> {
        let row =
            sqlx::query("SELECT * FROM visit_record WHERE id = $1 AND (agency = $2 OR $2 = '')")
                .bind(id)
                .bind(sight.bound())
                .fetch_optional(self.reading())
                .await?;
        row.as_ref().map(VisitRecord::from_row).transpose()
    }

    /// Visits that wait for the review: those that have ended, and those that began before a moment and have not; the
    /// oldest first, at most two hundred.
    pub async fn visits_to_review(
        &self,
        sight: Sight<'_>,
        before: Timestamp,
    ) -> Result<Vec<VisitToReview>> {
        let text = format!(
            "{VISIT_AND_OTHERS} WHERE state = 'new' AND (finished_at IS NOT NULL OR started_at < $2)
             AND (agency = $1 OR $1 = '') ORDER BY started_at, id LIMIT 200"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(sight.bound())
            .bind(before.as_millisecond())
            .fetch_all(self.reading())
            .await?;
        rows.iter().map(VisitToReview::from_row).collect()
    }

    /// One visit with what the review looks at beside it.
    pub async fn visit_to_review(
        &self,
        sight: Sight<'_>,
        id: &str,
    ) -> Result<Option<VisitToReview>> {
        let text = format!("{VISIT_AND_OTHERS} WHERE id = $1 AND (agency = $2 OR $2 = '')");
        let row = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(id)
            .bind(sight.bound())
            .fetch_optional(self.reading())
            .await?;
        row.as_ref().map(VisitToReview::from_row).transpose()
    }

    /// What is linked to an observation as its duplicate, the oldest first.
    pub async fn linked_to(&self, sight: Sight<'_>, id: &str) -> Result<Vec<Observation>> {
        let rows = sqlx::query(
            "SELECT * FROM observation WHERE state = 'duplicate' AND duplicate_of = $1 AND (agency = $2 OR $2 = '')
             ORDER BY found_at, id",
        )
        .bind(id)
        .bind(sight.bound())
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(Observation::from_row).collect()
    }

    /// What may be the same thing as an observation: of its category within so many metres, or with a photo like one of
    /// its own, in whatever month and unit; the nearest first, at most twelve.
    pub async fn alike(
        &self,
        sight: Sight<'_>,
        of: &Observation,
        reach: u32,
    ) -> Result<Vec<Alike>> {
        let mut found: HashMap<String, Alike> = HashMap::new();
        if let Some((lng, lat)) = of.at.filter(|_| !of.category.is_empty()) {
            let north = (i64::from(reach) + 1) * 90;
            // A degree of longitude is never longer; far in the north the box only gets wider.
            let east = north * 3;
            let rows = sqlx::query(
                "SELECT * FROM (
                    SELECT * FROM observation WHERE state <> 'new' AND category = $1 AND lat BETWEEN $2 AND $3
                    UNION ALL
                    SELECT * FROM observation WHERE state = 'new' AND category = $1 AND lat BETWEEN $2 AND $3
                 ) AS near
                 WHERE lng BETWEEN $4 AND $5 AND id <> $6 AND (agency = $7 OR $7 = '')
                 ORDER BY found_at DESC LIMIT 500",
            )
            .bind(&of.category)
            .bind(lat - north)
            .bind(lat + north)
            .bind(lng - east)
            .bind(lng + east)
            .bind(&of.id)
            .bind(sight.bound())
            .fetch_all(self.reading())
            .await?;
            for row in &rows {
                let observation = Observation::from_row(row)?;
                let metres = observation.at.map(|at| metres(at, (lng, lat)));
                if metres.is_some_and(|metres| metres <= u64::from(reach)) {
                    let alike = Alike {
                        observation,
                        metres,
                        bits: None,
                    };
                    found.insert(alike.observation.id.clone(), alike);
                }
            }
        }
        for (photo, bits) in self.photos_like(&of.photos).await? {
            let rows = sqlx::query(
                "SELECT observation.* FROM observation
                 JOIN observation_photo ON observation_photo.observation = observation.id
                 WHERE observation_photo.photo = $1 AND observation.id <> $2 AND (agency = $3 OR $3 = '') LIMIT 50",
            )
            .bind(&photo)
            .bind(&of.id)
            .bind(sight.bound())
            .fetch_all(self.reading())
            .await?;
            for row in &rows {
                let observation = Observation::from_row(row)?;
                let metres = observation.at.zip(of.at).map(|(a, b)| metres(a, b));
                let entry = found.entry(observation.id.clone()).or_insert(Alike {
                    observation,
                    metres,
                    bits: None,
                });
                entry.bits = Some(entry.bits.map_or(bits, |known| known.min(bits)));
            }
        }
        let mut alike: Vec<Alike> = found.into_values().collect();
        alike.sort_by_key(|one| {
            let (bits, metres) = (one.bits.unwrap_or(64), one.metres.unwrap_or(u64::MAX));
            (bits, metres, one.observation.id.clone())
        });
        alike.truncate(12);
        Ok(alike)
    }

    /// Cases whose finding has a photo like one of these, in whatever month and unit; a case that is itself asked about only
    /// if its photo is the same, since a place looks alike before and after.
    pub async fn cases_with_photos_like(
        &self,
        photos: &[String],
        case: &str,
    ) -> Result<BTreeSet<String>> {
        let mut cases = BTreeSet::new();
        for (photo, bits) in self.photos_like(photos).await? {
            let found: Vec<String> = sqlx::query_scalar(
                "SELECT case_file.id FROM observation_photo JOIN observation ON observation.id = observation_photo.observation
                 JOIN case_file ON case_file.series = observation.series AND case_file.finding = observation.id
                 WHERE observation_photo.photo = $1 LIMIT 20",
            )
            .bind(&photo)
            .fetch_all(self.reading())
            .await?;
            cases.extend(found.into_iter().filter(|found| bits == 0 || found != case));
        }
        Ok(cases)
    }

    /// Photos with a print like that of one of these, and the photos themselves; with the bits in
    /// which they differ.
    async fn photos_like(&self, photos: &[String]) -> Result<Vec<(String, u32)>> {
        let mut alike: HashMap<String, u32> = HashMap::new();
        for photo in photos {
            alike.insert(photo.clone(), 0);
            let print: Option<Option<String>> =
                sqlx::query_scalar("SELECT print FROM field_photo WHERE digest = $1")
                    .bind(photo)
                    .fetch_optional(self.reading())
                    .await?;
            let Some(print) = print.flatten().as_deref().and_then(print_of_hex) else {
                continue;
            };
            let mut looked: HashSet<String> = HashSet::from([photo.clone()]);
            for (place, byte) in print.to_be_bytes().into_iter().enumerate() {
                let others: Vec<(String, String)> = sqlx::query_as(
                    "SELECT field_photo.digest, field_photo.print FROM photo_print
                     JOIN field_photo ON field_photo.digest = photo_print.photo
                     WHERE photo_print.place = $1 AND photo_print.byte = $2",
                )
                .bind(place as i64)
                .bind(i64::from(byte))
                .fetch_all(self.reading())
                .await?;
                for (other, its) in others {
                    if !looked.insert(other.clone()) {
                        continue;
                    }
                    if let Some(bits) = print_of_hex(&its)
                        .map(|its| apart(print, its))
                        .filter(|bits| *bits <= BITS)
                    {
                        let known = alike.entry(other).or_insert(bits);
                        *known = bits.min(*known);
                    }
                }
            }
        }
        Ok(alike.into_iter().collect())
    }

    /// Accepts observations, and with them their visits: all of those that are still new. Returns
    /// how many.
    ///
    /// Errors: the visit of one was rejected, or the database's; then none is accepted.
    pub async fn accept_observations(
        &self,
        at: Timestamp,
        who: &str,
        sight: Sight<'_>,
        ids: Vec<String>,
    ) -> Result<usize> {
        let (who, agency) = (who.to_owned(), sight.bound().to_owned());
        let rules = self.case_rules().await?.map(|(_, rules)| rules);
        let rules = rules.unwrap_or_else(crate::casework::default::rules);
        let delay = i64::from(rules.serve_delay_minutes) * 60_000;
        // Whose ground it lies on, and which case it repeats, is a matter of the day on which it was found.
        let mut found = HashMap::new();
        let mut earlier = Earlier::default();
        let mut in_order = BTreeSet::new();
        for id in &ids {
            let Some(one) = self.observation(sight, id).await? else {
                continue;
            };
            self.read_earlier(&mut earlier, &one).await?;
            in_order.insert((one.found_at, id.clone()));
            let ground = self.ground(day_of(one.found_at)).await?;
            let month = one.month.parse().map_err(Error::damaged)?;
            let line = self.above(&one.unit, month).await?;
            let mut relapse_of = None;
            if let Some((lng, lat)) = one.at.filter(|_| !one.category.is_empty()) {
                let new = NewCase {
                    category: one.category,
                    lng: Some(lng),
                    lat: Some(lat),
                    ..NewCase::default()
                };
                let (days, metres) = (rules.relapse_days, rules.relapse_metres);
                relapse_of = self.closed_near(&new, one.found_at, days, metres).await?;
            }
            let around = Around {
                ground,
                line,
                relapse_of,
                counties: self.counties_in(month).await?,
            };
            found.insert(id.clone(), around);
        }
        self.write(move |tx| {
            Box::pin(async move {
                let mut accepted = 0;
                for (_, id) in in_order {
                    let Some(around) = found.remove(&id) else {
                        continue;
                    };
                    let Some(observation) = tx.new_observation(&id, &agency).await? else {
                        continue;
                    };
                    let visit = tx.visit(&observation.visit, &agency).await?;
                    if visit
                        .as_ref()
                        .is_some_and(|visit| visit.state == "rejected")
                    {
                        return Err(Error::refused("review-visit-rejected"));
                    }
                    let by = who.clone();
                    tx.act(at, &who, &id, &ObservationDeed::Accepted { by })
                        .await?;
                    if visit.as_ref().is_some_and(|visit| visit.state == "new") {
                        let by = who.clone();
                        tx.act(at, &who, &observation.visit, &VisitDeed::Accepted { by })
                            .await?;
                    }
                    let facts =
                        Facts {
                            visits: visit
                                .iter()
                                .map(VisitRecord::visit)
                                .collect::<Result<_>>()?,
                            findings: vec![observation.finding(
                                earlier.count(&observation),
                                around.relapse_of.is_some(),
                            )?],
                            ..Facts::default()
                        };
                    tx.take(at, &who, &observation.series, &observation.month, &facts)
                        .await?;
                    let stay = Stay::at(&observation, &around.counties);
                    let secret_until = stay.over(tx.conn()).await?.as_millisecond() + delay;
                    hand_over(tx, at, &who, &observation, secret_until, around).await?;
                    accepted += 1;
                }
                Ok(accepted)
            })
        })
        .await
    }

    /// Reads what was found before in the unit of an observation, unless that was read.
    async fn read_earlier(&self, earlier: &mut Earlier, of: &Observation) -> Result<()> {
        if !earlier.read.insert((of.series.clone(), of.unit.clone())) {
            return Ok(());
        }
        let rows: Vec<String> = sqlx::query_scalar(
            "SELECT cells FROM evidence WHERE series = $1 AND unit = $2 AND kind = 'findings'",
        )
        .bind(&of.series)
        .bind(&of.unit)
        .fetch_all(self.reading())
        .await?;
        for cells in rows {
            let cells: Vec<String> = serde_json::from_str(&cells).map_err(Error::damaged)?;
            earlier.note(&of.series, &cells)?;
        }
        Ok(())
    }

    /// Accepts visits that are still new. Returns how many.
    ///
    /// Errors: the database's; then none is accepted.
    pub async fn accept_visits(
        &self,
        at: Timestamp,
        who: &str,
        sight: Sight<'_>,
        ids: Vec<String>,
    ) -> Result<usize> {
        let (who, agency) = (who.to_owned(), sight.bound().to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let mut accepted = 0;
                for id in ids {
                    let Some(visit) = tx.visit(&id, &agency).await? else {
                        continue;
                    };
                    if visit.state != "new" {
                        continue;
                    }
                    let by = who.clone();
                    tx.act(at, &who, &id, &VisitDeed::Accepted { by }).await?;
                    let facts = Facts {
                        visits: vec![visit.visit()?],
                        ..Facts::default()
                    };
                    tx.take(at, &who, &visit.series, &visit.month, &facts)
                        .await?;
                    accepted += 1;
                }
                Ok(accepted)
            })
        })
        .await
    }

    /// Rejects a visit: it is evidence no longer, if it was before its end came, and its site waits to be visited again
    /// if there is no other visit of its assignment.
    ///
    /// Errors: it is not there for this viewer, or decided; findings of it were accepted.
    pub async fn reject_visit(
        &self,
        at: Timestamp,
        who: &str,
        sight: Sight<'_>,
        id: &str,
        reason: &str,
    ) -> Result<()> {
        let (who, agency, id) = (who.to_owned(), sight.bound().to_owned(), id.to_owned());
        let deed = VisitDeed::Rejected {
            by: who.clone(),
            reason: reason.to_owned(),
        };
        self.write(move |tx| {
            Box::pin(async move {
                let Some(visit) = tx.visit(&id, &agency).await? else {
                    return Err(Error::refused("review-unknown"));
                };
                tx.act(at, &who, &id, &deed).await?;
                tx.without_visit(at, &who, &visit).await
            })
        })
        .await
    }

    /// Decides about one observation, other than by accepting it.
    ///
    /// Errors: it is not there for this viewer, or decided; a duplicate of what is not there, of
    /// itself, of another duplicate or of what was rejected or found at a rejected visit; others are linked to it as duplicates.
    pub async fn decide(
        &self,
        at: Timestamp,
        who: &str,
        sight: Sight<'_>,
        id: &str,
        deed: ObservationDeed,
    ) -> Result<()> {
        let (who, agency, id) = (who.to_owned(), sight.bound().to_owned(), id.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                if tx.known_observation(&id, &agency).await?.is_none() {
                    return Err(Error::refused("review-unknown"));
                }
                if let ObservationDeed::Duplicate { of, .. } = &deed {
                    let other = tx.known_observation(of, &agency).await?;
                    let visit = match &other {
                        Some(other) => tx.visit(&other.visit, &agency).await?,
                        None => None,
                    };
                    match other.map(|other| other.state) {
                        None => return Err(Error::refused("review-duplicate-unknown")),
                        Some(_) if *of == id => {
                            return Err(Error::refused("review-duplicate-itself"));
                        }
                        Some(state) if state == "duplicate" => {
                            return Err(Error::refused("review-duplicate-chain"));
                        }
                        Some(state) if state == "rejected" => {
                            return Err(Error::refused("review-duplicate-rejected"));
                        }
                        Some(_) if visit.is_some_and(|visit| visit.state == "rejected") => {
                            return Err(Error::refused("review-duplicate-visit-rejected"));
                        }
                        Some(_) => {}
                    }
                }
                if !matches!(deed, ObservationDeed::Reopened { .. }) {
                    tx.stands_for_itself(&id).await?;
                }
                tx.act(at, &who, &id, &deed).await.map(|_| ())
            })
        })
        .await
    }
}

impl Tx<'_> {
    async fn known_observation(&mut self, id: &str, agency: &str) -> Result<Option<Observation>> {
        let row =
            sqlx::query("SELECT * FROM observation WHERE id = $1 AND (agency = $2 OR $2 = '')")
                .bind(id)
                .bind(agency)
                .fetch_optional(self.conn())
                .await?;
        row.as_ref().map(Observation::from_row).transpose()
    }

    async fn new_observation(&mut self, id: &str, agency: &str) -> Result<Option<Observation>> {
        let known = self.known_observation(id, agency).await?;
        Ok(known.filter(|known| known.state == "new"))
    }

    async fn visit(&mut self, id: &str, agency: &str) -> Result<Option<VisitRecord>> {
        let row =
            sqlx::query("SELECT * FROM visit_record WHERE id = $1 AND (agency = $2 OR $2 = '')")
                .bind(id)
                .bind(agency)
                .fetch_optional(self.conn())
                .await?;
        row.as_ref().map(VisitRecord::from_row).transpose()
    }

    /// What stands for its duplicates cannot go while they are linked to it.
    async fn stands_for_itself(&mut self, id: &str) -> Result<()> {
        let linked: Vec<(i64, String)> = sqlx::query_as(
            "SELECT number, place FROM observation WHERE state = 'duplicate' AND duplicate_of = $1
             ORDER BY found_at, id",
        )
        .bind(id)
        .fetch_all(self.conn())
        .await?;
        none_linked("review-others-linked", linked)
    }

    /// What was found elsewhere and is linked to findings of a visit as their duplicate would be lost with it.
    async fn stands_for_nothing_elsewhere(&mut self, visit: &str) -> Result<()> {
        let linked: Vec<(i64, String)> = sqlx::query_as(
            "SELECT d.number, d.place FROM observation d JOIN observation o ON o.id = d.duplicate_of
             LEFT JOIN visit_record v ON v.id = d.visit
             WHERE o.visit = $1 AND d.state = 'duplicate' AND d.visit <> $1 AND (v.state IS NULL OR v.state <> 'rejected')
             ORDER BY d.found_at, d.id",
        )
        .bind(visit)
        .fetch_all(self.conn())
        .await?;
        none_linked("review-visit-others-linked", linked)
    }

    /// What follows when a visit has been rejected.
    async fn without_visit(&mut self, at: Timestamp, who: &str, visit: &VisitRecord) -> Result<()> {
        let accepted: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM observation WHERE visit = $1 AND state = 'accepted'",
        )
        .bind(&visit.id)
        .fetch_one(self.conn())
        .await?;
        if accepted > 0 {
            return Err(Error::Refused(
                Message::new("review-visit-has-findings").with("count", accepted),
            ));
        }
        self.stands_for_nothing_elsewhere(&visit.id).await?;
        let (kind, ids) = ("visits".to_owned(), vec![visit.id.clone()]);
        let evidence: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM evidence WHERE series = $1 AND kind = $2 AND id = $3",
        )
        .bind(&visit.series)
        .bind(&kind)
        .bind(&visit.id)
        .fetch_one(self.conn())
        .await?;
        if evidence > 0 {
            let withdrawn = EvidenceDeed::Withdrawn { kind, ids };
            self.act(at, who, &visit.series, &withdrawn).await?;
        }
        let visited_no_more: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM assignment WHERE id = $1 AND state = 'visited' AND NOT EXISTS (
                SELECT 1 FROM visit_record WHERE assignment = $1 AND state <> 'rejected')",
        )
        .bind(&visit.assignment)
        .fetch_one(self.conn())
        .await?;
        if visited_no_more > 0 {
            let again = AssignmentDeed::VisitRejected {
                visit: visit.id.clone(),
            };
            self.act(at, who, &visit.assignment, &again).await?;
        }
        Ok(())
    }

    /// Facts become evidence of the series that the site was drawn for.
    async fn take(
        &mut self,
        at: Timestamp,
        who: &str,
        series: &str,
        month: &str,
        facts: &Facts,
    ) -> Result<()> {
        let month: Month = month.parse().map_err(|_| Error::damaged(month))?;
        let mut rows = rows_of(facts, month);
        for row in rows.iter_mut().filter(|row| row.kind == "findings") {
            make_readable(&mut row.cells);
        }
        self.act(at, who, series, &EvidenceDeed::Taken { rows })
            .await
            .map(|_| ())
    }
}

/// Refuses while others are linked to something as its duplicates: their numbers and places.
fn none_linked(key: &'static str, linked: Vec<(i64, String)>) -> Result<()> {
    if linked.is_empty() {
        return Ok(());
    }
    let named = linked.iter().map(|(number, place)| match place.as_str() {
        "" => format!("#{number}"),
        place => format!("#{number} {place}"),
    });
    let named: Vec<String> = named.collect();
    Err(Error::Refused(
        Message::new(key)
            .with("count", linked.len())
            .with("which", named.join(" · ")),
    ))
}

/// What is known of the place of a finding.
struct Around {
    /// As of the day on which it was found.
    ground: std::sync::Arc<crate::ground::Ground>,
    /// The evaluated unit and those above it, as of the month of the plan.
    line: Vec<UnitRow>,
    relapse_of: Option<String>,
    /// As of the month of the plan.
    counties: Counties,
}

/// What is accepted becomes a case: nobody who dispatches knows of it before the team has left by the host's delay.
async fn hand_over(
    tx: &mut Tx<'_>,
    at: Timestamp,
    who: &str,
    observation: &Observation,
    secret_until: i64,
    around: Around,
) -> Result<()> {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let mut new = NewCase {
        source: "agency".into(),
        series: Some(observation.series.clone()),
        finding: Some(observation.id.clone()),
        category: observation.category.clone(),
        condition: some(&observation.condition),
        indicator: Some(observation.indicator.clone()),
        place: observation.place.clone(),
        description: observation.note.clone(),
        photos: observation.photos.clone(),
        secret_until: Some(secret_until),
        relapse_of: around.relapse_of,
        ..NewCase::default()
    };
    let mut lies = None;
    if let Some((lng, lat)) = observation.at {
        (new.lng, new.lat) = (Some(lng), Some(lat));
        lies = Some(around.ground.at(assessment::place::Point { lng, lat }));
    }
    // The site's unit is what the evaluation counts: the place in words follows it upwards.
    for unit in around.line {
        match unit.kind.as_str() {
            "community" | "village" => new.community = Some(unit.code),
            "township" => new.township = Some(unit.code),
            "prefecture" | "province" => {}
            _ => new.county = Some(unit.code),
        }
    }
    // What lies on the other side of a border is not taken from the map: the evaluated unit answers for it.
    if let Some(at) = lies {
        new.take_place(at);
    }
    let id = tx.unused_case_id(|| super::case::fresh_id(at)).await?;
    tx.report_case(at, who, &id, new).await
}
