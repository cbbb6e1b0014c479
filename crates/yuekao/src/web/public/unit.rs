//! A unit in a published month, and one finding.

use askama::Template;
use assessment::message::Message;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::bulletin::XLSX;
use super::evidence::file;
use super::part::{Crumbs, Island, TablePart};
use super::published::{InEdition, Published};
use crate::bulletin::table::{self, Table};
use crate::bulletin::text::{award, month_words};
use crate::bulletin::view::{Both, BulletinView, FindingView, RankedView, UnitSheet};
use crate::bulletin::xlsx;
use crate::round::findings::{Asked, Findings};
use crate::round::{Assessed, sheet};
use crate::web::App;
use crate::web::answer::html_or_json;
use crate::web::error::{Error, Result};
use crate::web::page::Page;

/// Score and place of a unit in one month.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlaceInMonth {
    /// `2022-12`.
    pub month: String,
    /// None: not ranked.
    pub place: Option<u32>,
    /// As published.
    pub score: String,
}

/// One value of a unit; its working is one page further.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ValueJson {
    /// The item's name in the scheme.
    pub item: String,
    pub title: Both,
    /// Exact: a decimal or a fraction. None: it cannot be known.
    pub value: Option<String>,
    /// Not public: the author of the scheme has assumed it.
    pub assumed: bool,
}

/// A value with the address of its working.
struct ValueLine {
    value: ValueJson,
    address: String,
}

/// A unit in a published month, for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitJson {
    /// Code of the unit.
    pub code: String,
    pub sheet: UnitSheet,
    pub values: Vec<ValueJson>,
    /// The oldest first.
    pub history: Vec<PlaceInMonth>,
}

/// A finding of a published month, for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingJson {
    pub series: String,
    pub month: String,
    /// Code of the participant that answers for it.
    pub unit_code: String,
    pub unit: Both,
    pub finding: FindingView,
}

#[derive(Template)]
#[template(path = "public/unit.html")]
struct UnitPage {
    page: Page,
    published: Published,
    crumbs: Crumbs,
    code: String,
    title: String,
    sheet: UnitSheet,
    ranked: Option<RankedView>,
    awards: Vec<String>,
    values: Vec<ValueLine>,
    trend: Option<(Island, TablePart)>,
    deductions: Option<TablePart>,
    /// How many of the findings do not count.
    excluded: usize,
}

/// How many findings the unit's page shows itself; the others stand in the list.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "public/finding.html")]
struct FindingPage {
    page: Page,
    published: Published,
    crumbs: Crumbs,
    found: FindingJson,
}

fn unit_missing(code: &str) -> Error {
    Error::missing(Message::new("public-unit-missing").with("unit", code))
}

/// A unit in a month: its score, where it comes from, its problems.
#[utoipa::path(get, path = "/months/{series}/{month}/units/{code}", tag = "units", params(
    ("series", description = "The evaluation"), ("month", description = "`2022-12`"), ("code", description = "Code of the unit"),
    ("edition" = Option<i64>, Query, description = "An older edition")),
    responses((status = 200, body = UnitJson), (status = 404)))]
pub async fn unit(
    State(app): State<App>,
    page: Page,
    Path((series, month, code)): Path<(String, String, String)>,
    query: std::result::Result<Query<InEdition>, QueryRejection>,
) -> Result<Response> {
    let published = Published::find(&app.store, &series, &month, query?.edition).await?;
    let assessed = published.assessed(&app).await?;
    let sheet = sheet_of(&assessed, &published, &code)?;
    let excluded = excluded(&assessed, &code)?;
    let values = values(&assessed, &code);
    let history = history(&published.history(&app.store).await?, &code);
    html_or_json(
        &page.clone(),
        UnitJson {
            code,
            sheet,
            values,
            history,
        },
        |unit| shown(page, published, unit, excluded),
    )
}

