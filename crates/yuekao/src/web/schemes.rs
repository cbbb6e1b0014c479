//! The office's schemes: adopted texts, adopting another, withdrawing one.

use askama::Template;
use assessment::issue::{Issue, Severity};
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::{html, html_or_json};
use super::error::{Error, Result};
use super::page::Page;
use crate::round;
use crate::words::Language;

/// An adopted scheme as lists show it.
#[derive(Debug, Serialize)]
pub struct SchemeLine {
    /// Its id.
    pub id: String,
    /// The evaluation.
    pub series: String,
    /// Its title.
    pub title: String,
    /// First month.
    pub from: String,
    /// Last month; open without one.
    pub to: Option<String>,
    /// SHA-256 of the text.
    pub digest: String,
    /// It was withdrawn.
    pub withdrawn: bool,
    /// Parts of it are assumed by its author.
    pub assumed: bool,
}

/// One fault of a text that was not adopted.
#[derive(Debug)]
pub struct Fault {
    line: usize,
    column: usize,
    text: String,
    message: String,
    expected: Option<String>,
    warning: bool,
}

impl Fault {
    fn of(issue: &Issue, language: Language) -> Fault {
        Fault {
            line: issue.line,
            column: issue.column,
            text: issue.text.clone(),
            message: language.message(&issue.message),
            expected: issue
                .expected
                .as_ref()
                .map(|expected| language.message(expected)),
            warning: issue.severity == Severity::Warning,
        }
    }
}

#[derive(Template)]
#[template(path = "scheme/list.html")]
struct ListPage {
    page: Page,
    schemes: Vec<SchemeLine>,
    standards: Vec<(String, String)>,
    faults: Vec<Fault>,
    text: String,
}

async fn lines(app: &App, language: Language) -> Result<Vec<SchemeLine>> {
    let line = |adopted: crate::store::scheme::AdoptedScheme| {
        let scheme = assessment::scheme::parse(&adopted.scheme.text).0;
        SchemeLine {
            title: scheme
                .as_ref()
                .map_or_else(String::new, |scheme| match language {
                    Language::Chinese => scheme.title.zh.clone(),
                    Language::English => scheme.title.en.clone(),
                }),
            assumed: scheme.is_some_and(|scheme| scheme.has_assumed()),
            id: adopted.id,
            series: adopted.scheme.series,
            from: adopted.scheme.valid_from,
            to: adopted.scheme.valid_to,
            digest: adopted.digest,
            withdrawn: adopted.withdrawn_at.is_some(),
        }
    };
    Ok(app.store.schemes().await?.into_iter().map(line).collect())
}

async fn list_page(app: &App, page: Page, faults: Vec<Fault>, text: String) -> Result<ListPage> {
    let schemes = lines(app, page.language).await?;
    let standards = app
        .store
        .standards()
        .await?
        .into_iter()
        .map(|standard| (standard.id, standard.digest))
        .collect();
    Ok(ListPage {
        page,
        schemes,
        standards,
        faults,
        text,
    })
}

/// Adopted schemes, and the form to adopt another.
pub async fn list(State(app): State<App>, page: Page) -> Result<Response> {
    match page.machine {
        true => html_or_json(&page, lines(&app, page.language).await?, |schemes| {
            ListPage {
                page: page.clone(),
                schemes,
                standards: vec![],
                faults: vec![],
                text: String::new(),
            }
        }),
        false => html(&list_page(&app, page, vec![], String::new()).await?),
    }
}

/// The form to adopt a text.
#[derive(Deserialize)]
pub struct AdoptForm {
    text: String,
    #[serde(default)]
    kind: String,
}

/// Adopts a scheme or a catalogue, or shows all its faults and changes nothing.
pub async fn adopt(
    State(app): State<App>,
    page: Page,
    Form(form): Form<AdoptForm>,
) -> Result<Response> {
    let text = form.text.replace("\r\n", "\n");
    let (now, who) = (app.clock.now(), page.viewer.login.clone());
    let adopted = match form.kind.as_str() {
        "standard" => round::adopt_standard(&app.store, now, &who, &text).await,
        _ => round::adopt_scheme(&app.store, now, &who, &text).await,
    };
    match adopted {
        Ok(_) => Ok(Redirect::to("/desk/schemes").into_response()),
        Err(round::Error::Faults(issues)) => {
            let faults = issues
                .iter()
                .map(|issue| Fault::of(issue, page.language))
                .collect();
            let page = html(&list_page(&app, page, faults, text).await?)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "scheme/one.html")]
struct OnePage {
    page: Page,
    scheme: SchemeLine,
    text: String,
}

/// One adopted scheme with its text.
pub async fn one(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let adopted = app.store.scheme(&id).await?.ok_or_else(Error::not_found)?;
    let scheme = lines(&app, page.language)
        .await?
        .into_iter()
        .find(|scheme| scheme.id == id);
    let scheme = scheme.ok_or_else(Error::not_found)?;
    html_or_json(&page, scheme, |scheme| OnePage {
        page: page.clone(),
        scheme,
        text: adopted.scheme.text,
    })
}

/// Withdraws a scheme: no more rounds begin under it.
pub async fn withdraw(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
) -> Result<Redirect> {
    app.store
        .withdraw_scheme(app.clock.now(), &page.viewer.login, &id)
        .await?;
    Ok(Redirect::to("/desk/schemes"))
}
