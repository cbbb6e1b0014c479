//! What an inspector works by: the catalogue of the scheme that holds in a month, as phones show it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use assessment::finding::{Severity, Word as _};
use assessment::indicator::{Indicator, Method, Standard};
use assessment::message::Words;
use assessment::scheme::{How, Scheme, parse};
use serde::Serialize;

use crate::store::{Result, Store, digest};

/// The rules of one evaluation in one month.
#[derive(Debug)]
pub struct FieldRules {
    /// What phones are given.
    pub sheet: RuleSheet,
    standard: Standard,
}

/// The rules as phones keep them.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct RuleSheet {
    /// Names exactly these rules: scheme and catalogue with their digests. Items say by which they were made.
    pub key: String,
    /// Id of the scheme.
    pub scheme: String,
    /// SHA-256 of its text.
    pub scheme_digest: String,
    /// Id of the catalogue.
    pub standard: String,
    /// SHA-256 of its text.
    pub standard_digest: String,
    /// What is looked for.
    pub indicators: Vec<IndicatorSheet>,
    /// Grades that the scheme asks for at a visit: key and the grades it knows.
    pub grades: Vec<GradeSheet>,
}

/// A text in both languages.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Both {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<&Words> for Both {
    fn from(words: &Words) -> Self {
        Self {
            zh: words.zh.clone(),
            en: words.en.clone(),
        }
    }
}

/// One line of the catalogue.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct IndicatorSheet {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Both,
    /// What is required.
    pub requirement: Both,
    /// `clean`, `tidy`, `orderly`, `safe`.
    pub quality: &'static str,
    /// Part of the bulletin.
    pub block: String,
    /// Heading of the bulletin, in words.
    pub heading: Both,
    /// What is looked at, where somebody judges.
    pub observe: Option<Both>,
    /// What is measured, where it is a number.
    pub measure: Option<MeasureSheet>,
    /// Kinds of places at which it is looked for; none: everywhere.
    pub strata: Vec<String>,
    /// Severities that a breach can have, from the least.
    pub severities: Vec<&'static str>,
    /// Photos that a finding needs.
    pub photos: u32,
    /// Mark of the reference picture, if the host keeps one; another picture has another mark.
    pub picture: Option<String>,
}

/// A number to be taken.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct MeasureSheet {
    /// What.
    pub what: Both,
    /// Its unit: `mm`, `piece`, …
    pub unit: &'static str,
    /// `high` or `low`: which way it gets worse.
    pub worse: &'static str,
    /// Where each severity begins, decimals as text.
    pub thresholds: BTreeMap<&'static str, String>,
}

/// Grades of one kind.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct GradeSheet {
    /// Its key: `toilet`.
    pub key: String,
    /// What the scheme calls it.
    pub title: Both,
    /// Its grades, the best first.
    pub grades: Vec<String>,
}

/// A finding without a photo proves nothing.
const PHOTOS: u32 = 1;

impl FieldRules {
    /// Puts the rules together; `pictures` are the reference pictures that the host keeps.
    pub fn new(scheme: &Scheme, standard: Standard, pictures: &HashMap<String, String>) -> Self {
        let digests = (scheme.digest.to_string(), standard.digest.to_string());
        let sheet = RuleSheet {
            key: format!(
                "{}@{}/{}@{}",
                scheme.id,
                &digests.0[..12],
                standard.id,
                &digests.1[..12]
            ),
            scheme: scheme.id.clone(),
            standard: standard.id.clone(),
            indicators: standard
                .indicators
                .iter()
                .map(|one| indicator(one, &standard, pictures))
                .collect(),
            grades: grades(scheme),
            scheme_digest: digests.0,
            standard_digest: digests.1,
        };
        Self { sheet, standard }
    }

    /// What is looked for at sites of a stratum.
    pub fn looked_for(&self, stratum: &str) -> impl Iterator<Item = &Indicator> {
        let here = move |one: &&Indicator| {
            one.strata.is_empty() || one.strata.iter().any(|each| each == stratum)
        };
        self.standard.indicators.iter().filter(here)
    }

    /// The catalogue.
    pub fn standard(&self) -> &Standard {
        &self.standard
    }
}

