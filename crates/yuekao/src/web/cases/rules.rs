//! The rules for cases at the desk: texts, numbers, versions; a dry run of routes over a month; and a time limit reckoned.

use std::collections::BTreeMap;

use askama::Template;
use assessment::calendar::Calendar;
use assessment::case::deadline::Clock;
use assessment::case::life::Kind;
use assessment::case::route::{Route, Routed, route};
use assessment::issue::Issue;
use assessment::message::Message;
use assessment::month::Month;
use axum::extract::{Multipart, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::super::App;
use super::super::answer::{html, html_or_json};
use super::super::called::People;
use super::super::checks::Fault;
use super::super::error::{Error, Result};
use super::super::page::Page;
use super::{
    Desk, WorkingLine, category_name, civil, condition_text, day_of, limit_text, workbook, working,
};
use crate::bulletin::table::{Cell, Table};
use crate::bulletin::text::month_words;
use crate::casework::{self, Faults, Practice};
use crate::store::case::CountedIn;
use crate::store::case::list::CaseFilter;
use crate::store::case_rules::{CaseRules, Reply};

/// The texts and their form.
pub const LARGEST: usize = 8 << 20;
/// Lines of a dry run that are shown; the workbook has all.
const SHOWN: usize = 200;

/// A version as the history shows it.
#[derive(Debug, Serialize)]
pub struct VersionLine {
    pub version: i64,
    pub adopted_at: String,
    pub applied_at: Option<String>,
    /// When all cases stood in the evaluations that it names.
    pub counted_at: Option<String>,
    pub who: String,
}

/// One of the texts with what is wrong in it.
struct TextField {
    name: &'static str,
    label: String,
    hint: String,
    text: String,
    faults: Vec<Fault>,
}

/// One of the numbers.
struct NumberField {
    name: &'static str,
    label: String,
    value: u32,
}

#[derive(Template)]
#[template(path = "case/rules.html")]
struct RulesPage {
    page: Page,
    /// The version that is shown; 0: what the program brings along.
    version: i64,
    newest: i64,
    texts: Vec<TextField>,
    numbers: Vec<NumberField>,
    photo_needed: bool,
    counted: String,
    replies: String,
    versions: Vec<VersionLine>,
    people: People,
    /// Until when days off are known, and the next year if it is not.
    announced_until: Option<String>,
    not_announced: Option<i16>,
    fault: Option<String>,
    /// What should have been seen of the evaluations that count cases, before they change.
    doubts: Vec<String>,
    /// So many cases of so many have followed the newest version there; `None`: all.
    recounted: Option<(i64, i64)>,
    adopted: bool,
    dry_month: String,
}

/// Which version is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AskedVersion {
    version: String,
    adopted: String,
}

/// The rules for cases as programs get them.
#[derive(Debug, Serialize)]
struct RulesView {
    version: i64,
    rules: CaseRules,
    versions: Vec<VersionLine>,
    /// While cases are counted anew under the newest version: how many have been, of how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    recounted: Option<(i64, i64)>,
}

/// The rules that hold, or a version of them.
pub async fn page(
    State(app): State<App>,
    page: Page,
    Query(asked): Query<AskedVersion>,
) -> Result<Response> {
    let (newest, rules) = current(&app).await?;
    let (version, rules) = match asked.version.trim() {
        "" => (newest, rules),
        text => {
            let version: i64 = text.parse().map_err(|_| Error::not_found())?;
            let rules = match version {
                0 => Some(casework::default::rules()),
                version => app.store.case_rules_version(version).await?,
            };
            (version, rules.ok_or_else(Error::not_found)?)
        }
    };
    if page.machine {
        let view = RulesView {
            version,
            rules,
            versions: versions(&app, &page).await?,
            recounted: recounted(&app).await?,
        };
        return Ok(axum::Json(view).into_response());
    }
    let mut shown = rules_page(&app, page, version, rules, None, None).await?;
    shown.adopted = asked.adopted == "yes";
    html(&shown)
}

async fn current(app: &App) -> Result<(i64, CaseRules)> {
    let adopted = app.store.case_rules().await?;
    Ok(adopted.unwrap_or_else(|| (0, casework::default::rules())))
}

