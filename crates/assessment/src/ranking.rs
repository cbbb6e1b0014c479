//! Places, ties and bands (§9).

use std::cmp::Ordering;

use crate::{
    message::Words,
    points::Points,
    refusal::Refusal,
    scheme::{Apart, Best, Quota, Ranking, Ties, VetoEffect},
    score::{Evaluation, Place},
};

/// The outcome of one ranking. Rows in the order of the participants; who is not of its groups has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RankingResult {
    pub rows: Vec<Row>,
}

/// One participant in one ranking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub participant: usize,
    /// `-` for one table, otherwise the group or the parent's code.
    pub table: String,
    /// Place from the front and from the end; `None`: not ranked.
    pub place: Option<usize>,
    pub last: Option<usize>,
    pub exact: Option<Points>,
    /// As published.
    pub rounded: Option<Points>,
    /// The figure that decides the place.
    pub deciding: Option<Points>,
    /// Index of the band.
    pub band: Option<usize>,
    pub paid: bool,
    /// Vetoes that hold.
    pub vetoes: Vec<Words>,
}

impl RankingResult {
    pub fn row(&self, participant: usize) -> Option<&Row> {
        self.rows.iter().find(|row| row.participant == participant)
    }

    /// How many are ranked in a table.
    pub fn ranked(&self, table: &str) -> usize {
        self.rows
            .iter()
            .filter(|row| row.table == table && row.place.is_some())
            .count()
    }
}

/// What decides between two rows: smaller is better.
struct Key {
    row: usize,
    last: bool,
    deciding: Points,
    criteria: Vec<Option<Points>>,
}

/// Ranks the participants.
///
/// # Errors
/// A veto or a criterion asks for a value that refuses.
pub fn rank(evaluation: &Evaluation, ranking: &Ranking) -> Result<RankingResult, Refusal> {
    let ground = evaluation.ground;
    let mut rows = vec![];
    let mut keys = vec![];
    for (participant, each) in ground.participants.iter().enumerate() {
        if !ranking.is_for(each.group) {
            continue;
        }
        let place = Place::Unit(participant);
        let exact = evaluation.value(ranking.of, place)?.value.clone();
        let rounded = exact
            .as_ref()
            .map(|exact| exact.round(ranking.round.digits, ranking.round.mode));
        let deciding = if ranking.by_rounded {
            rounded.clone()
        } else {
            exact.clone()
        };
        let table = match ranking.apart {
            Apart::None => "-".to_owned(),
            Apart::Group => ground.rules.scheme.groups[each.group].id.clone(),
            Apart::Parent => ground
                .register
                .parent(each.unit)
                .map_or("-".into(), |parent| {
                    ground.register.unit(parent).code.clone()
                }),
        };
        let mut row = Row {
            participant,
            table,
            place: None,
            last: None,
            exact,
            rounded,
            deciding,
            band: None,
            paid: each.paid,
            vetoes: vec![],
        };
        let (mut ranked, mut last) = (each.ranked, false);
        for veto in &ranking.vetoes {
            if evaluation.holds(&veto.when, place)? {
                row.vetoes.push(veto.title.clone());
                match veto.effect {
                    VetoEffect::Last => last = true,
                    VetoEffect::Unranked => ranked = false,
                    VetoEffect::Unpaid => row.paid = false,
                }
            }
        }
        if let Some(deciding) = row.deciding.clone().filter(|_| ranked) {
            let mut criteria = vec![];
            if let Ties::Then(then) = &ranking.ties {
                for (item, _) in then {
                    criteria.push(evaluation.value(*item, place)?.value.clone());
                }
            }
            keys.push(Key {
                row: rows.len(),
                last,
                deciding,
                criteria,
            });
        }
        rows.push(row);
    }
    place(&mut rows, &keys, ranking);
    Ok(RankingResult { rows })
}

fn place(rows: &mut [Row], keys: &[Key], ranking: &Ranking) {
    for key in keys {
        let fellows = keys
            .iter()
            .filter(|other| rows[other.row].table == rows[key.row].table);
        let (mut before, mut behind) = (vec![], 0);
        for other in fellows {
            match order(other, key, ranking) {
                Ordering::Less => before.push(other),
                Ordering::Greater => behind += 1,
                Ordering::Equal => {}
            }
        }
        let place = match ranking.ties {
            Ties::Dense => {
                before.sort_by(|a, b| order(a, b, ranking));
                before.dedup_by(|a, b| order(a, b, ranking) == Ordering::Equal);
                before.len() + 1
            }
            _ => before.len() + 1,
        };
        rows[key.row].place = Some(place);
        rows[key.row].last = Some(behind + 1);
    }
    for key in keys {
        let row = &rows[key.row];
        let ranked = keys
            .iter()
            .filter(|other| rows[other.row].table == row.table)
            .count();
        let band = ranking.bands.iter().position(|band| {
            let reached = band.from.as_ref().is_none_or(|from| key.deciding >= *from);
            let quota = match &band.quota {
                None => true,
                Some(Quota::Count(count)) => row.place <= Some(*count),
                Some(Quota::Share(share)) => {
                    let most = Points((share * &Points::from(ranked as i64)).0.floor());
                    row.place
                        .is_some_and(|place| Points::from(place as i64) <= most)
                }
            };
            reached && quota
        });
        rows[key.row].band = band;
    }
}

/// Better first.
fn order(a: &Key, b: &Key, ranking: &Ranking) -> Ordering {
    let by_score = a
        .last
        .cmp(&b.last)
        .then_with(|| better_first(&a.deciding, &b.deciding, ranking.best));
    match &ranking.ties {
        Ties::Share | Ties::Dense => by_score,
        Ties::Listed => by_score.then(a.row.cmp(&b.row)),
        Ties::Then(then) => then.iter().zip(a.criteria.iter().zip(&b.criteria)).fold(
            by_score,
            |order, ((_, best), pair)| {
                order.then_with(|| match pair {
                    (Some(a), Some(b)) => better_first(a, b, *best),
                    (Some(_), None) => Ordering::Less,
                    (None, Some(_)) => Ordering::Greater,
                    (None, None) => Ordering::Equal,
                })
            },
        ),
    }
}

fn better_first(a: &Points, b: &Points, best: Best) -> Ordering {
    match best {
        Best::High => b.cmp(a),
        Best::Low => a.cmp(b),
    }
}
