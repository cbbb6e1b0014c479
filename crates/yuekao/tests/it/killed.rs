//! The server is killed with SIGKILL in the middle of its work, again and again, while phones hand in, an agency reviews
//! and cases are dealt with over HTTP: whatever it had answered is there, once.
//!
//! `KILLS` says how often, half of it on each database; `make prove` kills 200 times. `SEED` repeats a run's choices.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use assessment::facts::Facts;
use assessment::inspection::draw::Sizes;
use assessment::inspection::frame::Cell;
use assessment::inspection::{Position, Site};
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, StatusCode, redirect};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use yuekao::casework;
use yuekao::clock::day_of;
use yuekao::round;
use yuekao::store::account::Duty;
use yuekao::store::agency::{Agency, InspectorRow, OUTSIDE};
use yuekao::store::case::NewCase;
use yuekao::store::evidence::rows_of;
use yuekao::store::host::{Host, Settings};
use yuekao::store::plan::DrawOrder;
use yuekao::store::{Store, digest};
use yuekao::viewer::{Role, Viewer};

use crate::act::contents;
use crate::case::photo;
use crate::databases::Home;
use crate::town::{Answer, PASSWORD};

const COUNTY: &str = "421221";
/// What is done to a case, by whom. Escalating is always possible again: nothing but the form keeps it from doubling.
const WAY: [(&str, &str); 12] = [
    ("dispatcher", "accept"),
    ("dispatcher", "register"),
    ("dispatcher", "dispatch"),
    ("leader", "supervise"),
    ("host", "escalate"),
    ("unit", "feedback"),
    ("verifier", "verify-no"),
    ("host", "escalate"),
    ("unit", "feedback"),
    ("leader", "escalate"),
    ("verifier", "verify-yes"),
    ("dispatcher", "close"),
];
/// Milliseconds that a server lives, at least and at most.
const LIVES: std::ops::Range<u64> = 80..1200;
const PHONES: [&str; 4] = ["jia", "jia", "yi", "bing"];
const DESKS: usize = 3;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_kills_on_sqlite() {
    survives(Home::sqlite(), Home::postgres(), "SQLite").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_kills_on_postgres() {
    survives(Home::postgres(), Home::sqlite(), "PostgreSQL").await;
}

async fn survives(home: Home, copy: Home, database: &str) {
    let kills = number("KILLS").unwrap_or(10).div_ceil(2) as usize;
    let seed = number("SEED").unwrap_or_else(|| Timestamp::now().as_second() as u64);
    println!("{database}: SEED={seed}, {kills} kills");
    let mut chance = StdRng::seed_from_u64(seed);
    let town = found(&home, kills).await;

    let (up, site) = watch::channel(String::new());
    let (stop, stopped) = watch::channel(false);
    let flights = Arc::new(AtomicUsize::new(0));
    let mut server = Server::start(&home);
    up.send_replace(server.site.clone());
    let mut people = BTreeMap::new();
    for login in town.logins() {
        let person = Person::signed_in(&login, site.clone(), flights.clone()).await;
        people.insert(login, Arc::new(person));
    }

    let (found, to_review) = mpsc::unbounded_channel();
    let work: Vec<_> = PHONES
        .iter()
        .map(|login| {
            let phone = Phone::new(
                &mut chance,
                people[*login].clone(),
                &town.assignments[*login],
            );
            tokio::spawn(phone.works(found.clone(), stopped.clone()))
        })
        .collect();
    drop(found);
    let review = tokio::spawn(reviews(people["reviewer"].clone(), to_review));
    let desks: Vec<_> = town
        .cases
        .chunks(town.cases.len().div_ceil(DESKS))
        .map(|cases| tokio::spawn(deals_with(people.clone(), cases.to_vec(), stopped.clone())))
        .collect();

    let mut broken_off = 0;
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(chance.random_range(LIVES))).await;
        up.send_replace(String::new());
        broken_off += flights.load(Ordering::Relaxed);
        server.kill();
        server = Server::start(&home);
        up.send_replace(server.site.clone());
    }
    // Everybody ends what they have begun; then it is killed once more, at rest.
    stop.send_replace(true);
    let mut kept = Kept::default();
    for phone in work {
        kept.add(phone.await.expect("a phone works"));
    }
    let reviewed = review.await.expect("the reviewer works");
    let mut dealt = BTreeMap::new();
    for desk in desks {
        dealt.extend(desk.await.expect("a desk works"));
    }
    let handled = dealt.values().flatten();
    let handled = handled.filter(|(act, _)| *act == "feedback");
    kept.photos
        .extend(handled.map(|(_, text)| digest(after(text))));
    server.kill();

    let store = home.open().await;
    let acts: usize = dealt.values().map(Vec::len).sum();
    println!(
        "{database}: {kills} kills broke {broken_off} requests off; acknowledged: {} items, {} photos, {} reviewed, \
         {acts} acts on {} cases; sent again and known already: {} items, {} photos",
        kept.items.len(),
        kept.photos.len(),
        reviewed.len(),
        dealt.len(),
        kept.items_known,
        kept.photos_known,
    );
    assert!(kept.items.len() > kills && acts > kills, "there was load");
    kept.are_there(&store).await;
    reviews_are_there(&store, &reviewed).await;
    for (id, done) in &dealt {
        acts_are_there(&store, id, done).await;
    }
    let copy = copy.open().await;
    copy.rebuild_from(&store).await.unwrap();
    for table in [
        "act",
        "account",
        "unit",
        "scheme",
        "evidence",
        "agency",
        "agency_inspector",
        "plan",
        "assignment",
        "case_file",
        "case_unit",
        "case_count",
        "case_cell",
        "every_item",
        "field_phone",
        "field_track",
        "visit_record",
        "observation",
        "observation_photo",
        "field_photo",
        "field_photo_from",
    ] {
        let there = contents(&store, table).await;
        assert!(
            !there.is_empty(),
            "{table} is empty: nothing would be shown"
        );
        assert!(
            there == contents(&copy, table).await,
            "{table} is not what the acts make of it"
        );
    }
}

