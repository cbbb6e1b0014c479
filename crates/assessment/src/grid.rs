//! Grids: pieces of streets and lanes, and who answers for each of them on a date.
//!
//! Every grid has four duties. A duty is held by a road chief, a unit, a frontage contract or a stewardship, over
//! dates; who held it *on a date* never changes afterwards. Survey cells are kept apart: nobody answers for them.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

/// Days from one to another, both included; open without an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    pub from: Date,
    pub to: Option<Date>,
}

impl Span {
    /// Whether it includes the day.
    pub fn holds(self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// The days that both include.
    pub fn common(self, other: Self) -> Option<Self> {
        let common = Self {
            from: self.from.max(other.from),
            to: match (self.to, other.to) {
                (Some(one), Some(two)) => Some(one.min(two)),
                (one, two) => one.or(two),
            },
        };
        common
            .to
            .is_none_or(|to| common.from <= to)
            .then_some(common)
    }

    /// Whether it includes every day of the other.
    pub fn covers(self, other: Self) -> bool {
        self.from <= other.from
            && match (self.to, other.to) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(own), Some(to)) => to <= own,
            }
    }
}

/// A piece of responsibility, or a survey cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    pub id: String,
    pub name: String,
    /// Code of the unit that it lies in, the finest that is known.
    pub unit: String,
    pub kind: Kind,
    /// The days in which it was drawn so.
    pub span: Span,
}

/// What a grid is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Responsibility for an area (责任网格).
    Area,
    /// Responsibility for a street, drawn as a line.
    Street,
    /// A cell of the survey (单元网格); it has no duties.
    Cell(CellCode),
}

impl Kind {
    /// The word in the database, in files and in `grid-kind-…` of the message files.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::Street => "street",
            Self::Cell(_) => "cell",
        }
    }
}

/// The code of a survey cell: 6 digits of the county, 3 of the street office or township, 3 of the community, and 3
/// that count within the community from 001.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellCode(String);

/// What is wrong with the code of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellFault {
    /// It has not 15 digits, or other characters.
    NotFifteenDigits,
    /// The county, street or sequence is all noughts.
    EmptyPart,
}

impl FromStr for CellCode {
    type Err = CellFault;

    fn from_str(text: &str) -> Result<Self, CellFault> {
        if text.len() != 15 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(CellFault::NotFifteenDigits);
        }
        let empty = |part: &str| part.bytes().all(|byte| byte == b'0');
        if empty(&text[..6]) || empty(&text[6..9]) || empty(&text[12..]) {
            return Err(CellFault::EmptyPart);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for CellCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl CellCode {
    /// County, street, community and sequence.
    pub fn parts(&self) -> [&str; 4] {
        [&self.0[..6], &self.0[6..9], &self.0[9..12], &self.0[12..]]
    }

    /// Whether a division of 12 digits contains the cell: a county by 6 of its digits, a township by 9, a community by
    /// all. Units with other codes are not asked.
    pub fn lies_in(&self, unit: &str) -> bool {
        if unit.len() != 12 || !unit.bytes().all(|byte| byte.is_ascii_digit()) {
            return true;
        }
        let digits = match unit {
            unit if unit.ends_with("000000") => 6,
            unit if unit.ends_with("000") => 9,
            _ => 12,
        };
        self.0[..digits] == unit[..digits]
    }
}

/// The four duties of a grid (四位一体), from the one that commands to the one that answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duty {
    /// 管理
    Management,
    /// 作业
    Operation,
    /// 执法
    Enforcement,
    /// 责任
    Responsibility,
}

impl Duty {
    /// All four, in their order.
    pub const ALL: [Self; 4] = [
        Self::Management,
        Self::Operation,
        Self::Enforcement,
        Self::Responsibility,
    ];

    /// The word in the database, in files and in `grid-duty-…` of the message files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Management => "management",
            Self::Operation => "operation",
            Self::Enforcement => "enforcement",
            Self::Responsibility => "responsibility",
        }
    }

    /// The duty of that word, or of its Chinese name.
    pub fn of(text: &str) -> Option<Self> {
        let chinese = ["管理", "作业", "执法", "责任"];
        Self::ALL
            .into_iter()
            .zip(chinese)
            .find(|(duty, name)| duty.word() == text || *name == text)
            .map(|(duty, _)| duty)
    }
}

