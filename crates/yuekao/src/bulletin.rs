//! The published result of a month, and each unit's sheet.
//!
//! ```text
//! BulletinView ─→ table ─→ paper ─→ pdf        (Chinese official layout)
//!                   │        └────→ page       (Chinese or English, by the web)
//!                   ├─────────────→ xlsx, csv
//!                   └─ text ──────→ newspaper
//! ```
//!
//! A view is filled from an assessment; nothing here calculates, so page, PDF and workbook cannot
//! disagree.

pub mod notice;
pub mod paper;
pub mod pdf;
pub mod table;
pub mod text;
pub mod view;
pub mod xlsx;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

pub use pdf::BulletinPrinter;
pub use text::newspaper;
pub use view::{BulletinView, UnitSheet};
