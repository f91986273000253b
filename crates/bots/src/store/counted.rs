//! The SQL of what is counted while people talk: days, steps and waits.

use context::Ctx;
use db::{ReadTx, Row, ToValue, Tx, Value, params};
use flow::Visit;
use kernel::{Date, Error, Id, Result, Timestamp, WorkspaceId};

use super::message::Author;
use crate::{Bot, Channel, ChannelKind, Conversation};

/// Of the staff, those whose answers are told by themselves.
const AUTHORS_AT_MOST: i64 = 100;

/// What was said in a conversation.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    /// By the person: messages and taps.
    pub(crate) heard: i64,
    /// By the bot.
    pub(crate) said: i64,
    /// By the staff.
    pub(crate) answered: i64,
    /// Of the assistant.
    pub(crate) questions: Questions,
}

/// Questions to the assistant, and what answered them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Questions {
    pub(crate) asked: i64,
    /// By a language model.
    pub(crate) by_model: i64,
    /// By the knowledge, word for word.
    pub(crate) by_knowledge: i64,
    /// By the small talk of the blueprint.
    pub(crate) by_small_talk: i64,
}

impl Questions {
    /// Those that nothing answered.
    pub(crate) const fn unanswered(self) -> i64 {
        self.asked - self.by_model - self.by_knowledge - self.by_small_talk
    }
}

impl std::ops::Add for Questions {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let Self { asked, by_model, by_knowledge, by_small_talk } = other;
        Self {
            asked: self.asked + asked,
            by_model: self.by_model + by_model,
            by_knowledge: self.by_knowledge + by_knowledge,
            by_small_talk: self.by_small_talk + by_small_talk,
        }
    }
}

