//! Photos as cameras took them, from inspectors' phones, from those who handle cases and from citizens: the original as it came, and what the
//! darkroom made of it.
//!
//! Originals lie in `originals/`, where nothing that shows pictures looks; [`Store::photo_path`] of the same
//! digest leads to the copy without metadata, once there is one.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::act::Deed;
use super::field::Sight;
use super::incoming::Incoming;
use super::writer::Tx;
use super::{Error, Result, Store, moment};
use crate::field::photo::{Developed, Fault};

/// Who has handed a photo in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand<'a> {
    /// An inspector of an agency, which sees it.
    Agency { login: &'a str, agency: &'a str },
    /// Somebody at the desk, for a case.
    Desk(&'a str),
    /// Somebody without an account.
    Citizen,
}

impl<'a> Hand<'a> {
    /// Who it was, and the agency or what stands in its place: no agency's code begins so.
    fn parts(self) -> (&'a str, &'a str) {
        match self {
            Self::Agency { login, agency } => (login, agency),
            Self::Desk(login) => (login, "@desk"),
            Self::Citizen => (super::citizen::WHO, "@citizen"),
        }
    }
}

/// When a photo was handed in, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    pub at: Timestamp,
    pub by: Giver,
}

/// By whom: a [`Hand`] as it is read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Giver {
    /// An inspector, who stays unnamed.
    Inspector,
    /// This login at the desk.
    Desk(String),
    Citizen,
}

/// What can be done to a photo; the digest of its original is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldPhotoDeed {
    /// The original is here.
    Uploaded {
        /// `image/jpeg`, `image/png`, `image/heic`.
        media_type: String,
        /// Bytes.
        length: i64,
        /// Who handed it in.
        login: String,
        /// Their agency; `@desk`, `@citizen`.
        agency: String,
        /// The phone could not make a preview, and none will follow.
        #[serde(default)]
        no_preview: bool,
    },
    /// The phone's own preview is here; whoever develops looks again.
    Previewed {},
    /// It was looked at.
    Developed {
        /// Why there is nothing to show. `no-preview`: the phone's preview was not looked at.
        fault: Option<String>,
        /// Pixels.
        width: Option<i64>,
        /// Pixels.
        height: Option<i64>,
        /// When it was taken, as the file says.
        taken_at: Option<i64>,
        /// Where, as the file says, 1e-7 degree.
        lng: Option<i64>,
        /// Where.
        lat: Option<i64>,
        /// 64 bits as hex.
        print: Option<String>,
        /// The file ends before the picture does.
        #[serde(default)]
        cut_off: bool,
    },
}

impl Deed for FieldPhotoDeed {
    const NOUN: &'static str = "field-photo";

