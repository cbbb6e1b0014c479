use proptest::prelude::*;

use super::*;
use crate::calendar::tests::{changed, shipped};

const DAYS: &str = include_str!("../../../../../data/holidays.csv");

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

/// Reads `5 work_day`.
fn limit(text: &str) -> Limit {
    let (value, unit) = text.split_once(' ').unwrap();
    Limit {
        value: value.parse().unwrap(),
        unit: LimitUnit::parse(unit).unwrap(),
    }
}

fn clock(start: &str, text: &str) -> Clock {
    Clock::new(at(start), limit(text))
}

/// The deadline, with `?` if it is provisional.
fn shown(deadline: &Deadline) -> String {
    let mark = if deadline.provisional { "?" } else { "" };
    time_text(deadline.at) + mark
}

fn ends(clock: &Clock) -> String {
    shown(&clock.deadline(&shipped()).unwrap())
}

fn explained(clock: &Clock) -> Vec<String> {
    let deadline = clock.deadline(&shipped()).unwrap();
    deadline.working.iter().map(Step::to_string).collect()
}

#[test]
fn limits_end_as_worked_by_hand() {
    #[rustfmt::skip]
    let table = [
        // start,               limit,            deadline
        ("2022-03-02T08:00",    "4 work_hour",    "2022-03-02T12:00"),    // a Wednesday: to the end of the morning, not to 14:00
        ("2022-03-02T12:00",    "2 work_hour",    "2022-03-02T16:00"),    // start at a slot's end
        ("2022-03-02T13:00",    "1 work_hour",    "2022-03-02T15:00"),    // in the rest at noon
        ("2022-03-02T06:30",    "1 work_hour",    "2022-03-02T09:00"),
        ("2022-03-02T18:00",    "1 work_hour",    "2022-03-03T09:00"),
        ("2022-03-02T11:59:30", "1 work_hour",    "2022-03-02T14:59:30"),
        ("2022-03-02T17:59:59", "1 work_day",     "2022-03-03T17:59:59"),
        ("2022-03-04T16:00",    "4 work_hour",    "2022-03-07T10:00"),    // Friday to Monday
        ("2022-03-04T17:00",    "1 work_day",     "2022-03-07T17:00"),
        ("2022-03-06T00:00",    "1 work_day",     "2022-03-07T18:00"),    // from a Sunday
        // Spring Festival 2022: 29 and 30 January are made up, 31 January to 6 February are off
        ("2022-01-28T17:00",    "2 work_day",     "2022-01-30T17:00"),
        ("2022-01-30T16:00",    "4 work_hour",    "2022-02-07T10:00"),
        ("2022-02-01T10:00",    "1 work_day",     "2022-02-07T18:00"),
        ("2022-01-30T16:00",    "1 urgent_day",   "2022-01-31T16:00"),
        ("2022-01-30T16:00",    "5 calendar_day", "2022-02-04T16:00"),
        // urgent hours over midnight
        ("2022-01-31T23:30",    "2 urgent_hour",  "2022-02-01T01:30"),
        ("2022-03-02T22:00",    "2 urgent_hour",  "2022-03-03T00:00"),
        ("2022-12-31T23:59:59", "1 urgent_hour",  "2023-01-01T00:59:59"),
        // National Day 2022: 1 to 7 October are off, 8 and 9 October are made up
        ("2022-09-30T15:00",    "5 work_day",     "2022-10-12T15:00"),
        ("2022-10-08T17:30",    "1 work_hour",    "2022-10-09T08:30"),
        ("2022-10-03T12:00",    "2 urgent_hour",  "2022-10-03T14:00"),
        // New Year, leap day
        ("2022-12-30T16:00",    "1 work_day",     "2023-01-03T16:00"),
        ("2020-02-28T12:00",    "1 calendar_day", "2020-02-29T12:00"),
        ("2021-02-28T12:00",    "1 calendar_day", "2021-03-01T12:00"),
        // into the year that is not announced yet
        ("2026-12-31T17:00",    "1 work_hour",    "2026-12-31T18:00"),
        ("2026-12-31T17:00",    "2 work_hour",    "2027-01-01T09:00?"),
        ("2026-12-31T17:00",    "9 urgent_hour",  "2027-01-01T02:00"),
        ("2026-12-31T17:00",    "3 calendar_day", "2027-01-03T17:00"),
        ("2038-01-19T03:14:07", "1 work_hour",    "2038-01-19T09:00?"),
        ("2038-01-19T03:14:07", "1 urgent_hour",  "2038-01-19T04:14:07"),
    ];
    for (start, limit, deadline) in table {
        assert_eq!(ends(&clock(start, limit)), deadline, "{start} {limit}");
    }
}

