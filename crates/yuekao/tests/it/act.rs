//! The record of acts and its one writer.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Map;
use sqlx::{Column as _, Row as _};
use yuekao::store::account::{AccountDeed, Duty};
use yuekao::store::act::Act;
use yuekao::store::host::{Host, Settings};
use yuekao::store::import::{ImportDeed, ImportFile};
use yuekao::store::scheme::SchemeText;
use yuekao::store::unit::UnitRow;
use yuekao::store::{Error, Store};
use yuekao::viewer::Role;

use crate::databases::{Home, on_both};

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_640_995_200 + second).unwrap()
}

pub fn duty(role: Role) -> Duty {
    Duty::new("某办公室", role, (role == Role::Unit).then_some("421221")).unwrap()
}

pub fn unit(code: &str, from: &str) -> UnitRow {
    UnitRow {
        code: code.to_owned(),
        valid_from: from.to_owned(),
        valid_to: None,
        name: "嘉鱼县".to_owned(),
        name_en: None,
        kind: "county".to_owned(),
        parent: Some("421200".to_owned()),
        lon: Some("113.9".to_owned()),
        lat: None,
        datum: Some("wgs84".to_owned()),
        attributes: Map::new(),
    }
}

#[tokio::test]
async fn acts_are_numbered_without_gaps_and_carry_their_leaf() {
    on_both(async |home| {
        let store = home.open().await;
        for login in ["jia", "yi", "bing"] {
            store
                .create_account(at(1), "console", login, duty(Role::Host), None, false)
                .await
                .unwrap();
        }
        let taken = store
            .create_account(at(2), "console", "yi", duty(Role::Host), None, false)
            .await;
        assert!(
            matches!(taken, Err(Error::Refused(message)) if message.key == "account-login-taken")
        );
        store.disable_account(at(3), "jia", "yi").await.unwrap();
        let acts = store.acts_after(0, 100).await.unwrap();
        let seen: Vec<_> = acts
            .iter()
            .map(|act| {
                (
                    act.seq,
                    act.who.as_str(),
                    act.id.as_str(),
                    act.kind.as_str(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                (1, "console", "jia", "created"),
                (2, "console", "yi", "created"),
                (3, "console", "bing", "created"),
                (4, "jia", "yi", "disabled"),
            ]
        );
        assert!(acts.iter().all(|act| act.leaf == act.computed_leaf()));
        assert_eq!(store.acts_of("account", "yi").await.unwrap().len(), 2);
        assert_eq!(store.last_act().await.unwrap(), 4);
    })
    .await;
}

#[tokio::test]
async fn the_database_itself_keeps_acts_as_they_are() {
    on_both(async |home| {
        let store = home.open().await;
        store
            .create_account(at(1), "console", "jia", duty(Role::Host), None, false)
            .await
            .unwrap();
        for forbidden in ["UPDATE act SET who = 'yi'", "DELETE FROM act"] {
            let refused = store
                .write(move |tx| {
                    Box::pin(async move {
                        sqlx::query(forbidden).execute(tx.conn()).await?;
                        Ok(())
                    })
                })
                .await;
            assert!(
                refused.unwrap_err().to_string().contains("an act is never"),
                "{forbidden}"
            );
        }
        assert!(
            sqlx::query("INSERT INTO frozen VALUES ('a', 'b', 1)")
                .execute(store.reading())
                .await
                .is_err()
        );
        assert_eq!(store.acts_after(0, 9).await.unwrap()[0].who, "console");
    })
    .await;
}

#[tokio::test]
async fn a_failing_request_leaves_nothing_and_spoils_nobody_elses() {
    on_both(async |home| {
        let store = home.open().await;
        let requests: Vec<_> = (0..60)
            .map(|number| {
                let store = store.clone();
                tokio::spawn(async move {
                    store
                        .write(move |tx| {
                            Box::pin(async move {
                                let login = format!("user{number}");
                                tx.act(
                                    at(number),
                                    "console",
                                    &login,
                                    &AccountDeed::Created(duty(Role::Host)),
                                )
                                .await?;
                                match number % 3 {
                                    0 => Err(Error::refused("for-the-test")),
                                    // An error of the database spoils a PostgreSQL transaction up to its savepoint.
                                    1 => sqlx::query("INSERT INTO host (one) VALUES (7)")
                                        .execute(tx.conn())
                                        .await
                                        .map(drop)
                                        .map_err(Error::from),
                                    _ => Ok(()),
                                }
                            })
                        })
                        .await
                        .is_ok()
                })
            })
            .collect();
        let mut kept = Vec::new();
        for (number, request) in requests.into_iter().enumerate() {
            if request.await.unwrap() {
                kept.push(number);
            }
        }
        assert_eq!(
            kept,
            (0..60).filter(|number| number % 3 == 2).collect::<Vec<_>>()
        );
        assert_eq!(store.accounts().await.unwrap().len(), 20);
        let seqs: Vec<_> = store
            .acts_after(0, 100)
            .await
            .unwrap()
            .iter()
            .map(|act| act.seq)
            .collect();
        assert_eq!(seqs, (1..=20).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn a_request_that_panics_is_not_saved_and_the_writer_goes_on() {
    on_both(async |home| {
        let store = home.open().await;
        let lost = store
            .write::<(), _>(|_| Box::pin(async { panic!("for the test") }))
            .await;
        assert!(matches!(lost, Err(Error::NotSaved)));
        store
            .create_account(at(1), "console", "jia", duty(Role::Host), None, false)
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn two_servers_on_one_database_number_their_acts_together() {
    on_both(async |home| {
        let servers = [home.open().await, home.open().await];
        let requests: Vec<_> = (0..80)
            .map(|number| {
                let store = servers[number % 2].clone();
                tokio::spawn(async move {
                    let login = format!("user{number}");
                    store
                        .create_account(at(1), "console", &login, duty(Role::Host), None, false)
                        .await
                })
            })
            .collect();
        for request in requests {
            request.await.unwrap().unwrap();
        }
        for store in servers {
            let seqs: Vec<_> = store
                .acts_after(0, 100)
                .await
                .unwrap()
                .iter()
                .map(|act| act.seq)
                .collect();
            assert_eq!(seqs, (1..=80).collect::<Vec<_>>());
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_opening_again() {
    on_both(async |home| {
        let store = home.open().await;
        store
            .create_account(at(1), "console", "jia", duty(Role::Unit), None, false)
            .await
            .unwrap();
        store.close().await;
        let account = home.open().await.account("jia").await.unwrap().unwrap();
        assert_eq!(
            (account.role, account.unit.as_deref()),
            (Role::Unit, Some("421221"))
        );
    })
    .await;
}

#[tokio::test]
async fn a_text_with_a_nul_is_kept_with_a_space_for_it() {
    on_both(async |home| {
        let store = home.open().await;
        let odd = |name: &str| Duty {
            name: name.to_owned(),
            ..duty(Role::Host)
        };
        store
            .create_account(at(1), "console", "jia", odd("甲\0科"), None, false)
            .await
            .unwrap();
        let [act] = &store.acts_after(0, 9).await.unwrap()[..] else {
            panic!("one act")
        };
        assert!(act.body.contains("甲 科"), "{}", act.body);
        // An earlier version wrote it down as it came; its tables can be made again all the same.
        let mut older = Act {
            seq: 2,
            id: "yi".to_owned(),
            body: act.body.replace("甲 科", "乙\\u0000科"),
            ..act.clone()
        };
        older.leaf = older.computed_leaf();
        let leaf = older.leaf.clone();
        store
            .write(move |tx| {
                Box::pin(async move {
                    sqlx::query(
                        "INSERT INTO act (seq, at, who, noun, id, kind, body, salt, leaf)
                         SELECT $1, at, who, noun, $2, kind, $3, salt, $4 FROM act",
                    )
                    .bind(older.seq)
                    .bind(older.id)
                    .bind(older.body)
                    .bind(older.leaf)
                    .execute(tx.conn())
                    .await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
        for copy_home in [Home::sqlite(), Home::postgres()] {
            let copy = copy_home.open().await;
            copy.rebuild_from(&store).await.unwrap();
            for (login, name) in [("jia", "甲 科"), ("yi", "乙 科")] {
                assert_eq!(copy.account(login).await.unwrap().unwrap().name, name);
            }
            assert_eq!(copy.acts_after(1, 9).await.unwrap()[0].leaf, leaf);
        }
    })
    .await;
}

#[tokio::test]
async fn the_tables_can_be_made_again_from_the_acts() {
    on_both(async |home| {
        let store = home.open().await;
        a_bit_of_everything(&store).await;
        // On the other kind of database, so that both are shown to tell the same.
        let copy_home = if home.url().is_some() {
            Home::sqlite()
        } else {
            Home::postgres()
        };
        let copy = copy_home.open().await;
        copy.rebuild_from(&store).await.unwrap();
        for table in [
            "act",
            "host",
            "account",
            "unit",
            "standard",
            "scheme",
            "import_file",
            "round",
            "frozen",
            "bulletin",
            "case_file",
            "case_unit",
            "case_count",
            "case_cell",
            "case_rules",
            "evidence",
            "agency",
            "agency_inspector",
            "site_span",
            "plan",
            "assignment",
            "webhook",
            "reference_picture",
            "citizen_link",
            "citizen_case",
            "case_message",
            "api_key",
        ] {
            let there = contents(&store, table).await;
            assert!(
                !there.is_empty(),
                "{table} is empty: nothing would be shown"
            );
            assert_eq!(there, contents(&copy, table).await, "{table}");
        }
        assert!(matches!(
            copy.rebuild_from(&store).await,
            Err(Error::Damaged(_))
        ));
    })
    .await;
}

async fn a_bit_of_everything(store: &Store) {
    let host = Host {
        name: "某市城管办".into(),
        region: "421200".into(),
        settings: Settings::default(),
    };
    store
        .found_host(at(1), "console", host.clone())
        .await
        .unwrap();
    let settings = Settings {
        synthetic: true,
        map_review_number: Some("GS".into()),
        tile_source: None,
    };
    store
        .change_host(at(2), "console", Host { settings, ..host })
        .await
        .unwrap();
    for (login, role) in [
        ("jia", Role::Administrator),
        ("yi", Role::Host),
        ("bing", Role::Unit),
    ] {
        store
            .create_account(at(3), "console", login, duty(role), None, false)
            .await
            .unwrap();
    }
    store
        .set_password(at(3), "jia", "yi", "h".into(), false)
        .await
        .unwrap();
    store.hand_over(at(4), "jia", "yi", "bing").await.unwrap();
    let mut renamed = unit("421221", "2022-01");
    renamed.name = "新嘉鱼县".into();
    store
        .set_units(at(5), "bing", vec![unit("421221", "2021-01"), renamed])
        .await
        .unwrap();
    store
        .adopt_standard(at(6), "bing", "std", "[标准]".into())
        .await
        .unwrap();
    for (indicator, photo) in [("litter", "a"), ("litter", "b"), ("rubble", "a")] {
        store
            .set_picture(at(6), "bing", indicator, photo.into())
            .await
            .unwrap();
    }
    store
        .remove_picture(at(6), "bing", "rubble", "a")
        .await
        .unwrap();
    let text = SchemeText {
        series: "city".into(),
        text: "[方案]".into(),
        valid_from: "2022-01".into(),
        valid_to: None,
    };
    store
        .adopt_scheme(at(6), "bing", "city-2022", text)
        .await
        .unwrap();
    let file = ImportFile {
        series: "city".into(),
        kind: "findings".into(),
        sha256: "f".repeat(64),
        name: "三月.xlsx".into(),
        rows: 3,
    };
    store
        .write(move |tx| {
            Box::pin(async move {
                let id = file.sha256.clone();
                tx.act(
                    at(7),
                    "bing",
                    &id,
                    &ImportDeed::Taken {
                        who: "bing".into(),
                        file,
                    },
                )
                .await
            })
        })
        .await
        .unwrap();
    crate::round::published_twice(store).await;
    crate::case::a_life(store, at(60)).await;
    crate::plan::a_bit_of_every_deed(store, at(30)).await;
    crate::report::sent(store, at(61)).await;
    crate::webhook::registered(store, at(62)).await;
    store
        .make_key(at(62), "jia", "hotline", "热线")
        .await
        .unwrap();
}

/// All rows of a table as sorted text; without secrets, which acts do not hold.
pub async fn contents(store: &Store, table: &str) -> Vec<BTreeMap<String, String>> {
    let sql = sqlx::AssertSqlSafe(format!("SELECT * FROM {table}"));
    let rows = sqlx::query(sql).fetch_all(store.reading()).await.unwrap();
    let mut contents: Vec<_> = rows
        .iter()
        .map(|row| {
            row.columns()
                .iter()
                .filter(|column| !["hash", "secret"].contains(&column.name()))
                .map(|column| {
                    let place = column.ordinal();
                    let value = row
                        .try_get::<Option<i64>, _>(place)
                        .map(|number| format!("{number:?}"))
                        .or_else(|_| {
                            row.try_get::<Option<String>, _>(place)
                                .map(|text| format!("{text:?}"))
                        })
                        .unwrap();
                    (column.name().to_owned(), value)
                })
                .collect()
        })
        .collect();
    contents.sort();
    contents
}
