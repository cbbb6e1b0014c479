//! Originals of the photos of cases, over HTTP on both databases: for those who may settle what they show, and for nobody else.

use assessment::case::life::Kind;
use reqwest::StatusCode;
use serde_json::Value;
use yuekao::casework::{self, Ask};
use yuekao::field::darkroom::develop_waiting;
use yuekao::store::case::NewCase;
use yuekao::store::field_photo::Hand;
use yuekao::viewer::{Role, Viewer};

use crate::case::{COUNTY, act, town};
use crate::databases::on_both;
use crate::town::{Town, Visitor};

const BEFORE: &[u8] = include_bytes!("../photos/xianan_orient1.jpg");
const AFTER: &[u8] = include_bytes!("../photos/xianan_orient6.jpg");
const PLAIN: &[u8] = include_bytes!("../photos/no_exif.jpg");

/// An original that somebody has handed in, developed.
pub async fn handed_in(town: &Town, hand: Hand<'_>, bytes: &[u8]) -> String {
    let (store, now) = (&town.store, town.clock.now());
    let mut incoming = store.incoming();
    assert!(incoming.take(bytes).is_empty(), "it fits into one piece");
    store
        .keep_original(now, hand, incoming, "image/jpeg", true)
        .await
        .unwrap();
    develop_waiting(store, &town.clock).await.unwrap();
    yuekao::store::digest(bytes)
}

/// A case with a photo of where it is, which is with its county.
pub async fn dispatched(town: &Town, source: &str, photo: &str) -> String {
    let (store, now) = (&town.store, town.clock.now());
    let new = NewCase {
        source: source.into(),
        category: "gb30428/component/0101".into(),
        place: "鱼岳镇发展大道".into(),
        lng: Some(1_143_217_170),
        lat: Some(298_366_160),
        county: Some(COUNTY.into()),
        photos: vec![photo.into()],
        ..NewCase::default()
    };
    let id = casework::report(store, now, "somebody", new).await.unwrap();
    let dispatcher = Viewer {
        role: Role::Dispatcher,
        ..Viewer::console()
    };
    let under = Ask {
        condition: "component-0101-2".into(),
        ..Ask::default()
    };
    for (kind, ask) in [
        (Kind::Accept, Ask::default()),
        (Kind::Register, under),
        (Kind::Dispatch, Ask::default()),
    ] {
        casework::act(store, now, &dispatcher, &id, kind, ask)
            .await
            .unwrap();
    }
    id
}

async fn about(visitor: &Visitor, case: &str, digest: &str) -> Value {
    let path = format!("/desk/cases/{case}/photos/{digest}/about");
    serde_json::from_str(&visitor.get_json(&path).await.text).unwrap()
}

