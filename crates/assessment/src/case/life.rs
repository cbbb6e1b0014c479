//! The life of a case: what was done to it, one act after the other, with only the steps that are allowed.
//!
//! ```text
//! report → accept → (order a check → check) → register → dispatch → feedback → verify → close
//!        ↘ reject                              ↑ return, recall ↙    ↑ rework ↙ failed
//! ```
//!
//! Two clocks run: the case's, from its first dispatch to its handling, and that of the stage it stands in; with a unit,
//! that of its first step. Due times are worked out by [`super::deadline`] and come in with the acts that set them.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

use super::Case;
use super::deadline::{Clock, Limit, Pause};
use crate::message::Message;

mod rules;

pub use rules::{Kind, Policy, Post, possible};

/// Where a case stands, and therefore whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// 上报: waits to be accepted.
    Reported,
    /// 受理: waits to be registered.
    Accepted,
    /// 核实: somebody looks on the spot before it is registered.
    Checking,
    /// 立案: waits to be dispatched.
    Registered,
    /// 派遣: its unit's turn.
    Dispatched,
    /// 挂账: rests until a date; the clock stands still.
    Suspended,
    /// 反馈: handled, waits to be verified by somebody else.
    Handled,
    /// 核查通过: waits to be closed.
    Verified,
    /// 结案.
    Closed,
    /// 不予立案.
    Rejected,
    /// 作废.
    Voided,
}

impl Stage {
    /// Every stage, in the order of the work.
    pub const ALL: [Stage; 11] = [
        Stage::Reported,
        Stage::Accepted,
        Stage::Checking,
        Stage::Registered,
        Stage::Dispatched,
        Stage::Suspended,
        Stage::Handled,
        Stage::Verified,
        Stage::Closed,
        Stage::Rejected,
        Stage::Voided,
    ];

    /// Its word in files and tables, and in `case-stage-…` of the message files.
    pub fn word(self) -> &'static str {
        match self {
            Stage::Reported => "reported",
            Stage::Accepted => "accepted",
            Stage::Checking => "checking",
            Stage::Registered => "registered",
            Stage::Dispatched => "dispatched",
            Stage::Suspended => "suspended",
            Stage::Handled => "handled",
            Stage::Verified => "verified",
            Stage::Closed => "closed",
            Stage::Rejected => "rejected",
            Stage::Voided => "voided",
        }
    }

    /// The stage of a word.
    pub fn parse(word: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.word() == word)
    }

    /// Whether nothing more is to be done.
    pub fn is_over(self) -> bool {
        matches!(self, Stage::Closed | Stage::Rejected | Stage::Voided)
    }
}

/// Who does something to a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// What they may be towards a case.
    pub post: Post,
    /// Their login.
    pub login: String,
    /// The unit they answer for, where they answer for one.
    pub unit: Option<String>,
}

