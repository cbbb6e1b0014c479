//! The public site over HTTP: what is published is there for everybody, and nothing else.

use std::io::{Cursor, Read as _};

use assessment::facts::Facts;
use assessment::month::Month;
use reqwest::StatusCode;
use serde_json::Value;
use yuekao::bulletin::view::Both;
use yuekao::evidence::folder;
use yuekao::round::{self, Publication};
use yuekao::store::Store;
use yuekao::store::evidence::rows_of;

use crate::act::at;
use crate::command::run;
use crate::databases::{Home, on_both};
use crate::facts::{take, text, units_from};
use crate::town::{Town, Visitor};

pub const SERIES: &str = "xianning";

/// The golden August of 2022, moved to another month.
fn facts_of(month: Month) -> Facts {
    let files: Vec<(&str, String)> = ["units.csv", "visits.csv", "findings.csv"]
        .map(|name| {
            (
                name,
                text(&format!("schemes/golden/xianning-2022/{name}"))
                    .replace("2022-08", &month.to_string()),
            )
        })
        .into();
    let (facts, faults) =
        folder::read_files(files.iter().map(|(name, text)| (*name, text.as_bytes()))).unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    facts
}

/// Adopts the rules of 2022 and takes the evidence of a month.
pub async fn evidence_of(store: &Store, month: Month) {
    evidence_with(store, month, |_| {}).await;
}

/// The same with something changed in the facts.
pub async fn evidence_with(store: &Store, month: Month, change: impl FnOnce(&mut Facts)) {
    round::adopt_standard(
        store,
        at(100),
        "console",
        &text("standards/xianning-2021.toml"),
    )
    .await
    .unwrap();
    if store.scheme("xianning-2022").await.unwrap().is_none() {
        round::adopt_scheme(
            store,
            at(101),
            "console",
            &text("schemes/xianning/2022.toml"),
        )
        .await
        .unwrap();
    }
    let mut facts = facts_of(month);
    change(&mut facts);
    let units = units_from(&facts, "2020-01");
    take(store, at(103), SERIES, month, &facts, units).await;
}

pub async fn publish(store: &Store, month: Month, reason: Option<&str>) {
    round::freeze(store, at(104), "console", SERIES, month)
        .await
        .unwrap();
    publish_frozen(store, month, reason).await;
}

pub async fn publish_frozen(store: &Store, month: Month, reason: Option<&str>) {
    let reason = reason.map(|reason| Both::new(reason, reason));
    let publication = Publication {
        number: Some("测〔2022〕8号".into()),
        date: "2022-10-10".into(),
        reason,
    };
    round::publish(store, at(105), "console", SERIES, month, publication)
        .await
        .unwrap();
}

pub fn august() -> Month {
    "2022-08".parse().unwrap()
}

pub async fn page(visitor: &Visitor, path: &str) -> String {
    let answer = visitor.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.text
}

