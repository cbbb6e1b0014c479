//! What a scheme says before its items: months, cut-off, indicators of its own, must-check areas, exemptions.

use super::*;

pub(super) fn validity(table: Table) -> (Option<Month>, Option<Month>) {
    let months = (
        table.month("from").map(value),
        table.opt_month("to").map(value),
    );
    if let (Some(from), Some(to)) = months
        && to < from
    {
        fault(&table, table.span(), "scheme-ends-before-it-begins");
    }
    finish(table);
    months
}

pub(super) const BY: [(&str, By); 2] = [("found", By::Found), ("due", By::Due)];

pub(super) fn cutoff(table: Table) -> Cutoff {
    let cutoff = Cutoff {
        last_day: last_day(&table),
        findings: or(table.choice("findings", &BY), By::Found),
        rectification: or(table.choice("rectification", &BY), By::Found),
        status_days: required_whole(&table, "status_days", 0, 60),
        origin: origin(&table),
    };
    finish(table);
    cutoff
}

/// `"end"` (`None`) or a day that every month has.
fn last_day(table: &Table) -> Option<i8> {
    if table.is_text("last_day") || !table.has("last_day") {
        table.choice("last_day", &[("end", ())]);
        return None;
    }
    whole(table, "last_day", 1, 28).map(|day| day as i8)
}

pub(super) fn own_indicator(table: Table) -> OwnIndicator {
    let indicator = OwnIndicator {
        id: or(table.text("id"), String::new()),
        title: words(&table, "title"),
        points: by_severity(&table, "points"),
        heading: table.opt_text("heading").map(value),
        aspect: table.opt_text("aspect").map(value),
        block: table.opt_text("block").map(value),
        origin: origin(&table),
    };
    finish(table);
    indicator
}

pub(super) fn must_check(table: Table) -> MustCheck {
    let must_check = MustCheck {
        unit: or(table.text("unit"), String::new()),
        stratum: or(table.text("stratum"), String::new()),
        at_least: required_whole(&table, "at_least", 1, 1000) as usize,
        title: words(&table, "title"),
        origin: origin(&table),
    };
    finish(table);
    must_check
}

pub(crate) fn exemption(table: Table) -> Exemption {
    let exemption = Exemption {
        title: words(&table, "title"),
        indicators: table.strings("indicators").into_iter().map(value).collect(),
        sites: table.strings("sites").into_iter().map(value).collect(),
        from: day(&table, "from"),
        to: day(&table, "to"),
        origin: origin(&table),
    };
    if exemption.to < exemption.from {
        fault(&table, table.span(), "scheme-ends-before-it-begins");
    }
    finish(table);
    exemption
}
