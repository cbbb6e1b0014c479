//! Texts as every database can hold them: PostgreSQL has no NUL.

use std::borrow::Cow;

use serde_json::Value;

/// NUL as JSON writes it.
const WRITTEN: &str = "\\u0000";

/// Whether a character is a control character, and neither a tab nor the end of a line.
pub fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

/// A text without control characters: a space stands for each, except for tabs and the ends of lines.
pub fn plain(text: &str) -> Cow<'_, str> {
    match text.contains(is_control) {
        true => text.replace(is_control, " ").into(),
        false => text.into(),
    }
}

/// Whether a JSON document may hold a text with a NUL.
pub(super) fn is_odd(document: &str) -> bool {
    document.contains(WRITTEN)
}

/// Makes every text of a JSON document plain.
pub fn make_plain(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(plain) = plain(text) {
                *text = plain;
            }
        }
        Value::Array(values) => values.iter_mut().for_each(make_plain),
        Value::Object(fields) => fields.values_mut().for_each(make_plain),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_stands_for_each_control_character_but_tabs_and_ends_of_lines() {
        for (text, is) in [
            ("发展大道", "发展大道"),
            ("发展\0大道\u{7f}", "发展 大道 "),
            ("一\t二\r\n三", "一\t二\r\n三"),
            ("\u{85}\u{1b}[31m", "  [31m"),
        ] {
            assert_eq!(plain(text), is);
        }
        let mut value = serde_json::json!({ "a": ["\0", 1, null], "b": { "c": "x" } });
        assert!(is_odd(&value.to_string()));
        make_plain(&mut value);
        assert_eq!(value.to_string(), r#"{"a":[" ",1,null],"b":{"c":"x"}}"#);
    }
}
