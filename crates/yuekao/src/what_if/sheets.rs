//! A what-if as tables: for a workbook, for CSV files. Every row carries the stamp, so that none travels without it.

use assessment::points::Points;
use rust_xlsxwriter::XlsxError;

use super::{MoneyText, Report, Sides};
use crate::bulletin::table::{Cell, Table};
use crate::bulletin::view::Both;
use crate::bulletin::xlsx;
use crate::words::Language;

impl Report {
    /// Places and scores of every unit in every month.
    pub fn places(&self, language: Language) -> Table {
        let columns = [
            ("what-if-stamped", 8, false),
            ("what-if-month", 6, false),
            ("what-if-ranking", 12, true),
            ("what-if-unit", 12, true),
            ("what-if-code", 10, false),
            ("what-if-place-before", 6, false),
            ("what-if-place-after", 6, false),
            ("what-if-score-before", 6, false),
            ("what-if-score-after", 6, false),
            ("what-if-moved", 8, false),
        ];
        let mut rows = vec![];
        for month in &self.months {
            for ranking in &month.rankings {
                let title = match &ranking.table {
                    Some(table) => format!("{} [{table}]", ranking.title),
                    None => ranking.title.clone(),
                };
                for row in &ranking.places {
                    let Sides { before, after } = &row.place;
                    let place = |place: &Option<usize>| place.map_or_else(dash, Cell::plain);
                    let score =
                        |score: &Option<String>| score.as_ref().map_or_else(dash, Cell::plain);
                    rows.push(vec![
                        Cell::text(&self.stamp),
                        Cell::text(&month.month),
                        Cell::text(&title),
                        Cell::text(&row.name),
                        Cell::text(&row.unit),
                        place(before),
                        place(after),
                        score(&row.score.before),
                        score(&row.score.after),
                        Cell::text(row.moved(language)),
                    ]);
                }
            }
        }
        Table::new(language, &columns).with_rows(rows)
    }

    /// Money of all months together, in yuan, with the sum in the last row.
    pub fn money(&self, language: Language) -> Table {
        let columns = [
            ("what-if-stamped", 8, false),
            ("what-if-unit", 12, true),
            ("what-if-code", 10, false),
            ("what-if-yuan-before", 8, false),
            ("what-if-yuan-after", 8, false),
            ("what-if-yuan-difference", 8, false),
        ];
        let row = |row: &MoneyText| {
            vec![
                Cell::text(&self.stamp),
                Cell::text(&row.name),
                Cell::text(&row.unit),
                yuan(row.before),
                yuan(row.after),
                yuan(row.difference),
            ]
        };
        let rows = self.money.iter().chain([&self.total]).map(row);
        Table::new(language, &columns).with_rows(rows)
    }

    /// Rules without effect, months that were refused or left out.
    pub fn remarks(&self, language: Language) -> Table {
        let columns = [
            ("what-if-stamped", 8, false),
            ("what-if-about", 12, false),
            ("what-if-remark", 30, true),
        ];
        let refused = self.months.iter().flat_map(|month| {
            let sides = [
                ("what-if-refused-before", &month.refused_before),
                ("what-if-refused-after", &month.refused_after),
            ];
            sides.into_iter().filter_map(move |(key, why)| {
                let said = language.say(key, [("why", why.as_deref()?.into())]);
                Some((month.month.clone(), said))
            })
        });
        let left_out = self
            .left_out
            .iter()
            .map(|month| (month.clone(), language.word("what-if-no-scheme")));
        let silent = self
            .silent
            .iter()
            .map(|rule| (language.word("what-if-silent-short"), rule.clone()));
        let rows = refused.chain(left_out).chain(silent).map(|(about, said)| {
            vec![Cell::text(&self.stamp), Cell::text(about), Cell::text(said)]
        });
        Table::new(language, &columns).with_rows(rows)
    }

    /// All of it as a workbook. `date`: the day it was tried.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn workbook(
        &self,
        synthetic: bool,
        date: &str,
        language: Language,
    ) -> Result<Vec<u8>, XlsxError> {
        let stamp = Both::new(
            Language::Chinese.word("what-if-stamp"),
            Language::English.word("what-if-stamp"),
        );
        let sheets = [
            (language.word("what-if-sheet-places"), self.places(language)),
            (language.word("what-if-sheet-money"), self.money(language)),
            (
                language.word("what-if-sheet-remarks"),
                self.remarks(language),
            ),
        ];
        xlsx::stamped(&self.draft, synthetic, &stamp, date, &sheets, language)
    }
}

fn dash() -> Cell {
    Cell::text("—")
}

fn yuan(fen: i128) -> Cell {
    let yuan = Points::ratio(fen, 100).expect("100 is not zero");
    Cell::plain(yuan.to_exact_text())
}
