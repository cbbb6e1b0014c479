//! What is strange about an observation: said to the reviewer, decided by nobody else.

use assessment::inspection::track::{Fix, Limits, Spot, Verdict, judge};
use assessment::message::Message;

use crate::datum::metres;
use crate::store::field_photo::FieldPhoto;
use crate::store::observation::Observation;

/// A photo taken farther away than this is remarked, metres.
const APART: u64 = 200;
/// A photo taken so much earlier or later is remarked, minutes.
const LATER: i64 = 30;

/// What is strange about an observation, as sentences. `photos` are its own, `None` for one that has
/// not arrived; `track` is what its phone reported on the day; `site` is where it should be.
pub fn doubts(
    of: &Observation,
    photos: &[Option<FieldPhoto>],
    track: &[Fix],
    site: Option<(i64, i64)>,
) -> Vec<Message> {
    let mut doubts = Vec::new();
    if photos.is_empty() {
        doubts.push(Message::new("doubt-no-photo"));
    }
    let missing = photos.iter().filter(|photo| photo.is_none()).count();
    if missing > 0 {
        doubts.push(Message::new("doubt-photo-missing").with("count", missing));
    }
    for photo in photos.iter().flatten() {
        photo_doubts(of, photo, &mut doubts);
    }
    if of.at.is_none() {
        doubts.push(Message::new("doubt-no-position"));
    }
    doubts.extend(track_doubts(of, track, site));
    doubts
}

fn photo_doubts(of: &Observation, photo: &FieldPhoto, doubts: &mut Vec<Message>) {
    if photo.state == "no_preview" {
        doubts.push(Message::new("doubt-photo-unreadable"));
    }
    if let Some((place, at)) = photo.place.zip(of.at)
        && metres(place, at) > APART
    {
        let away = i64::try_from(metres(place, at)).unwrap_or(i64::MAX);
        doubts.push(Message::new("doubt-photo-elsewhere").with("metres", away));
    }
    if let Some(taken) = photo.taken_at {
        let minutes = (of.found_at.as_millisecond() - taken.as_millisecond()) / 60_000;
        if minutes.abs() > LATER {
            doubts.push(Message::new("doubt-photo-time").with("minutes", minutes.abs()));
        }
    }
}

/// What the track says about this item. Which numbers are missing is said about the phone: items
/// without a position have numbers too.
fn track_doubts(of: &Observation, track: &[Fix], site: Option<(i64, i64)>) -> Vec<Message> {
    let number = of.number.unsigned_abs();
    let site = site.map(|(lng_e7, lat_e7)| Spot { lng_e7, lat_e7 });
    let track: Vec<Fix> = track
        .iter()
        .map(|fix| Fix {
            site: site.filter(|_| fix.number == number),
            ..fix.clone()
        })
        .collect();
    judge(&track, &Limits::default())
        .into_iter()
        .filter(|verdict| {
            let of_the_phone = matches!(
                verdict,
                Verdict::MissingNumbers { .. } | Verdict::NumberTwice { .. }
            );
            !of_the_phone && verdict.number() == number
        })
        .map(|verdict| verdict.message())
        .collect()
}
