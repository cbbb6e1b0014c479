//! Cases at the desk: one list for map, list and table; a case with its clock, its pictures and what can be done to it.

pub mod bulk;
pub mod export;
pub mod notice;
pub mod photos;
pub mod rates;
pub mod report;
pub mod rules;
pub mod views;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use askama::Template;
use assessment::calendar::DayKind;
use assessment::case::condition::Condition;
use assessment::case::deadline::{Deadline, Lamp, Limit, LimitUnit, StepKind};
use assessment::case::life::{self, Act, Kind, Life, Request, Stage};
use assessment::case::route::Routed;
use assessment::facts::time_text;
use assessment::finding::Word as _;
use assessment::message::Message;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::html_or_json;
use super::called::People;
use super::error::{Error, Result};
use super::fields::text_of;
use super::page::Page;
use super::public::bulletin::XLSX;
use super::public::evidence::file;
use super::public::part::Island;
use super::report::unit_name;
use crate::bulletin::table::Table;
use crate::bulletin::xlsx;
use crate::casework::{self, Ask, Opened, Practice};
use crate::clock::{civil, day_of};
use crate::datum::{self, Datum, decimal};
use crate::standard::cases::CaseData;
use crate::store::case::correction::Said;
use crate::store::case::list::{CaseFilter, FLAGS};
use crate::store::case::map::CasePoint;
use crate::store::case::rates::OfRate;
use crate::store::case::{CaseRow, CaseStep, Clocked};
use crate::store::case_rules::Reply;
use crate::store::field_photo::Hand;
use crate::store::saved_view::SavedView;
use crate::store::unit::{self, UnitRow};
use crate::viewer::Role;
use crate::words::Language;

/// Cases on a page.
const SHOWN: i64 = 50;

/// Cases with a photo like one of the handling that a page names.
const SAME_SHOWN: usize = 12;

impl From<casework::Error> for Error {
    fn from(error: casework::Error) -> Self {
        match error {
            casework::Error::Refused(message) => Self::refused(message),
            casework::Error::NoSuchCase => Self::missing(Message::new("case-missing")),
            casework::Error::Store(error) => error.into(),
        }
    }
}

static NAMES: LazyLock<CaseData> =
    LazyLock::new(|| CaseData::shipped().expect("shipped data read"));

/// The name of a category.
pub fn category_name(code: &str, language: Language) -> String {
    match (NAMES.category(code), language) {
        (Some(words), Language::Chinese) => words.zh.clone(),
        (Some(words), Language::English) => words.en.clone(),
        (None, _) => code.to_owned(),
    }
}

/// The light of a case's clock, with the words that stand beside it.
#[derive(Debug, Clone, Serialize)]
pub struct Light {
    /// `green`, `yellow` or `red`; `none` where no clock runs.
    pub lamp: &'static str,
    /// What it means.
    pub says: String,
}

impl Light {
    fn none(language: Language) -> Light {
        Light {
            lamp: "none",
            says: language.word("case-no-clock"),
        }
    }

    /// Of a case: by its own clock, up to its handling or to now.
    fn of(row: Clocked<'_>, practice: &Practice, now: Timestamp, language: Language) -> Light {
        // The clock of a resting case stands where it stood: only one that was late before it rests shows a lamp.
        let rests = row.stage == Stage::Suspended;
        if rests && row.due_at.is_none_or(|due| due >= now) {
            return Light {
                lamp: "none",
                says: language.word("case-stage-suspended"),
            };
        }
        // What is over without having been handled was taken off the desk: nobody is in time or late.
        if row.stage.is_over() && row.handled_at.is_none() {
            return Light::none(language);
        }
        let until = row
            .handled_at
            .unwrap_or(if rests { row.since } else { now });
        let lamp = row
            .clock
            .and_then(|clock| clock.lamp(civil(until), &practice.calendar).ok());
        match (lamp, row.due_at) {
            (Some(lamp), Some(due)) => {
                Light::said(lamp, due, until, row.handled_at.is_some(), language)
            }
            _ => Light::none(language),
        }
    }

    /// Of the stage at which somebody in the office is to act, or of a unit's first step, with its due time.
    fn of_stage(
        row: &CaseRow,
        practice: &Practice,
        now: Timestamp,
        page: &Page,
    ) -> Option<(Light, String)> {
        let clock = practice.stage_clock(row)?;
        let due = clock.deadline(&practice.calendar).ok()?.at;
        let due = crate::store::moment(crate::store::evidence::milliseconds(due)).ok()?;
        let lamp = clock.lamp(civil(now), &practice.calendar).ok()?;
        let light = Light::said(lamp, due, now, false, page.language);
        Some((light, page.moment(&due)))
    }

    fn said(lamp: Lamp, due: Timestamp, until: Timestamp, over: bool, language: Language) -> Light {
        // A clock that has run out is late from its first moment on: its lamp is red.
        let late = match over {
            true => until > due,
            false => lamp == Lamp::Red,
        };
        let key = match (over, late) {
            (true, false) => "case-in-time",
            (true, true) => "case-was-late",
            (false, false) => "case-left",
            (false, true) => "case-late",
        };
        // Handled under the rules of its day, it is judged by them: under new ones its lamp may show another colour.
        let lamp = match (over, late) {
            (true, true) => Lamp::Red,
            (true, false) if lamp == Lamp::Red => Lamp::Yellow,
            _ => lamp,
        };
        let minutes = (due.as_millisecond() - until.as_millisecond()).abs() / 60_000;
        Light {
            lamp: lamp.word(),
            says: language.say(key, [("span", span_text(minutes, language).into())]),
        }
    }
}

/// So many minutes in words: `2 天 3 小时`.
fn span_text(minutes: i64, language: Language) -> String {
    let part = |key: &str, n: i64| language.say(key, [("n", n.into())]);
    let (large, small) = match (minutes / 1440, minutes / 60 % 24, minutes % 60) {
        (0, 0, 0) => return language.word("case-under-a-minute"),
        (0, 0, rest) => return part("case-minutes", rest),
        (0, hours, rest) => (
            part("case-hours", hours),
            (rest > 0).then(|| part("case-minutes", rest)),
        ),
        (days, hours, _) => (
            part("case-days", days),
            (hours > 0).then(|| part("case-hours", hours)),
        ),
    };
    match small {
        Some(small) => format!("{large} {small}"),
        None => large,
    }
}

