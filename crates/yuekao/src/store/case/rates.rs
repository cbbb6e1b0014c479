//! What has become of the cases of a period by now, counted in the database: the same counts as `assessment::case::rates` makes one by one.

use std::collections::BTreeMap;
use std::fmt;

use assessment::case::rates::{Counts, Period};
use assessment::month::Month;
use jiff::Timestamp;
use sqlx::Row as _;

use super::Sight;
use super::list::Sql;
use crate::clock::civil;
use crate::store::evidence::milliseconds;
use crate::store::{Result, Store};
use crate::viewer::Viewer;

/// By what cases are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The unit that they were dispatched to.
    Unit,
    /// The unit whose turn it is, or was when it was handled: as far down as it went.
    Holder,
    /// Its line department.
    Department,
    /// The responsibility grid in which they lie.
    Grid,
    /// The road chief of a level who answers for that grid on the last day of the period; without one, the chief nearest
    /// to the street.
    Chief(Option<i64>),
    Category,
    Source,
    /// The agency that found them.
    Agency,
    /// All together: one line for the period.
    All,
}

impl By {
    /// Every way that a page offers.
    pub const ALL: [By; 9] = [
        By::Unit,
        By::Holder,
        By::Department,
        By::Grid,
        By::Chief(None),
        By::Category,
        By::Source,
        By::Agency,
        By::All,
    ];

    /// Key of its name in the message files.
    pub fn key(self) -> &'static str {
        match self {
            By::Unit => "rates-by-unit",
            By::Holder => "rates-by-holder",
            By::Department => "rates-by-department",
            By::Grid => "rates-by-grid",
            By::Chief(_) => "rates-by-chief",
            By::Category => "rates-by-category",
            By::Source => "rates-by-source",
            By::Agency => "rates-by-agency",
            By::All => "rates-by-period",
        }
    }

    /// Its word in addresses.
    pub fn word(self) -> &'static str {
        &self.key()["rates-by-".len()..]
    }

    /// The way of a word.
    pub fn parse(word: &str) -> Option<By> {
        By::ALL.into_iter().find(|by| by.word() == word)
    }

    /// What a case is put together by; `day` is the last of the period, `2022-03-31`.
    fn select<'a>(self, sql: &mut Sql<'a>, day: &'a str) {
        let column = match self {
            By::Unit => "f.unit",
            By::Holder => "f.holder",
            By::Department => "f.department",
            By::Grid => "f.grid",
            By::Category => "f.category",
            By::Source => "f.source",
            By::Agency => "(SELECT o.agency FROM observation o WHERE o.id = f.finding)",
            By::All => "CAST(NULL AS TEXT)",
            By::Chief(level) => {
                // A chief without an account is known by the grid's unit and a name. The fifth level is the street's own; who
                // answers for the whole grid comes before those of a stretch of it.
                sql.text(
                    "(SELECT CASE WHEN d.holder <> '' THEN d.holder ELSE COALESCE((SELECT g.unit FROM grid g
                        WHERE g.id = d.grid AND g.valid_from <= ",
                );
                sql.bind(day);
                sql.text(
                    " ORDER BY g.valid_from DESC LIMIT 1), '') || ' ' || d.name END FROM grid_duty d
                        WHERE d.grid = f.grid AND d.holder_kind = 'chief' AND d.valid_from <= ",
                );
                sql.bind(day);
                sql.text(" AND (d.valid_to IS NULL OR d.valid_to >= ");
                sql.bind(day);
                sql.text(")");
                if let Some(level) = level {
                    sql.and_number("d.level = ", level);
                }
                " ORDER BY CASE WHEN d.part = '' THEN 0 ELSE 1 END, d.level DESC, d.holder, d.name LIMIT 1)"
            }
        };
        sql.text(column);
    }
}

/// The whole of a rate, whose cases a list can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// What was to be handled.
    Load,
    /// What fell due.
    Due,
}

/// The cases that stand in the whole of a rate, of some months: `load.2022-03.2022-04`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfRate {
    pub whole: Whole,
    pub from: Month,
    pub to: Month,
}

impl Whole {
    /// Its word in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Whole::Load => "load",
            Whole::Due => "due",
        }
    }

    /// Key of its name in the message files.
    pub fn key(self) -> &'static str {
        match self {
            Whole::Load => "rates-load",
            Whole::Due => "rates-due",
        }
    }
}

impl fmt::Display for OfRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.whole.word(), self.from, self.to)
    }
}

