//! The review decides about visits and findings together: what was rejected brings no evidence, and what was found is no
//! secret only once the team has left.

use assessment::case::life::Kind;
use reqwest::StatusCode;
use serde_json::{Value, json};
use yuekao::casework::{self, Ask};
use yuekao::demo::town::AREAS;
use yuekao::round;
use yuekao::store::Store;
use yuekao::store::account::Duty;
use yuekao::store::assignment::AssignmentDeed;
use yuekao::store::field::{OddItems, Sight};
use yuekao::viewer::{Role, Viewer};

use crate::databases::{Home, on_both};
use crate::field::{
    VISIT, assignment, hand_in, id, item, now, observation, of_visit, picture, plan, rows, town,
    upload,
};
use crate::town::{Town, Visitor};

fn begun(last: &str, number: i64, at: i64) -> Value {
    item(
        &id(last),
        number,
        "visit_started",
        at,
        of_visit("A1", json!({})),
    )
}

fn ended(last: &str, number: i64, at: i64) -> Value {
    item(
        &id(last),
        number,
        "visit_finished",
        at,
        of_visit("A1", json!({ "length_m": "900" })),
    )
}

/// The same of another assignment and visit.
fn elsewhere(mut item: Value, assignment: &str, visit: &str) -> Value {
    item["content"]["assignment"] = assignment.into();
    item["content"]["visit"] = visit.into();
    item
}

async fn text(town: &Town, question: &'static str) -> Option<String> {
    sqlx::query_scalar(question)
        .fetch_optional(town.store.reading())
        .await
        .unwrap()
}

async fn rejects_the_visit(reviewer: &Visitor) -> crate::town::Answer {
    let form = [("reject", VISIT), ("reason", "没有到现场")];
    reviewer.post("/desk/review/visits", &form).await
}

#[tokio::test]
async fn a_rejected_visit_brings_no_evidence_and_its_site_is_visited_again() {
    on_both(async |home| {
        let town = town(home).await;
        let (inspector, reviewer) = (
            town.signed_in("inspector").await,
            town.signed_in("reviewer").await,
        );
        let at = now(&town);
        hand_in(
            &inspector,
            at,
            &[
                begun("01", 1, at - 600_000),
                observation(&id("02"), 2, at - 300_000, &[]),
            ],
        )
        .await;
        let accepted = town
            .store
            .accept_visits(town.clock.now(), "reviewer", Sight::All, vec![VISIT.into()])
            .await;
        assert_eq!(accepted.unwrap(), 1);
        let evidence = async || {
            town.store
                .evidence_row("xianning", "visits", VISIT)
                .await
                .unwrap()
        };
        assert!(evidence().await.is_some());
        // Its end comes later, and it is looked at once more.
        hand_in(&inspector, at, &[ended("03", 3, at)]).await;
        assert_eq!(
            text(&town, "SELECT state FROM assignment WHERE id = 'A1'")
                .await
                .unwrap(),
            "visited"
        );
        assert_eq!(
            rejects_the_visit(&reviewer).await.status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(evidence().await, None);

        let page = reviewer
            .get(&format!("/desk/review/{}", id("02")))
            .await
            .text;
        assert!(
            page.contains("检查不采信") && !page.contains("value=\"accept\""),
            "{page}"
        );
        let list = reviewer.get("/desk/review").await.text;
        assert!(
            list.contains("所属检查不采信") && !list.contains("value=\"accept\""),
            "{list}"
        );
        let many = reviewer.post("/desk/review", &[]).await.text;
        assert!(many.contains("0 条可以批量采信"), "{many}");
        let one = reviewer
            .post(&format!("/desk/review/{}", id("02")), &[("act", "accept")])
            .await;
        assert_eq!(one.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            one.text
                .contains("请一并不采信；点位可在任务页重新派员检查"),
            "{}",
            one.text
        );
        assert_eq!(evidence().await, None);
        assert_eq!(
            town.store.observation_counts(Sight::All).await.unwrap()["new"],
            1
        );

        // It waits to be released again, and then another visit counts.
        assert_eq!(
            text(&town, "SELECT state FROM assignment WHERE id = 'A1'")
                .await
                .unwrap(),
            "assigned"
        );
        assert!(
            inspector
                .get_json("/field/tasks")
                .await
                .text
                .contains("\"tasks\":[]")
        );
        let other = if home.url().is_some() {
            Home::sqlite()
        } else {
            Home::postgres()
        };
        let copy = other.open().await;
        assignment(&copy, "A1", "S1", Some("inspector")).await;
        copy.rebuild_from(&town.store).await.unwrap();
        for table in ["visit_record", "observation"] {
            assert_eq!(
                rows(&copy, table).await,
                rows(&town.store, table).await,
                "{table}"
            );
        }
        town.alter("UPDATE assignment SET state = 'released', released_at = 1 WHERE id = 'A1'")
            .await;
        assert!(
            inspector
                .get_json("/field/tasks")
                .await
                .text
                .contains("桂花路")
        );
        let again = id("a1");
        let items =
            [begun("04", 4, at), ended("05", 5, at)].map(|item| elsewhere(item, "A1", &again));
        assert_eq!(hand_in(&inspector, at, &items).await, ["taken", "taken"]);
        assert_eq!(
            text(&town, "SELECT state FROM assignment WHERE id = 'A1'")
                .await
                .unwrap(),
            "visited"
        );
        let page = reviewer.get("/desk/review/visits").await.text;
        assert!(
            page.contains(&again) && !page.contains("同一任务另有检查"),
            "{page}"
        );
    })
    .await;
}

/// The battery was empty before the visit had ended; the reviewer rejects it, and then its end arrives.
#[tokio::test]
async fn the_end_of_a_rejected_visit_does_not_call_its_site_visited() {
    on_both(async |home| {
        let town = town(home).await;
        let (inspector, reviewer) = (
            town.signed_in("inspector").await,
            town.signed_in("reviewer").await,
        );
        let at = now(&town);
        let state = async || text(&town, "SELECT state FROM assignment WHERE id = 'A1'").await;
        hand_in(&inspector, at, &[begun("01", 1, at - 600_000)]).await;
        let rejected = rejects_the_visit(&reviewer).await;
        assert_eq!(rejected.status, StatusCode::SEE_OTHER);
        assert_eq!(
            hand_in(&inspector, at, &[ended("02", 2, at)]).await,
            ["taken"]
        );
        assert_eq!(state().await.unwrap(), "released");
        assert!(
            inspector
                .get_json("/field/tasks")
                .await
                .text
                .contains("\"visited\":false")
        );
        // The visit that is made instead counts.
        let again = [begun("03", 3, at), ended("04", 4, at)];
        let again = again.map(|item| elsewhere(item, "A1", &id("a1")));
        assert_eq!(hand_in(&inspector, at, &again).await, ["taken", "taken"]);
        assert_eq!(state().await.unwrap(), "visited");
    })
    .await;
}

#[tokio::test]
async fn a_visit_whose_findings_are_cases_is_not_rejected() {
    on_both(async |home| {
        let town = town(home).await;
        let (inspector, reviewer) = (
            town.signed_in("inspector").await,
            town.signed_in("reviewer").await,
        );
        let at = now(&town);
        hand_in(
            &inspector,
            at,
            &[
                begun("01", 1, at - 600_000),
                observation(&id("02"), 2, at - 300_000, &[]),
            ],
        )
        .await;
        // What is accepted with it is said beforehand.
        let page = reviewer
            .get(&format!("/desk/review/{}", id("02")))
            .await
            .text;
        assert!(
            page.contains("所属检查一并采信")
                && page.contains("检查待审核")
                && page.contains("尚未结束"),
            "{page}"
        );
        reviewer
            .post(&format!("/desk/review/{}", id("02")), &[("act", "accept")])
            .await;
        hand_in(&inspector, at, &[ended("03", 3, at)]).await;
        let refused = rejects_the_visit(&reviewer).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused
                .text
                .contains("已有 1 个问题采信并转为案件，不能不采信"),
            "{}",
            refused.text
        );
        assert!(
            town.store
                .evidence_row("xianning", "visits", VISIT)
                .await
                .unwrap()
                .is_some()
        );
        let visit = town
            .store
            .visit_record(Sight::All, VISIT)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(visit.state, "new");
    })
    .await;
}

