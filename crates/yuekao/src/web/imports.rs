//! Evidence handed in at the desk: the files come once and wait; then what they would do, then taking them.

use askama::Template;
use assessment::message::Message;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::html;
use super::called::Evaluations;
use super::error::{Error, Result};
use super::fields::{Fields, filled, month_of};
use super::page::Page;
use crate::datum::Datum;
use crate::evidence::file::Handed;
use crate::evidence::import::{Change, Consent, Options, Preview, accept, import};
use crate::evidence::kind::Kind;
use crate::evidence::template;
use crate::store;
use crate::store::handed::Waiting;

/// The largest upload, the limit of evidence files with room for the form around them.
pub const LARGEST: usize = (200 << 20) + (1 << 20);

/// A door that files come in by.
#[derive(Debug)]
pub struct Door {
    /// What files wait for, in the store.
    pub purpose: &'static str,
    /// Its pages are below this path.
    pub path: &'static str,
    /// Key of its title.
    pub title: &'static str,
    /// Units only, which belong to no evaluation.
    pub units: bool,
}

const EVIDENCE: Door = Door {
    purpose: "evidence",
    path: "/desk/import",
    title: "import-title",
    units: false,
};

/// What whoever hands files in says about them; kept with the files.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Said {
    pub series: String,
    pub month: String,
    pub datum: String,
}

impl Default for Said {
    fn default() -> Self {
        Self {
            series: String::new(),
            month: String::new(),
            datum: "WGS84".into(),
        }
    }
}

impl Said {
    /// What a form says.
    pub fn of(fields: &Fields) -> Said {
        let datum = filled(fields.text("datum"));
        Said {
            series: fields.text("series").to_owned(),
            month: fields.text("month").to_owned(),
            datum: datum.unwrap_or_else(|| Said::default().datum),
        }
    }

    fn options(&self, door: &Door) -> Result<Options> {
        let refuse = |key| Error::refused(Message::new(key));
        let month = filled(&self.month);
        Ok(Options {
            series: match door.units {
                true => "-".into(),
                false => self.series.clone(),
            },
            month: month.map(|month| month_of(&month)).transpose()?,
            datum: Datum::of(&self.datum).ok_or_else(|| refuse("evidence-not-a-datum"))?,
        })
    }
}

/// What a preview shows.
struct Look {
    counts: Vec<(String, usize, usize, usize)>,
    changes: Vec<(String, String)>,
    faults: Vec<String>,
    /// Faults and changes that are not shown.
    more: usize,
    fingerprint: String,
    brings_something: bool,
    has_faults: bool,
    has_changes: bool,
}

/// More lines than this are counted, not shown.
const SHOWN: usize = 1000;

impl Look {
    fn of(preview: &Preview, page: &Page) -> Look {
        let kind = |kind: &str| page.t(&format!("evidence-{kind}"));
        let change = |change: &Change| {
            let cells = change
                .cells
                .iter()
                .map(|(column, before, after)| format!("{column}: {before} → {after}"));
            (
                format!("{} {}", kind(change.kind), change.id),
                cells.collect::<Vec<_>>().join("; "),
            )
        };
        let counts = preview.counts.iter();
        let faults = preview.faults.iter().take(SHOWN);
        Look {
            counts: counts
                .map(|each| (kind(each.kind), each.new, each.changed, each.same))
                .collect(),
            changes: preview.changes.iter().take(SHOWN).map(change).collect(),
            faults: faults.map(|fault| fault.say(page.language)).collect(),
            more: preview.faults.len().saturating_sub(SHOWN)
                + preview.changes.len().saturating_sub(SHOWN),
            fingerprint: preview.fingerprint.clone(),
            brings_something: preview.brings_something(),
            has_faults: preview.faults_count() > 0,
            has_changes: !preview.changes.is_empty(),
        }
    }
}

/// Files that wait, as lists show them.
pub struct WaitingLine {
    pub token: String,
    pub at: String,
    pub names: String,
    pub kilobytes: u64,
}

/// What waits for the viewer at a door.
///
/// Errors: the disk's.
pub async fn waiting(app: &App, page: &Page, door: &Door) -> Result<Vec<WaitingLine>> {
    let line = |waiting: Waiting| WaitingLine {
        at: page.moment(&waiting.at),
        names: waiting.names.join(" · "),
        kilobytes: waiting.bytes.div_ceil(1000),
        token: waiting.token,
    };
    let own = app
        .store
        .waiting(app.clock.now(), &page.viewer.login, door.purpose)
        .await?;
    Ok(own.into_iter().map(line).collect())
}

