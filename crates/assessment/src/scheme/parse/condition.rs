//! Formulas and conditions in their places in the file.

use super::*;

/// A formula in its place in the file: faults point into its text.
pub(super) fn formula(table: &Table, key: &str, ids: &Ids) -> Expression {
    let nothing = Expression::Number(Points::zero());
    let Some(text) = table.text(key) else {
        return nothing;
    };
    formula::expression(&text, &|name| ids.item(name)).unwrap_or_else(|wrong| {
        formula_fault(table, &text, wrong);
        nothing
    })
}

pub(super) fn condition(table: &Table, key: &str, ids: &Ids, ranking: bool) -> Condition {
    let nothing = Condition::Present(Expression::Number(Points::zero()));
    let Some(text) = table.text(key) else {
        return nothing;
    };
    formula::condition(&text, &|name| ids.item(name), ranking).unwrap_or_else(|wrong| {
        formula_fault(table, &text, wrong);
        nothing
    })
}

pub(super) fn opt_condition(table: &Table, key: &str, ids: &Ids) -> Option<Condition> {
    table.has(key).then(|| condition(table, key, ids, true))
}

fn formula_fault(table: &Table, text: &Spanned<String>, wrong: formula::FormulaFault) {
    // A plain quoted string begins one byte after its quote; others are pointed at as a whole.
    let plain = text.at.len() == text.value.len() + 2;
    let at = if plain {
        text.at.start + 1 + wrong.at.start..text.at.start + 1 + wrong.at.end
    } else {
        text.at.clone()
    };
    table.reader().fault(&at, wrong.message);
}