/// What is done to a case. A reason that may be missing is not asked for where it is: the program did it, the routes said
/// so, or it was done before reasons were asked for. One that is there and empty is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// It came in. `secret_until`: the inspection team has not left yet; it is dispatched after that and not before.
    Report { secret_until: Option<DateTime> },
    /// It is ours and complete.
    Accept,
    /// It does not become a case. `told`: what citizens who follow it read of why; the reason itself they never read.
    Reject {
        reason: String,
        told: Option<String>,
    },
    /// Somebody shall look on the spot first.
    OrderCheck,
    /// They looked.
    Check {
        confirmed: bool,
        note: String,
        photos: Vec<String>,
    },
    /// It becomes a case under a condition of its category, which brings its limit. `category`: it was reported under a
    /// wrong one, and this is the right one; what it repeats is then looked for again.
    Register {
        condition: String,
        limit: Limit,
        category: Option<String>,
        relapse: Relapse,
    },
    /// It was registered wrongly: it goes on under another condition, and another category if that was wrong too. `due`: it
    /// went out before, and its clock runs for the new limit from where it began. `extended_by`: an extension is one more
    /// limit, and each that it got is as long as the new one from here on; acts of older versions leave them as they were.
    Amend {
        condition: String,
        limit: Limit,
        category: Option<String>,
        relapse: Relapse,
        extended_by: Option<Limit>,
        due: Option<Due>,
        reason: String,
    },
    /// It goes to a unit and perhaps a line department of it, to be handled by a moment. `gross_at` is the second limit:
    /// past it the case is escalated. From `soon_at` on it is due soon; acts of older versions do not say it. A case that
    /// went out before keeps its clock. Sent elsewhere than the routes say, it needs a reason.
    Dispatch {
        unit: String,
        department: Option<String>,
        due_at: DateTime,
        gross_at: DateTime,
        reason: Option<String>,
        soon_at: Option<DateTime>,
    },
    /// 签收: the unit whose turn it is has seen that it has it.
    SignFor,
    /// The unit gives it to one below it; the clock goes on.
    PassDown { unit: String },
    /// A unit above takes it back from the one it gave it to.
    TakeBack { reason: String },
    /// Not ours: to the unit that gave it, at the top to the dispatcher.
    Return { reason: String },
    /// It was sent to the wrong unit: the dispatcher has it again. That is no return by the unit, and uses up no dispatch.
    Recall { reason: String },
    /// It was handled. `due`: it rested; the rest ends here, and its due times move back.
    Feedback {
        note: String,
        photos: Vec<String>,
        due: Option<Due>,
    },
    /// More time is asked for.
    AskExtension { reason: String },
    /// It gets so much more time, until a new moment.
    GrantExtension {
        by: Limit,
        due_at: DateTime,
        gross_at: DateTime,
        reason: Option<String>,
        soon_at: Option<DateTime>,
    },
    /// It shall rest until a moment: the end of its last day, see [`last_day`]; in acts of older versions, the beginning of
    /// the day that was named.
    AskSuspension { until: DateTime, reason: String },
    /// It rests; its due times move with the rest. Acts of older versions do not say them.
    GrantSuspension {
        reason: Option<String>,
        due: Option<Due>,
    },
    /// What was asked for is not granted.
    RefuseRequest { reason: String },
    /// The rest is over; what was left of the limit goes on. Before its day it needs a reason. `undoes_grant`: it should not
    /// have been granted, and is as if it never had been; what was asked for waits again. `ended`: it was over before that
    /// was noticed. Acts of older versions do not say it, and their due times are those of a rest until the act.
    Resume {
        due_at: DateTime,
        gross_at: DateTime,
        reason: Option<String>,
        soon_at: Option<DateTime>,
        undoes_grant: bool,
        ended: Option<DateTime>,
    },
    /// Somebody who did not handle it looked. `due`: it failed, and the rules for its clock are others since it was handled.
    Verify {
        passed: bool,
        note: String,
        photos: Vec<String>,
        due: Option<Due>,
    },
    /// It is over.
    Close,
    /// It should never have been a case; `told` as at a rejection.
    Void {
        reason: String,
        told: Option<String>,
    },
    /// Somebody above watches it from here on.
    Supervise { reason: String },
    /// Nobody above watches it any more.
    EndSupervision { reason: Option<String> },
    /// It went past its second limit, or somebody above made it graver.
    Escalate { reason: String },
    /// The limit was worked out again, because a holiday was announced after it.
    Recompute {
        due_at: DateTime,
        gross_at: DateTime,
        soon_at: Option<DateTime>,
        calendar: String,
    },
    /// It is due soon, or its due time has come: who has it is told, once of each for each due time.
    Remind,
    /// The inspection team came back to the area, or left it later than was known: it is dispatched after that.
    KeepSecret { until: DateTime },
}

/// The closed case at the same place that a case repeats, as its registration says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Relapse {
    /// As it was reported: its category is still the same. Acts of older versions say nothing else.
    #[default]
    AsReported,
    /// Under its right category it repeats none.
    None,
    /// It repeats this one.
    Of(String),
}