#[tokio::test]
async fn what_stands_for_its_duplicates_does_not_go_and_what_was_rejected_stands_for_nothing() {
    on_both(async |home| {
        let town = town(home).await;
        let (inspector, reviewer) = (
            town.signed_in("inspector").await,
            town.signed_in("reviewer").await,
        );
        let at = now(&town);
        let items =
            [1, 2, 3].map(|number| observation(&id(&format!("0{number}")), number, at, &[]));
        hand_in(&inspector, at, &items).await;
        let decides = async |last: &str, fields: &[(&str, &str)]| {
            reviewer
                .post(&format!("/desk/review/{}", id(last)), fields)
                .await
        };
        let (first, second) = (id("01"), id("02"));
        let (reject, link) = (
            [("act", "reject"), ("reason", "看不清")],
            [("act", "duplicate"), ("of", first.as_str())],
        );

        assert_eq!(decides("02", &reject).await.status, StatusCode::SEE_OTHER);
        let refused = decides("03", &[("act", "duplicate"), ("of", &second)]).await;
        assert!(
            refused.text.contains("要关联的记录不采信，不能代替这一条"),
            "{}",
            refused.text
        );
        let page = reviewer
            .get(&format!("/desk/review/{}", id("03")))
            .await
            .text;
        assert!(
            page.contains(&format!("name=\"of\" value=\"{first}\"")),
            "{page}"
        );
        assert!(
            !page.contains(&format!("name=\"of\" value=\"{second}\"")),
            "{page}"
        );

        assert_eq!(decides("03", &link).await.status, StatusCode::SEE_OTHER);
        assert_eq!(
            decides("02", &[("act", "reopen")]).await.status,
            StatusCode::SEE_OTHER
        );
        let away = [("act", "duplicate"), ("of", second.as_str())];
        for fields in [&reject[..], &away[..]] {
            let refused = decides("01", fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(
                refused
                    .text
                    .contains("有 1 条重复记录关联到这一条（#3 路口东侧）"),
                "{}",
                refused.text
            );
        }
        let page = reviewer.get(&format!("/desk/review/{first}")).await.text;
        assert!(
            page.contains("关联到本条的重复记录") && page.contains(&id("03")),
            "{page}"
        );
        // Once the link is taken back it may go; it may be accepted at any time.
        decides("03", &[("act", "reopen")]).await;
        assert_eq!(decides("01", &reject).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn what_was_found_at_a_rejected_visit_stands_for_nothing() {
    on_both(async |home| {
        let town = town(home).await;
        let (inspector, reviewer) = (
            town.signed_in("inspector").await,
            town.signed_in("reviewer").await,
        );
        let at = now(&town);
        let there = observation(&id("02"), 2, at, &[]);
        let items = [
            observation(&id("01"), 1, at, &[]),
            elsewhere(there, "A1", &id("a1")),
        ];
        hand_in(&inspector, at, &items).await;
        let (first, second) = (id("01"), format!("/desk/review/{}", id("02")));
        let offered = format!("name=\"of\" value=\"{first}\"");
        assert!(reviewer.get(&second).await.text.contains(&offered));
        rejects_the_visit(&reviewer).await;
        assert!(!reviewer.get(&second).await.text.contains(&offered));
        let link = [("act", "duplicate"), ("of", first.as_str())];
        let refused = reviewer.post(&second, &link).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused
                .text
                .contains("要关联的记录所属检查不采信，不能代替这一条"),
            "{}",
            refused.text
        );
        assert_eq!(
            town.store.observation_counts(Sight::All).await.unwrap()["new"],
            2
        );
    })
    .await;
}

#[tokio::test]
async fn a_visit_is_not_rejected_while_findings_of_others_hang_on_its_own() {
    on_both(async |home| {
        let town = town(home).await;
        let (inspector, reviewer) = (
            town.signed_in("inspector").await,
            town.signed_in("reviewer").await,
        );
        let at = now(&town);
        let there = observation(&id("02"), 2, at, &[]);
        let items = [
            begun("03", 3, at),
            observation(&id("01"), 1, at, &[]),
            elsewhere(there, "A1", &id("a1")),
        ];
        hand_in(&inspector, at, &items).await;
        let second = format!("/desk/review/{}", id("02"));
        let link = [("act", "duplicate"), ("of", &id("01"))];
        let linked = reviewer.post(&second, &link).await;
        assert_eq!(linked.status, StatusCode::SEE_OTHER, "{}", linked.text);
        let refused = rejects_the_visit(&reviewer).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused
                .text
                .contains("有 1 条重复记录关联到该次检查发现的问题"),
            "{}",
            refused.text
        );
        // Once the link is taken back, the other stands for itself.
        reviewer.post(&second, &[("act", "reopen")]).await;
        assert_eq!(
            rejects_the_visit(&reviewer).await.status,
            StatusCode::SEE_OTHER
        );
        let counts = town.store.observation_counts(Sight::All).await.unwrap();
        assert_eq!(counts["new"], 2);
    })
    .await;
}

#[tokio::test]
async fn whatever_a_phone_says_the_month_can_be_scored() {
    on_both(async |home| {
        let town = town(home).await;
        let (rules, _) = round::rules(&town.store, "xianning-2022").await.unwrap();
        let units = AREAS.map(|code| crate::case::unit(code, code, "county", None));
        let set = town
            .store
            .set_units(town.clock.now(), "console", units.to_vec());
        set.await.unwrap();
        let inspector = town.signed_in("inspector").await;
        let at = now(&town);
        let long = "长".repeat(2000);
        let here = (1_143_217_200_i64, 298_366_200_i64);
        let cases = [
            ("@万达广场东门", here, "＠万达广场东门", true),
            ("-B2层停车场", here, "－B2层停车场", true),
            ("=1+1", here, "＝1+1", true),
            ("\u{fffd}路口 东侧", (0, 0), "路口 东侧", false),
            (&long, (23_508_000, 488_567_000), &long[..3999], false),
            ("路口东侧", (298_366_200, 1_143_217_200), "路口东侧", false),
        ];
        for (number, (place, (lng, lat), _, _)) in (1..).zip(cases) {
            let mut item = observation(&id(&format!("{number:02}")), number, at, &[]);
            item["content"]["place"] = place.into();
            item["content"]["position"]["lng"] = lng.into();
            item["content"]["position"]["lat"] = lat.into();
            assert_eq!(hand_in(&inspector, at, &[item]).await, ["taken"], "{place}");
        }
        let ids = (1..=cases.len()).map(|number| id(&format!("{number:02}")));
        let accepted = town
            .store
            .accept_observations(town.clock.now(), "reviewer", Sight::All, ids.collect())
            .await;
        assert_eq!(accepted.unwrap(), cases.len());
        let facts = async || {
            let month = "2022-03".parse().unwrap();
            town.store.facts(&rules, month).await.unwrap()
        };
        let found: Vec<_> = facts()
            .await
            .findings
            .into_iter()
            .map(|finding| (finding.place, finding.position.is_some()))
            .collect();
        let expected = cases.map(|(_, _, place, somewhere)| (place.to_owned(), somewhere));
        assert_eq!(found, expected);

        // What an earlier version kept as it was said does not stop the month either.
        town.alter(
            "UPDATE evidence SET cells = replace(cells, '＠万达', '@万达') WHERE kind = 'findings'",
        )
        .await;
        assert_eq!(facts().await.findings[0].place, "＠万达广场东门");
    })
    .await;
}

#[tokio::test]
async fn grades_and_severities_are_those_of_the_rules_and_lengths_stand_beside_the_sites() {
    on_both(async |home| {
        let town = town(home).await;
        let graded = r#"
            id = "graded-2022"
            series = "graded"
            title = { zh = "等级", en = "Graded" }
            host = { zh = "某市城管办", en = "Office" }
            months = { from = "2022-01" }
            standard = "xianning-2021"
            [cutoff]
            last_day = "end"
            findings = "found"
            rectification = "found"
            status_days = 0
            [[group]]
            id = "areas"
            title = { zh = "区域", en = "Areas" }
            units = ["421202000000"]
            [[item]]
            id = "toilets"
            title = { zh = "公厕等级", en = "Toilets" }
            how = "grades"
            key = "toilet"
            grades = { good = 1, poor = 0 }
            out_of = 20
            missing = "pass"
            [[ranking]]
            id = "main"
            title = { zh = "排名", en = "Ranking" }
            of = "toilets"
            best = "high"
            round = { digits = 2, mode = "half_up" }
            by = "exact"
            ties = "dense"
        "#;
        round::adopt_scheme(&town.store, town.clock.now(), "host", graded)
            .await
            .unwrap();
        plan(&town.store, "graded", "2022-03", "agency-a").await;
        town.alter("UPDATE assignment SET series = 'graded' WHERE id = 'A1'")
            .await;
        town.alter("UPDATE evidence SET series = 'graded'").await;
        let (inspector, reviewer) = (
            town.signed_in("inspector").await,
            town.signed_in("reviewer").await,
        );
        let at = now(&town);
        let mut covers = observation(&id("01"), 1, at - 900_000, &[]);
        covers["content"]["indicator"] = "manhole-cover-missing".into();
        covers["content"]["severity"] = "minor".into();
        covers["content"]["value"] = Value::Null;
        let mut serious = covers.clone();
        serious["id"] = id("02").into();
        serious["number"] = 2.into();
        serious["content"]["severity"] = "serious".into();
        let ends = |last: &str, number: i64, grade: &str| {
            let end =
                json!({ "length_m": "9000", "grades": { "toilet": grade, "market": "tidy" } });
            item(&id(last), number, "visit_finished", at, of_visit("A1", end))
        };
        let said = hand_in(
            &inspector,
            at,
            &[
                covers,
                serious,
                ends("03", 3, "best"),
                ends("04", 4, "good"),
            ],
        )
        .await;
        assert!(
            said[0].starts_with("refused: 指标库没有为该指标规定严重程度“minor”"),
            "{said:?}"
        );
        assert!(
            said[2].starts_with("refused: 实施方案中没有等级“best”"),
            "{said:?}"
        );
        assert_eq!((said[1].as_str(), said[3].as_str()), ("taken", "taken"));

        let page = reviewer.get("/desk/review/visits").await.text;
        for told in [
            "9000 米<br><span class=\"soft\">点位 900 米</span>",
            "公厕等级 <span class=\"badge\">good</span>",
            "步行长度 9000 米，与点位长度 900 米相差较大。",
        ] {
            assert!(page.contains(told), "{told}: {page}");
        }
        assert!(!page.contains(" checked"), "{page}");
        let page = reviewer
            .get(&format!("/desk/review/{}", id("02")))
            .await
            .text;
        assert!(page.contains("步行长度 9000 米"), "{page}");
    })
    .await;
}

/// By our clock on the last of March.
fn oclock(hour: i8, minute: i8) -> i64 {
    let at = jiff::civil::date(2022, 3, 31).at(hour, minute, 0, 0);
    at.to_zoned(yuekao::clock::zone())
        .unwrap()
        .timestamp()
        .as_millisecond()
}

#[tokio::test]
async fn what_was_found_is_no_secret_only_once_the_team_has_left_the_county() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        // Two sites in one county, one in another; one that a rival visits is no business of this agency.
        town.alter("DELETE FROM assignment WHERE id IN ('B1', 'N1')")
            .await;
        assignment(store, "A2", "S2", Some("inspector")).await;
        assignment(store, "A3", "S3", Some("inspector")).await;
        town.alter("UPDATE assignment SET unit = '421221000000' WHERE id = 'A3'")
            .await;
        let inspector = town.signed_in("inspector").await;
        let at = now(&town);
        let first = [
            begun("01", 1, oclock(8, 30)),
            observation(&id("02"), 2, oclock(8, 45), &[]),
            ended("03", 3, oclock(9, 0)),
        ];
        hand_in(&inspector, at, &first).await;
        // The second site of the county is not visited yet: until the day is over somebody may go there.
        store
            .accept_observations(town.clock.now(), "reviewer", Sight::All, vec![id("02")])
            .await
            .unwrap();
        let until: i64 = sqlx::query_scalar("SELECT secret_until FROM case_file")
            .fetch_one(store.reading())
            .await
            .unwrap();
        assert_eq!(until, oclock(0, 0) + 28 * 3_600_000);
        let list = town
            .signed_in("dispatcher")
            .await
            .get_json("/desk/cases")
            .await;
        assert!(list.text.contains("\"count\":0"), "{}", list.text);
    })
    .await;
}

