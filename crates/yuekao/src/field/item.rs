//! One item of a phone: read, looked at, and told what it makes. The format is described in the
//! manual, `docs/manual/field.md`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use assessment::finding::{Severity, Word as _};
use assessment::indicator::{Method, Standard};
use assessment::points::Points;
use serde::Deserialize;
use serde_json::Value;

use super::rules::FieldRules;
use crate::store::field::{
    Fix, Item, Looked, Makes, Observed, OfVisit, Reason, Received, Span, Verdict, canonical,
};
use crate::store::{digest_of, plain::make_plain};

/// Items in one parcel at most.
pub const MOST: usize = 200;
/// No phone has numbered more.
pub(crate) const MOST_NUMBERS: i64 = 10_000_000;
/// Characters of free words that are taken.
const WORDS: usize = 2000;
/// Photos of one observation at most.
const PHOTOS: usize = 12;
/// Bytes of a decimal at most.
const NUMBER: usize = 15;
/// Older than this by its own clock, an item is dated back no further.
const OLDEST: i64 = 90 * 24 * 3600 * 1000;

/// What a phone posts.
#[derive(Debug, Deserialize)]
pub struct Parcel {
    /// Id of the phone, made by itself.
    pub phone: String,
    /// The phone's clock at sending, epoch milliseconds.
    pub sent_at: i64,
    /// The last number that the phone has given.
    #[serde(default)]
    pub numbered: i64,
    /// The items; each is read by itself, so that a broken one spoils no other.
    pub items: Vec<Value>,
}

/// A task that an inspector may work on, with what the rules of its month ask.
#[derive(Debug, Clone)]
pub struct Task {
    /// Id of the assignment.
    pub assignment: String,
    /// The evaluation.
    pub series: String,
    /// The month drawn for.
    pub month: String,
    /// The site.
    pub site: String,
    /// The unit evaluated there.
    pub unit: String,
    /// When it was theirs.
    pub spans: Vec<Span>,
    /// When the visits that they made began, by visit; told if one of the times is over.
    pub begun: HashMap<String, i64>,
    /// What is looked for; `None` if no rules hold.
    pub rules: Option<Arc<FieldRules>>,
}

/// Who hands in, when, and what they may work on.
pub struct Inbox<'a> {
    /// Whose session it is.
    pub login: &'a str,
    /// Their agency.
    pub agency: &'a str,
    /// Our clock, epoch milliseconds.
    pub now: i64,
    /// Their tasks, by assignment.
    pub tasks: &'a HashMap<String, Task>,
}

/// When something was done, by our clock.
#[derive(Debug, Clone, Copy)]
struct When {
    at: i64,
    /// When its visit began, as far as that is known; not after it.
    begun: i64,
}

/// When visits begin in a parcel, by assignment and visit.
type Starts = HashMap<(String, String), i64>;

/// The assignments that items of a parcel name: to be looked up before they are judged.
pub fn assignments(parcel: &Parcel) -> Vec<String> {
    let mut named: Vec<String> = parcel
        .items
        .iter()
        .filter_map(|item| item["content"]["assignment"].as_str().map(str::to_owned))
        .collect();
    named.sort();
    named.dedup();
    named
}

/// Whether a text is a UUID as phones make them.
pub fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}

