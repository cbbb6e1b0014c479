//! How much is read: bounds that hold before memory is spent, also against archives that lie.

use std::io::{Read, Seek};

use assessment::message::Message;
use zip::ZipArchive;

use super::Refusal;

/// More bytes than this are not read, neither as a file nor unpacked.
pub const LARGEST: u64 = 200 << 20;

/// Opens a ZIP file whose directory promises no more than is allowed.
///
/// # Errors
/// It is damaged, or it promises more.
pub fn archive<R: Read + Seek>(name: &str, file: R) -> Result<ZipArchive<R>, Refusal> {
    let broken = |_| Refusal::about("evidence-not-a-zip", name);
    let mut archive = ZipArchive::new(file).map_err(broken)?;
    let mut promised: u64 = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(broken)?;
        promised = promised.saturating_add(entry.size());
    }
    if promised > LARGEST {
        return Err(too_large(name, LARGEST));
    }
    Ok(archive)
}

/// Everything in a file, if it is no more than `limit` bytes: the directory of a ZIP file may lie about sizes.
///
/// # Errors
/// There is more, or it cannot be read.
pub fn read(name: &str, file: impl Read, limit: u64) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| Refusal::about("evidence-unreadable", name))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(name, LARGEST));
    }
    Ok(bytes)
}

/// Unpacks a ZIP file into nothing, to learn its true size.
///
/// # Errors
/// It is damaged, or larger than allowed.
pub fn measure(name: &str, file: impl Read + Seek) -> Result<(), Refusal> {
    let broken = || Refusal::about("evidence-not-a-zip", name);
    let mut archive = archive(name, file)?;
    let mut left = LARGEST;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|_| broken())?;
        let mut bounded = entry.take(left + 1);
        let size = std::io::copy(&mut bounded, &mut std::io::sink()).map_err(|_| broken())?;
        left = left
            .checked_sub(size)
            .ok_or_else(|| too_large(name, LARGEST))?;
    }
    Ok(())
}

/// The refusal of what is more than so many bytes.
pub fn too_large(name: &str, limit: u64) -> Refusal {
    Refusal(
        Message::new("evidence-too-large")
            .with("name", name)
            .with("megabytes", (limit >> 20) as usize),
    )
}
