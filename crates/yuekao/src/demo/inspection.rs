//! What the inspectors do in a month: the sites drawn, the visits, what is found at them.

use std::collections::{BTreeMap, BTreeSet};

use assessment::finding::{Finder, Finding, Severity, Word as _};
use assessment::indicator::{Indicator, Measure, MeasureUnit, Method, Worse};
use assessment::inspection::Visit;
use assessment::month::Month;
use assessment::points::Points;
use jiff::ToSpan as _;
use jiff::civil::DateTime;

use super::calibration as numbers;
use super::dice::{Dice, shares};
use super::ground::Spot;
use super::month::Demo;
use super::town::{CENTRE, LEAF_STREET, Town, area_of, area_of_place};

const SEVERITIES: [Severity; 3] = [Severity::Minor, Severity::General, Severity::Serious];

/// How many months back a finding at the same place counts as an earlier one.
const MEMORY: i32 = 2;

/// A finding before anything is known of its handling.
pub struct Draft<'a> {
    pub site: usize,
    visit: usize,
    indicator: &'a Indicator,
    severity: Severity,
    excluded: Option<&'static str>,
}

/// How a finding will be handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handling {
    /// After so many hundredths of the limit.
    InTime(i64),
    /// So many minutes after it.
    Late(i64),
    /// Not as far as anybody knows.
    Never,
}

/// What an inspector finds at a visit, before anybody has recorded it.
pub struct Seen<'a> {
    /// `F202212-0001`: what belongs to it by chance is drawn under this name.
    pub name: String,
    pub site: usize,
    pub visit: usize,
    pub indicator: &'a Indicator,
    pub severity: Severity,
    /// Number and unit, where something is measured.
    pub value: Option<String>,
    pub spot: Spot,
    /// Why it will not count at the end: `appeal`, `duplicate`.
    pub excluded: Option<&'static str>,
    pub handling: Handling,
    /// The first verification fails.
    pub fails: bool,
}

/// A month in the field.
pub struct Field<'a> {
    month: Month,
    /// Sites visited, each with its time.
    visits: Vec<(usize, DateTime)>,
    drafts: Vec<Draft<'a>>,
}

/// How far something has wandered from its usual level by `month`: it takes a step every month and is drawn back a little.
pub fn wandered(seed: u64, what: &str, month: Month, step: i64) -> i64 {
    let start = Month::new(2020, 1).expect("a month");
    let mut dice = Dice::new(seed, &format!("level|{what}"));
    (0..=month.months_since(start).max(0))
        .fold(0, |level, _| level * 4 / 5 + dice.between(-step, step))
}

/// A share of a thousand, more or less by how far `what` has wandered.
fn weight(seed: u64, what: &str, month: Month, step: i64) -> u64 {
    (1000 + wandered(seed, what, month, step)).clamp(300, 1700) as u64
}

impl<'a> Field<'a> {
    /// The month's visits and what they find; the same month is always the same.
    pub fn draw(demo: &'a Demo, month: Month) -> Self {
        let mut field = Self::of(demo, month, None);
        for block in ["city", "red-property"] {
            if let Some(weight) = numbers::weight(block, month) {
                field.weigh(demo, block, weight);
            }
        }
        field
    }

    /// The same town seen at the sites that a plan has drawn, of which `drawn` are indices; of what there would be to
    /// find, one in `share` is.
    pub fn at(demo: &'a Demo, month: Month, drawn: &BTreeSet<usize>, share: usize) -> Self {
        let mut field = Self::of(demo, month, Some(drawn));
        let mut number = 0;
        field.drafts.retain(|_| {
            number += 1;
            number % share == 0
        });
        field
    }

    /// Visits, by number, with their sites.
    pub fn visited(&self) -> impl Iterator<Item = (usize, usize)> {
        self.visits
            .iter()
            .enumerate()
            .map(|(number, (site, _))| (number, *site))
    }

