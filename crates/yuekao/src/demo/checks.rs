//! What counties check by themselves: departments, grids, handling units.

use std::collections::BTreeMap;

use assessment::facts::Facts;
use assessment::finding::{Finder, Finding, Severity};
use assessment::inspection::Visit;
use assessment::month::Month;
use jiff::ToSpan as _;
use jiff::civil::{DateTime, time};

use super::calibration::CountyUnits;
use super::cases::Handler;
use super::dice::Dice;
use super::inspection::{compact, wandered};
use super::month::Demo;

/// Categories of a county's cases.
const CATEGORIES: [&str; 5] = [
    "gb30428/event/0110",
    "gb30428/event/0112",
    "gb30428/event/0136",
    "gb30428/event/0405",
    "gb30428/component/0284",
];

/// The visits, findings and cases of one county's own evaluation, as known at `read`.
pub fn county_facts(demo: &Demo, own: &CountyUnits, month: Month, read: DateTime) -> Facts {
    let mut facts = Facts::default();
    for number in 0..own.names.len() {
        let unit = own.code(number);
        check(demo, own, &unit, own.names[number], month, read, &mut facts);
        let handler = Handler {
            unit: &unit,
            categories: &CATEGORIES,
            cases: own.cases,
            behind: 30,
        };
        facts
            .cases
            .extend(handler.load(demo.town.seed, month, read));
    }
    facts
}

fn check(
    demo: &Demo,
    own: &CountyUnits,
    unit: &str,
    name: &str,
    month: Month,
    read: DateTime,
    facts: &mut Facts,
) {
    let seed = demo.town.seed;
    let mut dice = Dice::new(seed, &format!("checks|{unit}|{month}"));
    // A good unit has half the usual, a bad one twice as much.
    let level = (100 + wandered(seed, unit, month, 25)).clamp(20, 250) as u64;
    for number in 0..own.checks {
        let day = month.first_day() + dice.between(0, 26).days();
        let at = day.to_datetime(time(8, 30, 0, 0)) + dice.between(0, 540).minutes();
        let visit = format!("K{}-{unit}-{:02}", compact(month), number + 1);
        if dice.chance(own.found_in_ten * level) {
            let indicator = demo.indicator_of_aspect(own.aspect, month, &mut dice);
            let found_at = at + 5.minutes();
            let due_at = demo
                .clock
                .due(found_at, super::calibration::longest(indicator.limit));
            let overdue = dice.chance(30);
            let minutes = found_at.duration_until(due_at).as_mins();
            let rectified_at = (!overdue)
                .then(|| found_at + (minutes * dice.between(10, 95) / 100).minutes())
                .filter(|at| *at < read);
            let severity = [Severity::General, Severity::Minor]
                [usize::from(indicator.points.of(Severity::Minor).is_some() && dice.chance(600))];
            facts.findings.push(Finding {
                id: format!("K{}-{unit}-{:02}-1", compact(month), number + 1),
                visit: Some(visit.clone()),
                site: None,
                unit: unit.to_owned(),
                second_unit: None,
                indicator: indicator.id.clone(),
                severity,
                found_by: Finder::Agency,
                found_at,
                due_at: Some(due_at),
                rectified_at,
                repeated: 0,
                relapsed: false,
                failed: 0,
                excluded: None,
                value: None,
                place: format!("{name}责任区测试巷{:02}", dice.between(1, 12)),
                position: None,
                photos: demo.photos.of(indicator, rectified_at.is_some(), &mut dice),
            });
        }
        facts.visits.push(Visit {
            id: visit,
            unit: unit.to_owned(),
            site: None,
            at,
            length_m: None,
            grades: BTreeMap::new(),
        });
    }
}
