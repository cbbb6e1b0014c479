//! The rectification notice (整改通知单) as an ordered text: what its template sets, word for word.

use serde::Serialize;

/// A notice to one unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NoticePaper {
    pub letterhead: String,
    pub number: String,
    pub title: String,
    pub salutation: String,
    pub intro: String,
    /// Heads of the columns: number, place, problem, limit, photo.
    pub columns: Vec<String>,
    pub lines: Vec<NoticeLine>,
    /// What follows the table.
    pub closing: Vec<String>,
    /// Where the unit signs.
    pub receipt: String,
    pub issuer: String,
    pub date: String,
    /// `2022-03-31`, for the file's own date.
    #[serde(skip)]
    pub day: String,
    pub photo_missing: String,
    /// Printed across every page.
    pub watermarks: Vec<String>,
    /// SHA-256 of what is listed.
    pub digest: String,
}

/// One case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NoticeLine {
    /// Lines of its cells.
    pub cells: Vec<Vec<String>>,
    /// Digest of its photo; empty without one.
    pub photo: String,
}
