//! How public pages say changes, awards and exact values: an arrow or sign, and always a word.

use assessment::points::Points;

use crate::bulletin::text::{award, count_change, moment_words, month_words};
use crate::bulletin::view::{AwardView, Both, DepartmentView};
use crate::web::page::Facts;

impl Facts {
    /// The text in the reader's language.
    pub fn b<'b>(&self, both: &'b Both) -> &'b str {
        both.get(self.language)
    }

    /// A month, a day or a moment in words.
    pub fn when(&self, moment: &str) -> String {
        match moment.len() {
            7 => month_words(moment, self.language),
            _ => moment_words(moment, self.language),
        }
    }

    /// From a month or a day until another one, or from then on.
    pub fn span(&self, from: &str, to: &Option<String>) -> String {
        match to {
            Some(to) if to == from => self.when(from),
            Some(to) => self.t2(
                "public-months",
                "from",
                self.when(from),
                "to",
                self.when(to),
            ),
            None => self.t1("public-months-open", "from", self.when(from)),
        }
    }

    /// The class of a change: `up`, `down` or `same`.
    pub fn direction(&self, change: &i32) -> &'static str {
        match change.signum() {
            1 => "up",
            -1 => "down",
            _ => "same",
        }
    }

    /// A change with a minus sign as wide as the plus.
    pub fn signed(&self, change: &str) -> String {
        change.replacen('-', "−", 1)
    }

    /// Places gained or lost, in words.
    pub fn places_moved(&self, change: &i32) -> String {
        match change.signum() {
            0 => self.t("public-place-same"),
            1 => self.t1("public-place-up", "by", change),
            _ => self.t1("public-place-down", "by", change.abs()),
        }
    }

    /// The change of a count against last month, as a phrase of its own.
    pub fn change_of(&self, change: &Option<i64>) -> String {
        let phrase = count_change(*change, self.language);
        phrase.trim_start_matches(['\u{ff0c}', ',', ' ']).to_owned()
    }

    /// What an award brings, each with its class: `gain`, `loss` or none.
    pub fn award_words(&self, view: &AwardView) -> Vec<(String, &'static str)> {
        let kind = |yuan: &str| {
            if yuan.starts_with('-') {
                "loss"
            } else {
                "gain"
            }
        };
        let yuan = view
            .yuan
            .as_deref()
            .map(|yuan| (award(yuan, self.language), kind(yuan)));
        let named = view
            .titles
            .iter()
            .chain(&view.duties)
            .map(|name| (name.get(self.language).to_owned(), ""));
        yuan.into_iter().chain(named).collect()
    }

    /// Departments that have handled every case that was due.
    pub fn full_departments(&self, departments: &[DepartmentView]) -> usize {
        departments
            .iter()
            .filter(|each| each.denominator > 0 && each.numerator == each.denominator)
            .count()
    }

    /// An exact value as people read it: a fraction that has no end is shown rounded, and says so.
    pub fn exact(&self, value: &Option<String>) -> String {
        let Some(value) = value else {
            return self.t("bulletin-no-value");
        };
        match Points::parse(value) {
            Ok(points) if value.contains('/') => format!("≈ {}", points.display(4)),
            _ => value.replacen('-', "−", 1),
        }
    }
}
