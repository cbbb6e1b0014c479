//! Our side of `scripts/bench`: in which grid and in which community a million points lie.
//!
//! Each line of standard input is a request, each line of standard output its answer in JSON:
//!
//! | request | what is done | answer |
//! |---|---|---|
//! | `make N FOLDER` | two layers of areas and N points are made and written: `grids.csv`, `communities.csv`, `points.csv` | `{"grids": …, "communities": …, "on_borders": …}` |
//! | `index` | the layers are indexed | `{"ms": …}` |
//! | `locate` | every point is asked, on one thread | `{"ms": …, "digest": …}`: SHA-256 over lines `number grid community` |
//!
//! Coordinates are whole ten-millionths of a degree on both sides, so no rounding stands between the answers.

use std::{
    fmt::Write as _,
    fs,
    io::{BufRead as _, Write as _},
    path::Path,
    time::Instant,
};

use assessment::place::{Point, Shape, areas::Areas};
use sha2::{Digest as _, Sha256};

/// Grids and communities on a side of the town, and pieces of each of their edges.
const LAYERS: [(i64, i64); 2] = [(64, 6), (20, 16)];
/// The town, about 96 km on a side: divisible by both numbers of areas.
const SIDE: i64 = 9_600_000;

fn main() {
    let (mut layers, mut points) = (Vec::<Vec<Shape>>::new(), Vec::<Point>::new());
    let mut areas = Vec::<Areas<u32>>::new();
    for request in std::io::stdin().lock().lines().map_while(Result::ok) {
        let words: Vec<_> = request.split_whitespace().collect();
        let answer = match words[..] {
            ["make", count, folder] => {
                layers = LAYERS
                    .iter()
                    .map(|(side, pieces)| mesh(*side, *pieces))
                    .collect();
                let borders;
                (points, borders) = scattered(count.parse().expect("a number"), &layers);
                write(Path::new(folder), &layers, &points).expect("a folder to write to");
                format!(
                    "{{\"grids\": {}, \"communities\": {}, \"on_borders\": {borders}}}",
                    layers[0].len(),
                    layers[1].len()
                )
            }
            ["index"] => {
                let start = Instant::now();
                areas = layers
                    .iter()
                    .map(|layer| Areas::new((1..).zip(layer.iter().cloned())))
                    .collect();
                format!("{{\"ms\": {}}}", start.elapsed().as_secs_f64() * 1e3)
            }
            ["locate"] => {
                let start = Instant::now();
                let id = |layer: usize, at: Point| areas[layer].at(at).copied().unwrap_or(0);
                let found: Vec<(u32, u32)> =
                    points.iter().map(|at| (id(0, *at), id(1, *at))).collect();
                let ms = start.elapsed().as_secs_f64() * 1e3;
                let mut hash = Sha256::new();
                for (number, (grid, community)) in found.iter().enumerate() {
                    hash.update(format!("{number} {grid} {community}\n"));
                }
                let digest: String = hash
                    .finalize()
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                format!("{{\"ms\": {ms}, \"digest\": {digest:?}}}")
            }
            _ => panic!("not a request: {request}"),
        };
        println!("{answer}");
        std::io::stdout().flush().expect("the reader is there");
    }
}

