//! The office's rounds: their stage, the draft standing, freeze, open again, publish, correct.

use askama::Template;
use assessment::facts::time_text;
use assessment::message::Message;
use assessment::month::Month;
use assessment::points::Points;
use assessment::scheme::Scheme;
use assessment::score::{Standing, score};
use axum::extract::{Form, FromRequestParts, Path, Query, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::html_or_json;
use super::called::{Evaluations, People};
use super::error::{Error, Result};
use super::fields::{filled, month_of};
use super::page::Page;
use crate::bulletin::view::Both;
use crate::round::kept::Kept;
use crate::round::{self, Publication};
use crate::store::act::Act;
use crate::store::round::{RoundRow, Stage};
use crate::store::scheme::AdoptedScheme;
use crate::words::Language;

impl From<round::Error> for Error {
    fn from(error: round::Error) -> Self {
        Self::refused(for_pages(error.message()))
    }
}

/// Sentences of the command line name its files and options; who sits at the desk has neither.
pub(super) fn for_pages(message: Message) -> Message {
    let key = match message.key {
        "refusal-scheme-not-valid-in-month" => "rounds-not-valid-in-month",
        "refusal-standard-missing" => "rounds-standard-missing",
        "refusal-unknown-unit" => "rounds-unknown-unit",
        "refusal-no-participants" => "rounds-no-participants",
        "refusal-fact-of-unknown-unit" => "rounds-fact-of-unknown-unit",
        "refusal-attribute-not-a-number" => "rounds-attribute-not-a-number",
        "refusal-opening-balance-missing" => "rounds-opening-balance-missing",
        key => key,
    };
    Message { key, ..message }
}

/// A round as lists show it.
#[derive(Debug, Serialize)]
pub struct RoundLine {
    /// The evaluation.
    pub series: String,
    /// Its title.
    pub title: String,
    /// The month.
    pub month: String,
    /// A word of [`Stage`].
    pub stage: &'static str,
    /// When its last bulletin came out, local time.
    pub published_at: Option<String>,
}

/// A series that rounds can be opened for.
struct Series {
    id: String,
    title: String,
}

#[derive(Template)]
#[template(path = "round/list.html")]
struct ListPage {
    page: Page,
    rounds: Vec<RoundLine>,
    series: Vec<Series>,
    /// Years that have rounds.
    years: Vec<String>,
    next: String,
    /// What the list is narrowed to.
    asked: Asked,
}

/// Which rounds are asked for: of an evaluation, of a year, in a stage.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    of: String,
    year: String,
    stage: String,
}

impl Asked {
    fn wants(&self, round: &RoundRow) -> bool {
        let is = |asked: &str, value: &str| asked.is_empty() || asked == value;
        is(&self.of, &round.series)
            && is(&self.stage, round.stage.word())
            && is(&self.year, &round.month.to_string()[..4])
    }

    fn any(&self) -> bool {
        [&self.of, &self.year, &self.stage]
            .iter()
            .any(|asked| !asked.is_empty())
    }
}

fn title_of(schemes: &[AdoptedScheme], id: &str, language: Language) -> String {
    let text = schemes
        .iter()
        .find(|scheme| scheme.id == id)
        .map(|scheme| scheme.scheme.text.as_str());
    let scheme = text.and_then(|text| assessment::scheme::parse(text).0);
    scheme.map_or_else(
        || id.to_owned(),
        |scheme| language.of(&scheme.title).to_owned(),
    )
}

/// All rounds, the latest first, and what can be opened.
pub async fn list(
    State(app): State<App>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let schemes = app.store.schemes().await?;
    let titles: std::collections::HashMap<&str, String> = schemes
        .iter()
        .map(|scheme| {
            (
                scheme.id.as_str(),
                title_of(&schemes, &scheme.id, page.language),
            )
        })
        .collect();
    let rounds = app.store.rounds().await?;
    let line = |round: &RoundRow| RoundLine {
        series: round.series.clone(),
        title: titles
            .get(round.scheme_id.as_str())
            .cloned()
            .unwrap_or_default(),
        month: round.month.to_string(),
        stage: round.stage.word(),
        published_at: round.published_at.as_ref().map(|at| page.moment(at)),
    };
    let wanted = rounds.iter().filter(|round| asked.wants(round));
    let lines: Vec<_> = wanted.map(line).collect();
    let mut years: Vec<String> = rounds
        .iter()
        .map(|round| round.month.to_string()[..4].to_owned())
        .collect();
    years.dedup();
    let series = Evaluations::of(&app, &page).await?;
    let next = rounds
        .first()
        .map(|round| round.month.plus(1))
        .or_else(|| Month::of(app.clock.today()));
    let next = next.map(|month| month.to_string()).unwrap_or_default();
    html_or_json(&page, lines, |rounds| ListPage {
        page: page.clone(),
        rounds,
        series: series
            .all()
            .map(|(id, title)| Series {
                id: id.to_owned(),
                title: title.to_owned(),
            })
            .collect(),
        years,
        next,
        asked,
    })
}

