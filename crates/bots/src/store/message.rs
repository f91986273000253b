//! The SQL of messages: the history of a conversation and the outbox of a channel.

use std::collections::HashSet;

use channels::telegram::Outgoing;
use context::Ctx;
use db::{ReadTx, Row, Topic, Tx, Value, params, values};
use kernel::{Error, Id, PersonId, Result, Timestamp, WorkspaceId};

use crate::{Body, Channel, Conversation, DeliveryState, Message, ticketing, turn::body_of};

/// Writes what came. `None` when the same update was taken before.
pub(crate) fn insert_incoming(
    ctx: &Ctx,
    tx: &mut Tx,
    channel: Id<Channel>,
    conversation: Option<Id<Conversation>>,
    update_key: &str,
    body: &Body,
    platform_id: Option<i64>,
) -> Result<Option<Id<Message>>> {
    let body = serde_json::to_string(body).map_err(Error::internal)?;
    let id: Id<Message> = ctx.new_id();
    let inserted = tx.execute(
        "INSERT INTO bots_message (workspace_id, id, channel_id, conversation_id, direction, update_key, body, state,
             platform_message_id, created_at_ms)
         VALUES ($1, $2, $3, $4, 'in', $5, $6, 'taken', $7, $8)
         ON CONFLICT (workspace_id, channel_id, update_key) WHERE update_key IS NOT NULL DO NOTHING",
        params![ctx.workspace(), id, channel, conversation, update_key, body, platform_id, ctx.now()],
    )?;
    Ok((inserted == 1).then_some(id))
}

/// A message on its way out.
pub(crate) struct Leaving {
    pub(crate) id: Id<Message>,
    pub(crate) body: Body,
    /// The platform's call, where a sender has to make one.
    pub(crate) outgoing: Option<Outgoing>,
    /// The message that it replaces.
    pub(crate) edits: Option<Id<Message>>,
    /// Names it among the channel's messages, when it must not stand there twice.
    pub(crate) key: Option<String>,
    /// Who of the staff says it.
    pub(crate) author: Option<Author>,
    /// Why it cannot leave at all; it stands there as what did not arrive.
    pub(crate) lost: Option<&'static str>,
}

impl Leaving {
    /// What cannot leave, and why.
    pub(crate) fn lost(ctx: &Ctx, message: flow::Message, why: &'static str) -> Self {
        let body = Body::Out(flow::Reply::Message(message));
        Self { id: ctx.new_id(), body, outgoing: None, edits: None, key: None, author: None, lost: Some(why) }
    }

    /// A message of a page's chat, in answer to nothing and by nobody of the staff.
    pub(crate) fn page(ctx: &Ctx, message: flow::Message) -> Self {
        let body = Body::Out(flow::Reply::Message(message));
        Self { id: ctx.new_id(), body, outgoing: None, edits: None, key: None, author: None, lost: None }
    }

    /// A call of the platform, in answer to nothing and by nobody of the staff.
    pub(crate) fn call(ctx: &Ctx, call: Outgoing) -> Self {
        let body = body_of(&call);
        Self {
            id: ctx.new_id(),
            body,
            outgoing: Some(call),
            edits: None,
            key: None,
            author: None,
            lost: None,
        }
    }
}

/// Somebody of the staff.
#[derive(Debug, Clone)]
pub(crate) struct Author {
    pub(crate) id: PersonId,
    pub(crate) name: String,
}

impl Author {
    /// Whoever acts. A program has no person; what it says stands under its key's name.
    pub(crate) fn acting(ctx: &Ctx) -> Self {
        let actor = ctx.actor();
        Self::new(actor.id.map(PersonId::from_uuid), actor.name.clone())
    }

    /// An agent of the desk, who may be no member.
    pub(crate) fn agent(agent: &tickets::Agent) -> Self {
        Self::new(agent.member, agent.full_name.clone())
    }

    fn new(person: Option<PersonId>, name: String) -> Self {
        Self { id: person.unwrap_or_else(|| PersonId::from_uuid(uuid::Uuid::nil())), name }
    }
}

/// Whether the channel has a message of this key already.
pub(crate) fn has_key(ctx: &Ctx, tx: &mut ReadTx, channel: Id<Channel>, key: &str) -> Result<bool> {
    let found: Option<i64> = tx.query_opt(
        "SELECT seq FROM bots_message WHERE workspace_id = $1 AND channel_id = $2 AND update_key = $3",
        params![ctx.workspace(), channel, key],
        |row| row.get(0),
    )?;
    Ok(found.is_some())
}

