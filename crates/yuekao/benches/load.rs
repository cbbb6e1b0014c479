//! Our side of `scripts/bench` for the store under load: findings that come in, and the pages of a million cases.
//!
//! Each line of standard input is a request, each line of standard output its answer in JSON:
//!
//! | request | what is done | answer |
//! |---|---|---|
//! | `found FOLDER` | a town with an inspector who may hand in, an office and a unit, in a new data folder | `{}` |
//! | `sync FOLDER SECONDS` | 4 KiB are written over in a file of that folder, and synced, one after the other; then appended | `{"per_second": …, "appended_per_second": …}` |
//! | `bare FOLDER COUNT` | photos of 4 MB come in from a socket, are hashed, written and synced, by nothing but the calls for it | `{"cpu_ms": …}` |
//! | `write FOLDER WRITERS EACH SECONDS` | writers hand parcels of so many findings to the store, each the next when its last is acknowledged | `{"per_second": …, "acknowledged": …, "kept": …}` |
//! | `post SITE CONNECTIONS EACH SECONDS` | the same over HTTP, to a server that runs | `{"per_second": …, "acknowledged": …}` |
//! | `kept FOLDER` | findings that the store holds | `{"kept": …}` |
//! | `cases FOLDER COUNT` | so many cases | `{"cases": …, "acts": …}` |
//! | `pages SITE SECONDS RATE` | pages are asked for, in turn, while so many findings come in a second | `{"pages": [{"who", "page", "n", "p50", "p99"}], "arrived": …, "errors": …}` |

use std::collections::HashMap;
use std::io::{BufRead as _, Read as _, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use aligned_vec::{AVec, ConstAlign};
use assessment::case::life::Kind;
use jiff::Timestamp;
use reqwest::{Client, redirect};
use rustix::fs::OFlags;
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _, Row as _};
use yuekao::casework::{self, Ask};
use yuekao::field::item::{Inbox, Parcel, Task};
use yuekao::field::rules::RuleShelf;
use yuekao::round;
use yuekao::store::Store;
use yuekao::store::account::Duty;
use yuekao::store::case::NewCase;
use yuekao::store::field::Verdict;
use yuekao::store::host::{Host, Settings};
use yuekao::store::unit::UnitRow;
use yuekao::viewer::{Role, Viewer};

const PASSWORD: &str = "每月一考-看谁做得更好";
const COUNTIES: [&str; 8] = [
    "421202", "421221", "421222", "421223", "421224", "421281", "421271", "421272",
];
/// Months of reports, the last of them that of the day on which the cases are made.
const MONTHS: i64 = 36;
/// Every case that was dealt with is there so often.
const COPIES: i64 = 250;

#[tokio::main]
async fn main() {
    for request in std::io::stdin().lock().lines().map_while(Result::ok) {
        let number = |text: &str| text.parse::<u64>().expect("a number");
        let answer = match request.split_whitespace().collect::<Vec<_>>()[..] {
            ["found", folder] => found(Path::new(folder)).await,
            ["sync", folder, seconds] => sync(Path::new(folder), number(seconds)),
            ["bare", folder, count] => bare(Path::new(folder), number(count)),
            ["write", folder, writers, each, seconds] => {
                let (writers, each) = (number(writers), number(each));
                write(Path::new(folder), writers, each, number(seconds)).await
            }
            ["kept", folder] => json!({ "kept": kept(&open(Path::new(folder)).await).await }),
            ["post", site, connections, each, seconds] => {
                let (connections, each) = (number(connections), number(each));
                post(site, connections, each, number(seconds)).await
            }
            ["cases", folder, count] => cases(Path::new(folder), number(count) as i64).await,
            ["pages", site, seconds, rate] => pages(site, number(seconds), number(rate)).await,
            _ => panic!("not a request: {request}"),
        };
        println!("{answer}");
        std::io::stdout().flush().expect("the reader is there");
    }
}

async fn open(folder: &Path) -> Store {
    Store::open(folder, None).await.expect("the store opens")
}

// The town ----------------------------------------------------------------------------------------

