//! Awards and deposits (§10): what places, bands and quantities bring. Money is whole fen; what does not divide is named.

use num_traits::ToPrimitive as _;

use crate::{
    points::{Mode, Points},
    ranking::{RankingResult, Row},
    refusal::Refusal,
    scheme::{
        Award, Deposit, ItemIndex, Ranking, Remainder, Shared, Ties, What, Who, formula::Known,
    },
    score::{Evaluation, Place},
};

/// What one award brings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AwardResult {
    /// Participant and fen, in the order of the participants.
    pub money: Vec<(usize, i128)>,
    /// Participants who get the title, plaque, duty, …
    pub given: Vec<usize>,
    /// Fen that did not divide and stay with the host.
    pub left: i128,
}

/// A deposit in one round; fen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepositRow {
    pub participant: usize,
    pub opening: i128,
    pub drawn: i128,
    pub returned: i128,
    pub closing: i128,
}

/// Works out one award.
///
/// # Errors
/// A quantity that the award needs is missing or negative, or a gate refuses.
pub fn award(
    evaluation: &Evaluation,
    award: &Award,
    result: &RankingResult,
) -> Result<AwardResult, Refusal> {
    let office = Office {
        evaluation,
        award,
        result,
    };
    let winners = office.winners()?;
    let mut out = AwardResult::default();
    match &award.what {
        What::Give { .. } => out.given = winners,
        What::ByPlace { front, end } => {
            let mut money = office.by_place(front, end, &mut out.left);
            money.retain(|(participant, _)| winners.contains(participant));
            out.money = money;
        }
        What::Fixed(fen) => out.money = winners.into_iter().map(|winner| (winner, *fen)).collect(),
        What::Each { item, fen } => {
            for winner in winners {
                out.money.push((
                    winner,
                    office.fen(office.quantity(*item, winner)? * fen.clone(), winner)?,
                ));
            }
        }
        What::PercentOf { item, percent } => {
            // Value in yuan × percent ÷ 100 × 100 fen.
            for winner in winners {
                out.money.push((
                    winner,
                    office.fen(office.quantity(*item, winner)? * percent.clone(), winner)?,
                ));
            }
        }
        What::Fund { fen, by } => out.money = office.fund(*fen, *by, &winners, &mut out.left)?,
    }
    out.money.sort_by_key(|(participant, _)| *participant);
    out.given.sort_unstable();
    Ok(out)
}

struct Office<'o, 'a> {
    evaluation: &'o Evaluation<'a>,
    award: &'o Award,
    result: &'o RankingResult,
}

impl Office<'_, '_> {
    fn ranking(&self) -> &Ranking {
        &self.evaluation.ground.rules.scheme.rankings[self.award.ranking]
    }

    /// Participants who get it: place or band, gate, repetition, prizes, and paid at all.
    fn winners(&self) -> Result<Vec<usize>, Refusal> {
        let mut candidates: Vec<&Row> = vec![];
        for row in self.result.rows.iter().filter(|row| self.reaches(row)) {
            if self.gate(row)? && self.repeated(row) {
                candidates.push(row);
            }
        }
        let enters = |row: &&&Row| {
            let Some(prizes) = self.award.prizes else {
                return true;
            };
            let Some(place) = row.place else { return false };
            let before = candidates
                .iter()
                .filter(|other| other.table == row.table && other.place < Some(place));
            before.filter(|other| other.place.is_some()).count() < prizes
        };
        Ok(candidates
            .iter()
            .filter(enters)
            .filter(|row| row.paid)
            .map(|row| row.participant)
            .collect())
    }

    fn reaches(&self, row: &Row) -> bool {
        let among = |places: &[usize], place: Option<usize>| {
            place.is_some_and(|place| places.contains(&place))
        };
        match &self.award.who {
            Who::Places { front, end } => among(front, row.place) || among(end, row.last),
            Who::Band(band) => row
                .band
                .is_some_and(|index| self.ranking().bands[index].id == *band),
            Who::Every => true,
        }
    }

    fn gate(&self, row: &Row) -> Result<bool, Refusal> {
        let Some(when) = &self.award.when else {
            return Ok(true);
        };
        let count = |count: usize| Points::from(count as i64);
        let known = |known| match known {
            Known::Score => row.deciding.clone(),
            Known::Place => row.place.map(count),
            Known::Last => row.last.map(count),
            Known::Ranked => Some(count(self.result.ranked(&row.table))),
        };
        self.evaluation
            .holds_in_ranking(when, row.participant, &known)
    }

