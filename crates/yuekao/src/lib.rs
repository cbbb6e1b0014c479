//! Yuekao: the monthly evaluation around the pure rules of `assessment` — store, web, command line.

pub mod bulletin;
pub mod cli;
pub mod evidence;
pub mod file;
pub mod store;
pub mod viewer;
pub mod words;
