use super::coverage::{Coverage, OuterItem, OuterList, coverage};
use super::*;

const SHIPPED: &str = include_str!("../../../../standards/xianning-2021.toml");

/// A catalogue of two indicators; each test breaks it in one place.
const SMALL: &str = r#"
id = "small"
title = { zh = "小目录", en = "Small" }
months = { from = "2022-01", to = "2022-12" }
[[block]]
id = "city"
title = { zh = "城市", en = "City" }
[[heading]]
id = "roads"
title = { zh = "道路", en = "Roads" }
[[aspect]]
id = "facilities"
title = { zh = "设施", en = "Facilities" }
[[line]]
id = "works"
title = { zh = "市政", en = "Works" }
[[outer]]
id = "exam"
title = { zh = "省考", en = "Exam" }
[[indicator]]
id = "cover-step"
title = { zh = "井盖高差", en = "Cover step" }
requirement = { zh = "平顺", en = "Level" }
quality = "safe"
block = "city"
aspect = "facilities"
heading = "roads"
line = "works"
measure = { what = { zh = "高差", en = "Step" }, unit = "mm", worse = "high", minor = 5, general = 10.5, serious = 20 }
points = { minor = 0.1, general = 0.2, serious = 0.4 }
limit = { value = 5, unit = "work_day" }
opens = { category = "gb30428/component/0123", condition = "component-0123-4" }
serves = ["exam/3"]
[[indicator]]
id = "lamp-out"
title = { zh = "路灯不亮", en = "Lamp out" }
requirement = { zh = "亮", en = "Lit" }
quality = "safe"
block = "city"
aspect = "facilities"
heading = "roads"
line = "works"
observe = { zh = "看灯", en = "Look" }
points = { general = 0.2 }
limit = { value = 2, unit = "work_day" }
serves = ["exam"]
"#;

fn small() -> Standard {
    let (standard, issues) = Standard::parse(SMALL);
    assert_eq!(issues, []);
    standard.unwrap()
}

fn points(text: &str) -> Points {
    text.parse().unwrap()
}

#[test]
fn the_shipped_catalogue_has_no_issues() {
    let (standard, issues) = Standard::parse(SHIPPED);
    let shown: Vec<String> = issues.iter().map(Issue::to_string).collect();
    assert_eq!(shown, [""; 0]);
    let standard = standard.unwrap();
    assert!(standard.indicators.len() >= 60);
    for quality in Quality::WORDS {
        assert!(
            standard
                .indicators
                .iter()
                .filter(|one| one.quality == quality.1)
                .count()
                >= 10
        );
    }
    assert!(
        standard.indicators.iter().all(|one| one.origin.assumed),
        "no number of it is public"
    );
    assert!(standard.headings_of("red-property").len() >= 4);
    assert!(
        standard
            .headings_of("city")
            .iter()
            .any(|heading| heading.title.zh == "人行道秩序")
    );
    assert_eq!(standard.aspects.len(), 6);
}

#[test]
fn an_indicator_says_all_that_its_table_says() {
    let standard = small();
    let one = standard.indicator("cover-step").unwrap();
    let Method::Measure(measure) = &one.method else {
        panic!("it is measured")
    };
    assert_eq!(
        (measure.unit, measure.worse),
        (MeasureUnit::Millimetre, Worse::High)
    );
    assert_eq!(one.points.of(Severity::Serious), Some(&points("0.4")));
    assert_eq!(
        one.limit,
        Limit {
            value: 5,
            unit: LimitUnit::WorkDay
        }
    );
    let opens = one.opens.as_ref().unwrap();
    assert_eq!(opens.category, "gb30428/component/0123");
    assert_eq!(opens.condition.as_deref(), Some("component-0123-4"));
    assert_eq!(standard.heading(&one.heading).unwrap().title.en, "Roads");
    assert!(standard.holds("2022-12".parse().unwrap()));
    assert!(!standard.holds("2023-01".parse().unwrap()));
    assert!(standard.indicator("no-such").is_none());
}

