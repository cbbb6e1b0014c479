//! Items: how each is worked out, and what bounds it.

use std::collections::BTreeMap;

use super::{
    head::kind_of_unit,
    terms::{best, rounding},
    *,
};
use crate::{
    points::Points,
    scheme::{
        Against, Aggregate, By, CaseBy, Change, Clause, Count, CountOf, Deduct, Effect, Escalation,
        Full, How, ItemVeto, Match, Members, Missing, Over, Part, Per, Period, Scope, Span, Step,
        Sum,
    },
};

impl Teller<'_> {
    pub(super) fn items(&self) -> Vec<Section> {
        let items = self.scheme.items.iter();
        items.map(|item| self.item_section(item)).collect()
    }

    fn item_section(&self, item: &Item) -> Section {
        let Item {
            id,
            title,
            how,
            groups,
            scope,
            missing,
            max,
            min,
            full,
            vetoes,
            round,
            origin,
        } = item;
        let mut telling = Telling::default();
        self.how(how, &mut telling);
        self.missing(how, missing, &mut telling);
        match scope {
            Scope::Unit => {}
            Scope::Child => telling.also("about-scope", Message::new("explain-scope-child")),
            Scope::Visit => telling.also("about-scope", Message::new("explain-scope-visit")),
        }
        if let Some(groups) = groups {
            let said = Message::new("explain-for").with("groups", self.groups(groups));
            telling.also("about-for", said);
        }
        for (about, key, bound) in [
            ("about-max", "explain-max", max),
            ("about-min", "explain-min", min),
        ] {
            if let Some(bound) = bound {
                telling.also(about, Message::new(key).with("bound", bound));
            }
        }
        if let Some(Full {
            mark,
            above,
            below_zero,
        }) = full
        {
            let key = match (above, below_zero) {
                (false, false) => "explain-full",
                (true, false) => "explain-full-above",
                (false, true) => "explain-full-below-zero",
                (true, true) => "explain-full-open",
            };
            telling.also("about-full", Message::new(key).with("mark", mark));
        }
        for ItemVeto {
            title,
            when,
            set,
            origin,
        } in vetoes
        {
            let about = Message::new("about-veto").with("title", title.zh.as_str());
            let said = Message::new("explain-veto")
                .with("title", title.clone())
                .with("when", self.condition(when))
                .with("set", set);
            telling.point(about, said, origin.into());
        }
        if let Some(round) = round {
            let said = Message::new("explain-round").with("rounding", rounding(*round));
            telling.also("about-round", said);
        }
        telling.section("about-item", id, Some(title), origin.into())
    }

    /// Only what may be missing says what happens then.
    fn missing(&self, how: &How, missing: &Missing, telling: &mut Telling) {
        let always_known = match how {
            How::Count(_) | How::Sum(_) | How::Adjust { .. } | How::Linear { .. } => true,
            How::Deduct(deduct) => deduct.per.is_none(),
            _ => false,
        };
        let said = match missing {
            Missing::Refuse if always_known => return,
            Missing::Refuse => Message::new("explain-missing-refuse"),
            Missing::Stated(value) => Message::new("explain-missing-stated").with("value", value),
            Missing::Item(item) => {
                Message::new("explain-missing-item").with("item", self.item(*item))
            }
            Missing::Pass => Message::new("explain-missing-pass"),
        };
        telling.also("about-missing", said);
    }

    fn how(&self, how: &How, telling: &mut Telling) {
        let of_item = |key, of: &ItemIndex| Message::new(key).with("of", self.item(*of));
        let said = match how {
            How::Deduct(deduct) => return self.deduct(deduct, telling),
            How::Count(count) => return self.count(count, telling),
            How::Sum(sum) => return self.sum(sum, telling),
            How::Adjust { of, changes } => return self.adjust(*of, changes, telling),
            How::Steps { of, steps } => return self.steps(*of, steps, telling),
            How::Linear { of, points } => return self.linear(*of, points, telling),
            How::Grades {
                key,
                grades,
                out_of,
            } => return grades_said(key, grades, out_of, telling),
            How::Over(over) => return self.over(over, telling),
            How::Period(period) => return self.period(period, telling),
            How::Ratio { of, to, scale } => {
                let key = match scale {
                    scale if *scale == Points::one() => "explain-ratio",
                    scale if *scale == Points::hundred() => "explain-ratio-percent",
                    _ => "explain-ratio-scaled",
                };
                of_item(key, of)
                    .with("to", self.item(*to))
                    .with("scale", scale)
            }
            How::Measure { key, whole } => Message::new(match whole {
                false => "explain-measure",
                true => "explain-measure-whole",
            })
            .with("key", key.as_str()),
            How::Attribute { name } => {
                Message::new("explain-attribute").with("name", name.as_str())
            }
            How::Change {
                of,
                against,
                percent,
            } => of_item(
                match (against, percent) {
                    (Against::LastMonth, false) => "explain-change-month",
                    (Against::LastMonth, true) => "explain-change-month-percent",
                    (Against::SameMonthLastYear, false) => "explain-change-year",
                    (Against::SameMonthLastYear, true) => "explain-change-year-percent",
                },
                of,
            ),
            How::Rank {
                of,
                end,
                best: which,
                all,
            } => of_item(
                match end {
                    false => "explain-rank",
                    true => "explain-rank-end",
                },
                of,
            )
            .with("best", best(*which))
            .with(
                "among",
                Message::new(if *all { "members-all" } else { "members-group" }),
            ),
            How::Result {
                series,
                item,
                last_month,
            } => Message::new(match last_month {
                false => "explain-result",
                true => "explain-result-last",
            })
            .with("series", series.as_str())
            .with("item", item.as_str()),
            How::Formula(expression) => {
                Message::new("explain-formula").with("formula", self.expression(expression))
            }
        };
        telling.paragraph("about-how", said);
    }

    fn deduct(&self, deduct: &Deduct, telling: &mut Telling) {
        let Deduct {
            start,
            by,
            clauses,
            escalations,
            per,
            max_deduction,
        } = deduct;
        let said = Message::new("explain-deduct")
            .with("start", start)
            .with("by", by_time(*by));
        telling.paragraph("about-how", said);
        if clauses.len() > 1 {
            telling.also("about-first-clause", Message::new("explain-first-clause"));
        }
        for clause in clauses {
            self.clause(clause, telling);
        }
        for escalation in escalations {
            self.escalation(escalation, telling);
        }
        if let Some((per, amount)) = per {
            let key = match per {
                Per::Visit => "explain-per-visit",
                Per::Site => "explain-per-site",
                Per::Km => "explain-per-km",
            };
            telling.paragraph("about-per", Message::new(key).with("amount", amount));
        }
        if let Some(most) = max_deduction {
            let said = Message::new("explain-max-deduction").with("most", most);
            telling.paragraph("about-max-deduction", said);
        }
    }

    fn clause(&self, clause: &Clause, telling: &mut Telling) {
        let Clause {
            id,
            title,
            matches,
            points,
            cap_per_indicator,
            floor_per_indicator,
            cap,
            floor,
            split,
            origin,
        } = clause;
        let about = |key| Message::new(key).with("id", id.as_str());
        let said = match title {
            Some(title) => Message::new("explain-clause-titled").with("title", title.clone()),
            None => Message::new("explain-clause"),
        };
        let said = said
            .with("findings", self.findings(matches))
            .with("amount", self.amount(points));
        telling.point(about("about-clause"), said, origin.into());
        for (key, said, bound) in [
            (
                "about-floor-per-indicator",
                "explain-floor-per-indicator",
                floor_per_indicator,
            ),
            (
                "about-cap-per-indicator",
                "explain-cap-per-indicator",
                cap_per_indicator,
            ),
            ("about-floor", "explain-floor", floor),
            ("about-cap", "explain-cap", cap),
            ("about-split", "explain-split", split),
        ] {
            if let Some(bound) = bound {
                telling.further(about(key), Message::new(said).with("bound", bound));
            }
        }
    }

    fn escalation(&self, escalation: &Escalation, telling: &mut Telling) {
        let Escalation {
            id,
            title,
            matches,
            effect,
            origin,
        } = escalation;
        let said = match effect {
            Effect::Add(points) => {
                Message::new("explain-escalation-add").with("amount", self.amount(points))
            }
            Effect::Replace(points) => {
                Message::new("explain-escalation-replace").with("amount", self.amount(points))
            }
            Effect::Times(factor) => {
                Message::new("explain-escalation-times").with("factor", factor)
            }
        };
        let name = title
            .clone()
            .unwrap_or_else(|| Words::new(id.as_str(), id.as_str()));
        let said = said
            .with("title", name)
            .with("findings", self.findings(matches));
        let about = Message::new("about-escalation").with("id", id.as_str());
        telling.point(about, said, origin.into());
    }

    fn count(&self, count: &Count, telling: &mut Telling) {
        let Count { of, matches, whole } = count;
        let said = match of {
            CountOf::Findings(by) => Message::new("explain-count-findings")
                .with("by", by_time(*by))
                .with("findings", self.findings(matches)),
            CountOf::Cases(by) => Message::new("explain-count-cases")
                .with(
                    "by",
                    Message::new(match by {
                        CaseBy::Load => "case-by-load",
                        CaseBy::Dispatched => "case-by-dispatched",
                        CaseBy::Due => "case-by-due",
                        CaseBy::Handled => "case-by-handled",
                    }),
                )
                .with("cases", self.cases(matches)),
            CountOf::Visits => visits("explain-count-visits", matches),
            CountOf::Sites => visits("explain-count-sites", matches),
            CountOf::Km => visits("explain-count-km", matches),
        };
        telling.paragraph("about-how", said);
        if *whole {
            telling.also("about-whole", Message::new("explain-count-whole"));
        }
    }

    fn sum(&self, sum: &Sum, telling: &mut Telling) {
        let Sum {
            percent,
            reweigh,
            parts,
        } = sum;
        let plain = parts.iter().all(|part| part.weight == Points::one());
        let (said, head) = match (percent, plain) {
            (true, _) => ("explain-sum-percent", Some("explain-head-weight")),
            (false, false) => ("explain-sum-times", Some("explain-head-times")),
            (false, true) => ("explain-sum-plain", None),
        };
        telling.paragraph("about-how", Message::new(said));
        if *reweigh {
            telling.also("about-reweigh", Message::new("explain-reweigh"));
        }
        let row = |part: &Part| {
            let Part {
                item,
                weight,
                origin,
            } = part;
            let weight = match percent {
                true => Message::new("explain-percent")
                    .with("percent", weight)
                    .into(),
                false => Arg::from(weight),
            };
            let cells = std::iter::once(self.title(*item).into()).chain(head.map(|_| weight));
            Row {
                about: Message::new("about-part").with("id", self.scheme.items[*item].id.as_str()),
                cells: cells.collect(),
                note: origin.into(),
            }
        };
        let head = std::iter::once("explain-head-item").chain(head);
        telling.table(Table {
            head: head.map(Message::new).collect(),
            rows: parts.iter().map(row).collect(),
        });
    }

    fn adjust(&self, of: ItemIndex, changes: &[Change], telling: &mut Telling) {
        let said = Message::new("explain-adjust").with("of", self.item(of));
        telling.paragraph("about-how", said);
        for Change { unit, add, origin } in changes {
            let key = match add.is_negative() {
                true => "explain-adjust-less",
                false => "explain-adjust-more",
            };
            let said = Message::new(key)
                .with("unit", self.unit(unit))
                .with("points", add.abs());
            let about = Message::new("about-change").with("unit", unit.as_str());
            telling.point(about, said, origin.into());
        }
    }

    fn steps(&self, of: ItemIndex, steps: &[Step], telling: &mut Telling) {
        telling.paragraph(
            "about-how",
            Message::new("explain-steps").with("of", self.item(of)),
        );
        let mut sorted: Vec<&Step> = steps.iter().collect();
        sorted.sort_by(|a, b| b.from.cmp(&a.from));
        for Step {
            from,
            value,
            slope,
            origin,
        } in sorted
        {
            let said = match from {
                None => Message::new("explain-step-below"),
                Some(from) => Message::new(match slope {
                    slope if slope.is_zero() => "explain-step",
                    slope if slope.is_negative() => "explain-step-falling",
                    _ => "explain-step-rising",
                })
                .with("from", from)
                .with("slope", slope.abs()),
            };
            let begin = from
                .as_ref()
                .map_or("lowest".to_owned(), Points::to_exact_text);
            let about = Message::new("about-step").with("from", begin);
            telling.point(about, said.with("value", value), origin.into());
        }
        if steps.iter().all(|step| step.from.is_some()) {
            telling.paragraph("about-below-steps", Message::new("explain-below-steps"));
        }
    }

    fn linear(&self, of: ItemIndex, points: &[(Points, Points)], telling: &mut Telling) {
        let said = Message::new("explain-linear").with("of", self.item(of));
        telling.paragraph("about-how", said);
        for (x, y) in points {
            let about = Message::new("about-corner").with("x", x);
            let said = Message::new("explain-corner").with("x", x).with("y", y);
            telling.point(about, said, Note::default());
        }
    }

    fn over(&self, over: &Over, telling: &mut Telling) {
        let Over {
            of,
            members,
            aggregate,
            weight,
            drop_lowest,
            drop_highest,
        } = over;
        let who = match members {
            Members::Visits(strata) if strata.is_empty() => Message::new("members-visits"),
            Members::Visits(strata) => {
                Message::new("members-visits-of").with("strata", quoted(strata))
            }
            Members::Children(kind) => {
                Message::new("members-children").with("kind", kind_of_unit(kind))
            }
            Members::Group => Message::new("members-group"),
            Members::All => Message::new("members-all"),
        };
        let said = Message::new("explain-over")
            .with("members", who)
            .with("of", self.item(*of))
            .with("aggregate", aggregate_said(aggregate));
        telling.paragraph("about-how", said);
        if let Some(weight) = weight {
            let said = match members {
                Members::Visits(_) => Message::new("explain-weight-length"),
                _ => Message::new("explain-weight-attribute").with("name", weight.as_str()),
            };
            telling.also("about-weight", said);
        }
        drops(*drop_lowest, *drop_highest, telling);
    }

    fn period(&self, period: &Period, telling: &mut Telling) {
        let Period {
            name,
            own,
            series,
            span,
            aggregate,
            drop_lowest,
            drop_highest,
            skip_absent,
        } = period;
        let what = match own {
            Some(own) => self.item(*own),
            None => Words::new(name.as_str(), name.as_str()),
        };
        let span = match span {
            Span::Months(months) => Message::new("span-months").with("count", *months as usize),
            Span::Quarter => Message::new("span-quarter"),
            Span::HalfYear => Message::new("span-half-year"),
            Span::Year => Message::new("span-year"),
        };
        let said = match *series == self.scheme.series {
            true => Message::new("explain-period"),
            false => Message::new("explain-period-of-series").with("series", series.as_str()),
        };
        let said = said
            .with("span", span)
            .with("of", what)
            .with("aggregate", aggregate_said(aggregate));
        telling.paragraph("about-how", said);
        if let Aggregate::Weighted(weights) = aggregate {
            let weights = weights.iter().map(Arg::from).collect();
            let said = Message::new("explain-month-weights").with("weights", Arg::List(weights));
            telling.also("about-weight", said);
        }
        drops(*drop_lowest, *drop_highest, telling);
        let absent = match skip_absent {
            true => "explain-absent-skip",
            false => "explain-absent-missing",
        };
        telling.also("about-absent", Message::new(absent));
    }
}

