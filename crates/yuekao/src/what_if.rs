//! A what-if for readers. Everything it says carries the stamp that it is none of the results.

pub mod sheets;

use assessment::{
    facts::Facts,
    message::{Arg, Message},
    month::Month,
    rules::Rules,
    scheme::Scheme,
    what_if::{MonthChange, PlaceChange, RankingChange, Replay, Rule, Standpoint},
};
use serde::Serialize;

use crate::{
    rules::{padded, width},
    words::Language,
};

/// A draft on its way through past months, from the command line as from the desk.
#[derive(Debug)]
pub struct Trial {
    replay: Replay,
    months: Vec<MonthChange>,
    left_out: Vec<Month>,
}

impl Trial {
    /// Begins with all months to come.
    pub fn new(draft: Rules, months: impl IntoIterator<Item = Month>) -> Self {
        Self {
            replay: Replay::new(draft, months),
            months: vec![],
            left_out: vec![],
        }
    }

    /// The rules that are tried.
    pub fn draft(&self) -> &Rules {
        self.replay.draft()
    }

    /// The next month: the rules that it had and what they looked at, and what the draft looks at.
    pub fn month(&mut self, before: (&Rules, &Facts), facts: &Facts, month: Month) {
        let change = self.replay.month_beside(before, facts, month);
        self.months.extend(change);
    }

    /// A month that had no rules to compare with.
    pub fn leave_out(&mut self, month: Month) {
        self.left_out.push(month);
    }

    /// Whether no month was tried yet.
    pub fn is_empty(&self) -> bool {
        self.months.is_empty()
    }

    /// What it came to so far, with refusals as those say them whom it is for.
    pub fn report(&self, language: Language, said: fn(Message) -> Message) -> Report {
        let draft = &self.draft().scheme;
        let silent = self.replay.silent();
        let report = Report::of(draft, &self.months, &silent, language, said);
        Report {
            left_out: self.left_out.iter().map(Month::to_string).collect(),
            ..report
        }
    }
}

/// Past months under a draft.
#[derive(Debug, Serialize)]
pub struct Report {
    /// 试算，不得公布.
    pub stamp: String,
    pub draft: String,
    pub months: Vec<MonthText>,
    /// Months in which no scheme of the series held.
    pub left_out: Vec<String>,
    /// All months together, by unit.
    pub money: Vec<MoneyText>,
    pub total: MoneyText,
    /// What never had an effect under the draft.
    pub silent: Vec<String>,
}

/// One month under both rules.
#[derive(Debug, Serialize)]
pub struct MonthText {
    pub month: String,
    /// Why there is no result under the rules it had, or under the draft.
    pub refused_before: Option<String>,
    pub refused_after: Option<String>,
    pub rankings: Vec<RankingText>,
}

#[derive(Debug, Serialize)]
pub struct RankingText {
    pub id: String,
    pub title: String,
    /// Group or parent's code, if tables are apart.
    pub table: Option<String>,
    pub first: Sides<Vec<String>>,
    pub last: Sides<Vec<String>>,
    pub places: Vec<PlaceText>,
}

/// The same under the rules as they were, and under the draft.
#[derive(Debug, Serialize)]
pub struct Sides<T> {
    pub before: T,
    pub after: T,
}

#[derive(Debug, Serialize)]
pub struct PlaceText {
    pub unit: String,
    pub name: String,
    pub place: Sides<Option<usize>>,
    /// As published.
    pub score: Sides<Option<String>>,
    pub moves: bool,
}

/// Money of one unit, in fen.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MoneyText {
    pub unit: String,
    pub name: String,
    pub before: i128,
    pub after: i128,
    pub difference: i128,
}