#[derive(Template)]
#[template(path = "import/page.html")]
struct ImportPage {
    page: Page,
    door: &'static Door,
    series: Vec<String>,
    titles: Evaluations,
    said: Said,
    waiting: Vec<WaitingLine>,
}

#[derive(Template)]
#[template(path = "import/look.html")]
struct LookPage {
    page: Page,
    door: &'static Door,
    token: String,
    names: Vec<String>,
    series: Vec<String>,
    titles: Evaluations,
    said: Said,
    /// What stands in the way.
    fault: Option<String>,
    look: Option<Look>,
}

#[derive(Template)]
#[template(path = "import/taken.html")]
struct TakenPage {
    page: Page,
    door: &'static Door,
    names: Vec<String>,
    said: Said,
    look: Look,
}

async fn all_series(app: &App) -> Result<Vec<String>> {
    let schemes = app.store.schemes().await?;
    let mut series: Vec<String> = schemes
        .into_iter()
        .map(|scheme| scheme.scheme.series)
        .collect();
    series.sort();
    series.dedup();
    Ok(series)
}

/// The form, and what waits already.
pub async fn page(State(app): State<App>, page: Page) -> Result<Response> {
    html(&ImportPage {
        series: all_series(&app).await?,
        titles: Evaluations::of(&app, &page).await?,
        said: Said::default(),
        waiting: waiting(&app, &page, &EVIDENCE).await?,
        door: &EVIDENCE,
        page,
    })
}

/// Keeps files, and leads to what they would do.
pub async fn hand_in(State(app): State<App>, page: Page, fields: Fields) -> Result<Redirect> {
    let said = Said::of(&fields);
    receive(&app, &page, &EVIDENCE, said, fields.files).await
}

/// Keeps files at a door, and leads to what they would do.
///
/// Errors: refused without files, or if too much waits already.
pub async fn receive(
    app: &App,
    page: &Page,
    door: &Door,
    said: Said,
    files: Vec<Handed>,
) -> Result<Redirect> {
    if files.is_empty() {
        return Err(Error::refused(Message::new("import-no-file")));
    }
    let now = app.clock.now();
    let token = app
        .store
        .hand(now, &page.viewer.login, door.purpose, &said, files)
        .await?;
    Ok(Redirect::to(&format!("{}/{token}", door.path)))
}

