//! Where everybody begins who has signed in; for a new host, the steps that are left.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::App;
use super::answer::html;
use super::cases::views::filter_of;
use super::error::{Error, Result};
use super::page::Page;
use crate::casework::Practice;
use crate::clock::begin_of;
use crate::store::field::Sight;
use crate::store::host::Beginnings;
use crate::store::webhook::WebhookRow;
use crate::viewer::Role;

/// What waits for a role: keys of names, with the queries of their lists. Stages are kept counts; the rest is counted along an
/// index.
fn waiting(role: Role) -> &'static [(&'static str, &'static str)] {
    match role {
        Role::Unit => &[
            ("cases-mine", "due=mine"),
            ("cases-stage-late", "due=stage"),
            ("cases-soon", "due=soon"),
            ("cases-overdue", "due=overdue"),
            ("cases-supervised", "flag=supervised"),
        ],
        Role::Dispatcher => &[
            ("case-stage-reported", "stage=reported"),
            ("case-stage-accepted", "stage=accepted"),
            ("case-stage-registered", "stage=registered"),
            ("case-stage-verified", "stage=verified"),
            ("cases-stage-late", "due=stage"),
            ("cases-asked", "due=asked"),
        ],
        Role::Verifier => &[
            ("case-stage-checking", "stage=checking"),
            ("case-stage-handled", "stage=handled"),
        ],
        Role::Host => &[
            ("cases-asked", "due=asked"),
            ("cases-overdue", "due=overdue"),
            ("cases-stage-late", "due=stage"),
            ("cases-escalated", "flag=escalated"),
        ],
        Role::Leader | Role::Auditor => &[
            ("cases-overdue", "due=overdue"),
            ("cases-supervised", "flag=supervised"),
            ("cases-escalated", "flag=escalated"),
        ],
        _ => &[],
    }
}

/// A filter that was kept, with how many cases there are under it now.
struct ViewLine {
    name: String,
    query: String,
    /// `None`: it does not read any longer.
    count: Option<i64>,
}

/// What waits for the viewer, where it is done, and how much of it there is.
struct Tile {
    name: String,
    href: String,
    count: i64,
}

#[derive(Template)]
#[template(path = "desk/start.html")]
struct StartPage {
    page: Page,
    /// What a new host still has to do; `None`: it has all it needs, or the viewer does not set it up.
    begun: Option<Beginnings>,
    /// What waits for this role.
    waiting: Vec<Tile>,
    views: Vec<ViewLine>,
    /// Webhooks of the office to which nothing is sent.
    hooks: Vec<WebhookRow>,
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

/// What waits and is no list of cases: of inspectors, reviewers and road chiefs.
async fn outside_lists(app: &App, page: &Page) -> Result<Vec<Tile>> {
    let tile = |key: &str, href: &str, count: usize| Tile {
        name: page.t(key),
        href: href.to_owned(),
        count: i64::try_from(count).unwrap_or(i64::MAX),
    };
    let (now, viewer) = (app.clock.now(), &page.viewer);
    let today = app.clock.today();
    Ok(match viewer.role {
        Role::Agency | Role::Reviewer => {
            let Some(sight) = Sight::of(viewer) else {
                return Ok(vec![]);
            };
            let counts = app.store.observation_counts(sight).await?;
            let begun = begin_of(today).map_err(Error::broken)?;
            let visits = app.store.visits_to_review(sight, begun).await?.len();
            let records = counts.get("new").copied().unwrap_or(0);
            vec![
                Tile {
                    count: records,
                    ..tile("desk-to-review", "/desk/review", 0)
                },
                tile("desk-visits-to-review", "/desk/review/visits", visits),
            ]
        }
        Role::Inspector => {
            let sites = app.store.released_to(&viewer.login, today).await?.len();
            vec![tile("today-title", "/desk/today", sites)]
        }
        Role::Chief => {
            let held = app.store.duties_of_chief(&viewer.login, today).await?;
            let grids: Vec<String> = held.into_iter().map(|duty| duty.grid).collect();
            let open = app.store.open_cases_of_grids(&grids, now).await?.len();
            vec![tile("desk-open-in-my-grids", "/desk/chief", open)]
        }
        _ => vec![],
    })
}

/// The desk: what this viewer can do.
pub async fn start(State(app): State<App>, page: Page) -> Result<Response> {
    let sets_up = page.may("POST", "/desk/accounts") || page.may("POST", "/desk/schemes");
    let begun = match sets_up {
        true => Some(app.store.beginnings().await?),
        false => None,
    };
    let (now, practice) = (app.clock.now(), Practice::of(&app.store).await?);
    let counted = async |query: &str| -> Result<i64> {
        let filter = practice.resolved(filter_of(query)?, now)?;
        Ok(app.store.count_cases(&page.viewer, now, &filter).await?)
    };
    let (mut waits, mut views) = (vec![], vec![]);
    for (key, query) in waiting(page.viewer.role) {
        waits.push(Tile {
            name: page.t(key),
            href: format!("/desk/cases?{query}"),
            count: counted(query).await?,
        });
    }
    waits.extend(outside_lists(&app, &page).await?);
    for view in app.store.saved_views(&page.viewer.login).await? {
        // What was kept before filters were read so exactly stays to be dropped.
        let count = match counted(&view.query).await {
            Err(error) if error.is_refusal() => None,
            count => Some(count?),
        };
        views.push(ViewLine {
            name: view.name,
            query: view.query,
            count,
        });
    }
    let mut hooks = match page.may("GET", "/desk/webhooks") {
        true => app.store.webhooks().await?,
        false => vec![],
    };
    hooks.retain(|hook| hook.stopped_at.is_some() || hook.secret.is_empty());
    html(&StartPage {
        hooks,
        begun: begun.filter(|begun| !begun.done()),
        page,
        waiting: waits,
        views,
    })
}
