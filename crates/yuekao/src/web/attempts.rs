//! Failed sign-ins of late: who tries passwords has to wait. And what people without an account, and phones, handed in.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard};

use jiff::Timestamp;
use tokio::sync::Semaphore;

/// For so long failures are remembered after the first of a series.
const WINDOW_SECONDS: i64 = 15 * 60;
/// Failures allowed for one login from one network.
const HERE: u32 = 5;
/// Failures allowed from one network, for all logins.
const NETWORK: u32 = 40;
/// Failures allowed for one login, from all networks where it has not signed in of late.
const LOGIN: u32 = 60;
/// So many networks where a login has signed in are remembered.
const HOMES: usize = 4;
/// No login has so many characters; what is longer is cut here, and stays none.
const TOO_LONG: usize = 41;

/// Failures by what they have in common.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    failures: HashMap<Common, Series>,
    /// The last networks where accounts have signed in since this server began.
    homes: HashMap<String, VecDeque<IpAddr>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Common {
    Here(IpAddr, String),
    Network(IpAddr),
    Login(String),
}

#[derive(Debug, Clone, Copy)]
struct Series {
    began: Timestamp,
    failures: u32,
}

impl Kept {
    /// What an attempt has in common with others, with the failures that are allowed. Whoever keeps trying a login elsewhere
    /// does not lock out its owner, who is where they have signed in before.
    fn kinds(&self, login: &str, network: IpAddr) -> Vec<(Common, u32)> {
        let mut kinds = vec![
            (Common::Here(network, login.to_owned()), HERE),
            (Common::Network(network), NETWORK),
        ];
        let homes = self.homes.get(login);
        if !homes.is_some_and(|homes| homes.contains(&network)) {
            kinds.push((Common::Login(login.to_owned()), LOGIN));
        }
        kinds
    }
}

/// A login as accounts have it, or what is none.
fn name(login: &str) -> String {
    let cut: String = login.trim().chars().take(TOO_LONG).collect();
    cut.to_lowercase()
}

impl Attempts {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().expect("nothing panics while counting")
    }

    /// Counts an attempt as failed until it is known to be right; minutes to wait if it may not be made yet.
    pub fn begin(&self, now: Timestamp, login: &str, from: IpAddr) -> Option<i64> {
        let mut kept = self.kept();
        kept.failures
            .retain(|_, series| now.duration_since(series.began).as_secs() < WINDOW_SECONDS);
        let kinds = kept.kinds(&name(login), network(from));
        let wait = kinds
            .iter()
            .filter_map(|(kind, allowed)| {
                let series = kept.failures.get(kind);
                series.filter(|series| series.failures >= *allowed)
            })
            .map(|series| minutes_left(now, series.began, WINDOW_SECONDS))
            .max();
        if wait.is_none() {
            for (kind, _) in kinds {
                let began = Series {
                    began: now,
                    failures: 0,
                };
                kept.failures.entry(kind).or_insert(began).failures += 1;
            }
        }
        wait
    }

    /// Takes the attempt back and forgets the failures of this login from this network: it was them.
    pub fn succeeded(&self, login: &str, from: IpAddr) {
        let (login, network) = (name(login), network(from));
        let mut kept = self.kept();
        for (kind, _) in kept.kinds(&login, network) {
            let Some(series) = kept.failures.get_mut(&kind) else {
                continue;
            };
            series.failures = series.failures.saturating_sub(1);
            if series.failures == 0 || matches!(kind, Common::Here(..)) {
                kept.failures.remove(&kind);
            }
        }
        let homes = kept.homes.entry(login).or_default();
        homes.retain(|home| *home != network);
        homes.push_front(network);
        homes.truncate(HOMES);
    }
}

/// Forms handed in without an account allowed from one network in the window: many phones share one.
const REPORTS: u32 = 40;
/// Forms without an account that are on their way in from one network at the same time.
pub const FORMS_AT_ONCE: usize = 3;
/// Bytes of photos taken without an account from one network in the window: twice as many forms as are usual.
const PHOTOS: u64 = 256 << 20;
/// Bytes of photos taken without an account in a day, from everywhere: what is handed in stays, and the disk is for evidence.
const ALL_PHOTOS: u64 = 20 << 30;
const DAY_SECONDS: i64 = 24 * 3600;

