//! Grids: who answers for a place on a day, files of grids, and what each may see of them.

use assessment::case::life::Kind;
use assessment::case::rates::Period;
use assessment::place::Point;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use yuekao::casework::{self, Ask};
use yuekao::store::account::Duty;
use yuekao::store::case::NewCase;
use yuekao::store::case::rates::By;
use yuekao::store::grid::{DutyRow, GridRow, PatrolRow};
use yuekao::store::unit::UnitRow;
use yuekao::store::{Error, Store};
use yuekao::viewer::{Role, Viewer};

use crate::act::at;
use crate::databases::{Home, on_both};
use crate::town::{Answer, PASSWORD, Town, Visitor};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// 嘉鱼县, with a township and two communities; and 赤壁市, which is somebody else's.
async fn found_units(store: &Store) {
    let unit = |code: &str, name: &str, kind: &str, parent: Option<&str>| UnitRow {
        code: code.into(),
        valid_from: "2020-09".into(),
        valid_to: None,
        name: name.into(),
        name_en: None,
        kind: kind.into(),
        parent: parent.map(Into::into),
        lon: None,
        lat: None,
        datum: None,
        attributes: Default::default(),
    };
    let units = vec![
        unit("421221", "嘉鱼县", "county", None),
        unit("421221103000", "鱼岳镇", "township", Some("421221")),
        unit("421221103001", "甲社区", "community", Some("421221103000")),
        unit("421221103002", "乙社区", "community", Some("421221103000")),
        unit("421281", "赤壁市", "county", None),
        unit("421281001001", "丙社区", "community", Some("421281")),
    ];
    store.set_units(at(0), "console", units).await.unwrap();
}

/// The text of a rectangle, in thousandths of a degree from a corner in 嘉鱼县.
fn rectangle([west, south, east, north]: [f64; 4]) -> String {
    let at = |x: f64, y: f64| format!("[{:.7},{:.7}]", 113.93 + x / 1e3, 29.97 + y / 1e3);
    let ring = [
        at(west, south),
        at(east, south),
        at(east, north),
        at(west, north),
        at(west, south),
    ];
    format!(
        "{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}}",
        ring.join(",")
    )
}

fn place(x: f64, y: f64) -> Point {
    Point::of_degrees(113.93 + x / 1e3, 29.97 + y / 1e3)
}

fn grid(id: &str, unit: &str, from: &str, sides: [f64; 4]) -> GridRow {
    let drawing = yuekao::ground::read::drawing(&rectangle(sides)).unwrap();
    GridRow {
        id: id.into(),
        valid_from: from.into(),
        valid_to: None,
        name: format!("{id}号网格"),
        unit: unit.into(),
        kind: "area".into(),
        cell: None,
        size: drawing.size(),
        geometry: drawing.text(),
        synthetic: false,
        source: String::new(),
    }
}

fn chief(grid: &str, duty: &str, login: &str, from: &str) -> DutyRow {
    DutyRow {
        grid: grid.into(),
        duty: duty.into(),
        part: String::new(),
        valid_from: from.into(),
        valid_to: None,
        holder_kind: "chief".into(),
        holder: login.into(),
        name: format!("路长{login}"),
        level: Some(3),
        things: String::new(),
        patrols_per_week: 5,
    }
}

async fn lay(store: &Store, grids: Vec<GridRow>, duties: Vec<DutyRow>) -> (usize, usize) {
    store
        .set_grids(at(1), "host", "划定", grids, duties, None)
        .await
        .unwrap()
}

/// Who holds what at a place on a day: `grid community: duty name, …`.
async fn say(store: &Store, point: Point, on: &str) -> String {
    let found = store.locate(point, day(on)).await.unwrap();
    let code =
        |named: Option<yuekao::ground::Named>| named.map_or("-".to_owned(), |named| named.code);
    let holders: Vec<_> = found
        .holders
        .iter()
        .map(|row| format!("{} {}", row.duty, row.name))
        .collect();
    format!(
        "{} {}: {}",
        code(found.at.grid),
        code(found.at.community),
        holders.join(", ")
    )
}

#[tokio::test]
async fn a_place_has_the_grid_and_the_holders_of_its_day() {
    on_both(async |home| {
        let store = home.open().await;
        found_units(&store).await;
        let (a, b) = ("421221103001", "421221103002");
        let grids = vec![grid("A", a, "2021-01-01", [0., 0., 1., 1.]), grid("B", b, "2021-01-01", [1., 0., 2., 1.])];
        let duties = vec![
            chief("A", "management", "lu1", "2021-01-01"),
            chief("A", "responsibility", "lu2", "2021-06-01"),
        ];
        assert_eq!(lay(&store, grids.clone(), duties.clone()).await, (2, 2));
        assert_eq!(lay(&store, grids, duties).await, (0, 0), "the same again changes nothing");
        #[rustfmt::skip]
        let cases = [
            (place(0.5, 0.5), "2020-12-31", "- -: "),
            (place(0.5, 0.5), "2021-01-01", "A 421221103001: management 路长lu1"),
            (place(0.5, 0.5), "2021-06-01", "A 421221103001: management 路长lu1, responsibility 路长lu2"),
            (place(1.0, 0.5), "2021-01-01", "A 421221103001: management 路长lu1"),
            (place(1.5, 0.5), "2021-01-01", "B 421221103002: "),
            (place(2.5, 0.5), "2021-01-01", "- -: "),
        ];
        for (point, on, expected) in cases {
            assert_eq!(say(&store, point, on).await, expected, "{on}");
        }
        // In 2022 the grid is drawn anew and the chief changes; the days before stay as they were.
        let wider = vec![grid("A", a, "2022-01-01", [0., 0., 1., 3.])];
        assert_eq!(lay(&store, wider, vec![chief("A", "management", "lu3", "2022-01-01")]).await, (1, 1));
        assert_eq!(say(&store, place(0.5, 2.0), "2021-12-31").await, "- -: ");
        assert_eq!(
            say(&store, place(0.5, 2.0), "2022-01-01").await,
            "A 421221103001: management 路长lu3, responsibility 路长lu2"
        );
        assert_eq!(
            say(&store, place(0.5, 0.5), "2021-12-31").await,
            "A 421221103001: management 路长lu1, responsibility 路长lu2"
        );
        // Another server on the same database sees it at once.
        let other = home.open().await;
        assert_eq!(say(&other, place(1.5, 0.5), "2022-01-01").await, "B 421221103002: ");
        lay(&store, vec![grid("B", b, "2022-02-01", [5., 5., 6., 6.])], vec![]).await;
        assert_eq!(say(&other, place(1.5, 0.5), "2022-02-01").await, "- -: ");
    })
    .await;
}

#[tokio::test]
async fn the_last_day_of_the_calendar_is_no_end_and_harms_nobody() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        found_units(&town.store).await;
        // As an earlier version may have left it: for good, written as a day.
        let forever = GridRow {
            valid_to: Some("9999-12-31".into()),
            ..grid("A", "421221103001", "2021-01-01", [0., 0., 1., 1.])
        };
        let duty = DutyRow {
            valid_to: Some("9999-12-31".into()),
            ..chief("A", "management", "chief", "2021-01-01")
        };
        let area = yuekao::store::area::AreaRow {
            unit: "421221".into(),
            valid_from: "2021-01".into(),
            valid_to: Some("9999-12".into()),
            geometry: forever.geometry.clone(),
            source: String::new(),
        };
        lay(&town.store, vec![forever], vec![duty]).await;
        town.store
            .set_areas(at(1), "host", vec![area])
            .await
            .unwrap();
        assert_eq!(
            say(&town.store, place(0.5, 0.5), "2022-03-01").await,
            "A 421221103001: management 路长chief"
        );
        let host = town.signed_in("host").await;
        assert_eq!(host.get("/desk/grids/A").await.status, StatusCode::OK);
        let text = features(&[("B", "甲社区", [1., 0., 2., 1.])]);
        let text = text.replace("\"unit\"", "\"to\":\"9999-12-31\",\"unit\"");
        let agreed = [("take", "yes"), ("reason", "划定"), ("misfits", "yes")];
        let taken = upload(&host, &[("网格.geojson", &text)], &agreed).await;
        assert!(taken.text.contains("已导入"), "{}", taken.text);
        let spans = town.store.grids().await.unwrap();
        assert_eq!((spans[1].id.as_str(), &spans[1].valid_to), ("B", &None));
        for day in ["0000-01-01", "-000001-01-01", "10000-01-01"] {
            for page in ["/desk/grids", "/desk/grids/A", "/desk/grids/locate"] {
                let answer = host
                    .get(&format!("{page}?day={day}&lng=113.9305&lat=29.9705"))
                    .await;
                assert_eq!(
                    answer.status,
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "{page} {day}"
                );
                assert!(answer.text.contains("不是日期"), "{}", answer.text);
            }
        }
        let old = host.get("/desk/grids?day=0001-01-01").await;
        assert_eq!(old.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn the_first_file_of_a_grid_does_not_open_its_old_drawing_again() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        found_units(&town.store).await;
        let host = town.signed_in("host").await;
        let first = features(&[("A", "甲社区", [0., 0., 1., 1.])]);
        let agreed = [("take", "yes"), ("reason", "划定"), ("changes", "yes")];
        upload(&host, &[("网格.geojson", &first)], &agreed).await;
        let wider = grid("A", "421221103001", "2022-05-01", [0., 0., 1., 2.]);
        lay(&town.store, vec![wider], vec![]).await;
        let days = async || {
            let spans = town.store.grids().await.unwrap();
            let days = spans.iter().map(|span| {
                let to = span.valid_to.as_deref().unwrap_or_default();
                format!("{} – {to}", span.valid_from)
            });
            days.collect::<Vec<_>>()
        };
        let drawn = ["2022-03-01 – 2022-04-30", "2022-05-01 – "];
        assert_eq!(days().await, drawn);
        let again = upload(&host, &[("网格.geojson", &first)], &agreed).await;
        assert!(again.text.contains("没有新的内容"), "{}", again.text);
        // With another name it is a change of the old drawing, which ends all the same.
        let renamed = first.replace("A号网格", "老街");
        upload(&host, &[("网格.geojson", &renamed)], &agreed).await;
        assert_eq!(days().await, drawn);
        assert_eq!(town.store.grids().await.unwrap()[0].name, "老街");
    })
    .await;
}

