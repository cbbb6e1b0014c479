//! Who may do what: one table, held against every request, and by a test against every route.

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::error::Error;
use super::json::{self, ByEnding};
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
    /// The same; for a road chief, to what lies in the grids of which they hold a duty that day, and of cases to what was
    /// served there.
    OwnGrids,
    /// To the viewer's own account.
    Own,
    /// To what the viewer may know of; for everybody else who has signed in, the page itself does not exist.
    Secret,
}
use Relation::{All, Own, OwnGrids, OwnUnit, Published, Secret};

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
/// Those who may settle what a photo shows: they see it as it was handed in, with what the file says of itself. Never those
/// who are evaluated by it.
const SETTLERS: &[Role] = &[Verifier, Auditor, Host];
/// Those for whom a case exists when they come to it: road chiefs too, who read it and do nothing to it.
const CASE_SEERS: &[Role] = &[Unit, Chief, Dispatcher, Verifier, Leader, Auditor, Host];
/// Those to whom messages about cases are written.
const MESSAGED: &[Role] = &[Unit, Chief, Dispatcher, Verifier, Leader, Host];
/// Those who may know of a plan: the office and the auditor of all, the agency's manager of its own.
const PLANNERS: &[Role] = &[Host, Auditor, Agency];
/// Those who give the sites of a plan out and release them.
const SENDERS: &[Role] = &[Host, Agency];
/// The agency's people in the field.
const IN_THE_FIELD: &[Role] = &[Inspector];
/// The agency's people who decide what its inspectors found, and those who may watch.
const REVIEWERS: &[Role] = &[Agency, Reviewer];
const REVIEW: &[Role] = &[Agency, Reviewer, Host, Auditor];
/// Those who may know who answers for what: each sees what the query narrows to.
const GROUND: &[Role] = &[Unit, Chief, Dispatcher, Verifier, Leader, Auditor, Host];
const CHIEFS: &[Role] = &[Chief];
/// Those who report a case at the desk: from where, says [`super::cases::report`].
const CASE_REPORTERS: &[Role] = &[Unit, Chief, Dispatcher, Leader, Host];
/// Those who read the record of acts.
const RECORD: &[Role] = &[AuditAdministrator, Auditor];

