use assessment::facts::Facts;
use assessment::finding::{Finder, Finding, Severity};
use assessment::inspection::{Position, Site, Visit};
use assessment::points::Points;
use assessment::unit::Unit;
use proptest::prelude::*;

use super::super::*;
use crate::words::Language;

/// Files of a small sound month, into which tests put something wrong.
fn month() -> Vec<(&'static str, String)> {
    [
        ("units.csv", "code,name,kind,parent,attributes\n1,某县,county,,population=657600\n2,某镇,township,1,\n"),
        ("sites.csv", "id,unit,name,stratum,length_m,lng,lat\ns1,2,中心街,main-road,300,114.3,29.8\n"),
        ("visits.csv", "id,unit,site,at,length_m,grades\nv1,2,s1,2022-12-05T09:00,300,toilet=good\n"),
        (
            "findings.csv",
            "id,visit,site,unit,indicator,severity,found_by,found_at,due_at,rectified_at,photos\n\
             f1,v1,s1,2,litter,minor,agency,2022-12-05T09:30,2022-12-05T11:30,2022-12-05T10:00,\n",
        ),
        ("cases.csv", "id,unit,category,dispatched_at,due_at,handled_at\nc1,2,0101,2022-12-05T09:30,,\n"),
        ("measures.csv", "key,unit,value\nsatisfaction,2,94.68\nprovince_rank,,3\n"),
        ("results.csv", "series,month,name,unit,value\ncity,2022-11,total,2,1405/15\n"),
    ]
    .map(|(name, text)| (name, text.to_owned()))
    .into()
}

fn read(files: &[(&str, String)]) -> (Facts, Vec<RowFault>) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder::read(folder.path()).unwrap()
}

/// The month with one more row in one file.
fn with(file: &str, row: &str) -> (Facts, Vec<RowFault>) {
    let mut files = month();
    let (_, text) = files.iter_mut().find(|(name, _)| *name == file).unwrap();
    text.push_str(row);
    text.push('\n');
    read(&files)
}

#[test]
fn a_sound_folder_has_no_faults_and_keeps_its_digest() {
    let (facts, faults) = read(&month());
    assert_eq!(faults, []);
    assert_eq!(facts.findings[0].severity, Severity::Minor);
    assert_eq!(facts.results[0].value, Points::ratio(281, 3).unwrap());
    let folder = tempfile::tempdir().unwrap();
    folder::write(folder.path(), &facts).unwrap();
    let (again, _) = folder::read(folder.path()).unwrap();
    assert_eq!(again.canonical(), facts.canonical());
}

