//! Grids on the desk: list and map of one question, one grid with its duties over time, drawing, files.

use askama::Template;
use assessment::grid::{Duty, Thing, faults};
use assessment::message::Message;
use assessment::place::Point;
use axum::extract::{Form, Multipart, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::App;
use super::answer::{html, html_or_json};
use super::called::People;
use super::error::{Error, Result, in_query};
use super::page::Page;
use super::public::part::Island;
use crate::datum::Datum;
use crate::evidence::file::Handed;
use crate::ground::fit::Misfit;
use crate::ground::import::{self, Consent, Options, Preview};
use crate::ground::{Drawing, Named, day, duties, last_day, month_of, read};
use crate::store::act::Act;
use crate::store::grid::{Asked, DutyRow, GridDeed, GridRow, Located, PatrolRow, Seen};
use crate::store::unit::UnitRow;

/// The largest upload, the limit of files with room for the form around them.
pub const LARGEST: usize = (200 << 20) + (1 << 20);
/// Grids on a page of the list.
const SHOWN: i64 = 50;
/// More grids than this are not drawn: the page says so.
const DRAWN: i64 = 3000;
/// Outlines of this many bytes together are not put into a page.
const DRAWN_BYTES: usize = 4 << 20;

/// What is asked for: the same for list, count, map and JSON.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Question {
    /// Part of a name or an id.
    q: String,
    kind: String,
    /// Code of a unit: grids in it and below it.
    unit: String,
    /// `yes`: only grids with a duty that nobody holds.
    gaps: String,
    /// As they were on this day; today without one.
    day: String,
    page: Option<i64>,
    /// `geojson`: the drawings instead of the list.
    #[serde(rename = "as")]
    form: String,
}

impl Question {
    fn day(&self, app: &App) -> Result<Date> {
        match self.day.trim() {
            "" => Ok(app.clock.today()),
            text => day(text).ok_or_else(|| refuse("grid-not-a-day")),
        }
    }

    fn asked(&self, day: Date) -> Asked {
        Asked {
            day: day.to_string(),
            kind: self.kind.trim().to_owned(),
            unit: self.unit.trim().to_owned(),
            text: self.q.trim().to_owned(),
            gaps: self.gaps == "yes",
        }
    }

    /// The address of the same question with something else at its end.
    fn url(&self, more: &str) -> String {
        let pairs = [
            ("q", &self.q),
            ("kind", &self.kind),
            ("unit", &self.unit),
            ("gaps", &self.gaps),
            ("day", &self.day),
        ];
        let mut url = "/desk/grids?".to_owned();
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            url += &format!("{name}={}&", in_query(value));
        }
        url + more
    }
}

fn refuse(key: &'static str) -> Error {
    Error::refused(Message::new(key))
}

/// One line of the list.
#[derive(Debug, Serialize)]
struct Line {
    id: String,
    name: String,
    kind: String,
    unit: String,
    unit_name: String,
    size: i64,
    synthetic: bool,
    /// Who holds the four duties for the whole grid, in their order.
    holders: [Option<String>; 4],
}

#[derive(Serialize)]
struct ListView {
    day: String,
    count: i64,
    grids: Vec<Line>,
    #[serde(skip)]
    question: Question,
    #[serde(skip)]
    pages: i64,
}

#[derive(Template)]
#[template(path = "grid/list.html")]
struct ListPage {
    page: Page,
    view: ListView,
    map: Option<Island>,
    units: Vec<UnitRow>,
}

/// The grids that are asked for: as a page, as JSON, or their drawings as GeoJSON.
pub async fn list(
    State(app): State<App>,
    page: Page,
    Query(question): Query<Question>,
) -> Result<Response> {
    let day = question.day(&app)?;
    let asked = question.asked(day);
    if question.form == "geojson" {
        let (grids, _) = app
            .store
            .asked_grids(&page.viewer, &asked, DRAWN, 0)
            .await?;
        let text = collection(&page, &grids);
        return Ok(([(header::CONTENT_TYPE, "application/geo+json")], text).into_response());
    }
    let number = question.page.unwrap_or(1).clamp(1, 1 << 40);
    let (grids, count) = app
        .store
        .asked_grids(&page.viewer, &asked, SHOWN, (number - 1) * SHOWN)
        .await?;
    let units = app.store.units_in(month_of(day)).await?;
    let mut lines = Vec::new();
    for grid in grids {
        let held = app.store.duties_on(&grid.id, day).await?;
        let holder = |duty: Duty| {
            let whole = |row: &&DutyRow| row.part.is_empty() && row.duty == duty.word();
            held.iter().find(whole).map(|row| row.name.clone())
        };
        lines.push(Line {
            holders: Duty::ALL.map(holder),
            unit_name: name_of(&units, &grid.unit),
            id: grid.id,
            name: grid.name,
            kind: grid.kind,
            unit: grid.unit,
            size: grid.size,
            synthetic: grid.synthetic,
        });
    }
    let map = (count > 0).then(|| {
        let caption = match count > DRAWN {
            true => page.t1("grid-map-part", "count", DRAWN),
            false => page.t("grid-map-caption"),
        };
        let data = map_data(&page, json!({ "url": question.url("as=geojson") }));
        Island::new(&page, "grids", &data, caption)
    });
    let view = ListView {
        day: day.to_string(),
        count,
        grids: lines,
        pages: (count + SHOWN - 1) / SHOWN,
        question: Question {
            page: Some(number),
            ..question
        },
    };
    html_or_json(&page.clone(), view, |view| ListPage {
        page,
        view,
        map,
        units,
    })
}

