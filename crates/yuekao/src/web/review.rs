//! The agency's review: what its inspectors recorded is accepted, rejected or linked. The agency's
//! own people see their agency's, host and auditor see all; for everybody else there is nothing here.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use assessment::case::duplicate::radius;
use assessment::message::Message;
use assessment::points::Points;
use axum::extract::{Form, Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::Deserialize;

use super::App;
use super::answer::html;
use super::called::People;
use super::error::{Error, Result};
use super::field::why;
use super::page::Page;
use super::photos;
use crate::casework::Practice;
use crate::clock::{begin_of, day_of};
use crate::datum::{decimal, metres};
use crate::field::doubt::{Tour, doubts, length_differs, looked_too_fast, never_near};
use crate::store::digest;
use crate::store::field::{ClosedSite, Odd, OddItems, Phone, Sight, Span};
use crate::store::field_photo::FieldPhoto;
use crate::store::observation::{
    Alike, Observation, ObservationDeed, VisitRecord, VisitToReview, Wanted,
};
use crate::store::plain::plain;

/// Observations on a page, and in one bulk act.
const SHOWN: i64 = 30;
const AT_ONCE: i64 = 500;
/// Characters of a reason.
const REASON: usize = 300;

/// What this viewer may see; whoever may see nothing learns nothing.
fn sight(page: &Page) -> Result<Sight<'_>> {
    Sight::of(&page.viewer).ok_or_else(Error::not_found)
}

/// What is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    inspector: String,
    #[serde(default)]
    month: String,
    #[serde(default)]
    page: i64,
}

impl Asked {
    fn wanted(&self) -> Wanted {
        let state = match self.state.as_str() {
            "" => "new",
            "all" => "",
            state => state,
        };
        let plain = |text: &str| plain(text).trim().to_owned();
        Wanted {
            state: plain(state),
            unit: plain(&self.unit),
            inspector: plain(&self.inspector),
            month: plain(&self.month),
        }
    }

    /// The same list on another page or in another state.
    fn link(&self, state: &str, page: i64) -> String {
        let fields = [
            ("state", state),
            ("unit", &self.unit),
            ("inspector", &self.inspector),
            ("month", &self.month),
        ];
        let mut query = url_query(&fields);
        if page > 0 {
            query.push_str(&format!("&page={page}"));
        }
        format!("/desk/review?{}", query.trim_start_matches('&'))
    }
}

fn url_query(fields: &[(&str, &str)]) -> String {
    fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("&{name}={}", super::error::in_query(value)))
        .collect()
}

/// An observation as the page shows it.
struct Line {
    one: Observation,
    /// Title of the indicator and what it requires.
    title: String,
    requirement: String,
    severity: String,
    unit: String,
    site: String,
    found_at: String,
    /// Sentences about what is strange.
    doubts: Vec<String>,
    photos: Vec<Shot>,
    /// What the review made of its visit.
    visit_state: String,
    /// Metres from the site.
    from_site: Option<u64>,
    site_at: Option<(i64, i64)>,
}

/// A photo as the page shows it.
struct Shot {
    digest: String,
    known: Option<FieldPhoto>,
}

impl Shot {
    fn ready(&self) -> bool {
        self.known
            .as_ref()
            .is_some_and(|photo| photo.state == "ready")
    }

    /// The picture is not whole.
    fn cut_off(&self) -> bool {
        self.known.as_ref().is_some_and(|photo| photo.cut_off)
    }

    /// Why there is no picture.
    fn absence(&self) -> &'static str {
        match self.known.as_ref() {
            None => "review-photo-missing",
            Some(photo) if photo.state == "waiting" => "review-photo-waiting",
            Some(photo) => match photo.reason.as_deref() {
                Some("too-large") => "review-photo-too-large",
                Some("no-preview") if photo.preview_comes => "review-photo-no-preview",
                Some("no-preview") => "review-photo-no-decoder",
                _ => "review-photo-broken",
            },
        }
    }
}

/// Names for codes, gathered once for a page.
struct Names {
    units: HashMap<String, String>,
}

