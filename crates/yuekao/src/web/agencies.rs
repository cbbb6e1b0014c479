//! Agencies, their contracts and their inspectors.

use askama::Template;
use assessment::message::Message;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::{html, html_or_json};
use super::called::Evaluations;
use super::error::{Error, Result};
use super::page::Page;
use crate::store::agency::{Agency, Beyond, InspectorRow, OUTSIDE, Term, reasoned};
use crate::viewer::Role;

/// An agency, and how its contract stands today.
#[derive(Debug, Serialize)]
pub struct AgencyLine {
    /// The agency.
    #[serde(flatten)]
    pub agency: Agency,
    /// How its contract stands.
    pub term: Term,
}

impl AgencyLine {
    fn of(agency: Agency, today: Date) -> Self {
        let term = agency.term(today);
        Self { agency, term }
    }

    /// How the contract stands in words, with the class of its badge; nothing if there is nothing to say.
    fn said(&self, page: &Page) -> Option<(&'static str, String)> {
        let end = self.agency.valid_to.as_deref().unwrap_or_default();
        match self.term {
            Term::Running => None,
            Term::NotBegun => Some(("", page.t1("agency-begins", "day", &self.agency.valid_from))),
            Term::EndsSoon => Some(("warn", page.t1("agency-ends-soon", "day", end))),
            Term::Ended => Some(("error", page.t("agency-ended"))),
        }
    }
}

#[derive(Template)]
#[template(path = "agency/list.html")]
struct ListPage {
    page: Page,
    agencies: Vec<AgencyLine>,
    today: String,
}

/// The agencies that the viewer sees.
pub async fn list(State(app): State<App>, page: Page) -> Result<Response> {
    let agencies = app.store.agencies(&page.viewer).await?.into_iter();
    let today = app.clock.today();
    let lines: Vec<AgencyLine> = agencies.map(|one| AgencyLine::of(one, today)).collect();
    html_or_json(&page, lines, |agencies| ListPage {
        page: page.clone(),
        agencies,
        today: today.to_string(),
    })
}

/// The form of an agency.
#[derive(Deserialize)]
pub struct AgencyForm {
    id: String,
    name: String,
    contract: String,
    valid_from: String,
    #[serde(default)]
    valid_to: String,
    reason: String,
    /// `yes`: it is to be a new one.
    #[serde(default)]
    new: String,
    /// How many sites the page has said would be withdrawn.
    #[serde(default)]
    withdraws: String,
}

#[derive(Template)]
#[template(path = "agency/withdraws.html")]
struct WithdrawsPage {
    page: Page,
    agency: Agency,
    reason: String,
    /// What is withdrawn: a day of a plan.
    days: Vec<Beyond>,
    /// Sites.
    count: usize,
    titles: Evaluations,
}

impl WithdrawsPage {
    /// The plan that `xianning/2022-04` names, in words.
    fn plan(&self, plan: &str) -> String {
        let (series, month) = plan.split_once('/').unwrap_or((plan, ""));
        format!("{} {}", self.titles.title(series), self.page.when(month))
    }
}

/// Writes an agency. Where that withdraws what is released, it says so first, and does it when that was seen.
pub async fn set(
    State(app): State<App>,
    page: Page,
    Form(form): Form<AgencyForm>,
) -> Result<Response> {
    let agency = Agency {
        id: form.id,
        name: form.name,
        contract: form.contract,
        valid_from: form.valid_from,
        valid_to: Some(form.valid_to),
    };
    let (now, agency) = (app.clock.now(), agency.checked()?);
    let reason = reasoned(&form.reason)?;
    if form.new == "yes"
        && let Some(known) = app.store.agency(&page.viewer, &agency.id).await?
    {
        let taken = Message::new("agency-id-taken").with("id", known.id);
        return Err(Error::refused(taken.with("name", known.name)));
    }
    let days = app.store.released_beyond(now, &agency).await?;
    let count: usize = days.iter().map(|day| day.ids.len()).sum();
    if count > 0 && form.withdraws != count.to_string() {
        return html(&WithdrawsPage {
            titles: Evaluations::of(&app, &page).await?,
            page,
            agency,
            reason,
            days,
            count,
        });
    }
    let to = format!("/desk/agencies/{}", agency.id);
    app.store
        .set_agency(now, &page.viewer.login, agency, &reason)
        .await?;
    Ok(Redirect::to(&to).into_response())
}

/// An inspector as the agency's page shows them.
#[derive(Debug, Serialize)]
pub struct InspectorLine {
    /// What is kept.
    #[serde(flatten)]
    pub row: InspectorRow,
    /// Their name.
    pub name: String,
    /// Where they live; nothing if outside.
    pub home: Option<String>,
}

