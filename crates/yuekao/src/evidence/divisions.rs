//! Administrative divisions, as statistics publish them, as units: by code, from the prefecture to the village.
//!
//! Files of divisions have the columns `code`, `name`, `level`, `parent_code` and `kind`, like `data/divisions.csv`.

use std::collections::HashSet;

use assessment::facts::{FILES, csv};
use assessment::message::Message;
use csv::StringRecord;

use super::file::Handed;
use super::sheet::Sheet;
use super::{Refusal, text};

/// The divisions that ship with the program.
const SHIPPED: &str = include_str!("../../../../data/divisions.csv");

const COLUMNS: [&str; 5] = ["code", "name", "level", "parent_code", "kind"];
/// Levels from the top; the province takes no part in what a prefecture evaluates.
pub const LEVELS: [&str; 4] = ["prefecture", "county", "township", "village"];

/// One division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// Row in its file, as a spreadsheet counts.
    pub row: usize,
    pub code: String,
    pub name: String,
    /// `province`, or one of [`LEVELS`].
    pub level: String,
    /// Code of the division above; empty at the top.
    pub parent: String,
    /// What statistics call it: 县级市, 镇, 社区居委会.
    pub called: String,
}

impl Division {
    /// The kind of the unit: its level. Places that only resemble a township are plain units; what resembles a community or
    /// a village stands on its level, and is one.
    pub fn kind(&self) -> &str {
        match (self.level.as_str(), self.called.as_str()) {
            ("township", "类似乡级单位") => "unit",
            ("village", "社区居委会" | "类似居委会") => "community",
            (level, _) => level,
        }
    }
}

/// The divisions that ship with the program.
pub fn shipped() -> Vec<Division> {
    let sheet = text::sheet("divisions.csv", SHIPPED.as_bytes()).expect("data/divisions.csv reads");
    of_sheet(&sheet).expect("data/divisions.csv has its columns")
}

/// The divisions of a file that somebody has.
///
/// # Errors
/// It cannot be read, or its columns are others.
pub fn read(file: &Handed) -> Result<Vec<Division>, Refusal> {
    let sheets = super::sheet::open(&file.name, &file.bytes)?;
    let found = sheets.iter().find_map(of_sheet);
    found.ok_or_else(|| Refusal::about("divisions-not-these", &file.name))
}

/// The divisions of a sheet, if it is one of divisions.
fn of_sheet(sheet: &Sheet) -> Option<Vec<Division>> {
    let (_, header) = sheet.rows.first()?;
    let place = |column: &&str| header.iter().position(|cell| cell.trim() == *column);
    let places: Vec<usize> = COLUMNS.iter().map_while(place).collect();
    let [code, name, level, parent, called] = places[..] else {
        return None;
    };
    let division = |(row, cells): &(usize, StringRecord)| {
        let cell = |at| cells.get(at).unwrap_or_default().trim().to_owned();
        Division {
            row: *row,
            code: cell(code),
            name: cell(name),
            level: cell(level),
            parent: cell(parent),
            called: cell(called),
        }
    };
    Some(sheet.rows[1..].iter().map(division).collect())
}

/// A sheet of divisions as one of units; any other stays as it is.
pub fn as_units(sheet: Sheet) -> Sheet {
    let Some(divisions) = of_sheet(&sheet) else {
        return sheet;
    };
    let divisions: Vec<&Division> = divisions
        .iter()
        .filter(|division| division.level != "province")
        .collect();
    let header = (1, StringRecord::from(FILES[0].1.to_vec()));
    let rows = rows(&divisions).into_iter();
    let rows = divisions.iter().zip(rows);
    let rows = rows.map(|(division, cells)| (division.row, StringRecord::from(cells)));
    Sheet {
        rows: std::iter::once(header).chain(rows).collect(),
        ..sheet
    }
}