impl Report {
    /// `said`: how a refusal is said to those whom it is for, at the desk or on the command line.
    pub fn of(
        draft: &Scheme,
        months: &[MonthChange],
        silent: &[Rule],
        language: Language,
        said: fn(Message) -> Message,
    ) -> Self {
        let mut money: Vec<MoneyText> = vec![];
        for month in months {
            for (unit, (before, after)) in &month.money {
                let at = money.iter().position(|row| row.unit == *unit);
                let at = at.unwrap_or_else(|| {
                    let (unit, name) = (unit.clone(), named(month, unit));
                    money.push(MoneyText {
                        unit,
                        name,
                        ..MoneyText::default()
                    });
                    money.len() - 1
                });
                money[at].add(*before, *after);
            }
        }
        let mut total = MoneyText {
            name: language.word("what-if-total"),
            ..MoneyText::default()
        };
        money
            .iter()
            .for_each(|row| total.add(row.before, row.after));
        Self {
            stamp: language.word("what-if-stamp"),
            draft: draft.id.clone(),
            months: months
                .iter()
                .map(|month| month_text(month, language, said))
                .collect(),
            left_out: vec![],
            money,
            total,
            silent: silent
                .iter()
                .map(|rule| language.message(&rule.message(draft)))
                .collect(),
        }
    }

    /// As text; the stamp stands at both ends and over each month.
    pub fn text(&self, language: Language) -> String {
        let mut out = format!("【{}】 {}\n", self.stamp, self.draft);
        for month in &self.months {
            out += &format!("\n{}  【{}】\n", month.month, self.stamp);
            for (key, refused) in [
                ("what-if-refused-before", &month.refused_before),
                ("what-if-refused-after", &month.refused_after),
            ] {
                if let Some(why) = refused {
                    out += &format!("  {}\n", language.say(key, [("why", why.as_str().into())]));
                }
            }
            month
                .rankings
                .iter()
                .for_each(|ranking| ranking.write(&mut out, language));
        }
        if !self.left_out.is_empty() {
            let months = self.left_out.join(&language.word("explain-list-mark"));
            let said = language.say("what-if-left-out", [("months", months.into())]);
            out += &format!("\n{said}\n");
        }
        out += &format!("\n{}\n", language.word("what-if-money"));
        let head = [
            "what-if-unit",
            "what-if-before",
            "what-if-after",
            "what-if-difference",
        ];
        let mut table = vec![head.map(|key| language.word(key)).to_vec()];
        table.extend(
            self.money
                .iter()
                .chain([&self.total])
                .map(|row| row.cells(language)),
        );
        write_table(&mut out, &table);
        out += &format!("\n{}\n", language.word("what-if-silent"));
        if self.silent.is_empty() {
            out += &format!("  {}\n", language.word("what-if-none"));
        }
        for rule in &self.silent {
            out += &format!("  · {rule}\n");
        }
        out + &format!("\n【{}】\n", self.stamp)
    }
}

impl MoneyText {
    fn add(&mut self, before: i128, after: i128) {
        self.before += before;
        self.after += after;
        self.difference += after - before;
    }

    fn cells(&self, language: Language) -> Vec<String> {
        let amounts = self.amounts(language);
        [self.name.clone()].into_iter().chain(amounts).collect()
    }

    /// Before, after and the difference, for people.
    pub fn amounts(&self, language: Language) -> [String; 3] {
        [self.before, self.after, self.difference].map(|fen| language.arg(&Arg::Fen(fen)))
    }
}

fn named(month: &MonthChange, unit: &str) -> String {
    month
        .names
        .get(unit)
        .cloned()
        .unwrap_or_else(|| unit.to_owned())
}

fn month_text(month: &MonthChange, language: Language, said: fn(Message) -> Message) -> MonthText {
    let refused = |refusal: &Option<assessment::refusal::Refusal>| {
        let message: Option<Message> = refusal.as_ref().map(|refusal| refusal.message());
        message.map(|message| language.message(&said(message)))
    };
    MonthText {
        month: month.month.to_string(),
        refused_before: refused(&month.refused_before),
        refused_after: refused(&month.refused_after),
        rankings: month
            .rankings
            .iter()
            .map(|ranking| ranking_text(month, ranking, language))
            .collect(),
    }
}

