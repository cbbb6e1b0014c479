//! How acts on cases are written into the record, and how cases look as evidence.

use assessment::case::Case;
use assessment::case::deadline::{Clock, Limit, LimitUnit, Pause};
use assessment::case::life::{Act, Due, Life, Post, Relapse, Stage, Who};
use assessment::facts::{Facts, time_text};
use assessment::finding::Word as _;
use jiff::civil::DateTime;
use serde::de::Error as _;
use serde::ser::{Error as _, SerializeMap as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::super::evidence::{EvidenceRow, milliseconds, rows_of};
use super::super::{Error, Result, act};
use super::{CaseStep, NewCase};

/// What is done to a case; its id is the id. An act's word is the kind of the deed.
#[derive(Debug, Clone)]
pub enum CaseDeed {
    /// It came in.
    Reported(NewCase),
    /// Something was done to it.
    Acted { who: Who, act: Act },
}

/// Acts as they are written.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Written {
    Accept {},
    Reject {
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        told: Option<String>,
    },
    OrderCheck {},
    Check {
        confirmed: bool,
        note: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        photos: Vec<String>,
    },
    Register {
        condition: String,
        limit: WrittenLimit,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        category: Option<String>,
        /// Where it was looked for again: the case that it repeats, or nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        relapse_of: Option<String>,
    },
    Amend {
        condition: String,
        limit: WrittenLimit,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        category: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        relapse_of: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        extended_by: Option<WrittenLimit>,
        #[serde(flatten)]
        due: WrittenDue,
        reason: String,
    },
    Dispatch {
        unit: String,
        department: Option<String>,
        due_at: DateTime,
        gross_at: DateTime,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        soon_at: Option<DateTime>,
    },
    SignFor {},
    PassDown {
        unit: String,
    },
    TakeBack {
        reason: String,
    },
    Return {
        reason: String,
    },
    Recall {
        reason: String,
    },
    Feedback {
        note: String,
        photos: Vec<String>,
        #[serde(flatten)]
        due: WrittenDue,
    },
    AskExtension {
        reason: String,
    },
    GrantExtension {
        by: WrittenLimit,
        due_at: DateTime,
        gross_at: DateTime,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        soon_at: Option<DateTime>,
    },
    AskSuspension {
        until: DateTime,
        reason: String,
    },
    GrantSuspension {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        #[serde(flatten)]
        due: WrittenDue,
    },
    RefuseRequest {
        reason: String,
    },
    Resume {
        due_at: DateTime,
        gross_at: DateTime,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        soon_at: Option<DateTime>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        undoes_grant: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ended: Option<DateTime>,
    },
    Verify {
        passed: bool,
        note: String,
        photos: Vec<String>,
        #[serde(flatten)]
        due: WrittenDue,
    },
    Close {},
    Void {
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        told: Option<String>,
    },
    Supervise {
        reason: String,
    },
    EndSupervision {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    Escalate {
        reason: String,
    },
    Recompute {
        due_at: DateTime,
        gross_at: DateTime,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        soon_at: Option<DateTime>,
        calendar: String,
    },
    Remind {},
    KeepSecret {
        until: DateTime,
    },
}

/// Due times where an act may bring some.
#[derive(Serialize, Deserialize)]
struct WrittenDue {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_at: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gross_at: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    soon_at: Option<DateTime>,
}

impl From<Option<Due>> for WrittenDue {
    fn from(due: Option<Due>) -> Self {
        Self {
            due_at: due.map(|due| due.at),
            gross_at: due.map(|due| due.gross_at),
            soon_at: due.and_then(|due| due.soon_at),
        }
    }
}

impl From<WrittenDue> for Option<Due> {
    fn from(written: WrittenDue) -> Self {
        let soon_at = written.soon_at;
        let both = written.due_at.zip(written.gross_at);
        both.map(|(at, gross_at)| Due {
            at,
            gross_at,
            soon_at,
        })
    }
}

/// `2 work_day`.
struct WrittenLimit(Limit);

impl Serialize for WrittenLimit {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{} {}", self.0.value, self.0.unit.word()))
    }
}

