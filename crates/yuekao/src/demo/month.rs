//! The evidence of a month, for each of the evaluations that run on it.

use std::collections::BTreeSet;

use anyhow::Result;
use assessment::facts::{Facts, Measure};
use assessment::finding::Finding;
use assessment::indicator::{Indicator, Standard};
use assessment::inspection::Visit;
use assessment::month::Month;
use assessment::points::Points;
use jiff::civil::{DateTime, time};

use super::calibration as numbers;
use super::calibration::{COUNTY_UNITS, DEPARTMENTS};
use super::cases::Handler;
use super::checks::county_facts;
use super::clock::Clock;
use super::dice::Dice;
use super::inspection::Field;
use super::photo::Album;
use super::town::Town;

/// What all months are made from.
pub struct Demo {
    pub town: Town,
    pub standard: Standard,
    pub clock: Clock,
    pub photos: Album,
    /// How often each indicator is breached, in the catalogue's order.
    often: Vec<u64>,
}

/// The evidence of one month, of everything that is looked at.
pub struct Evidence<'a> {
    demo: &'a Demo,
    month: Month,
    /// The moment at which the month is read: the first after it.
    read: DateTime,
    visits: Vec<Visit>,
    findings: Vec<Finding>,
}

impl Demo {
    /// Builds the town with the photos of `photos`; the same seed and photos always make the same evidence.
    ///
    /// # Errors
    /// The data that was built in cannot be read.
    pub fn new(seed: u64, photos: Album) -> Result<Self> {
        let standard = super::rules::standard()?;
        let often =
            |one: &Indicator| Dice::new(seed, &format!("often|{}", one.id)).between(15, 100) as u64;
        Ok(Self {
            town: Town::build(seed)?,
            often: standard.indicators.iter().map(often).collect(),
            standard,
            clock: Clock::read()?,
            photos,
        })
    }

    /// The evidence of a month as it is known when the month is over. Findings of the month before stand in it again
    /// if they fell due in this one.
    pub fn evidence(&self, month: Month) -> Evidence<'_> {
        let [start, read] =
            [month, month.plus(1)].map(|month| month.first_day().to_datetime(time(0, 0, 0, 0)));
        let (earlier_visits, mut findings) = self.field(month.plus(-1)).evidence(self, read);
        findings.retain(|finding| finding.due_at.is_some_and(|due| due >= start));
        let needed: BTreeSet<&str> = findings
            .iter()
            .filter_map(|finding| finding.visit.as_deref())
            .collect();
        let mut visits: Vec<Visit> = earlier_visits
            .into_iter()
            .filter(|visit| needed.contains(visit.id.as_str()))
            .collect();
        let (new_visits, new_findings) = self.field(month).evidence(self, read);
        visits.extend(new_visits);
        findings.extend(new_findings);
        Evidence {
            demo: self,
            month,
            read,
            visits,
            findings,
        }
    }

    /// What the inspectors do in a month.
    pub fn field(&self, month: Month) -> Field<'_> {
        Field::draw(self, month)
    }

    /// An indicator of a heading, some more often than others.
    pub fn indicator(&self, heading: &str, month: Month, dice: &mut Dice) -> &Indicator {
        self.any_indicator(month, dice, |indicator| indicator.heading == heading)
    }

    /// An indicator of city management of an aspect; of any if it is empty.
    pub fn indicator_of_aspect(&self, aspect: &str, month: Month, dice: &mut Dice) -> &Indicator {
        self.any_indicator(month, dice, |indicator| {
            indicator.block == "city" && (aspect.is_empty() || indicator.aspect == aspect)
        })
    }

    fn any_indicator(
        &self,
        month: Month,
        dice: &mut Dice,
        fits: impl Fn(&Indicator) -> bool,
    ) -> &Indicator {
        let indicators = &self.standard.indicators;
        let weights: Vec<u64> = indicators
            .iter()
            .zip(&self.often)
            .map(|(one, often)| {
                if fits(one) && numbers::in_season(&one.id, month) {
                    *often
                } else {
                    0
                }
            })
            .collect();
        &indicators[dice.weighted(&weights)]
    }
}

impl Evidence<'_> {
    /// What one series of evidence holds: the inspectors' for `xianning`, the command centre's cases for `departments`,
    /// a county's own checks; nothing for others.
    pub fn of(&self, series: &str) -> Facts {
        let mut facts = match series {
            "xianning" => Facts {
                measures: self.satisfaction(),
                ..self.inspected(|_| true)
            },
            "tongcheng-communities" => self.inspected(|unit| unit.starts_with("421222")),
            "departments" => self.departments(),
            _ => match COUNTY_UNITS.iter().find(|own| own.series == series) {
                Some(own) => county_facts(self.demo, own, self.month, self.read),
                None => Facts::default(),
            },
        };
        facts.units = self.demo.town.units(self.month);
        facts
    }

    /// The same without what was visited and found in the month itself: that comes another way. `earlier`: whether what the
    /// month before left to do comes from here.
    pub fn without_field(mut self, earlier: bool) -> Self {
        let month = self.month;
        let before = |at: DateTime| earlier && Month::of(at.date()) != Some(month);
        self.visits.retain(|visit| before(visit.at));
        self.findings.retain(|finding| before(finding.found_at));
        self
    }

    /// The inspectors' evidence of the places whose unit is wanted.
    fn inspected(&self, wanted: impl Fn(&str) -> bool) -> Facts {
        let with_compounds = numbers::red_property(self.month) > 0;
        let sites = &self.demo.town.sites;
        Facts {
            sites: sites
                .iter()
                .filter(|site| wanted(&site.unit) && (with_compounds || site.stratum != "compound"))
                .cloned()
                .collect(),
            visits: self
                .visits
                .iter()
                .filter(|visit| wanted(&visit.unit))
                .cloned()
                .collect(),
            findings: self
                .findings
                .iter()
                .filter(|finding| wanted(&finding.unit))
                .cloned()
                .collect(),
            ..Facts::default()
        }
    }

    fn departments(&self) -> Facts {
        let cases = DEPARTMENTS
            .iter()
            .enumerate()
            .flat_map(|(number, department)| {
                let unit = format!("D{:02}", number + 1);
                Handler {
                    unit: &unit,
                    categories: department.categories,
                    cases: department.cases,
                    behind: department.behind,
                }
                .load(self.demo.town.seed, self.month, self.read)
            });
        Facts {
            cases: cases.collect(),
            ..Facts::default()
        }
    }

    /// Satisfaction of citizens in percent, of each area and of the whole city.
    fn satisfaction(&self) -> Vec<Measure> {
        let mut dice = Dice::new(self.demo.town.seed, &format!("satisfaction|{}", self.month));
        let mut measure = |unit: Option<&str>| Measure {
            key: "satisfaction".into(),
            unit: unit.map(Into::into),
            value: Points::ratio(dice.between(8_600, 9_500), 100).unwrap_or_default(),
        };
        let mut measures: Vec<Measure> = Town::areas(self.month)
            .iter()
            .map(|area| measure(Some(area)))
            .collect();
        measures.push(measure(None));
        measures
    }
}
