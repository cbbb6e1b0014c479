//! What the rules say to people, without a human language: a key and its arguments.
//!
//! Whoever shows a message looks its key up in message files. Only words that a scheme or a
//! standard brings along ([`Words`]) already are in both languages.

use std::fmt;

use crate::month::Month;
use crate::points::Points;

/// A text in both languages, as the author of a scheme or a standard wrote it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Words {
    /// Chinese, always there.
    pub zh: String,
    /// English; repeats the Chinese where the author gave none.
    pub en: String,
}

impl Words {
    /// Both texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

/// One argument of a [`Message`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Arg {
    /// A name, an identifier, a quotation: shown as it is.
    Text(String),
    /// An exact number as text, a decimal or a fraction (see [`Points::to_exact_text`]).
    Number(String),
    /// A month.
    Month(Month),
    /// A text that exists in both languages.
    Words(Words),
    /// Money in fen, said as yuan.
    Fen(i128),
    /// A sentence within the sentence.
    Said(Box<Message>),
    /// Several of them, strung together as the language does.
    List(Vec<Arg>),
}

/// A sentence to be said in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Message {
    /// Names the sentence in the message files.
    pub key: &'static str,
    /// What the sentence speaks of, by name.
    pub args: Vec<(&'static str, Arg)>,
}

impl Message {
    /// A sentence without arguments.
    pub fn new(key: &'static str) -> Self {
        Self {
            key,
            args: Vec::new(),
        }
    }

    /// The same sentence with one more argument.
    pub fn with(mut self, name: &'static str, arg: impl Into<Arg>) -> Self {
        self.args.push((name, arg.into()));
        self
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Words> for Arg {
    fn from(words: Words) -> Self {
        Self::Words(words)
    }
}

impl From<Month> for Arg {
    fn from(month: Month) -> Self {
        Self::Month(month)
    }
}

impl From<Message> for Arg {
    fn from(message: Message) -> Self {
        Self::Said(Box::new(message))
    }
}

impl From<Vec<Arg>> for Arg {
    fn from(list: Vec<Arg>) -> Self {
        Self::List(list)
    }
}

impl From<&Points> for Arg {
    fn from(points: &Points) -> Self {
        Self::Number(points.to_exact_text())
    }
}

impl From<Points> for Arg {
    fn from(points: Points) -> Self {
        Self::from(&points)
    }
}

impl From<usize> for Arg {
    fn from(count: usize) -> Self {
        Self::Number(count.to_string())
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number.to_string())
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.zh)
    }
}

impl fmt::Display for Arg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Number(text) => f.write_str(text),
            Self::Month(month) => month.fmt(f),
            Self::Words(words) => words.fmt(f),
            Self::Fen(fen) => write!(f, "{fen} fen"),
            Self::Said(message) => message.fmt(f),
            Self::List(list) => {
                f.write_str("[")?;
                for (place, arg) in list.iter().enumerate() {
                    write!(f, "{}{arg}", if place == 0 { "" } else { "," })?;
                }
                f.write_str("]")
            }
        }
    }
}

/// For logs and tests: `key{name=value,…}`.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key)?;
        for (place, (name, arg)) in self.args.iter().enumerate() {
            write!(f, "{}{name}={arg}", if place == 0 { "{" } else { "," })?;
        }
        if self.args.is_empty() {
            Ok(())
        } else {
            f.write_str("}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_shows_its_key_and_arguments() {
        assert_eq!(
            Message::new("tie-rule-missing").to_string(),
            "tie-rule-missing"
        );
        let message = Message::new("not-valid")
            .with("month", "2022-03".parse::<Month>().unwrap())
            .with("points", "1/3".parse::<Points>().unwrap())
            .with("title", Words::new("方案", "scheme"))
            .with("count", 2usize);
        assert_eq!(
            message.to_string(),
            "not-valid{month=2022-03,points=1/3,title=方案,count=2}"
        );
    }
}
