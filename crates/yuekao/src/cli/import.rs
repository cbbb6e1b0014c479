//! `yuekao import`: evidence from files into the store, after a look at what it would change.

use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::bail;
use assessment::month::Month;
use indicatif::ProgressBar;

use super::{Format, Outcome, Speaker, home};
use crate::clock::Clock;
use crate::datum::Datum;
use crate::evidence::bounds::LARGEST;
use crate::evidence::import::{Consent, Handed, Options, Preview, accept, import};
use crate::evidence::kind::Kind;
use crate::file;
use crate::round;
use crate::store::{Error, Store};
use crate::viewer::Viewer;

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    home: home::Home,
    /// 文件（CSV、XLSX、ZIP、GeoJSON、照片）或证据文件夹 · files, or folders of evidence
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// 评价系列；只有一个时可不填 · series of the evaluation; may be left out if there is one
    #[arg(long)]
    series: Option<String>,
    /// 所属月份 · month they are for, e.g. 2022-12
    #[arg(long)]
    month: Option<Month>,
    /// 坐标系，除非表中另有说明：WGS84、CGCS2000、GCJ-02、BD-09 · reference system of coordinates
    #[arg(long, default_value = "WGS84")]
    datum: String,
    /// 有错误的行不导入，其余照常 · leave rows with faults out and take the rest
    #[arg(long)]
    accept_rest: bool,
    /// 同意替换内容不同的行 · agree that rows with other content are replaced
    #[arg(long)]
    yes: bool,
    /// 只预览，不导入 · look only, take nothing
    #[arg(long)]
    dry_run: bool,
}

/// Faults and changes shown; programs get all of them.
const SHOWN: usize = 50;

pub fn run(args: Args, speaker: Speaker) -> Outcome {
    let Some(datum) = Datum::of(&args.datum) else {
        bail!("{}", speaker.language.word("evidence-not-a-datum"));
    };
    let progress = progress(speaker, "evidence-reading");
    let files = handed(&args.files, speaker)?;
    home::with_store(&args.home, async |store| {
        let outcome = work(&store, &args, datum, files, &progress, speaker).await;
        progress.finish_and_clear();
        match outcome {
            Err(error) => match error.downcast_ref::<Error>() {
                Some(Error::Refused(message)) => {
                    let sentence = speaker.language.message(message);
                    match speaker.format {
                        Format::Text => eprintln!("{sentence}"),
                        Format::Json => println!(
                            "{}",
                            serde_json::json!({ "refused": message.key, "message": sentence })
                        ),
                    }
                    Ok(2)
                }
                _ => Err(error),
            },
            Ok(code) => Ok(code),
        }
    })
}

async fn work(
    store: &Store,
    args: &Args,
    datum: Datum,
    files: Vec<Handed>,
    progress: &ProgressBar,
    speaker: Speaker,
) -> anyhow::Result<u8> {
    let series = match &args.series {
        Some(series) => series.clone(),
        None => only_series(store, speaker).await?,
    };
    let options = Options {
        series,
        month: args.month,
        datum,
    };
    progress.set_message(speaker.language.word("evidence-checking"));
    let preview = import(store, files.clone(), &options).await?;
    progress.suspend(|| show(&preview, speaker));
    let consent = Consent {
        rest: args.accept_rest,
        changes: args.yes,
        seen: Some(preview.fingerprint.clone()),
    };
    if args.dry_run {
        return Ok(if preview.faults_count() > 0 { 2 } else { 0 });
    }
    if let Some(missing) = preview.missing(&consent) {
        if speaker.format == Format::Text {
            progress.suspend(|| eprintln!("{}", speaker.language.message(&missing)));
        }
        return Ok(2);
    }
    progress.set_message(speaker.language.word("evidence-taking"));
    let who = Viewer::console().login;
    accept(store, Clock::System.now(), &who, files, &options, &consent).await?;
    if speaker.format == Format::Text {
        let said = if preview.brings_something() {
            "evidence-taken"
        } else {
            "evidence-nothing-new"
        };
        progress.suspend(|| println!("{}", speaker.language.word(said)));
    }
    Ok(0)
}

