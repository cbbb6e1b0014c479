//! The findings of a published month over HTTP: list, map and files are one query with one count.

use std::io::Cursor;

use assessment::facts::Facts;
use assessment::inspection::Position;
use calamine::{Reader as _, Xlsx};
use reqwest::StatusCode;
use serde_json::Value;
use yuekao::round;

use crate::act::at;
use crate::databases::{Home, on_both};
use crate::public::{
    SERIES, august, evidence_of, evidence_with, json, page, publish, publish_frozen,
};
use crate::town::{Town, Visitor};

const LIST: &str = "/months/xianning/2022-08/findings";

/// Two findings of Xian'an have a position, one of them was excluded.
fn placed(facts: &mut Facts) {
    for (finding, lng, lat) in [(0, "114.310001", "29.850000"), (1, "114.29", "29.87")] {
        facts.findings[finding].position = Some(Position {
            lng: lng.into(),
            lat: lat.into(),
        });
    }
    facts.findings[0].place = "中心街1号".into();
    facts.findings[1].excluded = Some("appeal".into());
}

async fn published() -> (Home, Town) {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    evidence_with(&town.store, august(), placed).await;
    publish(&town.store, august(), None).await;
    (home, town)
}

async fn geojson(visitor: &Visitor, query: &str) -> Value {
    let answer = visitor.get(&format!("{LIST}.geojson{query}")).await;
    assert_eq!(answer.header("content-type"), "application/geo+json");
    serde_json::from_str(&answer.text).unwrap()
}

#[tokio::test]
async fn list_map_and_files_have_the_same_count_under_every_filter() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        evidence_with(&town.store, august(), placed).await;
        publish(&town.store, august(), None).await;
        let citizen = town.visitor();
        #[rustfmt::skip]
        let table = [
            ("",                                                      15, 14, 2),
            ("?unit=421202000000",                                     5,  4, 2),
            ("?unit=C-1202-01",                                        2,  2, 0),
            ("?severity=serious",                                      9,  9, 1),
            ("?unit=421202000000&severity=serious&category=",          3,  3, 1),
            ("?category=compound-sanitation",                          3,  3, 0),
            ("?unit=421223000000&category=compound-sanitation",        0,  0, 0),
        ];
        for (query, count, counted, located) in table {
            let list = json(&citizen, &format!("{LIST}{query}")).await;
            assert_eq!(
                (&list["count"], &list["counted"], &list["located"]),
                (&count.into(), &counted.into(), &located.into()),
                "{query}"
            );
            assert_eq!(list["findings"].as_array().unwrap().len(), count, "{query}");
            let points = geojson(&citizen, query).await;
            let features = points["features"].as_array().unwrap();
            let drawn = features.iter().filter(|each| !each["geometry"].is_null());
            assert_eq!((features.len(), drawn.count()), (count, located), "{query}");
            let csv = citizen.get(&format!("{LIST}.csv{query}")).await.text;
            assert_eq!(csv.lines().count(), count + 1, "{query}");
            let shown = page(&citizen, &format!("{LIST}{query}")).await;
            let rows = shown.matches("<th scope=\"row\"").count();
            assert_eq!(rows, count, "{query}");
            assert_eq!(
                shown.contains("data-island=\"map\""),
                located > 0,
                "{query}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn points_are_geojson_that_leads_to_the_finding() {
    let (_home, town) = published().await;
    let points = geojson(&town.visitor(), "?unit=421202000000").await;
    assert_eq!(points["type"], "FeatureCollection");
    assert_eq!(
        points["bbox"],
        serde_json::json!([114.29, 29.85, 114.310001, 29.87])
    );
    let first = &points["features"][0];
    assert_eq!(
        first["geometry"]["coordinates"],
        serde_json::json!([114.310001, 29.85])
    );
    let told = &first["properties"];
    assert_eq!(
        (
            &told["href"],
            &told["category"],
            &told["unit"],
            &told["counts"]
        ),
        (
            &"/findings/xianning/2022-08/f01".into(),
            &"sanitation".into(),
            &"421202000000".into(),
            &true.into()
        )
    );
    assert_eq!(points["features"][1]["properties"]["counts"], false);
    let english = geojson(&town.visitor(), "?lang=en").await;
    assert_eq!(english["features"][0]["properties"]["severity"], "serious");
}

#[tokio::test]
async fn files_hold_the_whole_list() {
    let (_home, town) = published().await;
    let citizen = town.visitor();
    let csv = citizen.get(&format!("{LIST}.csv")).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        csv.header("content-disposition")
            .contains("xianning-2022-08-findings.csv")
    );
    assert!(
        csv.text.contains("114.310001") && csv.text.contains("中心街1号"),
        "{}",
        csv.text
    );
    let url = format!("{}{LIST}.xlsx", citizen.site);
    let bytes = citizen
        .client
        .get(url)
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    // The title and the head stand above the rows.
    assert_eq!(sheet.height(), 15 + 2);
    assert!(book.worksheet_formula("问题清单").unwrap().is_empty());
}

