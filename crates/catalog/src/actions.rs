//! What people do with the catalog.

mod categories;
mod items;
mod products;
mod upsert;

pub use categories::{
    CategoryContent, create_category, delete_category, ensure_categories, ensure_category, update_category,
};
pub use items::{Ensured, change_item, create_item, delete_item, ensure_items, set_item_active, update_item};
pub use products::{
    Deletion, create_product, delete_product, set_product_active, set_product_picture, update_product,
};
pub use upsert::{Upsert, merge_products, upsert_products};

use kernel::{Error, Result};
use serde_json::{Map, Value};

use crate::ProductContent;

/// What a change of a product's content changed: for its audit entry.
fn changes(before: &ProductContent, after: &ProductContent) -> Result<(Value, Value)> {
    let json = |content: &ProductContent| serde_json::to_value(content).map_err(Error::internal);
    Ok(difference(&json(before)?, &json(after)?))
}

/// What differs between two states of a row: for audit entries, which need not repeat the rest.
fn difference(before: &Value, after: &Value) -> (Value, Value) {
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        return (before.clone(), after.clone());
    };
    let changed = |from: &Map<String, Value>, other: &Map<String, Value>| {
        let differs = |(key, value): &(&String, &Value)| other.get(*key) != Some(*value);
        Value::Object(from.iter().filter(differs).map(|(k, v)| (k.clone(), v.clone())).collect())
    };
    (changed(old, new), changed(new, old))
}
