//! Words for people, looked up in `locales/{zh-CN,en}/*.ftl`.

use std::borrow::Cow;
use std::collections::HashMap;

use assessment::message::{Arg, Message, Words};
use fluent_templates::{LanguageIdentifier, Loader, fluent_bundle::FluentValue, langid, static_loader};
use serde::{Deserialize, Serialize};

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
    pub fn say<const N: usize>(self, key: &str, args: [(&'static str, FluentValue<'_>); N]) -> String {
        let args: HashMap<Cow<'static, str>, FluentValue> = args.into_iter().map(|(name, value)| (name.into(), value)).collect();
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
        let args = message.args.iter().map(|(name, arg)| (Cow::Borrowed(*name), self.value(arg))).collect();
        LOCALES.lookup_with_args(self.identifier(), message.key, &args)
    }

    fn value(self, arg: &Arg) -> FluentValue<'static> {
        match (arg, self) {
            // Whole numbers choose between singular and plural; others are text, to stay exact.
            (Arg::Number(number), _) => number.parse::<i32>().map_or_else(|_| number.clone().into(), FluentValue::from),
            (Arg::Month(month), Self::Chinese) => format!("{}年{}月", month.year(), month.month()).into(),
            (Arg::Words(words), Self::English) => words.en.clone().into(),
            (Arg::Words(words), Self::Chinese) => words.zh.clone().into(),
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn keys(language: &str) -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language);
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
        assert_eq!(chinese.symmetric_difference(&english).collect::<Vec<_>>(), Vec::<&String>::new());
    }

    #[test]
    fn sentences_carry_no_invisible_marks() {
        let said = Language::Chinese.say("bulletin-money", [("yuan", "100".into())]);
        assert_eq!(said, "100元");
    }
}
