//! A scheme: the rules of one evaluation, as its file says them.
//!
//! The language is described in the manual, `docs/manual/scheme.md`; the numbers of its sections are quoted here.
//! References between tables are resolved to indexes when the file is read, so a [`Scheme`] never names what is not there.

pub mod check;
pub mod diff;
pub mod explain;
pub mod formula;
pub(crate) mod parse;

use std::{collections::BTreeMap, ops::Range};

use jiff::civil::{Date, DateTime};

use crate::{
    facts::DigestText,
    finding::{Finder, Severity, Status},
    message::Words,
    month::Month,
    points::{Mode, Points},
};
pub use formula::{Condition, Expression};
pub use parse::parse;

/// Index into [`Scheme::items`].
pub type ItemIndex = usize;
/// Index into [`Scheme::groups`].
pub type GroupIndex = usize;
/// Index into [`Scheme::rankings`].
pub type RankingIndex = usize;

/// The rules of one evaluation.
#[derive(Clone, Debug)]
pub struct Scheme {
    /// Identifier of this text.
    pub id: String,
    /// The evaluation that goes on over the years under changing rules.
    pub series: String,
    /// The series whose evidence it looks at; its own unless said otherwise.
    pub evidence: String,
    pub title: Words,
    pub host: Words,
    /// First and, if it ends, last month in which it holds.
    pub from: Month,
    pub to: Option<Month>,
    pub every: Every,
    pub cutoff: Cutoff,
    /// Id of the indicator catalogue it uses.
    pub standard: Option<String>,
    pub legal: Vec<Words>,
    pub about: Option<Words>,
    pub indicators: Vec<OwnIndicator>,
    pub must_checks: Vec<MustCheck>,
    pub exemptions: Vec<Exemption>,
    pub groups: Vec<Group>,
    pub exceptions: Vec<Exception>,
    pub items: Vec<Item>,
    pub rankings: Vec<Ranking>,
    pub awards: Vec<Award>,
    pub deposits: Vec<Deposit>,
    /// What its bulletin says beside the ranking.
    pub bulletin: BulletinRules,
    /// SHA-256 of the text it was read from.
    pub digest: DigestText,
    /// Where the head of the file names its validity.
    pub months_at: Range<usize>,
}

/// Where a number comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The clause that it implements.
    pub source: Option<String>,
    /// Not public or not decided: filled in by the author of the file.
    pub assumed: bool,
    /// Bytes of the table in the file.
    pub at: Range<usize>,
}

/// How long one round lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    Month,
    Quarter,
    HalfYear,
    Year,
}

impl Every {
    /// Length in months.
    pub fn months(self) -> i32 {
        match self {
            Every::Month => 1,
            Every::Quarter => 3,
            Every::HalfYear => 6,
            Every::Year => 12,
        }
    }
}

/// Which month counts what (§4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cutoff {
    /// Last day of a month's window; `None`: the month's last day.
    pub last_day: Option<i8>,
    pub findings: By,
    pub rectification: By,
    pub status_days: i64,
    pub origin: Origin,
}

/// By which time a finding belongs to a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    Found,
    Due,
}

/// By which time a case belongs to a round (§7.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseBy {
    Load,
    Dispatched,
    Due,
    Handled,
}

/// The window of a round, half open, and its reading moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub start: DateTime,
    pub end: DateTime,
    pub read: DateTime,
}

impl Window {
    /// Whether the moment lies in the window.
    pub fn holds(&self, at: DateTime) -> bool {
        self.start <= at && at < self.end
    }
}

/// An indicator that a small scheme brings along.
#[derive(Clone, Debug)]
pub struct OwnIndicator {
    pub id: String,
    pub title: Words,
    pub points: PointsBySeverity,
    pub heading: Option<String>,
    pub aspect: Option<String>,
    pub block: Option<String>,
    pub origin: Origin,
}

/// Points for each severity; `None`: this severity has no points, and a finding of it refuses the month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PointsBySeverity(pub [Option<Points>; 3]);

impl PointsBySeverity {
    pub fn of(&self, severity: Severity) -> Option<&Points> {
        self.0[severity as usize].as_ref()
    }
}

/// Without so many visits the month is refused.
#[derive(Clone, Debug)]
pub struct MustCheck {
    pub unit: String,
    pub stratum: String,
    pub at_least: usize,
    pub title: Words,
    pub origin: Origin,
}

