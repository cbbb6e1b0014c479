use super::*;

/// Reads a file that knows every type, and shows what was wrong.
fn issues(text: &str) -> Vec<String> {
    let reader = Reader::new(text);
    if let Some(root) = reader.root() {
        root.opt_id("id");
        root.opt_words("title");
        root.opt_number("points");
        root.numbers("steps");
        root.opt_integer("count");
        root.opt_boolean("assumed");
        root.opt_month("from");
        root.opt_choice("how", &[("deduct", 1), ("rate", 2)]);
        root.choices("aspects", &[("clean", 1), ("tidy", 2)]);
        root.strings("names");
        let items = root.tables("item");
        let ids: Vec<_> = items.iter().filter_map(|item| item.id("id")).collect();
        reader.unique(&ids);
        items.into_iter().for_each(Table::finish);
        if let Some(limit) = root.opt_table("limit") {
            limit.number("value");
            limit.choice("unit", &[("hour", 1), ("day", 24)]);
            limit.finish();
        }
        root.finish();
    }
    reader.into_issues().iter().map(Issue::to_string).collect()
}

#[test]
fn a_right_file_has_no_issues() {
    let text = "\u{feff}id = 'a-1'\r\ntitle = { zh = '道', en = 'road' }\r\npoints = 0.1\nsteps = [1, '1/3', '5%']\n\
        count = 3\nassumed = true\nfrom = '2022-01'\nhow = 'rate'\naspects = ['tidy']\nnames = ['甲']\n\
        item = [{ id = 'x' }, { id = 'y' }]\n[limit]\nvalue = 4\nunit = 'hour'\n";
    assert_eq!(issues(text), [""; 0]);
}

#[test]
fn each_fault_has_its_place_and_what_was_expected() {
    #[rustfmt::skip]
    let cases = [
        ("id = 3", "1:6 fault read-found-integer «3» expected read-expected-text"),
        ("id = 'A b'", "1:6 fault read-bad-id «'A b'» expected read-expected-id"),
        ("id = ' '", "1:6 fault read-empty-text «' '» expected read-expected-text"),
        ("id = \"a\\u0000\"", "1:6 fault read-control-character «\"a\\u0000\"» expected read-expected-text"),
        ("title = '道'", "1:9 warning read-english-missing{key=title} «'道'»"),
        ("title = { zh = '道' }", "1:9 warning read-english-missing{key=title} «{ zh = '道' }»"),
        ("title = { zh = '道', en = 'x', fr = 'y' }", "1:31 fault read-unknown-key{key=fr} «fr» expected read-expected-keys{keys=en, zh}"),
        ("title = { en = 'road' }", "1:9 fault read-missing-key{key=zh} «{ en = 'road' }» expected read-expected-text"),
        ("title = 1.5", "1:9 fault read-found-decimal «1.5» expected read-expected-words"),
        ("points = nan", "1:10 fault read-bad-number «nan» expected read-expected-number"),
        ("points = '1/0'", "1:10 fault read-bad-number «'1/0'» expected read-expected-number"),
        ("points = 1e99", "1:10 fault read-bad-number «1e99» expected read-expected-number"),
        ("points = true", "1:10 fault read-found-boolean «true» expected read-expected-number"),
        ("steps = 5", "1:9 fault read-found-integer «5» expected read-expected-numbers"),
        ("steps = [1, 'x']", "1:13 fault read-bad-number «'x'» expected read-expected-number"),
        ("count = 1.0", "1:9 fault read-found-decimal «1.0» expected read-expected-integer"),
        ("assumed = 'yes'", "1:11 fault read-found-text «'yes'» expected read-expected-boolean"),
        ("from = '2022-13'", "1:8 fault read-bad-month{text=2022-13} «'2022-13'» expected read-expected-month"),
        ("from = 2022-01-01", "1:8 fault read-found-date «2022-01-01» expected read-expected-month"),
        ("how = 'deducts'", "1:7 fault read-unknown-choice{text=deducts} «'deducts'» expected read-expected-choice{choices=deduct, rate}"),
        ("aspects = ['tidy', 'neat']", "1:20 fault read-unknown-choice{text=neat} «'neat'» expected read-expected-choice{choices=clean, tidy}"),
        ("names = [[]]", "1:10 fault read-found-list «[]» expected read-expected-text"),
        ("item = 3", "1:8 fault read-found-integer «3» expected read-expected-tables"),
        ("item = [3]", "1:9 fault read-found-integer «3» expected read-expected-table"),
        ("[item]\nid = 'x'", "1:1 fault read-found-table «[item]» expected read-expected-tables"),
        ("\n[[item]]\n", "2:1 fault read-missing-key{key=id} «[[item]]» expected read-expected-id"),
        ("[[item]]\nid = 'x'\n[[item]]\nid = 'x'", "4:6 fault read-duplicate-id{id=x,line=2} «'x'»"),
        ("[limit]\nvalue = 1", "1:1 fault read-missing-key{key=unit} «[limit]» expected read-expected-choice{choices=hour, day}"),
        ("limit = 1", "1:9 fault read-found-integer «1» expected read-expected-table"),
        ("# 一\npiont = 1", "2:1 fault read-unknown-key{key=piont} «piont» expected read-did-you-mean{key=points}"),
        ("titel = 1", "1:1 fault read-unknown-key{key=titel} «titel» expected read-did-you-mean{key=title}"),
        ("[limit]\nvalue = 1\nunit = 'day'\nzzz = 1", "4:1 fault read-unknown-key{key=zzz} «zzz» expected read-expected-keys{keys=unit, value}",
        ),
    ];
    for (text, issue) in cases {
        assert_eq!(issues(text), [issue], "{text}");
    }
}

