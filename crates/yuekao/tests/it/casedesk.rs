//! The desk for cases, told over HTTP on both databases: reporting, rules, notices, files, rates, many at once, kept views.

use assessment::case::life::{Act, Kind};
use assessment::case::rates::{Beside, Counts, Period};
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use serde_json::Value;
use yuekao::casework::{self, Ask};
use yuekao::store::Store;
use yuekao::store::case::list::{CaseFilter, Within};
use yuekao::store::case::map::Shown;
use yuekao::store::case::rates::By;
use yuekao::store::case::{CountedIn, NewCase, Recount};
use yuekao::store::case_rules::CaseRules;
use yuekao::store::grid::GridRow;
use yuekao::store::saved_view::SavedView;
use yuekao::store::unit::UnitRow;
use yuekao::viewer::{Role, Viewer};

use crate::case::{COMMUNITY, COUNTY, TOWNSHIP, WATER, act, count, cover, photo, town, unit};
use crate::databases::{Home, on_both};
use crate::town::{Answer, Town, Visitor};

const COVER: &str = "gb30428/component/0101";
const FIX: &str = "component-0101-2";

pub fn viewer(role: Role, unit: Option<&str>) -> Viewer {
    Viewer {
        role,
        login: "jia".into(),
        name: String::new(),
        unit: unit.map(str::to_owned),
    }
}

fn host() -> Viewer {
    viewer(Role::Host, None)
}