/// Counts what was said today in a conversation.
pub(crate) fn add_day(ctx: &Ctx, tx: &mut Tx, conversation: &Conversation, counts: Counts) -> Result<()> {
    let Counts { heard, said, answered, questions } = counts;
    let Questions { asked, by_model, by_knowledge, by_small_talk } = questions;
    // Before its first turn is kept, a conversation remembers nothing; nor does one that was begun anew.
    let may_be_new = heard > 0 && conversation.session.is_empty();
    tx.insert_later(
        "INSERT INTO bots_day (workspace_id, conversation_id, day, channel_id, is_new, heard, said, answered, asked,
             by_model, by_knowledge, by_small_talk)
         VALUES ($1, $2, $3, $4, $5 AND NOT EXISTS (
             SELECT 1 FROM bots_day WHERE workspace_id = $1 AND conversation_id = $2), $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (workspace_id, conversation_id, day) DO UPDATE SET heard = bots_day.heard + excluded.heard,
             said = bots_day.said + excluded.said, answered = bots_day.answered + excluded.answered,
             asked = bots_day.asked + excluded.asked, by_model = bots_day.by_model + excluded.by_model,
             by_knowledge = bots_day.by_knowledge + excluded.by_knowledge,
             by_small_talk = bots_day.by_small_talk + excluded.by_small_talk",
        params![
            ctx.workspace(),
            conversation.id,
            ctx.today(),
            conversation.channel,
            may_be_new,
            heard,
            said,
            answered,
            asked,
            by_model,
            by_knowledge,
            by_small_talk
        ],
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
    let rows: Result<Vec<Vec<Value>>> = visits
        .iter()
        .map(|Visit { errand, step, passed }| {
            let (flow, _) = step.split_once('.').unwrap_or((step, ""));
            let errand = i64::try_from(*errand).map_err(Error::internal)?;
            Ok(vec![
                workspace.to_value(),
                conversation.id.to_value(),
                today.to_value(),
                conversation.channel.to_value(),
                errand.to_value().into_owned(),
                Value::Text(step.into()),
                Value::Text(flow.into()),
                passed.to_value(),
            ])
        })
        .collect();
    tx.insert_many_later(
        "INSERT INTO bots_visit (workspace_id, conversation_id, day, channel_id, errand, step, flow, passed) VALUES {}
         ON CONFLICT (workspace_id, conversation_id, errand, step)
         DO UPDATE SET passed = bots_visit.passed OR excluded.passed",
        &rows?,
    )
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
    /// To the assistant.
    pub(crate) questions: Questions,
}

/// The counts of each day that has any.
pub(crate) fn days(tx: &mut ReadTx, span: &Span) -> Result<Vec<(Date, DaySums)>> {
    let (condition, values) = span.condition();
    let sql = format!(
        "SELECT day, CAST(SUM(CASE WHEN is_new THEN 1 ELSE 0 END) AS BIGINT),
             CAST(SUM(CASE WHEN heard > 0 THEN 1 ELSE 0 END) AS BIGINT),
             CAST(SUM(CASE WHEN heard > 0 AND answered > 0 THEN 1 ELSE 0 END) AS BIGINT),
             CAST(SUM(heard) AS BIGINT), CAST(SUM(said) AS BIGINT), CAST(SUM(answered) AS BIGINT),
             CAST(SUM(asked) AS BIGINT), CAST(SUM(by_model) AS BIGINT), CAST(SUM(by_knowledge) AS BIGINT),
             CAST(SUM(by_small_talk) AS BIGINT)
         FROM bots_day WHERE workspace_id = $1 AND {condition} GROUP BY day ORDER BY day"
    );
    tx.query(&sql, &values, |row| {
        let (new, active, with_staff) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let (heard, said, answered) = (row.get(4)?, row.get(5)?, row.get(6)?);
        let (asked, by_model) = (row.get(7)?, row.get(8)?);
        let questions = Questions { asked, by_model, by_knowledge: row.get(9)?, by_small_talk: row.get(10)? };
        Ok((row.get(0)?, DaySums { new, active, with_staff, heard, said, answered, questions }))
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

/// How long people waited.
pub(crate) fn waits(tx: &mut ReadTx, span: &Span) -> Result<Waits> {
    let (condition, values) = span.condition();
    let sql = format!(
        // tidy: no workspace: what is ranked is one workspace's
        "SELECT COALESCE(MAX(places), 0), COALESCE(MIN(waited_ms), 0), COALESCE(MAX(waited_ms), 0) FROM ({}) AS waits
         WHERE {MIDDLE_AND_NINTH}",
        ranked(&condition, "")
    );
    tx.query_one(&sql, &values, |row| read_waits(row, 0))
}

/// The same by who answered, the busiest first.
pub(crate) fn waits_by_author(tx: &mut ReadTx, span: &Span) -> Result<Vec<(String, Waits)>> {
    let (condition, values) = span.condition();
    let sql = format!(
        // tidy: no workspace: what is ranked is one workspace's
        "SELECT MAX(author_name), MAX(places), MIN(waited_ms), MAX(waited_ms) FROM ({}) AS waits
         WHERE {MIDDLE_AND_NINTH} GROUP BY author_id ORDER BY MAX(places) DESC, author_id LIMIT {AUTHORS_AT_MOST}",
        ranked(&condition, "PARTITION BY author_id")
    );
    tx.query(&sql, &values, |row| Ok((row.get(0)?, read_waits(row, 1)?)))
}

/// Of waits in their order, the smallest that is no shorter than half of them, and than nine of ten.
const MIDDLE_AND_NINTH: &str = "place IN ((places + 1) / 2, (places * 9 + 9) / 10)";

/// The waits of each part with their places in it.
fn ranked(condition: &str, part: &str) -> String {
    format!(
        "SELECT author_id, MAX(author_name) OVER ({part}) AS author_name, waited_ms, COUNT(*) OVER ({part}) AS places,
             ROW_NUMBER() OVER ({part} ORDER BY waited_ms) AS place
         FROM bots_answer WHERE workspace_id = $1 AND {condition}"
    )
}

/// The count, the middle wait and the ninth of ten, from this column on.
fn read_waits(row: &Row<'_>, first: usize) -> Result<Waits> {
    Ok(Waits { count: row.get(first)?, median_ms: row.get(first + 1)?, p90_ms: row.get(first + 2)? })
}
