//! The findings of a published month: one query, shown as a list, on a map and as files.

use askama::Template;
use assessment::finding::{Severity, Word as _};
use assessment::inspection::Position;
use assessment::message::Message;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value, json};
use utoipa::{IntoParams, ToSchema};

use super::bulletin::XLSX;
use super::evidence::file;
use super::part::{Crumbs, Island};
use super::published::Published;
use crate::bulletin::text::month_words;
use crate::bulletin::view::{Both, ListedFinding, PositionView};
use crate::bulletin::{table, xlsx};
use crate::round::findings::{Asked, Findings, Listed};
use crate::web::App;
use crate::web::answer::html_or_json;
use crate::web::error::{Error, Result};
use crate::web::page::Page;
use crate::words::Language;

/// How many findings stand on one page of the list.
pub const PER_PAGE: usize = 50;

/// Which findings are asked for. Forms send what was left open as an empty text.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Question {
    /// Code of a unit: its findings and those of all below it.
    #[serde(default)]
    unit: String,
    /// Id of a heading of the bulletin.
    #[serde(default)]
    category: String,
    /// `minor`, `general` or `serious`.
    #[serde(default)]
    severity: String,
    /// Page of the list, from 1; files hold all of it.
    page: Option<usize>,
    /// An older edition.
    edition: Option<i64>,
}

impl Question {
    /// The question, if it can be answered.
    ///
    /// # Errors
    /// There is no such unit, heading or severity in this month.
    fn asked(&self, findings: &Findings) -> Result<Asked> {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let asked = Asked {
            unit: given(&self.unit),
            category: given(&self.category),
            severity: Severity::parse(&self.severity),
        };
        let unknown = |key: &'static str, name: &'static str, text: &str| {
            Err(Error::missing(Message::new(key).with(name, text)))
        };
        if asked
            .unit
            .as_ref()
            .is_some_and(|code| findings.unit(code).is_none())
        {
            return unknown("public-unit-missing", "unit", &self.unit);
        }
        let known = |id: &String| findings.categories().iter().any(|(known, _)| known == id);
        if asked.category.as_ref().is_some_and(|id| !known(id)) {
            return unknown("findings-no-category", "category", &self.category);
        }
        if asked.severity.is_none() && !self.severity.is_empty() {
            return unknown("findings-no-severity", "severity", &self.severity);
        }
        Ok(asked)
    }

    /// The same question as the end of an address, with the page if there is one.
    fn query(&self, page: Option<usize>) -> String {
        let given = [
            ("unit", self.unit.clone()),
            ("category", self.category.clone()),
            ("severity", self.severity.clone()),
            (
                "edition",
                self.edition
                    .map_or_else(String::new, |edition| edition.to_string()),
            ),
            (
                "page",
                page.map_or_else(String::new, |page| page.to_string()),
            ),
        ];
        let given: Vec<String> = given
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", crate::web::error::in_query(value)))
            .collect();
        if given.is_empty() {
            String::new()
        } else {
            format!("?{}", given.join("&"))
        }
    }
}

/// A page of the findings that were asked for, for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingsJson {
    pub series: String,
    pub month: String,
    /// How many there are on all pages.
    pub count: usize,
    /// How many of them the bulletin counts: the others were excluded or are exempt.
    pub counted: usize,
    /// How many of them have a position.
    pub located: usize,
    /// This page, and how many there are.
    pub page: usize,
    pub pages: usize,
    pub findings: Vec<ListedFinding>,
}

/// One entry of a filter: value, words, whether it is chosen.
type Choice = (String, String, bool);

