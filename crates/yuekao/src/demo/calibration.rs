//! Every number that shapes the town, in one place.
//!
//! Published: the sum of 2021; the totals and averages of 2021-08, 2021-09, 2022-07 and 2022-08; the leading headings
//! of 2021-09 and 2022-08; one heading of 2021-08. Everything else is invented, and no unit is tuned towards its
//! real place.

use assessment::indicator::{Limit, LimitUnit};
use assessment::month::Month;

use super::dice::{Dice, shares};

/// Findings that count, from 2021-01 to 2022-12. Those of 2021 sum to the 9,833 that were published.
const CITY: [u64; 24] = [
    958, 874, 962, 931, 905, 893, 852, 794, 579, 645, 702, 738, // 2021
    790, 742, 835, 868, 902, 951, 982, 987, 941, 926, 873, 858, // 2022
];

/// Findings in residential compounds, evaluated from 2022.
const RED_PROPERTY: [u64; 12] = [548, 521, 587, 603, 631, 660, 685, 727, 704, 689, 662, 640];

/// Usual shares of the headings, per mille; findings that the published months do not name follow these.
const HEADINGS_2021: [(&str, u64); 10] = [
    ("pavement-order", 290),
    ("sanitation", 280),
    ("community-surroundings", 105),
    ("municipal-facilities", 90),
    ("facades", 85),
    ("parking", 55),
    ("greening", 38),
    ("public-space", 27),
    ("other", 30),
    ("back-streets", 0),
];
const HEADINGS_2022: [(&str, u64); 10] = [
    ("back-streets", 190),
    ("pavement-order", 185),
    ("facades", 165),
    ("sanitation", 155),
    ("parking", 108),
    ("municipal-facilities", 80),
    ("community-surroundings", 45),
    ("greening", 32),
    ("public-space", 20),
    ("other", 20),
];

/// Headings of compounds, per mille: invented.
pub const RED_HEADINGS: [(&str, u64); 5] = [
    ("compound-sanitation", 340),
    ("compound-order", 270),
    ("compound-facilities", 200),
    ("compound-safety", 130),
    ("compound-service", 60),
];

/// Compounds of each area, and how many in a thousand of their findings fall to each kind of management.
pub const COMPOUNDS: u64 = 40;
pub const MANAGEMENT: [(&str, u64); 3] = [
    ("entrusted", 305),
    ("professional", 266),
    ("self-managed", 156),
];

/// How far the level of an area wanders in a month, and that of a township, in thousandths of its share.
pub const AREA_STEP: i64 = 120;
pub const TOWNSHIP_STEP: i64 = 170;

/// The centre starts ahead, in thousandths of its share: that is what its handicap of a point is for.
pub const CENTRE_AHEAD: u64 = 140;

/// Severities among the findings, in hundredths: minor, general, serious.
pub const SEVERITIES: [u64; 3] = [48, 40, 12];

/// In thousandths of the findings.
pub const APPEALED: u64 = 14;
pub const DUPLICATE: u64 = 6;
pub const SECOND_UNIT: u64 = 30;
pub const FAILED_CHECK: u64 = 15;
pub const RELAPSED_IF_REPEATED: u64 = 300;
/// Late and never rectified; in 2021 all were in time.
pub const LATE: u64 = 22;
pub const OVERDUE: u64 = 12;
/// Who saw it first; the inspectors' own eyes for the rest.
pub const FOUND_BY: [(&str, u64); 5] = [
    ("agency", 940),
    ("citizen", 35),
    ("leader", 12),
    ("media", 8),
    ("own", 5),
];

/// Of a township's sites beyond the first of each kind, one in so many is drawn.
pub const DRAWN_ONE_IN: usize = 5;
/// Compounds drawn, in hundredths.
pub const COMPOUNDS_DRAWN: usize = 25;

