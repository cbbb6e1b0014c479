//! Who holds which duty, from a sheet: a row is a duty of a grid in somebody's hands.

use std::collections::BTreeSet;

use assessment::grid::{Duty, Holder, Level, Span, Tenure, Thing};
use assessment::message::Message;
use jiff::civil::Date;

use crate::evidence::Refusal;
use crate::evidence::fault::{RowFault, quoted};
use crate::evidence::sheet::{self, Sheet};
use crate::evidence::value::{self, plain};
use crate::store::account::Account;
use crate::store::grid::DutyRow;
use crate::viewer::Role;

/// A duty as a sheet says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub sheet: String,
    /// The row as a spreadsheet counts.
    pub row: usize,
    pub duty: DutyRow,
}

/// The columns: code, headings that people use, whether rows need it.
const COLUMNS: [(&str, &[&str], bool); 11] = [
    ("grid", &["网格", "网格编号"], true),
    ("duty", &["职责"], true),
    ("part", &["部位", "门牌", "路段"], false),
    ("kind", &["承担方式", "类型"], true),
    ("holder", &["账号", "登录名", "单位编码"], false),
    ("name", &["姓名", "名称", "承担者"], false),
    ("level", &["级别", "路长级别"], false),
    ("things", &["四包", "包干内容"], false),
    ("patrols", &["每周巡查", "每周巡查次数"], false),
    ("from", &["起", "开始日期"], false),
    ("to", &["止", "结束日期"], false),
];

/// Reads the duties of a CSV file or a workbook; rows that are wrong are reported and left out. Where a row does not say
/// from when on, it is `from`.
///
/// # Errors
/// It is no sheet, or one without the columns that rows need.
pub fn read(name: &str, bytes: &[u8], from: Date) -> Result<(Vec<Read>, Vec<RowFault>), Refusal> {
    let (mut duties, mut faults) = (Vec::new(), Vec::new());
    for sheet in sheet::open(name, bytes)? {
        read_sheet(&sheet, from, &mut duties, &mut faults)?;
    }
    Ok((duties, faults))
}

fn read_sheet(
    sheet: &Sheet,
    from: Date,
    duties: &mut Vec<Read>,
    faults: &mut Vec<RowFault>,
) -> Result<(), Refusal> {
    let Some((_, header)) = sheet.rows.first() else {
        return Ok(());
    };
    let headings: Vec<String> = header
        .iter()
        .map(|cell| plain(cell).to_lowercase())
        .collect();
    let places = COLUMNS.map(|(code, titles, _)| {
        headings
            .iter()
            .position(|heading| heading == code || titles.contains(&heading.as_str()))
    });
    if let Some((code, titles, _)) = COLUMNS
        .iter()
        .zip(&places)
        .find(|((_, _, needed), place)| *needed && place.is_none())
        .map(|(column, _)| column)
    {
        let message = Message::new("grid-column-missing")
            .with("name", sheet.name.as_str())
            .with("column", format!("{code}（{}）", titles[0]));
        return Err(Refusal(message));
    }
    for (number, cells) in &sheet.rows[1..] {
        let cell = |code: &str| {
            let column = COLUMNS.iter().position(|(known, ..)| *known == code)?;
            Some(plain(cells.get(places[column]?)?)).filter(|text| !text.is_empty())
        };
        match duty(&cell, from) {
            Ok(duty) => duties.push(Read {
                sheet: sheet.name.clone(),
                row: *number,
                duty,
            }),
            Err((column, message)) => faults.push(RowFault {
                row: *number,
                column: column.to_owned(),
                text: quoted(&cell(column).unwrap_or_default()),
                ..RowFault::of_sheet(&sheet.name, message)
            }),
        }
    }
    Ok(())
}

