//! The office's desk over HTTP: schemes are checked before they are adopted, files come once and wait, units come without
//! typing, drafts are tried on past months.

use std::os::unix::fs::PermissionsExt as _;

use reqwest::StatusCode;
use serde_json::Value;
use yuekao::datum::Datum;
use yuekao::evidence::file::Handed;
use yuekao::evidence::import::{Consent, Options, accept};
use yuekao::round;
use yuekao::store::Store;

use crate::act::at;
use crate::command;
use crate::databases::{Home, on_both};
use crate::facts::project;
use crate::month::{self, SERIES};
use crate::town::{Answer, Town, Visitor};

fn scheme() -> String {
    std::fs::read_to_string(project("schemes/examples/five-villages.toml")).unwrap()
}

/// The next year's scheme of the village, with a higher prize.
fn next_year() -> String {
    scheme()
        .replace("five-villages-2024", "five-villages-2025")
        .replace("2024-01", "2025-01")
        .replace("2024-12", "2025-12")
        .replace("yuan_by_place = [5000]", "yuan_by_place = [8000]")
}

/// Names of what waits in the data folder.
fn waiting(home: &Home) -> Vec<std::path::PathBuf> {
    let folder = home.folder().join("handed");
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

async fn handed(visitor: &Visitor, path: &str, answer: &Answer) -> (String, Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(answer.location().starts_with(path), "{}", answer.location());
    let place = answer.location().to_owned();
    let page = visitor.get(&place).await;
    (place, page)
}

#[tokio::test]
async fn a_scheme_is_seen_before_it_is_adopted() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        let (host, colleague) = (town.signed_in("host").await, town.signed_in("host2").await);
        let broken = scheme()
            .replace("ties = ", "tis = ")
            .replace("points = 1", "points = x");
        let file = [("新方案.toml", broken.as_bytes())];
        let refused = host.upload("/desk/schemes", &[], &file).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("<code>") && refused.text.contains(" 行第 "));
        assert!(refused.text.contains("未采用"), "{}", refused.text);

        let file = [("新方案.toml", scheme().into_bytes())];
        let file = [(file[0].0, file[0].1.as_slice())];
        let sent = host.upload("/desk/schemes", &[], &file).await;
        let (place, seen) = handed(&host, "/desk/checks/", &sent).await;
        assert!(
            seen.text.contains("第一条") && seen.text.contains("尚未采用"),
            "{}",
            seen.text
        );
        assert!(town.store.schemes().await.unwrap().is_empty());
        assert_eq!(
            colleague.get(&place).await.status,
            StatusCode::NOT_FOUND,
            "it waits for whoever handed it in"
        );
        let digest = yuekao::store::digest(scheme());
        assert_eq!(seen.hidden("digest"), digest);
        let other = host.post(&place, &[("digest", "0")]).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(town.store.schemes().await.unwrap().is_empty());
        let adopted = host.post(&place, &[("digest", &digest)]).await;
        assert_eq!(adopted.location(), "/desk/schemes/five-villages-2024");
        let kept = town.store.scheme("five-villages-2024").await.unwrap();
        assert_eq!(kept.unwrap().digest, digest);
        assert_eq!(host.get(&place).await.status, StatusCode::NOT_FOUND);
        let page = host.get(adopted.location()).await;
        let (says, text) = (page.text.find("第一条"), page.text.find("[cutoff]"));
        assert!(says.unwrap() < text.unwrap(), "what it says stands first");

        let overlapping = next_year().replace("2025-01", "2024-12");
        let sent = host.post("/desk/schemes", &[("text", &overlapping)]).await;
        let (_, seen) = handed(&host, "/desk/checks/", &sent).await;
        assert!(!seen.text.contains("name=\"digest\""), "{}", seen.text);

        let sent = host.post("/desk/schemes", &[("text", &next_year())]).await;
        let (place, seen) = handed(&host, "/desk/checks/", &sent).await;
        assert!(
            seen.text.contains("five-villages-2024 相比") && seen.text.contains("8,000元"),
            "{}",
            seen.text
        );
        let digest = seen.hidden("digest");
        host.post(&place, &[("digest", &digest)]).await;
        let page = host.get("/desk/schemes/five-villages-2025").await;
        let compare = "/desk/schemes/five-villages-2024/compare/five-villages-2025";
        assert!(page.text.contains(compare), "{}", page.text);
        let page = host.get(compare).await.text;
        for said in ["2024年1月至2024年12月", "2025年1月起"] {
            assert!(
                page.contains(said) && !page.contains(" — "),
                "{said}: {page}"
            );
        }
        let compared = host.get_json(compare).await;
        let json: Value = serde_json::from_str(&compared.text).unwrap();
        let differences = json["differences"].as_array().unwrap();
        assert!(differences.iter().any(|each| {
            each["before"].to_string().contains("5,000元")
                && each["after"].to_string().contains("8,000元")
        }));
        assert!(host.get(compare).await.text.contains("8,000元"));
    })
    .await;
}

