//! How tickets read.

use kernel::{Text, Timestamp};
use web::pages::{Badge, Shell, Tone, Words};

use crate::{Category, Deed, Message, MessageKind, STARS_MAX, Ticket, Undelivered, View, act::signed};

const MINUTE_MS: i64 = 60_000;
const HOUR_MIN: i64 = 60;

/// What a part of the queue is called.
pub(super) fn view(view: View) -> &'static str {
    match view {
        View::Mine => "tickets-view-mine",
        View::Unassigned => "tickets-view-unassigned",
        View::Waiting => "tickets-view-waiting",
        View::Overdue => "tickets-view-overdue",
        View::Open => "tickets-view-open",
        View::Snoozed => "tickets-view-snoozed",
        View::Mentions => "tickets-view-mentions",
        View::Closed => "tickets-view-closed",
    }
}

/// What was done with a ticket.
pub(super) fn deed(p: &Shell, deed: &Deed, author: &str, categories: &[Category]) -> String {
    let say = |key: &'static str, what: &str| p.say(&Text::new(key).with("name", author).with("what", what));
    match deed {
        Deed::Note { text } => text.clone(),
        Deed::Assigned { to: Some(to), by_itself: true } => say("tickets-act-given", to),
        Deed::Assigned { to: Some(to), by_itself: false } if to == author => say("tickets-act-taken", to),
        Deed::Assigned { to: Some(to), by_itself: false } => say("tickets-act-assigned", to),
        Deed::Assigned { to: None, .. } => say("tickets-act-unassigned", ""),
        Deed::Moved { to } => {
            let category = categories.iter().find(|one| one.id == *to);
            say("tickets-act-moved", category.map_or("", |one| one.name.get(p.lang())))
        }
        Deed::Closed => say("tickets-act-closed", ""),
        Deed::Reopened => say("tickets-act-reopened", ""),
        Deed::Snoozed { until } => say("tickets-act-snoozed", &p.time(*until)),
        Deed::Woken => say("tickets-act-woken", ""),
        Deed::Returned => p.t("tickets-act-returned"),
        Deed::Blocked => p.t("tickets-act-blocked"),
        Deed::Unblocked => p.t("tickets-act-unblocked"),
        Deed::Labelled { added, removed } => say("tickets-act-labelled", &signed(added, removed)),
        Deed::Rated { stars, comment } => {
            let stars = stars_of(*stars);
            let what = if comment.is_empty() { stars } else { format!("{stars} “{comment}”") };
            say("tickets-act-rated", &what)
        }
        Deed::Merged { number } => say("tickets-act-merged", &number.to_string()),
        Deed::MergedInto { number } => say("tickets-act-merged-into", &number.to_string()),
    }
}

/// `★★★★☆`.
pub(super) fn stars_of(stars: i32) -> String {
    (1..=STARS_MAX).map(|star| if star <= stars { '★' } else { '☆' }).collect()
}

/// What a message is, in a word.
pub(super) fn kind(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Text => "tickets-kind-text",
        MessageKind::Image => "tickets-kind-image",
        MessageKind::Video => "tickets-kind-video",
        MessageKind::Audio => "tickets-kind-audio",
        MessageKind::File => "tickets-kind-file",
        MessageKind::Location => "tickets-kind-location",
    }
}

/// Why an answer did not arrive.
pub(super) fn undelivered(why: Undelivered) -> &'static str {
    match why {
        Undelivered::Blocked => "tickets-undelivered-blocked",
        Undelivered::NoChannel => "tickets-undelivered-no-channel",
        Undelivered::File => "tickets-undelivered-file",
        Undelivered::Refused => "tickets-undelivered-refused",
    }
}

/// What was said last, in a line.
pub(super) fn last_said(words: &Words, last: Option<&Message>) -> String {
    let Some(Message { said, is_answer, .. }) = last else { return words.t("tickets-nothing-said") };
    let what = match (said.kind, said.text.is_empty()) {
        (MessageKind::Text, _) => said.text.clone(),
        (other, true) => words.t(kind(other)),
        (other, false) => format!("{}: {}", words.t(kind(other)), said.text),
    };
    if *is_answer { format!("↩ {what}") } else { what }
}

/// The state of a ticket, for a list and for its head.
pub(super) fn state(words: &Words, ticket: &Ticket, now: Timestamp) -> Badge {
    let asleep = ticket.snoozed_until.is_some_and(|until| until > now);
    if !ticket.is_open {
        return Badge::new(Tone::Plain, words.t("tickets-state-closed"));
    }
    if asleep {
        return Badge::new(Tone::Info, words.t("tickets-state-snoozed"));
    }
    if let Some(due) = ticket.clock.due_at() {
        let minutes = due.millis_since(now).div_euclid(MINUTE_MS);
        return match minutes {
            ..0 => Badge::new(Tone::Error, words.t1("tickets-overdue-by", "time", span(words, -minutes))),
            0..=HOUR_MIN => {
                Badge::new(Tone::Warning, words.t1("tickets-due-in", "time", span(words, minutes)))
            }
            _ => Badge::new(Tone::Plain, words.t1("tickets-due-in", "time", span(words, minutes))),
        };
    }
    match ticket.clock.waiting_since {
        Some(since) => {
            let minutes = now.millis_since(since).div_euclid(MINUTE_MS).max(0);
            Badge::new(Tone::Warning, words.t1("tickets-waits", "time", span(words, minutes)))
        }
        None => Badge::new(Tone::Success, words.t("tickets-state-answered")),
    }
}

/// Minutes as people say them: `5 daqiqa`, `3 soat`, `2 kun`.
pub(super) fn span(words: &Words, minutes: i64) -> String {
    words.say(&crate::words::span(minutes))
}
