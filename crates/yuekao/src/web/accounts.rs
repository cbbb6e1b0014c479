//! Accounts: the system administrator makes them; what an account may be, and whether it is open, is the security
//! administrator's word, once there is one.

use askama::Template;
use assessment::message::Message;
use axum::extract::{Form, Multipart, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::{html, html_or_json};
use super::called::People;
use super::error::{Error, Result};
use super::page::Page;
use super::signing::hashed;
use crate::account_rows::{self, AccountRow, RowFault};
use crate::ground::month_of;
use crate::password;
use crate::store::account::{Account, Duty, Named};
use crate::store::act::Act;
use crate::store::unit::UnitRow;
use crate::viewer::Role;

/// An account as pages and programs see it: without anything secret.
#[derive(Debug, Serialize)]
pub struct AccountView {
    /// The login.
    pub login: String,
    /// The name as shown.
    pub name: String,
    /// A word of [`Role`].
    pub role: &'static str,
    /// Code of the unit or agency.
    pub unit: Option<String>,
    /// What it is called.
    pub unit_name: Option<String>,
    /// There is no such unit, or none any more.
    pub unit_unknown: bool,
    /// It is closed.
    pub closed: bool,
    /// It has never been open: the security administrator is to open it.
    pub waiting: bool,
}

impl AccountView {
    pub(crate) fn of(account: Account, named: &Named) -> Self {
        Self {
            unit_unknown: !named.has(account.role, account.unit.as_deref()),
            unit_name: account
                .unit
                .as_deref()
                .and_then(|unit| named.name(account.role, unit))
                .map(str::to_owned),
            waiting: account.waits(),
            login: account.login,
            name: account.name,
            role: account.role.word(),
            unit: account.unit,
            closed: account.disabled_at.is_some(),
        }
    }
}

#[derive(Template)]
#[template(path = "account/list.html")]
struct ListPage {
    page: Page,
    accounts: Vec<AccountView>,
    roles: [Role; 13],
    units: Vec<UnitRow>,
}

/// All accounts.
pub async fn list(State(app): State<App>, page: Page) -> Result<Response> {
    let named = named(&app).await?;
    let accounts: Vec<AccountView> = app
        .store
        .accounts()
        .await?
        .into_iter()
        .map(|account| AccountView::of(account, &named))
        .collect();
    let units = units(&app).await?;
    html_or_json(&page, accounts, |accounts| ListPage {
        page: page.clone(),
        accounts,
        roles: Role::OF_ACCOUNTS,
        units,
    })
}

/// The form of name, role and unit.
#[derive(Deserialize)]
pub struct DutyForm {
    #[serde(default)]
    login: String,
    name: String,
    role: String,
    #[serde(default)]
    unit: String,
}

impl DutyForm {
    fn duty(&self, named: &Named) -> Result<Duty> {
        let role = self.role.parse().map_err(|role: String| {
            Error::refused(Message::new("account-role-bad").with("role", role))
        })?;
        let duty = Duty::new(&self.name, role, Some(&self.unit))?;
        named.check(&duty)?;
        Ok(duty)
    }
}

/// The units and agencies of today.
async fn named(app: &App) -> Result<Named> {
    Ok(app.store.named(month_of(app.clock.today())).await?)
}

/// The units that an account may be of.
async fn units(app: &App) -> Result<Vec<UnitRow>> {
    Ok(app.store.units_in(month_of(app.clock.today())).await?)
}

#[derive(Template)]
#[template(path = "account/made.html")]
struct MadePage {
    page: Page,
    /// Each with its first password; none where they are closed until the security administrator opens them.
    made: Vec<(AccountRow, Option<String>)>,
    waiting: bool,
}

/// Makes an account and shows its first password, once, unless it waits.
pub async fn create(
    State(app): State<App>,
    page: Page,
    Form(form): Form<DutyForm>,
) -> Result<Response> {
    let row = AccountRow {
        login: crate::store::account::checked_login(&form.login)?,
        duty: form.duty(&named(&app).await?)?,
    };
    make(&app, page, vec![row]).await
}

/// Refuses the system administrator where the security administrator decides.
async fn decide(app: &App, page: &Page) -> Result<()> {
    match page.viewer.role == Role::Administrator && app.store.has_security().await? {
        true => Err(Error::refused(Message::new("account-security-only"))),
        false => Ok(()),
    }
}

/// Makes accounts with passwords of their own, all or none. Where there is a security administrator, they wait for
/// them to open them, and have none until then: whoever asks for an account does not hold its password.
async fn make(app: &App, page: Page, rows: Vec<AccountRow>) -> Result<Response> {
    let waiting = app.store.has_security().await?;
    let mut made = Vec::with_capacity(rows.len());
    let mut accounts = Vec::with_capacity(rows.len());
    for row in rows {
        let password = (!waiting).then(password::made);
        let hash = match &password {
            Some(password) => Some(hashed(&app, password.clone()).await?),
            None => None,
        };
        accounts.push((row.login.clone(), row.duty.clone(), hash));
        made.push((row, password));
    }
    app.store
        .create_accounts(app.clock.now(), &page.viewer.login, accounts, waiting)
        .await?;
    html(&MadePage {
        page,
        made,
        waiting,
    })
}

#[derive(Template)]
#[template(path = "account/import.html")]
struct ImportPage {
    page: Page,
    faults: Vec<RowFault>,
}

/// The page to make many accounts from a file.
pub async fn import_page(page: Page) -> Result<Response> {
    html(&ImportPage {
        page,
        faults: Vec::new(),
    })
}

/// Makes many accounts from a CSV file, or names every bad row and makes none.
pub async fn import(State(app): State<App>, page: Page, mut form: Multipart) -> Result<Response> {
    let mut file = Vec::new();
    while let Some(field) = form.next_field().await? {
        if field.name() == Some("file") {
            file = field.bytes().await?.to_vec();
        }
    }
    let known = app
        .store
        .accounts()
        .await?
        .into_iter()
        .map(|account| account.login)
        .collect();
    match account_rows::read(&file, &known, &named(&app).await?) {
        Ok(rows) => make(&app, page, rows).await,
        Err(faults) => Ok((
            StatusCode::UNPROCESSABLE_ENTITY,
            html(&ImportPage { page, faults })?,
        )
            .into_response()),
    }
}

#[derive(Template)]
#[template(path = "account/one.html")]
struct OnePage {
    page: Page,
    account: AccountView,
    acts: Vec<Act>,
    people: People,
    others: Vec<AccountView>,
    /// The viewer may change it.
    decides: bool,
    /// What it may become.
    roles: Vec<Role>,
    units: Vec<UnitRow>,
    /// A one-time link that was just made.
    link: Option<String>,
}

/// One account and what was done to it.
pub async fn one(
    State(app): State<App>,
    page: Page,
    Path(login): Path<String>,
) -> Result<Response> {
    show(&app, page, &login, None).await
}

async fn show(app: &App, page: Page, login: &str, link: Option<String>) -> Result<Response> {
    let account = app
        .store
        .account(login)
        .await?
        .ok_or_else(|| Error::account_not_found(login))?;
    let acts = app.store.acts_of("account", login).await?;
    let successor = |other: &Account| {
        other.disabled_at.is_none()
            && ![login, &page.viewer.login].contains(&other.login.as_str())
            && account.role.hands_over_to(other.role)
    };
    let named = named(app).await?;
    let others = app
        .store
        .accounts()
        .await?
        .into_iter()
        .filter(successor)
        .map(|other| AccountView::of(other, &named))
        .collect();
    let people = People::of(app, &page, acts.iter().map(|act| act.who.as_str())).await?;
    html(&OnePage {
        people,
        roles: Role::OF_ACCOUNTS
            .into_iter()
            .filter(|role| account.role.hands_over_to(*role))
            .collect(),
        decides: decide(app, &page).await.is_ok(),
        units: units(app).await?,
        page,
        account: AccountView::of(account, &named),
        acts,
        others,
        link,
    })
}

fn back_to(login: &str) -> Response {
    // A login holds no character that would need escaping, except Chinese ones.
    let path: String = login
        .bytes()
        .map(|byte| match byte {
            b if b.is_ascii() => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect();
    Redirect::to(&format!("/desk/accounts/{path}")).into_response()
}

/// Changes name, role or unit.
pub async fn change(
    State(app): State<App>,
    page: Page,
    Path(login): Path<String>,
    Form(form): Form<DutyForm>,
) -> Result<Response> {
    decide(&app, &page).await?;
    if login == page.viewer.login && form.role != page.viewer.role.word() {
        return Err(Error::refused(Message::new("account-own-role")));
    }
    app.store
        .change_account(
            app.clock.now(),
            &page.viewer.login,
            &login,
            form.duty(&named(&app).await?)?,
        )
        .await?;
    Ok(back_to(&login))
}

/// Closes an account.
pub async fn disable(
    State(app): State<App>,
    page: Page,
    Path(login): Path<String>,
) -> Result<Response> {
    decide(&app, &page).await?;
    app.store
        .disable_account(app.clock.now(), &page.viewer.login, &login)
        .await?;
    Ok(back_to(&login))
}

/// Opens an account again, or for the first time: then with a one-time link for its password.
pub async fn enable(
    State(app): State<App>,
    page: Page,
    headers: HeaderMap,
    Path(login): Path<String>,
) -> Result<Response> {
    decide(&app, &page).await?;
    let opened = app
        .store
        .enable_account(app.clock.now(), &page.viewer.login, &login)
        .await?;
    match opened {
        Some(token) => {
            let link = link(&app, &headers, &token);
            show(&app, page, &login, Some(link)).await
        }
        None => Ok(back_to(&login)),
    }
}

/// The one-time link of a token.
fn link(app: &App, headers: &HeaderMap, token: &str) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let scheme = if app.outside.tls { "https" } else { "http" };
    format!("{scheme}://{host}/reset/{token}")
}

/// Makes a one-time link for a forgotten password and shows it, once.
pub async fn make_reset(
    State(app): State<App>,
    page: Page,
    headers: HeaderMap,
    Path(login): Path<String>,
) -> Result<Response> {
    decide(&app, &page).await?;
    let token = app
        .store
        .make_reset(app.clock.now(), &page.viewer.login, &login)
        .await?;
    let link = link(&app, &headers, &token);
    show(&app, page, &login, Some(link)).await
}

/// The form to hand an office over.
#[derive(Deserialize)]
pub struct HandOver {
    to: String,
}

/// Hands the office of an account over to another one.
pub async fn hand_over(
    State(app): State<App>,
    page: Page,
    Path(login): Path<String>,
    Form(form): Form<HandOver>,
) -> Result<Response> {
    decide(&app, &page).await?;
    if [&login, &form.to].contains(&&page.viewer.login) {
        return Err(Error::refused(Message::new("account-own-office")));
    }
    app.store
        .hand_over(app.clock.now(), &page.viewer.login, &login, &form.to)
        .await?;
    Ok(back_to(&login))
}
