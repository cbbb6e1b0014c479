//! Schemes in words: read as a whole, in both languages.

use std::path::{Path, PathBuf};

use super::*;
use crate::file;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn explained(scheme: &str, language: Language) -> String {
    let scheme = file::scheme(&project().join(scheme)).unwrap();
    let standard = scheme.standard.as_ref().map(|id| {
        let standard = file::standard(&project().join("standards"), id);
        standard.unwrap().expect("the catalogue is shipped")
    });
    Document::of(&scheme, standard.as_ref(), &Names::default(), language).text(language)
}

#[test]
fn a_city_is_explained_in_both_languages() {
    insta::assert_snapshot!(explained("schemes/xianning/2022.toml", Language::Chinese));
    insta::assert_snapshot!(explained("schemes/xianning/2022.toml", Language::English));
}

#[test]
fn deposits_titles_and_conditions_are_explained() {
    insta::assert_snapshot!(explained(
        "schemes/chongyang/departments.toml",
        Language::Chinese
    ));
    insta::assert_snapshot!(explained(
        "schemes/tongcheng/handling-units.toml",
        Language::Chinese
    ));
}

/// Every shipped scheme and every golden feature, so every sentence that the language can say.
#[test]
fn no_sentence_lacks_its_words() {
    let mut open = vec![project().join("schemes")];
    let mut read = 0;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let is_scheme = path.extension().is_some_and(|end| end == "toml")
                && path.file_name().is_some_and(|name| name != "standard.toml");
            if !is_scheme {
                continue;
            }
            read += 1;
            let scheme = file::scheme(&path).unwrap();
            for language in [Language::Chinese, Language::English] {
                let text = Document::of(&scheme, None, &Names::default(), language).text(language);
                for lacking in ["Unknown localization", "{$", "{ $"] {
                    assert!(!text.contains(lacking), "{}: {text}", path.display());
                }
            }
            assert_eq!(diff(&scheme, &scheme), []);
        }
    }
    assert!(read > 100, "{read}");
}

#[test]
fn a_year_differs_from_the_next() {
    let year =
        |year| file::scheme(&project().join(format!("schemes/xianning/{year}.toml"))).unwrap();
    for language in [Language::Chinese, Language::English] {
        let differences = differences(&year(2021), &year(2022), language);
        let text: Vec<_> = differences.iter().map(|each| each.text.as_str()).collect();
        insta::assert_snapshot!(text.join("\n"));
    }
}

#[test]
fn numbers_up_to_ninety_nine_are_chinese() {
    let cases = [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (99, "九十九"),
        (100, "100"),
    ];
    for (number, said) in cases {
        assert_eq!(chinese_number(number), said);
    }
}

