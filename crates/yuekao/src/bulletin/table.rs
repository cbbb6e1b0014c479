//! The tables of a bulletin: the same rows for PDF, page, workbook and CSV.

use serde::Serialize;

use super::text::{award, date_words, grouped, month_words, names, signed};
use super::view::{
    AwardView, BulletinView, EndsView, FindingView, ListedFinding, PlacedView, ProblemsView,
    RankedView, RankingView, UnitSheet,
};
use crate::words::Language;

/// A table with a header row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    pub title: String,
    /// Share of the line, against the other columns.
    pub width: u8,
    /// Running text stands left, names and numbers stand in the middle.
    pub prose: bool,
}

/// One cell: what is read and, if it is a number, what is calculated with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    pub text: String,
    #[serde(skip)]
    pub number: Option<Number>,
    /// Where a page leads to from here; paper and workbook lead nowhere.
    #[serde(skip)]
    pub href: Option<String>,
}

/// Exact decimal text and how a workbook shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    pub decimal: String,
    pub kind: NumberKind,
}

/// The number formats of the workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberKind {
    Plain,
    /// `decimal` counts in hundredths: `96.43` is shown as 96.43%.
    Percent,
    /// With its sign.
    Change,
    /// With thousands apart.
    Money,
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            number: None,
            href: None,
        }
    }

    /// A count or a score.
    pub fn plain(decimal: impl ToString) -> Self {
        Self::number(decimal.to_string(), decimal.to_string(), NumberKind::Plain)
    }

    /// A percentage, given without its sign.
    pub fn percent(decimal: &str) -> Self {
        Self::number(
            format!("{decimal}%"),
            decimal.to_owned(),
            NumberKind::Percent,
        )
    }

    /// A change against last month.
    pub fn change(decimal: &str) -> Self {
        Self::number(signed(decimal), decimal.to_owned(), NumberKind::Change)
    }

    /// Yuan.
    pub fn money(yuan: &str) -> Self {
        Self::number(grouped(&signed(yuan)), yuan.to_owned(), NumberKind::Money)
    }

    fn number(text: String, decimal: String, kind: NumberKind) -> Self {
        Self {
            text,
            number: Some(Number { decimal, kind }),
            href: None,
        }
    }

    /// A dash if there is nothing to show.
    fn or_none<T>(value: Option<T>, cell: impl FnOnce(T) -> Self, language: Language) -> Self {
        value.map_or_else(|| Self::text(language.word("bulletin-no-value")), cell)
    }
}

impl Table {
    /// An empty table; columns are key, width and whether they hold running text.
    pub fn new(language: Language, columns: &[(&str, u8, bool)]) -> Self {
        let column = |&(key, width, prose): &(&str, u8, bool)| Column {
            title: language.word(key),
            width,
            prose,
        };
        Self {
            columns: columns.iter().map(column).collect(),
            rows: Vec::new(),
        }
    }

    /// The same rows without a column.
    pub fn without(mut self, column: usize) -> Self {
        self.columns.remove(column);
        for row in &mut self.rows {
            row.remove(column);
        }
        self
    }

    /// The same table whose cells lead somewhere: an address, or none, for row and column.
    pub fn leading(mut self, to: impl Fn(usize, usize) -> Option<String>) -> Self {
        for (at, row) in self.rows.iter_mut().enumerate() {
            for (column, cell) in row.iter_mut().enumerate() {
                cell.href = to(at, column);
            }
        }
        self
    }

    fn push_column(&mut self, title: &str, width: u8) {
        self.columns.push(Column {
            title: title.to_owned(),
            width,
            prose: false,
        });
    }

