//! Cases on the map: single ones where they are few, counts by cells where they are many. The counts are kept, so that a
//! map of a million cases costs what it shows.

use std::collections::BTreeMap;

use assessment::case::deadline::Clock;
use assessment::case::life::Stage;
use jiff::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::list::{CaseCell, CaseFilter, Question, Sql, Within};
use super::shape::read_clock;
use super::{CaseRow, Clocked, Sight};
use crate::store::writer::Tx;
use crate::store::{Error, Result, Store, moment};
use crate::viewer::Viewer;

/// Zooms whose cells are kept; other zooms are put together from the next finer one.
const LEVELS: [i64; 3] = [8, 11, FINEST];
/// The finest of them: a cell is 600 m high.
const FINEST: i64 = 14;
/// Cases without a position are kept here.
const NOWHERE: i64 = 0;
/// The whole turn of the earth in 1e-7 degree, and its cells at the finest level: four to the width of a tile.
const TURN: i64 = 3_600_000_000;
const CELLS: i64 = 65_536;
/// Beside the column of a tile.
const ROWS: i64 = 1 << 20;
/// Tiles in one question.
const ASKED: usize = 300;
/// So few cases under a filter are looked through for those in a box; of more, the tiles that hold them are.
const FEW: i64 = 10_000;

/// Column and row of a position at the finest level.
fn cell_of(lng: i64, lat: i64) -> (i64, i64) {
    let place = |degrees: i64| (degrees + TURN / 2) * CELLS / TURN;
    (place(lng), place(lat))
}

/// The tile of a position, as `case_unit` names it.
pub(super) fn tile_of((lng, lat): (i64, i64)) -> i64 {
    let (x, y) = cell_of(lng, lat);
    x * ROWS + y
}

/// The tiles at the south-west and the north-east corner of a box.
fn corners(Within([west, south, east, north]): Within) -> [(i64, i64); 2] {
    let bound = |degrees: i64| degrees.clamp(-TURN / 2, TURN / 2);
    [(west, south), (east, north)].map(|(lng, lat)| cell_of(bound(lng), bound(lat)))
}

/// Narrows to the tiles that touch a box, which an index tells without a look at the cases. The plus keeps SQLite on the index
/// of the filter: the columns of a box hold all that lies north and south of it.
fn touch(within: Within, sql: &mut Sql<'_>) {
    let [(left, bottom), (right, top)] = corners(within);
    sql.and_between("+u.tile", left * ROWS, right * ROWS + ROWS - 1);
    sql.and_between(&format!("u.tile % {ROWS}"), bottom, top);
}

/// Narrows to cases with a position, in a box if there is one.
fn on_the_map(sql: &mut Sql<'_>, within: Option<Within>) {
    match within {
        None => sql.text(" AND u.tile IS NOT NULL"),
        Some(within) => {
            touch(within, sql);
            within.narrow(sql);
        }
    }
}

/// Adds a case to the kept cells of a scope, or takes it away.
pub(super) async fn count(
    tx: &mut Tx<'_>,
    scope: &str,
    stage: &str,
    category: &str,
    place: Option<(i64, i64)>,
    n: i64,
) -> Result<()> {
    let cells = match place {
        None => vec![[NOWHERE, 0, 0]],
        Some((lng, lat)) => {
            let (x, y) = cell_of(lng, lat);
            let at = |level| [level, x >> (FINEST - level), y >> (FINEST - level)];
            LEVELS.map(at).to_vec()
        }
    };
    let (lng, lat) = place.unwrap_or_default();
    let mut sql =
        Sql::new("INSERT INTO case_cell (unit, category, stage, level, x, y, n, lng, lat) VALUES ");
    let mut comma = "";
    for cell in cells {
        // All categories together, and its own where it has one.
        let own = Some(category).filter(|category| !category.is_empty());
        for category in std::iter::once("").chain(own) {
            sql.text(comma);
            comma = ", ";
            let mut bracket = "(";
            for text in [scope, category, stage] {
                sql.text(bracket);
                sql.bind(text);
                bracket = ", ";
            }
            for number in cell.into_iter().chain([n, n * lng, n * lat]) {
                sql.text(bracket);
                sql.bind_number(number);
            }
            sql.text(")");
        }
    }
    sql.text(
        " ON CONFLICT (unit, level, category, x, y, stage) DO UPDATE SET n = case_cell.n + excluded.n,
            lng = case_cell.lng + excluded.lng, lat = case_cell.lat + excluded.lat",
    );
    sql.execute(tx.conn()).await
}