/// A form with files, as a browser sends it.
async fn send(
    visitor: &Visitor,
    path: &str,
    fields: &[(&'static str, &str)],
    photos: &[Vec<u8>],
) -> Answer {
    let mut form = Form::new().text("form_token", visitor.token().await);
    for bytes in photos {
        form = form.part("photo", Part::bytes(bytes.clone()).file_name("found.jpg"));
    }
    for (name, value) in fields {
        form = form.text(*name, (*value).to_owned());
    }
    let url = format!("{}{path}", visitor.site);
    let sent = visitor.client.post(url).multipart(form).send();
    Answer::of(sent.await.unwrap()).await
}

/// Does something directly, as the person whose turn it is.
async fn done(store: &Store, now: Timestamp, id: &str, kind: Kind, ask: Ask) {
    let dispatcher = viewer(Role::Dispatcher, None);
    let county = viewer(Role::Unit, Some(COUNTY));
    let verifier = viewer(Role::Verifier, None);
    let who = match kind {
        Kind::Feedback | Kind::AskExtension | Kind::AskSuspension | Kind::Return => &Viewer {
            login: "unit".into(),
            ..county
        },
        Kind::Verify => &Viewer {
            login: "verifier".into(),
            ..verifier
        },
        Kind::Void | Kind::GrantSuspension => &host(),
        _ => &dispatcher,
    };
    casework::act(store, now, who, id, kind, ask).await.unwrap();
}

fn under(condition: &str) -> Ask {
    Ask {
        condition: condition.into(),
        ..Ask::default()
    }
}

/// A cover that was dispatched to the county and its water department.
async fn dispatched(town: &Town, finding: &str) -> String {
    let (store, now) = (&town.store, town.clock.now());
    let id = cover(store, now, finding, 0).await;
    done(store, now, &id, Kind::Accept, Ask::default()).await;
    done(store, now, &id, Kind::Register, under(FIX)).await;
    done(store, now, &id, Kind::Dispatch, Ask::default()).await;
    id
}

async fn handled(town: &Town, id: &str, passed: bool) {
    let (store, now) = (&town.store, town.clock.now());
    let photos = vec![
        store
            .keep_photo(photo(7), "image/jpeg", false)
            .await
            .unwrap(),
    ];
    let ask = Ask {
        photos,
        ..Ask::because("已修复")
    };
    done(store, now, id, Kind::Feedback, ask).await;
    let ask = Ask {
        yes: passed,
        ..Ask::because("看过")
    };
    done(store, now, id, Kind::Verify, ask).await;
}

const HERE: [(&str, &str); 3] = [
    ("lng", "113.93951"),
    ("lat", "29.97041"),
    ("datum", "WGS84"),
];

#[tokio::test]
async fn a_report_says_where_it_goes_and_what_is_known_before_it_is_taken() {
    on_both(async |home| {
        let town = town(home).await;
        let known = cover(&town.store, town.clock.now(), "F-1", 0).await;
        let hidden = cover(&town.store, town.clock.now(), "F-2", 4).await;
        let dispatcher = town.signed_in("dispatcher").await;
        let mut fields = vec![
            ("place", "发展大道 12 号"),
            ("description", "井盖松动"),
            ("category", COVER),
            ("within", COMMUNITY),
            ("source", "hotline"),
            ("number", "12345-77"),
        ];
        fields.extend(HERE);

        // What is missing is said, and what was written stays.
        let bare = send(
            &dispatcher,
            "/desk/cases/new",
            &[("place", "发展大道"), ("source", "hotline")],
            &[photo(1)],
        )
        .await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bare.text.contains("必须填写工单号") && bare.text.contains("value=\"发展大道\""));
        assert!(
            bare.text.contains("请从列表中选择类别"),
            "all that is missing is said at once: {}",
            bare.text
        );
        assert!(bare.text.contains("已保存 1 张"), "{}", bare.text);
        let at_sea = [("lng", "1"), ("lat", "2")];
        let at_sea = [&fields[..6], &at_sea].concat();
        let at_sea = send(&dispatcher, "/desk/cases/new", &at_sea, &[]).await;
        assert!(at_sea.text.contains("不在国内"), "{}", at_sea.text);

        let look = send(&dispatcher, "/desk/cases/new", &fields, &[photo(1)]).await;
        assert_eq!(look.status, StatusCode::OK);
        assert!(
            look.text.contains("将派给：嘉鱼县 · 水务部门"),
            "{}",
            look.text
        );
        assert!(look.text.contains(&known) && look.text.contains("就是这个"));
        assert!(!look.text.contains(&hidden), "still secret");
        assert_eq!(count(&dispatcher, "").await, 1, "nothing was taken yet");
        let digest = yuekao::store::digest(photo(1));
        assert!(look.text.contains(&digest));

        // It is shown as it will be handed in.
        for words in ["嘉鱼县 鱼岳镇 沙阳社区", "12345-77", "113.93951"] {
            assert!(look.text.contains(words), "{words}: {}", look.text);
        }
        let own = format!("/desk/photos/{digest}");
        assert!(look.text.contains(&own), "{}", look.text);
        assert_eq!(dispatcher.get(&own).await.status, StatusCode::OK);
        // Where nobody says in which area it lies, its position does: before it is taken as after.
        let outline = r#"{"type":"Polygon","coordinates":[[[113.93,29.96],[113.95,29.96],[113.95,29.98],[113.93,29.98],[113.93,29.96]]]}"#;
        let drawing = yuekao::ground::read::drawing(outline).unwrap();
        let grid = GridRow {
            id: "G-1".into(),
            valid_from: "2020-01-01".into(),
            valid_to: None,
            name: "沙阳1号网格".into(),
            unit: COMMUNITY.into(),
            kind: "area".into(),
            cell: None,
            size: drawing.size(),
            geometry: drawing.text(),
            synthetic: false,
            source: String::new(),
        };
        town.store
            .set_grids(town.clock.now(), "host", "划定", vec![grid], vec![], None)
            .await
            .unwrap();
        let nowhere: Vec<_> = fields
            .iter()
            .copied()
            .filter(|(name, _)| *name != "within")
            .collect();
        let placed = send(&dispatcher, "/desk/cases/new", &nowhere, &[]).await;
        for words in ["将派给：嘉鱼县 · 水务部门", "嘉鱼县 鱼岳镇 沙阳社区"] {
            assert!(placed.text.contains(words), "{words}: {}", placed.text);
        }

        let form = dispatcher.get("/desk/cases/new").await.hidden("form");
        let unnamed = [&fields[..], &[("sure", "yes"), ("kept", digest.as_str())]].concat();
        fields.extend([
            ("sure", "yes"),
            ("kept", digest.as_str()),
            ("form", form.as_str()),
        ]);
        let taken = send(&dispatcher, "/desk/cases/new", &fields, &[]).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
        let shown = dispatcher.get(taken.location()).await;
        for words in ["12345 热线", "12345-77", "井盖松动", &digest] {
            assert!(shown.text.contains(words), "{words}: {}", shown.text);
        }
        // Sent again it is the same case; another form with its number is not.
        let again = send(&dispatcher, "/desk/cases/new", &fields, &[]).await;
        assert_eq!(again.location(), taken.location(), "{}", again.text);
        let twice = send(&dispatcher, "/desk/cases/new", &unnamed, &[]).await;
        assert!(twice.text.contains("没有重复登记"), "{}", twice.text);
        assert_eq!(count(&dispatcher, "").await, 2);

        // A unit reports in its own area; it learns of its case when it is served, and of no other before.
        let township = town.signed_in("township").await;
        let form = township.get("/desk/cases/new").await;
        assert!(
            form.text.contains("沙阳社区") && !form.text.contains("通城县"),
            "{}",
            form.text
        );
        let elsewhere = [("place", "x"), ("category", COVER), ("within", COUNTY)];
        let elsewhere = send(&township, "/desk/cases/new", &elsewhere, &[]).await;
        assert!(
            elsewhere.text.contains("不在您单位的辖区内"),
            "{}",
            elsewhere.text
        );
        let mut own = vec![
            ("place", "发展大道 12 号"),
            ("category", COVER),
            ("within", COMMUNITY),
        ];
        own.extend(HERE);
        let name = township.get("/desk/cases/new").await.hidden("form");
        let named = [&own[..], &[("form", name.as_str())]].concat();
        let look = send(&township, "/desk/cases/new", &named, &[]).await;
        assert!(
            look.text.contains("将派给") && !look.text.contains("AJ2203"),
            "{}",
            look.text
        );
        let form = look.hidden("form");
        own.extend([("sure", "yes"), ("form", form.as_str())]);
        let taken = send(&township, "/desk/cases/new", &own, &[]).await;
        let again = send(&township, "/desk/cases/new", &own, &[]).await;
        assert_eq!(again.location(), taken.location());
        assert!(
            taken.location().starts_with("/desk/cases/new?done=AJ"),
            "{}",
            taken.text
        );
        assert!(township.get(taken.location()).await.text.contains("已上报"));
        assert_eq!(count(&township, "").await, 0);
        assert_eq!(count(&dispatcher, "").await, 3);

        let chief = town.signed_in("chief").await;
        let patrol = [
            ("place", "河堤"),
            ("category", COVER),
            ("within", COUNTY),
            ("sure", "yes"),
        ];
        let patrol = send(&chief, "/desk/cases/new", &patrol, &[]).await;
        assert_eq!(patrol.status, StatusCode::SEE_OTHER, "{}", patrol.text);
        let own = chief.get("/desk/cases/new").await;
        for words in ["您上报的案件", "河堤", "待受理"] {
            assert!(own.text.contains(words), "{words}: {}", own.text);
        }
        // What is said otherwise is another case, and so is the same of somebody else.
        let form = chief.get("/desk/cases/new").await.hidden("form");
        let patrol = |place: &'static str| {
            [
                ("place", place),
                ("category", COVER),
                ("within", COUNTY),
                ("form", form.as_str()),
                ("sure", "yes"),
            ]
        };
        let unit = town.signed_in("unit").await;
        for (who, place) in [(&chief, "桥头"), (&chief, "桥尾"), (&unit, "桥头")] {
            for _ in 0..2 {
                send(who, "/desk/cases/new", &patrol(place), &[]).await;
            }
        }
        assert_eq!(count(&dispatcher, "").await, 7);
        let others = town.signed_in("leader").await.get("/desk/cases/new").await;
        assert!(!others.text.contains("河堤"), "{}", others.text);
        let borrowed = [
            ("place", "河堤"),
            ("category", COVER),
            ("source", "hotline"),
            ("number", "1"),
        ];
        let borrowed = send(&chief, "/desk/cases/new", &borrowed, &[]).await;
        assert_eq!(borrowed.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn rules_for_cases_are_adopted_tried_and_kept_in_versions() {
    on_both(async |home| {
        let town = town(home).await;
        let (host, auditor, unit) = (
            town.signed_in("host").await,
            town.signed_in("auditor").await,
            town.signed_in("unit").await,
        );
        let page = host.get("/desk/case-rules").await;
        assert!(page.text.contains("第 1 版"), "{}", page.text);
        assert_eq!(unit.get("/desk/case-rules").await.status, StatusCode::FORBIDDEN);
        let only_read = auditor.get("/desk/case-rules").await.text;
        assert!(!only_read.contains("采用新规则") && only_read.contains("案件规则由考评办公室修改"), "{only_read}");

        let routes = "id,category,within,unit,department,valid_from,valid_to,note\nall,*,,@county,,someday,,\n";
        let wrong = [("version", "1"), ("photo_needed", "yes"), ("routes", routes)];
        let wrong = send(&host, "/desk/case-rules", &wrong, &[]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            wrong.text.contains("派遣规则") && wrong.text.contains("someday"),
            "{}",
            wrong.text
        );
        assert!(wrong.text.contains("第 2 行"), "{}", wrong.text);

        // A row that would route nothing is a fault, when it is adopted and when it is tried.
        let routes = "id,category,within,unit,department,valid_from,valid_to,note\n\
                      all,*,,@county,,2020-01-01,,\ncover,0101,,@conty,D77,2020-01-01,,\n";
        let idle = [("version", "1"), ("photo_needed", "yes"), ("routes", routes)];
        for path in ["/desk/case-rules", "/desk/case-rules/dry-run"] {
            let idle = send(&host, path, &idle, &[]).await;
            assert_eq!(idle.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            for words in ["例如 gb30428/component/0101", "没有编码为“D77”的单位", "没有“@conty”这类单位"] {
                assert!(idle.text.contains(words), "{words}: {}", idle.text);
            }
        }

        // A dry run over the month says which cases would have gone elsewhere.
        let id = dispatched(&town, "F-1").await;
        let draft = "id,category,within,unit,department,valid_from,valid_to,note\n\
                     all,*,,@township,,2020-01-01,,\n";
        let fields = [("routes", draft), ("month", "2022-03")];
        let tried = send(&auditor, "/desk/case-rules/dry-run", &fields, &[]).await;
        assert_eq!(tried.status, StatusCode::OK, "{}", tried.text);
        assert!(
            tried.text.contains(&id)
                && tried.text.contains("嘉鱼县 · 水务部门")
                && tried.text.contains("鱼岳镇"),
            "{}",
            tried.text
        );
        let book = [fields[0], fields[1], ("format", "xlsx")];
        let book = send(&host, "/desk/case-rules/dry-run", &book, &[]).await;
        assert!(book.header("content-disposition").contains("routes-2022-03.xlsx"));
        let elsewhen = [("routes", draft)];
        let elsewhen = send(&host, "/desk/case-rules/dry-run", &elsewhen, &[]).await;
        assert!(elsewhen.text.contains("2022-02") && !elsewhen.text.contains(&id));

        // Routes are tried as cases would be dispatched today: one that begins today moves the cases of an earlier day.
        town.clock.pass(2 * 86_400);
        let today = "id,category,within,unit,department,valid_from,valid_to,note\n\
                     all,*,,@county,,2020-01-01,2022-04-01,\n\
                     new,*,,@township,,2022-04-02,,\n";
        let tried = send(&host, "/desk/case-rules/dry-run", &[("routes", today), ("month", "2022-03")], &[]).await;
        assert!(tried.text.contains(&id) && tried.text.contains("鱼岳镇"), "{}", tried.text);

        let good = [
            ("version", "1"),
            ("routes", draft),
            ("most_returns", "5"),
            ("most_dispatches", "6"),
            ("stage_hours_handled", "4"),
            ("replies", "feedback | 已处置\n"),
            ("counted", "departments department\n"),
        ];
        let adopted = send(&host, "/desk/case-rules", &good, &[]).await;
        assert_eq!(adopted.status, StatusCode::SEE_OTHER, "{}", adopted.text);
        let (version, rules) = town.store.case_rules().await.unwrap().unwrap();
        assert_eq!((version, rules.most_returns, rules.photo_needed), (2, 5, false));
        assert_eq!(rules.replies.len(), 1);
        let overtaken = send(&host, "/desk/case-rules", &good, &[]).await;
        assert!(overtaken.text.contains("别人采用了第 2 版"), "{}", overtaken.text);
        for (name, value) in [("most_returns", "-1"), ("gross_factor", "1"), ("most_dispatches", "5"), ("stage_hours_verified", "0"), ("replies", "没有竖线")] {
            let bad = [("version", "2"), (name, value)];
            let bad = send(&host, "/desk/case-rules", &bad, &[]).await;
            assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        }
        let old = host.get("/desk/case-rules?version=1").await;
        assert!(old.text.contains("正在查看第 1 版"), "{}", old.text);

        // Where cases are counted changes only for whoever has seen what that does.
        let count = async |counted: &str, sure: &str| {
            let form = [("version", "2"), ("counted", counted), ("counted_sure", sure)];
            send(&host, "/desk/case-rules", &form, &[]).await
        };
        let typo = "departments1 department";
        for (counted, sure, said) in [
            ("departments department\ndepartments unit", "", "“departments”写了两次"),
            (typo, "", "无法核对考评代号“departments1”"),
            (typo, "departments department", "将从中撤出 1 件案件"),
        ] {
            let refused = count(counted, sure).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{counted}");
            assert!(refused.text.contains(said), "{said}: {}", refused.text);
        }
        let scheme = std::fs::read_to_string(crate::facts::project("schemes/examples/five-villages.toml"));
        let (now, scheme) = (town.clock.now(), scheme.unwrap());
        let adopted = yuekao::round::adopt_scheme(&town.store, now, "host", &scheme);
        adopted.await.unwrap();
        let other = count(typo, "").await.text;
        assert!(other.contains("已采用的方案使用的是：five-villages。"), "{other}");
        assert_eq!(town.store.case_rules().await.unwrap().unwrap().0, 2);
        let agreed = count(typo, "departments1 department\n").await;
        assert_eq!(agreed.status, StatusCode::SEE_OTHER, "{}", agreed.text);
        // How far cases have followed is said until all have.
        let begun = host.get("/desk/case-rules").await.text;
        assert!(begun.contains("已处理 0 件，共 1 件"), "{begun}");
        casework::tick(&town.store, town.clock.now()).await.unwrap();
        let followed = host.get("/desk/case-rules").await.text;
        assert!(!followed.contains("已处理") && followed.contains("计入考评完成"), "{followed}");

        // The text to begin with is offered where it fits.
        let fed = unit.get(&format!("/desk/cases/{id}?fill=0")).await;
        assert!(fed.text.contains(">已处置</textarea>"), "{}", fed.text);

        let reckoned = unit
            .get("/desk/deadline?start=2022-03-31T17:00&condition=component-0101-2")
            .await;
        assert!(reckoned.text.contains("2022-04-01 11:00"), "{}", reckoned.text);
    })
    .await;
}

#[tokio::test]
async fn a_notice_lists_what_was_served_on_its_unit_and_nothing_else() {
    on_both(async |home| {
        let town = town(home).await;
        let served = dispatched(&town, "F-1").await;
        let waiting = cover(&town.store, town.clock.now(), "F-2", 4).await;
        let (unit, township, other, host) = (
            town.signed_in("unit").await,
            town.signed_in("township").await,
            town.signed_in("tongcheng").await,
            town.signed_in("host").await,
        );
        let path = format!("/desk/notices/{COUNTY}?month=2022-03");
        for visitor in [&unit, &host] {
            let page = visitor.get(&path).await;
            assert!(page.text.contains(&served), "{}", page.text);
            assert!(!page.text.contains(&waiting), "not served yet");
        }
        for visitor in [&township, &other] {
            assert_eq!(visitor.get(&path).await.status, StatusCode::NOT_FOUND);
        }
        // From one notice to every other: communities too, by county.
        let others = host.get(&path).await.text;
        for unit in [TOWNSHIP, COMMUNITY, WATER] {
            let link = format!("href=\"/desk/notices/{unit}?month=2022-03\"");
            assert!(others.contains(&link), "{others}");
        }
        let department = host
            .get(&format!("/desk/notices/{WATER}?month=2022-03"))
            .await;
        assert!(department.text.contains(&served));
        let township = township
            .get(&format!("/desk/notices/{TOWNSHIP}?month=2022-03"))
            .await;
        assert!(!township.text.contains(&served), "it was not passed down");
        assert!(
            !township.text.contains("下列"),
            "no cases are not served: {}",
            township.text
        );

        let pdf = unit
            .get(&format!("/desk/notices/{COUNTY}/notice.pdf?month=2022-03"))
            .await;
        assert_eq!(pdf.status, StatusCode::OK, "{}", pdf.text);
        assert!(pdf.text.starts_with("%PDF-") && pdf.header("content-type") == "application/pdf");
        // Whoever prints it, it is the same document.
        let english = format!("/desk/notices/{COUNTY}/notice.pdf?month=2022-03&lang=en");
        let english = host.get(&english).await.text;
        assert!(english == pdf.text, "an official document is Chinese");
        // It names the limit that the case was registered under, also when the rules have another one since.
        let limit = async || {
            let notice = unit.get_json(&path).await.text;
            let notice: Value = serde_json::from_str(&notice).unwrap();
            notice["cases"][0]["limit"].as_str().unwrap().to_owned()
        };
        let (_, mut rules) = town.store.case_rules().await.unwrap().unwrap();
        let condition = format!("{FIX},gb30428,component,0101,damaged,超过25c㎡");
        let four = format!("{condition},4,work_hour");
        assert!(rules.conditions.contains(&four) && limit().await == "4 个工作时");
        let nine = format!("{condition},9,work_day");
        rules.conditions = rules.conditions.replace(&four, &nine);
        let adopted = casework::adopt(&town.store, town.clock.now(), "host", rules).await;
        adopted.unwrap().unwrap();
        assert_eq!(limit().await, "4 个工作时");
        let book = unit
            .workbook(&format!("/desk/notices/{COUNTY}/notice.xlsx?month=2022-03"))
            .await;
        let lists = |id: &str| book.iter().flatten().filter(|cell| *cell == id).count();
        assert_eq!((lists(&served), lists(&waiting)), (1, 0), "{book:?}");

        // What went back is no longer theirs.
        let now = town.clock.now();
        done(
            &town.store,
            now,
            &served,
            Kind::Return,
            Ask::because("不属本单位"),
        )
        .await;
        let to = Ask {
            unit: "421222".into(),
            ..Ask::because("属通城县管理")
        };
        done(&town.store, now, &served, Kind::Dispatch, to).await;
        assert!(!unit.get(&path).await.text.contains(&served));
        let there = other.get("/desk/notices/421222?month=2022-03").await;
        assert!(there.text.contains(&served));
    })
    .await;
}

#[tokio::test]
async fn a_notice_is_of_the_month_in_which_its_unit_got_the_case() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let host = town.signed_in("host").await;
        let lists = async |unit: &str, month: &str| -> Vec<String> {
            let path = format!("/desk/notices/{unit}?month={month}");
            let notice = host.get_json(&path).await;
            let notice: Value = serde_json::from_str(&notice.text).unwrap();
            let cases = notice["cases"].as_array().unwrap().iter();
            cases
                .map(|case| case["id"].as_str().unwrap().to_owned())
                .collect()
        };
        // In March to the county and down to its township; one comes back, and goes out in April to another county.
        let stays = dispatched(&town, "F-1").await;
        let moves = dispatched(&town, "F-2").await;
        let down = Ask {
            unit: TOWNSHIP.into(),
            ..Ask::default()
        };
        let county = viewer(Role::Unit, Some(COUNTY));
        casework::act(
            store,
            town.clock.now(),
            &county,
            &stays,
            Kind::PassDown,
            down,
        )
        .await
        .unwrap();
        let why = Ask::because("非本单位职责");
        done(store, town.clock.now(), &moves, Kind::Return, why).await;
        town.clock.pass(2 * 86_400);
        let to = Ask {
            unit: "421222".into(),
            ..Ask::because("属通城县管理")
        };
        done(store, town.clock.now(), &moves, Kind::Dispatch, to).await;
        for (unit, march, april) in [
            (COUNTY, vec![stays.clone()], vec![]),
            (TOWNSHIP, vec![stays.clone()], vec![]),
            (WATER, vec![stays.clone()], vec![]),
            ("421222", vec![], vec![moves.clone()]),
        ] {
            assert_eq!(lists(unit, "2022-03").await, march, "{unit}");
            assert_eq!(lists(unit, "2022-04").await, april, "{unit}");
        }

        // The township ends with March: its notice of March stays what it was.
        let mut ended = unit(TOWNSHIP, "鱼岳镇", "township", Some(COUNTY));
        ended.valid_to = Some("2022-03".into());
        store
            .set_units(town.clock.now(), "console", vec![ended])
            .await
            .unwrap();
        let path = format!("/desk/notices/{TOWNSHIP}?month=");
        let page = host.get(&format!("{path}2022-03")).await.text;
        assert!(page.contains("鱼岳镇") && page.contains(&stays), "{page}");
        let later = host.get(&format!("{path}2022-04")).await;
        assert_eq!(later.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn what_a_unit_gave_back_does_not_wait_for_it() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let (kept, gone) = (
            dispatched(&town, "F-1").await,
            dispatched(&town, "F-2").await,
        );
        let now = town.clock.now();
        let why = || Ask::because("非本单位职责");
        done(store, now, &gone, Kind::Return, why()).await;
        let to = Ask {
            unit: "421222".into(),
            ..why()
        };
        done(store, now, &gone, Kind::Dispatch, to).await;
        for id in [&kept, &gone] {
            for kind in [Kind::Supervise, Kind::Escalate] {
                casework::act(store, now, &host(), id, kind, why())
                    .await
                    .unwrap();
            }
        }
        let ask = Ask::because("等待配件");
        let tongcheng = viewer(Role::Unit, Some("421222"));
        casework::act(store, now, &tongcheng, &gone, Kind::AskExtension, ask)
            .await
            .unwrap();
        let people = [
            (town.signed_in("unit").await, [1, 1, 0]),
            (town.signed_in("tongcheng").await, [1, 1, 1]),
            (town.signed_in("host").await, [2, 2, 1]),
        ];
        let waits = async |query: &str, which: usize| {
            for (who, counts) in &people {
                assert_eq!(count(who, query).await, counts[which], "{query}");
            }
            // The office asks for one unit, and finds what that unit finds.
            let (office, of) = (&people[2].0, format!("{query}&unit={COUNTY}"));
            assert_eq!(count(office, &of).await, people[0].1[which], "{of}");
        };
        for query in ["flag=supervised", "flag=escalated"] {
            waits(query, 0).await;
        }
        waits("due=asked", 2).await;
        let (_, life) = store.case_history(&kept).await.unwrap();
        let soon = life
            .soon_at
            .unwrap()
            .to_zoned(yuekao::clock::zone())
            .unwrap();
        town.clock
            .pass(soon.timestamp().as_second() - now.as_second() + 1);
        waits("due=soon", 1).await;
        town.clock.pass(90 * 86_400);
        for query in ["due=overdue", "due=gross"] {
            waits(query, 1).await;
        }
        assert_eq!(count(&people[0].0, "").await, 2, "it sees both still");
    })
    .await;
}

/// Plain cases at places of their own, as many as are asked for.
async fn many(town: &Town, n: usize) -> Vec<String> {
    let mut ids = vec![];
    for each in 0..n {
        let new = NewCase {
            source: "patrol".into(),
            category: COVER.into(),
            place: format!("=HYPERLINK(\"http://x\"),第{each}处"),
            lng: (each % 10 != 9).then(|| 1_139_000_000 + (each as i64 * 7919) % 3_000_000),
            lat: Some(299_000_000 + (each as i64 * 104_729) % 2_000_000),
            county: Some(COUNTY.into()),
            ..NewCase::default()
        };
        let taken = casework::report(&town.store, town.clock.now(), "dispatcher", new);
        ids.push(taken.await.unwrap());
    }
    ids
}

#[tokio::test]
async fn files_and_map_count_what_the_list_counts() {
    on_both(async |home| {
        let town = town(home).await;
        many(&town, 40).await;
        cover(&town.store, town.clock.now(), "F-9", 4).await;
        let served = dispatched(&town, "F-1").await;
        let (dispatcher, unit, host) = (
            town.signed_in("dispatcher").await,
            town.signed_in("unit").await,
            town.signed_in("host").await,
        );
        for (visitor, query, expected) in [
            (&dispatcher, "", 41),
            (&dispatcher, "stage=reported", 40),
            (&host, "", 42),
            (&unit, "", 1),
            (&unit, "stage=reported", 0),
        ] {
            assert_eq!(count(visitor, query).await, expected, "{query}");
            let csv = visitor.get(&format!("/desk/cases.csv?{query}")).await;
            let lines: Vec<_> = csv.text.trim_end().split("\r\n").collect();
            assert_eq!(lines.len() as i64, expected + 2, "{}", csv.text);
            assert!(csv.text.starts_with("\u{feff}\"id\","));
            assert!(!csv.text.contains("\"=HYPER"), "formulas are neutralised");
            let all = visitor.get(&format!("/desk/cases.geojson?{query}")).await;
            let all: Value = serde_json::from_str(&all.text).unwrap();
            assert_eq!(all["features"].as_array().unwrap().len() as i64, expected);
            let book = visitor.workbook(&format!("/desk/cases.xlsx?{query}")).await;
            let listed = book.iter().filter(|row| row[0].starts_with("AJ22"));
            assert_eq!(listed.count() as i64, expected, "{book:?}");
            let map = visitor
                .get(&format!("/desk/cases.geojson?zoom=9&{query}"))
                .await;
            let map: Value = serde_json::from_str(&map.text).unwrap();
            let shown = map["features"].as_array().unwrap().len() as i64;
            assert_eq!(shown + map["nowhere"].as_i64().unwrap(), expected);
            assert_eq!(map["count"].as_i64().unwrap(), expected);
        }
        assert!(unit.get("/desk/cases.csv").await.text.contains(&served));

        // Counted by cells at every zoom, the sum stays, whoever asks and for what: along kept counts, along an index, by words.
        let now = town.clock.now();
        let dispatching = viewer(Role::Dispatcher, None);
        let office = viewer(Role::Host, None);
        let county = viewer(Role::Unit, Some(COUNTY));
        for (who, stage, category, sum) in [
            (&dispatching, "", "", 41),
            (&office, "", "", 42),
            (&office, "open", "", 42),
            (&office, "", COVER, 42),
            (&office, "reported", COVER, 41),
            (&office, "closed", "", 0),
            (&office, "", "gb30428/event/0101", 0),
            (&dispatching, "reported", "", 40),
            (&county, "", "", 1),
        ] {
            let asks = (0..20).flat_map(|zoom| [(zoom, 0), (zoom, 3), (zoom, 2000)]);
            let ways = [("", ""), ("2022-03", ""), ("", "aj22"), ("2022-03", "AJ22")];
            for ((zoom, most), (month, q)) in asks.zip(ways.into_iter().cycle()) {
                let filter = CaseFilter {
                    stage: stage.into(),
                    category: category.into(),
                    month: month.into(),
                    q: q.into(),
                    ..CaseFilter::default()
                };
                for within in [
                    None,
                    Some(Within([
                        1_139_000_000,
                        299_000_000,
                        1_142_000_000,
                        301_000_000,
                    ])),
                ] {
                    let map = town
                        .store
                        .case_map(who, now, &filter, within, zoom, most)
                        .await
                        .unwrap();
                    let shown = match &map.shown {
                        Shown::Cases(rows) => {
                            assert!(rows.len() as i64 <= most);
                            rows.len() as i64
                        }
                        Shown::Cells(cells) => cells.iter().map(|cell| cell.n).sum(),
                    };
                    assert_eq!(
                        shown + map.nowhere,
                        sum,
                        "{who:?} {stage} {category} {month} {q} {zoom} {most}"
                    );
                }
            }
        }
        // Nearer than tiles, a box is cut at its borders.
        let filter = CaseFilter {
            month: "2022-03".into(),
            ..CaseFilter::default()
        };
        let (mut halves, mut nowhere) = (0, 0);
        for (south, north) in [(299_000_000, 299_999_999), (300_000_000, 301_000_000)] {
            let half = Some(Within([1_139_000_000, south, 1_142_000_000, north]));
            let map = town
                .store
                .case_map(&dispatching, now, &filter, half, 16, 0)
                .await
                .unwrap();
            let Shown::Cells(cells) = map.shown else {
                panic!("more than none are shown one by one")
            };
            halves += cells.iter().map(|cell| cell.n).sum::<i64>();
            nowhere = map.nowhere;
        }
        assert_eq!((halves, nowhere), (37, 4));
        for bad in [
            "zoom=x",
            "zoom=99",
            "zoom=9&bbox=1,2,3",
            "zoom=9&bbox=a,b,c,d",
        ] {
            let bad = dispatcher.get(&format!("/desk/cases.geojson?{bad}")).await;
            assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
    })
    .await;
}

#[tokio::test]
async fn more_cases_than_a_map_draws_are_counted_by_cells() {
    let home = Home::sqlite();
    let town = town(&home).await;
    let store = &town.store;
    let now = town.clock.now();
    let taken = (0..2_050).map(|each: i64| async move {
        let new = NewCase {
            source: "patrol".into(),
            category: COVER.into(),
            place: "x".into(),
            lng: Some(1_139_000_000 + (each * 7919) % 3_000_000),
            lat: Some(299_000_000 + (each * 104_729) % 2_000_000),
            ..NewCase::default()
        };
        let id = yuekao::store::case::fresh_id(now);
        let write = store.write(move |tx| {
            Box::pin(async move { tx.report_case(now, "dispatcher", &id, new).await })
        });
        write.await.unwrap();
    });
    futures_util::future::join_all(taken).await;
    let dispatcher = town.signed_in("dispatcher").await;
    for zoom in [5, 9, 12] {
        let map = dispatcher
            .get(&format!("/desk/cases.geojson?zoom={zoom}"))
            .await;
        let map: Value = serde_json::from_str(&map.text).unwrap();
        let features = map["features"].as_array().unwrap();
        let sum: i64 = features
            .iter()
            .map(|each| each["properties"]["n"].as_i64().unwrap())
            .sum();
        assert_eq!(sum, 2_050, "zoom {zoom}");
        assert!(features.len() < 2_050);
    }
    let box_ = "zoom=16&bbox=113.9,29.9,113.91,29.92";
    let near = dispatcher.get(&format!("/desk/cases.geojson?{box_}")).await;
    let near: Value = serde_json::from_str(&near.text).unwrap();
    let features = near["features"].as_array().unwrap();
    assert!(
        !features.is_empty()
            && features
                .iter()
                .all(|each| each["properties"]["href"].is_string())
    );
    let too_many = dispatcher
        .post(
            "/desk/cases/bulk",
            &[("act", "accept"), ("all", "yes"), ("query", "")],
        )
        .await;
    assert!(
        too_many.text.contains("一次最多批量办理 2000 件"),
        "{}",
        too_many.text
    );
}

#[tokio::test]
async fn rates_in_the_database_are_those_counted_one_by_one() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let in_time = dispatched(&town, "F-1").await;
        let late = dispatched(&town, "F-2").await;
        let open = dispatched(&town, "F-3").await;
        let voided = dispatched(&town, "F-4").await;
        let parked = dispatched(&town, "F-5").await;
        let extended = dispatched(&town, "F-6").await;
        let now = town.clock.now();
        handled(&town, &in_time, true).await;
        done(store, now, &voided, Kind::Void, Ask::because("重复")).await;
        let rest = Ask {
            until: Some("2022-05-20".parse().unwrap()),
            ..Ask::because("等配件")
        };
        done(store, now, &parked, Kind::AskSuspension, rest).await;
        done(store, now, &parked, Kind::GrantSuspension, Ask::default()).await;
        done(
            store,
            now,
            &extended,
            Kind::AskExtension,
            Ask::because("等配件"),
        )
        .await;
        done(store, now, &extended, Kind::GrantExtension, Ask::default()).await;
        town.clock.pass(3 * 86_400);
        handled(&town, &late, false).await;
        town.clock.pass(3_600);
        handled(&town, &late, true).await;
        let fresh = dispatched(&town, "F-7").await;
        town.clock.pass(60);
        let now = town.clock.now();

        let months = [
            ("2022-03-01", "2022-04-01"),
            ("2022-04-01", "2022-05-01"),
            ("2022-03-01", "2022-05-01"),
        ];
        for (from, to) in months {
            let day = |text: &str| text.parse::<jiff::civil::Date>().unwrap().at(0, 0, 0, 0);
            let period = Period {
                from: day(from),
                to: day(to).min(yuekao::clock::civil(now)),
            };
            let mut facts = vec![];
            for id in [&in_time, &late, &open, &voided, &parked, &extended, &fresh] {
                let (_, life) = store.case_history(id).await.unwrap();
                let row = store.case(&host(), now, id).await.unwrap().unwrap();
                let beside = Beside {
                    verified: matches!(life.stage.word(), "verified" | "closed"),
                    relapse: row.new.relapse_of.is_some(),
                };
                facts.extend(life.fact(id, COVER, COUNTY).map(|fact| (fact, beside)));
            }
            let expected = Counts::of(facts.iter().map(|(fact, beside)| (fact, *beside)), period);
            // One was handled in March and falls due in April: it is rectified in time then, and only then.
            let rectified = u64::from(to == "2022-05-01");
            assert_eq!(expected.rectified, rectified, "{from}");
            for (by, group) in [
                (By::Unit, Some(COUNTY)),
                (By::Department, Some(WATER)),
                (By::Category, Some(COVER)),
                (By::Source, Some("agency")),
                (By::Grid, None),
                (By::Chief(None), None),
                (By::Agency, None),
                (By::All, None),
            ] {
                for viewer in [
                    host(),
                    viewer(Role::Leader, None),
                    viewer(Role::Unit, Some(COUNTY)),
                ] {
                    let found = store.case_rates(&viewer, now, period, by).await.unwrap();
                    let expected = vec![(group.map(str::to_owned), expected)];
                    assert_eq!(found, expected, "{from} {by:?} {:?}", viewer.role);
                }
            }
            let other = viewer(Role::Unit, Some("421222"));
            assert_eq!(
                store
                    .case_rates(&other, now, period, By::All)
                    .await
                    .unwrap(),
                []
            );
        }

        let page = town
            .signed_in("unit")
            .await
            .get("/desk/rates?from=2022-03&to=2022-04")
            .await;
        // Load: all but the voided one; answerable: without the one that is fresh.
        assert!(
            page.text.contains("2/6") && page.text.contains("1/5"),
            "{}",
            page.text
        );
        assert!(page.text.contains("的情况统计。"), "{}", page.text);
        let office = town.signed_in("host").await;
        for visitor in [&office, &town.signed_in("unit").await] {
            for months in ["from=2022-03", "from=2022-04", "from=2022-03&to=2022-04"] {
                for by in [
                    "unit",
                    "department",
                    "category&and=source",
                    "period&and=unit",
                ] {
                    let path = format!("/desk/rates?{months}&by={by}");
                    assert!(links_lead_to_as_many(visitor, &path).await > 0, "{path}");
                }
            }
        }
        let april = "/desk/cases?counted=due.2022-04.2022-04";
        let (ids, said) = (
            office.get_json(april).await.text,
            office.get(april).await.text,
        );
        assert!(ids.contains(&in_time), "{ids}");
        assert!(
            said.contains("这里列出2022年4月计入“当期到期”的案件"),
            "{said}"
        );
        let book = office
            .workbook("/desk/rates?from=2022-03&to=2022-04&by=department&format=xlsx")
            .await;
        let line = |name: &str| {
            let found = book.iter().find(|row| row[0] == name);
            found.unwrap_or_else(|| panic!("{name}: {book:?}"))[1..3].to_vec()
        };
        assert_eq!(line("水务部门"), ["2", "6"], "handled, to be handled");
        assert_eq!(line("合计"), ["2", "6"]);
        // What lies ahead is not overdue: nothing is known of it.
        for (period, why) in [
            ("from=2022-04&to=2022-03", "起止月份不对"),
            ("from=2099-01", "2099-01 还没有到"),
            ("from=2022-03&to=2022-12&by=period", "2022-12 还没有到"),
        ] {
            let refused = office.get(&format!("/desk/rates?{period}")).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text.contains(why), "{period}: {}", refused.text);
        }
    })
    .await;
}

