//! Photos that may be shown: files in the data folder, named by their digest, or by that of the
//! original from the field of which they are the copy without metadata ([`super::field_photo`]).

use std::path::PathBuf;

use sqlx::Row as _;

use super::writer::Tx;
use super::{Result, Store, digest};

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
        let path = self.photo_path(&name);
        tokio::task::spawn_blocking(move || keep_file(&path, &bytes))
            .await
            .map_err(super::Error::damaged)??;
        let (id, media_type) = (name.clone(), media_type.to_owned());
        self.write(move |tx| {
            Box::pin(async move { tx.know_photo(&id, &media_type, length, synthetic).await })
        })
        .await?;
        Ok(name)
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

/// Writes beside and renames, so that a file with its digest for a name is always whole.
pub(super) fn keep_file(path: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let folder = path.parent().expect("photos have a folder");
    std::fs::create_dir_all(folder)?;
    let beside = folder.join(super::secret());
    let mut file = std::fs::File::create(&beside)?;
    std::io::Write::write_all(&mut file, bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    std::fs::File::open(folder)?.sync_all()
}
