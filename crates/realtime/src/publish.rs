//! Events that outside systems make.

use context::{Ctx, Event, Permission};
use db::Tx;
use kernel::{Error, Id, Result, Text};
use serde_json::{Value, json};

use crate::topic::{CUSTOM, check_topic};

/// Stands in the outbox for every event of an outside system; its topic is in the payload.
pub const PUBLISHED: &str = "realtime.published";
/// Bytes of what one event may carry.
const DATA_BYTES: usize = 8 << 10;

/// What an outside system tells, as nothing of ours.
#[derive(Debug)]
pub enum Published {}

/// Tells everybody of the workspace who listens to `custom.{topic}`; answers that name.
pub fn publish(ctx: &Ctx, tx: &mut Tx, topic: &str, data: &Value) -> Result<String> {
    ctx.require(Permission::SettingsEdit)?;
    check_topic(topic)?;
    if data.to_string().len() > DATA_BYTES {
        return Err(Error::field(
            "data",
            Text::new("realtime-data-too-long").with("bytes", DATA_BYTES.to_string()),
        ));
    }
    if has_nul(data) {
        return Err(Error::field("data", Text::new("db-text-has-nul")));
    }
    let name = format!("{CUSTOM}.{topic}");
    let id: Id<Published> = ctx.new_id();
    ctx.emit(tx, Event::new(PUBLISHED, id).with(&json!({ "topic": topic, "data": data }))?)?;
    ctx.audit(tx, "realtime.publish", "event", id, None::<&()>, Some(&name))?;
    Ok(name)
}

/// Whether a name or a text in it holds what PostgreSQL's JSON cannot.
fn has_nul(data: &Value) -> bool {
    match data {
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
    }
}

/// The name and the payload under which a stored event is told.
pub(crate) fn published(name: String, mut payload: Value) -> (String, Value) {
    if name != PUBLISHED {
        return (name, payload);
    }
    let topic = payload.get("topic").and_then(Value::as_str).unwrap_or_default();
    let name = format!("{CUSTOM}.{topic}");
    (name, payload.get_mut("data").map(Value::take).unwrap_or_default())
}