/// The level of a road chief: 1 is the highest, 5 the lowest that any host has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(u8);

impl Level {
    /// The level of that number, if there is one.
    pub fn new(number: i64) -> Option<Self> {
        u8::try_from(number)
            .ok()
            .filter(|number| (1..=5).contains(number))
            .map(Self)
    }

    /// 1 … 5.
    pub fn number(self) -> i64 {
        self.0.into()
    }
}

/// One of the four things of a frontage contract (门前四包).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// 包卫生
    Cleanliness,
    /// 包绿化
    Greenery,
    /// 包秩序
    Order,
    /// 包设施
    Facilities,
}

impl Thing {
    /// All four.
    pub const ALL: [Self; 4] = [
        Self::Cleanliness,
        Self::Greenery,
        Self::Order,
        Self::Facilities,
    ];

    /// The word in the database, in files and in `grid-thing-…` of the message files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cleanliness => "cleanliness",
            Self::Greenery => "greenery",
            Self::Order => "order",
            Self::Facilities => "facilities",
        }
    }

    /// The thing of that word, or of its Chinese name.
    pub fn of(text: &str) -> Option<Self> {
        let chinese = ["卫生", "绿化", "秩序", "设施"];
        let text = text.trim_start_matches('包');
        Self::ALL
            .into_iter()
            .zip(chinese)
            .find(|(thing, name)| thing.word() == text || *name == text)
            .map(|(thing, _)| thing)
    }
}

/// Who holds a duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A road chief (路长), with a login if they have an account.
    Chief {
        login: Option<String>,
        name: String,
        level: Level,
    },
    /// A unit, by its code.
    Unit { code: String },
    /// A frontage contract (门前四包): who signed it, and what it covers; by the standing text all four things.
    Frontage {
        party: String,
        things: BTreeSet<Thing>,
    },
    /// A stewardship (包保): a department, a leader's team, cadres who adopted the grid.
    Stewardship { party: String },
}

impl Holder {
    /// The word in the database, in files and in `grid-holder-…` of the message files.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Chief { .. } => "chief",
            Self::Unit { .. } => "unit",
            Self::Frontage { .. } => "frontage",
            Self::Stewardship { .. } => "stewardship",
        }
    }

    fn level(&self) -> Option<Level> {
        match self {
            Self::Chief { level, .. } => Some(*level),
            _ => None,
        }
    }
}

/// A duty of one grid in somebody's hands over dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenure {
    pub duty: Duty,
    /// A stretch of the grid that it is held for, such as one shop's frontage; the whole grid without one.
    pub part: Option<String>,
    pub holder: Holder,
    pub span: Span,
    /// How often a week the holder has to walk the grid; 0: no patrol duty.
    pub patrols_per_week: u8,
}

/// Who holds what on a day, duties in their order; first who holds the whole grid, then parts of it.
pub fn held_on(tenures: &[Tenure], day: Date) -> Vec<&Tenure> {
    let mut held: Vec<&Tenure> = tenures
        .iter()
        .filter(|tenure| tenure.span.holds(day))
        .collect();
    held.sort_by_key(|tenure| (tenure.duty, tenure.part.clone()));
    held
}

/// What is wrong with the duties of a grid. Numbers are places in the list of tenures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A duty of the same part is held twice in these days.
    TwoHolders {
        duty: Duty,
        first: usize,
        second: usize,
        span: Span,
    },
    /// Nobody holds the duty for the whole grid in these days.
    Gap { duty: Duty, span: Span },
    /// A chief of a lower level stands above one of a higher in the order of the duties.
    LevelsOutOfOrder {
        above: usize,
        below: usize,
        span: Span,
    },
    /// It is held when the grid is not there.
    OutsideGrid { tenure: usize },
}