    async fn apply(&self, tx: &mut Tx<'_>, digest: &str, at: Timestamp) -> Result<()> {
        match self {
            Self::Uploaded {
                media_type,
                length,
                login,
                agency,
                no_preview,
            } => {
                sqlx::query(
                    "INSERT INTO field_photo (digest, media_type, length, received_at, preview, state, turn)
                     VALUES ($1, $2, $3, $4, $5, 'waiting', $6) ON CONFLICT (digest) DO UPDATE SET
                        turn = CASE WHEN excluded.turn = 0 THEN 0 ELSE field_photo.turn END",
                )
                .bind(digest)
                .bind(media_type)
                .bind(*length)
                .bind(at.as_millisecond())
                .bind(if *no_preview { NEVER } else { 0_i64 })
                .bind(i64::from(!agency.starts_with('@')))
                .execute(tx.conn())
                .await?;
                sqlx::query(
                    "INSERT INTO field_photo_from (photo, agency, login, received_at)
                     VALUES ($1, $2, $3, $4) ON CONFLICT (photo, agency) DO NOTHING",
                )
                .bind(digest)
                .bind(agency)
                .bind(login)
                .bind(at.as_millisecond())
                .execute(tx.conn())
                .await?;
            }
            Self::Previewed {} => {
                sqlx::query(
                    "UPDATE field_photo SET preview = 1,
                        state = CASE WHEN state = 'no_preview' THEN 'waiting' ELSE state END
                     WHERE digest = $1",
                )
                .bind(digest)
                .execute(tx.conn())
                .await?;
            }
            Self::Developed {
                fault,
                width,
                height,
                taken_at,
                lng,
                lat,
                print,
                cut_off,
            } => {
                // The preview may have come while the original was looked at: then the photo waits to be looked at again.
                let unseen = i64::from(fault.as_deref() == Some(Fault::NoPreview.word()));
                sqlx::query(
                    "UPDATE field_photo SET state = CASE WHEN preview = 1 AND $11 = 1 THEN 'waiting' ELSE $1 END,
                        reason = CASE WHEN preview = 1 AND $11 = 1 THEN NULL ELSE $2 END,
                        width = $3, height = $4, taken_at = $5, lng = $6, lat = $7, print = $8,
                        cut_off = $9 WHERE digest = $10",
                )
                .bind(if fault.is_none() { "ready" } else { "no_preview" })
                .bind(fault.as_deref())
                .bind(*width)
                .bind(*height)
                .bind(*taken_at)
                .bind(*lng)
                .bind(*lat)
                .bind(print.as_deref())
                .bind(i64::from(*cut_off))
                .bind(digest)
                .bind(unseen)
                .execute(tx.conn())
                .await?;
                if let Some(print) = print.as_deref().and_then(print_of_hex) {
                    for (place, byte) in print.to_be_bytes().into_iter().enumerate() {
                        sqlx::query(
                            "INSERT INTO photo_print (place, byte, photo) VALUES ($1, $2, $3)
                             ON CONFLICT (place, byte, photo) DO NOTHING",
                        )
                        .bind(place as i64)
                        .bind(i64::from(byte))
                        .bind(digest)
                        .execute(tx.conn())
                        .await?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// In the column `preview`, beside 0 and 1: none will come.
const NEVER: i64 = -1;

pub(super) fn print_of_hex(hex: &str) -> Option<u64> {
    u64::from_str_radix(hex, 16).ok()
}

/// A photo as a camera took it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPhoto {
    /// SHA-256 of the original.
    pub digest: String,
    /// Of the original.
    pub media_type: String,
    /// Bytes of the original.
    pub length: i64,
    /// The phone's preview is here.
    pub preview: bool,
    /// It is not here, and may still come.
    pub preview_comes: bool,
    /// `waiting`, `ready`, `no_preview`.
    pub state: String,
    /// Why there is nothing to show: `broken`, `too-large`, `no-preview`.
    pub reason: Option<String>,
    /// When it came first.
    pub received_at: Timestamp,
    /// Pixels, upright.
    pub size: Option<(i64, i64)>,
    /// When it was taken, as the file says.
    pub taken_at: Option<Timestamp>,
    /// Where, as the file says: longitude and latitude in 1e-7 degree.
    pub place: Option<(i64, i64)>,
    /// The file ends before the picture does.
    pub cut_off: bool,
    /// It came with a form of the desk or of a citizen, who waits for what it shows.
    pub awaited: bool,
}

impl FieldPhoto {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let pair = |a: &str, b: &str| -> Result<Option<(i64, i64)>> {
            let (a, b): (Option<i64>, Option<i64>) = (row.try_get(a)?, row.try_get(b)?);
            Ok(a.zip(b))
        };
        let preview: i64 = row.try_get("preview")?;
        Ok(Self {
            digest: row.try_get("digest")?,
            media_type: row.try_get("media_type")?,
            length: row.try_get("length")?,
            preview: preview == 1,
            preview_comes: preview == 0,
            state: row.try_get("state")?,
            reason: row.try_get("reason")?,
            received_at: moment(row.try_get("received_at")?)?,
            size: pair("width", "height")?,
            taken_at: row
                .try_get::<Option<i64>, _>("taken_at")?
                .map(moment)
                .transpose()?,
            place: pair("lng", "lat")?,
            cut_off: row.try_get::<i64, _>("cut_off")? != 0,
            awaited: row.try_get::<i64, _>("turn")? == 0,
        })
    }
}

/// The last photo of each turn that could not be opened.
#[derive(Debug, Default)]
pub struct Behind([Option<FieldPhoto>; 2]);

impl Behind {
    /// Goes on behind this one.
    pub fn put(&mut self, photo: FieldPhoto) {
        let turn = usize::from(!photo.awaited);
        self.0[turn] = Some(photo);
    }
}

/// Files that were broken off are cleared away after a day.
const LEFT_BEHIND: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

impl Store {
    fn shelf(&self, name: &str, digest: &str) -> PathBuf {
        let (first, rest) = digest.split_at_checked(2).unwrap_or((digest, ""));
        self.folder().join(name).join(first).join(rest)
    }

    /// Where the original of a photo is.
    pub fn original_path(&self, digest: &str) -> PathBuf {
        self.shelf("originals", digest)
    }

    /// Where the phone's own preview is.
    pub fn preview_path(&self, digest: &str) -> PathBuf {
        self.shelf("previews", digest)
    }

    /// Where the thumbnail is.
    pub fn thumb_path(&self, digest: &str) -> PathBuf {
        self.shelf("thumbs", digest)
    }

    /// Clears away what was broken off long ago. Blocks.
    pub fn clear_incoming(&self) {
        let Ok(files) = std::fs::read_dir(self.folder().join("incoming")) else {
            return;
        };
        for file in files.flatten() {
            let age = file
                .metadata()
                .and_then(|about| about.modified())
                .map(|at| at.elapsed());
            if matches!(age, Ok(Ok(age)) if age > LEFT_BEHIND) {
                let _ = std::fs::remove_file(file.path());
            }
        }
    }

    /// Keeps an original under its digest; acknowledged means on the disk. `no_preview`: whoever hands it in will send
    /// no preview. The same photo again from the same agency changes nothing. Tells whether a preview of it is here.
    ///
    /// Errors: the disk's, the database's.
    pub async fn keep_original(
        &self,
        at: Timestamp,
        hand: Hand<'_>,
        incoming: Incoming,
        media_type: &str,
        no_preview: bool,
    ) -> Result<bool> {
        let (login, agency) = hand.parts();
        let (digest, length) = (incoming.digest(), incoming.length() as i64);
        let path = self.original_path(&digest);
        tokio::task::spawn_blocking(move || incoming.settle(&path))
            .await
            .map_err(Error::damaged)??;
        let login = login.to_owned();
        let deed = FieldPhotoDeed::Uploaded {
            media_type: media_type.to_owned(),
            length,
            login: login.clone(),
            agency: agency.to_owned(),
            no_preview,
        };
        self.write(move |tx| {
            Box::pin(async move {
                let FieldPhotoDeed::Uploaded { agency, .. } = &deed else {
                    unreachable!("just made");
                };
                let here = sqlx::query(
                    "SELECT (SELECT count(*) FROM field_photo_from WHERE photo = $1 AND agency = $2) AS given,
                        (SELECT count(*) FROM field_photo WHERE digest = $1 AND preview = 1) AS previewed",
                )
                .bind(&digest)
                .bind(agency)
                .fetch_one(tx.conn())
                .await?;
                if here.try_get::<i64, _>("given")? == 0 {
                    tx.act(at, &login, &digest, &deed).await?;
                }
                Ok(here.try_get::<i64, _>("previewed")? > 0)
            })
        })
        .await
    }

    /// Keeps the phone's preview of a photo whose original is here.
    ///
    /// Errors: the disk's, the database's.
    pub async fn keep_preview(
        &self,
        at: Timestamp,
        login: &str,
        digest: &str,
        incoming: Incoming,
    ) -> Result<()> {
        let path = self.preview_path(digest);
        tokio::task::spawn_blocking(move || incoming.settle(&path))
            .await
            .map_err(Error::damaged)??;
        let (login, digest) = (login.to_owned(), digest.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                tx.act(at, &login, &digest, &FieldPhotoDeed::Previewed {})
                    .await
                    .map(|_| ())
            })
        })
        .await
    }

    /// A photo that an agency has handed in: an inspector while they worked for it, or later with a record of its plan.
    pub async fn field_photo(&self, sight: Sight<'_>, digest: &str) -> Result<Option<FieldPhoto>> {
        let row = sqlx::query(
            "SELECT * FROM field_photo WHERE digest = $1 AND EXISTS (
                SELECT 1 FROM field_photo_from giver WHERE giver.photo = digest AND (giver.agency = $2 OR $2 = '' OR EXISTS (
                    SELECT 1 FROM observation_photo shows JOIN observation o ON o.id = shows.observation
                    WHERE shows.photo = giver.photo AND o.agency = $2 AND o.inspector = giver.login) OR EXISTS (
                    SELECT 1 FROM closed_site WHERE closed_site.agency = $2 AND closed_site.login = giver.login
                        AND photos LIKE '%' || giver.photo || '%')))",
        )
        .bind(digest)
        .bind(sight.bound())
        .fetch_optional(self.reading())
        .await?;
        row.as_ref().map(FieldPhoto::from_row).transpose()
    }