// The town ------------------------------------------------------------------------------------------

/// What was founded before the server starts.
struct Founded {
    /// Assignments that were released, by inspector.
    assignments: BTreeMap<String, Vec<String>>,
    cases: Vec<String>,
}

impl Founded {
    fn logins(&self) -> BTreeSet<String> {
        let desks = WAY.iter().map(|(login, _)| *login);
        let all = PHONES.into_iter().chain(desks).chain(["reviewer"]);
        all.map(str::to_owned).collect()
    }
}

fn unit(code: &str, name: &str, kind: &str, parent: Option<&str>) -> yuekao::store::unit::UnitRow {
    let mut row = crate::act::unit(code, "2020-01");
    (row.name, row.kind) = (name.into(), kind.into());
    row.parent = parent.map(str::to_owned);
    row
}

/// A town in April 2022 with a plan that was released, three inspectors, an office, and cases to be dealt with.
async fn found(home: &Home, kills: usize) -> Founded {
    let store = home.open().await;
    let at: Timestamp = "2022-04-01T01:00:00Z".parse().unwrap();
    let host = Host {
        name: "某市城管办".into(),
        region: "421200".into(),
        settings: Settings::default(),
    };
    store.found_host(at, "console", host).await.unwrap();
    let hash = yuekao::password::hash(PASSWORD);
    for (login, role, unit) in [
        ("jia", Role::Inspector, Some("agency-a")),
        ("yi", Role::Inspector, Some("agency-a")),
        ("bing", Role::Inspector, Some("agency-a")),
        ("reviewer", Role::Reviewer, Some("agency-a")),
        ("dispatcher", Role::Dispatcher, None),
        ("verifier", Role::Verifier, None),
        ("host", Role::Host, None),
        ("leader", Role::Leader, None),
        ("unit", Role::Unit, Some(COUNTY)),
    ] {
        let duty = Duty::new(login, role, unit).unwrap();
        let made = store.create_account(at, "console", login, duty, Some(hash.clone()), false);
        made.await.unwrap();
    }
    let units = vec![
        unit("421200", "咸宁市", "prefecture", None),
        unit(COUNTY, "嘉鱼县", "county", Some("421200")),
        unit("421221001", "鱼岳镇", "township", Some(COUNTY)),
    ];
    store.set_units(at, "host", units).await.unwrap();
    let read = |path: &str| {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        std::fs::read_to_string(root.join(path)).unwrap()
    };
    let (standard, scheme) = (
        read("standards/xianning-2021.toml"),
        read("schemes/xianning/2022.toml"),
    );
    round::adopt_standard(&store, at, "host", &standard)
        .await
        .unwrap();
    round::adopt_scheme(&store, at, "host", &scheme)
        .await
        .unwrap();
    let cases = cases(&store, at, kills * 6 + 6).await;
    Founded {
        assignments: released(&store, at).await,
        cases,
    }
}