/// SplitMix64 of a number: the same town on every machine.
fn mixed(number: u64) -> u64 {
    let mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// A number from −far to far that belongs to three others.
fn jitter(a: i64, b: i64, c: i64, far: i64) -> i64 {
    let seed = (a as u64) << 40 ^ (b as u64) << 16 ^ c as u64;
    (mixed(seed) % (2 * far as u64 + 1)) as i64 - far
}

fn corner() -> Point {
    Point::of_degrees(113.6, 29.2)
}

/// Areas of a town that is cut like a chessboard with crooked lines: neighbours share every point of their border.
fn mesh(side: i64, pieces: i64) -> Vec<Shape> {
    let size = SIDE / side;
    let crossing = |column: i64, row: i64| Point {
        lng: corner().lng + column * size + jitter(column, row, side, size / 8),
        lat: corner().lat + row * size + jitter(row, column, side + 1, size / 8),
    };
    // The points of a line from one crossing to the next, without the last.
    let line = |from: (i64, i64), to: (i64, i64)| {
        let (a, b) = (crossing(from.0, from.1), crossing(to.0, to.1));
        (0..pieces).map(move |piece| {
            let part = |one: i64, other: i64| one + (other - one) * piece / pieces;
            let far = if piece == 0 { 0 } else { size / (4 * pieces) };
            Point {
                lng: part(a.lng, b.lng) + jitter(from.0 * 2 + to.0, from.1 * 2 + to.1, piece, far),
                lat: part(a.lat, b.lat) + jitter(from.1 * 2 + to.1, from.0 * 2 + to.0, piece, far),
            }
        })
    };
    let back = |from: (i64, i64), to: (i64, i64)| {
        let mut points: Vec<Point> = line(to, from).chain([crossing(from.0, from.1)]).collect();
        points.reverse();
        points.pop();
        points
    };
    let mut areas = Vec::new();
    for row in 0..side {
        for column in 0..side {
            let (east, north) = (column + 1, row + 1);
            let mut ring: Vec<Point> = line((column, row), (east, row))
                .chain(line((east, row), (east, north)))
                .chain(back((east, north), (column, north)))
                .chain(back((column, north), (column, row)))
                .collect();
            ring.push(ring[0]);
            areas.push(Shape(vec![vec![ring]]));
        }
    }
    areas
}

/// Points all over the town and a little beyond; one in fifty is a vertex, one in fifty lies on an edge. Returns how
/// many lie on borders.
fn scattered(count: u64, layers: &[Vec<Shape>]) -> (Vec<Point>, usize) {
    let edges: Vec<(Point, Point)> = layers
        .iter()
        .flatten()
        .flat_map(|shape| shape.rings())
        .flat_map(|ring| ring.windows(2).map(|edge| (edge[0], edge[1])))
        .collect();
    let mut borders = 0;
    let points = (0..count)
        .map(|number| {
            let chance = |salt: u64, below: u64| mixed(number << 8 | salt) % below;
            let (a, b) = edges[chance(1, edges.len() as u64) as usize];
            let (lng, lat) = (b.lng - a.lng, b.lat - a.lat);
            let steps = gcd(lng.abs(), lat.abs());
            match chance(2, 50) {
                0 => {
                    borders += 1;
                    a
                }
                1 if steps > 1 => {
                    borders += 1;
                    let step = 1 + chance(3, steps as u64 - 1) as i64;
                    Point {
                        lng: a.lng + lng / steps * step,
                        lat: a.lat + lat / steps * step,
                    }
                }
                _ => Point {
                    lng: corner().lng + chance(4, SIDE as u64 * 102 / 100) as i64 - SIDE / 100,
                    lat: corner().lat + chance(5, SIDE as u64 * 102 / 100) as i64 - SIDE / 100,
                },
            }
        })
        .collect();
    (points, borders)
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn write(folder: &Path, layers: &[Vec<Shape>], points: &[Point]) -> std::io::Result<()> {
    for (name, layer) in ["grids.csv", "communities.csv"].iter().zip(layers) {
        let mut text = "id,area\n".to_owned();
        for (id, shape) in (1..).zip(layer) {
            let ring: Vec<String> = shape
                .points()
                .map(|at| format!("{} {}", at.lng, at.lat))
                .collect();
            let _ = writeln!(text, "{id},\"POLYGON (({}))\"", ring.join(", "));
        }
        fs::write(folder.join(name), text)?;
    }
    let mut text = "number,lng,lat\n".to_owned();
    for (number, at) in points.iter().enumerate() {
        let _ = writeln!(text, "{number},{},{}", at.lng, at.lat);
    }
    fs::write(folder.join("points.csv"), text)
}
