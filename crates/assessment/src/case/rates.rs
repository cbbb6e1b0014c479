//! Rates of handling: what was to be done in a period, and what was.
//!
//! ```text
//! load       dispatched before the end, and not handled before the beginning: what was carried over counts
//! answerable load − fresh: only cases within their first limit wait without harm
//!
//! handling   handled            ÷ load
//! on time    handled in time    ÷ answerable
//! rework     sent back          ÷ load
//! extension  got more time      ÷ load
//! relapse    came back          ÷ load
//! timely     rectified in time  ÷ due in the period, whenever it was handled
//! ```
//!
//! A case that was dispatched in March to be handled by the first of April, and was handled in March, belongs to March's load and
//! to April's timely rectification: each case that is not voided falls due in one month, as in the evaluation.
//!
//! What is overdue and open, extended or suspended stays in every denominator: holding cases open raises no rate. Voided cases
//! are in none; their number stands beside the rates.

use jiff::civil::DateTime;

use super::Case;
use crate::finding::Status;
use crate::points::Points;

/// From when, and up to when without it. Nothing that happens at or after the end is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: DateTime,
    pub to: DateTime,
}

/// What became of the cases of one unit, category, … in a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// 应处置: dispatched before the end, and not handled before the beginning.
    pub load: u64,
    /// 按期处置.
    pub on_time: u64,
    /// 超期处置.
    pub late: u64,
    /// 超期未处置.
    pub overdue: u64,
    /// Open within their limit, neither extended nor suspended.
    pub fresh: u64,
    /// 延期: got more time.
    pub extended: u64,
    /// 挂账: rested.
    pub suspended: u64,
    /// 返工: sent back by a verification.
    pub reworked: u64,
    /// 复发: repeat a case that was closed at the same place not long before.
    pub relapsed: u64,
    /// Fell due in the period, whether or not it was handled before the beginning.
    pub due: u64,
    /// Of these: handled in time, and somebody else has verified it.
    pub rectified: u64,
    /// 作废: in no other number.
    pub voided: u64,
}

/// What is known of a case beside what the evaluation sees of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Somebody else has seen that it was handled.
    pub verified: bool,
    /// It repeats one that was closed.
    pub relapse: bool,
}

/// A part of a whole, both shown; without a whole there is no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub part: u64,
    pub whole: u64,
}

/// The rates of [`Counts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// 处置率.
    pub handling: Rate,
    /// 按期处置率.
    pub on_time: Rate,
    /// 返工率.
    pub rework: Rate,
    /// 延期率.
    pub extension: Rate,
    /// 复发率.
    pub relapse: Rate,
    /// 及时整改率.
    pub timely: Rate,
}

impl Rate {
    /// In per cent, exactly; `None` where nothing was to be done.
    pub fn percent(self) -> Option<Points> {
        Points::ratio(u128::from(self.part) * 100, self.whole)
    }
}

