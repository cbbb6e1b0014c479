//! Single values as people write them.

use assessment::month::Month;
use jiff::civil::{Date, DateTime};

/// A time: `2022-12-05T09:30`, with seconds if any.
pub fn time(text: &str) -> Option<DateTime> {
    let (day, clock) = text.split_once(['T', ' '])?;
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 1..=2)?;
    let minute = digits(parts.next()?, 2..=2)?;
    let second = match parts.next() {
        Some(part) => digits(part, 2..=2)?,
        None => 0,
    };
    if parts.next().is_some() {
        return None;
    }
    let day = self::day(day)?;
    let time = jiff::civil::Time::new(hour as i8, minute as i8, second as i8, 0).ok()?;
    Some(day.to_datetime(time))
}

/// A day: `2022-12-05`.
pub fn day(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let year = digits(parts.next()?, 4..=4)?;
    let month = digits(parts.next()?, 1..=2)?;
    let day = digits(parts.next()?, 1..=2)?;
    if parts.next().is_some() {
        return None;
    }
    Date::new(year, month as i8, day as i8).ok()
}

/// A month: `2022-12`.
pub fn month(text: &str) -> Option<Month> {
    text.parse().ok()
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<i16> {
    (length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// Whether a spreadsheet would take the text for a formula.
pub fn is_live(text: &str) -> bool {
    match text.as_bytes() {
        [b'=' | b'@' | b'\t' | b'\r', ..] => true,
        [b'+' | b'-', digit, ..] if digit.is_ascii_digit() => text.contains(['|', '!', '(']),
        [b'+' | b'-', ..] => text.len() > 1,
        _ => false,
    }
}
