//! Accounts as rows of a file: login, name, role, unit.

use std::collections::HashSet;

use assessment::message::Message;

use crate::store::Error;
use crate::store::account::{Duty, Named, checked_login};

/// The columns, by code or by their Chinese label.
const COLUMNS: [(&str, &str); 4] = [
    ("login", "登录名"),
    ("name", "名称"),
    ("role", "角色"),
    ("unit", "单位"),
];

/// One account to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// The login.
    pub login: String,
    /// Name, role and unit.
    pub duty: Duty,
}

/// What is wrong in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The line in the file, from 1.
    pub line: u64,
    /// What is wrong.
    pub message: Message,
}

/// Reads accounts from CSV text in UTF-8 or GBK. `known` are the logins that exist, `named` the units and agencies.
///
/// Errors: every fault of every row.
pub fn read(
    file: &[u8],
    known: &HashSet<String>,
    named: &Named,
) -> Result<Vec<AccountRow>, Vec<RowFault>> {
    let text = decoded(file);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let places = columns(reader.headers().cloned().unwrap_or_default())
        .map_err(|message| vec![RowFault { line: 1, message }])?;
    let (mut rows, mut faults, mut seen) = (Vec::new(), Vec::new(), known.clone());
    for record in reader.records() {
        let line = match &record {
            Ok(record) => record.position().map_or(0, csv::Position::line),
            Err(error) => error.position().map_or(0, csv::Position::line),
        };
        let row = record
            .map_err(|_| Message::new("account-rows-not-csv"))
            .and_then(|record| {
                let cell = |place: usize| record.get(places[place]).unwrap_or_default().trim();
                row(cell(0), cell(1), cell(2), cell(3), &mut seen, named)
            });
        match row {
            Ok(row) => rows.push(row),
            Err(message) => faults.push(RowFault { line, message }),
        }
    }
    if rows.is_empty() && faults.is_empty() {
        faults.push(RowFault {
            line: 1,
            message: Message::new("account-rows-none"),
        });
    }
    if faults.is_empty() {
        Ok(rows)
    } else {
        Err(faults)
    }
}

fn row(
    login: &str,
    name: &str,
    role: &str,
    unit: &str,
    seen: &mut HashSet<String>,
    named: &Named,
) -> Result<AccountRow, Message> {
    let said = |error| match error {
        Error::Refused(message) => message,
        other => Message::new("account-rows-not-csv").with("why", other.to_string()),
    };
    let login = checked_login(login).map_err(said)?;
    if !seen.insert(login.clone()) {
        return Err(Message::new("account-login-taken").with("login", login));
    }
    let role = role
        .parse()
        .map_err(|role: String| Message::new("account-role-bad").with("role", role))?;
    let duty = Duty::new(name, role, Some(unit)).map_err(said)?;
    named.check(&duty).map_err(said)?;
    Ok(AccountRow { login, duty })
}

/// Where each of [`COLUMNS`] stands.
fn columns(headers: csv::StringRecord) -> Result<Vec<usize>, Message> {
    let find = |(code, label): (&str, &'static str)| {
        let place = headers
            .iter()
            .position(|header| matches!(header.trim(), h if h == code || h == label));
        place.ok_or_else(|| {
            Message::new("account-rows-column-missing")
                .with("column", code)
                .with("label", label)
        })
    };
    COLUMNS.into_iter().map(find).collect()
}

/// UTF-8 with or without a byte-order mark, otherwise GBK as office programs write it.
fn decoded(file: &[u8]) -> String {
    let file = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
    match std::str::from_utf8(file) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GBK.decode(file).0.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none() -> HashSet<String> {
        HashSet::new()
    }

    #[test]
    fn rows_are_read_in_any_usual_encoding() {
        let text = "登录名,名称,角色,单位\njiayu,嘉鱼县城管局,unit,421221\nBan,办公室,host,\n";
        let rows = read(text.as_bytes(), &none(), &Named::default()).unwrap();
        assert_eq!(rows[0].duty.unit.as_deref(), Some("421221"));
        assert_eq!(
            (rows[1].login.as_str(), rows[1].duty.unit.as_deref()),
            ("ban", None)
        );
        assert_eq!(
            read(&encoding_rs::GBK.encode(text).0, &none(), &Named::default()).unwrap(),
            rows
        );
        assert_eq!(
            read(
                format!("\u{FEFF}{text}").as_bytes(),
                &none(),
                &Named::default()
            )
            .unwrap(),
            rows
        );
        let codes = "unit,role,name,login\n421221,unit,嘉鱼县城管局,jiayu\n,host,办公室,ban";
        assert_eq!(
            read(codes.as_bytes(), &none(), &Named::default()).unwrap(),
            rows
        );
    }

    #[test]
    fn every_bad_row_is_named() {
        let text = "login,name,role,unit\njia,甲,host,\njia,甲,host,\nyi,乙,king,\nbing,丙,unit,\n有 空格,丁,host,\nwu,,host,\nji,己,host,\n";
        let known = HashSet::from(["ji".to_owned()]);
        let faults = read(text.as_bytes(), &known, &Named::default()).unwrap_err();
        let seen: Vec<_> = faults
            .iter()
            .map(|fault| (fault.line, fault.message.key))
            .collect();
        assert_eq!(
            seen,
            [
                (3, "account-login-taken"),
                (4, "account-role-bad"),
                (5, "account-unit-missing"),
                (6, "account-login-bad"),
                (7, "account-name-missing"),
                (8, "account-login-taken"),
            ]
        );
    }

    #[test]
    fn a_file_without_its_columns_or_rows_says_so() {
        let key = |text: &str| {
            read(text.as_bytes(), &none(), &Named::default()).unwrap_err()[0]
                .message
                .key
        };
        assert_eq!(
            key("login,name,role\njia,甲,host\n"),
            "account-rows-column-missing"
        );
        assert_eq!(key(""), "account-rows-column-missing");
        assert_eq!(key("login,name,role,unit\n"), "account-rows-none");
    }
}
