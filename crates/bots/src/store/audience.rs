//! The SQL of people who are written to together.

use context::Ctx;
use db::{ReadTx, Row, ToValue, Tx, Value, params, values};
use kernel::{Error, Id, Lang, Result};
use uuid::Uuid;

use crate::{
    BotState, Channel, ChannelState, Conversation,
    audience::{Arrived, Audience, BROADCAST_KEY, Listener, Segment},
    turn::body_of,
};

/// People whose conversation fits: `t` is the conversation. Groups, whose chats have numbers below zero, are nobody.
fn condition(ctx: &Ctx, segment: &Segment) -> (String, Vec<Value<'static>>) {
    let Segment { channel, langs, default_lang, label, wrote_since, silent_since } = segment;
    let mut values = vec![own(ctx.workspace()), own(*channel)];
    let mut sql = "t.workspace_id = $1 AND t.channel_id = $2 AND t.chat_key NOT LIKE '-%'".to_owned();
    let hole = |values: &mut Vec<Value<'static>>, value: Value<'static>| {
        values.push(value);
        format!("${}", values.len())
    };
    if !langs.is_empty() {
        let holes: Vec<String> =
            langs.iter().map(|lang| hole(&mut values, own(lang.code().to_owned()))).collect();
        let silent = if langs.contains(default_lang) { " OR t.lang IS NULL" } else { "" };
        sql.push_str(&format!(" AND (t.lang IN ({}){silent})", holes.join(", ")));
    }
    if let Some(label) = label {
        let label = hole(&mut values, own(*label));
        sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM bots_conversation_label l WHERE l.workspace_id = $1 AND l.conversation_id = t.id
                 AND l.label_id = {label})"
        ));
    }
    if let Some(since) = wrote_since {
        let since = hole(&mut values, own(*since));
        sql.push_str(&format!(" AND t.last_at_ms >= {since}"));
    }
    if let Some(since) = silent_since {
        let since = hole(&mut values, own(*since));
        sql.push_str(&format!(" AND t.last_at_ms < {since}"));
    }
    (sql, values)
}

fn own(value: impl ToValue) -> Value<'static> {
    value.to_value().into_owned()
}

pub(crate) fn count(ctx: &Ctx, tx: &mut ReadTx, segment: &Segment) -> Result<Audience> {
    let (fits, mut values) = condition(ctx, segment);
    // tidy: no workspace: the condition begins with it
    let sql = format!(
        "SELECT t.lang, t.blocked, COUNT(*) FROM bots_conversation t WHERE {fits} GROUP BY t.lang, t.blocked"
    );
    let rows = tx.query(&sql, &values, |row| {
        let lang: Option<String> = row.get(0)?;
        Ok((lang.as_deref().and_then(Lang::parse), row.get::<bool>(1)?, row.get::<i64>(2)?))
    })?;
    let mut audience = Audience::default();
    for (lang, blocked, count) in rows {
        if blocked {
            audience.blocked += count;
        } else {
            audience.by_lang.push((lang, count));
        }
    }
    values.push(own(false));
    // tidy: no workspace: the condition begins with it
    let sql = format!(
        "SELECT COUNT(DISTINCT COALESCE(t.contact_id, t.id)) FROM bots_conversation t WHERE {fits} AND t.blocked = ${}",
        values.len()
    );
    audience.reachable = tx.query_one(&sql, &values, |row| row.get(0))?;
    Ok(audience)
}

fn read(row: &Row<'_>) -> Result<Listener> {
    let (chat, lang): (String, Option<String>) = (row.get(1)?, row.get(2)?);
    let (conversation, contact): (Id<Conversation>, Option<Id<contacts::Contact>>) =
        (row.get(0)?, row.get(4)?);
    Ok(Listener {
        conversation,
        person: contact.map_or_else(|| conversation.uuid(), |contact| contact.uuid()),
        chat: chat.parse().map_err(|_| Error::internal("a chat without an id"))?,
        lang: lang.as_deref().and_then(Lang::parse),
        name: row.get(3)?,
        contact,
    })
}

/// Those who can be reached, after this conversation.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    segment: &Segment,
    after: Option<Id<Conversation>>,
    at_most: i64,
) -> Result<Vec<Listener>> {
    let (fits, mut values) = condition(ctx, segment);
    let after = after.unwrap_or_else(|| Id::from_uuid(Uuid::nil()));
    values.extend([own(false), own(after), own(at_most)]);
    let last = values.len();
    // tidy: no workspace: the condition begins with it
    let sql = format!(
        "SELECT t.id, t.chat_key, t.lang, t.person_name, t.contact_id FROM bots_conversation t
         WHERE {fits} AND t.blocked = ${} AND t.id > ${} ORDER BY t.id LIMIT ${last}",
        last - 2,
        last - 1
    );
    tx.query(&sql, &values, read)
}

/// The conversations of a channel with people who can be reached, the last spoken first.
pub(crate) fn latest(
    ctx: &Ctx,
    tx: &mut ReadTx,
    channel: Id<Channel>,
    at_most: i64,
) -> Result<Vec<(Id<Conversation>, String)>> {
    tx.query(
        "SELECT id, person_name FROM bots_conversation
         WHERE workspace_id = $1 AND channel_id = $2 AND blocked = $3 ORDER BY last_at_ms DESC, id LIMIT $4",
        params![ctx.workspace(), channel, false, at_most],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Writes messages that the platform has taken, each under a name that stands in the channel once.
pub(crate) fn insert_arrived(
    ctx: &Ctx,
    tx: &mut Tx,
    channel: Id<Channel>,
    broadcast: Uuid,
    arrived: &[Arrived],
) -> Result<()> {
    let mut rows = Vec::with_capacity(arrived.len());
    for Arrived { conversation, call, platform_id, at } in arrived {
        let body = serde_json::to_string(&body_of(call)).map_err(Error::internal)?;
        let id: Id<crate::Message> = ctx.new_id();
        let key = format!("{BROADCAST_KEY}{broadcast}:{conversation}");
        let own: Vec<Value<'static>> = values![
            ctx.workspace(),
            id,
            channel,
            *conversation,
            "out",
            body,
            key,
            "sent",
            *platform_id,
            *at,
            *at
        ]
        .into_iter()
        .map(Value::into_owned)
        .collect();
        rows.push(own);
    }
    let sql = "INSERT INTO bots_message (workspace_id, id, channel_id, conversation_id, direction, body, update_key, state,
         platform_message_id, created_at_ms, sent_at_ms) VALUES {}";
    tx.insert_many(sql, &rows)
}

/// The number of the channel's present lease, its state, and its bot's.
pub(crate) fn standing(tx: &mut ReadTx, channel: &Channel) -> Result<Option<(i64, ChannelState, BotState)>> {
    tx.query_opt(
        "SELECT c.fence, c.state, b.state FROM bots_channel c
         JOIN bots_bot b ON b.workspace_id = c.workspace_id AND b.id = c.bot_id
         WHERE c.workspace_id = $1 AND c.id = $2",
        params![channel.workspace, channel.id],
        |row| Ok((row.get(0)?, row.parse(1)?, row.parse(2)?)),
    )
}
