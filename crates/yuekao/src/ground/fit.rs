//! How grids fit together: where two of them overlap, and where a piece between them belongs to none.

use std::collections::{BTreeSet, HashMap};

use assessment::place::{Bounds, Point, Shape, Side};
use geo::orient::Direction;
use geo::{
    BooleanOps as _, Geodesic, GeodesicArea as _, InteriorPoint as _, Length as _, MultiPolygon,
    Orient as _, Polygon, unary_union,
};

use super::{polygons, shape_of};

/// A grid as it is laid beside others.
#[derive(Debug, Clone)]
pub struct Plot {
    pub id: String,
    pub name: String,
    pub unit: String,
    pub shape: Shape,
    /// It is being handed in; misfits between others are not reported again.
    pub fresh: bool,
}

/// A place where grids do not fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Misfit {
    pub kind: Kind,
    /// Ids and names of the grids at it: the two that overlap, or those around a gap.
    pub between: Vec<(String, String)>,
    pub square_metres: i64,
    /// A point of it.
    pub at: Point,
    pub shape: Shape,
}

/// What does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Overlap,
    Gap,
}

impl Kind {
    /// The end of its key in the message files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Overlap => "overlap",
            Self::Gap => "gap",
        }
    }
}

/// Pieces smaller than a square metre, or thinner than ten centimetres, come from rounding and are no misfits.
const SMALLEST: f64 = 1.0;
const THINNEST: f64 = 0.1;

/// Every overlap and gap that a fresh grid has a part in. `areas` are those of the units, where they are known: what the
/// grids of a unit leave of its area is a gap.
pub fn misfits(plots: &[Plot], areas: &HashMap<String, Shape>) -> Vec<Misfit> {
    let laid: Vec<Laid> = plots.iter().filter_map(Laid::of).collect();
    let mut misfits = overlaps(&laid);
    misfits.extend(gaps(&laid, areas));
    misfits
}

struct Laid<'a> {
    plot: &'a Plot,
    bounds: Bounds,
    polygons: MultiPolygon,
}

impl<'a> Laid<'a> {
    fn of(plot: &'a Plot) -> Option<Self> {
        Some(Self {
            plot,
            bounds: plot.shape.bounds()?,
            polygons: polygons(&plot.shape).orient(Direction::Default),
        })
    }

    /// Whether its border passes the point, to a step: where lines cross, rounding may move a corner by that much.
    fn touches(&self, at: Point) -> bool {
        let near = |east: i64, north: i64| Point {
            lng: at.lng + east,
            lat: at.lat + north,
        };
        let bounds = Bounds::around([near(-1, -1), near(1, 1)]);
        if !bounds.is_some_and(|bounds| bounds.meets(&self.bounds)) {
            return false;
        }
        let mut sides = (-1..=1)
            .flat_map(|east| (-1..=1).map(move |north| near(east, north)))
            .map(|point| self.plot.shape.side(point));
        let first = sides.next();
        first == Some(Side::Border) || sides.any(|side| Some(side) != first)
    }

    fn named(&self) -> (String, String) {
        (self.plot.id.clone(), self.plot.name.clone())
    }
}

fn overlaps(laid: &[Laid]) -> Vec<Misfit> {
    let mut order: Vec<&Laid> = laid.iter().collect();
    order.sort_by_key(|one| (one.bounds.west, &one.plot.id));
    let mut found = Vec::new();
    for (place, one) in order.iter().enumerate() {
        let beside = order[place + 1..]
            .iter()
            .take_while(|other| other.bounds.west < one.bounds.east);
        for other in beside {
            let asked = one.plot.fresh || other.plot.fresh;
            if !asked || !one.bounds.meets(&other.bounds) {
                continue;
            }
            let common = one.polygons.intersection(&other.polygons);
            let mut between = vec![one.named(), other.named()];
            between.sort();
            found.extend(misfit(Kind::Overlap, common, between));
        }
    }
    found.sort_by(|one, other| one.between.cmp(&other.between));
    found
}

