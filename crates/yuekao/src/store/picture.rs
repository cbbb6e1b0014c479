//! Reference pictures: what an indicator means, shown to inspectors beside it.
//!
//! A picture belongs to the indicator's id, not to one edition of the catalogue: the next edition shows it again.

use std::collections::HashMap;

use assessment::message::Message;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::act::Deed;
use super::writer::Tx;
use super::{Error, Result, Store, moment};

/// The reference picture of an indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferencePicture {
    /// Id of the indicator.
    pub indicator: String,
    /// SHA-256 of the file as it was handed in: its name, and the mark by which phones know it again.
    pub photo: String,
    /// Login of who set it.
    pub login: String,
    /// When.
    pub set_at: Timestamp,
    /// There is a copy without metadata. Until then nobody is shown anything.
    pub ready: bool,
}

impl ReferencePicture {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            indicator: row.try_get("indicator")?,
            photo: row.try_get("photo")?,
            login: row.try_get("login")?,
            set_at: moment(row.try_get("set_at")?)?,
            ready: row.try_get::<i64, _>("ready")? != 0,
        })
    }
}

/// What can be done to a reference picture; the indicator is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureDeed {
    /// It was added, or put in the place of another.
    Set {
        /// SHA-256 of the file.
        photo: String,
        /// Who did it.
        login: String,
    },
    /// The indicator has none any more.
    Removed {},
}

impl Deed for PictureDeed {
    const NOUN: &'static str = "reference_picture";

    async fn apply(&self, tx: &mut Tx<'_>, indicator: &str, at: Timestamp) -> Result<()> {
        match self {
            Self::Set { photo, login } => {
                sqlx::query(
                    "INSERT INTO reference_picture (indicator, photo, login, set_at) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (indicator) DO UPDATE SET photo = excluded.photo, login = excluded.login,
                        set_at = excluded.set_at",
                )
                .bind(indicator)
                .bind(photo)
                .bind(login)
                .bind(at.as_millisecond())
                .execute(tx.conn())
                .await?;
            }
            Self::Removed {} => {
                sqlx::query("DELETE FROM reference_picture WHERE indicator = $1")
                    .bind(indicator)
                    .execute(tx.conn())
                    .await?;
            }
        }
        Ok(())
    }
}

impl Store {
    /// All reference pictures, by indicator.
    pub async fn reference_pictures(&self) -> Result<Vec<ReferencePicture>> {
        let rows = sqlx::query(
            "SELECT r.*, (SELECT count(*) FROM photo p WHERE p.digest = r.photo) AS ready
             FROM reference_picture r ORDER BY r.indicator",
        )
        .fetch_all(self.reading())
        .await?;
        rows.iter().map(ReferencePicture::from_row).collect()
    }

    /// Pictures that phones are offered: their marks, by indicator.
    pub async fn picture_marks(&self) -> Result<HashMap<String, String>> {
        let pictures = self.reference_pictures().await?.into_iter();
        let ready = pictures.filter(|one| one.ready);
        Ok(ready.map(|one| (one.indicator, one.photo)).collect())
    }

    /// The picture that an indicator has now.
    pub async fn reference_picture(&self, indicator: &str) -> Result<Option<ReferencePicture>> {
        let pictures = self.reference_pictures().await?;
        Ok(pictures.into_iter().find(|one| one.indicator == indicator))
    }

    /// Gives an indicator a picture, which is kept already, in place of the one it has; the same again changes nothing.
    pub async fn set_picture(
        &self,
        at: Timestamp,
        who: &str,
        indicator: &str,
        photo: String,
    ) -> Result<()> {
        let (who, indicator) = (who.to_owned(), indicator.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                if photo_of(tx, &indicator).await?.as_ref() == Some(&photo) {
                    return Ok(());
                }
                let login = who.clone();
                let deed = PictureDeed::Set { photo, login };
                tx.act(at, &who, &indicator, &deed).await.map(drop)
            })
        })
        .await
    }

    /// Takes the picture of an indicator away: the one that was seen, and no other.
    ///
    /// Errors: refused if it has another one or none by now.
    pub async fn remove_picture(
        &self,
        at: Timestamp,
        who: &str,
        indicator: &str,
        seen: &str,
    ) -> Result<()> {
        let (who, indicator, seen) = (who.to_owned(), indicator.to_owned(), seen.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                if photo_of(tx, &indicator).await? != Some(seen) {
                    return Err(Error::Refused(Message::new("picture-changed")));
                }
                tx.act(at, &who, &indicator, &PictureDeed::Removed {})
                    .await
                    .map(drop)
            })
        })
        .await
    }
}

async fn photo_of(tx: &mut Tx<'_>, indicator: &str) -> Result<Option<String>> {
    Ok(
        sqlx::query_scalar("SELECT photo FROM reference_picture WHERE indicator = $1")
            .bind(indicator)
            .fetch_optional(tx.conn())
            .await?,
    )
}
