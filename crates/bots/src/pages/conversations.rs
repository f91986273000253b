//! Conversations as a table, on the page of their bot.

use web::pages::{Cell, Column, Empty, Row, Shell, Table};

use super::words;
use crate::reads::ConversationSummary;

fn columns() -> Vec<Column> {
    vec![
        Column::main("bots-person"),
        Column::new("bots-last-said").wide(),
        Column::new("bots-bot"),
        Column::new("bots-state"),
        Column::new("bots-last-at"),
    ]
}

fn row(p: &Shell, summary: &ConversationSummary) -> Row {
    let ConversationSummary { row, bot, kind, contact, last_said, labels: _ } = summary;
    let (tone, state) = words::conversation_state(&p.words, row);
    let under = match (contact.as_ref().and_then(|contact| contact.phone.as_ref()), &row.username) {
        (Some(phone), _) => phone.pretty(),
        (None, Some(name)) => format!("@{name}"),
        (None, None) => String::new(),
    };
    vec![
        Cell::Link {
            href: format!("/conversations/{}", row.id),
            text: words::person(&p.words, summary),
            sub: under,
        },
        Cell::text(words::last_said(&p.words, last_said.as_ref())),
        Cell::Two(bot.name.clone(), words::kind(&p.words, *kind)),
        Cell::Badge(tone, state),
        Cell::Time(row.last_at),
    ]
}

/// A short list of them, for the page of a bot.
pub(super) fn conversations_table(p: &Shell, id: &'static str, latest: &[ConversationSummary]) -> Table {
    let rows = latest.iter().map(|summary| row(p, summary)).collect();
    Table::of(&p.words, id, columns(), rows).empty(nobody(p))
}

fn nobody(p: &Shell) -> Empty {
    Empty::new("chat-dots", p.t("bots-conversations-empty"), p.t("bots-conversations-empty-hint"))
}
