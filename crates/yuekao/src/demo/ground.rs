//! Where things lie: whole micro-degrees of WGS 84, and the outlines of the counties.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use assessment::inspection::Position;
use geojson::{FeatureCollection, GeometryValue};

use super::dice::Dice;

const BOUNDARIES: &str = include_str!("../../../../data/boundaries.geojson");

/// A place, in millionths of a degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    pub lng: i64,
    pub lat: i64,
}

/// Rings of a county; what lies inside an odd number of them is inside.
pub struct Outline(Vec<Vec<Spot>>);

/// Outlines by division code.
///
/// # Errors
/// The boundaries that were built in cannot be read.
pub fn outlines() -> Result<BTreeMap<String, Outline>> {
    let collection: FeatureCollection = BOUNDARIES.parse::<geojson::GeoJson>()?.try_into()?;
    let mut outlines = BTreeMap::new();
    for feature in collection.features {
        let code = feature
            .property("code")
            .and_then(|code| code.as_str())
            .context("a boundary without code")?
            .to_owned();
        let Some(GeometryValue::Polygon { coordinates }) =
            feature.geometry.map(|shape| shape.value)
        else {
            anyhow::bail!("the boundary of {code} is no polygon");
        };
        let ring = |ring: &Vec<geojson::Position>| {
            ring.iter()
                .map(|at| Spot::of_degrees(at[0], at[1]))
                .collect()
        };
        outlines.insert(code, Outline(coordinates.iter().map(ring).collect()));
    }
    Ok(outlines)
}

impl Spot {
    /// From degrees; a file's seven digits survive a binary fraction with room to spare.
    pub fn of_degrees(lng: f64, lat: f64) -> Self {
        Self {
            lng: (lng * 1e6).round() as i64,
            lat: (lat * 1e6).round() as i64,
        }
    }

    /// Somewhere within about so many metres, inside `outline` if a few tries allow it.
    pub fn near(self, metres: i64, outline: &Outline, dice: &mut Dice) -> Self {
        (0..8)
            .map(|_| self.beside(metres, dice))
            .find(|spot| outline.contains(*spot))
            .unwrap_or(self)
    }

    /// A few metres away.
    pub fn beside(self, metres: i64, dice: &mut Dice) -> Self {
        // At 29.7° north a metre is nine millionths of a degree northwards, ten eastwards.
        Self {
            lng: self.lng + 10 * dice.between(-metres, metres),
            lat: self.lat + 9 * dice.between(-metres, metres),
        }
    }

    /// As evidence carries it.
    pub fn position(self) -> Position {
        Position {
            lng: degrees(self.lng),
            lat: degrees(self.lat),
        }
    }
}

/// Decimal text without trailing zeros, as the canonical form asks for.
fn degrees(millionths: i64) -> String {
    let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl Outline {
    /// Whether the spot lies inside, by counting how many edges stand to the east of it.
    pub fn contains(&self, spot: Spot) -> bool {
        self.0
            .iter()
            .flat_map(|ring| ring.windows(2))
            .filter(|edge| crosses(edge[0], edge[1], spot))
            .count()
            % 2
            == 1
    }
}

fn crosses(a: Spot, b: Spot, spot: Spot) -> bool {
    let (low, high) = if a.lat <= b.lat { (a, b) } else { (b, a) };
    if !(low.lat..high.lat).contains(&spot.lat) {
        return false;
    }
    let rise = i128::from(high.lat - low.lat);
    i128::from(spot.lng - low.lng) * rise
        < i128::from(high.lng - low.lng) * i128::from(spot.lat - low.lat)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Outline {
        let ring = |from: i64, to: i64| {
            [(from, from), (to, from), (to, to), (from, to), (from, from)]
                .map(|(lng, lat)| Spot { lng, lat })
                .to_vec()
        };
        Outline(vec![ring(0, 1000), ring(400, 600)])
    }

    #[test]
    fn a_hole_is_outside() {
        #[rustfmt::skip]
        let cases = [
            (1, 1, true), (999, 500, true), (500, 500, false), (-1, 500, false), (1001, 500, false), (300, 700, true),
        ];
        for (lng, lat, inside) in cases {
            assert_eq!(square().contains(Spot { lng, lat }), inside, "{lng}, {lat}");
        }
    }

    #[test]
    fn every_county_holds_its_own_seat() {
        let outlines = outlines().unwrap();
        assert_eq!(outlines.len(), 7);
        let seat = Spot::of_degrees(113.933861, 29.973388);
        assert!(outlines["421221000000"].contains(seat));
        assert!(outlines["421200000000"].contains(seat));
        assert!(!outlines["421222000000"].contains(seat));
    }

    #[test]
    fn positions_have_no_trailing_zeros() {
        let spot = Spot {
            lng: 114_300_000,
            lat: 29_000_010,
        };
        assert_eq!(
            spot.position(),
            Position {
                lng: "114.3".into(),
                lat: "29.00001".into()
            }
        );
    }
}
