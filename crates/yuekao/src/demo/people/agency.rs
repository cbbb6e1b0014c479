//! The office draws, the agency gives out, releases and reviews.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use assessment::month::Month;
use jiff::ToSpan as _;
use jiff::civil::{Date, time};

use super::browser::hidden;
use super::phone::Find;
use super::{People, SERIES, Task, text, within};
use crate::demo::calibration as numbers;
use crate::demo::dice::Dice;
use crate::demo::inspection::Field;
use crate::demo::life::{ACCOUNTS, AGENCY, OFFICE};
use crate::demo::town::{LEAF_STREET, area_of};
use crate::store::case_rules::SERVE_DELAY_MINUTES;
use crate::viewer::Role;

/// The last day of a month on which inspectors go out.
const LAST_DAY: i8 = 26;

/// What the reviewer decides about an observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Accept,
    Reject(&'static str),
    /// It is the same as another.
    Duplicate(String),
}

impl People<'_> {
    /// How many sites of each unit and kind are drawn: one, and of more than one so many more. A smaller town draws in one
    /// township of each area only.
    fn sizes(&self, month: Month) -> Vec<(String, String)> {
        let town = &self.demo.town;
        let mut open: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut first: BTreeMap<&str, &str> = BTreeMap::new();
        let mut compounds: BTreeMap<&str, usize> = BTreeMap::new();
        for compound in &town.compounds {
            *compounds.entry(&compound.township).or_default() += 1;
        }
        for township in &town.townships {
            let area = area_of(&township.code, month);
            // One with compounds, so that both parts of the evaluation have something.
            let lived_in = compounds.contains_key(township.code.as_str());
            if self.share > 1
                && (!lived_in || *first.entry(area).or_insert(&township.code) != township.code)
            {
                continue;
            }
            for &site in &township.sites {
                let stratum = town.sites[site].stratum.clone();
                *open.entry((township.code.clone(), stratum)).or_default() += 1;
            }
            let homes = compounds.get(township.code.as_str()).copied().unwrap_or(0);
            if homes > 0 && numbers::red_property(month) > 0 {
                open.insert((township.code.clone(), "compound".into()), homes);
            }
        }
        let must_check = |stratum: &str| stratum == LEAF_STREET || stratum == "jiugongshan";
        let small = ["main-road", "lane", "compound"];
        let sizes = open.into_iter().filter_map(|((unit, stratum), count)| {
            let wanted = match stratum.as_str() {
                stratum if must_check(stratum) => return None,
                stratum if self.share > 1 && !small.contains(&stratum) => return None,
                _ if self.share > 1 => 1,
                "compound" => (count * numbers::COMPOUNDS_DRAWN).div_ceil(100),
                _ => 1 + (count - 1) / numbers::DRAWN_ONE_IN,
            };
            Some((format!("n/{unit}/{stratum}"), wanted.to_string()))
        });
        sizes.collect()
    }

    pub(super) async fn draw(&self, month: Month) -> Result<()> {
        let office = self.as_user(OFFICE).await?;
        let page = office
            .page(&format!("/desk/plans/draw?series={SERIES}&month={month}"))
            .await?;
        let seen = hidden(&page, "seen").context("the digest of the frame")?;
        let (month_text, seed) = (
            month.to_string(),
            format!("demo {} {month}", self.demo.town.seed),
        );
        let sizes = self.sizes(month);
        let mut form = vec![
            ("series", SERIES),
            ("month", month_text.as_str()),
            ("seen", &seen),
            ("agency", AGENCY),
            ("seed", &seed),
            ("reason", "按月抽取点位"),
        ];
        form.extend(
            sizes
                .iter()
                .map(|(name, count)| (name.as_str(), count.as_str())),
        );
        office.post("/desk/plans", &form).await?;
        self.enter(self.now() + 2.hours(), Task::GiveOut(month));
        Ok(())
    }

    pub(super) async fn give_out(&self, month: Month) -> Result<()> {
        let agency = self.as_user("agency").await?;
        let plan = format!("/desk/plans/{SERIES}/{month}");
        let from = self.now().date().tomorrow()?.max(month.first_day());
        let to = Date::new(month.year(), month.month(), LAST_DAY)?;
        let (from_text, to_text) = (from.to_string(), to.to_string());
        let query = format!("{plan}/assign?from={from_text}&to={to_text}&weekend=yes");
        let seen = hidden(&agency.page(&query).await?, "seen").context("what was looked at")?;
        let form = [
            ("from", from_text.as_str()),
            ("to", &to_text),
            ("weekend", "yes"),
            ("except", ""),
            ("seen", &seen),
            ("reason", "按轮换分派"),
        ];
        agency.post(&format!("{plan}/assign"), &form).await?;

        // What is to be found at the sites that were drawn is settled here: by the town, not by the agency.
        let plan = agency.json(&plan).await?;
        let sites: BTreeMap<&str, usize> = (0..)
            .zip(&self.demo.town.sites)
            .map(|(index, site)| (site.id.as_str(), index))
            .collect();
        let mut tours: BTreeSet<(Date, &'static str)> = BTreeSet::new();
        let mut drawn = BTreeMap::new();
        for row in plan["assignments"].as_array().context("assignments")? {
            let site = *sites.get(text(row, "site")).context("a site of the town")?;
            let login = inspectors().find(|login| *login == text(row, "inspector"));
            let (day, login) = (text(row, "day").parse()?, login.context("an inspector")?);
            tours.insert((day, login));
            drawn.insert(site, text(row, "id").to_owned());
        }
        let chosen = drawn.keys().copied().collect();
        let field = Field::at(self.demo, month, &chosen, self.share);
        let finds = Find::of(self, month, &field, &drawn);
        self.notes().months.insert(month, Arc::new(finds));
        let days: BTreeSet<Date> = tours.iter().map(|(day, _)| *day).collect();
        for day in days {
            self.enter(
                day.to_datetime(time(6, 30, 0, 0)),
                Task::Release(month, day),
            );
        }
        for (day, login) in tours {
            self.enter(day.to_datetime(time(7, 30, 0, 0)), Task::Tour(login, day));
        }
        Ok(())
    }

    pub(super) async fn release(&self, month: Month, day: Date) -> Result<()> {
        let agency = self.as_user("agency").await?;
        let day = day.to_string();
        let form = [("day", day.as_str()), ("reason", "当日任务发放")];
        let path = format!("/desk/plans/{SERIES}/{month}/release");
        agency.post(&path, &form).await.map(drop)
    }

    /// Decides about a visit and what was recorded at it.
    pub(super) async fn review(&self, visit: &str) -> Result<()> {
        let reviewer = self.as_user("reviewer").await?;
        let visited = self.notes().visits.get(visit).cloned().unwrap_or_default();
        let mut accepted = 0;
        for (id, decision) in &visited.observations {
            let form = match decision {
                Decision::Accept => vec![("act", "accept")],
                Decision::Reject(reason) => vec![("act", "reject"), ("reason", reason)],
                Decision::Duplicate(of) => vec![("act", "duplicate"), ("of", of)],
            };
            accepted += usize::from(*decision == Decision::Accept);
            reviewer.post(&format!("/desk/review/{id}"), &form).await?;
        }
        if accepted == 0 {
            let form = [("visit", visit)];
            reviewer.post("/desk/review/visits", &form).await?;
        } else {
            // Nobody who dispatches knows of it before the team has left the county by the host's delay: with the day at the
            // latest.
            let delay = i64::from(SERVE_DELAY_MINUTES).minutes();
            let left = visited.finished_at.date().tomorrow()?.at(0, 0, 0, 0);
            let known = (left + delay).max(self.now() + 10.minutes());
            self.enter_once(within(known, 8, 19), Task::Intake);
        }
        Ok(())
    }

    pub(super) fn dice(&self, purpose: &str) -> Dice {
        Dice::new(self.demo.town.seed, &format!("people|{purpose}"))
    }
}

/// The logins of the demo's inspectors.
pub fn inspectors() -> impl Iterator<Item = &'static str> {
    ACCOUNTS
        .iter()
        .filter(|(_, _, role, _)| *role == Role::Inspector)
        .map(|(login, ..)| *login)
}
