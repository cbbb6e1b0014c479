//! Across units and months: trends, categories, departments, townships, the archive.

use std::collections::BTreeSet;

use askama::Template;
use assessment::month::Month;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::month::{categories as categories_of, nothing_yet};
use super::part::{Crumbs, Island, TablePart};
use super::published::{InSeries, Published, months, path};
use super::unit::PlaceInMonth;
use crate::bulletin::table::{self, Table};
use crate::bulletin::text::month_words;
use crate::bulletin::view::{Both, BulletinView, DepartmentView, EndsView, ProblemsView};
use crate::web::App;
use crate::web::answer::html_or_json;
use crate::web::error::Result;
use crate::web::page::Page;
use crate::words::Language;

/// How many departments from each end a month's page names.
const ENDS: usize = 3;

/// A unit over the months.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitTrend {
    pub code: String,
    pub unit: Both,
    /// The oldest first; months in which the unit had no score are left out.
    pub months: Vec<PlaceInMonth>,
}

/// Scores and places of all units over thirteen months, for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrendsJson {
    pub series: String,
    /// The oldest first.
    pub months: Vec<String>,
    pub units: Vec<UnitTrend>,
}

/// The problems of a month by heading, for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoriesJson {
    pub series: String,
    pub month: String,
    pub problems: ProblemsView,
}

/// How the departments handled their cases, for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct DepartmentsJson {
    pub series: String,
    pub month: String,
    pub departments: Vec<DepartmentView>,
}

/// First and last township of each county, for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct TownshipsJson {
    pub series: String,
    pub month: String,
    pub townships: Vec<EndsView>,
}

/// One evaluation with its published months, for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeriesJson {
    pub series: String,
    pub title: Both,
    /// The latest first.
    pub months: Vec<String>,
}

/// A page that is a chart and tables.
#[derive(Template)]
#[template(path = "public/overview.html")]
struct OverviewPage {
    page: Page,
    crumbs: Crumbs,
    title: String,
    lede: String,
    /// Where the months are chosen; none on pages of all months.
    choice: Option<Months>,
    islands: Vec<Island>,
    tables: Vec<TablePart>,
    /// Of what the page shows, where there is nothing.
    empty: Option<String>,
}

/// The months of a page, to choose another one.
struct Months {
    /// The page.
    address: &'static str,
    series: String,
    /// `2022-12`, words, whether it is this one; the latest first.
    months: Vec<(String, String, bool)>,
    earlier: Option<String>,
    later: Option<String>,
}

#[derive(Template)]
#[template(path = "public/archive.html")]
struct ArchivePage {
    page: Page,
    crumbs: Crumbs,
    series: Vec<SeriesJson>,
}

impl ArchivePage {
    fn month(&self, month: &str) -> String {
        month_words(month, self.page.language)
    }

    fn address(&self, series: &SeriesJson, month: &str) -> String {
        path(&series.series, month)
    }
}

type Asked = std::result::Result<Query<InSeries>, QueryRejection>;

/// All units over thirteen months.
#[utoipa::path(get, path = "/trends", tag = "overviews", params(("series" = Option<String>, Query), ("month" = Option<String>, Query)),
    responses((status = 200, body = TrendsJson)))]
