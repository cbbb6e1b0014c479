//! The inbox: parcels that phones hand in wait for the one writer, and what has gathered is kept together.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use sqlx::{Database, Sqlite};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::super::act::Deed as _;
use super::super::rows::{Found as _, Rows};
use super::super::writer::{Pending, Tx};
use super::super::{Error, Result, Store};
use super::tables::{self, Brought};
use super::{FieldDeed, Item, Reason, Received, Verdict, json};

/// What a phone is told about one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The id it sent.
    pub id: String,
    /// What became of it.
    pub verdict: Verdict,
    /// Why it was refused.
    pub reason: Option<Reason>,
}

/// A parcel of items that have been looked at, ready to be kept.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The phone that numbers them.
    pub phone: String,
    /// What it sent.
    pub received: Received,
}

/// Parcels that wait for the writer: whatever has gathered is kept together.
#[derive(Default)]
pub(in crate::store) struct Waiting(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    parcels: Vec<Sent>,
    /// A request that takes them is on its way to the writer.
    asked: bool,
}

/// A parcel and whom to tell what became of it.
struct Sent {
    parcel: Arc<Sealed>,
    ready: Ready,
    answer: oneshot::Sender<Result<Vec<Said>>>,
}

/// A parcel as it came.
struct Sealed {
    at: Timestamp,
    phone: String,
    received: Received,
}

/// What is kept of a parcel: what the record says of it, and its rows.
struct Ready {
    body: String,
    rows: Brought,
}

/// A parcel with what is kept if nothing of it is here yet, as is usual: put together by whoever hands it in, not by the one
/// writer.
type Handed = (Arc<Sealed>, Option<Ready>);

/// A parcel and whom to tell.
type Waits = (Arc<Sealed>, oneshot::Sender<Result<Vec<Said>>>);

impl Sent {
    fn apart(self) -> (Handed, Waits) {
        let kept = (self.parcel.clone(), Some(self.ready));
        (kept, (self.parcel, self.answer))
    }
}

/// Parcels with so many items are kept together: few enough that others are got ready and written while these are brought to
/// the disk, and many enough to be worth a sync.
const TOGETHER: usize = 800;

impl Waiting {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a parcel; says whether the writer has to be asked.
    fn add(&self, sent: Sent) -> bool {
        let mut queue = self.queue();
        queue.parcels.push(sent);
        !std::mem::replace(&mut queue.asked, true)
    }

    /// Takes those that have waited longest; says whether others are left.
    fn take(&self) -> (Vec<Sent>, bool) {
        let mut queue = self.queue();
        let mut items = 0;
        let some = queue.parcels.iter().take_while(|one| {
            let room = items < TOGETHER;
            items += one.parcel.received.items.len();
            room
        });
        let some = some.count();
        let taken = queue.parcels.drain(..some).collect();
        queue.asked = !queue.parcels.is_empty();
        (taken, queue.asked)
    }
}

impl Store {
    /// Takes a parcel of items: what is new is kept in one act, what is known costs nothing. The
    /// answers are in the order of the items, and true: what they say is on the disk.
    ///
    /// Errors: the database's.
    pub async fn receive(&self, at: Timestamp, parcel: Looked) -> Result<Vec<Said>> {
        let (answer, answered) = oneshot::channel();
        let Looked { phone, received } = parcel;
        let parcel = Sealed {
            at,
            phone,
            received,
        };
        let ready = parcel.ready(&parcel.received)?;
        let parcel = Arc::new(parcel);
        let sent = Sent {
            parcel,
            ready,
            answer,
        };
        if self.inbox.add(sent) {
            // A task of its own: who asked may go away, and the others wait for it.
            tokio::spawn(self.clone().receive_waiting());
        }
        answered.await.map_err(|_| Error::NotSaved)?
    }

