//! Casework: taking cases in, routing them, and doing to them what is allowed. Used by the desk, the interfaces to other
//! systems, the importers and the demo alike.

pub mod bulk;
pub mod counted;
pub mod default;

use std::sync::Arc;

use assessment::calendar::Calendar;
use assessment::case::condition::{Condition, Conditions};
use assessment::case::deadline::{Clock, Limit, LimitUnit, NotReckoned};
use assessment::case::duplicate::Radius;
use assessment::case::life::{
    self, Act, Due, Kind, Life, Policy, Post, Relapse, Request, Stage, Who,
};
use assessment::case::route::{Route, Routed, Within, route};
use assessment::issue::Issue;
use assessment::message::Message;
use assessment::place::Point;
use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::clock::{civil, day_of};
use crate::ground::month_of;
use crate::store::case::batch::BatchRow;
use crate::store::case::list::CaseFilter;
use crate::store::case::{CaseRow, CaseStep, NewCase, Recount, fresh_id, letters};
use crate::store::case_rules::CaseRules;
use crate::store::field::Sight;
use crate::store::unit::UnitRow;
use crate::store::{self, Store, digest_of};
use crate::viewer::{Role, Viewer};

/// How cases are handled here: a version of the rules, read.
#[derive(Debug)]
pub struct Practice {
    pub version: i64,
    pub rules: CaseRules,
    pub calendar: Calendar,
    pub conditions: Conditions,
    pub routes: Vec<Route>,
    /// How near two findings may be the same, and two reports of citizens.
    pub radii: Vec<Radius>,
    pub citizen_radii: Vec<Radius>,
}

/// What is wrong in the texts of a version, by text.
#[derive(Debug, Default)]
pub struct Faults {
    pub calendar: Vec<Issue>,
    pub days: Vec<Issue>,
    pub conditions: Vec<Issue>,
    pub routes: Vec<Issue>,
    pub duplicates: Vec<Issue>,
    pub citizen_duplicates: Vec<Issue>,
}

/// Why something was not done. Each says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not allowed, or something is missing.
    #[error("{0}")]
    Refused(Message),
    /// There is no such case, or none for this viewer.
    #[error("no such case")]
    NoSuchCase,
    #[error(transparent)]
    Store(store::Error),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Error {
        match error {
            store::Error::Refused(message) => Error::Refused(message),
            other => Error::Store(other),
        }
    }
}

impl From<life::Refusal> for Error {
    fn from(refusal: life::Refusal) -> Error {
        Error::Refused(refusal.message())
    }
}

impl From<NotReckoned> for Error {
    fn from(why: NotReckoned) -> Error {
        Error::Refused(why.message())
    }
}

fn refuse(key: &'static str) -> Error {
    Error::Refused(Message::new(key))
}

impl Practice {
    /// Reads a version.
    ///
    /// # Errors
    /// Everything that is wrong in its texts.
    pub fn read(version: i64, rules: CaseRules) -> Result<Practice, Box<Faults>> {
        let (calendar, of_calendar) = Calendar::parse(&rules.calendar, &rules.days);
        let (conditions, of_conditions) = Conditions::parse(&rules.conditions);
        let (routes, of_routes) = Route::parse_all(&rules.routes);
        let (radii, of_duplicates) = Radius::parse_all(&rules.duplicates);
        let (citizen_radii, of_citizens) = Radius::parse_all(&rules.citizen_duplicates);
        match (calendar, conditions, routes, radii, citizen_radii) {
            (Some(calendar), Some(conditions), Some(routes), Some(radii), Some(citizen_radii)) => {
                Ok(Practice {
                    version,
                    rules,
                    calendar,
                    conditions,
                    routes,
                    radii,
                    citizen_radii,
                })
            }
            _ => Err(Box::new(Faults {
                calendar: of_calendar.calendar,
                days: of_calendar.days,
                conditions: of_conditions,
                routes: of_routes,
                duplicates: of_duplicates,
                citizen_duplicates: of_citizens,
            })),
        }
    }

    /// The practice that holds now: what was adopted, or what the program brings along.
    ///
    /// # Errors
    /// The store's.
    pub async fn of(store: &Store) -> Result<Arc<Practice>, Error> {
        store.rules_in_force(Practice::adopted).await
    }

    /// A version that was adopted, or what the program brings along.
    fn adopted(version: i64, rules: Option<CaseRules>) -> Result<Practice, Error> {
        Practice::read(version, rules.unwrap_or_else(default::rules)).map_err(|_| {
            Error::Store(store::Error::Damaged(
                "adopted rules for cases do not read".into(),
            ))
        })
    }

    /// What the host allows.
    pub fn policy(&self) -> Policy {
        Policy {
            most_returns: self.rules.most_returns,
            most_dispatches: self.rules.most_dispatches,
            most_extensions: self.rules.most_extensions,
            most_suspensions: self.rules.most_suspensions,
            most_rest_days: self.rules.most_rest_days,
            photo_needed: self.rules.photo_needed,
        }
    }

    /// How long after the inspection team has left what it found stays secret.
    fn serve_delay(&self) -> SignedDuration {
        SignedDuration::from_mins(self.rules.serve_delay_minutes.into())
    }

    /// The conditions under which a case of a category can be registered: a category's code stands in a layout and a kind.
    pub fn conditions_of<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Condition> {
        self.conditions.iter().filter(move |condition| {
            condition.category.rsplit('/').next() == Some(code) || condition.category == code
        })
    }

    /// Where the routes send a case that comes in at a moment.
    ///
    /// # Errors
    /// The store's.
    pub async fn routed(
        &self,
        store: &Store,
        new: &NewCase,
        at: Timestamp,
    ) -> Result<Option<Routed>, Error> {
        let place = place_of(store, new, at).await?;
        let day = civil(at).date();
        Ok(route(&self.routes, &new.category, &place, day))
    }