#[test]
fn an_indicator_is_looked_for_where_it_or_its_heading_says() {
    let text = SMALL
        .replace("id = \"roads\"\n", "id = \"roads\"\nstrata = [\"lane\", \"park\"]\n")
        .replace("quality = \"safe\"\nblock = \"city\"\naspect = \"facilities\"\nheading = \"roads\"\nline = \"works\"\nobserve", "quality = \"safe\"\nblock = \"city\"\naspect = \"facilities\"\nheading = \"roads\"\nline = \"works\"\nstrata = [\"toilet\"]\nobserve");
    let standard = Standard::parse(&text).0.unwrap();
    let strata = |id: &str| standard.indicator(id).unwrap().strata.join(" ");
    assert_eq!(
        (strata("cover-step"), strata("lamp-out")),
        ("lane park".into(), "toilet".into())
    );
    assert_eq!(small().indicator("lamp-out").unwrap().strata, [""; 0]);
    let shipped = Standard::parse(SHIPPED).0.unwrap();
    let at_toilets: Vec<_> = shipped
        .indicators
        .iter()
        .filter(|one| one.strata.contains(&"toilet".to_owned()))
        .map(|one| one.id.as_str())
        .collect();
    assert_eq!(
        at_toilets,
        ["toilet-odour", "toilet-fittings", "toilet-closed"]
    );
    assert!(shipped.indicators.iter().all(|one| !one.strata.is_empty()));
}

#[test]
fn a_measured_value_has_its_severity() {
    let (minor, general, serious) = (Severity::Minor, Severity::General, Severity::Serious);
    let standard = Standard::parse(SHIPPED).0.unwrap();
    #[rustfmt::skip]
    let cases = [
        ("manhole-cover-step", "4.9",  None),
        ("manhole-cover-step", "5",    Some(minor)),
        ("manhole-cover-step", "9.99", Some(minor)),
        ("manhole-cover-step", "10",   Some(general)),
        ("manhole-cover-step", "250",  Some(serious)),
        ("cables-hanging",     "4.5",  None),
        ("cables-hanging",     "4.49", Some(minor)),
        ("cables-hanging",     "3.5",  Some(minor)),
        ("cables-hanging",     "2.4",  Some(serious)),
    ];
    for (id, value, severity) in cases {
        let Method::Measure(measure) = &standard.indicator(id).unwrap().method else {
            panic!("{id} is measured")
        };
        assert_eq!(
            measure.severity(&points(value)),
            severity,
            "{id} at {value}"
        );
    }
}

#[test]
fn each_fault_of_a_catalogue_is_named() {
    #[rustfmt::skip]
    let cases = [
        ("to = \"2022-12\"", "to = \"2021-12\"", "4:35 fault standard-ends-before-it-begins «\"2021-12\"»"),
        ("id = \"lamp-out\"", "id = \"cover-step\"", "35:6 fault read-duplicate-id{id=cover-step,line=21} «\"cover-step\"»"),
        ("id = \"lamp-out\"", "id = \"Lamp\"", "35:6 fault read-bad-id «\"Lamp\"» expected read-expected-id"),
        ("heading = \"roads\"\nline = \"works\"\nobserve", "heading = \"road\"\nline = \"works\"\nobserve", "41:11 fault read-unknown-choice{text=road} «\"road\"» expected read-expected-choice{choices=roads}"),
        ("observe = { zh = \"看灯\", en = \"Look\" }\n", "", "34:1 fault standard-observe-or-measure «[[indicator]]»"),
        ("observe", "measure = 3\nobserve", "43:11 fault read-found-integer «3» expected read-expected-table"),
        ("unit = \"mm\"", "unit = \"inch\"", "29:55 fault read-unknown-choice{text=inch} «\"inch\"» expected read-expected-choice{choices=mm, cm, m, cm2, m2, m3, g_per_m2, piece, percent, degree, db, minute, day}"),
        ("general = 10.5", "general = 4", "29:11 fault standard-thresholds-not-in-order «{ what = { zh = \"高差\", en = \"Step\" }, unit = \"mm\", worse = \"…»"),
        ("worse = \"high\"", "worse = \"low\"", "29:11 fault standard-thresholds-not-in-order «{ what = { zh = \"高差\", en = \"Step\" }, unit = \"mm\", worse = \"…»"),
        ("minor = 5, general", "general", "29:11 fault standard-thresholds-unlike-points «{ what = { zh = \"高差\", en = \"Step\" }, unit = \"mm\", worse = \"…»"),
        ("points = { general = 0.2 }", "points = {}", "44:10 fault standard-no-points «{}»"),
        ("points = { general = 0.2 }", "points = { general = 0 }", "44:10 fault standard-points-not-positive «{ general = 0 }»"),
        ("minor = 0.1, general = 0.2", "minor = 0.3, general = 0.2", "30:10 fault standard-points-not-rising «{ minor = 0.3, general = 0.2, serious = 0.4 }»"),
        ("points = { general = 0.2 }\n", "", "34:1 fault read-missing-key{key=points} «[[indicator]]» expected read-expected-table"),
        ("value = 2,", "value = 0,", "45:19 fault standard-limit-out-of-range «0»"),
        ("unit = \"work_day\" }\nserves = [\"exam\"]", "unit = \"day\" }\nserves = [\"exam\"]", "45:29 fault read-unknown-choice{text=day} «\"day\"» expected read-expected-choice{choices=work_hour, work_day, urgent_hour, urgent_day, calendar_day}"),
        ("component/0123\"", "parts/0123\"", "32:22 fault standard-bad-category «\"gb30428/parts/0123\"»"),
        ("serves = [\"exam\"]", "serves = [\"exams\"]", "46:11 fault read-unknown-choice{text=exams} «\"exams\"» expected read-expected-choice{choices=exam}"),
        ("[[aspect]]", "[[line]]\nid = \"idle\"\ntitle = { zh = \"闲\", en = \"Idle\" }\n[[aspect]]", "11:1 warning standard-unused{id=idle} «[[line]]»"),
        ("observe", "obsrve", "34:1 fault standard-observe-or-measure «[[indicator]]»\n43:1 fault read-unknown-key{key=obsrve} «obsrve» expected read-did-you-mean{key=observe}"),
    ];
    for (right, wrong, expected) in cases {
        assert_eq!(SMALL.matches(right).count(), 1, "{right}");
        let (standard, issues) = Standard::parse(&SMALL.replace(right, wrong));
        let shown: Vec<String> = issues.iter().map(Issue::to_string).collect();
        assert_eq!(shown.join("\n"), expected, "{wrong}");
        assert_eq!(standard.is_none(), expected.contains(" fault "), "{wrong}");
    }
}