/// The series whose evidence adopted schemes look at, if there is one only.
async fn only_series(store: &Store, speaker: Speaker) -> anyhow::Result<String> {
    let mut all: BTreeSet<String> = BTreeSet::new();
    for adopted in store.schemes().await? {
        if adopted.withdrawn_at.is_none() {
            let (rules, _) = round::rules(store, &adopted.id)
                .await
                .map_err(|error| anyhow::anyhow!(speaker.language.message(&error.message())))?;
            all.insert(rules.scheme.evidence);
        }
    }
    match all.len() {
        1 => Ok(all.pop_first().unwrap_or_default()),
        _ => {
            let list = all.into_iter().collect::<Vec<_>>().join(", ");
            bail!(
                "{}",
                speaker
                    .language
                    .say("evidence-say-series", [("list", list.into())])
            )
        }
    }
}

fn show(preview: &Preview, speaker: Speaker) {
    let language = speaker.language;
    if speaker.format == Format::Json {
        println!("{}", preview.json(language));
        return;
    }
    for file in &preview.files {
        println!("{}  sha256 {}", file.name, file.sha256);
    }
    for count in &preview.counts {
        let number = |count: usize| count.into();
        println!(
            "{}",
            language.say(
                "evidence-count",
                [
                    (
                        "kind",
                        language.word(&format!("evidence-{}", count.kind)).into()
                    ),
                    ("new", number(count.new)),
                    ("changed", number(count.changed)),
                    ("same", number(count.same)),
                ]
            )
        );
    }
    for change in preview.changes.iter().take(SHOWN) {
        let title = language.word(&format!("evidence-{}", change.kind));
        println!("~ {title} {}", change.id);
        for (column, before, after) in &change.cells {
            println!("    {column}: {before} → {after}");
        }
    }
    for fault in preview.faults.iter().take(SHOWN) {
        let mark = if fault.is_fault() { "×" } else { "!" };
        println!("{mark} {}", fault.say(language));
    }
    let hidden =
        preview.changes.len().saturating_sub(SHOWN) + preview.faults.len().saturating_sub(SHOWN);
    if hidden > 0 {
        println!(
            "{}",
            language.say("evidence-more", [("count", hidden.into())])
        );
    }
}

fn handed(paths: &[PathBuf], speaker: Speaker) -> anyhow::Result<Vec<Handed>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            for inside in in_folder(path)? {
                files.push(read(&inside, speaker)?);
            }
        } else {
            files.push(read(path, speaker)?);
        }
    }
    Ok(files)
}

/// The evidence files and photos of a folder.
fn in_folder(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = Kind::ALL
        .into_iter()
        .map(|kind| folder.join(kind.file()))
        .filter(|path| path.is_file())
        .collect();
    let photos = folder.join("photos");
    if photos.is_dir() {
        let found = file::entries(&photos)?;
        paths.extend(found.into_iter().filter(|path| path.is_file()));
    }
    Ok(paths)
}

fn read(path: &Path, speaker: Speaker) -> anyhow::Result<Handed> {
    let shown = path.display().to_string();
    if file::length(path)? > LARGEST {
        let megabytes = (LARGEST >> 20).into();
        let args = [("name", shown.into()), ("megabytes", megabytes)];
        bail!("{}", speaker.language.say("evidence-too-large", args));
    }
    let name = path
        .file_name()
        .map_or(shown, |name| name.to_string_lossy().into_owned());
    Ok(Handed::new(name, file::bytes(path)?))
}

fn progress(speaker: Speaker, key: &str) -> ProgressBar {
    if speaker.format == Format::Json || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let progress = ProgressBar::new_spinner();
    progress.set_message(speaker.language.word(key));
    progress.enable_steady_tick(Duration::from_millis(120));
    progress
}
