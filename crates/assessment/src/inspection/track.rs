//! Whether the positions that a phone reports can be true.
//!
//! A browser cannot tell a mocked position from a real one, so nothing is rejected here: what is strange gets a word and
//! a sentence, is kept with the item and looked at by people.

use crate::message::Message;

/// A position in WGS 84, in whole 1e-7 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Spot {
    /// Longitude.
    pub lng_e7: i64,
    /// Latitude.
    pub lat_e7: i64,
}

/// Metres in a degree of latitude, of a sphere with the earth's mean radius.
const METRES_IN_A_DEGREE: f64 = 111_195.08;

impl Spot {
    /// Distance in whole metres, as on a plane that touches the earth between the two: good to a thousandth over the
    /// length of a city.
    pub fn metres_to(self, other: Self) -> u64 {
        let degrees = |e7: i64| e7 as f64 / 1e7;
        let middle = degrees((self.lat_e7 + other.lat_e7) / 2).to_radians();
        // Across the date line the short way.
        let apart = (self.lng_e7 - other.lng_e7).rem_euclid(3_600_000_000);
        let east = degrees(apart.min(3_600_000_000 - apart)) * middle.cos();
        let north = degrees(self.lat_e7 - other.lat_e7);
        (east.hypot(north) * METRES_IN_A_DEGREE).round() as u64
    }
}

/// One position as a phone reported it. Times are epoch milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Number that the phone gave the item: 1, 2, 3, … in the order of their making.
    pub number: u64,
    /// When, by the phone's clock.
    pub at: i64,
    /// When the server received it; hours later if there was no network.
    pub received: i64,
    /// The phone's clock when it sent the item, if it told: against `received` it shows how wrong the clock is.
    pub sent: Option<i64>,
    /// Where.
    pub spot: Spot,
    /// Radius within which the phone believes to be, in metres.
    pub accuracy_m: Option<u32>,
    /// When the position was measured, by the phone's clock, if it told: one that is measured is used for a while.
    pub measured: Option<i64>,
    /// Where the assigned site is, if that is known.
    pub site: Option<Spot>,
}

impl Fix {
    /// When, by the server's clock: as long before it was received as the phone says it was before sending.
    fn happened(&self) -> i64 {
        match self.sent {
            Some(sent) => self.received.saturating_sub(sent.saturating_sub(self.at)),
            None => self.at,
        }
    }
}

/// From where on something is strange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Metres per second.
    pub speed: u64,
    /// Two positions within so many seconds are compared as a jump, not by their speed.
    pub jump_seconds: u64,
    /// Minutes without any item within one day's tour.
    pub gap_minutes: u64,
    /// So many positions in a row alike to the last digit.
    pub twins: usize,
    /// Metres.
    pub accuracy_m: u32,
    /// Minutes that the phone's clock may be wrong.
    pub skew_minutes: u64,
    /// Metres from the assigned site.
    pub far_m: u64,
}

impl Default for Limits {
    /// 40 m/s (144 km/h), 20 seconds, 90 minutes, 4 in a row, 100 m, 5 minutes, 300 m.
    fn default() -> Self {
        Self {
            speed: 40,
            jump_seconds: 20,
            gap_minutes: 90,
            twins: 4,
            accuracy_m: 100,
            skew_minutes: 5,
            far_m: 300,
        }
    }
}

/// Something strange about a track. `number` is the item at which it shows; distances are in metres.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Too far from the position before for the time between them.
    ImpossibleSpeed {
        number: u64,
        metres: u64,
        seconds: u64,
    },
    /// Elsewhere from one moment to the next.
    Jump {
        number: u64,
        metres: u64,
        seconds: u64,
    },
    /// Nothing was reported for a long time on the same day.
    Gap { number: u64, minutes: u64 },
    /// The same position to the last digit, measured again and again: a position that is measured trembles.
    TwinPositions { first: u64, last: u64, times: usize },
    /// Another phone of the same person was elsewhere just before.
    TwoPhones {
        number: u64,
        metres: u64,
        seconds: u64,
    },
    /// The position says too little, or does not say how good it is.
    Coarse {
        number: u64,
        accuracy_m: Option<u32>,
    },
    /// The phone's clock is wrong.
    ClockSkew { number: u64, minutes: i64 },
    /// The phone's clock went backwards between two items.
    ClockBack { number: u64, seconds: u64 },
    /// Numbers between two items have not arrived.
    MissingNumbers { first: u64, last: u64 },
    /// Two items carry the same number.
    NumberTwice { number: u64 },
    /// Not where the assigned site is.
    FarFromSite { number: u64, metres: u64 },
}