    /// `consecutive` and `within`: the same places in earlier rounds, from the results.
    fn repeated(&self, row: &Row) -> bool {
        let ground = self.evaluation.ground;
        let scheme = &ground.rules.scheme;
        let code = &ground
            .register
            .unit(ground.participants[row.participant].unit)
            .code;
        let ranking = &self.ranking().id;
        let Who::Places { front, end } = &self.award.who else {
            return true;
        };
        let had = |month| {
            let among = |kind: &str, places: &[usize]| {
                let name = format!("{kind}.{ranking}");
                let place = ground
                    .result(&scheme.series, month, &name, code)
                    .and_then(|place| place.to_i64());
                place.is_some_and(|place| places.iter().any(|each| *each as i64 == place))
            };
            among("place", front) || among("last", end)
        };
        let consecutive = self.award.consecutive.is_none_or(|rounds| {
            (1..rounds).all(|back| had(ground.month.plus(-back * scheme.every.months())))
        });
        let within = self.award.within.is_none_or(|(times, months)| {
            1 + (1..months)
                .filter(|back| had(ground.month.plus(-back)))
                .count() as i32
                >= times
        });
        consecutive && within
    }

    /// Amounts by place; shared places divide, repeat or lose theirs.
    fn by_place(&self, front: &[i128], end: &[i128], left: &mut i128) -> Vec<(usize, i128)> {
        let dense = self.ranking().ties == Ties::Dense;
        let mut money: Vec<(usize, i128)> = vec![];
        let mut pay = |participant: usize, fen: i128| match money
            .iter_mut()
            .find(|(each, _)| *each == participant)
        {
            Some((_, sum)) => *sum += fen,
            None => money.push((participant, fen)),
        };
        for (amounts, of_row) in [
            (front, place_of as fn(&Row) -> Option<usize>),
            (end, last_of),
        ] {
            for place in 1..=amounts.len() {
                for sharers in self.sharers(place, of_row) {
                    let count = sharers.len();
                    let taken = if dense && std::ptr::eq(amounts, front) {
                        1
                    } else {
                        count
                    };
                    match self.award.shared {
                        Some(Shared::None) if count > 1 => {}
                        Some(Shared::Divide) => {
                            let pool: i128 = amounts.iter().skip(place - 1).take(taken).sum();
                            for (participant, fen) in self.divide(pool, &sharers, left) {
                                pay(participant, fen);
                            }
                        }
                        _ => sharers
                            .iter()
                            .for_each(|participant| pay(*participant, amounts[place - 1])),
                    }
                }
            }
        }
        money
    }

    /// Those who share a place, table by table, in the order of the participants.
    fn sharers(&self, place: usize, of_row: fn(&Row) -> Option<usize>) -> Vec<Vec<usize>> {
        let mut tables: Vec<(&str, Vec<usize>)> = vec![];
        for row in self
            .result
            .rows
            .iter()
            .filter(|row| of_row(row) == Some(place))
        {
            match tables.iter_mut().find(|(table, _)| *table == row.table) {
                Some((_, sharers)) => sharers.push(row.participant),
                None => tables.push((&row.table, vec![row.participant])),
            }
        }
        tables.into_iter().map(|(_, sharers)| sharers).collect()
    }

    /// Equal shares towards zero; what is left over goes where the scheme says.
    fn divide(&self, pool: i128, sharers: &[usize], left: &mut i128) -> Vec<(usize, i128)> {
        let count = sharers.len() as i128;
        let shares = sharers
            .iter()
            .map(|participant| (*participant, pool / count))
            .collect();
        self.hand_out_rest(pool % count, shares, left)
    }

    fn hand_out_rest(
        &self,
        rest: i128,
        mut shares: Vec<(usize, i128)>,
        left: &mut i128,
    ) -> Vec<(usize, i128)> {
        match self.award.remainder {
            Some(Remainder::First) => {
                for (_, fen) in shares.iter_mut().take(rest.unsigned_abs() as usize) {
                    *fen += rest.signum();
                }
            }
            _ => *left += rest,
        }
        shares
    }

    /// A fixed fund in proportion to a quantity.
    fn fund(
        &self,
        fen: i128,
        by: ItemIndex,
        winners: &[usize],
        left: &mut i128,
    ) -> Result<Vec<(usize, i128)>, Refusal> {
        let mut shares = vec![];
        let mut whole = Points::zero();
        for winner in self.in_order_of_place(winners) {
            let quantity = self.quantity(by, winner)?;
            if quantity.is_negative() {
                let (award, unit) = (
                    self.award.id.clone(),
                    self.evaluation.unit_name(Place::Unit(winner)),
                );
                let item = self.evaluation.ground.rules.scheme.items[by].id.clone();
                return Err(Refusal::NegativeQuantity {
                    award,
                    item,
                    unit,
                    value: quantity,
                });
            }
            whole = whole + quantity.clone();
            shares.push((winner, quantity));
        }
        let fund = Points::from(num_bigint::BigInt::from(fen));
        let mut money = vec![];
        let mut rest = fen;
        for (winner, quantity) in shares {
            let share = (&fund * &quantity)
                .checked_div(&whole)
                .unwrap_or_else(Points::zero);
            let share = self.whole_fen(share.round(0, Mode::Down), winner)?;
            rest -= share;
            money.push((winner, share));
        }
        if whole.is_zero() {
            *left += rest;
            return Ok(money);
        }
        Ok(self.hand_out_rest(rest, money, left))
    }

