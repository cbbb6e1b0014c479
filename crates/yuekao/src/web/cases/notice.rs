//! The rectification notice (整改通知单) of a unit: what was served on it in a month, as page, PDF and workbook.

use std::collections::HashMap;
use std::io::Cursor;

use askama::Template;
use assessment::message::Message;
use assessment::month::Month;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::super::App;
use super::super::answer::html_or_json;
use super::super::error::{Error, Result};
use super::super::page::Page;
use super::super::public::evidence::file;
use super::super::report::unit_name;
use super::{Desk, Groups, HOMES, areas, category_name, day_of, limit_text, workbook};
use crate::bulletin::notice::{NoticeLine, NoticePaper};
use crate::bulletin::table::{Cell, Table};
use crate::bulletin::text::{date_words, month_words, watermarks};
use crate::store::Store;
use crate::store::case::CaseRow;
use crate::viewer::Role;
use crate::words::Language;

/// Cases of one notice; a month has fewer.
const MOST: usize = 1000;
/// Photos that are set into the PDF.
const PHOTOS: usize = 120;
/// Widest thumbnail, in pixels.
const THUMB: u32 = 480;

/// An official document is Chinese, whoever prints it; the workbook is for work and in the reader's language.
const OFFICIAL: Language = Language::Chinese;

/// Which month.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct InMonth {
    month: String,
}

/// A case of the notice.
#[derive(Debug, Serialize)]
pub struct ServedCase {
    pub id: String,
    pub category: String,
    pub place: String,
    pub description: String,
    pub limit: String,
    /// When the unit got it.
    pub got_at: String,
    pub due_at: String,
    pub stage: String,
    pub holder: String,
    pub photo: Option<String>,
}

/// The notice.
#[derive(Debug, Serialize)]
pub struct NoticeView {
    pub unit: String,
    pub name: String,
    pub month: String,
    pub number: String,
    pub cases: Vec<ServedCase>,
    /// There are more than a notice lists.
    pub cut: bool,
}

impl NoticeView {
    fn month_words(&self, language: Language) -> String {
        month_words(&self.month, language)
    }
}

#[derive(Template)]
#[template(path = "case/notice.html")]
struct NoticePage {
    page: Page,
    notice: NoticeView,
    /// Others, by county; departments last.
    units: Groups,
}

/// The month that is asked for; this one, where none is.
fn month_of(desk: &Desk<'_>, asked: &str) -> Result<Month> {
    match asked.trim() {
        "" => Month::of(day_of(desk.now)).ok_or_else(Error::not_found),
        text => text
            .parse()
            .map_err(|_| Error::refused(Message::new("rates-bad-month").with("text", text))),
    }
}

async fn view(
    app: &App,
    desk: &Desk<'_>,
    code: &str,
    month: Month,
    language: Language,
) -> Result<NoticeView> {
    let page = desk.page;
    let own = page.viewer.unit.as_deref() == Some(code);
    if page.viewer.role == Role::Unit && !own {
        return Err(Error::not_found());
    }
    // A unit that has ended meanwhile was one in its months.
    let units = app.store.units_in(month).await?;
    let Some(unit) = units.iter().find(|unit| unit.code == code) else {
        return Err(Error::missing(
            Message::new("case-unknown-unit").with("unit", code),
        ));
    };
    let rows = app
        .store
        .served_on(&page.viewer, desk.now, code, month, MOST as i64)
        .await?;
    let cut = rows.len() > MOST;
    // The limit that it was registered under, whatever the rules say by now.
    let limit = |row: &CaseRow| {
        let clock = row.clock.as_ref();
        clock.map_or(String::new(), |clock| limit_text(clock.limit, language))
    };
    let cases = rows
        .iter()
        .take(MOST)
        .map(|(row, got_at)| ServedCase {
            id: row.id.clone(),
            category: category_name(&row.new.category, language),
            place: row.new.place.clone(),
            description: row.new.description.clone(),
            limit: limit(row),
            got_at: page.moment(got_at),
            due_at: row.due_at.map_or(String::new(), |at| page.moment(&at)),
            stage: language.word(row.stage.key()),
            holder: row
                .holder
                .as_deref()
                .map_or(String::new(), |code| desk.unit_name_in(code, language)),
            photo: row.new.photos.first().cloned(),
        })
        .collect();
    Ok(NoticeView {
        unit: code.to_owned(),
        name: unit_name(unit, language),
        number: language.say(
            "notice-number",
            [
                ("unit", code.into()),
                ("month", month.to_string().replace('-', "").into()),
            ],
        ),
        month: month.to_string(),
        cases,
        cut,
    })
}

/// The notice as a page.
pub async fn notice(
    State(app): State<App>,
    page: Page,
    Path(code): Path<String>,
    Query(asked): Query<InMonth>,
) -> Result<Response> {
    let desk = Desk::open(&app, &page).await?;
    let month = month_of(&desk, &asked.month)?;
    let notice = view(&app, &desk, &code, month, page.language).await?;
    let units = match page.viewer.role {
        Role::Unit => vec![],
        _ => app.store.units_in(month).await?,
    };
    let mut groups = areas(&units, |kind| HOMES.contains(&kind), page.language);
    let departments = units.iter().filter(|unit| unit.kind == "department");
    let departments: Vec<_> = departments
        .map(|unit| (unit.code.clone(), unit_name(unit, page.language)))
        .collect();
    if !departments.is_empty() {
        groups.push((page.t("case-departments"), departments));
    }
    html_or_json(&page, notice, |notice| NoticePage {
        page: page.clone(),
        notice,
        units: groups,
    })
}

