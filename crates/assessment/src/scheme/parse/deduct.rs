//! Deductions: clauses, escalations, and how they are shared over visits, sites or kilometres.

use super::*;

pub(super) fn deduct(table: &Table, cutoff: &Cutoff) -> Deduct {
    let per = table.opt_choice(
        "per",
        &[("visit", Per::Visit), ("site", Per::Site), ("km", Per::Km)],
    );
    let amount = opt_number(table, "per_amount");
    let clauses = table.tables("clause");
    if clauses.is_empty() {
        table.reader().fault(
            table.span(),
            Message::new("scheme-needs-rows").with("key", "clause"),
        );
    }
    names(table.reader(), &clauses);
    let escalations = table.tables("escalation");
    names(table.reader(), &escalations);
    if per.is_none()
        && let Some(amount) = table.opt_number("per_amount")
    {
        fault(table, &amount.at, "scheme-per-amount-without-per");
    }
    Deduct {
        start: number(table, "start"),
        by: or(table.opt_choice("by", &BY), cutoff.findings),
        clauses: clauses.into_iter().map(clause).collect(),
        escalations: escalations.into_iter().map(escalation).collect(),
        per: per.map(|per| (per.value, amount.unwrap_or_else(Points::one))),
        max_deduction: opt_number(table, "max_deduction"),
    }
}

fn clause(table: Table) -> Clause {
    let points = clause_points(&table);
    let clause = Clause {
        id: or(table.opt_text("id"), String::new()),
        title: table.opt_words("title").map(value),
        matches: matches(&table, Some(By::Found)),
        points,
        cap_per_indicator: opt_number(&table, "cap_per_indicator"),
        floor_per_indicator: opt_number(&table, "floor_per_indicator"),
        cap: opt_number(&table, "cap"),
        floor: opt_number(&table, "floor"),
        split: opt_number(&table, "split"),
        origin: origin(&table),
    };
    finish(table);
    clause
}

/// A number, numbers by severity, or `"indicator"`.
fn clause_points(table: &Table) -> ClausePoints {
    if table
        .peek_text("points")
        .is_some_and(|text| Points::parse(text).is_err())
    {
        table.opt_choice("points", &[("indicator", ())]);
        return ClausePoints::Indicator;
    }
    if !table.has("points") {
        table.number("points");
    }
    ClausePoints::BySeverity(by_severity(table, "points"))
}

fn escalation(table: Table) -> Escalation {
    let effect = match or(
        table.choice(
            "effect",
            &["add", "replace", "times"].map(|word| (word, word)),
        ),
        "add",
    ) {
        "replace" => Effect::Replace(clause_points(&table)),
        "times" => Effect::Times(number(&table, "factor")),
        _ => Effect::Add(clause_points(&table)),
    };
    let escalation = Escalation {
        id: or(table.opt_text("id"), String::new()),
        title: table.opt_words("title").map(value),
        matches: matches(&table, Some(By::Found)),
        effect,
        origin: origin(&table),
    };
    finish(table);
    escalation
}