    fn of(demo: &'a Demo, month: Month, drawn: Option<&BTreeSet<usize>>) -> Self {
        let mut field = Self {
            month,
            visits: Vec::new(),
            drafts: Vec::new(),
        };
        field.streets(demo, drawn);
        if drawn.is_none() {
            field.leaves(demo);
        }
        field.compounds(demo, drawn);
        field
    }

    fn dice(&self, demo: &Demo, purpose: &str) -> Dice {
        Dice::new(demo.town.seed, &format!("{purpose}|{}", self.month))
    }

    /// City management: every township is visited at some of its sites.
    fn streets(&mut self, demo: &'a Demo, planned: Option<&BTreeSet<usize>>) {
        let (town, month) = (&demo.town, self.month);
        let mut drawn: BTreeMap<&str, Vec<(u64, std::ops::Range<usize>)>> = BTreeMap::new();
        for township in &town.townships {
            let mut dice = self.dice(demo, &format!("plan|{}", township.code));
            let from = self.visits.len();
            let sites = match planned {
                None => plan(town, &township.sites, &mut dice),
                Some(planned) => chosen(&township.sites, planned),
            };
            for site in sites {
                self.visit(site, &mut dice);
            }
            if from == self.visits.len() {
                continue;
            }
            let visits = from..self.visits.len();
            let level = weight(town.seed, &township.code, month, numbers::TOWNSHIP_STEP);
            drawn
                .entry(area_of(&township.code, month))
                .or_default()
                .push((level * visits.len() as u64, visits));
        }
        let mut dice = self.dice(demo, "findings");
        let usual = labels(&numbers::headings(month, &mut dice));
        let mut headings = usual.clone();
        dice.shuffle(&mut headings);
        for (area, counted) in spread(town, "area", month, numbers::city(month), &mut dice) {
            let places = &drawn[area];
            let weights: Vec<u64> = places.iter().map(|(weight, _)| *weight).collect();
            let heading = headings
                .pop_if(|_| counted)
                .unwrap_or_else(|| *dice.pick(&usual));
            let indicator = demo.indicator(heading, month, &mut dice);
            let visits = places[dice.weighted(&weights)].1.clone();
            let visit = self.suitable(town, visits, strata(indicator), &mut dice);
            self.find(visit, indicator, counted, &mut dice);
        }
    }

    /// Leaves on the listed streets: recorded, and exempt for the season.
    fn leaves(&mut self, demo: &'a Demo) {
        let (Some(indicator), Some((from, to))) = (
            demo.standard.indicator("fallen-leaves"),
            numbers::leaves_lie(self.month),
        ) else {
            return;
        };
        let mut dice = self.dice(demo, "leaves");
        for site in demo.town.leaf_sites() {
            let day = self.month.first_day() + (dice.between(from, to) - 1).days();
            self.visits.push((
                site,
                day.to_datetime(jiff::civil::time(9, 0, 0, 0)) + dice.between(0, 400).minutes(),
            ));
            self.find(self.visits.len() - 1, indicator, true, &mut dice);
        }
    }

