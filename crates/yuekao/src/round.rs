//! The monthly acts: freeze, assess, publish, correct. Used by the web desk, the command line and the demo alike.

pub mod bundle;
pub mod compose;
pub mod findings;
pub mod kept;
pub mod sheet;
pub mod trial;

use std::collections::BTreeMap;

use assessment::{
    ground::Ground,
    indicator::Standard,
    issue::{Issue, Severity},
    message::Message,
    month::Month,
    refusal::Refusal,
    round::{Assessment, Frozen, assess, results},
    rules::Rules,
    scheme::{self, Scheme},
};
use jiff::Timestamp;

use crate::{
    bulletin::view::{Both, BulletinView, CorrectionView},
    store::{
        self, Store,
        bulletin::NewBulletin,
        round::{Closing, MOVED, RoundRow, Stage},
        scheme::SchemeText,
    },
};

/// A round with its frozen facts and what they come to.
#[derive(Debug)]
pub struct Assessed {
    pub rules: Rules,
    pub standard: Option<Standard>,
    pub frozen: Frozen,
    pub assessment: Assessment,
}

impl Assessed {
    /// Assesses frozen facts under rules.
    ///
    /// # Errors
    /// The month is refused.
    pub fn new(
        rules: Rules,
        standard: Option<Standard>,
        frozen: Frozen,
    ) -> Result<Assessed, Refusal> {
        let assessment = assess(&rules, &frozen)?;
        Ok(Assessed {
            rules,
            standard,
            frozen,
            assessment,
        })
    }

    /// The facts, made ready to be asked again.
    ///
    /// # Errors
    /// See [`Ground::new`]; they were assessed before, so they do not refuse.
    pub fn ground(&self) -> Result<Ground<'_>, Refusal> {
        Ground::new(&self.rules, self.frozen.facts(), self.frozen.month(), true)
    }
}

/// Why a monthly act was not done. Each says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rules refuse the month.
    #[error("{}", .0.message())]
    Refused(Refusal),
    /// The office has to do something first.
    #[error("{0}")]
    NotYet(Message),
    /// A scheme or catalogue with faults.
    #[error("{} faults", .0.len())]
    Faults(Vec<Issue>),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refused(refusal)
    }
}

impl Error {
    /// The sentence for people.
    pub fn message(&self) -> Message {
        match self {
            Error::Refused(refusal) => refusal.message(),
            Error::NotYet(message) | Error::Store(store::Error::Refused(message)) => {
                message.clone()
            }
            Error::Faults(issues) => {
                Message::new("round-scheme-has-faults").with("count", issues.len())
            }
            Error::Store(error) => {
                Message::new("round-store-failed").with("reason", error.to_string())
            }
        }
    }
}

fn not_yet(key: &'static str, series: &str, month: Month) -> Error {
    Error::NotYet(
        Message::new(key)
            .with("series", series)
            .with("month", month),
    )
}

/// Adopts a catalogue: from here on its text is fixed.
///
/// # Errors
/// Its faults, or another text of the same id.
pub async fn adopt_standard(
    store: &Store,
    now: Timestamp,
    who: &str,
    text: &str,
) -> Result<String, Error> {
    let (standard, issues) = Standard::parse(text);
    let standard = standard.ok_or_else(|| faults(issues))?;
    store
        .adopt_standard(now, who, &standard.id, text.to_owned())
        .await?;
    Ok(standard.id)
}

/// A scheme's text, looked at with the catalogue that it names.
#[derive(Debug)]
pub struct CheckedScheme {
    /// `None`: it has faults.
    pub scheme: Option<Scheme>,
    pub standard: Option<Standard>,
    /// Faults, and warnings.
    pub issues: Vec<Issue>,
}

impl CheckedScheme {
    /// Its rules.
    ///
    /// # Errors
    /// Its faults.
    pub fn rules(self) -> Result<Rules, Error> {
        match self.scheme {
            Some(scheme) => Ok(Rules::new(scheme, self.standard.as_ref())?),
            None => Err(faults(self.issues)),
        }
    }
}

/// Looks at the text of a scheme as adopting it would; changes nothing.
///
/// # Errors
/// The store's.
pub async fn check_scheme(store: &Store, text: &str) -> Result<CheckedScheme, Error> {
    let whole = text.to_owned();
    let (mut scheme, mut issues) = tokio::task::spawn_blocking(move || scheme::parse(&whole))
        .await
        .map_err(|error| store::Error::Damaged(error.to_string()))?;
    let mut known = None;
    if let Some(scheme) = &scheme
        && let Some(id) = &scheme.standard
    {
        known = standard(store, id).await?;
        match &known {
            Some(standard) => {
                issues.extend(scheme::check::against_standard(scheme, standard, text))
            }
            None => issues.push(scheme::check::standard_not_found(scheme, text)),
        }
    }
    if issues.iter().any(|issue| issue.severity == Severity::Fault) {
        scheme = None;
    }
    Ok(CheckedScheme {
        scheme,
        standard: known,
        issues,
    })
}

