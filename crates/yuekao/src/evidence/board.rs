//! Published boards of the past, as they were printed. What contradicts itself in them is reported, never corrected.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use assessment::message::Message;
use assessment::month::Month;
use assessment::points::{Mode, Points};

use serde_json::{Value, json};

use super::fault::RowFault;
use super::rows::Placed;
use crate::store::board::BoardTable;
use crate::words::Language;

/// A unit's line of a published board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardRow {
    pub period: Month,
    /// The unit's name as printed.
    pub unit: String,
    pub score: Points,
    /// The score as printed: `94.60`.
    pub printed: String,
    pub rank: Option<u32>,
    pub source: String,
}

/// A category's line of a published board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareRow {
    pub period: Month,
    /// Which part of the board: city management, red property.
    pub block: String,
    pub category: String,
    pub count: u32,
    pub share: Option<Printed>,
    /// All problems of the block, also those of categories that were not printed.
    pub total: Option<u32>,
    pub source: String,
}

/// A percentage as it was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// `16.42%` is 16.42.
    pub percent: Points,
    /// 2.
    pub decimals: u32,
}

impl Printed {
    /// Reads `16.42%`.
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.strip_suffix('%')?.trim();
        let percent = Points::parse(number)
            .ok()
            .filter(|_| !number.contains('/'))?;
        let decimals = number
            .split_once('.')
            .map_or(0, |(_, decimals)| decimals.len() as u32);
        Some(Self { percent, decimals })
    }
}

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.percent.display(self.decimals))
    }
}

/// What a board says against itself: places that do not follow the scores, and the same place for different scores.
pub fn contradictions_of_ranks(rows: &[Placed<BoardRow>]) -> Vec<RowFault> {
    let mut faults = Vec::new();
    for placed in rows {
        let BoardRow {
            period,
            score,
            rank,
            ..
        } = &placed.fact;
        let Some(rank) = rank else { continue };
        let better = rows.iter().filter(|other| {
            other.fact.period == *period && other.fact.score.cmp(score) == Ordering::Greater
        });
        let place = better.count() as u32 + 1;
        if *rank != place {
            let message = Message::new("evidence-rank-against-scores")
                .with("unit", placed.fact.unit.as_str())
                .with("score", score)
                .with("rank", *rank as usize)
                .with("place", place as usize);
            faults.push(warning(placed, "rank", rank.to_string(), message));
        }
    }
    faults
}

/// What a table of categories says against itself: shares that are not count ÷ total at the digits printed, counts
/// above their total, totals that differ.
pub fn contradictions_of_shares(rows: &[Placed<ShareRow>]) -> Vec<RowFault> {
    let mut blocks: BTreeMap<(Month, &str), Vec<&Placed<ShareRow>>> = BTreeMap::new();
    for placed in rows {
        blocks
            .entry((placed.fact.period, &placed.fact.block))
            .or_default()
            .push(placed);
    }
    blocks
        .into_values()
        .flat_map(|block| contradictions_of_block(&block))
        .collect()
}

fn contradictions_of_block(rows: &[&Placed<ShareRow>]) -> Vec<RowFault> {
    let mut faults = Vec::new();
    let sum: u64 = rows.iter().map(|placed| u64::from(placed.fact.count)).sum();
    let printed = rows.iter().find_map(|placed| placed.fact.total);
    for placed in rows {
        let ShareRow {
            category,
            count,
            share,
            total,
            ..
        } = &placed.fact;
        if let (Some(first), Some(total)) = (printed, total)
            && first != *total
        {
            let message = Message::new("evidence-totals-differ")
                .with("total", *total as usize)
                .with("other", first as usize);
            faults.push(warning(placed, "total", total.to_string(), message));
        }
        let (Some(total), Some(share)) = (total.or(printed), share) else {
            continue;
        };
        let Some(exact) = Points::ratio(i64::from(*count) * 100, i64::from(total)) else {
            continue;
        };
        let right = exact.round(share.decimals, Mode::HalfUp);
        if right != share.percent {
            let message = Message::new("evidence-share-against-count")
                .with("category", category.as_str())
                .with("printed", share.percent.display(share.decimals))
                .with("count", *count as usize)
                .with("total", total as usize)
                .with("right", right.display(share.decimals));
            faults.push(warning(placed, "share", share.to_string(), message));
        }
    }
    if let (Some(total), Some(last)) = (printed, rows.last())
        && sum > u64::from(total)
    {
        let message = Message::new("evidence-counts-above-total")
            .with("sum", sum as usize)
            .with("total", total as usize);
        faults.push(warning(last, "total", total.to_string(), message));
    }
    faults
}

fn warning<T>(placed: &Placed<T>, column: &str, text: String, message: Message) -> RowFault {
    RowFault {
        row: placed.row,
        column: placed.origin.title(column).to_owned(),
        text,
        ..RowFault::of_sheet(&placed.origin.sheet, message)
    }
    .as_warning()
}

/// The tables as they are kept: rows as printed, with what contradicts itself in them.
pub fn tables(
    series: &str,
    boards: &[Placed<BoardRow>],
    shares: &[Placed<ShareRow>],
) -> Vec<BoardTable> {
    let mut by_month: BTreeMap<Month, Vec<Placed<BoardRow>>> = BTreeMap::new();
    for placed in boards {
        by_month
            .entry(placed.fact.period)
            .or_default()
            .push(placed.clone());
    }
    let boards = by_month.into_iter().map(|(month, rows)| {
        let printed = rows.iter().map(|Placed { fact, .. }| {
            json!({ "unit": fact.unit, "score": fact.printed, "rank": fact.rank })
        });
        let source = rows[0].fact.source.clone();
        let body = body(printed.collect(), contradictions_of_ranks(&rows));
        (month, "boards".to_owned(), source, body)
    });
    let mut by_block: BTreeMap<(Month, String), Vec<Placed<ShareRow>>> = BTreeMap::new();
    for placed in shares {
        let block = (placed.fact.period, placed.fact.block.clone());
        by_block.entry(block).or_default().push(placed.clone());
    }
    let shares = by_block.into_iter().map(|((month, block), rows)| {
        let printed = rows.iter().map(|Placed { fact, .. }| {
            let share = fact.share.as_ref().map(|share| share.to_string());
            json!({ "category": fact.category, "count": fact.count, "share": share, "total": fact.total })
        });
        let source = rows[0].fact.source.clone();
        let body = body(printed.collect(), contradictions_of_shares(&rows));
        let name = if block.is_empty() { "shares".to_owned() } else { format!("shares:{block}") };
        (month, name, source, body)
    });
    boards
        .chain(shares)
        .map(|(month, name, source, body)| BoardTable {
            series: series.to_owned(),
            month: month.to_string(),
            name,
            source,
            body,
        })
        .collect()
}

fn body(rows: Vec<Value>, contradictions: Vec<RowFault>) -> String {
    let said = contradictions.iter().map(|fault| {
        json!({
            "zh": Language::Chinese.message(&fault.message),
            "en": Language::English.message(&fault.message),
        })
    });
    json!({ "rows": rows, "contradictions": said.collect::<Vec<_>>() }).to_string()
}
