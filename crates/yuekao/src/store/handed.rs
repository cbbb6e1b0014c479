//! Files that were handed in and not taken yet: kept for a day in the data folder, for whoever handed them in. A page
//! that is loaded again, or a connection that breaks, loses nothing. They are not acts: nothing was done with them yet.

use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use assessment::message::Message;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Error, Result, Store};
use crate::evidence::file::Handed;

/// How long files wait, in milliseconds: a day.
const KEPT: i64 = 24 * 60 * 60 * 1000;
/// As many bytes may wait in all.
const MOST_BYTES: u64 = 2 << 30;
/// As many bytes may wait for one login.
const MOST_BYTES_OF_ONE: u64 = 600 << 20;
/// As many things of one purpose wait for one login: the oldest make room.
const MOST_OF_ONE: usize = 20;
/// What was said when the files came.
const NOTE: &str = "note.json";

/// Files that wait.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Names them; thirty-two random bytes as hex.
    pub token: String,
    /// When they came.
    pub at: Timestamp,
    /// Names of the files.
    pub names: Vec<String>,
    /// All of them together.
    pub bytes: u64,
}

#[derive(Serialize, Deserialize)]
struct Note {
    who: String,
    /// Epoch milliseconds.
    at: i64,
    purpose: String,
    about: serde_json::Value,
    names: Vec<String>,
    bytes: u64,
}

impl Store {
    /// Keeps files that were handed in for a purpose, with what was said about them. Returns their token.
    ///
    /// Errors: refused if too much is waiting; the disk's.
    pub async fn hand(
        &self,
        now: Timestamp,
        who: &str,
        purpose: &str,
        about: &impl Serialize,
        files: Vec<Handed>,
    ) -> Result<String> {
        let note = Note {
            who: who.to_owned(),
            at: now.as_millisecond(),
            purpose: purpose.to_owned(),
            about: serde_json::to_value(about).map_err(Error::damaged)?,
            names: files.iter().map(|file| file.name.clone()).collect(),
            bytes: files.iter().map(|file| file.bytes.len() as u64).sum(),
        };
        self.with_handed(move |folder| keep(&folder, &note, &files))
            .await
    }

    /// Files that wait and what was said about them; `None` if there are none of this token, or not for this login and
    /// purpose, or no more.
    ///
    /// Errors: the disk's.
    pub async fn handed<A: DeserializeOwned + Send + 'static>(
        &self,
        now: Timestamp,
        who: &str,
        purpose: &'static str,
        token: &str,
    ) -> Result<Option<(A, Vec<Handed>)>> {
        let (who, token) = (who.to_owned(), token.to_owned());
        self.with_handed(move |folder| {
            let Some(note) = own_note(&folder, now, &who, purpose, &token) else {
                return Ok(None);
            };
            let read = |(number, name): (usize, &String)| {
                let bytes = std::fs::read(folder.join(&token).join(number.to_string()))?;
                Ok(Handed::new(name.clone(), bytes))
            };
            let files = note.names.iter().enumerate().map(read);
            let files = files.collect::<Result<_>>()?;
            let about = serde_json::from_value(note.about).map_err(Error::damaged)?;
            Ok(Some((about, files)))
        })
        .await
    }

    /// Says something else about files that wait. Whether they do.
    ///
    /// Errors: the disk's.
    pub async fn say_of_handed(
        &self,
        now: Timestamp,
        who: &str,
        purpose: &'static str,
        token: &str,
        about: &impl Serialize,
    ) -> Result<bool> {
        let (who, token) = (who.to_owned(), token.to_owned());
        let about = serde_json::to_value(about).map_err(Error::damaged)?;
        self.with_handed(move |folder| {
            let Some(note) = own_note(&folder, now, &who, purpose, &token) else {
                return Ok(false);
            };
            write_note(&folder.join(&token), &Note { about, ..note })?;
            Ok(true)
        })
        .await
    }

    /// What waits for a login and a purpose, newest first. Throws away what has waited for too long.
    ///
    /// Errors: the disk's.
    pub async fn waiting(
        &self,
        now: Timestamp,
        who: &str,
        purpose: &'static str,
    ) -> Result<Vec<Waiting>> {
        let who = who.to_owned();
        self.with_handed(move |folder| {
            let all = swept(&folder, now.as_millisecond())?;
            let own = all
                .into_iter()
                .filter(|(_, note)| note.who == who && note.purpose == purpose);
            own.map(|(token, note)| {
                Ok(Waiting {
                    token,
                    at: super::moment(note.at)?,
                    names: note.names,
                    bytes: note.bytes,
                })
            })
            .collect()
        })
        .await
    }

    /// Throws away files of a login: they were taken, or nobody wants them.
    ///
    /// Errors: the disk's.
    pub async fn forget_handed(&self, who: &str, token: &str) -> Result<()> {
        let (who, token) = (who.to_owned(), token.to_owned());
        self.with_handed(move |folder| {
            match note_of(&folder, &token).filter(|note| note.who == who) {
                Some(_) => Ok(remove(&folder.join(token))?),
                None => Ok(()),
            }
        })
        .await
    }

    /// Works with the folder where files wait, away from the runtime.
    async fn with_handed<T: Send + 'static>(
        &self,
        work: impl FnOnce(PathBuf) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let folder = self.folder().join("handed");
        tokio::task::spawn_blocking(move || work(folder))
            .await
            .map_err(Error::damaged)?
    }
}