/// The form to open a round.
#[derive(Deserialize)]
pub struct OpenForm {
    series: String,
    month: String,
}

/// Opens a round, or goes to it if it has begun.
pub async fn open(
    State(app): State<App>,
    page: Page,
    Form(form): Form<OpenForm>,
) -> Result<Redirect> {
    let month = month_of(&form.month)?;
    let round = round::open(
        &app.store,
        app.clock.now(),
        &page.viewer.login,
        &form.series,
        month,
    )
    .await?;
    Ok(Redirect::to(&format!(
        "/desk/rounds/{}/{}",
        round.series, round.month
    )))
}

/// A line of the draft standing.
#[derive(Debug, Serialize)]
pub struct DraftLine {
    /// Place, if it is ranked.
    pub place: Option<usize>,
    /// Name of the unit.
    pub unit: String,
    /// The score as it would be published.
    pub score: Option<String>,
    /// What it would get or pay, yuan.
    pub yuan: Option<String>,
}

impl DraftLine {
    /// Its yuan with thousands apart.
    fn money(&self) -> String {
        let yuan = self.yuan.as_deref().map(crate::bulletin::text::grouped);
        yuan.unwrap_or_default().replace('-', "−")
    }
}

/// The draft standing of an open or frozen month: for the office only.
#[derive(Debug, Default, Serialize)]
pub struct Draft {
    /// Lines in the order of places.
    pub lines: Vec<DraftLine>,
    /// Why there is none.
    pub refusal: Option<String>,
    /// How much evidence there is.
    pub visits: usize,
    /// Findings of the window, excluded ones included.
    pub findings: usize,
    /// Cases that concern it.
    pub cases: usize,
}

impl Draft {
    fn of(scheme: &Scheme, standing: &Standing) -> Vec<DraftLine> {
        let main = scheme.bulletin.ranking.unwrap_or(0);
        let Some(result) = standing.rankings.get(main) else {
            return vec![];
        };
        let digits = scheme.rankings[main].round.digits;
        let mut rows: Vec<_> = result.rows.iter().collect();
        rows.sort_by_key(|row| {
            (
                row.table.clone(),
                row.place.unwrap_or(usize::MAX),
                row.participant,
            )
        });
        let yuan = |participant: usize| {
            let money = standing.awards.iter().flat_map(|award| &award.money);
            let mut own = money
                .filter(|(each, _)| *each == participant)
                .map(|(_, fen)| *fen)
                .peekable();
            own.peek()?;
            Some(
                Points::ratio(own.sum::<i128>(), 100)
                    .expect("100 is not zero")
                    .to_exact_text(),
            )
        };
        let line = |row: &assessment::ranking::Row| DraftLine {
            place: row.place,
            unit: standing.names[row.participant].clone(),
            score: row.rounded.as_ref().map(|score| score.display(digits)),
            yuan: yuan(row.participant),
        };
        rows.into_iter().map(line).collect()
    }
}

/// A round as its page shows it.
#[derive(Debug, Serialize)]
pub struct RoundView {
    /// The round.
    pub line: RoundLine,
    /// The scheme it is evaluated by.
    pub scheme_id: String,
    /// Digest of the frozen facts.
    pub facts: Option<String>,
    /// Digest of the assessment, once published.
    pub assessment: Option<String>,
    /// Who asked to open it again.
    pub reopen_asked_by: Option<String>,
    /// First and last moment of the window, local time.
    pub window: (String, String),
    /// The draft.
    pub draft: Draft,
    /// Editions that were published, newest first.
    pub editions: Vec<i64>,
}

#[derive(Template)]
#[template(path = "round/one.html")]
struct OnePage {
    page: Page,
    round: RoundView,
    stage: Stage,
    acts: Vec<Act>,
    people: People,
    today: String,
}

/// The round that a path names.
pub struct AtRound(RoundRow);

impl FromRequestParts<App> for AtRound {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let Path((series, month)) =
            Path::<(String, String)>::from_request_parts(parts, app).await?;
        let month = month_of(&month).map_err(|_| Error::not_found())?;
        let row = app.store.round(&series, month).await?;
        row.map(AtRound).ok_or_else(Error::not_found)
    }
}