/// When a case's clock runs out, as it was reckoned for an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub at: DateTime,
    /// Second limit.
    pub gross_at: DateTime,
    /// From then on it is due soon.
    pub soon_at: Option<DateTime>,
}

/// What a unit has asked for and nobody has answered yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    Extension { reason: String },
    Suspension { until: DateTime, reason: String },
}

/// The last day of a rest that ends at a moment.
pub fn last_day(until: DateTime) -> Date {
    until.saturating_sub(1.nanosecond()).date()
}

/// A case as its acts have made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    pub stage: Stage,
    /// When it came to this stage: the stage's clock.
    pub since: DateTime,
    /// When the last act was done.
    pub last_at: DateTime,
    pub reported_at: DateTime,
    /// It must not be dispatched before.
    pub secret_until: Option<DateTime>,
    /// What the look on the spot before registration said.
    pub confirmed: Option<bool>,
    pub registered_at: Option<DateTime>,
    /// Its category, where it was not the one that was reported.
    pub category: Option<String>,
    /// What it repeats.
    pub relapse: Relapse,
    /// Condition of its category, which brought its limit.
    pub condition: Option<String>,
    pub limit: Option<Limit>,
    /// More time that it got, in order.
    pub extended_by: Vec<Limit>,
    /// Units that have it, from the one it was dispatched to down to the one whose turn it is.
    pub line: Vec<String>,
    /// Since when the unit whose turn it is has it without having taken a first step: signed for it, passed it down,
    /// returned it, asked for something or handled it.
    pub untouched_since: Option<DateTime>,
    /// Line department of the unit that it was dispatched to.
    pub department: Option<String>,
    /// First dispatch: the case's clock, and the moment from which its unit knows of it.
    pub dispatched_at: Option<DateTime>,
    pub due_at: Option<DateTime>,
    /// Second limit.
    pub gross_at: Option<DateTime>,
    /// From then on it is due soon.
    pub soon_at: Option<DateTime>,
    /// Who has it was told that it is due soon.
    pub reminded: bool,
    /// Who has it was told that its due time has come.
    pub told_overdue: bool,
    /// The program escalated it because this second limit had passed.
    pub told_gross: bool,
    /// Rests: from and until.
    pub pauses: Vec<(DateTime, Option<DateTime>)>,
    /// When the present rest ends by itself.
    pub rests_until: Option<DateTime>,
    pub request: Option<Request>,
    /// What the present rest was granted for.
    pub granted: Option<Request>,
    /// Last feedback that was not thrown back.
    pub handled_at: Option<DateTime>,
    /// Login and unit of who handled it last.
    pub handled_by: Option<(String, Option<String>)>,
    pub closed_at: Option<DateTime>,
    pub voided_at: Option<DateTime>,
    pub dispatches: u32,
    /// How often a unit returned it; of these, how often to the dispatcher.
    pub returns: u32,
    pub returned_to_dispatcher: u32,
    /// How often the dispatcher or the office had it back from a wrong unit.
    pub recalls: u32,
    pub extensions: u32,
    pub suspensions: u32,
    /// Failed verifications: how often it was sent back to be done again.
    pub reworks: u32,
    pub supervised: bool,
    /// How often it was escalated.
    pub level: u32,
}