/// Follows every link of a page of rates that stands on a number; says how many there were.
async fn links_lead_to_as_many(visitor: &Visitor, path: &str) -> usize {
    let page = visitor.get(path).await.text;
    let mut followed = 0;
    for link in page.split("<a href=\"/desk/cases?").skip(1) {
        let (query, rest) = link.split_once("\">").unwrap();
        let Ok(said) = rest.split_once('<').unwrap().0.parse::<i64>() else {
            continue;
        };
        let query = query.replace("&#38;", "&");
        let list = visitor.get_json(&format!("/desk/cases?{query}")).await.text;
        let list: Value = serde_json::from_str(&list).unwrap();
        assert_eq!(list["count"], said, "{path} {query}");
        followed += 1;
    }
    followed
}

#[tokio::test]
async fn a_case_that_rests_is_overdue_nowhere_unless_it_was_late_before() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let parked = dispatched(&town, "F-1").await;
        let old = dispatched(&town, "F-2").await;
        let late = dispatched(&town, "F-3").await;
        town.alter("UPDATE case_file SET grid = 'G'").await;
        let now = town.clock.now();
        let rest = Ask {
            until: Some("2022-05-20".parse().unwrap()),
            ..Ask::because("等配件")
        };
        for id in [&parked, &old, &late] {
            done(store, now, id, Kind::AskSuspension, rest.clone()).await;
        }
        done(store, now, &parked, Kind::GrantSuspension, Ask::default()).await;
        // As an older version wrote it: the due time stays that of before the rest.
        let who = casework::who(&host()).unwrap();
        let (policy, id) = (assessment::case::life::Policy::default(), old.clone());
        let counted = casework::Practice::of(store)
            .await
            .unwrap()
            .rules
            .counted
            .clone();
        let grant = Act::GrantSuspension {
            reason: None,
            due: None,
        };
        let written = store.write(move |tx| {
            Box::pin(async move {
                tx.act_on_case(now, &who, &id, grant, &policy, &counted)
                    .await
            })
        });
        written.await.unwrap();
        // This one is granted its rest when its time is over.
        town.clock.pass(2 * 86_400);
        let now = town.clock.now();
        done(store, now, &late, Kind::GrantSuspension, Ask::default()).await;
        town.clock.pass(5 * 86_400);
        let now = town.clock.now();
        casework::tick(store, now).await.unwrap();

        let filter = CaseFilter {
            due: "overdue".into(),
            ..CaseFilter::default()
        };
        let found = store.cases(&host(), now, &filter, None, 10).await.unwrap();
        let ids: Vec<&str> = found.rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!((ids, found.count), (vec![late.as_str()], 1), "the list");
        let day = |text: &str| text.parse::<jiff::civil::Date>().unwrap().at(0, 0, 0, 0);
        let period = Period {
            from: day("2022-03-01"),
            to: yuekao::clock::civil(now),
        };
        let rates = store
            .case_rates(&host(), now, period, By::Unit)
            .await
            .unwrap();
        assert_eq!(
            (rates[0].1.overdue, rates[0].1.suspended),
            (1, 3),
            "the rates"
        );
        let grids = store
            .cases_by_grid(&["G".to_owned()], (now, now), now)
            .await
            .unwrap();
        let overdue: u32 = grids["G"].values().map(|cases| cases.overdue).sum();
        assert_eq!(overdue, 1, "the grid");
        let office = town.signed_in("host").await;
        for (id, overdue) in [(&parked, false), (&old, false), (&late, true)] {
            let cells = store
                .evidence_row("departments", "cases", id)
                .await
                .unwrap()
                .unwrap();
            let due: jiff::civil::DateTime = cells[4].parse().unwrap();
            assert_eq!(
                due < yuekao::clock::civil(now),
                overdue,
                "the evidence: {cells:?}"
            );
            let page = office.get_json(&format!("/desk/cases/{id}")).await.text;
            let page: Value = serde_json::from_str(&page).unwrap();
            let lamp = if overdue { "red" } else { "none" };
            assert_eq!(page["line"]["light"]["lamp"], lamp, "{page}");
        }
        assert_eq!(casework::tick(store, now).await.unwrap(), 0, "once");
    })
    .await;
}

