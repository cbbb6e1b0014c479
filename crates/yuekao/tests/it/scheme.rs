//! Adopted schemes and standards in the store.

use yuekao::store::Error;
use yuekao::store::scheme::SchemeText;

use crate::act::at;
use crate::databases::on_both;

fn edition(text: &str, from: &str, to: Option<&str>) -> SchemeText {
    SchemeText {
        series: "city".into(),
        text: text.into(),
        valid_from: from.into(),
        valid_to: to.map(str::to_owned),
    }
}

fn refusal(result: Result<(), Error>) -> &'static str {
    match result {
        Err(Error::Refused(message)) => message.key,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn an_adopted_text_is_fixed_and_editions_do_not_overlap() {
    on_both(async |home| {
        let store = home.open().await;
        let first = edition("一", "2021-01", Some("2021-12"));
        store
            .adopt_scheme(at(1), "yi", "c21", first.clone())
            .await
            .unwrap();
        store.adopt_scheme(at(2), "yi", "c21", first).await.unwrap();
        assert_eq!(store.last_act().await.unwrap(), 1);
        let other = edition("二", "2021-01", Some("2021-12"));
        assert_eq!(
            refusal(store.adopt_scheme(at(2), "yi", "c21", other.clone()).await),
            "scheme-text-is-fixed"
        );
        assert_eq!(
            refusal(store.adopt_scheme(at(2), "yi", "c21b", other.clone()).await),
            "scheme-overlaps"
        );
        let open_end = edition("三", "2021-12", None);
        assert_eq!(
            refusal(store.adopt_scheme(at(2), "yi", "c22", open_end).await),
            "scheme-overlaps"
        );
        store
            .adopt_scheme(at(2), "yi", "c22", edition("四", "2022-01", None))
            .await
            .unwrap();
        let holds = async |month: &str| {
            store
                .scheme_in("city", month.parse().unwrap())
                .await
                .unwrap()
                .map(|scheme| scheme.id)
        };
        assert_eq!(holds("2020-12").await, None);
        assert_eq!(holds("2021-12").await.as_deref(), Some("c21"));
        assert_eq!(holds("2030-01").await.as_deref(), Some("c22"));
        store.withdraw_scheme(at(3), "yi", "c21").await.unwrap();
        assert_eq!(
            refusal(store.withdraw_scheme(at(3), "yi", "c21").await),
            "scheme-not-in-force"
        );
        assert_eq!(holds("2021-12").await, None);
        store
            .adopt_scheme(at(4), "yi", "c21b", other)
            .await
            .unwrap();
        assert_eq!(
            store.scheme("c21").await.unwrap().unwrap().scheme.text,
            "一"
        );
        assert_eq!(store.schemes().await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn an_adopted_standard_is_fixed() {
    on_both(async |home| {
        let store = home.open().await;
        for _ in 0..2 {
            store
                .adopt_standard(at(1), "yi", "std", "净".into())
                .await
                .unwrap();
        }
        let other = store.adopt_standard(at(1), "yi", "std", "脏".into()).await;
        assert_eq!(refusal(other), "standard-text-is-fixed");
        assert_eq!(store.standards().await.unwrap().len(), 1);
        assert_eq!(store.standard("std").await.unwrap().unwrap().text, "净");
    })
    .await;
}
