//! Cases: what came in, and what was done to it. A row is what the acts of a case have made of it.

pub mod batch;
pub mod correction;
pub mod list;
pub mod map;
pub mod message;
pub mod rates;
mod shape;
pub(in crate::store) mod words;

use std::collections::BTreeSet;

use assessment::case::deadline::Clock;
use assessment::case::life::{Act, Life, Policy, Stage, Who};
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use list::Sql;

use super::act::Deed;
use super::case_rules::CaseRulesDeed;
use super::evidence::{EvidenceDeed, EvidenceRow, milliseconds};
use super::writer::Tx;
use super::{Error, Result, Store, moment};
use crate::clock::{civil, zone};
use crate::ground::{At, Named};
use crate::viewer::{Role, Viewer};

pub use shape::CaseDeed;
pub(super) use shape::EXCLUDED;
pub use words::MOST_HITS;

/// Scope of everything; of what was served on some unit.
const EVERYTHING: &str = "";
const SERVED: &str = "*";

/// A case as it comes in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewCase {
    /// `agency`, `citizen`, `hotline`, `platform`, `patrol`, `leader`, `unit`.
    pub source: String,
    /// Its number where it came from; with the source it is unique.
    pub source_number: Option<String>,
    /// The evaluation whose finding it is about, and the finding.
    pub series: Option<String>,
    pub finding: Option<String>,
    /// Code of its category.
    pub category: String,
    /// Filing condition, if it is known already.
    pub condition: Option<String>,
    /// Indicator that it breaches.
    pub indicator: Option<String>,
    /// Place in words.
    pub place: String,
    pub description: String,
    /// WGS 84, 1e-7 degree.
    pub lng: Option<i64>,
    pub lat: Option<i64>,
    /// SHA-256 of its photos, hex.
    pub photos: Vec<String>,
    /// Units in which it lies.
    pub county: Option<String>,
    pub township: Option<String>,
    pub community: Option<String>,
    /// Responsibility grid in which it lies.
    pub grid: Option<String>,
    /// Not dispatched, and known to nobody who dispatches, before this moment (epoch milliseconds).
    pub secret_until: Option<i64>,
    /// A closed case at the same place that it repeats.
    pub relapse_of: Option<String>,
}

impl NewCase {
    /// The units in which it lies, the finest first.
    pub fn units(&self) -> impl Iterator<Item = &str> {
        let units = [&self.community, &self.township, &self.county];
        units.into_iter().filter_map(Option::as_deref)
    }

    /// Takes from the map what is not said yet of where it lies, unless that is on the other side of a border of the county that
    /// is said. On the other side of a township's, who answers stays with the township that is said; the grid is where it lies.
    pub fn take_place(&mut self, at: At) {
        let code = |named: Option<Named>| named.map(|named| named.code);
        let (county, township) = (code(at.county), code(at.township));
        if self.county.is_some() && self.county != county {
            return;
        }
        self.county = county;
        self.grid = self.grid.take().or(code(at.grid));
        if self.township.is_none() || township.is_none() || self.township == township {
            self.township = self.township.take().or(township);
            self.community = self.community.take().or(code(at.community));
        }
    }
}

/// A case as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    pub id: String,
    pub new: NewCase,
    pub stage: Stage,
    /// The unit that answers for it, and the one whose turn it is.
    pub unit: Option<String>,
    pub holder: Option<String>,
    pub department: Option<String>,
    pub reported_at: Timestamp,
    pub since: Timestamp,
    pub dispatched_at: Option<Timestamp>,
    pub due_at: Option<Timestamp>,
    pub gross_at: Option<Timestamp>,
    /// What its due time is worked out from, once it has been dispatched.
    pub clock: Option<Clock>,
    pub rests_until: Option<Timestamp>,
    /// Since when its unit has it without having taken a first step.
    pub untouched_since: Option<Timestamp>,
    pub handled_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// `extension` or `suspension`, where a unit waits for an answer.
    pub asked: Option<String>,
    pub reworks: i64,
    /// How often it was dispatched, and how often it came back.
    pub dispatches: i64,
    pub returns: i64,
    pub level: i64,
    pub supervised: bool,
}