    /// Keeps what waits, and tells each what became of it once it is on the disk. What did not find room is kept next,
    /// without waiting for that.
    fn receive_waiting(self) -> Pending<'static, ()> {
        Box::pin(async move {
            // Taken when it is the writer's turn: until then others have come.
            let taken: Arc<Mutex<Option<Vec<Waits>>>> = Arc::default();
            let (store, taking, here) = (self.clone(), taken.clone(), Handle::current());
            let take = move || {
                let (sent, left) = store.inbox.take();
                if left {
                    here.spawn(store.receive_waiting());
                }
                let (parcels, waiting) = sent.into_iter().map(Sent::apart).unzip();
                *taking.lock().unwrap_or_else(PoisonError::into_inner) = Some(waiting);
                parcels
            };
            let kept = self.keep(take).await;
            let taken = taken.lock().unwrap_or_else(PoisonError::into_inner).take();
            let Some(waiting) = taken else {
                // It never was its turn: whoever waits is told that nothing was saved.
                *self.inbox.queue() = Queue::default();
                return;
            };
            match kept {
                Ok(said) => {
                    for ((_, answer), said) in waiting.into_iter().zip(said) {
                        let _ = answer.send(Ok(said));
                    }
                }
                // One of them spoils it: each by itself.
                Err(_) => {
                    for (parcel, answer) in waiting {
                        let alone = self.keep(move || vec![(parcel, None)]).await;
                        let said = alone.map(|mut said| said.pop().unwrap_or_default());
                        let _ = answer.send(said);
                    }
                }
            }
        })
    }

    /// Keeps the parcels that are there when it is their turn; returns what is said of each.
    async fn keep<F>(&self, parcels: F) -> Result<Vec<Vec<Said>>>
    where
        F: FnOnce() -> Vec<Handed> + Send + 'static,
    {
        match self.writing.sqlite {
            Some(_) => {
                let keep = self
                    .writer
                    .write::<Sqlite, _, _>(|tx| Box::pin(receive(tx, parcels())));
                keep.await
            }
            None => self.write(|tx| Box::pin(receive(tx, parcels()))).await,
        }
    }
}

/// Receives parcels one after the other; returns what is said of each.
async fn receive<DB: Database>(
    tx: &mut Tx<'_, DB>,
    mut parcels: Vec<Handed>,
) -> Result<Vec<Vec<Said>>>
where
    for<'t> Tx<'t, DB>: Rows,
{
    let ready: Vec<_> = parcels.iter_mut().map(|(_, ready)| ready.take()).collect();
    let mut known = items_known(tx, &parcels).await?;
    let (mut answers, mut acts, mut rows, mut refused) = (vec![], vec![], vec![], vec![]);
    let mut refused_now = HashSet::new();
    for ((parcel, _), ready) in parcels.iter().zip(ready) {
        let mut said = Vec::with_capacity(parcel.received.items.len());
        let mut fresh = Vec::with_capacity(parcel.received.items.len());
        for item in &parcel.received.items {
            let known = known.entry(&item.id).or_default();
            if known.was_refused(item) {
                if refused_now.contains(&item.id) {
                    // Its task was released between two parcels that wait together: each is kept by itself.
                    return Err(Error::NotSaved);
                }
                refused.push(item.id.as_str());
            }
            let (one, item) = known.judge(item);
            if one.verdict == Verdict::Refused {
                refused_now.insert(one.id.clone());
            }
            said.push(one);
            fresh.extend(item);
        }
        answers.push(said);
        let Some(kept) = parcel.kept(fresh, ready)? else {
            continue;
        };
        let (login, noun) = (&parcel.received.login, FieldDeed::NOUN);
        acts.push(tx.next_act_written(
            parcel.at,
            login,
            noun,
            &parcel.phone,
            "received",
            kept.body,
        )?);
        rows.push(kept.rows);
    }
    if !acts.is_empty() {
        tx.append(acts).await?;
        tables::keep(tx, rows, refused).await?;
    }
    Ok(answers)
}

