//! Streets as lines: the nearest one within so many metres gives a place its name.

use assessment::place::{Point, STEPS};
use rstar::RTree;
use rstar::primitives::{GeomWithData, Line};

/// The pieces of all lines, in metres of a plane that touches the ellipsoid in the middle of them.
#[derive(Debug)]
pub struct Streets {
    ids: Vec<String>,
    tree: RTree<GeomWithData<Line<[f64; 2]>, u32>>,
    plane: Plane,
}

#[derive(Debug, Clone, Copy)]
struct Plane {
    corner: Point,
    /// Metres to a step, eastwards and northwards.
    metres: [f64; 2],
}

impl Plane {
    fn around(lat: i64, corner: Point) -> Self {
        // Radii of the ellipsoid of WGS 84 at that latitude.
        const AXIS: f64 = 6_378_137.0;
        const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_14;
        let lat = (lat as f64 / STEPS as f64).to_radians();
        let flat = 1.0 - ECCENTRICITY_SQUARED * lat.sin().powi(2);
        let step = (1.0 / STEPS as f64).to_radians();
        Self {
            corner,
            metres: [
                AXIS / flat.sqrt() * lat.cos() * step,
                AXIS * (1.0 - ECCENTRICITY_SQUARED) / (flat * flat.sqrt()) * step,
            ],
        }
    }

    fn metres(self, at: Point) -> [f64; 2] {
        [
            (at.lng - self.corner.lng) as f64 * self.metres[0],
            (at.lat - self.corner.lat) as f64 * self.metres[1],
        ]
    }
}

impl Streets {
    /// An index of lines by id.
    pub fn new(mut streets: Vec<(String, Vec<Vec<Point>>)>) -> Self {
        streets.sort();
        let points = || streets.iter().flat_map(|(_, lines)| lines.iter().flatten());
        let corner = points().min().copied().unwrap_or(Point { lng: 0, lat: 0 });
        let (south, north) = points().fold((i64::MAX, i64::MIN), |(south, north), at| {
            (south.min(at.lat), north.max(at.lat))
        });
        let middle = if south <= north {
            (south + north) / 2
        } else {
            0
        };
        let plane = Plane::around(middle, corner);
        let mut pieces = Vec::new();
        for (number, (_, lines)) in streets.iter().enumerate() {
            for piece in lines.iter().flat_map(|line| line.windows(2)) {
                let line = Line::new(plane.metres(piece[0]), plane.metres(piece[1]));
                pieces.push(GeomWithData::new(line, number as u32));
            }
        }
        Self {
            ids: streets.into_iter().map(|(id, _)| id).collect(),
            tree: RTree::bulk_load(pieces),
            plane,
        }
    }

    /// The nearest street within so many metres, and how far it is in whole metres; of several the one with the
    /// smallest id.
    pub fn nearest(&self, at: Point, within: i64) -> Option<(&str, i64)> {
        let at = self.plane.metres(at);
        let mut near = self.tree.nearest_neighbor_iter_with_distance_2(at);
        let (first, squared) = near.next()?;
        if squared > (within * within) as f64 {
            return None;
        }
        // Pieces of a street share their ends: the same distance more than once.
        let alike = near
            .take_while(|(_, other)| *other <= squared)
            .map(|(piece, _)| piece.data);
        let number = alike.chain([first.data]).min()?;
        Some((&self.ids[number as usize], squared.sqrt().round() as i64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_street_within_reach_and_of_equals_the_smaller_id() {
        let point = |lng: f64, lat: f64| Point::of_degrees(lng, lat);
        let streets = Streets::new(vec![
            (
                "b".into(),
                vec![vec![
                    point(114.30, 29.80),
                    point(114.31, 29.80),
                    point(114.31, 29.81),
                ]],
            ),
            (
                "a".into(),
                vec![vec![point(114.31, 29.81), point(114.32, 29.82)]],
            ),
        ]);
        assert_eq!(
            streets.nearest(point(114.305, 29.8002), 50),
            Some(("b", 22))
        );
        assert_eq!(streets.nearest(point(114.305, 29.8009), 50), None);
        assert_eq!(streets.nearest(point(114.31, 29.81), 50), Some(("a", 0)));
        assert_eq!(streets.nearest(point(114.31, 29.80), 50), Some(("b", 0)));
        assert_eq!(Streets::new(vec![]).nearest(point(114.31, 29.80), 50), None);
    }
}