fn ranking_text(month: &MonthChange, ranking: &RankingChange, language: Language) -> RankingText {
    let names = |units: Vec<&str>| units.into_iter().map(|unit| named(month, unit)).collect();
    let before: fn(&PlaceChange) -> Option<&Standpoint> = |row| row.before.as_ref();
    let after: fn(&PlaceChange) -> Option<&Standpoint> = |row| row.after.as_ref();
    let place = |row: &PlaceChange| {
        let score = |side: Option<&Standpoint>| side.and_then(|side| side.score.clone());
        PlaceText {
            unit: row.unit.clone(),
            name: named(month, &row.unit),
            place: Sides {
                before: before(row).and_then(|side| side.place),
                after: after(row).and_then(|side| side.place),
            },
            score: Sides {
                before: score(before(row)),
                after: score(after(row)),
            },
            moves: row.moves(),
        }
    };
    RankingText {
        id: ranking.id.clone(),
        title: language.arg(&Arg::Words(ranking.title.clone())),
        table: (ranking.table != "-").then(|| ranking.table.clone()),
        first: Sides {
            before: names(ranking.first(before)),
            after: names(ranking.first(after)),
        },
        last: Sides {
            before: names(ranking.last(before)),
            after: names(ranking.last(after)),
        },
        places: ranking.rows.iter().map(place).collect(),
    }
}

impl RankingText {
    /// Who stands first, or last, on both sides; once if they are the same.
    pub fn both(&self, sides: &Sides<Vec<String>>, language: Language) -> String {
        let mark = language.word("explain-list-mark");
        let or_dash = |names: &[String]| match names.is_empty() {
            true => "—".to_owned(),
            false => names.join(&mark),
        };
        match sides.before == sides.after {
            true => or_dash(&sides.after),
            false => format!("{} → {}", or_dash(&sides.before), or_dash(&sides.after)),
        }
    }

    /// How many units have another place.
    pub fn moving(&self) -> usize {
        self.places.iter().filter(|row| row.moves).count()
    }

    /// Who would have been first and last, a sentence each.
    pub fn ends(&self, language: Language) -> [String; 2] {
        let or_none = |names: &[String]| match names.is_empty() {
            true => language.word("what-if-none"),
            false => names.join(&language.word("explain-list-mark")),
        };
        let said = |key, sides: &Sides<Vec<String>>| {
            let args = [
                ("before", or_none(&sides.before).into()),
                ("after", or_none(&sides.after).into()),
            ];
            language.say(key, args)
        };
        [
            said("what-if-first", &self.first),
            said("what-if-last", &self.last),
        ]
    }

    fn write(&self, out: &mut String, language: Language) {
        let table = self
            .table
            .as_ref()
            .map_or(String::new(), |table| format!(" [{table}]"));
        *out += &format!("  {}{table}\n", self.title);
        for said in self.ends(language) {
            *out += &format!("    {said}\n");
        }
        let head = [
            "what-if-unit",
            "what-if-place",
            "what-if-score",
            "what-if-moved",
        ];
        let mut table = vec![head.map(|key| language.word(key)).to_vec()];
        table.extend(self.places.iter().map(|row| row.cells(language)));
        write_table(out, &table);
    }
}

impl PlaceText {
    fn cells(&self, language: Language) -> Vec<String> {
        let (place, score) = (self.places(), self.scores());
        vec![
            self.name.clone(),
            format!("{} → {}", place.before, place.after),
            format!("{} → {}", score.before, score.after),
            self.moved(language),
        ]
    }

    /// Places, a dash for none.
    pub fn places(&self) -> Sides<String> {
        let place =
            |place: Option<usize>| place.map_or("—".to_owned(), |place| place.to_string());
        Sides {
            before: place(self.place.before),
            after: place(self.place.after),
        }
    }

    /// Scores, a dash for none.
    pub fn scores(&self) -> Sides<String> {
        let score = |score: &Option<String>| score.clone().unwrap_or_else(|| "—".to_owned());
        Sides {
            before: score(&self.score.before),
            after: score(&self.score.after),
        }
    }

    /// Where it moves, in words; empty if it does not.
    pub fn moved(&self, language: Language) -> String {
        match (self.moves, self.place.before, self.place.after) {
            (false, ..) => String::new(),
            (true, Some(before), Some(after)) if after < before => {
                language.say("what-if-up", [("count", (before - after).into())])
            }
            (true, Some(before), Some(after)) => {
                language.say("what-if-down", [("count", (after - before).into())])
            }
            (true, _, Some(_)) => language.word("what-if-now-ranked"),
            (true, _, None) => language.word("what-if-no-more-ranked"),
        }
    }
}