#[tokio::test]
async fn a_grid_that_has_ended_is_nobodys() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        found_units(&town.store).await;
        // The clock stands at Thursday, 2022-03-31; the grid ended on Sunday, the 13th, and its duty was left open.
        let ended = GridRow {
            valid_to: Some("2022-03-13".into()),
            ..grid("A", "421221103001", "2021-01-01", [0., 0., 1., 1.])
        };
        let other = grid("B", "421221103001", "2021-01-01", [1., 0., 2., 1.]);
        let duties = vec![
            chief("A", "responsibility", "chief", "2021-01-01"),
            DutyRow {
                patrols_per_week: 0,
                ..chief("B", "responsibility", "chief", "2021-01-01")
            },
        ];
        lay(&town.store, vec![ended, other], duties).await;
        let today = day("2022-03-31");
        let held = town.store.duties_of_chief("chief", today).await.unwrap();
        let grids: Vec<_> = held.iter().map(|duty| duty.grid.as_str()).collect();
        assert_eq!(grids, ["B"]);
        assert_eq!(
            town.store
                .duties_on("A", day("2022-03-13"))
                .await
                .unwrap()
                .len(),
            1
        );
        // Of the last four full weeks it was there in two.
        let chiefs = town
            .signed_in("host")
            .await
            .get_json("/desk/chiefs")
            .await
            .text;
        let chiefs: serde_json::Value = serde_json::from_str(&chiefs).unwrap();
        let line = &chiefs["chiefs"][0];
        assert_eq!(line["grids"], serde_json::json!(["B"]));
        assert_eq!(line["record"]["patrols_due"], 10, "{line}");
        assert_eq!(line["week"], serde_json::json!([0, 0]));
    })
    .await;
}

#[tokio::test]
async fn a_patrol_counts_once_a_day_and_in_the_grid() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        found_units(&town.store).await;
        lay(
            &town.store,
            vec![grid("A", "421221103001", "2021-01-01", [0., 0., 1., 1.])],
            vec![chief("A", "responsibility", "chief", "2021-01-01")],
        )
        .await;
        let inside = Some((1_139_305_000, 299_705_000));
        let outside = Some((1_139_405_000, 299_705_000));
        // In one week of March: four clicks of one day, and one each of others, two of them elsewhere or nowhere.
        let walks = [
            ("2022-03-21", inside),
            ("2022-03-21", inside),
            ("2022-03-21", inside),
            ("2022-03-21", inside),
            ("2022-03-22", inside),
            ("2022-03-23", outside),
            ("2022-03-24", None),
        ];
        for (at, (on, place)) in walks.into_iter().enumerate() {
            let when: Timestamp = format!("{on}T02:0{at}:00Z").parse().unwrap();
            let patrol = PatrolRow {
                grid: "A".into(),
                chief: "chief".into(),
                at: 0,
                place,
                accuracy_m: None,
                inside: None,
                note: String::new(),
            };
            let id = format!("p{at}");
            town.store
                .record_patrol(when, day(on), &id, patrol)
                .await
                .unwrap();
        }
        let host = town.signed_in("host").await;
        let chiefs = host.get_json("/desk/chiefs").await.text;
        let chiefs: serde_json::Value = serde_json::from_str(&chiefs).unwrap();
        let record = &chiefs["chiefs"][0]["record"];
        let number = |name: &str| record[name].as_i64().unwrap();
        assert_eq!((number("patrols_done"), number("patrols_due")), (2, 20));
        assert_eq!(
            (number("patrols_outside"), number("patrols_unplaced")),
            (1, 1)
        );
        let page = host.get("/desk/chiefs").await.text;
        assert!(
            page.contains("网格外／无位置") && page.contains(">1 / 1<"),
            "{page}"
        );
    })
    .await;
}

#[tokio::test]
async fn who_lost_a_grid_sees_what_it_was_and_nothing_since() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        found_units(&town.store).await;
        // The grid was in 嘉鱼县 and its chief's until the end of February; now it is 赤壁市's and another's.
        let before = grid("A", "421221103001", "2021-01-01", [0., 0., 1., 1.]);
        let since = GridRow {
            name: "新网格".into(),
            ..grid("A", "421281001001", "2022-03-01", [0., 0., 1., 2.])
        };
        let duties = vec![
            chief("A", "management", "chief", "2021-01-01"),
            chief("A", "management", "later", "2022-03-01"),
        ];
        lay(&town.store, vec![before], vec![]).await;
        lay(&town.store, vec![since], duties).await;
        let patrol = PatrolRow {
            grid: "A".into(),
            chief: "later".into(),
            at: 0,
            place: None,
            accuracy_m: None,
            inside: None,
            note: "后来的巡查".into(),
        };
        let today = day("2022-03-31");
        town.store
            .record_patrol(town.clock.now(), today, "p1", patrol)
            .await
            .unwrap();
        for login in ["chief", "unit"] {
            let visitor = town.signed_in(login).await;
            for page in ["/desk/grids/A", "/desk/grids/A?day=2022-03-01"] {
                assert_eq!(
                    visitor.get(page).await.status,
                    StatusCode::NOT_FOUND,
                    "{login} {page}"
                );
            }
            for text in [
                visitor.get("/desk/grids/A?day=2022-02-28").await.text,
                visitor.get_json("/desk/grids/A?day=2022-02-28").await.text,
            ] {
                assert!(
                    text.contains("A号网格") && text.contains("路长chief"),
                    "{login}: {text}"
                );
                for later in ["新网格", "路长later", "后来的巡查", "划定“"] {
                    assert!(!text.contains(later), "{login} {later}: {text}");
                }
            }
        }
        let host = town.signed_in("host").await;
        let text = host.get("/desk/grids/A?day=2022-02-28").await.text;
        assert!(
            text.contains("路长later") && text.contains("后来的巡查"),
            "{text}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_closed_account_holds_no_grid() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        found_units(&town.store).await;
        lay(
            &town.store,
            vec![grid("A", "421221103001", "2021-01-01", [0., 0., 1., 1.])],
            ["management", "operation", "enforcement", "responsibility"]
                .map(|duty| chief("A", duty, "chief", "2021-01-01"))
                .into(),
        )
        .await;
        let host = town.signed_in("host").await;
        let gaps = async || host.get_json("/desk/grids?gaps=yes").await.text.contains("\"A\"");
        assert!(!gaps().await);
        // What is sought is a text and no pattern, in either size of letters.
        for (text, found) in [("a", 1), ("A", 1), ("%", 0), ("_", 0), ("!", 0), ("\\", 0)] {
            let asked = yuekao::store::grid::Asked {
                day: "2022-03-01".into(),
                text: text.into(),
                ..Default::default()
            };
            let viewer = yuekao::viewer::Viewer {
                role: yuekao::viewer::Role::Host,
                ..yuekao::viewer::Viewer::console()
            };
            let grids = town.store.asked_grids(&viewer, &asked, 9, 0).await.unwrap();
            assert_eq!(grids.1, found, "{text}: {grids:?}");
        }
        let now = town.clock.now();
        town.store.disable_account(now, "security", "chief").await.unwrap();
        assert!(gaps().await, "nobody can sign in as its chief");
        let page = host.get("/desk/grids/A").await.text;
        assert!(page.contains("“管理”由“路长chief”承担，但其账号已停用"), "{page}");
        let page = host.get("/desk/chiefs").await.text;
        assert!(page.contains("账号不可用") && page.contains("移交职责"), "{page}");
        // It can be given nothing more, by file, by form, or by handing over; nor can one that is no chief's.
        for (login, said) in [
            ("chief", "登录名“chief”的账号已停用"),
            ("unit", "登录名“unit”不是路长账号"),
            ("nobody", "没有登录名为“nobody”的账号"),
        ] {
            let sheet = format!("网格,职责,承担方式,账号,姓名,级别,起\nA,管理,路长,{login},某人,3,2022-04-01\n");
            let seen = upload(&host, &[("职责.csv", &sheet)], &[]).await;
            assert!(seen.text.contains(said), "{said}: {}", seen.text);
            let form = [
                ("duty", "management"),
                ("kind", "chief"),
                ("holder", login),
                ("name", "某人"),
                ("level", "3"),
                ("from", "2022-04-01"),
                ("reason", "任命"),
            ];
            let given = host.post("/desk/grids/A/duties", &form).await;
            assert!(given.text.contains(said), "{said}: {}", given.text);
            let form = [
                ("of", "third"),
                ("to", login),
                ("name", "某人"),
                ("from", "2022-04-01"),
                ("reason", "调动"),
            ];
            let handed = host.post("/desk/chiefs", &form).await;
            assert!(handed.text.contains(said), "{said}: {}", handed.text);
        }
        // What it held until it was closed may still be written down.
        let past = "网格,职责,承担方式,账号,姓名,级别,部位,起,止\nA,管理,路长,chief,某人,3,12号,2021-01-01,2022-03-31\n";
        let seen = upload(&host, &[("职责.csv", past)], &[]).await;
        assert!(!seen.text.contains("已停用"), "{}", seen.text);
    })
    .await;
}

