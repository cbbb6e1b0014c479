//! The ground: grids, streets and communities as they were on a day, and what lies at a point of it.
//!
//! The rule for borders is that of [`assessment::place`]: a point on a border belongs to every area that touches it, and
//! the one with the smallest id wins. Coordinates are whole ten-millionths of a degree, so the answer is exact.

pub mod duties;
pub mod fit;
pub mod import;
pub mod read;
pub mod streets;

use std::collections::{BTreeMap, HashMap};

use assessment::grid::Span;
use assessment::month::Month;
use assessment::place::areas::Areas;
use assessment::place::{Bounds, Point, Ring, Shape};
use geo::{Coord, Geodesic, GeodesicArea as _, Length as _, LineString, MultiPolygon, Polygon};
use geojson::{GeometryValue, Position};
use jiff::civil::Date;

use streets::Streets;

/// How far a street may be that gives a place its name, or its grid, in metres.
pub const STREET_WITHIN: i64 = 50;

/// How a grid is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drawing {
    /// An area, of a responsibility grid or of a survey cell.
    Area(Shape),
    /// Lines along a street.
    Street(Vec<Vec<Point>>),
}

impl Drawing {
    /// From the text of a GeoJSON geometry in WGS 84; nothing if it is neither polygons nor lines.
    pub fn parse(text: &str) -> Option<Self> {
        let geometry: geojson::Geometry = serde_json::from_str(text).ok()?;
        Self::of(&geometry.value)
    }

    /// From a GeoJSON geometry in WGS 84; nothing if it is neither polygons nor lines.
    pub fn of(geometry: &GeometryValue) -> Option<Self> {
        let point = |at: &Position| match at.as_slice() {
            [lng, lat, ..] => Some(Point::of_degrees(*lng, *lat)),
            _ => None,
        };
        let line = |line: &Vec<Position>| line.iter().map(point).collect::<Option<Ring>>();
        let lines = |lines: &Vec<Vec<Position>>| lines.iter().map(line).collect::<Option<Vec<_>>>();
        Some(match geometry {
            GeometryValue::Polygon { coordinates } => Self::Area(Shape(vec![lines(coordinates)?])),
            GeometryValue::MultiPolygon { coordinates } => {
                Self::Area(Shape(coordinates.iter().map(lines).collect::<Option<_>>()?))
            }
            GeometryValue::LineString { coordinates } => Self::Street(vec![line(coordinates)?]),
            GeometryValue::MultiLineString { coordinates } => Self::Street(lines(coordinates)?),
            _ => return None,
        })
    }

    /// The text of a GeoJSON geometry: MultiPolygon or MultiLineString.
    pub fn text(&self) -> String {
        let line = |line: &Ring| {
            let points = line.iter().map(|at| format!("[{}]", at.texts().join(",")));
            format!("[{}]", points.collect::<Vec<_>>().join(","))
        };
        let lines =
            |lines: &[Ring]| format!("[{}]", lines.iter().map(line).collect::<Vec<_>>().join(","));
        match self {
            Self::Area(shape) => {
                let polygons: Vec<_> = shape.0.iter().map(|polygon| lines(polygon)).collect();
                format!(
                    "{{\"type\":\"MultiPolygon\",\"coordinates\":[{}]}}",
                    polygons.join(",")
                )
            }
            Self::Street(drawn) => format!(
                "{{\"type\":\"MultiLineString\",\"coordinates\":{}}}",
                lines(drawn)
            ),
        }
    }

    /// Whole square metres of an area, whole metres of a street, on the ellipsoid.
    pub fn size(&self) -> i64 {
        match self {
            Self::Area(shape) => polygons(shape).geodesic_area_unsigned().round() as i64,
            Self::Street(lines) => {
                let metres: f64 = lines
                    .iter()
                    .map(|line| Geodesic.length(&string(line)))
                    .sum();
                metres.round() as i64
            }
        }
    }

    /// Every point of it.
    pub fn points(&self) -> Box<dyn Iterator<Item = Point> + '_> {
        match self {
            Self::Area(shape) => Box::new(shape.points()),
            Self::Street(lines) => Box::new(lines.iter().flatten().copied()),
        }
    }

    /// The rectangle around it.
    pub fn bounds(&self) -> Option<Bounds> {
        Bounds::around(self.points())
    }
}

