//! Plans: draw, see, release, throw away. Who may not know of a plan gets the answer of one that does not exist.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use askama::Template;
use assessment::inspection::draw::Sizes;
use assessment::inspection::frame::Cell;
use assessment::message::Message;
use assessment::month::Month;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::{html, html_or_json};
use super::called::{Evaluations, People};
use super::error::{Error, Result};
use super::frames::FrameTable;
use super::page::Page;
use crate::store::act::Act;
use crate::store::agency::{Agency, day_of};
use crate::store::assignment::{AssignmentRow, State as Stage};
use crate::store::frame::Counties;
use crate::store::plan::{DrawOrder, PlanLine, PlanRow};
use crate::viewer::Viewer;
use crate::words::Language;

/// A plan as lists show it.
#[derive(Debug, Serialize)]
pub struct Line {
    /// The series that its evidence is kept under.
    pub series: String,
    /// The month.
    pub month: String,
    /// Name of the agency.
    pub agency: String,
    /// Sites to be visited.
    pub sites: i64,
    /// Of these, given to somebody.
    pub assigned: i64,
    /// Of these, released.
    pub released: i64,
    /// Of these, visited.
    pub visited: i64,
}

impl Line {
    fn of(line: &PlanLine, agencies: &[Agency]) -> Self {
        let agency = agencies.iter().find(|agency| agency.id == line.plan.agency);
        let visited = line.count(Stage::Visited);
        let released = visited + line.count(Stage::Released);
        Self {
            series: line.plan.series.clone(),
            month: line.plan.month.to_string(),
            agency: agency.map_or_else(|| line.plan.agency.clone(), |agency| agency.name.clone()),
            sites: line.sites(),
            assigned: released + line.count(Stage::Assigned),
            released,
            visited,
        }
    }
}

#[derive(Template)]
#[template(path = "plan/list.html")]
struct ListPage {
    page: Page,
    plans: Vec<Line>,
    series: Vec<String>,
    /// The evaluation that was last drawn for.
    usual: String,
    titles: Evaluations,
    month: String,
}

/// The plans that the viewer sees, and where to draw one.
pub async fn list(State(app): State<App>, page: Page) -> Result<Response> {
    let agencies = app.store.agencies(&page.viewer).await?;
    let plans = app.store.plans(&page.viewer).await?;
    let lines: Vec<Line> = plans.iter().map(|plan| Line::of(plan, &agencies)).collect();
    let latest = plans.iter().map(|line| line.plan.month).max();
    let next = latest
        .map(|month| month.plus(1))
        .or_else(|| Month::of(app.clock.today()));
    let series = app.store.evidence_series().await?;
    let titles = Evaluations::of(&app, &page).await?;
    let last = plans.iter().max_by_key(|line| line.plan.month);
    let usual = last.map_or_else(String::new, |line| line.plan.series.clone());
    html_or_json(&page, lines, |plans| ListPage {
        page: page.clone(),
        plans,
        series,
        usual,
        titles,
        month: next.map(|month| month.to_string()).unwrap_or_default(),
    })
}

/// Which plan is to be drawn.
#[derive(Debug, Default, Deserialize)]
pub struct DrawQuery {
    #[serde(default)]
    series: String,
    #[serde(default)]
    month: String,
}

/// A cell of the form: what can be drawn, and how many are to be.
struct SizeField {
    name: String,
    count: super::frames::Count,
    value: String,
}

#[derive(Template)]
#[template(path = "plan/draw.html")]
struct DrawPage {
    page: Page,
    titles: Evaluations,
    series: String,
    month: String,
    table: FrameTable,
    /// A line of fields for each unit of the table.
    fields: Vec<Vec<SizeField>>,
    /// Agencies, and whether they have a contract in the month.
    agencies: Vec<(Agency, bool)>,
    said: HashMap<String, String>,
    fault: Option<String>,
}

/// How many are drawn of a kind and unit where nobody has said otherwise.
const USUAL: usize = 2;

fn field_name(unit: &str, stratum: &str) -> String {
    format!("n/{unit}/{stratum}")
}

