//! Filters of the list that somebody keeps under a name of their own; they stand on the start page.

use assessment::message::Message;
use axum::extract::{Form, State};
use axum::response::Redirect;
use serde::Deserialize;

use super::super::App;
use super::super::error::{Error, Result};
use super::super::page::Page;
use super::query_of;
use crate::store::case::list::CaseFilter;
use crate::store::plain::plain;
use crate::store::saved_view::SavedView;

/// Longest name, in characters.
const LONGEST: usize = 40;

/// The form to keep a filter, or to drop one.
#[derive(Debug, Deserialize)]
pub struct ViewForm {
    name: String,
    #[serde(default)]
    query: String,
}

/// The filter of a query, whatever else stands in it.
///
/// # Errors
/// It does not read: it is not all cases that are meant.
pub fn filter_of(query: &str) -> Result<CaseFilter> {
    serde_urlencoded::from_str(query)
        .map_err(|_| Error::refused(Message::new("view-bad-query").with("value", query)))
}

/// Keeps a filter under a name.
pub async fn keep(
    State(app): State<App>,
    page: Page,
    Form(form): Form<ViewForm>,
) -> Result<Redirect> {
    let name = plain(&form.name).trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST {
        let message = Message::new("view-bad-name").with("most", LONGEST as i64);
        return Err(Error::refused(message));
    }
    // Only what a filter can say is kept.
    let filter = filter_of(&form.query)?;
    if let Some(unread) = filter.unread() {
        return Err(Error::refused(unread));
    }
    let query = query_of(&filter);
    let back = format!("/desk/cases?{query}");
    app.store
        .keep_view(
            app.clock.now(),
            &page.viewer.login,
            SavedView { name, query },
        )
        .await?;
    Ok(Redirect::to(&back))
}

/// Drops one.
pub async fn drop_one(
    State(app): State<App>,
    page: Page,
    Form(form): Form<ViewForm>,
) -> Result<Redirect> {
    app.store
        .drop_view(app.clock.now(), &page.viewer.login, &form.name)
        .await?;
    Ok(Redirect::to("/desk"))
}