pub async fn json(visitor: &Visitor, path: &str) -> Value {
    let answer = visitor.get_json(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    serde_json::from_str(&answer.text).unwrap()
}

#[tokio::test]
async fn before_anything_is_published_the_site_says_so_and_hides_the_open_month() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    evidence_of(&town.store, august()).await;
    round::freeze(&town.store, at(104), "console", SERIES, august())
        .await
        .unwrap();
    let citizen = town.visitor();
    for path in [
        "/",
        "/trends",
        "/categories",
        "/departments",
        "/townships",
        "/archive",
        "/verify",
    ] {
        assert!(
            page(&citizen, path).await.contains("还没有公布的结果"),
            "{path}"
        );
    }
    for path in [
        "/months/xianning/2022-08",
        "/months/xianning/2022-08/bulletin.pdf",
        "/months/xianning/2022-08/units/421202000000",
        "/findings/xianning/2022-08/f01",
        "/evidence/xianning/2022-08.zip",
        "/rules/xianning-2022",
    ] {
        assert_eq!(
            citizen.get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_published_score_opens_down_to_its_finding() {
    on_both(async |home| {
        let town = Town::founded(home).await;
        for month in ["2022-08", "2022-09"] {
            let month = month.parse().unwrap();
            evidence_of(&town.store, month).await;
            publish(&town.store, month, None).await;
        }
        let citizen = town.visitor();
        let front = json(&citizen, "/").await;
        assert_eq!(
            (&front["series"], &front["bulletin"]["month"]),
            (&"xianning".into(), &"2022-09".into())
        );

        let month = page(&citizen, "/months/xianning/2022-08").await;
        assert!(
            month.contains("99.80")
                && month.contains("data-island=\"map\"")
                && month.contains("本页有假定值"),
            "{month}"
        );
        let unit = "/months/xianning/2022-08/units/421202000000";
        assert!(
            month.contains(&format!("href=\"{unit}\""))
                && month.contains(&format!("href=\"{unit}/why\""))
        );
        let values = json(&citizen, unit).await["values"].clone();
        let of = |item: &str| {
            values
                .as_array()
                .unwrap()
                .iter()
                .find(|value| value["item"] == item)
                .unwrap()["value"]
                .clone()
        };
        assert_eq!((of("total"), of("city")), ("99.482".into(), "99.68".into()));

        let why = json(&citizen, &format!("{unit}/why")).await;
        assert_eq!(
            (
                &why["working"]["value"],
                &why["working"]["parts"][0]["value"]
            ),
            (&"99.48".into(), &"99.482".into())
        );
        let page_of_why = page(&citizen, &format!("{unit}/why/sanitation")).await;
        assert!(
            page_of_why.contains("href=\"/findings/xianning/2022-08/f01\""),
            "{page_of_why}"
        );
        let finding = json(&citizen, "/findings/xianning/2022-08/f01").await;
        assert_eq!(
            (&finding["unit_code"], &finding["finding"]["points"]["text"]),
            (&"421202000000".into(), &"0.2".into())
        );
        assert!(
            page(&citizen, "/findings/xianning/2022-08/f01")
                .await
                .contains("0.2")
        );
        assert_eq!(
            citizen.get("/findings/xianning/2022-08/f99").await.status,
            StatusCode::NOT_FOUND
        );

        for path in [
            "/trends",
            "/categories",
            "/departments",
            "/townships",
            "/archive",
            "/rules/xianning-2022",
            "/verify",
            unit,
        ] {
            for language in ["zh-CN", "en"] {
                let text = page(&citizen, &format!("{path}?lang={language}")).await;
                assert!(
                    !text.contains("Unknown localization"),
                    "{path} in {language}"
                );
            }
        }
        assert_eq!(
            json(&citizen, "/trends").await["months"],
            serde_json::json!(["2022-08", "2022-09"])
        );
    })
    .await;
}

#[tokio::test]
async fn the_evidence_of_a_published_month_gives_the_same_digest_again() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    evidence_of(&town.store, august()).await;
    publish(&town.store, august(), None).await;
    let citizen = town.visitor();
    let answer = citizen
        .client
        .get(format!("{}/evidence/xianning/2022-08.zip", citizen.site))
        .send()
        .await
        .unwrap();
    let bytes = answer.bytes().await.unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes.clone())).unwrap();
    let unpacked = tempfile::tempdir().unwrap();
    archive.extract(unpacked.path()).unwrap();
    let mut said = String::new();
    archive
        .by_name("round.txt")
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();

    let rules = yuekao::file::rules(
        &unpacked.path().join("scheme.toml"),
        Some(&unpacked.path().join("standard.toml")),
        unpacked.path(),
    );
    let (facts, _) = folder::read(unpacked.path()).unwrap();
    let frozen = assessment::round::Frozen::freeze(august(), facts);
    let assessment = assessment::round::assess(&rules.unwrap(), &frozen).unwrap();
    let expected = format!(
        "month 2022-08\nfacts {}\nassessment {}\n",
        frozen.canonical().digest,
        assessment.digest
    );
    assert_eq!(said, expected);
    let published = json(&citizen, "/months/xianning/2022-08").await;
    assert_eq!(
        published["bulletin"]["digests"]["assessment"],
        assessment.digest
    );

    // As it was downloaded, and from its folder, the command says the same.
    let packed = home.folder().join("2022-08.zip");
    std::fs::write(&packed, bytes).unwrap();
    for evidence in [packed.as_path(), unpacked.path()] {
        let (status, said) = run(&home, &["assess", evidence.to_str().unwrap()]);
        assert_eq!(status, 0, "{said}");
        assert!(said.contains(&assessment.digest), "{said}");
    }
    std::fs::write(&packed, "not a zip").unwrap();
    let (status, said) = run(&home, &["assess", packed.to_str().unwrap()]);
    assert_ne!(status, 0);
    assert!(
        said.contains("2022-08.zip") && said.contains("ZIP"),
        "{said}"
    );
}

