//! Words for people, looked up in `locales/{zh-CN,en}/*.ftl`.

use std::borrow::Cow;
use std::collections::HashMap;

use assessment::message::{Arg, Message, Words};
use assessment::points::Points;
use fluent_templates::{
    LanguageIdentifier, Loader, fluent_bundle::FluentValue, langid, static_loader,
};
use num_bigint::BigInt;
use serde::{Deserialize, Serialize};

use crate::bulletin::text;

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "zh-CN",
        // Isolation marks are invisible characters: they would be copied out of PDFs and pages.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static CHINESE: LanguageIdentifier = langid!("zh-CN");
static ENGLISH: LanguageIdentifier = langid!("en");

/// A language the product speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// 中文, what officials read; the default.
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// The word for `key`.
    pub fn word(self, key: &str) -> String {
        LOCALES.lookup(self.identifier(), key)
    }

    /// The sentence for `key`, its variables filled with `args`.
    pub fn say<const N: usize>(
        self,
        key: &str,
        args: [(&'static str, FluentValue<'_>); N],
    ) -> String {
        let args: HashMap<Cow<'static, str>, FluentValue> = args
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect();
        LOCALES.lookup_with_args(self.identifier(), key, &args)
    }

    /// The text of a pair that is in this language.
    pub fn of(self, words: &Words) -> &str {
        match self {
            Self::Chinese => &words.zh,
            Self::English => &words.en,
        }
    }

    /// The sentence for a message of the rules.
    pub fn message(self, message: &Message) -> String {
        let args = message
            .args
            .iter()
            .map(|(name, arg)| (Cow::Borrowed(*name), self.value(arg)))
            .collect();
        LOCALES.lookup_with_args(self.identifier(), message.key, &args)
    }

    /// One argument, as a sentence shows it.
    pub fn arg(self, arg: &Arg) -> String {
        match arg {
            Arg::Number(number) => number.clone(),
            arg => match self.value(arg) {
                FluentValue::String(text) => text.into_owned(),
                _ => arg.to_string(),
            },
        }
    }

    fn value(self, arg: &Arg) -> FluentValue<'static> {
        match (arg, self) {
            // Whole numbers choose between singular and plural; others are text, to stay exact.
            (Arg::Number(number), _) => number
                .parse::<i32>()
                .map_or_else(|_| number.clone().into(), FluentValue::from),
            (Arg::Month(month), Self::Chinese) => {
                format!("{}年{}月", month.year(), month.month()).into()
            }
            (Arg::Words(words), Self::English) => words.en.clone().into(),
            (Arg::Words(words), Self::Chinese) => words.zh.clone().into(),
            (Arg::Fen(fen), _) => money(*fen, self).into(),
            (Arg::Said(message), _) => self.message(message).into(),
            (Arg::List(list), _) => {
                let list: Vec<String> = list.iter().map(|arg| self.arg(arg)).collect();
                list.join(&self.word("explain-list-mark")).into()
            }
            (arg, _) => arg.to_string().into(),
        }
    }

    fn identifier(self) -> &'static LanguageIdentifier {
        match self {
            Self::Chinese => &CHINESE,
            Self::English => &ENGLISH,
        }
    }
}