/// Whether a text is a SHA-256 in lower-case hex.
pub fn is_sha256(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

impl Inbox<'_> {
    /// Looks at every item: the verdicts are those of items that are new.
    pub fn look(&self, parcel: Parcel) -> Looked {
        let Parcel { phone, items, .. } = parcel;
        let starts = self.starts(&items, parcel.sent_at);
        let looked = |item| self.look_at(item, &phone, parcel.sent_at, &starts);
        let items = items.into_iter().map(looked).collect();
        Looked {
            phone,
            received: Received {
                login: self.login.to_owned(),
                agency: self.agency.to_owned(),
                sent_at: parcel.sent_at,
                numbered: parcel.numbered.clamp(0, MOST_NUMBERS),
                items,
            },
        }
    }

    fn starts(&self, items: &[Value], sent_at: i64) -> Starts {
        let starts = items.iter().filter(|item| item["kind"] == "visit_started");
        let starts = starts.filter_map(|item| {
            let at = self.happened(item["made_at"].as_i64()?, sent_at);
            Some((visit_of(&item["content"])?, at))
        });
        starts.collect()
    }

    fn look_at(&self, mut sent: Value, phone: &str, sent_at: i64, starts: &Starts) -> Item {
        let mut content = sent.get_mut("content").map(Value::take).unwrap_or_default();
        let text = |name: &str| sent[name].as_str().unwrap_or_default();
        let (number, made_at) = (sent["number"].as_i64(), sent["made_at"].as_i64());
        // What no phone can have numbered stands in the reason alone.
        let counted = number.filter(|number| (1..=MOST_NUMBERS).contains(number));
        let (id, kind) = (text("id"), text("kind"));
        let (said_number, said_made_at) = (
            number.unwrap_or_default().to_string(),
            made_at.unwrap_or_default().to_string(),
        );
        let said = canonical(&content);
        let parts = [self.login, phone, &said_number, kind, &said_made_at, &said];
        // What is kept is as the record will be read.
        make_plain(&mut content);
        let mut item = Item {
            id: short(id, 64),
            digest: hex::encode(digest_of(parts)),
            number: counted.unwrap_or_default(),
            kind: short(kind, 64),
            content: Value::Null,
            made_at: made_at.unwrap_or_default(),
            verdict: Verdict::Refused,
            reason: None,
            makes: None,
        };
        let read = || {
            if !is_uuid(id) {
                return Err(refused("id", id));
            }
            if counted.is_none() {
                return Err(refused("number", &sent["number"].to_string()));
            }
            let made_at = made_at.ok_or_else(|| refused("part", "made_at"))?;
            let when = self.when(&content, self.happened(made_at, sent_at), starts);
            self.makes(kind, &content, when)
        };
        match read() {
            Ok(makes) => {
                item.verdict = Verdict::Taken;
                item.makes = Some(makes);
            }
            Err(reason) => item.reason = Some(reason),
        }
        item.content = content;
        item
    }

    /// When something happened by our clock: as long before now as the phone's clock says it was
    /// before sending. A clock that was set in between cannot put it into the future.
    fn happened(&self, made_at: i64, sent_at: i64) -> i64 {
        self.now - sent_at.saturating_sub(made_at).clamp(0, OLDEST)
    }

    fn when(&self, content: &Value, at: i64, starts: &Starts) -> When {
        let Some(visit) = visit_of(content) else {
            return When { at, begun: at };
        };
        let here = starts.get(&visit);
        let (assignment, visit) = visit;
        let task = self.tasks.get(&assignment);
        let known = task.and_then(|task| task.begun.get(&visit));
        let begun = here
            .into_iter()
            .chain(known)
            .fold(at, |at, one| at.min(*one));
        When { at, begun }
    }

    fn makes(&self, kind: &str, content: &Value, when: When) -> Result<Makes, Reason> {
        match kind {
            "visit_started" => Ok(Makes::Start {
                of: self.of(content, when)?.0,
                fix: fix(&content["position"])?,
            }),
            "visit_finished" => self.finish(content, when),
            "observation" => self.observation(content, when),
            "position" => Ok(Makes::Position {
                visit: optional_uuid(content, "visit")?,
                at: when.at,
                fix: fix(content)?.ok_or_else(|| refused("part", "lng"))?,
            }),
            "note" if content["closed"] == true => self.closed(content, when),
            "note" => {
                words(content, "text")?;
                Ok(Makes::Note {})
            }
            other => Err(refused("kind", other)),
        }
    }

    /// The task that something belongs to, if it was the inspector's at that moment or when its visit began, and the moment:
    /// never before the task was released, whatever the clock of a phone says. A visit that the battery did not see the end
    /// of is finished on a later day, when the task may have been moved.
    fn task(&self, content: &Value, when: When) -> Result<(&Task, i64), Reason> {
        let assignment = content["assignment"].as_str().unwrap_or_default();
        let not_theirs = || refused("assignment", assignment);
        let task = self.tasks.get(assignment).ok_or_else(not_theirs)?;
        let span = Span::of(&task.spans, when.begun).ok_or_else(not_theirs)?;
        Ok((task, when.at.max(span.from)))
    }

    fn closed(&self, content: &Value, when: When) -> Result<Makes, Reason> {
        let text = words(content, "text")?;
        if text.is_empty() {
            return Err(refused("part", "text"));
        }
        let (task, at) = self.task(content, when)?;
        Ok(Makes::Closed {
            assignment: task.assignment.clone(),
            visit: optional_uuid(content, "visit")?,
            at,
            words: text,
            photos: photos(content)?,
            fix: fix(&content["position"])?,
        })
    }

    fn of(&self, content: &Value, when: When) -> Result<(OfVisit, &Task), Reason> {
        let (task, at) = self.task(content, when)?;
        let visit = optional_uuid(content, "visit")?.ok_or_else(|| refused("part", "visit"))?;
        let of = OfVisit {
            visit,
            assignment: task.assignment.clone(),
            series: task.series.clone(),
            month: task.month.clone(),
            site: task.site.clone(),
            unit: task.unit.clone(),
            rules: words(content, "rules")?,
            at,
        };
        Ok((of, task))
    }

    fn finish(&self, content: &Value, when: When) -> Result<Makes, Reason> {
        let (of, task) = self.of(content, when)?;
        let looked: Vec<String> = match &content["looked"] {
            Value::Null => Vec::new(),
            list => serde_json::from_value(list.clone()).map_err(|_| refused("part", "looked"))?,
        };
        let rest = content["rest"].as_i64().unwrap_or_default();
        let grades: BTreeMap<String, String> = match &content["grades"] {
            Value::Null => BTreeMap::new(),
            map => serde_json::from_value(map.clone()).map_err(|_| refused("part", "grades"))?,
        };
        let unspeakable = |word: &String| word.is_empty() || word.contains([';', '=', ',']);
        if grades
            .iter()
            .any(|(key, grade)| unspeakable(key) || unspeakable(grade))
        {
            return Err(refused("part", "grades"));
        }
        // A grade that the rules do not weigh would stop the score of the month. Of what they do not ask for they say nothing.
        let mut sheets = task.rules.iter().flat_map(|rules| &rules.sheet.grades);
        let unknown = sheets.find_map(|sheet| {
            let grade = grades.get(&sheet.key)?;
            (!sheet.grades.contains(grade)).then_some(grade)
        });
        if let Some(grade) = unknown {
            return Err(refused("grade", grade));
        }
        Ok(Makes::Finish {
            of,
            rest: rest.clamp(0, looked.len() as i64),
            looked,
            length_m: number(content, "length_m")?,
            grades,
            note: words(content, "note")?,
            fix: fix(&content["position"])?,
        })
    }

    fn observation(&self, content: &Value, when: When) -> Result<Makes, Reason> {
        let (of, task) = self.of(content, when)?;
        let standard = task
            .rules
            .as_deref()
            .map(FieldRules::standard)
            .ok_or_else(|| refused("no-rules", &task.month))?;
        let id = content["indicator"].as_str().unwrap_or_default();
        let indicator = standard
            .indicator(id)
            .ok_or_else(|| refused("indicator", id))?;
        let severity = content["severity"].as_str().unwrap_or_default();
        let known = Severity::parse(severity).ok_or_else(|| refused("severity", severity))?;
        if indicator.points.of(known).is_none() {
            return Err(refused("severity-here", severity));
        }
        let opens = indicator.opens.as_ref();
        Ok(Makes::Observation(Box::new(Observed {
            value: value(content, standard, id)?,
            of,
            indicator: id.to_owned(),
            severity: severity.to_owned(),
            place: words(content, "place")?,
            note: words(content, "note")?,
            fix: fix(&content["position"])?,
            photos: photos(content)?,
            category: opens
                .map(|opens| opens.category.clone())
                .unwrap_or_default(),
            condition: opens
                .and_then(|opens| opens.condition.clone())
                .unwrap_or_default(),
        })))
    }
}

