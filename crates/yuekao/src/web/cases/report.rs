//! Reporting a case at the desk: photos first, then where and what; before it is taken in, where it will go and whether it is
//! known already.

use askama::Template;
use assessment::message::Message;
use axum::extract::{Multipart, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::super::App;
use super::super::answer::html;
use super::super::error::Result;
use super::super::fields::text_of;
use super::super::page::Page;
use super::super::photos;
use super::super::public::part::Island;
use super::{Desk, category_name};
use crate::casework;
use crate::casework::bulk::fresh_form;
use crate::datum::{Datum, in_china};
use crate::store::case::NewCase;
use crate::store::field_photo::Hand;
use crate::viewer::Role;

/// Photos of one report.
const PHOTOS: usize = 9;
/// Longest text, in characters.
const LONGEST: usize = 2000;

/// What the form says; it is shown again as it was.
#[derive(Debug, Default)]
struct Said {
    /// What is sent under this name is done once.
    form: String,
    photos: Vec<String>,
    place: String,
    description: String,
    category: String,
    unit: String,
    lng: String,
    lat: String,
    datum: String,
    source: String,
    number: String,
}

/// An open case that may be the same.
#[derive(Debug)]
struct Same {
    id: String,
    photo: Option<String>,
    place: String,
    description: String,
    stage: String,
    reported_at: String,
    metres: u64,
}

/// What is known before it is taken in.
#[derive(Debug)]
struct Look {
    /// Unit and department that the routes say.
    route: Option<String>,
    same: Vec<Same>,
    metres: u32,
    category: String,
    /// The units in which it lies, and where it comes from.
    within: String,
    source: String,
}

#[derive(Template)]
#[template(path = "case/new.html")]
struct NewPage {
    page: Page,
    said: Said,
    look: Option<Look>,
    fault: Option<String>,
    /// Number of the case that was just taken in.
    done: Option<String>,
    sources: Vec<(&'static str, String)>,
    /// Kinds, each with its categories.
    categories: Vec<(String, Vec<(String, String)>)>,
    /// Counties, each with itself and what lies in it.
    places: Vec<(String, Vec<(String, String)>)>,
    map: Option<Island>,
    /// What the viewer has reported of late.
    own: Vec<Own>,
}

/// A report of the viewer's, as it stands.
#[derive(Debug)]
struct Own {
    id: String,
    category: String,
    place: String,
    stage: String,
    reported_at: String,
    /// The case itself can be opened.
    opens: bool,
}

/// So many of the viewer's own reports are listed.
const OWN: i64 = 20;

async fn own(app: &App, desk: &Desk<'_>) -> Result<Vec<Own>> {
    let (page, mut own) = (desk.page, vec![]);
    for row in app.store.reported_by(&page.viewer.login, OWN).await? {
        let seen = app.store.case(&page.viewer, desk.now, &row.id).await?;
        own.push(Own {
            category: category_name(&row.new.category, page.language),
            place: row.new.place,
            stage: page.t(row.stage.key()),
            reported_at: page.moment(&row.reported_at),
            opens: seen.is_some(),
            id: row.id,
        });
    }
    Ok(own)
}

/// Where a report of this role may come from; the first is the usual one.
fn sources(role: Role) -> &'static [&'static str] {
    match role {
        Role::Dispatcher | Role::Host => &["hotline", "leader", "patrol", "platform"],
        Role::Leader => &["leader"],
        Role::Chief => &["patrol"],
        _ => &["unit"],
    }
}

/// The number that a case was just given.
#[derive(Debug, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: Option<String>,
}

/// The form.
pub async fn form(
    State(app): State<App>,
    page: Page,
    Query(asked): Query<Done>,
) -> Result<Response> {
    let desk = Desk::open(&app, &page).await?;
    let said = Said {
        form: fresh_form(desk.now),
        datum: "WGS84".into(),
        ..Said::default()
    };
    let done = asked
        .done
        .filter(|id| id.starts_with("AJ") && id.len() < 20);
    let mut shown = new_page(&desk, said, None, None, done);
    shown.own = own(&app, &desk).await?;
    html(&shown)
}

fn new_page(
    desk: &Desk<'_>,
    said: Said,
    look: Option<Look>,
    fault: Option<String>,
    done: Option<String>,
) -> NewPage {
    let page = desk.page;
    let sources = sources(page.viewer.role)
        .iter()
        .map(|word| (*word, page.t(&format!("case-source-{word}"))))
        .collect();
    let map = look.is_none().then(|| {
        Island::pick(
            page,
            &page.t("report-map"),
            ("lng", "lat"),
            desk.outlines,
            page.t("report-map-hint"),
        )
    });
    NewPage {
        sources,
        categories: desk.categories_by_kind(),
        places: places(desk),
        map,
        page: page.clone(),
        said,
        look,
        fault,
        done,
        own: vec![],
    }
}

