//! The SQL of this domain's tables.

pub(crate) mod analytics;
pub(crate) mod campaign;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod person_tally;
pub(crate) mod response;
pub(crate) mod roster;
pub(crate) mod student;
pub(crate) mod tally;

use db::{Value, sea_query::Value as SeaValue};
use kernel::{Error, Result, Text};
use serde::{Serialize, de::DeserializeOwned};

/// Somebody wrote the same row at the same moment: what was read before is not true any more.
pub(crate) const RACE: &str = "surveys-answered-meanwhile";

pub(crate) fn race() -> Error {
    Error::conflict(Text::new("surveys-answered-meanwhile"))
}

fn to_json(value: &impl Serialize) -> Result<serde_json::Value> {
    serde_json::to_value(value).map_err(Error::internal)
}

fn of_json<T: DeserializeOwned>(value: serde_json::Value) -> Result<T> {
    serde_json::from_value(value).map_err(Error::internal)
}

fn sea(value: Value<'_>) -> SeaValue {
    SeaValue::from(value)
}
