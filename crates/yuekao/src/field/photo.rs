//! What is in a photo: told from its first bytes when it comes, and looked at in the darkroom later.
//!
//! Nothing here runs while somebody waits, and nothing believes what the file says of itself: a picture
//! that is too large or something else altogether is a picture without a preview, and of one that was cut off there is what came.

use std::io::Cursor;
use std::path::Path;

use exif::{In, Tag, Value};
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

/// The largest photo that is taken, in bytes.
pub const LARGEST: usize = 30 << 20;
/// The largest preview that a phone makes, in bytes.
pub const LARGEST_PREVIEW: usize = 4 << 20;
/// Pixels of a side at most; above it nothing is decoded.
const SIDE: u32 = 16_384;
/// Memory that decoding one picture may take: a photo of 50 megapixels.
const MEMORY: u64 = 160 << 20;
/// Longer side of the copy that others see, and of the thumbnail.
const COPY: u32 = 1600;
const THUMB: u32 = 320;

/// Bytes from the start of a file that tell its kind.
pub const HEAD: usize = 16;

/// The media type of a photo, by its first bytes; whatever it is called.
pub fn media_type(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(&[0xff, 0xd8, 0xff]) {
        return Some("image/jpeg");
    }
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some("image/png");
    }
    let brand = head
        .get(8..12)
        .filter(|_| head.get(4..8) == Some(b"ftyp"))?;
    let heif: [&[u8]; 8] = [
        b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1",
    ];
    heif.contains(&brand).then_some("image/heic")
}

/// What the darkroom found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Developed {
    /// Pixels, upright.
    pub size: Option<(u32, u32)>,
    /// What the file says of itself.
    pub said: Said,
    /// The copy and the thumbnail, JPEG without metadata; or why there are none.
    pub picture: Result<Picture, Fault>,
}

/// Pictures for everybody else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picture {
    /// Longer side at most 1,600 pixels.
    pub copy: Vec<u8>,
    /// Longer side at most 320 pixels.
    pub thumb: Vec<u8>,
    /// See [`print_of`].
    pub print: Option<u64>,
    /// The file ends before the picture does: the rest is grey.
    pub cut_off: bool,
}

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// More pixels or memory than is given to one picture.
    TooLarge,
    /// It does not decode.
    Broken,
    /// A kind that only phones can show, and the phone has sent no preview yet.
    NoPreview,
}

impl Fault {
    /// The word in the database and in `review-photo-…`.
    pub fn word(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::Broken => "broken",
            Self::NoPreview => "no-preview",
        }
    }
}

/// What the metadata say; stored, not trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Local time, `2024:03:15 09:11:00`, as epoch milliseconds of the host's zone.
    pub taken_at: Option<i64>,
    /// Longitude and latitude in 1e-7 degree.
    pub place: Option<(i64, i64)>,
}

/// Looks at an original, and for a kind that is not decoded here at the phone's preview.
///
/// Errors: a file cannot be read, which says nothing about the picture: it may lie on another server.
pub fn develop(
    original: &Path,
    media_type: &str,
    preview: Option<&Path>,
) -> std::io::Result<Developed> {
    let original = std::fs::read(original)?;
    let said = metadata(&original);
    let (shown, trusted_orientation) = match media_type {
        "image/heic" => (preview.map(std::fs::read).transpose()?, false),
        _ => (Some(original), true),
    };
    let Some(shown) = shown else {
        return Ok(Developed {
            size: None,
            said,
            picture: Err(Fault::NoPreview),
        });
    };
    Ok(match decode(&shown, trusted_orientation) {
        Ok(image) => Developed {
            size: Some((image.width(), image.height())),
            said,
            picture: pictures(&image).map(|picture| Picture {
                cut_off: is_cut_off(&shown),
                ..picture
            }),
        },
        Err(fault) => Developed {
            size: None,
            said,
            picture: Err(fault),
        },
    })
}

/// Looks at a photo that came with evidence, as at an original from the field.
///
/// Errors: there is nothing to show of it.
pub fn shown(bytes: &[u8]) -> Result<Picture, Fault> {
    let picture = pictures(&decode(bytes, true)?)?;
    Ok(Picture {
        cut_off: is_cut_off(bytes),
        ..picture
    })
}

/// Whether the bytes are a picture from beginning to end, of a kind and size that is shown.
pub fn is_sound(bytes: &[u8]) -> bool {
    !is_cut_off(bytes) && decode(bytes, false).is_ok()
}

/// Whether a file that decodes ends before its picture does. A PNG that does so does not decode.
fn is_cut_off(bytes: &[u8]) -> bool {
    media_type(bytes) == Some("image/jpeg") && !has_its_end(bytes)
}

