//! A university of people who are made up: `karvon seed ttpumock`.
//!
//! Everything goes through the actions that real people's applications and answers go through, each person in one transaction: what
//! is interrupted leaves whole persons, and the next run puts in those who are missing. A number is always the same person. Nobody
//! of them has a chat, so nothing is sent to them.

use std::{ops::RangeInclusive, sync::Arc};

use clap::ValueEnum;
use context::Ctx;
use db::{Lane, Tx};
use kernel::{Result, Timestamp};

use super::{
    admissions,
    applying::{self, Applied, Offer},
    asking::{self, Answer, Asked},
    calendar::Calendar,
    chance::Chance,
    people::Words,
    workspace,
};
use crate::{commands::console_ctx, parts::Parts};

/// People of one transaction: short enough for whoever works meanwhile.
const BATCH: usize = 32;
/// Tables that grow: the database plans by what it knew of them last.
const GROWN: [&str; 9] = [
    "contacts_contact",
    "contacts_word",
    "applications_applicant",
    "applications_word",
    "applications_application",
    "applications_choice",
    "applications_entry",
    "surveys_student",
    "surveys_response",
];

/// How many people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scale {
    /// 200 applicants and 80 students.
    Small,
    /// 5,000 applicants and 2,000 students.
    Medium,
    /// 50,000 applicants and 20,000 students.
    Large,
}

impl Scale {
    /// So many people apply.
    pub const fn applicants(self) -> u32 {
        match self {
            Self::Small => 200,
            Self::Medium => 5_000,
            Self::Large => 50_000,
        }
    }

    /// So many students are asked.
    pub const fn students(self) -> u32 {
        self.applicants() / 5 * 2
    }
}

/// What is to be made up.
#[derive(Debug, Clone)]
pub struct Mock {
    /// The workspace's name in addresses; else the server's first workspace.
    pub workspace: Option<String>,
    /// How many people.
    pub scale: Scale,
    /// Whether who is there is written again; else they stay as they are.
    pub upsert: bool,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Of what.
    pub what: &'static str,
    /// So many are done.
    pub done: usize,
    /// Of so many.
    pub of: usize,
}

/// So many were not there, were written again, were left as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "its own words")]
pub struct Tally {
    pub made: usize,
    pub again: usize,
    pub left: usize,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { made, again, left } = self;
        write!(f, "{made} made, {again} written again, {left} left as they are")
    }
}

/// What was made up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MadeUp {
    /// People who apply.
    pub applicants: Tally,
    /// New applications of theirs.
    pub applications: usize,
    /// Forms that nobody applied for: closed, or asking for what only real people know.
    pub left_out: Vec<&'static str>,
    /// New students in the roster, and those of whom it says something else now.
    pub rostered: (usize, usize),
    /// Answers of students.
    pub answers: Tally,
}

impl std::fmt::Display for MadeUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { applicants, applications, left_out, rostered: (new, others), answers } = self;
        writeln!(f, "Applicants: {applicants}. {applications} new applications.")?;
        if !left_out.is_empty() {
            writeln!(
                f,
                "Left out, because they are closed or ask for something else: {}.",
                left_out.join(", ")
            )?;
        }
        writeln!(f, "Roster: {new} made, {others} changed.")?;
        write!(f, "Answers of students: {answers}.")
    }
}

/// Makes up what `mock` says. `tell` is told how far it is after each batch; its error ends it there, with what is done so far.
/// Errors: no such workspace.
pub async fn ttpumock(
    parts: &Parts,
    mock: &Mock,
    tell: &mut (dyn FnMut(Progress) -> Result<()> + Send),
) -> Result<MadeUp> {
    let Mock { workspace: slug, scale, upsert } = mock;
    let ctx = console_ctx(parts, workspace(parts, slug.as_deref()).await?);
    let words = Arc::new(Words::delivered()?);
    let (own, said) = (ctx.clone(), Arc::clone(&words));
    let begin = move |tx: &mut Tx<'_>| {
        admissions::put(&own, tx)?;
        Ok((Offer::read(&own, tx, &said)?, asking::ensure(&own, tx, &said)?))
    };
    let (offer, asked) = parts.app.db().write(&ctx, Lane::People, begin).await?;
    let mut made_up = MadeUp { left_out: offer.left_out.clone(), ..MadeUp::default() };
    let seed = Seed { parts, ctx, words, offer: Arc::new(offer), upsert: *upsert };
    seed.applicants(1..=scale.applicants(), &mut made_up, tell).await?;
    if let Some(asked) = asked {
        let numbers = 1..=scale.students();
        made_up.rostered = asking::fill_roster(parts, &seed.ctx, &asked, numbers.clone(), *upsert).await?;
        seed.answers(Arc::new(asked), numbers, &mut made_up.answers, tell).await?;
    }
    Ok(made_up)
}