#[test]
fn every_bad_row_is_named_and_left_out() {
    #[rustfmt::skip]
    let cases = [
        // file, row, fault
        ("units.csv", "1,又一县,county,,", "units.csv 4:code fault evidence-duplicate{sheet=units.csv,row=2} «1»"),
        ("units.csv", "3,,county,,", "units.csv 4:name fault evidence-empty «»"),
        ("units.csv", "3,村,village,9,", "units.csv 4:parent fault evidence-unknown-unit{text=9} «9»"),
        ("units.csv", "3,村,village,3,", "units.csv 4:parent fault evidence-unit-below-itself «3»"),
        ("units.csv", "3,村,village,,人口", "units.csv 4:attributes fault evidence-not-pairs «人口» expected evidence-pairs"),
        ("units.csv", "=1+1,村,village,,", "units.csv 4:code fault evidence-live-text «=1+1»"),
        ("units.csv", "3,@SUM(A1),village,,", "units.csv 4:name fault evidence-live-text «@SUM(A1)»"),
        ("sites.csv", "s1,2,后街,,,,", "sites.csv 3:id fault evidence-duplicate{sheet=sites.csv,row=2} «s1»"),
        ("sites.csv", "s2,9,后街,,,,", "sites.csv 3:unit fault evidence-unknown-unit{text=9} «9»"),
        ("sites.csv", "s2,2,后街,,-3,,", "sites.csv 3:length_m fault evidence-not-a-length «-3» expected evidence-a-length"),
        ("sites.csv", "s2,2,后街,,,114.3,", "sites.csv 3:lat fault evidence-half-a-position «»"),
        ("sites.csv", "s2,2,后街,,,114.3,91", "sites.csv 3:lng fault evidence-not-in-china «114.3»"),
        ("sites.csv", "s2,2,后街,,,29.8,114.3", "sites.csv 3:lng fault evidence-swapped-position «29.8»"),
        ("sites.csv", "s2,2,后街,,,1143,29", "sites.csv 3:lng fault evidence-not-degrees «1143» expected evidence-degrees"),
        ("visits.csv", "v2,2,s9,2022-12-05T09:00,,", "visits.csv 3:site fault evidence-unknown-site{text=s9} «s9»"),
        ("visits.csv", "v2,2,,2022-02-30T09:00,,", "visits.csv 3:at fault evidence-not-a-time «2022-02-30T09:00» expected evidence-a-time"),
        ("visits.csv", "v2,2,,,,", "visits.csv 3:at fault evidence-empty «»"),
        ("findings.csv", "f2,v9,,2,litter,minor,agency,2022-12-05T09:30,,,", "findings.csv 3:visit fault evidence-unknown-visit{text=v9} «v9»"),
        ("findings.csv", "f2,,,9,litter,minor,agency,2022-12-05T09:30,,,", "findings.csv 3:unit fault evidence-unknown-unit{text=9} «9»"),
        ("findings.csv", "f2,,,2,litter,huge,agency,2022-12-05T09:30,,,", "findings.csv 3:severity fault evidence-not-a-word «huge» expected evidence-one-of{words=minor 轻微, general 一般, serious 严重}"),
        ("findings.csv", "f2,,,2,litter,minor,agency,2022-12-05T09:30,,2022-12-05T09:00,", "findings.csv 3:rectified_at fault evidence-before{column=found_at} «2022-12-05T09:00»"),
        ("findings.csv", "f2,,,2,litter,minor,agency,2022-12-05T09:30,2022-12-04T09:00,,", "findings.csv 3:due_at fault evidence-before{column=found_at} «2022-12-04T09:00»"),
        ("findings.csv", "f2,,,2,litter,minor,agency,2022-12-05T09:30,,,abc", "findings.csv 3:photos fault evidence-not-digests «abc» expected evidence-digests"),
        ("findings.csv", "f1,,,2,litter,minor,agency,2022-12-05T09:30,,,", "findings.csv 3:id fault evidence-duplicate{sheet=findings.csv,row=2} «f1»"),
        ("cases.csv", "c2,2,,2022-12-05T09:30,,2022-12-01T09:30", "cases.csv 3:handled_at fault evidence-before{column=dispatched_at} «2022-12-01T09:30»"),
        ("measures.csv", "rank,2,1e3", "measures.csv 4:value fault evidence-not-a-number «1e3» expected evidence-a-number"),
        ("measures.csv", "satisfaction,2,5", "measures.csv 4:key fault evidence-duplicate{sheet=measures.csv,row=2} «satisfaction 2»"),
        ("results.csv", "city,2022-13,total,2,5", "results.csv 3:month fault evidence-not-a-month «2022-13» expected evidence-a-month"),
    ];
    let sound = read(&month()).0.canonical();
    for (file, row, fault) in cases {
        let (facts, faults) = with(file, row);
        let shown: Vec<String> = faults.iter().map(RowFault::to_string).collect();
        assert_eq!(shown, [fault], "{row}");
        assert_eq!(facts.canonical(), sound, "{row}: the other rows are taken");
        for language in [Language::Chinese, Language::English] {
            assert!(
                !faults[0].say(language).contains("evidence-"),
                "{}",
                faults[0].say(language)
            );
        }
    }
}

