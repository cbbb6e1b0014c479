//! The bulletin and the unit's sheet as PDF, set by typst from the templates in `assets/typst`.

use std::collections::BTreeSet;
use std::io::Cursor;

use image::{ImageReader, Limits};
use serde::Serialize;
use thiserror::Error;
use typst::foundations::{Bytes, Datetime, Dict, IntoValue, Smart};
use typst::text::Font;
use typst_as_lib::TypstEngine;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::notice::NoticePaper;
use super::paper;
use super::view::{BulletinView, UnitSheet};
use crate::words::Language;

const FONTS: [&[u8]; 4] = [
    include_bytes!("../../assets/fonts/NotoSerifSC-Regular-subset.ttf"),
    include_bytes!("../../assets/fonts/NotoSerifSC-Bold-subset.ttf"),
    include_bytes!("../../assets/fonts/NotoSansSC-Regular-subset.ttf"),
    include_bytes!("../../assets/fonts/NotoSansSC-Bold-subset.ttf"),
];
const TEMPLATES: [(&str, &str); 4] = [
    (
        "official.typ",
        include_str!("../../assets/typst/official.typ"),
    ),
    (BULLETIN, include_str!("../../assets/typst/bulletin.typ")),
    (
        UNIT_SHEET,
        include_str!("../../assets/typst/unit_sheet.typ"),
    ),
    (NOTICE, include_str!("../../assets/typst/notice.typ")),
];
const BULLETIN: &str = "bulletin.typ";
const UNIT_SHEET: &str = "unit_sheet.typ";
const NOTICE: &str = "notice.typ";

/// A photo wider or higher than this is no thumbnail, and is not decoded.
const PHOTO_PIXELS: u32 = 4096;

/// Why there is no PDF. The views are plain data, so this speaks of the templates or of the
/// memory, not of anything a user has typed.
#[derive(Debug, Error)]
#[error("the PDF could not be set: {0}")]
pub struct PrintError(String);

/// Fonts and templates, read once and kept.
pub struct BulletinPrinter {
    engine: TypstEngine,
}

impl Default for BulletinPrinter {
    fn default() -> Self {
        Self::new()
    }
}

impl BulletinPrinter {
    /// Reads fonts and templates: some milliseconds, so a server keeps its printer.
    pub fn new() -> Self {
        let fonts = FONTS
            .into_iter()
            .flat_map(|font| Font::iter(Bytes::new(font)));
        let engine = TypstEngine::builder()
            .fonts(fonts)
            .with_static_source_file_resolver(TEMPLATES)
            // Remembered layouts were measured not to help from one month to the next.
            .comemo_evict_max_age(Some(0))
            .build();
        Self { engine }
    }

    /// The bulletin in Chinese official layout. The same view gives the same bytes.
    pub fn pdf(&self, view: &BulletinView) -> Result<Vec<u8>, PrintError> {
        let paper = paper::bulletin(view, Language::Chinese);
        let document = self.set(BULLETIN, &paper, Dict::new())?;
        export(&document, &view.digests.assessment, &view.date)
    }

    /// A unit's sheet. `photo` gives the bytes of a thumbnail (JPEG or PNG) by its digest; where
    /// it gives none, or no picture, the sheet says so in the photo's place.
    pub fn unit_sheet(
        &self,
        sheet: &UnitSheet,
        photo: impl Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Vec<u8>, PrintError> {
        let paper = paper::unit_sheet(sheet, Language::Chinese);
        let digests: BTreeSet<&str> = sheet
            .findings
            .iter()
            .flat_map(|finding| &finding.photos)
            .map(String::as_str)
            .collect();
        let document = self.set_with_photos(UNIT_SHEET, &paper, digests, photo)?;
        export(&document, &sheet.digests.assessment, &sheet.date)
    }

    /// A rectification notice; photos as in [`Self::unit_sheet`].
    pub fn notice(
        &self,
        paper: &NoticePaper,
        photo: impl Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Vec<u8>, PrintError> {
        let digests = paper.lines.iter().map(|line| line.photo.as_str()).collect();
        let document = self.set_with_photos(NOTICE, paper, digests, photo)?;
        export(&document, &paper.digest, &paper.day)
    }

    fn set_with_photos(
        &self,
        template: &str,
        paper: &impl Serialize,
        digests: BTreeSet<&str>,
        photo: impl Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<PagedDocument, PrintError> {
        let mut photos: Vec<(&str, Bytes)> = digests
            .into_iter()
            .filter_map(|digest| Some((digest, Bytes::new(photo(digest)?))))
            .collect();
        photos.retain(|(_, bytes)| is_small(bytes));
        self.set(template, paper, with_photos(&photos))
            .or_else(|_| {
                // One broken photo stops the whole sheet; only then is it worth looking for it.
                photos.retain(|(_, bytes)| decodes(bytes));
                self.set(template, paper, with_photos(&photos))
            })
    }

    fn set(
        &self,
        template: &str,
        paper: &impl Serialize,
        mut inputs: Dict,
    ) -> Result<PagedDocument, PrintError> {
        let paper = serde_json::to_vec(paper).map_err(|error| PrintError(error.to_string()))?;
        inputs.insert("paper".into(), Bytes::new(paper).into_value());
        self.engine
            .compile_with_input(template, inputs)
            .output
            .map_err(|error| PrintError(error.to_string()))
    }
}

fn with_photos(photos: &[(&str, Bytes)]) -> Dict {
    let photos: Dict = photos
        .iter()
        .map(|(digest, bytes)| ((*digest).into(), bytes.clone().into_value()))
        .collect();
    Dict::from_iter([("photos".into(), photos.into_value())])
}

fn export(document: &PagedDocument, digest: &str, date: &str) -> Result<Vec<u8>, PrintError> {
    let export = |standards: PdfStandards| {
        let options = PdfOptions {
            ident: Smart::Custom(digest.to_owned()),
            creator: Smart::Custom(Some("Yuekao".to_owned())),
            timestamp: timestamp(date),
            standards,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(document, &options)
    };
    let archival = PdfStandards::new(&[PdfStandard::A_2a])
        .map_err(|error| PrintError(format!("{error:?}")))?;
    // A character that no font has is forbidden in PDF/A; better a plain PDF than none.
    export(archival)
        .or_else(|_| export(PdfStandards::default()))
        .map_err(|error| PrintError(format!("{error:?}")))
}

/// Midnight of the document's date: nothing in the file depends on when it was printed.
fn timestamp(date: &str) -> Option<Timestamp> {
    let date: jiff::civil::Date = date.parse().ok()?;
    let (month, day) = (date.month().try_into().ok()?, date.day().try_into().ok()?);
    Some(Timestamp::new_utc(Datetime::from_ymd_hms(
        date.year().into(),
        month,
        day,
        0,
        0,
        0,
    )?))
}

fn is_small(photo: &[u8]) -> bool {
    let size = ImageReader::new(Cursor::new(photo))
        .with_guessed_format()
        .ok()
        .and_then(|reader| reader.into_dimensions().ok());
    size.is_some_and(|(width, height)| width <= PHOTO_PIXELS && height <= PHOTO_PIXELS)
}

fn decodes(photo: &[u8]) -> bool {
    let Ok(mut reader) = ImageReader::new(Cursor::new(photo)).with_guessed_format() else {
        return false;
    };
    reader.limits(Limits::default());
    reader.decode().is_ok()
}
