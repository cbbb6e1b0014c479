//! Boards as they were printed.

use super::super::board::{contradictions_of_ranks, contradictions_of_shares};
use super::super::*;
use super::content;
use crate::datum::Datum;
use crate::words::Language;

const SCORES: &str = include_str!("../../../../../data/boards/scores.csv");
const SHARES: &str = include_str!("../../../../../data/boards/shares.csv");

fn contradictions(name: &str, text: &str) -> Vec<RowFault> {
    let content = content(name, text, Datum::Wgs84).unwrap();
    assert_eq!(content.faults, []);
    let mut found = contradictions_of_ranks(&content.rows.boards);
    found.extend(contradictions_of_shares(&content.rows.shares));
    found
}

#[test]
fn the_misprinted_share_is_reported_and_kept() {
    let found = contradictions("shares.csv", SHARES);
    let shown: Vec<String> = found.iter().map(RowFault::to_string).collect();
    assert_eq!(
        shown,
        ["shares.csv 14:share warning evidence-share-against-count\
          {category=自管型小区,printed=16.42,count=156,total=727,right=21.46} «16.42%»"]
    );
    assert_eq!(
        found[0].say(Language::Chinese),
        "shares.csv 第 14 行“share”列“16.42%”：自管型小区 印为 16.42%，而 156 ÷ 727 是 21.46%。照原样保存。"
    );
    let content = content("shares.csv", SHARES, Datum::Wgs84).unwrap();
    let kept = &content.rows.shares.last().unwrap().fact;
    assert_eq!(kept.share.as_ref().unwrap().percent.display(2), "16.42");
}

#[test]
fn the_published_ranks_follow_the_scores() {
    assert_eq!(contradictions("scores.csv", SCORES), []);
    let wrong = SCORES.replace("嘉鱼县,94.68,1,", "嘉鱼县,94.59,1,");
    let found = contradictions("scores.csv", &wrong);
    let shown: Vec<(usize, String)> = found
        .iter()
        .map(|fault| (fault.row, fault.message.to_string()))
        .collect();
    assert_eq!(
        shown,
        [
            (
                2,
                "evidence-rank-against-scores{unit=嘉鱼县,score=94.59,rank=1,place=2}".to_owned()
            ),
            (
                3,
                "evidence-rank-against-scores{unit=中心城区,score=94.6,rank=2,place=1}".to_owned()
            ),
        ]
    );
}

#[test]
fn equal_scores_may_share_a_place() {
    let text = "period,unit,score,rank\n2022-08,甲,90,1\n2022-08,乙,90.0,1\n2022-08,丙,89,3\n";
    assert_eq!(contradictions("boards.csv", text), []);
}

#[test]
fn totals_must_hold_their_categories() {
    let text = "period,category,count,share,total\n2022-08,甲,60,60%,100\n2022-08,乙,50,50.0%,100\n2022-08,丙,1,,90\n";
    let shown: Vec<String> = contradictions("shares.csv", text)
        .iter()
        .map(|fault| fault.message.to_string())
        .collect();
    assert_eq!(
        shown,
        [
            "evidence-totals-differ{total=90,other=100}",
            "evidence-counts-above-total{sum=111,total=100}"
        ]
    );
}