fn name_of(units: &[UnitRow], code: &str) -> String {
    units
        .iter()
        .find(|unit| unit.code == code)
        .map_or_else(|| code.to_owned(), |unit| unit.name.clone())
}

/// Whole square metres of an area or metres of a street, with separated thousands.
fn sized(kind: &str, size: impl std::borrow::Borrow<i64>) -> String {
    let digits = size.borrow().to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    let unit = if kind == "street" { "m" } else { "m²" };
    format!("{} {unit}", groups.join(","))
}

/// Grids as GeoJSON: `id`, `code`, `title`, `detail`, `href`, `kind`, `synthetic`.
pub fn collection(page: &Page, grids: &[GridRow]) -> String {
    let feature = |grid: &GridRow| {
        let properties = json!({
            "id": grid.id,
            "title": grid.name,
            "detail": format!("{} · {}", grid.id, page.t(&format!("grid-kind-{}", grid.kind))),
            "href": format!("/desk/grids/{}", grid.id),
            "kind": grid.kind,
            "synthetic": grid.synthetic,
        });
        format!(
            "{{\"type\":\"Feature\",\"properties\":{properties},\"geometry\":{}}}",
            grid.geometry
        )
    };
    let features: Vec<_> = grids.iter().map(feature).collect();
    format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[{}]}}",
        features.join(",")
    )
}

/// What every map of grids needs to know besides what it draws; see `GridData` in `frontend/src/grids.ts`.
pub fn map_data(page: &Page, mut data: Value) -> Value {
    let settings = page.host.as_ref().map(|host| &host.settings);
    data["title"] = page.t("grids-title").into();
    data["outlines"] = "/boundaries.geojson".into();
    data["credit"] = page.t("public-map-credit").into();
    if let Some(url) = settings.and_then(|settings| settings.tile_source.as_ref()) {
        data["tiles"] = url.as_str().into();
    }
    if let Some(review) = settings.and_then(|settings| settings.map_review_number.as_ref()) {
        data["review"] = review.as_str().into();
    }
    let words = [
        ("open", "public-open"),
        ("zoomIn", "public-map-zoom-in"),
        ("zoomOut", "public-map-zoom-out"),
        ("wheelHelp", "public-map-wheel"),
        ("touchHelp", "public-map-touch"),
        ("vertex", "grid-edit-vertex"),
        ("middle", "grid-edit-middle"),
        ("undo", "grid-edit-undo"),
        ("redo", "grid-edit-redo"),
        ("begin", "grid-edit-begin"),
        ("area", "grid-kind-area"),
        ("street", "grid-kind-street"),
        ("help", "grid-edit-help"),
        ("state", "grid-edit-state"),
        ("broken", "grid-edit-broken"),
    ];
    let words: serde_json::Map<String, Value> = words
        .into_iter()
        .map(|(name, key)| (name.to_owned(), page.t(key).into()))
        .collect();
    data["words"] = words.into();
    data
}

/// A span of a grid, a duty, an act, as the page of one grid shows them.
#[derive(Serialize)]
struct OneView {
    id: String,
    day: String,
    /// The span of the day, or the last one.
    grid: GridRow,
    unit_name: String,
    spans: Vec<GridRow>,
    duties: Vec<DutyLine>,
    faults: Vec<String>,
    patrols: Vec<PatrolLine>,
    #[serde(skip)]
    history: Vec<Told>,
    /// Where it overlaps another, or leaves a gap; for those who can draw it anew.
    #[serde(skip)]
    misfits: Vec<MisfitLine>,
}

#[derive(Serialize)]
struct DutyLine {
    #[serde(flatten)]
    row: DutyRow,
    /// It is held on the day.
    held: bool,
}

impl DutyLine {
    /// What holds it, of which level, and for which things.
    fn holder(&self, page: &Page) -> String {
        let mut holder = page.t(&format!("grid-holder-{}", self.row.holder_kind));
        if let Some(level) = self.row.level {
            holder = format!("{holder} {}", page.t1("grid-level-n", "level", level));
        }
        let words = self.row.things.split_whitespace();
        let words: Vec<_> = words
            .map(|word| page.t(&format!("grid-thing-{word}")))
            .collect();
        match words.is_empty() {
            true => holder,
            false => page.colon(holder, words.join(&page.t("explain-list-mark"))),
        }
    }
}

#[derive(Serialize)]
struct PatrolLine {
    at: String,
    chief: String,
    inside: Option<bool>,
    note: String,
}

struct Told {
    at: String,
    who: String,
    what: String,
    reason: String,
}