#[tokio::test]
async fn grids_duties_and_patrols_are_made_again_from_the_acts() {
    let (one, two) = (Home::sqlite(), Home::postgres());
    for (from, to) in [(&one, &two)] {
        let store = from.open().await;
        found_units(&store).await;
        lay(
            &store,
            vec![grid("A", "421221103001", "2021-01-01", [0., 0., 1., 1.])],
            vec![chief("A", "management", "lu1", "2021-01-01")],
        )
        .await;
        let patrol = PatrolRow {
            grid: "A".into(),
            chief: "lu1".into(),
            at: 0,
            place: Some((1_139_305_000, 299_705_000)),
            accuracy_m: Some(8),
            inside: None,
            note: "路面干净".into(),
        };
        let inside = store
            .record_patrol(at(9), day("2022-01-01"), "p1", patrol)
            .await
            .unwrap();
        assert_eq!(inside, Some(true));
        let again = to.open().await;
        again.rebuild_from(&store).await.unwrap();
        assert_eq!(again.grids().await.unwrap(), store.grids().await.unwrap());
        assert_eq!(
            again.all_duties().await.unwrap(),
            store.all_duties().await.unwrap()
        );
        assert_eq!(
            again.patrols_in("A", 9).await.unwrap(),
            store.patrols_in("A", 9).await.unwrap()
        );
        assert_eq!(
            again.ground_version().await.unwrap(),
            store.ground_version().await.unwrap()
        );
    }
}

async fn upload(visitor: &Visitor, files: &[(&str, &str)], more: &[(&str, &str)]) -> Answer {
    let token = visitor.token().await;
    let mut form = Form::new()
        .text("form_token", token)
        .text("datum", "WGS84")
        .text("from", "2022-03-01");
    for (name, value) in more {
        form = form.text((*name).to_owned(), (*value).to_owned());
    }
    for (name, text) in files {
        form = form.part(
            "file",
            Part::bytes(text.as_bytes().to_vec()).file_name((*name).to_owned()),
        );
    }
    let url = format!("{}/desk/grids/import", visitor.site);
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

fn features(grids: &[(&str, &str, [f64; 4])]) -> String {
    let feature = |(id, unit, sides): &(&str, &str, [f64; 4])| {
        let geometry = rectangle(*sides);
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"id\":\"{id}\",\"name\":\"{id}号网格\",\"unit\":\"{unit}\"}},\"geometry\":{geometry}}}"
        )
    };
    let all: Vec<_> = grids.iter().map(feature).collect();
    format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{}]}}",
        all.join(",")
    )
}

#[tokio::test]
async fn a_file_of_grids_is_seen_before_it_is_taken() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        found_units(&town.store).await;
        let host = town.signed_in("host").await;
        // An overlap of a tenth, an unknown unit, and the same id twice.
        let bad = features(&[
            ("A", "甲社区", [0., 0., 1., 1.]),
            ("B", "421221103002", [0.9, 0., 2., 1.]),
            ("C", "某社区", [5., 5., 6., 6.]),
            ("A", "甲社区", [8., 8., 9., 9.]),
        ]);
        let seen = upload(&host, &[("网格.geojson", &bad)], &[]).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        for said in ["重叠", "A号网格（A）、B号网格（B）", "1,070 m²", "没有这个编码或名称的单位", "编号重复", "这是预览"] {
            assert!(seen.text.contains(said), "{said}: {}", seen.text);
        }
        assert_eq!(town.store.grids().await.unwrap(), []);
        let fingerprint = seen.text.split("name=\"seen\" value=\"").nth(1).unwrap()[..64].to_owned();
        let consent = |pairs: &[&'static str]| {
            let mut all = vec![("take", "yes"), ("reason", "首次划定")];
            all.extend(pairs.iter().map(|name| (*name, "yes")));
            all
        };
        for (agreed, missing) in [(vec![], "还有 2 处问题"), (vec!["rest"], "还有 1 处重叠或缝隙")] {
            let refused = upload(&host, &[("网格.geojson", &bad)], &consent(&agreed)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text.contains(missing), "{}", refused.text);
        }
        let mut other = consent(&["rest", "misfits"]);
        other.push(("seen", "0000"));
        assert!(upload(&host, &[("网格.geojson", &bad)], &other).await.text.contains("与预览时不同"));
        assert_eq!(town.store.grids().await.unwrap(), []);
        // The files wait: who has looked at them chooses them once, for nobody else.
        let waits = |page: &str| page.split_once("name=\"token\" value=\"").map(|(_, rest)| rest[..64].to_owned());
        let token = waits(&seen.text).unwrap();
        assert!(seen.text.contains("高德、腾讯地图（GCJ-02）"), "{}", seen.text);
        assert!(seen.text.contains("已收到：网格.geojson") && !seen.text.contains("multiple required"), "{}", seen.text);
        let again = upload(&host, &[], &[("token", &token)]).await;
        assert!(again.text.contains("还有 2 处问题"), "{}", again.text);
        let unreasoned = upload(&host, &[], &[("token", &token), ("take", "yes"), ("rest", "yes"), ("misfits", "yes")]).await;
        assert_eq!(unreasoned.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(unreasoned.text.contains("请填写理由") && waits(&unreasoned.text).as_ref() == Some(&token), "{}", unreasoned.text);
        let other = upload(&town.signed_in("host2").await, &[], &[("token", &token)]).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND);
        let mut agreed = consent(&["rest", "misfits"]);
        agreed.extend([("seen", fingerprint.as_str()), ("token", &token)]);
        let taken = upload(&host, &[], &agreed).await;
        assert!(taken.text.contains("已导入") && waits(&taken.text).is_none(), "{}", taken.text);
        assert_eq!(upload(&host, &[], &agreed).await.status, StatusCode::NOT_FOUND, "what was taken waits no more");
        assert_eq!(town.store.grids().await.unwrap().len(), 2);
        // The same again changes nothing.
        let acts = town.store.last_act().await.unwrap();
        let again = upload(&host, &[("网格.geojson", &bad)], &consent(&["rest"])).await;
        assert!(again.text.contains("没有新的内容"), "{}", again.text);
        assert_eq!(town.store.last_act().await.unwrap(), acts);
        // Duties as a sheet; two holders of one duty at once are pointed out.
        let sheet = "网格,职责,承担方式,账号,姓名,级别,每周巡查,起\nA,管理,路长,chief,测试路长,3,5,\nA,作业,单位,421221103000,,,,\nB,管理,路长,,甲,3,,2022-03-01\nB,管理,路长,,乙,3,,2022-03-02\n";
        let taken = upload(&host, &[("职责.csv", sheet)], &consent(&[])).await;
        assert!(taken.text.contains("已导入") && taken.text.contains("“执法”无人承担"), "{}", taken.text);
        let duties = town.store.all_duties().await.unwrap();
        let days: Vec<_> = duties.iter().map(|row| (row.name.as_str(), row.valid_to.as_deref())).collect();
        assert_eq!(days, [("测试路长", None), ("鱼岳镇", None), ("甲", Some("2022-03-01")), ("乙", None)]);
        let both = "网格,职责,承担方式,姓名,级别,起,止\nA,执法,路长,丙,3,2022-03-01,2022-12-31\nA,执法,路长,丁,3,2022-06-01,\n";
        let refused = upload(&host, &[("职责.csv", both)], &consent(&[])).await;
        assert!(refused.text.contains("“执法”同时由“丙”和“丁”承担"), "{}", refused.text);
        // Who leaves bad rows out takes the first alone. Rows may stand in any order: who begins later ends who began before.
        let more = format!("{both}B,作业,路长,己,3,2022-06-01,\nB,作业,路长,戊,3,2022-01-01,\n");
        let rest = upload(&host, &[("职责.csv", &more)], &consent(&["rest"])).await;
        assert!(rest.text.contains("已导入"), "{}", rest.text);
        let held = async |grid: &str, duty: &str| {
            let duties = town.store.all_duties().await.unwrap();
            let rows = duties.iter().filter(|row| row.grid == grid && row.duty == duty);
            let said = rows.map(|row| format!("{} {} – {}", row.name, row.valid_from, row.valid_to.as_deref().unwrap_or_default()));
            said.collect::<Vec<_>>().join(", ")
        };
        assert_eq!(held("A", "enforcement").await, "丙 2022-03-01 – 2022-12-31");
        let operation = "戊 2022-01-01 – 2022-05-31, 己 2022-06-01 – ";
        assert_eq!(held("B", "operation").await, operation);
        // After a hand-over or a new holder the same sheets change nothing, nor does a part of them bring anybody back.
        let acts = town.store.last_act().await.unwrap();
        for (sheet, agreed) in [(sheet, vec!["changes"]), (&more, vec!["rest", "changes"]), ("网格,职责,承担方式,姓名,级别,起\nB,作业,路长,戊,3,2022-01-01\n", vec!["changes"])] {
            let again = upload(&host, &[("职责.csv", sheet)], &consent(&agreed)).await;
            assert!(again.text.contains("没有新的内容"), "{}", again.text);
        }
        assert_eq!(town.store.last_act().await.unwrap(), acts);
        assert_eq!(held("B", "operation").await, operation);
        // Nor can two who write at the same time both have it.
        let late = vec![chief("A", "enforcement", "戊", "2022-06-01")];
        let refused = town.store.set_grids(at(3), "host", "任命", vec![], late, None).await;
        assert!(matches!(refused, Err(Error::Refused(said)) if said.key == "grid-duty-fault"));
    })
    .await;
}