impl Verdict {
    /// The word under which it is kept.
    pub fn word(&self) -> &'static str {
        match self {
            Self::ImpossibleSpeed { .. } => "impossible-speed",
            Self::Jump { .. } => "jump",
            Self::Gap { .. } => "gap",
            Self::TwinPositions { .. } => "twin-positions",
            Self::TwoPhones { .. } => "two-phones",
            Self::Coarse { .. } => "coarse",
            Self::ClockSkew { .. } => "clock-skew",
            Self::ClockBack { .. } => "clock-back",
            Self::MissingNumbers { .. } => "missing-numbers",
            Self::NumberTwice { .. } => "number-twice",
            Self::FarFromSite { .. } => "far-from-site",
        }
    }

    /// Whether it is about the item with a number.
    pub fn concerns(&self, number: u64) -> bool {
        match *self {
            Self::TwinPositions { first, last, .. } | Self::MissingNumbers { first, last } => {
                (first..=last).contains(&number)
            }
            _ => self.number() == number,
        }
    }

    /// The number of the item at which it shows: the last one of a run, the first one that is missing.
    pub fn number(&self) -> u64 {
        match *self {
            Self::ImpossibleSpeed { number, .. }
            | Self::Jump { number, .. }
            | Self::Gap { number, .. }
            | Self::TwoPhones { number, .. }
            | Self::Coarse { number, .. }
            | Self::ClockSkew { number, .. }
            | Self::ClockBack { number, .. }
            | Self::NumberTwice { number }
            | Self::FarFromSite { number, .. } => number,
            Self::TwinPositions { last, .. } => last,
            Self::MissingNumbers { first, .. } => first,
        }
    }

    /// The sentence for people.
    pub fn message(&self) -> Message {
        let about = |key, number: u64| Message::new(key).with("number", whole(number));
        match *self {
            Self::ImpossibleSpeed {
                number,
                metres,
                seconds,
            } => about("track-impossible-speed", number)
                .with("metres", whole(metres))
                .with("seconds", whole(seconds)),
            Self::Jump {
                number,
                metres,
                seconds,
            } => about("track-jump", number)
                .with("metres", whole(metres))
                .with("seconds", whole(seconds)),
            Self::Gap { number, minutes } => {
                about("track-gap", number).with("minutes", whole(minutes))
            }
            Self::TwinPositions { first, last, times } => Message::new("track-twin-positions")
                .with("first", whole(first))
                .with("last", whole(last))
                .with("times", times),
            Self::TwoPhones {
                number,
                metres,
                seconds,
            } => about("track-two-phones", number)
                .with("metres", whole(metres))
                .with("seconds", whole(seconds)),
            Self::Coarse {
                number,
                accuracy_m: Some(metres),
            } => about("track-coarse", number).with("metres", i64::from(metres)),
            Self::Coarse { number, .. } => about("track-accuracy-unknown", number),
            Self::ClockSkew { number, minutes } if minutes > 0 => {
                about("track-clock-fast", number).with("minutes", minutes)
            }
            Self::ClockSkew { number, minutes } => {
                about("track-clock-slow", number).with("minutes", -minutes)
            }
            Self::ClockBack { number, seconds } => {
                about("track-clock-back", number).with("seconds", whole(seconds))
            }
            Self::MissingNumbers { first, last } => Message::new("track-missing-numbers")
                .with("first", whole(first))
                .with("last", whole(last)),
            Self::NumberTwice { number } => about("track-number-twice", number),
            Self::FarFromSite { number, metres } => {
                about("track-far-from-site", number).with("metres", whole(metres))
            }
        }
    }
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Says what is strange about the items of one phone, in the order of their numbers. The items may come in any order.
pub fn judge(fixes: &[Fix], limits: &Limits) -> Vec<Verdict> {
    let mut fixes: Vec<&Fix> = fixes.iter().collect();
    fixes.sort_by_key(|fix| (fix.number, fix.at));
    let mut verdicts = Vec::new();
    let (mut first, mut times) = (0, 0);
    for (index, fix) in fixes.iter().enumerate() {
        let before = index.checked_sub(1).map(|index| fixes[index]);
        alone(fix, limits, &mut verdicts);
        if let Some(before) = before {
            numbered(before, fix, &mut verdicts);
            moved(before, fix, limits, &mut verdicts);
        } else if fix.number > 1 {
            let last = fix.number - 1;
            verdicts.push(Verdict::MissingNumbers { first: 1, last });
        }
        match before.filter(|before| before.spot == fix.spot) {
            // One that was measured once and is told again does not count again.
            Some(before) if fix.measured.is_some() && fix.measured == before.measured => {}
            Some(_) => times += 1,
            None => (first, times) = (fix.number, 1),
        }
        let goes_on = fixes
            .get(index + 1)
            .is_some_and(|next| next.spot == fix.spot);
        if times >= limits.twins && !goes_on {
            verdicts.push(Verdict::TwinPositions {
                first,
                last: fix.number,
                times,
            });
        }
    }
    verdicts
}

