use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use assessment::facts::Facts;
use assessment::finding::{Finding, Severity, Status};
use assessment::indicator::{MeasureUnit, Method};
use assessment::month::Month;
use assessment::points::{Mode, Points};
use assessment::rules::Rules;
use assessment::scheme::Scheme;
use assessment::score::{Standing, score};
use jiff::civil::{DateTime, time};

use super::calibration as numbers;
use super::month::Demo;
use super::photo::Album;
use super::town::{Town, area_of_place};

static DEMO: LazyLock<Demo> = LazyLock::new(|| Demo::new(1, Album::unseen()).unwrap());

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn xianning(text: &str) -> Facts {
    DEMO.evidence(month(text)).of("xianning")
}

fn year(year: i16) -> Vec<(Month, Facts)> {
    (1..=12)
        .map(|number| Month::new(year, number).unwrap())
        .map(|month| (month, DEMO.evidence(month).of("xianning")))
        .collect()
}

/// Findings that count in the month, of a block.
fn counted<'a>(
    facts: &'a Facts,
    in_month: Month,
    block: &'a str,
) -> impl Iterator<Item = &'a Finding> {
    facts
        .findings
        .iter()
        .filter(move |finding| Month::of(finding.found_at.date()) == Some(in_month))
        .filter(|finding| {
            finding.excluded.is_none()
                && !finding
                    .site
                    .as_deref()
                    .is_some_and(|site| site.starts_with("leaves-"))
        })
        .filter(move |finding| DEMO.standard.indicator(&finding.indicator).unwrap().block == block)
}

fn read(month: Month) -> DateTime {
    month.plus(1).first_day().to_datetime(time(0, 0, 0, 0))
}

#[test]
fn the_findings_of_2021_are_as_many_as_were_published_and_all_rectified_in_time() {
    let months = year(2021);
    let total: usize = months
        .iter()
        .map(|(month, facts)| counted(facts, *month, "city").count())
        .sum();
    assert_eq!(total, 9833);
    for (month, facts) in &months {
        assert_eq!(counted(facts, *month, "red-property").count(), 0);
        let statuses = facts
            .findings
            .iter()
            .map(|one| Status::at(one.rectified_at, one.due_at, read(*month)));
        assert!(
            statuses
                .clone()
                .all(|status| matches!(status, Status::OnTime | Status::Pending))
        );
        assert!(
            statuses.filter(|status| *status == Status::OnTime).count() * 10
                > facts.findings.len() * 9
        );
    }
}

#[test]
fn published_months_have_their_published_headings() {
    #[rustfmt::skip]
    let cases = [
        ("2021-08", "city", 794, vec![("pavement-order", 162)]),
        ("2021-09", "city", 579, vec![
            ("pavement-order", 182), ("sanitation", 167), ("community-surroundings", 54), ("municipal-facilities", 49), ("facades", 44),
        ]),
        ("2022-07", "city", 982, vec![]),
        ("2022-08", "city", 987, vec![
            ("back-streets", 200), ("pavement-order", 176), ("facades", 169), ("sanitation", 144), ("parking", 107),
        ]),
        ("2022-07", "red-property", 685, vec![]),
        ("2022-08", "red-property", 727, vec![]),
    ];
    for (text, block, total, headings) in cases {
        let facts = xianning(text);
        let mut found = BTreeMap::<&str, usize>::new();
        for finding in counted(&facts, month(text), block) {
            *found
                .entry(&DEMO.standard.indicator(&finding.indicator).unwrap().heading)
                .or_default() += 1;
        }
        assert_eq!(found.values().sum::<usize>(), total, "{text}");
        for (heading, count) in &headings {
            assert_eq!(found[heading], *count, "{text} {heading}");
        }
        // What was published were the leading ones.
        let least = headings.iter().map(|(_, count)| *count).min().unwrap_or(0);
        let others = found.iter().filter(|(heading, _)| {
            headings.len() == 5 && headings.iter().all(|(named, _)| named != *heading)
        });
        assert!(
            others.into_iter().all(|(_, count)| *count < least),
            "{text} {found:?}"
        );
    }
}