/// Draws six streets, gives them out and releases them; says who has which.
async fn released(store: &Store, at: Timestamp) -> BTreeMap<String, Vec<String>> {
    let month = "2022-04".parse().unwrap();
    let site = |n| Site {
        id: format!("S{n}"),
        unit: "421221001".into(),
        name: format!("暗访街{n}号"),
        stratum: "street".into(),
        length_m: None,
        place: Some(Position {
            lng: format!("113.9{n}"),
            lat: "29.9".into(),
        }),
    };
    let facts = Facts {
        sites: (1..=6).map(site).collect(),
        ..Facts::default()
    };
    let rows = rows_of(&facts, month);
    store
        .take_evidence(at, "host", "xianning", rows, None)
        .await
        .unwrap();
    let agency = Agency {
        id: "agency-a".into(),
        name: "某检测公司".into(),
        contract: "合同".into(),
        valid_from: "2022-01-01".into(),
        valid_to: None,
    };
    store.set_agency(at, "host", agency, "招标").await.unwrap();
    for login in ["jia", "yi", "bing"] {
        let inspector = InspectorRow {
            login: login.into(),
            agency: "agency-a".into(),
            home_unit: OUTSIDE.into(),
            valid_from: "2022-01-01".into(),
            valid_to: None,
            away: vec![],
        };
        store
            .set_inspector(at, "host", inspector, "报备")
            .await
            .unwrap();
    }
    let order = DrawOrder {
        series: "xianning".into(),
        agency: "agency-a".into(),
        sizes: Sizes(BTreeMap::from([(Cell::new("421221001", "street"), 6)])),
        reason: "暗访".into(),
        ..DrawOrder::default()
    };
    store.draw_plan(at, "host", month, order).await.unwrap();
    let plan = store
        .plan(&Viewer::console(), "xianning", month)
        .await
        .unwrap()
        .unwrap();
    let days = BTreeSet::from([day_of(at)]);
    let proposal = store.propose(at, &plan, &days).await.unwrap();
    store
        .assign_plan(at, "host", &plan, &days, &proposal.digest, "派员")
        .await
        .unwrap();
    // Two for each, whatever the rotation says: every phone has work.
    let mut given = BTreeMap::<String, Vec<String>>::new();
    let day = day_of(at).to_string();
    for (place, row) in store.assignments(&plan).await.unwrap().iter().enumerate() {
        let login = ["jia", "yi", "bing"][place % 3];
        if row.inspector.as_deref() != Some(login) {
            store
                .change_assignment(at, "host", &plan, row, (login, &day), "换班")
                .await
                .unwrap();
        }
        given.entry(login.into()).or_default().push(row.id.clone());
    }
    store
        .release_day(at, "host", &plan, &day, "出勤")
        .await
        .unwrap();
    given
}

async fn cases(store: &Store, at: Timestamp, count: usize) -> Vec<String> {
    let mut ids = vec![];
    for n in 0..count {
        let new = NewCase {
            source: "hotline".into(),
            source_number: Some(format!("12345-{n}")),
            category: "gb30428/component/0101".into(),
            place: format!("发展大道{n}号"),
            description: "井盖高出路面".into(),
            county: Some(COUNTY.into()),
            ..NewCase::default()
        };
        ids.push(
            casework::report(store, at, "dispatcher", new)
                .await
                .unwrap(),
        );
    }
    ids
}