pub async fn trends(State(app): State<App>, page: Page, asked: Asked) -> Result<Response> {
    let Some(published) = Published::asked(&app.store, &asked?.0).await? else {
        return nothing_yet(page);
    };
    let history = published.history(&app.store).await?;
    let trends = TrendsJson {
        series: published.row.series.clone(),
        months: history.iter().map(|view| view.month.clone()).collect(),
        units: unit_trends(&history),
    };
    html_or_json(&page.clone(), trends, |trends| {
        let language = page.language;
        let values = |each: &UnitTrend| {
            let of = |month: &String| {
                each.months
                    .iter()
                    .find(|at| at.month == *month)
                    .map(|at| at.score.clone())
            };
            trends.months.iter().map(of).collect::<Vec<_>>()
        };
        let lines: Vec<Value> = trends
            .units
            .iter()
            .map(|each| json!({ "name": each.unit.get(language), "values": values(each), "href": published.unit(&each.code) }))
            .collect();
        let chart = |kind: &str| {
            json!({
                "kind": kind,
                "title": page.t("public-trends"),
                "axis": page.t("bulletin-col-score"),
                "digits": 2,
                "x": trends.months,
                "series": lines,
            })
        };
        // A name leads to the newest month, a score to its working, a place to the month's page of the unit.
        let of_month = |row: usize, column: usize, end: &str| {
            let (unit, month) = (
                &trends.units[row],
                trends.months.get(column.checked_sub(1)?)?,
            );
            let told = unit.months.iter().any(|at| at.month == *month);
            told.then(|| format!("{}/units/{}{end}", path(&trends.series, month), unit.code))
        };
        let newest = |row: usize| {
            let at = trends.units[row].months.last()?;
            Some(format!(
                "{}/units/{}",
                path(&trends.series, &at.month),
                trends.units[row].code
            ))
        };
        let working = |row: usize, column: usize| match column {
            0 => newest(row),
            _ => of_month(row, column, "/why"),
        };
        let to_unit = |row: usize, column: usize| match column {
            0 => newest(row),
            _ => of_month(row, column, ""),
        };
        OverviewPage {
            crumbs: Crumbs::new(&page, vec![], page.t("public-trends")),
            title: page.t("public-trends"),
            lede: page.t1(
                "public-trends-lede",
                "evaluation",
                published.view.evaluation.get(language),
            ),
            choice: None,
            islands: vec![
                Island::chart(
                    &page,
                    &chart("multiples"),
                    page.t("public-trends-multiples"),
                ),
                Island::chart(&page, &chart("line"), page.t("public-trends-lines")),
            ],
            tables: vec![
                TablePart::new(
                    page.t("bulletin-col-score"),
                    grid(&trends, language, |at| at.score.clone()).leading(working),
                ),
                TablePart::new(
                    page.t("bulletin-col-place"),
                    grid(&trends, language, |at| {
                        at.place.map(|place| place.to_string()).unwrap_or_default()
                    })
                    .leading(to_unit),
                ),
            ],
            empty: None,
            page,
        }
    })
}

/// Units in the order of the newest month, then those that no longer take part.
fn unit_trends(history: &[BulletinView]) -> Vec<UnitTrend> {
    let mut units: Vec<UnitTrend> = vec![];
    for view in history.iter().rev() {
        for row in view
            .rankings
            .iter()
            .take(1)
            .flat_map(|ranking| &ranking.rows)
        {
            let at = PlaceInMonth {
                month: view.month.clone(),
                place: row.place,
                score: row.score.text.clone(),
            };
            match units.iter_mut().find(|unit| unit.code == row.code) {
                Some(unit) => unit.months.insert(0, at),
                None => units.push(UnitTrend {
                    code: row.code.clone(),
                    unit: row.unit.clone(),
                    months: vec![at],
                }),
            }
        }
    }
    units
}

fn grid(trends: &TrendsJson, language: Language, cell: impl Fn(&PlaceInMonth) -> String) -> Table {
    let rows = trends.units.iter().map(|unit| {
        let of = |month: &String| {
            unit.months
                .iter()
                .find(|at| at.month == *month)
                .map(&cell)
                .filter(|text| !text.is_empty())
        };
        (
            unit.unit.get(language),
            trends.months.iter().map(of).collect(),
        )
    });
    table::months("bulletin-col-unit", &trends.months, rows, language)
}

/// The problems of a month by heading.
#[utoipa::path(get, path = "/categories", tag = "overviews", params(("series" = Option<String>, Query), ("month" = Option<String>, Query)),
    responses((status = 200, body = CategoriesJson)))]
pub async fn categories(State(app): State<App>, page: Page, asked: Asked) -> Result<Response> {
    let Some(published) = Published::asked(&app.store, &asked?.0).await? else {
        return nothing_yet(page);
    };
    let view = &published.view;
    let choice = other_months(&app, &page, &published, "/categories").await?;
    let (headings, _) = super::findings::categories(&app, &published).await?;
    let problems = CategoriesJson {
        series: published.row.series.clone(),
        month: view.month.clone(),
        problems: view.problems.clone(),
    };
    let history = published.history(&app.store).await?;
    html_or_json(&page.clone(), problems, |_| {
        let shown = !view.problems.shares.is_empty();
        let (islands, mut tables) = match shown {
            true => {
                let (island, table) = categories_of(&page, view, &headings);
                (vec![island], vec![table])
            }
            false => (vec![], vec![]),
        };
        if shown && history.len() > 1 {
            tables.push(TablePart::new(
                page.t("public-categories-months"),
                heading_months(&history, page.language),
            ));
        }
        overview(
            page,
            view,
            "public-categories",
            choice,
            islands,
            tables,
            shown,
        )
    })
}

/// Problems by heading over the months.
fn heading_months(history: &[BulletinView], language: Language) -> Table {
    let months: Vec<String> = history.iter().map(|view| view.month.clone()).collect();
    let mut headings: Vec<&Both> = vec![];
    for share in history.iter().rev().flat_map(|view| &view.problems.shares) {
        if !headings.contains(&&share.title) {
            headings.push(&share.title);
        }
    }
    let rows = headings.into_iter().map(|heading| {
        let of = |view: &BulletinView| {
            let share = view
                .problems
                .shares
                .iter()
                .find(|share| share.title == *heading)?;
            Some(share.count.to_string())
        };
        (heading.get(language), history.iter().map(of).collect())
    });
    table::months("bulletin-col-heading", &months, rows, language)
}