/// The office has several evaluations looked at by one agency, each by a plan of its own.
#[tokio::test]
async fn a_team_stays_in_the_county_for_whichever_plan_of_its_agency_it_is_there() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        town.alter("DELETE FROM assignment WHERE id IN ('B1', 'N1')")
            .await;
        for (series, month, agency) in [
            ("lanes", "2022-03", "agency-a"),
            ("lanes", "2022-04", "agency-a"),
            ("streets", "2022-04", "agency-b"),
        ] {
            plan(store, series, month, agency).await;
        }
        assignment(store, "A2", "S2", Some("inspector")).await;
        let goes = async |series: &'static str, day: &'static str, unit: &'static str, state: &'static str| {
            let planned = store.write(move |tx| {
                Box::pin(async move {
                    sqlx::query("UPDATE assignment SET series = $1, month = $2, day = $3, unit = $4, state = $5 WHERE id = 'A2'")
                        .bind(series)
                        .bind(&day[..7])
                        .bind(day)
                        .bind(unit)
                        .bind(state)
                        .execute(tx.conn())
                        .await?;
                    Ok(())
                })
            });
            planned.await.unwrap();
        };

        // He finds something in the morning, and again past midnight, when the month is another.
        let (morning, night) = (id("a1"), id("a2"));
        let visits = [
            (&morning, oclock(8, 30), ["01", "02", "03"]),
            (&night, oclock(0, 0) + (24 * 60 + 20) * 60_000, ["04", "05", "06"]),
        ];
        town.clock.pass(10 * 3600);
        let (inspector, at) = (town.signed_in("inspector").await, now(&town));
        for (number, (visit, begins, [start, find, end])) in (1..).step_by(3).zip(visits) {
            let items = [
                begun(start, number, begins),
                observation(&id(find), number + 1, begins + 15 * 60_000, &[]),
                ended(end, number + 2, begins + 30 * 60_000),
            ]
            .map(|item| elsewhere(item, "A1", visit));
            assert_eq!(hand_in(&inspector, at, &items).await, ["taken"; 3]);
        }
        let of_the_day = |until: i64| (until - oclock(0, 0)) / 60_000;
        goes("lanes", "2022-03-31", "421202000000", "released").await;
        let ids = vec![id("02"), id("05")];
        store
            .accept_observations(town.clock.now(), "reviewer", Sight::All, ids)
            .await
            .unwrap();
        let secret: Vec<i64> =
            sqlx::query_scalar("SELECT secret_until FROM case_file ORDER BY secret_until")
                .fetch_all(store.reading())
                .await
                .unwrap();
        let secret: Vec<i64> = secret.into_iter().map(of_the_day).collect();
        assert_eq!(secret, [28 * 60, 28 * 60 + 50]);

        let (left, night_left) = (9 * 60, 24 * 60 + 50);
        let (day_over, next_day_over) = (24 * 60, 48 * 60);
        for (series, day, unit, state, until) in [
            ("lanes", "2022-03-31", "421202000000", "released", [day_over, night_left]),
            ("lanes", "2022-03-31", "421202000000", "assigned", [day_over, night_left]),
            ("lanes", "2022-03-31", "421202000000", "visited", [left, night_left]),
            ("lanes", "2022-03-31", "421221000000", "released", [left, night_left]),
            ("lanes", "2022-03-30", "421202000000", "released", [left, night_left]),
            ("streets", "2022-03-31", "421202000000", "released", [left, night_left]),
            ("lanes", "2022-04-01", "421202000000", "released", [left, next_day_over]),
            ("streets", "2022-04-01", "421202000000", "released", [left, night_left]),
        ] {
            goes(series, day, unit, state).await;
            let mut ends = vec![];
            for visit in [&morning, &night] {
                let found = store.found_during(visit).await.unwrap();
                assert_eq!(found.len(), 1, "found on one day");
                ends.push(of_the_day(found[0].0.as_millisecond()));
            }
            assert_eq!(ends, until, "{series} {day} {unit} {state}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_team_that_comes_back_keeps_what_it_found_secret_for_longer() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        town.alter("DELETE FROM assignment WHERE id IN ('B1', 'N1')")
            .await;
        let inspector = town.signed_in("inspector").await;
        let at = now(&town);
        let first = [
            begun("01", 1, oclock(8, 30)),
            observation(&id("02"), 2, oclock(8, 45), &[]),
            ended("03", 3, oclock(9, 0)),
        ];
        assert_eq!(hand_in(&inspector, at, &first).await, ["taken"; 3]);
        store
            .accept_observations(town.clock.now(), "reviewer", Sight::All, vec![id("02")])
            .await
            .unwrap();
        let case = text(&town, "SELECT id FROM case_file").await.unwrap();
        let secret_until = async || -> i64 {
            sqlx::query_scalar("SELECT secret_until FROM case_file")
                .fetch_one(store.reading())
                .await
                .unwrap()
        };
        let told = async || -> i64 {
            sqlx::query_scalar("SELECT shown_at FROM case_message")
                .fetch_one(store.reading())
                .await
                .unwrap()
        };
        let hour = 3_600_000;
        assert_eq!(
            secret_until().await,
            oclock(13, 0),
            "everybody has left, and the delay is over"
        );
        let dispatcher = Viewer {
            role: Role::Dispatcher,
            ..Viewer::console()
        };
        let act = async |kind, ask| {
            casework::act(store, town.clock.now(), &dispatcher, &case, kind, ask).await
        };
        act(Kind::Accept, Ask::default()).await.unwrap();

        // Another site of the county, where somebody has begun and not ended.
        assignment(store, "A2", "S2", Some("inspector")).await;
        let again = id("a2");
        let begins = elsewhere(begun("04", 4, oclock(17, 50)), "A2", &again);
        hand_in(&inspector, at, &[begins]).await;
        assert_eq!(secret_until().await, oclock(0, 0) + 28 * hour);
        assert_eq!(told().await, oclock(0, 0) + 28 * hour);
        let list = town
            .signed_in("dispatcher")
            .await
            .get_json("/desk/cases")
            .await;
        assert!(list.text.contains("\"count\":0"), "{}", list.text);

        // The visit lasts until after midnight; that it has ended is told the next day.
        town.clock.pass(10 * 3600);
        let (inspector, at) = (town.signed_in("inspector").await, now(&town));
        let ends = elsewhere(ended("05", 5, oclock(0, 0) + 25 * hour), "A2", &again);
        hand_in(&inspector, at, &[ends]).await;
        assert_eq!(secret_until().await, oclock(0, 0) + 29 * hour);
        let other = if home.url().is_some() {
            Home::sqlite()
        } else {
            Home::postgres()
        };
        let copy = other.open().await;
        assignment(&copy, "A1", "S1", Some("inspector")).await;
        assignment(&copy, "A2", "S2", Some("inspector")).await;
        copy.rebuild_from(store).await.unwrap();
        for table in ["case_file", "case_message"] {
            assert_eq!(
                rows(&copy, table).await,
                rows(store, table).await,
                "{table}"
            );
        }
    })
    .await;
}

