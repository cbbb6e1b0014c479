//! The inbox: parcels that phones hand in wait for the one writer, and what has gathered is kept together.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use sqlx::Row as _;
use tokio::sync::oneshot;

use super::super::act::{Act, Deed as _};
use super::super::rows::{Cell, bound};
use super::super::writer::Tx;
use super::super::{Error, Result, Store};
use super::{FieldDeed, Item, Reason, Received, Verdict, json, reason_of, tables};

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
    answer: oneshot::Sender<Result<Vec<Said>>>,
}

/// A parcel with what the record says of it if nothing of it is here yet, as is usual: written by whoever hands it in, not by
/// the one writer.
struct Sealed {
    at: Timestamp,
    phone: String,
    received: Received,
    body: String,
}

/// Parcels with so many items are kept together; what comes meanwhile is got ready beside it and is kept next.
const TOGETHER: usize = 2000;

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
        let body = json(&received)?;
        let parcel = Arc::new(Sealed {
            at,
            phone,
            received,
            body,
        });
        if self.inbox.add(Sent { parcel, answer }) {
            // A task of its own: who asked may go away, and the others wait for it.
            tokio::spawn(self.clone().receive_waiting());
        }
        answered.await.map_err(|_| Error::NotSaved)?
    }

    /// Keeps what waits, and tells each what became of it once it is on the disk.
    async fn receive_waiting(self) {
        loop {
            // Taken when it is the writer's turn: until then others have come.
            let taken: Arc<Mutex<Option<(Vec<Sent>, bool)>>> = Arc::default();
            let (inbox, taking) = (self.inbox.clone(), taken.clone());
            let kept = self.write(move |tx| {
                Box::pin(async move {
                    let (sent, left) = inbox.take();
                    let parcels: Vec<_> = sent.iter().map(|one| one.parcel.clone()).collect();
                    *taking.lock().unwrap_or_else(PoisonError::into_inner) = Some((sent, left));
                    tx.receive(&parcels).await
                })
            });
            let kept = kept.await;
            let taken = taken.lock().unwrap_or_else(PoisonError::into_inner).take();
            // If it never was its turn, nothing was taken.
            let (sent, left) = taken.unwrap_or_else(|| self.inbox.take());
            match kept {
                Ok(said) => {
                    for (one, said) in sent.into_iter().zip(said) {
                        let _ = one.answer.send(Ok(said));
                    }
                }
                // One of them spoils it: each by itself.
                Err(_) => {
                    for Sent { parcel, answer } in sent {
                        let alone = self
                            .write(move |tx| Box::pin(async move { tx.receive(&[parcel]).await }));
                        let said = alone.await.map(|mut said| said.pop().unwrap_or_default());
                        let _ = answer.send(said);
                    }
                }
            }
            if !left {
                return;
            }
        }
    }
}

impl Tx<'_> {
    /// Receives parcels one after the other; returns what is said of each.
    async fn receive(&mut self, parcels: &[Arc<Sealed>]) -> Result<Vec<Vec<Said>>> {
        let mut known = self.items_known(parcels).await?;
        let (mut answers, mut kept) = (vec![], vec![]);
        for parcel in parcels {
            let mut said = Vec::with_capacity(parcel.received.items.len());
            let mut fresh = Vec::with_capacity(parcel.received.items.len());
            for item in &parcel.received.items {
                let (one, item) = known.entry(&item.id).or_default().judge(item);
                said.push(one);
                fresh.extend(item);
            }
            answers.push(said);
            kept.extend(parcel.with(fresh)?);
        }
        if kept.is_empty() {
            return Ok(answers);
        }
        let acts: Vec<Act> = kept
            .iter()
            .map(|one| {
                let (at, login) = (one.parcel.at, &one.received.login);
                let (noun, phone) = (FieldDeed::NOUN, &one.parcel.phone);
                self.next_act_written(at, login, noun, phone, "received", one.body.to_string())
            })
            .collect::<Result<_>>()?;
        self.append(&acts).await?;
        let rows: Vec<_> = kept
            .iter()
            .map(|one| (one.parcel.phone.as_str(), one.parcel.at, &*one.received))
            .collect();
        tables::keep(self, &rows).await?;
        Ok(answers)
    }

    /// What is here under the ids of the items of parcels.
    async fn items_known<'a>(
        &mut self,
        parcels: &'a [Arc<Sealed>],
    ) -> Result<HashMap<&'a str, Known<'a>>> {
        let items = || parcels.iter().flat_map(|parcel| &parcel.received.items);
        let mut known: HashMap<&str, Known<'_>> = items()
            .map(|item| (item.id.as_str(), Known::default()))
            .collect();
        let ids: Vec<&str> = items().map(|item| item.id.as_str()).collect();
        let text = format!(
            "SELECT id, digest, answer, reason, detail FROM field_item WHERE id IN ({})",
            self.dialect().listed(1)
        );
        let ids = [Cell::from(json(&ids)?)];
        for row in bound(text, &ids).fetch_all(self.conn()).await? {
            let (id, digest): (String, String) = (row.try_get("id")?, row.try_get("digest")?);
            let answer: String = row.try_get("answer")?;
            let item = (digest.into(), Verdict::of(&answer), reason_of(&row)?);
            if let Some(known) = known.get_mut(id.as_str()) {
                known.0.push(item);
            }
        }
        Ok(known)
    }
}

/// What is new in a parcel, and what the record says of it.
struct Kept<'a> {
    parcel: &'a Sealed,
    received: Cow<'a, Received>,
    body: Cow<'a, str>,
}

impl Sealed {
    /// What there is to keep if these of its items are new. A phone that sends nothing tells how far it has numbered.
    fn with<'a>(&'a self, fresh: Vec<Cow<'a, Item>>) -> Result<Option<Kept<'a>>> {
        let Received { items, .. } = &self.received;
        let as_sent =
            fresh.len() == items.len() && fresh.iter().all(|item| matches!(item, Cow::Borrowed(_)));
        if as_sent {
            let tells = !items.is_empty() || self.received.numbered > 0;
            return Ok(tells.then_some(Kept {
                parcel: self,
                received: Cow::Borrowed(&self.received),
                body: Cow::Borrowed(&self.body),
            }));
        }
        if fresh.is_empty() {
            return Ok(None);
        }
        let received = Received {
            items: fresh.into_iter().map(Cow::into_owned).collect(),
            login: self.received.login.clone(),
            agency: self.received.agency.clone(),
            ..self.received
        };
        Ok(Some(Kept {
            parcel: self,
            body: json(&received)?.into(),
            received: Cow::Owned(received),
        }))
    }
}

/// What is here under one id, the first that came first: digest, verdict and reason of each.
#[derive(Default)]
struct Known<'a>(Vec<(Cow<'a, str>, Verdict, Option<Reason>)>);

impl<'a> Known<'a> {
    /// What is said of an item with this id, and the item if it has to be kept, with its verdict.
    fn judge(&mut self, item: &'a Item) -> (Said, Option<Cow<'a, Item>>) {
        let Self(known) = self;
        let same = known.iter().position(|(digest, ..)| *digest == item.digest);
        // What was refused is looked at again: its task may have been released since.
        let usable_now = item.verdict == Verdict::Taken
            && known.len() == 1
            && same.is_some_and(|same| known[same].1 == Verdict::Refused);
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
