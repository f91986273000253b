//! Questions in people's own words. Small talk is answered at once; for the rest a job looks into the workspace's knowledge
//! and, where a language model is connected, asks it, outside of any transaction.

mod prompt;
mod reading;
mod tools;

use std::{sync::Arc, time::Duration};

use context::Ctx;
use db::{ReadTx, Tx};
use flow::{
    ActionCall, ActionResult, FAILED, OK,
    assistant::{Answered, AnsweredBy, AskAssistant, SOURCES_MAX},
};
use jobs::{Handler, JobError, OrFail, Run};
use kernel::{Error, Id, Lang, Result};
use knowledge::{Found, Knowledge};
use models::{About, Failure, Message, Models, Refusal, ToolResult};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use self::prompt::{Asked, source};
use crate::{
    Bot, Bots, Conversation, analytics,
    later::{self, Wanted},
    store,
};

/// The kind of the job.
const KIND: &str = "bots.ask_assistant";
/// Passages that a model is given.
const PASSAGES: usize = 6;
/// Rows of the history that are looked at for what was said before.
const ROWS_BEFORE: i64 = 16;
/// How often a model may be asked for one answer: look something up, look again, answer.
const ROUNDS: usize = 4;
/// How often a model may be asked in a conversation in a day; then the knowledge answers alone. Nobody spends by themselves
/// what is there for all.
const CALLS_A_DAY: i64 = 100;
/// All the time that an answer may take: somebody waits for it in a chat.
const TIME_AT_MOST: Duration = Duration::from_secs(60);
/// Bytes of an answer that are shown while it is written, at most; more would be no answer.
const DRAFT_BYTES: usize = 16 * 1_024;
/// Bytes after which what is written is shown anew.
const DRAFT_STEP: usize = 12;
/// What it may look up in one round.
const LOOKS_PER_ROUND: usize = 4;
/// Words of a question that is likely to lean on the one before it.
const FEW_WORDS: usize = 3;
/// A passage that fits less than this, of a thousand, is no answer to a question of few words.
const POOR_FIT: u16 = 500;

/// What is asked, and in which language.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Question {
    lang: Lang,
    wanted: AskAssistant,
}

type Ask = Wanted<Question>;

/// What became of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Answer(Answered),
    Unknown,
    Person,
    /// Neither the model nor the knowledge could be asked.
    Failed,
}

pub(crate) fn handler() -> Handler {
    Handler::new(KIND, |run| later::run(run, answer_it)).waiting()
}

/// Has the question answered once this transaction is done.
pub(crate) fn enqueue(
    ctx: &Ctx,
    tx: &mut Tx,
    conversation: &Conversation,
    call: &ActionCall,
    wanted: AskAssistant,
) -> Result<()> {
    later::enqueue(ctx, tx, KIND, conversation, call.id, Question { lang: call.lang, wanted })
}

async fn answer_it(run: Run, ask: Ask) -> Result<(), JobError> {
    let (ctx, given) = (run.ctx.clone(), ask.clone());
    let look = move |tx: &mut ReadTx<'_>| matter(&ctx, tx, &given);
    let Some(matter) = run.db.read(&run.ctx, look).await.or_retry()? else { return Ok(()) };
    let outcome = answer(&run, &ask, &matter).await?;
    tell(&run, &ask, &outcome).await
}

async fn tell(run: &Run, ask: &Ask, outcome: &Outcome) -> Result<(), JobError> {
    let result = result_of(ask.call, outcome).or_fail()?;
    let by = if let Outcome::Answer(answered) = outcome { Some(answered.by) } else { None };
    let count = move |ctx: &Ctx, tx: &mut Tx<'_>, conversation: &Conversation| {
        analytics::count_question(ctx, tx, conversation, by)
    };
    later::go_on(run, ask.conversation, result, count).await
}

