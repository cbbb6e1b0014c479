//! Single values as people write them.

use assessment::month::Month;
use assessment::points::Points;
use jiff::civil::{Date, DateTime, Time};

use crate::store::plain::is_control;

/// Bytes of a free text; longer ones are refused.
pub const LONGEST_TEXT: usize = 4000;

/// Full-width letters, digits and signs as the plain ones; odd dashes and spaces too; invisible marks gone; trimmed.
pub fn plain(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\u{a0}' => ' ',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            c => c,
        })
        .collect();
    text.trim().to_owned()
}

/// A number: a decimal, also with separated thousands, a fraction or a percentage.
pub fn number(text: &str) -> Option<Points> {
    Points::parse(text)
        .ok()
        .or_else(|| Points::parse(&without_thousands(text)?).ok())
}

/// `1,234,567.5` → `1234567.5`, if the groups are right.
fn without_thousands(text: &str) -> Option<String> {
    let (whole, fraction) = text
        .split_once('.')
        .map_or((text, None), |(w, f)| (w, Some(f)));
    let mut groups = whole.trim_start_matches(['+', '-']).split(',');
    let first = groups.next()?;
    let sound = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    let whole = whole.replace(',', "");
    sound.then(|| fraction.map_or(whole.clone(), |fraction| format!("{whole}.{fraction}")))
}

/// A time as it was written: some people give the day only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    Day(Date),
    At(DateTime),
}

/// A day, however it is written; the hour is left aside.
pub fn date(text: &str) -> Option<Date> {
    match moment(text)? {
        Moment::Day(day) => Some(day),
        Moment::At(at) => Some(at.date()),
    }
}

/// `2022-12-05T09:30`, `2022/12/5 9:30:15`, `2022年12月5日 9时30分`, `2022.12.5 下午3:05`, `20221205`, or the number by
/// which a spreadsheet knows a day.
pub fn moment(text: &str) -> Option<Moment> {
    let (day, clock) = match text.split_once('日') {
        Some((day, clock)) => (day, clock),
        None => text.split_once(['T', ' ']).unwrap_or((text, "")),
    };
    let clock = clock.trim();
    match (self::day(day), clock) {
        (Some(day), "") => Some(Moment::Day(day)),
        (Some(day), clock) => Some(Moment::At(day.to_datetime(self::clock(clock)?))),
        (None, _) => serial(text),
    }
}

/// `2022-12-05`, `2022/12/5`, `2022.12.5`, `2022年12月5日`, `20221205`.
fn day(text: &str) -> Option<Date> {
    let [year, month, day] = if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        [&text[..4], &text[4..6], &text[6..]]
    } else {
        let mut parts = text
            .trim_end_matches('日')
            .split(['-', '/', '.', '年', '月']);
        let parts = [
            parts.next()?,
            parts.next()?,
            parts.next()?,
            parts.next().unwrap_or(""),
        ];
        let [year, month, day, ""] = parts else {
            return None;
        };
        [year, month, day]
    };
    let (month, day) = (digits(month.trim(), 1..=2)?, digits(day.trim(), 1..=2)?);
    // The calendar of months begins with the year 1.
    let year = digits(year, 4..=4).filter(|year| *year >= 1)?;
    Date::new(year, month as i8, day as i8).ok()
}

/// `9:30`, `09:30:15`, `9时30分`, `9时`, `下午3:30`.
fn clock(text: &str) -> Option<Time> {
    let (text, afternoon) = match (text.strip_prefix("下午"), text.strip_prefix("上午")) {
        (Some(rest), _) => (rest, true),
        (_, Some(rest)) => (rest, false),
        _ => (text, false),
    };
    let text = text.trim().trim_end_matches('秒').trim_end_matches('分');
    let mut parts = text.split([':', '时', '点', '分']);
    let hour = digits(parts.next()?, 1..=2)?;
    let minute = match parts.next()? {
        "" => 0,
        part => digits(part, 1..=2)?,
    };
    let second = match parts.next() {
        None | Some("") => 0,
        Some(part) => digits(part, 1..=2)?,
    };
    if parts.next().is_some() {
        return None;
    }
    let hour = if afternoon && hour < 12 {
        hour + 12
    } else {
        hour
    };
    Time::new(hour as i8, minute as i8, second as i8, 0).ok()
}

/// Days since the end of 1899, for days of this and the next century.
fn serial(text: &str) -> Option<Moment> {
    if !text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return None;
    }
    let days: f64 = text.parse().ok()?;
    if !(20_000.0..80_000.0).contains(&days) {
        return None;
    }
    let seconds = (days * 86_400.0).round() as i64;
    let at = Date::constant(1899, 12, 30)
        .to_datetime(Time::midnight())
        .checked_add(jiff::SignedDuration::from_secs(seconds))
        .ok()?;
    if at.time() == Time::midnight() {
        Some(Moment::Day(at.date()))
    } else {
        Some(Moment::At(at))
    }
}