fn indicator(
    one: &Indicator,
    standard: &Standard,
    pictures: &HashMap<String, String>,
) -> IndicatorSheet {
    let all = [Severity::Minor, Severity::General, Severity::Serious];
    let has = |severity: &&Severity| one.points.of(**severity).is_some();
    IndicatorSheet {
        id: one.id.clone(),
        title: (&one.title).into(),
        requirement: (&one.requirement).into(),
        quality: one.quality.word(),
        block: one.block.clone(),
        heading: standard
            .heading(&one.heading)
            .map_or_else(|| (&one.title).into(), |heading| (&heading.title).into()),
        observe: match &one.method {
            Method::Observe(words) => Some(words.into()),
            Method::Measure(_) => None,
        },
        measure: match &one.method {
            Method::Observe(_) => None,
            Method::Measure(measure) => Some(MeasureSheet {
                what: (&measure.what).into(),
                unit: measure.unit.word(),
                worse: measure.worse.word(),
                thresholds: all
                    .iter()
                    .filter_map(|severity| {
                        let begins = measure.thresholds.of(*severity)?;
                        Some((severity.word(), begins.to_exact_text()))
                    })
                    .collect(),
            }),
        },
        strata: one.strata.clone(),
        severities: all.iter().filter(has).map(|one| one.word()).collect(),
        photos: PHOTOS,
        picture: pictures.get(&one.id).cloned(),
    }
}

/// Grades that the scheme's items read from visits; two items of one key are asked once.
fn grades(scheme: &Scheme) -> Vec<GradeSheet> {
    let mut asked = BTreeSet::new();
    let mut sheets = Vec::new();
    for item in &scheme.items {
        if let How::Grades { key, grades, .. } = &item.how
            && asked.insert(key.clone())
        {
            let mut worths: Vec<_> = grades.iter().collect();
            worths.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
            sheets.push(GradeSheet {
                key: key.clone(),
                title: (&item.title).into(),
                grades: worths.into_iter().map(|(grade, _)| grade.clone()).collect(),
            });
        }
    }
    sheets
}

/// Rules that have been read, by series, month and the last change of any.
#[derive(Debug, Default)]
pub struct RuleShelf(Mutex<HashMap<String, Arc<FieldRules>>>);

impl RuleShelf {
    /// The rules by which the evidence of a series is judged in a month; none if no scheme with a
    /// catalogue holds.
    ///
    /// Errors: the store's.
    pub async fn rules(
        &self,
        store: &Store,
        series: &str,
        month: &str,
    ) -> Result<Option<Arc<FieldRules>>> {
        let changed = store.last_change_of_rules().await?;
        let pictures = store.picture_marks().await?;
        let marks: BTreeMap<_, _> = pictures.iter().collect();
        let known = digest(format!("{series} {month} {changed} {marks:?}"));
        if let Some(rules) = self.lock().get(&known) {
            return Ok(Some(rules.clone()));
        }
        let adopted = store.schemes().await?;
        let in_force = adopted.into_iter().filter(|one| {
            let (scheme, ends) = (&one.scheme, one.scheme.valid_to.as_deref());
            one.withdrawn_at.is_none()
                && scheme.valid_from.as_str() <= month
                && ends.is_none_or(|ends| month <= ends)
        });
        let mut looking: Vec<Scheme> = in_force
            .filter_map(|one| parse(&one.scheme.text).0)
            .filter(|scheme| scheme.evidence == series && scheme.standard.is_some())
            .collect();
        // The series' own scheme before others that look at the same evidence.
        looking.sort_by_key(|scheme| (scheme.series != series, scheme.id.clone()));
        for scheme in looking {
            let id = scheme.standard.as_deref().unwrap_or_default();
            let adopted = store.standard(id).await?;
            let Some(standard) = adopted.and_then(|adopted| Standard::parse(&adopted.text).0)
            else {
                continue;
            };
            let rules = Arc::new(FieldRules::new(&scheme, standard, &pictures));
            let mut shelf = self.lock();
            // A handful of series and months; more means that something was changed again and again.
            if shelf.len() > 64 {
                shelf.clear();
            }
            shelf.insert(known, rules.clone());
            return Ok(Some(rules));
        }
        Ok(None)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<FieldRules>>> {
        self.0
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
