//! Citizens report and follow, told over HTTP on both databases; and what they must never learn.

use std::net::IpAddr;
use std::time::Duration;

use assessment::case::life::Kind;
use jiff::{SignedDuration, Timestamp};
use reqwest::multipart::{Form, Part};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};
use yuekao::casework::{self, Ask};
use yuekao::store::Store;
use yuekao::store::case::NewCase;
use yuekao::store::case::list::CaseFilter;
use yuekao::store::citizen::Draft;
use yuekao::viewer::{Role, Viewer};
use yuekao::web::attempts::FORMS_AT_ONCE;
use yuekao::web::report::AT_ONCE;

use crate::databases::{Home, on_both};
use crate::town::{Answer, Town, Visitor};

const PHOTO: &[u8] = include_bytes!("../photos/xianan_orient6.jpg");
const AFTER: &[u8] = include_bytes!("../photos/xianan_orient1.jpg");
const COVER: &str = "gb30428/component/0123";

async fn hand_in(
    visitor: &Visitor,
    path: &str,
    fields: &[(&str, &str)],
    photos: &[&[u8]],
) -> Answer {
    let mut form = Form::new().text("form_token", visitor.token().await);
    for (name, value) in fields {
        form = form.text((*name).to_owned(), (*value).to_owned());
    }
    for bytes in photos {
        form = form.part("photo", Part::bytes(bytes.to_vec()).file_name("拍照.jpg"));
    }
    let request = visitor.client.post(format!("{}{path}", visitor.site));
    Answer::of(request.multipart(form).send().await.unwrap()).await
}

fn viewer(role: Role, login: &str, unit: Option<&str>) -> Viewer {
    Viewer {
        role,
        login: login.into(),
        name: String::new(),
        unit: unit.map(str::to_owned),
    }
}

const BESIDE: [(&str, &str); 5] = [
    ("place", "发展大道 12 号门前"),
    ("county", "421221"),
    ("category", COVER),
    ("lng", "113.9395"),
    ("lat", "29.9704"),
];

#[tokio::test]
async fn a_report_that_was_sent_is_no_draft_again_and_a_changed_one_is_looked_at_first() {
    on_both(async |home| {
        let town = crate::case::town(home).await;
        let (store, now) = (&town.store, town.clock.now());
        let draft = |place: &str| Draft {
            place: place.into(),
            ..Draft::default()
        };
        let new = |place: &str| NewCase {
            source: "citizen".into(),
            category: COVER.into(),
            place: place.into(),
            ..NewCase::default()
        };
        let (first, second) = (draft("大道西"), draft("大道东"));
        let told = async || {
            let followed = store.followed(now, "token").await.unwrap();
            followed.map(|followed| followed.row.new.place)
        };
        assert!(store.keep_draft(now, "token", &first).await.unwrap());
        assert!(store.keep_draft(now, "token", &second).await.unwrap());
        // It is sent as it was before somebody changed it: nobody has looked at the change yet.
        let sent = store.send_draft(now, "token", &first, new("大道西")).await;
        sent.unwrap();
        assert_eq!(told().await, None);
        let kept = store.draft(now, "token").await.unwrap();
        assert_eq!(kept.as_ref(), Some(&second));
        let sent = store.send_draft(now, "token", &second, new("大道东")).await;
        sent.unwrap();
        assert_eq!(told().await.as_deref(), Some("大道东"));
        assert!(!store.keep_draft(now, "token", &first).await.unwrap());
        assert_eq!(store.draft(now, "token").await.unwrap(), None);
        let late = town.visitor().get("/report/token?late=yes").await;
        assert!(late.text.contains("刚才的修改没有收下"), "{}", late.text);
    })
    .await;
}

async fn newest(store: &Store, town: &Town) -> yuekao::store::case::CaseRow {
    let host = viewer(Role::Host, "host", None);
    let filter = CaseFilter::default();
    let page = store
        .cases(&host, town.clock.now(), &filter, None, 1)
        .await
        .unwrap();
    page.rows.into_iter().next().unwrap()
}

/// A report that was sent and is followed by its link.
pub async fn sent(store: &Store, now: Timestamp) {
    let new = NewCase {
        source: "citizen".into(),
        category: COVER.into(),
        place: "发展大道 12 号门前".into(),
        ..NewCase::default()
    };
    store
        .keep_draft(now, "token", &Draft::default())
        .await
        .unwrap();
    let draft = Draft::default();
    store.send_draft(now, "token", &draft, new).await.unwrap();
}

