//! Signing in and out, changing a password, and setting a forgotten one.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use askama::Template;
use assessment::message::Message;
use axum::extract::{ConnectInfo, Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_login::AuthSession;
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::App;
use super::answer::html;
use super::error::{Error, Result};
use super::page::Page;
use super::sessions::{Backend, Credentials, SignedIn};
use crate::password;

/// Passwords that are hashed at the same time.
pub const HASHED_AT_ONCE: usize = 4;
/// So long another one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where to go after signing in.
#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

impl Next {
    /// A path of this site, never another one. Browsers read past spaces and take a backslash for a slash; nothing but what
    /// stands in a link of ours is believed.
    fn path(&self) -> &str {
        let ours = self.next.starts_with('/')
            && !self.next.starts_with("//")
            && self
                .next
                .chars()
                .all(|c| c != '\\' && ('!'..='~').contains(&c));
        if ours { &self.next } else { "/desk" }
    }
}

#[derive(Template)]
#[template(path = "account/login.html")]
struct LoginPage<'a> {
    page: Page,
    next: &'a str,
    login: &'a str,
    fault: Option<String>,
}

/// The page to sign in.
pub async fn login_page(page: Page, Query(next): Query<Next>) -> Result<Response> {
    if page.viewer.signed_in() {
        return Ok(Redirect::to(next.path()).into_response());
    }
    html(&LoginPage {
        page,
        next: next.path(),
        login: "",
        fault: None,
    })
}

/// The form to sign in.
#[derive(Deserialize)]
pub struct Login {
    login: String,
    password: String,
    #[serde(flatten)]
    next: Next,
}

/// Signs in.
pub async fn login(
    State(app): State<App>,
    page: Page,
    mut auth: AuthSession<Backend>,
    from: From,
    Form(form): Form<Login>,
) -> Result<Response> {
    let Some(user) = known(&app, &auth, &form.login, form.password, &from).await? else {
        let fault = Some(page.t("login-wrong"));
        let again = html(&LoginPage {
            page,
            next: form.next.path(),
            login: &form.login,
            fault,
        })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    };
    auth.login(&user).await.map_err(Error::broken)?;
    Ok(Redirect::to(form.next.path()).into_response())
}

/// Who this is, if the password is theirs. Each attempt has failed until it is known to be right, so that those which come
/// together are as many as those which come one by one.
async fn known(
    app: &App,
    auth: &AuthSession<Backend>,
    login: &str,
    password: String,
    from: &From,
) -> Result<Option<SignedIn>> {
    let place = place(app).await?;
    if let Some(minutes) = app.attempts.begin(app.clock.now(), login, from.0) {
        return Err(Error::too_many_attempts(minutes));
    }
    let credentials = Credentials {
        login: login.to_owned(),
        password,
        place,
    };
    let user = auth.authenticate(credentials).await;
    let user = user.map_err(Error::broken)?;
    if user.is_some() {
        app.attempts.succeeded(login, from.0);
    }
    Ok(user)
}

/// A place to hash a password.
async fn place(app: &App) -> Result<OwnedSemaphorePermit> {
    let place = timeout(PATIENCE, app.passwords.clone().acquire_owned()).await;
    place
        .map_err(|_| Error::busy_with_passwords())?
        .map_err(Error::broken)
}

/// The address that a request comes from: the last one that a believed proxy added, or the peer's.
pub struct From(IpAddr);

impl From {
    /// The address.
    pub fn address(&self) -> IpAddr {
        self.0
    }
}

impl axum::extract::FromRequestParts<App> for From {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, app: &App) -> Result<Self> {
        let ConnectInfo(peer) = ConnectInfo::<SocketAddr>::from_request_parts(parts, app)
            .await
            .map_err(|rejection| Error::broken(rejection.body_text()))?;
        let forwarded = app
            .outside
            .proxy
            .then(|| forwarded(&parts.headers))
            .flatten();
        Ok(Self(forwarded.unwrap_or(peer.ip())))
    }
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// Signs out.
pub async fn logout(mut auth: AuthSession<Backend>) -> Result<Redirect> {
    auth.logout().await.map_err(Error::broken)?;
    Ok(Redirect::to("/login"))
}

