//! Webhooks: what happens to served cases reaches other systems once, signed, in its order; what is secret never does.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use assessment::case::life::Kind;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde_json::Value;
use yuekao::casework::{self, Ask};
use yuekao::store::case::NewCase;
use yuekao::store::scheme::SchemeText;
use yuekao::store::webhook::{KINDS, NewWebhook, WebhookRow};
use yuekao::store::{Store, digest};
use yuekao::viewer::{Role, Viewer};
use yuekao::webhook::{send_due, signature};

use crate::databases::{Home, on_both};
use crate::town::{Town, Visitor};

/// Another system: it keeps what it is sent, and answers with what it was told to, and then with 204.
#[derive(Clone, Default)]
struct Receiver {
    answers: Arc<Mutex<Vec<StatusCode>>>,
    sent: Arc<Mutex<Vec<(HeaderMap, String)>>>,
}

impl Receiver {
    async fn open(&self) -> SocketAddr {
        let take = async |State(receiver): State<Receiver>, headers: HeaderMap, body: String| {
            receiver.sent.lock().unwrap().push((headers, body));
            let mut answers = receiver.answers.lock().unwrap();
            let answer = match answers.is_empty() {
                true => StatusCode::NO_CONTENT,
                false => answers.remove(0),
            };
            (answer, [("location", "/elsewhere")])
        };
        let site = axum::Router::new()
            .route("/hook", axum::routing::post(take))
            .route("/elsewhere", axum::routing::any(take))
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, site).await });
        address
    }

    fn will_answer(&self, answers: &[StatusCode]) {
        *self.answers.lock().unwrap() = answers.to_vec();
    }

    fn requests(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    /// What was sent since the last time somebody asked.
    fn events(&self) -> Vec<Value> {
        let sent = std::mem::take(&mut *self.sent.lock().unwrap());
        let read = |(_, body): &(HeaderMap, String)| serde_json::from_str(body).unwrap();
        sent.iter().map(read).collect()
    }
}

/// An address that nobody listens on, for the test that makes the tables again.
pub async fn registered(store: &Store, now: Timestamp) {
    let new = NewWebhook {
        name: "指挥平台".into(),
        url: "http://127.0.0.1:9/hook".into(),
        kinds: vec![KINDS[0].into()],
        site: "http://127.0.0.1".into(),
    };
    store.make_webhook(now, "host", new).await.unwrap();
}

const COVER: &str = "gb30428/component/0123";

async fn reported(town: &Town, secret_hours: i64) -> String {
    let new = NewCase {
        source: "agency".into(),
        category: COVER.into(),
        place: "发展大道 12 号门前".into(),
        description: "井盖松动".into(),
        county: Some("421221".into()),
        photos: vec![digest("a photo")],
        secret_until: Some(town.clock.now().as_millisecond() + secret_hours * 3_600_000),
        ..NewCase::default()
    };
    casework::report(&town.store, town.clock.now(), "reviewer", new)
        .await
        .unwrap()
}

async fn dispatched(town: &Town, id: &str) {
    let dispatcher = Viewer {
        role: Role::Dispatcher,
        login: "dispatcher".into(),
        name: String::new(),
        unit: None,
    };
    let practice = casework::Practice::of(&town.store).await.unwrap();
    let register = Ask {
        condition: practice.conditions_of(COVER).next().unwrap().id.clone(),
        ..Ask::default()
    };
    let to = Ask {
        unit: "421221".into(),
        ..Ask::default()
    };
    for (kind, ask) in [
        (Kind::Accept, Ask::default()),
        (Kind::Register, register),
        (Kind::Dispatch, to),
    ] {
        casework::act(&town.store, town.clock.now(), &dispatcher, id, kind, ask)
            .await
            .unwrap();
    }
}

/// Registers a receiver for cases at the desk; returns its webhook and the secret that is shown once.
async fn registered_at_the_desk(
    town: &Town,
    office: &Visitor,
    address: SocketAddr,
) -> (WebhookRow, String) {
    let url = format!("http://{address}/hook");
    let fields = [("name", "指挥平台"), ("url", &url), ("cases", "yes")];
    let made = office.post("/desk/webhooks", &fields).await;
    let secret = made.text.split("<code id=\"secret\">").nth(1).unwrap();
    let secret = secret.split('<').next().unwrap().to_owned();
    (town.store.webhooks().await.unwrap().remove(0), secret)
}

