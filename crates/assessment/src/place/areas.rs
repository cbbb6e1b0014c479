//! Many areas at once: a raster over all of them says for most points which area they lie in without looking at an
//! edge; near a border the edges of the point's band decide.

use super::{Bounds, Point, Shape, Side, side};

/// Cells of the raster at most.
const CELLS: i64 = 1 << 18;

/// Areas with their ids; the smallest id wins. Shapes lie within the rectangle around China.
#[derive(Debug, Clone)]
pub struct Areas<I> {
    ids: Vec<I>,
    areas: Vec<Banded>,
    raster: Option<Raster>,
}

impl<I: Ord> Areas<I> {
    /// An index of areas, in any order. Shapes without points are left out; a point outside of the rectangle around
    /// China would make the arithmetic wrong, so such shapes are left out as well.
    pub fn new(areas: impl IntoIterator<Item = (I, Shape)>) -> Self {
        let mut areas: Vec<_> = areas
            .into_iter()
            .filter(|(_, shape)| shape.points().all(Point::is_in_china))
            .filter_map(|(id, shape)| Some((id, Banded::new(&shape)?)))
            .collect();
        areas.sort_by(|(one, _), (other, _)| one.cmp(other));
        let (ids, areas): (Vec<I>, Vec<Banded>) = areas.into_iter().unzip();
        Self {
            raster: Raster::over(&areas),
            ids,
            areas,
        }
    }

    /// The area of a point: of all that contain or touch it, the one with the smallest id.
    pub fn at(&self, at: Point) -> Option<&I> {
        self.number_at(at).map(|number| &self.ids[number])
    }

    /// The same as a place in the order of ids.
    pub fn number_at(&self, at: Point) -> Option<usize> {
        let raster = self.raster.as_ref()?;
        raster.cell(at)?.iter().find_map(|entry| {
            let number = (entry >> 1) as usize;
            let inside = entry & 1 == 1 || self.areas[number].side(at) != Side::Outside;
            inside.then_some(number)
        })
    }

    /// How many areas there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

/// A shape with its edges by bands of latitude.
#[derive(Debug, Clone)]
struct Banded {
    bounds: Bounds,
    shift: u32,
    /// Where the edges of each band begin; one more than there are bands.
    starts: Vec<u32>,
    edges: Vec<(Point, Point)>,
}

impl Banded {
    fn new(shape: &Shape) -> Option<Self> {
        let bounds = shape.bounds()?;
        let edges: Vec<(Point, Point)> = shape
            .rings()
            .flat_map(|ring| ring.windows(2).map(|edge| (edge[0], edge[1])))
            .collect();
        let height = bounds.north - bounds.south;
        let shift = shift_for(height, edges.len() as i64);
        let bands = |edge: &(Point, Point)| {
            let band = |lat: i64| ((lat - bounds.south) >> shift) as usize;
            let (one, other) = (band(edge.0.lat), band(edge.1.lat));
            one.min(other)..=one.max(other)
        };
        let mut banded: Vec<Vec<(Point, Point)>> = vec![Vec::new(); (height >> shift) as usize + 1];
        for edge in edges {
            for band in bands(&edge) {
                banded[band].push(edge);
            }
        }
        let mut starts = vec![0];
        for band in &banded {
            starts.push(starts.last().copied().unwrap_or(0) + band.len() as u32);
        }
        Some(Self {
            bounds,
            shift,
            starts,
            edges: banded.into_iter().flatten().collect(),
        })
    }

    fn side(&self, at: Point) -> Side {
        if !self.bounds.holds(at) {
            return Side::Outside;
        }
        let band = ((at.lat - self.bounds.south) >> self.shift) as usize;
        let (from, to) = (self.starts[band] as usize, self.starts[band + 1] as usize);
        side(self.edges[from..to].iter().copied(), at)
    }
}

/// The smallest shift by which a length has at most so many pieces.
fn shift_for(length: i64, pieces: i64) -> u32 {
    (0..)
        .find(|shift| length >> shift < pieces.max(1))
        .unwrap_or(0)
}

/// Cells over all areas. Each knows the areas that may hold its points, smallest id first, up to the first that holds
/// all of them.
#[derive(Debug, Clone)]
struct Raster {
    bounds: Bounds,
    shift: u32,
    columns: i64,
    /// Where the entries of each cell begin; one more than there are cells.
    starts: Vec<u32>,
    /// Number of an area, doubled; odd if it holds the whole cell.
    entries: Vec<u32>,
}

impl Raster {
    fn over(areas: &[Banded]) -> Option<Self> {
        let bounds = Bounds::around(areas.iter().flat_map(|area| {
            let Bounds {
                west,
                south,
                east,
                north,
            } = area.bounds;
            [
                Point {
                    lng: west,
                    lat: south,
                },
                Point {
                    lng: east,
                    lat: north,
                },
            ]
        }))?;
        let (width, height) = (bounds.east - bounds.west, bounds.north - bounds.south);
        let shift =
            (0..).find(|shift| ((width >> shift) + 1) * ((height >> shift) + 1) <= CELLS)?;
        let (columns, rows) = ((width >> shift) + 1, (height >> shift) + 1);
        let mut raster = Self {
            bounds,
            shift,
            columns,
            starts: Vec::new(),
            entries: Vec::new(),
        };
        let mut lists: Vec<Vec<u32>> = vec![Vec::new(); (columns * rows) as usize];
        for (number, area) in areas.iter().enumerate() {
            raster.lay(area, number as u32, &mut lists);
        }
        raster.starts.push(0);
        for list in lists {
            raster.entries.extend(list);
            raster.starts.push(raster.entries.len() as u32);
        }
        Some(raster)
    }

