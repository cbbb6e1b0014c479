mod areas;
mod boards;
mod files;
mod folder;
mod template;

use super::Refusal;
use super::file::{Content, Handed};
use crate::datum::Datum;

/// What is in one file.
fn content(name: &str, bytes: impl Into<Vec<u8>>, datum: Datum) -> Result<Content, Refusal> {
    let mut content = Content::default();
    content.read(Handed::new(name, bytes), datum)?;
    Ok(content)
}
