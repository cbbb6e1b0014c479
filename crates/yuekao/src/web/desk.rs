//! Where everybody begins who has signed in.

use askama::Template;
use axum::response::Response;

use super::answer::html;
use super::error::Result;
use super::page::Page;

#[derive(Template)]
#[template(path = "desk/start.html")]
struct StartPage {
    page: Page,
}

/// The desk: what this viewer can do.
pub async fn start(page: Page) -> Result<Response> {
    html(&StartPage { page })
}
