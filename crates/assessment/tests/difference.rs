//! Two schemes mean the same if and only if nothing differs between them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use assessment::scheme::{
    Scheme,
    diff::{Difference, diff},
    parse,
};

fn schemes() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemes");
    let mut found = vec![];
    let mut open = vec![root];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "toml")
                && path.file_name().is_some_and(|name| name != "standard.toml")
            {
                found.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn read(text: &str) -> Scheme {
    let (scheme, issues) = parse(text);
    scheme.unwrap_or_else(|| panic!("{issues:?}"))
}

fn said(differences: &[Difference]) -> Vec<String> {
    let one = |difference: &Difference| {
        let about = difference.about.as_ref().map_or("all", |about| about.key);
        format!(
            "{} {} {about}",
            difference.subject.kind, difference.subject.id
        )
    };
    differences.iter().map(one).collect()
}

const VILLAGES: &str = include_str!("../../../schemes/examples/five-villages.toml");

#[test]
fn one_change_is_one_difference() {
    #[rustfmt::skip]
    let table = [
        ("weight = 80", "weight = 70", "weight = 20", "weight = 30", &["about-item total about-part", "about-item total about-part"][..]),
        ("cap = 10", "cap = 12", "", "", &["about-item field about-cap"]),
        ("missing = 100", "missing = 99", "", "", &["about-item rate about-missing"]),
        ("ties = \"share\"", "ties = \"dense\"", "", "", &["about-ranking main about-ties"]),
        ("yuan_by_last = [-5000]", "yuan_by_last = [-5000, -1]", "", "", &["about-award money about-end"]),
        ("source = \"第五条\"", "source = \"第六条\"", "", "", &["about-item field about-called"]),
        ("status_days = 5", "status_days = 6", "", "", &["about-cutoff  about-status-days"]),
        ("units = [\"v1\", \"v2\"", "units = [\"v2\", \"v1\"", "", "", &["about-group villages about-units"]),
        ("id = \"five-villages-2024\"", "id = \"other\" # another text", "", "", &[]),
    ];
    for (old, new, old_too, new_too, expected) in table {
        let changed = VILLAGES.replacen(old, new, 1).replacen(old_too, new_too, 1);
        assert_ne!(changed, VILLAGES, "{old}");
        assert_eq!(
            said(&diff(&read(VILLAGES), &read(&changed))),
            expected,
            "{old}"
        );
    }
}

#[test]
fn a_moved_item_is_no_difference_and_a_moved_clause_is_one() {
    let item = |id: &str| {
        let start = VILLAGES.find(&format!("[[item]]\nid = \"{id}\"")).unwrap();
        let end = VILLAGES[start + 1..].find("\n[[item]]").unwrap() + start + 2;
        &VILLAGES[start..end]
    };
    let moved = VILLAGES.replace(item("rate"), "") + item("rate");
    assert_eq!(diff(&read(VILLAGES), &read(&moved)), []);

    let clauses = [
        "[[item.clause]]\nid = \"minor\"\nmatch = { severity = [\"minor\"] }\npoints = 1\n",
        "[[item.clause]]\nid = \"litter\"\nmatch = { indicators = [\"litter\"] }\npoints = 2\n",
    ];
    let start = VILLAGES.find("[[item.clause]]").unwrap();
    let end = start + VILLAGES[start..].find("\n[[item]]").unwrap();
    let with = |clauses: String| VILLAGES[..start].to_owned() + &clauses + &VILLAGES[end..];
    let (one, other) = (
        read(&with(clauses.concat())),
        read(&with([clauses[1], clauses[0]].concat())),
    );
    assert_eq!(said(&diff(&one, &other)), ["about-item field about-order"]);
}

/// Whatever number, choice or flag of a scheme is changed: if the file still holds together, the difference is seen.
#[test]
fn no_change_of_a_value_goes_unseen() {
    let mut tried = 0;
    for (path, text) in schemes() {
        let before = read(&text);
        for (start, value) in values(&text) {
            let Some(other) = another(value) else {
                continue;
            };
            let changed = text[..start].to_owned() + &other + &text[start + value.len()..];
            let (Some(after), _) = parse(&changed) else {
                continue;
            };
            tried += 1;
            let line = text[..start].matches('\n').count() + 1;
            assert!(
                !diff(&before, &after).is_empty(),
                "{}:{line}: {value} became {other} unseen",
                path.display()
            );
        }
    }
    assert!(tried > 1000, "{tried}");
}

/// Words and numbers of the file outside its comments, with their place; identifiers aside.
fn values(text: &str) -> Vec<(usize, &str)> {
    let mut values = vec![];
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split(" #").next().unwrap();
        if !code.starts_with(['#', '[']) && !code.starts_with("id = ") {
            let mut at = 0;
            for word in code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')) {
                if !word.is_empty() {
                    values.push((start + at, word));
                }
                at += word.len()
                    + code[at + word.len()..]
                        .chars()
                        .next()
                        .map_or(0, char::len_utf8);
            }
        }
        start += line.len();
    }
    values
}

/// Something else of the same kind: the next number, the other flag, another word of a choice.
fn another(value: &str) -> Option<String> {
    const CHOICES: [&[&str]; 12] = [
        &["true", "false"],
        &["found", "due"],
        &["share", "dense", "listed"],
        &["high", "low"],
        &["half_up", "half_even", "down", "up"],
        &["rounded", "exact"],
        &["percent", "difference"],
        &["divide", "each", "none"],
        &["host", "first"],
        &["mean", "sum", "min", "max", "median"],
        &["minor", "general", "serious"],
        &["visits", "sites", "km"],
    ];
    if value.bytes().all(|b| b.is_ascii_digit()) {
        let number: u64 = value.parse().ok()?;
        // As wide as before: months and codes stay readable.
        return Some(format!("{:0width$}", number + 1, width = value.len()));
    }
    let choice = CHOICES.iter().find(|words| words.contains(&value))?;
    let place = choice.iter().position(|word| *word == value)?;
    Some(choice[(place + 1) % choice.len()].to_owned())
}