impl Names {
    async fn of(app: &App, page: &Page) -> Result<Self> {
        let english = page.lang() == "en";
        let units = app.store.units().await?.into_iter().map(|unit| {
            let name = unit.name_en.filter(|_| english).unwrap_or(unit.name);
            (unit.code, name)
        });
        Ok(Self {
            units: units.collect(),
        })
    }

    fn unit(&self, code: &str) -> String {
        self.units
            .get(code)
            .cloned()
            .unwrap_or_else(|| code.to_owned())
    }
}

/// A site as the review needs it.
struct Site {
    name: String,
    /// Kind of place; empty if it is not known.
    stratum: String,
    /// Metres, if it is a street.
    length_m: Option<Points>,
    at: Option<(i64, i64)>,
}

async fn site_of(app: &App, series: &str, id: &str) -> Result<Site> {
    let cells = app.store.evidence_row(series, "sites", id).await?;
    let cell = |index: usize| cells.as_ref().and_then(|cells| cells.get(index));
    let lng = cell(5).and_then(|text| e7(text));
    Ok(Site {
        name: cell(2).cloned().unwrap_or_else(|| id.to_owned()),
        stratum: cell(3).cloned().unwrap_or_default(),
        length_m: cell(4).and_then(|text| Points::parse(text).ok()),
        at: lng.zip(cell(6).and_then(|text| e7(text))),
    })
}

/// What inspectors' phones reported, by inspector and day: judged once for a page.
#[derive(Default)]
struct Tours(HashMap<(String, Date), Arc<Tour>>);

impl Tours {
    async fn of(&mut self, app: &App, inspector: &str, at: Timestamp) -> Result<Arc<Tour>> {
        let day = day_of(at);
        let key = (inspector.to_owned(), day);
        if let Some(known) = self.0.get(&key) {
            return Ok(known.clone());
        }
        let from = begin_of(day).map_err(Error::broken)?;
        let until = begin_of(day.saturating_add(1.day())).map_err(Error::broken)?;
        let reports = app.store.track(inspector, from, until).await?;
        let tour = Arc::new(Tour::judged(reports));
        self.0.insert(key, tour.clone());
        Ok(tour)
    }
}

/// What is strange about the positions of a visit, as sentences.
fn doubts_of_visit(page: &Page, tour: &Tour, visit: &str) -> Vec<String> {
    let sentence = |(message, times): (Message, usize)| {
        let sentence = page.language.message(&message);
        match times {
            1 => sentence,
            _ => page.t2("review-doubt-times", "doubt", sentence, "times", times),
        }
    };
    tour.of_visit(visit).into_iter().map(sentence).collect()
}

/// What is strange about whose task it was when something was done, as sentences.
async fn doubts_of_task(
    app: &App,
    page: &Page,
    visit: &VisitRecord,
    at: Timestamp,
) -> Result<Vec<String>> {
    let spans = app.store.spans(&visit.inspector, &visit.assignment).await?;
    let begun = at.min(visit.started_at);
    let Some(span) = Span::of(&spans, begun.as_millisecond()) else {
        return Ok(vec![]);
    };
    let mut doubts = Vec::new();
    let ended = span.until.map(Timestamp::from_millisecond).transpose();
    if let Some(ended) = ended.map_err(Error::broken)? {
        doubts.push(page.t1("doubt-task-moved", "at", page.moment(&ended)));
    }
    if !span.day.is_empty() && span.day != day_of(at).to_string() {
        doubts.push(page.t1("doubt-other-day", "day", &span.day));
    }
    Ok(doubts)
}

/// Decimal degrees as whole 1e-7 degrees.
fn e7(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{part:0<7}");
    let part: i64 = digits.get(..7)?.parse().ok()?;
    let degrees: i64 = whole.parse().ok()?;
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    Some(degrees * 10_000_000 + sign * part)
}