/// How the departments handled their cases.
#[utoipa::path(get, path = "/departments", tag = "overviews", params(("series" = Option<String>, Query), ("month" = Option<String>, Query)),
    responses((status = 200, body = DepartmentsJson)))]
pub async fn departments(State(app): State<App>, page: Page, asked: Asked) -> Result<Response> {
    let Some(published) = Published::asked(&app.store, &asked?.0).await? else {
        return nothing_yet(page);
    };
    let view = &published.view;
    let choice = other_months(&app, &page, &published, "/departments").await?;
    let beside = Beside::of(&app, &published).await?;
    let series = departments_series(&app, &published).await?;
    let departments = DepartmentsJson {
        series: published.row.series.clone(),
        month: view.month.clone(),
        departments: view.departments.clone(),
    };
    html_or_json(&page.clone(), departments, |found| {
        let language = page.language;
        let mut rated: Vec<_> = found
            .departments
            .iter()
            .filter_map(|each| Some((each, each.rate.as_deref()?)))
            .collect();
        rated.sort_by(|a, b| number(b.1).total_cmp(&number(a.1)));
        let chart = json!({
            "kind": "bar",
            "title": page.t("bulletin-departments"),
            "axis": "%",
            "digits": 2,
            "x": rated.iter().map(|(each, _)| each.unit.get(language)).collect::<Vec<_>>(),
            "series": [{ "name": page.t("bulletin-col-rate"), "values": rated.iter().map(|(_, rate)| rate).collect::<Vec<_>>() }],
        });
        let shown = !found.departments.is_empty();
        let islands = if shown {
            vec![Island::chart(
                &page,
                &chart,
                page.t("bulletin-departments-rule"),
            )]
        } else {
            vec![]
        };
        let tables = if shown {
            vec![TablePart::new(
                page.t("bulletin-departments-table"),
                beside.departments(view, series.as_deref(), language),
            )]
        } else {
            vec![]
        };
        overview(
            page,
            view,
            "public-departments",
            choice,
            islands,
            tables,
            shown,
        )
    })
}

/// For the order on the screen only.
fn number(decimal: &str) -> f64 {
    decimal.parse().unwrap_or(0.0)
}

/// The departments with the highest and the lowest rates.
pub fn department_ends(
    view: &BulletinView,
    beside: &Beside,
    series: Option<&str>,
    language: Language,
) -> Table {
    let mut ordered = view.departments.clone();
    ordered.retain(|each| each.rate.is_some());
    ordered.sort_by(|a, b| {
        let rate = |each: &DepartmentView| each.rate.as_deref().map_or(0.0, number);
        rate(b).total_cmp(&rate(a))
    });
    let last = ordered.split_off(
        ordered
            .len()
            .saturating_sub(ENDS)
            .max(ENDS.min(ordered.len())),
    );
    ordered.truncate(ENDS);
    ordered.extend(last);
    let shown = BulletinView {
        departments: ordered,
        ..view.clone()
    };
    beside.departments(&shown, series, language)
}

/// The evaluation in which the departments of a month are told, if its scheme names one.
///
/// # Errors
/// The store is damaged.
pub async fn departments_series(app: &App, published: &Published) -> Result<Option<String>> {
    let assessed = published.assessed(app).await?;
    let rules = assessed.rules.scheme.bulletin.departments.as_ref();
    Ok(rules.map(|rules| rules.series.clone()))
}

/// First and last township of each county, now and in the months before.
#[utoipa::path(get, path = "/townships", tag = "overviews", params(("series" = Option<String>, Query), ("month" = Option<String>, Query)),
    responses((status = 200, body = TownshipsJson)))]
pub async fn townships(State(app): State<App>, page: Page, asked: Asked) -> Result<Response> {
    let Some(published) = Published::asked(&app.store, &asked?.0).await? else {
        return nothing_yet(page);
    };
    let view = &published.view;
    let choice = other_months(&app, &page, &published, "/townships").await?;
    let beside = Beside::of(&app, &published).await?;
    let townships = TownshipsJson {
        series: published.row.series.clone(),
        month: view.month.clone(),
        townships: view.townships.clone(),
    };
    html_or_json(&page.clone(), townships, |found| {
        let shown = !found.townships.is_empty();
        let table = beside.ends(&found.townships, "bulletin-col-county", page.language);
        let tables = if shown {
            vec![TablePart::new(page.t("bulletin-townships"), table)]
        } else {
            vec![]
        };
        overview(
            page,
            view,
            "public-townships",
            choice,
            vec![],
            tables,
            shown,
        )
    })
}