/// Whether a JPEG file goes on to the mark of its end. Its parts say how long they are, so that the end of a small preview
/// within one of them is not taken for it; what follows the end is no part of the picture.
fn has_its_end(jpeg: &[u8]) -> bool {
    let mut at = 2;
    while let Some(mark) = jpeg.get(at..).and_then(|rest| rest.get(..2)) {
        match mark {
            [0xff, 0xd9] => return true,
            // Fill; marks without content.
            [0xff, 0xff] => at += 1,
            [0xff, 0x01 | 0xd0..=0xd8] => at += 2,
            [0xff, 0x02..=0xfe] => match jpeg.get(at + 2..at + 4) {
                Some(&[high, low]) => at += 2 + usize::from(u16::from_be_bytes([high, low])),
                _ => return false,
            },
            // The picture itself, in which 0xff is followed by 0.
            _ => at += 1,
        }
    }
    false
}

/// The pixels, upright, within the limits.
fn decode(file: &[u8], orientation: bool) -> Result<DynamicImage, Fault> {
    let format = match media_type(file) {
        Some("image/jpeg") => ImageFormat::Jpeg,
        Some("image/png") => ImageFormat::Png,
        _ => return Err(Fault::Broken),
    };
    let fault = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => Fault::TooLarge,
        _ => Fault::Broken,
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE);
    limits.max_image_height = Some(SIDE);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(fault)?;
    // What the header claims is asked before anything is allocated for it.
    if decoder.total_bytes() > MEMORY {
        return Err(Fault::TooLarge);
    }
    let turned = match orientation {
        true => decoder.orientation().unwrap_or(Orientation::NoTransforms),
        false => Orientation::NoTransforms,
    };
    let mut image = DynamicImage::from_decoder(decoder).map_err(fault)?;
    // Smaller first: turning a large picture would hold it twice.
    if image.width().max(image.height()) > COPY * 2 {
        image = image.thumbnail(COPY * 2, COPY * 2);
    }
    image.apply_orientation(turned);
    Ok(image)
}

fn pictures(image: &DynamicImage) -> Result<Picture, Fault> {
    let copy = match image.width().max(image.height()) > COPY {
        true => image.resize(COPY, COPY, image::imageops::FilterType::Triangle),
        false => image.clone(),
    };
    Ok(Picture {
        thumb: jpeg(&copy.thumbnail(THUMB, THUMB), 80)?,
        print: print_of(&copy.to_luma8()),
        copy: jpeg(&copy, 85)?,
        cut_off: false,
    })
}

fn jpeg(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, Fault> {
    let mut bytes = Cursor::new(Vec::new());
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality);
    image
        .to_rgb8()
        .write_with_encoder(encoder)
        .map_err(|_| Fault::Broken)?;
    Ok(bytes.into_inner())
}

/// The print of a picture: 64 bits that stay nearly the same when it is scaled, cut a little or
/// saved again (dHash: is each of 8 × 8 cells brighter than the one to its right). A picture of
/// next to nothing has none: all walls look alike.
pub fn print_of(image: &GrayImage) -> Option<u64> {
    let small = image::imageops::resize(image, 9, 8, image::imageops::FilterType::Triangle);
    let mut print = 0_u64;
    for y in 0..8 {
        for x in 0..8 {
            let brighter = small.get_pixel(x, y).0[0] > small.get_pixel(x + 1, y).0[0];
            print = print << 1 | u64::from(brighter);
        }
    }
    (6..=58).contains(&print.count_ones()).then_some(print)
}

/// In how many bits two prints differ.
pub fn apart(a: u64, b: u64) -> u32 {
    (a ^ b).count_ones()
}