#[tokio::test]
async fn a_served_case_reaches_another_system_once_and_signed() {
    on_both(async |home| {
        let town = crate::case::town(home).await;
        let receiver = Receiver::default();
        let address = receiver.open().await;
        let office = town.signed_in("host").await;
        let (hook, secret) = registered_at_the_desk(&town, &office, address).await;
        let path = format!("/desk/webhooks/{}", hook.id);
        assert!(
            !office.get(&path).await.text.contains(&secret),
            "shown once"
        );
        let send = async || send_due(&town.store, &town.clock).await.unwrap();

        // Found and accepted, and the team is still there: nothing is sent, now or later.
        let id = reported(&town, 24).await;
        send().await;
        assert_eq!(receiver.requests(), 0);
        town.clock.pass(15 * 3600 + 24 * 3600);

        // It is dispatched, and the receiver is down twice: tried after ever longer pauses, then taken, then never again.
        receiver.will_answer(&[
            StatusCode::INTERNAL_SERVER_ERROR,
            StatusCode::TEMPORARY_REDIRECT,
        ]);
        dispatched(&town, &id).await;
        for (seconds, requests) in [(0, 1), (9, 1), (1, 2), (29, 2), (1, 3), (3600, 3)] {
            town.clock.pass(seconds);
            send().await;
            assert_eq!(receiver.requests(), requests, "after {seconds} s");
            if requests == 2 {
                let page = office.get(&path).await.text;
                assert!(
                    page.contains("等待重试") && page.contains("对方要求跳转（307）"),
                    "{page}"
                );
            }
        }
        let (headers, body) = receiver.sent.lock().unwrap()[2].clone();
        let header = |name: &str| headers[name].to_str().unwrap().to_owned();
        let stamp = header("yuekao-signature");
        let seconds = stamp["t=".len()..].split(',').next().unwrap();
        let at = Timestamp::from_second(seconds.parse().unwrap()).unwrap();
        assert_eq!(signature(&secret, at, body.as_bytes()), stamp);
        let events = receiver.events();
        assert!(
            events[0] == events[1] && events[1] == events[2],
            "the same each time"
        );
        let event = &events[2];
        assert_eq!(event["id"], header("yuekao-event"));
        assert_eq!(event["kind"], "case.dispatch");
        let case = event["case"].as_object().unwrap();
        let keys: Vec<_> = case.keys().map(String::as_str).collect();
        assert_eq!(keys, ["category", "link", "number", "stage", "unit"]);
        assert_eq!(
            (&case["number"], &case["unit"]),
            (&id.as_str().into(), &"421221".into())
        );
        assert_eq!(case["stage"], "dispatched");
        let link = case["link"].as_str().unwrap();
        assert!(link.ends_with(&format!("/desk/cases/{id}")) && link.starts_with(&office.site));
        assert!(office.get(&path).await.text.contains("已送达（204）"));

        // Again from there on, by a button of the page; and it is the same event.
        let page = office.get(&path).await;
        let from = page.hidden("from");
        office
            .post(&format!("{path}/replay"), &[("from", &from)])
            .await;
        send().await;
        send().await;
        assert_eq!(receiver.events(), [event.clone()]);

        // Two servers at once send it once.
        office
            .post(&format!("{path}/replay"), &[("from", &from)])
            .await;
        let second = home.open().await;
        let (one, other) = tokio::join!(
            send_due(&town.store, &town.clock),
            send_due(&second, &town.clock)
        );
        one.unwrap();
        other.unwrap();
        send().await;
        assert_eq!(receiver.events().len(), 1);

        // Made again from the acts, everything is there but the secret: nothing is sent before there is another.
        let built = Home::sqlite();
        let copy = built.open().await;
        copy.rebuild_from(&town.store).await.unwrap();
        assert_eq!(copy.webhooks().await.unwrap()[0].secret, "");
        send_due(&copy, &town.clock).await.unwrap();
        assert_eq!(receiver.requests(), 0);

        // A case whose record does not read holds up no other, and the desk says so.
        let other = reported(&town, 0).await;
        town.alter(
            "INSERT INTO act (seq, at, who, noun, id, kind, body, salt, leaf)
             SELECT (SELECT max(seq) FROM act) + 1, at, who, noun, id, 'nonsense', '{}', salt, leaf
             FROM act WHERE noun = 'case' AND kind = 'dispatch' ORDER BY seq LIMIT 1",
        )
        .await;
        send().await;
        assert_eq!(receiver.requests(), 0);
        let page = office.get(&path).await.text;
        assert!(page.contains("记录无法读取"), "{page}");
        dispatched(&town, &other).await;
        send().await;
        let numbers: Vec<_> = receiver
            .events()
            .iter()
            .map(|event| event["case"]["number"].clone())
            .collect();
        assert_eq!(numbers, [other]);
    })
    .await;
}

