//! Failed sign-ins of late: who tries passwords has to wait.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
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

/// Forms handed in without an account allowed from one network in the window: many phones share one.
const REPORTS: u32 = 40;
/// Bytes of photos taken without an account from one network in the window: twice as many forms as are usual.
const PHOTOS: u64 = 256 << 20;
/// Bytes of photos taken without an account in a day, from everywhere: what is handed in stays, and the disk is for evidence.
const ALL_PHOTOS: u64 = 20 << 30;
const DAY_SECONDS: i64 = 24 * 3600;

/// What people without an account handed in of late.
#[derive(Debug, Default)]
pub struct Pace(Mutex<Handed>);

#[derive(Debug, Default)]
struct Handed {
    networks: HashMap<IpAddr, OfNetwork>,
    /// Since when, and how many bytes of photos since.
    day: Option<(Timestamp, u64)>,
}

#[derive(Debug, Clone, Copy)]
struct OfNetwork {
    began: Timestamp,
    forms: u32,
    bytes: u64,
}

/// Minutes until so many seconds have passed since a moment.
fn minutes_left(now: Timestamp, began: Timestamp, seconds: i64) -> i64 {
    (seconds - now.duration_since(began).as_secs() + 59) / 60
}

/// Whose an address is: of IPv6 the first 64 bits, since the rest is for its holder to choose.
fn network(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

impl Handed {
    fn of(&mut self, now: Timestamp, from: IpAddr) -> &mut OfNetwork {
        let ago = |began: Timestamp| now.duration_since(began).as_secs();
        self.networks.retain(|_, of| ago(of.began) < WINDOW_SECONDS);
        self.day = self.day.filter(|(began, _)| ago(*began) < DAY_SECONDS);
        self.networks.entry(network(from)).or_insert(OfNetwork {
            began: now,
            forms: 0,
            bytes: 0,
        })
    }
}

impl Pace {
    /// Counts one more form from an address; minutes to wait if it were one too many.
    pub fn form(&self, now: Timestamp, from: IpAddr) -> Option<i64> {
        let mut handed = self.0.lock().expect("nothing panics while counting");
        let of = handed.of(now, from);
        if of.forms >= REPORTS {
            return Some(minutes_left(now, of.began, WINDOW_SECONDS));
        }
        of.forms += 1;
        None
    }

    /// Counts a photo of so many bytes from an address; minutes to wait if it were too much.
    pub fn photo(&self, now: Timestamp, from: IpAddr, bytes: u64) -> Option<i64> {
        let mut handed = self.0.lock().expect("nothing panics while counting");
        let of = *handed.of(now, from);
        if of.bytes + bytes > PHOTOS {
            return Some(minutes_left(now, of.began, WINDOW_SECONDS));
        }
        let (began, all) = handed.day.unwrap_or((now, 0));
        if all + bytes > ALL_PHOTOS {
            return Some(minutes_left(now, began, DAY_SECONDS));
        }
        handed.day = Some((began, all + bytes));
        handed.of(now, from).bytes += bytes;
        None
    }
}

/// Bytes of photos taken from one inspector in a day: some hundred findings with five photos of ten megabytes.
const INSPECTOR_PHOTOS: u64 = 6 << 30;

/// What inspectors sent of late, by login: since when, and how many bytes of photos since.
#[derive(Debug, Default)]
pub struct Load(Mutex<HashMap<String, (Timestamp, u64)>>);

impl Load {
    /// Counts a photo of so many bytes; minutes to wait if it were too much.
    pub fn photo(&self, now: Timestamp, login: &str, bytes: u64) -> Option<i64> {
        let mut kept = self.0.lock().expect("nothing panics while counting");
        kept.retain(|_, (began, _)| now.duration_since(*began).as_secs() < DAY_SECONDS);
        let (began, all) = kept.entry(login.to_owned()).or_insert((now, 0));
        if *all + bytes > INSPECTOR_PHOTOS {
            return Some(minutes_left(now, *began, DAY_SECONDS));
        }
        *all += bytes;
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
    fn photos_without_an_account_are_counted_by_network_and_by_day() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let from = |text: &str| text.parse::<IpAddr>().unwrap();
        let photo = 15 << 20;
        let pace = Pace::default();
        // Addresses of one network are one sender, however many it has; another network is another.
        for each in 0..17 {
            let address = from(&format!("2001:db8:1:2::{each}"));
            assert_eq!(pace.photo(at(each), address, photo), None);
        }
        assert_eq!(
            pace.photo(at(60), from("2001:db8:1:2:ffff::1"), photo),
            Some(14)
        );
        assert_eq!(pace.photo(at(60), from("2001:db8:1:3::1"), photo), None);
        assert_eq!(pace.photo(at(900), from("2001:db8:1:2::1"), photo), None);
        for each in 0..40 {
            let address = from(&format!("2001:db8:1:2::{each:x}"));
            assert_eq!(pace.form(at(900), address), None);
        }
        assert_eq!(pace.form(at(901), from("2001:db8:1:2::1")), Some(15));
        // The day has room for so much from everywhere.
        let pace = Pace::default();
        let taken = (0..2000_u32).filter(|each| {
            let address = IpAddr::from([10, 0, (each / 256) as u8, *each as u8]);
            pace.photo(at(0), address, photo).is_none()
        });
        assert_eq!(taken.count() as u64, ALL_PHOTOS / photo);
        assert_eq!(pace.photo(at(0), from("10.9.0.1"), photo), Some(24 * 60));
        assert_eq!(pace.photo(at(DAY_SECONDS), from("10.9.0.1"), photo), None);
    }

    #[test]
    fn an_inspector_fills_no_disk_and_another_has_room() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let (load, photo) = (Load::default(), 30 << 20);
        let taken = (0..1000).filter(|_| load.photo(at(0), "jia", photo).is_none());
        assert_eq!(taken.count() as u64, INSPECTOR_PHOTOS / photo);
        assert_eq!(load.photo(at(3600), "jia", photo), Some(23 * 60));
        assert_eq!(load.photo(at(3600), "yi", photo), None);
        assert_eq!(load.photo(at(DAY_SECONDS), "jia", photo), None);
    }

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
