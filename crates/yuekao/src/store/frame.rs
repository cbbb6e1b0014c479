//! The sampling frame of a series: its sites, and from when to when each can be visited.

use std::collections::{BTreeMap, HashMap};

use assessment::inspection::frame::{Frame, Place};
use assessment::inspection::{Position, Site};
use assessment::message::Message;
use assessment::month::Month;
use assessment::points::Points;
use assessment::scheme::Scheme;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::act::Deed;
use super::agency::{day_of, reasoned};
use super::unit::UnitRow;
use super::writer::Tx;
use super::{Error, Result, Store};

/// A kind of place that begins like this is looked at by every round, whatever the scheme says.
const MUST_CHECK: &str = "must-check";

/// What can be done to a site of the frame; `series/site` is the id. The site itself comes as evidence.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteDeed {
    /// It was said from when to when it can be visited.
    Spanned {
        /// First day; it always could without one.
        opens: Option<String>,
        /// Last day; it goes on without one.
        closes: Option<String>,
        /// Why.
        reason: String,
    },
}

impl Deed for SiteDeed {
    const NOUN: &'static str = "site";

    async fn apply(&self, tx: &mut Tx<'_>, id: &str, _at: Timestamp) -> Result<()> {
        let (series, site) = id.split_once('/').ok_or_else(|| Error::damaged(id))?;
        let Self::Spanned {
            opens,
            closes,
            reason,
        } = self;
        sqlx::query(
            "INSERT INTO site_span (series, site, opens, closes, reason) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (series, site) DO UPDATE SET opens = excluded.opens, closes = excluded.closes,
                reason = excluded.reason",
        )
        .bind(series)
        .bind(site)
        .bind(opens.as_deref())
        .bind(closes.as_deref())
        .bind(reason)
        .execute(tx.conn())
        .await?;
        Ok(())
    }
}

/// A site from its canonical cells.
///
/// Errors: [`Error::Damaged`] if they are no site's.
pub fn site_of(cells: &str) -> Result<Site> {
    let cells: Vec<String> = serde_json::from_str(cells).map_err(Error::damaged)?;
    let [id, unit, name, stratum, length, lng, lat]: [String; 7] = cells
        .try_into()
        .map_err(|cells| Error::damaged(format!("{cells:?} is no site")))?;
    let length_m = match length.as_str() {
        "" => None,
        text => Some(Points::parse(text).map_err(|_| Error::damaged(text))?),
    };
    Ok(Site {
        id,
        unit,
        name,
        stratum,
        length_m,
        place: (!lng.is_empty()).then_some(Position { lng, lat }),
    })
}

/// Units of a month with the county in which each lies.
#[derive(Debug, Clone, Default)]
pub struct Counties(HashMap<String, UnitRow>);

impl Counties {
    /// From the units of a month.
    pub fn of(units: Vec<UnitRow>) -> Self {
        let by_code = |unit: UnitRow| (unit.code.clone(), unit);
        Self(units.into_iter().map(by_code).collect())
    }

    /// Whether there is such a unit in the month.
    pub fn has(&self, code: &str) -> bool {
        self.0.contains_key(code)
    }

    /// The county of a unit: the highest unit above it, or itself, that is no prefecture.
    pub fn county<'a>(&'a self, code: &'a str) -> &'a str {
        let mut county = code;
        // A chain of units is short; a circle in broken data ends here too.
        for _ in 0..9 {
            let parent = self.0.get(county).and_then(|unit| unit.parent.as_deref());
            match parent.and_then(|parent| self.0.get(parent)) {
                Some(parent) if parent.kind != "prefecture" => county = &parent.code,
                _ => break,
            }
        }
        county
    }

    /// The unit for which the sites of a unit are drawn: the one right below its county, a township for a community or a
    /// compound; the county for its own.
    pub fn area<'a>(&'a self, code: &'a str) -> &'a str {
        let county = self.county(code);
        let mut area = code;
        for _ in 0..9 {
            match self.0.get(area).and_then(|unit| unit.parent.as_deref()) {
                Some(parent) if area != county && parent != county => area = parent,
                _ => break,
            }
        }
        area
    }

    /// The name of a unit; its code where it is not known.
    pub fn name<'a>(&'a self, code: &'a str) -> &'a str {
        self.0.get(code).map_or(code, |unit| &unit.name)
    }

    /// Name and code, since names repeat.
    pub fn said(&self, code: &str) -> String {
        match self.0.get(code) {
            Some(unit) => format!("{} {code}", unit.name),
            None => code.to_owned(),
        }
    }

