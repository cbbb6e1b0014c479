//! The bulletin and the unit's sheet as workbooks.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::table::{self, Cell, NumberKind, Table};
use super::text::watermarks;
use super::view::{Both, BulletinView, UnitSheet};
use crate::words::Language;

/// The most characters a sheet's name may have.
const SHEET_NAME: usize = 31;
/// A4 in the numbering of the format.
const A4: u8 = 9;

/// The bulletin's workbook: rankings, headings, departments, townships, awards, red property, notes.
///
/// # Errors
/// If the writer refuses a text, for instance one longer than a cell can hold.
pub fn bulletin(view: &BulletinView, language: Language) -> Result<Vec<u8>, XlsxError> {
    let mut book = Book::new(
        view.title.get(language),
        view.synthetic,
        view.stamp.as_ref(),
        &view.date,
        language,
    )?;
    for (index, ranking) in view.rankings.iter().enumerate() {
        let name = language.word("bulletin-sheet-ranking");
        let name = if index == 0 {
            name
        } else {
            format!("{name}{}", index + 1)
        };
        book.sheet(
            &name,
            ranking.title.get(language),
            &with_components(
                table::ranking(ranking, language),
                table::components(ranking, language),
            ),
        )?;
    }
    let sheets = [
        (
            "bulletin-sheet-problems",
            table::problems(&view.problems, "bulletin-col-heading", language),
        ),
        (
            "bulletin-sheet-departments",
            table::departments(view, language),
        ),
        (
            "bulletin-sheet-townships",
            table::ends(&view.townships, "bulletin-col-county", language),
        ),
        (
            "bulletin-sheet-awards",
            table::awards_in_yuan(view, language),
        ),
    ];
    for (key, table) in &sheets {
        book.sheet(&language.word(key), view.title.get(language), table)?;
    }
    if let Some(red) = &view.red_property {
        let table = table::problems(&red.problems, "bulletin-col-management", language);
        book.sheet(
            &language.word("bulletin-sheet-red-property"),
            red.problems.title.get(language),
            &table,
        )?;
        if !red.ends.is_empty() {
            let table = table::ends(&red.ends, "bulletin-col-management", language);
            book.sheet(
                &language.word("bulletin-sheet-red-property-ends"),
                red.problems.title.get(language),
                &table,
            )?;
        }
    }
    book.sheet(
        &language.word("bulletin-sheet-notes"),
        view.title.get(language),
        &table::notes(view, language),
    )?;
    book.workbook.save_to_buffer()
}

/// The unit's workbook: problems, deductions, how the score is made.
///
/// # Errors
/// If the writer refuses a text, for instance one longer than a cell can hold.
pub fn unit_sheet(sheet: &UnitSheet, language: Language) -> Result<Vec<u8>, XlsxError> {
    let title = super::paper::unit_sheet(sheet, language).title;
    let mut book = Book::new(
        &title,
        sheet.synthetic,
        sheet.stamp.as_ref(),
        &sheet.date,
        language,
    )?;
    let sheets = [
        ("bulletin-sheet-findings", table::findings(sheet, language)),
        (
            "bulletin-sheet-deductions",
            table::deductions(sheet, language),
        ),
        (
            "bulletin-unit-components",
            table::unit_components(sheet, language),
        ),
    ];
    for (key, table) in &sheets {
        book.sheet(&language.word(key), &title, table)?;
    }
    book.workbook.save_to_buffer()
}

/// Tables of something that is no bulletin, each on a sheet of its name, with the stamp on every sheet and page.
///
/// # Errors
/// If the writer refuses a text, for instance one longer than a cell can hold.
pub fn stamped(
    title: &str,
    synthetic: bool,
    stamp: &Both,
    date: &str,
    sheets: &[(String, Table)],
    language: Language,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Book::new(title, synthetic, Some(stamp), date, language)?;
    for (name, table) in sheets {
        book.sheet(name, title, table)?;
    }
    book.workbook.save_to_buffer()
}

/// A workbook of one table, on a sheet called `name`. `date` is the document's day, `2022-03-31`.
///
/// # Errors
/// If the writer refuses a text, for instance one longer than a cell can hold.
pub fn one_table(
    name: &str,
    title: &str,
    table: &Table,
    synthetic: bool,
    date: &str,
    language: Language,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Book::new(title, synthetic, None, date, language)?;
    book.sheet(name, title, table)?;
    book.workbook.save_to_buffer()
}

/// The ranking with its components before the columns that compare months.
fn with_components(mut ranking: Table, mut components: Table) -> Table {
    // Both begin with place and unit; the components' own last column repeats the score.
    let inner = 2..components.columns.len() - 1;
    ranking
        .columns
        .splice(3..3, components.columns.drain(inner.clone()));
    for (row, mut parts) in ranking.rows.iter_mut().zip(components.rows) {
        row.splice(3..3, parts.drain(inner.clone()));
    }
    ranking
}