/// Why something cannot be done to a case. Each says what stands against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A case begins by being reported, once.
    NotReported,
    AlreadyReported,
    /// Not from where the case stands.
    NotAtThisStage {
        act: Kind,
        stage: Stage,
    },
    /// Not for this post.
    NotForThisPost {
        act: Kind,
    },
    /// The case is with another unit.
    WithAnotherUnit,
    /// A reason has to be written down.
    ReasonMissing {
        act: Kind,
    },
    /// The look on the spot did not confirm it.
    NotConfirmed,
    /// The inspection team has not left yet.
    TeamStillThere {
        until: DateTime,
    },
    /// It was returned or dispatched as often as the host allows.
    ReturnsUsedUp {
        most: u32,
    },
    DispatchesUsedUp {
        most: u32,
    },
    ExtensionsUsedUp {
        most: u32,
    },
    SuspensionsUsedUp {
        most: u32,
    },
    /// A rest longer than the host allows, or one that is over before it begins.
    RestTooLong {
        most_days: u32,
    },
    RestInThePast,
    /// Too late: more time is asked for before the limit, not after it.
    Overdue,
    /// Something was asked for and nobody has answered.
    RequestPending,
    NothingAsked,
    /// Something else was asked for.
    OtherAsked,
    /// Whoever handled it does not verify it.
    VerifierHandledIt,
    /// Handling must be shown.
    PhotoMissing,
    /// The case was not given further down.
    NothingToTakeBack,
    /// Who has it was told of this due time.
    RemindedAlready,
    /// It is no secret, or one for at least as long.
    SecretAlready,
    /// Nobody above watches it.
    NotSupervised,
    /// It has that unit already.
    SameUnit,
    /// Its unit has signed for it or begun otherwise.
    BegunAlready,
    /// A due time before now, or a second limit before the first.
    DueInThePast,
    /// Clocks do not run backwards: something was done later already.
    BeforeTheLastAct {
        last: DateTime,
    },
}

impl Refusal {
    /// The sentence for people.
    pub fn message(&self) -> Message {
        use Refusal::*;
        let act = |key, act: &Kind| Message::new(key).with("act", Message::new(act.key()));
        let most = |key, most: u32| Message::new(key).with("most", i64::from(most));
        match self {
            NotReported => Message::new("case-not-reported"),
            AlreadyReported => Message::new("case-already-reported"),
            NotAtThisStage { act, stage } => Message::new("case-not-at-this-stage")
                .with("act", Message::new(act.key()))
                .with("stage", Message::new(stage.key())),
            NotForThisPost { act: kind } => act("case-not-for-this-post", kind),
            WithAnotherUnit => Message::new("case-with-another-unit"),
            ReasonMissing { act: kind } => act("case-reason-missing", kind),
            NotConfirmed => Message::new("case-not-confirmed"),
            TeamStillThere { until } => Message::new("case-team-still-there")
                .with("until", crate::facts::time_text(*until).replace('T', " ")),
            ReturnsUsedUp { most: count } => most("case-returns-used-up", *count),
            DispatchesUsedUp { most: count } => most("case-dispatches-used-up", *count),
            ExtensionsUsedUp { most: count } => most("case-extensions-used-up", *count),
            SuspensionsUsedUp { most: count } => most("case-suspensions-used-up", *count),
            RestTooLong { most_days } => most("case-rest-too-long", *most_days),
            RestInThePast => Message::new("case-rest-in-the-past"),
            Overdue => Message::new("case-overdue"),
            RequestPending => Message::new("case-request-pending"),
            NothingAsked => Message::new("case-nothing-asked"),
            OtherAsked => Message::new("case-other-asked"),
            VerifierHandledIt => Message::new("case-verifier-handled-it"),
            PhotoMissing => Message::new("case-photo-missing"),
            NothingToTakeBack => Message::new("case-nothing-to-take-back"),
            RemindedAlready => Message::new("case-reminded-already"),
            SecretAlready => Message::new("case-secret-already"),
            NotSupervised => Message::new("case-not-supervised"),
            SameUnit => Message::new("case-same-unit"),
            BegunAlready => Message::new("case-begun-already"),
            DueInThePast => Message::new("case-due-in-the-past"),
            BeforeTheLastAct { last } => Message::new("case-before-the-last-act")
                .with("last", crate::facts::time_text(*last).replace('T', " ")),
        }
    }
}

