//! Tests of the whole program, a file for each noun.

mod databases;
mod facts;
mod golden;
mod month;
mod postgres;

mod account;
mod act;
mod case;
mod casedesk;
mod command;
mod cut_off;
mod demo;
mod desk;
mod ended;
mod field;
mod findings;
mod grids;
mod import;
mod intake;
mod killed;
mod message;
mod older;
mod original;
mod picture;
mod plan;
mod public;
mod report;
mod round;
mod rules;
mod scheme;
mod search;
mod town;
mod unit;
mod web;
mod webhook;
