//! The draw: which sites of the frame a round looks at (manual: inspection.md).
//!
//! Every site has a ticket, SHA-256 over the seed, the series, the month and the site's id. Within a unit and a kind of
//! place the smallest tickets win, whatever the order of the rows: who has frame, sizes and seed can draw again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sha2::{Digest as _, Sha256};

use super::Refusal;
use super::frame::{Cell, Frame, Place};
use crate::facts::DigestText;
use crate::month::Month;

/// Thirty-two bytes that nobody knew before.
pub type Seed = [u8; 32];

/// A site's lot: SHA-256 over `seed`, series, a line feed, month, a line feed and the site's id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket([u8; 32]);

impl Ticket {
    /// The ticket of a site.
    pub fn of(seed: &Seed, series: &str, month: Month, site: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed);
        hash.update(format!("{series}\n{month}\n{site}"));
        Self(hash.finalize().into())
    }
}

/// As hex.
impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ticket({self})")
    }
}

/// How many sites are drawn of each unit and kind of place; of a cell that is not named, none. Places that every
/// round looks at come besides and are not counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sizes(pub BTreeMap<Cell, usize>);

/// A site with its lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// Id of the site.
    pub site: String,
    /// Its unit and kind of place.
    pub cell: Cell,
    /// Its lot.
    pub ticket: Ticket,
    /// Its place by ticket among the sites of its cell that take part in the draw, from 1; 0 for a place that every round
    /// looks at.
    pub place: usize,
}

/// What was drawn for a round, and in which order the rest would follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The evaluation.
    pub series: String,
    /// The month.
    pub month: Month,
    /// Digest of the frame it was drawn from.
    pub frame_digest: DigestText,
    /// The drawn sites, by unit, kind of place and ticket.
    pub drawn: Vec<Lot>,
    /// The sites that were not drawn, in the same order: replacements come from here.
    pub reserve: Vec<Lot>,
}

/// Draws the plan of a month.
///
/// # Errors
/// An id stands twice in the frame, a cell has fewer open sites than were asked for, or nothing would be drawn.
pub fn draw(frame: &Frame, sizes: &Sizes, month: Month, seed: &Seed) -> Result<Plan, Refusal> {
    let mut seen = BTreeSet::new();
    if let Some(twice) = frame.places.iter().find(|each| !seen.insert(&each.site.id)) {
        let site = twice.site.id.clone();
        return Err(Refusal::SiteTwice { site });
    }
    let lot = |place: &Place| Lot {
        site: place.site.id.clone(),
        cell: place.cell(),
        ticket: Ticket::of(seed, &frame.series, month, &place.site.id),
        place: 0,
    };
    let open = || frame.places.iter().filter(|place| place.is_open_in(month));
    let mut drawn: Vec<Lot> = open().filter(|place| place.must_check).map(lot).collect();
    let mut cells: BTreeMap<Cell, Vec<Lot>> = BTreeMap::new();
    for place in open().filter(|place| !place.must_check) {
        cells.entry(place.cell()).or_default().push(lot(place));
    }
    for (cell, &asked) in &sizes.0 {
        let open = cells.get(cell).map_or(0, Vec::len);
        if asked > open {
            let cell = cell.clone();
            return Err(Refusal::TooFewSites { cell, asked, open });
        }
    }
    let mut reserve = Vec::new();
    for (cell, mut lots) in cells {
        lots.sort_by_key(|lot| lot.ticket);
        for (index, lot) in lots.iter_mut().enumerate() {
            lot.place = index + 1;
        }
        let rest = lots.split_off(sizes.0.get(&cell).copied().unwrap_or(0));
        drawn.extend(lots);
        reserve.extend(rest);
    }
    if drawn.is_empty() {
        return Err(Refusal::NothingToDraw { month });
    }
    drawn.sort_by(|a, b| (&a.cell, a.ticket).cmp(&(&b.cell, b.ticket)));
    Ok(Plan {
        series: frame.series.clone(),
        month,
        frame_digest: frame.digest(),
        drawn,
        reserve,
    })
}

