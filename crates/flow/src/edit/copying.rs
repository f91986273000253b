//! A form of its own out of another: the flow that submits it is copied under the new code, and menus lead to the copy, too.

use kernel::{Error, Result, Text};
use serde_json::{Map, Value};

use super::{Change, apply, tree};

/// The actions that say which form they mean.
const OF_A_FORM: [&str; 3] = ["submit_application", "application_form", "catalog_items"];
/// The one whose flow is the form's.
const SUBMIT: &str = "submit_application";

/// The file with a copy of the flow that submits `form`, for `code`, and beside each button that leads there one to the copy,
/// with the `names` in Uzbek, Russian and English. Errors: it is no TOML; no flow submits the form; a flow has the copy's name.
pub fn copy_form(source: &str, form: &str, code: &str, names: [&str; 3]) -> Result<String> {
    let whole = tree(source).ok_or_else(|| Error::conflict(Text::new("flow-file-no-toml")))?;
    let flows = whole.get("flows").and_then(Value::as_object);
    let mut all = flows.into_iter().flatten();
    let (flow, steps) = all
        .find(|(_, steps)| submits(steps, form))
        .ok_or_else(|| Error::conflict(Text::new("flow-no-flow-of-form").with("form", form)))?;
    let copy = code.replace('-', "_");
    if flows.is_some_and(|flows| flows.contains_key(&copy)) {
        return Err(Error::conflict(Text::new("flow-flow-taken").with("flow", copy)));
    }
    let mut changes = vec![Change {
        path: vec!["flows".to_owned(), copy.clone()],
        rename: None,
        before: None,
        value: Some(copied(steps, (flow, &copy), (form, code))),
    }];
    for (other, steps) in flows.into_iter().flatten().filter(|(other, _)| *other != flow) {
        for (step, fields) in steps.as_object().into_iter().flatten() {
            if let Some(buttons) = with_copies(fields, (flow, &copy), names) {
                let path = ["flows", other, step, "buttons"].map(str::to_owned).to_vec();
                changes.push(Change { path, rename: None, before: None, value: Some(buttons) });
            }
        }
    }
    apply(source, &changes)
}

fn submits(steps: &Value, form: &str) -> bool {
    let mut steps = steps.as_object().into_iter().flat_map(Map::values);
    steps.any(|step| {
        said(step, "call") == Some(SUBMIT)
            && step.get("args").and_then(|args| said(args, "form")) == Some(form)
    })
}

fn said<'v>(value: &'v Value, field: &str) -> Option<&'v str> {
    value.get(field)?.as_str()
}

/// The steps, with the copy's name wherever the flow's stood, and its code wherever the form's did.
fn copied(steps: &Value, flow: (&str, &str), form: (&str, &str)) -> Value {
    let mut copy = led(steps, flow);
    for step in copy.as_object_mut().into_iter().flat_map(Map::values_mut) {
        if !said(step, "call").is_some_and(|call| OF_A_FORM.contains(&call)) {
            continue;
        }
        if let Some(meant) = step.pointer_mut("/args/form").filter(|meant| meant.as_str() == Some(form.0)) {
            *meant = form.1.into();
        }
    }
    copy
}

/// The value, whose targets lead into the copy where they led into the flow.
fn led(value: &Value, flow: (&str, &str)) -> Value {
    match value {
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.clone(), field(key, value, flow))).collect()
        }
        Value::Array(items) => items.iter().map(|item| led(item, flow)).collect(),
        other => other.clone(),
    }
}

fn field(key: &str, value: &Value, flow: (&str, &str)) -> Value {
    let target = |value: &Value| match value.as_str() {
        Some(words) => into_copy(words, flow).map_or_else(|| value.clone(), Value::from),
        None => led(value, flow),
    };
    match (key, value) {
        ("go" | "otherwise" | "skip" | "yes" | "no" | "reload" | "flow", value) => target(value),
        // What follows an outcome is a target, or a table with one.
        ("on", Value::Object(outcomes)) => {
            outcomes.iter().map(|(outcome, value)| (outcome.clone(), target(value))).collect()
        }
        (_, value) => led(value, flow),
    }
}

fn into_copy(words: &str, (flow, copy): (&str, &str)) -> Option<String> {
    match words.strip_prefix(flow)? {
        "" => Some(copy.to_owned()),
        rest => rest.starts_with('.').then(|| format!("{copy}{rest}")),
    }
}

/// The buttons of a step, with another behind each that leads into the flow; `None` when none does.
fn with_copies(step: &Value, flow: (&str, &str), names: [&str; 3]) -> Option<Value> {
    let buttons = step.get("buttons")?.as_array()?;
    let mut all = Vec::new();
    for button in buttons {
        all.push(button.clone());
        let Some(go) = said(button, "go").and_then(|go| into_copy(go, flow)) else { continue };
        let mut other = button.as_object()?.clone();
        let text: Map<String, Value> = ["uz", "ru", "en"]
            .into_iter()
            .zip(names)
            .map(|(lang, name)| (lang.to_owned(), escaped(name).into()))
            .collect();
        other.insert("id".to_owned(), flow.1.into());
        other.insert("text".to_owned(), text.into());
        other.insert("go".to_owned(), go.into());
        all.push(other.into());
    }
    (all.len() > buttons.len()).then_some(all.into())
}

/// Words as a text of a button has them.
fn escaped(name: &str) -> String {
    name.replace('{', "{{").replace('}', "}}")
}
