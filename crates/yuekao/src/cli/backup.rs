//! `yuekao backup`, `yuekao restore` and `yuekao check`: a copy of the data folder while the program runs, the way back, and
//! whether everything still reads.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use assessment::message::Message;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::{Format, Outcome, Speaker, home};
use crate::evidence::Refusal;
use crate::file::{Wanted, refused};
use crate::store::Error;
use crate::store::backup::{self, Copied, DATABASE, Damage};

#[derive(clap::Args)]
pub struct Backup {
    /// 备份到的文件夹，须为空或尚不存在 · folder for the copy: empty, or not there yet
    to: PathBuf,
    #[command(flatten)]
    home: home::Home,
}

#[derive(clap::Args)]
pub struct Restore {
    /// 备份所在的文件夹 · folder of the copy; it is put into the data folder, which has to be empty or not there yet
    from: PathBuf,
    #[command(flatten)]
    home: home::Home,
}

#[derive(clap::Args)]
pub struct Check {
    #[command(flatten)]
    home: home::Home,
}

/// Copies the data folder.
pub fn back_up(args: Backup, speaker: Speaker) -> Outcome {
    let Backup { to, home } = args;
    own_database(&home)?;
    holds_database(&home.data)?;
    vacant(&to)?;
    let progress = Progress::new(speaker, "backup-progress");
    let runtime = tokio::runtime::Runtime::new()?;
    let copied = runtime.block_on(backup::back_up(&home.data, &to, &|done, of| {
        progress.tell(done, of);
    }));
    progress.0.finish_and_clear();
    say("backup-done", &to, written(&to, copied)?, speaker);
    Ok(0)
}

/// Puts a copy back.
pub fn restore(args: Restore, speaker: Speaker) -> Outcome {
    let Restore { from, home } = args;
    own_database(&home)?;
    holds_database(&from)?;
    if backup::has_log(&from) {
        return Err(about("restore-in-use", &from).into());
    }
    vacant(&home.data)?;
    let progress = Progress::new(speaker, "backup-progress");
    let copied = backup::restore(&from, &home.data, &|done, of| progress.tell(done, of));
    progress.0.finish_and_clear();
    say(
        "restore-done",
        &home.data,
        written(&home.data, copied)?,
        speaker,
    );
    Ok(0)
}

/// Looks whether everything reads as it was written.
pub fn check(args: Check, speaker: Speaker) -> Outcome {
    home::with_store(&args.home, async |store| {
        let progress = Progress::new(speaker, "check-progress");
        let damages = store.damages(&|done, of| progress.tell(done, of)).await?;
        progress.0.finish_and_clear();
        let sentences: Vec<String> = damages
            .iter()
            .map(|damage| speaker.language.message(&sentence(damage)))
            .collect();
        match speaker.format {
            Format::Json => println!("{}", json!({ "damages": sentences })),
            Format::Text if sentences.is_empty() => {
                println!("{}", speaker.language.word("check-sound"));
            }
            Format::Text => sentences.iter().for_each(|said| println!("{said}")),
        }
        Ok(if damages.is_empty() { 0 } else { 2 })
    })
}

fn sentence(damage: &Damage) -> Message {
    match damage {
        Damage::Database(why) => Message::new("check-database").with("why", why.as_str()),
        Damage::Act(seq) => Message::new("check-act").with("act", *seq),
        Damage::Missing(path) => about("check-missing", path).0,
        Damage::Changed(path) => about("check-changed", path).0,
    }
}

fn about(key: &'static str, path: &Path) -> Refusal {
    Refusal(Message::new(key).with("path", path.display().to_string()))
}

/// A database elsewhere has tools of its own.
fn own_database(home: &home::Home) -> Result<(), Refusal> {
    match home.database {
        Some(_) => Err(Refusal(Message::new("backup-postgres"))),
        None => Ok(()),
    }
}

fn holds_database(folder: &Path) -> Result<(), Refusal> {
    match folder.join(DATABASE).is_file() {
        true => Ok(()),
        false => Err(about("backup-no-database", folder)),
    }
}

/// What is there is never written over.
fn vacant(folder: &Path) -> Result<(), Refusal> {
    match backup::is_vacant(folder) {
        Ok(true) => Ok(()),
        Ok(false) => Err(about("backup-not-empty", folder)),
        Err(error) => Err(refused(folder, Wanted::Write, &error)),
    }
}

fn written(folder: &Path, copied: Result<Copied, Error>) -> anyhow::Result<Copied> {
    match copied {
        Err(Error::File(error)) => Err(refused(folder, Wanted::Write, &error).into()),
        copied => Ok(copied?),
    }
}

fn say(key: &'static str, folder: &Path, copied: Copied, speaker: Speaker) {
    let Copied { files, bytes } = copied;
    match speaker.format {
        Format::Json => println!(
            "{}",
            json!({ "folder": folder.display().to_string(), "files": files, "bytes": bytes })
        ),
        Format::Text => {
            let message = about(key, folder).0;
            let message = message
                .with("files", files)
                .with("megabytes", bytes.div_ceil(1 << 20) as usize);
            println!("{}", speaker.language.message(&message));
        }
    }
}

/// Files done, of all.
struct Progress(ProgressBar);

impl Progress {
    fn new(speaker: Speaker, key: &str) -> Self {
        if speaker.format == Format::Json || !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len}");
        let bar = ProgressBar::new(0)
            .with_style(style.expect("a template that reads"))
            .with_message(speaker.language.word(key));
        Self(bar)
    }

    fn tell(&self, done: usize, of: usize) {
        self.0.set_length(of as u64);
        self.0.set_position(done as u64);
    }
}
