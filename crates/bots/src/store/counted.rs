//! The SQL of what is counted while people talk: days, steps and waits.

use context::Ctx;
use db::{ReadTx, ToValue, Tx, Value, params};
use flow::Visit;
use kernel::{Date, Error, Id, PersonId, Result, Timestamp, WorkspaceId};

use super::message::Author;
use crate::{Bot, Channel, ChannelKind, Conversation};

/// What was said in a conversation.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    /// By the person: messages and taps.
    pub(crate) heard: i64,
    /// By the bot.
    pub(crate) said: i64,
    /// By the staff.
    pub(crate) answered: i64,
}

/// Counts what was said today in a conversation.
pub(crate) fn add_day(ctx: &Ctx, tx: &mut Tx, conversation: &Conversation, counts: Counts) -> Result<()> {
    let Counts { heard, said, answered } = counts;
    // Before its first turn is kept, a conversation remembers nothing; nor does one that was begun anew.
    let may_be_new = heard > 0 && conversation.session.is_empty();
    tx.execute_one(
        "INSERT INTO bots_day (workspace_id, conversation_id, day, channel_id, is_new, heard, said, answered)
         VALUES ($1, $2, $3, $4, $5 AND NOT EXISTS (
             SELECT 1 FROM bots_day WHERE workspace_id = $1 AND conversation_id = $2), $6, $7, $8)
         ON CONFLICT (workspace_id, conversation_id, day) DO UPDATE SET heard = bots_day.heard + excluded.heard,
             said = bots_day.said + excluded.said, answered = bots_day.answered + excluded.answered",
        params![ctx.workspace(), conversation.id, ctx.today(), conversation.channel, may_be_new, heard, said, answered],
    )
}

/// Notes the steps that a turn came to and got through.
pub(crate) fn add_visits(
    ctx: &Ctx,
    tx: &mut Tx,
    conversation: &Conversation,
    visits: &[Visit],
) -> Result<()> {
    if visits.is_empty() {
        return Ok(());
    }
    let (workspace, today) = (ctx.workspace(), ctx.today());
    let mut values: Vec<Value> = params![workspace, conversation.id, today, conversation.channel].to_vec();
    let mut rows = Vec::with_capacity(visits.len());
    let errands: Result<Vec<i64>> =
        visits.iter().map(|visit| i64::try_from(visit.errand).map_err(Error::internal)).collect();
    let errands = errands?;
    for (Visit { errand: _, step, passed }, errand) in visits.iter().zip(&errands) {
        let (flow, _) = step.split_once('.').unwrap_or((step, ""));
        let first = values.len();
        values.push(errand.to_value());
        values.push(Value::Text(step.clone().into()));
        values.push(Value::Text(flow.to_owned().into()));
        values.push(passed.to_value());
        let holes: Vec<String> = (first + 1..=values.len()).map(|hole| format!("${hole}")).collect();
        rows.push(format!("($1, $2, $3, $4, {})", holes.join(", ")));
    }
    let sql = format!(
        "INSERT INTO bots_visit (workspace_id, conversation_id, day, channel_id, errand, step, flow, passed) VALUES {}
         ON CONFLICT (workspace_id, conversation_id, errand, step)
         DO UPDATE SET passed = bots_visit.passed OR excluded.passed",
        rows.join(", ")
    );
    tx.execute(&sql, &values)?;
    Ok(())
}

/// Notes how long a person had waited when somebody of the staff answered.
pub(crate) fn add_answer(
    ctx: &Ctx,
    tx: &mut Tx,
    conversation: &Conversation,
    since: Timestamp,
    author: &Author,
) -> Result<()> {
    let waited = ctx.now().millis_since(since).max(0);
    let Author { id, name } = author;
    // Who is answered in the very moment of the next question waits once.
    tx.execute(
        "INSERT INTO bots_answer (workspace_id, conversation_id, asked_at_ms, channel_id, day, waited_ms, author_id,
             author_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (workspace_id, conversation_id, asked_at_ms) DO NOTHING",
        params![ctx.workspace(), conversation.id, since, conversation.channel, ctx.today(), waited, id, name],
    )?;
    Ok(())
}

