//! The standing of open months, kept while findings arrive: reading it costs the same after ten thousand and after ten
//! million. What else arrives makes it be worked out anew; the scan ([`assessment::score::score`]) is the audit.

use std::collections::HashMap;
use std::sync::Arc;

use assessment::facts::Facts;
use assessment::finding::Finding;
use assessment::ground::Ground;
use assessment::month::Month;
use assessment::refusal::Refusal;
use assessment::rules::Rules;
use assessment::score::open::Open;
use assessment::score::{Standing, score};
use assessment::tally::FindingClass;
use tokio::sync::{Mutex, mpsc, oneshot};

use super::Error;
use crate::store::Store;
use crate::store::round::RoundRow;

/// Keepers of the open months, one for each that was asked for.
#[derive(Default)]
pub struct Keepers {
    open: Mutex<HashMap<(String, Month), Keeper>>,
}

/// A standing as it is now, and how much evidence there is.
#[derive(Clone)]
pub struct Kept {
    /// Or why there is none.
    pub standing: Result<Arc<Standing>, Refusal>,
    pub visits: usize,
    /// Findings of the window, excluded ones included.
    pub findings: usize,
    pub cases: usize,
}

/// A thread that holds one month's ground, and the number of the last act that it knows.
struct Keeper {
    asks: mpsc::Sender<Ask>,
    seq: i64,
}

enum Ask {
    /// Findings are new, or other than before. Answers whether they could be taken.
    Take(Vec<Finding>, oneshot::Sender<bool>),
    Tell(oneshot::Sender<Kept>),
}

impl Keepers {
    /// The standing of an open month now.
    ///
    /// # Errors
    /// The store's; rules that are not adopted.
    pub async fn standing(&self, store: &Store, round: &RoundRow) -> Result<Kept, Error> {
        let key = (round.series.clone(), round.month);
        let mut open = self.open.lock().await;
        if let Some(keeper) = open.get_mut(&key) {
            if keeper.catch_up(store, round).await?
                && let Some(kept) = keeper.tell().await
            {
                return Ok(kept);
            }
            open.remove(&key);
        }
        let keeper = Keeper::begin(store, round).await?;
        let kept = keeper.tell().await;
        open.insert(key, keeper);
        kept.ok_or_else(|| super::not_yet("round-not-begun", &round.series, round.month))
    }
}

impl Keepers {
    /// A month that is no longer open needs no keeper: its thread ends.
    pub async fn forget(&self, round: &RoundRow) {
        let key = (round.series.clone(), round.month);
        self.open.lock().await.remove(&key);
    }
}

impl Keeper {
    async fn begin(store: &Store, round: &RoundRow) -> Result<Keeper, Error> {
        // What arrives from here on is looked at again: taking a finding twice changes nothing.
        let seq = store.last_act().await?;
        let (rules, _) = super::rules(store, &round.scheme_id).await?;
        let facts = store.facts(&rules, round.month).await?;
        let (asks, asked) = mpsc::channel(64);
        let month = round.month;
        std::thread::Builder::new()
            .name(format!("standing-{}-{month}", round.series))
            .spawn(move || keep(&rules, &facts, month, asked))
            .map_err(crate::store::Error::from)?;
        Ok(Keeper { asks, seq })
    }

    /// Takes what has arrived since; `false`: it has to begin anew.
    async fn catch_up(&mut self, store: &Store, round: &RoundRow) -> Result<bool, Error> {
        let (rules, _) = super::rules(store, &round.scheme_id).await?;
        let arrived = store
            .findings_after(self.seq, &rules.scheme.evidence)
            .await?;
        let Some((seq, findings)) = arrived else {
            return Ok(false);
        };
        if !findings.is_empty() {
            let (answer, answered) = oneshot::channel();
            let sent = self.asks.send(Ask::Take(findings, answer)).await;
            if sent.is_err() || !answered.await.unwrap_or(false) {
                return Ok(false);
            }
        }
        self.seq = seq;
        Ok(true)
    }

    async fn tell(&self) -> Option<Kept> {
        let (answer, answered) = oneshot::channel();
        self.asks.send(Ask::Tell(answer)).await.ok()?;
        answered.await.ok()
    }
}

/// The life of a keeper's thread: it ends when nobody asks any more, or after an ask that it could not take.
fn keep(rules: &Rules, facts: &Facts, month: Month, mut asked: mpsc::Receiver<Ask>) {
    let (visits, cases) = (facts.visits.len(), facts.cases.len());
    let kept = |standing: Result<Standing, Refusal>, findings| Kept {
        standing: standing.map(Arc::new),
        visits,
        findings,
        cases,
    };
    let ground = Ground::new(rules, facts, month, true);
    let opened = ground.and_then(|ground| {
        let classes = ground.class_of().to_vec();
        Ok((Open::new(ground)?, classes))
    });
    let (mut open, classes) = match opened {
        Ok((open, classes)) if open.can_keep() => (open, classes),
        // Nothing can be kept: what is asked now is worked out from all facts, and the next arrival begins anew.
        _ => {
            let standing = kept(score(rules, facts, month), facts.findings.len());
            while let Some(ask) = asked.blocking_recv() {
                match ask {
                    Ask::Tell(answer) => drop(answer.send(standing.clone())),
                    Ask::Take(_, answer) => drop(answer.send(false)),
                }
            }
            return;
        }
    };
    let window = rules.scheme.window(month);
    let mut known: HashMap<String, Option<FindingClass>> = facts
        .findings
        .iter()
        .map(|finding| finding.id.clone())
        .zip(classes)
        .collect();
    let mut told: Option<Kept> = None;
    while let Some(ask) = asked.blocking_recv() {
        match ask {
            Ask::Tell(answer) => {
                let now = told.get_or_insert_with(|| kept(open.standing(), known.len()));
                drop(answer.send(now.clone()));
            }
            Ask::Take(findings, answer) => {
                told = None;
                let taken = findings.iter().try_for_each(|finding| {
                    let touches = window.holds(finding.found_at)
                        || finding.due_at.is_some_and(|due| window.holds(due));
                    take(&mut open, &mut known, finding, touches)
                });
                let taken = taken.is_ok();
                let _ = answer.send(taken);
                if !taken {
                    return;
                }
            }
        }
    }
}

/// Takes one finding in place of what was known of it.
fn take(
    open: &mut Open,
    known: &mut HashMap<String, Option<FindingClass>>,
    finding: &Finding,
    touches: bool,
) -> Result<(), Refusal> {
    if let Some(Some(before)) = known.remove(&finding.id) {
        open.add_class(&before, -1)?;
    }
    if touches && open.ground().register.find(&finding.unit).is_some() {
        let class = open.classify(finding);
        if let Some(class) = &class {
            open.add_class(class, 1)?;
        }
        known.insert(finding.id.clone(), class);
    }
    Ok(())
}