    /// Red property: in every area some compounds of each kind of management.
    fn compounds(&mut self, demo: &'a Demo, planned: Option<&BTreeSet<usize>>) {
        let (town, month) = (&demo.town, self.month);
        if numbers::red_property(month) == 0 {
            return;
        }
        let mut drawn: BTreeMap<(&str, &str), Vec<(u64, usize)>> = BTreeMap::new();
        let mut dice = self.dice(demo, "compounds");
        for area in Town::areas(month) {
            for (management, _) in numbers::MANAGEMENT {
                let mut homes: Vec<usize> = (0..town.compounds.len())
                    .filter(|&index| town.compounds[index].management() == management)
                    .filter(|&index| area_of(&town.compounds[index].township, month) == *area)
                    .collect();
                dice.shuffle(&mut homes);
                match planned {
                    None => homes.truncate((homes.len() * numbers::COMPOUNDS_DRAWN).div_ceil(100)),
                    Some(planned) => {
                        homes.retain(|home| planned.contains(&town.compounds[*home].site))
                    }
                }
                for home in homes {
                    let compound = &town.compounds[home];
                    let level = weight(
                        town.seed,
                        &compound.unit.code,
                        month,
                        numbers::TOWNSHIP_STEP,
                    );
                    self.visit(compound.site, &mut dice);
                    drawn
                        .entry((area, management))
                        .or_default()
                        .push((level, self.visits.len() - 1));
                }
            }
        }
        let kinds: Vec<(&'static str, u64)> = numbers::MANAGEMENT
            .iter()
            .map(|(management, _)| *management)
            .zip(numbers::managements(month))
            .collect();
        let usual = labels(&kinds);
        let mut managements = usual.clone();
        dice.shuffle(&mut managements);
        let headings = numbers::RED_HEADINGS.map(|(_, weight)| weight);
        for (area, counted) in spread(town, "red", month, numbers::red_property(month), &mut dice) {
            let management = managements
                .pop_if(|_| counted)
                .unwrap_or_else(|| *dice.pick(&usual));
            // A plan knows nothing of management: where it drew none of a kind, the others show what there is.
            let homes: Vec<(u64, usize)> = match drawn.get(&(area, management)) {
                Some(homes) => homes.clone(),
                None => drawn
                    .iter()
                    .filter(|((of, _), _)| *of == area)
                    .flat_map(|(_, homes)| homes.iter().copied())
                    .collect(),
            };
            if homes.is_empty() {
                continue;
            }
            let weights: Vec<u64> = homes.iter().map(|(weight, _)| *weight).collect();
            let visit = homes[dice.weighted(&weights)].1;
            let heading = numbers::RED_HEADINGS[dice.weighted(&headings)].0;
            self.find(
                visit,
                demo.indicator(heading, month, &mut dice),
                counted,
                &mut dice,
            );
        }
    }

    /// Makes findings of a block graver or lighter, one after the other as the dice say, until those that count weigh
    /// together `weight` thousandths of a point.
    fn weigh(&mut self, demo: &Demo, block: &str, weight: i64) {
        let counts = |draft: &Draft| {
            draft.excluded.is_none()
                && draft.indicator.block == block
                && demo.town.sites[draft.site].stratum != LEAF_STREET
        };
        let mut order: Vec<usize> = (0..self.drafts.len())
            .filter(|&index| counts(&self.drafts[index]))
            .collect();
        self.dice(demo, &format!("weigh|{block}"))
            .shuffle(&mut order);
        let thousandths = |draft: &Draft, severity| points(draft.indicator, severity);
        let mut left = weight
            - order
                .iter()
                .filter_map(|&index| thousandths(&self.drafts[index], self.drafts[index].severity))
                .sum::<i64>();
        for index in order {
            let draft = &mut self.drafts[index];
            let now = thousandths(draft, draft.severity).unwrap_or(0);
            // The least step towards the weight that does not go beyond it.
            let step = SEVERITIES
                .into_iter()
                .filter_map(|severity| Some((thousandths(draft, severity)? - now, severity)))
                .filter(|(step, _)| step.signum() == left.signum() && step.abs() <= left.abs())
                .min_by_key(|(step, _)| step.abs());
            if let Some((step, severity)) = step.filter(|(step, _)| *step != 0) {
                draft.severity = severity;
                left -= step;
            }
        }
    }

    fn visit(&mut self, site: usize, dice: &mut Dice) {
        let day = self.month.first_day() + dice.between(1, 25).days();
        let at = day.to_datetime(jiff::civil::time(7, 30, 0, 0)) + dice.between(0, 600).minutes();
        self.visits.push((site, at));
    }

    /// One of `visits` to a fitting place, or to any if none of them fits.
    fn suitable(
        &self,
        town: &Town,
        visits: std::ops::Range<usize>,
        strata: &[&str],
        dice: &mut Dice,
    ) -> usize {
        let fitting: Vec<usize> = visits
            .clone()
            .filter(|&visit| strata.contains(&town.sites[self.visits[visit].0].stratum.as_str()))
            .collect();
        if fitting.is_empty() {
            visits.start + dice.below(visits.len() as u64) as usize
        } else {
            *dice.pick(&fitting)
        }
    }

    fn find(&mut self, visit: usize, indicator: &'a Indicator, counted: bool, dice: &mut Dice) {
        let weights: Vec<u64> = SEVERITIES
            .iter()
            .zip(numbers::SEVERITIES)
            .map(|(severity, weight)| {
                if indicator.points.of(*severity).is_some() {
                    weight
                } else {
                    0
                }
            })
            .collect();
        let excluded =
            if dice.chance(1000 * numbers::APPEALED / (numbers::APPEALED + numbers::DUPLICATE)) {
                "appeal"
            } else {
                "duplicate"
            };
        self.drafts.push(Draft {
            site: self.visits[visit].0,
            visit,
            indicator,
            severity: SEVERITIES[dice.weighted(&weights)],
            excluded: (!counted).then_some(excluded),
        });
    }

    /// The visits as evidence, and the findings as they were known at `read`.
    pub fn evidence(&self, demo: &Demo, read: DateTime) -> (Vec<Visit>, Vec<Finding>) {
        let earlier: Vec<BTreeSet<(usize, &str)>> = (1..=MEMORY)
            .map(|back| {
                demo.field(self.month.plus(-back))
                    .drafts
                    .iter()
                    .map(|draft| (draft.site, draft.indicator.id.as_str()))
                    .collect()
            })
            .collect();
        let visits = self
            .visits
            .iter()
            .enumerate()
            .map(|(number, (site, at))| Visit {
                id: self.visit_id(number),
                unit: demo.town.sites[*site].unit.clone(),
                site: Some(demo.town.sites[*site].id.clone()),
                at: *at,
                length_m: demo.town.sites[*site].length_m.clone(),
                grades: BTreeMap::new(),
            });
        let mut after: Vec<i64> = vec![0; self.visits.len()];
        let mut findings = Vec::new();
        for (number, draft) in self.drafts.iter().enumerate() {
            after[draft.visit] += 3;
            let found_at = self.visits[draft.visit].1 + after[draft.visit].minutes();
            let repeated = earlier
                .iter()
                .filter(|month| month.contains(&(draft.site, draft.indicator.id.as_str())))
                .count();
            findings.push(self.finding(demo, number, draft, found_at, repeated as u32, read));
        }
        (visits.collect(), findings)
    }

    fn finding(
        &self,
        demo: &Demo,
        number: usize,
        draft: &Draft,
        found_at: DateTime,
        repeated: u32,
        read: DateTime,
    ) -> Finding {
        let (town, id) = (
            &demo.town,
            format!("F{}-{:04}", compact(self.month), number + 1),
        );
        let mut dice = Dice::new(town.seed, &format!("finding|{id}"));
        let site = &town.sites[draft.site];
        let area = area_of_place(&site.unit, self.month);
        let served = found_at + dice.between(40, 240).minutes();
        let due_at = demo
            .clock
            .due(served, numbers::longest(draft.indicator.limit));
        let level = self.level(demo, area);
        let minutes = served.duration_until(due_at).as_mins();
        let rectified_at = match handling(self.month, level, &mut dice) {
            Handling::InTime(part) => Some(served + (minutes * part / 100).minutes()),
            Handling::Late(minutes) => Some(due_at + minutes.minutes()),
            Handling::Never => None,
        };
        let finders = numbers::FOUND_BY.map(|(_, weight)| weight);
        let neighbour = *dice.pick(Town::areas(self.month));
        Finding {
            id,
            visit: Some(self.visit_id(draft.visit)),
            site: Some(site.id.clone()),
            unit: site.unit.clone(),
            second_unit: (dice.chance(numbers::SECOND_UNIT) && neighbour != area)
                .then(|| neighbour.to_owned()),
            indicator: draft.indicator.id.clone(),
            severity: draft.severity,
            found_by: Finder::parse(numbers::FOUND_BY[dice.weighted(&finders)].0)
                .expect("a word of the list"),
            found_at,
            due_at: Some(due_at),
            rectified_at: rectified_at.filter(|at| *at < read),
            repeated,
            relapsed: repeated > 0 && dice.chance(numbers::RELAPSED_IF_REPEATED),
            failed: u32::from(dice.chance(numbers::FAILED_CHECK)),
            excluded: draft.excluded.map(Into::into),
            value: match &draft.indicator.method {
                Method::Measure(measure) => Some(value(measure, draft.severity, &mut dice)),
                Method::Observe(_) => None,
            },
            place: site.name.clone(),
            position: Some(town.spots[draft.site].beside(40, &mut dice).position()),
            photos: demo.photos.of(
                draft.indicator,
                rectified_at.is_some_and(|at| at < read),
                &mut dice,
            ),
        }
    }

    /// What there is to find, for whoever goes there.
    pub fn seen(&self, demo: &'a Demo) -> Vec<Seen<'a>> {
        let town = &demo.town;
        let seen = self.drafts.iter().enumerate().map(|(number, draft)| {
            let name = format!("F{}-{:04}", compact(self.month), number + 1);
            let mut dice = Dice::new(town.seed, &format!("seen|{name}"));
            let area = area_of_place(&town.sites[draft.site].unit, self.month);
            Seen {
                site: draft.site,
                visit: draft.visit,
                indicator: draft.indicator,
                severity: draft.severity,
                value: match &draft.indicator.method {
                    Method::Measure(measure) => Some(value(measure, draft.severity, &mut dice)),
                    Method::Observe(_) => None,
                },
                spot: town.spots[draft.site].beside(40, &mut dice),
                excluded: draft.excluded,
                handling: handling(self.month, self.level(demo, area), &mut dice),
                fails: dice.chance(numbers::FAILED_CHECK),
                name,
            }
        });
        seen.collect()
    }

    /// How an area does in this month, in thousandths.
    fn level(&self, demo: &Demo, area: &str) -> u64 {
        let what = format!("area|{area}");
        weight(demo.town.seed, &what, self.month, numbers::AREA_STEP)
    }

    fn visit_id(&self, number: usize) -> String {
        format!("V{}-{:04}", compact(self.month), number + 1)
    }
}

/// What a breach of an indicator costs, in thousandths of a point; `None` where the severity has no points.
fn points(indicator: &Indicator, severity: Severity) -> Option<i64> {
    (indicator.points.of(severity)? * &Points::from(1000)).to_i64()
}

/// `202109`.
pub fn compact(month: Month) -> String {
    format!("{:04}{:02}", month.year(), month.month())
}

/// Those of some sites that a plan has drawn.
fn chosen(sites: &[usize], planned: &BTreeSet<usize>) -> Vec<usize> {
    let chosen = sites.iter().filter(|site| planned.contains(site));
    chosen.copied().collect()
}

/// The sites of a township that are drawn in a month: one of each kind, and others.
fn plan(town: &Town, sites: &[usize], dice: &mut Dice) -> Vec<usize> {
    let mut sites = sites.to_vec();
    dice.shuffle(&mut sites);
    let mut kinds = BTreeSet::new();
    let (mut drawn, others): (Vec<usize>, Vec<usize>) = sites
        .into_iter()
        .partition(|&site| kinds.insert(town.sites[site].stratum.as_str()));
    let more = others.len() / numbers::DRAWN_ONE_IN;
    drawn.extend(others.into_iter().take(more));
    drawn
}

/// Which area each finding falls to, with those that will not count at the end; `true`: it counts.
fn spread(
    town: &Town,
    what: &str,
    month: Month,
    counted: u64,
    dice: &mut Dice,
) -> Vec<(&'static str, bool)> {
    let areas = Town::areas(month);
    let weights: Vec<u64> = areas
        .iter()
        .map(|area| {
            let weight = weight(
                town.seed,
                &format!("{what}|{area}"),
                month,
                numbers::AREA_STEP,
            );
            if *area == CENTRE {
                weight - numbers::CENTRE_AHEAD
            } else {
                weight
            }
        })
        .collect();
    let each: Vec<(&str, u64)> = areas
        .iter()
        .copied()
        .zip(shares(counted, &weights))
        .collect();
    let mut spread: Vec<(&str, bool)> =
        labels(&each).into_iter().map(|area| (area, true)).collect();
    dice.shuffle(&mut spread);
    let excluded = counted * (numbers::APPEALED + numbers::DUPLICATE) / 1000;
    spread.extend((0..excluded).map(|_| (areas[dice.weighted(&weights)], false)));
    spread
}

/// Every label as often as its count says.
fn labels<'a>(counts: &[(&'a str, u64)]) -> Vec<&'a str> {
    counts
        .iter()
        .flat_map(|(label, count)| std::iter::repeat_n(*label, *count as usize))
        .collect()
}