/// The bytes that were taken since the first of a day.
#[derive(Debug, Clone, Copy)]
struct Day {
    began: Timestamp,
    bytes: u64,
}

impl Day {
    fn begun(now: Timestamp) -> Self {
        Self {
            began: now,
            bytes: 0,
        }
    }

    fn is_over(&self, now: Timestamp) -> bool {
        now.duration_since(self.began).as_secs() >= DAY_SECONDS
    }

    /// Counts so many more bytes; minutes to wait if they were more than a day may bring.
    fn take(&mut self, now: Timestamp, bytes: u64, most: u64) -> Option<i64> {
        if self.is_over(now) {
            *self = Self::begun(now);
        }
        if self.bytes + bytes > most {
            return Some(minutes_left(now, self.began, DAY_SECONDS));
        }
        self.bytes += bytes;
        None
    }
}

/// What people without an account handed in of late.
#[derive(Debug, Default)]
pub struct Pace(Mutex<Handed>);

#[derive(Debug, Default)]
struct Handed {
    networks: HashMap<IpAddr, OfNetwork>,
    /// Room for the forms that are on their way in, while there are any.
    rooms: HashMap<IpAddr, Arc<Semaphore>>,
    day: Option<Day>,
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
        self.networks.entry(network(from)).or_insert(OfNetwork {
            began: now,
            forms: 0,
            bytes: 0,
        })
    }
}

impl Pace {
    fn handed(&self) -> MutexGuard<'_, Handed> {
        self.0.lock().expect("nothing panics while counting")
    }

    /// Counts one more form from an address; minutes to wait if it were one too many.
    pub fn form(&self, now: Timestamp, from: IpAddr) -> Option<i64> {
        let mut handed = self.handed();
        let of = handed.of(now, from);
        if of.forms >= REPORTS {
            return Some(minutes_left(now, of.began, WINDOW_SECONDS));
        }
        of.forms += 1;
        None
    }

    /// Room for the forms that are on their way in from the network of an address.
    pub fn room(&self, from: IpAddr) -> Arc<Semaphore> {
        let mut handed = self.handed();
        // Whoever waits for room, or has it, holds it as well.
        handed.rooms.retain(|_, room| Arc::strong_count(room) > 1);
        let room = handed.rooms.entry(network(from));
        room.or_insert_with(|| Arc::new(Semaphore::new(FORMS_AT_ONCE)))
            .clone()
    }

    /// Counts a photo of so many bytes from an address; minutes to wait if it were too much.
    pub fn photo(&self, now: Timestamp, from: IpAddr, bytes: u64) -> Option<i64> {
        let mut handed = self.handed();
        let of = *handed.of(now, from);
        if of.bytes + bytes > PHOTOS {
            return Some(minutes_left(now, of.began, WINDOW_SECONDS));
        }
        let day = handed.day.get_or_insert_with(|| Day::begun(now));
        if let Some(minutes) = day.take(now, bytes, ALL_PHOTOS) {
            return Some(minutes);
        }
        handed.of(now, from).bytes += bytes;
        None
    }
}

/// Bytes of photos taken from one inspector in a day: some hundred findings with five photos of ten megabytes.
const INSPECTOR_PHOTOS: u64 = 6 << 30;

/// What inspectors sent of late, by login.
#[derive(Debug, Default)]
pub struct Load(Mutex<HashMap<String, Day>>);

impl Load {
    /// Counts a photo of so many bytes; minutes to wait if it were too much.
    pub fn photo(&self, now: Timestamp, login: &str, bytes: u64) -> Option<i64> {
        let mut kept = self.0.lock().expect("nothing panics while counting");
        kept.retain(|_, day| !day.is_over(now));
        let day = kept.entry(login.to_owned());
        day.or_insert_with(|| Day::begun(now))
            .take(now, bytes, INSPECTOR_PHOTOS)
    }
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

    /// Fails to sign in so many times.
    fn fails(attempts: &Attempts, times: u32, login: &str, from: impl Fn(u32) -> IpAddr) {
        let at = Timestamp::from_second(0).unwrap();
        for each in 0..times {
            assert_eq!(attempts.begin(at, login, from(each)), None, "{each}");
        }
    }