fn unit(code: &str, kind: &str, parent: Option<&str>) -> UnitRow {
    UnitRow {
        code: code.into(),
        valid_from: "2020-01".into(),
        valid_to: None,
        name: format!("单位{code}"),
        name_en: None,
        kind: kind.into(),
        parent: parent.map(str::to_owned),
        lon: None,
        lat: None,
        datum: None,
        attributes: serde_json::Map::new(),
    }
}

async fn found(folder: &Path) -> Value {
    let store = open(folder).await;
    let at: Timestamp = "2022-03-31T10:00:00Z".parse().expect("a moment");
    let host = Host {
        name: "某市城管办".into(),
        region: "421200".into(),
        settings: Settings::default(),
    };
    store
        .found_host(at, "console", host)
        .await
        .expect("founded");
    let hash = yuekao::password::hash(PASSWORD);
    for (login, role, unit) in [
        ("inspector", Role::Inspector, Some("agency-a")),
        ("host", Role::Host, None),
        ("dispatcher", Role::Dispatcher, None),
        ("unit", Role::Unit, Some(COUNTIES[1])),
    ] {
        let duty = Duty::new(login, role, unit).expect("a duty");
        let made = store.create_account(at, "console", login, duty, Some(hash.clone()), false);
        made.await.expect("an account");
    }
    let mut units = vec![unit("421200", "prefecture", None)];
    for county in COUNTIES {
        units.push(unit(county, "county", Some("421200")));
        units.extend((0..8).map(|n| unit(&format!("{county}{n:03}"), "township", Some(county))));
    }
    units.extend((1..=20).map(|n| unit(&format!("D{n:02}"), "department", Some("421200"))));
    store.set_units(at, "host", units).await.expect("units");
    let read = |path: &str| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        std::fs::read_to_string(root.join(path)).expect("a file of the project")
    };
    let (standard, scheme) = (
        read("standards/xianning-2021.toml"),
        read("schemes/xianning/2022.toml"),
    );
    round::adopt_standard(&store, at, "host", &standard)
        .await
        .expect("a standard");
    round::adopt_scheme(&store, at, "host", &scheme)
        .await
        .expect("a scheme");
    let rules = casework::default::rules();
    casework::adopt(&store, at, "host", rules)
        .await
        .expect("adopted")
        .expect("no faults");
    casework::tick(&store, at).await.expect("ticks");
    // One street that was drawn and released.
    let drawn = store.write(|tx| {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO plan (series, month, agency, seed, frame_digest, drawn_at, body)
                 VALUES ('xianning', '2022-03', 'agency-a', '', '', 1, '{}')",
            )
            .execute(tx.conn())
            .await?;
            sqlx::query(
                "INSERT INTO assignment (id, series, month, site, unit, stratum, ticket, place, inspector, day, released_at, state)
                 VALUES ('A1', 'xianning', '2022-03', 'S1', '421221001', 'main-road', 'A1', 1, 'inspector', '2022-03-31', 1, 'released')",
            )
            .execute(tx.conn())
            .await?;
            Ok(())
        })
    });
    drawn.await.expect("an assignment");
    store.close().await;
    json!({})
}

// Findings ----------------------------------------------------------------------------------------

fn chance(below: i64) -> i64 {
    i64::from(rand::random::<u32>()) % below
}

/// Findings that are written down beforehand, for each second of a measurement in process.
const PREPARED: u64 = 80_000;

/// What one phone hands in, finding by finding.
struct Phone {
    id: String,
    visit: String,
    number: i64,
    /// The street that its inspector looks at: longitude and latitude in 1e-7 degree.
    street: (i64, i64),
}

/// Findings on one street, after which the inspector goes to the next.
const ON_A_STREET: i64 = 10;

/// An id as phones make it: a UUID of version 7, which begins with the clock.
fn uuid() -> String {
    let clock = format!("{:012x}", Timestamp::now().as_millisecond());
    let chance = hex::encode(rand::random::<[u8; 10]>());
    [
        &clock[..8],
        &clock[8..],
        &format!("7{}", &chance[1..4]),
        &format!("8{}", &chance[5..8]),
        &chance[8..],
    ]
    .join("-")
}

