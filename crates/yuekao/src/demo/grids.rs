//! The ground of the demo: areas of townships and communities, grids, streets, survey cells, chiefs and their patrols.
//!
//! **All of it is made up.** Boundaries of townships and communities are not public: here each gets what lies nearest to
//! its point (Voronoi cells of `data/division_points.csv`, cut to the outlines of the counties).

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use assessment::grid::{Duty, Holder, Level, Span, Tenure, Thing};
use assessment::place::{Point, Shape};
use geo::orient::Direction;
use geo::{
    BooleanOps as _, BoundingRect as _, Coord, InteriorPoint as _, LineString, MultiPolygon,
    Orient as _, Polygon, unary_union,
};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::dice::Dice;
use super::ground::Spot;
use super::month::Demo;
use crate::clock;
use crate::ground::{Drawing, polygons, shape_of};
use crate::store::Store;
use crate::store::account::Duty as Office;
use crate::store::area::AreaRow;
use crate::store::grid::{DutyRow, GridRow, PatrolRow};
use crate::viewer::Role;

const BOUNDARIES: &str = include_str!("../../../../data/boundaries.geojson");
const STREETS: &str = include_str!("../../../../data/streets.csv");
/// Townships that are cut into grids: three of 咸安区's centre and the seat of 嘉鱼县; with the chief of each, their
/// login and level.
#[rustfmt::skip]
const GRIDDED: [(&str, &str, i64, &str); 4] = [
    ("421202001000", "chief2", 2, "二级路长乙"),
    ("421202002000", "chief2", 2, "二级路长乙"),
    ("421202003000", "chief1", 1, "一级路长甲"),
    ("421221103000", "chief3", 2, "二级路长丙"),
];
/// From this month on the ground is known.
const BEGUN: (&str, &str) = ("2020-09", "2020-09-01");
const SOURCE: &str = "合成：由公开的地点坐标推算，不是实际边界";
/// Weeks of patrols.
const WEEKS: i64 = 6;

/// Everything that is laid.
#[derive(Default)]
struct Ground {
    areas: Vec<AreaRow>,
    grids: Vec<GridRow>,
    duties: Vec<DutyRow>,
    /// Login, name and community of the chiefs of the third level.
    chiefs: Vec<(String, String, String)>,
}

/// What was laid: grids with their duties.
pub struct Laid {
    grids: Vec<GridRow>,
    duties: Vec<DutyRow>,
}

/// Lays the ground of the demo. `hash` is that of everybody's password.
///
/// # Errors
/// The store's; data that was built in cannot be read.
pub async fn lay(store: &Store, demo: &Demo, hash: &str) -> Result<Laid> {
    let at = BEGUN
        .1
        .parse::<Date>()?
        .to_datetime(jiff::civil::time(9, 0, 0, 0));
    let at = at.to_zoned(clock::zone())?.timestamp();
    let ground = ground(demo)?;
    for (login, name, unit) in &ground.chiefs {
        let office = Office::new(name, Role::Chief, Some(unit))?;
        store
            .create_account(at, "console", login, office, Some(hash.to_owned()), false)
            .await?;
    }
    store
        .set_areas(at, super::life::OFFICE, ground.areas)
        .await?;
    let (grids, duties) = (ground.grids, ground.duties);
    store
        .set_grids(
            at,
            super::life::OFFICE,
            "建立网格（合成）",
            grids.clone(),
            duties.clone(),
            None,
        )
        .await?;
    Ok(Laid { grids, duties })
}

