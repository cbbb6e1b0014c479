//! The web: every route on one page, grouped by who uses it. Who may is said in [`access`].

pub mod access;
pub mod accounts;
pub mod acts;
pub mod agencies;
pub mod answer;
pub mod api;
pub mod assets;
pub mod assignments;
pub mod attempts;
pub mod called;
pub mod cases;
pub mod checks;
pub mod chief;
pub mod chiefs;
pub mod desk;
pub mod error;
pub mod field;
pub mod fields;
pub mod forms;
pub mod frames;
pub mod grids;
pub mod headers;
pub mod imports;
pub mod json;
pub mod keys;
pub mod messages;
pub mod page;
pub mod photos;
pub mod plans;
pub mod public;
pub mod report;
pub mod review;
pub mod rounds;
pub mod routes;
pub mod schemes;
pub mod server;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod signing;
pub mod standards;
pub mod units;
pub mod webhooks;
pub mod what_if;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, header};
use axum::middleware::{from_fn, from_fn_with_state, map_request};
use tower_http::compression::CompressionLayer;
use tower_http::trace::TraceLayer;

use crate::bulletin::BulletinPrinter;
use crate::clock::Clock;
use crate::store::Store;
use routes::Routes;

/// What every request can use. Clones share it.
#[derive(Clone)]
pub struct App {
    /// Where everything is kept.
    pub store: Store,
    /// The moment it is.
    pub clock: Clock,
    /// What the public pages keep at hand.
    pub shelf: Arc<public::shelf::Shelf>,
    /// The standings of open months.
    pub keepers: Arc<crate::round::kept::Keepers>,
    /// How the server is reached.
    pub outside: Outside,
    /// Failed sign-ins of late.
    pub attempts: Arc<attempts::Attempts>,
    /// Lets few passwords be hashed at a time: each takes a processor and memory for itself.
    pub passwords: Arc<tokio::sync::Semaphore>,
    /// Lets one what-if run at a time: each takes a processor for itself.
    pub trials: Arc<tokio::sync::Semaphore>,
    /// Room for reports of citizens that are on their way in.
    pub reports: Arc<tokio::sync::Semaphore>,
    /// Reports of citizens of late.
    pub pace: Arc<attempts::Pace>,
    /// Prints bulletins; its fonts are read once.
    pub printer: Arc<BulletinPrinter>,
    /// What the inspectors' phones need.
    pub field: Arc<field::Field>,
    /// The one-time code of the first setup, shown on the console.
    pub setup_code: Arc<str>,
}

/// How the server is reached from outside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outside {
    /// Over TLS, by this server or by a proxy before it: cookies never travel in the clear.
    pub tls: bool,
    /// Through a proxy, whose `X-Forwarded-For` is believed.
    pub proxy: bool,
}

impl Outside {
    /// The address of this site as whoever asks has reached it, without a slash at the end.
    pub fn address(self, headers: &HeaderMap) -> String {
        let host = headers.get(header::HOST);
        let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
        match self.tls {
            true => format!("https://{host}"),
            false => format!("http://{host}"),
        }
    }
}

impl App {
    /// An application on a store.
    pub fn new(store: Store, clock: Clock, outside: Outside) -> Self {
        let setup_code = crate::password::made().into();
        Self {
            store,
            clock,
            shelf: Arc::default(),
            keepers: Arc::default(),
            outside,
            attempts: Arc::default(),
            passwords: Arc::new(tokio::sync::Semaphore::new(signing::HASHED_AT_ONCE)),
            trials: Arc::new(tokio::sync::Semaphore::new(1)),
            reports: Arc::new(tokio::sync::Semaphore::new(report::AT_ONCE)),
            pace: Arc::default(),
            printer: Arc::new(BulletinPrinter::new()),
            field: Arc::default(),
            setup_code,
        }
    }
}

