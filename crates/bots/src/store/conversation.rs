//! The SQL of conversations.

use contacts::Contact;
use context::Ctx;
use db::{ReadTx, Row, Tx, params};
use kernel::{Id, Lang, Result};

use super::bot::Answering;
use crate::{Channel, Conversation, Desk};

const COLUMNS: &str =
    "id, channel_id, chat_key, person_name, contact_id, lang, session, resets, first_seq, blocked, with_person, assignee_id,
     assignee_name, waiting_since_ms, unread, told_at_ms, username, last_at_ms";

fn read(row: &Row<'_>) -> Result<Conversation> {
    let lang: Option<String> = row.get(5)?;
    Ok(Conversation {
        id: row.get(0)?,
        channel: row.get(1)?,
        chat_key: row.get(2)?,
        person_name: row.get(3)?,
        contact: row.get(4)?,
        lang: lang.as_deref().and_then(Lang::parse),
        session: row.get(6)?,
        resets: row.get(7)?,
        first_seq: row.get(8)?,
        blocked: row.get(9)?,
        desk: read_desk(row, 10)?,
        username: row.get(16)?,
        last_at: row.get(17)?,
    })
}

impl Conversation {
    /// With what is known now of whoever writes.
    pub(crate) fn heard_of(self, ctx: &Ctx, person_name: &str, username: Option<&str>) -> Self {
        let (person_name, username) = (person_name.to_owned(), username.map(str::to_owned));
        Self { person_name, username, last_at: ctx.now(), ..self }
    }
}

/// The desk's columns, from the place `first` on.
pub(crate) fn read_desk(row: &Row<'_>, first: usize) -> Result<Desk> {
    Ok(Desk {
        with_person: row.get(first)?,
        assignee: row.get(first + 1)?,
        assignee_name: row.get(first + 2)?,
        waiting_since: row.get(first + 3)?,
        unread: row.get(first + 4)?,
        told_at: row.get(first + 5)?,
    })
}

/// What a search of conversations looks in; never empty.
pub(crate) fn search_fold(person_name: &str, username: Option<&str>) -> String {
    format!("{} {}", uztext::fold(person_name), uztext::fold(username.unwrap_or_default()))
}

/// The conversation of this chat, when there is one, locked until the transaction ends: a chat's updates are taken one
/// after the other. With it the bot that answers there.
pub(crate) fn lock_answered(
    ctx: &Ctx,
    tx: &mut Tx,
    channel: Id<Channel>,
    chat_key: &str,
) -> Result<Option<(Conversation, Answering)>> {
    let columns: Vec<String> = COLUMNS.split(',').map(|column| format!("c.{}", column.trim())).collect();
    let sql = format!(
        "SELECT {}, b.id, b.version, b.state FROM bots_conversation c
         JOIN bots_channel h ON h.workspace_id = c.workspace_id AND h.id = c.channel_id AND h.state <> 'removed'
         JOIN bots_bot b ON b.workspace_id = h.workspace_id AND b.id = h.bot_id
         WHERE c.workspace_id = $1 AND c.channel_id = $2 AND c.chat_key = $3 FOR UPDATE OF c",
        columns.join(", ")
    );
    tx.query_opt(&sql, params![ctx.workspace(), channel, chat_key], |row| {
        Ok((read(row)?, Answering::read(row, columns.len())?))
    })
}

/// The conversation of this chat, made when it is new, and locked until the transaction ends. What is known of the person now
/// stands in it, and is the caller's to write with [`update`].
pub(crate) fn lock(
    ctx: &Ctx,
    tx: &mut Tx,
    channel: Id<Channel>,
    chat_key: &str,
    person_name: &str,
    username: Option<&str>,
) -> Result<Conversation> {
    let sql = format!(
        "SELECT {COLUMNS} FROM bots_conversation
         WHERE workspace_id = $1 AND channel_id = $2 AND chat_key = $3 FOR UPDATE"
    );
    match tx.query_opt(&sql, params![ctx.workspace(), channel, chat_key], read)? {
        Some(known) => Ok(known.heard_of(ctx, person_name, username)),
        None => begin(ctx, tx, channel, chat_key, person_name, username),
    }
}

/// A new conversation, locked until the transaction ends. Of two first messages at once the second waits for what the first
/// makes.
pub(crate) fn begin(
    ctx: &Ctx,
    tx: &mut Tx,
    channel: Id<Channel>,
    chat_key: &str,
    person_name: &str,
    username: Option<&str>,
) -> Result<Conversation> {
    let sql = format!(
        "INSERT INTO bots_conversation (workspace_id, id, channel_id, chat_key, person_name, username, session,
             created_at_ms, last_at_ms, search_fold)
         VALUES ($1, $2, $3, $4, $5, $6, '', $7, $7, $8)
         ON CONFLICT (workspace_id, channel_id, chat_key) DO UPDATE
             SET last_at_ms = excluded.last_at_ms, person_name = excluded.person_name, username = excluded.username,
                 search_fold = excluded.search_fold
         RETURNING {COLUMNS}"
    );
    let id: Id<Conversation> = ctx.new_id();
    let search = search_fold(person_name, username);
    tx.query_one(
        &sql,
        params![ctx.workspace(), id, channel, chat_key, person_name, username, ctx.now(), search],
        read,
    )
}

/// The conversation with this id, when it is one of the workspace's bots.
pub(crate) fn find(ctx: &Ctx, tx: &mut ReadTx, id: Id<Conversation>) -> Result<Option<Conversation>> {
    let sql = format!("SELECT {COLUMNS} FROM bots_conversation WHERE workspace_id = $1 AND id = $2");
    tx.query_opt(&sql, params![ctx.workspace(), id], read)
}