/// A case as a list shows it.
#[derive(Debug, Serialize)]
pub struct CaseLine {
    pub id: String,
    pub category: String,
    pub category_name: String,
    pub place: String,
    pub stage: &'static str,
    pub stage_name: String,
    pub holder: Option<String>,
    pub reported_at: String,
    pub due_at: Option<String>,
    pub light: Light,
    /// The office's own clock at this stage, where it is the office's turn; a unit's, until it has taken its first step.
    pub stage_light: Option<Light>,
    pub stage_due: Option<String>,
    pub lng: Option<String>,
    pub lat: Option<String>,
    pub supervised: bool,
    pub level: i64,
    pub reworks: i64,
    pub relapse: bool,
}

impl CaseLine {
    /// Whether it is with a unit: then its own clock comes first.
    fn with_a_unit(&self) -> bool {
        self.stage == Stage::Dispatched.word()
    }

    /// Who has it in hand; nobody has what is over.
    fn holder_now(&self) -> &str {
        let over = ["closed", "rejected", "voided"].contains(&self.stage);
        self.holder.as_deref().filter(|_| !over).unwrap_or("—")
    }

    /// By when it is to be handled, or where it is the office's turn, to leave its stage.
    fn due_here(&self) -> &str {
        let due = match self.with_a_unit() {
            true => self.due_at.as_deref(),
            false => self.stage_due.as_deref().or(self.due_at.as_deref()),
        };
        due.unwrap_or("—")
    }
}

/// Choices in groups: of each its name, and codes with names.
type Groups = Vec<(String, Vec<(String, String)>)>;

/// Kinds of units to which a case is dispatched for its place, and to which it may be passed down.
const AREAS: [&str; 6] = ["county", "township", "community", "village", "area", "zone"];
const HOMES: [&str; 7] = [
    "county",
    "township",
    "community",
    "village",
    "area",
    "zone",
    "compound",
];

/// Units of some kinds by the highest of them: each with itself and what lies in it, indented by its depth.
fn areas(units: &[UnitRow], is_one: impl Fn(&str) -> bool, language: Language) -> Groups {
    let areas: Vec<&UnitRow> = units.iter().filter(|unit| is_one(&unit.kind)).collect();
    let known: BTreeSet<&str> = areas.iter().map(|unit| unit.code.as_str()).collect();
    let mut below: BTreeMap<&str, Vec<&UnitRow>> = BTreeMap::new();
    let mut highest = vec![];
    for unit in areas {
        match unit.parent.as_deref().filter(|code| known.contains(code)) {
            Some(above) => below.entry(above).or_default().push(unit),
            None => highest.push(unit),
        }
    }
    let subtree = |root: &UnitRow| {
        let (mut found, mut open) = (vec![], vec![(root, 0)]);
        while let Some((unit, depth)) = open.pop() {
            let name = format!("{}{}", "　".repeat(depth), unit_name(unit, language));
            found.push((unit.code.clone(), name));
            let below = below.get(unit.code.as_str()).into_iter().flatten().rev();
            open.extend(below.map(|unit| (*unit, depth + 1)));
        }
        (unit_name(root, language), found)
    };
    highest.into_iter().map(subtree).collect()
}

/// Offers what is asked for where it is not offered anyway: what has ended meanwhile, or was never offered, stays asked for.
fn offer(choices: &mut Vec<(String, String)>, asked: &str, name: impl Fn(&str) -> String) {
    let offered = choices.iter().any(|(code, _)| code == asked);
    if !asked.is_empty() && !offered {
        choices.push((asked.to_owned(), name(asked)));
    }
}

/// What the lists' words need: names of units, the practice, the moment.
struct Desk<'a> {
    page: &'a Page,
    units: Vec<UnitRow>,
    /// Units that are no more, for the names in what is past.
    ended: Vec<UnitRow>,
    practice: std::sync::Arc<Practice>,
    /// The host has outlines of its units, which its maps draw.
    outlines: bool,
    now: Timestamp,
}

impl<'a> Desk<'a> {
    async fn open(app: &App, page: &'a Page) -> Result<Desk<'a>> {
        let now = app.clock.now();
        let month = assessment::month::Month::of(day_of(now)).ok_or_else(Error::not_found)?;
        Ok(Desk {
            page,
            units: app.store.units_in(month).await?,
            ended: app.store.units_ended_before(month).await?,
            practice: Practice::of(&app.store).await?,
            outlines: super::public::evidence::outlines(app).await.is_some(),
            now,
        })
    }

    fn unit_name(&self, code: &str) -> String {
        self.unit_name_in(code, self.page.language)
    }

    fn unit_name_in(&self, code: &str, language: Language) -> String {
        let mut units = self.units.iter().chain(&self.ended);
        let unit = units.find(|unit| unit.code == code);
        unit.map_or_else(|| code.to_owned(), |unit| unit_name(unit, language))
    }

    /// Units of these kinds: code and name.
    fn named(&self, kinds: &[&str]) -> Vec<(String, String)> {
        let units = self.units.iter();
        units
            .filter(|unit| kinds.contains(&unit.kind.as_str()))
            .map(|unit| (unit.code.clone(), self.unit_name(&unit.code)))
            .collect()
    }

    /// Units that answer for a place.
    fn areas(&self, is_one: impl Fn(&str) -> bool) -> Groups {
        areas(&self.units, is_one, self.page.language)
    }

    /// A unit and those above it, the finest first; empty if there is no such unit.
    fn above(&self, code: &str) -> Vec<String> {
        let line = unit::above(&self.units, code);
        line.into_iter().map(|unit| unit.code.clone()).collect()
    }

    /// Where a route leads, in words.
    fn goes_to(&self, routed: &Routed) -> String {
        self.unit_and(&routed.unit, routed.department.as_deref())
    }

    /// A unit with the line department beside it, where that is not itself.
    fn unit_and(&self, unit: &str, department: Option<&str>) -> String {
        let beside = department.filter(|code| *code != unit);
        let beside = beside.map_or(String::new(), |code| format!(" · {}", self.unit_name(code)));
        format!("{}{beside}", self.unit_name(unit))
    }

    /// Units that a case can be dispatched to: those of areas, by the highest of them, then the line departments.
    fn answering(&self) -> Groups {
        let mut groups = self.areas(|kind| AREAS.contains(&kind));
        groups.push((self.page.t("case-departments"), self.named(&["department"])));
        groups
    }

    /// Categories under which a case can be registered, with their names.
    fn categories(&self) -> Vec<(String, String)> {
        let codes: BTreeSet<_> = self
            .practice
            .conditions
            .iter()
            .map(|condition| condition.category.clone())
            .collect();
        let named = |code: String| {
            let name = category_name(&code, self.page.language);
            (code, name)
        };
        codes.into_iter().map(named).collect()
    }

    /// The same by kind: assets, events.
    fn categories_by_kind(&self) -> Groups {
        ["component", "event"]
            .map(|kind| {
                let of_kind = self.categories().into_iter();
                let of_kind = of_kind.filter(|(code, _)| code.contains(&format!("/{kind}/")));
                (
                    self.page.t(&format!("report-kind-{kind}")),
                    of_kind.collect(),
                )
            })
            .into()
    }

    fn line(&self, row: &CaseRow) -> CaseLine {
        let language = self.page.language;
        let (stage_light, stage_due) =
            Light::of_stage(row, &self.practice, self.now, self.page).unzip();
        CaseLine {
            stage_light,
            stage_due,
            id: row.id.clone(),
            category: row.new.category.clone(),
            category_name: category_name(&row.new.category, language),
            place: row.new.place.clone(),
            stage: row.stage.word(),
            stage_name: language.word(row.stage.key()),
            holder: row.holder.as_deref().map(|code| self.unit_name(code)),
            reported_at: self.page.moment(&row.reported_at),
            due_at: row.due_at.as_ref().map(|at| self.page.moment(at)),
            light: Light::of(row.clocked(), &self.practice, self.now, language),
            lng: row.new.lng.map(decimal),
            lat: row.new.lat.map(decimal),
            supervised: row.supervised,
            level: row.level,
            reworks: row.reworks,
            relapse: row.new.relapse_of.is_some(),
        }
    }
}

/// A list as programs get it.
#[derive(Debug, Serialize)]
pub struct CaseList {
    /// How many there are under this filter.
    pub count: i64,
    /// More cases hold the words than are looked through: of the latest of them, so many.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    pub cases: Vec<CaseLine>,
    /// Query value `after` of the next page.
    pub next: Option<String>,
}

/// The query of a list: its filter and the page.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(flatten)]
    pub filter: CaseFilter,
    #[serde(default)]
    pub after: Option<String>,
}