/// The days of a month on which leaves are left lying on the listed streets, as far as inspectors go out: published
/// is that it began on 22 November 2021.
pub fn leaves_lie(month: Month) -> Option<(i64, i64)> {
    match (month.year(), month.month()) {
        (2021, 11) => Some((22, 29)),
        (2021, 12) => Some((2, 26)),
        _ => None,
    }
}

/// Indicators that have their season: from one month to another, over the turn of the year if need be.
#[rustfmt::skip]
const SEASONS: [(&str, i8, i8); 6] = [
    ("fallen-leaves", 10, 1), ("open-air-barbecue", 5, 10), ("night-market-disorder", 4, 11),
    ("road-flooding", 4, 9), ("plant-disease", 4, 10), ("burning-waste", 10, 2),
];

/// Whether an indicator is breached at all in a month of the year.
pub fn in_season(indicator: &str, month: Month) -> bool {
    SEASONS
        .iter()
        .filter(|(id, ..)| *id == indicator)
        .all(|&(_, from, to)| match from <= to {
            true => (from..=to).contains(&month.month()),
            false => month.month() >= from || month.month() <= to,
        })
}

/// The evaluation waits no longer than seven working days, whatever the catalogue allows the case.
pub fn longest(limit: Limit) -> Limit {
    match limit.unit {
        LimitUnit::WorkDay => Limit {
            value: limit.value.min(7),
            ..limit
        },
        _ => limit,
    }
}

/// What happens to cases on the way, per mille.
pub const EXTENDED: u64 = 25;
pub const SUSPENDED: u64 = 4;
pub const VOIDED: u64 = 9;
pub const RETURNED: u64 = 18;
pub const REWORKED: u64 = 21;

/// Cases of a department: how many a month, and how many in a thousand go wrong.
pub struct Department {
    pub name: &'static str,
    pub categories: &'static [&'static str],
    pub cases: u64,
    /// Handled too late or not at all, per mille; wanders a little from month to month.
    pub behind: u64,
}

const fn department(
    name: &'static str,
    cases: u64,
    behind: u64,
    categories: &'static [&'static str],
) -> Department {
    Department {
        name,
        categories,
        cases,
        behind,
    }
}

#[rustfmt::skip]
pub const DEPARTMENTS: [Department; 32] = [
    department("市城市管理局",     148, 10, &["gb30428/event/0401", "gb30428/event/0405", "gb30428/event/0104", "gb30428/event/0207"]),
    department("市住房和城乡建设局", 122, 26, &["gb30428/event/0301", "gb30428/event/0304", "gb30428/event/0307", "gb30428/event/0312"]),
    department("市自然资源和规划局",  64, 32, &["gb30428/event/0101", "gb30428/event/0198"]),
    department("市交通运输局",      88, 22, &["gb30428/event/0114", "gb30428/event/0311", "gb30428/component/0204"]),
    department("市水利和湖泊局",     66, 29, &["gb30428/event/0125", "gb30428/event/0126", "gb30428/component/0507"]),
    department("市生态环境局",      72, 19, &["gb30428/event/0120", "gb30428/event/0130"]),
    department("市市场监督管理局",    94, 16, &["gb30428/event/0498", "gb30428/event/0204"]),
    department("市公安局",        83, 14, &["gb30428/event/0184", "gb30428/event/0128"]),
    department("市公安局交警支队",    139, 20, &["gb30428/event/0410", "gb30428/component/0217", "gb30428/component/0220"]),
    department("市消防救援支队",     61, 11, &["gb30428/event/0496"]),
    department("市商务局",        63, 35, &["gb30428/component/0503", "gb30428/event/0404"]),
    department("市文化和旅游局",     60, 22, &["gb30428/component/0406", "gb30428/component/0401"]),
    department("市卫生健康委员会",    62, 15, &["gb30428/event/0133"]),
    department("市教育局",        60, 10, &["gb30428/event/0202", "gb30428/event/0604"]),
    department("市民政局",        60, 25, &["gb30428/event/0119", "gb30428/component/0212"]),
    department("市应急管理局",      61, 14, &["gb30428/event/0596", "gb30428/component/0504"]),
    department("市农业农村局",      64, 30, &["gb30428/event/0138", "gb30428/event/0137"]),
    department("市林业局",        60, 20, &["gb30428/event/0121", "gb30428/event/0122"]),
    department("市公路事业发展中心",   97, 31, &["gb30428/component/0284", "gb30428/event/0113", "gb30428/component/0286"]),
    department("市园林绿化中心",     131, 12, &["gb30428/event/0117", "gb30428/component/0402", "gb30428/component/0497", "gb30428/component/0499"]),
    department("市环境卫生中心",     150, 6,  &["gb30428/event/0110", "gb30428/event/0112", "gb30428/event/0192", "gb30428/component/0305"]),
    department("市市政设施维护中心",   144, 18, &["gb30428/component/0103", "gb30428/component/0104", "gb30428/component/0284", "gb30428/event/0503"]),
    department("市路灯管理中心",     92, 9, &["gb30428/component/0137", "gb30428/component/0106", "gb30428/component/0139"]),
    department("市公共交通公司",     70, 11, &["gb30428/component/0204"]),
    department("市供水公司",       101, 18, &["gb30428/component/0101", "gb30428/event/0501", "gb30428/component/0125"]),
    department("市燃气公司",       73, 8,  &["gb30428/component/0111", "gb30428/component/0149"]),
    department("市供电公司",       84, 24, &["gb30428/component/0128", "gb30428/component/0130"]),
    department("电信分公司",       79, 38, &["gb30428/component/0127", "gb30428/component/0131"]),
    department("移动分公司",       77, 40, &["gb30428/component/0127", "gb30428/event/0180"]),
    department("联通分公司",       71, 45, &["gb30428/component/0127", "gb30428/event/0180"]),
    department("广电网络分公司",     68, 52, &["gb30428/event/0180", "gb30428/event/0508"]),
    department("铁塔分公司",       60, 34, &["gb30428/component/0131"]),
];

