//! Our side of `scripts/bench`: the bulletin of a month as PDF by a warm printer, and its words for the other side.
//!
//! `bulletin PAPER.json [OUT.pdf]` writes the words and the last file, and prints one line of JSON.

use std::time::Instant;

use yuekao::{
    bulletin::{BulletinPrinter, paper, text, view},
    words::Language,
};

#[allow(dead_code, reason = "the tests of the unit's sheet need the rest")]
#[path = "../src/bulletin/fixture.rs"]
mod fixture;

const RUNS: usize = 20;

fn main() {
    let mut files = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"));
    let mut view = fixture::month();
    if let Some(file) = files.next() {
        let paper = paper::bulletin(&view, Language::Chinese);
        let json = serde_json::to_vec(&paper).expect("plain data");
        std::fs::write(file, json).expect("the paper can be written");
    }

    let printer = BulletinPrinter::new();
    printer.pdf(&view).expect("the month can be printed");
    let mut runs = vec![];
    let mut pdf = vec![];
    for run in 0..RUNS {
        // Another digest each time: no run may be answered from a cache.
        view.digests.assessment = format!("{run:064x}");
        let start = Instant::now();
        pdf = printer.pdf(&view).expect("the month can be printed");
        runs.push(start.elapsed().as_secs_f64() * 1e3);
    }
    runs.sort_by(f64::total_cmp);
    println!(
        "{{\"median_ms\": {:.1}, \"bytes\": {}}}",
        runs[RUNS / 2],
        pdf.len()
    );
    if let Some(file) = files.next() {
        std::fs::write(file, pdf).expect("the PDF can be written");
    }
}