    /// With more rows.
    pub fn with_rows(mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// Comma-separated, with a header row and a byte-order mark, for spreadsheet programs.
    /// Words that a spreadsheet would run as a formula are led by an apostrophe.
    pub fn csv(&self) -> String {
        let mut text = String::from('\u{feff}');
        let mut line = |cells: Vec<String>| {
            text.push_str(&cells.join(","));
            text.push_str("\r\n");
        };
        line(
            self.columns
                .iter()
                .map(|column| csv_words(&column.title))
                .collect(),
        );
        for row in &self.rows {
            line(
                row.iter()
                    .map(|cell| {
                        cell.number
                            .as_ref()
                            .map_or_else(|| csv_words(&cell.text), |number| number.decimal.clone())
                    })
                    .collect(),
            );
        }
        text
    }
}

/// Words as a cell of CSV; what a spreadsheet would run as a formula is led by an apostrophe.
pub fn csv_words(words: &str) -> String {
    let guard = if words.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", words.replace('"', "\"\""))
}

/// Places and scores.
pub fn ranking(ranking: &RankingView, language: Language) -> Table {
    let (before, changes, notes) = shown(ranking);
    let mut columns = vec![
        ("bulletin-col-place", 6, false),
        ("bulletin-col-unit", 14, false),
        ("bulletin-col-score", 9, false),
    ];
    columns.extend(before.then_some(("bulletin-col-before", 9, false)));
    columns.extend(changes.then_some(("bulletin-col-place-change", 9, false)));
    columns.extend(changes.then_some(("bulletin-col-score-change", 9, false)));
    columns.extend(notes.then_some(("bulletin-col-note", 14, true)));
    let row = |row: &RankedView| {
        let mut cells = vec![
            Cell::or_none(row.place, Cell::plain, language),
            Cell::text(row.unit.get(language)),
            Cell::plain(&row.score.text),
        ];
        if before {
            cells.push(Cell::or_none(
                row.before_handicap.as_ref(),
                Cell::plain,
                language,
            ));
        }
        if changes {
            cells.push(Cell::or_none(row.place_change, moved, language));
            cells.push(Cell::or_none(
                row.score_change.as_deref(),
                Cell::change,
                language,
            ));
        }
        if notes {
            cells.push(Cell::text(
                row.note.as_ref().map_or("", |note| note.get(language)),
            ));
        }
        cells
    };
    Table::new(language, &columns).with_rows(ranking.rows.iter().map(row))
}

/// Which of the optional columns a ranking needs: before the handicap, changes, notes.
fn shown(ranking: &RankingView) -> (bool, bool, bool) {
    let any = |has: fn(&RankedView) -> bool| ranking.rows.iter().any(has);
    (
        any(|row| row.before_handicap.is_some()),
        any(|row| row.score_change.is_some()),
        any(|row| row.note.is_some()),
    )
}

/// Places gained or lost: ↑2, ↓1.
fn moved(places: i32) -> Cell {
    let arrow = match places {
        1.. => "↑",
        0 => return Cell::number("→".into(), "0".into(), NumberKind::Change),
        _ => "↓",
    };
    Cell::number(
        format!("{arrow}{}", places.unsigned_abs()),
        places.to_string(),
        NumberKind::Change,
    )
}

/// The scores' components.
pub fn components(ranking: &RankingView, language: Language) -> Table {
    let mut table = Table::new(
        language,
        &[
            ("bulletin-col-place", 6, false),
            ("bulletin-col-unit", 14, false),
        ],
    );
    for component in &ranking.components {
        table.push_column(component.get(language), 10);
    }
    table.push_column(&language.word("bulletin-col-score"), 9);
    table.with_rows(ranking.rows.iter().map(|row| {
        let mut cells = vec![
            Cell::or_none(row.place, Cell::plain, language),
            Cell::text(row.unit.get(language)),
        ];
        let scores = (0..ranking.components.len())
            .map(|index| row.components.get(index).and_then(Option::as_ref));
        cells.extend(scores.map(|score| Cell::or_none(score, Cell::plain, language)));
        cells.push(Cell::plain(&row.score.text));
        cells
    }))
}

/// Problems by heading, or by what `title` says.
pub fn problems(problems: &ProblemsView, title: &str, language: Language) -> Table {
    let changes = problems
        .shares
        .iter()
        .any(|share| share.count_change.is_some());
    let mut columns = vec![
        (title, 20, false),
        ("bulletin-col-count", 10, false),
        ("bulletin-col-share", 10, false),
    ];
    columns.extend(changes.then_some(("bulletin-col-change", 10, false)));
    Table::new(language, &columns).with_rows(problems.shares.iter().map(|share| {
        let mut cells = vec![
            Cell::text(share.title.get(language)),
            Cell::plain(share.count),
            Cell::percent(&share.share),
        ];
        if changes {
            cells.push(Cell::or_none(
                share.count_change,
                |change| Cell::change(&change.to_string()),
                language,
            ));
        }
        cells
    }))
}

/// First and last of each group; `title` names the groups.
pub fn ends(ends: &[EndsView], title: &str, language: Language) -> Table {
    let columns = [
        (title, 16, false),
        ("bulletin-col-first", 18, false),
        ("bulletin-col-score", 9, false),
        ("bulletin-col-last", 18, false),
        ("bulletin-col-score", 9, false),
    ];
    let placed = |placed: &Option<PlacedView>| {
        let name = Cell::or_none(
            placed.as_ref(),
            |placed| Cell::text(placed.unit.get(language)),
            language,
        );
        let score = placed.as_ref().and_then(|placed| placed.score.as_ref());
        [
            name,
            Cell::or_none(score, |score| Cell::plain(&score.text), language),
        ]
    };
    Table::new(language, &columns).with_rows(ends.iter().map(|ends| {
        let [first, first_score] = placed(&ends.first);
        let [last, last_score] = placed(&ends.last);
        vec![
            Cell::text(ends.group.get(language)),
            first,
            first_score,
            last,
            last_score,
        ]
    }))
}

/// Handling rates with what they are made of.
pub fn departments(view: &BulletinView, language: Language) -> Table {
    let columns = [
        ("bulletin-col-number", 6, false),
        ("bulletin-col-department", 22, true),
        ("bulletin-col-handled", 8, false),
        ("bulletin-col-due", 8, false),
        ("bulletin-col-rate", 10, false),
        ("bulletin-col-extended", 7, false),
        ("bulletin-col-suspended", 7, false),
        ("bulletin-col-voided", 7, false),
        ("bulletin-col-overdue", 8, false),
    ];
    Table::new(language, &columns).with_rows(view.departments.iter().enumerate().map(
        |(index, department)| {
            vec![
                Cell::plain(index + 1),
                Cell::text(department.unit.get(language)),
                Cell::plain(department.numerator),
                Cell::plain(department.denominator),
                Cell::or_none(department.rate.as_deref(), Cell::percent, language),
                Cell::plain(department.extended),
                Cell::plain(department.suspended),
                Cell::plain(department.voided),
                Cell::plain(department.overdue_open),
            ]
        },
    ))
}

/// Awards as sentences.
pub fn awards(view: &BulletinView, language: Language) -> Table {
    let columns = [
        ("bulletin-col-unit", 14, false),
        ("bulletin-col-reason", 16, false),
        ("bulletin-col-award", 16, false),
        ("bulletin-col-duty", 22, true),
    ];
    Table::new(language, &columns).with_rows(view.awards.iter().map(|line| {
        let money = line.yuan.as_deref().map(|yuan| award(yuan, language));
        let titles = line
            .titles
            .iter()
            .map(|title| title.get(language).to_owned());
        let brought = super::text::list(money.into_iter().chain(titles), language);
        vec![
            Cell::text(line.unit.get(language)),
            Cell::text(line.reason.get(language)),
            Cell::or_none(
                Some(brought).filter(|text| !text.is_empty()),
                Cell::text,
                language,
            ),
            Cell::or_none(
                Some(names(&line.duties, language)).filter(|text| !text.is_empty()),
                Cell::text,
                language,
            ),
        ]
    }))
}

/// Awards with the money as a number.
pub fn awards_in_yuan(view: &BulletinView, language: Language) -> Table {
    let columns = [
        ("bulletin-col-unit", 14, false),
        ("bulletin-col-reason", 16, false),
        ("bulletin-col-yuan", 14, false),
        ("bulletin-col-title", 16, false),
        ("bulletin-col-duty", 22, true),
    ];
    Table::new(language, &columns).with_rows(view.awards.iter().map(|award: &AwardView| {
        vec![
            Cell::text(award.unit.get(language)),
            Cell::text(award.reason.get(language)),
            award
                .yuan
                .as_deref()
                .map_or_else(|| Cell::text(""), Cell::money),
            Cell::text(names(&award.titles, language)),
            Cell::text(names(&award.duties, language)),
        ]
    }))
}

/// The digests and what else a reader needs to check the month.
pub fn verification(view: &BulletinView, language: Language) -> Table {
    let digests = [
        ("bulletin-digest-facts", &view.digests.facts),
        ("bulletin-digest-scheme", &view.digests.scheme),
        ("bulletin-digest-assessment", &view.digests.assessment),
    ];
    let corrected = view
        .correction_of
        .iter()
        .map(|correction| ("bulletin-digest-corrected", &correction.assessment));
    let digest =
        |(key, digest): (&str, &String)| vec![Cell::text(language.word(key)), Cell::text(digest)];
    let mut rows: Vec<Vec<Cell>> = digests.into_iter().chain(corrected).map(digest).collect();
    let exact = view
        .rankings
        .first()
        .into_iter()
        .flat_map(|ranking| &ranking.rows);
    rows.extend(exact.filter_map(|row| {
        let exact = row.score.exact.as_ref()?;
        Some(vec![
            Cell::text(row.unit.get(language)),
            Cell::text(format!("{} = {exact}", row.score.text)),
        ])
    }));
    Table::new(
        language,
        &[
            ("bulletin-col-item", 12, false),
            ("bulletin-col-content", 50, true),
        ],
    )
    .with_rows(rows)
}

/// What the workbook says besides its tables.
pub fn notes(view: &BulletinView, language: Language) -> Table {
    let mut table = Table::new(
        language,
        &[
            ("bulletin-col-item", 20, false),
            ("bulletin-col-content", 80, true),
        ],
    );
    let mut row = |item: String, content: String| {
        table.rows.push(vec![Cell::text(item), Cell::text(content)])
    };
    row(
        view.title.get(language).to_owned(),
        view.number.clone().unwrap_or_default(),
    );
    row(
        view.issuer.get(language).to_owned(),
        date_words(&view.date, language),
    );
    for basis in &view.basis {
        row(String::new(), basis.get(language).to_owned());
    }
    for (index, assumed) in view.assumed.iter().enumerate() {
        let label = if index == 0 {
            language.word("bulletin-assumed")
        } else {
            String::new()
        };
        row(label, assumed.get(language).to_owned());
    }
    table.with_rows(verification(view, language).rows)
}

/// Columns of a finding in words.
const FINDING: [(&str, u8, bool); 14] = [
    ("bulletin-col-id", 14, false),
    ("bulletin-col-time", 12, false),
    ("bulletin-col-where", 24, true),
    ("bulletin-col-heading", 12, false),
    ("bulletin-col-indicator", 10, false),
    ("bulletin-col-content", 30, true),
    ("bulletin-col-severity", 8, false),
    ("bulletin-col-measure", 9, false),
    ("bulletin-col-points", 8, false),
    ("bulletin-col-found-by", 10, false),
    ("bulletin-col-state", 10, false),
    ("bulletin-col-deadline", 12, false),
    ("bulletin-col-done", 12, false),
    ("bulletin-col-digest", 30, true),
];

fn finding_cells(finding: &FindingView, language: Language) -> Vec<Cell> {
    vec![
        Cell::text(&finding.id),
        Cell::text(&finding.time),
        Cell::text(finding.place.get(language)),
        Cell::text(finding.heading.get(language)),
        Cell::text(&finding.indicator),
        Cell::text(finding.requirement.get(language)),
        Cell::text(
            finding
                .severity
                .as_ref()
                .map_or("", |severity| severity.get(language)),
        ),
        Cell::text(finding.measure.as_deref().unwrap_or_default()),
        Cell::or_none(
            finding.points.as_ref(),
            |points| Cell::plain(&points.text),
            language,
        ),
        Cell::text(finding.found_by.get(language)),
        Cell::text(finding.state.get(language)),
        Cell::text(finding.due.as_deref().unwrap_or_default()),
        Cell::text(finding.done.as_deref().unwrap_or_default()),
        Cell::text(finding.photos.join("\n")),
    ]
}

/// A unit's problems; the photos are named by their digests.
pub fn findings(sheet: &UnitSheet, language: Language) -> Table {
    let mut columns = vec![("bulletin-col-number", 5, false)];
    columns.extend(FINDING);
    let rows = sheet.findings.iter().enumerate().map(|(index, finding)| {
        let mut cells = vec![Cell::plain(index + 1)];
        cells.extend(finding_cells(finding, language));
        cells
    });
    Table::new(language, &columns).with_rows(rows)
}

/// The problems of a month with unit and position, for a file. Made-up ones say so in a last column, row by row:
/// a file of rows has no other place that stays with them.
pub fn listed(rows: &[ListedFinding], synthetic: bool, language: Language) -> Table {
    let mut columns = vec![
        ("bulletin-col-number", 5, false),
        ("findings-col-unit-code", 12, false),
        ("bulletin-col-unit", 12, false),
    ];
    columns.extend(FINDING);
    columns.push(("findings-col-lng", 10, false));
    columns.push(("findings-col-lat", 10, false));
    columns.extend(synthetic.then_some(("bulletin-col-note", 20, true)));
    let rows = rows.iter().enumerate().map(|(index, row)| {
        let mut cells = vec![
            Cell::plain(index + 1),
            Cell::text(&row.unit_code),
            Cell::text(row.unit.get(language)),
        ];
        cells.extend(finding_cells(&row.finding, language));
        for degrees in [
            row.position.as_ref().map(|position| &position.lng),
            row.position.as_ref().map(|position| &position.lat),
        ] {
            cells.push(degrees.map_or_else(|| Cell::text(""), Cell::plain));
        }
        cells.extend(synthetic.then(|| Cell::text(language.word("bulletin-synthetic"))));
        cells
    });
    Table::new(language, &columns).with_rows(rows)
}

/// A unit's deductions by indicator and clause, with their sum.
pub fn deductions(sheet: &UnitSheet, language: Language) -> Table {
    let columns = [
        ("bulletin-col-indicator", 12, false),
        ("bulletin-col-content", 40, true),
        ("bulletin-col-clause", 18, false),
        ("bulletin-col-count", 10, false),
        ("bulletin-col-points", 10, false),
    ];
    let sum = (!sheet.deductions.is_empty()).then(|| {
        let count: u64 = sheet
            .deductions
            .iter()
            .map(|deduction| deduction.count)
            .sum();
        vec![
            Cell::text(language.word("bulletin-sum")),
            Cell::text(""),
            Cell::text(""),
            Cell::plain(count),
            Cell::plain(&sheet.deducted.text),
        ]
    });
    let rows = sheet.deductions.iter().map(|deduction| {
        vec![
            Cell::text(&deduction.indicator),
            Cell::text(deduction.requirement.get(language)),
            Cell::text(deduction.clause.get(language)),
            Cell::plain(deduction.count),
            Cell::plain(&deduction.points.text),
        ]
    });
    Table::new(language, &columns).with_rows(rows.chain(sum))
}

/// A column for each month, newest on the right; a dash where there is nothing.
pub fn months<'m>(
    first: &str,
    months: &[String],
    rows: impl Iterator<Item = (&'m str, Vec<Option<String>>)>,
    language: Language,
) -> Table {
    let mut table = Table::new(language, &[(first, 12, false)]);
    for month in months {
        table.push_column(month, 7);
    }
    table.with_rows(rows.map(|(name, values)| {
        let cells = values
            .into_iter()
            .map(|value| Cell::or_none(value, Cell::plain, language));
        std::iter::once(Cell::text(name)).chain(cells).collect()
    }))
}

/// Month, score and place of a unit.
pub fn history<'h>(
    months: impl Iterator<Item = (&'h str, &'h str, Option<u32>)>,
    language: Language,
) -> Table {
    let columns = [
        ("bulletin-col-month", 10, false),
        ("bulletin-col-score", 9, false),
        ("bulletin-col-place", 6, false),
    ];
    Table::new(language, &columns).with_rows(months.map(|(month, score, place)| {
        vec![
            Cell::text(month_words(month, language)),
            Cell::plain(score),
            Cell::or_none(place, Cell::plain, language),
        ]
    }))
}

/// How a unit's score is made.
pub fn unit_components(sheet: &UnitSheet, language: Language) -> Table {
    Table::new(
        language,
        &[
            ("bulletin-col-component", 30, false),
            ("bulletin-col-score", 14, false),
        ],
    )
    .with_rows(
        sheet
            .components
            .iter()
            .map(|(title, score)| vec![Cell::text(title.get(language)), Cell::plain(score)]),
    )
}