#[test]
fn all_faults_of_a_row_are_reported_at_once() {
    let (_, faults) = with("findings.csv", "f2,,,,litter,huge,agency,yesterday,,,");
    let columns: Vec<&str> = faults.iter().map(|fault| fault.column.as_str()).collect();
    assert_eq!(columns, ["unit", "severity", "found_at"]);
    assert_eq!(
        faults[2].say(Language::Chinese),
        "findings.csv 第 3 行“found_at”列“yesterday”：不是时间。应为：2022-12-05T09:30"
    );
    assert_eq!(
        faults[0].say(Language::English),
        "findings.csv row 3, column “unit”: Must not be empty."
    );
}

#[test]
fn a_row_whose_reference_was_left_out_is_left_out_too() {
    let mut files = month();
    files[1].1 = files[1].1.replace(",300,", ",dreihundert,");
    let (facts, faults) = read(&files);
    let places: Vec<(&str, &str)> = faults
        .iter()
        .map(|fault| (fault.sheet.as_str(), fault.column.as_str()))
        .collect();
    assert_eq!(
        places,
        [
            ("sites.csv", "length_m"),
            ("visits.csv", "site"),
            ("findings.csv", "visit"),
            ("findings.csv", "site")
        ]
    );
    assert!(facts.sites.is_empty() && facts.visits.is_empty() && facts.findings.is_empty());
    assert_eq!(facts.units.len(), 2);
}

#[test]
fn words_in_chinese_are_words() {
    let (facts, faults) = with(
        "findings.csv",
        "f2,,,2,litter,严重,媒体,2022-12-05T09:30,,,",
    );
    assert_eq!(faults, []);
    let added: &Finding = facts
        .findings
        .iter()
        .find(|finding| finding.id == "f2")
        .unwrap();
    assert_eq!(
        (added.severity, added.found_by),
        (Severity::Serious, Finder::Media)
    );
}

#[test]
fn what_cannot_be_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let key = |refused: Result<_, Refusal>| refused.unwrap_err().0.key;
    assert_eq!(key(folder::read(folder.path())), "evidence-nothing-there");
    assert_eq!(
        key(folder::read(&folder.path().join("no.zip"))),
        "file-missing"
    );
    assert_eq!(
        key(folder::read_zip("a.zip", b"no zip at all")),
        "evidence-not-a-zip"
    );
    std::fs::write(folder.path().join("units.csv"), b"code\xff\xff").unwrap();
    assert_eq!(key(folder::read(folder.path())), "evidence-not-a-text-file");
}

fn text() -> impl Strategy<Value = String> {
    // Also what CSV has to quote.
    "[a-z0-9路街号\"][a-z0-9路街 ,\"\n;号.]{0,8}[a-z0-9路\"]"
}

fn id() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9一-十][a-zA-Z0-9一-十_.,\"-]{0,6}"
}

/// Kinds as facts carry them: the usual Chinese ones are read as identifiers and never stand there.
fn kind() -> impl Strategy<Value = String> {
    id().prop_filter("read as another word", |word| {
        !CHINESE_KINDS.iter().any(|(written, _)| written == word)
    })
}

/// Chinese kinds of the letters above, and the identifiers as which they are read.
const CHINESE_KINDS: [(&str, &str); 2] = [("区", "county"), ("乡", "township")];

#[test]
fn a_chinese_kind_is_read_as_its_identifier() {
    for (written, meant) in CHINESE_KINDS {
        let text = format!("code,name,kind,parent,attributes\n1,甲,{written},,\n");
        let files = [("units.csv", text.as_bytes())];
        let (facts, faults) = folder::read_files(files.into_iter()).unwrap();
        assert_eq!(faults, []);
        assert_eq!(facts.units[0].kind, meant);
    }
}

fn time() -> impl Strategy<Value = jiff::civil::DateTime> {
    (0i64..40_000_000).prop_map(|seconds| {
        jiff::civil::date(2022, 1, 1).at(0, 0, 0, 0) + jiff::SignedDuration::from_secs(seconds)
    })
}

