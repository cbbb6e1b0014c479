//! A copy of a data folder at one moment, the way back, and whether what a store holds still reads as it was written.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use super::{Error, Result, Store};

/// The database in a data folder.
pub const DATABASE: &str = "yuekao.db";
/// It is called so until everything else is there: a folder without a database is no copy.
const COMING: &str = "yuekao.db.part";
/// Folders of files that are only added to. What was uploaded and not taken yet is not copied.
const FOLDERS: [&str; 4] = ["originals", "previews", "photos", "thumbs"];
/// Acts that are looked at together.
const AT_ONCE: i64 = 1000;

/// What was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    /// Files beside the database.
    pub files: usize,
    /// Bytes of all, the database included.
    pub bytes: u64,
}

/// How far it has come: files of so many.
pub type Told<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Whether a folder is not there, or empty.
///
/// # Errors
/// It cannot be looked into.
pub fn is_vacant(folder: &Path) -> std::io::Result<bool> {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// Whether the log of a database lies beside it: a program has it open, or was stopped while it had.
pub fn has_log(folder: &Path) -> bool {
    let log = std::fs::metadata(folder.join(format!("{DATABASE}-wal")));
    log.is_ok_and(|log| log.len() > 0)
}

/// Copies a data folder with its SQLite database into a vacant folder, while the program runs: the database as it is at one
/// moment, and then the files, so that every file that the database names is there.
///
/// # Errors
/// The database's, the disk's.
pub async fn back_up(folder: &Path, to: &Path, told: Told<'_>) -> Result<Copied> {
    make_private(to)?;
    let coming = to.join(COMING);
    let mut database = SqliteConnectOptions::new()
        .filename(folder.join(DATABASE))
        .connect()
        .await?;
    sqlx::query("VACUUM INTO $1")
        .bind(coming.to_string_lossy().into_owned())
        .execute(&mut database)
        .await?;
    database.close().await?;
    Ok(copy_files(folder, to, told)?)
}

/// Puts a copy back into a vacant folder.
///
/// # Errors
/// The disk's.
pub fn restore(from: &Path, folder: &Path, told: Told<'_>) -> Result<Copied> {
    make_private(folder)?;
    std::fs::copy(from.join(DATABASE), folder.join(COMING))?;
    Ok(copy_files(from, folder, told)?)
}

/// Copies the files, and then gives the database its name; all is on the disk when this returns.
fn copy_files(from: &Path, to: &Path, told: Told<'_>) -> std::io::Result<Copied> {
    let files = files_of(from)?;
    let mut copied = Copied {
        files: files.len(),
        bytes: std::fs::metadata(to.join(COMING))?.len(),
    };
    for (done, file) in files.iter().enumerate() {
        told(done, files.len());
        let there = to.join(file);
        std::fs::create_dir_all(there.parent().expect("it lies in the copy"))?;
        copied.bytes += std::fs::copy(from.join(file), there)?;
    }
    rustix::fs::sync();
    std::fs::rename(to.join(COMING), to.join(DATABASE))?;
    File::open(to)?.sync_all()?;
    Ok(copied)
}

/// The files of a data folder that belong to a copy, by their paths in it.
fn files_of(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_file() && !name.starts_with(DATABASE) {
            files.push(name.into());
        }
    }
    for name in FOLDERS {
        for path in files_below(&folder.join(name))? {
            let within = path.strip_prefix(folder).expect("it lies below");
            files.push(within.to_owned());
        }
    }
    Ok(files)
}

/// The files below a folder, if it is there.
fn files_below(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.exists() {
            continue;
        }
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            match path.is_dir() {
                true => folders.push(path),
                false => files.push(path),
            }
        }
    }
    files.sort();
    Ok(files)
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

/// What does not read as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// SQLite says this of its file.
    Database(String),
    /// An act is missing, or is not what its leaf says.
    Act(i64),
    /// A file is not there.
    Missing(PathBuf),
    /// A file is not the one whose digest it is named by.
    Changed(PathBuf),
}

impl Store {
    /// Looks through everything: the database, every act, and every file that it names.
    ///
    /// Errors: the database's, the disk's.
    pub async fn damages(&self, told: Told<'_>) -> Result<Vec<Damage>> {
        let mut damages: Vec<Damage> = self
            .dialect
            .faults(self.reading())
            .await?
            .into_iter()
            .map(Damage::Database)
            .collect();
        let mut seq = 0;
        loop {
            let acts = self.acts_after(seq, AT_ONCE).await?;
            for act in &acts {
                damages.extend((seq + 1..act.seq).map(Damage::Act));
                if act.leaf != act.computed_leaf() {
                    damages.push(Damage::Act(act.seq));
                }
                seq = act.seq;
            }
            if acts.is_empty() {
                break;
            }
        }
        for path in self.files_named().await? {
            if !path.exists() {
                damages.push(Damage::Missing(path));
            }
        }
        let originals = files_below(&self.folder().join("originals"))?;
        for (done, path) in originals.iter().enumerate() {
            told(done, originals.len());
            let of = path.clone();
            let digest =
                move || -> std::io::Result<String> { Ok(super::digest(std::fs::read(of)?)) };
            let digest = tokio::task::spawn_blocking(digest).await;
            let digest = digest.map_err(Error::damaged)??;
            if self.original_path(&digest) != *path {
                damages.push(Damage::Changed(path.clone()));
            }
        }
        Ok(damages)
    }

    /// Where the files are that the database names.
    async fn files_named(&self) -> Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        let rows = sqlx::query("SELECT digest FROM field_photo ORDER BY digest");
        for row in rows.fetch_all(self.reading()).await? {
            paths.push(self.original_path(row.try_get("digest")?));
        }
        let rows = sqlx::query("SELECT digest FROM photo ORDER BY digest");
        for row in rows.fetch_all(self.reading()).await? {
            paths.push(self.photo_path(row.try_get("digest")?));
        }
        Ok(paths)
    }
}