/// The agency gives another site of the county out in the afternoon, after the first one was looked at and left.
#[tokio::test]
async fn a_site_that_is_added_on_the_day_keeps_secret_what_was_found_there() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        town.alter("DELETE FROM assignment WHERE id IN ('B1', 'N1')")
            .await;
        let county = crate::case::unit("421221", "嘉鱼县", "county", None);
        let units = store.set_units(town.clock.now(), "console", vec![county]);
        units.await.unwrap();
        let inspector = town.signed_in("inspector").await;
        let at = now(&town);
        let first = [
            begun("01", 1, oclock(8, 30)),
            observation(&id("02"), 2, oclock(8, 45), &[]),
            ended("03", 3, oclock(9, 0)),
        ];
        assert_eq!(hand_in(&inspector, at, &first).await, ["taken"; 3]);
        store
            .accept_observations(town.clock.now(), "reviewer", Sight::All, vec![id("02")])
            .await
            .unwrap();
        let case = text(&town, "SELECT id FROM case_file").await.unwrap();
        let practice = casework::Practice::of(store).await.unwrap();
        let category = text(&town, "SELECT category FROM case_file").await.unwrap();
        let condition = practice.conditions_of(&category).next().unwrap().id.clone();
        let under = Ask {
            condition,
            ..Ask::default()
        };
        let to = || Ask {
            unit: "421221".into(),
            ..Ask::because("县管")
        };
        let dispatcher = Viewer {
            role: Role::Dispatcher,
            ..Viewer::console()
        };
        let act = async |kind, ask| {
            casework::act(store, town.clock.now(), &dispatcher, &case, kind, ask).await
        };
        act(Kind::Accept, Ask::default()).await.unwrap();
        act(Kind::Register, under).await.unwrap();

        // It is six in the afternoon, and what was found was no secret any more since one.
        assignment(store, "A2", "S2", Some("inspector")).await;
        let refused = act(Kind::Dispatch, to()).await.unwrap_err();
        let casework::Error::Refused(why) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(why.key, "case-team-still-there");
        let ticked = casework::tick(store, town.clock.now()).await.unwrap();
        assert_eq!(ticked, 1, "it is a secret again");
        assert_eq!(casework::tick(store, town.clock.now()).await.unwrap(), 0);
        let dispatchers = town.signed_in("dispatcher").await;
        let list = dispatchers.get_json("/desk/cases").await.text;
        assert!(list.contains("\"count\":0"), "{list}");

        // Nobody went there. When the day and the delay are over it goes out, and the unit does not read that it waited.
        town.clock.pass(11 * 3600);
        act(Kind::Dispatch, to()).await.unwrap();
        let page = format!("/desk/cases/{case}");
        for (login, told) in [("unit", false), ("dispatcher", false), ("host", true)] {
            let visitor = town.signed_in(login).await;
            for path in [page.clone(), format!("{page}/history.json")] {
                let shown = visitor.get(&path).await.text;
                let says = shown.contains("延后交办") || shown.contains("keep-secret");
                assert_eq!(says, told, "{login} {path}: {shown}");
            }
        }
        // A form counts what its reader knows of: sent twice, it is done once.
        let unit = town.signed_in("unit").await;
        let seen = unit.get(&page).await.text;
        let seen = seen.split("name=\"seen\" value=\"").nth(1).unwrap();
        let seen = seen.split('"').next().unwrap();
        for _ in 0..2 {
            let signed = crate::case::act(&unit, &case, "sign-for", &[("seen", seen)], &[]).await;
            assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_found_after_midnight_is_secret_until_the_visit_of_the_evening_has_ended() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        town.alter("DELETE FROM assignment WHERE id IN ('B1', 'N1')")
            .await;
        town.alter("UPDATE assignment SET day = '2022-03-30'").await;
        let hour = 3_600_000;
        let secret_until = async || -> i64 {
            sqlx::query_scalar("SELECT secret_until FROM case_file")
                .fetch_one(store.reading())
                .await
                .unwrap()
        };
        let (inspector, at) = (town.signed_in("inspector").await, now(&town));
        let night = [
            begun("01", 1, oclock(0, 0) - 20 * 60_000),
            observation(&id("02"), 2, oclock(0, 10), &[]),
        ];
        assert_eq!(hand_in(&inspector, at, &night).await, ["taken"; 2]);
        store
            .accept_observations(town.clock.now(), "reviewer", Sight::All, vec![id("02")])
            .await
            .unwrap();
        assert_eq!(secret_until().await, oclock(0, 0) + 28 * hour);
        let list = town
            .signed_in("dispatcher")
            .await
            .get_json("/desk/cases")
            .await;
        assert!(list.text.contains("\"count\":0"), "{}", list.text);

        // They are there all day and the next night.
        town.clock.pass(10 * 3600);
        let (inspector, at) = (town.signed_in("inspector").await, now(&town));
        hand_in(&inspector, at, &[ended("03", 3, oclock(0, 0) + 25 * hour)]).await;
        assert_eq!(secret_until().await, oclock(0, 0) + 29 * hour);
    })
    .await;
}