fn write_table(out: &mut String, rows: &[Vec<String>]) {
    let wide = |column: usize| {
        rows.iter()
            .map(|row| width(&row[column]))
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..rows[0].len()).map(wide).collect();
    for row in rows {
        *out += &format!("    {}\n", padded(row, &widths));
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use assessment::{
        facts::Facts, month::Month, refusal::Refusal, rules::Rules, scheme, what_if::Replay,
    };

    use super::*;
    use crate::{evidence::folder, file};

    fn project() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    /// A shipped scheme as it is and with one passage changed, and the evidence of its golden month.
    fn tried(file: &str, golden: &str, old: &str, new: &str) -> (Rules, Rules, Facts) {
        let path = project().join("schemes").join(file);
        let before = file::rules(&path, None, &project().join("standards")).unwrap();
        let text = file::text(&path).unwrap();
        assert!(text.contains(old), "{old}");
        let draft = scheme::parse(&text.replacen(old, new, 1)).0.unwrap();
        let standard = draft.standard.as_ref().map(|id| {
            file::standard(&project().join("standards"), id)
                .unwrap()
                .unwrap()
        });
        let draft = Rules::new(draft, standard.as_ref()).unwrap();
        let (facts, _) = folder::read(&project().join("schemes/golden").join(golden)).unwrap();
        (before, draft, facts)
    }

    #[test]
    fn other_prizes_move_money_and_no_places() {
        let (before, draft, facts) = tried(
            "xianning/2022.toml",
            "xianning-2022",
            "1_000_000, 600_000, 300_000]",
            "1_200_000, 600_000, 300_000]",
        );
        let mut replay = Replay::new(draft, [month("2022-08")]);
        let change = replay.month(&before, &facts, month("2022-08")).unwrap();
        for language in [Language::Chinese, Language::English] {
            let report = Report::of(
                &replay.draft().scheme,
                std::slice::from_ref(&change),
                &replay.silent(),
                language,
                std::convert::identity,
            );
            assert_eq!((report.total.before, report.total.after), (0, 20_000_000));
            insta::assert_snapshot!(report.text(language));
        }
    }

    #[test]
    fn a_month_of_the_draft_is_the_history_of_the_next() {
        let (before, draft, facts) = tried(
            "chongyang/departments.toml",
            "chongyang-departments",
            "yuan = 200 }",
            "yuan = 300 }",
        );
        let mut replay = Replay::new(draft.clone(), [month("2021-03"), month("2021-04")]);
        let first = replay.month(&before, &facts, month("2021-03")).unwrap();
        assert!(first.refused_after.is_none());
        let second = replay.month(&before, &facts, month("2021-04")).unwrap();
        assert_eq!(second.refused_after, None);
        assert!(matches!(
            second.refused_before,
            Some(Refusal::OpeningBalanceMissing { .. })
        ));
        let report = Report::of(
            &replay.draft().scheme,
            std::slice::from_ref(&second),
            &replay.silent(),
            Language::Chinese,
            |message| Message {
                key: "rounds-opening-balance-missing",
                ..message
            },
        );
        let why = report.months[0].refused_before.as_deref().unwrap();
        assert!(why.contains("请先公布上一期"), "as pages say it: {why}");
        let drawn = first
            .money
            .values()
            .map(|(before, after)| (*before, *after));
        let (was, is) = drawn.fold((0, 0), |sum, next| (sum.0 + next.0, sum.1 + next.1));
        assert!(was < 0);
        assert_eq!(is * 2, was * 3);
    }

    #[test]
    fn a_quarterly_draft_has_rounds_in_last_months_only() {
        let (before, draft, facts) = tried(
            "chongyang/departments.toml",
            "chongyang-departments",
            "[cutoff]",
            "every = \"quarter\"\n[cutoff]",
        );
        let mut replay = Replay::new(draft, [month("2021-02"), month("2021-03")]);
        assert!(replay.month(&before, &facts, month("2021-02")).is_none());
        assert!(replay.month(&before, &facts, month("2021-03")).is_some());
    }
}