#[tokio::test]
async fn a_question_that_cannot_be_answered_says_what_to_choose() {
    let (_home, town) = published().await;
    let citizen = town.visitor();
    for (query, said) in [
        ("?unit=999", "请从排名表里选择单位"),
        ("?category=none", "请从筛选条件里选择"),
        ("?severity=huge", "请从筛选条件里选择"),
    ] {
        for ending in ["", ".geojson", ".csv", ".xlsx"] {
            let answer = citizen.get(&format!("{LIST}{ending}{query}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{ending}{query}");
            assert!(
                answer.text.contains(said),
                "{ending}{query}: {}",
                answer.text
            );
        }
    }
    let answer = citizen.get(&format!("{LIST}?page=x")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    // A page that is not there is the nearest that is.
    assert_eq!(json(&citizen, &format!("{LIST}?page=99")).await["page"], 1);
}

#[tokio::test]
async fn a_long_list_is_paged_and_its_files_are_not() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    evidence_with(&town.store, august(), |facts| {
        for number in 0..100 {
            let mut finding = facts.findings[6].clone();
            finding.id = format!("g{number:03}");
            facts.findings.push(finding);
        }
    })
    .await;
    publish(&town.store, august(), None).await;
    let citizen = town.visitor();
    let last = json(&citizen, &format!("{LIST}?unit=421222000000&page=3")).await;
    assert_eq!(
        (&last["count"], &last["pages"], &last["page"]),
        (&101.into(), &3.into(), &3.into())
    );
    assert_eq!(last["findings"].as_array().unwrap().len(), 1);
    let shown = page(&citizen, &format!("{LIST}?unit=421222000000")).await;
    assert!(
        shown.contains("?unit=421222000000&#38;page=2#list"),
        "{shown}"
    );
    assert_eq!(
        geojson(&citizen, "?unit=421222000000").await["features"]
            .as_array()
            .unwrap()
            .len(),
        101
    );
    // The unit's own page shows the first and leads to all of them.
    let unit = page(&citizen, "/months/xianning/2022-08/units/421222000000").await;
    assert!(
        unit.contains("查看全部 101 个问题") && unit.matches("data-label=\"地点\"").count() == 50
    );
}

#[tokio::test]
async fn only_what_is_published_appears_and_old_editions_stay() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    evidence_of(&town.store, august()).await;
    round::freeze(&town.store, at(104), "console", SERIES, august())
        .await
        .unwrap();
    let office = town.signed_in("host").await;
    for visitor in [&town.visitor(), &office] {
        for ending in ["", ".json", ".geojson", ".csv", ".xlsx"] {
            let answer = visitor.get(&format!("{LIST}{ending}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{ending}");
            assert!(!answer.text.contains("f01"), "{ending}");
        }
    }
    publish_frozen(&town.store, august(), None).await;
    // What comes in afterwards is not there before a correction, and then the old edition is as it was.
    evidence_with(&town.store, august(), |facts| {
        facts.findings[0].excluded = Some("void".into())
    })
    .await;
    let citizen = town.visitor();
    let counted =
        async |query: &str| json(&citizen, &format!("{LIST}{query}")).await["counted"].clone();
    assert_eq!(counted("").await, 15);
    publish(&town.store, august(), Some("作废一处")).await;
    assert_eq!(
        (counted("").await, counted("?edition=1").await),
        (14.into(), 15.into())
    );
    let old = page(&citizen, &format!("{LIST}?edition=1")).await;
    assert!(
        old.contains("name=\"edition\" value=\"1\"") && old.contains("findings.csv?edition=1"),
        "{old}"
    );
}
