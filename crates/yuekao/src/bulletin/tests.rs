//! The invented month on paper, in a workbook, in a newspaper.
//!
//! PDFs are read back by poppler's tools (Debian: `poppler-utils`).

use std::io::{Cursor, Write};
use std::process::{Command, Stdio};

use calamine::{Data, Range, Reader, Xlsx};

use super::view::*;
use super::*;
use crate::words::Language::{Chinese, English};

fn poppler(tool: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    let mut command = Command::new(tool);
    command
        .args(arguments)
        .arg(file.path())
        .stderr(Stdio::null());
    if tool == "pdftotext" {
        command.arg("-");
    }
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{tool}: {error}; install poppler-utils"));
    assert!(output.status.success(), "{tool} refuses the file");
    String::from_utf8(output.stdout).unwrap()
}

fn pages(pdf: &[u8]) -> Vec<String> {
    let text = poppler("pdftotext", &["-raw"], pdf);
    text.split_terminator('\u{c}').map(str::to_owned).collect()
}

fn months_pdf() -> Vec<u8> {
    BulletinPrinter::new().pdf(&fixture::month()).unwrap()
}

fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn the_printed_text_copies_out() {
    insta::assert_snapshot!(pages(&months_pdf()).join("\n=== page ===\n"));
}

#[test]
fn every_sentence_copies_out_in_order() {
    let month = BulletinView {
        synthetic: false,
        ..fixture::month()
    };
    let printed = without_spaces(&pages(&BulletinPrinter::new().pdf(&month).unwrap()).concat());
    for section in paper::bulletin(&month, Chinese).sections {
        for part in section.parts {
            if let paper::Part::Text { text } = part {
                assert!(
                    printed.contains(&without_spaces(&text)),
                    "{text}\n{printed}"
                );
            }
        }
    }
}

#[test]
fn rare_characters_and_signs_copy_out() {
    let text = pages(&months_pdf()).concat();
    for name in ["簰洲湾镇", "隽水镇", "〔2023〕", "2023年1月9日"] {
        assert!(text.contains(name), "{name}");
    }
    let sheet = BulletinPrinter::new()
        .unit_sheet(&fixture::sheet(1), |_| None)
        .unwrap();
    assert!(pages(&sheet).concat().contains('㎡'));
}

#[test]
fn every_font_is_embedded_and_maps_to_unicode() {
    let fonts = poppler("pdffonts", &[], &months_pdf());
    let rows: Vec<&str> = fonts.lines().skip(2).collect();
    assert_eq!(rows.len(), 4, "{fonts}");
    assert!(
        rows.iter()
            .all(|row| row.contains("Noto") && row.contains("yes yes yes")),
        "{fonts}"
    );
}

#[test]
fn the_file_is_tagged_a4_and_dated_like_the_document() {
    let info = poppler("pdfinfo", &["-isodates"], &months_pdf());
    for line in [
        "Tagged:          yes",
        "595.276 x 841.89 pts (A4)",
        "CreationDate:    2023-01-09T00:00:00Z",
    ] {
        assert!(info.contains(line), "{info}");
    }
}

#[test]
fn the_type_area_holds_22_lines_of_28_characters() {
    let basis = Both::new("字".repeat(28 * 60), "");
    let view = BulletinView {
        basis: vec![basis],
        synthetic: false,
        ..fixture::month()
    };
    let second = &pages(&BulletinPrinter::new().pdf(&view).unwrap())[1];
    let lines: Vec<usize> = second
        .lines()
        .filter(|line| line.starts_with("字字"))
        .map(|line| line.chars().count())
        .collect();
    assert_eq!(lines, [28; 22]);
}

#[test]
fn the_same_month_is_the_same_file() {
    let printer = BulletinPrinter::new();
    let first = printer.pdf(&fixture::month()).unwrap();
    assert!(first == printer.pdf(&fixture::month()).unwrap(), "warm");
    assert!(first == months_pdf(), "another printer");
    let sheet = |printer: &BulletinPrinter| {
        printer
            .unit_sheet(&fixture::sheet(5), |_| Some(photo(7)))
            .unwrap()
    };
    assert!(sheet(&printer) == sheet(&BulletinPrinter::new()), "sheet");
}