async fn draw_page_of(
    app: &App,
    page: Page,
    series: String,
    month: Month,
    said: HashMap<String, String>,
    fault: Option<String>,
) -> Result<DrawPage> {
    let frame = app.store.frame(&series, month).await?;
    let counties = app.store.counties_in(month).await?;
    let table = FrameTable::of(&frame, month, &counties);
    let mut earlier: BTreeMap<(String, String), usize> = BTreeMap::new();
    let plans = app.store.plans(&page.viewer).await?;
    if let Some(last) = plans.iter().find(|line| line.plan.series == series) {
        let (from, ..) = app.store.drawn_again(&last.plan).await?;
        let sizes = from.sizes.into_iter();
        earlier = sizes
            .map(|(unit, stratum, n)| ((unit, stratum), n))
            .collect();
    }
    let field = |unit: &str, stratum: &String, count: &super::frames::Count| {
        let name = field_name(unit, stratum);
        let usual = match earlier.get(&(unit.to_owned(), stratum.clone())) {
            Some(&earlier) => earlier,
            None if earlier.is_empty() => USUAL,
            None => 0,
        };
        SizeField {
            value: said
                .get(&name)
                .cloned()
                .unwrap_or_else(|| usual.min(count.open).to_string()),
            name,
            count: *count,
        }
    };
    let fields = table.units.iter().map(|line| {
        let cells = table.strata.iter().zip(&line.counts);
        cells
            .map(|(stratum, count)| field(&line.unit, stratum, count))
            .collect()
    });
    let agencies = app.store.agencies(&Viewer::console()).await?.into_iter();
    let with_contract = |one: Agency| {
        let holds = one.holds_in(month);
        (one, holds)
    };
    Ok(DrawPage {
        titles: Evaluations::of(app, &page).await?,
        fields: fields.collect(),
        agencies: agencies.map(with_contract).collect(),
        month: month.to_string(),
        page,
        series,
        table,
        said,
        fault,
    })
}

/// The form of a draw: how many of which, by which seed.
pub async fn draw_page(
    State(app): State<App>,
    page: Page,
    Query(query): Query<DrawQuery>,
) -> Result<Response> {
    let month = super::fields::month_of(&query.month)?;
    if !app.store.evidence_series().await?.contains(&query.series) {
        return Err(Error::not_found());
    }
    html(&draw_page_of(&app, page, query.series, month, HashMap::new(), None).await?)
}

/// Draws. A refusal shows the form again as it was filled in.
pub async fn draw(
    State(app): State<App>,
    page: Page,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let said: HashMap<String, String> = fields.into_iter().collect();
    let text = |name: &str| said.get(name).cloned().unwrap_or_default();
    let (series, month) = (text("series"), super::fields::month_of(&text("month"))?);
    if !app.store.evidence_series().await?.contains(&series) {
        return Err(Error::not_found());
    }
    let drawn = match sizes_of(&said) {
        Err(fault) => Err(Error::refused(fault)),
        Ok(sizes) => {
            let order = DrawOrder {
                series: series.clone(),
                agency: text("agency"),
                sizes,
                seed: text("seed"),
                seen: Some(text("seen")),
                reason: text("reason"),
            };
            let (now, who) = (app.clock.now(), &page.viewer.login);
            let done = app.store.draw_plan(now, who, month, order).await;
            done.map_err(Error::from)
        }
    };
    match drawn {
        Ok(()) => Ok(Redirect::to(&format!("/desk/plans/{series}/{month}")).into_response()),
        Err(error) if error.is_refusal() => {
            let fault = page.language.message(error.message());
            let again = draw_page_of(&app, page, series, month, said, Some(fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&again)?).into_response())
        }
        Err(error) => Err(error),
    }
}

/// The numbers of the form.
fn sizes_of(said: &HashMap<String, String>) -> std::result::Result<Sizes, Message> {
    let mut sizes = BTreeMap::new();
    for (name, value) in said {
        let Some((unit, stratum)) = name
            .strip_prefix("n/")
            .and_then(|cell| cell.split_once('/'))
        else {
            continue;
        };
        let count: usize = match value.trim() {
            "" => 0,
            text => text
                .parse()
                .map_err(|_| Message::new("plan-bad-size").with("text", text))?,
        };
        if count > 0 {
            sizes.insert(Cell::new(unit, stratum), count);
        }
    }
    Ok(Sizes(sizes))
}

/// The plan that this viewer sees under a path; otherwise nothing is there.
pub(super) async fn plan_of(app: &App, page: &Page, series: &str, month: &str) -> Result<PlanRow> {
    let month: Month = month.parse().map_err(|_| Error::not_found())?;
    let plan = app.store.plan(&page.viewer, series, month).await?;
    plan.ok_or_else(Error::not_found)
}

