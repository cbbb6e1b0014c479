//! Items: how each is worked out, and what stands in for it when it is missing.

use super::*;

const KINDS: [&str; 16] = [
    "deduct",
    "count",
    "ratio",
    "measure",
    "attribute",
    "sum",
    "adjust",
    "steps",
    "linear",
    "grades",
    "over",
    "change",
    "period",
    "rank",
    "result",
    "formula",
];

pub(super) fn item(table: Table, id: &str, ids: &Ids, cutoff: &Cutoff, series: &str) -> Item {
    let how = match or(table.choice("how", &KINDS.map(|kind| (kind, kind))), "") {
        "deduct" => How::Deduct(deduct(&table, cutoff)),
        "count" => How::Count(count(&table, cutoff)),
        "ratio" => How::Ratio {
            of: item_ref(&table, "of", ids),
            to: item_ref(&table, "to", ids),
            scale: opt_number(&table, "scale").unwrap_or_else(Points::one),
        },
        "attribute" => How::Attribute {
            name: or(table.text("name"), String::new()),
        },
        "sum" => How::Sum(sum(&table, ids)),
        "adjust" => How::Adjust {
            of: item_ref(&table, "of", ids),
            changes: some(&table, "change", change),
        },
        "steps" => How::Steps {
            of: item_ref(&table, "of", ids),
            steps: some(&table, "step", step),
        },
        "linear" => How::Linear {
            of: item_ref(&table, "of", ids),
            points: corners(&table),
        },
        "grades" => How::Grades {
            key: or(table.text("key"), String::new()),
            grades: grades(&table),
            out_of: number(&table, "out_of"),
        },
        "over" => How::Over(over(&table, ids)),
        "change" => How::Change {
            of: item_ref(&table, "of", ids),
            against: or(
                table.choice(
                    "against",
                    &[
                        ("last_month", Against::LastMonth),
                        ("same_month_last_year", Against::SameMonthLastYear),
                    ],
                ),
                Against::LastMonth,
            ),
            percent: or(
                table.choice("as", &[("difference", false), ("percent", true)]),
                false,
            ),
        },
        "period" => How::Period(period(&table, ids, series)),
        "rank" => How::Rank {
            of: item_ref(&table, "of", ids),
            end: or(
                table.choice("from", &[("front", false), ("end", true)]),
                false,
            ),
            best: or(table.choice("best", &BEST), Best::High),
            all: or(
                table.opt_choice("among", &[("group", false), ("all", true)]),
                false,
            ),
        },
        "result" => How::Result {
            series: or(table.text("series"), String::new()),
            item: or(table.text("item"), String::new()),
            last_month: or(
                table.opt_choice("month", &[("this", false), ("last", true)]),
                false,
            ),
        },
        "formula" => How::Formula(formula(&table, "formula", ids)),
        // `measure`, and what could not be read: that is a fault, and the scheme is never used.
        _ => How::Measure {
            key: or(table.text("key"), String::new()),
            whole: or(table.opt_boolean("whole"), false),
        },
    };
    let full = opt_number(&table, "full");
    let (above, below_zero) = (
        table.opt_boolean("above_full"),
        table.opt_boolean("below_zero"),
    );
    if full.is_none() {
        for flag in [&above, &below_zero].into_iter().flatten() {
            fault(&table, &flag.at, "scheme-flag-without-full");
        }
    }
    let item = Item {
        id: id.to_owned(),
        title: words(&table, "title"),
        how,
        groups: group_refs(&table, "for", ids),
        scope: or(
            table.opt_choice(
                "scope",
                &[
                    ("unit", Scope::Unit),
                    ("child", Scope::Child),
                    ("visit", Scope::Visit),
                ],
            ),
            Scope::Unit,
        ),
        missing: missing(&table, ids),
        max: opt_number(&table, "max"),
        min: opt_number(&table, "min"),
        full: full.map(|mark| Full {
            mark,
            above: or(above, false),
            below_zero: or(below_zero, false),
        }),
        vetoes: table
            .tables("veto")
            .into_iter()
            .map(|veto| item_veto(veto, ids))
            .collect(),
        round: table.opt_table("round").map(rounding),
        origin: origin(&table),
    };
    finish(table);
    item
}

fn missing(table: &Table, ids: &Ids) -> Missing {
    if !table.has("missing") {
        return Missing::Refuse;
    }
    if table.is_table("missing") {
        let Some(other) = table.opt_table("missing") else {
            return Missing::Refuse;
        };
        let item = item_ref(&other, "item", ids);
        finish(other);
        return Missing::Item(item);
    }
    // A text may be a word or a number such as "1/3".
    if let Some(text) = table.peek_text("missing")
        && Points::parse(text).is_err()
    {
        return or(
            table.opt_choice(
                "missing",
                &[("refuse", Missing::Refuse), ("pass", Missing::Pass)],
            ),
            Missing::Refuse,
        );
    }
    opt_number(table, "missing").map_or(Missing::Refuse, Missing::Stated)
}

fn item_veto(table: Table, ids: &Ids) -> ItemVeto {
    let veto = ItemVeto {
        title: words(&table, "title"),
        when: condition(&table, "when", ids, false),
        set: number(&table, "set"),
        origin: origin(&table),
    };
    finish(table);
    veto
}

fn sum(table: &Table, ids: &Ids) -> Sum {
    let percent = or(
        table.choice("weights", &[("percent", true), ("times", false)]),
        false,
    );
    let absent = table.opt_choice("absent", &[("refuse", false), ("reweigh", true)]);
    if let Some(absent) = &absent
        && absent.value
        && !percent
    {
        fault(table, &absent.at, "scheme-reweigh-without-percent");
    }
    let parts = some(table, "part", |part| {
        let weight = if percent {
            number(&part, "weight")
        } else {
            opt_number(&part, "weight").unwrap_or_else(Points::one)
        };
        let read = Part {
            item: item_ref(&part, "item", ids),
            weight,
            origin: origin(&part),
        };
        finish(part);
        read
    });
    Sum {
        percent,
        reweigh: or(absent, false),
        parts,
    }
}

fn change(table: Table) -> Change {
    let change = Change {
        unit: or(table.text("unit"), String::new()),
        add: number(&table, "add"),
        origin: origin(&table),
    };
    finish(table);
    change
}

fn step(table: Table) -> Step {
    let step = Step {
        from: opt_number(&table, "from"),
        value: number(&table, "value"),
        slope: opt_number(&table, "slope").unwrap_or_else(Points::zero),
        origin: origin(&table),
    };
    finish(table);
    step
}

fn corners(table: &Table) -> Vec<(Points, Points)> {
    let rows = table.number_rows("points");
    let mut corners: Vec<(Points, Points)> = vec![];
    for row in &rows {
        match row.value.as_slice() {
            [x, y] if corners.last().is_none_or(|(before, _)| before < x) => {
                corners.push((x.clone(), y.clone()))
            }
            [_, _] => fault(table, &row.at, "scheme-corners-not-rising"),
            _ => fault(table, &row.at, "scheme-corner-not-a-pair"),
        }
    }
    if rows.is_empty() {
        table.reader().fault(
            table.span(),
            Message::new("scheme-needs-rows").with("key", "points"),
        );
    }
    corners
}

fn grades(table: &Table) -> BTreeMap<String, Points> {
    let Some(table) = table.table("grades") else {
        return BTreeMap::new();
    };
    let grades = table
        .keys()
        .into_iter()
        .map(|grade| (grade.value.clone(), number(&table, &grade)))
        .collect();
    finish(table);
    grades
}