impl CaseRow {
    pub(super) fn from_row(row: &AnyRow) -> Result<CaseRow> {
        let time = |name: &str| -> Result<Option<Timestamp>> {
            row.try_get::<Option<i64>, _>(name)?.map(moment).transpose()
        };
        let stage: String = row.try_get("stage")?;
        let photos: String = row.try_get("photos")?;
        Ok(CaseRow {
            id: row.try_get("id")?,
            new: NewCase {
                source: row.try_get("source")?,
                source_number: row.try_get("source_number")?,
                series: row.try_get("series")?,
                finding: row.try_get("finding")?,
                category: row.try_get("category")?,
                condition: row.try_get("condition")?,
                indicator: row.try_get("indicator")?,
                place: row.try_get("place")?,
                description: row.try_get("description")?,
                lng: row.try_get("lng")?,
                lat: row.try_get("lat")?,
                photos: serde_json::from_str(&photos).map_err(Error::damaged)?,
                county: row.try_get("county")?,
                township: row.try_get("township")?,
                community: row.try_get("community")?,
                grid: row.try_get("grid")?,
                secret_until: row.try_get("secret_until")?,
                relapse_of: row.try_get("relapse_of")?,
            },
            stage: Stage::parse(&stage).ok_or_else(|| Error::damaged(&stage))?,
            unit: row.try_get("unit")?,
            holder: row.try_get("holder")?,
            department: row.try_get("department")?,
            reported_at: moment(row.try_get("reported_at")?)?,
            since: moment(row.try_get("since")?)?,
            dispatched_at: time("dispatched_at")?,
            due_at: time("due_at")?,
            gross_at: time("gross_at")?,
            clock: row
                .try_get::<Option<String>, _>("clock")?
                .map(|text| shape::read_clock(&text))
                .transpose()?,
            rests_until: time("rests_until")?,
            untouched_since: time("untouched_since")?,
            handled_at: time("handled_at")?,
            closed_at: time("closed_at")?,
            asked: row.try_get("asked")?,
            reworks: row.try_get("reworks")?,
            dispatches: row.try_get("dispatches")?,
            returns: row.try_get("returns")?,
            level: row.try_get("level")?,
            supervised: row.try_get::<i64, _>("supervised")? != 0,
        })
    }
}

/// What a lamp shows of a case.
#[derive(Debug, Clone, Copy)]
pub struct Clocked<'a> {
    pub stage: Stage,
    /// Since when it is in this stage.
    pub since: Timestamp,
    pub clock: Option<&'a Clock>,
    pub due_at: Option<Timestamp>,
    pub handled_at: Option<Timestamp>,
}

impl CaseRow {
    /// What its lamp shows.
    pub fn clocked(&self) -> Clocked<'_> {
        Clocked {
            stage: self.stage,
            since: self.since,
            clock: self.clock.as_ref(),
            due_at: self.due_at,
            handled_at: self.handled_at,
        }
    }
}

/// One act of a case, with when and by whom.
#[derive(Debug, Clone)]
pub struct CaseStep {
    pub seq: i64,
    pub at: Timestamp,
    pub who: Who,
    pub act: Act,
}

/// An id by which nobody can count: the month of the report and chance.
pub fn fresh_id(now: Timestamp) -> String {
    let chance = letters(rand::random());
    format!("AJ{}-{chance}", now.to_zoned(zone()).strftime("%y%m"))
}

/// Letters and digits that nobody takes for each other.
pub fn letters(bytes: [u8; 8]) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let letter = |byte: u8| char::from(LETTERS[usize::from(byte % 32)]);
    bytes.into_iter().map(letter).collect()
}

/// Which cases exist for a viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sight {
    /// A row in `case_unit` under this name makes a case visible.
    scope: String,
    /// Cases still secret do not exist.
    secrets: bool,
}

impl Sight {
    /// `None`: no case exists for them.
    pub(crate) fn of(viewer: &Viewer) -> Option<Sight> {
        let sight = |scope: &str, secrets| {
            Some(Sight {
                scope: scope.to_owned(),
                secrets,
            })
        };
        match viewer.role {
            Role::Host | Role::Auditor => sight(EVERYTHING, true),
            Role::Dispatcher | Role::Verifier => sight(EVERYTHING, false),
            Role::Leader => sight(SERVED, false),
            Role::Unit => viewer.unit.as_deref().and_then(|unit| sight(unit, false)),
            _ => None,
        }
    }

    /// The same for cases that are asked for one by one, never in lists and counts: for a road chief they are those that
    /// were served and that [`list::Sql::exists_for`] leaves over. `None`: no case exists for them.
    pub(crate) fn of_one(viewer: &Viewer) -> Option<Sight> {
        match viewer.role {
            Role::Chief => Some(Sight {
                scope: SERVED.to_owned(),
                secrets: false,
            }),
            _ => Sight::of(viewer),
        }
    }
}

/// Every act is judged when it is done; what was done is not judged again.
const DONE: Policy = Policy {
    most_returns: u32::MAX,
    most_dispatches: u32::MAX,
    most_extensions: u32::MAX,
    most_suspensions: u32::MAX,
    most_rest_days: u32::MAX,
    photo_needed: false,
};

impl Deed for CaseDeed {
    const NOUN: &'static str = "case";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<()> {
        match self {
            Self::Reported(new) => {
                insert(tx, id, at, new).await?;
                message::reported(tx, id, at).await
            }
            Self::Acted { act, .. } => {
                let life = tx.case_life(id).await?;
                let before = update(tx, id, &life).await?;
                give(tx, id, at, act).await?;
                message::acted(tx, id, at, act, &life, &before).await
            }
        }
    }
}

