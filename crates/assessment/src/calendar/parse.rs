//! Reads a calendar's two files, and says everything that is wrong with them at once.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Calendar, Dated, Faults, Hours, Slot};
use crate::issue::Severity;
use crate::message::{Message, Words};
use crate::read::sheet::Sheet;
use crate::read::{Reader, Spanned, Table};

/// Eight hours.
const WORK_DAY: i64 = 480;

pub(super) fn calendar(toml: &str, days: &str) -> (Option<Calendar>, Faults) {
    let reader = Reader::new(toml);
    let head = reader.root().and_then(head);
    let sheet = Sheet::new(days, &["date", "kind", "name"]);
    let days = table(&sheet, head.as_ref());
    let sound = !reader.has_faults() && !sheet.has_faults();
    let faults = Faults {
        calendar: reader.into_issues(),
        days: sheet.into_issues(),
    };
    let calendar = head.filter(|_| sound).map(|head| Calendar { days, ..head });
    (calendar, faults)
}

/// Everything but the days.
fn head(root: Table) -> Option<Calendar> {
    let id = root.id("id");
    let title = root.words("title");
    let from = day(&root, "announced_from");
    let until = day(&root, "announced_until");
    if let (Some(from), Some(until)) = (&from, &until)
        && until.value < from.value
    {
        root.reader()
            .fault(&until.at, Message::new("calendar-announced-backwards"));
    }
    let work_day = work_day(&root);
    let hours = hours(&root, from.as_ref(), work_day);
    root.finish();
    Some(Calendar {
        id: id?.value,
        title: title.map_or_else(|| Words::new("", ""), |title| title.value),
        announced_from: from?.value,
        announced_until: until?.value,
        work_day_minutes: work_day?,
        hours: Some(hours).filter(|hours| !hours.is_empty())?,
        days: BTreeMap::new(),
    })
}

fn work_day(root: &Table) -> Option<u32> {
    if !root.has("work_day_minutes") {
        return Some(WORK_DAY as u32);
    }
    let minutes = root.integer("work_day_minutes")?;
    if (1..=1440).contains(&minutes.value) {
        return Some(minutes.value as u32);
    }
    let message = Message::new("calendar-bad-work-day").with("minutes", minutes.value);
    root.reader().fault(&minutes.at, message);
    None
}

fn hours(
    root: &Table,
    announced_from: Option<&Spanned<Date>>,
    work_day: Option<u32>,
) -> Vec<Hours> {
    let mut all: Vec<Hours> = vec![];
    let tables = root.tables("hours");
    if tables.is_empty() {
        root.reader()
            .fault(root.span(), Message::new("calendar-no-hours"));
    }
    for table in tables {
        let reader = table.reader();
        let from = day(&table, "from");
        let slots = slots(&table);
        // Where they come from, for those who read the file.
        table.opt_text("source");
        table.opt_boolean("assumed");
        if let Some(from) = &from {
            let late = announced_from.is_some_and(|first| from.value > first.value);
            if all.is_empty() && late {
                let message = Message::new("calendar-first-hours-late");
                reader.fault(&from.at, message);
            }
            if all.last().is_some_and(|before| from.value <= before.from) {
                reader.fault(&from.at, Message::new("calendar-hours-out-of-order"));
            }
        }
        let minutes: u32 = slots.iter().map(|slot| slot.minutes()).sum();
        if let Some(day) = work_day.filter(|day| *day != minutes && !reader.has_faults()) {
            let message = Message::new("calendar-day-length-differs")
                .with("minutes", i64::from(minutes))
                .with("day", i64::from(day));
            reader.warning(table.span(), message);
        }
        if let (Some(from), false) = (from, slots.is_empty()) {
            let from = from.value;
            all.push(Hours { from, slots });
        }
        table.finish();
    }
    all
}

/// In the order of the file, which must be that of the day.
fn slots(table: &Table) -> Vec<Slot> {
    let reader = table.reader();
    let texts = table.strings("slots");
    if texts.is_empty() && !reader.has_faults() {
        reader.fault(table.span(), Message::new("calendar-no-slots"));
    }
    let mut slots: Vec<Slot> = vec![];
    for text in texts {
        let Some(slot) = slot(&text.value) else {
            let expected = Some(Message::new("calendar-expected-slot"));
            let message = Message::new("calendar-bad-slot").with("text", text.value.as_str());
            reader.report(Severity::Fault, &text.at, message, expected);
            continue;
        };
        if slots.last().is_some_and(|before| slot.from < before.to) {
            let message = Message::new("calendar-slots-overlap").with("text", text.value.as_str());
            reader.fault(&text.at, message);
        }
        slots.push(slot);
    }
    slots
}

/// Reads `08:00-12:00`; a day ends at `24:00`.
fn slot(text: &str) -> Option<Slot> {
    let clock = |text: &str| {
        let (hours, minutes) = text.trim().split_once(':')?;
        let number = |text: &str| -> Option<u16> {
            let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().ok())?
        };
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        let of_day = hours * 60 + minutes;
        (minutes < 60 && of_day <= 1440).then_some(of_day)
    };
    let (from, to) = text.split_once(['-', '–'])?;
    let (from, to) = (clock(from)?, clock(to)?);
    (from < to).then_some(Slot { from, to })
}

fn day(table: &Table, key: &str) -> Option<Spanned<Date>> {
    let text = table.text(key)?;
    match date(&text) {
        Some(date) => Some(text.map(|_| date)),
        None => {
            let expected = Some(Message::new("read-expected-day"));
            let message = Message::new("read-bad-day");
            table
                .reader()
                .report(Severity::Fault, &text.at, message, expected);
            None
        }
    }
}

/// Reads `2022-02-01` and nothing else.
fn date(text: &str) -> Option<Date> {
    let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    plain.then(|| text.parse().ok())?
}

/// The published days, each within the announced dates.
fn table(sheet: &Sheet, head: Option<&Calendar>) -> BTreeMap<Date, Dated> {
    let mut days = BTreeMap::new();
    for row in sheet.rows() {
        let cell = row.cell("date");
        let date = date(cell);
        if date.is_none() {
            let expected = Some(Message::new("read-expected-day"));
            sheet.report(&cell.at, Message::new("read-bad-day"), expected);
        }
        let kind = row.cell("kind");
        let works = match kind.as_str() {
            "holiday" => Some(false),
            "makeup_workday" => Some(true),
            other => {
                let message = Message::new("read-unknown-choice").with("text", other);
                let expected =
                    Message::new("read-expected-choice").with("choices", "holiday, makeup_workday");
                sheet.report(&kind.at, message, Some(expected));
                None
            }
        };
        let name = row.text("name");
        let (Some(date), Some(works), Some(name)) = (date, works, name) else {
            continue;
        };
        if head.is_some_and(|calendar| !calendar.is_announced(date)) {
            sheet.fault(&cell.at, Message::new("calendar-day-not-announced"));
        }
        let name = name.value.clone();
        if days.insert(date, Dated { works, name }).is_some() {
            sheet.fault(&cell.at, Message::new("calendar-day-twice"));
        }
    }
    days
}