#[tokio::test]
async fn a_case_that_came_back_counts_for_nobody_who_had_it() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let now = town.clock.now();
        let (_, mut rules) = store.case_rules().await.unwrap().unwrap();
        rules.counted.push(CountedIn {
            series: "counties".into(),
            by_department: false,
        });
        let adopted = casework::adopt(store, now, "host", rules).await;
        adopted.unwrap().unwrap();
        let again = dispatched(&town, "F-1").await;
        let voided = dispatched(&town, "F-2").await;
        let counted = async |id: &str| {
            let mut found = vec![];
            for series in ["departments", "counties"] {
                let row = store.evidence_row(series, "cases", id).await.unwrap();
                found.push(row.map(|cells| cells[1].clone()));
            }
            found
        };
        let both = vec![Some(WATER.to_owned()), Some(COUNTY.to_owned())];
        for id in [&again, &voided] {
            assert_eq!(counted(id).await, both);
            done(store, now, id, Kind::Return, Ask::because("非本单位职责")).await;
            assert_eq!(
                counted(id).await,
                [None, None],
                "it lies with the dispatcher"
            );
        }
        let period = Period {
            from: "2022-03-01T00:00".parse().unwrap(),
            to: "2022-04-01T00:00".parse().unwrap(),
        };
        for by in [By::Unit, By::Department] {
            let rates = store.case_rates(&host(), now, period, by).await.unwrap();
            let groups: Vec<_> = rates
                .iter()
                .map(|(group, counts)| (group.clone(), counts.load))
                .collect();
            assert_eq!(groups, [(None, 2)]);
        }
        // Out again, to no department this time; and taken off the desk.
        let to = Ask {
            unit: COUNTY.into(),
            department: casework::NO_DEPARTMENT.into(),
            ..Ask::because("县管设施")
        };
        done(store, now, &again, Kind::Dispatch, to).await;
        assert_eq!(counted(&again).await, [None, Some(COUNTY.to_owned())]);
        done(store, now, &voided, Kind::Void, Ask::because("重复")).await;
        assert_eq!(counted(&voided).await, [None, None]);
    })
    .await;
}

#[tokio::test]
async fn cases_that_are_there_already_enter_an_evaluation_and_leave_it() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let now = town.clock.now();
        let by = |series: &str, by_department| CountedIn {
            series: series.into(),
            by_department,
        };
        let (_, rules) = store.case_rules().await.unwrap().unwrap();
        let adopt = async |counted: Vec<CountedIn>| {
            let mut rules = rules.clone();
            rules.counted = counted;
            let adopted = casework::adopt(store, now, "host", rules).await;
            adopted.unwrap().unwrap();
        };
        let closed = dispatched(&town, "F-1").await;
        handled(&town, &closed, true).await;
        done(store, now, &closed, Kind::Close, Ask::default()).await;
        let open = dispatched(&town, "F-2").await;
        let returned = dispatched(&town, "F-3").await;
        let why = Ask::because("非本单位职责");
        done(store, now, &returned, Kind::Return, why).await;
        let never_out = cover(store, now, "F-4", 0).await;
        let standing = async |series: &str| {
            let mut found = vec![];
            for id in [&closed, &open, &returned, &never_out] {
                let row = store.evidence_row(series, "cases", id).await.unwrap();
                found.push(row.map_or("-".to_owned(), |cells| cells[1].clone()));
            }
            found
        };
        let water = [WATER, WATER, "-", "-"];
        let county = [COUNTY, COUNTY, "-", "-"];
        let nobody = ["-"; 4];
        assert_eq!(standing("departments").await, water);
        let acts = async || store.last_act().await.unwrap();

        // The office counts them for counties too, and in another evaluation of departments instead of this one.
        adopt(vec![by("districts", true)]).await;
        adopt(vec![by("counties", false), by("rated", true)]).await;
        casework::tick(store, now).await.unwrap();
        for (series, units) in [
            ("departments", nobody),
            ("districts", nobody),
            ("counties", county),
            ("rated", water),
        ] {
            assert_eq!(standing(series).await, units, "{series}");
        }
        let handled = store.evidence_row("counties", "cases", &closed).await;
        assert!(
            handled
                .unwrap()
                .unwrap()
                .iter()
                .any(|cell| cell == "2022-03-31T18:00")
        );

        // Once is enough; and rules that say the same of it count nothing anew.
        let before = acts().await;
        casework::tick(store, now).await.unwrap();
        assert_eq!(acts().await, before);
        adopt(vec![by("counties", false), by("rated", true)]).await;
        casework::tick(store, now).await.unwrap();
        let since = store.acts_after(before, 100).await.unwrap();
        let kinds: Vec<_> = since.iter().map(|act| act.kind.as_str()).collect();
        assert_eq!(kinds, ["adopted", "applied", "counted"]);

        // Broken off after one case, by a server that has gone away since, it goes on where it was.
        adopt(vec![by("counties", true)]).await;
        let (version, _) = store.case_rules().await.unwrap().unwrap();
        let recount = Recount {
            version,
            counted: vec![by("counties", true)],
            dropped: ["rated".to_owned()].into(),
        };
        let some = store.count_cases_again(now, "system", recount.clone(), 1);
        assert!(some.await.unwrap(), "there are more");
        let gone = async || {
            let rows = standing("rated").await;
            rows.iter().filter(|unit| *unit == "-").count()
        };
        assert!(gone().await < 4, "not all are done");
        casework::tick(store, now).await.unwrap();
        assert_eq!(standing("counties").await, water);
        assert_eq!(standing("rated").await, nobody);
        let done_before = store.count_cases_again(now, "system", recount, 1);
        assert!(!done_before.await.unwrap());

        // The acts alone say so.
        let again = Home::sqlite();
        let rebuilt = again.open().await;
        rebuilt.rebuild_from(store).await.unwrap();
        assert_eq!(rebuilt.counted_since(version).await.unwrap(), None);
        let row = rebuilt.evidence_row("counties", "cases", &open).await;
        assert_eq!(row.unwrap().unwrap()[1], WATER);
    })
    .await;
}