impl OfRate {
    /// Reads it; `None`: it is no such text.
    pub fn parse(text: &str) -> Option<Self> {
        let (word, months) = text.split_once('.')?;
        let (from, to) = months.split_once('.')?;
        let whole = [Whole::Load, Whole::Due];
        let whole = whole.into_iter().find(|whole| whole.word() == word)?;
        let (from, to) = (from.parse().ok()?, to.parse().ok()?);
        (from <= to).then_some(Self { whole, from, to })
    }

    /// Its cases, of `case_file f`, as far as they are known now.
    pub(super) fn narrow(self, sql: &mut Sql<'_>, now: Timestamp) {
        let Period { from, to } = period(self.from, self.to, now);
        let (from, to) = (milliseconds(from), milliseconds(to));
        sql.and_number("f.stage <> 'voided' AND f.dispatched_at < ", to);
        match self.whole {
            Whole::Load => {
                sql.and_number("(f.handled_at IS NULL OR f.handled_at >= ", from);
                sql.text(")");
            }
            Whole::Due => {
                sql.and_number("f.due_at >= ", from);
                sql.and_number("f.due_at < ", to);
            }
        }
    }
}

/// The months from one to another, up to now: nothing is known of what lies ahead.
pub fn period(from: Month, to: Month, now: Timestamp) -> Period {
    let start = |month: Month| month.first_day().at(0, 0, 0, 0);
    Period {
        from: start(from),
        to: start(to.plus(1)).min(civil(now)),
    }
}

/// The last day of a period, `2022-03-31`.
fn last_day(period: Period) -> String {
    let last = period.to.saturating_sub(jiff::SignedDuration::from_secs(1));
    last.date().to_string()
}

