//! Assignments: give them out after a look, change one by hand, replace a closed site; and an inspector's today.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::{Redirect, Response};
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::App;
use super::agencies::days_in;
use super::answer::{html, html_or_json};
use super::called::{Evaluations, People};
use super::error::{Error, Result};
use super::page::Page;
use super::plans::{ReasonForm, acts_of, names, plan_of};
use crate::store::act::Act;
use crate::store::agency::day_of;
use crate::store::assignment::{AssignmentRow, State as Stage, Task};
use crate::store::field::{ClosedSite, Sight};
use crate::store::plan::PlanRow;

/// On which days somebody may go.
#[derive(Debug, Default, Clone, Deserialize)]
pub struct Days {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    /// `yes`: on Saturdays and Sundays too.
    #[serde(default)]
    weekend: String,
    #[serde(default)]
    except: String,
}

impl Days {
    /// As they are where nobody has said anything: from today or the month's first to its 25th, on working days.
    fn usual(plan: &PlanRow, today: Date) -> Self {
        let first = plan.month.first_day();
        let last = first.saturating_add(24.days());
        Self {
            from: first.max(today).to_string(),
            to: last.max(today).min(plan.month.last_day()).to_string(),
            ..Self::default()
        }
    }

    fn days(&self) -> Result<BTreeSet<Date>> {
        let (from, to) = (day_of(&self.from)?, day_of(&self.to)?);
        let except = days_in(&self.except);
        let except = except
            .iter()
            .map(|day| day_of(day))
            .collect::<std::result::Result<BTreeSet<_>, _>>()?;
        let working = |day: &Date| {
            self.weekend == "yes" || !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
        };
        // A month has no more days; what lies outside of it is left out later.
        let days = from.series(1.day()).take_while(|day| *day <= to).take(62);
        Ok(days
            .filter(working)
            .filter(|day| !except.contains(day))
            .collect())
    }
}

/// What somebody would get.
struct Share {
    inspector: String,
    /// Sites by county.
    counties: Vec<(String, usize)>,
    sites: usize,
    days: usize,
    /// Sites in a county where they were last month.
    again: usize,
}

#[derive(Template)]
#[template(path = "plan/assign.html")]
struct AssignPage {
    page: Page,
    titles: Evaluations,
    series: String,
    month: String,
    days: Days,
    shares: Vec<Share>,
    /// Day, inspector, unit, site.
    lines: Vec<(String, String, String, String)>,
    digest: Option<String>,
    fault: Option<String>,
}

