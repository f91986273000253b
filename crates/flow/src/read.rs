//! From the file to a compiled [`Blueprint`]: names first, then steps, then the checks that need the whole.

mod asks;
mod buttons;
mod check;
mod fields;
mod lift;
mod steps;

use std::collections::{BTreeMap, HashMap, HashSet};

use kernel::{Lang, Text};
use serde_json::Value;
use toml::de::DeTable;

use crate::{
    action::ActionSignature,
    blueprint::{Blueprint, Command, FORMAT, Handler, Notification, On, Texts, Variable},
    limits,
    phrase::Phrase,
    problem::Problem,
    small_talk::SmallTalk,
    template::Dictionaries,
};
use fields::{Fields, Source};

/// Words that mean a target and can therefore name no step.
pub(crate) const TARGET_WORDS: [&str; 5] = ["back", "home", "again", "stay", "return"];

/// The phrases that every blueprint starts from.
const PHRASES: &str = include_str!("../texts/phrases.toml");

/// See [`Blueprint::load`].
pub(crate) fn load(file: &str, text: &str, actions: &[ActionSignature]) -> Result<Blueprint, Vec<Problem>> {
    let mut source = Source::new(file, text);
    if text.len() > limits::BLUEPRINT_BYTES_MAX {
        let text = Text::new("flow-file-long").with("kilobytes", limits::BLUEPRINT_BYTES_MAX / 1024);
        source.report(1, None, "", text);
        return Err(source.problems.into_inner());
    }
    let (mut table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let line = error.span().map_or(1, |span| source.line(span.start));
        let text = Text::new("flow-file-malformed").with("reason", error.message());
        source.report(line, None, "", text);
    }
    let read = if source.problems.borrow().is_empty() {
        let is_known = lift::lift(table.get_mut()).is_some();
        let variables = declare(&mut source, table.get_ref());
        if source.names.steps.len() > limits::STEPS_MAX {
            source.report(1, None, "flows", Text::new("flow-too-many").with("max", limits::STEPS_MAX));
            return Err(source.problems.into_inner());
        }
        let read = whole(&source, table.get_ref(), variables, actions);
        if !is_known {
            let line = table.get_ref().get("format").map_or(1, |format| source.line(format.span().start));
            source.report(line, None, "format", Text::new("flow-format-unknown").with("known", FORMAT));
        }
        read
    } else {
        None
    };
    let mut problems = source.problems.into_inner();
    problems.sort_by(|a, b| (a.line, &a.field).cmp(&(b.line, &b.field)));
    problems.dedup();
    match read {
        Some(blueprint) if problems.is_empty() => Ok(blueprint),
        _ => Err(problems),
    }
}

/// First pass: the names of variables, flows and steps.
fn declare(source: &mut Source, table: &DeTable<'_>) -> Vec<Variable> {
    let mut names = fields::Names::default();
    let mut variables = Vec::new();
    {
        let top = Fields::new(source, None, String::new(), 1, table);
        if let Some(declared) = top.table("variables") {
            for (name, _) in declared.entries() {
                let Some(fields) = declared.table(name) else { continue };
                let start = fields.raw("start").map(|value| fields::json(value.get_ref()));
                if start == Some(None) {
                    fields.report(
                        "start",
                        Text::new("flow-field-type").with("expected", "text, number, true/false, []"),
                    );
                }
                let start = start.flatten().unwrap_or(Value::Null);
                let keep = fields.bool("keep").unwrap_or(false);
                fields.finish();
                if !is_name(name) || crate::expr::SYSTEM_ROOTS.contains(&name) {
                    declared.report(name, Text::new("flow-name-malformed").with("name", name));
                }
                names.variables.insert(name.to_owned());
                variables.push(Variable { name: name.to_owned(), keep, start });
            }
        }
        if let Some(words) = top.table("words") {
            names.words.extend(words.entries().into_iter().map(|(name, _)| name.to_owned()));
        }
        if let Some(told) = top.table("notifications") {
            names.notifications.extend(told.entries().into_iter().map(|(name, _)| name.to_owned()));
        }
        if let Some(commands) = top.table("commands") {
            names.commands.extend(commands.entries().into_iter().map(|(name, _)| name.to_owned()));
        }
        if let Some(flows) = top.table("flows") {
            let mut number = 0;
            for (flow, _) in flows.entries() {
                if !is_name(flow) || TARGET_WORDS.contains(&flow) {
                    flows.report(flow, Text::new("flow-name-malformed").with("name", flow));
                }
                let Some(steps) = flows.table(flow) else { continue };
                for (step, _) in steps.entries() {
                    if !is_name(step) || TARGET_WORDS.contains(&step) {
                        steps.report(step, Text::new("flow-name-malformed").with("name", step));
                    }
                    names.steps.insert(format!("{flow}.{step}"), number);
                    names.flows.entry(flow.to_owned()).or_insert(number);
                    number += 1;
                }
            }
        }
    }
    let home = table.get("home").and_then(|value| value.get_ref().as_str());
    names.home = home.and_then(|home| names.steps.get(home).or_else(|| names.flows.get(home)).copied());
    source.names = names;
    variables
}

