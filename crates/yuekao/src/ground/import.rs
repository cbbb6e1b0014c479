//! Files of grids and duties, against what is kept: what is new, what would change, what does not fit. Nothing is taken
//! before somebody has seen that.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use assessment::grid::{Fault, Span, faults};
use assessment::message::Message;
use assessment::place::{Shape, Side};
use jiff::Timestamp;
use jiff::civil::Date;

use super::fit::{Misfit, Plot, misfits};
use super::{Drawing, duties, month_of, read};
use crate::datum::Datum;
use crate::evidence::area::is_json;
use crate::evidence::fault::{RowFault, quoted};
use crate::evidence::file::Handed;
use crate::store::account::Account;
use crate::store::grid::{DutyRow, GridRow, Seen, held_twice, lay};
use crate::store::unit::UnitRow;
use crate::store::{Error, Result, Store, digest};

/// What whoever hands files in says about them.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Reference system of coordinates, where a file does not say it.
    pub datum: Datum,
    /// The first day, where rows do not say it; also the day on which grids have to fit together.
    pub from: Date,
}

/// What taking files would do.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// `grids` and `duties`: new, changed, same.
    pub counts: Vec<(&'static str, usize, usize, usize)>,
    /// Grids and duties that are kept with other content, by name.
    pub changes: Vec<String>,
    /// What keeps rows out, and warnings.
    pub faults: Vec<RowFault>,
    /// Overlaps and gaps between grids.
    pub misfits: Vec<Misfit>,
    /// The grids that would be taken, to be drawn.
    pub grids: Vec<GridRow>,
    /// Stands for what would be taken and for the ground it was held against.
    pub fingerprint: String,
    duties: Vec<DutyRow>,
    version: i64,
}

/// What whoever accepts agrees to.
#[derive(Debug, Clone, Default)]
pub struct Consent {
    /// Rows with faults stay out, the rest is taken.
    pub rest: bool,
    /// Overlaps and gaps are taken as they are.
    pub misfits: bool,
    /// What is kept is replaced by other content.
    pub changes: bool,
    /// The fingerprint of the preview that was seen.
    pub seen: Option<String>,
}

impl Preview {
    /// Whether taking the files would change anything.
    pub fn brings_something(&self) -> bool {
        self.counts
            .iter()
            .any(|(_, new, changed, _)| new + changed > 0)
    }

    /// What is not agreed to yet.
    pub fn missing(&self, consent: &Consent) -> Option<Message> {
        let faults = self.faults.iter().filter(|fault| fault.is_fault()).count();
        if consent
            .seen
            .as_ref()
            .is_some_and(|seen| *seen != self.fingerprint)
        {
            Some(Message::new("grid-seen-otherwise"))
        } else if faults > 0 && !consent.rest {
            Some(Message::new("grid-faults-left").with("count", faults))
        } else if !self.misfits.is_empty() && !consent.misfits {
            Some(Message::new("grid-misfits-left").with("count", self.misfits.len()))
        } else if !self.changes.is_empty() && !consent.changes {
            Some(Message::new("grid-changes-left").with("count", self.changes.len()))
        } else {
            None
        }
    }
}

/// Looks at files; changes nothing.
///
/// # Errors
/// A file cannot be read, or the store fails.
pub async fn look(store: &Store, files: Arc<[Handed]>, options: Options) -> Result<Preview> {
    let version = store.ground_version().await?;
    let accounts = store.accounts().await?.into_iter();
    let accounts = accounts.map(|account| (account.login.clone(), account));
    let mut grids = store.grids().await?;
    grids.sort_by(|a, b| (&a.id, &a.valid_from).cmp(&(&b.id, &b.valid_from)));
    let kept = Kept {
        grids,
        duties: store.all_duties().await?,
        units: store.units().await?,
        accounts: accounts.into_iter().collect(),
        outlines: outlines(store).await,
        areas: areas(store, options.from).await?,
    };
    tokio::task::spawn_blocking(move || plan(&kept, &files, options, version))
        .await
        .map_err(|error| Error::Damaged(error.to_string()))?
}

