//! Who goes where and when: rotation, nobody at home, balanced load, days spread over the month.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use super::Refusal;
use super::draw::Seed;

/// A drawn site that somebody has to visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Id of the assignment.
    pub id: String,
    /// Code of the unit: neighbouring sites go to one inspector.
    pub unit: String,
    /// Code of the county in which it lies.
    pub county: String,
}

/// Somebody who can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspector {
    /// The login.
    pub login: String,
    /// Code of the county where they are at home; without one they come from outside.
    pub home: Option<String>,
    /// Days on which they can go; others are left out.
    pub days: BTreeSet<Date>,
    /// How many sites of the month they have already.
    pub load: usize,
}

/// Somebody was sent to a county in the month before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Earlier {
    /// The login.
    pub inspector: String,
    /// Code of the county.
    pub county: String,
}

/// Who visits a site, and on which day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// Id of the job.
    pub id: String,
    /// The login.
    pub inspector: String,
    /// The day.
    pub day: Date,
    /// They were in the same county the month before, which could not be avoided.
    pub again: bool,
}

/// Gives every job an inspector and a day. In this order of importance: nobody goes to their own county; nobody goes
/// to the county of last month if somebody else can; everybody has as much to do for each of their days as the others;
/// few people go to each county, so that others are left for the next month; neighbouring sites go together; an inspector's sites are spread over the days. The seed decides between equals.
///
/// # Errors
/// No day is left, or a county has only inspectors who are at home there.
pub fn assign(
    jobs: &[Job],
    inspectors: &[Inspector],
    last_month: &BTreeSet<Earlier>,
    days: &BTreeSet<Date>,
    seed: &Seed,
) -> Result<Vec<Assigned>, Refusal> {
    if days.is_empty() {
        return Err(Refusal::NoDays);
    }
    let mut counties: BTreeMap<&str, Vec<&Job>> = BTreeMap::new();
    for job in jobs {
        counties.entry(&job.county).or_default().push(job);
    }
    let mut people: Vec<Person> = inspectors
        .iter()
        .map(|inspector| Person::of(inspector, days, seed))
        .filter(|person| !person.days.is_empty())
        .collect();
    people.sort_by_key(|person| person.lot);
    let work = counties
        .iter()
        .map(|(county, jobs)| Work::of(county, jobs.len(), &people, inspectors, last_month))
        .collect::<Result<Vec<_>, _>>()?;
    let shares = shared(&work, &mut people);

    let mut assigned = Vec::with_capacity(jobs.len());
    let mut given: Vec<Vec<(&Job, bool)>> = vec![Vec::new(); people.len()];
    for ((index, work), jobs) in work.iter().enumerate().zip(counties.values_mut()) {
        jobs.sort_by_key(|job| (lot(seed, &job.unit), &job.unit, lot(seed, &job.id), &job.id));
        let mut jobs = jobs.iter();
        for (person, shares) in shares.iter().enumerate() {
            let share = jobs.by_ref().take(shares[index]);
            given[person].extend(share.map(|job| (*job, work.again)));
        }
    }
    for (person, jobs) in people.iter().zip(given) {
        let (count, days) = (jobs.len(), person.days.len());
        for (index, (job, again)) in jobs.into_iter().enumerate() {
            assigned.push(Assigned {
                id: job.id.clone(),
                inspector: person.login.to_owned(),
                day: person.days[(2 * index + 1) * days / (2 * count)],
                again,
            });
        }
    }
    assigned.sort_by(|a, b| (a.day, &a.inspector, &a.id).cmp(&(b.day, &b.inspector, &b.id)));
    Ok(assigned)
}

/// An inspector with the days that are left, and their load.
struct Person<'a> {
    login: &'a str,
    days: Vec<Date>,
    load: usize,
    lot: [u8; 32],
}

impl<'a> Person<'a> {
    fn of(inspector: &'a Inspector, days: &BTreeSet<Date>, seed: &Seed) -> Self {
        Self {
            login: &inspector.login,
            days: inspector.days.intersection(days).copied().collect(),
            load: inspector.load,
            lot: lot(seed, &inspector.login),
        }
    }

