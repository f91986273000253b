//! What a bot did: who wrote when, where people leave its dialogues, how long people waited for the staff.
//!
//! Counted in the transaction of what is counted, in rows of that conversation alone: two people who write at once do not
//! wait for each other.

use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use flow::{Blueprint, Outline, Visit, assistant::AnsweredBy};
use kernel::{Date, Lang, Result};
use web::{RowKey, pages::Period};

use crate::{
    Bot, Bots, ChannelKind, Conversation, reads,
    store::{
        counted::{self, Counts, DaySums, Questions, Span, StepSums, Waits},
        message::Author,
    },
    trial,
};

/// Counts a turn: whether the person did something, how many messages the bot says, and the steps.
pub(crate) fn count_turn(
    ctx: &Ctx,
    tx: &mut Tx,
    conversation: &Conversation,
    is_heard: bool,
    said: usize,
    visits: &[Visit],
) -> Result<()> {
    // Whoever tries a draft is nobody who writes to the bot.
    if trial::is_trial(&conversation.chat_key) {
        return Ok(());
    }
    let said = i64::try_from(said).unwrap_or(0);
    let counts = Counts { heard: i64::from(is_heard), said, ..Counts::default() };
    counted::add_day(ctx, tx, conversation, counts)?;
    counted::add_visits(ctx, tx, conversation, visits)
}

/// Counts a question to the assistant, and what answered it; `None` when nothing did.
pub(crate) fn count_question(
    ctx: &Ctx,
    tx: &mut Tx,
    conversation: &Conversation,
    by: Option<AnsweredBy>,
) -> Result<()> {
    if trial::is_trial(&conversation.chat_key) {
        return Ok(());
    }
    let of = |wanted: AnsweredBy| i64::from(by == Some(wanted));
    let questions = Questions {
        asked: 1,
        by_model: of(AnsweredBy::Model),
        by_knowledge: of(AnsweredBy::Knowledge),
        by_small_talk: of(AnsweredBy::SmallTalk),
    };
    counted::add_day(ctx, tx, conversation, Counts { questions, ..Counts::default() })
}

/// Counts an answer of the staff, and how long the person had waited for it.
pub(crate) fn count_answer(
    ctx: &Ctx,
    tx: &mut Tx,
    conversation: &Conversation,
    author: &Author,
) -> Result<()> {
    counted::add_day(ctx, tx, conversation, Counts { answered: 1, ..Counts::default() })?;
    match conversation.desk.waiting_since {
        Some(since) => counted::add_answer(ctx, tx, conversation, since, author),
        None => Ok(()),
    }
}

/// Whose figures are asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) bot: RowKey,
    pub(crate) period: Period,
    /// People of one kind of channel; of all but the simulator when there is none.
    pub(crate) kind: Option<ChannelKind>,
    /// The language in which steps are named.
    pub(crate) lang: Lang,
}

/// The figures of a bot.
#[derive(Debug, Clone)]
pub(crate) struct Figures {
    pub(crate) bot: Bot,
    /// How many people ever wrote.
    pub(crate) people: i64,
    /// The sums of all days; who wrote on several days is counted once among `active` and `with_staff`.
    pub(crate) sums: DaySums,
    /// Each day of the period.
    pub(crate) days: Vec<(Date, DaySums)>,
    /// The flows in the order of the blueprint; those that it does not have any more come last.
    pub(crate) funnels: Vec<Funnel>,
    /// How long people waited for the staff.
    pub(crate) waits: Waits,
    /// The same by who answered, the busiest first.
    pub(crate) authors: Vec<(String, Waits)>,
}

/// Where people leave a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Funnel {
    pub(crate) flow: String,
    /// In how many errands people came in.
    pub(crate) came: i64,
    pub(crate) steps: Vec<FunnelStep>,
}

/// A step of a funnel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FunnelStep {
    pub(crate) sums: StepSums,
    /// The step, where the blueprint that answers still has it.
    pub(crate) known: Option<Step>,
}

