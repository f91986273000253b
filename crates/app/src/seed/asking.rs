//! Made-up students are asked whether they work, and answer.

use std::{collections::HashMap, fmt::Write, ops::RangeInclusive, time::Duration};

use catalog::Item;
use context::Ctx;
use db::{Lane, ReadTx, Tx};
use jobs::{Work, Worker};
use kernel::{Date, Error, Id, Money, PageRequest, Result, Timestamp, Zone};
use surveys::{
    Answered, Campaign, Employment, Gender, ImportState, NewCampaign, NewImport, NewSurvey, RosterRow,
    StudentFilter, actions, reads,
};

use super::{
    chance::Chance,
    people::{Person, Words},
};
use crate::{modules, parts::Parts};

/// Students are other people than applicants, whose numbers end below.
const FIRST: u32 = 5_000_000;
/// What the university calls them, before their numbers.
const ID: &str = "TTPUMOCK-";
/// Of a hundred students who are asked, so many answer.
const ANSWER: u64 = 62;
/// The survey opened so many days before it was made up, is answered for so many, and closes so many days after.
const OPEN_DAYS: u64 = 45;
const CLOSES_DAYS: u64 = 30;
/// Years of study: how many of a hundred students are in each, and how many of a hundred of these work.
const YEARS: [(i64, u32, u64); 4] = [(1, 30, 11), (2, 27, 24), (3, 23, 43), (4, 20, 66)];
/// Rows of the roster that are read at once.
const ROWS: u32 = 500;
/// How often it is looked whether the roster is taken in.
const LOOK: Duration = Duration::from_millis(50);
/// The file's name in the list of imports.
const FILE: &str = "ttpumock.csv";

/// The survey that stands, with what its students study.
#[derive(Debug)]
pub(super) struct Asked {
    campaign: Campaign,
    programs: Vec<(Item, u32)>,
    zone: Zone,
    today: Date,
}

/// The survey, made where it is missing; nothing where there is nothing to study.
pub(super) fn ensure(ctx: &Ctx, tx: &mut Tx, words: &Words) -> Result<Option<Asked>> {
    let programs = reads::programs(ctx, tx)?;
    if programs.is_empty() {
        return Ok(None);
    }
    let most = u32::try_from(programs.len()).unwrap_or(u32::MAX);
    let programs = programs.into_iter().zip(0..).map(|(item, place)| (item, 2 * most - place)).collect();
    let today = ctx.today();
    let stands = reads::campaigns(ctx, tx)?.into_iter().map(|(campaign, _)| campaign);
    let campaign = match stands.into_iter().find(|campaign| campaign.code == words.campaign.code) {
        Some(stands) => stands,
        None => {
            let new = NewCampaign::new(words.campaign.code.clone(), words.campaign.names());
            let (opens_on, closes_on) = (today.minus_days(OPEN_DAYS), today.plus_days(CLOSES_DAYS));
            let new = NewCampaign { opens_on: Some(opens_on), closes_on: Some(closes_on), ..new };
            actions::create_campaign(ctx, tx, new)?
        }
    };
    Ok(Some(Asked { campaign, programs, zone: ctx.zone(), today }))
}

/// Who is asked: their id, what they study and in which year.
fn row(asked: &Asked, number: u32) -> Option<(String, &Item, i64)> {
    let chance = Chance::of(FIRST + number);
    let years = YEARS.map(|(year, share, _)| (year, share));
    let program = chance.weighed("program", &asked.programs)?;
    Some((format!("{ID}{number:06}"), program, *chance.weighed("year", &years)?))
}

