//! [`Models`]: the process's service that asks models within a workspace's budget and writes down what each call took.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use context::Ctx;
use db::{Db, Lane, ReadTx, Tx};
use kernel::{Error, Id, Result};
use net::Net;
use tokio::time::Instant;

use crate::{
    About, Answer, Failure, Prices, Refusal, Request, Settings, Usage,
    call::{Call, CallState, Ending},
    store,
    wire::{self, Endpoint, Failed, Heard, Key, Limits},
};

/// Characters of a question and of an answer that the log keeps.
const QUESTION_AT_MOST: usize = 2_000;
const ANSWER_AT_MOST: usize = 4_000;
/// Names of tools that the log keeps of a call.
const TOOLS_AT_MOST: usize = 20;
/// Characters of a name that the log keeps.
const NAME_AT_MOST: usize = 100;
/// A provider that says it took more tokens than this miscounts.
const TOKENS_AT_MOST: u64 = 1_000_000_000;

/// Asks models. One in a process.
pub struct Models {
    pub(crate) net: Net,
    secret: [u8; 32],
    pub(crate) limits: Limits,
    /// Whether it was said that a key does not open: with the secret replaced, none does.
    has_warned: AtomicBool,
}

impl std::fmt::Debug for Models {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Models")
    }
}

/// A call whose tokens are reserved.
#[derive(Debug, Clone)]
struct Begun {
    id: Id<Call>,
    endpoint: Endpoint,
    prices: Option<Prices>,
}

/// What came of looking for room in the budget.
enum Room {
    NotSet,
    OverBudget,
    KeyLost,
    Begun(Box<Begun>),
}

impl Models {
    /// The service: `net` reaches the providers, `secret` (the server's) seals their keys.
    pub fn new(net: Net, secret: [u8; 32]) -> Self {
        Self { net, secret, limits: Limits::default(), has_warned: AtomicBool::new(false) }
    }

    /// Whether the workspace has a provider with a key, that is on.
    pub fn is_ready(ctx: &Ctx, tx: &mut ReadTx) -> Result<bool> {
        Ok(store::find_settings(ctx, tx)?.is_some_and(|(settings, _)| settings.is_ready()))
    }

    /// One call: reserves tokens of today's budget, asks, settles, logs. `heard` gets each piece of text as it comes.
    ///
    /// Whoever drops the future leaves the call as `unknown`, its tokens reserved until the day is over.
    pub async fn ask(
        &self,
        ctx: &Ctx,
        db: &Db,
        about: &About,
        request: &Request,
        heard: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Answer, Refusal> {
        self.ask_when(ctx, db, about, request, heard, Settings::is_ready).await
    }

    /// [`Models::ask`] for a workspace whose settings are `allowed`.
    pub(crate) async fn ask_when(
        &self,
        ctx: &Ctx,
        db: &Db,
        about: &About,
        request: &Request,
        heard: &mut Heard<'_>,
        allowed: fn(&Settings) -> bool,
    ) -> Result<Answer, Refusal> {
        let Begun { id, endpoint, prices } = match self.begin(ctx, db, about, request, allowed).await? {
            Room::NotSet => return Err(Refusal::NotSet),
            Room::OverBudget => return Err(Refusal::OverBudget),
            Room::KeyLost => {
                if !self.has_warned.swap(true, Ordering::Relaxed) {
                    let workspace = ctx.workspace();
                    tracing::warn!(%workspace, "a model's key does not open: is KARVON_SECRET another one?");
                }
                return Err(Refusal::Failed(Failure::KeyLost));
            }
            Room::Begun(begun) => *begun,
        };
        let started = Instant::now();
        let asked = wire::ask(&self.net, &endpoint, request, &self.limits, heard).await;
        let ending = ending(&asked, prices, started.elapsed());
        let own = ctx.clone();
        let settle = move |tx: &mut Tx<'_>| store::set_ended(&own, tx, id, &ending);
        if let Err(error) = db.write(ctx, Lane::People, settle).await {
            // The answer is there and paid for; the call stays reserved, and reads as unknown.
            tracing::error!(models.call = %id, %error, "a call of a language model was not settled");
        }
        asked.map_err(|failed| {
            tracing::warn!(models.call = %id, models.error = %failed.failure, "a language model gave no answer");
            Refusal::Failed(failed.failure)
        })
    }

    /// Reserves tokens and writes the call down.
    async fn begin(
        &self,
        ctx: &Ctx,
        db: &Db,
        about: &About,
        request: &Request,
        allowed: fn(&Settings) -> bool,
    ) -> Result<Room> {
        let reserved = request.input_tokens().saturating_add(request.output_tokens_at_most.into());
        let (own, about, secret) = (ctx.clone(), about.clone(), self.secret);
        let question = cut(request.question(), QUESTION_AT_MOST);
        let begin = move |tx: &mut Tx<'_>| {
            let found = store::find_settings(&own, tx)?.filter(|(settings, _)| allowed(settings));
            let Some((settings, Some(sealed))) = found else { return Ok(Room::NotSet) };
            let Ok(key) = context::unseal(&secret, &row(&own, &settings.base_url), &sealed) else {
                let call = new_call(&own, tx, &about, &settings, &question, None)?;
                let error = Some(Failure::KeyLost.word().to_owned());
                store::insert_call(&own, tx, &Call { state: CallState::Failed, error, ..call })?;
                return Ok(Room::KeyLost);
            };
            let endpoint = endpoint(&settings, key)?;
            let has_room = store::reserve(&own, tx, own.today(), reserved, settings.tokens_per_day)?;
            let call = new_call(&own, tx, &about, &settings, &question, has_room.then_some(reserved))?;
            store::insert_call(&own, tx, &call)?;
            let begun = Begun { id: call.id, endpoint, prices: settings.prices };
            Ok(if has_room { Room::Begun(Box::new(begun)) } else { Room::OverBudget })
        };
        db.write(ctx, Lane::People, begin).await
    }