/// `2022-12`, `2022/12`, `2022年12月`, `202212`, or the first day of the month, as spreadsheets make of it.
pub fn month(text: &str) -> Option<Month> {
    if let Some(Moment::Day(day)) = moment(text) {
        return (day.day() == 1).then(|| Month::of(day)).flatten();
    }
    let (year, month) = if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
        text.split_at(4)
    } else {
        text.trim_end_matches('月')
            .split_once(['-', '/', '.', '年'])?
    };
    Month::new(digits(year, 4..=4)?, digits(month.trim(), 1..=2)? as i8)
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<i16> {
    (length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// Whether no text of a person has this character.
pub fn is_odd(c: char) -> bool {
    is_control(c) || c == char::REPLACEMENT_CHARACTER
}

/// A text from elsewhere as evidence holds it, so that every file of evidence reads again: what no person writes is a space, what is
/// longer than texts are is cut off, and a sign that a spreadsheet would take for the beginning of a formula is the full-width
/// one that looks the same.
pub fn as_evidence(text: &str) -> String {
    let clean = |c: char| if is_odd(c) { ' ' } else { c };
    let mut clean: String = text.trim().chars().map(clean).collect();
    if is_live(clean.trim()) {
        let full_width = |c: char| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c);
        let mut chars = clean.trim().chars();
        let first = chars.next().map(full_width);
        clean = first.into_iter().chain(chars).collect();
    }
    clean.truncate(clean.floor_char_boundary(LONGEST_TEXT));
    clean.trim().to_owned()
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

/// The text as a spreadsheet may show it without taking it for a formula.
pub fn shown(text: &str) -> String {
    if is_live(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_in_many_shapes() {
        #[rustfmt::skip]
        let cases = [
            ("2022-12-05T09:30", "2022-12-05T09:30:00"),
            ("2022-12-05T09:30:15", "2022-12-05T09:30:15"),
            ("2022/12/5 9:30", "2022-12-05T09:30:00"),
            ("2022.12.5 9:05:07", "2022-12-05T09:05:07"),
            ("2022年12月5日 9时30分", "2022-12-05T09:30:00"),
            ("2022年12月5日9:30", "2022-12-05T09:30:00"),
            ("2022年12月5日 9时", "2022-12-05T09:00:00"),
            ("2022年12月5日 下午3:05", "2022-12-05T15:05:00"),
            ("2022年12月5日 上午9点5分8秒", "2022-12-05T09:05:08"),
            ("2022/12/5 下午12:05", "2022-12-05T12:05:00"),
            ("44900.395833333336", "2022-12-05T09:30:00"),
            ("2022年12月5日", "2022-12-05"),
            ("2022/12/5", "2022-12-05"),
            ("20221205", "2022-12-05"),
            ("44900", "2022-12-05"),
        ];
        for (text, meant) in cases {
            let shown = match moment(text) {
                Some(Moment::Day(day)) => day.to_string(),
                Some(Moment::At(at)) => at.to_string(),
                None => "nothing".into(),
            };
            assert_eq!(shown, meant, "{text}");
        }
        for text in [
            "",
            "昨天",
            "12-05",
            "5/12/2022",
            "22-12-05",
            "2022-13-01",
            "2022-02-29",
            "2022-12-05T24:00",
            "2022-12-05T9",
            "2022-12-05T09:60",
            "2022-12-05T09:30:15:1",
            "2022-12-05-06",
            "9:30",
            "1",
            "90000",
            "2022年12月",
            "2022-12-05T09:30+08:00",
            "inf",
            "NaN",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn months_come_in_many_shapes() {
        for text in [
            "2022-03",
            "2022-3",
            "2022/3",
            "2022年3月",
            "202203",
            "2022-03-01",
            "2022/3/1",
        ] {
            assert_eq!(month(text).unwrap().to_string(), "2022-03", "{text}");
        }
        for text in [
            "2022",
            "2022-13",
            "3月",
            "2022-03-02",
            "03-2022",
            "2022-0",
            "22-3",
        ] {
            assert_eq!(month(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_may_have_separated_thousands() {
        let cases = [
            ("1,234.5", "1234.5"),
            ("-12,345,678", "-12345678"),
            ("94.68", "94.68"),
            ("1/3", "1/3"),
        ];
        for (text, meant) in cases {
            assert_eq!(number(text).unwrap().to_exact_text(), meant);
        }
        for text in ["1,23", "1234,567", ",123", "1,234,5", "1.5,000", "九十"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn plain_text_has_no_full_width_signs() {
        assert_eq!(plain("\u{feff} (20)-1:30%\u{3000}"), "(20)-1:30%");
        assert_eq!(plain("咸安区\u{200b}"), "咸安区");
    }

    #[test]
    fn formulas_are_known_by_their_beginning() {
        for text in [
            "=1+1",
            "@SUM(A1)",
            "+SUM(A1)",
            "-A1",
            "-1+cmd|' /C calc'!A0",
            "\t=1",
        ] {
            assert!(is_live(text), "{text}");
            assert!(!is_live(&shown(text)));
        }
        for text in ["", "-", "-5", "+3 mm", "-0.5%", "a=b", "井盖"] {
            assert!(!is_live(text), "{text}");
            assert_eq!(shown(text), text);
        }
    }
}