#[test]
fn all_faults_of_a_file_are_found_at_once() {
    let text = "id = 1\npoint = 2\ncount = 'x'\n[limit]\nunit = 'week'\n";
    assert_eq!(
        issues(text),
        [
            "1:6 fault read-found-integer «1» expected read-expected-text",
            "2:1 fault read-unknown-key{key=point} «point» expected read-did-you-mean{key=points}",
            "3:9 fault read-found-text «'x'» expected read-expected-integer",
            "4:1 fault read-missing-key{key=value} «[limit]» expected read-expected-number",
            "5:8 fault read-unknown-choice{text=week} «'week'» expected read-expected-choice{choices=hour, day}",
        ]
    );
}

#[test]
fn a_syntax_error_is_an_issue_with_its_place() {
    #[rustfmt::skip]
    let cases = [
        ("id = 'a'\nid = 'b'", "2:1 fault toml-duplicate-key «id»"),
        ("id = abc", "1:6 fault toml-unquoted-text «abc»"),
        ("\u{feff}标题 = 1", "1:1 fault toml-unquoted-key «标题»"),
        ("id = \"abc", "1:10 fault toml-unclosed-text «»"),
        ("[limit", "1:7 fault toml-unclosed-bracket «»"),
        ("id", "1:3 fault toml-key-without-value «»"),
        ("points = 0.", "1:12 fault toml-syntax{detail=invalid fraction, expected digits} «»"),
        ("id = 'a\u{1}'", "1:8 fault toml-syntax{detail=invalid literal string, expected non-single-quote visible characters} «»"),
    ];
    for (text, issue) in cases {
        assert_eq!(issues(text), [issue], "{text:?}");
    }
}

#[test]
fn numbers_are_what_is_written() {
    #[rustfmt::skip]
    let cases = [
        ("0.1", "0.1"),
        ("94.680", "94.68"),
        ("1_000", "1000"),
        ("-1_000.5", "-1000.5"),
        ("1.5e-3", "0.0015"),
        ("2E3", "2000"),
        ("0x10", "16"),
        ("'1/3'", "1/3"),
        ("'33.3%'", "0.333"),
        ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827",
        ),
    ];
    for (literal, exact) in cases {
        let text = format!("points = {literal}");
        let reader = Reader::new(&text);
        let points = reader.root().unwrap().number("points").unwrap();
        assert_eq!(points.to_exact_text(), exact, "{literal}");
        assert_eq!(&text[points.at], literal);
    }
}

#[test]
fn keys_of_a_table_of_names_are_known() {
    let reader = Reader::new("[weights]\ninspection = '70%'\n'满意度' = '30%'\n");
    let weights = reader.root().unwrap().table("weights").unwrap();
    let read = weights.keys().into_iter().map(|key| {
        (
            weights.number(&key).unwrap().value.to_exact_text(),
            key.value,
        )
    });
    let read: Vec<_> = read.collect();
    assert_eq!(
        read,
        [
            ("0.7".into(), "inspection".into()),
            ("0.3".into(), "满意度".into())
        ]
    );
    weights.finish();
    assert_eq!(reader.into_issues(), []);
}
