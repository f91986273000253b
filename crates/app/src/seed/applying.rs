//! Made-up people apply, and the staff decides.

use std::collections::HashMap;

use applications::{Answers, Applicant, FieldKind, Form, Gender, NewApplicant, Status, Who, actions, reads};
use catalog::{Item, ItemKind, items};
use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Id, Result, Timestamp};
use serde_json::Value;

use super::{
    calendar::{Calendar, working_day},
    chance::Chance,
    people::{Person, Words, phone},
};

/// The forms that are applied for, what of a hundred people apply for each, and the keys that they answer.
const FORMS: [(&str, u64, &[&str]); 4] = [
    (ADMISSIONS, 86, &["track", "direction", "region", "second_phone"]),
    ("polito-academy", 34, &["subject", "score"]),
    ("foundation", 18, &["extra_phone"]),
    (TOUR, 12, &["organization", "position", "phone", "preferred_date", "preferred_time"]),
];
const ADMISSIONS: &str = "admissions-2026";
const TOUR: &str = "campus-tour";
/// When tours begin.
const TOUR_TIMES: [&str; 4] = ["10:00", "11:30", "14:00", "15:30"];
/// With this score somebody is accepted.
const SCORE_ENOUGH: u64 = 56;
/// Second phones are those of people who are not made up.
const SECOND_PHONES: u32 = 2_000_000;
const EXTRA_PHONES: u32 = 3_000_000;
/// Applications of one person that are looked at: more than there are forms.
const OF_ONE: u32 = 100;

/// What there is to choose from, as the workspace has it.
#[derive(Debug)]
pub(super) struct Offer {
    forms: Vec<&'static str>,
    /// Forms that are closed, or that ask for what nobody here answers.
    pub(super) left_out: Vec<&'static str>,
    directions: Vec<Item>,
    tracks: Vec<Item>,
    subjects: Vec<Item>,
    regions: HashMap<String, Id<Item>>,
    /// Codes of regions, with how many people live there.
    pub(super) weights: Vec<(String, u32)>,
}

impl Offer {
    /// Reads it.
    pub(super) fn read(ctx: &Ctx, tx: &mut ReadTx, words: &Words) -> Result<Self> {
        let regions = items::active(ctx, tx, ItemKind::Region)?;
        // A region of the staff's own is as large as the smallest.
        let least = words.population.values().copied().min().unwrap_or(1);
        let weight = |code: &str| words.population.get(code).copied().unwrap_or(least);
        let mut offer = Self {
            forms: Vec::new(),
            left_out: Vec::new(),
            directions: items::active(ctx, tx, ItemKind::Direction)?,
            tracks: items::active(ctx, tx, ItemKind::Track)?,
            subjects: items::active(ctx, tx, ItemKind::Subject)?,
            weights: regions.iter().map(|item| (item.code.clone(), weight(&item.code))).collect(),
            regions: regions.into_iter().map(|item| (item.code, item.id)).collect(),
        };
        for (code, _, keys) in FORMS {
            let form = reads::find_form(ctx, tx, code)?;
            let can = form.is_some_and(|form| form.is_open && offer.can_answer(&form, keys));
            if can { offer.forms.push(code) } else { offer.left_out.push(code) }
        }
        Ok(offer)
    }

    fn can_answer(&self, form: &Form, keys: &[&str]) -> bool {
        form.fields.iter().filter(|field| field.is_required).all(|field| {
            let has_items = match &field.kind {
                FieldKind::Item { item: ItemKind::Direction, .. } => !self.directions.is_empty(),
                FieldKind::Item { item: ItemKind::Track, .. } => !self.tracks.is_empty(),
                FieldKind::Item { item: ItemKind::Subject, .. } => !self.subjects.is_empty(),
                FieldKind::Item { item: ItemKind::Region, .. } => !self.regions.is_empty(),
                FieldKind::Item { .. } => false,
                _ => true,
            };
            has_items && keys.contains(&field.key.as_str())
        })
    }

