//! The life of the demo: an empty store is founded, and its months go through the same acts as real ones.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use assessment::facts::{FILES, Facts, sha256};
use assessment::indicator::Standard;
use assessment::message::Message;
use assessment::month::Month;
use assessment::scheme::Scheme;
use assessment::unit::Unit;
use jiff::civil::{Date, DateTime, time};
use jiff::{Timestamp, ToSpan as _};

use super::dice::Dice;
use super::month::Demo;
use super::people::{People, SERIES};
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

/// Days of the month after the last that have passed when somebody looks at the demo.
const GONE_ON: i64 = 4;

/// A county's own evaluation of its communities, by what the city's inspectors found there.
const COMMUNITIES: &str = "tongcheng-communities";
const COMMUNITIES_OF: &str = "421222";

/// The units of the evaluation are known from its first month on; their map changed once.
const BEGUN: &str = "2020-09";
const REDRAWN: &str = "2023-01";

/// Logins of the demo with their names, roles and units; none of them is a person.
#[rustfmt::skip]
pub const ACCOUNTS: [(&str, &str, Role, Option<&str>); 38] = [
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
    ("inspector4", "暗访员丁",      Role::Inspector,     Some(AGENCY)),
    ("inspector5", "暗访员戊",      Role::Inspector,     Some(AGENCY)),
    ("inspector6", "暗访员己",      Role::Inspector,     Some(AGENCY)),
    ("chief1",     "一级路长甲",     Role::Chief,         Some("421202000000")),
    ("chief2",     "二级路长乙",     Role::Chief,         Some("421202000000")),
    ("chief3",     "二级路长丙",     Role::Chief,         Some("421221000000")),
    ("xianan",     "咸安区城管办",    Role::Unit,          Some("421202000000")),
    ("jiayu",      "嘉鱼县城管办",    Role::Unit,          Some("421221000000")),
    ("tongcheng",  "通城县城管办",    Role::Unit,          Some("421222000000")),
    ("chongyang",  "崇阳县城管办",    Role::Unit,          Some("421223000000")),
    ("tongshan",   "通山县城管办",    Role::Unit,          Some("421224000000")),
    ("chibi",      "赤壁市城管办",    Role::Unit,          Some("421281000000")),
    ("centre",     "中心城区城管办",   Role::Unit,          Some(super::town::CENTRE)),
    ("hitech",     "咸宁高新区城管办",  Role::Unit,          Some(super::town::HITECH)),
    ("wenquan",    "温泉街道城管办",   Role::Unit,          Some("421202001000")),
    ("fushan",     "浮山街道城管办",   Role::Unit,          Some("421202002000")),
    ("yongan",     "永安街道城管办",   Role::Unit,          Some("421202003000")),
    ("yuyue",      "鱼岳镇城管办",    Role::Unit,          Some("421221103000")),
    ("xuefu",      "学府社区",      Role::Unit,          Some("421202001004")),
    ("yinquan",    "银泉社区",      Role::Unit,          Some("421202002001")),
    ("dongjie",    "东街社区",      Role::Unit,          Some("421221103001")),
    ("chengguan",  "市城市管理局",    Role::Unit,          Some("D01")),
    ("huanwei",    "市环境卫生中心",   Role::Unit,          Some("D21")),
    ("shizheng",   "市市政设施维护中心", Role::Unit,          Some("D22")),
];

/// Gives one indicator of each scene a reference picture; none of the town's is a photograph.
async fn show_examples(store: &Store, demo: &Demo, at: Timestamp) -> Result<()> {
    let standard = Standard::parse(rules::STANDARD).0;
    let standard = standard.context("the shipped catalogue has faults")?;
    let mut shown = BTreeSet::new();
    for indicator in &standard.indicators {
        let (scene, photo) = demo.photos.example(indicator);
        if shown.insert(scene) {
            store
                .set_picture(at, OFFICE, &indicator.id, photo.to_owned())
                .await?;
        }
    }
    Ok(())
}