struct Book {
    workbook: Workbook,
    watermarks: String,
    language: Language,
}

impl Book {
    fn new(
        title: &str,
        synthetic: bool,
        stamp: Option<&Both>,
        date: &str,
        language: Language,
    ) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let mut properties = DocProperties::new().set_title(title);
        // The day of the document, never today: the same view gives the same bytes.
        let day = date
            .parse::<jiff::civil::Date>()
            .unwrap_or(jiff::civil::date(2000, 1, 1));
        properties = properties.set_creation_datetime(&ExcelDateTime::from_ymd(
            day.year().unsigned_abs(),
            day.month().unsigned_abs(),
            day.day().unsigned_abs(),
        )?);
        workbook.set_properties(&properties);
        Ok(Self {
            workbook,
            watermarks: watermarks(synthetic, stamp, language).join(" · "),
            language,
        })
    }

    fn sheet(&mut self, name: &str, title: &str, table: &Table) -> Result<(), XlsxError> {
        let (watermarks, page_of) = (
            self.watermarks.clone(),
            self.language.word("bulletin-page-of"),
        );
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(name.chars().take(SHEET_NAME).collect::<String>())?;
        let mut row = 0;
        for (text, format) in [(watermarks.as_str(), warning()), (title, heading())] {
            if !text.is_empty() {
                sheet.write_string_with_format(row, 0, text, &format)?;
                row += 1;
            }
        }
        write_table(sheet, row, table)?;
        sheet
            .set_landscape()
            .set_paper_size(A4)
            .set_print_fit_to_pages(1, 0)
            .set_repeat_rows(0, row)?;
        sheet.set_freeze_panes(row + 1, 0)?;
        let watermarks = watermarks.replace('&', "&&");
        sheet
            .set_header(format!("&C{watermarks}"))
            .set_footer(format!("&L{watermarks}&R{page_of}"));
        Ok(())
    }
}

fn write_table(sheet: &mut Worksheet, top: u32, table: &Table) -> Result<(), XlsxError> {
    for (column, title) in (0u16..).zip(&table.columns) {
        sheet.write_string_with_format(top, column, &title.title, &header())?;
        let cells = table
            .rows
            .iter()
            .filter_map(|row| row.get(usize::from(column)));
        let widest = cells
            .map(|cell| width(&cell.text))
            .max()
            .unwrap_or(0)
            .max(width(&title.title));
        sheet.set_column_width(column, f64::from(widest.clamp(6, 60) + 2))?;
    }
    for (row, cells) in (top + 1..).zip(&table.rows) {
        for (column, cell) in (0u16..).zip(cells) {
            write_cell(sheet, row, column, cell)?;
        }
    }
    Ok(())
}

/// Columns of a terminal: a Chinese character takes two.
fn width(text: &str) -> u32 {
    let line = |line: &str| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    text.lines().map(line).max().unwrap_or(0)
}

/// Words go in as strings, so that a text that begins with `=` stays a text.
fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    let number = cell.number.as_ref().and_then(|number| {
        Some((
            number.kind,
            as_float(&number.decimal, number.kind)?,
            format(&number.decimal, number.kind),
        ))
    });
    match number {
        Some((_, value, format)) => {
            sheet.write_number_with_format(row, column, value, &bordered(&format))?
        }
        None => sheet.write_string_with_format(row, column, &cell.text, &bordered("@"))?,
    };
    Ok(())
}

/// The only place where an exact number becomes a float: the cell of a spreadsheet is one.
fn as_float(decimal: &str, kind: NumberKind) -> Option<f64> {
    let scaled = if kind == NumberKind::Percent {
        format!("{decimal}e-2")
    } else {
        decimal.to_owned()
    };
    scaled.parse().ok().filter(|value: &f64| value.is_finite())
}

/// As many digits as the decimal text has.
fn format(decimal: &str, kind: NumberKind) -> String {
    let digits = decimal
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    let fraction = if digits == 0 {
        String::new()
    } else {
        format!(".{}", "0".repeat(digits))
    };
    match kind {
        NumberKind::Plain => format!("0{fraction}"),
        NumberKind::Percent => format!("0{fraction}%"),
        NumberKind::Change => format!("+0{fraction};-0{fraction};0{fraction}"),
        NumberKind::Money => format!("#,##0{fraction}"),
    }
}

fn bordered(number: &str) -> Format {
    Format::new()
        .set_num_format(number)
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

fn header() -> Format {
    bordered("@").set_bold().set_align(FormatAlign::Center)
}

fn heading() -> Format {
    Format::new().set_bold().set_font_size(14)
}

fn warning() -> Format {
    Format::new().set_bold().set_font_color("#B00020")
}
