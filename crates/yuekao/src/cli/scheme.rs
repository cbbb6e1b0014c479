//! `yuekao scheme`: check.

use std::path::PathBuf;

use assessment::{
    issue::{Issue, Severity},
    scheme::{self, Scheme, check},
};
use serde_json::json;

use super::{Format, Outcome, Speaker};
use crate::file;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// 检查方案文件,一次列出全部问题 · report all faults of scheme files at once
    Check {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// 指标库所在文件夹 · folder of indicator catalogues
        #[arg(long, default_value = "standards")]
        standards: PathBuf,
    },
}

pub fn run(args: Args, speaker: Speaker) -> Outcome {
    match args.command {
        Command::Check { files, standards } => check_files(&files, &standards, speaker),
    }
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
