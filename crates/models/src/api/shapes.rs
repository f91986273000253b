//! What programs send and get.

use context::{Ctx, Permission};
use kernel::{Date, Error, Id, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::pages::Words;

use crate::{
    Call, CallFilter, Cost, EditSettings, NewKey, Prices, Refusal, Settings, Totals, Usage, checking::Checked,
};

/// What a workspace wants to be chosen.
#[derive(Clone, Deserialize, ToSchema)]
pub(super) struct SettingsIn {
    /// `openai` (chat completions, as many servers have them) or `gemini`.
    provider: String,
    /// Where, when it is not the provider's own address.
    #[serde(default)]
    base_url: Option<String>,
    /// The model's name, as the provider has it.
    #[serde(default)]
    model: String,
    /// The key. Left out, it stays; it has to be said again with another address.
    #[serde(default)]
    key: Option<String>,
    /// Whether models may be asked.
    #[serde(default)]
    is_on: bool,
    /// What the calls of a day may take; 200,000 unless said, and with 0 none is made.
    #[serde(default)]
    tokens_per_day: Option<i64>,
    /// US dollars for a million input tokens, as decimal text: `0.15`.
    #[serde(default)]
    input_price: Option<String>,
    /// US dollars for a million output tokens, as decimal text: `0.60`.
    #[serde(default)]
    output_price: Option<String>,
}

impl SettingsIn {
    pub(super) fn read(self) -> EditSettings {
        let Self { provider, base_url, model, key, is_on, tokens_per_day, input_price, output_price } = self;
        EditSettings {
            provider,
            base_url: base_url.unwrap_or_default(),
            model,
            key: NewKey(key.unwrap_or_default()),
            is_on,
            tokens_per_day: tokens_per_day.map(|tokens| tokens.to_string()).unwrap_or_default(),
            input_price: input_price.unwrap_or_default(),
            output_price: output_price.unwrap_or_default(),
        }
    }
}

/// What a workspace chose.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SettingsOut {
    /// `openai` or `gemini`.
    provider: &'static str,
    /// Where.
    base_url: String,
    /// The model's name.
    model: String,
    /// Whether there is a key.
    has_key: bool,
    /// Its last characters.
    key_end: Option<String>,
    /// Whether models may be asked.
    is_on: bool,
    /// Whether they are: it is on, with a key and a model.
    is_ready: bool,
    /// What the calls of a day may take.
    tokens_per_day: i64,
    /// US dollars for a million input tokens.
    input_price: Option<String>,
    /// US dollars for a million output tokens.
    output_price: Option<String>,
}

impl From<Settings> for SettingsOut {
    fn from(settings: Settings) -> Self {
        let is_ready = settings.is_ready();
        let Settings { provider, base_url, model, key_end, is_on, tokens_per_day, prices } = settings;
        let price = |of: fn(Prices) -> crate::Price| prices.map(|prices| of(prices).to_string());
        Self {
            provider: provider.word(),
            base_url,
            model,
            has_key: key_end.is_some(),
            key_end,
            is_on,
            is_ready,
            tokens_per_day,
            input_price: price(|prices| prices.input),
            output_price: price(|prices| prices.output),
        }
    }
}

/// What came of trying.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckOut {
    /// Whether the model answered.
    is_answered: bool,
    /// The word of what went wrong: `wrong_key`, `over_budget`, …
    error: Option<&'static str>,
    /// The same in words.
    message: String,
    /// How long it took.
    duration_ms: i64,
}

impl CheckOut {
    pub(super) fn of(words: &Words, checked: &Checked) -> Self {
        let error = match &checked.result {
            Ok(_) => None,
            Err(Refusal::NotSet) => Some("not_set"),
            Err(Refusal::OverBudget) => Some("over_budget"),
            Err(Refusal::Failed(failure)) => Some(failure.word()),
            Err(Refusal::Database(_)) => Some("internal"),
        };
        let message = checked.say(words);
        Self { is_answered: error.is_none(), error, message, duration_ms: checked.took_ms }
    }
}