fn is_name(name: &str) -> bool {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(letters) && name.len() <= 40
}

/// Second pass: everything. `None` when something essential is missing; the reason is then among the problems.
fn whole(
    source: &Source,
    table: &DeTable<'_>,
    variables: Vec<Variable>,
    actions: &[ActionSignature],
) -> Option<Blueprint> {
    let top = Fields::new(source, None, String::new(), 1, table);
    top.raw("format");
    let id = top.required_string("id").filter(|id| {
        let fine = is_name(id);
        if !fine {
            top.report("id", Text::new("flow-name-malformed").with("name", id));
        }
        fine
    });
    let version = top.int("version").and_then(|version| u32::try_from(version).ok());
    let lang = top.string("language").and_then(|code| Lang::parse(&code));
    for (field, missing) in
        [("version", version.is_none()), ("language", lang.is_none()), ("name", !top.has("name"))]
    {
        if missing {
            top.missing(field);
        }
    }
    let name = top.texts("name", false, &[], limits::BUTTON_LABEL_CHARS_MAX);
    let start = top.step_field("start");
    let home = top.step_field("home");
    top.raw("variables");
    let commands = commands(&top);
    let on = on(&top);
    let phrases = phrases(&top)?;
    let words = words(&top);
    let notifications = notifications(&top);
    let small_talk = small_talk(&top);
    let steps = steps::read(&top, actions);
    top.finish();
    let blueprint = Blueprint {
        id: id?,
        version: version?,
        name: name?,
        lang: lang?,
        places: source.names.steps.clone(),
        steps: steps?,
        start: start?,
        home: home?,
        commands,
        variables,
        on,
        phrases,
        words,
        notifications,
        small_talk,
    };
    check::check(source, &blueprint);
    Some(blueprint)
}

fn commands(top: &Fields<'_>) -> Vec<Command> {
    let Some(table) = top.table("commands") else { return Vec::new() };
    let mut commands = Vec::new();
    for (name, _) in table.entries() {
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || name.len() > limits::COMMAND_NAME_CHARS_MAX || !name.chars().all(letters) {
            table.report(name, Text::new("flow-command-malformed").with("name", name));
        }
        let Some(fields) = table.table(name) else { continue };
        if !fields.has("text") {
            fields.missing("text");
        }
        let text = fields.texts("text", false, &[], limits::COMMAND_TEXT_CHARS_MAX);
        let save = fields.variable("save");
        let hidden = fields.bool("hidden").unwrap_or(false);
        let go = fields.step_field("go");
        fields.finish();
        if let (Some(text), Some(go)) = (text, go) {
            commands.push(Command { name: name.to_owned(), text, save, hidden, go });
        }
    }
    if commands.len() > limits::COMMANDS_MAX {
        top.report("commands", Text::new("flow-too-many").with("max", limits::COMMANDS_MAX));
    }
    commands
}

fn on(top: &Fields<'_>) -> On {
    let Some(table) = top.table("on") else { return On::default() };
    let handler = |name| {
        let fields = table.table(name)?;
        let save = fields.variable("save");
        let add = fields.variable("add");
        let set = fields.assigns("set", &[], true);
        let go = fields.step_field("go");
        fields.finish();
        Some(Handler { save, add, set, go: go? })
    };
    let on = On {
        text: handler("text"),
        contact: handler("contact"),
        location: handler("location"),
        media: handler("media"),
    };
    table.finish();
    on
}

