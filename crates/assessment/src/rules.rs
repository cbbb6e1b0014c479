//! Rules: a scheme together with the catalogue it uses.

use rustc_hash::FxHashMap;

use crate::{
    facts::DigestText,
    indicator::{Indicator, Standard},
    message::Words,
    refusal::Refusal,
    scheme::{PointsBySeverity, Scheme},
};

/// A scheme, and what it needs to know of indicators.
#[derive(Clone, Debug)]
pub struct Rules {
    pub scheme: Scheme,
    /// Id and digest of the catalogue.
    pub standard: Option<(String, DigestText)>,
    indicators: FxHashMap<String, Traits>,
}

/// What rules ask of an indicator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    pub title: Option<Words>,
    pub points: PointsBySeverity,
    pub heading: Option<String>,
    pub aspect: Option<String>,
    pub block: Option<String>,
}

impl Rules {
    /// Puts a scheme and its catalogue together.
    ///
    /// # Errors
    /// The scheme names a catalogue, and that is not the one given. A catalogue that no scheme asks for is left aside.
    pub fn new(scheme: Scheme, standard: Option<&Standard>) -> Result<Rules, Refusal> {
        let mut indicators = FxHashMap::default();
        let mut named = None;
        if let Some(wanted) = &scheme.standard {
            let standard = standard
                .filter(|standard| standard.id == *wanted)
                .ok_or_else(|| Refusal::StandardMissing {
                    standard: wanted.clone(),
                })?;
            named = Some((standard.id.clone(), standard.digest.clone()));
            for indicator in &standard.indicators {
                indicators.insert(indicator.id.clone(), Traits::from(indicator));
            }
        }
        for own in &scheme.indicators {
            let traits = Traits {
                title: Some(own.title.clone()),
                points: own.points.clone(),
                heading: own.heading.clone(),
                aspect: own.aspect.clone(),
                block: own.block.clone(),
            };
            indicators.insert(own.id.clone(), traits);
        }
        Ok(Rules {
            scheme,
            standard: named,
            indicators,
        })
    }

    pub fn indicator(&self, id: &str) -> Option<&Traits> {
        self.indicators.get(id)
    }

    /// What people call an indicator: its title; its id if that is not known.
    pub fn indicator_title(&self, id: &str) -> Words {
        let title = self.indicator(id).and_then(|traits| traits.title.clone());
        title.unwrap_or_else(|| Words::new(id, id))
    }
}

impl From<&Indicator> for Traits {
    fn from(indicator: &Indicator) -> Traits {
        Traits {
            title: Some(indicator.title.clone()),
            points: indicator.points.clone(),
            heading: Some(indicator.heading.clone()),
            aspect: Some(indicator.aspect.clone()),
            block: Some(indicator.block.clone()),
        }
    }
}