    /// Whether all have less to regret if one site passes from here to `other`: the sum of squared loads over days falls.
    fn should_give_to(&self, other: &Self) -> bool {
        let (here, there) = (self.days.len() as u128, other.days.len() as u128);
        self.load > 0 && (2 * other.load as u128 + 1) * here < (2 * self.load as u128 - 1) * there
    }

    /// Whether one more site weighs less here than at `other`.
    fn is_freer_than(&self, other: &Self) -> bool {
        let (here, there) = (self.days.len() as u128, other.days.len() as u128);
        (2 * self.load as u128 + 1) * there < (2 * other.load as u128 + 1) * here
    }
}

/// The sites of a county and who may go there.
struct Work {
    sites: usize,
    /// Indexes of people.
    candidates: BTreeSet<usize>,
    /// Everybody who may go was there last month.
    again: bool,
}

impl Work {
    fn of(
        county: &str,
        sites: usize,
        people: &[Person],
        inspectors: &[Inspector],
        last_month: &BTreeSet<Earlier>,
    ) -> Result<Self, Refusal> {
        let at_home: BTreeSet<&str> = inspectors
            .iter()
            .filter(|each| each.home.as_deref() == Some(county))
            .map(|each| each.login.as_str())
            .collect();
        let strangers = || (0..people.len()).filter(|&each| !at_home.contains(people[each].login));
        let fresh: BTreeSet<usize> = strangers()
            .filter(|&each| {
                !last_month.contains(&Earlier {
                    inspector: people[each].login.to_owned(),
                    county: county.to_owned(),
                })
            })
            .collect();
        let again = fresh.is_empty();
        let candidates = if again { strangers().collect() } else { fresh };
        if candidates.is_empty() {
            let here = people.iter().map(|person| person.login);
            return Err(Refusal::NobodyFor {
                county: county.to_owned(),
                sites,
                at_home: here.map(str::to_owned).collect(),
            });
        }
        Ok(Self {
            sites,
            candidates,
            again,
        })
    }
}

/// How many sites of each county everybody gets: `[person][county]`. First each site to whoever is freest, the counties
/// with few candidates before the others; then sites pass along chains of people as long as that makes the loads more even.
fn shared(work: &[Work], people: &mut [Person]) -> Vec<Vec<usize>> {
    let mut shares = vec![vec![0; work.len()]; people.len()];
    let mut order: Vec<usize> = (0..work.len()).collect();
    order.sort_by_key(|&county| work[county].candidates.len());
    for county in order {
        for _ in 0..work[county].sites {
            let freest = work[county]
                .candidates
                .iter()
                .copied()
                .reduce(|best, each| {
                    if people[each].is_freer_than(&people[best]) {
                        each
                    } else {
                        best
                    }
                });
            let freest = freest.expect("a county without candidates is refused");
            shares[freest][county] += 1;
            people[freest].load += 1;
        }
    }
    while let Some(chain) = (0..people.len()).find_map(|from| relief(from, work, people, &shares)) {
        for (from, county, to) in chain {
            shares[from][county] -= 1;
            shares[to][county] += 1;
            people[from].load -= 1;
            people[to].load += 1;
        }
    }
    gathered(shares)
}

/// The same loads and the same sites of each county, with fewer people in each county: as long as people and counties form a
/// circle (one has sites of two counties, the next of the second and a third, … back to the first), sites are swapped
/// around it until a pair is gone. What stays has fewer pairs than there are people and counties.
fn gathered(mut shares: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let counties = shares.first().map_or(0, Vec::len);
    // Pairs that form no circle so far.
    let mut kept: BTreeSet<(usize, usize)> = BTreeSet::new();
    for person in 0..shares.len() {
        for county in 0..counties {
            if shares[person][county] == 0 {
                continue;
            }
            if let Some(way) = way_round(&kept, person, county) {
                // The new pair gives, the first on the way takes, the second gives, …
                let (takers, givers): (Vec<_>, Vec<_>) = way
                    .into_iter()
                    .enumerate()
                    .partition(|(step, _)| step % 2 == 0);
                let givers = givers.into_iter().map(|(_, pair)| pair);
                let givers: Vec<_> = givers.chain([(person, county)]).collect();
                let sites = givers.iter().map(|&(p, c)| shares[p][c]).min().unwrap_or(0);
                for (p, c) in givers {
                    shares[p][c] -= sites;
                    if shares[p][c] == 0 {
                        kept.remove(&(p, c));
                    }
                }
                for (_, (p, c)) in takers {
                    shares[p][c] += sites;
                }
            }
            if shares[person][county] > 0 {
                kept.insert((person, county));
            }
        }
    }
    shares
}

