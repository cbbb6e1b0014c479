//! A road chief's own page: my grids, what is open in them, what came back, my patrols, my place.

use askama::Template;
use assessment::grid::{Duty, weeks};
use assessment::message::Message;
use assessment::place::Point;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::App;
use super::answer::html_or_json;
use super::chiefs::{COMPARED, Record, days_in, since, standings};
use super::error::{Error, Result};
use super::grids::{collection, map_data};
use super::page::Page;
use super::public::part::Island;
use crate::clock::begin_of;
use crate::ground::read::is_id;
use crate::store::grid::{Asked, DutyRow, OpenCase, PatrolRow};

/// A grid of mine.
#[derive(Debug, Serialize)]
struct Mine {
    id: String,
    name: String,
    unit: String,
    /// The words of my duties.
    duties: Vec<String>,
    open: usize,
    /// Patrols of this week; nothing due if I have no patrol duty there.
    due: u32,
    done: u32,
    /// Patrols missed in the weeks before, of those that are compared.
    missed: u32,
}

/// My place among the chiefs of my level.
#[derive(Debug, Serialize)]
struct MyPlace {
    level: i64,
    /// Shared by those with the same share.
    place: usize,
    of: usize,
    #[serde(flatten)]
    record: Record,
    /// What was done in time, of what was due: the share by which chiefs are ordered.
    done: u32,
    due: u32,
    /// The same in percent, as it is shown.
    percent: String,
}

#[derive(Debug, Serialize)]
struct MyPatrol {
    at: String,
    grid: String,
    inside: Option<bool>,
    note: String,
}

#[derive(Serialize)]
struct ChiefView {
    day: String,
    /// Grids of mine; of very many, not all are listed.
    count: usize,
    grids: Vec<Mine>,
    open: Vec<OpenCase>,
    came_back: Vec<OpenCase>,
    patrols: Vec<MyPatrol>,
    place: Option<MyPlace>,
}

#[derive(Template)]
#[template(path = "grid/chief.html")]
struct ChiefPage {
    page: Page,
    view: ChiefView,
    map: Option<Island>,
    /// The grid of the patrol that was just recorded.
    recorded: Option<String>,
    /// The id of the next patrol, made here for a browser without script.
    next: String,
}

impl ChiefPage {
    /// Open cases, and those of them that came back.
    fn sections(&self) -> [(&'static str, &[OpenCase]); 2] {
        let ChiefView {
            open, came_back, ..
        } = &self.view;
        [("chief-open", open), ("chief-came-back", came_back)]
    }

    /// What a case is about.
    fn category(&self, case: &OpenCase) -> String {
        super::cases::category_name(&case.category, self.page.language)
    }

    /// When a case is due.
    fn due(&self, case: &OpenCase) -> String {
        let at = case.due_at.and_then(|at| crate::store::moment(at).ok());
        at.map_or_else(|| "—".to_owned(), |at| self.page.moment(&at))
    }
}

/// The grid of a patrol that was just recorded.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Recorded {
    recorded: Option<String>,
}

/// More grids than this are counted, and their cases shown; they are not listed.
const LISTED: i64 = 1000;