fn ground(demo: &Demo) -> Result<Ground> {
    let names: BTreeMap<String, String> = demo
        .town
        .units("2021-01".parse().ok().context("a month")?)
        .into_iter()
        .map(|unit| (unit.code, unit.name))
        .collect();
    let mut ground = Ground::default();
    let mut townships: BTreeMap<String, Vec<MultiPolygon>> = BTreeMap::new();
    for (code, cell) in cells(&demo.town.points)? {
        townships
            .entry(format!("{}000", &code[..9]))
            .or_default()
            .push(cell.clone());
        if !code.ends_with("000") {
            if let Some((township, login, level, chief)) = GRIDDED
                .iter()
                .find(|(township, ..)| township[..9] == code[..9])
            {
                let name = names.get(&code).cloned().unwrap_or_default();
                let management = Holder::Chief {
                    login: Some((*login).to_owned()).filter(|login| !login.is_empty()),
                    name: (*chief).to_owned(),
                    level: Level::new(*level).context("a level")?,
                };
                cut(
                    &mut ground,
                    demo,
                    township,
                    &code,
                    &name,
                    &cell,
                    &management,
                )?;
            }
            ground.areas.push(area(code, &cell));
        }
    }
    for (code, cells) in townships {
        ground.areas.push(area(code, &unary_union(&cells)));
    }
    streets(&mut ground, demo)?;
    Ok(ground)
}

fn area(unit: String, cell: &MultiPolygon) -> AreaRow {
    AreaRow {
        unit,
        valid_from: BEGUN.0.into(),
        valid_to: None,
        geometry: Drawing::Area(shape_of(cell)).text(),
        source: SOURCE.into(),
    }
}

/// What lies nearest to each township and community that has a point, within its county.
fn cells(points: &BTreeMap<String, Spot>) -> Result<Vec<(String, MultiPolygon)>> {
    let collection: geojson::FeatureCollection =
        BOUNDARIES.parse::<geojson::GeoJson>()?.try_into()?;
    let mut cells = Vec::new();
    for feature in &collection.features {
        let code = feature
            .property("code")
            .and_then(|code| code.as_str())
            .context("a code")?;
        if code == super::town::CITY {
            continue;
        }
        let geometry = feature.geometry.as_ref().context("a boundary")?;
        let Some(Drawing::Area(outline)) = Drawing::of(&geometry.value) else {
            anyhow::bail!("the boundary of {code} is no polygon");
        };
        let outline = polygons(&outline).orient(Direction::Default);
        let seeds: Vec<(String, Coord)> = points
            .iter()
            .filter(|(unit, _)| unit[..6] == code[..6] && *unit != code)
            .map(|(unit, spot)| (unit.clone(), degrees(*spot)))
            .collect();
        for (seed, cell) in voronoi(&seeds, &outline) {
            if !cell.0.is_empty() {
                cells.push((seed, cell));
            }
        }
    }
    Ok(cells)
}

fn degrees(spot: Spot) -> Coord {
    Coord {
        x: spot.lng as f64 / 1e6,
        y: spot.lat as f64 / 1e6,
    }
}

/// The part of an area that lies nearest to each of some points: a rectangle cut by the middle line to every other point.
fn voronoi<T: Clone>(seeds: &[(T, Coord)], within: &MultiPolygon) -> Vec<(T, MultiPolygon)> {
    let Some(bounds) = within.bounding_rect() else {
        return Vec::new();
    };
    let (low, high) = (bounds.min(), bounds.max());
    let corners = [
        (low.x, low.y),
        (high.x, low.y),
        (high.x, high.y),
        (low.x, high.y),
    ];
    seeds
        .iter()
        .map(|(name, seed)| {
            let mut ring: Vec<Coord> = corners
                .iter()
                .map(|(x, y)| Coord { x: *x, y: *y })
                .collect();
            for (_, other) in seeds.iter().filter(|(_, other)| other != seed) {
                ring = nearer(&ring, *seed, *other);
            }
            let cell = Polygon::new(LineString::new(ring), Vec::new());
            (name.clone(), within.intersection(&cell))
        })
        .collect()
}

