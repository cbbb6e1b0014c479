//! Places: points and areas in whole ten-millionths of a degree of WGS 84, and which area a point lies in.
//!
//! One rule for borders: **a point on a border belongs to every area that touches it, and of several areas the one with
//! the smallest id wins.** The arithmetic is exact: within the rectangle around China a difference of two coordinates
//! is below 2³⁰, so a product is below 2⁶⁰ and a sum of two fits an `i64`.

pub mod areas;

/// So many steps make a degree; one of them is about a centimetre.
pub const STEPS: i64 = 10_000_000;

/// A point, in ten-millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    pub lng: i64,
    pub lat: i64,
}

/// A closed ring of points: the last is the first again.
pub type Ring = Vec<Point>;

/// An area: polygons, each an outer ring and the rings of its holes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shape(pub Vec<Vec<Ring>>);

/// The rectangle around a shape, its edges included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub west: i64,
    pub south: i64,
    pub east: i64,
    pub north: i64,
}

impl Point {
    /// From degrees; a file's seven digits survive a binary fraction with room to spare.
    pub fn of_degrees(lng: f64, lat: f64) -> Self {
        let steps = |degrees: f64| (degrees * STEPS as f64).round() as i64;
        Self {
            lng: steps(lng),
            lat: steps(lat),
        }
    }

    /// In degrees.
    pub fn degrees(self) -> [f64; 2] {
        [
            self.lng as f64 / STEPS as f64,
            self.lat as f64 / STEPS as f64,
        ]
    }

    /// Whether it lies in the rectangle around China, in which the arithmetic is exact.
    pub fn is_in_china(self) -> bool {
        (73 * STEPS..=136 * STEPS).contains(&self.lng)
            && (3 * STEPS..=54 * STEPS).contains(&self.lat)
    }

    /// Decimal texts of longitude and latitude, without trailing zeros.
    pub fn texts(self) -> [String; 2] {
        [self.lng, self.lat].map(|steps| {
            let sign = if steps < 0 { "-" } else { "" };
            let steps = steps.unsigned_abs();
            let whole = STEPS.unsigned_abs();
            let text = format!("{sign}{}.{:07}", steps / whole, steps % whole);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        })
    }
}

impl Bounds {
    /// Around points; none around nothing.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        points.into_iter().fold(None, |bounds: Option<Self>, at| {
            let Self {
                west,
                south,
                east,
                north,
            } = bounds.unwrap_or(Self {
                west: at.lng,
                south: at.lat,
                east: at.lng,
                north: at.lat,
            });
            Some(Self {
                west: west.min(at.lng),
                south: south.min(at.lat),
                east: east.max(at.lng),
                north: north.max(at.lat),
            })
        })
    }

    /// Whether the point lies in it or on its edge.
    pub fn holds(&self, at: Point) -> bool {
        (self.west..=self.east).contains(&at.lng) && (self.south..=self.north).contains(&at.lat)
    }

    /// Whether both have a point in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }
}

impl Shape {
    /// Every ring, outer and inner.
    pub fn rings(&self) -> impl Iterator<Item = &Ring> {
        self.0.iter().flatten()
    }

    /// Every point of every ring.
    pub fn points(&self) -> impl Iterator<Item = Point> {
        self.rings().flatten().copied()
    }

    /// The rectangle around it.
    pub fn bounds(&self) -> Option<Bounds> {
        Bounds::around(self.points())
    }

    /// Where the point lies; every edge is asked. The rule by which the index of [`areas::Areas`] is judged.
    pub fn side(&self, at: Point) -> Side {
        let edges = self.rings().flat_map(|ring| ring.windows(2));
        side(edges.map(|edge| (edge[0], edge[1])), at)
    }
}

/// Where a point lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Outside,
    Border,
    Inside,
}

/// Counts how many edges stand to the east of the point, and stops at one that it lies on.
pub(crate) fn side(edges: impl Iterator<Item = (Point, Point)>, at: Point) -> Side {
    let mut odd = false;
    for (a, b) in edges {
        let (low, high) = if a.lat <= b.lat { (a, b) } else { (b, a) };
        if at.lat < low.lat || high.lat < at.lat {
            continue;
        }
        if low.lat == high.lat {
            if a.lng.min(b.lng) <= at.lng && at.lng <= a.lng.max(b.lng) {
                return Side::Border;
            }
            continue;
        }
        let east =
            (high.lng - low.lng) * (at.lat - low.lat) - (at.lng - low.lng) * (high.lat - low.lat);
        if east == 0 {
            return Side::Border;
        }
        odd ^= east > 0 && at.lat < high.lat;
    }
    if odd { Side::Inside } else { Side::Outside }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_and_steps_are_the_same_place() {
        let at = Point::of_degrees(114.3172180, 29.8438371);
        assert_eq!((at.lng, at.lat), (1_143_172_180, 298_438_371));
        assert_eq!(at.texts(), ["114.317218", "29.8438371"]);
        assert_eq!(Point::of_degrees(-0.5, 0.0).texts(), ["-0.5", "0"]);
        assert!(at.is_in_china() && !Point::of_degrees(29.8, 114.3).is_in_china());
    }
}
