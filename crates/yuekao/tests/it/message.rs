//! Messages: each learns what concerns them, and nobody anything else.

use assessment::case::life::Kind;
use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::Value;
use yuekao::casework::{self, Ask};
use yuekao::store::case::NewCase;
use yuekao::store::case::message::Mark;
use yuekao::viewer::{Role, Viewer};

use crate::casedesk::viewer;
use crate::databases::on_both;
use crate::town::Answer;

#[tokio::test]
async fn each_learns_what_concerns_them_and_nothing_else() {
    on_both(async |home| {
        let town = crate::case::town(home).await;
        let store = &town.store;
        let viewer = |role, login: &str, unit: Option<&str>| Viewer {
            role,
            login: login.into(),
            name: String::new(),
            unit: unit.map(str::to_owned),
        };
        let dispatcher = viewer(Role::Dispatcher, "dispatcher", None);
        let county = viewer(Role::Unit, "unit", Some("421221"));
        let community = viewer(Role::Unit, "community", Some("421221100001"));
        let other = viewer(Role::Unit, "tongcheng", Some("421222"));
        let verifier = viewer(Role::Verifier, "verifier", None);
        let host = viewer(Role::Host, "host", None);
        let leader = viewer(Role::Leader, "leader", None);
        let kinds = async |viewer: &Viewer| {
            let now = town.clock.now();
            let list = store.case_messages(viewer, now, None, 50).await.unwrap();
            let unread = list.iter().filter(|message| message.unread).count() as i64;
            assert_eq!(
                store.unread_messages(viewer, now, None).await.unwrap(),
                unread
            );
            list.into_iter()
                .map(|message| message.kind)
                .collect::<Vec<_>>()
        };
        let new = NewCase {
            source: "agency".into(),
            category: "gb30428/component/0101".into(),
            county: Some("421221".into()),
            secret_until: Some(town.clock.now().as_millisecond() + 3_600_000),
            ..NewCase::default()
        };
        let id = casework::report(store, town.clock.now(), "reviewer", new)
            .await
            .unwrap();
        for who in [
            &dispatcher,
            &county,
            &community,
            &other,
            &verifier,
            &host,
            &leader,
        ] {
            assert!(
                kinds(who).await.is_empty(),
                "the team is still there: {who:?}"
            );
        }
        // Read before the secret ends: what shows afterwards is unread.
        let read = Mark {
            seq: store.last_act().await.unwrap(),
            until: town.clock.now(),
        };
        store.read_messages(&dispatcher, read).await.unwrap();
        town.clock.pass(15 * 3600);
        assert_eq!(kinds(&dispatcher).await, ["reported"]);
        let desk = town.signed_in("dispatcher").await;
        assert!(desk.get("/desk").await.text.contains("消息 1"));

        let photo = store
            .keep_photo(vec![0xff, 0xd8, 0xff], "image/jpeg", false)
            .await
            .unwrap();
        let condition = Ask {
            condition: "component-0101-3".into(),
            ..Ask::default()
        };
        let unit = |code: &str| Ask {
            unit: code.into(),
            ..Ask::because("不需要专业部门")
        };
        let fixed = Ask {
            photos: vec![photo],
            ..Ask::default()
        };
        let yes = Ask {
            yes: true,
            ..Ask::default()
        };
        let steps = [
            (&dispatcher, Kind::Accept, Ask::default()),
            (&dispatcher, Kind::OrderCheck, Ask::default()),
            (&verifier, Kind::Check, yes.clone()),
            (&dispatcher, Kind::Register, condition),
            (&dispatcher, Kind::Dispatch, unit("421221")),
            (&county, Kind::PassDown, unit("421221100001")),
            (&community, Kind::AskExtension, Ask::because("等待配件")),
            (&host, Kind::RefuseRequest, Ask::because("配件已到")),
            (&community, Kind::Feedback, fixed.clone()),
            (&verifier, Kind::Verify, Ask::because("仍有响声")),
            (&host, Kind::Supervise, Ask::because("群众关注")),
            (&county, Kind::TakeBack, Ask::because("县里统一处置")),
        ];
        for (who, kind, ask) in steps {
            town.clock.pass(1);
            casework::act(store, town.clock.now(), who, &id, kind, ask)
                .await
                .unwrap();
        }
        assert_eq!(kinds(&dispatcher).await, ["asked", "checked", "reported"]);
        assert_eq!(kinds(&county).await, ["supervised", "dispatched"]);
        assert_eq!(
            kinds(&community).await,
            [
                "taken-back",
                "supervised",
                "failed",
                "refused",
                "passed-down"
            ]
        );
        assert_eq!(kinds(&verifier).await, ["feedback", "check-ordered"]);
        assert_eq!(kinds(&host).await, ["asked"]);
        assert_eq!(kinds(&leader).await, ["supervised"]);
        assert!(kinds(&other).await.is_empty());

        // Who has it is told once that it is due soon, and of what became of it, whoever did that.
        let (_, life) = store.case_history(&id).await.unwrap();
        let soon = life.soon_at.unwrap();
        let wait = soon.duration_since(yuekao::clock::civil(town.clock.now()));
        town.clock.pass(wait.as_secs() - 60);
        casework::tick(store, town.clock.now()).await.unwrap();
        assert_eq!(kinds(&county).await.len(), 2, "not yet");
        for _ in 0..2 {
            town.clock.pass(61);
            casework::tick(store, town.clock.now()).await.unwrap();
        }
        assert_eq!(
            kinds(&county).await,
            ["due-soon", "supervised", "dispatched"]
        );
        let ends = [
            (&leader, Kind::EndSupervision, Ask::because("已督促到位")),
            (&county, Kind::Feedback, fixed),
            (&verifier, Kind::Verify, yes),
            (&host, Kind::Void, Ask::because("重复")),
        ];
        for (who, kind, ask) in ends {
            town.clock.pass(1);
            casework::act(store, town.clock.now(), who, &id, kind, ask)
                .await
                .unwrap();
        }
        assert_eq!(
            kinds(&county).await[..3],
            ["voided", "supervision-ended", "due-soon"]
        );
        assert_eq!(kinds(&dispatcher).await[0], "verified");

        let desk = town.signed_in("community").await;
        let page = desk.get("/desk/messages").await;
        assert!(page.text.contains("核查不合格，需返工") && page.text.contains(&id));
        desk.post("/desk/messages", &[("mark", &page.hidden("mark"))])
            .await;
        assert!(!desk.get("/desk/messages").await.text.contains("未读"));
        let strange = town.signed_in("tongcheng").await;
        assert!(!strange.get("/desk/messages").await.text.contains(&id));
    })
    .await;
}

