//! `yuekao what-if`: past months under a draft. Nothing of it can be published.

use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};

use super::{
    Format, Outcome, Speaker,
    assess::{Round, month_of},
};
use crate::{file, what_if::Trial};

#[derive(clap::Args)]
pub struct Args {
    /// 草案 · scheme that is tried
    draft: PathBuf,
    /// 证据文件夹，每月一个 · folders of evidence, one for each month
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// 用来比较的方案，默认为各文件夹中的 scheme.toml · what to compare with
    #[arg(long)]
    against: Option<PathBuf>,
    /// 草案所用的指标库文件 · catalogue of the draft
    #[arg(long)]
    standard: Option<PathBuf>,
}

pub fn run(args: Args, speaker: Speaker) -> Outcome {
    let mut rounds = vec![];
    for folder in &args.folders {
        let mut round = Round::at(folder, month_of(folder)?);
        if let Some(against) = &args.against {
            round.scheme = against.clone();
        }
        rounds.push(round);
    }
    // The draft's history grows month by month.
    rounds.sort_by_key(|round| round.month);
    let standard = args
        .standard
        .or_else(|| rounds.iter().find_map(|round| round.standard.clone()));
    let draft = file::rules(&args.draft, standard.as_deref(), Path::new("standards"))?;
    let mut trial = Trial::new(draft, rounds.iter().map(|round| round.month));
    let progress = progress(rounds.len());
    for round in &rounds {
        progress.set_message(round.month.to_string());
        let facts = round.facts()?;
        trial.month((&round.rules()?, &facts), &facts, round.month);
        progress.inc(1);
    }
    progress.finish_and_clear();
    let report = trial.report(speaker.language);
    match speaker.format {
        Format::Text => print!("{}", report.text(speaker.language)),
        Format::Json => println!("{}", serde_json::to_string_pretty(&report)?),
    }
    Ok(0)
}

/// A bar where there is something to wait for; it draws only on a terminal.
fn progress(months: usize) -> ProgressBar {
    if months < 2 {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}");
    ProgressBar::new(months as u64).with_style(style.expect("a fixed template"))
}
