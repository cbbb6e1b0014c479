//! Words in cases: the index finds what reading every text finds, for everybody what they see, on both databases.

use std::collections::BTreeSet;

use assessment::case::deadline::{Limit, LimitUnit};
use assessment::case::life::{Act, Policy, Post, Who};
use jiff::Timestamp;
use proptest::test_runner::{Config, TestRunner};
use yuekao::store::Store;
use yuekao::store::case::list::CaseFilter;
use yuekao::store::case::{MOST_HITS, NewCase, fresh_id};
use yuekao::viewer::{Role, Viewer};

use crate::casedesk::viewer;
use crate::databases::{Home, on_both};

const COUNTY: &str = "D01";
/// Another unit by the size of a letter alone.
const OTHER: &str = "d01";
const CATEGORY: &str = "gb30428/component/0101";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_648_000_000 + second).unwrap()
}

/// A case at a second, dispatched to a unit if one is said.
async fn case(
    store: &Store,
    second: i64,
    texts: (&str, &str),
    unit: Option<&str>,
    secret: bool,
) -> String {
    let id = fresh_id(at(second));
    let new = NewCase {
        source: "patrol".into(),
        category: CATEGORY.into(),
        place: texts.0.into(),
        description: texts.1.into(),
        secret_until: secret.then(|| at(1_000_000).as_millisecond()),
        ..NewCase::default()
    };
    let (case, unit) = (id.clone(), unit.map(str::to_owned));
    let write = store.write(move |tx| {
        Box::pin(async move {
            tx.report_case(at(second), "jia", &case, new).await?;
            let Some(unit) = unit else { return Ok(()) };
            let who = Who {
                post: Post::Dispatcher,
                login: "jia".into(),
                unit: None,
            };
            let limit = Limit {
                value: 2,
                unit: LimitUnit::WorkDay,
            };
            let due = "2022-04-01T10:00:00".parse().unwrap();
            for act in [
                Act::Accept,
                Act::Register {
                    condition: "c".into(),
                    limit,
                    category: None,
                    relapse: assessment::case::life::Relapse::AsReported,
                },
                Act::Dispatch {
                    unit,
                    department: None,
                    due_at: due,
                    gross_at: due,
                    reason: None,
                    soon_at: None,
                },
            ] {
                tx.act_on_case(at(second + 1), &who, &case, act, &Policy::default(), &[])
                    .await?;
            }
            Ok(())
        })
    });
    write.await.unwrap();
    id
}

/// What is in a store, as the test knows it.
struct Known {
    id: String,
    texts: (String, String),
    unit: Option<&'static str>,
    secret: bool,
}

impl Known {
    fn holds(&self, q: &str) -> bool {
        let q = q.trim().to_ascii_lowercase();
        let (place, description) = &self.texts;
        [&self.id, place, description]
            .iter()
            .any(|text| text.to_ascii_lowercase().contains(&q))
    }
}

async fn found(store: &Store, viewer: &Viewer, filter: &CaseFilter) -> BTreeSet<String> {
    let now = at(500_000);
    let page = store.cases(viewer, now, filter, None, 1000).await.unwrap();
    assert_eq!(page.count, page.rows.len() as i64, "{filter:?}");
    assert!(!page.cut && page.next.is_none());
    page.rows.into_iter().map(|row| row.id).collect()
}

/// Few letters, so that much is alike: Chinese, Latin, digits, what a query language or LIKE would take for itself, letters
/// of other sizes and widths, marks of several code points.
const LETTERS: &str = "[路大道垃圾Aa1Éé１ａ,，。%_!\\\\'\"*^:() \n\u{300}😀👩‍🌾-]";

#[tokio::test(flavor = "multi_thread")]
async fn an_index_finds_what_reading_finds() {
    let text = || proptest::string::string_regex(&format!("{LETTERS}{{0,7}}")).unwrap();
    let given = (
        proptest::collection::vec((text(), text(), 0..5_usize), 1..12),
        proptest::collection::vec(text(), 16),
    );
    let homes = [Home::sqlite(), Home::postgres()];
    let handle = tokio::runtime::Handle::current();
    tokio::task::block_in_place(|| {
        let mut runner = TestRunner::new(Config::with_cases(6));
        let stores = homes.each_ref().map(|home| handle.block_on(home.open()));
        // Cases stay from run to run: what is known of a store grows with it.
        let known = std::cell::RefCell::new(stores.each_ref().map(|_| Vec::<Known>::new()));
        runner
            .run(&given, |(cases, asked)| {
                for (store, known) in stores.iter().zip(known.borrow_mut().iter_mut()) {
                    handle.block_on(finds_all(store, known, &cases, &asked));
                }
                Ok(())
            })
            .unwrap();
    });
}