/// What everything is made of.
struct Seed<'a> {
    parts: &'a Parts,
    ctx: Ctx,
    words: Arc<Words>,
    offer: Arc<Offer>,
    upsert: bool,
}

impl Seed<'_> {
    /// Puts people in who apply, in the order in which they do, so that numbers of applications grow with time.
    async fn applicants(
        &self,
        numbers: RangeInclusive<u32>,
        made_up: &mut MadeUp,
        tell: &mut (dyn FnMut(Progress) -> Result<()> + Send),
    ) -> Result<()> {
        let calendar = Arc::new(Calendar::new(self.ctx.zone(), self.ctx.today()));
        let mut all: Vec<(Timestamp, u32)> =
            numbers.map(|number| (calendar.applies(Chance::of(number)), number)).collect();
        all.sort_unstable();
        let upsert = self.upsert;
        let put = {
            let (offer, words) = (Arc::clone(&self.offer), Arc::clone(&self.words));
            move |ctx: &Ctx, tx: &mut Tx<'_>, (at, number): (Timestamp, u32)| {
                applying::put(ctx, tx, (&offer, &words, &calendar), (number, at), upsert)
            }
        };
        let count = |applied: Applied| {
            made_up.applications += applied.applications;
            let tally = &mut made_up.applicants;
            *match applied {
                Applied { is_left: true, .. } => &mut tally.left,
                Applied { is_new: true, .. } => &mut tally.made,
                Applied { .. } => &mut tally.again,
            } += 1;
        };
        self.each("applicants", all, put, count, tell).await
    }

    /// Has students answer.
    async fn answers(
        &self,
        asked: Arc<Asked>,
        numbers: RangeInclusive<u32>,
        tally: &mut Tally,
        tell: &mut (dyn FnMut(Progress) -> Result<()> + Send),
    ) -> Result<()> {
        let upsert = self.upsert;
        let (offer, words) = (Arc::clone(&self.offer), Arc::clone(&self.words));
        let put = move |ctx: &Ctx, tx: &mut Tx<'_>, number: u32| {
            asking::answer(ctx, tx, (&asked, &words, &offer.weights), number, upsert)
        };
        let count = |answer: Answer| match answer {
            Answer::New => tally.made += 1,
            Answer::Again => tally.again += 1,
            Answer::Left => tally.left += 1,
            Answer::None => {}
        };
        self.each("students", numbers.collect(), put, count, tell).await
    }

    /// Does `put` with each of `all`, a batch in one transaction.
    async fn each<T, R, P>(
        &self,
        what: &'static str,
        all: Vec<T>,
        put: P,
        mut count: impl FnMut(R) + Send,
        tell: &mut (dyn FnMut(Progress) -> Result<()> + Send),
    ) -> Result<()>
    where
        T: Copy + Send + Sync + 'static,
        R: Send + 'static,
        P: Fn(&Ctx, &mut Tx<'_>, T) -> Result<R> + Send + Sync + 'static,
    {
        let (of, put) = (all.len(), Arc::new(put));
        let (mut done, mut known) = (0, BATCH);
        for batch in all.chunks(BATCH) {
            let (ctx, put, batch) = (self.ctx.clone(), Arc::clone(&put), batch.to_vec());
            done += batch.len();
            let has_grown = done >= known;
            if has_grown {
                known = known.saturating_mul(4);
            }
            let write = move |tx: &mut Tx<'_>| {
                let written = batch.iter().map(|one| put(&ctx, tx, *one)).collect::<Result<Vec<R>>>()?;
                if has_grown {
                    tx.have_grown(&GROWN)?;
                }
                Ok(written)
            };
            let written = self.parts.app.db().write(&self.ctx, Lane::Background, write).await?;
            written.into_iter().for_each(&mut count);
            tell(Progress { what, done, of })?;
        }
        Ok(())
    }
}