/// A demo town on its way through the months.
pub struct Life<'a> {
    store: &'a Store,
    demo: &'a Demo,
    schemes: Vec<Scheme>,
    /// Files taken before: a frame of sites that has not changed is not taken again.
    taken: BTreeSet<String>,
    /// Document numbers given so far, by their letters and year.
    numbers: BTreeMap<(String, i16), u32>,
    /// When the last month was published.
    published: Option<Date>,
    /// The last month that people walked.
    walked: Option<Month>,
}

/// The days on which the office takes, freezes and publishes a month.
struct Dates {
    taken: Date,
    frozen: Date,
    published: Date,
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
        show_examples(store, demo, at).await?;
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
            published: None,
            walked: None,
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

    /// Takes the evidence of a month from files, then freezes and publishes its rounds; `done` hears of each.
    /// Returns the rounds that their rules refused.
    ///
    /// # Errors
    /// The store's.
    pub async fn live(&mut self, month: Month, done: impl FnMut(&str)) -> Result<Vec<Refused>> {
        let dates = self.dates(month);
        let evidence = self.demo.evidence(month);
        for series in self.sources(month) {
            self.take(
                moment(dates.taken, 9)?,
                &series,
                month,
                evidence.of(&series),
            )
            .await?;
        }
        let frozen = self.freeze(month, &dates).await?;
        self.publish(month, &dates, frozen, done).await
    }

    /// The same for a month whose inspection and cases are made by `people` and nothing else; what they do not do (surveys,
    /// the command centre's other cases, the counties' own checks) still comes from files. `told` hears how far the
    /// month has come.
    ///
    /// # Errors
    /// The store's; somebody was refused what they expected to be allowed.
    pub async fn live_by(
        &mut self,
        people: &People<'_>,
        month: Month,
        told: impl Fn(DateTime),
        done: impl FnMut(&str),
    ) -> Result<Vec<Refused>> {
        let dates = self.dates(month);
        // The frame is there before the plan; and who drew it has published the month before.
        let begins = match self.published {
            Some(day) => day.tomorrow()?.max(month.first_day()),
            None => month.first_day(),
        };
        let evidence = self.demo.evidence(month);
        let frame = Facts {
            sites: evidence.of(SERIES).sites,
            ..Facts::default()
        };
        self.take(moment(begins, 8)?, SERIES, month, frame).await?;
        people.begin(month, begins)?;
        people.until(moment(dates.taken, 9)?, &told).await?;

        let evidence = evidence.without_field(self.walked.is_none());
        for series in self.sources(month) {
            let facts = match series.as_str() {
                COMMUNITIES => self.handed_down(month).await?,
                _ => evidence.of(&series),
            };
            self.take(moment(dates.taken, 9)?, &series, month, facts)
                .await?;
        }
        people.until(moment(dates.frozen, 10)?, &told).await?;
        people.develop().await?;
        let frozen = self.freeze(month, &dates).await?;
        people.until(moment(dates.published, 16)?, &told).await?;
        self.walked = Some(month);
        self.publish(month, &dates, frozen, done).await
    }

    /// The month after the last that was published begins: there is work on every desk when somebody looks at the demo.
    /// Nothing happens if no rules hold in it.
    ///
    /// # Errors
    /// See [`Life::live_by`].
    pub async fn go_on(
        &mut self,
        people: &People<'_>,
        month: Month,
        told: impl Fn(DateTime),
    ) -> Result<()> {
        let Some(begins) = self
            .published
            .filter(|_| self.sources(month).contains(SERIES))
        else {
            return Ok(());
        };
        let begins = begins.tomorrow()?;
        let frame = Facts {
            sites: self.demo.evidence(month).of(SERIES).sites,
            ..Facts::default()
        };
        self.take(moment(begins, 8)?, SERIES, month, frame).await?;
        people.begin(month, begins)?;
        people
            .until(moment(begins + GONE_ON.days(), 10)?, told)
            .await?;
        people.develop().await
    }