impl Phone {
    fn new() -> Self {
        Self {
            id: uuid(),
            visit: String::new(),
            number: 0,
            street: (0, 0),
        }
    }

    /// A parcel with the next findings; without photos.
    fn next(&mut self, each: u64) -> Value {
        let items: Vec<Value> = (0..each).map(|_| self.finding()).collect();
        json!({ "phone": self.id, "sent_at": Timestamp::now().as_millisecond(), "items": items })
    }

    fn finding(&mut self) -> Value {
        if self.number % ON_A_STREET == 0 {
            self.visit = uuid();
            self.street = (
                1_139_000_000 + chance(9_000_000),
                296_000_000 + chance(9_000_000),
            );
        }
        self.number += 1;
        let now = Timestamp::now().as_millisecond();
        // Half a kilometre of it.
        let (lng, lat) = self.street;
        let content = json!({
            "assignment": "A1", "visit": self.visit, "rules": "xianning-2022", "indicator": "litter-on-road",
            "severity": "general", "value": "9", "place": "路口东侧", "photos": [],
            "position": { "lng": lng + chance(50_000), "lat": lat + chance(50_000), "accuracy_m": 8 },
        });
        json!({ "id": uuid(), "number": self.number, "kind": "observation", "made_at": now, "content": content })
    }
}

async fn kept(store: &Store) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM observation")
        .fetch_one(store.reading())
        .await
        .expect("a count")
}

/// The disk's own rates. Written over: as SQLite writes its log once that has been written back, so that a sync has no
/// length to write as well. Appended: every sync writes the new length of the file too.
fn sync(folder: &Path, seconds: u64) -> Value {
    let path = folder.join("sync");
    let page = [7_u8; 4096];
    let rate = |ring: Option<u64>| {
        let file = std::fs::File::create(&path).expect("a file");
        for place in 0..ring.unwrap_or(0) {
            file.write_all_at(&page, place * 4096).expect("written");
        }
        file.sync_all().expect("synced");
        let (start, mut count) = (Instant::now(), 0);
        while start.elapsed() < Duration::from_secs(seconds) / 2 {
            let place = ring.map_or(count, |ring| count % ring);
            file.write_all_at(&page, place * 4096).expect("written");
            file.sync_data().expect("synced");
            count += 1;
        }
        count as f64 / start.elapsed().as_secs_f64()
    };
    let (over, appended) = (rate(Some(1024)), rate(None));
    std::fs::remove_file(path).expect("removed");
    json!({ "per_second": over, "appended_per_second": appended })
}

/// What taking in a photo costs at least: milliseconds of CPU for 4 MB, read from a socket, hashed, written past the page cache
/// and synced.
fn bare(folder: &Path, count: u64) -> Value {
    const LENGTH: usize = 4_000_000;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let sender = std::thread::spawn(move || {
        let mut stream = std::net::TcpStream::connect(address).expect("a connection");
        let photo = vec![7_u8; LENGTH];
        for _ in 0..count {
            stream.write_all(&photo).expect("sent");
            stream.read_exact(&mut [0]).expect("acknowledged");
        }
    });
    let (mut stream, _) = listener.accept().expect("a connection");
    let mut buffer = AVec::<u8, ConstAlign<4096>>::new(4096);
    buffer.resize(2 << 20, 0);
    // The files stay: an ext4 without a journal looks for a place for a new file among those deleted of late, and takes its time.
    let series = uuid();
    let before = cpu_of_thread();
    for number in 0..count {
        let path = folder.join(format!("photo-{series}-{number}"));
        let mut file = std::fs::File::create(&path).expect("a file");
        rustix::fs::fcntl_setfl(&file, OFlags::DIRECT).expect("a disk takes whole blocks");
        let mut hash = ring::digest::Context::new(&ring::digest::SHA256);
        let (mut filled, mut left) = (0, LENGTH);
        while left > 0 {
            let most = buffer.len().min(filled + left);
            let read = stream.read(&mut buffer[filled..most]).expect("bytes");
            assert!(read > 0, "the sender is gone");
            (filled, left) = (filled + read, left - read);
            if filled == buffer.len() || left == 0 {
                hash.update(&buffer[..filled]);
                let whole = filled / 4096 * 4096;
                file.write_all(&buffer[..whole]).expect("written");
                if whole < filled {
                    rustix::fs::fcntl_setfl(&file, OFlags::empty()).expect("as before");
                    file.write_all(&buffer[whole..filled]).expect("written");
                }
                filled = 0;
            }
        }
        std::hint::black_box(hash.finish());
        file.sync_all().expect("synced");
        stream.write_all(&[1]).expect("acknowledged");
    }
    let spent = cpu_of_thread() - before;
    sender.join().expect("all is sent");
    json!({ "cpu_ms": spent * 1000.0 / count as f64 })
}