#[test]
fn a_pause_stops_the_clock() {
    type Row = (
        &'static str,
        &'static str,
        &'static [(&'static str, &'static str)],
        &'static str,
    );
    #[rustfmt::skip]
    let table: [Row; 10] = [
        // start,            limit,           pauses,                                                                             deadline
        ("2022-03-02T09:00", "4 work_hour",   &[("2022-03-02T10:00", "2022-03-02T15:00")],                                          "2022-03-02T18:00"),
        ("2022-03-02T09:00", "4 work_hour",   &[("2022-03-02T11:00", "2022-03-02T15:00"), ("2022-03-02T10:00", "2022-03-02T12:00")], "2022-03-02T18:00"), // they overlap
        ("2022-03-02T16:00", "4 work_hour",   &[("2022-03-02T18:00", "2022-03-03T08:00")],                                          "2022-03-03T10:00"), // nothing counts at night anyway
        ("2022-03-02T09:00", "1 work_hour",   &[("2022-03-02T08:00", "2022-03-02T11:00")],                                          "2022-03-02T12:00"), // begins before the start
        ("2022-03-02T08:00", "4 work_hour",   &[("2022-03-02T12:00", "2022-04-02T12:00")],                                          "2022-03-02T12:00"), // begins at the deadline
        ("2022-03-02T08:00", "4 work_hour",   &[("2022-03-02T10:00", "2022-03-02T10:00")],                                          "2022-03-02T12:00"), // of no length
        ("2022-03-02T22:00", "2 urgent_hour", &[("2022-03-02T23:00", "2022-03-03T07:00")],                                          "2022-03-03T08:00"),
        ("2022-01-28T08:00", "2 work_day",    &[("2022-01-29T08:00", "2022-02-05T12:00")],                                          "2022-02-07T18:00"), // until a day off
        ("2026-12-31T17:00", "2 work_hour",   &[("2026-12-31T17:30", "2027-01-04T08:00")],                                          "2027-01-04T09:30?"),
        ("2026-12-31T17:00", "1 work_hour",   &[("2026-12-31T17:30", "2027-12-31T18:00"), ("2028-01-01T08:00", "2028-02-01T08:00")], "2028-02-01T08:30?"),
    ];
    for (start, limit, pauses, deadline) in table {
        let clock = pauses
            .iter()
            .fold(clock(start, limit), |clock, (from, until)| {
                clock.pause(at(from), at(until))
            });
        assert_eq!(ends(&clock), deadline, "{start} {limit} {pauses:?}");
    }
    let paused = clock("2022-03-02T09:00", "4 work_hour")
        .pause(at("2022-03-02T10:00"), at("2022-03-02T15:00"));
    assert!(!paused.is_paused(at("2022-03-02T09:59:59")));
    assert!(paused.is_paused(at("2022-03-02T10:00")));
    assert!(!paused.is_paused(at("2022-03-02T15:00")));
}

#[test]
fn an_extension_begins_where_the_limit_ends() {
    #[rustfmt::skip]
    let table: [(&str, &str, &[&str], &str); 5] = [
        // start,            limit,           extensions,                      deadline
        ("2022-03-02T08:00", "1 work_day",    &["1 work_day"],                 "2022-03-03T18:00"),
        ("2022-03-02T08:00", "1 work_day",    &["1 work_day", "1 work_day"],   "2022-03-04T18:00"),
        ("2022-03-02T08:00", "4 work_hour",   &["2 urgent_hour"],              "2022-03-02T14:00"),
        ("2022-03-02T20:00", "2 urgent_hour", &["1 work_hour"],                "2022-03-03T09:00"),
        ("2022-01-30T16:00", "2 work_hour",   &["1 calendar_day", "1 work_hour"], "2022-02-07T09:00"),
    ];
    for (start, limit_text, extensions, deadline) in table {
        let clock = extensions
            .iter()
            .fold(clock(start, limit_text), |clock, by| {
                clock.extend(limit(by))
            });
        assert_eq!(
            ends(&clock),
            deadline,
            "{start} {limit_text} {extensions:?}"
        );
    }
}

