//! What is new in a visitor's conversation: read from its rows, and waited for.

use context::Ctx;
use db::ReadTx;
use files::signed_path;
use kernel::{Error, Id, Result};
use serde::Serialize;

use super::{
    Visitor,
    door::Door,
    live::{self, Seat},
};
use crate::{
    Body, Conversation, Message,
    said::{Looks, Said, Seen},
    simulator::{Told, told},
    store,
};

/// Rows read at once.
const ROWS: i64 = 200;

/// What is new after a place.
#[derive(Debug, Default, Serialize)]
pub(super) struct News {
    /// Events with their data, in order: `message`, `keyboard`, `callback`, `typing`.
    pub(super) events: Vec<Told>,
    /// The place up to which this is all.
    pub(super) last: i64,
    /// The page shows something that is no more: it reads everything anew.
    pub(super) reset: bool,
    /// Whether somebody of the staff answers.
    pub(super) with_person: bool,
    #[serde(skip)]
    pub(super) conversation: Option<Id<Conversation>>,
}

impl News {
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty() && !self.reset
    }
}

/// What was said after the place `after`.
pub(super) async fn news(door: &Door, visitor: &Visitor, after: i64) -> Result<News> {
    let (ctx, secret, visitor) = (door.ctx.clone(), *door.app.secret(), visitor.clone());
    let read = move |tx: &mut ReadTx<'_>| find(&ctx, tx, &secret, &visitor, after);
    door.app.db().read(&door.ctx, read).await
}

fn find(ctx: &Ctx, tx: &mut ReadTx, secret: &[u8; 32], visitor: &Visitor, after: i64) -> Result<News> {
    let found = store::conversation::find_by_key(ctx, tx, visitor.channel, &visitor.chat_key())?;
    let Some(conversation) = found else { return Ok(News { reset: after > 0, ..News::default() }) };
    let known = Some(conversation.id);
    let with_person = conversation.desk.with_person;
    // A place that was never reached is of another database: one that was restored.
    if after < 0 || after > store::message::last_seq(ctx, tx, conversation.id)? {
        return Ok(News { reset: true, with_person, conversation: known, ..News::default() });
    }
    let rows = store::message::after(ctx, tx, conversation.id, after, ROWS)?;
    let last = rows.last().map_or(after, |row| row.seq);
    let events = with_looks(ctx, secret, &conversation.person_name, |looks| {
        let tell = |row: &Message| match looks.see(row) {
            Seen::Message(said, keyboard) => told(Seen::Message(own_words(said), keyboard)),
            seen => told(seen),
        };
        visible(rows).iter().map(tell).collect::<Result<Vec<_>>>()
    })?;
    let events = events.into_iter().flatten().collect();
    Ok(News { events, last, reset: false, with_person, conversation: known })
}

/// The rows that a visitor may see.
pub(super) fn visible(rows: Vec<Message>) -> Vec<Message> {
    rows.into_iter().filter(|row| !is_opening(row)).collect()
}

/// Looks at rows as a visitor sees them.
pub(super) fn with_looks<T>(
    ctx: &Ctx,
    secret: &[u8; 32],
    person: &str,
    look: impl FnOnce(&Looks<'_>) -> T,
) -> T {
    let until = ctx.zone().start_of(ctx.today().plus_days(PICTURE_DAYS));
    // Goods are shown to everybody; what the staff sends is for this visitor, who asks for it by their token.
    let picture = |message: &Message, picture: &str| match &message.author {
        Some(_) => Some(file_path(message.id)),
        None => signed_path(secret, ctx.workspace(), picture.parse().ok()?, until).ok(),
    };
    let file = |message| Some(file_path(message));
    look(&Looks { picture: &picture, person, file: &file })
}

/// How long a picture's address stays good; the same address all day, so that browsers keep the picture.
const PICTURE_DAYS: u64 = 2;

/// Under the chat's own address; the page asks for it with the token.
fn file_path(message: Id<Message>) -> String {
    format!("files/{message}")
}

/// The command by which the page lets the bot greet somebody new: nobody typed it.
fn is_opening(row: &Message) -> bool {
    matches!(&row.body, Body::In(flow::Input::Command { name, .. }) if name == "start")
}

/// The message under the id that the page itself gave to its input.
pub(super) fn own_words(said: Said) -> Said {
    let client_id = said.client_id.as_deref().and_then(|key| key.rsplit(':').next()).map(str::to_owned);
    Said { client_id, ..said }
}

/// A place at the conversation, once there is one.
pub(super) fn sit(door: &Door, news: &News) -> Result<Option<Seat>> {
    let Door { app, meta, bots, .. } = door;
    let sit = |id| live::sit(bots, app.db(), app.stopping(), id, &meta.address);
    news.conversation.map(sit).transpose()
}

/// The history's rows before a place, oldest first.
pub(super) fn rows_before(
    ctx: &Ctx,
    tx: &mut ReadTx,
    visitor: &Visitor,
    before: i64,
    at_most: i64,
) -> Result<Option<(Conversation, Vec<Message>)>> {
    let found = store::conversation::find_by_key(ctx, tx, visitor.channel, &visitor.chat_key())?;
    let Some(conversation) = found else { return Ok(None) };
    let rows = store::summary::before(ctx, tx, conversation.id, before, at_most)?;
    Ok(Some((conversation, rows)))
}

/// The visitor's conversation, which is there as soon as they have said something.
pub(super) fn conversation(ctx: &Ctx, tx: &mut ReadTx, visitor: &Visitor) -> Result<Conversation> {
    let found = store::conversation::find_by_key(ctx, tx, visitor.channel, &visitor.chat_key())?;
    found.ok_or_else(Error::not_found)
}