/// Takes files: all of what is in them, or the part that was agreed to. Files that bring nothing new change nothing.
///
/// # Errors
/// As for [`look`]; faults, misfits or changes without consent; the ground has changed meanwhile.
pub async fn take(
    store: &Store,
    now: Timestamp,
    who: &str,
    reason: &str,
    files: Arc<[Handed]>,
    options: Options,
    consent: &Consent,
) -> Result<Preview> {
    let preview = look(store, files, options).await?;
    if let Some(missing) = preview.missing(consent) {
        return Err(Error::Refused(missing));
    }
    if preview.brings_something() {
        let (grids, duties) = (preview.grids.clone(), preview.duties.clone());
        store
            .set_grids(
                now,
                who,
                reason,
                grids,
                duties,
                Some(Seen::Ground(preview.version)),
            )
            .await?;
    }
    Ok(preview)
}

/// Outlines of divisions by code, where they are known: the host's own, or those that come along.
async fn outlines(store: &Store) -> HashMap<String, Shape> {
    let own = tokio::fs::read_to_string(store.folder().join("boundaries.geojson")).await;
    let text =
        own.unwrap_or_else(|_| include_str!("../../../../data/boundaries.web.geojson").to_owned());
    let Ok(collection) = serde_json::from_str::<geojson::FeatureCollection>(&text) else {
        return HashMap::new();
    };
    let outline = |feature: &geojson::Feature| {
        let code = feature.property("code")?.as_str()?.to_owned();
        match Drawing::of(&feature.geometry.as_ref()?.value)? {
            Drawing::Area(shape) => Some((code, shape)),
            Drawing::Street(_) => None,
        }
    };
    collection.features.iter().filter_map(outline).collect()
}

/// What files are held against.
struct Kept {
    grids: Vec<GridRow>,
    duties: Vec<DutyRow>,
    units: Vec<UnitRow>,
    accounts: HashMap<String, Account>,
    outlines: HashMap<String, Shape>,
    areas: HashMap<String, Shape>,
}

impl Kept {
    /// The kept spans of a grid; they are in the order of the bytes of their ids, which databases sort as their place does.
    fn spans_of<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a GridRow> {
        let first = self.grids.partition_point(|grid| grid.id.as_str() < id);
        self.grids[first..]
            .iter()
            .take_while(move |grid| grid.id == id)
    }

    /// Codes of the units with this code or name in the month of a day.
    fn units_called(&self, text: &str, day: Date) -> Vec<&UnitRow> {
        let there: Vec<&UnitRow> = self.units_on(day).collect();
        match there.iter().find(|unit| unit.code == text) {
            Some(unit) => vec![*unit],
            None => there.into_iter().filter(|unit| unit.name == text).collect(),
        }
    }

    fn units_on(&self, day: Date) -> impl Iterator<Item = &UnitRow> {
        let month = month_of(day).to_string();
        self.units.iter().filter(move |unit| {
            unit.valid_from <= month && unit.valid_to.as_ref().is_none_or(|to| *to >= month)
        })
    }

    /// The outline that a unit lies in: its own, or that of the first unit above it that has one.
    fn outline_of(&self, code: &str, day: Date) -> Option<&Shape> {
        let parents: HashMap<&str, Option<&str>> = self
            .units_on(day)
            .map(|unit| (unit.code.as_str(), unit.parent.as_deref()))
            .collect();
        let mut code = Some(code);
        for _ in 0..16 {
            if let Some(outline) = self.outlines.get(code?) {
                return Some(outline);
            }
            code = parents.get(code?).copied().flatten();
        }
        None
    }
}

