//! Yuekao: the monthly evaluation around the pure rules of `assessment` — store, web, command line.

pub mod account_rows;
pub mod bulletin;
pub mod casework;
pub mod cli;
pub mod clock;
pub mod datum;
pub mod demo;
pub mod evidence;
pub mod field;
pub mod file;
pub mod ground;
pub mod intake;
pub mod password;
pub mod round;
pub mod rules;
pub mod standard;
pub mod store;
pub mod viewer;
pub mod web;
pub mod webhook;
pub mod what_if;
pub mod words;
pub mod working;

/// Many small texts come and go with every parcel and page: while findings came in, a sixth of the time went into the
/// allocator of the C library.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
