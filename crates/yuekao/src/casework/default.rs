//! The practice that the program brings along: a calendar, one city's limits, and the plainest route. A host makes its own of it.

use crate::store::case::CountedIn;
use crate::store::case_rules::{CaseRules, Reply, SERVE_DELAY_MINUTES, StageHours};

/// Working hours and the published days off.
pub const CALENDAR: &str = include_str!("../../../../standards/calendars/xianning.toml");
pub const DAYS: &str = include_str!("../../../../data/holidays.csv");
/// Filing conditions of one city: configuration, not law.
pub const CONDITIONS: &str = include_str!("../../../../data/case_standards.csv");
/// Everything goes to the county, or the zone without one, that it lies in.
pub const ROUTES: &str = "id,category,within,unit,department,valid_from,valid_to,note\ncounty,*,,@county,,2020-01-01,,\nzone,*,,@zone,,2020-01-01,,\n";

/// Fixed things have a place, what happens moves about.
pub const DUPLICATES: &str = "category,metres\n*,50\n*/component,20\n";
/// The same for what citizens report.
pub const CITIZEN_DUPLICATES: &str = "category,metres\n*,60\n";

/// The rules that hold until a host adopts its own.
pub fn rules() -> CaseRules {
    CaseRules {
        calendar: CALENDAR.into(),
        days: DAYS.into(),
        conditions: CONDITIONS.into(),
        routes: ROUTES.into(),
        most_returns: 2,
        most_dispatches: 3,
        most_extensions: 2,
        most_suspensions: 1,
        most_rest_days: 365,
        photo_needed: true,
        serve_delay_minutes: SERVE_DELAY_MINUTES,
        gross_factor: 3,
        relapse_days: 30,
        relapse_metres: 30,
        stage_hours: StageHours {
            dispatched: 2,
            ..StageHours::all(2)
        },
        counted: vec![CountedIn {
            series: "departments".into(),
            by_department: true,
        }],
        same_metres: 50,
        replies: replies(),
        duplicates: DUPLICATES.into(),
        citizen_duplicates: CITIZEN_DUPLICATES.into(),
    }
}

/// Texts to begin with.
fn replies() -> Vec<Reply> {
    [
        ("return", "经核实，该问题不属本单位职责范围，建议派往："),
        ("feedback", "已安排人员到场处置，问题已消除，现场照片附后。"),
        (
            "ask-extension",
            "所需材料（配件）预计于 月 日到货，申请延期。",
        ),
        (
            "ask-suspension",
            "需列入工程改造计划，已采取临时措施，申请挂账。",
        ),
        ("refuse-request", "理由不充分，请按原时限处置。"),
        ("verify", "现场核查，问题仍未整改到位："),
        ("supervise", "请责任单位高度重视，限期办结并书面反馈。"),
    ]
    .map(|(act, text)| Reply {
        act: act.into(),
        text: text.into(),
    })
    .into()
}