#[tokio::test]
async fn what_was_not_shown_stays_unread() {
    on_both(async |home| {
        let town = crate::case::town(home).await;
        let report = async |minutes_ago: i64| {
            let at = town.clock.now() - SignedDuration::from_mins(minutes_ago);
            let new = NewCase {
                source: "patrol".into(),
                category: "gb30428/component/0101".into(),
                ..NewCase::default()
            };
            casework::report(&town.store, at, "unit", new)
                .await
                .unwrap();
        };
        for _ in 0..210 {
            report(0).await;
        }
        let desk = town.signed_in("dispatcher").await;
        let unread = async || {
            let list = desk.get_json("/desk/messages").await.text;
            let list: Value = serde_json::from_str(&list).unwrap();
            list["unread"].as_i64().unwrap()
        };
        let mark = async |page: &Answer| {
            let shown = page.hidden("mark");
            let marked = desk.post("/desk/messages", &[("mark", &shown)]).await;
            assert_eq!(marked.status, StatusCode::SEE_OTHER);
        };
        // They are marked on the page that shows the last of them.
        let next = |page: &Answer| {
            let (_, rest) = page
                .text
                .split_once("button\" href=\"/desk/messages?mark=")?;
            let address = rest.split('"').next().unwrap().replace("&#38;", "&");
            Some(format!("/desk/messages?mark={address}"))
        };
        let (mut pages, mut page) = (vec![], desk.get("/desk/messages").await);
        while let Some(address) = next(&page) {
            assert!(pages.len() < 3, "{address}");
            assert!(
                !page.text.contains("全部标为已读</button>"),
                "{}",
                page.text
            );
            pages.push(page.text.matches("未读</span>").count());
            page = desk.get(&address).await;
        }
        pages.push(page.text.matches("未读</span>").count());
        assert_eq!(pages, [100, 100, 10]);
        let newest = "href=\"/desk/messages\">回到最新消息</a>";
        assert!(page.text.contains(newest), "{}", page.text);
        assert!(!desk.get("/desk/messages").await.text.contains(newest));
        // Meanwhile the program writes down what it began an hour ago.
        report(60).await;
        mark(&page).await;
        assert_eq!(unread().await, 1);
        let first = desk.get("/desk/messages").await;
        assert!(!first.text.contains("未读</span>"), "it stands below");
        let mut last = desk.get(&next(&first).unwrap()).await;
        last = desk.get(&next(&last).unwrap()).await;
        assert!(last.text.contains("未读</span>"), "{}", last.text);
        mark(&last).await;
        assert_eq!(unread().await, 0);
        // A page that was left open marks nothing as unread again.
        mark(&page).await;
        assert_eq!(unread().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_department_that_is_named_beside_the_unit_learns_what_moves_its_rate() {
    on_both(async |home| {
        let town = crate::case::town(home).await;
        let store = &town.store;
        let id = crate::case::cover(store, town.clock.now(), "F-1", 0).await;
        let dispatcher = viewer(Role::Dispatcher, None);
        let county = viewer(Role::Unit, Some(crate::case::COUNTY));
        let condition = Ask {
            condition: "component-0101-3".into(),
            ..Ask::default()
        };
        for (who, kind, ask) in [
            (&dispatcher, Kind::Accept, Ask::default()),
            (&dispatcher, Kind::Register, condition),
            (&dispatcher, Kind::Dispatch, Ask::default()),
            (&county, Kind::AskExtension, Ask::because("等待配件")),
            (&dispatcher, Kind::GrantExtension, Ask::default()),
        ] {
            town.clock.pass(1);
            casework::act(store, town.clock.now(), who, &id, kind, ask)
                .await
                .unwrap();
        }
        for _ in 0..2 {
            town.clock.pass(30 * 86_400);
            casework::tick(store, town.clock.now()).await.unwrap();
        }
        let water = viewer(Role::Unit, Some(crate::case::WATER));
        let told = store
            .case_messages(&water, town.clock.now(), None, 50)
            .await;
        let mut kinds: Vec<_> = told.unwrap().into_iter().map(|told| told.kind).collect();
        kinds.sort();
        assert_eq!(kinds, ["dispatched", "escalated", "granted", "overdue"]);
        // What the unit returns counts for the department no more.
        let why = Ask::because("不属本单位职责");
        casework::act(store, town.clock.now(), &county, &id, Kind::Return, why)
            .await
            .unwrap();
        for (who, kind) in [(&water, "given-back"), (&dispatcher, "returned")] {
            let told = store.case_messages(who, town.clock.now(), None, 1).await;
            assert_eq!(told.unwrap()[0].kind, kind);
        }
        let told = store
            .case_messages(&county, town.clock.now(), None, 1)
            .await;
        assert_ne!(told.unwrap()[0].kind, "given-back", "it knows");
    })
    .await;
}

#[tokio::test]
async fn numbers_under_seal_tell_nothing_and_come_back_as_they_were() {
    on_both(async |home| {
        let town = crate::case::town(home).await;
        let seal = town.store.seal().await.unwrap();
        for numbers in [(0, 0), (41_287, 1_648_713_600_000), (i64::MAX, i64::MIN)] {
            let (one, other) = (seal.close(numbers), seal.close(numbers));
            assert_ne!(one, other);
            let again = town.store.seal().await.unwrap();
            assert_eq!(again.open(&one), Some(numbers));
            let changed = if one.ends_with('0') { "1" } else { "0" };
            let changed = format!("{}{changed}", &one[..one.len() - 1]);
            assert_eq!(seal.open(&changed), None);
        }
        for strange in ["", "00", "甲", &"0".repeat(88)] {
            assert_eq!(seal.open(strange), None);
        }
    })
    .await;
}