/// An agency with its inspectors.
#[derive(Debug, Serialize)]
pub struct AgencyView {
    /// The agency.
    pub agency: AgencyLine,
    /// Its inspectors.
    pub inspectors: Vec<InspectorLine>,
}

#[derive(Template)]
#[template(path = "agency/one.html")]
struct OnePage {
    page: Page,
    agency: Agency,
    /// How its contract stands, with the class of the notice.
    term: Option<(&'static str, String)>,
    inspectors: Vec<InspectorLine>,
    /// Accounts that could be inspectors: login and name.
    accounts: Vec<(String, String)>,
    /// Code and name.
    homes: Vec<(String, String)>,
    today: String,
}

async fn agency_of(app: &App, page: &Page, id: &str) -> Result<Agency> {
    let agency = app.store.agency(&page.viewer, id).await?;
    agency.ok_or_else(Error::not_found)
}

/// One agency.
pub async fn one(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let agency = agency_of(&app, &page, &id).await?;
    let day = app.clock.today();
    let month = assessment::month::Month::of(day).ok_or_else(Error::not_found)?;
    let counties = app.store.counties_in(month).await?;
    let accounts: Vec<(String, String)> = app
        .store
        .accounts()
        .await?
        .into_iter()
        .filter(|account| account.role == Role::Inspector && account.disabled_at.is_none())
        .filter(|account| account.unit.as_ref() == Some(&agency.id))
        .map(|account| (account.login, account.name))
        .collect();
    let name = |login: &str| {
        let found = accounts.iter().find(|(known, _)| known == login);
        found.map_or_else(|| login.to_owned(), |(_, name)| name.clone())
    };
    let line = |row: InspectorRow| InspectorLine {
        name: name(&row.login),
        home: (row.home_unit != OUTSIDE).then(|| counties.name(&row.home_unit).to_owned()),
        row,
    };
    let inspectors = app.store.inspectors_of(&agency.id).await?;
    let view = AgencyView {
        agency: AgencyLine::of(agency, day),
        inspectors: inspectors.into_iter().map(line).collect(),
    };
    let homes = counties.counties().into_iter();
    let homes = homes
        .map(|(code, name)| (code.to_owned(), name.to_owned()))
        .collect();
    html_or_json(&page, view, |view| OnePage {
        page: page.clone(),
        term: view.agency.said(&page),
        agency: view.agency.agency,
        inspectors: view.inspectors,
        accounts,
        homes,
        today: day.to_string(),
    })
}

/// The form of an inspector.
#[derive(Deserialize)]
pub struct InspectorForm {
    login: String,
    home_unit: String,
    valid_from: String,
    #[serde(default)]
    valid_to: String,
    reason: String,
}

/// Writes an inspector; days away that are known stay.
pub async fn set_inspector(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Form(form): Form<InspectorForm>,
) -> Result<Redirect> {
    let agency = agency_of(&app, &page, &id).await?;
    let known = app.store.inspector(form.login.trim()).await?;
    let inspector = InspectorRow {
        login: form.login,
        agency: agency.id,
        home_unit: form.home_unit,
        valid_from: form.valid_from,
        valid_to: Some(form.valid_to),
        away: known.map(|known| known.away).unwrap_or_default(),
    };
    app.store
        .set_inspector(app.clock.now(), &page.viewer.login, inspector, &form.reason)
        .await?;
    Ok(Redirect::to(&format!("/desk/agencies/{id}")))
}

/// The form of days away.
#[derive(Deserialize)]
pub struct AwayForm {
    #[serde(default)]
    away: String,
    reason: String,
}

/// Says on which days an inspector cannot go.
pub async fn set_away(
    State(app): State<App>,
    page: Page,
    Path((id, login)): Path<(String, String)>,
    Form(form): Form<AwayForm>,
) -> Result<Redirect> {
    let agency = agency_of(&app, &page, &id).await?;
    let known = app.store.inspector(&login).await?;
    let known = known.filter(|known| known.agency == agency.id);
    let inspector = InspectorRow {
        away: days_in(&form.away),
        ..known.ok_or_else(Error::not_found)?
    };
    app.store
        .set_inspector(app.clock.now(), &page.viewer.login, inspector, &form.reason)
        .await?;
    Ok(Redirect::to(&format!("/desk/agencies/{id}")))
}

/// Days written one after the other, separated by spaces, commas or lines.
pub(super) fn days_in(text: &str) -> Vec<String> {
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；');
    let days = text.split(apart).filter(|day| !day.is_empty());
    days.map(str::to_owned).collect()
}
