//! Deadlines against a counter that looks at every single minute.
//!
//! The counter shares nothing with the code it judges: it has its own calendar arithmetic, its own
//! table of minutes, and compares written times. `DEADLINES` says how many random cases are tried;
//! `make prove` tries a million.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::thread;

use assessment::calendar::Calendar;
use assessment::case::deadline::{Clock, Lamp, Limit, LimitUnit, Pause};
use assessment::facts::time_text;
use jiff::civil::DateTime;

const DAYS: &str = include_str!("../../../data/holidays.csv");

/// Days of a table, from 2020-01-01 on.
const SPAN: usize = 366 * 9;
const DAY: usize = 24 * 60;

/// What a host may have configured.
struct Host {
    announced_until: &'static str,
    work_day: usize,
    hours: &'static [(&'static str, &'static str)],
}

#[rustfmt::skip]
const HOSTS: [Host; 5] = [
    Host { announced_until: "2026-12-31", work_day: 480, hours: &[("2020-01-01", "08:00-12:00 14:00-18:00")] },
    Host { announced_until: "2026-12-31", work_day: 420, hours: &[("2020-01-01", "08:30-12:00 14:30-18:00"), ("2021-05-01", "08:00-12:00 15:00-18:00"), ("2021-10-01", "08:30-12:00 14:30-18:00")] },
    Host { announced_until: "2026-12-31", work_day: 480, hours: &[("2020-01-01", "09:00-12:00 12:00-17:00")] },
    Host { announced_until: "2026-12-31", work_day: 480, hours: &[("2019-01-01", "00:00-02:13 05:01-05:02 07:00-11:30 13:00-13:30 22:00-24:00")] },
    Host { announced_until: "2027-12-31", work_day: 300, hours: &[("2020-01-01", "10:00-15:00"), ("2026-09-01", "00:00-24:00")] },
];

/// One byte a minute.
const WORKED: u8 = 1;
/// It is not announced whether this minute is worked, and its day could be the other kind.
const UNSURE: u8 = 2;

/// A host's minutes.
struct Minutes {
    dates: Vec<String>,
    minutes: Vec<u8>,
}

impl Minutes {
    fn of(host: &Host) -> Self {
        let table: BTreeMap<&str, bool> = DAYS
            .lines()
            .skip(1)
            .map(|row| (&row[..10], row[11..].starts_with("makeup_workday")))
            .collect();
        let dates = dates();
        let mut minutes = vec![0; SPAN * DAY];
        for (index, date) in dates.iter().enumerate() {
            // The first day is a Wednesday.
            let weekend = matches!((index + 2) % 7, 5 | 6);
            let works = table.get(date.as_str()).copied().unwrap_or(!weekend);
            let unsure = if date.as_str() > host.announced_until {
                UNSURE
            } else {
                0
            };
            let day = &mut minutes[index * DAY..(index + 1) * DAY];
            if !works {
                day.fill(unsure);
                continue;
            }
            let (_, slots) = host
                .hours
                .iter()
                .rfind(|(from, _)| *from <= date.as_str())
                .unwrap();
            for slot in slots.split(' ') {
                let (from, to) = slot.split_once('-').unwrap();
                day[minute_of_day(from)..minute_of_day(to)].fill(WORKED | unsure);
            }
        }
        Self { dates, minutes }
    }

    fn text(&self, minute: usize) -> String {
        let (day, rest) = (minute / DAY, minute % DAY);
        format!("{}T{:02}:{:02}", self.dates[day], rest / 60, rest % 60)
    }
}

fn minute_of_day(clock: &str) -> usize {
    let (hours, minutes) = clock.split_once(':').unwrap();
    hours.parse::<usize>().unwrap() * 60 + minutes.parse::<usize>().unwrap()
}

fn dates() -> Vec<String> {
    let mut dates = vec![];
    for year in 2020.. {
        let february = if year % 4 == 0 { 29 } else { 28 };
        for (month, days) in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            .into_iter()
            .enumerate()
        {
            for day in 1..=days {
                dates.push(format!("{year}-{:02}-{day:02}", month + 1));
                if dates.len() == SPAN {
                    return dates;
                }
            }
        }
    }
    dates
}

fn calendar(host: &Host) -> Calendar {
    let mut toml = format!(
        "id = 'host'\ntitle = {{ zh = '甲', en = 'A' }}\nannounced_from = '2020-01-01'\nannounced_until = '{}'\nwork_day_minutes = {}\n",
        host.announced_until, host.work_day
    );
    for (from, slots) in host.hours {
        let slots = slots.replace(' ', "', '");
        writeln!(toml, "[[hours]]\nfrom = '{from}'\nslots = ['{slots}']").unwrap();
    }
    let (calendar, faults) = Calendar::parse(&toml, DAYS);
    calendar.unwrap_or_else(|| panic!("{faults:?}"))
}

/// Random numbers that are the same everywhere (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end as u64) as usize
    }

    /// A minute of the table, rather often one at which something begins or ends.
    fn minute(&mut self, from: usize, within: usize) -> usize {
        let minute = from + self.below(within);
        match self.below(4) {
            0 => minute / DAY * DAY + [0, 8, 9, 12, 14, 18, 22][self.below(7)] * 60,
            _ => minute,
        }
    }

    fn limit(&mut self) -> (usize, LimitUnit) {
        match self.below(5) {
            0 => (1 + self.below(40), LimitUnit::WorkHour),
            1 => (1 + self.below(15), LimitUnit::WorkDay),
            2 => (1 + self.below(72), LimitUnit::UrgentHour),
            3 => (1 + self.below(7), LimitUnit::UrgentDay),
            _ => (1 + self.below(15), LimitUnit::CalendarDay),
        }
    }
}