    /// What the city's inspectors found in one county, as the city hands it to the county.
    async fn handed_down(&self, month: Month) -> Result<Facts> {
        let scheme = self
            .schemes
            .iter()
            .find(|scheme| scheme.series == SERIES && scheme.holds_in(month))
            .context(SERIES)?;
        let (rules, _) = round::rules(self.store, &scheme.id).await?;
        let facts = self.store.facts(&rules, month).await?;
        let theirs = |unit: &str| unit.trim_start_matches("C-").starts_with(COMMUNITIES_OF);
        Ok(Facts {
            sites: facts
                .sites
                .into_iter()
                .filter(|one| theirs(&one.unit))
                .collect(),
            visits: facts
                .visits
                .into_iter()
                .filter(|one| theirs(&one.unit))
                .collect(),
            findings: facts
                .findings
                .into_iter()
                .filter(|one| theirs(&one.unit))
                .collect(),
            ..Facts::default()
        })
    }

    fn dates(&self, month: Month) -> Dates {
        let next = month.plus(1).first_day();
        let mut dice = Dice::new(self.demo.town.seed, &format!("publication|{month}"));
        let clock = &self.demo.clock;
        Dates {
            taken: clock.workday(next),
            frozen: clock.workday(next + 1.days()),
            published: clock.workday(next + dice.between(2, 9).days()),
        }
    }

    /// The series of evidence that the month's rounds look at.
    fn sources(&self, month: Month) -> BTreeSet<String> {
        let held = self.schemes.iter().filter(|one| one.holds_in(month));
        held.map(|one| one.evidence.clone()).collect()
    }

    /// Freezes the rounds of a month, as far as their rules allow it: those that look at the results of others come after these
    /// are published.
    async fn freeze(&self, month: Month, dates: &Dates) -> Result<BTreeSet<String>> {
        let mut frozen = BTreeSet::new();
        for series in self.rounds(month) {
            if self.frozen(&series, month, dates.frozen).await?.is_none() {
                frozen.insert(series);
            }
        }
        Ok(frozen)
    }

    /// Freezes a round; returns why its rules refuse, if they do.
    async fn frozen(&self, series: &str, month: Month, day: Date) -> Result<Option<Refused>> {
        match round::freeze(self.store, moment(day, 10)?, OFFICE, series, month).await {
            Ok(_) => Ok(None),
            Err(round::Error::Refused(refusal)) => Ok(Some(Refused {
                series: series.to_owned(),
                month,
                why: refusal.message(),
            })),
            Err(error) => Err(error).with_context(|| format!("{series} {month}")),
        }
    }

    async fn publish(
        &mut self,
        month: Month,
        dates: &Dates,
        frozen: BTreeSet<String>,
        mut done: impl FnMut(&str),
    ) -> Result<Vec<Refused>> {
        let mut refused = Vec::new();
        for series in self.rounds(month) {
            if !frozen.contains(&series)
                && let Some(why) = self.frozen(&series, month, dates.published).await?
            {
                refused.push(why);
                continue;
            }
            let publication = Publication {
                number: self.number(&series, month, dates.published),
                date: dates.published.to_string(),
                reason: None,
            };
            let at = moment(dates.published, 16)?;
            round::publish(self.store, at, OFFICE, &series, month, publication)
                .await
                .with_context(|| format!("{series} {month}"))?;
            done(&series);
        }
        self.published = Some(dates.published);
        Ok(refused)
    }

    /// The evidence of a series, file by file.
    async fn take(
        &mut self,
        at: Timestamp,
        series: &str,
        month: Month,
        facts: Facts,
    ) -> Result<()> {
        let facts = Facts {
            units: Vec::new(),
            ..facts
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