/// The conversation of this chat of the channel.
pub(crate) fn find_by_key(
    ctx: &Ctx,
    tx: &mut ReadTx,
    channel: Id<Channel>,
    chat_key: &str,
) -> Result<Option<Conversation>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM bots_conversation WHERE workspace_id = $1 AND channel_id = $2 AND chat_key = $3"
    );
    tx.query_opt(&sql, params![ctx.workspace(), channel, chat_key], read)
}

/// The conversations of this chat over every Telegram channel that is there, the latest heard of first.
pub(crate) fn in_telegram(ctx: &Ctx, tx: &mut ReadTx, chat_key: &str) -> Result<Vec<Conversation>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM bots_conversation WHERE workspace_id = $1 AND chat_key = $2 AND NOT blocked
             AND channel_id IN (SELECT id FROM bots_channel
                 WHERE workspace_id = $1 AND kind = 'telegram' AND state <> 'removed')
         ORDER BY last_at_ms DESC"
    );
    tx.query(&sql, params![ctx.workspace(), chat_key], read)
}

/// The chat of this contact over the channel that was heard of last.
pub(crate) fn find_of_contact(
    ctx: &Ctx,
    tx: &mut ReadTx,
    channel: Id<Channel>,
    contact: Id<Contact>,
) -> Result<Option<Conversation>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM bots_conversation WHERE workspace_id = $1 AND channel_id = $2 AND contact_id = $3
         ORDER BY last_at_ms DESC LIMIT 1"
    );
    tx.query_opt(&sql, params![ctx.workspace(), channel, contact], read)
}

/// The conversation with this id, locked until the transaction ends.
pub(crate) fn lock_by_id(ctx: &Ctx, tx: &mut Tx, id: Id<Conversation>) -> Result<Conversation> {
    let sql =
        format!("SELECT {COLUMNS} FROM bots_conversation WHERE workspace_id = $1 AND id = $2 FOR UPDATE");
    tx.query_one(&sql, params![ctx.workspace(), id], read)
}

/// The conversations of a contact.
pub(crate) fn of_contact(ctx: &Ctx, tx: &mut ReadTx, contact: Id<Contact>) -> Result<Vec<Id<Conversation>>> {
    let sql = "SELECT id FROM bots_conversation WHERE workspace_id = $1 AND contact_id = $2 ORDER BY id";
    tx.query(sql, params![ctx.workspace(), contact], |row| row.get(0))
}

/// Leads the conversations of one contact to another; answers which these were.
pub(crate) fn lead_to(
    ctx: &Ctx,
    tx: &mut Tx,
    from: Id<Contact>,
    to: Id<Contact>,
) -> Result<Vec<Id<Conversation>>> {
    let sql = "UPDATE bots_conversation SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2 RETURNING id";
    tx.query(sql, params![ctx.workspace(), from, to], |row| row.get(0))
}

/// Of the channel's conversations whose chat's key begins with `prefix`, the one with the last key.
pub(crate) fn find_last(
    ctx: &Ctx,
    tx: &mut ReadTx,
    channel: Id<Channel>,
    prefix: &str,
) -> Result<Option<Conversation>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM bots_conversation
         WHERE workspace_id = $1 AND channel_id = $2 AND chat_key >= $3 AND chat_key < $4 ORDER BY chat_key DESC LIMIT 1"
    );
    let end = format!("{prefix}~");
    tx.query_opt(&sql, params![ctx.workspace(), channel, prefix, end], read)
}

/// Writes what a turn changed.
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, conversation: &Conversation) -> Result<()> {
    let Conversation {
        id,
        channel: _,
        chat_key: _,
        person_name,
        username,
        last_at,
        contact,
        lang,
        session,
        resets,
        first_seq,
        blocked,
        desk,
    } = conversation;
    let Desk { with_person, assignee, assignee_name, waiting_since, unread, told_at } = desk;
    let lang = lang.map(|lang| lang.code().to_owned());
    tx.execute_one(
        "UPDATE bots_conversation SET contact_id = $3, lang = $4, session = $5, resets = $6, first_seq = $7, blocked = $8,
             with_person = $9, assignee_id = $10, assignee_name = $11, waiting_since_ms = $12, unread = $13, told_at_ms = $14,
             person_name = $15, username = $16, search_fold = $17, last_at_ms = $18
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(), id, contact, lang, session, resets, first_seq, blocked, with_person, assignee,
            assignee_name, waiting_since, unread, told_at, person_name, username,
            search_fold(person_name, username.as_deref()), last_at
        ],
    )
}

/// Notes whether the person blocked the bot; `false` when it was known, or the conversation is no more.
pub(crate) fn set_blocked(ctx: &Ctx, tx: &mut Tx, id: Id<Conversation>, blocked: bool) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE bots_conversation SET blocked = $3 WHERE workspace_id = $1 AND id = $2 AND blocked <> $3",
        params![ctx.workspace(), id, blocked],
    )?;
    Ok(changed == 1)
}

/// Notes that the bot says now that it rests; `false` when it said so less than `pause_ms` ago.
pub(crate) fn set_rested(ctx: &Ctx, tx: &mut Tx, id: Id<Conversation>, pause_ms: i64) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE bots_conversation SET rested_at_ms = $3 WHERE workspace_id = $1 AND id = $2 AND rested_at_ms <= $4",
        params![ctx.workspace(), id, ctx.now(), ctx.now().plus_millis(-pause_ms)],
    )?;
    Ok(changed == 1)
}