/// Puts students into the roster, as the university's file does: those who are missing, and, where they are to be written again,
/// those of whom it says something else. Answers how many were missing and how many were written again.
pub(super) async fn fill_roster(
    parts: &Parts,
    ctx: &Ctx,
    asked: &Asked,
    numbers: RangeInclusive<u32>,
    is_written_again: bool,
) -> Result<(usize, usize)> {
    let (db, own, campaign) = (parts.app.db(), ctx.clone(), asked.campaign.id);
    let stand = db.read(ctx, move |tx| rostered(&own, tx, campaign)).await?;
    let (mut missing, mut others) = (0, 0);
    let mut file = String::from("student_external_id,program_code,course_year\n");
    for (id, program, year) in numbers.filter_map(|number| row(asked, number)) {
        match stand.get(&id) {
            None => missing += 1,
            Some((stands, course)) => {
                let is_same = *stands == program.id && course.map(i64::from) == Some(year);
                if is_same || !is_written_again {
                    continue;
                }
                others += 1;
            }
        }
        writeln!(file, "{id},{},{year}", program.code).map_err(Error::internal)?;
    }
    if missing + others > 0 {
        take_in(parts, ctx, &asked.campaign, file).await?;
    }
    Ok((missing, others))
}

/// What the roster says of each made-up student.
type Rostered = HashMap<String, (Id<Item>, Option<i32>)>;

fn rostered(ctx: &Ctx, tx: &mut ReadTx, campaign: Id<Campaign>) -> Result<Rostered> {
    let mut all = HashMap::new();
    for number in 1.. {
        let page = reads::roster(ctx, tx, campaign, ID, PageRequest::new(number, ROWS))?;
        let has_next = page.has_next();
        let said = |row: RosterRow| (row.student_external_id, (row.program, row.course_year));
        all.extend(page.results.into_iter().map(said));
        if !has_next {
            break;
        }
    }
    Ok(all)
}

/// Has the file taken in: by a server that runs, or by this process, which works beside it until it is done.
async fn take_in(parts: &Parts, ctx: &Ctx, campaign: &Campaign, file: String) -> Result<()> {
    let app = &parts.app;
    let hash = parts.blobs.put(file.into_bytes()).await?;
    let new = NewImport {
        campaign: Some(campaign.code.clone()),
        filename: FILE.to_owned(),
        hash,
        deactivates_missing: false,
    };
    let own = ctx.clone();
    let create = move |tx: &mut Tx<'_>| actions::create_import(&own, tx, new.clone()).map(|import| import.id);
    let import = app.db().write(ctx, Lane::People, create).await?;
    // With everybody who listens: whoever tells events tells them to all.
    let work = Work { schedules: Vec::new(), ..modules::work() };
    let (clock, random) = (app.clock().clone(), app.random().clone());
    let working = Worker::new(app.db().clone(), app.services().clone(), clock, random, work).start(1);
    let outcome = loop {
        let own = ctx.clone();
        match app.db().read(ctx, move |tx| actions::get_import(&own, tx, import)).await {
            Ok((import, _)) if !import.state.is_ended() => tokio::time::sleep(LOOK).await,
            Ok((import, _)) => break Ok(import),
            Err(error) => break Err(error),
        }
    };
    working.stop().await;
    match outcome? {
        import if import.state == ImportState::Done => Ok(()),
        import => Err(Error::internal(format!("{FILE} is {}: {:?}", import.state, import.problems))),
    }
}

/// What became of one student.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// They answered.
    New,
    /// Their answer was written again.
    Again,
    /// Their answer was there, and stays.
    Left,
    /// They do not answer, or the survey is closed.
    None,
}