impl Stage {
    /// Key of its name in the message files.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Reported => "case-stage-reported",
            Stage::Accepted => "case-stage-accepted",
            Stage::Checking => "case-stage-checking",
            Stage::Registered => "case-stage-registered",
            Stage::Dispatched => "case-stage-dispatched",
            Stage::Suspended => "case-stage-suspended",
            Stage::Handled => "case-stage-handled",
            Stage::Verified => "case-stage-verified",
            Stage::Closed => "case-stage-closed",
            Stage::Rejected => "case-stage-rejected",
            Stage::Voided => "case-stage-voided",
        }
    }
}

impl Life {
    /// A case that has just come in.
    pub fn reported(at: DateTime, secret_until: Option<DateTime>) -> Life {
        Life {
            stage: Stage::Reported,
            since: at,
            last_at: at,
            reported_at: at,
            secret_until,
            confirmed: None,
            registered_at: None,
            category: None,
            relapse: Relapse::AsReported,
            condition: None,
            limit: None,
            extended_by: vec![],
            line: vec![],
            untouched_since: None,
            department: None,
            dispatched_at: None,
            due_at: None,
            gross_at: None,
            soon_at: None,
            reminded: false,
            told_overdue: false,
            told_gross: false,
            pauses: vec![],
            rests_until: None,
            request: None,
            granted: None,
            handled_at: None,
            handled_by: None,
            closed_at: None,
            voided_at: None,
            dispatches: 0,
            returns: 0,
            returned_to_dispatcher: 0,
            recalls: 0,
            extensions: 0,
            suspensions: 0,
            reworks: 0,
            supervised: false,
            level: 0,
        }
    }