/// When it will be put right, if ever. In 2021 everything was, and in time.
fn handling(month: Month, level: u64, dice: &mut Dice) -> Handling {
    let in_time = Handling::InTime(dice.between(8, 96));
    let (late, overdue) = (
        numbers::LATE * level / 1000,
        numbers::OVERDUE * level / 1000,
    );
    match dice.below(1000) {
        _ if month.year() < 2022 => in_time,
        chance if chance < overdue => Handling::Never,
        chance if chance < overdue + late => Handling::Late(dice.between(60, 6000)),
        _ => in_time,
    }
}

/// Kinds of places at which an indicator is looked at.
fn strata(indicator: &Indicator) -> &'static [&'static str] {
    let id = indicator.id.as_str();
    match (id, indicator.heading.as_str()) {
        _ if id.starts_with("toilet-") => &["toilet"],
        _ if id.starts_with("transfer-station-") => &["transfer-station"],
        _ if id.starts_with("works-") || id == "spoil-truck-open" => &["works"],
        ("market-disorder", _) => &["market"],
        (_, "back-streets") => &["lane"],
        (_, "community-surroundings") => &["community"],
        (_, "greening" | "public-space") => &["park", "main-road"],
        (_, "parking") => &["main-road", "side-street", "car-park"],
        _ => &["main-road", "side-street", "market"],
    }
}