/// A step as the blueprint has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) kind: flow::OutlineKind,
    pub(crate) words: String,
    /// Whether it is home: who is there has left nothing.
    pub(crate) is_home: bool,
}

impl FunnelStep {
    /// In how many errands people came this far and no further.
    pub(crate) const fn left(&self) -> i64 {
        self.sums.reached - self.sums.passed
    }
}

impl Funnel {
    /// The step at which the most people leave, when some do; nobody leaves at home.
    pub(crate) fn worst(&self) -> Option<&FunnelStep> {
        let leaves =
            |step: &&FunnelStep| step.left() > 0 && !step.known.as_ref().is_some_and(|step| step.is_home);
        self.steps.iter().filter(leaves).max_by_key(|step| step.left())
    }
}

/// The figures that are asked for.
pub(crate) fn figures(ctx: &Ctx, tx: &mut ReadTx, bots: &Bots, asked: &Asked) -> Result<Figures> {
    ctx.require(Permission::BotsRead)?;
    let Asked { bot, period, kind, lang } = asked;
    let bot = reads::get_bot(ctx, tx, *bot)?;
    let span = Span::of(ctx, tx, bot.id, *kind, (period.from, period.until))?;
    let counted_days = counted::days(tx, &span)?;
    let (active, with_staff) = counted::active(tx, &span)?;
    let sums =
        counted_days.iter().fold(DaySums { active, with_staff, ..DaySums::default() }, |sums, (_, day)| {
            let DaySums { new, active: _, with_staff: _, heard, said, answered, questions } = day;
            DaySums {
                new: sums.new + new,
                heard: sums.heard + heard,
                said: sums.said + said,
                answered: sums.answered + answered,
                questions: sums.questions + *questions,
                ..sums
            }
        });
    let steps = counted::steps(tx, &span)?;
    let flows = counted::flows(tx, &span)?;
    let blueprint = bots.blueprint(ctx, tx, bot.id, bot.version)?;
    Ok(Figures {
        people: counted::people(tx, &span)?,
        sums,
        days: each_day(*period, &counted_days),
        funnels: funnels(&blueprint, *lang, steps, &flows),
        waits: counted::waits(tx, &span)?,
        authors: counted::waits_by_author(tx, &span)?,
        bot,
    })
}

/// Every day of the period, also those on which nothing happened.
fn each_day(period: Period, counted: &[(Date, DaySums)]) -> Vec<(Date, DaySums)> {
    let days = u64::try_from(period.days()).unwrap_or(1);
    let mut counted = counted.iter().peekable();
    (0..days)
        .map(|n| {
            let day = period.from.plus_days(n);
            (day, counted.next_if(|(of, _)| *of == day).map(|(_, sums)| *sums).unwrap_or_default())
        })
        .collect()
}

/// The steps by their flows, in the order of the blueprint.
fn funnels(
    blueprint: &Blueprint,
    lang: Lang,
    mut steps: Vec<StepSums>,
    flows: &[(String, i64)],
) -> Vec<Funnel> {
    let outline = blueprint.outline(lang);
    let place = |step: &str| outline.iter().position(|known| known.step == step).unwrap_or(usize::MAX);
    steps.sort_by_cached_key(|sums| (place(&sums.step), sums.step.clone()));
    let mut funnels: Vec<Funnel> = Vec::new();
    for sums in steps {
        let flow = sums.step.split_once('.').map_or(sums.step.as_str(), |(flow, _)| flow).to_owned();
        let known = outline.iter().find(|known| known.step == sums.step).map(|known| {
            let Outline { step, kind, words } = known;
            Step { kind: *kind, words: words.clone(), is_home: *step == blueprint.home() }
        });
        let step = FunnelStep { sums, known };
        match funnels.iter_mut().find(|funnel| funnel.flow == flow) {
            Some(funnel) => funnel.steps.push(step),
            None => {
                let came = flows.iter().find(|(name, _)| *name == flow).map_or(0, |(_, came)| *came);
                funnels.push(Funnel { flow, came, steps: vec![step] });
            }
        }
    }
    funnels
}