fn overview(
    page: Page,
    view: &BulletinView,
    key: &str,
    choice: Months,
    islands: Vec<Island>,
    tables: Vec<TablePart>,
    shown: bool,
) -> OverviewPage {
    let month = month_words(&view.month, page.language);
    OverviewPage {
        crumbs: Crumbs::new(&page, vec![], page.t(key)),
        title: page.t2(
            "public-overview-title",
            "month",
            &month,
            "subject",
            page.t(key),
        ),
        lede: page.t(&format!("{key}-lede")),
        choice: Some(choice),
        islands,
        tables,
        empty: (!shown).then(|| page.t1("public-overview-empty", "month", &month)),
        page,
    }
}

/// The published months of the series, to choose from.
async fn other_months(
    app: &App,
    page: &Page,
    published: &Published,
    address: &'static str,
) -> Result<Months> {
    let series = &published.row.series;
    let all = months(&app.store).await?;
    let of_series: Vec<Month> = all
        .into_iter()
        .filter(|(of, _)| of == series)
        .map(|(_, month)| month)
        .collect();
    let here = published.row.month;
    let to = |month: &Month| format!("{address}?series={series}&month={month}");
    let words = |month: &Month| month_words(&month.to_string(), page.language);
    Ok(Months {
        address,
        series: series.clone(),
        earlier: of_series.iter().find(|month| **month < here).map(to),
        later: of_series.iter().rev().find(|month| **month > here).map(to),
        months: of_series
            .iter()
            .map(|month| (month.to_string(), words(month), *month == here))
            .collect(),
    })
}

/// Addresses of units in other evaluations of the same month, where they are published.
pub struct Beside {
    published: BTreeSet<String>,
    month: String,
}

impl Beside {
    /// What is published of a month.
    ///
    /// # Errors
    /// The store's.
    pub async fn of(app: &App, published: &Published) -> Result<Self> {
        let month = published.row.month;
        let all = months(&app.store).await?.into_iter();
        Ok(Self {
            published: all
                .filter(|(_, of)| *of == month)
                .map(|(series, _)| series)
                .collect(),
            month: month.to_string(),
        })
    }

    /// The page of a unit, or why its score.
    fn unit(&self, series: &str, code: &str, why: bool) -> Option<String> {
        let known = !code.is_empty() && self.published.contains(series);
        let end = if why { "/why" } else { "" };
        known.then(|| format!("{}/units/{code}{end}", path(series, &self.month)))
    }

    /// First and last of groups, each name leading to its unit and each score to its working.
    pub fn ends(&self, ends: &[EndsView], title: &str, language: Language) -> Table {
        table::ends(ends, title, language).leading(|row, column| {
            let each = &ends[row];
            let placed = match column {
                1 | 2 => each.first.as_ref()?,
                3 | 4 => each.last.as_ref()?,
                _ => return None,
            };
            self.unit(&each.series, &placed.code, column % 2 == 0)
        })
    }

    /// The departments' table, each name leading to its unit and each rate to its working.
    pub fn departments(
        &self,
        view: &BulletinView,
        series: Option<&str>,
        language: Language,
    ) -> Table {
        table::departments(view, language).leading(|row, column| {
            let why = match column {
                1 => false,
                4 => true,
                _ => return None,
            };
            self.unit(series?, &view.departments[row].code, why)
        })
    }
}

/// Every published month of every evaluation.
#[utoipa::path(get, path = "/archive", tag = "months", responses((status = 200, body = Vec<SeriesJson>)))]
pub async fn archive(State(app): State<App>, page: Page) -> Result<Response> {
    let mut series: Vec<SeriesJson> = vec![];
    for (name, month) in months(&app.store).await? {
        match series.iter_mut().find(|known| known.series == name) {
            Some(known) => known.months.push(month.to_string()),
            None => {
                let title = Published::find(&app.store, &name, &month.to_string(), None)
                    .await?
                    .view
                    .evaluation;
                series.push(SeriesJson {
                    series: name,
                    title,
                    months: vec![month.to_string()],
                });
            }
        }
    }
    if series.is_empty() {
        return nothing_yet(page);
    }
    // What the site opens with comes first.
    let leading = Published::asked(&app.store, &InSeries::default()).await?;
    series.sort_by_key(|each| {
        leading
            .as_ref()
            .is_none_or(|leading| leading.row.series != each.series)
    });
    html_or_json(&page.clone(), series, |series| ArchivePage {
        crumbs: Crumbs::new(&page, vec![], page.t("public-archive")),
        series,
        page,
    })
}