/// Writes messages that leave, in order.
pub(crate) fn insert_leaving(
    ctx: &Ctx,
    tx: &mut Tx,
    channel: Id<Channel>,
    conversation: Id<Conversation>,
    leaving: &[Leaving],
) -> Result<()> {
    if leaving.is_empty() {
        return Ok(());
    }
    let row = |Leaving { id, body, outgoing, edits, key, author, lost }: &Leaving| {
        let body = serde_json::to_string(body).map_err(Error::internal)?;
        let call = outgoing.as_ref().map(serde_json::to_string).transpose().map_err(Error::internal)?;
        let state = match (&call, lost) {
            (_, Some(_)) => "failed",
            (Some(_), None) => "queued",
            (None, None) => "shown",
        };
        let (author_id, author_name) =
            (author.as_ref().map(|author| author.id), author.as_ref().map(|author| &author.name));
        Ok(values![
            ctx.workspace(),
            channel,
            conversation,
            ctx.now(),
            "out",
            id,
            body,
            call,
            edits,
            state,
            key,
            author_id,
            author_name,
            lost
        ])
    };
    let rows: Result<Vec<Vec<Value<'_>>>> = leaving.iter().map(row).collect();
    tx.insert_many_later(
        "INSERT INTO bots_message (workspace_id, channel_id, conversation_id, created_at_ms, direction, id, body,
             outgoing, edits_id, state, update_key, author_id, author_name, problem) VALUES {}",
        &rows?,
    )?;
    tx.wake(Topic::Messages);
    Ok(())
}

/// Writes what the staff says among itself.
pub(crate) fn insert_aside(
    ctx: &Ctx,
    tx: &mut Tx,
    conversation: &Conversation,
    body: &Body,
    author: Option<&Author>,
) -> Result<Id<Message>> {
    let id: Id<Message> = ctx.new_id();
    let body = serde_json::to_string(body).map_err(Error::internal)?;
    let (author_id, author_name) = (author.map(|author| author.id), author.map(|author| author.name.clone()));
    tx.execute_one(
        "INSERT INTO bots_message (workspace_id, id, channel_id, conversation_id, direction, body, state, created_at_ms,
             author_id, author_name)
         VALUES ($1, $2, $3, $4, 'aside', $5, 'shown', $6, $7, $8)",
        params![
            ctx.workspace(), id, conversation.channel, conversation.id, body, ctx.now(), author_id, author_name
        ],
    )?;
    tx.wake(Topic::Messages);
    Ok(id)
}

/// A message that waits for its sender.
#[derive(Debug, Clone)]
pub(crate) struct Queued {
    pub(crate) seq: i64,
    pub(crate) conversation: Id<Conversation>,
    pub(crate) outgoing: Outgoing,
    pub(crate) attempts: u32,
}

/// The channel's messages that wait after the place `from`, in order, without those in `skip`; the place of the last one
/// looked at, and whether more may stand behind it. Places are read from an index alone: most of what waits is known already
/// and on its way.
pub(crate) fn queued(
    tx: &mut ReadTx,
    workspace: WorkspaceId,
    channel: Id<Channel>,
    from: i64,
    at_most: i64,
    skip: &HashSet<i64>,
) -> Result<(Vec<Queued>, Option<i64>, bool)> {
    let places: Vec<i64> = tx.query(
        "SELECT seq FROM bots_message
         WHERE workspace_id = $1 AND channel_id = $2 AND state = 'queued' AND seq > $3 ORDER BY seq LIMIT $4",
        params![workspace, channel, from, at_most],
        |row| row.get(0),
    )?;
    let end = places.last().copied();
    let is_full = i64::try_from(places.len()).map_err(Error::internal)? >= at_most;
    let fresh: Vec<i64> = places.into_iter().filter(|seq| !skip.contains(seq)).collect();
    let (Some(first), Some(last)) = (fresh.first(), fresh.last()) else {
        return Ok((Vec::new(), end, is_full));
    };
    let mut found = Vec::with_capacity(fresh.len());
    tx.each(
        "SELECT seq, conversation_id, outgoing, attempts FROM bots_message
         WHERE workspace_id = $1 AND channel_id = $2 AND state = 'queued' AND seq >= $3 AND seq <= $4 ORDER BY seq",
        params![workspace, channel, *first, *last],
        |row| {
            let seq = row.get(0)?;
            if !skip.contains(&seq) {
                let outgoing: serde_json::Value = row.get(2)?;
                found.push(Queued {
                    seq,
                    conversation: row.get(1)?,
                    outgoing: serde_json::from_value(outgoing).map_err(Error::internal)?,
                    attempts: row.get(3)?,
                });
            }
            Ok(())
        },
    )?;
    Ok((found, end, is_full))
}