/// Everything that is wrong with the duties of a grid that is there in `span`.
pub fn faults(span: Span, tenures: &[Tenure]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (tenure, _) in outside(span, tenures) {
        faults.push(Fault::OutsideGrid { tenure });
    }
    for (first, one) in tenures.iter().enumerate() {
        for (second, other) in tenures.iter().enumerate().skip(first + 1) {
            let Some(common) = one.span.common(other.span) else {
                continue;
            };
            if one.duty == other.duty && one.part == other.part {
                faults.push(Fault::TwoHolders {
                    duty: one.duty,
                    first,
                    second,
                    span: common,
                });
            }
            let (above, below) = if one.duty <= other.duty {
                (first, second)
            } else {
                (second, first)
            };
            let level = |at: usize| tenures[at].holder.level();
            if one.duty != other.duty && level(above) > level(below) && level(below).is_some() {
                faults.push(Fault::LevelsOutOfOrder {
                    above,
                    below,
                    span: common,
                });
            }
        }
    }
    for duty in Duty::ALL {
        faults.extend(gaps(span, duty, tenures).map(|span| Fault::Gap { duty, span }));
    }
    faults
}

fn outside(span: Span, tenures: &[Tenure]) -> impl Iterator<Item = (usize, &Tenure)> {
    tenures
        .iter()
        .enumerate()
        .filter(move |(_, tenure)| !span.covers(tenure.span))
}

/// The days of the grid in which nobody holds the duty for the whole of it.
fn gaps(span: Span, duty: Duty, tenures: &[Tenure]) -> impl Iterator<Item = Span> {
    let mut held: Vec<Span> = tenures
        .iter()
        .filter(|tenure| tenure.duty == duty && tenure.part.is_none())
        .filter_map(|tenure| tenure.span.common(span))
        .collect();
    held.sort_by_key(|held| held.from);
    let mut gaps = Vec::new();
    // The first day that is not yet known to be held; none when somebody holds it for good.
    let mut next = Some(span.from);
    for held in held {
        let Some(day) = next else { break };
        if day < held.from {
            gaps.push(Span {
                from: day,
                to: Some(held.from - 1.day()),
            });
        }
        // After the last day of the calendar nothing is left to hold.
        next = held
            .to
            .and_then(|to| to.tomorrow().ok())
            .map(|after| day.max(after));
    }
    if let Some(day) = next.filter(|day| span.holds(*day)) {
        gaps.push(Span {
            from: day,
            to: span.to,
        });
    }
    gaps.into_iter()
}

/// The patrols of one week, from Monday to Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    pub monday: Date,
    pub due: u32,
    pub done: u32,
    /// Its last day has passed.
    pub over: bool,
}

impl Week {
    /// Patrols that can no longer be done.
    pub fn missed(self) -> u32 {
        if self.over {
            self.due.saturating_sub(self.done)
        } else {
            0
        }
    }
}

