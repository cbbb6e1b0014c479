//! The bulletin as a page and as files.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use super::evidence::file;
use super::part::{Crumbs, TablePart};
use super::published::{InEdition, Published};
use crate::bulletin::paper::{self, Bar, Paper, Part};
use crate::bulletin::text::{month_words, newspaper};
use crate::bulletin::xlsx;
use crate::web::App;
use crate::web::answer::html;
use crate::web::error::{Error, Result};
use crate::web::page::Page;

/// What workbooks call themselves.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Template)]
#[template(path = "public/bulletin.html")]
struct BulletinPage {
    page: Page,
    published: Published,
    crumbs: Crumbs,
    paper: Paper,
}

impl BulletinPage {
    /// Named by the heading it stands under, and shown without a caption.
    fn table(&self, label: &str, table: &crate::bulletin::table::Table) -> TablePart {
        TablePart::labelled(label.to_owned(), table.clone())
    }

    /// Percent of the longest bar.
    fn length(&self, bars: &[Bar], bar: &Bar) -> u64 {
        let longest = bars.iter().map(|bar| bar.count).max().unwrap_or(0);
        (bar.count * 100).checked_div(longest).unwrap_or(0)
    }
}

/// The bulletin in its official wording, and as the file that its name ends with.
#[utoipa::path(get, path = "/months/{series}/{month}/{bulletin}", tag = "months", params(
    ("series", description = "The evaluation"), ("month", description = "`2022-12`"),
    ("bulletin", description = "`bulletin`, `bulletin.pdf`, `bulletin.xlsx`, `bulletin.json` or `bulletin.txt` (for a newspaper)"),
    ("edition" = Option<i64>, Query, description = "An older edition")),
    responses((status = 200, body = crate::bulletin::view::BulletinView), (status = 404)))]
pub async fn bulletin(
    State(app): State<App>,
    page: Page,
    Path((series, month, name)): Path<(String, String, String)>,
    query: std::result::Result<Query<InEdition>, QueryRejection>,
) -> Result<Response> {
    let kind = name.strip_prefix("bulletin").ok_or_else(Error::not_found)?;
    let published = Published::find(&app.store, &series, &month, query?.edition).await?;
    let name = format!("{series}-{month}{kind}");
    let language = page.language;
    let view = &published.view;
    match kind {
        "" if !page.machine => {
            let paper = paper::bulletin(view, language);
            let month = month_words(&view.month, language);
            let crumbs = Crumbs::new(
                &page,
                vec![(month, published.path())],
                page.t("public-bulletin"),
            );
            html(&BulletinPage {
                page,
                crumbs,
                paper,
                published,
            })
        }
        "" | ".json" => Ok(axum::Json(view).into_response()),
        ".pdf" => {
            let (printer, view) = (app.printer.clone(), published.view);
            let pdf = tokio::task::spawn_blocking(move || printer.pdf(&view))
                .await
                .map_err(Error::broken)?;
            Ok(file(&name, "application/pdf", pdf.map_err(Error::broken)?))
        }
        ".xlsx" => Ok(file(
            &name,
            XLSX,
            xlsx::bulletin(view, language).map_err(Error::broken)?,
        )),
        ".txt" => Ok((
            [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
            newspaper(view, language),
        )
            .into_response()),
        _ => Err(Error::not_found()),
    }
}
