//! What-if at the desk: past months of a series under a draft. Whatever it says is stamped, and none of it can be
//! published.

use askama::Template;
use assessment::message::Message;
use assessment::month::Month;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::{html, html_or_json};
use super::called::Evaluations;
use super::checks::{Fault, text_of, waiting_text};
use super::error::{Error, Result};
use super::fields::{Fields, month_of};
use super::imports::{CSV, WORKBOOK, download};
use super::page::Page;
use super::rounds::for_pages;
use crate::evidence::file::Handed;
use crate::round::{self, trial};
use crate::store::round::Stage;
use crate::what_if::Report;
use crate::words::Language;

/// What drafts wait for, in the store.
const PURPOSE: &str = "what-if";
/// How many months the form offers at first.
const OFFERED: i32 = 12;

/// What is tried, beside the text of the draft; kept with it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Asked {
    series: String,
    first: String,
    last: String,
}

/// A choice of the form.
struct Choice {
    id: String,
    title: String,
}

#[derive(Template)]
#[template(path = "what_if/page.html")]
struct FormPage {
    page: Page,
    series: Vec<Choice>,
    schemes: Vec<Choice>,
    asked: Asked,
    /// Id of the adopted scheme that is tried.
    adopted: String,
    /// Token of a checked text that is tried, and its id.
    checked: Option<(String, String)>,
    text: String,
    faults: Vec<Fault>,
    fault: Option<String>,
}

/// What the form may be filled with beforehand.
#[derive(Debug, Deserialize)]
pub struct Filled {
    /// A text that was checked and waits.
    #[serde(default)]
    checked: String,
    /// An adopted scheme.
    #[serde(default)]
    scheme: String,
}

impl FormPage {
    /// The empty form; the months offered are the last that were frozen.
    async fn new(app: &App, page: Page) -> Result<Self> {
        let language = page.language;
        let (mut series, mut schemes) = (Vec::<Choice>::new(), vec![]);
        for adopted in app.store.schemes().await? {
            let scheme = assessment::scheme::parse(&adopted.scheme.text).0;
            let title = scheme.map_or_else(
                || adopted.id.clone(),
                |scheme| language.of(&scheme.title).to_owned(),
            );
            let of = &adopted.scheme.series;
            match series.iter_mut().find(|known| known.id == *of) {
                // Schemes come in the order of their months: the series is called like the last.
                Some(known) => known.title.clone_from(&title),
                None => series.push(Choice {
                    id: of.clone(),
                    title: title.clone(),
                }),
            }
            schemes.push(Choice {
                id: adopted.id,
                title,
            });
        }
        let mut form = Self {
            page,
            series,
            schemes,
            asked: Asked::default(),
            adopted: String::new(),
            checked: None,
            text: String::new(),
            faults: vec![],
            fault: None,
        };
        let first = form.series.first().map(|first| first.id.clone());
        form.offer(app, first.unwrap_or_default()).await?;
        Ok(form)
    }

    /// Offers the last months of a series.
    async fn offer(&mut self, app: &App, series: String) -> Result<()> {
        let rounds = app.store.rounds().await?;
        let closed = rounds
            .iter()
            .filter(|round| round.series == series && round.stage != Stage::Open);
        let months: Vec<Month> = closed.map(|round| round.month).collect();
        if let (Some(first), Some(last)) = (months.iter().min(), months.iter().max()) {
            self.asked.first = (*first).max(last.plus(1 - OFFERED)).to_string();
            self.asked.last = last.to_string();
        }
        self.asked.series = series;
        Ok(())
    }
}

/// The form, if asked for with a draft that waits after its check or is adopted.
pub async fn page(
    State(app): State<App>,
    page: Page,
    Query(filled): Query<Filled>,
) -> Result<Response> {
    let mut form = FormPage::new(&app, page).await?;
    let draft = match filled.checked.as_str() {
        "" => app.store.scheme(&filled.scheme).await?,
        token => {
            let (_, text) = waiting_text(&app, &form.page, token).await?;
            let scheme = assessment::scheme::parse(&text).0;
            let scheme = scheme.ok_or_else(Error::handed_gone)?;
            form.checked = Some((token.to_owned(), scheme.id));
            form.offer(&app, scheme.series).await?;
            None
        }
    };
    if let Some(adopted) = draft {
        form.adopted = adopted.id;
        form.offer(&app, adopted.scheme.series).await?;
    }
    html(&form)
}

