//! Schemes and catalogues before they are adopted: what is wrong with a text or what it says, what it settles otherwise
//! than the one before; then adopting exactly the text that was seen.

use askama::Template;
use assessment::indicator::Standard;
use assessment::issue::{Issue, Severity};
use assessment::message::Message;
use assessment::scheme::Scheme;
use assessment::scheme::explain::Names;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::html_or_json;
use super::error::{Error, Result};
use super::fields::Fields;
use super::page::Page;
use crate::evidence::file::Handed;
use crate::evidence::{Refusal, text};
use crate::round;
use crate::rules::{DifferenceText, Document, differences};
use crate::store::digest;
use crate::words::Language;

/// The largest text with the form around it: rules are written by hand.
pub const LARGEST: usize = (4 << 20) + (1 << 20);
/// What checked texts wait for, in the store.
pub const PURPOSE: &str = "scheme";

/// One thing to say about a text.
#[derive(Debug, Serialize)]
pub struct Fault {
    pub line: usize,
    pub column: usize,
    /// What stands there.
    pub text: String,
    pub message: String,
    pub expected: Option<String>,
    /// It does not stand in the way.
    pub warning: bool,
}

impl Fault {
    /// An issue in one language.
    pub fn of(issue: &Issue, language: Language) -> Fault {
        Fault {
            line: issue.line,
            column: issue.column,
            text: issue.text.clone(),
            message: language.message(&issue.message),
            expected: issue
                .expected
                .as_ref()
                .map(|expected| language.message(expected)),
            warning: issue.severity == Severity::Warning,
        }
    }
}

/// The text that a form brings, as a file or pasted.
///
/// Errors: refused without one, or if the file is no text.
pub fn text_of(fields: &Fields) -> Result<String> {
    let text = match fields.files.first() {
        Some(Handed { name, bytes }) => {
            text::decode(name, bytes).map_err(|Refusal(message)| Error::refused(message))?
        }
        None => fields.whole("text").replace("\r\n", "\n"),
    };
    match text.trim().is_empty() {
        true => Err(Error::refused(Message::new("scheme-no-text"))),
        false => Ok(text),
    }
}

/// `scheme` or `standard`; kept with the text.
#[derive(Debug, Serialize, Deserialize)]
pub struct About {
    pub kind: String,
}

/// A text that was looked at.
#[derive(Debug, Serialize)]
struct CheckView {
    /// `scheme` or `standard`.
    kind: String,
    /// SHA-256 of the text.
    digest: String,
    /// Of a sound text.
    id: Option<String>,
    title: Option<String>,
    series: Option<String>,
    faults: Vec<Fault>,
    /// How many indicators a sound catalogue has.
    indicators: Option<usize>,
    document: Option<Document>,
    /// The newest scheme of the series.
    before: Option<String>,
    differences: Vec<DifferenceText>,
    /// Why it cannot be adopted although it is sound.
    hindrance: Option<String>,
}

impl CheckView {
    fn sound(&self) -> bool {
        self.id.is_some()
    }
}

#[derive(Template)]
#[template(path = "scheme/check.html")]
struct CheckPage {
    page: Page,
    check: CheckView,
    /// Where the text waits; `None`: it has faults.
    token: Option<String>,
    text: String,
}

/// Looks at a text that was handed in; a sound one waits to be adopted.
pub async fn hand_in(State(app): State<App>, page: Page, fields: Fields) -> Result<Response> {
    let text = text_of(&fields)?;
    let kind = match fields.text("kind") {
        "standard" => "standard".to_owned(),
        _ => "scheme".to_owned(),
    };
    let check = check(&app, &page, kind, &text).await?;
    if !check.sound() {
        let faulty = html_or_json(&page, check, |check| CheckPage {
            page: page.clone(),
            check,
            token: None,
            text,
        })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, faulty).into_response());
    }
    let name = format!("{}.toml", check.id.unwrap_or_default());
    let about = About { kind: check.kind };
    let files = vec![Handed::new(name, text)];
    let (now, who) = (app.clock.now(), &page.viewer.login);
    let token = app.store.hand(now, who, PURPOSE, &about, files).await?;
    Ok(Redirect::to(&format!("/desk/checks/{token}")).into_response())
}

/// A text that waits, and what was said about it.
///
/// Errors: none waits under the token.
pub async fn waiting_text(app: &App, page: &Page, token: &str) -> Result<(About, String)> {
    let (now, who) = (app.clock.now(), &page.viewer.login);
    let waiting = app.store.handed(now, who, PURPOSE, token).await?;
    let (about, files): (About, Vec<Handed>) = waiting.ok_or_else(Error::handed_gone)?;
    let bytes = files.into_iter().next().map(|file| file.bytes);
    let text = String::from_utf8(bytes.unwrap_or_default()).map_err(Error::broken)?;
    Ok((about, text))
}

