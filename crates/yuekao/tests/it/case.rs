//! Cases from a report to their end, told over HTTP on both databases.

use assessment::case::life::{Kind, Stage};
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use serde_json::{Map, Value};
use yuekao::casework::{self, Ask};
use yuekao::store::Store;
use yuekao::store::account::Duty;
use yuekao::store::case::list::CaseFilter;
use yuekao::store::case::{CountedIn, NewCase};
use yuekao::store::evidence::EvidenceRow;
use yuekao::store::unit::UnitRow;
use yuekao::viewer::{Role, Viewer};
use yuekao::web::access::{Relation, TABLE};

use crate::casedesk::viewer;
use crate::databases::{Home, on_both};
use crate::town::{Answer, PASSWORD, Town, Visitor};

pub const COUNTY: &str = "421221";
pub const TOWNSHIP: &str = "421221100";
pub const COMMUNITY: &str = "421221100001";
pub const WATER: &str = "D01";

/// A unit since 2020.
pub fn unit(code: &str, name: &str, kind: &str, parent: Option<&str>) -> UnitRow {
    UnitRow {
        code: code.into(),
        valid_from: "2020-01".into(),
        valid_to: None,
        name: name.into(),
        name_en: None,
        kind: kind.into(),
        parent: parent.map(str::to_owned),
        lon: None,
        lat: None,
        datum: None,
        attributes: Map::new(),
    }
}

/// A town with a county, its township, its community and a department, and handlers in each.
pub async fn town(home: &Home) -> Town {
    let town = Town::founded(home).await;
    let now = town.clock.now();
    let units = vec![
        unit("421200", "咸宁市", "prefecture", None),
        unit(COUNTY, "嘉鱼县", "county", Some("421200")),
        unit(TOWNSHIP, "鱼岳镇", "township", Some(COUNTY)),
        unit(COMMUNITY, "沙阳社区", "community", Some(TOWNSHIP)),
        unit("421222", "通城县", "county", Some("421200")),
        unit(WATER, "水务部门", "department", Some("421200")),
    ];
    town.store.set_units(now, "console", units).await.unwrap();
    let hash = yuekao::password::hash(PASSWORD);
    for (login, unit) in [
        ("township", TOWNSHIP),
        ("community", COMMUNITY),
        ("tongcheng", "421222"),
    ] {
        let duty = Duty::new(login, Role::Unit, Some(unit)).unwrap();
        town.store
            .create_account(now, "console", login, duty, Some(hash.clone()), false)
            .await
            .unwrap();
    }
    let mut rules = casework::default::rules();
    rules.routes += &format!("water,gb30428/component/0101,,@county,{WATER},2020-01-01,,\n");
    rules.counted = vec![CountedIn {
        series: "departments".into(),
        by_department: true,
    }];
    casework::adopt(&town.store, now, "host", rules)
        .await
        .unwrap()
        .unwrap();
    casework::tick(&town.store, now).await.unwrap();
    town
}

/// A loose cover that an inspector found: its row of evidence, and its case, secret for so many hours.
pub async fn cover(store: &Store, now: Timestamp, finding: &str, hours: i64) -> String {
    let found = yuekao::clock::civil(now);
    let mut cells = vec![String::new(); 20];
    for (place, cell) in [
        (0, finding),
        (3, COUNTY),
        (5, "cover-step"),
        (6, "serious"),
        (7, "agency"),
        (11, "0"),
        (12, "0"),
        (13, "0"),
        (16, "鱼岳镇发展大道"),
    ] {
        cells[place] = cell.to_owned();
    }
    cells[8] = assessment::facts::time_text(found);
    let row = EvidenceRow {
        kind: "findings".into(),
        id: finding.into(),
        unit: COUNTY.into(),
        starts_at: now.as_millisecond(),
        ends_at: now.as_millisecond(),
        cells,
    };
    store
        .take_evidence(now, "reviewer", "xianning", vec![row], None)
        .await
        .unwrap();
    let new = NewCase {
        source: "agency".into(),
        series: Some("xianning".into()),
        finding: Some(finding.into()),
        category: "gb30428/component/0101".into(),
        place: "鱼岳镇发展大道".into(),
        description: "井盖高出路面".into(),
        lng: Some(1_139_395_000),
        lat: Some(299_704_000),
        county: Some(COUNTY.into()),
        township: Some(TOWNSHIP.into()),
        community: Some(COMMUNITY.into()),
        secret_until: Some(now.as_millisecond() + hours * 3_600_000),
        ..NewCase::default()
    };
    casework::report(store, now, "reviewer", new).await.unwrap()
}

/// A case that was taken in, dispatched and handled, under rules of its own.
pub async fn a_life(store: &Store, now: Timestamp) {
    let adopted = casework::adopt(store, now, "host", casework::default::rules()).await;
    adopted.unwrap().unwrap();
    let id = cover(store, now, "F-0", 0).await;
    let viewer = |role, unit: Option<&str>| Viewer {
        role,
        login: "jia".into(),
        name: String::new(),
        unit: unit.map(str::to_owned),
    };
    let dispatcher = viewer(Role::Dispatcher, None);
    let condition = Ask {
        condition: "component-0101-2".into(),
        ..Ask::default()
    };
    let to = Ask {
        unit: COUNTY.into(),
        ..Ask::default()
    };
    let missing = Ask::because("不属本单位职责");
    let county = viewer(Role::Unit, Some(COUNTY));
    for (who, kind, ask) in [
        (&dispatcher, Kind::Accept, Ask::default()),
        (&dispatcher, Kind::Register, condition),
        (&dispatcher, Kind::Dispatch, to.clone()),
        (&county, Kind::SignFor, Ask::default()),
        (&county, Kind::Return, missing),
        (&dispatcher, Kind::Dispatch, to),
    ] {
        casework::act(store, now, who, &id, kind, ask)
            .await
            .unwrap();
    }
}

/// A small photo.
pub fn photo(mark: u8) -> Vec<u8> {
    let mut jpeg = std::io::Cursor::new(vec![]);
    image::RgbImage::from_pixel(16, 16, image::Rgb([mark.wrapping_mul(37), 90, 90]))
        .write_to(&mut jpeg, image::ImageFormat::Jpeg)
        .unwrap();
    jpeg.into_inner()
}