#[tokio::test]
async fn a_gap_between_grids_is_named_and_a_grid_outside_its_county_refused() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    let mut jiayu = crate::act::unit("421221000000", "2020-09");
    jiayu.name = "嘉鱼县".into();
    jiayu.parent = None;
    town.store
        .set_units(at(0), "console", vec![jiayu])
        .await
        .unwrap();
    let host = town.signed_in("host").await;
    let ring = features(&[
        ("A", "嘉鱼县", [0., 0., 3., 1.]),
        ("B", "嘉鱼县", [2., 1., 3., 2.]),
        ("C", "嘉鱼县", [0., 2., 3., 3.]),
        ("D", "嘉鱼县", [0., 1., 1., 2.]),
        ("E", "嘉鱼县", [900., 0., 901., 1.]),
    ]);
    let seen = upload(&host, &[("网格.geojson", &ring)], &[]).await;
    assert!(
        seen.text.contains("缝隙")
            && seen
                .text
                .contains("A号网格（A）、B号网格（B）、C号网格（C）、D号网格（D）"),
        "{}",
        seen.text
    );
    assert!(
        seen.text.contains("都在所在县（市、区）之外"),
        "{}",
        seen.text
    );
    assert!(seen.text.contains("\"misfits\""), "it is drawn on the map");
}

#[tokio::test]
async fn a_unit_sees_what_it_holds_and_does_not_end_with_it() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        let store = &town.store;
        found_units(store).await;
        let unit = |grid: &str, duty: &str, code: &str, from: &str| DutyRow {
            holder_kind: "unit".into(),
            level: None,
            ..chief(grid, duty, code, from)
        };
        let (first, second) = ("421221103001", "421221103002");
        let grids = vec![
            grid("A", second, "2021-01-01", [0., 0., 1., 1.]),
            grid("Z", "421281001001", "2021-01-01", [9., 9., 10., 10.]),
        ];
        let mut duties = vec![
            unit("A", "operation", first, "2021-01-01"),
            unit("Z", "operation", "421221", "2022-03-01"),
        ];
        for duty in ["management", "enforcement", "responsibility"] {
            duties.push(chief("A", duty, "lu", "2021-01-01"));
        }
        lay(store, grids, duties).await;
        let listed = async |login: &str, path: &str| {
            let list = town.signed_in(login).await.get_json(path).await.text;
            let list: serde_json::Value = serde_json::from_str(&list).unwrap();
            let grids = list["grids"].as_array().unwrap().iter();
            let ids: Vec<_> = grids.map(|grid| grid["id"].as_str().unwrap()).collect();
            ids.join(" ")
        };
        // A county that holds a duty of a grid elsewhere sees it from that day on.
        assert_eq!(listed("unit", "/desk/grids").await, "A Z");
        assert_eq!(listed("unit", "/desk/grids?day=2022-02-28").await, "A");
        let visitor = town.signed_in("unit").await;
        assert_eq!(visitor.get("/desk/grids/Z").await.status, StatusCode::OK);
        assert_eq!(listed("host", "/desk/grids?gaps=yes").await, "Z");
        // A file has ended both communities: what they held is nobody's, and their county still sees it.
        let mut ended = store.units().await.unwrap();
        ended.retain(|unit| unit.code == first || unit.code == second);
        for unit in &mut ended {
            unit.valid_to = Some("2022-02".into());
        }
        store.set_units(at(2), "host", ended).await.unwrap();
        assert_eq!(listed("host", "/desk/grids?gaps=yes").await, "A Z");
        assert_eq!(listed("unit", "/desk/grids").await, "A Z");
        let page = town.signed_in("host").await.get("/desk/grids/A").await.text;
        assert!(page.contains("但该单位已撤销或合并"), "{page}");
        // On the page of units nobody ends one that has a grid or a duty.
        let march = "2022-03".parse().unwrap();
        let end = async |code| store.end_unit(at(3), "host", code, march, "合并").await;
        for code in [first, second] {
            let Err(Error::Refused(said)) = end(code).await else {
                panic!("{code} was ended");
            };
            assert_eq!(said.key, "units-end-grids");
            let said = yuekao::words::Language::Chinese.message(&said);
            assert!(said.contains("1 个网格（A号网格 A）"), "{said}");
        }
        let (town_now, april) = ("421221103000", "2022-04-01");
        let moved = vec![grid("A", town_now, april, [0., 0., 1., 1.])];
        lay(store, moved, vec![unit("A", "operation", town_now, april)]).await;
        for code in [first, second] {
            end(code).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn each_sees_the_grids_that_are_theirs() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        found_units(&town.store).await;
        let grids = vec![
            grid("A", "421221103001", "2021-01-01", [0., 0., 1., 1.]),
            grid("B", "421221103002", "2021-01-01", [1., 0., 2., 1.]),
            grid("Z", "421281001001", "2021-01-01", [9., 9., 10., 10.]),
        ];
        let duties = vec![
            chief("B", "management", "chief", "2021-01-01"),
            chief("Z", "management", "chief", "2021-01-01"),
        ];
        lay(&town.store, grids, duties).await;
        #[rustfmt::skip]
        let cases = [
            ("host",    "/desk/grids",                                "A B Z"),
            ("auditor", "/desk/grids",                                "A B Z"),
            // The unit of the town's handler is 嘉鱼县.
            ("unit",    "/desk/grids",                                "A B"),
            ("chief",   "/desk/grids",                                "B Z"),
            ("chief",   "/desk/grids?day=2020-12-31",                 ""),
            ("host",    "/desk/grids?unit=421221103000",              "A B"),
            ("host",    "/desk/grids?q=Z号",                          "Z"),
            ("host",    "/desk/grids?kind=street",                    ""),
            ("unit",    "/desk/grids?unit=421281",                    ""),
            ("host",    "/desk/grids?gaps=yes",                       "A B Z"),
        ];
        for (login, path, expected) in cases {
            let answer = town.signed_in(login).await.get_json(path).await;
            assert_eq!(
                answer.status,
                StatusCode::OK,
                "{login} {path}: {}",
                answer.text
            );
            let list: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
            let ids: Vec<_> = list["grids"]
                .as_array()
                .unwrap()
                .iter()
                .map(|grid| grid["id"].as_str().unwrap())
                .collect();
            assert_eq!(ids.join(" "), expected, "{login} {path}");
            assert_eq!(list["count"], ids.len(), "{login} {path}");
            let more = if path.contains('?') {
                "&as=geojson"
            } else {
                "?as=geojson"
            };
            let map = town
                .signed_in(login)
                .await
                .get(&format!("{path}{more}"))
                .await;
            assert_eq!(
                map.text.matches("\"Feature\"").count(),
                ids.len(),
                "{login} {path}: the map shows the same"
            );
        }
        for (login, id, status) in [
            ("unit", "A", 200),
            ("unit", "Z", 404),
            ("chief", "A", 404),
            ("chief", "Z", 200),
            ("host", "none", 404),
        ] {
            let answer = town
                .signed_in(login)
                .await
                .get(&format!("/desk/grids/{id}"))
                .await;
            assert_eq!(answer.status.as_u16(), status, "{login} {id}");
        }
        let unit = town.signed_in("unit").await;
        assert!(
            !unit.get("/desk/grids/A").await.text.contains("/edit\""),
            "a unit changes nothing"
        );
    })
    .await;
}