/// The pairs that lead from a person to a county, if any do: each shares its person or its county with the next, the
/// first is of the person, the last of the county.
fn way_round(
    kept: &BTreeSet<(usize, usize)>,
    person: usize,
    county: usize,
) -> Option<Vec<(usize, usize)>> {
    // The pairs that were reached, each with the one before it.
    let mut reached: BTreeMap<(usize, usize), Option<(usize, usize)>> = BTreeMap::new();
    let mut queue: VecDeque<((usize, usize), bool)> = VecDeque::new();
    for &pair in kept.iter().filter(|pair| pair.0 == person) {
        reached.insert(pair, None);
        queue.push_back((pair, true));
    }
    while let Some((pair, by_person)) = queue.pop_front() {
        if by_person && pair.1 == county {
            let mut way = vec![pair];
            while let Some(before) = reached[&way[way.len() - 1]] {
                way.push(before);
            }
            way.reverse();
            return Some(way);
        }
        let next = |other: &&(usize, usize)| match by_person {
            true => other.1 == pair.1,
            false => other.0 == pair.0,
        };
        for &other in kept.iter().filter(next) {
            if let std::collections::btree_map::Entry::Vacant(entry) = reached.entry(other) {
                entry.insert(Some(pair));
                queue.push_back((other, !by_person));
            }
        }
    }
    None
}

/// The shortest chain along which a site of `from` passes to somebody with less to do: (who gives, of which county,
/// to whom), each giver but the first receiving one as well.
fn relief(
    from: usize,
    work: &[Work],
    people: &[Person],
    shares: &[Vec<usize>],
) -> Option<Vec<(usize, usize, usize)>> {
    let mut reached: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(giver) = queue.pop_front() {
        for (county, work) in work.iter().enumerate() {
            if shares[giver][county] == 0 {
                continue;
            }
            for &taker in &work.candidates {
                if taker == from || reached.contains_key(&taker) {
                    continue;
                }
                reached.insert(taker, (giver, county));
                if people[from].should_give_to(&people[taker]) {
                    let mut chain = Vec::new();
                    let mut at = taker;
                    while at != from {
                        let (giver, county) = reached[&at];
                        chain.push((giver, county, at));
                        at = giver;
                    }
                    return Some(chain);
                }
                queue.push_back(taker);
            }
        }
    }
    None
}

