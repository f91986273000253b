//! The left part: parts of the inbox, and who talks in them.

use kernel::{Date, Id, Timestamp};
use tickets::Label;
use web::pages::{Badge, Empty, Shell};

use super::Asked;
use crate::{
    Bot, Conversation,
    pages::words,
    reads::{ConversationState, ConversationSummary, DeskCounts, View},
};

/// A part of the inbox.
#[derive(Debug)]
pub(super) struct ViewLink {
    pub(super) href: String,
    pub(super) label: String,
    pub(super) count: i64,
    pub(super) current: bool,
}

pub(super) fn views(p: &Shell, asked: &Asked, counts: &DeskCounts) -> Vec<ViewLink> {
    let DeskCounts { people, waiting, mine } = counts;
    let link = |view: View| {
        let (key, count) = match view {
            View::Waiting => ("bots-view-waiting", *waiting),
            View::Mine => ("bots-view-mine", *mine),
            View::People => ("bots-view-people", *people),
            View::Bot => ("bots-view-bot", 0),
            View::All => ("bots-view-all", 0),
        };
        let href = asked
            .href("/conversations", &[("view", view.word()), ("page", ""), ("open", ""), ("before", "")]);
        ViewLink { href, label: p.t(key), count, current: asked.view == view }
    };
    View::ALL.map(link).into()
}

/// A bot to choose.
#[derive(Debug)]
pub(super) struct BotChoice {
    pub(super) number: i64,
    pub(super) name: String,
}

impl From<Bot> for BotChoice {
    fn from(bot: Bot) -> Self {
        Self { number: bot.number, name: bot.name }
    }
}

/// A conversation in the list.
#[derive(Debug)]
pub(super) struct InboxRow {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) initial: String,
    pub(super) said: String,
    pub(super) bot: String,
    pub(super) badge: Option<Badge>,
    pub(super) labels: Vec<Label>,
    pub(super) unread: i64,
    pub(super) at: Timestamp,
    pub(super) when: String,
    pub(super) is_open: bool,
}

impl InboxRow {
    pub(super) fn new(
        p: &Shell,
        asked: &Asked,
        summary: &ConversationSummary,
        current: Option<Id<Conversation>>,
        today: Date,
    ) -> Self {
        let ConversationSummary { row, bot, kind, contact: _, last_said, labels } = summary;
        let state = row.state();
        let (tone, word) = words::conversation_state(&p.words, row);
        let name = words::person(&p.words, summary);
        Self {
            href: asked.href(&format!("/conversations/{}", row.id), &[("open", ""), ("before", "")]),
            initial: name
                .chars()
                .find(|c| c.is_alphanumeric())
                .map(|c| c.to_uppercase().collect())
                .unwrap_or_default(),
            name,
            said: words::last_said(&p.words, last_said.as_ref()),
            bot: format!("{} · {}", bot.name, words::kind(&p.words, *kind)),
            badge: (state != ConversationState::WithBot).then(|| match &row.desk.assignee_name {
                Some(assignee) if state == ConversationState::WithPerson => {
                    Badge::new(tone, assignee.clone())
                }
                _ => Badge::new(tone, word),
            }),
            labels: labels.clone(),
            unread: row.desk.unread,
            at: row.last_at,
            when: p.words.short_time(row.last_at, today),
            is_open: current == Some(row.id),
        }
    }
}

pub(super) fn nobody(p: &Shell, asked: &Asked) -> Empty {
    match asked.view {
        View::All if !asked.query.is_filtered() => {
            Empty::new("chat-dots", p.t("bots-conversations-empty"), p.t("bots-conversations-empty-hint"))
        }
        _ => Empty::new("inbox", p.t("bots-inbox-empty"), p.t("bots-inbox-empty-hint")),
    }
}
