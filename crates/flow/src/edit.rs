//! A blueprint's file as a tree that a program edits, and the changes put back into the text: what is not changed keeps
//! its words, its order and its comments. The file may have faults; it only has to be TOML.

mod copying;
mod fresh;
mod put;
#[cfg(test)]
mod tests;

use kernel::{Error, Result, Text};
use serde::Deserialize;
use serde_json::{Map, Value};
use toml_edit::{DocumentMut, Item, Table, TableLike};

pub use self::copying::copy_form;

/// Keys on the way to a changed place: a place deeper than a field of a step is changed with its step.
const DEPTH_MAX: usize = 4;

/// One change of a file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Change {
    /// The keys that lead there: `["flows", "main", "menu"]`, `["start"]`.
    pub path: Vec<String>,
    /// Another name for it, in the same place; nothing else of it is changed then.
    #[serde(default)]
    pub rename: Option<String>,
    /// Among its neighbours, a new one stands before this one; last unless said.
    #[serde(default)]
    pub before: Option<String>,
    /// What stands there from now on; nothing, when it is absent or null.
    #[serde(default)]
    pub value: Option<Value>,
}

/// The file as JSON, in its order. `None` when it is no TOML. Moments, which blueprints have no use for, come as text.
pub fn tree(source: &str) -> Option<Value> {
    let document: DocumentMut = source.parse().ok()?;
    Some(Value::Object(fields(document.as_table())))
}

/// The text with the changes in it, one after the other. The same changes again change nothing. Errors: it is no TOML;
/// a change leads to a place that cannot be.
pub fn apply(source: &str, changes: &[Change]) -> Result<String> {
    let mut document: DocumentMut =
        source.parse().map_err(|error| Error::conflict(Text::new("flow-file-no-toml")).because(error))?;
    for change in changes {
        let Change { path, rename, before, value } = change;
        let misplaced =
            || Error::field("changes", Text::new("flow-change-misplaced").with("path", path.join(".")));
        let Some((last, parents)) = path.split_last().filter(|_| path.len() <= DEPTH_MAX) else {
            return Err(misplaced());
        };
        match (rename, value.as_ref().filter(|value| !value.is_null())) {
            (Some(name), None) => {
                let Some(parent) = find(document.as_table_mut(), parents) else { return Err(misplaced()) };
                put::rename(parent, last, name).ok_or_else(misplaced)?;
            }
            (Some(_), Some(_)) => return Err(misplaced()),
            (None, None) => {
                if let Some(parent) = find(document.as_table_mut(), parents) {
                    parent.remove(last);
                }
            }
            (None, Some(value)) => {
                let is_new =
                    find(document.as_table_mut(), parents).is_none_or(|parent| !parent.contains_key(last));
                put::at(document.as_table_mut(), &[], path, value).ok_or_else(misplaced)?;
                let parent = find(document.as_table_mut(), parents);
                if let (true, Some(before), Some(parent)) = (is_new, before, parent) {
                    put::stand_before(parent, last, before);
                }
            }
        }
    }
    let text = document.to_string();
    // Whatever stands in the file, what is kept can be read again.
    if text.parse::<DocumentMut>().is_err() {
        return Err(Error::conflict(Text::new("flow-change-impossible")));
    }
    Ok(text)
}

/// The table at the end of the path.
fn find<'t>(table: &'t mut Table, path: &[String]) -> Option<&'t mut dyn TableLike> {
    let mut present: &mut dyn TableLike = table;
    for key in path {
        present = present.get_mut(key)?.as_table_like_mut()?;
    }
    Some(present)
}

fn fields(table: &dyn TableLike) -> Map<String, Value> {
    table.iter().filter_map(|(key, item)| Some((key.to_owned(), json(item)?))).collect()
}

/// An item as JSON.
fn json(item: &Item) -> Option<Value> {
    match item {
        Item::None => None,
        Item::Value(value) => Some(value_json(value)),
        Item::Table(table) => Some(Value::Object(fields(table))),
        Item::ArrayOfTables(tables) => {
            Some(tables.iter().map(|table| Value::Object(fields(table))).collect())
        }
    }
}

fn value_json(value: &toml_edit::Value) -> Value {
    match value {
        toml_edit::Value::String(text) => text.value().as_str().into(),
        toml_edit::Value::Integer(number) => (*number.value()).into(),
        toml_edit::Value::Boolean(is) => (*is.value()).into(),
        toml_edit::Value::Float(number) => (*number.value()).into(),
        toml_edit::Value::Datetime(moment) => moment.value().to_string().into(),
        toml_edit::Value::Array(items) => items.iter().map(value_json).collect(),
        toml_edit::Value::InlineTable(table) => Value::Object(fields(table)),
    }
}
