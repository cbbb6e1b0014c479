//! Why this score: the working of a value, down to the findings.

use askama::Template;
use assessment::ground::Ground;
use assessment::message::Message;
use assessment::working::{Node, Operation};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::part::Crumbs;
use super::published::{InEdition, Published};
use crate::bulletin::text::month_words;
use crate::bulletin::view::Both;
use crate::web::App;
use crate::web::answer::html_or_json;
use crate::web::error::{Error, Result};
use crate::web::page::Page;
use crate::words::Language;

/// How far a working is unfolded when the page opens.
const UNFOLDED: usize = 2;

/// One line of a working: a number and what made it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Line {
    pub label: Both,
    /// Exact: a decimal or a fraction. None: it cannot be known.
    pub value: Option<String>,
    /// How it comes from the parts: `sum`, `difference`, `product`, …; `given`: there is nothing below.
    pub operation: &'static str,
    /// The clause that says so.
    pub clause: Option<String>,
    /// Not public: the author of the scheme has assumed it.
    pub assumed: bool,
    /// The findings that were counted.
    pub findings: Vec<String>,
    #[schema(no_recursion)]
    pub parts: Vec<Line>,
}

impl Line {
    /// A node in words.
    fn of(node: &Node, ground: &Ground) -> Self {
        let label = |language: Language| language.message(&node.label);
        let findings = node
            .findings
            .as_ref()
            .map(|class| ground.findings_of(class))
            .unwrap_or_default();
        Self {
            label: Both::new(label(Language::Chinese), label(Language::English)),
            value: node.value.as_ref().map(|value| value.to_exact_text()),
            operation: operation(&node.operation),
            clause: node
                .origin
                .as_ref()
                .and_then(|origin| origin.source.clone()),
            assumed: node.origin.as_ref().is_some_and(|origin| origin.assumed),
            findings: findings.into_iter().map(str::to_owned).collect(),
            parts: node
                .parts
                .iter()
                .map(|part| Self::of(part, ground))
                .collect(),
        }
    }
}

impl Line {
    /// The score as it is printed, over the value that it was rounded from.
    fn published(exact: Line, score: String) -> Self {
        let word = |language: Language| language.word("public-score-published");
        Self {
            label: Both::new(word(Language::Chinese), word(Language::English)),
            value: Some(score),
            operation: "round",
            clause: None,
            assumed: false,
            findings: vec![],
            parts: vec![exact],
        }
    }
}

fn operation(operation: &Operation) -> &'static str {
    match operation {
        Operation::Given => "given",
        Operation::Sum => "sum",
        Operation::Difference => "difference",
        Operation::Product => "product",
        Operation::Quotient => "quotient",
        Operation::Least => "least",
        Operation::Greatest => "greatest",
        Operation::Median => "median",
        Operation::Instead => "instead",
        Operation::Round(_) => "round",
        Operation::Place { .. } => "place",
        Operation::Formula(_) => "formula",
    }
}

/// The working of one value of a unit, for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhyJson {
    pub series: String,
    pub month: String,
    pub code: String,
    pub unit: Both,
    /// The item of the scheme.
    pub item: String,
    pub working: Line,
}

#[derive(Template)]
#[template(path = "public/why.html")]
struct WhyPage {
    page: Page,
    crumbs: Crumbs,
    title: String,
    scheme: String,
    line: LinePart,
    has_assumed: bool,
}

/// A line with all that is below it.
#[derive(Template)]
#[template(path = "public/_line.html")]
struct LinePart {
    label: String,
    value: String,
    /// The exact fraction, where the value shown is not exact.
    exact: Option<String>,
    how: String,
    clause: Option<String>,
    assumed: Option<String>,
    open: bool,
    /// Names and addresses of the findings.
    findings: Vec<(String, String)>,
    parts: Vec<LinePart>,
}

impl LinePart {
    fn of(line: &Line, page: &Page, address: &dyn Fn(&str) -> String, depth: usize) -> Self {
        Self {
            label: line.label.get(page.language).to_owned(),
            value: page.exact(&line.value),
            exact: line.value.clone().filter(|value| value.contains('/')),
            how: if line.parts.is_empty() {
                String::new()
            } else {
                page.t(&format!("public-operation-{}", line.operation))
            },
            clause: line.clause.clone(),
            assumed: line.assumed.then(|| page.t("public-assumed")),
            open: depth < UNFOLDED,
            findings: line
                .findings
                .iter()
                .map(|id| (id.clone(), address(id)))
                .collect(),
            parts: line
                .parts
                .iter()
                .map(|part| Self::of(part, page, address, depth + 1))
                .collect(),
        }
    }
}