fn plan(kept: &Kept, files: &[Handed], options: Options, version: i64) -> Result<Preview> {
    let mut preview = Preview {
        version,
        ..Preview::default()
    };
    let refused = |refusal: crate::evidence::Refusal| Error::Refused(refusal.0);
    let mut places = Places::default();
    let (mut drawn, mut given) = (Vec::new(), Vec::new());
    for file in files {
        if is_json(&file.bytes) {
            let (grids, faults) = read::read(&file.name, &file.bytes, options.datum, options.from)
                .map_err(refused)?;
            drawn.extend(grids);
            preview.faults.extend(faults);
        } else {
            let (duties, faults) =
                duties::read(&file.name, &file.bytes, options.from).map_err(refused)?;
            given.extend(duties);
            preview.faults.extend(faults);
        }
    }
    let mut counts = [("grids", 0, 0, 0), ("duties", 0, 0, 0)];
    let mut seen = HashMap::new();
    for read in drawn {
        let place = (read.file.clone(), read.feature);
        let fault = |column: &str, text: &str, message: Message| RowFault {
            row: place.1,
            column: column.to_owned(),
            text: quoted(text),
            ..RowFault::of_sheet(&place.0, message)
        };
        if let Some((file, feature)) = seen.insert(read.id.clone(), place.clone()) {
            let message = Message::new("grid-id-twice")
                .with("file", file)
                .with("row", feature);
            preview.faults.push(fault("id", &read.id, message));
            continue;
        }
        match grid(kept, &mut places, read) {
            Ok(mut grid) => {
                let spans = kept.spans_of(&grid.id).collect::<Vec<_>>();
                let same_day = spans
                    .iter()
                    .find(|other| other.valid_from == grid.valid_from);
                let later = spans
                    .iter()
                    .find(|other| other.valid_from > grid.valid_from);
                // A drawing that was followed by another ends before it, whatever its first file said.
                if let Some(later) = later.filter(|_| same_day.is_some()) {
                    let before = later.span()?.from.yesterday().ok();
                    let before = before.map(|day| day.to_string());
                    if grid.valid_to.is_none() || grid.valid_to > before {
                        grid.valid_to = before;
                    }
                }
                let count = &mut counts[0];
                match same_day {
                    Some(other) if **other == grid => {
                        count.3 += 1;
                        continue;
                    }
                    Some(_) => {
                        count.2 += 1;
                        preview.changes.push(format!("{} {}", grid.id, grid.name));
                    }
                    None => {
                        if let Some(later) = later {
                            let message = Message::new("grid-before-what-is-kept")
                                .with("day", later.valid_from.as_str());
                            preview
                                .faults
                                .push(fault("from", &grid.valid_from, message));
                            continue;
                        }
                        count.1 += 1;
                    }
                }
                preview.grids.push(grid);
            }
            Err((column, text, message)) => preview.faults.push(fault(column, &text, message)),
        }
    }
    // A holder ends whoever began before: the sheet is read in the order of its first days, whatever that of its rows.
    given.sort_by(|one, other| one.duty.valid_from.cmp(&other.duty.valid_from));
    let touched: HashSet<String> = given.iter().map(|read| read.duty.grid.clone()).collect();
    let mut laid: HashMap<String, Vec<DutyRow>> = HashMap::new();
    for row in &kept.duties {
        if touched.contains(&row.grid) {
            laid.entry(row.grid.clone()).or_default().push(row.clone());
        }
    }
    let known: HashMap<String, String> = kept
        .grids
        .iter()
        .chain(&preview.grids)
        .map(|grid| (grid.id.clone(), grid.kind.clone()))
        .collect();
    let mut given_once = HashSet::new();
    for read in given {
        let fault = |column: &str, text: &str, message: Message| RowFault {
            row: read.row,
            column: column.to_owned(),
            text: quoted(text),
            ..RowFault::of_sheet(&read.sheet, message)
        };
        let count = &mut counts[1];
        match duty(kept, &known, &read.duty) {
            Err((column, text, message)) => preview.faults.push(fault(column, &text, message)),
            Ok(mut duty) => {
                if !given_once.insert(key(&duty)) {
                    preview
                        .faults
                        .push(fault("duty", &duty.duty, Message::new("grid-duty-twice")));
                    continue;
                }
                let rows = laid.entry(duty.grid.clone()).or_default();
                let same_day = rows.iter().find(|row| key(row) == key(&duty)).cloned();
                if same_day.is_some() {
                    end_before_next(rows, &mut duty)?;
                }
                if same_day.as_ref() == Some(&duty) {
                    count.3 += 1;
                    continue;
                }
                if duty.holder_kind == "chief"
                    && !duty.holder.is_empty()
                    && let account = kept.accounts.get(&duty.holder)
                    && let Some(message) =
                        duties::not_a_chief(&duty.holder, account, duty.tenure()?.span.to)
                {
                    preview.faults.push(fault("holder", &duty.holder, message));
                    continue;
                }
                let mut with = rows.clone();
                lay(&mut with, &duty)?;
                if let Some(twice) = held_twice(&with, &duty)? {
                    preview.faults.push(fault("from", &duty.valid_from, twice));
                    continue;
                }
                *rows = with;
                match same_day {
                    Some(other) => {
                        count.2 += 1;
                        preview.changes.push(format!(
                            "{} {}: {} → {}",
                            duty.grid, duty.duty, other.name, duty.name
                        ));
                    }
                    None => count.1 += 1,
                }
                preview.duties.push(duty);
            }
        }
    }
    preview.counts = counts.to_vec();
    let warnings = duty_faults(kept, &preview, &laid)?;
    preview.faults.extend(warnings);
    preview.misfits = fit(kept, &preview, options.from)?;
    let rows = serde_json::to_string(&(&preview.grids, &preview.duties, version))
        .map_err(|error| Error::Damaged(error.to_string()))?;
    preview.fingerprint = digest(rows);
    Ok(preview)
}