impl Store {
    /// What each chief with an account is called in the grids, as it was written last by the end of a period.
    pub async fn chief_names(&self, period: Period) -> Result<BTreeMap<String, String>> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT holder, name FROM grid_duty WHERE holder_kind = 'chief' AND holder <> '' AND valid_from <= $1
             ORDER BY valid_from, grid, duty, part",
        )
        .bind(last_day(period))
        .fetch_all(self.reading())
        .await?;
        Ok(rows.into_iter().collect())
    }

    /// The counts of a period for the cases that exist for the viewer, by group; `None`: cases that belong to none. A group of
    /// chiefs is a login, or where there is none, a unit and a name with a blank between.
    pub async fn case_rates(
        &self,
        viewer: &Viewer,
        now: Timestamp,
        period: Period,
        by: By,
    ) -> Result<Vec<(Option<String>, Counts)>> {
        let counted = self.counted(viewer, now, period, by, None).await?;
        let alone = |(group, _, counts)| (group, counts);
        Ok(counted.into_iter().map(alone).collect())
    }

    /// The same by two groups at once: each pair that has cases.
    pub async fn case_rates_crossed(
        &self,
        viewer: &Viewer,
        now: Timestamp,
        period: Period,
        by: By,
        and: By,
    ) -> Result<Vec<(Option<String>, Option<String>, Counts)>> {
        self.counted(viewer, now, period, by, Some(and)).await
    }

    async fn counted(
        &self,
        viewer: &Viewer,
        now: Timestamp,
        period: Period,
        by: By,
        and: Option<By>,
    ) -> Result<Vec<(Option<String>, Option<String>, Counts)>> {
        let Some(sight) = Sight::of(viewer) else {
            return Ok(vec![]);
        };
        let (from, to) = (milliseconds(period.from), milliseconds(period.to));
        let last = last_day(period);
        let groups = match and {
            Some(_) => "grp, grp_and",
            None => "grp",
        };
        let mut sql = Sql::new("SELECT ");
        sql.text(groups);
        for (name, condition) in COUNTED {
            sql.text(&format!(
                ", CAST(COALESCE(sum(CASE WHEN {condition} THEN 1 ELSE 0 END), 0) AS BIGINT) AS {name}"
            ));
        }
        // Each case as it is now, but for what was handled or fell due after the period; then the counting.
        sql.text(" FROM (SELECT ");
        by.select(&mut sql, &last);
        sql.text(" AS grp, ");
        if let Some(and) = and {
            and.select(&mut sql, &last);
            sql.text(" AS grp_and, ");
        }
        sql.text(
            "f.due_at AS due_at, f.extensions AS extensions, f.suspensions AS suspensions, f.reworks AS reworks,
                f.relapse_of AS relapse_of,
                CASE WHEN f.stage = 'voided' THEN 1 ELSE 0 END AS gone,
                CASE WHEN f.stage IN ('verified', 'closed') THEN 1 ELSE 0 END AS seen,
                CASE WHEN f.handled_at < ",
        );
        sql.bind_number(from);
        sql.text(" THEN 0 ELSE 1 END AS in_load, CASE WHEN f.handled_at < ");
        sql.bind_number(to);
        sql.text(" THEN f.handled_at END AS done, CASE WHEN f.due_at < ");
        sql.bind_number(to);
        sql.text(" THEN 1 ELSE 0 END AS due, CASE WHEN f.due_at >= ");
        sql.bind_number(from);
        sql.text(" AND f.due_at < ");
        sql.bind_number(to);
        sql.text(" THEN 1 ELSE 0 END AS falls FROM case_unit u JOIN case_file f ON f.id = u.case_id WHERE u.unit = ");
        sql.bind(&sight.scope);
        // What a unit gave back, or was taken from it, is in no number of its own.
        sql.text(" AND u.answers = 1");
        if !sight.secrets {
            sql.text(" AND (f.secret_until IS NULL OR f.secret_until <= ");
            sql.bind_number(now.as_millisecond());
            sql.text(")");
        }
        sql.and_number("f.dispatched_at < ", to);
        sql.text(" AND (f.handled_at IS NULL OR f.handled_at >= ");
        sql.bind_number(from);
        sql.text(" OR (f.stage <> 'voided' AND f.due_at >= ");
        sql.bind_number(from);
        sql.text(" AND f.due_at < ");
        sql.bind_number(to);
        sql.text(")) AND (f.stage <> 'voided' OR f.closed_at >= ");
        sql.bind_number(from);
        // What belongs to no group comes last, whichever database it is.
        let order = match and {
            Some(_) => "grp IS NULL, grp, grp_and IS NULL, grp_and",
            None => "grp IS NULL, grp",
        };
        sql.text(&format!(
            ")) AS each_case GROUP BY {groups} ORDER BY {order}"
        ));
        let number = |row: &sqlx::any::AnyRow, name: &str| -> Result<u64> {
            Ok(row.try_get::<i64, _>(name)?.unsigned_abs())
        };
        sql.fetch(self)
            .await?
            .iter()
            .map(|row| {
                let counts = Counts {
                    load: number(row, "load_n")?,
                    on_time: number(row, "on_time")?,
                    late: number(row, "late")?,
                    overdue: number(row, "overdue")?,
                    fresh: number(row, "fresh")?,
                    extended: number(row, "extended")?,
                    suspended: number(row, "suspended")?,
                    reworked: number(row, "reworked")?,
                    relapsed: number(row, "relapsed")?,
                    due: number(row, "due_n")?,
                    rectified: number(row, "rectified")?,
                    voided: number(row, "voided")?,
                };
                let second = match and {
                    Some(_) => row.try_get("grp_and")?,
                    None => None,
                };
                Ok((row.try_get("grp")?, second, counts))
            })
            .collect()
    }
}

/// What is counted, and which cases are.
const COUNTED: [(&str, &str); 12] = [
    ("load_n", "gone = 0 AND in_load = 1"),
    (
        "on_time",
        "gone = 0 AND in_load = 1 AND done IS NOT NULL AND (due_at IS NULL OR done <= due_at)",
    ),
    ("late", "gone = 0 AND in_load = 1 AND done > due_at"),
    ("overdue", "gone = 0 AND done IS NULL AND due = 1"),
    (
        "fresh",
        "gone = 0 AND done IS NULL AND due = 0 AND extensions = 0 AND suspensions = 0",
    ),
    ("extended", "gone = 0 AND in_load = 1 AND extensions > 0"),
    ("suspended", "gone = 0 AND in_load = 1 AND suspensions > 0"),
    ("reworked", "gone = 0 AND in_load = 1 AND reworks > 0"),
    (
        "relapsed",
        "gone = 0 AND in_load = 1 AND relapse_of IS NOT NULL",
    ),
    // Of what fell due, some was handled before the period began.
    ("due_n", "gone = 0 AND falls = 1"),
    (
        "rectified",
        "gone = 0 AND falls = 1 AND seen = 1 AND done <= due_at",
    ),
    ("voided", "gone = 1 AND in_load = 1"),
];