    fn column(&self, lng: i64) -> i64 {
        (lng - self.bounds.west) >> self.shift
    }

    fn row(&self, lat: i64) -> i64 {
        (lat - self.bounds.south) >> self.shift
    }

    fn cell(&self, at: Point) -> Option<&[u32]> {
        if !self.bounds.holds(at) {
            return None;
        }
        let cell = (self.row(at.lat) * self.columns + self.column(at.lng)) as usize;
        Some(&self.entries[self.starts[cell] as usize..self.starts[cell + 1] as usize])
    }

    /// Enters an area: into the cells that its edges come near, and into those that it holds as a whole.
    fn lay(&self, area: &Banded, number: u32, lists: &mut [Vec<u32>]) {
        let (first, last) = (self.column(area.bounds.west), self.column(area.bounds.east));
        let (south, north) = (self.row(area.bounds.south), self.row(area.bounds.north));
        let wide = last - first + 1;
        let mut near = vec![false; (wide * (north - south + 1)) as usize];
        for (a, b) in &area.edges {
            for row in self.row(a.lat.min(b.lat))..=self.row(a.lat.max(b.lat)) {
                let (west, east) = self.reach(*a, *b, row);
                let columns = self.column(west).max(first)..=self.column(east).min(last);
                for column in columns {
                    near[((row - south) * wide + column - first) as usize] = true;
                }
            }
        }
        for row in south..=north {
            // Between two cells that edges come near, all cells are alike.
            let mut inside = None;
            for column in first..=last {
                let entry = if near[((row - south) * wide + column - first) as usize] {
                    inside = None;
                    number << 1
                } else {
                    let corner = Point {
                        lng: self.bounds.west + (column << self.shift),
                        lat: self.bounds.south + (row << self.shift),
                    };
                    if !*inside.get_or_insert_with(|| area.side(corner) != Side::Outside) {
                        continue;
                    }
                    number << 1 | 1
                };
                let list = &mut lists[(row * self.columns + column) as usize];
                if list.last().is_none_or(|last| last & 1 == 0) {
                    list.push(entry);
                }
            }
        }
    }