#[test]
fn compounds_have_their_published_findings_by_kind_of_management() {
    let facts = xianning("2022-08");
    let management: BTreeMap<&str, &str> = facts
        .units
        .iter()
        .filter(|unit| unit.kind == "compound")
        .map(|unit| (unit.code.as_str(), unit.attributes["management"].as_str()))
        .collect();
    let mut found = BTreeMap::<&str, usize>::new();
    for finding in counted(&facts, month("2022-08"), "red-property") {
        *found.entry(management[finding.unit.as_str()]).or_default() += 1;
    }
    assert_eq!(
        found,
        BTreeMap::from([
            ("entrusted", 305),
            ("professional", 266),
            ("self-managed", 156)
        ])
    );
}

#[test]
fn evidence_is_the_same_every_time_and_another_seed_gives_another() {
    let digest = |seed| {
        Demo::new(seed, Album::unseen())
            .unwrap()
            .evidence(month("2022-03"))
            .of("xianning")
            .canonical()
            .digest
    };
    assert_eq!(digest(1), xianning("2022-03").canonical().digest);
    assert_ne!(digest(2), digest(1));
}

#[test]
fn every_area_and_every_township_has_findings() {
    for text in ["2021-04", "2022-11"] {
        let facts = xianning(text);
        for area in Town::areas(month(text)) {
            let count = counted(&facts, month(text), "city")
                .filter(|finding| area_of_place(&finding.unit, month(text)) == *area)
                .count();
            assert!((60..190).contains(&count), "{text} {area} {count}");
        }
        for township in &DEMO.town.townships {
            let count = counted(&facts, month(text), "city")
                .filter(|finding| finding.unit[..9] == township.code[..9])
                .count();
            assert!(count > 0, "{text} {}", township.name);
        }
    }
}

#[test]
fn rows_refer_to_rows_that_are_there_and_ids_are_unique() {
    for (series, text) in [
        ("xianning", "2021-12"),
        ("xianning", "2023-02"),
        ("departments", "2021-01"),
        ("tongcheng-communities", "2021-07"),
        ("tongcheng-handling-units", "2021-07"),
        ("tongshan-grids", "2022-02"),
        ("chongyang-departments", "2022-02"),
    ] {
        let facts = DEMO.evidence(month(text)).of(series);
        let ids = |all: Vec<&str>| {
            let unique: BTreeSet<String> = all.iter().map(|id| (*id).to_owned()).collect();
            assert_eq!(unique.len(), all.len(), "{series}");
            unique
        };
        let units = ids(facts.units.iter().map(|unit| unit.code.as_str()).collect());
        let sites = ids(facts.sites.iter().map(|site| site.id.as_str()).collect());
        let visits = ids(facts.visits.iter().map(|visit| visit.id.as_str()).collect());
        ids(facts
            .findings
            .iter()
            .map(|finding| finding.id.as_str())
            .collect());
        ids(facts.cases.iter().map(|case| case.id.as_str()).collect());
        assert!(facts.visits.len() + facts.cases.len() > 20, "{series}");
        assert!(
            facts
                .units
                .iter()
                .all(|unit| unit.parent.iter().all(|parent| units.contains(parent)))
        );
        assert!(facts.sites.iter().all(|site| units.contains(&site.unit)));
        assert!(facts.visits.iter().all(|visit| units.contains(&visit.unit)
            && visit.site.iter().all(|site| sites.contains(site))));
        for finding in &facts.findings {
            assert!(
                units.contains(&finding.unit) && visits.contains(finding.visit.as_ref().unwrap()),
                "{series}"
            );
            assert!(finding.second_unit.iter().all(|unit| units.contains(unit)));
            assert!(finding.site.iter().all(|site| sites.contains(site)));
            assert!(finding.found_at <= finding.due_at.unwrap());
        }
        assert!(facts.cases.iter().all(|case| units.contains(&case.unit)));
    }
}