/// The assignment and the visit that a part names.
fn visit_of(content: &Value) -> Option<(String, String)> {
    let text = |part: &str| content[part].as_str().map(str::to_owned);
    text("assignment").zip(text("visit"))
}

/// The photos that a part names.
fn photos(content: &Value) -> Result<Vec<String>, Reason> {
    let photos: Vec<String> = match &content["photos"] {
        Value::Null => Vec::new(),
        list => serde_json::from_value(list.clone()).map_err(|_| refused("part", "photos"))?,
    };
    if photos.len() > PHOTOS || !photos.iter().all(|photo| is_sha256(photo)) {
        return Err(refused("part", "photos"));
    }
    Ok(photos)
}

/// The measured value with the unit that the catalogue measures in.
fn value(content: &Value, standard: &Standard, indicator: &str) -> Result<Option<String>, Reason> {
    let Some(number) = number(content, "value")? else {
        return Ok(None);
    };
    match standard.indicator(indicator).map(|one| &one.method) {
        Some(Method::Measure(measure)) => Ok(Some(format!("{number} {}", measure.unit.word()))),
        _ => Err(refused("value", &number)),
    }
}

fn refused(what: &str, detail: &str) -> Reason {
    Reason {
        key: format!("field-refused-{what}"),
        detail: short(detail, 80),
    }
}

/// A text as a column can hold it: PostgreSQL has no NUL.
fn short(text: &str, most: usize) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(most)
        .collect()
}

/// Words of a part; missing ones are none.
fn words(content: &Value, part: &str) -> Result<String, Reason> {
    match &content[part] {
        Value::Null => Ok(String::new()),
        Value::String(text) if text.chars().count() <= WORDS => Ok(text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect::<String>()
            .trim()
            .to_owned()),
        _ => Err(refused("part", part)),
    }
}

