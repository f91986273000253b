//! The SQL of overviews: conversations as lists show them, and what was said in one, newest first.

use std::collections::HashMap;

use contacts::Contact;
use context::Ctx;
use db::{
    ReadTx, Row, ToValue, Value, params,
    sea_query::{Cond, Expr, ExprTrait, Order, Query},
};
use kernel::{Id, Lang, Page, PageRequest, PersonId, Result, Timestamp};

use crate::{
    Bot, Channel, Conversation, Message,
    reads::{ConversationFilter, ConversationRow, DeskCounts, View},
    store::conversation::search_fold,
};

/// Conversations from before names were folded that one search looks through.
const UNFOLDED_AT_MOST: i64 = 2_000;

/// Conversations that one search finds by a name.
const NAMED_AT_MOST: u64 = 1_000;

/// Conversations whose last messages are read in one statement; SQLite joins at most 500 selects.
const CONVERSATIONS_AT_ONCE: usize = 25;

/// The columns of a message.
const MESSAGE: &str = super::message::COLUMNS;

const COLUMNS: [&str; 15] = [
    "id",
    "channel_id",
    "person_name",
    "username",
    "contact_id",
    "lang",
    "blocked",
    "created_at_ms",
    "last_at_ms",
    "with_person",
    "assignee_id",
    "assignee_name",
    "waiting_since_ms",
    "unread",
    "told_at_ms",
];

fn read(row: &Row<'_>) -> Result<ConversationRow> {
    let lang: Option<String> = row.get(5)?;
    Ok(ConversationRow {
        id: row.get(0)?,
        channel: row.get(1)?,
        person_name: row.get(2)?,
        username: row.get(3)?,
        contact: row.get(4)?,
        lang: lang.as_deref().and_then(Lang::parse),
        blocked: row.get(6)?,
        created_at: row.get(7)?,
        last_at: row.get(8)?,
        desk: super::conversation::read_desk(row, 9)?,
    })
}

/// The conversations that fit, the last spoken first.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ConversationFilter,
    page: PageRequest,
) -> Result<Page<ConversationRow>> {
    let ConversationFilter { bot, kind, view, label, text, contacts, said_in } = filter;
    let mut select = Query::select();
    select
        .columns(COLUMNS)
        .from("bots_conversation")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()));
    if bot.is_some() || kind.is_some() {
        let channels = Query::select()
            .column("id")
            .from("bots_channel")
            .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
            .and_where_option(bot.map(|bot| Expr::col("bot_id").eq(bot.to_value())))
            .and_where_option(kind.map(|kind| Expr::col("kind").eq(kind.word())))
            .to_owned();
        select.and_where(Expr::col("channel_id").in_subquery(channels));
    }
    let with_person = |yes: bool| Expr::col("with_person").eq(yes.to_value());
    match view {
        View::All => {}
        View::Waiting => {
            select.and_where(with_person(true)).and_where(Expr::col("waiting_since_ms").is_not_null());
        }
        View::Mine => {
            let me = ctx.actor().id.map(PersonId::from_uuid);
            select.and_where(with_person(true)).and_where(Expr::col("assignee_id").eq(me.to_value()));
        }
        View::People => {
            select.and_where(with_person(true));
        }
        View::Bot => {
            select.and_where(with_person(false));
        }
    }
    if let Some(label) = label {
        let labelled = Query::select()
            .column("conversation_id")
            .from("bots_conversation_label")
            .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
            .and_where(Expr::col("label_id").eq(label.to_value()))
            .to_owned();
        select.and_where(Expr::col("id").in_subquery(labelled));
    }
    let words = uztext::tokens(text);
    if !text.is_empty() {
        let mut ids = named(ctx, tx, &words)?;
        ids.extend(unfolded(ctx, tx, &words)?);
        ids.extend(said_in);
        let contacts = contacts.iter().map(|id| Value::Uuid(id.uuid())).collect::<Vec<_>>();
        let ids = ids.iter().map(|id| Value::Uuid(id.uuid())).collect::<Vec<_>>();
        if ids.is_empty() && contacts.is_empty() {
            return Ok(Page::new(page, 0, Vec::new()));
        }
        let mut any = Cond::any();
        for (column, values) in [("id", ids), ("contact_id", contacts)] {
            if !values.is_empty() {
                any = any.add(Expr::col(column).is_in(padded(values)));
            }
        }
        select.cond_where(any);
    }
    select.order_by("last_at_ms", Order::Desc).order_by("id", Order::Desc);
    tx.page(&select, page, read)
}

