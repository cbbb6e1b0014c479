//! One act done to many cases: first what it would come to, then each case for itself, and back where there is a way back.

use std::collections::HashSet;
use std::sync::Arc;

use assessment::case::life::{Act, Kind, Post, Refusal};
use assessment::message::Message;
use futures_util::future::join_all;
use jiff::Timestamp;

use super::{
    Ask, Decided, Error, NO_DEPARTMENT, Opened, Practice, TRIES, civil, fresh_id, in_order, post,
    refuse, who,
};
use crate::store::case::batch::{Batch, BatchRow};
use crate::store::case::{CaseStep, folded, letters};
use crate::store::{Store, digest_of};
use crate::viewer::Viewer;
use crate::words::Language;

/// At most so many cases at once.
pub const MOST: usize = 2000;
/// So many are handed to the writer together.
const TOGETHER: usize = 64;

/// What can be done to many cases at once: what does not ask for a look at each, or for its own pictures.
pub const KINDS: [Kind; 17] = [
    Kind::Accept,
    Kind::Reject,
    Kind::OrderCheck,
    Kind::Register,
    Kind::Dispatch,
    Kind::SignFor,
    Kind::PassDown,
    Kind::TakeBack,
    Kind::Return,
    Kind::Recall,
    Kind::GrantExtension,
    Kind::GrantSuspension,
    Kind::RefuseRequest,
    Kind::Resume,
    Kind::Close,
    Kind::Supervise,
    Kind::EndSupervision,
];

/// The act by which whoever did another, from this post, takes it back, as long as nothing came after it.
///
/// # Errors
/// The life of a case has no such act for them: why, and what can be done instead. People are told before.
pub fn way_back(kind: Kind, post: Option<Post>) -> Result<Kind, Message> {
    let none = |key| Err(Message::new(key));
    match kind {
        Kind::Dispatch => Ok(Kind::Recall),
        Kind::Recall if post == Some(Post::Dispatcher) => Ok(Kind::Dispatch),
        Kind::Recall => none("batch-final-recall"),
        Kind::PassDown => Ok(Kind::TakeBack),
        Kind::TakeBack => Ok(Kind::PassDown),
        Kind::GrantSuspension => Ok(Kind::Resume),
        Kind::Supervise => Ok(Kind::EndSupervision),
        Kind::EndSupervision => Ok(Kind::Supervise),
        Kind::Accept => none("batch-final-accept"),
        Kind::Reject => none("batch-final-reject"),
        Kind::OrderCheck => none("batch-final-order-check"),
        Kind::Register => none("batch-final-register"),
        Kind::SignFor => none("batch-final-sign-for"),
        Kind::Return => none("batch-final-return"),
        Kind::GrantExtension => none("batch-final-grant-extension"),
        Kind::RefuseRequest => none("batch-final-refuse-request"),
        Kind::Resume => none("batch-final-resume"),
        Kind::Close => none("batch-final-close"),
        _ => none("batch-not-for-many"),
    }
}

/// Whether the program did it because a date came: it reminds, escalates and reckons, and moves nothing on.
fn is_by_itself(step: &CaseStep) -> bool {
    step.who.post == Post::System
        && matches!(
            step.act.kind(),
            Kind::Remind | Kind::Escalate | Kind::Recompute
        )
}

/// What takes back the act of one case with this number, after which nobody may have done anything.
///
/// # Errors
/// Somebody did, or what was before it cannot be had again by one act.
fn back(opened: &Opened, kind: Kind, seq: i64, ask: &Ask) -> Result<Ask, Error> {
    let mut steps = &opened.steps[..];
    while let Some((last, before)) = steps.split_last()
        && last.seq != seq
        && is_by_itself(last)
    {
        steps = before;
    }
    let (last, before) = match steps.split_last() {
        Some((last, before)) if last.seq == seq => (last, before),
        _ => return Err(refuse("batch-something-came-after")),
    };
    let before = folded(&opened.row.id, before)?;
    match (&last.act, kind) {
        (Act::TakeBack { .. }, Kind::PassDown) => match before.line.split_last() {
            Some((unit, above)) if above == opened.life.line => Ok(Ask {
                unit: unit.clone(),
                ..ask.clone()
            }),
            _ => Err(refuse("batch-was-further-down")),
        },
        (Act::Recall { .. }, Kind::Dispatch) if before.request.is_some() => {
            Err(refuse("batch-was-asked-before"))
        }
        (Act::Recall { .. }, Kind::Dispatch) => match &before.line[..] {
            [unit] => Ok(Ask {
                unit: unit.clone(),
                department: before.department.unwrap_or_else(|| NO_DEPARTMENT.into()),
                ..ask.clone()
            }),
            _ => Err(refuse("batch-was-recalled-from-below")),
        },
        (Act::GrantSuspension { .. }, _) => Ok(Ask {
            undoes_grant: true,
            ..ask.clone()
        }),
        (Act::Supervise { .. }, _) if before.supervised => Err(refuse("batch-supervised-before")),
        _ => Ok(ask.clone()),
    }
}

