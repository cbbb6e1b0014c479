//! What the author of a scheme has assumed is told by its titles.

use assessment::scheme::{Scheme, parse};

const VILLAGES: &str = include_str!("../../../schemes/examples/five-villages.toml");

fn read(text: &str) -> Scheme {
    let (scheme, issues) = parse(text);
    scheme.unwrap_or_else(|| panic!("{issues:?}"))
}

fn titles(scheme: &Scheme) -> Vec<&str> {
    let titles = scheme.assumed().into_iter();
    titles.map(|title| title.zh.as_str()).collect()
}

#[test]
fn nothing_is_assumed_unless_the_file_says_so() {
    let scheme = read(VILLAGES);
    assert!(!scheme.has_assumed() && scheme.assumed().is_empty());
}

#[test]
fn an_item_is_told_for_a_clause_of_it_and_each_title_once() {
    let points = "points = 0.5\ncap = 10\n";
    let heading = "title = { zh = \"沟渠淤塞\", en = \"Ditch silted up\" }\n";
    let text = VILLAGES
        .replacen(points, &format!("{points}assumed = true\n"), 1)
        .replacen(heading, &format!("{heading}assumed = true\n"), 1);
    let scheme = read(&text);
    assert!(scheme.has_assumed());
    assert_eq!(titles(&scheme), ["沟渠淤塞", "实地检查"]);
    // The item itself as well: it is still one title.
    let text = text.replacen("source = \"第五条\"", "assumed = true", 1);
    assert_eq!(titles(&read(&text)), ["沟渠淤塞", "实地检查"]);
}

#[test]
fn an_assumed_cutoff_has_no_title() {
    let text = VILLAGES.replacen("status_days = 5", "assumed = true\nstatus_days = 5", 1);
    let scheme = read(&text);
    assert!(scheme.has_assumed() && scheme.assumed().is_empty());
}
