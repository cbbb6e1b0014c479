//! Phrases of the bulletin in one language, and the short text for a newspaper's front page.

use super::view::{
    AwardView, Both, BulletinView, ProblemsView, RankedView, RankingView, ShareView,
};
use crate::words::Language;

/// The most characters a front page gives us.
const NEWSPAPER_CHARACTERS: usize = 300;

/// The usual title: 关于2022年12月……结果的通报. `month` is `2022-12`.
pub fn title(evaluation: &Both, month: &str) -> Both {
    let title = |language: Language| {
        language.say(
            "bulletin-title",
            [
                ("month", month_words(month, language).into()),
                ("evaluation", evaluation.get(language).into()),
            ],
        )
    };
    Both::new(title(Language::Chinese), title(Language::English))
}

/// `2022-12` → 2022年12月; a text that is no month is shown as it is.
pub fn month_words(month: &str, language: Language) -> String {
    let Some((year, Ok(number))) = month
        .split_once('-')
        .map(|(year, number)| (year, number.parse::<u8>()))
    else {
        return month.to_owned();
    };
    language.say(
        "bulletin-month",
        [("year", year.into()), ("month", number.into())],
    )
}

/// `2023-01-09` → 2023年1月9日; a text that is no date is shown as it is.
pub fn date_words(date: &str, language: Language) -> String {
    let [year, month, day] = date.split('-').collect::<Vec<_>>()[..] else {
        return date.to_owned();
    };
    let (Ok(month), Ok(day)) = (month.parse::<u8>(), day.parse::<u8>()) else {
        return date.to_owned();
    };
    language.say(
        "bulletin-date",
        [
            ("year", year.into()),
            ("month", month.into()),
            ("day", day.into()),
        ],
    )
}

/// `2022-12-05 09:31` → 2022年12月5日 09:31; a text that is no moment is shown as it is.
pub fn moment_words(moment: &str, language: Language) -> String {
    match moment.split_once([' ', 'T']) {
        Some((date, time)) => format!("{} {time}", date_words(date, language)),
        None => date_words(moment, language),
    }
}

/// Texts strung together: 甲、乙 / A, B.
pub fn list(texts: impl IntoIterator<Item = String>, language: Language) -> String {
    texts
        .into_iter()
        .collect::<Vec<_>>()
        .join(&language.word("bulletin-list-mark"))
}

/// Names strung together.
pub fn names<'a>(names: impl IntoIterator<Item = &'a Both>, language: Language) -> String {
    list(
        names.into_iter().map(|name| name.get(language).to_owned()),
        language,
    )
}

/// An amount without its sign: 100万元, 5,200元.
pub fn money(yuan: &str, language: Language) -> String {
    let amount = yuan.trim_start_matches(['-', '+']);
    match amount
        .strip_suffix("0000")
        .filter(|wan| !wan.is_empty() && !amount.contains('.'))
    {
        Some(wan) => language.say(
            "bulletin-money-wan",
            [
                ("wan", grouped(wan).into()),
                ("yuan", grouped(amount).into()),
            ],
        ),
        None => language.say("bulletin-money", [("yuan", grouped(amount).into())]),
    }
}

/// What an award does to the purse: 奖励100万元, 扣缴60万元.
pub fn award(yuan: &str, language: Language) -> String {
    let key = if yuan.starts_with('-') {
        "bulletin-award-charged"
    } else {
        "bulletin-award-paid"
    };
    language.say(key, [("money", money(yuan, language).into())])
}

