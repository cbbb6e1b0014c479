//! What has become of the cases of a period by now, counted in the database: the same counts as `assessment::case::rates` makes one by one.

use assessment::case::rates::{Counts, Period};
use jiff::Timestamp;
use sqlx::Row as _;

use super::Sight;
use super::list::Sql;
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
                // A chief without an account is known by name only; the fifth level is the street's own.
                sql.text(
                    "(SELECT d.holder || ' ' || d.name FROM grid_duty d
                        WHERE d.grid = f.grid AND d.holder_kind = 'chief' AND d.valid_from <= ",
                );
                sql.bind(day);
                sql.text(" AND (d.valid_to IS NULL OR d.valid_to >= ");
                sql.bind(day);
                sql.text(")");
                if let Some(level) = level {
                    sql.and_number("d.level = ", level);
                }
                " ORDER BY d.level DESC, d.holder, d.name LIMIT 1)"
            }
        };
        sql.text(column);
    }
}

impl Store {
    /// The counts of a period for the cases that exist for the viewer, by group; `None`: cases that belong to none.
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
        let last = period
            .to
            .saturating_sub(jiff::SignedDuration::from_secs(1))
            .date()
            .to_string();
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
        sql.text(") AND (f.stage <> 'voided' OR f.closed_at >= ");
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
    ("load_n", "gone = 0"),
    (
        "on_time",
        "gone = 0 AND done IS NOT NULL AND (due_at IS NULL OR done <= due_at)",
    ),
    ("late", "gone = 0 AND done > due_at"),
    ("overdue", "gone = 0 AND done IS NULL AND due = 1"),
    (
        "fresh",
        "gone = 0 AND done IS NULL AND due = 0 AND extensions = 0 AND suspensions = 0",
    ),
    ("extended", "gone = 0 AND extensions > 0"),
    ("suspended", "gone = 0 AND suspensions > 0"),
    ("reworked", "gone = 0 AND reworks > 0"),
    ("relapsed", "gone = 0 AND relapse_of IS NOT NULL"),
    ("due_n", "gone = 0 AND falls = 1"),
    (
        "rectified",
        "gone = 0 AND falls = 1 AND seen = 1 AND done <= due_at",
    ),
    ("voided", "gone = 1"),
];
