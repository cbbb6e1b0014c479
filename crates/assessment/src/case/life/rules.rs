//! Which act, from which stage, by whom: one table, and what else has to hold.

use jiff::civil::DateTime;

use super::{Act, Life, Refusal, Request, Stage, Who};

/// What somebody may be towards a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Post {
    /// The program itself, when a date comes.
    System,
    /// 受理派遣员.
    Dispatcher,
    /// Somebody who answers for a unit.
    Unit,
    /// 核查员.
    Verifier,
    /// The leading group's office.
    Office,
    /// A leader.
    Leader,
}

/// The kinds of acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Report,
    Accept,
    Reject,
    OrderCheck,
    Check,
    Register,
    Amend,
    Dispatch,
    SignFor,
    PassDown,
    TakeBack,
    Return,
    Recall,
    Feedback,
    AskExtension,
    GrantExtension,
    AskSuspension,
    GrantSuspension,
    RefuseRequest,
    Resume,
    Verify,
    Close,
    Void,
    Supervise,
    EndSupervision,
    Escalate,
    Recompute,
    Remind,
    KeepSecret,
}

/// What a host allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How often a case may be returned to the dispatcher, all units together.
    pub most_returns: u32,
    /// How often it may be dispatched, without those that were recalled.
    pub most_dispatches: u32,
    /// How often it may get more time.
    pub most_extensions: u32,
    /// How often it may rest.
    pub most_suspensions: u32,
    /// Longest rest, in days.
    pub most_rest_days: u32,
    /// Handling has to be shown by a photo.
    pub photo_needed: bool,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            most_returns: 2,
            most_dispatches: 3,
            most_extensions: 2,
            most_suspensions: 1,
            most_rest_days: 365,
            photo_needed: true,
        }
    }
}

use Kind as K;
use Post::{Dispatcher, Leader, Office, System, Unit, Verifier};
use Stage as S;

/// Stages in which a case is underway.
const UNDERWAY: &[Stage] = &[
    S::Registered,
    S::Dispatched,
    S::Suspended,
    S::Handled,
    S::Verified,
];

/// Stages in which no unit has a case yet.
const BEFORE: &[Stage] = &[S::Reported, S::Accepted, S::Checking, S::Registered];

/// One line of the table.
struct Row {
    act: Kind,
    from: &'static [Stage],
    by: &'static [Post],
    /// Somebody who does it writes a reason down.
    reason: bool,
    /// Only by the unit whose turn it is.
    holder: bool,
}

const fn row(
    act: Kind,
    from: &'static [Stage],
    by: &'static [Post],
    reason: bool,
    holder: bool,
) -> Row {
    Row {
        act,
        from,
        by,
        reason,
        holder,
    }
}

/// The table.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    //  act                 from                               by                          reason  holder
    row(K::Accept,          &[S::Reported],                    &[Dispatcher],              false,  false),
    row(K::Reject,          &[S::Reported, S::Accepted],       &[Dispatcher],              true,   false),
    row(K::OrderCheck,      &[S::Accepted],                    &[Dispatcher],              false,  false),
    row(K::Check,           &[S::Checking],                    &[Verifier],                false,  false),
    row(K::Register,        &[S::Accepted],                    &[Dispatcher],              false,  false),
    row(K::Amend,           &[S::Registered],                  &[Dispatcher],              true,   false),
    row(K::Dispatch,        &[S::Registered],                  &[Dispatcher],              false,  false),
    row(K::SignFor,         &[S::Dispatched],                  &[Unit],                    false,  true),
    row(K::PassDown,        &[S::Dispatched],                  &[Unit],                    false,  true),
    row(K::TakeBack,        &[S::Dispatched],                  &[Unit],                    true,   false),
    row(K::Return,          &[S::Dispatched],                  &[Unit],                    true,   true),
    row(K::Recall,          &[S::Dispatched],                  &[Dispatcher, Office],      true,   false),
    row(K::Feedback,        &[S::Dispatched, S::Suspended],    &[Unit],                    false,  true),
    row(K::AskExtension,    &[S::Dispatched],                  &[Unit],                    true,   true),
    row(K::GrantExtension,  &[S::Dispatched],                  &[Dispatcher, Office],      false,  false),
    row(K::AskSuspension,   &[S::Dispatched],                  &[Unit],                    true,   true),
    row(K::GrantSuspension, &[S::Dispatched],                  &[Office],                  false,  false),
    row(K::RefuseRequest,   &[S::Dispatched],                  &[Dispatcher, Office],      true,   false),
    row(K::Resume,          &[S::Suspended],                   &[Dispatcher, Office, System], true, false),
    row(K::Verify,          &[S::Handled],                     &[Verifier],                false,  false),
    row(K::Close,           &[S::Verified],                    &[Dispatcher, Office],      false,  false),
    row(K::Void,            UNDERWAY,                          &[Office],                  true,   false),
    row(K::Supervise,       UNDERWAY,                          &[Office, Leader],          true,   false),
    row(K::EndSupervision,  UNDERWAY,                          &[Office, Leader],          true,   false),
    row(K::Escalate,        UNDERWAY,                          &[Office, Leader, System],  true,   false),
    row(K::Recompute,       UNDERWAY,                          &[System],                  false,  false),
    row(K::Remind,          &[S::Dispatched],                  &[System],                  false,  false),
    row(K::KeepSecret,      BEFORE,                            &[System],                  false,  false),
];