/// A line in degrees, for measures.
pub fn string(line: &[Point]) -> LineString {
    line.iter()
        .map(|at| {
            let [x, y] = at.degrees();
            Coord { x, y }
        })
        .collect()
}

/// A shape in degrees, for measures.
pub fn polygons(shape: &Shape) -> MultiPolygon {
    let polygon = |rings: &Vec<Ring>| {
        let mut rings = rings.iter().map(|ring| string(ring));
        let outer = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
        Polygon::new(outer, rings.collect())
    };
    MultiPolygon::new(shape.0.iter().map(polygon).collect())
}

/// A shape in steps, from degrees.
pub fn shape_of(polygons: &MultiPolygon) -> Shape {
    let ring = |ring: &LineString| {
        let mut points: Ring = ring
            .coords()
            .map(|at| Point::of_degrees(at.x, at.y))
            .collect();
        points.dedup();
        points
    };
    let rings = |polygon: &Polygon| {
        std::iter::once(polygon.exterior())
            .chain(polygon.interiors())
            .map(ring)
            .filter(|ring| ring.len() > 3)
            .collect()
    };
    Shape(
        polygons
            .iter()
            .map(rings)
            .filter(|rings: &Vec<Ring>| !rings.is_empty())
            .collect(),
    )
}

/// A unit as it was on the day.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Named {
    pub code: String,
    pub name: String,
}

/// What is known of a unit of the tree.
#[derive(Debug, Clone)]
pub struct UnitAt {
    pub name: String,
    pub kind: String,
    pub parent: Option<String>,
}

/// A street near a point.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Near {
    pub grid: String,
    pub name: String,
    /// Whole metres from the point.
    pub metres: i64,
}

/// What lies at a point on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct At {
    /// The responsibility grid: an area, or without one the nearest street within [`STREET_WITHIN`] metres.
    pub grid: Option<Named>,
    /// The 15 digits of the survey cell.
    pub cell: Option<String>,
    pub community: Option<Named>,
    pub township: Option<Named>,
    pub county: Option<Named>,
    /// The nearest street within [`STREET_WITHIN`] metres.
    pub street: Option<Near>,
}

impl At {
    /// The finest unit that is known.
    pub fn unit(&self) -> Option<&Named> {
        self.community
            .as_ref()
            .or(self.township.as_ref())
            .or(self.county.as_ref())
    }
}

/// The month of a day: units and their areas change by months. Days before the year 1 have the first month there is.
pub fn month_of(day: Date) -> Month {
    let first = || Month::new(1, 1).expect("the first month");
    Month::of(day).unwrap_or_else(first)
}

/// A day as forms and addresses say it: `2022-03-01`, from the year 1 on.
pub fn day(text: &str) -> Option<Date> {
    let day: Date = text.trim().parse().ok()?;
    (day.year() >= 1).then_some(day)
}

/// The last day of a span: who writes the last day of the calendar means that there is none.
pub fn last_day(to: Option<Date>) -> Option<Date> {
    to.filter(|to| *to < Date::MAX)
}

/// Kinds of units that are a community, a township or a county to whoever asks for one.
const LEVELS: [&[&str]; 3] = [
    &["community", "village"],
    &["township", "street", "town", "unit"],
    &["county", "zone", "district", "city"],
];

/// The ground as it was in a span of days; asked with any of them it says the same.
#[derive(Debug)]
pub struct Ground {
    pub span: Span,
    units: HashMap<String, UnitAt>,
    names: BTreeMap<String, (String, String)>,
    grids: Areas<String>,
    cells: Areas<String>,
    streets: Streets,
    /// Areas of communities, townships and counties.
    levels: [Areas<String>; 3],
}

/// What a [`Ground`] is made of.
#[derive(Debug, Default)]
pub struct Parts {
    pub units: HashMap<String, UnitAt>,
    /// Id, name, unit, code of the cell if it is one, drawing.
    pub grids: Vec<(String, String, String, Option<String>, Drawing)>,
    /// Code of the unit, its area.
    pub areas: Vec<(String, Shape)>,
}