/// What would become of each case, in the order in which they were named: `None`, it can be done.
///
/// `whole`: the form is filled in, and is held against each case as well.
///
/// # Errors
/// Too many cases, an act that is not done to many, or the store's.
pub async fn look(
    store: &Store,
    now: Timestamp,
    viewer: &Viewer,
    kind: Kind,
    ask: &Ask,
    ids: &[String],
    whole: bool,
) -> Result<Vec<(String, Option<Message>)>, Error> {
    allowed(kind, ids)?;
    let practice = Practice::of(store).await?;
    let mut looked = vec![];
    for id in ids {
        let refusal = match tried(store, now, viewer, kind, ask, id, &practice, whole).await {
            Ok(()) => None,
            Err(error) => Some(said(error)?),
        };
        looked.push((id.clone(), refusal));
    }
    Ok(looked)
}

fn allowed(kind: Kind, ids: &[String]) -> Result<(), Error> {
    match () {
        () if !KINDS.contains(&kind) => Err(refuse("batch-not-for-many")),
        () if ids.is_empty() => Err(refuse("batch-none")),
        () if ids.len() > MOST => Err(Error::Refused(
            Message::new("batch-too-many").with("most", MOST as i64),
        )),
        () => Ok(()),
    }
}

/// A refusal as its sentence; anything else stays an error.
fn said(error: Error) -> Result<Message, Error> {
    match error {
        Error::Refused(message) => Ok(message),
        Error::NoSuchCase => Ok(Message::new("case-missing")),
        error => Err(error),
    }
}

#[allow(clippy::too_many_arguments)]
async fn tried(
    store: &Store,
    now: Timestamp,
    viewer: &Viewer,
    kind: Kind,
    ask: &Ask,
    id: &str,
    practice: &Arc<Practice>,
    whole: bool,
) -> Result<(), Error> {
    let opened = Opened::find_under(store, viewer, now, id, practice.clone()).await?;
    let who = who(viewer).ok_or(Refusal::NotForThisPost { act: kind })?;
    let at = in_order(now, &opened.steps);
    opened.may(viewer, at, kind)?;
    if whole {
        let act = opened.decide(store, at, kind, ask.clone()).await?;
        opened
            .life
            .then(civil(at), &who, &act, &practice.policy())?;
    }
    Ok(())
}

/// The name of a form that has not been sent yet. What is sent under one name is done once.
pub fn fresh_form(now: Timestamp) -> String {
    fresh_id(now).replacen("AJ", "PL", 1)
}

/// The batch of a form: sent again, it is the same one; with another act, other words or other cases it is another.
fn batch_of(form: &str, who: &str, kind: Kind, ask: &Ask, ids: &[String]) -> String {
    let words = [
        form,
        who,
        kind.word(),
        &ask.text,
        &ask.told,
        &ask.condition,
        &ask.unit,
        &ask.department,
    ];
    let digest = digest_of(words.into_iter().chain(ids.iter().map(String::as_str)));
    let mut own = [0; 8];
    own.copy_from_slice(&digest[..8]);
    // `PL2203-`: a batch is told by the month of its form.
    let month: String = form.chars().take(7).collect();
    format!("{month}{}", letters(own))
}

/// Does it to each case for itself. Returns the id of the batch, which says what became of each. The same form sent again
/// does what is still to be done, and nothing twice.
///
/// # Errors
/// Too many cases, an act that is not done to many, or the store's: then the batch says how far it went.
#[allow(clippy::too_many_arguments)]
pub async fn run(
    store: &Store,
    now: Timestamp,
    viewer: &Viewer,
    kind: Kind,
    ask: &Ask,
    ids: &[String],
    form: &str,
    language: Language,
) -> Result<String, Error> {
    allowed(kind, ids)?;
    let of_ours = form.len() == 15 && form.is_ascii() && form.starts_with("PL");
    let fresh = fresh_form(now);
    let form = if of_ours { form } else { &fresh };
    let batch = batch_of(form, &viewer.login, kind, ask, ids);
    let after: Vec<(&str, Option<i64>)> = ids.iter().map(|id| (id.as_str(), None)).collect();
    let each = Each {
        store,
        now,
        viewer,
        kind,
        ask,
        batch: &batch,
        language,
    };
    each.go(&after, None).await?;
    Ok(batch)
}

/// Cases of a batch that are still to be taken back: those that were done, without those that its way back names.
///
/// # Errors
/// The store's.
pub async fn left_to_undo(store: &Store, batch: &Batch) -> Result<usize, Error> {
    let named = match &batch.undone_by {
        Some(id) => store
            .case_batch(id)
            .await?
            .map_or(0, |back| back.rows.len()),
        None => 0,
    };
    let done = batch.rows.iter().filter(|row| row.seq.is_some()).count();
    Ok(done.saturating_sub(named))
}

