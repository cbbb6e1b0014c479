//! Routes: which unit, and which of its line departments, a case of a category at a place goes to.
//!
//! The most exact row wins: first by category (`gb30428/component/0101` before `gb30428/component/01` before `*`), then by
//! place (the community before the county before everywhere), then the row that began last. Whoever edits the table sees
//! what it would have done, and what it names that nobody knows: such a row would never lead anywhere.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::condition::Conditions;
use crate::issue::Issue;
use crate::message::Message;
use crate::read::sheet::Sheet;

/// One row of the host's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    pub id: String,
    /// A category's code as in its conditions, `layout/kind/code`, the beginning of one, or `*`.
    pub category: String,
    /// Only within this unit; everywhere without one.
    pub within: Option<String>,
    pub to: Target,
    /// Line department that handles it.
    pub department: Option<String>,
    pub from: Date,
    /// The last day, included.
    pub until: Option<Date>,
}

/// The unit that a route leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// This one.
    Unit(String),
    /// The unit of this kind in which the place lies: `@county`.
    OfPlace(String),
}

/// A unit in which a place lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    pub code: String,
    pub kind: String,
}

/// Where a case goes, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routed {
    pub unit: String,
    pub department: Option<String>,
    /// Id of the row that said so.
    pub route: String,
}

const COLUMNS: [&str; 6] = [
    "id",
    "category",
    "within",
    "unit",
    "department",
    "valid_from",
];

impl Route {
    /// Reads a table with the columns `id`, `category`, `within`, `unit` (a code, or `@kind`), `department`, `valid_from`
    /// and, if need be, `valid_to`.
    ///
    /// # Errors
    /// Every row that is wrong, by line and column; then there are no routes.
    pub fn parse_all(csv: &str) -> (Option<Vec<Route>>, Vec<Issue>) {
        let sheet = Sheet::new(csv, &COLUMNS);
        let mut routes: Vec<Route> = vec![];
        for row in sheet.rows() {
            let date = |name: &str| {
                let cell = row.opt_cell(name)?;
                let date = cell.value.parse::<Date>().ok();
                if date.is_none() {
                    let message = Message::new("route-bad-date").with("text", cell.as_str());
                    sheet.fault(&cell.at, message);
                }
                date
            };
            let some = |name: &str| row.opt_cell(name).map(|cell| cell.value.clone());
            let (id, category, unit) = (row.text("id"), row.text("category"), row.text("unit"));
            let from = row.text("valid_from").and_then(|_| date("valid_from"));
            let (Some(id), Some(category), Some(unit), Some(from)) = (id, category, unit, from)
            else {
                continue;
            };
            if routes.iter().any(|known| known.id == id.value) {
                let message = Message::new("route-twice").with("id", id.as_str());
                sheet.fault(&id.at, message);
                continue;
            }
            routes.push(Route {
                id: id.value.clone(),
                category: category.value.clone(),
                within: some("within"),
                to: match unit.strip_prefix('@') {
                    Some(kind) => Target::OfPlace(kind.to_owned()),
                    None => Target::Unit(unit.value.clone()),
                },
                department: some("department"),
                from,
                until: date("valid_to"),
            });
        }
        let sound = !sheet.has_faults();
        (sound.then_some(routes), sheet.into_issues())
    }

