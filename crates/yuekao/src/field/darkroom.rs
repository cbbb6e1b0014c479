//! The darkroom: photos that have come in are looked at one after the other, while nobody waits.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use super::photo::{Developed, Fault, Said, develop};
use crate::clock::Clock;
use crate::store::field_photo::Behind;
use crate::store::{Error, Result, Store};

/// Rings when a photo has come in.
#[derive(Debug, Default)]
pub struct Darkroom {
    bell: Notify,
    awaited: AtomicBool,
}

/// No photo has come in for so long: whoever hands in has ended.
const QUIET: Duration = Duration::from_millis(200);
/// Photos that keep coming in are let go first no longer than this.
const COURTESY: Duration = Duration::from_secs(5);

/// After a fault of the store or the disk, it is tried again so much later.
const PAUSE: Duration = Duration::from_secs(30);
/// Files that do not open are tried again so much later.
const LATER: Duration = Duration::from_secs(300);
/// For the log, once for each photo.
const MISSING: &str = "a photo waits, since its file does not open here: all servers of a database have to share originals/ and previews/";

impl Darkroom {
    /// A photo, or a preview of one, has come in, and others may follow: they go first.
    pub fn ring(&self) {
        self.bell.notify_one();
    }

    /// A photo has come in, and somebody waits for what it shows.
    pub fn ring_at_once(&self) {
        self.awaited.store(true, Ordering::Release);
        self.bell.notify_one();
    }

    /// Lets those who hand in go first, for a while.
    async fn until_quiet(&self) {
        let latest = Instant::now() + COURTESY;
        while !self.awaited.swap(false, Ordering::AcqRel)
            && Instant::now() < latest
            && timeout(QUIET, self.bell.notified()).await.is_ok()
        {}
    }

    /// Develops what is waiting, and then whatever comes. Does not return.
    pub async fn work(self: Arc<Self>, store: Store, clock: Clock) {
        let beginning = store.clone();
        let _ = tokio::task::spawn_blocking(move || beginning.clear_incoming()).await;
        if let Err(error) = part_originals(&store).await {
            tracing::error!(%error, "photos that came with evidence are still shown with their metadata; the next start tries again");
        }
        let mut missed = BTreeSet::new();
        loop {
            match develop_waiting(&store, &clock).await {
                Ok(missing) => {
                    for digest in missing.difference(&missed) {
                        tracing::warn!(digest, "{MISSING}");
                    }
                    missed = missing;
                    match missed.is_empty() {
                        true => self.bell.notified().await,
                        false => drop(timeout(LATER, self.bell.notified()).await),
                    }
                    self.until_quiet().await;
                }
                Err(error) => {
                    tracing::error!(%error, "the darkroom stopped and tries again");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }
}

/// Parts photos that came with evidence before copies were made of them into original and copy.
///
/// Errors: the store's.
pub async fn part_originals(store: &Store) -> Result<()> {
    for digest in store.photos_without_original().await? {
        let Ok(bytes) = tokio::fs::read(store.photo_path(&digest)).await else {
            continue;
        };
        if crate::store::digest(&bytes) != digest {
            continue;
        }
        match store.keep_evidence_photo(bytes).await {
            // What does not decode is not shown by a browser either.
            Err(Error::File(error)) if error.kind() == ErrorKind::InvalidData => {}
            kept => kept?,
        }
    }
    Ok(())
}

/// Develops photos until none is waiting but those whose files do not open here: these go on waiting, and their digests are
/// returned.
///
/// Errors: the store's; what is wrong with a photo is kept with it.
pub async fn develop_waiting(store: &Store, clock: &Clock) -> Result<BTreeSet<String>> {
    let mut missing = BTreeSet::new();
    let mut behind = Behind::default();
    while let Some(photo) = store.next_to_develop(&behind).await? {
        let original = store.original_path(&photo.digest);
        let preview = photo.preview.then(|| store.preview_path(&photo.digest));
        let media_type = photo.media_type.clone();
        let looked = tokio::task::spawn_blocking(move || {
            develop(&original, &media_type, preview.as_deref())
        });
        // A decoder that panics has met a broken picture.
        let developed = looked.await.unwrap_or_else(|_| {
            Ok(Developed {
                size: None,
                said: Said::default(),
                picture: Err(Fault::Broken),
            })
        });
        match developed {
            Ok(developed) => {
                store
                    .keep_developed(clock.now(), &photo.digest, developed)
                    .await?;
            }
            // It may lie on another server, or on a disk that is not there just now.
            Err(_) => {
                missing.insert(photo.digest.clone());
                behind.put(photo);
            }
        }
    }
    Ok(missing)
}
