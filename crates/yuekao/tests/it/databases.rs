//! Every test of the store runs on SQLite and on PostgreSQL.

use tempfile::TempDir;
use yuekao::store::Store;

use crate::postgres::Fresh;

/// A folder and a database of its own, gone with the test.
pub struct Home {
    folder: TempDir,
    postgres: Option<Fresh>,
}

impl Home {
    /// An empty home on SQLite.
    pub fn sqlite() -> Self {
        Self {
            folder: TempDir::new().expect("a temporary folder"),
            postgres: None,
        }
    }

    /// An empty home on PostgreSQL.
    pub fn postgres() -> Self {
        Self {
            postgres: Some(Fresh::new()),
            ..Self::sqlite()
        }
    }

    /// Its data folder.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// URL of its database, where it is not the folder's own.
    pub fn url(&self) -> Option<String> {
        self.postgres.as_ref().map(Fresh::url)
    }

    /// Opens its store; a second call is a second server on the same database.
    pub async fn open(&self) -> Store {
        Store::open(self.folder(), self.url().as_deref())
            .await
            .expect("the store opens")
    }
}

/// Runs a test on both databases.
pub async fn on_both(test: impl AsyncFn(&Home)) {
    for home in [Home::sqlite(), Home::postgres()] {
        // Only seen if the test fails: says on which database.
        println!("on {}", home.url().unwrap_or_else(|| "SQLite".to_owned()));
        test(&home).await;
    }
}
