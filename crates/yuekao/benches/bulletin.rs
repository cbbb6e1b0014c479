//! Our side of `scripts/bench` for the bulletin: the same four pages are set again and again.
//!
//! Each line of standard input is a request, each line of standard output its answer in JSON:
//!
//! | request | what is done | answer |
//! |---|---|---|
//! | `paper` | the bulletin as ordered text, for the other side to set | the paper |
//! | `print N` | N bulletins from view to PDF, each with a digest of its own | `{"ms": […], "bytes": …}` |
//! | `write FILE` | the last PDF is written into a file | `{}` |

use std::io::{BufRead as _, Write as _};
use std::time::Instant;

use yuekao::bulletin::{BulletinPrinter, BulletinView, paper, text, view};
use yuekao::words::Language;

#[allow(dead_code)]
#[path = "../src/bulletin/fixture.rs"]
mod fixture;

/// The invented month as it was before red property and the departments' table: three pages and one attachment.
fn four_pages() -> BulletinView {
    let mut view = BulletinView {
        red_property: None,
        total: None,
        departments: vec![],
        assumed: vec![],
        synthetic: false,
        ..fixture::month()
    };
    for ranking in &mut view.rankings {
        ranking.components.clear();
        ranking
            .rows
            .iter_mut()
            .for_each(|row| row.components.clear());
    }
    view
}

fn main() {
    let printer = BulletinPrinter::new();
    let mut view = four_pages();
    let mut pdf = Vec::new();
    let mut printed: u64 = 0;
    for request in std::io::stdin().lock().lines().map_while(Result::ok) {
        let answer = match request.split_whitespace().collect::<Vec<_>>()[..] {
            ["paper"] => serde_json::to_string(&paper::bulletin(&view, Language::Chinese))
                .expect("a paper is plain data"),
            ["print", count] => {
                let mut millis = vec![];
                for _ in 0..count.parse().expect("a number") {
                    // Another digest each time: no bulletin is answered from a cache.
                    view.digests.assessment = format!("{printed:064x}");
                    printed += 1;
                    let start = Instant::now();
                    pdf = printer.pdf(&view).expect("the bulletin is set");
                    millis.push(start.elapsed().as_secs_f64() * 1e3);
                }
                format!("{{\"ms\": {millis:?}, \"bytes\": {}}}", pdf.len())
            }
            ["write", file] => {
                std::fs::write(file, &pdf).expect("the file can be written");
                "{}".to_owned()
            }
            _ => panic!("not a request: {request}"),
        };
        println!("{answer}");
        std::io::stdout().flush().expect("the reader is there");
    }
}
