//! Files on their way in: hashed as they come, written in large pieces past the page cache, whole under their name or not there.

use std::fs::File;
use std::io::{ErrorKind, Result, Write as _};
use std::path::{Path, PathBuf};

use aligned_vec::{AVec, ConstAlign};

use super::Store;
use crate::field::photo::HEAD;

/// What is gathered before it goes to the disk, bytes.
const GATHERED: usize = 2 << 20;

/// Disks take whole blocks of so many bytes from memory that begins with one.
const BLOCK: usize = 4096;

/// A file on its way in, beside where it will be. Dropped, it is gone.
pub struct Incoming {
    path: PathBuf,
    file: Option<File>,
    gathered: AVec<u8, ConstAlign<BLOCK>>,
    hash: ring::digest::Context,
    head: Vec<u8>,
    length: u64,
}

impl Incoming {
    /// Takes of the next bytes what there is room for, and returns the others: these may be taken when what is gathered is
    /// [written](Self::write).
    pub fn take<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let room = GATHERED - self.gathered.len();
        let (taken, others) = bytes.split_at(room.min(bytes.len()));
        let missing = HEAD.saturating_sub(self.head.len()).min(taken.len());
        self.head.extend_from_slice(&taken[..missing]);
        self.hash.update(taken);
        self.length += taken.len() as u64;
        self.gathered.extend_from_slice(taken);
        others
    }

    /// Writes what is gathered. Blocks: call it where that is no harm.
    ///
    /// Errors: the disk's.
    pub fn write(&mut self) -> Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(begin(&self.path)?),
        };
        let blocks = self.gathered.len() / BLOCK * BLOCK;
        let (whole, rest) = self.gathered.split_at(blocks);
        write_past_cache(file, whole)?;
        if !rest.is_empty() {
            through_cache(file)?;
            file.write_all(rest)?;
        }
        self.gathered.clear();
        Ok(())
    }

    /// The first bytes.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Bytes so far.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// SHA-256 of the bytes so far, as hex.
    pub fn digest(&self) -> String {
        hex::encode(self.hash.clone().finish())
    }

    /// Puts the file where it belongs; it is on the disk when this returns. Blocks.
    ///
    /// Errors: the disk's.
    pub(super) fn settle(mut self, path: &Path) -> Result<()> {
        self.write()?;
        let folder = path.parent().expect("photos have a folder");
        make_folder(folder)?;
        self.file.as_ref().expect("it is written").sync_all()?;
        std::fs::rename(&self.path, path)?;
        File::open(folder)?.sync_all()
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if self.file.is_some() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl Store {
    /// Begins to take a file in.
    pub fn incoming(&self) -> Incoming {
        Incoming {
            path: self.folder().join("incoming").join(super::secret()),
            file: None,
            gathered: AVec::with_capacity(BLOCK, GATHERED),
            hash: ring::digest::Context::new(&ring::digest::SHA256),
            head: Vec::with_capacity(HEAD),
            length: 0,
        }
    }
}

/// Makes a folder, and those above it that are not there; each is on the disk when this returns.
fn make_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let above = path.parent().expect("it lies in the data folder");
    make_folder(above)?;
    match std::fs::create_dir(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => File::open(above)?.sync_all(),
    }
}

fn begin(path: &Path) -> Result<File> {
    let file = match File::create(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            std::fs::create_dir_all(path.parent().expect("it lies in a folder"))?;
            File::create(path)?
        }
        file => file?,
    };
    past_cache(&file);
    Ok(file)
}

/// Writes whole blocks; where the disk does not take them past the cache, through it.
fn write_past_cache(file: &mut File, mut blocks: &[u8]) -> Result<()> {
    while !blocks.is_empty() {
        match file.write(blocks) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(written) => blocks = &blocks[written..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::InvalidInput => {
                through_cache(file)?;
                return file.write_all(blocks);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Asks that what is written goes to the disk at once, and is not copied into the page cache: an original is rarely looked at
/// again, and the copy costs as much as receiving it. A file system that cannot do so says no, and nothing changes.
#[cfg(target_os = "linux")]
fn past_cache(file: &File) {
    let _ = rustix::fs::fcntl_setfl(file, rustix::fs::OFlags::DIRECT);
}

#[cfg(target_os = "linux")]
fn through_cache(file: &File) -> Result<()> {
    Ok(rustix::fs::fcntl_setfl(file, rustix::fs::OFlags::empty())?)
}

#[cfg(not(target_os = "linux"))]
fn past_cache(_: &File) {}

#[cfg(not(target_os = "linux"))]
fn through_cache(_: &File) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_does_not_find_its_place_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), None).await.unwrap();
        let lie = |name: &str| match std::fs::read_dir(folder.path().join(name)) {
            Ok(files) => files.count(),
            Err(_) => 0,
        };
        let bytes = vec![7; GATHERED * 2 + BLOCK + 1];
        let path = store.photo_path("abcd");
        store.put_file(&path, &bytes).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
        // Where it belongs lies a folder.
        let taken = store.photo_path("abef");
        std::fs::create_dir(&taken).unwrap();
        assert!(store.put_file(&taken, &bytes).is_err());
        assert_eq!((lie("incoming"), lie("photos/ab")), (0, 2));
        store.close().await;
    }
}