/// Units in which a place can lie, by the highest of them; of a unit's own area only.
fn places(desk: &Desk<'_>) -> Vec<(String, Vec<(String, String)>)> {
    let own = own_area(desk);
    const NO_PLACE: [&str; 4] = ["province", "prefecture", "compound", "department"];
    let mut areas = desk.areas(|kind| !NO_PLACE.contains(&kind));
    if let Some(own) = own {
        for (_, within) in &mut areas {
            within.retain(|(code, _)| desk.above(code).contains(&own));
        }
        areas.retain(|(_, within)| !within.is_empty());
    }
    areas
}

/// The unit within which the viewer reports; a department reports in the area of the unit that it serves.
fn own_area(desk: &Desk<'_>) -> Option<String> {
    if desk.page.viewer.role != Role::Unit {
        return None;
    }
    let code = desk.page.viewer.unit.clone()?;
    let unit = desk.units.iter().find(|unit| unit.code == code);
    match unit {
        Some(unit) if unit.kind == "department" => unit.parent.clone().or(Some(code)),
        _ => Some(code),
    }
}

/// Looks at a report, or takes it.
pub async fn report(State(app): State<App>, page: Page, mut form: Multipart) -> Result<Response> {
    let desk = Desk::open(&app, &page).await?;
    let (mut said, mut sure, mut back) = (Said::default(), false, false);
    let mut fault = None;
    while let Some(field) = form.next_field().await? {
        match field.name().unwrap_or_default().to_owned().as_str() {
            "photo" => {
                if said.photos.len() >= PHOTOS {
                    continue;
                }
                let hand = Hand::Desk(&page.viewer.login);
                let kept = match photos::taken(&app, field, usize::MAX).await? {
                    Ok(None) => continue,
                    Ok(Some(incoming)) => photos::keep(&app, hand, incoming).await?,
                    Err(key) => Err(key),
                };
                match kept {
                    Ok(photo) => said.photos.push(photo),
                    Err(key) => fault = fault.or(Some(Message::new(key))),
                }
            }
            "kept" => {
                let digest = text_of(field).await?;
                if said.photos.len() < PHOTOS && app.store.photo(&digest).await?.is_some() {
                    said.photos.push(digest);
                }
            }
            "form" => said.form = text_of(field).await?,
            "place" => said.place = text_of(field).await?,
            "description" => said.description = text_of(field).await?,
            "category" => said.category = text_of(field).await?,
            "within" => said.unit = text_of(field).await?,
            "lng" => said.lng = text_of(field).await?,
            "lat" => said.lat = text_of(field).await?,
            "datum" => said.datum = text_of(field).await?,
            "source" => said.source = text_of(field).await?,
            "number" => said.number = text_of(field).await?,
            "sure" => sure = text_of(field).await? == "yes",
            "back" => back = true,
            _ => {}
        }
    }
    if back {
        return html(&new_page(&desk, said, None, None, None));
    }
    if let Some(message) = fault {
        return Ok(refused(&desk, said, &message)?);
    }
    let missing = missing(&desk, &said);
    if !missing.is_empty() {
        return Ok(refused_for(&desk, said, &missing)?);
    }
    let new = match new_case(&desk, &said) {
        Ok(new) => new,
        Err(message) => return Ok(refused(&desk, said, &message)?),
    };
    if !sure {
        let look = look(&app, &desk, &new).await?;
        return html(&new_page(&desk, said, Some(look), None, None));
    }
    let who = &page.viewer.login;
    match casework::report_once(&app.store, desk.now, who, &said.form, new).await {
        Ok(id) => {
            let seen = app.store.case(&page.viewer, desk.now, &id).await?.is_some();
            Ok(Redirect::to(&match seen {
                true => format!("/desk/cases/{id}"),
                false => format!("/desk/cases/new?done={id}"),
            })
            .into_response())
        }
        Err(casework::Error::Refused(message)) => Ok(refused(&desk, said, &message)?),
        Err(error) => Err(error.into()),
    }
}

fn refused(desk: &Desk<'_>, said: Said, message: &Message) -> Result<Response> {
    refused_for(desk, said, std::slice::from_ref(message))
}

/// What the form lacks, all of it at once.
fn missing(desk: &Desk<'_>, said: &Said) -> Vec<Message> {
    let source = match said.source.as_str() {
        "" => sources(desk.page.viewer.role)[0],
        word => word,
    };
    let known = desk.practice.conditions_of(&said.category).next().is_some();
    let lacks = [
        (
            source == "hotline" && said.number.trim().is_empty(),
            "report-number-missing",
        ),
        (said.place.trim().is_empty(), "report-place-missing"),
        (!known, "report-category-missing"),
    ];
    lacks
        .into_iter()
        .filter(|(lacks, _)| *lacks)
        .map(|(_, key)| Message::new(key))
        .collect()
}

