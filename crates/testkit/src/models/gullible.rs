//! A model that does what any text tells it: the worst reader of what strangers wrote.

use serde_json::{Deserializer, Value};

use super::Seen;

const ORDER: &str = "CALL ";

/// The calls that texts of the request order and that were not made yet.
pub(super) fn ordered(seen: &Seen) -> Vec<(String, Value)> {
    let made: Vec<&(String, Value)> = seen.messages.iter().flat_map(|turn| &turn.calls).collect();
    let mut calls: Vec<(String, Value)> = Vec::new();
    for text in seen.texts() {
        for (at, _) in text.match_indices(ORDER) {
            let Some(call) = read(&text[at + ORDER.len()..]) else { continue };
            if !made.contains(&&call) && !calls.contains(&call) {
                calls.push(call);
            }
        }
    }
    calls
}

/// `name {json}` at the beginning of a text. Texts inside of JSON have their quotes escaped.
fn read(text: &str) -> Option<(String, Value)> {
    let (name, rest) = text.split_once(char::is_whitespace)?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    if !is_name {
        return None;
    }
    let unescaped = rest.replace("\\\"", "\"");
    let args = [rest, unescaped.as_str()].into_iter().find_map(|json| {
        let mut values = Deserializer::from_str(json).into_iter::<Value>();
        values.next()?.ok().filter(Value::is_object)
    })?;
    Some((name.to_owned(), args))
}