/// The working of the score that ranks.
#[utoipa::path(get, path = "/months/{series}/{month}/units/{code}/why", tag = "units", params(
    ("series", description = "The evaluation"), ("month", description = "`2022-12`"), ("code", description = "Code of the unit"),
    ("edition" = Option<i64>, Query, description = "An older edition")),
    responses((status = 200, body = WhyJson), (status = 404)))]
pub async fn score(
    State(app): State<App>,
    page: Page,
    Path((series, month, code)): Path<(String, String, String)>,
    query: std::result::Result<Query<InEdition>, QueryRejection>,
) -> Result<Response> {
    why(&app, page, (series, month, code), None, query?.edition).await
}

/// The working of any value of a unit.
#[utoipa::path(get, path = "/months/{series}/{month}/units/{code}/why/{item}", tag = "units", params(
    ("series", description = "The evaluation"), ("month", description = "`2022-12`"), ("code", description = "Code of the unit"),
    ("item", description = "The item's name in the scheme"), ("edition" = Option<i64>, Query, description = "An older edition")),
    responses((status = 200, body = WhyJson), (status = 404)))]
pub async fn value(
    State(app): State<App>,
    page: Page,
    Path((series, month, code, item)): Path<(String, String, String, String)>,
    query: std::result::Result<Query<InEdition>, QueryRejection>,
) -> Result<Response> {
    why(
        &app,
        page,
        (series, month, code),
        Some(item),
        query?.edition,
    )
    .await
}

async fn why(
    app: &App,
    page: Page,
    (series, month, code): (String, String, String),
    item: Option<String>,
    edition: Option<i64>,
) -> Result<Response> {
    let published = Published::find(&app.store, &series, &month, edition).await?;
    let assessed = published.assessed(app).await?;
    let scheme = &assessed.rules.scheme;
    let standing = &assessed.assessment.standing;
    let main = scheme.bulletin.ranking.unwrap_or(0);
    let index = match &item {
        Some(item) => scheme.item(item),
        None => scheme.rankings.get(main).map(|ranking| ranking.of),
    };
    let participant = standing.codes.iter().position(|each| *each == code);
    let node = index
        .zip(participant)
        .and_then(|(index, participant)| standing.values[index].get(participant)?.as_ref());
    let missing =
        || Error::missing(Message::new("public-value-missing").with("unit", code.as_str()));
    let (index, node) = index.zip(node).ok_or_else(missing)?;
    let ground = assessed.ground().map_err(crate::round::Error::from)?;
    let unit = ground
        .register
        .find(&code)
        .map(|unit| crate::round::compose::unit_name(ground.register.unit(unit)));
    let line = Line::of(node, &ground);
    let published_score = || {
        standing
            .rankings
            .get(main)?
            .row(participant?)?
            .rounded
            .as_ref()
    };
    let working = match (&item, published_score()) {
        (None, Some(score)) => {
            Line::published(line, score.display(scheme.rankings[main].round.digits))
        }
        _ => line,
    };
    let why = WhyJson {
        working,
        item: scheme.items[index].id.clone(),
        unit: unit.unwrap_or_default(),
        series,
        month,
        code,
    };
    html_or_json(&page.clone(), why, |why| {
        let language = page.language;
        let address = |id: &str| published.finding(id);
        let month = month_words(&why.month, language);
        let way = vec![
            (
                month.clone(),
                format!("{}{}", published.path(), published.query()),
            ),
            (why.unit.get(language).to_owned(), published.unit(&why.code)),
        ];
        WhyPage {
            crumbs: Crumbs::new(&page, way, page.t("public-why")),
            title: page.t2(
                "public-why-title",
                "unit",
                why.unit.get(language),
                "month",
                month,
            ),
            scheme: published.row.bulletin.scheme_id.clone(),
            line: LinePart::of(&why.working, &page, &address, 0),
            has_assumed: scheme.has_assumed(),
            page,
        }
    })
}
