//! The rules: an adopted scheme as an official reads it and as it was adopted, what it changed, and how anybody can
//! evaluate a month again.

use askama::Template;
use assessment::message::{Message, Words};
use assessment::scheme::Scheme;
use assessment::scheme::explain::Names;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::evidence::file;
use super::part::Crumbs;
use super::published::{InSeries, Published, months};
use crate::bulletin::view::Both;
use crate::round;
use crate::rules::{BlockText, DifferenceText, Document, NoteText, SentenceText, differences};
use crate::store::scheme::AdoptedScheme;
use crate::web::App;
use crate::web::answer::html_or_json;
use crate::web::error::{Error, Result};
use crate::web::page::Page;
use crate::words::Language;

/// An adopted scheme on a list, for programs.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SchemeLineJson {
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
}

impl SchemeLineJson {
    fn of(adopted: &AdoptedScheme, scheme: &Scheme) -> Self {
        Self {
            id: adopted.id.clone(),
            series: scheme.series.clone(),
            title: both(&scheme.title),
            from: adopted.scheme.valid_from.clone(),
            to: adopted.scheme.valid_to.clone(),
            digest: adopted.digest.clone(),
            assumed: scheme.has_assumed(),
        }
    }

    /// The months in which it holds, in words.
    fn months(&self, page: &Page) -> String {
        page.span(&self.from, &self.to)
    }
}

/// An adopted scheme, for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct SchemeJson {
    #[serde(flatten)]
    pub line: SchemeLineJson,
    /// Id of the scheme before it in its series, if that is public.
    pub before: Option<String>,
    /// As an official reads it, in the reader's language.
    pub document: Document,
    /// The adopted text, TOML.
    pub text: String,
}

/// What a scheme settles otherwise than the one before it, for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangesJson {
    pub before: SchemeLineJson,
    pub after: SchemeLineJson,
    /// In the order of the articles, in the reader's language. Empty: they mean the same.
    pub differences: Vec<DifferenceText>,
}

/// How to evaluate the newest month again, for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerifyJson {
    pub series: String,
    pub month: String,
    /// Address of the evidence with its rules.
    pub evidence: String,
    /// The digest that must come out.
    pub assessment: String,
}

#[derive(Template)]
#[template(path = "public/rules_list.html")]
struct ListPage {
    page: Page,
    crumbs: Crumbs,
    /// The newest of each evaluation first.
    schemes: Vec<SchemeLineJson>,
}

impl ListPage {
    /// Whether there is an earlier scheme of the same evaluation.
    fn has_before(&self, scheme: &SchemeLineJson) -> bool {
        let earlier =
            |other: &&SchemeLineJson| other.series == scheme.series && other.from < scheme.from;
        self.schemes.iter().any(|other| earlier(&other))
    }
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

impl RulesPage {
    /// A sentence with its note.
    fn sentence(&self, sentence: &SentenceText) -> NotedPart {
        NotedPart::new(&sentence.text, &sentence.note, &self.page)
    }

    /// Chinese sentences follow each other without a space.
    fn between(&self) -> &'static str {
        match self.page.language {
            Language::Chinese => "",
            Language::English => " ",
        }
    }

    /// The last cell of a row carries the note of the row.
    fn cell(&self, text: &str, note: &NoteText, last: &bool) -> NotedPart {
        if *last {
            NotedPart::new(text, note, &self.page)
        } else {
            NotedPart {
                text: text.to_owned(),
                assumed: None,
                source: None,
            }
        }
    }

    fn note(&self, note: &NoteText) -> NotedPart {
        NotedPart::new("", note, &self.page)
    }
}

/// A text with the clause it comes from and the mark of what is assumed.
#[derive(Template)]
#[template(path = "public/_noted.html")]
struct NotedPart {
    text: String,
    assumed: Option<String>,
    source: Option<String>,
}

impl NotedPart {
    fn new(text: &str, note: &NoteText, page: &Page) -> Self {
        Self {
            text: text.to_owned(),
            assumed: note.assumed.then(|| page.t("public-assumed")),
            source: note.source.as_ref().map(|source| {
                page.t1("explain-source", "source", source)
                    .trim()
                    .to_owned()
            }),
        }
    }
}

#[derive(Template)]
#[template(path = "public/changes.html")]
struct ChangesPage {
    page: Page,
    crumbs: Crumbs,
    changes: ChangesJson,
}

#[derive(Template)]
#[template(path = "public/verify.html")]
struct VerifyPage {
    page: Page,
    crumbs: Crumbs,
    newest: Option<VerifyJson>,
}

fn both(words: &Words) -> Both {
    Both::new(&words.zh, &words.en)
}

/// Whether a viewer may read a scheme: those of published months are public.
async fn readable(app: &App, page: &Page, adopted: &AdoptedScheme) -> Result<bool> {
    if page.viewer.signed_in() {
        return Ok(true);
    }
    let text = &adopted.scheme;
    Ok(months(&app.store).await?.iter().any(|(series, month)| {
        let month = month.to_string();
        *series == text.series
            && text.valid_from <= month
            && text.valid_to.as_ref().is_none_or(|to| *to >= month)
    }))
}

/// A scheme that the viewer may read.
async fn adopted(app: &App, page: &Page, id: &str) -> Result<AdoptedScheme> {
    let missing = || Error::missing(Message::new("public-scheme-missing").with("scheme", id));
    let adopted = app.store.scheme(id).await?.ok_or_else(missing)?;
    match readable(app, page, &adopted).await? {
        true => Ok(adopted),
        false => Err(missing()),
    }
}