/// Units that a county evaluates by itself, with its own checks.
pub struct CountyUnits {
    pub series: &'static str,
    pub county: &'static str,
    /// Codes are this and a number.
    pub prefix: &'static str,
    pub kind: &'static str,
    pub names: &'static [&'static str],
    /// Aspect that the county looks at; empty: all of city management.
    pub aspect: &'static str,
    /// Checks of a unit in a month, and what is found in ten of them.
    pub checks: u64,
    pub found_in_ten: u64,
    /// Cases of a unit in a month.
    pub cases: u64,
}

impl CountyUnits {
    /// The code of one of them.
    pub fn code(&self, number: usize) -> String {
        format!("{}{:02}", self.prefix, number + 1)
    }
}

#[rustfmt::skip]
const BUREAUS: [&str; 20] = [
    "县教育局", "县财政局", "县民政局", "县司法局", "县人力资源和社会保障局", "县自然资源和规划局", "县住房和城乡建设局",
    "县交通运输局", "县水利和湖泊局", "县农业农村局", "县文化和旅游局", "县卫生健康局", "县应急管理局", "县审计局",
    "县统计局", "县市场监督管理局", "县医疗保障局", "县林业局", "县税务局", "县供电公司",
];

#[rustfmt::skip]
pub const COUNTY_UNITS: [CountyUnits; 3] = [
    CountyUnits {
        series: "chongyang-departments", county: "421223000000", prefix: "CY-D", kind: "department", names: &BUREAUS,
        aspect: "sanitation", checks: 11, found_in_ten: 1, cases: 0,
    },
    CountyUnits {
        series: "tongshan-grids", county: "421224000000", prefix: "TS-G", kind: "grid-unit", names: BUREAUS.split_at(16).0,
        aspect: "", checks: 8, found_in_ten: 8, cases: 0,
    },
    CountyUnits {
        series: "tongcheng-handling-units", county: "421222000000", prefix: "TC-H", kind: "handling-unit",
        names: &[
            "县城市管理执法局", "县住房和城乡建设局", "县交通运输局", "县公安局交警大队", "县市场监督管理局", "县自然资源和规划局",
            "县水利和湖泊局", "县环境卫生服务中心", "县园林绿化中心", "县市政设施维护中心", "县供水公司", "县供电公司", "县电信分公司",
        ],
        aspect: "", checks: 0, found_in_ten: 0, cases: 34,
    },
];

