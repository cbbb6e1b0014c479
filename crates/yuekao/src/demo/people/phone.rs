//! An inspector's phone: it loads the day's tasks, is carried from site to site, records what is found, and hands in when
//! there is a network — sometimes late, sometimes twice.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context as _, Result, ensure};
use assessment::finding::Word as _;
use assessment::month::Month;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, time};
use serde_json::{Value, json};

use super::agency::Decision;
use super::{Found, People, Task, Visited, text, uuid, within};
use crate::datum::{decimal, metres};
use crate::demo::dice::Dice;
use crate::demo::inspection::Field;
use crate::demo::photo::Scene;
use crate::demo::town::{CENTRE, HITECH, area_of_place};
use crate::store::evidence::milliseconds;

/// Items that the app sends in one parcel.
const PARCEL: usize = 50;
/// Of a thousand visits, so many end where there is a network; of parcels and photos so many are sent again although
/// they had arrived.
const NETWORK: u64 = 700;
const TWICE: u64 = 120;
/// Of a thousand findings, so many are recorded a second time by mistake.
const BLURRED: u64 = 6;

/// A phone, as far as it matters between days.
#[derive(Debug, Clone)]
pub struct Phone {
    id: String,
    /// The number of its last item.
    number: i64,
    /// Milliseconds that its clock is ahead.
    ahead: i64,
}

/// What a phone hands in at once.
#[derive(Debug, Clone)]
pub struct Batch {
    login: &'static str,
    items: Vec<Value>,
    /// Digest and bytes.
    photos: Vec<(String, Vec<u8>)>,
    /// Visits that have ended with it.
    visits: Vec<String>,
}

/// Something that an inspector will find and record.
#[derive(Debug, Clone)]
pub struct Find {
    assignment: String,
    id: String,
    indicator: String,
    severity: &'static str,
    value: Option<String>,
    /// 1e-7 degree.
    at: (i64, i64),
    decision: Decision,
    found: Found,
}

impl Find {
    /// What there is to find in a month, with the assignments of the sites that were drawn.
    pub fn of(
        people: &People<'_>,
        month: Month,
        field: &Field<'_>,
        drawn: &BTreeMap<usize, String>,
    ) -> Vec<Find> {
        let demo = people.demo;
        let seed = demo.town.seed;
        let mut finds: Vec<Find> = Vec::new();
        // The first that counts at a visit: others can be taken for it.
        let mut first: HashMap<usize, usize> = HashMap::new();
        for (number, seen) in field.seen(demo).into_iter().enumerate() {
            let mut dice = people.dice(&format!("find|{}", seen.name));
            let site = &demo.town.sites[seen.site];
            let area = area_of_place(&site.unit, month);
            let opens = seen.indicator.opens.as_ref();
            let mut find = Find {
                assignment: drawn[&seen.site].clone(),
                id: uuid(seed, &format!("observation|{}", seen.name)),
                indicator: seen.indicator.id.clone(),
                severity: seen.severity.word(),
                value: seen
                    .value
                    .as_deref()
                    .and_then(|value| Some(value.split_once(' ')?.0.to_owned())),
                at: (
                    seen.spot.lng * 10 + dice.between(0, 9),
                    seen.spot.lat * 10 + dice.between(0, 9),
                ),
                decision: Decision::Accept,
                found: Found {
                    scene: Scene::of(seen.indicator),
                    // Beyond the pictures of the album.
                    variant: 1000 * month.month() as usize + 100_000 + number,
                    site: seen.site,
                    condition: opens.and_then(|opens| opens.condition.clone()),
                    works: seen.indicator.heading == "municipal-facilities"
                        && [CENTRE, HITECH].contains(&area),
                    excluded: seen.excluded,
                    handling: seen.handling,
                    fails: seen.fails,
                    name: seen.name,
                },
            };
            match (seen.excluded, first.get(&seen.visit)) {
                (Some("duplicate"), Some(&of)) => {
                    let other = &finds[of];
                    find.decision = Decision::Duplicate(other.id.clone());
                    find.at = (
                        other.at.0 + dice.between(-30, 30),
                        other.at.1 + dice.between(-30, 30),
                    );
                    (find.indicator, find.severity) = (other.indicator.clone(), other.severity);
                    find.value.clone_from(&other.value);
                    (find.found.scene, find.found.variant) =
                        (other.found.scene, other.found.variant);
                }
                (Some("duplicate"), None) => {
                    find.decision = Decision::Reject("与本月已认定问题重复");
                }
                _ => {
                    first.entry(seen.visit).or_insert(finds.len());
                    if dice.chance(BLURRED) {
                        let name = format!("{}-blurred", find.found.name);
                        let mut again = find.clone();
                        again.id = uuid(seed, &format!("observation|{name}"));
                        again.at.0 += 11;
                        again.found.name = name;
                        again.decision = Decision::Reject("照片模糊，无法认定");
                        finds.push(find);
                        finds.push(again);
                        continue;
                    }
                }
            }
            finds.push(find);
        }
        finds
    }
}