/// What became of a message.
#[derive(Debug, Clone)]
pub(crate) enum Fate {
    Sent { platform_id: Option<i64> },
    Failed { problem: String },
    Again { problem: String },
}

/// A message of the outbox, and what became of it then.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) seq: i64,
    pub(crate) at: Timestamp,
    pub(crate) fate: Fate,
}

/// Writes what became of messages: of those that were sent, which are nearly all, in few statements. A message of somebody who was
/// forgotten since is not there any more.
pub(crate) fn set_fates(tx: &mut Tx, workspace: WorkspaceId, marks: &[Mark]) -> Result<()> {
    let mut sent = Vec::with_capacity(marks.len());
    for Mark { seq, at, fate } in marks {
        let (sql, problem) = match fate {
            Fate::Sent { platform_id } => {
                sent.push(values![seq, platform_id, at]);
                continue;
            }
            Fate::Failed { problem } => ("state = 'failed', problem = $3, sent_at_ms = $4", problem),
            Fate::Again { problem } => ("attempts = attempts + 1, problem = $3, sent_at_ms = $4", problem),
        };
        let sent_at = matches!(fate, Fate::Failed { .. }).then_some(*at);
        tx.execute(
            &format!("UPDATE bots_message SET {sql} WHERE workspace_id = $1 AND seq = $2"),
            params![workspace, seq, problem, sent_at],
        )?;
    }
    tx.change_many(
        "UPDATE bots_message SET state = 'sent', platform_message_id = v.column2, sent_at_ms = v.column3, problem = NULL
         FROM (VALUES {}) AS v WHERE bots_message.workspace_id = $1 AND bots_message.seq = v.column1",
        params![workspace],
        &["bigint", "bigint", "bigint"],
        &sent,
    )
    .map(drop)
}

/// A message that left, as it stands in the outbox.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Copied {
    pub(crate) id: Id<Message>,
    pub(crate) state: DeliveryState,
    /// What the platform calls it.
    pub(crate) platform_id: Option<i64>,
    pub(crate) at: Timestamp,
}

/// The channel's message of this key.
pub(crate) fn copied(ctx: &Ctx, tx: &mut ReadTx, channel: Id<Channel>, key: &str) -> Result<Option<Copied>> {
    tx.query_opt(
        "SELECT id, state, platform_message_id, created_at_ms FROM bots_message
         WHERE workspace_id = $1 AND channel_id = $2 AND update_key = $3",
        params![ctx.workspace(), channel, key],
        |row| Ok(Copied { id: row.get(0)?, state: row.parse(1)?, platform_id: row.get(2)?, at: row.get(3)? }),
    )
}

/// The answer of the desk that this message brings.
pub(crate) fn answer_at(ctx: &Ctx, tx: &mut ReadTx, seq: i64) -> Result<Option<Id<tickets::Message>>> {
    let key: Option<Option<String>> = tx.query_opt(
        "SELECT update_key FROM bots_message WHERE workspace_id = $1 AND seq = $2",
        params![ctx.workspace(), seq],
        |row| row.get(0),
    )?;
    Ok(key.flatten().as_deref().and_then(ticketing::answer_of))
}

/// The answers of the desk that wait for their sender in a conversation.
pub(crate) fn waiting_answers(
    ctx: &Ctx,
    tx: &mut ReadTx,
    conversation: Id<Conversation>,
) -> Result<Vec<Id<tickets::Message>>> {
    let keys: Vec<String> = tx.query(
        "SELECT update_key FROM bots_message
         WHERE workspace_id = $1 AND conversation_id = $2 AND state = 'queued' AND update_key LIKE 'ticket:%' ORDER BY seq",
        params![ctx.workspace(), conversation],
        |row| row.get(0),
    )?;
    Ok(keys.iter().filter_map(|key| ticketing::answer_of(key)).collect())
}