    /// What a table names that the host does not have: categories under which nothing can be registered, units and line
    /// departments by their codes, and kinds of units.
    pub fn unknown(
        csv: &str,
        conditions: &Conditions,
        units: &BTreeSet<&str>,
        kinds: &BTreeSet<&str>,
    ) -> Vec<Issue> {
        let sheet = Sheet::new(csv, &COLUMNS);
        let begins = |code: &str| {
            let mut conditions = conditions.iter();
            code == "*" || conditions.any(|condition| condition.category.starts_with(code))
        };
        let said = |key, text: &str| Message::new(key).with("text", text);
        for row in sheet.rows() {
            if let Some(code) = row.opt_cell("category").filter(|code| !begins(code)) {
                let whole: BTreeSet<_> = conditions
                    .iter()
                    .map(|condition| condition.category.as_str())
                    .filter(|category| {
                        let own = category.rsplit('/').next();
                        own.is_some_and(|own| own.starts_with(code.as_str()))
                    })
                    .collect();
                let meant = match whole.first() {
                    Some(meant) => said("route-meant-category", meant),
                    None => Message::new("route-expected-category"),
                };
                sheet.report(&code.at, said("route-unknown-category", code), Some(meant));
            }
            for column in ["within", "unit", "department"] {
                let Some(cell) = row.opt_cell(column) else {
                    continue;
                };
                let (known, key) = match cell.strip_prefix('@').filter(|_| column == "unit") {
                    Some(kind) => (kinds.contains(kind), "route-unknown-kind"),
                    None => (units.contains(cell.as_str()), "route-unknown-unit"),
                };
                if !known {
                    sheet.fault(&cell.at, said(key, cell));
                }
            }
        }
        sheet.into_issues()
    }

    /// How exactly it fits: length of the category, then nearness of the place (the finest is 0); `None`: it does not.
    fn fits(&self, category: &str, place: &[Within], date: Date) -> Option<(usize, usize, Date)> {
        let in_time = self.from <= date && self.until.is_none_or(|until| date <= until);
        let length = match self.category.as_str() {
            "*" => Some(0),
            code => category.starts_with(code).then_some(code.len()),
        }?;
        let near = match &self.within {
            None => Some(0),
            Some(unit) => place
                .iter()
                .position(|within| within.code == *unit)
                .map(|steps| place.len() - steps),
        }?;
        in_time.then_some((length, near, self.from))
    }
}

