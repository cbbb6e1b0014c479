//! Grids from GeoJSON: a feature is a grid with `id`, `name`, `unit`, `from` and, if it ends, `to`.
//!
//! A file is read feature by feature: of each its drawing and what is known of it are kept, and nothing else, however much it
//! says.

use std::borrow::Cow;
use std::collections::BTreeMap;

use assessment::grid::{CellCode, CellFault};
use assessment::message::Message;
use assessment::place::{Point, Shape};
use geo::algorithm::Validation as _;
use geojson::feature::Id;
use geojson::{Geometry, GeometryValue, Position};
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{Drawing, polygons};
use crate::datum::{Datum, Elsewhere, in_china};
use crate::evidence::bounds::{LARGEST, too_large};
use crate::evidence::fault::{RowFault, quoted};
use crate::evidence::value::{self, plain};
use crate::evidence::{Refusal, area, text};

/// Points of all features of a file together.
const MOST_POINTS: usize = 2_000_000;
/// Points of one grid: more take too long to check.
const MOST_IN_ONE: usize = 50_000;
/// Grids of a file.
const MOST_GRIDS: usize = 50_000;

/// A grid as a file says it; the unit is not looked up yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub file: String,
    /// Number of the feature in the file, from 1.
    pub feature: usize,
    pub id: String,
    pub name: String,
    /// Code or name of the unit.
    pub unit: String,
    pub cell: Option<CellCode>,
    pub from: Date,
    pub to: Option<Date>,
    pub drawing: Drawing,
    pub synthetic: bool,
    pub source: String,
}

/// Reads the grids of a file; features that are wrong are reported and left out. Where a feature does not say from
/// when on, it is `from`.
///
/// # Errors
/// It is too large, no JSON, no collection of features, or in a reference system that is not known.
pub fn read(
    name: &str,
    bytes: &[u8],
    datum: Datum,
    from: Date,
) -> Result<(Vec<Read>, Vec<RowFault>), Refusal> {
    if bytes.len() as u64 > LARGEST {
        return Err(too_large(name, LARGEST));
    }
    // A large file in UTF-8, as it should be, is not copied.
    let unmarked = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(unmarked) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(text::decode(name, bytes)?),
    };
    let mut gathered = Gathered::default();
    // Every point opens a bracket: one feature of millions of points is not even read.
    let brackets = text.bytes().filter(|byte| *byte == b'[').count();
    if brackets > 2 * MOST_POINTS {
        return Err(too_many(name));
    }
    let mut reader = serde_json::Deserializer::from_str(&text);
    let outcome = Collection(&mut gathered)
        .deserialize(&mut reader)
        .and_then(|()| reader.end());
    if gathered.too_many {
        return Err(too_many(name));
    }
    outcome.map_err(|error| {
        let key = match error.classify() {
            serde_json::error::Category::Data => "grid-not-geojson",
            _ => "evidence-not-json",
        };
        Refusal(
            Message::new(key)
                .with("name", name)
                .with("line", error.line())
                .with("column", error.column()),
        )
    })?;
    if !gathered.collection {
        return Err(Refusal::about("evidence-not-geojson", name));
    }
    let datum = match &gathered.system {
        Some(system) => area::named_system(system).ok_or_else(|| {
            Refusal(
                Message::new("evidence-geojson-system")
                    .with("name", name)
                    .with("system", system.as_str()),
            )
        })?,
        None => datum,
    };
    let (mut grids, mut faults) = (Vec::new(), Vec::new());
    for (index, feature) in gathered.features.iter().enumerate() {
        let mut reader = Reader {
            file: name,
            feature,
            number: index + 1,
            faults: Vec::new(),
        };
        let grid = reader.grid(datum, from);
        if reader.faults.is_empty() {
            grids.extend(grid);
        }
        faults.extend(reader.faults);
    }
    Ok((grids, faults))
}

fn too_many(name: &str) -> Refusal {
    let message = Message::new("grid-file-too-many").with("name", name);
    Refusal(
        message
            .with("grids", MOST_GRIDS)
            .with("points", MOST_POINTS),
    )
}