/// A case as a point: what a map shows of it and no more, since there may be thousands.
#[derive(Debug, Clone)]
pub struct CasePoint {
    pub id: String,
    pub category: String,
    pub place: String,
    /// WGS 84, 1e-7 degree.
    pub position: Option<(i64, i64)>,
    pub stage: Stage,
    /// Since when it is in this stage.
    pub since: Timestamp,
    pub clock: Option<Clock>,
    pub due_at: Option<Timestamp>,
    pub handled_at: Option<Timestamp>,
}

/// Its columns.
const POINT: &str =
    "SELECT f.id AS id, f.category AS category, f.place AS place, f.lng AS lng, f.lat AS lat,
    f.stage AS stage, f.since AS since, f.clock AS clock, f.due_at AS due_at, f.handled_at AS handled_at";

impl CasePoint {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let (lng, lat): (Option<i64>, Option<i64>) = (row.try_get("lng")?, row.try_get("lat")?);
        let stage: String = row.try_get("stage")?;
        let clock: Option<String> = row.try_get("clock")?;
        let time = |name| row.try_get::<Option<i64>, _>(name)?.map(moment).transpose();
        Ok(Self {
            id: row.try_get("id")?,
            category: row.try_get("category")?,
            place: row.try_get("place")?,
            position: lng.zip(lat),
            stage: Stage::parse(&stage).ok_or_else(|| Error::damaged(&stage))?,
            since: moment(row.try_get("since")?)?,
            clock: clock.map(|text| read_clock(&text)).transpose()?,
            due_at: time("due_at")?,
            handled_at: time("handled_at")?,
        })
    }

    /// What its lamp shows.
    pub fn clocked(&self) -> Clocked<'_> {
        Clocked {
            stage: self.stage,
            since: self.since,
            clock: self.clock.as_ref(),
            due_at: self.due_at,
            handled_at: self.handled_at,
        }
    }
}

impl From<&CaseRow> for CasePoint {
    fn from(row: &CaseRow) -> Self {
        Self {
            id: row.id.clone(),
            category: row.new.category.clone(),
            place: row.new.place.clone(),
            position: row.new.lng.zip(row.new.lat),
            stage: row.stage,
            since: row.since,
            clock: row.clock.clone(),
            due_at: row.due_at,
            handled_at: row.handled_at,
        }
    }
}

/// What a map shows.
#[derive(Debug)]
pub struct CaseMap {
    /// Single cases, or their counts by cells.
    pub shown: Shown,
    /// How many there are under the filter, wherever they lie.
    pub count: i64,
    /// How many of them have no position.
    pub nowhere: i64,
    /// Whether more cases hold the words than are looked through.
    pub cut: bool,
}

#[derive(Debug)]
pub enum Shown {
    Cases(Vec<CasePoint>),
    Cells(Vec<CaseCell>),
}

/// How many lie in a cell, with the sums of their positions.
type Cells = BTreeMap<(i64, i64), (i64, i64, i64)>;

fn middles(cells: Cells) -> Vec<CaseCell> {
    let cells = cells.into_values().filter(|(n, ..)| *n > 0);
    let mut cells: Vec<_> = cells
        .map(|(n, lng, lat)| CaseCell {
            n,
            lng: lng / n,
            lat: lat / n,
        })
        .collect();
    cells.sort_by_key(|cell| (-cell.n, cell.lng, cell.lat));
    cells
}

/// Cells put together from those so many zooms finer.
fn merged(cells: Cells, coarser: i64) -> Cells {
    let mut merged = Cells::new();
    for ((x, y), (n, lng, lat)) in cells {
        let one = merged.entry((x >> coarser, y >> coarser)).or_default();
        *one = (one.0 + n, one.1 + lng, one.2 + lat);
    }
    merged
}

