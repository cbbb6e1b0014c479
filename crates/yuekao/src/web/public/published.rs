//! Finding what is published: the only door from the public pages to the store.

use std::collections::BTreeSet;
use std::sync::Arc;

use assessment::message::{Arg, Message};
use assessment::month::Month;
use serde::Deserialize;

use crate::bulletin::view::BulletinView;
use crate::round::{self, Assessed};
use crate::store::Store;
use crate::store::bulletin::BulletinRow;
use crate::web::App;
use crate::web::error::{Error, Result};

/// Trends look back over a year and the same month before it.
pub const TREND: usize = 13;

/// Which series a page is about; without one, the leading series.
#[derive(Debug, Default, Deserialize)]
pub struct InSeries {
    /// The evaluation.
    pub series: Option<String>,
    /// The month, `2022-12`; without one, the newest.
    pub month: Option<String>,
}

/// Which edition of a bulletin is asked for; without one, the newest.
#[derive(Debug, Default, Deserialize)]
pub struct InEdition {
    /// 1, and one more for each correction.
    pub edition: Option<i64>,
}

/// A published month.
pub struct Published {
    /// As it is in the store.
    pub row: BulletinRow,
    /// As its bulletin says it.
    pub view: BulletinView,
    /// Numbers of all its editions, the newest first.
    pub editions: Vec<i64>,
}

impl Published {
    /// The bulletin of a month.
    ///
    /// # Errors
    /// Nothing is published there, or no such edition.
    pub async fn find(
        store: &Store,
        series: &str,
        month: &str,
        edition: Option<i64>,
    ) -> Result<Self> {
        let missing =
            |month: Arg| Error::missing(Message::new("public-not-published").with("month", month));
        let asked: Month = month.parse().map_err(|_| missing(month.into()))?;
        let rows = store.bulletins_of(series, asked).await?;
        let editions: Vec<i64> = rows.iter().map(|row| row.edition).collect();
        let row = rows
            .into_iter()
            .find(|row| edition.is_none_or(|edition| row.edition == edition))
            .ok_or_else(|| missing(asked.into()))?;
        let view = round::view_of(&row.bulletin)?;
        Ok(Self {
            row,
            view,
            editions,
        })
    }

    /// The month of a page that may name one: the leading series and its newest month otherwise. `None`: nothing is
    /// published yet.
    ///
    /// # Errors
    /// The page names a month that is not published.
    pub async fn asked(store: &Store, asked: &InSeries) -> Result<Option<Self>> {
        let months = months(store).await?;
        let Some(series) = (match &asked.series {
            Some(series) => Some(series.clone()),
            None => leading(store, &months).await?,
        }) else {
            return Ok(None);
        };
        let newest = months
            .iter()
            .find(|(of, _)| *of == series)
            .map(|(_, month)| month.to_string());
        let month = asked.month.clone().or(newest).unwrap_or_default();
        Self::find(store, &series, &month, None).await.map(Some)
    }

    /// What it was made from.
    ///
    /// # Errors
    /// The store is damaged.
    pub async fn assessed(&self, app: &App) -> Result<Arc<Assessed>> {
        let bulletin = &self.row.bulletin;
        let assessed = app
            .shelf
            .assessed(
                &app.store,
                &bulletin.scheme_id,
                self.row.month,
                &bulletin.frozen_digest,
            )
            .await?;
        Ok(assessed)
    }

    /// The bulletins up to this month, the oldest first, at most as many as a trend needs.
    ///
    /// # Errors
    /// The store is damaged.
    pub async fn history(&self, store: &Store) -> Result<Vec<BulletinView>> {
        let rows = store.newest_bulletins(&self.row.series).await?;
        let past = rows
            .iter()
            .filter(|row| row.month <= self.row.month)
            .take(TREND);
        let mut views = past
            .map(|row| round::view_of(&row.bulletin))
            .collect::<std::result::Result<Vec<_>, _>>()?;
        views.reverse();
        Ok(views)
    }

    /// Whether a later edition corrects it.
    pub fn is_corrected(&self) -> bool {
        self.editions.first() != Some(&self.row.edition)
    }

    /// The address of its page.
    pub fn path(&self) -> String {
        path(&self.row.series, &self.row.month.to_string())
    }

    /// What an address within the month needs to stay in an older edition.
    pub fn query(&self) -> String {
        if self.is_corrected() {
            format!("?edition={}", self.row.edition)
        } else {
            String::new()
        }
    }

    /// The address of a page within the month.
    pub fn within(&self, page: &str) -> String {
        format!("{}/{page}{}", self.path(), self.query())
    }

    /// The page of a unit.
    pub fn unit(&self, code: &str) -> String {
        self.within(&format!("units/{code}"))
    }

    /// A page within that of a unit.
    pub fn within_unit(&self, code: &str, page: &str) -> String {
        self.within(&format!("units/{code}/{page}"))
    }

    /// The list of a unit's findings.
    pub fn findings_of(&self, code: &str) -> String {
        let edition = self.query().replacen('?', "&", 1);
        format!("{}/findings?unit={code}{edition}", self.path())
    }

    /// The page of a finding.
    pub fn finding(&self, id: &str) -> String {
        format!(
            "/findings/{}/{}/{id}{}",
            self.row.series,
            self.row.month,
            self.query()
        )
    }
}

/// The address of a month.
pub fn path(series: &str, month: &str) -> String {
    format!("/months/{series}/{month}")
}

/// Every published month, the latest first.
///
/// # Errors
/// The store's.
pub async fn months(store: &Store) -> Result<Vec<(String, Month)>> {
    let rounds = store.rounds().await?;
    Ok(rounds
        .into_iter()
        .filter(|round| round.published_at.is_some())
        .map(|round| (round.series, round.month))
        .collect())
}

/// The series that the site opens with: the one whose newest bulletin reports the most of the others, else the newest.
async fn leading(store: &Store, months: &[(String, Month)]) -> Result<Option<String>> {
    let mut best: Option<(usize, String)> = None;
    let mut seen = BTreeSet::new();
    for (series, month) in months {
        if !seen.insert(series) {
            continue;
        }
        let view = Published::find(store, series, &month.to_string(), None)
            .await?
            .view;
        let reports = view.townships.len()
            + view.departments.len()
            + usize::from(view.red_property.is_some());
        if best.as_ref().is_none_or(|(most, _)| reports > *most) {
            best = Some((reports, series.clone()));
        }
    }
    Ok(best.map(|(_, series)| series))
}