/// A drawing from the text of one GeoJSON geometry or feature in WGS 84, as the editor sends it.
///
/// # Errors
/// What is wrong with it.
pub fn drawing(text: &str) -> Result<Drawing, Message> {
    let wrong = || Message::new("grid-bad-geometry");
    let json: Value = serde_json::from_str(text).map_err(|_| wrong())?;
    let json = match json.get("geometry") {
        Some(geometry) => geometry.clone(),
        None => json,
    };
    let geometry: geojson::Geometry = serde_json::from_value(json).map_err(|_| wrong())?;
    checked(&geometry.value, Datum::Wgs84)
}

/// What a file holds, before anybody knows its reference system.
#[derive(Default)]
struct Gathered {
    collection: bool,
    system: Option<String>,
    features: Vec<Feature>,
    points: usize,
    too_many: bool,
}

/// What is kept of a feature.
#[derive(Deserialize)]
struct Feature {
    #[serde(rename = "type")]
    _kind: IsFeature,
    id: Option<Id>,
    geometry: Option<Geometry>,
    properties: Option<Known>,
}

#[derive(Deserialize)]
enum IsFeature {
    Feature,
}

/// What a feature says of itself under names that are known.
#[derive(Default)]
struct Known(BTreeMap<&'static str, Cell>);

/// A text, or a number as it is written; anything else says nothing.
#[derive(Clone, PartialEq)]
enum Cell {
    Text(String),
    Is(bool),
}

const ID: &[&str] = &["id", "编号", "code"];
const NAME: &[&str] = &["name", "名称"];
const UNIT: &[&str] = &["unit", "单位", "社区"];
const FROM: &[&str] = &["from", "valid_from", "起"];
const TO: &[&str] = &["to", "valid_to", "止"];
const CELL: &[&str] = &["cell", "单元网格", "单元网格编码"];
const SOURCE: &[&str] = &["source", "来源"];
const SYNTHETIC: &[&str] = &["synthetic"];
const ALL: [&[&str]; 8] = [ID, NAME, UNIT, FROM, TO, CELL, SOURCE, SYNTHETIC];

impl<'de> Deserialize<'de> for Known {
    fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_map(Known::default())
    }
}

impl<'de> Visitor<'de> for Known {
    type Value = Self;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("properties")
    }

    fn visit_map<M: MapAccess<'de>>(mut self, mut map: M) -> Result<Self, M::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let known = ALL.iter().copied().flatten().find(|name| **name == key);
            let Some(name) = known else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let cell = match map.next_value()? {
                Value::String(text) => Cell::Text(plain(&text)),
                Value::Number(number) => Cell::Text(number.to_string()),
                Value::Bool(is) => Cell::Is(is),
                _ => Cell::Text(String::new()),
            };
            self.0.insert(name, cell);
        }
        Ok(self)
    }
}

struct Collection<'a>(&'a mut Gathered);
struct Features<'a>(&'a mut Gathered);

impl<'de> DeserializeSeed<'de> for Collection<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Collection<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a collection of features")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "type" => {
                    let kind: Value = map.next_value()?;
                    self.0.collection = kind == "FeatureCollection";
                }
                "crs" => {
                    let system: Value = map.next_value()?;
                    let name = system.pointer("/properties/name").and_then(Value::as_str);
                    self.0.system = name.map(str::to_owned);
                }
                "features" => map.next_value_seed(Features(self.0))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Features<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("features")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut features: S) -> Result<(), S::Error> {
        while let Some(mut feature) = features.next_element::<Feature>()? {
            if let Some(geometry) = &mut feature.geometry {
                (geometry.bbox, geometry.foreign_members) = (None, None);
            }
            self.0.points += feature
                .geometry
                .as_ref()
                .map_or(0, |geometry| points_of(&geometry.value));
            self.0.too_many = self.0.points > MOST_POINTS || self.0.features.len() >= MOST_GRIDS;
            if self.0.too_many {
                return Err(S::Error::custom("too many"));
            }
            self.0.features.push(feature);
        }
        Ok(())
    }
}

