//! Lists of outer standards, as a host has obtained them: tables that it imports into its data folder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use assessment::indicator::Standard;
use assessment::indicator::coverage::{OuterItem, OuterList};
use assessment::message::{Message, Words};
use assessment::points::Points;
use csv::StringRecord;

use crate::evidence::Refusal;
use crate::evidence::fault::{RowFault, quoted};
use crate::evidence::sheet::{self, Sheet};
use crate::evidence::value::{number, plain};

/// The columns of a list, in their order.
pub const COLUMNS: [&str; 6] = [
    "item",
    "group",
    "title_zh",
    "title_en",
    "points",
    "indicators",
];

/// Reads a list from CSV or a workbook; every fault of it is reported. `indicators` are ids of the
/// catalogue, separated by `;`.
///
/// # Errors
/// The bytes are no table at all.
pub fn read(
    outer: &str,
    name: &str,
    bytes: &[u8],
    standard: &Standard,
) -> Result<(OuterList, Vec<RowFault>), Refusal> {
    let sheet = sheet::open(name, bytes)?
        .into_iter()
        .find(|sheet| !sheet.rows.is_empty());
    let sheet = sheet.unwrap_or_else(|| Sheet {
        name: name.to_owned(),
        rows: vec![],
        faults: vec![],
    });
    let mut list = OuterList {
        outer: outer.to_owned(),
        items: Vec::new(),
    };
    let mut rows = Rows {
        name,
        faults: sheet.faults,
    };
    let nothing = StringRecord::new();
    let (header, records) = match sheet.rows.split_first() {
        Some(((_, header), records)) => (header, records),
        None => (&nothing, &[][..]),
    };
    let Some(at) = rows.columns(header) else {
        return Ok((list, rows.faults));
    };

    let mut first_rows: HashMap<String, usize> = HashMap::new();
    for (number, record) in records {
        let item = rows.item(*number, record, &at, standard);
        match first_rows.get(&item.id) {
            _ if item.id.is_empty() => {
                rows.fault(*number, "item", "", Message::new("outer-item-missing"));
            }
            Some(first) => {
                let message = Message::new("outer-item-twice")
                    .with("item", item.id.as_str())
                    .with("row", *first);
                rows.fault(*number, "item", &item.id, message);
            }
            None => {
                first_rows.insert(item.id.clone(), *number);
            }
        }
        list.items.push(item);
    }
    if list.items.is_empty() {
        rows.fault(0, "", "", Message::new("outer-empty"));
    }
    Ok((list, rows.faults))
}

/// The list as a file: always the same bytes for the same items.
pub fn write(list: &OuterList) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let rows = list.items.iter().map(|item| {
        [
            item.id.clone(),
            item.group.clone(),
            item.title.zh.clone(),
            item.title.en.clone(),
            item.points
                .as_ref()
                .map(Points::to_exact_text)
                .unwrap_or_default(),
            item.indicators.join(";"),
        ]
    });
    for row in std::iter::once(COLUMNS.map(str::to_owned)).chain(rows) {
        writer.write_record(row).expect("a vector takes every byte");
    }
    let bytes = writer.into_inner().expect("a vector takes every byte");
    String::from_utf8(bytes).expect("it was text")
}

/// Where an imported list is kept.
pub fn path(data: &Path, outer: &str) -> PathBuf {
    data.join("outer").join(format!("{outer}.csv"))
}

struct Rows<'a> {
    name: &'a str,
    faults: Vec<RowFault>,
}

