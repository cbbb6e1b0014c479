//! Pictures without what they tell beside the picture: where they were taken, when, and by whose phone. Nothing is decoded:
//! the compressed picture is carried over byte for byte.

/// Larger pictures fill the memory of whoever opens them.
const MOST_PIXELS: u64 = 100_000_000;

/// Why a file cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Neither JPEG nor PNG.
    NotAPhoto,
    /// It begins like one and is cut off or damaged.
    Damaged,
    /// More than a hundred million pixels.
    TooManyPixels,
}

impl Unreadable {
    /// Key of its sentence.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotAPhoto => "case-not-a-photo",
            Self::Damaged => "report-photo-damaged",
            Self::TooManyPixels => "report-photo-pixels",
        }
    }
}

/// The media type of a picture that can be shown, by its first bytes.
pub fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        _ => None,
    }
}

/// A copy for everybody: no EXIF, no position, no comment, no preview, nothing behind the end. Which way is up stays.
///
/// # Errors
/// It is not a whole picture.
pub fn public_copy(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    match media_type(bytes) {
        Some("image/jpeg") => jpeg(bytes),
        Some(_) => png(bytes),
        None => Err(Unreadable::NotAPhoto),
    }
}

fn jpeg(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let damaged = Unreadable::Damaged;
    let mut out = Vec::with_capacity(bytes.len());
    out.extend([0xff, 0xd8]);
    let (mut at, mut framed, mut scanned) = (2, false, false);
    loop {
        if bytes.get(at) != Some(&0xff) {
            return Err(damaged);
        }
        // Any number of fill bytes may stand before a marker.
        while bytes.get(at) == Some(&0xff) {
            at += 1;
        }
        let marker = *bytes.get(at).ok_or(damaged)?;
        at += 1;
        match marker {
            0xd9 if framed && scanned => {
                out.extend([0xff, 0xd9]);
                return Ok(out);
            }
            0x00 | 0xd8 | 0xd9 => return Err(damaged),
            0x01 | 0xd0..=0xd7 => {
                out.extend([0xff, marker]);
                continue;
            }
            _ => {}
        }
        let length = match bytes.get(at..at + 2) {
            Some(&[high, low]) => usize::from(u16::from_be_bytes([high, low])),
            _ => return Err(damaged),
        };
        let body = bytes.get(at + 2..at + length.max(2)).ok_or(damaged)?;
        at += length.max(2);
        match marker {
            // JFIF without its preview.
            0xe0 => {
                if let Some(head) = body.get(..12).filter(|head| head.starts_with(b"JFIF\0")) {
                    segment(&mut out, marker, &[head, &[0, 0]].concat());
                }
            }
            0xe1 => {
                if let Some(way @ 2..=8) = orientation(body) {
                    segment(&mut out, marker, &only_orientation(way));
                }
            }
            // How colours are stored.
            0xee => {
                if let Some(head) = body.get(..12).filter(|head| head.starts_with(b"Adobe")) {
                    segment(&mut out, marker, head);
                }
            }
            0xe2..=0xef | 0xfe => {}
            _ => {
                if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
                    let &[_, h1, h2, w1, w2, ..] = body else {
                        return Err(damaged);
                    };
                    let side = |high, low| u64::from(u16::from_be_bytes([high, low]));
                    few_enough(side(h1, h2), side(w1, w2))?;
                    framed = true;
                }
                segment(&mut out, marker, body);
            }
        }
        if marker == 0xda {
            scanned = true;
            let start = at;
            // In a scan, 0xff is data before 0x00 and a restart before 0xd0 to 0xd7.
            loop {
                match bytes.get(at..at + 2) {
                    Some([0xff, 0x00 | 0xd0..=0xd7]) => at += 2,
                    Some([0xff, 0xff]) => at += 1,
                    Some([0xff, _]) => break,
                    Some(_) => at += 1,
                    None => return Err(damaged),
                }
            }
            out.extend_from_slice(&bytes[start..at]);
        }
    }
}

fn segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    let length = u16::try_from(body.len() + 2).unwrap_or(u16::MAX);
    out.extend([0xff, marker]);
    out.extend(length.to_be_bytes());
    out.extend_from_slice(body);
}

fn few_enough(height: u64, width: u64) -> Result<(), Unreadable> {
    match height * width {
        0 => Err(Unreadable::Damaged),
        pixels if pixels > MOST_PIXELS => Err(Unreadable::TooManyPixels),
        _ => Ok(()),
    }
}

/// Which way is up, 1 to 8, as an EXIF block says it.
fn orientation(exif: &[u8]) -> Option<u8> {
    let tiff = exif.strip_prefix(b"Exif\0\0")?;
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let pair = [*tiff.get(at)?, *tiff.get(at + 1)?];
        Some(match little {
            true => u16::from_le_bytes(pair),
            false => u16::from_be_bytes(pair),
        })
    };
    let (first, second) = (usize::from(short(4)?), usize::from(short(6)?));
    let directory = match little {
        true => second << 16 | first,
        false => first << 16 | second,
    };
    (0..usize::from(short(directory)?))
        .find_map(|entry| {
            let at = directory + 2 + entry * 12;
            (short(at)? == 0x0112).then(|| short(at + 8))?
        })?
        .try_into()
        .ok()
}