/// What the metadata say; a file that says nothing, or nonsense, says nothing.
pub fn metadata(file: &[u8]) -> Said {
    let read = exif::Reader::new()
        .continue_on_error(true)
        .read_from_container(&mut Cursor::new(file))
        .or_else(|error| error.distill_partial_result(|_| {}));
    let Ok(exif) = read else {
        return Said::default();
    };
    let text = |tag| match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(texts) => Some(String::from_utf8_lossy(texts.first()?).into_owned()),
        _ => None,
    };
    let place = || {
        let lng = degrees(&exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W')?;
        let lat = degrees(&exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S')?;
        // 0, 0 is what a phone writes that does not know where it is.
        let known = (lng, lat) != (0, 0) && lng.abs() <= 1_800_000_000 && lat.abs() <= 900_000_000;
        known.then_some((lng, lat))
    };
    Said {
        taken_at: text(Tag::DateTimeOriginal)
            .or_else(|| text(Tag::DateTime))
            .and_then(|text| moment(&text)),
        place: place(),
    }
}

/// Degrees, minutes and seconds as whole 1e-7 degrees. Seconds of 0/0 are taken for none given.
fn degrees(exif: &exif::Exif, tag: Tag, side: Tag, negative: u8) -> Option<i64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else {
        return None;
    };
    let part = |index: usize, of: i128| match parts.get(index) {
        Some(part) if part.denom != 0 => {
            Some(i128::from(part.num) * 10_000_000 / (i128::from(part.denom) * of))
        }
        _ => None,
    };
    let whole = part(0, 1)? + part(1, 60)? + part(2, 3600).unwrap_or(0);
    let negative = match &exif.get_field(side, In::PRIMARY)?.value {
        Value::Ascii(texts) => texts.first()?.first() == Some(&negative),
        _ => return None,
    };
    let whole = i64::try_from(whole).ok()?;
    Some(if negative { -whole } else { whole })
}