impl<'de> Deserialize<'de> for WrittenLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let limit = text.split_once(' ').and_then(|(value, unit)| {
            Some(Limit {
                value: value.parse().ok()?,
                unit: LimitUnit::parse(unit)?,
            })
        });
        limit
            .map(WrittenLimit)
            .ok_or_else(|| D::Error::custom(format!("{text:?} is not a limit")))
    }
}

/// A clock as a row keeps it.
#[derive(Serialize, Deserialize)]
struct WrittenClock {
    start: DateTime,
    limit: WrittenLimit,
    extensions: Vec<WrittenLimit>,
    rests: Vec<(DateTime, DateTime)>,
}

pub(super) fn write_clock(clock: &Clock) -> String {
    let written = WrittenClock {
        start: clock.start,
        limit: WrittenLimit(clock.limit),
        extensions: clock.extensions.iter().copied().map(WrittenLimit).collect(),
        rests: clock
            .pauses
            .iter()
            .map(|pause| (pause.from, pause.until))
            .collect(),
    };
    serde_json::to_string(&written).expect("a clock has no keys that are not text")
}

pub(super) fn read_clock(text: &str) -> Result<Clock> {
    let written: WrittenClock = serde_json::from_str(text).map_err(Error::damaged)?;
    let rest = |(from, until)| Pause { from, until };
    Ok(Clock {
        start: written.start,
        limit: written.limit.0,
        pauses: written.rests.into_iter().map(rest).collect(),
        extensions: written
            .extensions
            .into_iter()
            .map(|limit| limit.0)
            .collect(),
    })
}

impl From<&Act> for Written {
    fn from(act: &Act) -> Written {
        match act.clone() {
            Act::Report { .. } => unreachable!("a report is a deed of its own"),
            Act::Accept => Written::Accept {},
            Act::Reject { reason, told } => Written::Reject { reason, told },
            Act::OrderCheck => Written::OrderCheck {},
            Act::Check {
                confirmed,
                note,
                photos,
            } => Written::Check {
                confirmed,
                note,
                photos,
            },
            Act::Register {
                condition,
                limit,
                category,
                relapse,
            } => Written::Register {
                category,
                condition,
                limit: WrittenLimit(limit),
                relapse_of: relapse_written(relapse),
            },
            Act::Amend {
                condition,
                limit,
                category,
                relapse,
                extended_by,
                due,
                reason,
            } => Written::Amend {
                condition,
                extended_by: extended_by.map(WrittenLimit),
                limit: WrittenLimit(limit),
                category,
                relapse_of: relapse_written(relapse),
                due: due.into(),
                reason,
            },
            Act::Dispatch {
                unit,
                department,
                due_at,
                gross_at,
                reason,
                soon_at,
            } => Written::Dispatch {
                unit,
                department,
                due_at,
                gross_at,
                reason,
                soon_at,
            },
            Act::SignFor => Written::SignFor {},
            Act::PassDown { unit } => Written::PassDown { unit },
            Act::TakeBack { reason } => Written::TakeBack { reason },
            Act::Return { reason } => Written::Return { reason },
            Act::Recall { reason } => Written::Recall { reason },
            Act::Feedback { note, photos, due } => Written::Feedback {
                note,
                photos,
                due: due.into(),
            },
            Act::AskExtension { reason } => Written::AskExtension { reason },
            Act::GrantExtension {
                by,
                due_at,
                gross_at,
                reason,
                soon_at,
            } => Written::GrantExtension {
                reason,
                by: WrittenLimit(by),
                due_at,
                gross_at,
                soon_at,
            },
            Act::AskSuspension { until, reason } => Written::AskSuspension { until, reason },
            Act::GrantSuspension { reason, due } => Written::GrantSuspension {
                reason,
                due: due.into(),
            },
            Act::RefuseRequest { reason } => Written::RefuseRequest { reason },
            Act::Resume {
                due_at,
                gross_at,
                reason,
                soon_at,
                undoes_grant,
                ended,
            } => Written::Resume {
                due_at,
                gross_at,
                reason,
                soon_at,
                undoes_grant,
                ended,
            },
            Act::Remind => Written::Remind {},
            Act::KeepSecret { until } => Written::KeepSecret { until },
            Act::Verify {
                passed,
                note,
                photos,
                due,
            } => Written::Verify {
                passed,
                note,
                photos,
                due: due.into(),
            },
            Act::Close => Written::Close {},
            Act::Void { reason, told } => Written::Void { reason, told },
            Act::Supervise { reason } => Written::Supervise { reason },
            Act::EndSupervision { reason } => Written::EndSupervision { reason },
            Act::Escalate { reason } => Written::Escalate { reason },
            Act::Recompute {
                due_at,
                gross_at,
                soon_at,
                calendar,
            } => Written::Recompute {
                due_at,
                gross_at,
                soon_at,
                calendar,
            },
        }
    }
}