#[tokio::test]
async fn who_settles_a_dispute_opens_originals_and_nobody_else_does() {
    on_both(async |home| {
        let town = town(home).await;
        let before = handed_in(&town, Hand::Citizen, BEFORE).await;
        let id = dispatched(&town, "citizen", &before).await;
        let desk = format!("/desk/cases/{id}");
        let county = town.signed_in("unit").await;
        let done = act(
            &county,
            &id,
            "feedback",
            &[("text", "已修复")],
            &[AFTER.to_vec()],
        )
        .await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let after = yuekao::store::digest(AFTER);

        for login in ["host", "verifier", "auditor"] {
            let visitor = town.signed_in(login).await;
            let page = visitor.get(&desk).await.text;
            for (digest, bytes, taken, by) in [
                (&before, BEFORE, "2024-03-15 09:11", "市民"),
                (&after, AFTER, "2024-03-15 09:16", "unit"),
            ] {
                let link = format!("{desk}/photos/{digest}/about");
                assert!(page.contains(&link), "{login}: {page}");
                let text = visitor.get(&link).await.text;
                let size = format!("{} 字节", bytes.len());
                for words in [digest.as_str(), &size, taken, by, "下载原件", "距案件位置"]
                {
                    assert!(text.contains(words), "{login}, {words}: {text}");
                }
                let url = format!("{}{desk}/photos/{digest}/original", visitor.site);
                let kept = visitor.client.get(url).send().await.unwrap();
                let disposition = kept.headers()["content-disposition"].to_str().unwrap();
                assert_eq!(
                    disposition,
                    format!("attachment; filename=\"{digest}.jpeg\"")
                );
                assert_eq!(kept.bytes().await.unwrap(), bytes, "as it came");
            }
        }
        let host = town.signed_in("host").await;
        let known = about(&host, &id, &before).await;
        assert_eq!(known["metres"], 0);
        assert_eq!(known["length"], BEFORE.len());
        assert_eq!(known["handed_in"][0]["by"], "市民");
        let other = yuekao::store::digest("another");
        for part in ["about", "original"] {
            let foreign = host.get(&format!("{desk}/photos/{other}/{part}")).await;
            assert_eq!(
                foreign.status,
                StatusCode::NOT_FOUND,
                "of no case of theirs"
            );
        }

        for login in [
            "unit",
            "dispatcher",
            "leader",
            "chief",
            "tongcheng",
            "inspector",
        ] {
            let visitor = town.signed_in(login).await;
            for part in ["about", "original"] {
                let refused = visitor.get(&format!("{desk}/photos/{before}/{part}")).await;
                assert_eq!(refused.status, StatusCode::FORBIDDEN, "{login} {part}");
            }
        }
        let page = county.get(&desk).await.text;
        assert!(page.contains(&after) && !page.contains("/about"), "{page}");
        let citizen = town
            .visitor()
            .get(&format!("{desk}/photos/{before}/original"))
            .await;
        assert!(citizen.location().starts_with("/login"));
    })
    .await;
}

#[tokio::test]
async fn that_an_inspector_has_the_same_photo_is_secret_and_inspectors_stay_unnamed() {
    on_both(async |home| {
        let town = town(home).await;
        let (host, verifier) = (
            town.signed_in("host").await,
            town.signed_in("verifier").await,
        );
        let inspector = Hand::Agency {
            login: "inspector",
            agency: "agency",
        };
        // The same bytes from two hands; the case is the citizen's.
        let photo = handed_in(&town, inspector, BEFORE).await;
        handed_in(&town, Hand::Citizen, BEFORE).await;
        let case = dispatched(&town, "citizen", &photo).await;
        let by = |known: &Value| {
            let all = known["handed_in"].as_array().unwrap().iter();
            let mut all: Vec<_> = all
                .map(|one| one["by"].as_str().unwrap().to_owned())
                .collect();
            all.sort();
            all
        };
        assert_eq!(
            by(&about(&host, &case, &photo).await),
            ["市民", "第三方暗访员"]
        );
        assert_eq!(by(&about(&verifier, &case, &photo).await), ["市民"]);

        // A case that the inspector's finding has become.
        let photo = handed_in(&town, inspector, PLAIN).await;
        let case = dispatched(&town, "agency", &photo).await;
        let known = about(&verifier, &case, &photo).await;
        assert_eq!(by(&known), ["第三方暗访员"]);
        assert_eq!(
            (&known["taken_at"], &known["position"]),
            (&Value::Null, &Value::Null)
        );

        // One that came in a file of evidence is its own original.
        let photo = town
            .store
            .keep_photo(AFTER.to_vec(), "image/jpeg", false)
            .await
            .unwrap();
        let case = dispatched(&town, "agency", &photo).await;
        let text = verifier
            .get(&format!("/desk/cases/{case}/photos/{photo}/about"))
            .await
            .text;
        assert!(text.contains("随证据文件导入"), "{text}");
        let kept = verifier
            .get(&format!("/desk/cases/{case}/photos/{photo}/original"))
            .await;
        assert_eq!(kept.status, StatusCode::OK);
    })
    .await;
}