#[tokio::test]
async fn a_citizen_reports_without_an_account_and_sees_it_fixed() {
    on_both(async |home| {
        let town = crate::case::town(home).await;
        let (citizen, store) = (town.visitor(), &town.store);
        let blank = citizen.get("/report").await;
        assert!(blank.text.contains("不用登录") && blank.text.contains("店外经营"));
        assert!(
            blank
                .header("permissions-policy")
                .contains("geolocation=(self)")
        );

        // What is missing is asked for, and what was given stays.
        let begun = hand_in(
            &citizen,
            "/report",
            &[("place", "发展大道 12 号门前")],
            &[PHOTO],
        )
        .await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text);
        let link = begun.location().to_owned();
        let asked = citizen.get(&link).await;
        for words in [
            "请选择是哪一类问题",
            "请选择所在县",
            "已经收到 1 张照片",
            "发展大道 12 号",
        ] {
            assert!(asked.text.contains(words), "{words}: {}", asked.text);
        }
        let lying = hand_in(&citizen, &link, &BESIDE, &[&b"a text named photo.jpg"[..]]).await;
        assert_eq!(lying.status, StatusCode::SEE_OTHER);
        assert!(citizen.get(&link).await.text.contains("JPEG"));
        let odd = [&BESIDE[..], &[("description", "踩上去\0响")]].concat();
        hand_in(&citizen, &link, &odd, &[]).await;
        let check = citizen.get(&link).await;
        assert!(check.text.contains("将发送至：嘉鱼县"), "{}", check.text);
        assert!(!check.text.contains("是不是同一个问题"));

        let sent = citizen.post(&format!("{link}/send"), &[]).await;
        assert_eq!(sent.location(), link);
        citizen.post(&format!("{link}/send"), &[]).await;
        let received = citizen.get(&link).await;
        assert!(
            received.text.contains("已收到，等待受理"),
            "{}",
            received.text
        );
        let row = newest(store, &town).await;
        assert!(received.text.contains(&row.id));
        let whole = format!(">{}{link}</a>", citizen.site);
        assert!(received.text.contains(&whole), "a link that can be sent on");

        // Somebody beside it is asked whether it is the same, and learns nothing that names the first.
        let second = town.visitor();
        let begun = hand_in(&second, "/report", &BESIDE, &[PHOTO]).await;
        let follow = begun.location().to_owned();
        let check = second.get(&follow).await;
        assert!(check.text.contains("是不是同一个问题"), "{}", check.text);
        assert!(!check.text.contains(&row.id) && !check.text.contains(&link));
        let key = check.text.split("name=\"same\" value=\"").nth(1).unwrap();
        let key = key.split('"').next().unwrap();
        second
            .post(&format!("{follow}/follow"), &[("same", key)])
            .await;
        let followed = second.get(&follow).await;
        assert!(followed.text.contains("已收到，等待受理") && !followed.text.contains(&row.id));

        // It is handled like any other case.
        let dispatcher = viewer(Role::Dispatcher, "dispatcher", None);
        let verifier = viewer(Role::Verifier, "verifier", None);
        let practice = casework::Practice::of(store).await.unwrap();
        let condition = practice.conditions_of(COVER).next().unwrap().id.clone();
        let steps = [
            (&dispatcher, Kind::Accept, Ask::default()),
            (
                &dispatcher,
                Kind::Register,
                Ask {
                    condition,
                    ..Ask::default()
                },
            ),
            (&dispatcher, Kind::Dispatch, Ask::default()),
        ];
        let act = async |who, kind, ask| {
            casework::act(store, town.clock.now(), who, &row.id, kind, ask)
                .await
                .unwrap();
        };
        for (who, kind, ask) in steps {
            act(who, kind, ask).await;
        }
        let county = town.signed_in("unit").await;
        let cut = &AFTER[..100];
        let damaged = crate::case::act(&county, &row.id, "feedback", &[], &[cut.to_vec()]).await;
        assert!(damaged.text.contains("照片不完整"), "{}", damaged.text);
        let photos = [AFTER.to_vec()];
        crate::case::act(&county, &row.id, "feedback", &[], &photos).await;
        let passed = Ask {
            yes: true,
            ..Ask::default()
        };
        act(&verifier, Kind::Verify, passed).await;
        act(&dispatcher, Kind::Close, Ask::default()).await;
        let closed = citizen.get(&link).await;
        for words in [
            "已办结",
            "已交 嘉鱼县 处置，期限 2022年",
            "现场核查通过",
            "处置后",
            "还没解决",
        ] {
            assert!(closed.text.contains(words), "{words}: {}", closed.text);
        }
        for login in ["dispatcher", "verifier"] {
            assert!(!closed.text.contains(login), "who did it stays inside");
        }
        // Everybody sees a copy that tells nothing beside the picture; the originals stay as they came.
        let after = yuekao::store::digest(AFTER);
        let desk = format!("/desk/cases/{}", row.id);
        for (who, page, photo) in [
            (&citizen, &link, AFTER),
            (&citizen, &link, PHOTO),
            (&county, &desk, AFTER),
            (&county, &desk, PHOTO),
        ] {
            let digest = yuekao::store::digest(photo);
            let url = format!("{}{page}/photos/{digest}", who.site);
            let copy = who.client.get(url).send().await.unwrap();
            let copy = copy.bytes().await.unwrap();
            assert!(copy.starts_with(&[0xff, 0xd8, 0xff]), "{page}");
            for told in [&b"Exif"[..], b"2024:"] {
                let holds = |bytes: &[u8]| bytes.windows(told.len()).any(|part| part == told);
                assert!(holds(photo) && !holds(&copy), "{page}");
            }
            assert_eq!(std::fs::read(store.original_path(&digest)).unwrap(), photo);
        }
        assert!(closed.text.contains(&after));
        let other = yuekao::store::digest("another");
        let foreign = citizen.get(&format!("{link}/photos/{other}")).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);

        // Not solved: a new report that names the old one, once, however often it is tapped.
        town.clock.pass(60);
        let again = citizen
            .post(&format!("{link}/again"), &[("text", "又松了")])
            .await;
        assert_ne!(again.location(), link);
        let twice = citizen
            .post(&format!("{link}/again"), &[("text", "又松了")])
            .await;
        assert_eq!(twice.location(), again.location());
        let linked = newest(store, &town).await;
        let said = citizen.get(again.location()).await;
        assert!(said.text.contains(&linked.id) && said.text.contains(&linked.new.place));
        assert_eq!(linked.new.relapse_of, Some(row.id.clone()));
        assert!(linked.new.description.contains("又松了"));
        assert!(linked.new.description.contains(&row.id));
        // Whoever only followed it is not shown where and which it is this time either.
        town.clock.pass(60);
        let other = second
            .post(&format!("{follow}/again"), &[("text", "还在")])
            .await;
        let newer = newest(store, &town).await;
        assert_ne!(newer.id, linked.id);
        assert_eq!(newer.new.place, linked.new.place, "the dispatcher is told");
        let said = second.get(other.location()).await;
        assert!(said.text.contains("已收到，等待受理"), "{}", said.text);
        assert!(!said.text.contains(&newer.id) && !said.text.contains(&newer.new.place));
        let early = citizen
            .post(&format!("{}/again", again.location()), &[])
            .await;
        assert!(early.text.contains("正在办理"), "{}", early.text);

        let built = Home::sqlite();
        let copy = built.open().await;
        copy.rebuild_from(store).await.unwrap();
        let token = link.rsplit('/').next().unwrap();
        let found = copy.followed(town.clock.now(), token).await.unwrap();
        assert!(found.is_some(), "links are made of acts");
        // What was not registered has not come back; the words name it.
        let refused = Ask {
            text: "不属于城市管理范围".into(),
            ..Ask::default()
        };
        let id = newer.id.clone();
        for (kind, ask) in [(Kind::Accept, Ask::default()), (Kind::Reject, refused)] {
            casework::act(store, town.clock.now(), &dispatcher, &id, kind, ask)
                .await
                .unwrap();
        }
        town.clock.pass(60);
        let link = other.location();
        let again = second
            .post(&format!("{link}/again"), &[("text", "还在")])
            .await;
        let third = newest(store, &town).await;
        assert_eq!(third.new.relapse_of, None);
        assert!(third.new.description.contains(&id));
        // Why, the office writes for itself; the citizen reads what was meant for them, or that it can be reported anew.
        let said = second.get(link).await.text;
        assert!(
            said.contains("可以重新上报") && !said.contains("不属于城市管理范围"),
            "{said}"
        );
        let desk = town.signed_in("dispatcher").await;
        crate::case::act(&desk, &third.id, "accept", &[], &[]).await;
        let page = desk.get(&format!("/desk/cases/{}", third.id)).await.text;
        assert!(page.contains("上报的市民看不到"), "{page}");
        let fields = [
            ("text", "同一人反复上报"),
            ("told", "该处属于小区内部，请向物业反映"),
        ];
        crate::case::act(&desk, &third.id, "reject", &fields, &[]).await;
        let said = second.get(again.location()).await.text;
        assert!(
            said.contains("请向物业反映") && !said.contains("反复上报"),
            "{said}"
        );
        let page = desk.get(&format!("/desk/cases/{}", third.id)).await.text;
        assert!(page.contains("同一人反复上报") && page.contains("告知市民：该处属于小区内部"));
    })
    .await;
}