impl From<Written> for Act {
    fn from(written: Written) -> Act {
        match written {
            Written::Accept {} => Act::Accept,
            Written::Reject { reason, told } => Act::Reject { reason, told },
            Written::OrderCheck {} => Act::OrderCheck,
            Written::Check {
                confirmed,
                note,
                photos,
            } => Act::Check {
                confirmed,
                note,
                photos,
            },
            Written::Register {
                condition,
                limit,
                category,
                relapse_of,
            } => Act::Register {
                category,
                condition,
                limit: limit.0,
                relapse: relapse_read(relapse_of),
            },
            Written::Amend {
                condition,
                limit,
                category,
                relapse_of,
                extended_by,
                due,
                reason,
            } => Act::Amend {
                condition,
                extended_by: extended_by.map(|limit| limit.0),
                limit: limit.0,
                category,
                relapse: relapse_read(relapse_of),
                due: due.into(),
                reason,
            },
            Written::Dispatch {
                unit,
                department,
                due_at,
                gross_at,
                reason,
                soon_at,
            } => Act::Dispatch {
                unit,
                department,
                due_at,
                gross_at,
                reason,
                soon_at,
            },
            Written::SignFor {} => Act::SignFor,
            Written::PassDown { unit } => Act::PassDown { unit },
            Written::TakeBack { reason } => Act::TakeBack { reason },
            Written::Return { reason } => Act::Return { reason },
            Written::Recall { reason } => Act::Recall { reason },
            Written::Feedback { note, photos, due } => Act::Feedback {
                note,
                photos,
                due: due.into(),
            },
            Written::AskExtension { reason } => Act::AskExtension { reason },
            Written::GrantExtension {
                by,
                due_at,
                gross_at,
                reason,
                soon_at,
            } => Act::GrantExtension {
                reason,
                by: by.0,
                due_at,
                gross_at,
                soon_at,
            },
            Written::AskSuspension { until, reason } => Act::AskSuspension { until, reason },
            Written::GrantSuspension { reason, due } => Act::GrantSuspension {
                reason,
                due: due.into(),
            },
            Written::RefuseRequest { reason } => Act::RefuseRequest { reason },
            Written::Resume {
                due_at,
                gross_at,
                reason,
                soon_at,
                undoes_grant,
                ended,
            } => Act::Resume {
                due_at,
                gross_at,
                reason,
                soon_at,
                undoes_grant,
                ended,
            },
            Written::Remind {} => Act::Remind,
            Written::KeepSecret { until } => Act::KeepSecret { until },
            Written::Verify {
                passed,
                note,
                photos,
                due,
            } => Act::Verify {
                passed,
                note,
                photos,
                due: due.into(),
            },
            Written::Close {} => Act::Close,
            Written::Void { reason, told } => Act::Void { reason, told },
            Written::Supervise { reason } => Act::Supervise { reason },
            Written::EndSupervision { reason } => Act::EndSupervision { reason },
            Written::Escalate { reason } => Act::Escalate { reason },
            Written::Recompute {
                due_at,
                gross_at,
                soon_at,
                calendar,
            } => Act::Recompute {
                due_at,
                gross_at,
                soon_at,
                calendar,
            },
        }
    }
}

