//! A published month: the front page of the site, and the page of any month.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::findings::Category;
use super::overview::{Beside, department_ends, departments_series};
use super::part::{Crumbs, Island, TablePart};
use super::published::{InEdition, InSeries, Published, months};
use crate::bulletin::text::month_words;
use crate::bulletin::view::{AwardView, BulletinView, RankedView};
use crate::bulletin::{table, text};
use crate::web::App;
use crate::web::answer::{html, html_or_json};
use crate::web::error::Result;
use crate::web::page::Page;

/// A published month, for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct MonthJson {
    /// The evaluation.
    pub series: String,
    /// This edition; the newest unless another one was asked for.
    pub edition: i64,
    /// All editions, the newest first.
    pub editions: Vec<i64>,
    /// When it was published, RFC 3339.
    pub published_at: String,
    /// The adopted scheme.
    pub scheme: String,
    /// What the bulletin says.
    pub bulletin: BulletinView,
}

impl From<&Published> for MonthJson {
    fn from(published: &Published) -> Self {
        Self {
            series: published.row.series.clone(),
            edition: published.row.edition,
            editions: published.editions.clone(),
            published_at: published.row.published_at.to_string(),
            scheme: published.row.bulletin.scheme_id.clone(),
            bulletin: published.view.clone(),
        }
    }
}

/// One row of the ranking as the page shows it.
struct Line<'v> {
    row: &'v RankedView,
    href: String,
    why: String,
    awards: Vec<&'v AwardView>,
    first: bool,
    last: bool,
}

#[derive(Template)]
#[template(path = "public/month.html")]
struct MonthPage<'v> {
    page: Page,
    published: &'v Published,
    view: &'v BulletinView,
    front: bool,
    crumbs: Crumbs,
    title: String,
    lines: Vec<Line<'v>>,
    map: Option<Island>,
    further: Vec<TablePart>,
    categories: Option<(Island, TablePart)>,
    red: Option<(TablePart, Option<TablePart>)>,
    townships: Option<TablePart>,
    departments: Option<TablePart>,
    earlier: Option<String>,
    later: Option<String>,
}

#[derive(Template)]
#[template(path = "public/empty.html")]
struct EmptyPage {
    page: Page,
}

/// The front page: the newest month of the leading series.
#[utoipa::path(get, path = "/", tag = "months", responses((status = 200, description = "The newest month of the leading evaluation", body = MonthJson)))]
pub async fn front(State(app): State<App>, page: Page) -> Result<Response> {
    match Published::asked(&app.store, &InSeries::default()).await? {
        Some(published) => show(&app, page, published, true).await,
        None => nothing_yet(page),
    }
}

/// What stands on a page while nothing is published.
pub fn nothing_yet(page: Page) -> Result<Response> {
    html_or_json(&page.clone(), Value::Null, |_| EmptyPage { page })
}

/// Any published month.
#[utoipa::path(get, path = "/months/{series}/{month}", tag = "months", params(
    ("series", description = "The evaluation"), ("month", description = "`2022-12`"), ("edition" = Option<i64>, Query, description = "An older edition of a corrected bulletin")),
    responses((status = 200, body = MonthJson), (status = 404, description = "Nothing is published there")))]
pub async fn month(
    State(app): State<App>,
    page: Page,
    Path((series, month)): Path<(String, String)>,
    query: std::result::Result<Query<InEdition>, QueryRejection>,
) -> Result<Response> {
    let published = Published::find(&app.store, &series, &month, query?.edition).await?;
    show(&app, page, published, false).await
}