impl Store {
    /// Where the cases under a filter lie, as a map of a zoom shows them: at most `most` single ones in the box, or counts of
    /// whole cells that touch it.
    pub async fn case_map(
        &self,
        viewer: &Viewer,
        now: Timestamp,
        filter: &CaseFilter,
        within: Option<Within>,
        zoom: i64,
        most: i64,
    ) -> Result<CaseMap> {
        let Some(question) = self.question(viewer, now, filter).await? else {
            return Ok(CaseMap {
                shown: Shown::Cases(vec![]),
                count: 0,
                nowhere: 0,
                cut: false,
            });
        };
        let (question, sight) = (&question, &question.sight);
        // Four cells to the width of a tile.
        let wide = TURN >> (zoom + 2).clamp(0, 31);
        let level = LEVELS
            .into_iter()
            .find(|level| *level >= zoom)
            .unwrap_or(FINEST);
        let coarser = level - zoom.max(0);
        let count = self.count(question).await?;
        if !filter.is_kept() || !filter.month.is_empty() || !filter.is_of(sight) {
            let (cells, nowhere) = self.counted_cells(question, within, level).await?;
            let total: i64 = cells.values().map(|(n, ..)| n).sum();
            let shown = match total > most && zoom <= FINEST {
                true => Shown::Cells(middles(merged(cells, coarser))),
                false => {
                    let rows = self.cases_within(question, within, most).await?;
                    match rows.len() as i64 <= most {
                        true => Shown::Cases(rows),
                        false => Shown::Cells(self.fine_cells(question, within, wide).await?),
                    }
                }
            };
            return Ok(CaseMap {
                shown,
                count,
                nowhere,
                cut: question.search.is_cut(),
            });
        }
        let secret = self.secret_places(question).await?;
        let few = count <= FEW;
        let cells = self
            .kept_cells(sight, filter, within, level, &secret)
            .await?;
        let total: i64 = cells.values().map(|(n, ..)| n).sum();
        let shown = if total > most && zoom <= FINEST {
            Shown::Cells(middles(merged(cells, coarser)))
        } else {
            let rows = if few {
                self.cases_within(question, within, most).await?
            } else {
                let tiles = match level {
                    FINEST => cells,
                    _ => {
                        self.kept_cells(sight, filter, within, FINEST, &secret)
                            .await?
                    }
                };
                let tiles: Vec<i64> = tiles.into_keys().map(|(x, y)| x * ROWS + y).collect();
                self.cases_on(question, within, &tiles).await?
            };
            match rows.len() as i64 <= most {
                true => Shown::Cases(rows),
                false => Shown::Cells(self.fine_cells(question, within, wide).await?),
            }
        };
        let nowhere = self
            .kept_cells(sight, filter, None, NOWHERE, &secret)
            .await?;
        Ok(CaseMap {
            shown,
            count,
            nowhere: nowhere.values().map(|(n, ..)| n).sum(),
            cut: false,
        })
    }

    /// The same counted when asked, along an index that holds the tiles: each case lies in the middle of its own, which is some
    /// hundred metres off. With them, how many have no position.
    async fn counted_cells(
        &self,
        question: &Question<'_>,
        within: Option<Within>,
        level: i64,
    ) -> Result<(Cells, i64)> {
        let wide = 1 << (FINEST - level);
        let mut sql = question.tally(&format!(
            "SELECT u.tile / {ROWS} / {wide} AS x, u.tile % {ROWS} / {wide} AS y, count(*) AS n,
                CAST(sum(u.tile / {ROWS}) AS BIGINT) AS columns, CAST(sum(u.tile % {ROWS}) AS BIGINT) AS lines"
        ));
        if let Some(within) = within {
            sql.text(" AND (u.tile IS NULL OR 1 = 1");
            touch(within, &mut sql);
            sql.text(")");
        }
        sql.text(" GROUP BY 1, 2");
        let (mut cells, mut nowhere) = (Cells::new(), 0);
        for row in sql.fetch(self).await? {
            let n: i64 = row.try_get("n")?;
            let (x, y): (Option<i64>, Option<i64>) = (row.try_get("x")?, row.try_get("y")?);
            let Some(cell) = x.zip(y) else {
                nowhere += n;
                continue;
            };
            let sum = |tiles: i64| {
                let halves = i128::from(2 * tiles + n) * i128::from(TURN / 2) / i128::from(CELLS);
                halves as i64 - n * (TURN / 2)
            };
            let (columns, lines) = (row.try_get("columns")?, row.try_get("lines")?);
            cells.insert(cell, (n, sum(columns), sum(lines)));
        }
        Ok((cells, nowhere))
    }

    /// Counts by cells of so many 1e-7 degrees, within a box to its very borders: for maps nearer than tiles.
    async fn fine_cells(
        &self,
        question: &Question<'_>,
        within: Option<Within>,
        wide: i64,
    ) -> Result<Vec<CaseCell>> {
        let mut sql = question.select(
            "SELECT count(*) AS n, CAST(sum(f.lng) / count(*) AS BIGINT) AS lng, CAST(sum(f.lat) / count(*) AS BIGINT) AS lat",
        );
        on_the_map(&mut sql, within);
        sql.text(" GROUP BY f.lng / ");
        sql.bind_number(wide.max(1));
        sql.text(", f.lat / ");
        sql.bind_number(wide.max(1));
        sql.text(" ORDER BY 1 DESC, 2, 3");
        let cell = |row: &AnyRow| {
            Ok(CaseCell {
                n: row.try_get("n")?,
                lng: row.try_get("lng")?,
                lat: row.try_get("lat")?,
            })
        };
        sql.fetch(self).await?.iter().map(cell).collect()
    }

