//! Reading of buttons: those of menus, the options of a choice, yes and no.

use kernel::{Lang, Text};
use serde_json::Value;

use super::{fields::Fields, is_name, report_doubles};
use crate::{
    blueprint::{Assign, Button, ButtonAct, CommandButton, Filler, Go, Group, Label, Texts, Works},
    engine::auto,
    limits::{BUTTON_LABEL_CHARS_MAX, ROW_BUTTONS_MAX, TOAST_UTF16_MAX},
    phrase::Phrase,
};

/// The names that a button of a list may use.
const ITEM_NAMES: [&str; 2] = ["item", "index"];

/// More columns than a row can have: the buttons of such a group stand in one row.
const WHOLE_ROW: usize = ROW_BUTTONS_MAX + 1;

/// The `buttons` of a step in groups; `None` when one could not be read.
pub(super) fn read(fields: &Fields<'_>) -> Option<Vec<Group>> {
    let columns = fields.size("columns", 1..=ROW_BUTTONS_MAX, 1);
    let mut groups: Vec<Group> = Vec::new();
    let mut complete = true;
    let mut ids = Vec::new();
    for table in fields.tables("buttons") {
        let beside = table.bool("beside").unwrap_or(false);
        let in_list =
            table.has("each") || (beside && groups.last().is_some_and(|group| group.each.is_some()));
        let lent: &[&str] = if in_list { &ITEM_NAMES } else { &[] };
        let each = table.expr("each", &[]);
        let own_columns = table.size("columns", 1..=ROW_BUTTONS_MAX, 1);
        let button = button(&table, lent);
        table.finish();
        let Some(button) = button else {
            complete = false;
            continue;
        };
        ids.push(button.id.clone());
        if beside {
            put_beside(&mut groups, button);
            if groups.last().is_some_and(|group| group.buttons.len() > ROW_BUTTONS_MAX) {
                table.report("beside", Text::new("flow-too-many").with("max", ROW_BUTTONS_MAX));
            }
        } else if each.is_some() {
            groups.push(Group { each, columns: own_columns, buttons: vec![button] });
        } else {
            match groups.last_mut() {
                Some(Group { each: None, columns: last, buttons }) if *last == columns => {
                    buttons.push(button)
                }
                _ => groups.push(Group { each: None, columns, buttons: vec![button] }),
            }
        }
    }
    report_doubles(fields, "buttons", ids.iter().map(String::as_str));
    complete.then_some(groups)
}

/// The buttons under a notification, by rows: each is a command.
pub(super) fn of_notification(fields: &Fields<'_>, lent: &[&str]) -> Vec<Vec<CommandButton>> {
    let mut rows: Vec<Vec<CommandButton>> = Vec::new();
    for table in fields.tables("buttons") {
        for field in ["text", "command"] {
            if !table.has(field) {
                table.missing(field);
            }
        }
        let label = table.texts("text", false, lent, BUTTON_LABEL_CHARS_MAX);
        let command = table.string("command").unwrap_or_default();
        let name = command.split(' ').next().unwrap_or_default();
        let known = &table.source.names.commands;
        if table.has("command") && !known.contains(name) {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let text = Text::new("flow-word-unknown").with("word", name).with("known", known.join(", "));
            table.report("command", text);
        }
        let command = table.words("command", lent);
        let beside = table.bool("beside").unwrap_or(false);
        table.finish();
        let (Some(label), Some(command)) = (label, command) else { continue };
        let button = CommandButton { label, command };
        match rows.last_mut().filter(|_| beside) {
            Some(row) if row.len() == ROW_BUTTONS_MAX => {
                table.report("beside", Text::new("flow-too-many").with("max", ROW_BUTTONS_MAX));
            }
            Some(row) => row.push(button),
            None => rows.push(vec![button]),
        }
    }
    rows
}

/// Puts a button into the row of the one before it, which becomes a row of its own.
fn put_beside(groups: &mut Vec<Group>, button: Button) {
    match groups.last_mut() {
        None => groups.push(Group { each: None, columns: WHOLE_ROW, buttons: vec![button] }),
        Some(group) if group.each.is_some() || group.columns == WHOLE_ROW => group.buttons.push(button),
        Some(group) => {
            let before = group.buttons.pop();
            if group.buttons.is_empty() {
                groups.pop();
            }
            let buttons = before.into_iter().chain([button]).collect();
            groups.push(Group { each: None, columns: WHOLE_ROW, buttons });
        }
    }
}

