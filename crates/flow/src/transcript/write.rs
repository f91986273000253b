//! How a transcript shows what the bot says.

use crate::reply::{InlineAct, InlineButton, Keyboard, Message, Reply, ReplyButton};

const INDENT: &str = "    ";

/// Leaves one empty line before what comes next.
pub(super) fn gap(out: &mut String) {
    if !out.is_empty() && !out.ends_with("\n\n") {
        out.push('\n');
    }
}

/// Appends what the bot says.
pub(super) fn replies(replies: &[Reply], out: &mut String) {
    let mut silent = true;
    for reply in replies {
        match reply {
            Reply::Message(said) => message(said, out),
            Reply::Toast(text) if text.is_empty() => continue,
            Reply::Toast(text) => {
                out.push_str("bot shows a note: ");
                out.push_str(&readable(text));
                out.push('\n');
            }
            Reply::Typing => out.push_str("bot is typing\n"),
        }
        silent = false;
    }
    if silent {
        out.push_str("bot says nothing\n");
    }
}

fn message(message: &Message, out: &mut String) {
    out.push_str(if message.edit { "bot edits the message\n" } else { "bot\n" });
    if let Some(picture) = &message.picture {
        line(out, &format!("(picture {picture})"));
    }
    for text in readable(&message.text.to_html()).lines() {
        line(out, text);
    }
    match &message.keyboard {
        Keyboard::Keep => {}
        Keyboard::Remove => line(out, "(the keyboard is taken away)"),
        Keyboard::Inline(rows) => rows.iter().for_each(|row| buttons(out, "", row.iter().map(inline))),
        Keyboard::Reply { rows, .. } => rows.iter().for_each(|row| buttons(out, "⌨ ", row.iter().map(reply))),
    }
}

fn buttons(out: &mut String, before: &str, labels: impl Iterator<Item = String>) {
    let labels: Vec<String> = labels.collect();
    line(out, &format!("{before}{}", labels.join(" ")));
}

fn inline(button: &InlineButton) -> String {
    let label = readable(&button.label);
    match &button.act {
        InlineAct::Key(_) => format!("[{label}]"),
        InlineAct::Url(url) | InlineAct::WebApp(url) => format!("[{label} → {url}]"),
    }
}

fn reply(button: &ReplyButton) -> String {
    format!("[{}]", readable(&button.label))
}

fn line(out: &mut String, text: &str) {
    if !text.is_empty() {
        out.push_str(INDENT);
        out.push_str(text);
    }
    out.push('\n');
}

/// Spaces that do not break lines would be invisible in a file, and hard to type.
pub(super) fn readable(text: &str) -> String {
    text.replace('\u{a0}', " ")
}
