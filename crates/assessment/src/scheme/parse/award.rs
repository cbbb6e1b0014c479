//! Awards and deposits: who gets what, in whole fen.

use super::*;

/// Yuan as whole fen; reported if it is no whole number of fen.
fn fen(table: &Table, yuan: &Spanned<Points>) -> i128 {
    let fen = &yuan.value * &Points::hundred();
    fen.to_i64().map(i128::from).unwrap_or_else(|| {
        fault(table, &yuan.at, "scheme-not-whole-fen");
        0
    })
}

pub(super) fn award(table: Table, ids: &Ids) -> Award {
    let ranking = find(
        &table,
        table.text("ranking"),
        &ids.rankings,
        "scheme-unknown-ranking",
    )
    .unwrap_or(0);
    let (who, by_place) = award_who(&table);
    let what = award_what(&table, ids, by_place);
    let within = table.opt_table("within").map(|within| {
        let pair = (
            required_whole(&within, "times", 1, 120) as i32,
            required_whole(&within, "months", 1, 120) as i32,
        );
        if pair.0 > pair.1 {
            fault(&within, within.span(), "scheme-more-times-than-months");
        }
        finish(within);
        pair
    });
    let award = Award {
        id: or(table.opt_text("id"), String::new()),
        title: words(&table, "title"),
        ranking,
        who,
        what,
        when: opt_condition(&table, "when", ids),
        consecutive: whole(&table, "consecutive", 2, 120).map(|n| n as i32),
        within,
        prizes: whole(&table, "prizes", 1, 100_000).map(|n| n as usize),
        shared: table
            .opt_choice(
                "shared",
                &[
                    ("divide", Shared::Divide),
                    ("each", Shared::Each),
                    ("none", Shared::None),
                ],
            )
            .map(value),
        remainder: table
            .opt_choice(
                "remainder",
                &[("host", Remainder::Host), ("first", Remainder::First)],
            )
            .map(value),
        fen_down: or(
            table.opt_choice("fen", &[("half_up", false), ("down", true)]),
            false,
        ),
        origin: origin(&table),
    };
    finish(table);
    award
}

/// Fen for places from the front and from the end.
type Amounts = (Vec<i128>, Vec<i128>);

/// Who gets it, and the amounts that go with the places.
fn award_who(table: &Table) -> (Who, Option<Amounts>) {
    let ways: [&[&str]; 4] = [
        &["yuan_by_place", "yuan_by_last"],
        &["places", "lasts"],
        &["band"],
        &["every"],
    ];
    let given: Vec<_> = ways
        .iter()
        .filter(|keys| keys.iter().any(|key| table.has(key)))
        .collect();
    let amounts = |key| {
        table
            .numbers(key)
            .iter()
            .map(|yuan| fen(table, yuan))
            .collect::<Vec<_>>()
    };
    match given.as_slice() {
        [keys] if keys[0] == "yuan_by_place" => {
            let (front, end) = (amounts("yuan_by_place"), amounts("yuan_by_last"));
            let places = |amounts: &[i128]| (1..=amounts.len()).collect();
            (
                Who::Places {
                    front: places(&front),
                    end: places(&end),
                },
                Some((front, end)),
            )
        }
        [keys] if keys[0] == "places" => (
            Who::Places {
                front: places(table, "places"),
                end: places(table, "lasts"),
            },
            None,
        ),
        [keys] if keys[0] == "band" => (Who::Band(or(table.opt_text("band"), String::new())), None),
        [_] => {
            if let Some(every) = table.opt_boolean("every")
                && !every.value
            {
                fault(table, &every.at, "scheme-every-is-true-or-left-out");
            }
            (Who::Every, None)
        }
        _ => {
            let keys = ways.concat();
            table.reader().fault(
                table.span(),
                Message::new("scheme-award-who").with("keys", keys.join(", ")),
            );
            table.skip(&keys);
            (Who::Every, None)
        }
    }
}

fn places(table: &Table, key: &str) -> Vec<usize> {
    let places = table
        .numbers(key)
        .into_iter()
        .filter_map(|place| match place.value.to_i64() {
            Some(number) if (1..=100_000).contains(&number) => Some(number as usize),
            _ => {
                fault(table, &place.at, "scheme-bad-place");
                None
            }
        });
    places.collect()
}

fn award_what(table: &Table, ids: &Ids, by_place: Option<Amounts>) -> What {
    let keys = ["yuan", "each", "percent_of", "fund", "give"];
    let given = keys.iter().filter(|key| table.has(key)).count();
    if given != usize::from(by_place.is_none()) {
        let message = Message::new("scheme-award-what").with("keys", keys.join(", "));
        table.reader().fault(table.span(), message);
    }
    if let Some((front, end)) = by_place {
        table.skip(&keys);
        return What::ByPlace { front, end };
    }
    if let Some(each) = table.opt_table("each") {
        let what = What::Each {
            item: item_ref(&each, "item", ids),
            fen: number(&each, "yuan") * Points::hundred(),
        };
        finish(each);
        return what;
    }
    if let Some(of) = table.opt_table("percent_of") {
        let what = What::PercentOf {
            item: item_ref(&of, "item", ids),
            percent: number(&of, "percent"),
        };
        finish(of);
        return what;
    }
    if let Some(fund) = table.opt_table("fund") {
        let what = What::Fund {
            fen: fund.number("yuan").map_or(0, |yuan| fen(&fund, &yuan)),
            by: item_ref(&fund, "by", ids),
        };
        finish(fund);
        return what;
    }
    if let Some(give) = table.opt_table("give") {
        let gifts = [
            ("plaque", Gift::Plaque),
            ("flag", Gift::Flag),
            ("certificate", Gift::Certificate),
            ("title", Gift::Title),
            ("duty", Gift::Duty),
        ];
        let what = What::Give {
            what: or(give.choice("what", &gifts), Gift::Title),
            name: words(&give, "name"),
        };
        finish(give);
        return what;
    }
    What::Fixed(table.opt_number("yuan").map_or(0, |yuan| fen(table, &yuan)))
}

pub(super) fn deposit(table: Table, ids: &Ids) -> Deposit {
    let draws = table
        .tables("draw")
        .into_iter()
        .map(|draw| {
            let row = (
                item_ref(&draw, "item", ids),
                number(&draw, "yuan") * Points::hundred(),
            );
            finish(draw);
            row
        })
        .collect();
    let returns = table
        .tables("return")
        .into_iter()
        .map(|row| {
            let rule = (opt_number(&row, "from"), number(&row, "percent"));
            finish(row);
            rule
        })
        .collect::<Vec<_>>();
    let ranking = table
        .has("ranking")
        .then(|| {
            find(
                &table,
                table.opt_text("ranking"),
                &ids.rankings,
                "scheme-unknown-ranking",
            )
        })
        .flatten();
    if ranking.is_none() && returns.iter().any(|(from, _)| from.is_some()) {
        fault(&table, table.span(), "scheme-return-without-ranking");
    }
    let deposit = Deposit {
        id: or(table.opt_text("id"), String::new()),
        title: words(&table, "title"),
        fen: table.number("yuan").map_or(0, |yuan| fen(&table, &yuan)),
        draws,
        below_zero: or(table.boolean("below_zero"), false),
        return_in: table
            .numbers("return_in")
            .into_iter()
            .filter_map(|month| match month.value.to_i64() {
                Some(number) if (1..=12).contains(&number) => Some(number as i8),
                _ => {
                    fault(&table, &month.at, "scheme-bad-month-of-year");
                    None
                }
            })
            .collect(),
        ranking,
        returns,
        origin: origin(&table),
    };
    finish(table);
    deposit
}
