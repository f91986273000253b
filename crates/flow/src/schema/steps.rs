//! The steps, kind by kind.

use serde_json::{Map, Value, json};

use super::{described, object, reference};
use crate::{ActionSignature, FAILED, MediaKind, limits};

/// A schema for each kind of step.
pub(super) fn kinds(actions: &[ActionSignature]) -> Vec<Value> {
    let mut all = vec![
        step(
            "message",
            "Says something and goes on",
            &["text", "go"],
            json!({
                "text": reference("texts"),
                "picture": picture(),
                "go": reference("target"),
            }),
        ),
        step(
            "condition",
            "The first case that holds",
            &["cases", "otherwise"],
            json!({
                "cases": { "type": "array", "items": object(&["when", "go"], json!({
                    "when": reference("expression"),
                    "go": reference("target"),
                })) },
                "otherwise": reference("target"),
            }),
        ),
        step(
            "set",
            "Gives variables values",
            &["go"],
            json!({
                "set": reference("values"),
                "language": described("value", "uz, ru, en or an expression"),
                "go": reference("target"),
            }),
        ),
        step(
            "flow",
            "Calls another flow; goes on after its return",
            &["flow", "go"],
            json!({
                "flow": reference("step"),
                "go": reference("target"),
            }),
        ),
        step("return", "Back to the caller", &[], json!({})),
        step("handover", "A person answers from here on", &[], json!({ "text": reference("texts") })),
        step("end", "Ends the errand", &[], json!({ "text": reference("texts") })),
    ];
    all.extend(asks());
    all.extend(actions.iter().map(action));
    all
}

/// The steps that wait for an answer.
fn asks() -> Vec<Value> {
    let answered = ["text", "save", "go"];
    vec![
        ask("menu", "A button", &["text"], true, json!({})),
        ask(
            "list",
            "A page of items",
            &["text", "page", "pages", "reload"],
            true,
            json!({
                "page": described("variable", "The number of the page, from 1"),
                "pages": described("expression", "How many pages there are"),
            }),
        ),
        ask(
            "choice",
            "One of several",
            &answered,
            true,
            json!({
                "options": { "type": "array", "minItems": 1, "items": object(&["value", "text"], json!({
                    "value": reference("value"),
                    "text": reference("texts"),
                    "when": reference("expression"),
                    "go": reference("target"),
                })) },
                "from": described("expression", "A list; one button for each"),
                "label": described("texts", "With {item…} and {index}"),
                "value": described("value", "With {item…} and {index}"),
                "go": reference("target"),
            }),
        ),
        ask(
            "confirm",
            "Yes or no",
            &["text", "yes", "no"],
            true,
            json!({
                "yes": reference("target"),
                "no": reference("target"),
                "yes_text": reference("texts"),
                "no_text": reference("texts"),
            }),
        ),
        ask(
            "text",
            "Words",
            &answered,
            false,
            json!({
                "min": { "type": "integer", "minimum": 1, "maximum": limits::ANSWER_CHARS_MAX },
                "max": { "type": "integer", "minimum": 1, "maximum": limits::ANSWER_CHARS_MAX },
                "rule": { "enum": ["any", "name", "digits", "email"] },
                "go": reference("target"),
            }),
        ),
        ask(
            "number",
            "A number",
            &answered,
            false,
            json!({
                "min": { "type": "integer" },
                "max": { "type": "integer" },
                "unit": { "enum": ["whole", "money", "quantity"] },
                "go": reference("target"),
            }),
        ),
        ask(
            "contact",
            "The person's own contact",
            &answered,
            false,
            json!({
                "typed": { "type": "boolean", "description": "A typed number will do" },
                "go": reference("target"),
            }),
        ),
        ask(
            "location",
            "A place",
            &answered,
            false,
            json!({
                "typed": described("variable", "Gets an address in words instead"),
                "go": reference("target"),
            }),
        ),
        ask(
            "media",
            "A file",
            &answered,
            false,
            json!({
                "kinds": { "type": "array", "items": { "enum": MediaKind::ALL.map(MediaKind::name) } },
                "go": reference("target"),
            }),
        ),
        ask(
            "any",
            "Anything: words, a contact, a place, a file",
            &answered,
            false,
            json!({ "go": reference("target") }),
        ),
        ask(
            "date",
            "A day, by calendar or typed",
            &answered,
            true,
            json!({
                "min": date(),
                "max": date(),
                "opens": date(),
                "go": reference("target"),
            }),
        ),
    ]
}

