//! The canonical evidence files as one text, as the store keeps them.
//!
//! Each file is preceded by a line `file <name> <bytes>`; the digest is that of the files, not of this wrapping.

use std::fmt::Write as _;

use assessment::facts::{Canonical, Facts};

use crate::evidence::folder;

/// The files, one after the other.
pub fn write(canonical: &Canonical) -> String {
    let mut text = String::new();
    for (name, file) in &canonical.files {
        let _ = writeln!(text, "file {name} {}", file.len());
        text.push_str(file);
    }
    text
}

/// The facts of a bundle; `None` if it is damaged.
pub fn read(text: &str) -> Option<Facts> {
    let files = files(text)?;
    let (facts, faults) = folder::read_files(
        files
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_bytes())),
    )
    .ok()?;
    faults
        .iter()
        .all(|fault| !fault.is_fault())
        .then_some(facts)
}

/// File names and texts of a bundle; `None` if it is damaged.
pub fn files(text: &str) -> Option<Vec<(String, String)>> {
    let mut files = vec![];
    let mut rest = text;
    while !rest.is_empty() {
        let (head, body) = rest.split_once('\n')?;
        let mut words = head.strip_prefix("file ")?.split(' ');
        let (name, length) = (words.next()?, words.next()?.parse::<usize>().ok()?);
        files.push((name.to_owned(), body.get(..length)?.to_owned()));
        rest = &body[length..];
    }
    Some(files)
}