#[test]
fn a_measured_value_has_the_severity_that_the_catalogue_gives_it() {
    let facts = xianning("2022-06");
    let mut measured = 0;
    for finding in &facts.findings {
        let indicator = DEMO.standard.indicator(&finding.indicator).unwrap();
        assert!(indicator.points.of(finding.severity).is_some());
        if let (Method::Measure(measure), Some(value)) = (&indicator.method, &finding.value) {
            let number = Points::parse(value.split(' ').next().unwrap()).unwrap();
            assert_eq!(
                measure.severity(&number),
                Some(finding.severity),
                "{} {value}",
                indicator.id
            );
            assert!(
                measure.unit != MeasureUnit::Piece || number.is_integer(),
                "{value}"
            );
            measured += 1;
        }
    }
    assert!(measured > 500);
}

#[test]
fn there_is_some_of_everything_that_happens_to_findings() {
    let all: Vec<Finding> = year(2022)
        .into_iter()
        .flat_map(|(month, facts)| {
            facts
                .findings
                .into_iter()
                .filter(move |finding| Month::of(finding.found_at.date()) == Some(month))
                .map(move |finding| (month, finding))
        })
        .map(|(_, finding)| finding)
        .collect();
    let share = |what: &dyn Fn(&Finding) -> bool| {
        all.iter().filter(|finding| what(finding)).count() * 1000 / all.len()
    };
    #[rustfmt::skip]
    let cases: [(&str, usize, std::ops::Range<usize>); 8] = [
        ("appealed",    share(&|one| one.excluded.as_deref() == Some("appeal")),   8..20),
        ("duplicate",   share(&|one| one.excluded.as_deref() == Some("duplicate")), 2..10),
        ("repeated",    share(&|one| one.repeated > 0),                            20..150),
        ("relapsed",    share(&|one| one.relapsed),                                5..60),
        ("failed",      share(&|one| one.failed > 0),                              5..30),
        ("second unit", share(&|one| one.second_unit.is_some()),                   10..40),
        ("by others",   share(&|one| one.found_by != assessment::finding::Finder::Agency), 40..80),
        ("serious",     share(&|one| one.severity == Severity::Serious),           50..130),
    ];
    for (what, per_mille, expected) in cases {
        assert!(
            expected.contains(&per_mille),
            "{what}: {per_mille} in a thousand"
        );
    }
}

#[test]
fn leaves_on_the_listed_streets_are_recorded_only_in_their_season() {
    let leaves = |text: &str| {
        xianning(text)
            .findings
            .iter()
            .filter(|one| {
                one.site
                    .as_deref()
                    .is_some_and(|site| site.starts_with("leaves-"))
            })
            .cloned()
            .collect::<Vec<_>>()
    };
    assert!(leaves("2021-10").is_empty());
    let november = leaves("2021-11");
    assert_eq!(november.len(), 7);
    assert!(
        november
            .iter()
            .all(|one| one.indicator == "fallen-leaves" && one.found_at.day() >= 22)
    );
    assert!(
        xianning("2021-07")
            .findings
            .iter()
            .all(|one| one.indicator != "fallen-leaves")
    );
}

#[test]
fn departments_handle_most_of_their_cases_and_not_all_alike() {
    let mut rates = Vec::new();
    for text in ["2021-02", "2022-12"] {
        let facts = DEMO.evidence(month(text)).of("departments");
        for number in 1..=numbers::DEPARTMENTS.len() {
            let unit = format!("D{number:02}");
            let load: Vec<_> = facts
                .cases
                .iter()
                .filter(|case| case.unit == unit && case.voided_at.is_none())
                .collect();
            assert!(
                (45..200).contains(&load.len()),
                "{text} {unit} {}",
                load.len()
            );
            let handled = load.iter().filter(|case| case.handled_at.is_some()).count();
            rates.push(handled * 10_000 / load.len());
        }
        assert!(
            facts.cases.iter().any(|case| case.extended > 0)
                && facts.cases.iter().any(|case| case.suspended)
        );
        assert!(
            facts.cases.iter().any(|case| case.voided_at.is_some())
                && facts.cases.iter().any(|case| case.reworked > 0)
        );
        assert!(
            facts
                .cases
                .iter()
                .any(|case| case.handled_at.is_none() && case.due_at.unwrap() < read(month(text)))
        );
    }
    rates.sort_unstable();
    assert!(rates[0] > 8_800 && rates[0] < 9_600, "{rates:?}");
    assert!(rates[rates.len() - 1] > 9_850, "{rates:?}");
}