#[tokio::test]
async fn a_grid_is_drawn_and_given_out_with_a_reason() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        found_units(&town.store).await;
        let host = town.signed_in("host").await;
        let geometry = rectangle([0., 0., 1., 1.]);
        let form = |reason: &'static str, geometry: &str| {
            vec![
                ("id", "A".to_owned()),
                ("name", "一号网格".into()),
                ("unit", "421221103001".into()),
                ("from", "2022-03-01".into()),
                ("geometry", geometry.to_owned()),
                ("reason", reason.into()),
            ]
        };
        let post = async |path: &str, fields: Vec<(&str, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            host.post(path, &fields).await
        };
        let crossed = "{\"type\":\"Polygon\",\"coordinates\":[[[113.93,29.97],[113.94,29.98],[113.94,29.97],[113.93,29.98],[113.93,29.97]]]}";
        for (fields, said) in [(form("", &geometry), "请填写理由"), (form("新设", crossed), "自相交"), (form("新设", "nothing"), "没有可用的图形")] {
            let refused = post("/desk/grids", fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text.contains(said) && refused.text.contains("value=\"一号网格\""), "{said}: {}", refused.text);
        }
        assert_eq!(post("/desk/grids", form("新设", &geometry)).await.location(), "/desk/grids/A");
        let one = town.signed_in("auditor").await.get("/desk/grids?lang=en").await.text;
        assert!(one.contains(">1 grid<"), "one is no plural: {one}");
        assert!(post("/desk/grids", form("新设", &geometry)).await.text.contains("已被使用"));
        // One that is drawn over it is kept, and both pages of it say where.
        let mut over = form("新设", &rectangle([0.5, 0., 1.5, 1.]));
        over[0].1 = "O".into();
        assert_eq!(post("/desk/grids", over).await.location(), "/desk/grids/O");
        for page in ["/desk/grids/A", "/desk/grids/O"] {
            let text = host.get(page).await.text;
            assert!(text.contains("有重叠") && text.contains("一号网格（A）"), "{page}: {text}");
        }
        assert!(!host.get("/desk/grids/A?day=2022-02-28").await.text.contains("有重叠"));
        let unit = town.signed_in("unit").await;
        assert!(!unit.get("/desk/grids/A").await.text.contains("有重叠"), "it can change nothing there");
        let give = |more: &[(&'static str, &'static str)]| {
            let mut fields = vec![("duty", "management".to_owned()), ("from", "2022-03-01".into())];
            fields.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
            fields
        };
        let chief = [("kind", "chief"), ("name", "测试路长"), ("level", "3"), ("patrols", "5")];
        let with = |more: &[(&'static str, &'static str)]| give(&[&chief[..], more].concat());
        for (fields, said) in [
            (with(&[("holder", "chief")]), "请填写理由"),
            (with(&[("holder", "nobody"), ("reason", "任命")]), "没有登录名为“nobody”"),
            (give(&[("kind", "unit"), ("holder", "999"), ("reason", "任命")]), "没有这个编码或名称的单位"),
        ] {
            let refused = post("/desk/grids/A/duties", fields).await;
            assert!(refused.text.contains(said), "{said}: {}", refused.text);
        }
        // What was written stands in the form, which is open below the fault.
        let mut given = with(&[("holder", "nobody"), ("part", "12号"), ("things", "order"), ("to", "2022-12-31"), ("reason", "任命")]);
        given[0].1 = "operation".into();
        let refused = post("/desk/grids/A/duties", given).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let (_, shown) = refused.text.split_once("<details id=\"assign\" open>").unwrap();
        for kept in [
            "value=\"operation\" selected", "value=\"chief\" selected", "value=\"测试路长\"", "value=\"nobody\"",
            "value=\"3\" selected", "value=\"order\" checked", "value=\"12号\"", "value=\"5\"", "value=\"2022-03-01\"",
            "value=\"2022-12-31\"", "value=\"任命\"", "role=\"alert\"",
        ] {
            assert!(shown.contains(kept), "{kept}: {shown}");
        }
        assert_eq!(post("/desk/grids/A/duties", with(&[("holder", "chief"), ("reason", "任命")])).await.location(), "/desk/grids/A");
        let shop = give(&[("kind", "frontage"), ("name", "测试商店"), ("part", "12号"), ("things", "order"), ("things", "cleanliness"), ("reason", "签约")]);
        let shop = shop.into_iter().map(|(name, value)| if name == "duty" { (name, "responsibility".to_owned()) } else { (name, value) }).collect();
        post("/desk/grids/A/duties", shop).await;
        let page = host.get("/desk/grids/A").await.text;
        for said in ["测试路长", "路长 3 级", "包卫生、包秩序", "任命", "签约", "“作业”无人承担", "划定“一号网格”，2022年3月1日起"] {
            assert!(page.contains(said), "{said}: {page}");
        }
        // Drawn anew from April on, by whoever had seen the last drawing.
        let wider = |seen: &str| {
            let mut fields = form("扩大", &rectangle([0., 0., 1., 2.]));
            fields.retain(|(name, _)| *name != "from");
            fields.extend([("from", "2022-04-01".to_owned()), ("seen", seen.to_owned())]);
            fields
        };
        let edit = host.get("/desk/grids/A/edit").await.text;
        let seen = |page: &str| page.split_once("name=\"seen\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        let (drawing, duties) = (seen(&edit), seen(&host.get("/desk/grids/A").await.text));
        // A colleague gives a duty, of the same span: who had looked before looks again, also whoever gives another.
        let colleague = with(&[("holder", "chief"), ("part", "14号"), ("reason", "任命")]);
        let take = |fields: &[(&'static str, String)], seen: &str| {
            let mut fields = fields.to_vec();
            fields.push(("seen", seen.to_owned()));
            fields
        };
        assert_eq!(post("/desk/grids/A/duties", take(&colleague, &duties)).await.location(), "/desk/grids/A");
        let twice = post("/desk/grids/A/duties", take(&with(&[("holder", "chief"), ("part", "15号"), ("reason", "任命")]), &duties)).await;
        assert!(twice.text.contains("其他人刚刚改动过") && seen(&twice.text) > duties, "{}", twice.text);
        for stale in [&*drawing, "0", "2022-03-01"] {
            assert!(post("/desk/grids/A", wider(stale)).await.text.contains("其他人刚刚改动过"));
        }
        let fresh = seen(&host.get("/desk/grids/A/edit").await.text);
        assert_eq!(post("/desk/grids/A", wider(&fresh)).await.location(), "/desk/grids/A");
        let spans = town.store.grids().await.unwrap();
        let spans = spans.iter().filter(|span| span.id == "A");
        let days: Vec<_> = spans.map(|span| (span.valid_from.as_str(), span.valid_to.as_deref())).collect();
        assert_eq!(days, [("2022-03-01", Some("2022-03-31")), ("2022-04-01", None)]);
        let located = host.get("/desk/grids/locate?lng=113.9305&lat=29.9715&day=2022-04-01").await;
        assert!(located.text.contains("一号网格") && located.text.contains("测试路长"), "{}", located.text);
        // The same for programs; and on a page with its form, which says what is wrong with what was filled in.
        let point = "/desk/grids/locate?lng=113.9305&lat=29.9715&day=2022-04-01";
        let found: serde_json::Value = serde_json::from_str(&host.get_json(point).await.text).unwrap();
        assert_eq!((&found["grid"]["code"], &found["grid"]["name"]), (&"A".into(), &"一号网格".into()));
        assert!(found["holders"].as_array().unwrap().iter().any(|each| each["name"] == "测试路长"), "{found}");
        for said in ["href=\"/desk/grids/A?day=2022-04-01\"", "甲社区", "嘉鱼县", "路长 3 级", "value=\"113.9305\""] {
            assert!(located.text.contains(said), "{said}: {}", located.text);
        }
        let before = host.get("/desk/grids/locate?lng=113.9305&lat=29.9715&day=2022-03-01").await.text;
        assert!(before.contains("不在任何责任网格内") && !before.contains("测试路长"), "{before}");
        let form = host.get("/desk/grids/locate").await;
        assert_eq!(form.status, StatusCode::OK);
        assert!(form.text.contains("name=\"lng\"") && !form.text.contains("查询结果"), "{}", form.text);
        for (query, said) in [
            ("lng=29.9&lat=113.9", "填反了"),
            ("lng=113.93&lat=", "请填写小数形式的经度和纬度"),
            ("lng=113.93&lat=北纬三十度", "请填写小数形式的经度和纬度"),
            ("lng=0&lat=0", "不在中国范围内"),
            ("lng=113.93&lat=29.97&day=昨天", "不是日期"),
        ] {
            for answer in [
                host.get(&format!("/desk/grids/locate?{query}")).await,
                host.get_json(&format!("/desk/grids/locate?{query}")).await,
            ] {
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
                assert!(answer.text.contains(said), "{query}: {}", answer.text);
            }
        }
        assert_eq!(host.get_json("/desk/grids/locate").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let (list, units) = (host.get("/desk/grids").await.text, town.signed_in("unit").await);
        assert!(list.contains("href=\"/desk/grids/locate?day="), "{list}");
        assert!(!units.get("/desk/grids").await.text.contains("/desk/grids/locate"));
    })
    .await;
}