/// The scheme that held before this one in its series, if the viewer may read it.
async fn before(app: &App, page: &Page, this: &AdoptedScheme) -> Result<Option<AdoptedScheme>> {
    let schemes = app.store.schemes().await?;
    let earlier = schemes.into_iter().filter(|other| {
        other.scheme.series == this.scheme.series
            && other.scheme.valid_from < this.scheme.valid_from
            && other.withdrawn_at.is_none()
    });
    match earlier.max_by(|a, b| a.scheme.valid_from.cmp(&b.scheme.valid_from)) {
        Some(earlier) if readable(app, page, &earlier).await? => Ok(Some(earlier)),
        _ => Ok(None),
    }
}

/// What units are called; the name they had last.
async fn names(app: &App, language: Language) -> Result<Names> {
    let units = app.store.units().await?.into_iter().map(|unit| {
        let english = unit.name_en.filter(|_| language == Language::English);
        (unit.code, english.unwrap_or(unit.name))
    });
    Ok(Names {
        units: units.collect(),
        ..Names::default()
    })
}

/// The adopted schemes of published months.
#[utoipa::path(get, path = "/rules", tag = "rules", responses((status = 200, body = Vec<SchemeLineJson>)))]
pub async fn list(State(app): State<App>, page: Page) -> Result<Response> {
    let mut lines: Vec<SchemeLineJson> = vec![];
    for adopted in app.store.schemes().await? {
        if readable(&app, &page, &adopted).await? {
            let (scheme, _) = assessment::scheme::parse(&adopted.scheme.text);
            lines.extend(scheme.map(|scheme| SchemeLineJson::of(&adopted, &scheme)));
        }
    }
    // What the site opens with comes first, and of each evaluation the newest.
    let leading = Published::asked(&app.store, &InSeries::default()).await?;
    let other = |line: &SchemeLineJson| {
        leading
            .as_ref()
            .is_none_or(|leading| leading.row.series != line.series)
    };
    lines.sort_by(|a, b| (other(a), &a.series, &b.from).cmp(&(other(b), &b.series, &a.from)));
    html_or_json(&page.clone(), lines, |schemes| ListPage {
        crumbs: Crumbs::new(&page, vec![], page.t("public-rules")),
        schemes,
        page,
    })
}

/// An adopted scheme, in words and as it was adopted; with `.toml` after its name, the adopted file itself.
#[utoipa::path(get, path = "/rules/{scheme}", tag = "rules", params(("scheme", description = "Its name; `….toml` is the adopted file, byte by byte")),
    responses((status = 200, body = SchemeJson), (status = 404)))]
pub async fn rules(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    if let Some(id) = id.strip_suffix(".toml") {
        let adopted = adopted(&app, &page, id).await?;
        return Ok(file(
            &format!("{id}.toml"),
            "application/toml",
            adopted.scheme.text,
        ));
    }
    let adopted = adopted(&app, &page, &id).await?;
    let (rules, standard) = round::rules(&app.store, &id).await?;
    let scheme = &rules.scheme;
    let names = names(&app, page.language).await?;
    let view = SchemeJson {
        line: SchemeLineJson::of(&adopted, scheme),
        before: before(&app, &page, &adopted).await?.map(|before| before.id),
        document: Document::of(scheme, standard.as_ref(), &names, page.language),
        text: adopted.scheme.text,
    };
    let said = |words: &Words| both(words).get(page.language).to_owned();
    let assumed = scheme.assumed().into_iter().map(said).collect();
    let legal = scheme.legal.iter().map(said).collect();
    html_or_json(&page.clone(), view, |scheme| RulesPage {
        crumbs: Crumbs::new(&page, to_rules(&page), scheme.line.title.get(page.language)),
        scheme,
        assumed,
        legal,
        page,
    })
}

fn to_rules(page: &Page) -> Vec<(String, String)> {
    vec![(page.t("public-rules"), "/rules".to_owned())]
}

/// What a scheme settles otherwise than the one before it in its series.
#[utoipa::path(get, path = "/rules/{scheme}/changes", tag = "rules", params(("scheme", description = "Its name")),
    responses((status = 200, body = ChangesJson), (status = 404, description = "No such scheme, or none before it")))]
pub async fn changes(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response> {
    let after = adopted(&app, &page, &id).await?;
    let first = || Error::missing(Message::new("public-scheme-first").with("scheme", id.as_str()));
    let before = before(&app, &page, &after).await?.ok_or_else(first)?;
    let ((old, _), (new, _)) = (
        round::rules(&app.store, &before.id).await?,
        round::rules(&app.store, &after.id).await?,
    );
    let changes = ChangesJson {
        differences: differences(&old.scheme, &new.scheme, page.language),
        before: SchemeLineJson::of(&before, &old.scheme),
        after: SchemeLineJson::of(&after, &new.scheme),
    };
    html_or_json(&page.clone(), changes, |changes| {
        let mut way = to_rules(&page);
        way.push((
            page.b(&changes.after.title).to_owned(),
            format!("/rules/{id}"),
        ));
        ChangesPage {
            crumbs: Crumbs::new(&page, way, page.t("public-changes")),
            changes,
            page,
        }
    })
}

/// How anybody can evaluate a published month again.
#[utoipa::path(get, path = "/verify", tag = "rules", responses((status = 200, body = VerifyJson)))]
pub async fn verify(State(app): State<App>, page: Page) -> Result<Response> {
    let newest = Published::asked(&app.store, &InSeries::default()).await?;
    let newest = newest.map(|published| VerifyJson {
        evidence: format!(
            "/evidence/{}/{}.zip",
            published.row.series, published.view.month
        ),
        series: published.row.series,
        month: published.view.month,
        assessment: published.view.digests.assessment,
    });
    html_or_json(&page.clone(), newest, |newest| VerifyPage {
        crumbs: Crumbs::new(&page, vec![], page.t("public-verify")),
        newest,
        page,
    })
}