    /// The clock of a stage at which somebody in the office is to act, or of a unit's first step, from the moment on at which a case came to it.
    fn clock_of(&self, stage: Stage, since: DateTime) -> Option<Clock> {
        let limit = Limit {
            value: self.rules.stage_hours.of(stage)?,
            unit: LimitUnit::WorkHour,
        };
        Some(Clock::new(since, limit))
    }

    /// The clock of the stage that a case stands in, where somebody in the office is to act; with a unit, of its first step
    /// until that is taken. It does not run while the case is a secret to those who are to act.
    pub fn stage_clock(&self, row: &CaseRow) -> Option<Clock> {
        let since = match row.stage {
            Stage::Dispatched => row.untouched_since?,
            _ => row.since,
        };
        let until = row.new.secret_until.and_then(|at| store::moment(at).ok());
        let since = until.map_or(since, |until| since.max(until));
        self.clock_of(row.stage, civil(since))
    }

    /// A filter with what it needs of the rules to tell at a moment what is late at its stage.
    ///
    /// # Errors
    /// A limit that cannot be reckoned.
    pub fn resolved(&self, mut filter: CaseFilter, now: Timestamp) -> Result<CaseFilter, Error> {
        if let Some(message) = filter.unread() {
            return Err(Error::Refused(message));
        }
        if filter.due == "stage" {
            for stage in Stage::ALL {
                filter.late.extend(self.late_before(stage, now)?);
            }
        }
        Ok(filter)
    }

    /// What came to a stage before this moment is late there by now.
    fn late_before(
        &self,
        stage: Stage,
        now: Timestamp,
    ) -> Result<Option<(Stage, Timestamp)>, Error> {
        let is_late = |since: i64| -> Result<Option<bool>, Error> {
            let Some(clock) = self.clock_of(stage, civil(store::moment(since * 1000)?)) else {
                return Ok(None);
            };
            Ok(Some(clock.deadline(&self.calendar)?.at < civil(now)))
        };
        // A later start never ends earlier: the border lies between a late one and one that is in time.
        let mut in_time = now.as_second();
        let mut back = 86_400;
        let mut late = loop {
            let start = in_time - back;
            match is_late(start)? {
                None => return Ok(None),
                Some(true) => break start,
                Some(false) => (in_time, back) = (start, back * 2),
            }
        };
        while late + 1 < in_time {
            let middle = late + (in_time - late) / 2;
            match is_late(middle)? {
                Some(true) => late = middle,
                _ => in_time = middle,
            }
        }
        Ok(Some((stage, store::moment(in_time * 1000)?)))
    }

    fn due(&self, clock: &Clock) -> Result<Due, Error> {
        Ok(Due {
            at: clock.deadline(&self.calendar)?.at,
            gross_at: clock.gross(self.rules.gross_factor, &self.calendar)?.at,
            soon_at: Some(clock.yellow_from(&self.calendar)?),
        })
    }
}

/// Adopts a version of the rules for cases; the due times of running cases follow at the next [`tick`].
///
/// # Errors
/// Everything that is wrong in its texts, or the store's.
pub async fn adopt(
    store: &Store,
    now: Timestamp,
    who: &str,
    rules: CaseRules,
) -> Result<Result<(), Box<Faults>>, Error> {
    adopt_after(store, now, who, rules, None).await
}

/// The same after the version that was edited, if that still holds when it is written.
///
/// # Errors
/// Somebody else has adopted another version meanwhile; everything that is wrong in its texts, or the store's.
pub async fn adopt_after(
    store: &Store,
    now: Timestamp,
    who: &str,
    rules: CaseRules,
    seen: Option<i64>,
) -> Result<Result<(), Box<Faults>>, Error> {
    if let Some(twice) = counted::named_twice(&rules.counted) {
        return Err(Error::Refused(twice));
    }
    let practice = match Practice::read(0, rules.clone()) {
        Ok(practice) => practice,
        Err(faults) => return Ok(Err(faults)),
    };
    let routes = unknown_in_routes(store, &practice.conditions, &rules.routes).await?;
    let unknown = |table: &str| Radius::unknown(table, &practice.conditions);
    let duplicates = unknown(&rules.duplicates);
    let citizen_duplicates = unknown(&rules.citizen_duplicates);
    if !routes.is_empty() || !duplicates.is_empty() || !citizen_duplicates.is_empty() {
        let faults = Faults {
            routes,
            duplicates,
            citizen_duplicates,
            ..Faults::default()
        };
        return Ok(Err(Box::new(faults)));
    }
    Ok(Ok(store.adopt_case_rules(now, who, rules, seen).await?))
}

/// The practice that held at a moment.
///
/// # Errors
/// The store's.
pub async fn practice_at(store: &Store, at: Timestamp) -> Result<Practice, Error> {
    let versions = store.case_rules_versions().await?;
    let version = versions.iter().find(|each| each.adopted_at <= at);
    let version = version.map_or(0, |each| each.version);
    let rules = store.case_rules_version(version).await?;
    Practice::adopted(version, rules)
}

/// What a table of routes names that this host has never had: its rows would lead nowhere.
///
/// # Errors
/// The store's.
pub async fn unknown_in_routes(
    store: &Store,
    conditions: &Conditions,
    csv: &str,
) -> Result<Vec<Issue>, Error> {
    let units = store.units().await?;
    let codes = units.iter().map(|unit| unit.code.as_str()).collect();
    let kinds = units.iter().map(|unit| unit.kind.as_str());
    let kinds = kinds.chain(store::unit::KINDS).collect();
    Ok(Route::unknown(csv, conditions, &codes, &kinds))
}

/// What a viewer may be towards a case; `None`: nothing.
pub fn post(role: Role) -> Option<Post> {
    match role {
        Role::Dispatcher => Some(Post::Dispatcher),
        Role::Unit => Some(Post::Unit),
        Role::Verifier => Some(Post::Verifier),
        Role::Host => Some(Post::Office),
        Role::Leader => Some(Post::Leader),
        _ => None,
    }
}