/// The table.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    // method  route                                act                          who             to which
    row("GET",  "/health",                           "see that it runs",          EVERYBODY,      All),
    row("GET",  "/assets/{*path}",                   "load styles and scripts",   EVERYBODY,      All),
    row("GET",  "/openapi.json",                     "read the API",              EVERYBODY,      All),
    // The key is the permission; no session is asked.
    row("POST", "/api/cases",                        "hand cases in",             EVERYBODY,      Own),
    row("GET",  "/api/cases/{number}",               "ask after a case handed in", EVERYBODY,     Own),
    row("GET",  "/",                                 "see the newest month",      EVERYBODY,      Published),
    row("GET",  "/months/{series}/{month}",          "see a month",               EVERYBODY,      Published),
    row("GET",  "/months/{series}/{month}/{bulletin}", "read a bulletin",         EVERYBODY,      Published),
    row("GET",  "/months/{series}/{month}/findings", "see the problems",          EVERYBODY,      Published),
    row("GET",  "/months/{series}/{month}/findings.geojson", "draw the problems", EVERYBODY,      Published),
    row("GET",  "/months/{series}/{month}/findings.csv", "keep the problems",     EVERYBODY,      Published),
    row("GET",  "/months/{series}/{month}/findings.xlsx", "keep the problems",    EVERYBODY,      Published),
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
    row("GET",  "/rules",                            "see all rules",             EVERYBODY,      Published),
    row("GET",  "/rules/{scheme}",                   "read the rules",            EVERYBODY,      Published),
    row("GET",  "/rules/{scheme}/changes",           "see what rules changed",    EVERYBODY,      Published),
    row("GET",  "/verify",                           "learn to evaluate again",   EVERYBODY,      All),
    row("GET",  "/evidence/{series}/{month}",        "keep a month's evidence",   EVERYBODY,      Published),
    row("GET",  "/boundaries.geojson",               "draw outlines",             EVERYBODY,      All),
    // Who reports needs no account; afterwards the link is the permission.
    row("GET",  "/report",                           "begin a report",            EVERYBODY,      All),
    row("POST", "/report",                           "hand photos and place in",  EVERYBODY,      Own),
    row("GET",  "/report/{token}",                   "follow a report",           EVERYBODY,      Own),
    row("POST", "/report/{token}",                   "change a report not sent",  EVERYBODY,      Own),
    row("POST", "/report/{token}/send",              "send a report",             EVERYBODY,      Own),
    row("POST", "/report/{token}/follow",            "follow another's report",   EVERYBODY,      Own),
    row("POST", "/report/{token}/again",             "say that it is not solved", EVERYBODY,      Own),
    row("GET",  "/report/{token}/photos/{digest}",   "see a photo of a report",   EVERYBODY,      Own),
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
    // The app itself holds nothing: what it asks for does.
    row("GET",  "/field",                            "open the field app",        EVERYBODY,      All),
    row("GET",  "/field/manifest.webmanifest",       "install the field app",     EVERYBODY,      All),
    row("GET",  "/field/worker.js",                  "keep the field app",        EVERYBODY,      All),
    row("GET",  "/field/session",                    "see who one is",            IN_THE_FIELD,   Own),
    row("GET",  "/field/tasks",                      "see today's tasks",         IN_THE_FIELD,   Secret),
    row("GET",  "/field/pictures/{indicator}",       "see a reference picture",   IN_THE_FIELD,   All),
    row("POST", "/field/items",                      "hand in what was recorded", IN_THE_FIELD,   Secret),
    row("GET",  "/field/photos/{sha256}",            "ask whether a photo is here", IN_THE_FIELD, Secret),
    row("POST", "/field/photos/{sha256}",            "hand in a photo",           IN_THE_FIELD,   Secret),
    row("POST", "/field/photos/{sha256}/preview",    "hand in a preview",         IN_THE_FIELD,   Secret),
    row("GET",  "/desk/review",                      "see what was recorded",     REVIEW,         Secret),
    row("POST", "/desk/review",                      "accept many",               REVIEWERS,      Secret),
    row("GET",  "/desk/review/phones",               "see what did not arrive",   REVIEW,         Secret),
    row("POST", "/desk/review/phones",               "note that it was looked at", REVIEWERS,     Secret),
    row("GET",  "/desk/review/visits",               "see visits",                REVIEW,         Secret),
    row("POST", "/desk/review/visits",               "accept visits",             REVIEWERS,      Secret),
    row("GET",  "/desk/review/photos/{digest}/{size}", "see a photo of the field", REVIEW,        Secret),
    row("GET",  "/desk/review/{id}",                 "see one observation",       REVIEW,         Secret),
    row("POST", "/desk/review/{id}",                 "decide about it",           REVIEWERS,      Secret),
    row("GET",  "/desk",                             "see the desk",              SIGNED_IN,      OwnUnit),
    row("GET",  "/desk/cases",                       "list cases",                CASE_READERS,   OwnUnit),
    row("GET",  "/desk/cases.geojson",               "see where cases are",       CASE_READERS,   OwnUnit),
    row("GET",  "/desk/cases.csv",                   "keep the list of cases",    CASE_READERS,   OwnUnit),
    row("GET",  "/desk/cases.xlsx",                  "keep the list of cases",    CASE_READERS,   OwnUnit),
    row("GET",  "/desk/cases/new",                   "begin to report a case",    CASE_REPORTERS, OwnUnit),
    row("POST", "/desk/cases/new",                   "report a case",             CASE_REPORTERS, OwnUnit),
    row("POST", "/desk/cases/bulk",                  "do something to many cases", CASE_ACTORS,   OwnUnit),
    row("GET",  "/desk/cases/batches/{id}",          "see what became of many",   CASE_READERS,   Own),
    row("POST", "/desk/cases/batches/{id}/undo",     "take back what was done to many", CASE_ACTORS, Own),
    row("POST", "/desk/cases/views",                 "keep a filter",             CASE_READERS,   Own),
    row("POST", "/desk/cases/views/drop",            "drop a filter",             CASE_READERS,   Own),
    row("GET",  "/desk/cases/{id}/history.json",     "read a case's history",     CASE_SEERS,     OwnGrids),
    row("GET",  "/desk/rates",                       "see rates of handling",     CASE_READERS,   OwnUnit),
    row("GET",  "/desk/notices/{code}",              "see a rectification notice", CASE_READERS,  OwnUnit),
    row("GET",  "/desk/notices/{code}/{sheet}",      "keep a rectification notice", CASE_READERS, OwnUnit),
    row("GET",  "/desk/deadline",                    "reckon a time limit",       CASE_READERS,   All),
    row("GET",  "/desk/case-rules",                  "see the rules for cases",   INSIDERS,       All),
    row("POST", "/desk/case-rules",                  "adopt rules for cases",     OFFICE,         All),
    row("POST", "/desk/case-rules/dry-run",          "try routes over last month", INSIDERS,      All),
    row("GET",  "/desk/cases/{id}",                  "see a case",                CASE_SEERS,     OwnGrids),
    row("POST", "/desk/cases/{id}/{act}",            "do something to a case",    CASE_ACTORS,    OwnUnit),
    row("GET",  "/desk/cases/{id}/photos/{digest}",  "see a photo of a case",     CASE_SEERS,     OwnGrids),
    row("GET",  "/desk/photos/{digest}",             "see a photo one handed in", CASE_SEERS,     Own),
    row("GET",  "/desk/cases/{id}/photos/{digest}/about", "see what is known of a photo", SETTLERS, All),
    row("GET",  "/desk/cases/{id}/photos/{digest}/original", "keep a photo as it came", SETTLERS, All),
    row("GET",  "/desk/messages",                    "read messages about cases", MESSAGED,       OwnGrids),
    row("POST", "/desk/messages",                    "mark messages as read",     MESSAGED,       Own),
    row("GET",  "/desk/rounds",                      "see the rounds",            INSIDERS,       All),
    row("POST", "/desk/rounds",                      "open a round",              OFFICE,         All),
    row("GET",  "/desk/rounds/{series}/{month}",     "see a round and its draft", INSIDERS,       All),
    row("GET",  "/desk/rounds/{series}/{month}/preview.pdf", "see a draft bulletin", INSIDERS,    All),
    row("POST", "/desk/rounds/{series}/{month}/freeze",  "freeze a month",        OFFICE,         All),
    row("POST", "/desk/rounds/{series}/{month}/reopen",  "open a frozen month again", OFFICE,     All),
    row("POST", "/desk/rounds/{series}/{month}/publish", "publish a month",       OFFICE,         All),
    row("GET",  "/desk/import",                      "begin to hand evidence in", OFFICE,         All),
    row("POST", "/desk/import",                      "hand evidence in",          OFFICE,         All),
    row("GET",  "/desk/import/{token}",              "look at what was handed in", OFFICE,        Own),
    row("POST", "/desk/import/{token}",              "take what was handed in",   OFFICE,         Own),
    row("GET",  "/desk/templates/{file}",            "keep an empty sheet",       OFFICE,         All),
    row("GET",  "/desk/units",                       "see the units",             INSIDERS,       All),
    row("POST", "/desk/units",                       "end a unit",                OFFICE,         All),
    row("GET",  "/desk/units/import",                "begin to hand units in",    OFFICE,         All),
    row("POST", "/desk/units/import",                "hand units in",             OFFICE,         All),
    row("POST", "/desk/units/divisions",             "pick divisions as units",   OFFICE,         All),
    row("GET",  "/desk/units/import/{token}",        "look at units handed in",   OFFICE,         Own),
    row("POST", "/desk/units/import/{token}",        "take units handed in",      OFFICE,         Own),
    row("GET",  "/desk/schemes",                     "see the schemes",           INSIDERS,       All),
    row("POST", "/desk/schemes",                     "hand a scheme in",          OFFICE,         All),
    row("GET",  "/desk/checks/{token}",              "look at a scheme handed in", OFFICE,        Own),
    row("POST", "/desk/checks/{token}",              "adopt a scheme handed in",  OFFICE,         Own),
    row("GET",  "/desk/schemes/{id}",                "see a scheme",              INSIDERS,       All),
    row("GET",  "/desk/schemes/{id}/compare/{other}", "compare two schemes",      INSIDERS,       All),
    row("GET",  "/desk/standards/{id}",              "see a catalogue",           INSIDERS,       All),
    row("POST", "/desk/standards/{id}/indicators/{indicator}/picture", "set a reference picture", OFFICE, All),
    row("POST", "/desk/standards/{id}/indicators/{indicator}/picture/remove", "remove a reference picture", OFFICE, All),
    row("GET",  "/desk/pictures/{digest}/{size}",    "see a reference picture",   INSIDERS,       All),
    row("GET",  "/desk/what-if",                     "begin a what-if",           INSIDERS,       All),
    row("POST", "/desk/what-if",                     "try a draft",               INSIDERS,       All),
    row("GET",  "/desk/what-if/{token}",             "see a what-if",             INSIDERS,       Own),
    row("GET",  "/desk/what-if/{token}/{file}",      "keep a what-if",            INSIDERS,       Own),
    row("GET",  "/desk/webhooks",                    "see webhooks",              OFFICE,         All),
    row("POST", "/desk/webhooks",                    "register a webhook",        OFFICE,         All),
    row("GET",  "/desk/webhooks/{id}",               "see what is sent",          OFFICE,         All),
    row("POST", "/desk/webhooks/{id}/replay",        "send again",                OFFICE,         All),
    row("POST", "/desk/webhooks/{id}/test",          "send a test",               OFFICE,         All),
    row("POST", "/desk/webhooks/{id}/start",         "go on sending",             OFFICE,         All),
    row("POST", "/desk/webhooks/{id}/stop",          "stop sending",              OFFICE,         All),
    row("POST", "/desk/webhooks/{id}/secret",        "make another secret",       OFFICE,         All),
    row("POST", "/desk/webhooks/{id}/remove",        "remove a webhook",          OFFICE,         All),
    row("POST", "/desk/schemes/{id}/withdraw",       "withdraw a scheme",         OFFICE,         All),
    row("GET",  "/desk/agencies",                          "see agencies",              PLANNERS,       Secret),
    row("POST", "/desk/agencies",                          "write an agency",           OFFICE,         Secret),
    row("GET",  "/desk/agencies/{id}",                     "see an agency",             PLANNERS,       Secret),
    row("POST", "/desk/agencies/{id}/inspectors",          "write an inspector",        OFFICE,         Secret),
    row("POST", "/desk/agencies/{id}/inspectors/{login}/away", "say when an inspector is away", SENDERS,        Secret),
    row("GET",  "/desk/frames",                            "see the frames",            INSIDERS,       Secret),
    row("GET",  "/desk/frames/{series}",                   "see a frame",               INSIDERS,       Secret),
    row("POST", "/desk/frames/{series}/sites/{id}",        "say when a site is open",   OFFICE,         Secret),
    row("GET",  "/desk/plans",                             "see plans",                 PLANNERS,       Secret),
    row("POST", "/desk/plans",                             "draw a plan",               OFFICE,         Secret),
    row("GET",  "/desk/plans/draw",                        "begin to draw a plan",      OFFICE,         Secret),
    row("GET",  "/desk/plans/{series}/{month}",            "see a plan",                PLANNERS,       Secret),
    row("GET",  "/desk/plans/{series}/{month}/assign",     "look at who would go where", SENDERS,        Secret),
    row("POST", "/desk/plans/{series}/{month}/assign",     "send inspectors",           SENDERS,        Secret),
    row("POST", "/desk/plans/{series}/{month}/release",    "release a day",             SENDERS,        Secret),
    row("POST", "/desk/plans/{series}/{month}/withdraw",   "take a released day back",  SENDERS,        Secret),
    row("POST", "/desk/plans/{series}/{month}/release-hour", "set the hour of releasing", SENDERS,        Secret),
    row("POST", "/desk/plans/{series}/{month}/discard",    "throw a plan away",         OFFICE,         Secret),
    row("GET",  "/desk/plans/{series}/{month}/assignments/{id}", "see an assignment",         PLANNERS,       Secret),
    row("POST", "/desk/plans/{series}/{month}/assignments/{id}/change", "send somebody else",        SENDERS,        Secret),
    row("POST", "/desk/plans/{series}/{month}/assignments/{id}/replace", "replace a closed site",     SENDERS,        Secret),
    row("GET",  "/desk/today",                             "see today's sites",         &[Inspector],   Secret),
    row("GET",  "/desk/acts",                        "read the record of acts",   RECORD,         All),
    row("GET",  "/desk/grids",                       "see grids",                 GROUND,         OwnGrids),
    row("POST", "/desk/grids",                       "draw a grid",               OFFICE,         All),
    row("GET",  "/desk/grids/new",                   "begin to draw a grid",      OFFICE,         All),
    row("GET",  "/desk/grids/locate",                "ask what lies at a point",  &[Dispatcher, Verifier, Leader, Auditor, Host], All),
    row("GET",  "/desk/grids/import",                "begin to hand grids in",    OFFICE,         All),
    row("POST", "/desk/grids/import",                "hand grids and duties in",  OFFICE,         All),
    row("GET",  "/desk/grids/{id}",                  "see a grid",                GROUND,         OwnGrids),
    row("POST", "/desk/grids/{id}",                  "draw a grid anew",          OFFICE,         All),
    row("GET",  "/desk/grids/{id}/edit",             "begin to draw a grid anew", OFFICE,         All),
    row("POST", "/desk/grids/{id}/duties",           "give a duty of a grid",     OFFICE,         All),
    row("GET",  "/desk/chiefs",                      "see the chiefs' places",    &[Unit, Leader, Auditor, Host], OwnUnit),
    row("POST", "/desk/chiefs",                      "hand a chief's duties over", OFFICE,        All),
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
    row("GET",  "/desk/keys",                        "see keys of other systems", ADMINISTRATORS, All),
    row("POST", "/desk/keys",                        "make a key",                ADMINISTRATORS, All),
    row("POST", "/desk/keys/{id}/revoke",            "revoke a key",              ADMINISTRATORS, All),
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