// The server ----------------------------------------------------------------------------------------

/// `yuekao serve`, as it is shipped.
struct Server {
    process: Child,
    site: String,
}

impl Server {
    /// Starts it on the home's data; it answers when this returns.
    fn start(home: &Home) -> Self {
        let log = home.folder().join("server.log");
        let log = File::options().create(true).append(true).open(log).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_yuekao"));
        command.args([
            "--format",
            "json",
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--data",
        ]);
        command.arg(home.folder());
        if let Some(url) = home.url() {
            command.args(["--database", &url]);
        }
        let mut process = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|_| {
            let log = std::fs::read_to_string(home.folder().join("server.log")).unwrap_or_default();
            panic!("the server did not start: {line}{log}")
        });
        Self {
            process,
            site: said["site"].as_str().unwrap().to_owned(),
        }
    }

    /// SIGKILL.
    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

// People --------------------------------------------------------------------------------------------

/// Somebody who is signed in and who asks until an answer comes.
struct Person {
    client: Client,
    token: String,
    site: watch::Receiver<String>,
    flights: Arc<AtomicUsize>,
}

impl Person {
    async fn signed_in(
        login: &str,
        site: watch::Receiver<String>,
        flights: Arc<AtomicUsize>,
    ) -> Self {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(redirect::Policy::none());
        let mut person = Self {
            client: client.timeout(Duration::from_secs(30)).build().unwrap(),
            token: String::new(),
            site,
            flights,
        };
        person.token = person.get("/login").await.form_token();
        let form = [("login", login), ("password", PASSWORD), ("next", "/desk")];
        let (signed_in, _) = person.ask(|to| to.post("/login").form(&form)).await;
        assert_eq!(
            signed_in.status,
            StatusCode::SEE_OTHER,
            "{}",
            signed_in.text
        );
        person
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(|to| to.get(path)).await.0
    }

    /// Sends a request until it is answered, and says whether it had to be sent again.
    async fn ask(&self, request: impl Fn(&Address<'_>) -> RequestBuilder) -> (Answer, bool) {
        let mut again = false;
        loop {
            let site = self
                .site
                .clone()
                .wait_for(|site| !site.is_empty())
                .await
                .unwrap()
                .clone();
            let to = Address {
                person: self,
                site: &site,
            };
            self.flights.fetch_add(1, Ordering::Relaxed);
            let answer = async {
                let response = request(&to).send().await?;
                let (status, headers) = (response.status(), response.headers().clone());
                let text = response.text().await?;
                reqwest::Result::Ok(Answer {
                    status,
                    headers,
                    text,
                })
            };
            let answer = answer.await;
            self.flights.fetch_sub(1, Ordering::Relaxed);
            match answer {
                Ok(answer) => {
                    assert!(
                        !answer.status.is_server_error(),
                        "{}: {}",
                        answer.status,
                        answer.text
                    );
                    return (answer, again);
                }
                Err(_) => {
                    again = true;
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
        }
    }
}

/// The site as it is reached now.
struct Address<'a> {
    person: &'a Person,
    site: &'a str,
}

impl Address<'_> {
    fn get(&self, path: &str) -> RequestBuilder {
        self.person.client.get(format!("{}{path}", self.site))
    }

    fn post(&self, path: &str) -> RequestBuilder {
        let request = self.person.client.post(format!("{}{path}", self.site));
        request.header("x-form-token", &self.person.token)
    }
}

/// What phones were told is kept.
#[derive(Default)]
struct Kept {
    /// Kind and photos of items, by id.
    items: BTreeMap<String, (String, usize)>,
    photos: BTreeSet<String>,
    items_known: usize,
    photos_known: usize,
}

/// A phone, which numbers what it hands in.
struct Phone {
    chance: StdRng,
    person: Arc<Person>,
    id: String,
    number: i64,
    /// Visit and assignment.
    visits: Vec<(String, String)>,
    kept: Kept,
}

fn uuid(chance: &mut StdRng) -> String {
    let hex = format!("{:032x}", chance.random::<u128>());
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}

impl Phone {
    fn new(chance: &mut StdRng, person: Arc<Person>, assignments: &[String]) -> Self {
        let visits = assignments
            .iter()
            .map(|one| (uuid(chance), one.clone()))
            .collect();
        Self {
            id: uuid(chance),
            person,
            number: 0,
            visits,
            kept: Kept::default(),
            chance: StdRng::seed_from_u64(chance.random()),
        }
    }

