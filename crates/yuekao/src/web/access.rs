//! Who may do what: one table, held against every request, and by a test against every route.

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::error::Error;
use super::page::Page;
use crate::viewer::Role::{self, *};

/// To which things the permission reaches. The handler's query narrows by it: it takes the viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// To all of them.
    All,
    /// To what is published; the roles that see unpublished things see those too.
    Published,
    /// To what belongs to the viewer's unit; readers and the office see all.
    OwnUnit,
    /// To the viewer's own account.
    Own,
}
use Relation::{All, Own, OwnUnit, Published};

/// One line of the table.
#[derive(Debug)]
pub struct Row {
    /// `GET` (with it `HEAD`) or `POST`.
    pub method: &'static str,
    /// The route.
    pub path: &'static str,
    /// What is done.
    pub act: &'static str,
    /// Who may.
    pub who: &'static [Role],
    /// To which things.
    pub to: Relation,
}

const EVERYBODY: &[Role] = &Role::ALL;
const SIGNED_IN: &[Role] = &Role::OF_ACCOUNTS;
const ADMINISTRATORS: &[Role] = &[Administrator];
/// Those who say what an account may be. Once there is a security administrator, it is they alone: see
/// [`super::accounts`].
const SECURITY: &[Role] = &[Administrator, Security];
/// Those who run the evaluation.
const OFFICE: &[Role] = &[Host];
/// Those who may read what is not published.
const INSIDERS: &[Role] = &[Host, Auditor];
/// Those who may ever do something to a case: what, and from which stage, says the table in `assessment::case::life`.
const CASE_ACTORS: &[Role] = &[Unit, Dispatcher, Verifier, Leader, Host];
/// Those for whom cases exist: see [`crate::store::case`].
const CASE_READERS: &[Role] = &[Unit, Dispatcher, Verifier, Leader, Auditor, Host];
/// Those who may know who answers for what: each sees what the query narrows to.
const GROUND: &[Role] = &[Unit, Chief, Dispatcher, Verifier, Leader, Auditor, Host];
const CHIEFS: &[Role] = &[Chief];
/// Those who read the record of acts.
const RECORD: &[Role] = &[AuditAdministrator, Auditor];

