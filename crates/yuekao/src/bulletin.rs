//! The published result of a month, and each unit's sheet: views, words, PDF, workbook.

pub mod view;

pub use view::{BulletinView, UnitSheet};
