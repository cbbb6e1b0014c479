//! Cases: what became of the work that was given to a unit or department.

pub mod condition;
pub mod deadline;
pub mod duplicate;
pub mod life;
pub mod rates;
pub mod route;

use jiff::civil::DateTime;

/// A case as the evaluation sees it: when it was dispatched, due, handled, and what happened on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub id: String,
    /// The unit or department that had to handle it.
    pub unit: String,
    /// Category code of the city's catalogue.
    pub category: String,
    pub dispatched_at: DateTime,
    pub due_at: Option<DateTime>,
    pub handled_at: Option<DateTime>,
    pub voided_at: Option<DateTime>,
    /// How often its limit was extended.
    pub extended: u32,
    /// It is or was suspended.
    pub suspended: bool,
    /// How often it was returned to the dispatcher.
    pub returned: u32,
    /// How often verification sent it back.
    pub reworked: u32,
}