    /// A direction and the track that it belongs to; the first directions are wanted most.
    fn direction(&self, chance: Chance) -> Option<(&Item, &Item)> {
        let most = u32::try_from(self.directions.len()).unwrap_or(u32::MAX);
        let weighed: Vec<(&Item, u32)> =
            self.directions.iter().zip(0..).map(|(item, place)| (item, 2 * most - place)).collect();
        let direction = *chance.weighed("direction", &weighed)?;
        let own = direction.word("track");
        let track = self.tracks.iter().find(|track| Some(track.code.as_str()) == own);
        Some((direction, track.or_else(|| chance.one("track", &self.tracks))?))
    }
}

/// What became of one person.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Applied {
    pub(super) is_new: bool,
    pub(super) is_left: bool,
    pub(super) applications: usize,
}

/// Puts the person of this number in, who first applies at `at`, with everything that they apply for and what became of it. Who
/// is there stays as they are, unless they are to be written again; then what can be answered still is, and no status changes.
pub(super) fn put(
    ctx: &Ctx,
    tx: &mut Tx,
    (offer, words, calendar): (&Offer, &Words, &Calendar),
    (number, at): (u32, Timestamp),
    is_written_again: bool,
) -> Result<Applied> {
    let person = Person::of(number, words, &offer.weights)?;
    let before = reads::find_applicant_by_telegram(ctx, tx, person.telegram_id)?;
    if before.is_some() && !is_written_again {
        return Ok(Applied { is_left: true, ..Applied::default() });
    }
    let is_new = before.is_none();
    let then = ctx.with(|ctx| ctx.now = at);
    let now = if is_new { &then } else { ctx };
    let who = Who::Telegram(person.telegram_id);
    let (applicant, _) = actions::upsert_applicant(now, tx, who, written(&person, offer))?;
    let mut stand = HashMap::new();
    if !is_new {
        let all = reads::of_applicant(ctx, tx, applicant.id, OF_ONE)?;
        stand.extend(all.into_iter().map(|whole| (whole.form.code, whole.application)));
    }
    let mut applied = Applied { is_new, ..Applied::default() };
    for (form, later) in wanted(offer, Chance::of(number)).into_iter().zip(0..) {
        let chance = Chance::of(number);
        let at = at.plus_seconds(later * 7 * 60 + later);
        match stand.get(form) {
            None => {
                let then = ctx.with(|ctx| ctx.now = at);
                let said = answers(form, chance, number, &person, (offer, words, calendar), at)?;
                apply(&then, tx, &applicant, form, &said, (calendar, chance))?;
                applied.applications += 1;
            }
            // What is decided stays as it was answered, and what was cancelled is not wanted any more.
            Some(stands) if matches!(stands.status, Status::Submitted | Status::InReview) => {
                let said =
                    answers(form, chance, number, &person, (offer, words, calendar), stands.submitted_at)?;
                let today = ctx.today().to_string();
                let is_past = |key: &String, value: &Value| {
                    key == "preferred_date" && value.as_str().is_some_and(|day| day < today.as_str())
                };
                let said = said.into_iter().filter(|(key, value)| !is_past(key, value)).collect();
                actions::submit(ctx, tx, applicant.id, form, &said)?;
            }
            Some(_) => {}
        }
    }
    Ok(applied)
}

fn written(person: &Person, offer: &Offer) -> NewApplicant {
    let Person { telegram_id, username, first_name, last_name, is_woman, born, phone, email, lang, region } =
        person.clone();
    NewApplicant {
        telegram_id: Some(telegram_id),
        // There is no chat with somebody who is made up, so nothing is ever sent to them.
        telegram_chat_id: None,
        chat_ref: None,
        username,
        first_name: Some(first_name),
        last_name: Some(last_name),
        gender: Some(if is_woman { Gender::Female } else { Gender::Male }),
        birth_date: Some(born),
        phone: Some(phone),
        email,
        region: region.and_then(|code| offer.regions.get(&code).copied()),
        lang: Some(lang),
    }
}