    /// How far west and east an edge reaches within a row of cells, with a step to spare on either side.
    fn reach(&self, a: Point, b: Point, row: i64) -> (i64, i64) {
        let (low, high) = if a.lat <= b.lat { (a, b) } else { (b, a) };
        let south = self.bounds.south + (row << self.shift);
        let from = low.lat.max(south);
        let to = high.lat.min(south + (1 << self.shift));
        let (mut west, mut east) = (low.lng.min(high.lng), low.lng.max(high.lng));
        if low.lat < high.lat && from <= to {
            let at = |lat: i64| {
                low.lng + ((high.lng - low.lng) * (lat - low.lat)).div_euclid(high.lat - low.lat)
            };
            let (one, other) = (at(from), at(to));
            west = west.max(one.min(other));
            east = east.min(one.max(other) + 1);
        }
        (west - 1, east + 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A ring through points given in steps from a corner of the town.
    fn ring(points: &[(i64, i64)]) -> Vec<Point> {
        let corner = Point::of_degrees(114.3, 29.8);
        let mut ring: Vec<Point> = points.iter().map(|at| beside(corner, *at)).collect();
        ring.push(ring[0]);
        ring
    }

    fn beside(corner: Point, (lng, lat): (i64, i64)) -> Point {
        Point {
            lng: corner.lng + lng,
            lat: corner.lat + lat,
        }
    }

    fn at(place: (i64, i64)) -> Point {
        beside(Point::of_degrees(114.3, 29.8), place)
    }

    fn square(west: i64, south: i64, size: i64) -> Vec<Point> {
        ring(&[
            (west, south),
            (west + size, south),
            (west + size, south + size),
            (west, south + size),
        ])
    }

    #[test]
    fn of_two_areas_at_a_border_the_smaller_id_wins() {
        // Two squares side by side, a third that touches both above them, and a square with a hole that holds a fourth.
        let areas = Areas::new([
            ("b", Shape(vec![vec![square(0, 0, 1000)]])),
            ("a", Shape(vec![vec![square(1000, 0, 1000)]])),
            (
                "c",
                Shape(vec![vec![ring(&[(0, 1000), (2000, 1000), (1000, 3000)])]]),
            ),
            (
                "d",
                Shape(vec![vec![square(5000, 0, 1000), square(5300, 300, 300)]]),
            ),
            ("e", Shape(vec![vec![square(5300, 300, 300)]])),
        ]);
        #[rustfmt::skip]
        let cases = [
            ((500, 500),   Some("b"), "inside"),
            ((1500, 500),  Some("a"), "inside"),
            ((1000, 500),  Some("a"), "on the common border"),
            ((1000, 1000), Some("a"), "on the corner of three"),
            ((0, 0),       Some("b"), "on a corner"),
            ((500, 0),     Some("b"), "on an edge that runs east"),
            ((0, 1000),    Some("b"), "on a corner of two"),
            ((500, 1000),  Some("b"), "on the border below the third"),
            ((500, 2000),  Some("c"), "on a slanting edge"),
            ((499, 2000),  None,      "a step beside it"),
            ((501, 2000),  Some("c"), "a step within it"),
            ((1000, 3000), Some("c"), "on the tip"),
            ((1000, 3001), None,      "a step above it"),
            ((5450, 450),  Some("e"), "in the hole, where another lies"),
            ((5300, 450),  Some("d"), "on the hole's border"),
            ((5301, 450),  Some("e"), "a step within the hole"),
            ((5100, 450),  Some("d"), "beside the hole"),
            ((-1, 0),      None,      "outside"),
            ((2001, 500),  None,      "outside"),
            ((90_000_000, 0), None,   "far outside"),
        ];
        for (place, expected, why) in cases {
            assert_eq!(areas.at(at(place)).copied(), expected, "{place:?}: {why}");
        }
        assert_eq!(Areas::<u32>::new([]).at(at((0, 0))), None);
    }

    #[test]
    fn a_shape_elsewhere_is_left_out() {
        let swapped = vec![(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)];
        let ring = swapped
            .into_iter()
            .map(|(x, y)| Point::of_degrees(x, y))
            .collect();
        assert!(Areas::new([(1, Shape(vec![vec![ring]]))]).is_empty());
    }

    /// Stars around a centre: any number of corners at any distance, so that rings do not cross themselves.
    fn star() -> impl Strategy<Value = Shape> {
        let corner = (100i64..40_000, 0u8..3);
        (
            prop::collection::vec(corner, 3..24),
            0i64..200_000,
            0i64..200_000,
            0u32..12,
        )
            .prop_map(|(corners, lng, lat, grain)| {
                let count = corners.len() as f64;
                let points: Vec<_> = corners
                    .iter()
                    .enumerate()
                    .map(|(number, (far, _))| {
                        let angle = std::f64::consts::TAU * number as f64 / count;
                        let step = |part: f64| ((part * *far as f64) as i64 >> grain) << grain;
                        (lng + step(angle.cos()), lat + step(angle.sin()))
                    })
                    .collect();
                Shape(vec![vec![ring(&points)]])
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(160))]
        #[test]
        fn the_index_says_what_every_edge_of_every_area_says(
            shapes in prop::collection::vec(star(), 1..12),
            random in prop::collection::vec((-60_000i64..260_000, -60_000i64..260_000), 60),
        ) {
            let areas = Areas::new(shapes.iter().cloned().enumerate());
            let vertices: Vec<Point> = shapes.iter().flat_map(|shape| shape.points()).collect();
            let middles = shapes.iter().flat_map(Shape::rings).flat_map(|ring| ring.windows(2)).map(|edge| Point {
                lng: (edge[0].lng + edge[1].lng) / 2,
                lat: (edge[0].lat + edge[1].lat) / 2,
            });
            // Points at the height of a vertex are where counting edges goes wrong.
            let level = random.iter().zip(&vertices).map(|(place, vertex)| Point { lat: vertex.lat, ..at(*place) });
            let asked: Vec<Point> = random.iter().map(|place| at(*place)).chain(middles).chain(level).collect();
            for point in asked.into_iter().chain(vertices.iter().copied()) {
                let brute = shapes.iter().position(|shape| shape.side(point) != Side::Outside);
                prop_assert_eq!(areas.at(point).copied(), brute, "{:?}", point);
            }
        }
    }
}