/// A value that the catalogue puts into this severity, with its unit.
fn value(measure: &Measure, severity: Severity, dice: &mut Dice) -> String {
    let begins = |severity| {
        Some(
            (measure.thresholds.of(severity)? * &Points::from(1000))
                .to_i64()
                .unwrap_or(0),
        )
    };
    let own = begins(severity).unwrap_or(0);
    let graver = SEVERITIES
        .into_iter()
        .filter(|other| *other > severity)
        .find_map(begins);
    let (low, high) = match (measure.worse, graver, measure.unit) {
        (Worse::High, Some(graver), _) => (own, graver),
        (Worse::High, None, MeasureUnit::Percent) => (own, 100_000),
        (Worse::High, None, MeasureUnit::Decibel) => (own, own * 5 / 4),
        (Worse::High, None, _) => (own, own * 2),
        (Worse::Low, graver, _) => (graver.unwrap_or(own / 2), own),
    };
    // Whole numbers between whole thresholds, tenths between tenths.
    let step = [1000, 100, 10, 1]
        .into_iter()
        .find(|step| low % step == 0 && high % step == 0)
        .unwrap_or(1);
    let thousandths = low + step * dice.below(((high - low) / step) as u64) as i64;
    let number = Points::ratio(thousandths, 1000).unwrap_or_default();
    let unit = match measure.unit {
        MeasureUnit::Piece => "件",
        MeasureUnit::Minute => "分钟",
        MeasureUnit::Day => "天",
        MeasureUnit::Percent => "%",
        MeasureUnit::Degree => "°",
        MeasureUnit::SquareCentimetre => "cm²",
        MeasureUnit::SquareMetre => "m²",
        MeasureUnit::CubicMetre => "m³",
        MeasureUnit::GramPerSquareMetre => "g/m²",
        other => other.word(),
    };
    format!("{number} {unit}")
}