#[test]
fn every_page_says_that_the_data_are_synthetic() {
    let stamped = BulletinView {
        stamp: Some(Both::new("试算，不得发布", "what-if")),
        ..fixture::month()
    };
    for page in pages(&BulletinPrinter::new().pdf(&stamped).unwrap()) {
        let page = without_spaces(&page);
        assert_eq!(
            page.matches("合成数据，非真实考评结果").count(),
            3,
            "{page}"
        );
        assert!(page.contains("试算，不得发布"), "{page}");
    }
    let real = BulletinView {
        synthetic: false,
        ..fixture::month()
    };
    assert!(
        !pages(&BulletinPrinter::new().pdf(&real).unwrap())
            .concat()
            .contains("合成数据")
    );
}

#[test]
fn sixty_departments_run_over_two_pages_and_repeat_their_header() {
    let view = BulletinView {
        departments: fixture::departments(60),
        ..fixture::month()
    };
    let pages = pages(&BulletinPrinter::new().pdf(&view).unwrap());
    assert_eq!(
        pages
            .iter()
            .filter(|page| page.contains("超期未结\n"))
            .count(),
        2
    );
    assert!(pages.iter().any(|page| page.contains("第60专业部门")));
}

#[test]
fn a_month_without_anything_still_prints() {
    let month = fixture::month();
    let view = BulletinView {
        number: None,
        recipients: vec![],
        copies: vec![],
        basis: vec![],
        rankings: vec![],
        rose: vec![],
        fell: vec![],
        townships: vec![],
        total: None,
        problems: ProblemsView {
            count: 0,
            count_change: None,
            average: None,
            average_change: None,
            shares: vec![],
            ..month.problems.clone()
        },
        red_property: None,
        departments: vec![],
        awards: vec![],
        assumed: vec![],
        synthetic: false,
        ..month
    };
    let text = without_spaces(&pages(&BulletinPrinter::new().pdf(&view).unwrap()).concat());
    assert!(text.contains("城市管理工作未发现问题。"), "{text}");
    assert!(
        text.contains("一、发现问题情况") && text.contains("本月没有奖惩事项"),
        "{text}"
    );
    assert!(newspaper(&view, Chinese).contains("没有单位参加排名"));
    xlsx::bulletin(&view, Chinese).unwrap();
}

#[test]
fn long_names_wrap_and_an_unknown_character_does_not_stop_the_press() {
    let mut view = fixture::month();
    let long = "特别长的单位名称".repeat(12);
    view.rankings[0].rows[0].unit = Both::new(&long, &long);
    view.departments[0].unit = Both::new("含有字体之外的字𠀀的部门", "outside every font");
    view.correction_of = Some(CorrectionView {
        number: Some("某城管领办〔2023〕0号".into()),
        date: "2023-01-05".into(),
        assessment: "4d".repeat(32),
        reason: Both::new("证据有误。", "wrong evidence"),
    });
    let text = without_spaces(&pages(&BulletinPrinter::new().pdf(&view).unwrap()).concat());
    assert!(text.contains(&long), "{text}");
    assert!(text.contains(&"4d".repeat(32)), "{text}");
}

#[test]
fn a_long_sheet_prints_its_photos_and_repeats_its_header() {
    let pdf = BulletinPrinter::new()
        .unit_sheet(&fixture::sheet(360), |digest| {
            Some(photo(digest.as_bytes()[63]))
        })
        .unwrap();
    let pages = pages(&pdf);
    assert!(pages.len() >= 40, "{} pages", pages.len());
    assert!(pages[1..40].iter().all(|page| page.contains("发现来源")));
    assert!(
        pages
            .iter()
            .all(|page| without_spaces(page).contains("合成数据，非真实考评结果"))
    );
    assert!(poppler("pdfimages", &["-list"], &pdf).contains("jpeg"));
}

#[test]
fn a_photo_that_is_none_is_named_in_its_place() {
    let truncated = |digest: &str| {
        let photo = picture(1, image::ImageFormat::Png);
        Some(if digest.ends_with('2') {
            photo[..photo.len() / 3].to_vec()
        } else {
            b"not a photo".to_vec()
        })
    };
    let text = pages(
        &BulletinPrinter::new()
            .unit_sheet(&fixture::sheet(2), truncated)
            .unwrap(),
    )
    .concat();
    assert_eq!(text.matches("照片未取得").count(), 2, "{text}");
}