const FINDINGS: &str = "id,unit,indicator,severity,found_by,found_at\n\
    x1,v1,litter,轻微,第三方,2024-03-05 09:10\nx2,火星,litter,轻微,第三方,2024-03-05 09:20\n";

async fn findings(store: &Store) -> i64 {
    let one = store.evidence_row(SERIES, "findings", "x1").await.unwrap();
    i64::from(one.is_some())
}

#[tokio::test]
async fn a_file_comes_once_and_waits_to_be_taken() {
    on_both(async |home| {
        let town = month::town(home).await;
        let now = town.clock.now();
        round::adopt_scheme(&town.store, now, "host", &scheme())
            .await
            .unwrap();
        let host = town.signed_in("host").await;
        let fields = [("series", SERIES), ("month", "下个月"), ("datum", "WGS84")];
        let file = [("问题.csv", FINDINGS.as_bytes())];
        let sent = host.upload("/desk/import", &fields, &file).await;
        let (place, page) = handed(&host, "/desk/import/", &sent).await;
        assert!(page.text.contains("不是月份"), "{}", page.text);
        let again = [("do", "look"), ("series", SERIES), ("month", "2024-03")];
        let sent = host.post(&place, &again).await;
        assert_eq!(sent.location(), place, "nothing is sent twice");
        for _ in 0..2 {
            let page = host.get(&place).await;
            assert!(page.text.contains("尚未导入"), "{}", page.text);
            assert!(page.text.contains("第 3 行") && page.text.contains("火星"));
        }
        assert_eq!(findings(&town.store).await, 0, "looking takes nothing");
        let folder = waiting(home).remove(0);
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join("0")), 0o600);
        assert!(host.get("/desk/import").await.text.contains(&place));
        let other = town.signed_in("host2").await;
        assert!(!other.get("/desk/import").await.text.contains("问题.csv"));
        for answer in [
            other.get(&place).await,
            other.post(&place, &[("do", "take")]).await,
        ] {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text);
        }

        let seen = host.get(&place).await.hidden("seen");
        let without = host.post(&place, &[("do", "take"), ("seen", &seen)]).await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            without.text.contains("1 处错误") && !without.text.contains("--accept-rest"),
            "{}",
            without.text
        );
        let unseen = [("do", "take"), ("seen", ""), ("rest", "yes")];
        assert_eq!(
            host.post(&place, &unseen).await.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "what nobody saw is not taken"
        );
        let take = [("do", "take"), ("seen", seen.as_str()), ("rest", "yes")];
        let taken = host.post(&place, &take).await;
        assert!(taken.text.contains("已导入"), "{}", taken.text);
        assert_eq!(findings(&town.store).await, 1);
        assert!(waiting(home).is_empty(), "what was taken waits no more");
        assert_eq!(host.get(&place).await.status, StatusCode::NOT_FOUND);

        let fields = [("series", SERIES), ("month", "2024-03")];
        let sent = host.upload("/desk/import", &fields, &file).await;
        let place = sent.location().to_owned();
        assert_eq!(waiting(home).len(), 1);
        town.clock.pass(25 * 60 * 60);
        let host = town.signed_in("host").await;
        assert_eq!(host.get(&place).await.status, StatusCode::NOT_FOUND);
        assert!(!host.get("/desk/import").await.text.contains("问题.csv"));
        assert!(waiting(home).is_empty(), "after a day it is gone");
    })
    .await;
}