/// The viewer as somebody who acts.
pub fn who(viewer: &Viewer) -> Option<Who> {
    Some(Who {
        post: post(viewer.role)?,
        login: viewer.login.clone(),
        unit: viewer.unit.clone(),
    })
}

/// In the place of a department's code: none, whatever the routes say.
pub const NO_DEPARTMENT: &str = "-";

/// What somebody wants done. What follows from it (due times above all) is worked out here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ask {
    /// Why; for a feedback or a verification, what was done or seen.
    pub text: String,
    /// Rejecting and voiding what a citizen reported: what they are told.
    pub told: String,
    /// Registering: the filing condition, and the category if it was reported under a wrong one.
    pub condition: String,
    pub category: String,
    /// Dispatching and passing down: to whom. Dispatching follows the routes in what is not said; [`NO_DEPARTMENT`] says
    /// that there is none beside the unit.
    pub unit: String,
    pub department: String,
    /// Checking and verifying: whether it is so.
    pub yes: bool,
    /// Suspending: its last day.
    pub until: Option<Date>,
    /// SHA-256 of photos that are in the store.
    pub photos: Vec<String>,
    /// Resuming: the rest should not have been granted.
    pub undoes_grant: bool,
    /// How many acts of the case its form knew of when it was opened. Sent again because no answer came, the same thing is done
    /// once; without it, it is something new.
    pub seen: Option<usize>,
}

impl Ask {
    /// With a text and nothing else.
    pub fn because(text: &str) -> Ask {
        Ask {
            text: text.into(),
            ..Ask::default()
        }
    }

    /// Whether an act is what is asked for; its due times follow from the moment at which it was done.
    fn is(&self, act: &Act) -> bool {
        let text = self.text.trim();
        match act {
            Act::Register {
                condition,
                category,
                ..
            }
            | Act::Amend {
                condition,
                category,
                ..
            } => {
                let category = category.as_deref();
                let meant = self.category.trim();
                *condition == self.condition
                    && category.is_none_or(|code| meant.is_empty() || code == meant)
            }
            Act::Dispatch {
                unit, department, ..
            } => {
                let department = department.as_deref();
                let to = self.unit.trim();
                let beside = match self.department.trim() {
                    // The routes', or none.
                    "" => true,
                    // A department that it goes to is its own.
                    NO_DEPARTMENT => department.is_none_or(|code| code == unit),
                    asked => department == Some(asked),
                };
                (to.is_empty() || unit == to) && beside
            }
            Act::PassDown { unit } => unit == self.unit.trim(),
            Act::Check {
                confirmed,
                note,
                photos,
            } => *confirmed == self.yes && note == text && *photos == self.photos,
            Act::AskSuspension { until, reason } => {
                Some(life::last_day(*until)) == self.until && reason == text
            }
            Act::Feedback { note, photos, .. } => note == text && *photos == self.photos,
            Act::Verify {
                passed,
                note,
                photos,
                ..
            } => *passed == self.yes && note == text && *photos == self.photos,
            act => act.reason().is_none_or(|reason| reason == text),
        }
    }
}

/// A case on a viewer's desk.
#[derive(Debug)]
pub struct Opened {
    pub row: CaseRow,
    pub steps: Vec<CaseStep>,
    pub life: Life,
    pub practice: Arc<Practice>,
}

impl Opened {
    /// Opens a case for a viewer.
    ///
    /// # Errors
    /// It does not exist for them.
    pub async fn find(
        store: &Store,
        viewer: &Viewer,
        now: Timestamp,
        id: &str,
    ) -> Result<Opened, Error> {
        let practice = Practice::of(store).await?;
        Opened::find_under(store, viewer, now, id, practice).await
    }

    /// The same where the practice is known already.
    async fn find_under(
        store: &Store,
        viewer: &Viewer,
        now: Timestamp,
        id: &str,
        practice: Arc<Practice>,
    ) -> Result<Opened, Error> {
        let row = || store.case(viewer, now, id);
        row().await?.ok_or(Error::NoSuchCase)?;
        // Whoever may not see it learns nothing of its history, and no row is older than the history that is shown with it.
        let (steps, life) = store.case_history(id).await?;
        let row = row().await?.ok_or(Error::NoSuchCase)?;
        Ok(Opened {
            row,
            steps,
            life,
            practice,
        })
    }

    /// What the viewer may ever do, and for each whether now, or why not.
    pub fn possible(&self, viewer: &Viewer, now: Timestamp) -> Vec<(Kind, Result<(), Message>)> {
        let Some(who) = who(viewer) else {
            return vec![];
        };
        life::possible(&self.life, civil(now), &who, &self.practice.policy())
            .into_iter()
            .map(|(kind, may)| {
                let may = may.map_err(|refusal| refusal.message());
                (kind, may.and_then(|()| self.stays(kind)))
            })
            .collect()
    }

    /// Until it is answered, a case stays with the unit that asked for something: the request is that unit's, and would be
    /// lost where another one gives the case back. No rule of a life, since older versions let it go on.
    fn stays(&self, kind: Kind) -> Result<(), Message> {
        match kind {
            Kind::PassDown | Kind::TakeBack if self.life.request.is_some() => {
                Err(Message::new("case-stays-with-who-asked"))
            }
            _ => Ok(()),
        }
    }

    /// Whether the viewer may do this now, before any form is filled in.
    ///
    /// # Errors
    /// The rule that stands against it: of the post, of the stage, of what was done before.
    pub fn may(&self, viewer: &Viewer, now: Timestamp, kind: Kind) -> Result<(), Error> {
        let offered = self
            .possible(viewer, now)
            .into_iter()
            .find(|(each, _)| *each == kind);
        match offered {
            Some((_, may)) => may.map_err(Error::Refused),
            None => Err(life::Refusal::NotForThisPost { act: kind }.into()),
        }
    }

