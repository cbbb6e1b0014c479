//! Empty sheets to fill in, and filled ones for people: a workbook with a sheet for each kind, or CSV.

use assessment::facts::Facts;
use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::kind::{Column, Kind, NOTE};
use super::value;
use crate::words::Language;

/// Rows that closed words are offered in.
const OFFERED: u32 = 5_000;
/// Rows of the header: codes, then headings.
const HEADER: u32 = 2;

/// A workbook with an empty sheet for each kind, an example in each, and a sheet of notes.
///
/// # Errors
/// Those of the writer.
pub fn workbook(kinds: &[Kind], language: Language) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    for kind in kinds {
        let sheet = headed(workbook.add_worksheet(), *kind, language)?;
        let grey = Format::new().set_italic().set_font_color(Color::Gray);
        for (at, example) in example(*kind, language).iter().enumerate() {
            sheet.write_string_with_format(HEADER, at as u16, example, &grey)?;
        }
    }
    notes(workbook.add_worksheet(), kinds, language)?;
    workbook.save_to_buffer()
}

/// An empty CSV sheet with its example. It begins with a byte order mark: spreadsheet programs then read it as UTF-8.
pub fn csv(kind: Kind, language: Language) -> String {
    let codes: Vec<String> = kind
        .columns()
        .iter()
        .map(|column| column.code.to_owned())
        .chain([NOTE.to_owned()])
        .collect();
    let rows = [codes, headings(kind, language), example(kind, language)];
    let mut text = String::from("\u{feff}");
    for row in rows {
        let cells = row.iter().map(|cell| quoted(&value::shown(cell)));
        text += &cells.collect::<Vec<_>>().join(",");
        text.push('\n');
    }
    text
}

/// Facts as a workbook for people; nothing in it is a formula. `synthetic` is written above every sheet if given.
///
/// # Errors
/// Those of the writer.
pub fn filled(
    facts: &Facts,
    synthetic: Option<&str>,
    language: Language,
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    for (kind, rows) in Kind::FACTS.into_iter().zip(facts.rows()) {
        let sheet = headed(workbook.add_worksheet(), kind, language)?;
        if let Some(synthetic) = synthetic {
            sheet.set_header(format!("&C{synthetic}"));
            let note = kind.columns().len() as u16;
            sheet.write_string(0, note + 1, synthetic)?;
        }
        for (number, row) in (HEADER..).zip(rows) {
            for (at, cell) in row.iter().enumerate() {
                sheet.write_string(number, at as u16, value::shown(cell))?;
            }
        }
    }
    workbook.save_to_buffer()
}

fn headed<'w>(
    sheet: &'w mut Worksheet,
    kind: Kind,
    language: Language,
) -> Result<&'w mut Worksheet, XlsxError> {
    sheet.set_name(kind.title(language))?;
    let code = Format::new().set_font_size(9).set_font_color(Color::Gray);
    let heading = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00E8_EEF4))
        .set_align(FormatAlign::Center);
    let text = Format::new().set_num_format("@");
    for (at, title) in headings(kind, language).iter().enumerate() {
        let at = at as u16;
        let column = kind.columns().get(usize::from(at));
        sheet.write_string_with_format(0, at, column.map_or(NOTE, |column| column.code), &code)?;
        sheet.write_string_with_format(1, at, title, &heading)?;
        sheet.set_column_width(at, 16)?;
        // Codes keep their leading zeros, times what was typed.
        sheet.set_column_format(at, &text)?;
        if let Some(column) = column.filter(|column| !column.choices.is_empty()) {
            let words: Vec<&str> = column
                .choices
                .iter()
                .map(|choice| word(choice, language))
                .collect();
            let offered = DataValidation::new()
                .allow_list_strings(&words)?
                .ignore_blank(true);
            sheet.add_data_validation(HEADER, at, OFFERED, at, &offered)?;
        }
    }
    sheet.set_freeze_panes(HEADER, 0)?;
    Ok(sheet)
}

fn notes(sheet: &mut Worksheet, kinds: &[Kind], language: Language) -> Result<(), XlsxError> {
    sheet.set_name(language.word("evidence-notes"))?;
    let bold = Format::new().set_bold();
    let mut row = 0;
    for line in [
        "how",
        "required",
        "example",
        "times",
        "units",
        "lists",
        "coordinates",
    ] {
        sheet.write_string(row, 0, language.word(&format!("evidence-notes-{line}")))?;
        row += 1;
    }
    for kind in kinds {
        row += 1;
        sheet.write_string_with_format(row, 0, kind.title(language), &bold)?;
        row += 1;
        for column in kind.columns() {
            let required = if column.required { "*" } else { "" };
            let words = column.choices.iter().map(|choice| word(choice, language));
            let cells = [
                column.code.to_owned(),
                kind.heading(column.code, language) + required,
                column.example.to_owned(),
                words.collect::<Vec<_>>().join(" / "),
            ];
            for (at, cell) in cells.iter().enumerate() {
                sheet.write_string(row, at as u16, cell)?;
            }
            row += 1;
        }
    }
    sheet
        .set_column_width(0, 18)?
        .set_column_width(1, 22)?
        .set_column_width(2, 30)?;
    Ok(())
}

fn headings(kind: Kind, language: Language) -> Vec<String> {
    let heading = |column: &Column| {
        kind.heading(column.code, language) + if column.required { " *" } else { "" }
    };
    kind.columns()
        .iter()
        .map(heading)
        .chain([language.word("evidence-note")])
        .collect()
}

fn example(kind: Kind, language: Language) -> Vec<String> {
    let cell = |column: &Column| {
        let listed = column
            .choices
            .iter()
            .find(|choice| choice.0 == column.example);
        listed
            .map_or(column.example, |choice| word(choice, language))
            .to_owned()
    };
    kind.columns()
        .iter()
        .map(cell)
        .chain([language.word("evidence-example")])
        .collect()
}

fn word(choice: &(&'static str, &'static str), language: Language) -> &'static str {
    match language {
        Language::Chinese => choice.1,
        Language::English => choice.0,
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
