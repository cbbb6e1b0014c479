//! One view, answered as a page or as JSON.

use askama::Template;
use axum::Json;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde::Serialize;

use super::error::Error;
use super::page::Page;

/// Whether JSON is asked for and a page is not.
pub fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    accept.contains("application/json") && !accept.contains("text/html")
}

/// A template as a page.
///
/// Errors: the template's own, which is a bug.
pub fn html(template: &impl Template) -> Result<Response, Error> {
    Ok(Html(template.render()?).into_response())
}

/// What a page shows, as JSON for programs that ask for it and by its template for people.
///
/// Errors: the template's own, which is a bug.
pub fn html_or_json<V: Serialize, T: Template>(
    page: &Page,
    view: V,
    template: impl FnOnce(V) -> T,
) -> Result<Response, Error> {
    let mut response = match page.machine {
        true => Json(view).into_response(),
        false => html(&template(view))?,
    };
    response
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("Accept, Cookie"));
    Ok(response)
}