#[test]
fn a_unit_without_problems_has_a_short_sheet() {
    let sheet = UnitSheet {
        findings: vec![],
        deductions: vec![],
        place: None,
        ..fixture::sheet(0)
    };
    let pages = pages(&BulletinPrinter::new().unit_sheet(&sheet, |_| None).unwrap());
    assert_eq!(pages.len(), 1);
    assert!(
        pages[0].contains("本月未发现问题") && pages[0].contains("不参加排名"),
        "{}",
        pages[0]
    );
}

fn photo(shade: u8) -> Vec<u8> {
    picture(shade, image::ImageFormat::Jpeg)
}

fn picture(shade: u8, format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(160, 120, |x, y| image::Rgb([x as u8, y as u8, shade]));
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn the_newspaper_has_three_hundred_characters() {
    let view = fixture::month();
    insta::assert_snapshot!(newspaper(&view, Chinese));
    insta::assert_snapshot!(newspaper(&view, English));
    let mut crowded = view;
    crowded.rose = (1..=40)
        .map(|number| fixture::unit(&format!("第{number}开发区")))
        .collect();
    crowded.awards = std::iter::repeat_n(crowded.awards, 20).flatten().collect();
    let text = newspaper(&crowded, Chinese);
    assert!(text.chars().count() <= 300, "{}", text.chars().count());
    assert!(text.ends_with('。'));
}

#[test]
fn equal_scores_share_the_first_line_of_the_newspaper() {
    let mut view = fixture::month();
    for row in &mut view.rankings[0].rows {
        row.place = Some(1);
    }
    let text = newspaper(&view, Chinese);
    assert!(
        text.contains("甲县、乙县") && !text.contains("末位"),
        "{text}"
    );
}

#[test]
fn every_word_exists_in_both_languages() {
    for language in [Chinese, English] {
        let papers = serde_json::to_string(&(
            paper::bulletin(&fixture::month(), language),
            paper::unit_sheet(&fixture::sheet(1), language),
        ))
        .unwrap();
        assert!(
            !papers.contains("Unknown localization") && !papers.contains("bulletin-"),
            "{papers}"
        );
    }
}

#[test]
fn the_english_page_reads_like_english() {
    let paper = paper::bulletin(&fixture::month(), English);
    let texts = paper.sections.iter().flat_map(|section| {
        let texts = section.parts.iter().filter_map(|part| match part {
            paper::Part::Text { text } => Some(text.as_str()),
            _ => None,
        });
        [section.heading.as_str()].into_iter().chain(texts)
    });
    insta::assert_snapshot!(
        [&*paper.title, &*paper.salutation, &*paper.intro]
            .into_iter()
            .chain(texts)
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[test]
fn a_view_survives_json() {
    let view = fixture::month();
    assert_eq!(
        serde_json::from_str::<BulletinView>(&serde_json::to_string(&view).unwrap()).unwrap(),
        view
    );
    let sheet = fixture::sheet(2);
    assert_eq!(
        serde_json::from_str::<UnitSheet>(&serde_json::to_string(&sheet).unwrap()).unwrap(),
        sheet
    );
}

fn read(workbook: Vec<u8>) -> Vec<(String, Range<Data>)> {
    Xlsx::new(Cursor::new(workbook)).unwrap().worksheets()
}

#[test]
fn the_workbook_holds_numbers() {
    let sheets = read(xlsx::bulletin(&fixture::month(), Chinese).unwrap());
    let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "排名",
            "问题分类",
            "部门处置率",
            "乡镇",
            "奖惩",
            "红色物业",
            "红色物业首末名",
            "说明"
        ]
    );
    for (name, sheet) in &sheets {
        assert_eq!(
            sheet.get((0, 0)),
            Some(&Data::String("合成数据，非真实考评结果".into())),
            "{name}"
        );
    }
    let ranking = &sheets[0].1;
    let row: Vec<String> = ranking
        .rows()
        .nth(3)
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        row,
        [
            "1", "甲县", "90.68", "80.1", "100", "94.64", "—", "2", "0.41"
        ]
    );
    assert_eq!(ranking.get((3, 2)), Some(&Data::Float(90.68)));
    assert_eq!(sheets[1].1.get((3, 2)), Some(&Data::Float(0.2026)));
    assert_eq!(
        sheets[2].1.get((6, 4)),
        Some(&Data::String("—".into())),
        "no case was due"
    );
    assert_eq!(sheets[4].1.get((8, 2)), Some(&Data::Float(-1_000_000.0)));
}

