//! The surveys' actions: what is asked now, what can be studied, and what a student answers.

use contacts::Contact;
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use flow::{
    ActionCall, ActionResult,
    applications::{GoneField, Item, Unfit},
    surveys::{SaveSurvey, SavedSurvey, Survey, SurveyView, yes_or_no},
    value::integer,
};
use kernel::{Error, FieldError, Id, Kind, Money, Result};
use surveys::{Answered, Employment, Gender, NewSurvey, Person, Response, Student, actions, reads};

use super::{Host, admissions::offer, answer, args, person::telegram_of};
use crate::Conversation;

/// What is refused when an item can be chosen no more.
const UNKNOWN: [&str; 2] = ["surveys-program-unknown", "surveys-region-unknown"];

/// The bot on behalf of whoever is asked.
fn asked(ctx: &Ctx) -> Ctx {
    ctx.with(|ctx| {
        ctx.permissions = ctx.permissions.with(Permission::SurveysRead).with(Permission::SurveysCreate);
    })
}

impl Host<'_> {
    pub(super) fn survey(
        &self,
        tx: &mut ReadTx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let ctx = &asked(self.ctx);
        let Survey { campaign } = args(call)?;
        let campaign = campaign.filter(|code| !code.trim().is_empty());
        let Some(campaign) = reads::open_campaign(ctx, tx, campaign.as_deref())? else {
            return answer(call, "closed", &());
        };
        let student = self.student(ctx, tx, conversation)?;
        let response: Option<Response> = match &student {
            Some(student) => {
                let all = reads::responses_of(ctx, tx, student.id)?;
                all.into_iter().find(|response| response.campaign == campaign.id)
            }
            None => None,
        };
        let program = match &response {
            Some(response) => catalog::items::find(ctx, tx, response.program)?,
            None => None,
        };
        let region = match student.as_ref().and_then(|student| student.region) {
            Some(id) => catalog::items::find(ctx, tx, id)?,
            None => None,
        };
        let answered = response.as_ref().map(|response| &response.answered);
        let theirs = student.as_ref();
        let view = SurveyView {
            campaign: campaign.code,
            name: campaign.names.get(call.lang).to_owned(),
            answered: response.is_some(),
            student_id: theirs.map(|student| student.student_external_id.clone()),
            first_name: theirs.and_then(|student| student.first_name.clone()),
            last_name: theirs.and_then(|student| student.last_name.clone()),
            gender: theirs.and_then(|student| student.gender).map(|gender| gender.word().to_owned()),
            region: region.map(|item| item.code),
            program_name: program.as_ref().map(|item| item.name(call.lang).to_owned()),
            program: program.map(|item| item.code),
            course_year: response.as_ref().and_then(|response| response.course_year),
            works: answered
                .and_then(|answered| answered.employment)
                .map(|employment| employment == Employment::Employed),
            company: answered.and_then(|answered| answered.company.clone()),
            role: answered.and_then(|answered| answered.role.clone()),
        };
        answer(call, "ok", &view)
    }

    pub(super) fn survey_programs(&self, tx: &mut ReadTx, call: &ActionCall) -> Result<ActionResult> {
        let found = reads::programs(&asked(self.ctx), tx)?.into_iter();
        offer(
            call,
            found.map(|item| Item { name: item.name(call.lang).to_owned(), code: item.code }).collect(),
        )
    }

    pub(super) fn save_survey(
        &self,
        tx: &mut Tx,
        conversation: &mut Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let ctx = &asked(self.ctx);
        let mut said: SaveSurvey = args(call)?;
        said.campaign = said.campaign.filter(|code| !code.trim().is_empty());
        if reads::open_campaign(ctx, tx, said.campaign.as_deref())?.is_none() {
            return answer(call, "closed", &());
        }
        let saved = tx.savepoint(|tx| {
            let person = self.person(ctx, tx, conversation, call, &said)?;
            actions::save_survey(ctx, tx, new_survey(said, person))
        });
        match saved {
            Ok(saved) => {
                let known = conversation.contact.filter(|_| self.is_proved);
                conversation.contact = known.or(saved.student.contact);
                answer(call, "ok", &SavedSurvey { is_new: saved.is_new })
            }
            Err(error) => self.unfit(call, error),
        }
    }

    /// Who answers. Where a typed number proves nothing, they are a contact of this chat's own: neither a phone nor a
    /// student's id that somebody else answered under leads to anything of theirs.
    fn person(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        conversation: &Conversation,
        call: &ActionCall,
        said: &SaveSurvey,
    ) -> Result<Person> {
        let telegram = telegram_of(ctx, tx, conversation)?;
        let (telegram_user_id, username) =
            telegram.map_or((None, None), |telegram| (Some(telegram.telegram_id), telegram.username));
        let phone = match conversation.contact {
            Some(contact) => contacts::get(ctx, tx, contact)?.phone,
            None => None,
        };
        let contact = match self.known_contact(ctx, tx, conversation)? {
            None if !self.is_proved => Some(self.contact_of_the_chat(tx, conversation, call.lang)?),
            known => known,
        };
        Ok(Person {
            contact,
            telegram_user_id,
            username,
            first_name: said.first_name.clone(),
            last_name: said.last_name.clone(),
            gender: said.gender.as_deref().and_then(|word| word.parse::<Gender>().ok()),
            phone,
            region: said.region.clone().filter(|code| !code.trim().is_empty()),
            lang: Some(call.lang),
        })
    }

    /// The student that the person is: by Telegram, or else by their contact.
    fn student(&self, ctx: &Ctx, tx: &mut ReadTx, conversation: &Conversation) -> Result<Option<Student>> {
        if let Some(telegram) = telegram_of(ctx, tx, conversation)?
            && let Some(found) = reads::find_student_by_telegram(ctx, tx, telegram.telegram_id)?
        {
            return Ok(Some(found));
        }
        match self.known_contact(ctx, tx, conversation)? {
            Some(contact) => reads::find_student(ctx, tx, contact),
            None => Ok(None),
        }
    }

    /// The contact that the person is for sure. Where a typed number proves nothing, only one to which no number led is theirs.
    fn known_contact(
        &self,
        ctx: &Ctx,
        tx: &mut ReadTx,
        conversation: &Conversation,
    ) -> Result<Option<Id<Contact>>> {
        match conversation.contact {
            Some(contact) if self.is_proved || contacts::get(ctx, tx, contact)?.phone.is_none() => {
                Ok(Some(contact))
            }
            _ => Ok(None),
        }
    }

    /// What was refused, as an outcome.
    fn unfit(&self, call: &ActionCall, error: Error) -> Result<ActionResult> {
        let why = |text| self.texts.say(call.lang, text);
        match error.field_errors().first() {
            Some(FieldError { field, text }) => {
                let field = match field.as_str() {
                    "student_external_id" => "student_id",
                    "program_id" => "program",
                    "employment_company" => "company",
                    "employment_role" => "role",
                    "hours_per_week" => "hours",
                    other => other,
                };
                let (field, label) = (field.to_owned(), field.to_owned());
                if UNKNOWN.contains(&text.key()) {
                    return answer(call, "gone", &GoneField { field, label });
                }
                answer(call, "unfit", &Unfit { field, label, why: why(text) })
            }
            // Somebody else answered by this id of a student.
            None if error.kind() == Kind::Conflict => {
                let field = "student_id".to_owned();
                answer(call, "unfit", &Unfit { label: field.clone(), field, why: why(error.text()) })
            }
            None => Err(error),
        }
    }
}

