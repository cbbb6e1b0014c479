//! Webhooks: the office says to which addresses of other systems it is sent what happens, and sees how far each has come.

use askama::Template;
use assessment::message::Message;
use axum::extract::{Form, Path, State};
use axum::http::HeaderMap;
use axum::response::{Redirect, Response};
use reqwest::Url;
use serde::Deserialize;

use super::App;
use super::answer::html;
use super::called::Evaluations;
use super::error::{Error, Result};
use super::page::Page;
use crate::store;
use crate::store::webhook::{KINDS, NewWebhook, WebhookDeed, WebhookRow};
use crate::webhook::{DAMAGED, Event, event, send_test};

/// More addresses than this are a mistake.
const MOST: usize = 20;
/// Events on the page of a webhook.
const SHOWN: usize = 30;

#[derive(Template)]
#[template(path = "webhook/list.html")]
struct ListPage {
    page: Page,
    hooks: Vec<WebhookRow>,
    kinds: [&'static str; 2],
}

#[derive(Template)]
#[template(path = "webhook/one.html")]
struct OnePage {
    page: Page,
    hook: WebhookRow,
    /// The secret that has just been made, shown this once.
    made: Option<String>,
    /// The answer to the test that has just been sent, and whether it was taken.
    tested: Option<(String, bool)>,
    /// The newest events, each with the number and the moment of its act.
    events: Vec<(i64, String, Event)>,
    /// Of the evaluations whose bulletins are told.
    titles: Evaluations,
}

impl OnePage {
    /// What an event tells of, in words.
    fn event_said(&self, kind: &str) -> String {
        match kind.strip_prefix("case.") {
            Some(kind) => super::acts::kind_said(&self.page, "case", kind),
            None => super::acts::kind_said(&self.page, "bulletin", "published"),
        }
    }
}

/// How a webhook stands, for both pages.
trait Standing {
    /// Its badge: class and key.
    fn badge(&self) -> (&'static str, &'static str);
    /// What the last answer was, in words.
    fn answer(&self, page: &Page) -> String;
}

impl Standing for WebhookRow {
    fn badge(&self) -> (&'static str, &'static str) {
        match self {
            hook if hook.secret.is_empty() => ("error", "webhook-no-secret"),
            hook if hook.stopped_at.is_some() => ("error", "webhook-stopped"),
            hook if hook.tries > 0 => ("warn", "webhook-failing"),
            _ => ("ok", "webhook-well"),
        }
    }