/// What evidence that waits would do.
pub async fn look(
    State(app): State<App>,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response> {
    look_at(&app, page, &EVIDENCE, token).await
}

/// Takes evidence that waits, looks at it again as something else, or throws it away.
pub async fn decide(
    State(app): State<App>,
    page: Page,
    Path(token): Path<String>,
    fields: Fields,
) -> Result<Response> {
    decide_on(&app, page, &EVIDENCE, token, fields).await
}

async fn previewed(app: &App, door: &Door, said: &Said, files: Vec<Handed>) -> Result<Preview> {
    let preview = import(&app.store, files, &said.options(door)?).await?;
    only_units(door, &preview)?;
    Ok(preview)
}

fn only_units(door: &Door, preview: &Preview) -> Result<()> {
    let mut kinds = preview.files.iter().flat_map(|file| &file.kinds);
    match door.units && kinds.any(|kind| *kind != "units") {
        true => Err(Error::refused(Message::new("units-only"))),
        false => Ok(()),
    }
}

/// What files that wait at a door would do.
///
/// Errors: none wait under the token.
pub async fn look_at(
    app: &App,
    page: Page,
    door: &'static Door,
    token: String,
) -> Result<Response> {
    let (now, who) = (app.clock.now(), page.viewer.login.clone());
    let waiting = app.store.handed(now, &who, door.purpose, &token).await?;
    let (said, files): (Said, _) = waiting.ok_or_else(Error::handed_gone)?;
    show(app, page, door, token, said, files, None).await
}

/// The page of the second step; `fault`: why it was not done just now.
async fn show(
    app: &App,
    page: Page,
    door: &'static Door,
    token: String,
    said: Said,
    files: Vec<Handed>,
    fault: Option<Message>,
) -> Result<Response> {
    let status = match fault {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let names = files.iter().map(|file| file.name.clone()).collect();
    let (preview, refusal) = match previewed(app, door, &said, files).await {
        Ok(preview) => (Some(preview), None),
        Err(error) if error.is_refusal() => (None, Some(error.message().clone())),
        Err(error) => return Err(error),
    };
    if page.machine
        && let Some(preview) = &preview
    {
        let mut json = preview.json(page.language);
        json["token"] = token.into();
        return Ok((status, Json(json)).into_response());
    }
    let fault = fault.or(refusal).map(for_pages);
    let shown = html(&LookPage {
        door,
        token,
        names,
        series: all_series(app).await?,
        titles: Evaluations::of(app, &page).await?,
        said,
        fault: fault.map(|message| page.language.message(&message)),
        look: preview.map(|preview| Look::of(&preview, &page)),
        page,
    })?;
    Ok((status, shown).into_response())
}

/// Sentences of the command line name its options; on a page there are boxes to tick.
fn for_pages(message: Message) -> Message {
    let key = match message.key {
        "evidence-has-faults" => "import-has-faults",
        "evidence-has-changes" => "import-has-changes",
        "evidence-month-needed" => "import-month-needed",
        key => key,
    };
    Message { key, ..message }
}

/// Takes files that wait at a door, looks at them again as something else, or throws them away.
///
/// Errors: none wait under the token.
pub async fn decide_on(
    app: &App,
    page: Page,
    door: &'static Door,
    token: String,
    fields: Fields,
) -> Result<Response> {
    let (now, who) = (app.clock.now(), page.viewer.login.clone());
    match fields.text("do") {
        "forget" => {
            app.store.forget_handed(&who, &token).await?;
            return Ok(Redirect::to(door.path).into_response());
        }
        "look" => {
            let said = Said::of(&fields);
            let waits = app
                .store
                .say_of_handed(now, &who, door.purpose, &token, &said)
                .await?;
            return match waits {
                true => Ok(Redirect::to(&format!("{}/{token}", door.path)).into_response()),
                false => Err(Error::handed_gone()),
            };
        }
        _ => {}
    }
    let waiting = app.store.handed(now, &who, door.purpose, &token).await?;
    let (said, files): (Said, Vec<Handed>) = waiting.ok_or_else(Error::handed_gone)?;
    let consent = Consent {
        rest: fields.ticked("rest"),
        changes: fields.ticked("changes"),
        seen: Some(fields.text("seen").to_owned()),
    };
    let options = said.options(door)?;
    if door.units {
        previewed(app, door, &said, files.clone()).await?;
    }
    match accept(&app.store, now, &who, files.clone(), &options, &consent).await {
        Ok(preview) => {
            app.store.forget_handed(&who, &token).await?;
            let look = Look::of(&preview, &page);
            html(&TakenPage {
                door,
                names: files.into_iter().map(|file| file.name).collect(),
                said,
                look,
                page,
            })
        }
        Err(store::Error::Refused(refusal)) => {
            show(app, page, door, token, said, files, Some(refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// An empty sheet to fill in: `units.xlsx`, `findings.csv`, …; `all.xlsx` has a sheet for each kind.
pub async fn template(page: Page, Path(file): Path<String>) -> Result<Response> {
    let (stem, ending) = file.split_once('.').ok_or_else(Error::not_found)?;
    let kinds = match (stem, Kind::of(stem)) {
        ("all", _) => Kind::ALL.to_vec(),
        (_, Some(kind)) => vec![kind],
        (_, None) => return Err(Error::not_found()),
    };
    let (kind, bytes) = match (ending, kinds.as_slice()) {
        ("xlsx", kinds) => {
            let bytes = template::workbook(kinds, page.language).map_err(Error::broken)?;
            (WORKBOOK, bytes)
        }
        ("csv", [kind]) => (CSV, template::csv(*kind, page.language).into_bytes()),
        _ => return Err(Error::not_found()),
    };
    Ok(download(&file, kind, bytes))
}

/// The media type of workbooks.
pub const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The media type of CSV files.
pub const CSV: &str = "text/csv; charset=utf-8";

/// A file to keep; its name is plain ASCII.
pub fn download(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, bytes).into_response()
}
