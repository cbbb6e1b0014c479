//! The host: the office that runs the evaluations, and its settings.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::account::{AccountDeed, Duty, set_password};
use super::act::Deed;
use super::writer::Tx;
use super::{Error, Result, Store};

/// The office that runs the evaluations; a store has one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Its name as bulletins print it.
    pub name: String,
    /// The region it evaluates.
    pub region: String,
    /// What can be set.
    pub settings: Settings,
}

/// What a host can set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The evidence is made up: every page and file says so.
    pub synthetic: bool,
    /// Map-review number (审图号), printed below maps.
    pub map_review_number: Option<String>,
    /// Address pattern of map tiles with `{z}`, `{x}`, `{y}`; without it maps need no outside host.
    pub tile_source: Option<String>,
}

/// What can be done to the host.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostDeed {
    /// The store got its host.
    Founded(Host),
    /// Name, region or settings changed.
    Changed(Host),
}

impl Deed for HostDeed {
    const NOUN: &'static str = "host";

    async fn apply(&self, tx: &mut Tx<'_>, _id: &str, _at: Timestamp) -> Result<()> {
        let (sql, host) = match self {
            Self::Founded(host) => (
                "INSERT INTO host (one, name, region, settings) VALUES (1, $1, $2, $3)
                 ON CONFLICT (one) DO NOTHING",
                host,
            ),
            Self::Changed(host) => (
                "UPDATE host SET name = $1, region = $2, settings = $3 WHERE one = 1",
                host,
            ),
        };
        let settings = serde_json::to_string(&host.settings).map_err(Error::damaged)?;
        let done = sqlx::query(sql)
            .bind(&host.name)
            .bind(&host.region)
            .bind(settings)
            .execute(tx.conn())
            .await?;
        match (self, done.rows_affected()) {
            (_, 1) => Ok(()),
            (Self::Founded(_), _) => Err(Error::refused("host-exists")),
            (Self::Changed(_), _) => Err(Error::refused("host-missing")),
        }
    }
}

/// What a new host has already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beginnings {
    /// Units.
    pub units: bool,
    /// An account of the evaluation office.
    pub accounts: bool,
    /// An adopted scheme.
    pub schemes: bool,
}

impl Beginnings {
    /// Whether all of it is there.
    pub fn done(self) -> bool {
        self.units && self.accounts && self.schemes
    }
}

impl Store {
    /// Whether the evidence is made up, so that everything made of it says so.
    pub async fn is_synthetic(&self) -> Result<bool> {
        Ok(self
            .host()
            .await?
            .is_some_and(|host| host.settings.synthetic))
    }

    /// The host, if the store has been set up.
    pub async fn host(&self) -> Result<Option<Host>> {
        let row = sqlx::query("SELECT name, region, settings FROM host")
            .fetch_optional(self.reading())
            .await?;
        row.map(|row| {
            let settings: String = row.try_get("settings")?;
            Ok(Host {
                name: row.try_get("name")?,
                region: row.try_get("region")?,
                settings: serde_json::from_str(&settings).map_err(Error::damaged)?,
            })
        })
        .transpose()
    }

    /// How far a host has come that has just been set up: whether there are units, an account of the
    /// evaluation office, schemes.
    pub async fn beginnings(&self) -> Result<Beginnings> {
        let row = sqlx::query(
            "SELECT (SELECT count(*) FROM unit) AS units, (SELECT count(*) FROM account WHERE role = 'host') AS accounts,
                    (SELECT count(*) FROM scheme) AS schemes",
        )
        .fetch_one(self.reading())
        .await?;
        let some = |name| Ok::<_, Error>(row.try_get::<i64, _>(name)? > 0);
        Ok(Beginnings {
            units: some("units")?,
            accounts: some("accounts")?,
            schemes: some("schemes")?,
        })
    }

    /// Gives an empty store its host.
    ///
    /// Errors: refused if there is one.
    pub async fn found_host(&self, at: Timestamp, who: &str, host: Host) -> Result<()> {
        self.act(at, who, "host", HostDeed::Founded(host)).await
    }

    /// Sets an empty store up: the host and its first administrator, who signs for it.
    ///
    /// Errors: refused if there is a host or the login is taken.
    pub async fn set_up(
        &self,
        at: Timestamp,
        host: Host,
        login: &str,
        duty: Duty,
        hash: String,
    ) -> Result<()> {
        let login = login.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                tx.act(at, &login, "host", &HostDeed::Founded(host)).await?;
                tx.act(at, &login, &login, &AccountDeed::Created(duty))
                    .await?;
                set_password(tx, at, &login, &login, hash, false).await
            })
        })
        .await
    }

    /// Changes the host's name, region or settings.
    ///
    /// Errors: refused if there is none.
    pub async fn change_host(&self, at: Timestamp, who: &str, host: Host) -> Result<()> {
        self.act(at, who, "host", HostDeed::Changed(host)).await
    }
}
