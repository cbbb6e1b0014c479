//! A plan's story: drawn by the office, given out and released by the agency, seen by an inspector on their day, and by
//! nobody else at all.

use std::collections::{BTreeMap, BTreeSet};

use assessment::facts::Facts;
use assessment::inspection::draw::Sizes;
use assessment::inspection::frame::Cell;
use assessment::inspection::{Position, Site};
use assessment::month::Month;
use jiff::Timestamp;
use reqwest::StatusCode;
use serde_json::Value;
use yuekao::clock::day_of;
use yuekao::password;
use yuekao::round;
use yuekao::store::account::Duty;
use yuekao::store::agency::{Agency, InspectorRow, OUTSIDE};
use yuekao::store::evidence::{EvidenceRow, rows_of};
use yuekao::store::import::{ImportFile, Taking};
use yuekao::store::plan::{DrawOrder, PlanDeed};
use yuekao::store::unit::UnitRow;
use yuekao::store::{Error, Store};
use yuekao::viewer::{Role, Viewer};
use yuekao::web::access::{self, Relation};

use crate::databases::{Home, on_both};
use crate::town::{Answer, PASSWORD, Town, Visitor};

const PLAN: &str = "/desk/plans/xianning/2022-04";
const NO_PLAN: &str = "/desk/plans/xianning/2031-01";

fn april() -> Month {
    "2022-04".parse().unwrap()
}

fn project(path: &str) -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(path)).unwrap()
}

fn unit(code: &str, name: &str, kind: &str, parent: Option<&str>) -> UnitRow {
    UnitRow {
        code: code.into(),
        valid_from: "2021-01".into(),
        valid_to: None,
        name: name.into(),
        name_en: None,
        kind: kind.into(),
        parent: parent.map(str::to_owned),
        lon: None,
        lat: None,
        datum: None,
        attributes: serde_json::Map::new(),
    }
}

/// Six streets and three markets in a township of each of two counties.
async fn ground(store: &Store, at: Timestamp, series: &str) {
    let units = vec![
        unit("421200", "咸宁市", "prefecture", None),
        unit("421221", "嘉鱼县", "county", Some("421200")),
        unit("421222", "通城县", "county", Some("421200")),
        unit("421221001", "鱼岳镇", "township", Some("421221")),
        unit("421222001", "隽水镇", "township", Some("421222")),
    ];
    store.set_units(at, "host", units).await.unwrap();
    let mut facts = Facts::default();
    for (unit, town) in [("421221001", "鱼岳"), ("421222001", "隽水")] {
        for (stratum, word, count) in [("street", "暗访街", 6), ("market", "暗访市场", 3)] {
            facts.sites.extend((1..=count).map(|n| Site {
                id: format!("{unit}-{stratum}-{n}"),
                unit: unit.into(),
                name: format!("{town}{word}{n}号"),
                stratum: stratum.into(),
                length_m: None,
                place: Some(Position {
                    lng: format!("113.9{n}"),
                    lat: "29.9".into(),
                }),
            }));
        }
    }
    let rows = rows_of(&facts, april());
    store
        .take_evidence(at, "host", series, rows, None)
        .await
        .unwrap();
}

fn sizes(street: usize, market: usize) -> Sizes {
    let cell = |unit, stratum, count| (Cell::new(unit, stratum), count);
    Sizes(BTreeMap::from([
        cell("421221001", "street", street),
        cell("421221001", "market", market),
        cell("421222001", "street", street),
    ]))
}

/// The ground, a scheme, two agencies; 甲 lives in Jiayu, 乙 in Tongcheng, 丙 elsewhere.
async fn town(home: &Home) -> Town {
    let town = Town::founded(home).await;
    let (store, now) = (&town.store, town.clock.now());
    ground(store, now, "xianning").await;
    let standard = project("standards/xianning-2021.toml");
    round::adopt_standard(store, now, "host", &standard)
        .await
        .unwrap();
    let scheme = project("schemes/xianning/2022.toml");
    round::adopt_scheme(store, now, "host", &scheme)
        .await
        .unwrap();
    let hash = password::hash(PASSWORD);
    for (login, role, agency) in [
        ("jia", Role::Inspector, "agency-a"),
        ("yi", Role::Inspector, "agency-a"),
        ("bing", Role::Inspector, "agency-a"),
        ("agency2", Role::Agency, "agency-b"),
    ] {
        let duty = Duty::new(login, role, Some(agency)).unwrap();
        store
            .create_account(now, "console", login, duty, Some(hash.clone()), false)
            .await
            .unwrap();
    }
    let host = town.signed_in("host").await;
    for id in ["agency-a", "agency-b"] {
        let fields = [
            ("id", id),
            ("name", "某检测公司"),
            ("contract", "2022年暗访服务合同"),
            ("valid_from", "2022-01-01"),
            ("valid_to", "2022-12-31"),
            ("reason", "招标结果"),
        ];
        let to = format!("/desk/agencies/{id}");
        assert_eq!(host.post("/desk/agencies", &fields).await.location(), to);
    }
    for (login, unit) in [("jia", "421221"), ("yi", "421222001"), ("bing", OUTSIDE)] {
        let fields = [
            ("login", login),
            ("home_unit", unit),
            ("valid_from", "2022-01-01"),
            ("reason", "机构报备"),
        ];
        let set = host.post("/desk/agencies/agency-a/inspectors", &fields);
        assert_eq!(set.await.location(), "/desk/agencies/agency-a");
    }
    town
}

/// The plan of April as its page tells it to programs.
async fn told(visitor: &Visitor) -> Value {
    let answer = visitor.get_json(PLAN).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    serde_json::from_str(&answer.text).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// The office draws three streets of each township and a market.
async fn drawn(host: &Visitor) {
    let page = host
        .get("/desk/plans/draw?series=xianning&month=2022-04")
        .await;
    let seen = page.hidden("seen");
    let order = |street: &'static str, seen: String| {
        let fields: Vec<(&str, String)> = vec![
            ("series", "xianning".into()),
            ("month", "2022-04".into()),
            ("seen", seen),
            ("agency", "agency-a".into()),
            ("seed", "双色球 2022-03-31：03 11 19".into()),
            ("reason", "四月暗访".into()),
            ("n/421221001/street", street.into()),
            ("n/421221001/market", "1".into()),
            ("n/421222001/street", "3".into()),
        ];
        fields
    };
    let post = async |fields: Vec<(&str, String)>| {
        let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        host.post("/desk/plans", &fields).await
    };
    let too_many = post(order("7", seen.clone())).await;
    assert_eq!(too_many.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        too_many
            .text
            .contains("鱼岳镇 421221001的“street”类点位要抽 7 处，整月可以检查的只有 6 处"),
        "{}",
        too_many.text
    );
    assert!(
        too_many.text.contains("value=\"四月暗访\""),
        "nothing is lost"
    );
    let stale = post(order("3", "0".repeat(64))).await;
    assert!(stale.text.contains("点位有变动"), "{}", stale.text);
    assert_eq!(post(order("3", seen.clone())).await.location(), PLAN);
    let again = post(order("3", seen)).await;
    assert!(again.text.contains("不能重抽"), "{}", again.text);
}