/// The part of a convex ring that lies nearer to one point than to another.
fn nearer(ring: &[Coord], one: Coord, other: Coord) -> Vec<Coord> {
    let middle = Coord {
        x: (one.x + other.x) / 2.0,
        y: (one.y + other.y) / 2.0,
    };
    let side =
        |at: Coord| (at.x - middle.x) * (other.x - one.x) + (at.y - middle.y) * (other.y - one.y);
    let mut kept = Vec::new();
    for (number, at) in ring.iter().enumerate() {
        let next = ring[(number + 1) % ring.len()];
        let (here, there) = (side(*at), side(next));
        if here <= 0.0 {
            kept.push(*at);
        }
        if (here < 0.0 && there > 0.0) || (here > 0.0 && there < 0.0) {
            let part = here / (here - there);
            kept.push(Coord {
                x: at.x + (next.x - at.x) * part,
                y: at.y + (next.y - at.y) * part,
            });
        }
    }
    kept
}

/// Cuts a community into three grids and four survey cells, and gives the duties.
fn cut(
    ground: &mut Ground,
    demo: &Demo,
    township: &str,
    code: &str,
    name: &str,
    cell: &MultiPolygon,
    management: &Holder,
) -> Result<()> {
    let mut dice = Dice::new(demo.town.seed, &format!("grids|{code}"));
    let centre = degrees(*demo.town.points.get(code).context("a point")?);
    let seeds: Vec<(usize, Coord)> = (1..=3)
        .map(|number| {
            let mut away = || dice.between(-6000, 6000) as f64 / 1e6;
            let (x, y) = (centre.x + away(), centre.y + away());
            (number, Coord { x, y })
        })
        .collect();
    let short = name
        .trim_end_matches("居民委员会")
        .trim_end_matches("居委会")
        .trim_end_matches("委会")
        .trim_end_matches("社区");
    let number = ground.chiefs.len() + 1;
    let login = format!("luzhang{number:02}");
    let chief = format!("三级路长{number:02}（测试）");
    ground
        .chiefs
        .push((login.clone(), chief.clone(), code.to_owned()));
    for (number, shape) in voronoi(&seeds, cell) {
        let shape = shape_of(&shape);
        if shape.0.is_empty() {
            continue;
        }
        let id = format!("G-{code}-{number:02}");
        let named = format!("{short}{number}号网格");
        ground
            .grids
            .push(grid(&id, named, code, None, Drawing::Area(shape)));
        let lowest = Holder::Chief {
            login: Some(login.clone()),
            name: chief.clone(),
            level: Level::new(3).context("a level")?,
        };
        duties(ground, &id, township, management, lowest, &mut dice)?;
    }
    let Some(bounds) = cell.bounding_rect() else {
        return Ok(());
    };
    let (low, high, middle) = (bounds.min(), bounds.max(), bounds.center());
    let quarters = [
        (low.x, low.y, middle.x, middle.y),
        (middle.x, low.y, high.x, middle.y),
        (low.x, middle.y, middle.x, high.y),
        (middle.x, middle.y, high.x, high.y),
    ];
    for (number, (west, south, east, north)) in quarters.into_iter().enumerate() {
        let ring = vec![
            (west, south),
            (east, south),
            (east, north),
            (west, north),
            (west, south),
        ];
        let quarter = Polygon::new(LineString::from(ring), Vec::new());
        let shape = shape_of(&cell.intersection(&quarter));
        if !shape.0.is_empty() {
            let digits = format!("{code}{:03}", number + 1);
            let named = format!("{short}单元网格{}", number + 1);
            let id = format!("U-{digits}");
            ground
                .grids
                .push(grid(&id, named, code, Some(digits), Drawing::Area(shape)));
        }
    }
    Ok(())
}

fn grid(id: &str, name: String, unit: &str, cell: Option<String>, drawing: Drawing) -> GridRow {
    let kind = match (&drawing, &cell) {
        (Drawing::Street(_), _) => "street",
        (_, Some(_)) => "cell",
        _ => "area",
    };
    GridRow {
        id: id.to_owned(),
        valid_from: BEGUN.1.into(),
        valid_to: None,
        name,
        unit: unit.to_owned(),
        kind: kind.into(),
        cell,
        geometry: drawing.text(),
        size: drawing.size(),
        synthetic: true,
        source: SOURCE.into(),
    }
}

