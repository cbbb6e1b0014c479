//! The town: real divisions under the units of the published evaluation, and invented places in them.
//!
//! Divisions, their tree and a few street names are real (`data/`). Compounds, sites, and which of the
//! urban units a place belongs to are invented.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use assessment::{inspection::Site, month::Month, points::Points, unit::Unit};

use super::calibration::{COMPOUNDS, COUNTY_UNITS, CountyUnits, DEPARTMENTS, MANAGEMENT};
use super::dice::{Dice, shares};
use super::ground::{Outline, Spot, outlines};
use super::names::english;
use crate::evidence::divisions;

const POINTS: &str = include_str!("../../../../data/division_points.csv");
const STREETS: &str = include_str!("../../../../data/streets.csv");

/// The prefecture.
pub const CITY: &str = "421200000000";
/// The central urban area （中心城区）, a unit of the evaluation without a division code.
pub const CENTRE: &str = "XN-CENTRE";
/// The high-tech zone （咸宁高新区）, a unit of the evaluation to 2022-12.
pub const HITECH: &str = "XN-HITECH";

/// The units that the city ranks, in the order of their codes; from 2023 the high-tech zone is part of the centre.
pub const AREAS: [&str; 8] = [
    "421202000000",
    "421221000000",
    "421222000000",
    "421223000000",
    "421224000000",
    "421281000000",
    CENTRE,
    HITECH,
];

/// Which townships of Xian'an the urban units answer for, to 2022 and from 2023: invented, but for the year.
const URBAN: [(&str, &str, &str); 4] = [
    ("421202001000", CENTRE, CENTRE),
    ("421202002000", CENTRE, CENTRE),
    ("421202003000", "421202000000", CENTRE),
    ("421202570000", HITECH, CENTRE),
];

/// Townships in whose streets the published street names are used.
const SEATS: [&str; 5] = [
    "421202001000",
    "421202002000",
    "421202003000",
    "421221103000",
    "421222100000",
];

/// The township with the scenic core that is inspected every month from 2023, and the kind of its site.
const MUST_CHECK: (&str, &str) = ("421224104000", "jiugongshan");

/// The kind of the sites where leaves may lie.
pub const LEAF_STREET: &str = "leaf-street";

/// Kinds of places, one site of each in every ward.
const EVERY_WARD: [(&str, &str); 4] = [
    ("main-road", "路"),
    ("side-street", "支路"),
    ("lane", "巷"),
    ("community", "周边"),
];

/// Kinds of places, once in every township.
const EVERY_TOWNSHIP: [(&str, &str); 6] = [
    ("market", "集贸市场"),
    ("park", "游园"),
    ("car-park", "停车场"),
    ("works", "工地"),
    ("toilet", "公厕"),
    ("transfer-station", "垃圾中转站"),
];

/// Everything that does not change from month to month.
pub struct Town {
    pub seed: u64,
    divisions: Vec<Unit>,
    /// Where the divisions lie that have a point.
    pub points: BTreeMap<String, Spot>,
    /// Every township that is evaluated, in the order of codes.
    pub townships: Vec<Township>,
    pub compounds: Vec<Compound>,
    pub sites: Vec<Site>,
    /// Where the sites lie, in the same order.
    pub spots: Vec<Spot>,
}

/// A township-level unit that has something to be looked at.
pub struct Township {
    pub code: String,
    pub name: String,
    /// Indices into [`Town::sites`], compounds left out.
    pub sites: Vec<usize>,
    wards: Vec<Ward>,
}

/// A community, or where there is none a village: what findings are put down to.
#[derive(Clone)]
struct Ward {
    code: String,
    name: String,
    spot: Spot,
}

/// A residential compound, with its one site.
pub struct Compound {
    pub unit: Unit,
    pub township: String,
    /// Index into [`Town::sites`].
    pub site: usize,
}

impl Compound {
    /// `professional`, `entrusted` or `self-managed`.
    pub fn management(&self) -> &str {
        &self.unit.attributes["management"]
    }
}