/// The conversations with each of these words in a name, the last spoken first. The index has all that is read here: the rows
/// themselves, with their sessions, are wide.
fn named(ctx: &Ctx, tx: &mut ReadTx, words: &[String]) -> Result<Vec<Id<Conversation>>> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = Query::select();
    select
        .column("id")
        .from("bots_conversation")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .order_by("last_at_ms", Order::Desc)
        .limit(NAMED_AT_MOST);
    for word in words {
        // Folded words hold letters and digits only: nothing in them means anything to LIKE.
        select.and_where(Expr::col("search_fold").like(format!("%{word}%")));
    }
    tx.select(&select, |row| row.get(0))
}

/// As many values as a power of two, so that lists of many lengths share few statements.
fn padded(mut values: Vec<Value<'static>>) -> Vec<Value<'static>> {
    if let Some(last) = values.last().cloned() {
        values.resize(values.len().next_power_of_two(), last);
    }
    values
}

/// Of the conversations whose names are not folded yet, those with each of these words.
fn unfolded(ctx: &Ctx, tx: &mut ReadTx, words: &[String]) -> Result<Vec<Id<Conversation>>> {
    let rows = tx.query(
        "SELECT id, person_name, username FROM bots_conversation WHERE workspace_id = $1 AND search_fold = ''
         ORDER BY last_at_ms DESC LIMIT $2",
        params![ctx.workspace(), UNFOLDED_AT_MOST],
        |row| Ok((row.get(0)?, row.get::<String>(1)?, row.get::<Option<String>>(2)?)),
    )?;
    let fits = |name: &str, username: Option<&str>| {
        let found = search_fold(name, username);
        !words.is_empty() && words.iter().all(|word| found.contains(word.as_str()))
    };
    let found = rows.into_iter().filter(|(_, name, username)| fits(name, username.as_deref()));
    Ok(found.map(|(id, ..)| id).collect())
}

pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Conversation>) -> Result<ConversationRow> {
    let sql =
        format!("SELECT {} FROM bots_conversation WHERE workspace_id = $1 AND id = $2", COLUMNS.join(", "));
    tx.query_one(&sql, params![ctx.workspace(), id], read)
}

/// The conversations of this contact, the last spoken first.
pub(crate) fn of_contact(
    ctx: &Ctx,
    tx: &mut ReadTx,
    contact: Id<Contact>,
    at_most: i64,
) -> Result<Vec<ConversationRow>> {
    let sql = format!(
        "SELECT {} FROM bots_conversation WHERE workspace_id = $1 AND contact_id = $2 ORDER BY last_at_ms DESC LIMIT $3",
        COLUMNS.join(", ")
    );
    tx.query(&sql, params![ctx.workspace(), contact, at_most], read)
}

/// What is with the staff, and with the reader.
pub(crate) fn desk_counts(ctx: &Ctx, tx: &mut ReadTx) -> Result<DeskCounts> {
    let me = ctx.actor().id.map(PersonId::from_uuid);
    tx.query_one(
        "SELECT COUNT(*), COALESCE(CAST(SUM(CASE WHEN waiting_since_ms IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT), 0),
             COALESCE(CAST(SUM(CASE WHEN assignee_id = $2 THEN 1 ELSE 0 END) AS BIGINT), 0)
         FROM bots_conversation WHERE workspace_id = $1 AND with_person = $3",
        params![ctx.workspace(), me, true],
        |row| Ok(DeskCounts { people: row.get(0)?, waiting: row.get(1)?, mine: row.get(2)? }),
    )
}