#[tokio::test]
async fn nothing_that_is_secret_is_ever_sent() {
    on_both(async |home| {
        let town = crate::case::town(home).await;
        let receiver = Receiver::default();
        let address = receiver.open().await;
        let office = town.signed_in("host").await;
        let url = format!("http://{address}/hook");
        let fields = [
            ("name", "指挥平台"),
            ("url", url.as_str()),
            ("cases", "yes"),
            ("publications", "yes"),
        ];
        office.post("/desk/webhooks", &fields).await;
        let hook = town.store.webhooks().await.unwrap().remove(0);
        let (still, gone) = (reported(&town, 400).await, reported(&town, 1).await);
        town.clock.pass(15 * 3600);
        dispatched(&town, &gone).await;
        // From the first act of all on: plans, visits, sign-ins and cases not served are not among what is sent.
        let path = format!("/desk/webhooks/{}/replay", hook.id);
        office.post(&path, &[("from", "1")]).await;
        send_due(&town.store, &town.clock).await.unwrap();
        let sent = receiver.events();
        assert_eq!(sent.len(), 1, "{sent:?}");
        let text = sent[0].to_string();
        assert!(text.contains(&gone) && !text.contains(&still));
        let secrets = ["发展大道", "井盖松动", "reviewer", "dispatcher"];
        let photo = digest("a photo");
        for secret in secrets.into_iter().chain([photo.as_str()]) {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_published_bulletin_is_told_and_a_receiver_that_stays_away_is_given_up() {
    on_both(async |home| {
        let store = home.open().await;
        let clock = yuekao::clock::Clock::standing_at("2022-04-01T00:00:00Z".parse().unwrap());
        let receiver = Receiver::default();
        let address = receiver.open().await;
        let new = NewWebhook {
            name: "门户网站".into(),
            url: format!("http://{address}/hook"),
            kinds: vec![KINDS[1].into()],
            site: "https://city.example".into(),
        };
        let (id, _) = store.make_webhook(clock.now(), "host", new).await.unwrap();
        let scheme = SchemeText {
            series: "city".into(),
            text: "[方案]".into(),
            valid_from: "2022-01".into(),
            valid_to: None,
        };
        store
            .adopt_scheme(clock.now(), "yi", "city-2022", scheme)
            .await
            .unwrap();
        crate::round::published_twice(&store).await;
        send_due(&store, &clock).await.unwrap();
        let events = receiver.events();
        let editions: Vec<_> = events
            .iter()
            .map(|event| event["publication"]["edition"].as_i64().unwrap())
            .collect();
        assert_eq!(editions, [1, 2]);
        let link = events[0]["publication"]["link"].as_str().unwrap();
        assert!(link.starts_with("https://city.example/months/"), "{link}");
        assert!(events[0]["case"].is_null());

        // It answers no more: after three days nothing is tried, and the page says what to do.
        let stay = |hours: i64| {
            clock.pass(hours * 3600);
            receiver.will_answer(&[StatusCode::GONE]);
        };
        let hook = store.webhook(&id).await.unwrap().unwrap();
        let deed = yuekao::store::webhook::WebhookDeed::Replayed { from: 1 };
        store
            .change_webhook(clock.now(), "host", &id, deed)
            .await
            .unwrap();
        for _ in 0..19 {
            stay(4);
            send_due(&store, &clock).await.unwrap();
        }
        assert_eq!(receiver.events().len(), 19);
        let stopped = store.webhook(&id).await.unwrap().unwrap();
        assert!(stopped.stopped_at.is_some() && stopped.done < hook.done);
        stay(4);
        send_due(&store, &clock).await.unwrap();
        assert_eq!(receiver.requests(), 0);
        receiver.will_answer(&[]);
        let deed = yuekao::store::webhook::WebhookDeed::Started {};
        store
            .change_webhook(clock.now(), "host", &id, deed)
            .await
            .unwrap();
        send_due(&store, &clock).await.unwrap();
        assert_eq!(receiver.events().len(), 2, "nothing was left out");
    })
    .await;
}

#[tokio::test]
async fn an_outage_that_is_over_does_not_count_against_the_next_failure() {
    on_both(async |home| {
        let store = home.open().await;
        let clock = yuekao::clock::Clock::standing_at("2022-04-01T00:00:00Z".parse().unwrap());
        let receiver = Receiver::default();
        let new = NewWebhook {
            name: "门户网站".into(),
            url: format!("http://{}/hook", receiver.open().await),
            kinds: vec![KINDS[1].into()],
            site: "https://city.example".into(),
        };
        let (id, _) = store.make_webhook(clock.now(), "host", new).await.unwrap();
        let scheme = SchemeText {
            series: "city".into(),
            text: "[方案]".into(),
            valid_from: "2022-01".into(),
            valid_to: None,
        };
        store
            .adopt_scheme(clock.now(), "yi", "city-2022", scheme)
            .await
            .unwrap();
        crate::round::published_twice(&store).await;

        // Down for nearly three days; then the first edition is taken, and the second finds it down once more.
        receiver.will_answer(&[StatusCode::GONE]);
        send_due(&store, &clock).await.unwrap();
        clock.pass(71 * 3600);
        receiver.will_answer(&[StatusCode::GONE]);
        send_due(&store, &clock).await.unwrap();
        clock.pass(4 * 3600);
        receiver.will_answer(&[StatusCode::NO_CONTENT, StatusCode::BAD_GATEWAY]);
        send_due(&store, &clock).await.unwrap();
        let hook = store.webhook(&id).await.unwrap().unwrap();
        assert_eq!((hook.stopped_at, hook.tries), (None, 1));
        assert_eq!(hook.failing_since, Some(clock.now()));
        clock.pass(10);
        send_due(&store, &clock).await.unwrap();
        assert_eq!(
            receiver.requests(),
            5,
            "it is tried again after the first pause"
        );
    })
    .await;
}

#[tokio::test]
async fn a_stopped_webhook_is_told_on_the_start_page_and_can_be_tried_before_it_goes_on() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        let receiver = Receiver::default();
        let address = receiver.open().await;
        let office = town.signed_in("host").await;
        let (hook, secret) = registered_at_the_desk(&town, &office, address).await;
        let path = format!("/desk/webhooks/{}", hook.id);
        let told = "向“指挥平台”的消息推送已于 2022-03-31 18:00 停止";
        assert!(!office.get("/desk").await.text.contains("消息推送已于"));
        office.post(&format!("{path}/stop"), &[]).await;
        let start = office.get("/desk").await.text;
        assert!(start.contains(told) && start.contains(&path), "{start}");
        for other in ["leader", "unit", "administrator"] {
            let page = town.signed_in(other).await.get("/desk").await.text;
            assert!(!page.contains("指挥平台"), "{other}");
        }

        receiver.will_answer(&[StatusCode::FORBIDDEN]);
        let test = format!("{path}/test");
        let refused = office.post(&test, &[]).await;
        assert!(
            refused.text.contains("对方没有接收（403）"),
            "{}",
            refused.text
        );
        let taken = office.post(&test, &[]).await;
        assert!(taken.text.contains("已送达（204）"), "{}", taken.text);
        let (headers, body) = receiver.sent.lock().unwrap()[1].clone();
        let stamp = headers["yuekao-signature"].to_str().unwrap();
        let now = town.clock.now();
        assert_eq!(signature(&secret, now, body.as_bytes()), stamp);
        let events = receiver.events();
        assert_eq!(events[1]["kind"], "test");
        assert_eq!(events[1]["id"], headers["yuekao-event"].to_str().unwrap());
        assert_ne!(events[0]["id"], events[1]["id"]);
        let keys: Vec<_> = events[1].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["at", "id", "kind"], "nothing else is told");

        // It is still stopped, where it was; the record says who tried it.
        assert_eq!(
            town.store.webhook(&hook.id).await.unwrap().unwrap().done,
            hook.done
        );
        assert!(office.get("/desk").await.text.contains(told));
        let acts = town.store.acts_of("webhook", &hook.id).await.unwrap();
        let last = acts.last().unwrap();
        assert_eq!((last.who.as_str(), last.kind.as_str()), ("host", "tested"));
        assert!(last.body.contains("204"), "{}", last.body);
        office.post(&format!("{path}/start"), &[]).await;
        assert!(!office.get("/desk").await.text.contains("消息推送已于"));

        // Nobody listens there.
        registered(&town.store, now).await;
        let hooks = town.store.webhooks().await.unwrap();
        let deaf = hooks
            .iter()
            .find(|hook| hook.new.url.contains(":9/"))
            .unwrap();
        let silent = office
            .post(&format!("/desk/webhooks/{}/test", deaf.id), &[])
            .await;
        assert!(silent.text.contains("连不上对方地址"), "{}", silent.text);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_cannot_be_is_answered_with_what_to_do() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    let office = town.signed_in("host").await;
    for (name, url, kind, words) in [
        ("", "https://a.example/", "cases", "名称"),
        ("甲", "a.example", "cases", "https://"),
        ("甲", "file:///etc/passwd", "cases", "https://"),
        ("甲", "https://jia:mima@a.example/", "cases", "用户名"),
        ("甲", "https://a.example/", "nothing", "至少选择一项"),
    ] {
        let fields = [("name", name), ("url", url), (kind, "yes")];
        let answer = office.post("/desk/webhooks", &fields).await;
        assert_eq!(answer.status, reqwest::StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(words), "{url}: {}", answer.text);
    }
    assert!(town.store.webhooks().await.unwrap().is_empty());
    for login in ["administrator", "unit", "dispatcher", "agency"] {
        let other = town.signed_in(login).await;
        let status = other.get("/desk/webhooks").await.status;
        assert_eq!(status, reqwest::StatusCode::FORBIDDEN, "{login}");
    }
}
