//! What a model may look up: actions of the bot that change nothing, for the person who writes and for nobody else.

use std::sync::{Arc, LazyLock};

use db::ReadTx;
use flow::{ActionCall, ActionResult, assistant::TOOLS};
use jobs::Run;
use kernel::{Id, Lang, Result};
use models::{Tool, ToolCall};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    Bots, Conversation,
    host::{Answers, Need},
    receive, turn,
};

/// What each is for and takes: `prompts/tools.json`.
static KNOWN: LazyLock<Map<String, Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../prompts/tools.json")).unwrap_or_default());

/// Weight of an answer at most, bytes; more is told as too much.
const ANSWER_BYTES: usize = 8 * 1_024;
/// Rounds of finding out at most, as for an update.
const ROUNDS: usize = 4;

/// The tools of these names; one that is none of [`TOOLS`] is left out.
pub(super) fn of(names: &str) -> Vec<Tool> {
    #[derive(Deserialize)]
    struct Kept {
        about: String,
        parameters: Value,
    }
    let tool = |name: &str| {
        let Kept { about, parameters } = Kept::deserialize(KNOWN.get(name)?).ok()?;
        Some(Tool { name: name.to_owned(), about, parameters })
    };
    flow::assistant::names(names).filter(|name| TOOLS.contains(name)).filter_map(tool).collect()
}

/// Looks up what the model wants to know, where the bot allows it. What cannot be told is told as an error: the model has
/// to do without.
pub(super) async fn look_up(
    run: &Run,
    conversation: Id<Conversation>,
    lang: Lang,
    allowed: &[Tool],
    wanted: &ToolCall,
) -> Value {
    let Some(tool) = allowed.iter().find(|tool| tool.name == wanted.name) else {
        return refused("there is no such tool");
    };
    let call = ActionCall { id: 0, name: tool.name.clone(), lang, args: fitted(tool, &wanted.args) };
    match found(run, conversation, &call).await {
        Ok(Some(result)) => told(&result.outcome, result.data),
        Ok(None) => refused("it cannot be looked up"),
        Err(error) => {
            tracing::warn!(conversation.id = %conversation, flow.action = call.name, %error, "nothing could be looked up");
            refused("it could not be looked up now")
        }
    }
}

/// What a model is told in place of an answer.
pub(super) fn refused(why: &str) -> Value {
    json!({ "error": why })
}

async fn found(run: &Run, id: Id<Conversation>, call: &ActionCall) -> Result<Option<ActionResult>> {
    let bots: Arc<Bots> = run.services.get()?;
    let mut answers = Answers::default();
    for _ in 0..ROUNDS {
        let (ctx, holder, call, given) = (run.ctx.clone(), Arc::clone(&bots), call.clone(), answers.clone());
        let look = move |tx: &mut ReadTx<'_>| turn::look_up(&ctx, tx, &holder, id, &call, &given);
        match run.db.read(&run.ctx, look).await {
            Ok(result) => return Ok(result),
            Err(error) => match Need::of(&error) {
                Some(need) => answers = receive::find_out(&run.ctx, &bots, need.clone())?,
                None => return Err(error),
            },
        }
    }
    Ok(None)
}

/// The arguments that the tool takes, of the kinds that it takes.
fn fitted(tool: &Tool, given: &Map<String, Value>) -> Map<String, Value> {
    let empty = Map::new();
    let properties = tool.parameters.get("properties").and_then(Value::as_object).unwrap_or(&empty);
    let mut args: Map<String, Value> = properties
        .iter()
        .map(|(name, property)| {
            let is_number = property.get("type").and_then(Value::as_str) == Some("integer");
            let value = match given.get(name) {
                Some(Value::Number(number)) if is_number => json!(number.as_i64().unwrap_or(1)),
                Some(Value::String(text)) if is_number => json!(text.trim().parse().unwrap_or(1)),
                _ if is_number => json!(1),
                Some(Value::String(text)) => json!(text.trim()),
                Some(Value::Number(number)) => json!(number.to_string()),
                _ => Value::Null,
            };
            (name.clone(), value)
        })
        .collect();
    if tool.name == "product" {
        // A model has no cart.
        args.insert("cart".to_owned(), json!([]));
    }
    args
}

/// An answer as a model reads it: sums in UZS and not in tiyin, quantities in units, nothing that only a chat needs.
fn told(outcome: &str, data: Value) -> Value {
    let told = json!({ "outcome": outcome, "answer": readable(data) });
    if flow::value::weight(&told) > ANSWER_BYTES {
        json!({ "error": "the answer is too long" })
    } else {
        told
    }
}

fn readable(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(readable).collect()),
        Value::Object(fields) => Value::Object(fields.into_iter().filter_map(field).collect()),
        other => other,
    }
}

fn field((name, value): (String, Value)) -> Option<(String, Value)> {
    if matches!(name.as_str(), "picture" | "cart" | "in_cart_thousandths") || value.is_null() {
        return None;
    }
    let shifted = |suffix: &str, places: usize, unit: &str| {
        let number = value.as_i64()?;
        Some((name.strip_suffix(suffix)?.to_owned(), json!(format!("{}{unit}", decimal(number, places)))))
    };
    shifted("_tiyin", 2, " UZS")
        .or_else(|| shifted("_thousandths", 3, ""))
        .or_else(|| Some((name.clone(), readable(value.clone()))))
}

/// `number / 10^places` without needless zeros.
fn decimal(number: i64, places: usize) -> String {
    let digits = format!("{:0width$}", number.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let fraction = fraction.trim_end_matches('0');
    let sign = if number < 0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_that_a_blueprint_may_name_is_known() {
        let names = TOOLS.join(", ");
        assert_eq!(of(&names).len(), TOOLS.len());
        assert_eq!(KNOWN.len(), TOOLS.len());
        assert_eq!(of("cancel_order, place_order, webhook").len(), 0, "what changes something is no tool");
    }

    #[test]
    fn arguments_are_those_that_the_tool_takes() {
        let tools = of("search_products,product");
        let given = json!({ "query": " choy ", "page": "2", "workspace": "x" });
        let args = fitted(&tools[0], given.as_object().unwrap());
        assert_eq!(Value::Object(args), json!({ "query": "choy", "page": 2 }));
        let args = fitted(&tools[1], json!({ "product": 7, "cart": [{}] }).as_object().unwrap());
        assert_eq!(Value::Object(args), json!({ "product": "7", "cart": [] }));
    }

    #[test]
    fn sums_are_told_in_the_currency() {
        let data = json!({ "items": [{ "name": "Choy", "price_tiyin": 1_250_050, "old_price_tiyin": null, "picture": "x" }],
            "available_thousandths": 1_500 });
        let read = json!({ "outcome": "ok", "answer": { "items": [{ "name": "Choy", "price": "12500.5 UZS" }], "available": "1.5" } });
        assert_eq!(told("ok", data), read);
        assert_eq!(told("ok", json!("x".repeat(10_000))), json!({ "error": "the answer is too long" }));
    }
}
