//! Messages that the host sends of itself: "your order was confirmed". Their words lie in the blueprint.

use kernel::{Lang, Zone};
use serde_json::Value;

use crate::{
    blueprint::{Blueprint, CommandButton},
    engine::writing,
    expr::Scope,
    limits::{BUTTON_LABEL_CHARS_MAX, TEXT_UTF16_MAX},
    phrase::Phrase,
    reply::{InlineAct, InlineButton, Keyboard, Message},
    rich::cut,
};

/// The message of the notification `name` in `lang`; `None` when the blueprint has none of this name. `args` is an
/// object with the notification's arguments: money in tiyin, quantities in thousandths, moments in UTC milliseconds.
pub fn render_notification(
    blueprint: &Blueprint,
    name: &str,
    lang: Lang,
    zone: Zone,
    args: &Value,
) -> Option<Message> {
    let notification = blueprint.notifications.get(name)?;
    let nothing = serde_json::Map::new();
    let variables = args.as_object().unwrap_or(&nothing);
    let scope = Scope::Root { variables, lang, today: "" };
    let writing = writing(blueprint, lang, zone);
    let text = notification.text.get(lang).rich(writing, &scope, TEXT_UTF16_MAX);
    let button = |button: &CommandButton| InlineButton {
        label: cut(&button.label.get(lang).plain(writing, &scope), BUTTON_LABEL_CHARS_MAX),
        act: InlineAct::Key(format!("/{}", button.command.plain(writing, &scope))),
    };
    let rows: Vec<Vec<InlineButton>> =
        notification.buttons.iter().map(|row| row.iter().map(button).collect()).collect();
    let keyboard = if rows.is_empty() { Keyboard::Keep } else { Keyboard::Inline(rows) };
    Some(Message { keyboard, ..Message::of(text) })
}

/// What a bot says that is paused.
pub fn resting(blueprint: &Blueprint, lang: Lang) -> Message {
    let nothing = serde_json::Map::new();
    let scope = Scope::Root { variables: &nothing, lang, today: "" };
    let zone = Zone::default();
    let text =
        blueprint.phrase(Phrase::Resting, lang).rich(writing(blueprint, lang, zone), &scope, TEXT_UTF16_MAX);
    Message::of(text)
}
