//! Filters of the list of cases that somebody keeps under a name of their own.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::act::Deed;
use super::writer::Tx;
use super::{Error, Result, Store};

/// So many one person can keep.
pub const MOST: i64 = 30;

/// A filter under its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    pub name: String,
    /// The query of the list's address.
    pub query: String,
}

/// What can be done to somebody's views; the login is the id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SavedViewDeed {
    /// One was kept, new or instead of the one of that name.
    Kept(SavedView),
    /// One was dropped.
    Dropped { name: String },
}

impl Deed for SavedViewDeed {
    const NOUN: &'static str = "saved_view";

    async fn apply(&self, tx: &mut Tx<'_>, login: &str, _at: Timestamp) -> Result<()> {
        match self {
            Self::Kept(view) => {
                sqlx::query(
                    "INSERT INTO saved_view (login, name, query) VALUES ($1, $2, $3)
                     ON CONFLICT (login, name) DO UPDATE SET query = excluded.query",
                )
                .bind(login)
                .bind(&view.name)
                .bind(&view.query)
                .execute(tx.conn())
                .await?
            }
            Self::Dropped { name } => {
                sqlx::query("DELETE FROM saved_view WHERE login = $1 AND name = $2")
                    .bind(login)
                    .bind(name)
                    .execute(tx.conn())
                    .await?
            }
        };
        Ok(())
    }
}

impl Store {
    /// The views of a login, by name.
    pub async fn saved_views(&self, login: &str) -> Result<Vec<SavedView>> {
        let rows = sqlx::query("SELECT name, query FROM saved_view WHERE login = $1 ORDER BY name")
            .bind(login)
            .fetch_all(self.reading())
            .await?;
        rows.iter()
            .map(|row| {
                Ok(SavedView {
                    name: row.try_get("name")?,
                    query: row.try_get("query")?,
                })
            })
            .collect()
    }

    /// Keeps a view.
    ///
    /// Errors: refused if there are [`MOST`] already.
    pub async fn keep_view(&self, at: Timestamp, login: &str, view: SavedView) -> Result<()> {
        let others: i64 =
            sqlx::query_scalar("SELECT count(*) FROM saved_view WHERE login = $1 AND name <> $2")
                .bind(login)
                .bind(&view.name)
                .fetch_one(self.reading())
                .await?;
        if others >= MOST {
            return Err(Error::refused("view-too-many"));
        }
        self.act(at, login, login, SavedViewDeed::Kept(view)).await
    }

    /// Drops a view; one that is not there changes nothing.
    pub async fn drop_view(&self, at: Timestamp, login: &str, name: &str) -> Result<()> {
        let name = name.to_owned();
        self.act(at, login, login, SavedViewDeed::Dropped { name })
            .await
    }
}