#[test]
fn gross_overrun_begins_where_three_limits_end() {
    let calendar = shipped();
    let day = clock("2022-03-02T08:00", "1 work_day");
    #[rustfmt::skip]
    let table = [
        (day.clone(),                                                          GROSS, "2022-03-04T18:00"),
        (day.clone(),                                                          2,     "2022-03-03T18:00"),
        (day.clone().extend(limit("1 work_day")),                              GROSS, "2022-03-07T18:00"),
        (day.clone().pause(at("2022-03-03T08:00"), at("2022-03-04T08:00")),    GROSS, "2022-03-07T18:00"),
        (clock("2022-03-02T22:00", "2 urgent_hour"),                           GROSS, "2022-03-03T04:00"),
    ];
    for (clock, factor, deadline) in table {
        assert_eq!(shown(&clock.gross(factor, &calendar).unwrap()), deadline);
    }
    for factor in [0, 1] {
        let refused = day.gross(factor, &calendar);
        assert_eq!(refused, Err(NotReckoned::FactorTooSmall(factor)));
    }
}

#[test]
fn the_lamp_is_yellow_from_eighty_per_cent_to_the_deadline() {
    use Lamp::*;
    let calendar = shipped();
    let day = clock("2022-03-02T08:00", "1 work_day");
    let urgent = clock("2022-03-02T20:00", "10 urgent_hour");
    let paused = day
        .clone()
        .pause(at("2022-03-02T16:00"), at("2022-03-03T08:00"));
    let extended = day.clone().extend(limit("1 work_day"));
    #[rustfmt::skip]
    let table = [
        // clock,    now,                   used,            lamp
        (&day,      "2022-03-02T07:00",    "0",             Green), // before the start
        (&day,      "2022-03-02T12:00",    "1/2",           Green),
        (&day,      "2022-03-02T13:00",    "1/2",           Green), // at noon nothing counts
        (&day,      "2022-03-02T16:23:59", "23039/28800",   Green),
        (&day,      "2022-03-02T16:24",    "4/5",           Yellow),
        (&day,      "2022-03-02T18:00",    "1",             Yellow),
        (&day,      "2022-03-02T18:00:01", "1",             Red),   // after the deadline, though nothing counts
        (&day,      "2022-03-03T08:00",    "1",             Red),
        (&day,      "2022-03-03T10:00",    "5/4",           Red),
        (&urgent,   "2022-03-03T03:59:59", "28799/36000",   Green),
        (&urgent,   "2022-03-03T04:00",    "4/5",           Yellow),
        (&urgent,   "2022-03-03T06:00",    "1",             Yellow),
        (&urgent,   "2022-03-03T06:00:01", "36001/36000",   Red),
        (&paused,   "2022-03-02T17:30",    "3/4",           Green), // suspended
        (&paused,   "2022-03-03T10:00",    "1",             Yellow),
        (&extended, "2022-03-02T18:00",    "1/2",           Green),
        (&extended, "2022-03-03T14:48",    "4/5",           Yellow),
        (&extended, "2022-03-04T09:00",    "17/16",         Red),
    ];
    for (clock, now, used, lamp) in table {
        let share = clock.used(at(now), &calendar).unwrap();
        let ratio: Points = used.parse().unwrap();
        assert_eq!(share.ratio(), ratio, "{clock:?} {now}");
        assert_eq!(clock.lamp(at(now), &calendar).unwrap(), lamp, "{now}");
    }
}