/// Seconds that this thread has run, by the kernel's count.
fn cpu_of_thread() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux counts");
    let nanoseconds = text
        .split(' ')
        .next()
        .and_then(|text| text.parse::<f64>().ok());
    nanoseconds.expect("a number") / 1e9
}

async fn write(folder: &Path, writers: u64, each: u64, seconds: u64) -> Value {
    let store = open(folder).await;
    let before = kept(&store).await;
    let rules = RuleShelf::default()
        .rules(&store, "xianning", "2022-03")
        .await
        .expect("rules");
    let drawn = store
        .released_ever("inspector", &["A1".to_owned()])
        .await
        .expect("drawn");
    let tasks: HashMap<String, Task> = drawn
        .into_iter()
        .map(|(drawn, spans)| {
            let task = Task {
                assignment: drawn.id.clone(),
                series: drawn.series,
                month: drawn.month,
                site: drawn.site,
                unit: drawn.unit,
                spans,
                begun: HashMap::new(),
                rules: rules.clone(),
            };
            (drawn.id, task)
        })
        .collect();
    let tasks = std::sync::Arc::new(tasks);
    // Written down before the clock runs: phones bring processors of their own.
    let parcels = PREPARED * seconds / (writers * each);
    let phones: Vec<_> = (0..writers)
        .map(|_| {
            let mut phone = Phone::new();
            let ready: Vec<_> = (0..parcels).map(|_| phone.next(each).to_string()).collect();
            (phone, ready.into_iter())
        })
        .collect();
    let (start, end) = (Instant::now(), Duration::from_secs(seconds));
    let work: Vec<_> = phones
        .into_iter()
        .map(|(mut phone, mut ready)| {
            let (store, tasks) = (store.clone(), tasks.clone());
            tokio::spawn(async move {
                let mut acknowledged = 0_u64;
                while start.elapsed() < end {
                    let sent = ready.next().unwrap_or_else(|| phone.next(each).to_string());
                    let parcel: Parcel = serde_json::from_str(&sent).expect("a parcel");
                    let now = Timestamp::now();
                    let inbox = Inbox {
                        login: "inspector",
                        agency: "agency-a",
                        now: now.as_millisecond(),
                        tasks: &tasks,
                    };
                    let looked = inbox.look(parcel);
                    let said = store.receive(now, looked).await.expect("received");
                    let taken = said.iter().filter(|said| said.verdict == Verdict::Taken);
                    assert_eq!(taken.count() as u64, each, "{said:?}");
                    acknowledged += each;
                }
                acknowledged
            })
        })
        .collect();
    let mut acknowledged = 0;
    for one in work {
        acknowledged += one.await.expect("a writer");
    }
    let rate = acknowledged as f64 / start.elapsed().as_secs_f64();
    let kept = kept(&store).await - before;
    store.close().await;
    json!({ "per_second": rate, "acknowledged": acknowledged, "kept": kept })
}

