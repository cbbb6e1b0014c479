//! Rankings: ties, bands and vetoes.

use super::*;

pub(super) const BEST: [(&str, Best); 2] = [("high", Best::High), ("low", Best::Low)];

pub(super) fn ranking(table: Table, id: &str, ids: &Ids) -> Ranking {
    let then = table.tables("then");
    let has_then = !then.is_empty();
    let then: Vec<(ItemIndex, Best)> = then
        .into_iter()
        .map(|row| {
            let criterion = (
                item_ref(&row, "item", ids),
                or(row.choice("best", &BEST), Best::High),
            );
            finish(row);
            criterion
        })
        .collect();
    let ties = table.choice(
        "ties",
        &[
            ("share", Ties::Share),
            ("dense", Ties::Dense),
            ("then", Ties::Then(then)),
            ("listed", Ties::Listed),
        ],
    );
    if let Some(ties) = &ties
        && matches!(&ties.value, Ties::Then(_)) != has_then
    {
        fault(&table, &ties.at, "scheme-ties-then");
    }
    let bands = table.tables("band");
    names(table.reader(), &bands);
    let ranking = Ranking {
        id: id.to_owned(),
        title: words(&table, "title"),
        of: item_ref(&table, "of", ids),
        groups: group_refs(&table, "groups", ids),
        apart: or(
            table.opt_choice(
                "apart",
                &[
                    ("none", Apart::None),
                    ("group", Apart::Group),
                    ("parent", Apart::Parent),
                ],
            ),
            Apart::None,
        ),
        best: or(table.choice("best", &BEST), Best::High),
        round: table.table("round").map(rounding).unwrap_or(Rounding {
            digits: 0,
            mode: Mode::HalfUp,
        }),
        by_rounded: or(
            table.choice("by", &[("rounded", true), ("exact", false)]),
            true,
        ),
        ties: or(ties, Ties::Share),
        bands: bands.into_iter().map(band).collect(),
        vetoes: table
            .tables("veto")
            .into_iter()
            .map(|veto| ranking_veto(veto, ids))
            .collect(),
        origin: origin(&table),
    };
    finish(table);
    ranking
}

fn band(table: Table) -> Band {
    let quota = if table.is_text("quota") {
        table
            .opt_number("quota")
            .map(|share| Quota::Share(share.value))
    } else {
        whole(&table, "quota", 0, 100_000).map(|count| Quota::Count(count as usize))
    };
    let band = Band {
        id: or(table.opt_text("id"), String::new()),
        title: words(&table, "title"),
        from: opt_number(&table, "from"),
        quota,
        origin: origin(&table),
    };
    finish(table);
    band
}

fn ranking_veto(table: Table, ids: &Ids) -> RankingVeto {
    let veto = RankingVeto {
        title: words(&table, "title"),
        when: condition(&table, "when", ids, false),
        effect: or(
            table.choice(
                "effect",
                &[
                    ("last", VetoEffect::Last),
                    ("unranked", VetoEffect::Unranked),
                    ("unpaid", VetoEffect::Unpaid),
                ],
            ),
            VetoEffect::Last,
        ),
        origin: origin(&table),
    };
    finish(table);
    veto
}
