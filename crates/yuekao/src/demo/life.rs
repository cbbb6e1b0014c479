//! The life of the demo: an empty store is founded, and its months go through the same acts as real ones.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use assessment::facts::{FILES, Facts, sha256};
use assessment::message::Message;
use assessment::month::Month;
use assessment::scheme::Scheme;
use assessment::unit::Unit;
use jiff::civil::{Date, time};
use jiff::{Timestamp, ToSpan as _};

use super::dice::Dice;
use super::month::{Demo, Evidence};
use super::rules;
use crate::round::{self, Publication};
use crate::store::Store;
use crate::store::account::Duty;
use crate::store::evidence::rows_of;
use crate::store::host::{Host, Settings};
use crate::store::import::ImportFile;
use crate::store::unit::UnitRow;
use crate::viewer::Role;
use crate::{clock, password};

/// The login that does the office's work.
pub const OFFICE: &str = "office";

/// The agency that inspects the demo town.
pub const AGENCY: &str = "agency-a";

/// The units of the evaluation are known from its first month on; their map changed once.
const BEGUN: &str = "2020-09";
const REDRAWN: &str = "2023-01";

/// Logins of the demo with their names, roles and units; none of them is a person.
#[rustfmt::skip]
pub const ACCOUNTS: [(&str, &str, Role, Option<&str>); 24] = [
    ("admin",      "系统管理员",     Role::Administrator, None),
    ("security",   "安全管理员",     Role::Security,      None),
    ("audit",      "审计管理员",     Role::AuditAdministrator, None),
    (OFFICE,       "领导小组办公室",   Role::Host,          None),
    ("office2",    "领导小组办公室复核岗", Role::Host,       None),
    ("auditor",    "审计组",       Role::Auditor,       None),
    ("leader",     "分管领导",      Role::Leader,        None),
    ("dispatcher", "指挥中心派遣岗",   Role::Dispatcher,    None),
    ("verifier",   "指挥中心核查岗",   Role::Verifier,      None),
    ("agency",     "第三方项目负责人",  Role::Agency,        Some(AGENCY)),
    ("reviewer",   "第三方审核员",    Role::Reviewer,      Some(AGENCY)),
    ("inspector1", "暗访员甲",      Role::Inspector,     Some(AGENCY)),
    ("inspector2", "暗访员乙",      Role::Inspector,     Some(AGENCY)),
    ("inspector3", "暗访员丙",      Role::Inspector,     Some(AGENCY)),
    ("chief1",     "一级路长甲",     Role::Chief,         Some("421202000000")),
    ("chief2",     "二级路长乙",     Role::Chief,         Some("421202000000")),
    ("xianan",     "咸安区城管办",    Role::Unit,          Some("421202000000")),
    ("jiayu",      "嘉鱼县城管办",    Role::Unit,          Some("421221000000")),
    ("tongcheng",  "通城县城管办",    Role::Unit,          Some("421222000000")),
    ("chongyang",  "崇阳县城管办",    Role::Unit,          Some("421223000000")),
    ("tongshan",   "通山县城管办",    Role::Unit,          Some("421224000000")),
    ("chibi",      "赤壁市城管办",    Role::Unit,          Some("421281000000")),
    ("centre",     "中心城区城管办",   Role::Unit,          Some(super::town::CENTRE)),
    ("hitech",     "咸宁高新区城管办",  Role::Unit,          Some(super::town::HITECH)),
];

/// A demo town on its way through the months.
pub struct Life<'a> {
    store: &'a Store,
    demo: &'a Demo,
    schemes: Vec<Scheme>,
    /// Files taken before: a frame of sites that has not changed is not taken again.
    taken: BTreeSet<String>,
    /// Document numbers given so far, by their letters and year.
    numbers: BTreeMap<(String, i16), u32>,
}

/// A round that its rules refused.
#[derive(Debug)]
pub struct Refused {
    pub series: String,
    pub month: Month,
    pub why: Message,
}

