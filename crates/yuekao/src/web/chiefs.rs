//! Road chiefs and their places: who holds what, what was to be done in the last weeks, and what was done in time.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use askama::Template;
use assessment::grid::{Span, Tenure, weeks};
use assessment::message::Message;
use axum::extract::{Form, Query, State};
use axum::response::{Redirect, Response};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::html_or_json;
use super::cases::workbook;
use super::error::{Error, Result};
use super::page::Page;
use crate::bulletin::table::{Cell, Table};
use crate::clock::{begin_of, day_of};
use crate::ground::{self, month_of};
use crate::store::grid::{Asked as AskedGrids, DutyRow, GridCases, PatrolRow};
use crate::store::unit::UnitRow;
use crate::viewer::Role;

/// Full weeks by which chiefs of a level are compared.
pub(super) const COMPARED: i64 = 4;

/// What a chief had to do in the weeks that are compared, and did.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Record {
    pub patrols_due: u32,
    pub patrols_done: u32,
    /// Patrols recorded elsewhere than in the grid, and without a position; they are not done.
    pub patrols_outside: u32,
    pub patrols_unplaced: u32,
    #[serde(flatten)]
    pub cases: GridCases,
}

impl Record {
    /// Patrols done and cases handled in time.
    pub fn done(&self) -> u32 {
        self.patrols_done + self.cases.in_time
    }

    /// Patrols due, cases handled, cases that should have been, and those that came back.
    pub fn due(&self) -> u32 {
        self.patrols_due + self.cases.handled + self.cases.overdue + self.cases.relapsed
    }

    /// Which share done is the greater one, as fractions, without dividing.
    fn against(&self, other: &Record) -> Ordering {
        let own = u64::from(self.done()) * u64::from(other.due());
        own.cmp(&(u64::from(other.done()) * u64::from(self.due())))
    }

    fn add(&mut self, cases: &GridCases) {
        self.cases.handled += cases.handled;
        self.cases.in_time += cases.in_time;
        self.cases.overdue += cases.overdue;
        self.cases.relapsed += cases.relapsed;
    }

    /// Patrols that can no longer be done.
    pub fn missed(&self) -> u32 {
        self.patrols_due - self.patrols_done
    }

