//! Webhooks: what happened to cases that were served, and what was published, is sent to the addresses of other systems,
//! signed, in the order of the acts, until it is taken.
//!
//! An event is made from its act alone, so that it is the same whenever it is sent. Nothing is in it but a case's number,
//! stage, unit, category and link: whoever may know more signs in. Acts on a case before its first dispatch are never sent.

use std::sync::LazyLock;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use serde::Serialize;

use crate::clock::Clock;
use crate::store::act::{Act, Deed as _};
use crate::store::bulletin::BulletinDeed;
use crate::store::case::CaseDeed;
use crate::store::webhook::WebhookRow;
use crate::store::{Error, Result, Store, digest, secret};

/// It is looked so often whether something has to be sent.
const PAUSE: Duration = Duration::from_secs(2);
/// Time for a receiver to be reached, and to answer.
const REACHED: Duration = Duration::from_secs(5);
const ANSWERED: Duration = Duration::from_secs(10);

/// Stands for an answer where nothing was sent, since the record does not read.
pub const DAMAGED: &str = "damaged";

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// Known twice, it is the same event. It says nothing of how many acts there are.
    pub id: String,
    /// RFC 3339, in UTC.
    pub at: String,
    /// `case.` and the act, such as `case.dispatch`; or `publication`; or `test`.
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseThen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publication: Option<Publication>,
}

/// A case as it stood after the act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseThen {
    pub number: String,
    pub stage: &'static str,
    /// Code of the unit that answers for it; none while it is dispatched anew.
    pub unit: Option<String>,
    /// Code of its category.
    pub category: String,
    pub link: String,
}

/// A bulletin that came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Publication {
    pub series: String,
    pub month: String,
    /// 1, and one more for each correction.
    pub edition: i64,
    /// SHA-256 that is printed on it.
    pub digest: String,
    pub link: String,
}

/// What is sent of an act, if anything is.
///
/// # Errors
/// The store's.
pub async fn event(store: &Store, hook: &WebhookRow, act: &Act) -> Result<Option<Event>> {
    let event = |kind: String| Event {
        id: act.leaf[..32].to_owned(),
        at: act.at.to_string(),
        kind,
        case: None,
        publication: None,
    };
    let site = &hook.new.site;
    match act.noun.as_str() {
        noun if !hook.wants(noun) => Ok(None),
        CaseDeed::NOUN => {
            let Some((life, category)) = store.case_at(&act.id, act.seq).await? else {
                return Ok(None);
            };
            Ok(Some(Event {
                case: Some(CaseThen {
                    number: act.id.clone(),
                    stage: life.stage.word(),
                    unit: life.line.first().cloned(),
                    category,
                    link: format!("{site}/desk/cases/{}", act.id),
                }),
                ..event(format!("case.{}", act.kind))
            }))
        }
        _ => {
            let BulletinDeed::Published {
                edition, bulletin, ..
            } = act.deed()?;
            let (series, month) = act.id.split_once('/').unwrap_or((&act.id, ""));
            Ok(Some(Event {
                publication: Some(Publication {
                    series: series.to_owned(),
                    month: month.to_owned(),
                    edition,
                    digest: digest(&bulletin.assessment),
                    link: format!("{site}/months/{}", act.id),
                }),
                ..event("publication".into())
            }))
        }
    }
}

/// The value of `Yuekao-Signature`: HMAC-SHA256 under the secret over the moment, a full stop and the body.
pub fn signature(secret: &str, at: Timestamp, body: &[u8]) -> String {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
    let mut signing = ring::hmac::Context::with_key(&key);
    let seconds = at.as_second();
    signing.update(format!("{seconds}.").as_bytes());
    signing.update(body);
    format!("t={seconds},v1={}", hex::encode(signing.sign()))
}

/// Sends what is due, again and again. Does not return.
pub async fn work(store: Store, clock: Clock) {
    loop {
        tokio::time::sleep(PAUSE).await;
        if let Err(error) = send_due(&store, &clock).await {
            tracing::error!(%error, "webhooks were not sent; they are tried again");
        }
    }
}

/// Sends everything that is due now to every address; those that do not answer keep no other waiting.
///
/// # Errors
/// The store's; what receivers answer is kept with each.
pub async fn send_due(store: &Store, clock: &Clock) -> Result<()> {
    let now = clock.now();
    let hooks = store.webhooks().await?;
    let due = hooks.into_iter().filter(|hook| hook.is_due(now));
    let sent = join_all(due.map(|hook| send_all(store, clock, hook))).await;
    sent.into_iter().collect()
}