#[derive(Template)]
#[template(path = "case/list.html")]
struct ListPage {
    page: Page,
    list: CaseList,
    filter: CaseFilter,
    stages: Vec<(Stage, i64)>,
    categories: Vec<(String, String)>,
    /// Units and departments to choose from: code and name; units by the highest of them.
    units: Groups,
    departments: Vec<(String, String)>,
    /// The address of this list without its page, and the same as what a case was opened from.
    query: String,
    from: String,
    /// It is not the first page.
    later: bool,
    map: Island,
    /// What can be done to many: word and name.
    kinds: Vec<(&'static str, String)>,
    views: Vec<SavedView>,
}

impl ListPage {
    /// The tabs of what waits: key of the name, query.
    fn tabs(&self) -> Vec<(&'static str, &'static str)> {
        let mine = (self.page.viewer.role == Role::Unit).then_some(("cases-mine", "due=mine"));
        let all = [
            ("cases-soon", "due=soon"),
            ("cases-overdue", "due=overdue"),
            ("cases-stage-late", "due=stage"),
            ("cases-asked", "due=asked"),
            ("cases-supervised", "flag=supervised"),
            ("cases-escalated", "flag=escalated"),
        ];
        mine.into_iter().chain(all).collect()
    }

    /// Where cases come from.
    fn sources(&self) -> [&'static str; 7] {
        [
            "agency", "citizen", "hotline", "platform", "patrol", "leader", "unit",
        ]
    }

    /// What a case may be marked as.
    fn flags(&self) -> [&'static str; 4] {
        FLAGS
    }

