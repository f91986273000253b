//! JSON Schema in the smaller language that Gemini takes; it refuses a call that holds a word it does not know.
//!
//! Source: <https://ai.google.dev/api/caching#Schema>.

use serde_json::{Map, Value};

/// Words that both languages have, with the same meaning.
const KEPT: [&str; 14] = [
    "type",
    "format",
    "title",
    "description",
    "nullable",
    "required",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "pattern",
    "propertyOrdering",
];

/// The parameters of a tool; `None` when it has none, because an object without properties is refused.
pub(super) fn of(parameters: &Value) -> Option<Value> {
    let properties = parameters.get("properties")?.as_object()?;
    (!properties.is_empty()).then(|| schema(parameters))
}

fn schema(from: &Value) -> Value {
    let mut to = Map::new();
    for (word, value) in from.as_object().into_iter().flatten() {
        match (word.as_str(), value) {
            // `["string", "null"]` is a string that may be missing.
            ("type", Value::Array(types)) => {
                let is_null = |kind: &Value| kind == "null";
                if let Some(kind) = types.iter().find(|kind| !is_null(kind)) {
                    to.insert("type".to_owned(), kind.clone());
                }
                if types.iter().any(is_null) {
                    to.insert("nullable".to_owned(), true.into());
                }
            }
            ("properties", Value::Object(properties)) => {
                let properties = properties.iter().map(|(name, value)| (name.clone(), schema(value)));
                to.insert(word.clone(), Value::Object(properties.collect()));
            }
            ("items", value) => drop(to.insert(word.clone(), schema(value))),
            ("anyOf" | "oneOf", Value::Array(ways)) => {
                to.insert("anyOf".to_owned(), ways.iter().map(schema).collect());
            }
            // Only texts can be enumerated there.
            ("enum", Value::Array(words)) if words.iter().all(Value::is_string) => {
                to.insert(word.clone(), value.clone());
            }
            ("const", Value::String(_)) => drop(to.insert("enum".to_owned(), vec![value.clone()].into())),
            (known, value) if KEPT.contains(&known) => drop(to.insert(word.clone(), value.clone())),
            _ => {}
        }
    }
    Value::Object(to)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(from: Value, expected: Option<Value>) {
        assert_eq!(of(&from), expected);
    }

    #[test]
    fn words_that_gemini_does_not_know_are_left_out_at_every_depth() {
        check(
            json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "type": "object",
                "additionalProperties": false,
                "required": ["query"],
                "properties": {
                    "query": { "type": "string", "minLength": 1, "examples": ["choy"] },
                    "note": { "type": ["string", "null"] },
                    "kind": { "const": "tea" },
                    "count": { "type": "integer", "enum": [1, 2] },
                    "lines": { "type": "array", "items": { "type": "object", "additionalProperties": false,
                        "properties": { "code": { "type": "string", "enum": ["a", "b"] } } } },
                },
            }),
            Some(json!({
                "type": "object",
                "required": ["query"],
                "properties": {
                    "query": { "type": "string", "minLength": 1 },
                    "note": { "type": "string", "nullable": true },
                    "kind": { "enum": ["tea"] },
                    "count": { "type": "integer" },
                    "lines": { "type": "array", "items": { "type": "object",
                        "properties": { "code": { "type": "string", "enum": ["a", "b"] } } } },
                },
            })),
        );
    }

    #[test]
    fn a_tool_without_parameters_has_no_schema() {
        check(json!({ "type": "object", "properties": {} }), None);
        check(json!({ "type": "object" }), None);
        check(json!({}), None);
    }
}
