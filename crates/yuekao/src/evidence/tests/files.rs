//! Files as offices send them.

use std::io::{Cursor, Write as _};

use assessment::facts::Facts;
use encoding_rs::GB18030;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::super::bounds::LARGEST;
use super::super::check::{Known, check};
use super::super::*;
use super::content;
use crate::datum::Datum;

const UNITS: &str = "单位编码,单位名称,单位类型,上级单位\n1,某县,县,\n2,簰洲湾镇,镇,某县\n";
const FINDINGS: &str = "发现时间,指标,责任单位,问题编号,严重程度,发现途径,整改期限,整改完成时间,位置描述\n\
    2022年12月5日 9时30分,litter,2,WT-(1),轻微,暗访,2022/12/6,,中心街“市场”门前\n";

fn read(name: &str, bytes: &[u8]) -> (Facts, Vec<String>) {
    let content = content(name, bytes, Datum::Wgs84).unwrap();
    let mut faults = content.faults;
    let known = Known {
        units: units(),
        ..Known::default()
    };
    let facts = check(content.rows, &known, &mut faults);
    (facts, faults.iter().map(RowFault::to_string).collect())
}

fn units() -> Vec<assessment::unit::Unit> {
    let unit = |code: &str, name: &str| assessment::unit::Unit {
        code: code.into(),
        name: name.into(),
        kind: "township".into(),
        parent: None,
        attributes: Default::default(),
    };
    vec![
        unit("2", "簰洲湾镇"),
        unit("3", "城关镇"),
        unit("4", "城关镇"),
    ]
}

fn refused(name: &str, bytes: &[u8]) -> String {
    content(name, bytes, Datum::Wgs84).unwrap_err().to_string()
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts_them() {
    let (header, row) = FINDINGS.trim_end().split_once('\n').unwrap();
    let bad = row.replace("litter,2", "litter,9");
    let cell_of_two_lines = row.replace("中心街", "\"中心街\n二楼\"");
    // An empty line, a line of separators, a cell of two lines, two empty lines, a row with an unknown unit.
    let text = format!("\n{header}\n\n,,,\n{cell_of_two_lines}\n\n\n{bad}\n\n");
    let told = |text: &str| {
        let faults = read("问题.csv", text.as_bytes()).1;
        faults
            .into_iter()
            .filter(|fault| fault.contains("evidence-unknown-unit"))
            .collect::<Vec<_>>()
    };
    for text in [&text, &text.replace('\n', "\r\n")] {
        let faults = told(text);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with("问题.csv 8:"), "{faults:?}");
    }
}