/// A browser that is signed in, and the token of its forms.
async fn signed_in(site: &str, login: &str) -> (Client, String) {
    let client = Client::builder()
        .cookie_store(true)
        .redirect(redirect::Policy::none())
        .pool_max_idle_per_host(64)
        .tcp_nodelay(true)
        .build()
        .expect("a client");
    let page = client
        .get(format!("{site}/login"))
        .send()
        .await
        .expect("a page");
    let text = page.text().await.expect("a text");
    let (_, rest) = text
        .split_once("name=\"form_token\" value=\"")
        .expect("a form");
    let token = rest.split('"').next().expect("a token").to_owned();
    let form = [
        ("login", login),
        ("password", PASSWORD),
        ("form_token", &token),
    ];
    let answer = client
        .post(format!("{site}/login"))
        .form(&form)
        .send()
        .await
        .expect("an answer");
    assert!(
        answer.status().is_redirection(),
        "{login} is not signed in: {}",
        answer.status()
    );
    (client, token)
}

/// Hands findings in; whether all of them are on the disk.
async fn hand_in(client: &Client, token: &str, site: &str, phone: &mut Phone, each: u64) -> bool {
    let request = client
        .post(format!("{site}/field/items"))
        .header("x-form-token", token);
    let Ok(answer) = request.json(&phone.next(each)).send().await else {
        return false;
    };
    let said: Value = answer.json().await.unwrap_or_default();
    let answers = said["answers"].as_array().cloned().unwrap_or_default();
    answers.len() as u64 == each && answers.iter().all(|said| said["answer"] == "taken")
}

async fn post(site: &str, connections: u64, each: u64, seconds: u64) -> Value {
    let (client, token) = signed_in(site, "inspector").await;
    let (start, end) = (Instant::now(), Duration::from_secs(seconds));
    let work: Vec<_> = (0..connections)
        .map(|_| {
            let (client, token, site) = (client.clone(), token.clone(), site.to_owned());
            tokio::spawn(async move {
                let (mut phone, mut acknowledged) = (Phone::new(), 0_u64);
                while start.elapsed() < end {
                    assert!(
                        hand_in(&client, &token, &site, &mut phone, each).await,
                        "a finding was not taken"
                    );
                    acknowledged += each;
                }
                acknowledged
            })
        })
        .collect();
    let mut acknowledged = 0;
    for one in work {
        acknowledged += one.await.expect("a connection");
    }
    let rate = acknowledged as f64 / start.elapsed().as_secs_f64();
    json!({ "per_second": rate, "acknowledged": acknowledged })
}

// Cases -------------------------------------------------------------------------------------------

/// How far the cases of the last days have come: of a hundred, so many. Older ones are over.
const LIVES: [(i64, &[Kind]); 8] = [
    (6, &[]),
    (4, &[Kind::Accept]),
    (6, &[Kind::Accept, Kind::Register]),
    (24, &[Kind::Accept, Kind::Register, Kind::Dispatch]),
    (
        8,
        &[Kind::Accept, Kind::Register, Kind::Dispatch, Kind::Feedback],
    ),
    (
        2,
        &[
            Kind::Accept,
            Kind::Register,
            Kind::Dispatch,
            Kind::Feedback,
            Kind::Verify,
        ],
    ),
    (4, &[Kind::Accept, Kind::Reject]),
    (46, OVER),
];
const OVER: &[Kind] = &[
    Kind::Accept,
    Kind::Register,
    Kind::Dispatch,
    Kind::Feedback,
    Kind::Verify,
    Kind::Close,
];
/// Days of which some cases are still open.
const RECENT: i64 = 30;

/// Deals with some thousand cases as the program does it, and then lays every one of them beside itself so and so often,
/// by statements of this program: rows and acts alike, which differ from the first by their ids and the second of their
/// report. Counts that are kept are multiplied.
async fn cases(folder: &Path, count: i64) -> Value {
    let store = open(folder).await;
    let mut rules = casework::default::rules();
    rules.photo_needed = false;
    let at: Timestamp = "2022-03-31T10:00:01Z".parse().expect("a moment");
    casework::adopt(&store, at, "host", rules)
        .await
        .expect("adopted")
        .expect("no faults");
    casework::tick(&store, at).await.expect("ticks");
    let made = count / COPIES;
    let now = Timestamp::now();
    let mut work = tokio::task::JoinSet::new();
    for n in 0..made {
        if work.len() >= 64 {
            work.join_next()
                .await
                .expect("there is one")
                .expect("a case");
        }
        work.spawn(deal_with(store.clone(), n, now));
    }
    while let Some(one) = work.join_next().await {
        one.expect("a case");
    }
    store.close().await;
    multiply(folder).await
}