async fn insert(tx: &mut Tx<'_>, id: &str, at: Timestamp, new: &NewCase) -> Result<()> {
    let done = sqlx::query(
        "INSERT INTO case_file (id, source, source_number, series, finding, category, condition, indicator, place,
            description, lng, lat, photos, county, township, community, grid, secret_until, relapse_of,
            stage, is_open, reported_at, since, reworks, level, supervised)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
            'reported', 1, $20, $20, 0, 0, 0)
         ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(&new.source)
    .bind(new.source_number.as_deref())
    .bind(new.series.as_deref())
    .bind(new.finding.as_deref())
    .bind(&new.category)
    .bind(new.condition.as_deref())
    .bind(new.indicator.as_deref())
    .bind(&new.place)
    .bind(&new.description)
    .bind(new.lng)
    .bind(new.lat)
    .bind(serde_json::to_string(&new.photos).map_err(Error::damaged)?)
    .bind(new.county.as_deref())
    .bind(new.township.as_deref())
    .bind(new.community.as_deref())
    .bind(new.grid.as_deref())
    .bind(new.secret_until)
    .bind(new.relapse_of.as_deref())
    .bind(at.as_millisecond())
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::refused("case-known"));
    }
    show_to(tx, id, &[EVERYTHING.to_owned()]).await
}

/// What a case is counted by.
struct Counted {
    stage: String,
    category: String,
    month: String,
    place: Option<(i64, i64)>,
    /// Whose turn it is, which is not counted.
    holder: Option<String>,
}

impl Counted {
    async fn read(tx: &mut Tx<'_>, id: &str) -> Result<Self> {
        let row = sqlx::query(
            "SELECT stage, category, reported_at, lng, lat, holder FROM case_file WHERE id = $1",
        )
        .bind(id)
        .fetch_one(tx.conn())
        .await?;
        let (lng, lat): (Option<i64>, Option<i64>) = (row.try_get("lng")?, row.try_get("lat")?);
        Ok(Self {
            stage: row.try_get("stage")?,
            category: row.try_get("category")?,
            month: list::month_of(moment(row.try_get("reported_at")?)?),
            place: lng.zip(lat),
            holder: row.try_get("holder")?,
        })
    }

    /// Adds it to the kept counts of a scope, or takes it away.
    async fn count(&self, tx: &mut Tx<'_>, scope: &str, n: i64) -> Result<()> {
        sqlx::query(
            "INSERT INTO case_count (unit, stage, category, month, n) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (unit, stage, category, month) DO UPDATE SET n = case_count.n + excluded.n",
        )
        .bind(scope)
        .bind(&self.stage)
        .bind(&self.category)
        .bind(&self.month)
        .bind(n)
        .execute(tx.conn())
        .await?;
        map::count(tx, scope, &self.stage, &self.category, self.place, n).await
    }
}

/// Lets a case exist under more scopes, with its counts and its words.
async fn show_to(tx: &mut Tx<'_>, id: &str, scopes: &[String]) -> Result<()> {
    let counted = Counted::read(tx, id).await?;
    for scope in scopes {
        let shown = sqlx::query_as::<_, (i64, String, String)>(
            "INSERT INTO case_unit (unit, case_id, reported_at, is_open, stage, due_at, late_at, category, tile, number)
             SELECT $1, id, reported_at, is_open, stage, due_at,
                CASE WHEN is_open = 1 AND handled_at IS NULL THEN due_at END, category, $3,
                (SELECT COALESCE(max(number), 0) + 1 FROM case_unit) FROM case_file WHERE id = $2
             ON CONFLICT (unit, case_id) DO NOTHING
             RETURNING number, (SELECT place FROM case_file WHERE id = case_id),
                (SELECT description FROM case_file WHERE id = case_id)",
        )
        .bind(scope)
        .bind(id)
        .bind(counted.place.map(map::tile_of))
        .fetch_optional(tx.conn())
        .await?;
        if let Some((number, place, description)) = shown {
            counted.count(tx, scope, 1).await?;
            let dialect = tx.dialect();
            let texts = [id, &place, &description];
            words::keep(tx.conn(), dialect, (scope, number), &texts).await?;
        }
    }
    Ok(())
}