    /// What was done to it, as the viewer learns of it: when the inspection team came back is told to those alone who know of
    /// what it found before it has left.
    pub fn history(&self, viewer: &Viewer) -> impl Iterator<Item = &CaseStep> {
        let knows = matches!(viewer.role, Role::Host | Role::Auditor);
        self.steps
            .iter()
            .filter(move |step| knows || step.act.kind() != Kind::KeepSecret)
    }

    /// What the viewer has done of this kind since the case had so many acts that they know of.
    fn done_since<'a>(
        &'a self,
        viewer: &'a Viewer,
        kind: Kind,
        seen: usize,
    ) -> impl Iterator<Item = &'a Act> {
        self.history(viewer)
            .skip(seen)
            .filter(move |step| step.act.kind() == kind && step.who.login == viewer.login)
            .map(|step| &step.act)
    }

    /// Whether the viewer has ever done this: asking for it may be asking again.
    pub fn may_be_repeated(&self, viewer: &Viewer, kind: Kind) -> bool {
        self.done_since(viewer, kind, 0).next().is_some()
    }

    /// By how much an extension would move its due time, and to when.
    pub fn if_extended(&self) -> Option<(Limit, DateTime)> {
        let by = self.life.limit?;
        let due = self.practice.due(&self.life.clock()?.extend(by)).ok()?;
        Some((by, due.at))
    }

    /// Where the routes would send it today.
    pub async fn routed(&self, store: &Store, now: Timestamp) -> Result<Option<Routed>, Error> {
        self.practice.routed(store, &self.row.new, now).await
    }

    /// What it repeats under a category that is not the reported one. A case that it was said to repeat stays that if it is
    /// of the same category.
    async fn repeats(&self, store: &Store, category: &str) -> Result<Relapse, Error> {
        let new = NewCase {
            category: category.to_owned(),
            ..self.row.new.clone()
        };
        let (days, metres) = (
            self.practice.rules.relapse_days,
            self.practice.rules.relapse_metres,
        );
        let found_at = store.found_at(&self.row).await?;
        if let Some(before) = store.closed_near(&new, found_at, days, metres).await? {
            return Ok(Relapse::Of(before));
        }
        // The row says it no more once it was registered under another category.
        match store.case_reported(&self.row.id).await?.relapse_of {
            Some(before) if store.case_is_of(&before, category).await? => Ok(Relapse::Of(before)),
            _ => Ok(Relapse::None),
        }
    }

    /// What it is registered under: a condition of its category, which may be mended at the same time.
    async fn filed(&self, store: &Store, ask: &Ask) -> Result<Filed, Error> {
        let practice = &self.practice;
        let condition = practice
            .conditions
            .by_id(&ask.condition)
            .ok_or_else(|| refuse("case-condition-missing"))?;
        let known = &self.row.new.category;
        // What was reported without a category gets that of its condition.
        let category = match ask.category.trim() {
            "" if known.is_empty() => Some(condition.category.clone()),
            code => Some(code.to_owned()).filter(|code| !code.is_empty() && code != known),
        };
        let belongs = practice
            .conditions_of(category.as_deref().unwrap_or(known))
            .any(|each| each.id == condition.id);
        if !belongs {
            return Err(refuse("case-condition-other-category"));
        }
        Ok(Filed {
            condition: condition.id.clone(),
            limit: condition.limit,
            relapse: match &category {
                Some(category) => self.repeats(store, category).await?,
                None => Relapse::AsReported,
            },
            category,
        })
    }

    /// Whether the inspection team that found it has left by the host's delay, as far as is known now: a site of its day may
    /// have been added since the end of its secrecy was reckoned.
    async fn team_has_left(&self, store: &Store, at: DateTime) -> Result<(), Error> {
        if let Some(left) = store.team_left(&self.row.id).await? {
            let until = civil(left + self.practice.serve_delay());
            if at < until {
                return Err(life::Refusal::TeamStillThere { until }.into());
            }
        }
        Ok(())
    }

    /// The act that was asked for, with what follows from it.
    async fn decide(
        &self,
        store: &Store,
        now: Timestamp,
        kind: Kind,
        ask: Ask,
    ) -> Result<Act, Error> {
        let (life, practice) = (&self.life, &self.practice);
        let local = civil(now);
        let reason = ask.text.trim().to_owned();
        let remark = Some(reason.clone()).filter(|text| !text.is_empty());
        // Only a case that a citizen reported is followed by citizens.
        let told = Some(ask.told.trim().to_owned())
            .filter(|text| !text.is_empty() && self.row.new.source == "citizen");
        Ok(match kind {
            Kind::Report | Kind::Recompute | Kind::Remind | Kind::KeepSecret => {
                return Err(refuse("case-not-by-hand"));
            }
            Kind::Accept => Act::Accept,
            Kind::Reject => Act::Reject { reason, told },
            Kind::OrderCheck => Act::OrderCheck,
            Kind::Check => Act::Check {
                confirmed: ask.yes,
                note: reason,
                photos: known_photos(store, ask.photos).await?,
            },
            Kind::Register => {
                let filed = self.filed(store, &ask).await?;
                Act::Register {
                    condition: filed.condition,
                    limit: filed.limit,
                    category: filed.category,
                    relapse: filed.relapse,
                }
            }
            Kind::Amend => {
                let filed = self.filed(store, &ask).await?;
                // An extension is one more limit, of whichever registration holds.
                let clock = life.clock().map(|clock| Clock {
                    limit: filed.limit,
                    extensions: vec![filed.limit; clock.extensions.len()],
                    ..clock
                });
                Act::Amend {
                    extended_by: Some(filed.limit).filter(|_| life.extensions > 0),
                    condition: filed.condition,
                    limit: filed.limit,
                    category: filed.category,
                    relapse: filed.relapse,
                    due: clock.map(|clock| practice.due(&clock)).transpose()?,
                    reason,
                }
            }
            Kind::Dispatch => {
                self.team_has_left(store, local).await?;
                let units = store.units_in(month_of(day_of(now))).await?;
                let known = |code: &str| units.iter().find(|unit| unit.code == code);
                // A department that it goes to is its own line department, unless another one is named.
                let whole = |unit: String, department: Option<String>| {
                    let own = known(&unit).is_some_and(|unit| unit.kind == "department");
                    let department = department.or_else(|| own.then(|| unit.clone()));
                    (unit, department)
                };
                let some =
                    |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
                let routed = self.routed(store, now).await?;
                let routed = routed.map(|routed| whole(routed.unit, routed.department));
                let chosen = match (some(&ask.unit), some(&ask.department)) {
                    (None, None) => routed.clone(),
                    (unit, Some(none)) if none == NO_DEPARTMENT => unit
                        .or_else(|| routed.clone().map(|(unit, _)| unit))
                        .map(|unit| whole(unit, None)),
                    (None, department) => routed.clone().map(|(unit, _)| (unit, department)),
                    (Some(unit), None) if routed.as_ref().is_some_and(|(to, _)| *to == unit) => {
                        routed.clone()
                    }
                    (Some(unit), department) => Some(whole(unit, department)),
                };
                let (unit, department) = chosen.clone().ok_or_else(|| refuse("case-no-route"))?;
                for code in [Some(&unit), department.as_ref()].into_iter().flatten() {
                    if known(code).is_none() {
                        let message = Message::new("case-unknown-unit");
                        return Err(Error::Refused(message.with("unit", code.as_str())));
                    }
                }
                let elsewhere = routed.is_some() && routed != chosen;
                let limit = life.limit.ok_or_else(|| refuse("case-condition-missing"))?;
                // One that went out before keeps its clock, and is told so.
                let due = match life.due() {
                    Some(due) => due,
                    None => practice.due(&Clock::new(local, limit))?,
                };
                Act::Dispatch {
                    unit,
                    department,
                    due_at: due.at,
                    reason: remark.or(elsewhere.then_some(reason)),
                    gross_at: due.gross_at,
                    soon_at: due.soon_at,
                }
            }
            Kind::SignFor => Act::SignFor,
            Kind::PassDown => {
                let unit = ask.unit.trim().to_owned();
                let holder = life.holder().unwrap_or_default();
                if !is_below(store, &unit, holder, now).await? {
                    return Err(refuse("case-unit-not-below"));
                }
                Act::PassDown { unit }
            }
            Kind::TakeBack => Act::TakeBack { reason },
            Kind::Return => Act::Return { reason },
            Kind::Recall => Act::Recall { reason },
            Kind::Feedback => Act::Feedback {
                note: reason,
                photos: known_photos(store, ask.photos).await?,
                due: match life.stage {
                    Stage::Suspended => Some(going_on(life, practice, local)?),
                    _ => None,
                },
            },
            Kind::AskExtension => Act::AskExtension { reason },
            Kind::GrantExtension => {
                let by = life.limit.ok_or_else(|| refuse("case-condition-missing"))?;
                let clock = life.clock().ok_or_else(|| refuse("case-not-dispatched"))?;
                let due = practice.due(&clock.extend(by))?;
                Act::GrantExtension {
                    by,
                    due_at: due.at,
                    reason: remark,
                    gross_at: due.gross_at,
                    soon_at: due.soon_at,
                }
            }
            Kind::AskSuspension => {
                let until = ask.until.ok_or_else(|| refuse("case-rest-day-missing"))?;
                Act::AskSuspension {
                    until: until.saturating_add(1.day()).at(0, 0, 0, 0),
                    reason,
                }
            }
            Kind::GrantSuspension => Act::GrantSuspension {
                reason: remark,
                due: rested(life, practice, local)?,
            },
            Kind::RefuseRequest => Act::RefuseRequest { reason },
            Kind::Resume if ask.undoes_grant => ungranted(life, practice, reason)?,
            Kind::Resume => resumed(life, practice, local, Some(reason))?,
            Kind::Verify => Act::Verify {
                passed: ask.yes,
                note: reason,
                photos: known_photos(store, ask.photos).await?,
                due: match ask.yes {
                    false => moved(life, practice)?,
                    true => None,
                },
            },
            Kind::Close => Act::Close,
            Kind::Void => Act::Void { reason, told },
            Kind::Supervise => Act::Supervise { reason },
            Kind::EndSupervision => Act::EndSupervision {
                reason: Some(reason),
            },
            Kind::Escalate => Act::Escalate { reason },
        })
    }
}