/// My page.
pub async fn page(
    State(app): State<App>,
    page: Page,
    Query(asked): Query<Recorded>,
) -> Result<Response> {
    let recorded = asked.recorded;
    let day = app.clock.today();
    let login = page.viewer.login.clone();
    let asked = Asked {
        day: day.to_string(),
        ..Asked::default()
    };
    let listed = app.store.asked_grids(&page.viewer, &asked, LISTED, 0);
    let (grids, _) = listed.await?;
    let ids = app.store.asked_grid_ids(&page.viewer, &asked).await?;
    let ids: Vec<String> = ids.into_iter().collect();
    let held = app.store.duties_of_chief(&login, day).await?;
    let mut open = Vec::new();
    for some in ids.chunks(500) {
        open.extend(app.store.open_cases_of_grids(some, app.clock.now()).await?);
    }
    open.sort_by_key(|case| (case.due_at.unwrap_or(i64::MAX), case.id.clone()));
    let came_back = open.iter().filter(|case| case.came_back).cloned().collect();
    let this_week = day - i64::from(day.weekday().to_monday_zero_offset()).days();
    let first = this_week - (7 * COMPARED).days();
    let begun = begin_of(first).map_err(Error::broken)?;
    let patrols = app.store.patrols_of(&login, begun).await?;
    let tenures = app.store.tenures_of_chief(&login).await?;
    let units = app.store.units_in(crate::ground::month_of(day)).await?;
    let mut mine = Vec::new();
    for grid in &grids {
        let own: Vec<&DutyRow> = held.iter().filter(|duty| duty.grid == grid.id).collect();
        let done = days_in(&patrols, &grid.id)?;
        let held = tenures.iter().filter(|duty| duty.grid == grid.id);
        let held = held
            .map(DutyRow::tenure)
            .collect::<crate::store::Result<Vec<_>>>()?;
        let weeks = weeks(&since(first, &held), &done, day);
        let this = weeks.iter().find(|week| !week.over);
        let before = weeks.iter().filter(|week| week.over);
        mine.push(Mine {
            duties: own.iter().map(|duty| duty.duty.clone()).collect(),
            open: open.iter().filter(|case| case.grid == grid.id).count(),
            due: this.map_or(0, |week| week.due),
            done: this.map_or(0, |week| week.done),
            missed: before.map(|week| week.missed()).sum(),
            unit: units
                .iter()
                .find(|unit| unit.code == grid.unit)
                .map_or_else(|| grid.unit.clone(), |unit| unit.name.clone()),
            id: grid.id.clone(),
            name: grid.name.clone(),
        });
    }
    mine.sort_by_key(|mine| {
        (
            mine.duties.iter().filter_map(|word| Duty::of(word)).min(),
            mine.id.clone(),
        )
    });
    let name = |id: &str| {
        let grid = grids.iter().find(|grid| grid.id == id);
        grid.map_or_else(|| id.to_owned(), |grid| grid.name.clone())
    };
    let view = ChiefView {
        day: day.to_string(),
        count: ids.len(),
        place: my_place(&app, &login, &held, day).await?,
        patrols: patrols
            .iter()
            .take(20)
            .map(|patrol| {
                Ok(MyPatrol {
                    at: page.moment(&crate::store::moment(patrol.at)?),
                    grid: name(&patrol.grid),
                    inside: patrol.inside,
                    note: patrol.note.clone(),
                })
            })
            .collect::<crate::store::Result<_>>()?,
        grids: mine,
        open,
        came_back,
    };
    let map = match grids.is_empty() {
        true => None,
        false => {
            let features: Value =
                serde_json::from_str(&collection(&page, &grids)).map_err(Error::broken)?;
            let data = map_data(&page, json!({ "features": features }));
            Some(Island::new(
                &page,
                "grids",
                &data,
                page.t("chief-map-caption"),
            ))
        }
    };
    let mut answer = html_or_json(&page.clone(), view, |view| ChiefPage {
        page,
        recorded: view
            .grids
            .iter()
            .find(|grid| Some(&grid.id) == recorded.as_ref())
            .map(|grid| grid.name.clone()),
        view,
        map,
        next: crate::store::secret()[..32].to_owned(),
    })?;
    super::headers::let_ask_position(&mut answer);
    Ok(answer)
}

/// My place among the chiefs of my level; none if I hold nothing there or had nothing to do.
async fn my_place(app: &App, login: &str, held: &[DutyRow], day: Date) -> Result<Option<MyPlace>> {
    let Some(level) = held.iter().filter_map(|duty| duty.level).min() else {
        return Ok(None);
    };
    let standings = standings(app, level, day, |_| true).await?;
    let of = standings.iter().filter(|one| one.place.is_some()).count();
    let mine = standings.into_iter().find(|one| one.login == login);
    Ok(mine.and_then(|mine| {
        Some(MyPlace {
            level,
            place: mine.place?,
            of,
            done: mine.record.done(),
            due: mine.record.due(),
            percent: mine.record.percent(),
            record: mine.record,
        })
    }))
}

/// The form of a patrol.
#[derive(Debug, Deserialize)]
pub struct Patrol {
    /// Made by the phone: the same again changes nothing.
    id: String,
    grid: String,
    #[serde(default)]
    lng: String,
    #[serde(default)]
    lat: String,
    #[serde(default)]
    accuracy: String,
    #[serde(default)]
    note: String,
}

/// Records a patrol that I have just done.
pub async fn patrol(
    State(app): State<App>,
    page: Page,
    Form(form): Form<Patrol>,
) -> Result<Response> {
    let refuse = |key| Error::refused(Message::new(key));
    if !is_id(&form.id) {
        return Err(refuse("chief-patrol-no-id"));
    }
    let number = |text: &str| {
        text.trim()
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
    };
    let place = match (form.lng.trim(), form.lat.trim()) {
        ("", "") => None,
        (lng, lat) => {
            let (lng, lat) = number(lng)
                .zip(number(lat))
                .ok_or_else(|| refuse("chief-bad-position"))?;
            crate::datum::in_china([lng, lat]).map_err(|_| refuse("evidence-not-in-china"))?;
            let at = Point::of_degrees(lng, lat);
            Some((at.lng, at.lat))
        }
    };
    let note = form.note.trim();
    if note.chars().count() > 500 {
        return Err(refuse("chief-note-too-long"));
    }
    let patrol = PatrolRow {
        grid: form.grid.trim().to_owned(),
        chief: page.viewer.login.clone(),
        at: 0,
        accuracy_m: number(&form.accuracy)
            .filter(|_| place.is_some())
            .map(|metres| metres.clamp(0.0, 1e6).round() as i64),
        place,
        inside: None,
        note: note.to_owned(),
    };
    let grid = patrol.grid.clone();
    app.store
        .record_patrol(app.clock.now(), app.clock.today(), &form.id, patrol)
        .await?;
    let recorded = serde_urlencoded::to_string([("recorded", &grid)]).unwrap_or_default();
    Ok(Redirect::to(&format!("/desk/chief?{recorded}")).into_response())
}