async fn line_of(
    app: &App,
    page: &Page,
    names: &Names,
    tours: &mut Tours,
    one: Observation,
) -> Result<Line> {
    let sight = sight(page)?;
    let rules = app
        .field
        .rules
        .rules(&app.store, &one.series, &one.month)
        .await?;
    let indicator = rules
        .as_deref()
        .and_then(|rules| rules.standard().indicator(&one.indicator));
    let site = site_of(app, &one.series, &one.site).await?;
    let mut photos = Vec::new();
    for digest in &one.photos {
        let known = app.store.field_photo(sight, digest).await?;
        photos.push(Shot {
            digest: digest.clone(),
            known,
        });
    }
    let visit = app.store.visit_record(sight, &one.visit).await?;
    let whose = match &visit {
        Some(visit) => doubts_of_task(app, page, visit, one.found_at).await?,
        None => vec![],
    };
    let tour = tours.of(app, &one.inspector, one.found_at).await?;
    let known: Vec<_> = photos.iter().map(|photo| photo.known.clone()).collect();
    let doubts = doubts(&one, &known, &tour, site.at)
        .iter()
        .map(|doubt| page.language.message(doubt))
        .chain(whose)
        .collect();
    Ok(Line {
        title: indicator.map_or_else(
            || one.indicator.clone(),
            |indicator| page.language.of(&indicator.title).to_owned(),
        ),
        requirement: indicator.map_or_else(String::new, |indicator| {
            page.language.of(&indicator.requirement).to_owned()
        }),
        severity: page.t(&format!("review-severity-{}", one.severity)),
        unit: names.unit(&one.unit),
        found_at: page.moment(&one.found_at),
        from_site: one.at.zip(site.at).map(|(a, b)| metres(a, b)),
        site: site.name,
        site_at: site.at,
        visit_state: visit.map(|visit| visit.state).unwrap_or_default(),
        doubts,
        photos,
        one,
    })
}

#[derive(Template)]
#[template(path = "review/list.html")]
struct ListPage {
    page: Page,
    asked: Asked,
    lines: Vec<Line>,
    count: i64,
    /// State, how many, whether it is shown.
    tabs: Vec<(&'static str, i64, bool)>,
    units: Vec<(String, String)>,
    inspectors: Vec<String>,
    people: People,
    months: Vec<String>,
    many: Option<OfMany>,
}

/// What accepting many comes to.
struct OfMany {
    /// How many were accepted; without it this is a dry run.
    done: Option<usize>,
    /// How many there are to accept at once, and how many are left for a closer look.
    plain: usize,
    strange: usize,
    /// How many of those are left for their visit alone.
    for_visit: usize,
    /// Names what would be accepted: only what was looked at is.
    digest: String,
}

impl ListPage {
    fn first(&self) -> i64 {
        self.asked.page * SHOWN
    }

    fn earlier(&self) -> Option<String> {
        (self.asked.page > 0).then(|| self.asked.link(&self.asked.state, self.asked.page - 1))
    }

    fn later(&self) -> Option<String> {
        let more = self.first() + SHOWN < self.count;
        more.then(|| self.asked.link(&self.asked.state, self.asked.page + 1))
    }

