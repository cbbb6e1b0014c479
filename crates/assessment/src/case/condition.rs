//! Filing conditions: what makes a case, how long it may take, and what closes it.
//!
//! A limit hangs on the condition, not on the category: a loose manhole cover may take two working
//! days, a missing one two urgent hours. The table is configuration of a host, not law.

use std::collections::HashMap;

use super::deadline::{Limit, LimitUnit};
use crate::finding::Word;
use crate::issue::Issue;
use crate::message::Message;
use crate::read::sheet::{Row, Sheet};

/// All filing conditions of a host.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conditions {
    /// In the order of the file.
    all: Vec<Condition>,
    by_id: HashMap<String, usize>,
    by_category: HashMap<String, Vec<usize>>,
}

/// One filing condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    pub id: String,
    /// `layout/kind/code`, as in `gb30428/component/0101`: a code alone means different things in
    /// different layouts.
    pub category: String,
    pub kind: CategoryKind,
    /// What is wrong, in the words of the table: `missing`, `cracked`, …
    pub words: Vec<String>,
    /// From which size on, as the host's rules say it.
    pub threshold: Option<String>,
    pub limit: Limit,
    /// When the limit does not hold: `planting season only`.
    pub note: Option<String>,
    /// What closes the case, in the words of the table: `repaired`, `cleaned`, …
    pub closing: Vec<String>,
}

/// The two kinds of categories of the national standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CategoryKind {
    /// 部件: a thing that is broken.
    Asset,
    /// 事件: a thing that happens.
    Event,
}

/// The columns that a table of conditions must have; `thresholds_zh` and `limit_note` may be missing.
const COLUMNS: [&str; 8] = [
    "id",
    "layout",
    "kind",
    "code",
    "condition_kinds",
    "limit",
    "limit_unit",
    "closing_kinds",
];

impl Conditions {
    /// Reads the table, columns as in `data/case_standards.csv`.
    ///
    /// # Errors
    /// Every row that is wrong, by line and column; then there are no conditions.
    pub fn parse(csv: &str) -> (Option<Self>, Vec<Issue>) {
        let sheet = Sheet::new(csv, &COLUMNS);
        let mut conditions = Self::default();
        for row in sheet.rows() {
            if let Some(condition) = condition(&sheet, row)
                && conditions.add(condition).is_err()
            {
                let message = Message::new("condition-twice").with("id", row.cell("id").as_str());
                sheet.fault(&row.cell("id").at, message);
            }
        }
        if conditions.all.is_empty() && !sheet.has_faults() {
            sheet.fault(&(0..0), Message::new("condition-none"));
        }
        let sound = !sheet.has_faults();
        (sound.then_some(conditions), sheet.into_issues())
    }

    /// In the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Condition> {
        self.all.iter()
    }

    /// The condition of that id.
    pub fn by_id(&self, id: &str) -> Option<&Condition> {
        self.by_id.get(id).map(|place| &self.all[*place])
    }

    /// The conditions of a category, `layout/kind/code`, in the order of the file.
    pub fn of_category(&self, category: &str) -> impl Iterator<Item = &Condition> {
        let places = self.by_category.get(category).into_iter().flatten();
        places.map(|place| &self.all[*place])
    }

    /// Gives a condition back whose id is taken.
    fn add(&mut self, condition: Condition) -> Result<(), Condition> {
        if self.by_id.contains_key(&condition.id) {
            return Err(condition);
        }
        let place = self.all.len();
        self.by_id.insert(condition.id.clone(), place);
        let category = condition.category.clone();
        self.by_category.entry(category).or_default().push(place);
        self.all.push(condition);
        Ok(())
    }
}

/// One row; what is wrong with it is reported.
fn condition(sheet: &Sheet, row: Row) -> Option<Condition> {
    let id = row.text("id");
    let layout = row.text("layout");
    let kind = choice(sheet, row, "kind", CategoryKind::WORDS);
    let code = code(sheet, row);
    let what = words(row, "condition_kinds");
    let value = value(sheet, row);
    let unit = choice(sheet, row, "limit_unit", LimitUnit::WORDS);
    let closing = words(row, "closing_kinds");
    let note = |column| row.opt_cell(column).map(|cell| cell.value.clone());
    let kind = kind?;
    Some(Condition {
        id: id?.value.clone(),
        category: format!("{}/{}/{}", layout?.value, kind.word(), code?),
        kind,
        words: what?,
        threshold: note("thresholds_zh"),
        limit: Limit {
            value: value?,
            unit: unit?,
        },
        note: note("limit_note"),
        closing: closing?,
    })
}

/// `missing+displaced+cracked`.
fn words(row: Row, column: &str) -> Option<Vec<String>> {
    let text = row.text(column)?;
    Some(text.split('+').map(|word| word.trim().to_owned()).collect())
}

/// A code keeps its leading zeros; a spreadsheet that dropped them shows here.
fn code<'s>(sheet: &Sheet, row: Row<'s>) -> Option<&'s str> {
    let cell = row.text("code")?;
    if cell.len() == 4 && cell.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(cell);
    }
    let message = Message::new("condition-bad-code").with("text", cell.as_str());
    sheet.fault(&cell.at, message);
    None
}