#[test]
fn the_working_tells_how_it_was_reckoned() {
    #[rustfmt::skip]
    assert_eq!(explained(&clock("2022-01-28T17:00", "3 work_day")), [
        "2022-01-28T17:00 2022-01-28T18:00 workday total 1:00",
        "2022-01-29T08:00 2022-01-29T12:00 make-up workday 春节 total 5:00",
        "2022-01-29T14:00 2022-01-29T18:00 make-up workday 春节 total 9:00",
        "2022-01-30T08:00 2022-01-30T12:00 make-up workday 春节 total 13:00",
        "2022-01-30T14:00 2022-01-30T18:00 make-up workday 春节 total 17:00",
        "2022-01-31T00:00 2022-02-07T00:00 holiday 春节 total 17:00",
        "2022-02-07T08:00 2022-02-07T12:00 workday total 21:00",
        "2022-02-07T14:00 2022-02-07T17:00 workday total 24:00",
    ]);
    let suspended = clock("2022-03-05T10:00:30", "6 work_hour")
        .pause(at("2022-03-07T09:00"), at("2022-03-10T16:00"));
    #[rustfmt::skip]
    assert_eq!(explained(&suspended), [
        "2022-03-05T10:00:30 2022-03-07T00:00 weekend total 0:00",
        "2022-03-07T08:00 2022-03-07T09:00 workday total 1:00",
        "2022-03-07T09:00 2022-03-10T16:00 paused total 1:00",
        "2022-03-10T16:00 2022-03-10T18:00 workday total 3:00",
        "2022-03-11T08:00 2022-03-11T11:00 workday total 6:00",
    ]);
    let urgent = clock("2022-03-05T23:00", "2 urgent_hour")
        .extend(limit("1 urgent_hour"))
        .extend(limit("1 work_hour"));
    #[rustfmt::skip]
    assert_eq!(explained(&urgent), [
        "2022-03-05T23:00 2022-03-06T02:00 clock runs total 3:00",
        "2022-03-06T02:00 2022-03-07T00:00 weekend total 3:00",
        "2022-03-07T08:00 2022-03-07T09:00 workday total 4:00",
    ]);
    #[rustfmt::skip]
    assert_eq!(explained(&clock("2026-12-31T17:59:59", "1 work_hour")), [
        "2026-12-31T17:59:59 2026-12-31T18:00 workday total 0:00:01",
        "2027-01-01T08:00 2027-01-01T08:59:59 workday? total 1:00",
    ]);
}

#[test]
fn slots_that_touch_are_worked_through() {
    let calendar = changed("12:00\", \"14:00-18:00", "12:00\", \"12:00-16:00", DAYS);
    #[rustfmt::skip]
    let table = [
        ("2022-03-02T11:00", "2 work_hour", "2022-03-02T13:00"),
        ("2022-03-02T12:00", "1 work_hour", "2022-03-02T13:00"),
        ("2022-03-02T08:00", "1 work_day",  "2022-03-02T16:00"),
        ("2022-03-02T16:00", "1 work_hour", "2022-03-03T09:00"),
    ];
    for (start, limit, deadline) in table {
        let reckoned = clock(start, limit).deadline(&calendar).unwrap();
        assert_eq!(shown(&reckoned), deadline, "{start} {limit}");
        assert_eq!(reckoned.working.len(), 1);
    }
}

#[test]
fn hours_that_change_and_short_days_count_as_they_are() {
    let summer = "assumed = true\n[[hours]]\nfrom = \"2022-06-01\"\nslots = [\"08:00-12:00\", \"15:00-18:00\"]\n";
    let summer = changed("assumed = true\n", summer, DAYS);
    let seven = changed("work_day_minutes = 480", "work_day_minutes = 420", DAYS);
    #[rustfmt::skip]
    let table = [
        (&summer, "2022-05-31T16:00", "8 work_hour", "2022-06-01T17:00"), // 2 h in May, 4 h and 2 h in June
        (&summer, "2022-05-31T18:00", "1 work_day",  "2022-06-02T09:00"), // eight hours take more than a day of seven
        (&seven,  "2022-03-02T08:00", "1 work_day",  "2022-03-02T17:00"),
        (&seven,  "2022-03-02T08:00", "8 work_hour", "2022-03-02T18:00"),
    ];
    for (calendar, start, limit, deadline) in table {
        let reckoned = clock(start, limit).deadline(calendar).unwrap();
        assert_eq!(shown(&reckoned), deadline, "{start} {limit}");
    }
}