#[tokio::test]
async fn a_case_that_goes_out_again_is_told_its_own_due_time() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let id = dispatched(&town, "F-1").await;
        let due = store.case_history(&id).await.unwrap().1.due().unwrap();
        town.clock.pass(2 * 86_400);
        let now = town.clock.now();
        done(store, now, &id, Kind::Return, Ask::because("非本单位职责")).await;
        done(store, now, &id, Kind::Dispatch, Ask::default()).await;
        let deed = store.acts_of("case", &id).await.unwrap().pop().unwrap();
        let body: Value = serde_json::from_str(&deed.body).unwrap();
        assert_eq!(body["due_at"], due.at.to_string(), "what was done says so");
        let says = format!("截止 {}", due.at.strftime("%Y-%m-%d %H:%M"));
        let times = async || {
            let page = town
                .signed_in("unit")
                .await
                .get(&format!("/desk/cases/{id}"))
                .await
                .text;
            page.matches(&says).count()
        };
        assert_eq!(times().await, 2, "{says}");
        // As older versions wrote it: reckoned anew, and never so.
        let (who, again) = (
            casework::who(&viewer(Role::Dispatcher, None)).unwrap(),
            id.clone(),
        );
        let practice = casework::Practice::of(store).await.unwrap();
        let (policy, counted) = (practice.policy(), practice.rules.counted.clone());
        done(
            store,
            now,
            &id,
            Kind::Return,
            Ask::because("仍非本单位职责"),
        )
        .await;
        let wrong = Act::Dispatch {
            unit: COUNTY.into(),
            department: None,
            due_at: "2022-04-20T10:00".parse().unwrap(),
            gross_at: "2022-04-21T10:00".parse().unwrap(),
            reason: None,
            soon_at: None,
        };
        let written = store.write(move |tx| {
            Box::pin(async move {
                tx.act_on_case(now, &who, &again, wrong, &policy, &counted)
                    .await
            })
        });
        written.await.unwrap();
        assert_eq!(times().await, 3);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_adopt_rules_at_once_one_is_told() {
    on_both(async |home| {
        let town = town(home).await;
        let (store, other) = (&town.store, home.open().await);
        let now = town.clock.now();
        let (seen, rules) = store.case_rules().await.unwrap().unwrap();
        let adopt = async |store: &Store, who: &str| {
            casework::adopt_after(store, now, who, rules.clone(), Some(seen)).await
        };
        let (one, two) =
            futures_util::future::join(adopt(store, "host"), adopt(&other, "host2")).await;
        let refused: Vec<_> = [one, two].into_iter().filter_map(Result::err).collect();
        assert!(
            matches!(&refused[..], [casework::Error::Refused(message)] if message.key == "case-rules-overtaken"),
            "{refused:?}"
        );
        assert_eq!(store.case_rules().await.unwrap().unwrap().0, seen + 1);
    })
    .await;
}