fn points_of(geometry: &GeometryValue) -> usize {
    match geometry {
        GeometryValue::Polygon { coordinates } | GeometryValue::MultiLineString { coordinates } => {
            coordinates.iter().map(Vec::len).sum()
        }
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.iter().flatten().map(Vec::len).sum()
        }
        GeometryValue::LineString { coordinates } | GeometryValue::MultiPoint { coordinates } => {
            coordinates.len()
        }
        GeometryValue::GeometryCollection { geometries } => geometries
            .iter()
            .map(|geometry| points_of(&geometry.value))
            .sum(),
        GeometryValue::Point { .. } => 1,
    }
}

struct Reader<'a> {
    file: &'a str,
    feature: &'a Feature,
    number: usize,
    faults: Vec<RowFault>,
}

impl Reader<'_> {
    fn grid(&mut self, datum: Datum, otherwise: Date) -> Option<Read> {
        let mut id = self.text(ID);
        if id.is_empty() {
            id = match &self.feature.id {
                Some(Id::String(id)) => id.trim().to_owned(),
                Some(Id::Number(id)) => id.to_string(),
                None => String::new(),
            };
        }
        if id.is_empty() {
            self.fault("id", "", Message::new("grid-no-id"));
        } else if !is_id(&id) {
            self.fault("id", &id, Message::new("grid-bad-id"));
        }
        let name = self.text(NAME);
        if name.is_empty() {
            self.fault("name", "", Message::new("evidence-empty"));
        }
        let unit = self.text(UNIT);
        if unit.is_empty() {
            self.fault("unit", "", Message::new("grid-no-unit"));
        }
        let from = self.day(FROM).unwrap_or(otherwise);
        let to = super::last_day(self.day(TO));
        if let Some(to) = to.filter(|to| *to < from) {
            let message = Message::new("evidence-before").with("column", "from");
            self.fault("to", &to.to_string(), message);
        }
        let text = self.text(CELL);
        let cell = match text.as_str() {
            "" => None,
            text => match text.parse::<CellCode>() {
                Ok(code) => Some(code),
                Err(CellFault::NotFifteenDigits) => {
                    self.fault("cell", text, Message::new("grid-cell-not-15"));
                    None
                }
                Err(CellFault::EmptyPart) => {
                    self.fault("cell", text, Message::new("grid-cell-empty-part"));
                    None
                }
            },
        };
        let drawing = match &self.feature.geometry {
            Some(geometry) => checked(&geometry.value, datum),
            None => Err(Message::new("grid-bad-geometry")),
        };
        let drawing = match drawing {
            Ok(Drawing::Street(_)) if cell.is_some() => {
                self.fault("geometry", "", Message::new("grid-cell-is-a-line"));
                return None;
            }
            Ok(drawing) => drawing,
            Err(message) => {
                self.fault("geometry", "", message);
                return None;
            }
        };
        Some(Read {
            file: self.file.to_owned(),
            feature: self.number,
            id,
            name,
            unit,
            cell,
            from,
            to,
            drawing,
            synthetic: self.said(SYNTHETIC) == Some(&Cell::Is(true)),
            source: self.text(SOURCE),
        })
    }

    fn text(&self, names: &[&'static str]) -> String {
        match self.said(names) {
            Some(Cell::Text(text)) => text.clone(),
            _ => String::new(),
        }
    }

    /// What is said under the first of some names that is there.
    fn said<'a>(&'a self, names: &[&'static str]) -> Option<&'a Cell> {
        let Known(said) = self.feature.properties.as_ref()?;
        names.iter().find_map(|name| said.get(name))
    }

    fn day(&mut self, names: &[&'static str]) -> Option<Date> {
        let text = self.text(names);
        let day = value::date(&text);
        if day.is_none() && !text.is_empty() {
            self.fault(names[0], &text, Message::new("grid-not-a-day"));
        }
        day
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

/// Ids stand in addresses: letters (Chinese too), digits, `-`, `_` and `.`, at most 64 of them.
pub fn is_id(id: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    id.chars().count() <= 64
        && id.chars().all(fits)
        && id.chars().any(char::is_alphanumeric)
        && !matches!(id, "new" | "import")
}

/// A drawing in WGS 84, rounded to whole steps, if it is sound.
fn checked(geometry: &GeometryValue, datum: Datum) -> Result<Drawing, Message> {
    let wrong = |key| Err(Message::new(key));
    if points_of(geometry) > MOST_IN_ONE {
        return wrong("evidence-too-many-points");
    }
    match geometry {
        GeometryValue::Polygon { coordinates } => area_of(std::slice::from_ref(coordinates), datum),
        GeometryValue::MultiPolygon { coordinates } => area_of(coordinates, datum),
        GeometryValue::LineString { coordinates } => {
            street_of(std::slice::from_ref(coordinates), datum)
        }
        GeometryValue::MultiLineString { coordinates } => street_of(coordinates, datum),
        _ => wrong("grid-bad-geometry"),
    }
}

fn area_of(coordinates: &[Vec<Vec<Position>>], datum: Datum) -> Result<Drawing, Message> {
    let wrong = |key| Err(Message::new(key));
    if coordinates.is_empty() || coordinates.iter().any(Vec::is_empty) {
        return wrong("grid-bad-geometry");
    }
    let mut rings = coordinates.iter().flatten();
    if rings.any(|ring| ring.len() < 4 && !ring.is_empty() && ring.first() == ring.last()) {
        return wrong("evidence-ring-too-short");
    }
    let mut rings = coordinates.iter().flatten();
    if rings.any(|ring| ring.is_empty() || ring.first() != ring.last()) {
        return wrong("evidence-open-ring");
    }
    let polygon =
        |rings: &Vec<Vec<Position>>| rings.iter().map(|ring| line_of(ring, datum)).collect();
    let shape = Shape(
        coordinates
            .iter()
            .map(polygon)
            .collect::<Result<_, Message>>()?,
    );
    if shape.rings().any(|ring| ring.len() < 4) {
        return wrong("evidence-ring-too-short");
    }
    if let Err(invalid) = polygons(&shape).check_validation() {
        return wrong(area::reason(&invalid));
    }
    let drawing = Drawing::Area(shape);
    match drawing.size() {
        0 => wrong("grid-too-small"),
        _ => Ok(drawing),
    }
}

fn street_of(coordinates: &[Vec<Position>], datum: Datum) -> Result<Drawing, Message> {
    let lines = coordinates.iter().map(|line| line_of(line, datum));
    let lines = lines.collect::<Result<Vec<_>, Message>>()?;
    let drawing = Drawing::Street(lines);
    match &drawing {
        Drawing::Street(lines) if lines.is_empty() || lines.iter().any(|line| line.len() < 2) => {
            Err(Message::new("grid-line-too-short"))
        }
        drawing if drawing.size() == 0 => Err(Message::new("grid-line-too-short")),
        _ => Ok(drawing),
    }
}

/// Points in whole steps of WGS 84, each different from the one before.
fn line_of(line: &[Position], datum: Datum) -> Result<Vec<Point>, Message> {
    let mut points = line
        .iter()
        .map(|at| {
            let at = match at.as_slice() {
                [lng, lat, ..] => [*lng, *lat],
                _ => return Err(Message::new("evidence-not-in-china")),
            };
            in_china(at).map_err(|elsewhere| match elsewhere {
                Elsewhere::Swapped => Message::new("evidence-swapped-position"),
                Elsewhere::Outside => Message::new("evidence-not-in-china"),
            })?;
            let [lng, lat] = datum.to_wgs84(at);
            Ok(Point::of_degrees(lng, lat))
        })
        .collect::<Result<Vec<_>, Message>>()?;
    points.dedup();
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(features: &str) -> String {
        format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}")
    }

    fn feature(properties: &str, geometry: &str) -> String {
        format!("{{\"type\":\"Feature\",\"properties\":{{{properties}}},\"geometry\":{geometry}}}")
    }

    fn first_of(text: &str, datum: Datum) -> Result<(Vec<Read>, Vec<RowFault>), Refusal> {
        read(
            "网格.geojson",
            text.as_bytes(),
            datum,
            "2022-03-01".parse().unwrap(),
        )
    }

    const NAMED: &str = r#""id":"G1","name":"一号网格","unit":"421202001002""#;

    fn polygon(points: &str) -> String {
        format!("{{\"type\":\"Polygon\",\"coordinates\":[[{points}]]}}")
    }

    #[test]
    fn a_sound_feature_becomes_a_grid() {
        let square =
            polygon("[114.30,29.80],[114.31,29.80],[114.31,29.81],[114.30,29.81],[114.30,29.80]");
        let (grids, faults) = first_of(&file(&feature(NAMED, &square)), Datum::Wgs84).unwrap();
        assert_eq!((grids.len(), faults.len()), (1, 0));
        assert_eq!(
            (grids[0].id.as_str(), grids[0].from.to_string().as_str()),
            ("G1", "2022-03-01")
        );
        // The same file in the shifted system lies some hundred metres away.
        let (shifted, _) = first_of(&file(&feature(NAMED, &square)), Datum::Gcj02).unwrap();
        let corner = |read: &Read| read.drawing.points().next().unwrap();
        let moved = corner(&grids[0]).lng - corner(&shifted[0]).lng;
        assert!((30_000..90_000).contains(&moved), "{moved}");
        // What the file says of itself goes before what whoever hands it in says.
        let crs = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4490"}},"features":["#;
        let own = format!("{crs}{}]}}", feature(NAMED, &square));
        assert_eq!(
            corner(&first_of(&own, Datum::Gcj02).unwrap().0[0]),
            corner(&grids[0])
        );
    }

    #[test]
    fn of_what_a_feature_says_only_what_is_known_is_kept() {
        let square =
            polygon("[114.30,29.80],[114.31,29.80],[114.31,29.81],[114.30,29.81],[114.30,29.80]");
        let more = format!(
            r#""编号":"G2","名称":7,"unit":null,"社区":"没有用","extra":{{"deep":[{}0]}},"synthetic":true"#,
            "0,".repeat(1000)
        );
        let text = file(&feature(&format!("{more},{NAMED}"), &square));
        let (grids, _) = first_of(&text, Datum::Wgs84).unwrap();
        let said = (
            grids[0].id.as_str(),
            grids[0].name.as_str(),
            grids[0].unit.as_str(),
        );
        assert_eq!(said, ("G1", "一号网格", "421202001002"));
        assert!(grids[0].synthetic);
        let mut gathered = Gathered::default();
        let mut reader = serde_json::Deserializer::from_str(&text);
        Collection(&mut gathered).deserialize(&mut reader).unwrap();
        let Known(said) = gathered.features[0].properties.as_ref().unwrap();
        assert_eq!(said.len(), 7);
    }

    #[test]
    fn every_fault_of_a_feature_has_its_name() {
        let square =
            polygon("[114.30,29.80],[114.31,29.80],[114.31,29.81],[114.30,29.81],[114.30,29.80]");
        let with = |more: &str| format!("{NAMED},{more}");
        #[rustfmt::skip]
        let cases: Vec<(String, String, &str, &str)> = vec![
            (r#""name":"一号","unit":"a""#.into(), square.clone(), "id", "grid-no-id"),
            (r#""id":"a/b","name":"一号","unit":"a""#.into(), square.clone(), "id", "grid-bad-id"),
            (r#""id":"G1","unit":"a""#.into(), square.clone(), "name", "evidence-empty"),
            (r#""id":"G1","name":"一号""#.into(), square.clone(), "unit", "grid-no-unit"),
            (with(r#""from":"去年""#), square.clone(), "from", "grid-not-a-day"),
            (with(r#""from":"2022-03-02","to":"2022-03-01""#), square.clone(), "to", "evidence-before"),
            (with(r#""cell":"4212020010020""#), square.clone(), "cell", "grid-cell-not-15"),
            (with(r#""cell":"421202001002000""#), square.clone(), "cell", "grid-cell-empty-part"),
            (with(r#""cell":"421202001002001""#), r#"{"type":"LineString","coordinates":[[114.3,29.8],[114.4,29.8]]}"#.into(), "geometry", "grid-cell-is-a-line"),
            (NAMED.into(), "null".into(), "geometry", "grid-bad-geometry"),
            (NAMED.into(), r#"{"type":"Point","coordinates":[114.3,29.8]}"#.into(), "geometry", "grid-bad-geometry"),
            (NAMED.into(), r#"{"type":"Polygon","coordinates":[]}"#.into(), "geometry", "grid-bad-geometry"),
            (NAMED.into(), polygon(""), "geometry", "evidence-open-ring"),
            (NAMED.into(), polygon("[114.30,29.80],[114.31,29.80],[114.31,29.81],[114.30,29.81]"), "geometry", "evidence-open-ring"),
            (NAMED.into(), polygon("[114.30,29.80],[114.31,29.80],[114.30,29.80]"), "geometry", "evidence-ring-too-short"),
            (NAMED.into(), polygon("[114.30,29.80],[114.31,29.81],[114.31,29.80],[114.30,29.81],[114.30,29.80]"), "geometry", "evidence-ring-crosses-itself"),
            (NAMED.into(), polygon("[114.3,29.8],[114.300001,29.8],[114.300001,29.800001],[114.3,29.8]"), "geometry", "grid-too-small"),
            (NAMED.into(), polygon("[0,0],[1,0],[1,1],[0,0]"), "geometry", "evidence-not-in-china"),
            (NAMED.into(), polygon("[29.80,114.30],[29.81,114.31],[29.82,114.30],[29.80,114.30]"), "geometry", "evidence-swapped-position"),
            (NAMED.into(), r#"{"type":"LineString","coordinates":[[114.3,29.8]]}"#.into(), "geometry", "grid-line-too-short"),
            (NAMED.into(), r#"{"type":"LineString","coordinates":[[114.3,29.8],[114.3,29.8]]}"#.into(), "geometry", "grid-line-too-short"),
        ];
        for (properties, geometry, column, key) in cases {
            let (grids, faults) =
                first_of(&file(&feature(&properties, &geometry)), Datum::Wgs84).unwrap();
            let found: Vec<_> = faults
                .iter()
                .map(|fault| (fault.column.as_str(), fault.message.key))
                .collect();
            assert_eq!(
                (grids.len(), found),
                (0, vec![(column, key)]),
                "{properties} {geometry}"
            );
        }
    }

    #[test]
    fn a_file_that_is_none_is_refused_with_its_place() {
        #[rustfmt::skip]
        let cases = [
            ("{\"type\":\"FeatureCollection\",\"features\":[{]}", "evidence-not-json"),
            ("{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\"", "evidence-not-json"),
            ("{\"type\":\"Feature\"}", "evidence-not-geojson"),
            ("{\"type\":\"FeatureCollection\",\"features\":7}", "grid-not-geojson"),
            ("[]", "grid-not-geojson"),
            ("{\"type\":\"FeatureCollection\",\"crs\":{\"properties\":{\"name\":\"北京54\"}},\"features\":[]}", "evidence-geojson-system"),
        ];
        for (text, key) in cases {
            assert_eq!(
                first_of(text, Datum::Wgs84).unwrap_err().0.key,
                key,
                "{text}"
            );
        }
        // More points than anybody draws: read to the limit and no further.
        let point = "[114.3,29.8],".repeat(MOST_POINTS / 4);
        let long = feature(
            NAMED,
            &format!(
                "{{\"type\":\"LineString\",\"coordinates\":[{}]}}",
                point.trim_end_matches(',')
            ),
        );
        let text = file(&vec![long; 5].join(","));
        assert_eq!(
            first_of(&text, Datum::Wgs84).unwrap_err().0.key,
            "grid-file-too-many"
        );
    }
}
