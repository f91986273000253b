//! Values of a dialogue: JSON without floats. What counts as "yes", as empty, and how much a value weighs.

use serde_json::Value;

/// Whether a condition holds: nothing, `false`, zero, empty text and empty lists do not.
pub fn truth(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_i64() != Some(0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    }
}

/// How many elements a list has, characters a text, fields an object; zero of anything else.
pub fn count(value: &Value) -> usize {
    match value {
        Value::String(text) => text.chars().count(),
        Value::Array(items) => items.len(),
        Value::Object(fields) => fields.len(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// The integer a value is or spells.
pub fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// About as many bytes as the value takes when written as JSON.
pub fn weight(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 5,
        Value::Number(_) => 12,
        Value::String(text) => text.len() + 3,
        Value::Array(items) => items.iter().map(weight).sum::<usize>() + 2,
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| name.len() + 4 + weight(value)).sum::<usize>() + 2
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn emptiness_of_every_kind_is_no() {
        for empty in [json!(null), json!(false), json!(0), json!(""), json!([]), json!({})] {
            assert!(!truth(&empty), "{empty}");
        }
        for full in [json!(true), json!(-1), json!("0"), json!([null]), json!({"a": null})] {
            assert!(truth(&full), "{full}");
        }
    }

    #[test]
    fn a_value_weighs_at_least_what_it_takes_in_json() {
        for value in [json!({"items": [{"id": 12, "name": "Choynak"}, null, true]}), json!("a\nb"), json!([])]
        {
            assert!(weight(&value) + 4 >= serde_json::to_string(&value).unwrap().len(), "{value}");
        }
    }
}