impl Told {
    fn of(page: &Page, act: &Act, people: &People) -> Option<Self> {
        let (what, reason) = match act.deed::<GridDeed>().ok()? {
            GridDeed::Drawn { grid, reason } => {
                let days = page.span(&grid.valid_from, &grid.valid_to);
                (
                    page.t2("grid-told-drawn", "name", grid.name, "days", days),
                    reason,
                )
            }
            GridDeed::Assigned { duty, reason } => {
                let days = page.span(&duty.valid_from, &duty.valid_to);
                let word = page.t(&format!("grid-duty-{}", duty.duty));
                (
                    page.language.say(
                        "grid-told-assigned",
                        [
                            ("duty", word.into()),
                            ("name", duty.name.into()),
                            ("days", days.into()),
                        ],
                    ),
                    reason,
                )
            }
        };
        Some(Self {
            at: page.moment(&act.at),
            who: people.name(&act.who).to_owned(),
            what,
            reason,
        })
    }
}

#[derive(Template)]
#[template(path = "grid/one.html")]
struct OnePage {
    page: Page,
    view: OneView,
    people: People,
    map: Island,
    /// The form of a duty as it was given, and why it was not taken.
    given: Given,
    /// The number of the grid's last act: whoever gives a duty has seen this far.
    seen: i64,
    fault: Option<String>,
    units: Vec<UnitRow>,
    /// Login and name of the chiefs to whom a duty may be given.
    chiefs: Vec<(String, String)>,
}

/// Which day of a grid is asked for.
#[derive(Default, Deserialize)]
pub struct OnDay {
    #[serde(default)]
    day: String,
}

/// One grid: its drawing, its duties over time, its history.
pub async fn one(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Query(on): Query<OnDay>,
) -> Result<Response> {
    let day = match on.day.trim() {
        "" => app.clock.today(),
        text => crate::ground::day(text).ok_or_else(|| refuse("grid-not-a-day"))?,
    };
    shown(&app, page, &id, day, None).await
}

async fn shown(
    app: &App,
    page: Page,
    id: &str,
    day: Date,
    refused: Option<(Given, String)>,
) -> Result<Response> {
    let text = day.to_string();
    let holds = |grid: &&GridRow| {
        grid.valid_from <= text && grid.valid_to.as_ref().is_none_or(|to| *to >= text)
    };
    let today = app.clock.today();
    let mut spans = app.store.grid_seen(&page.viewer, id, today).await?;
    // To whoever has it no more, it is what it was on a day on which they had it.
    let lost = spans.is_empty();
    if lost {
        spans = app.store.grid_seen(&page.viewer, id, day).await?;
        spans.retain(|grid| holds(&grid));
    }
    let grid = spans
        .iter()
        .find(holds)
        .or(spans.first())
        .ok_or_else(|| Error::missing(Message::new("grid-not-found")))?
        .clone();
    let rows = match lost {
        true => app.store.duties_on(id, day).await?,
        false => app.store.duties_of(id).await?,
    };
    let tenures = rows
        .iter()
        .map(DutyRow::tenure)
        .collect::<crate::store::Result<Vec<_>>>()?;
    let whole = spans
        .iter()
        .map(GridRow::span)
        .collect::<crate::store::Result<Vec<_>>>()?;
    let whole = whole
        .into_iter()
        .reduce(|one, other| assessment::grid::Span {
            from: one.from.min(other.from),
            to: one.to.zip(other.to).map(|(one, other)| one.max(other)),
        });
    let faults = match (whole, grid.kind.as_str()) {
        (Some(span), "area" | "street") if !lost => faults(span, &tenures),
        _ => Vec::new(),
    };
    let mut said: Vec<String> = faults
        .iter()
        .map(|fault| import::say(id, &rows, fault).say(page.language))
        .collect();
    if !lost {
        said.extend(closed_holders(app, &page, &rows, today).await?);
    }
    let mut duties: Vec<DutyLine> = rows
        .iter()
        .zip(&tenures)
        .map(|(row, tenure)| DutyLine {
            held: tenure.span.holds(day),
            row: row.clone(),
        })
        .collect();
    duties.sort_by_key(|line| {
        let row = &line.row;
        (
            !line.held,
            Duty::of(&row.duty),
            row.part.clone(),
            std::cmp::Reverse(row.valid_from.clone()),
        )
    });
    let acts = match lost {
        true => Vec::new(),
        false => app.store.acts_of("grid", id).await?,
    };
    let patrol = |patrol: PatrolRow| {
        Ok(PatrolLine {
            at: page.moment(&crate::store::moment(patrol.at)?),
            chief: patrol.chief,
            inside: patrol.inside,
            note: patrol.note,
        })
    };
    let patrols = match lost {
        true => Vec::new(),
        false => app.store.patrols_in(id, 12).await?,
    };
    let patrols = patrols
        .into_iter()
        .map(patrol)
        .collect::<crate::store::Result<Vec<_>>>()?;
    let logins = acts.iter().map(|act| act.who.as_str());
    let logins = logins.chain(patrols.iter().map(|patrol| patrol.chief.as_str()));
    let people = People::of(app, &page, logins).await?;
    let units = app.store.units_in(month_of(day)).await?;
    let chiefs = match page.may("POST", "/desk/grids/{id}/duties") {
        true => super::chiefs::accounts(app).await?,
        false => Vec::new(),
    };
    let misfits = match page.may("POST", "/desk/grids/{id}") {
        true => import::misfits_of(&app.store, &grid, day).await?,
        false => Vec::new(),
    };
    let mut data = json!({ "features": Value::Null, "url": Value::Null, "misfits": misfit_features(&page, &misfits) });
    let features = collection(&page, std::slice::from_ref(&grid));
    data["features"] = serde_json::from_str(&features).map_err(Error::broken)?;
    let map = Island::new(
        &page,
        "grids",
        &map_data(&page, data),
        page.t("grid-one-caption"),
    );
    let status = match refused {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let (given, fault) = match refused {
        Some((given, fault)) => (given, Some(fault)),
        None => (Given::from_day(&text), None),
    };
    let view = OneView {
        id: id.to_owned(),
        day: text,
        unit_name: name_of(&units, &grid.unit),
        history: acts
            .iter()
            .rev()
            .filter_map(|act| Told::of(&page, act, &people))
            .collect(),
        faults: said,
        misfits: MisfitLine::of(&page, &misfits),
        grid,
        spans,
        duties,
        patrols,
    };
    let answer = html_or_json(&page.clone(), view, |view| OnePage {
        page,
        view,
        people,
        map,
        given,
        seen: acts.last().map_or(0, |act| act.seq),
        fault,
        units,
        chiefs,
    })?;
    Ok((status, answer).into_response())
}

/// A word about each duty that is held on a day by an account that is closed, or a unit that has ended: nobody does it.
async fn closed_holders(
    app: &App,
    page: &Page,
    rows: &[DutyRow],
    day: Date,
) -> Result<Vec<String>> {
    let mut said = Vec::new();
    let units = app.store.units_in(month_of(day)).await?;
    for row in rows {
        if row.holder.is_empty() || !row.tenure()?.span.holds(day) {
            continue;
        }
        let gone = match row.holder_kind.as_str() {
            "unit" => {
                (!units.iter().any(|unit| unit.code == row.holder)).then_some("grid-holder-ended")
            }
            _ => {
                let account = app.store.account(&row.holder).await?;
                let closed = account.is_none_or(|account| account.disabled_at.is_some());
                closed.then_some("grid-holder-closed")
            }
        };
        if let Some(key) = gone {
            let duty = page.t(&format!("grid-duty-{}", row.duty));
            said.push(page.t2(key, "duty", duty, "name", row.name.clone()));
        }
    }
    Ok(said)
}

/// The form of a drawing; it is shown again as it was.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Said {
    id: String,
    name: String,
    unit: String,
    cell: String,
    /// From this day on it is drawn so.
    from: String,
    to: String,
    geometry: String,
    reason: String,
    /// The number of the grid's last act that whoever sends it had seen; a program may leave it away.
    seen: String,
}

