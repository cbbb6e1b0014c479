//! What a bulletin and a unit's sheet say, before anybody has chosen paper, page or workbook.
//!
//! Every number that was rounded arrives rounded, as decimal text: nothing here calculates.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::Language;

/// A text in both languages.
#[derive(
    Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
pub struct Both {
    pub zh: String,
    pub en: String,
}

impl Both {
    /// Both texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

/// A number as it is printed and, if rounding has hidden something, as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Figure {
    /// Decimal text, rounded as the scheme says: `94.12`.
    pub text: String,
    /// The exact value where it differs: `94123/1000`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exact: Option<String>,
}

impl Figure {
    /// A number that is exactly what is printed.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            exact: None,
        }
    }
}

/// Everything a bulletin of one month says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BulletinView {
    /// `2022-12`.
    pub month: String,
    /// Name of the evaluation, for running text: 城市管理工作月度综合评价.
    pub evaluation: Both,
    /// 关于……的通报; [`super::text::title`] makes the usual one.
    pub title: Both,
    /// 发文机关标志, the red line on top of the first page: 某某办公室文件.
    pub letterhead: Both,
    /// 发文机关署名.
    pub issuer: Both,
    /// 发文字号: 咸城管领办〔2022〕12号. None until somebody has given one.
    pub number: Option<String>,
    /// 主送.
    pub recipients: Vec<Both>,
    /// 抄送.
    pub copies: Vec<Both>,
    /// Date of signature, `2023-01-09`.
    pub date: String,
    /// Documents the evaluation rests on, with their title marks and numbers.
    pub basis: Vec<Both>,
    /// The rankings of the month; the first is the one that newspapers speak of.
    pub rankings: Vec<RankingView>,
    /// Units whose score rose against last month.
    pub rose: Vec<Both>,
    /// Units whose score fell against last month.
    pub fell: Vec<Both>,
    /// First and last township of each county.
    pub townships: Vec<EndsView>,
    /// All problems together, if the month merges several evaluations; `shares` stays empty.
    pub total: Option<ProblemsView>,
    /// The problems of the main evaluation, by heading.
    pub problems: ProblemsView,
    /// 红色物业, where the scheme has it.
    pub red_property: Option<RedPropertyView>,
    /// Handling rates of the professional departments.
    pub departments: Vec<DepartmentView>,
    /// What the places bring.
    pub awards: Vec<AwardView>,
    /// Rules that the host has assumed, not found in a published text.
    pub assumed: Vec<Both>,
    /// What the month is bound to.
    pub digests: DigestsView,
    /// True if the facts were generated and not observed: everything made of it is watermarked.
    pub synthetic: bool,
    /// A further watermark, for instance of a what-if run that must not be published.
    pub stamp: Option<Both>,
    /// The bulletin that this one corrects.
    pub correction_of: Option<CorrectionView>,
}

/// One ranking with its rows in the order of places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RankingView {
    pub title: Both,
    /// Titles of the components, in the order of [`RankedView::components`].
    pub components: Vec<Both>,
    pub rows: Vec<RankedView>,
}

/// One participant's line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RankedView {
    /// Code of the unit.
    #[serde(default)]
    pub code: String,
    /// Shared places repeat. None: scored but not ranked.
    pub place: Option<u32>,
    pub unit: Both,
    /// The score that ranks.
    pub score: Figure,
    /// The score before a handicap, where one was applied.
    pub before_handicap: Option<String>,
    /// One for each component; None where the component does not apply to the unit.
    pub components: Vec<Option<String>>,
    /// Places gained (positive) or lost against last month.
    pub place_change: Option<i32>,
    /// Signed decimal text, `-0.37`.
    pub score_change: Option<String>,
    /// Why the line is out of the ordinary: a veto, a shared place.
    pub note: Option<Both>,
}

/// A unit and its score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlacedView {
    /// Code of the unit.
    #[serde(default)]
    pub code: String,
    pub unit: Both,
    pub score: Option<Figure>,
}

/// First and last of one group: the townships of a county, the compounds of a management type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EndsView {
    /// The evaluation that ranked them.
    #[serde(default)]
    pub series: String,
    pub group: Both,
    pub first: Option<PlacedView>,
    pub last: Option<PlacedView>,
}