/// Says where the phones of one person show something strange against each other, by the server's clock. Each item comes
/// with its phone, in any order; each verdict with the phone of the later item.
pub fn apart<P: Copy + Ord>(fixes: &[(P, Fix)], limits: &Limits) -> Vec<(P, Verdict)> {
    let mut fixes: Vec<_> = fixes.iter().collect();
    fixes.sort_by_key(|(phone, fix)| (fix.happened(), *phone, fix.number));
    let pairs = fixes.windows(2).filter(|pair| pair[0].0 != pair[1].0);
    pairs
        .filter_map(|pair| {
            let ((_, before), (phone, fix)) = (pair[0], pair[1]);
            let seconds = fix.happened().abs_diff(before.happened()) / 1000;
            let metres = before.spot.metres_to(fix.spot);
            let reach = limits
                .speed
                .saturating_mul(seconds.max(limits.jump_seconds));
            let elsewhere = surely_apart(before, fix) > reach;
            elsewhere.then_some((
                *phone,
                Verdict::TwoPhones {
                    number: fix.number,
                    metres,
                    seconds,
                },
            ))
        })
        .collect()
}

/// Metres between two items, less what both may be off by their own word.
fn surely_apart(before: &Fix, fix: &Fix) -> u64 {
    let unsure = |fix: &Fix| u64::from(fix.accuracy_m.unwrap_or(0));
    let metres = before.spot.metres_to(fix.spot);
    metres.saturating_sub(unsure(before) + unsure(fix))
}

/// What one item shows by itself.
fn alone(fix: &Fix, limits: &Limits, verdicts: &mut Vec<Verdict>) {
    let number = fix.number;
    if fix
        .accuracy_m
        .is_none_or(|metres| metres > limits.accuracy_m)
    {
        verdicts.push(Verdict::Coarse {
            number,
            accuracy_m: fix.accuracy_m,
        });
    }
    // Without the clock at sending only a fast clock shows: what was made offline arrives late by right.
    let ahead = match fix.sent {
        Some(sent) => sent.saturating_sub(fix.received),
        None => fix.at.saturating_sub(fix.received).max(0),
    };
    if ahead.unsigned_abs() > limits.skew_minutes * 60_000 {
        let minutes = ahead / 60_000;
        verdicts.push(Verdict::ClockSkew { number, minutes });
    }
    if let Some(site) = fix.site {
        let metres = fix.spot.metres_to(site);
        if metres > limits.far_m + u64::from(fix.accuracy_m.unwrap_or(0)) {
            verdicts.push(Verdict::FarFromSite { number, metres });
        }
    }
}

fn numbered(before: &Fix, fix: &Fix, verdicts: &mut Vec<Verdict>) {
    if fix.number == before.number {
        verdicts.push(Verdict::NumberTwice { number: fix.number });
    } else if fix.number > before.number.saturating_add(1) {
        verdicts.push(Verdict::MissingNumbers {
            first: before.number + 1,
            last: fix.number - 1,
        });
    }
}