    /// Code and name of every unit that is a county or has none above it, by code.
    pub fn counties(&self) -> BTreeMap<&str, &str> {
        let own = |code: &&String| self.county(code) == code.as_str();
        let named = |code| (code, self.name(code));
        let codes = self.0.keys().filter(own).map(String::as_str);
        codes.map(named).collect()
    }

    /// Whether a unit lies in another, or is it.
    fn lies_in(&self, code: &str, above: &str) -> bool {
        let mut at = Some(code);
        for _ in 0..9 {
            match at {
                Some(code) if code == above => return true,
                Some(code) => at = self.0.get(code).and_then(|unit| unit.parent.as_deref()),
                None => return false,
            }
        }
        false
    }
}

impl Store {
    /// Units of a month with their counties.
    pub async fn counties_in(&self, month: Month) -> Result<Counties> {
        Ok(Counties::of(self.units_in(month).await?))
    }

    /// The schemes that hold in a month and look at the evidence of this series.
    pub async fn schemes_looking_at(&self, series: &str, month: Month) -> Result<Vec<Scheme>> {
        let adopted = self.schemes().await?;
        let texts = adopted
            .iter()
            .filter(|adopted| adopted.withdrawn_at.is_none());
        let schemes = texts.filter_map(|adopted| assessment::scheme::parse(&adopted.scheme.text).0);
        let looks = |scheme: &Scheme| scheme.evidence == series && scheme.holds_in(month);
        Ok(schemes.filter(looks).collect())
    }

    /// Every series that evidence is kept under, as the adopted schemes name them.
    pub async fn evidence_series(&self) -> Result<Vec<String>> {
        let adopted = self.schemes().await?;
        let schemes = adopted
            .iter()
            .filter_map(|adopted| assessment::scheme::parse(&adopted.scheme.text).0);
        let mut series: Vec<String> = schemes.map(|scheme| scheme.evidence).collect();
        series.sort();
        series.dedup();
        Ok(series)
    }

    /// The frame of a series for the draw of a month: its sites, when each can be visited, and which lie in an area that
    /// the month's schemes look at in every round.
    pub async fn frame(&self, series: &str, month: Month) -> Result<Frame> {
        let counties = self.counties_in(month).await?;
        let schemes = self.schemes_looking_at(series, month).await?;
        let must_check = |site: &Site| {
            let musts = schemes.iter().flat_map(|scheme| &scheme.must_checks);
            let mut musts = musts.filter(|must| must.stratum == site.stratum);
            site.stratum.starts_with(MUST_CHECK)
                || musts.any(|must| counties.lies_in(&site.unit, &must.unit))
        };
        let rows = sqlx::query(
            "SELECT e.cells, s.opens, s.closes FROM evidence e
             LEFT JOIN site_span s ON s.series = e.series AND s.site = e.id
             WHERE e.series = $1 AND e.kind = 'sites' ORDER BY e.id",
        )
        .bind(series)
        .fetch_all(self.reading())
        .await?;
        let day = |text: Option<String>| -> Result<Option<Date>> {
            text.map(|text| text.parse().map_err(|_| Error::damaged(text)))
                .transpose()
        };
        let mut places = Vec::with_capacity(rows.len());
        for row in rows {
            let site = site_of(row.try_get("cells")?)?;
            places.push(Place {
                must_check: must_check(&site),
                opens: day(row.try_get("opens")?)?,
                closes: day(row.try_get("closes")?)?,
                area: counties.area(&site.unit).to_owned(),
                site,
            });
        }
        Ok(Frame {
            series: series.to_owned(),
            places,
        })
    }

    /// Says from when to when a site can be visited. Plans that were drawn already stay as they are.
    ///
    /// Errors: refused if there is no such site, a day is none, or without a reason.
    pub async fn set_site_span(
        &self,
        at: Timestamp,
        who: &str,
        (series, site): (&str, &str),
        (opens, closes): (&str, &str),
        reason: &str,
    ) -> Result<()> {
        let reason = reasoned(reason)?;
        let day = |text: &str| match text.trim() {
            "" => Ok(None),
            text => day_of(text).map(Some),
        };
        let (opens, closes) = (day(opens)?, day(closes)?);
        if opens
            .zip(closes)
            .is_some_and(|(opens, closes)| closes < opens)
        {
            return Err(Error::refused("plan-span-backwards"));
        }
        if self.evidence_row(series, "sites", site).await?.is_none() {
            return Err(Error::Refused(
                Message::new("frame-no-such-site").with("site", site),
            ));
        }
        let text = |day: Option<Date>| day.map(|day| day.to_string());
        let deed = SiteDeed::Spanned {
            opens: text(opens),
            closes: text(closes),
            reason,
        };
        self.act(at, who, &format!("{series}/{site}"), deed).await
    }
}