/// A decimal, kept as text; it may not be negative.
fn number(content: &Value, part: &str) -> Result<Option<String>, Reason> {
    let text = match &content[part] {
        Value::Null => return Ok(None),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        other => return Err(refused("value", &other.to_string())),
    };
    let plain = text.len() <= NUMBER
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    match Points::parse(&text) {
        Ok(points) if plain => Ok(Some(points.to_exact_text())),
        _ => Err(refused("value", &text)),
    }
}

fn optional_uuid(content: &Value, part: &str) -> Result<Option<String>, Reason> {
    match &content[part] {
        Value::Null => Ok(None),
        Value::String(id) if is_uuid(id) => Ok(Some(id.clone())),
        _ => Err(refused("part", part)),
    }
}

/// A position, if there is one. What lies on no globe is no position; it stays in the content.
fn fix(content: &Value) -> Result<Option<Fix>, Reason> {
    if content.is_null() || content["lng"].is_null() {
        return Ok(None);
    }
    let whole = |part: &str| content[part].as_i64().ok_or_else(|| refused("part", part));
    let (lng, lat) = (whole("lng")?, whole("lat")?);
    let on_the_globe = lng.unsigned_abs() <= 1_800_000_000 && lat.unsigned_abs() <= 900_000_000;
    Ok(on_the_globe.then(|| Fix {
        lng,
        lat,
        accuracy_m: content["accuracy_m"].as_i64().filter(|metres| *metres >= 0),
        measured_at: content["at"].as_i64(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::photo;
    use serde_json::json;

    #[test]
    fn the_same_content_is_the_same_text_in_whatever_order_it_was_written() {
        let a = json!({ "b": [1, { "d": null, "c": "x" }], "a": true });
        assert_eq!(canonical(&a), r#"{"a":true,"b":[1,{"c":"x","d":null}]}"#);
    }

    #[test]
    fn a_wrong_clock_puts_nothing_into_the_future_and_nothing_back_by_years() {
        let tasks = HashMap::new();
        let inbox = Inbox {
            login: "jia",
            agency: "a",
            now: 1_700_000_000_000,
            tasks: &tasks,
        };
        let now = inbox.now;
        // Three days slow, an hour before sending.
        let slow = now - 3 * 86_400_000;
        assert_eq!(inbox.happened(slow - 3_600_000, slow), now - 3_600_000);
        // Set back between making and sending; in 2038; the ends of numbers.
        assert_eq!(inbox.happened(now + 5, now), now);
        assert_eq!(inbox.happened(2_147_483_648_000, 2_147_483_648_000), now);
        assert_eq!(inbox.happened(i64::MIN, i64::MAX), now - OLDEST);
    }

    #[test]
    fn what_lies_on_no_globe_is_no_position() {
        assert_eq!(
            fix(&json!({ "lng": 1_900_000_000_i64, "lat": 1 })),
            Ok(None)
        );
        assert_eq!(fix(&json!({ "lng": i64::MIN, "lat": i64::MIN })), Ok(None));
        assert!(fix(&json!({ "lng": 114.3, "lat": 29 })).is_err());
        let at = fix(&json!({ "lng": 1_143_217_170, "lat": 298_366_160, "accuracy_m": -1 }));
        assert_eq!(at.unwrap().unwrap().accuracy_m, None);
    }

    /// What the app lets an inspector save, it can hand in.
    #[test]
    fn the_app_knows_the_limits() {
        let text = include_str!("../../../../frontend/src/field/limits.json");
        let told: Value = serde_json::from_str(text).unwrap();
        let brands = told["heic"].as_array().unwrap();
        for brand in brands {
            let head = format!("\0\0\0\x18ftyp{}", brand.as_str().unwrap());
            assert_eq!(photo::media_type(head.as_bytes()), Some("image/heic"));
        }
        let ours = json!({ "photos": PHOTOS, "photo_bytes": photo::LARGEST, "words": WORDS, "number": NUMBER, "heic": brands });
        assert_eq!(told, ours);
    }

    #[test]
    fn ids_are_uuids_in_lower_case() {
        assert!(is_uuid("0b9f3a52-6a0e-4c59-9a43-2f8f4f1f0c11"));
        for wrong in [
            "",
            "0B9F3A52-6A0E-4C59-9A43-2F8F4F1F0C11",
            "0b9f3a52x6a0e-4c59-9a43-2f8f4f1f0c11",
        ] {
            assert!(!is_uuid(wrong), "{wrong}");
        }
    }
}
