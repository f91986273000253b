//! Looking into JSON that strangers sent: what is not there is null.

use serde_json::Value;

static NULL: Value = Value::Null;

/// Reads a field of what may be no object.
pub(super) trait Look {
    /// The field, or null.
    fn at(&self, name: &str) -> &Value;
    /// The field's text, or none.
    fn text_at(&self, name: &str) -> Option<&str> {
        self.at(name).as_str()
    }
    /// The field's items, or none.
    fn items_at(&self, name: &str) -> impl Iterator<Item = &Value> {
        self.at(name).as_array().into_iter().flatten()
    }
}

impl Look for Value {
    fn at(&self, name: &str) -> &Value {
        self.get(name).unwrap_or(&NULL)
    }
}

/// An object of fields, of which some may be left out.
pub(super) fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let named = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(named.collect())
}
