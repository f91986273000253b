//! Reading of steps by their kind.

use kernel::Text;
use serde_json::Value;

use super::{asks, by_name, fields::Fields};
use crate::{
    action::{ActionSignature, ArgCheck, FAILED},
    assistant,
    blueprint::{Act, Filler, Go, Kind, Outcome, Step},
    limits::{CAPTION_UTF16_MAX, TEXT_UTF16_MAX, TOAST_UTF16_MAX},
};

/// All steps in the order of the file; `None` when one could not be read.
pub(super) fn read(top: &Fields<'_>, actions: &[ActionSignature]) -> Option<Vec<Step>> {
    let Some(flows) = top.table("flows") else {
        top.missing("flows");
        return None;
    };
    let mut steps = Vec::new();
    let mut complete = true;
    for (flow, _) in flows.entries() {
        let Some(table) = flows.table(flow) else { continue };
        for (name, value) in table.entries() {
            let place = format!("{flow}.{name}");
            let Some(step_table) = value.get_ref().as_table() else {
                table.report(name, Text::new("flow-field-type").with("expected", "{…}"));
                complete = false;
                continue;
            };
            let line = top.source.line(value.span().start);
            let fields = Fields::new(top.source, Some(&place), String::new(), line, step_table);
            match kind(&fields, actions) {
                Some(kind) => steps.push(Step { place: place.clone(), line, kind }),
                None => complete = false,
            }
            fields.finish();
        }
    }
    complete.then_some(steps)
}

fn kind(fields: &Fields<'_>, actions: &[ActionSignature]) -> Option<Kind> {
    match fields.required_string("kind")?.as_str() {
        "message" => {
            let media = fields.words("picture", &[]);
            let units_max = if media.is_some() { CAPTION_UTF16_MAX } else { TEXT_UTF16_MAX };
            let text = fields.texts("text", true, &[], units_max);
            if !fields.has("text") {
                fields.missing("text");
            }
            let go = fields.required_go("go");
            Some(Kind::Say { text: text?, media, go: go? })
        }
        "condition" => condition(fields),
        "action" => act(fields, actions).map(Kind::Act),
        "set" => {
            let set = fields.assigns("set", &[], true);
            let lang = fields.raw("language").map(|value| fields.filler("language", value.get_ref(), &[]));
            let go = fields.required_go("go");
            Some(Kind::Set { set, lang: lang.flatten(), go: go? })
        }
        "flow" => {
            let flow = fields.step_field("flow");
            let go = fields.required_go("go");
            Some(Kind::Call { flow: flow?, go: go? })
        }
        "return" => Some(Kind::Return),
        "handover" => Some(Kind::Handover { text: fields.texts("text", true, &[], TEXT_UTF16_MAX) }),
        "end" => Some(Kind::End { text: fields.texts("text", true, &[], TEXT_UTF16_MAX) }),
        word => asks::read(fields, word).map(|ask| Kind::Ask(Box::new(ask))),
    }
}

fn condition(fields: &Fields<'_>) -> Option<Kind> {
    let mut cases = Vec::new();
    for case in fields.tables("cases") {
        let when = case.expr("when", &[]);
        if !case.has("when") {
            case.missing("when");
        }
        let go = case.required_go("go");
        case.finish();
        if let (Some(when), Some(go)) = (when, go) {
            cases.push((when, go));
        }
    }
    if !fields.has("cases") {
        fields.missing("cases");
    }
    let otherwise = fields.required_go("otherwise");
    Some(Kind::Branch { cases, otherwise: otherwise? })
}

fn act(fields: &Fields<'_>, actions: &[ActionSignature]) -> Option<Act> {
    let call = fields.required_string("call")?;
    let args = fields.arguments("args");
    let save = fields.variable("save");
    let typing = fields.bool("typing").unwrap_or(false);
    let mut outcomes = Vec::new();
    if !fields.has("on") {
        fields.report("on", Text::new("flow-dead-end"));
    }
    if let Some(on) = fields.table("on") {
        for (name, value) in on.entries() {
            if let Some(target) = value.get_ref().as_str() {
                let go = on.go_named(name, target);
                outcomes.push((name, go.map(|go| plain_outcome(name, go))));
            } else if let Some(outcome) = on.table(name) {
                let lent = &["result"];
                let set = outcome.assigns("set", lent, true);
                let say = outcome.texts("say", true, lent, TEXT_UTF16_MAX);
                let toast = outcome.texts("toast", false, lent, TOAST_UTF16_MAX);
                let go = outcome.required_go("go");
                outcome.finish();
                outcomes.push((name, go.map(|go| Outcome { name: name.to_owned(), set, say, toast, go })));
            }
        }
    }
    check_call(fields, &call, &args, &outcomes, actions);
    let outcomes: Option<Vec<Outcome>> = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
    Some(Act { call, args, save, typing, outcomes: outcomes? })
}

fn plain_outcome(name: &str, go: Go) -> Outcome {
    Outcome { name: name.to_owned(), set: Vec::new(), say: None, toast: None, go }
}

/// Holds a fixed text against what the argument has to be.
fn check_argument(fields: &Fields<'_>, check: ArgCheck, text: &str) {
    let unknown = |known: String| Text::new("flow-word-unknown").with("word", text).with("known", known);
    match check {
        ArgCheck::Notification if !fields.source.names.notifications.contains(text) => {
            fields.report("args", unknown("[notifications]".to_owned()));
        }
        ArgCheck::Address if !(text.starts_with("https://") || text.starts_with("http://")) => {
            fields.report("args", Text::new("flow-address-malformed").with("address", text));
        }
        ArgCheck::OneOf(words) if !words.contains(&text) => fields.report("args", unknown(words.join(", "))),
        ArgCheck::ManyOf(words) => {
            for name in assistant::names(text).filter(|name| !words.contains(name)) {
                let text = Text::new("flow-word-unknown").with("word", name).with("known", words.join(", "));
                fields.report("args", text);
            }
        }
        ArgCheck::Notification | ArgCheck::Address | ArgCheck::OneOf(_) => {}
    }
}

/// Holds a call against what the host can do: the name, the arguments, and each outcome answered.
fn check_call(
    fields: &Fields<'_>,
    call: &str,
    args: &[crate::blueprint::Assign],
    outcomes: &[(&str, Option<Outcome>)],
    actions: &[ActionSignature],
) {
    let known = by_name(actions);
    let Some(signature) = known.get(call) else {
        fields.report("call", Text::new("flow-action-unknown").with("name", call));
        return;
    };
    for arg in args {
        if !signature.args.iter().any(|(name, _)| *name == arg.name) {
            fields.report("args", Text::new("flow-argument-unknown").with("name", &arg.name));
        }
    }
    for arg in args {
        let check = signature.checks.iter().find(|(name, _)| *name == arg.name);
        if let (Some((_, check)), Filler::Fixed(Value::String(text))) = (check, &arg.value) {
            check_argument(fields, *check, text);
        }
    }
    for (name, required) in signature.args {
        if *required && !args.iter().any(|arg| arg.name == *name) {
            fields.report("args", Text::new("flow-argument-missing").with("name", *name));
        }
    }
    for (name, _) in outcomes {
        if *name != FAILED && !signature.outcomes.contains(name) {
            fields.report("on", Text::new("flow-outcome-unknown").with("name", *name));
        }
    }
    for name in signature.outcomes {
        if !outcomes.iter().any(|(answered, _)| answered == name) {
            fields.report("on", Text::new("flow-outcome-missing").with("name", *name));
        }
    }
}
