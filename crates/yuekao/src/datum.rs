//! Reference systems of coordinates. Inside there is WGS 84 only; whatever comes is converted at the edge.
//!
//! CGCS2000 differs from WGS 84 by centimetres and is taken as it is. GCJ-02 is the shifted system of published maps
//! in China, BD-09 shifts it once more.

/// Names of the systems that a form offers.
pub const NAMES: [&str; 4] = ["WGS84", "CGCS2000", "GCJ-02", "BD-09"];

/// The reference system of a pair of coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Datum {
    /// WGS 84 and CGCS2000.
    #[default]
    Wgs84,
    Gcj02,
    Bd09,
}

/// Degrees of longitude and latitude.
pub type Degrees = [f64; 2];

impl Datum {
    /// The system of that name, as people write it.
    pub fn of(name: &str) -> Option<Self> {
        let key: String = name
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        match key.as_str() {
            "wgs84"
            | "wgs1984"
            | "4326"
            | "epsg4326"
            | "gps"
            | "cgcs2000"
            | "4490"
            | "epsg4490"
            | "国家2000"
            | "2000国家大地坐标系"
            | "大地2000" => Some(Self::Wgs84),
            "gcj02" | "gcj" | "火星坐标" | "火星坐标系" | "高德" | "腾讯" => {
                Some(Self::Gcj02)
            }
            "bd09" | "bd09ll" | "百度" | "百度坐标" | "百度坐标系" => Some(Self::Bd09),
            _ => None,
        }
    }

    /// The same place in WGS 84.
    pub fn to_wgs84(self, place: Degrees) -> Degrees {
        match self {
            Self::Wgs84 => place,
            Self::Gcj02 => inverse(wgs84_to_gcj02, place),
            Self::Bd09 => inverse(wgs84_to_gcj02, inverse(gcj02_to_bd09, place)),
        }
    }

    /// A place given in WGS 84, in this system.
    pub fn from_wgs84(self, place: Degrees) -> Degrees {
        match self {
            Self::Wgs84 => place,
            Self::Gcj02 => wgs84_to_gcj02(place),
            Self::Bd09 => gcj02_to_bd09(wgs84_to_gcj02(place)),
        }
    }
}

/// Why a place is no place in China.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elsewhere {
    /// It would be one with longitude and latitude the other way round.
    Swapped,
    Outside,
}

/// Whether a place lies in the rectangle around China.
///
/// # Errors
/// It does not.
pub fn in_china([lng, lat]: Degrees) -> Result<(), Elsewhere> {
    let inside = |lng: f64, lat: f64| (73.0..=136.0).contains(&lng) && (3.0..=54.0).contains(&lat);
    match (inside(lng, lat), inside(lat, lng)) {
        (true, _) => Ok(()),
        (false, true) => Err(Elsewhere::Swapped),
        (false, false) => Err(Elsewhere::Outside),
    }
}

/// Shifts are smooth and small: a few steps against the error reach the last bit that matters.
fn inverse(shift: fn(Degrees) -> Degrees, place: Degrees) -> Degrees {
    let mut guess = place;
    for _ in 0..12 {
        let reached = shift(guess);
        guess = [
            guess[0] + place[0] - reached[0],
            guess[1] + place[1] - reached[1],
        ];
    }
    guess
}

fn wgs84_to_gcj02([lng, lat]: Degrees) -> Degrees {
    use std::f64::consts::PI;
    // The ellipsoid of Krasovsky.
    const AXIS: f64 = 6_378_245.0;
    const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
    let (x, y) = (lng - 105.0, lat - 35.0);
    let root = x.abs().sqrt();
    let wave = |scale: f64, argument: f64| scale * (argument * PI).sin();
    let common = (wave(20.0, 6.0 * x) + wave(20.0, 2.0 * x)) * 2.0 / 3.0;
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + common
        + (wave(20.0, y) + wave(40.0, y / 3.0)) * 2.0 / 3.0
        + (wave(160.0, y / 12.0) + wave(320.0, y / 30.0)) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + common
        + (wave(20.0, x) + wave(40.0, x / 3.0)) * 2.0 / 3.0
        + (wave(150.0, x / 12.0) + wave(300.0, x / 30.0)) * 2.0 / 3.0;
    let latitude = lat.to_radians();
    let flat = 1.0 - ECCENTRICITY_SQUARED * latitude.sin().powi(2);
    let meridian = AXIS * (1.0 - ECCENTRICITY_SQUARED) / (flat * flat.sqrt());
    let parallel = AXIS / flat.sqrt() * latitude.cos();
    [
        lng + (east / parallel).to_degrees(),
        lat + (north / meridian).to_degrees(),
    ]
}