    /// Hands in until it is told to stop and everything it has made is acknowledged.
    async fn works(
        mut self,
        found: mpsc::UnboundedSender<String>,
        stop: watch::Receiver<bool>,
    ) -> Kept {
        while !*stop.borrow() {
            let mut items = vec![];
            for _ in 0..self.chance.random_range(1..=4) {
                items.push(self.item().await);
            }
            let sent_at = Timestamp::now().as_millisecond();
            let parcel = json!({ "phone": self.id, "sent_at": sent_at, "items": items });
            let (answer, again) = self
                .person
                .ask(|to| to.post("/field/items").json(&parcel))
                .await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            let said: Value = serde_json::from_str(&answer.text).unwrap();
            let said = said["answers"].as_array().unwrap();
            assert_eq!(said.len(), items.len());
            for (said, item) in said.iter().zip(&items) {
                match said["answer"].as_str().unwrap() {
                    "taken" => {}
                    "known" if again => self.kept.items_known += 1,
                    other => panic!("{other}: {item}: {said}"),
                }
                let (id, kind) = (item["id"].as_str().unwrap(), item["kind"].as_str().unwrap());
                let photos = item["content"]["photos"].as_array().map_or(0, Vec::len);
                if kind == "observation" {
                    let _ = found.send(id.to_owned());
                }
                let told = self
                    .kept
                    .items
                    .insert(id.to_owned(), (kind.to_owned(), photos));
                assert_eq!(told, None);
            }
        }
        self.kept
    }

    async fn item(&mut self) -> Value {
        let made_at = Timestamp::now().as_millisecond();
        let place = self.chance.random_range(0..self.visits.len());
        let (visit, assignment) = self.visits[place].clone();
        let position = json!({
            "lng": 1_139_000_000 + self.chance.random_range(0..900_000), "lat": 299_000_000, "accuracy_m": 8, "at": made_at,
        });
        let (kind, content) = match self.chance.random_range(0..4) {
            0 => {
                let mut content = position;
                content["visit"] = visit.into();
                ("position", content)
            }
            1 => ("note", json!({ "text": format!("第{}条", self.number) })),
            _ => {
                let mut photos = vec![];
                for _ in 0..self.chance.random_range(0..=2) {
                    photos.push(self.photo().await);
                }
                let content = json!({
                    "assignment": assignment, "visit": visit, "rules": "xianning-2022", "indicator": "litter-on-road",
                    "severity": "general", "value": "9", "place": "路口东侧", "photos": photos, "position": position,
                });
                ("observation", content)
            }
        };
        self.number += 1;
        json!({ "id": uuid(&mut self.chance), "number": self.number, "kind": kind, "made_at": made_at, "content": content })
    }

