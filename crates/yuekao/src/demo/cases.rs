//! Cases of the departments and of a county's handling units.

use assessment::case::Case;
use assessment::month::Month;
use jiff::ToSpan as _;
use jiff::civil::{DateTime, time};

use super::calibration as numbers;
use super::dice::Dice;
use super::inspection::{compact, wandered};

/// How many months a case may stay open.
const LONGEST: i32 = 3;

/// Who handles cases, and how well.
pub struct Handler<'a> {
    pub unit: &'a str,
    pub categories: &'a [&'a str],
    pub cases: u64,
    pub behind: u64,
}

impl Handler<'_> {
    /// What a month's table of cases holds: those dispatched in it and those carried over, as known at `read`.
    pub fn load(&self, seed: u64, month: Month, read: DateTime) -> Vec<Case> {
        let start = month.first_day().to_datetime(time(0, 0, 0, 0));
        let done_before = |at: Option<DateTime>| at.is_some_and(|at| at < start);
        (0..=LONGEST)
            .rev()
            .flat_map(|back| self.dispatched(seed, month.plus(-back)))
            .filter(|case| {
                case.dispatched_at >= start
                    || !(done_before(case.handled_at) || done_before(case.voided_at))
            })
            .map(|case| Case {
                handled_at: case.handled_at.filter(|at| *at < read),
                voided_at: case.voided_at.filter(|at| *at < read),
                ..case
            })
            .collect()
    }

    /// Cases dispatched in a month, with all that ever becomes of them.
    fn dispatched(&self, seed: u64, month: Month) -> Vec<Case> {
        let mut dice = Dice::new(seed, &format!("cases|{}|{month}", self.unit));
        let count = self.cases * dice.between(85, 115) as u64 / 100;
        let behind = (self.behind as i64 + wandered(seed, self.unit, month, 6)).clamp(1, 60) as u64;
        (0..count)
            .map(|number| self.case(month, number, behind, &mut dice))
            .collect()
    }

    fn case(&self, month: Month, number: u64, behind: u64, dice: &mut Dice) -> Case {
        // Most are dispatched early enough to be finished within the month.
        let last = i64::from(month.last_day().day());
        let day = if dice.chance(980) {
            dice.between(1, last - 3)
        } else {
            dice.between(last - 2, last)
        };
        let dispatched_at = (month.first_day() + (day - 1).days()).to_datetime(time(8, 0, 0, 0))
            + dice.between(0, 599).minutes();
        let limit = *dice.pick(&[4, 8, 24, 24, 48, 72]);
        let extended = u32::from(dice.chance(numbers::EXTENDED));
        let suspended = dice.chance(numbers::SUSPENDED);
        let due_at = dispatched_at + (limit * i64::from(1 + extended)).hours();
        let voided = dice.chance(numbers::VOIDED);
        let handled_at = match dice.chance(behind) {
            _ if voided => None,
            true => Some(due_at + dice.between(2, 30 * 24).hours()),
            false if suspended => Some(due_at + dice.between(10, 40).days()),
            false => Some(dispatched_at + (limit * dice.between(6, 57)).minutes()),
        };
        Case {
            id: format!("A{}-{}-{:03}", compact(month), self.unit, number + 1),
            unit: self.unit.to_owned(),
            category: (*dice.pick(self.categories)).to_owned(),
            dispatched_at,
            due_at: Some(due_at),
            handled_at,
            voided_at: voided.then(|| dispatched_at + dice.between(1, 20).hours()),
            extended,
            suspended,
            returned: u32::from(dice.chance(numbers::RETURNED)),
            reworked: u32::from(dice.chance(numbers::REWORKED)),
        }
    }
}