async fn deal_with(store: Store, n: i64, now: Timestamp) {
    let day = 24 * 3600;
    // All at noon there, so that the seconds by which copies differ stay within the day.
    let ago = 1 + n * 7919 % (MONTHS * 30 - 1);
    let noon = (now.as_second() - ago * day).div_euclid(day) * day + 4 * 3600;
    let at = |hours: i64| Timestamp::from_second(noon + hours * 3600).expect("a moment");
    let county = COUNTIES[(n % 8) as usize];
    let events = ["0110", "0111", "0112"];
    let event = events[(n / 8 % 3) as usize];
    let new = NewCase {
        source: "hotline".into(),
        source_number: Some(format!("12345-{n}")),
        category: format!("gb30428/event/{event}"),
        place: format!("发展大道{}号", n % 3000),
        description: "路面有垃圾，影响通行".into(),
        lng: Some(1_135_000_000 + n * 104_729 % 13_000_000),
        lat: Some(292_000_000 + n * 15_485_863 % 9_000_000),
        county: Some(county.into()),
        township: Some(format!("{county}{:03}", n / 24 % 8)),
        ..NewCase::default()
    };
    let id = casework::report(&store, at(0), "dispatcher", new)
        .await
        .expect("reported");
    let mut place = n * 31 % 100;
    let mut life: &[Kind] = OVER;
    for (share, kinds) in LIVES {
        if place < share && ago <= RECENT {
            life = kinds;
            break;
        }
        place -= share;
    }
    let viewer = |role, unit: Option<&str>| Viewer {
        role,
        login: "jia".into(),
        name: String::new(),
        unit: unit.map(str::to_owned),
    };
    for (hours, kind) in (1..).zip(life) {
        let (role, unit) = match kind {
            Kind::Feedback => (Role::Unit, Some(county)),
            Kind::Verify => (Role::Verifier, None),
            _ => (Role::Dispatcher, None),
        };
        let ask = Ask {
            condition: format!("event-{event}-1"),
            yes: true,
            text: "见现场情况".into(),
            ..Ask::default()
        };
        let mut who = viewer(role, unit);
        if role != Role::Unit {
            who.login = "yi".into();
        }
        casework::act(&store, at(hours), &who, &id, *kind, ask)
            .await
            .expect("done");
    }
}

