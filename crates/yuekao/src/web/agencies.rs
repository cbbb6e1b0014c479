//! Agencies, their contracts and their inspectors.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{Redirect, Response};
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::html_or_json;
use super::error::{Error, Result};
use super::page::Page;
use crate::store::agency::{Agency, InspectorRow, OUTSIDE};
use crate::viewer::Role;

#[derive(Template)]
#[template(path = "agency/list.html")]
struct ListPage {
    page: Page,
    agencies: Vec<Agency>,
    today: String,
}

/// The agencies that the viewer sees.
pub async fn list(State(app): State<App>, page: Page) -> Result<Response> {
    let agencies = app.store.agencies(&page.viewer).await?;
    let today = app.clock.today().to_string();
    html_or_json(&page, agencies, |agencies| ListPage {
        page: page.clone(),
        agencies,
        today,
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
}

/// Writes an agency.
pub async fn set(
    State(app): State<App>,
    page: Page,
    Form(form): Form<AgencyForm>,
) -> Result<Redirect> {
    let agency = Agency {
        id: form.id,
        name: form.name,
        contract: form.contract,
        valid_from: form.valid_from,
        valid_to: Some(form.valid_to),
    };
    let to = format!("/desk/agencies/{}", agency.id.trim());
    app.store
        .set_agency(app.clock.now(), &page.viewer.login, agency, &form.reason)
        .await?;
    Ok(Redirect::to(&to))
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
    pub agency: Agency,
    /// Its inspectors.
    pub inspectors: Vec<InspectorLine>,
}

#[derive(Template)]
#[template(path = "agency/one.html")]
struct OnePage {
    page: Page,
    agency: Agency,
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
        agency,
        inspectors: inspectors.into_iter().map(line).collect(),
    };
    let homes = counties.counties().into_iter();
    let homes = homes
        .map(|(code, name)| (code.to_owned(), name.to_owned()))
        .collect();
    html_or_json(&page, view, |view| OnePage {
        page: page.clone(),
        agency: view.agency,
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