/// Where a case of this category at a place (its units from the finest up) goes on a day; `None`: no row says so, and a
/// dispatcher has to.
pub fn route(routes: &[Route], category: &str, place: &[Within], date: Date) -> Option<Routed> {
    let mut fitting: Vec<_> = routes
        .iter()
        .filter_map(|route| Some((route.fits(category, place, date)?, route)))
        .collect();
    fitting.sort_by(|(a, left), (b, right)| b.cmp(a).then_with(|| left.id.cmp(&right.id)));
    fitting.into_iter().find_map(|(_, route)| {
        let unit = match &route.to {
            Target::Unit(unit) => unit.clone(),
            Target::OfPlace(kind) => place
                .iter()
                .find(|within| within.kind == *kind)?
                .code
                .clone(),
        };
        Some(Routed {
            unit,
            department: route.department.clone(),
            route: route.id.clone(),
        })
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TABLE: &str = "\
id,category,within,unit,department,valid_from,valid_to
all,*,,@county,,2020-01-01,
covers,gb30428/component/01,,@county,D01,2020-01-01,
water,gb30428/component/0101,,@county,D07,2020-01-01,2022-06-30
water-new,gb30428/component/0101,,@county,D08,2022-07-01,
old-town,gb30428/component/01,421202001000,421202001000,D09,2021-01-01,
community,*,421202001005,@community,,2022-01-01,
";

    fn place(codes: &[(&str, &str)]) -> Vec<Within> {
        codes
            .iter()
            .map(|(code, kind)| Within {
                code: (*code).into(),
                kind: (*kind).into(),
            })
            .collect()
    }

    #[test]
    fn the_most_exact_row_wins() {
        let (routes, issues) = Route::parse_all(TABLE);
        assert_eq!(issues, []);
        let routes = routes.unwrap();
        let in_community = place(&[
            ("421202001005", "community"),
            ("421202001000", "township"),
            ("421202000000", "county"),
        ]);
        let in_town = place(&[("421202001000", "township"), ("421202000000", "county")]);
        let in_county = place(&[("421202000000", "county")]);
        let march = date(2022, 3, 1);
        let august = date(2022, 8, 1);
        #[rustfmt::skip]
        let cases = [
            // category  place          day     row
            ("0201",    &in_county,    march,  Some(("all",       "421202000000", None))),
            ("0199",    &in_county,    march,  Some(("covers",    "421202000000", Some("D01")))),
            ("0101",    &in_county,    march,  Some(("water",     "421202000000", Some("D07")))),
            ("0101",    &in_county,    august, Some(("water-new", "421202000000", Some("D08")))),
            ("0101",    &in_town,      march,  Some(("water",     "421202000000", Some("D07")))),
            ("0199",    &in_town,      march,  Some(("old-town",  "421202001000", Some("D09")))),
            ("0201",    &in_community, march,  Some(("community", "421202001005", None))),
            ("0201",    &in_community, date(2021, 12, 31), Some(("all", "421202000000", None))),
            ("0201",    &in_county,    date(2019, 1, 1),   None),
            ("0201",    &vec![],       march,  None),
        ];
        assert_eq!(
            route(&routes, "gb30428/event/0101", &in_county, march).map(|routed| routed.route),
            Some("all".into()),
            "the same number among events is something else"
        );
        for (category, place, day, expected) in cases {
            let routed = route(
                &routes,
                &format!("gb30428/component/{category}"),
                place,
                day,
            );
            let found = routed.as_ref().map(|routed| {
                (
                    routed.route.as_str(),
                    routed.unit.as_str(),
                    routed.department.as_deref(),
                )
            });
            assert_eq!(found, expected, "{category} {day}");
        }
    }

    #[test]
    fn what_nobody_knows_is_named_where_it_stands() {
        let (conditions, issues) = Conditions::parse(
            "id,layout,kind,code,condition_kinds,limit,limit_unit,closing_kinds\n\
             a,gb30428,component,0101,loose,2,work_day,repaired\n\
             b,gb30428,event,0203,litter,2,work_hour,cleaned\n",
        );
        assert_eq!(issues, []);
        let unknown = |csv: &str| -> Vec<String> {
            let units = BTreeSet::from(["421202000000", "D01"]);
            let kinds = BTreeSet::from(["county"]);
            let issues = Route::unknown(csv, conditions.as_ref().unwrap(), &units, &kinds);
            issues.iter().map(ToString::to_string).collect()
        };
        let head = "id,category,within,unit,department,valid_from\n";
        let sound = "a,*,,@county,,2022-01-01\nb,gb30428/component/01,421202000000,421202000000,D01,2022-01-01\n";
        assert_eq!(unknown(&format!("{head}{sound}")), [""; 0]);
        let wrong = "a,0101,,@conty,,2022-01-01\nb,0301,421299000000,421202000000,D99,2022-01-01\n";
        assert_eq!(
            unknown(&format!("{head}{wrong}")),
            [
                "2:3 fault route-unknown-category{text=0101} «0101» expected route-meant-category{text=gb30428/component/0101}",
                "2:9 fault route-unknown-kind{text=@conty} «@conty»",
                "3:3 fault route-unknown-category{text=0301} «0301» expected route-expected-category",
                "3:8 fault route-unknown-unit{text=421299000000} «421299000000»",
                "3:34 fault route-unknown-unit{text=D99} «D99»",
            ]
        );
    }

    #[test]
    fn every_bad_row_is_named() {
        let (routes, issues) = Route::parse_all(
            "id,category,within,unit,department,valid_from\n\
             a,*,,@county,,2022-01-01\nb,*,,@county,,someday\na,*,,x,,2022-01-01\nc,,,,,2022-01-01\nd,*,,x,,\n",
        );
        assert!(routes.is_none());
        let said: Vec<_> = issues
            .iter()
            .map(|issue| (issue.line, issue.message.key))
            .collect();
        assert_eq!(
            said,
            [
                (3, "route-bad-date"),
                (4, "route-twice"),
                (5, "read-empty-text"),
                (5, "read-empty-text"),
                (6, "read-empty-text"),
            ]
        );
    }
}