fn gaps(laid: &[Laid], areas: &HashMap<String, Shape>) -> Vec<Misfit> {
    let around = |piece: &Polygon| -> BTreeSet<usize> {
        let corners: Vec<Point> = piece
            .exterior()
            .coords()
            .map(|at| Point::of_degrees(at.x, at.y))
            .collect();
        let beside = |one: &&Laid| corners.iter().any(|corner| one.touches(*corner));
        let numbered = laid.iter().enumerate();
        numbered
            .filter(|(_, one)| beside(one))
            .map(|(number, _)| number)
            .collect()
    };
    let mut pieces: Vec<Polygon> = Vec::new();
    let mut units: BTreeSet<&str> = BTreeSet::new();
    for one in laid.iter().filter(|one| one.plot.fresh) {
        units.insert(&one.plot.unit);
    }
    for unit in units {
        if let Some(area) = areas.get(unit) {
            let own = laid.iter().filter(|one| one.plot.unit == unit);
            let covered = unary_union(own.map(|one| &one.polygons));
            let area = polygons(area).orient(Direction::Default);
            pieces.extend(area.difference(&covered));
        }
    }
    let whole = unary_union(laid.iter().map(|one| &one.polygons));
    let holes = whole
        .iter()
        .flat_map(|part| part.interiors())
        .map(|ring| Polygon::new(ring.clone(), Vec::new()).orient(Direction::Default));
    // A hole within a unit's area was found already.
    let known = MultiPolygon::new(pieces.clone());
    for hole in holes {
        let left = match pieces.is_empty() {
            true => MultiPolygon::new(vec![hole]),
            false => hole.difference(&known),
        };
        pieces.extend(left);
    }
    let mut found = Vec::new();
    for piece in pieces {
        let beside = around(&piece);
        if beside.iter().any(|number| laid[*number].plot.fresh) {
            let between = beside.iter().map(|number| laid[*number].named()).collect();
            found.extend(misfit(Kind::Gap, MultiPolygon::new(vec![piece]), between));
        }
    }
    found.sort_by(|one, other| one.between.cmp(&other.between));
    found
}

/// How large a piece is, whichever way round it is drawn. A sliver of rounding may come out drawn the wrong way, and would be
/// the rest of the earth if that were taken at its word.
fn square_metres(piece: &Polygon) -> f64 {
    piece.geodesic_area_signed().abs()
}

