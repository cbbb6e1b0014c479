//! The rules: the text of an adopted scheme, and how anybody can evaluate a month again.

use askama::Template;
use assessment::message::Message;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::part::Crumbs;
use super::published::{InSeries, Published, months};
use crate::bulletin::view::Both;
use crate::round;
use crate::web::App;
use crate::web::answer::{html, html_or_json};
use crate::web::error::{Error, Result};
use crate::web::page::Page;

/// An adopted scheme, for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct SchemeJson {
    pub id: String,
    pub series: String,
    pub title: Both,
    /// First month, `2022-01`.
    pub from: String,
    /// Last month; open without one.
    pub to: Option<String>,
    /// SHA-256 of the text.
    pub digest: String,
    /// Something in it is not public and was assumed.
    pub assumed: bool,
    /// The adopted text, TOML.
    pub text: String,
}

#[derive(Template)]
#[template(path = "public/rules.html")]
struct RulesPage {
    page: Page,
    crumbs: Crumbs,
    scheme: SchemeJson,
    /// Titles of what is assumed.
    assumed: Vec<String>,
    legal: Vec<String>,
}

#[derive(Template)]
#[template(path = "public/verify.html")]
struct VerifyPage {
    page: Page,
    crumbs: Crumbs,
    newest: Option<Published>,
}

/// An adopted scheme: those of published months are public.
#[utoipa::path(get, path = "/rules/{scheme}", tag = "rules", params(("scheme", description = "Its name")),
    responses((status = 200, body = SchemeJson), (status = 404)))]
pub async fn rules(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let missing =
        || Error::missing(Message::new("public-scheme-missing").with("scheme", id.as_str()));
    let adopted = app.store.scheme(&id).await?.ok_or_else(missing)?;
    let published = months(&app.store).await?;
    let in_use = published.iter().any(|(series, month)| {
        let text = &adopted.scheme;
        let month = month.to_string();
        *series == text.series
            && text.valid_from <= month
            && text.valid_to.as_ref().is_none_or(|to| *to >= month)
    });
    if !in_use && !page.viewer.signed_in() {
        return Err(missing());
    }
    let (rules, _) = round::rules(&app.store, &id).await?;
    let scheme = &rules.scheme;
    let view = SchemeJson {
        series: scheme.series.clone(),
        title: Both::new(&scheme.title.zh, &scheme.title.en),
        from: adopted.scheme.valid_from,
        to: adopted.scheme.valid_to,
        digest: scheme.digest.clone(),
        assumed: scheme.has_assumed(),
        text: adopted.scheme.text,
        id,
    };
    let both = |words: &assessment::message::Words| {
        Both::new(&words.zh, &words.en)
            .get(page.language)
            .to_owned()
    };
    let items = scheme
        .items
        .iter()
        .filter(|each| each.origin.assumed)
        .map(|each| both(&each.title));
    let rankings = scheme
        .rankings
        .iter()
        .filter(|each| each.origin.assumed)
        .map(|each| both(&each.title));
    let awards = scheme
        .awards
        .iter()
        .filter(|each| each.origin.assumed)
        .map(|each| both(&each.title));
    let assumed: Vec<String> = items.chain(rankings).chain(awards).collect();
    let legal = scheme.legal.iter().map(both).collect();
    html_or_json(&page.clone(), view, |scheme| RulesPage {
        crumbs: Crumbs::new(&page, vec![], scheme.title.get(page.language)),
        scheme,
        assumed,
        legal,
        page,
    })
}

/// How anybody can evaluate a published month again.
pub async fn verify(State(app): State<App>, page: Page) -> Result<Response> {
    let newest = Published::asked(&app.store, &InSeries::default()).await?;
    html(&VerifyPage {
        crumbs: Crumbs::new(&page, vec![], page.t("public-verify")),
        newest,
        page,
    })
}
