//! The schema and the reader know the same fields, and what one takes the other takes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::schema;
use crate::{
    Blueprint,
    examples::{self, ACTIONS},
    read::asked,
};

/// A step of each kind, with one of everything that can stand inside.
const EVERY_KIND: &str = include_str!("every_kind.toml");

fn toml_as_json(source: &str) -> Value {
    fn convert(value: &toml::Value) -> Value {
        match value {
            toml::Value::Table(table) => {
                Value::Object(table.iter().map(|(name, inside)| (name.clone(), convert(inside))).collect())
            }
            toml::Value::Array(items) => Value::Array(items.iter().map(convert).collect()),
            toml::Value::String(text) => json!(text),
            toml::Value::Integer(number) => json!(number),
            toml::Value::Boolean(yes) => json!(yes),
            toml::Value::Float(number) => json!(number),
            toml::Value::Datetime(at) => json!(at.to_string()),
        }
    }
    convert(&toml::Value::Table(source.parse().unwrap()))
}

fn check(source: &str) -> Vec<String> {
    let schema = schema(&ACTIONS);
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    validator
        .iter_errors(&toml_as_json(source))
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn every_delivered_blueprint_is_valid() {
    for source in examples::ALL.into_iter().chain([EVERY_KIND]) {
        assert_eq!(check(source), Vec::<String>::new());
        if let Err(problems) = Blueprint::load("blueprint", source, &ACTIONS) {
            panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
        }
    }
}

#[test]
fn what_is_no_blueprint_is_not_valid() {
    for (from, to) in [
        ("format = 1", "format = 2"),
        ("kind = \"menu\"", "kind = \"menus\""),
        ("columns = 2", "columns = 20"),
        ("keyboard = \"reply\"", "keybord = \"reply\""),
        ("language = \"uz\"", "language = \"kk\""),
        ("call = \"my_orders\"", "call = \"my_order\""),
    ] {
        let wrong = examples::SHOP.replacen(from, to, 1);
        assert_ne!(wrong, examples::SHOP, "{from}");
        assert!(!check(&wrong).is_empty(), "{to}");
        assert!(Blueprint::load("blueprint", &wrong, &ACTIONS).is_err(), "{to}");
    }
}

/// The schemas that stand at a place: references followed, choices opened.
fn open<'s>(root: &'s Value, at: &'s Value, found: &mut Vec<&'s Value>) {
    if let Some(name) = at["$ref"].as_str() {
        open(root, root.pointer(name.trim_start_matches('#')).unwrap(), found);
    }
    for choice in at["oneOf"].as_array().into_iter().flatten() {
        open(root, choice, found);
    }
    found.push(at);
}

/// The schemas of the field `name` of an object, or of the items of a list.
fn inside<'s>(root: &'s Value, at: &[&'s Value], name: &str) -> Vec<&'s Value> {
    let mut found = Vec::new();
    for schema in at {
        let own = schema["properties"].get(name);
        let other = schema.get("additionalProperties").filter(|other| other.is_object());
        let items = schema.get("items").filter(|_| name.bytes().all(|b| b.is_ascii_digit()));
        for next in own.or(other).into_iter().chain(items) {
            open(root, next, &mut found);
        }
    }
    found
}

#[test]
fn the_schema_has_every_field_that_the_reader_asks_for_and_no_other() {
    let root = schema(&ACTIONS);
    let document = toml_as_json(EVERY_KIND);
    let asked = asked(EVERY_KIND, &ACTIONS);
    assert!(asked.len() > 200, "{}", asked.len());
    let mut known: BTreeSet<(String, String)> = BTreeSet::new();
    for (step, path, field) in &asked {
        let mut at = Vec::new();
        open(&root, &root, &mut at);
        let mut kind = String::new();
        if let Some(step) = step {
            let (flow, name) = step.split_once('.').unwrap();
            for name in ["flows", flow, name] {
                at = inside(&root, &at, name);
            }
            let table = &document["flows"][flow][name];
            kind = table["kind"].as_str().unwrap().to_owned();
            let call = table["call"].as_str();
            at.retain(|schema| {
                let of = |field: &str| schema["properties"][field]["const"].as_str();
                of("kind") == Some(kind.as_str()) && (call.is_none() || of("call") == call)
            });
            assert!(!at.is_empty(), "no schema of {kind}");
        }
        for name in path.split('.').filter(|name| !name.is_empty()) {
            at = inside(&root, &at, name);
        }
        assert!(!inside(&root, &at, field).is_empty(), "{step:?} {path}{field}: the schema does not know it");
        if path.is_empty() {
            known.insert((kind, field.clone()));
        }
    }
    // The other way round, for the file and each kind of step.
    let mut steps = Vec::new();
    open(&root, &root["$defs"]["step_of_a_flow"], &mut steps);
    let kinds = steps.iter().filter_map(|step| Some((step["properties"]["kind"]["const"].as_str()?, *step)));
    for (kind, schema) in kinds.chain([("", &root)]) {
        for field in schema["properties"].as_object().unwrap().keys() {
            let is_known = known.contains(&(kind.to_owned(), field.clone()));
            assert!(is_known, "{kind} {field}: the reader does not ask for it");
        }
    }
}