/// The bots of the workspace by their channels, removed channels too: conversations stay when a channel goes.
pub(crate) fn bots_by_channel(ctx: &Ctx, tx: &mut ReadTx) -> Result<HashMap<Id<Channel>, Id<Bot>>> {
    let found = tx.query(
        "SELECT id, bot_id FROM bots_channel WHERE workspace_id = $1",
        params![ctx.workspace()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// The kind of each channel, removed ones too.
pub(crate) fn kinds(ctx: &Ctx, tx: &mut ReadTx) -> Result<HashMap<Id<Channel>, crate::ChannelKind>> {
    let found = tx.query(
        "SELECT id, kind FROM bots_channel WHERE workspace_id = $1",
        params![ctx.workspace()],
        |row| Ok((row.get(0)?, row.parse(1)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// How many people ever wrote to each bot, the simulator's left out.
pub(crate) fn count_people(ctx: &Ctx, tx: &mut ReadTx) -> Result<HashMap<Id<Bot>, i64>> {
    let found = tx.query(
        "SELECT c.bot_id, COUNT(*) FROM bots_conversation t
         JOIN bots_channel c ON c.workspace_id = t.workspace_id AND c.id = t.channel_id
         WHERE t.workspace_id = $1 AND c.kind <> 'simulator' GROUP BY c.bot_id",
        params![ctx.workspace()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(found.into_iter().collect())
}

/// How many messages people sent to the bot since this moment, the simulator's left out.
pub(crate) fn count_messages(ctx: &Ctx, tx: &mut ReadTx, bot: Id<Bot>, since: Timestamp) -> Result<i64> {
    tx.query_one(
        "SELECT COUNT(*) FROM bots_channel c
         JOIN bots_message m ON m.workspace_id = c.workspace_id AND m.channel_id = c.id
         WHERE c.workspace_id = $1 AND c.bot_id = $2 AND c.kind <> 'simulator' AND m.direction = 'in' AND m.created_at_ms >= $3",
        params![ctx.workspace(), bot, since],
        |row| row.get(0),
    )
}

/// The last messages of each of these conversations, at most `at_most` of each, oldest first.
pub(crate) fn latest(
    ctx: &Ctx,
    tx: &mut ReadTx,
    conversations: &[Id<Conversation>],
    at_most: i64,
) -> Result<HashMap<Id<Conversation>, Vec<Message>>> {
    let mut found: HashMap<Id<Conversation>, Vec<Message>> = HashMap::new();
    let workspace = ctx.workspace();
    for part in conversations.chunks(CONVERSATIONS_AT_ONCE) {
        let mut values: Vec<Value> = vec![workspace.to_value(), at_most.to_value()];
        values.extend(part.iter().map(ToValue::to_value));
        // Each is read from the end of its own index: a long conversation costs no more than a short one.
        let each: Vec<String> = (3..=values.len())
            .map(|hole| {
                format!(
                    "SELECT * FROM (
                         SELECT {MESSAGE}, conversation_id
                         FROM bots_message WHERE workspace_id = $1 AND conversation_id = ${hole}
                         ORDER BY seq DESC LIMIT $2) AS part_{hole}"
                )
            })
            .collect();
        tx.each(&each.join(" UNION ALL "), &values, |row| {
            found.entry(row.get(9)?).or_default().push(super::message::read(row)?);
            Ok(())
        })?;
    }
    for messages in found.values_mut() {
        messages.sort_by_key(|message| message.seq);
    }
    Ok(found)
}

/// The last messages of a conversation before the place `seq`, oldest first.
pub(crate) fn before(
    ctx: &Ctx,
    tx: &mut ReadTx,
    conversation: Id<Conversation>,
    seq: i64,
    at_most: i64,
) -> Result<Vec<Message>> {
    let mut found = tx.query(
        &format!(
            "SELECT {} FROM bots_message
         WHERE workspace_id = $1 AND conversation_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4",
            MESSAGE
        ),
        params![ctx.workspace(), conversation, seq, at_most],
        super::message::read,
    )?;
    found.reverse();
    Ok(found)
}

/// Whether the conversation holds this message.
pub(crate) fn has_message(
    ctx: &Ctx,
    tx: &mut ReadTx,
    conversation: Id<Conversation>,
    message: Id<Message>,
) -> Result<bool> {
    let found: Option<i64> = tx.query_opt(
        "SELECT seq FROM bots_message WHERE workspace_id = $1 AND conversation_id = $2 AND id = $3",
        params![ctx.workspace(), conversation, message],
        |row| row.get(0),
    )?;
    Ok(found.is_some())
}