    fn state(&self) -> &str {
        match self.asked.state.as_str() {
            "" => "new",
            state => state,
        }
    }
}

/// The list, by default of what is new.
pub async fn list(
    State(app): State<App>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    shown(&app, page, asked, None).await
}

async fn shown(app: &App, page: Page, mut asked: Asked, many: Option<OfMany>) -> Result<Response> {
    asked.page = asked.page.clamp(0, 1_000_000);
    let names = Names::of(app, &page).await?;
    let counts = app
        .store
        .observations_by_state(sight(&page)?, &asked.wanted())
        .await?;
    let (found, count) = app
        .store
        .observations(sight(&page)?, &asked.wanted(), asked.page * SHOWN, SHOWN)
        .await?;
    let (units, inspectors, months) = app.store.observation_choices(sight(&page)?).await?;
    let (mut lines, mut tours) = (Vec::new(), Tours::default());
    for one in found {
        lines.push(line_of(app, &page, &names, &mut tours, one).await?);
    }
    let recorded = lines.iter().map(|line| line.one.inspector.as_str());
    let logins = recorded.chain(inspectors.iter().map(String::as_str));
    let people = People::of(app, &page, logins).await?;
    let state = asked.wanted().state;
    let tab = |word| (word, counts.get(word).copied().unwrap_or(0), state == word);
    html(&ListPage {
        lines,
        count,
        tabs: ["new", "accepted", "rejected", "duplicate"]
            .map(tab)
            .to_vec(),
        units: units
            .into_iter()
            .map(|code| (names.unit(&code), code))
            .collect(),
        inspectors,
        people,
        months,
        many,
        asked,
        page,
    })
}

/// The form that accepts many.
#[derive(Debug, Deserialize)]
pub struct Many {
    #[serde(flatten)]
    asked: Asked,
    /// The digest of what the dry run would accept; without it this is the dry run.
    #[serde(default)]
    seen: String,
}

/// Counts what would be accepted, or accepts it: what the filter finds, is new and has nothing strange about it, nor about
/// its visit, which would be accepted with it.
pub async fn many(State(app): State<App>, page: Page, Form(many): Form<Many>) -> Result<Response> {
    let mut asked = many.asked;
    asked.state = "new".into();
    asked.page = 0;
    let names = Names::of(&app, &page).await?;
    let (found, _) = app
        .store
        .observations(sight(&page)?, &asked.wanted(), 0, AT_ONCE)
        .await?;
    let all = found.len();
    let practice = Practice::of(&app.store).await?;
    let (mut plain, mut tours) = (Vec::new(), Tours::default());
    let (mut visits, mut for_visit) = (HashMap::new(), 0);
    for one in found {
        let reach = radius(&practice.radii, &one.category);
        let alike = app.store.alike(sight(&page)?, &one, reach).await?;
        let line = line_of(&app, &page, &names, &mut tours, one).await?;
        if line.doubts.is_empty() && alike.is_empty() && line.photos.iter().all(Shot::ready) {
            let visit = line.one.visit;
            let is_plain = match visits.get(&visit) {
                Some(known) => *known,
                None => visit_is_plain(&app, &page, &names, &mut tours, &visit).await?,
            };
            visits.insert(visit, is_plain);
            match is_plain {
                true => plain.push(line.one.id),
                false => for_visit += 1,
            }
        }
    }
    let mut of_many = OfMany {
        done: None,
        plain: plain.len(),
        strange: all - plain.len(),
        for_visit,
        digest: digest(plain.join("\n")),
    };
    if many.seen == of_many.digest && of_many.plain > 0 {
        let (now, who) = (app.clock.now(), &page.viewer.login);
        let accepted = app
            .store
            .accept_observations(now, who, sight(&page)?, plain);
        of_many.done = Some(accepted.await?);
    }
    shown(&app, page, asked, Some(of_many)).await
}

/// Whether the visit of a finding was accepted, or could be with others.
async fn visit_is_plain(
    app: &App,
    page: &Page,
    names: &Names,
    tours: &mut Tours,
    id: &str,
) -> Result<bool> {
    let Some(found) = app.store.visit_to_review(sight(page)?, id).await? else {
        return Ok(false);
    };
    Ok(match found.visit.state.as_str() {
        "accepted" => true,
        "new" => visit_line(app, page, names, tours, found).await?.plain(),
        _ => false,
    })
}

#[derive(Template)]
#[template(path = "review/one.html")]
struct OnePage {
    page: Page,
    line: Line,
    visit: Option<VisitLine>,
    alike: Vec<AlikeLine>,
    /// What is linked to it as its duplicate.
    linked: Vec<Observation>,
    inspector: String,
    people: People,
    decided_at: Option<String>,
}

/// Something alike, as the page shows it.
struct AlikeLine {
    alike: Alike,
    unit: String,
    found_at: String,
    photo: Option<String>,
    /// Whether it can stand for another: neither it nor its visit was rejected, and it is no duplicate.
    stands: bool,
}

impl OnePage {
    fn decimal(&self, e7: &i64) -> String {
        decimal(*e7)
    }