    fn answer(&self, page: &Page) -> String {
        match self.last_answer.as_deref() {
            None => page.t("webhook-answer-none"),
            Some(answer) => answer_said(page, answer),
        }
    }
}

/// An answer in words.
fn answer_said(page: &Page, answer: &str) -> String {
    match answer {
        "timeout" => page.t("webhook-answer-timeout"),
        "unreachable" => page.t("webhook-answer-unreachable"),
        DAMAGED => page.t("webhook-answer-damaged"),
        status => {
            let key = match status.as_bytes().first() {
                Some(b'2') => "webhook-answer-taken",
                Some(b'3') => "webhook-answer-elsewhere",
                _ => "webhook-answer-refused",
            };
            page.t1(key, "status", status)
        }
    }
}

/// The addresses.
pub async fn list(State(app): State<App>, page: Page) -> Result<Response> {
    html(&ListPage {
        hooks: app.store.webhooks().await?,
        kinds: KINDS,
        page,
    })
}

/// An address as the form gives it: a field for each kind.
#[derive(Deserialize)]
pub struct New {
    #[serde(default)]
    name: String,
    #[serde(default)]
    url: String,
    cases: Option<String>,
    publications: Option<String>,
}

impl New {
    /// Errors: a sentence for what is missing or cannot be.
    fn checked(self, site: String) -> Result<NewWebhook> {
        let refuse = |key| Error::refused(Message::new(key));
        let (name, url) = (self.name.trim(), self.url.trim());
        if name.is_empty() || name.chars().count() > 60 {
            return Err(refuse("webhook-name-missing"));
        }
        let read = Url::parse(url).map_err(|_| refuse("webhook-url-unreadable"))?;
        let plain = read.username().is_empty() && read.password().is_none();
        let there = read.host_str().is_some_and(|host| !host.is_empty());
        let of_the_web = matches!(read.scheme(), "http" | "https");
        if !(plain && there && of_the_web && read.fragment().is_none() && url.len() <= 500) {
            return Err(refuse("webhook-url-unreadable"));
        }
        let kinds: Vec<String> = [(KINDS[0], self.cases), (KINDS[1], self.publications)]
            .into_iter()
            .filter(|(_, chosen)| chosen.is_some())
            .map(|(kind, _)| kind.to_owned())
            .collect();
        if kinds.is_empty() {
            return Err(refuse("webhook-kinds-missing"));
        }
        Ok(NewWebhook {
            name: name.to_owned(),
            url: read.into(),
            kinds,
            site,
        })
    }
}

/// Registers an address and shows its secret once.
pub async fn make(
    State(app): State<App>,
    page: Page,
    headers: HeaderMap,
    Form(new): Form<New>,
) -> Result<Response> {
    let new = new.checked(app.outside.address(&headers))?;
    if app.store.webhooks().await?.len() >= MOST {
        return Err(Error::refused(Message::new("webhook-too-many")));
    }
    let now = app.clock.now();
    let made = app.store.make_webhook(now, &page.viewer.login, new).await?;
    show(&app, page, &made.0, Some(made.1), None).await
}

async fn hook_of(app: &App, id: &str) -> Result<WebhookRow> {
    let hook = app.store.webhook(id).await?;
    hook.ok_or_else(|| Error::missing(Message::new("webhook-missing")))
}

async fn show(
    app: &App,
    page: Page,
    id: &str,
    made: Option<String>,
    tested: Option<(String, bool)>,
) -> Result<Response> {
    let hook = hook_of(app, id).await?;
    let mut events = vec![];
    for act in app.store.acts_to_send().await? {
        match event(&app.store, &hook, &act).await {
            Ok(Some(event)) => events.push((act.seq, page.moment(&act.at), event)),
            Ok(None) | Err(store::Error::Damaged(_)) => {}
            Err(error) => return Err(error.into()),
        }
        if events.len() == SHOWN {
            break;
        }
    }
    html(&OnePage {
        titles: Evaluations::of(app, &page).await?,
        page,
        hook,
        made,
        tested,
        events,
    })
}

/// One address, and what was sent there.
pub async fn one(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    show(&app, page, &id, None, None).await
}

/// Makes another secret and shows it once.
pub async fn renew_secret(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response> {
    let (now, who) = (app.clock.now(), page.viewer.login.clone());
    let made = app.store.renew_webhook_secret(now, &who, &id).await?;
    show(&app, page, &id, Some(made), None).await
}

/// Sends a test there and shows the answer; also where sending has stopped, so that it can be tried before it goes on.
pub async fn test(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let hook = hook_of(&app, &id).await?;
    if hook.secret.is_empty() {
        return Err(Error::refused(Message::new("webhook-test-no-secret")));
    }
    let answer = send_test(&hook, app.clock.now()).await;
    let said = (answer_said(&page, &answer), answer.starts_with('2'));
    let (now, who) = (app.clock.now(), page.viewer.login.clone());
    let deed = WebhookDeed::Tested { answer };
    app.store.change_webhook(now, &who, &id, deed).await?;
    show(&app, page, &id, None, Some(said)).await
}

/// From which act on.
#[derive(Deserialize)]
pub struct From {
    from: i64,
}

/// Sends everything from an act on again.
pub async fn replay(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Form(From { from }): Form<From>,
) -> Result<Redirect> {
    let last = app.store.last_act().await?;
    if from < 1 || from > last {
        return Err(Error::refused(Message::new("webhook-from-unknown")));
    }
    changed(&app, &page, &id, WebhookDeed::Replayed { from }).await
}

/// Lets it go on where it stopped.
pub async fn start(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Redirect> {
    changed(&app, &page, &id, WebhookDeed::Started {}).await
}

/// Sends nothing there for now.
pub async fn stop(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Redirect> {
    changed(&app, &page, &id, WebhookDeed::Stopped {}).await
}

/// Sends nothing there any more.
pub async fn remove(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
) -> Result<Redirect> {
    let _ = changed(&app, &page, &id, WebhookDeed::Removed {}).await?;
    Ok(Redirect::to("/desk/webhooks"))
}

async fn changed(app: &App, page: &Page, id: &str, deed: WebhookDeed) -> Result<Redirect> {
    let (now, who) = (app.clock.now(), &page.viewer.login);
    app.store.change_webhook(now, who, id, deed).await?;
    Ok(Redirect::to(&format!("/desk/webhooks/{id}")))
}
