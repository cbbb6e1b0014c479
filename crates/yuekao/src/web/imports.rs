//! Evidence files handed in at the desk: first what they would do, then taking them.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::App;
use super::answer::html;
use super::error::{Error, Result};
use super::page::Page;
use crate::datum::Datum;
use crate::evidence::import::{Consent, Handed, Options, Preview, accept, import};
use crate::words::Language;

/// The largest upload, the limit of evidence files with room for the form around them.
pub const LARGEST: usize = (200 << 20) + (1 << 20);

/// What the form says; it is shown again as it was.
#[derive(Default)]
struct Said {
    series: String,
    month: String,
    datum: String,
    rest: bool,
    changes: bool,
    take: bool,
    seen: String,
    files: Vec<Handed>,
}

/// What a preview shows.
struct Look {
    counts: Vec<(&'static str, usize, usize, usize)>,
    changes: Vec<(String, String)>,
    faults: Vec<String>,
    fingerprint: String,
    brings_something: bool,
    taken: bool,
    missing: Option<String>,
}

/// More lines than this are counted, not shown.
const SHOWN: usize = 200;

impl Look {
    fn of(preview: &Preview, consent: &Consent, taken: bool, language: Language) -> Look {
        let change = |change: &crate::evidence::import::Change| {
            let cells = change
                .cells
                .iter()
                .map(|(column, before, after)| format!("{column}: {before} → {after}"));
            (
                format!("{} {}", change.kind, change.id),
                cells.collect::<Vec<_>>().join("; "),
            )
        };
        Look {
            counts: preview
                .counts
                .iter()
                .map(|each| (each.kind, each.new, each.changed, each.same))
                .collect(),
            changes: preview.changes.iter().take(SHOWN).map(change).collect(),
            faults: preview
                .faults
                .iter()
                .take(SHOWN)
                .map(|fault| fault.say(language))
                .collect(),
            fingerprint: preview.fingerprint.clone(),
            brings_something: preview.brings_something(),
            missing: preview
                .missing(consent)
                .filter(|_| !taken)
                .map(|message| language.message(&message)),
            taken,
        }
    }
}

#[derive(Template)]
#[template(path = "import/page.html")]
struct ImportPage {
    page: Page,
    series: Vec<String>,
    said: Said,
    look: Option<Look>,
}

async fn answer(app: &App, page: Page, said: Said, look: Option<Look>) -> Result<Response> {
    let mut series: Vec<String> = app
        .store
        .schemes()
        .await?
        .into_iter()
        .map(|scheme| scheme.scheme.series)
        .collect();
    series.sort();
    series.dedup();
    html(&ImportPage {
        page,
        series,
        said,
        look,
    })
}

/// The form.
pub async fn page(State(app): State<App>, page: Page) -> Result<Response> {
    answer(
        &app,
        page,
        Said {
            datum: "WGS84".into(),
            ..Said::default()
        },
        None,
    )
    .await
}

/// Looks at files, or takes them.
pub async fn hand_in(State(app): State<App>, page: Page, mut form: Multipart) -> Result<Response> {
    let mut said = Said::default();
    while let Some(field) = form.next_field().await? {
        match field.name().unwrap_or_default().to_owned().as_str() {
            "file" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await?;
                if !bytes.is_empty() {
                    said.files.push(Handed::new(name, bytes.to_vec()));
                }
            }
            "series" => said.series = field.text().await?,
            "month" => said.month = field.text().await?,
            "datum" => said.datum = field.text().await?,
            "rest" => said.rest = field.text().await? == "yes",
            "changes" => said.changes = field.text().await? == "yes",
            "take" => said.take = field.text().await? == "yes",
            "seen" => said.seen = field.text().await?,
            _ => {}
        }
    }
    let refuse = |key| Error::refused(assessment::message::Message::new(key));
    if said.files.is_empty() {
        return Err(refuse("import-no-file"));
    }
    let month = match said.month.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| refuse("import-bad-month"))?),
    };
    let datum = Datum::of(&said.datum).ok_or_else(|| refuse("evidence-not-a-datum"))?;
    let options = Options {
        series: said.series.clone(),
        month,
        datum,
    };
    let consent = Consent {
        rest: said.rest,
        changes: said.changes,
        seen: Some(said.seen.clone()).filter(|seen| !seen.is_empty()),
    };
    let files = std::mem::take(&mut said.files);
    let preview = import(&app.store, files.clone(), &options).await?;
    let ready = said.take && preview.missing(&consent).is_none();
    if ready {
        let taken = accept(
            &app.store,
            app.clock.now(),
            &page.viewer.login,
            files,
            &options,
            &consent,
        )
        .await?;
        let look = Look::of(&taken, &consent, true, page.language);
        return answer(&app, page, said, Some(look)).await;
    }
    let status = if said.take {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let look = Look::of(&preview, &consent, false, page.language);
    Ok((status, answer(&app, page, said, Some(look)).await?).into_response())
}
