//! Our side of `scripts/bench`: the standing of an open month, and the full recomputation from raw rows.
//!
//! Each line of standard input is a request, each line of standard output its answer in JSON:
//!
//! | request | what is done | answer |
//! |---|---|---|
//! | `open N…` | months with so many findings are kept open | `{}` |
//! | `arrive K` | K more findings arrive in each, one by one in turn, each time the standing is read | `{"us": […]}`: median microseconds, by month |
//! | `answers` | the standings as text | `{"answers": [{"findings": …, "text": …}]}` |
//! | `load N` | N rows are made | `{"row_bytes": …}` |
//! | `recompute` | rows to standing | `{"ms": …, "text": …, "peak_mib": …}` |

use std::{
    io::{BufRead as _, Write as _},
    num::NonZeroUsize,
    time::Instant,
};

use assessment::{
    compact::{CompactFinding, NEVER, tally},
    facts::Facts,
    finding::{Finder, Finding, Severity},
    ground::Ground,
    inspection::Visit,
    month::Month,
    points::Points,
    register::NOBODY,
    rules::Rules,
    scheme::parse,
    score::{Standing, open::Open},
    tally::Asked,
    unit::Unit,
};
use jiff::{
    ToSpan as _,
    civil::{DateTime, date},
};

const SCHEME: &str = include_str!("../../../bench/scheme.toml");
const THREADS: NonZeroUsize = NonZeroUsize::new(2).unwrap();
const UNITS: u64 = 8;
const INDICATORS: u64 = 40;
const STRATA: u64 = 5;

fn main() {
    let (scheme, issues) = parse(SCHEME);
    let scheme = scheme.unwrap_or_else(|| panic!("{issues:?}"));
    let rules = Rules::new(scheme, None).expect("the scheme brings what it needs");
    let facts = facts();
    let month = Month::new(2024, 3).expect("a month");
    let ground = || {
        let mut ground = Ground::new(&rules, &facts, month, true).expect("the scheme holds");
        for indicator in 0..INDICATORS {
            ground.register.indicators.number(&format!("i{indicator}"));
        }
        for stratum in 0..STRATA {
            ground.register.strata.number(&format!("s{stratum}"));
        }
        ground
    };
    let recompute = |rows: &[CompactFinding]| {
        let mut open = Open::new(ground()).expect("nothing is refused");
        let asked = Asked::by(&rules.scheme);
        let tally = tally(rows, &open.ground().window, &asked, THREADS);
        open.add_tally(&tally).expect("every severity has points");
        open
    };

    let mut months: Vec<(u64, Open)> = vec![];
    let mut rows = vec![];
    for request in std::io::stdin().lock().lines().map_while(Result::ok) {
        let words: Vec<_> = request.split_whitespace().collect();
        let number = |word: &str| word.parse::<u64>().expect("a number");
        let answer = match words[..] {
            ["open", ref sizes @ ..] => {
                for findings in sizes.iter().copied().map(number) {
                    let rows: Vec<_> = (0..findings).map(generated).collect();
                    months.push((findings, recompute(&rows)));
                }
                "{}".to_owned()
            }
            ["arrive", count] => {
                let mut micros = vec![vec![]; months.len()];
                for _ in 0..number(count) {
                    for ((findings, open), micros) in months.iter_mut().zip(&mut micros) {
                        let finding = finding(*findings);
                        let start = Instant::now();
                        open.add(&finding).expect("a known unit");
                        std::hint::black_box(open.standing().expect("nothing is missing"));
                        micros.push(start.elapsed().as_secs_f64() * 1e6);
                        *findings += 1;
                    }
                }
                let medians: Vec<_> = micros.into_iter().map(median).collect();
                format!("{{\"us\": {medians:?}}}")
            }
            ["answers"] => {
                let answers: Vec<_> = months
                    .iter()
                    .map(|(findings, open)| {
                        let text = text(&open.standing().expect("nothing is missing"));
                        format!("{{\"findings\": {findings}, \"text\": {text:?}}}")
                    })
                    .collect();
                format!("{{\"answers\": [{}]}}", answers.join(", "))
            }
            ["load", count] => {
                rows = (0..number(count)).map(generated).collect();
                format!("{{\"row_bytes\": {}}}", size_of::<CompactFinding>())
            }
            ["recompute"] => {
                let start = Instant::now();
                let standing = recompute(&rows).standing().expect("nothing is missing");
                let ms = start.elapsed().as_secs_f64() * 1e3;
                format!(
                    "{{\"ms\": {ms}, \"text\": {:?}, \"peak_mib\": {}}}",
                    text(&standing),
                    peak_mib()
                )
            }
            _ => panic!("not a request: {request}"),
        };
        println!("{answer}");
        std::io::stdout().flush().expect("the reader is there");
    }
}