#[tokio::test]
async fn the_bulletin_comes_as_page_and_files() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    evidence_of(&town.store, august()).await;
    publish(&town.store, august(), None).await;
    let citizen = town.visitor();
    let file = async |path: &str| {
        let answer = citizen
            .client
            .get(format!("{}/months/xianning/2022-08/{path}", citizen.site))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let kind = answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        (kind, answer.bytes().await.unwrap())
    };
    let (kind, pdf) = file("bulletin.pdf").await;
    assert!(kind == "application/pdf" && pdf.starts_with(b"%PDF-"));
    assert!(
        file("units/421202000000/sheet.pdf")
            .await
            .1
            .starts_with(b"%PDF-")
    );
    assert!(
        file("bulletin.xlsx").await.1.starts_with(b"PK")
            && file("units/421202000000/sheet.xlsx")
                .await
                .1
                .starts_with(b"PK")
    );
    let view: Value = serde_json::from_slice(&file("bulletin.json").await.1).unwrap();
    assert_eq!(view["number"], "测〔2022〕8号");
    assert!(String::from_utf8_lossy(&file("bulletin.txt").await.1).contains("分居首"));
    assert!(
        page(&citizen, "/months/xianning/2022-08/bulletin")
            .await
            .contains("测〔2022〕8号")
    );
    assert_eq!(
        citizen
            .get("/months/xianning/2022-08/bulletin.exe")
            .await
            .status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_corrected_bulletin_stays_readable_in_its_old_edition() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    evidence_of(&town.store, august()).await;
    publish(&town.store, august(), None).await;
    let mut facts = facts_of(august());
    facts.findings.retain(|finding| finding.id == "f01");
    facts.findings[0].excluded = Some("appeal".into());
    town.store
        .take_evidence(at(106), "console", SERIES, rows_of(&facts, august()), None)
        .await
        .unwrap();
    publish(&town.store, august(), Some("申诉成立")).await;
    let citizen = town.visitor();
    let newest = json(&citizen, "/months/xianning/2022-08").await;
    assert_eq!(
        (&newest["edition"], &newest["editions"]),
        (&2.into(), &serde_json::json!([2, 1]))
    );
    assert!(
        page(&citizen, "/months/xianning/2022-08")
            .await
            .contains("申诉成立")
    );
    let old = page(&citizen, "/months/xianning/2022-08?edition=1").await;
    assert!(
        old.contains("本版已被更正") && old.contains("units/421202000000?edition=1"),
        "{old}"
    );
    let cost = async |query: &str| {
        json(&citizen, &format!("/findings/xianning/2022-08/f01{query}")).await["finding"]["points"]
            .clone()
    };
    assert_eq!(
        (cost("").await, cost("?edition=1").await["text"].clone()),
        (Value::Null, "0.2".into())
    );
}

#[tokio::test]
async fn made_up_evidence_says_so_on_every_page() {
    let home = Home::sqlite();
    let town = Town::founded(&home).await;
    let host = town.store.host().await.unwrap().unwrap();
    let settings = yuekao::store::host::Settings {
        synthetic: true,
        ..host.settings.clone()
    };
    town.store
        .change_host(
            at(99),
            "console",
            yuekao::store::host::Host { settings, ..host },
        )
        .await
        .unwrap();
    evidence_of(&town.store, august()).await;
    publish(&town.store, august(), None).await;
    let citizen = town.visitor();
    for path in [
        "/",
        "/archive",
        "/months/xianning/2022-08/bulletin",
        "/months/xianning/2022-08/units/421202000000",
        "/verify",
    ] {
        assert!(
            page(&citizen, path)
                .await
                .contains("合成数据，非真实考评结果"),
            "{path}"
        );
    }
    let view = json(&citizen, "/months/xianning/2022-08").await;
    assert_eq!(view["bulletin"]["synthetic"], true);
}
