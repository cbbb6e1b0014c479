//! Tests of the whole program, a file for each noun.

mod databases;
mod facts;
mod golden;
mod month;
mod postgres;

mod account;
mod act;
mod case;
mod command;
mod demo;
mod ended;
mod grids;
mod import;
mod public;
mod round;
mod scheme;
mod town;
mod unit;
mod web;