/// What a form says that its sender had seen of a grid.
fn seen_of(id: &str, text: &str) -> Result<Option<Seen>> {
    match text.trim() {
        "" => Ok(None),
        text => match text.parse() {
            Ok(act) => Ok(Some(Seen::Grid(id.to_owned(), act))),
            Err(_) => Err(refuse("grid-moved-on")),
        },
    }
}

impl Said {
    fn of(grid: &GridRow, day: Date, last_act: i64) -> Self {
        Self {
            id: grid.id.clone(),
            name: grid.name.clone(),
            unit: grid.unit.clone(),
            cell: grid.cell.clone().unwrap_or_default(),
            from: day.to_string(),
            to: grid.valid_to.clone().unwrap_or_default(),
            geometry: grid.geometry.clone(),
            reason: String::new(),
            seen: last_act.to_string(),
        }
    }

    /// The row of a grid.
    async fn row(&self, app: &App, old: Option<&GridRow>) -> Result<GridRow> {
        let text = |text: &str| text.trim().to_owned();
        let id = match old {
            Some(old) => old.id.clone(),
            None => text(&self.id),
        };
        if !read::is_id(&id) {
            return Err(refuse(if id.is_empty() {
                "grid-no-id"
            } else {
                "grid-bad-id"
            }));
        }
        if text(&self.name).is_empty() {
            return Err(refuse("grid-no-name"));
        }
        if text(&self.reason).is_empty() {
            return Err(refuse("grid-no-reason"));
        }
        let day = |text: &str| crate::ground::day(text).ok_or_else(|| refuse("grid-not-a-day"));
        let from = day(&self.from)?;
        let to = last_day(match self.to.trim() {
            "" => None,
            text => Some(day(text)?),
        });
        if to.is_some_and(|to| to < from) {
            return Err(Error::refused(
                Message::new("evidence-before").with("column", "from"),
            ));
        }
        let unit = text(&self.unit);
        let units = app.store.units_in(month_of(from)).await?;
        if !units.iter().any(|known| known.code == unit) {
            return Err(refuse("grid-unknown-unit"));
        }
        let drawing = read::drawing(&self.geometry).map_err(Error::refused)?;
        let cell = Some(text(&self.cell)).filter(|cell| !cell.is_empty());
        if let Some(cell) = &cell {
            let code: assessment::grid::CellCode =
                cell.parse().map_err(|_| refuse("grid-cell-not-15"))?;
            if !code.lies_in(&unit) {
                return Err(refuse("grid-cell-elsewhere"));
            }
        }
        let kind = match (&drawing, &cell) {
            (Drawing::Street(_), Some(_)) => return Err(refuse("grid-cell-is-a-line")),
            (Drawing::Street(_), None) => "street",
            (Drawing::Area(_), Some(_)) => "cell",
            (Drawing::Area(_), None) => "area",
        };
        Ok(GridRow {
            id,
            valid_from: from.to_string(),
            valid_to: to.map(|to| to.to_string()),
            name: text(&self.name),
            unit,
            kind: kind.to_owned(),
            cell,
            geometry: drawing.text(),
            size: drawing.size(),
            synthetic: old.is_some_and(|old| old.synthetic),
            source: old.map(|old| old.source.clone()).unwrap_or_default(),
        })
    }
}

