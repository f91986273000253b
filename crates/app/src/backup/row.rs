//! A row as a line of JSON: `[1, "text", {"hex": "00ff"}, null]`.

use db::Value;
use kernel::{Error, Result};
use serde_json::{Map, Value as Json, json};

/// The name under which bytes stand.
const HEX: &str = "hex";

/// The row as a line, without its end.
pub(super) fn line(values: &[Value<'_>]) -> String {
    Json::Array(values.iter().map(as_json).collect()).to_string()
}

fn as_json(value: &Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(yes) => json!(i64::from(*yes)),
        Value::Int(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::Date(date) => json!(date.to_string()),
        Value::Bytes(bytes) => json!({ HEX: hex::encode(bytes) }),
        Value::Uuid(id) => json!({ HEX: hex::encode(id.as_bytes()) }),
    }
}

/// The row of a line. Errors: the line is no row.
pub(super) fn values(line: &str) -> Result<Vec<Value<'static>>> {
    let row: Vec<Json> = serde_json::from_str(line).map_err(Error::internal)?;
    row.into_iter()
        .map(|value| from_json(value).ok_or_else(|| Error::internal("a value is of no kind")))
        .collect()
}

fn from_json(value: Json) -> Option<Value<'static>> {
    match value {
        Json::Null => Some(Value::Null),
        Json::Number(number) => number.as_i64().map(Value::Int),
        Json::String(text) => Some(Value::Text(text.into())),
        Json::Object(bytes) => bytes_of(&bytes),
        Json::Bool(_) | Json::Array(_) => None,
    }
}

fn bytes_of(object: &Map<String, Json>) -> Option<Value<'static>> {
    let bytes = hex::decode(object.get(HEX)?.as_str()?).ok()?;
    Some(Value::Bytes(bytes.into()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_row_comes_back_from_its_line() {
        let row = vec![
            Value::Null,
            Value::Int(i64::MIN),
            Value::Int(i64::MAX),
            Value::Text("oʻ\"\n\\ ў 😀".into()),
            Value::Bytes(vec![0, 255].into()),
        ];
        let line = line(&row);
        assert!(!line.contains('\n'), "{line}");
        assert_eq!(values(&line).unwrap(), row);
        for wrong in ["", "{}", "[1.5]", "[true]", "[[1]]", r#"[{"hex":"0"}]"#, r#"[{"text":"00"}]"#, "[1"] {
            assert!(values(wrong).is_err(), "{wrong}");
        }
    }
}