/// Takes a batch back: each case to which nobody has done anything since. One that broke off goes on where it stopped.
///
/// # Errors
/// There is no way back from its act, it was taken back already, or it is somebody else's.
pub async fn undo(
    store: &Store,
    now: Timestamp,
    viewer: &Viewer,
    batch: &Batch,
    language: Language,
) -> Result<String, Error> {
    if batch.undoes.is_some() {
        return Err(refuse("batch-is-a-way-back"));
    }
    let kind = Kind::parse(&batch.act).ok_or_else(|| refuse("batch-not-for-many"))?;
    let kind = way_back(kind, post(viewer.role)).map_err(Error::Refused)?;
    if batch.who != viewer.login {
        return Err(refuse("batch-not-yours"));
    }
    if batch.undone_by.is_some() && left_to_undo(store, batch).await? == 0 {
        return Err(refuse("batch-undone-already"));
    }
    let reason = language.say("batch-undo-reason", [("batch", batch.id.clone().into())]);
    let done: Vec<(&str, Option<i64>)> = batch
        .rows
        .iter()
        .filter(|row| row.seq.is_some())
        .map(|row| (row.case.as_str(), row.seq))
        .collect();
    let ask = Ask::because(&reason);
    let own = batch_of(&batch.id, &viewer.login, kind, &Ask::default(), &[]);
    let back = batch.undone_by.clone().unwrap_or(own);
    let each = Each {
        store,
        now,
        viewer,
        kind,
        ask: &ask,
        batch: &back,
        language,
    };
    each.go(&done, Some(&batch.id)).await?;
    Ok(back)
}

/// One batch on its way.
struct Each<'a> {
    store: &'a Store,
    now: Timestamp,
    viewer: &'a Viewer,
    kind: Kind,
    ask: &'a Ask,
    batch: &'a str,
    language: Language,
}

impl Each<'_> {
    /// Every case with, where it has to be the last one, the number of its last act. What the batch names already is left
    /// alone.
    async fn go(&self, cases: &[(&str, Option<i64>)], undoes: Option<&str>) -> Result<(), Error> {
        let login = &self.viewer.login;
        self.store
            .begin_case_batch(self.now, login, self.batch, self.kind.word(), undoes)
            .await?;
        let begun = self.store.case_batch(self.batch).await?;
        let named: HashSet<String> = begun
            .into_iter()
            .flat_map(|batch| batch.rows)
            .map(|row| row.case)
            .collect();
        let left: Vec<_> = cases
            .iter()
            .filter(|(id, _)| !named.contains(*id))
            .collect();
        for some in left.chunks(TOGETHER) {
            let mut refused = vec![];
            let mut broken = None;
            let went = some
                .iter()
                .map(async |(id, last)| (*id, self.once(id, *last).await));
            for (id, went) in join_all(went).await {
                match went.map_err(said) {
                    Ok(()) => {}
                    Err(Ok(message)) => refused.push(BatchRow {
                        case: id.to_owned(),
                        seq: None,
                        refusal: Some(self.language.message(&message)),
                    }),
                    Err(Err(error)) => broken = Some(error),
                }
            }
            self.store
                .refuse_in_case_batch(self.now, login, self.batch, refused)
                .await?;
            if let Some(error) = broken {
                return Err(error);
            }
        }
        Ok(())
    }

    /// Does it to one case, and names it in the batch.
    async fn once(&self, id: &str, undoes: Option<i64>) -> Result<(), Error> {
        let (store, viewer, kind) = (self.store, self.viewer, self.kind);
        let who = who(viewer).ok_or(Refusal::NotForThisPost { act: kind })?;
        for _ in 0..TRIES {
            let opened = Opened::find(store, viewer, self.now, id).await?;
            let at = in_order(self.now, &opened.steps);
            opened.may(viewer, at, kind)?;
            let ask = match undoes {
                Some(seq) => back(&opened, kind, seq, self.ask)?,
                None => self.ask.clone(),
            };
            let decided = Decided {
                at,
                who: who.clone(),
                act: opened.decide(store, at, kind, ask).await?,
                after: opened.steps.last().map(|step| step.seq),
                batch: Some(self.batch.to_owned()),
            };
            if decided.write(store, id, &opened.practice).await?.is_some() {
                return Ok(());
            }
        }
        Err(refuse("case-busy"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_on_many_has_a_way_back_or_says_why_not_in_both_languages() {
        let posts = [Post::Dispatcher, Post::Unit, Post::Office, Post::Leader];
        let done = KINDS.into_iter().flat_map(|kind| {
            let by = posts.into_iter().filter(move |post| kind.is_for(*post));
            by.map(move |post| (kind, post))
        });
        for (kind, post) in done {
            let why = match way_back(kind, Some(post)) {
                Ok(back) => {
                    assert!(back.is_for(post), "{kind:?} {post:?}");
                    continue;
                }
                Err(why) => why,
            };
            assert_ne!(why, Message::new("batch-not-for-many"), "{kind:?}");
            for language in [Language::Chinese, Language::English] {
                let said = language.message(&why);
                assert!(!said.contains("batch-final"), "{kind:?}: {said}");
            }
        }
    }
}