const POSTS: [(&str, Post); 6] = [
    ("system", Post::System),
    ("dispatcher", Post::Dispatcher),
    ("unit", Post::Unit),
    ("verifier", Post::Verifier),
    ("office", Post::Office),
    ("leader", Post::Leader),
];

/// Fields that say in what capacity somebody acted, beside those of the act.
const AS_POST: &str = "as";
const OF_UNIT: &str = "of";

impl Serialize for CaseDeed {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            Self::Reported(new) => map.serialize_entry("reported", new)?,
            Self::Acted { who, act } => {
                let written = serde_json::to_value(Written::from(act)).map_err(S::Error::custom)?;
                let (kind, body) = written
                    .as_object()
                    .and_then(|one| one.iter().next())
                    .ok_or_else(|| S::Error::custom("an act has a name"))?;
                let mut body = body.as_object().cloned().unwrap_or_default();
                let post = POSTS.iter().find(|(_, post)| *post == who.post);
                body.insert(AS_POST.into(), post.map_or("", |(word, _)| word).into());
                if let Some(unit) = &who.unit {
                    body.insert(OF_UNIT.into(), unit.clone().into());
                }
                map.serialize_entry(kind, &body)?;
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for CaseDeed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let (kind, body) = Map::<String, Value>::deserialize(deserializer)?
            .into_iter()
            .next()
            .ok_or_else(|| D::Error::custom("a deed has a name"))?;
        if kind == "reported" {
            return serde_json::from_value(body)
                .map(Self::Reported)
                .map_err(D::Error::custom);
        }
        let Value::Object(mut body) = body else {
            return Err(D::Error::custom("an act has fields"));
        };
        let text = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned));
        let post = text(body.remove(AS_POST)).unwrap_or_default();
        let post = POSTS
            .iter()
            .find(|(word, _)| *word == post)
            .ok_or_else(|| D::Error::custom(format!("{post:?} is not a post")))?
            .1;
        let who = Who {
            post,
            // The act itself says who did it.
            login: String::new(),
            unit: text(body.remove(OF_UNIT)),
        };
        let one = Value::Object(Map::from_iter([(kind, Value::Object(body))]));
        let written: Written = serde_json::from_value(one).map_err(D::Error::custom)?;
        Ok(Self::Acted {
            who,
            act: written.into(),
        })
    }
}

impl CaseStep {
    pub(super) fn read(act: &act::Act) -> Result<CaseStep> {
        let (who, done) = match act.deed::<CaseDeed>()? {
            CaseDeed::Acted { who, act: done } => {
                let login = act.who.clone();
                (Who { login, ..who }, done)
            }
            CaseDeed::Reported(new) => {
                let until = new.secret_until.map(super::moment).transpose()?;
                let who = Who {
                    post: Post::System,
                    login: act.who.clone(),
                    unit: None,
                };
                let secret_until = until.map(super::civil);
                (who, Act::Report { secret_until })
            }
        };
        Ok(CaseStep {
            seq: act.seq,
            at: act.at,
            who,
            act: done,
        })
    }
}

/// Columns of a finding's canonical cells.
pub(super) const FOUND_AT: usize = 8;
const DUE_AT: usize = 9;
const RECTIFIED_AT: usize = 10;
const RELAPSED: usize = 12;
const FAILED: usize = 13;
pub(in super::super) const EXCLUDED: usize = 14;

