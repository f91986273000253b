//! What was said in a conversation, as a part of the page, and the files in it.

use std::sync::Arc;

use askama::Template;
use axum::{extract::Path, response::Response};
use kernel::Error;
use web::{
    Caller, RowKey,
    pages::{Icon, ListQuery, Words, render},
};

use crate::{
    Bots, DeliveryState, DeskAct, Message,
    inbox::{self, Brought},
    pages::words,
    reads::{self, ConversationRow, MESSAGES_AT_ONCE},
    said::{Chat, From, Looks, Media, Said, file_path},
    simulator::picture_address,
};

/// The part.
#[derive(Debug, Template)]
#[template(path = "inbox_log.html")]
pub(super) struct Log {
    words: Words,
    person: String,
    said: Vec<Said>,
    /// Where older messages stand.
    older: Option<String>,
}
impl askama::filters::HtmlSafe for Log {}

impl Log {
    pub(super) fn new(caller: &Caller, row: &ConversationRow, person: String, messages: &[Message]) -> Self {
        let picture = picture_address(&caller.ctx, caller.app.secret());
        let file = |message| Some(file_path(row.id, message));
        let looks = Looks { picture: &picture, person: &person, file: &file };
        let said = Chat::of(messages, &looks, true).said;
        let is_full = i64::try_from(messages.len()).is_ok_and(|count| count >= MESSAGES_AT_ONCE);
        let first = messages.first().filter(|_| is_full);
        let older = first.map(|first| format!("/conversations/{}?before={}", row.id, first.seq));
        Self { words: caller.words(), person, said, older }
    }

    fn icon(&self, name: &'static str) -> Icon {
        Icon::new(name)
    }

    fn class(&self, said: &Said) -> &'static str {
        match said.from {
            From::Bot => "is-bot",
            From::Contact => "is-contact",
            From::Staff => "is-bot is-staff",
            From::Aside => "is-bot is-note",
        }
    }

    fn is_note(&self, said: &Said) -> bool {
        said.from == From::Aside
    }

    fn is_person(&self, said: &Said) -> bool {
        said.from == From::Contact
    }

    fn is_queued(&self, said: &Said) -> bool {
        said.delivery == DeliveryState::Queued
    }

    fn is_failed(&self, said: &Said) -> bool {
        said.delivery == DeliveryState::Failed
    }

    fn act(&self, act: &DeskAct, said: &Said) -> String {
        let name = said.author.clone().unwrap_or_default();
        match (act, name.is_empty()) {
            (DeskAct::HandedOver, _) => self.words.t("bots-act-handed-over"),
            (DeskAct::FileLost, _) => self.words.t("bots-act-file-lost"),
            (DeskAct::Taken, _) => self.words.t1("bots-act-taken", "name", name),
            (DeskAct::HandedBack, true) => self.words.t("bots-act-handed-back-by-person"),
            (DeskAct::HandedBack, false) => self.words.t1("bots-act-handed-back", "name", name),
        }
    }

    /// What the person sent, in a word.
    fn sent(&self, what: &str) -> String {
        words::sent(&self.words, what)
    }

    /// The length of a file in whole kilobytes, the last one begun.
    fn size(&self, bytes: &u64) -> String {
        let kilobytes = i64::try_from(bytes.div_ceil(1024)).unwrap_or(i64::MAX);
        self.words.t1("bots-file-size", "kilobytes", self.words.number(kilobytes))
    }
}

/// `GET /conversations/{id}/log`.
pub(super) async fn part(caller: Caller, Path(key): Path<RowKey>, query: ListQuery) -> web::Result<Response> {
    let before = query.get("before").and_then(|seq| seq.parse().ok());
    let read = caller.read(move |ctx, tx| {
        let summary = reads::get_conversation(ctx, tx, None, key)?;
        let messages = reads::list_messages(ctx, tx, summary.row.id, before)?;
        Ok((summary, messages))
    });
    let (summary, messages) = read.await?;
    let person = words::person(&caller.words(), &summary);
    Ok(render(&Log::new(&caller, &summary.row, person, &messages)))
}

/// `GET /conversations/{id}/files/{message}`: the file that a message brought. One that a person sent is fetched from
/// the platform when it is asked for first.
pub(super) async fn file(
    caller: Caller,
    Path((conversation, message)): Path<(RowKey, RowKey)>,
    asked: files::Asked,
) -> web::Result<Response> {
    let conversation = conversation.id().ok_or_else(Error::not_found)?;
    let message = message.id().ok_or_else(Error::not_found)?;
    let found = caller.read(move |ctx, tx| inbox::brought(ctx, tx, conversation, message)).await?;
    let (hash, name) = match found {
        Brought::Here(hash, name) => (hash, name),
        Brought::There(channel, message, file) => {
            let bots: Arc<Bots> = caller.app.service()?;
            let hash = inbox::fetch(&caller.ctx, caller.db(), &bots, &channel, message, &file).await?;
            (hash, "file".to_owned())
        }
    };
    Ok(files::send(&caller, hash, &name, &asked).await?)
}
