//! A store that an earlier version left is opened by this one: what it had is there, and its tables are what its acts make
//! of them now. What is in it, and how it was made, says `tests/older/README.md`.

use std::collections::BTreeMap;
use std::io::Read as _;

use serde_json::{Map, Value};
use sqlx::AnyPool;
use sqlx::migrate::Migrator;
use yuekao::store::Store;

use crate::act::contents;
use crate::databases::{Home, on_both};
use crate::town::{Answer, Town, Visitor};

type Row = BTreeMap<String, String>;

/// The rows of each table, and which migrations there were.
fn left() -> Map<String, Value> {
    let packed = std::io::Cursor::new(include_bytes!("../older/2026-11-25.zip"));
    let mut archive = zip::ZipArchive::new(packed).unwrap();
    let mut text = String::new();
    let mut file = archive.by_name("store.json").unwrap();
    file.read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Makes the tables as they were then, with their rows.
async fn as_it_was(home: &Home) {
    let mut tables = left();
    let applied = tables.remove("migrations").unwrap();
    let applied: Vec<i64> = serde_json::from_value(applied).unwrap();
    let all = sqlx::migrate!("./migrations");
    let known = all.iter().filter(|one| applied.contains(&one.version));
    let then = Migrator::with_migrations(known.cloned().collect());
    assert_eq!(then.iter().count(), applied.len());
    assert!(all.iter().count() > applied.len());

    sqlx::any::install_default_drivers();
    let own = format!("sqlite://{}/yuekao.db?mode=rwc", home.folder().display());
    let pool = AnyPool::connect(&home.url().unwrap_or(own)).await.unwrap();
    then.run(&pool).await.unwrap();
    for (table, rows) in &tables {
        // A migration may have begun it.
        let empty = sqlx::AssertSqlSafe(format!("DELETE FROM {table}"));
        sqlx::query(empty).execute(&pool).await.unwrap();
        for row in rows.as_array().unwrap() {
            let row = row.as_object().unwrap().iter();
            let row: Vec<_> = row.filter(|(_, value)| !value.is_null()).collect();
            let names: Vec<&str> = row.iter().map(|(name, _)| name.as_str()).collect();
            let places: Vec<String> = (1..=row.len()).map(|place| format!("${place}")).collect();
            let (names, places) = (names.join(", "), places.join(", "));
            let insert = format!("INSERT INTO {table} ({names}) VALUES ({places})");
            let mut query = sqlx::query(sqlx::AssertSqlSafe(insert));
            for (_, value) in row {
                query = match value {
                    Value::Number(number) => query.bind(number.as_i64().unwrap()),
                    value => query.bind(value.as_str().unwrap().to_owned()),
                };
            }
            query.execute(&pool).await.unwrap();
        }
    }
    pool.close().await;
}

/// Lets people sign in where the tables were made again: acts hold no passwords.
async fn lend_passwords(from: &Store, to: &Store) {
    let hash: String = sqlx::query_scalar("SELECT hash FROM account WHERE login = 'host'")
        .fetch_one(from.reading())
        .await
        .unwrap();
    to.write(move |tx| {
        Box::pin(async move {
            sqlx::query("UPDATE account SET hash = $1")
                .bind(hash)
                .execute(tx.conn())
                .await?;
            Ok(())
        })
    })
    .await
    .unwrap();
}

/// Rows without what an older version wrote elsewhere: what a phone said stood with the item, and when a position was
/// measured in it; a finding's item had a row of its own. A count of nothing is as good as none.
async fn rows(store: &Store, table: &str) -> Vec<Row> {
    let mut rows = contents(store, table).await;
    for row in &mut rows {
        row.retain(|column, _| column != "measured_at");
        match table {
            "every_item" => row.remove("content"),
            "observation" => row.remove("digest"),
            // What older rules do not say is read as it was done then, and written so when they are written again.
            "case_rules" => row.remove("body"),
            // Whoever sees a case has a number; those of one case come in any order.
            "case_unit" => row.remove("number"),
            _ => None,
        };
    }
    rows.retain(|row| row.get("n").is_none_or(|n| n != "Some(0)"));
    rows.sort();
    rows
}

/// What a page says, without what differs from one server and visit to the next.
fn said(answer: &Answer) -> String {
    let lines = answer.text.lines();
    let lines = lines.filter(|line| !line.contains("form_token"));
    lines.collect::<Vec<_>>().join("\n")
}

async fn cases(visitor: &Visitor) -> Vec<String> {
    let list: Value = serde_json::from_str(&visitor.get_json("/desk/cases").await.text).unwrap();
    let cases = list["cases"].as_array().unwrap().iter();
    cases
        .map(|case| case["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_store_of_an_earlier_version_is_opened_and_is_what_its_acts_make_of_it() {
    on_both(async |home| {
        as_it_was(home).await;
        let older = Town::empty(home).await;
        let store = &older.store;
        let acts = store.acts_after(0, 1000).await.unwrap();
        assert!(acts.len() > 30, "{}", acts.len());
        assert!(acts.iter().all(|act| act.leaf == act.computed_leaf()));

        // On the other kind of database, so that both are shown to tell the same.
        let copy_home = match home.url() {
            Some(_) => Home::sqlite(),
            None => Home::postgres(),
        };
        let copy = Town::empty(&copy_home).await;
        copy.store.rebuild_from(store).await.unwrap();
        lend_passwords(store, &copy.store).await;
        let mut differ = vec![];
        for table in [
            "account",
            "act",
            "case_cell",
            "case_count",
            "case_file",
            "case_rules",
            "case_unit",
            "citizen_case",
            "citizen_link",
            "evidence",
            "every_item",
            "field_phone",
            "field_photo",
            "field_photo_from",
            "field_track",
            "host",
            "observation",
            "observation_photo",
            "scheme",
            "standard",
            "unit",
            "visit_record",
            "webhook",
        ] {
            let (there, made) = (rows(store, table).await, rows(&copy.store, table).await);
            assert!(
                !there.is_empty(),
                "{table} is empty: nothing would be shown"
            );
            let only = |these: &[Row], those: &[Row]| {
                let only = these.iter().filter(|row| !those.contains(row));
                only.for_each(|row| println!("{table}: {row:?}"));
            };
            if there != made {
                only(&there, &made);
                only(&made, &there);
                differ.push(table);
            }
        }
        assert_eq!(differ, Vec::<&str>::new());
        let rules = store.case_rules().await.unwrap().unwrap();
        assert_eq!(Some(rules), copy.store.case_rules().await.unwrap());

        // When positions were measured: from what the phone said, wherever that stands.
        let (from, until) = (older.clock.now(), older.clock.now());
        let day = jiff::SignedDuration::from_hours(24);
        let track = async |store: &Store| {
            let track = store.track("inspector", from - day, until + day).await;
            track.unwrap()
        };
        let told = track(store).await;
        assert_eq!(told.len(), 3, "two findings and a position on the way");
        assert!(
            told.iter().all(|one| one.fix.measured.is_some()),
            "{told:?}"
        );
        assert_eq!(
            format!("{told:?}"),
            format!("{:?}", track(&copy.store).await)
        );

        // The same pages, also those that look along the new index, clocks and counts.
        let mut looked = 0;
        for login in ["host", "dispatcher", "unit", "chief", "reviewer"] {
            let (here, there) = (older.signed_in(login).await, copy.signed_in(login).await);
            let mut pages: Vec<String> = match login {
                "chief" => vec![],
                "reviewer" => vec![
                    "/desk/review?state=all".into(),
                    "/desk/review/visits".into(),
                ],
                _ => vec![
                    "/desk/cases".into(),
                    "/desk/cases?due=stage".into(),
                    "/desk/cases.geojson?zoom=11&box=113,29,115,31".into(),
                    "/desk/rates".into(),
                ],
            };
            match login {
                "reviewer" => {
                    let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM observation")
                        .fetch_all(store.reading())
                        .await
                        .unwrap();
                    pages.extend(ids.iter().map(|id| format!("/desk/review/{id}")));
                }
                "chief" => {}
                _ => {
                    let ids = cases(&here).await;
                    assert!(!ids.is_empty(), "{login}");
                    pages.extend(ids.iter().map(|id| format!("/desk/cases/{id}")));
                }
            }
            pages.push("/desk/messages".into());
            if login != "host" {
                // The office's says that the webhook's secret is missing, which is in no act.
                pages.push("/desk".into());
            }
            for page in pages {
                let (one, other) = (here.get(&page).await, there.get(&page).await);
                assert_eq!(one.status, other.status, "{login} {page}");
                assert_eq!(said(&one), said(&other), "{login} {page}");
                looked += usize::from(one.status.is_success());
            }
        }
        assert!(looked > 20, "{looked}");

        // And it goes on from there.
        let id = crate::case::cover(store, older.clock.now(), "F-new", 0).await;
        let host = older.signed_in("host").await;
        assert!(cases(&host).await.contains(&id));
    })
    .await;
}