#[derive(Template)]
#[template(path = "grid/new.html")]
struct NewPage {
    page: Page,
    said: Said,
    fault: Option<String>,
    units: Vec<UnitRow>,
    map: Island,
}

async fn new_answer(app: &App, page: Page, said: Said, fault: Option<String>) -> Result<Response> {
    let units = app.store.units_in(month_of(app.clock.today())).await?;
    let data = map_data(
        &page,
        json!({ "url": "/desk/grids?kind=area&as=geojson", "edit": "geometry" }),
    );
    let map = Island::new(&page, "grids", &data, page.t("grid-edit-caption"));
    let status = match fault {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let answer = html(&NewPage {
        page,
        said,
        fault,
        units,
        map,
    })?;
    Ok((status, answer).into_response())
}

/// The page to draw a new grid.
pub async fn new_page(State(app): State<App>, page: Page) -> Result<Response> {
    let said = Said {
        from: app.clock.today().to_string(),
        ..Said::default()
    };
    new_answer(&app, page, said, None).await
}

/// Draws a new grid.
pub async fn draw(State(app): State<App>, page: Page, Form(said): Form<Said>) -> Result<Response> {
    match drawn(&app, &page, &said).await {
        Ok(id) => Ok(Redirect::to(&format!("/desk/grids/{}", in_query(&id))).into_response()),
        Err(error) if error.is_refusal() && !page.machine => {
            let fault = Some(page.language.message(error.message()));
            new_answer(&app, page, said, fault).await
        }
        Err(error) => Err(error),
    }
}

async fn drawn(app: &App, page: &Page, said: &Said) -> Result<String> {
    let row = said.row(app, None).await?;
    let id = row.id.clone();
    if app.store.grids().await?.iter().any(|grid| grid.id == id) {
        return Err(Error::refused(Message::new("grid-id-taken").with("id", id)));
    }
    let (now, who) = (app.clock.now(), &page.viewer.login);
    let seen = Some(Seen::Grid(id.clone(), 0));
    app.store
        .set_grids(now, who, said.reason.trim(), vec![row], Vec::new(), seen)
        .await?;
    Ok(id)
}

#[derive(Template)]
#[template(path = "grid/edit.html")]
struct EditPage {
    page: Page,
    id: String,
    said: Said,
    fault: Option<String>,
    units: Vec<UnitRow>,
    map: Island,
}

async fn edit_answer(
    app: &App,
    page: Page,
    id: &str,
    said: Option<Said>,
    fault: Option<String>,
) -> Result<Response> {
    let day = app.clock.today();
    let spans = app.store.grid_seen(&page.viewer, id, day).await?;
    let newest = spans
        .first()
        .ok_or_else(|| Error::missing(Message::new("grid-not-found")))?;
    let said = match said {
        Some(said) => said,
        None => {
            let acts = app.store.acts_of("grid", id).await?;
            Said::of(newest, day, acts.last().map_or(0, |act| act.seq))
        }
    };
    let url = format!(
        "/desk/grids?kind=area&unit={}&as=geojson",
        in_query(&newest.unit)
    );
    let data = map_data(
        &page,
        json!({ "url": url, "edit": "geometry", "without": id }),
    );
    let map = Island::new(&page, "grids", &data, page.t("grid-edit-caption"));
    let status = match fault {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let answer = html(&EditPage {
        units: app.store.units_in(month_of(day)).await?,
        page,
        id: id.to_owned(),
        said,
        fault,
        map,
    })?;
    Ok((status, answer).into_response())
}

/// The page to draw a grid anew.
pub async fn edit_page(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response> {
    edit_answer(&app, page, &id, None, None).await
}

/// Draws a grid anew from a day on; before that day it stays as it was.
pub async fn change(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Form(said): Form<Said>,
) -> Result<Response> {
    match changed(&app, &page, &id, &said).await {
        Ok(()) => Ok(Redirect::to(&format!("/desk/grids/{}", in_query(&id))).into_response()),
        Err(error) if error.is_refusal() && !page.machine => {
            let fault = Some(page.language.message(error.message()));
            edit_answer(&app, page, &id, Some(said), fault).await
        }
        Err(error) => Err(error),
    }
}

async fn changed(app: &App, page: &Page, id: &str, said: &Said) -> Result<()> {
    let spans = app
        .store
        .grid_seen(&page.viewer, id, app.clock.today())
        .await?;
    let newest = spans
        .first()
        .ok_or_else(|| Error::missing(Message::new("grid-not-found")))?;
    let seen = seen_of(id, &said.seen)?;
    let row = said.row(app, Some(newest)).await?;
    if row.valid_from < newest.valid_from {
        return Err(Error::refused(
            Message::new("grid-before-what-is-kept").with("day", newest.valid_from.as_str()),
        ));
    }
    let (now, who) = (app.clock.now(), &page.viewer.login);
    app.store
        .set_grids(now, who, said.reason.trim(), vec![row], Vec::new(), seen)
        .await?;
    Ok(())
}

/// The form of a duty; it is shown again as it was.
#[derive(Default)]
struct Given {
    duty: String,
    part: String,
    kind: String,
    holder: String,
    name: String,
    level: String,
    things: Vec<String>,
    patrols: String,
    from: String,
    to: String,
    reason: String,
    seen: String,
}

/// Gives a duty of a grid to somebody from a day on.
pub async fn assign(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    // Checkboxes of one name come more than once.
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let given = Given::of(&pairs);
    match assigned(&app, &page, &id, &given).await {
        Ok(()) => Ok(Redirect::to(&format!("/desk/grids/{}", in_query(&id))).into_response()),
        Err(error) if error.is_refusal() && !page.machine => {
            let fault = page.language.message(error.message());
            let day = app.clock.today();
            shown(&app, page, &id, day, Some((given, fault))).await
        }
        Err(error) => Err(error),
    }
}

impl Given {
    /// What the form says before anybody filled it in.
    fn from_day(day: &str) -> Self {
        Self {
            patrols: "0".into(),
            from: day.to_owned(),
            ..Self::default()
        }
    }

    fn is_level(&self, level: &i32) -> bool {
        self.level == level.to_string()
    }

    fn has(&self, thing: &str) -> bool {
        self.things.iter().any(|given| given == thing)
    }

    fn of(pairs: &[(String, String)]) -> Self {
        let text = |name: &str| {
            let found = pairs.iter().find(|(key, _)| key == name);
            found
                .map(|(_, value)| value.trim().to_owned())
                .unwrap_or_default()
        };
        Self {
            duty: text("duty"),
            part: text("part"),
            kind: text("kind"),
            holder: text("holder"),
            name: text("name"),
            level: text("level"),
            things: pairs
                .iter()
                .filter(|(key, _)| key == "things")
                .map(|(_, value)| value.clone())
                .collect(),
            patrols: text("patrols"),
            from: text("from"),
            to: text("to"),
            reason: text("reason"),
            seen: text("seen"),
        }
    }
}

async fn assigned(app: &App, page: &Page, id: &str, given: &Given) -> Result<()> {
    let day = app.clock.today();
    let spans = app.store.grid_seen(&page.viewer, id, day).await?;
    let grid = spans
        .first()
        .ok_or_else(|| Error::missing(Message::new("grid-not-found")))?;
    if grid.kind == "cell" {
        return Err(refuse("grid-cell-has-no-duties"));
    }
    if given.reason.is_empty() {
        return Err(refuse("grid-no-reason"));
    }
    let things = given.things.join(" ");
    let cell = |column: &'static str| {
        let text = match column {
            "grid" => id,
            "duty" => &given.duty,
            "part" => &given.part,
            "kind" => &given.kind,
            "holder" => &given.holder,
            "name" => &given.name,
            "level" => &given.level,
            "things" => &things,
            "patrols" => &given.patrols,
            "from" => &given.from,
            _ => &given.to,
        };
        Some(text.to_owned()).filter(|text| !text.is_empty())
    };
    let mut duty = duties::duty(&cell, day).map_err(|(_, message)| Error::refused(message))?;
    match duty.holder_kind.as_str() {
        "unit" => {
            let from: Date = duty
                .valid_from
                .parse()
                .map_err(|_| refuse("grid-not-a-day"))?;
            let units = app.store.units_in(month_of(from)).await?;
            let unit = units.iter().find(|unit| unit.code == duty.holder);
            duty.name = unit
                .ok_or_else(|| refuse("grid-unknown-unit"))?
                .name
                .clone();
        }
        "chief" if !duty.holder.is_empty() => {
            let account = app.store.account(&duty.holder).await?;
            let to = duty.tenure()?.span.to;
            if let Some(fault) = duties::not_a_chief(&duty.holder, account.as_ref(), to) {
                return Err(Error::refused(fault));
            }
        }
        _ => {}
    }
    let seen = seen_of(id, &given.seen)?;
    let (now, who) = (app.clock.now(), &page.viewer.login);
    app.store
        .set_grids(now, who, &given.reason, Vec::new(), vec![duty], seen)
        .await?;
    Ok(())
}

/// What files wait for, in the store, between their preview and the taking.
const PURPOSE: &str = "grids";

/// What the form of files says; it is shown again as it was.
#[derive(Default)]
struct Handing {
    /// Names the files of the last preview, which wait.
    token: String,
    /// What they are called.
    names: Vec<String>,
    datum: String,
    from: String,
    reason: String,
    rest: bool,
    misfits: bool,
    changes: bool,
    take: bool,
    seen: String,
}

/// What a preview shows.
struct Look {
    counts: Vec<(String, usize, usize, usize)>,
    changes: Vec<String>,
    faults: Vec<String>,
    warnings: Vec<String>,
    misfits: Vec<MisfitLine>,
    fingerprint: String,
    brings_something: bool,
    taken: bool,
    missing: Option<String>,
    map: Option<Island>,
}

struct MisfitLine {
    kind: String,
    between: String,
    square_metres: i64,
    at: String,
}

/// More lines than this are counted, not shown.
const LINES: usize = 200;

impl MisfitLine {
    fn of(page: &Page, misfits: &[Misfit]) -> Vec<Self> {
        let line = |misfit: &Misfit| Self {
            kind: page.t(&format!("grid-misfit-{}", misfit.kind.word())),
            between: misfit
                .between
                .iter()
                .map(|(id, name)| page.with(name, id))
                .collect::<Vec<_>>()
                .join(&page.t("explain-list-mark")),
            square_metres: misfit.square_metres,
            at: misfit.at.texts().join(", "),
        };
        misfits.iter().take(LINES).map(line).collect()
    }
}

/// Misfits for the map.
fn misfit_features(page: &Page, misfits: &[Misfit]) -> Value {
    let feature = |misfit: &Misfit| {
        let geometry = Drawing::Area(misfit.shape.clone()).text();
        json!({
            "type": "Feature",
            "properties": {
                "title": page.t(&format!("grid-misfit-{}", misfit.kind.word())),
                "detail": sized("area", misfit.square_metres),
            },
            "geometry": serde_json::from_str::<Value>(&geometry).unwrap_or_default(),
        })
    };
    let features: Vec<Value> = misfits.iter().take(LINES).map(feature).collect();
    json!({ "type": "FeatureCollection", "features": features })
}

impl Look {
    fn of(page: &Page, preview: &Preview, consent: &Consent, taken: bool) -> Self {
        let say = |fault: bool| {
            let faults = preview
                .faults
                .iter()
                .filter(move |one| one.is_fault() == fault);
            faults
                .take(LINES)
                .map(|one| one.say(page.language))
                .collect()
        };
        Self {
            counts: preview
                .counts
                .iter()
                .filter(|(_, new, changed, same)| new + changed + same > 0)
                .map(|(kind, new, changed, same)| {
                    (page.t(&format!("grid-count-{kind}")), *new, *changed, *same)
                })
                .collect(),
            changes: preview.changes.iter().take(LINES).cloned().collect(),
            faults: say(true),
            warnings: say(false),
            misfits: MisfitLine::of(page, &preview.misfits),
            fingerprint: preview.fingerprint.clone(),
            brings_something: preview.brings_something(),
            missing: preview
                .missing(consent)
                .filter(|_| !taken)
                .map(|message| page.language.message(&message)),
            map: drawn_preview(page, preview),
            taken,
        }
    }
}

/// The grids and what does not fit, on a map; nothing if it would be too much for a page.
fn drawn_preview(page: &Page, preview: &Preview) -> Option<Island> {
    let bytes: usize = preview.grids.iter().map(|grid| grid.geometry.len()).sum();
    if preview.grids.is_empty() || bytes > DRAWN_BYTES || preview.grids.len() as i64 > DRAWN {
        return None;
    }
    let features: Value = serde_json::from_str(&collection(page, &preview.grids)).ok()?;
    let data = json!({
        "features": features,
        "misfits": misfit_features(page, &preview.misfits),
    });
    Some(Island::new(
        page,
        "grids",
        &map_data(page, data),
        page.t("grid-preview-caption"),
    ))
}

#[derive(Template)]
#[template(path = "grid/import.html")]
struct ImportPage {
    page: Page,
    said: Handing,
    look: Option<Look>,
}

impl ImportPage {
    /// Files were looked at, and wait to be taken.
    fn waits(&self) -> bool {
        self.look.as_ref().is_some_and(|look| !look.taken)
    }
}

/// The form of files.
pub async fn import_page(State(app): State<App>, page: Page) -> Result<Response> {
    let said = Handing {
        datum: "WGS84".into(),
        from: app.clock.today().to_string(),
        ..Handing::default()
    };
    html(&ImportPage {
        page,
        said,
        look: None,
    })
}

/// Looks at files of grids and duties, or takes them.
pub async fn hand_in(State(app): State<App>, page: Page, mut form: Multipart) -> Result<Response> {
    let mut said = Handing::default();
    let mut files = Vec::new();
    while let Some(field) = form.next_field().await? {
        match field.name().unwrap_or_default().to_owned().as_str() {
            "file" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await?;
                if !bytes.is_empty() {
                    files.push(Handed::new(name, bytes.to_vec()));
                }
            }
            "datum" => said.datum = field.text().await?,
            "from" => said.from = field.text().await?,
            "reason" => said.reason = field.text().await?.trim().to_owned(),
            "rest" => said.rest = field.text().await? == "yes",
            "misfits" => said.misfits = field.text().await? == "yes",
            "changes" => said.changes = field.text().await? == "yes",
            "take" => said.take = field.text().await? == "yes",
            "seen" => said.seen = field.text().await?,
            "token" => said.token = field.text().await?,
            _ => {}
        }
    }
    let (now, who) = (app.clock.now(), page.viewer.login.clone());
    let chosen = !files.is_empty();
    if !chosen && !said.token.is_empty() {
        let waiting = app.store.handed(now, &who, PURPOSE, &said.token).await?;
        ((), files) = waiting.ok_or_else(Error::handed_gone)?;
    }
    if files.is_empty() {
        return Err(refuse("import-no-file"));
    }
    said.names = files.iter().map(|file| file.name.clone()).collect();
    let options = Options {
        datum: Datum::of(&said.datum).ok_or_else(|| refuse("evidence-not-a-datum"))?,
        from: match said.from.trim() {
            "" => app.clock.today(),
            text => day(text).ok_or_else(|| refuse("grid-not-a-day"))?,
        },
    };
    let consent = Consent {
        rest: said.rest,
        misfits: said.misfits,
        changes: said.changes,
        seen: Some(said.seen.clone()).filter(|seen| !seen.is_empty()),
    };
    // Looked at, and perhaps looked at again when it is taken: files are large, so they are shared.
    let files: std::sync::Arc<[Handed]> = files.into();
    let preview = import::look(&app.store, files.clone(), options).await?;
    let unreasoned = said.take && said.reason.is_empty();
    let ready = said.take && !unreasoned && preview.missing(&consent).is_none();
    if (ready || chosen) && !said.token.is_empty() {
        app.store.forget_handed(&who, &said.token).await?;
    }
    let (look, status) = if ready {
        let taken = import::take(
            &app.store,
            now,
            &who,
            &said.reason,
            files,
            options,
            &consent,
        )
        .await?;
        (Look::of(&page, &taken, &consent, true), StatusCode::OK)
    } else {
        let status = match said.take {
            true => StatusCode::UNPROCESSABLE_ENTITY,
            false => StatusCode::OK,
        };
        if chosen {
            let files = files.to_vec();
            said.token = app.store.hand(now, &who, PURPOSE, &(), files).await?;
        }
        let mut look = Look::of(&page, &preview, &consent, false);
        if unreasoned {
            look.missing = Some(page.t("grid-no-reason"));
        }
        (look, status)
    };
    let answer = html(&ImportPage {
        page,
        said,
        look: Some(look),
    })?;
    Ok((status, answer).into_response())
}

/// A point and a day, as they are asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AtPoint {
    lng: String,
    lat: String,
    /// Today without one.
    day: String,
}