/// The weeks that have begun by `today` in which somebody holds a grid, oldest first. `tenures` are what they hold of it:
/// several duties are patrolled together, and on each day the most frequent counts. Of a week that is held in part only, so
/// many sevenths are due, rounded down. `done` are the days of recorded patrols; a day counts once, or, where more than seven
/// a week are due, for its share of them, rounded up.
pub fn weeks(tenures: &[Tenure], done: &[Date], today: Date) -> Vec<Week> {
    let monday_of = |day: Date| match day.weekday() {
        Weekday::Monday => day,
        weekday => day - i64::from(weekday.to_monday_zero_offset()).days(),
    };
    let a_week = |day: Date| {
        let held = tenures.iter().filter(|tenure| tenure.span.holds(day));
        held.map(|tenure| u32::from(tenure.patrols_per_week)).max()
    };
    let Some(first) = tenures.iter().map(|tenure| tenure.span.from).min() else {
        return Vec::new();
    };
    let until = |tenure: &Tenure| tenure.span.to.map_or(today, |to| to.min(today));
    let last = tenures.iter().map(until).max().unwrap_or(today);
    let mut weeks = Vec::new();
    let mut monday = monday_of(first);
    while monday <= last {
        let (mut sevenths, mut counted) = (0, 0);
        for day in (0..7).map(|day| monday + day.days()) {
            let Some(a_week) = a_week(day) else { continue };
            let walked = done.iter().filter(|done| **done == day).count() as u32;
            sevenths += a_week;
            counted += walked.min(a_week.div_ceil(7));
        }
        weeks.push(Week {
            monday,
            due: sevenths / 7,
            done: counted,
            over: monday + 6.days() < today,
        });
        monday = monday + 7.days();
    }
    weeks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn span(text: &str) -> Span {
        let (from, to) = text.split_once("..").unwrap();
        Span {
            from: day(from),
            to: (!to.is_empty()).then(|| day(to)),
        }
    }

    fn chief(duty: Duty, level: i64, days: &str) -> Tenure {
        Tenure {
            duty,
            part: None,
            holder: Holder::Chief {
                login: None,
                name: format!("{level}级路长"),
                level: Level::new(level).unwrap(),
            },
            span: span(days),
            patrols_per_week: 5,
        }
    }

    #[test]
    fn a_cell_code_has_four_parts() {
        let code: CellCode = "421202001002017".parse().unwrap();
        assert_eq!(code.parts(), ["421202", "001", "002", "017"]);
        #[rustfmt::skip]
        let cases = [
            ("421202001002017",  Ok(())),
            ("42120200100201",   Err(CellFault::NotFifteenDigits)),
            ("42120200100201a",  Err(CellFault::NotFifteenDigits)),
            ("４２１２０",         Err(CellFault::NotFifteenDigits)),
            ("421202001002000",  Err(CellFault::EmptyPart)),
            ("000000001002001",  Err(CellFault::EmptyPart)),
            ("421202000002001",  Err(CellFault::EmptyPart)),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<CellCode>().map(|_| ()), expected, "{text}");
        }
        #[rustfmt::skip]
        let units = [
            ("421202001002", true),
            ("421202001000", true),
            ("421202000000", true),
            ("421202001005", false),
            ("421221000000", false),
            ("XN-CENTRE",    true),
        ];
        for (unit, lies) in units {
            assert_eq!(code.lies_in(unit), lies, "{unit}");
        }
    }

    #[test]
    fn levels_are_one_to_five() {
        assert_eq!(Level::new(1).map(Level::number), Some(1));
        assert_eq!(
            (Level::new(0), Level::new(6), Level::new(-1)),
            (None, None, None)
        );
    }

    #[test]
    fn who_held_a_duty_on_a_day_does_not_change_afterwards() {
        let tenures = [
            chief(Duty::Management, 3, "2022-01-01..2022-06-30"),
            chief(Duty::Management, 2, "2022-07-01.."),
        ];
        #[rustfmt::skip]
        let cases = [
            ("2021-12-31", None),
            ("2022-01-01", Some(3)),
            ("2022-06-30", Some(3)),
            ("2022-07-01", Some(2)),
            ("2038-01-19", Some(2)),
        ];
        for (on, level) in cases {
            let held = held_on(&tenures, day(on));
            let found = held.first().and_then(|held| held.holder.level());
            assert_eq!(found.map(Level::number), level, "{on}");
        }
    }

    #[test]
    fn faults_of_duties_are_named_with_their_days() {
        use Duty::*;
        let whole = |duty| chief(duty, 3, "2022-01-01..");
        let shop = |part: &str| Tenure {
            part: Some(part.to_owned()),
            ..whole(Responsibility)
        };
        let others = || vec![whole(Operation), whole(Enforcement), whole(Responsibility)];
        let with = |mut more: Vec<Tenure>| {
            more.extend(others());
            more
        };
        #[rustfmt::skip]
        let cases: [(&str, Vec<Tenure>, Vec<Fault>); 8] = [
            ("all held", with(vec![whole(Management)]), vec![]),
            ("nobody manages", others(), vec![Fault::Gap { duty: Management, span: span("2022-01-01..") }]),
            ("a month without", with(vec![chief(Management, 3, "2022-01-01..2022-03-31"), chief(Management, 3, "2022-05-01..")]),
                vec![Fault::Gap { duty: Management, span: span("2022-04-01..2022-04-30") }]),
            ("one day twice", with(vec![chief(Management, 3, "2022-01-01..2022-04-01"), chief(Management, 3, "2022-04-01..")]),
                vec![Fault::TwoHolders { duty: Management, first: 0, second: 1, span: span("2022-04-01..2022-04-01") }]),
            ("two shops", with(vec![whole(Management), shop("1号"), shop("2号")]), vec![]),
            ("one shop twice", with(vec![whole(Management), shop("1号"), shop("1号")]),
                vec![Fault::TwoHolders { duty: Responsibility, first: 1, second: 2, span: span("2022-01-01..") }]),
            ("a lower chief commands", with(vec![chief(Management, 4, "2022-01-01..")]), vec![
                Fault::LevelsOutOfOrder { above: 0, below: 1, span: span("2022-01-01..") },
                Fault::LevelsOutOfOrder { above: 0, below: 2, span: span("2022-01-01..") },
                Fault::LevelsOutOfOrder { above: 0, below: 3, span: span("2022-01-01..") },
            ]),
            ("before the grid", with(vec![chief(Management, 3, "2021-12-31..")]), vec![Fault::OutsideGrid { tenure: 0 }]),
        ];
        for (what, tenures, expected) in cases {
            assert_eq!(faults(span("2022-01-01.."), &tenures), expected, "{what}");
        }
        let ended = faults(span("2022-01-01..2022-12-31"), &[]);
        assert_eq!(ended.len(), 4);
    }

    #[test]
    fn a_week_says_what_was_due_done_and_missed() {
        // 2022-03-02 is a Wednesday: five of seven days of five patrols are three.
        let tenure = chief(Duty::Management, 3, "2022-03-02..2022-03-16");
        let done = [
            "2022-03-01",
            "2022-03-02",
            "2022-03-03",
            "2022-03-06",
            "2022-03-08",
            // Often on one day is once.
            "2022-03-08",
            "2022-03-08",
        ]
        .map(day);
        let say = |tenures: &[Tenure], done: &[Date]| -> Vec<_> {
            weeks(tenures, done, day("2022-03-14"))
                .iter()
                .map(|week| (week.monday.to_string(), week.due, week.done, week.missed()))
                .collect()
        };
        assert_eq!(
            say(std::slice::from_ref(&tenure), &done),
            [
                ("2022-02-28".to_owned(), 3, 3, 0),
                ("2022-03-07".to_owned(), 5, 1, 4),
                ("2022-03-14".to_owned(), 2, 0, 0),
            ]
        );
        // Two duties of a grid are patrolled together, and a grid that was drawn anew in between is one.
        let rarely = Tenure {
            patrols_per_week: 2,
            ..chief(Duty::Operation, 3, "2022-03-07..")
        };
        let before = chief(Duty::Management, 3, "2022-03-07..2022-03-09");
        let after = chief(Duty::Management, 3, "2022-03-10..2022-03-13");
        assert_eq!(
            say(&[rarely, before, after], &done),
            [
                ("2022-03-07".to_owned(), 5, 1, 4),
                ("2022-03-14".to_owned(), 2, 0, 0)
            ]
        );
        // Two a day are due here.
        let often = Tenure {
            patrols_per_week: 14,
            ..chief(Duty::Management, 3, "2022-03-07..2022-03-13")
        };
        assert_eq!(say(&[often], &done), [("2022-03-07".to_owned(), 14, 2, 12)]);
        assert_eq!(say(&[], &done), []);
    }

    #[test]
    fn the_last_day_of_the_calendar_has_none_after_it() {
        let tenures = [chief(Duty::Management, 3, "2022-01-01..9999-12-31")];
        let gaps = faults(span("2022-01-01.."), &tenures).into_iter();
        let gaps = gaps.filter(|fault| {
            matches!(
                fault,
                Fault::Gap {
                    duty: Duty::Management,
                    ..
                }
            )
        });
        assert_eq!(gaps.count(), 0);
    }
}
