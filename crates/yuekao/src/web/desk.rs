//! Where everybody begins who has signed in; for a new host, the steps that are left.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::App;
use super::answer::html;
use super::cases::views::filter_of;
use super::error::Result;
use super::page::Page;
use crate::store::host::Beginnings;

/// A filter that was kept, with how many cases there are under it now.
struct ViewLine {
    name: String,
    query: String,
    count: i64,
}

#[derive(Template)]
#[template(path = "desk/start.html")]
struct StartPage {
    page: Page,
    /// What a new host still has to do; `None`: it has all it needs, or the viewer does not set it up.
    begun: Option<Beginnings>,
    views: Vec<ViewLine>,
}

impl StartPage {
    /// The steps of the first setup after the host: key, where it is done, whether it is done.
    fn steps(&self, begun: &Beginnings) -> [(&'static str, &'static str, bool); 3] {
        [
            ("desk-step-users", "/desk/accounts", begun.accounts),
            ("desk-step-units", "/desk/units/import", begun.units),
            ("desk-step-scheme", "/desk/schemes", begun.schemes),
        ]
    }
}

/// The desk: what this viewer can do.
pub async fn start(State(app): State<App>, page: Page) -> Result<Response> {
    let sets_up = page.may("POST", "/desk/accounts") || page.may("POST", "/desk/schemes");
    let begun = match sets_up {
        true => Some(app.store.beginnings().await?),
        false => None,
    };
    let mut views = vec![];
    for view in app.store.saved_views(&page.viewer.login).await? {
        let (viewer, now) = (&page.viewer, app.clock.now());
        let filter = filter_of(&view.query);
        views.push(ViewLine {
            count: app.store.count_cases(viewer, now, &filter).await?,
            name: view.name,
            query: view.query,
        });
    }
    html(&StartPage {
        begun: begun.filter(|begun| !begun.done()),
        page,
        views,
    })
}