impl AtPoint {
    /// Nothing has been asked yet.
    fn is_empty(&self) -> bool {
        self.lng.trim().is_empty() && self.lat.trim().is_empty()
    }

    /// The point and the day, as far as they can be read.
    fn read(&self, today: Date) -> std::result::Result<(Point, Date), Message> {
        let day = match self.day.trim() {
            "" => today,
            text => day(text).ok_or_else(|| Message::new("grid-not-a-day"))?,
        };
        let degrees = |text: &str| text.trim().parse::<f64>().ok().filter(|n| n.is_finite());
        let (lng, lat) = degrees(&self.lng)
            .zip(degrees(&self.lat))
            .ok_or_else(|| Message::new("grid-locate-no-point"))?;
        crate::datum::in_china([lng, lat]).map_err(|elsewhere| {
            Message::new(match elsewhere {
                crate::datum::Elsewhere::Swapped => "grid-locate-swapped",
                crate::datum::Elsewhere::Outside => "evidence-not-in-china",
            })
        })?;
        Ok((Point::of_degrees(lng, lat), day))
    }
}

#[derive(Template)]
#[template(path = "grid/locate.html")]
struct LocatePage {
    page: Page,
    asked: AtPoint,
    day: String,
    /// What was found there, once a point was asked for.
    found: Option<Located>,
    fault: Option<String>,
}

