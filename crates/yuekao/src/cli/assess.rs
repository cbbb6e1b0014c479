//! `yuekao assess`: scores a folder of evidence, without store or server.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use assessment::{
    facts::Facts,
    month::Month,
    round::{Assessment, Frozen, assess},
    rules::Rules,
};
use serde_json::json;

use super::{Format, Outcome, Speaker, said};
use crate::{evidence::folder, file, words::Language};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    evidence: EvidenceArgs,
    /// 只输出规范文本 · print the canonical text only
    #[arg(long)]
    canonical: bool,
    /// 文件夹中每个子文件夹为一期 · each folder inside is a round of its own; one line each
    #[arg(long)]
    batch: bool,
}

/// A folder of evidence and the rules it is judged by.
#[derive(clap::Args)]
pub struct EvidenceArgs {
    /// 证据文件夹 · folder (or zip) of evidence, as `yuekao export` writes it
    folder: PathBuf,
    /// 方案文件，默认为文件夹中的 scheme.toml · scheme file
    #[arg(long)]
    scheme: Option<PathBuf>,
    /// 指标库文件 · catalogue file
    #[arg(long)]
    standard: Option<PathBuf>,
    /// 月份，默认见 round.txt · month, e.g. 2022-12
    #[arg(long)]
    month: Option<Month>,
}

impl EvidenceArgs {
    pub fn round(&self) -> anyhow::Result<Round<'_>> {
        // Said of the folder itself, and not of what is looked for in it.
        file::length(&self.folder)?;
        let unpacked = match self.folder.is_file() {
            true => {
                let beside = tempfile::tempdir()?;
                folder::unpack_beside(&self.folder, beside.path())?;
                Some(beside)
            }
            false => None,
        };
        let beside = unpacked
            .as_ref()
            .map_or(&*self.folder, |beside| beside.path());
        let month = match self.month {
            Some(month) => month,
            None => month_of(beside)?,
        };
        let round = Round::at(beside, month);
        Ok(Round {
            folder: &self.folder,
            scheme: self.scheme.clone().unwrap_or(round.scheme),
            standard: self.standard.clone().or(round.standard),
            month,
            _unpacked: unpacked,
        })
    }
}

pub fn run(args: Args, speaker: Speaker) -> Outcome {
    if args.batch {
        return batch(&args.evidence.folder, speaker.language);
    }
    let round = args.evidence.round()?;
    let assessment = match round.assess()? {
        Ok(assessment) => assessment,
        Err(refusal) => {
            let sentence = speaker.language.message(&refusal);
            match speaker.format {
                Format::Text if args.canonical => println!("refused {}", refusal.key),
                Format::Text => println!("{sentence}"),
                Format::Json => {
                    println!("{}", json!({ "refused": refusal.key, "message": sentence }))
                }
            }
            return Ok(2);
        }
    };
    match speaker.format {
        Format::Text => {
            print!("{}", assessment.text);
            if !args.canonical {
                println!(
                    "{}",
                    speaker.language.say(
                        "assess-digest",
                        [("digest", assessment.digest.as_str().into())]
                    )
                );
            }
        }
        Format::Json => {
            let lines: Vec<_> = assessment.text.lines().collect();
            println!(
                "{}",
                serde_json::to_string_pretty(
                    &json!({ "digest": assessment.digest, "lines": lines })
                )?
            );
        }
    }
    Ok(0)
}

/// A folder of evidence, its rules and its month.
pub struct Round<'a> {
    folder: &'a Path,
    pub scheme: PathBuf,
    pub standard: Option<PathBuf>,
    pub month: Month,
    /// Where the texts of a packed round lie as long as they are needed.
    _unpacked: Option<tempfile::TempDir>,
}

impl<'a> Round<'a> {
    /// With the scheme and the catalogue that lie in the folder.
    pub fn at(folder: &'a Path, month: Month) -> Round<'a> {
        let standard = folder.join("standard.toml");
        Round {
            scheme: folder.join("scheme.toml"),
            standard: standard.is_file().then_some(standard),
            month,
            folder,
            _unpacked: None,
        }
    }

    /// Its rules.
    pub fn rules(&self) -> anyhow::Result<Rules> {
        file::rules(
            &self.scheme,
            self.standard.as_deref(),
            Path::new("standards"),
        )
    }

    /// Its evidence, without faults.
    pub fn facts(&self) -> anyhow::Result<Facts> {
        let (facts, faults) = folder::read(self.folder)?;
        if let Some(fault) = faults.iter().find(|fault| fault.is_fault()) {
            bail!("{}", fault.say(Language::Chinese));
        }
        Ok(facts)
    }

    /// The assessment, or the sentence that refuses it.
    fn assess(&self) -> anyhow::Result<Result<Assessment, assessment::message::Message>> {
        let rules = self.rules()?;
        let frozen = Frozen::freeze(self.month, self.facts()?);
        Ok(assess(&rules, &frozen).map_err(|refusal| refusal.message()))
    }
}

/// The month that `round.txt` names.
pub fn month_of(folder: &Path) -> anyhow::Result<Month> {
    let path = folder.join("round.txt");
    let text = file::text(&path)?;
    let month = text.lines().find_map(|line| line.strip_prefix("month "));
    month
        .and_then(|month| month.trim().parse().ok())
        .with_context(|| format!("{}: month 2022-12", path.display()))
}

/// One line for each folder: its name and the digest, or `refused`.
fn batch(folder: &Path, language: Language) -> Outcome {
    for path in file::entries(folder)? {
        if !path.is_dir() {
            continue;
        }
        let outcome = month_of(&path).and_then(|month| Round::at(&path, month).assess());
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match outcome {
            Ok(Ok(assessment)) => println!("{name} {}", assessment.digest),
            Ok(Err(refusal)) => println!("{name} refused {refusal}"),
            Err(error) => println!("{name} broken {}", said(&error, language)),
        }
    }
    Ok(0)
}