fn gcj02_to_bd09([lng, lat]: Degrees) -> Degrees {
    const STEP: f64 = std::f64::consts::PI * 3000.0 / 180.0;
    let radius = lng.hypot(lat) + 0.000_02 * (lat * STEP).sin();
    let angle = lat.atan2(lng) + 0.000_003 * (lng * STEP).cos();
    [radius * angle.cos() + 0.0065, radius * angle.sin() + 0.006]
}

/// Metres between two positions in WGS 84, longitude and latitude in 1e-7 degree as the store keeps them.
pub fn metres(a: (i64, i64), b: (i64, i64)) -> u64 {
    use geo::Distance as _;
    let point = |(lng, lat): (i64, i64)| geo::Point::new(lng as f64 / 1e7, lat as f64 / 1e7);
    geo::Haversine.distance(point(a), point(b)).round() as u64
}

/// 1e-7 degrees as a decimal without trailing zeros.
pub fn decimal(e7: i64) -> String {
    let text = format!(
        "{}{}.{:07}",
        if e7 < 0 { "-" } else { "" },
        e7.unsigned_abs() / 10_000_000,
        e7.unsigned_abs() % 10_000_000
    );
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pairs that were published: the WGS 84 side has six decimals.
    fn pairs() -> Vec<(Degrees, Degrees)> {
        let text = include_str!("../../../data/division_points.csv");
        text.lines()
            .skip(1)
            .map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                let degrees = |at: usize| cells[at].parse::<f64>().unwrap();
                ([degrees(3), degrees(4)], [degrees(5), degrees(6)])
            })
            .collect()
    }

    #[test]
    fn positions_are_written_without_needless_zeros() {
        assert_eq!(decimal(1_143_217_170), "114.321717");
        assert_eq!(decimal(-19_628_330), "-1.962833");
        assert_eq!(decimal(300_000_000), "30");
        assert_eq!(decimal(-5), "-0.0000005");
    }

    #[test]
    fn a_ten_thousandth_of_a_degree_is_eleven_metres_to_the_north_and_less_to_the_east() {
        let at = (1_143_000_000, 298_000_000);
        assert_eq!(metres(at, (at.0, at.1 + 2_000)), 22);
        assert_eq!(metres(at, (at.0 + 2_000, at.1)), 19);
    }

    #[test]
    fn published_pairs_agree_both_ways() {
        let pairs = pairs();
        assert_eq!(pairs.len(), 334);
        for (wgs84, gcj02) in pairs {
            for (one, other) in [
                (Datum::Gcj02.to_wgs84(gcj02), wgs84),
                (Datum::Gcj02.from_wgs84(wgs84), gcj02),
            ] {
                assert!((one[0] - other[0]).abs() < 2e-6, "{one:?} {other:?}");
                assert!((one[1] - other[1]).abs() < 2e-6, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_known_place_in_all_systems() {
        // Tiananmen: a pair that map makers give as an example.
        let [lng, lat] = Datum::Gcj02.from_wgs84([116.391_305, 39.907_333]);
        assert!(
            (lng - 116.397_55).abs() < 1e-4 && (lat - 39.908_73).abs() < 1e-4,
            "{lng} {lat}"
        );
        let [lng, lat] = Datum::Bd09.from_wgs84([116.391_305, 39.907_333]);
        assert!(
            (lng - 116.403_9).abs() < 1e-3 && (lat - 39.915_1).abs() < 1e-3,
            "{lng} {lat}"
        );
    }

    #[test]
    fn names_and_places() {
        for name in [
            "WGS-84",
            "wgs84",
            "CGCS2000",
            "EPSG:4490",
            "2000国家大地坐标系",
        ] {
            assert_eq!(Datum::of(name), Some(Datum::Wgs84), "{name}");
        }
        assert_eq!(Datum::of("GCJ-02"), Some(Datum::Gcj02));
        assert_eq!(Datum::of("BD_09"), Some(Datum::Bd09));
        assert_eq!(Datum::of("北京54"), None);
        assert_eq!(in_china([114.3, 29.8]), Ok(()));
        assert_eq!(in_china([29.8, 114.3]), Err(Elsewhere::Swapped));
        assert_eq!(in_china([0.0, 0.0]), Err(Elsewhere::Outside));
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_place(lng in 73.5f64..135.0, lat in 18.0f64..53.5) {
            for datum in [Datum::Gcj02, Datum::Bd09] {
                let back = datum.to_wgs84(datum.from_wgs84([lng, lat]));
                prop_assert!((back[0] - lng).abs() < 1e-8 && (back[1] - lat).abs() < 1e-8);
            }
        }
    }
}