#[test]
fn what_cannot_be_reckoned_is_refused() {
    let calendar = shipped();
    let pause = Pause {
        from: at("2022-03-02T10:00"),
        until: at("2022-03-02T09:00"),
    };
    let backwards = clock("2022-03-02T09:00", "1 work_hour").pause(pause.from, pause.until);
    #[rustfmt::skip]
    let table = [
        (clock("2022-03-02T08:00", "0 work_hour"),                                NotReckoned::NoTime),
        (clock("2022-03-02T08:00", "1 work_hour").extend(limit("0 work_hour")),   NotReckoned::NoTime),
        (clock("2022-03-02T08:00", "4294967295 work_day"),                        NotReckoned::TooFar),
        (clock("2022-03-02T08:00", "4294967295 calendar_day"),                    NotReckoned::TooFar),
        (clock("2022-03-02T08:00", "36601 urgent_day"),                           NotReckoned::TooFar),
        (clock("9999-12-31T22:00", "2 urgent_hour"),                              NotReckoned::TooFar),
        (clock("9999-12-31T17:30", "1 work_hour"),                                NotReckoned::TooFar),
        (clock("2022-03-02T08:00", "5 work_hour").pause(at("2022-03-02T09:00"), at("9999-12-31T23:59")), NotReckoned::TooFar),
        (backwards,                                                               NotReckoned::PauseBackwards(pause)),
    ];
    for (clock, refusal) in table {
        assert_eq!(clock.deadline(&calendar), Err(refusal), "{clock:?}");
        assert_eq!(clock.used(clock.start, &calendar), Err(refusal));
        assert_eq!(clock.lamp(clock.start, &calendar), Err(refusal));
    }
    let gross = clock("2022-03-02T08:00", "4294967295 work_hour").gross(3, &calendar);
    assert_eq!(gross, Err(NotReckoned::TooFar));
}

#[test]
fn a_holiday_announced_later_moves_what_it_touches() {
    let before = shipped();
    let days = format!(
        "{DAYS}2027-01-01,holiday,元旦,statutory\n2027-01-02,holiday,元旦,weekend\n2027-01-03,holiday,元旦,weekend\n"
    );
    let after = changed(
        "announced_until = \"2026-12-31\"",
        "announced_until = \"2027-12-31\"",
        &days,
    );
    #[rustfmt::skip]
    let table = [
        // start,            limit,           before,              after
        ("2026-12-31T14:00", "4 work_hour",   "2026-12-31T18:00",  None),
        ("2026-12-31T17:00", "2 work_hour",   "2027-01-01T09:00?", Some(("2027-01-04T09:00", true))),
        ("2027-01-05T08:00", "1 work_day",    "2027-01-05T18:00?", Some(("2027-01-05T18:00", false))), // only certain now
        ("2026-12-31T17:00", "2 urgent_day",  "2027-01-02T17:00",  None),
    ];
    for (start, limit, first, second) in table {
        let clock = clock(start, limit);
        assert_eq!(ends(&clock), first);
        let changed = clock.recompute(&before, &after).unwrap();
        let told = changed.as_ref().map(|changed| {
            assert_eq!(shown(&changed.before), first);
            (shown(&changed.after), changed.moved())
        });
        let told = told.as_ref().map(|(after, moved)| (after.as_str(), *moved));
        assert_eq!(told, second, "{start} {limit}");
    }
}

fn any_unit() -> impl Strategy<Value = LimitUnit> {
    let units: Vec<LimitUnit> = LimitUnit::WORDS.iter().map(|(_, unit)| *unit).collect();
    proptest::sample::select(units)
}

fn any_limit() -> impl Strategy<Value = Limit> {
    (1u32..20, any_unit()).prop_map(|(value, unit)| Limit { value, unit })
}

/// A moment from late 2021 to early 2028, to the second.
fn any_time() -> impl Strategy<Value = DateTime> {
    (0i64..200_000_000)
        .prop_map(|later| at("2021-10-01T00:00") + jiff::SignedDuration::from_secs(later))
}

prop_compose! {
    fn any_clock()(
        start in any_time(),
        limit in any_limit(),
        pauses in proptest::collection::vec((-100_000i64..1_000_000, 0i64..1_000_000), 0..4),
        extensions in proptest::collection::vec(any_limit(), 0..3),
    ) -> Clock {
        let later = |seconds| start + jiff::SignedDuration::from_secs(seconds);
        let pauses = pauses
            .into_iter()
            .map(|(from, long)| Pause { from: later(from), until: later(from + long) })
            .collect();
        Clock { start, limit, pauses, extensions }
    }
}