fn lot(seed: &Seed, name: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed);
    hash.update(name);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SEED: Seed = [9; 32];

    fn days(from: i8, to: i8) -> BTreeSet<Date> {
        (from..=to)
            .map(|day| Date::constant(2022, 3, day))
            .collect()
    }

    fn inspector(login: &str, home: Option<&str>) -> Inspector {
        Inspector {
            login: login.into(),
            home: home.map(str::to_owned),
            days: days(1, 31),
            load: 0,
        }
    }

    fn jobs(counties: &[(&str, usize)]) -> Vec<Job> {
        let mut jobs = Vec::new();
        for (county, count) in counties {
            jobs.extend((0..*count).map(|n| Job {
                id: format!("{county}-{n}"),
                unit: format!("{county}-{}", n % 3),
                county: (*county).to_owned(),
            }));
        }
        jobs
    }

    fn earlier(pairs: &[(&str, &str)]) -> BTreeSet<Earlier> {
        let one = |(inspector, county): &(&str, &str)| Earlier {
            inspector: (*inspector).to_owned(),
            county: (*county).to_owned(),
        };
        pairs.iter().map(one).collect()
    }

    /// Sites by inspector and county.
    fn table(assigned: &[Assigned], jobs: &[Job]) -> BTreeMap<(String, String), usize> {
        let county: BTreeMap<_, _> = jobs.iter().map(|job| (&job.id, &job.county)).collect();
        let mut table = BTreeMap::new();
        for each in assigned {
            let key = (each.inspector.clone(), county[&each.id].clone());
            *table.entry(key).or_default() += 1;
        }
        table
    }

    #[test]
    fn nobody_goes_home_and_nobody_goes_twice_if_it_can_be_avoided() {
        #[rustfmt::skip]
        let cases = [
            // last month           who goes to 嘉鱼    again
            (vec![],                vec!["乙", "丙"],  false), // 甲 is at home there
            (vec![("乙", "嘉鱼")],   vec!["丙"],       false),
            (vec![("乙", "嘉鱼"), ("丙", "嘉鱼")], vec!["乙", "丙"], true),
            (vec![("甲", "嘉鱼")],   vec!["乙", "丙"],  false),
        ];
        let people = [
            inspector("甲", Some("嘉鱼")),
            inspector("乙", None),
            inspector("丙", Some("通城")),
        ];
        let jobs = jobs(&[("嘉鱼", 6)]);
        for (last_month, who, again) in cases {
            let assigned =
                assign(&jobs, &people, &earlier(&last_month), &days(1, 25), &SEED).unwrap();
            let went: BTreeSet<_> = assigned
                .iter()
                .map(|each| each.inspector.as_str())
                .collect();
            assert_eq!(went, who.into_iter().collect(), "{last_month:?}");
            assert!(
                assigned.iter().all(|each| each.again == again),
                "{last_month:?}"
            );
        }
    }

    #[test]
    fn what_cannot_be_assigned_says_which_county_lacks_whom() {
        let jobs = jobs(&[("嘉鱼", 2), ("通城", 1)]);
        let home = [inspector("甲", Some("嘉鱼")), inspector("乙", Some("嘉鱼"))];
        let mut away = inspector("丙", None);
        away.days = days(28, 31);
        #[rustfmt::skip]
        let cases: [(&[Inspector], BTreeSet<Date>, &str); 4] = [
            (&home,   days(1, 25), "assign-all-at-home{county=嘉鱼,sites=2,inspectors=[甲,乙]}"),
            (&[],     days(1, 25), "assign-nobody{county=嘉鱼,sites=2}"),
            (&[away], days(1, 25), "assign-nobody{county=嘉鱼,sites=2}"),
            (&home,   days(2, 1),  "assign-no-days"),
        ];
        for (people, days, said) in cases {
            let refusal = assign(&jobs, people, &BTreeSet::new(), &days, &SEED).unwrap_err();
            let said_now = refusal.message().to_string();
            assert!(
                said_now == said || said_now == said.replace("甲,乙", "乙,甲"),
                "{said_now}"
            );
        }
    }

    #[test]
    fn sites_pass_along_a_chain_until_the_loads_are_even() {
        // Greedy alone cannot know: 丙 takes work from 乙 only, 乙 from 甲 only.
        let people = [
            inspector("甲", Some("通山")),
            inspector("乙", Some("崇阳")),
            inspector("丙", Some("嘉鱼")),
        ];
        let jobs = jobs(&[("嘉鱼", 8), ("通山", 2), ("崇阳", 2)]);
        let last = earlier(&[("甲", "崇阳"), ("丙", "崇阳")]);
        let assigned = assign(&jobs, &people, &last, &days(1, 25), &SEED).unwrap();
        let mut loads: BTreeMap<&str, usize> = BTreeMap::new();
        for each in &assigned {
            *loads.entry(&each.inspector).or_default() += 1;
        }
        assert_eq!(loads.values().sum::<usize>(), 12);
        assert!(loads.values().all(|load| *load == 4), "{loads:?}");
    }

    #[test]
    fn few_go_to_each_county_so_that_others_are_left_for_the_next_month() {
        let names: Vec<String> = (1..=5).map(|n| format!("{n}号")).collect();
        let people: Vec<_> = names.iter().map(|name| inspector(name, None)).collect();
        let counties = ["嘉鱼", "通城", "崇阳", "通山", "赤壁", "咸安"];
        let jobs = jobs(&counties.map(|county| (county, 17)));
        let mut last = BTreeSet::new();
        for month in 1..=6 {
            let assigned = assign(&jobs, &people, &last, &days(1, 25), &[month; 32]).unwrap();
            let table = table(&assigned, &jobs);
            assert!(table.len() < people.len() + counties.len(), "{table:?}");
            let loads = people.iter().map(|person| {
                let own = table
                    .iter()
                    .filter(|((login, _), _)| *login == person.login);
                own.map(|(_, sites)| sites).sum::<usize>()
            });
            assert!(
                loads.clone().all(|load| load == 20 || load == 21),
                "{table:?}"
            );
            assert!(
                assigned.iter().all(|each| !each.again),
                "month {month}: {table:?}"
            );
            last = table
                .into_keys()
                .map(|(inspector, county)| Earlier { inspector, county })
                .collect();
        }
    }

    #[test]
    fn who_has_half_the_days_gets_half_the_work() {
        let mut half = inspector("半", None);
        half.days = days(1, 10);
        let people = [inspector("全", None), half];
        let jobs = jobs(&[("嘉鱼", 30)]);
        let assigned = assign(&jobs, &people, &BTreeSet::new(), &days(1, 20), &SEED).unwrap();
        let of_half: Vec<_> = assigned
            .iter()
            .filter(|each| each.inspector == "半")
            .collect();
        assert_eq!(of_half.len(), 10);
        let used: BTreeSet<_> = of_half.iter().map(|each| each.day).collect();
        assert_eq!(used, days(1, 10), "spread over all of their days");
    }

    #[test]
    fn who_has_sites_already_gets_fewer() {
        let mut busy = inspector("忙", None);
        busy.load = 6;
        let people = [busy, inspector("闲", None)];
        let jobs = jobs(&[("嘉鱼", 8)]);
        let assigned = assign(&jobs, &people, &BTreeSet::new(), &days(1, 20), &SEED).unwrap();
        let busy = assigned
            .iter()
            .filter(|each| each.inspector == "忙")
            .count();
        assert_eq!(busy, 1);
    }

    const COUNTIES: [&str; 4] = ["嘉鱼", "通城", "崇阳", "通山"];

    fn anybody() -> impl Strategy<Value = Vec<Inspector>> {
        let one = (proptest::option::of(0usize..4), 1i8..28, 0usize..3);
        proptest::collection::vec(one, 1..7).prop_map(|people| {
            let person = |(n, (home, from, load)): (usize, (Option<usize>, i8, usize))| Inspector {
                login: format!("i{n}"),
                home: home.map(|county| COUNTIES[county].to_owned()),
                days: days(from, 28),
                load,
            };
            people.into_iter().enumerate().map(person).collect()
        })
    }

    proptest! {
        #[test]
        fn every_site_once_nobody_at_home_only_on_allowed_days(
            people in anybody(), counts in proptest::collection::vec(0usize..9, 4),
            last in proptest::collection::btree_set((0usize..7, 0usize..4), 0..6), seed in any::<Seed>(),
        ) {
            let jobs = jobs(&COUNTIES.into_iter().zip(counts).collect::<Vec<_>>());
            let last = last.into_iter().map(|(person, county)| Earlier {
                inspector: format!("i{person}"),
                county: COUNTIES[county].to_owned(),
            }).collect();
            let allowed = days(3, 27);
            let mut backwards = (jobs.clone(), people.clone());
            backwards.0.reverse();
            backwards.1.reverse();
            let result = assign(&jobs, &people, &last, &allowed, &seed);
            prop_assert_eq!(&result, &assign(&backwards.0, &backwards.1, &last, &allowed, &seed), "order says nothing");
            let find = |login: &str| people.iter().find(|each| each.login == login).unwrap();
            match result {
                Err(Refusal::NobodyFor { county, .. }) => {
                    let could = people.iter().filter(|each| each.days.intersection(&allowed).next().is_some());
                    prop_assert!(could.into_iter().all(|each| each.home.as_ref() == Some(&county)));
                }
                Err(other) => prop_assert!(false, "{:?}", other),
                Ok(assigned) => {
                    let ids: BTreeSet<_> = assigned.iter().map(|each| &each.id).collect();
                    prop_assert_eq!(ids.len(), jobs.len());
                    prop_assert_eq!(assigned.len(), jobs.len());
                    let table = table(&assigned, &jobs);
                    prop_assert!(table.len() < people.len() + COUNTIES.len());
                    for (login, county) in table.keys() {
                        prop_assert!(find(login).home.as_ref() != Some(county), "{} at home", login);
                    }
                    for each in &assigned {
                        let person = find(&each.inspector);
                        prop_assert!(person.days.contains(&each.day) && allowed.contains(&each.day));
                    }
                }
            }
        }
    }
}
