//! How near two findings of a category must lie to be shown as perhaps the same: a table of the host's, by category.
//!
//! A fixed thing has its place, what happens moves about. The most exact row wins, as with [routes](super::route): the
//! beginning of a category with more of its kind and code before one with less, then one that names the layout.

use super::condition::Conditions;
use crate::issue::Issue;
use crate::message::Message;
use crate::read::sheet::Sheet;

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Radius {
    /// A category's code as in its conditions, `layout/kind/code`, the beginning of one, `*` for every category, or the
    /// same with `*` for every layout: `*/component`.
    pub category: String,
    /// So many metres apart they may be the same; 0: at the very same point only.
    pub metres: u32,
}

/// Beyond so many metres everything would be like everything.
pub const LARGEST: u32 = 1000;

const COLUMNS: [&str; 2] = ["category", "metres"];

impl Radius {
    /// Reads a table with the columns `category` and `metres`.
    ///
    /// # Errors
    /// Every row that is wrong, by line and column, and a table that does not say what holds for all other categories;
    /// then there is no radius.
    pub fn parse_all(csv: &str) -> (Option<Vec<Radius>>, Vec<Issue>) {
        let sheet = Sheet::new(csv, &COLUMNS);
        let mut radii: Vec<Radius> = vec![];
        for row in sheet.rows() {
            let (Some(category), Some(metres)) = (row.text("category"), row.text("metres")) else {
                continue;
            };
            let number = metres.parse().ok().filter(|metres| *metres <= LARGEST);
            let Some(number) = number else {
                let bad = Message::new("duplicate-bad-metres")
                    .with("text", metres.as_str())
                    .with("most", i64::from(LARGEST));
                sheet.fault(&metres.at, bad);
                continue;
            };
            if radii.iter().any(|known| known.category == category.value) {
                let twice = Message::new("duplicate-twice").with("text", category.as_str());
                sheet.fault(&category.at, twice);
                continue;
            }
            radii.push(Radius {
                category: category.value.clone(),
                metres: number,
            });
        }
        if !sheet.has_faults() && !radii.iter().any(|radius| radius.category == "*") {
            sheet.fault(&(0..0), Message::new("duplicate-no-rest"));
        }
        let sound = !sheet.has_faults();
        (sound.then_some(radii), sheet.into_issues())
    }

    /// Rows of a table that name a category under which nothing is registered. What holds for every layout may hold for none.
    pub fn unknown(csv: &str, conditions: &Conditions) -> Vec<Issue> {
        let sheet = Sheet::new(csv, &COLUMNS);
        for row in sheet.rows() {
            let Some(code) = row.opt_cell("category") else {
                continue;
            };
            let mut conditions = conditions.iter();
            if !code.starts_with('*') && !conditions.any(|one| one.category.starts_with(&**code)) {
                let unknown = Message::new("duplicate-unknown-category");
                let expected = Message::new("duplicate-expected-category");
                sheet.report(
                    &code.at,
                    unknown.with("text", code.as_str()),
                    Some(expected),
                );
            }
        }
        sheet.into_issues()
    }

    /// How exactly it fits: length of kind and code, then whether it names the layout; `None`: it does not.
    fn fits(&self, category: &str) -> Option<(usize, bool)> {
        let behind = |text: &str| text.split_once('/').map_or(0, |(_, rest)| rest.len());
        match self.category.split_once('/') {
            None if self.category == "*" => Some((0, false)),
            Some(("*", rest)) => {
                let (_, own) = category.split_once('/')?;
                own.starts_with(rest).then_some((rest.len(), false))
            }
            _ => category
                .starts_with(&self.category)
                .then_some((behind(&self.category), true)),
        }
    }
}

/// Within how many metres two findings of a category may be the same thing.
pub fn radius(radii: &[Radius], category: &str) -> u32 {
    radii
        .iter()
        .filter_map(|radius| Some((radius.fits(category)?, radius.metres)))
        .max_by_key(|(exact, _)| *exact)
        .map_or(0, |(_, metres)| metres)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_exact_row_wins() {
        let table = "category,metres\n*,50\n*/component,20\ngb30428/component/01,10\n*/component/0101,5\nown,70\n";
        let (radii, issues) = Radius::parse_all(table);
        assert_eq!(issues, []);
        let radii = radii.unwrap();
        for (category, metres) in [
            ("gb30428/event/0112", 50),
            ("gb30428/component/0203", 20),
            ("gb30428/component/0102", 10),
            ("gb30428/component/0101", 5),
            ("own/component/0102", 20),
            ("own/event/0112", 70),
            ("other/event/component", 50),
        ] {
            assert_eq!(radius(&radii, category), metres, "{category}");
        }
    }

    #[test]
    fn faults_are_named_where_they_stand() {
        let said = |csv: &str| -> Vec<String> {
            let (radii, issues) = Radius::parse_all(csv);
            assert!(radii.is_none());
            issues.iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            said("category,metres\n*,fifty\n*/event,1001\n*,-1\n"),
            [
                "2:3 fault duplicate-bad-metres{text=fifty,most=1000} «fifty»",
                "3:9 fault duplicate-bad-metres{text=1001,most=1000} «1001»",
                "4:3 fault duplicate-bad-metres{text=-1,most=1000} «-1»",
            ]
        );
        assert_eq!(
            said("category,metres\n*,50\n*,20\n"),
            ["3:1 fault duplicate-twice{text=*} «*»"]
        );
        assert_eq!(said("category,metres\n*/event,50\n").len(), 1);
        assert_eq!(said("category\n*\n").len(), 1);
        assert!(!said("").is_empty());
    }
}
