//! Yuekao: the monthly evaluation around the pure rules of `assessment` — store, web, command line.

pub mod bulletin;
pub mod evidence;
pub mod words;