/// The code of an indicator is for files; the sum bears its name in the next column.
fn without_codes(mut deductions: Table) -> Table {
    if let Some(sum) = deductions.rows.last_mut() {
        sum.swap(0, 1);
    }
    deductions.without(0)
}

fn excluded(assessed: &Assessed, code: &str) -> Result<usize> {
    let ground = assessed.ground().map_err(crate::round::Error::from)?;
    let asked = Asked {
        unit: Some(code.to_owned()),
        ..Asked::default()
    };
    let own = Findings::of(assessed, &ground).matching(&asked);
    Ok(own.iter().filter(|each| !each.counts()).count())
}

fn sheet_of(assessed: &Assessed, published: &Published, code: &str) -> Result<UnitSheet> {
    let view = &published.view;
    let sheet = sheet::unit_sheet(assessed, code, &view.date, view.synthetic)
        .map_err(crate::round::Error::from)?;
    sheet.ok_or_else(|| unit_missing(code))
}

fn shown(page: Page, published: Published, unit: UnitJson, excluded: usize) -> UnitPage {
    let UnitJson {
        code,
        sheet,
        values,
        history,
    } = unit;
    let language = page.language;
    let name = sheet.unit.get(language).to_owned();
    let month = month_words(&sheet.month, language);
    let row = published
        .view
        .rankings
        .iter()
        .flat_map(|ranking| &ranking.rows)
        .find(|row| row.code == code);
    let awards = published
        .view
        .awards
        .iter()
        .filter(|award| award.code == code);
    let awards = awards.flat_map(|each| {
        let yuan = each.yuan.as_deref().map(|yuan| award(yuan, language));
        let named = each
            .titles
            .iter()
            .chain(&each.duties)
            .map(|name| name.get(language).to_owned());
        yuan.into_iter().chain(named).collect::<Vec<_>>()
    });
    let trend = (history.len() > 1).then(|| trend(&page, &name, &history));
    let deductions = (!sheet.deductions.is_empty()).then(|| {
        TablePart::new(
            page.t("bulletin-unit-deductions"),
            without_codes(table::deductions(&sheet, language)),
        )
    });
    UnitPage {
        title: page.t2("public-unit-title", "unit", &name, "month", &month),
        crumbs: Crumbs::new(
            &page,
            vec![(month, format!("{}{}", published.path(), published.query()))],
            name,
        ),
        ranked: row.cloned(),
        awards: awards.collect(),
        values: values
            .into_iter()
            .map(|value| ValueLine {
                address: published.within_unit(&code, &format!("why/{}", value.item)),
                value,
            })
            .collect(),
        trend,
        deductions,
        excluded,
        code,
        sheet,
        published,
        page,
    }
}

fn values(assessed: &Assessed, code: &str) -> Vec<ValueJson> {
    let standing = &assessed.assessment.standing;
    let Some(participant) = standing.codes.iter().position(|each| each == code) else {
        return vec![];
    };
    let items = assessed.rules.scheme.items.iter().zip(&standing.values);
    let own = items.filter_map(|(item, row)| Some((item, row.get(participant)?.as_ref()?)));
    own.map(|(item, node)| ValueJson {
        item: item.id.clone(),
        title: Both::new(&item.title.zh, &item.title.en),
        value: node.value.as_ref().map(|value| value.to_exact_text()),
        assumed: item.origin.assumed,
    })
    .collect()
}

fn history(views: &[BulletinView], code: &str) -> Vec<PlaceInMonth> {
    let of = |view: &BulletinView| {
        let row = view
            .rankings
            .iter()
            .flat_map(|ranking| &ranking.rows)
            .find(|row| row.code == code)?;
        Some(PlaceInMonth {
            month: view.month.clone(),
            place: row.place,
            score: row.score.text.clone(),
        })
    };
    views.iter().filter_map(of).collect()
}

