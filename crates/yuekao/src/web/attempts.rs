//! Failed sign-ins of late: who tries passwords has to wait.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use jiff::Timestamp;

/// For so long failures are remembered after the first of a series.
const WINDOW_SECONDS: i64 = 15 * 60;
/// Failures allowed for one login from one address.
const HERE: u32 = 5;
/// Failures allowed from one address, for all logins.
const ADDRESS: u32 = 40;
/// Failures allowed for one login, from all addresses.
const LOGIN: u32 = 60;

/// Failures by what they have in common.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<HashMap<String, Series>>);

#[derive(Debug, Clone, Copy)]
struct Series {
    began: Timestamp,
    failures: u32,
}

impl Attempts {
    /// Minutes to wait before the next attempt may be made; none if it may be made now.
    pub fn wait(&self, now: Timestamp, login: &str, from: IpAddr) -> Option<i64> {
        let kept = self.0.lock().expect("nothing panics while counting");
        kinds(login, from)
            .iter()
            .filter_map(|(kind, allowed)| {
                kept.get(kind).filter(|series| series.failures >= *allowed)
            })
            .map(|series| WINDOW_SECONDS - now.duration_since(series.began).as_secs())
            .filter(|seconds| *seconds > 0)
            .max()
            .map(|seconds| (seconds + 59) / 60)
    }

    /// Counts a failure.
    pub fn failed(&self, now: Timestamp, login: &str, from: IpAddr) {
        let mut kept = self.0.lock().expect("nothing panics while counting");
        kept.retain(|_, series| now.duration_since(series.began).as_secs() < WINDOW_SECONDS);
        for (kind, _) in kinds(login, from) {
            kept.entry(kind)
                .or_insert(Series {
                    began: now,
                    failures: 0,
                })
                .failures += 1;
        }
    }

    /// Forgets the failures of this login from this address: it was them.
    pub fn succeeded(&self, login: &str, from: IpAddr) {
        let [(here, _), ..] = kinds(login, from);
        self.0
            .lock()
            .expect("nothing panics while counting")
            .remove(&here);
    }
}

/// Forms handed in without an account allowed from one address in the window: many phones share one.
const REPORTS: u32 = 40;

/// What people without an account handed in of late, by address.
#[derive(Debug, Default)]
pub struct Pace(Mutex<HashMap<IpAddr, Series>>);

impl Pace {
    /// Counts one more from an address; minutes to wait if it were one too many.
    pub fn step(&self, now: Timestamp, from: IpAddr) -> Option<i64> {
        let mut kept = self.0.lock().expect("nothing panics while counting");
        kept.retain(|_, series| now.duration_since(series.began).as_secs() < WINDOW_SECONDS);
        let series = kept.entry(from).or_insert(Series {
            began: now,
            failures: 0,
        });
        if series.failures >= REPORTS {
            let left = WINDOW_SECONDS - now.duration_since(series.began).as_secs();
            return Some((left + 59) / 60);
        }
        series.failures += 1;
        None
    }
}

fn kinds(login: &str, from: IpAddr) -> [(String, u32); 3] {
    let login = login.trim().to_lowercase();
    [
        (format!("{from} {login}"), HERE),
        (format!("{from}"), ADDRESS),
        (format!(" {login}"), LOGIN),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sixth_attempt_has_to_wait_and_others_do_not() {
        let attempts = Attempts::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        let [here, there] = ["10.0.0.1", "10.0.0.2"].map(|address| address.parse().unwrap());
        for second in 0..5 {
            assert_eq!(attempts.wait(at(second), "jia", here), None);
            attempts.failed(at(second), "jia", here);
        }
        assert_eq!(attempts.wait(at(10), "JIA ", here), Some(15));
        assert_eq!(attempts.wait(at(10), "yi", here), None);
        assert_eq!(attempts.wait(at(10), "jia", there), None);
        assert_eq!(attempts.wait(at(900), "jia", here), None);
        attempts.failed(at(1000), "jia", here);
        attempts.succeeded("jia", here);
        assert!(attempts.0.lock().unwrap().len() < 3);
    }

    #[test]
    fn many_logins_from_one_address_and_one_login_from_many_have_to_wait() {
        let attempts = Attempts::default();
        let at = Timestamp::from_second(0).unwrap();
        let address = |last: u32| IpAddr::from([10, 0, 0, last as u8]);
        for number in 0..ADDRESS {
            attempts.failed(at, &format!("user{number}"), address(1));
        }
        assert_eq!(attempts.wait(at, "new", address(1)), Some(15));
        for number in 0..LOGIN {
            attempts.failed(at, "jia", address(number + 2));
        }
        assert_eq!(attempts.wait(at, "jia", address(200)), Some(15));
    }
}
