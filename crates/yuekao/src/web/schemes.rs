//! The office's schemes: what adopted ones say, comparing two, withdrawing one. Adopting is in [`super::checks`].

use askama::Template;
use assessment::indicator::Standard;
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use serde::Serialize;

use super::answer::html_or_json;
use super::error::{Error, Result};
use super::page::Page;
use super::{App, checks};
use crate::round;
use crate::rules::{DifferenceText, Document, differences};
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

#[derive(Template)]
#[template(path = "scheme/list.html")]
struct ListPage {
    page: Page,
    schemes: Vec<SchemeLine>,
    /// Id, title and digest of each.
    standards: Vec<(String, String, String)>,
}

async fn lines(app: &App, language: Language) -> Result<Vec<SchemeLine>> {
    let line = |adopted: crate::store::scheme::AdoptedScheme| {
        let scheme = assessment::scheme::parse(&adopted.scheme.text).0;
        SchemeLine {
            title: scheme
                .as_ref()
                .map_or_else(String::new, |scheme| language.of(&scheme.title).to_owned()),
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

/// Adopted schemes, and the form to hand another in.
pub async fn list(State(app): State<App>, page: Page) -> Result<Response> {
    let standards = app.store.standards().await?;
    let standards = standards
        .into_iter()
        .map(|standard| {
            let parsed = Standard::parse(&standard.text).0;
            let title = parsed.map_or_else(
                || standard.id.clone(),
                |parsed| page.language.of(&parsed.title).to_owned(),
            );
            (standard.id, title, standard.digest)
        })
        .collect();
    let schemes = lines(&app, page.language).await?;
    html_or_json(&page, schemes, |schemes| ListPage {
        page: page.clone(),
        schemes,
        standards,
    })
}

#[derive(Template)]
#[template(path = "scheme/one.html")]
struct OnePage {
    page: Page,
    scheme: SchemeView,
    text: String,
    /// Other schemes of the series.
    others: Vec<SchemeLine>,
}

/// An adopted scheme with what it says.
#[derive(Debug, Serialize)]
struct SchemeView {
    #[serde(flatten)]
    line: SchemeLine,
    document: Document,
}

/// One adopted scheme: what it says, its text, and what it can be compared with.
pub async fn one(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let adopted = app.store.scheme(&id).await?.ok_or_else(Error::not_found)?;
    let (rules, standard) = round::rules(&app.store, &id).await?;
    let names = checks::names(&app).await?;
    let document = Document::of(&rules.scheme, standard.as_ref(), &names, page.language);
    let series = lines(&app, page.language).await?.into_iter();
    let series = series.filter(|line| line.series == adopted.scheme.series);
    let (own, others): (Vec<_>, Vec<_>) = series.partition(|line| line.id == id);
    let line = own.into_iter().next().ok_or_else(Error::not_found)?;
    html_or_json(&page, SchemeView { line, document }, |scheme| OnePage {
        page: page.clone(),
        scheme,
        text: adopted.scheme.text,
        others,
    })
}

/// What two schemes settle differently.
#[derive(Debug, Serialize)]
struct Comparison {
    before: SchemeLine,
    after: SchemeLine,
    differences: Vec<DifferenceText>,
}

#[derive(Template)]
#[template(path = "scheme/compare.html")]
struct ComparePage {
    page: Page,
    comparison: Comparison,
}

/// What the second of two adopted schemes settles otherwise than the first.
pub async fn compare(
    State(app): State<App>,
    page: Page,
    Path((id, other)): Path<(String, String)>,
) -> Result<Response> {
    let mut sides = vec![];
    for id in [id, other] {
        let mut lines = lines(&app, page.language).await?.into_iter();
        let line = lines.find(|line| line.id == id);
        let line = line.ok_or_else(Error::not_found)?;
        sides.push((line, round::rules(&app.store, &id).await?.0.scheme));
    }
    let (Some((after, second)), Some((before, first))) = (sides.pop(), sides.pop()) else {
        return Err(Error::not_found());
    };
    let comparison = Comparison {
        differences: differences(&first, &second, page.language),
        before,
        after,
    };
    html_or_json(&page, comparison, |comparison| ComparePage {
        page: page.clone(),
        comparison,
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