    /// The sketch: the site in the middle, the observation where it was, a circle of its accuracy;
    /// the half width is the next of 50 m, 200 m, 1 km, 10 km.
    fn sketch(&self) -> Option<Sketch> {
        let (site, at) = (self.line.site_at?, self.line.one.at?);
        let away = metres(site, at);
        let accuracy = self.line.one.accuracy_m.unwrap_or(0).clamp(0, 10_000) as u64;
        let half = [50, 200, 1000, 10_000]
            .into_iter()
            .find(|half| away + accuracy <= *half)?;
        let (east, north) = (
            metres(site, (at.0, site.1)) as i64 * (at.0 - site.0).signum(),
            metres(site, (site.0, at.1)) as i64 * (at.1 - site.1).signum(),
        );
        let scaled = |metres: i64| metres * 100 / half as i64;
        Some(Sketch {
            x: scaled(east),
            y: -scaled(north),
            radius: scaled(accuracy as i64).max(1),
            half,
        })
    }

    fn moment(&self, at: &jiff::Timestamp) -> String {
        self.page.moment(at)
    }
}

/// Where the observation is against the site, in hundredths of the half width.
struct Sketch {
    x: i64,
    y: i64,
    radius: i64,
    half: u64,
}

/// One observation with all that is known about it.
pub async fn one(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response> {
    let sight = sight(&page)?;
    let observation = app
        .store
        .observation(sight, &id)
        .await?
        .ok_or_else(Error::not_found)?;
    let names = Names::of(&app, &page).await?;
    let linked = app.store.linked_to(sight, &observation.id).await?;
    let practice = Practice::of(&app.store).await?;
    let reach = radius(&practice.radii, &observation.category);
    let mut alike = Vec::new();
    for one in app.store.alike(sight, &observation, reach).await? {
        let mut photo = None;
        for digest in &one.observation.photos {
            let known = app.store.field_photo(sight, digest).await?;
            if known.is_some_and(|known| known.state == "ready") {
                photo = Some(digest.clone());
                break;
            }
        }
        let visit = app
            .store
            .visit_record(sight, &one.observation.visit)
            .await?;
        let came_to_nothing = visit.is_some_and(|visit| visit.state == "rejected");
        alike.push(AlikeLine {
            stands: matches!(one.observation.state.as_str(), "new" | "accepted")
                && !came_to_nothing,
            unit: names.unit(&one.observation.unit),
            found_at: page.moment(&one.observation.found_at),
            photo,
            alike: one,
        });
    }
    let inspector = app.store.account(&observation.inspector).await?;
    let inspector = inspector.map_or_else(|| observation.inspector.clone(), |account| account.name);
    let decided_at = observation.decided_at.map(|at| page.moment(&at));
    let mut tours = Tours::default();
    let visit = app.store.visit_to_review(sight, &observation.visit);
    let visit = match visit.await? {
        Some(found) => Some(visit_line(&app, &page, &names, &mut tours, found).await?),
        None => None,
    };
    let line = line_of(&app, &page, &names, &mut tours, observation).await?;
    let people = People::of(&app, &page, line.one.decided_by.as_deref()).await?;
    html(&OnePage {
        line,
        people,
        visit,
        alike,
        linked,
        inspector,
        decided_at,
        page,
    })
}

/// What is decided.
#[derive(Debug, Deserialize)]
pub struct Decision {
    /// `accept`, `reject`, `duplicate`, `reopen`.
    act: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    of: String,
    /// Where to go on: the list, as it was asked for.
    #[serde(default)]
    back: String,
}

/// Decides about one observation.
pub async fn decide(
    State(app): State<App>,
    page: Page,
    Path(id): Path<String>,
    Form(form): Form<Decision>,
) -> Result<Response> {
    let (now, who, sight) = (app.clock.now(), &page.viewer.login, sight(&page)?);
    let by = who.clone();
    let deed = match form.act.as_str() {
        "accept" => {
            let done = app
                .store
                .accept_observations(now, who, sight, vec![id])
                .await?;
            if done == 0 {
                return Err(Error::refused(Message::new("review-decided")));
            }
            return Ok(back(&form.back));
        }
        "reject" => ObservationDeed::Rejected {
            by,
            reason: reason_of(&form.reason)?,
        },
        "duplicate" => ObservationDeed::Duplicate {
            by,
            of: form.of.trim().to_owned(),
        },
        "reopen" => ObservationDeed::Reopened { by },
        _ => return Err(Error::not_found()),
    };
    app.store.decide(now, who, sight, &id, deed).await?;
    Ok(back(&form.back))
}

/// Back to the list it came from, on this site.
fn back(to: &str) -> Response {
    let ours = to.starts_with("/desk/review") && !to.contains(['\\', '\r', '\n']);
    Redirect::to(if ours { to } else { "/desk/review" }).into_response()
}

fn reason_of(text: &str) -> Result<String> {
    let reason = plain(text).trim().to_owned();
    match reason.chars().count() {
        0 => Err(Error::refused(Message::new("review-reason-missing"))),
        length if length > REASON => Err(Error::refused(Message::new("review-reason-long"))),
        _ => Ok(reason),
    }
}

#[derive(Template)]
#[template(path = "review/visits.html")]
struct VisitsPage {
    page: Page,
    visits: Vec<VisitLine>,
    closed: Vec<ClosedLine>,
    people: People,
    done: Option<usize>,
}

/// A visit as the page shows it.
struct VisitLine {
    visit: VisitRecord,
    observations: i64,
    /// Other visits of its assignment.
    others: i64,
    unit: String,
    site: String,
    started_at: String,
    /// How long it took; none if it has not ended.
    minutes: Option<i64>,
    /// Where its phone was nearest to the site, metres.
    nearest: Option<u64>,
    /// How many indicators are looked for at such a site, and the titles of those that were not looked at.
    due: usize,
    unlooked: Vec<String>,
    /// Metres walked, and those of the site.
    length: Option<String>,
    site_length: Option<String>,
    /// What is graded, and how.
    grades: Vec<(String, String)>,
    /// Sentences about what is strange.
    doubts: Vec<String>,
}

impl VisitLine {
    /// Whether nothing speaks against accepting it with others.
    fn plain(&self) -> bool {
        self.minutes.is_some() && self.others == 0 && self.doubts.is_empty()
    }
}

/// A site that an inspector found closed, as the page shows it.
struct ClosedLine {
    closed: ClosedSite,
    site: String,
    unit: String,
    at: String,
}

/// Visits that wait for the review, and sites that were found closed.
pub async fn visits(State(app): State<App>, page: Page) -> Result<Response> {
    shown_visits(&app, page, None).await
}

async fn shown_visits(app: &App, page: Page, done: Option<usize>) -> Result<Response> {
    let names = Names::of(app, &page).await?;
    let (mut visits, mut tours) = (Vec::new(), Tours::default());
    // What was begun today may still be going on.
    let today = begin_of(app.clock.today()).map_err(Error::broken)?;
    for found in app.store.visits_to_review(sight(&page)?, today).await? {
        visits.push(visit_line(app, &page, &names, &mut tours, found).await?);
    }
    let mut closed = Vec::new();
    for one in app.store.closed_sites(sight(&page)?, None).await? {
        closed.push(ClosedLine {
            site: site_of(app, &one.assignment.series, &one.assignment.site)
                .await?
                .name,
            unit: names.unit(&one.assignment.unit),
            at: page.moment(&one.at),
            closed: one,
        });
    }
    let visited = visits.iter().map(|line| line.visit.inspector.as_str());
    let logins = visited.chain(closed.iter().map(|line| line.closed.login.as_str()));
    let people = People::of(app, &page, logins).await?;
    html(&VisitsPage {
        page,
        visits,
        closed,
        people,
        done,
    })
}

async fn visit_line(
    app: &App,
    page: &Page,
    names: &Names,
    tours: &mut Tours,
    found: VisitToReview,
) -> Result<VisitLine> {
    let VisitToReview {
        visit,
        observations,
        others,
    } = found;
    let site = site_of(app, &visit.series, &visit.site).await?;
    let track = app.store.track_of_visit(&visit.id).await?;
    let rules = app
        .field
        .rules
        .rules(&app.store, &visit.series, &visit.month)
        .await?;
    let due: Vec<_> = rules
        .iter()
        .flat_map(|rules| rules.looked_for(&site.stratum))
        .collect();
    let unlooked = due.iter().filter(|one| !visit.looked.contains(&one.id));
    let unlooked = unlooked.map(|one| page.language.of(&one.title).to_owned());
    let tour = tours.of(app, &visit.inspector, visit.started_at).await?;
    let mut doubts = doubts_of_visit(page, &tour, &visit.id);
    let nearest = site
        .at
        .and_then(|at| track.into_iter().map(|fix| metres(fix, at)).min());
    let more = [
        nearest.and_then(never_near),
        looked_too_fast(&visit),
        length_differs(&visit, site.length_m.as_ref()),
    ];
    let more = more.iter().flatten();
    doubts.extend(more.map(|doubt| page.language.message(doubt)));
    doubts.extend(doubts_of_task(app, page, &visit, visit.started_at).await?);
    let graded = |(key, grade): (&String, &String)| {
        let mut sheets = rules.iter().flat_map(|rules| &rules.sheet.grades);
        let title = sheets
            .find(|sheet| sheet.key == *key)
            .map(|sheet| match page.lang() {
                "en" => &sheet.title.en,
                _ => &sheet.title.zh,
            });
        (title.unwrap_or(key).clone(), grade.clone())
    };
    let grades = visit.grades.iter().map(graded).collect();
    let took =
        |ended: Timestamp| (ended.as_millisecond() - visit.started_at.as_millisecond()) / 60_000;
    Ok(VisitLine {
        unit: names.unit(&visit.unit),
        started_at: page.moment(&visit.started_at),
        minutes: visit.finished_at.map(took),
        nearest,
        due: due.len(),
        unlooked: unlooked.collect(),
        length: visit.length_m.clone(),
        site_length: site.length_m.as_ref().map(Points::to_exact_text),
        grades,
        site: site.name,
        doubts,
        observations,
        others,
        visit,
    })
}

/// Accepts the visits that are ticked, or rejects one.
pub async fn decide_visits(
    State(app): State<App>,
    page: Page,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let all = |name: &str| -> Vec<String> {
        fields
            .iter()
            .filter(|(field, _)| field == name)
            .map(|(_, value)| value.clone())
            .collect()
    };
    let (now, who) = (app.clock.now(), page.viewer.login.clone());
    if let Some(id) = all("reject").first() {
        let reason = reason_of(all("reason").first().map_or("", String::as_str))?;
        app.store
            .reject_visit(now, &who, sight(&page)?, id, &reason)
            .await?;
        return Ok(Redirect::to("/desk/review/visits").into_response());
    }
    let done = app
        .store
        .accept_visits(now, &who, sight(&page)?, all("visit"))
        .await?;
    shown_visits(&app, page, Some(done)).await
}

#[derive(Template)]
#[template(path = "review/phones.html")]
struct PhonesPage {
    page: Page,
    phones: Vec<Phone>,
    asked: OddAsked,
    odd: Vec<Odd>,
    /// How many there are.
    count: i64,
    people: People,
}

/// Which of the items that could not be used are asked for.
#[derive(Debug, Default, Deserialize)]
pub struct OddAsked {
    /// `settled`: those that were looked at.
    #[serde(default)]
    show: String,
    #[serde(default)]
    page: i64,
}

impl OddAsked {
    fn settled(&self) -> bool {
        self.show == "settled"
    }

    fn link(&self, page: i64) -> String {
        let (show, page) = (
            if self.settled() { "settled" } else { "" },
            page.to_string(),
        );
        let query = url_query(&[("show", show), ("page", &page)]);
        format!("/desk/review/phones?{}#odd", query.trim_start_matches('&'))
    }
}

impl PhonesPage {
    fn spans(&self, phone: &Phone) -> String {
        let span = |(first, last): &(i64, i64)| match first == last {
            true => first.to_string(),
            false => format!("{first}–{last}"),
        };
        let spans: Vec<String> = phone.gaps.iter().map(span).collect();
        spans.join(self.page.t("review-comma").as_str())
    }

    fn doubled(&self, phone: &Phone) -> String {
        let numbers: Vec<String> = phone.doubled.iter().map(i64::to_string).collect();
        numbers.join(self.page.t("review-comma").as_str())
    }

    fn ahead(&self, phone: &Phone) -> String {
        let minutes = phone.ahead_ms / 60_000;
        let (unit, count) = match minutes.abs() {
            0 => return self.page.t("review-clock-right"),
            few @ ..120 => ("review-clock-minutes", few),
            some @ ..2880 => ("review-clock-hours", some / 60),
            many => ("review-clock-days", many / 1440),
        };
        let span = self.page.t1(unit, "count", count);
        let way = match minutes > 0 {
            true => "review-clock-fast",
            false => "review-clock-slow",
        };
        self.page.t1(way, "span", span)
    }

    fn newer(&self) -> Option<String> {
        (self.asked.page > 0).then(|| self.asked.link(self.asked.page - 1))
    }

    fn older(&self) -> Option<String> {
        let more = (self.asked.page + 1) * SHOWN < self.count;
        more.then(|| self.asked.link(self.asked.page + 1))
    }

    /// What an item says it is; a kind that nobody knows is shown as it came.
    fn kind(&self, odd: &Odd) -> String {
        match odd.kind.as_str() {
            "visit_started" | "visit_finished" | "observation" | "position" | "note" => self
                .page
                .t(&format!("review-item-{}", odd.kind.replace('_', "-"))),
            unknown => unknown.to_owned(),
        }
    }

    fn why(&self, odd: &Odd) -> String {
        match &odd.reason {
            Some(reason) => why(self.page.language, reason),
            None => self.page.t("field-conflict"),
        }
    }

    fn moment(&self, at: &jiff::Timestamp) -> String {
        self.page.moment(at)
    }
}

/// Phones with what has not arrived from them, and items that could not be used as they came.
pub async fn phones(
    State(app): State<App>,
    page: Page,
    Query(mut asked): Query<OddAsked>,
) -> Result<Response> {
    asked.page = asked.page.clamp(0, 1_000_000);
    let phones = app.store.phones(sight(&page)?).await?;
    let which = match asked.settled() {
        true => OddItems::Settled,
        false => OddItems::Open,
    };
    let odd = app
        .store
        .odd_items(sight(&page)?, which, asked.page * SHOWN, SHOWN);
    let (odd, count) = odd.await?;
    let logins = phones.iter().map(|phone| phone.login.as_str());
    let logins = logins.chain(odd.iter().map(|one| one.login.as_str()));
    let people = People::of(&app, &page, logins).await?;
    html(&PhonesPage {
        page,
        phones,
        asked,
        odd,
        count,
        people,
    })
}

/// Which item was looked at.
#[derive(Debug, Deserialize)]
pub struct Settled {
    item: String,
    digest: String,
}

/// Takes an item that was looked at off the list.
pub async fn settle(
    State(app): State<App>,
    page: Page,
    Form(form): Form<Settled>,
) -> Result<Response> {
    let (now, who) = (app.clock.now(), &page.viewer.login);
    app.store
        .settle(now, who, sight(&page)?, &form.item, &form.digest)
        .await?;
    Ok(Redirect::to("/desk/review/phones#odd").into_response())
}

/// A photo of an observation: `thumb`, `copy`, or the `original` to be kept.
pub async fn photo(
    State(app): State<App>,
    page: Page,
    Path((digest, size)): Path<(String, String)>,
) -> Result<Response> {
    let photo = app
        .store
        .field_photo(sight(&page)?, &digest)
        .await?
        .ok_or_else(Error::not_found)?;
    let path = match size.as_str() {
        "original" => {
            let path = app.store.original_path(&digest);
            return photos::original(path, &digest, &photo.media_type).await;
        }
        "copy" => app.store.photo_path(&digest),
        "thumb" => app.store.thumb_path(&digest),
        _ => return Err(Error::not_found()),
    };
    let bytes = tokio::fs::read(path)
        .await
        .map_err(|_| Error::not_found())?;
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, "private, max-age=3600"),
    ];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_read_exactly() {
        assert_eq!(e7("114.321717"), Some(1_143_217_170));
        assert_eq!(e7("-1.96"), Some(-19_600_000));
        assert_eq!(e7("-0.5"), Some(-5_000_000));
        assert_eq!(e7("30"), Some(300_000_000));
        assert_eq!(e7("114.32171709"), Some(1_143_217_170));
        assert_eq!(e7("x"), None);
    }
}