#[tokio::test]
async fn a_chief_sees_their_grids_and_records_a_patrol_once() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        found_units(&town.store).await;
        let grids = vec![
            grid("A", "421221103001", "2021-01-01", [0., 0., 1., 1.]),
            grid("B", "421221103002", "2021-01-01", [1., 0., 2., 1.]),
        ];
        // Somebody else of the level walks as often and has recorded nothing.
        let duties = vec![
            chief("A", "responsibility", "chief", "2022-02-01"),
            chief("B", "responsibility", "other", "2022-02-01"),
        ];
        lay(&town.store, grids, duties).await;
        let visitor = town.signed_in("chief").await;
        let page = visitor.get("/desk/chief").await;
        assert!(
            page.text.contains("A号网格") && !page.text.contains("B号网格"),
            "{}",
            page.text
        );
        // The clock stands at Thursday, 2022-03-31: four full weeks of five patrols were missed.
        assert!(
            page.text.contains(">0 / 5<")
                && page.text.contains(">20<")
                && page.text.contains(">1 / 2<"),
            "{}",
            page.text
        );
        assert!(
            page.header("permissions-policy")
                .contains("geolocation=(self)")
        );
        assert!(
            visitor
                .get("/desk")
                .await
                .header("permissions-policy")
                .contains("geolocation=()")
        );
        let walk = async |id: &str, grid: &str, lng: &str| {
            visitor
                .post(
                    "/desk/chief/patrols",
                    &[
                        ("id", id),
                        ("grid", grid),
                        ("lng", lng),
                        ("lat", "29.9705"),
                        ("accuracy", "12.4"),
                        ("note", "正常"),
                    ],
                )
                .await
        };
        assert_eq!(
            walk("p1", "A", "113.9305").await.location(),
            "/desk/chief?recorded=A"
        );
        assert_eq!(
            walk("p1", "A", "113.9305").await.location(),
            "/desk/chief?recorded=A",
            "the same again changes nothing"
        );
        assert!(
            walk("p1", "A", "113.9306")
                .await
                .text
                .contains("已用于另一条巡查")
        );
        assert!(
            walk("p2", "B", "113.9315")
                .await
                .text
                .contains("目前不由您承担")
        );
        assert!(
            walk("p3", "A", "29.9")
                .await
                .text
                .contains("不在中国范围内")
        );
        assert_eq!(
            walk("p4", "A", "113.9405").await.location(),
            "/desk/chief?recorded=A"
        );
        let told = visitor.get("/desk/chief?recorded=A").await.text;
        assert!(told.contains("已记录巡查：A号网格"), "{told}");
        let page = visitor.get("/desk/chief").await.text;
        assert!(
            page.contains(">1 / 5<")
                && page.contains("在网格内")
                && page.contains("不在网格内，不计"),
            "{page}"
        );
        let patrols = town.store.patrols_in("A", 9).await.unwrap();
        assert_eq!(patrols.len(), 2);
        assert_eq!(
            patrols
                .iter()
                .filter(|patrol| patrol.inside == Some(true))
                .count(),
            1
        );
        assert_eq!(patrols[0].accuracy_m, Some(12));
        let nobody = town.signed_in("unit").await.get("/desk/chief").await;
        assert_eq!(nobody.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn a_chief_sees_a_case_when_it_was_served_and_not_before() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        found_units(&town.store).await;
        lay(
            &town.store,
            vec![grid("A", "421221103001", "2021-01-01", [0., 0., 1., 1.])],
            vec![
                DutyRow {
                    valid_to: Some("2022-03-31".into()),
                    ..chief("A", "responsibility", "chief", "2021-01-01")
                },
                chief("A", "responsibility", "later", "2022-04-01"),
                DutyRow {
                    level: Some(1),
                    ..chief("A", "management", "above", "2021-01-01")
                },
            ],
        )
        .await;
        let (store, now) = (&town.store, town.clock.now());
        let rules = casework::default::rules();
        casework::adopt(store, now, "host", rules)
            .await
            .unwrap()
            .unwrap();
        let at = place(0.5, 0.5);
        let report = |finding: &str, secret: i64| NewCase {
            source: "hotline".into(),
            source_number: Some(finding.into()),
            category: "gb30428/component/0101".into(),
            place: format!("发展大道{finding}"),
            lng: Some(at.lng),
            lat: Some(at.lat),
            secret_until: Some(now.as_millisecond() + secret),
            ..NewCase::default()
        };
        let open = casework::report(store, now, "hotline", report("甲", 0))
            .await
            .unwrap();
        let secret = casework::report(store, now, "hotline", report("乙", 3_600_000))
            .await
            .unwrap();
        let everything = Viewer {
            role: Role::Host,
            ..Viewer::console()
        };
        let kept = store
            .case(&everything, now, &open)
            .await
            .unwrap()
            .unwrap()
            .new;
        assert_eq!(
            [kept.grid, kept.community, kept.township, kept.county].map(Option::unwrap),
            ["A", "421221103001", "421221103000", "421221"]
        );
        let visitor = town.signed_in("chief").await;
        assert!(!visitor.get("/desk/chief").await.text.contains("发展大道"));
        let dispatcher = Viewer {
            role: Role::Dispatcher,
            ..Viewer::console()
        };
        let condition = Ask {
            condition: "component-0101-2".into(),
            ..Ask::default()
        };
        let to = Ask {
            unit: "421221".into(),
            ..Ask::default()
        };
        for (kind, ask) in [
            (Kind::Accept, Ask::default()),
            (Kind::Register, condition),
            (Kind::Dispatch, to),
        ] {
            casework::act(store, now, &dispatcher, &open, kind, ask)
                .await
                .unwrap();
        }
        let page = visitor.get("/desk/chief").await.text;
        assert!(
            page.contains("发展大道甲") && page.contains("待处置"),
            "{page}"
        );
        assert!(
            !page.contains("发展大道乙") && !page.contains(&secret),
            "{page}"
        );
        // Before reporting it again, its chief is told of it, and nobody else's.
        for (login, known) in [("chief", vec![&open]), ("later", vec![])] {
            let viewer = Viewer {
                role: Role::Chief,
                login: login.into(),
                ..Viewer::console()
            };
            let (category, place) = ("gb30428/component/0101", (at.lng, at.lat));
            let near = store.open_near(&viewer, now, category, place, 50).await;
            let near = near.unwrap();
            let ids: Vec<_> = near.iter().map(|(row, _)| &row.id).collect();
            assert_eq!(ids, known, "{login}");
        }
        // Rates count it for whoever answers for the grid on the last day of the period.
        let day = |text: &str| text.parse::<Date>().unwrap().at(0, 0, 0, 0);
        for (to, chief) in [("2022-04-01", "chief"), ("2022-05-01", "later")] {
            let period = Period {
                from: day("2020-01-01"),
                to: day(to),
            };
            for (by, group) in [
                (By::Chief(None), Some(chief)),
                (By::Chief(Some(3)), Some(chief)),
                (By::Chief(Some(1)), Some("above")),
                (By::Chief(Some(2)), None),
                (By::Grid, Some("A")),
            ] {
                let rates = store.case_rates(&everything, now, period, by).await;
                let counted = rates.unwrap();
                let found: Vec<_> = counted
                    .iter()
                    .map(|(group, counts)| (group.as_deref(), counts.load))
                    .collect();
                assert_eq!(found, [(group, 1)], "{to} {by:?}");
            }
        }
        town.clock.pass(60);
        let host = town.signed_in("host").await;
        let case = host.get(&format!("/desk/cases/{open}")).await.text;
        assert!(
            case.contains("href=\"/desk/grids/A\"")
                && case.contains("路长chief")
                && !case.contains("路长later"),
            "whose grid it was on the day of the report: {case}"
        );
        let by_level = host.get("/desk/rates?by=chief&level=1").await;
        assert!(by_level.text.contains("路长above"), "{}", by_level.text);
        let no_level = host.get("/desk/rates?by=chief&level=6").await;
        assert_eq!(no_level.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn chiefs_of_one_name_are_counted_apart_and_one_chief_together() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        found_units(&town.store).await;
        let (store, now) = (&town.store, town.clock.now());
        let named = |grid: &str| DutyRow {
            name: "张伟".into(),
            ..chief(grid, "responsibility", "", "2021-01-01")
        };
        let laid = vec![
            grid("A", "421221103001", "2021-01-01", [0., 0., 1., 1.]),
            grid("B", "421281001001", "2021-01-01", [1., 0., 2., 1.]),
            grid("C", "421221103002", "2021-01-01", [2., 0., 3., 1.]),
            grid("D", "421221103002", "2021-01-01", [3., 0., 4., 1.]),
        ];
        let held = vec![
            named("A"),
            // Who answers for a shop's frontage does not answer for the grid.
            DutyRow {
                part: "12 号门前".into(),
                level: Some(5),
                ..chief("A", "responsibility", "shop", "2021-01-01")
            },
            named("B"),
            chief("C", "responsibility", "chief", "2021-01-01"),
            DutyRow {
                name: "王主任".into(),
                ..chief("D", "responsibility", "chief", "2022-01-01")
            },
        ];
        lay(store, laid, held).await;
        let rules = casework::default::rules();
        let adopted = casework::adopt(store, now, "host", rules).await;
        adopted.unwrap().unwrap();
        let dispatcher = Viewer {
            role: Role::Dispatcher,
            ..Viewer::console()
        };
        for (number, x) in [("1", 0.5), ("2", 1.5), ("3", 2.5), ("4", 3.5)] {
            let at = place(x, 0.5);
            let new = NewCase {
                source: "hotline".into(),
                source_number: Some(number.into()),
                category: "gb30428/component/0101".into(),
                place: "发展大道".into(),
                lng: Some(at.lng),
                lat: Some(at.lat),
                ..NewCase::default()
            };
            let id = casework::report(store, now, "hotline", new).await.unwrap();
            let condition = Ask {
                condition: "component-0101-2".into(),
                ..Ask::default()
            };
            for (kind, ask) in [
                (Kind::Accept, Ask::default()),
                (Kind::Register, condition),
                (Kind::Dispatch, Ask::default()),
            ] {
                let acted = casework::act(store, now, &dispatcher, &id, kind, ask).await;
                acted.unwrap();
            }
        }
        town.clock.pass(60);
        let host = town.signed_in("host").await;
        let page = host
            .get_json("/desk/rates?by=chief&from=2022-03")
            .await
            .text;
        let page: serde_json::Value = serde_json::from_str(&page).unwrap();
        let lines = page["lines"].as_array().unwrap().iter();
        let mut lines: Vec<_> = lines
            .map(|line| {
                (
                    line["name"].as_str().unwrap(),
                    line["load"].as_i64().unwrap(),
                )
            })
            .collect();
        lines.sort();
        let mut expected = [("张伟（甲社区）", 1), ("张伟（丙社区）", 1), ("王主任", 2)];
        expected.sort();
        assert_eq!(lines, expected);
    })
    .await;
}

