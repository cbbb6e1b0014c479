//! The kinds of sheets and their columns.

use crate::words::Language;

/// What the rows of a sheet are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Units,
    Sites,
    Visits,
    Findings,
    Cases,
    Measures,
    Results,
    /// Scores and ranks of a published board.
    Boards,
    /// Categories of a published board with their shares.
    Shares,
}

/// One column of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in canonical files.
    pub code: &'static str,
    /// Whether a row without it is a fault.
    pub required: bool,
    /// What the template shows.
    pub example: &'static str,
    /// Other headings that people use.
    pub aliases: &'static [&'static str],
    /// The words that may stand there, each with its Chinese; empty: anything.
    pub choices: &'static [(&'static str, &'static str)],
}

const fn must(code: &'static str, example: &'static str) -> Column {
    Column {
        code,
        required: true,
        example,
        aliases: &[],
        choices: &[],
    }
}

const fn may(code: &'static str, example: &'static str) -> Column {
    Column {
        required: false,
        ..must(code, example)
    }
}

impl Column {
    const fn or(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    const fn of(self, choices: &'static [(&'static str, &'static str)]) -> Self {
        Self { choices, ..self }
    }
}

const UNIT_KINDS: &[(&str, &str)] = &[
    ("prefecture", "市"),
    ("county", "县市区"),
    ("zone", "功能区"),
    ("township", "乡镇街道"),
    ("community", "社区"),
    ("village", "村"),
    ("compound", "小区"),
    ("department", "部门"),
    ("unit", "单位"),
];
const SEVERITIES: &[(&str, &str)] = &[("minor", "轻微"), ("general", "一般"), ("serious", "严重")];
const FINDERS: &[(&str, &str)] = &[
    ("agency", "第三方"),
    ("citizen", "市民"),
    ("leader", "领导"),
    ("media", "媒体"),
    ("province", "省级"),
    ("own", "自查"),
];
const EXCLUSIONS: &[(&str, &str)] = &[
    ("appeal", "申诉"),
    ("duplicate", "重复"),
    ("rejected", "不予立案"),
    ("void", "作废"),
];
const YES_NO: &[(&str, &str)] = &[("1", "是"), ("0", "否")];
const DATUMS: &[(&str, &str)] = &[
    ("WGS84", "WGS84"),
    ("CGCS2000", "CGCS2000"),
    ("GCJ-02", "GCJ-02"),
    ("BD-09", "BD-09"),
];

const UNITS: &[Column] = &[
    must("code", "421221100000").or(&["编码", "代码", "单位代码"]),
    must("name", "鱼岳镇").or(&["名称", "单位"]),
    must("kind", "township")
        .or(&["类型", "类别"])
        .of(UNIT_KINDS),
    may("parent", "421221000000").or(&["上级", "上级编码"]),
    may("attributes", "population=52000;length_km=86").or(&["其他属性"]),
    // Its last month; canonical files hold the units of one month.
    may("to", "").or(&["止", "截止月份", "有效至"]),
];
const SITES: &[Column] = &[
    must("id", "site-0001").or(&["编号"]),
    must("unit", "421221100000").or(&["单位", "所属单位", "单位编码"]),
    must("name", "沙阳大道").or(&["名称", "点位"]),
    may("stratum", "main-road").or(&["类型", "类别"]),
    may("length_m", "620").or(&["长度"]),
    may("lng", "113.939271"),
    may("lat", "29.973363"),
    may("datum", "WGS84").of(DATUMS),
];
const VISITS: &[Column] = &[
    must("id", "visit-0001").or(&["编号"]),
    must("unit", "421221100000").or(&["单位", "单位编码"]),
    may("site", "site-0001").or(&["点位"]),
    must("at", "2022-12-05T09:00").or(&["时间"]),
    may("length_m", "620").or(&["长度"]),
    may("grades", "toilet=good").or(&["等级"]),
];
const FINDINGS: &[Column] = &[
    must("id", "finding-0001").or(&["编号"]),
    may("visit", "visit-0001").or(&["检查"]),
    may("site", "site-0001").or(&["点位"]),
    must("unit", "421221100000").or(&["单位", "单位编码", "责任单位编码"]),
    may("second_unit", ""),
    must("indicator", "pavement-litter").or(&["指标编号", "指标编码"]),
    must("severity", "minor").or(&["程度"]).of(SEVERITIES),
    must("found_by", "agency")
        .or(&["来源", "问题来源"])
        .of(FINDERS),
    must("found_at", "2022-12-05T09:30").or(&["检查时间"]),
    may("due_at", "2022-12-05T11:30").or(&["期限", "整改时限"]),
    may("rectified_at", "2022-12-05T10:40").or(&["整改时间", "完成时间"]),
    may("repeated", "0"),
    may("relapsed", "0").of(YES_NO),
    may("failed", "0"),
    may("excluded", "").of(EXCLUSIONS),
    may("value", "12 mm"),
    may("place", "沙阳大道 18 号门前").or(&["位置", "地点", "问题位置"]),
    may("lng", "113.939271"),
    may("lat", "29.973363"),
    may("photos", "").or(&["照片"]),
    may("datum", "WGS84").of(DATUMS),
];
const CASES: &[Column] = &[
    must("id", "case-0001").or(&["编号", "案件号"]),
    must("unit", "421221100000").or(&["单位", "部门", "单位编码"]),
    may("category", "0102").or(&["类别", "案件类别"]),
    must("dispatched_at", "2022-12-05T10:00").or(&["派遣时间"]),
    may("due_at", "2022-12-06T10:00").or(&["期限", "处置时限"]),
    may("handled_at", "2022-12-05T16:20").or(&["处置时间", "完成时间"]),
    may("voided_at", ""),
    may("extended", "0").or(&["延期"]),
    may("suspended", "0").or(&["挂账"]).of(YES_NO),
    may("returned", "0").or(&["退回"]),
    may("reworked", "0").or(&["返工"]),
];
const MEASURES: &[Column] = &[
    must("key", "satisfaction").or(&["指标", "名称"]),
    may("unit", "421221000000").or(&["单位", "单位编码"]),
    must("value", "94.68").or(&["数值"]),
];
const RESULTS: &[Column] = &[
    must("series", "xianning").or(&["评价"]),
    must("month", "2022-11").or(&["期"]),
    must("name", "total").or(&["项目", "名称"]),
    must("unit", "421221000000").or(&["单位", "单位编码"]),
    must("value", "94.68").or(&["数值"]),
];
const BOARDS: &[Column] = &[
    must("period", "2022-08").or(&["月份", "期"]),
    must("unit", "嘉鱼县").or(&["单位"]),
    must("score", "89.71").or(&["总分"]),
    may("rank", "5").or(&["名次"]),
    may("source", "").or(&["出处"]),
];
const SHARES: &[Column] = &[
    must("period", "2022-08").or(&["月份", "期"]),
    may("block", "red_property").or(&["类别组"]),
    must("category", "自管型小区").or(&["类别", "名称"]),
    must("count", "156").or(&["件数"]),
    may("share", "21.46%").or(&["比例"]),
    may("total", "727").or(&["合计"]),
    may("source", "").or(&["出处"]),
];

impl Kind {
    /// The kinds of a month's facts, in the order of the canonical files.
    pub const FACTS: [Kind; 7] = [
        Kind::Units,
        Kind::Sites,
        Kind::Visits,
        Kind::Findings,
        Kind::Cases,
        Kind::Measures,
        Kind::Results,
    ];