    /// The case that these acts have made, each allowed when it was done.
    ///
    /// # Errors
    /// The first act that is not allowed.
    pub fn fold<'a>(
        steps: impl IntoIterator<Item = (DateTime, &'a Who, &'a Act)>,
        policy: &Policy,
    ) -> Result<Life, Refusal> {
        let mut life: Option<Life> = None;
        for (at, who, act) in steps {
            life = Some(match (life, act) {
                (None, Act::Report { secret_until }) => Life::reported(at, *secret_until),
                (None, _) => return Err(Refusal::NotReported),
                (Some(life), act) => life.then(at, who, act, policy)?,
            });
        }
        life.ok_or(Refusal::NotReported)
    }

    /// The case after one more act.
    ///
    /// # Errors
    /// The act is not allowed now, to them, or in this form.
    pub fn then(
        &self,
        at: DateTime,
        who: &Who,
        act: &Act,
        policy: &Policy,
    ) -> Result<Life, Refusal> {
        rules::check(self, at, who, act, policy)?;
        let mut life = self.clone();
        life.last_at = at;
        let stage = life.take(at, who, act);
        if stage != self.stage {
            life.stage = stage;
            life.since = at;
        }
        Ok(life)
    }

    /// What an allowed act changes; returns the stage that follows.
    fn take(&mut self, at: DateTime, who: &Who, act: &Act) -> Stage {
        match act {
            Act::Report { .. } | Act::OrderCheck | Act::Accept => {}
            Act::Check { confirmed, .. } => self.confirmed = Some(*confirmed),
            Act::Reject { .. } => self.closed_at = Some(at),
            Act::Register {
                condition,
                limit,
                category,
                relapse,
            } => {
                self.category = category.clone();
                self.relapse = relapse.clone();
                self.condition = Some(condition.clone());
                self.limit = Some(*limit);
                self.registered_at = Some(at);
            }
            Act::Amend {
                condition,
                limit,
                category,
                relapse,
                extended_by,
                due,
                ..
            } => {
                if let Some(by) = extended_by {
                    self.extended_by.fill(*by);
                }
                if category.is_some() {
                    self.category = category.clone();
                    self.relapse = relapse.clone();
                }
                self.condition = Some(condition.clone());
                self.limit = Some(*limit);
                self.take_due(*due);
            }
            Act::Dispatch {
                unit,
                department,
                due_at,
                gross_at,
                soon_at,
                ..
            } => {
                self.line = vec![unit.clone()];
                self.department = department.clone();
                // The clock belongs to the case: who gets it after somebody else has no more time than was left.
                if self.dispatched_at.is_none() {
                    self.dispatched_at = Some(at);
                    self.set_due(*due_at, *gross_at, *soon_at);
                }
                self.dispatches += 1;
                self.untouched_since = Some(at);
            }
            Act::SignFor => self.untouched_since = None,
            Act::PassDown { unit } => {
                self.line.push(unit.clone());
                self.untouched_since = Some(at);
            }
            Act::TakeBack { .. } => {
                self.give_back_to(who.unit.as_deref());
                self.untouched_since = None;
            }
            Act::Return { .. } => {
                self.returns += 1;
                self.request = None;
                self.line.pop();
                self.untouched_since = Some(at);
                if self.line.is_empty() {
                    self.returned_to_dispatcher += 1;
                    self.department = None;
                    self.untouched_since = None;
                    return Stage::Registered;
                }
            }
            Act::Recall { .. } => {
                self.recalls += 1;
                self.request = None;
                self.line.clear();
                self.department = None;
                self.untouched_since = None;
            }
            Act::Feedback { due, .. } => {
                self.granted = None;
                self.end_rest(self.rests_until.map_or(at, |until| at.min(until)));
                self.take_due(*due);
                self.handled_at = Some(at);
                self.handled_by = Some((who.login.clone(), who.unit.clone()));
                self.request = None;
                self.untouched_since = None;
                return Stage::Handled;
            }
            Act::AskExtension { reason } => {
                self.untouched_since = None;
                self.request = Some(Request::Extension {
                    reason: reason.clone(),
                });
            }
            Act::AskSuspension { until, reason } => {
                self.untouched_since = None;
                self.request = Some(Request::Suspension {
                    until: *until,
                    reason: reason.clone(),
                });
            }
            Act::GrantExtension {
                by,
                due_at,
                gross_at,
                soon_at,
                ..
            } => {
                self.request = None;
                self.extensions += 1;
                self.extended_by.push(*by);
                self.set_due(*due_at, *gross_at, *soon_at);
            }
            Act::GrantSuspension { due, .. } => {
                self.granted = self.request.take();
                if let Some(Request::Suspension { until, .. }) = self.granted {
                    self.rests_until = Some(until);
                }
                self.suspensions += 1;
                self.pauses.push((at, None));
                self.take_due(*due);
                return Stage::Suspended;
            }
            Act::RefuseRequest { .. } => self.request = None,
            Act::Resume {
                due_at,
                gross_at,
                soon_at,
                undoes_grant,
                ended,
                ..
            } => {
                let granted = self.granted.take();
                if *undoes_grant {
                    self.pauses.pop();
                    self.rests_until = None;
                    self.suspensions = self.suspensions.saturating_sub(1);
                    self.request = granted;
                } else {
                    self.end_rest(ended.unwrap_or(at));
                }
                self.set_due(*due_at, *gross_at, *soon_at);
                return Stage::Dispatched;
            }
            Act::Verify { passed: true, .. } => return Stage::Verified,
            Act::Verify {
                passed: false, due, ..
            } => {
                self.reworks += 1;
                self.handled_at = None;
                self.take_due(*due);
                return Stage::Dispatched;
            }
            Act::Close => self.closed_at = Some(at),
            Act::Void { .. } => {
                // Nothing goes on by itself any more. Its due time stays that of the rest that was granted.
                self.end_rest(self.rests_until.unwrap_or(at));
                self.granted = None;
                self.voided_at = Some(at);
                self.request = None;
                self.untouched_since = None;
            }
            Act::Supervise { .. } => self.supervised = true,
            Act::EndSupervision { .. } => self.supervised = false,
            Act::Escalate { .. } => {
                self.level += 1;
                self.told_gross |= who.post == Post::System;
            }
            Act::KeepSecret { until } => self.secret_until = Some(*until),
            Act::Remind => {
                self.reminded = true;
                self.told_overdue = self.is_due(at);
            }
            Act::Recompute {
                due_at,
                gross_at,
                soon_at,
                ..
            } => self.set_due(*due_at, *gross_at, *soon_at),
        }
        rules::becomes(act).unwrap_or(self.stage)
    }

    fn take_due(&mut self, due: Option<Due>) {
        if let Some(due) = due {
            self.set_due(due.at, due.gross_at, due.soon_at);
        }
    }

    fn end_rest(&mut self, at: DateTime) {
        self.rests_until = None;
        if let Some((from, end @ None)) = self.pauses.last_mut() {
            *end = Some(at.max(*from));
        }
    }

    fn set_due(&mut self, due_at: DateTime, gross_at: DateTime, soon_at: Option<DateTime>) {
        // The same time worked out again is no reason to be told again.
        let same = self.due_at == Some(due_at);
        self.reminded &= same;
        self.told_overdue &= same;
        self.told_gross &= self.gross_at == Some(gross_at);
        self.soon_at = soon_at;
        self.due_at = Some(due_at);
        self.gross_at = Some(gross_at);
    }

    /// When its clock runs out, once it has been dispatched.
    pub fn due(&self) -> Option<Due> {
        Some(Due {
            at: self.due_at?,
            gross_at: self.gross_at?,
            soon_at: self.soon_at,
        })
    }

    /// Everybody below the unit loses it.
    fn give_back_to(&mut self, unit: Option<&str>) {
        if let Some(place) = self
            .line
            .iter()
            .position(|each| Some(each.as_str()) == unit)
        {
            self.line.truncate(place + 1);
        }
    }

    /// Whether its due time has come.
    pub fn is_due(&self, at: DateTime) -> bool {
        self.due_at.is_some_and(|due| due <= at)
    }

    /// When who has it is to be told next of its due time: while it is their turn, that it is due soon, then that the time
    /// has come.
    pub fn remind_at(&self) -> Option<DateTime> {
        let waits = self.stage == Stage::Dispatched && !self.told_overdue;
        let next = match self.reminded {
            true => self.due_at,
            false => self.soon_at.or(self.due_at),
        };
        next.filter(|_| waits)
    }

    /// When the program is to escalate it: its second limit, as long as nobody has handled it and that was not done.
    pub fn escalate_at(&self) -> Option<DateTime> {
        let waits = matches!(self.stage, Stage::Registered | Stage::Dispatched);
        self.gross_at.filter(|_| waits && !self.told_gross)
    }

    /// The unit whose turn it is, once dispatched.
    pub fn holder(&self) -> Option<&str> {
        self.line.last().map(String::as_str)
    }

    /// The case's clock, once it has been dispatched: its limit with all rests and extensions, from which its due time is
    /// worked out.
    pub fn clock(&self) -> Option<Clock> {
        let mut clock = Clock::new(self.dispatched_at?, self.limit?);
        clock.extensions = self.extended_by.clone();
        let end = |end: Option<DateTime>| end.or(self.rests_until).unwrap_or(DateTime::MAX);
        clock.pauses = self
            .pauses
            .iter()
            .map(|(from, until)| Pause {
                from: *from,
                until: end(*until).max(*from),
            })
            .collect();
        Some(clock)
    }

    /// What the evaluation sees of it; `None` before its first dispatch: until then it is nobody's.
    ///
    /// The unit that answers is the one it was dispatched to: how far down it went is that unit's own affair.
    pub fn fact(&self, id: &str, category: &str, unit: &str) -> Option<Case> {
        Some(Case {
            id: id.to_owned(),
            unit: unit.to_owned(),
            category: category.to_owned(),
            dispatched_at: self.dispatched_at?,
            due_at: self.due_at,
            handled_at: self.handled_at,
            voided_at: self.voided_at,
            extended: self.extensions,
            suspended: self.suspensions > 0,
            returned: self.returned_to_dispatcher,
            reworked: self.reworks,
        })
    }
}

#[cfg(test)]
mod tests;