impl LocatePage {
    /// What contains the point: the key of each name, and what it is called and coded.
    fn within<'a>(&self, found: &'a Located) -> [(&'static str, Option<&'a Named>); 3] {
        let at = &found.at;
        [
            ("grid-locate-community", at.community.as_ref()),
            ("grid-locate-township", at.township.as_ref()),
            ("grid-locate-county", at.county.as_ref()),
        ]
    }
}

/// The grid, community, township, county, street and holders of a point: a page with a form, or JSON.
pub async fn locate(
    State(app): State<App>,
    page: Page,
    Query(asked): Query<AtPoint>,
) -> Result<Response> {
    let today = app.clock.today();
    let empty = LocatePage {
        page: page.clone(),
        day: match asked.day.trim() {
            "" => today.to_string(),
            text => text.to_owned(),
        },
        found: None,
        fault: None,
        asked,
    };
    if empty.asked.is_empty() && !page.machine {
        return html(&empty);
    }
    match empty.asked.read(today) {
        Ok((point, day)) => {
            let located = app.store.locate(point, day).await?;
            html_or_json(&page, located, |located| LocatePage {
                found: Some(located),
                ..empty
            })
        }
        Err(fault) if page.machine => Err(Error::refused(fault)),
        Err(fault) => {
            let fault = Some(page.language.message(&fault));
            let body = html(&LocatePage { fault, ..empty })?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response())
        }
    }
}