fn result_of(call: u64, outcome: &Outcome) -> Result<ActionResult> {
    let nothing = Answered { text: String::new(), sources: Vec::new(), by: AnsweredBy::Knowledge };
    let (name, answered) = match outcome {
        Outcome::Answer(answered) => (OK, answered),
        Outcome::Unknown => ("unknown", &nothing),
        Outcome::Person => ("person", &nothing),
        Outcome::Failed => (FAILED, &nothing),
    };
    let data = serde_json::to_value(answered).map_err(Error::internal)?;
    Ok(ActionResult { id: call, outcome: name.to_owned(), data })
}

/// Everything that the rows have to say about a question.
struct Matter {
    asked: Asked,
    bot: Id<Bot>,
    bot_name: String,
    is_connected: bool,
}

/// `None` when the conversation is gone.
fn matter(ctx: &Ctx, tx: &mut ReadTx, ask: &Ask) -> Result<Option<Matter>> {
    let Wanted { conversation, call: _, key: _, what: Question { lang, wanted } } = ask;
    let Some(found) = store::conversation::find(ctx, tx, *conversation)? else { return Ok(None) };
    let Some(channel) = store::channel::find(ctx, tx, found.channel)? else { return Ok(None) };
    let bot = store::bot::get(ctx, tx, channel.bot)?;
    let rows = store::summary::before(ctx, tx, *conversation, i64::MAX, ROWS_BEFORE)?;
    let question: String =
        wanted.question.as_deref().unwrap_or_default().chars().take(prompt::QUESTION_CHARS).collect();
    let asked = Asked {
        business: if bot.shop.name.is_empty() { bot.name.clone() } else { bot.shop.name.clone() },
        today: ctx.today(),
        lang: *lang,
        instructions: wanted.instructions.clone().unwrap_or_default(),
        earlier: prompt::earlier(&rows, &question),
        question,
    };
    let is_connected =
        Models::is_ready(ctx, tx)? && models::answered_today(ctx, tx, conversation.uuid())? < CALLS_A_DAY;
    Ok(Some(Matter { asked, bot: bot.id, bot_name: bot.name, is_connected }))
}

async fn answer(run: &Run, ask: &Ask, matter: &Matter) -> Result<Outcome, JobError> {
    let found = passages(run, &matter.asked).await.or_retry()?;
    if !matter.is_connected {
        return Ok(from_knowledge(&found).map_or(Outcome::Unknown, Outcome::Answer));
    }
    match by_model(run, ask, matter, &found).await {
        Ok(outcome) => Ok(outcome),
        Err(Refusal::Database(error)) => Err(JobError::Retry(error)),
        // What is known word for word is said without the model too.
        Err(refusal) => {
            tracing::info!(conversation.id = %ask.conversation, %refusal, "a model did not answer");
            let otherwise =
                if matches!(refusal, Refusal::NotSet) { Outcome::Unknown } else { Outcome::Failed };
            Ok(from_knowledge(&found).map_or(otherwise, Outcome::Answer))
        }
    }
}

/// The passages for this question; one of few words that finds little is read together with the one before it, too.
async fn passages(run: &Run, asked: &Asked) -> Result<Vec<Found>> {
    let knowledge: Arc<Knowledge> = run.services.get()?;
    let mut found = knowledge.find(&run.ctx, &run.db, &asked.question, PASSAGES).await?;
    let is_poor = found.first().is_none_or(|first| !first.is_sure && first.fit < POOR_FIT);
    let is_short = asked.question.split_whitespace().count() <= FEW_WORDS;
    let before = asked.earlier.iter().rev().find(|earlier| earlier.is_person);
    let (true, true, Some(before)) = (is_poor, is_short, before) else { return Ok(found) };
    let both = format!("{} {}", before.text, asked.question);
    for leaning in knowledge.find(&run.ctx, &run.db, &both, PASSAGES).await? {
        // What only the two together say is for a model to judge; nobody is answered by it word for word.
        if !found.iter().any(|known| known.passage == leaning.passage) {
            found.push(Found { is_sure: false, ..leaning });
        }
    }
    Ok(found)
}

/// The passage that answers by itself, where there is one.
fn from_knowledge(found: &[Found]) -> Option<Answered> {
    let best = found.first().filter(|best| best.is_sure)?;
    Some(Answered { text: best.text.clone(), sources: vec![source(1, best)], by: AnsweredBy::Knowledge })
}