    /// Whether somebody at the desk was the first there to hand this photo in.
    pub async fn handed_in_at_desk(&self, login: &str, digest: &str) -> Result<bool> {
        let (login, desk) = Hand::Desk(login).parts();
        let known: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM field_photo_from WHERE photo = $1 AND agency = $2 AND login = $3",
        )
        .bind(digest)
        .bind(desk)
        .bind(login)
        .fetch_one(self.reading())
        .await?;
        Ok(known > 0)
    }

    /// Those of some photos whose file ends before the picture does.
    pub async fn cut_off(&self, photos: Vec<String>) -> Result<Vec<String>> {
        let mut cut_off = vec![];
        for photo in photos {
            let known = self.field_photo(Sight::All, &photo).await?;
            if known.is_some_and(|known| known.cut_off) {
                cut_off.push(photo);
            }
        }
        Ok(cut_off)
    }

    /// When a photo was handed in, and by whom: the first of an agency, of the desk, of citizens.
    pub async fn photo_handed_in(&self, digest: &str) -> Result<Vec<HandedIn>> {
        let rows = sqlx::query(
            "SELECT agency, login, received_at FROM field_photo_from WHERE photo = $1
             ORDER BY received_at, agency",
        )
        .bind(digest)
        .fetch_all(self.reading())
        .await?;
        let read = |row: &AnyRow| -> Result<HandedIn> {
            let (agency, login): (String, String) = (row.try_get("agency")?, row.try_get("login")?);
            Ok(HandedIn {
                at: moment(row.try_get("received_at")?)?,
                by: match agency.as_str() {
                    "@desk" => Giver::Desk(login),
                    "@citizen" => Giver::Citizen,
                    _ => Giver::Inspector,
                },
            })
        };
        rows.iter().map(read).collect()
    }

    /// The photo that is looked at next in the darkroom: of those for which somebody waits at the desk or as a citizen the one
    /// that has waited longest, then of those from the field, so that nobody learns from their own wait how much came from
    /// there. Where some of a turn cannot be opened, one that waits behind the last of them.
    pub async fn next_to_develop(&self, behind: &Behind) -> Result<Option<FieldPhoto>> {
        for turn in [0, 1] {
            let behind = behind.0[turn].as_ref();
            let row = sqlx::query(
                "SELECT * FROM field_photo WHERE state = 'waiting' AND turn = $1
                 AND (received_at > $2 OR (received_at = $2 AND digest > $3)) ORDER BY received_at, digest LIMIT 1",
            )
            .bind(turn as i64)
            .bind(behind.map_or(i64::MIN, |photo| photo.received_at.as_millisecond()))
            .bind(behind.map_or("", |photo| photo.digest.as_str()))
            .fetch_optional(self.reading())
            .await?;
            if let Some(row) = row {
                return FieldPhoto::from_row(&row).map(Some);
            }
        }
        Ok(None)
    }

    /// Keeps what the darkroom found: the pictures as files, then the rest as an act, unless another server's darkroom was
    /// first.
    ///
    /// Errors: the disk's, the database's.
    pub async fn keep_developed(
        &self,
        at: Timestamp,
        digest: &str,
        developed: Developed,
    ) -> Result<()> {
        let mut deed = FieldPhotoDeed::Developed {
            fault: None,
            width: developed.size.map(|size| i64::from(size.0)),
            height: developed.size.map(|size| i64::from(size.1)),
            taken_at: developed.said.taken_at,
            lng: developed.said.place.map(|place| place.0),
            lat: developed.said.place.map(|place| place.1),
            print: None,
            cut_off: false,
        };
        let FieldPhotoDeed::Developed {
            fault,
            print,
            cut_off,
            ..
        } = &mut deed
        else {
            unreachable!("just made");
        };
        let mut length = None;
        match developed.picture {
            Err(why) => *fault = Some(why.word().to_owned()),
            Ok(picture) => {
                *cut_off = picture.cut_off;
                *print = picture.print.map(|print| format!("{print:016x}"));
                length = Some(picture.copy.len() as i64);
                let (store, copy, thumb) = (
                    self.clone(),
                    self.photo_path(digest),
                    self.thumb_path(digest),
                );
                tokio::task::spawn_blocking(move || {
                    store.put_file(&copy, &picture.copy)?;
                    store.keep_file(&thumb, &picture.thumb)
                })
                .await
                .map_err(Error::damaged)??;
            }
        }
        let synthetic = self.is_synthetic().await?;
        let digest = digest.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let waits: i64 = sqlx::query_scalar(
                    "SELECT count(*) FROM field_photo WHERE digest = $1 AND state = 'waiting'",
                )
                .bind(&digest)
                .fetch_one(tx.conn())
                .await?;
                if waits == 0 {
                    return Ok(());
                }
                tx.act(at, "darkroom", &digest, &deed).await?;
                if let Some(length) = length {
                    tx.know_photo(&digest, "image/jpeg", length, synthetic)
                        .await?;
                }
                Ok(())
            })
        })
        .await
    }
}