/// The due times of a case that rests from a moment on, as long as was asked for; `None`: no rest was asked for.
fn rested(life: &Life, practice: &Practice, from: DateTime) -> Result<Option<Due>, Error> {
    let (Some(Request::Suspension { until, .. }), Some(clock)) = (&life.request, life.clock())
    else {
        return Ok(None);
    };
    let clock = clock.pause(from, from.max(*until));
    Ok(Some(practice.due(&clock)?))
}

/// What a case is registered under.
struct Filed {
    condition: String,
    limit: Limit,
    category: Option<String>,
    relapse: Relapse,
}

/// The due times of a resting case that goes on at a moment: what was left of the limit goes on from here, or from the day
/// until which it was to rest if that is over.
fn going_on(life: &Life, practice: &Practice, at: DateTime) -> Result<Due, Error> {
    let mut clock = life.clock().ok_or_else(|| refuse("case-not-dispatched"))?;
    if let Some(pause) = clock.pauses.last_mut() {
        pause.until = pause.until.min(at).max(pause.from);
    }
    practice.due(&clock)
}

/// The end of a rest at a moment.
fn resumed(
    life: &Life,
    practice: &Practice,
    at: DateTime,
    reason: Option<String>,
) -> Result<Act, Error> {
    let due = going_on(life, practice, at)?;
    Ok(Act::Resume {
        due_at: due.at,
        reason,
        gross_at: due.gross_at,
        soon_at: due.soon_at,
        undoes_grant: false,
        // On its day, however late that is noticed: nobody granted more.
        ended: life.rests_until.filter(|until| *until < at),
    })
}