/// The four duties; some grids were adopted by a department until the chief took over, some have frontage contracts.
fn duties(
    ground: &mut Ground,
    id: &str,
    township: &str,
    management: &Holder,
    lowest: Holder,
    dice: &mut Dice,
) -> Result<()> {
    let begun: Date = BEGUN.1.parse()?;
    let whole = |duty, holder, from, to, patrols| Tenure {
        duty,
        part: None,
        holder,
        span: Span { from, to },
        patrols_per_week: patrols,
    };
    let unit = |code: &str| Holder::Unit {
        code: code.to_owned(),
    };
    let mut tenures = vec![
        whole(Duty::Management, management.clone(), begun, None, 2),
        whole(Duty::Operation, unit(township), begun, None, 0),
        whole(
            Duty::Enforcement,
            unit(&format!("{}000000", &township[..6])),
            begun,
            None,
            0,
        ),
    ];
    let adopted = dice.chance(300);
    let mut from = begun;
    if adopted {
        let party = Holder::Stewardship {
            party: format!("测试包保单位{:02}", dice.between(1, 20)),
        };
        let change: Date = "2022-01-01".parse()?;
        tenures.push(whole(
            Duty::Responsibility,
            party,
            begun,
            Some(change - 1.day()),
            0,
        ));
        from = change;
    }
    tenures.push(whole(Duty::Responsibility, lowest, from, None, 5));
    for number in 0..dice.below(3) {
        tenures.push(Tenure {
            part: Some(format!(
                "{}号",
                2 * dice.between(1, 60) + number as i64 * 200
            )),
            ..whole(
                Duty::Responsibility,
                Holder::Frontage {
                    party: format!("测试商铺{:03}", dice.between(1, 400)),
                    things: Thing::ALL.into(),
                },
                begun,
                None,
                0,
            )
        });
    }
    for tenure in &tenures {
        let name = match &tenure.holder {
            Holder::Unit { code } if code == township => "环卫作业队（测试）",
            Holder::Unit { .. } => "城管执法中队（测试）",
            _ => "",
        };
        ground.duties.push(DutyRow::of(id, tenure, name));
    }
    Ok(())
}

/// Streets with real names and invented courses, through the middle of grids; who has the duties of the grid where a street
/// begins has those of the street. They are walked with the grid: no patrols of their own are due.
fn streets(ground: &mut Ground, demo: &Demo) -> Result<()> {
    let centres: Vec<(String, String, Point)> = ground
        .grids
        .iter()
        .filter(|grid| grid.kind == "area" && grid.unit.starts_with("421202"))
        .filter_map(|grid| match Drawing::parse(&grid.geometry)? {
            Drawing::Area(shape) => Some((grid.id.clone(), grid.unit.clone(), middle(&shape)?)),
            Drawing::Street(_) => None,
        })
        .collect();
    let mut dice = Dice::new(demo.town.seed, "street lines");
    let mut number = 0;
    for row in csv::Reader::from_reader(STREETS.as_bytes()).into_records() {
        let row = row?;
        if &row[1] != "street" || &row[2] != "421202000000" || centres.len() < 2 {
            continue;
        }
        number += 1;
        let (first, unit, from) = dice.pick(&centres).clone();
        // To one of the grids beside it.
        let mut others: Vec<Point> = centres.iter().map(|(.., at)| *at).collect();
        others.sort_by_key(|at| (at.lng - from.lng).pow(2) + (at.lat - from.lat).pow(2));
        let to = *dice.pick(&others[1..others.len().min(5)]);
        let line: Vec<Point> = (0..=4)
            .map(|part| Point {
                lng: from.lng + (to.lng - from.lng) * part / 4 + dice.between(-4000, 4000),
                lat: from.lat + (to.lat - from.lat) * part / 4 + dice.between(-4000, 4000),
            })
            .collect();
        let id = format!("S-421202-{number:03}");
        let drawn = grid(
            &id,
            row[0].to_owned(),
            &unit,
            None,
            Drawing::Street(vec![line]),
        );
        ground.grids.push(drawn);
        let own: Vec<DutyRow> = ground
            .duties
            .iter()
            .filter(|duty| duty.grid == first && duty.part.is_empty())
            .map(|duty| DutyRow {
                grid: id.clone(),
                patrols_per_week: 0,
                ..duty.clone()
            })
            .collect();
        ground.duties.extend(own);
    }
    Ok(())
}

