//! The calendar month, the clock of an evaluation.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A month of the civil calendar, from 0001-01 to 9999-12.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    month: i8,
}

/// The text is not a month written like `2022-03`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAMonth;

const FIRST: i32 = 12;
const LAST: i32 = 9999 * 12 + 11;

impl Month {
    /// `None` if the year is not 1–9999 or the month not 1–12.
    pub fn new(year: i16, month: i8) -> Option<Self> {
        ((1..=9999).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// The month in which a day lies; `None` before the year 1.
    pub fn of(day: Date) -> Option<Self> {
        Self::new(day.year(), day.month())
    }

    /// 1–9999.
    pub fn year(self) -> i16 {
        self.year
    }

    /// 1–12.
    pub fn month(self) -> i8 {
        self.month
    }

    /// The quarter of the year, 1–4.
    pub fn quarter(self) -> i8 {
        (self.month - 1) / 3 + 1
    }

    /// The month `months` later (earlier if negative); stops at the ends of the calendar.
    pub fn plus(self, months: i32) -> Self {
        let index = self.index().saturating_add(months).clamp(FIRST, LAST);
        Self {
            year: (index / 12) as i16,
            month: (index % 12 + 1) as i8,
        }
    }

    /// How many months this one is after `earlier`; negative if it is before.
    pub fn months_since(self, earlier: Self) -> i32 {
        self.index() - earlier.index()
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        Date::constant(self.year, self.month, 1)
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }

    fn index(self) -> i32 {
        i32::from(self.year) * 12 + i32::from(self.month) - 1
    }
}

/// Reads `2022-03`: four digits, a hyphen, two digits.
impl fmt::Display for NotAMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("2022-03")
    }
}

impl std::error::Error for NotAMonth {}

impl FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let digits = |part: &str, count| {
            (part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| part.parse().ok())
                .flatten()
        };
        let (year, month) = text.split_once('-').ok_or(NotAMonth)?;
        let year: i16 = digits(year, 4).ok_or(NotAMonth)?;
        let month: i16 = digits(month, 2).ok_or(NotAMonth)?;
        Self::new(year, month as i8).ok_or(NotAMonth)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn only_year_and_month_with_a_hyphen_is_a_month() {
        for text in ["2022-03", "0001-01", "9999-12"] {
            assert_eq!(month(text).to_string(), text);
        }
        for text in [
            "",
            "2022",
            "2022-3",
            "2022-13",
            "2022-00",
            "0000-01",
            "22-03",
            "2022-03-01",
            "+022-03",
            "2022/03",
            "2022年3月",
            "\u{ff12}022-03",
        ] {
            assert_eq!(text.parse::<Month>(), Err(NotAMonth), "{text}");
        }
    }

    #[test]
    fn quarters_and_days() {
        #[rustfmt::skip]
        let cases = [
            ("2022-01", 1, "2022-01-31"),
            ("2022-03", 1, "2022-03-31"),
            ("2022-04", 2, "2022-04-30"),
            ("2022-09", 3, "2022-09-30"),
            ("2022-12", 4, "2022-12-31"),
            ("2024-02", 1, "2024-02-29"),
            ("2100-02", 1, "2100-02-28"),
        ];
        for (text, quarter, last) in cases {
            assert_eq!(month(text).quarter(), quarter, "{text}");
            assert_eq!(month(text).last_day().to_string(), last);
            assert_eq!(month(text).first_day().to_string(), format!("{text}-01"));
            assert_eq!(Month::of(month(text).last_day()), Some(month(text)));
        }
    }

    #[test]
    fn months_pass_over_the_year_and_stop_at_the_ends() {
        assert_eq!(month("2021-12").plus(1), month("2022-01"));
        assert_eq!(month("2022-01").plus(-13), month("2020-12"));
        assert_eq!(month("0001-02").plus(i32::MIN), month("0001-01"));
        assert_eq!(month("2022-01").plus(i32::MAX), month("9999-12"));
        assert_eq!(month("2022-03").months_since(month("2021-12")), 3);
    }

    proptest! {
        #[test]
        fn plus_undoes_months_since(year in 1000i16..3000, m in 1i8..=12, n in -9000i32..9000) {
            let start = Month::new(year, m).unwrap();
            prop_assert_eq!(start.plus(n).months_since(start), n);
            prop_assert_eq!(start.plus(n).plus(-n), start);
            prop_assert_eq!(start.plus(n) > start, n > 0);
        }
    }
}
