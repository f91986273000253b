//! An answer to a question: a button's words, a typed value, a contact, a place, a file.

use kernel::{Date, Phone};
use serde_json::{Value, json};
use uztext::matches_answer;

use super::{Run, auto};
use crate::{
    blueprint::{Accept, Ask, Go, Handler, TextRule},
    format,
    input::{Input, Location, Media},
    limits::{ANSWER_CHARS_MAX, BUTTON_LABEL_CHARS_MAX, KEPT_TOGETHER_MS, TEXT_UTF16_MAX},
    phrase::Phrase,
    session::Issued,
};

/// Typed words without what no answer needs: white space around, control characters, more than a message can hold.
pub(super) fn tidy(text: &str) -> String {
    let kept = text.trim().chars().filter(|c| !c.is_control() || *c == '\n');
    kept.take(ANSWER_CHARS_MAX).collect()
}

impl<'b> Run<'b> {
    /// Takes an answer to the question that waits.
    pub(super) fn answer(&mut self, input: Input) {
        let Some((number, ask)) = self.question() else { return self.changed() };
        match (&input, &ask.accept) {
            (Input::Text(text), _) => self.answer_text(number, ask, text),
            (Input::Contact(contact), Accept::Any) => {
                self.accept(ask, json!({ "phone": contact.phone, "own": contact.own }));
            }
            (Input::Contact(contact), Accept::Contact { .. }) => match Phone::parse(&contact.phone) {
                _ if !contact.own => self.again(number, Phrase::ContactForeign),
                Ok(phone) => self.accept(ask, Value::from(phone.as_str())),
                Err(_) => self.again(number, ask.accept.expected()),
            },
            (Input::Location(place), Accept::Location { typed }) => {
                if let Some(typed) = typed {
                    self.session.variables.insert(typed.clone(), Value::Null);
                }
                self.accept(ask, place_value(*place));
            }
            (Input::Location(place), Accept::Any) => self.accept(ask, place_value(*place)),
            (Input::Media(media), Accept::Media { kinds }) if kinds.contains(&media.kind) => {
                self.accept(ask, media_value(media));
            }
            (Input::Media(media), Accept::Any) => self.accept(ask, media_value(media)),
            (Input::Media(_), Accept::Media { .. }) => self.again(number, Phrase::MediaExpected),
            (Input::Contact(_) | Input::Location(_) | Input::Media(_), _) => {
                self.unasked(number, ask, &input);
            }
            (Input::Button(_) | Input::Command { .. } | Input::Language(_) | Input::Timeout, _) => {}
        }
    }

    fn answer_text(&mut self, number: usize, ask: &'b Ask, text: &str) {
        if self.answer_label(ask, text) {
            return;
        }
        if text.is_empty() {
            return self.again(number, ask.accept.expected());
        }
        match &ask.accept {
            Accept::Buttons => self.unasked(number, ask, &Input::Text(text.to_owned())),
            Accept::Text { min, max, rule } => {
                let chars = text.chars().count();
                if chars < *min {
                    self.again_range(number, Phrase::TextShort, &json!(min), &json!(max));
                } else if chars > *max {
                    self.again_range(number, Phrase::TextLong, &json!(min), &json!(max));
                } else if !rule.fits(text) {
                    self.again_range(number, Phrase::TextMalformed, &json!(min), &json!(max));
                } else {
                    self.accept(ask, Value::from(text));
                }
            }
            Accept::Number { min, max, places } => match read_number(text, *places) {
                Some(value) if (*min..=*max).contains(&value) => self.accept(ask, Value::from(value)),
                read => {
                    let phrase = if read.is_some() { Phrase::NumberRange } else { Phrase::NumberExpected };
                    let (min, max) = (self.written(*min, *places), self.written(*max, *places));
                    self.again_range(number, phrase, &min, &max);
                }
            },
            Accept::Any => self.accept(ask, json!({"text": text})),
            Accept::Contact { typed } => match Phone::parse(text) {
                Ok(phone) if *typed => self.accept(ask, Value::from(phone.as_str())),
                _ => self.again(number, Phrase::ContactExpected),
            },
            Accept::Location { typed: Some(typed) } => {
                self.session.variables.insert(typed.clone(), Value::from(text));
                self.accept(ask, Value::Null);
            }
            Accept::Location { typed: None } => self.again(number, Phrase::LocationExpected),
            Accept::Media { .. } => self.again(number, Phrase::MediaExpected),
            Accept::Date { min, max, .. } => {
                let today = self.now.zone.date(self.now.at).naive();
                let (min, max) = (min.on(today), max.on(today));
                match Date::parse(text).map(Date::naive) {
                    Ok(date) if (min..=max).contains(&date) => {
                        self.accept(ask, Value::from(date.to_string()))
                    }
                    Ok(_) => {
                        let (min, max) = (Value::from(min.to_string()), Value::from(max.to_string()));
                        self.again_range(number, Phrase::DateRange, &min, &max);
                    }
                    Err(_) => self.again(number, Phrase::DateExpected),
                }
            }
        }
    }