/// A region with what lies below it, down to a level, as a file of units.
///
/// `region`: a code, with or without its trailing zeros.
///
/// # Errors
/// No division has that code.
pub fn units_of(divisions: &[Division], region: &str, down_to: &str) -> Result<Handed, Refusal> {
    let whole = format!("{region:0<12}");
    let root = divisions.iter().find(|division| division.code == whole);
    let root = root.filter(|root| LEVELS.contains(&root.level.as_str()));
    let root = root
        .ok_or_else(|| Refusal(Message::new("divisions-no-such-region").with("region", region)))?;
    let depth = |level: &str| LEVELS.iter().position(|known| *known == level);
    let deepest = depth(down_to).unwrap_or(LEVELS.len());
    let mut inside: HashSet<&str> = HashSet::from([root.code.as_str()]);
    let mut picked = vec![root];
    // Whatever the order of the file: level by level.
    for level in LEVELS {
        let own = divisions.iter().filter(|division| {
            division.level == level
                && depth(level) <= Some(deepest)
                && inside.contains(division.parent.as_str())
        });
        let own: Vec<&Division> = own.collect();
        inside.extend(own.iter().map(|division| division.code.as_str()));
        picked.extend(own);
    }
    let text = csv(FILES[0].1, rows(&picked));
    Ok(Handed::new(format!("units-{}.csv", root.code), text))
}

/// Cells of the units file; what lies above the topmost is left away.
fn rows(divisions: &[&Division]) -> Vec<Vec<String>> {
    let codes: HashSet<&str> = divisions
        .iter()
        .map(|division| division.code.as_str())
        .collect();
    let cells = |division: &&Division| {
        let parent = Some(&division.parent).filter(|parent| codes.contains(parent.as_str()));
        vec![
            division.code.clone(),
            division.name.clone(),
            division.kind().to_owned(),
            parent.cloned().unwrap_or_default(),
            String::new(),
        ]
    };
    divisions.iter().map(cells).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picked(region: &str, down_to: &str) -> Vec<String> {
        let file = units_of(&shipped(), region, down_to).unwrap();
        let text = String::from_utf8(file.bytes).unwrap();
        text.lines().skip(1).map(str::to_owned).collect()
    }

    #[test]
    fn a_region_is_taken_down_to_a_level() {
        let counties = picked("4212", "county");
        assert_eq!(counties.len(), 7);
        assert_eq!(counties[0], "421200000000,咸宁市,prefecture,,");
        assert!(counties.contains(&"421221000000,嘉鱼县,county,421200000000,".to_owned()));
        let jiayu = picked("421221000000", "township");
        assert_eq!(jiayu[0], "421221000000,嘉鱼县,county,,");
        assert!(
            jiayu
                .iter()
                .skip(1)
                .all(|row| row.ends_with(",421221000000,"))
        );
        assert_eq!(picked("4212", "village").len(), 1 + 6 + 89 + 1096);
    }

    #[test]
    fn what_resembles_a_village_is_one() {
        let all = picked("4212", "village");
        let plain = all.iter().filter(|row| row.contains(",unit,"));
        let codes: Vec<&str> = plain.filter_map(|row| row.get(..12)).collect();
        assert!(codes.iter().all(|code| code.ends_with("000")), "{codes:?}");
        let shipped = shipped();
        let found = shipped.iter().find(|each| each.code == "421202450500");
        assert_eq!(found.map(Division::kind), Some("village"));
    }

    #[test]
    fn an_unknown_region_is_refused() {
        for region in ["4299", "420000000000", "", "咸宁"] {
            let Refusal(message) = units_of(&shipped(), region, "county").unwrap_err();
            assert_eq!(message.key, "divisions-no-such-region", "{region}");
        }
    }

    #[test]
    fn a_file_of_divisions_is_one_of_units() {
        let sheet = text::sheet("全部.csv", SHIPPED.as_bytes()).unwrap();
        let sheet = as_units(sheet);
        assert_eq!(sheet.rows.len(), 1 + 1192, "all but the province");
        let (row, cells) = &sheet.rows[1];
        assert_eq!((*row, &cells[0], &cells[3]), (3, "421200000000", ""));
    }
}