fn grades_said(
    key: &str,
    grades: &BTreeMap<String, Points>,
    out_of: &Points,
    telling: &mut Telling,
) {
    let said = Message::new("explain-grades")
        .with("key", key)
        .with("full", out_of);
    telling.paragraph("about-how", said);
    for (grade, weight) in grades {
        let about = Message::new("about-grade").with("grade", grade.as_str());
        let said = Message::new("explain-grade")
            .with("grade", grade.as_str())
            .with("weight", weight);
        telling.point(about, said, Note::default());
    }
}

fn drops(lowest: usize, highest: usize, telling: &mut Telling) {
    for (about, key, count) in [
        ("about-drop-lowest", "explain-drop-lowest", lowest),
        ("about-drop-highest", "explain-drop-highest", highest),
    ] {
        if count > 0 {
            telling.also(about, Message::new(key).with("count", count));
        }
    }
}

fn visits(key: &'static str, matches: &Match) -> Message {
    let where_made = match matches.strata.is_empty() {
        true => Message::new("explain-everywhere"),
        false => Message::new("explain-in-strata").with("strata", quoted(&matches.strata)),
    };
    Message::new(key).with("where", where_made)
}

fn by_time(by: By) -> Message {
    Message::new(match by {
        By::Found => "by-found",
        By::Due => "by-due",
    })
}

fn aggregate_said(aggregate: &Aggregate) -> Message {
    Message::new(match aggregate {
        Aggregate::Mean => "aggregate-mean",
        Aggregate::Sum => "aggregate-sum",
        Aggregate::Min => "aggregate-min",
        Aggregate::Max => "aggregate-max",
        Aggregate::Median => "aggregate-median",
        Aggregate::Weighted(_) => "aggregate-weighted",
    })
}