/// A random case, in minutes of the table.
#[derive(Debug)]
struct Trial {
    start: usize,
    limits: Vec<(usize, LimitUnit)>,
    pauses: Vec<(usize, usize)>,
    now: usize,
}

/// What there is to compare.
#[derive(Debug, PartialEq)]
struct Answer {
    at: String,
    provisional: bool,
    used: usize,
    of: usize,
    lamp: Lamp,
}

fn trial(dice: &mut Dice) -> Trial {
    let start = dice.minute(0, DAY * 366 * 8);
    let limits = (0..=dice.below(8).saturating_sub(5))
        .map(|_| dice.limit())
        .collect();
    let pauses = (0..dice.below(6).saturating_sub(2)).map(|_| {
        let from = dice.minute(start.saturating_sub(DAY), 10 * DAY);
        let long = [60, DAY, 20 * DAY][dice.below(3)];
        (from, from + dice.below(long))
    });
    let pauses = pauses.collect();
    let within = [DAY, 20 * DAY][dice.below(2)];
    let now = dice.minute(start, within);
    Trial {
        start,
        limits,
        pauses,
        now,
    }
}

fn reckoned(trial: &Trial, minutes: &Minutes, calendar: &Calendar) -> Answer {
    let at = |minute: usize| -> DateTime { minutes.text(minute).parse().unwrap() };
    let limit = |(value, unit): &(usize, LimitUnit)| Limit {
        value: *value as u32,
        unit: *unit,
    };
    let pauses = trial.pauses.iter();
    let clock = Clock {
        start: at(trial.start),
        limit: limit(&trial.limits[0]),
        pauses: pauses
            .map(|(from, until)| Pause {
                from: at(*from),
                until: at(*until),
            })
            .collect(),
        extensions: trial.limits[1..].iter().map(limit).collect(),
    };
    let deadline = clock.deadline(calendar).unwrap();
    let share = clock.used(at(trial.now), calendar).unwrap();
    assert_eq!((share.used % 60, share.of % 60), (0, 0));
    Answer {
        at: time_text(deadline.at),
        provisional: deadline.provisional,
        used: (share.used / 60) as usize,
        of: (share.of / 60) as usize,
        lamp: clock.lamp(at(trial.now), calendar).unwrap(),
    }
}

/// Minute by minute.
fn counted(trial: &Trial, minutes: &Minutes, host: &Host) -> Answer {
    let paused = |minute| {
        trial
            .pauses
            .iter()
            .any(|(from, until)| (*from..*until).contains(&minute))
    };
    let (mut minute, mut provisional, mut used, mut of) = (trial.start, false, 0, 0);
    let mut always = false;
    for (value, unit) in &trial.limits {
        let (one, all) = match unit {
            LimitUnit::WorkHour => (60, false),
            LimitUnit::WorkDay => (host.work_day, false),
            LimitUnit::UrgentHour => (60, true),
            LimitUnit::UrgentDay | LimitUnit::CalendarDay => (24 * 60, true),
        };
        always = all;
        let mut left = value * one;
        of += left;
        while left > 0 {
            let byte = minutes.minutes[minute];
            if !paused(minute) {
                provisional |= !always && byte & UNSURE != 0;
                if always || byte & WORKED != 0 {
                    left -= 1;
                    used += usize::from(minute < trial.now);
                }
            }
            minute += 1;
        }
    }
    let after = (minute..trial.now).filter(|minute| !paused(*minute));
    used += after
        .filter(|minute| always || minutes.minutes[*minute] & WORKED != 0)
        .count();
    let lamp = if trial.now > minute {
        Lamp::Red
    } else if used * 5 >= of * 4 {
        Lamp::Yellow
    } else {
        Lamp::Green
    };
    Answer {
        at: minutes.text(minute),
        provisional,
        used,
        of,
        lamp,
    }
}

#[test]
fn deadlines_agree_with_a_counter_of_minutes() {
    let cases: usize = match std::env::var("DEADLINES") {
        Ok(cases) => cases.parse().expect("DEADLINES is a number"),
        Err(_) => 20_000,
    };
    let hosts: Vec<_> = HOSTS
        .iter()
        .map(|host| (host, Minutes::of(host), calendar(host)))
        .collect();
    let threads = thread::available_parallelism().map_or(1, |cores| cores.get());
    let hosts = &hosts;
    let try_every = move |first: usize| {
        let (mut green, mut provisional) = (0, 0);
        for number in (first..cases).step_by(threads) {
            let (host, minutes, calendar) = &hosts[number % hosts.len()];
            let trial = trial(&mut Dice(number as u64));
            let answer = reckoned(&trial, minutes, calendar);
            assert_eq!(
                answer,
                counted(&trial, minutes, host),
                "case {number}: {trial:?}"
            );
            green += usize::from(answer.lamp == Lamp::Green);
            provisional += usize::from(answer.provisional);
        }
        (green, provisional)
    };
    let (green, provisional) = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| scope.spawn(move || try_every(first)))
            .collect();
        let ends = workers.into_iter().map(|worker| worker.join().unwrap());
        ends.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    });
    println!("{cases} cases agree: {green} with a green lamp, {provisional} provisional");
    // Every kind of answer came up.
    assert!(green * 10 > cases && green * 10 < cases * 9, "{green}");
    assert!(
        provisional * 100 > cases && provisional * 2 < cases,
        "{provisional}"
    );
}