/// What a registration says of a relapse, as it is written: nothing, or the case that is repeated, or an empty text for none.
pub(super) fn relapse_written(relapse: Relapse) -> Option<String> {
    match relapse {
        Relapse::AsReported => None,
        Relapse::None => Some(String::new()),
        Relapse::Of(id) => Some(id),
    }
}

fn relapse_read(written: Option<String>) -> Relapse {
    match written {
        None => Relapse::AsReported,
        Some(id) if id.is_empty() => Relapse::None,
        Some(id) => Relapse::Of(id),
    }
}

/// A finding's evidence as its case makes it: due when the case is, rectified when a verified case was handled, failed as
/// often as verification failed; relapsed if it repeats a closed case, and no longer if under its right category it repeats
/// none; excluded if it never became a case, or was one that should not have been.
pub(super) fn finding_now(
    mut cells: Vec<String>,
    life: &Life,
    relapse: bool,
) -> Result<EvidenceRow> {
    if cells.len() != 20 {
        return Err(Error::damaged("a finding without its twenty cells"));
    }
    let time = |at: Option<DateTime>| at.map(time_text).unwrap_or_default();
    let verified = matches!(life.stage, Stage::Verified | Stage::Closed);
    cells[DUE_AT] = time(life.due_at);
    cells[RECTIFIED_AT] = time(life.handled_at.filter(|_| verified));
    match &life.relapse {
        _ if relapse => cells[RELAPSED] = "1".into(),
        Relapse::None => cells[RELAPSED] = "0".into(),
        _ => {}
    }
    cells[FAILED] = life.reworks.to_string();
    match (life.stage, cells[EXCLUDED].as_str()) {
        (Stage::Rejected, "") => cells[EXCLUDED] = "rejected".into(),
        (Stage::Voided, "") => cells[EXCLUDED] = "void".into(),
        // Whatever else excludes it was said elsewhere, and stands.
        _ => {}
    }
    let found: DateTime = cells[FOUND_AT].parse().map_err(Error::damaged)?;
    let found = milliseconds(found);
    Ok(EvidenceRow {
        kind: "findings".into(),
        id: cells[0].clone(),
        unit: cells[3].clone(),
        starts_at: found,
        ends_at: life.due_at.map_or(found, milliseconds).max(found),
        cells,
    })
}

/// A case as a row of evidence.
pub(super) fn case_now(fact: &Case) -> EvidenceRow {
    let facts = Facts {
        cases: vec![fact.clone()],
        ..Facts::default()
    };
    let month = assessment::month::Month::of(fact.dispatched_at.date())
        .unwrap_or_else(|| "2000-01".parse().expect("a month"));
    rows_of(&facts, month).remove(0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn acts_written_before_reasons_were_asked_for_read_and_are_written_as_they_were() {
        let times = json!({ "due_at": "2022-03-31T10:00:00", "gross_at": "2022-04-02T10:00:00" });
        let with = |mut body: Value| {
            for (name, time) in times.as_object().unwrap() {
                body[name] = time.clone();
            }
            body
        };
        for written in [
            json!({ "check": { "as": "verifier", "confirmed": true, "note": "" } }),
            json!({ "register": { "as": "dispatcher", "condition": "c", "limit": "2 work_day" } }),
            json!({ "dispatch": with(json!({ "as": "dispatcher", "unit": "421221", "department": null })) }),
            json!({ "grant_extension": with(json!({ "as": "office", "by": "2 work_day" })) }),
            json!({ "grant_suspension": { "as": "office" } }),
            json!({ "resume": with(json!({ "as": "system" })) }),
            json!({ "end_supervision": { "as": "leader" } }),
        ] {
            let deed: CaseDeed = serde_json::from_value(written.clone()).unwrap();
            let CaseDeed::Acted { act, .. } = &deed else {
                panic!("{written} is an act")
            };
            assert_eq!(act.reason(), None, "{written}");
            assert_eq!(serde_json::to_value(&deed).unwrap(), written);
        }
    }
}