impl Plan {
    /// The site that comes instead of a closed one: the next ticket of the same unit and kind of place that is not
    /// `taken` yet. `taken` are the sites of the plan as it stands, the replacements made so far among them.
    ///
    /// # Errors
    /// The closed site is not `taken`, or no site is left.
    pub fn replacement(&self, closed: &str, taken: &BTreeSet<String>) -> Result<&Lot, Refusal> {
        let mut lots = self.drawn.iter().chain(&self.reserve);
        let lot = lots
            .find(|lot| lot.site == closed && taken.contains(closed))
            .ok_or_else(|| Refusal::NotDrawn {
                site: closed.to_owned(),
            })?;
        self.reserve
            .iter()
            .find(|next| next.cell == lot.cell && !taken.contains(&next.site))
            .ok_or_else(|| Refusal::NoReplacement {
                cell: lot.cell.clone(),
                site: closed.to_owned(),
            })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::inspection::Site;

    const SEED: Seed = [7; 32];

    fn march() -> Month {
        "2022-03".parse().unwrap()
    }

    fn place(id: &str, unit: &str, stratum: &str) -> Place {
        Place {
            site: Site {
                id: id.into(),
                unit: unit.into(),
                name: format!("测试点位{id}"),
                stratum: stratum.into(),
                length_m: None,
                place: None,
            },
            area: unit.into(),
            must_check: false,
            opens: None,
            closes: None,
        }
    }

    /// Ten streets and four markets in each of two townships.
    fn frame() -> Frame {
        let mut places = Vec::new();
        for unit in ["东门", "西门"] {
            for (stratum, count) in [("street", 10), ("market", 4)] {
                let each = |n| place(&format!("{unit}-{stratum}-{n}"), unit, stratum);
                places.extend((0..count).map(each));
            }
        }
        Frame {
            series: "town".into(),
            places,
        }
    }

    fn sizes(street: usize, market: usize) -> Sizes {
        let cell = |unit, stratum, count| (Cell::new(unit, stratum), count);
        Sizes(BTreeMap::from([
            cell("东门", "street", street),
            cell("东门", "market", market),
            cell("西门", "street", street),
        ]))
    }

    fn sites(lots: &[Lot]) -> Vec<&str> {
        lots.iter().map(|lot| lot.site.as_str()).collect()
    }

    #[test]
    fn a_ticket_is_what_the_manual_says_and_the_smallest_win() {
        // printf 'town\n2022-03\n东门-market-0' after 32 bytes 0x07, through sha256sum.
        let bytes = [&[7u8; 32][..], "town\n2022-03\n东门-market-0".as_bytes()].concat();
        let ticket = Ticket::of(&SEED, "town", march(), "东门-market-0");
        assert_eq!(ticket.to_string(), crate::facts::sha256(&bytes));
        let plan = draw(&frame(), &sizes(3, 1), march(), &SEED).unwrap();
        assert_eq!(plan.drawn.len(), 3 + 1 + 3);
        for lot in &plan.drawn {
            let passed_over = plan.reserve.iter().filter(|rest| rest.cell == lot.cell);
            assert!(passed_over.clone().all(|rest| rest.ticket > lot.ticket));
        }
        let places: Vec<_> = plan.drawn.iter().map(|lot| lot.place).collect();
        assert_eq!(places, [1, 1, 2, 3, 1, 2, 3], "by unit, kind and ticket");
        assert!(
            plan.reserve
                .iter()
                .any(|lot| lot.cell.unit == "西门" && lot.cell.stratum == "market")
        );
    }

    #[test]
    fn places_that_every_round_looks_at_come_besides() {
        let mut frame = frame();
        frame.places[0].must_check = true;
        let plan = draw(&frame, &sizes(9, 0), march(), &SEED).unwrap();
        assert_eq!(plan.drawn.len(), 1 + 9 + 9);
        let must = plan.drawn.iter().find(|lot| lot.place == 0).unwrap();
        assert_eq!(must.site, "东门-street-0");
        assert!(matches!(
            draw(&frame, &sizes(10, 0), march(), &SEED),
            Err(Refusal::TooFewSites {
                asked: 10,
                open: 9,
                ..
            })
        ));
    }

    #[test]
    fn only_what_is_open_all_month_is_drawn() {
        #[rustfmt::skip]
        let cases = [
            // opens              closes              open in March
            (None,                None,               true),
            (Some("2022-03-01"),  None,               true),
            (Some("2022-03-02"),  None,               false),
            (None,                Some("2022-03-31"), true),
            (None,                Some("2022-03-30"), false),
            (Some("2022-04-01"),  None,               false),
        ];
        for (opens, closes, open) in cases {
            let day = |text: Option<&str>| text.map(|text| text.parse().unwrap());
            let mut only = place("1", "东门", "street");
            (only.opens, only.closes) = (day(opens), day(closes));
            let frame = Frame {
                series: "town".into(),
                places: vec![only],
            };
            let one = Sizes(BTreeMap::from([(Cell::new("东门", "street"), 1)]));
            let drawn = draw(&frame, &one, march(), &SEED);
            assert_eq!(drawn.is_ok(), open, "{opens:?} {closes:?}");
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_refused_with_a_reason() {
        let mut twice = frame();
        twice.places.push(place("东门-street-0", "西门", "market"));
        #[rustfmt::skip]
        let cases = [
            (&twice,   sizes(1, 1),       "draw-site-twice{site=东门-street-0}"),
            (&frame(), sizes(1, 5),       "draw-too-few-sites{unit=东门,stratum=market,asked=5,open=4}"),
            (&frame(), sizes(0, 0),       "draw-nothing-to-draw{month=2022-03}"),
            (&frame(), Sizes::default(),  "draw-nothing-to-draw{month=2022-03}"),
        ];
        for (frame, sizes, said) in cases {
            let refusal = draw(frame, &sizes, march(), &SEED).unwrap_err();
            assert_eq!(refusal.message().to_string(), said);
        }
    }

    #[test]
    fn replacements_follow_in_the_order_of_tickets_until_none_is_left() {
        let plan = draw(&frame(), &sizes(1, 2), march(), &SEED).unwrap();
        let mut taken: BTreeSet<String> = plan.drawn.iter().map(|lot| lot.site.clone()).collect();
        let mut closed = plan
            .drawn
            .iter()
            .find(|lot| lot.cell.stratum == "market")
            .unwrap()
            .site
            .clone();
        for place in [3, 4] {
            let next = plan.replacement(&closed, &taken).unwrap();
            assert_eq!(next.place, place);
            assert_eq!(next.cell, Cell::new("东门", "market"));
            taken.insert(next.site.clone());
            // The replacement itself is closed too.
            closed = next.site.clone();
        }
        assert!(matches!(
            plan.replacement(&closed, &taken),
            Err(Refusal::NoReplacement { .. })
        ));
        assert!(matches!(
            plan.replacement("西门-market-1", &taken),
            Err(Refusal::NotDrawn { .. })
        ));
    }

    proptest! {
        #[test]
        fn the_order_of_the_frame_says_nothing(
            places in Just(frame().places).prop_shuffle(), seed in any::<Seed>(), street in 0usize..=10, market in 1usize..=4,
        ) {
            let shuffled = Frame { series: "town".into(), places };
            let plan = draw(&shuffled, &sizes(street, market), march(), &seed).unwrap();
            prop_assert_eq!(&plan, &draw(&frame(), &sizes(street, market), march(), &seed).unwrap());
            prop_assert_eq!(plan.drawn.len(), 2 * street + market);
            let all: BTreeSet<_> = sites(&plan.drawn).into_iter().chain(sites(&plan.reserve)).collect();
            prop_assert_eq!(all.len(), frame().places.len(), "everybody once");
            prop_assert_eq!(plan.drawn.len() + plan.reserve.len(), all.len());
        }

        #[test]
        fn a_further_place_in_the_frame_changes_at_most_the_last_that_was_drawn(seed in any::<Seed>(), id in "[a-z]{1,8}") {
            let mut larger = frame();
            larger.places.push(place(&id, "东门", "street"));
            let streets = |frame: &Frame| -> Vec<String> {
                let plan = draw(frame, &sizes(5, 1), march(), &seed).unwrap();
                let streets = plan.drawn.into_iter().filter(|lot| lot.cell == Cell::new("东门", "street"));
                streets.map(|lot| lot.site).collect()
            };
            let (before, mut after) = (streets(&frame()), streets(&larger));
            after.retain(|site| *site != id);
            prop_assert_eq!(&before[..after.len()], &after[..]);
            prop_assert!(after.len() >= 4);
        }
    }
}