    /// Takes typed words that are those of a button: "back" and "home" anywhere, the buttons of this question, and, where
    /// the question takes answers nobody asked for, home's keyboard, which is still shown.
    fn answer_label(&mut self, ask: &'b Ask, text: &str) -> bool {
        if text.chars().count() > BUTTON_LABEL_CHARS_MAX {
            return false;
        }
        let only_buttons = matches!(ask.accept, Accept::Buttons);
        let place = self.session.question.as_ref().map(|question| question.step.clone()).unwrap_or_default();
        let board = self.session.boards.back().filter(|board| self.session.board_turn == Some(board.turn));
        let inline = board.map(|board| (&board.place, &board.buttons));
        let shown = self.session.reply_board.as_ref();
        // Only home's buttons outlive their question: a "yes" typed twice must not be two.
        let home = self.blueprint.steps.get(self.blueprint.home).map(|home| home.place.as_str());
        let shown = shown.filter(|shown| {
            shown.place == place || (only_buttons && ask.free && home == Some(shown.place.as_str()))
        });
        let reply = shown.map(|shown| (&shown.place, &shown.buttons));
        let labels = || {
            let boards = inline.into_iter().chain(reply);
            boards.flat_map(|(place, buttons)| buttons.iter().map(move |issued| (place, issued)))
        };
        let found = labels().find(|(_, issued)| issued.label == text);
        let found = found.or_else(|| labels().find(|(_, issued)| matches_answer(text, &issued.label)));
        let found = found
            .or_else(|| labels().find(|(_, issued)| is_option(issued) && is_either(text, &issued.label)));
        if let Some((place, issued)) = found {
            let (place, issued) = (place.clone(), issued.clone());
            return self.press_label(&place, issued);
        }
        for (phrase, go) in [(Phrase::Back, Go::Back), (Phrase::Home, Go::Home)] {
            let label = self.phrase_template(phrase).plain(self.writing(), &self.scope());
            if label == text || matches_answer(text, &label) {
                self.walk(go);
                return true;
            }
        }
        false
    }

    /// Keeps the answer and goes on.
    fn accept(&mut self, ask: &'b Ask, value: Value) {
        if let Some(save) = &ask.save {
            self.session.variables.insert(save.clone(), value);
        }
        self.pass();
        self.walk(ask.go);
    }

    /// An answer that the question did not ask for: the blueprint may say what it means everywhere, and may keep it wherever
    /// it comes.
    fn unasked(&mut self, number: usize, ask: &'b Ask, input: &Input) {
        let Some(handler) = self.blueprint.on.handler(input) else {
            return self.again(number, ask.accept.expected());
        };
        if let Some(list) = handler.list().filter(|_| ask.keeps) {
            if !self.session.keep(list, input.clone()) {
                return self.again(number, Phrase::KeptFull);
            }
            let now_ms = self.now.at.as_millis();
            let before = self.session.kept_at_ms.replace(now_ms);
            if !ask.free {
                let is_asked = before.is_some_and(|before| now_ms.saturating_sub(before) < KEPT_TOGETHER_MS);
                if !is_asked {
                    self.again(number, Phrase::Kept);
                }
                return;
            }
        }
        let value = match input {
            Input::Text(text) => Some(Value::from(text.as_str())),
            Input::Contact(contact) => Phone::parse(&contact.phone).ok().map(|phone| phone.as_str().into()),
            Input::Location(place) => Some(place_value(*place)),
            Input::Media(media) => Some(media_value(media)),
            _ => None,
        };
        let is_taken = ask.free && (value.is_some() || handler.save.is_none());
        if !is_taken {
            return self.again(number, ask.accept.expected());
        }
        if let Some(save) = &handler.save {
            self.session.variables.insert(save.clone(), value.unwrap_or_default());
        }
        self.follow(handler);
    }

    /// Goes where an answer leads that nobody asked for.
    pub(super) fn follow(&mut self, handler: &'b Handler) {
        self.assign(&handler.set);
        self.pass();
        self.walk(Go::Step(handler.go));
    }

    fn again(&mut self, number: usize, phrase: Phrase) {
        self.again_range(number, phrase, &Value::Null, &Value::Null);
    }

    /// Says what was wrong, in the step's own words when it has them, and asks again.
    fn again_range(&mut self, number: usize, phrase: Phrase, min: &Value, max: &Value) {
        let own = self.question().and_then(|(_, ask)| ask.error.as_ref());
        // A foreign contact is refused in words of its own whatever the step says; what is kept is no wrong answer.
        let own = own.filter(|_| !matches!(phrase, Phrase::ContactForeign | Phrase::Kept | Phrase::KeptFull));
        let template = own.map_or_else(|| self.phrase_template(phrase), |own| self.texts(own));
        let scope = self.scope();
        let scope = scope.with("min", min);
        let lead = template.rich(self.writing(), &scope.with("max", max), TEXT_UTF16_MAX / 2);
        self.show(number, Some(lead));
    }

