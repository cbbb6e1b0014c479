//! What is counted, and which findings, cases and visits a clause is about.

use super::*;

/// Reads `match`; `findings` tells whether it is about findings (their keys) or about cases or visits.
pub(super) fn matches(table: &Table, findings: Option<By>) -> Match {
    let Some(table) = table.opt_table("match") else {
        return Match::default();
    };
    let texts = |key| {
        table
            .strings(key)
            .into_iter()
            .map(value)
            .collect::<Vec<_>>()
    };
    let flag = |key| table.opt_boolean(key).map(value);
    let mut matches = Match {
        status: table
            .choices("status", Status::WORDS)
            .into_iter()
            .map(value)
            .collect(),
        ..Match::default()
    };
    if findings.is_some() {
        matches.indicators = texts("indicators");
        matches.headings = texts("headings");
        matches.aspects = texts("aspects");
        matches.blocks = texts("blocks");
        matches.severity = table
            .choices("severity", Severity::WORDS)
            .into_iter()
            .map(value)
            .collect();
        matches.found_by = table
            .choices("found_by", Finder::WORDS)
            .into_iter()
            .map(value)
            .collect();
        matches.strata = texts("strata");
        matches.repeated = whole(&table, "repeated", 1, 250).map(|n| n as u32);
        matches.relapsed = flag("relapsed");
        matches.failed = whole(&table, "failed", 1, 250).map(|n| n as u32);
    } else {
        matches.categories = texts("categories");
        matches.extended = flag("extended");
        matches.suspended = flag("suspended");
        matches.returned = flag("returned");
        matches.reworked = flag("reworked");
        matches.voided = flag("voided").unwrap_or(false);
    }
    finish(table);
    matches
}

fn strata_only(table: &Table) -> Match {
    let Some(table) = table.opt_table("match") else {
        return Match::default();
    };
    let matches = Match {
        strata: table.strings("strata").into_iter().map(value).collect(),
        ..Match::default()
    };
    finish(table);
    matches
}

pub(super) fn count(table: &Table, cutoff: &Cutoff) -> Count {
    let kinds = ["findings", "cases", "visits", "sites", "km"].map(|word| (word, word));
    let (of, matches) = match or(table.choice("of", &kinds), "visits") {
        "findings" => {
            let matches = matches(table, Some(By::Found));
            let default = if matches.status.is_empty() {
                cutoff.findings
            } else {
                cutoff.rectification
            };
            (
                CountOf::Findings(or(table.opt_choice("by", &BY), default)),
                matches,
            )
        }
        "cases" => {
            let by = [
                ("load", CaseBy::Load),
                ("dispatched", CaseBy::Dispatched),
                ("due", CaseBy::Due),
                ("handled", CaseBy::Handled),
            ];
            (
                CountOf::Cases(or(table.choice("by", &by), CaseBy::Load)),
                matches(table, None),
            )
        }
        "sites" => (CountOf::Sites, strata_only(table)),
        "km" => (CountOf::Km, strata_only(table)),
        _ => (CountOf::Visits, strata_only(table)),
    };
    Count {
        of,
        matches,
        whole: or(table.opt_boolean("whole"), false),
    }
}