/// How many cases have followed the newest version to where it counts them, of how many, until all have.
async fn recounted(app: &App) -> Result<Option<(i64, i64)>> {
    let (version, rules) = current(app).await?;
    Ok(casework::counted::recounted(&app.store, version, &rules.counted).await?)
}

async fn versions(app: &App, page: &Page) -> Result<Vec<VersionLine>> {
    let versions = app.store.case_rules_versions().await?.into_iter();
    Ok(versions
        .map(|each| VersionLine {
            version: each.version,
            adopted_at: page.moment(&each.adopted_at),
            applied_at: each.applied_at.as_ref().map(|at| page.moment(at)),
            counted_at: each.counted_at.as_ref().map(|at| page.moment(at)),
            who: each.who,
        })
        .collect())
}

async fn rules_page(
    app: &App,
    page: Page,
    version: i64,
    rules: CaseRules,
    faults: Option<Faults>,
    fault: Option<String>,
) -> Result<RulesPage> {
    let said = |issues: &[Issue]| -> Vec<Fault> {
        issues
            .iter()
            .map(|issue| Fault::of(issue, page.language))
            .collect()
    };
    let faults = faults.unwrap_or_default();
    let texts = [
        ("calendar", &rules.calendar, &faults.calendar),
        ("days", &rules.days, &faults.days),
        ("conditions", &rules.conditions, &faults.conditions),
        ("routes", &rules.routes, &faults.routes),
        ("duplicates", &rules.duplicates, &faults.duplicates),
        (
            "citizen_duplicates",
            &rules.citizen_duplicates,
            &faults.citizen_duplicates,
        ),
    ]
    .map(|(name, text, faults)| TextField {
        name,
        label: page.t(&format!("case-rules-{}", name.replace('_', "-"))),
        hint: page.t(&format!("case-rules-{}-hint", name.replace('_', "-"))),
        text: text.clone(),
        faults: said(faults),
    });
    let mut rules = rules;
    let numbers = numbers(&mut rules)
        .into_iter()
        .map(|(name, value)| NumberField {
            name,
            label: page.t(&format!("case-rules-{}", name.replace('_', "-"))),
            value: *value,
        })
        .collect();
    let today = day_of(app.clock.now());
    let (announced_until, not_announced) = match Calendar::parse(&rules.calendar, &rules.days).0 {
        Some(calendar) => {
            let until = calendar.announced_until();
            let next = today.year() + 1;
            (
                Some(until.to_string()),
                (until.year() < next).then(|| next.min(until.year() + 1)),
            )
        }
        None => (None, None),
    };
    let month = Month::of(today).ok_or_else(Error::not_found)?.plus(-1);
    let versions = versions(app, &page).await?;
    let people = People::of(app, &page, versions.iter().map(|each| each.who.as_str())).await?;
    Ok(RulesPage {
        version,
        newest: current(app).await?.0,
        texts: texts.into(),
        numbers,
        photo_needed: rules.photo_needed,
        counted: counted_text(&rules.counted),
        replies: replies_text(&rules.replies),
        versions,
        people,
        announced_until,
        not_announced,
        fault,
        doubts: vec![],
        recounted: recounted(app).await?,
        adopted: false,
        dry_month: month.to_string(),
        page,
    })
}

