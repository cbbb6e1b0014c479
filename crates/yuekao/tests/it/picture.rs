//! Reference pictures: the office shows inspectors what an indicator means.

use std::path::Path;

use reqwest::StatusCode;
use serde_json::Value;
use yuekao::round;
use yuekao::viewer::Role;

use crate::databases::{Home, on_both};
use crate::town::{Answer, Town, Visitor};

const PAGE: &str = "/desk/standards/xianning-2021";
const LITTER: &str = "litter-on-road";

fn photo(name: &str) -> Vec<u8> {
    let photos = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/photos");
    std::fs::read(photos.join(name)).unwrap()
}

/// A town with a catalogue, and a site that was released to the inspector for today.
async fn town(home: &Home) -> Town {
    let town = Town::founded(home).await;
    let (store, now) = (&town.store, town.clock.now());
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path| std::fs::read_to_string(project.join(path)).unwrap();
    round::adopt_standard(store, now, "host", &read("standards/xianning-2021.toml"))
        .await
        .unwrap();
    round::adopt_scheme(store, now, "host", &read("schemes/xianning/2022.toml"))
        .await
        .unwrap();
    town.alter(
        "INSERT INTO plan (series, month, agency, seed, frame_digest, drawn_at, body)
         VALUES ('xianning', '2022-03', 'agency-a', '', '', 1, '{}')",
    )
    .await;
    let released = "INSERT INTO assignment (id, series, month, site, unit, stratum, ticket, place, inspector, day, released_at, state)
         VALUES ('A1', 'xianning', '2022-03', 'S1', '421202000000', 'main-road', 'A1', 1, 'inspector', '2022-03-31', 1, 'released')";
    town.alter(released).await;
    town
}

fn address(indicator: &str, act: &str) -> String {
    format!("{PAGE}/indicators/{indicator}/picture{act}")
}

async fn uploads(visitor: &Visitor, indicator: &str, bytes: &[u8]) -> Answer {
    let files = [("参考.jpg", bytes)];
    visitor.upload(&address(indicator, ""), &[], &files).await
}

/// The picture of an indicator on the catalogue's page.
async fn shown(visitor: &Visitor, indicator: &str) -> Value {
    let page: Value = serde_json::from_str(&visitor.get_json(PAGE).await.text).unwrap();
    let groups = page["groups"].as_array().unwrap().iter();
    let mut lines = groups.flat_map(|group| group["indicators"].as_array().unwrap());
    let line = lines.find(|line| line["id"] == indicator).unwrap();
    line["picture"].clone()
}

/// The mark by which an inspector's phone knows the picture of an indicator.
async fn mark(inspector: &Visitor, indicator: &str) -> Value {
    let day = inspector.get_json("/field/tasks").await;
    let day: Value = serde_json::from_str(&day.text).unwrap();
    let rules = &day["rules"][day["tasks"][0]["rules"].as_str().unwrap()];
    let mut lines = rules["indicators"].as_array().unwrap().iter();
    lines.find(|line| line["id"] == indicator).unwrap()["picture"].clone()
}

async fn bytes(visitor: &Visitor, path: &str) -> Vec<u8> {
    let answer = visitor.client.get(format!("{}{path}", visitor.site)).send();
    let answer = answer.await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    assert_eq!(answer.headers()["cache-control"], "no-store", "{path}");
    answer.bytes().await.unwrap().to_vec()
}

