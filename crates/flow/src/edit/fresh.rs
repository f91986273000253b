//! New parts of a file, written as people write them: a heading for each step, short texts in one line, a line for each
//! button.

use serde_json::Value;
use toml_edit::{Array, InlineTable, Item, Table};

/// Before each item of a list whose items are tables.
pub(super) const LINE: &str = "\n    ";

/// A new item at this place. `None` when the value cannot be written.
pub(super) fn item(place: &[String], value: &Value) -> Option<Item> {
    let Value::Object(fields) = value else { return self::value(value).map(Item::Value) };
    let place: Vec<&str> = place.iter().map(String::as_str).collect();
    let is_implicit = match place.as_slice() {
        ["flows" | "notifications" | "words"] | ["flows", _] => true,
        [_] | ["notifications" | "words", _] | ["flows", _, _] => false,
        _ => return self::value(value).map(Item::Value),
    };
    let mut table = Table::new();
    table.set_implicit(is_implicit);
    table.decor_mut().set_prefix("\n");
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        let below: Vec<String> = place.iter().copied().chain([name.as_str()]).map(str::to_owned).collect();
        table.insert(name, item(&below, value)?);
    }
    Some(Item::Table(table))
}

/// A new value. `None` for what TOML has not: nothing, numbers past 64 bits.
pub(super) fn value(value: &Value) -> Option<toml_edit::Value> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(is) => (*is).into(),
        Value::String(text) => text.as_str().into(),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.as_f64().filter(|_| number.is_f64())?.into(),
        },
        Value::Array(items) => list(items)?.into(),
        Value::Object(fields) => {
            let mut table = InlineTable::new();
            for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                table.insert(name, self::value(value)?);
            }
            table.into()
        }
    })
}

fn list(items: &[Value]) -> Option<Array> {
    let mut array = Array::new();
    let has_tables = items.iter().any(Value::is_object);
    for item in items {
        let mut value = value(item)?;
        if has_tables {
            value.decor_mut().set_prefix(LINE);
            array.push_formatted(value);
        } else {
            array.push(value);
        }
    }
    if has_tables {
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
    Some(array)
}