/// A look at how the sites would be given out.
pub async fn preview(
    State(app): State<App>,
    page: Page,
    Path((series, month)): Path<(String, String)>,
    Query(days): Query<Days>,
) -> Result<Response> {
    let plan = plan_of(&app, &page, &series, &month).await?;
    let now = app.clock.now();
    let days = match days.from.trim() {
        "" => Days::usual(&plan, crate::clock::day_of(now)),
        _ => days,
    };
    let mut shown = AssignPage {
        titles: Evaluations::of(&app, &page).await?,
        page: page.clone(),
        series,
        month,
        days,
        shares: vec![],
        lines: vec![],
        digest: None,
        fault: None,
    };
    let allowed = match shown.days.days() {
        Ok(allowed) => allowed,
        Err(error) => {
            shown.fault = Some(page.language.message(error.message()));
            return html(&shown);
        }
    };
    match app.store.propose(now, &plan, &allowed).await {
        Err(crate::store::Error::Refused(why)) => shown.fault = Some(page.language.message(&why)),
        Err(error) => return Err(error.into()),
        Ok(proposal) => {
            let counties = app.store.counties_in(plan.month).await?;
            let names = names(&app).await?;
            let (_, frame, _) = app.store.drawn_again(&plan).await?;
            let sites: BTreeMap<&str, &str> = frame
                .places
                .iter()
                .map(|place| (place.site.id.as_str(), place.site.name.as_str()))
                .collect();
            let rows: BTreeMap<String, AssignmentRow> = app
                .store
                .assignments(&plan)
                .await?
                .into_iter()
                .map(|row| (row.id.clone(), row))
                .collect();
            let mut people: BTreeMap<&str, (BTreeMap<&str, usize>, BTreeSet<Date>, usize)> =
                BTreeMap::new();
            for each in &proposal.assigned {
                let row = &rows[&each.id];
                let name = names.get(&each.inspector).unwrap_or(&each.inspector);
                let site = sites.get(row.site.as_str()).copied().unwrap_or(&row.site);
                shown.lines.push((
                    each.day.to_string(),
                    name.clone(),
                    counties.name(&row.unit).to_owned(),
                    site.to_owned(),
                ));
                let person = people.entry(&each.inspector).or_default();
                *person.0.entry(counties.county(&row.unit)).or_default() += 1;
                person.1.insert(each.day);
                person.2 += usize::from(each.again);
            }
            let share = |(login, (own, days, again)): (
                &str,
                (BTreeMap<&str, usize>, BTreeSet<Date>, usize),
            )| Share {
                inspector: names
                    .get(login)
                    .cloned()
                    .unwrap_or_else(|| login.to_owned()),
                sites: own.values().sum(),
                counties: own
                    .into_iter()
                    .map(|(county, sites)| (counties.name(county).to_owned(), sites))
                    .collect(),
                days: days.len(),
                again,
            };
            shown.shares = people.into_iter().map(share).collect();
            shown.digest = Some(proposal.digest);
        }
    }
    html(&shown)
}

/// The form that does what was looked at.
#[derive(Deserialize)]
pub struct AssignForm {
    #[serde(flatten)]
    days: Days,
    seen: String,
    reason: String,
}

/// Gives the sites out as they were looked at.
pub async fn assign(
    State(app): State<App>,
    page: Page,
    Path((series, month)): Path<(String, String)>,
    Form(form): Form<AssignForm>,
) -> Result<Redirect> {
    let plan = plan_of(&app, &page, &series, &month).await?;
    let (now, who) = (app.clock.now(), &page.viewer.login);
    let days = form.days.days()?;
    app.store
        .assign_plan(now, who, &plan, &days, &form.seen, &form.reason)
        .await?;
    Ok(Redirect::to(&format!("/desk/plans/{series}/{month}")))
}

/// An assignment with the names of what it speaks of.
#[derive(Debug, Serialize)]
pub struct View {
    /// What is kept.
    #[serde(flatten)]
    pub row: AssignmentRow,
    /// Name of the site.
    pub name: String,
    /// Name of its unit.
    pub unit_name: String,
    /// Name of its county.
    pub county: String,
    /// Longitude and latitude, WGS 84.
    pub position: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "plan/assignment.html")]
struct OnePage {
    page: Page,
    view: View,
    /// Name of the site that it comes instead of.
    replaced: Option<String>,
    inspector: Option<String>,
    /// Login and name of those who are not at home there.
    inspectors: Vec<(String, String)>,
    acts: Vec<Act>,
    people: People,
    /// What inspectors said who found it closed.
    closed: Vec<ClosedSite>,
    open: bool,
}

async fn row_of(app: &App, plan: &PlanRow, id: &str) -> Result<AssignmentRow> {
    let row = app.store.assignment(plan, id).await?;
    row.ok_or_else(Error::not_found)
}