proptest! {
    #[test]
    fn at_the_deadline_all_is_used_and_then_it_is_late(clock in any_clock()) {
        let calendar = shipped();
        let deadline = clock.deadline(&calendar).unwrap();
        let second = jiff::SignedDuration::from_secs(1);
        let share = clock.used(deadline.at, &calendar).unwrap();
        prop_assert_eq!(share.used, share.of);
        prop_assert_eq!(clock.lamp(deadline.at, &calendar).unwrap(), Lamp::Yellow);
        prop_assert_eq!(clock.lamp(deadline.at + second, &calendar).unwrap(), Lamp::Red);
        let just = clock.used(deadline.at - second, &calendar).unwrap();
        prop_assert_eq!(just.used + 1, just.of);
        let yellow = clock.yellow_from(&calendar).unwrap();
        prop_assert_eq!(clock.lamp(yellow, &calendar).unwrap(), Lamp::Yellow);
        prop_assert_eq!(clock.lamp(yellow - second, &calendar).unwrap(), Lamp::Green);
    }

    #[test]
    fn the_working_adds_up(clock in any_clock()) {
        let calendar = shipped();
        let deadline = clock.deadline(&calendar).unwrap();
        let steps = &deadline.working;
        let last = steps.last().unwrap();
        prop_assert_eq!(last.to, deadline.at);
        prop_assert_eq!(last.total, clock.used(clock.start, &calendar).unwrap().of);
        prop_assert_eq!(last.total, steps.iter().map(Step::counted).sum::<i64>());
        prop_assert!(steps[0].from >= clock.start);
        prop_assert!(steps.iter().all(|step| step.from < step.to));
        prop_assert!(steps.windows(2).all(|two| two[0].to <= two[1].from));
        prop_assert_eq!(deadline.provisional, steps.iter().any(|step| !step.announced));
        for step in steps.iter().filter(|step| step.counted() > 0) {
            prop_assert!(!clock.is_paused(step.from));
        }
    }

    #[test]
    fn more_time_never_ends_earlier(clock in any_clock(), by in any_limit(), later in 0i64..1_000_000) {
        let calendar = shipped();
        let ends = |clock: &Clock| clock.deadline(&calendar).unwrap().at;
        let base = ends(&clock);
        let moved = jiff::SignedDuration::from_secs(later);
        prop_assert!(ends(&clock.clone().extend(by)) > base);
        prop_assert!(clock.gross(GROSS, &calendar).unwrap().at > base);
        prop_assert!(ends(&clock.clone().pause(clock.start, clock.start + moved)) >= base);
        let later = Clock { start: clock.start + moved, ..clock.clone() };
        prop_assert!(ends(&later) >= base);
    }

    #[test]
    fn an_extension_in_the_same_unit_is_a_longer_limit(clock in any_clock(), more in 1u32..20) {
        let calendar = shipped();
        let clock = Clock { extensions: vec![], ..clock };
        let by = Limit { value: more, ..clock.limit };
        let longer = Limit { value: clock.limit.value + more, ..clock.limit };
        let longer = Clock { limit: longer, ..clock.clone() }.deadline(&calendar).unwrap();
        prop_assert_eq!(clock.extend(by).deadline(&calendar).unwrap(), longer);
    }

    #[test]
    fn any_year_and_any_number_is_reckoned_or_refused(
        (year, month, day) in (-9999i16..=9999, 1i8..=12, 1i8..=28),
        value: u32,
        unit in any_unit(),
        pause in 0i64..4_000_000_000,
        factor in 0u32..5,
    ) {
        let calendar = shipped();
        let start = jiff::civil::date(year, month, day).at(9, 30, 15, 999_999_999);
        let until = start.saturating_add(jiff::SignedDuration::from_secs(pause));
        for value in [value % 100, value] {
            let clock = Clock::new(start, Limit { value, unit }).pause(start, until);
            if let Ok(deadline) = clock.deadline(&calendar) {
                prop_assert!(deadline.at >= start);
                prop_assert_eq!(clock.lamp(start, &calendar), Ok(Lamp::Green));
            }
            let _ = clock.gross(factor, &calendar);
        }
    }
}