#[derive(Template)]
#[template(path = "public/findings.html")]
struct FindingsPage {
    page: Page,
    published: Published,
    crumbs: Crumbs,
    title: String,
    list: FindingsJson,
    edition: Option<i64>,
    units: Vec<Choice>,
    categories: Vec<Choice>,
    severities: Vec<Choice>,
    filtered: bool,
    map: Option<Island>,
    /// Endings and addresses of the files with the same findings.
    files: Vec<(&'static str, String)>,
    /// Pages: words, address, whether it is this one.
    pager: Vec<(String, String, bool)>,
    earlier: Option<String>,
    later: Option<String>,
}

type Asking = std::result::Result<Query<Question>, QueryRejection>;

fn row(
    findings: &Findings,
    listed: &Listed,
    view: crate::bulletin::view::FindingView,
) -> ListedFinding {
    let (unit_code, unit) = findings.answers(listed);
    ListedFinding {
        unit_code,
        unit,
        category: listed.category.map(str::to_owned),
        counts: listed.counts(),
        position: listed
            .finding
            .position
            .as_ref()
            .map(|Position { lng, lat }| PositionView {
                lng: lng.clone(),
                lat: lat.clone(),
            }),
        finding: view,
    }
}

/// All findings that were asked for, in words.
fn rows(findings: &Findings, listed: &[Listed]) -> Result<Vec<ListedFinding>> {
    let views = findings.views(listed).map_err(crate::round::Error::from)?;
    Ok(listed
        .iter()
        .zip(views)
        .map(|(each, view)| row(findings, each, view))
        .collect())
}

/// The findings of a month as a list and on a map.
#[utoipa::path(get, path = "/months/{series}/{month}/findings", tag = "findings", params(
    ("series", description = "The evaluation"), ("month", description = "`2022-12`"), Question),
    responses((status = 200, body = FindingsJson), (status = 404, description = "Nothing is published there, or no such unit, heading or severity")))]