/// Writes what a life has become into the tables; returns who had it before.
async fn update(tx: &mut Tx<'_>, id: &str, life: &Life) -> Result<Before> {
    let before = Counted::read(tx, id).await?;
    let category = life.category.as_ref();
    let moved = before.stage != life.stage.word()
        || category.is_some_and(|category| *category != before.category);
    let known: Vec<(String, i64)> =
        sqlx::query_as("SELECT unit, answers FROM case_unit WHERE case_id = $1")
            .bind(id)
            .fetch_all(tx.conn())
            .await?;
    let answered = known
        .iter()
        .filter(|(unit, answers)| *answers == 1 && unit != EVERYTHING && unit != SERVED)
        .map(|(unit, _)| unit.clone())
        .collect();
    let scopes: Vec<String> = known.into_iter().map(|(unit, _)| unit).collect();
    if moved {
        for scope in &scopes {
            before.count(tx, scope, -1).await?;
        }
    }
    let ms = |at: Option<DateTime>| at.map(milliseconds);
    let asked = life.request.as_ref().map(|request| match request {
        assessment::case::life::Request::Extension { .. } => "extension",
        assessment::case::life::Request::Suspension { .. } => "suspension",
    });
    sqlx::query(
        "UPDATE case_file SET stage = $2, is_open = $3, unit = $4, holder = $5, department = $6, since = $7,
            dispatched_at = $8, due_at = $9, gross_at = $10, rests_until = $11, handled_at = $12, closed_at = $13,
            asked = $14, reworks = $15, level = $16, supervised = $17, condition = COALESCE($18, condition), clock = $19,
            extensions = $20, suspensions = $21, category = COALESCE($22, category), soon_at = $23, remind_at = $24,
            dispatches = $25, returns = $26, untouched_since = $27, escalate_at = $28,
            relapse_of = NULLIF(COALESCE($29, relapse_of), ''), secret_until = COALESCE($30, secret_until)
         WHERE id = $1",
    )
    .bind(id)
    .bind(life.stage.word())
    .bind(i64::from(!life.stage.is_over()))
    .bind(life.line.first())
    .bind(life.holder())
    .bind(life.department.as_deref())
    .bind(milliseconds(life.since))
    .bind(ms(life.dispatched_at))
    .bind(ms(life.due_at))
    .bind(ms(life.gross_at))
    .bind(ms(life.rests_until))
    .bind(ms(life.handled_at))
    .bind(ms(life.closed_at.or(life.voided_at)))
    .bind(asked)
    .bind(i64::from(life.reworks))
    .bind(i64::from(life.level))
    .bind(i64::from(life.supervised))
    .bind(life.condition.as_deref())
    .bind(life.clock().as_ref().map(shape::write_clock))
    .bind(i64::from(life.extensions))
    .bind(i64::from(life.suspensions))
    .bind(life.category.as_deref())
    .bind(ms(life.soon_at))
    .bind(ms(life.remind_at()))
    .bind(i64::from(life.dispatches))
    .bind(i64::from(life.returns))
    .bind(ms(life.untouched_since))
    .bind(ms(life.escalate_at()))
    .bind(shape::relapse_written(life.relapse.clone()))
    .bind(ms(life.secret_until))
    .execute(tx.conn())
    .await?;
    sqlx::query(
        "UPDATE case_unit SET stage = $2, is_open = $3, due_at = $4, category = COALESCE($6, category),
            late_at = CASE WHEN REPLACE($7, '|' || unit || '|', '') <> $7 THEN CAST($5 AS BIGINT) END,
            answers = CASE WHEN REPLACE($7, '|' || unit || '|', '') <> $7 THEN 1 ELSE 0 END
         WHERE case_id = $1",
    )
    .bind(id)
    .bind(life.stage.word())
    .bind(i64::from(!life.stage.is_over()))
    .bind(ms(life.due_at))
    .bind(ms(life
        .due_at
        .filter(|_| !life.stage.is_over() && life.handled_at.is_none())))
    .bind(life.category.as_deref())
    .bind(answering(life))
    .execute(tx.conn())
    .await?;
    if moved {
        let now = Counted::read(tx, id).await?;
        for scope in &scopes {
            now.count(tx, scope, 1).await?;
        }
    }
    let mut more = life.line.clone();
    if life.dispatched_at.is_some() {
        more.push(SERVED.to_owned());
        more.extend(life.department.clone());
    }
    show_to(tx, id, &more).await?;
    Ok(Before {
        holder: before.holder,
        answered,
    })
}

/// Who had a case until an act: whose turn it was, and all that answered for it.
struct Before {
    holder: Option<String>,
    answered: Vec<String>,
}

/// Notes since when those have a case to whom an act gives it.
async fn give(tx: &mut Tx<'_>, id: &str, at: Timestamp, act: &Act) -> Result<()> {
    let (unit, department) = match act {
        Act::Dispatch {
            unit, department, ..
        } => (unit, department.as_ref()),
        Act::PassDown { unit } => (unit, None),
        _ => return Ok(()),
    };
    sqlx::query("UPDATE case_unit SET got_at = $2 WHERE case_id = $1 AND unit IN ($3, $4)")
        .bind(id)
        .bind(at.as_millisecond())
        .bind(unit)
        .bind(department.unwrap_or(unit))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The scopes that answer for a case as it stands: the whole city, what was served, its line of units and its department.
fn answering(life: &Life) -> String {
    let scopes = [EVERYTHING, SERVED].into_iter();
    let scopes = scopes.chain(life.line.iter().map(String::as_str));
    let scopes = scopes.chain(life.department.as_deref());
    scopes.map(|scope| format!("|{scope}|")).collect()
}

/// Series in which the cases of a unit or department are counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedIn {
    /// The series.
    pub series: String,
    /// Whether its participants are line departments; otherwise the units that cases are dispatched to.
    pub by_department: bool,
}

