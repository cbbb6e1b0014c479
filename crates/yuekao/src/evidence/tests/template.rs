//! Templates, and evidence as a workbook for people.

use assessment::facts::Facts;
use rust_xlsxwriter::Workbook;

use super::super::fault::RowFault;
use super::super::file::{Content, Handed};
use super::super::kind::Kind;
use super::super::{folder, template};
use super::content;
use crate::datum::Datum;
use crate::words::Language;

const LANGUAGES: [Language; 2] = [Language::Chinese, Language::English];

#[test]
fn an_unfilled_template_says_that_it_is_empty() {
    for language in LANGUAGES {
        let workbook = template::workbook(&Kind::ALL, language).unwrap();
        let refused = content("t.xlsx", workbook, Datum::Wgs84).unwrap_err();
        assert_eq!(refused.to_string(), "evidence-template-empty{name=t.xlsx}");
        for kind in Kind::ALL {
            let refused =
                content(&kind.file(), template::csv(kind, language), Datum::Wgs84).unwrap_err();
            assert_eq!(refused.0.key, "evidence-template-empty", "{kind:?}");
        }
    }
}

#[test]
fn the_examples_are_rows_that_would_be_read() {
    for language in LANGUAGES {
        let mut all = Content::default();
        for kind in Kind::ALL {
            let text =
                template::csv(kind, language).replace(&language.word("evidence-example"), "");
            all.read(Handed::new(kind.file(), text), Datum::Wgs84)
                .unwrap();
            assert_eq!(all.files.last().unwrap().kinds, [kind.word()]);
        }
        let shown: Vec<String> = all.faults.iter().map(RowFault::to_string).collect();
        assert_eq!(shown, Vec::<String>::new());
    }
}

fn facts() -> Facts {
    let files = [
        (
            "units.csv",
            "code,name,kind,parent,attributes\n007,某县,county,,a=1\n",
        ),
        ("measures.csv", "key,unit,value\nchange,007,-1/3\n"),
        (
            "findings.csv",
            "id,unit,indicator,severity,found_by,found_at,place,value\nf1,007,litter,minor,agency,2022-12-05T09:30,街边,-5 mm\n",
        ),
    ];
    let (facts, faults) =
        folder::read_files(files.iter().map(|(name, text)| (*name, text.as_bytes()))).unwrap();
    assert_eq!(faults, []);
    facts
}

#[test]
fn the_workbook_for_people_reads_back() {
    for language in LANGUAGES {
        let bytes = template::filled(&facts(), Some("合成数据"), language).unwrap();
        let content = content("f.xlsx", bytes, Datum::Wgs84).unwrap();
        let faults: Vec<String> = content
            .faults
            .iter()
            .filter(|fault| fault.is_fault())
            .map(RowFault::to_string)
            .collect();
        assert_eq!(faults, Vec::<String>::new());
        let facts = super::super::check::check(content.rows, &Default::default(), &mut Vec::new());
        assert_eq!(facts.canonical(), self::facts().canonical());
    }
}

#[test]
fn nothing_that_looks_like_a_formula_is_live() {
    let mut facts = facts();
    facts.findings[0].place = "=HYPERLINK(\"http://x\",\"y\")".into();
    let bytes = template::filled(&facts, None, Language::Chinese).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut strings = String::new();
    std::io::Read::read_to_string(
        &mut archive.by_name("xl/sharedStrings.xml").unwrap(),
        &mut strings,
    )
    .unwrap();
    assert!(strings.contains("'=HYPERLINK"), "{strings}");
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        if file.name().starts_with("xl/worksheets/") {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut file, &mut text).unwrap();
            assert!(!text.contains("<f>"), "{}", file.name());
        }
    }
}

#[test]
fn a_workbook_without_any_known_sheet_is_refused() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write_string(0, 0, "随便").unwrap();
    let refused = content("x.xlsx", workbook.save_to_buffer().unwrap(), Datum::Wgs84).unwrap_err();
    assert_eq!(refused.0.key, "evidence-kind-unknown");
}