/// Every number with its name in the form.
fn numbers(rules: &mut CaseRules) -> [(&'static str, &mut u32); 17] {
    [
        ("most_returns", &mut rules.most_returns),
        ("most_dispatches", &mut rules.most_dispatches),
        ("most_extensions", &mut rules.most_extensions),
        ("most_suspensions", &mut rules.most_suspensions),
        ("most_rest_days", &mut rules.most_rest_days),
        ("serve_delay_minutes", &mut rules.serve_delay_minutes),
        ("gross_factor", &mut rules.gross_factor),
        ("relapse_days", &mut rules.relapse_days),
        ("relapse_metres", &mut rules.relapse_metres),
        ("stage_hours_reported", &mut rules.stage_hours.reported),
        ("stage_hours_accepted", &mut rules.stage_hours.accepted),
        ("stage_hours_checking", &mut rules.stage_hours.checking),
        ("stage_hours_registered", &mut rules.stage_hours.registered),
        ("stage_hours_dispatched", &mut rules.stage_hours.dispatched),
        ("stage_hours_handled", &mut rules.stage_hours.handled),
        ("stage_hours_verified", &mut rules.stage_hours.verified),
        ("same_metres", &mut rules.same_metres),
    ]
}

/// `departments department`, one series in a line.
fn counted_text(counted: &[CountedIn]) -> String {
    let line = |each: &CountedIn| {
        let by = if each.by_department {
            "department"
        } else {
            "unit"
        };
        format!("{} {by}\n", each.series)
    };
    counted.iter().map(line).collect()
}

/// `act | text`, one in a line.
fn replies_text(replies: &[Reply]) -> String {
    let line = |reply: &Reply| format!("{} | {}\n", reply.act, reply.text);
    replies.iter().map(line).collect()
}

/// What a form says, on top of the rules that hold.
async fn read(form: &mut Multipart, rules: &mut CaseRules) -> Result<BTreeMap<String, String>> {
    let mut said = BTreeMap::new();
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await?;
        let text = String::from_utf8(bytes.to_vec())
            .map_err(|_| Error::refused(Message::new("case-rules-not-utf8")))?;
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        // A file that was chosen stands for the text beside it.
        let name = match name.strip_suffix("_file") {
            Some(_) if text.trim().is_empty() => continue,
            Some(name) => name.to_owned(),
            None => name,
        };
        said.insert(name, text);
    }
    for (name, text) in [
        ("calendar", &mut rules.calendar),
        ("days", &mut rules.days),
        ("conditions", &mut rules.conditions),
        ("routes", &mut rules.routes),
        ("duplicates", &mut rules.duplicates),
        ("citizen_duplicates", &mut rules.citizen_duplicates),
    ] {
        if let Some(given) = said.get(name) {
            *text = given.clone();
        }
    }
    Ok(said)
}

fn number_of(name: &str, text: &str) -> std::result::Result<u32, Message> {
    // A stage of the office has hours; a unit's first step may have none.
    let office = name.starts_with("stage_hours") && name != "stage_hours_dispatched";
    let least = u32::from(matches!(name, "most_dispatches" | "most_rest_days") || office)
        .max(if name == "gross_factor" { 2 } else { 0 });
    text.trim()
        .parse()
        .ok()
        .filter(|number| (least..=100_000).contains(number))
        .ok_or_else(|| {
            let label = Message::new(
                NAMED
                    .iter()
                    .find(|key| key.ends_with(&name.replace('_', "-")))
                    .copied()
                    .unwrap_or("case-rules-title"),
            );
            Message::new("case-rules-bad-number")
                .with("name", label)
                .with("least", i64::from(least))
        })
}

/// Keys of the numbers' labels.
const NAMED: [&str; 17] = [
    "case-rules-most-returns",
    "case-rules-most-dispatches",
    "case-rules-most-extensions",
    "case-rules-most-suspensions",
    "case-rules-most-rest-days",
    "case-rules-serve-delay-minutes",
    "case-rules-gross-factor",
    "case-rules-relapse-days",
    "case-rules-relapse-metres",
    "case-rules-stage-hours-reported",
    "case-rules-stage-hours-accepted",
    "case-rules-stage-hours-checking",
    "case-rules-stage-hours-registered",
    "case-rules-stage-hours-dispatched",
    "case-rules-stage-hours-handled",
    "case-rules-stage-hours-verified",
    "case-rules-same-metres",
];