/// What a version of the rules changes in where cases are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recount {
    /// The version.
    pub version: i64,
    /// Where they are counted under it.
    pub counted: Vec<CountedIn>,
    /// Series in which they were counted before, and are no longer.
    pub dropped: BTreeSet<String>,
}

impl Tx<'_> {
    /// Whether somebody has reported a case under this id.
    pub async fn has_reported(&mut self, who: &str, id: &str) -> Result<bool> {
        let reported: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM act WHERE noun = 'case' AND id = $1 AND kind = 'reported' AND who = $2",
        )
        .bind(id)
        .bind(who)
        .fetch_one(self.conn())
        .await?;
        Ok(reported > 0)
    }

    /// The first id that no case has yet, of those that are drawn.
    ///
    /// Errors: the database's.
    pub async fn unused_case_id(&mut self, mut draw: impl FnMut() -> String) -> Result<String> {
        loop {
            let id = draw();
            let known: i64 = sqlx::query_scalar("SELECT count(*) FROM case_file WHERE id = $1")
                .bind(&id)
                .fetch_one(self.conn())
                .await?;
            if known == 0 {
                return Ok(id);
            }
        }
    }

    /// Takes a case in under an id; ids tell nothing of how many there are.
    ///
    /// Errors: refused if the id, or the number at its source, is known.
    pub async fn report_case(
        &mut self,
        at: Timestamp,
        who: &str,
        id: &str,
        new: NewCase,
    ) -> Result<()> {
        self.act(at, who, id, &CaseDeed::Reported(new))
            .await
            .map(drop)
    }

    /// Does something to a case if it is allowed now, and carries what the evaluation sees of it into the evidence.
    ///
    /// Errors: refused with the rule that stands against it.
    pub async fn act_on_case(
        &mut self,
        at: Timestamp,
        who: &Who,
        id: &str,
        act: Act,
        policy: &Policy,
        counted: &[CountedIn],
    ) -> Result<Life> {
        let life = self.case_life(id).await?;
        let next = life
            .then(civil(at), who, &act, policy)
            .map_err(|refusal| Error::Refused(refusal.message()))?;
        let deed = CaseDeed::Acted {
            who: who.clone(),
            act,
        };
        self.act(at, &who.login, id, &deed).await?;
        self.carry_into_evidence(at, &who.login, id, &next, counted)
            .await?;
        Ok(next)
    }

    /// What the acts of a case have made of it.
    ///
    /// Errors: refused if there is none.
    pub async fn case_life(&mut self, id: &str) -> Result<Life> {
        let rows = sqlx::query("SELECT * FROM act WHERE noun = 'case' AND id = $1 ORDER BY seq")
            .bind(id)
            .fetch_all(self.conn())
            .await?;
        let steps = rows
            .iter()
            .map(|row| CaseStep::read(&super::act::Act::from_row(row)?))
            .collect::<Result<Vec<_>>>()?;
        folded(id, &steps)
    }

    async fn carry_into_evidence(
        &mut self,
        at: Timestamp,
        who: &str,
        id: &str,
        life: &Life,
        counted: &[CountedIn],
    ) -> Result<()> {
        let row = sqlx::query("SELECT * FROM case_file WHERE id = $1")
            .bind(id)
            .fetch_one(self.conn())
            .await?;
        let case = CaseRow::from_row(&row)?;
        if let (Some(series), Some(finding)) = (&case.new.series, &case.new.finding) {
            let cells: Option<String> = sqlx::query_scalar(
                "SELECT cells FROM evidence WHERE series = $1 AND kind = 'findings' AND id = $2",
            )
            .bind(series)
            .bind(finding)
            .fetch_optional(self.conn())
            .await?;
            if let Some(before) = cells {
                let cells: Vec<String> = serde_json::from_str(&before).map_err(Error::damaged)?;
                let row = shape::finding_now(cells, life, case.new.relapse_of.is_some())?;
                self.take_row(at, who, series, row).await?;
            }
        }
        self.count_case(at, who, id, &case.new.category, life, counted)
            .await
    }

    /// Lets a case stand where it is counted as it is now.
    async fn count_case(
        &mut self,
        at: Timestamp,
        who: &str,
        id: &str,
        category: &str,
        life: &Life,
        counted: &[CountedIn],
    ) -> Result<()> {
        if life.dispatched_at.is_none() {
            return Ok(());
        }
        for each in counted {
            let answering = match each.by_department {
                true => life.department.as_ref(),
                false => life.line.first(),
            };
            match answering.and_then(|unit| life.fact(id, category, unit)) {
                Some(fact) => {
                    let row = shape::case_now(&fact);
                    self.take_row(at, who, &each.series, row).await?;
                }
                // It came back, or went out again without a department: whoever had it answers for it no longer.
                None => self.withdraw_case(at, who, &each.series, id).await?,
            }
        }
        Ok(())
    }

    /// Counts the next cases, so many at most, where a version of the rules names them and not where it does so no longer.
    /// One whose history does not read is named in the log. Returns whether there are more.
    ///
    /// Errors: the database's.
    async fn count_some(
        &mut self,
        at: Timestamp,
        who: &str,
        recount: &Recount,
        most: i64,
    ) -> Result<bool> {
        let known: Option<String> = sqlx::query_scalar(
            "SELECT COALESCE(counted_to, '') FROM case_rules WHERE version = $1 AND counted_at IS NULL",
        )
        .bind(recount.version)
        .fetch_optional(self.conn())
        .await?;
        // Others hold by now, and are counted by from the beginning; or another server has counted all.
        let (Some(after), true) = (known, self.case_rules_version().await? == recount.version)
        else {
            return Ok(false);
        };
        let cases: Vec<(String, String)> = sqlx::query_as(
            "SELECT id, category FROM case_file WHERE dispatched_at IS NOT NULL AND id > $1 ORDER BY id LIMIT $2",
        )
        .bind(&after)
        .bind(most)
        .fetch_all(self.conn())
        .await?;
        for (id, category) in &cases {
            let life = match self.case_life(id).await {
                Err(why @ Error::Damaged(_)) => {
                    tracing::error!(case = %id, %why, "this case was passed over");
                    continue;
                }
                life => life?,
            };
            self.count_case(at, who, id, category, &life, &recount.counted)
                .await?;
            for series in &recount.dropped {
                self.withdraw_case(at, who, series, id).await?;
            }
        }
        let to = cases.into_iter().next_back().map(|(id, _)| id);
        let more = to.is_some();
        let deed = CaseRulesDeed::Counted {
            version: recount.version,
            to,
        };
        self.act(at, who, "case-rules", &deed).await?;
        Ok(more)
    }

    /// Takes a case out of a series, if it is counted there.
    async fn withdraw_case(
        &mut self,
        at: Timestamp,
        who: &str,
        series: &str,
        id: &str,
    ) -> Result<()> {
        let counted: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM evidence WHERE series = $1 AND kind = 'cases' AND id = $2",
        )
        .bind(series)
        .bind(id)
        .fetch_one(self.conn())
        .await?;
        if counted == 0 {
            return Ok(());
        }
        let deed = EvidenceDeed::Withdrawn {
            kind: "cases".into(),
            ids: vec![id.to_owned()],
        };
        self.act(at, who, series, &deed).await.map(drop)
    }

    /// Takes one row of evidence if it is other than what is kept.
    async fn take_row(
        &mut self,
        at: Timestamp,
        who: &str,
        series: &str,
        row: EvidenceRow,
    ) -> Result<()> {
        let known: Option<String> = sqlx::query_scalar(
            "SELECT cells FROM evidence WHERE series = $1 AND kind = $2 AND id = $3",
        )
        .bind(series)
        .bind(&row.kind)
        .bind(&row.id)
        .fetch_optional(self.conn())
        .await?;
        if known == Some(serde_json::to_string(&row.cells).map_err(Error::damaged)?) {
            return Ok(());
        }
        self.act(at, who, series, &EvidenceDeed::Taken { rows: vec![row] })
            .await
            .map(drop)
    }
}

