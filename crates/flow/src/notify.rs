//! Messages that the host sends of itself: "your order was confirmed". Their words lie in the blueprint.

use kernel::{Lang, Zone};
use serde_json::Value;

use crate::{
    blueprint::Blueprint, engine::writing, expr::Scope, limits::TEXT_UTF16_MAX, phrase::Phrase,
    reply::Message,
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
    let text = notification.text.get(lang).rich(writing(blueprint, lang, zone), &scope, TEXT_UTF16_MAX);
    Some(Message::of(text))
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