/// What somebody applies for: one form at least.
fn wanted(offer: &Offer, chance: Chance) -> Vec<&'static str> {
    let share = |code: &str| FORMS.iter().find(|(form, ..)| *form == code).map_or(0, |(_, share, _)| *share);
    let mut wanted: Vec<&'static str> =
        offer.forms.iter().copied().filter(|code| chance.holds(code, share(code))).collect();
    if wanted.is_empty() {
        wanted.extend(offer.forms.first());
    }
    wanted
}

fn answers(
    form: &str,
    chance: Chance,
    number: u32,
    person: &Person,
    (offer, words, calendar): (&Offer, &Words, &Calendar),
    at: Timestamp,
) -> Result<Answers> {
    let mut said = Answers::new();
    let mut say = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            said.insert(key.to_owned(), Value::String(value));
        }
    };
    match form {
        ADMISSIONS => {
            let direction = offer.direction(chance);
            say("direction", direction.map(|(direction, _)| direction.code.clone()));
            say("track", direction.map(|(_, track)| track.code.clone()));
            say("region", person.region.clone());
            if chance.holds("second phone", 55) {
                say("second_phone", Some(phone(SECOND_PHONES + number)?.to_string()));
            }
        }
        TOUR => {
            let asked = calendar.day(at).plus_days(2 + chance.below("tour", 20));
            say("organization", chance.one("organization", &words.organizations).cloned());
            say("position", chance.one("position", &words.positions).cloned());
            say("phone", Some(person.phone.to_string()));
            say("preferred_date", Some(working_day(asked).to_string()));
            say("preferred_time", chance.one("time", &TOUR_TIMES).map(|time| (*time).to_owned()));
        }
        "foundation" => {
            if chance.holds("extra phone", 60) {
                say("extra_phone", Some(phone(EXTRA_PHONES + number)?.to_string()));
            }
        }
        _ => {
            let subject = chance.one("subject", &offer.subjects);
            say("subject", subject.map(|item| item.code.clone()));
            say("score", Some(chance.score("score").to_string()));
        }
    }
    Ok(said)
}

/// Submits it, and has the staff take it on as far as there was time before today.
fn apply(
    then: &Ctx,
    tx: &mut Tx,
    applicant: &Applicant,
    form: &str,
    said: &Answers,
    (calendar, chance): (&Calendar, Chance),
) -> Result<()> {
    let made = actions::submit(then, tx, applicant.id, form, said)?.application;
    for (status, at) in steps(form, chance, calendar, made.submitted_at) {
        let then = then.with(|ctx| ctx.now = at);
        actions::set_status(&then, tx, made.id, status, None)?;
    }
    Ok(())
}

/// What becomes of an application that came at this moment, and when: only what was over before today.
fn steps(form: &str, chance: Chance, calendar: &Calendar, came: Timestamp) -> Vec<(Status, Timestamp)> {
    let asked = |question: &str| format!("{form} {question}");
    let days = |question: &str, least: u64, more: u64| least + chance.below(&asked(question), more);
    let fate = chance.below(&asked("fate"), 100);
    let reviewed = calendar.day(came).plus_days(days("review", 1, 6));
    let reviewed = calendar.office(chance, &asked("review hour"), reviewed);
    let mut steps = vec![(Status::InReview, reviewed)];
    if fate < 6 {
        steps = vec![(Status::Cancelled, reviewed)];
    } else if fate < 84 {
        let decided = calendar.day(reviewed).plus_days(days("decision", 1, 20));
        let yes = match form {
            "polito-academy" => chance.score("score") >= SCORE_ENOUGH,
            TOUR => fate < 76,
            _ => fate < 60,
        };
        let decision = if yes { Status::Accepted } else { Status::Rejected };
        steps.push((decision, calendar.office(chance, &asked("decision hour"), decided)));
    }
    // Nobody gets to some.
    steps.truncate(if fate < 92 { steps.len() } else { 0 });
    steps.into_iter().take_while(|(_, at)| calendar.is_over(*at)).collect()
}