#[tokio::test]
async fn a_visit_that_goes_on_the_next_day_keeps_secret_what_others_find_there_then() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        town.alter("DELETE FROM assignment WHERE id IN ('B1', 'N1')")
            .await;
        town.alter("UPDATE assignment SET day = '2022-03-30'").await;
        assignment(store, "A2", "S2", Some("inspector")).await;
        let (inspector, at) = (town.signed_in("inspector").await, now(&town));
        let accept = async |finding: &str| {
            store
                .accept_observations(town.clock.now(), "reviewer", Sight::All, vec![id(finding)])
                .await
                .unwrap()
        };
        let secret_until = async || -> Vec<i64> {
            sqlx::query_scalar("SELECT secret_until FROM case_file ORDER BY finding")
                .fetch_all(store.reading())
                .await
                .unwrap()
        };
        let short = [
            begun("04", 4, oclock(16, 50)),
            observation(&id("05"), 5, oclock(17, 0), &[]),
            ended("06", 6, oclock(17, 10)),
        ]
        .map(|item| elsewhere(item, "A2", &id("a2")));
        assert_eq!(hand_in(&inspector, at, &short).await, ["taken"; 3]);
        accept("05").await;
        assert_eq!(secret_until().await, [oclock(21, 10)]);

        // A long visit of the day before, of which the server hears only now, was ended after that one.
        let long = [
            begun("01", 1, oclock(0, 0) - 8 * 3_600_000),
            observation(&id("02"), 2, oclock(9, 0), &[]),
            ended("03", 3, oclock(17, 30)),
        ];
        assert_eq!(hand_in(&inspector, at, &long).await, ["taken"; 3]);
        assert_eq!(secret_until().await, [oclock(21, 30)]);
        accept("02").await;
        assert_eq!(secret_until().await, [oclock(21, 30); 2]);
    })
    .await;
}