#[tokio::test]
async fn nothing_of_a_covert_case_shows_to_a_citizen_who_stands_on_it() {
    on_both(async |home| {
        let town = crate::case::town(home).await;
        let (store, now) = (&town.store, town.clock.now());
        let page = async || {
            let citizen = town.visitor();
            let link = hand_in(&citizen, "/report", &BESIDE, &[PHOTO])
                .await
                .location()
                .to_owned();
            let page = citizen.get(&link).await.text;
            let token = citizen.token().await;
            page.replace(&link, "LINK").replace(&token, "TOKEN")
        };
        let without = page().await;
        for (source, secret) in [("agency", true), ("agency", false), ("hotline", false)] {
            let covert = NewCase {
                source: source.into(),
                category: COVER.into(),
                place: "发展大道 12 号门前".into(),
                lng: Some(1_139_395_000),
                lat: Some(299_704_000),
                county: Some("421221".into()),
                secret_until: secret.then(|| now.as_millisecond() + 86_400_000),
                ..NewCase::default()
            };
            casework::report(store, now, "reviewer", covert)
                .await
                .unwrap();
        }
        assert_eq!(page().await, without, "the same page, to the letter");
    })
    .await;
}

#[tokio::test]
async fn too_many_reports_from_one_address_have_to_wait() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    let citizen = town.visitor();
    for _ in 0..40 {
        let sent = citizen.post("/report/none/send", &[]).await;
        assert_ne!(sent.status, StatusCode::TOO_MANY_REQUESTS);
    }
    let waiting = citizen.post("/report/none/send", &[]).await;
    assert_eq!(waiting.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(waiting.text.contains("12345"), "{}", waiting.text);
    town.clock.pass(15 * 60);
    let sent = citizen.post("/report/none/send", &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_same_problem_is_found_among_many_of_its_kind() {
    on_both(async |home| {
        let town = crate::case::town(home).await;
        let (store, now) = (&town.store, town.clock.now());
        // The first is the oldest, the others lie elsewhere in the city.
        for each in 0..502 {
            let new = NewCase {
                source: "citizen".into(),
                category: COVER.into(),
                place: format!("第{each}处"),
                lng: Some(1_139_395_000 + each * 100_000),
                lat: Some(299_704_000),
                county: Some("421221".into()),
                ..NewCase::default()
            };
            let (token, at) = (
                format!("token-{each}"),
                now + SignedDuration::from_secs(each),
            );
            store
                .keep_draft(at, &token, &Draft::default())
                .await
                .unwrap();
            let draft = Draft::default();
            store.send_draft(at, &token, &draft, new).await.unwrap();
        }
        let draft = Draft {
            category: COVER.into(),
            place: "发展大道".into(),
            county: Some("421221".into()),
            lng: Some(1_139_395_100),
            lat: Some(299_704_100),
            ..Draft::default()
        };
        let same = store.same_problem(now, &draft, 60).await.unwrap();
        let places: Vec<_> = same.iter().map(|(row, _)| row.new.place.as_str()).collect();
        assert_eq!(places, ["第0处"]);
        let in_words = Draft {
            place: "第501处".into(),
            lng: None,
            lat: None,
            ..draft
        };
        let same = store.same_problem(now, &in_words, 60).await.unwrap();
        assert_eq!(same[0].0.new.place, "第501处");
    })
    .await;
}

#[tokio::test]
async fn how_near_the_same_problem_may_be_is_said_by_the_rules_of_the_host() {
    on_both(async |home| {
        let town = crate::case::town(home).await;
        let (store, host) = (&town.store, town.signed_in("host").await);
        let known = town.visitor();
        let first = hand_in(&known, "/report", &BESIDE, &[PHOTO]).await;
        known.post(&format!("{}/send", first.location()), &[]).await;
        // Fifty metres to the north of it, and another place in words.
        let mut north = BESIDE;
        (north[0].1, north[4].1) = ("河堤路口", "29.97085");
        let citizen = town.visitor();
        let draft = hand_in(&citizen, "/report", &north, &[PHOTO]).await;
        let offered = async || {
            let check = citizen.get(draft.location()).await;
            assert!(check.text.contains("将发送至"), "{}", check.text);
            check.text.contains("就是这个")
        };
        assert!(offered().await, "60 metres until the host says otherwise");

        let adopt = async |table: &str| {
            let (version, _) = store.case_rules().await.unwrap().unwrap();
            let version = version.to_string();
            let fields = [("version", version.as_str()), ("citizen_duplicates", table)];
            host.upload("/desk/case-rules", &fields, &[]).await
        };
        for (table, near) in [
            ("category,metres\n*,40\n", false),
            ("category,metres\n*,40\n*/component,55\n", true),
            ("category,metres\n*,100\n*/component/0123,10\n", false),
        ] {
            let adopted = adopt(table).await;
            assert_eq!(adopted.status, StatusCode::SEE_OTHER, "{}", adopted.text);
            assert_eq!(offered().await, near, "{table}");
        }
        let refused = adopt("category,metres\n*/event,50\n").await;
        assert!(
            refused.text.contains("没有写明其余类别的距离"),
            "{}",
            refused.text
        );
        assert!(
            refused.text.contains("市民上报查重距离"),
            "{}",
            refused.text
        );

        // Rules adopted before they said anything of it read as the program did it then.
        let mut older = serde_json::to_value(casework::default::rules()).unwrap();
        let older_fields = older.as_object_mut().unwrap();
        older_fields.remove("citizen_duplicates").unwrap();
        let older = casework::Practice::read(1, serde_json::from_value(older).unwrap()).unwrap();
        assert_eq!(
            assessment::case::duplicate::radius(&older.citizen_radii, COVER),
            60
        );
    })
    .await;
}

/// A citizen in a network of their own.
fn citizen_in(town: &Town, network: u8) -> Visitor {
    let client = Client::builder()
        .local_address(IpAddr::from([127, 0, 0, network]))
        .cookie_store(true)
        .redirect(Policy::none())
        .build()
        .unwrap();
    Visitor {
        client,
        ..town.visitor()
    }
}

/// A report that begins to come in from a network and then stays on its way.
async fn dawdles(visitor: &Visitor, network: u8) -> TcpStream {
    let address = visitor.site.trim_start_matches("http://");
    let token = visitor.token().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, network], 0).into()).unwrap();
    let mut stream = socket.connect(address.parse().unwrap()).await.unwrap();
    let part = |name: &str| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"");
    let begun = format!(
        "POST /report HTTP/1.1\r\nHost: {address}\r\nCookie: yuekao_form={token}\r\n\
         Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 40000000\r\n\r\n\
         {}\r\n\r\n{token}\r\n{}; filename=\"a.jpg\"\r\n\r\nbytes",
        part("form_token"),
        part("photo"),
    );
    stream.write_all(begun.as_bytes()).await.unwrap();
    // As much as is gathered before a file of it begins.
    stream.write_all(&vec![b'x'; 3 << 20]).await.unwrap();
    stream
}

