//! Sessions in our own store, and who they belong to.

use async_trait::async_trait;
use axum_login::tower_sessions::cookie::SameSite;
use axum_login::tower_sessions::cookie::time::{Duration, OffsetDateTime};
use axum_login::tower_sessions::session::{Id, Record};
use axum_login::tower_sessions::session_store::{self, SessionStore};
use axum_login::tower_sessions::{Expiry, SessionManagerLayer};
use axum_login::{AuthManagerLayer, AuthManagerLayerBuilder, AuthUser, AuthnBackend};
use jiff::Timestamp;
use tokio::sync::OwnedSemaphorePermit;

use super::App;
use crate::password;
use crate::store::account::Account;
use crate::store::plain::plain;
use crate::store::{Store, digest};

/// A working day: whoever signed in longer ago has to do it again.
const HOURS: i64 = 12;

/// The layer that tells who is asking.
pub fn layer(app: &App) -> AuthManagerLayer<Backend, Sessions> {
    let sessions = SessionManagerLayer::new(Sessions(app.store.clone()))
        .with_name("yuekao_session")
        .with_same_site(SameSite::Lax)
        .with_http_only(true)
        .with_secure(app.outside.tls)
        .with_expiry(Expiry::OnInactivity(Duration::hours(HOURS)));
    AuthManagerLayerBuilder::new(Backend(app.store.clone()), sessions).build()
}

/// Sessions in the store. It keeps digests of the cookies: who reads the database cannot sign in
/// with what they read. Their end is by the machine's clock, as browsers count it.
#[derive(Debug, Clone)]
pub struct Sessions(Store);

fn name(id: &Id) -> String {
    digest(id.to_string())
}

fn broken(error: impl std::fmt::Display) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.save(record).await
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let data = serde_json::to_string(&record.data).map_err(broken)?;
        let end = record.expiry_date.unix_timestamp() * 1000;
        self.0
            .save_session(Timestamp::now(), name(&record.id), data, end)
            .await
            .map_err(broken)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let session = self
            .0
            .session(Timestamp::now(), &name(id))
            .await
            .map_err(broken)?;
        session
            .map(|(data, end)| {
                Ok(Record {
                    id: *id,
                    data: serde_json::from_str(&data).map_err(broken)?,
                    expiry_date: OffsetDateTime::from_unix_timestamp(end / 1000).map_err(broken)?,
                })
            })
            .transpose()
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.0.end_session(name(id)).await.map_err(broken)
    }
}

/// Somebody who has signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Their account.
    pub account: Account,
    /// What their sessions hang on.
    mark: Vec<u8>,
}

impl SignedIn {
    /// Whoever has this account. Their sessions end with the password, and with its closing, also if it is opened again.
    pub fn new(account: Account) -> Self {
        let mut mark = account.hash.clone().into_bytes();
        if let Some(at) = account.closed_last_at {
            mark.extend(at.as_millisecond().to_be_bytes());
        }
        Self { account, mark }
    }
}

impl AuthUser for SignedIn {
    type Id = String;

    fn id(&self) -> String {
        self.account.login.clone()
    }

    fn session_auth_hash(&self) -> &[u8] {
        &self.mark
    }
}

/// Knows accounts and their passwords.
#[derive(Debug, Clone)]
pub struct Backend(Store);

/// What somebody signs in with.
pub struct Credentials {
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
    /// A place to hold it against its hash, which takes a processor for a while.
    pub place: OwnedSemaphorePermit,
}

impl AuthnBackend for Backend {
    type User = SignedIn;
    type Credentials = Credentials;
    type Error = crate::store::Error;

    async fn authenticate(
        &self,
        credentials: Credentials,
    ) -> Result<Option<SignedIn>, Self::Error> {
        // What can be no login is nobody's.
        let login = plain(credentials.login.trim()).to_lowercase();
        let account = self.0.account(&login).await?;
        let open = account.filter(|account| account.disabled_at.is_none());
        let hash = open.as_ref().map(|account| account.hash.clone());
        let right = tokio::task::spawn_blocking(move || {
            let right = password::is_right(&credentials.password, hash.as_deref());
            drop(credentials.place);
            right
        })
        .await
        .unwrap_or(false);
        Ok(open.filter(|_| right).map(SignedIn::new))
    }

    async fn get_user(&self, login: &String) -> Result<Option<SignedIn>, Self::Error> {
        let account = self.0.account(login).await?;
        Ok(account
            .filter(|account| account.disabled_at.is_none())
            .map(SignedIn::new))
    }
}