/// Eight units, and one visit to each: the kilometres that its deductions are divided by.
fn facts() -> Facts {
    let code = |unit: u64| format!("u{unit}");
    let units = (0..UNITS).map(|unit| Unit {
        code: code(unit),
        name: code(unit),
        kind: "county".into(),
        parent: None,
        attributes: Default::default(),
    });
    let visits = (0..UNITS).map(|unit| Visit {
        id: format!("v{unit}"),
        unit: code(unit),
        site: None,
        at: date(2024, 3, 5).at(9, 0, 0, 0),
        length_m: Some(Points::from(metres(unit))),
        grades: Default::default(),
    });
    Facts {
        units: units.collect(),
        visits: visits.collect(),
        ..Facts::default()
    }
}

fn metres(unit: u64) -> i64 {
    200_000_000 + 1_000_000 * unit as i64
}

/// A row from its number alone: the same as `bench/findings.sql` makes.
fn generated(number: u64) -> CompactFinding {
    let mixed = |factor: u64, shift: u64| (number * factor + shift) % 2_147_483_647 / 1000;
    let a = mixed(48_271, 11);
    let b = mixed(69_621, 13);
    let c = mixed(39_373, 17);
    let d = mixed(62_089_911, 19);
    let e = mixed(742_938_285, 23);
    let f = mixed(950_706_376, 29);
    let g = mixed(1_226_874_159, 31);
    let h = mixed(1_343_714_438, 37);
    let k = mixed(630_360_016, 41);
    let (unit, found, days) = (a % UNITS, 1_708_387_200 + 60 * (f % 64_800), 1 + g % 7);
    CompactFinding {
        unit: unit as u32,
        second_unit: if k % 50 == 0 {
            ((unit + 1) % UNITS) as u32
        } else {
            NOBODY
        },
        found_at: found as u32,
        due_at: if g % 50 != 0 {
            (found + 86_400 * days) as u32
        } else {
            NEVER
        },
        rectified_at: match h % 100 {
            0..97 => (found + (h * 1009 + g) % (864 * days * (105 + 2 * unit))) as u32,
            _ => NEVER,
        },
        indicator: ((b % INDICATORS) * (c % INDICATORS) / INDICATORS) as u16,
        stratum: (k % STRATA) as u16,
        severity: match d % 100 {
            0..60 => Severity::Minor,
            60..90 => Severity::General,
            _ => Severity::Serious,
        },
        found_by: match e % 100 {
            0..70 => Finder::Agency,
            70..85 => Finder::Citizen,
            85..90 => Finder::Leader,
            90..94 => Finder::Media,
            94..97 => Finder::Province,
            _ => Finder::Own,
        },
        repeated: if d % 10 == 7 { (b % 4) as u8 } else { 0 },
        failed: if e % 20 == 3 { (c % 3) as u8 } else { 0 },
        relapsed: h % 40 == 5,
        excluded: k % 200 == 9,
    }
}

/// The same row as it arrives from a phone.
fn finding(number: u64) -> Finding {
    let row = generated(number);
    let time = |seconds: u32| date(1970, 1, 1).at(0, 0, 0, 0) + i64::from(seconds).seconds();
    let known = |seconds: u32| -> Option<DateTime> { (seconds != NEVER).then(|| time(seconds)) };
    Finding {
        id: format!("f{number}"),
        visit: None,
        site: None,
        unit: format!("u{}", row.unit),
        second_unit: (row.second_unit != NOBODY).then(|| format!("u{}", row.second_unit)),
        indicator: format!("i{}", row.indicator),
        severity: row.severity,
        found_by: row.found_by,
        found_at: time(row.found_at),
        due_at: known(row.due_at),
        rectified_at: known(row.rectified_at),
        repeated: row.repeated.into(),
        relapsed: row.relapsed,
        failed: row.failed.into(),
        excluded: row.excluded.then(|| "duplicate".to_owned()),
        value: None,
        place: String::new(),
        position: None,
        photos: vec![],
    }
}

/// The ranking as both sides write it: unit, place, score with two decimals.
fn text(standing: &Standing) -> String {
    let line = |row: &assessment::ranking::Row| {
        let place = row.place.expect("everybody is ranked");
        let score = row.rounded.as_ref().expect("everybody has a score");
        format!(
            "{} {place} {}\n",
            standing.codes[row.participant],
            score.display(2)
        )
    };
    standing.rankings[0].rows.iter().map(line).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The most memory that this process has had resident.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("a peak");
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().expect("kB");
    kib / 1024.0
}