/// Place, season and indicators where a finding counts nowhere.
#[derive(Clone, Debug)]
pub struct Exemption {
    pub title: Words,
    pub indicators: Vec<String>,
    /// Ids of sites; empty: everywhere.
    pub sites: Vec<String>,
    pub from: Date,
    pub to: Date,
    pub origin: Origin,
}

/// Participants that are treated alike.
#[derive(Clone, Debug)]
pub struct Group {
    pub id: String,
    pub title: Words,
    pub units: GroupUnits,
    pub ranked: bool,
    pub paid: bool,
    pub origin: Origin,
}

#[derive(Clone, Debug)]
pub enum GroupUnits {
    Listed(Vec<String>),
    Selected {
        kind: Option<String>,
        under: Option<String>,
        attributes: BTreeMap<String, String>,
    },
}

/// What is different for a single participant.
#[derive(Clone, Debug)]
pub struct Exception {
    pub unit: String,
    pub ranked: Option<bool>,
    pub paid: Option<bool>,
    pub origin: Origin,
}

/// A named quantity with one value for each participant (§6).
#[derive(Clone, Debug)]
pub struct Item {
    pub id: String,
    pub title: Words,
    pub how: How,
    /// `None`: all groups.
    pub groups: Option<Vec<GroupIndex>>,
    pub scope: Scope,
    pub missing: Missing,
    pub max: Option<Points>,
    pub min: Option<Points>,
    pub full: Option<Full>,
    pub vetoes: Vec<ItemVeto>,
    pub round: Option<Rounding>,
    pub origin: Origin,
}

impl Item {
    /// Whether the item exists for the participants of a group.
    pub fn is_for(&self, group: GroupIndex) -> bool {
        self.groups
            .as_ref()
            .is_none_or(|groups| groups.contains(&group))
    }
}

/// What an item has a value for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    Unit,
    Child,
    Visit,
}

/// What happens when a value cannot be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    Refuse,
    Stated(Points),
    Item(ItemIndex),
    Pass,
}

/// A full mark: cut above, raised to zero below, unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Full {
    pub mark: Points,
    pub above: bool,
    pub below_zero: bool,
}