#[tokio::test]
async fn what_was_done_before_a_task_was_moved_is_taken_and_looked_at() {
    on_both(async |home| {
        let town = town(home).await;
        let (inspector, at) = (town.signed_in("inspector").await, now(&town));
        let moved = AssignmentDeed::Changed {
            inspector: "rival".into(),
            day: "2022-04-01".into(),
            reason: "换人".into(),
        };
        let given = town.clock.now();
        town.store
            .write(move |tx| {
                Box::pin(async move { tx.act(given, "agency", "A1", &moved).await.map(drop) })
            })
            .await
            .unwrap();
        // He was there without a network and hears of it only now; what he does from here on is not his task.
        let items = [
            begun("01", 1, oclock(8, 30)),
            observation(&id("02"), 2, oclock(8, 45), &[]),
            ended("03", 3, oclock(9, 0)),
            elsewhere(begun("04", 4, at), "A1", &id("a1")),
        ];
        let said = hand_in(&inspector, at, &items).await;
        assert_eq!(said[..3], ["taken"; 3], "{said:?}");
        assert!(
            said[3].starts_with("refused: 任务“A1”没有发放给您"),
            "{said:?}"
        );
        assert_eq!(
            text(&town, "SELECT state FROM assignment WHERE id = 'A1'")
                .await
                .unwrap(),
            "assigned"
        );
        let reviewer = town.signed_in("reviewer").await;
        for page in [
            "/desk/review".to_owned(),
            format!("/desk/review/{}", id("02")),
            "/desk/review/visits".into(),
        ] {
            let page = reviewer.get(&page).await.text;
            assert!(
                page.contains("改派、收回或须重新检查，这次检查是之前开始的"),
                "{page}"
            );
        }
        let page = reviewer.get("/desk/review/visits").await.text;
        assert!(!page.contains(" checked"), "{page}");
        // Somebody who never had it has it no more for that.
        let stranger = town.signed_in("rival").await;
        let theirs = [elsewhere(begun("05", 1, oclock(8, 0)), "A1", &id("a5"))];
        assert!(
            hand_in(&stranger, at, &theirs).await[0].starts_with("refused: 任务“A1”没有发放给您")
        );

        let other = if home.url().is_some() {
            Home::sqlite()
        } else {
            Home::postgres()
        };
        let copy = other.open().await;
        assignment(&copy, "A1", "S1", Some("inspector")).await;
        copy.rebuild_from(&town.store).await.unwrap();
        for table in ["earlier_release", "visit_record", "observation"] {
            assert_eq!(
                rows(&copy, table).await,
                rows(&town.store, table).await,
                "{table}"
            );
        }
    })
    .await;
}