fn button(fields: &Fields<'_>, lent: &[&str]) -> Option<Button> {
    let id = fields.required_string("id");
    if let Some(id) = id.as_ref().filter(|id| !is_name(id)) {
        fields.report("id", Text::new("flow-name-malformed").with("name", id));
    }
    if !fields.has("text") {
        fields.missing("text");
    }
    let label = fields.texts("text", false, lent, BUTTON_LABEL_CHARS_MAX).map(Label::Own);
    let when = fields.expr("when", lent);
    let set = fields.assigns("set", lent, true);
    let lang = fields.string("language").and_then(|code| {
        let lang = Lang::parse(&code);
        if lang.is_none() {
            fields.report(
                "language",
                Text::new("flow-word-unknown").with("word", code).with("known", "uz, ru, en"),
            );
        }
        lang
    });
    let works = [("now", Works::Now), ("once", Works::Once), ("always", Works::Always)];
    let works = fields.one_of("works", &works).unwrap_or(Works::Now);
    let toast = fields.texts("toast", false, lent, TOAST_UTF16_MAX);
    let act = if let Some(url) = fields.words("url", lent) {
        ButtonAct::Url(url)
    } else if let Some(url) = fields.words("web_app", lent) {
        ButtonAct::WebApp(url)
    } else {
        ButtonAct::Go(fields.required_go("go")?)
    };
    Some(Button { id: id?, label: label?, when, act, set, lang, works, toast })
}

/// The options of a `choice`: a fixed list, or one for each item of a value.
pub(super) fn options(fields: &Fields<'_>, save: Option<&str>) -> Option<Group> {
    let Some(save) = save else {
        fields.missing("save");
        return None;
    };
    let columns = fields.size("columns", 1..=ROW_BUTTONS_MAX, 1);
    let go = fields.required_go("go")?;
    if fields.has("from") {
        let each = fields.expr("from", &[]);
        for field in ["label", "value"] {
            if !fields.has(field) {
                fields.missing(field);
            }
        }
        let label = fields.texts("label", false, &ITEM_NAMES, BUTTON_LABEL_CHARS_MAX);
        let value =
            fields.raw("value").and_then(|value| fields.filler("value", value.get_ref(), &ITEM_NAMES));
        let option = option(auto::OPTION.to_owned(), label?, save, value?, go);
        return Some(Group { each: Some(each?), columns, buttons: vec![option] });
    }
    let mut buttons = Vec::new();
    let tables = fields.tables("options");
    if tables.is_empty() {
        fields.missing("options");
    }
    for table in &tables {
        for field in ["value", "text"] {
            if !table.has(field) {
                table.missing(field);
            }
        }
        let value = table.raw("value").and_then(|value| table.filler("value", value.get_ref(), &[]));
        let label = table.texts("text", false, &[], BUTTON_LABEL_CHARS_MAX);
        let own_go = if table.has("go") { table.go("go")? } else { go };
        let when = table.expr("when", &[]);
        table.finish();
        let (value, label) = (value?, label?);
        let id = match &value {
            Filler::Fixed(Value::String(text)) => format!("={text}"),
            Filler::Fixed(other) => format!("={other}"),
            Filler::Expr(_) | Filler::Words(_) | Filler::Fields(_) => auto::OPTION.to_owned(),
        };
        buttons.push(Button { when, ..option(id, label, save, value, own_go) });
    }
    report_doubles(fields, "options", buttons.iter().map(|button| button.id.as_str()));
    Some(Group { each: None, columns, buttons })
}

fn option(id: String, label: Texts, save: &str, value: Filler, go: Go) -> Button {
    let set = vec![Assign { name: save.to_owned(), value }];
    Button { set, ..bare(id, Label::Own(label), go) }
}

const fn bare(id: String, label: Label, go: Go) -> Button {
    let act = ButtonAct::Go(go);
    Button { id, label, when: None, act, set: Vec::new(), lang: None, works: Works::Now, toast: None }
}

/// The two buttons of a `confirm`.
pub(super) fn yes_no(fields: &Fields<'_>) -> Option<Group> {
    let own = |field| fields.texts(field, false, &[], BUTTON_LABEL_CHARS_MAX).map(Label::Own);
    let yes_label = own("yes_text").unwrap_or(Label::Phrase(Phrase::Yes));
    let no_label = own("no_text").unwrap_or(Label::Phrase(Phrase::No));
    let (yes, no) = (fields.required_go("yes"), fields.required_go("no"));
    let buttons = vec![bare(auto::YES.to_owned(), yes_label, yes?), bare(auto::NO.to_owned(), no_label, no?)];
    Some(Group { each: None, columns: WHOLE_ROW, buttons })
}

/// The button that leaves a question unanswered: the variable becomes nothing.
pub(super) fn skip(go: Go, save: Option<&str>) -> Group {
    let set = save.map(|name| Assign { name: name.to_owned(), value: Filler::Fixed(Value::Null) });
    let button = Button {
        set: set.into_iter().collect(),
        ..bare(auto::SKIP.to_owned(), Label::Phrase(Phrase::Skip), go)
    };
    Group { each: None, columns: 1, buttons: vec![button] }
}
