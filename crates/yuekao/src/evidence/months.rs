//! Rows against the month they were handed in for, and against the months of their units.

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
        (!holds(visit.at)).then(|| (visit.at, message()))
    });
    retain(&mut rows.findings, "found_at", faults, |finding| {
        let inside = holds(finding.found_at) || finding.due_at.is_some_and(holds);
        (!inside).then(|| (finding.found_at, message()))
    });
    retain(&mut rows.cases, "dispatched_at", faults, |case| {
        (case.dispatched_at >= window.end).then(|| (case.dispatched_at, message()))
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
        (!holds).then_some((at, message))
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

fn retain<T>(
    rows: &mut Vec<Placed<T>>,
    column: &str,
    faults: &mut Vec<RowFault>,
    wrong: impl Fn(&T) -> Option<(DateTime, Message)>,
) {
    rows.retain(|placed| {
        let Some((at, message)) = wrong(&placed.fact) else {
            return true;
        };
        faults.push(RowFault {
            row: placed.row,
            column: placed.origin.title(column).to_owned(),
            text: assessment::facts::time_text(at),
            ..RowFault::of_sheet(&placed.origin.sheet, message)
        });
        false
    });
}