type Wrong = (&'static str, String, Message);

/// Units that were looked up by what a file calls them and the month, with the outline they lie in.
#[derive(Default)]
struct Places<'a>(
    HashMap<(String, String), std::result::Result<(String, Option<&'a Shape>), &'static str>>,
);

/// A grid with its unit looked up and its place checked.
fn grid<'a>(
    kept: &'a Kept,
    places: &mut Places<'a>,
    read: read::Read,
) -> std::result::Result<GridRow, Wrong> {
    let wrong = |column, text: &str, key| (column, text.to_owned(), Message::new(key));
    let key = (read.unit.clone(), month_of(read.from).to_string());
    let found =
        places
            .0
            .entry(key)
            .or_insert_with(|| match kept.units_called(&read.unit, read.from)[..] {
                [unit] => Ok((unit.code.clone(), kept.outline_of(&unit.code, read.from))),
                [] => Err("grid-unknown-unit"),
                _ => Err("grid-unit-ambiguous"),
            });
    let (unit, outline) = match found {
        Ok((unit, outline)) => (unit.clone(), *outline),
        Err(key) => return Err(wrong("unit", &read.unit, key)),
    };
    if let Some(cell) = read.cell.as_ref().filter(|cell| !cell.lies_in(&unit)) {
        return Err(wrong("cell", &cell.to_string(), "grid-cell-elsewhere"));
    }
    if let Some(outline) = outline
        && read
            .drawing
            .points()
            .all(|at| outline.side(at) == Side::Outside)
    {
        return Err(wrong("geometry", "", "grid-outside-region"));
    }
    let kind = match (&read.drawing, &read.cell) {
        (Drawing::Street(_), _) => "street",
        (Drawing::Area(_), Some(_)) => "cell",
        (Drawing::Area(_), None) => "area",
    };
    Ok(GridRow {
        id: read.id,
        valid_from: read.from.to_string(),
        valid_to: read.to.map(|to| to.to_string()),
        name: read.name,
        unit,
        kind: kind.to_owned(),
        cell: read.cell.map(|cell| cell.to_string()),
        geometry: read.drawing.text(),
        size: read.drawing.size(),
        synthetic: read.synthetic,
        source: read.source,
    })
}