    /// Takes a photo and hands its bytes in; before it sends them again, it asks whether they are there.
    async fn photo(&mut self) -> String {
        let mut bytes = vec![0; self.chance.random_range(1_000..200_000)];
        self.chance.fill(&mut bytes[..]);
        bytes[..12].copy_from_slice(b"\0\0\0\x18ftypheic");
        let name = digest(&bytes);
        let path = format!("/field/photos/{name}");
        let (answer, again) = self
            .person
            .ask(|to| to.post(&path).body(bytes.clone()))
            .await;
        let here = |answer: &Answer| {
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            serde_json::from_str::<Value>(&answer.text).unwrap()["original"] == true
        };
        assert!(here(&answer), "{}", answer.text);
        self.kept.photos_known += usize::from(again);
        assert!(here(&self.person.get(&path).await));
        self.kept.photos.insert(name.clone());
        name
    }
}

/// Accepts every third finding of those that are kept; returns which.
async fn reviews(reviewer: Arc<Person>, mut found: mpsc::UnboundedReceiver<String>) -> Vec<String> {
    let (mut count, mut accepted) = (0, vec![]);
    while let Some(id) = found.recv().await {
        count += 1;
        if count % 3 != 0 {
            continue;
        }
        let path = format!("/desk/review/{id}");
        let (answer, again) = reviewer
            .ask(|to| to.post(&path).form(&[("act", "accept")]))
            .await;
        let decided = again && answer.status == StatusCode::UNPROCESSABLE_ENTITY;
        assert!(
            decided || answer.status == StatusCode::SEE_OTHER,
            "{}",
            answer.text
        );
        accepted.push(id);
    }
    accepted
}

type Done = Vec<(&'static str, String)>;

/// The picture that shows what was handled, another one for each act.
fn after(text: &str) -> Vec<u8> {
    [&photo(1)[..], text.as_bytes()].concat()
}

/// Takes cases along their way, one after the other; returns what was acknowledged for each.
async fn deals_with(
    people: BTreeMap<String, Arc<Person>>,
    cases: Vec<String>,
    stop: watch::Receiver<bool>,
) -> BTreeMap<String, Done> {
    let mut dealt = BTreeMap::new();
    for id in cases {
        let done: &mut Done = dealt.entry(id.clone()).or_default();
        for (step, (login, act)) in WAY.into_iter().enumerate() {
            if *stop.borrow() {
                return dealt;
            }
            let person = &people[login];
            let page = person.get(&format!("/desk/cases/{id}")).await;
            let seen = page.hidden("seen");
            let text = format!("{id} 第{step}步");
            let (kind, yes) = act.split_once('-').unwrap_or((act, ""));
            let photo = after(&text);
            let path = format!("/desk/cases/{id}/{kind}");
            let (answer, _) = person
                .ask(|to| {
                    let form = Form::new()
                        .text("seen", seen.clone())
                        .text("text", text.clone());
                    let form = match kind {
                        "register" => form.text("condition", "component-0101-2"),
                        "verify" => form.text("yes", yes),
                        "feedback" => {
                            form.part("photo", Part::bytes(photo.clone()).file_name("after.jpg"))
                        }
                        _ => form,
                    };
                    to.post(&path).multipart(form)
                })
                .await;
            assert_eq!(
                answer.status,
                StatusCode::SEE_OTHER,
                "{login} {act}: {}",
                answer.text
            );
            done.push((act, text));
        }
    }
    dealt
}

// What is there afterwards ----------------------------------------------------------------------------

/// How many rows a question counts.
async fn rows(store: &Store, from: &str, id: &str) -> i64 {
    let text = format!("SELECT count(*) FROM {from}");
    let query = sqlx::query_scalar(sqlx::AssertSqlSafe(text)).bind(id);
    query.fetch_one(store.reading()).await.unwrap()
}

/// The ids in a column, each as often as it is there.
async fn ids(store: &Store, from: &str) -> Vec<String> {
    let text = format!("SELECT {from}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(text))
        .fetch_all(store.reading())
        .await
        .unwrap()
}

impl Kept {
    fn add(&mut self, other: Kept) {
        self.items.extend(other.items);
        self.photos.extend(other.photos);
        self.items_known += other.items_known;
        self.photos_known += other.photos_known;
    }

    /// Every item and photo is there once, and nothing else is.
    async fn are_there(&self, store: &Store) {
        let all: Vec<_> = self.items.keys().cloned().collect();
        assert_once("items", &all, ids(store, "id FROM every_item").await);
        let of = |kinds: &[&str]| -> Vec<String> {
            let items = self
                .items
                .iter()
                .filter(|(_, (kind, _))| kinds.contains(&kind.as_str()));
            items.map(|(id, _)| id.clone()).collect()
        };
        assert_once(
            "findings",
            &of(&["observation"]),
            ids(store, "id FROM observation").await,
        );
        let placed = of(&["observation", "position"]);
        assert_once(
            "positions",
            &placed,
            ids(
                store,
                "item FROM field_track UNION ALL SELECT id FROM observation WHERE lng IS NOT NULL",
            )
            .await,
        );
        let shown: usize = self.items.values().map(|(_, photos)| photos).sum();
        assert_eq!(
            ids(store, "photo FROM observation_photo").await.len(),
            shown
        );
        let gaps = rows(
            store,
            "field_phone WHERE numbers <> highest AND phone <> $1",
            "",
        )
        .await;
        assert_eq!(gaps, 0, "the numbers of a phone have no gaps");

        let photos: Vec<_> = self.photos.iter().cloned().collect();
        assert_once(
            "photos",
            &photos,
            ids(store, "digest FROM field_photo").await,
        );
        assert_once(
            "senders",
            &photos,
            ids(store, "photo FROM field_photo_from").await,
        );
        let acts = ids(
            store,
            "id FROM act WHERE noun = 'field-photo' AND kind = 'uploaded'",
        )
        .await;
        assert_once("acts on photos", &photos, acts);
        for name in &photos {
            let bytes = std::fs::read(store.original_path(name))
                .unwrap_or_else(|why| panic!("photo {name} was acknowledged and is lost: {why}"));
            assert_eq!(&digest(bytes), name, "an original is what it was");
        }
    }
}

fn assert_once(what: &str, told: &[String], mut there: Vec<String>) {
    there.sort();
    let lost: Vec<_> = told
        .iter()
        .filter(|id| there.binary_search(id).is_err())
        .collect();
    assert!(
        lost.is_empty(),
        "{what} that were acknowledged are lost: {lost:?}"
    );
    let doubled: Vec<_> = there
        .windows(2)
        .filter(|two| two[0] == two[1])
        .map(|two| &two[0])
        .collect();
    assert!(doubled.is_empty(), "{what} are doubled: {doubled:?}");
    assert_eq!(
        there.len(),
        told.len(),
        "{what} are there that nobody was told of"
    );
}

/// What was accepted is one finding and one case.
async fn reviews_are_there(store: &Store, accepted: &[String]) {
    let decided = ids(
        store,
        "id FROM act WHERE noun = 'observation' AND kind = 'accepted'",
    )
    .await;
    assert_once("reviews", accepted, decided);
    let findings = ids(store, "id FROM evidence WHERE kind = 'findings'").await;
    assert_once("accepted findings", accepted, findings);
    for id in accepted {
        assert_eq!(rows(store, "case_file WHERE finding = $1", id).await, 1);
    }
}

/// A case has the acts that were acknowledged, in their order, and no other.
async fn acts_are_there(store: &Store, id: &str, done: &Done) {
    let acts = store.acts_of("case", id).await.unwrap();
    let there: Vec<_> = acts
        .iter()
        .skip(1)
        .map(|act| {
            let body: Value = serde_json::from_str(&act.body).unwrap();
            let word = act.kind.replace('_', "-");
            let text = ["reason", "note"]
                .iter()
                .find_map(|name| body[name].as_str());
            for photo in body["photos"].as_array().into_iter().flatten() {
                let name = photo.as_str().unwrap();
                assert_eq!(
                    digest(std::fs::read(store.original_path(name)).unwrap()),
                    name
                );
            }
            let word = match body["passed"].as_bool() {
                Some(true) => format!("{word}-yes"),
                Some(false) => format!("{word}-no"),
                None => word,
            };
            (word, text.map(str::to_owned))
        })
        .collect();
    // Accepting, registering, dispatching and closing have no words.
    let told: Vec<_> = done
        .iter()
        .zip(
            there
                .iter()
                .chain(std::iter::repeat(&(String::new(), None))),
        )
        .map(|((act, text), (_, has_words))| {
            ((*act).to_owned(), has_words.as_ref().map(|_| text.clone()))
        })
        .collect();
    assert_eq!(there, told, "{id}");
}