/// Numbers, series and texts to begin with.
fn fill(
    rules: &mut CaseRules,
    said: &BTreeMap<String, String>,
) -> std::result::Result<(), Message> {
    for (name, number) in numbers(rules) {
        if let Some(text) = said.get(name) {
            *number = number_of(name, text)?;
        }
    }
    // What comes back must be able to go out again.
    if rules.most_dispatches <= rules.most_returns {
        return Err(Message::new("case-rules-too-few-dispatches")
            .with("returns", i64::from(rules.most_returns)));
    }
    rules.photo_needed = said.get("photo_needed").is_some_and(|text| text == "yes");
    let lines = |name: &str| -> Vec<String> {
        let text = said.get(name).map(String::as_str).unwrap_or_default();
        let lines = text.lines().map(str::trim);
        lines
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    };
    if said.contains_key("counted") {
        rules.counted = lines("counted")
            .iter()
            .map(|line| {
                let bad = || Message::new("case-rules-bad-counted").with("text", line.as_str());
                let (series, by) = line.split_once(char::is_whitespace).ok_or_else(bad)?;
                match by.trim() {
                    "department" | "unit" => Ok(CountedIn {
                        series: series.into(),
                        by_department: by.trim() == "department",
                    }),
                    _ => Err(bad()),
                }
            })
            .collect::<std::result::Result<_, _>>()?;
    }
    if said.contains_key("replies") {
        rules.replies = lines("replies")
            .iter()
            .map(|line| {
                let bad = || Message::new("case-rules-bad-reply").with("text", line.as_str());
                let (act, text) = line.split_once('|').ok_or_else(bad)?;
                let act = Kind::parse(act.trim()).ok_or_else(bad)?;
                match text.trim() {
                    "" => Err(bad()),
                    text => Ok(Reply {
                        act: act.word().into(),
                        text: text.into(),
                    }),
                }
            })
            .collect::<std::result::Result<_, _>>()?;
    }
    Ok(())
}

/// Adopts a version, or shows all its faults and changes nothing.
pub async fn adopt(State(app): State<App>, page: Page, mut form: Multipart) -> Result<Response> {
    let (version, mut rules) = current(&app).await?;
    let said = read(&mut form, &mut rules).await?;
    let seen = said.get("version").and_then(|text| text.parse().ok());
    let before = rules.counted.clone();
    let filled = fill(&mut rules, &said);
    // Whoever is sure is so of what they were shown.
    let sure_of = said.get("counted_sure").map(|text| text.trim());
    let sure = sure_of == Some(counted_text(&rules.counted).trim());
    let doubts = match filled.is_ok() && !sure {
        true => casework::counted::doubts(&app.store, &before, &rules.counted).await?,
        false => vec![],
    };
    let refused = match filled {
        Err(message) => Some((None, Some(page.language.message(&message)))),
        Ok(()) if !doubts.is_empty() => Some((None, None)),
        Ok(()) => {
            let (now, who) = (app.clock.now(), page.viewer.login.clone());
            // A form that does not say what it was made from was made from nothing that holds.
            let seen = Some(seen.unwrap_or(-1));
            match casework::adopt_after(&app.store, now, &who, rules.clone(), seen).await {
                Ok(Ok(())) => None,
                Ok(Err(faults)) => Some((Some(*faults), None)),
                // Somebody else adopted another version meanwhile: theirs is not overwritten unseen.
                Err(casework::Error::Refused(message)) => {
                    Some((None, Some(page.language.message(&message))))
                }
                Err(error) => return Err(error.into()),
            }
        }
    };
    match refused {
        None => Ok(Redirect::to("/desk/case-rules?adopted=yes").into_response()),
        Some((faults, fault)) => {
            let language = page.language;
            let mut shown = rules_page(&app, page, version, rules, faults, fault).await?;
            shown.doubts = doubts.iter().map(|doubt| language.message(doubt)).collect();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&shown)?).into_response())
        }
    }
}

/// A case that other routes would have sent elsewhere.
#[derive(Debug, Serialize)]
pub struct Moved {
    pub id: String,
    pub reported_at: String,
    pub category: String,
    pub place: String,
    /// By the routes that hold, by the draft, and where it was sent.
    pub from: String,
    pub to: String,
    pub sent: String,
}

/// What a draft of routes would have done in a month.
#[derive(Debug, Serialize)]
pub struct DryRun {
    pub month: String,
    pub cases: usize,
    /// From, to, how many.
    pub counts: Vec<(String, String, usize)>,
    pub moved: Vec<Moved>,
}

#[derive(Template)]
#[template(path = "case/dry_run.html")]
struct DryRunPage {
    page: Page,
    run: DryRun,
    faults: Vec<Fault>,
    routes: String,
}