    fn in_order_of_place(&self, winners: &[usize]) -> Vec<usize> {
        let mut ordered = winners.to_vec();
        ordered.sort_by_key(|winner| {
            let place = self.result.row(*winner).and_then(|row| row.place);
            (place.unwrap_or(usize::MAX), *winner)
        });
        ordered
    }

    fn quantity(&self, item: ItemIndex, winner: usize) -> Result<Points, Refusal> {
        quantity(self.evaluation, item, winner, &self.award.id)
    }

    fn fen(&self, amount: Points, winner: usize) -> Result<i128, Refusal> {
        let mode = if self.award.fen_down {
            Mode::Down
        } else {
            Mode::HalfUp
        };
        self.whole_fen(amount.round(0, mode), winner)
    }

    fn whole_fen(&self, amount: Points, winner: usize) -> Result<i128, Refusal> {
        whole_fen(self.evaluation, &amount, winner, &self.award.id)
    }
}

fn place_of(row: &Row) -> Option<usize> {
    row.place
}

fn last_of(row: &Row) -> Option<usize> {
    row.last
}

fn quantity(
    evaluation: &Evaluation,
    item: ItemIndex,
    winner: usize,
    award: &str,
) -> Result<Points, Refusal> {
    evaluation
        .value(item, Place::Unit(winner))?
        .value
        .clone()
        .ok_or_else(|| Refusal::QuantityMissing {
            award: award.to_owned(),
            item: evaluation.ground.rules.scheme.items[item].id.clone(),
            unit: evaluation.unit_name(Place::Unit(winner)),
        })
}

fn whole_fen(
    evaluation: &Evaluation,
    amount: &Points,
    winner: usize,
    award: &str,
) -> Result<i128, Refusal> {
    amount
        .0
        .to_integer()
        .to_i128()
        .ok_or_else(|| Refusal::TooMuchMoney {
            award: award.to_owned(),
            unit: evaluation.unit_name(Place::Unit(winner)),
        })
}

/// Works out one deposit for all participants.
///
/// # Errors
/// A quantity that is drawn for is missing, or the balance of the round before is not known.
pub fn deposit(
    evaluation: &Evaluation,
    deposit: &Deposit,
    ranking: Option<&RankingResult>,
) -> Result<Vec<DepositRow>, Refusal> {
    let ground = evaluation.ground;
    let scheme = &ground.rules.scheme;
    let step = scheme.every.months();
    let first_round = !scheme.holds_in(ground.month.plus(-step));
    let mut rows = vec![];
    for (participant, each) in ground.participants.iter().enumerate() {
        let unit = ground.register.unit(each.unit);
        let opening = if first_round {
            deposit.fen
        } else {
            let month = ground.month.plus(-step);
            let name = format!("deposit.{}", deposit.id);
            let yuan = ground
                .result(&scheme.series, month, &name, &unit.code)
                .ok_or_else(|| Refusal::OpeningBalanceMissing {
                    deposit: deposit.id.clone(),
                    unit: unit.to_string(),
                    month,
                })?;
            let fen = (yuan * Points::hundred()).round(0, Mode::HalfUp);
            whole_fen(evaluation, &fen, participant, &deposit.id)?
        };
        let mut draw = Points::zero();
        for (item, fen) in &deposit.draws {
            draw = draw + quantity(evaluation, *item, participant, &deposit.id)? * fen.clone();
        }
        let mut drawn = whole_fen(
            evaluation,
            &draw.round(0, Mode::HalfUp),
            participant,
            &deposit.id,
        )?;
        if !deposit.below_zero {
            drawn = drawn.min(opening.max(0));
        }
        let balance = opening - drawn;
        let returned = match deposit.return_in.contains(&ground.month.month()) {
            true => returned(
                deposit,
                ranking.and_then(|ranking| ranking.row(participant)),
                balance,
            ),
            false => 0,
        };
        rows.push(DepositRow {
            participant,
            opening,
            drawn,
            returned,
            closing: balance - returned,
        });
    }
    Ok(rows)
}

/// The part of a balance above zero that the first fitting row returns, cut to the fen.
fn returned(deposit: &Deposit, row: Option<&Row>, balance: i128) -> i128 {
    let score = row.and_then(|row| row.deciding.as_ref());
    let fits = |from: &Option<Points>| {
        from.as_ref()
            .is_none_or(|from| score.is_some_and(|score| score >= from))
    };
    let percent = deposit
        .returns
        .iter()
        .find(|(from, _)| fits(from))
        .map(|(_, percent)| percent);
    let Some(percent) = percent.filter(|_| balance > 0) else {
        return 0;
    };
    let part =
        Points::from(num_bigint::BigInt::from(balance)) * percent.clone() / Points::hundred();
    part.0.floor().to_integer().to_i128().unwrap_or(balance)
}
