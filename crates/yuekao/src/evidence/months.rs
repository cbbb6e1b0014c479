//! Rows against the month they were handed in for, and against the months of their units.

use assessment::facts::time_text;
use assessment::message::Message;
use assessment::month::Month;
use assessment::scheme::Window;
use jiff::civil::DateTime;

use super::fault::RowFault;
use super::rows::{Placed, Rows};
use crate::store::unit::UnitRow;

/// Leaves out, and reports, the rows that belong to no round of that window: visits outside of it, findings neither
/// found nor due in it, cases dispatched after it.
pub fn keep_in_window(rows: &mut Rows, month: Month, window: &Window, faults: &mut Vec<RowFault>) {
    let last = window.end.date().yesterday().unwrap_or(window.end.date());
    let message = || {
        Message::new("evidence-outside-month")
            .with("month", month)
            .with("from", window.start.date().to_string())
            .with("to", last.to_string())
    };
    let holds = |at: DateTime| window.holds(at);
    retain(&mut rows.visits, "at", faults, |visit| {
        (!holds(visit.at)).then(|| (time_text(visit.at), message()))
    });
    retain(&mut rows.findings, "found_at", faults, |finding| {
        let inside = holds(finding.found_at) || finding.due_at.is_some_and(holds);
        (!inside).then(|| (time_text(finding.found_at), message()))
    });
    retain(&mut rows.cases, "dispatched_at", faults, |case| {
        (case.dispatched_at >= window.end).then(|| (time_text(case.dispatched_at), message()))
    });
}

/// Leaves out, and reports, the rows whose unit did not exist in the month of the row.
pub fn keep_in_unit_months(rows: &mut Rows, spans: &[UnitRow], faults: &mut Vec<RowFault>) {
    let gone = |code: &str, at: DateTime| {
        let month = Month::of(at.date())?;
        let text = month.to_string();
        let mut known = spans
            .iter()
            .filter(|span| span.code == code || span.name == code)
            .peekable();
        known.peek()?;
        let holds = known.any(|span| {
            span.valid_from <= text && span.valid_to.as_ref().is_none_or(|to| *to >= text)
        });
        let message = Message::new("evidence-unit-not-valid")
            .with("unit", code)
            .with("month", month);
        (!holds).then(|| (time_text(at), message))
    };
    retain(&mut rows.visits, "unit", faults, |visit| {
        gone(&visit.unit, visit.at)
    });
    retain(&mut rows.findings, "unit", faults, |finding| {
        gone(&finding.unit, finding.found_at)
    });
    retain(&mut rows.cases, "unit", faults, |case| {
        gone(&case.unit, case.dispatched_at)
    });
}

/// Leaves out, and reports, units that end before the month from which the file says what they are, or that are
/// written anew in a month before they end.
pub fn keep_ends_ahead(
    rows: &mut Rows,
    month: Month,
    spans: &[UnitRow],
    faults: &mut Vec<RowFault>,
) {
    let ends = &rows.ends;
    retain(&mut rows.units, "to", faults, |unit| {
        let to = *ends.get(&unit.code)?;
        let text = to.to_string();
        let goes_on = spans.iter().find(|span| {
            span.code == unit.code && span.valid_from > month.to_string() && span.valid_from <= text
        });
        let message = match goes_on {
            _ if to < month => Message::new("evidence-unit-ended-before").with("month", month),
            Some(later) => {
                Message::new("evidence-unit-goes-on").with("from", later.valid_from.as_str())
            }
            None => return None,
        };
        Some((text, message))
    });
}

fn retain<T>(
    rows: &mut Vec<Placed<T>>,
    column: &str,
    faults: &mut Vec<RowFault>,
    wrong: impl Fn(&T) -> Option<(String, Message)>,
) {
    rows.retain(|placed| {
        let Some((text, message)) = wrong(&placed.fact) else {
            return true;
        };
        faults.push(RowFault {
            row: placed.row,
            column: placed.origin.title(column).to_owned(),
            text,
            ..RowFault::of_sheet(&placed.origin.sheet, message)
        });
        false
    });
}