pub async fn list(
    State(app): State<App>,
    page: Page,
    Path((series, month)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response> {
    let asking = asking?.0;
    let published = Published::find(&app.store, &series, &month, asking.edition).await?;
    let assessed = published.assessed(&app).await?;
    let ground = assessed.ground().map_err(crate::round::Error::from)?;
    let findings = Findings::of(&assessed, &ground);
    let asked = asking.asked(&findings)?;
    let matching = findings.matching(&asked);
    let pages = matching.len().div_ceil(PER_PAGE).max(1);
    let here = asking.page.unwrap_or(1).clamp(1, pages);
    let shown: Vec<Listed> = matching
        .iter()
        .skip((here - 1) * PER_PAGE)
        .take(PER_PAGE)
        .copied()
        .collect();
    let list = FindingsJson {
        series,
        month,
        count: matching.len(),
        counted: matching.iter().filter(|each| each.counts()).count(),
        located: matching
            .iter()
            .filter(|each| each.finding.position.is_some())
            .count(),
        page: here,
        pages,
        findings: rows(&findings, &shown)?,
    };
    let (units, categories) = (findings.units(), findings.categories());
    let named = asked
        .unit
        .as_deref()
        .and_then(|code| Some((code.to_owned(), findings.unit(code)?)));
    let outlines = super::evidence::outlines(&app).await.is_some();
    html_or_json(&page.clone(), list, |list| {
        found(
            page,
            published,
            asking,
            list,
            (units, categories, named),
            outlines,
        )
    })
}

type Choices = (
    Vec<(String, Both)>,
    Vec<(String, Both)>,
    Option<(String, Both)>,
);

fn found(
    page: Page,
    published: Published,
    asking: Question,
    list: FindingsJson,
    (mut units, categories, named): Choices,
    outlines: bool,
) -> FindingsPage {
    let language = page.language;
    let path = format!("{}/findings", published.path());
    let month = month_words(&list.month, language);
    // A township that the address names is not on the list of participants.
    units.extend(
        named
            .clone()
            .filter(|(code, _)| !units.iter().any(|(known, _)| known == code)),
    );
    let choice = |id: &str, words: String, chosen: &str| (id.to_owned(), words, id == chosen);
    let severities = Severity::WORDS.iter().map(|(word, _)| {
        choice(
            word,
            page.t(&format!("round-severity-{word}")),
            &asking.severity,
        )
    });
    let title = match &named {
        Some((_, name)) => page.t2(
            "findings-title-of",
            "unit",
            name.get(language),
            "month",
            &month,
        ),
        None => page.t1("findings-title", "month", &month),
    };
    let categories = with_lists(&published, categories, &asking);
    let legend = categories
        .iter()
        .map(|each| each.on_map(language))
        .collect();
    let map = (list.located > 0).then(|| {
        let points = format!("{path}.geojson{}", asking.query(None));
        let caption = match list.count - list.located {
            0 => page.t1("findings-map-caption", "count", list.located),
            missing => page.t2(
                "findings-map-caption-missing",
                "count",
                list.located,
                "missing",
                missing,
            ),
        };
        Island::map(
            &page,
            &title,
            &[],
            outlines,
            Some((points, legend)),
            caption,
        )
    });
    let at = |number: usize| format!("{path}{}", asking.query(Some(number)));
    FindingsPage {
        crumbs: Crumbs::new(
            &page,
            vec![(month, format!("{}{}", published.path(), published.query()))],
            page.t("findings-here"),
        ),
        units: units
            .iter()
            .map(|(id, name)| choice(id, name.get(language).to_owned(), &asking.unit))
            .collect(),
        severities: severities.collect(),
        filtered: [&asking.unit, &asking.category, &asking.severity]
            .iter()
            .any(|text| !text.is_empty()),
        files: [
            ("CSV", "csv"),
            ("XLSX", "xlsx"),
            ("GeoJSON", "geojson"),
            ("JSON", "json"),
        ]
        .map(|(name, ending)| (name, format!("{path}.{ending}{}", asking.query(None))))
        .into(),
        pager: pager(list.page, list.pages)
            .into_iter()
            .map(|number| (number.to_string(), at(number), number == list.page))
            .collect(),
        earlier: (list.page > 1).then(|| at(list.page - 1)),
        later: (list.page < list.pages).then(|| at(list.page + 1)),
        edition: asking.edition,
        categories: categories
            .iter()
            .map(|each| {
                choice(
                    &each.id,
                    each.title.get(language).to_owned(),
                    &asking.category,
                )
            })
            .collect(),
        title,
        list,
        map,
        published,
        page,
    }
}

/// A category of a month's findings.
pub struct Category {
    pub id: String,
    pub title: Both,
    /// The list of its findings.
    pub href: String,
}

impl Category {
    /// As the legend of a map has it.
    pub fn on_map(&self, language: Language) -> Value {
        json!({ "id": self.id, "title": self.title.get(language), "href": self.href })
    }
}

/// The categories of a month's findings, and whether any finding has a position.
///
/// # Errors
/// The store is damaged.
pub async fn categories(app: &App, published: &Published) -> Result<(Vec<Category>, bool)> {
    let assessed = published.assessed(app).await?;
    let ground = assessed.ground().map_err(crate::round::Error::from)?;
    let findings = Findings::of(&assessed, &ground);
    let all = findings.matching(&Asked::default());
    let located = all.iter().any(|each| each.finding.position.is_some());
    let question = Question {
        edition: published.is_corrected().then_some(published.row.edition),
        ..Question::default()
    };
    Ok((
        with_lists(published, findings.categories(), &question),
        located,
    ))
}

/// Categories with the address of their own list: the other answers of the question stay.
fn with_lists(
    published: &Published,
    categories: Vec<(String, Both)>,
    question: &Question,
) -> Vec<Category> {
    let address = |id: &str| {
        let question = Question {
            category: id.to_owned(),
            ..question.clone()
        };
        format!("{}/findings{}", published.path(), question.query(None))
    };
    categories
        .into_iter()
        .map(|(id, title)| Category {
            href: address(&id),
            id,
            title,
        })
        .collect()
}

/// The pages that are linked: the first, the last and those around this one.
fn pager(here: usize, pages: usize) -> Vec<usize> {
    (1..=pages)
        .filter(|page| *page == 1 || *page == pages || page.abs_diff(here) <= 2)
        .collect()
}

/// The findings that were asked for as points: GeoJSON (RFC 7946) in WGS 84. A finding without a position is a feature
/// without a geometry, so that the features are as many as the rows of the list.
#[utoipa::path(get, path = "/months/{series}/{month}/findings.geojson", tag = "findings", params(
    ("series", description = "The evaluation"), ("month", description = "`2022-12`"), Question),
    responses((status = 200, content_type = "application/geo+json", description = "Properties: `id`, `title`, `detail`, `href`, `unit`, `unit_name`, `category`, `category_title`, `severity`, `found_at`, `state`, `counts`; words in the reader's language (`lang=en`)"), (status = 404)))]
pub async fn geojson(
    State(app): State<App>,
    page: Page,
    Path((series, month)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response> {
    let (published, rows) = all(&app, &series, &month, &asking?.0).await?;
    let text = points(&published, &rows, page.language).to_string();
    let headers = [
        (header::CONTENT_TYPE, "application/geo+json"),
        (header::VARY, "Cookie"),
    ];
    Ok((headers, text).into_response())
}

/// The findings that were asked for as comma-separated rows.
#[utoipa::path(get, path = "/months/{series}/{month}/findings.csv", tag = "findings", params(
    ("series", description = "The evaluation"), ("month", description = "`2022-12`"), Question),
    responses((status = 200, content_type = "text/csv", description = "UTF-8 with a byte-order mark; words that a spreadsheet would run are led by an apostrophe"), (status = 404)))]
