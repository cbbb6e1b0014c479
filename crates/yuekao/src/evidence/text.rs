//! CSV text as it comes from offices: UTF-8 or GBK, with commas, semicolons or tabs.

use assessment::message::Message;
use csv::StringRecord;
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::Refusal;
use super::sheet::Sheet;

/// Reads a CSV file.
///
/// # Errors
/// The bytes are no text in a known encoding, or no sound CSV.
pub fn sheet(name: &str, bytes: &[u8]) -> Result<Sheet, Refusal> {
    let text = decode(name, bytes)?;
    let mut records = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes())
        .into_records();
    let mut rows: Vec<(usize, StringRecord)> = Vec::new();
    let mut number = 0;
    loop {
        let from = records.reader().position().byte() as usize;
        let Some(record) = records.next() else { break };
        let record = record.map_err(|_| Refusal::about("evidence-not-csv", name))?;
        number += 1 + empty_lines(&text, from);
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push((number, record));
        }
    }
    if text.matches('"').count() % 2 == 1 {
        return Err(Refusal::about("evidence-not-csv", name));
    }
    Ok(Sheet {
        name: name.to_owned(),
        rows,
        faults: Vec::new(),
    })
}

/// How many lines without anything stand at a place in the text: the reader passes over them, a spreadsheet counts them.
fn empty_lines(text: &str, from: usize) -> usize {
    let (before, rest) = text.split_at(from);
    // A line may end with two characters, of which the reader has left the second.
    let rest = match before.ends_with('\r') {
        true => rest.strip_prefix('\n').unwrap_or(rest),
        false => rest,
    };
    let ends = &rest[..rest.len() - rest.trim_start_matches(['\r', '\n']).len()];
    ends.replace("\r\n", "\n").len()
}

/// The text of a file: by its byte order mark, else UTF-8, else GBK (as part of GB 18030).
///
/// # Errors
/// None of these, or UTF-8 that is damaged further down.
pub fn decode(name: &str, bytes: &[u8]) -> Result<String, Refusal> {
    let whole = |encoding: &'static encoding_rs::Encoding, bytes: &[u8]| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
        text.map(|text| text.into_owned())
    };
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).ok().map(str::to_owned),
        [0xff, 0xfe, rest @ ..] => whole(UTF_16LE, rest),
        [0xfe, 0xff, rest @ ..] => whole(UTF_16BE, rest),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Some(text.to_owned()),
            Err(error) => {
                let (sound, _) = bytes.split_at(error.valid_up_to());
                if looks_like_utf8(sound) {
                    let line = sound.iter().filter(|byte| **byte == b'\n').count() + 1;
                    return Err(Refusal(
                        Message::new("evidence-damaged-utf8")
                            .with("name", name)
                            .with("line", line),
                    ));
                }
                whole(GB18030, bytes)
            }
        },
    };
    text.filter(|text| !text.contains('\0'))
        .ok_or_else(|| Refusal::about("evidence-not-a-text-file", name))
}

/// Chinese text in GBK hardly ever begins with several sound UTF-8 characters of three bytes.
fn looks_like_utf8(sound: &[u8]) -> bool {
    sound
        .iter()
        .filter(|byte| (0xe0..0xf0).contains(*byte))
        .count()
        >= 3
}

/// Whatever separates most cells in the first line.
fn delimiter(text: &str) -> u8 {
    let line = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let mut best = (b',', 0);
    for candidate in [b',', b';', b'\t'] {
        let count = outside_quotes(line, candidate);
        if count > best.1 {
            best = (candidate, count);
        }
    }
    best.0
}

fn outside_quotes(line: &str, delimiter: u8) -> usize {
    let mut quoted = false;
    line.bytes()
        .filter(|byte| {
            quoted ^= *byte == b'"';
            !quoted && *byte == delimiter
        })
        .count()
}