#[tokio::test]
async fn a_picture_of_the_office_reaches_the_phones_until_it_is_replaced_or_removed() {
    on_both(async |home| {
        let town = town(home).await;
        let (office, inspector) = (
            town.signed_in("host").await,
            town.signed_in("inspector").await,
        );
        assert_eq!(mark(&inspector, LITTER).await, Value::Null);

        let original = photo("xianan_orient6.jpg");
        let set = uploads(&office, LITTER, &original).await;
        assert_eq!(set.location(), format!("{PAGE}#{LITTER}"), "{}", set.text);
        let first = mark(&inspector, LITTER).await;
        assert!(first.is_string(), "the sheet of the phone lists it");
        assert_eq!(mark(&inspector, "manhole-cover-step").await, Value::Null);
        let line = shown(&office, LITTER).await;
        assert_eq!(
            (&line["photo"], &line["login"], &line["set_at"]),
            (&first, &"host".into(), &"2022-03-31 18:00".into())
        );
        let path = format!("/field/pictures/{LITTER}");
        let copy = bytes(&inspector, &path).await;
        assert!(original.windows(4).any(|part| part == b"Exif"));
        assert!(
            copy.starts_with(&[0xff, 0xd8]) && !copy.windows(4).any(|part| part == b"Exif"),
            "phones get a copy without metadata"
        );

        town.alter("UPDATE account SET name = '某办考评岗' WHERE login = 'host'")
            .await;
        let page = office.get(PAGE).await.text;
        assert!(page.contains("某办考评岗"), "a person, not a login: {page}");

        // The same file again is no act; another one is, and takes its place.
        uploads(&office, LITTER, &original).await;
        uploads(
            &town.signed_in("host2").await,
            LITTER,
            &photo("no_exif.jpg"),
        )
        .await;
        let second = mark(&inspector, LITTER).await;
        assert!(second.is_string() && second != first);
        assert_ne!(bytes(&inspector, &path).await, copy);

        // Who removes says which picture they saw.
        let remove = address(LITTER, "/remove");
        let late = office
            .post(&remove, &[("photo", first.as_str().unwrap())])
            .await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(late.text.contains("已被他人更换或移除"), "{}", late.text);
        let removed = office
            .post(&remove, &[("photo", second.as_str().unwrap())])
            .await;
        assert_eq!(removed.status, StatusCode::SEE_OTHER, "{}", removed.text);
        assert_eq!(mark(&inspector, LITTER).await, Value::Null);
        assert_eq!(inspector.get(&path).await.status, StatusCode::NOT_FOUND);
        let acts = town
            .store
            .acts_of("reference_picture", LITTER)
            .await
            .unwrap();
        let acts: Vec<_> = acts
            .iter()
            .map(|act| (act.who.as_str(), act.kind.as_str()))
            .collect();
        assert_eq!(
            acts,
            [("host", "set"), ("host2", "set"), ("host", "removed")]
        );
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_a_reference_picture_is_refused_with_a_sentence() {
    let home = Home::sqlite();
    let town = town(&home).await;
    let office = town.signed_in("host").await;
    let mut large = photo("no_exif.jpg");
    large.resize((10 << 20) + 1, 0);
    for (bytes, said) in [
        (photo("not_an_image.jpg"), "不是 JPEG 或 PNG"),
        (photo("corrupt.heic"), "不是 JPEG 或 PNG"),
        (photo("truncated.jpg")[..400].to_vec(), "不完整或已损坏"),
        (large, "图片超过 10 MB，没有保存。请压缩后重新上传。"),
        (vec![], "请选择一张 JPEG 或 PNG 图片"),
    ] {
        let refused = uploads(&office, LITTER, &bytes).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
    }
    assert_eq!(shown(&office, LITTER).await, Value::Null);
    let nowhere = uploads(&office, "no-such-thing", &photo("no_exif.jpg")).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    assert!(nowhere.text.contains("no-such-thing"), "{}", nowhere.text);
}

#[tokio::test]
async fn only_the_office_changes_pictures() {
    let home = Home::sqlite();
    let town = town(&home).await;
    let office = town.signed_in("host").await;
    uploads(&office, LITTER, &photo("no_exif.jpg")).await;
    let line = shown(&office, LITTER).await;
    let digest = line["photo"].as_str().unwrap();
    let sizes = ["copy", "thumb"].map(|size| format!("/desk/pictures/{digest}/{size}"));
    for role in Role::OF_ACCOUNTS
        .into_iter()
        .filter(|role| *role != Role::Host)
    {
        let visitor = town.signed_in(role.word()).await;
        for answer in [
            uploads(&visitor, LITTER, &photo("gps_zero.jpg")).await,
            visitor
                .post(&address(LITTER, "/remove"), &[("photo", digest)])
                .await,
        ] {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role}");
        }
        let looks = visitor.get(PAGE).await;
        assert_eq!(
            looks.status == StatusCode::OK,
            role == Role::Auditor,
            "{role}"
        );
        assert!(
            !looks.text.contains("/picture\""),
            "{role} is offered no form"
        );
    }
    assert_eq!(shown(&office, LITTER).await, line);
    let page = office.get(PAGE).await;
    assert!(page.text.contains("130 项指标中有 1 项"), "{}", page.text);
    for size in sizes {
        let picture = office.get(&size).await;
        assert_eq!(picture.header("content-type"), "image/jpeg", "{size}");
    }
    // A photo that is no reference picture is not to be had here.
    let other = format!("/desk/pictures/{}/copy", "0".repeat(64));
    assert_eq!(office.get(&other).await.status, StatusCode::NOT_FOUND);
}