/// Every route.
fn routes() -> Routes {
    Routes::new()
        // Machines
        .get("/health", server::health)
        .get("/assets/{*path}", assets::asset)
        .get("/openapi.json", public::openapi::document)
        // Other systems, by their keys
        .upload("/api/cases", api::LARGEST, api::hand_in)
        .get("/api/cases/{number}", api::standing)
        // Everybody: what is published
        .get("/", public::month::front)
        .get("/months/{series}/{month}", public::month::month)
        .get(
            "/months/{series}/{month}/{bulletin}",
            public::bulletin::bulletin,
        )
        .get("/months/{series}/{month}/findings", public::findings::list)
        .get(
            "/months/{series}/{month}/findings.geojson",
            public::findings::geojson,
        )
        .get(
            "/months/{series}/{month}/findings.csv",
            public::findings::csv,
        )
        .get(
            "/months/{series}/{month}/findings.xlsx",
            public::findings::workbook,
        )
        .get(
            "/months/{series}/{month}/photos/{digest}",
            public::evidence::photo,
        )
        .get("/months/{series}/{month}/units/{code}", public::unit::unit)
        .get(
            "/months/{series}/{month}/units/{code}/{sheet}",
            public::unit::file_of,
        )
        .get(
            "/months/{series}/{month}/units/{code}/why",
            public::why::score,
        )
        .get(
            "/months/{series}/{month}/units/{code}/why/{item}",
            public::why::value,
        )
        .get("/findings/{series}/{month}/{id}", public::unit::finding)
        .get("/trends", public::overview::trends)
        .get("/categories", public::overview::categories)
        .get("/departments", public::overview::departments)
        .get("/townships", public::overview::townships)
        .get("/archive", public::overview::archive)
        .get("/rules", public::rules::list)
        .get("/rules/{scheme}", public::rules::rules)
        .get("/rules/{scheme}/changes", public::rules::changes)
        .get("/verify", public::rules::verify)
        .get("/evidence/{series}/{month}", public::evidence::evidence)
        .get("/boundaries.geojson", public::evidence::boundaries)
        // Citizens report
        .get("/report", report::blank)
        .upload("/report", report::LARGEST, report::begin)
        .get("/report/{token}", report::one)
        .upload("/report/{token}", report::LARGEST, report::change)
        .post("/report/{token}/send", report::send)
        .post("/report/{token}/follow", report::follow)
        .post("/report/{token}/again", report::again)
        .get("/report/{token}/photos/{digest}", report::photo)
        // First start
        .get("/setup", setup::page)
        .post("/setup", setup::found)
        // Signing in
        .get("/login", signing::login_page)
        .post("/login", signing::login)
        .post("/logout", signing::logout)
        .get("/password", signing::password_page)
        .post("/password", signing::change_password)
        .get("/reset/{token}", signing::reset_page)
        .post("/reset/{token}", signing::reset)
        // The inspectors' phones
        .get("/field", field::app)
        .get("/field/manifest.webmanifest", field::manifest)
        .get("/field/worker.js", field::worker)
        .get("/field/session", field::session)
        .get("/field/tasks", field::tasks)
        .get("/field/pictures/{indicator}", field::picture)
        .upload("/field/items", field::LARGEST_PARCEL, field::items)
        .get("/field/photos/{sha256}", field::photo_known)
        .post("/field/photos/{sha256}", field::photo)
        .post("/field/photos/{sha256}/preview", field::preview)
        // The desk
        .get("/desk", desk::start)
        // Cases
        .get("/desk/cases", cases::list)
        .get("/desk/cases.geojson", cases::export::points)
        .get("/desk/cases.csv", cases::export::csv)
        .get("/desk/cases.xlsx", cases::export::book)
        .get("/desk/cases/new", cases::report::form)
        .upload("/desk/cases/new", cases::LARGEST, cases::report::report)
        .post("/desk/cases/bulk", cases::bulk::bulk)
        .get("/desk/cases/batches/{id}", cases::bulk::batch)
        .post("/desk/cases/batches/{id}/undo", cases::bulk::undo)
        .post("/desk/cases/views", cases::views::keep)
        .post("/desk/cases/views/drop", cases::views::drop_one)
        .get("/desk/cases/{id}", cases::one)
        .get("/desk/cases/{id}/history.json", cases::history)
        .upload("/desk/cases/{id}/{act}", cases::LARGEST, cases::act)
        .get("/desk/cases/{id}/photos/{digest}", cases::photos::photo)
        .get("/desk/photos/{digest}", cases::photos::own)
        .get(
            "/desk/cases/{id}/photos/{digest}/about",
            cases::photos::about,
        )
        .get(
            "/desk/cases/{id}/photos/{digest}/original",
            cases::photos::original,
        )
        .get("/desk/messages", messages::list)
        .post("/desk/messages", messages::read)
        // The agency's review of what the field brought
        .get("/desk/review", review::list)
        .post("/desk/review", review::many)
        .get("/desk/review/phones", review::phones)
        .post("/desk/review/phones", review::settle)
        .get("/desk/review/visits", review::visits)
        .post("/desk/review/visits", review::decide_visits)
        .get("/desk/review/photos/{digest}/{size}", review::photo)
        .get("/desk/review/{id}", review::one)
        .post("/desk/review/{id}", review::decide)
        .get("/desk/rates", cases::rates::rates)
        .get("/desk/notices/{code}", cases::notice::notice)
        .get("/desk/notices/{code}/{sheet}", cases::notice::file_of)
        .get("/desk/deadline", cases::rules::deadline)
        .get("/desk/case-rules", cases::rules::page)
        .upload(
            "/desk/case-rules",
            cases::rules::LARGEST,
            cases::rules::adopt,
        )
        .upload(
            "/desk/case-rules/dry-run",
            cases::rules::LARGEST,
            cases::rules::dry_run,
        )
        // The office's desk
        .get("/desk/rounds", rounds::list)
        .post("/desk/rounds", rounds::open)
        .get("/desk/rounds/{series}/{month}", rounds::one)
        .get("/desk/rounds/{series}/{month}/preview.pdf", rounds::preview)
        .post("/desk/rounds/{series}/{month}/freeze", rounds::freeze)
        .post("/desk/rounds/{series}/{month}/reopen", rounds::reopen)
        .post("/desk/rounds/{series}/{month}/publish", rounds::publish)
        .get("/desk/import", imports::page)
        .upload("/desk/import", imports::LARGEST, imports::hand_in)
        .get("/desk/import/{token}", imports::look)
        .post("/desk/import/{token}", imports::decide)
        .get("/desk/templates/{file}", imports::template)
        .get("/desk/units", units::list)
        .post("/desk/units", units::end)
        .get("/desk/units/import", units::import_page)
        .upload("/desk/units/import", imports::LARGEST, units::hand_in)
        .upload(
            "/desk/units/divisions",
            imports::LARGEST,
            units::hand_in_divisions,
        )
        .get("/desk/units/import/{token}", units::look)
        .post("/desk/units/import/{token}", units::decide)
        .get("/desk/schemes", schemes::list)
        .upload("/desk/schemes", checks::LARGEST, checks::hand_in)
        .get("/desk/checks/{token}", checks::look)
        .post("/desk/checks/{token}", checks::adopt)
        .get("/desk/schemes/{id}", schemes::one)
        .get("/desk/schemes/{id}/compare/{other}", schemes::compare)
        .post("/desk/schemes/{id}/withdraw", schemes::withdraw)
        .get("/desk/standards/{id}", standards::one)
        .upload(
            "/desk/standards/{id}/indicators/{indicator}/picture",
            standards::LARGEST,
            standards::set_picture,
        )
        .post(
            "/desk/standards/{id}/indicators/{indicator}/picture/remove",
            standards::remove_picture,
        )
        .get("/desk/pictures/{digest}/{size}", standards::picture)
        .get("/desk/what-if", what_if::page)
        .upload("/desk/what-if", checks::LARGEST, what_if::hand_in)
        .get("/desk/what-if/{token}", what_if::one)
        .get("/desk/what-if/{token}/{file}", what_if::file)
        .get("/desk/webhooks", webhooks::list)
        .post("/desk/webhooks", webhooks::make)
        .get("/desk/webhooks/{id}", webhooks::one)
        .post("/desk/webhooks/{id}/replay", webhooks::replay)
        .post("/desk/webhooks/{id}/test", webhooks::test)
        .post("/desk/webhooks/{id}/start", webhooks::start)
        .post("/desk/webhooks/{id}/stop", webhooks::stop)
        .post("/desk/webhooks/{id}/secret", webhooks::renew_secret)
        .post("/desk/webhooks/{id}/remove", webhooks::remove)
        // Plans: the office draws, the agency gives out and releases
        .get("/desk/agencies", agencies::list)
        .post("/desk/agencies", agencies::set)
        .get("/desk/agencies/{id}", agencies::one)
        .post("/desk/agencies/{id}/inspectors", agencies::set_inspector)
        .post(
            "/desk/agencies/{id}/inspectors/{login}/away",
            agencies::set_away,
        )
        .get("/desk/frames", frames::list)
        .get("/desk/frames/{series}", frames::one)
        .post("/desk/frames/{series}/sites/{id}", frames::set_span)
        .get("/desk/plans", plans::list)
        .post("/desk/plans", plans::draw)
        .get("/desk/plans/draw", plans::draw_page)
        .get("/desk/plans/{series}/{month}", plans::one)
        .get("/desk/plans/{series}/{month}/assign", assignments::preview)
        .post("/desk/plans/{series}/{month}/assign", assignments::assign)
        .post("/desk/plans/{series}/{month}/release", plans::release)
        .post("/desk/plans/{series}/{month}/withdraw", plans::withdraw)
        .post(
            "/desk/plans/{series}/{month}/release-hour",
            plans::set_release_hour,
        )
        .post("/desk/plans/{series}/{month}/discard", plans::discard)
        .get(
            "/desk/plans/{series}/{month}/assignments/{id}",
            assignments::one,
        )
        .post(
            "/desk/plans/{series}/{month}/assignments/{id}/change",
            assignments::change,
        )
        .post(
            "/desk/plans/{series}/{month}/assignments/{id}/replace",
            assignments::replace,
        )
        // The inspector's day
        .get("/desk/today", assignments::of_today)
        // Grids and who answers for them
        .get("/desk/grids", grids::list)
        .post("/desk/grids", grids::draw)
        .get("/desk/grids/new", grids::new_page)
        .get("/desk/grids/locate", grids::locate)
        .get("/desk/grids/import", grids::import_page)
        .upload("/desk/grids/import", grids::LARGEST, grids::hand_in)
        .get("/desk/grids/{id}", grids::one)
        .post("/desk/grids/{id}", grids::change)
        .get("/desk/grids/{id}/edit", grids::edit_page)
        .post("/desk/grids/{id}/duties", grids::assign)
        // A road chief's own page
        .get("/desk/chiefs", chiefs::list)
        .post("/desk/chiefs", chiefs::hand_over)
        .get("/desk/chief", chief::page)
        .post("/desk/chief/patrols", chief::patrol)
        // The administrators' desk
        .get("/desk/acts", acts::list)
        .get("/desk/accounts", accounts::list)
        .post("/desk/accounts", accounts::create)
        .get("/desk/accounts/import", accounts::import_page)
        .post("/desk/accounts/import", accounts::import)
        .get("/desk/accounts/{login}", accounts::one)
        .post("/desk/accounts/{login}", accounts::change)
        .post("/desk/accounts/{login}/disable", accounts::disable)
        .post("/desk/accounts/{login}/enable", accounts::enable)
        .post("/desk/accounts/{login}/reset", accounts::make_reset)
        .post("/desk/accounts/{login}/hand-over", accounts::hand_over)
        .get("/desk/keys", keys::list)
        .post("/desk/keys", keys::make)
        .post("/desk/keys/{id}/revoke", keys::revoke)
        .get("/desk/settings", settings::page)
        .post("/desk/settings", settings::change)
}