    /// Single cases within a box, the newest first, at most so many and one more.
    async fn cases_within(
        &self,
        question: &Question<'_>,
        within: Option<Within>,
        limit: i64,
    ) -> Result<Vec<CasePoint>> {
        let mut sql = question.select(POINT);
        on_the_map(&mut sql, within);
        sql.text(" ORDER BY u.reported_at DESC, u.case_id DESC LIMIT ");
        sql.bind_number(limit + 1);
        let rows = sql.fetch(self).await?;
        rows.iter().map(CasePoint::from_row).collect()
    }

    /// The kept counts of a level, without what is secret to the viewer.
    async fn kept_cells(
        &self,
        sight: &Sight,
        filter: &CaseFilter,
        within: Option<Within>,
        level: i64,
        secret: &[Option<(i64, i64)>],
    ) -> Result<Cells> {
        let mut sql = Sql::new(
            "SELECT x, y, CAST(sum(n) AS BIGINT) AS n, CAST(sum(lng) AS BIGINT) AS lng, CAST(sum(lat) AS BIGINT) AS lat
             FROM case_cell WHERE unit = ",
        );
        sql.bind(filter.scope(sight));
        sql.and_number("level = ", level);
        sql.and("category = ", &filter.category);
        let coarse = |(x, y): (i64, i64)| (x >> (FINEST - level), y >> (FINEST - level));
        if let Some(within) = within {
            let [(left, bottom), (right, top)] = corners(within).map(coarse);
            sql.and_between("x", left, right);
            sql.and_between("y", bottom, top);
        }
        filter.at_stages(&mut sql, "stage");
        sql.text(" GROUP BY x, y HAVING sum(n) > 0");
        let mut cells = Cells::new();
        for row in sql.fetch(self).await? {
            let sums = (row.try_get("n")?, row.try_get("lng")?, row.try_get("lat")?);
            cells.insert((row.try_get("x")?, row.try_get("y")?), sums);
        }
        for place in secret {
            let (lng, lat) = place.unwrap_or_default();
            let at = match place {
                Some(_) if level != NOWHERE => coarse(cell_of(lng, lat)),
                None if level == NOWHERE => (0, 0),
                _ => continue,
            };
            if let Some(one) = cells.get_mut(&at) {
                *one = (one.0 - 1, one.1 - lng, one.2 - lat);
            }
        }
        cells.retain(|_, (n, ..)| *n > 0);
        Ok(cells)
    }

    /// Where those lie that are still secret to the viewer.
    async fn secret_places(&self, question: &Question<'_>) -> Result<Vec<Option<(i64, i64)>>> {
        if question.sight.secrets {
            return Ok(vec![]);
        }
        let question = question.of_all();
        let mut sql = question.select("SELECT f.lng AS lng, f.lat AS lat");
        sql.still_secret(question.now);
        let rows = sql.fetch(self).await?;
        rows.iter()
            .map(|row| {
                let (lng, lat): (Option<i64>, Option<i64>) =
                    (row.try_get("lng")?, row.try_get("lat")?);
                Ok(lng.zip(lat))
            })
            .collect()
    }

    /// Cases on some tiles, within a box.
    async fn cases_on(
        &self,
        question: &Question<'_>,
        within: Option<Within>,
        tiles: &[i64],
    ) -> Result<Vec<CasePoint>> {
        let mut found = vec![];
        for some in tiles.chunks(ASKED) {
            let by_tile = self.dialect().by_index("case_unit_tile");
            let mut sql = question.from(
                POINT,
                &format!(
                    " FROM case_unit u {by_tile} CROSS JOIN case_file f WHERE f.id = u.case_id"
                ),
            );
            sql.text(" AND u.tile IN (");
            for (place, tile) in some.iter().enumerate() {
                sql.text(if place == 0 { "" } else { ", " });
                sql.bind_number(*tile);
            }
            sql.text(")");
            if let Some(within) = within {
                within.narrow(&mut sql);
            }
            for row in sql.fetch(self).await? {
                found.push(CasePoint::from_row(&row)?);
            }
        }
        Ok(found)
    }
}