/// The end of a rest that should not have been granted: the limit runs as if there had been none.
fn ungranted(life: &Life, practice: &Practice, reason: String) -> Result<Act, Error> {
    let mut clock = life.clock().ok_or_else(|| refuse("case-not-dispatched"))?;
    clock.pauses.pop();
    let due = practice.due(&clock)?;
    Ok(Act::Resume {
        due_at: due.at,
        reason: Some(reason),
        gross_at: due.gross_at,
        soon_at: due.soon_at,
        undoes_grant: true,
        ended: None,
    })
}

/// The clocks of servers differ a little, and many cases at once take a while: what is done so long before a case's last act
/// is dated like that one. What is done still earlier is refused.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(5);

/// The moment of an act that is done now, after these.
fn in_order(now: Timestamp, steps: &[CaseStep]) -> Timestamp {
    match steps.last() {
        Some(last) if last.at.duration_since(now) <= CLOCKS_DIFFER => now.max(last.at),
        _ => now,
    }
}

/// Somebody else's acts that are waited for before one's own is given up.
const TRIES: usize = 8;

/// Does something to a case for a viewer, if it is allowed. What they have done already, from the same form, is not done
/// again.
///
/// # Errors
/// The case does not exist for them, or the rule that stands against it.
pub async fn act(
    store: &Store,
    now: Timestamp,
    viewer: &Viewer,
    id: &str,
    kind: Kind,
    ask: Ask,
) -> Result<Life, Error> {
    let who = who(viewer).ok_or(life::Refusal::NotForThisPost { act: kind })?;
    for _ in 0..TRIES {
        let opened = Opened::find(store, viewer, now, id).await?;
        if let Some(seen) = ask.seen
            && opened.done_since(viewer, kind, seen).any(|act| ask.is(act))
        {
            return Ok(opened.life);
        }
        let at = in_order(now, &opened.steps);
        // The first refusal to be heard is that of the stage, not of the form.
        opened.may(viewer, at, kind)?;
        let decided = Decided {
            at,
            who: who.clone(),
            act: opened.decide(store, at, kind, ask.clone()).await?,
            after: opened.steps.last().map(|step| step.seq),
            batch: None,
        };
        // If something was done to it in between, it is decided anew.
        if let Some(life) = decided.write(store, id, &opened.practice).await? {
            return Ok(life);
        }
    }
    Err(refuse("case-busy"))
}

/// An act that was decided after all that had been done to its case until then.
struct Decided {
    at: Timestamp,
    who: Who,
    act: Act,
    /// Number of the act that was the last one.
    after: Option<i64>,
    /// The batch that names it in the same transaction. What it names already is not done again.
    batch: Option<String>,
}

impl Decided {
    /// Writes it; `None`: another act came after, or other rules were adopted since, and nothing was done.
    async fn write(
        self,
        store: &Store,
        id: &str,
        practice: &Practice,
    ) -> Result<Option<Life>, Error> {
        let (id, policy, counted) = (
            id.to_owned(),
            practice.policy(),
            practice.rules.counted.clone(),
        );
        let version = practice.version;
        let done = store.write(move |tx| {
            Box::pin(async move {
                if let Some(batch) = &self.batch
                    && let Some(Some(_)) = tx.went_in_batch(batch, &id).await?
                {
                    return Ok(Some(tx.case_life(&id).await?));
                }
                if tx.case_rules_version().await? != version {
                    return Ok(None);
                }
                if let Some(after) = self.after
                    && tx.last_act_on_case(&id).await? != after
                {
                    return Ok(None);
                }
                let life = tx
                    .act_on_case(self.at, &self.who, &id, self.act, &policy, &counted)
                    .await?;
                if let Some(batch) = &self.batch {
                    let seq = Some(tx.last_act_on_case(&id).await?);
                    let row = BatchRow {
                        case: id,
                        seq,
                        refusal: None,
                    };
                    tx.note_in_batch(self.at, &self.who.login, batch, vec![row])
                        .await?;
                }
                Ok(Some(life))
            })
        });
        Ok(done.await?)
    }
}

/// Takes a case in: finds whose place it is, what it repeats, and gives it an id that tells nothing.
///
/// # Errors
/// Its number at its source is known.
pub async fn report(
    store: &Store,
    now: Timestamp,
    who: &str,
    new: NewCase,
) -> Result<String, Error> {
    let new = looked_up(store, now, new).await?;
    let who = who.to_owned();
    let taken = store.write(move |tx| {
        Box::pin(async move {
            let id = tx.unused_case_id(|| fresh_id(now)).await?;
            tx.report_case(now, &who, &id, new).await?;
            Ok(id)
        })
    });
    Ok(taken.await?)
}

/// The same of a form: sent again under its name, it is the case that it has become. With other words it is another.
///
/// # Errors
/// Those of [`report`].
pub async fn report_once(
    store: &Store,
    now: Timestamp,
    who: &str,
    form: &str,
    new: NewCase,
) -> Result<String, Error> {
    let Some(own) = case_of(form, now, who, &new) else {
        return report(store, now, who, new).await;
    };
    let new = looked_up(store, now, new).await?;
    let who = who.to_owned();
    let taken = store.write(move |tx| {
        Box::pin(async move {
            if tx.has_reported(&who, &own).await? {
                return Ok(own);
            }
            let mut own = Some(own);
            let draw = || own.take().unwrap_or_else(|| fresh_id(now));
            let id = tx.unused_case_id(draw).await?;
            tx.report_case(now, &who, &id, new).await?;
            Ok(id)
        })
    });
    Ok(taken.await?)
}