/// What the store keeps of a scheme.
fn scheme_text(scheme: &Scheme, text: &str) -> SchemeText {
    SchemeText {
        series: scheme.series.clone(),
        text: text.to_owned(),
        valid_from: scheme.from.to_string(),
        valid_to: scheme.to.map(|to| to.to_string()),
    }
}

/// Why a sound scheme cannot be adopted beside those that are; `None`: it can.
///
/// # Errors
/// The store's.
pub async fn hindrance(
    store: &Store,
    scheme: &Scheme,
    text: &str,
) -> Result<Option<Message>, Error> {
    let text = scheme_text(scheme, text);
    Ok(store.scheme_hindrance(&scheme.id, &text).await?)
}

/// Adopts a scheme: from here on its text is fixed, and what is published is bound to it.
///
/// # Errors
/// Its faults, a catalogue that is not adopted, or another scheme of the series in the same months.
pub async fn adopt_scheme(
    store: &Store,
    now: Timestamp,
    who: &str,
    text: &str,
) -> Result<String, Error> {
    let checked = check_scheme(store, text).await?;
    let scheme = checked.scheme.ok_or_else(|| faults(checked.issues))?;
    let adopted = scheme_text(&scheme, text);
    store.adopt_scheme(now, who, &scheme.id, adopted).await?;
    Ok(scheme.id)
}

fn faults(issues: Vec<Issue>) -> Error {
    Error::Faults(
        issues
            .into_iter()
            .filter(|issue| issue.severity == Severity::Fault)
            .collect(),
    )
}

async fn standard(store: &Store, id: &str) -> Result<Option<Standard>, Error> {
    Ok(store
        .standard(id)
        .await?
        .and_then(|adopted| Standard::parse(&adopted.text).0))
}

/// The rules of an adopted scheme, and its catalogue.
///
/// # Errors
/// The scheme is not adopted, or its catalogue is not.
pub async fn rules(store: &Store, scheme_id: &str) -> Result<(Rules, Option<Standard>), Error> {
    let unknown = || Error::NotYet(Message::new("round-unknown-scheme").with("scheme", scheme_id));
    let adopted = store.scheme(scheme_id).await?.ok_or_else(unknown)?;
    let (scheme, issues) = scheme::parse(&adopted.scheme.text);
    let scheme = scheme.ok_or_else(|| faults(issues))?;
    let standard = match &scheme.standard {
        Some(id) => standard(store, id).await?,
        None => None,
    };
    Ok((Rules::new(scheme, standard.as_ref())?, standard))
}

/// The round of a series in a month, opened if it has not begun.
///
/// # Errors
/// No scheme of the series holds in the month.
pub async fn open(
    store: &Store,
    now: Timestamp,
    who: &str,
    series: &str,
    month: Month,
) -> Result<RoundRow, Error> {
    if let Some(round) = store.round(series, month).await? {
        return Ok(round);
    }
    let scheme = store
        .scheme_in(series, month)
        .await?
        .ok_or_else(|| not_yet("round-no-scheme", series, month))?;
    let (rules, _) = rules(store, &scheme.id).await?;
    if !rules.scheme.holds_in(month) {
        return Err(not_yet("round-no-scheme", series, month));
    }
    store
        .open_round(now, who, series, month, &scheme.id)
        .await?;
    store
        .round(series, month)
        .await?
        .ok_or_else(|| not_yet("round-not-begun", series, month))
}

/// Facts are read so often at most until nothing comes in between.
const READINGS: usize = 5;

/// Closes the facts of a month. Returns their digest.
///
/// # Errors
/// The round is not open, or its facts refuse to be assessed: what cannot be assessed is not frozen; evidence comes in faster
/// than it is read.
pub async fn freeze(
    store: &Store,
    now: Timestamp,
    who: &str,
    series: &str,
    month: Month,
) -> Result<String, Error> {
    let round = open(store, now, who, series, month).await?;
    let mut left = READINGS;
    loop {
        left -= 1;
        let looked = store.last_act().await?;
        let (rules, _) = rules(store, &round.scheme_id).await?;
        let frozen = Frozen::freeze(month, store.facts(&rules, month).await?);
        assess(&rules, &frozen)?;
        let digest = frozen.canonical().digest.clone();
        let closing = Closing {
            evidence: rules.scheme.evidence,
            looked,
            digest: digest.clone(),
            text: bundle::write(frozen.canonical()),
        };
        match store.freeze_round(now, who, series, month, closing).await {
            Err(store::Error::Refused(why)) if why.key == MOVED && left > 0 => {}
            done => return Ok(done.map(|()| digest)?),
        }
    }
}

