//! `yuekao scheme`: check, explain, diff.

use std::path::PathBuf;

use std::path::Path;

use anyhow::{Context as _, bail};
use assessment::{
    issue::{Issue, Severity},
    scheme::{self, Scheme, check, explain::Names},
};
use serde_json::json;

use super::{Format, Outcome, Speaker};
use crate::{
    file,
    rules::{Document, differences},
};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// 检查方案文件，一次列出全部问题 · report all faults of scheme files at once
    Check {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// 指标库所在文件夹 · folder of indicator catalogues
        #[arg(long, default_value = "standards")]
        standards: PathBuf,
    },
    /// 用通俗的话说明方案 · print a scheme in plain words
    Explain {
        file: PathBuf,
        /// 指标库所在文件夹 · folder of indicator catalogues
        #[arg(long, default_value = "standards")]
        standards: PathBuf,
        /// 单位表：含 code、name 两列的 CSV · units with their names
        #[arg(long, default_value = "data/divisions.csv")]
        units: PathBuf,
    },
    /// 比较两个方案的规定，相同为 0，不同为 1 · what the second scheme settles otherwise; exit code 1 if anything
    Diff { before: PathBuf, after: PathBuf },
}

pub fn run(args: Args, speaker: Speaker) -> Outcome {
    match args.command {
        Command::Check { files, standards } => check_files(&files, &standards, speaker),
        Command::Explain {
            file,
            standards,
            units,
        } => explain(&file, &standards, &units, speaker),
        Command::Diff { before, after } => compare(&before, &after, speaker),
    }
}

/// A scheme without faults; its faults are shown otherwise.
fn sound(path: &Path, speaker: Speaker) -> anyhow::Result<Option<Scheme>> {
    let text = file::text(path)?;
    let (scheme, issues) = scheme::parse(&text);
    if scheme.is_none() {
        let name = path.display().to_string();
        match speaker.format {
            Format::Text => super::issues::print(&name, &text, &issues, speaker.language),
            Format::Json => {
                let issues = super::issues::json(&issues, speaker.language);
                println!("{}", json!({ "file": name, "issues": issues }));
            }
        }
    }
    Ok(scheme)
}

fn explain(path: &Path, standards: &Path, units: &Path, speaker: Speaker) -> Outcome {
    let Some(scheme) = sound(path, speaker)? else {
        return Ok(2);
    };
    let standard = match &scheme.standard {
        Some(id) => file::standard(standards, id)?,
        None => None,
    };
    let names = unit_names(units)?;
    let document = Document::of(&scheme, standard.as_ref(), &names, speaker.language);
    match speaker.format {
        Format::Text => print!("{}", document.text(speaker.language)),
        Format::Json => println!("{}", serde_json::to_string_pretty(&document)?),
    }
    Ok(0)
}

/// Names by code; without the file units are called by their code.
fn unit_names(path: &Path) -> anyhow::Result<Names> {
    let mut names = Names::default();
    if !path.is_file() {
        return Ok(names);
    }
    let text = file::text(path)?;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let head = reader.headers()?.clone();
    let column = |name| head.iter().position(|column| column == name);
    let (Some(code), Some(name)) = (column("code"), column("name")) else {
        bail!("{}: code,name", path.display());
    };
    for row in reader.records() {
        let row = row.with_context(|| format!("{}", path.display()))?;
        if let (Some(code), Some(name)) = (row.get(code), row.get(name)) {
            names.units.insert(code.to_owned(), name.to_owned());
        }
    }
    Ok(names)
}

fn compare(before: &Path, after: &Path, speaker: Speaker) -> Outcome {
    let (Some(before), Some(after)) = (sound(before, speaker)?, sound(after, speaker)?) else {
        return Ok(2);
    };
    let language = speaker.language;
    let differences = differences(&before, &after, language);
    match speaker.format {
        Format::Text if differences.is_empty() => println!("{}", language.word("diff-same")),
        Format::Text => {
            for difference in &differences {
                println!("{}", difference.text);
            }
            let count = [("count", differences.len().into())];
            println!("{}", language.say("diff-count", count));
        }
        Format::Json => println!(
            "{}",
            serde_json::to_string_pretty(
                &json!({ "same": differences.is_empty(), "differences": differences })
            )?
        ),
    }
    Ok(u8::from(!differences.is_empty()))
}

/// Checks the files one by one, each against the catalogue it names, and then against each other.
fn check_files(files: &[PathBuf], standards: &std::path::Path, speaker: Speaker) -> Outcome {
    let mut reports: Vec<(String, String, Vec<Issue>)> = vec![];
    let mut sound: Vec<(usize, Scheme)> = vec![];
    for path in files {
        let text = file::text(path)?;
        let (scheme, mut issues) = scheme::parse(&text);
        if let Some(scheme) = scheme {
            if let Some(id) = &scheme.standard {
                match file::standard(standards, id)? {
                    Some(standard) => {
                        issues.extend(check::against_standard(&scheme, &standard, &text))
                    }
                    None => issues.push(check::standard_not_found(&scheme, &text)),
                }
            }
            sound.push((reports.len(), scheme));
        }
        reports.push((path.display().to_string(), text, issues));
    }
    let schemes: Vec<&Scheme> = sound.iter().map(|(_, scheme)| scheme).collect();
    for (index, overlap) in check::overlaps(&schemes) {
        let report = &mut reports[sound[index].0];
        let issue = overlap.issue(&report.1);
        report.2.push(issue);
    }
    let faults: usize = reports
        .iter()
        .flat_map(|(_, _, issues)| issues)
        .filter(|issue| issue.severity == Severity::Fault)
        .count();
    match speaker.format {
        Format::Text => {
            for (path, text, issues) in &reports {
                super::issues::print(path, text, issues, speaker.language);
            }
        }
        Format::Json => {
            let files: Vec<_> = reports
                .iter()
                .map(|(path, _, issues)| json!({ "file": path, "issues": super::issues::json(issues, speaker.language) }))
                .collect();
            println!(
                "{}",
                serde_json::to_string_pretty(&json!({ "faults": faults, "files": files }))?
            );
        }
    }
    Ok(if faults == 0 { 0 } else { 2 })
}
