//! The head of a scheme: what it is, when it holds, who takes part, what counts when.

use jiff::civil::Date;

use super::*;
use crate::{
    month::Month,
    scheme::{
        BulletinRules, By, Cutoff, DepartmentRules, Every, Exemption, Group, GroupUnits, MustCheck,
        OwnIndicator, RedPropertyRules,
    },
};

impl Teller<'_> {
    pub(super) fn general(&self) -> Section {
        // What is not taken apart here has an article of its own, or (id, digest, places in the file) no meaning.
        let Scheme {
            series,
            evidence,
            title,
            host,
            standard,
            legal,
            about,
            ..
        } = self.scheme;
        let mut telling = Telling::default();
        telling.paragraph(
            "about-title",
            Message::new("explain-title").with("title", title.clone()),
        );
        telling.also(
            "about-host",
            Message::new("explain-host").with("host", host.clone()),
        );
        if !legal.is_empty() {
            let legal = legal.iter().cloned().map(Arg::Words).collect();
            let said = Message::new("explain-legal").with("legal", Arg::List(legal));
            telling.paragraph("about-legal", said);
        }
        telling.paragraph(
            "about-series",
            Message::new("explain-series").with("series", series.as_str()),
        );
        if evidence != series {
            let said = Message::new("explain-evidence").with("evidence", evidence.as_str());
            telling.also("about-evidence", said);
        }
        if let Some(standard) = standard {
            let said = match self.standard {
                Some(known) => Message::new("explain-standard")
                    .with("title", known.title.clone())
                    .with("id", known.id.as_str())
                    .with("count", known.indicators.len()),
                None => Message::new("explain-standard-by-id").with("id", standard.as_str()),
            };
            telling.paragraph("about-standard", said);
        }
        if let Some(about) = about {
            let said = Message::new("explain-about").with("about", about.clone());
            telling.paragraph("about-about", said);
        }
        telling.section("about-scheme", "", None, Note::default())
    }

    pub(super) fn validity(&self) -> Section {
        let mut telling = Telling::default();
        let said = match self.scheme.to {
            Some(to) => Message::new("explain-months").with("to", to),
            None => Message::new("explain-months-open"),
        };
        telling.paragraph("about-months", said.with("from", self.scheme.from));
        let every = match self.scheme.every {
            Every::Month => "explain-every-month",
            Every::Quarter => "explain-every-quarter",
            Every::HalfYear => "explain-every-half-year",
            Every::Year => "explain-every-year",
        };
        telling.also("about-every", Message::new(every));
        telling.section("about-validity", "", None, Note::default())
    }

    pub(super) fn participants(&self) -> Vec<Section> {
        let groups = self.scheme.groups.iter().map(|group| self.group(group));
        let exceptions = self.scheme.exceptions.iter().map(|exception| {
            let mut telling = Telling::default();
            let said = |key| Message::new(key).with("unit", self.unit(&exception.unit));
            match exception.ranked {
                Some(true) => telling.paragraph("about-ranked", said("explain-unit-ranked")),
                Some(false) => telling.paragraph("about-ranked", said("explain-unit-unranked")),
                None => {}
            }
            match exception.paid {
                Some(true) => telling.paragraph("about-paid", said("explain-unit-paid")),
                Some(false) => telling.paragraph("about-paid", said("explain-unit-unpaid")),
                None => {}
            }
            let note = Note::from(&exception.origin);
            telling.section("about-exception", &exception.unit, None, note)
        });
        groups.chain(exceptions).collect()
    }

    fn group(&self, group: &Group) -> Section {
        let Group {
            id,
            title,
            units,
            ranked,
            paid,
            origin,
        } = group;
        let mut telling = Telling::default();
        let said = match units {
            GroupUnits::Listed(units) => Message::new("explain-units-listed")
                .with("count", units.len())
                .with(
                    "units",
                    Arg::List(units.iter().map(|unit| self.unit(unit)).collect()),
                ),
            GroupUnits::Selected {
                kind,
                under,
                attributes,
            } => {
                let kind = kind.iter().map(|kind| kind_of_unit(kind));
                let under = under
                    .iter()
                    .map(|unit| Message::new("explain-select-under").with("unit", self.unit(unit)));
                let attributes = attributes.iter().map(|(name, value)| {
                    Message::new("explain-select-attribute")
                        .with("name", name.as_str())
                        .with("value", value.as_str())
                });
                let conditions = under.chain(kind).chain(attributes).map(Arg::from).collect();
                Message::new("explain-units-selected").with("conditions", Arg::List(conditions))
            }
        };
        telling.paragraph("about-units", said);
        if !ranked {
            telling.also("about-ranked", Message::new("explain-group-unranked"));
        }
        if !paid {
            telling.also("about-paid", Message::new("explain-group-unpaid"));
        }
        telling.section("about-group", id, Some(title), origin.into())
    }

    pub(super) fn cutoff(&self) -> Section {
        let Cutoff {
            last_day,
            findings,
            rectification,
            status_days,
            origin,
        } = &self.scheme.cutoff;
        let mut telling = Telling::default();
        let window = match last_day {
            None => Message::new("explain-window-whole-month"),
            Some(day) => Message::new("explain-window-to-day")
                .with("day", i64::from(*day))
                .with("next", i64::from(*day) + 1),
        };
        telling.paragraph("about-window", window);
        telling.also(
            "about-findings",
            Message::new(match findings {
                By::Found => "explain-findings-found",
                By::Due => "explain-findings-due",
            }),
        );
        telling.also(
            "about-rectification",
            Message::new(match rectification {
                By::Found => "explain-rectification-found",
                By::Due => "explain-rectification-due",
            }),
        );
        let status = match status_days {
            0 => Message::new("explain-status-at-end"),
            days => Message::new("explain-status-days").with("days", *days),
        };
        telling.also("about-status-days", status);
        telling.paragraph("about-example", self.example());
        telling.section("about-cutoff", "", None, origin.into())
    }

    /// A problem of the last day of the first round, due five days later: what counts where.
    fn example(&self) -> Message {
        let round = (0..12)
            .map(|months| self.scheme.from.plus(months))
            .find(|month| self.scheme.holds_in(*month))
            .unwrap_or(self.scheme.from);
        let window = self.scheme.window(round);
        let last = window
            .end
            .date()
            .yesterday()
            .expect("a window begins before it ends");
        let due = (0..5).fold(last, |day, _| day.tomorrow().unwrap_or(day));
        let next = round.plus(self.scheme.every.months());
        let counted = |by: &By| -> Month {
            match by {
                By::Due if !window.holds(due.at(12, 0, 0, 0)) => next,
                By::Due | By::Found => round,
            }
        };
        Message::new("explain-cutoff-example")
            .with("round", round)
            .with("start", day(window.start.date()))
            .with("end", day(last))
            .with("due", day(due))
            .with("finding", counted(&self.scheme.cutoff.findings))
            .with("rectification", counted(&self.scheme.cutoff.rectification))
            .with("read", day(window.read.date()))
    }

    pub(super) fn indicators(&self) -> Vec<Section> {
        let one = |own: &OwnIndicator| {
            let OwnIndicator {
                id,
                title,
                points,
                heading,
                aspect,
                block,
                origin,
            } = own;
            let mut telling = Telling::default();
            let said = Message::new("explain-indicator").with("amount", self.by_severity(points));
            telling.paragraph("about-points", said);
            for (about, said, name) in [
                ("about-heading", "explain-indicator-heading", heading),
                ("about-aspect", "explain-indicator-aspect", aspect),
                ("about-block", "explain-indicator-block", block),
            ] {
                if let Some(name) = name {
                    telling.also(about, Message::new(said).with("name", name.as_str()));
                }
            }
            telling.section("about-indicator", id, Some(title), origin.into())
        };
        self.scheme.indicators.iter().map(one).collect()
    }

    pub(super) fn must_checks(&self) -> Vec<Section> {
        let one = |must: &MustCheck| {
            let MustCheck {
                unit,
                stratum,
                at_least,
                title,
                origin,
            } = must;
            let mut telling = Telling::default();
            let said = Message::new("explain-must-check")
                .with("unit", self.unit(unit))
                .with("stratum", stratum.as_str())
                .with("count", *at_least);
            telling.paragraph("about-must-check-visits", said);
            let id = format!("{unit}/{stratum}");
            telling.section("about-must-check", &id, Some(title), origin.into())
        };
        self.scheme.must_checks.iter().map(one).collect()
    }

    pub(super) fn exemptions(&self) -> Vec<Section> {
        let one = |exemption: &Exemption| {
            let Exemption {
                title,
                indicators,
                sites,
                from,
                to,
                origin,
            } = exemption;
            let mut telling = Telling::default();
            let place = match sites.is_empty() {
                true => Message::new("explain-everywhere"),
                false => Message::new("explain-at-sites").with("sites", quoted(sites)),
            };
            let said = Message::new("explain-exemption")
                .with("from", day(*from))
                .with("to", day(*to))
                .with("place", place)
                .with("indicators", self.indicator_names(indicators));
            telling.paragraph("about-exempted", said);
            telling.section("about-exemption", &title.zh, Some(title), origin.into())
        };
        self.scheme.exemptions.iter().map(one).collect()
    }

    pub(super) fn bulletin(&self) -> Section {
        let BulletinRules {
            evaluation,
            number,
            recipients,
            copies,
            ranking,
            components,
            before,
            average,
            block,
            red_property,
            townships,
            departments,
        } = &self.scheme.bulletin;
        let mut telling = Telling::default();
        let mut say = |about, said: Message| telling.paragraph(about, said);
        if let Some(evaluation) = evaluation {
            let said = Message::new("explain-bulletin-evaluation").with("name", evaluation.clone());
            say("about-bulletin-evaluation", said);
        }
        if let Some(number) = number {
            let said = Message::new("explain-bulletin-number").with("number", number.as_str());
            say("about-bulletin-number", said);
        }
        for (about, key, list) in [
            (
                "about-bulletin-recipients",
                "explain-bulletin-recipients",
                recipients,
            ),
            ("about-bulletin-copies", "explain-bulletin-copies", copies),
        ] {
            if !list.is_empty() {
                let list = list.iter().cloned().map(Arg::Words).collect();
                say(about, Message::new(key).with("names", Arg::List(list)));
            }
        }
        if let Some(ranking) = ranking {
            let title = self.scheme.rankings[*ranking].title.clone();
            say(
                "about-bulletin-ranking",
                Message::new("explain-bulletin-ranking").with("ranking", title),
            );
        }
        if !components.is_empty() {
            let items = components.iter().map(|item| quote(self.item(*item)));
            let said = Message::new("explain-bulletin-components")
                .with("items", Arg::List(items.collect()));
            say("about-bulletin-components", said);
        }
        for (about, key, item) in [
            ("about-bulletin-before", "explain-bulletin-before", before),
            (
                "about-bulletin-average",
                "explain-bulletin-average",
                average,
            ),
        ] {
            if let Some(item) = item {
                say(about, Message::new(key).with("item", self.item(*item)));
            }
        }
        if let Some(block) = block {
            let said = Message::new("explain-bulletin-block").with("block", self.block(block));
            say("about-bulletin-block", said);
        }
        if let Some(red) = red_property {
            let RedPropertyRules {
                average,
                block,
                series,
                by,
            } = red;
            let said = Message::new("explain-bulletin-red-property")
                .with("average", self.item(*average))
                .with("block", self.block(block))
                .with("series", series.as_str())
                .with("by", by.as_str());
            say("about-bulletin-red-property", said);
        }
        if !townships.is_empty() {
            let said = Message::new("explain-bulletin-townships").with("series", quoted(townships));
            say("about-bulletin-townships", said);
        }
        if let Some(departments) = departments {
            let DepartmentRules {
                series,
                numerator,
                denominator,
                rate,
                extended,
                suspended,
                voided,
                overdue_open,
            } = departments;
            let said = Message::new("explain-bulletin-departments")
                .with("series", series.as_str())
                .with("rate", rate.as_str())
                .with("numerator", numerator.as_str())
                .with("denominator", denominator.as_str())
                .with(
                    "counts",
                    quoted(&[
                        extended.clone(),
                        suspended.clone(),
                        voided.clone(),
                        overdue_open.clone(),
                    ]),
                );
            say("about-bulletin-departments", said);
        }
        telling.section("about-bulletin", "", None, Note::default())
    }
}

/// A day in words.
fn day(day: Date) -> Message {
    Message::new("explain-day")
        .with("year", i64::from(day.year()))
        .with("month", i64::from(day.month()))
        .with("day", i64::from(day.day()))
}

/// A kind of unit, known kinds in words.
pub(super) fn kind_of_unit(kind: &str) -> Message {
    Message::new("explain-kind").with("kind", kind)
}