#[derive(Template)]
#[template(path = "account/password.html")]
struct PasswordPage {
    page: Page,
    fault: Option<String>,
}

/// The page to change one's password.
pub async fn password_page(page: Page) -> Result<Response> {
    html(&PasswordPage { page, fault: None })
}

/// The form to change one's password.
#[derive(Deserialize)]
pub struct PasswordChange {
    old: String,
    new: String,
    again: String,
}

/// Changes one's password; every other session of the account ends.
pub async fn change_password(
    State(app): State<App>,
    page: Page,
    mut auth: AuthSession<Backend>,
    from: From,
    Form(form): Form<PasswordChange>,
) -> Result<Response> {
    let login = page.viewer.login.clone();
    let user = known(&app, &auth, &login, form.old.clone(), &from).await?;
    let fault = match user {
        None => Some(Message::new("password-old-wrong")),
        Some(_) if form.new == form.old => Some(Message::new("password-same")),
        Some(_) => new_password_fault(&form.new, &form.again, &login),
    };
    if let Some(fault) = fault {
        let fault = Some(page.language.message(&fault));
        return Ok((
            StatusCode::UNPROCESSABLE_ENTITY,
            html(&PasswordPage { page, fault })?,
        )
            .into_response());
    }
    app.store
        .set_password(
            app.clock.now(),
            &login,
            &login,
            hashed(&app, form.new).await?,
            false,
        )
        .await?;
    sign_in(&app, &mut auth, &login).await?;
    Ok(Redirect::to("/desk").into_response())
}

fn new_password_fault(new: &str, again: &str, login: &str) -> Option<Message> {
    if new != again {
        Some(Message::new("password-differs"))
    } else {
        password::fault(new, login)
    }
}

/// Hashes away from the threads that answer requests.
pub async fn hashed(app: &App, password: String) -> Result<String> {
    let place = place(app).await?;
    let hashing = tokio::task::spawn_blocking(move || {
        let hash = password::hash(&password);
        drop(place);
        hash
    });
    hashing.await.map_err(Error::broken)
}

/// Signs an account in with its present password, whatever session there was.
async fn sign_in(app: &App, auth: &mut AuthSession<Backend>, login: &str) -> Result<()> {
    let account = app
        .store
        .account(login)
        .await?
        .ok_or_else(|| Error::account_not_found(login))?;
    auth.session.cycle_id().await.map_err(Error::broken)?;
    auth.login(&SignedIn::new(account))
        .await
        .map_err(Error::broken)
}

#[derive(Template)]
#[template(path = "account/reset.html")]
struct ResetPage<'a> {
    page: Page,
    token: &'a str,
    login: String,
    fault: Option<String>,
}

/// What a one-time link opens.
pub async fn reset_page(
    State(app): State<App>,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response> {
    let login = reset_login(&app, &token).await?;
    html(&ResetPage {
        page,
        token: &token,
        login,
        fault: None,
    })
}

async fn reset_login(app: &App, token: &str) -> Result<String> {
    let login = app.store.reset_login(app.clock.now(), token).await?;
    login.ok_or_else(|| Error::missing(Message::new("account-reset-over")))
}

/// The form of a one-time link.
#[derive(Deserialize)]
pub struct NewPassword {
    new: String,
    again: String,
}

/// Sets a password by a one-time link and signs in with it.
pub async fn reset(
    State(app): State<App>,
    page: Page,
    mut auth: AuthSession<Backend>,
    Path(token): Path<String>,
    Form(form): Form<NewPassword>,
) -> Result<Response> {
    let login = reset_login(&app, &token).await?;
    if let Some(fault) = new_password_fault(&form.new, &form.again, &login) {
        let fault = Some(page.language.message(&fault));
        let again = html(&ResetPage {
            page,
            token: &token,
            login,
            fault,
        })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    let login = app
        .store
        .use_reset(app.clock.now(), &token, hashed(&app, form.new).await?)
        .await?;
    sign_in(&app, &mut auth, &login).await?;
    Ok(Redirect::to("/desk").into_response())
}