impl Kind {
    /// Every act that is done to a case that has come in, in the order of the work.
    pub fn all() -> impl Iterator<Item = Kind> {
        TABLE.iter().map(|row| row.act)
    }

    /// Its word in files, and in `case-act-…` of the message files.
    pub fn word(self) -> &'static str {
        &self.key()["case-act-".len()..]
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Kind> {
        Kind::all().find(|kind| kind.word() == word)
    }

    /// Key of its name in the message files.
    pub fn key(self) -> &'static str {
        match self {
            K::Report => "case-act-report",
            K::Accept => "case-act-accept",
            K::Reject => "case-act-reject",
            K::OrderCheck => "case-act-order-check",
            K::Check => "case-act-check",
            K::Register => "case-act-register",
            K::Amend => "case-act-amend",
            K::Dispatch => "case-act-dispatch",
            K::SignFor => "case-act-sign-for",
            K::PassDown => "case-act-pass-down",
            K::TakeBack => "case-act-take-back",
            K::Return => "case-act-return",
            K::Recall => "case-act-recall",
            K::Feedback => "case-act-feedback",
            K::AskExtension => "case-act-ask-extension",
            K::GrantExtension => "case-act-grant-extension",
            K::AskSuspension => "case-act-ask-suspension",
            K::GrantSuspension => "case-act-grant-suspension",
            K::RefuseRequest => "case-act-refuse-request",
            K::Resume => "case-act-resume",
            K::Verify => "case-act-verify",
            K::Close => "case-act-close",
            K::Void => "case-act-void",
            K::Supervise => "case-act-supervise",
            K::EndSupervision => "case-act-end-supervision",
            K::Escalate => "case-act-escalate",
            K::Recompute => "case-act-recompute",
            K::Remind => "case-act-remind",
            K::KeepSecret => "case-act-keep-secret",
        }
    }

    /// Whether a reason has to be written down.
    pub fn needs_reason(self) -> bool {
        TABLE.iter().any(|row| row.act == self && row.reason)
    }

    /// Whether this post may ever do it.
    pub fn is_for(self, post: Post) -> bool {
        TABLE
            .iter()
            .any(|row| row.act == self && row.by.contains(&post))
    }
}

impl Act {
    pub fn kind(&self) -> Kind {
        match self {
            Act::Report { .. } => K::Report,
            Act::Accept => K::Accept,
            Act::Reject { .. } => K::Reject,
            Act::OrderCheck => K::OrderCheck,
            Act::Check { .. } => K::Check,
            Act::Register { .. } => K::Register,
            Act::Amend { .. } => K::Amend,
            Act::Dispatch { .. } => K::Dispatch,
            Act::SignFor => K::SignFor,
            Act::PassDown { .. } => K::PassDown,
            Act::TakeBack { .. } => K::TakeBack,
            Act::Return { .. } => K::Return,
            Act::Recall { .. } => K::Recall,
            Act::Feedback { .. } => K::Feedback,
            Act::AskExtension { .. } => K::AskExtension,
            Act::GrantExtension { .. } => K::GrantExtension,
            Act::AskSuspension { .. } => K::AskSuspension,
            Act::GrantSuspension { .. } => K::GrantSuspension,
            Act::RefuseRequest { .. } => K::RefuseRequest,
            Act::Resume { .. } => K::Resume,
            Act::Verify { .. } => K::Verify,
            Act::Close => K::Close,
            Act::Void { .. } => K::Void,
            Act::Supervise { .. } => K::Supervise,
            Act::EndSupervision { .. } => K::EndSupervision,
            Act::Escalate { .. } => K::Escalate,
            Act::Recompute { .. } => K::Recompute,
            Act::Remind => K::Remind,
            Act::KeepSecret { .. } => K::KeepSecret,
        }
    }