/// Gives up every message to a person who can no longer be reached.
pub(crate) fn fail_conversation(
    tx: &mut Tx,
    workspace: WorkspaceId,
    conversation: Id<Conversation>,
    problem: &str,
) -> Result<u64> {
    tx.execute(
        "UPDATE bots_message SET state = 'failed', problem = $3
         WHERE workspace_id = $1 AND conversation_id = $2 AND state = 'queued'",
        params![workspace, conversation, problem],
    )
}

/// The messages of a conversation after `seq`, oldest first.
pub(crate) fn after(
    ctx: &Ctx,
    tx: &mut ReadTx,
    conversation: Id<Conversation>,
    seq: i64,
    at_most: i64,
) -> Result<Vec<Message>> {
    tx.query(
        &format!(
            "SELECT {COLUMNS} FROM bots_message
         WHERE workspace_id = $1 AND conversation_id = $2 AND seq > $3 ORDER BY seq LIMIT $4"
        ),
        params![ctx.workspace(), conversation, seq, at_most],
        read,
    )
}

/// The message of this conversation, when it is one of it.
pub(crate) fn find(
    ctx: &Ctx,
    tx: &mut ReadTx,
    conversation: Id<Conversation>,
    id: Id<Message>,
) -> Result<Option<Message>> {
    tx.query_opt(
        &format!(
            "SELECT {COLUMNS} FROM bots_message
         WHERE workspace_id = $1 AND conversation_id = $2 AND id = $3"
        ),
        params![ctx.workspace(), conversation, id],
        read,
    )
}

/// The columns that [`read`] reads.
pub(crate) const COLUMNS: &str =
    "seq, id, body, edits_id, update_key, created_at_ms, author_name, state, platform_message_id";

/// A row of [`COLUMNS`].
pub(crate) fn read(row: &Row<'_>) -> Result<Message> {
    let body: serde_json::Value = row.get(2)?;
    Ok(Message {
        seq: row.get(0)?,
        id: row.get(1)?,
        body: serde_json::from_value(body).map_err(Error::internal)?,
        edits: row.get(3)?,
        update_key: row.get(4)?,
        at: row.get(5)?,
        author: row.get(6)?,
        state: row.parse(7)?,
        platform_id: row.get(8)?,
    })
}

/// The place of the conversation's newest message; 0 before the first.
pub(crate) fn last_seq(ctx: &Ctx, tx: &mut ReadTx, conversation: Id<Conversation>) -> Result<i64> {
    tx.query_one(
        "SELECT COALESCE(MAX(seq), 0) FROM bots_message WHERE workspace_id = $1 AND conversation_id = $2",
        params![ctx.workspace(), conversation],
        |row| row.get(0),
    )
}

/// How many messages went in and out since the month began, as the workspace's days go.
pub(crate) fn count_this_month(ctx: &Ctx, tx: &mut ReadTx) -> Result<i64> {
    let since = ctx.zone().start_of(ctx.today().first_of_month());
    let sql = "SELECT COUNT(*) FROM bots_message WHERE workspace_id = $1 AND created_at_ms >= $2";
    tx.query_one(sql, params![ctx.workspace(), since], |row| row.get(0))
}

/// The place of the newest message of all workspaces; 0 before the first.
pub(crate) fn newest_seq(tx: &mut ReadTx) -> Result<i64> {
    // tidy: no workspace: a node tells its listeners of every workspace
    let sql = "SELECT COALESCE(MAX(seq), 0) FROM bots_message";
    tx.query_one(sql, params![], |row| row.get(0))
}

/// The conversations of all workspaces in which something stands after the place `seq`, each with its last place.
pub(crate) fn said_after(tx: &mut ReadTx, seq: i64) -> Result<Vec<(Id<Conversation>, i64)>> {
    // tidy: no workspace: a node tells its listeners of every workspace
    let sql =
        "SELECT conversation_id, MAX(seq) FROM bots_message WHERE seq > $1 AND conversation_id IS NOT NULL
         GROUP BY conversation_id";
    tx.query(sql, params![seq], |row| Ok((row.get(0)?, row.get(1)?)))
}
