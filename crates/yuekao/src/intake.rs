//! Cases from elsewhere: the hotline and other platforms hand them in with their own numbers, by program or by file. What is
//! known already changes nothing, what is said otherwise than before is kept for the dispatcher, and what cannot be taken is
//! named with what to do.

use assessment::message::Message;
use jiff::Timestamp;

use crate::casework::{self, Error, Practice};
use crate::clock::day_of;
use crate::datum;
use crate::ground::month_of;
use crate::store::Store;
use crate::store::case::correction::Said;
use crate::store::case::{CaseRow, NewCase};
use crate::store::plain::plain;
use crate::store::unit::UnitRow;

/// Where cases may come from by this way.
pub const SOURCES: [&str; 2] = ["hotline", "platform"];

/// Columns of a file, in the order of the template.
pub const COLUMNS: [&str; 7] = [
    "number",
    "category",
    "place",
    "description",
    "county",
    "lng",
    "lat",
];

/// A case as it is handed in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Item {
    /// Its number where it comes from.
    pub number: String,
    /// Code of its category, `gb30428/event/0110`.
    pub category: String,
    pub place: String,
    pub description: String,
    /// Code of the county, if it is known.
    pub county: String,
    /// WGS 84, degrees.
    pub position: Option<[f64; 2]>,
}

/// What became of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is a case now, with this number of ours.
    Taken(String),
    /// Its number was known; nothing was changed.
    Known(String),
    /// Its number was known, and something else was said of it when it was taken. That is kept, the dispatcher is told, and
    /// the case stays as it is.
    Differs(String),
    /// It is not a case; the sentence says what to do.
    Refused(Message),
}

/// What items are held against.
#[derive(Debug)]
pub struct Desk {
    practice: std::sync::Arc<Practice>,
    units: Vec<UnitRow>,
}

impl Desk {
    /// As it is at a moment.
    ///
    /// # Errors
    /// The store's.
    pub async fn open(store: &Store, now: Timestamp) -> Result<Desk, Error> {
        Ok(Desk {
            practice: Practice::of(store).await?,
            units: store.units_in(month_of(day_of(now))).await?,
        })
    }

    /// An item as a case.
    ///
    /// # Errors
    /// What is missing or wrong.
    pub fn check(&self, source: &str, item: &Item) -> Result<NewCase, Message> {
        let refuse = |key, value: &str| Err(Message::new(key).with("value", value));
        let text = |text: &str| plain(text).trim().to_owned();
        let number = text(&item.number);
        if number.is_empty() || number.chars().count() > 64 {
            return refuse("intake-number", &number);
        }
        let category = text(&item.category);
        if self.practice.conditions_of(&category).next().is_none() || !category.contains('/') {
            return refuse("intake-category", &category);
        }
        let place = text(&item.place);
        if place.is_empty() || place.chars().count() > 300 {
            return refuse("intake-place", &number);
        }
        if item.description.chars().count() > 4000 {
            return refuse("intake-description", &number);
        }
        let county = Some(text(&item.county)).filter(|code| !code.is_empty());
        if let Some(code) = &county
            && !self.units.iter().any(|unit| unit.code == *code)
        {
            return refuse("intake-county", code);
        }
        if item
            .position
            .is_some_and(|position| datum::in_china(position).is_err())
        {
            return refuse("intake-position", &number);
        }
        let fixed = |value: f64| (value * 1e7).round() as i64;
        Ok(NewCase {
            source: source.to_owned(),
            source_number: Some(number),
            category,
            place,
            description: text(&item.description),
            lng: item.position.map(|[lng, _]| fixed(lng)),
            lat: item.position.map(|[_, lat]| fixed(lat)),
            county,
            ..NewCase::default()
        })
    }

    /// Takes an item in, if it is new.
    ///
    /// # Errors
    /// The store's; what is wrong with the item is an outcome.
    pub async fn take(
        &self,
        store: &Store,
        now: Timestamp,
        who: &str,
        source: &str,
        item: &Item,
    ) -> Result<Outcome, Error> {
        let new = match self.check(source, item) {
            Ok(new) => new,
            Err(message) => return Ok(Outcome::Refused(message)),
        };
        let number = new.source_number.clone().unwrap_or_default();
        let said = Said::of(&new);
        let again = async |known: CaseRow| -> Result<Outcome, Error> {
            let differs = store.said_again(now, who, &known.id, said.clone()).await?;
            Ok(match differs {
                true => Outcome::Differs(known.id),
                false => Outcome::Known(known.id),
            })
        };
        if let Some(known) = store.case_of_source(source, &number).await? {
            return again(known).await;
        }
        match casework::report(store, now, who, new).await {
            Ok(id) => Ok(Outcome::Taken(id)),
            // Somebody handed it in at the same moment.
            Err(Error::Refused(message)) => match store.case_of_source(source, &number).await? {
                Some(known) => again(known).await,
                None => Ok(Outcome::Refused(message)),
            },
            Err(error) => Err(error),
        }
    }
}

/// The items of a table's rows, each with its row number; a cell that is no number is named.
///
/// # Errors
/// A column is missing, or cells do not read: all of them.
pub fn items(
    rows: &[(usize, csv::StringRecord)],
) -> Result<Vec<(usize, Item)>, Vec<(usize, Message)>> {
    let Some(((line, head), body)) = rows.split_first() else {
        return Err(vec![(1, Message::new("intake-empty"))]);
    };
    let at = |name: &str| head.iter().position(|cell| cell.trim() == name);
    let missing: Vec<_> = COLUMNS[..3]
        .iter()
        .filter(|name| at(name).is_none())
        .map(|name| (*line, Message::new("intake-column").with("value", *name)))
        .collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let (mut items, mut faults) = (vec![], vec![]);
    for (line, row) in body {
        let cell = |name: &str| {
            let cell = at(name).and_then(|place| row.get(place));
            cell.unwrap_or_default().trim().to_owned()
        };
        let (lng, lat) = (cell("lng"), cell("lat"));
        let position = match (lng.parse::<f64>(), lat.parse::<f64>()) {
            (Ok(lng), Ok(lat)) => Some([lng, lat]),
            _ if lng.is_empty() && lat.is_empty() => None,
            _ => {
                let message = Message::new("intake-position").with("value", cell("number"));
                faults.push((*line, message));
                continue;
            }
        };
        let item = Item {
            number: cell("number"),
            category: cell("category"),
            place: cell("place"),
            description: cell("description"),
            county: cell("county"),
            position,
        };
        items.push((*line, item));
    }
    match faults.is_empty() {
        true => Ok(items),
        false => Err(faults),
    }
}
