//! What a model is asked: rules it keeps, and everything that people wrote as data beside them. Pure.

use flow::assistant::{SOURCE_CHARS, Source};
use kernel::{Date, Lang};
use knowledge::Found;
use models::{Message, Request, Tool};
use serde_json::{Value, json};

use crate::{Body, Message as Row};

/// The rules, with places for what differs; `prompts/assistant.md`.
const RULES: &str = include_str!("../../prompts/assistant.md");

/// Characters of what the author of the bot says at most.
const INSTRUCTIONS_CHARS: usize = 4_000;
/// Characters of what was said before at most, the latest first.
const EARLIER_CHARS: usize = 3_000;
/// Characters of a question at most.
pub(super) const QUESTION_CHARS: usize = 2_000;
/// Tokens of an answer at most. A few sentences take some two hundred; models that think before they write count that, too.
const OUTPUT_TOKENS: u32 = 4_000;
/// Digits of a number that stays here: phones and cards that people typed are nobody else's business.
const PRIVATE_DIGITS: usize = 9;

/// What an answer is made of.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// Whose bot it is.
    pub(super) business: String,
    pub(super) today: Date,
    pub(super) lang: Lang,
    pub(super) instructions: String,
    /// What was said before, oldest first.
    pub(super) earlier: Vec<Earlier>,
    pub(super) question: String,
}

/// Something that was said before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Earlier {
    pub(super) is_person: bool,
    pub(super) text: String,
}

impl Asked {
    /// The first question to the model.
    pub(super) fn request(&self, found: &[Found], tools: Vec<Tool>) -> Request {
        Request {
            system: self.rules(),
            messages: vec![Message::User(self.data(found).to_string()), Message::User(self.question.clone())],
            tools,
            may_call: true,
            output_tokens_at_most: OUTPUT_TOKENS,
            time_at_most: None,
        }
    }

    fn rules(&self) -> String {
        let language = match self.lang {
            Lang::Uz => "Uzbek",
            Lang::Ru => "Russian",
            Lang::En => "English",
        };
        RULES
            .replace("{business}", &one_line(&self.business))
            .replace("{today}", &self.today.to_string())
            .replace("{language}", language)
            .replace(
                "{instructions}",
                &self.instructions.chars().take(INSTRUCTIONS_CHARS).collect::<String>(),
            )
    }

    fn data(&self, found: &[Found]) -> Value {
        let passages = found.iter().enumerate().map(|(place, passage)| {
            let Found { title, page, heading, text, question, .. } = passage;
            json!({
                "number": place + 1, "title": title, "page": page, "heading": heading, "question": question, "text": text,
            })
        });
        let earlier = self.earlier.iter().map(|Earlier { is_person, text }| {
            json!({ "who": if *is_person { "person" } else { "you" }, "said": text })
        });
        json!({
            "passages": passages.collect::<Vec<_>>(),
            "earlier": earlier.collect::<Vec<_>>(),
        })
    }

    /// Everything that an answer may take links from.
    pub(super) fn material(&self, found: &[Found]) -> String {
        let mut material = format!("{}\n{}\n{}", self.instructions, self.question, self.today);
        for Found { text, question, title, .. } in found {
            for part in [title, text].into_iter().chain(question) {
                material.push('\n');
                material.push_str(part);
            }
        }
        material
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What was said in these rows before the question, oldest first.
pub(super) fn earlier(rows: &[Row], question: &str) -> Vec<Earlier> {
    let kept = |is_person, text: &str| Some(Earlier { is_person, text: without_private_numbers(text) });
    let said = |row: &Row| match &row.body {
        Body::In(flow::Input::Text(text)) => kept(true, text),
        Body::Out(flow::Reply::Message(message)) if !message.text.is_empty() => {
            kept(false, &message.text.text)
        }
        _ => None,
    };
    let question = without_private_numbers(question);
    let mut all: Vec<Earlier> = rows.iter().filter_map(said).collect();
    // The question stands among the rows already.
    if let Some(last) = all.iter().rposition(|one| one.is_person && one.text.trim() == question.trim()) {
        all.truncate(last);
    }
    let mut length = 0;
    let kept = all.iter().rev().take_while(|one| {
        length += one.text.chars().count();
        length <= EARLIER_CHARS
    });
    let mut kept: Vec<Earlier> = kept.cloned().collect();
    kept.reverse();
    kept
}

/// The words with long numbers left out.
fn without_private_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut number = String::new();
    // One more behind the text: a number may end it.
    for c in text.chars().map(Some).chain([None]) {
        match c {
            Some(c) if c.is_ascii_digit() || (!number.is_empty() && matches!(c, ' ' | '-' | '(' | ')')) => {
                number.push(c);
            }
            other => {
                let is_private = number.chars().filter(char::is_ascii_digit).count() >= PRIVATE_DIGITS;
                out.push_str(if is_private { "…" } else { &number });
                number.clear();
                out.extend(other);
            }
        }
    }
    out
}

/// A passage as a source of an answer.
pub(super) fn source(number: usize, found: &Found) -> Source {
    Source {
        number: i64::try_from(number).unwrap_or(0),
        title: found.title.clone(),
        page: found.page.map(i64::from),
        text: found.text.chars().take(SOURCE_CHARS).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_phones_and_cards_stay_here() {
        for (said, sent) in [
            ("Raqamim +998 90 123-45-67, Aziza", "Raqamim +…, Aziza"),
            ("8600 1234 5678 9012", "…"),
            ("Narxi 2 199 000 soʻm, №104", "Narxi 2 199 000 soʻm, №104"),
        ] {
            assert_eq!(without_private_numbers(said), sent);
        }
    }
}