/// The frozen round with its assessment: worked out again from the frozen facts, always the same.
///
/// # Errors
/// The round is not frozen, or the store is damaged.
pub async fn assessed(store: &Store, series: &str, month: Month) -> Result<Assessed, Error> {
    let round = store
        .round(series, month)
        .await?
        .ok_or_else(|| not_yet("round-not-begun", series, month))?;
    let digest = round
        .frozen_digest
        .as_deref()
        .ok_or_else(|| not_yet("round-not-frozen", series, month))?;
    assessed_from(store, &round.scheme_id, month, digest).await
}

/// The assessment of frozen facts under an adopted scheme.
///
/// # Errors
/// The store is damaged: the facts are not there, or are not those of the digest.
pub async fn assessed_from(
    store: &Store,
    scheme_id: &str,
    month: Month,
    digest: &str,
) -> Result<Assessed, Error> {
    let damaged = || Error::NotYet(Message::new("round-frozen-damaged").with("digest", digest));
    let text = store.frozen(digest).await?.ok_or_else(damaged)?;
    let frozen = Frozen::freeze(month, bundle::read(&text).ok_or_else(damaged)?);
    if frozen.canonical().digest != digest {
        return Err(damaged());
    }
    let (rules, standard) = rules(store, scheme_id).await?;
    Ok(Assessed::new(rules, standard, frozen)?)
}

/// What a publication adds to the assessment.
#[derive(Debug, Clone, Default)]
pub struct Publication {
    /// The document number; `None`: none was given.
    pub number: Option<String>,
    /// Date of signature, `2023-01-09`.
    pub date: String,
    /// Why an earlier bulletin is corrected.
    pub reason: Option<Both>,
}

/// Publishes the bulletin of a frozen month, or a correction of it. Returns its edition.
///
/// # Errors
/// The round is not frozen, a correction has no reason, or the store's.
pub async fn publish(
    store: &Store,
    now: Timestamp,
    who: &str,
    series: &str,
    month: Month,
    publication: Publication,
) -> Result<i64, Error> {
    let round = store
        .round(series, month)
        .await?
        .ok_or_else(|| not_yet("round-not-begun", series, month))?;
    if !matches!(round.stage, Stage::Frozen | Stage::Correcting) {
        return Err(not_yet("round-not-frozen", series, month));
    }
    let earlier = store.bulletins_of(series, month).await?.into_iter().next();
    let correction_of = match (&earlier, publication.reason.clone()) {
        (None, _) => None,
        (Some(_), None) => return Err(not_yet("round-correction-needs-reason", series, month)),
        (Some(earlier), Some(reason)) => Some(CorrectionView {
            number: Some(earlier.bulletin.number.clone()).filter(|number| !number.is_empty()),
            date: view_of(&earlier.bulletin)?.date,
            assessment: earlier.assessment_digest.clone(),
            reason,
        }),
    };
    let assessed = assessed(store, series, month).await?;
    let view = preview(store, &assessed, &publication, correction_of).await?;
    let bulletin = NewBulletin {
        number: publication.number.unwrap_or_default(),
        scheme_id: assessed.rules.scheme.id.clone(),
        scheme_digest: assessed.rules.scheme.digest.clone(),
        frozen_digest: assessed.frozen.canonical().digest.clone(),
        assessment: assessed.assessment.text.clone(),
        content: serde_json::to_string(&view)
            .map_err(|error| store::Error::Damaged(error.to_string()))?,
    };
    let results = results(&assessed.rules, &assessed.assessment.standing);
    Ok(store
        .publish_bulletin(now, who, series, month, bulletin, results)
        .await?)
}

/// The bulletin as it would be published now.
///
/// # Errors
/// The store's.
pub async fn preview(
    store: &Store,
    assessed: &Assessed,
    publication: &Publication,
    correction_of: Option<CorrectionView>,
) -> Result<BulletinView, Error> {
    let scheme = &assessed.rules.scheme;
    let month = assessed.frozen.month();
    let mut others = BTreeMap::new();
    for series in scheme.bulletin.series() {
        if let Ok(other) = self::assessed(store, &series, month).await {
            others.insert(series, other);
        }
    }
    let before = self::assessed(store, &scheme.series, month.plus(-scheme.every.months()))
        .await
        .ok();
    let beside = compose::Beside {
        before: before.as_ref(),
        others: &others,
        number: publication.number.clone(),
        date: publication.date.clone(),
        synthetic: store.is_synthetic().await?,
        correction_of,
    };
    Ok(compose::bulletin(assessed, &beside)?)
}

/// The view that a published bulletin was made with.
///
/// # Errors
/// The store is damaged.
pub fn view_of(bulletin: &NewBulletin) -> Result<BulletinView, Error> {
    Ok(serde_json::from_str(&bulletin.content)
        .map_err(|error| store::Error::Damaged(error.to_string()))?)
}
