//! What the bulletin shows, and in which order.

use super::*;

pub(super) fn bulletin(table: Table, ids: &Ids) -> BulletinRules {
    let opt_item = |table: &Table, key: &str| {
        find(
            table,
            table.opt_text(key),
            &ids.items,
            "scheme-unknown-item",
        )
    };
    let components = table.strings("components").into_iter();
    let rules = BulletinRules {
        evaluation: table.opt_words("evaluation").map(value),
        number: table.opt_text("number").map(value),
        recipients: list_of_words(&table, "recipients"),
        copies: list_of_words(&table, "copies"),
        ranking: find(
            &table,
            table.opt_text("ranking"),
            &ids.rankings,
            "scheme-unknown-ranking",
        ),
        components: components
            .filter_map(|name| find(&table, Some(name), &ids.items, "scheme-unknown-item"))
            .collect(),
        before: opt_item(&table, "before"),
        average: opt_item(&table, "average"),
        block: table.opt_text("block").map(value),
        red_property: table.opt_table("red_property").map(|section| {
            let rules = RedPropertyRules {
                average: item_ref(&section, "average", ids),
                block: or(section.text("block"), String::new()),
                series: or(section.text("series"), String::new()),
                by: or(section.text("by"), String::new()),
            };
            finish(section);
            rules
        }),
        townships: table.strings("townships").into_iter().map(value).collect(),
        departments: table.opt_table("departments").map(|section| {
            let name = |key| or(section.text(key), String::new());
            let rules = DepartmentRules {
                series: name("series"),
                numerator: name("numerator"),
                denominator: name("denominator"),
                rate: name("rate"),
                extended: name("extended"),
                suspended: name("suspended"),
                voided: name("voided"),
                overdue_open: name("overdue_open"),
            };
            finish(section);
            rules
        }),
    };
    finish(table);
    rules
}