/// The table.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    // method  route                                act                          who             to which
    row("GET",  "/health",                           "see that it runs",          EVERYBODY,      All),
    row("GET",  "/assets/{*path}",                   "load styles and scripts",   EVERYBODY,      All),
    row("GET",  "/openapi.json",                     "read the API",              EVERYBODY,      All),
    row("GET",  "/",                                 "see the newest month",      EVERYBODY,      Published),
    row("GET",  "/months/{series}/{month}",          "see a month",               EVERYBODY,      Published),
    row("GET",  "/months/{series}/{month}/{bulletin}", "read a bulletin",         EVERYBODY,      Published),
    row("GET",  "/months/{series}/{month}/photos/{digest}", "see a photo",        EVERYBODY,      Published),
    row("GET",  "/months/{series}/{month}/units/{code}", "see a unit's month",    EVERYBODY,      Published),
    row("GET",  "/months/{series}/{month}/units/{code}/{sheet}", "keep its list", EVERYBODY,      Published),
    row("GET",  "/months/{series}/{month}/units/{code}/why", "see why a score",   EVERYBODY,      Published),
    row("GET",  "/months/{series}/{month}/units/{code}/why/{item}", "see why a value", EVERYBODY, Published),
    row("GET",  "/findings/{series}/{month}/{id}",   "see a finding",             EVERYBODY,      Published),
    row("GET",  "/trends",                           "see trends",                EVERYBODY,      Published),
    row("GET",  "/categories",                       "see problems by category",  EVERYBODY,      Published),
    row("GET",  "/departments",                      "see departments",           EVERYBODY,      Published),
    row("GET",  "/townships",                        "see townships",             EVERYBODY,      Published),
    row("GET",  "/archive",                          "see all published months",  EVERYBODY,      Published),
    row("GET",  "/rules/{scheme}",                   "read the rules",            EVERYBODY,      Published),
    row("GET",  "/verify",                           "learn to evaluate again",   EVERYBODY,      All),
    row("GET",  "/evidence/{series}/{month}",        "keep a month's evidence",   EVERYBODY,      Published),
    row("GET",  "/boundaries.geojson",               "draw outlines",             EVERYBODY,      All),
    // The setup asks for the code on the console and is closed once there is a host.
    row("GET",  "/setup",                            "begin the setup",           EVERYBODY,      All),
    row("POST", "/setup",                            "set up",                    EVERYBODY,      All),
    row("GET",  "/login",                            "begin to sign in",          EVERYBODY,      All),
    row("POST", "/login",                            "sign in",                   EVERYBODY,      Own),
    row("POST", "/logout",                           "sign out",                  SIGNED_IN,      Own),
    row("GET",  "/password",                         "begin a password change",   SIGNED_IN,      Own),
    row("POST", "/password",                         "change the password",       SIGNED_IN,      Own),
    // The one-time token is the permission.
    row("GET",  "/reset/{token}",                    "open a one-time link",      EVERYBODY,      Own),
    row("POST", "/reset/{token}",                    "set a forgotten password",  EVERYBODY,      Own),
    row("GET",  "/desk",                             "see the desk",              SIGNED_IN,      OwnUnit),
    row("GET",  "/desk/cases",                       "list cases",                CASE_READERS,   OwnUnit),
    row("GET",  "/desk/cases.geojson",               "see where cases are",       CASE_READERS,   OwnUnit),
    row("GET",  "/desk/cases/{id}",                  "see a case",                CASE_READERS,   OwnUnit),
    row("POST", "/desk/cases/{id}/{act}",            "do something to a case",    CASE_ACTORS,    OwnUnit),
    row("GET",  "/desk/cases/{id}/photos/{digest}",  "see a photo of a case",     CASE_READERS,   OwnUnit),
    row("GET",  "/desk/rounds",                      "see the rounds",            INSIDERS,       All),
    row("POST", "/desk/rounds",                      "open a round",              OFFICE,         All),
    row("GET",  "/desk/rounds/{series}/{month}",     "see a round and its draft", INSIDERS,       All),
    row("GET",  "/desk/rounds/{series}/{month}/preview.pdf", "see a draft bulletin", INSIDERS,    All),
    row("POST", "/desk/rounds/{series}/{month}/freeze",  "freeze a month",        OFFICE,         All),
    row("POST", "/desk/rounds/{series}/{month}/reopen",  "open a frozen month again", OFFICE,     All),
    row("POST", "/desk/rounds/{series}/{month}/publish", "publish a month",       OFFICE,         All),
    row("GET",  "/desk/import",                      "begin to hand evidence in", OFFICE,         All),
    row("POST", "/desk/import",                      "hand evidence in",          OFFICE,         All),
    row("GET",  "/desk/schemes",                     "see the schemes",           INSIDERS,       All),
    row("POST", "/desk/schemes",                     "adopt a scheme",            OFFICE,         All),
    row("GET",  "/desk/schemes/{id}",                "see a scheme",              INSIDERS,       All),
    row("POST", "/desk/schemes/{id}/withdraw",       "withdraw a scheme",         OFFICE,         All),
    row("GET",  "/desk/acts",                        "read the record of acts",   RECORD,         All),
    row("GET",  "/desk/grids",                       "see grids",                 GROUND,         OwnUnit),
    row("POST", "/desk/grids",                       "draw a grid",               OFFICE,         All),
    row("GET",  "/desk/grids/new",                   "begin to draw a grid",      OFFICE,         All),
    row("GET",  "/desk/grids/locate",                "ask what lies at a point",  &[Dispatcher, Verifier, Leader, Auditor, Host], All),
    row("GET",  "/desk/grids/import",                "begin to hand grids in",    OFFICE,         All),
    row("POST", "/desk/grids/import",                "hand grids and duties in",  OFFICE,         All),
    row("GET",  "/desk/grids/{id}",                  "see a grid",                GROUND,         OwnUnit),
    row("POST", "/desk/grids/{id}",                  "draw a grid anew",          OFFICE,         All),
    row("GET",  "/desk/grids/{id}/edit",             "begin to draw a grid anew", OFFICE,         All),
    row("POST", "/desk/grids/{id}/duties",           "give a duty of a grid",     OFFICE,         All),
    row("GET",  "/desk/chief",                       "see one's own grids",       CHIEFS,         Own),
    row("POST", "/desk/chief/patrols",               "record a patrol",           CHIEFS,         Own),
    row("GET",  "/desk/accounts",                    "see accounts",              SECURITY,       All),
    row("POST", "/desk/accounts",                    "make an account",           ADMINISTRATORS, All),
    row("GET",  "/desk/accounts/import",             "begin to make accounts",    ADMINISTRATORS, All),
    row("POST", "/desk/accounts/import",             "make many accounts",        ADMINISTRATORS, All),
    row("GET",  "/desk/accounts/{login}",            "see an account",            SECURITY,       All),
    row("POST", "/desk/accounts/{login}",            "change an account",         SECURITY,       All),
    row("POST", "/desk/accounts/{login}/disable",    "close an account",          SECURITY,       All),
    row("POST", "/desk/accounts/{login}/enable",     "open an account again",     SECURITY,       All),
    row("POST", "/desk/accounts/{login}/reset",      "make a one-time link",      SECURITY,       All),
    row("POST", "/desk/accounts/{login}/hand-over",  "hand an office over",       SECURITY,       All),
    row("GET",  "/desk/settings",                    "see the settings",          ADMINISTRATORS, All),
    row("POST", "/desk/settings",                    "change the settings",       ADMINISTRATORS, All),
];

const fn row(
    method: &'static str,
    path: &'static str,
    act: &'static str,
    who: &'static [Role],
    to: Relation,
) -> Row {
    Row {
        method,
        path,
        act,
        who,
        to,
    }
}

/// The line for a route.
pub fn row_of(method: &Method, path: &str) -> Option<&'static Row> {
    let method = if method == Method::HEAD {
        "GET"
    } else {
        method.as_str()
    };
    TABLE
        .iter()
        .find(|row| row.method == method && row.path == path)
}

/// Lets a request through if the table says so. Before there is a host, everything leads to the
/// setup; with a password that somebody else gave, everything leads to changing it.
pub async fn check(page: Page, request: Request, next: Next) -> Response {
    let Some(path) = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned())
    else {
        return next.run(request).await;
    };
    // Without a row, axum answers that the method is wrong.
    let Some(row) = row_of(request.method(), &path) else {
        return next.run(request).await;
    };
    let machinery = matches!(row.path, "/health" | "/assets/{*path}");
    if page.host.is_none() && !machinery && row.path != "/setup" {
        return Redirect::to("/setup").into_response();
    }
    if page.host.is_some() && row.path == "/setup" {
        return Redirect::to("/desk").into_response();
    }
    if !page.viewer.is_any(row.who) {
        return match page.viewer.signed_in() {
            true => Error::forbidden().into_response(),
            false => Error::sign_in(&request).into_response(),
        };
    }
    if page.must_change && !machinery && !matches!(row.path, "/password" | "/logout") {
        return Redirect::to("/password").into_response();
    }
    next.run(request).await
}
