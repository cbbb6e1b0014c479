//! The demo goes through the whole pipeline, and comes to the same on both databases.

use std::cell::RefCell;

use assessment::month::Month;
use yuekao::demo::life::{ACCOUNTS, Life};
use yuekao::demo::month::Demo;
use yuekao::demo::photo::Album;
use yuekao::round;
use yuekao::store::Store;
use yuekao::store::round::Stage;

use crate::databases::{Home, on_both};
use crate::town::PASSWORD;

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

/// Series and digest of everything that was published.
async fn published(store: &Store) -> Vec<(String, String, String)> {
    let rounds = store.rounds().await.unwrap();
    assert!(rounds.iter().all(|round| round.stage == Stage::Published));
    rounds
        .into_iter()
        .map(|round| {
            (
                round.series,
                round.month.to_string(),
                round.assessment_digest.unwrap(),
            )
        })
        .collect()
}

#[tokio::test]
async fn two_months_are_ranked_and_have_the_same_digests_on_both_databases() {
    let demo = Demo::new(1, Album::draw(1, 1).unwrap()).unwrap();
    let seen = RefCell::new(Vec::new());
    on_both(async |home| {
        let store = home.open().await;
        let mut life = Life::found(&store, &demo, PASSWORD).await.unwrap();
        for text in ["2021-01", "2021-02"] {
            let refused = life.live(month(text), |_| ()).await.unwrap();
            assert!(refused.is_empty(), "{refused:?}");
        }
        assert!(store.is_synthetic().await.unwrap());
        assert_eq!(store.accounts().await.unwrap().len(), ACCOUNTS.len());

        let february = round::assessed(&store, "xianning", month("2021-02"))
            .await
            .unwrap();
        let places = &february.assessment.standing.rankings[0].rows;
        let mut order: Vec<usize> = places.iter().filter_map(|row| row.place).collect();
        order.sort_unstable();
        assert_eq!(order, [1, 2, 3, 4, 5, 6, 7, 8]);
        let photos: Vec<&String> = february
            .frozen
            .facts()
            .findings
            .iter()
            .flat_map(|finding| &finding.photos)
            .collect();
        assert!(photos.len() > 800);
        assert!(store.photo_path(photos[0]).is_file());
        // What stands in the months to come is not known yet.
        assert!(
            february
                .frozen
                .facts()
                .findings
                .iter()
                .all(|one| one.found_at.date() < month("2021-03").first_day())
        );

        let bulletin = &store
            .bulletins_of("xianning", month("2021-02"))
            .await
            .unwrap()[0]
            .bulletin;
        let view = round::view_of(bulletin).unwrap();
        assert!(view.synthetic);
        assert_eq!(view.number.as_deref(), Some("咸城管领办〔2021〕2号"));
        seen.borrow_mut().push(published(&store).await);
    })
    .await;
    let seen = seen.into_inner();
    assert_eq!(seen[0].len(), 2 * 12);
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn a_winter_has_its_leaves_then_compounds_and_a_quarter() {
    let home = Home::sqlite();
    let demo = Demo::new(1, Album::draw(1, 1).unwrap()).unwrap();
    let store = home.open().await;
    let mut life = Life::found(&store, &demo, PASSWORD).await.unwrap();
    let mut refused = Vec::new();
    for number in 0..5 {
        refused.extend(
            life.live(month("2021-11").plus(number), |_| ())
                .await
                .unwrap(),
        );
    }
    // The deposits were paid in January 2021: who begins later does not know what is left of them.
    assert!(
        refused
            .iter()
            .all(|round| round.series == "chongyang-departments"),
        "{refused:?}"
    );
    assert_eq!(refused.len(), 5);

    let found = async |series: &str, text: &str, item: &str| {
        let assessed = round::assessed(&store, series, month(text)).await.unwrap();
        let index = assessed
            .rules
            .scheme
            .items
            .iter()
            .position(|one| one.id == item)
            .unwrap();
        let standing = &assessed.assessment.standing;
        let values = standing.values[index].iter().flatten();
        values
            .map(|node| node.value.clone().unwrap().to_i64().unwrap())
            .sum::<i64>()
    };
    // Leaves on the listed streets are in the evidence and count nowhere.
    assert_eq!(found("xianning", "2021-11", "found").await, 702);
    assert_eq!(found("xianning", "2021-12", "found").await, 738);
    assert_eq!(found("xianning", "2022-01", "red_found").await, 548);
    assert_eq!(found("red-property", "2022-01", "found").await, 548);
    let quarter = round::assessed(&store, "xianning-quarter", month("2022-03"))
        .await
        .unwrap();
    assert!(
        quarter.assessment.standing.rankings[0]
            .rows
            .iter()
            .all(|row| row.place.is_some())
    );
    assert!(
        store
            .bulletins_of("chongyang-departments", month("2022-01"))
            .await
            .unwrap()
            .is_empty()
    );
}