fn date() -> Value {
    let pattern = "^([0-9]{4}-[0-9]{2}-[0-9]{2}|today([+-][0-9]+[ymd])?)$";
    json!({ "type": "string", "pattern": pattern, "examples": ["2026-11-20", "today", "today-17y", "today+2m"] })
}

fn picture() -> Value {
    json!({ "type": "string", "description": "The address of a picture; none when it comes out empty" })
}

/// The fields of a button.
pub(super) fn button() -> Value {
    json!({
        "id": reference("name"),
        "text": reference("texts"),
        "go": reference("target"),
        "set": reference("values"),
        "when": described("expression", "Shown only if this holds"),
        "each": described("expression", "A list; one button for each, with {item…} and {index}"),
        "columns": reference("columns"),
        "beside": { "type": "boolean", "description": "Stands in the row of the button before it" },
        "works": { "enum": ["now", "once", "always"] },
        "toast": described("texts", "A short notice after the tap"),
        "language": described("language", "The tap chooses it"),
        "url": { "type": "string", "description": "Instead of go: opens an address" },
        "web_app": { "type": "string", "description": "Instead of go: opens a page inside the chat" },
    })
}

fn step(kind: &str, description: &str, required: &[&str], own: Value) -> Value {
    let mut properties = Map::new();
    properties.insert("kind".to_owned(), json!({ "const": kind }));
    if let Value::Object(own) = own {
        properties.extend(own);
    }
    let required: Vec<&str> = std::iter::once("kind").chain(required.iter().copied()).collect();
    let mut step = object(&required, Value::Object(properties));
    if let Some(step) = step.as_object_mut() {
        step.insert("description".to_owned(), description.into());
    }
    step
}

/// A question: what all of them have, and its own fields.
fn ask(kind: &str, description: &str, required: &[&str], has_keyboard: bool, own: Value) -> Value {
    let mut fields = json!({
        "text": described("texts", "The question"),
        "picture": picture(),
        "buttons": { "type": "array", "maxItems": limits::BUTTONS_MAX, "items": reference("button") },
        "columns": reference("columns"),
        "show": { "enum": ["new", "edit"] },
        "nav": { "type": "array", "items": { "enum": ["back", "home"] } },
        "reload": described("step", "Fetches anew what the question shows"),
        "free": { "type": "boolean", "description": "Whether answers nobody asked for go to [on]" },
        "keeps": { "type": "boolean", "description": "Whether answers nobody asked for are kept where [on] has a list for them" },
        "placeholder": reference("texts"),
        "error": described("texts", "Said when an answer does not fit"),
        "save": described("variable", "Gets the answer"),
        "skip": described("target", "Adds a button that leaves the answer empty"),
    });
    if let Some(fields) = fields.as_object_mut() {
        if has_keyboard {
            fields.insert("keyboard".to_owned(), json!({ "enum": ["inline", "reply"] }));
        }
        if let Value::Object(own) = own {
            fields.extend(own);
        }
    }
    step(kind, description, required, fields)
}

/// A call of this action, with its arguments and outcomes.
fn action(signature: &ActionSignature) -> Value {
    let ActionSignature { name, args, outcomes, .. } = signature;
    let properties = args.iter().map(|(arg, _)| ((*arg).to_owned(), reference("argument")));
    let needed: Vec<&str> = args.iter().filter(|(_, needed)| *needed).map(|(arg, _)| *arg).collect();
    let answered =
        outcomes.iter().chain([&FAILED]).map(|outcome| ((*outcome).to_owned(), reference("outcome")));
    let mut required = vec!["call", "on"];
    if !needed.is_empty() {
        required.push("args");
    }
    let mut call = step(
        "action",
        "Calls the program",
        &required,
        json!({
            "call": { "const": name },
            "args": object(&needed, Value::Object(properties.collect())),
            "save": described("variable", "Keeps the answer of \"ok\""),
            "typing": { "type": "boolean" },
            "on": object(outcomes, Value::Object(answered.collect())),
        }),
    );
    if let Some(call) = call.as_object_mut() {
        call.insert("title".to_owned(), (*name).into());
    }
    call
}
