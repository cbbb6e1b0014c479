//! The dispatcher, those who answer for units, the verifier, and the office: what they do with cases, as the list of cases
//! on their desks shows them.

use anyhow::{Context as _, Result};
use jiff::ToSpan as _;
use jiff::civil::{DateTime, time};
use serde_json::Value;

use super::{Found, People, Task, login_of, text, within};
use crate::demo::calibration as numbers;
use crate::demo::inspection::Handling;
use crate::demo::life::{ACCOUNTS, OFFICE};
use crate::demo::town::area_of_place;
use assessment::month::Month;

/// Where the dispatcher sends what belongs to the city's own works, and what was returned by everybody else.
const WORKS: &str = "D22";
const BUREAU: &str = "D01";
/// What it is registered as where the catalogue names no condition.
const USUAL: [(&str, &str); 2] = [
    ("category", "gb30428/event/0112"),
    ("condition", "event-0112-1"),
];
/// Of a thousand cases, so many are looked at on the spot before they are registered.
const CHECKED: u64 = 20;
/// Of a thousand cases that reach a county or a township, so many are passed down.
const PASSED_DOWN: u64 = 850;

/// A case as a list shows it, with what the people know of it.
struct Listed {
    id: String,
    found: Found,
    reworks: u64,
    due: Option<DateTime>,
}