/// Whose figures, and of which days.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    workspace: WorkspaceId,
    channels: Vec<Id<Channel>>,
    from: Date,
    until: Date,
}

impl Span {
    /// These days of a bot by the channels of one kind; by all but the simulator when there is none.
    pub(crate) fn of(
        ctx: &Ctx,
        tx: &mut ReadTx,
        bot: Id<Bot>,
        kind: Option<ChannelKind>,
        (from, until): (Date, Date),
    ) -> Result<Self> {
        let found: Vec<(Id<Channel>, ChannelKind)> = tx.query(
            "SELECT id, kind FROM bots_channel WHERE workspace_id = $1 AND bot_id = $2",
            params![ctx.workspace(), bot],
            |row| Ok((row.get(0)?, row.parse(1)?)),
        )?;
        let wanted = |of: ChannelKind| kind.map_or(of != ChannelKind::Simulator, |kind| kind == of);
        let channels = found.into_iter().filter(|(_, kind)| wanted(*kind)).map(|(id, _)| id).collect();
        Ok(Self { workspace: ctx.workspace(), channels, from, until })
    }

    /// The condition, with the workspace as `$1` and the days as `$2` and `$3`, and its values.
    fn condition(&self) -> (String, Vec<Value<'_>>) {
        let mut values: Vec<Value> = params![self.workspace, self.from, self.until].to_vec();
        let channels = self.channels(&mut values);
        (format!("day BETWEEN $2 AND $3 AND channel_id IN ({channels})"), values)
    }

    /// The channels as places of values; of none where there are none.
    fn channels<'s>(&'s self, values: &mut Vec<Value<'s>>) -> String {
        let first = values.len();
        values.extend(self.channels.iter().map(ToValue::to_value));
        let holes: Vec<String> = (first + 1..=values.len()).map(|hole| format!("${hole}")).collect();
        if holes.is_empty() { "NULL".to_owned() } else { holes.join(", ") }
    }
}

/// What a day counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct DaySums {
    /// People who wrote for the first time.
    pub(crate) new: i64,
    /// People who wrote.
    pub(crate) active: i64,
    /// Of them, those whom somebody of the staff answered.
    pub(crate) with_staff: i64,
    /// Messages and taps of people.
    pub(crate) heard: i64,
    /// Messages of the bot.
    pub(crate) said: i64,
    /// Messages of the staff.
    pub(crate) answered: i64,
}

/// The counts of each day that has any.
pub(crate) fn days(tx: &mut ReadTx, span: &Span) -> Result<Vec<(Date, DaySums)>> {
    let (condition, values) = span.condition();
    let sql = format!(
        "SELECT day, CAST(SUM(CASE WHEN is_new THEN 1 ELSE 0 END) AS BIGINT),
             CAST(SUM(CASE WHEN heard > 0 THEN 1 ELSE 0 END) AS BIGINT),
             CAST(SUM(CASE WHEN heard > 0 AND answered > 0 THEN 1 ELSE 0 END) AS BIGINT),
             CAST(SUM(heard) AS BIGINT), CAST(SUM(said) AS BIGINT), CAST(SUM(answered) AS BIGINT)
         FROM bots_day WHERE workspace_id = $1 AND {condition} GROUP BY day ORDER BY day"
    );
    tx.query(&sql, &values, |row| {
        let (new, active, with_staff) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let (heard, said, answered) = (row.get(4)?, row.get(5)?, row.get(6)?);
        Ok((row.get(0)?, DaySums { new, active, with_staff, heard, said, answered }))
    })
}