impl Town {
    /// Builds the town; the same seed builds the same town.
    ///
    /// # Errors
    /// The data that was built in cannot be read.
    pub fn build(seed: u64) -> Result<Self> {
        let divisions = divisions();
        let points = points()?;
        let outlines = outlines()?;
        let streets = streets()?;
        let mut town = Self {
            seed,
            townships: divisions
                .iter()
                .filter(|unit| unit.kind == "township" || unit.code == URBAN[3].0)
                .map(|unit| Township::of(unit, &divisions, &points))
                .collect(),
            divisions,
            points,
            compounds: Vec::new(),
            sites: Vec::new(),
            spots: Vec::new(),
        };
        for index in 0..town.townships.len() {
            town.lay_sites(index, &outlines, &streets);
        }
        for area in AREAS {
            town.build_compounds(area, &outlines);
        }
        town.lay_leaves(&outlines);
        Ok(town)
    }

    /// The units of a month: the tree as it stood then, compounds and departments included.
    pub fn units(&self, month: Month) -> Vec<Unit> {
        let mut units = self.divisions.clone();
        for unit in &mut units {
            if is_township(&unit.code) {
                unit.parent = Some(area_of(&unit.code, month).to_owned());
            }
        }
        let areas = [(CENTRE, "中心城区"), (HITECH, "咸宁高新区")];
        units.extend(
            areas
                .into_iter()
                .filter(|(code, _)| *code == CENTRE || !redrawn(month))
                .map(|(code, name)| unit(code, name, "zone", Some(CITY))),
        );
        units.extend(self.compounds.iter().map(|compound| compound.unit.clone()));
        units.extend(departments());
        units.extend(COUNTY_UNITS.iter().flat_map(county_units));
        units
    }