async fn show(app: &App, page: Page, published: Published, front: bool) -> Result<Response> {
    if page.machine {
        return html_or_json(&page, MonthJson::from(&published), |_| EmptyPage {
            page: page.clone(),
        });
    }
    let language = page.language;
    let view = &published.view;
    let month = month_words(&view.month, language);
    let title = page.t2(
        "public-month-title",
        "month",
        &month,
        "evaluation",
        view.evaluation.get(language),
    );
    let lines = lines(&published);
    let has_areas = super::evidence::outlines(app)
        .await
        .is_some_and(|outlines| {
            lines
                .iter()
                .any(|line| outlines.contains(&format!("\"{}\"", line.row.code)))
        });
    let (headings, located) = super::findings::categories(app, &published).await?;
    let points = located.then(|| {
        let on_map = headings.iter().map(|each| each.on_map(language));
        (published.within("findings.geojson"), on_map.collect())
    });
    let map = has_areas.then(|| {
        let places: Vec<Value> = lines.iter().map(|line| place(&page, line)).collect();
        Island::map(
            &page,
            &title,
            &places,
            true,
            points,
            page.t("public-map-caption"),
        )
    });
    let further = view.rankings.iter().skip(1);
    let further = further.map(|ranking| {
        TablePart::new(
            ranking.title.get(language).to_owned(),
            table::ranking(ranking, language),
        )
    });
    let categories = (!view.problems.shares.is_empty()).then(|| categories(&page, view, &headings));
    let beside = Beside::of(app, &published).await?;
    let departments_series = departments_series(app, &published).await?;
    let red = view.red_property.as_ref().map(|red| {
        let problems = table::problems(&red.problems, "bulletin-col-management", language);
        let ends = (!red.ends.is_empty()).then(|| {
            TablePart::new(
                page.t("public-ends"),
                beside.ends(&red.ends, "bulletin-col-management", language),
            )
        });
        (
            TablePart::new(text::names([&red.problems.title], language), problems),
            ends,
        )
    });
    let townships = (!view.townships.is_empty()).then(|| {
        TablePart::new(
            page.t("bulletin-townships"),
            beside.ends(&view.townships, "bulletin-col-county", language),
        )
    });
    let departments = (!view.departments.is_empty()).then(|| {
        TablePart::new(
            page.t("public-departments-ends"),
            department_ends(view, &beside, departments_series.as_deref(), language),
        )
    });
    let (earlier, later) = neighbours(app, &published).await?;
    let way = if front {
        vec![]
    } else {
        vec![(page.t("public-archive"), "/archive".to_owned())]
    };
    html(&MonthPage {
        crumbs: Crumbs::new(&page, way, &month),
        published: &published,
        view,
        front,
        title,
        lines,
        map,
        further: further.collect(),
        categories,
        red,
        townships,
        departments,
        earlier,
        later,
        page: page.clone(),
    })
}

fn lines(published: &Published) -> Vec<Line<'_>> {
    let view = &published.view;
    let rows = view
        .rankings
        .first()
        .map_or(&[][..], |ranking| &ranking.rows);
    let places = || rows.iter().filter_map(|row| row.place);
    let (first, last) = (places().min(), places().max());
    rows.iter()
        .map(|row| Line {
            href: published.unit(&row.code),
            why: published.within(&format!("units/{}/why", row.code)),
            awards: view
                .awards
                .iter()
                .filter(|award| award.code == row.code)
                .collect(),
            first: row.place.is_some() && row.place == first,
            last: row.place.is_some() && row.place == last && first != last,
            row,
        })
        .collect()
}

fn place(page: &Page, line: &Line) -> Value {
    let note = line
        .row
        .place
        .map(|place| page.t1("public-place", "place", place));
    json!({
        "code": line.row.code,
        "name": line.row.unit.get(page.language),
        "href": line.href,
        "value": line.row.score.text,
        "note": note,
    })
}

/// The problems by heading, as a chart and as its table.
pub fn categories(page: &Page, view: &BulletinView, headings: &[Category]) -> (Island, TablePart) {
    let language = page.language;
    let shares = &view.problems.shares;
    let data = json!({
        "kind": "pareto",
        "title": page.t("bulletin-chart"),
        "axis": page.t("bulletin-col-count"),
        "digits": 0,
        "cumulative": page.t("public-cumulative"),
        "x": shares.iter().map(|share| share.title.get(language)).collect::<Vec<_>>(),
        "series": [{
            "name": page.t("bulletin-col-count"),
            "values": shares.iter().map(|share| share.count.to_string()).collect::<Vec<_>>(),
        }],
    });
    let table = table::problems(&view.problems, "bulletin-col-heading", language);
    let table = table.leading(|row, column| {
        let share = shares.get(row).filter(|_| column < 2)?;
        let heading = headings
            .iter()
            .find(|heading| heading.title == share.title)?;
        Some(heading.href.clone())
    });
    let caption = view.problems.title.get(language).to_owned();
    (
        Island::chart(page, &data, page.t("public-categories-caption")),
        TablePart::new(caption, table),
    )
}

/// The published months before and after, in the same series.
async fn neighbours(app: &App, published: &Published) -> Result<(Option<String>, Option<String>)> {
    let months = months(&app.store).await?;
    let of_series: Vec<_> = months
        .iter()
        .filter(|(series, _)| *series == published.row.series)
        .map(|(_, month)| *month)
        .collect();
    let address = |month: &assessment::month::Month| {
        super::published::path(&published.row.series, &month.to_string())
    };
    let earlier = of_series
        .iter()
        .filter(|month| **month < published.row.month)
        .max()
        .map(address);
    let later = of_series
        .iter()
        .filter(|month| **month > published.row.month)
        .min()
        .map(address);
    Ok((earlier, later))
}