/// The month of the tables that stands for `month`: itself, or the same month of the nearest year they cover.
fn row(month: Month) -> usize {
    let year = i32::from(month.year().clamp(2021, 2022)) - 2021;
    (year * 12) as usize + month.month() as usize - 1
}

/// How many findings of city management count in a month.
pub fn city(month: Month) -> u64 {
    CITY[row(month)]
}

/// How many findings in compounds count in a month; none before 2022.
pub fn red_property(month: Month) -> u64 {
    if month.year() < 2022 {
        0
    } else {
        RED_PROPERTY[row(month) - 12]
    }
}

/// What the findings of a block that count weigh together, in thousandths of the catalogue's points, where the average
/// score was published. Which of them are graver and which lighter is left to the dice.
///
/// An area loses the points of its findings in the field, which is 80 percent of city management; a compound loses ten
/// times those of a visit. With eight areas, eleven compounds visited in each, and the timely rate of the month:
///
/// | month | published average | |
/// |---|---|---|
/// | 2021-08 | 91.34 of the scores | 1.82 less than in September; one unit's is lowered by a point |
/// | 2021-09 | 93.16 of the scores | mean of the board |
/// | 2022-07 | 89.48 city, 94.94 red property | 0.37 and 0.30 more than in August |
/// | 2022-08 | 89.11 city, 94.64 red property | |
pub fn weight(block: &str, month: Month) -> Option<i64> {
    match (month.year(), month.month(), block) {
        (2021, 8, "city") => Some(85_300),
        (2021, 9, "city") => Some(67_100),
        (2022, 7, "city") => Some(98_350),
        (2022, 8, "city") => Some(102_000),
        (2022, 7, "red-property") => Some(44_528),
        (2022, 8, "red-property") => Some(47_168),
        _ => None,
    }
}

/// Findings of each kind of management: published for one month, otherwise by the usual shares.
pub fn managements(month: Month) -> [u64; 3] {
    let counts = shares(red_property(month), &MANAGEMENT.map(|(_, weight)| weight));
    [counts[0], counts[1], counts[2]]
}

/// Counts that were published for headings of city management.
fn published(month: Month) -> &'static [(&'static str, u64)] {
    match (month.year(), month.month()) {
        (2021, 8) => &[("pavement-order", 162)],
        (2021, 9) => &[
            ("pavement-order", 182),
            ("sanitation", 167),
            ("community-surroundings", 54),
            ("municipal-facilities", 49),
            ("facades", 44),
        ],
        (2022, 8) => &[
            ("back-streets", 200),
            ("pavement-order", 176),
            ("facades", 169),
            ("sanitation", 144),
            ("parking", 107),
        ],
        _ => &[],
    }
}

/// Findings of city management by heading: what is published, and the rest by the year's usual shares, a little thrown about.
pub fn headings(month: Month, dice: &mut Dice) -> Vec<(&'static str, u64)> {
    let published = published(month);
    let left = city(month) - published.iter().map(|(_, count)| count).sum::<u64>();
    let usual = if month.year() < 2022 {
        &HEADINGS_2021
    } else {
        &HEADINGS_2022
    };
    let others: Vec<&(&str, u64)> = usual
        .iter()
        .filter(|(heading, _)| published.iter().all(|(named, _)| named != heading))
        .collect();
    let weights: Vec<u64> = others
        .iter()
        .map(|(_, weight)| weight * dice.between(90, 110) as u64)
        .collect();
    let counts = others
        .iter()
        .zip(shares(left, &weights))
        .map(|((heading, _), count)| (*heading, count));
    published.iter().copied().chain(counts).collect()
}