fn on_their_way(home: &Home) -> usize {
    std::fs::read_dir(home.folder().join("incoming")).map_or(0, Iterator::count)
}

#[tokio::test]
async fn a_large_photo_is_refused_and_reports_that_dawdle_keep_a_bounded_room() {
    let home = Home::sqlite();
    let town = crate::case::town(&home).await;
    let citizen = town.visitor();
    let large = [AFTER, &vec![0; 15 << 20]].concat();
    let begun = hand_in(&citizen, "/report", &BESIDE, &[&large[..], PHOTO]).await;
    let asked = citizen.get(begun.location()).await;
    for words in ["照片太大", "已经收到 1 张照片"] {
        assert!(asked.text.contains(words), "{words}: {}", asked.text);
    }
    assert_eq!(on_their_way(&home), 0, "what was refused is gone");

    // One network takes no more room than is its own.
    let dawdler = town.visitor();
    let mut dawdling = vec![];
    let busy = async |citizen: &Visitor| {
        let busy = hand_in(citizen, "/report", &BESIDE, &[PHOTO]).await;
        assert_eq!(busy.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(busy.text.contains("此刻上报的人太多"), "{}", busy.text);
    };
    for each in 0..AT_ONCE {
        dawdling.push(dawdles(&dawdler, 2 + (each / FORMS_AT_ONCE) as u8).await);
        while on_their_way(&home) <= each {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        if each + 1 == FORMS_AT_ONCE {
            busy(&citizen_in(&town, 2)).await;
            let taken = hand_in(&citizen, "/report", &BESIDE, &[PHOTO]).await;
            assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
        }
    }
    busy(&citizen).await;
    dawdling.pop();
    let taken = hand_in(&citizen, "/report", &BESIDE, &[PHOTO]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
}