/// Gives dispatches after the first the due time that the case had: older versions wrote one down that never held.
fn keep_clock(steps: &mut [CaseStep]) {
    let mut had: Option<(DateTime, DateTime)> = None;
    for step in steps {
        match &mut step.act {
            Act::Dispatch {
                due_at, gross_at, ..
            } => match had {
                Some((due, gross)) => (*due_at, *gross_at) = (due, gross),
                None => had = Some((*due_at, *gross_at)),
            },
            Act::GrantExtension {
                due_at, gross_at, ..
            }
            | Act::Resume {
                due_at, gross_at, ..
            }
            | Act::Recompute {
                due_at, gross_at, ..
            } => had = Some((*due_at, *gross_at)),
            Act::GrantSuspension { due: Some(due), .. }
            | Act::Amend { due: Some(due), .. }
            | Act::Feedback { due: Some(due), .. }
            | Act::Verify { due: Some(due), .. } => had = Some((due.at, due.gross_at)),
            _ => {}
        }
    }
}

/// The life that these steps make.
pub(crate) fn folded(id: &str, steps: &[CaseStep]) -> Result<Life> {
    let steps = steps
        .iter()
        .map(|step| (civil(step.at), &step.who, &step.act));
    Life::fold(steps, &DONE)
        .map_err(|refusal| Error::damaged(format!("the acts of case {id} do not fit: {refusal:?}")))
}

impl Store {
    /// One case, if it exists for the viewer.
    pub async fn case(&self, viewer: &Viewer, now: Timestamp, id: &str) -> Result<Option<CaseRow>> {
        let Some(sight) = Sight::of_one(viewer) else {
            return Ok(None);
        };
        let mut sql = Sql::of_cases("SELECT f.*");
        sql.and("f.id = ", id);
        sql.exists_for(viewer, &sight, now);
        Ok(sql.cases(self).await?.pop())
    }