/// Somebody at the desk does something to a case.
pub async fn act(
    visitor: &Visitor,
    id: &str,
    kind: &str,
    fields: &[(&'static str, &str)],
    photos: &[Vec<u8>],
) -> Answer {
    let mut form = Form::new().text("form_token", visitor.token().await);
    for (name, value) in fields {
        form = form.text(*name, (*value).to_owned());
    }
    for bytes in photos {
        form = form.part("photo", Part::bytes(bytes.clone()).file_name("after.jpg"));
    }
    let url = format!("{}/desk/cases/{id}/{kind}", visitor.site);
    Answer::of(
        visitor
            .client
            .post(url)
            .multipart(form)
            .send()
            .await
            .unwrap(),
    )
    .await
}

/// A case goes out to where the routes send it, under a condition.
async fn goes_out(town: &Town, id: &str, condition: &str) {
    let dispatcher = town.signed_in("dispatcher").await;
    act(&dispatcher, id, "accept", &[], &[]).await;
    act(
        &dispatcher,
        id,
        "register",
        &[("condition", condition)],
        &[],
    )
    .await;
    let out = act(&dispatcher, id, "dispatch", &[], &[]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.text);
}

pub async fn count(visitor: &Visitor, query: &str) -> i64 {
    let list = visitor.get_json(&format!("/desk/cases?{query}")).await;
    let list: Value = serde_json::from_str(&list.text).unwrap();
    list["count"].as_i64().unwrap()
}

#[tokio::test]
async fn a_cover_goes_down_to_its_community_and_comes_back_closed() {
    on_both(async |home| {
        let town = town(home).await;
        let id = cover(&town.store, town.clock.now(), "F-1", 4).await;
        let page = format!("/desk/cases/{id}");
        let dispatcher = town.signed_in("dispatcher").await;
        let (county, community) = (
            town.signed_in("unit").await,
            town.signed_in("community").await,
        );
        let (verifier, host, leader) = (
            town.signed_in("verifier").await,
            town.signed_in("host").await,
            town.signed_in("leader").await,
        );
        let other = town.signed_in("tongcheng").await;

        // While the team is there, the case exists for the office alone.
        for who in [&dispatcher, &county, &community, &verifier, &leader, &other] {
            assert_eq!(who.get(&page).await.status, StatusCode::NOT_FOUND);
            assert_eq!(count(who, "").await, 0);
            let tried = act(who, &id, "accept", &[], &[]).await;
            let unknown = act(who, "AJ2203-NOSUCH22", "accept", &[], &[]).await;
            assert_eq!(
                (tried.status, &tried.text.len()),
                (unknown.status, &unknown.text.len())
            );
        }
        assert_eq!(count(&host, "").await, 1);

        town.clock.pass(15 * 3600);
        assert_eq!(count(&dispatcher, "stage=reported").await, 1);
        assert_eq!(county.get(&page).await.status, StatusCode::NOT_FOUND);
        let early = act(&dispatcher, &id, "dispatch", &[], &[]).await;
        assert!(early.text.contains("不能派遣"), "{}", early.text);
        act(&dispatcher, &id, "accept", &[], &[]).await;
        let blind = act(&dispatcher, &id, "register", &[], &[]).await;
        assert!(blind.text.contains("立案条件"), "{}", blind.text);
        act(
            &dispatcher,
            &id,
            "register",
            &[("condition", "component-0101-2")],
            &[],
        )
        .await;
        let shown = dispatcher.get(&page).await;
        assert!(
            shown.text.contains("嘉鱼县 · 水务部门"),
            "it says where it will go: {}",
            shown.text
        );
        act(&dispatcher, &id, "dispatch", &[], &[]).await;

        // From here on the county knows it, and nobody beside it.
        let served = county.get(&page).await;
        assert!(
            served.text.contains("4 个工作时") && served.text.contains("2022-04-01"),
            "{}",
            served.text
        );
        assert!(
            !served.text.contains("reviewer"),
            "who found it stays unknown"
        );
        for who in [&community, &other] {
            assert_eq!(who.get(&page).await.status, StatusCode::NOT_FOUND);
        }
        let elsewhere = act(&county, &id, "pass-down", &[("unit", "421222")], &[]).await;
        assert!(elsewhere.text.contains("下级单位"), "{}", elsewhere.text);
        act(&county, &id, "pass-down", &[("unit", COMMUNITY)], &[]).await;
        assert_eq!(community.get(&page).await.status, StatusCode::OK);
        assert_eq!(count(&community, "due=mine").await, 1);
        let lowest = community.get(&page).await.text;
        assert!(
            lowest.contains("本单位没有下级单位，请直接处置。") && !lowest.contains("id=\"below\""),
            "{lowest}"
        );
        let bare = act(&community, &id, "feedback", &[("text", "已更换")], &[]).await;
        assert!(bare.text.contains("照片"), "{}", bare.text);
        let lying = act(&community, &id, "feedback", &[], &[b"not a photo".to_vec()]).await;
        assert!(lying.text.contains("JPEG"), "{}", lying.text);
        act(
            &community,
            &id,
            "feedback",
            &[("text", "已更换")],
            &[photo(1)],
        )
        .await;

        // Somebody else looks, twice.
        act(
            &verifier,
            &id,
            "verify",
            &[("yes", "no"), ("text", "仍有响声")],
            &[photo(2)],
        )
        .await;
        assert_eq!(count(&community, "due=mine").await, 1);
        act(
            &community,
            &id,
            "feedback",
            &[("text", "再次加固")],
            &[photo(3)],
        )
        .await;
        act(&verifier, &id, "verify", &[("yes", "yes")], &[]).await;
        act(&dispatcher, &id, "close", &[], &[]).await;
        let closed = county.get(&page).await;
        for words in ["已结案", "返工 1 次", "仍有响声", "再次加固"] {
            assert!(closed.text.contains(words), "{words}: {}", closed.text);
        }
        let after = yuekao::store::digest(photo(3));
        let shown = format!("<img src=\"{page}/photos/{after}\"");
        assert!(
            closed.text.contains(&shown),
            "the picture after the handling"
        );
        assert_eq!(
            county.get(&format!("{page}/photos/{after}")).await.status,
            StatusCode::OK
        );
        assert_eq!(
            other.get(&format!("{page}/photos/{after}")).await.status,
            StatusCode::NOT_FOUND
        );

        // The evaluation sees what became of it.
        let finding = town
            .store
            .evidence_row("xianning", "findings", "F-1")
            .await
            .unwrap()
            .unwrap();
        assert_eq!(finding[13], "1", "one failed re-check");
        assert!(
            !finding[9].is_empty() && !finding[10].is_empty(),
            "due and rectified: {finding:?}"
        );
        let case = town
            .store
            .evidence_row("departments", "cases", &id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((case[1].as_str(), case[10].as_str()), (WATER, "1"));

        // Every count is that of a scan.
        let viewers = [
            ("host", Role::Host, None),
            ("unit", Role::Unit, Some(COUNTY)),
            ("tongcheng", Role::Unit, Some("421222")),
            ("leader", Role::Leader, None),
        ];
        for (login, role, unit) in viewers {
            let viewer = Viewer {
                role,
                login: login.into(),
                name: login.into(),
                unit: unit.map(str::to_owned),
            };
            for stage in Stage::ALL.map(Stage::word).into_iter().chain(["", "open"]) {
                let filter = CaseFilter {
                    stage: stage.into(),
                    ..CaseFilter::default()
                };
                let found = town
                    .store
                    .cases(&viewer, town.clock.now(), &filter, None, 1000)
                    .await
                    .unwrap();
                assert_eq!(found.count, found.rows.len() as i64, "{login} {stage}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_case_rests_goes_on_and_is_escalated_by_the_program() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let id = cover(store, town.clock.now(), "F-2", 0).await;
        let (county, host) = (town.signed_in("unit").await, town.signed_in("host").await);
        goes_out(&town, &id, "component-0101-3").await;
        let due = async || {
            let viewer = Viewer {
                role: Role::Host,
                login: "host".into(),
                name: String::new(),
                unit: None,
            };
            store
                .case(&viewer, town.clock.now(), &id)
                .await
                .unwrap()
                .unwrap()
                .due_at
                .unwrap()
        };
        let first = due().await;
        act(
            &county,
            &id,
            "ask-suspension",
            &[("text", "等待配件"), ("until", "2022-04-11")],
            &[],
        )
        .await;
        assert_eq!(count(&host, "due=asked").await, 1);
        act(&host, &id, "grant-suspension", &[], &[]).await;
        town.clock.pass(5 * 86_400);
        assert_eq!(
            casework::tick(store, town.clock.now()).await.unwrap(),
            0,
            "it rests"
        );
        town.clock.pass(6 * 86_400);
        assert_eq!(
            casework::tick(store, town.clock.now()).await.unwrap(),
            0,
            "it rests on its last day too"
        );
        town.clock.pass(86_400);
        assert_eq!(
            casework::tick(store, town.clock.now()).await.unwrap(),
            1,
            "the rest is over"
        );
        assert!(due().await > first);
        town.clock.pass(30 * 86_400);
        assert_eq!(count(&county, "due=overdue").await, 1);
        assert_eq!(
            casework::tick(store, town.clock.now()).await.unwrap(),
            2,
            "its unit is told that it is overdue, and it is grossly overrun"
        );
        assert_eq!(
            casework::tick(store, town.clock.now()).await.unwrap(),
            0,
            "once"
        );
        let shown = town
            .signed_in("unit")
            .await
            .get(&format!("/desk/cases/{id}"))
            .await;
        assert!(shown.text.contains("已升级"), "{}", shown.text);
    })
    .await;
}

/// An address of the site about one case, its photo, and the place where it lies.
fn about(path: &str, id: &str, digest: &str) -> String {
    [
        ("{id}", id),
        ("{digest}", digest),
        ("{sha256}", digest),
        ("{series}", "xianning"),
        ("{month}", "2022-03"),
        ("{code}", COUNTY),
        ("{sheet}", "notice.xlsx"),
        ("{scheme}", "xianning-2022"),
        ("{login}", "unit"),
    ]
    .iter()
    .fold(path.to_owned(), |path, (name, value)| {
        path.replace(name, value)
    })
    .replace(['{', '}', '*'], "")
}

/// An answer without what is another one each time: the port of the site, and what was drawn by lot.
fn settled(visitor: &Visitor, answer: Answer) -> (StatusCode, String) {
    const DRAWN: usize = 32;
    const DIGEST: &str = "<td class=\"digest\"><code>";
    let address = visitor.site.trim_start_matches("http://");
    let mut said = answer.text.replace(address, "");
    if said.contains("name=\"form\" value=\"") {
        said = said.replace(&answer.hidden("form"), "…");
    }
    let (mut text, mut run) = (String::new(), String::new());
    for letter in said.chars().chain(['\n']) {
        match letter.is_ascii_hexdigit() {
            true => run.push(letter),
            false => {
                let run = std::mem::take(&mut run);
                let drawn = run.len() >= DRAWN || text.ends_with(DIGEST);
                text.push_str(if drawn { "…" } else { &run });
                text.push(letter);
            }
        }
    }
    (answer.status, text)
}

#[tokio::test]
async fn before_it_is_served_a_case_exists_for_nobody_who_could_act_on_it() {
    on_both(async |home| {
        let other_home = match home.url() {
            Some(_) => Home::postgres(),
            None => Home::sqlite(),
        };
        let (there, without) = (town(home).await, town(&other_home).await);
        let now = there.clock.now();
        let picture = there.store.keep_photo(photo(9), "image/jpeg", false);
        let digest = picture.await.unwrap();
        let secret = NewCase {
            source: "agency".into(),
            source_number: Some("XJ-4711".into()),
            category: "gb30428/component/0101".into(),
            place: "无名巷七号".into(),
            description: "井盖下陷".into(),
            lng: Some(1_139_395_000),
            lat: Some(299_704_000),
            photos: vec![digest.clone()],
            county: Some(COUNTY.into()),
            secret_until: Some(now.as_millisecond() + 4 * 3_600_000),
            ..NewCase::default()
        };
        let id = casework::report(&there.store, now, "reviewer", secret);
        let id = id.await.unwrap();
        let told = ["XJ-4711", "无名巷七号", "井盖下陷", "1139395", "113.9395"];
        let insiders = ["host", "host2", "auditor"];
        let outsiders = Role::OF_ACCOUNTS
            .map(Role::word)
            .into_iter()
            .filter(|login| !insiders.contains(login));
        for login in outsiders.chain(["township", "community", "tongcheng", "nobody"]) {
            let [visitor, stranger] = match login {
                "nobody" => [there.visitor(), without.visitor()],
                login => [there.signed_in(login).await, without.signed_in(login).await],
            };
            for row in TABLE.iter().filter(|row| row.method == "GET") {
                let path = about(row.path, &id, &digest);
                let query = format!("{path}?q={id}&month=2022-03&unit={COUNTY}");
                for (seen, nothing) in [
                    (visitor.get(&query).await, stranger.get(&query).await),
                    (
                        visitor.get_json(&path).await,
                        stranger.get_json(&path).await,
                    ),
                ] {
                    for secret in told {
                        assert!(!seen.text.contains(secret), "{login} {path}: {secret}");
                    }
                    let file = seen.text.starts_with("PK") || seen.text.starts_with("%PDF");
                    match file {
                        true => assert_eq!(seen.status, nothing.status, "{login} {path}"),
                        false => assert_eq!(
                            settled(&visitor, seen),
                            settled(&stranger, nothing),
                            "{login} {path}"
                        ),
                    }
                }
            }
            for kind in Kind::all() {
                let tried = act(&visitor, &id, kind.word(), &[("text", "x")], &[]).await;
                let nothing = act(&stranger, &id, kind.word(), &[("text", "x")], &[]).await;
                assert_eq!(
                    settled(&visitor, tried),
                    settled(&stranger, nothing),
                    "{login} {kind:?}"
                );
            }
        }
        // Once it is served, it is its county's and no other's: not by its number, its photo or its history.
        there.clock.pass(5 * 3600);
        goes_out(&there, &id, "component-0101-2").await;
        let (county, other) = (
            there.signed_in("unit").await,
            there.signed_in("tongcheng").await,
        );
        let of_cases = TABLE.iter().filter(|row| {
            row.method == "GET" && row.to == Relation::OwnGrids && row.path.contains("/cases/{id}")
        });
        for row in of_cases {
            let path = about(row.path, &id, &digest);
            assert_eq!(county.get(&path).await.status, StatusCode::OK, "{path}");
            assert_eq!(
                other.get(&path).await.status,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
        for row in TABLE.iter().filter(|row| row.method == "GET") {
            let path = about(row.path, &id, &digest);
            let seen = other.get(&format!("{path}?unit={COUNTY}")).await;
            for secret in told {
                assert!(!seen.text.contains(secret), "{path}: {secret}");
            }
        }
        let tried = act(&other, &id, "return", &[("text", "x")], &[]).await;
        assert_eq!(tried.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_category_is_mended_when_the_case_is_registered() {
    on_both(async |home| {
        let town = town(home).await;
        let id = cover(&town.store, town.clock.now(), "F-1", 0).await;
        let dispatcher = town.signed_in("dispatcher").await;
        act(&dispatcher, &id, "accept", &[], &[]).await;
        let (wrong, right) = ("gb30428/component/0101", "gb30428/component/0102");
        let by_category = async |code: &str| {
            let list = count(&dispatcher, &format!("category={code}")).await;
            let map = format!("/desk/cases.geojson?zoom=9&category={code}");
            let map = dispatcher.get(&map).await;
            let map: Value = serde_json::from_str(&map.text).unwrap();
            assert_eq!(map["count"].as_i64().unwrap(), list, "{code}");
            list
        };
        // A condition of another category is a slip of the hand, unless the category is chosen with it.
        for fields in [
            vec![("condition", "component-0102-1")],
            vec![("condition", "component-0101-2"), ("category", right)],
        ] {
            let slip = act(&dispatcher, &id, "register", &fields, &[]).await;
            assert_eq!(slip.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(slip.text.contains("不属于案件的类别"), "{}", slip.text);
        }
        assert_eq!((by_category(wrong).await, by_category(right).await), (1, 0));
        let fields = [("condition", "component-0102-1"), ("category", right)];
        let done = act(&dispatcher, &id, "register", &fields, &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!((by_category(wrong).await, by_category(right).await), (0, 1));
        let shown = dispatcher.get(&format!("/desk/cases/{id}")).await;
        assert!(shown.text.contains("类别改为"), "{}", shown.text);
        // It is routed and kept by what it is now: not to the water department, which has the covers of the other kind.
        act(&dispatcher, &id, "dispatch", &[], &[]).await;
        let host = Viewer {
            role: Role::Host,
            login: "host".into(),
            name: String::new(),
            unit: None,
        };
        let row = town.store.case(&host, town.clock.now(), &id).await;
        let row = row.unwrap().unwrap();
        assert_eq!((row.unit.as_deref(), row.department), (Some(COUNTY), None));
        assert_eq!(row.new.category, right);
    })
    .await;
}

#[tokio::test]
async fn powers_are_used_with_a_reason_and_a_look_on_the_spot_is_shown() {
    on_both(async |home| {
        let town = town(home).await;
        let id = cover(&town.store, town.clock.now(), "F-1", 0).await;
        let (dispatcher, verifier, county, host) = (
            town.signed_in("dispatcher").await,
            town.signed_in("verifier").await,
            town.signed_in("unit").await,
            town.signed_in("host").await,
        );
        act(&dispatcher, &id, "accept", &[], &[]).await;
        act(&dispatcher, &id, "order-check", &[], &[]).await;
        let seen = [("yes", "yes"), ("text", "松动属实")];
        act(&verifier, &id, "check", &seen, &[photo(5)]).await;
        let fields = [("condition", "component-0101-2")];
        act(&dispatcher, &id, "register", &fields, &[]).await;

        let refused = async |visitor: &Visitor, kind: &str, fields: &[(&'static str, &str)]| {
            let answer = act(visitor, &id, kind, fields, &[]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{kind}");
            assert!(answer.text.contains("必须写明理由"), "{}", answer.text);
        };
        let done = async |visitor: &Visitor, kind: &str, fields: &[(&'static str, &str)]| {
            let answer = act(visitor, &id, kind, fields, &[]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        };
        // To the township instead of the county, where the routes send it.
        refused(&dispatcher, "dispatch", &[("unit", TOWNSHIP)]).await;
        let why = [("unit", TOWNSHIP), ("text", "镇管道路")];
        done(&dispatcher, "dispatch", &why).await;
        let township = town.signed_in("township").await;
        done(&township, "return", &[("text", "县管道路")]).await;
        // As the routes say, by name, it needs none.
        done(
            &dispatcher,
            "dispatch",
            &[("unit", COUNTY), ("department", WATER)],
        )
        .await;
        done(&host, "supervise", &[("text", "见报")]).await;
        refused(&host, "end-supervision", &[]).await;
        done(&host, "end-supervision", &[("text", "报道有误")]).await;
        let rest = [("text", "霜冻"), ("until", "2022-04-10")];
        done(&county, "ask-suspension", &rest).await;
        done(&host, "grant-suspension", &[("text", "以十日为限")]).await;
        refused(&dispatcher, "resume", &[]).await;
        done(&dispatcher, "resume", &[("text", "提前解冻")]).await;

        let page = format!("/desk/cases/{id}");
        let shown = county.get(&page).await;
        for words in ["镇管道路", "报道有误", "以十日为限", "提前解冻", "松动属实"]
        {
            assert!(shown.text.contains(words), "{words}: {}", shown.text);
        }
        let digest = yuekao::store::digest(photo(5));
        assert!(
            shown.text.contains(&digest),
            "the picture of the look on the spot"
        );
        let picture = county.get(&format!("{page}/photos/{digest}")).await;
        assert_eq!(picture.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn what_was_written_stays_when_an_act_is_refused() {
    on_both(async |home| {
        let town = town(home).await;
        let id = cover(&town.store, town.clock.now(), "F-1", 0).await;
        goes_out(&town, &id, "component-0101-2").await;
        let county = town.signed_in("unit").await;
        let other = town.signed_in("tongcheng").await;
        let rest = [("text", "等候配件"), ("until", "2020-01-01")];
        let refused = act(&county, &id, "ask-suspension", &rest, &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for words in [
            "没有办理",
            "挂账截止日不能早于今天",
            ">等候配件</textarea>",
            "value=\"2020-01-01\"",
        ] {
            assert!(refused.text.contains(words), "{words}: {}", refused.text);
        }

        // A photo that came with a refused form need not be taken again, and is shown to whom handed it in.
        let spoilt = [photo(9), b"no picture".to_vec()];
        let text = ("text", "已更换井盖");
        let refused = act(&county, &id, "feedback", &[text], &spoilt).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let digest = yuekao::store::digest(photo(9));
        for words in ["不是 JPEG 或 PNG", ">已更换井盖</textarea>", &digest] {
            assert!(refused.text.contains(words), "{words}: {}", refused.text);
        }
        let own = format!("/desk/photos/{digest}");
        assert_eq!(county.get(&own).await.status, StatusCode::OK);
        assert_eq!(other.get(&own).await.status, StatusCode::NOT_FOUND);
        let kept = [text, ("kept", digest.as_str())];
        let done = act(&county, &id, "feedback", &kept, &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let shown = county.get(&format!("/desk/cases/{id}")).await;
        assert!(shown.text.contains(&format!("photos/{digest}")));

        // Somebody else was quicker: what was written can still be copied.
        let late = act(&county, &id, "ask-extension", &[("text", "连日降雨")], &[]).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            late.text.contains("您填写的内容：连日降雨"),
            "{}",
            late.text
        );
    })
    .await;
}

#[tokio::test]
async fn an_id_that_is_taken_is_drawn_again() {
    on_both(async |home| {
        let town = town(home).await;
        let now = town.clock.now();
        let taken = cover(&town.store, now, "F-1", 0).await;
        let mut drawn = vec!["AJ2203-FRESHONE".to_owned(), taken.clone(), taken];
        let id = town.store.write(move |tx| {
            Box::pin(async move { tx.unused_case_id(|| drawn.pop().unwrap()).await })
        });
        assert_eq!(id.await.unwrap(), "AJ2203-FRESHONE");
    })
    .await;
}

#[tokio::test]
async fn a_case_that_refuses_keeps_no_other_waiting() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let (host, county) = (town.signed_in("host").await, town.signed_in("unit").await);
        let mut ids = vec![];
        for finding in ["F-1", "F-2"] {
            let id = cover(store, town.clock.now(), finding, 0).await;
            goes_out(&town, &id, "component-0101-2").await;
            let fields = [("text", "等材料"), ("until", "2022-04-10")];
            act(&county, &id, "ask-suspension", &fields, &[]).await;
            act(&host, &id, "grant-suspension", &[], &[]).await;
            ids.push(id);
        }
        ids.sort();
        // The history of the first one does not read.
        town.alter(
            "INSERT INTO act (seq, at, who, noun, id, kind, body, salt, leaf)
             SELECT (SELECT MAX(seq) FROM act) + 1, MAX(at), 'system', 'case', MIN(id), 'unheard_of', '{}', '', ''
             FROM act WHERE noun = 'case'",
        )
        .await;
        town.clock.pass(10 * 86_400 + 12 * 3600);
        let over = town.clock.now();
        assert_eq!(store.rests_over(over).await.unwrap(), ids);
        assert_eq!(casework::tick(store, over).await.unwrap(), 1);
        assert_eq!(store.rests_over(over).await.unwrap(), ids[..1]);
        // Trying again would not mend it: new rules are applied to the others, and once.
        casework::adopt(store, over, "host", casework::default::rules())
            .await
            .unwrap()
            .unwrap();
        casework::tick(store, over).await.unwrap();
        let (version, _) = store.case_rules().await.unwrap().unwrap();
        assert!(store.case_rules_applied(version).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn two_servers_escalate_once_and_so_does_who_was_escalated_by_hand_before() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let other = home.open().await;
        let (host, now) = (town.signed_in("host").await, town.clock.now());
        let mut ids = vec![];
        for finding in ["F-1", "F-2", "F-3", "F-4"] {
            let id = cover(store, now, finding, 0).await;
            goes_out(&town, &id, "component-0101-2").await;
            ids.push(id);
        }
        act(&host, &ids[0], "escalate", &[("text", "见报")], &[]).await;
        town.clock.pass(30 * 86_400);
        let now = town.clock.now();
        let twice =
            futures_util::future::join(casework::tick(store, now), casework::tick(&other, now));
        let (one, two) = twice.await;
        assert_eq!(
            one.unwrap() + two.unwrap(),
            8,
            "a reminder and an escalation each"
        );
        for (id, levels) in ids.iter().zip([2, 1, 1, 1]) {
            let life = store.case_history(id).await.unwrap().1;
            assert_eq!(life.level, levels, "{id}");
        }
        assert_eq!(casework::tick(&other, now).await.unwrap(), 0, "once");
    })
    .await;
}

/// The default rules with a holiday on the day after the town's first.
fn with_a_holiday() -> yuekao::store::case_rules::CaseRules {
    let mut rules = casework::default::rules();
    rules.days += "2022-04-01,holiday,城市节,statutory\n";
    rules
}

#[tokio::test]
async fn new_rules_reach_cases_that_a_clock_ahead_has_touched() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let now = town.clock.now();
        let id = cover(store, now, "F-1", 0).await;
        goes_out(&town, &id, "component-0101-2").await;
        let county = Viewer {
            role: Role::Unit,
            login: "unit".into(),
            name: String::new(),
            unit: Some(COUNTY.into()),
        };
        let ahead = now + jiff::SignedDuration::from_mins(40);
        let signed = casework::act(store, ahead, &county, &id, Kind::SignFor, Ask::default()).await;
        let before = signed.unwrap().due_at;
        casework::adopt(store, now, "host", with_a_holiday())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(casework::tick(store, now).await.unwrap(), 1);
        let (steps, life) = store.case_history(&id).await.unwrap();
        assert!(life.due_at > before, "{life:?}");
        assert_eq!(
            steps.last().unwrap().at,
            ahead,
            "in the order of the record"
        );
        let (version, _) = store.case_rules().await.unwrap().unwrap();
        assert!(store.case_rules_applied(version).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn what_goes_out_while_rules_change_is_due_under_the_new_ones() {
    on_both(async |home| {
        let town = town(home).await;
        let (store, now) = (&town.store, town.clock.now());
        let dispatcher = Viewer {
            role: Role::Dispatcher,
            login: "dispatcher".into(),
            name: String::new(),
            unit: None,
        };
        let mut ids = vec![];
        for number in 0..12 {
            let id = cover(store, now, &format!("F-{number}"), 0).await;
            let condition = Ask {
                condition: "component-0101-2".into(),
                ..Ask::default()
            };
            for (kind, ask) in [(Kind::Accept, Ask::default()), (Kind::Register, condition)] {
                casework::act(store, now, &dispatcher, &id, kind, ask)
                    .await
                    .unwrap();
            }
            ids.push(id);
        }
        let out = ids.iter().map(async |id| {
            let went = casework::act(store, now, &dispatcher, id, Kind::Dispatch, Ask::default());
            went.await.unwrap();
        });
        let change = async {
            casework::adopt(store, now, "host", with_a_holiday())
                .await
                .unwrap()
                .unwrap();
            casework::tick(store, now).await.unwrap();
        };
        futures_util::future::join(futures_util::future::join_all(out), change).await;
        casework::tick(store, now).await.unwrap();
        for id in &ids {
            let due = store.case_history(id).await.unwrap().1.due_at.unwrap();
            assert_eq!(due.to_string(), "2022-04-02T12:00:00");
        }
    })
    .await;
}

#[tokio::test]
async fn a_holiday_announced_later_moves_running_clocks_and_says_so() {
    let home = Home::sqlite();
    let town = town(&home).await;
    let store = &town.store;
    let over = cover(store, town.clock.now(), "F-2", 0).await;
    goes_out(&town, &over, "component-0101-2").await;
    let county = town.signed_in("unit").await;
    act(&county, &over, "feedback", &[], &[photo(1)]).await;
    let (verifier, dispatcher) = (
        town.signed_in("verifier").await,
        town.signed_in("dispatcher").await,
    );
    act(&verifier, &over, "verify", &[("yes", "yes")], &[]).await;
    act(&dispatcher, &over, "close", &[], &[]).await;
    let working = async || {
        let page = county.get_json(&format!("/desk/cases/{over}")).await;
        let page: Value = serde_json::from_str(&page.text).unwrap();
        page["deadline"].clone()
    };
    let before = working().await;
    let last = before["working"].as_array().unwrap().last().unwrap();
    assert_eq!(last["to"], before["at"]);
    town.clock.pass(60);

    let id = cover(store, town.clock.now(), "F-3", 0).await;
    goes_out(&town, &id, "component-0101-2").await;
    casework::adopt(store, town.clock.now(), "host", with_a_holiday())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(casework::tick(store, town.clock.now()).await.unwrap(), 1);
    let shown = town
        .signed_in("unit")
        .await
        .get(&format!("/desk/cases/{id}"))
        .await;
    assert!(
        shown.text.contains("重算时限") && shown.text.contains("城市节放假，不计"),
        "{}",
        shown.text
    );
    assert_eq!(working().await, before, "what is over keeps its working");
}

#[tokio::test]
async fn the_same_place_soon_again_is_a_relapse_and_a_known_number_is_not_taken_twice() {
    let home = Home::sqlite();
    let town = town(&home).await;
    let store = &town.store;
    let id = cover(store, town.clock.now(), "F-4", 0).await;
    let (dispatcher, county, verifier) = (
        town.signed_in("dispatcher").await,
        town.signed_in("unit").await,
        town.signed_in("verifier").await,
    );
    goes_out(&town, &id, "component-0101-2").await;
    act(&county, &id, "feedback", &[], &[photo(1)]).await;
    act(&verifier, &id, "verify", &[("yes", "yes")], &[]).await;
    act(&dispatcher, &id, "close", &[], &[]).await;
    town.clock.pass(86_400);
    let again = cover(store, town.clock.now(), "F-5", 0).await;
    let shown = town
        .signed_in("dispatcher")
        .await
        .get(&format!("/desk/cases/{again}"))
        .await;
    assert!(
        shown.text.contains(&format!("/desk/cases/{id}")),
        "{}",
        shown.text
    );
    // Each case names the other where it exists, and nowhere else.
    for (kind, fields) in [
        ("accept", &[][..]),
        ("register", &[("condition", "component-0101-2")]),
        ("dispatch", &[("unit", "421222"), ("text", "地界有出入")]),
    ] {
        let done = act(&dispatcher, &again, kind, fields, &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    let other = town.signed_in("tongcheng").await;
    for (who, case, named) in [
        (&dispatcher, &id, Some(&again)),
        (&county, &id, None),
        (&dispatcher, &again, Some(&id)),
        (&other, &again, None),
    ] {
        let page = who.get(&format!("/desk/cases/{case}")).await.text;
        let other_one = if case == &id { &again } else { &id };
        assert_eq!(page.contains(other_one.as_str()), named.is_some(), "{page}");
    }
    let page = other.get(&format!("/desk/cases/{again}")).await.text;
    for words in [
        "同类问题曾在此处结案",
        "立案条件",
        "结案条件",
        "113.944916,29.967697",
        r#"data-island="map""#,
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let hotline = |number: &str| NewCase {
        source: "hotline".into(),
        source_number: Some(number.into()),
        category: "gb30428/event/0101".into(),
        ..NewCase::default()
    };
    casework::report(store, town.clock.now(), "dispatcher", hotline("12345-1"))
        .await
        .unwrap();
    let twice = casework::report(store, town.clock.now(), "dispatcher", hotline("12345-1")).await;
    assert!(matches!(twice, Err(casework::Error::Refused(message)) if message.key == "case-known"));
}

#[tokio::test]
async fn a_case_repeats_what_its_right_category_says() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let (wrong, right) = ("gb30428/component/0101", "gb30428/component/0102");
        let reported = async |category: &str| {
            let new = NewCase {
                source: "patrol".into(),
                category: category.into(),
                place: "鱼岳镇发展大道".into(),
                lng: Some(1_139_395_000),
                lat: Some(299_704_000),
                county: Some(COUNTY.into()),
                ..NewCase::default()
            };
            let now = town.clock.now();
            casework::report(store, now, "dispatcher", new)
                .await
                .unwrap()
        };
        let (dispatcher, county, verifier) = (
            town.signed_in("dispatcher").await,
            town.signed_in("unit").await,
            town.signed_in("verifier").await,
        );
        let mut closed = vec![];
        for (category, condition) in [(wrong, "component-0101-2"), (right, "component-0102-1")] {
            let id = reported(category).await;
            goes_out(&town, &id, condition).await;
            act(&county, &id, "feedback", &[], &[photo(1)]).await;
            act(&verifier, &id, "verify", &[("yes", "yes")], &[]).await;
            let done = act(&dispatcher, &id, "close", &[], &[]).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
            closed.push(id);
        }
        town.clock.pass(86_400);
        let host = Viewer {
            role: Role::Host,
            login: "host".into(),
            name: String::new(),
            unit: None,
        };
        let repeats = async |id: &str| {
            let row = store.case(&host, town.clock.now(), id).await.unwrap();
            row.unwrap().new.relapse_of
        };
        let registers = async |id: &str, condition: &str, category: &str| {
            act(&dispatcher, id, "accept", &[], &[]).await;
            let fields = [("condition", condition), ("category", category)];
            let done = act(&dispatcher, id, "register", &fields, &[]).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        };
        // Reported under the other one's category, under its own, and under none.
        for category in [wrong, right, ""] {
            let id = reported(category).await;
            registers(&id, "component-0102-1", right).await;
            assert_eq!(
                repeats(&id).await.as_ref(),
                Some(&closed[1]),
                "{category:?}"
            );
        }
        // Of a category of which nothing was closed there, it repeats nothing.
        let id = reported(wrong).await;
        assert_eq!(repeats(&id).await.as_ref(), Some(&closed[0]));
        registers(&id, "component-0103-1", "gb30428/component/0103").await;
        assert_eq!(repeats(&id).await, None);
        // Said to repeat one, without a position, and registered wrongly: the mending brings that back.
        let new = NewCase {
            source: "patrol".into(),
            category: wrong.into(),
            place: "鱼岳镇发展大道".into(),
            county: Some(COUNTY.into()),
            relapse_of: Some(closed[0].clone()),
            ..NewCase::default()
        };
        let report = casework::report(store, town.clock.now(), "dispatcher", new);
        let mended = report.await.unwrap();
        registers(&mended, "component-0103-1", "gb30428/component/0103").await;
        assert_eq!(repeats(&mended).await, None);
        let fields = [
            ("condition", "component-0101-2"),
            ("category", wrong),
            ("text", "上报的类别无误"),
        ];
        let done = act(&dispatcher, &mended, "amend", &fields, &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(repeats(&mended).await.as_ref(), Some(&closed[0]));
        // The acts alone say so.
        let again = Home::sqlite();
        let rebuilt = again.open().await;
        rebuilt.rebuild_from(store).await.unwrap();
        for (id, before) in [(&id, None), (&mended, Some(&closed[0]))] {
            let row = rebuilt.case(&host, town.clock.now(), id).await.unwrap();
            assert_eq!(row.unwrap().new.relapse_of.as_ref(), before);
        }
    })
    .await;
}

#[tokio::test]
async fn list_and_page_show_the_same_lamp_and_it_counts_working_time() {
    let home = Home::sqlite();
    let town = town(&home).await;
    let id = cover(&town.store, town.clock.now(), "F-6", 0).await;
    // Thursday 18:00; four working hours are Friday 8:00 to 12:00.
    goes_out(&town, &id, "component-0101-2").await;
    for (hours, half, lamp) in [
        (14, 1, "green"),
        (2, 0, "green"),
        (1, 0, "yellow"),
        (1, 0, "red"),
    ] {
        town.clock.pass(hours * 3600 + half * 1800);
        let county = town.signed_in("unit").await;
        let list: Value = serde_json::from_str(&county.get_json("/desk/cases").await.text).unwrap();
        let page = county.get_json(&format!("/desk/cases/{id}")).await.text;
        let page: Value = serde_json::from_str(&page).unwrap();
        assert_eq!(list["cases"][0]["light"], page["line"]["light"]);
        assert_eq!(page["line"]["light"]["lamp"], lamp, "{page}");
    }
}

#[tokio::test]
async fn a_clock_that_is_a_little_slow_refuses_nobody() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let id = cover(store, town.clock.now(), "F-1", 0).await;
        goes_out(&town, &id, "component-0101-2").await;
        town.clock.pass(2 * 3600);
        let now = town.clock.now();
        let county = Viewer {
            role: Role::Unit,
            login: "unit".into(),
            name: String::new(),
            unit: Some(COUNTY.into()),
        };
        let does = async |earlier: i64, kind: Kind, ask: Ask| {
            let at = now - jiff::SignedDuration::from_secs(earlier);
            casework::act(store, at, &county, &id, kind, ask).await
        };
        does(0, Kind::SignFor, Ask::default()).await.unwrap();
        let down = Ask {
            unit: TOWNSHIP.into(),
            ..Ask::default()
        };
        let early = does(1800, Kind::PassDown, down.clone()).await;
        let said = match early {
            Err(casework::Error::Refused(message)) => message,
            other => panic!("{other:?}"),
        };
        assert_eq!(said.key, "case-before-the-last-act");
        does(290, Kind::PassDown, down).await.unwrap();
        let (steps, _) = store.case_history(&id).await.unwrap();
        assert!(steps.iter().rev().take(2).all(|step| step.at == now));
    })
    .await;
}

#[tokio::test]
async fn a_voided_case_shows_no_lamp_that_counts_on() {
    let home = Home::sqlite();
    let town = town(&home).await;
    let id = cover(&town.store, town.clock.now(), "F-6", 0).await;
    goes_out(&town, &id, "component-0101-2").await;
    town.clock.pass(5 * 86_400);
    let host = town.signed_in("host").await;
    let lamps = async || {
        let read = async |path: &str| -> Value {
            serde_json::from_str(&host.get_json(path).await.text).unwrap()
        };
        let list = read("/desk/cases").await;
        let page = read(&format!("/desk/cases/{id}")).await;
        let map = read("/desk/cases.geojson?zoom=16").await;
        [
            list["cases"][0]["light"]["lamp"].clone(),
            page["line"]["light"]["lamp"].clone(),
            map["features"][0]["properties"]["lamp"].clone(),
        ]
    };
    assert_eq!(lamps().await, ["red", "red", "red"]);
    act(&host, &id, "void", &[("text", "重复")], &[]).await;
    assert_eq!(lamps().await, ["none", "none", "none"]);
}

#[tokio::test]
async fn a_case_that_was_voided_while_it_rested_does_not_go_on() {
    on_both(async |home| {
        let town = town(home).await;
        let id = cover(&town.store, town.clock.now(), "F-7", 0).await;
        goes_out(&town, &id, "component-0101-3").await;
        let (county, host) = (town.signed_in("unit").await, town.signed_in("host").await);
        let frost = [("text", "等待配件"), ("until", "2022-04-11")];
        act(&county, &id, "ask-suspension", &frost, &[]).await;
        let asked = host.get(&format!("/desk/cases/{id}")).await.text;
        assert!(asked.contains("2022-04-11（含当日）"), "{asked}");
        act(&host, &id, "grant-suspension", &[], &[]).await;
        let page = async || host.get(&format!("/desk/cases/{id}")).await.text;
        assert!(page().await.contains("挂账至 2022-04-11（含当日）"));
        act(&host, &id, "void", &[("text", "重复")], &[]).await;
        assert!(!page().await.contains("期满自动恢复处置"));
        town.clock.pass(20 * 86_400);
        assert_eq!(
            casework::tick(&town.store, town.clock.now()).await.unwrap(),
            0
        );
    })
    .await;
}

#[tokio::test]
async fn a_form_that_is_sent_again_because_no_answer_came_is_done_once() {
    on_both(async |home| {
        let town = town(home).await;
        let id = cover(&town.store, town.clock.now(), "F-7", 0).await;
        goes_out(&town, &id, "component-0101-2").await;
        let (county, verifier, host) = (
            town.signed_in("unit").await,
            town.signed_in("verifier").await,
            town.signed_in("host").await,
        );
        let page = format!("/desk/cases/{id}");
        let seen = county.get(&page).await.hidden("seen");
        assert_eq!(seen, "4", "report, accept, register, dispatch");
        let acts = async || town.store.case_history(&id).await.unwrap().0.len();

        // Escalating is possible again and again: without a form that remembers, it is meant again.
        let graver = [("seen", seen.as_str()), ("text", "群众反映强烈")];
        let again = [graver[0], ("text", "领导批示")];
        for (fields, level) in [(&graver, 1), (&graver, 1), (&again, 2), (&again, 2)] {
            let done = act(&host, &id, "escalate", fields, &[]).await;
            assert_eq!(
                (done.status, done.location()),
                (StatusCode::SEE_OTHER, page.as_str())
            );
            let (_, life) = town.store.case_history(&id).await.unwrap();
            assert_eq!(life.level, level);
        }
        act(&host, &id, "escalate", &graver[1..], &[]).await;
        assert_eq!(acts().await, 7);

        // Many at once are one.
        let (host, id) = (std::sync::Arc::new(host), id.clone());
        let race = (0..8).map(|_| {
            let (host, id) = (host.clone(), id.clone());
            tokio::spawn(async move {
                let fields = [("seen", "7"), ("text", "同时提交")];
                act(&host, &id, "supervise", &fields, &[]).await.status
            })
        });
        for one in race.collect::<Vec<_>>() {
            assert_eq!(one.await.unwrap(), StatusCode::SEE_OTHER);
        }
        assert_eq!(town.store.case_history(&id).await.unwrap().0.len(), 8);

        // Handled, and thrown back before the form comes a second time: that is not a second handling.
        let handled = [("seen", "8"), ("text", "已更换")];
        act(&county, &id, "feedback", &handled, &[photo(1)]).await;
        let failed = [("seen", "9"), ("yes", "no"), ("text", "仍有响声")];
        act(&verifier, &id, "verify", &failed, &[]).await;
        let again = act(&county, &id, "feedback", &handled, &[photo(1)]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        let again = act(&verifier, &id, "verify", &failed, &[]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text);
        let (steps, life) = town.store.case_history(&id).await.unwrap();
        assert_eq!((steps.len(), life.stage), (10, Stage::Dispatched));

        // With another photo it is another handling; what was never done is refused as ever.
        act(&county, &id, "feedback", &handled, &[photo(2)]).await;
        let late = act(&county, &id, "feedback", &handled, &[photo(3)]).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        let (steps, life) = town.store.case_history(&id).await.unwrap();
        assert_eq!((steps.len(), life.stage), (11, Stage::Handled));
        let kept = yuekao::store::digest(photo(3));
        assert!(town.store.photo(&kept).await.unwrap().is_none());
    })
    .await;
}

/// What the evaluation has of a finding.
async fn finding(town: &Town, id: &str) -> Vec<String> {
    let row = town.store.evidence_row("xianning", "findings", id).await;
    row.unwrap().unwrap()
}

#[tokio::test]
async fn what_does_not_become_a_case_leaves_the_score() {
    on_both(async |home| {
        let town = town(home).await;
        let id = cover(&town.store, town.clock.now(), "F-1", 0).await;
        let (dispatcher, verifier) = (
            town.signed_in("dispatcher").await,
            town.signed_in("verifier").await,
        );
        act(&dispatcher, &id, "accept", &[], &[]).await;
        act(&dispatcher, &id, "order-check", &[], &[]).await;
        let denied = [("yes", "no"), ("text", "井盖完好")];
        act(&verifier, &id, "check", &denied, &[]).await;
        assert_eq!(finding(&town, "F-1").await[14], "", "nothing is decided");
        let look = [("act", "reject"), ("case", id.as_str())];
        let look = dispatcher.post("/desk/cases/bulk", &look).await.text;
        assert!(look.contains("上报的市民看不到"), "{look}");
        // No citizen reported it: there is nobody to tell.
        let why = [("text", "经核实不存在"), ("told", "谢谢您的上报")];
        let done = act(&dispatcher, &id, "reject", &why, &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let page = dispatcher.get(&format!("/desk/cases/{id}")).await.text;
        assert!(
            page.contains("经核实不存在") && !page.contains("告知市民"),
            "{page}"
        );
        assert_eq!(finding(&town, "F-1").await[14], "rejected");
    })
    .await;
}

#[tokio::test]
async fn a_relapse_that_is_none_under_the_right_category_leaves_the_score() {
    on_both(async |home| {
        let town = town(home).await;
        let before = cover(&town.store, town.clock.now(), "F-1", 0).await;
        goes_out(&town, &before, "component-0101-2").await;
        let (dispatcher, county, verifier) = (
            town.signed_in("dispatcher").await,
            town.signed_in("unit").await,
            town.signed_in("verifier").await,
        );
        act(&county, &before, "feedback", &[], &[photo(1)]).await;
        act(&verifier, &before, "verify", &[("yes", "yes")], &[]).await;
        act(&dispatcher, &before, "close", &[], &[]).await;
        town.clock.pass(86_400);
        let id = cover(&town.store, town.clock.now(), "F-2", 0).await;
        act(&dispatcher, &id, "accept", &[], &[]).await;
        assert_eq!(finding(&town, "F-2").await[12], "1");
        let fields = [
            ("condition", "component-0103-1"),
            ("category", "gb30428/component/0103"),
        ];
        act(&dispatcher, &id, "register", &fields, &[]).await;
        assert_eq!(finding(&town, "F-2").await[12], "0");
    })
    .await;
}

#[tokio::test]
async fn the_department_that_was_chosen_goes_beside_the_unit_of_the_routes() {
    on_both(async |home| {
        let town = town(home).await;
        let now = town.clock.now();
        let bureau = vec![unit("D02", "住建部门", "department", Some("421200"))];
        town.store.set_units(now, "console", bureau).await.unwrap();
        let id = cover(&town.store, now, "F-1", 0).await;
        let dispatcher = town.signed_in("dispatcher").await;
        act(&dispatcher, &id, "accept", &[], &[]).await;
        let condition = [("condition", "component-0101-2")];
        act(&dispatcher, &id, "register", &condition, &[]).await;
        // The routes name the water department beside the county.
        let silent = act(&dispatcher, &id, "dispatch", &[("department", "D02")], &[]).await;
        assert!(silent.text.contains("必须写明理由"), "{}", silent.text);
        let fields = [("department", "D02"), ("text", "属道路井盖")];
        act(&dispatcher, &id, "dispatch", &fields, &[]).await;
        let host = viewer(Role::Host, None);
        let row = town.store.case(&host, now, &id).await.unwrap().unwrap();
        assert_eq!(
            (row.unit.as_deref(), row.department.as_deref()),
            (Some(COUNTY), Some("D02"))
        );
        // Who names the routes' own unit follows them in the department, without a reason; sent again, it is the same.
        let id = cover(&town.store, now, "F-2", 0).await;
        act(&dispatcher, &id, "accept", &[], &[]).await;
        act(&dispatcher, &id, "register", &condition, &[]).await;
        for _ in 0..2 {
            let fields = [("seen", "3"), ("unit", COUNTY)];
            let done = act(&dispatcher, &id, "dispatch", &fields, &[]).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        }
        let row = town.store.case(&host, now, &id).await.unwrap().unwrap();
        assert_eq!(
            (
                row.unit.as_deref(),
                row.department.as_deref(),
                row.dispatches
            ),
            (Some(COUNTY), Some(WATER), 1)
        );
        // That there is to be none is said, with a reason.
        let id = cover(&town.store, now, "F-3", 0).await;
        act(&dispatcher, &id, "accept", &[], &[]).await;
        act(&dispatcher, &id, "register", &condition, &[]).await;
        let none = [("department", "-"), ("text", "县里自行处置")];
        let silent = act(&dispatcher, &id, "dispatch", &none[..1], &[]).await;
        assert!(
            silent.text.contains("必须写明理由") && silent.text.contains("value=\"-\" selected"),
            "{}",
            silent.text
        );
        act(&dispatcher, &id, "dispatch", &none, &[]).await;
        let row = town.store.case(&host, now, &id).await.unwrap().unwrap();
        assert_eq!(
            (row.unit.as_deref(), row.department.as_deref()),
            (Some(COUNTY), None)
        );
    })
    .await;
}

#[tokio::test]
async fn a_department_handles_what_is_dispatched_to_it() {
    on_both(async |home| {
        let town = town(home).await;
        let now = town.clock.now();
        let duty = Duty::new("water", Role::Unit, Some(WATER)).unwrap();
        let hash = yuekao::password::hash(PASSWORD);
        let account = town
            .store
            .create_account(now, "console", "water", duty, Some(hash), false);
        account.await.unwrap();
        let (dispatcher, water) = (
            town.signed_in("dispatcher").await,
            town.signed_in("water").await,
        );
        let counted = async |id: &str| {
            let row = town.store.evidence_row("departments", "cases", id).await;
            row.unwrap().map(|cells| cells[1].clone())
        };
        // By hand, as the page offers it.
        let id = cover(&town.store, now, "F-1", 0).await;
        act(&dispatcher, &id, "accept", &[], &[]).await;
        let condition = [("condition", "component-0101-2")];
        act(&dispatcher, &id, "register", &condition, &[]).await;
        let page = dispatcher.get(&format!("/desk/cases/{id}")).await.text;
        let (_, units) = page.split_once("<select id=\"unit\"").unwrap();
        let (units, _) = units.split_once("</select>").unwrap();
        assert!(units.contains("<option value=\"D01\">水务部门"), "{units}");
        let fields = [("unit", WATER), ("text", "属供水设施")];
        act(&dispatcher, &id, "dispatch", &fields, &[]).await;
        assert_eq!(count(&water, "due=mine").await, 1);
        assert_eq!(counted(&id).await.as_deref(), Some(WATER));
        let page = water.get(&format!("/desk/cases/{id}")).await.text;
        assert!(!page.contains("水务部门 · 水务部门"), "{page}");
        let done = act(&water, &id, "feedback", &[], &[photo(1)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);

        // By a route that names nothing but the department.
        let mut rules = casework::default::rules();
        rules.routes += &format!("water,gb30428/component/0101,,{WATER},,2020-01-01,,\n");
        rules.counted = vec![CountedIn {
            series: "departments".into(),
            by_department: true,
        }];
        let adopted = casework::adopt(&town.store, now, "host", rules).await;
        adopted.unwrap().unwrap();
        let id = cover(&town.store, now, "F-2", 0).await;
        goes_out(&town, &id, "component-0101-2").await;
        assert_eq!(count(&water, "due=mine").await, 1);
        assert_eq!(counted(&id).await.as_deref(), Some(WATER));
    })
    .await;
}

#[tokio::test]
async fn a_case_at_the_wrong_unit_is_recalled_and_its_registration_mended() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let id = cover(store, town.clock.now(), "F-1", 0).await;
        goes_out(&town, &id, "component-0101-2").await;
        let (dispatcher, county, tongcheng) = (
            town.signed_in("dispatcher").await,
            town.signed_in("unit").await,
            town.signed_in("tongcheng").await,
        );
        act(&county, &id, "pass-down", &[("unit", TOWNSHIP)], &[]).await;
        let (_, before) = store.case_history(&id).await.unwrap();
        town.clock.pass(600);

        let bare = act(&dispatcher, &id, "recall", &[], &[]).await;
        assert!(bare.text.contains("撤回派遣必须写明理由"), "{}", bare.text);
        let why = [("text", "地点属通城县，且井盖缺失")];
        let done = act(&dispatcher, &id, "recall", &why, &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(count(&dispatcher, "stage=registered").await, 1);
        assert_eq!(count(&county, "due=mine").await, 0);
        let told = async |code: &str| {
            let unit = viewer(Role::Unit, Some(code));
            let told = store.case_messages(&unit, town.clock.now(), None, 1).await;
            told.unwrap()[0].kind.clone()
        };
        for code in [COUNTY, TOWNSHIP, WATER] {
            assert_eq!(told(code).await, "recalled", "{code}");
        }
        let counted = store.evidence_row("departments", "cases", &id).await;
        assert_eq!(counted.unwrap(), None);

        // Under its right category and condition; the clock is the case's and runs on.
        let (wrong, right) = ("gb30428/component/0101", "gb30428/component/0102");
        let fields = [
            ("condition", "component-0102-1"),
            ("category", right),
            ("text", "实为另一类井盖"),
        ];
        let done = act(&dispatcher, &id, "amend", &fields, &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        for (code, n) in [(wrong, 0), (right, 1)] {
            let list = count(&dispatcher, &format!("category={code}")).await;
            let map = format!("/desk/cases.geojson?zoom=9&category={code}");
            let map: Value = serde_json::from_str(&dispatcher.get(&map).await.text).unwrap();
            assert_eq!((list, map["count"].as_i64()), (n, Some(n)), "{code}");
        }
        let fields = [("unit", "421222"), ("text", "属通城县")];
        act(&dispatcher, &id, "dispatch", &fields, &[]).await;
        assert_eq!(count(&tongcheng, "due=mine").await, 1);
        let (_, life) = store.case_history(&id).await.unwrap();
        assert_eq!(life.dispatched_at, before.dispatched_at);
        assert_ne!(life.limit, before.limit);
        let practice = casework::Practice::of(store).await.unwrap();
        let reckoned = life.clock().unwrap().deadline(&practice.calendar).unwrap();
        assert_eq!(life.due_at, Some(reckoned.at));
        let page = dispatcher.get(&format!("/desk/cases/{id}")).await.text;
        for words in ["更正立案", "类别改为", "已派遣 1 次", "撤回派遣 1 次"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        // The acts alone say so.
        let again = Home::sqlite();
        let rebuilt = again.open().await;
        rebuilt.rebuild_from(store).await.unwrap();
        let host = viewer(Role::Host, None);
        let (now, there) = (town.clock.now(), store.case(&host, town.clock.now(), &id));
        assert_eq!(
            rebuilt.case(&host, now, &id).await.unwrap(),
            there.await.unwrap()
        );
    })
    .await;
}

#[tokio::test]
async fn a_case_stays_with_the_unit_that_asked_until_it_is_answered() {
    on_both(async |home| {
        let town = town(home).await;
        let id = cover(&town.store, town.clock.now(), "F-1", 0).await;
        goes_out(&town, &id, "component-0101-2").await;
        let (host, county, township) = (
            town.signed_in("host").await,
            town.signed_in("unit").await,
            town.signed_in("township").await,
        );
        let asks = [("text", "等待配件")];
        let (down, back) = ([("unit", TOWNSHIP)], [("text", "县里统一处置")]);
        let refuses = [("text", "配件已到")];
        let stays = "答复之前，案件由提出申请的单位承办";
        let path = format!("/desk/cases/{id}");
        for (who, kind, fields, refused) in [
            (&county, "ask-extension", &asks, false),
            (&county, "pass-down", &down, true),
            (&host, "refuse-request", &refuses, false),
            (&county, "pass-down", &down, false),
            (&township, "ask-extension", &asks, false),
            (&county, "take-back", &back, true),
            (&host, "refuse-request", &refuses, false),
            (&county, "take-back", &back, false),
        ] {
            if refused {
                let page = who.get(&path).await.text;
                assert!(page.contains(stays), "{kind} is offered: {page}");
            }
            let answer = act(who, &id, kind, fields, &[]).await;
            let status = match refused {
                true => StatusCode::UNPROCESSABLE_ENTITY,
                false => StatusCode::SEE_OTHER,
            };
            assert_eq!(answer.status, status, "{kind}: {}", answer.text);
        }
        // The unit may still give it back: then it asks for nothing more.
        act(&county, &id, "ask-extension", &asks, &[]).await;
        let given = act(&county, &id, "return", &asks, &[]).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
        assert_eq!(count(&host, "due=asked").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_rest_ends_on_its_day_or_with_the_handling() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let (county, host, verifier) = (
            town.signed_in("unit").await,
            town.signed_in("host").await,
            town.signed_in("verifier").await,
        );
        let due = async |id: &str| store.case_history(id).await.unwrap().1.due_at.unwrap();
        let rests = async |finding: &str| {
            let id = cover(store, town.clock.now(), finding, 0).await;
            goes_out(&town, &id, "component-0101-3").await;
            let before = due(&id).await;
            let frost = [("text", "等待配件"), ("until", "2022-04-11")];
            act(&county, &id, "ask-suspension", &frost, &[]).await;
            act(&host, &id, "grant-suspension", &[], &[]).await;
            (id, before)
        };
        let ((forgotten, _), (done, before)) = (rests("F-1").await, rests("F-2").await);
        let granted = due(&forgotten).await;
        town.clock.pass(4 * 86_400);
        // The parts came sooner.
        let fixed = act(
            &county,
            &done,
            "feedback",
            &[("text", "已更换")],
            &[photo(1)],
        )
        .await;
        assert_eq!(fixed.status, StatusCode::SEE_OTHER, "{}", fixed.text);
        let moved = due(&done).await;
        assert!(before < moved && moved < granted, "{before} {moved}");
        let still = [("yes", "no"), ("text", "仍有响声")];
        act(&verifier, &done, "verify", &still, &[]).await;
        assert_eq!(due(&done).await, moved);
        // The server was down on the day.
        town.clock.pass(10 * 86_400);
        casework::tick(store, town.clock.now()).await.unwrap();
        let (_, life) = store.case_history(&forgotten).await.unwrap();
        assert_eq!(
            (life.stage, life.due_at),
            (Stage::Dispatched, Some(granted))
        );
        assert_eq!(life.pauses[0].1.unwrap().to_string(), "2022-04-12T00:00:00");
    })
    .await;
}

#[tokio::test]
async fn new_rules_leave_what_was_handled_until_it_fails() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let (county, verifier) = (
            town.signed_in("unit").await,
            town.signed_in("verifier").await,
        );
        let id = cover(store, town.clock.now(), "F-1", 0).await;
        goes_out(&town, &id, "component-0101-2").await;
        act(&county, &id, "feedback", &[], &[photo(1)]).await;
        let view = async || {
            let page = county.get_json(&format!("/desk/cases/{id}")).await;
            let page: Value = serde_json::from_str(&page.text).unwrap();
            page["deadline"].clone()
        };
        let before = view().await;
        town.clock.pass(60);
        let adopted = casework::adopt(store, town.clock.now(), "host", with_a_holiday()).await;
        adopted.unwrap().unwrap();
        assert_eq!(casework::tick(store, town.clock.now()).await.unwrap(), 0);
        assert_eq!(view().await, before, "with its working");
        let still = [("yes", "no"), ("text", "仍有响声")];
        act(&verifier, &id, "verify", &still, &[]).await;
        let due = store.case_history(&id).await.unwrap().1.due_at.unwrap();
        assert_eq!(due.to_string(), "2022-04-02T12:00:00");
    })
    .await;
}

#[tokio::test]
async fn what_was_handled_late_stays_late_under_a_holiday_that_is_announced_later() {
    let home = Home::sqlite();
    let town = town(&home).await;
    let store = &town.store;
    let id = cover(store, town.clock.now(), "F-1", 0).await;
    // Thursday 18:00; due on Friday at 12:00, handled at 13:00.
    goes_out(&town, &id, "component-0101-2").await;
    town.clock.pass(19 * 3600);
    let county = town.signed_in("unit").await;
    act(&county, &id, "feedback", &[], &[photo(1)]).await;
    let light = async || {
        let list = county.get_json("/desk/cases").await;
        let list: Value = serde_json::from_str(&list.text).unwrap();
        list["cases"][0]["light"].clone()
    };
    let before = light().await;
    assert_eq!(before["lamp"], "red", "{before}");
    let adopted = casework::adopt(store, town.clock.now(), "host", with_a_holiday()).await;
    adopted.unwrap().unwrap();
    casework::tick(store, town.clock.now()).await.unwrap();
    assert_eq!(light().await, before);
}