/// He was out without a network; by the next day his account works for another agency.
#[tokio::test]
async fn what_was_recorded_before_an_account_moved_reaches_the_agency_that_had_sent_it() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let yesterday = now(&town);
        town.clock.pass(16 * 3600);
        let moved = Duty::new("inspector", Role::Inspector, Some("agency-b")).unwrap();
        store
            .change_account(town.clock.now(), "console", "inspector", moved)
            .await
            .unwrap();
        // The other agency has sent him out too.
        let of_today = async |store: &Store| {
            plan(store, "streets", "2022-04", "agency-b").await;
            assignment(store, "B2", "S5", Some("inspector")).await;
            let released = store.write(|tx| {
                Box::pin(async move {
                    sqlx::query("UPDATE assignment SET series = 'streets', month = '2022-04', day = '2022-04-01' WHERE id = 'B2'")
                        .execute(tx.conn())
                        .await?;
                    Ok(())
                })
            });
            released.await.unwrap();
        };
        of_today(store).await;
        let inspector = town.signed_in("inspector").await;
        let at = now(&town);
        let today = id("b2");
        let pictures = ["xianan_orient6.jpg", "xianan_orient1.jpg"].map(picture);
        let [photo, door] = [0, 1].map(|one: usize| yuekao::store::digest(&pictures[one]));
        let shut = json!({ "assignment": "A1", "closed": true, "text": "后门锁着", "photos": [door] });
        let items = [
            begun("01", 1, yesterday - 3_600_000),
            elsewhere(begun("02", 2, at), "B2", &today),
            elsewhere(begun("03", 3, at), "N1", &id("c1")),
            observation(&id("04"), 4, yesterday - 1_800_000, &[&photo]),
            elsewhere(ended("05", 5, at), "B2", &today),
            item(&id("06"), 6, "note", yesterday - 1_200_000, shut),
            ended("07", 7, yesterday - 600_000),
        ];
        let said = hand_in(&inspector, at, &items).await;
        assert!(said[2].starts_with("refused: 任务“N1”没有发放给您"), "{said:?}");
        let taken = said.iter().filter(|one| *one == "taken");
        assert_eq!(taken.count(), 6, "{said:?}");
        assert_eq!(hand_in(&inspector, at, &items).await[3], "known");
        for (digest, bytes) in [&photo, &door].into_iter().zip(pictures) {
            upload(&inspector, &format!("/field/photos/{digest}"), bytes).await;
        }

        for (question, agencies) in [
            ("SELECT agency FROM visit_record ORDER BY id DESC", vec!["agency-a", "agency-b"]),
            ("SELECT agency FROM observation", vec!["agency-a"]),
            ("SELECT agency FROM closed_site", vec!["agency-a"]),
            ("SELECT agency FROM field_item WHERE answer = 'refused'", vec!["agency-b"]),
        ] {
            let told: Vec<String> = sqlx::query_scalar(question)
                .fetch_all(store.reading())
                .await
                .unwrap();
            assert_eq!(told, agencies, "{question}");
        }
        let (theirs, others) = (
            town.signed_in("reviewer").await,
            town.signed_in("rival-reviewer").await,
        );
        let finding = format!("/desk/review/{}", id("04"));
        let originals = [&photo, &door].map(|digest| format!("/desk/review/photos/{digest}/original"));
        for page in [&finding].into_iter().chain(&originals) {
            assert_eq!(theirs.get(page).await.status, StatusCode::OK, "{page}");
        }
        assert_eq!(others.get(&finding).await.status, StatusCode::NOT_FOUND);
        let visits = others.get("/desk/review/visits").await.text;
        assert!(visits.contains(&today) && !visits.contains(VISIT), "{visits}");

        let other = if home.url().is_some() {
            Home::sqlite()
        } else {
            Home::postgres()
        };
        let copy = other.open().await;
        assignment(&copy, "A1", "S1", Some("inspector")).await;
        of_today(&copy).await;
        copy.rebuild_from(store).await.unwrap();
        for table in ["visit_record", "observation", "closed_site", "field_item"] {
            assert_eq!(
                rows(&copy, table).await,
                rows(store, table).await,
                "{table}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_visit_begun_before_its_task_was_moved_is_finished_the_next_morning() {
    on_both(async |home| {
        let town = town(home).await;
        assignment(&town.store, "A2", "S4", Some("inspector")).await;
        // Of one visit the server heard on the day, of the other nothing: then the battery was empty.
        let inspector = town.signed_in("inspector").await;
        let heard = [begun("01", 1, oclock(8, 30))];
        assert_eq!(hand_in(&inspector, now(&town), &heard).await, ["taken"]);
        for id in ["A1", "A2"] {
            let moved = AssignmentDeed::Changed {
                inspector: "rival".into(),
                day: "2022-04-02".into(),
                reason: "没有检查".into(),
            };
            let at = town.clock.now();
            town.store
                .write(move |tx| {
                    Box::pin(async move { tx.act(at, "agency", id, &moved).await.map(drop) })
                })
                .await
                .unwrap();
        }
        town.clock.pass(22 * 3600);
        let inspector = town.signed_in("inspector").await;
        let at = now(&town);
        let other = |item| elsewhere(item, "A2", &id("a2"));
        let items = [
            other(begun("02", 2, oclock(8, 45))),
            observation(&id("03"), 3, at - 60_000, &[]),
            ended("04", 4, at),
            other(ended("05", 5, at)),
            elsewhere(begun("06", 6, at), "A1", &id("a3")),
        ];
        let said = hand_in(&inspector, at, &items).await;
        assert_eq!(said[..4], ["taken"; 4], "{said:?}");
        assert!(
            said[4].starts_with("refused: 任务“A1”没有发放给您"),
            "{said:?}"
        );
        // When it was saved is told as it is, and the site still waits for whoever has it now.
        let found = town.store.observation(Sight::All, &id("03")).await;
        let found = found.unwrap().unwrap().found_at;
        assert_eq!(found.as_millisecond(), at - 60_000);
        assert_eq!(
            text(&town, "SELECT state FROM assignment WHERE id = 'A1'")
                .await
                .unwrap(),
            "assigned"
        );
        let reviewer = town.signed_in("reviewer").await;
        let page = reviewer
            .get(&format!("/desk/review/{}", id("03")))
            .await
            .text;
        for words in ["这次检查是之前开始的", "不在任务当天（2022-03-31）"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let page = reviewer.get("/desk/review/visits").await.text;
        assert!(page.contains(&id("a2")) && page.contains("这次检查是之前开始的"));
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_leaps_dates_nothing_before_its_task_was_released() {
    on_both(async |home| {
        let town = town(home).await;
        let (inspector, at) = (town.signed_in("inspector").await, now(&town));
        let released = oclock(7, 0);
        town.store
            .write(move |tx| {
                Box::pin(async move {
                    let text = "UPDATE assignment SET released_at = $1 WHERE id = 'A1'";
                    sqlx::query(text).bind(released).execute(tx.conn()).await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
        // Made while the phone was forty days behind, and sent once it was right.
        let made = at - 40 * 86_400_000;
        let items = [
            begun("01", 1, made),
            observation(&id("02"), 2, made + 60_000, &[]),
            ended("03", 3, made + 120_000),
        ];
        assert_eq!(hand_in(&inspector, at, &items).await, ["taken"; 3]);
        let visit = town
            .store
            .visit_record(Sight::All, VISIT)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(visit.started_at.as_millisecond(), released);
        let found = town
            .store
            .observation(Sight::All, &id("02"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.found_at.as_millisecond(), released);

        let reviewer = town.signed_in("reviewer").await;
        let page = reviewer.get("/desk/review/visits").await.text;
        assert!(!page.contains("不在任务当天"), "{page}");
        town.alter("UPDATE assignment SET day = '2022-03-30' WHERE id = 'A1'")
            .await;
        for page in ["/desk/review", "/desk/review/visits"] {
            let page = reviewer.get(page).await.text;
            assert!(page.contains("不在任务当天（2022-03-30）"), "{page}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_conflict_stands_first_until_somebody_has_dealt_with_it() {
    on_both(async |home| {
        let town = town(home).await;
        let (inspector, at) = (town.signed_in("inspector").await, now(&town));
        let first = observation(&id("00"), 100, at, &[]);
        let mut second = first.clone();
        second["content"]["severity"] = "serious".into();
        hand_in(&inspector, at, &[first, second]).await;
        town.clock.pass(60);
        let unknown: Vec<Value> = (1..=31)
            .map(|number| item(&id(&format!("{number:02}")), number, "hint", at, json!({})))
            .collect();
        hand_in(&inspector, at, &unknown).await;
        let reviewer = town.signed_in("reviewer").await;
        let page = reviewer.get("/desk/review/phones").await.text;
        let (conflict, refused) = (
            page.find("badge error\">冲突"),
            page.find("badge warn\">无法采用"),
        );
        assert!(conflict.unwrap() < refused.unwrap(), "{page}");
        assert!(page.contains("?page=1#odd"), "{page}");
        let more = reviewer.get("/desk/review/phones?page=1").await.text;
        assert_eq!(more.matches("badge warn\">无法采用").count(), 2, "{more}");

        let (odd, count) = town
            .store
            .odd_items(Sight::All, OddItems::Open, 0, 1)
            .await
            .unwrap();
        assert_eq!((count, odd[0].answer.as_str()), (32, "conflict"));
        let form = [
            ("item", odd[0].id.as_str()),
            ("digest", odd[0].digest.as_str()),
        ];
        let rival = town.signed_in("rival-reviewer").await;
        assert_eq!(
            rival.post("/desk/review/phones", &form).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(
            reviewer.post("/desk/review/phones", &form).await.status,
            StatusCode::SEE_OTHER
        );
        let again = reviewer.post("/desk/review/phones", &form).await;
        assert!(again.text.contains("这条记录已处理"), "{}", again.text);
        let page = reviewer.get("/desk/review/phones").await.text;
        assert!(
            !page.contains("badge error\">冲突") && page.contains("已核对"),
            "{page}"
        );
        let settled = reviewer.get("/desk/review/phones?show=settled").await.text;
        assert!(
            settled.contains("badge error\">冲突") && !settled.contains("已核对"),
            "{settled}"
        );

        let other = if home.url().is_some() {
            Home::sqlite()
        } else {
            Home::postgres()
        };
        let copy = other.open().await;
        copy.rebuild_from(&town.store).await.unwrap();
        assert_eq!(
            rows(&copy, "field_item").await,
            rows(&town.store, "field_item").await
        );
    })
    .await;
}