fn new_survey(said: SaveSurvey, person: Person) -> NewSurvey {
    let employment = yes_or_no(&said.works);
    let works = employment == Some(true);
    let if_works = |words: Option<String>| words.filter(|words| works && !words.trim().is_empty());
    let mut consents = serde_json::Map::new();
    if let Some(consent) = yes_or_no(&said.consent) {
        consents.insert("contact".to_owned(), consent.into());
    }
    NewSurvey {
        campaign: said.campaign,
        roster_campaign: None,
        student_external_id: said.student_id,
        person,
        program: said.program.filter(|code| !code.trim().is_empty()),
        course_year: integer(&said.course_year),
        answered: Answered {
            employment: employment
                .map(|works| if works { Employment::Employed } else { Employment::Unemployed }),
            company: if_works(said.company),
            role: if_works(said.role),
            hours_per_week: integer(&said.hours).filter(|_| works).and_then(|hours| hours.try_into().ok()),
            salary: integer(&said.salary_tiyin).filter(|_| works).map(Money::from_tiyin),
            help: said.help.filter(|words| !works && !words.trim().is_empty()),
            suggestions: said.suggestions.filter(|words| !words.trim().is_empty()),
            consents,
            channels: words_of(&said.channels),
            answers: serde_json::Map::new(),
        },
    }
}

/// The words of a list, or between spaces.
fn words_of(said: &serde_json::Value) -> Vec<String> {
    let words: Vec<&str> = match said {
        serde_json::Value::Array(all) => all.iter().filter_map(serde_json::Value::as_str).collect(),
        serde_json::Value::String(all) => all.split([' ', ',', ';']).collect(),
        _ => Vec::new(),
    };
    words.into_iter().map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
