//! Evidence in and out of files: a month's facts as CSV, as workbooks, as a folder that strangers can check.
//!
//! A file becomes a [`sheet::Sheet`] (text cells, whatever it was before), its rows become [`rows::Rows`] by the columns
//! of their [`kind::Kind`], and [`check::check`] keeps those that agree with each other. Whatever is wrong on the way
//! is a [`fault::RowFault`]: all of them are collected, nothing stops at the first.

pub mod area;
pub mod board;
pub mod bounds;
pub mod check;
pub mod divisions;
pub mod export;
pub mod fault;
pub mod file;
pub mod folder;
pub mod import;
pub mod kind;
pub mod months;
pub mod photo;
pub mod row;
pub mod rows;
pub mod sheet;
pub mod template;
pub mod text;
pub mod value;
pub mod workbook;

#[cfg(test)]
mod tests;

use std::fmt;

use assessment::message::Message;

pub use fault::RowFault;
pub use kind::Kind;

/// A file or folder that cannot be read at all. The sentence says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub Message);

impl Refusal {
    pub(crate) fn about(key: &'static str, name: &str) -> Self {
        Self(Message::new(key).with("name", name))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refusal {}