#[test]
fn encodings_and_separators_say_the_same() {
    let (facts, faults) = read("问题.csv", FINDINGS.as_bytes());
    assert_eq!(
        faults,
        ["问题.csv 2:整改期限 warning evidence-day-only{taken=2022-12-06T23:59} «2022/12/6»"]
    );
    let finding = &facts.findings[0];
    assert_eq!(finding.id, "WT-(1)");
    assert_eq!(finding.found_at.to_string(), "2022-12-05T09:30:00");
    assert_eq!(finding.place, "中心街“市场”门前");

    let marked = [b"\xef\xbb\xbf", FINDINGS.as_bytes()].concat();
    let gbk = GB18030.encode(FINDINGS).0.into_owned();
    let utf16: Vec<u8> = [0xfeffu16]
        .into_iter()
        .chain(FINDINGS.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let semicolons = FINDINGS.replace(',', ";").into_bytes();
    let tabs = FINDINGS
        .replace(',', "\t")
        .replace('\n', "\r\n")
        .into_bytes();
    let full_width = FINDINGS
        .replace("9时30分", "9:30")
        .replace("(1)", "(1)")
        .replace(",2,", ", 2\u{3000},")
        .into_bytes();
    for bytes in [marked, gbk, utf16, semicolons, tabs, full_width] {
        assert_eq!(read("a.csv", &bytes).0, facts);
    }
}

#[test]
fn a_rare_character_survives_gbk() {
    // 簰 is in GBK, 𠮷 only in GB 18030.
    let text = UNITS
        .replace("某县,县", "𠮷县,县")
        .replace(",某县", ",𠮷县");
    let (facts, faults) = read("单位.csv", &GB18030.encode(&text).0);
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(
        (facts.units[0].name.as_str(), facts.units[1].name.as_str()),
        ("𠮷县", "簰洲湾镇")
    );
    assert_eq!(
        facts.units[1].parent.as_deref(),
        Some("1"),
        "parents may be named"
    );
}

#[test]
fn units_named_by_several_are_refused() {
    let rows = "key,unit,value\na,簰洲湾镇,1\nb,城关镇,2\nc,无名镇,3\n";
    let (facts, faults) = read("measures.csv", rows.as_bytes());
    assert_eq!(facts.measures.len(), 1);
    assert_eq!(facts.measures[0].unit.as_deref(), Some("2"));
    assert_eq!(
        faults,
        [
            "measures.csv 3:unit fault evidence-ambiguous-name{text=城关镇,codes=3, 4} «城关镇»",
            "measures.csv 4:unit fault evidence-unknown-unit{text=无名镇} «无名镇»",
        ]
    );
}

#[test]
fn headers_may_be_anywhere_and_in_any_order() {
    let text = "某县十二月外部数据,,,\n,,,\n备注,数值(分),数据项 *,单位\n,94.68,满意度,2\n示例,1,满意度,2\n";
    let (facts, faults) = read("upload.csv", text.as_bytes());
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(facts.measures.len(), 1, "the example is no data");
    assert_eq!(facts.measures[0].value.to_exact_text(), "94.68");

    let (_, faults) = read("a.csv", "key,value,颜色\nx,1,红\n".as_bytes());
    assert_eq!(
        faults,
        ["a.csv 1:颜色 warning evidence-column-unknown{column=颜色} «»"]
    );
    let (_, faults) = read("measures.csv", "key,value,数值\nx,1,2\n".as_bytes());
    assert_eq!(
        faults,
        ["measures.csv 1:数值 fault evidence-column-twice{column=数值} «»"]
    );
    let (_, faults) = read("findings.csv", "id,unit\nx,1\n".as_bytes());
    let missing = [
        "indicator 指标",
        "severity 严重程度",
        "found_by 发现途径",
        "found_at 发现时间",
    ];
    assert_eq!(
        faults,
        missing.map(|column| format!(
            "findings.csv 1:{column} fault evidence-column-missing{{column={column}}} «»"
        ))
    );
}

#[test]
fn coordinates_are_converted_at_the_edge() {
    // 万年路社区 in three systems; WGS 84 keeps its text.
    let [east, north] = Datum::Bd09.from_wgs84([114.318743, 29.827937]);
    let rows = "id,unit,name,lng,lat,坐标系\n\
        a,2,甲,114.318743,29.827937,\n\
        b,2,乙,114.324142,29.825463,GCJ-02\n\
        c,2,丙,EAST,NORTH,百度\n\
        d,2,丁,114.318743,29.827937,北京54\n"
        .replace("EAST", &format!("{east:.6}"))
        .replace("NORTH", &format!("{north:.6}"));
    let (facts, faults) = read("sites.csv", rows.as_bytes());
    assert_eq!(
        faults,
        ["sites.csv 5:坐标系 fault evidence-not-a-datum «北京54» expected evidence-a-datum"]
    );
    for site in &facts.sites {
        let place = site.place.as_ref().unwrap();
        let degrees = [&place.lng, &place.lat].map(|text| text.parse::<f64>().unwrap());
        assert!((degrees[0] - 114.318743).abs() < 2e-6, "{place:?}");
        assert!((degrees[1] - 29.827937).abs() < 2e-6, "{place:?}");
    }
    assert_eq!(facts.sites[0].place.as_ref().unwrap().lng, "114.318743");

    let content = content("sites.csv", rows, Datum::Gcj02).unwrap();
    let moved = content.rows.sites[0].fact.place.clone().unwrap();
    assert_eq!(
        moved.lng, "114.313352",
        "the default holds where a row says nothing"
    );
}

fn workbook(fill: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("问题").unwrap();
    let header = [
        "问题编号",
        "责任单位",
        "指标",
        "严重程度",
        "发现途径",
        "发现时间",
        "重复次数",
    ];
    for (column, title) in header.iter().enumerate() {
        sheet.write(0, column as u16, *title).unwrap();
    }
    for row in 1..=3 {
        let cells = ["2", "litter", "轻微", "第三方"];
        sheet.write(row, 0, format!("f{row}")).unwrap();
        for (column, cell) in cells.iter().enumerate() {
            sheet.write(row, column as u16 + 1, *cell).unwrap();
        }
        let time = ExcelDateTime::parse_from_str("2022-12-05T09:30:00").unwrap();
        let format = Format::new().set_num_format("yyyy/m/d h:mm");
        sheet.write_with_format(row, 5, &time, &format).unwrap();
        sheet.write(row, 6, row).unwrap();
    }
    fill(sheet);
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_with_its_dates_and_numbers() {
    let (facts, faults) = read("十二月.xlsx", &workbook(|_| ()));
    assert_eq!(faults, Vec::<String>::new());
    let rows: Vec<_> = facts
        .findings
        .iter()
        .map(|f| {
            (
                f.id.as_str(),
                f.unit.as_str(),
                f.found_at.to_string(),
                f.repeated,
            )
        })
        .collect();
    let time = || "2022-12-05T09:30:00".to_owned();
    assert_eq!(
        rows,
        [
            ("f1", "2", time(), 1),
            ("f2", "2", time(), 2),
            ("f3", "2", time(), 3)
        ]
    );
}

#[test]
fn merged_cells_are_named_and_their_rows_left_out() {
    let bytes = workbook(|sheet| {
        sheet.merge_range(1, 1, 2, 1, "2", &Format::new()).unwrap();
    });
    let (facts, faults) = read("a.xlsx", &bytes);
    assert_eq!(
        faults,
        ["a.xlsx/问题 2:B2:B3 fault evidence-merged-cells «»"]
    );
    assert_eq!(facts.findings.len(), 1);
}

#[test]
fn formulas_give_their_values_and_are_not_kept() {
    let bytes = workbook(|sheet| {
        sheet
            .write_formula(2, 6, Formula::new("=1+1").set_result("2"))
            .unwrap();
    });
    let (facts, faults) = read("a.xlsx", &bytes);
    assert_eq!(
        faults,
        ["a.xlsx/问题 0: warning evidence-formulas{cell=G3,count=1} «»"]
    );
    assert_eq!(facts.findings[1].repeated, 2);

    let bytes = workbook(|sheet| {
        sheet
            .write_formula(2, 6, Formula::new("=1/0").set_result("#DIV/0!"))
            .unwrap();
    });
    let (facts, faults) = read("a.xlsx", &bytes);
    assert!(faults[0].starts_with("a.xlsx/问题 3:"), "{faults:?}");
    assert_eq!(facts.findings.len(), 2);

    let bytes = workbook(|sheet| {
        sheet.write(2, 0, "=HYPERLINK(\"http://x\")").unwrap();
    });
    let (facts, faults) = read("a.xlsx", &bytes);
    assert!(faults[0].contains("evidence-live-text"), "{faults:?}");
    assert_eq!(facts.findings.len(), 2);
}

#[test]
fn numbers_that_a_spreadsheet_has_spoilt_are_named() {
    let bytes = workbook(|sheet| {
        sheet.write(1, 0, 421_202_001_002_000_123_f64).unwrap();
    });
    let (_, faults) = read("a.xlsx", &bytes);
    assert_eq!(
        faults,
        ["a.xlsx/问题 2:A2 fault evidence-inexact-number «421202001002000100»"]
    );
}

#[test]
fn far_cells_cost_no_memory() {
    let bytes = workbook(|sheet| {
        sheet.write(1_048_575, 0, "x").unwrap();
    });
    let (facts, faults) = read("a.xlsx", &bytes);
    assert_eq!(facts.findings.len(), 3);
    assert!(
        faults
            .iter()
            .all(|fault| fault.starts_with("a.xlsx/问题 1048576:")),
        "{faults:?}"
    );
    let bytes = workbook(|sheet| {
        sheet.write(1, 16_383, "x").unwrap();
    });
    assert_eq!(
        refused("a.xlsx", &bytes),
        "evidence-too-wide{name=a.xlsx/问题,cell=XFD2}"
    );
}

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn bombs_and_giants_are_refused_before_they_are_read() {
    let zeros = vec![0u8; LARGEST as usize + 1];
    assert_eq!(
        refused("a.csv", &zeros),
        "evidence-too-large{name=a.csv,megabytes=200}"
    );
    let bomb = packed(&[
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/worksheets/sheet1.xml", &zeros),
    ]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(
        refused("a.xlsx", &bomb),
        "evidence-too-large{name=a.xlsx,megabytes=200}"
    );
    assert_eq!(
        refused("a.xlsx", &lying(&bomb)),
        "evidence-too-large{name=a.xlsx,megabytes=200}"
    );
    let folder = packed(&[("2022-12/units.csv", &zeros)]);
    assert_eq!(
        refused("a.zip", &lying(&folder)),
        "evidence-too-large{name=a.zip,megabytes=200}"
    );
}

/// The same archive with sizes in its directory that look harmless.
fn lying(archive: &[u8]) -> Vec<u8> {
    let mut archive = archive.to_vec();
    let size = (LARGEST as u32 + 1).to_le_bytes();
    let mut places: Vec<usize> = Vec::new();
    for (place, window) in archive.windows(4).enumerate() {
        if window == size {
            places.push(place);
        }
    }
    assert!(!places.is_empty());
    for place in places {
        archive[place..place + 4].copy_from_slice(&100u32.to_le_bytes());
    }
    archive
}

#[test]
fn what_is_no_table_is_refused_with_a_reason() {
    let keys = |name: &str, bytes: &[u8]| refused(name, bytes);
    assert_eq!(
        keys("a.csv", b"GIF89a\x08\0\x08\0"),
        "evidence-not-a-text-file{name=a.csv}"
    );
    let cut = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    assert_eq!(keys("a.png", cut), "evidence-not-a-photo{name=a.png}");
    let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    assert_eq!(keys("a.xls", old), "evidence-old-excel{name=a.xls}");
    assert_eq!(
        keys("a.xlsx", b"PK\x03\x04broken"),
        "evidence-not-a-zip{name=a.xlsx}"
    );
    let not_a_workbook = packed(&[("word/document.xml", b"<w/>")]);
    assert_eq!(
        keys("a.docx", &not_a_workbook),
        "evidence-not-a-workbook{name=a.docx}"
    );
    assert_eq!(
        keys("a.csv", b"x,y\n1,2\n"),
        "evidence-kind-unknown{name=a.csv}"
    );
    assert_eq!(keys("a.csv", b""), "evidence-kind-unknown{name=a.csv}");
    let unfilled = "key,unit,value,note\n数据项,单位,数值,备注\nx,,1,示例\n";
    assert_eq!(
        keys("measures.csv", unfilled.as_bytes()),
        "evidence-template-empty{name=measures.csv}"
    );
    let open = "key,unit,value\n\"x,,1\ny,,2\n";
    assert_eq!(
        keys("measures.csv", open.as_bytes()),
        "evidence-not-csv{name=measures.csv}"
    );
    let mut damaged = UNITS.as_bytes().to_vec();
    damaged.truncate(damaged.len() - 9);
    assert_eq!(
        keys("单位.csv", &damaged),
        "evidence-damaged-utf8{name=单位.csv,line=3}"
    );
}

#[test]
fn broken_characters_are_named() {
    let (_, faults) = read(
        "units.csv",
        "code,name,kind\n1,某\u{fffd}县,county\n".as_bytes(),
    );
    assert_eq!(
        faults,
        ["units.csv 2:name fault evidence-not-a-text «某\u{fffd}县»"]
    );
}

#[test]
fn a_packed_folder_is_a_file_of_many_sheets() {
    let bytes = packed(&[
        ("2022-12/units.csv", UNITS.as_bytes()),
        ("2022-12/findings.csv", FINDINGS.as_bytes()),
        ("2022-12/scheme.toml", b"id = 'x'"),
    ]);
    let (facts, _) = read("2022-12.zip", &bytes);
    assert_eq!((facts.units.len(), facts.findings.len()), (2, 1));
    let twice = packed(&[
        ("a/units.csv", UNITS.as_bytes()),
        ("b/units.csv", UNITS.as_bytes()),
    ]);
    assert_eq!(
        refused("a.zip", &twice),
        "evidence-file-twice{name=a.zip,file=units.csv}"
    );
}