fn trend(page: &Page, name: &str, history: &[PlaceInMonth]) -> (Island, TablePart) {
    let title = page.t1("public-trend-of", "unit", name);
    let data = json!({
        "kind": "line",
        "title": title,
        "axis": page.t("bulletin-col-score"),
        "digits": 2,
        "x": history.iter().map(|each| &each.month).collect::<Vec<_>>(),
        "series": [{ "name": name, "highlight": true, "values": history.iter().map(|each| &each.score).collect::<Vec<_>>() }],
    });
    let table = table::history(
        history
            .iter()
            .rev()
            .map(|each| (each.month.as_str(), each.score.as_str(), each.place)),
        page.language,
    );
    (
        Island::chart(page, &data, title.clone()),
        TablePart::new(title, table),
    )
}

/// The unit's sheet as a file.
#[utoipa::path(get, path = "/months/{series}/{month}/units/{code}/{sheet}", tag = "units", params(
    ("series", description = "The evaluation"), ("month", description = "`2022-12`"), ("code", description = "Code of the unit"),
    ("sheet", description = "`sheet.pdf`, `sheet.xlsx` or `sheet.json`"), ("edition" = Option<i64>, Query, description = "An older edition")),
    responses((status = 200, body = UnitSheet), (status = 404)))]
pub async fn file_of(
    State(app): State<App>,
    page: Page,
    Path((series, month, code, name)): Path<(String, String, String, String)>,
    query: std::result::Result<Query<InEdition>, QueryRejection>,
) -> Result<Response> {
    let kind = name
        .strip_prefix("sheet")
        .ok_or_else(Error::not_found)?
        .to_owned();
    let published = Published::find(&app.store, &series, &month, query?.edition).await?;
    let assessed = published.assessed(&app).await?;
    let sheet = sheet_of(&assessed, &published, &code)?;
    let name = format!("{series}-{month}-{code}{kind}");
    match kind.as_str() {
        ".json" => Ok(axum::Json(sheet).into_response()),
        ".xlsx" => Ok(file(
            &name,
            XLSX,
            xlsx::unit_sheet(&sheet, page.language).map_err(Error::broken)?,
        )),
        ".pdf" => {
            let (printer, store) = (app.printer.clone(), app.store.clone());
            let print = move || {
                printer.unit_sheet(&sheet, |digest| {
                    std::fs::read(store.photo_path(digest)).ok()
                })
            };
            let pdf = tokio::task::spawn_blocking(print)
                .await
                .map_err(Error::broken)?
                .map_err(Error::broken)?;
            Ok(file(&name, "application/pdf", pdf))
        }
        _ => Err(Error::not_found()),
    }
}

/// One finding: where, what, with its photos, and what it cost.
#[utoipa::path(get, path = "/findings/{series}/{month}/{id}", tag = "units", params(
    ("series", description = "The evaluation"), ("month", description = "`2022-12`"), ("id", description = "The finding"),
    ("edition" = Option<i64>, Query, description = "An older edition")),
    responses((status = 200, body = FindingJson), (status = 404)))]
pub async fn finding(
    State(app): State<App>,
    page: Page,
    Path((series, month, id)): Path<(String, String, String)>,
    query: std::result::Result<Query<InEdition>, QueryRejection>,
) -> Result<Response> {
    let published = Published::find(&app.store, &series, &month, query?.edition).await?;
    let assessed = published.assessed(&app).await?;
    let found = sheet::finding(&assessed, &id).map_err(crate::round::Error::from)?;
    let (unit_code, unit, finding) = found.ok_or_else(|| {
        Error::missing(Message::new("public-finding-missing").with("finding", id.as_str()))
    })?;
    let found = FindingJson {
        series,
        month,
        unit_code,
        unit,
        finding,
    };
    html_or_json(&page.clone(), found, |found| {
        let language = page.language;
        let way = vec![
            (
                month_words(&found.month, language),
                format!("{}{}", published.path(), published.query()),
            ),
            (
                found.unit.get(language).to_owned(),
                published.unit(&found.unit_code),
            ),
        ];
        FindingPage {
            crumbs: Crumbs::new(&page, way, &found.finding.id),
            page,
            published,
            found,
        }
    })
}