/// The duty of a row or a form, by its columns.
///
/// # Errors
/// The column that is wrong, and what is wrong with it.
pub fn duty(
    cell: &impl Fn(&'static str) -> Option<String>,
    otherwise: Date,
) -> Result<DutyRow, (&'static str, Message)> {
    let need =
        |column: &'static str, key: &'static str| cell(column).ok_or((column, Message::new(key)));
    let grid = need("grid", "evidence-empty")?;
    let duty = need("duty", "evidence-empty")?;
    let duty = Duty::of(&duty).ok_or(("duty", Message::new("grid-not-a-duty")))?;
    let name = cell("name").or_else(|| cell("holder")).unwrap_or_default();
    let holder = match need("kind", "evidence-empty")?.as_str() {
        "chief" | "路长" => Holder::Chief {
            login: cell("holder").map(|login| login.to_lowercase()),
            name: need("name", "grid-chief-without-name")?,
            level: cell("level")
                .and_then(|text| text.trim_end_matches('级').parse().ok())
                .and_then(Level::new)
                .ok_or(("level", Message::new("grid-not-a-level")))?,
        },
        "unit" | "单位" => Holder::Unit {
            code: need("holder", "grid-unit-without-code")?,
        },
        "frontage" | "门前四包" => Holder::Frontage {
            party: need("name", "grid-party-without-name")?,
            things: things(cell("things"))?,
        },
        "stewardship" | "包保" => Holder::Stewardship {
            party: need("name", "grid-party-without-name")?,
        },
        _ => return Err(("kind", Message::new("grid-not-a-holder"))),
    };
    let day = |column: &'static str| match cell(column) {
        Some(text) => value::date(&text)
            .map(Some)
            .ok_or((column, Message::new("grid-not-a-day"))),
        None => Ok(None),
    };
    let span = Span {
        from: day("from")?.unwrap_or(otherwise),
        to: super::last_day(day("to")?),
    };
    if span.to.is_some_and(|to| to < span.from) {
        return Err(("to", Message::new("evidence-before").with("column", "from")));
    }
    let patrols = match cell("patrols") {
        Some(text) => text
            .parse::<u8>()
            .ok()
            .filter(|patrols| *patrols <= 50)
            .ok_or(("patrols", Message::new("grid-not-patrols")))?,
        None => 0,
    };
    let tenure = Tenure {
        duty,
        part: cell("part"),
        holder,
        span,
        patrols_per_week: patrols,
    };
    Ok(DutyRow::of(&grid, &tenure, &name))
}

/// The word of a duty, as messages take it.
pub fn word(duty: Duty) -> Message {
    Message::new(match duty {
        Duty::Management => "grid-duty-management",
        Duty::Operation => "grid-duty-operation",
        Duty::Enforcement => "grid-duty-enforcement",
        Duty::Responsibility => "grid-duty-responsibility",
    })
}

/// Days in words.
pub fn days(span: &Span) -> String {
    match span.to {
        Some(to) => format!("{} – {to}", span.from),
        None => format!("{} –", span.from),
    }
}

/// Says that a duty is in two hands in these days.
pub fn held_twice(duty: Duty, first: &str, second: &str, span: &Span) -> Message {
    Message::new("grid-two-holders")
        .with("duty", word(duty))
        .with("first", first)
        .with("second", second)
        .with("days", days(span))
}

/// Says of which grid a fault of duties is.
pub fn of_grid(grid: &str, what: Message) -> Message {
    Message::new("grid-duty-fault")
        .with("grid", grid)
        .with("what", what)
}

/// Why a login cannot hold a chief's duty until a day, or for good: it is nobody's, another role's, or its account is closed
/// before that.
pub fn not_a_chief(login: &str, account: Option<&Account>, to: Option<Date>) -> Option<Message> {
    let key = match account {
        None => "grid-unknown-login",
        Some(account) => match account.disabled_at.map(crate::clock::day_of) {
            Some(closed) if to.is_none_or(|to| to > closed) => "grid-login-closed",
            None if account.role != Role::Chief => "grid-login-no-chief",
            _ => return None,
        },
    };
    Some(Message::new(key).with("login", login))
}