/// Asks the model, which may look things up a few times before it answers.
async fn by_model(run: &Run, ask: &Ask, matter: &Matter, found: &[Found]) -> Result<Outcome, Refusal> {
    let models: Arc<Models> = run.services.get().map_err(Refusal::Database)?;
    let bots: Arc<Bots> = run.services.get().map_err(Refusal::Database)?;
    let allowed = tools::of(ask.what.wanted.tools.as_deref().unwrap_or_default());
    let about = About {
        purpose: KIND.to_owned(),
        subject: Some(ask.conversation.uuid()),
        bot: Some(matter.bot.uuid()),
        label: matter.bot_name.clone(),
    };
    let end = Instant::now() + TIME_AT_MOST;
    let mut request = matter.asked.request(found, allowed.clone());
    let mut material = matter.asked.material(found);
    for round in 1..=ROUNDS {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Refusal::Failed(Failure::TimedOut));
        }
        request.time_at_most = Some(left);
        // The last time it has to answer with what it knows by now.
        request.may_call = round < ROUNDS;
        let mut draft = Draft::new(&bots, ask.conversation, &material);
        let answer =
            models.ask(&run.ctx, &run.db, &about, &request, &mut |piece: &str| draft.hear(piece)).await?;
        drop(draft);
        if answer.calls.is_empty() {
            let text = if answer.is_cut { reading::up_to_a_sentence(&answer.text) } else { &*answer.text };
            if answer.is_cut && text.is_empty() {
                return Err(Refusal::Failed(Failure::NotValid));
            }
            return Ok(outcome_of(text, found, &material));
        }
        // Who has left meanwhile is not looked after at somebody's cost.
        if !later::is_still_waited_for(run, ask).await.map_err(Refusal::Database)? {
            return Ok(Outcome::Unknown);
        }
        let mut results = Vec::new();
        for (place, call) in answer.calls.iter().enumerate() {
            let result = if answer.is_garbled(call) {
                tools::refused("the arguments are no JSON object")
            } else if place < LOOKS_PER_ROUND {
                tools::look_up(run, ask.conversation, ask.what.lang, &allowed, call).await
            } else {
                tools::refused("too many at once")
            };
            material.push('\n');
            material.push_str(&result.to_string());
            results.push(ToolResult { call: call.clone(), result });
        }
        request.messages.push(Message::Model(answer));
        request.messages.push(Message::Results(results));
    }
    Ok(Outcome::Unknown)
}

/// What a model is writing, shown to whoever looks at the conversation until it is dropped.
struct Draft<'d> {
    bots: &'d Bots,
    conversation: Id<Conversation>,
    material: &'d str,
    written: String,
    /// How much of it was shown.
    shown: usize,
}

impl<'d> Draft<'d> {
    const fn new(bots: &'d Bots, conversation: Id<Conversation>, material: &'d str) -> Self {
        Self { bots, conversation, material, written: String::new(), shown: 0 }
    }

    fn hear(&mut self, piece: &str) {
        if self.written.len() < DRAFT_BYTES {
            self.written.push_str(piece);
        }
        if self.written.len() >= self.shown + DRAFT_STEP && self.bots.live().is_watched(self.conversation) {
            self.shown = self.written.len();
            self.bots.live().write(self.conversation, &reading::partial(&self.written, self.material));
        }
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        self.bots.live().write(self.conversation, "");
    }
}

fn outcome_of(written: &str, found: &[Found], material: &str) -> Outcome {
    match reading::read(written, found.len(), material) {
        reading::Said::Unknown => Outcome::Unknown,
        reading::Said::Person => Outcome::Person,
        reading::Said::Answer { text, passages } => {
            let named = passages.iter().filter_map(|place| found.get(*place)).take(SOURCES_MAX);
            let sources = named.enumerate().map(|(place, passage)| source(place + 1, passage)).collect();
            Outcome::Answer(Answered { text, sources, by: AnsweredBy::Model })
        }
    }
}
