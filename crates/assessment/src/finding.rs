//! Findings: one breach of one indicator at one place and time.

use jiff::civil::DateTime;

use crate::inspection::Position;

/// One breach of one indicator, with what is known of its rectification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub id: String,
    pub visit: Option<String>,
    pub site: Option<String>,
    /// The unit that answers for it: the finest that is known.
    pub unit: String,
    /// A unit that bears a part of the deduction, where the scheme splits it.
    pub second_unit: Option<String>,
    pub indicator: String,
    pub severity: Severity,
    pub found_by: Finder,
    pub found_at: DateTime,
    pub due_at: Option<DateTime>,
    pub rectified_at: Option<DateTime>,
    /// Number of earlier findings of the same indicator at the same place.
    pub repeated: u32,
    /// The same thing came back after it had been closed.
    pub relapsed: bool,
    /// Number of failed re-checks.
    pub failed: u32,
    /// Why it does not count: `appeal`, `duplicate`, `rejected`, `void`.
    pub excluded: Option<String>,
    /// Measured value with its unit, as recorded: `12 mm`.
    pub value: Option<String>,
    /// Place in words.
    pub place: String,
    pub position: Option<Position>,
    /// SHA-256 of the photos, hex.
    pub photos: Vec<String>,
}

/// How grave a breach is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Severity {
    Minor,
    General,
    Serious,
}

/// Who found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Finder {
    Agency,
    Citizen,
    Leader,
    Media,
    Province,
    /// The unit itself.
    Own,
}

/// What had become of a finding or a case at the reading moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Status {
    OnTime,
    Late,
    Overdue,
    Pending,
}

/// A closed list of words that files, schemes and pages share.
pub trait Word: Copy + Eq + 'static {
    const WORDS: &'static [(&'static str, Self)];

    fn parse(word: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, value)| *value)
    }

    fn word(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(_, value)| *value == self)
            .expect("every value has its word")
            .0
    }
}

impl Word for Severity {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("minor", Severity::Minor),
        ("general", Severity::General),
        ("serious", Severity::Serious),
    ];
}

impl Word for Finder {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("agency", Finder::Agency),
        ("citizen", Finder::Citizen),
        ("leader", Finder::Leader),
        ("media", Finder::Media),
        ("province", Finder::Province),
        ("own", Finder::Own),
    ];
}

impl Word for Status {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("on_time", Status::OnTime),
        ("late", Status::Late),
        ("overdue", Status::Overdue),
        ("pending", Status::Pending),
    ];
}

impl Status {
    /// The status at the reading moment `read`: what happened at or after it is not yet seen (manual, §4).
    pub fn at(done: Option<DateTime>, due: Option<DateTime>, read: DateTime) -> Status {
        match (done.filter(|done| *done < read), due) {
            (Some(done), Some(due)) if done > due => Status::Late,
            (Some(_), _) => Status::OnTime,
            (None, Some(due)) if due < read => Status::Overdue,
            (None, _) => Status::Pending,
        }
    }
}