impl Rows<'_> {
    /// Where each column stands; `None` if one is missing.
    fn columns(&mut self, header: &StringRecord) -> Option<[usize; 6]> {
        let titles: Vec<&str> = header.iter().map(str::trim).collect();
        for title in titles.iter().filter(|title| !COLUMNS.contains(title)) {
            self.fault(
                1,
                title,
                "",
                Message::new("outer-column-unknown").with("column", *title),
            );
        }
        let at = COLUMNS.map(|column| {
            let at = titles.iter().position(|title| *title == column);
            if at.is_none() {
                self.fault(
                    1,
                    column,
                    "",
                    Message::new("outer-column-missing").with("column", column),
                );
            }
            at
        });
        at.iter()
            .all(Option::is_some)
            .then(|| at.map(Option::unwrap_or_default))
    }

    fn item(
        &mut self,
        row: usize,
        record: &StringRecord,
        at: &[usize; 6],
        standard: &Standard,
    ) -> OuterItem {
        let [id, group, zh, en, points, indicators] =
            at.map(|at| record.get(at).unwrap_or_default().trim());
        let id = plain(id);
        if zh.is_empty() {
            self.fault(row, "title_zh", "", Message::new("outer-title-missing"));
        }
        if !points.is_empty() && number(points).is_none() {
            self.fault(row, "points", points, Message::new("outer-bad-points"));
        }
        let indicators: Vec<String> = indicators
            .split([';', '\u{ff1b}'])
            .map(plain)
            .filter(|id| !id.is_empty())
            .collect();
        for id in indicators
            .iter()
            .filter(|id| standard.indicator(id).is_none())
        {
            let message = Message::new("standard-unknown-indicator")
                .with("standard", standard.id.as_str())
                .with("indicator", id.as_str());
            self.fault(row, "indicators", id, message);
        }
        OuterItem {
            id,
            group: group.to_owned(),
            title: Words::new(zh, if en.is_empty() { zh } else { en }),
            points: number(points),
            indicators,
        }
    }

    fn fault(&mut self, row: usize, column: &str, text: &str, message: Message) {
        self.faults.push(RowFault {
            row,
            column: column.to_owned(),
            text: quoted(text),
            ..RowFault::of_sheet(self.name, message)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::all;

    fn faults(text: &str) -> Vec<String> {
        let standard = all(None).unwrap().remove(0).standard;
        let (_, faults) = read("provincial-exam", "x.csv", text.as_bytes(), &standard).unwrap();
        faults
            .iter()
            .map(|fault| {
                format!(
                    "{} {} {} «{}»",
                    fault.row, fault.column, fault.message, fault.text
                )
            })
            .collect()
    }

    #[test]
    fn every_fault_of_a_list_is_named() {
        let header = "item,group,title_zh,title_en,points,indicators\n";
        #[rustfmt::skip]
        let cases = [
            ("", "1 item outer-column-missing{column=item} «»\n1 group outer-column-missing{column=group} «»\n1 title_zh outer-column-missing{column=title_zh} «»\n1 title_en outer-column-missing{column=title_en} «»\n1 points outer-column-missing{column=points} «»\n1 indicators outer-column-missing{column=indicators} «»"),
            (header, "0  outer-empty «»"),
            ("item,group,title_zh,title_en,points,indicators,x\n1,,甲,,,\n", "1 x outer-column-unknown{column=x} «»"),
            ("ITEM\n1,,甲,,2,road-dust;exposed-waste\n", ""),
            ("ITEM\n1,,甲,,2,\n,,,,,\n,,乙,,,\n１,,丙,,,\n", "4 item outer-item-missing «»\n5 item outer-item-twice{item=1,row=2} «1»"),
            ("ITEM\n1,,,,一,dust\n", "2 title_zh outer-title-missing «»\n2 points outer-bad-points «一»\n2 indicators standard-unknown-indicator{standard=xianning-2021,indicator=dust} «dust»"),
        ];
        for (text, expected) in cases {
            let text = text.replace("ITEM\n", header);
            assert_eq!(faults(&text).join("\n"), expected, "{text}");
        }
    }

    #[test]
    fn the_templates_are_empty_lists_and_a_list_reads_back() {
        let standard = all(None).unwrap().remove(0).standard;
        for outer in &standard.outer {
            let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../standards/outer");
            let text = std::fs::read_to_string(template.join(format!("{}.csv", outer.id))).unwrap();
            assert_eq!(
                text,
                write(&OuterList {
                    outer: outer.id.clone(),
                    items: Vec::new()
                })
            );
        }
        let text = "\u{feff}title_zh,item,group,title_en,points,indicators\n道路,１．１,一,Roads,1/2,road-dust; exposed-waste\n“引”,2,,,,\n";
        let (list, faults) = read("provincial-exam", "x.csv", text.as_bytes(), &standard).unwrap();
        assert!(faults.is_empty());
        let written = write(&list);
        assert_eq!(
            written,
            "item,group,title_zh,title_en,points,indicators\n1.1,一,道路,Roads,0.5,road-dust;exposed-waste\n2,,“引”,“引”,,\n"
        );
        let (again, _) = read("provincial-exam", "x.csv", written.as_bytes(), &standard).unwrap();
        assert_eq!(again, list);
    }
}