/// `2024:03:15 09:11:00` in the host's civil time.
fn moment(text: &str) -> Option<i64> {
    let text = text.trim_matches(['\0', ' ']);
    let at = jiff::civil::DateTime::strptime("%Y:%m:%d %H:%M:%S", text).ok()?;
    Some(
        at.to_zoned(crate::clock::zone())
            .ok()?
            .timestamp()
            .as_millisecond(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn develop(original: &Path, media_type: &str, preview: Option<&Path>) -> Developed {
        super::develop(original, media_type, preview).unwrap()
    }

    fn photo(name: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/photos")
            .join(name)
    }

    #[test]
    fn the_kind_is_told_by_the_first_bytes_and_not_by_the_name() {
        let kind = |name: &str| {
            let bytes = std::fs::read(photo(name)).unwrap();
            media_type(&bytes[..HEAD.min(bytes.len())])
        };
        assert_eq!(kind("xianan_orient6.jpg"), Some("image/jpeg"));
        assert_eq!(kind("corrupt.heic"), Some("image/heic"));
        assert_eq!(kind("not_an_image.jpg"), None);
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\nxxxx"), Some("image/png"));
        assert_eq!(media_type(b""), None);
    }

    #[test]
    fn metadata_say_where_and_when_or_nothing() {
        // Columns of photos.csv: what a careful reader found in each file.
        let expected = [
            (
                "xianan_orient1.jpg",
                Some((1_143_217_170, 298_366_160)),
                "2024:03:15 09:11:00",
            ),
            (
                "xianan_orient6.jpg",
                Some((1_143_419_490, 298_263_640)),
                "2024:03:15 09:16:00",
            ),
            (
                "truncated.jpg",
                Some((1_143_217_170, 298_366_160)),
                "2024:03:15 09:11:00",
            ),
            ("gps_zero.jpg", None, "2024:03:15 10:00:00"),
            (
                "gps_tiny_1x1.jpg",
                Some((155_032_830, 438_594_690)),
                "2020:09:02 18:52:42",
            ),
            (
                "gps_bus_street.jpg",
                Some((-19_628_330, 507_231_670)),
                "2002:08:05 17:49:16",
            ),
        ];
        for (name, place, taken) in expected {
            let said = metadata(&std::fs::read(photo(name)).unwrap());
            let near =
                |(a, b): (i64, i64), (c, d): (i64, i64)| (a - c).abs() < 40 && (b - d).abs() < 40;
            match (said.place, place) {
                (Some(a), Some(b)) => assert!(near(a, b), "{name}: {a:?} {b:?}"),
                (a, b) => assert_eq!(a, b, "{name}"),
            }
            assert_eq!(said.taken_at, moment(taken), "{name}");
        }
        for silent in ["no_exif.jpg", "not_an_image.jpg", "corrupt.heic"] {
            let said = metadata(&std::fs::read(photo(silent)).unwrap());
            assert_eq!(said, Said::default(), "{silent}");
        }
    }

    #[test]
    fn a_file_that_opens_and_cannot_be_read_says_nothing_of_the_picture() {
        let folder = tempfile::tempdir().unwrap();
        for media_type in ["image/jpeg", "image/heic"] {
            assert!(super::develop(folder.path(), media_type, None).is_err());
        }
        let heic = super::develop(&photo("corrupt.heic"), "image/heic", Some(folder.path()));
        assert!(heic.is_err());
    }

    #[test]
    fn pictures_come_out_upright_and_without_metadata() {
        let one = develop(&photo("xianan_orient1.jpg"), "image/jpeg", None);
        let first = one.picture.as_ref().unwrap();
        for name in [
            "xianan_orient3.jpg",
            "xianan_orient6.jpg",
            "xianan_orient8.jpg",
        ] {
            let other = develop(&photo(name), "image/jpeg", None);
            assert_eq!(other.size, Some((444, 520)), "{name}");
            let other = other.picture.unwrap();
            let bits = apart(first.print.unwrap(), other.print.unwrap());
            assert!(bits <= 3, "{name}: the same scene, {bits} bits apart");
            assert!(!other.copy.windows(4).any(|part| part == b"Exif"), "{name}");
        }
        let another = develop(&photo("gps_bus_street.jpg"), "image/jpeg", None);
        let bits = apart(
            first.print.unwrap(),
            another.picture.unwrap().print.unwrap(),
        );
        assert!(bits > 10, "another scene, {bits} bits apart");
    }

    #[test]
    fn what_is_no_whole_picture_has_no_preview() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        for name in ["not_an_image.jpg", "corrupt.heic"] {
            let developed = develop(&photo(name), "image/jpeg", None);
            assert_eq!(developed.picture, Err(Fault::Broken), "{name}");
        }
        let heic = develop(&photo("corrupt.heic"), "image/heic", None);
        assert_eq!(heic.picture, Err(Fault::NoPreview));
        let preview = photo("no_exif.jpg");
        let heic = develop(&photo("corrupt.heic"), "image/heic", Some(&preview));
        assert_eq!(heic.size, Some((444, 520)));
        // A header that claims 60,000 × 60,000 pixels, and one of 16,000 × 16,000: 768 MB.
        for side in [60_000_u32, 16_000] {
            let flood = file("flood.png", &png_of(side));
            assert_eq!(
                develop(&flood, "image/png", None).picture,
                Err(Fault::TooLarge),
                "{side}"
            );
        }
        // One pixel is a picture.
        assert!(
            develop(&photo("gps_tiny_1x1.jpg"), "image/jpeg", None)
                .picture
                .is_ok()
        );
    }

    #[test]
    fn a_picture_that_was_cut_off_is_shown_as_far_as_it_goes_and_says_so() {
        let cut_off = |path: &Path| {
            let picture = develop(path, "image/jpeg", None).picture;
            picture.map(|picture| picture.cut_off)
        };
        for (name, expected) in [
            ("truncated.jpg", Ok(true)),
            ("xianan_orient1.jpg", Ok(false)),
            ("xianan_orient6.jpg", Ok(false)),
            ("no_exif.jpg", Ok(false)),
            ("gps_bus_street.jpg", Ok(false)),
            ("gps_tiny_1x1.jpg", Ok(false)),
            ("not_an_image.jpg", Err(Fault::Broken)),
        ] {
            assert_eq!(cut_off(&photo(name)), expected, "{name}");
        }
        // Wherever it breaks off, and with a preview in its metadata too, it says so if anything is shown.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cut.jpg");
        for name in ["xianan_orient1.jpg", "gps_bus_street.jpg"] {
            let whole = std::fs::read(photo(name)).unwrap();
            let mut shown = 0;
            for twentieth in 1..20 {
                std::fs::write(&path, &whole[..whole.len() * twentieth / 20]).unwrap();
                if let Ok(cut_off) = cut_off(&path) {
                    shown += 1;
                    assert!(cut_off, "{name}, {twentieth} of 20");
                }
            }
            assert!(shown > 5, "{name}: {shown}");
            // What some cameras write behind the end changes nothing.
            let mut longer = whole;
            longer.extend([0; 700]);
            std::fs::write(&path, &longer).unwrap();
            assert_eq!(cut_off(&path), Ok(false), "{name}");
        }
    }

    /// A PNG file whose header claims a square of so many pixels.
    fn png_of(side: u32) -> Vec<u8> {
        let mut header = b"IHDR".to_vec();
        header.extend(side.to_be_bytes());
        header.extend(side.to_be_bytes());
        header.extend([8, 2, 0, 0, 0]);
        let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
        file.extend(&header);
        file.extend(crc(&header).to_be_bytes());
        let data = b"IDAT\x78\x9c\x63\0\0\0\x01\0\x01";
        file.extend(9_u32.to_be_bytes());
        file.extend(data);
        file.extend(crc(data).to_be_bytes());
        file
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |mut crc, byte| {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 {
                    crc >> 1 ^ 0xedb8_8320
                } else {
                    crc >> 1
                };
            }
            crc
        })
    }
}
