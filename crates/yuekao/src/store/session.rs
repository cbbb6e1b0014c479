//! Sessions: who is signed in. They are not acts: signing in changes nothing in the world.

use jiff::Timestamp;
use sqlx::Row as _;

use super::{Result, Store};

impl Store {
    /// The data of a session that has not ended at this moment, and its end (epoch milliseconds).
    pub async fn session(&self, at: Timestamp, id: &str) -> Result<Option<(String, i64)>> {
        let row =
            sqlx::query("SELECT data, expires_at FROM session WHERE id = $1 AND expires_at > $2")
                .bind(id)
                .bind(at.as_millisecond())
                .fetch_optional(self.reading())
                .await?;
        row.map(|row| Ok((row.try_get("data")?, row.try_get("expires_at")?)))
            .transpose()
    }

    /// Keeps a session, and forgets those that have ended.
    pub async fn save_session(
        &self,
        at: Timestamp,
        id: String,
        data: String,
        expires_at: i64,
    ) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                sqlx::query("DELETE FROM session WHERE expires_at <= $1")
                    .bind(at.as_millisecond())
                    .execute(tx.conn())
                    .await?;
                sqlx::query(
                    "INSERT INTO session (id, data, expires_at) VALUES ($1, $2, $3)
                     ON CONFLICT (id) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at",
                )
                .bind(id)
                .bind(data)
                .bind(expires_at)
                .execute(tx.conn())
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Ends a session.
    pub async fn end_session(&self, id: String) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                sqlx::query("DELETE FROM session WHERE id = $1")
                    .bind(id)
                    .execute(tx.conn())
                    .await?;
                Ok(())
            })
        })
        .await
    }
}