/// A duty whose grid is there, with the name of the unit that holds it.
fn duty(
    kept: &Kept,
    known: &HashMap<String, String>,
    duty: &DutyRow,
) -> std::result::Result<DutyRow, Wrong> {
    let wrong = |column, text: &str, key| (column, text.to_owned(), Message::new(key));
    match known.get(&duty.grid).map(String::as_str) {
        None => return Err(wrong("grid", &duty.grid, "grid-unknown")),
        Some("cell") => {
            return Err(wrong("grid", &duty.grid, "grid-cell-has-no-duties"));
        }
        Some(_) => {}
    }
    let mut duty = duty.clone();
    if duty.holder_kind == "unit" {
        let day = duty
            .valid_from
            .parse()
            .map_err(|_| wrong("from", &duty.valid_from, "grid-not-a-day"))?;
        match kept.units_called(&duty.holder, day)[..] {
            [unit] => {
                duty.holder.clone_from(&unit.code);
                duty.name.clone_from(&unit.name);
            }
            _ => return Err(wrong("holder", &duty.holder, "grid-unknown-unit")),
        }
    }
    Ok(duty)
}

/// What names a duty in somebody's hands.
fn key(row: &DutyRow) -> [String; 4] {
    let DutyRow {
        grid,
        duty,
        part,
        valid_from,
        ..
    } = row;
    [grid, duty, part, valid_from].map(Clone::clone)
}

/// Whoever was followed by another holds a duty until the day before, whatever the first sheet said.
fn end_before_next(rows: &[DutyRow], duty: &mut DutyRow) -> Result<()> {
    let after = rows.iter().filter(|row| {
        row.duty == duty.duty && row.part == duty.part && row.valid_from > duty.valid_from
    });
    if let Some(next) = after.min_by_key(|row| &row.valid_from) {
        let before = next.tenure()?.span.from.yesterday().ok();
        let before = before.map(|day| day.to_string());
        if duty.valid_to.is_none() || duty.valid_to > before {
            duty.valid_to = before;
        }
    }
    Ok(())
}

/// What is wrong with the duties of the grids that are touched, as they would lie: gaps and the order of levels are pointed
/// out; two holders at once can only be left from before.
fn duty_faults(
    kept: &Kept,
    preview: &Preview,
    laid: &HashMap<String, Vec<DutyRow>>,
) -> Result<Vec<RowFault>> {
    let touched: HashSet<&str> = preview
        .duties
        .iter()
        .map(|duty| duty.grid.as_str())
        .collect();
    let mut found = Vec::new();
    let mut spans: BTreeMap<&str, Span> = BTreeMap::new();
    for grid in kept.grids.iter().chain(&preview.grids) {
        if touched.contains(grid.id.as_str()) {
            let span = grid.span()?;
            spans
                .entry(&grid.id)
                .and_modify(|whole| {
                    whole.from = whole.from.min(span.from);
                    whole.to = whole.to.zip(span.to).map(|(one, other)| one.max(other));
                })
                .or_insert(span);
        }
    }
    for (grid, span) in spans {
        let rows = laid.get(grid).map(Vec::as_slice).unwrap_or_default();
        let tenures = rows
            .iter()
            .map(DutyRow::tenure)
            .collect::<Result<Vec<_>>>()?;
        for fault in faults(span, &tenures) {
            found.push(say(grid, rows, &fault));
        }
    }
    Ok(found)
}