/// The phrases of the engine, then those that the blueprint says in its own words.
fn phrases(top: &Fields<'_>) -> Option<BTreeMap<Phrase, Texts>> {
    let common = Source::new("phrases.toml", PHRASES);
    let (table, errors) = DeTable::parse_recoverable(PHRASES);
    let common_fields = Fields::new(&common, None, String::new(), 1, table.get_ref());
    let own = top.table("texts");
    let mut phrases = BTreeMap::new();
    for (phrase, name, args) in Phrase::ALL {
        let own = own.as_ref().and_then(|own| own.texts(name, true, args, limits::TEXT_UTF16_MAX));
        let common = common_fields.texts(name, true, args, limits::TEXT_UTF16_MAX);
        phrases.insert(*phrase, own.or(common)?);
    }
    common_fields.finish();
    if let Some(own) = own {
        own.finish();
    }
    // The crate's own file is checked by a test; a fault there is shown like any other.
    top.source.problems.borrow_mut().extend(common.problems.take());
    errors.is_empty().then_some(phrases)
}

fn words(top: &Fields<'_>) -> Dictionaries {
    let Some(table) = top.table("words") else { return Dictionaries::new() };
    let mut dictionaries = Dictionaries::new();
    for (name, _) in table.entries() {
        let Some(fields) = table.table(name) else { continue };
        let codes = fields.entries().into_iter();
        let words = codes.filter_map(|(code, _)| {
            Some((code.to_owned(), fields.texts(code, true, &[], limits::TEXT_UTF16_MAX)?))
        });
        dictionaries.insert(name.to_owned(), words.collect());
    }
    dictionaries
}

fn notifications(top: &Fields<'_>) -> BTreeMap<String, Notification> {
    let Some(table) = top.table("notifications") else { return BTreeMap::new() };
    let mut notifications = BTreeMap::new();
    for (name, _) in table.entries() {
        let Some(fields) = table.table(name) else { continue };
        let args = fields.strings("args").unwrap_or_default();
        let lent: Vec<&str> = args.iter().map(String::as_str).collect();
        if !fields.has("text") {
            fields.missing("text");
        }
        let text = fields.texts("text", true, &lent, limits::TEXT_UTF16_MAX);
        let buttons = buttons::of_notification(&fields, &lent);
        fields.finish();
        if let Some(text) = text {
            notifications.insert(name.to_owned(), Notification { args, text, buttons });
        }
    }
    notifications
}

fn small_talk(top: &Fields<'_>) -> Vec<SmallTalk> {
    let Some(table) = top.table("small_talk") else { return Vec::new() };
    let mut known: HashSet<Vec<String>> = HashSet::new();
    let mut talks = Vec::new();
    for (name, _) in table.entries() {
        let Some(fields) = table.table(name) else { continue };
        let mut heard = Vec::new();
        for phrase in fields.strings("heard").unwrap_or_default() {
            let words = uztext::tokens(&phrase);
            if words.is_empty() {
                fields.report("heard", Text::new("flow-heard-empty").with("phrase", phrase));
            } else if known.insert(words.clone()) {
                heard.push(words);
            } else {
                fields.report("heard", Text::new("flow-name-twice").with("name", phrase));
            }
        }
        if heard.is_empty() {
            fields.missing("heard");
        }
        if !fields.has("say") {
            fields.missing("say");
        }
        let say = fields.texts("say", true, &[], limits::TEXT_UTF16_MAX);
        fields.finish();
        if let Some(say) = say {
            talks.push(SmallTalk { heard, say });
        }
    }
    talks
}

/// Reports the names that stand twice in `names`.
fn report_doubles<'n>(fields: &Fields<'_>, field: &str, names: impl Iterator<Item = &'n str>) {
    let mut seen = HashSet::new();
    for name in names {
        if !seen.insert(name) {
            fields.report(field, Text::new("flow-name-twice").with("name", name));
        }
    }
}

/// The actions by name.
fn by_name(actions: &[ActionSignature]) -> HashMap<&str, &ActionSignature> {
    actions.iter().map(|action| (action.name, action)).collect()
}

/// The fields that reading `text` asks for: step, path inside it, name. What is there is told by a test to the schema.
#[cfg(test)]
pub(crate) fn asked(
    text: &str,
    actions: &[ActionSignature],
) -> std::collections::BTreeSet<(Option<String>, String, String)> {
    let mut source = Source::new("blueprint", text);
    let (table, _) = DeTable::parse_recoverable(text);
    let variables = declare(&mut source, table.get_ref());
    whole(&source, table.get_ref(), variables, actions);
    source.asked.into_inner()
}