    /// Every kind.
    pub const ALL: [Kind; 9] = [
        Kind::Units,
        Kind::Sites,
        Kind::Visits,
        Kind::Findings,
        Kind::Cases,
        Kind::Measures,
        Kind::Results,
        Kind::Boards,
        Kind::Shares,
    ];

    /// Its word in commands, and the stem of its file.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Units => "units",
            Kind::Sites => "sites",
            Kind::Visits => "visits",
            Kind::Findings => "findings",
            Kind::Cases => "cases",
            Kind::Measures => "measures",
            Kind::Results => "results",
            Kind::Boards => "boards",
            Kind::Shares => "shares",
        }
    }

    /// The kind of that word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Its name for people.
    pub fn title(self, language: Language) -> String {
        language.word(&format!("evidence-{}", self.word()))
    }

    /// Its columns: those of the canonical file in their order, then what only imports read.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Kind::Units => UNITS,
            Kind::Sites => SITES,
            Kind::Visits => VISITS,
            Kind::Findings => FINDINGS,
            Kind::Cases => CASES,
            Kind::Measures => MEASURES,
            Kind::Results => RESULTS,
            Kind::Boards => BOARDS,
            Kind::Shares => SHARES,
        }
    }

    /// The heading of a column for people.
    pub fn heading(self, code: &str, language: Language) -> String {
        language.word(&format!(
            "evidence-{}-{}",
            self.word(),
            code.replace('_', "-")
        ))
    }

    /// Its file, `findings.csv`.
    pub fn file(self) -> String {
        format!("{}.csv", self.word())
    }
}

/// The heading of the column whose mark makes a row an example.
pub const NOTE: &str = "note";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_facts_are_the_canonical_files() {
        for (kind, (file, columns)) in Kind::FACTS.into_iter().zip(assessment::facts::FILES) {
            assert_eq!(kind.file(), file);
            let codes = kind.columns().iter().map(|column| column.code);
            let own = |code: &&str| *code != "datum" && (kind, *code) != (Kind::Units, "to");
            let canonical: Vec<&str> = codes.filter(own).collect();
            assert_eq!(canonical, columns);
        }
    }

    #[test]
    fn every_column_has_a_heading_in_both_languages() {
        for kind in Kind::ALL {
            for language in [Language::Chinese, Language::English] {
                for column in kind.columns() {
                    let heading = kind.heading(column.code, language);
                    assert!(!heading.contains("Unknown"), "{heading}");
                }
                assert!(!kind.title(language).contains("Unknown"));
            }
        }
    }
}