    #[test]
    fn a_sixth_attempt_has_to_wait_and_others_do_not() {
        let attempts = Attempts::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        let from = |text: &str| text.parse::<IpAddr>().unwrap();
        let [here, there] = ["10.0.0.1", "10.0.0.2"].map(from);
        fails(&attempts, 5, "jia", |_| here);
        assert_eq!(attempts.begin(at(10), "JIA ", here), Some(15));
        assert_eq!(attempts.begin(at(10), "yi", here), None);
        assert_eq!(attempts.begin(at(10), "jia", there), None);
        attempts.succeeded("jia", there);
        assert_eq!(attempts.begin(at(900), "jia", here), None);
        // Who signs in has failed nowhere.
        attempts.succeeded("jia", here);
        attempts.succeeded("yi", here);
        assert!(attempts.kept().failures.is_empty());
        // Addresses of one network are one, however they are written.
        fails(&attempts, 5, "bing", |each| {
            from(&format!("2001:db8:1:2::{each}"))
        });
        let same = from("2001:db8:1:2:ffff::1");
        assert_eq!(attempts.begin(at(10), "bing", same), Some(15));
        fails(&attempts, 5, "ding", |_| from("::ffff:10.0.0.3"));
        assert_eq!(attempts.begin(at(10), "ding", from("10.0.0.3")), Some(15));
    }

    #[test]
    fn many_logins_from_one_network_and_one_login_from_many_have_to_wait() {
        let attempts = Attempts::default();
        let at = Timestamp::from_second(0).unwrap();
        let address = |last: u32| IpAddr::from([10, 0, 0, last as u8]);
        for number in 0..NETWORK {
            fails(&attempts, 1, &format!("user{number}"), |_| address(1));
        }
        assert_eq!(attempts.begin(at, "new", address(1)), Some(15));
        // Its owner has signed in elsewhere before, and is let in there while the login is tried from everywhere.
        let homes = (0..=HOMES as u32).map(|each| address(201 + each));
        for home in homes.clone() {
            assert_eq!(attempts.begin(at, "jia", home), None);
            attempts.succeeded("jia", home);
        }
        fails(&attempts, LOGIN, "jia", |each| address(each + 2));
        assert_eq!(attempts.begin(at, "jia", address(200)), Some(15));
        for home in homes.clone().skip(1) {
            assert_eq!(attempts.begin(at, "jia", home), None);
        }
        // Of the networks the last ones are remembered, and there too there are but so many attempts.
        assert_eq!(attempts.begin(at, "jia", address(201)), Some(15));
        fails(&attempts, HERE - 1, "jia", |_| address(202));
        assert_eq!(attempts.begin(at, "jia", address(202)), Some(15));
    }

    #[test]
    fn a_login_of_any_length_is_kept_as_a_short_one() {
        let attempts = Attempts::default();
        for each in 0..3 {
            let login = format!("{}{each}", "长".repeat(100_000));
            fails(&attempts, 1, &login, |_| IpAddr::from([10, 0, 0, 1]));
        }
        let kept = attempts.kept();
        assert_eq!(kept.failures.len(), 3);
        let longest = kept.failures.keys().map(|common| match common {
            Common::Here(_, login) | Common::Login(login) => login.chars().count(),
            Common::Network(_) => 0,
        });
        assert_eq!(longest.max(), Some(TOO_LONG));
    }

    #[tokio::test]
    async fn one_network_has_room_for_few_forms_and_another_for_its_own() {
        let pace = Pace::default();
        let from = |text: &str| text.parse::<IpAddr>().unwrap();
        let forms: Vec<_> = (0..FORMS_AT_ONCE)
            .map(|each| pace.room(from(&format!("2001:db8:1:2::{each}"))))
            .map(|room| room.try_acquire_owned().unwrap())
            .collect();
        let again = pace.room(from("2001:db8:1:2::ffff"));
        assert!(again.clone().try_acquire_owned().is_err());
        assert!(pace.room(from("10.0.0.1")).try_acquire_owned().is_ok());
        drop(forms);
        assert!(again.clone().try_acquire_owned().is_ok());
        drop(again);
        pace.room(from("10.0.0.2"));
        assert_eq!(pace.handed().rooms.len(), 1, "nobody waits at the others");
    }
}