#[derive(Clone, Debug)]
pub struct ItemVeto {
    pub title: Words,
    pub when: Condition,
    pub set: Points,
    pub origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounding {
    pub digits: u32,
    pub mode: Mode,
}

/// The kinds of items (§7).
#[derive(Clone, Debug)]
pub enum How {
    Deduct(Deduct),
    Count(Count),
    Ratio {
        of: ItemIndex,
        to: ItemIndex,
        scale: Points,
    },
    Measure {
        key: String,
        whole: bool,
    },
    Attribute {
        name: String,
    },
    Sum(Sum),
    Adjust {
        of: ItemIndex,
        changes: Vec<Change>,
    },
    Steps {
        of: ItemIndex,
        steps: Vec<Step>,
    },
    Linear {
        of: ItemIndex,
        points: Vec<(Points, Points)>,
    },
    Grades {
        key: String,
        grades: BTreeMap<String, Points>,
        out_of: Points,
    },
    Over(Over),
    Change {
        of: ItemIndex,
        against: Against,
        percent: bool,
    },
    Period(Period),
    Rank {
        of: ItemIndex,
        end: bool,
        best: Best,
        all: bool,
    },
    Result {
        series: String,
        item: String,
        last_month: bool,
    },
    Formula(Expression),
}

/// A start value less counted deductions (§7.1).
#[derive(Clone, Debug)]
pub struct Deduct {
    pub start: Points,
    pub by: By,
    pub clauses: Vec<Clause>,
    pub escalations: Vec<Escalation>,
    pub per: Option<(Per, Points)>,
    pub max_deduction: Option<Points>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    Visit,
    Site,
    Km,
}

#[derive(Clone, Debug)]
pub struct Clause {
    pub id: String,
    pub title: Option<Words>,
    pub matches: Match,
    pub points: ClausePoints,
    pub cap_per_indicator: Option<Points>,
    pub floor_per_indicator: Option<Points>,
    pub cap: Option<Points>,
    pub floor: Option<Points>,
    /// Percent that the second unit bears.
    pub split: Option<Points>,
    pub origin: Origin,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClausePoints {
    BySeverity(PointsBySeverity),
    Indicator,
}

#[derive(Clone, Debug)]
pub struct Escalation {
    pub id: String,
    pub title: Option<Words>,
    pub matches: Match,
    pub effect: Effect,
    pub origin: Origin,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    Add(ClausePoints),
    Replace(ClausePoints),
    Times(Points),
}

/// Which findings or cases are meant; empty lists and `None` fit everything (§7.14).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Match {
    pub indicators: Vec<String>,
    pub headings: Vec<String>,
    pub aspects: Vec<String>,
    pub blocks: Vec<String>,
    pub severity: Vec<Severity>,
    pub found_by: Vec<Finder>,
    pub status: Vec<Status>,
    pub strata: Vec<String>,
    pub repeated: Option<u32>,
    pub relapsed: Option<bool>,
    pub failed: Option<u32>,
    pub categories: Vec<String>,
    pub extended: Option<bool>,
    pub suspended: Option<bool>,
    pub returned: Option<bool>,
    pub reworked: Option<bool>,
    pub voided: bool,
}

#[derive(Clone, Debug)]
pub struct Count {
    pub of: CountOf,
    pub matches: Match,
    /// Of all participants together.
    pub whole: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountOf {
    Findings(By),
    Cases(CaseBy),
    Visits,
    Sites,
    Km,
}

#[derive(Clone, Debug)]
pub struct Sum {
    pub percent: bool,
    pub reweigh: bool,
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug)]
pub struct Part {
    pub item: ItemIndex,
    pub weight: Points,
    pub origin: Origin,
}

#[derive(Clone, Debug)]
pub struct Change {
    pub unit: String,
    pub add: Points,
    pub origin: Origin,
}

#[derive(Clone, Debug)]
pub struct Step {
    /// `None`: below all others.
    pub from: Option<Points>,
    pub value: Points,
    pub slope: Points,
    pub origin: Origin,
}

#[derive(Clone, Debug)]
pub struct Over {
    pub of: ItemIndex,
    pub members: Members,
    pub aggregate: Aggregate,
    pub weight: Option<String>,
    pub drop_lowest: usize,
    pub drop_highest: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Members {
    /// Visits to sites of these strata; empty: all.
    Visits(Vec<String>),
    /// Lower units of this kind.
    Children(String),
    Group,
    All,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aggregate {
    Mean,
    Sum,
    Min,
    Max,
    Median,
    /// Oldest first.
    Weighted(Vec<Points>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    LastMonth,
    SameMonthLastYear,
}

#[derive(Clone, Debug)]
pub struct Period {
    /// Name of the item in the results, and its index if this month's value is our own.
    pub name: String,
    pub own: Option<ItemIndex>,
    pub series: String,
    pub span: Span,
    pub aggregate: Aggregate,
    pub drop_lowest: usize,
    pub drop_highest: usize,
    pub skip_absent: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Months(i32),
    Quarter,
    HalfYear,
    Year,
}

impl Span {
    /// The first month of the span that ends with `month`.
    pub fn start(self, month: Month) -> Month {
        let into = i32::from(month.month()) - 1;
        match self {
            Span::Months(count) => month.plus(1 - count),
            Span::Quarter => month.plus(-(into % 3)),
            Span::HalfYear => month.plus(-(into % 6)),
            Span::Year => month.plus(-into),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Best {
    High,
    Low,
}

/// A table of places (§9).
#[derive(Clone, Debug)]
pub struct Ranking {
    pub id: String,
    pub title: Words,
    pub of: ItemIndex,
    pub groups: Option<Vec<GroupIndex>>,
    pub apart: Apart,
    pub best: Best,
    pub round: Rounding,
    /// The rounded figure decides, not the exact one.
    pub by_rounded: bool,
    pub ties: Ties,
    pub bands: Vec<Band>,
    pub vetoes: Vec<RankingVeto>,
    pub origin: Origin,
}

impl Ranking {
    pub fn is_for(&self, group: GroupIndex) -> bool {
        self.groups
            .as_ref()
            .is_none_or(|groups| groups.contains(&group))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apart {
    None,
    Group,
    Parent,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ties {
    Share,
    Dense,
    Then(Vec<(ItemIndex, Best)>),
    Listed,
}

#[derive(Clone, Debug)]
pub struct Band {
    pub id: String,
    pub title: Words,
    pub from: Option<Points>,
    pub quota: Option<Quota>,
    pub origin: Origin,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quota {
    Count(usize),
    /// Share of those ranked, rounded down: `0.2`.
    Share(Points),
}

#[derive(Clone, Debug)]
pub struct RankingVeto {
    pub title: Words,
    pub when: Condition,
    pub effect: VetoEffect,
    pub origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VetoEffect {
    Last,
    Unranked,
    Unpaid,
}

/// What a place, a band or a quantity brings (§10).
#[derive(Clone, Debug)]
pub struct Award {
    pub id: String,
    pub title: Words,
    pub ranking: RankingIndex,
    pub who: Who,
    pub what: What,
    pub when: Option<Condition>,
    pub consecutive: Option<i32>,
    /// So often in so many months.
    pub within: Option<(i32, i32)>,
    pub prizes: Option<usize>,
    pub shared: Option<Shared>,
    pub remainder: Option<Remainder>,
    /// `each` and `percent_of` are cut towards zero instead of rounded half up.
    pub fen_down: bool,
    pub origin: Origin,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// These places from the front and from the end.
    Places {
        front: Vec<usize>,
        end: Vec<usize>,
    },
    Band(String),
    Every,
}

#[derive(Clone, Debug)]
pub enum What {
    /// Fen for the first, second, … and for the last, last but one, …
    ByPlace {
        front: Vec<i128>,
        end: Vec<i128>,
    },
    Fixed(i128),
    /// Value of the item × fen.
    Each {
        item: ItemIndex,
        fen: Points,
    },
    PercentOf {
        item: ItemIndex,
        percent: Points,
    },
    Fund {
        fen: i128,
        by: ItemIndex,
    },
    Give {
        what: Gift,
        name: Words,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gift {
    Plaque,
    Flag,
    Certificate,
    Title,
    Duty,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    Divide,
    Each,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remainder {
    Host,
    First,
}

/// What the bulletin of an evaluation says (§11).
#[derive(Clone, Debug, Default)]
pub struct BulletinRules {
    /// Name of the evaluation in running text.
    pub evaluation: Option<Words>,
    /// 发文机关代字: the letters of the document number.
    pub number: Option<String>,
    pub recipients: Vec<Words>,
    pub copies: Vec<Words>,
    /// The ranking that leads.
    pub ranking: Option<RankingIndex>,
    /// Items shown beside the score.
    pub components: Vec<ItemIndex>,
    /// The score before a handicap.
    pub before: Option<ItemIndex>,
    /// The item whose mean over the participants is reported.
    pub average: Option<ItemIndex>,
    /// Block of the catalogue whose findings are counted by heading.
    pub block: Option<String>,
    pub red_property: Option<RedPropertyRules>,
    /// Series whose first and last participants are named, one for each county.
    pub townships: Vec<String>,
    pub departments: Option<DepartmentRules>,
}

impl BulletinRules {
    /// The other evaluations that the bulletin reports.
    pub fn series(&self) -> Vec<String> {
        let red = self
            .red_property
            .iter()
            .map(|section| section.series.clone());
        let departments = self
            .departments
            .iter()
            .map(|section| section.series.clone());
        red.chain(departments)
            .chain(self.townships.iter().cloned())
            .collect()
    }
}

/// The section on residential compounds.
#[derive(Clone, Debug)]
pub struct RedPropertyRules {
    pub average: ItemIndex,
    pub block: String,
    /// Series whose groups are the management types.
    pub series: String,
    /// Attribute of a compound that says its management type; groups of the series bear its values.
    pub by: String,
}

/// The table of the departments: names of items in their series.
#[derive(Clone, Debug)]
pub struct DepartmentRules {
    pub series: String,
    pub numerator: String,
    pub denominator: String,
    pub rate: String,
    pub extended: String,
    pub suspended: String,
    pub voided: String,
    pub overdue_open: String,
}

/// Money paid in beforehand and drawn down.
#[derive(Clone, Debug)]
pub struct Deposit {
    pub id: String,
    pub title: Words,
    /// Paid in, fen.
    pub fen: i128,
    /// Item and fen for each of it.
    pub draws: Vec<(ItemIndex, Points)>,
    pub below_zero: bool,
    pub return_in: Vec<i8>,
    pub ranking: Option<RankingIndex>,
    /// Score at least → percent of the balance.
    pub returns: Vec<(Option<Points>, Points)>,
    pub origin: Origin,
}

impl Scheme {
    /// Whether it has a round in that month (§3).
    pub fn holds_in(&self, month: Month) -> bool {
        self.from <= month
            && self.to.is_none_or(|to| month <= to)
            && i32::from(month.month()) % self.every.months() == 0
    }

    /// The window of the round that ends in `month`, and its reading moment (§4).
    pub fn window(&self, month: Month) -> Window {
        let after = |month: Month| match self.cutoff.last_day {
            None => month.plus(1).first_day(),
            Some(day) => Date::constant(month.year(), month.month(), day)
                .tomorrow()
                .expect("a civil day has a next"),
        };
        let start = after(month.plus(-self.every.months())).at(0, 0, 0, 0);
        let end = after(month).at(0, 0, 0, 0);
        let read = jiff::Span::new().days(self.cutoff.status_days);
        Window {
            start,
            end,
            read: end
                .checked_add(read)
                .expect("the calendar goes on for so many days"),
        }
    }

    /// Whether any part of the rules is assumed by the author of the file.
    pub fn has_assumed(&self) -> bool {
        self.cutoff.origin.assumed
            || self
                .items
                .iter()
                .any(|item| item.origin.assumed || item.how.assumed())
            || self.rankings.iter().any(|ranking| ranking.origin.assumed)
            || self.awards.iter().any(|award| award.origin.assumed)
            || self.deposits.iter().any(|deposit| deposit.origin.assumed)
            || self
                .indicators
                .iter()
                .any(|indicator| indicator.origin.assumed)
    }

    /// Titles of what is wholly or partly assumed by the author of the file: own indicators, items, rankings, awards and
    /// deposits, in the order in which a reader meets them; each title once. The cut-off has no title: it is told by
    /// [`Scheme::has_assumed`] and by its article.
    pub fn assumed(&self) -> Vec<&Words> {
        let indicators = self
            .indicators
            .iter()
            .filter(|each| each.origin.assumed)
            .map(|each| &each.title);
        let items = self
            .items
            .iter()
            .filter(|each| each.origin.assumed || each.how.assumed())
            .map(|each| &each.title);
        let rankings = self
            .rankings
            .iter()
            .filter(|each| each.origin.assumed)
            .map(|each| &each.title);
        let awards = self
            .awards
            .iter()
            .filter(|each| each.origin.assumed)
            .map(|each| &each.title);
        let deposits = self
            .deposits
            .iter()
            .filter(|each| each.origin.assumed)
            .map(|each| &each.title);
        let mut titles: Vec<&Words> = vec![];
        for title in indicators
            .chain(items)
            .chain(rankings)
            .chain(awards)
            .chain(deposits)
        {
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
        titles
    }

    /// The values of earlier rounds and other evaluations that it may look at: series and name.
    pub fn looks_back(&self) -> Vec<(String, String)> {
        let mut names = vec![];
        let mut own = |name: String| names.push((self.series.clone(), name));
        for item in &self.items {
            if let How::Change { of, .. } = item.how {
                own(self.items[of].id.clone());
            }
        }
        for award in self
            .awards
            .iter()
            .filter(|award| award.consecutive.is_some() || award.within.is_some())
        {
            let ranking = &self.rankings[award.ranking].id;
            own(format!("place.{ranking}"));
            own(format!("last.{ranking}"));
        }
        for deposit in &self.deposits {
            own(format!("deposit.{}", deposit.id));
        }
        for item in &self.items {
            match &item.how {
                How::Period(period) => names.push((period.series.clone(), period.name.clone())),
                How::Result { series, item, .. } => names.push((series.clone(), item.clone())),
                _ => {}
            }
        }
        names.sort();
        names.dedup();
        names
    }

    pub fn item(&self, id: &str) -> Option<ItemIndex> {
        self.items.iter().position(|item| item.id == id)
    }
}

impl How {
    fn assumed(&self) -> bool {
        match self {
            How::Deduct(deduct) => {
                deduct.clauses.iter().any(|clause| clause.origin.assumed)
                    || deduct
                        .escalations
                        .iter()
                        .any(|escalation| escalation.origin.assumed)
            }
            How::Sum(sum) => sum.parts.iter().any(|part| part.origin.assumed),
            How::Adjust { changes, .. } => changes.iter().any(|change| change.origin.assumed),
            How::Steps { steps, .. } => steps.iter().any(|step| step.origin.assumed),
            _ => false,
        }
    }

    /// Items that this kind names, with whether they are of the scope below.
    pub fn names(&self) -> Vec<ItemIndex> {
        match self {
            How::Deduct(_)
            | How::Count(_)
            | How::Measure { .. }
            | How::Attribute { .. }
            | How::Grades { .. }
            | How::Result { .. } => vec![],
            How::Ratio { of, to, .. } => vec![*of, *to],
            How::Sum(sum) => sum.parts.iter().map(|part| part.item).collect(),
            How::Adjust { of, .. }
            | How::Steps { of, .. }
            | How::Linear { of, .. }
            | How::Change { of, .. }
            | How::Rank { of, .. } => vec![*of],
            How::Over(over) => vec![over.of],
            How::Period(period) => period.own.into_iter().collect(),
            How::Formula(expression) => expression.items(),
        }
    }
}
