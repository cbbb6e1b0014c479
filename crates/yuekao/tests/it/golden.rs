//! Golden months: evidence small enough to be worked by hand, and what the hand came to (schemes/golden/README.md).

use std::{
    collections::BTreeMap,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use assessment::{
    compact::tally,
    facts::Facts,
    ground::Ground,
    month::Month,
    round::{Assessment, Frozen, assess, text},
    rules::Rules,
    score::open::Open,
    tally::Asked,
};
use yuekao::{evidence::folder, file};

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Folders below `folder` that hold a file of that name.
fn folders(folder: &Path, name: &str) -> Vec<PathBuf> {
    let mut found = vec![];
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        if folder.join(name).is_file() {
            found.push(folder.clone());
        }
        let entries = std::fs::read_dir(&folder).expect("a readable folder");
        open.extend(
            entries
                .map(|entry| entry.expect("an entry").path())
                .filter(|path| path.is_dir()),
        );
    }
    found.sort();
    found
}

/// Scheme files of the project by id, golden ones aside.
fn shipped() -> BTreeMap<String, PathBuf> {
    let mut files = BTreeMap::new();
    let mut open = vec![project().join("schemes")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "golden") {
                open.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                files.insert(file::scheme(&path).expect("a sound scheme").id, path);
            }
        }
    }
    files
}

struct Golden {
    folder: PathBuf,
    rules: Rules,
    month: Month,
    facts: Facts,
    expected: String,
}

fn golden() -> Vec<Golden> {
    let top = project().join("schemes/golden");
    let shipped = shipped();
    let all = folders(&top, "expected.txt").into_iter().map(|folder| {
        let own = folder.join("scheme.toml");
        let scheme = if own.is_file() {
            own
        } else {
            let below = folder.strip_prefix(&top).expect("below the golden months");
            let id = below
                .iter()
                .next()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            shipped
                .get(&id)
                .unwrap_or_else(|| panic!("no scheme {id}"))
                .clone()
        };
        let rules = file::rules(&scheme, None, &project().join("standards")).expect("sound rules");
        let expected =
            std::fs::read_to_string(folder.join("expected.txt")).expect("the expectation");
        let month = expected
            .lines()
            .find_map(|line| line.strip_prefix("month "))
            .expect("a month");
        let (facts, faults) = folder::read(&folder).expect("readable evidence");
        assert!(
            faults.iter().all(|fault| !fault.is_fault()),
            "{}: {faults:?}",
            folder.display()
        );
        Golden {
            month: month.parse().expect("a month"),
            folder,
            rules,
            facts,
            expected,
        }
    });
    all.collect()
}

impl Golden {
    fn assess(&self) -> Result<Assessment, String> {
        assess(&self.rules, &Frozen::freeze(self.month, self.facts.clone()))
            .map_err(|refusal| refusal.message().to_string())
    }

    /// What differs from what the hand came to.
    fn differences(&self) -> Vec<String> {
        let outcome = self.assess();
        let lines: Vec<&str> = outcome
            .iter()
            .flat_map(|assessment| assessment.text.lines())
            .collect();
        let rules = self.expected.lines().map(str::trim);
        let rules = rules.filter(|line| {
            !line.is_empty() && !line.starts_with('#') && !line.starts_with("month ")
        });
        let wrong = rules.filter_map(|line| {
            let right = if let Some(words) = line.strip_prefix("refused") {
                match &outcome {
                    Ok(_) => false,
                    Err(refusal) => words.split_whitespace().all(|word| refusal.contains(word)),
                }
            } else if let Some(prefix) = line.strip_prefix("not ") {
                outcome.is_ok() && !lines.iter().any(|line| line.starts_with(prefix))
            } else {
                lines.contains(&line)
            };
            (!right).then(|| format!("{}: {line}", self.folder.display()))
        });
        let mut wrong: Vec<String> = wrong.collect();
        if let Err(refusal) = &outcome
            && !self.expected.contains("refused")
        {
            wrong.push(format!("{}: {refusal}", self.folder.display()));
        }
        wrong
    }
}

#[test]
fn every_golden_month_comes_out_as_worked_by_hand() {
    let all = golden();
    assert!(all.len() > 100, "only {} golden months", all.len());
    let differences: Vec<_> = all.iter().flat_map(Golden::differences).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_number_of_a_working_comes_from_the_numbers_below_it() {
    for golden in golden() {
        let Ok(assessment) = golden.assess() else {
            continue;
        };
        for node in assessment.standing.values.iter().flatten().flatten() {
            if let Err(label) = node.verify() {
                panic!("{}: {label}", golden.folder.display());
            }
        }
    }
}

/// The standing that is kept as findings arrive, and the scan, come to the same text.
#[test]
fn the_kept_standing_agrees_with_the_scan() {
    let mut kept = 0;
    for golden in golden() {
        let mut before = golden.facts.clone();
        let findings = std::mem::take(&mut before.findings);
        let Ok(ground) = Ground::new(&golden.rules, &before, golden.month, true) else {
            continue;
        };
        let mut open = Open::new(ground).expect("nothing is refused yet");
        if !open.can_keep() {
            continue;
        }
        let arrived = findings.iter().try_for_each(|finding| open.add(finding));
        let standing = arrived.and_then(|()| open.standing());
        match (standing, golden.assess()) {
            (Ok(standing), Ok(scanned)) => {
                let digest = golden.facts.canonical().digest;
                assert_eq!(
                    text(&golden.rules, &standing, &digest),
                    scanned.text,
                    "{}",
                    golden.folder.display()
                );
                kept += 1;
            }
            (Err(_), Err(_)) => {}
            (standing, _) => panic!("{}: {standing:?}", golden.folder.display()),
        }
    }
    assert!(kept > 60, "only {kept} golden months can be kept");
}

/// So do compact rows, tallied on several threads.
#[test]
fn the_audit_scan_agrees_with_the_scan() {
    let mut tallied = 0;
    for golden in golden() {
        let Ok(assessment) = golden.assess() else {
            continue;
        };
        let mut before = golden.facts.clone();
        let findings = std::mem::take(&mut before.findings);
        let mut ground =
            Ground::new(&golden.rules, &before, golden.month, true).expect("as before");
        let rows: Vec<_> = findings
            .iter()
            .map(|finding| ground.compact(finding).expect("small numbers"))
            .collect();
        let asked = Asked::by(&golden.rules.scheme);
        let tally = tally(
            &rows,
            &ground.window,
            &asked,
            NonZeroUsize::new(3).expect("three"),
        );
        let mut open = Open::new(ground).expect("nothing is refused yet");
        if !open.can_keep() {
            continue;
        }
        open.add_tally(&tally).expect("as before");
        let standing = open.standing().expect("as before");
        let digest = golden.facts.canonical().digest;
        assert_eq!(
            text(&golden.rules, &standing, &digest),
            assessment.text,
            "{}",
            golden.folder.display()
        );
        tallied += 1;
    }
    assert!(tallied > 60, "only {tallied} golden months are tallied");
}

#[test]
fn the_order_of_the_evidence_does_not_matter() {
    for golden in golden() {
        let Ok(assessment) = golden.assess() else {
            continue;
        };
        let mut facts = golden.facts.clone();
        facts.units.reverse();
        facts.sites.reverse();
        facts.visits.reverse();
        facts.findings.reverse();
        facts.cases.reverse();
        facts.measures.reverse();
        facts.results.reverse();
        let again = assess(&golden.rules, &Frozen::freeze(golden.month, facts)).expect("as before");
        assert_eq!(again.text, assessment.text, "{}", golden.folder.display());
    }
}