impl Ground {
    /// The ground of a span of days.
    pub fn new(span: Span, parts: Parts) -> Self {
        let mut names = BTreeMap::new();
        let (mut grids, mut cells, mut streets) = (Vec::new(), Vec::new(), Vec::new());
        for (id, name, unit, cell, drawing) in parts.grids {
            match (drawing, cell) {
                (Drawing::Area(shape), Some(code)) => cells.push((code, shape)),
                (Drawing::Area(shape), None) => {
                    names.insert(id.clone(), (name, unit));
                    grids.push((id, shape));
                }
                (Drawing::Street(lines), _) => {
                    names.insert(id.clone(), (name, unit));
                    streets.push((id, lines));
                }
            }
        }
        let mut levels: [Vec<(String, Shape)>; 3] = Default::default();
        for (code, shape) in parts.areas {
            let kind = parts.units.get(&code).map(|unit| unit.kind.as_str());
            let level = kind.and_then(|kind| LEVELS.iter().position(|kinds| kinds.contains(&kind)));
            if let Some(level) = level {
                levels[level].push((code, shape));
            }
        }
        Self {
            span,
            units: parts.units,
            names,
            grids: Areas::new(grids),
            cells: Areas::new(cells),
            streets: Streets::new(streets),
            levels: levels.map(Areas::new),
        }
    }

    /// What lies at a point.
    pub fn at(&self, point: Point) -> At {
        let street = self
            .streets
            .nearest(point, STREET_WITHIN)
            .map(|(id, metres)| Near {
                grid: id.to_owned(),
                name: self
                    .names
                    .get(id)
                    .map(|(name, _)| name.clone())
                    .unwrap_or_default(),
                metres,
            });
        let grid = self
            .grids
            .at(point)
            .cloned()
            .or_else(|| street.as_ref().map(|street| street.grid.clone()));
        let (name, unit) = grid
            .as_ref()
            .and_then(|id| self.names.get(id))
            .cloned()
            .unzip();
        // The finest area that was drawn says where in the tree the point is. What it leaves open the grid's unit says, if
        // it lies below that area, or if none was drawn.
        let drawn = self.levels.iter().find_map(|areas| areas.at(point));
        let mut found = At {
            grid: grid.zip(name).map(|(code, name)| Named { code, name }),
            cell: self.cells.at(point).cloned(),
            street,
            ..At::default()
        };
        if let Some(code) = drawn {
            self.fill(&mut found, code);
        }
        if let Some(code) = unit
            && drawn.is_none_or(|drawn| self.line(&code).any(|(above, _)| above == drawn))
        {
            self.fill(&mut found, &code);
        }
        found
    }

    /// The levels that are still open, from a unit upwards.
    fn fill(&self, found: &mut At, code: &str) {
        for (code, unit) in self.line(code) {
            let slot = match self.level_of(code) {
                Some(0) => &mut found.community,
                Some(1) => &mut found.township,
                Some(2) => &mut found.county,
                _ => continue,
            };
            slot.get_or_insert_with(|| Named {
                code: code.clone(),
                name: unit.name.clone(),
            });
        }
    }

    /// A unit and those above it. A tree that bites its tail must not hold us here.
    fn line(&self, code: &str) -> impl Iterator<Item = (&String, &UnitAt)> {
        let above = move |(_, unit): &(&String, &UnitAt)| {
            let parent = unit.parent.as_ref()?;
            self.units.get_key_value(parent)
        };
        std::iter::successors(self.units.get_key_value(code), above).take(16)
    }