impl People<'_> {
    /// The cases of somebody's list that were found by the demo's phones.
    async fn listed(&self, login: &str, query: &str) -> Result<Vec<Listed>> {
        let browser = self.as_user(login).await?;
        let mut listed = Vec::new();
        let mut after = String::new();
        loop {
            let path = format!("/desk/cases?{query}{after}");
            let page = browser.json(&path).await?;
            for case in page["cases"].as_array().context("cases")? {
                let place = (text(case, "lng").to_owned(), text(case, "lat").to_owned());
                let found = self.notes().found.get(&place).cloned();
                listed.extend(found.map(|found| Listed {
                    id: text(case, "id").to_owned(),
                    found,
                    reworks: case["reworks"].as_u64().unwrap_or(0),
                    due: minute(&case["due_at"]),
                }));
            }
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return Ok(listed),
            }
        }
    }

    async fn act(&self, login: &str, id: &str, act: &str, fields: &[(&str, &str)]) -> Result<()> {
        let browser = self.as_user(login).await?;
        let path = format!("/desk/cases/{id}/{act}");
        browser.hand_in(&path, fields, None).await
    }

    pub(super) async fn intake(&self) -> Result<()> {
        let waiting = self.listed("dispatcher", "stage=reported").await?;
        let mut registered = false;
        for case in waiting {
            self.act("dispatcher", &case.id, "accept", &[]).await?;
            let mut dice = self.dice(&format!("intake|{}", case.found.name));
            if dice.chance(CHECKED) {
                self.act("dispatcher", &case.id, "order-check", &[]).await?;
                let at = within(self.now() + dice.between(30, 180).minutes(), 8, 18);
                self.enter(at, Task::Check(case.id, case.found.name));
                continue;
            }
            self.register(&case.id, &case.found).await?;
            registered = true;
        }
        if registered {
            self.enter_once(within(self.now() + 10.minutes(), 8, 20), Task::Dispatch);
        }
        Ok(())
    }

    async fn register(&self, id: &str, found: &Found) -> Result<()> {
        let fields = match &found.condition {
            Some(condition) => vec![("condition", condition.as_str())],
            None => USUAL.to_vec(),
        };
        self.act("dispatcher", id, "register", &fields).await
    }

    /// On the spot it is as it was reported: the dispatcher registers it.
    pub(super) async fn check(&self, id: &str, name: &str) -> Result<()> {
        let fields = [("yes", "yes"), ("text", "现场属实")];
        self.act("verifier", id, "check", &fields).await?;
        self.register(id, &self.found(name)?).await?;
        self.enter_once(within(self.now() + 10.minutes(), 8, 20), Task::Dispatch);
        Ok(())
    }

    pub(super) async fn dispatch(&self) -> Result<()> {
        for case in self.listed("dispatcher", "stage=registered").await? {
            let month = Month::of(self.now().date()).context("a month")?;
            let site = &self.demo.town.sites[case.found.site];
            // Who has a due time was out before.
            let department = match (case.due, case.found.works) {
                (Some(_), _) => Some(BUREAU),
                (None, true) => Some(WORKS),
                (None, false) => None,
            };
            let (unit, fields) = match department {
                Some(department) => (
                    department,
                    vec![("unit", department), ("text", "属市直部门职责")],
                ),
                // Where the routes say.
                None => (area_of_place(&site.unit, month), vec![]),
            };
            self.act("dispatcher", &case.id, "dispatch", &fields)
                .await?;
            let login = login_of(unit).with_context(|| format!("somebody answers for {unit}"))?;
            let mut dice = self.dice(&format!("receive|{login}|{}", self.now()));
            let at = within(self.now() + dice.between(10, 50).minutes(), 7, 21);
            self.enter_once(at, Task::Receive(login));
        }
        Ok(())
    }

    /// Somebody looks at what is new to them: passes it down, or decides when it will be handled.
    pub(super) async fn receive(&self, login: &'static str) -> Result<()> {
        let (.., unit) = ACCOUNTS
            .iter()
            .find(|(known, ..)| *known == login)
            .context("an account")?;
        let unit = unit.context("a unit")?;
        let now = self.now();
        for case in self.listed(login, "due=mine").await? {
            let new = self
                .notes()
                .seen
                .insert((case.id.clone(), login, case.reworks));
            if !new {
                continue;
            }
            let name = case.found.name.clone();
            let mut dice = self.dice(&format!("receive|{name}|{login}|{}", case.reworks));
            if case.reworks > 0 {
                let at = within(now + dice.between(120, 1500).minutes(), 7, 21);
                self.enter(at, Task::Handle(login, case.id, name));
                continue;
            }
            if let Some(below) = self.below(unit, &case.found)
                && dice.chance(PASSED_DOWN)
                && let Some(further) = login_of(&below)
            {
                self.act(login, &case.id, "pass-down", &[("unit", &below)])
                    .await?;
                let at = within(now + dice.between(20, 90).minutes(), 7, 21);
                self.enter_once(at, Task::Receive(further));
                continue;
            }
            if case.found.excluded == Some("appeal") {
                let tomorrow = now.date().tomorrow()?.to_datetime(time(10, 0, 0, 0));
                self.enter(tomorrow + dice.between(0, 2).days(), Task::Void(case.id));
                continue;
            }
            let due = case.due.context("a due time")?;
            let left = now.duration_until(due).as_mins().max(0);
            let county = unit.ends_with("000000") || unit.starts_with("XN-");
            if county && dice.chance(numbers::RETURNED) {
                let reason = [("text", "权属不在本单位，请改派主管部门")];
                self.act(login, &case.id, "return", &reason).await?;
                self.enter_once(within(now + 20.minutes(), 8, 20), Task::Dispatch);
                continue;
            }
            // Who lets a case lie does not sign for it either.
            if !matches!(case.found.handling, Handling::Never) {
                self.act(login, &case.id, "sign-for", &[]).await?;
            }
            if left > 60 && dice.chance(numbers::EXTENDED) {
                let reason = [("text", "需采购配件，申请延期")];
                self.act(login, &case.id, "ask-extension", &reason).await?;
                self.enter(now + 30.minutes(), Task::Extend(case.id.clone()));
                let at = due + (left * dice.between(5, 40) / 100).minutes();
                self.enter(at, Task::Handle(login, case.id, name));
                continue;
            }
            if left > 60 && dice.chance(numbers::SUSPENDED) {
                let until = now.date() + dice.between(4, 12).days();
                let text = [
                    ("text", "道路改造施工，申请挂账"),
                    ("until", &until.to_string()),
                ];
                self.act(login, &case.id, "ask-suspension", &text).await?;
                self.enter(now + 40.minutes(), Task::Rest(case.id.clone()));
                let at = until.to_datetime(time(9, 0, 0, 0)) + dice.between(0, 120).minutes();
                self.enter(at, Task::Handle(login, case.id, name));
                continue;
            }
            let at = match case.found.handling {
                Handling::InTime(part) => by_day(now + (left * part / 100).minutes(), now, due),
                Handling::Late(minutes) => within(due + minutes.minutes(), 7, 21),
                Handling::Never => continue,
            };
            self.enter(at, Task::Handle(login, case.id, name));
        }
        Ok(())
    }

    /// The unit below that a case can be passed down to: the township, from there the community.
    fn below(&self, unit: &str, found: &Found) -> Option<String> {
        let site = &self.demo.town.sites[found.site].unit;
        let code = site.trim_start_matches("C-");
        let (township, community) = (format!("{}000", code.get(..9)?), code.get(..12)?);
        match unit {
            _ if unit.starts_with('D') || unit == community => None,
            _ if unit == township => login_of(community).map(|_| community.to_owned()),
            _ => login_of(&township).map(|_| township),
        }
    }

    pub(super) async fn extend(&self, id: &str) -> Result<()> {
        self.act("dispatcher", id, "grant-extension", &[]).await
    }

    pub(super) async fn rest(&self, id: &str) -> Result<()> {
        self.act(OFFICE, id, "grant-suspension", &[]).await
    }

    pub(super) async fn handle(&self, login: &'static str, id: &str, name: &str) -> Result<()> {
        let found = self.found(name)?;
        let (_, jpeg) = self.picture(found.scene, found.variant, true).await?;
        let browser = self.as_user(login).await?;
        let path = format!("/desk/cases/{id}/feedback");
        let fields = [("text", "已整改到位")];
        browser.hand_in(&path, &fields, Some(jpeg)).await?;
        self.notes().handled_by.insert(id.to_owned(), login);
        let mut dice = self.dice(&format!("verify|{name}|{}", self.now()));
        let at = within(self.now() + dice.between(40, 240).minutes(), 8, 20);
        self.enter(at, Task::Verify(id.to_owned(), name.to_owned()));
        Ok(())
    }

    pub(super) async fn verify(&self, id: &str, name: &str) -> Result<()> {
        let found = self.found(name)?;
        let fails = found.fails && self.notes().failed.insert(name.to_owned());
        let fields = match fails {
            true => [("yes", "no"), ("text", "整改不彻底，现场仍有残留")],
            false => [("yes", "yes"), ("text", "")],
        };
        self.act("verifier", id, "verify", &fields).await?;
        let mut dice = self.dice(&format!("close|{name}|{fails}"));
        let at = within(self.now() + dice.between(20, 150).minutes(), 8, 20);
        let handler = self.notes().handled_by.get(id).copied();
        match (fails, handler) {
            (true, Some(login)) => self.enter_once(at, Task::Receive(login)),
            _ => self.enter(at, Task::Close(id.to_owned())),
        }
        Ok(())
    }

    pub(super) async fn close(&self, id: &str) -> Result<()> {
        self.act("dispatcher", id, "close", &[]).await
    }

    pub(super) async fn void(&self, id: &str) -> Result<()> {
        let reason = [("text", "申诉成立，不计入考评")];
        self.act(OFFICE, id, "void", &reason).await
    }

    fn found(&self, name: &str) -> Result<Found> {
        let notes = self.notes();
        let place = notes.places.get(name);
        let found = place.and_then(|place| notes.found.get(place));
        found.cloned().context("something that was found")
    }
}

/// A time of the day at which people work, not after the due time unless that lies in the night too.
fn by_day(at: DateTime, from: DateTime, due: DateTime) -> DateTime {
    if (7..21).contains(&at.hour()) {
        return at;
    }
    let evening = match at.hour() < 7 {
        true => at.date().yesterday(),
        false => Ok(at.date()),
    };
    let morning = within(at, 7, 21);
    let evening = evening.map_or(at, |day| day.to_datetime(time(20, 40, 0, 0)));
    match () {
        () if morning <= due - 20.minutes() => morning,
        () if evening > from => evening,
        () => at,
    }
}

/// A moment as pages write it.
fn minute(value: &Value) -> Option<DateTime> {
    DateTime::strptime("%Y-%m-%d %H:%M", value.as_str()?).ok()
}
