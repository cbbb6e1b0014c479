//! Photos handed in with evidence.

use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits};

use super::Refusal;
use crate::store::digest;

/// A photo that is one.
#[derive(Debug, Clone)]
pub struct Photo {
    /// SHA-256 of the file: findings name it by this.
    pub digest: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

/// Sides in pixels beyond which a picture is not decoded.
const LARGEST_SIDE: u32 = 12_000;
/// Memory that decoding may take.
const LARGEST_PICTURE: u64 = 256 << 20;

/// Whether the bytes begin like a JPEG or PNG file.
pub fn is_photo(bytes: &[u8]) -> bool {
    format(bytes).is_some()
}

/// Looks whether the bytes are a picture from beginning to end.
///
/// # Errors
/// They are not, or it is too large.
pub fn read(name: &str, bytes: Vec<u8>) -> Result<Photo, Refusal> {
    let broken = || Refusal::about("evidence-not-a-photo", name);
    let (format, media_type) = format(&bytes).ok_or_else(broken)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(LARGEST_PICTURE);
    let mut reader = ImageReader::with_format(Cursor::new(&bytes), format);
    reader.limits(limits);
    reader.decode().map_err(|_| broken())?;
    Ok(Photo {
        digest: digest(&bytes),
        media_type,
        bytes,
    })
}

fn format(bytes: &[u8]) -> Option<(ImageFormat, &'static str)> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some((ImageFormat::Jpeg, "image/jpeg")),
        [0x89, b'P', b'N', b'G', ..] => Some((ImageFormat::Png, "image/png")),
        _ => None,
    }
}
