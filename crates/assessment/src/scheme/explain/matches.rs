//! Which findings or cases are meant, and what one of them costs.

use super::*;
use crate::{
    finding::{Severity, Word},
    scheme::{ClausePoints, Match, PointsBySeverity},
    tally::fits,
};

impl Teller<'_> {
    /// The findings that a match means.
    pub(super) fn findings(&self, matches: &Match) -> Message {
        counted(
            self.conditions(matches, "word-status"),
            ["explain-findings-all", "explain-findings-of"],
        )
    }

    /// The cases that a match means.
    pub(super) fn cases(&self, matches: &Match) -> Message {
        counted(
            self.conditions(matches, "word-case-status"),
            ["explain-cases-all", "explain-cases-of"],
        )
    }

    fn conditions(&self, matches: &Match, status_word: &'static str) -> Vec<Arg> {
        let Match {
            indicators,
            headings,
            aspects,
            blocks,
            severity,
            found_by,
            status,
            strata,
            repeated,
            relapsed,
            failed,
            categories,
            extended,
            suspended,
            returned,
            reworked,
            voided,
        } = matches;
        let mut conditions = vec![];
        let mut list = |key, names: &[String], named: Arg| {
            if !names.is_empty() {
                conditions.push(Message::new(key).with("names", named));
            }
        };
        let entries = |names: &[String], of: fn(&Standard) -> &[crate::indicator::Entry]| {
            Arg::List(names.iter().map(|name| self.entry(name, of)).collect())
        };
        list(
            "match-blocks",
            blocks,
            entries(blocks, |standard| &standard.blocks),
        );
        list(
            "match-aspects",
            aspects,
            entries(aspects, |standard| &standard.aspects),
        );
        list(
            "match-headings",
            headings,
            entries(headings, |standard| &standard.headings),
        );
        list(
            "match-indicators",
            indicators,
            self.indicator_names(indicators),
        );
        list("match-strata", strata, quoted(strata));
        list("match-categories", categories, quoted(categories));
        let mut words = |key, words: Vec<Message>| {
            if !words.is_empty() {
                let words = words.into_iter().map(Arg::from).collect();
                conditions.push(Message::new(key).with("names", Arg::List(words)));
            }
        };
        words(
            "match-severity",
            severity.iter().map(|each| severity_word(*each)).collect(),
        );
        words(
            "match-found-by",
            found_by
                .iter()
                .map(|each| Message::new("word-found-by").with("word", each.word()))
                .collect(),
        );
        words(
            match status_word {
                "word-status" => "match-status",
                _ => "match-case-status",
            },
            status
                .iter()
                .map(|each| Message::new(status_word).with("word", each.word()))
                .collect(),
        );
        for (key, least) in [("match-repeated", repeated), ("match-failed", failed)] {
            if let Some(least) = least {
                conditions.push(Message::new(key).with("count", *least as usize));
            }
        }
        for (is, not, wanted) in [
            ("match-relapsed", "match-not-relapsed", relapsed),
            ("match-extended", "match-not-extended", extended),
            ("match-suspended", "match-not-suspended", suspended),
            ("match-returned", "match-not-returned", returned),
            ("match-reworked", "match-not-reworked", reworked),
        ] {
            if let Some(wanted) = wanted {
                conditions.push(Message::new(if *wanted { is } else { not }));
            }
        }
        if *voided {
            conditions.push(Message::new("match-voided"));
        }
        conditions.into_iter().map(Arg::from).collect()
    }

    /// Indicators by their titles where these are known.
    pub(super) fn indicator_names(&self, patterns: &[String]) -> Arg {
        let own = &self.scheme.indicators;
        let known = |pattern: &str| {
            let own = own
                .iter()
                .find(|own| own.id == pattern)
                .map(|own| &own.title);
            own.or_else(|| Some(&self.standard?.indicator(pattern)?.title))
        };
        let names = patterns.iter().map(|pattern| match known(pattern) {
            Some(title) => quote(title.clone()),
            None if pattern.ends_with('*') => {
                let in_catalogue = self
                    .standard
                    .map_or(&[][..], |standard| &standard.indicators);
                let ids = in_catalogue.iter().map(|indicator| &indicator.id);
                let count = ids
                    .chain(own.iter().map(|own| &own.id))
                    .filter(|id| fits(pattern, id))
                    .count();
                Message::new("explain-pattern")
                    .with("pattern", pattern.as_str())
                    .with("count", count)
                    .into()
            }
            None => quoted(std::slice::from_ref(pattern)),
        });
        Arg::List(names.collect())
    }

    pub(super) fn block(&self, id: &str) -> Arg {
        self.entry(id, |standard| &standard.blocks)
    }

    /// A name of one of the catalogue's lists.
    fn entry(&self, id: &str, of: fn(&Standard) -> &[crate::indicator::Entry]) -> Arg {
        let entry = self
            .standard
            .and_then(|standard| of(standard).iter().find(|entry| entry.id == id));
        match entry {
            Some(entry) => quote(entry.title.clone()),
            None => quote(Words::new(id, id)),
        }
    }

    /// What one finding costs.
    pub(super) fn amount(&self, points: &ClausePoints) -> Message {
        match points {
            ClausePoints::BySeverity(points) => self.by_severity(points),
            ClausePoints::Indicator => Message::new("explain-amount-indicator"),
        }
    }

    pub(super) fn by_severity(&self, points: &PointsBySeverity) -> Message {
        let PointsBySeverity([minor, general, serious]) = points;
        if let Some(minor) = minor
            && Some(minor) == general.as_ref()
            && Some(minor) == serious.as_ref()
        {
            return Message::new("explain-amount-points").with("points", minor);
        }
        let rows = [
            (Severity::Minor, minor),
            (Severity::General, general),
            (Severity::Serious, serious),
        ];
        let said = rows.into_iter().filter_map(|(severity, points)| {
            let said =
                Message::new("explain-severity-points").with("severity", severity_word(severity));
            Some(said.with("points", points.as_ref()?).into())
        });
        Message::new("explain-amount-by-severity").with("list", Arg::List(said.collect()))
    }
}

fn severity_word(severity: Severity) -> Message {
    Message::new("word-severity").with("word", severity.word())
}

fn counted(conditions: Vec<Arg>, [all, of]: [&'static str; 2]) -> Message {
    match conditions.is_empty() {
        true => Message::new(all),
        false => Message::new(of).with("conditions", Arg::List(conditions)),
    }
}
