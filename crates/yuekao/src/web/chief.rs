//! A road chief's own page: my grids, what is open in them, what came back, my patrols, my place.

use std::collections::BTreeMap;

use askama::Template;
use assessment::grid::{Duty, weeks};
use assessment::message::Message;
use assessment::place::Point;
use axum::extract::{Form, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::App;
use super::answer::html_or_json;
use super::error::{Error, Result};
use super::grids::{collection, map_data};
use super::page::Page;
use super::public::part::Island;
use crate::clock;
use crate::ground::read::is_id;
use crate::store::grid::{Asked, DutyRow, GridCases, OpenCase, PatrolRow};

/// Full weeks by which chiefs of a level are compared.
const COMPARED: i64 = 4;

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

/// What a chief had to do in the weeks that are compared, and did.
#[derive(Debug, Clone, Copy, Default, Serialize)]
struct Record {
    patrols_due: u32,
    patrols_done: u32,
    #[serde(flatten)]
    cases: GridCases,
}

impl Record {
    /// Patrols done and cases handled in time.
    fn done(&self) -> u32 {
        self.patrols_done + self.cases.in_time
    }

    /// Patrols due, cases handled, cases that should have been, and those that came back.
    fn due(&self) -> u32 {
        self.patrols_due + self.cases.handled + self.cases.overdue + self.cases.relapsed
    }

    /// Whether a greater share was done, as fractions, without dividing.
    fn is_better_than(&self, other: &Record) -> bool {
        u64::from(self.done()) * u64::from(other.due())
            > u64::from(other.done()) * u64::from(self.due())
    }

    fn add(&mut self, cases: &GridCases) {
        self.cases.handled += cases.handled;
        self.cases.in_time += cases.in_time;
        self.cases.overdue += cases.overdue;
        self.cases.relapsed += cases.relapsed;
    }

    /// Percent with one decimal, half up.
    fn percent(&self) -> String {
        let (done, due) = (u64::from(self.done()), u64::from(self.due().max(1)));
        let tenths = (2000 * done + due) / (2 * due);
        format!("{}.{}", tenths / 10, tenths % 10)
    }
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

/// My page.
pub async fn page(State(app): State<App>, page: Page) -> Result<Response> {
    let day = app.clock.today();
    let login = page.viewer.login.clone();
    let asked = Asked {
        day: day.to_string(),
        ..Asked::default()
    };
    let (grids, _) = app.store.asked_grids(&page.viewer, &asked, 1000, 0).await?;
    let held = app.store.duties_of_chief(&login, day).await?;
    let ids: Vec<String> = grids.iter().map(|grid| grid.id.clone()).collect();
    let open = app.store.open_cases_of_grids(&ids, app.clock.now()).await?;
    let came_back = open.iter().filter(|case| case.came_back).cloned().collect();
    let since = begin(day - (7 * COMPARED + 7).days())?;
    let patrols = app.store.patrols_of(&login, since).await?;
    let units = app.store.units_in(crate::ground::month_of(day)).await?;
    let mut mine = Vec::new();
    for grid in &grids {
        let own: Vec<&DutyRow> = held.iter().filter(|duty| duty.grid == grid.id).collect();
        let done = days_in(&patrols, &grid.id)?;
        // Several duties of one grid are patrolled together: the most frequent counts.
        let frequent = own.iter().max_by_key(|duty| duty.patrols_per_week);
        let weeks = match frequent {
            Some(duty) => weeks(&duty.tenure()?, &done, day),
            None => Vec::new(),
        };
        let this = weeks.last();
        let before = weeks.iter().rev().skip(1).take(COMPARED as usize);
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
        view,
        map,
        next: crate::store::secret()[..32].to_owned(),
    })?;
    super::headers::let_ask_position(&mut answer);
    Ok(answer)
}

/// The days of patrols in a grid.
fn days_in(patrols: &[PatrolRow], grid: &str) -> Result<Vec<Date>> {
    let days = patrols
        .iter()
        .filter(|patrol| patrol.grid == grid)
        .map(|patrol| {
            let at = crate::store::moment(patrol.at)?;
            Ok(clock::day_of(at))
        });
    days.collect()
}

/// Midnight before a day.
fn begin(day: Date) -> Result<jiff::Timestamp> {
    let at = day.to_zoned(clock::zone()).map_err(Error::broken)?;
    Ok(at.timestamp())
}

/// Chiefs of a level are ordered by one share: of what was to be done in their grids in the last full weeks, how much was done
/// in time. To be done were the patrols that were due, the cases that were handled or should have been, and those that came
/// back; done in time were the patrols (more than due counts as all of it) and the cases handled by their due time. Equal
/// shares have the same place; a chief who had nothing to do has none.
async fn my_place(app: &App, login: &str, held: &[DutyRow], day: Date) -> Result<Option<MyPlace>> {
    let Some(level) = held.iter().filter_map(|duty| duty.level).min() else {
        return Ok(None);
    };
    let mut records: BTreeMap<String, Record> = BTreeMap::new();
    let mut frequent: BTreeMap<(String, String), DutyRow> = BTreeMap::new();
    for duty in app.store.duties_of_level(level, day).await? {
        let kept = frequent
            .entry((duty.holder.clone(), duty.grid.clone()))
            .or_insert_with(|| duty.clone());
        if duty.patrols_per_week > kept.patrols_per_week {
            *kept = duty;
        }
    }
    let this_week = day - i64::from(day.weekday().to_monday_zero_offset()).days();
    let span = (begin(this_week - (7 * COMPARED).days())?, begin(this_week)?);
    let mut grids: Vec<String> = frequent.keys().map(|(_, grid)| grid.clone()).collect();
    grids.sort();
    grids.dedup();
    let cases = app
        .store
        .cases_by_grid(&grids, span, app.clock.now())
        .await?;
    let since = begin(day - (7 * COMPARED + 7).days())?;
    let mut patrols: BTreeMap<String, Vec<PatrolRow>> = BTreeMap::new();
    for ((holder, grid), duty) in frequent {
        if !patrols.contains_key(&holder) {
            let of_holder = app.store.patrols_of(&holder, since).await?;
            patrols.insert(holder.clone(), of_holder);
        }
        let done = days_in(&patrols[&holder], &grid)?;
        let record = records.entry(holder).or_default();
        record.add(&cases.get(&grid).copied().unwrap_or_default());
        let weeks = weeks(&duty.tenure()?, &done, day);
        for week in weeks
            .iter()
            .rev()
            .filter(|week| week.over)
            .take(COMPARED as usize)
        {
            record.patrols_done += week.done.min(week.due);
            record.patrols_due += week.due;
        }
    }
    records.retain(|_, record| record.due() > 0);
    let Some(mine) = records.get(login).copied() else {
        return Ok(None);
    };
    let better = records.values().filter(|other| other.is_better_than(&mine));
    Ok(Some(MyPlace {
        level,
        place: 1 + better.count(),
        of: records.len(),
        done: mine.done(),
        due: mine.due(),
        percent: mine.percent(),
        record: mine,
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
    app.store
        .record_patrol(app.clock.now(), app.clock.today(), &form.id, patrol)
        .await?;
    Ok(Redirect::to("/desk/chief").into_response())
}
