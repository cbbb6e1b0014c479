//! The demo goes through the whole pipeline, and comes to the same on both databases.

use std::cell::RefCell;

use assessment::month::Month;
use yuekao::demo::life::{ACCOUNTS, Life};
use yuekao::demo::month::Demo;
use yuekao::demo::photo::Album;
use yuekao::round;
use yuekao::store::Store;
use yuekao::store::round::Stage;

use crate::databases::on_both;
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