    fn level_of(&self, code: &str) -> Option<usize> {
        let kind = self.units.get(code)?.kind.as_str();
        LEVELS.iter().position(|kinds| kinds.contains(&kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(lng: f64, lat: f64, size: f64) -> Shape {
        let corners = [
            (0.0, 0.0),
            (size, 0.0),
            (size, size),
            (0.0, size),
            (0.0, 0.0),
        ];
        let ring = corners.map(|(x, y)| Point::of_degrees(lng + x, lat + y));
        Shape(vec![vec![ring.to_vec()]])
    }

    fn town() -> Ground {
        let unit = |name: &str, kind: &str, parent: Option<&str>| UnitAt {
            name: name.into(),
            kind: kind.into(),
            parent: parent.map(Into::into),
        };
        let units = [
            ("421202000000", unit("咸安区", "county", None)),
            (
                "421202001000",
                unit("温泉街道", "township", Some("421202000000")),
            ),
            (
                "421221001000",
                unit("鱼岳镇", "township", Some("421221000000")),
            ),
            (
                "421202001002",
                unit("万年路社区", "community", Some("421202001000")),
            ),
            (
                "421202001005",
                unit("桂花路社区", "community", Some("421202001000")),
            ),
        ];
        let line = [(114.35, 29.805), (114.39, 29.805)].map(|(x, y)| Point::of_degrees(x, y));
        let grid = |id: &str, unit: &str, cell: Option<&str>, drawing| {
            (
                id.to_owned(),
                format!("网格{id}"),
                unit.to_owned(),
                cell.map(Into::into),
                drawing,
            )
        };
        let parts = Parts {
            units: units.map(|(code, unit)| (code.to_owned(), unit)).into(),
            grids: vec![
                grid(
                    "g2",
                    "421202001002",
                    None,
                    Drawing::Area(square(114.30, 29.80, 0.01)),
                ),
                grid(
                    "g1",
                    "421202001005",
                    None,
                    Drawing::Area(square(114.31, 29.80, 0.01)),
                ),
                grid(
                    "g3",
                    "421202001000",
                    None,
                    Drawing::Area(square(114.32, 29.79, 0.01)),
                ),
                grid(
                    "g4",
                    "421221001000",
                    None,
                    Drawing::Area(square(114.33, 29.79, 0.01)),
                ),
                grid(
                    "s1",
                    "421202001005",
                    None,
                    Drawing::Street(vec![line.to_vec()]),
                ),
                grid(
                    "c1",
                    "421202001002",
                    Some("421202001002001"),
                    Drawing::Area(square(114.30, 29.80, 0.002)),
                ),
            ],
            areas: vec![
                ("421202001002".into(), square(114.30, 29.80, 0.01)),
                ("421202000000".into(), square(114.20, 29.70, 0.3)),
            ],
        };
        let from = "2022-01-01".parse().unwrap();
        Ground::new(Span { from, to: None }, parts)
    }

    #[test]
    fn a_point_finds_its_grid_community_township_and_county() {
        let town = town();
        let say = |lng, lat| {
            let at = town.at(Point::of_degrees(lng, lat));
            let code = |named: &Option<Named>| {
                named
                    .as_ref()
                    .map_or("-".to_owned(), |named| named.code.clone())
            };
            let near = at.street.as_ref().map_or("-".to_owned(), |near| {
                format!("{} {}", near.grid, near.metres)
            });
            format!(
                "{} {} {} {} {} {near}",
                code(&at.grid),
                at.cell.as_deref().unwrap_or("-"),
                code(&at.community),
                code(&at.township),
                code(&at.county)
            )
        };
        #[rustfmt::skip]
        let cases = [
            (114.3010, 29.8010, "g2 421202001002001 421202001002 421202001000 421202000000 -"),
            (114.3050, 29.8050, "g2 - 421202001002 421202001000 421202000000 -"),
            // On the border of both: the smaller id; the community's own area says which community.
            (114.3100, 29.8050, "g1 - 421202001002 421202001000 421202000000 -"),
            // No community is drawn here: the grid says where it lies.
            (114.3150, 29.8050, "g1 - 421202001005 421202001000 421202000000 -"),
            // Here the county is drawn, and the grid lies in a township of it, or elsewhere.
            (114.3250, 29.7950, "g3 - - 421202001000 421202000000 -"),
            (114.3350, 29.7950, "g4 - - - 421202000000 -"),
            // 22 metres north of a street; the answer is its grid too.
            (114.3700, 29.8052, "s1 - 421202001005 421202001000 421202000000 s1 22"),
            (114.3700, 29.8060, "- - - - 421202000000 -"),
            (114.9000, 29.8060, "- - - - - -"),
        ];
        for (lng, lat, expected) in cases {
            assert_eq!(say(lng, lat), expected, "{lng} {lat}");
        }
    }

    #[test]
    fn a_drawing_keeps_every_digit_and_is_measured_on_the_ellipsoid() {
        let drawing = Drawing::Area(square(114.3000001, 29.8, 0.01));
        let again = Drawing::parse(&drawing.text()).unwrap();
        assert_eq!(again, drawing);
        // A hundredth of a degree: 966.7 m by 1108.5 m here.
        assert!(
            (1_071_000..1_072_500).contains(&drawing.size()),
            "{}",
            drawing.size()
        );
        assert_eq!(
            Drawing::parse("{\"type\":\"Point\",\"coordinates\":[1,2]}"),
            None
        );
        assert_eq!(Drawing::parse("[]"), None);
    }
}
