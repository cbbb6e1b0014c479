//! The public site: what has been published, for everybody, as pages and as JSON.

pub mod bulletin;
pub mod evidence;
pub mod findings;
pub mod month;
pub mod openapi;
pub mod overview;
pub mod part;
pub mod published;
pub mod rules;
pub mod say;
pub mod shelf;
pub mod unit;
pub mod why;