/// What two items after each other show.
fn moved(before: &Fix, fix: &Fix, limits: &Limits, verdicts: &mut Vec<Verdict>) {
    let number = fix.number;
    let milliseconds = fix.at.saturating_sub(before.at);
    if milliseconds < -1000 {
        verdicts.push(Verdict::ClockBack {
            number,
            seconds: milliseconds.unsigned_abs() / 1000,
        });
        return;
    }
    let seconds = milliseconds.max(0) as u64 / 1000;
    let minutes = seconds / 60;
    if minutes >= limits.gap_minutes && day_of(before.at) == day_of(fix.at) {
        verdicts.push(Verdict::Gap { number, minutes });
    }
    let metres = before.spot.metres_to(fix.spot);
    let surely = surely_apart(before, fix);
    if seconds < limits.jump_seconds {
        if surely > limits.speed * limits.jump_seconds {
            verdicts.push(Verdict::Jump {
                number,
                metres,
                seconds,
            });
        }
    } else if surely > limits.speed.saturating_mul(seconds) {
        verdicts.push(Verdict::ImpossibleSpeed {
            number,
            metres,
            seconds,
        });
    }
}

/// The civil day in China, counted from the epoch.
fn day_of(at: i64) -> i64 {
    at.saturating_add(8 * 3_600_000).div_euclid(24 * 3_600_000)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Nine in the morning of 8 March 2022 in China.
    const NINE: i64 = 1_646_701_200_000;
    const HERE: Spot = Spot {
        lng_e7: 1_139_338_610,
        lat_e7: 299_733_880,
    };

    /// Northwards; a metre is 90 units.
    fn north(metres: i64) -> Spot {
        Spot {
            lat_e7: HERE.lat_e7 + metres * 90,
            ..HERE
        }
    }

    fn fix(number: u64, second: i64, spot: Spot) -> Fix {
        let at = NINE + second * 1000;
        Fix {
            number,
            at,
            received: at + 2000,
            sent: Some(at + 1000),
            spot,
            accuracy_m: Some(8),
            measured: Some(at),
            site: None,
        }
    }

    #[test]
    fn distances_are_those_of_the_map() {
        #[rustfmt::skip]
        let cases = [
            // from                                                    to                                                       metres
            (HERE,                                                     HERE,                                                    0),
            (HERE,                                                     north(1000),                                             1001),
            // Jiayu to Tongcheng; the haversine formula says 81,717
            (HERE, Spot { lng_e7: 1_138_166_000, lat_e7: 292_456_000 },                                                         81_717),
            (Spot { lng_e7: 1_799_999_000, lat_e7: 0 },                Spot { lng_e7: -1_799_999_000, lat_e7: 0 },              22),
        ];
        for (from, to, metres) in cases {
            assert_eq!(from.metres_to(to), metres, "{from:?} {to:?}");
            assert_eq!(to.metres_to(from), metres);
        }
    }

    #[test]
    fn what_is_strange_gets_its_word() {
        let walk =
            |seconds: i64, metres: i64| vec![fix(1, 0, HERE), fix(2, seconds, north(metres))];
        let with = |change: fn(&mut Fix)| {
            let mut fixes = walk(60, 50);
            change(&mut fixes[1]);
            fixes
        };
        #[rustfmt::skip]
        let cases: Vec<(&str, Vec<Fix>, &[&str])> = vec![
            ("a walk",                         walk(60, 50),                                    &[]),
            ("a drive on the motorway",        walk(600, 20_000),                               &[]),
            ("a flight",                       walk(600, 30_000),                               &["impossible-speed"]),
            ("elsewhere at once",              walk(3, 5_000),                                  &["jump"]),
            ("a jump within the accuracy",     walk(3, 700),                                    &[]),
            ("lunch",                          walk(80 * 60, 300),                              &[]),
            ("half a day off",                 walk(3 * 3600, 300),                             &["gap"]),
            ("the next morning",               walk(24 * 3600, 300),                            &[]),
            ("a cell tower for a satellite",   with(|fix| fix.accuracy_m = Some(1500)),         &["coarse"]),
            ("no word on accuracy",            with(|fix| fix.accuracy_m = None),               &["coarse"]),
            ("three days offline",             with(|fix| { fix.received += 3 * 86_400_000; fix.sent = Some(fix.received); }), &[]),
            ("the same, clock at sending unknown", with(|fix| { fix.received += 3 * 86_400_000; fix.sent = None; }), &[]),
            ("a clock three days slow",        with(|fix| fix.received += 3 * 86_400_000),      &["clock-skew"]),
            ("a clock in 2038",                with(|fix| { fix.sent = None; fix.at += 500_000_000_000; }), &["clock-skew"]),
            ("four minutes fast",              with(|fix| fix.sent = Some(fix.received + 240_000)), &[]),
            ("set back by an hour",            walk(-3600, 50),                                 &["clock-back"]),
            ("two items missing",              with(|fix| fix.number = 4),                      &["missing-numbers"]),
            ("a number twice",                 with(|fix| fix.number = 1),                      &["number-twice"]),
            ("at the site",                    with(|fix| fix.site = Some(north(300))),         &[]),
            ("a village away",                 with(|fix| fix.site = Some(north(3000))),        &["far-from-site"]),
        ];
        for (what, fixes, words) in cases {
            let verdicts = judge(&fixes, &Limits::default());
            let seen: Vec<_> = verdicts.iter().map(Verdict::word).collect();
            assert_eq!(seen, words, "{what}: {verdicts:?}");
        }
    }

    #[test]
    fn a_position_that_never_trembles_is_told_once_with_its_count() {
        let mut fixes: Vec<_> = (1..=3).map(|n| fix(n, n as i64 * 60, HERE)).collect();
        assert_eq!(judge(&fixes, &Limits::default()), []);
        fixes.extend((4..=6).map(|n| fix(n, n as i64 * 60, HERE)));
        fixes.push(fix(7, 420, north(1)));
        assert_eq!(
            judge(&fixes, &Limits::default()),
            [Verdict::TwinPositions {
                first: 1,
                last: 6,
                times: 6
            }]
        );
        // Four findings within a minute may share one measurement.
        let once: Vec<_> = (1..=4)
            .map(|n| Fix {
                measured: Some(NINE),
                ..fix(n, n as i64 * 10, HERE)
            })
            .collect();
        assert_eq!(judge(&once, &Limits::default()), []);
    }

    #[test]
    fn two_phones_of_one_person_are_not_in_two_places() {
        let limits = Limits::default();
        // The second phone's clock is an hour slow: what counts is when it was by ours.
        let second = |second: i64, metres: i64| {
            let right = fix(7, second, north(metres));
            Fix {
                at: right.at - 3_600_000,
                sent: right.sent.map(|sent| sent - 3_600_000),
                ..right
            }
        };
        let seen = |other: Fix| apart(&[("a", fix(1, 0, HERE)), ("b", other)], &limits);
        assert_eq!(seen(second(60, 300)), [], "both in one pocket");
        assert_eq!(
            seen(second(1800, 20_000)),
            [],
            "half an hour later in the next town"
        );
        let told = seen(second(60, 20_000));
        assert!(
            matches!(
                told[..],
                [(
                    "b",
                    Verdict::TwoPhones {
                        number: 7,
                        seconds: 60,
                        ..
                    }
                )]
            ),
            "{told:?}"
        );
    }

    #[test]
    fn a_track_that_does_not_begin_with_one_lacks_its_beginning() {
        let verdicts = judge(&[fix(3, 0, HERE)], &Limits::default());
        assert_eq!(verdicts, [Verdict::MissingNumbers { first: 1, last: 2 }]);
    }

    proptest! {
        #[test]
        fn nothing_that_a_phone_says_breaks_it(
            raw in proptest::collection::vec((any::<u64>(), any::<i64>(), any::<i64>(), any::<Option<i64>>(),
                -1_800_000_000i64..=1_800_000_000, -900_000_000i64..=900_000_000, any::<Option<u32>>()), 0..12),
        ) {
            let fixes: Vec<_> = raw.into_iter().map(|(number, at, received, sent, lng_e7, lat_e7, accuracy_m)| {
                let spot = Spot { lng_e7, lat_e7 };
                Fix { number, at, received, sent, spot, accuracy_m, measured: None, site: Some(HERE) }
            }).collect();
            let mut backwards = fixes.clone();
            backwards.reverse();
            let told = judge(&fixes, &Limits::default());
            prop_assert_eq!(told.len(), judge(&backwards, &Limits::default()).len());
            let two: Vec<_> = fixes.iter().enumerate().map(|(phone, fix)| (phone % 2, fix.clone())).collect();
            apart(&two, &Limits::default());
            for verdict in told {
                prop_assert!(!verdict.message().key.is_empty());
            }
        }
    }
}
