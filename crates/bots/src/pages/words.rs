//! States of bots, channels and conversations as badges and sentences.

use web::pages::{Badge, Tone, Words};

use crate::{
    BotState, Channel, ChannelKind, ChannelState, Intake,
    reads::{ConversationRow, ConversationState, ConversationSummary},
    said::{Media, Said},
    webchat::Side,
};

/// Characters of what was said last that a list shows.
const SAID_CHARS: usize = 80;

pub(super) fn bot_state(words: &Words, state: BotState) -> Badge {
    match state {
        BotState::Active => Badge::new(Tone::Success, words.t("bots-state-active")),
        BotState::Paused => Badge::new(Tone::Warning, words.t("bots-state-paused")),
        BotState::Archived => Badge::new(Tone::Plain, words.t("bots-state-archived")),
    }
}

pub(super) fn channel_state(words: &Words, channel: &Channel) -> (Tone, String) {
    match channel.state {
        ChannelState::Live => (Tone::Success, words.t("bots-channel-live")),
        ChannelState::Broken => (Tone::Error, words.t("bots-channel-broken")),
        ChannelState::Held => (Tone::Warning, words.t("bots-channel-held")),
        ChannelState::Removed => (Tone::Plain, words.t("bots-channel-removed")),
    }
}

pub(super) fn kind(words: &Words, kind: ChannelKind) -> String {
    words.t(match kind {
        ChannelKind::Simulator => "bots-simulator",
        ChannelKind::Telegram => "bots-telegram",
        ChannelKind::Web => "bots-web-chat",
    })
}

/// The corner of a chat on a site.
pub(super) fn side(words: &Words, side: Side) -> String {
    words.t(match side {
        Side::Right => "bots-web-side-right",
        Side::Left => "bots-web-side-left",
    })
}

pub(super) fn intake(words: &Words, intake: Option<Intake>) -> String {
    match intake {
        Some(Intake::Polling) => words.t("bots-intake-polling"),
        Some(Intake::Webhook) => words.t("bots-intake-webhook"),
        None => String::new(),
    }
}

pub(super) fn conversation_state(words: &Words, row: &ConversationRow) -> (Tone, String) {
    match row.state() {
        ConversationState::WithBot => (Tone::Info, words.t("bots-conversation-bot")),
        ConversationState::WithPerson if row.desk.waiting_since.is_some() => {
            (Tone::Warning, words.t("bots-conversation-person"))
        }
        ConversationState::WithPerson => (Tone::Accent, words.t("bots-conversation-staff")),
        ConversationState::Blocked => (Tone::Error, words.t("bots-conversation-blocked")),
    }
}

/// What the person is called: their contact's name, or what they call themselves.
pub(super) fn person(words: &Words, summary: &ConversationSummary) -> String {
    match &summary.contact {
        Some(contact) => contact.name.clone(),
        None if summary.row.person_name.is_empty() => words.t("bots-nameless"),
        None => summary.row.person_name.clone(),
    }
}

/// What a person sent, in a word.
pub(super) fn sent(words: &Words, what: &str) -> String {
    words.t(match what {
        "photo" => "bots-sent-photo",
        "video" => "bots-sent-video",
        "voice" => "bots-sent-voice",
        "audio" => "bots-sent-audio",
        _ => "bots-said-file",
    })
}

/// What the person said last, in a line.
pub(super) fn last_said(words: &Words, said: Option<&Said>) -> String {
    let Some(said) = said else { return String::new() };
    let text: String = said.text.iter().map(|span| span.text.as_str()).collect();
    let said = match &said.media {
        Some(Media::Contact { phone, .. }) => phone.clone(),
        Some(Media::Location { .. }) => words.t("bots-said-place"),
        Some(Media::Sent { what, .. }) if text.is_empty() => sent(words, what),
        Some(Media::Photo { .. } | Media::Document { .. }) if text.is_empty() => words.t("bots-said-file"),
        // Its words stand further back than was looked.
        None if said.is_tap && text.is_empty() => words.t("bots-said-button"),
        _ => text,
    };
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = line.chars().take(SAID_CHARS).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}
