//! The crew of an agency: whom it can send to the sites of a month, and where nobody of it is sent.

use std::collections::BTreeMap;

use assessment::message::Message;
use jiff::civil::Date;
use sqlx::{Any, Executor, Row as _};

use super::agency::{InspectorRow, OUTSIDE};
use super::frame::Counties;
use super::plan::PlanRow;
use super::{Result, Store};

/// The inspectors of an agency whose accounts are open, and the counties in which they are at home.
#[derive(Debug, Clone)]
pub struct Crew {
    inspectors: BTreeMap<String, InspectorRow>,
    /// By login.
    names: BTreeMap<String, String>,
    counties: Counties,
}

impl Crew {
    /// The crew of an agency, as it is now; the counties are those of the plan's month.
    pub(super) async fn of<'e>(
        database: impl Executor<'e, Database = Any>,
        agency: &str,
        counties: Counties,
    ) -> Result<Self> {
        let rows = sqlx::query(
            "SELECT i.*, a.name FROM agency_inspector i JOIN account a ON a.login = i.login
             WHERE i.agency = $1 AND a.unit = $1 AND a.role = 'inspector' AND a.disabled_at IS NULL",
        )
        .bind(agency)
        .fetch_all(database)
        .await?;
        let (mut inspectors, mut names) = (BTreeMap::new(), BTreeMap::new());
        for row in rows {
            let inspector = InspectorRow::from_row(&row)?;
            names.insert(inspector.login.clone(), row.try_get("name")?);
            inspectors.insert(inspector.login.clone(), inspector);
        }
        Ok(Self {
            inspectors,
            names,
            counties,
        })
    }

    /// Everybody, by login.
    pub fn inspectors(&self) -> impl Iterator<Item = &InspectorRow> {
        self.inspectors.values()
    }

    /// The county in which somebody is at home, unless they live elsewhere.
    pub fn home<'a>(&'a self, of: &'a InspectorRow) -> Option<&'a str> {
        (of.home_unit != OUTSIDE).then(|| self.counties.county(&of.home_unit))
    }

    /// Whether it is known in which county somebody is at home, or that it is none: the unit where they lived may have ended.
    pub fn knows_home(&self, of: &InspectorRow) -> bool {
        of.home_unit == OUTSIDE || self.counties.has(&of.home_unit)
    }

    /// Whether an inspector may be sent to a site of a unit on a day; if not, the sentence that says why.
    pub fn may_be_sent(
        &self,
        login: &str,
        unit: &str,
        day: Date,
    ) -> std::result::Result<(), Message> {
        let Some(inspector) = self.inspectors.get(login) else {
            return Err(Message::new("assignment-not-the-agencys"));
        };
        let county = self.counties.county(unit);
        let why = match self.home(inspector) {
            _ if !self.knows_home(inspector) => "assignment-home-ended",
            Some(home) if home == county => "assignment-at-home",
            _ if !inspector.can_go(day) => "assignment-away",
            _ => return Ok(()),
        };
        let name = self.names.get(login).map_or(login, String::as_str);
        Err(Message::new(why)
            .with("name", name)
            .with("day", day.to_string())
            .with("home", &*inspector.home_unit)
            .with("county", self.counties.said(county)))
    }
}

impl Store {
    /// Whom the agency of a plan can send to its sites.
    pub async fn crew(&self, plan: &PlanRow) -> Result<Crew> {
        let counties = self.counties_in(plan.month).await?;
        Crew::of(self.reading(), &plan.agency, counties).await
    }
}
