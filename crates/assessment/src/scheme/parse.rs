//! Reads a scheme file. Everything that is wrong with it is reported at once.

use std::{collections::BTreeMap, ops::Range};

use jiff::civil::Date;

use super::*;
use crate::{
    facts::sha256,
    finding::Word,
    issue::{Issue, Severity as Gravity},
    message::Message,
    read::{Reader, Spanned, Table},
};

mod award;
mod bulletin;
mod condition;
mod deduct;
mod group;
mod head;
mod item;
mod key;
mod matches;
mod over;
mod ranking;

use award::{award, deposit};
use bulletin::bulletin;
use condition::{condition, formula, opt_condition};
use deduct::deduct;
use group::{exception, group};
pub(crate) use head::exemption;
use head::{BY, cutoff, must_check, own_indicator, validity};
use item::item;
pub(crate) use key::{by_severity, origin};
use key::{
    day, fault, file_id, find, finish, group_refs, item_ref, list_of_words, names, number,
    opt_number, or, required_whole, rounding, some, value, whole, words,
};
use matches::{count, matches};
use over::{over, period};
use ranking::{BEST, ranking};

/// Reads and checks a scheme. There is a scheme only if there is no fault; warnings do not stand in its way.
pub fn parse(text: &str) -> (Option<Scheme>, Vec<Issue>) {
    let reader = Reader::new(text);
    let scheme = reader.root().map(|root| scheme(&reader, root, text));
    if let Some(scheme) = &scheme {
        check::scheme(scheme, &reader);
    }
    let issues = reader.into_issues();
    let sound = issues
        .iter()
        .all(|issue| issue.severity == Gravity::Warning);
    (scheme.filter(|_| sound), issues)
}

/// Ids of the tables that others refer to; an id that could not be read is empty.
struct Ids {
    items: Vec<String>,
    groups: Vec<String>,
    rankings: Vec<String>,
}

impl Ids {
    fn item(&self, id: &str) -> Option<ItemIndex> {
        self.items.iter().position(|item| item == id)
    }
}

fn scheme(reader: &Reader, root: Table, text: &str) -> Scheme {
    let items = root.tables("item");
    let groups = root.tables("group");
    let rankings = root.tables("ranking");
    let awards = root.tables("award");
    let deposits = root.tables("deposit");
    let ids = Ids {
        items: names(reader, &items),
        groups: names(reader, &groups),
        rankings: names(reader, &rankings),
    };
    names(reader, &awards);
    names(reader, &deposits);

    let months = root.table("months");
    let months_at = months
        .as_ref()
        .map(|table| table.span().clone())
        .unwrap_or_default();
    let (from, to) = months.map(validity).unwrap_or_default();
    let cutoff = root.table("cutoff").map(cutoff).unwrap_or(Cutoff {
        last_day: None,
        findings: By::Found,
        rectification: By::Found,
        status_days: 0,
        origin: Origin::default(),
    });
    let id = file_id(&root, "id");
    let series = file_id(&root, "series");
    let scheme = Scheme {
        id,
        evidence: if root.has("evidence") {
            file_id(&root, "evidence")
        } else {
            series.clone()
        },
        title: words(&root, "title"),
        host: words(&root, "host"),
        from: from.unwrap_or_else(|| Month::new(1, 1).expect("a month")),
        to,
        every: or(
            root.opt_choice(
                "every",
                &[
                    ("month", Every::Month),
                    ("quarter", Every::Quarter),
                    ("half_year", Every::HalfYear),
                    ("year", Every::Year),
                ],
            ),
            Every::Month,
        ),
        standard: root.opt_text("standard").map(value),
        legal: list_of_words(&root, "legal"),
        about: root.opt_words("about").map(value),
        indicators: root
            .tables("indicator")
            .into_iter()
            .map(own_indicator)
            .collect(),
        must_checks: root
            .tables("must_check")
            .into_iter()
            .map(must_check)
            .collect(),
        exemptions: root
            .tables("exemption")
            .into_iter()
            .map(exemption)
            .collect(),
        groups: groups
            .into_iter()
            .zip(&ids.groups)
            .map(|(table, id)| group(table, id))
            .collect(),
        exceptions: root
            .tables("participant")
            .into_iter()
            .map(exception)
            .collect(),
        items: items
            .into_iter()
            .zip(&ids.items)
            .map(|(table, id)| item(table, id, &ids, &cutoff, &series))
            .collect(),
        rankings: rankings
            .into_iter()
            .zip(&ids.rankings)
            .map(|(table, id)| ranking(table, id, &ids))
            .collect(),
        awards: awards.into_iter().map(|table| award(table, &ids)).collect(),
        deposits: deposits
            .into_iter()
            .map(|table| deposit(table, &ids))
            .collect(),
        bulletin: root
            .opt_table("bulletin")
            .map(|table| bulletin(table, &ids))
            .unwrap_or_default(),
        digest: sha256(text.as_bytes()),
        cutoff,
        series,
        months_at,
    };
    finish(root);
    scheme
}