impl<'a> Life<'a> {
    /// Founds an empty store: host, accounts, units, photos, catalogue, schemes.
    ///
    /// # Errors
    /// The store's; a shipped scheme with faults.
    pub async fn found(store: &'a Store, demo: &'a Demo, password: &str) -> Result<Self> {
        let at = moment("2020-08-31".parse()?, 9)?;
        let host = Host {
            name: "咸宁市城市管理工作领导小组办公室".into(),
            region: "咸宁市".into(),
            settings: Settings {
                synthetic: true,
                ..Settings::default()
            },
        };
        store.found_host(at, "console", host).await?;
        let hash = password::hash(password);
        for (login, name, role, unit) in ACCOUNTS {
            let duty = Duty::new(name, role, unit)?;
            store
                .create_account(at, "console", login, duty, Some(hash.clone()), false)
                .await?;
        }
        store.set_units(at, OFFICE, unit_rows(demo)?).await?;
        super::plan::found(store, at, OFFICE).await?;
        for (_, jpeg) in demo.photos.pictures() {
            store.keep_photo(jpeg.to_vec(), "image/jpeg", true).await?;
        }
        round::adopt_standard(store, at, OFFICE, rules::STANDARD).await?;
        let mut schemes = Vec::new();
        for (text, scheme) in rules::schemes()? {
            round::adopt_scheme(store, at, OFFICE, &text)
                .await
                .with_context(|| scheme.id.clone())?;
            schemes.push(scheme);
        }
        // The bulletin of the city names the first and last of the others: they come before it. The quarter
        // looks at the city's months: it comes last.
        schemes.sort_by_key(|scheme| {
            (
                scheme.series == "xianning-quarter",
                scheme.series == "xianning",
            )
        });
        Ok(Self {
            store,
            demo,
            schemes,
            taken: BTreeSet::new(),
            numbers: BTreeMap::new(),
        })
    }

    /// The rounds of a month, in the order in which they are published.
    pub fn rounds(&self, month: Month) -> Vec<String> {
        self.schemes
            .iter()
            .filter(|scheme| scheme.holds_in(month))
            .map(|scheme| scheme.series.clone())
            .collect()
    }

    /// Takes the evidence of a month, then freezes and publishes its rounds; `done` hears of each.
    /// Returns the rounds that their rules refused.
    ///
    /// # Errors
    /// The store's.
    pub async fn live(&mut self, month: Month, mut done: impl FnMut(&str)) -> Result<Vec<Refused>> {
        let evidence = self.demo.evidence(month);
        let next = month.plus(1).first_day();
        let mut dice = Dice::new(self.demo.town.seed, &format!("publication|{month}"));
        let taken = self.demo.clock.workday(next);
        let frozen = self.demo.clock.workday(next + 1.days());
        let published = self.demo.clock.workday(next + dice.between(2, 9).days());
        let sources: BTreeSet<&str> = self
            .schemes
            .iter()
            .filter(|one| one.holds_in(month))
            .map(|one| one.evidence.as_str())
            .collect();
        for series in sources.into_iter().map(str::to_owned).collect::<Vec<_>>() {
            self.take(moment(taken, 9)?, &series, month, &evidence)
                .await?;
        }
        let mut refused = Vec::new();
        for series in self.rounds(month) {
            match round::freeze(self.store, moment(frozen, 10)?, OFFICE, &series, month).await {
                Err(round::Error::Refused(refusal)) => refused.push(Refused {
                    series,
                    month,
                    why: refusal.message(),
                }),
                Err(error) => return Err(error).with_context(|| format!("{series} {month}")),
                Ok(_) => {
                    let publication = Publication {
                        number: self.number(&series, month, published),
                        date: published.to_string(),
                        reason: None,
                    };
                    round::publish(
                        self.store,
                        moment(published, 16)?,
                        OFFICE,
                        &series,
                        month,
                        publication,
                    )
                    .await
                    .with_context(|| format!("{series} {month}"))?;
                    done(&series);
                }
            }
        }
        Ok(refused)
    }