    /// A bound of a number question as people write it.
    fn written(&self, value: i64, places: u32) -> Value {
        Value::from(match places {
            2 => format::som(self.lang, value),
            3 => format::quantity(self.lang, value),
            _ => format::number(self.lang, value),
        })
    }
}

impl Accept {
    /// What to say to an answer of another kind.
    const fn expected(&self) -> Phrase {
        match self {
            Self::Buttons => Phrase::Unknown,
            Self::Text { .. } | Self::Any => Phrase::TextExpected,
            Self::Number { .. } => Phrase::NumberExpected,
            Self::Contact { .. } => Phrase::ContactExpected,
            Self::Location { .. } => Phrase::LocationExpected,
            Self::Media { .. } => Phrase::MediaExpected,
            Self::Date { .. } => Phrase::DateExpected,
        }
    }
}

impl TextRule {
    fn fits(self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Digits => text.chars().all(|c| c.is_ascii_digit()),
            Self::Name => {
                let allowed =
                    |c: char| c.is_alphabetic() || uztext::is_apostrophe(c) || matches!(c, ' ' | '-' | '.');
                text.chars().any(char::is_alphabetic) && text.chars().all(allowed)
            }
            Self::Email => text.split_once('@').is_some_and(|(name, host)| {
                let plain = |c: char| !c.is_whitespace() && c != '@' && !c.is_control();
                let dotted = host.split('.').count() >= 2 && host.split('.').all(|part| !part.is_empty());
                !name.is_empty()
                    && dotted
                    && text.chars().filter(|c| *c != '@').all(plain)
                    && !host.contains('@')
            }),
        }
    }
}

/// Whether the button is an option of a choice.
fn is_option(issued: &Issued) -> bool {
    issued.id == auto::OPTION || issued.id.starts_with('=')
}

/// Whether the words are one of the two parts of a label such as `2. Delivery`.
fn is_either(text: &str, label: &str) -> bool {
    let Some((number, name)) = label.split_once(". ") else { return false };
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    is_number && (text.trim_end_matches(['.', ')']) == number || matches_answer(text, name))
}

fn place_value(place: Location) -> Value {
    let Location { latitude_e6, longitude_e6 } = place;
    json!({ "latitude_e6": latitude_e6, "longitude_e6": longitude_e6 })
}

fn media_value(media: &Media) -> Value {
    let Media { kind, file, caption } = media;
    json!({ "kind": kind.name(), "file": file, "caption": tidy(caption) })
}

/// `12 000`, `1,5`, `-3` as a count of `10^-places`.
fn read_number(text: &str, places: u32) -> Option<i64> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
    let (whole, fraction) = digits.split_once(['.', ',']).unwrap_or((&digits, ""));
    let negative = whole.starts_with('-');
    let whole = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    let all_digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    let width = usize::try_from(places).ok()?;
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || fraction.len() > width {
        return None;
    }
    let value: i64 = format!("{whole}{fraction:0<width$}").parse().ok()?;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, places, expected) in [
            ("12 000", 0, Some(12_000)),
            ("1,5", 3, Some(1_500)),
            ("2.50", 2, Some(250)),
            ("-3", 0, Some(-3)),
            ("+3", 0, Some(3)),
            ("1.5", 0, None),
            ("1,2345", 3, None),
            ("", 0, None),
            ("uch", 0, None),
            ("--1", 0, None),
            ("99999999999999999999", 0, None),
        ] {
            assert_eq!(read_number(text, places), expected, "{text}");
        }
    }

    #[test]
    fn rules_of_texts_hold() {
        assert!(TextRule::Name.fits("Oʻktam O'g'li-Каримов"));
        assert!(!TextRule::Name.fits("Ali 2") && !TextRule::Name.fits("--"));
        assert!(TextRule::Email.fits("ali@shop.uz"));
        for wrong in ["ali", "@shop.uz", "ali@shop", "ali@", "a b@shop.uz", "a@b@c.uz", "ali@.uz"] {
            assert!(!TextRule::Email.fits(wrong), "{wrong}");
        }
        for typed in ["2", "2.", "2)", "delivery", "Delivery"] {
            assert!(is_either(typed, "2. Delivery"), "{typed}");
        }
        for typed in ["", "1", "22", "deliver", "the delivery", "2 delivery?"] {
            assert!(!is_either(typed, "2. Delivery"), "{typed}");
        }
        assert!(!is_either("Ali", "A. Ali") && !is_either("", ". "));
        assert_eq!(tidy("  a\0b\nc\u{7}  "), "ab\nc");
    }
}