/// What a frontage contract covers: all four things unless it says which.
fn things(text: Option<String>) -> Result<BTreeSet<Thing>, (&'static str, Message)> {
    let Some(text) = text else {
        return Ok(Thing::ALL.into());
    };
    let words = text.split([' ', ',', ';', '、', '，', '；']);
    words
        .filter(|word| !word.is_empty())
        .map(|word| Thing::of(word).ok_or(("things", Message::new("grid-not-a-thing"))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<(Vec<Read>, Vec<RowFault>), Refusal> {
        read("职责.csv", text.as_bytes(), "2022-03-01".parse().unwrap())
    }

    #[test]
    fn rows_become_duties_in_either_language() {
        let text = "网格,职责,承担方式,账号,姓名,级别,每周巡查,部位,四包,起\n\
                    G1,管理,路长,Lu3,测试路长,3级,5,,,\n\
                    G1,作业,单位,D05,,,,,,2022-04-01\n\
                    G1,责任,门前四包,,测试商店,,,12号,卫生、秩序,\n\
                    G1,执法,包保,,测试局,,,,,2022/4/1\n";
        let (read, faults) = read_text(text).unwrap();
        assert_eq!(faults, []);
        let say = |read: &Read| {
            let DutyRow {
                duty,
                part,
                holder_kind,
                holder,
                name,
                level,
                things,
                patrols_per_week,
                valid_from,
                ..
            } = &read.duty;
            format!(
                "{} {duty}[{part}] {holder_kind} {holder} {name} {level:?} [{things}] {patrols_per_week} {valid_from}",
                read.row
            )
        };
        let said: Vec<_> = read.iter().map(say).collect();
        assert_eq!(
            said,
            [
                "2 management[] chief lu3 测试路长 Some(3) [] 5 2022-03-01",
                "3 operation[] unit D05 D05 None [] 0 2022-04-01",
                "4 responsibility[12号] frontage  测试商店 None [cleanliness order] 0 2022-03-01",
                "5 enforcement[] stewardship  测试局 None [] 0 2022-04-01",
            ]
        );
        for read in &read {
            let tenure = read.duty.tenure().unwrap();
            assert_eq!(DutyRow::of("G1", &tenure, &read.duty.name), read.duty);
        }
    }

    #[test]
    fn every_fault_of_a_row_has_its_column() {
        let header = "grid,duty,kind,holder,name,level,patrols,things,from,to\n";
        #[rustfmt::skip]
        let cases = [
            (",管理,unit,D05,,,,,,",               "grid",    "evidence-empty"),
            ("G1,管它,unit,D05,,,,,,",             "duty",    "grid-not-a-duty"),
            ("G1,管理,king,D05,,,,,,",             "kind",    "grid-not-a-holder"),
            ("G1,管理,chief,lu,,3,,,,",            "name",    "grid-chief-without-name"),
            ("G1,管理,chief,lu,测试,6,,,,",         "level",   "grid-not-a-level"),
            ("G1,管理,unit,,城管局,,,,,",            "holder",  "grid-unit-without-code"),
            ("G1,责任,frontage,,,,,,,",            "name",    "grid-party-without-name"),
            ("G1,责任,frontage,,店,,,卫生 停车,,",     "things",  "grid-not-a-thing"),
            ("G1,管理,unit,D05,,,often,,,",        "patrols", "grid-not-patrols"),
            ("G1,管理,unit,D05,,,,,someday,",      "from",    "grid-not-a-day"),
            ("G1,管理,unit,D05,,,,,2022-03-02,2022-03-01", "to", "evidence-before"),
        ];
        for (row, column, key) in cases {
            let (read, faults) = read_text(&format!("{header}{row}\n")).unwrap();
            let found: Vec<_> = faults
                .iter()
                .map(|fault| (fault.row, fault.column.as_str(), fault.message.key))
                .collect();
            assert_eq!((read.len(), found), (0, vec![(2, column, key)]), "{row}");
        }
        assert_eq!(
            read_text("grid,kind\nG1,unit\n").unwrap_err().0.key,
            "grid-column-missing"
        );
    }
}
