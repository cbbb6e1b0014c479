//! The first start on an empty folder: the host and its first administrator. Whoever does it shows
//! the code that the console printed.

use askama::Template;
use assessment::message::Message;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::App;
use super::answer::html;
use super::error::{Error, Result};
use super::page::Page;
use super::signing::{From, hashed};
use crate::password;
use crate::store::account::{Duty, checked_login};
use crate::store::host::{Host, Settings};
use crate::viewer::Role;

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage {
    page: Page,
    form: Setup,
    fault: Option<String>,
}

/// The form of the setup.
#[derive(Deserialize, Default)]
pub struct Setup {
    code: String,
    name: String,
    region: String,
    login: String,
    person: String,
    password: String,
    again: String,
}

/// The page of the setup.
pub async fn page(page: Page) -> Result<Response> {
    html(&SetupPage {
        page,
        form: Setup::default(),
        fault: None,
    })
}

/// Founds the host and makes its first administrator.
pub async fn found(
    State(app): State<App>,
    page: Page,
    from: From,
    Form(form): Form<Setup>,
) -> Result<Response> {
    match try_found(&app, &from, &form).await {
        Ok(()) => Ok(Redirect::to("/login?next=/desk").into_response()),
        Err(error) if error.is_refusal() => {
            let fault = Some(page.language.message(error.message()));
            let form = Setup {
                code: String::new(),
                password: String::new(),
                again: String::new(),
                ..form
            };
            let again = html(&SetupPage { page, form, fault })?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
        Err(error) => Err(error),
    }
}

async fn try_found(app: &App, from: &From, form: &Setup) -> Result<()> {
    let now = app.clock.now();
    let refuse = |key| Err(Error::refused(Message::new(key)));
    if let Some(minutes) = app.attempts.begin(now, "setup", from.address()) {
        return Err(Error::too_many_attempts(minutes));
    }
    if form.code.trim() != &*app.setup_code {
        return refuse("setup-code-wrong");
    }
    app.attempts.succeeded("setup", from.address());
    if form.name.trim().is_empty() || form.region.trim().is_empty() {
        return refuse("setup-name-missing");
    }
    if form.password != form.again {
        return refuse("password-differs");
    }
    let login = checked_login(&form.login)?;
    if let Some(fault) = password::fault(&form.password, &login) {
        return Err(Error::refused(fault));
    }
    let host = Host {
        name: form.name.trim().to_owned(),
        region: form.region.trim().to_owned(),
        settings: Settings::default(),
    };
    let duty = Duty::new(&form.person, Role::Administrator, None)?;
    let hash = hashed(app, form.password.clone()).await?;
    Ok(app.store.set_up(now, host, &login, duty, hash).await?)
}
