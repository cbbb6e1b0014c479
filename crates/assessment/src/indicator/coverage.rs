//! Which items of an outer standard no indicator covers.
//!
//! Outer lists are not public. A host that has one imports it; until then nothing is said about it.

use super::{Entry, Standard};
use crate::message::Words;
use crate::points::Points;

/// The items of an outer standard, as a host has obtained them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OuterList {
    /// Id of the outer standard in the catalogue.
    pub outer: String,
    pub items: Vec<OuterItem>,
}

/// One item of an outer standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OuterItem {
    pub id: String,
    /// Its chapter; may be empty.
    pub group: String,
    pub title: Words,
    pub points: Option<Points>,
    /// Ids of indicators that the host says cover it.
    pub indicators: Vec<String>,
}

/// How far a catalogue covers one outer standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    pub outer: Entry,
    /// How many indicators say that they serve it.
    pub serving: usize,
    /// `None`: the list has not been obtained.
    pub list: Option<Covered>,
}

/// The items of an outer standard, told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// Each item with the indicators that cover it, if any.
    pub items: Vec<(OuterItem, Vec<String>)>,
    /// Items that indicators name and the list does not have: `list/item`, indicator.
    pub unknown_items: Vec<(String, String)>,
}

impl Covered {
    /// The items that no indicator covers.
    pub fn open(&self) -> impl Iterator<Item = &OuterItem> {
        self.items
            .iter()
            .filter(|(_, by)| by.is_empty())
            .map(|(item, _)| item)
    }
}

/// Compares the catalogue with the lists that have been obtained. An item is covered by the
/// indicators that name it (`serves = ["list/item"]`) and by those that the list names for it, as far as
/// the catalogue has them.
pub fn coverage(standard: &Standard, lists: &[OuterList]) -> Vec<Coverage> {
    let cover = |outer: &Entry| Coverage {
        outer: outer.clone(),
        serving: standard
            .indicators
            .iter()
            .filter(|one| serves(&one.serves, &outer.id))
            .count(),
        list: lists
            .iter()
            .find(|list| list.outer == outer.id)
            .map(|list| covered(standard, list)),
    };
    standard.outer.iter().map(cover).collect()
}

fn serves(served: &[String], outer: &str) -> bool {
    served
        .iter()
        .any(|served| served.split('/').next() == Some(outer))
}

fn covered(standard: &Standard, list: &OuterList) -> Covered {
    let by = |item: &OuterItem| {
        let name = format!("{}/{}", list.outer, item.id);
        let covers = |one: &&super::Indicator| {
            one.serves.contains(&name) || item.indicators.contains(&one.id)
        };
        standard
            .indicators
            .iter()
            .filter(covers)
            .map(|one| one.id.clone())
            .collect()
    };
    let known = |served: &str| {
        served.split_once('/').is_none_or(|(outer, name)| {
            outer != list.outer || list.items.iter().any(|item| item.id == name)
        })
    };
    let unknown = standard.indicators.iter().flat_map(|one| {
        let unknown = one.serves.iter().filter(|served| !known(served));
        unknown.map(|served| (served.clone(), one.id.clone()))
    });
    Covered {
        items: list
            .items
            .iter()
            .map(|item| (item.clone(), by(item)))
            .collect(),
        unknown_items: unknown.collect(),
    }
}