#[test]
fn categories_are_those_of_the_data() {
    let known: BTreeSet<String> =
        csv::Reader::from_reader(include_str!("../../../../data/categories.csv").as_bytes())
            .into_records()
            .map(|row| row.unwrap())
            .map(|row| format!("{}/{}/{}", &row[0], &row[1], &row[2]))
            .collect();
    let facts = DEMO.evidence(month("2022-04"));
    for case in facts
        .of("departments")
        .cases
        .iter()
        .chain(&facts.of("tongcheng-handling-units").cases)
    {
        assert!(known.contains(&case.category), "{}", case.category);
    }
}

#[test]
fn the_redrawn_map_of_2023_has_seven_areas() {
    let units = |text: &str| DEMO.evidence(month(text)).of("xianning").units;
    let parent = |units: &[assessment::unit::Unit], code: &str| {
        units
            .iter()
            .find(|unit| unit.code == code)
            .and_then(|unit| unit.parent.clone())
    };
    let (before, after) = (units("2022-12"), units("2023-01"));
    assert_eq!(
        parent(&before, "XN-HITECH").as_deref(),
        Some("421200000000")
    );
    assert_eq!(parent(&after, "XN-HITECH"), None);
    assert_eq!(
        parent(&before, "421202003000").as_deref(),
        Some("421202000000")
    );
    assert_eq!(parent(&after, "421202003000").as_deref(), Some("XN-CENTRE"));
    assert_eq!(parent(&after, "421202570000").as_deref(), Some("XN-CENTRE"));
    let march = xianning("2023-03");
    let core = march
        .sites
        .iter()
        .find(|site| site.stratum == "jiugongshan")
        .unwrap();
    assert!(
        march
            .visits
            .iter()
            .any(|visit| visit.site.as_ref() == Some(&core.id))
    );
}

fn scheme(scheme_id: &str) -> Scheme {
    let mut schemes = super::rules::schemes().unwrap().into_iter();
    let (_, scheme) = schemes.find(|(_, scheme)| scheme.id == scheme_id).unwrap();
    scheme
}

fn standing(scheme_id: &str, text: &str) -> Standing {
    let scheme = scheme(scheme_id);
    let series = scheme.evidence.clone();
    let rules = Rules::new(scheme, Some(&DEMO.standard)).unwrap();
    let facts = DEMO.evidence(month(text)).of(&series);
    score(&rules, &facts, month(text)).unwrap_or_else(|refusal| panic!("{:?}", refusal.message()))
}

/// Units in the order of the first ranking, with their scores in hundredths.
fn board(scheme_id: &str, text: &str) -> Vec<(String, i64)> {
    let standing = standing(scheme_id, text);
    let row = |row: &assessment::ranking::Row| {
        let score = row.rounded.as_ref()? * &Points::from(100);
        Some((
            row.place?,
            standing.codes[row.participant].clone(),
            score.to_i64().unwrap(),
        ))
    };
    let mut rows: Vec<_> = standing.rankings[0].rows.iter().filter_map(row).collect();
    rows.sort();
    rows.into_iter()
        .map(|(_, code, score)| (code, score))
        .collect()
}

