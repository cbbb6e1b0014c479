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
use assessment::place::areas::Areas;
use assessment::place::{Bounds, Point, Ring, Shape};
use geo::{Coord, Geodesic, GeodesicArea as _, Length as _, LineString, MultiPolygon, Polygon};
use geojson::{GeometryValue, Position};

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

/// The month of a day: units and their areas change by months.
pub fn month_of(day: jiff::civil::Date) -> assessment::month::Month {
    assessment::month::Month::new(day.year(), day.month()).expect("a day lies in a month")
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
        // The finest area that was drawn says where in the tree the point is; without one, the grid's unit does.
        let drawn = self.levels.iter().find_map(|areas| areas.at(point));
        let fine = |code: &&String| self.level_of(code) == Some(0);
        let place = drawn
            .filter(fine)
            .or(unit.as_ref().filter(fine))
            .or(drawn)
            .or(unit.as_ref());
        let mut found = At {
            grid: grid.zip(name).map(|(code, name)| Named { code, name }),
            cell: self.cells.at(point).cloned(),
            street,
            ..At::default()
        };
        let mut code = place.cloned();
        // A tree that bites its tail must not hold us here.
        for _ in 0..16 {
            let Some((name, unit)) = code.take().and_then(|code| {
                let unit = self.units.get(&code)?;
                Some((
                    Named {
                        code,
                        name: unit.name.clone(),
                    },
                    unit,
                ))
            }) else {
                break;
            };
            let level = self.level_of(&name.code);
            let slot = match level {
                Some(0) => Some(&mut found.community),
                Some(1) => Some(&mut found.township),
                Some(2) => Some(&mut found.county),
                _ => None,
            };
            if let Some(slot) = slot.filter(|slot| slot.is_none()) {
                *slot = Some(name);
            }
            code.clone_from(&unit.parent);
        }
        found
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