/// What was done to a plan or one of its assignments. An agency is told nothing of a plan of the month that was thrown away,
/// which may have been another's.
pub(super) async fn acts_of(
    app: &App,
    page: &Page,
    plan: &PlanRow,
    noun: &str,
    id: &str,
) -> Result<Vec<Act>> {
    Ok(match page.viewer.role.is_of_agency() {
        true => app.store.acts_since_drawn(plan, noun, id).await?,
        false => app.store.acts_of(noun, id).await?,
    })
}

/// How far a unit's sites have come.
#[derive(Debug, Serialize)]
pub struct ProgressLine {
    /// Code.
    pub unit: String,
    /// Name.
    pub name: String,
    /// Name of its county, if it is not one itself.
    pub county: Option<String>,
    /// Sites to be visited, given to somebody, released, visited; closed and replaced.
    pub counts: [i64; 5],
}

impl ProgressLine {
    /// Units put together, by code.
    fn by<'a>(
        units: &'a BTreeMap<String, BTreeMap<Stage, i64>>,
        counties: &'a Counties,
        above: impl Fn(&'a str) -> &'a str,
    ) -> Vec<Self> {
        let mut together: BTreeMap<&str, BTreeMap<Stage, i64>> = BTreeMap::new();
        for (unit, states) in units {
            let sum = together.entry(above(unit)).or_default();
            for (state, count) in states {
                *sum.entry(*state).or_default() += count;
            }
        }
        let lines = together.iter();
        lines
            .map(|(unit, states)| Self::of(unit, states, counties))
            .collect()
    }

    fn of(unit: &str, states: &BTreeMap<Stage, i64>, counties: &Counties) -> Self {
        let count = |state: Stage| states.get(&state).copied().unwrap_or(0);
        let visited = count(Stage::Visited);
        let released = visited + count(Stage::Released);
        let assigned = released + count(Stage::Assigned);
        let county = counties.county(unit);
        Self {
            unit: unit.to_owned(),
            name: counties.name(unit).to_owned(),
            county: (county != unit).then(|| counties.name(county).to_owned()),
            counts: [
                assigned + count(Stage::Drawn),
                assigned,
                released,
                visited,
                count(Stage::Closed),
            ],
        }
    }
}

/// An assignment as lists show it.
#[derive(Debug, Serialize)]
pub struct AssignmentLine {
    /// What is kept.
    #[serde(flatten)]
    pub row: AssignmentRow,
    /// Name of the site.
    pub name: String,
    /// Name of its unit.
    pub unit_name: String,
    /// Name of the inspector.
    pub inspector_name: Option<String>,
}

/// A plan with its assignments.
#[derive(Debug, Serialize)]
pub struct PlanView {
    /// The series.
    pub series: String,
    /// The month.
    pub month: String,
    /// The agency.
    pub agency: String,
    /// The seed, as hex.
    pub seed: String,
    /// What was typed as the seed.
    pub seed_text: Option<String>,
    /// Digest of the frame.
    pub frame_digest: String,
    /// When it was drawn, local time.
    pub drawn_at: String,
    /// Why.
    pub reason: String,
    /// The hour of releasing by itself.
    pub release_hour: Option<i64>,
    /// All units together.
    pub total: [i64; 5],
    /// Whether somebody was or is out for it; it is not thrown away any more.
    pub has_begun: bool,
    /// By county.
    pub counties: Vec<ProgressLine>,
    /// By the units for which sites are drawn.
    pub progress: Vec<ProgressLine>,
    /// What is listed.
    pub assignments: Vec<AssignmentLine>,
}

impl PlanView {
    fn releases_at(&self, hour: &i64) -> bool {
        self.release_hour.as_ref() == Some(hour)
    }
}

/// Which assignments are listed.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    state: String,
}

#[derive(Template)]
#[template(path = "plan/one.html")]
struct OnePage {
    page: Page,
    titles: Evaluations,
    people: People,
    plan: PlanView,
    asked: Asked,
    /// Days that wait to be released.
    waiting: Vec<String>,
    /// Days of which something is released and not visited yet.
    released: BTreeSet<String>,
    /// Id and name of the sites whose day has passed without a visit that counts; how many more there are.
    overdue: Vec<(String, String)>,
    overdue_more: usize,
    /// Days on which the agency has no contract: they are not released.
    beyond: String,
    /// Whoever may not be sent where they were to go: that is not released either.
    unfit: Vec<Unfit>,
    today: String,
    acts: Vec<Act>,
    /// Assignments that are not listed.
    more: usize,
}