#[test]
fn scores_lie_as_close_as_published_ones_and_places_change() {
    let boards: Vec<_> = (0..24)
        .map(|number| month("2021-01").plus(number))
        .map(|at| {
            board(
                if at.year() == 2021 {
                    "xianning-2021"
                } else {
                    "xianning-2022"
                },
                &at.to_string(),
            )
        })
        .collect();
    for board in &boards {
        assert_eq!(board.len(), 8);
        assert!(
            board
                .iter()
                .all(|(_, score)| (8_650..9_650).contains(score)),
            "{board:?}"
        );
        assert!((100..600).contains(&(board[0].1 - board[7].1)), "{board:?}");
    }
    let closest = boards
        .iter()
        .flat_map(|board| board.windows(2).map(|pair| pair[0].1 - pair[1].1))
        .min()
        .unwrap();
    assert!(closest <= 8, "{closest}");
    for (place, least) in [(0, 3), (7, 3)] {
        let units: BTreeSet<&str> = boards.iter().map(|board| board[place].0.as_str()).collect();
        assert!(units.len() >= least, "{units:?}");
    }
    let risen = boards
        .windows(2)
        .filter(|pair| pair[0][0].0 != pair[1][0].0)
        .count();
    assert!(risen >= 6, "the first place changes {risen} times");
}

/// The mean of an item over the areas, in hundredths.
fn average(standing: &Standing, scheme_id: &str, item: &str) -> i64 {
    let scheme = scheme(scheme_id);
    let item = scheme.items.iter().position(|one| one.id == item).unwrap();
    let count = standing.codes.len();
    let sum: i64 = (0..count)
        .map(|participant| {
            let value = standing.value(item, participant).unwrap();
            (value * &Points::from(10_000))
                .round(0, Mode::HalfUp)
                .to_i64()
                .unwrap()
        })
        .sum();
    (sum + 50 * count as i64) / (100 * count as i64)
}

#[test]
fn averages_come_as_close_as_fifteen_hundredths_to_the_published_ones() {
    #[rustfmt::skip]
    let published = [
        ("2021-08", "total",        9_134),
        ("2021-09", "total",        9_316),
        ("2022-07", "city",         8_948),
        ("2022-08", "city",         8_911),
        ("2022-07", "red_property", 9_494),
        ("2022-08", "red_property", 9_464),
    ];
    let mut told = Vec::new();
    let mut wrong = 0;
    for at in (0..24).map(|number| month("2021-01").plus(number)) {
        let id = format!("xianning-{}", at.year());
        let standing = standing(&id, &at.to_string());
        let items: &[(&str, std::ops::Range<i64>)] = match at.year() {
            2021 => &[("total", 8_900..9_400)],
            _ => &[("city", 8_850..9_250), ("red_property", 9_400..9_650)],
        };
        for (item, plausible) in items {
            let average = average(&standing, &id, item);
            let close = published
                .iter()
                .find(|(month, named, _)| *month == at.to_string() && named == item)
                .map_or(plausible.clone(), |(_, _, value)| value - 15..value + 16);
            wrong += usize::from(!close.contains(&average));
            told.push(format!("{at} {item} {average} of {close:?}"));
        }
    }
    assert_eq!(wrong, 0, "{told:#?}");
}

#[test]
fn every_shipped_scheme_has_a_month_of_the_demo() {
    for (_, scheme) in super::rules::schemes().unwrap() {
        if matches!(
            scheme.id.as_str(),
            "xianning-quarter-2022" | "xianning-2020" | "xianning-2021" | "xianning-2022"
        ) {
            continue; // the quarter needs its months' results; the others are scored above or lie before the demo
        }
        let at = scheme.from.max(month("2021-01"));
        let board = board(&scheme.id, &at.to_string());
        assert!(board.len() > 5, "{}: {board:?}", scheme.id);
        let scores: BTreeSet<i64> = board.iter().map(|(_, score)| *score).collect();
        assert!(scores.len() > 2, "{}: {board:?}", scheme.id);
    }
}

#[test]
fn the_evidence_passes_the_checks_of_the_import() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in DEMO
        .evidence(month("2022-05"))
        .of("xianning")
        .canonical()
        .files
    {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let (facts, faults) = crate::evidence::folder::read(folder.path()).unwrap();
    assert!(faults.is_empty(), "{:?}", faults.first());
    assert_eq!(facts.canonical(), xianning("2022-05").canonical());
}
