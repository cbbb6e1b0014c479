//! Rounds and bulletins in the store.

use assessment::month::Month;
use yuekao::store::bulletin::NewBulletin;
use yuekao::store::evidence::EvidenceRow;
use yuekao::store::round::{Closing, Stage};
use yuekao::store::scheme::SchemeText;
use yuekao::store::{Error, Store, digest};

use crate::act::at;
use crate::databases::on_both;

fn march() -> Month {
    "2022-03".parse().unwrap()
}

fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    match result {
        Err(Error::Refused(message)) => message.key,
        other => panic!("not refused: {other:?}"),
    }
}

fn bulletin(frozen: &str, assessment: &str) -> NewBulletin {
    NewBulletin {
        number: "第3期".into(),
        scheme_id: "city-2022".into(),
        scheme_digest: digest("[方案]"),
        frozen_digest: frozen.into(),
        assessment: assessment.into(),
        content: "{}".into(),
    }
}

fn closing(text: &str, looked: i64) -> Closing {
    Closing {
        evidence: "city".into(),
        looked,
        digest: digest(text),
        text: text.into(),
    }
}

/// A month that was opened, frozen, opened again by two, frozen, published and corrected; the
/// scheme `city-2022` with the text `[方案]` is adopted.
pub async fn published_twice(store: &Store) {
    let freeze = async |second, text: &str| {
        let closing = closing(text, store.last_act().await.unwrap());
        let name = closing.digest.clone();
        store
            .freeze_round(at(second), "yi", "city", march(), closing)
            .await
            .map(|()| name)
    };
    store
        .open_round(at(20), "yi", "city", march(), "city-2022")
        .await
        .unwrap();
    let open = store
        .publish_bulletin(
            at(21),
            "yi",
            "city",
            march(),
            bulletin("", "甲第一"),
            vec![],
        )
        .await;
    assert_eq!(refusal(open), "bulletin-not-of-this-round");
    freeze(22, "证据零").await.unwrap();
    assert_eq!(refusal(freeze(23, "证据").await), "round-not-open");
    assert!(
        !store
            .reopen_round(at(24), "yi", "city", march())
            .await
            .unwrap()
    );
    assert_eq!(
        refusal(store.reopen_round(at(25), "yi", "city", march()).await),
        "round-reopen-needs-another"
    );
    assert!(
        store
            .reopen_round(at(26), "bing", "city", march())
            .await
            .unwrap()
    );
    let frozen = freeze(27, "证据一").await.unwrap();
    let other = store
        .publish_bulletin(
            at(28),
            "yi",
            "city",
            march(),
            bulletin(&digest("证据零"), "甲"),
            vec![],
        )
        .await;
    assert_eq!(refusal(other), "bulletin-not-of-this-round");
    let first = bulletin(&frozen, "甲第一");
    assert_eq!(
        store
            .publish_bulletin(at(29), "yi", "city", march(), first.clone(), vec![])
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        refusal(store.reopen_round(at(30), "yi", "city", march()).await),
        "round-not-frozen"
    );
    let twice = store
        .publish_bulletin(at(30), "yi", "city", march(), first, vec![])
        .await;
    assert_eq!(refusal(twice), "round-not-frozen");
    let frozen = freeze(31, "证据二").await.unwrap();
    let second = bulletin(&frozen, "乙第一");
    assert_eq!(
        store
            .publish_bulletin(at(32), "yi", "city", march(), second, vec![])
            .await
            .unwrap(),
        2
    );
}

#[tokio::test]
async fn a_correction_leaves_the_old_bulletin_readable() {
    on_both(async |home| {
        let store = home.open().await;
        let scheme = SchemeText {
            series: "city".into(),
            text: "[方案]".into(),
            valid_from: "2022-01".into(),
            valid_to: None,
        };
        store
            .adopt_scheme(at(1), "yi", "city-2022", scheme)
            .await
            .unwrap();
        published_twice(&store).await;
        let round = store.round("city", march()).await.unwrap().unwrap();
        assert_eq!(
            (round.stage, round.assessment_digest),
            (Stage::Published, Some(digest("乙第一")))
        );
        let editions = store.bulletins_of("city", march()).await.unwrap();
        let seen: Vec<_> = editions
            .iter()
            .map(|row| {
                (
                    row.edition,
                    row.corrects,
                    row.bulletin.assessment.as_str(),
                    row.published_at,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [(2, Some(1), "乙第一", at(32)), (1, None, "甲第一", at(29))]
        );
        assert_eq!(store.newest_bulletins("city").await.unwrap(), editions[..1]);
        let old = &editions[1].bulletin.frozen_digest;
        assert_eq!(store.frozen(old).await.unwrap().as_deref(), Some("证据一"));
        assert_eq!(store.rounds().await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn facts_are_not_closed_if_evidence_came_while_they_were_read() {
    on_both(async |home| {
        let store = home.open().await;
        store
            .open_round(at(20), "yi", "city", march(), "city-2022")
            .await
            .unwrap();
        let row = |id: &str| EvidenceRow {
            kind: "visits".into(),
            id: id.into(),
            unit: "a".into(),
            starts_at: 0,
            ends_at: 0,
            cells: vec![],
        };
        let take = async |second, series: &str, id: &str| {
            let taken = store.take_evidence(at(second), "yi", series, vec![row(id)], None);
            assert_eq!(taken.await.unwrap(), 1);
        };
        let looked = store.last_act().await.unwrap();
        let freeze = async |second| {
            let closing = closing("证据", looked);
            store
                .freeze_round(at(second), "yi", "city", march(), closing)
                .await
        };
        take(21, "city", "v1").await;
        assert_eq!(refusal(freeze(22).await), "round-evidence-moved");
        assert!(store.frozen(&digest("证据")).await.unwrap().is_none());
        let looked = store.last_act().await.unwrap();
        // That of another series is no matter.
        take(23, "county", "v1").await;
        let closing = closing("证据", looked);
        let frozen = store.freeze_round(at(24), "yi", "city", march(), closing);
        frozen.await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_photo_is_a_file_named_by_its_digest() {
    on_both(async |home| {
        let store = home.open().await;
        for _ in 0..2 {
            let name = store
                .keep_photo(b"picture".to_vec(), "image/png", true)
                .await
                .unwrap();
            assert_eq!(name, digest("picture"));
            assert_eq!(std::fs::read(store.photo_path(&name)).unwrap(), b"picture");
            let photo = store.photo(&name).await.unwrap().unwrap();
            assert_eq!((photo.length, photo.synthetic), (7, true));
        }
        assert_eq!(store.photo("none").await.unwrap(), None);
    })
    .await;
}