#[tokio::test]
async fn files_that_wait_do_not_fill_the_disk() {
    let home = Home::sqlite();
    let store = home.open().await;
    let file = |name: &str| yuekao::evidence::file::Handed::new(name, "x");
    for number in 0..25 {
        let at = crate::act::at(number);
        let name = number.to_string();
        store
            .hand(at, "yi", "evidence", &(), vec![file(&name)])
            .await
            .unwrap();
    }
    let own = store
        .waiting(crate::act::at(30), "yi", "evidence")
        .await
        .unwrap();
    assert_eq!((own.len(), own[0].names[0].as_str()), (20, "24"));
    let large = vec![0; 400 << 20];
    let large = yuekao::evidence::file::Handed::new("large", large);
    store
        .hand(
            crate::act::at(31),
            "yi",
            "evidence",
            &(),
            vec![large.clone()],
        )
        .await
        .unwrap();
    let refused = store
        .hand(crate::act::at(32), "yi", "evidence", &(), vec![large])
        .await;
    assert!(
        matches!(refused, Err(yuekao::store::Error::Refused(message)) if message.key == "handed-full")
    );
    for token in ["../../yuekao.db", "", &"0".repeat(64)] {
        let none = store
            .handed::<()>(crate::act::at(32), "yi", "evidence", token)
            .await
            .unwrap();
        assert!(none.is_none(), "{token}");
        store.forget_handed("yi", token).await.unwrap();
    }
}

async fn takes_units(host: &Visitor, sent: &Answer) -> Answer {
    let (place, page) = handed(host, "/desk/units/import/", sent).await;
    let seen = page.hidden("seen");
    let all = [
        ("do", "take"),
        ("seen", seen.as_str()),
        ("changes", "yes"),
        ("rest", "yes"),
    ];
    host.post(&place, &all).await
}

/// A square of a hundredth of a degree in 嘉鱼县, as an area of a unit.
fn area(unit: &str, from: &str, to: &str, west: f64) -> String {
    let at = |x: f64, y: f64| format!("[{:.3},{:.3}]", west + x, 29.97 + y);
    let (a, b, c, d) = (at(0., 0.), at(0.01, 0.), at(0.01, 0.01), at(0., 0.01));
    format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"unit":"{unit}","from":"{from}","to":"{to}"}},"geometry":{{"type":"Polygon","coordinates":[[{a},{b},{c},{d},{a}]]}}}}]}}"#
    )
}

#[tokio::test]
async fn a_unit_that_is_merged_stays_what_it_was_before() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        let host = town.signed_in("host").await;
        let table = "编码,名称,类型,上级\nT1,东镇,乡镇街道,\nT2,西镇,乡镇街道,\nT3,南镇,乡镇街道,\n\
            V1,东村,村,T1\nV2,西村,村,T2\n";
        let upload = async |month: &str, table: &str| {
            let file = [("单位.csv", table.as_bytes())];
            host.upload("/desk/units/import", &[("month", month)], &file)
                .await
        };
        takes_units(&host, &upload("2022-01", table).await).await;
        let named = async |month: &str| {
            let rows = town.store.units_in(month.parse().unwrap()).await.unwrap();
            let codes: Vec<_> = rows.into_iter().map(|unit| unit.code).collect();
            codes.join(" ")
        };
        let end = async |code: &str, last: &str, reason: &str| {
            let form = [("code", code), ("last", last), ("reason", reason)];
            host.post("/desk/units", &form).await
        };
        let page = host.get("/desk/units?month=2022-12&under=T1").await.text;
        assert!(page.contains("撤销或合并"), "{page}");
        let auditor = town.signed_in("auditor").await;
        let page = auditor.get("/desk/units?month=2022-12&under=T1").await.text;
        assert!(!page.contains("撤销或合并"), "{page}");
        for (code, last, reason, said) in [
            ("T1", "2022-12", "", "请填写理由"),
            ("T1", "2022", "并入西镇", "2022"),
            ("T1", "2021-12", "并入西镇", "请填写 2022-01 或以后的月份"),
            ("T1", "2022-12", "并入西镇", "还有 1 个下级单位（东村）"),
            ("T9", "2022-12", "并入西镇", "没有编码为“T9”的单位"),
        ] {
            let refused = end(code, last, reason).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text.contains(said), "{said}: {}", refused.text);
        }
        // Its village goes to the other township; then it ends, first with a wrong month.
        let village = "编码,名称,类型,上级\nV1,东村,村,T2\n";
        takes_units(&host, &upload("2023-01", village).await).await;
        for last in ["2023-03", "2022-12"] {
            let ended = end("T1", last, "并入西镇").await;
            let opened = format!("/desk/units?month={last}&under=T1");
            assert_eq!(ended.location(), opened);
        }
        let before = town.store.last_act().await.unwrap();
        end("T1", "2022-12", "并入西镇").await;
        assert_eq!(town.store.last_act().await.unwrap(), before, "once");
        assert_eq!(named("2022-12").await, "T1 T2 T3 V1 V2");
        assert_eq!(named("2023-01").await, "T2 T3 V1 V2");
        // The same by a table: what it says of the end is all that changes.
        let table = "编码,名称,类型,上级,最后月份\nT3,南镇,乡镇街道,,2023-06\nV1,东村,村,T2,\nT2,西镇,乡镇街道,,2022-12\n";
        let sent = upload("2023-01", table).await;
        let (_, page) = handed(&host, "/desk/units/import/", &sent).await;
        for said in ["2023-06", "单位的最后月份在 2023年1月 之前"] {
            assert!(page.text.contains(said), "{said}: {}", page.text);
        }
        takes_units(&host, &sent).await;
        assert_eq!(named("2023-06").await, "T2 T3 V1 V2");
        assert_eq!(named("2023-07").await, "T2 V1 V2");
        let sent = upload("2023-02", "编码,名称,类型,上级,to\nT2,西镇,乡镇街道,,2023-06\n").await;
        let (_, page) = handed(&host, "/desk/units/import/", &sent).await;
        assert!(page.text.contains("还有 2 个下级单位（东村、西村）"), "{}", page.text);
        // All of it can be made again from the acts.
        let (other, one) = (Home::sqlite(), town.store.units().await.unwrap());
        let again = other.open().await;
        again.rebuild_from(&town.store).await.unwrap();
        assert_eq!(again.units().await.unwrap(), one);
    })
    .await;
}