    /// What was written down as the reason; for a failed verification, its note.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Act::Reject { reason, .. }
            | Act::Amend { reason, .. }
            | Act::TakeBack { reason }
            | Act::Return { reason }
            | Act::Recall { reason }
            | Act::AskExtension { reason }
            | Act::AskSuspension { reason, .. }
            | Act::RefuseRequest { reason }
            | Act::Void { reason, .. }
            | Act::Supervise { reason }
            | Act::Escalate { reason } => Some(reason),
            Act::Dispatch { reason, .. }
            | Act::GrantExtension { reason, .. }
            | Act::GrantSuspension { reason, .. }
            | Act::Resume { reason, .. }
            | Act::EndSupervision { reason } => reason.as_deref(),
            Act::Verify {
                passed: false,
                note,
                ..
            }
            | Act::Check {
                confirmed: false,
                note,
                ..
            } => Some(note),
            _ => None,
        }
    }
}

/// The stage that follows an act, where the act alone decides it.
pub(super) fn becomes(act: &Act) -> Option<Stage> {
    match act {
        Act::Accept | Act::Check { .. } => Some(S::Accepted),
        Act::Reject { .. } => Some(S::Rejected),
        Act::OrderCheck => Some(S::Checking),
        Act::Register { .. } | Act::Recall { .. } => Some(S::Registered),
        Act::Dispatch { .. } => Some(S::Dispatched),
        Act::Close => Some(S::Closed),
        Act::Void { .. } => Some(S::Voided),
        _ => None,
    }
}

/// Whether an act may be done.
pub(super) fn check(
    life: &Life,
    at: DateTime,
    who: &Who,
    act: &Act,
    policy: &Policy,
) -> Result<(), Refusal> {
    if at < life.last_at {
        return Err(Refusal::BeforeTheLastAct { last: life.last_at });
    }
    let kind = act.kind();
    begin(life, at, who, kind, policy)?;
    if act.reason().is_some_and(|reason| reason.trim().is_empty()) {
        return Err(Refusal::ReasonMissing { act: kind });
    }
    form(life, at, act, policy)
}

/// What has to hold before the form of an act is filled in: this is what decides whether its button is offered.
fn begin(life: &Life, at: DateTime, who: &Who, kind: Kind, policy: &Policy) -> Result<(), Refusal> {
    let Some(row) = TABLE.iter().find(|row| row.act == kind) else {
        return Err(Refusal::AlreadyReported);
    };
    if !row.by.contains(&who.post) {
        return Err(Refusal::NotForThisPost { act: kind });
    }
    if !row.from.contains(&life.stage) {
        return Err(Refusal::NotAtThisStage {
            act: kind,
            stage: life.stage,
        });
    }
    if row.holder && life.holder() != who.unit.as_deref() {
        return Err(Refusal::WithAnotherUnit);
    }
    let used_up = |count: u32, most: u32, refusal: Refusal| match count >= most {
        true => Err(refusal),
        false => Ok(()),
    };
    match kind {
        K::Register if life.confirmed == Some(false) => Err(Refusal::NotConfirmed),
        K::Dispatch => {
            if let Some(until) = life.secret_until.filter(|until| at < *until) {
                return Err(Refusal::TeamStillThere { until });
            }
            let most = policy.most_dispatches;
            let dispatches = life.dispatches - life.recalls;
            used_up(dispatches, most, Refusal::DispatchesUsedUp { most })
        }
        K::TakeBack => match &life.line[..] {
            [above @ .., _] if above.iter().any(|unit| Some(unit) == who.unit.as_ref()) => Ok(()),
            line if line.iter().any(|unit| Some(unit) == who.unit.as_ref()) => {
                Err(Refusal::NothingToTakeBack)
            }
            _ => Err(Refusal::WithAnotherUnit),
        },
        // What goes up within a line is that line's own affair.
        K::Return if life.line.len() == 1 => {
            let (returns, most) = (life.returned_to_dispatcher, policy.most_returns);
            used_up(returns, most, Refusal::ReturnsUsedUp { most })
        }
        K::AskExtension | K::AskSuspension if life.request.is_some() => {
            Err(Refusal::RequestPending)
        }
        K::AskExtension | K::AskSuspension if life.due_at.is_some_and(|due| due < at) => {
            Err(Refusal::Overdue)
        }
        K::AskExtension => {
            let most = policy.most_extensions;
            used_up(life.extensions, most, Refusal::ExtensionsUsedUp { most })
        }
        K::AskSuspension => {
            let most = policy.most_suspensions;
            used_up(life.suspensions, most, Refusal::SuspensionsUsedUp { most })
        }
        K::GrantExtension => match life.request {
            Some(Request::Extension { .. }) => Ok(()),
            Some(_) => Err(Refusal::OtherAsked),
            None => Err(Refusal::NothingAsked),
        },
        K::GrantSuspension => match life.request {
            Some(Request::Suspension { .. }) => Ok(()),
            Some(_) => Err(Refusal::OtherAsked),
            None => Err(Refusal::NothingAsked),
        },
        K::SignFor if life.untouched_since.is_none() => Err(Refusal::BegunAlready),
        K::EndSupervision if !life.supervised => Err(Refusal::NotSupervised),
        K::RefuseRequest if life.request.is_none() => Err(Refusal::NothingAsked),
        K::Verify => match &life.handled_by {
            Some((login, unit)) if *login == who.login || (unit.is_some() && *unit == who.unit) => {
                Err(Refusal::VerifierHandledIt)
            }
            _ => Ok(()),
        },
        K::Remind if life.told_overdue || (life.reminded && !life.is_due(at)) => {
            Err(Refusal::RemindedAlready)
        }
        // A case that came back went out before: its unit knows of it.
        K::KeepSecret if life.dispatched_at.is_some() => Err(Refusal::SecretAlready),
        K::Recompute if life.due_at.is_none() => Err(Refusal::NotAtThisStage {
            act: kind,
            stage: life.stage,
        }),
        _ => Ok(()),
    }
}