    /// A key in the form that is stored.
    pub(crate) fn seal(&self, ctx: &Ctx, settings: &Settings, key: &str) -> Result<Vec<u8>> {
        context::seal(&self.secret, ctx.random(), &row(ctx, &settings.base_url), key)
    }
}

/// A key is bound to its workspace and its address: put beside another address, it does not open.
fn row(ctx: &Ctx, base_url: &str) -> Vec<u8> {
    [b"models.key", ctx.workspace().uuid().as_bytes().as_slice(), base_url.as_bytes()].concat()
}

fn endpoint(settings: &Settings, key: String) -> Result<Endpoint> {
    let base = settings.base_url.parse().map_err(|_| Error::internal("a stored address is none"))?;
    Ok(Endpoint { provider: settings.provider, base, model: settings.model.clone(), key: Key(key) })
}

/// A call that begins, or that was refused when nothing could be reserved.
fn new_call(
    ctx: &Ctx,
    tx: &mut Tx,
    about: &About,
    settings: &Settings,
    question: &str,
    reserved: Option<u64>,
) -> Result<Call> {
    let About { purpose, subject, bot, label } = about;
    Ok(Call {
        id: ctx.new_id(),
        number: context::next_number(ctx, tx, "models_call")?,
        at: ctx.now(),
        day: ctx.today(),
        purpose: cut(purpose, NAME_AT_MOST),
        subject: *subject,
        bot: *bot,
        label: cut(label, NAME_AT_MOST),
        provider: settings.provider,
        model: settings.model.clone(),
        state: if reserved.is_some() { CallState::Begun } else { CallState::Refused },
        reserved_tokens: reserved.unwrap_or_default(),
        usage: Usage::default(),
        cost: None,
        duration_ms: None,
        error: None,
        said: String::new(),
        question: question.to_owned(),
        answer: String::new(),
        tools: Vec::new(),
    })
}

fn ending(asked: &Result<Answer, Failed>, prices: Option<Prices>, took: Duration) -> Ending {
    let (state, usage) = match asked {
        Ok(answer) => (CallState::Answered, answer.usage),
        Err(failed) => (CallState::Failed, failed.usage),
    };
    let usage = Usage {
        input_tokens: usage.input_tokens.min(TOKENS_AT_MOST),
        output_tokens: usage.output_tokens.min(TOKENS_AT_MOST),
        is_estimated: usage.is_estimated,
    };
    let calls = asked.iter().flat_map(|answer| &answer.calls);
    Ending {
        state,
        usage,
        cost: prices.map(|prices| prices.cost(usage)),
        duration_ms: i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
        error: asked.as_ref().err().map(|failed| Failure::word(failed.failure)),
        said: asked.as_ref().err().map(|failed| failed.said.clone()).unwrap_or_default(),
        answer: asked.as_ref().map(|answer| cut(&answer.text, ANSWER_AT_MOST)).unwrap_or_default(),
        tools: calls.take(TOOLS_AT_MOST).map(|call| cut(&call.name, NAME_AT_MOST)).collect(),
    }
}

/// The first characters of a text. The database keeps no NUL.
fn cut(text: &str, at_most: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(at_most).collect()
}