#[tokio::test]
async fn a_new_area_of_a_unit_ends_the_one_before_it() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        let unit = crate::act::unit("421221", "2020-09");
        let store = &town.store;
        store.set_units(at(0), "console", vec![unit]).await.unwrap();
        let options = Options {
            series: "-".into(),
            month: None,
            datum: Datum::Wgs84,
        };
        let consent = Consent {
            changes: true,
            ..Consent::default()
        };
        let take = async |text: &str| {
            let file = vec![Handed::new("范围.geojson", text.as_bytes())];
            accept(store, at(1), "host", file, &options, &consent)
                .await
                .unwrap()
        };
        let (first, second) = (
            area("421221", "2020-09", "", 113.93),
            area("421221", "2022-01", "9999-12", 113.94),
        );
        take(&first).await;
        let seen = take(&second).await;
        assert_eq!(
            seen.changes[0].cells,
            [("to".into(), String::new(), "2021-12".into())]
        );
        // The first again, and both at once, open nothing.
        for text in [&first, &second] {
            assert!(!take(text).await.brings_something());
        }
        let spans = store.areas().await.unwrap();
        let months: Vec<_> = spans
            .iter()
            .map(|area| (area.valid_from.as_str(), area.valid_to.as_deref()))
            .collect();
        assert_eq!(months, [("2020-09", Some("2021-12")), ("2022-01", None)]);
        // Where a point lies is asked on days; an area without an end has none.
        let day = "2022-03-01".parse().unwrap();
        store.ground(day).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_first_start_gets_its_units_without_typing() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        let host = town.signed_in("host").await;
        let desk = host.get("/desk").await.text;
        assert!(desk.contains("首次设置") && desk.contains("/desk/units/import"));
        let jiayu = [("region", "421221"), ("down_to", "village"), ("month", "2022-01")];
        let sent = host.upload("/desk/units/divisions", &jiayu, &[]).await;
        let taken = takes_units(&host, &sent).await;
        assert!(taken.text.contains("已导入"), "{}", taken.text);
        let before = town.store.last_act().await.unwrap();
        let sent = host.upload("/desk/units/divisions", &jiayu, &[]).await;
        let (_, again) = handed(&host, "/desk/units/import/", &sent).await;
        assert!(again.text.contains("没有新的内容"), "{}", again.text);
        assert_eq!(town.store.last_act().await.unwrap(), before);

        let tree = async |query: &str| {
            let answer = host.get_json(&format!("/desk/units?{query}")).await;
            serde_json::from_str::<Value>(&answer.text).unwrap()
        };
        let top = tree("month=2022-01").await;
        assert_eq!(top["units"][0]["name"], "嘉鱼县");
        assert!(top["units"][0]["below"].as_i64().unwrap() > 8);
        assert_eq!(tree("month=2021-12").await["count"], 0);
        let inside = tree("month=2022-01&under=421221000000").await;
        let names = inside["units"].to_string();
        assert!(names.contains("鱼岳镇") && names.contains("township"), "{names}");
        let found = tree("month=2022-01&q=鱼岳&kind=township").await;
        assert_eq!(found["units"].as_array().unwrap().len(), 1);
        assert_eq!(found["units"][0]["above"][0], "嘉鱼县");
        let missing = host.get("/desk/units?under=nowhere").await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);

        let table = "编码,名称,类型,上级,属性\n421221103000,鱼岳街道,乡镇街道,421221000000,population=52000\n\
            C1,某小区,小区,421221103000,management=professional\nC2,,小区,421221103000,\nC3,另一小区,小区,nowhere,\n";
        let from_july = [("month", "2022-07")];
        let file = [("单位.csv", table.as_bytes())];
        let sent = host.upload("/desk/units/import", &from_july, &file).await;
        let (_, page) = handed(&host, "/desk/units/import/", &sent).await;
        for said in ["第 4 行", "第 5 行", "鱼岳镇 → 鱼岳街道"] {
            assert!(page.text.contains(said), "{said}: {}", page.text);
        }
        let taken = takes_units(&host, &sent).await;
        assert!(taken.text.contains("已导入"), "{}", taken.text);
        let unit = tree("month=2022-07&under=421221103000").await;
        assert_eq!(unit["unit"]["name"], "鱼岳街道");
        assert_eq!(unit["spans"].as_array().unwrap().len(), 2);
        assert_eq!(unit["spans"][0]["to"], "2022-06");
        let page = host.get("/desk/units?month=2022-07&under=421221103000").await;
        assert!(page.text.contains("专业物业"), "{}", page.text);

        let other = [("问题.csv", FINDINGS.as_bytes())];
        let sent = host.upload("/desk/units/import", &from_july, &other).await;
        let (_, page) = handed(&host, "/desk/units/import/", &sent).await;
        assert!(page.text.contains("只导入单位"), "{}", page.text);
        let nowhere = [("region", "999999"), ("month", "2022-01")];
        let refused = host.upload("/desk/units/divisions", &nowhere, &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let template = host.get("/desk/templates/units.csv").await;
        assert!(template.text.contains("parent") && template.text.contains("鱼岳镇"));

        let shipped = std::fs::read(project("data/divisions.csv")).unwrap();
        let whole = [("divisions.csv", shipped.as_slice())];
        let sent = host.upload("/desk/units/import", &[("month", "2022-01")], &whole).await;
        let (_, page) = handed(&host, "/desk/units/import/", &sent).await;
        assert!(page.text.contains("尚未导入"), "{}", page.text);

        round::adopt_scheme(&town.store, town.clock.now(), "host", &scheme())
            .await
            .unwrap();
        assert!(
            !host.get("/desk").await.text.contains("首次设置"),
            "with units, users and a scheme the steps are gone"
        );
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_tried_on_past_months_and_stamped() {
    on_both(async |home| {
        let town = month::town(home).await;
        let now = town.clock.now();
        round::adopt_scheme(&town.store, now, "host", &scheme())
            .await
            .unwrap();
        round::freeze(&town.store, now, "host", SERIES, month::month())
            .await
            .unwrap();
        let acts = town.store.last_act().await.unwrap();
        let auditor = town.signed_in("auditor").await;
        let at = month::month().to_string();
        let form = auditor.get("/desk/what-if").await;
        assert!(
            form.text.contains(&format!("value=\"{at}\"")),
            "{}",
            form.text
        );
        let ask = async |text: &str, first: &str| {
            let fields = [("series", SERIES), ("first", first), ("last", at.as_str())];
            let file = [("草案.toml", text.as_bytes())];
            auditor.upload("/desk/what-if", &fields, &file).await
        };
        let broken = next_year().replace("ties = ", "tis = ");
        let faulty = ask(&broken, &at).await;
        assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(faulty.text.contains("tis") && faulty.text.contains("没有试算"));
        let too_many = ask(&next_year(), "2010-01").await;
        assert_eq!(too_many.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            too_many.text.contains("一次最多试算 60 个月"),
            "{}",
            too_many.text
        );
        assert!(
            too_many.text.contains("yuan_by_place = [8000]"),
            "the draft is not lost"
        );
        let reversed = ask(&next_year(), "2024-12").await;
        assert!(reversed.text.contains("早于起始月份"), "{}", reversed.text);

        let sent = ask(&next_year(), "2023-12").await;
        let (place, page) = handed(&auditor, "/desk/what-if/", &sent).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(page.text.matches("试算，不得公布").count() > 3);
        let json = auditor.get_json(&place).await;
        let report: Value = serde_json::from_str(&json.text).unwrap();
        assert_eq!(report["stamp"], "试算，不得公布");
        assert_eq!(report["left_out"][0], "2023-12");
        assert_eq!(
            report["total"]["difference"], 900_000,
            "3,000 yuan more for the first of January, February and March"
        );
        let draft = home.folder().join("草案.toml");
        std::fs::write(&draft, next_year()).unwrap();
        let months = format!("2023-12..{at}");
        let draft = draft.to_str().unwrap();
        let (code, said) = command::run(
            home,
            &["what-if", draft, "--months", &months, "--format", "json"],
        );
        let same: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{code} {said}"));
        assert_eq!(same, report, "the command line says what the desk says");
        let workbook = auditor
            .client
            .get(format!("{}{place}/what-if.xlsx", auditor.site));
        let workbook = workbook.send().await.unwrap().bytes().await.unwrap();
        assert!(workbook.starts_with(b"PK"));
        for (file, rows) in [("places.csv", 5), ("money.csv", 1), ("remarks.csv", 1)] {
            let csv = auditor.get(&format!("{place}/{file}")).await;
            let stamped = csv
                .text
                .lines()
                .filter(|line| line.starts_with("\"试算，不得公布\""));
            assert!(stamped.count() >= rows, "{file}: {}", csv.text);
            assert!(csv.header("content-disposition").contains(file));
        }
        let host = town.signed_in("host").await;
        assert_eq!(host.get(&place).await.status, StatusCode::NOT_FOUND);

        let adopted = [
            ("series", SERIES),
            ("first", at.as_str()),
            ("last", at.as_str()),
            ("adopted", "five-villages-2024"),
        ];
        let sent = host.post("/desk/what-if", &adopted).await;
        let same = host.get_json(sent.location()).await;
        let report: Value = serde_json::from_str(&same.text).unwrap();
        assert_eq!(report["total"]["difference"], 0);
        assert!(!same.text.contains("\"moves\":true"), "{}", same.text);
        assert_eq!(
            town.store.last_act().await.unwrap(),
            acts,
            "a what-if changes nothing"
        );
    })
    .await;
}

#[tokio::test]
async fn what_was_frozen_is_tried_as_it_was_frozen() {
    let home = Home::sqlite();
    let town = month::town(&home).await;
    let now = town.clock.now();
    round::adopt_scheme(&town.store, now, "host", &scheme())
        .await
        .unwrap();
    round::freeze(&town.store, now, "host", SERIES, month::month())
        .await
        .unwrap();
    let report = async || {
        let draft = round::check_scheme(&town.store, &scheme()).await.unwrap();
        let (draft, at) = (draft.rules().unwrap(), month::month());
        let trial = round::trial::what_if(&town.store, draft, SERIES, at, at).await;
        let report = trial
            .unwrap()
            .report(yuekao::words::Language::Chinese, std::convert::identity);
        serde_json::to_string(&report).unwrap()
    };
    let before = report().await;
    let late = "id,unit,indicator,severity,found_by,found_at\n".to_owned()
        + &format!("f001,v5,litter,minor,agency,{}-07T09:00\n", month::month());
    assert!(before.contains("东村"));
    let options = yuekao::evidence::import::Options {
        series: SERIES.into(),
        month: Some(month::month()),
        datum: yuekao::datum::Datum::Wgs84,
    };
    let consent = yuekao::evidence::import::Consent {
        changes: true,
        ..Default::default()
    };
    let known = std::fs::read_to_string(project("schemes/golden/five-villages-2024/findings.csv"));
    let first = known
        .unwrap()
        .lines()
        .nth(1)
        .unwrap()
        .split(',')
        .next()
        .unwrap()
        .to_owned();
    let late = late.replace("f001", &first);
    let file = yuekao::evidence::file::Handed::new("findings.csv", late);
    yuekao::evidence::import::accept(&town.store, now, "host", vec![file], &options, &consent)
        .await
        .unwrap();
    assert_eq!(
        report().await,
        before,
        "a row that changed afterwards is not looked at"
    );
}