/// A call of a language model.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallOut {
    /// Its number.
    id: i64,
    /// Its UUID.
    #[schema(value_type = String, format = Uuid)]
    uuid: Id<Call>,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The business day whose budget it belongs to.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// Who asked: `bots.ask_assistant`.
    purpose: String,
    /// What it belongs to: a conversation.
    subject_id: Option<Uuid>,
    /// The bot that asked.
    bot_id: Option<Uuid>,
    /// What people see: the bot's name.
    label: String,
    /// `openai` or `gemini`.
    provider: &'static str,
    model: String,
    /// `begun`, `answered`, `failed`, `refused` (by the budget) or `unknown`.
    state: &'static str,
    input_tokens: u64,
    output_tokens: u64,
    /// The provider did not count; we estimated.
    is_estimated: bool,
    /// US dollars, as decimal text.
    cost: Option<String>,
    duration_ms: Option<i64>,
    /// The word of what went wrong.
    error: Option<String>,
    /// What the provider said of it.
    error_detail: String,
    /// The last words of the person, cut.
    question: String,
    /// The model's words, cut.
    answer: String,
    /// The tools it asked for.
    tools: Vec<String>,
}

impl From<Call> for CallOut {
    fn from(call: Call) -> Self {
        let Call {
            id,
            number,
            at,
            day,
            purpose,
            subject,
            bot,
            label,
            provider,
            model,
            state,
            reserved_tokens: _,
            usage: Usage { input_tokens, output_tokens, is_estimated },
            cost,
            duration_ms,
            error,
            said,
            question,
            answer,
            tools,
        } = call;
        Self {
            id: number,
            uuid: id,
            at,
            day,
            purpose,
            subject_id: subject,
            bot_id: bot,
            label,
            provider: provider.word(),
            model,
            state: state.word(),
            input_tokens,
            output_tokens,
            is_estimated,
            cost: dollars(cost),
            duration_ms,
            error,
            error_detail: said,
            question,
            answer,
            tools,
        }
    }
}

fn dollars(cost: Option<Cost>) -> Option<String> {
    cost.map(|cost| cost.to_string())
}

/// What calls took together.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UsageOut {
    calls: i64,
    input_tokens: i64,
    output_tokens: i64,
    /// US dollars, as decimal text; of the calls whose prices were set.
    cost: Option<String>,
}

impl From<Totals> for UsageOut {
    fn from(totals: Totals) -> Self {
        let Totals { calls, input_tokens, output_tokens, cost } = totals;
        Self { calls, input_tokens, output_tokens, cost: dollars(cost) }
    }
}

/// Which calls are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CallsQuery {
    /// Of this day or later.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Of this day or earlier.
    #[param(value_type = Option<String>, format = Date)]
    until: Option<Date>,
    /// `begun`, `answered`, `failed`, `refused` or `unknown`.
    state: Option<String>,
    /// Who asked.
    purpose: Option<String>,
    /// Which bot asked.
    bot_id: Option<Uuid>,
    /// What they belong to.
    subject_id: Option<Uuid>,
    pub(super) page: Option<u32>,
    pub(super) page_size: Option<u32>,
}

impl CallsQuery {
    pub(super) fn filter(&self, ctx: &Ctx) -> Result<CallFilter> {
        ctx.require(Permission::BotsRead)?;
        let Self { from, until, state, purpose, bot_id, subject_id, page: _, page_size: _ } = self;
        let said = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let unknown = |_| Error::field("state", Text::new("models-state-wrong"));
        Ok(CallFilter {
            from: *from,
            until: *until,
            state: said(state).map(|word| word.parse().map_err(unknown)).transpose()?,
            purpose: said(purpose),
            bot: *bot_id,
            subject: *subject_id,
        })
    }
}
