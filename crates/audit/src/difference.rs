//! What changed between two states of a row, field by field. Pure.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Fields that one difference names at most; what is larger is read in the API.
const FIELDS_AT_MOST: usize = 200;

/// One field that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Change {
    /// Its path: `name`, `lines.0.quantity`.
    pub field: String,
    /// What it was; null where it was not there.
    pub before: Option<String>,
    /// What it is; null where it is no more.
    pub after: Option<String>,
}

/// The fields that differ, in the order of the newer state, then those that went. Lists of plain values are one
/// field, because people compare them as wholes.
pub fn difference(before: Option<&Value>, after: Option<&Value>) -> Vec<Change> {
    let (old, new) = (fields(before), fields(after));
    let was = |field: &str| old.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone());
    let stays = |field: &str| new.iter().any(|(name, _)| name == field);
    let came = new.iter().map(|(field, value)| Change {
        field: field.clone(),
        before: was(field),
        after: Some(value.clone()),
    });
    let went = old.iter().filter(|(field, _)| !stays(field)).map(|(field, value)| Change {
        field: field.clone(),
        before: Some(value.clone()),
        after: None,
    });
    came.chain(went).filter(|change| change.before != change.after).take(FIELDS_AT_MOST).collect()
}

/// The fields of a state with their values in words. A field without a value is as if it were absent.
fn fields(state: Option<&Value>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    if let Some(state) = state {
        flatten(String::new(), state, &mut out);
    }
    out
}

fn flatten(path: String, value: &Value, out: &mut Vec<(String, String)>) {
    let under = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Null => {}
        Value::Object(map) => map.iter().for_each(|(name, value)| flatten(under(name), value, out)),
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            items.iter().enumerate().for_each(|(place, item)| flatten(under(&place.to_string()), item, out));
        }
        Value::Array(items) => {
            let words: Vec<String> = items.iter().map(plain).collect();
            out.push((path, words.join(", ")));
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => out.push((path, plain(value))),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(before: Value, after: Value, expected: &[&str]) {
        let said: Vec<String> = difference(Some(&before), Some(&after))
            .into_iter()
            .map(|Change { field, before, after }| {
                let side = |side: Option<String>| side.unwrap_or_else(|| "—".to_owned());
                format!("{field}: {} → {}", side(before), side(after))
            })
            .collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn only_what_differs_is_named() {
        check(json!({"name": "A", "active": true}), json!({"name": "B", "active": true}), &["name: A → B"]);
        check(json!({"tin": null}), json!({"tin": "300000017"}), &["tin: — → 300000017"]);
        check(json!({"a": {"b": 1, "c": 2}}), json!({"a": {"b": 1}}), &["a.c: 2 → —"]);
        check(json!({"p": ["x", "y"]}), json!({"p": ["x"]}), &["p: x, y → x"]);
        check(
            json!({"l": [{"q": 1}]}),
            json!({"l": [{"q": 2}, {"q": 3}]}),
            &["l.0.q: 1 → 2", "l.1.q: — → 3"],
        );
        check(json!(3), json!(4), &[": 3 → 4"]);
        assert_eq!(difference(None, None), []);
    }
}
