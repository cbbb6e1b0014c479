//! The areas in which units are evaluated, from GeoJSON: polygons of units with their months.
//!
//! A feature names its unit in `unit` (code or name), the first month in `from` and, if it ends, the last in `to`.

use assessment::message::Message;
use assessment::month::Month;
use geo::algorithm::Validation;
use geo::algorithm::validation::{InvalidMultiPolygon, InvalidPolygon};
use geo::{Coord, LineString, MultiPolygon, Polygon};
use geojson::{Feature, FeatureCollection, GeometryValue, Position};
use serde_json::{Value, json};

use super::bounds::too_large;
use super::fault::{RowFault, quoted};
use super::value::{self, plain};
use super::{Refusal, text};
use crate::datum::{Datum, Elsewhere, in_china};

/// The area of a unit in a span of months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// Name of the file.
    pub file: String,
    /// Number of the feature in the file, from 1.
    pub feature: usize,
    /// Code or name of the unit.
    pub unit: String,
    pub from: Month,
    pub to: Option<Month>,
    /// In WGS 84, as GeoJSON text.
    pub geometry: String,
    pub source: String,
}

/// Larger files are no evaluated areas.
const LARGEST: usize = 20 << 20;
/// Polygons with more points than this take too long to check.
const MOST_POINTS: usize = 50_000;

/// Whether a file looks like JSON.
pub fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

/// Reads the areas of a file; features that are wrong are reported and left out.
///
/// # Errors
/// It is too large, no JSON, no collection of features, or in a reference system that is not known.
pub fn read(name: &str, bytes: &[u8], datum: Datum) -> Result<(Vec<Area>, Vec<RowFault>), Refusal> {
    if bytes.len() > LARGEST {
        return Err(too_large(name, LARGEST as u64));
    }
    let json: Value = serde_json::from_str(&text::decode(name, bytes)?).map_err(|error| {
        Refusal(
            Message::new("evidence-not-json")
                .with("name", name)
                .with("line", error.line())
                .with("column", error.column()),
        )
    })?;
    let datum = match json.pointer("/crs/properties/name").and_then(Value::as_str) {
        Some(system) => named_system(system).ok_or_else(|| {
            Refusal(
                Message::new("evidence-geojson-system")
                    .with("name", name)
                    .with("system", system),
            )
        })?,
        None => datum,
    };
    let collection = serde_json::from_value::<FeatureCollection>(json)
        .map_err(|_| Refusal::about("evidence-not-geojson", name))?;
    let (mut areas, mut faults) = (Vec::new(), Vec::new());
    for (index, feature) in collection.features.iter().enumerate() {
        let mut reader = Reader {
            file: name,
            feature,
            number: index + 1,
            faults: Vec::new(),
        };
        let area = reader.area(datum);
        if reader.faults.is_empty() {
            areas.extend(area);
        }
        faults.extend(reader.faults);
    }
    overlaps(name, &mut areas, &mut faults);
    Ok((areas, faults))
}

/// `urn:ogc:def:crs:OGC:1.3:CRS84`, `EPSG:4490`, `GCJ-02`.
pub(crate) fn named_system(name: &str) -> Option<Datum> {
    let last = name.rsplit(':').next().unwrap_or(name);
    match last {
        "CRS84" => Some(Datum::Wgs84),
        _ => Datum::of(last),
    }
}

/// A unit has one area at a time; of two, the later in the file is reported.
fn overlaps(name: &str, areas: &mut Vec<Area>, faults: &mut Vec<RowFault>) {
    let mut kept: Vec<Area> = Vec::new();
    for area in areas.drain(..) {
        let meets = |other: &&Area| {
            other.unit == area.unit
                && other.to.is_none_or(|to| area.from <= to)
                && area.to.is_none_or(|to| other.from <= to)
        };
        match kept.iter().find(meets) {
            None => kept.push(area),
            Some(other) => faults.push(RowFault {
                row: area.feature,
                column: "from".into(),
                text: area.from.to_string(),
                ..RowFault::of_sheet(
                    name,
                    Message::new("evidence-areas-overlap").with("row", other.feature),
                )
            }),
        }
    }
    *areas = kept;
}

struct Reader<'a> {
    file: &'a str,
    feature: &'a Feature,
    number: usize,
    faults: Vec<RowFault>,
}

