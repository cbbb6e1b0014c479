//! The field: what inspectors' phones are given to work by, what they hand in, and their photos.

pub mod darkroom;
pub mod doubt;
pub mod item;
pub mod photo;
pub mod rules;