pub async fn csv(
    State(app): State<App>,
    page: Page,
    Path((series, month)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response> {
    let (published, rows) = all(&app, &series, &month, &asking?.0).await?;
    let text = table::listed(&rows, published.view.synthetic, page.language).csv();
    Ok(file(
        &format!("{series}-{month}-findings.csv"),
        "text/csv; charset=utf-8",
        text,
    ))
}

/// The findings that were asked for as a workbook.
#[utoipa::path(get, path = "/months/{series}/{month}/findings.xlsx", tag = "findings", params(
    ("series", description = "The evaluation"), ("month", description = "`2022-12`"), Question),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 404)))]
pub async fn workbook(
    State(app): State<App>,
    page: Page,
    Path((series, month)): Path<(String, String)>,
    asking: Asking,
) -> Result<Response> {
    let (published, rows) = all(&app, &series, &month, &asking?.0).await?;
    let title = page.t1(
        "findings-title",
        "month",
        month_words(&month, page.language),
    );
    let view = &published.view;
    let bytes = xlsx::one_table(
        &page.t("bulletin-sheet-findings"),
        &title,
        &table::listed(&rows, false, page.language),
        view.synthetic,
        &view.date,
        page.language,
    )
    .map_err(Error::broken)?;
    Ok(file(
        &format!("{series}-{month}-findings.xlsx"),
        XLSX,
        bytes,
    ))
}

/// Every finding that was asked for, on all pages.
async fn all(
    app: &App,
    series: &str,
    month: &str,
    asking: &Question,
) -> Result<(Published, Vec<ListedFinding>)> {
    let published = Published::find(&app.store, series, month, asking.edition).await?;
    let assessed = published.assessed(app).await?;
    let ground = assessed.ground().map_err(crate::round::Error::from)?;
    let findings = Findings::of(&assessed, &ground);
    let matching = findings.matching(&asking.asked(&findings)?);
    let rows = rows(&findings, &matching)?;
    Ok((published, rows))
}

fn points(published: &Published, rows: &[ListedFinding], language: Language) -> Value {
    let features: Vec<Value> = rows
        .iter()
        .map(|row| feature(published, row, language))
        .collect();
    let mut collection = json!({ "type": "FeatureCollection", "features": features });
    if let Some(bounds) = bounds(rows) {
        collection["bbox"] = bounds;
    }
    if published.view.synthetic {
        collection["synthetic"] = language.word("bulletin-synthetic").into();
    }
    collection
}

fn feature(published: &Published, row: &ListedFinding, language: Language) -> Value {
    let finding = &row.finding;
    let geometry = row
        .position
        .as_ref()
        .and_then(|position| Some(json!({ "type": "Point", "coordinates": [degrees(&position.lng)?, degrees(&position.lat)?] })));
    json!({
        "type": "Feature",
        "id": finding.id,
        "geometry": geometry,
        "properties": {
            "id": finding.id,
            "title": finding.requirement.get(language),
            "detail": format!("{} · {} · {}", finding.place.get(language), finding.time, finding.state.get(language)),
            "href": published.finding(&finding.id),
            "unit": row.unit_code,
            "unit_name": row.unit.get(language),
            "category": row.category,
            "category_title": finding.heading.get(language),
            "severity": finding.severity.as_ref().map(|severity| severity.get(language)),
            "found_at": finding.time.replace(' ', "T"),
            "state": finding.state.get(language),
            "counts": row.counts,
        },
    })
}

/// Degrees as a number; positions are places on a map, never calculated with.
fn degrees(text: &str) -> Option<Number> {
    Number::from_f64(text.parse().ok()?)
}

/// West, south, east, north of the points.
fn bounds(rows: &[ListedFinding]) -> Option<Value> {
    let places: Vec<[f64; 2]> = rows
        .iter()
        .filter_map(|row| {
            let position = row.position.as_ref()?;
            Some([position.lng.parse().ok()?, position.lat.parse().ok()?])
        })
        .collect();
    let first = *places.first()?;
    let (low, high) = places.iter().fold((first, first), |(low, high), place| {
        (
            [low[0].min(place[0]), low[1].min(place[1])],
            [high[0].max(place[0]), high[1].max(place[1])],
        )
    });
    Some(json!([low[0], low[1], high[0], high[1]]))
}