    /// Of which rate the cases are, in words.
    fn of_rate(&self) -> Option<String> {
        let OfRate { whole, from, to } = self.filter.of_rate()?;
        let whole = self.page.t(whole.key());
        let period = rates::period_words(&from.to_string(), &to.to_string(), self.page.language);
        Some(
            self.page
                .t2("cases-of-rate", "period", period, "whole", whole),
        )
    }
}

fn query_of(filter: &CaseFilter) -> String {
    let pairs = [
        ("stage", &filter.stage),
        ("category", &filter.category),
        ("month", &filter.month),
        ("unit", &filter.unit),
        ("grid", &filter.grid),
        ("source", &filter.source),
        ("department", &filter.department),
        ("due", &filter.due),
        ("flag", &filter.flag),
        ("counted", &filter.counted),
        ("q", &filter.q),
        ("sort", &filter.sort),
    ];
    let pairs: Vec<_> = pairs
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

/// The cases that exist for the viewer.
pub async fn list(
    State(app): State<App>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let desk = Desk::open(&app, &page).await?;
    let filter = desk.practice.resolved(asked.filter, desk.now)?;
    let found = app
        .store
        .cases(
            &page.viewer,
            desk.now,
            &filter,
            asked.after.as_deref(),
            SHOWN,
        )
        .await?;
    let list = CaseList {
        count: found.count,
        cut: found.cut,
        cases: found.rows.iter().map(|row| desk.line(row)).collect(),
        next: found.next,
    };
    let stages = app.store.case_stages(&page.viewer, desk.now).await?;
    // Under a filter whose value no form offers, the next filter would be another.
    let mut categories = desk.categories();
    offer(&mut categories, &filter.category, |code| {
        category_name(code, page.language)
    });
    let mut departments = desk.named(&["department"]);
    offer(&mut departments, &filter.department, |code| {
        desk.unit_name(code)
    });
    // A unit looks among its own, unless a line of the rates has led it to another's.
    let mut units = match page.viewer.role {
        Role::Unit => vec![],
        _ => desk.areas(|kind| HOMES.contains(&kind)),
    };
    let mut choices = units.iter().flat_map(|(_, units)| units);
    if !filter.unit.is_empty() && !choices.any(|(code, _)| *code == filter.unit) {
        let asked = (filter.unit.clone(), desk.unit_name(&filter.unit));
        units.push((page.t("cases-other-unit"), vec![asked]));
    }
    let query = query_of(&filter);
    let later = asked.after.is_some();
    let views = app.store.saved_views(&page.viewer.login).await?;
    html_or_json(&page, list, |list| ListPage {
        page: page.clone(),
        list,
        map: Island::moving_map(
            &page,
            &page.t("cases-title"),
            desk.outlines,
            format!("/desk/cases.geojson?{query}"),
            page.t("cases-map"),
        ),
        kinds: bulk::offered(&page),
        views,
        later,
        from: serde_urlencoded::to_string([("from", &query)]).unwrap_or_default(),
        units,
        departments,
        query,
        filter,
        stages,
        categories,
    })
}

/// One line of how a limit was worked out.
#[derive(Debug, Serialize)]
pub struct WorkingLine {
    pub from: String,
    pub to: String,
    pub what: String,
    /// Hours counted so far.
    pub total: String,
    pub announced: bool,
}

/// A limit with how it was worked out.
#[derive(Debug, Serialize)]
pub struct DeadlineView {
    pub limit: String,
    pub at: String,
    pub gross_at: Option<String>,
    pub calendar: String,
    pub provisional: bool,
    /// The working ends elsewhere than at the due time: it was reckoned by another calendar.
    pub differs: bool,
    pub working: Vec<WorkingLine>,
}

/// A moment to the minute in which it lies: who acts within it is in time.
fn minute(at: jiff::civil::DateTime) -> String {
    let text = time_text(at).replace('T', " ");
    text.get(..16).unwrap_or(&text).to_owned()
}

/// The limit of a case by the calendar by which it was reckoned: that of the rules that hold, or, where they came after it
/// was handled or over, of those that held then.
async fn deadline_of(
    app: &App,
    opened: &Opened,
    language: Language,
) -> Result<Option<DeadlineView>> {
    let now = deadline_view(&opened.life, &opened.practice, language);
    let (life, mut steps) = (&opened.life, opened.steps.iter().rev());
    let last = match life.handled_at {
        Some(_) => steps.find(|step| step.act.kind() == Kind::Feedback),
        None => steps.next().filter(|_| life.stage.is_over()),
    };
    let (Some(view), Some(last)) = (&now, last) else {
        return Ok(now);
    };
    if !view.differs {
        return Ok(now);
    }
    let then = casework::practice_at(&app.store, last.at).await?;
    let then = deadline_view(&opened.life, &then, language);
    Ok(then.filter(|then| !then.differs).or(now))
}

fn deadline_view(life: &Life, practice: &Practice, language: Language) -> Option<DeadlineView> {
    let clock = life.clock()?;
    let deadline = clock.deadline(&practice.calendar).ok()?;
    Some(DeadlineView {
        limit: limit_text(clock.limit, language),
        at: minute(life.due_at.unwrap_or(deadline.at)),
        gross_at: life.gross_at.map(minute),
        calendar: practice.calendar.id().to_owned(),
        provisional: deadline.provisional,
        differs: life.due_at != Some(deadline.at),
        working: working(&deadline, language),
    })
}

fn working(deadline: &Deadline, language: Language) -> Vec<WorkingLine> {
    deadline
        .working
        .iter()
        .map(|step| {
            let key = match step.kind {
                StepKind::Worked(DayKind::MakeupWorkday) => "case-step-makeup",
                StepKind::Worked(_) => "case-step-worked",
                StepKind::Ran => "case-step-ran",
                StepKind::Off(DayKind::Holiday) => "case-step-holiday",
                StepKind::Off(_) => "case-step-weekend",
                StepKind::Paused => "case-step-paused",
            };
            let name = step.holiday.clone().unwrap_or_default();
            WorkingLine {
                from: minute(step.from),
                to: minute(step.to),
                what: language.say(key, [("name", name.into())]),
                total: format!("{}:{:02}", step.total / 3600, step.total / 60 % 60),
                announced: step.announced,
            }
        })
        .collect()
}

/// A limit in words.
pub fn limit_text(limit: Limit, language: Language) -> String {
    let key = match limit.unit {
        LimitUnit::WorkHour => "case-limit-work-hour",
        LimitUnit::WorkDay => "case-limit-work-day",
        LimitUnit::UrgentHour => "case-limit-urgent-hour",
        LimitUnit::UrgentDay => "case-limit-urgent-day",
        LimitUnit::CalendarDay => "case-limit-calendar-day",
    };
    language.say(key, [("n", i64::from(limit.value).into())])
}

/// A filing condition in words: what is wrong, from which size on, and how long it may take.
fn condition_text(condition: &Condition, language: Language) -> String {
    format!(
        "{} · {}",
        what_is_wrong(condition, language),
        limit_text(condition.limit, language)
    )
}

/// What makes a case under a filing condition, and from which size on.
fn what_is_wrong(condition: &Condition, language: Language) -> String {
    let words = condition_words(&condition.words, language);
    match &condition.threshold {
        Some(threshold) => {
            // The table has the marks of a file.
            let threshold = match language {
                Language::Chinese => threshold.replace("; ", "；"),
                Language::English => threshold.clone(),
            };
            language.say(
                "page-with",
                [("name", words.into()), ("more", threshold.into())],
            )
        }
        None => words,
    }
}

/// Words of the table of conditions, as they are said.
fn condition_words(words: &[String], language: Language) -> String {
    let words: Vec<String> = words
        .iter()
        .map(|word| language.word(&format!("condition-{}", word.replace(' ', "-"))))
        .collect();
    words.join(&language.word("case-words-between"))
}

/// One act of the history.
#[derive(Debug, Serialize)]
pub struct StepView {
    pub at: String,
    pub act: String,
    pub who: String,
    pub text: String,
    pub photos: Vec<String>,
}

/// Something that this viewer may ever do.
#[derive(Debug, Serialize)]
pub struct Offer {
    pub kind: &'static str,
    pub name: String,
    /// Why not now; `None`: it can be done.
    pub refusal: Option<String>,
    #[serde(skip)]
    form: Kind,
}

impl Offer {
    /// Whether it is one of these kinds, named with spaces between.
    fn is(&self, kinds: &str) -> bool {
        kinds.split(' ').any(|kind| kind == self.kind)
    }
}

impl CaseView {
    fn able(&self) -> Vec<&Offer> {
        let able = self.offers.iter().filter(|offer| offer.refusal.is_none());
        able.collect()
    }

    fn unable(&self) -> Vec<&Offer> {
        let unable = self.offers.iter().filter(|offer| offer.refusal.is_some());
        unable.collect()
    }
}

/// A case as its page shows it.
#[derive(Debug, Serialize)]
pub struct CaseView {
    pub line: CaseLine,
    pub source: String,
    pub source_number: Option<String>,
    pub description: String,
    /// Name, and code, of what answers, has it, and of its department.
    pub unit: Option<String>,
    pub department: Option<String>,
    pub line_of_units: Vec<String>,
    pub condition: Option<String>,
    /// The condition in words, and what closes the case.
    pub condition_text: Option<String>,
    pub closing: Option<String>,
    pub deadline: Option<DeadlineView>,
    /// How often it went out and came back, of how often it may.
    pub rounds: Option<String>,
    pub request: Option<String>,
    /// What an extension would make of its due time.
    pub if_extended: Option<String>,
    /// The last day of its suspension.
    pub rests_until: Option<String>,
    /// The case that it repeats, and those that repeat it, as far as they exist for the viewer.
    pub relapse_of: Option<String>,
    pub relapses: Vec<String>,
    /// Longitude and latitude as published maps in China take them.
    pub gcj02: Option<String>,
    /// The responsibility grid in which it lies and who answered for it on the day of the report.
    pub grid: Option<GridOfCase>,
    #[serde(flatten)]
    pub pictures: photos::Pictures,
    pub history: Vec<StepView>,
    /// What its source has said of it since, where that is other than what the case says: when, and what.
    pub corrections: Vec<(String, String)>,
    pub offers: Vec<Offer>,
    /// Where the routes would send it.
    pub route: Option<String>,
}

#[derive(Template)]
#[template(path = "case/one.html")]
struct OnePage {
    page: Page,
    case: CaseView,
    stages: Vec<(&'static str, String, bool, bool)>,
    /// Conditions that it can be registered under; by category, its own first.
    conditions: Vec<(String, Vec<(String, String)>)>,
    /// Categories by kind, for one that was reported under a wrong one.
    categories: Vec<(String, Vec<(String, String)>)>,
    /// Units that it can go to, by the highest of them.
    units: Vec<(String, Vec<(String, String)>)>,
    below: Vec<(String, String)>,
    departments: Vec<(String, String)>,
    /// A citizen reported it, and is told why it ends without being handled.
    citizens: bool,
    /// Texts to begin with, and the one that was chosen.
    replies: Vec<Reply>,
    begun: Option<Reply>,
    /// What was written into a form and refused.
    tried: Option<Tried>,
    lng: Option<String>,
    lat: Option<String>,
    /// Where it lies.
    map: Option<Island>,
    /// The query of the list that is worked through, the address of its next case, and its own.
    from: Option<String>,
    next: Option<String>,
    back: String,
}

/// What somebody wrote into the form of an act that was refused: the page shows it again, with what is wrong.
#[derive(Debug)]
struct Tried {
    kind: Kind,
    fault: String,
    ask: Ask,
    /// The day as it was written, and whether a result was chosen.
    until: String,
    chosen: bool,
}

/// The page from which the viewer comes to cases, and the key of its name: a road chief has no list but their grids.
fn home_of(page: &Page) -> (&'static str, &'static str) {
    match page.may("GET", "/desk/cases") {
        true => ("/desk/cases", "cases-title"),
        false => ("/desk/chief", "chief-title"),
    }
}

impl OnePage {
    /// What [`home_of`] the viewer is called.
    fn home(&self) -> String {
        self.page.t(home_of(&self.page).1)
    }

    /// Nothing can be registered under the category that was reported.
    fn without_condition(&self) -> bool {
        let own = |(name, _): &(String, _)| *name == self.case.line.category_name;
        !self.conditions.iter().any(own)
    }

    /// Texts to begin with for an act, each with its place among all.
    fn replies_for(&self, act: &str) -> Vec<(usize, &Reply)> {
        let all = self.replies.iter().enumerate();
        all.filter(|(_, reply)| reply.act == act).collect()
    }

    /// The chosen text, if it is for this act; or what was written into its form.
    fn begun_for(&self, act: &str) -> &str {
        let begun = self.begun.as_ref().filter(|reply| reply.act == act);
        match self.tried(act) {
            Some(tried) => &tried.ask.text,
            None => begun.map_or("", |reply| &reply.text),
        }
    }

    /// The first of the cases with such a photo: where everything looks alike, more say nothing.
    fn first_same(&self) -> &[String] {
        let all = &self.case.pictures.same_photos;
        &all[..all.len().min(SAME_SHOWN)]
    }

    /// What was tried and refused, if it was this act.
    fn tried(&self, act: &str) -> Option<&Tried> {
        self.tried.as_ref().filter(|tried| tried.kind.word() == act)
    }

    /// What was written into a field of this act's form, when it was refused.
    fn filled(&self, act: &str, field: &str) -> &str {
        let Some(tried) = self.tried(act) else {
            return "";
        };
        match field {
            "told" => &tried.ask.told,
            "condition" => &tried.ask.condition,
            "category" => &tried.ask.category,
            "unit" => &tried.ask.unit,
            "department" => &tried.ask.department,
            "until" => &tried.until,
            "yes" if tried.chosen && tried.ask.yes => "yes",
            "yes" if tried.chosen => "no",
            _ => "",
        }
    }

    /// Photos that came with a form of this act, which was refused.
    fn kept(&self, act: &str) -> &[String] {
        self.tried(act).map_or(&[], |tried| &tried.ask.photos)
    }

    /// What was written for an act that nobody can do any more: it can still be copied.
    fn left_over(&self) -> Option<&str> {
        let tried = self.tried.as_ref()?;
        let open = self
            .case
            .able()
            .iter()
            .any(|offer| offer.form == tried.kind);
        let text = tried.ask.text.trim();
        (!open && !text.is_empty()).then_some(text)
    }
}

/// The page of a case in the list that is worked through.
fn in_queue(id: &str, from: &str) -> String {
    let from = serde_urlencoded::to_string([("from", from)]).unwrap_or_default();
    format!("/desk/cases/{id}?{from}")
}

/// Stages as the page walks through them.
const WAY: [Stage; 7] = [
    Stage::Reported,
    Stage::Accepted,
    Stage::Registered,
    Stage::Dispatched,
    Stage::Handled,
    Stage::Verified,
    Stage::Closed,
];

/// What was done to a case, for programs: the lines of its history.
pub async fn history(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response> {
    let desk = Desk::open(&app, &page).await?;
    let opened = Opened::find(&app.store, &page.viewer, desk.now, &id).await?;
    let names = names(&app, &page, &opened).await?;
    let steps = opened.history(&page.viewer);
    let steps = steps.map(|step| step_view(&desk, step, &names));
    Ok(axum::Json(steps.collect::<Vec<_>>()).into_response())
}

/// How the page of a case was come to: a text to begin with that was chosen, by its place among the host's, and the query of
/// the list that is worked through.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Begin {
    fill: String,
    from: Option<String>,
}

/// One case.
pub async fn one(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Query(begin): Query<Begin>,
) -> Result<Response> {
    shown(&app, &page, &id, begin, None).await
}

/// The page of a case, with what was tried and refused.
async fn shown(
    app: &App,
    page: &Page,
    id: &str,
    begin: Begin,
    tried: Option<Tried>,
) -> Result<Response> {
    let desk = Desk::open(app, page).await?;
    let opened = Opened::find(&app.store, &page.viewer, desk.now, id).await?;
    let view = view(app, &desk, &opened).await?;
    let language = page.language;
    let at = WAY
        .iter()
        .position(|stage| *stage == opened.life.stage)
        .or(match opened.life.stage {
            Stage::Checking => Some(1),
            Stage::Suspended => Some(3),
            _ => None,
        });
    let stages = WAY
        .iter()
        .enumerate()
        .map(|(place, stage)| {
            let (done, now) = (at.is_some_and(|at| place < at), at == Some(place));
            (stage.word(), language.word(stage.key()), done, now)
        })
        .collect();
    let holder = opened.life.holder();
    let below = desk
        .units
        .iter()
        .filter(|unit| holder.is_some() && unit.parent.as_deref() == holder)
        .map(|unit| (unit.code.clone(), desk.unit_name(&unit.code)))
        .collect();
    let files = |offer: &&Offer| [Kind::Register, Kind::Amend].contains(&offer.form);
    let registers = view.able().iter().any(files);
    let (mut conditions, mut categories) = (vec![], vec![]);
    if registers {
        categories = desk.categories_by_kind();
        conditions = rules::conditions(&desk.practice, page);
        conditions.sort_by_key(|(name, _)| *name != view.line.category_name);
    }
    let replies = opened.practice.rules.replies.clone();
    let begun = begin.fill.parse().ok();
    let begun = begun.and_then(|place: usize| replies.get(place).cloned());
    let map = opened.row.new.lng.zip(opened.row.new.lat).map(|_| {
        let point = export::point(&desk, &CasePoint::from(&opened.row));
        Island::one_point(page, &view.line.place, point, desk.outlines)
    });
    let (mut next, mut back) = (None, home_of(page).0.to_owned());
    if let Some(from) = &begin.from
        && page.may("GET", "/desk/cases")
    {
        let filter = desk.practice.resolved(views::filter_of(from)?, desk.now)?;
        let found = app
            .store
            .next_case(&page.viewer, desk.now, &filter, &opened.row);
        next = found.await?.1.map(|id| in_queue(&id, from));
        back = format!("/desk/cases?{}", query_of(&filter));
    }
    html_or_json(page, view, |case| OnePage {
        page: page.clone(),
        from: begin.from,
        next,
        back,
        tried,
        begun,
        replies,
        map,
        lng: case.line.lng.clone(),
        lat: case.line.lat.clone(),
        citizens: opened.row.new.source == "citizen",
        case,
        stages,
        conditions,
        categories,
        units: desk.answering(),
        below,
        departments: desk.named(&["department"]),
    })
}

async fn view(app: &App, desk: &Desk<'_>, opened: &Opened) -> Result<CaseView> {
    let (page, language, row, life) = (desk.page, desk.page.language, &opened.row, &opened.life);
    let practice = &opened.practice;
    let offers = opened
        .possible(&page.viewer, desk.now)
        .into_iter()
        .map(|(kind, may)| Offer {
            kind: kind.word(),
            name: language.word(kind.key()),
            refusal: may.err().map(|why| language.message(&why)),
            form: kind,
        })
        .collect::<Vec<_>>();
    let route = match offers
        .iter()
        .any(|offer| offer.form == Kind::Dispatch && offer.refusal.is_none())
    {
        true => opened
            .routed(&app.store, desk.now)
            .await?
            .map(|routed| desk.goes_to(&routed)),
        false => None,
    };
    let pictures = photos::Pictures::of(app, page, opened, desk.now).await?;
    let names = names(app, page, opened).await?;
    // The table holds the condition before the case is registered too.
    let condition = row.new.condition.as_deref();
    let known = condition.and_then(|id| practice.conditions.by_id(id));
    // A case that does not exist for the viewer is not named here either.
    let relapse_of = match &row.new.relapse_of {
        Some(id) => app.store.case(&page.viewer, desk.now, id).await?,
        None => None,
    };
    Ok(CaseView {
        line: desk.line(row),
        source: language.word(&format!("case-source-{}", row.new.source)),
        source_number: row.new.source_number.clone(),
        description: row.new.description.clone(),
        unit: row.unit.as_deref().map(|code| desk.unit_name(code)),
        department: row.department.as_deref().map(|code| desk.unit_name(code)),
        line_of_units: life.line.iter().map(|code| desk.unit_name(code)).collect(),
        condition_text: known.map(|condition| what_is_wrong(condition, language)),
        closing: known.map(|condition| condition_words(&condition.closing, language)),
        condition: life.condition.clone(),
        deadline: deadline_of(app, opened, language).await?,
        rounds: rounds(life, practice, language),
        request: row.asked.as_deref().map(|asked| {
            let reason = casework::request_reason(life).unwrap_or_default();
            let until = match &life.request {
                Some(Request::Suspension { until, .. }) => life::last_day(*until).to_string(),
                _ => String::new(),
            };
            language.say(
                &format!("case-asked-{asked}"),
                [
                    ("reason", reason.to_owned().into()),
                    ("until", until.into()),
                ],
            )
        }),
        if_extended: opened.if_extended().map(|(by, due)| {
            let due = minute(due);
            language.say(
                "case-if-extended",
                [("by", limit_text(by, language).into()), ("due", due.into())],
            )
        }),
        rests_until: life.rests_until.map(|at| life::last_day(at).to_string()),
        relapse_of: relapse_of.map(|before| before.id),
        relapses: app.store.relapses(&page.viewer, desk.now, &row.id).await?,
        gcj02: row.new.lng.zip(row.new.lat).and_then(gcj02),
        grid: grid_of(app, page, row).await?,
        pictures,
        history: opened
            .history(&page.viewer)
            .map(|step| step_view(desk, step, &names))
            .collect(),
        corrections: app
            .store
            .corrections(&row.id)
            .await?
            .iter()
            .map(|(at, said)| (page.moment(at), correction(desk, row, said)))
            .collect(),
        offers,
        route,
    })
}

/// What a source says of its case otherwise than the case does.
fn correction(desk: &Desk, row: &CaseRow, said: &Said) -> String {
    let (page, is) = (desk.page, Said::of(&row.new));
    let position = |said: &Said| match (said.lng, said.lat) {
        (Some(lng), Some(lat)) => format!("{}, {}", decimal(lng), decimal(lat)),
        _ => "—".to_owned(),
    };
    let county = said.county.as_deref().map(|code| desk.unit_name(code));
    let parts = [
        (
            "case-category",
            said.category != is.category,
            category_name(&said.category, page.language),
        ),
        ("case-place", said.place != is.place, said.place.clone()),
        (
            "case-description",
            said.description != is.description,
            said.description.clone(),
        ),
        (
            "case-county",
            county.is_some() && said.county != is.county,
            county.unwrap_or_default(),
        ),
        (
            "case-position",
            (said.lng, said.lat) != (is.lng, is.lat),
            position(said),
        ),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(_, differs, _)| *differs)
        .map(|(key, _, value)| page.t2("case-correction", "name", page.t(key), "value", value))
        .collect();
    match parts.is_empty() {
        true => page.t("case-correction-none"),
        false => parts.join(" · "),
    }
}

/// How often a case that has gone out did so and came back, and how often it may.
fn rounds(life: &Life, practice: &Practice, language: Language) -> Option<String> {
    let count = |n: u32| i64::from(n).into();
    let rules = &practice.rules;
    let more = |key, n: u32| match n {
        0 => String::new(),
        n => language.say(key, [("n", count(n))]),
    };
    (life.dispatches > 0).then(|| {
        let counted = language.say(
            "case-rounds",
            [
                ("dispatches", count(life.dispatches - life.recalls)),
                ("most_dispatches", count(rules.most_dispatches)),
                ("returns", count(life.returned_to_dispatcher)),
                ("most_returns", count(rules.most_returns)),
            ],
        );
        let below = more(
            "case-rounds-below",
            life.returns - life.returned_to_dispatcher,
        );
        let recalled = more("case-rounds-recalled", life.recalls);
        format!("{counted}{below}{recalled}")
    })
}

/// A grid as the page of a case names it.
#[derive(Debug, Serialize)]
pub struct GridOfCase {
    pub id: String,
    pub name: String,
    /// Each duty with who held it.
    pub held: Vec<(String, String)>,
}

/// The grid of a case on the day of its report, where the viewer may see it.
async fn grid_of(app: &App, page: &Page, row: &CaseRow) -> Result<Option<GridOfCase>> {
    let Some(id) = &row.new.grid else {
        return Ok(None);
    };
    let day = day_of(row.reported_at);
    let spans = app.store.grid_seen(&page.viewer, id, day).await?;
    let on = |grid: &&crate::store::grid::GridRow| grid.span().is_ok_and(|span| span.holds(day));
    let Some(grid) = spans.iter().find(on).or(spans.first()) else {
        return Ok(None);
    };
    let duties = app.store.duties_on(id, day).await?;
    let held = duties.into_iter().map(|duty| {
        let word = page.t(&format!("grid-duty-{}", duty.duty));
        let name = match duty.part.is_empty() {
            true => duty.name,
            false => page.t2("case-duty-part", "name", duty.name, "part", duty.part),
        };
        (word, name)
    });
    Ok(Some(GridOfCase {
        id: id.clone(),
        name: grid.name.clone(),
        held: held.collect(),
    }))
}

/// A position in the reference system of published maps, `113.945117,29.967831`.
fn gcj02((lng, lat): (i64, i64)) -> Option<String> {
    let place = [lng as f64 / 1e7, lat as f64 / 1e7];
    datum::in_china(place).ok()?;
    let [lng, lat] = Datum::Gcj02.from_wgs84(place);
    Some(format!("{lng:.6},{lat:.6}"))
}

/// What those who did something to a case are called, by their logins.
async fn names(app: &App, page: &Page, opened: &Opened) -> Result<People> {
    let logins = opened.steps.iter().map(|step| step.who.login.as_str());
    People::of(app, page, logins).await
}

fn step_view(desk: &Desk, step: &CaseStep, names: &People) -> StepView {
    let language = desk.page.language;
    let minute = |at: &jiff::civil::DateTime| minute(*at);
    let due =
        |at: &jiff::civil::DateTime| language.say("case-history-due", [("at", minute(at).into())]);
    let because = |text: String, reason: &Option<String>| match reason {
        Some(reason) => format!("{text} · {reason}"),
        None => text,
    };
    let filed = |limit: &Limit, category: &Option<String>| {
        let changed = category.as_deref().map(|code| {
            let name = category_name(code, language);
            language.say("case-recategorised", [("category", name.into())])
        });
        because(limit_text(*limit, language), &changed)
    };
    let (text, photos) = match &step.act {
        Act::Dispatch {
            unit,
            department,
            due_at,
            reason,
            ..
        } => {
            let to = desk.unit_and(unit, department.as_deref());
            (because(format!("{to} · {}", due(due_at)), reason), vec![])
        }
        Act::PassDown { unit } => (desk.unit_name(unit), vec![]),
        Act::Register {
            limit, category, ..
        } => (filed(limit, category), vec![]),
        Act::Amend {
            limit,
            category,
            due: moved,
            reason,
            ..
        } => {
            let moved = moved.map(|moved| due(&moved.at));
            let text = because(filed(limit, category), &moved);
            (because(text, &Some(reason.clone())), vec![])
        }
        Act::GrantExtension { due_at, reason, .. } | Act::Resume { due_at, reason, .. } => {
            (because(due(due_at), reason), vec![])
        }
        Act::GrantSuspension {
            due: Some(moved),
            reason,
        } => (because(due(&moved.at), reason), vec![]),
        Act::Recompute { due_at, .. } => (due(due_at), vec![]),
        Act::AskSuspension { until, reason } => (
            format!(
                "{reason} · {}",
                language.say(
                    "case-history-until",
                    [("at", life::last_day(*until).to_string().into())]
                )
            ),
            vec![],
        ),
        Act::Feedback {
            note,
            photos,
            due: moved,
        } => {
            let moved = moved.map(|moved| due(&moved.at));
            (because(note.clone(), &moved), photos.clone())
        }
        Act::Verify {
            passed,
            note,
            photos,
            due: moved,
        } => {
            let key = if *passed {
                "case-passed"
            } else {
                "case-failed"
            };
            let said = format!("{} {note}", language.word(key)).trim().to_owned();
            let moved = moved.map(|moved| due(&moved.at));
            (because(said, &moved), photos.clone())
        }
        Act::Check {
            confirmed,
            note,
            photos,
        } => {
            let key = if *confirmed {
                "case-confirmed"
            } else {
                "case-denied"
            };
            (
                format!("{} {note}", language.word(key)).trim().to_owned(),
                photos.clone(),
            )
        }
        Act::Reject { reason, told } | Act::Void { reason, told } => {
            let told = told.clone();
            let told = told.map(|told| language.say("case-told", [("text", told.into())]));
            (because(reason.clone(), &told), vec![])
        }
        act => (act.reason().unwrap_or_default().to_owned(), vec![]),
    };
    // Inspectors stay unknown to those they inspect.
    let who = match step.act {
        Act::Report { .. } => String::new(),
        _ => {
            let name = names.name(&step.who.login);
            match &step.who.unit {
                Some(unit) => format!("{} {name}", desk.unit_name(unit)),
                None => name.to_owned(),
            }
        }
    };
    StepView {
        at: desk.page.moment(&step.at),
        act: language.word(step.act.kind().key()),
        who,
        text,
        photos,
    }
}

/// A workbook of one table: the key of its sheet's name, its title, its day `2022-03-31`, and what the file is called.
pub(super) fn workbook(
    page: &Page,
    sheet: &str,
    title: &str,
    table: &Table,
    day: &str,
    name: &str,
) -> Result<Response> {
    let (sheet, synthetic) = (page.t(sheet), page.synthetic());
    let bytes = xlsx::one_table(&sheet, title, table, synthetic, day, page.language)
        .map_err(Error::broken)?;
    Ok(file(&format!("{name}.xlsx"), XLSX, bytes))
}

/// Largest form of an act: a few photos.
pub const LARGEST: usize = 64 << 20;

/// Does something to a case. A form that is refused is shown again with what is wrong: text and photos stay.
pub async fn act(
    State(app): State<App>,
    page: Page,
    Path((id, word)): Path<(String, String)>,
    mut form: Multipart,
) -> Result<Response> {
    let kind = Kind::parse(&word).ok_or_else(Error::not_found)?;
    // Whether they may is asked before anything is kept. What was done already and is sent again is not refused.
    let opened = Opened::find(&app.store, &page.viewer, app.clock.now(), &id).await?;
    let may = opened.may(&page.viewer, app.clock.now(), kind);
    let keeps = may.is_ok();
    let repeats = opened.may_be_repeated(&page.viewer, kind);
    let mut done = match may {
        Err(refused) if !repeats => Err(Error::from(refused)),
        _ => Ok(()),
    };
    let mut tried = Tried {
        kind,
        fault: String::new(),
        ask: Ask::default(),
        until: String::new(),
        chosen: false,
    };
    let ask = &mut tried.ask;
    let mut from = None;
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "photo" if !keeps && !repeats => {}
            "photo" => {
                let refused = |key| Error::refused(Message::new(key));
                let incoming = match super::photos::taken(&app, field, usize::MAX).await? {
                    Ok(Some(incoming)) => incoming,
                    Ok(None) => continue,
                    Err(key) => {
                        done = done.and(Err(refused(key)));
                        continue;
                    }
                };
                if !keeps {
                    ask.photos.push(incoming.digest());
                    continue;
                }
                let hand = Hand::Desk(&page.viewer.login);
                match super::photos::keep(&app, hand, incoming).await? {
                    Ok(digest) => ask.photos.push(digest),
                    Err(key) => done = done.and(Err(refused(key))),
                }
            }
            "kept" => {
                let digest = text_of(field).await?;
                if app.store.photo(&digest).await?.is_some() {
                    ask.photos.push(digest);
                }
            }
            "from" => from = Some(text_of(field).await?),
            "seen" => ask.seen = text_of(field).await?.trim().parse().ok(),
            "text" => ask.text = text_of(field).await?,
            "told" => ask.told = text_of(field).await?,
            "condition" => ask.condition = text_of(field).await?,
            "category" => ask.category = text_of(field).await?,
            "unit" => ask.unit = text_of(field).await?,
            "department" => ask.department = text_of(field).await?,
            "yes" => {
                ask.yes = text_of(field).await? == "yes";
                tried.chosen = true;
            }
            "until" => tried.until = text_of(field).await?,
            _ => {}
        }
    }
    // Where it goes on is asked before anything is done.
    let listed = from.as_deref().map(views::filter_of).transpose()?;
    let until = tried.until.trim();
    if !until.is_empty() {
        match until.parse() {
            Ok(date) => ask.until = Some(date),
            Err(_) => {
                let message = Message::new("round-bad-date").with("text", until);
                done = done.and(Err(Error::refused(message)));
            }
        }
    }
    if done.is_ok() {
        let (now, ask) = (app.clock.now(), ask.clone());
        let acted = casework::act(&app.store, now, &page.viewer, &id, kind, ask).await;
        done = acted.map(drop).map_err(Error::from);
    }
    if let Err(error) = done {
        if page.machine || !error.is_refusal() {
            return Err(error);
        }
        tried.fault = page.language.message(error.message());
        let begin = Begin {
            from,
            ..Begin::default()
        };
        let page = shown(&app, &page, &id, begin, Some(tried)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    // Who has given it away no longer sees it where they were; who works through a list goes on when it has left that list.
    let still = app.store.case(&page.viewer, app.clock.now(), &id).await?;
    let to = match (from, still) {
        (None, Some(_)) => format!("/desk/cases/{id}"),
        (None, None) => "/desk/cases".to_owned(),
        (Some(from), still) => {
            let row = still.as_ref().unwrap_or(&opened.row);
            let (now, practice) = (app.clock.now(), &opened.practice);
            let filter = practice.resolved(listed.unwrap_or_default(), now)?;
            let found = app.store.next_case(&page.viewer, now, &filter, row).await?;
            match found {
                (true, _) => in_queue(&id, &from),
                (false, Some(next)) => in_queue(&next, &from),
                (false, None) => format!("/desk/cases?{}", query_of(&filter)),
            }
        }
    };
    Ok(Redirect::to(&to).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_times_are_said_to_the_minute() {
        let due = jiff::civil::date(2022, 3, 31).at(16, 2, 14, 0);
        assert_eq!(minute(due), "2022-03-31 16:02");
    }

    #[test]
    fn a_clock_says_how_late_it_is_from_its_first_moment_on() {
        let due: Timestamp = "2022-03-31T10:00:00Z".parse().unwrap();
        let said = |lamp, seconds: i64, over| {
            let until = due + jiff::SignedDuration::from_secs(seconds);
            Light::said(lamp, due, until, over, Language::Chinese).says
        };
        assert_eq!(said(Lamp::Yellow, -90, false), "还剩 1 分钟");
        assert_eq!(said(Lamp::Yellow, -20, false), "还剩 不足 1 分钟");
        assert_eq!(said(Lamp::Red, 20, false), "超期 不足 1 分钟");
        assert_eq!(said(Lamp::Red, 3600, false), "超期 1 小时");
        // It was handled; whether it is over is another question.
        assert_eq!(said(Lamp::Green, -3600, true), "提前 1 小时处置");
        assert_eq!(said(Lamp::Red, 7200, true), "超期 2 小时处置");
    }
}