#[tokio::test]
async fn a_chief_reads_the_cases_of_their_grids_and_is_told_what_becomes_of_them() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        found_units(&town.store).await;
        let store = &town.store;
        let hash = Some(yuekao::password::hash(PASSWORD));
        for login in ["other", "next"] {
            let duty = Duty::new(login, Role::Chief, None).unwrap();
            store
                .create_account(
                    town.clock.now(),
                    "console",
                    login,
                    duty,
                    hash.clone(),
                    false,
                )
                .await
                .unwrap();
        }
        // On the fifth of April the chief of A is followed by another.
        let laid = vec![
            grid("A", "421221103001", "2021-01-01", [0., 0., 1., 1.]),
            grid("B", "421221103001", "2021-01-01", [1., 0., 2., 1.]),
        ];
        let held = vec![
            DutyRow {
                valid_to: Some("2022-04-04".into()),
                ..chief("A", "responsibility", "chief", "2021-01-01")
            },
            chief("A", "responsibility", "next", "2022-04-05"),
            chief("B", "responsibility", "other", "2021-01-01"),
        ];
        lay(store, laid, held).await;
        let rules = casework::default::rules();
        let adopted = casework::adopt(store, town.clock.now(), "host", rules).await;
        adopted.unwrap().unwrap();
        let picture = store
            .keep_photo(vec![0xff, 0xd8, 0xff], "image/jpeg", false)
            .await
            .unwrap();
        let report = async |number: &str, at: Point| {
            let new = NewCase {
                source: "hotline".into(),
                source_number: Some(number.into()),
                category: "gb30428/component/0101".into(),
                place: format!("发展大道{number}号"),
                photos: vec![picture.clone()],
                lng: Some(at.lng),
                lat: Some(at.lat),
                ..NewCase::default()
            };
            casework::report(store, town.clock.now(), "hotline", new)
                .await
                .unwrap()
        };
        let someone = |role, unit: Option<&str>| Viewer {
            role,
            login: role.word().to_owned(),
            name: String::new(),
            unit: unit.map(str::to_owned),
        };
        let dispatcher = someone(Role::Dispatcher, None);
        let county = someone(Role::Unit, Some("421221"));
        let verifier = someone(Role::Verifier, None);
        let does = async |who: &Viewer, id: &str, kind: Kind, ask: Ask| {
            town.clock.pass(1);
            casework::act(store, town.clock.now(), who, id, kind, ask)
                .await
                .unwrap();
        };
        let under = Ask {
            condition: "component-0101-2".into(),
            ..Ask::default()
        };
        let to = Ask {
            unit: "421221".into(),
            ..Ask::default()
        };
        let goes_out = async |id: &str| {
            does(&dispatcher, id, Kind::Accept, Ask::default()).await;
            does(&dispatcher, id, Kind::Register, under.clone()).await;
            does(&dispatcher, id, Kind::Dispatch, to.clone()).await;
        };
        let mine = report("1", place(0.5, 0.5)).await;
        let others = report("2", place(1.5, 0.5)).await;
        let (now_chief, later) = (town.signed_in("chief").await, town.signed_in("next").await);
        let next_door = town.signed_in("other").await;
        let pages = |id: &str| {
            let page = format!("/desk/cases/{id}");
            [
                format!("{page}/history.json"),
                format!("{page}/photos/{picture}"),
                page,
            ]
        };
        let reads = async |visitor: &Visitor, id: &str| {
            let mut answers = vec![];
            for page in pages(id) {
                answers.push(visitor.get(&page).await.status.as_u16());
            }
            answers
        };
        let told = async |visitor: &Visitor| -> Vec<String> {
            let list = visitor.get_json("/desk/messages").await.text;
            let list: serde_json::Value = serde_json::from_str(&list).unwrap();
            let messages = list["messages"].as_array().unwrap();
            assert_eq!(list["unread"], messages.len());
            let text = |message: &serde_json::Value| {
                let case = message["case"].as_str().unwrap();
                format!(
                    "{} {}",
                    message["kind"].as_str().unwrap(),
                    if case == mine { "1" } else { "2" }
                )
            };
            messages.iter().map(text).collect()
        };

        // Accepted and registered, nothing of it exists for its chief: an id that nobody has answers alike.
        does(&dispatcher, &mine, Kind::Accept, Ask::default()).await;
        does(&dispatcher, &mine, Kind::Register, under.clone()).await;
        assert_eq!(reads(&now_chief, &mine).await, [404; 3]);
        let unserved = now_chief.get(&format!("/desk/cases/{mine}")).await.text;
        let nothing = now_chief.get("/desk/cases/AJ2203-ABCDEFGH").await.text;
        assert_eq!(unserved.replace(&mine, "AJ2203-ABCDEFGH"), nothing);
        assert!(told(&now_chief).await.is_empty());
        does(&dispatcher, &mine, Kind::Dispatch, to.clone()).await;
        goes_out(&others).await;

        assert_eq!(reads(&now_chief, &mine).await, [200; 3]);
        assert_eq!(reads(&now_chief, &others).await, [404; 3]);
        assert_eq!(reads(&next_door, &mine).await, [404; 3]);
        assert_eq!(reads(&next_door, &others).await, [200; 3]);
        assert_eq!(
            reads(&later, &mine).await,
            [404; 3],
            "not before their first day"
        );
        assert_eq!(told(&now_chief).await, ["served 1"]);
        assert_eq!(told(&next_door).await, ["served 2"]);
        assert!(told(&later).await.is_empty());
        let page = now_chief.get(&format!("/desk/cases/{mine}")).await.text;
        assert!(
            page.contains("发展大道1号") && page.contains("href=\"/desk/chief\""),
            "{page}"
        );
        assert!(
            !page.contains("<form class=\"form\"") && !page.contains("href=\"/desk/cases\""),
            "{page}"
        );
        let own = now_chief.get("/desk/chief").await.text;
        assert!(
            own.contains(&format!("href=\"/desk/cases/{mine}\"")) && own.contains("消息 1"),
            "{own}"
        );
        // What a chief may read they may not do, and lists are for others.
        for (path, fields) in [
            (
                format!("/desk/cases/{mine}/supervise"),
                vec![("text", "催办")],
            ),
            (
                "/desk/cases/bulk".to_owned(),
                vec![("act", "supervise"), ("case", &mine)],
            ),
        ] {
            assert_eq!(
                now_chief.post(&path, &fields).await.status,
                StatusCode::FORBIDDEN,
                "{path}"
            );
        }
        for path in ["/desk/cases", "/desk/cases.csv", "/desk/rates"] {
            assert_eq!(
                now_chief.get(path).await.status,
                StatusCode::FORBIDDEN,
                "{path}"
            );
        }

        // Sent back to be done again, due, overdue and closed: each is told once.
        let fixed = Ask {
            photos: vec![picture.clone()],
            ..Ask::default()
        };
        let passed = |yes| Ask {
            yes,
            ..Ask::because("现场查看")
        };
        does(&county, &mine, Kind::Feedback, fixed.clone()).await;
        does(&verifier, &mine, Kind::Verify, passed(false)).await;
        let (_, life) = store.case_history(&mine).await.unwrap();
        let wait = async |until: jiff::civil::DateTime| {
            let now = yuekao::clock::civil(town.clock.now());
            town.clock.pass(until.duration_since(now).as_secs() + 1);
            for _ in 0..2 {
                casework::tick(store, town.clock.now()).await.unwrap();
            }
        };
        wait(life.soon_at.unwrap()).await;
        assert_eq!(
            told(&now_chief).await,
            ["due-soon 1", "failed 1", "served 1"]
        );
        wait(life.due_at.unwrap()).await;
        assert_eq!(
            told(&now_chief).await,
            ["overdue 1", "due-soon 1", "failed 1", "served 1"]
        );
        let of_county = store
            .case_messages(&county, town.clock.now(), None, 50)
            .await
            .unwrap();
        assert!(
            of_county
                .iter()
                .any(|message| message.kind == "overdue" && message.case == mine)
        );

        // When the grid is another's, so are the case and what is told of it from then on.
        town.clock.pass(5 * 86_400);
        assert_eq!(reads(&now_chief, &mine).await, [404; 3]);
        assert!(told(&now_chief).await.is_empty());
        assert_eq!(reads(&later, &mine).await, [200; 3]);
        does(&county, &mine, Kind::Feedback, fixed).await;
        does(&verifier, &mine, Kind::Verify, passed(true)).await;
        does(&dispatcher, &mine, Kind::Close, Ask::default()).await;
        assert_eq!(told(&later).await, ["closed 1"]);
        assert_eq!(reads(&later, &mine).await, [200; 3], "also when it is over");
        let again = report("3", place(0.5, 0.5)).await;
        goes_out(&again).await;
        assert_eq!(told(&later).await, ["served-again 2", "closed 1"]);
        let page = later.get(&format!("/desk/cases/{again}")).await.text;
        assert!(
            page.contains(&format!("href=\"/desk/cases/{mine}\"")),
            "what it repeats: {page}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_chiefs_place_counts_cases_beside_patrols_and_is_shared_by_equal_shares() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        found_units(&town.store).await;
        let idle = |grid: &str, login: &str| DutyRow {
            patrols_per_week: 0,
            ..chief(grid, "responsibility", login, "2021-01-01")
        };
        lay(
            &town.store,
            vec![
                grid("A", "421221103001", "2021-01-01", [0., 0., 1., 1.]),
                grid("B", "421221103001", "2021-01-01", [1., 0., 2., 1.]),
                grid("C", "421221103002", "2021-01-01", [2., 0., 3., 1.]),
                grid("D", "421221103002", "2021-01-01", [3., 0., 4., 1.]),
            ],
            vec![
                idle("A", "chief"),
                idle("B", "second"),
                idle("C", "third"),
                idle("D", "idle"),
            ],
        )
        .await;
        let store = &town.store;
        let rules = casework::default::rules();
        casework::adopt(store, at(2), "host", rules)
            .await
            .unwrap()
            .unwrap();
        let photo = vec![0xff, 0xd8, 0xff, 1];
        let photo = store.keep_photo(photo, "image/jpeg", false).await.unwrap();
        let viewer = |role, unit: Option<&str>| Viewer {
            role,
            unit: unit.map(str::to_owned),
            ..Viewer::console()
        };
        // Four working hours from Monday, 21 March, nine o'clock on; the clock stands at Thursday the 31st.
        let monday: Timestamp = "2022-03-21T01:00:00Z".parse().unwrap();
        let served = async |name: &str, x: f64, handled_after: Option<i64>, of: Option<&str>| {
            let spot = place(x, 0.5);
            let new = NewCase {
                source: "hotline".into(),
                source_number: Some(name.into()),
                category: "gb30428/component/0101".into(),
                place: name.into(),
                lng: Some(spot.lng),
                lat: Some(spot.lat),
                relapse_of: of.map(str::to_owned),
                ..NewCase::default()
            };
            let id = casework::report(store, monday, "hotline", new)
                .await
                .unwrap();
            let act = async |hours: i64, role, kind, ask| {
                let unit = (role == Role::Unit).then_some("421221");
                let when = monday + hours.hours();
                let viewer = viewer(role, unit);
                casework::act(store, when, &viewer, &id, kind, ask)
                    .await
                    .unwrap();
            };
            let condition = Ask {
                condition: "component-0101-2".into(),
                ..Ask::default()
            };
            let to = Ask {
                unit: "421221".into(),
                ..Ask::default()
            };
            act(0, Role::Dispatcher, Kind::Accept, Ask::default()).await;
            act(0, Role::Dispatcher, Kind::Register, condition).await;
            act(0, Role::Dispatcher, Kind::Dispatch, to).await;
            if let Some(hours) = handled_after {
                let done = Ask {
                    text: "已修复".into(),
                    photos: vec![photo.clone()],
                    ..Ask::default()
                };
                act(hours, Role::Unit, Kind::Feedback, done).await;
            }
            id
        };
        served("甲一", 0.2, Some(1), None).await;
        served("甲二", 0.8, None, None).await;
        served("乙一", 1.2, Some(2), None).await;
        served("乙二", 1.8, Some(50), None).await;
        let third = served("丙一", 2.5, Some(1), None).await;
        let visitor = town.signed_in("chief").await;
        let place_now = async || {
            let text = visitor.get_json("/desk/chief").await.text;
            let view: serde_json::Value = serde_json::from_str(&text).unwrap();
            let number = |name: &str| view["place"][name].as_i64().unwrap();
            [number("place"), number("of"), number("done"), number("due")]
        };
        // One of two each, with the second; the third did all; who had nothing to do is not counted.
        assert_eq!(place_now().await, [2, 3, 1, 2]);
        let page = visitor.get("/desk/chief").await.text;
        assert!(
            page.contains("比例 50.0%") && page.contains("现已超期仍未处置"),
            "{page}"
        );
        served("甲三", 0.4, Some(1), Some(&third)).await;
        assert_eq!(
            place_now().await,
            [2, 3, 2, 4],
            "one more was handled in time, and it had come back"
        );
        served("甲四", 0.6, Some(40), None).await;
        assert_eq!(place_now().await, [3, 3, 2, 5]);

        // The office sees the same of all of them; a county those with a grid in it, at their places in the city.
        let listed = async |login: &str, path: &str| {
            let text = town.signed_in(login).await.get_json(path).await.text;
            let view: serde_json::Value = serde_json::from_str(&text).unwrap();
            let chief = |line: &serde_json::Value| {
                let place = line["place"]
                    .as_i64()
                    .map_or("—".into(), |place| place.to_string());
                format!(
                    "{place} {} {}",
                    line["login"].as_str().unwrap(),
                    line["open"]
                )
            };
            let chiefs = view["chiefs"].as_array().unwrap().iter().map(chief);
            chiefs.collect::<Vec<_>>().join(", ")
        };
        assert_eq!(
            listed("host", "/desk/chiefs").await,
            "1 third 1, 2 second 2, 3 chief 4, — idle 0"
        );
        assert_eq!(
            listed("host", "/desk/chiefs?unit=421221103002").await,
            "1 third 1, — idle 0"
        );
        assert_eq!(listed("host", "/desk/chiefs?level=1").await, "");
        assert_eq!(
            listed("unit", "/desk/chiefs").await,
            listed("host", "/desk/chiefs?unit=421221").await
        );
        // What a chief holds in another county is not for this one; the place stays what it is.
        let elsewhere = grid("E", "421281001001", "2021-01-01", [10., 10., 11., 11.]);
        let held = DutyRow {
            patrols_per_week: 3,
            ..chief("E", "responsibility", "idle", "2022-03-30")
        };
        lay(store, vec![elsewhere], vec![held]).await;
        let told = async |login: &str| {
            let text = town
                .signed_in(login)
                .await
                .get_json("/desk/chiefs")
                .await
                .text;
            let view: serde_json::Value = serde_json::from_str(&text).unwrap();
            let chiefs = view["chiefs"].as_array().unwrap();
            let idle = chiefs.iter().find(|one| one["login"] == "idle").unwrap();
            (idle["grids"].to_string(), idle["week"][1].as_i64().unwrap())
        };
        let (all, due) = told("host").await;
        assert!(all == r#"["D","E"]"# && due > 0, "{all} {due}");
        assert_eq!(told("unit").await, (r#"["D"]"#.to_owned(), 0));
        let host = town.signed_in("host").await;
        let page = host.get("/desk/chiefs").await.text;
        assert!(page.contains("全市同级参加排名 3 人"), "{page}");
        let book = host.workbook("/desk/chiefs?format=xlsx").await;
        assert_eq!(
            book[book.len() - 2][..6],
            ["3", "路长chief", "chief", "1", "0", "0"].map(str::to_owned)
        );
        assert_eq!(
            town.signed_in("chief")
                .await
                .get("/desk/chiefs")
                .await
                .status,
            403
        );
        // A chief is replaced: who follows sees the grids, the days before stay as they were.
        let form = |to: &'static str, reason: &'static str| {
            [
                ("of", "third"),
                ("to", to),
                ("name", "继任路长"),
                ("from", "2022-03-31"),
                ("reason", reason),
            ]
        };
        for (to, reason, said) in [
            ("nobody", "调动", "没有登录名为“nobody”的账号"),
            ("chief", "", "请填写理由"),
            ("third", "调动", "同一个账号"),
        ] {
            let answer = host.post("/desk/chiefs", &form(to, reason)).await;
            assert_eq!(answer.status, 422);
            assert!(answer.text.contains(said), "{}", answer.text);
        }
        // What was to begin later goes along.
        let later = vec![chief("C", "enforcement", "third", "2022-05-01")];
        lay(store, vec![], later).await;
        let answer = host.post("/desk/chiefs", &form("chief", "调动")).await;
        assert_eq!(answer.location(), "/desk/chiefs");
        let held = async |day: &str| {
            let rows = store.duties_on("C", day.parse().unwrap()).await.unwrap();
            rows.iter()
                .map(|row| format!("{} {}", row.holder, row.name))
                .collect::<Vec<_>>()
        };
        assert_eq!(held("2022-03-30").await, ["third 路长third"]);
        assert_eq!(held("2022-03-31").await, ["chief 继任路长"]);
        assert_eq!(held("2022-05-01").await, ["chief 继任路长"; 2]);
        // What was handled before is the predecessor's, who holds nothing now; the successor's own is as it was.
        assert_eq!(place_now().await[2..], [2, 5]);
        // Who has another grid keeps what was handled in the one before.
        let idle = vec![idle("D", "third")];
        lay(store, vec![], idle).await;
        let listed = listed("host", "/desk/chiefs").await;
        assert!(listed.contains("1 third 0, "), "{listed}");
    })
    .await;
}
