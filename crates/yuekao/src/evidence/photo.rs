//! Photos handed in with evidence.

use super::Refusal;
use crate::field::photo::{is_sound, media_type};
use crate::store::digest;

/// A photo that is one.
#[derive(Debug, Clone)]
pub struct Photo {
    /// SHA-256 of the file: findings name it by this.
    pub digest: String,
    pub bytes: Vec<u8>,
}

/// Whether the bytes begin like a JPEG or PNG file.
pub fn is_photo(bytes: &[u8]) -> bool {
    matches!(media_type(bytes), Some("image/jpeg" | "image/png"))
}

/// Looks whether the bytes are a picture from beginning to end.
///
/// # Errors
/// They are not, or it is too large.
pub fn read(name: &str, bytes: Vec<u8>) -> Result<Photo, Refusal> {
    if !is_sound(&bytes) {
        return Err(Refusal::about("evidence-not-a-photo", name));
    }
    Ok(Photo {
        digest: digest(&bytes),
        bytes,
    })
}
