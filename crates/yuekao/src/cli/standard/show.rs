//! One indicator, as people and programs read it.

use assessment::finding::{Severity, Word};
use assessment::indicator::{Indicator, Limit, Measure, Method, Opening, Standard, Worse};
use assessment::message::Words;
use serde_json::{Value, json};

use crate::standard::cases::CaseData;
use crate::words::Language;

/// A text in both languages, for programs.
pub fn both(words: &Words) -> Value {
    json!({ "zh": words.zh, "en": words.en })
}

/// What is needed to show an indicator.
pub struct View<'a> {
    pub standard: &'a Standard,
    pub cases: &'a CaseData,
    pub language: Language,
}

impl View<'_> {
    pub fn text(&self, indicator: &Indicator) -> String {
        let language = self.language;
        let assumed = if indicator.origin.assumed {
            language.word("standard-assumed")
        } else {
            String::new()
        };
        let mut text = format!(
            "{} {}{assumed}\n",
            indicator.id,
            language.of(&indicator.title)
        );
        let mut line = |key: &str, value: &str| {
            let pair = [("name", language.word(key).into()), ("value", value.into())];
            text += &format!("  {}\n", language.say("standard-pair", pair));
        };
        line("standard-requirement", language.of(&indicator.requirement));
        line(
            "standard-quality",
            &language.word(&format!("quality-{}", indicator.quality.word())),
        );
        line("standard-method", &self.method(&indicator.method));
        for severity in self.severities(indicator) {
            line("standard-severity", &severity);
        }
        line("standard-limit", &self.limit(indicator.limit));
        line(
            "standard-line",
            self.title(&self.standard.lines, &indicator.line),
        );
        line(
            "standard-aspect",
            self.title(&self.standard.aspects, &indicator.aspect),
        );
        line(
            "standard-heading",
            self.title(&self.standard.headings, &indicator.heading),
        );
        line("standard-opens", &self.opens(indicator.opens.as_ref()));
        line("standard-serves", &self.serves(indicator));
        text
    }

    pub fn json(&self, indicator: &Indicator) -> Value {
        let measure = match &indicator.method {
            Method::Observe(_) => None,
            Method::Measure(measure) => Some(measure),
        };
        let observe = match &indicator.method {
            Method::Observe(what) => Some(both(what)),
            Method::Measure(_) => None,
        };
        let by_severity = |of: &dyn Fn(Severity) -> Option<String>| {
            let given = Severity::WORDS
                .iter()
                .filter_map(|(word, severity)| Some(((*word).to_owned(), of(*severity)?.into())));
            Value::Object(given.collect())
        };
        json!({
            "id": indicator.id,
            "title": both(&indicator.title),
            "requirement": both(&indicator.requirement),
            "quality": indicator.quality.word(),
            "block": indicator.block,
            "aspect": indicator.aspect,
            "heading": indicator.heading,
            "line": indicator.line,
            "observe": observe,
            "measure": measure.map(|measure| json!({
                "what": both(&measure.what),
                "unit": measure.unit.word(),
                "worse": measure.worse.word(),
                "thresholds": by_severity(&|severity| measure.thresholds.of(severity).map(ToString::to_string)),
            })),
            "points": by_severity(&|severity| indicator.points.of(severity).map(ToString::to_string)),
            "limit": { "value": indicator.limit.value, "unit": indicator.limit.unit.word() },
            "opens": indicator.opens.as_ref().map(|opens| json!({ "category": opens.category, "condition": opens.condition })),
            "serves": indicator.serves,
            "assumed": indicator.origin.assumed,
        })
    }

    fn title<'s>(&self, list: &'s [assessment::indicator::Entry], id: &str) -> &'s str {
        list.iter()
            .find(|entry| entry.id == id)
            .map_or("", |entry| self.language.of(&entry.title))
    }

    fn method(&self, method: &Method) -> String {
        match method {
            Method::Observe(what) => self.language.say(
                "standard-observed",
                [("what", self.language.of(what).into())],
            ),
            Method::Measure(measure) => self.language.say(
                "standard-measured",
                [
                    ("what", self.language.of(&measure.what).into()),
                    ("unit", self.unit(measure).into()),
                ],
            ),
        }
    }

    fn unit(&self, measure: &Measure) -> String {
        self.language
            .word(&format!("measure-{}", measure.unit.word()))
    }

    fn severities(&self, indicator: &Indicator) -> Vec<String> {
        let one = |(word, severity): &(&str, Severity)| {
            let points = indicator.points.of(*severity)?;
            let (key, threshold) = match &indicator.method {
                Method::Observe(_) => ("standard-judged", String::new()),
                Method::Measure(measure) => {
                    let key = match measure.worse {
                        Worse::High => "standard-from",
                        Worse::Low => "standard-below",
                    };
                    let threshold = measure.thresholds.of(*severity)?;
                    (key, format!("{threshold} {}", self.unit(measure)))
                }
            };
            let args = [
                (
                    "severity",
                    self.language.word(&format!("severity-{word}")).into(),
                ),
                ("threshold", threshold.into()),
                ("points", points.to_string().into()),
            ];
            Some(self.language.say(key, args))
        };
        Severity::WORDS.iter().filter_map(one).collect()
    }

    fn limit(&self, limit: Limit) -> String {
        self.language.say(
            &format!("limit-{}", limit.unit.word()),
            [("value", limit.value.into())],
        )
    }

    /// The category with its codes and, where the case data know it, the limit of its condition.
    fn opens(&self, opens: Option<&Opening>) -> String {
        let Some(opens) = opens else {
            return self.language.word("standard-opens-nothing");
        };
        let name = self
            .cases
            .category(&opens.category)
            .map_or("", |name| self.language.of(name));
        let condition = opens.condition.as_deref().unwrap_or_default();
        let said = format!("{name} {} {condition}", opens.category);
        let limit = self
            .cases
            .condition(condition)
            .map(|condition| self.limit(condition.limit));
        match limit {
            None => said.trim().to_owned(),
            Some(limit) => self.language.say(
                "standard-opens-within",
                [("case", said.trim().into()), ("limit", limit.into())],
            ),
        }
    }

    fn serves(&self, indicator: &Indicator) -> String {
        if indicator.serves.is_empty() {
            return self.language.word("standard-serves-none");
        }
        let title = |served: &String| {
            let (list, item) = served.split_once('/').unwrap_or((served, ""));
            format!("{} {item}", self.title(&self.standard.outer, list))
                .trim()
                .to_owned()
        };
        let separator = self.language.word("standard-list-separator");
        indicator
            .serves
            .iter()
            .map(title)
            .collect::<Vec<_>>()
            .join(separator.trim_matches('|'))
    }
}