fn middle(shape: &Shape) -> Option<Point> {
    let at = polygons(shape).interior_point()?;
    Some(Point::of_degrees(at.x(), at.y()))
}

/// Patrols of the weeks before `now` in which the duties were held: chiefs are of different diligence.
///
/// # Errors
/// The store's.
pub async fn patrol(store: &Store, demo: &Demo, now: Timestamp, laid: &Laid) -> Result<()> {
    let (seed, Laid { grids, duties }) = (demo.town.seed, laid);
    let today = now.to_zoned(clock::zone()).date();
    let mut done: Vec<(Timestamp, Date, String, PatrolRow)> = Vec::new();
    for duty in duties
        .iter()
        .filter(|duty| duty.patrols_per_week > 0 && !duty.holder.is_empty())
    {
        let mut dice = Dice::new(seed, &format!("patrols|{}|{}", duty.holder, duty.grid));
        let diligent =
            Dice::new(seed, &format!("diligence|{}", duty.holder)).between(500, 1000) as u64;
        let grid = grids
            .iter()
            .find(|grid| grid.id == duty.grid)
            .context("a grid")?;
        let Drawing::Area(shape) = grid.drawing()? else {
            continue;
        };
        let place = middle(&shape);
        for day in 1..=7 * WEEKS {
            let walked = dice.chance(duty.patrols_per_week as u64 * diligent / 7);
            let at = today - day.days();
            let minute = dice.between(0, 59) as i8;
            let said = at.to_string();
            let held =
                said >= duty.valid_from && duty.valid_to.as_ref().is_none_or(|to| said <= *to);
            let at = at.to_datetime(jiff::civil::time(8 + (day % 9) as i8, minute, 0, 0));
            if walked && held {
                let at = at.to_zoned(clock::zone())?.timestamp();
                let row = PatrolRow {
                    grid: duty.grid.clone(),
                    chief: duty.holder.clone(),
                    at: 0,
                    place: place.map(|at| (at.lng, at.lat)),
                    accuracy_m: Some(dice.between(4, 30)),
                    inside: None,
                    note: String::new(),
                };
                let id = format!("demo-{}-{}-{day}", duty.holder, duty.grid);
                done.push((at, today - day.days(), id, row));
            }
        }
    }
    done.sort_by(|one, other| (one.0, &one.2).cmp(&(other.0, &other.2)));
    let records = done
        .into_iter()
        .map(|(at, day, id, row)| async move { store.record_patrol(at, day, &id, row).await });
    futures_util::future::try_join_all(records).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use assessment::place::Side;

    use super::*;
    use crate::demo::town::Town;

    #[test]
    fn every_place_lies_nearest_to_itself_and_cells_do_not_overlap() {
        let town = Town::build(1).unwrap();
        let cells = cells(&town.points).unwrap();
        assert!(cells.len() > 200, "{}", cells.len());
        let shapes: Vec<(String, Shape)> = cells
            .iter()
            .map(|(code, cell)| (code.clone(), shape_of(cell)))
            .collect();
        let index = assessment::place::areas::Areas::new(shapes.clone());
        let mut own = 0;
        for (code, shape) in &shapes {
            let at = degrees(town.points[code]);
            let at = Point::of_degrees(at.x, at.y);
            if shape.side(at) != Side::Outside {
                own += 1;
                assert_eq!(&index.at(at).unwrap()[..6], &code[..6], "{code}");
            }
        }
        // A few points that were published lie outside of their county.
        assert!(own + 12 > shapes.len(), "{own} of {}", shapes.len());
    }
}