async fn finds_all(
    store: &Store,
    known: &mut Vec<Known>,
    cases: &[(String, String, usize)],
    asked: &[String],
) {
    for (place, description, way) in cases {
        let (unit, secret) = [
            (None, false),
            (Some(COUNTY), false),
            (Some(OTHER), false),
            (None, true),
            (Some(COUNTY), false),
        ][*way];
        let second = known.len() as i64 * 10;
        let id = case(store, second, (place, description), unit, secret).await;
        let texts = (place.clone(), description.clone());
        known.push(Known {
            id,
            texts,
            unit,
            secret,
        });
    }
    let parts = cases.iter().flat_map(|(place, description, _)| {
        // Also what only stands in two fields together.
        let both: Vec<char> = format!("{place}{description}").chars().collect();
        let from = both.len() / 3;
        [1, 2, 4].map(|long| both.iter().skip(from).take(long).collect::<String>())
    });
    let numbers = known
        .iter()
        .rev()
        .take(3)
        .map(|known| known.id[9..].to_lowercase());
    for q in asked.iter().cloned().chain(parts).chain(numbers) {
        for (viewer, unit, secrets) in [
            (viewer(Role::Host, None), None, true),
            (viewer(Role::Dispatcher, None), None, false),
            (viewer(Role::Host, None), Some(COUNTY), true),
            (viewer(Role::Unit, Some(COUNTY)), Some(COUNTY), false),
            (viewer(Role::Unit, Some(OTHER)), Some(OTHER), false),
        ] {
            let expected: BTreeSet<String> = known
                .iter()
                .filter(|known| known.holds(&q) && (secrets || !known.secret))
                .filter(|known| unit.is_none() || known.unit == unit)
                .map(|known| known.id.clone())
                .collect();
            let filter = CaseFilter {
                q: q.clone(),
                unit: match viewer.role {
                    Role::Host => unit.unwrap_or_default().into(),
                    _ => String::new(),
                },
                ..CaseFilter::default()
            };
            assert_eq!(
                found(store, &viewer, &filter).await,
                expected,
                "{q:?} {viewer:?}"
            );
            let read = CaseFilter {
                every_hit: true,
                ..filter
            };
            assert_eq!(found(store, &viewer, &read).await, expected, "{q:?} read");
        }
    }
}

#[tokio::test]
async fn an_older_store_gets_its_index_when_it_is_opened() {
    on_both(async |home| {
        let store = home.open().await;
        let id = case(
            &store,
            0,
            ("发展大道17号", "路面有垃圾"),
            Some(COUNTY),
            false,
        )
        .await;
        store.close().await;
        sqlx::any::install_default_drivers();
        let file = format!("sqlite://{}/yuekao.db", home.folder().display());
        let url = home.url().unwrap_or(file);
        let database = sqlx::AnyPool::connect(&url).await.unwrap();
        sqlx::query("DROP TABLE case_word")
            .execute(&database)
            .await
            .unwrap();
        if home.url().is_some() {
            sqlx::query("DROP FUNCTION case_words")
                .execute(&database)
                .await
                .unwrap();
        }
        database.close().await;
        let store = home.open().await;
        for (q, hits) in [("大道17", 1), ("号路", 0), ("垃", 1)] {
            let filter = CaseFilter {
                q: q.into(),
                ..CaseFilter::default()
            };
            for viewer in [
                viewer(Role::Host, None),
                viewer(Role::Unit, Some(COUNTY)),
                viewer(Role::Leader, None),
            ] {
                assert_eq!(
                    found(&store, &viewer, &filter).await.len(),
                    hits,
                    "{q} {viewer:?}"
                );
            }
        }
        // And so does one that is made again from the acts.
        let copy = Home::sqlite();
        let copy = copy.open().await;
        copy.rebuild_from(&store).await.unwrap();
        let filter = CaseFilter {
            q: "展大".into(),
            ..CaseFilter::default()
        };
        let county = viewer(Role::Unit, Some(COUNTY));
        assert_eq!(found(&copy, &county, &filter).await, BTreeSet::from([id]));
    })
    .await;
}

#[tokio::test]
async fn frequent_words_are_looked_for_in_the_latest_cases_that_hold_them() {
    let home = Home::sqlite();
    let store = home.open().await;
    let many = MOST_HITS + 5;
    let write = store.write(move |tx| {
        Box::pin(async move {
            for n in 0..many {
                // The first thousand a month earlier.
                let early = if n < 1000 { -30 * 86_400 } else { 0 };
                let new = NewCase {
                    source: "patrol".into(),
                    category: CATEGORY.into(),
                    place: "大道".into(),
                    ..NewCase::default()
                };
                let id = format!("AJ-{n}");
                tx.report_case(at(early + n), "jia", &id, new).await?;
            }
            Ok(())
        })
    });
    write.await.unwrap();
    let host = viewer(Role::Host, None);
    let asked = async |month: &str, stage: &str, every_hit: bool| {
        let filter = CaseFilter {
            q: "大道".into(),
            month: month.into(),
            stage: stage.into(),
            every_hit,
            ..CaseFilter::default()
        };
        let now = at(1_000_000);
        let page = store.cases(&host, now, &filter, None, 10).await.unwrap();
        let map = store
            .case_map(&host, now, &filter, None, 9, 2000)
            .await
            .unwrap();
        assert_eq!((map.nowhere, map.cut), (page.count, page.cut));
        (page.count, page.cut)
    };
    assert_eq!(asked("", "", false).await, (MOST_HITS, true));
    assert_eq!(asked("", "", true).await, (many, false));
    // Under a filter that leaves fewer, these are read.
    assert_eq!(asked("2022-02", "", false).await, (1000, false));
    assert_eq!(asked("2022-03", "", false).await, (many - 1000, false));
    assert_eq!(asked("", "closed", false).await, (0, false));
    let rest: BTreeSet<String> = found(
        &store,
        &host,
        &CaseFilter {
            q: "aj-10004".into(),
            ..CaseFilter::default()
        },
    )
    .await;
    assert_eq!(rest.len(), 1);
}