impl DryRunPage {
    fn shown(&self) -> usize {
        SHOWN
    }
}

/// Tries a table of routes over the cases of a month; changes nothing.
pub async fn dry_run(State(app): State<App>, page: Page, mut form: Multipart) -> Result<Response> {
    let (_, mut rules) = current(&app).await?;
    let said = read(&mut form, &mut rules).await?;
    let desk = Desk::open(&app, &page).await?;
    let this = Month::of(day_of(desk.now)).ok_or_else(Error::not_found)?;
    let month = match said.get("month").map(|text| text.trim()) {
        None | Some("") => this.plus(-1),
        Some(text) => text
            .parse()
            .map_err(|_| Error::refused(Message::new("rates-bad-month").with("text", text)))?,
    };
    let (draft, mut issues) = Route::parse_all(&rules.routes);
    if draft.is_some() {
        let conditions = &desk.practice.conditions;
        issues = casework::unknown_in_routes(&app.store, conditions, &rules.routes).await?;
    }
    let draft = draft.filter(|_| issues.is_empty());
    let faults: Vec<Fault> = issues
        .iter()
        .map(|issue| Fault::of(issue, page.language))
        .collect();
    let run = match &draft {
        Some(draft) => over_month(&app, &desk, draft, month).await?,
        None => DryRun {
            month: month.to_string(),
            cases: 0,
            counts: vec![],
            moved: vec![],
        },
    };
    if draft.is_some() && said.get("format").is_some_and(|format| format == "xlsx") {
        return book(&page, &run);
    }
    let status = match draft {
        Some(_) => StatusCode::OK,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let answer = html_or_json(&page, run, |run| DryRunPage {
        page: page.clone(),
        run,
        faults,
        routes: rules.routes,
    })?;
    Ok((status, answer).into_response())
}

async fn over_month(app: &App, desk: &Desk<'_>, draft: &[Route], month: Month) -> Result<DryRun> {
    // As they would be dispatched today: by today's tree of units, and by what the routes say for today.
    let today = day_of(desk.now);
    let filter = CaseFilter {
        month: month.to_string(),
        ..CaseFilter::default()
    };
    let nobody = || desk.page.t("case-rules-nobody");
    let words = |routed: Option<Routed>| routed.map_or_else(nobody, |routed| desk.goes_to(&routed));
    let (mut cases, mut moved, mut counts) = (0, vec![], BTreeMap::new());
    let mut after = None;
    loop {
        let (rows, next) = app
            .store
            .cases_after(&desk.page.viewer, desk.now, &filter, after.as_deref(), 1000)
            .await?;
        for row in &rows {
            cases += 1;
            let place = casework::place_in(&desk.units, &row.new);
            let by = |routes: &[Route]| route(routes, &row.new.category, &place, today);
            let (before, then) = (by(&desk.practice.routes), by(draft));
            let target = |routed: &Option<Routed>| {
                routed
                    .as_ref()
                    .map(|routed| (routed.unit.clone(), routed.department.clone()))
            };
            if target(&before) == target(&then) {
                continue;
            }
            let (from, to) = (words(before), words(then));
            *counts.entry((from.clone(), to.clone())).or_insert(0) += 1;
            let sent = row.unit.clone().map(|unit| Routed {
                unit,
                department: row.department.clone(),
                route: String::new(),
            });
            moved.push(Moved {
                id: row.id.clone(),
                reported_at: desk.page.moment(&row.reported_at),
                category: category_name(&row.new.category, desk.page.language),
                place: row.new.place.clone(),
                from,
                to,
                sent: sent.map_or_else(|| "—".to_owned(), |sent| desk.goes_to(&sent)),
            });
        }
        match next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let mut counts: Vec<_> = counts
        .into_iter()
        .map(|((from, to), n)| (from, to, n))
        .collect();
    counts.sort_by_key(|(_, _, n)| std::cmp::Reverse(*n));
    Ok(DryRun {
        month: month.to_string(),
        cases,
        counts,
        moved,
    })
}

fn book(page: &Page, run: &DryRun) -> Result<Response> {
    let mut table = Table::new(
        page.language,
        &[
            ("case-number", 14, false),
            ("case-reported", 12, false),
            ("case-category", 12, false),
            ("case-place", 20, true),
            ("case-rules-goes-now", 16, false),
            ("case-rules-would-go", 16, false),
            ("case-rules-was-sent", 16, false),
        ],
    );
    for each in &run.moved {
        let cells = [
            &each.id,
            &each.reported_at,
            &each.category,
            &each.place,
            &each.from,
            &each.to,
            &each.sent,
        ];
        table.rows.push(cells.map(Cell::text).into());
    }
    let title = page.t1(
        "case-rules-dry-run-of",
        "month",
        month_words(&run.month, page.language),
    );
    let day = format!("{}-01", run.month);
    let name = format!("routes-{}", run.month);
    workbook(page, "case-rules-dry-run", &title, &table, &day, &name)
}

/// A limit to be reckoned.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AskedDeadline {
    start: String,
    condition: String,
}

/// A limit reckoned.
#[derive(Debug, Serialize)]
pub struct Reckoned {
    pub condition: String,
    pub limit: String,
    pub start: String,
    pub at: String,
    pub gross_at: String,
    pub provisional: bool,
    pub calendar: String,
    pub working: Vec<WorkingLine>,
}

#[derive(Template)]
#[template(path = "case/deadline.html")]
struct DeadlinePage {
    page: Page,
    asked: AskedDeadline,
    reckoned: Option<Reckoned>,
    /// Categories, each with its conditions.
    conditions: Vec<(String, Vec<(String, String)>)>,
}

/// From when to when a limit runs, and how that is computed.
pub async fn deadline(
    State(app): State<App>,
    page: Page,
    Query(mut asked): Query<AskedDeadline>,
) -> Result<Response> {
    let desk = Desk::open(&app, &page).await?;
    let minute = |at: DateTime| assessment::facts::time_text(at).replace('T', " ");
    let mut reckoned = None;
    if !asked.condition.is_empty() {
        let start: DateTime = match asked.start.trim() {
            "" => civil(desk.now),
            text => text.parse().map_err(|_| {
                Error::refused(Message::new("case-rules-bad-start").with("text", text))
            })?,
        };
        let condition = desk
            .practice
            .conditions
            .by_id(&asked.condition)
            .ok_or_else(|| Error::refused(Message::new("case-condition-missing")))?;
        let clock = Clock::new(start, condition.limit);
        let said = |why: assessment::case::deadline::NotReckoned| Error::refused(why.message());
        let due = clock.deadline(&desk.practice.calendar).map_err(said)?;
        let gross = clock
            .gross(desk.practice.rules.gross_factor, &desk.practice.calendar)
            .map_err(said)?;
        reckoned = Some(Reckoned {
            condition: format!(
                "{} · {}",
                category_name(&condition.category, page.language),
                condition_text(condition, page.language)
            ),
            limit: limit_text(condition.limit, page.language),
            start: minute(start),
            at: minute(due.at),
            gross_at: minute(gross.at),
            provisional: due.provisional,
            calendar: desk.practice.calendar.id().to_owned(),
            working: working(&due, page.language),
        });
    }
    if page.machine {
        return Ok(axum::Json(reckoned).into_response());
    }
    if asked.start.is_empty() {
        asked.start = civil(desk.now).strftime("%Y-%m-%dT%H:%M").to_string();
    }
    let conditions = conditions(&desk.practice, &page);
    html(&DeadlinePage {
        page: page.clone(),
        asked,
        reckoned,
        conditions,
    })
}

/// Filing conditions, by category.
pub fn conditions(practice: &Practice, page: &Page) -> Vec<(String, Vec<(String, String)>)> {
    let mut groups: Vec<(String, Vec<(String, String)>)> = vec![];
    for condition in practice.conditions.iter() {
        let name = category_name(&condition.category, page.language);
        let text = condition_text(condition, page.language);
        let line = (condition.id.clone(), text);
        match groups.last_mut().filter(|(last, _)| *last == name) {
            Some((_, lines)) => lines.push(line),
            None => groups.push((name, vec![line])),
        }
    }
    groups
}