async fn multiply(folder: &Path) -> Value {
    let file = format!("sqlite://{}/yuekao.db", folder.display());
    let mut db = sqlx::SqliteConnection::connect(&file)
        .await
        .expect("the database");
    db.execute("PRAGMA synchronous = OFF").await.expect("set");
    db.execute("PRAGMA cache_size = -400000")
        .await
        .expect("set");
    db.execute("CREATE TEMP TABLE first_case AS SELECT id FROM case_file ORDER BY id")
        .await
        .expect("made");
    db.execute(
        "CREATE TEMP TABLE first_act AS SELECT row_number() OVER (ORDER BY id, seq) AS place, * FROM act WHERE noun = 'case'",
    )
    .await
    .expect("made");
    let acts: i64 = sqlx::query_scalar("SELECT count(*) FROM first_act")
        .fetch_one(&mut db)
        .await
        .expect("a count");
    let last: i64 = sqlx::query_scalar("SELECT max(seq) FROM act")
        .fetch_one(&mut db)
        .await
        .expect("a number");
    let case_file = columns(&mut db, "case_file").await;
    let case_unit = columns(&mut db, "case_unit").await;
    for copy in 1..COPIES {
        let set = |column: &str| match column {
            "id" | "case_id" => format!("{column} || printf('%03d', {copy})"),
            "source_number" => format!("source_number || '-{copy}'"),
            "reported_at" => format!("reported_at - {copy} * 1000"),
            // All get theirs below, in the order of their reports.
            "number" => "NULL".to_owned(),
            other => other.to_owned(),
        };
        let copied = |table: &str, id: &str, columns: &[String]| {
            let values: Vec<String> = columns.iter().map(|column| set(column)).collect();
            format!(
                "INSERT INTO {table} ({}) SELECT {} FROM {table} WHERE {id} IN (SELECT id FROM temp.first_case)",
                columns.join(", "),
                values.join(", ")
            )
        };
        let acts = format!(
            "INSERT INTO act (seq, at, who, noun, id, kind, body, salt, leaf)
             SELECT {last} + {acts} * ({copy} - 1) + place, CASE kind WHEN 'reported' THEN at - {copy} * 1000 ELSE at END,
                who, noun, id || printf('%03d', {copy}), kind, body, salt, leaf FROM temp.first_act ORDER BY place"
        );
        for text in [
            "BEGIN".to_owned(),
            copied("case_file", "id", &case_file),
            copied("case_unit", "case_id", &case_unit),
            acts,
            "COMMIT".to_owned(),
        ] {
            db.execute(sqlx::AssertSqlSafe(text)).await.expect("copied");
        }
    }
    for counted in [
        "DROP INDEX case_unit_number".to_owned(),
        "UPDATE case_unit SET number = numbered.place
         FROM (SELECT unit AS who, case_id AS id, row_number() OVER (ORDER BY reported_at, case_id, unit) AS place FROM case_unit) numbered
         WHERE unit = numbered.who AND case_id = numbered.id"
            .to_owned(),
        "CREATE INDEX case_unit_number ON case_unit (number, reported_at, case_id, tile)".to_owned(),
        // The program makes it anew.
        "DROP TABLE case_word".to_owned(),
        format!("UPDATE case_count SET n = n * {COPIES}"),
        format!(
            "UPDATE case_cell SET n = n * {COPIES}, lng = lng * {COPIES}, lat = lat * {COPIES}"
        ),
    ] {
        db.execute(sqlx::AssertSqlSafe(counted))
            .await
            .expect("counted");
    }
    let of = |table: &str| format!("SELECT count(*) FROM {table}");
    let cases: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(of("case_file")))
        .fetch_one(&mut db)
        .await
        .expect("a count");
    let acts: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(of("act")))
        .fetch_one(&mut db)
        .await
        .expect("a count");
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        .await
        .expect("written");
    db.close().await.expect("closed");
    open(folder).await.close().await;
    json!({ "cases": cases, "acts": acts })
}

async fn columns(db: &mut sqlx::SqliteConnection, table: &str) -> Vec<String> {
    let rows = sqlx::query("SELECT name FROM pragma_table_info($1)")
        .bind(table)
        .fetch_all(db)
        .await
        .expect("columns");
    rows.iter().map(|row| row.get("name")).collect()
}

// Pages -------------------------------------------------------------------------------------------

/// What is asked for, each page under its filters. `{case}` stands for cases of the list, another each time.
const PAGES: [&str; 20] = [
    "/desk/cases",
    "/desk/cases?stage=open",
    "/desk/cases?stage=closed&category=gb30428/event/0111",
    "/desk/cases?month={month}",
    "/desk/cases?stage=dispatched&month={month}&category=gb30428/event/0112",
    "/desk/cases?unit=421221",
    "/desk/cases?unit=421222&stage=open",
    "/desk/cases?due=overdue",
    "/desk/cases?due=gross",
    "/desk/cases?due=mine",
    "/desk/cases?after={after}",
    "/desk/cases?q={q}",
    "/desk/cases?q=垃圾",
    "/desk/cases?q=影响通行&month={month}",
    "/desk/cases.geojson?q={q}&zoom=9&bbox=113.3,29.0,114.9,30.3",
    "/desk/cases.geojson?zoom=9&bbox=113.3,29.0,114.9,30.3",
    "/desk/cases.geojson?stage=open&zoom=9&bbox=113.3,29.0,114.9,30.3",
    "/desk/cases.geojson?month={month}&zoom=9&bbox=113.3,29.0,114.9,30.3",
    "/desk/cases.geojson?zoom=15&bbox=113.90,29.60,113.94,29.63",
    "/desk/cases/{case}",
];