    /// Counts the next cases as a version of the rules says, so many at most, in one transaction that goes on where the last
    /// one ended. Returns whether there are more.
    pub async fn count_cases_again(
        &self,
        at: Timestamp,
        who: &str,
        recount: Recount,
        most: i64,
    ) -> Result<bool> {
        let who = who.to_owned();
        self.write(move |tx| Box::pin(async move { tx.count_some(at, &who, &recount, most).await }))
            .await
    }

    /// What was done to a case, oldest first, and what it has become. Asked after [`Store::case`] has shown it.
    pub async fn case_history(&self, id: &str) -> Result<(Vec<CaseStep>, Life)> {
        let mut steps = self
            .acts_of("case", id)
            .await?
            .iter()
            .map(CaseStep::read)
            .collect::<Result<Vec<_>>>()?;
        let life = folded(id, &steps)?;
        keep_clock(&mut steps);
        Ok((steps, life))
    }

    /// A case as it stood after an act, with its category; none before its unit knew of it.
    pub(crate) async fn case_at(&self, id: &str, seq: i64) -> Result<Option<(Life, String)>> {
        let acts = self.acts_of(CaseDeed::NOUN, id).await?;
        let Some(CaseDeed::Reported(new)) = acts.first().map(super::act::Act::deed).transpose()?
        else {
            return Ok(None);
        };
        let steps = acts
            .iter()
            .take_while(|act| act.seq <= seq)
            .map(CaseStep::read)
            .collect::<Result<Vec<_>>>()?;
        let life = folded(id, &steps)?;
        let served = life.dispatched_at.is_some();
        let category = life.category.clone().unwrap_or(new.category);
        Ok(served.then_some((life, category)))
    }

