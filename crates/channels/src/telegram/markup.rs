//! Words and keyboards as the Bot API's types.

use flow::{Asks, InlineAct, InlineButton, Keyboard, Mark, ReplyButton, RichText, Style, limits};
use frankenstein::types::{
    InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, MessageEntity, MessageEntityType,
    ReplyKeyboardMarkup, ReplyKeyboardRemove, ReplyMarkup, WebAppInfo,
};
use net::reqwest::Url;

/// Marks as entities; Telegram counts in the same units.
pub(crate) fn entities(text: &RichText) -> Vec<MessageEntity> {
    text.marks.iter().filter_map(entity).collect()
}

fn entity(mark: &Mark) -> Option<MessageEntity> {
    let Mark { start, length, style } = mark;
    let kind = match style {
        Style::Bold => MessageEntityType::Bold,
        Style::Italic => MessageEntityType::Italic,
        Style::Underline => MessageEntityType::Underline,
        Style::Strike => MessageEntityType::Strikethrough,
        Style::Code => MessageEntityType::Code,
        Style::Link(_) => MessageEntityType::TextLink,
    };
    let (offset, length) = (u16::try_from(*start).ok()?, u16::try_from(*length).ok()?);
    let mut entity = MessageEntity::builder().type_field(kind).offset(offset).length(length).build();
    if let Style::Link(address) = style {
        entity.url = Some(address.clone());
    }
    Some(entity)
}

/// A keyboard for a message that is sent; `None` leaves things as they are.
pub(crate) fn reply_markup(keyboard: &Keyboard) -> Option<ReplyMarkup> {
    match keyboard {
        Keyboard::Keep => None,
        Keyboard::Inline(_) => inline_markup(keyboard).map(ReplyMarkup::InlineKeyboardMarkup),
        Keyboard::Remove => Some(ReplyMarkup::ReplyKeyboardRemove(
            ReplyKeyboardRemove::builder().remove_keyboard(true).build(),
        )),
        Keyboard::Reply { rows, once, placeholder } => {
            let rows = rows.iter().map(|row| row.iter().map(key).collect()).collect();
            let mut markup = ReplyKeyboardMarkup::builder().keyboard(rows).resize_keyboard(true).build();
            markup.one_time_keyboard = Some(*once);
            // The icon that opens the keyboard again stays when a keyboard of a menu is shown.
            markup.is_persistent = Some(!once);
            markup.input_field_placeholder = (!placeholder.is_empty())
                .then(|| placeholder.chars().take(limits::PLACEHOLDER_UTF16_MAX).collect());
            Some(ReplyMarkup::ReplyKeyboardMarkup(markup))
        }
    }
}

/// Buttons for a message that is edited; `None` takes them away.
pub(crate) fn inline_markup(keyboard: &Keyboard) -> Option<InlineKeyboardMarkup> {
    match keyboard {
        Keyboard::Inline(rows) => {
            let rows = rows.iter().map(|row| row.iter().map(button).collect()).collect();
            Some(InlineKeyboardMarkup::builder().inline_keyboard(rows).build())
        }
        Keyboard::Keep | Keyboard::Remove | Keyboard::Reply { .. } => None,
    }
}

fn button(button: &InlineButton) -> InlineKeyboardButton {
    let InlineButton { label, act } = button;
    let mut made = InlineKeyboardButton::builder().text(label.as_str()).build();
    match act {
        InlineAct::Key(key) => made.callback_data = Some(key.clone()),
        InlineAct::Url(page) => made.url = Some(page.clone()),
        InlineAct::WebApp(page) => made.web_app = Some(WebAppInfo::builder().url(page.as_str()).build()),
    }
    made
}

fn key(button: &ReplyButton) -> KeyboardButton {
    let ReplyButton { label, asks } = button;
    let mut made = KeyboardButton::builder().text(label.as_str()).build();
    match asks {
        Asks::Nothing => {}
        Asks::Contact => made.request_contact = Some(true),
        Asks::Location => made.request_location = Some(true),
    }
    made
}

/// Telegram takes this address for a button: a web address with a real host name, or its own.
pub(crate) fn opens(address: &str) -> bool {
    match Url::parse(address) {
        Ok(url) => match url.scheme() {
            "http" | "https" => url.host_str().is_some_and(|host| host.contains('.')),
            "tg" => true,
            _ => false,
        },
        Err(_) => false,
    }
}