/// The id of the case that a form becomes, by its month and what it says; none, if the form is not one of ours.
fn case_of(form: &str, now: Timestamp, who: &str, new: &NewCase) -> Option<String> {
    let id = fresh_id(now);
    let month = form.strip_prefix("PL")?.get(..4)?;
    let is_month = month.bytes().all(|digit| digit.is_ascii_digit());
    if form.len() != id.len() || !is_month || month > &id[2..6] {
        return None;
    }
    let said = serde_json::to_string(new).ok()?;
    let digest = digest_of([form, who, &said]);
    let mut own = [0; 8];
    own.copy_from_slice(&digest[..8]);
    Some(format!("AJ{month}-{}", letters(own)))
}

/// A report with what the store knows of its place: where it lies, and the case that was closed there not long ago.
pub async fn looked_up(store: &Store, now: Timestamp, new: NewCase) -> Result<NewCase, Error> {
    let practice = Practice::of(store).await?;
    let mut new = placed(store, now, new).await?;
    if new.relapse_of.is_none() {
        new.relapse_of = store
            .closed_near(
                &new,
                now,
                practice.rules.relapse_days,
                practice.rules.relapse_metres,
            )
            .await?;
    }
    Ok(new)
}

/// A report that says where it lies, as of today, if it has a position and does not say so itself: the grid, and the units
/// unless it names another county.
pub async fn placed(store: &Store, now: Timestamp, mut new: NewCase) -> Result<NewCase, Error> {
    let (Some(lng), Some(lat)) = (new.lng, new.lat) else {
        return Ok(new);
    };
    let day = day_of(now);
    new.take_place(store.locate(Point { lng, lat }, day).await?.at);
    Ok(new)
}

/// What the program itself has to do at a moment: secrecy that lasts longer, rests that are over, due times under a new
/// calendar, limits grossly overrun, reminders of what is due soon or overdue; returns how many acts that were. And where cases count under new rules. A
/// case for which it cannot be done is named in the log and keeps nobody waiting.
///
/// # Errors
/// The store's: nothing more is done, and the next time tries again.
pub async fn tick(store: &Store, now: Timestamp) -> Result<usize, Error> {
    let practice = Practice::of(store).await?;
    let mut done = keep_secrets(store, now, &practice).await?;
    for id in store.rests_over(now).await? {
        let resume = |life: &Life, at| match life.rests_until {
            Some(until) if until <= at => resumed(life, &practice, at, None).map(Some),
            _ => Ok(None),
        };
        done += by_itself(store, now, &practice, &id, resume).await?.acts();
    }
    for id in store.rests_unreckoned().await? {
        let recompute = |life: &Life, _| recomputed(life, &practice);
        done += by_itself(store, now, &practice, &id, recompute)
            .await?
            .acts();
    }
    // Before anybody is told of a due time: by the rules that hold.
    if practice.version > 0 && !store.case_rules_applied(practice.version).await? {
        let mut whole = true;
        for id in store.running_cases().await? {
            let recompute = |life: &Life, _| recomputed(life, &practice);
            let went = by_itself(store, now, &practice, &id, recompute).await?;
            done += went.acts();
            whole &= went != Went::Again;
        }
        // What could not be done now is tried again at the next tick.
        if whole {
            store
                .case_rules_apply(now, "system", practice.version)
                .await?;
        }
    }
    for id in store.grossly_overdue(now).await? {
        let reason = crate::words::Language::Chinese.word("case-gross-reason");
        let escalate = |life: &Life, at| {
            let over = life.escalate_at().is_some_and(|gross| gross < at);
            let reason = reason.clone();
            Ok(over.then_some(Act::Escalate { reason }))
        };
        done += by_itself(store, now, &practice, &id, escalate)
            .await?
            .acts();
    }
    for id in store.to_remind(now).await? {
        let remind = |life: &Life, at| {
            let due = life.remind_at().is_some_and(|due| due <= at);
            Ok(due.then_some(Act::Remind))
        };
        done += by_itself(store, now, &practice, &id, remind).await?.acts();
    }
    count_again(store, now, &practice).await?;
    Ok(done)
}

/// Cases that are counted anew in one transaction, for which others wait, and such transactions at one [`tick`].
const PIECE: i64 = 100;
const PIECES: usize = 50;

/// Sees to it that all cases stand in the evaluations that the rules name, and in none that they named before, if these are
/// others: some cases at each [`tick`].
async fn count_again(store: &Store, now: Timestamp, practice: &Practice) -> Result<(), Error> {
    let (version, counted) = (practice.version, &practice.rules.counted);
    let Some(before) = counted::named_before(store, version).await? else {
        return Ok(());
    };
    if before.iter().all(|each| each == counted) {
        store.case_rules_counted(now, "system", version).await?;
        return Ok(());
    }
    let named = |series: &str| counted.iter().any(|each| each.series == series);
    let earlier = before.into_iter().flatten().map(|each| each.series);
    let recount = Recount {
        version,
        counted: counted.clone(),
        dropped: earlier.filter(|series| !named(series)).collect(),
    };
    for _ in 0..PIECES {
        let more = store.count_cases_again(now, "system", recount.clone(), PIECE);
        if !more.await? {
            break;
        }
    }
    Ok(())
}

/// Sees to it that what was found in an area stays secret while these visits to it last, and for the host's delay after them.
///
/// # Errors
/// The store's.
pub async fn keep_secret(store: &Store, now: Timestamp, visits: &[String]) -> Result<(), Error> {
    let practice = Practice::of(store).await?;
    for visit in visits {
        for (left, cases) in store.found_during(visit).await? {
            for id in cases {
                stays_secret(store, now, &practice, &id, left).await?;
            }
        }
    }
    Ok(())
}