    /// The areas that are ranked in a month.
    pub fn areas(month: Month) -> &'static [&'static str] {
        if redrawn(month) { &AREAS[..7] } else { &AREAS }
    }

    fn lay(
        &mut self,
        unit: &str,
        name: String,
        stratum: &str,
        length: Option<i64>,
        spot: Spot,
    ) -> usize {
        self.sites.push(Site {
            id: format!("S{:04}", self.sites.len() + 1),
            unit: unit.into(),
            name,
            stratum: stratum.into(),
            length_m: length.map(Points::from),
            place: Some(spot.position()),
        });
        self.spots.push(spot);
        self.sites.len() - 1
    }

    fn lay_sites(
        &mut self,
        index: usize,
        outlines: &BTreeMap<String, Outline>,
        streets: &[(String, String)],
    ) {
        let Township { code, wards, .. } = &self.townships[index];
        let (code, wards, county) = (code.clone(), wards.clone(), county_of(code));
        let outline = &outlines[&county];
        let mut dice = Dice::new(self.seed, &format!("sites|{code}"));
        let mut named: Vec<&str> = streets
            .iter()
            .filter(|(place, _)| *place == county && SEATS.contains(&code.as_str()))
            .map(|(_, name)| name.as_str())
            .collect();
        dice.shuffle(&mut named);
        let mut named = named.into_iter().cycle();
        let mut sites = Vec::new();
        // Where there are few wards each has more streets, so that there is enough to draw from.
        let enough = if URBAN.iter().any(|(urban, ..)| *urban == code) {
            12
        } else {
            4
        };
        let count = wards.len() * (enough / wards.len()).max(1);
        for (number, ward) in wards.iter().cycle().take(count).enumerate() {
            for (stratum, word) in EVERY_WARD {
                let name = match (stratum, named.next()) {
                    ("main-road", Some(street)) => format!("{street}（{}段）", ward.name),
                    ("community", _) => format!("{}{word}", ward.name),
                    _ => format!("测试{word}{:02}（{}）", number + 1, ward.name),
                };
                let length = (stratum != "community").then(|| dice.between(12, 90) * 10);
                sites.push(self.lay(
                    &ward.code,
                    name,
                    stratum,
                    length,
                    ward.spot.near(700, outline, &mut dice),
                ));
            }
        }
        for (stratum, word) in EVERY_TOWNSHIP {
            let ward = dice.pick(&wards);
            sites.push(self.lay(
                &ward.code,
                format!("测试{word}（{}）", ward.name),
                stratum,
                None,
                ward.spot.near(700, outline, &mut dice),
            ));
        }
        if code == MUST_CHECK.0 {
            sites.push(self.lay(
                &wards[0].code,
                "九宫山核心景区（测试点位）".into(),
                MUST_CHECK.1,
                None,
                wards[0].spot,
            ));
        }
        self.townships[index].sites = sites;
    }

    /// The seven streets where leaves may lie have ids of their own: a decision names them.
    fn lay_leaves(&mut self, outlines: &BTreeMap<String, Outline>) {
        let mut dice = Dice::new(self.seed, "leaves");
        let streets = [
            ("ginkgo", "银杏", 4),
            ("maple", "枫叶", 2),
            ("tulip-tree", "马褂木", 1),
        ];
        let Some(ward) = self
            .townships
            .iter()
            .find(|one| one.code == URBAN[0].0)
            .map(|one| one.wards[0].clone())
        else {
            return;
        };
        for (id, tree, count) in streets {
            for number in 1..=count {
                let spot = ward
                    .spot
                    .near(900, &outlines[&county_of(&ward.code)], &mut dice);
                let site = self.lay(
                    &ward.code,
                    format!("{tree}缓扫路段{number}（测试）"),
                    LEAF_STREET,
                    None,
                    spot,
                );
                self.sites[site].id = format!("leaves-{id}-{number}");
            }
        }
    }

    /// Indices of the streets where leaves may lie.
    pub fn leaf_sites(&self) -> impl Iterator<Item = usize> {
        (0..self.sites.len()).filter(|&site| self.sites[site].stratum == LEAF_STREET)
    }

    fn build_compounds(&mut self, area: &str, outlines: &BTreeMap<String, Outline>) {
        const WORDS: [&str; 12] = [
            "桂苑", "竹苑", "兰庭", "荷苑", "书苑", "梅苑", "松庭", "枫苑", "湖畔", "山语", "春晓",
            "朝阳",
        ];
        let mut dice = Dice::new(self.seed, &format!("compounds|{area}"));
        let first = Month::new(2021, 1).expect("a month");
        let homes: Vec<(String, String, String, Spot)> = self
            .townships
            .iter()
            .filter(|township| area_of(&township.code, first) == area)
            .flat_map(|township| {
                // Compounds stand where people live close together.
                let wards = if township.wards.len() > 6 {
                    township.wards.len()
                } else {
                    1
                };
                township.wards.iter().take(wards).map(|ward| {
                    (
                        township.code.clone(),
                        ward.code.clone(),
                        ward.name.clone(),
                        ward.spot,
                    )
                })
            })
            .collect();
        let mut managements: Vec<&str> = MANAGEMENT
            .iter()
            .zip(shares(COMPOUNDS, &MANAGEMENT.map(|(_, weight)| weight)))
            .flat_map(|((word, _), count)| std::iter::repeat_n(*word, count as usize))
            .collect();
        dice.shuffle(&mut managements);
        for (number, management) in managements.into_iter().enumerate() {
            let (township, ward, place, spot) = &homes[number % homes.len()];
            let code = format!("C-{ward}-{:02}", 1 + number / homes.len());
            let name = format!("测试{}{:02}小区", dice.pick(&WORDS), number + 1);
            let mut home = unit(&code, &name, "compound", Some(ward));
            home.attributes
                .insert("name_en".into(), format!("Test compound {}", number + 1));
            home.attributes
                .insert("management".into(), management.into());
            home.attributes
                .insert("households".into(), (dice.between(8, 120) * 10).to_string());
            let spot = spot.near(900, &outlines[&county_of(ward)], &mut dice);
            let site = self.lay(&code, format!("{name}（{place}）"), "compound", None, spot);
            self.compounds.push(Compound {
                unit: home,
                township: township.clone(),
                site,
            });
        }
    }
}

impl Township {
    fn of(unit: &Unit, divisions: &[Unit], points: &BTreeMap<String, Spot>) -> Self {
        let below = |kind: &'static str| {
            divisions
                .iter()
                .filter(move |ward| ward.kind == kind && ward.parent.as_ref() == Some(&unit.code))
        };
        let mut wards: Vec<&Unit> = below("community").collect();
        if wards.is_empty() {
            wards = below("village").take(2).collect();
        }
        if wards.is_empty() {
            wards = vec![unit];
        }
        Self {
            code: unit.code.clone(),
            name: unit.name.clone(),
            sites: Vec::new(),
            wards: wards
                .into_iter()
                .map(|ward| Ward {
                    code: ward.code.clone(),
                    name: short(&ward.name),
                    spot: spot_of(&ward.code, points),
                })
                .collect(),
        }
    }
}