/// Broken schemes: what is replaced in the scheme of five villages, and by what. The names are those of the checks.
#[rustfmt::skip]
const BROKEN: &[(&str, &str, &str)] = &[
    ("a key is misspelt", "status_days = 5", "status_day = 5"),
    ("a key is missing", "ties = \"share\"\n", ""),
    ("a word is not one of a choice", "by = \"rounded\"", "by = \"round\""),
    ("a number is none", "weight = 80", "weight = \"eighty\""),
    ("a month is none", "from = \"2024-01\"", "from = \"2024-13\""),
    ("a text has no quotes", "id = \"total\"", "id = total"),
    ("a bracket stays open", "units = [\"v1\", \"v2\", \"v3\", \"v4\", \"v5\"]", "units = [\"v1\", \"v2\", \"v3\", \"v4\", \"v5\""),
    ("a name is bad", "id = \"money\"", "id = \"Money\""),
    ("a name stands twice", "id = \"rectified\"", "id = \"found\""),
    ("an item is unknown", "item = \"rate\"", "item = \"rates\""),
    ("a ranking is unknown", "ranking = \"main\"", "ranking = \"mine\""),
    ("it ends before it begins", "to = \"2024-12\"", "to = \"2023-12\""),
    ("days are out of range", "status_days = 5", "status_days = 61"),
    ("weights do not sum", "weight = 80", "weight = 70"),
    ("an indicator is unknown", "match = { indicators = [\"litter\"] }", "match = { indicators = [\"liter\"] }"),
    ("a clause can never fire", "match = { indicators = [\"litter\"] }\n", ""),
    ("a severity has no points", "points = { minor = 0.5, general = 1, serious = 2 }", "points = { minor = 0.5, general = 1 }"),
    ("an item names itself", "of = \"rectified\"", "of = \"rate\""),
    ("items go in a circle", "of = \"rectified\"", "of = \"total\""),
    ("a unit is named twice", "[[group]]\n", "[[group]]\nid = \"more\"\ntitle = { zh = \"其他\", en = \"More\" }\nunits = [\"v5\"]\n[[group]]\n"),
    ("nobody takes part", "units = [\"v1\", \"v2\", \"v3\", \"v4\", \"v5\"]\n", ""),
    ("a place cannot exist", "yuan_by_last = [-5000]", "yuan_by_last = [-1, -2, -3, -4, -5, -6]"),
    ("a shared place is not settled", "shared = \"divide\"\n", ""),
    ("fen left over are not settled", "remainder = \"host\"\n", ""),
    ("an amount is finer than a fen", "yuan_by_place = [5000]", "yuan_by_place = [0.001]"),
    ("a tie rule lacks its criteria", "ties = \"share\"", "ties = \"then\""),
    ("a formula does not end and a flag has no full mark", "[[ranking]]\n", "[[item]]\nid = \"x\"\ntitle = { zh = \"甲\", en = \"X\" }\nhow = \"formula\"\nformula = \"(found\"\nbelow_zero = true\n[[ranking]]\n"),
    ("nothing says what the award is", "yuan_by_place = [5000]\nyuan_by_last = [-5000]\n", "every = true\n"),
    ("the English is missing", "title = { zh = \"总分\", en = \"Total\" }", "title = \"总分\""),
];

#[test]
fn a_broken_scheme_is_told_what_to_do() {
    let sound =
        std::fs::read_to_string(project().join("schemes/examples/five-villages.toml")).unwrap();
    let mut told = String::new();
    for (name, old, new) in BROKEN {
        assert!(sound.contains(old), "{name}");
        let (_, issues) = assessment::scheme::parse(&sound.replacen(old, new, 1));
        assert!(!issues.is_empty(), "{name}");
        told += &format!("# {name}\n");
        for issue in issues {
            told += &format!("{}:{} «{}»\n", issue.line, issue.column, issue.text);
            for language in [Language::Chinese, Language::English] {
                let expected = issue
                    .expected
                    .as_ref()
                    .map(|expected| language.message(expected));
                let expected = expected.map_or(String::new(), |expected| format!(" → {expected}"));
                told += &format!("  {}{expected}\n", language.message(&issue.message));
            }
        }
    }
    assert!(!told.contains("Unknown localization"), "{told}");
    insta::assert_snapshot!(told);
}

#[test]
fn two_schemes_of_one_series_do_not_hold_together() {
    let text =
        std::fs::read_to_string(project().join("schemes/examples/five-villages.toml")).unwrap();
    let read = |text: &str| assessment::scheme::parse(text).0.unwrap();
    let (first, second) = (
        read(&text),
        read(&text.replace("from = \"2024-01\"", "from = \"2024-06\"")),
    );
    let overlaps = assessment::scheme::check::overlaps(&[&first, &second]);
    let [(index, overlap)] = overlaps.as_slice() else {
        panic!("one overlap")
    };
    let issue = overlap.issue(&text);
    assert_eq!((*index, issue.line, issue.column), (1, 7, 10));
    assert_eq!(issue.text, r#"{ from = "2024-01", to = "2024-12" }"#);
    assert_eq!(
        Language::English.message(&issue.message),
        "The scheme \"five-villages-2024\" of the same series \"five-villages\" also holds from 2024-06 on. \
         An evaluation has one scheme in each month: correct the months of one of them."
    );
}