/// The same of all that was found, where sites of its day were added since the end of its secrecy was reckoned; returns how
/// many acts that were.
async fn keep_secrets(store: &Store, now: Timestamp, practice: &Practice) -> Result<usize, Error> {
    let mut done = 0;
    // Secrecy ends after the find: a day later the day of the find is over, and with it what was planned for it.
    let since = now - SignedDuration::from_hours(24);
    for (id, until, left) in store.secret_since(since).await? {
        if until < left + practice.serve_delay() {
            done += stays_secret(store, now, practice, &id, left).await?.acts();
        }
    }
    Ok(done)
}

/// Keeps a case secret until a team that leaves at a moment has left by the host's delay.
async fn stays_secret(
    store: &Store,
    now: Timestamp,
    practice: &Practice,
    id: &str,
    left: Timestamp,
) -> Result<Went, Error> {
    let until = civil(left + practice.serve_delay());
    let keep = |life: &Life, _| {
        let longer =
            life.dispatched_at.is_none() && life.secret_until.is_some_and(|known| known < until);
        Ok((longer && !life.stage.is_over()).then_some(Act::KeepSecret { until }))
    };
    by_itself(store, now, practice, id, keep).await
}

/// The due times of a running case under the rules that hold, where they are other than before.
fn moved(life: &Life, practice: &Practice) -> Result<Option<Due>, Error> {
    let Some(clock) = life.clock() else {
        return Ok(None);
    };
    let due = practice.due(&clock)?;
    let moves = Some(due.at) != life.due_at || Some(due.gross_at) != life.gross_at;
    Ok(moves.then_some(due))
}

/// What that makes the program do. Whether a case that was handled was in time has been decided; should it fail
/// verification, it goes on under the rules of that day.
fn recomputed(life: &Life, practice: &Practice) -> Result<Option<Act>, Error> {
    if matches!(life.stage, Stage::Handled | Stage::Verified) {
        return Ok(None);
    }
    Ok(moved(life, practice)?.map(|due| Act::Recompute {
        due_at: due.at,
        gross_at: due.gross_at,
        soon_at: due.soon_at,
        calendar: practice.calendar.id().to_owned(),
    }))
}

/// What became of what the program does to a case by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Went {
    Done,
    /// Nothing was to be done, or the case does not let itself be read or reckoned: another try would end the same way.
    Nothing,
    /// Not this time.
    Again,
}

impl Went {
    /// How many acts that was.
    fn acts(self) -> usize {
        usize::from(self == Went::Done)
    }
}

/// Does to one case what the program decides for it, at the moment it is now or, where the case was touched by a clock that
/// ran ahead, at that of its last act.
///
/// # Errors
/// The store's. A rule that stands against it, or a history that does not read, is this case's own trouble.
async fn by_itself(
    store: &Store,
    now: Timestamp,
    practice: &Practice,
    id: &str,
    decide: impl Fn(&Life, DateTime) -> Result<Option<Act>, Error>,
) -> Result<Went, Error> {
    let passed_over = |why: &Error| tracing::error!(case = id, %why, "this case was passed over");
    for _ in 0..TRIES {
        let decided = async {
            let (steps, life) = store.case_history(id).await?;
            let last = steps.last().ok_or(Error::NoSuchCase)?;
            let at = now.max(last.at);
            Ok((at, last.seq, decide(&life, civil(at))?))
        };
        let (at, last, act) = match decided.await {
            Ok((at, last, Some(act))) => (at, last, act),
            Ok((_, _, None)) => return Ok(Went::Nothing),
            Err(Error::Store(why)) if !matches!(why, store::Error::Damaged(_)) => {
                return Err(why.into());
            }
            Err(why) => {
                passed_over(&why);
                return Ok(Went::Nothing);
            }
        };
        let system = Who {
            post: Post::System,
            login: "system".into(),
            unit: None,
        };
        let decided = Decided {
            at,
            who: system,
            act,
            after: Some(last),
            batch: None,
        };
        match decided.write(store, id, practice).await {
            Ok(Some(_)) => return Ok(Went::Done),
            // Something was done to it in between: it is decided anew.
            Ok(None) => {}
            Err(Error::Store(why)) if !matches!(why, store::Error::Damaged(_)) => {
                return Err(why.into());
            }
            Err(why) => {
                passed_over(&why);
                return Ok(Went::Again);
            }
        }
    }
    Ok(Went::Again)
}

/// The units in which a case lies, from the finest up, as they are at a moment.
pub async fn place_of(store: &Store, new: &NewCase, now: Timestamp) -> Result<Vec<Within>, Error> {
    let units = store.units_at_hand(month_of(day_of(now))).await?;
    Ok(place_in(&units, new))
}

/// The same in a tree of units: where the finest has ended, from the next one up that is there.
pub fn place_in(units: &[UnitRow], new: &NewCase) -> Vec<Within> {
    let lines = new.units().map(|code| store::unit::above(units, code));
    let line = lines.into_iter().find(|line| !line.is_empty());
    let within = |unit: &UnitRow| Within {
        code: unit.code.clone(),
        kind: unit.kind.clone(),
    };
    line.into_iter().flatten().map(within).collect()
}

async fn is_below(store: &Store, unit: &str, above: &str, now: Timestamp) -> Result<bool, Error> {
    let line = store.above(unit, month_of(day_of(now))).await?;
    Ok(line.iter().skip(1).any(|each| each.code == above))
}

async fn known_photos(store: &Store, photos: Vec<String>) -> Result<Vec<String>, Error> {
    for photo in &photos {
        let waiting = store.field_photo(Sight::All, photo);
        if store.photo(photo).await?.is_none() && waiting.await?.is_none() {
            return Err(Error::Refused(
                Message::new("case-unknown-photo").with("photo", photo.as_str()),
            ));
        }
    }
    Ok(photos)
}

/// How a pending request reads.
pub fn request_reason(life: &Life) -> Option<&str> {
    match life.request.as_ref()? {
        Request::Extension { reason } | Request::Suspension { reason, .. } => Some(reason),
    }
}