fn refused_for(desk: &Desk<'_>, said: Said, messages: &[Message]) -> Result<Response> {
    let faults: Vec<String> = messages
        .iter()
        .map(|message| desk.page.language.message(message))
        .collect();
    let fault = faults.join(" ");
    let page = html(&new_page(desk, said, None, Some(fault), None))?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The case that a form describes, or what has to be mended.
fn new_case(desk: &Desk<'_>, said: &Said) -> std::result::Result<NewCase, Message> {
    let viewer = &desk.page.viewer;
    let allowed = sources(viewer.role);
    let source = match said.source.as_str() {
        "" => allowed[0],
        word => *allowed
            .iter()
            .find(|each| **each == word)
            .ok_or_else(|| Message::new("report-bad-source"))?,
    };
    let number = Some(said.number.trim().to_owned()).filter(|number| !number.is_empty());
    for text in [&said.place, &said.description] {
        if text.chars().count() > LONGEST {
            return Err(Message::new("report-too-long").with("most", LONGEST as i64));
        }
    }
    let place = position(said)?;
    let own = own_area(desk);
    let unit = match said.unit.trim() {
        "" => own.clone(),
        code => Some(code.to_owned()),
    };
    let line = unit.as_deref().map_or(vec![], |code| desk.above(code));
    if let Some(code) = &unit
        && line.is_empty()
    {
        return Err(Message::new("case-unknown-unit").with("unit", code.as_str()));
    }
    if own.as_ref().is_some_and(|own| !line.contains(own)) {
        return Err(Message::new("report-not-your-area"));
    }
    let of_kind = |kinds: &[&str]| {
        line.iter()
            .find(|code| {
                desk.units
                    .iter()
                    .any(|unit| unit.code == **code && kinds.contains(&unit.kind.as_str()))
            })
            .cloned()
    };
    Ok(NewCase {
        source: source.into(),
        source_number: number,
        category: said.category.clone(),
        place: said.place.trim().into(),
        description: said.description.trim().into(),
        lng: place.map(|(lng, _)| lng),
        lat: place.map(|(_, lat)| lat),
        photos: said.photos.clone(),
        county: of_kind(&["county", "zone"]),
        township: of_kind(&["township", "street"]),
        community: of_kind(&["community", "village"]),
        ..NewCase::default()
    })
}

/// Degrees as the store keeps them, WGS 84.
fn position(said: &Said) -> std::result::Result<Option<(i64, i64)>, Message> {
    let (lng, lat) = (said.lng.trim(), said.lat.trim());
    if lng.is_empty() && lat.is_empty() {
        return Ok(None);
    }
    let bad = || Message::new("report-bad-position");
    let degrees = [
        lng.parse::<f64>().map_err(|_| bad())?,
        lat.parse::<f64>().map_err(|_| bad())?,
    ];
    let datum = Datum::of(&said.datum).unwrap_or_default();
    in_china(degrees).map_err(|_| bad())?;
    let [lng, lat] = datum.to_wgs84(degrees);
    let whole = |degree: f64| (degree * 1e7).round() as i64;
    Ok(Some((whole(lng), whole(lat))))
}

async fn look(app: &App, desk: &Desk<'_>, new: &NewCase) -> Result<Look> {
    let (page, language) = (desk.page, desk.page.language);
    // Its position says where it lies, as it will when the case is taken in.
    let new = &casework::looked_up(&app.store, desk.now, new.clone()).await?;
    let lies_in = [&new.county, &new.township, &new.community];
    let lies_in = lies_in.into_iter().flatten();
    let routed = desk.practice.routed(&app.store, new, desk.now).await?;
    let metres = desk.practice.rules.same_metres;
    let near = match (new.lng, new.lat) {
        (Some(lng), Some(lat)) => {
            app.store
                .open_near(&page.viewer, desk.now, &new.category, (lng, lat), metres)
                .await?
        }
        _ => vec![],
    };
    Ok(Look {
        route: routed.map(|routed| desk.goes_to(&routed)),
        same: near
            .into_iter()
            .take(6)
            .map(|(row, away)| Same {
                photo: row.new.photos.first().cloned(),
                place: row.new.place.clone(),
                description: row.new.description.clone(),
                stage: language.word(row.stage.key()),
                reported_at: page.moment(&row.reported_at),
                metres: away,
                id: row.id,
            })
            .collect(),
        metres,
        category: category_name(&new.category, language),
        within: lies_in
            .map(|code| desk.unit_name(code))
            .collect::<Vec<_>>()
            .join(" "),
        source: language.word(&format!("case-source-{}", new.source)),
    })
}