    /// Percent with one decimal, half up.
    pub fn percent(&self) -> String {
        let (done, due) = (u64::from(self.done()), u64::from(self.due().max(1)));
        let tenths = (2000 * done + due) / (2 * due);
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// A chief among those of one level.
#[derive(Debug, Clone, Serialize)]
pub struct Standing {
    /// Shared by those with the same share; none for who had nothing to do.
    pub place: Option<usize>,
    pub login: String,
    pub name: String,
    /// Ids of the grids that they hold that day; for a unit, of those that it sees.
    pub grids: Vec<String>,
    /// Nobody can sign in as them any more: their grids have to be handed over.
    pub closed: bool,
    /// Patrols of this week in these grids, done and due.
    pub week: (u32, u32),
    pub record: Record,
}

/// The chiefs of a level who have an account and hold something that day, ordered by one share: of what was to be done in their
/// grids in the last full weeks, how much was done in time. To be done were the patrols that were due, the cases that were
/// handled or should have been, and those that came back; done in time were the patrols (more than due counts as all of it) and
/// the cases handled by their due time. A case counts for whoever held its grid on the day on which it was handled, fell due or
/// came back. Equal shares have the same place; a chief who had nothing to do has none, and stands at the end.
///
/// Grids, and with them the patrols of this week, are told as far as they are `seen`; places are among all.
pub(super) async fn standings(
    app: &App,
    level: i64,
    day: Date,
    seen: impl Fn(&str) -> bool,
) -> Result<Vec<Standing>> {
    let held = app.store.duties_of_level(level, day).await?;
    let mut chiefs: BTreeMap<String, Standing> = BTreeMap::new();
    for duty in held {
        let chief = chiefs
            .entry(duty.holder.clone())
            .or_insert_with(|| Standing {
                place: None,
                login: duty.holder,
                name: duty.name,
                grids: Vec::new(),
                closed: false,
                week: (0, 0),
                record: Record::default(),
            });
        if chief.grids.last() != Some(&duty.grid) {
            chief.grids.push(duty.grid);
        }
    }
    // What they hold now and what they held before, by chief and grid.
    let mut tenures: BTreeMap<(String, String), Vec<Tenure>> = BTreeMap::new();
    for duty in app.store.tenures_of_level(level).await? {
        if chiefs.contains_key(&duty.holder) {
            let tenure = duty.tenure()?;
            let key = (duty.holder, duty.grid);
            tenures.entry(key).or_default().push(tenure);
        }
    }
    let this_week = day - i64::from(day.weekday().to_monday_zero_offset()).days();
    let first = this_week - (7 * COMPARED).days();
    let from = begin_of(first).map_err(Error::broken)?;
    let span = (from, begin_of(this_week).map_err(Error::broken)?);
    let mut grids: Vec<String> = tenures.keys().map(|(_, grid)| grid.clone()).collect();
    grids.sort();
    grids.dedup();
    let now = app.clock.now();
    let cases = app.store.cases_by_grid(&grids, span, now).await?;
    for chief in chiefs.values_mut() {
        let account = app.store.account(&chief.login).await?;
        chief.closed = account.is_none_or(|account| account.disabled_at.is_some());
        let patrols = app.store.patrols_of(&chief.login, from).await?;
        for patrol in &patrols {
            if patrol.at < span.1.as_millisecond() {
                let outside = patrol.inside == Some(false);
                chief.record.patrols_outside += u32::from(outside);
                chief.record.patrols_unplaced += u32::from(!outside && !patrol.counts());
            }
        }
        let own = tenures
            .iter()
            .filter(|((holder, _), _)| *holder == chief.login);
        for ((_, grid), tenures) in own {
            for (on, cases) in cases.get(grid).into_iter().flatten() {
                if tenures.iter().any(|tenure| tenure.span.holds(*on)) {
                    chief.record.add(cases);
                }
            }
            for week in weeks(&since(first, tenures), &days_in(&patrols, grid)?, day) {
                if week.over {
                    chief.record.patrols_done += week.done.min(week.due);
                    chief.record.patrols_due += week.due;
                } else if seen(grid) {
                    chief.week.0 += week.done;
                    chief.week.1 += week.due;
                }
            }
        }
    }
    let mut chiefs: Vec<Standing> = chiefs.into_values().collect();
    for chief in &mut chiefs {
        chief.grids.retain(|grid| seen(grid));
    }
    chiefs.sort_by(|one, other| {
        let idle = |chief: &Standing| chief.record.due() == 0;
        let by_share = || other.record.against(&one.record);
        (idle(one).cmp(&idle(other)))
            .then_with(by_share)
            .then_with(|| one.name.cmp(&other.name))
    });
    for at in 0..chiefs.len() {
        let before = at.checked_sub(1).map(|before| &chiefs[before]);
        let same = before.filter(|before| before.record.against(&chiefs[at].record).is_eq());
        let place = same.map_or(Some(at + 1), |before| before.place);
        chiefs[at].place = place.filter(|_| chiefs[at].record.due() > 0);
    }
    Ok(chiefs)
}

/// What is left of tenures from a day on.
pub(super) fn since(day: Date, tenures: &[Tenure]) -> Vec<Tenure> {
    let window = Span {
        from: day,
        to: None,
    };
    let left = tenures.iter().filter_map(|tenure| {
        Some(Tenure {
            span: tenure.span.common(window)?,
            ..tenure.clone()
        })
    });
    left.collect()
}

/// The days of the patrols in a grid that count.
pub(super) fn days_in(patrols: &[PatrolRow], grid: &str) -> Result<Vec<Date>> {
    let days = patrols
        .iter()
        .filter(|patrol| patrol.grid == grid && patrol.counts())
        .map(|patrol| {
            let at = crate::store::moment(patrol.at)?;
            Ok(day_of(at))
        });
    days.collect()
}

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    level: String,
    /// Code of a unit: chiefs with a grid in it or below it.
    unit: String,
    /// `xlsx` for the workbook.
    format: String,
}

/// A chief on the page.
#[derive(Debug, Serialize)]
struct Line {
    #[serde(flatten)]
    standing: Standing,
    /// Cases that are open in the grids.
    open: usize,
    percent: String,
}

#[derive(Serialize)]
struct ChiefsView {
    day: String,
    level: i64,
    unit: String,
    /// Chiefs of the level with a place.
    of: usize,
    /// Persons of the level without an account.
    without_account: usize,
    chiefs: Vec<Line>,
}

#[derive(Template)]
#[template(path = "grid/chiefs.html")]
struct ChiefsPage {
    page: Page,
    view: ChiefsView,
    /// Those that have chiefs.
    levels: BTreeSet<i64>,
    units: Vec<UnitRow>,
    /// Login and name of those who can take over.
    others: Vec<(String, String)>,
}

impl ChiefsPage {
    fn any_closed(&self) -> bool {
        self.view.chiefs.iter().any(|line| line.standing.closed)
    }
}

/// The chiefs of a level with a grid that the viewer sees, and their places among all of the level.
pub async fn list(
    State(app): State<App>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let day = app.clock.today();
    let seen = AskedGrids {
        day: day.to_string(),
        unit: asked.unit.trim().to_owned(),
        ..AskedGrids::default()
    };
    let seen = app.store.asked_grid_ids(&page.viewer, &seen).await?;
    // What a chief holds elsewhere is not for a unit, though it counts for the place.
    let own = match page.viewer.role {
        Role::Unit => {
            let all = AskedGrids {
                day: day.to_string(),
                ..AskedGrids::default()
            };
            Some(app.store.asked_grid_ids(&page.viewer, &all).await?)
        }
        _ => None,
    };
    let told = |grid: &str| own.as_ref().is_none_or(|own| own.contains(grid));
    let mut duties = app.store.duties_of_chiefs(day).await?;
    duties.retain(|duty| seen.contains(&duty.grid));
    let levels: BTreeSet<i64> = duties.iter().filter_map(|duty| duty.level).collect();
    let level = match asked.level.trim() {
        // Those on the street, of whom there are most.
        "" => levels.last().copied().unwrap_or(1),
        text => text
            .parse()
            .ok()
            .filter(|level| (1..=5).contains(level))
            .ok_or_else(|| Error::refused(Message::new("grid-not-a-level")))?,
    };
    let without = duties
        .iter()
        .filter(|duty| duty.level == Some(level) && duty.holder.is_empty());
    let without: BTreeSet<&str> = without.map(|duty| duty.name.as_str()).collect();
    let all = standings(&app, level, day, told).await?;
    let of = all.iter().filter(|chief| chief.place.is_some()).count();
    let shown: Vec<Standing> = all
        .into_iter()
        .filter(|chief| chief.grids.iter().any(|grid| seen.contains(grid)))
        .collect();
    let mut grids: Vec<String> = shown
        .iter()
        .flat_map(|chief| chief.grids.iter().cloned())
        .collect();
    grids.sort();
    grids.dedup();
    let mut open: HashMap<String, usize> = HashMap::new();
    for some in grids.chunks(500) {
        for case in app.store.open_cases_of_grids(some, app.clock.now()).await? {
            *open.entry(case.grid).or_default() += 1;
        }
    }
    let view = ChiefsView {
        day: day.to_string(),
        level,
        unit: asked.unit.trim().to_owned(),
        of,
        without_account: without.len(),
        chiefs: shown
            .into_iter()
            .map(|standing| Line {
                open: standing
                    .grids
                    .iter()
                    .filter_map(|grid| open.get(grid))
                    .sum(),
                percent: standing.record.percent(),
                standing,
            })
            .collect(),
    };
    if asked.format == "xlsx" {
        return book(&page, &view);
    }
    let units = app.store.units_in(month_of(day)).await?;
    let others = match page.may("POST", "/desk/chiefs") {
        true => accounts(&app).await?,
        false => Vec::new(),
    };
    html_or_json(&page.clone(), view, |view| ChiefsPage {
        page,
        view,
        levels,
        units,
        others,
    })
}

/// Login and name of every road chief who can sign in.
pub(super) async fn accounts(app: &App) -> Result<Vec<(String, String)>> {
    let accounts = app.store.accounts().await?.into_iter();
    let open = accounts.filter(|one| one.role == Role::Chief && one.disabled_at.is_none());
    Ok(open.map(|one| (one.login, one.name)).collect())
}

/// The form that hands a chief's duties over.
#[derive(Debug, Deserialize)]
pub struct HandOver {
    /// Login of who leaves.
    of: String,
    /// Login of who follows.
    to: String,
    /// As it stands in public.
    name: String,
    /// The first day of who follows.
    from: String,
    reason: String,
}

/// Gives whatever a chief holds on a day, and what they were to hold later, to somebody else from that day on; the days before
/// stay as they were.
pub async fn hand_over(
    State(app): State<App>,
    page: Page,
    Form(form): Form<HandOver>,
) -> Result<Redirect> {
    let refuse = |key| Error::refused(Message::new(key));
    let (of, to) = (form.of.trim(), form.to.trim());
    let (name, reason) = (form.name.trim(), form.reason.trim());
    let from = ground::day(&form.from).ok_or_else(|| refuse("grid-not-a-day"))?;
    if name.is_empty() {
        return Err(refuse("grid-chief-without-name"));
    }
    if reason.is_empty() {
        return Err(refuse("grid-no-reason"));
    }
    if of == to {
        return Err(refuse("chiefs-same-login"));
    }
    let account = app.store.account(to).await?;
    if let Some(fault) = ground::duties::not_a_chief(to, account.as_ref(), None) {
        return Err(Error::refused(fault));
    }
    let held = app.store.duties_of_chief(of, from).await?;
    let later = app.store.duties_of_chief_after(of, from).await?;
    if held.is_empty() && later.is_empty() {
        return Err(refuse("chiefs-nothing-held"));
    }
    let last = from.yesterday().map_err(|_| refuse("grid-not-a-day"))?;
    let mut duties = Vec::new();
    for old in held.into_iter().chain(later) {
        // Somebody who began this very day has held nothing before.
        if old.valid_from < from.to_string() {
            duties.push(DutyRow {
                valid_to: Some(last.to_string()),
                ..old.clone()
            });
        }
        duties.push(DutyRow {
            valid_from: old.valid_from.clone().max(from.to_string()),
            holder: to.to_owned(),
            name: name.to_owned(),
            ..old
        });
    }
    let (now, who) = (app.clock.now(), &page.viewer.login);
    app.store
        .set_grids(now, who, reason, Vec::new(), duties, None)
        .await?;
    Ok(Redirect::to("/desk/chiefs"))
}

fn book(page: &Page, view: &ChiefsView) -> Result<Response> {
    let columns = [
        ("chiefs-place", 8, false),
        ("chiefs-name", 14, true),
        ("chiefs-login", 14, true),
        ("chiefs-grids", 8, false),
        ("chiefs-week-done", 10, false),
        ("chiefs-week-due", 10, false),
        ("chiefs-patrols-done", 10, false),
        ("chiefs-patrols-due", 10, false),
        ("chiefs-outside", 10, false),
        ("chiefs-unplaced", 10, false),
        ("chiefs-open", 10, false),
        ("chiefs-in-time", 10, false),
        ("chiefs-handled", 10, false),
        ("chiefs-overdue", 10, false),
        ("chiefs-relapsed", 10, false),
        ("chiefs-share", 10, false),
    ];
    let mut table = Table::new(page.language, &columns);
    for Line {
        standing,
        open,
        percent,
    } in &view.chiefs
    {
        let Record {
            patrols_due,
            patrols_done,
            patrols_outside,
            patrols_unplaced,
            cases,
        } = standing.record;
        table.rows.push(vec![
            match standing.place {
                Some(place) => Cell::plain(place),
                None => Cell::text("—"),
            },
            Cell::text(&standing.name),
            Cell::text(&standing.login),
            Cell::plain(standing.grids.len()),
            Cell::plain(standing.week.0),
            Cell::plain(standing.week.1),
            Cell::plain(patrols_done),
            Cell::plain(patrols_due),
            Cell::plain(patrols_outside),
            Cell::plain(patrols_unplaced),
            Cell::plain(open),
            Cell::plain(cases.in_time),
            Cell::plain(cases.handled),
            Cell::plain(cases.overdue),
            Cell::plain(cases.relapsed),
            match standing.place {
                Some(_) => Cell::percent(percent),
                None => Cell::text("—"),
            },
        ]);
    }
    let title = page.t2("chiefs-of", "level", view.level, "day", view.day.clone());
    let name = format!("chiefs-{}-{}", view.level, view.day);
    workbook(page, "chiefs-title", &title, &table, &view.day, &name)
}