/// A route without a row is closed to everybody; where another method has one, that is said.
fn without_row(path: &str) -> Response {
    let rows = TABLE.iter().filter(|row| row.path == path);
    let methods: Vec<_> = rows.map(|row| row.method).collect();
    if methods.is_empty() {
        tracing::error!(path, "a route has no row in the access table and is closed");
        return Error::not_found().into_response();
    }
    let allow = methods.join(", ").replace("GET", "GET, HEAD");
    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, allow)]).into_response()
}

/// Lets a request through if the table says so. Before there is a host, everything leads to the
/// setup; with a password that somebody else gave, everything leads to changing it.
pub async fn check(page: Page, request: Request, next: Next) -> Response {
    // Nothing of ours has a name with a NUL, and a database may not be asked for one.
    if request.uri().to_string().contains("%00") {
        return Error::not_found().into_response();
    }
    let Some(path) = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned())
    else {
        return next.run(request).await;
    };
    let Some(row) = row_of(request.method(), &path) else {
        return without_row(&path);
    };
    if request.extensions().get::<ByEnding>().is_some() && !json::PAGES.contains(&row.path) {
        return Error::not_found().into_response();
    }
    let machinery = matches!(row.path, "/health" | "/assets/{*path}");
    if page.host.is_none() && !machinery && row.path != "/setup" {
        return Redirect::to("/setup").into_response();
    }
    if page.host.is_some() && row.path == "/setup" {
        return Redirect::to("/desk").into_response();
    }
    if !page.viewer.is_any(row.who) {
        return match page.viewer.signed_in() {
            true if row.to == Secret => Error::not_found().into_response(),
            true => Error::forbidden().into_response(),
            false => Error::sign_in(&request).into_response(),
        };
    }
    if page.must_change && !machinery && !matches!(row.path, "/password" | "/logout") {
        return Redirect::to("/password").into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_without_a_row_is_closed() {
        assert_eq!(
            without_row("/desk/forgotten").status(),
            StatusCode::NOT_FOUND
        );
        let other = without_row("/desk/cases/new");
        assert_eq!(other.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(other.headers()[header::ALLOW], "GET, HEAD, POST");
    }
}