/// One round.
pub async fn one(State(app): State<App>, page: Page, AtRound(row): AtRound) -> Result<Response> {
    let (rules, _) = round::rules(&app.store, &row.scheme_id).await?;
    let kept = match &row.frozen_digest {
        None => app.keepers.standing(&app.store, &row).await?,
        Some(digest) => {
            app.keepers.forget(&row).await;
            let assessed =
                round::assessed_from(&app.store, &row.scheme_id, row.month, digest).await?;
            let facts = assessed.frozen.facts();
            Kept {
                standing: score(&rules, facts, row.month).map(std::sync::Arc::new),
                visits: facts.visits.len(),
                findings: facts.findings.len(),
                cases: facts.cases.len(),
            }
        }
    };
    let mut draft = Draft {
        visits: kept.visits,
        findings: kept.findings,
        cases: kept.cases,
        ..Draft::default()
    };
    match kept.standing {
        Ok(standing) => draft.lines = Draft::of(&rules.scheme, &standing),
        Err(refusal) => draft.refusal = Some(page.language.message(&for_pages(refusal.message()))),
    }
    let window = rules.scheme.window(row.month);
    let editions = app
        .store
        .bulletins_of(&row.series, row.month)
        .await?
        .iter()
        .map(|each| each.edition)
        .collect();
    let view = RoundView {
        line: RoundLine {
            series: row.series.clone(),
            title: page.language.of(&rules.scheme.title).to_owned(),
            month: row.month.to_string(),
            stage: row.stage.word(),
            published_at: row.published_at.as_ref().map(|at| page.moment(at)),
        },
        scheme_id: row.scheme_id,
        facts: row.frozen_digest,
        assessment: row.assessment_digest,
        reopen_asked_by: row.reopen_asked_by,
        window: (
            time_text(window.start).replace('T', " "),
            time_text(
                window
                    .end
                    .checked_sub(jiff::Span::new().minutes(1))
                    .unwrap_or(window.end),
            )
            .replace('T', " "),
        ),
        draft,
        editions,
    };
    let acts = app
        .store
        .acts_of(
            "round",
            &crate::store::round::round_id(&view.line.series, row.month),
        )
        .await?;
    let today = app.clock.today().to_string();
    let asked = view.reopen_asked_by.as_deref();
    let logins = acts.iter().map(|act| act.who.as_str()).chain(asked);
    let people = People::of(&app, &page, logins).await?;
    html_or_json(&page, view, |round| OnePage {
        page: page.clone(),
        people,
        round,
        stage: row.stage,
        acts,
        today,
    })
}

fn back(row: &RoundRow) -> Redirect {
    Redirect::to(&format!("/desk/rounds/{}/{}", row.series, row.month))
}

/// Closes the facts of a month; for a published one, to correct it.
pub async fn freeze(State(app): State<App>, page: Page, AtRound(row): AtRound) -> Result<Redirect> {
    let (now, who) = (app.clock.now(), &page.viewer.login);
    round::freeze(&app.store, now, who, &row.series, row.month).await?;
    Ok(back(&row))
}

/// Asks to open a frozen month again, or agrees.
pub async fn reopen(State(app): State<App>, page: Page, AtRound(row): AtRound) -> Result<Redirect> {
    let (now, who) = (app.clock.now(), &page.viewer.login);
    app.store
        .reopen_round(now, who, &row.series, row.month)
        .await?;
    Ok(back(&row))
}

/// What a publication says besides the assessment: the form to publish, and the query of a preview.
#[derive(Deserialize)]
pub struct PublishForm {
    #[serde(default)]
    number: String,
    #[serde(default)]
    date: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    reason_en: String,
}

impl PublishForm {
    /// Without a date it is dated today.
    ///
    /// Errors: refused if the date is none.
    fn publication(&self, today: Date) -> Result<Publication> {
        let date = match filled(&self.date) {
            None => today,
            Some(date) => date.parse().map_err(|_| {
                Error::refused(Message::new("round-bad-date").with("text", date.as_str()))
            })?,
        };
        let reason = filled(&self.reason);
        Ok(Publication {
            number: filled(&self.number),
            date: date.to_string(),
            reason: reason.map(|zh| Both::new(zh.clone(), filled(&self.reason_en).unwrap_or(zh))),
        })
    }
}

/// Publishes the bulletin, or a correction.
pub async fn publish(
    State(app): State<App>,
    page: Page,
    AtRound(row): AtRound,
    Form(form): Form<PublishForm>,
) -> Result<Redirect> {
    let publication = form.publication(app.clock.today())?;
    let (now, who) = (app.clock.now(), &page.viewer.login);
    round::publish(&app.store, now, who, &row.series, row.month, publication).await?;
    Ok(back(&row))
}

/// The bulletin as it would be published now, as PDF, stamped as a draft.
pub async fn preview(
    State(app): State<App>,
    AtRound(row): AtRound,
    Query(form): Query<PublishForm>,
) -> Result<Response> {
    let publication = form.publication(app.clock.today())?;
    let assessed = round::assessed(&app.store, &row.series, row.month).await?;
    let mut view = round::preview(&app.store, &assessed, &publication, None).await?;
    view.stamp = Some(Both::new(
        Language::Chinese.word("round-draft-stamp"),
        Language::English.word("round-draft-stamp"),
    ));
    let printer = app.printer.clone();
    let pdf = tokio::task::spawn_blocking(move || printer.pdf(&view))
        .await
        .map_err(Error::broken)?
        .map_err(Error::broken)?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], pdf).into_response())
}