/// Digits in groups of three, sign and fraction untouched: `-1234567.5` → `-1,234,567.5`.
pub fn grouped(decimal: &str) -> String {
    let (sign, rest) =
        decimal.split_at(decimal.len() - decimal.trim_start_matches(['-', '+']).len());
    let (whole, fraction) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
    let mut text = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

/// `,比上月增加5个`; empty without a month to compare with.
pub fn count_change(change: Option<i64>, language: Language) -> String {
    let Some(change) = change else {
        return String::new();
    };
    let key = match change {
        1.. => "bulletin-count-more",
        0 => "bulletin-count-same",
        _ => "bulletin-count-fewer",
    };
    language.say(key, [("by", change.unsigned_abs().to_string().into())])
}

/// `,比上月下降0.37分`; empty without a month to compare with.
pub fn average_change(change: Option<&str>, language: Language) -> String {
    let Some(change) = change else {
        return String::new();
    };
    let key = if is_zero(change) {
        "bulletin-average-same"
    } else if change.starts_with('-') {
        "bulletin-average-down"
    } else {
        "bulletin-average-up"
    };
    language.say(key, [("by", change.trim_start_matches(['-', '+']).into())])
}

/// A change with its sign written out: `+0.12`, `-0.37`, `0.00`.
pub fn signed(change: &str) -> String {
    match change {
        change if change.starts_with(['-', '+']) || is_zero(change) => change.to_owned(),
        change => format!("+{change}"),
    }
}

fn is_zero(decimal: &str) -> bool {
    !decimal.contains(|c: char| c.is_ascii_digit() && c != '0')
}

/// The headings with most problems: 人行道秩序176个(占17.83%)、…….
pub fn largest(shares: &[ShareView], most: usize, language: Language) -> String {
    let share = |share: &ShareView| {
        language.say(
            "bulletin-share",
            [
                ("title", share.title.get(language).into()),
                ("count", share.count.to_string().into()),
                ("share", share.share.as_str().into()),
            ],
        )
    };
    list(
        shares
            .iter()
            .filter(|share| share.count > 0)
            .take(most)
            .map(share),
        language,
    )
}

/// A text for a newspaper's front page, most important things first. The Chinese text has at most
/// 300 characters: what does not fit any more is left out, sentence by sentence, never cut.
pub fn newspaper(view: &BulletinView, language: Language) -> String {
    let marks = marks(view, language);
    let limit = NEWSPAPER_CHARACTERS.saturating_sub(marks.chars().count());
    let mut text = String::new();
    for sentence in news(view, language) {
        if text.chars().count() + sentence.trim_end().chars().count() <= limit
            || language == Language::English
        {
            text.push_str(&sentence);
        }
    }
    format!("{marks}{}", text.trim_end())
}

fn marks(view: &BulletinView, language: Language) -> String {
    let watermarks = watermarks(view.synthetic, view.stamp.as_ref(), language);
    watermarks
        .into_iter()
        .map(|text| language.say("bulletin-news-mark", [("text", text.into())]))
        .collect()
}

/// What is printed across every page: that the data are synthetic, that the run is a what-if.
pub fn watermarks(synthetic: bool, stamp: Option<&Both>, language: Language) -> Vec<String> {
    let synthetic = synthetic.then(|| language.word("bulletin-synthetic"));
    synthetic
        .into_iter()
        .chain(stamp.map(|stamp| stamp.get(language).to_owned()))
        .collect()
}

fn news(view: &BulletinView, language: Language) -> Vec<String> {
    let mut sentences = standing(view, language);
    sentences.push(found("bulletin-news-problems", &view.problems, language));
    if !view.awards.is_empty() {
        let awards = list(
            view.awards
                .iter()
                .filter_map(|award| news_award(award, language)),
            language,
        );
        if !awards.is_empty() {
            sentences.push(language.say("bulletin-news-awards", [("awards", awards.into())]));
        }
    }
    if let Some(average) = &view.problems.average {
        let change = average_change(view.problems.average_change.as_deref(), language);
        sentences.push(language.say(
            "bulletin-news-average",
            [
                ("average", average.text.as_str().into()),
                ("change", change.into()),
            ],
        ));
    }
    let shares = largest(&view.problems.shares, 3, language);
    if !shares.is_empty() {
        sentences.push(language.say("bulletin-news-shares", [("shares", shares.into())]));
    }
    if let Some(red) = &view.red_property {
        sentences.push(found("bulletin-news-red", &red.problems, language));
    }
    if !view.rose.is_empty() {
        sentences.push(language.say(
            "bulletin-news-rose",
            [("units", names(&view.rose, language).into())],
        ));
    }
    sentences
}

fn standing(view: &BulletinView, language: Language) -> Vec<String> {
    let month = month_words(&view.month, language);
    let evaluation = view.evaluation.get(language);
    let mut sentences = Vec::new();
    match view.rankings.first().and_then(ends) {
        None => sentences.push(language.say(
            "bulletin-news-none",
            [("month", month.into()), ("evaluation", evaluation.into())],
        )),
        Some((first, last)) => {
            let units = names(first.iter().map(|row| &row.unit), language);
            sentences.push(language.say(
                "bulletin-news-first",
                [
                    ("month", month.into()),
                    ("evaluation", evaluation.into()),
                    ("units", units.into()),
                    ("score", first[0].score.text.as_str().into()),
                ],
            ));
            if first[0].place != last[0].place {
                let units = names(last.iter().map(|row| &row.unit), language);
                sentences.push(language.say(
                    "bulletin-news-last",
                    [
                        ("units", units.into()),
                        ("score", last[0].score.text.as_str().into()),
                    ],
                ));
            }
        }
    }
    if view.correction_of.is_some() {
        sentences.push(language.word("bulletin-news-correction"));
    }
    sentences
}

/// The rows that share the first place and those that share the last; None if nobody is ranked.
fn ends(ranking: &RankingView) -> Option<(Vec<&RankedView>, Vec<&RankedView>)> {
    let places = || ranking.rows.iter().filter_map(|row| row.place);
    let (first, last) = (places().min()?, places().max()?);
    let at = |place| {
        ranking
            .rows
            .iter()
            .filter(|row| row.place == Some(place))
            .collect()
    };
    Some((at(first), at(last)))
}

fn found(key: &str, problems: &ProblemsView, language: Language) -> String {
    let change = count_change(problems.count_change, language);
    language.say(
        key,
        [("count", problems.count.into()), ("change", change.into())],
    )
}

fn news_award(award: &AwardView, language: Language) -> Option<String> {
    let yuan = award.yuan.as_deref().filter(|yuan| !is_zero(yuan))?;
    let key = if yuan.starts_with('-') {
        "bulletin-news-award-charged"
    } else {
        "bulletin-news-award-paid"
    };
    Some(language.say(
        key,
        [
            ("unit", award.unit.get(language).into()),
            ("money", money(yuan, language).into()),
        ],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_speaks_in_ten_thousands_when_it_can() {
        let said = |yuan| {
            (
                money(yuan, Language::Chinese),
                money(yuan, Language::English),
            )
        };
        assert_eq!(said("1000000"), ("100万元".into(), "1,000,000 yuan".into()));
        assert_eq!(said("-50000"), ("5万元".into(), "50,000 yuan".into()));
        assert_eq!(
            said("-5200.50"),
            ("5,200.50元".into(), "5,200.50 yuan".into())
        );
        assert_eq!(
            said("12345678"),
            ("12,345,678元".into(), "12,345,678 yuan".into())
        );
        assert_eq!(said("0"), ("0元".into(), "0 yuan".into()));
        assert_eq!(said("0.0000"), ("0.0000元".into(), "0.0000 yuan".into()));
    }

    #[test]
    fn changes_say_their_direction() {
        assert_eq!(
            count_change(Some(-215), Language::Chinese),
            "，比上月减少215个"
        );
        assert_eq!(count_change(None, Language::Chinese), "");
        assert_eq!(
            average_change(Some("-0.00"), Language::Chinese),
            "，与上月持平"
        );
        assert_eq!(
            average_change(Some("1.82"), Language::Chinese),
            "，比上月提高1.82分"
        );
        assert_eq!(signed("1.82"), "+1.82");
        assert_eq!(signed("0.00"), "0.00");
    }
}