/// An amount in fen, said in yuan: 100万元, 5,200元, 0.05元.
fn money(fen: i128, language: Language) -> String {
    let yuan = Points::from(BigInt::from(fen)) / Points::hundred();
    let sign = if fen < 0 { "−" } else { "" };
    sign.to_owned() + &text::money(&yuan.to_exact_text(), language)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn keys(language: &str) -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("locales")
            .join(language);
        fs::read_dir(folder)
            .unwrap()
            .flat_map(|file| {
                let file = file.unwrap();
                let name = file.file_name().into_string().unwrap();
                let text = fs::read_to_string(file.path()).unwrap();
                text.lines()
                    .filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()))
                    .map(|line| format!("{name}: {}", line.split('=').next().unwrap().trim()))
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        let (chinese, english) = (keys("zh-CN"), keys("en"));
        assert!(!chinese.is_empty());
        assert_eq!(
            chinese.symmetric_difference(&english).collect::<Vec<_>>(),
            Vec::<&String>::new()
        );
    }

    #[test]
    fn no_key_stands_in_two_files() {
        let keys = keys("zh-CN");
        let names = keys.iter().map(|key| key.split_once(": ").unwrap().1);
        let mut seen = BTreeSet::new();
        assert_eq!(
            names.filter(|name| !seen.insert(*name)).collect::<Vec<_>>(),
            Vec::<&str>::new()
        );
    }

    /// Literals of the core's sources that begin like a key of a message.
    fn keys_of_the_core(folder: &Path, keys: &mut BTreeSet<String>) {
        const KINDS: [&str; 26] = [
            "scheme-",
            "formula-",
            "refusal-",
            "working-",
            "explain-",
            "diff-",
            "about-",
            "match-",
            "word-",
            "term-",
            "rounding-",
            "money-",
            "who-",
            "what-",
            "members-",
            "aggregate-",
            "span-",
            "by-",
            "case-by-",
            "silent-",
            "read-",
            "toml-",
            "standard-",
            "calendar-",
            "deadline-",
            "condition-",
        ];
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                keys_of_the_core(&path, keys);
                continue;
            }
            if path.file_name().is_some_and(|name| name == "tests.rs") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let name =
                |literal: &&str| literal.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            let literals = code
                .split('"')
                .filter(name)
                .filter(|literal| KINDS.iter().any(|kind| literal.starts_with(kind)));
            keys.extend(literals.map(str::to_owned));
        }
    }

    #[test]
    fn every_message_of_the_core_has_its_sentence() {
        let mut keys = BTreeSet::new();
        keys_of_the_core(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("../assessment/src"),
            &mut keys,
        );
        assert!(keys.len() > 400, "{}", keys.len());
        let said = self::keys("zh-CN");
        let said: BTreeSet<&str> = said
            .iter()
            .map(|key| key.split_once(": ").unwrap().1)
            .collect();
        let silent = |key: &&String| !said.contains(key.as_str());
        assert_eq!(
            keys.iter().filter(silent).collect::<Vec<_>>(),
            Vec::<&String>::new()
        );
    }

    /// Half-width marks that touch a Chinese character, with what stands around them. What is meant for a file (“;”)
    /// stands alone within its quotation marks.
    pub(crate) fn half_width_marks(text: &str) -> Vec<String> {
        let chinese = |c: Option<&char>| {
            c.is_some_and(|c| {
                matches!(
                    c,
                    '\u{3400}'
                        ..='\u{9fff}'
                            | '《'
                            | '》'
                            | '【'
                            | '】'
                            | '（'
                            | '）'
                            | '，'
                            | '。'
                            | '；'
                            | '：'
                )
            })
        };
        let chars: Vec<char> = text.chars().collect();
        let found = chars.iter().enumerate().filter(|(at, mark)| {
            let before = at.checked_sub(1).and_then(|before| chars.get(before));
            let beside = chinese(before) || chinese(chars.get(at + 1));
            // Between two values the mark stands in a Chinese sentence too.
            let filled = before == Some(&'}') && chars.get(at + 1) == Some(&'{');
            matches!(mark, ',' | ';' | ':' | '(' | ')') && (beside || filled)
        });
        found
            .map(|(at, _)| {
                chars[at.saturating_sub(8)..(at + 9).min(chars.len())]
                    .iter()
                    .collect()
            })
            .collect()
    }

    #[test]
    fn chinese_sentences_have_chinese_marks() {
        assert_eq!(half_width_marks("甲,乙").len(), 1);
        assert_eq!(half_width_marks("{ $unit }:{ $month }").len(), 1);
        assert!(half_width_marks("甲，乙：postgres://host；多个用“;”隔开").is_empty());
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/zh-CN");
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            for (line, text) in fs::read_to_string(&path).unwrap().lines().enumerate() {
                let marks = half_width_marks(text);
                assert!(
                    marks.is_empty(),
                    "{}:{}: {marks:?}",
                    path.display(),
                    line + 1
                );
            }
        }
    }

    #[test]
    fn sentences_carry_no_invisible_marks() {
        let said = Language::Chinese.say("bulletin-money", [("yuan", "100".into())]);
        assert_eq!(said, "100元");
    }
}
