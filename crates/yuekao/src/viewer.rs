//! Who is asking: every query that returns rows of a unit, a plan or a case answers to a viewer.

use std::fmt;
use std::str::FromStr;

/// What somebody may be in the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Anybody who has not signed in: sees what is published.
    Citizen,
    /// Signed in for one unit: handles its cases, sees its own lists.
    Unit,
    /// A road chief (路长): answers for grids.
    Chief,
    /// The agency's person in the field: sees the tasks released for the day.
    Inspector,
    /// The agency's manager: its plan, its inspectors.
    Agency,
    /// The agency's reviewer: looks at what its inspectors found before it is handed over.
    Reviewer,
    /// Accepts, registers and dispatches cases (受理、立案、派遣).
    Dispatcher,
    /// Checks on the spot whether a case has been handled; never the handler.
    Verifier,
    /// A leader: reads everything that is not secret before publication.
    Leader,
    /// The auditing office: reads everything, changes nothing.
    Auditor,
    /// The leading group's office: runs the evaluation.
    Host,
    /// System administrator: accounts are made here, settings are kept; no evaluation is seen.
    Administrator,
    /// Security administrator: says what an account may be, opens and closes it.
    Security,
    /// Audit administrator: reads the record of acts, changes nothing.
    AuditAdministrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 14] = [
        Self::Citizen,
        Self::Unit,
        Self::Chief,
        Self::Inspector,
        Self::Agency,
        Self::Reviewer,
        Self::Dispatcher,
        Self::Verifier,
        Self::Leader,
        Self::Auditor,
        Self::Host,
        Self::Administrator,
        Self::Security,
        Self::AuditAdministrator,
    ];

    /// The roles that an account can have: all but the first.
    pub const OF_ACCOUNTS: [Self; 13] = {
        let mut roles = [Self::Unit; 13];
        let mut index = 0;
        while index < 13 {
            roles[index] = Self::ALL[index + 1];
            index += 1;
        }
        roles
    };

    /// The word in the database, in files and in `role-…` of the message files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Unit => "unit",
            Self::Chief => "chief",
            Self::Inspector => "inspector",
            Self::Agency => "agency",
            Self::Reviewer => "reviewer",
            Self::Dispatcher => "dispatcher",
            Self::Verifier => "verifier",
            Self::Leader => "leader",
            Self::Auditor => "auditor",
            Self::Host => "host",
            Self::Administrator => "administrator",
            Self::Security => "security",
            Self::AuditAdministrator => "audit-administrator",
        }
    }

    /// Whether an account of this role belongs to a unit, or for the agency's people to their agency.
    pub fn needs_unit(self) -> bool {
        matches!(
            self,
            Self::Unit | Self::Inspector | Self::Agency | Self::Reviewer
        )
    }

    /// Whether it looks after the system and takes no part in an evaluation.
    pub fn is_administrator(self) -> bool {
        matches!(
            self,
            Self::Administrator | Self::Security | Self::AuditAdministrator
        )
    }

    /// Whether its office may be handed over to an account of another role: administrators do not become what they
    /// administer, nor the other way round.
    pub fn hands_over_to(self, other: Self) -> bool {
        self == other || !(self.is_administrator() || other.is_administrator())
    }

    /// Whether it is one of the agency's people.
    pub fn is_of_agency(self) -> bool {
        matches!(self, Self::Inspector | Self::Agency | Self::Reviewer)
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
    /// Code of the unit that they answer for, or id of the agency that they work for, if any.
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
            role: Role::Host,
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
        self.is_any(&[Role::Auditor, Role::Host])
    }
}
