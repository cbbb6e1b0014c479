//! What is strange about an observation or a visit: said to the reviewer, decided by nobody else.

use std::collections::{BTreeMap, BTreeSet};

use assessment::inspection::track::{Fix, Limits, Verdict, apart, judge};
use assessment::message::Message;
use assessment::points::Points;

use crate::datum::metres;
use crate::store::field::Reported;
use crate::store::field_photo::FieldPhoto;
use crate::store::observation::{Observation, VisitRecord};

/// A photo taken farther away than this is remarked, metres.
const APART: u64 = 200;
/// A photo taken so much earlier or later is remarked, minutes.
const LATER: i64 = 30;

/// What is strange about an observation, as sentences. `photos` are its own, `None` for one that has
/// not arrived; `tour` is what its inspector's phones reported on the day; `site` is where it should be.
pub fn doubts(
    of: &Observation,
    photos: &[Option<FieldPhoto>],
    tour: &Tour,
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
    doubts.extend(track_doubts(of, tour, site));
    doubts
}

fn photo_doubts(of: &Observation, photo: &FieldPhoto, doubts: &mut Vec<Message>) {
    if photo.state == "no_preview" {
        doubts.push(Message::new("doubt-photo-unreadable"));
    }
    if photo.cut_off {
        doubts.push(Message::new("doubt-photo-cut-off"));
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

/// What an inspector's phones reported on one day, with what is strange about it: judged once.
#[derive(Debug, Default)]
pub struct Tour {
    reports: Vec<Reported>,
    /// With the phone.
    verdicts: Vec<(String, Verdict)>,
}

impl Tour {
    /// Judges each phone by itself, and all of them against each other. Which numbers are missing is said about the
    /// phone: items without a position have numbers too.
    pub fn judged(reports: Vec<Reported>) -> Self {
        let limits = Limits::default();
        let mut phones: BTreeMap<&str, Vec<&Reported>> = BTreeMap::new();
        for report in &reports {
            phones.entry(&report.phone).or_default().push(report);
        }
        let mut verdicts = Vec::new();
        for (phone, mut told) in phones {
            told.sort_by_key(|report| report.fix.number);
            let fixes: Vec<Fix> = told.iter().map(|report| report.fix.clone()).collect();
            let counts = |verdict: &Verdict| match verdict {
                Verdict::MissingNumbers { .. } | Verdict::NumberTwice { .. } => false,
                // Between two visits a phone reports nothing by right.
                Verdict::Gap { number, .. } => told
                    .windows(2)
                    .any(|pair| pair[1].fix.number == *number && pair[0].visit == pair[1].visit),
                _ => true,
            };
            let of_phone = judge(&fixes, &limits).into_iter().filter(counts);
            verdicts.extend(of_phone.map(|verdict| (phone.to_owned(), verdict)));
        }
        let all: Vec<_> = reports
            .iter()
            .map(|report| (report.phone.as_str(), report.fix.clone()))
            .collect();
        let between = apart(&all, &limits);
        verdicts.extend(
            between
                .into_iter()
                .map(|(phone, verdict)| (phone.to_owned(), verdict)),
        );
        Self { reports, verdicts }
    }

    /// What is strange about one item.
    fn of_item(&self, phone: &str, number: i64) -> impl Iterator<Item = &Verdict> {
        let concerns = move |(of, verdict): &&(String, Verdict)| {
            of == phone && verdict.concerns(number.unsigned_abs())
        };
        let found: Vec<_> = self.verdicts.iter().filter(concerns).collect();
        found.into_iter().map(|(_, verdict)| verdict)
    }

    /// What is strange about the positions of a visit: the first sentence of each kind, and how many there are of it.
    pub fn of_visit(&self, visit: &str) -> Vec<(Message, usize)> {
        let ours: Vec<_> = self
            .reports
            .iter()
            .filter(|report| report.visit.as_deref() == Some(visit))
            .map(|report| (&report.phone, report.fix.number))
            .collect();
        let mut kinds: Vec<(&str, Message, usize)> = Vec::new();
        for (phone, verdict) in &self.verdicts {
            if !ours
                .iter()
                .any(|(of, number)| *of == phone && verdict.concerns(*number))
            {
                continue;
            }
            match kinds.iter_mut().find(|(word, ..)| *word == verdict.word()) {
                Some((.., times)) => *times += 1,
                None => kinds.push((verdict.word(), verdict.message(), 1)),
            }
        }
        kinds
            .into_iter()
            .map(|(_, message, times)| (message, times))
            .collect()
    }
}

/// What the positions say about this item: its own, where the site is, and that there is more about its visit.
fn track_doubts(of: &Observation, tour: &Tour, site: Option<(i64, i64)>) -> Vec<Message> {
    let mut doubts: Vec<Message> = tour
        .of_item(&of.phone, of.number)
        .map(Verdict::message)
        .collect();
    if let Some(metres) = of.at.zip(site).map(|(at, site)| metres(at, site)) {
        let unsure = of.accuracy_m.unwrap_or(0).unsigned_abs();
        let number = of.number.unsigned_abs();
        if metres > Limits::default().far_m + unsure {
            doubts.push(Verdict::FarFromSite { number, metres }.message());
        }
    }
    let of_visit = tour.of_visit(&of.visit);
    let known: BTreeSet<_> = doubts.iter().map(|doubt| doubt.key).collect();
    let more = of_visit
        .iter()
        .filter(|(kind, _)| !known.contains(&kind.key));
    match more.count() {
        0 => {}
        kinds => doubts.push(Message::new("doubt-of-visit").with("kinds", kinds)),
    }
    doubts
}

/// What is strange about where a phone was nearest to the site during a visit, metres.
pub fn never_near(nearest: u64) -> Option<Message> {
    let metres = i64::try_from(nearest).unwrap_or(i64::MAX);
    (nearest > Limits::default().far_m)
        .then(|| Message::new("doubt-never-near").with("metres", metres))
}

/// Nobody looks at that many indicators in so short a time: seconds for each.
const LOOK: i64 = 2;

/// What is strange about what was looked at during a visit.
pub fn looked_too_fast(visit: &VisitRecord) -> Option<Message> {
    let ended = visit.finished_at?;
    let seconds = (ended.as_millisecond() - visit.started_at.as_millisecond()) / 1000;
    let looked = visit.looked.len() as i64;
    (seconds < looked * LOOK).then(|| {
        Message::new("doubt-looked-fast")
            .with("looked", looked)
            .with("seconds", seconds)
    })
}

/// A street is walked along one side or along both; what is more than twice or less than half of it is remarked.
pub fn length_differs(visit: &VisitRecord, site: Option<&Points>) -> Option<Message> {
    let walked = Points::parse(visit.length_m.as_deref()?).ok()?;
    let site = site.filter(|site| site.is_positive())?;
    let differs = walked > site + site || &walked + &walked < *site;
    differs.then(|| {
        Message::new("doubt-length")
            .with("walked", walked.to_exact_text())
            .with("site", site.to_exact_text())
    })
}

#[cfg(test)]
mod tests {
    use assessment::inspection::track::Spot;

    use super::*;

    #[test]
    fn a_phone_may_be_silent_between_two_visits_but_not_within_one() {
        let report = |number: u64, hours: i64, visit: &str| {
            let at = 1_646_701_200_000 + hours * 3_600_000;
            Reported {
                phone: "a".into(),
                visit: Some(visit.into()),
                fix: Fix {
                    number,
                    at,
                    received: at,
                    sent: Some(at),
                    spot: Spot {
                        lng_e7: 1_143_217_170,
                        lat_e7: 298_366_160 + number as i64,
                    },
                    accuracy_m: Some(8),
                    measured: Some(at),
                    site: None,
                },
            }
        };
        let between = Tour::judged(vec![report(1, 0, "one"), report(2, 3, "two")]);
        assert_eq!(between.of_visit("two"), []);
        let within = Tour::judged(vec![report(1, 0, "one"), report(2, 3, "one")]);
        let told = within.of_visit("one");
        assert_eq!((told.len(), told[0].0.key, told[0].1), (1, "track-gap", 1));
    }
}
