//! People who use the demo's server as real ones would: the office draws a plan, the agency gives it out, inspectors walk
//! with their phones and hand in, the reviewer accepts, cases are dispatched, handled, verified and closed.
//!
//! All of it goes over HTTP to the program's own routes, with logins and form tokens; only the clock is the demo's. What
//! is to be done stands on an agenda. The clock moves from one entry to the next, in steps of ten minutes; what stands
//! at the same time is done side by side, and what follows from it is entered later.

mod agency;
mod browser;
mod desk;
mod phone;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard};

use anyhow::{Context as _, Result};
use assessment::facts::sha256;
use assessment::month::Month;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::civil::{Date, DateTime, time};
use jiff::{Timestamp, ToSpan as _};
use serde_json::Value;
use tokio::sync::OnceCell;
use tokio::task::JoinHandle;

use super::inspection::Handling;
use super::life::ACCOUNTS;
use super::month::Demo;
use super::photo::{self, Scene};
use crate::casework;
use crate::clock::{self, Clock, civil};
use crate::store::Store;
use crate::store::field_photo::Behind;
use crate::viewer::Role;
use crate::web::{App, Outside, site};
use browser::Browser;

/// The series that the inspectors work for.
pub const SERIES: &str = "xianning";

/// Minutes between two steps of the clock.
const STEP: i64 = 10;
/// Requests that are on their way at once.
const AT_ONCE: usize = 12;
/// Hours after which the program looks what is due by itself.
const LOOKS: i64 = 6;