fn value(sheet: &Sheet, row: Row) -> Option<u32> {
    let cell = row.text("limit")?;
    let value: Option<u32> = cell.parse().ok();
    let value = value.filter(|value| (1..=LONGEST).contains(value));
    if value.is_none() {
        let message = Message::new("condition-bad-limit")
            .with("text", cell.as_str())
            .with("longest", i64::from(LONGEST));
        sheet.fault(&cell.at, message);
    }
    value
}

/// A number beyond it is a slip of the keyboard.
const LONGEST: u32 = 999;

fn choice<T: Word>(
    sheet: &Sheet,
    row: Row,
    column: &str,
    words: &[(&'static str, T)],
) -> Option<T> {
    let cell = row.text(column)?;
    let found = T::parse(cell);
    if found.is_none() {
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let message = Message::new("read-unknown-choice").with("text", cell.as_str());
        let expected = Message::new("read-expected-choice").with("choices", words.join(", "));
        sheet.report(&cell.at, message, Some(expected));
    }
    found
}

/// The words of the published tables: there a part of a town is a component.
impl Word for CategoryKind {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("component", CategoryKind::Asset),
        ("event", CategoryKind::Event),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../../data/case_standards.csv");
    const HEADER: &str = "id,layout,kind,code,condition_kinds,limit,limit_unit,closing_kinds\n";

    #[test]
    fn the_shipped_conditions_are_read() {
        let (conditions, issues) = Conditions::parse(SHIPPED);
        assert_eq!(issues, []);
        let conditions = conditions.unwrap();
        assert_eq!(conditions.iter().count(), 518);

        let covers: Vec<String> = conditions
            .of_category("gb30428/component/0101")
            .map(|one| {
                format!(
                    "{} {} {}",
                    one.words.join("+"),
                    one.limit.value,
                    one.limit.unit.word()
                )
            })
            .collect();
        #[rustfmt::skip]
        assert_eq!(covers, [
            "missing+displaced+cracked+hazard 2 urgent_hour",
            "damaged 4 work_hour",
            "hazard+rattling 2 work_day",
            "damaged+subsided 5 work_day",
        ]);
        let cover = conditions.by_id("component-0101-4").unwrap();
        assert_eq!(cover.kind, CategoryKind::Asset);
        assert_eq!(cover.threshold.as_deref(), Some("150cm×150cm; 大于2cm"));
        assert_eq!(cover.closing, ["repaired"]);
        let noted: Vec<_> = conditions
            .iter()
            .filter_map(|one| one.note.as_deref())
            .collect();
        assert_eq!(noted, ["planting season only"]);
        assert_eq!(conditions.by_id("component-0101-9"), None);
        assert_eq!(conditions.of_category("gb30428/event/0101").count(), 2); // the same digits
        assert_eq!(conditions.of_category("gb30428/event/9999").count(), 0);
    }

    #[test]
    fn wrong_rows_are_named() {
        #[rustfmt::skip]
        let table = [
            ("",                                                    "1:1 fault condition-none «»"),
            ("a,gb30428,thing,0101,dirty,1,work_day,cleaned",       "2:11 fault read-unknown-choice{text=thing} «thing» expected read-expected-choice{choices=component, event}"),
            ("a,gb30428,event,101,dirty,1,work_day,cleaned",        "2:17 fault condition-bad-code{text=101} «101»"),
            ("a,gb30428,event,0101,,1,work_day,cleaned",            "2:22 fault read-empty-text «»"),
            ("a,gb30428,event,0101,dirty,0,work_day,cleaned",       "2:28 fault condition-bad-limit{text=0,longest=999} «0»"),
            ("a,gb30428,event,0101,dirty,1.5,work_day,cleaned",     "2:28 fault condition-bad-limit{text=1.5,longest=999} «1.5»"),
            ("a,gb30428,event,0101,dirty,1,天,cleaned",             "2:30 fault read-unknown-choice{text=天} «天» expected read-expected-choice{choices=work_hour, work_day, urgent_hour, urgent_day, calendar_day}"),
            ("a,gb30428,event,0101,dirty,1,work_day,",              "2:39 fault read-empty-text «»"),
            ("a,x,event,0101,d,1,work_day,c\na,x,event,0102,d,1,work_day,c", "3:1 fault condition-twice{id=a} «a»"),
            ("a,gb30428,event,0101,dirty,1",                        "2:1 fault read-wrong-width{cells=6,columns=8} «a,gb30428,event,0101,dirty,1»"),
        ];
        for (rows, expected) in table {
            let (conditions, issues) = Conditions::parse(&format!("{HEADER}{rows}\n"));
            assert!(conditions.is_none(), "{rows}");
            let shown: Vec<String> = issues.iter().map(Issue::to_string).collect();
            assert_eq!(shown, [expected], "{rows}");
        }
    }
}