/// The notice as `notice.pdf` or `notice.xlsx`.
pub async fn file_of(
    State(app): State<App>,
    page: Page,
    Path((code, name)): Path<(String, String)>,
    Query(asked): Query<InMonth>,
) -> Result<Response> {
    if !matches!(name.as_str(), "notice.pdf" | "notice.xlsx") {
        return Err(Error::not_found());
    }
    let desk = Desk::open(&app, &page).await?;
    let month = month_of(&desk, &asked.month)?;
    let language = match name.as_str() {
        "notice.pdf" => OFFICIAL,
        _ => page.language,
    };
    let notice = view(&app, &desk, &code, month, language).await?;
    let kept_as = format!("notice-{}-{}", notice.unit, notice.month);
    let day = day_of(desk.now).to_string();
    if name == "notice.xlsx" {
        let title = page.t2(
            "notice-of",
            "unit",
            &notice.name,
            "month",
            notice.month_words(page.language),
        );
        let table = table(&notice, page.language);
        return workbook(&page, "notice-title", &title, &table, &day, &kept_as);
    }
    let paper = paper(&page, &notice, day);
    let (printer, store) = (app.printer.clone(), app.store.clone());
    let print = move || {
        let photos: HashMap<String, Vec<u8>> = paper
            .lines
            .iter()
            .filter(|line| !line.photo.is_empty())
            .take(PHOTOS)
            .filter_map(|line| Some((line.photo.clone(), thumbnail(&store, &line.photo)?)))
            .collect();
        printer.notice(&paper, |digest| photos.get(digest).cloned())
    };
    let pdf = tokio::task::spawn_blocking(print)
        .await
        .map_err(Error::broken)?
        .map_err(Error::broken)?;
    Ok(file(&format!("{kept_as}.pdf"), "application/pdf", pdf).into_response())
}

fn table(notice: &NoticeView, language: Language) -> Table {
    let mut table = Table::new(
        language,
        &[
            ("notice-line", 4, false),
            ("case-number", 14, false),
            ("case-category", 12, false),
            ("case-place", 20, true),
            ("case-description", 20, true),
            ("case-limit", 10, false),
            ("notice-got-at", 12, false),
            ("case-due", 12, false),
            ("case-stage", 8, false),
            ("case-holder", 10, false),
        ],
    );
    for (line, case) in notice.cases.iter().enumerate() {
        let mut cells = vec![Cell::plain(line + 1)];
        let words = [
            &case.id,
            &case.category,
            &case.place,
            &case.description,
            &case.limit,
            &case.got_at,
            &case.due_at,
            &case.stage,
            &case.holder,
        ];
        cells.extend(words.map(Cell::text));
        table.rows.push(cells);
    }
    table
}

fn paper(page: &Page, notice: &NoticeView, day: String) -> NoticePaper {
    let language = OFFICIAL;
    let host = page
        .host
        .as_ref()
        .map_or(String::new(), |host| host.name.clone());
    let mut hash = Sha256::new();
    let lines = notice
        .cases
        .iter()
        .enumerate()
        .map(|(line, case)| {
            let photo = case.photo.clone().unwrap_or_default();
            for part in [&case.id, &case.place, &case.due_at, &photo] {
                hash.update(format!("{}:{part}", part.len()));
            }
            NoticeLine {
                cells: vec![
                    vec![(line + 1).to_string()],
                    vec![case.place.clone(), case.id.clone()],
                    vec![case.category.clone(), case.description.clone()],
                    vec![case.limit.clone(), case.due_at.clone()],
                ],
                photo,
            }
        })
        .collect::<Vec<_>>();
    let mut closing = vec![language.word("notice-closing")];
    if lines.iter().filter(|line| !line.photo.is_empty()).count() > PHOTOS {
        closing.push(language.say("notice-photos-cut", [("most", (PHOTOS as i64).into())]));
    }
    if notice.cut {
        closing.push(language.say("notice-cut", [("most", (MOST as i64).into())]));
    }
    NoticePaper {
        letterhead: host.clone(),
        number: notice.number.clone(),
        title: language.say(
            "notice-paper-title",
            [("month", month_words(&notice.month, language).into())],
        ),
        salutation: language.say("notice-salutation", [("unit", notice.name.clone().into())]),
        intro: language.say("notice-intro", [("count", (lines.len() as i64).into())]),
        columns: [
            "notice-line",
            "notice-place",
            "notice-problem",
            "notice-limit",
            "case-photo",
        ]
        .map(|key| language.word(key))
        .into(),
        lines,
        closing,
        receipt: language.word("notice-receipt"),
        issuer: host,
        date: date_words(&day, language),
        day,
        photo_missing: language.word("notice-photo-missing"),
        watermarks: watermarks(page.synthetic(), None, language),
        digest: hex::encode(hash.finalize()),
    }
}

/// A photo made small enough to be printed; `None` where it does not decode within bounds.
fn thumbnail(store: &Store, digest: &str) -> Option<Vec<u8>> {
    let bytes = std::fs::read(store.photo_path(digest)).ok()?;
    let mut reader = image::ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .ok()?;
    reader.limits(image::Limits::default());
    let small = reader.decode().ok()?.thumbnail(THUMB, THUMB).into_rgb8();
    let mut out = vec![];
    small
        .write_to(&mut Cursor::new(&mut out), image::ImageFormat::Jpeg)
        .ok()?;
    Some(out)
}