/// Problems found and the average score, each against last month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProblemsView {
    pub title: Both,
    pub count: u64,
    pub count_change: Option<i64>,
    pub average: Option<Figure>,
    /// Signed decimal text.
    pub average_change: Option<String>,
    /// By heading (or by management type), largest first.
    pub shares: Vec<ShareView>,
}

/// One heading of problems.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShareView {
    pub title: Both,
    pub count: u64,
    pub count_change: Option<i64>,
    /// Percent of all problems, decimal text without the sign: `17.83`.
    pub share: String,
}

/// The red-property section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RedPropertyView {
    /// `shares` are the management types.
    pub problems: ProblemsView,
    /// First and last compound (or county) by management type.
    pub ends: Vec<EndsView>,
}

/// How one department handled its cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DepartmentView {
    /// Code of the department.
    #[serde(default)]
    pub code: String,
    pub unit: Both,
    pub numerator: u64,
    pub denominator: u64,
    /// Percent, `96.43`; None if no case was due.
    pub rate: Option<String>,
    pub extended: u64,
    pub suspended: u64,
    pub voided: u64,
    /// Open beyond their limit; they are part of the denominator.
    pub overdue_open: u64,
}

/// What one unit gets, pays or has to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AwardView {
    /// Code of the unit.
    #[serde(default)]
    pub code: String,
    pub unit: Both,
    /// Why: 第一名, 倒数第一名, 问题每处200元.
    pub reason: Both,
    /// Decimal text, negative if the unit pays: `1000000`, `-200.50`.
    pub yuan: Option<String>,
    /// Titles, plaques and flags.
    pub titles: Vec<Both>,
    /// What to do at the next meeting.
    pub duties: Vec<Both>,
}

/// SHA-256 in hexadecimal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DigestsView {
    pub facts: String,
    pub scheme: String,
    pub assessment: String,
}

/// The bulletin that is corrected; it stays readable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CorrectionView {
    pub number: Option<String>,
    pub date: String,
    /// Digest of the assessment it printed.
    pub assessment: String,
    pub reason: Both,
}

/// One unit's month: what a county head asks for within the hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnitSheet {
    pub month: String,
    pub evaluation: Both,
    pub issuer: Both,
    pub unit: Both,
    pub place: Option<u32>,
    /// How many were ranked.
    pub ranked: u32,
    pub score: Figure,
    pub before_handicap: Option<String>,
    /// Components of the score: title and value.
    pub components: Vec<(Both, String)>,
    pub findings: Vec<FindingView>,
    /// Summed by indicator and clause.
    pub deductions: Vec<DeductionView>,
    /// Sum of `deductions`.
    pub deducted: Figure,
    pub date: String,
    pub digests: DigestsView,
    pub synthetic: bool,
    pub stamp: Option<Both>,
}

/// One problem of the unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FindingView {
    pub id: String,
    /// `2022-12-05 09:31`.
    pub time: String,
    pub place: Both,
    /// Code of the indicator.
    pub indicator: String,
    /// What is required.
    pub requirement: Both,
    /// Under which the bulletin counts it.
    pub heading: Both,
    pub severity: Option<Both>,
    /// With its unit: `18 mm`.
    pub measure: Option<String>,
    /// Points deducted; None if it does not count.
    pub points: Option<Figure>,
    pub found_by: Both,
    /// State of rectification.
    pub state: Both,
    /// By when; `2022-12-08 12:00`.
    pub due: Option<String>,
    /// When it was done.
    pub done: Option<String>,
    /// Digests of the photos.
    pub photos: Vec<String>,
}

/// One problem on a list of several units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListedFinding {
    /// Code and name of the participant that answers for it.
    pub unit_code: String,
    pub unit: Both,
    /// Id of the heading; None if the catalogue does not know the indicator.
    pub category: Option<String>,
    /// Whether it counts: it was neither excluded nor exempt.
    pub counts: bool,
    /// Where it was found, if that is known: degrees of WGS 84 as decimal text.
    pub position: Option<PositionView>,
    pub finding: FindingView,
}

/// A position in WGS 84, degrees as decimal text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PositionView {
    pub lng: String,
    pub lat: String,
}

/// What one indicator has cost under one clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeductionView {
    pub indicator: String,
    pub requirement: Both,
    pub clause: Both,
    pub count: u64,
    pub points: Figure,
}