#[tokio::test]
async fn a_unit_counts_what_it_answers_for_and_no_more() {
    on_both(async |home| {
        let town = town(home).await;
        let (store, now) = (&town.store, town.clock.now());
        let mut ids = vec![];
        for finding in ["F-1", "F-2", "F-3", "F-4", "F-5"] {
            ids.push(dispatched(&town, finding).await);
        }
        let down = async |unit: &str, id: &str, to: &str| {
            let ask = Ask {
                unit: to.into(),
                ..Ask::default()
            };
            casework::act(
                store,
                now,
                &viewer(Role::Unit, Some(unit)),
                id,
                Kind::PassDown,
                ask,
            )
            .await
            .unwrap();
        };
        // One stays with the county; one goes down to the community; one is taken back from the township; one is returned by
        // it; and one is returned by the county and goes elsewhere.
        for id in &ids[1..4] {
            down(COUNTY, id, TOWNSHIP).await;
        }
        down(TOWNSHIP, &ids[1], COMMUNITY).await;
        let (county, township) = (
            viewer(Role::Unit, Some(COUNTY)),
            viewer(Role::Unit, Some(TOWNSHIP)),
        );
        let why = || Ask::because("非本单位职责");
        for (who, id, kind) in [
            (&county, &ids[2], Kind::TakeBack),
            (&township, &ids[3], Kind::Return),
            (&county, &ids[4], Kind::Return),
        ] {
            casework::act(store, now, who, id, kind, why())
                .await
                .unwrap();
        }
        let elsewhere = Ask {
            unit: "421222".into(),
            ..why()
        };
        done(store, now, &ids[4], Kind::Dispatch, elsewhere).await;

        let period = Period {
            from: "2022-03-01T00:00".parse().unwrap(),
            to: "2022-04-01T00:00".parse().unwrap(),
        };
        let load = async |viewer: &Viewer, by: By| -> Vec<(Option<String>, u64)> {
            let rates = store.case_rates(viewer, now, period, by).await.unwrap();
            rates
                .into_iter()
                .map(|(group, counts)| (group, counts.load))
                .collect()
        };
        let line = |unit: &str, n: u64| (Some(unit.to_owned()), n);
        assert_eq!(
            load(&host(), By::Unit).await,
            [line(COUNTY, 4), line("421222", 1)]
        );
        let holders = [line(COUNTY, 3), line(COMMUNITY, 1), line("421222", 1)];
        let mut found = load(&host(), By::Holder).await;
        found.sort();
        let mut holders = holders.to_vec();
        holders.sort();
        assert_eq!(found, holders);
        for (unit, own) in [
            (COUNTY, 4),
            (TOWNSHIP, 1),
            (COMMUNITY, 1),
            ("421222", 1),
            (WATER, 4),
        ] {
            let own = vec![(None, own)];
            assert_eq!(
                load(&viewer(Role::Unit, Some(unit)), By::All).await,
                own,
                "{unit}"
            );
        }
        town.clock.pass(60);
        let page = town
            .signed_in("host")
            .await
            .get("/desk/rates?from=2022-03&to=2022-03&by=holder")
            .await;
        assert!(
            page.text.contains("承办单位") && page.text.contains("沙阳社区"),
            "{}",
            page.text
        );
        // A line leads to what it counts: not to what a unit had and gave back, nor to what it had been sent before.
        for login in ["host", "leader", "unit", "township"] {
            let visitor = town.signed_in(login).await;
            for by in ["unit", "category", "source"] {
                let path = format!("/desk/rates?from=2022-03&to=2022-03&by={by}");
                assert!(links_lead_to_as_many(&visitor, &path).await > 0, "{login}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_unit_that_is_no_more_keeps_its_name_and_a_line_leads_to_its_cases() {
    on_both(async |home| {
        let town = town(home).await;
        dispatched(&town, "F-1").await;
        let ended = UnitRow {
            valid_to: Some("2022-04".into()),
            ..unit(COUNTY, "嘉鱼县", "county", Some("421200"))
        };
        let now = town.clock.now();
        let set = town.store.set_units(now, "console", vec![ended]).await;
        set.unwrap();
        town.clock.pass(62 * 86_400);
        let leader = town.signed_in("leader").await;
        let rates = leader.get("/desk/rates?from=2022-03&to=2022-04").await;
        let counted = "counted=load.2022-03.2022-04";
        let line = format!("<a href=\"/desk/cases?unit={COUNTY}&#38;{counted}\">嘉鱼县</a>");
        assert!(rates.text.contains(&line), "{}", rates.text);
        let to = format!("/desk/cases?unit={COUNTY}&{counted}");
        let list = leader.get(&to).await;
        assert!(list.text.contains(">嘉鱼县</td>"), "{}", list.text);
        // Who filters on from there stays with its cases, though no other list offers a unit that has ended.
        let asked = format!("<option value=\"{COUNTY}\" selected>嘉鱼县</option>");
        assert!(list.text.contains(&asked), "{}", list.text);
        assert!(
            list.text
                .contains("name=\"counted\" value=\"load.2022-03.2022-04\"")
        );
        let own = town.signed_in("township").await.get(&to).await;
        assert!(own.text.contains(&asked), "{}", own.text);
        let named = leader
            .get("/desk/cases?category=gb30428/component/9999")
            .await;
        assert!(
            named
                .text
                .contains("value=\"gb30428/component/9999\" selected")
        );
    })
    .await;
}

#[tokio::test]
async fn two_ways_are_crossed_and_each_case_counts_in_its_pair() {
    const EVENT: &str = "gb30428/event/0101";
    const OTHER: &str = "421222";
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let event = async |county: &str, number: &str| {
            let now = town.clock.now();
            let new = NewCase {
                source: "hotline".into(),
                source_number: Some(number.into()),
                category: EVENT.into(),
                place: "沿江路".into(),
                county: Some(county.into()),
                ..NewCase::default()
            };
            let id = casework::report(store, now, "hotline", new).await.unwrap();
            done(store, now, &id, Kind::Accept, Ask::default()).await;
            done(store, now, &id, Kind::Register, under("event-0101-1")).await;
            done(store, now, &id, Kind::Dispatch, Ask::default()).await;
            id
        };
        // In 嘉鱼县 three covers, of which one is handled, and an event; in 通城县 two events, of which one is handled.
        let first = dispatched(&town, "F-1").await;
        for finding in ["F-2", "F-3"] {
            dispatched(&town, finding).await;
        }
        event(COUNTY, "1").await;
        let there = event(OTHER, "2").await;
        event(OTHER, "3").await;
        handled(&town, &first, true).await;
        let photos = vec![
            store
                .keep_photo(photo(8), "image/jpeg", false)
                .await
                .unwrap(),
        ];
        let fixed = Ask {
            photos,
            ..Ask::default()
        };
        let other = viewer(Role::Unit, Some(OTHER));
        let (now, kind) = (town.clock.now(), Kind::Feedback);
        casework::act(store, now, &other, &there, kind, fixed)
            .await
            .unwrap();
        town.clock.pass(60);

        let (host, county) = (town.signed_in("host").await, town.signed_in("unit").await);
        // Pair, to be handled, handled.
        let lines = async |visitor: &Visitor, query: &str| -> Vec<String> {
            let answer = visitor.get_json(&format!("/desk/rates?{query}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text);
            let view: Value = serde_json::from_str(&answer.text).unwrap();
            let mut lines: Vec<String> = view["lines"]
                .as_array()
                .unwrap()
                .iter()
                .map(|line| {
                    let text = |name: &str| line[name].as_str().unwrap_or("-").to_owned();
                    let (load, part) = (&line["load"], &line["handling"]["part"]);
                    format!("{} {} {load} {part}", text("code"), text("and_code"))
                })
                .collect();
            lines.sort();
            lines
        };
        let march = "from=2022-03&to=2022-03";
        assert_eq!(
            lines(&host, &format!("by=unit&and=category&{march}")).await,
            [
                format!("{COUNTY} {COVER} 3 1"),
                format!("{COUNTY} {EVENT} 1 0"),
                format!("{OTHER} {EVENT} 2 1"),
            ]
        );
        assert_eq!(
            lines(&host, &format!("by=department&and=source&{march}")).await,
            ["- hotline 3 1".to_owned(), format!("{WATER} agency 3 1")]
        );
        assert_eq!(
            lines(&county, &format!("by=category&and=unit&{march}")).await,
            [
                format!("{COVER} {COUNTY} 3 1"),
                format!("{EVENT} {COUNTY} 1 0")
            ],
            "a unit counts its own"
        );
        let page = host
            .get(&format!("/desk/rates?by=unit&and=category&{march}"))
            .await
            .text;
        assert!(
            page.contains("通城县</a></th><th scope=\"row\">") && page.contains("1/2"),
            "{page}"
        );
        assert!(
            page.contains("by=department&#38;and=category&amp;from=2022-03"),
            "{page}"
        );
        let query = format!("/desk/rates?by=unit&and=category&{march}");
        let book = host.workbook(&format!("{query}&format=xlsx")).await;
        let csv = host.get(&format!("{query}&format=csv")).await;
        assert!(csv.header("content-type").starts_with("text/csv"));
        assert!(
            csv.header("content-disposition")
                .contains("rates-unit-category-2022-03-2022-03.csv")
        );
        let csv: Vec<Vec<&str>> = csv
            .text
            .lines()
            .map(|line| line.split(',').collect())
            .collect();
        assert_eq!(csv.len(), 5, "head, three pairs, total: {csv:?}");
        for (name, numbers) in [("通城县", ["1", "2"]), ("合计", ["2", "6"])] {
            let row = book.iter().find(|row| row[0] == name).unwrap();
            assert_eq!(row[2..4], numbers, "{name}: handled, to be handled");
            let row = csv
                .iter()
                .find(|row| row[0] == format!("\"{name}\""))
                .unwrap();
            assert_eq!(row[2..4], numbers, "{name}");
        }

        // By month: what is open is carried over into April, what was handled is not.
        town.clock.pass(86_400);
        let both = "from=2022-03&to=2022-04";
        let by_month = [
            format!("{COUNTY} 2022-03 4 1"),
            format!("{COUNTY} 2022-04 3 0"),
            format!("{OTHER} 2022-03 2 1"),
            format!("{OTHER} 2022-04 1 0"),
        ];
        assert_eq!(
            lines(&host, &format!("by=unit&and=period&{both}")).await,
            by_month
        );
        let turned = lines(&host, &format!("by=period&and=unit&{both}")).await;
        assert!(
            turned.contains(&format!("2022-04 {OTHER} 1 0")) && turned.len() == 4,
            "{turned:?}"
        );
        // Who was out looking is not told by the second way either.
        for (query, status) in [
            ("by=unit&and=agency", StatusCode::NOT_FOUND),
            ("by=agency&and=unit", StatusCode::NOT_FOUND),
            ("by=unit&and=weather", StatusCode::NOT_FOUND),
            ("by=unit&and=unit", StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            let answer = county.get(&format!("/desk/rates?{query}")).await;
            assert_eq!(answer.status, status, "{query}");
        }
        let seen = host.get("/desk/rates?by=unit&and=agency").await.status;
        assert_eq!(seen, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn many_cases_are_tried_done_each_for_itself_and_taken_back() {
    on_both(async |home| {
        let town = town(home).await;
        let ids = many(&town, 5).await;
        let done_before = dispatched(&town, "F-1").await;
        let (dispatcher, host) = (
            town.signed_in("dispatcher").await,
            town.signed_in("host").await,
        );
        let all = [("act", "accept"), ("all", "yes"), ("query", "")];
        let look = dispatcher.post("/desk/cases/bulk", &all).await;
        assert_eq!(look.status, StatusCode::OK, "{}", look.text);
        assert!(
            look.text.contains("不能受理")
                && look.text.contains("不能整批撤销")
                && look.text.contains("请写明理由不予立案"),
            "{}",
            look.text
        );
        assert_eq!(count(&dispatcher, "stage=reported").await, 5, "only tried");

        let mut chosen: Vec<(&str, &str)> = ids.iter().map(|id| ("case", id.as_str())).collect();
        chosen.extend([
            ("case", done_before.as_str()),
            ("act", "accept"),
            ("sure", "yes"),
        ]);
        let done = dispatcher.post("/desk/cases/bulk", &chosen).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let batch = dispatcher.get_json(done.location()).await;
        let batch: Value = serde_json::from_str(&batch.text).unwrap();
        assert_eq!(batch["done"].as_array().unwrap().len(), 5);
        assert_eq!(batch["refused"][0][0], done_before.as_str());
        assert_eq!(count(&dispatcher, "stage=accepted").await, 5);
        let back = dispatcher
            .post(&format!("{}/undo", done.location()), &[])
            .await;
        assert!(
            back.text.contains("受理以后不能退回待受理"),
            "{}",
            back.text
        );
        // Somebody else's batch does not exist.
        let other = town.signed_in("verifier").await.get(done.location()).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND);

        // A condition of another category is refused case by case.
        let mut register = chosen[..5].to_vec();
        register.extend([
            ("act", "register"),
            ("condition", "event-0101-1"),
            ("sure", "yes"),
        ]);
        let wrong = dispatcher.post("/desk/cases/bulk", &register).await;
        let wrong: Value =
            serde_json::from_str(&dispatcher.get_json(wrong.location()).await.text).unwrap();
        assert_eq!(wrong["refused"].as_array().unwrap().len(), 5, "{wrong}");
        register[6].1 = FIX;
        dispatcher.post("/desk/cases/bulk", &register).await;
        assert_eq!(count(&dispatcher, "stage=registered").await, 5);

        // Supervision without a reason is not done; with one it is, and the batch can be taken back where nothing came after.
        let mut supervise = chosen[..5].to_vec();
        supervise.extend([("act", "supervise"), ("sure", "yes")]);
        let bare = host.post("/desk/cases/bulk", &supervise).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
        supervise.push(("text", "限期办结"));
        let watched = host.post("/desk/cases/bulk", &supervise).await;
        let path = watched.location().to_owned();
        let dispatch = [
            ("act", "dispatch"),
            ("case", ids[0].as_str()),
            ("sure", "yes"),
        ];
        dispatcher.post("/desk/cases/bulk", &dispatch).await;
        let undone = host.post(&format!("{path}/undo"), &[]).await;
        let undone: Value =
            serde_json::from_str(&host.get_json(undone.location()).await.text).unwrap();
        assert_eq!(undone["done"].as_array().unwrap().len(), 4, "{undone}");
        assert_eq!(undone["refused"][0][0], ids[0].as_str());
        let again = host.post(&format!("{path}/undo"), &[]).await;
        assert!(again.text.contains("已经撤销过"), "{}", again.text);
        for (id, watched) in [(&ids[0], true), (&ids[1], false)] {
            let (_, life) = town.store.case_history(id).await.unwrap();
            assert_eq!(life.supervised, watched);
        }
        let looking = host
            .post("/desk/cases/bulk", &[("act", "verify"), ("case", &ids[0])])
            .await;
        assert!(looking.text.contains("不能批量办理"), "{}", looking.text);
        let none = host.post("/desk/cases/bulk", &[("act", "supervise")]).await;
        assert!(none.text.contains("没有选中案件"), "{}", none.text);

        // The record makes the same tables again.
        let empty = Home::sqlite();
        let copy = empty.open().await;
        copy.rebuild_from(&town.store).await.unwrap();
        let id = path.rsplit('/').next().unwrap();
        assert_eq!(
            copy.case_batch(id).await.unwrap(),
            town.store.case_batch(id).await.unwrap()
        );
    })
    .await;
}

#[tokio::test]
async fn a_batch_is_done_once_and_what_broke_off_goes_on() {
    on_both(async |home| {
        let town = town(home).await;
        let office = town.signed_in("host").await;
        let mut ids = vec![];
        for finding in ["F-1", "F-2", "F-3"] {
            ids.push(dispatched(&town, finding).await);
        }
        let supervised = async || {
            let mut times = vec![];
            for id in &ids {
                let (steps, _) = town.store.case_history(id).await.unwrap();
                let acts = steps
                    .iter()
                    .filter(|step| step.act.kind() == Kind::Supervise);
                times.push(acts.count());
            }
            times
        };
        let mut form: Vec<(&str, &str)> = ids.iter().map(|id| ("case", id.as_str())).collect();
        form.push(("act", "supervise"));
        let look = office.post("/desk/cases/bulk", &form).await;
        let name = look.hidden("form");
        form.extend([
            ("form", name.as_str()),
            ("text", "限期办结"),
            ("sure", "yes"),
        ]);
        // Sent twice at once, and again because no answer came.
        let (one, two) = futures_util::future::join(
            office.post("/desk/cases/bulk", &form),
            office.post("/desk/cases/bulk", &form),
        )
        .await;
        let three = office.post("/desk/cases/bulk", &form).await;
        for again in [&two, &three] {
            assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text);
            assert_eq!(again.location(), one.location());
        }
        assert_eq!(supervised().await, [1, 1, 1]);
        let id = one.location().rsplit('/').next().unwrap().to_owned();
        let batch = town.store.case_batch(&id).await.unwrap().unwrap();
        assert_eq!(batch.rows.iter().filter(|row| row.seq.is_some()).count(), 3);
        // Other words are another batch.
        let place = form.len() - 2;
        form[place].1 = "再次督办";
        let other = office.post("/desk/cases/bulk", &form).await;
        assert_ne!(other.location(), one.location());
        assert_eq!(supervised().await, [2, 2, 2]);

        // Taking it back began and broke off: nothing was done yet.
        let id = other.location().rsplit('/').next().unwrap().to_owned();
        let now = town.clock.now();
        let begun = town.store.begin_case_batch(
            now,
            "host",
            "PL2203-BROKEOFF",
            "end-supervision",
            Some(&id),
        );
        begun.await.unwrap();
        let page = office.get(other.location()).await;
        assert!(page.text.contains("还有 3 件没有撤销"), "{}", page.text);
        let undone = office
            .post(&format!("{}/undo", other.location()), &[])
            .await;
        assert_eq!(undone.location(), "/desk/cases/batches/PL2203-BROKEOFF");
        let undone = office.get_json(undone.location()).await;
        let undone: Value = serde_json::from_str(&undone.text).unwrap();
        // They were supervised before that batch: that stays as it was.
        assert_eq!(undone["refused"].as_array().unwrap().len(), 3, "{undone}");
        let again = office
            .post(&format!("{}/undo", other.location()), &[])
            .await;
        assert!(again.text.contains("已经撤销过"), "{}", again.text);
    })
    .await;
}

#[tokio::test]
async fn a_batch_is_taken_back_to_what_was_there_before_it() {
    on_both(async |home| {
        let town = town(home).await;
        let (county, office) = (town.signed_in("unit").await, town.signed_in("host").await);
        let mut ids = vec![];
        for finding in ["F-1", "F-2", "F-3"] {
            ids.push(dispatched(&town, finding).await);
        }
        let with = async |id: &str| -> (Vec<String>, bool) {
            let (_, life) = town.store.case_history(id).await.unwrap();
            (life.line, life.supervised)
        };
        let many = async |who: &Visitor, act: &str, more: &[(&str, &str)]| -> Answer {
            town.clock.pass(1);
            let mut form: Vec<(&str, &str)> = ids.iter().map(|id| ("case", id.as_str())).collect();
            form.extend([("act", act)]);
            form.extend(more);
            who.post("/desk/cases/bulk", &form).await
        };
        let undo = async |who: &Visitor, batch: &Answer| -> Value {
            town.clock.pass(1);
            let undone = who.post(&format!("{}/undo", batch.location()), &[]).await;
            assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text);
            serde_json::from_str(&who.get_json(undone.location()).await.text).unwrap()
        };

        // The first two go to the township, the second on to its community, the third is nobody's but the county's.
        let down = viewer(Role::Unit, Some(COUNTY));
        let to = |unit: &str| Ask {
            unit: unit.into(),
            ..Ask::default()
        };
        let township = viewer(Role::Unit, Some(TOWNSHIP));
        for (who, id, unit) in [
            (&down, &ids[0], TOWNSHIP),
            (&down, &ids[1], TOWNSHIP),
            (&township, &ids[1], COMMUNITY),
        ] {
            let now = town.clock.now();
            casework::act(&town.store, now, who, id, Kind::PassDown, to(unit))
                .await
                .unwrap();
        }
        let look = many(&county, "take-back", &[]).await;
        assert!(
            look.text.contains("可以整批撤销（交下级处置）"),
            "{}",
            look.text
        );
        let why = [("text", "县里统一处置"), ("sure", "yes")];
        let taken = many(&county, "take-back", &why).await;
        for id in &ids {
            assert_eq!(with(id).await.0, [COUNTY]);
        }
        let undone = undo(&county, &taken).await;
        assert_eq!(undone["done"], serde_json::json!([ids[0]]), "{undone}");
        assert_eq!(undone["refused"][0][0], ids[1].as_str());
        assert!(
            undone["refused"][0][1]
                .as_str()
                .unwrap()
                .contains("更下一级"),
            "{undone}"
        );
        assert_eq!(with(&ids[0]).await.0, [COUNTY, TOWNSHIP]);
        assert_eq!(with(&ids[1]).await.0, [COUNTY]);
        // What takes back is not taken back itself.
        let id = undone["id"].as_str().unwrap();
        let twice = county
            .post(&format!("/desk/cases/batches/{id}/undo"), &[])
            .await;
        assert!(twice.text.contains("这一批本身就是撤销"), "{}", twice.text);

        // One is supervised already: taking the batch back leaves that as it was.
        let now = town.clock.now();
        let before = Ask::because("群众来信");
        casework::act(&town.store, now, &host(), &ids[2], Kind::Supervise, before)
            .await
            .unwrap();
        let why = [("text", "限期办结"), ("sure", "yes")];
        let watched = many(&office, "supervise", &why).await;
        let undone = undo(&office, &watched).await;
        assert_eq!(undone["done"].as_array().unwrap().len(), 2, "{undone}");
        assert!(
            undone["refused"][0][1]
                .as_str()
                .unwrap()
                .contains("原来的督办"),
            "{undone}"
        );
        assert_eq!(
            [with(&ids[0]).await.1, with(&ids[2]).await.1],
            [false, true]
        );
        let why = [("text", "已办妥"), ("sure", "yes")];
        let ended = many(&office, "end-supervision", &why).await;
        assert!(!with(&ids[2]).await.1);
        let undone = undo(&office, &ended).await;
        assert_eq!(undone["done"], serde_json::json!([ids[2]]), "{undone}");
        assert!(with(&ids[2]).await.1);

        // What the program does in between is nobody's step; and what was granted by mistake is asked for as before.
        for id in &ids[1..] {
            let now = town.clock.now();
            let ask = Ask {
                until: Some("2022-05-01".parse().unwrap()),
                ..Ask::because("等待配件")
            };
            casework::act(&town.store, now, &down, id, Kind::AskSuspension, ask)
                .await
                .unwrap();
        }
        let before = town.store.case_history(&ids[2]).await.unwrap().1;
        let why = [("text", ""), ("sure", "yes")];
        let granted = many(&office, "grant-suspension", &why).await;
        undo(&office, &granted).await;
        let (steps, life) = town.store.case_history(&ids[2]).await.unwrap();
        assert_eq!((life.suspensions, &life.request), (0, &before.request));
        assert_eq!(
            (life.due_at, life.gross_at),
            (before.due_at, before.gross_at)
        );
        assert_eq!(steps.last().unwrap().act.kind(), Kind::Resume);
        let watch = [("text", "限期办结"), ("sure", "yes")];
        let watched = many(&office, "supervise", &watch).await;
        town.clock.pass(90 * 86_400);
        casework::tick(&town.store, town.clock.now()).await.unwrap();
        let (steps, _) = town.store.case_history(&ids[0]).await.unwrap();
        assert_eq!(steps.last().unwrap().act.kind(), Kind::Remind);
        let undone = undo(&office, &watched).await;
        assert_eq!(undone["done"].as_array().unwrap().len(), 2, "{undone}");
        assert!(!with(&ids[0]).await.1);

        // Every act on many says before it is done whether it can be taken back, and if not, why.
        for (who, kinds) in [("host", 8), ("dispatcher", 10), ("unit", 4)] {
            let list = town.signed_in(who).await;
            let page = list.get("/desk/cases").await.text;
            let mut said = 0;
            for kind in yuekao::casework::bulk::KINDS {
                if !page.contains(&format!("<option value=\"{}\">", kind.word())) {
                    continue;
                }
                let look = many(&list, kind.word(), &[]).await.text;
                let told = look.contains("可以整批撤销") || look.contains("办理后不能整批撤销");
                assert!(told, "{who} {kind:?}: {look}");
                said += 1;
            }
            assert_eq!(said, kinds, "{who}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_wrong_dispatch_of_many_is_recalled_as_a_whole() {
    on_both(async |home| {
        let town = town(home).await;
        let dispatcher = town.signed_in("dispatcher").await;
        let mut ids = vec![];
        for finding in ["F-1", "F-2"] {
            ids.push(dispatched(&town, finding).await);
        }
        // The third goes to the county without the department that the routes name.
        let (store, now) = (&town.store, town.clock.now());
        let id = cover(store, now, "F-3", 0).await;
        done(store, now, &id, Kind::Accept, Ask::default()).await;
        done(store, now, &id, Kind::Register, under(FIX)).await;
        let alone = Ask {
            unit: COUNTY.into(),
            department: casework::NO_DEPARTMENT.into(),
            ..Ask::because("不需要专业部门")
        };
        done(store, now, &id, Kind::Dispatch, alone).await;
        ids.push(id);
        let office = town.signed_in("host").await;
        let does = async |who: &Visitor, act: &str, more: &[(&str, &str)]| {
            town.clock.pass(1);
            let mut form: Vec<(&str, &str)> = ids.iter().map(|id| ("case", id.as_str())).collect();
            form.push(("act", act));
            form.extend(more);
            who.post("/desk/cases/bulk", &form).await
        };
        let many = async |act: &str, more: &[(&str, &str)]| {
            let more = [more, &[("sure", "yes")]].concat();
            does(&dispatcher, act, &more).await
        };
        let undo = async |batch: &Answer| -> Value {
            town.clock.pass(1);
            let path = format!("{}/undo", batch.location());
            let undone = dispatcher.post(&path, &[]).await;
            assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text);
            let undone = dispatcher.get_json(undone.location()).await;
            serde_json::from_str(&undone.text).unwrap()
        };
        let lines = async || {
            let mut lines = vec![];
            for id in &ids {
                let (_, life) = town.store.case_history(id).await.unwrap();
                lines.push((life.line, life.department));
            }
            lines
        };
        let there = lines().await;
        let recalled = many("recall", &[("text", "派错单位")]).await;
        assert!(lines().await.iter().all(|(line, _)| line.is_empty()));
        undo(&recalled).await;
        assert_eq!(lines().await, there);
        assert_eq!(there[2], (vec![COUNTY.to_owned()], None));
        // A request that waited is not there again: the case stays with the dispatcher.
        let why = Ask::because("等待配件");
        done(store, town.clock.now(), &ids[0], Kind::AskExtension, why).await;
        let recalled = many("recall", &[("text", "派错单位")]).await;
        let undone = undo(&recalled).await;
        assert_eq!(undone["refused"].as_array().unwrap().len(), 1, "{undone}");
        let why = undone["refused"][0][1].as_str().unwrap();
        assert!(why.contains("由承办单位重新申请"), "{why}");
        assert!(lines().await[0].0.is_empty());
        done(
            store,
            town.clock.now(),
            &ids[0],
            Kind::Dispatch,
            Ask::default(),
        )
        .await;
        assert_eq!(lines().await, there);
        // The office recalls, but does not dispatch: it is told before, and nothing is begun.
        let look = does(&office, "recall", &[]).await;
        assert!(
            look.text.contains("办理后不能整批撤销") && look.text.contains("请派遣员重新派遣"),
            "{}",
            look.text
        );
        let sure = [("text", "派错单位"), ("sure", "yes")];
        let recalled = does(&office, "recall", &sure).await;
        let path = format!("{}/undo", recalled.location());
        let back = office.post(&path, &[]).await;
        assert!(back.text.contains("请派遣员重新派遣"), "{}", back.text);
        let batch = office.get_json(recalled.location()).await;
        let batch: Value = serde_json::from_str(&batch.text).unwrap();
        assert_eq!(batch["undone_by"], Value::Null, "{batch}");
        let wrong = [("unit", "421222"), ("text", "属通城县")];
        let sent = many("dispatch", &wrong).await;
        assert!(lines().await.iter().all(|(line, _)| line == &["421222"]));
        undo(&sent).await;
        assert!(lines().await.iter().all(|(line, _)| line.is_empty()));
    })
    .await;
}

#[tokio::test]
async fn a_kept_view_stands_on_the_start_page_with_its_count() {
    on_both(async |home| {
        let town = town(home).await;
        let id = dispatched(&town, "F-1").await;
        let unit = town.signed_in("unit").await;
        let kept = unit
            .post(
                "/desk/cases/views",
                &[("name", "待我<办>"), ("query", "due=mine&nonsense=1")],
            )
            .await;
        assert_eq!(kept.location(), "/desk/cases?due=mine");
        let start = unit.get("/desk").await;
        assert!(
            start.text.contains("待我&#60;办&#62;") && start.text.contains("class=\"value\">1<"),
            "{}",
            start.text
        );
        assert!(
            !town
                .signed_in("township")
                .await
                .get("/desk")
                .await
                .text
                .contains("待我&#60;")
        );
        let nameless = unit.post("/desk/cases/views", &[("name", " ")]).await;
        assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
        // What does not read is not all cases, wherever it is asked.
        let host = town.signed_in("host").await;
        for (query, why) in [
            ("month=2022-3", "“2022-3”不是月份"),
            ("due=late", "筛选条件“截止时间”不能是“late”"),
            ("flag=watched", "筛选条件“标记”不能是“watched”"),
            ("stage=done", "筛选条件“环节”不能是“done”"),
            ("counted=load.2022-04.2022-03", "筛选条件“处置情况”不能是"),
        ] {
            for path in [
                "/desk/cases",
                "/desk/cases.xlsx",
                "/desk/cases.csv",
                "/desk/cases.geojson",
            ] {
                let refused = host.get(&format!("{path}?{query}")).await;
                assert_eq!(
                    refused.status,
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "{path} {query}"
                );
                assert!(refused.text.contains(why), "{path}: {}", refused.text);
            }
            let all = [("act", "supervise"), ("all", "yes"), ("query", query)];
            let many = host.post("/desk/cases/bulk", &all).await;
            assert_eq!(many.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
            let kept = [("name", "不清楚"), ("query", query)];
            let kept = unit.post("/desk/cases/views", &kept).await;
            assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        }
        // One that was kept before this was asked of it spoils no start page.
        let early = SavedView {
            name: "三月".into(),
            query: "month=2022-3".into(),
        };
        let now = town.clock.now();
        town.store.keep_view(now, "unit", early).await.unwrap();
        let start = unit.get("/desk").await;
        assert!(start.text.contains("class=\"value\">—<"), "{}", start.text);
        unit.post("/desk/cases/views/drop", &[("name", "三月")])
            .await;
        let unclear = "due=mine&due=overdue";
        let refused = unit
            .post("/desk/cases/views", &[("name", "全部"), ("query", unclear)])
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("不是案件列表的筛选条件"));
        let all = [("act", "supervise"), ("all", "yes"), ("query", unclear)];
        let many = host.post("/desk/cases/bulk", &all).await;
        assert_eq!(many.status, StatusCode::UNPROCESSABLE_ENTITY);
        let now = town.clock.now();
        for each in 0..29 {
            let view = SavedView {
                name: format!("第{each}个"),
                query: String::new(),
            };
            town.store.keep_view(now, "unit", view).await.unwrap();
        }
        let full = unit.post("/desk/cases/views", &[("name", "再一个")]).await;
        assert!(full.text.contains("常用视图已满"), "{}", full.text);
        unit.post("/desk/cases/views/drop", &[("name", "待我<办>")])
            .await;
        assert!(!unit.get("/desk").await.text.contains("待我&#60;"));

        let history = unit.get(&format!("/desk/cases/{id}/history.json")).await;
        let steps: Value = serde_json::from_str(&history.text).unwrap();
        assert_eq!(steps.as_array().unwrap().len(), 4);
        let other = town.signed_in("tongcheng").await;
        let hidden = other.get(&format!("/desk/cases/{id}/history.json")).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
        let shown = act(&unit, &id, "end-supervision", &[], &[]).await;
        assert!(shown.text.contains("不能解除督办"), "{}", shown.text);
    })
    .await;
}

#[tokio::test]
async fn a_queue_says_what_is_late_at_its_stage_and_leads_from_case_to_case() {
    on_both(async |home| {
        let town = town(home).await;
        let first = cover(&town.store, town.clock.now(), "F-1", 0).await;
        town.clock.pass(60);
        let second = cover(&town.store, town.clock.now(), "F-2", 0).await;
        let dispatcher = town.signed_in("dispatcher").await;
        let lamp = async || {
            let list = dispatcher.get_json("/desk/cases?stage=reported").await.text;
            let list: Value = serde_json::from_str(&list).unwrap();
            list["cases"][0]["stage_light"]["lamp"].clone()
        };
        // Thursday 18:00; two working hours are Friday 8:00 to 10:00.
        assert_eq!(lamp().await, "green");
        town.clock.pass(15 * 3_600 + 1_800);
        assert_eq!(count(&dispatcher, "due=stage").await, 0);
        town.clock.pass(3_600);
        assert_eq!(lamp().await, "red");
        assert_eq!(count(&dispatcher, "due=stage").await, 2);
        let start = dispatcher.get("/desk").await.text;
        for tile in [
            r#"stage=reported">待受理</a><span class="value">2<"#,
            r#"due=stage">环节超时</a><span class="value">2<"#,
        ] {
            assert!(start.contains(tile), "{tile}: {start}");
        }

        // The newest comes first; what has left the queue makes way for the next.
        let of = |id: &str| format!("/desk/cases/{id}?from=stage%3Dreported");
        let page = dispatcher.get(&of(&second)).await.text;
        assert!(page.contains(&of(&first)), "{page}");
        let from = [("from", "stage=reported")];
        let accept = async |id: &str| {
            let path = format!("/desk/cases/{id}/accept");
            let done = send(&dispatcher, &path, &from, &[]).await;
            done.location().to_owned()
        };
        assert_eq!(accept(&second).await, of(&first));
        assert_eq!(accept(&first).await, "/desk/cases?stage=reported");
        let fields = [("condition", FIX)];
        let path = format!("/desk/cases/{first}/register");
        let stays = send(&dispatcher, &path, &fields, &[]).await;
        assert_eq!(stays.location(), format!("/desk/cases/{first}"));
    })
    .await;
}

#[tokio::test]
async fn a_unit_that_lets_a_case_lie_is_late_until_it_takes_a_first_step() {
    on_both(async |home| {
        let town = town(home).await;
        let id = dispatched(&town, "F-1").await;
        let (county, host) = (town.signed_in("unit").await, town.signed_in("host").await);
        let community = town.signed_in("community").await;
        let line = async |visitor: &Visitor| {
            let list = visitor.get_json("/desk/cases").await.text;
            let list: Value = serde_json::from_str(&list).unwrap();
            let line = &list["cases"][0];
            let text = |name: &str| line[name].as_str().unwrap_or("-").to_owned();
            let lamp = |name: &str| line[name]["lamp"].as_str().unwrap_or("-").to_owned();
            (
                lamp("stage_light"),
                text("stage_due"),
                lamp("light"),
                text("due_at"),
            )
        };
        let read = |texts: (&str, &str, &str, &str)| {
            let (a, b, c, d) = texts;
            (a.to_owned(), b.to_owned(), c.to_owned(), d.to_owned())
        };
        let late = async || {
            let [county, community, host] = [&county, &community, &host];
            [
                count(county, "due=stage").await,
                count(community, "due=stage").await,
                count(host, "due=stage").await,
            ]
        };
        // Thursday 18:00: two working hours for the first step are Friday 8:00 to 10:00, four for the handling until noon.
        let due = "2022-04-01 12:00";
        assert_eq!(
            line(&county).await,
            read(("green", "2022-04-01 10:00", "green", due))
        );
        town.clock.pass(15 * 3_600 + 1_800);
        assert_eq!(late().await, [0, 0, 0], "Friday 9:30");
        let page = county.get(&format!("/desk/cases/{id}")).await.text;
        for words in ["签收（转办、退回）截止", "2022-04-01 10:00", due] {
            assert!(page.contains(words), "{words}: {page}");
        }
        town.clock.pass(3_600);
        assert_eq!(late().await, [1, 0, 1], "Friday 10:30");
        assert_eq!(
            line(&county).await,
            read(("red", "2022-04-01 10:00", "green", due))
        );
        let start = county.get("/desk").await.text;
        assert!(
            start.contains(r#"due=stage">环节超时</a><span class="value">1<"#),
            "{start}"
        );
        // What the office does to it is no step of the unit's.
        let because = [("text", "群众关注")];
        let path = |act: &str| format!("/desk/cases/{id}/{act}");
        assert_eq!(
            send(&host, &path("supervise"), &because, &[]).await.status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(late().await, [1, 0, 1]);

        // Passed down, it lies with the community: half past ten and two working hours are half past two.
        let below = [("unit", COMMUNITY)];
        let passed = send(&county, &path("pass-down"), &below, &[]).await;
        assert_eq!(passed.status, StatusCode::SEE_OTHER, "{}", passed.text);
        assert_eq!(late().await, [0, 0, 0]);
        assert_eq!(
            line(&community).await,
            read(("green", "2022-04-01 14:30", "green", due))
        );
        town.clock.pass(5 * 3_600);
        assert_eq!(late().await, [1, 1, 1], "Friday 15:30");
        assert_eq!(
            send(&county, &path("sign-for"), &[], &[]).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let signed = send(&community, &path("sign-for"), &[], &[]).await;
        assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
        assert_eq!(late().await, [0, 0, 0]);
        assert_eq!(
            line(&community).await,
            read(("-", "-", "red", due)),
            "the case's own clock goes on"
        );
        let again = send(&community, &path("sign-for"), &[], &[]).await;
        assert!(again.text.contains("已经签收或开始办理"), "{}", again.text);
        let returned = [("text", "不属社区职责")];
        send(&community, &path("return"), &returned, &[]).await;
        assert_eq!(
            line(&county).await.1,
            "2022-04-01 17:30",
            "back with the county"
        );

        // Rules that say nothing of it, as all did before, reckon no such time; nor do those that say 0.
        let (_, rules) = town.store.case_rules().await.unwrap().unwrap();
        let mut written = serde_json::to_value(&rules).unwrap();
        written["stage_hours"]
            .as_object_mut()
            .unwrap()
            .remove("dispatched");
        let older: CaseRules = serde_json::from_value(written.clone()).unwrap();
        written["stage_hours"] = 2.into();
        let oldest: CaseRules = serde_json::from_value(written).unwrap();
        assert_eq!(older, oldest);
        let adopted = casework::adopt(&town.store, town.clock.now(), "host", older).await;
        adopted.unwrap().unwrap();
        town.clock.pass(86_400 * 4);
        assert_eq!(
            (late().await, line(&county).await.1),
            ([0, 0, 0], "-".to_owned())
        );
        let hours = |hours| [("version", "2"), ("stage_hours_dispatched", hours)];
        let three = send(&host, "/desk/case-rules", &hours("3"), &[]).await;
        assert_eq!(three.status, StatusCode::SEE_OTHER, "{}", three.text);
        assert_eq!(
            (late().await, line(&county).await.1),
            ([1, 0, 1], "2022-04-02 08:30".to_owned())
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_late_at_a_unit_is_what_it_answers_for() {
    on_both(async |home| {
        let town = town(home).await;
        let store = &town.store;
        let [county, township, community, water] =
            [COUNTY, TOWNSHIP, COMMUNITY, WATER].map(|unit| viewer(Role::Unit, Some(unit)));
        let handled = dispatched(&town, "F-1").await;
        let given_back = dispatched(&town, "F-2").await;
        let passed_down = dispatched(&town, "F-3").await;
        let elsewhere = dispatched(&town, "F-4").await;
        let now = town.clock.now();
        let because = || Ask::because("已安排");
        let to = |unit: &str| Ask {
            unit: unit.into(),
            ..Ask::default()
        };
        let photo = store.keep_photo(photo(7), "image/jpeg", false);
        let shown = Ask {
            photos: vec![photo.await.unwrap()],
            ..because()
        };
        let dispatcher = viewer(Role::Dispatcher, None);
        let sent_on = Ask {
            unit: "421222".into(),
            ..because()
        };
        for (id, who, kind, ask) in [
            (&handled, &county, Kind::Feedback, shown),
            (&given_back, &county, Kind::Return, because()),
            (&passed_down, &county, Kind::PassDown, to(TOWNSHIP)),
            (&passed_down, &township, Kind::PassDown, to(COMMUNITY)),
            (&elsewhere, &county, Kind::Return, because()),
            (&elsewhere, &dispatcher, Kind::Dispatch, sent_on),
        ] {
            casework::act(store, now, who, id, kind, ask).await.unwrap();
        }
        // Thursday evening to Saturday, a working day: the verifier, the dispatcher and two units let them lie.
        town.clock.pass(2 * 86_400);
        let now = town.clock.now();
        let practice = casework::Practice::of(store).await.unwrap();
        let other = viewer(Role::Unit, Some("421222"));
        let all: &[&String] = &[&elsewhere, &passed_down, &given_back, &handled];
        let (there, here, none) = (&all[..1], &all[1..2], &all[4..]);
        for (who, unit, late) in [
            (&host(), "", all),
            (&viewer(Role::Leader, None), "", all),
            (&county, "", here),
            (&township, "", here),
            (&community, "", here),
            (&water, "", here),
            (&other, "", there),
            // The office asks for a unit, and finds what that unit finds; so does another unit as far as it sees.
            (&host(), COUNTY, here),
            (&host(), TOWNSHIP, here),
            (&host(), WATER, here),
            (&host(), "421222", there),
            (&township, COUNTY, here),
            (&other, COUNTY, none),
        ] {
            let filter = CaseFilter {
                due: "stage".into(),
                unit: unit.into(),
                ..CaseFilter::default()
            };
            let filter = practice.resolved(filter, now).unwrap();
            let count = store.count_cases(who, now, &filter).await.unwrap();
            let page = store.cases(who, now, &filter, None, 10).await.unwrap();
            let mut found: Vec<_> = page.rows.iter().map(|row| &row.id).collect();
            let mut late = late.to_vec();
            found.sort();
            late.sort();
            assert_eq!(found, late, "{:?} {:?} {unit}", who.role, who.unit);
            assert_eq!(count, late.len() as i64);
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_is_late_with_what_is_still_a_secret_to_them() {
    on_both(async |home| {
        let town = town(home).await;
        // Thursday 18:00, a secret until Friday noon: two working hours from then on end at 16:00.
        let id = cover(&town.store, town.clock.now(), "F-1", 18).await;
        let (dispatcher, host) = (
            town.signed_in("dispatcher").await,
            town.signed_in("host").await,
        );
        let light = async |visitor: &Visitor| {
            let list = visitor.get_json("/desk/cases").await.text;
            let list: Value = serde_json::from_str(&list).unwrap();
            let line = list["cases"].as_array().unwrap().first();
            let light = line.map(|line| line["stage_light"]["lamp"].as_str().unwrap_or("-"));
            light.unwrap_or("no case").to_owned()
        };
        let late = async || {
            [
                count(&dispatcher, "due=stage").await,
                count(&host, "due=stage").await,
            ]
        };
        let minutes = |n: i64| town.clock.pass(n * 60);
        minutes(17 * 60 + 30);
        assert_eq!(late().await, [0, 0], "Friday 11:30");
        assert_eq!(light(&dispatcher).await, "no case");
        assert_eq!(light(&host).await, "green");
        minutes(60);
        assert_eq!(late().await, [0, 0], "Friday 12:30");
        assert_eq!(light(&dispatcher).await, "green");
        minutes(180);
        assert_eq!(late().await, [0, 0], "Friday 15:30");
        minutes(60);
        assert_eq!(late().await, [1, 1], "Friday 16:30");
        assert_eq!(light(&dispatcher).await, "red");
        // Accepted, it has the hours of the next stage.
        let accepted = act(&dispatcher, &id, "accept", &[], &[]).await;
        assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text);
        assert_eq!(late().await, [0, 0]);
    })
    .await;
}

#[tokio::test]
async fn lists_are_narrowed_by_what_is_marked_and_put_in_the_order_of_due_times() {
    on_both(async |home| {
        let town = town(home).await;
        let (store, now) = (&town.store, town.clock.now());
        let plain = cover(store, now, "F-0", 0).await;
        let watched = dispatched(&town, "F-1").await;
        // Who asks for more time, and who grants it, reads what that makes of the due time.
        done(
            store,
            now,
            &watched,
            Kind::AskExtension,
            Ask::because("等配件"),
        )
        .await;
        let dispatcher = town.signed_in("dispatcher").await;
        let page = dispatcher.get(&format!("/desk/cases/{watched}")).await.text;
        assert!(page.contains("同意延期后增加"), "{page}");
        town.clock.pass(86_400);
        let sent_back = dispatched(&town, "F-2").await;
        let now = town.clock.now();
        let leader = viewer(Role::Leader, None);
        let because = Ask::because("群众关注");
        casework::act(store, now, &leader, &watched, Kind::Supervise, because)
            .await
            .unwrap();
        done(
            store,
            now,
            &sent_back,
            Kind::Return,
            Ask::because("不属本单位"),
        )
        .await;
        let found = async |filter: CaseFilter| -> Vec<String> {
            let (mut ids, mut after) = (vec![], None);
            loop {
                let (rows, next) = store
                    .cases_after(&host(), now, &filter, after.as_deref(), 1)
                    .await
                    .unwrap();
                ids.extend(rows.into_iter().map(|row| row.id));
                match next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
            let count = store.count_cases(&host(), now, &filter).await.unwrap();
            assert_eq!(count, ids.len() as i64, "{filter:?}");
            ids
        };
        let flag = |flag: &str| CaseFilter {
            flag: flag.into(),
            ..CaseFilter::default()
        };
        assert_eq!(found(flag("supervised")).await, [watched.as_str()]);
        assert!(found(flag("escalated")).await.is_empty());
        let due = CaseFilter {
            sort: "due".into(),
            ..CaseFilter::default()
        };
        let in_order = [watched.as_str(), sent_back.as_str(), plain.as_str()];
        assert_eq!(found(due).await, in_order);
        let hotline = CaseFilter {
            source: "hotline".into(),
            ..CaseFilter::default()
        };
        assert!(found(hotline).await.is_empty());
        let water = CaseFilter {
            department: WATER.into(),
            ..CaseFilter::default()
        };
        assert_eq!(found(water).await, [watched.as_str()]);

        let page = town.signed_in("host").await;
        let page = page.get(&format!("/desk/cases/{sent_back}")).await.text;
        assert!(
            page.contains("已派遣 1 次（最多 3 次），已退回 1 次（最多 2 次）"),
            "{page}"
        );
        let row = store.case(&host(), now, &sent_back).await.unwrap().unwrap();
        assert_eq!((row.dispatches, row.returns), (1, 1));
    })
    .await;
}