/// Whether a code of the divisions is that of a township: its second half begins with a number and ends without.
fn is_township(code: &str) -> bool {
    &code[6..9] != "000" && code.ends_with("000")
}

/// From 2023 the urban units are drawn otherwise.
fn redrawn(month: Month) -> bool {
    month.year() >= 2023
}

/// The unit of the evaluation that a township belongs to in a month.
pub fn area_of(township: &str, month: Month) -> &'static str {
    let urban = URBAN.iter().find(|(code, ..)| *code == township);
    match urban {
        Some((_, _, after)) if redrawn(month) => after,
        Some((_, before, _)) => before,
        None => AREAS
            .into_iter()
            .find(|area| area[..6] == township[..6])
            .unwrap_or(CITY),
    }
}

/// The unit of the evaluation that a community, village or compound belongs to in a month.
pub fn area_of_place(unit: &str, month: Month) -> &'static str {
    let code = unit.trim_start_matches("C-");
    area_of(&format!("{}000", &code[..9]), month)
}

/// The 32 departments of the city's platform; which they really are is not public, these are what every prefecture has.
fn departments() -> impl Iterator<Item = Unit> {
    DEPARTMENTS.iter().enumerate().map(|(number, department)| {
        unit(
            &format!("D{:02}", number + 1),
            department.name,
            "department",
            Some(CITY),
        )
    })
}

/// The units that a county evaluates by itself.
fn county_units(own: &CountyUnits) -> impl Iterator<Item = Unit> {
    own.names
        .iter()
        .enumerate()
        .map(|(number, name)| unit(&own.code(number), name, own.kind, Some(own.county)))
}

fn unit(code: &str, name: &str, kind: &str, parent: Option<&str>) -> Unit {
    Unit {
        code: code.into(),
        name: name.into(),
        kind: kind.into(),
        parent: parent.map(Into::into),
        attributes: english(name)
            .map(|english| ("name_en".to_owned(), english.to_owned()))
            .into_iter()
            .collect(),
    }
}

/// 学府社区居民委员会 is 学府社区 where there is little room, 石鼓村委会 is 石鼓村.
fn short(name: &str) -> String {
    let kinds = [
        ("居民委员会", "社区"),
        ("居委会", "社区"),
        ("村民委员会", "村"),
        ("村委会", "村"),
    ];
    match kinds
        .iter()
        .find_map(|(suffix, kind)| Some((name.strip_suffix(suffix)?, kind)))
    {
        Some((stem, kind)) if stem.ends_with(kind) || stem.ends_with('区') => stem.to_owned(),
        Some((stem, kind)) => format!("{stem}{kind}"),
        None => name.to_owned(),
    }
}

fn county_of(code: &str) -> String {
    format!("{}000000", &code[..6])
}

/// The divisions below the province.
fn divisions() -> Vec<Unit> {
    let below = divisions::shipped()
        .into_iter()
        .filter(|division| division.level != "province");
    let unit = |division: divisions::Division| {
        let parent = (division.level != "prefecture").then_some(division.parent.as_str());
        unit(&division.code, &division.name, division.kind(), parent)
    };
    below.map(unit).collect()
}

fn points() -> Result<BTreeMap<String, Spot>> {
    csv::Reader::from_reader(POINTS.as_bytes())
        .into_records()
        .map(|row| {
            let row = row?;
            Ok((
                row[0].to_owned(),
                Spot::of_degrees(row[3].parse()?, row[4].parse()?),
            ))
        })
        .collect()
}

/// Its own point, or that of its township, or of its county: the finest that is known.
fn spot_of(code: &str, points: &BTreeMap<String, Spot>) -> Spot {
    [
        code.to_owned(),
        format!("{}000", &code[..9]),
        county_of(code),
    ]
    .iter()
    .find_map(|code| points.get(code).copied())
    .expect("every county has its point")
}

fn streets() -> Result<Vec<(String, String)>> {
    let mut streets = Vec::new();
    for row in csv::Reader::from_reader(STREETS.as_bytes()).into_records() {
        let row = row.context("data/streets.csv")?;
        if &row[1] == "street" {
            streets.push((row[2].to_owned(), row[0].to_owned()));
        }
    }
    Ok(streets)
}