/// How many people wrote in these days, and how many of them somebody of the staff answered: each once.
pub(crate) fn active(tx: &mut ReadTx, span: &Span) -> Result<(i64, i64)> {
    let (condition, values) = span.condition();
    let sql = format!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN answered > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM (
             SELECT SUM(answered) AS answered FROM bots_day WHERE workspace_id = $1 AND {condition}
             GROUP BY conversation_id HAVING SUM(heard) > 0) AS people"
    );
    tx.query_one(&sql, &values, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// How many people ever wrote.
pub(crate) fn people(tx: &mut ReadTx, span: &Span) -> Result<i64> {
    let mut values: Vec<Value> = params![span.workspace].to_vec();
    let channels = span.channels(&mut values);
    let sql = format!(
        "SELECT COUNT(*) FROM bots_conversation WHERE workspace_id = $1 AND channel_id IN ({channels})"
    );
    tx.query_one(&sql, &values, |row| row.get(0))
}

/// A step: in how many errands people came to it, and in how many they got through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StepSums {
    pub(crate) step: String,
    pub(crate) reached: i64,
    pub(crate) passed: i64,
}

/// The counts of each step that somebody came to.
pub(crate) fn steps(tx: &mut ReadTx, span: &Span) -> Result<Vec<StepSums>> {
    let (condition, values) = span.condition();
    let sql = format!(
        "SELECT step, COUNT(*), CAST(SUM(CASE WHEN passed THEN 1 ELSE 0 END) AS BIGINT) FROM bots_visit
         WHERE workspace_id = $1 AND {condition} GROUP BY step ORDER BY step"
    );
    tx.query(&sql, &values, |row| {
        Ok(StepSums { step: row.get(0)?, reached: row.get(1)?, passed: row.get(2)? })
    })
}

/// In how many errands people came into each flow.
pub(crate) fn flows(tx: &mut ReadTx, span: &Span) -> Result<Vec<(String, i64)>> {
    let (condition, values) = span.condition();
    let sql = format!(
        "SELECT flow, COUNT(*) FROM (
             SELECT DISTINCT flow, conversation_id, errand FROM bots_visit WHERE workspace_id = $1 AND {condition}) AS errands
         GROUP BY flow ORDER BY flow"
    );
    tx.query(&sql, &values, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// How long people waited, of one of the staff or of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Waits {
    pub(crate) count: i64,
    /// Half of the people waited no longer, milliseconds.
    pub(crate) median_ms: i64,
    /// Nine of ten waited no longer, milliseconds.
    pub(crate) p90_ms: i64,
}

/// How many answers each of the staff gave to people who waited, the busiest first.
pub(crate) fn authors(tx: &mut ReadTx, span: &Span) -> Result<Vec<(PersonId, String, i64)>> {
    let (condition, values) = span.condition();
    let sql = format!(
        "SELECT author_id, MAX(author_name), COUNT(*) FROM bots_answer WHERE workspace_id = $1 AND {condition}
         GROUP BY author_id ORDER BY COUNT(*) DESC, author_id LIMIT 100"
    );
    tx.query(&sql, &values, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

/// How long people waited for `author`, or for anybody.
pub(crate) fn waits(tx: &mut ReadTx, span: &Span, author: Option<PersonId>) -> Result<Waits> {
    let (mut condition, mut values) = span.condition();
    if let Some(author) = &author {
        values.push(author.to_value());
        condition = format!("{condition} AND author_id = ${}", values.len());
    }
    let count: i64 = tx.query_one(
        &format!("SELECT COUNT(*) FROM bots_answer WHERE workspace_id = $1 AND {condition}"),
        &values,
        |row| row.get(0),
    )?;
    if count == 0 {
        return Ok(Waits::default());
    }
    let mut at = |place: i64| -> Result<i64> {
        let mut values = values.clone();
        values.push(place.to_value());
        let sql = format!(
            "SELECT waited_ms FROM bots_answer WHERE workspace_id = $1 AND {condition}
             ORDER BY waited_ms LIMIT 1 OFFSET ${}",
            values.len()
        );
        tx.query_one(&sql, &values, |row| row.get(0))
    };
    // The smallest wait that is no shorter than this part of all of them.
    let median_ms = at((count + 1) / 2 - 1)?;
    let p90_ms = at((count * 9 + 9) / 10 - 1)?;
    Ok(Waits { count, median_ms, p90_ms })
}