/// A fault of duties as a sentence; all but two holders at once are warnings.
pub fn say(grid: &str, rows: &[DutyRow], fault: &Fault) -> RowFault {
    let name = |at: usize| rows[at].name.as_str();
    let message = match fault {
        Fault::TwoHolders {
            duty,
            first,
            second,
            span,
        } => duties::held_twice(*duty, name(*first), name(*second), span),
        Fault::Gap { duty, span } => Message::new("grid-duty-gap")
            .with("duty", duties::word(*duty))
            .with("days", duties::days(span)),
        Fault::LevelsOutOfOrder { above, below, span } => Message::new("grid-levels-out-of-order")
            .with("above", name(*above))
            .with("below", name(*below))
            .with("days", duties::days(span)),
        Fault::OutsideGrid { tenure } => {
            Message::new("grid-duty-outside").with("name", name(*tenure))
        }
    };
    let said = RowFault::of_sheet("", duties::of_grid(grid, message));
    match fault {
        Fault::TwoHolders { .. } => said,
        _ => said.as_warning(),
    }
}

/// How the grids that would be there on the day fit together.
fn fit(kept: &Kept, preview: &Preview, day: Date) -> Result<Vec<Misfit>> {
    let fresh: HashSet<&str> = preview.grids.iter().map(|grid| grid.id.as_str()).collect();
    let on = |grid: &&GridRow| grid.span().is_ok_and(|span| span.holds(day));
    let kept_there = kept
        .grids
        .iter()
        .filter(on)
        .filter(|grid| !fresh.contains(grid.id.as_str()));
    let grids = preview
        .grids
        .iter()
        .filter(|grid| {
            grid.span()
                .is_ok_and(|span| span.to.is_none_or(|to| to >= day))
        })
        .map(|grid| (grid, true))
        .chain(kept_there.map(|grid| (grid, false)));
    Ok(misfits(&plots(grids)?, &kept.areas))
}

/// The areas of units on a day, where they are known.
async fn areas(store: &Store, day: Date) -> Result<HashMap<String, Shape>> {
    let rows = store.areas_in(month_of(day)).await?;
    let areas = rows
        .into_iter()
        .filter_map(|area| match Drawing::parse(&area.geometry)? {
            Drawing::Area(shape) => Some((area.unit, shape)),
            Drawing::Street(_) => None,
        });
    Ok(areas.collect())
}

/// The areas among grids, each fresh or not, as they are laid beside each other.
fn plots<'a>(grids: impl Iterator<Item = (&'a GridRow, bool)>) -> Result<Vec<Plot>> {
    let mut plots = Vec::new();
    for (grid, fresh) in grids.filter(|(grid, _)| grid.kind == "area") {
        if let Drawing::Area(shape) = grid.drawing()? {
            plots.push(Plot {
                id: grid.id.clone(),
                name: grid.name.clone(),
                unit: grid.unit.clone(),
                shape,
                fresh,
            });
        }
    }
    Ok(plots)
}

/// Where one grid does not fit those beside it on a day, or leaves a gap in the area of its unit.
///
/// # Errors
///
/// The database's.
pub async fn misfits_of(store: &Store, grid: &GridRow, day: Date) -> Result<Vec<Misfit>> {
    if grid.kind != "area" || !grid.span()?.holds(day) {
        return Ok(Vec::new());
    }
    let kept = store.grids().await?;
    let on = |other: &&GridRow| other.span().is_ok_and(|span| span.holds(day));
    let there = kept.iter().filter(on).filter(|other| other.id != grid.id);
    let others = there.map(|other| (other, false));
    let mut plots = plots([(grid, true)].into_iter().chain(others))?;
    let bounds = plots.first().and_then(|own| own.shape.bounds());
    let near = |plot: &Plot| {
        let meets = plot.shape.bounds().zip(bounds);
        meets.is_some_and(|(one, other)| one.meets(&other))
    };
    plots.retain(|plot| plot.unit == grid.unit || near(plot));
    let mut areas = areas(store, day).await?;
    areas.retain(|unit, _| *unit == grid.unit);
    tokio::task::spawn_blocking(move || misfits(&plots, &areas))
        .await
        .map_err(|error| Error::Damaged(error.to_string()))
}