/// What is here under the ids of the items of parcels.
async fn items_known<'a>(
    tx: &mut impl Rows,
    parcels: &'a [Handed],
) -> Result<HashMap<&'a str, Known<'a>>> {
    let items = || {
        parcels
            .iter()
            .flat_map(|(parcel, _)| &parcel.received.items)
    };
    let mut known: HashMap<&str, Known<'_>> = items()
        .map(|item| (item.id.as_str(), Known::default()))
        .collect();
    let ids: Vec<&str> = items().map(|item| item.id.as_str()).collect();
    let text = format!(
        "SELECT id, digest, answer, reason, detail FROM every_item WHERE id IN ({})",
        tx.dialect().listed(1)
    );
    for row in tx.ask(text, vec![json(&ids)?.into()]).await? {
        let text = |column| Ok::<_, Error>(row.text(column)?.unwrap_or_default());
        let reason = row.text("reason")?.map(|key| {
            let detail = text("detail")?;
            Ok::<_, Error>(Reason { key, detail })
        });
        let verdict = Verdict::of(&text("answer")?);
        if let Some(known) = known.get_mut(text("id")?.as_str()) {
            let item = (text("digest")?.into(), verdict, reason.transpose()?);
            known.0.push(item);
        }
    }
    Ok(known)
}

impl Sealed {
    /// What is kept if the parcel says this.
    fn ready(&self, received: &Received) -> Result<Ready> {
        Ok(Ready {
            body: json(received)?,
            rows: Brought::by(&self.phone, self.at, received)?,
        })
    }

    /// What there is to keep if these of its items are new. A phone that sends nothing tells how far it has numbered.
    fn kept(&self, fresh: Vec<Cow<'_, Item>>, ready: Option<Ready>) -> Result<Option<Ready>> {
        let Received { items, .. } = &self.received;
        let as_sent =
            fresh.len() == items.len() && fresh.iter().all(|item| matches!(item, Cow::Borrowed(_)));
        if as_sent {
            if items.is_empty() && self.received.numbered == 0 {
                return Ok(None);
            }
            let ready = ready.map_or_else(|| self.ready(&self.received), Ok)?;
            return Ok(Some(ready));
        }
        // A phone notes what it has told, also with items that are all known here.
        let last = items.iter().map(|item| item.number).max();
        if fresh.is_empty() && last >= Some(self.received.numbered) {
            return Ok(None);
        }
        let received = Received {
            items: fresh.into_iter().map(Cow::into_owned).collect(),
            login: self.received.login.clone(),
            agency: self.received.agency.clone(),
            ..self.received
        };
        self.ready(&received).map(Some)
    }
}

/// What is here under one id, the first that came first: digest, verdict and reason of each.
#[derive(Default)]
struct Known<'a>(Vec<(Cow<'a, str>, Verdict, Option<Reason>)>);

impl<'a> Known<'a> {
    /// Whether an item that can be used is all that is known under its id, and was refused: it is looked at again, since its
    /// task may have been released meanwhile.
    fn was_refused(&self, item: &Item) -> bool {
        item.verdict == Verdict::Taken
            && matches!(&self.0[..], [(digest, Verdict::Refused, _)] if *digest == item.digest)
    }

    /// What is said of an item with this id, and the item if it has to be kept, with its verdict.
    fn judge(&mut self, item: &'a Item) -> (Said, Option<Cow<'a, Item>>) {
        let usable_now = self.was_refused(item);
        let Self(known) = self;
        let same = known.iter().position(|(digest, ..)| *digest == item.digest);
        let said = |verdict, reason: &Option<Reason>| Said {
            id: item.id.clone(),
            verdict,
            reason: reason.clone(),
        };
        if let Some((_, verdict, reason)) = same.filter(|_| !usable_now).map(|same| &known[same]) {
            let verdict = match verdict {
                Verdict::Taken => Verdict::Known,
                other => *other,
            };
            return (said(verdict, reason), None);
        }
        let digest = item.digest.as_str();
        let item = match known.is_empty() || usable_now {
            true => Cow::Borrowed(item),
            false => Cow::Owned(Item {
                verdict: Verdict::Conflict,
                reason: None,
                makes: None,
                ..item.clone()
            }),
        };
        let now = (Cow::Borrowed(digest), item.verdict, item.reason.clone());
        match same {
            Some(same) => known[same] = now,
            None => known.push(now),
        }
        (said(item.verdict, &item.reason), Some(item))
    }
}
