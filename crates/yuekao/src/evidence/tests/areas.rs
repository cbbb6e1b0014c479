//! Evaluated areas from GeoJSON.

use serde_json::{Value, json};

use super::super::area::{Area, read};
use super::super::*;
use crate::datum::Datum;

const SQUARE: [[f64; 2]; 5] = [
    [114.3, 29.8],
    [114.4, 29.8],
    [114.4, 29.9],
    [114.3, 29.9],
    [114.3, 29.8],
];

fn feature(properties: Value, geometry: Value) -> Value {
    json!({ "type": "Feature", "properties": properties, "geometry": geometry })
}

fn polygon(rings: Value) -> Value {
    json!({ "type": "Polygon", "coordinates": rings })
}

fn unit() -> Value {
    json!({ "unit": "中心城区", "from": "2022-01", "to": "2022-12", "source": "某办" })
}

fn read_all(features: Vec<Value>, datum: Datum) -> (Vec<Area>, Vec<String>) {
    let file = json!({ "type": "FeatureCollection", "features": features }).to_string();
    let (areas, faults) = read("a.geojson", file.as_bytes(), datum).unwrap();
    (areas, faults.iter().map(RowFault::to_string).collect())
}

#[test]
fn a_sound_area_is_kept_in_wgs84() {
    let (areas, faults) = read_all(
        vec![feature(unit(), polygon(json!([SQUARE])))],
        Datum::Wgs84,
    );
    assert_eq!(faults, Vec::<String>::new());
    let area = &areas[0];
    assert_eq!(
        (area.unit.as_str(), area.source.as_str()),
        ("中心城区", "某办")
    );
    assert_eq!(
        (area.from.to_string(), area.to.unwrap().to_string()),
        ("2022-01".into(), "2022-12".into())
    );
    let shape: Value = serde_json::from_str(&area.geometry).unwrap();
    assert_eq!(shape["coordinates"][0][0][1], json!([114.4, 29.8]));

    let (areas, _) = read_all(
        vec![feature(unit(), polygon(json!([SQUARE])))],
        Datum::Gcj02,
    );
    let shape: Value = serde_json::from_str(&areas[0].geometry).unwrap();
    let east = shape["coordinates"][0][0][0][0].as_f64().unwrap();
    assert!((114.29..114.296).contains(&east), "{east}");
}

#[test]
fn every_wrong_feature_is_named() {
    let bow = [
        [114.3, 29.8],
        [114.4, 29.9],
        [114.4, 29.8],
        [114.3, 29.9],
        [114.3, 29.8],
    ];
    let far_hole = [[114.5, 29.8], [114.6, 29.8], [114.6, 29.9], [114.5, 29.8]];
    let swapped = SQUARE.map(|[lng, lat]| [lat, lng]);
    let abroad = SQUARE.map(|[lng, lat]| [lng - 110.0, lat]);
    let twice = json!({ "type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]] });
    let square = || polygon(json!([SQUARE]));
    #[rustfmt::skip]
    let cases = [
        (feature(unit(), Value::Null), "geometry fault evidence-no-polygon «»"),
        (feature(unit(), json!({ "type": "Point", "coordinates": [114.3, 29.8] })), "geometry fault evidence-no-polygon «»"),
        (feature(unit(), polygon(json!([[]]))), "geometry fault evidence-no-polygon «»"),
        (feature(unit(), polygon(json!([SQUARE[..4]]))), "geometry fault evidence-open-ring «»"),
        (feature(unit(), polygon(json!([bow]))), "geometry fault evidence-ring-crosses-itself «»"),
        (feature(unit(), polygon(json!([[SQUARE[0], SQUARE[1], SQUARE[0]]]))), "geometry fault evidence-ring-too-short «»"),
        (feature(unit(), polygon(json!([SQUARE, far_hole]))), "geometry fault evidence-hole-outside «»"),
        (feature(unit(), twice), "geometry fault evidence-polygons-overlap «»"),
        (feature(unit(), polygon(json!([swapped]))), "geometry fault evidence-swapped-position «»"),
        (feature(unit(), polygon(json!([abroad]))), "geometry fault evidence-not-in-china «»"),
        (feature(json!({ "from": "2022-01" }), square()), "unit fault evidence-empty «»"),
        (feature(json!({ "unit": "1" }), square()), "from fault evidence-empty «»"),
        (feature(json!({ "unit": "1", "from": "2022-13" }), square()), "from fault evidence-not-a-month «2022-13»"),
        (feature(json!({ "unit": "1", "from": "2022-03", "to": "2022-01" }), square()), "to fault evidence-before{column=from} «2022-01»"),
    ];
    for (feature, fault) in cases {
        let (areas, faults) = read_all(vec![feature.clone()], Datum::Wgs84);
        assert_eq!(faults, [format!("a.geojson 1:{fault}")], "{feature}");
        assert_eq!(areas, []);
    }
}

#[test]
fn a_unit_has_one_area_at_a_time() {
    let span = |from: &str, to: Value| {
        feature(
            json!({ "unit": "1", "from": from, "to": to }),
            polygon(json!([SQUARE])),
        )
    };
    let features = vec![
        span("2021-01", json!("2021-12")),
        span("2022-01", Value::Null),
        span("2023-01", Value::Null),
    ];
    let (areas, faults) = read_all(features, Datum::Wgs84);
    assert_eq!(areas.len(), 2);
    assert_eq!(
        faults,
        ["a.geojson 3:from fault evidence-areas-overlap{row=2} «2023-01»"]
    );
}

#[test]
fn broken_files_are_refused() {
    let refused = |text: &str| {
        read("a.geojson", text.as_bytes(), Datum::Wgs84)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refused("{\"type\": \"FeatureCollection\",\n \"features\": ["),
        "evidence-not-json{name=a.geojson,line=2,column=14}"
    );
    assert_eq!(
        refused("{\"type\": \"Topology\"}"),
        "evidence-not-geojson{name=a.geojson}"
    );
    assert_eq!(
        refused(
            "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[\"a\"]]]}}]}"
        ),
        "evidence-not-geojson{name=a.geojson}"
    );
    let system = json!({
        "type": "FeatureCollection",
        "crs": { "type": "name", "properties": { "name": "urn:ogc:def:crs:EPSG::2383" } },
        "features": [],
    });
    assert_eq!(
        refused(&system.to_string()),
        "evidence-geojson-system{name=a.geojson,system=urn:ogc:def:crs:EPSG::2383}"
    );
    let deep = "[".repeat(100_000);
    assert!(refused(&format!("{{\"a\":{deep}")).starts_with("evidence-not-json"));
}

#[test]
fn the_boundaries_that_ship_are_sound() {
    let text = include_str!("../../../../../data/boundaries.geojson");
    let mut file: Value = serde_json::from_str(text).unwrap();
    for feature in file["features"].as_array_mut().unwrap() {
        let code = feature["properties"]["code"].clone();
        feature["properties"] = json!({ "unit": code, "from": "2018-01" });
    }
    let (areas, faults) = read("a.geojson", file.to_string().as_bytes(), Datum::Wgs84).unwrap();
    assert_eq!((areas.len(), faults.len()), (7, 0), "{faults:?}");
}