/// A day in the making: items get their numbers in the order in which they are made.
struct Day<'a> {
    phone: Phone,
    dice: Dice,
    items: Vec<Value>,
    people: &'a People<'a>,
    login: &'static str,
}

impl Day<'_> {
    /// When a phone says something was.
    fn told(&self, at: DateTime) -> i64 {
        milliseconds(at) + self.phone.ahead
    }

    fn position(&mut self, at: DateTime, place: (i64, i64)) -> Value {
        // What is measured trembles.
        let mut tremble = || self.dice.between(-150, 150);
        json!({
            "lng": place.0 + tremble(), "lat": place.1 + tremble(),
            "accuracy_m": self.dice.between(4, 18), "at": self.told(at),
        })
    }

    fn item(&mut self, id: String, kind: &str, at: DateTime, content: Value) {
        self.phone.number += 1;
        self.items.push(json!({
            "id": id, "number": self.phone.number, "kind": kind, "made_at": self.told(at), "content": content,
        }));
    }

    fn id(&self, what: &str) -> String {
        let seed = self.people.demo.town.seed;
        uuid(seed, &format!("item|{}|{what}", self.login))
    }
}

/// A site of the day, with what will be found there.
struct Stop {
    task: Value,
    at: (i64, i64),
    finds: Vec<Find>,
}