impl Counts {
    /// Counts cases one by one.
    pub fn of<'c>(cases: impl IntoIterator<Item = (&'c Case, Beside)>, period: Period) -> Counts {
        let mut counts = Counts::default();
        for (case, beside) in cases {
            counts.take(case, beside, period);
        }
        counts
    }

    fn take(&mut self, case: &Case, beside: Beside, period: Period) {
        if case.dispatched_at >= period.to {
            return;
        }
        let before = |at: Option<DateTime>| at.is_some_and(|at| at < period.from);
        let in_load = !before(case.handled_at);
        if case.voided_at.is_some() {
            self.voided += u64::from(in_load && !before(case.voided_at));
            return;
        }
        let status = Status::at(case.handled_at, case.due_at, period.to);
        let due = |due| (period.from..period.to).contains(&due);
        if case.due_at.is_some_and(due) {
            self.due += 1;
            self.rectified += u64::from(status == Status::OnTime && beside.verified);
        }
        if !in_load {
            return;
        }
        self.load += 1;
        let eased = case.extended > 0 || case.suspended;
        match status {
            Status::OnTime => self.on_time += 1,
            Status::Late => self.late += 1,
            Status::Overdue => self.overdue += 1,
            Status::Pending => self.fresh += u64::from(!eased),
        }
        self.extended += u64::from(case.extended > 0);
        self.suspended += u64::from(case.suspended);
        self.reworked += u64::from(case.reworked > 0);
        self.relapsed += u64::from(beside.relapse);
    }

    /// Together with those of another group.
    pub fn plus(self, other: Counts) -> Counts {
        Counts {
            load: self.load + other.load,
            on_time: self.on_time + other.on_time,
            late: self.late + other.late,
            overdue: self.overdue + other.overdue,
            fresh: self.fresh + other.fresh,
            extended: self.extended + other.extended,
            suspended: self.suspended + other.suspended,
            reworked: self.reworked + other.reworked,
            relapsed: self.relapsed + other.relapsed,
            due: self.due + other.due,
            rectified: self.rectified + other.rectified,
            voided: self.voided + other.voided,
        }
    }

    /// What they come to.
    pub fn rates(&self) -> Rates {
        let rate = |part, whole| Rate { part, whole };
        Rates {
            handling: rate(self.on_time + self.late, self.load),
            on_time: rate(self.on_time, self.load.saturating_sub(self.fresh)),
            rework: rate(self.reworked, self.load),
            extension: rate(self.extended, self.load),
            relapse: rate(self.relapsed, self.load),
            timely: rate(self.rectified, self.due),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// March 2022.
    fn march() -> Period {
        Period {
            from: at("01T00"),
            to: "2022-04-01T00:00".parse().unwrap(),
        }
    }

    /// An hour of March, `05T08`, or any time in full.
    fn at(text: &str) -> DateTime {
        match text.len() {
            5 => format!("2022-03-{text}:00").parse().unwrap(),
            _ => text.parse().unwrap(),
        }
    }

    /// `dispatched due handled`, `-` for never, and words for the rest: `extended suspended reworked void verified relapse`.
    fn case(row: &str) -> (Case, Beside) {
        let cells: Vec<&str> = row.split_whitespace().collect();
        let time = |text: &str| (text != "-").then(|| at(text));
        let has = |word: &str| cells[3..].contains(&word);
        let case = Case {
            id: "C".into(),
            unit: "U".into(),
            category: "0101".into(),
            dispatched_at: at(cells[0]),
            due_at: time(cells[1]),
            handled_at: time(cells[2]),
            voided_at: has("void").then(|| at("20T00")),
            extended: u32::from(has("extended")),
            suspended: has("suspended"),
            returned: 0,
            reworked: u32::from(has("reworked")),
        };
        let beside = Beside {
            verified: has("verified"),
            relapse: has("relapse"),
        };
        (case, beside)
    }

    fn counts(rows: &[&str]) -> Counts {
        let cases: Vec<_> = rows.iter().map(|row| case(row)).collect();
        Counts::of(cases.iter().map(|(case, beside)| (case, *beside)), march())
    }

    fn text(rate: Rate) -> String {
        let percent = rate
            .percent()
            .map_or("—".to_owned(), |value| value.display(2));
        format!("{}/{}={percent}", rate.part, rate.whole)
    }

    #[test]
    fn each_case_is_counted_where_it_belongs() {
        #[rustfmt::skip]
        let table = [
            // dispatched       due               handled            more                  load on late over fresh ext sus rew due rect void
            ("05T08             06T08             05T12              verified",           [1,   1, 0,   0,   0,    0,  0,  0,  1,  1,   0]),
            ("05T08             06T08             05T12",                                 [1,   1, 0,   0,   0,    0,  0,  0,  1,  0,   0]),
            ("05T08             06T08             07T12              verified",           [1,   0, 1,   0,   0,    0,  0,  0,  1,  0,   0]),
            ("05T08             06T08             -",                                     [1,   0, 0,   1,   0,    0,  0,  0,  1,  0,   0]),
            ("31T08             2022-04-02T08:00  -",                                     [1,   0, 0,   0,   1,    0,  0,  0,  0,  0,   0]),
            ("31T08             2022-04-02T08:00  -                  extended",           [1,   0, 0,   0,   0,    1,  0,  0,  0,  0,   0]),
            ("31T08             2022-04-02T08:00  -                  suspended",          [1,   0, 0,   0,   0,    0,  1,  0,  0,  0,   0]),
            ("05T08             06T08             05T12              reworked verified",  [1,   1, 0,   0,   0,    0,  0,  1,  1,  1,   0]),
            ("05T08             06T08             -                  void",               [0,   0, 0,   0,   0,    0,  0,  0,  0,  0,   1]),
            // Handled the moment its limit ends is in time; what happens after the end is not seen.
            ("05T08             06T08             06T08              verified",           [1,   1, 0,   0,   0,    0,  0,  0,  1,  1,   0]),
            ("30T08             31T08             2022-04-01T00:00   verified",           [1,   0, 0,   1,   0,    0,  0,  0,  1,  0,   0]),
            // Carried over from February; handled in February; not yet dispatched.
            ("2022-02-20T08:00  2022-02-21T08:00  -",                                     [1,   0, 0,   1,   0,    0,  0,  0,  0,  0,   0]),
            ("2022-02-20T08:00  2022-02-21T08:00  2022-02-20T12:00   verified",           [0,   0, 0,   0,   0,    0,  0,  0,  0,  0,   0]),
            ("2022-04-01T00:00  2022-04-02T08:00  -",                                     [0,   0, 0,   0,   0,    0,  0,  0,  0,  0,   0]),
            // Handled in February, due in March: no load of March, but due in it. Due at the moment March begins, and at that
            // after it has ended.
            ("2022-02-27T08:00  01T18             2022-02-28T12:00   verified reworked",  [0,   0, 0,   0,   0,    0,  0,  0,  1,  1,   0]),
            ("2022-02-27T08:00  01T18             2022-02-28T12:00",                      [0,   0, 0,   0,   0,    0,  0,  0,  1,  0,   0]),
            ("2022-02-27T08:00  01T18             2022-02-28T12:00   void",               [0,   0, 0,   0,   0,    0,  0,  0,  0,  0,   0]),
            ("2022-02-27T08:00  01T00             2022-02-28T12:00   verified",           [0,   0, 0,   0,   0,    0,  0,  0,  1,  1,   0]),
            ("2022-02-27T08:00  2022-04-01T00:00  2022-02-28T12:00   verified",           [0,   0, 0,   0,   0,    0,  0,  0,  0,  0,   0]),
            ("30T08             2022-04-01T18:00  31T08              verified",           [1,   1, 0,   0,   0,    0,  0,  0,  0,  0,   0]),
        ];
        for (row, expected) in table {
            let c = counts(&[row]);
            let found = [
                c.load,
                c.on_time,
                c.late,
                c.overdue,
                c.fresh,
                c.extended,
                c.suspended,
                c.reworked,
                c.due,
                c.rectified,
                c.voided,
            ];
            assert_eq!(found, expected, "{row}");
        }
    }

    /// Worked by hand: ten cases of a county in March.
    #[test]
    fn a_county_in_march() {
        let c = counts(&[
            "02T08 03T08 02T12 verified",
            "02T08 03T08 02T15 verified",
            "02T08 03T08 03T08 verified reworked",
            "04T08 05T08 07T08 verified",
            "04T08 05T08 -",
            "04T08 05T08 - void",
            "10T08 20T08 15T08 extended verified",
            "10T08 2022-04-20T08:00 - suspended",
            "31T08 2022-04-01T08:00 - relapse",
            "2022-02-25T08:00 2022-02-26T08:00 01T09 verified",
        ]);
        let rates = c.rates();
        let said = [
            rates.handling,
            rates.on_time,
            rates.rework,
            rates.extension,
            rates.timely,
            rates.relapse,
        ];
        assert_eq!(
            said.map(text),
            [
                "6/9=66.67",
                "4/8=50.00",
                "1/9=11.11",
                "1/9=11.11",
                "4/6=66.67",
                "1/9=11.11"
            ]
        );
        assert_eq!((c.voided, c.overdue, c.late), (1, 1, 2));
    }

    #[test]
    fn holding_cases_open_raises_no_rate() {
        let handled = "05T08 06T08 05T12 verified";
        let honest = counts(&[handled, "05T08 06T08 07T12 verified"]).rates();
        let silent = counts(&[handled, "05T08 06T08 -"]).rates();
        let eased = counts(&[handled, "05T08 2022-04-06T08:00 - extended"]).rates();
        let parked = counts(&[handled, "05T08 2022-04-06T08:00 - suspended"]).rates();
        assert_eq!(text(honest.on_time), "1/2=50.00");
        for rates in [silent, eased, parked] {
            assert_eq!(text(rates.on_time), "1/2=50.00");
            assert_eq!(text(rates.handling), "1/2=50.00");
        }
        // A naive share of what was closed would have said 100 %.
        assert!(silent.handling.percent() < honest.handling.percent());
    }

    /// Dispatched on the 5th to be handled by the 6th, and granted a rest until after the period: made by its acts.
    fn parked() -> (Case, Beside) {
        use crate::case::deadline::{Limit, LimitUnit};
        use crate::case::life::{Act, Due, Life, Policy, Post, Relapse, Who};
        let limit = Limit {
            value: 1,
            unit: LimitUnit::UrgentDay,
        };
        let due = |text: &str| Due {
            at: at(text),
            gross_at: at(text).saturating_add(jiff::Span::new().days(2)),
            soon_at: None,
        };
        let first = due("06T08");
        let steps = [
            (Post::Dispatcher, Act::Accept),
            (
                Post::Dispatcher,
                Act::Register {
                    condition: "c".into(),
                    limit,
                    category: None,
                    relapse: Relapse::AsReported,
                },
            ),
            (
                Post::Dispatcher,
                Act::Dispatch {
                    unit: "U".into(),
                    department: None,
                    due_at: first.at,
                    gross_at: first.gross_at,
                    reason: None,
                    soon_at: None,
                },
            ),
            (
                Post::Unit,
                Act::AskSuspension {
                    until: at("2022-04-05T08:00"),
                    reason: "frost".into(),
                },
            ),
            (
                Post::Office,
                Act::GrantSuspension {
                    reason: None,
                    due: Some(due("2022-04-06T08:00")),
                },
            ),
        ];
        let mut life = Life::reported(at("05T08"), None);
        for (post, act) in steps {
            let who = Who {
                post,
                login: "jia".into(),
                unit: Some("U".into()),
            };
            life = life
                .then(at("05T08"), &who, &act, &Policy::default())
                .unwrap();
        }
        (life.fact("C", "0101", "U").unwrap(), Beside::default())
    }

    #[test]
    fn a_case_that_rests_is_not_overdue_and_not_fresh() {
        let (case, beside) = parked();
        assert_eq!(
            (case.clone(), beside),
            self::case("05T08 2022-04-06T08:00 - suspended")
        );
        let c = Counts::of([(&case, beside)], march());
        assert_eq!(
            (c.load, c.overdue, c.fresh, c.suspended, c.due),
            (1, 0, 0, 1, 0)
        );
    }

    #[test]
    fn where_nothing_was_to_be_done_there_is_no_rate() {
        let rates = counts(&[]).rates();
        assert_eq!(rates.handling.percent(), None);
        assert_eq!(text(rates.timely), "0/0=—");
    }
}