/// What is left of pieces when those that come from rounding are taken away.
fn misfit(kind: Kind, pieces: MultiPolygon, between: Vec<(String, String)>) -> Option<Misfit> {
    let real = |piece: &Polygon| {
        let area = square_metres(piece);
        let around = Geodesic.length(piece.exterior());
        area >= SMALLEST && 2.0 * area / around >= THINNEST
    };
    let pieces: Vec<Polygon> = pieces.into_iter().filter(real).collect();
    let size = |piece: &&Polygon| square_metres(piece);
    let largest = pieces
        .iter()
        .max_by(|one, other| size(one).total_cmp(&size(other)))?;
    let at = largest.interior_point()?;
    let square_metres: f64 = pieces.iter().map(square_metres).sum();
    let pieces = MultiPolygon::new(pieces);
    Some(Misfit {
        kind,
        between,
        square_metres: square_metres.round() as i64,
        at: Point::of_degrees(at.x(), at.y()),
        shape: shape_of(&pieces),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rectangle in thousandths of a degree from a corner of the town: about 97 m by 111 m each.
    fn plot(id: &str, [west, south, east, north]: [f64; 4], fresh: bool) -> Plot {
        let at = |x: f64, y: f64| Point::of_degrees(114.3 + x / 1e3, 29.8 + y / 1e3);
        let ring = vec![
            at(west, south),
            at(east, south),
            at(east, north),
            at(west, north),
            at(west, south),
        ];
        Plot {
            id: id.into(),
            name: format!("网格{id}"),
            unit: "421202001002".into(),
            shape: Shape(vec![vec![ring]]),
            fresh,
        }
    }

    fn say(misfits: &[Misfit]) -> Vec<String> {
        let ids = |misfit: &Misfit| {
            let ids: Vec<_> = misfit.between.iter().map(|(id, _)| id.as_str()).collect();
            ids.join("+")
        };
        misfits
            .iter()
            .map(|misfit| {
                format!(
                    "{} {} {}",
                    misfit.kind.word(),
                    ids(misfit),
                    misfit.square_metres / 100
                )
            })
            .collect()
    }

    #[test]
    fn overlaps_and_gaps_are_named_with_their_size() {
        let none = HashMap::new();
        let beside = [
            plot("a", [0., 0., 1., 1.], true),
            plot("b", [1., 0., 2., 1.], true),
        ];
        assert_eq!(say(&misfits(&beside, &none)), Vec::<String>::new());

        let over = [
            plot("a", [0., 0., 1., 1.], false),
            plot("b", [0.5, 0., 2., 1.], true),
        ];
        let found = misfits(&over, &none);
        assert_eq!(say(&found), ["overlap a+b 53"]);
        assert_eq!(found[0].between[1].1, "网格b");
        assert!(
            over.iter()
                .all(|plot| plot.shape.side(found[0].at) == Side::Inside)
        );

        let old = over.clone().map(|plot| Plot {
            fresh: false,
            ..plot
        });
        assert_eq!(say(&misfits(&old, &none)), Vec::<String>::new());

        // A ring of four around nothing.
        let ring = [
            plot("a", [0., 0., 3., 1.], true),
            plot("b", [2., 1., 3., 2.], true),
            plot("c", [0., 2., 3., 3.], true),
            plot("d", [0., 1., 1., 2.], true),
        ];
        assert_eq!(say(&misfits(&ring, &none)), ["gap a+b+c+d 107"]);

        // A sliver of a centimetre is rounding.
        let thin = [
            plot("a", [0., 0., 1., 1.], true),
            plot("b", [0.9999, 0., 2., 1.], true),
        ];
        assert_eq!(say(&misfits(&thin, &none)), Vec::<String>::new());
    }

    #[test]
    fn a_sliver_of_rounding_is_never_the_rest_of_the_earth() {
        let piece = |corners: [(f64, f64); 4]| {
            let ring: Vec<_> = corners
                .iter()
                .map(|(x, y)| (114.3 + x / 1e3, 29.8 + y / 1e3))
                .collect();
            MultiPolygon::new(vec![Polygon::new(ring.into(), Vec::new())])
        };
        let named = || vec![("a".to_owned(), "网格a".to_owned())];
        // A tenth of a millimetre wide, and drawn clockwise.
        let sliver = piece([(0., 0.), (0.5, 1e-6), (1., 0.), (0., 0.)]);
        assert_eq!(misfit(Kind::Gap, sliver, named()), None);
        // Drawn clockwise, a real gap is as large as it is.
        let gap = piece([(0., 0.), (0., 1.), (1., 1.), (0., 0.)]);
        let gap = misfit(Kind::Gap, gap, named()).expect("a gap");
        assert_eq!(gap.square_metres / 100, 53);
    }

    #[test]
    fn what_the_grids_of_a_unit_leave_of_its_area_is_a_gap() {
        let area = plot("unit", [0., 0., 3., 1.], false).shape;
        let areas = HashMap::from([("421202001002".to_owned(), area)]);
        let plots = [
            plot("a", [0., 0., 1., 1.], true),
            plot("b", [1., 0., 2., 1.], true),
        ];
        let found = misfits(&plots, &areas);
        assert_eq!(say(&found), ["gap b 107"]);
        assert_eq!(
            say(&misfits(&[plot("a", [0., 0., 3., 1.], true)], &areas)),
            Vec::<String>::new()
        );
    }
}