/// What has to hold for what was filled in.
fn form(life: &Life, at: DateTime, act: &Act, policy: &Policy) -> Result<(), Refusal> {
    match act {
        Act::Dispatch {
            due_at, gross_at, ..
        } => {
            // One that went out before keeps its own due time, which may be over.
            let late = life.dispatched_at.is_none() && *due_at < at;
            ordered(late, *due_at, *gross_at)
        }
        Act::GrantExtension {
            due_at, gross_at, ..
        } => {
            let shorter = life.due_at.is_some_and(|due| *due_at < due);
            ordered(shorter, *due_at, *gross_at)
        }
        Act::GrantSuspension { due: Some(due), .. } | Act::Amend { due: Some(due), .. } => {
            ordered(false, due.at, due.gross_at)
        }
        Act::Resume {
            due_at, gross_at, ..
        }
        | Act::Recompute {
            due_at, gross_at, ..
        } => ordered(false, *due_at, *gross_at),
        Act::PassDown { unit } if life.line.contains(unit) => Err(Refusal::SameUnit),
        Act::AskSuspension { until, .. } => {
            // Its last day is at most so many days from today.
            let days = jiff::Span::new().try_days(i64::from(policy.most_rest_days) + 1);
            let most = days.and_then(|days| at.date().checked_add(days));
            let most = most.map_or(DateTime::MAX, |day| day.at(0, 0, 0, 0));
            match () {
                () if *until <= at => Err(Refusal::RestInThePast),
                () if *until > most => Err(Refusal::RestTooLong {
                    most_days: policy.most_rest_days,
                }),
                () => Ok(()),
            }
        }
        Act::KeepSecret { until } if life.secret_until.is_none_or(|known| known >= *until) => {
            Err(Refusal::SecretAlready)
        }
        Act::Feedback { photos, .. } if policy.photo_needed && photos.is_empty() => {
            Err(Refusal::PhotoMissing)
        }
        _ => Ok(()),
    }
}

fn ordered(wrong: bool, due_at: DateTime, gross_at: DateTime) -> Result<(), Refusal> {
    match wrong || gross_at < due_at {
        true => Err(Refusal::DueInThePast),
        false => Ok(()),
    }
}

/// Every act that this post may ever do, with whether it can be done now, and why not. What only the program does is left
/// out.
pub fn possible(
    life: &Life,
    at: DateTime,
    who: &Who,
    policy: &Policy,
) -> Vec<(Kind, Result<(), Refusal>)> {
    Kind::all()
        .filter(|kind| kind.is_for(who.post))
        .map(|kind| (kind, begin(life, at, who, kind, policy)))
        .collect()
}
