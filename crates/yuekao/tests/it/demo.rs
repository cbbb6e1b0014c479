//! The demo goes through the whole pipeline, and comes to the same on both databases.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use assessment::case;
use assessment::month::Month;
use yuekao::casework::Practice;
use yuekao::clock::civil;
use yuekao::demo::life::{ACCOUNTS, Life};
use yuekao::demo::month::Demo;
use yuekao::demo::people::People;
use yuekao::demo::photo::Album;
use yuekao::round;
use yuekao::store::Store;
use yuekao::store::round::Stage;

use crate::command::run;
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
        let marks = store.picture_marks().await.unwrap();
        assert!(
            marks.len() > 15 && marks.contains_key("litter-on-road"),
            "phones get reference pictures: {marks:?}"
        );

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

/// Every row of a table as text, in an order of its own.
async fn rows(store: &Store, table: &'static str) -> Vec<String> {
    use sqlx::{Column as _, Row as _};
    let text = format!("SELECT * FROM {table}");
    let rows = sqlx::query(sqlx::AssertSqlSafe(text))
        .fetch_all(store.reading())
        .await
        .unwrap();
    let cell = |row: &sqlx::any::AnyRow, index: usize| {
        let name = row.columns()[index].name().to_owned();
        let value = row.try_get::<Option<String>, _>(index).unwrap_or_else(|_| {
            let number: Option<i64> = row.try_get(index).unwrap();
            number.map(|number| number.to_string())
        });
        format!("{name}={value:?}")
    };
    let mut texts: Vec<String> = rows
        .iter()
        .map(|row| {
            (0..row.len())
                .map(|index| cell(row, index))
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    texts.sort();
    texts
}

/// One in forty of a month's findings: everything happens to them that happens to all.
const SHARE: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_made_by_phones_and_desks_has_nothing_from_files() {
    let home = Home::sqlite();
    let demo = Demo::new(1, Album::draw(1, 1).unwrap()).unwrap();
    let store = home.open().await;
    let mut life = Life::found(&store, &demo, PASSWORD).await.unwrap();
    let people = People::arrive(&demo, &store, PASSWORD, SHARE)
        .await
        .unwrap();
    let december = month("2022-12");
    let rounds = RefCell::new(Vec::new());
    let done = |series: &str| rounds.borrow_mut().push(series.to_owned());
    life.live_by(&people, december, |_| (), done).await.unwrap();
    assert!(rounds.borrow().iter().any(|series| series == "xianning"));

    // What was accepted is in the evidence, each once, and nothing else of the month is.
    let in_december = |at: i64| {
        let at = civil(jiff::Timestamp::from_millisecond(at).unwrap());
        Month::of(at.date()) == Some(december)
    };
    let accepted: BTreeSet<String> =
        sqlx::query_scalar("SELECT id FROM observation WHERE state = 'accepted'")
            .fetch_all(store.reading())
            .await
            .unwrap()
            .into_iter()
            .collect();
    let evidence: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT kind, id, starts_at FROM evidence WHERE series = 'xianning' AND kind IN ('visits', 'findings')",
    )
    .fetch_all(store.reading())
    .await
    .unwrap();
    let of_kind = |kind: &str| -> Vec<String> {
        let rows = evidence
            .iter()
            .filter(|row| row.0 == kind && in_december(row.2));
        rows.map(|row| row.1.clone()).collect()
    };
    let found = of_kind("findings");
    assert!(found.len() > 30, "{}", found.len());
    assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), accepted);
    assert_eq!(found.len(), accepted.len());

    // The first act by which a row came is the reviewer's; files came before or after it, with other rows.
    let mut first: BTreeMap<(String, String), String> = BTreeMap::new();
    let taken: Vec<(String, String)> = sqlx::query_as(
        "SELECT who, body FROM act WHERE noun = 'evidence' AND id = 'xianning' ORDER BY seq",
    )
    .fetch_all(store.reading())
    .await
    .unwrap();
    for (who, body) in taken {
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let rows = body["rows"].as_array().or(body["taken"]["rows"].as_array());
        for row in rows.expect("rows") {
            let name = |part: &str| row[part].as_str().unwrap().to_owned();
            first
                .entry((name("kind"), name("id")))
                .or_insert(who.clone());
        }
    }
    for kind in ["visits", "findings"] {
        for id in of_kind(kind) {
            assert_eq!(
                first[&(kind.to_owned(), id.clone())],
                "reviewer",
                "{kind} {id}"
            );
        }
    }

    // Photos are there as they were taken, by an inspector who was at the place.
    let observations: Vec<(String, String, Option<i64>)> =
        sqlx::query_as("SELECT photos, inspector, lng FROM observation")
            .fetch_all(store.reading())
            .await
            .unwrap();
    for (photos, inspector, lng) in &observations {
        assert!(inspector.starts_with("inspector") && lng.is_some());
        let photos: Vec<String> = serde_json::from_str(photos).unwrap();
        assert!(!photos.is_empty());
        for photo in photos {
            let bytes = std::fs::read(store.original_path(&photo)).unwrap();
            assert_eq!(yuekao::store::digest(&bytes), photo);
            assert!(store.photo(&photo).await.unwrap().is_some(), "developed");
        }
    }

    // Every case has a life that today's rules allow, act by act.
    let policy = Practice::of(&store).await.unwrap().policy();
    let cases: Vec<(String, String)> = sqlx::query_as("SELECT id, finding FROM case_file")
        .fetch_all(store.reading())
        .await
        .unwrap();
    let of_findings: BTreeSet<String> = cases.iter().map(|case| case.1.clone()).collect();
    assert_eq!(of_findings, accepted);
    assert_eq!(cases.len(), accepted.len());
    let mut closed = 0;
    for (id, _) in &cases {
        let (steps, life) = store.case_history(id).await.unwrap();
        let again = steps
            .iter()
            .map(|step| (civil(step.at), &step.who, &step.act));
        assert_eq!(
            case::life::Life::fold(again, &policy),
            Ok(life.clone()),
            "{id}"
        );
        closed += usize::from(life.stage == case::life::Stage::Closed);
    }
    assert!(closed * 10 > cases.len() * 8, "{closed} of {}", cases.len());

    // Who recomputes the exported evidence comes to the digest that was published.
    let out = tempfile::TempDir::new().unwrap();
    let folder = out.path().join("round");
    let exported = [
        "export",
        "2022-12",
        "--series",
        "xianning",
        "-o",
        folder.to_str().unwrap(),
    ];
    let (status, said) = run(&home, &exported);
    assert_eq!(status, 0, "{said}");
    let round = store.round("xianning", december).await.unwrap().unwrap();
    let (status, said) = run(&home, &["assess", folder.to_str().unwrap()]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains(&round.assessment_digest.unwrap()), "{said}");

    // And the tables are what the acts have made of them.
    drop(people);
    let copy_home = Home::sqlite();
    let copy = copy_home.open().await;
    copy.rebuild_from(&store).await.unwrap();
    for table in [
        "act",
        "evidence",
        "plan",
        "assignment",
        "every_item",
        "field_track",
        "visit_record",
        "observation",
        "field_photo",
        "case_file",
        "case_unit",
        "case_count",
        "round",
        "bulletin",
    ] {
        assert_eq!(
            rows(&copy, table).await,
            rows(&store, table).await,
            "{table}"
        );
    }
}
