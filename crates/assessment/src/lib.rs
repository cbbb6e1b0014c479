//! The rules of a monthly evaluation of city management, without clock or files.
//!
//! One month, in the order of the work:
//!
//! 1. A [`scheme::Scheme`] is read from its file; a [`indicator::Standard`] says what a problem is.
//! 2. Units, visits, findings, cases and outside measures are the month's [`facts::Facts`].
//! 3. [`score::score`] gives the standing of the open month; it is what anybody may recompute.
//! 4. [`round::Frozen`] closes the facts; [`round::assess`] takes nothing else, and only its
//!    [`round::Assessment`] can be published.
//! 5. Every number carries its [`working::Node`], down to the findings that made it.

pub mod calendar;
pub mod month;
pub mod points;

pub mod issue;
pub mod message;
pub mod read;

pub mod grid;
pub mod place;
pub mod unit;

pub mod indicator;
pub mod scheme;

pub mod case;
pub mod finding;
pub mod inspection;

pub mod compact;
pub mod facts;
pub mod ground;
pub mod refusal;
pub mod register;
pub mod rules;
pub mod tally;

pub mod award;
pub mod ranking;
pub mod round;
pub mod score;
pub mod what_if;
pub mod working;
