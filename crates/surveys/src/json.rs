//! JSON that outside programs hand in: kept as it came, within limits. Pure.

use kernel::{Checks, Text};
use serde_json::{Map, Value};

/// A JSON object whose keys stay in the order in which they came.
pub(crate) type Object = Map<String, Value>;

/// Bytes of one object, written as JSON.
pub(crate) const OBJECT_BYTES: usize = 16_384;
/// Keys of one object.
pub(crate) const OBJECT_KEYS: usize = 60;
/// Objects and lists within each other.
pub(crate) const OBJECT_DEPTH: usize = 6;

/// Says what is wrong with an object that is to be kept.
pub(crate) fn check(checks: &mut Checks, field: &str, object: &Object) {
    let keys = Text::new("surveys-json-too-many-keys").with("max", OBJECT_KEYS);
    checks.hold(object.len() <= OBJECT_KEYS, field, keys);
    let deepest = object.values().map(depth_of).max().unwrap_or(0) + 1;
    let depth = Text::new("surveys-json-too-deep").with("max", OBJECT_DEPTH);
    checks.hold(deepest <= OBJECT_DEPTH, field, depth);
    let bytes = serde_json::to_string(object).map_or(usize::MAX, |text| text.len());
    let size = Text::new("surveys-json-too-large").with("max", OBJECT_BYTES / 1_024);
    checks.hold(bytes <= OBJECT_BYTES, field, size);
    let readable = object.iter().all(|(key, value)| is_plain(key) && is_readable(value));
    checks.hold(readable, field, Text::new("kernel-text-has-control"));
}

/// Writes what was sent over what stands; a null says nothing.
pub(crate) fn over(stands: &Object, sent: &Object) -> Object {
    let mut whole = stands.clone();
    let said = sent.iter().filter(|(_, value)| !value.is_null());
    whole.extend(said.map(|(key, value)| (key.clone(), value.clone())));
    whole
}

/// The object that the store gives back.
pub(crate) fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}

fn depth_of(value: &Value) -> usize {
    let within = match value {
        Value::Object(map) => map.values().map(depth_of).max(),
        Value::Array(list) => list.iter().map(depth_of).max(),
        _ => return 0,
    };
    1 + within.unwrap_or(0)
}

fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

fn is_readable(value: &Value) -> bool {
    match value {
        Value::String(text) => is_plain(text),
        Value::Array(list) => list.iter().all(is_readable),
        Value::Object(map) => map.iter().all(|(key, value)| is_plain(key) && is_readable(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn refused(value: Value, expected: &[&str]) {
        let mut checks = Checks::new();
        check(&mut checks, "answers", &object(value));
        let error = checks.done().unwrap_err();
        let found: Vec<_> = error.field_errors().iter().map(|error| error.text.key()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_kept_has_limits() {
        refused(json!({"a": [[[[[[1]]]]]]}), &["surveys-json-too-deep"]);
        refused(json!({"a": "x".repeat(OBJECT_BYTES)}), &["surveys-json-too-large"]);
        refused(json!({"a": "b\u{0}"}), &["kernel-text-has-control"]);
        let many: Object = (0..=OBJECT_KEYS).map(|n| (n.to_string(), Value::Null)).collect();
        refused(Value::Object(many), &["surveys-json-too-many-keys"]);
    }

    #[test]
    fn a_null_erases_nothing_and_keys_keep_their_order() {
        let stands = object(json!({"b": 1, "a": 2}));
        let sent = object(json!({"a": null, "c": 3, "b": false}));
        assert_eq!(Value::Object(over(&stands, &sent)).to_string(), r#"{"b":false,"a":2,"c":3}"#);
    }
}