/// Somebody who may not be sent any more where they were to go on a day.
struct Unfit {
    /// Who, when and why.
    sentence: String,
    /// Id and name of the sites.
    sites: Vec<(String, String)>,
}

/// More assignments than this are counted, not listed, except for programs.
const SHOWN: usize = 200;

/// More sites whose day has passed than this are counted, not named.
const NAMED: usize = 50;

/// Names of the people who are sent: login and name.
pub(super) async fn names(app: &App) -> Result<HashMap<String, String>> {
    let accounts = app.store.accounts().await?.into_iter();
    Ok(accounts
        .map(|account| (account.login, account.name))
        .collect())
}

/// One plan.
pub async fn one(
    State(app): State<App>,
    page: Page,
    Path((series, month)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let plan = plan_of(&app, &page, &series, &month).await?;
    let counties = app.store.counties_in(plan.month).await?;
    let (from, frame, _) = app.store.drawn_again(&plan).await?;
    let names = names(&app).await?;
    let sites: HashMap<&str, &str> = frame
        .places
        .iter()
        .map(|place| (place.site.id.as_str(), place.site.name.as_str()))
        .collect();
    let rows = app.store.assignments(&plan).await?;
    let today = app.clock.today().to_string();
    let crew = app.store.crew(&plan).await?;
    let (mut waiting, mut released, mut overdue) = (BTreeSet::new(), BTreeSet::new(), vec![]);
    let mut unfit: BTreeMap<String, Unfit> = BTreeMap::new();
    for row in &rows {
        let (Some(login), Some(day)) = (&row.inspector, &row.day) else {
            continue;
        };
        let name = sites.get(row.site.as_str()).copied().unwrap_or(&row.site);
        if row.is_overdue(&today) {
            overdue.push((row.id.clone(), name.to_owned()));
        }
        if *day < today || !matches!(row.state, Stage::Assigned | Stage::Released) {
            continue;
        }
        if row.state == Stage::Released {
            released.insert(day.clone());
        }
        match crew.may_be_sent(login, &row.unit, day_of(day)?) {
            Ok(()) if row.state == Stage::Assigned => {
                waiting.insert(day.clone());
            }
            Ok(()) => {}
            Err(why) => {
                let why = page.language.message(&why);
                let who = names.get(login).unwrap_or(login).as_str();
                let when = page.when(day);
                let about = [("day", when.as_str()), ("name", who), ("why", &why)];
                let about = about.map(|(name, value)| (name, value.into()));
                let sentence = page.language.say("plan-unfit-one", about);
                let of_them = unfit.entry(sentence.clone()).or_insert_with(|| Unfit {
                    sentence,
                    sites: vec![],
                });
                of_them.sites.push((row.id.clone(), name.to_owned()));
            }
        }
    }
    let wanted = |row: &AssignmentRow| {
        (asked.unit.is_empty()
            || counties.area(&row.unit) == asked.unit
            || counties.county(&row.unit) == asked.unit)
            && (asked.day.is_empty() || row.day.as_ref() == Some(&asked.day))
            && (asked.state.is_empty() || row.state.word() == asked.state)
    };
    let line = |row: AssignmentRow| AssignmentLine {
        name: sites
            .get(row.site.as_str())
            .map_or_else(|| row.site.clone(), |&name| name.to_owned()),
        unit_name: counties.name(&row.unit).to_owned(),
        inspector_name: row
            .inspector
            .as_ref()
            .map(|login| names.get(login).unwrap_or(login).clone()),
        row,
    };
    let units = app.store.progress(&plan).await?;
    let of_counties = ProgressLine::by(&units, &counties, |unit| counties.county(unit));
    let progress = ProgressLine::by(&units, &counties, |unit| counties.area(unit));
    let mut total = [0; 5];
    for line in &of_counties {
        for (sum, count) in total.iter_mut().zip(line.counts) {
            *sum += count;
        }
    }
    let mut assignments: Vec<AssignmentLine> = rows.into_iter().filter(wanted).map(line).collect();
    let more = assignments.len().saturating_sub(SHOWN);
    if !page.machine {
        assignments.truncate(SHOWN);
    }
    let agency = app.store.agency(&page.viewer, &plan.agency).await?;
    let holds = |day: &String| {
        let day = day.parse().ok();
        agency
            .as_ref()
            .zip(day)
            .is_some_and(|(one, day)| one.holds_on(day))
    };
    let (waiting, beyond): (Vec<String>, Vec<String>) = waiting.into_iter().partition(holds);
    let id = format!("{}/{}", plan.series, plan.month);
    let acts = acts_of(&app, &page, &plan, "plan", &id).await?;
    let view = PlanView {
        has_begun: app.store.plan_has_begun(&plan).await?,
        agency: agency.map_or_else(|| plan.agency.clone(), |agency| agency.name),
        drawn_at: page.moment(&plan.drawn_at),
        seed_text: from.seed_text,
        reason: from.reason,
        total,
        counties: of_counties,
        progress,
        assignments,
        series: plan.series,
        month: plan.month.to_string(),
        seed: plan.seed,
        frame_digest: plan.frame_digest,
        release_hour: plan.release_hour,
    };
    let titles = Evaluations::of(&app, &page).await?;
    let people = People::of(&app, &page, acts.iter().map(|act| act.who.as_str())).await?;
    html_or_json(&page, view, |plan| OnePage {
        page: page.clone(),
        titles,
        people,
        plan,
        asked,
        waiting,
        released,
        overdue_more: overdue.len().saturating_sub(NAMED),
        overdue: overdue.into_iter().take(NAMED).collect(),
        beyond: days_in_words(&page, &beyond),
        unfit: unfit.into_values().collect(),
        today,
        acts,
        more,
    })
}

fn days_in_words(page: &Page, days: &[String]) -> String {
    let days: Vec<String> = days.iter().map(|day| page.when(day)).collect();
    let between = match page.language {
        Language::Chinese => "、",
        Language::English => ", ",
    };
    days.join(between)
}

fn back(series: &str, month: &str) -> Redirect {
    Redirect::to(&format!("/desk/plans/{series}/{month}"))
}

/// The form to release a day, or to take it back.
#[derive(Deserialize)]
pub struct ReleaseForm {
    day: String,
    reason: String,
}

/// Releases a day: its inspectors see their sites on that day.
pub async fn release(
    State(app): State<App>,
    page: Page,
    Path((series, month)): Path<(String, String)>,
    Form(form): Form<ReleaseForm>,
) -> Result<Redirect> {
    let plan = plan_of(&app, &page, &series, &month).await?;
    let (now, who) = (app.clock.now(), &page.viewer.login);
    app.store
        .release_day(now, who, &plan, &form.day, &form.reason)
        .await?;
    Ok(back(&series, &month))
}

/// Takes back what was released for a day and not visited yet.
pub async fn withdraw(
    State(app): State<App>,
    page: Page,
    Path((series, month)): Path<(String, String)>,
    Form(form): Form<ReleaseForm>,
) -> Result<Redirect> {
    let plan = plan_of(&app, &page, &series, &month).await?;
    let (now, who) = (app.clock.now(), &page.viewer.login);
    app.store
        .withdraw_day(now, who, &plan, &form.day, &form.reason)
        .await?;
    Ok(back(&series, &month))
}

/// The form of the hour of releasing.
#[derive(Deserialize)]
pub struct HourForm {
    #[serde(default)]
    hour: String,
    reason: String,
}

/// Sets the hour at which each day is released by itself; none, and people do it.
pub async fn set_release_hour(
    State(app): State<App>,
    page: Page,
    Path((series, month)): Path<(String, String)>,
    Form(form): Form<HourForm>,
) -> Result<Redirect> {
    let plan = plan_of(&app, &page, &series, &month).await?;
    let hour = match form.hour.trim() {
        "" => None,
        // What is no number is no hour of the day either.
        text => Some(text.parse().unwrap_or(-1)),
    };
    let (now, who) = (app.clock.now(), &page.viewer.login);
    app.store
        .set_release_hour(now, who, &plan, hour, &form.reason)
        .await?;
    app.store.release_due(now).await?;
    Ok(back(&series, &month))
}

/// A form with nothing but a reason.
#[derive(Deserialize)]
pub struct ReasonForm {
    pub(super) reason: String,
}

/// Throws a plan away.
pub async fn discard(
    State(app): State<App>,
    page: Page,
    Path((series, month)): Path<(String, String)>,
    Form(form): Form<ReasonForm>,
) -> Result<Redirect> {
    let plan = plan_of(&app, &page, &series, &month).await?;
    let (now, who) = (app.clock.now(), &page.viewer.login);
    app.store
        .discard_plan(now, who, &plan, &form.reason)
        .await?;
    Ok(Redirect::to("/desk/plans"))
}
