//! Values over others: over visits, children and units of a group, and over months.

use super::*;

pub(super) fn over(table: &Table, ids: &Ids) -> Over {
    let members = match or(
        table.choice(
            "over",
            &["visits", "children", "group", "all"].map(|word| (word, word)),
        ),
        "all",
    ) {
        "visits" => Members::Visits(table.strings("strata").into_iter().map(value).collect()),
        "children" => Members::Children(or(table.text("kind"), String::new())),
        "group" => Members::Group,
        _ => Members::All,
    };
    Over {
        of: item_ref(table, "of", ids),
        members,
        aggregate: aggregate(table, false),
        weight: table.opt_text("weight").map(value),
        drop_lowest: whole(table, "drop_lowest", 0, 100).unwrap_or(0) as usize,
        drop_highest: whole(table, "drop_highest", 0, 100).unwrap_or(0) as usize,
    }
}

fn aggregate(table: &Table, period: bool) -> Aggregate {
    let weights: Vec<Points> = if period {
        table.numbers("weights").into_iter().map(value).collect()
    } else {
        vec![]
    };
    let mut words = vec![
        ("mean", Aggregate::Mean),
        ("sum", Aggregate::Sum),
        ("min", Aggregate::Min),
        ("max", Aggregate::Max),
        ("median", Aggregate::Median),
    ];
    if period {
        words.push(("weighted", Aggregate::Weighted(weights)));
    }
    or(table.opt_choice("aggregate", &words), Aggregate::Mean)
}

pub(super) fn period(table: &Table, ids: &Ids, own_series: &str) -> Period {
    let of = table.text("of");
    let series = or(table.opt_text("series"), own_series.to_owned());
    let name = of.as_ref().map(|of| of.value.clone()).unwrap_or_default();
    let own = ids.item(&name).filter(|_| series == own_series);
    let span = if table.is_text("span") || !table.has("span") {
        or(
            table.choice(
                "span",
                &[
                    ("quarter", Span::Quarter),
                    ("half_year", Span::HalfYear),
                    ("year", Span::Year),
                ],
            ),
            Span::Quarter,
        )
    } else {
        Span::Months(whole(table, "span", 1, 120).unwrap_or(1) as i32)
    };
    let period = Period {
        name,
        own,
        series,
        span,
        aggregate: aggregate(table, true),
        drop_lowest: whole(table, "drop_lowest", 0, 100).unwrap_or(0) as usize,
        drop_highest: whole(table, "drop_highest", 0, 100).unwrap_or(0) as usize,
        skip_absent: or(
            table.opt_choice("absent", &[("missing", false), ("skip", true)]),
            false,
        ),
    };
    if let Aggregate::Weighted(weights) = &period.aggregate {
        let fits = match span {
            Span::Months(months) => weights.len() == months as usize,
            _ => false,
        };
        if !fits {
            fault(table, table.span(), "scheme-period-weights");
        }
    }
    period
}