#[test]
fn the_workbook_is_the_same_file_every_time() {
    let first = xlsx::bulletin(&fixture::month(), Chinese).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(2100)); // zip counts time in steps of two seconds
    assert!(first == xlsx::bulletin(&fixture::month(), Chinese).unwrap());
}

#[test]
fn what_looks_like_a_formula_stays_a_text() {
    for formula in [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "=HYPERLINK(\"x\")",
        "https://example.org",
    ] {
        let mut view = fixture::month();
        view.rankings[0].rows[0].unit = Both::new(formula, formula);
        let workbook = xlsx::bulletin(&view, Chinese).unwrap();
        assert_eq!(
            read(workbook.clone())[0].1.get((3, 1)),
            Some(&Data::String(formula.into()))
        );
        let formulas = Xlsx::new(Cursor::new(workbook))
            .unwrap()
            .worksheet_formula("排名")
            .unwrap();
        assert!(formulas.used_cells().next().is_none());
        let csv = table::ranking(&view.rankings[0], Chinese).csv();
        let guarded = formula.replace('"', "\"\"");
        let expected = if formula.starts_with("http") {
            format!("\"{guarded}\"")
        } else {
            format!("\"'{guarded}\"")
        };
        assert!(csv.contains(&expected), "{csv}");
    }
}

#[test]
fn the_units_workbook_lists_its_problems() {
    let sheets = read(xlsx::unit_sheet(&fixture::sheet(25), Chinese).unwrap());
    let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["问题清单", "扣分汇总", "得分构成"]);
    assert_eq!(sheets[0].1.height(), 3 + 25);
    assert_eq!(sheets[0].1.get((3, 9)), Some(&Data::Float(0.2)));
    assert_eq!(sheets[1].1.get((5, 4)), Some(&Data::Float(2.7)));
}

#[test]
fn a_list_of_problems_runs_nothing_and_says_that_it_is_made_up() {
    let finding = FindingView {
        id: "=1+1".into(),
        measure: Some("@SUM(A1)".into()),
        ..fixture::sheet(1).findings.remove(0)
    };
    let row = ListedFinding {
        unit_code: "421221".into(),
        unit: Both::new("嘉鱼县", "Jiayu"),
        category: None,
        counts: true,
        position: Some(PositionView {
            lng: "113.9".into(),
            lat: "29.97".into(),
        }),
        finding,
    };
    let rows = [row];
    let csv = table::listed(&rows, true, Chinese).csv();
    assert!(
        csv.contains("\"'=1+1\"") && csv.contains("\"'@SUM(A1)\""),
        "{csv}"
    );
    assert!(
        csv.trim_end()
            .ends_with("113.9,29.97,\"合成数据，非真实考评结果\""),
        "{csv}"
    );
    let book = xlsx::one_table(
        "问题清单",
        "问题清单",
        &table::listed(&rows, false, Chinese),
        true,
        "2023-01-09",
        Chinese,
    )
    .unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book)).unwrap();
    assert!(book.worksheet_formula("问题清单").unwrap().is_empty());
    let sheet = book.worksheet_range("问题清单").unwrap();
    assert_eq!(
        sheet[(0, 0)],
        Data::String("合成数据，非真实考评结果".into())
    );
    assert_eq!(sheet[(3, 3)], Data::String("=1+1".into()));
}

#[test]
fn months_and_days_are_said_in_words() {
    #[rustfmt::skip]
    let table = [
        ("2023-01",          "2023年1月",            "January 2023"),
        ("2022-09",          "2022年9月",            "September 2022"),
        ("2022-12",          "2022年12月",           "December 2022"),
        ("2023-01-09",       "2023年1月9日",         "9 January 2023"),
        ("2022-10-05 09:31", "2022年10月5日 09:31", "5 October 2022 09:31"),
        ("soon",             "soon",                 "soon"),
        ("2022-xx",          "2022-xx",              "2022-xx"),
    ];
    for (text, chinese, english) in table {
        let words = match text.matches('-').count() {
            1 => text::month_words,
            _ => text::moment_words,
        };
        assert_eq!(
            (words(text, Chinese).as_str(), words(text, English).as_str()),
            (chinese, english)
        );
    }
}