/// One assignment.
pub async fn one(
    State(app): State<App>,
    page: Page,
    Path((series, month, id)): Path<(String, String, String)>,
) -> Result<Response> {
    let plan = plan_of(&app, &page, &series, &month).await?;
    let row = row_of(&app, &plan, &id).await?;
    let counties = app.store.counties_in(plan.month).await?;
    let county = counties.county(&row.unit).to_owned();
    let (_, frame, _) = app.store.drawn_again(&plan).await?;
    let site_of = |id: &str| {
        let place = frame.places.iter().find(|place| place.site.id == id);
        place.map(|place| &place.site)
    };
    let site = site_of(&row.site);
    let replaced = match &row.replaces {
        Some(id) => Some(row_of(&app, &plan, id).await?.site),
        None => None,
    };
    let replaced = replaced.map(|id| site_of(&id).map_or(id.clone(), |site| site.name.clone()));
    let names = names(&app).await?;
    let name = |login: &String| names.get(login).unwrap_or(login).clone();
    let crew = app.store.crew(&plan).await?;
    let inspectors = crew
        .inspectors()
        .filter(|each| crew.knows_home(each) && crew.home(each) != Some(county.as_str()))
        .map(|each| (each.login.clone(), name(&each.login)))
        .collect();
    let view = View {
        name: site.map_or_else(|| row.site.clone(), |site| site.name.clone()),
        unit_name: counties.name(&row.unit).to_owned(),
        county: counties.name(&county).to_owned(),
        position: site
            .and_then(|site| site.place.clone())
            .map(|at| (at.lng, at.lat)),
        row,
    };
    let acts = acts_of(&app, &page, &plan, "assignment", &view.row.id).await?;
    let closed = match Sight::of(&page.viewer) {
        Some(sight) => app.store.closed_sites(sight, Some(&view.row.id)).await?,
        None => Vec::new(),
    };
    let logins = acts.iter().map(|act| act.who.as_str());
    let logins = logins.chain(closed.iter().map(|one| one.login.as_str()));
    let people = People::of(&app, &page, logins).await?;
    let open = !matches!(view.row.state, Stage::Visited | Stage::Closed);
    html_or_json(&page, view, |view| OnePage {
        page: page.clone(),
        replaced,
        inspector: view.row.inspector.as_ref().map(name),
        view,
        inspectors,
        acts,
        people,
        closed,
        open,
    })
}

/// The form that gives an assignment to somebody.
#[derive(Deserialize)]
pub struct ChangeForm {
    inspector: String,
    day: String,
    reason: String,
}

/// Gives an assignment to somebody by hand.
pub async fn change(
    State(app): State<App>,
    page: Page,
    Path((series, month, id)): Path<(String, String, String)>,
    Form(form): Form<ChangeForm>,
) -> Result<Redirect> {
    let plan = plan_of(&app, &page, &series, &month).await?;
    let row = row_of(&app, &plan, &id).await?;
    let to = (form.inspector.as_str(), form.day.as_str());
    app.store
        .change_assignment(
            app.clock.now(),
            &page.viewer.login,
            &plan,
            &row,
            to,
            &form.reason,
        )
        .await?;
    Ok(Redirect::to(&format!(
        "/desk/plans/{series}/{month}/assignments/{id}"
    )))
}

/// Closes a site that cannot be visited; leads to the one that comes instead.
pub async fn replace(
    State(app): State<App>,
    page: Page,
    Path((series, month, id)): Path<(String, String, String)>,
    Form(form): Form<ReasonForm>,
) -> Result<Redirect> {
    let plan = plan_of(&app, &page, &series, &month).await?;
    let row = row_of(&app, &plan, &id).await?;
    let (now, who) = (app.clock.now(), &page.viewer.login);
    let next = app
        .store
        .replace_site(now, who, &plan, &row, &form.reason)
        .await?;
    Ok(Redirect::to(&format!(
        "/desk/plans/{series}/{month}/assignments/{}",
        next.id
    )))
}

#[derive(Template)]
#[template(path = "plan/today.html")]
struct TodayPage {
    page: Page,
    day: String,
    tasks: Vec<Task>,
}

/// What was released to this inspector for today, and nothing else.
pub async fn of_today(State(app): State<App>, page: Page) -> Result<Response> {
    let now = app.clock.now();
    app.store.release_due(now).await?;
    let day = crate::clock::day_of(now);
    let tasks = app.store.released_to(&page.viewer.login, day).await?;
    html_or_json(&page, tasks, |tasks| TodayPage {
        page: page.clone(),
        day: day.to_string(),
        tasks,
    })
}