/// The agency gives all sites out, as it has looked at.
async fn given_out(agency: &Visitor) {
    let path = format!("{PLAN}/assign");
    let look = agency.get(&path).await;
    assert_eq!(look.status, StatusCode::OK);
    let (seen, from, to) = (look.hidden("seen"), look.hidden("from"), look.hidden("to"));
    let fields = |reason: &'static str| {
        [
            ("from", from.clone()),
            ("to", to.clone()),
            ("seen", seen.clone()),
            ("reason", reason.to_owned()),
        ]
    };
    let post = async |fields: [(&str, String); 4]| {
        let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        agency.post(&path, &fields).await
    };
    let silent = post(fields(" ")).await;
    assert!(silent.text.contains("请写明理由"), "{}", silent.text);
    assert_eq!(post(fields("四月派员")).await.location(), PLAN);
    let again = post(fields("再派一次")).await;
    assert!(again.text.contains("没有待派员的点位"), "{}", again.text);
}

#[tokio::test]
async fn a_plan_is_drawn_given_out_released_and_seen_on_its_day_only() {
    on_both(async |home| {
        let town = town(home).await;
        let host = town.signed_in("host").await;
        let agency = town.signed_in("agency").await;
        drawn(&host).await;
        given_out(&agency).await;
        for path in ["/desk/plans", PLAN, "/desk/frames", "/desk/frames/xianning"] {
            let page = host.get(path).await.text;
            let called = page.contains("综合评价") && !page.contains(">xianning<");
            assert!(called, "an evaluation is called by its title: {page}");
        }
        let plan = told(&agency).await;
        assert_eq!(plan["total"], serde_json::json!([7, 7, 0, 0, 0]));
        let sites = plan["assignments"].as_array().unwrap();
        for site in sites {
            let at_home = [("jia", "421221001"), ("yi", "421222001")];
            assert!(
                !at_home.contains(&(text(site, "inspector"), text(site, "unit"))),
                "{site}"
            );
            assert_eq!(text(site, "id"), &text(site, "ticket")[..24]);
        }

        // By hand, but never home.
        let in_jiayu = sites
            .iter()
            .find(|site| text(site, "unit") == "421221001" && text(site, "stratum") == "street")
            .unwrap();
        let path = format!("{PLAN}/assignments/{}", text(in_jiayu, "id"));
        let change = async |inspector: &str, day: &str| {
            let fields = [("inspector", inspector), ("day", day), ("reason", "换班")];
            agency.post(&format!("{path}/change"), &fields).await
        };
        town.alter("UPDATE account SET name = '测试甲' WHERE login = 'jia'")
            .await;
        for (inspector, day, said) in [
            ("jia", "2022-04-12", "测试甲家在嘉鱼县 421221"),
            ("nobody", "2022-04-12", "不属于承担本计划的机构"),
            ("bing", "2022-05-01", "日期须在2022年4月之内"),
            ("bing", "十二日", "不是日期"),
        ] {
            let refused = change(inspector, day).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text.contains(said), "{said}: {}", refused.text);
        }
        let away = [("away", "2022-04-13"), ("reason", "请假")];
        agency
            .post("/desk/agencies/agency-a/inspectors/bing/away", &away)
            .await;
        assert!(change("bing", "2022-04-13").await.text.contains("不能出勤"));
        assert_eq!(change("bing", "2022-04-12").await.location(), path);

        // Released ahead, seen on the day only, by the inspector only.
        let (bing, yi) = (town.signed_in("bing").await, town.signed_in("yi").await);
        let now = town.clock.now();
        let day_12 = "2022-04-12T00:00:00Z".parse::<Timestamp>().unwrap();
        assert_eq!(day_of(day_12).to_string(), "2022-04-12");
        let release = [("day", "2022-04-12"), ("reason", "明日出勤")];
        let name = text(in_jiayu, "name");
        town.clock
            .pass(day_12.as_second() - now.as_second() - 24 * 3600);
        let released = agency.post(&format!("{PLAN}/release"), &release).await;
        assert_eq!(released.location(), PLAN);
        let nothing = agency.post(&format!("{PLAN}/release"), &release).await;
        assert!(
            nothing.text.contains("没有待发放的点位"),
            "{}",
            nothing.text
        );
        let sees = async |visitor: &Visitor| visitor.get_json("/desk/today").await.text;
        let idle = bing.get("/desk/today").await.text;
        assert!(
            idle.contains("请联系第三方负责人") && idle.contains("href=\"/field\""),
            "{idle}"
        );
        assert_eq!(sees(&bing).await, "[]", "the day before");
        town.clock.pass(24 * 3600);
        let today: Value = serde_json::from_str(&sees(&bing).await).unwrap();
        let tasks: Vec<_> = today.as_array().unwrap().iter().collect();
        assert!(
            tasks.iter().any(|task| text(task, "name") == name),
            "{today}"
        );
        assert!(tasks.iter().all(|task| text(task, "day") == "2022-04-12"));
        assert!(tasks[0]["indicators"].as_array().unwrap().len() > 20);
        assert_eq!(tasks[0]["position"][1], "29.9");
        assert!(!sees(&yi).await.contains(name));
        let id = text(in_jiayu, "id").to_owned();
        let store = &town.store;
        let not_his = store.visit_assignment(town.clock.now(), "yi", &id).await;
        assert!(matches!(not_his, Err(Error::Refused(_))));
        for _ in 0..2 {
            store
                .visit_assignment(town.clock.now(), "bing", &id)
                .await
                .unwrap();
        }
        let done = change("yi", "2022-04-20").await;
        assert!(done.text.contains("已经检查或关闭"), "{}", done.text);
        town.clock.pass(24 * 3600);
        assert_eq!(sees(&bing).await, "[]", "the day after");
        let over = agency.post(&format!("{PLAN}/release"), &release).await;
        assert!(over.text.contains("该日已过"), "{}", over.text);
        assert_eq!(told(&host).await["total"][3], 1);
        let discard = host
            .post(&format!("{PLAN}/discard"), &[("reason", "重来")])
            .await;
        assert!(discard.text.contains("不能作废"), "{}", discard.text);
    })
    .await;
}