/// Something to be done at a time.
#[derive(Debug, Clone)]
enum Task {
    /// The office draws the month's plan.
    Draw(Month),
    /// The agency gives it out, over the days from here on.
    GiveOut(Month),
    /// The agency releases a day.
    Release(Month, Date),
    /// An inspector loads the day's tasks and sets out.
    Tour(&'static str, Date),
    /// A phone hands in what it has: parcels and photos.
    HandIn(Box<phone::Batch>),
    /// The reviewer looks at a visit.
    Review(String),
    /// The dispatcher accepts and registers what has come in.
    Intake,
    /// The dispatcher sends out what is registered.
    Dispatch,
    /// Somebody who answers for a unit looks at what is new to them.
    Receive(&'static str),
    /// The verifier says what is to be seen on the spot before a case is registered.
    Check(String, String),
    /// The dispatcher gives more time.
    Extend(String),
    /// The office lets a case rest.
    Rest(String),
    /// A unit has handled a case.
    Handle(&'static str, String, String),
    /// The verifier looks.
    Verify(String, String),
    Close(String),
    /// The office grants an appeal.
    Void(String),
    /// The program does what is due by itself.
    Look,
}

/// What the people know of something that was found.
#[derive(Debug, Clone)]
struct Found {
    /// The name under which its dice are thrown.
    name: String,
    scene: Scene,
    variant: usize,
    site: usize,
    condition: Option<String>,
    /// Looked after by the city's own works.
    works: bool,
    excluded: Option<&'static str>,
    handling: Handling,
    fails: bool,
}

/// What the agency and its reviewer know of a visit.
#[derive(Debug, Clone, Default)]
struct Visited {
    /// Observations, each with what the reviewer will decide.
    observations: Vec<(String, agency::Decision)>,
    finished_at: DateTime,
}

/// What has been agreed so far.
#[derive(Default)]
struct Notes {
    agenda: BTreeMap<i64, Vec<Task>>,
    /// What there is to find at the sites of a month's plan.
    months: BTreeMap<Month, Arc<Vec<phone::Find>>>,
    phones: BTreeMap<&'static str, phone::Phone>,
    visits: HashMap<String, Visited>,
    /// By where it lies: this is what a list of cases shows.
    found: HashMap<(String, String), Found>,
    /// Cases that a unit has seen already, with how often they came back.
    seen: BTreeSet<(String, &'static str, u64)>,
    /// What was found, by its name: where it lies.
    places: HashMap<String, (String, String)>,
    /// What has failed a verification once.
    failed: BTreeSet<String>,
    /// Who handled a case last.
    handled_by: HashMap<String, &'static str>,
}

/// The people of a demo town, and the server they use.
pub struct People<'a> {
    demo: &'a Demo,
    store: Store,
    clock: Clock,
    site: String,
    password: String,
    /// One in so many of the month's findings is found.
    share: usize,
    browsers: HashMap<&'static str, OnceCell<Browser>>,
    notes: Mutex<Notes>,
    machinery: Vec<JoinHandle<()>>,
}

impl Drop for People<'_> {
    fn drop(&mut self) {
        for task in &self.machinery {
            task.abort();
        }
    }
}

impl<'a> People<'a> {
    /// Starts the server on a free port of this machine, with a clock of its own. One in `share` of what a month has to
    /// show is found, at so many fewer sites: 1 for a whole month, more for tests.
    ///
    /// # Errors
    /// No port is free.
    pub async fn arrive(
        demo: &'a Demo,
        store: &Store,
        password: &str,
        share: usize,
    ) -> Result<Self> {
        let clock = Clock::standing_at(moment("2020-08-31".parse()?, 9)?);
        let app = App::new(store.clone(), clock.clone(), Outside::default());
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let darkroom = app.field.darkroom.clone();
        let darkroom = tokio::spawn(darkroom.work(store.clone(), clock.clone()));
        let service = site(app).into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move {
            if let Ok(server) = axum_server::from_tcp(listener)
                && let Err(error) = server.serve(service).await
            {
                tracing::error!(%error, "the demo's server stopped");
            }
        });
        Ok(Self {
            demo,
            store: store.clone(),
            clock,
            site: format!("http://{address}"),
            password: password.to_owned(),
            share: share.max(1),
            browsers: ACCOUNTS
                .iter()
                .map(|(login, ..)| (*login, OnceCell::new()))
                .collect(),
            notes: Mutex::default(),
            machinery: vec![server, darkroom],
        })
    }

    /// Enters a month on the agenda: its plan is drawn on `day`, inspectors go out from the day after.
    ///
    /// # Errors
    /// None but those of dates.
    pub fn begin(&self, month: Month, day: Date) -> Result<()> {
        self.enter(day.to_datetime(time(9, 0, 0, 0)), Task::Draw(month));
        let last = month.plus(1).first_day().saturating_add(40.days());
        let mut at = day.to_datetime(time(0, 0, 0, 0));
        while at.date() < last {
            self.enter(at, Task::Look);
            at = at.saturating_add(LOOKS.hours());
        }
        Ok(())
    }

    /// Does everything that stands on the agenda up to a moment; `told` hears how far the clock has come.
    ///
    /// # Errors
    /// Somebody was refused what they expected to be allowed.
    pub async fn until(&self, moment: Timestamp, told: impl Fn(DateTime)) -> Result<()> {
        loop {
            let next = {
                let mut notes = self.notes();
                match notes.agenda.first_entry() {
                    Some(entry) if *entry.key() <= moment.as_millisecond() => {
                        Some(entry.remove_entry())
                    }
                    _ => None,
                }
            };
            let Some((at, tasks)) = next else { break };
            self.set_clock(at);
            told(civil(self.clock.now()));
            stream::iter(tasks)
                .map(|task| async move {
                    let what = format!("{task:?}");
                    self.done(task)
                        .await
                        .with_context(|| what.chars().take(120).collect::<String>())
                })
                .buffer_unordered(AT_ONCE)
                .try_collect::<Vec<()>>()
                .await?;
        }
        self.set_clock(moment.as_millisecond());
        Ok(())
    }

    /// Waits until every photo has been looked at.
    ///
    /// # Errors
    /// The store's.
    pub async fn develop(&self) -> Result<()> {
        while self
            .store
            .next_to_develop(&Behind::default())
            .await?
            .is_some()
        {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Ok(())
    }

    async fn done(&self, task: Task) -> Result<()> {
        match task {
            Task::Draw(month) => self.draw(month).await,
            Task::GiveOut(month) => self.give_out(month).await,
            Task::Release(month, day) => self.release(month, day).await,
            Task::Tour(login, day) => self.tour(login, day).await,
            Task::HandIn(batch) => self.hand_in(*batch).await,
            Task::Review(visit) => self.review(&visit).await,
            Task::Intake => self.intake().await,
            Task::Dispatch => self.dispatch().await,
            Task::Receive(login) => self.receive(login).await,
            Task::Check(id, name) => self.check(&id, &name).await,
            Task::Extend(id) => self.extend(&id).await,
            Task::Rest(id) => self.rest(&id).await,
            Task::Handle(login, id, name) => self.handle(login, &id, &name).await,
            Task::Verify(id, name) => self.verify(&id, &name).await,
            Task::Close(id) => self.close(&id).await,
            Task::Void(id) => self.void(&id).await,
            Task::Look => self.look().await,
        }
    }

    /// What the program does by itself when a date comes.
    async fn look(&self) -> Result<()> {
        casework::tick(&self.store, self.clock.now()).await?;
        self.store.release_due(self.clock.now()).await?;
        Ok(())
    }

    /// The browser of somebody; they sign in when they first need it.
    async fn as_user(&self, login: &str) -> Result<&Browser> {
        let cell = self.browsers.get(login).context("an account of the demo")?;
        cell.get_or_try_init(|| Browser::sign_in(&self.site, login, &self.password))
            .await
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn now(&self) -> DateTime {
        civil(self.clock.now())
    }

    fn set_clock(&self, at: i64) {
        if let Clock::Standing(moment) = &self.clock {
            moment.store(at, std::sync::atomic::Ordering::SeqCst);
        }
    }

    /// The step of the clock at which something entered for a time comes: not before it, and later than now.
    fn step(&self, at: DateTime) -> i64 {
        let step = STEP * 60_000;
        let now = self.clock.now().as_millisecond();
        let at = at
            .to_zoned(clock::zone())
            .map_or(now, |at| at.timestamp().as_millisecond());
        (at.max(now + 1) + step - 1).div_euclid(step) * step
    }

    fn enter(&self, at: DateTime, task: Task) {
        let step = self.step(at);
        self.notes().agenda.entry(step).or_default().push(task);
    }

    /// Enters a round that somebody makes: once at a time, however many ask for it.
    fn enter_once(&self, at: DateTime, task: Task) {
        let same = |other: &Task| match (other, &task) {
            (Task::Intake, Task::Intake) | (Task::Dispatch, Task::Dispatch) => true,
            (Task::Receive(one), Task::Receive(other)) => one == other,
            _ => false,
        };
        let step = self.step(at);
        let mut notes = self.notes();
        let tasks = notes.agenda.entry(step).or_default();
        if !tasks.iter().any(same) {
            tasks.push(task);
        }
    }

    /// A photo of a place; drawn away from the threads that answer.
    async fn picture(
        &self,
        scene: Scene,
        variant: usize,
        rectified: bool,
    ) -> Result<(String, Vec<u8>)> {
        let seed = self.demo.town.seed;
        tokio::task::spawn_blocking(move || photo::draw(seed, scene, variant, rectified)).await?
    }
}

/// From so many o'clock to so many: before it begins, later the next day.
fn within(at: DateTime, from: i8, to: i8) -> DateTime {
    match at.hour() {
        hour if hour < from => at.date().to_datetime(time(from, 0, 0, 0)),
        hour if hour >= to => at
            .date()
            .saturating_add(1.day())
            .to_datetime(time(from, 0, 0, 0)),
        _ => at,
    }
}

/// An id as phones make them, the same for the same seed and purpose.
fn uuid(seed: u64, purpose: &str) -> String {
    let digest = sha256(format!("yuekao-demo|{seed}|{purpose}").as_bytes());
    let part = |from: usize, to: usize| &digest[from..to];
    format!(
        "{}-{}-4{}-a{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    )
}

/// The login that answers for a unit.
fn login_of(unit: &str) -> Option<&'static str> {
    let answers = |role: Role, of: Option<&str>| role == Role::Unit && of == Some(unit);
    ACCOUNTS
        .iter()
        .find(|(_, _, role, of)| answers(*role, *of))
        .map(|(login, ..)| *login)
}

/// A text of an answer.
fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

/// An hour of a day, in the host's time.
fn moment(day: Date, hour: i8) -> Result<Timestamp> {
    let at = day.to_datetime(time(hour, 0, 0, 0));
    Ok(at.to_zoned(clock::zone())?.timestamp())
}
