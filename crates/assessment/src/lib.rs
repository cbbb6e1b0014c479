//! The rules of a monthly evaluation of city management, without clock or files.

pub mod issue;
pub mod message;
pub mod month;
pub mod points;
pub mod read;