/// An EXIF block that says which way is up and nothing else.
fn only_orientation(way: u8) -> Vec<u8> {
    let mut block = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    block.extend([way, 0, 0, 0, 0, 0, 0]);
    block
}

/// Chunks that make the picture; text, time, EXIF and whatever a program adds are not among them.
const CHUNKS: [&[u8; 4]; 8] = [
    b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"IDAT", b"IEND",
];

fn png(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let damaged = Unreadable::Damaged;
    let (mut out, mut at) = (bytes[..8].to_vec(), 8);
    loop {
        let head = bytes.get(at..at + 8).ok_or(damaged)?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let end = at.checked_add(length).and_then(|end| end.checked_add(12));
        let chunk = bytes.get(at..end.ok_or(damaged)?).ok_or(damaged)?;
        let name = &chunk[4..8];
        if at == 8 {
            if name != b"IHDR" || length != 13 {
                return Err(damaged);
            }
            let side = |at: usize| {
                u64::from(u32::from_be_bytes([
                    chunk[at],
                    chunk[at + 1],
                    chunk[at + 2],
                    chunk[at + 3],
                ]))
            };
            few_enough(side(8), side(12))?;
        }
        if CHUNKS.iter().any(|kept| &kept[..] == name) {
            out.extend_from_slice(chunk);
        }
        at += chunk.len();
        if name == b"IEND" {
            return Ok(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: &[u8] = include_bytes!("../tests/photos/gps_tiny_1x1.jpg");
    const LYING: &[u8] = include_bytes!("../tests/photos/xianan_orient6.jpg");

    fn pixels(bytes: &[u8]) -> Vec<u8> {
        image::load_from_memory(bytes)
            .unwrap()
            .into_rgb8()
            .into_raw()
    }

    fn holds(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn the_picture_stays_and_what_it_tells_beside_goes() {
        for photo in [PHONE, LYING] {
            assert!(holds(photo, b"Exif"));
            let copy = public_copy(photo).unwrap();
            assert_eq!(pixels(&copy), pixels(photo));
            for told in [
                &b"GPS"[..],
                b"Apple",
                b"2020:",
                b"2024:",
                b"iPhone",
                b"http",
            ] {
                assert!(!holds(&copy, told), "{}", String::from_utf8_lossy(told));
            }
            assert_eq!(public_copy(&copy).unwrap(), copy, "a copy of a copy");
        }
        assert!(!holds(&public_copy(PHONE).unwrap(), b"Exif"));
    }

    #[test]
    fn which_way_is_up_stays() {
        let copy = public_copy(LYING).unwrap();
        let at = copy.windows(4).position(|part| part == b"Exif").unwrap();
        assert_eq!(orientation(&copy[at..]), Some(6));
    }

    #[test]
    fn what_stands_behind_the_end_is_cut_off() {
        let mut film = PHONE.to_vec();
        film.extend_from_slice(b"ftypmp42 +29.8366+114.3217/");
        assert_eq!(public_copy(&film), public_copy(PHONE));
    }

    #[test]
    fn a_drawing_loses_its_texts() {
        let mut png = std::io::Cursor::new(vec![]);
        image::RgbImage::from_pixel(3, 2, image::Rgb([9, 8, 7]))
            .write_to(&mut png, image::ImageFormat::Png)
            .unwrap();
        let plain = png.into_inner();
        let mut told = plain[..33].to_vec();
        told.extend_from_slice(b"\0\0\0\x0ctEXtAuthor\0Zhang\0\0\0\0");
        told.extend_from_slice(&plain[33..]);
        let copy = public_copy(&told).unwrap();
        assert_eq!(pixels(&copy), pixels(&plain));
        assert!(holds(&told, b"Author") && !holds(&copy, b"Author"));
    }

    #[test]
    fn what_is_no_whole_picture_is_said_so_wherever_it_ends() {
        let truncated = include_bytes!("../tests/photos/truncated.jpg");
        let text = include_bytes!("../tests/photos/not_an_image.jpg");
        assert_eq!(public_copy(truncated), Err(Unreadable::Damaged));
        assert_eq!(public_copy(text), Err(Unreadable::NotAPhoto));
        let whole = public_copy(PHONE).unwrap();
        for end in 3..whole.len() {
            assert_eq!(
                public_copy(&whole[..end]),
                Err(Unreadable::Damaged),
                "{end}"
            );
        }
        let mut flood = whole;
        let frame = |pair: &[u8]| pair[0] == 0xff && matches!(pair[1], 0xc0 | 0xc2);
        let at = flood.windows(2).position(frame).unwrap();
        flood[at + 5..at + 9].fill(0xff);
        assert_eq!(public_copy(&flood), Err(Unreadable::TooManyPixels));
    }
}
