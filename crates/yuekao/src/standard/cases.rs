//! Case categories and filing conditions: configuration of a host, not law.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;
use assessment::finding::Word;
use assessment::indicator::{Limit, LimitUnit, Standard};
use assessment::issue::{Issue, Issues, Severity};
use assessment::message::{Message, Words};
use serde::Deserialize;

use crate::file;

/// What the data files say of cases.
#[derive(Debug, Default)]
pub struct CaseData {
    /// By `layout/kind/code`.
    categories: HashMap<String, Words>,
    /// By id.
    conditions: HashMap<String, Condition>,
}

/// A filing condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// `layout/kind/code` of the category that it belongs to.
    pub category: String,
    /// How long the handling may take.
    pub limit: Limit,
}

#[derive(Deserialize)]
struct CategoryRow {
    layout: String,
    kind: String,
    code: String,
    name_zh: String,
    name_en: String,
}

#[derive(Deserialize)]
struct ConditionRow {
    id: String,
    layout: String,
    kind: String,
    code: String,
    limit: u32,
    limit_unit: String,
}

impl CaseData {
    /// The data that ship with the program.
    ///
    /// # Errors
    /// None that a test would let pass.
    pub fn shipped() -> anyhow::Result<Self> {
        Self::parse(
            include_str!("../../../../data/categories.csv"),
            include_str!("../../../../data/case_standards.csv"),
        )
    }

    /// `categories.csv` and `case_standards.csv` of a folder.
    ///
    /// # Errors
    /// A file is missing, or a row does not read.
    pub fn of(folder: &Path) -> anyhow::Result<Self> {
        let text = |name: &str| file::text(&folder.join(name));
        Self::parse(&text("categories.csv")?, &text("case_standards.csv")?)
            .with_context(|| folder.display().to_string())
    }

    fn parse(categories: &str, conditions: &str) -> anyhow::Result<Self> {
        let mut data = Self::default();
        for row in csv::Reader::from_reader(categories.as_bytes()).deserialize() {
            let row: CategoryRow = row.context("categories.csv")?;
            let key = format!("{}/{}/{}", row.layout, row.kind, row.code);
            data.categories
                .insert(key, Words::new(row.name_zh, row.name_en));
        }
        for row in csv::Reader::from_reader(conditions.as_bytes()).deserialize() {
            let row: ConditionRow = row.context("case_standards.csv")?;
            let unit = LimitUnit::parse(&row.limit_unit)
                .with_context(|| format!("case_standards.csv: {}: {}", row.id, row.limit_unit))?;
            let category = format!("{}/{}/{}", row.layout, row.kind, row.code);
            let limit = Limit {
                value: row.limit,
                unit,
            };
            data.conditions
                .insert(row.id, Condition { category, limit });
        }
        Ok(data)
    }

    /// The name of a category.
    pub fn category(&self, key: &str) -> Option<&Words> {
        self.categories.get(key)
    }

    /// The condition of that id.
    pub fn condition(&self, id: &str) -> Option<&Condition> {
        self.conditions.get(id)
    }

    /// Categories and conditions that a catalogue names and the data do not have.
    pub fn check(&self, standard: &Standard, text: &str) -> Vec<Issue> {
        let mut issues = Issues::new(text);
        for opens in standard
            .indicators
            .iter()
            .filter_map(|one| one.opens.as_ref())
        {
            let mut fault = |message| issues.report(Severity::Fault, &opens.at, message, None);
            let category = opens.category.as_str();
            if self.category(category).is_none() {
                fault(Message::new("standard-unknown-category").with("category", category));
            }
            let Some(id) = &opens.condition else { continue };
            match self.condition(id) {
                None => {
                    fault(Message::new("standard-unknown-condition").with("condition", id.as_str()))
                }
                Some(condition) if condition.category != category => fault(
                    Message::new("standard-condition-of-other-category")
                        .with("condition", id.as_str())
                        .with("category", category),
                ),
                Some(_) => {}
            }
        }
        issues.into_sorted()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::all;

    #[test]
    fn every_shipped_indicator_opens_a_case_that_the_data_know() {
        let data = CaseData::shipped().unwrap();
        for catalogue in all(None).unwrap() {
            assert_eq!(data.check(&catalogue.standard, &catalogue.text), []);
            let without = catalogue
                .standard
                .indicators
                .iter()
                .filter(|one| one.opens.is_none());
            let without: Vec<_> = without.map(|one| one.id.as_str()).collect();
            assert_eq!(
                without,
                [
                    "compound-fire-equipment",
                    "compound-lift-inspection",
                    "compound-party-point",
                    "compound-gate-unattended"
                ]
            );
        }
    }

    #[test]
    fn a_code_means_something_only_in_its_layout() {
        let data = CaseData::shipped().unwrap();
        assert_eq!(data.category("gb30428/event/0505").unwrap().zh, "路面塌陷");
        assert_eq!(
            data.category("cjt214/event/0505").unwrap().zh,
            "机动车乱停放"
        );
        let limit = data.condition("component-0123-4").unwrap().limit;
        assert_eq!(
            limit,
            Limit {
                value: 5,
                unit: LimitUnit::WorkDay
            }
        );
    }

    #[test]
    fn what_the_data_do_not_have_is_a_fault() {
        let catalogue = all(None).unwrap().remove(0);
        let right = r#"{ category = "gb30428/event/0114", condition = "event-0114-1" }"#;
        #[rustfmt::skip]
        let cases = [
            (r#"{ category = "cjt214/event/0999" }"#, "standard-unknown-category{category=cjt214/event/0999}"),
            (r#"{ category = "gb30428/event/0114", condition = "event-0114-9" }"#, "standard-unknown-condition{condition=event-0114-9}"),
            (r#"{ category = "gb30428/event/0114", condition = "event-0112-1" }"#, "standard-condition-of-other-category{condition=event-0112-1,category=gb30428/event/0114}"),
        ];
        for (wrong, message) in cases {
            assert_eq!(catalogue.text.matches(right).count(), 1);
            let text = catalogue.text.replace(right, wrong);
            let standard = Standard::parse(&text).0.unwrap();
            let issues = CaseData::shipped().unwrap().check(&standard, &text);
            let shown: Vec<_> = issues
                .iter()
                .map(|issue| (issue.message.to_string(), issue.text.as_str()))
                .collect();
            assert_eq!(shown.len(), 1);
            assert_eq!(shown[0].0, message);
            assert!(wrong.starts_with(shown[0].1.trim_end_matches('…')));
        }
    }
}