impl Reader<'_> {
    fn area(&mut self, datum: Datum) -> Option<Area> {
        let unit = self.text(&["unit", "单位", "code"]);
        if unit.is_empty() {
            self.fault("unit", "", Message::new("evidence-empty"));
        }
        let from = self.month(&["from", "valid_from", "起"]);
        if self.text(&["from", "valid_from", "起"]).is_empty() {
            self.fault("from", "", Message::new("evidence-empty"));
        }
        // Who writes the last month of the calendar means that there is none.
        let to = self.month(&["to", "valid_to", "止"]);
        let to = to.filter(|to| *to < to.plus(1));
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            let message = Message::new("evidence-before").with("column", "from");
            self.fault("to", &to.to_string(), message);
        }
        let shape = self.shape(datum);
        Some(Area {
            file: self.file.to_owned(),
            feature: self.number,
            unit,
            from: from?,
            to,
            geometry: geometry_text(&shape?),
            source: self.text(&["source", "来源"]),
        })
    }

    fn text(&self, names: &[&str]) -> String {
        let property = |name: &&str| self.feature.property(name);
        match names.iter().find_map(property) {
            Some(Value::String(text)) => plain(text),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    fn month(&mut self, names: &[&str]) -> Option<Month> {
        let text = self.text(names);
        let month = value::month(&text);
        if month.is_none() && !text.is_empty() {
            self.fault(names[0], &text, Message::new("evidence-not-a-month"));
        }
        month
    }

    fn shape(&mut self, datum: Datum) -> Option<MultiPolygon> {
        let rings = match self
            .feature
            .geometry
            .as_ref()
            .map(|geometry| &geometry.value)
        {
            Some(GeometryValue::Polygon { coordinates }) => vec![coordinates.clone()],
            Some(GeometryValue::MultiPolygon { coordinates }) => coordinates.clone(),
            _ => Vec::new(),
        };
        let points = rings.iter().flatten().map(Vec::len).sum::<usize>();
        let empty = points == 0
            || rings
                .iter()
                .any(|polygon| polygon.iter().all(Vec::is_empty));
        if empty || points > MOST_POINTS {
            let key = if empty {
                "evidence-no-polygon"
            } else {
                "evidence-too-many-points"
            };
            self.fault("geometry", "", Message::new(key));
            return None;
        }
        if rings
            .iter()
            .flatten()
            .any(|ring| ring.first() != ring.last())
        {
            self.fault("geometry", "", Message::new("evidence-open-ring"));
            return None;
        }
        let polygons = rings.iter().map(|polygon| {
            let mut rings = polygon.iter().map(|ring| self.ring(ring, datum));
            Some(Polygon::new(rings.next()??, rings.collect::<Option<_>>()?))
        });
        let Some(polygons) = polygons.collect::<Option<Vec<_>>>() else {
            let first = rings
                .iter()
                .flatten()
                .flatten()
                .find_map(|place| place_in_china(place).err());
            let key = match first {
                Some(Elsewhere::Swapped) => "evidence-swapped-position",
                _ => "evidence-not-in-china",
            };
            self.fault("geometry", "", Message::new(key));
            return None;
        };
        let shape = MultiPolygon::new(polygons);
        if let Err(invalid) = shape.check_validation() {
            self.fault("geometry", "", Message::new(reason(&invalid)));
            return None;
        }
        Some(shape)
    }

    fn ring(&self, ring: &[Position], datum: Datum) -> Option<LineString> {
        ring.iter()
            .map(|place| {
                let place = place_in_china(place).ok()?;
                let [x, y] = datum.to_wgs84(place).map(rounded);
                Some(Coord { x, y })
            })
            .collect()
    }

    fn fault(&mut self, column: &str, text: &str, message: Message) {
        self.faults.push(RowFault {
            row: self.number,
            column: column.to_owned(),
            text: quoted(text),
            ..RowFault::of_sheet(self.file, message)
        });
    }
}

fn place_in_china(place: &Position) -> Result<[f64; 2], Elsewhere> {
    match place.as_slice() {
        [lng, lat, ..] => in_china([*lng, *lat]).map(|()| [*lng, *lat]),
        _ => Err(Elsewhere::Outside),
    }
}

/// Six decimals are a tenth of a metre.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

fn geometry_text(shape: &MultiPolygon) -> String {
    let ring = |ring: &LineString| ring.coords().map(|at| [at.x, at.y]).collect::<Vec<_>>();
    let rings = |polygon: &Polygon| {
        std::iter::once(polygon.exterior())
            .chain(polygon.interiors())
            .map(ring)
            .collect::<Vec<_>>()
    };
    let polygons: Vec<_> = shape.iter().map(rings).collect();
    json!({ "type": "MultiPolygon", "coordinates": polygons }).to_string()
}

pub(crate) fn reason(invalid: &InvalidMultiPolygon) -> &'static str {
    match invalid {
        InvalidMultiPolygon::InvalidPolygon(_, InvalidPolygon::TooFewPointsInRing(_)) => {
            "evidence-ring-too-short"
        }
        InvalidMultiPolygon::InvalidPolygon(_, InvalidPolygon::SelfIntersection(_)) => {
            "evidence-ring-crosses-itself"
        }
        InvalidMultiPolygon::InvalidPolygon(..) => "evidence-hole-outside",
        InvalidMultiPolygon::ElementsOverlaps(..)
        | InvalidMultiPolygon::ElementsTouchOnALine(..) => "evidence-polygons-overlap",
    }
}