impl People<'_> {
    /// Loads the day's tasks and makes the tour, entering when the phone will hand in.
    pub(super) async fn tour(&self, login: &'static str, day: Date) -> Result<()> {
        let browser = self.as_user(login).await?;
        browser.json("/field/session").await?;
        let loaded = browser.json("/field/tasks").await?;
        ensure!(
            text(&loaded, "day") == day.to_string(),
            "tasks of another day"
        );
        let mut stops = Vec::new();
        for task in loaded["tasks"].as_array().context("tasks")? {
            let month: Month = text(task, "month").parse().ok().context("a month")?;
            let finds = self.notes().months.get(&month).cloned().unwrap_or_default();
            let here = finds
                .iter()
                .filter(|find| find.assignment == text(task, "id"));
            stops.push(Stop {
                at: (
                    e7(text(&task["site"], "lng"))?,
                    e7(text(&task["site"], "lat"))?,
                ),
                finds: here.cloned().collect(),
                task: task.clone(),
            });
        }
        let phone = self.notes().phones.get(login).cloned();
        let mut dice = self.dice(&format!("phone|{login}"));
        let phone = phone.unwrap_or_else(|| Phone {
            id: uuid(self.demo.town.seed, &format!("phone|{login}")),
            number: 0,
            ahead: dice.between(-90_000, 90_000),
        });
        let mut tour = Day {
            phone,
            dice: self.dice(&format!("tour|{login}|{day}")),
            items: Vec::new(),
            people: self,
            login,
        };
        let mut at = day.to_datetime(time(8, 0, 0, 0)) + tour.dice.between(0, 1800).seconds();
        let mut here: Option<(i64, i64)> = None;
        let (mut photos, mut visits) = (Vec::new(), Vec::new());
        while !stops.is_empty() {
            // From where they are to the nearest that is left.
            let next = (0..stops.len())
                .min_by_key(|index| here.map_or(0, |here| metres(here, stops[*index].at)))
                .unwrap_or(0);
            let stop = stops.remove(next);
            if let Some(here) = here {
                at = travelled(at, metres(here, stop.at), &mut tour.dice);
            }
            here = Some(stop.at);
            let visit = self.stop(&mut tour, &stop, &loaded, &mut at);
            let pictures: Vec<(String, Vec<u8>)> = stream::iter(&stop.finds)
                .map(|find| self.picture(find.found.scene, find.found.variant, false))
                .buffered(4)
                .try_collect()
                .await?;
            self.shown(&mut tour, &pictures, stop.finds.len());
            photos.extend(pictures);
            visits.push(visit);
            if stops.is_empty() || tour.dice.chance(NETWORK) {
                let batch = Batch {
                    login,
                    items: std::mem::take(&mut tour.items),
                    photos: std::mem::take(&mut photos),
                    visits: std::mem::take(&mut visits),
                };
                self.enter(at + 1.minute(), Task::HandIn(Box::new(batch)));
            }
        }
        self.notes().phones.insert(login, tour.phone);
        Ok(())
    }

    /// Puts the digests of pictures into the observations that were made last, in their order.
    fn shown(&self, tour: &mut Day<'_>, pictures: &[(String, Vec<u8>)], count: usize) {
        let observations = tour
            .items
            .iter_mut()
            .filter(|item| item["kind"] == "observation")
            .rev()
            .take(count);
        for (item, (digest, _)) in observations.zip(pictures.iter().rev()) {
            item["content"]["photos"] = json!([digest]);
        }
    }

    /// What is recorded at one site. Returns the visit's id; `at` is then its end.
    fn stop(&self, tour: &mut Day<'_>, stop: &Stop, loaded: &Value, at: &mut DateTime) -> String {
        let assignment = text(&stop.task, "id");
        let visit = uuid(self.demo.town.seed, &format!("visit|{assignment}"));
        let rules = text(&stop.task, "rules");
        let of = |more: Value| {
            let mut content = json!({ "assignment": assignment, "visit": visit, "rules": rules });
            for (name, value) in more.as_object().into_iter().flatten() {
                content[name] = value.clone();
            }
            content
        };
        let position = tour.position(*at, stop.at);
        let id = tour.id(&format!("start|{assignment}"));
        tour.item(
            id,
            "visit_started",
            *at,
            of(json!({ "position": position })),
        );
        let (mut observations, mut looked) = (Vec::new(), Vec::new());
        for find in &stop.finds {
            *at += tour.dice.between(100, 260).seconds();
            let on_the_way = tour.position(*at, find.at);
            let id = tour.id(&format!("way|{}", find.id));
            let mut content = on_the_way;
            content["visit"] = json!(visit);
            tour.item(id, "position", *at, content);
            *at += tour.dice.between(20, 60).seconds();
            // This one is what the list of cases will show: it does not tremble.
            let position = json!({
                "lng": find.at.0, "lat": find.at.1, "accuracy_m": tour.dice.between(4, 18), "at": tour.told(*at),
            });
            let content = of(json!({
                "indicator": find.indicator, "severity": find.severity, "value": find.value,
                "place": text(&stop.task["site"], "name"), "note": "", "photos": [], "position": position,
            }));
            tour.item(find.id.clone(), "observation", *at, content);
            looked.push(find.indicator.clone());
            observations.push((find.id.clone(), find.decision.clone()));
            if find.decision == Decision::Accept {
                let key = (decimal(find.at.0), decimal(find.at.1));
                let mut notes = self.notes();
                notes.places.insert(find.found.name.clone(), key.clone());
                notes.found.insert(key, find.found.clone());
            }
        }
        *at += tour.dice.between(120, 400).seconds();
        let indicators = loaded["rules"][rules]["indicators"].as_array();
        let stratum = text(&stop.task, "stratum");
        let looked_for = |one: &&Value| {
            let strata = one["strata"].as_array();
            strata.is_none_or(|strata| strata.is_empty() || strata.contains(&json!(stratum)))
        };
        looked.extend(
            indicators
                .into_iter()
                .flatten()
                .filter(looked_for)
                .map(|one| text(one, "id").to_owned()),
        );
        looked.sort();
        looked.dedup();
        let position = tour.position(*at, stop.at);
        let id = tour.id(&format!("end|{assignment}"));
        let content = of(json!({
            "looked": looked, "length_m": stop.task["site"]["length_m"], "grades": {}, "note": "", "position": position,
        }));
        tour.item(id, "visit_finished", *at, content);
        let visited = Visited {
            observations,
            finished_at: *at,
        };
        self.notes().visits.insert(visit.clone(), visited);
        visit
    }

    /// Hands in as the app does: items in parcels, then photos. What was answered decides; a repetition changes nothing.
    pub(super) async fn hand_in(&self, batch: Batch) -> Result<()> {
        let browser = self.as_user(batch.login).await?;
        browser.json("/field/session").await?;
        let phone = self.notes().phones[batch.login].clone();
        let mut dice = self.dice(&format!("hand-in|{}|{}", batch.login, self.now()));
        for items in batch.items.chunks(PARCEL) {
            let again = dice.chance(TWICE);
            for expected in ["taken", "known"].into_iter().take(1 + usize::from(again)) {
                let sent_at = self.clock.now().as_millisecond() + phone.ahead;
                let parcel = json!({ "phone": phone.id, "sent_at": sent_at, "items": items });
                let body = parcel.to_string().into_bytes();
                let answer = browser
                    .send("/field/items", "application/json", body)
                    .await?;
                for one in answer["answers"].as_array().context("answers")? {
                    ensure!(
                        text(one, "answer") == expected,
                        "{one} instead of {expected}"
                    );
                }
            }
        }
        for (digest, jpeg) in &batch.photos {
            let path = format!("/field/photos/{digest}");
            // After a broken connection the app asks first.
            if dice.chance(TWICE) {
                browser.json(&path).await?;
            }
            let again = dice.chance(TWICE / 2);
            for _ in 0..1 + usize::from(again) {
                let answer = browser.send(&path, "image/jpeg", jpeg.clone()).await?;
                ensure!(answer["original"] == true, "{answer}");
            }
        }
        for visit in batch.visits {
            let looked_at = self.now() + dice.between(30, 90).minutes();
            self.enter(within(looked_at, 8, 21), Task::Review(visit));
        }
        Ok(())
    }
}

/// When somebody arrives so many metres away: by car at some thirty to fifty kilometres an hour, and not at noon.
fn travelled(at: DateTime, metres: u64, dice: &mut Dice) -> DateTime {
    let metres = i64::try_from(metres).unwrap_or(i64::MAX);
    let seconds = 90 + dice.between(0, 180) + metres * 10 / if metres > 8000 { 140 } else { 85 };
    let at = at + seconds.seconds();
    match at.hour() {
        12 => at.date().to_datetime(time(13, 0, 0, 0)) + dice.between(0, 900).seconds(),
        _ => at,
    }
}

/// Decimal degrees as whole 1e-7 degrees.
fn e7(text: &str) -> Result<i64> {
    let degrees: f64 = text.parse().with_context(|| text.to_owned())?;
    Ok((degrees * 1e7).round() as i64)
}