#[test]
fn an_empty_file_lacks_everything() {
    let (standard, issues) = Standard::parse("");
    assert!(standard.is_none());
    let shown: Vec<String> = issues
        .iter()
        .map(|issue| issue.message.to_string())
        .collect();
    assert_eq!(
        shown,
        [
            "read-missing-key{key=months}",
            "standard-no-indicator",
            "read-missing-key{key=id}",
            "read-missing-key{key=title}",
        ]
    );
}

#[test]
fn coverage_tells_items_apart() {
    let item = |id: &str, indicators: &[&str]| OuterItem {
        id: id.into(),
        group: String::new(),
        title: Words::new("项", "Item"),
        points: None,
        indicators: indicators.iter().map(|id| (*id).into()).collect(),
    };
    let standard = small();
    let not_obtained = Coverage {
        outer: standard.outer[0].clone(),
        serving: 2,
        list: None,
    };
    assert_eq!(coverage(&standard, &[]), [not_obtained]);

    // Item 1: the list names an indicator; 2: nobody does; 4: it names one that the catalogue lacks.
    // Item 3, which the catalogue names, is not in the list.
    let items = vec![
        item("1", &["lamp-out"]),
        item("2", &[]),
        item("4", &["no-such"]),
    ];
    let list = OuterList {
        outer: "exam".into(),
        items,
    };
    let covered = coverage(&standard, std::slice::from_ref(&list))
        .remove(0)
        .list
        .unwrap();
    let by: Vec<_> = covered
        .items
        .iter()
        .map(|(item, by)| (item.id.as_str(), by.join(" ")))
        .collect();
    assert_eq!(
        by,
        [
            ("1", "lamp-out".into()),
            ("2", String::new()),
            ("4", String::new())
        ]
    );
    assert_eq!(
        covered
            .open()
            .map(|item| item.id.as_str())
            .collect::<Vec<_>>(),
        ["2", "4"]
    );
    assert_eq!(
        covered.unknown_items,
        [("exam/3".into(), "cover-step".into())]
    );

    let list = OuterList {
        outer: "exam".into(),
        items: vec![item("3", &["lamp-out"])],
    };
    let covered = coverage(&standard, &[list]).remove(0).list.unwrap();
    assert_eq!(covered.items[0].1, ["cover-step", "lamp-out"]);
    assert_eq!(covered.unknown_items, []);
}

#[test]
fn exemptions_name_indicators_of_the_catalogue() {
    let standard = Standard::parse(SHIPPED).0.unwrap();
    let text = include_str!("../../../../standards/exemptions/xianning-leaves-2021.toml");
    let (exemptions, issues) = parse_exemptions(text);
    assert_eq!(issues, []);
    let exemptions = exemptions.unwrap().exemptions;
    let places: usize = exemptions.iter().map(|one| one.sites.len()).sum();
    assert_eq!(places, 7);
    for exemption in &exemptions {
        assert_eq!(exemption.from, jiff::civil::date(2021, 11, 22));
        assert!(
            exemption
                .indicators
                .iter()
                .all(|id| standard.indicator(id).is_some())
        );
    }
    let (none, issues) = parse_exemptions("id = \"a\"\ntitle = { zh = \"甲\", en = \"a\" }\n");
    assert!(none.is_none());
    assert_eq!(issues[0].to_string(), "1:1 fault standard-no-exemption «»");
}
