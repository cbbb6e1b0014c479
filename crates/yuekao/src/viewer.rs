//! Who is asking: every query that returns rows of a unit, a plan or a case answers to a viewer.

use std::fmt;
use std::str::FromStr;

/// What somebody may be in the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Anybody who has not signed in: sees what is published.
    Citizen,
    /// Signed in for one unit: sees its own lists.
    Unit,
    /// A leader: reads everything that is not secret before publication.
    Leader,
    /// Reviewer or auditor: reads everything, changes nothing.
    Reviewer,
    /// The leading group's office: runs the evaluation.
    Host,
    /// Keeps accounts and settings.
    Administrator,
}

impl Role {
    /// Every role, from the least to the most.
    pub const ALL: [Self; 6] = [
        Self::Citizen,
        Self::Unit,
        Self::Leader,
        Self::Reviewer,
        Self::Host,
        Self::Administrator,
    ];

    /// The roles that an account can have.
    pub const OF_ACCOUNTS: [Self; 5] = [
        Self::Unit,
        Self::Leader,
        Self::Reviewer,
        Self::Host,
        Self::Administrator,
    ];

    /// The word in the database, in files and in `role-…` of the message files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Unit => "unit",
            Self::Leader => "leader",
            Self::Reviewer => "reviewer",
            Self::Host => "host",
            Self::Administrator => "administrator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Role {
    type Err = String;

    /// Errors: the text itself if it is not a role that an account can have.
    fn from_str(text: &str) -> Result<Self, String> {
        Self::OF_ACCOUNTS
            .into_iter()
            .find(|role| role.word() == text)
            .ok_or_else(|| text.to_owned())
    }
}

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// What they may be.
    pub role: Role,
    /// Their login; empty for a citizen.
    pub login: String,
    /// Their name as it is shown.
    pub name: String,
    /// Code of the unit that they answer for, if any.
    pub unit: Option<String>,
}

impl Viewer {
    /// Somebody who has not signed in.
    pub fn citizen() -> Self {
        Self {
            role: Role::Citizen,
            login: String::new(),
            name: String::new(),
            unit: None,
        }
    }

    /// Whoever has the command line: may do everything, signs as `console`.
    pub fn console() -> Self {
        let name = "console".to_owned();
        Self {
            role: Role::Administrator,
            login: name.clone(),
            name,
            unit: None,
        }
    }

    /// Whether somebody has signed in.
    pub fn signed_in(&self) -> bool {
        self.role != Role::Citizen
    }

    /// Whether the role is one of these.
    pub fn is_any(&self, roles: &[Role]) -> bool {
        roles.contains(&self.role)
    }

    /// Whether they see what is not published yet: drafts, plans, open months.
    pub fn sees_unpublished(&self) -> bool {
        self.is_any(&[Role::Reviewer, Role::Host, Role::Administrator])
    }
}
