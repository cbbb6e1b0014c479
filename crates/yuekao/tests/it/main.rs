//! Tests of the whole program, a file for each noun.

mod databases;
mod golden;
mod month;
mod postgres;

mod account;
mod act;
mod command;
mod demo;
mod field;
mod import;
mod plan;
mod public;
mod round;
mod scheme;
mod town;
mod unit;
mod web;