async fn send_all(store: &Store, clock: &Clock, mut hook: WebhookRow) -> Result<()> {
    let mut ahead = store.acts_ahead(hook.done).await?;
    if !ahead.is_worth(&hook) || !store.take_webhook(clock.now(), &hook).await? {
        return Ok(());
    }
    // Somebody else may have sent something before this server took it.
    let Some(taken) = store.webhook(&hook.id).await? else {
        return Ok(());
    };
    if taken.done != hook.done {
        return store.leave_webhook(&taken, taken.done).await;
    }
    loop {
        for act in &ahead.acts {
            let sent = match event(store, &hook, act).await {
                Ok(None) => continue,
                Ok(Some(event)) => send(&hook, clock.now(), &event).await,
                // It will not read later either: the others are sent all the same, and the desk says so.
                Err(Error::Damaged(why)) => {
                    tracing::error!(
                        act = act.seq,
                        id = act.id,
                        why,
                        "an act does not read and is not sent"
                    );
                    Ok(DAMAGED.to_owned())
                }
                Err(error) => return Err(error),
            };
            match sent {
                Ok(answer) => {
                    let now = clock.now();
                    if !store.webhook_took(now, &hook, act.seq, &answer).await? {
                        return store.leave_webhook(&hook, hook.done).await;
                    }
                    hook.done = act.seq;
                    // An outage that is over says nothing of the next one.
                    (hook.tries, hook.failing_since) = (0, None);
                }
                Err(answer) => {
                    store.webhook_failed(clock.now(), &hook, &answer).await?;
                    return store.leave_webhook(&hook, hook.done).await;
                }
            }
        }
        if !ahead.more {
            return store.leave_webhook(&hook, ahead.until).await;
        }
        ahead = store.acts_ahead(ahead.until).await?;
    }
}

/// Sends an event that says nothing but that it is a test, at once and whatever else waits. Returns the answer: a status, or
/// `timeout`, `unreachable`. How far the webhook has come stays as it is.
pub async fn send_test(hook: &WebhookRow, at: Timestamp) -> String {
    let event = Event {
        id: secret()[..32].to_owned(),
        at: at.to_string(),
        kind: "test".into(),
        case: None,
        publication: None,
    };
    send(hook, at, &event).await.unwrap_or_else(|why| why)
}

/// Redirects are not followed: what is meant for one address goes to no other. Proxies of the environment are not asked.
static CLIENT: LazyLock<reqwest::Result<reqwest::Client>> = LazyLock::new(|| {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .connect_timeout(REACHED)
        .timeout(ANSWERED)
        .user_agent(concat!("yuekao/", env!("CARGO_PKG_VERSION")))
        .build()
});

/// The status with which it was taken; or why it was not. What the receiver writes beside the status is not read.
async fn send(
    hook: &WebhookRow,
    at: Timestamp,
    event: &Event,
) -> std::result::Result<String, String> {
    let client = CLIENT.as_ref().map_err(|why| {
        tracing::error!(%why, "webhooks cannot be sent");
        "unreachable".to_owned()
    })?;
    let body = serde_json::to_vec(event).expect("an event is JSON");
    let sent = client
        .post(&hook.new.url)
        .header("Content-Type", "application/json")
        .header("Yuekao-Event", &event.id)
        .header("Yuekao-Signature", signature(&hook.secret, at, &body))
        .body(body)
        .send()
        .await;
    match sent {
        Ok(answer) if answer.status().is_success() => Ok(answer.status().as_str().to_owned()),
        Ok(answer) => Err(answer.status().as_str().to_owned()),
        Err(why) if why.is_timeout() => Err("timeout".into()),
        Err(_) => Err("unreachable".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_that_other_tools_make() {
        // printf '1648720800.{"id":"1"}' | openssl dgst -sha256 -hmac secret
        let at = Timestamp::from_second(1_648_720_800).unwrap();
        assert_eq!(
            signature("secret", at, br#"{"id":"1"}"#),
            "t=1648720800,v1=54e78b6b5c530934a074c0273d8752e5d0a21a04d19aadc64c4d2a906a1d0857"
        );
    }
}