fn keep(folder: &Path, note: &Note, files: &[Handed]) -> Result<String> {
    private_folder(folder)?;
    let waiting = swept(folder, note.at)?;
    let bytes = |who: Option<&str>| -> u64 {
        let counted = waiting
            .iter()
            .filter(|(_, other)| who.is_none_or(|who| other.who == who));
        counted.map(|(_, other)| other.bytes).sum()
    };
    for (who, most) in [
        (Some(note.who.as_str()), MOST_BYTES_OF_ONE),
        (None, MOST_BYTES),
    ] {
        if bytes(who) + note.bytes > most {
            let full = Message::new("handed-full").with("megabytes", (most >> 20) as usize);
            return Err(Error::Refused(full));
        }
    }
    let same = waiting
        .iter()
        .filter(|(_, other)| other.who == note.who && other.purpose == note.purpose);
    for (token, _) in same.skip(MOST_OF_ONE - 1) {
        remove(&folder.join(token))?;
    }
    let token = super::secret();
    let beside = folder.join(format!("{token}.part"));
    private_folder(&beside)?;
    for (number, file) in files.iter().enumerate() {
        private_file(&beside.join(number.to_string()), &file.bytes)?;
    }
    write_note(&beside, note)?;
    // Whole or not there at all.
    std::fs::rename(&beside, folder.join(&token))?;
    Ok(token)
}

/// What waits, newest first; what has waited for too long, or never came whole, is thrown away.
fn swept(folder: &Path, now: i64) -> Result<Vec<(String, Note)>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(vec![]),
        Err(error) => return Err(error.into()),
    };
    let mut waiting = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        match note_of(folder, &name) {
            Some(note) if note.at + KEPT > now => waiting.push((name, note)),
            Some(_) => remove(&entry.path())?,
            // Of a program that was stopped while it wrote, unless it is being written now.
            None => {
                let age = entry.metadata().and_then(|data| data.modified());
                let age = age.ok().and_then(|at| at.elapsed().ok());
                if age.is_some_and(|age| age.as_millis() as i64 > KEPT) {
                    remove(&entry.path())?;
                }
            }
        }
    }
    waiting.sort_by(|(a, one), (b, other)| (other.at, b).cmp(&(one.at, a)));
    Ok(waiting)
}

/// Throws away what somebody else may be throwing away as well.
fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// The note of a token that looks like one: a token is part of a path.
fn note_of(folder: &Path, token: &str) -> Option<Note> {
    let sound = token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    let path = folder.join(token).join(NOTE);
    let text = sound.then(|| std::fs::read(path).ok()).flatten()?;
    serde_json::from_slice(&text).ok()
}

fn own_note(folder: &Path, now: Timestamp, who: &str, purpose: &str, token: &str) -> Option<Note> {
    note_of(folder, token).filter(|note| {
        note.who == who && note.purpose == purpose && note.at + KEPT > now.as_millisecond()
    })
}

fn write_note(folder: &Path, note: &Note) -> Result<()> {
    let text = serde_json::to_vec(note).map_err(Error::damaged)?;
    let beside = folder.join(format!("{NOTE}.part"));
    private_file(&beside, &text)?;
    Ok(std::fs::rename(beside, folder.join(NOTE))?)
}

fn private_folder(path: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

fn private_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)
}