fn number() -> impl Strategy<Value = Points> {
    (any::<i32>(), 1i32..1000).prop_map(|(above, below)| Points::ratio(above, below).unwrap())
}

fn length() -> impl Strategy<Value = Option<Points>> {
    prop::option::of(
        (0..9_999_999i32).prop_map(|millimetres| Points::ratio(millimetres, 1000).unwrap()),
    )
}

fn position() -> impl Strategy<Value = Option<Position>> {
    let degrees = |from: i32, to: i32| {
        (from * 1_000_000..to * 1_000_000).prop_map(|millionths| {
            Points::ratio(millionths, 1_000_000)
                .unwrap()
                .to_exact_text()
        })
    };
    prop::option::of(
        (degrees(73, 136), degrees(3, 54)).prop_map(|(lng, lat)| Position { lng, lat }),
    )
}

prop_compose! {
    fn sound_facts()(
        units in prop::collection::btree_map(id(), (text(), kind(), prop::collection::btree_map(id(), "[a-z0-9=路]{1,4}", 0..3)), 1..5),
        site_rows in prop::collection::btree_map(id(), (any::<prop::sample::Index>(), text(), length(), position()), 0..5),
        visit_rows in prop::collection::btree_map(id(), (any::<prop::sample::Index>(), time(), length()), 0..5),
        finding_rows in prop::collection::btree_map(
            id(),
            (any::<prop::sample::Index>(), time(), prop::option::of(0i64..99999), prop::option::of(0i64..99999), 0u32..4, any::<bool>(), prop::option::of(text()), prop::collection::vec("[0-9a-f]{64}", 0..3), position()),
            0..8,
        ),
        measures in prop::collection::btree_map(id(), number(), 0..3),
    ) -> Facts {
        let codes: Vec<String> = units.keys().cloned().collect();
        let parent = |place: usize| place.checked_sub(1).map(|above| codes[above].clone());
        let sites: Vec<Site> = site_rows.into_iter().map(|(id, (unit, name, length_m, place))| Site {
            id, unit: unit.get(&codes).clone(), name, stratum: String::new(), length_m, place,
        }).collect();
        let visits: Vec<Visit> = visit_rows.into_iter().enumerate().map(|(n, (id, (unit, at, length_m)))| Visit {
            id, unit: unit.get(&codes).clone(), site: sites.get(n).map(|site| site.id.clone()), at, length_m, grades: Default::default(),
        }).collect();
        let findings = finding_rows.into_iter().enumerate().map(|(n, (id, (unit, found_at, due, done, repeated, relapsed, value, photos, position)))| {
            let after = |seconds: Option<i64>| seconds.map(|seconds| found_at + jiff::SignedDuration::from_secs(seconds));
            Finding {
                id, visit: visits.get(n).map(|visit| visit.id.clone()), site: sites.get(n).map(|site| site.id.clone()),
                unit: unit.get(&codes).clone(), second_unit: None, indicator: "litter".into(), severity: Severity::General, found_by: Finder::Province,
                found_at, due_at: after(due), rectified_at: after(done), repeated, relapsed, failed: 0,
                excluded: relapsed.then(|| "appeal".to_owned()), place: value.clone().unwrap_or_default(), value, position, photos,
            }
        }).collect();
        Facts {
            units: units.into_iter().enumerate().map(|(n, (code, (name, kind, attributes)))| Unit { code, name, kind, parent: parent(n), attributes }).collect(),
            measures: measures.into_iter().map(|(key, value)| assessment::facts::Measure { key, unit: None, value }).collect(),
            sites, visits, findings, ..Facts::default()
        }
    }
}

proptest! {
    #[test]
    fn facts_written_and_read_are_the_same_facts(facts in sound_facts()) {
        let folder = tempfile::tempdir().unwrap();
        folder::write(folder.path(), &facts).unwrap();
        let (read, faults) = folder::read(folder.path()).unwrap();
        prop_assert_eq!(faults, []);
        prop_assert_eq!(read.canonical(), facts.canonical());
    }
}
