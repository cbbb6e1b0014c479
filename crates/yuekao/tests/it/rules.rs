//! The public rules over HTTP: in words, as the adopted text, and what each scheme changed.

use reqwest::StatusCode;
use yuekao::round;

use crate::act::at;
use crate::databases::Home;
use crate::facts::text;
use crate::public::{august, evidence_of, json, page, publish};
use crate::town::Town;

async fn published() -> (Home, Town) {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    evidence_of(&town.store, august()).await;
    publish(&town.store, august(), None).await;
    (home, town)
}

#[tokio::test]
async fn a_scheme_is_read_article_by_article_with_its_assumptions_where_they_stand() {
    let (_home, town) = published().await;
    let citizen = town.visitor();
    let shown = page(&citizen, "/rules/xianning-2022").await;
    let articles = shown.find("第一条").unwrap();
    assert!(
        articles < shown.find("id = &#34;xianning-2022&#34;").unwrap(),
        "words come before the file"
    );
    assert!(shown.contains("href=\"#article-5\"") && shown.contains("<section id=\"article-5\">"));
    assert!(shown.contains("id=\"article-5-sanitation\""), "{shown}");
    let weights = &shown[shown.find("id=\"article-5-sanitation\"").unwrap()..];
    assert!(weights[..weights.find("</h3>").unwrap()].contains("badge assumed"));
    let scheme = json(&citizen, "/rules/xianning-2022").await;
    assert_eq!(
        shown.matches("badge assumed").count(),
        // One more says so at the top.
        scheme["document"]["assumed"].as_u64().unwrap() as usize + 1
    );
    let english = page(&citizen, "/rules/xianning-2022?lang=en").await;
    assert!(english.contains("Article 1") && !english.contains("Unknown localization"));
}

#[tokio::test]
async fn the_adopted_file_can_be_kept_byte_by_byte() {
    let (_home, town) = published().await;
    let citizen = town.visitor();
    let kept = citizen.get("/rules/xianning-2022.toml").await;
    assert_eq!(kept.header("content-type"), "application/toml");
    assert_eq!(kept.text, text("schemes/xianning/2022.toml"));
    let scheme = json(&citizen, "/rules/xianning-2022").await;
    assert_eq!(scheme["digest"], yuekao::store::digest(&kept.text));
    for path in [
        "/rules/nothing.toml",
        "/rules/nothing",
        "/rules/nothing/changes",
    ] {
        assert_eq!(
            citizen.get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_scheme_is_compared_with_the_one_before_it_once_both_are_public() {
    let (_home, town) = published().await;
    let before = text("schemes/xianning/2021.toml");
    round::adopt_scheme(&town.store, at(110), "console", &before)
        .await
        .unwrap();
    // No month of 2021 is published: for a citizen there is nothing before 2022, for the office there is.
    let (citizen, office) = (town.visitor(), town.signed_in("host").await);
    let changes = "/rules/xianning-2022/changes";
    assert_eq!(
        citizen.get("/rules/xianning-2021").await.status,
        StatusCode::NOT_FOUND
    );
    let refused = citizen.get(changes).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert!(refused.text.contains("没有可以比较的"), "{}", refused.text);
    assert!(
        !page(&citizen, "/rules/xianning-2022")
            .await
            .contains(changes)
    );
    assert!(!page(&citizen, "/rules").await.contains("xianning-2021"));
    assert!(
        page(&office, "/rules/xianning-2022")
            .await
            .contains(changes)
    );
    let told = json(&office, changes).await;
    assert_eq!(
        (&told["before"]["id"], &told["after"]["id"]),
        (&"xianning-2021".into(), &"xianning-2022".into())
    );
    let second =
        |each: &&serde_json::Value| each["text"].as_str().unwrap().contains("第2名：奖励60万元");
    assert!(
        told["differences"]
            .as_array()
            .unwrap()
            .iter()
            .any(|each| second(&each))
    );
    let shown = page(&office, changes).await;
    assert!(
        shown.contains("第2名：奖励60万元") && shown.contains("（原来没有）"),
        "{shown}"
    );
}

#[tokio::test]
async fn every_public_page_has_its_json_address() {
    let (_home, town) = published().await;
    let citizen = town.visitor();
    let month = "/months/xianning/2022-08";
    for path in [
        month.to_owned(),
        format!("{month}/bulletin"),
        format!("{month}/findings"),
        format!("{month}/units/421202000000"),
        format!("{month}/units/421202000000/sheet"),
        format!("{month}/units/421202000000/why"),
        format!("{month}/units/421202000000/why/sanitation"),
        "/findings/xianning/2022-08/f01".into(),
        "/trends".into(),
        "/categories".into(),
        "/departments".into(),
        "/townships".into(),
        "/archive".into(),
        "/rules".into(),
        "/rules/xianning-2022".into(),
        "/verify".into(),
    ] {
        let answer = citizen.get(&format!("{path}.json?lang=en")).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::OK, "application/json"),
            "{path}"
        );
        if !path.ends_with("/sheet") {
            let asked = citizen.get_json(&path).await;
            assert_eq!(answer.text, asked.text, "{path}");
        }
    }
    assert_eq!(
        citizen.get("/index.json").await.text,
        citizen.get_json("/").await.text
    );
    // A page that has none, a thing that is not there: both say so as problem+json.
    for path in [
        "/login.json",
        "/health.json",
        "/setup.json",
        "/nowhere.json",
        "/trends.json?series=none",
        "/rules/none.json",
    ] {
        let answer = citizen.get(path).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::NOT_FOUND, "application/problem+json"),
            "{path}"
        );
    }
    assert!(
        citizen
            .get("/openapi.json")
            .await
            .text
            .contains("\"openapi\":\"3.1.0\"")
    );
}