    /// Cases whose rest is over.
    pub async fn rests_over(&self, now: Timestamp) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(
            "SELECT id FROM case_file WHERE stage = 'suspended' AND rests_until <= $1 ORDER BY id",
        )
        .bind(now.as_millisecond())
        .fetch_all(self.reading())
        .await?)
    }

    /// Resting cases whose due time is still that of before the rest: older versions moved it when the rest was over.
    pub async fn rests_unreckoned(&self) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(
            "SELECT id FROM case_file WHERE stage = 'suspended' AND due_at > since AND due_at < rests_until ORDER BY id",
        )
        .fetch_all(self.reading())
        .await?)
    }

    /// Open cases past a second limit for which the program has not escalated them yet.
    pub async fn grossly_overdue(&self, now: Timestamp) -> Result<Vec<String>> {
        Ok(
            sqlx::query_scalar("SELECT id FROM case_file WHERE escalate_at < $1 ORDER BY id")
                .bind(now.as_millisecond())
                .fetch_all(self.reading())
                .await?,
        )
    }

    /// Cases that are due soon or whose due time has come, of which nobody has been told yet.
    pub async fn to_remind(&self, now: Timestamp) -> Result<Vec<String>> {
        Ok(
            sqlx::query_scalar("SELECT id FROM case_file WHERE remind_at <= $1 ORDER BY id")
                .bind(now.as_millisecond())
                .fetch_all(self.reading())
                .await?,
        )
    }

    /// Open cases whose clock runs or rests.
    pub async fn running_cases(&self) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(
            "SELECT id FROM case_file WHERE is_open = 1 AND due_at IS NOT NULL ORDER BY id",
        )
        .fetch_all(self.reading())
        .await?)
    }

    /// The closed case of the same category that one found at a moment repeats: the last one so near that was closed
    /// before it, so many days back.
    pub async fn closed_near(
        &self,
        new: &NewCase,
        at: Timestamp,
        days: u32,
        metres: u32,
    ) -> Result<Option<String>> {
        let (Some(lng), Some(lat)) = (new.lng, new.lat) else {
            return Ok(None);
        };
        let since = at.as_millisecond() - i64::from(days) * 86_400_000;
        // A metre is at most this many 1e-7 degrees anywhere in the country; what is exact comes after.
        let reach = i64::from(metres) * 160;
        let rows = sqlx::query(
            "SELECT id, lng, lat FROM case_file
             WHERE category = $1 AND lat BETWEEN $2 AND $3 AND lng BETWEEN $4 AND $5
                AND stage = 'closed' AND closed_at BETWEEN $6 AND $7 ORDER BY closed_at DESC LIMIT 50",
        )
        .bind(&new.category)
        .bind(lat - reach)
        .bind(lat + reach)
        .bind(lng - reach)
        .bind(lng + reach)
        .bind(since)
        .bind(at.as_millisecond())
        .fetch_all(self.reading())
        .await?;
        for row in rows {
            let there = (row.try_get("lng")?, row.try_get("lat")?);
            if crate::datum::metres((lng, lat), there) <= u64::from(metres) {
                return Ok(Some(row.try_get("id")?));
            }
        }
        Ok(None)
    }

    /// When the problem of a case was found: by its finding, or when it was reported.
    pub async fn found_at(&self, row: &CaseRow) -> Result<Timestamp> {
        let (Some(series), Some(finding)) = (&row.new.series, &row.new.finding) else {
            return Ok(row.reported_at);
        };
        let cells = self.evidence_row(series, "findings", finding).await?;
        match cells.as_ref().and_then(|cells| cells.get(shape::FOUND_AT)) {
            Some(found) => {
                let found: DateTime = found.parse().map_err(Error::damaged)?;
                moment(milliseconds(found))
            }
            None => Ok(row.reported_at),
        }
    }

    /// Whether a case is of a category.
    pub async fn case_is_of(&self, id: &str, category: &str) -> Result<bool> {
        let same: i64 =
            sqlx::query_scalar("SELECT count(*) FROM case_file WHERE id = $1 AND category = $2")
                .bind(id)
                .bind(category)
                .fetch_one(self.reading())
                .await?;
        Ok(same > 0)
    }

    /// What somebody has reported, the newest first, as it stands now: their own words are no secret to them, whether the
    /// case exists for them or not.
    pub async fn reported_by(&self, login: &str, most: i64) -> Result<Vec<CaseRow>> {
        let rows = sqlx::query(
            "SELECT f.* FROM act a JOIN case_file f ON f.id = a.id
             WHERE a.who = $1 AND a.noun = 'case' AND a.kind = 'reported' ORDER BY a.seq DESC LIMIT $2",
        )
        .bind(login)
        .bind(most)
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(CaseRow::from_row).collect()
    }

    /// Cases that repeat one and exist for the viewer, the oldest first.
    pub async fn relapses(&self, viewer: &Viewer, now: Timestamp, id: &str) -> Result<Vec<String>> {
        let Some(sight) = Sight::of_one(viewer) else {
            return Ok(vec![]);
        };
        let mut sql = Sql::of_cases("SELECT f.id AS id");
        sql.and("f.relapse_of = ", id);
        sql.exists_for(viewer, &sight, now);
        sql.text(" ORDER BY f.reported_at, f.id");
        let rows = sql.fetch(self).await?;
        Ok(rows
            .iter()
            .map(|row| row.try_get("id"))
            .collect::<sqlx::Result<_>>()?)
    }

    /// Open cases of a category near a place that exist for the viewer, the nearest first: perhaps what is about to be
    /// reported is one of them. A chief knows what was served in their grids.
    pub async fn open_near(
        &self,
        viewer: &Viewer,
        now: Timestamp,
        category: &str,
        place: (i64, i64),
        metres: u32,
    ) -> Result<Vec<(CaseRow, u64)>> {
        let Some(sight) = Sight::of_one(viewer) else {
            return Ok(vec![]);
        };
        let ((lng, lat), reach) = (place, i64::from(metres) * 160);
        let mut sql = Sql::of_cases("SELECT f.*");
        sql.and("f.category = ", category);
        sql.and_between("f.lat", lat - reach, lat + reach);
        sql.and_between("f.lng", lng - reach, lng + reach);
        sql.text(" AND f.is_open = 1");
        sql.exists_for(viewer, &sight, now);
        sql.text(" ORDER BY f.reported_at DESC LIMIT 50");
        let mut near = vec![];
        for row in sql.cases(self).await? {
            if let (Some(there_lng), Some(there_lat)) = (row.new.lng, row.new.lat) {
                let away = crate::datum::metres(place, (there_lng, there_lat));
                if away <= u64::from(metres) {
                    near.push((row, away));
                }
            }
        }
        near.sort_by_key(|(_, away)| *away);
        Ok(near)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_place_stays_beside_a_border() {
        // What is said: county, township. What the map says: county, township, community, grid. What comes of it.
        for (said, map, place) in [
            ("- -", "C1 T1 V1 G1", "C1 T1 V1 G1"),
            ("C1 -", "C1 T1 V1 G1", "C1 T1 V1 G1"),
            ("C1 T1", "C1 T1 V1 G1", "C1 T1 V1 G1"),
            // Across the street is another township: its community does not answer, and the grid is where it lies.
            ("C1 T1", "C1 T2 V2 G2", "C1 T1 - G2"),
            ("C1 T1", "C1 - - G1", "C1 T1 - G1"),
            ("C1 T1", "C2 T2 V2 G2", "C1 T1 - -"),
            ("C1 -", "- - - G2", "C1 - - -"),
        ] {
            let words = |text: &str| -> Vec<Option<String>> {
                let words = text.split(' ');
                words
                    .map(|word| (word != "-").then(|| word.to_owned()))
                    .collect()
            };
            let (said, map) = (words(said), words(map));
            let named = |at: usize| {
                map[at].clone().map(|code| Named {
                    name: code.clone(),
                    code,
                })
            };
            let mut new = NewCase {
                county: said[0].clone(),
                township: said[1].clone(),
                ..NewCase::default()
            };
            new.take_place(At {
                county: named(0),
                township: named(1),
                community: named(2),
                grid: named(3),
                ..At::default()
            });
            let taken = vec![new.county, new.township, new.community, new.grid];
            assert_eq!(taken, words(place), "{said:?} {map:?}");
        }
    }
}
