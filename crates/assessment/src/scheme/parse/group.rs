//! Who takes part.

use super::*;

pub(super) fn group(table: Table, id: &str) -> Group {
    let listed = table.strings("units");
    table.reader().unique(&listed);
    let selected = table.opt_table("select");
    let units = match (table.has("units"), selected) {
        (true, None) => GroupUnits::Listed(listed.into_iter().map(value).collect()),
        (false, Some(select)) => selection(select),
        _ => {
            fault(&table, table.span(), "scheme-units-or-select");
            GroupUnits::Listed(vec![])
        }
    };
    let group = Group {
        id: id.to_owned(),
        title: words(&table, "title"),
        units,
        ranked: or(table.opt_boolean("ranked"), true),
        paid: or(table.opt_boolean("paid"), true),
        origin: origin(&table),
    };
    finish(table);
    group
}

fn selection(table: Table) -> GroupUnits {
    let mut attributes = BTreeMap::new();
    if let Some(wanted) = table.opt_table("attributes") {
        for key in wanted.keys() {
            if let Some(text) = wanted.text(&key) {
                attributes.insert(key.value, text.value);
            }
        }
    }
    let kind = table.opt_text("kind").map(value);
    let under = table.opt_text("under").map(value);
    if kind.is_none() && under.is_none() && attributes.is_empty() {
        fault(&table, table.span(), "scheme-empty-selection");
    }
    finish(table);
    GroupUnits::Selected {
        kind,
        under,
        attributes,
    }
}

pub(super) fn exception(table: Table) -> Exception {
    let exception = Exception {
        unit: or(table.text("unit"), String::new()),
        ranked: table.opt_boolean("ranked").map(value),
        paid: table.opt_boolean("paid").map(value),
        origin: origin(&table),
    };
    finish(table);
    exception
}
