//! `/api/bots/{id}/analytics`: who wrote when, where people leave, how long they waited.
#![expect(unused_qualifications, reason = "utoipa writes the path of each query's type")]

use std::sync::Arc;

use axum::extract::Path;
use kernel::{Date, Error, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{Caller, Json, PeriodOut, PeriodQuery, ProblemBody, Query, RowKey};

use crate::{
    Bots, ChannelKind,
    analytics::{self, Asked, Figures, Funnel, FunnelStep},
    store::counted::{DaySums, Questions, Waits},
};

/// By which channels.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AnalyticsQuery {
    /// People of one kind of channel, such as `telegram`; of all but the simulator unless said.
    #[serde(default)]
    channel: Option<String>,
    /// The first day; the first of the month unless said.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// The last day; today unless said.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Date)]
    until: Option<String>,
}

/// What was counted, on a day or on all of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct BotCountsOut {
    /// People who wrote for the first time.
    pub new: i64,
    /// People who wrote, each once.
    pub active: i64,
    /// Of them, those whom somebody of the staff answered.
    pub with_staff: i64,
    /// Messages and taps of people.
    pub heard: i64,
    /// Messages of the bot.
    pub said: i64,
    /// Messages of the staff.
    pub answered: i64,
    /// Questions to the assistant.
    pub questions: QuestionsOut,
}

/// Questions to the assistant, and what answered them.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionsOut {
    /// How many there were.
    pub asked: i64,
    /// Those that a language model answered.
    pub by_model: i64,
    /// Those that a passage of the knowledge answered, word for word.
    pub by_knowledge: i64,
    /// Those that were small talk.
    pub by_small_talk: i64,
    /// Those that nothing answered.
    pub unanswered: i64,
}

impl From<Questions> for QuestionsOut {
    fn from(questions: Questions) -> Self {
        let unanswered = questions.unanswered();
        let Questions { asked, by_model, by_knowledge, by_small_talk } = questions;
        Self { asked, by_model, by_knowledge, by_small_talk, unanswered }
    }
}

impl From<DaySums> for BotCountsOut {
    fn from(sums: DaySums) -> Self {
        let DaySums { new, active, with_staff, heard, said, answered, questions } = sums;
        Self { new, active, with_staff, heard, said, answered, questions: questions.into() }
    }
}

/// A day.
#[derive(Debug, Serialize, ToSchema)]
pub struct BotDayOut {
    /// Which.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// What was counted on it.
    #[serde(flatten)]
    pub counts: BotCountsOut,
}

/// A step of a flow.
#[derive(Debug, Serialize, ToSchema)]
pub struct FunnelStepOut {
    /// `flow.step`.
    pub step: String,
    /// `question`, `action`, `handover`; null where the blueprint that answers does not have it any more.
    pub kind: Option<&'static str>,
    /// What a question asks, in the caller's language; the name of an action.
    pub words: Option<String>,
    /// In how many errands people came to it.
    pub reached: i64,
    /// In how many they got through: answered the question, had the action done.
    pub passed: i64,
    /// In how many they came no further.
    pub left: i64,
}

impl From<FunnelStep> for FunnelStepOut {
    fn from(step: FunnelStep) -> Self {
        let left = step.left();
        let FunnelStep { sums, known } = step;
        let (kind, words) = match known {
            Some(known) => (Some(known.kind.word()), Some(known.words)),
            None => (None, None),
        };
        Self { step: sums.step, kind, words, reached: sums.reached, passed: sums.passed, left }
    }
}

/// A flow: an errand is what a person does from one time at home to the next.
#[derive(Debug, Serialize, ToSchema)]
pub struct FunnelOut {
    /// Its name.
    pub flow: String,
    /// In how many errands people came in.
    pub came: i64,
    /// Its steps, in the order of the blueprint.
    pub steps: Vec<FunnelStepOut>,
}

/// How long people waited for somebody of the staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitsOut {
    /// Answers to people who waited.
    pub count: i64,
    /// Half waited no longer, milliseconds.
    pub median_ms: i64,
    /// Nine of ten waited no longer, milliseconds.
    pub p90_ms: i64,
}

impl From<Waits> for WaitsOut {
    fn from(Waits { count, median_ms, p90_ms }: Waits) -> Self {
        Self { count, median_ms, p90_ms }
    }
}

/// The same of one of the staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffWaitsOut {
    /// Who answered.
    pub name: String,
    /// How long people waited for them.
    #[serde(flatten)]
    pub waits: WaitsOut,
}

/// The figures of a bot.
#[derive(Debug, Serialize, ToSchema)]
pub struct BotAnalyticsOut {
    /// The days that they are about.
    pub period: PeriodOut,
    /// How many people ever wrote.
    pub people: i64,
    /// Of all days.
    pub sums: BotCountsOut,
    /// Of each day.
    pub days: Vec<BotDayOut>,
    /// Where people leave.
    pub funnels: Vec<FunnelOut>,
    /// How long people waited.
    pub waits: WaitsOut,
    /// The same by who answered, the busiest first.
    pub staff: Vec<StaffWaitsOut>,
}

/// Who wrote when, where people leave the dialogue, and how long they waited for the staff.
#[utoipa::path(get, path = "/api/bots/{id}/analytics", tag = "bots",
    params(("id" = String, Path, description = "number or UUID"), AnalyticsQuery),
    responses((status = 200, body = BotAnalyticsOut), (status = 404, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn get_bot_analytics(
    caller: Caller,
    Path(bot): Path<RowKey>,
    Query(query): Query<AnalyticsQuery>,
) -> web::Result<Json<BotAnalyticsOut>> {
    let AnalyticsQuery { channel, from, until } = query;
    let period = PeriodQuery { from, until }.period(&caller.ctx)?;
    let kind = channel.as_deref().filter(|word| !word.is_empty()).map(kind_of).transpose()?;
    let bots: Arc<Bots> = caller.app.service()?;
    let asked = Asked { bot, period, kind, lang: caller.ctx.lang() };
    let found = caller.read(move |ctx, tx| analytics::figures(ctx, tx, &bots, &asked)).await?;
    let Figures { bot: _, people, sums, days, funnels, waits, authors } = found;
    let day = |(day, sums): (Date, DaySums)| BotDayOut { day, counts: sums.into() };
    let funnel = |Funnel { flow, came, steps }: Funnel| FunnelOut {
        flow,
        came,
        steps: steps.into_iter().map(FunnelStepOut::from).collect(),
    };
    Ok(Json(BotAnalyticsOut {
        period: period.into(),
        people,
        sums: sums.into(),
        days: days.into_iter().map(day).collect(),
        funnels: funnels.into_iter().map(funnel).collect(),
        waits: waits.into(),
        staff: authors.into_iter().map(|(name, waits)| StaffWaitsOut { name, waits: waits.into() }).collect(),
    }))
}

fn kind_of(word: &str) -> kernel::Result<ChannelKind> {
    let known: Vec<&str> = ChannelKind::ALL.iter().map(|kind| kind.word()).collect();
    word.parse().map_err(|_| {
        Error::field("channel", Text::new("bots-channel-unknown").with("known", known.join(", ")))
    })
}