    /// The evidence of a series, file by file.
    async fn take(
        &mut self,
        at: Timestamp,
        series: &str,
        month: Month,
        evidence: &Evidence<'_>,
    ) -> Result<()> {
        let facts = Facts {
            units: Vec::new(),
            ..evidence.of(series)
        };
        let files = facts.canonical().files;
        let rows = rows_of(&facts, month);
        for (name, _) in &FILES[1..6] {
            let text = files
                .iter()
                .find(|(file, _)| file == name)
                .map_or("", |(_, text)| text.as_str());
            let (kind, sha256) = (name.trim_end_matches(".csv"), sha256(text.as_bytes()));
            let rows: Vec<_> = rows
                .iter()
                .filter(|row| row.kind == kind)
                .cloned()
                .collect();
            if rows.is_empty() || !self.taken.insert(format!("{series}/{sha256}")) {
                continue;
            }
            let file = ImportFile {
                series: series.into(),
                kind: kind.into(),
                sha256,
                name: format!("{month}-{name}"),
                rows: rows.len() as i64,
            };
            self.store
                .take_evidence(at, OFFICE, series, rows, Some(file))
                .await?;
        }
        Ok(())
    }

    /// The document number, where the scheme says by which letters it goes: 〔2022〕8号.
    fn number(&mut self, series: &str, month: Month, published: Date) -> Option<String> {
        let scheme = self
            .schemes
            .iter()
            .find(|scheme| scheme.series == series && scheme.holds_in(month))?;
        let letters = scheme.bulletin.number.clone()?;
        let number = self
            .numbers
            .entry((letters.clone(), published.year()))
            .or_default();
        *number += 1;
        Some(format!("{letters}〔{}〕{number}号", published.year()))
    }
}

/// An hour of a day, in the host's time.
fn moment(day: Date, hour: i8) -> Result<Timestamp> {
    Ok(day
        .to_datetime(time(hour, 0, 0, 0))
        .to_zoned(clock::zone())?
        .timestamp())
}

/// Every unit with its span of months: one, or two where the map was redrawn.
fn unit_rows(demo: &Demo) -> Result<Vec<UnitRow>> {
    let redrawn: Month = REDRAWN.parse().ok().context(REDRAWN)?;
    let after: BTreeMap<String, Unit> = demo
        .town
        .units(redrawn)
        .into_iter()
        .map(|unit| (unit.code.clone(), unit))
        .collect();
    let mut rows = Vec::new();
    for unit in demo.town.units(redrawn.plus(-1)) {
        let changed = match after.get(&unit.code) {
            Some(later) if *later == unit => None,
            later => Some(later.cloned()),
        };
        let last = changed.is_some().then(|| redrawn.plus(-1).to_string());
        rows.push(unit_row(demo, unit, BEGUN.into(), last));
        if let Some(Some(later)) = changed {
            rows.push(unit_row(demo, later, REDRAWN.into(), None));
        }
    }
    Ok(rows)
}

fn unit_row(demo: &Demo, mut unit: Unit, valid_from: String, valid_to: Option<String>) -> UnitRow {
    let point = demo.town.points.get(&unit.code).map(|spot| spot.position());
    UnitRow {
        name_en: unit.attributes.remove("name_en"),
        lon: point.as_ref().map(|point| point.lng.clone()),
        datum: point.as_ref().map(|_| "wgs84".to_owned()),
        lat: point.map(|point| point.lat),
        attributes: unit
            .attributes
            .into_iter()
            .map(|(name, value)| (name, value.into()))
            .collect(),
        code: unit.code,
        valid_from,
        valid_to,
        name: unit.name,
        kind: unit.kind,
        parent: unit.parent,
    }
}