#[tokio::test]
async fn a_closed_site_is_replaced_by_the_next_of_the_same_draw_until_none_is_left() {
    on_both(async |home| {
        let town = town(home).await;
        let (host, agency) = (town.signed_in("host").await, town.signed_in("agency").await);
        drawn(&host).await;
        given_out(&agency).await;
        let market = |plan: &Value, state: &str| {
            let sites = plan["assignments"].as_array().unwrap().clone();
            let mut markets = sites
                .into_iter()
                .filter(|site| text(site, "stratum") == "market" && text(site, "state") == state);
            markets.next().unwrap()
        };
        let first = market(&told(&agency).await, "assigned");
        for place in [2, 3] {
            let before = market(&told(&agency).await, "assigned");
            let path = format!("{PLAN}/assignments/{}/replace", text(&before, "id"));
            agency.post(&path, &[("reason", "市场停业")]).await;
            let now = market(&told(&agency).await, "assigned");
            assert_eq!(now["place"], place);
            assert_eq!(now["replaces"], before["id"]);
            assert_eq!(
                (&now["inspector"], &now["day"]),
                (&first["inspector"], &first["day"])
            );
            assert!(text(&now, "ticket") > text(&before, "ticket"));
            let page = agency
                .get(&format!("{PLAN}/assignments/{}", text(&now, "id")))
                .await;
            let instead = format!("{}\">{}</a>", text(&before, "id"), text(&before, "name"));
            assert!(page.text.contains(&instead), "{}", page.text);
        }
        let last = market(&told(&agency).await, "assigned");
        let path = format!("{PLAN}/assignments/{}/replace", text(&last, "id"));
        let refused = agency.post(&path, &[("reason", "停业")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused
                .text
                .contains("鱼岳镇 421221001的“market”类点位已全部列入本计划"),
            "{}",
            refused.text
        );
        assert_eq!(
            told(&host).await["total"],
            serde_json::json!([7, 7, 0, 0, 2])
        );
    })
    .await;
}

#[tokio::test]
async fn at_the_set_hour_a_day_is_released_by_itself() {
    on_both(async |home| {
        let town = town(home).await;
        let (host, agency) = (town.signed_in("host").await, town.signed_in("agency").await);
        drawn(&host).await;
        given_out(&agency).await;
        let plan = told(&agency).await;
        let some = plan["assignments"].as_array().unwrap()[0].clone();
        let inspector = town.signed_in(text(&some, "inspector")).await;
        let path = format!("{PLAN}/release-hour");
        for (hour, good) in [("24", false), ("早上", false), ("6", true)] {
            let set = agency
                .post(&path, &[("hour", hour), ("reason", "逐日自动")])
                .await;
            assert_eq!(set.location() == PLAN, good, "{hour}");
        }
        let half_past_five: Timestamp = format!("{}T05:30:00+08:00", text(&some, "day"))
            .parse()
            .unwrap();
        let now = town.clock.now();
        town.clock
            .pass(half_past_five.as_second() - now.as_second());
        assert_eq!(inspector.get_json("/desk/today").await.text, "[]");
        town.clock.pass(1800);
        let seen = inspector.get_json("/desk/today").await;
        assert!(seen.text.contains(text(&some, "id")), "{}", seen.text);
        let record = town
            .store
            .acts_of("plan", "xianning/2022-04")
            .await
            .unwrap();
        let last = record.last().unwrap();
        assert_eq!(
            (last.kind.as_str(), last.who.as_str()),
            ("released", "clock")
        );
        assert_eq!(town.store.release_due(town.clock.now()).await.unwrap(), 0);
    })
    .await;
}

/// The office writes the last day of the agency's contract.
async fn contract_until(host: &Visitor, last: &str) {
    let fields = [
        ("id", "agency-a"),
        ("name", "某检测公司"),
        ("contract", "2022年暗访服务合同"),
        ("valid_from", "2022-01-01"),
        ("valid_to", last),
        ("reason", "合同变更"),
    ];
    let set = host.post("/desk/agencies", &fields).await;
    assert_eq!(set.location(), "/desk/agencies/agency-a", "{}", set.text);
}

#[tokio::test]
async fn after_the_end_of_its_contract_an_agency_is_drawn_sent_and_released_nothing() {
    on_both(async |home| {
        let town = town(home).await;
        let (host, agency) = (town.signed_in("host").await, town.signed_in("agency").await);
        let store = &town.store;
        // The days concerned decide, not today, which is 31 March.
        contract_until(&host, "2022-04-15").await;
        let order = || DrawOrder {
            series: "xianning".into(),
            agency: "agency-a".into(),
            sizes: sizes(3, 1),
            reason: "暗访".into(),
            ..DrawOrder::default()
        };
        let now = town.clock.now();
        let may: Month = "2022-05".parse().unwrap();
        let Err(Error::Refused(refused)) = store.draw_plan(now, "host", may, order()).await else {
            panic!("drawn for a month beyond the contract");
        };
        let said = yuekao::words::Language::Chinese.message(&refused);
        assert_eq!(
            said,
            "某检测公司的合同期限为 2022-01-01 至 2022-04-15，2022年5月没有有效合同，不能抽取。请选择其他机构，或更正合同期限。"
        );
        let page = host
            .get("/desk/plans/draw?series=xianning&month=2022-05")
            .await;
        assert!(
            page.text.contains("disabled>某检测公司（该月没有有效合同）"),
            "{}",
            page.text
        );
        drawn(&host).await;
        given_out(&agency).await;
        let plan = told(&agency).await;
        let sites = plan["assignments"].as_array().unwrap();
        assert!(sites.iter().all(|site| text(site, "day") <= "2022-04-15"));

        // By hand neither.
        let some = sites.iter().max_by_key(|site| text(site, "day")).unwrap();
        let path = format!("{PLAN}/assignments/{}", text(some, "id"));
        let later = [
            ("inspector", "bing"),
            ("day", "2022-04-18"),
            ("reason", "改期"),
        ];
        let refused = agency.post(&format!("{path}/change"), &later).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.text.contains("2022-04-18 不在期限之内，不能派员或发放"),
            "{}",
            refused.text
        );

        // The contract is cut short: what was given out for later is released neither by people nor by the clock.
        let last = text(some, "day");
        let before = last.parse::<jiff::civil::Date>().unwrap().yesterday().unwrap();
        contract_until(&host, &before.to_string()).await;
        let release = [("day", last), ("reason", "出勤")];
        for (what, fields) in [
            ("release", &release[..]),
            (&format!("assignments/{}/replace", text(some, "id")), &[("reason", "停业")]),
        ] {
            let refused = agency.post(&format!("{PLAN}/{what}"), fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
            let said = format!("{last} 不在期限之内");
            assert!(refused.text.contains(&said), "{what}: {}", refused.text);
        }
        let page = agency.get(PLAN).await;
        let in_words = last.parse::<jiff::civil::Date>().unwrap().strftime("%Y年%-m月%-d日");
        assert!(page.text.contains(&format!("点位不会发放：{in_words}")), "{}", page.text);
        let hour = [("hour", "6"), ("reason", "逐日自动")];
        agency.post(&format!("{PLAN}/release-hour"), &hour).await;
        let at_nine: Timestamp = format!("{last}T09:00:00+08:00").parse().unwrap();
        assert_eq!(store.release_due(at_nine).await.unwrap(), 0);
        contract_until(&host, last).await;
        assert!(store.release_due(at_nine).await.unwrap() > 0, "renewed by a day");

        // A contract that begins and ends within the month is one.
        let june: Month = "2022-06".parse().unwrap();
        let short = Agency {
            id: "agency-b".into(),
            name: "另一家".into(),
            contract: "六月".into(),
            valid_from: "2022-06-06".into(),
            valid_to: Some("2022-06-20".into()),
        };
        store.set_agency(now, "host", short, "补充").await.unwrap();
        let order = DrawOrder {
            agency: "agency-b".into(),
            ..order()
        };
        store.draw_plan(now, "host", june, order).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_is_released_beyond_a_contract_cut_short_is_withdrawn_after_a_look() {
    on_both(async |home| {
        let town = town(home).await;
        let (host, agency) = (town.signed_in("host").await, town.signed_in("agency").await);
        drawn(&host).await;
        given_out(&agency).await;
        let plan = told(&agency).await;
        let sites = plan["assignments"].as_array().unwrap();
        let days: BTreeSet<&str> = sites.iter().map(|site| text(site, "day")).collect();
        for day in &days {
            let fields = [("day", *day), ("reason", "出勤")];
            let released = agency.post(&format!("{PLAN}/release"), &fields).await;
            assert_eq!(released.location(), PLAN, "{}", released.text);
        }
        let last = *days.last().unwrap();
        let of_last: Vec<_> = sites
            .iter()
            .filter(|site| text(site, "day") == last)
            .collect();
        let others = sites.len() - of_last.len();
        assert!(others > 0);
        let end = last
            .parse::<jiff::civil::Date>()
            .unwrap()
            .yesterday()
            .unwrap();
        let end = end.to_string();

        // First it says what would be withdrawn; a number that nobody was shown does nothing.
        let count = of_last.len().to_string();
        let fields = |withdraws: &str| {
            [
                ("id", "agency-a".to_owned()),
                ("name", "某检测公司".into()),
                ("contract", "2022年暗访服务合同".into()),
                ("valid_from", "2022-01-01".into()),
                ("valid_to", end.clone()),
                ("reason", "合同提前终止".into()),
                ("withdraws", withdraws.into()),
            ]
        };
        let write = async |withdraws: &str| {
            let fields = fields(withdraws);
            let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            host.post("/desk/agencies", &fields).await
        };
        for seen in ["", "99"] {
            let look = write(seen).await;
            assert_eq!(look.status, StatusCode::OK);
            let said = format!("以下已发放的 {count} 处点位不在合同期限之内，将立即撤回");
            let (_, day) = last.rsplit_once('-').unwrap();
            let day = format!("2022年4月{}日", day.trim_start_matches('0'));
            for words in [said.as_str(), "2022年4月</a>", &day, "合同提前终止"] {
                assert!(look.text.contains(words), "{words}: {}", look.text);
            }
            assert!(
                look.text.matches(&format!("<td>{day}</td>")).count() == 1
                    && look.text.matches("<td>2022年4月").count() == 1,
                "that day stays"
            );
            assert_eq!(look.hidden("withdraws"), count);
            assert_eq!(told(&agency).await["total"][2], sites.len());
        }
        assert_eq!(write(&count).await.location(), "/desk/agencies/agency-a");
        assert_eq!(told(&agency).await["total"][2], others);
        let again = write("").await;
        assert_eq!(
            again.location(),
            "/desk/agencies/agency-a",
            "nothing more to say"
        );

        // No phone sees them on their day, nor does the clock release them again.
        let login = text(of_last[0], "inspector");
        let nine: Timestamp = format!("{last}T09:00:00+08:00").parse().unwrap();
        let store = &town.store;
        let day = yuekao::clock::day_of(nine);
        assert_eq!(store.released_to(login, day).await.unwrap(), []);
        agency
            .post(
                &format!("{PLAN}/release-hour"),
                &[("hour", "6"), ("reason", "自动")],
            )
            .await;
        assert_eq!(store.release_due(nine).await.unwrap(), 0);
        let record = store.acts_of("plan", "xianning/2022-04").await.unwrap();
        let withdrawn: Vec<_> = record
            .iter()
            .filter(|act| act.kind == "withdrawn")
            .collect();
        assert_eq!(withdrawn.len(), 1);
        assert_eq!(withdrawn[0].who, "host");
        let page = host.get(PLAN).await;
        assert!(page.text.contains("撤回发放"), "{}", page.text);
        assert!(withdrawn[0].body.contains("合同提前终止"));

        // Put right, they are released again, as any other day.
        contract_until(&host, last).await;
        assert_eq!(store.release_due(nine).await.unwrap(), of_last.len());
        assert!(!store.released_to(login, day).await.unwrap().is_empty());

        let built = Home::sqlite();
        let copy = built.open().await;
        copy.rebuild_from(store).await.unwrap();
        assert_eq!(
            copy.released_to(login, day).await.unwrap().len(),
            store.released_to(login, day).await.unwrap().len()
        );
    })
    .await;
}

/// 甲 and 乙 are out on one day; what is known of 乙 is corrected after he was given his sites.
#[tokio::test]
async fn nobody_is_released_to_where_he_may_not_be_sent_any_more() {
    on_both(async |home| {
        let town = town(home).await;
        let (host, agency) = (town.signed_in("host").await, town.signed_in("agency").await);
        drawn(&host).await;
        given_out(&agency).await;
        let store = &town.store;
        let plan = store
            .plan(&Viewer::console(), "xianning", april())
            .await
            .unwrap()
            .unwrap();
        let rows = store.assignments(&plan).await.unwrap();
        let of = |unit: &str| rows.iter().find(|row| row.unit == unit).unwrap().clone();
        let day: jiff::civil::Date = "2022-04-12".parse().unwrap();
        let now = town.clock.now();
        let (his, hers) = (of("421221001"), of("421222001"));
        // Nobody else is out on that day.
        for row in &rows {
            let (login, day) = match &row.id {
                id if *id == his.id => ("yi", "2022-04-12"),
                id if *id == hers.id => ("jia", "2022-04-12"),
                _ => ("bing", "2022-04-13"),
            };
            store
                .change_assignment(now, "agency", &plan, row, (login, day), "调整")
                .await
                .unwrap();
        }
        let states = async || {
            let mut states = vec![];
            for row in [&his, &hers] {
                let row = store.assignment(&plan, &row.id).await.unwrap().unwrap();
                states.push(row.state.word());
            }
            states
        };
        let yi = store.inspector("yi").await.unwrap().unwrap();
        let at_home = InspectorRow {
            home_unit: "421221".into(),
            ..yi.clone()
        };
        let away = InspectorRow {
            away: vec![day.to_string()],
            ..yi.clone()
        };
        let served = InspectorRow {
            valid_to: Some(day.yesterday().unwrap().to_string()),
            ..yi.clone()
        };
        let hour = [("hour", "6"), ("reason", "自动")];
        let release = [("day", "2022-04-12"), ("reason", "出勤")];
        let page_of_his = format!("{PLAN}/assignments/{}", his.id);
        // A county that was merged before April: nobody can say whether he would go home.
        let merged = UnitRow {
            valid_to: Some("2022-03".into()),
            ..unit("421299", "旧县", "county", Some("421200"))
        };
        store.set_units(now, "host", vec![merged]).await.unwrap();
        let nowhere = InspectorRow {
            home_unit: "421299".into(),
            ..yi.clone()
        };
        let later: Timestamp = "2022-04-01T09:00:00+08:00".parse().unwrap();
        let refused = store.set_inspector(later, "host", nowhere.clone(), "更正");
        assert!(
            matches!(refused.await, Err(Error::Refused(why)) if why.key == "inspector-home-unknown")
        );
        for (corrected, said) in [
            (Some(nowhere), "yi登记的住处（421299）在该月已不是现有单位"),
            (
                Some(at_home.clone()),
                "yi家在嘉鱼县 421221，不能检查本人所在县（市、区）",
            ),
            (Some(away), "不能出勤"),
            (Some(served), "不能出勤"),
            (None, "账号已停用"),
        ] {
            match corrected {
                Some(row) => store.set_inspector(now, "host", row, "更正").await.unwrap(),
                None => store.disable_account(now, "console", "yi").await.unwrap(),
            }
            let page = agency.get(PLAN).await.text;
            for words in [said, "尚未发放的不予发放", page_of_his.as_str()] {
                assert!(page.contains(words), "{words}: {page}");
            }
            let replace = agency
                .post(&format!("{page_of_his}/replace"), &[("reason", "停业")])
                .await;
            assert_eq!(replace.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(replace.text.contains(said), "{said}: {}", replace.text);

            // The first time somebody else goes; then nobody is left.
            let released = agency.post(&format!("{PLAN}/release"), &release).await;
            match released.status {
                StatusCode::SEE_OTHER => assert_eq!(states().await, ["assigned", "released"]),
                _ => assert!(released.text.contains(said), "{said}: {}", released.text),
            }
            agency.post(&format!("{PLAN}/release-hour"), &hour).await;
            let nine: Timestamp = "2022-04-12T09:00:00+08:00".parse().unwrap();
            assert_eq!(store.release_due(nine).await.unwrap(), 0, "{said}");
            assert_eq!(states().await, ["assigned", "released"], "{said}");

            // Put right, nothing is said of it any more.
            match store.account("yi").await.unwrap().unwrap().disabled_at {
                None => store
                    .set_inspector(now, "host", yi.clone(), "核实")
                    .await
                    .unwrap(),
                Some(_) => drop(store.enable_account(now, "console", "yi").await.unwrap()),
            }
            let page = agency.get(PLAN).await.text;
            assert!(!page.contains("尚未发放的不予发放"), "{page}");
        }
        let released = agency.post(&format!("{PLAN}/release"), &release).await;
        assert_eq!(released.location(), PLAN);
        assert_eq!(states().await, ["released", "released"]);

        // What was released by then is named as well.
        store
            .set_inspector(now, "host", at_home, "更正")
            .await
            .unwrap();
        let page = agency.get(PLAN).await.text;
        assert!(page.contains("家在嘉鱼县 421221"), "{page}");
        let choice = agency.get(&page_of_his).await.text;
        assert!(!choice.contains("value=\"yi\""), "{choice}");
        store
            .change_assignment(now, "agency", &plan, &his, ("bing", "2022-04-12"), "回避")
            .await
            .unwrap();
        let page = agency.get(PLAN).await.text;
        assert!(!page.contains("家在嘉鱼县 421221"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn nobody_moves_to_another_agency_while_the_old_one_is_sending_them_out() {
    on_both(async |home| {
        let town = town(home).await;
        let (host, agency) = (town.signed_in("host").await, town.signed_in("agency").await);
        drawn(&host).await;
        given_out(&agency).await;
        let store = &town.store;
        let plan = told(&agency).await;
        let sites = plan["assignments"].as_array().unwrap();
        let last = sites.iter().max_by_key(|site| text(site, "day")).unwrap();
        let (login, day) = (text(last, "inspector"), text(last, "day"));
        let day_at = |hour: &str| -> Timestamp { format!("{day}T{hour}:00+08:00").parse().unwrap() };
        let (that_day, next_day) = (day_at("23:59"), {
            let begins = day_at("00:01").as_second();
            Timestamp::from_second(begins + 24 * 3600).unwrap()
        });
        let refused = |answer: yuekao::store::Result<()>| match answer {
            Err(Error::Refused(why)) => yuekao::words::Language::Chinese.message(&why),
            other => panic!("{other:?}"),
        };
        for (role, unit, at, moves) in [
            (Role::Inspector, "agency-a", that_day, true),
            (Role::Inspector, "agency-b", that_day, false),
            (Role::Reviewer, "agency-a", that_day, false),
            (Role::Host, "", that_day, false),
            (Role::Inspector, "agency-b", next_day, true),
        ] {
            let duty = Duty::new("新名称", role, Some(unit)).unwrap();
            let moved = store.change_account(at, "console", login, duty).await;
            if moves {
                moved.unwrap();
                continue;
            }
            let said = refused(moved);
            assert_eq!(
                said,
                format!("“{login}”今天或以后还有机构 agency-a 派给本人的点位，不能调到其他机构或改作其他角色。请先由该机构把这些点位改派他人；急需到岗的，为其在新机构另设账号。")
            );
            let handed = store.hand_over(at, "console", "agency2", login).await;
            assert_eq!(refused(handed), said);
        }

        // Moved in an earlier version, while it was sending him out: the new agency learns nothing of the old one's sites.
        let (his, on) = (login.to_owned(), day.parse().unwrap());
        store
            .write(|tx| {
                Box::pin(async move {
                    sqlx::query("UPDATE assignment SET state = 'released', released_at = 1")
                        .execute(tx.conn())
                        .await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
        assert_eq!(store.released_to(&his, on).await.unwrap(), []);
        let back = Duty::new("新名称", Role::Inspector, Some("agency-a")).unwrap();
        store
            .change_account(that_day, "console", &his, back)
            .await
            .unwrap();
        assert!(!store.released_to(&his, on).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_left_behind_is_given_out_again_and_a_released_day_taken_back() {
    on_both(async |home| {
        let town = town(home).await;
        let (host, agency) = (town.signed_in("host").await, town.signed_in("agency").await);
        drawn(&host).await;
        let store = &town.store;
        let plan = store.plan(&Viewer::console(), "xianning", april()).await;
        let plan = plan.unwrap().unwrap();

        // Two streets of a township are closed at the same moment: each has its own replacement.
        let rows = store.assignments(&plan).await.unwrap();
        let streets = rows
            .iter()
            .filter(|row| row.unit == "421221001" && row.stratum == "street");
        let [one, other] = streets.take(2).collect::<Vec<_>>()[..] else {
            panic!("three were drawn");
        };
        let now = town.clock.now();
        let (one, other) = tokio::join!(
            store.replace_site(now, "agency", &plan, one, "修路"),
            store.replace_site(now, "agency", &plan, other, "修路"),
        );
        assert_ne!(one.unwrap().site, other.unwrap().site);
        given_out(&agency).await;

        let of_day = async |day: &str| {
            let rows = store.assignments(&plan).await.unwrap();
            let own = rows
                .into_iter()
                .filter(|row| row.day.as_deref() == Some(day));
            own.collect::<Vec<_>>()
        };
        let plan_told = told(&agency).await;
        let sites = plan_told["assignments"].as_array().unwrap();
        let day = sites
            .iter()
            .map(|site| text(site, "day"))
            .filter(|day| !day.is_empty())
            .min()
            .unwrap();
        let count = of_day(day).await.len();
        let released = async |reason: &str| {
            let fields = [("day", day), ("reason", reason)];
            let answer = agency.post(&format!("{PLAN}/release"), &fields).await;
            assert_eq!(answer.location(), PLAN);
        };
        let withdraw = async |reason: &str| {
            let fields = [("day", day), ("reason", reason)];
            agency.post(&format!("{PLAN}/withdraw"), &fields).await
        };
        let hour = async |hour: &str| {
            let fields = [("hour", hour), ("reason", "调整")];
            agency.post(&format!("{PLAN}/release-hour"), &fields).await
        };
        assert!(
            withdraw("雨")
                .await
                .text
                .contains("没有已发放而未检查的点位")
        );
        released("出勤").await;
        assert!(agency.get(PLAN).await.text.contains("撤回发放"));
        hour("6").await;
        assert!(
            withdraw("雨")
                .await
                .text
                .contains("请先把“自动发放”改为不自动发放")
        );
        hour("").await;
        assert!(withdraw(" ").await.text.contains("请写明理由"));
        assert_eq!(withdraw("雨").await.location(), PLAN);
        assert_eq!(told(&agency).await["total"][2], 0);
        released("天晴").await;
        assert_eq!(told(&agency).await["total"][2], count);

        // The day passes and nobody went: all of it is named, and given out again in one go.
        let left = of_day(day).await;
        let next: Timestamp = format!("{day}T09:00:00+08:00").parse().unwrap();
        town.clock
            .pass(next.as_second() + 24 * 3600 - town.clock.now().as_second());
        let page = agency.get(PLAN).await.text;
        assert!(
            page.contains(&format!("有 {count} 处点位的日期已过")),
            "{page}"
        );
        for row in &left {
            assert!(
                page.contains(&format!("{PLAN}/assignments/{}", row.id)),
                "{page}"
            );
        }
        given_out(&agency).await;
        assert_eq!(
            of_day(day).await,
            [],
            "nothing is left on a day that is over"
        );
        for row in &left {
            let now = store.assignment(&plan, &row.id).await.unwrap().unwrap();
            assert_eq!((now.state.word(), now.released_at), ("assigned", None));
            assert!(now.day.as_deref() > Some(day));
            // What was done in their name is still taken when it comes.
            let login = row.inspector.as_deref().unwrap();
            assert!(!store.spans(login, &row.id).await.unwrap().is_empty());
        }
        assert!(!agency.get(PLAN).await.text.contains("处点位的日期已过"));
        let copy = Home::sqlite();
        let copy = copy.open().await;
        copy.rebuild_from(store).await.unwrap();
        assert_eq!(
            copy.assignments(&plan).await.unwrap(),
            store.assignments(&plan).await.unwrap()
        );

        // The next contract cuts nothing off that is given out before it, and no agency takes another's id.
        let write = async |new: &str, name: &str, from: &str, to: &str| {
            let fields = [
                ("id", "agency-a"),
                ("name", name),
                ("contract", "2023年暗访服务合同"),
                ("valid_from", from),
                ("valid_to", to),
                ("reason", "续签"),
                ("new", new),
            ];
            host.post("/desk/agencies", &fields).await
        };
        let taken = write("yes", "另一家公司", "2022-01-01", "").await;
        assert!(
            taken.text.contains("已是“某检测公司”的机构编号"),
            "{}",
            taken.text
        );
        let cut = write("", "某检测公司", "2022-06-01", "2023-05-31").await;
        assert_eq!(cut.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(cut.text.contains("请保留现合同的开始日期"), "{}", cut.text);
        let longer = write("", "某检测公司", "2022-01-01", "2023-05-31").await;
        assert_eq!(longer.location(), "/desk/agencies/agency-a");
    })
    .await;
}

#[tokio::test]
async fn a_plan_whose_releases_were_withdrawn_is_not_thrown_away() {
    on_both(async |home| {
        let town = town(home).await;
        let (host, agency) = (town.signed_in("host").await, town.signed_in("agency").await);
        drawn(&host).await;
        given_out(&agency).await;
        let plan = told(&agency).await;
        let site = &plan["assignments"][0];
        let (id, login, day) = (
            text(site, "id").to_owned(),
            text(site, "inspector"),
            text(site, "day"),
        );
        let fields = [("day", day), ("reason", "出勤")];
        agency.post(&format!("{PLAN}/release"), &fields).await;
        let ids: Vec<String> = plan["assignments"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|site| text(site, "day") == day)
            .map(|site| text(site, "id").to_owned())
            .collect();
        let (at, withdrawn) = (
            town.clock.now(),
            PlanDeed::Withdrawn {
                ids,
                reason: "合同提前终止".into(),
            },
        );
        town.store
            .write(move |tx| {
                Box::pin(async move {
                    let done = tx.act(at, "host", "xianning/2022-04", &withdrawn).await;
                    done.map(drop)
                })
            })
            .await
            .unwrap();
        assert_eq!(told(&agency).await["total"][2], 0);
        let page = host.get(PLAN).await.text;
        assert!(!page.contains(&format!("{PLAN}/discard")), "{page}");
        let discard = host
            .post(&format!("{PLAN}/discard"), &[("reason", "重来")])
            .await;
        assert_eq!(discard.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(discard.text.contains("不能作废"), "{}", discard.text);
        // What was done until then is still taken when it comes.
        assert_eq!(town.store.spans(login, &id).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_agency_reads_nothing_of_a_plan_that_was_thrown_away_and_had_been_anothers() {
    on_both(async |home| {
        let town = town(home).await;
        let (host, agency) = (town.signed_in("host").await, town.signed_in("agency").await);
        drawn(&host).await;
        given_out(&agency).await;
        let site = told(&agency).await["assignments"][0].clone();
        let path = format!("{PLAN}/assignments/{}", text(&site, "id"));
        let change = [
            ("inspector", "bing"),
            ("day", "2022-04-20"),
            ("reason", "改期"),
        ];
        agency.post(&format!("{path}/change"), &change).await;
        let discard = [("reason", "换机构")];
        host.post(&format!("{PLAN}/discard"), &discard).await;
        // By the same seed, so that the same tickets come.
        let order = DrawOrder {
            series: "xianning".into(),
            agency: "agency-b".into(),
            sizes: sizes(3, 1),
            seed: "双色球 2022-03-31：03 11 19".into(),
            reason: "四月暗访".into(),
            ..DrawOrder::default()
        };
        let (store, now) = (&town.store, town.clock.now());
        store.draw_plan(now, "host", april(), order).await.unwrap();
        let other = town.signed_in("agency2").await;
        let words = ["<td>抽取</td>", "<td>派员</td>", "<td>作废</td>"];
        let counts = async |visitor: &Visitor| {
            let page = visitor.get(PLAN).await.text;
            let counts = words.map(|word| page.matches(word).count());
            (counts, page.contains(">序号</th>"))
        };
        assert_eq!(counts(&other).await, ([1, 0, 0], false));
        assert_eq!(counts(&host).await, ([2, 1, 1], true));
        let (theirs, all) = (other.get(&path).await, host.get(&path).await);
        assert_eq!(theirs.status, StatusCode::OK);
        assert!(!theirs.text.contains("<td>改派</td>"), "{}", theirs.text);
        assert!(all.text.contains("<td>改派</td>"), "{}", all.text);
    })
    .await;
}

#[tokio::test]
async fn the_page_of_an_agency_says_when_its_contract_ends() {
    let home = Home::sqlite();
    let town = town(&home).await;
    let host = town.signed_in("host").await;
    // Today is 31 March.
    for (last, said, term) in [
        ("2022-05-01", None, "running"),
        ("2022-04-30", Some("将于 2022-04-30 到期"), "ends-soon"),
        ("2022-03-31", Some("将于 2022-03-31 到期"), "ends-soon"),
        ("2022-03-30", Some("已到期"), "ended"),
        ("", None, "running"),
    ] {
        contract_until(&host, last).await;
        for path in ["/desk/agencies", "/desk/agencies/agency-a"] {
            let page = host.get(path).await;
            match said {
                Some(said) => assert!(page.text.contains(said), "{last} {path}: {}", page.text),
                None => assert!(!page.text.contains("到期"), "{last} {path}"),
            }
        }
        let list: Value =
            serde_json::from_str(&host.get_json("/desk/agencies").await.text).unwrap();
        assert_eq!(text(&list[0], "term"), term, "{last}");
    }
}

/// What a page says, without the address it was asked under, which its language link repeats.
fn without_address(answer: &Answer, path: &str) -> (StatusCode, String) {
    (answer.status, answer.text.replace(path, ""))
}

#[tokio::test]
async fn for_everybody_else_a_plan_does_not_exist() {
    on_both(async |home| {
        let town = town(home).await;
        let (host, agency) = (town.signed_in("host").await, town.signed_in("agency").await);
        drawn(&host).await;
        given_out(&agency).await;
        let plan = told(&host).await;
        let site = &plan["assignments"].as_array().unwrap()[0];
        let secrets: Vec<String> = plan["assignments"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|site| ["id", "name", "site"].map(|name| text(site, name).to_owned()))
            .chain([text(&plan, "seed").to_owned(), "暗访".to_owned()])
            .collect();
        let outsiders = [
            "unit",
            "chief",
            "inspector",
            "reviewer",
            "dispatcher",
            "verifier",
            "leader",
            "administrator",
            "security",
            "audit-administrator",
            "agency2",
            "jia",
        ];
        for login in outsiders {
            let visitor = town.signed_in(login).await;
            // Known ids tell nothing: the answer is that of a plan that does not exist.
            let assignment = format!("/assignments/{}", text(site, "id"));
            for rest in ["", "/assign", assignment.as_str()] {
                let (there, not) = (format!("{PLAN}{rest}"), format!("{NO_PLAN}{rest}"));
                let (page, none) = (visitor.get(&there).await, visitor.get(&not).await);
                assert_eq!(page.status, StatusCode::NOT_FOUND, "{login} {there}");
                assert_eq!(
                    without_address(&page, &there),
                    without_address(&none, &not),
                    "{login}"
                );
                let (json, none) = (visitor.get_json(&there).await, visitor.get_json(&not).await);
                assert_eq!(
                    (json.status, json.text),
                    (none.status, none.text),
                    "{login}"
                );
            }
            let fields = [("reason", "x"), ("day", "2022-04-12"), ("inspector", "jia")];
            for act in ["release", &format!("{}/replace", &assignment[1..])] {
                let there = visitor.post(&format!("{PLAN}/{act}"), &fields).await;
                let none = visitor.post(&format!("{NO_PLAN}/{act}"), &fields).await;
                assert_eq!(there.status, StatusCode::NOT_FOUND, "{login} {act}");
                assert_eq!(there.status, none.status);
            }
            // Every page of the site, asked about this very plan.
            for row in access::TABLE.iter().filter(|row| row.method == "GET") {
                let path = [
                    ("{series}", "xianning"),
                    ("{month}", "2022-04"),
                    ("{id}", text(site, "id")),
                    ("{site}", text(site, "site")),
                    ("{code}", text(site, "unit")),
                    ("{login}", "jia"),
                    ("{scheme}", "xianning-2022"),
                    ("{digest}", "none"),
                    ("{sha256}", "none"),
                    ("{size}", "thumb"),
                    ("{token}", "none"),
                    ("{file}", "none"),
                    ("{item}", "none"),
                    ("{other}", "none"),
                    ("{indicator}", "none"),
                    ("{sheet}", "none"),
                    ("{bulletin}", "none"),
                    ("{*path}", "none"),
                ]
                .iter()
                .fold(row.path.to_owned(), |path, (name, value)| {
                    path.replace(name, value)
                });
                let query = format!("?q={}&unit={}", "x", text(site, "unit"));
                for answer in [
                    visitor.get(&format!("{path}{query}")).await,
                    visitor.get_json(&path).await,
                ] {
                    let said = answer.text.replace(&path, "");
                    for secret in &secrets {
                        // The word 暗访 stands in roles and rules as well: names of sites carry a number behind it.
                        if secret != "暗访" {
                            assert!(!said.contains(secret.as_str()), "{login} {path}: {secret}");
                        }
                    }
                }
            }
        }
        assert_eq!(
            town.visitor().get(PLAN).await.location(),
            format!("/login?next={PLAN}")
        );
        // The other agency sees its own plans: none.
        let other = town.signed_in("agency2").await;
        assert_eq!(other.get_json("/desk/plans").await.text, "[]");
        assert_eq!(
            other.get("/desk/agencies/agency-a").await.status,
            StatusCode::NOT_FOUND
        );
        let auditor = town.signed_in("auditor").await;
        assert_eq!(told(&auditor).await["total"], plan["total"]);
        for row in access::TABLE {
            let about_plans = row.path.starts_with("/desk/plans") || row.path == "/desk/today";
            assert!(!about_plans || row.to == Relation::Secret, "{}", row.path);
        }
    })
    .await;
}

#[tokio::test]
async fn the_audit_administrator_reads_of_an_inspection_once_its_month_is_published() {
    on_both(async |home| {
        let town = town(home).await;
        let (host, agency) = (town.signed_in("host").await, town.signed_in("agency").await);
        let [audit, auditor] = ["audit-administrator", "auditor"];
        let (audit, auditor) = (town.signed_in(audit).await, town.signed_in(auditor).await);
        let record = async |reader: &Visitor, query: &str| -> Vec<Value> {
            let answer = reader.get_json(&format!("/desk/acts{query}")).await;
            serde_json::from_str(&answer.text).unwrap()
        };
        let lines = async |reader: &Visitor| -> Vec<String> {
            let acts = record(reader, "").await;
            let words = |act: &Value| format!("{} {} {}", act["at"], act["who"], act["noun"]);
            acts.iter().map(words).collect()
        };
        let open = lines(&audit).await;
        town.clock.pass(60);
        drawn(&host).await;
        given_out(&agency).await;
        let away = [("away", "2022-04-12"), ("reason", "事假")];
        agency.post("/desk/agencies/agency-a/inspectors/jia/away", &away).await;
        let shut = [("opens", ""), ("closes", "2022-04-20"), ("reason", "施工")];
        host.post("/desk/frames/xianning/sites/421221001-street-1", &shut).await;
        for noun in ["inspector", "site"] {
            assert!(!record(&auditor, &format!("?noun={noun}")).await.is_empty(), "{noun}");
        }
        assert_eq!(lines(&audit).await, open, "no act of the plan is told");
        for query in ["?noun=plan", "?noun=assignment", "?who=agency", "?before=1000000&noun=plan"] {
            assert_eq!(record(&audit, query).await, Vec::<Value>::new(), "{query}");
        }
        assert!(record(&auditor, "?noun=plan").await[0]["seq"].is_i64());
        // What is done in between is told, but not how much was done before it.
        town.clock.pass(60);
        let duty = Duty::new("neu", Role::Leader, None).unwrap();
        town.store.create_account(town.clock.now(), "console", "neu", duty, None, false).await.unwrap();
        let newest = record(&audit, "").await;
        assert_eq!((text(&newest[0], "id"), &newest[0]["seq"]), ("neu", &Value::Null));
        assert!(newest[1]["seq"].is_i64());
        let page = audit.get("/desk/acts").await.text;
        assert!(page.contains("在当月公布后列出"), "{page}");

        town.alter(
            "INSERT INTO round (series, month, scheme_id, stage, published_at) VALUES ('xianning', '2022-04', 'xianning-2022', 'published', 1)",
        )
        .await;
        assert_eq!(record(&audit, "").await, record(&auditor, "").await);
        assert!(!record(&audit, "?noun=plan").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn evidence_that_comes_by_file_is_sealed_without_a_plan_until_its_month_is_published() {
    on_both(async |home| {
        let town = town(home).await;
        let (audit, store) = (town.signed_in("audit-administrator").await, &town.store);
        let told = async |noun: &str| {
            let answer = audit.get_json(&format!("/desk/acts?noun={noun}")).await;
            let acts: Vec<Value> = serde_json::from_str(&answer.text).unwrap();
            acts.len()
        };
        let before = told("evidence").await;
        town.clock.pass(60);
        let visit = EvidenceRow {
            kind: "visits".into(),
            id: "V-1".into(),
            unit: "421221001".into(),
            starts_at: town.clock.now().as_millisecond(),
            ends_at: town.clock.now().as_millisecond(),
            cells: vec![],
        };
        let file = ImportFile {
            series: "xianning".into(),
            kind: "visits".into(),
            sha256: "f".repeat(64),
            name: "三月.xlsx".into(),
            rows: 1,
        };
        let taking = Taking {
            rows: vec![visit],
            ..Taking::default()
        };
        let looked = store.last_act().await.unwrap();
        let (now, files) = (town.clock.now(), vec![file]);
        store
            .take_import(now, "host", "xianning", looked, files, taking)
            .await
            .unwrap();
        assert_eq!((told("evidence").await, told("import").await), (before, 0));
        town.alter(
            "INSERT INTO round (series, month, scheme_id, stage, published_at) VALUES ('xianning', '2022-03', 'xianning-2022', 'published', 1)",
        )
        .await;
        assert_eq!((told("evidence").await, told("import").await), (before + 1, 1));
    })
    .await;
}

#[tokio::test]
async fn the_frame_says_what_can_be_drawn_and_when() {
    let home = Home::sqlite();
    let town = town(&home).await;
    let host = town.signed_in("host").await;
    let site = "/desk/frames/xianning/sites/421221001-market-1";
    let span = async |opens: &str, closes: &str, reason: &str| {
        let fields = [("opens", opens), ("closes", closes), ("reason", reason)];
        host.post(site, &fields).await
    };
    for (opens, closes, reason, said) in [
        ("2022-05-01", "2022-04-01", "改造", "结束日期早于开始日期"),
        ("", "四月", "改造", "不是日期"),
        ("", "2022-04-10", "", "请写明理由"),
    ] {
        assert!(
            span(opens, closes, reason).await.text.contains(said),
            "{said}"
        );
    }
    let before = town
        .store
        .frame("xianning", april())
        .await
        .unwrap()
        .digest();
    span("", "2022-04-10", "市场改造").await;
    let frame = town.store.frame("xianning", april()).await.unwrap();
    assert_ne!(frame.digest(), before);
    let open = |month: &str| {
        let month = month.parse().unwrap();
        frame
            .places
            .iter()
            .filter(|place| place.is_open_in(month))
            .count()
    };
    assert_eq!((open("2022-03"), open("2022-04")), (18, 17));
    let page = host
        .get("/desk/frames/xianning?unit=421221001&stratum=market")
        .await;
    assert!(
        page.text.contains("鱼岳暗访市场1号") && page.text.contains("2022-04-10"),
        "{}",
        page.text
    );
    let must = town
        .store
        .frame("xianning", "2022-03".parse().unwrap())
        .await;
    assert!(must.unwrap().places.iter().all(|place| !place.must_check));
}

/// Every deed of this file's nouns, for the record that is done again.
pub async fn a_bit_of_every_deed(store: &Store, at: Timestamp) {
    ground(store, at, "city").await;
    let agency = Agency {
        id: "agency-a".into(),
        name: "某检测公司".into(),
        contract: "合同".into(),
        valid_from: "2021-01-01".into(),
        valid_to: None,
    };
    store.set_agency(at, "bing", agency, "招标").await.unwrap();
    let duty = Duty::new("丁", Role::Inspector, Some("agency-a")).unwrap();
    store
        .create_account(at, "console", "ding", duty, None, false)
        .await
        .unwrap();
    let inspector = InspectorRow {
        login: "ding".into(),
        agency: "agency-a".into(),
        home_unit: OUTSIDE.into(),
        valid_from: "2021-01-01".into(),
        valid_to: None,
        away: vec!["2022-01-09".into()],
    };
    store
        .set_inspector(at, "bing", inspector, "报备")
        .await
        .unwrap();
    let site = ("city", "421222001-market-1");
    store
        .set_site_span(at, "bing", site, ("2021-01-01", ""), "新建")
        .await
        .unwrap();
    let order = || DrawOrder {
        series: "city".into(),
        agency: "agency-a".into(),
        sizes: sizes(2, 1),
        reason: "暗访".into(),
        ..DrawOrder::default()
    };
    let (this, next): (Month, Month) = ("2022-01".parse().unwrap(), "2022-02".parse().unwrap());
    let viewer = Viewer::console();
    for month in [this, next] {
        store.draw_plan(at, "bing", month, order()).await.unwrap();
    }
    let plan = store.plan(&viewer, "city", next).await.unwrap().unwrap();
    store
        .discard_plan(at, "bing", &plan, "抽取数有误")
        .await
        .unwrap();
    let plan = store.plan(&viewer, "city", this).await.unwrap().unwrap();
    let days = BTreeSet::from([day_of(at)]);
    let proposal = store.propose(at, &plan, &days).await.unwrap();
    store
        .assign_plan(at, "bing", &plan, &days, &proposal.digest, "派员")
        .await
        .unwrap();
    store
        .set_release_hour(at, "bing", &plan, Some(23), "自动")
        .await
        .unwrap();
    let rows = store.assignments(&plan).await.unwrap();
    store
        .change_assignment(at, "bing", &plan, &rows[0], ("ding", "2022-01-20"), "改期")
        .await
        .unwrap();
    store
        .replace_site(at, "bing", &plan, &rows[1], "停业")
        .await
        .unwrap();
    let day = day_of(at).to_string();
    store
        .release_day(at, "bing", &plan, &day, "出勤")
        .await
        .unwrap();
    store
        .visit_assignment(at, "ding", &rows[2].id)
        .await
        .unwrap();
}