/// Has the student of this number answer, if they do.
pub(super) fn answer(
    ctx: &Ctx,
    tx: &mut Tx,
    (asked, words, regions): (&Asked, &Words, &[(String, u32)]),
    number: u32,
    is_written_again: bool,
) -> Result<Answer> {
    let chance = Chance::of(FIRST + number);
    let Some((id, _, year)) = row(asked, number).filter(|_| chance.holds("answers", ANSWER)) else {
        return Ok(Answer::None);
    };
    let person = Person::of(FIRST + number, words, regions)?;
    let filter = StudentFilter { telegram_user_id: Some(person.telegram_id), ..StudentFilter::default() };
    let student = reads::students(ctx, tx, &filter, PageRequest::new(1, 1))?.results.pop();
    let has_answered = match student {
        Some(student) => reads::answered_in(ctx, tx, asked.campaign.id, student.id)?.is_some(),
        None => false,
    };
    let (at, done) = match has_answered {
        true if !is_written_again => return Ok(Answer::Left),
        true => (ctx.now(), Answer::Again),
        false => match answered_at(asked, chance) {
            Some(at) => (at, Answer::New),
            None => return Ok(Answer::None),
        },
    };
    let then = ctx.with(|ctx| ctx.now = at);
    if !asked.campaign.is_open(then.today()) {
        return Ok(if has_answered { Answer::Left } else { Answer::None });
    }
    actions::save_survey(&then, tx, said(asked, words, (id, year), person, chance))?;
    Ok(done)
}

/// When somebody answers: while the survey is open, and before today.
fn answered_at(asked: &Asked, chance: Chance) -> Option<Timestamp> {
    let Asked { campaign, zone, today, programs: _ } = asked;
    let yesterday = today.minus_days(1);
    let last = campaign.closes_on.map_or(yesterday, |last| last.min(yesterday));
    let first = campaign.opens_on.unwrap_or_else(|| last.minus_days(OPEN_DAYS));
    let days = u64::try_from(last.days_since(first) + 1).ok()?.min(OPEN_DAYS);
    // Most answer soon.
    let (one, other) = (chance.below("day", days), chance.below("other day", days));
    let minute = u16::try_from(8 * 60 + chance.below("minute", 14 * 60)).ok()?;
    (days > 0).then(|| zone.at_minute(first.plus_days(one.min(other)), minute))
}

fn said(
    asked: &Asked,
    words: &Words,
    (id, year): (String, i64),
    person: Person,
    chance: Chance,
) -> NewSurvey {
    let Person {
        telegram_id,
        username,
        first_name,
        last_name,
        is_woman,
        born: _,
        phone,
        email: _,
        lang,
        region,
    } = person;
    let share = YEARS.iter().find(|(study, ..)| *study == year).map_or(0, |(_, _, share)| *share);
    let answered = if chance.holds("works", share) { working(words, chance) } else { idle(words, chance) };
    NewSurvey {
        campaign: Some(asked.campaign.code.clone()),
        roster_campaign: None,
        student_external_id: id,
        person: surveys::Person {
            contact: None,
            telegram_user_id: Some(telegram_id),
            username,
            first_name: Some(first_name),
            last_name: Some(last_name),
            gender: Some(if is_woman { Gender::Female } else { Gender::Male }),
            phone: Some(phone),
            region,
            lang: Some(lang),
        },
        // What they study is what the roster says.
        program: None,
        course_year: None,
        answered,
    }
}

fn working(words: &Words, chance: Chance) -> Answered {
    // So'm a month, in half millions.
    let salary = i64::try_from(4 + chance.below("salary", 21)).unwrap_or_default() * 500_000;
    Answered {
        employment: Some(Employment::Employed),
        company: chance.one("company", &words.companies).cloned(),
        role: chance.one("role", &words.roles).cloned(),
        hours_per_week: i32::try_from(10 + 5 * chance.below("hours", 7)).ok(),
        salary: chance.holds("says salary", 60).then(|| Money::from_som(salary)),
        ..Answered::default()
    }
}

fn idle(words: &Words, chance: Chance) -> Answered {
    let agrees = chance.holds("consent", 80);
    let channel = chance.one("channel", &words.channels).filter(|_| agrees);
    let consents = [("share_with_employers".to_owned(), agrees.into())];
    Answered {
        employment: Some(Employment::Unemployed),
        help: chance.one("help", &words.help).filter(|_| chance.holds("wants help", 70)).cloned(),
        consents: consents.into_iter().collect(),
        channels: channel.into_iter().cloned().collect(),
        ..Answered::default()
    }
}