/// Keeps a sound draft, and leads to what it comes to; shows all faults of another.
pub async fn hand_in(State(app): State<App>, page: Page, fields: Fields) -> Result<Response> {
    let asked = Asked {
        series: fields.text("series").to_owned(),
        first: fields.text("first").to_owned(),
        last: fields.text("last").to_owned(),
    };
    let faulty = match draft_of(&app, &page, &fields, &asked).await {
        Ok(text) => {
            let files = vec![Handed::new("draft.toml", text)];
            let (now, who) = (app.clock.now(), &page.viewer.login);
            let token = app.store.hand(now, who, PURPOSE, &asked, files).await?;
            return Ok(Redirect::to(&format!("/desk/what-if/{token}")).into_response());
        }
        Err(round::Error::Faults(issues)) => {
            let issues = issues.iter();
            let faults: Vec<_> = issues
                .map(|issue| Fault::of(issue, page.language))
                .collect();
            (None, faults)
        }
        Err(error) => {
            let message = for_pages(error.message());
            (Some(page.language.message(&message)), vec![])
        }
    };
    if page.machine {
        let body = Json(serde_json::json!({ "fault": faulty.0, "faults": faulty.1 }));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response());
    }
    let form = FormPage {
        asked,
        adopted: fields.text("adopted").to_owned(),
        text: text_of(&fields).unwrap_or_default(),
        fault: faulty.0,
        faults: faulty.1,
        ..FormPage::new(&app, page).await?
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&form)?).into_response())
}

/// The text of the draft that a form names or brings, if it is sound and the months are.
async fn draft_of(
    app: &App,
    page: &Page,
    fields: &Fields,
    asked: &Asked,
) -> std::result::Result<String, round::Error> {
    let said = |error: Error| round::Error::NotYet(error.message().clone());
    let text = match (fields.text("adopted"), fields.text("checked")) {
        ("", "") => text_of(fields).map_err(said)?,
        ("", token) => waiting_text(app, page, token).await.map_err(said)?.1,
        (id, _) => {
            let unknown = || Message::new("round-unknown-scheme").with("scheme", id);
            let adopted = app.store.scheme(id).await?;
            let adopted = adopted.ok_or_else(|| round::Error::NotYet(unknown()))?;
            adopted.scheme.text
        }
    };
    round::check_scheme(&app.store, &text).await?.rules()?;
    let month = |text: &str| month_of(text).map_err(said);
    trial::span(month(&asked.first)?, month(&asked.last)?)?;
    Ok(text)
}

/// Runs what waits under a token. One at a time; the rest of the site goes on.
async fn run(app: &App, page: &Page, token: &str) -> Result<(Asked, Report)> {
    let (now, who) = (app.clock.now(), &page.viewer.login);
    let waiting = app.store.handed(now, who, PURPOSE, token).await?;
    let (asked, files): (Asked, Vec<Handed>) = waiting.ok_or_else(Error::handed_gone)?;
    let bytes = files.into_iter().next().map(|file| file.bytes);
    let text = String::from_utf8(bytes.unwrap_or_default()).map_err(Error::broken)?;
    let draft = round::check_scheme(&app.store, &text).await?.rules()?;
    let (first, last) = (month_of(&asked.first)?, month_of(&asked.last)?);
    let _turn = app.trials.acquire().await.map_err(Error::broken)?;
    let trial = trial::what_if(&app.store, draft, &asked.series, first, last).await?;
    let report = trial.report(page.language, for_pages);
    Ok((asked, report))
}

#[derive(Template)]
#[template(path = "what_if/one.html")]
struct ReportPage {
    page: Page,
    token: String,
    asked: Asked,
    report: Report,
    titles: Evaluations,
}

/// What a draft comes to.
pub async fn one(
    State(app): State<App>,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response> {
    let (asked, report) = run(&app, &page, &token).await?;
    let titles = Evaluations::of(&app, &page).await?;
    html_or_json(&page, report, |report| ReportPage {
        page: page.clone(),
        titles,
        token,
        asked,
        report,
    })
}

/// The same as a file: `what-if.xlsx`, `what-if.json`, `places.csv`, `money.csv`, `remarks.csv`.
pub async fn file(
    State(app): State<App>,
    page: Page,
    Path((token, file)): Path<(String, String)>,
) -> Result<Response> {
    let (_, report) = run(&app, &page, &token).await?;
    let language: Language = page.language;
    let (kind, bytes) = match file.as_str() {
        "what-if.xlsx" => {
            let date = app.clock.today().to_string();
            let synthetic = page.synthetic();
            let workbook = report.workbook(synthetic, &date, language);
            (WORKBOOK, workbook.map_err(Error::broken)?)
        }
        "what-if.json" => {
            let json = serde_json::to_vec_pretty(&report).map_err(Error::broken)?;
            ("application/json", json)
        }
        "places.csv" => (CSV, report.places(language).csv().into_bytes()),
        "money.csv" => (CSV, report.money(language).csv().into_bytes()),
        "remarks.csv" => (CSV, report.remarks(language).csv().into_bytes()),
        _ => return Err(Error::not_found()),
    };
    Ok(download(&file, kind, bytes))
}
