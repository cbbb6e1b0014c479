//! What the server keeps at hand: the months that were looked at last.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use assessment::month::Month;

use crate::round::{self, Assessed};
use crate::store::Store;

/// How many months are kept. Working one out again takes milliseconds; a page asks for it many times.
const KEPT: usize = 8;

/// Scheme, month and digest of the frozen facts: together they always give the same assessment.
type Key = (String, Month, String);

/// Kept by the server, shared by all requests.
#[derive(Default)]
pub struct Shelf {
    /// The latest one first.
    kept: Mutex<VecDeque<(Key, Arc<Assessed>)>>,
}

impl Shelf {
    /// The assessment of frozen facts.
    ///
    /// # Errors
    /// The store is damaged.
    pub async fn assessed(
        &self,
        store: &Store,
        scheme: &str,
        month: Month,
        frozen: &str,
    ) -> Result<Arc<Assessed>, round::Error> {
        let key: Key = (scheme.to_owned(), month, frozen.to_owned());
        if let Some(known) = self.take(&key) {
            return Ok(self.keep(key, known));
        }
        let fresh = Arc::new(round::assessed_from(store, scheme, month, frozen).await?);
        Ok(self.keep(key, fresh))
    }

    fn take(&self, key: &Key) -> Option<Arc<Assessed>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known == key)?;
        Some(kept.remove(at)?.1)
    }

    fn keep(&self, key: Key, assessed: Arc<Assessed>) -> Arc<Assessed> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front((key, assessed.clone()));
        kept.truncate(KEPT);
        assessed
    }
}