/// What a text that waits says.
pub async fn look(
    State(app): State<App>,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response> {
    let (about, text) = waiting_text(&app, &page, &token).await?;
    let check = check(&app, &page, about.kind, &text).await?;
    html_or_json(&page, check, |check| CheckPage {
        page: page.clone(),
        check,
        token: Some(token),
        text,
    })
}

/// Adopts the text that waits, if it is the one that was seen.
pub async fn adopt(
    State(app): State<App>,
    page: Page,
    Path(token): Path<String>,
    fields: Fields,
) -> Result<Redirect> {
    let (about, text) = waiting_text(&app, &page, &token).await?;
    if fields.text("digest") != digest(&text) {
        return Err(Error::refused(Message::new("scheme-not-the-one-seen")));
    }
    let (now, who) = (app.clock.now(), page.viewer.login.clone());
    let next = match about.kind.as_str() {
        "standard" => {
            round::adopt_standard(&app.store, now, &who, &text).await?;
            "/desk/schemes".to_owned()
        }
        _ => {
            let id = round::adopt_scheme(&app.store, now, &who, &text).await?;
            format!("/desk/schemes/{id}")
        }
    };
    app.store.forget_handed(&who, &token).await?;
    Ok(Redirect::to(&next))
}

async fn check(app: &App, page: &Page, kind: String, text: &str) -> Result<CheckView> {
    let mut view = CheckView {
        kind,
        digest: digest(text),
        id: None,
        title: None,
        series: None,
        faults: vec![],
        indicators: None,
        document: None,
        before: None,
        differences: vec![],
        hindrance: None,
    };
    match view.kind.as_str() {
        "standard" => check_standard(app, page, text, &mut view).await?,
        _ => check_scheme(app, page, text, &mut view).await?,
    }
    Ok(view)
}

async fn check_standard(app: &App, page: &Page, text: &str, view: &mut CheckView) -> Result<()> {
    let (standard, issues) = Standard::parse(text);
    let faults = issues.iter();
    view.faults = faults
        .map(|issue| Fault::of(issue, page.language))
        .collect();
    let Some(standard) = standard else {
        return Ok(());
    };
    let known = app.store.standard(&standard.id).await?;
    if known.is_some_and(|known| known.digest != view.digest) {
        let fixed = Message::new("standard-text-is-fixed").with("id", standard.id.as_str());
        view.hindrance = Some(page.language.message(&fixed));
    }
    view.indicators = Some(standard.indicators.len());
    view.title = Some(page.language.of(&standard.title).to_owned());
    view.id = Some(standard.id);
    Ok(())
}

async fn check_scheme(app: &App, page: &Page, text: &str, view: &mut CheckView) -> Result<()> {
    let checked = round::check_scheme(&app.store, text).await?;
    let faults = checked.issues.iter();
    view.faults = faults
        .map(|issue| Fault::of(issue, page.language))
        .collect();
    let Some(scheme) = checked.scheme else {
        return Ok(());
    };
    let hindrance = round::hindrance(&app.store, &scheme, text).await?;
    view.hindrance = hindrance.map(|message| page.language.message(&message));
    let names = names(app).await?;
    view.document = Some(Document::of(
        &scheme,
        checked.standard.as_ref(),
        &names,
        page.language,
    ));
    if let Some((id, before)) = newest(app, &scheme).await? {
        view.differences = differences(&before, &scheme, page.language);
        view.before = Some(id);
    }
    view.title = Some(page.language.of(&scheme.title).to_owned());
    view.series = Some(scheme.series);
    view.id = Some(scheme.id);
    Ok(())
}

/// The newest adopted scheme of the series of another one; one in force before one that was withdrawn.
async fn newest(app: &App, scheme: &Scheme) -> Result<Option<(String, Scheme)>> {
    let adopted = app.store.schemes().await?;
    let others = adopted
        .into_iter()
        .filter(|other| other.scheme.series == scheme.series && other.id != scheme.id);
    let newest = others.max_by_key(|other| {
        let in_force = other.withdrawn_at.is_none();
        (in_force, other.scheme.valid_from.clone())
    });
    Ok(newest.and_then(|other| {
        let scheme = assessment::scheme::parse(&other.scheme.text).0?;
        Some((other.id, scheme))
    }))
}

/// What units are called, as they were last.
///
/// Errors: the store's.
pub async fn names(app: &App) -> Result<Names> {
    let mut names = Names::default();
    for unit in app.store.units().await? {
        names.units.insert(unit.code, unit.name);
    }
    Ok(names)
}
