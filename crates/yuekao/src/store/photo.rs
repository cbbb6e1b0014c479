//! Photos that may be shown: files in the data folder, named by their digest, or by that of the
//! original of which they are the copy without metadata ([`super::field_photo`]).

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sqlx::Row as _;

use super::writer::Tx;
use super::{Result, Store, digest};
use crate::field::photo::shown;

/// What is known of a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// SHA-256 of the file, as hex, or of the original that it is a copy of: its name.
    pub digest: String,
    /// `image/jpeg` or `image/png`.
    pub media_type: String,
    /// Size in bytes.
    pub length: i64,
    /// Drawn by a program, not taken.
    pub synthetic: bool,
}

impl Store {
    /// Where the file of a photo is, or will be.
    pub fn photo_path(&self, digest: &str) -> PathBuf {
        let (first, rest) = digest.split_at_checked(2).unwrap_or((digest, ""));
        self.folder().join("photos").join(first).join(rest)
    }

    /// Keeps a photo and returns its digest; the same photo again changes nothing. The caller has
    /// seen to it that it is a picture.
    pub async fn keep_photo(
        &self,
        bytes: Vec<u8>,
        media_type: &str,
        synthetic: bool,
    ) -> Result<String> {
        let (name, length) = (digest(&bytes), bytes.len() as i64);
        let (store, path) = (self.clone(), self.photo_path(&name));
        tokio::task::spawn_blocking(move || store.keep_file(&path, &bytes))
            .await
            .map_err(super::Error::damaged)??;
        let (id, media_type) = (name.clone(), media_type.to_owned());
        self.write(move |tx| {
            Box::pin(async move { tx.know_photo(&id, &media_type, length, synthetic).await })
        })
        .await?;
        Ok(name)
    }

    /// Keeps a photo that came with evidence: the file as it is beside the originals from the field, and of it the copy without
    /// metadata that may be shown. The same photo again changes nothing. The caller has seen to it that it is a picture.
    ///
    /// Errors: the disk's, the database's; there is nothing to show of it.
    pub async fn keep_evidence_photo(&self, bytes: Vec<u8>) -> Result<()> {
        let name = digest(&bytes);
        let (original, copy, thumb) = (
            self.original_path(&name),
            self.photo_path(&name),
            self.thumb_path(&name),
        );
        let store = self.clone();
        let length = tokio::task::spawn_blocking(move || {
            let picture = shown(&bytes)
                .map_err(|fault| std::io::Error::new(ErrorKind::InvalidData, fault.word()))?;
            store.keep_file(&original, &bytes)?;
            store.put_file(&copy, &picture.copy)?;
            store.keep_file(&thumb, &picture.thumb)?;
            Ok::<_, std::io::Error>(picture.copy.len() as i64)
        })
        .await
        .map_err(super::Error::damaged)??;
        self.write(move |tx| {
            Box::pin(async move {
                // Earlier versions showed the file itself.
                sqlx::query(
                    "INSERT INTO photo (digest, media_type, length, synthetic) VALUES ($1, 'image/jpeg', $2, 0)
                     ON CONFLICT (digest) DO UPDATE SET media_type = excluded.media_type, length = excluded.length",
                )
                .bind(&name)
                .bind(length)
                .execute(tx.conn())
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Puts a file where there is none yet. Blocks.
    pub(super) fn keep_file(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        match path.exists() {
            true => Ok(()),
            false => self.put_file(path, bytes),
        }
    }

    /// Puts a file where it belongs; one with its digest for a name is always whole. Blocks.
    pub(super) fn put_file(&self, path: &Path, mut bytes: &[u8]) -> std::io::Result<()> {
        let mut incoming = self.incoming();
        while !bytes.is_empty() {
            bytes = incoming.take(bytes);
            incoming.write()?;
        }
        incoming.settle(path)
    }

    /// Photos that came with evidence when these were shown as they were: they have no original yet.
    ///
    /// Errors: the database's.
    pub async fn photos_without_original(&self) -> Result<Vec<String>> {
        let digests: Vec<String> = sqlx::query_scalar(
            "SELECT digest FROM photo WHERE synthetic = 0
             AND NOT EXISTS (SELECT 1 FROM field_photo f WHERE f.digest = photo.digest) ORDER BY digest",
        )
        .fetch_all(self.reading())
        .await?;
        let store = self.clone();
        tokio::task::spawn_blocking(move || {
            let bare = |digest: &String| !store.original_path(digest).exists();
            digests.into_iter().filter(bare).collect()
        })
        .await
        .map_err(super::Error::damaged)
    }

    /// What is known of a photo.
    pub async fn photo(&self, digest: &str) -> Result<Option<Photo>> {
        let row = sqlx::query("SELECT * FROM photo WHERE digest = $1")
            .bind(digest)
            .fetch_optional(self.reading())
            .await?;
        row.map(|row| {
            Ok(Photo {
                digest: row.try_get("digest")?,
                media_type: row.try_get("media_type")?,
                length: row.try_get("length")?,
                synthetic: row.try_get::<i64, _>("synthetic")? != 0,
            })
        })
        .transpose()
    }
}

impl Tx<'_> {
    /// Says that a photo may be shown; once said, nothing changes it.
    pub(super) async fn know_photo(
        &mut self,
        digest: &str,
        media_type: &str,
        length: i64,
        synthetic: bool,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO photo (digest, media_type, length, synthetic)
             VALUES ($1, $2, $3, $4) ON CONFLICT (digest) DO NOTHING",
        )
        .bind(digest)
        .bind(media_type)
        .bind(length)
        .bind(i64::from(synthetic))
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
