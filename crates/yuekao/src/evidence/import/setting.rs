//! What a file is read against: units, sites and visits that are kept, and the rules of its month.

use std::collections::{BTreeSet, HashMap};

use assessment::message::Message;
use assessment::month::Month;
use assessment::scheme::Window;
use assessment::unit::Unit;

use super::super::area::Area;
use super::super::check::Known;
use super::super::fault::RowFault;
use super::super::rows::Rows;
use super::Options;
use crate::round;
use crate::store::area::AreaRow;
use crate::store::evidence::unit_of;
use crate::store::round::Stage;
use crate::store::unit::UnitRow;
use crate::store::{Error, Result, Store};

pub struct Setting {
    /// All units with all their months.
    pub spans: Vec<UnitRow>,
    pub known: Known,
    /// Of the round that the file is for, if the series has a scheme in that month.
    pub window: Option<Window>,
    no_scheme: bool,
    closed: Option<Month>,
}

impl Setting {
    pub async fn of(store: &Store, options: &Options, rows: &Rows) -> Result<Self> {
        let dated = !rows.units.is_empty() || !rows.measures.is_empty();
        if dated && options.month.is_none() {
            return Err(Error::refused("evidence-month-needed"));
        }
        let spans = store.units().await?;
        let mut setting = Self {
            known: Known {
                units: known_units(&spans, options.month),
                ..Known::default()
            },
            spans,
            window: None,
            no_scheme: false,
            closed: None,
        };
        let evidence =
            !rows.visits.is_empty() || !rows.findings.is_empty() || !rows.cases.is_empty();
        setting.ask_rules(store, options, evidence).await?;
        setting.ask_references(store, options, rows).await?;
        Ok(setting)
    }

    async fn ask_rules(&mut self, store: &Store, options: &Options, evidence: bool) -> Result<()> {
        let (mut of_series, mut in_month) = (false, false);
        let mut indicators: Vec<(String, String)> = Vec::new();
        for adopted in store.schemes().await? {
            let own = adopted.scheme.series == options.series;
            of_series |= own;
            if adopted.withdrawn_at.is_some() {
                continue;
            }
            let (rules, standard) = match round::rules(store, &adopted.id).await {
                Ok(found) => found,
                Err(round::Error::Store(error)) => return Err(error),
                Err(error) => return Err(Error::Refused(error.message())),
            };
            let scheme = &rules.scheme;
            if let Some(month) = options.month {
                if scheme.from > month || scheme.to.is_some_and(|to| to < month) {
                    continue;
                }
                if own {
                    in_month = true;
                    self.window = scheme.holds_in(month).then(|| scheme.window(month));
                }
            }
            if scheme.evidence == options.series {
                let listed = standard.iter().flat_map(|standard| &standard.indicators);
                indicators.extend(listed.map(|known| (known.id.clone(), known.title.zh.clone())));
                let listed = scheme.indicators.iter();
                indicators.extend(listed.map(|known| (known.id.clone(), known.title.zh.clone())));
            }
        }
        if let Some(month) = options.month {
            if of_series && !in_month && evidence {
                return Err(Error::Refused(
                    Message::new("evidence-no-scheme-holds")
                        .with("series", options.series.as_str())
                        .with("month", month),
                ));
            }
            let round = store.round(&options.series, month).await?;
            self.closed = round
                .filter(|round| round.stage != Stage::Open)
                .map(|_| month);
        }
        self.no_scheme = !of_series && evidence;
        self.known.indicators = (!indicators.is_empty()).then_some(indicators);
        Ok(())
    }

    /// Sites and visits that rows name and the file does not bring.
    async fn ask_references(
        &mut self,
        store: &Store,
        options: &Options,
        rows: &Rows,
    ) -> Result<()> {
        let visits: BTreeSet<&str> = rows
            .findings
            .iter()
            .filter_map(|row| row.fact.visit.as_deref())
            .collect();
        let of_visits = rows
            .visits
            .iter()
            .filter_map(|row| row.fact.site.as_deref());
        let of_findings = rows
            .findings
            .iter()
            .filter_map(|row| row.fact.site.as_deref());
        let sites: BTreeSet<&str> = of_visits.chain(of_findings).collect();
        for (kind, ids) in [("visits", visits), ("sites", sites)] {
            for id in ids {
                if store
                    .evidence_row(&options.series, kind, id)
                    .await?
                    .is_some()
                {
                    let known = match kind {
                        "visits" => &mut self.known.visits,
                        _ => &mut self.known.sites,
                    };
                    known.insert(id.to_owned());
                }
            }
        }
        Ok(())
    }

    /// What everybody should know before taking the file.
    pub fn warnings(&self) -> Vec<RowFault> {
        let no_scheme = self.no_scheme.then(|| Message::new("evidence-no-scheme"));
        let closed = self
            .closed
            .map(|month| Message::new("evidence-month-closed").with("month", month));
        no_scheme
            .into_iter()
            .chain(closed)
            .map(|message| RowFault::of_sheet("", message).as_warning())
            .collect()
    }

    /// The areas with their units by code; those of unknown units are reported.
    pub fn areas(&self, areas: Vec<Area>, faults: &mut Vec<RowFault>) -> Vec<AreaRow> {
        let mut by_name: HashMap<&str, BTreeSet<&str>> = HashMap::new();
        for span in &self.spans {
            by_name.entry(&span.name).or_default().insert(&span.code);
            by_name.entry(&span.code).or_default().insert(&span.code);
        }
        let mut rows = Vec::new();
        for area in areas {
            let codes = by_name.get(area.unit.as_str()).cloned().unwrap_or_default();
            let codes: Vec<&str> = codes.into_iter().collect();
            let message = match codes.as_slice() {
                [code] => {
                    rows.push(AreaRow {
                        unit: (*code).to_owned(),
                        valid_from: area.from.to_string(),
                        valid_to: area.to.map(|to| to.to_string()),
                        geometry: area.geometry,
                        source: area.source,
                    });
                    continue;
                }
                [] => Message::new("evidence-unknown-unit"),
                several => {
                    Message::new("evidence-ambiguous-name").with("codes", several.join(", "))
                }
            };
            faults.push(RowFault {
                row: area.feature,
                column: "unit".into(),
                text: area.unit.clone(),
                ..RowFault::of_sheet(&area.file, message.with("text", area.unit))
            });
        }
        rows
    }
}

/// The units of a month; without a month all that ever were, as they were last.
fn known_units(spans: &[UnitRow], month: Option<Month>) -> Vec<Unit> {
    let mut units: Vec<&UnitRow> = Vec::new();
    let month = month.map(|month| month.to_string());
    for span in spans {
        let holds = month.as_ref().is_none_or(|month| {
            span.valid_from <= *month && span.valid_to.as_ref().is_none_or(|to| to >= month)
        });
        if holds {
            units.retain(|other| other.code != span.code);
            units.push(span);
        }
    }
    units.into_iter().cloned().map(unit_of).collect()
}
