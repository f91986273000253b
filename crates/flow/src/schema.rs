//! The format of blueprints as JSON Schema (draft 2020-12), for editors and for programs that write blueprints.
//!
//! It says which fields there are, of which kind, and what they mean; whether the whole holds together (steps that are
//! there, translations, ways out) only [`crate::Blueprint::load`] can say. Tests hold it against the reader both ways.

mod steps;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use crate::{ActionSignature, FORMAT, limits, phrase::Phrase, read::TARGET_WORDS};

/// Where the schema says it is known.
const ID: &str = "https://karvon.uz/schemas/blueprint.json";

/// The schema of blueprints that may call `actions`.
pub fn schema(actions: &[ActionSignature]) -> Value {
    let texts = Phrase::ALL.iter().map(|(_, name, _)| ((*name).to_owned(), reference("texts")));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "Blueprint",
        "description": "A bot as a file: what it asks, what it understands, what it says in three languages",
        "type": "object",
        "required": ["format", "id", "version", "language", "name", "start", "home", "flows"],
        "additionalProperties": false,
        "properties": {
            "format": { "const": FORMAT, "description": "The version of this format" },
            "id": { "$ref": "#/$defs/name", "description": "What kind of bot it is" },
            "version": { "type": "integer", "minimum": 0, "description": "Yours" },
            "language": { "$ref": "#/$defs/language", "description": "Spoken before the person has chosen" },
            "name": described("texts", "What people call it"),
            "start": described("step", "Where /start leads"),
            "home": described("step", "Where /menu, /cancel and \"home\" lead; it asks something"),
            "variables": table(object(&[], json!({
                "keep": { "type": "boolean", "description": "Whether it outlives an errand" },
                "start": described("value", "Its first value"),
            }))),
            "commands": table(object(&["go", "text"], json!({
                "go": reference("step"),
                "text": reference("texts"),
                "hidden": { "type": "boolean", "description": "In no menu: only buttons lead to it" },
                "save": described("variable", "Gets what stood after the command"),
                "hidden": { "type": "boolean", "description": "Understood, and not in the channel's menu" },
            }))),
            "on": object(&[], json!({
                "text": reference("handler"),
                "contact": reference("handler"),
                "location": reference("handler"),
                "media": reference("handler"),
            })),
            "words": table(table(reference("texts"))),
            "texts": { "type": "object", "additionalProperties": false, "properties": texts.collect::<Map<_, _>>() },
            "flows": {
                "type": "object",
                "minProperties": 1,
                "propertyNames": reference("own_name"),
                "additionalProperties": {
                    "type": "object",
                    "propertyNames": reference("own_name"),
                    "additionalProperties": reference("step_of_a_flow"),
                },
            },
            "notifications": table(object(&["text"], json!({
                "args": { "type": "array", "items": { "type": "string" } },
                "text": reference("texts"),
                "buttons": { "type": "array", "items": object(&["text", "command"], json!({
                    "text": reference("texts"),
                    "command": { "type": "string", "description": "A command without its slash, and what stands after it" },
                    "beside": { "type": "boolean", "description": "Stands in the row of the button before it" },
                })) },
            }))),
            "small_talk": table(object(&["heard", "say"], json!({
                "heard": {
                    "type": "array", "minItems": 1, "items": { "type": "string" },
                    "description": "What people say, in any script; one that is said in whole is answered",
                },
                "say": reference("texts"),
            }))),
        },
        "$defs": defs(actions),
    })
}

fn defs(actions: &[ActionSignature]) -> Value {
    json!({
        "name": { "type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$" },
        "own_name": { "$ref": "#/$defs/name", "not": { "enum": TARGET_WORDS } },
        "language": { "enum": ["uz", "ru", "en"] },
        "step": { "type": "string", "description": "step of the same flow, flow.step, or flow" },
        "target": { "type": "string", "description": "A step, or back, home, again, stay, return" },
        "variable": { "$ref": "#/$defs/name", "description": "A declared variable" },
        "expression": { "type": "string", "description": "Variables, numbers, 'texts', and or not, == != < <= > >=, + - *, count(list)" },
        "value": {
            "description": "\"{expression}\" gives the value itself, \"words {value}\" gives text, \"null\" gives nothing",
            "type": ["string", "integer", "boolean", "array", "object"],
        },
        "argument": { "oneOf": [
            { "type": ["string", "integer", "boolean", "array"] },
            table(reference("argument")),
        ] },
        "values": table(reference("value")),
        "texts": {
            "description": "In three languages; {value}, {value:money}, {if a}…{end}, {for x in list}…{end}",
            "oneOf": [
                { "type": "string", "description": "Without words of its own" },
                object(&["all"], json!({ "all": { "type": "string" } })),
                object(&["uz", "ru", "en"], json!({
                    "uz": { "type": "string", "minLength": 1 },
                    "ru": { "type": "string", "minLength": 1 },
                    "en": { "type": "string", "minLength": 1 },
                })),
            ],
        },
        "handler": object(&["go"], json!({
            "save": reference("variable"),
            "add": described("variable", "A list that keeps each such answer, in order, whatever is asked"),
            "set": reference("values"),
            "go": reference("step"),
        })),
        "button": object(&["id", "text"], steps::button()),
        "outcome": {
            "oneOf": [
                reference("target"),
                object(&["go"], json!({
                    "set": reference("values"),
                    "say": reference("texts"),
                    "toast": reference("texts"),
                    "go": reference("target"),
                })),
            ],
        },
        "columns": { "type": "integer", "minimum": 1, "maximum": limits::ROW_BUTTONS_MAX },
        "step_of_a_flow": { "oneOf": steps::kinds(actions) },
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn described(name: &str, description: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}"), "description": description })
}

/// An object with these fields and no others.
fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "additionalProperties": false, "properties": properties })
}

/// An object whose fields have names of the author's own.
fn table(of: Value) -> Value {
    json!({ "type": "object", "additionalProperties": of })
}
