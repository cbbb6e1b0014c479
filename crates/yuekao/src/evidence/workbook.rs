//! XLSX workbooks: cached values only, within bounds that are checked before anything is read.

use std::collections::BTreeSet;
use std::io::Cursor;

use assessment::message::Message;
use calamine::{DataRef, Dimensions, ExcelDateTime, Reader, SheetVisible, Xlsx};
use csv::StringRecord;

use super::fault::RowFault;
use super::sheet::Sheet;
use super::{Refusal, bounds};

/// Cells further right are not evidence.
const WIDEST: u32 = 256;
/// Whole numbers from here on are not exact in a spreadsheet.
const INEXACT: f64 = 1e15;

/// The visible sheets of a workbook.
///
/// # Errors
/// It is larger than allowed when unpacked, protected by a password, damaged, or too wide.
pub fn sheets(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    bounds::measure(name, Cursor::new(bytes))?;
    let broken = |_| Refusal::about("evidence-not-a-workbook", name);
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let visible: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    visible
        .iter()
        .map(|sheet| read(name, &mut workbook, sheet))
        .collect()
}

fn read(name: &str, workbook: &mut Xlsx<Cursor<&[u8]>>, title: &str) -> Result<Sheet, Refusal> {
    let broken = |_| Refusal::about("evidence-not-a-workbook", name);
    let merged = workbook.merge_cells_by_sheet_name(title).map_err(broken)?;
    let shown = format!("{name}/{title}");
    let mut cells = workbook.worksheet_cells_reader(title).map_err(broken)?;
    let mut sheet = Sheet {
        name: shown.clone(),
        rows: Vec::new(),
        faults: Vec::new(),
    };
    let mut bad: BTreeSet<usize> = BTreeSet::new();
    let mut formulas: Option<(String, usize)> = None;
    let mut row: (u32, Vec<String>) = (0, Vec::new());
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(broken)? {
        let (number, column) = cell.pos;
        if number != row.0 {
            sheet.push(&mut row);
            row.0 = number;
        }
        let place = (number as usize + 1, cell_name(number, column));
        let mut reject = |key: &'static str, text: &str| {
            sheet.faults.push(RowFault {
                row: place.0,
                column: place.1.clone(),
                text: text.to_owned(),
                ..RowFault::of_sheet(&shown, Message::new(key))
            });
            bad.insert(place.0);
        };
        if cell.formula.is_some() {
            match cell.value {
                DataRef::Empty => reject("evidence-formula-without-value", ""),
                _ => formulas.get_or_insert((place.1.clone(), 0)).1 += 1,
            }
        }
        let text = match cell.value {
            DataRef::Empty => continue,
            DataRef::String(text) => text,
            DataRef::SharedString(text) => text.to_owned(),
            DataRef::Bool(on) => u8::from(on).to_string(),
            DataRef::Int(number) => number.to_string(),
            DataRef::Float(number) if number.abs() >= INEXACT || !number.is_finite() => {
                reject("evidence-inexact-number", &number.to_string());
                continue;
            }
            DataRef::Float(number) => number.to_string(),
            DataRef::DateTime(time) => time_text(time),
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text,
            DataRef::Error(error) => {
                reject("evidence-error-in-cell", &error.to_string());
                continue;
            }
        };
        if column >= WIDEST {
            return Err(Refusal(
                Message::new("evidence-too-wide")
                    .with("name", shown.as_str())
                    .with("cell", place.1),
            ));
        }
        row.1
            .resize(row.1.len().max(column as usize + 1), String::new());
        row.1[column as usize] = text;
    }
    sheet.push(&mut row);
    for range in merged {
        sheet.name_merged(&range, &mut bad);
    }
    sheet.rows.retain(|(number, _)| !bad.contains(number));
    if let Some((first, count)) = formulas {
        let message = Message::new("evidence-formulas")
            .with("cell", first)
            .with("count", count);
        sheet
            .faults
            .push(RowFault::of_sheet(&shown, message).as_warning());
    }
    Ok(sheet)
}

impl Sheet {
    fn push(&mut self, row: &mut (u32, Vec<String>)) {
        let cells = std::mem::take(&mut row.1);
        if cells.iter().any(|cell| !cell.trim().is_empty()) {
            self.rows
                .push((row.0 as usize + 1, StringRecord::from(cells)));
        }
    }

    fn name_merged(&mut self, range: &Dimensions, bad: &mut BTreeSet<usize>) {
        let (first, last) = (range.start, range.end);
        let rows = first.0 as usize + 1..=last.0 as usize + 1;
        // A merged title above the table does no harm.
        let data = |row: &&(usize, StringRecord)| {
            rows.contains(&row.0) && row.1.iter().filter(|cell| !cell.trim().is_empty()).count() > 1
        };
        if self.rows.iter().find(data).is_none() {
            return;
        }
        self.faults.push(RowFault {
            row: *rows.start(),
            column: format!(
                "{}:{}",
                cell_name(first.0, first.1),
                cell_name(last.0, last.1)
            ),
            ..RowFault::of_sheet(&self.name, Message::new("evidence-merged-cells"))
        });
        bad.extend(
            self.rows
                .iter()
                .map(|row| row.0)
                .filter(|row| rows.contains(row)),
        );
    }
}

/// `B3`.
fn cell_name(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect::<String>() + &(row + 1).to_string()
}

/// A cell formatted as a date, to the second; without a time of day if it is midnight.
fn time_text(time: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let civil = jiff::civil::DateTime::new(
        year as i16,
        month as i8,
        day as i8,
        hour as i8,
        minute as i8,
        second as i8,
        0,
    );
    let Ok(civil) = civil else {
        return time.as_f64().to_string();
    };
    let civil = if milli >= 500 {
        civil.saturating_add(jiff::SignedDuration::from_secs(1))
    } else {
        civil
    };
    if civil.time() == jiff::civil::Time::midnight() {
        civil.date().to_string()
    } else {
        assessment::facts::time_text(civil)
    }
}