struct Asked {
    who: &'static str,
    page: &'static str,
    millis: Vec<f64>,
}

async fn pages(site: &str, seconds: u64, rate: u64) -> Value {
    let end = Instant::now() + Duration::from_secs(seconds);
    let arrivals = tokio::spawn(arrive(site.to_owned(), end, rate));
    let mut asked: Vec<Asked> = vec![];
    let (mut errors, mut round) = (0, 0);
    let mut clients = vec![];
    for who in ["host", "unit"] {
        let (client, _) = signed_in(site, who).await;
        let list = client
            .get(format!("{site}/desk/cases"))
            .header("accept", "application/json");
        let list: Value = list
            .send()
            .await
            .expect("a list")
            .json()
            .await
            .expect("a list");
        let ids: Vec<String> = list["cases"]
            .as_array()
            .expect("cases")
            .iter()
            .map(|case| case["id"].as_str().expect("an id").to_owned())
            .collect();
        let after = list["next"].as_str().unwrap_or_default().to_owned();
        clients.push((who, client, ids, after));
    }
    let month = Timestamp::now()
        .to_zoned(yuekao::clock::zone())
        .strftime("%Y-%m")
        .to_string();
    while Instant::now() < end {
        for (who, client, ids, after) in &clients {
            for page in std::iter::once("/login?next=/").chain(PAGES) {
                let path = page
                    .replace("{month}", &month)
                    .replace("{after}", after)
                    .replace("{q}", &format!("大道{}号", 100 + round % 900))
                    .replace("{case}", &ids[round % ids.len()]);
                let start = Instant::now();
                let answer = client.get(format!("{site}{path}")).send().await;
                let good = match answer {
                    Ok(answer) => {
                        let fine = answer.status().is_success() || page.starts_with("/login");
                        answer.bytes().await.is_ok() && fine
                    }
                    Err(_) => false,
                };
                let millis = start.elapsed().as_secs_f64() * 1e3;
                errors += u64::from(!good);
                let page = if page.starts_with("/login") {
                    "/login"
                } else {
                    page
                };
                match asked
                    .iter_mut()
                    .find(|one| one.who == *who && one.page == page)
                {
                    Some(one) => one.millis.push(millis),
                    None => asked.push(Asked {
                        who,
                        page,
                        millis: vec![millis],
                    }),
                }
            }
        }
        round += 1;
    }
    let (arrived, refused) = arrivals.await.expect("arrivals");
    let pages: Vec<Value> = asked
        .iter_mut()
        .map(|one| {
            one.millis.sort_by(f64::total_cmp);
            let at = |share: usize| one.millis[(one.millis.len() * share / 100).min(one.millis.len() - 1)];
            json!({ "who": one.who, "page": one.page, "n": one.millis.len(), "p50": at(50), "p99": at(99) })
        })
        .collect();
    json!({ "pages": pages, "arrived": arrived, "errors": errors + refused })
}

/// Findings come in at a steady rate; says how many were taken, and how many were not.
async fn arrive(site: String, end: Instant, rate: u64) -> (u64, u64) {
    let (client, token) = signed_in(&site, "inspector").await;
    let mut ticks = tokio::time::interval(Duration::from_nanos(1_000_000_000 / rate.max(1)));
    let mut work = tokio::task::JoinSet::new();
    while Instant::now() < end {
        ticks.tick().await;
        let (client, token, site) = (client.clone(), token.clone(), site.clone());
        work.spawn(async move { hand_in(&client, &token, &site, &mut Phone::new(), 1).await });
    }
    let (mut taken, mut refused) = (0, 0);
    while let Some(one) = work.join_next().await {
        match one {
            Ok(true) => taken += 1,
            _ => refused += 1,
        }
    }
    (taken, refused)
}
