//! `yuekao export`: a round with all that it is computed from, for whoever wants to check it.

use std::path::{Path, PathBuf};

use anyhow::bail;
use assessment::month::Month;
use serde_json::json;

use super::{Format, Outcome, Speaker, home};
use crate::evidence::export::{Export, export};
use crate::evidence::template;
use crate::file;

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    home: home::Home,
    /// 月份 · month, e.g. 2022-12
    month: Month,
    /// 评价系列 · series of the evaluation
    #[arg(long)]
    series: String,
    /// 文件夹、.zip 或供人阅读的 .xlsx · a folder, a .zip, or a .xlsx for people to read
    #[arg(short, long)]
    output: PathBuf,
    /// 连同照片 · with the photos
    #[arg(long)]
    photos: bool,
    /// 覆盖已有文件 · write over files that are there
    #[arg(long)]
    force: bool,
}

pub fn run(args: Args, speaker: Speaker) -> Outcome {
    home::with_store(&args.home, async |store| {
        let exported = match export(&store, &args.series, args.month, args.photos).await {
            Ok(exported) => exported,
            Err(error) => {
                let sentence = speaker.language.message(&error.message());
                match speaker.format {
                    Format::Text => eprintln!("{sentence}"),
                    Format::Json => println!(
                        "{}",
                        json!({ "refused": error.message().key, "message": sentence })
                    ),
                }
                return Ok(2);
            }
        };
        write(&exported, &args, speaker)?;
        let Export {
            digest, assessment, ..
        } = &exported;
        match speaker.format {
            Format::Json => println!(
                "{}",
                json!({ "written": args.output, "facts": digest, "assessment": assessment })
            ),
            Format::Text => {
                let path = args.output.display().to_string();
                println!(
                    "{}",
                    speaker
                        .language
                        .say("evidence-written", [("path", path.into())])
                );
                println!("facts {digest}");
                println!("assessment {}", assessment.as_deref().unwrap_or("-"));
            }
        }
        Ok(0)
    })
}

fn write(exported: &Export, args: &Args, speaker: Speaker) -> anyhow::Result<()> {
    let ending = args
        .output
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("zip") => put(&args.output, &exported.zip()?, args.force, speaker),
        Some("xlsx") => {
            let synthetic = exported
                .synthetic
                .then(|| speaker.language.word("bulletin-synthetic"));
            let bytes = template::filled(&exported.facts, synthetic.as_deref(), speaker.language)?;
            put(&args.output, &bytes, args.force, speaker)
        }
        _ => {
            let targets: Vec<PathBuf> = exported
                .files
                .iter()
                .map(|(name, _)| args.output.join(name))
                .collect();
            if !args.force
                && let Some(there) = targets.iter().find(|path| path.exists())
            {
                bail!("{}", exists(there, speaker));
            }
            for (path, (_, bytes)) in targets.iter().zip(&exported.files) {
                let folder = path.parent().unwrap_or(&args.output);
                file::make_folder(folder)?;
                file::write(path, bytes)?;
            }
            Ok(())
        }
    }
}

fn put(path: &Path, bytes: &[u8], force: bool, speaker: Speaker) -> anyhow::Result<()> {
    if path.exists() && !force {
        bail!("{}", exists(path, speaker));
    }
    Ok(file::write(path, bytes)?)
}

fn exists(path: &Path, speaker: Speaker) -> String {
    let path = path.display().to_string();
    speaker
        .language
        .say("evidence-exists", [("path", path.into())])
}
