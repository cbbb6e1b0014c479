//! Units and their spans of months.

use crate::act::{at, unit};
use crate::databases::on_both;

#[tokio::test]
async fn a_unit_is_asked_for_as_it_was_in_a_month() {
    on_both(async |home| {
        let store = home.open().await;
        let mut before = unit("421221", "2020-01");
        before.valid_to = Some("2021-12".into());
        let mut after = unit("421221", "2022-01");
        after.name = "新嘉鱼县".into();
        after
            .attributes
            .insert("population".into(), "300000".into());
        let spans = vec![before.clone(), after.clone()];
        assert_eq!(
            store
                .set_units(at(1), "console", spans.clone())
                .await
                .unwrap(),
            2
        );
        assert_eq!(
            store
                .set_units(at(2), "console", spans.clone())
                .await
                .unwrap(),
            0
        );
        assert_eq!(store.units().await.unwrap(), spans);
        assert_eq!(
            store.units_in("2021-12".parse().unwrap()).await.unwrap(),
            [before]
        );
        assert_eq!(
            store.units_in("2023-05".parse().unwrap()).await.unwrap(),
            [after]
        );
        assert!(
            store
                .units_in("2019-12".parse().unwrap())
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(store.last_act().await.unwrap(), 2);
    })
    .await;
}