/// The whole site. From the outside in: addresses that end with `.json`, headers and compression, who is asking, what
/// every page needs, forms that really are ours, and whether the one who asks may.
pub fn site(app: App) -> Router {
    let site = routes()
        .router()
        .fallback(error::no_such_page)
        .layer(from_fn_with_state(app.clone(), access::check))
        .layer(from_fn(forms::guard))
        .layer(from_fn_with_state(app.clone(), page::prepare))
        .layer(sessions::layer(&app))
        .layer(from_fn(headers::secure))
        .layer(CompressionLayer::new())
        .layer(TraceLayer::new_for_http())
        .with_state(app);
    // Around the router, not within it: a layer of its own comes after routing.
    Router::new()
        .fallback_service(site)
        .layer(map_request(json::take_ending))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_route_has_a_row_in_the_access_table_and_every_row_a_route() {
        let routes = routes();
        let routes: BTreeSet<_> = routes
            .list()
            .iter()
            .map(|(method, path)| (method.as_str(), *path))
            .collect();
        let rows: BTreeSet<_> = access::TABLE
            .iter()
            .map(|row| (row.method, row.path))
            .collect();
        assert_eq!(routes, rows);
        assert_eq!(rows.len(), access::TABLE.len(), "a row stands twice");
    }

    #[test]
    fn every_page_with_a_json_address_is_routed() {
        for page in json::PAGES {
            assert!(
                access::row_of(&axum::http::Method::GET, page).is_some(),
                "{page}"
            );
        }
    }
}
