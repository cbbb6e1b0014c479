//! `yuekao what-if`: past months under a draft. Nothing of it can be published.

use std::path::{Path, PathBuf};

use assessment::month::Month;
use indicatif::{ProgressBar, ProgressStyle};

use super::{
    Format, Outcome, Speaker,
    assess::{Round, month_of},
    demo::span,
    home,
};
use crate::round::{self, trial};
use crate::{file, what_if::Trial};

#[derive(clap::Args)]
pub struct Args {
    /// 草案 · scheme that is tried
    draft: PathBuf,
    /// 证据文件夹，每月一个 · folders of evidence, one for each month
    #[arg(required_unless_present = "months")]
    folders: Vec<PathBuf>,
    /// 改用数据文件夹中这些月份的证据，例如 2022-01..2022-12 · months of the data folder instead of folders of evidence
    #[arg(long, value_parser = span, conflicts_with_all = ["folders", "against", "standard"])]
    months: Option<(Month, Month)>,
    #[command(flatten)]
    home: home::Home,
    /// 用来比较的方案，默认为各文件夹中的 scheme.toml · what to compare with
    #[arg(long)]
    against: Option<PathBuf>,
    /// 草案所用的指标库文件 · catalogue of the draft
    #[arg(long)]
    standard: Option<PathBuf>,
}

pub fn run(args: Args, speaker: Speaker) -> Outcome {
    let trial = match args.months {
        Some(months) => kept(&args, months)?,
        None => given(args)?,
    };
    let report = trial.report(speaker.language, std::convert::identity);
    match speaker.format {
        Format::Text => print!("{}", report.text(speaker.language)),
        Format::Json => println!("{}", serde_json::to_string_pretty(&report)?),
    }
    Ok(0)
}

/// Months of the store, as the desk tries them.
fn kept(args: &Args, (first, last): (Month, Month)) -> anyhow::Result<Trial> {
    let text = file::text(&args.draft)?;
    home::with_store(&args.home, async |store| {
        let draft = round::check_scheme(&store, &text).await?.rules()?;
        let series = draft.scheme.series.clone();
        Ok(trial::what_if(&store, draft, &series, first, last).await?)
    })
}

/// Months in folders.
fn given(args: Args) -> anyhow::Result<Trial> {
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
    Ok(trial)
}

/// A bar where there is something to wait for; it draws only on a terminal.
fn progress(months: usize) -> ProgressBar {
    if months < 2 {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}");
    ProgressBar::new(months as u64).with_style(style.expect("a fixed template"))
}
