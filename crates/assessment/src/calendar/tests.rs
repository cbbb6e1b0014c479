use super::*;

const SHIPPED: &str = include_str!("../../../../standards/calendars/xianning.toml");
const DAYS: &str = include_str!("../../../../data/holidays.csv");

/// The calendar that ships with the program.
pub(crate) fn shipped() -> Calendar {
    let (calendar, faults) = Calendar::parse(SHIPPED, DAYS);
    assert_eq!(faults, Faults::default());
    calendar.unwrap()
}

/// The shipped calendar with a line of its file replaced, or with other days.
pub(crate) fn changed(line: &str, with: &str, days: &str) -> Calendar {
    assert!(SHIPPED.contains(line), "{line}");
    let (calendar, faults) = Calendar::parse(&SHIPPED.replace(line, with), days);
    calendar.unwrap_or_else(|| panic!("{faults:?}"))
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn the_years_have_as_many_workdays_as_were_published() {
    let calendar = shipped();
    let workdays = |year: i16| {
        let days = Date::constant(year, 1, 1).series(jiff::Span::new().days(1));
        days.take_while(|day| day.year() == year)
            .filter(|day| calendar.is_workday(*day))
            .count()
    };
    #[rustfmt::skip]
    let table = [(2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)];
    for (year, count) in table {
        assert_eq!(workdays(year), count, "{year}");
    }
}

#[test]
fn a_day_says_what_it_is_and_whether_that_is_known() {
    use DayKind::*;
    let calendar = shipped();
    #[rustfmt::skip]
    let table = [
        // date,        kind,          holiday,       announced
        ("2022-01-28", Workday,       None,           true),
        ("2022-01-29", MakeupWorkday, Some("春节"),   true), // a Saturday
        ("2022-01-31", Holiday,       Some("春节"),   true), // a Monday
        ("2022-02-06", Holiday,       Some("春节"),   true), // a Sunday within the holiday
        ("2022-02-12", Weekend,       None,           true),
        ("2026-12-31", Workday,       None,           true),
        ("2027-01-01", Workday,       None,           false), // a Friday: New Year's Day is not announced yet
        ("2027-01-02", Weekend,       None,           false),
        ("2019-10-01", Workday,       None,           false), // before the first table
        ("2038-01-19", Workday,       None,           false),
        ("9999-12-31", Workday,       None,           false),
        ("-9999-01-01", Workday,      None,           false),
    ];
    for (date, kind, holiday, announced) in table {
        let (date, found) = (day_of(date), calendar.day(day_of(date)));
        assert_eq!(
            (found.kind, found.holiday, found.announced),
            (kind, holiday, announced),
            "{date}"
        );
        assert_eq!(calendar.is_workday(date), kind.is_worked());
    }
}

fn day_of(text: &str) -> Date {
    match text.strip_prefix('-') {
        Some(_) => Date::MIN,
        None => day(text),
    }
}

#[test]
fn hours_hold_from_their_date_on() {
    let summer = r#"[[hours]]
from = "2022-06-01"
slots = ["08:00-12:00", "14:30-18:30"]
[[hours]]
from = "2022-10-01"
slots = ["00:00-04:00", "04:00-06:00", "22:00-24:00"]
[[hours]]"#;
    // The first entry stands after the new ones in the text: their order is a fault.
    let (none, faults) = Calendar::parse(&SHIPPED.replace("[[hours]]", summer), DAYS);
    assert!(none.is_none());
    assert_eq!(
        faults.calendar[0].to_string(),
        "12:8 fault calendar-first-hours-late «\"2022-06-01\"»"
    );

    let summer = summer.trim_end_matches("[[hours]]");
    let calendar = changed(
        "assumed = true\n",
        &format!("assumed = true\n{summer}"),
        DAYS,
    );
    #[rustfmt::skip]
    let table = [
        ("1999-01-01", "08:00-12:00 14:00-18:00"),
        ("2022-05-31", "08:00-12:00 14:00-18:00"),
        ("2022-06-01", "08:00-12:00 14:30-18:30"),
        ("2022-09-30", "08:00-12:00 14:30-18:30"),
        ("2022-10-01", "00:00-04:00 04:00-06:00 22:00-24:00"),
        ("2038-01-19", "00:00-04:00 04:00-06:00 22:00-24:00"),
    ];
    for (date, slots) in table {
        let shown: Vec<String> = calendar
            .slots(day(date))
            .iter()
            .map(Slot::to_string)
            .collect();
        assert_eq!(shown.join(" "), slots, "{date}");
    }
}

#[test]
fn the_digest_changes_with_whatever_changes_a_deadline() {
    let calendar = shipped();
    let text = calendar.canonical_text();
    let head: Vec<&str> = text.lines().take(5).collect();
    #[rustfmt::skip]
    assert_eq!(head, [
        "calendar xianning-2026",
        "announced 2020-01-01 2026-12-31",
        "work_day_minutes 480",
        "hours 2020-01-01 08:00-12:00 14:00-18:00",
        "day 2020-01-01 holiday 元旦",
    ]);
    assert_eq!(text.lines().count(), 4 + 256);
    let reordered: Vec<&str> = DAYS
        .lines()
        .take(1)
        .chain(DAYS.lines().skip(1).collect::<Vec<_>>().into_iter().rev())
        .collect();
    let (same, _) = Calendar::parse(SHIPPED, &reordered.join("\r\n"));
    assert_eq!(same.unwrap().digest(), calendar.digest());
    #[rustfmt::skip]
    let others = [
        changed("xianning-2026", "xianning-2026-2", DAYS),
        changed("2026-12-31", "2027-12-31", DAYS),
        changed("= 480", "= 450", DAYS),
        changed("14:00-18:00", "14:30-18:30", DAYS),
        changed("id", "id", &DAYS.replace("2026-10-10,makeup_workday", "2026-10-10,holiday")),
    ];
    for other in others {
        assert_ne!(other.digest(), calendar.digest());
    }
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    #[rustfmt::skip]
    let table = [
        // in the calendar's file
        ("id = \"xianning-2026\"\n", "",                   "1:1 fault read-missing-key{key=id} «» expected read-expected-id"),
        ("\"2026-12-31\"", "\"2019-12-31\"",               "8:19 fault calendar-announced-backwards «\"2019-12-31\"»"),
        ("\"2026-12-31\"", "\"2026-13-31\"",               "8:19 fault read-bad-day «\"2026-13-31\"» expected read-expected-day"),
        ("\"2026-12-31\"", "2026-12-31",                   "8:19 fault read-found-date «2026-12-31» expected read-expected-text"),
        ("= 480", "= 0",                                   "9:20 fault calendar-bad-work-day{minutes=0} «0»"),
        ("= 480", "= 420",                                 "11:1 warning calendar-day-length-differs{minutes=480,day=420} «[[hours]]»"),
        ("work_day_minutes", "workday_minutes",            "9:1 fault read-unknown-key{key=workday_minutes} «workday_minutes» expected read-did-you-mean{key=work_day_minutes}"),
        ("[[hours]]\nfrom = \"2020-01-01\"", "[[hours]]\nfrom = \"2020-01-02\"", "12:8 fault calendar-first-hours-late «\"2020-01-02\"»"),
        ("\"14:00-18:00\"", "\"11:59-18:00\"",             "13:25 fault calendar-slots-overlap{text=11:59-18:00} «\"11:59-18:00\"»"),
        ("\"14:00-18:00\"", "\"18:00-14:00\"",             "13:25 fault calendar-bad-slot{text=18:00-14:00} «\"18:00-14:00\"» expected calendar-expected-slot"),
        ("\"14:00-18:00\"", "\"14:00-24:01\"",             "13:25 fault calendar-bad-slot{text=14:00-24:01} «\"14:00-24:01\"» expected calendar-expected-slot"),
        ("\"14:00-18:00\"", "\"14:00-17:60\"",             "13:25 fault calendar-bad-slot{text=14:00-17:60} «\"14:00-17:60\"» expected calendar-expected-slot"),
        ("\"08:00-12:00\", \"14:00-18:00\"", "",           "11:1 fault calendar-no-slots «[[hours]]»"),
        ("[[hours]]", "[[closed]]",                        "1:1 fault calendar-no-hours «»"),
    ];
    for (part, with, expected) in table {
        assert!(SHIPPED.contains(part), "{part}");
        let (_, faults) = Calendar::parse(&SHIPPED.replace(part, with), DAYS);
        let shown: Vec<String> = faults.calendar.iter().map(Issue::to_string).collect();
        assert_eq!(
            shown.first().map(String::as_str),
            Some(expected),
            "{part} → {with}"
        );
    }
    #[rustfmt::skip]
    let table = [
        // in the table of days
        ("2020-01-01,holiday,元旦", "2020-1-1,holiday,元旦",   "2:1 fault read-bad-day «2020-1-1» expected read-expected-day"),
        ("2020-01-01,holiday,元旦", "2027-01-01,holiday,元旦", "2:1 fault calendar-day-not-announced «2027-01-01»"),
        ("2020-01-01,holiday,元旦", "2020-01-01,放假,元旦",    "2:12 fault read-unknown-choice{text=放假} «放假» expected read-expected-choice{choices=holiday, makeup_workday}"),
        ("2020-01-01,holiday,元旦", "2020-01-01,holiday,",     "2:20 fault read-empty-text «»"),
        ("2020-01-19,makeup_workday", "2020-01-01,holiday",    "3:1 fault calendar-day-twice «2020-01-01»"),
        ("date,kind", "day,kind",                              "1:1 fault read-missing-column{column=date} «day,kind,name,day_type» expected read-expected-columns{columns=date,kind,name}"),
    ];
    for (part, with, expected) in table {
        assert!(DAYS.contains(part), "{part}");
        let (calendar, faults) = Calendar::parse(SHIPPED, &DAYS.replace(part, with));
        assert!(calendar.is_none());
        let shown: Vec<String> = faults.days.iter().map(Issue::to_string).collect();
        assert_eq!(shown, [expected], "{part} → {with}");
    }
}
