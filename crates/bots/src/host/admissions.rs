//! The admissions' actions: what is known of the person, what they choose from, what they apply for.

use applications::{
    Applicant, Form, FormField, Gender, NewApplicant, Status, Who, WholeApplication, actions, reads,
};
use catalog::ItemKind;
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use flow::{
    ActionCall, ActionResult,
    applications::{
        AnswerLine, ApplicationForm, CatalogItems, Decided, FormView, GoneField, Item, Items, MyApplication,
        MyApplications, Profile, SaveProfile, SubmitApplication, Submitted, Unfit,
    },
};
use kernel::{Date, Error, FieldError, Kind, Lang, Phone, Result, Text};
use serde_json::{Map, Value};

use super::{Host, answer, args, person::telegram_of};
use crate::{Conversation, ticketing::chat_ref};

/// Applications that a person sees of theirs (SPEC, APPLY-2).
const LAST: u32 = 5;
/// What an item is refused with that can be chosen no more.
const INACTIVE: &str = "applications-item-inactive";

/// The bot on behalf of whoever applies.
pub(super) fn applying(ctx: &Ctx) -> Ctx {
    ctx.with(|ctx| {
        ctx.permissions =
            ctx.permissions.with(Permission::ApplicationsRead).with(Permission::ApplicationsCreate);
    })
}

impl Host<'_> {
    pub(super) fn catalog_items(&self, tx: &mut ReadTx, call: &ActionCall) -> Result<ActionResult> {
        let ctx = &applying(self.ctx);
        let CatalogItems { kind, form, answers } = args(call)?;
        let Ok(kind) = ItemKind::parse(&kind) else { return answer(call, "empty", &()) };
        let form = match form {
            Some(code) => reads::find_form(ctx, tx, &code)?,
            None => None,
        };
        let narrowed = form.as_ref().and_then(|form| {
            let field = form.fields.iter().find(|field| field.kind.item() == Some(kind))?;
            Some((form, field.key.as_str()))
        });
        let items: Vec<Item> = match narrowed {
            Some((form, field)) => {
                let offered = reads::options(ctx, tx, form, field, &answers.unwrap_or_default(), call.lang)?;
                offered.into_iter().map(|one| Item { code: one.code, name: one.label }).collect()
            }
            None => items(ctx, tx, kind, call.lang)?,
        };
        offer(call, items)
    }

    pub(super) fn my_profile(
        &self,
        tx: &mut ReadTx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let ctx = &applying(self.ctx);
        let applicant = self.applicant(ctx, tx, conversation)?;
        let profile = match &applicant {
            Some(applicant) => profile(ctx, tx, applicant, call.lang)?,
            None => Profile::default(),
        };
        let is_whole = profile.first_name.is_some()
            && profile.last_name.is_some()
            && profile.gender.is_some()
            && profile.region.is_some()
            && profile.birth_date.is_some();
        answer(call, if is_whole { "ok" } else { "none" }, &profile)
    }

    pub(super) fn save_profile(
        &self,
        tx: &mut Tx,
        conversation: &mut Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let ctx = &applying(self.ctx);
        let said: SaveProfile = args(call)?;
        let region = match said.region.as_deref().map(str::trim).filter(|code| !code.is_empty()) {
            None => None,
            Some(code) => match catalog::items::find_by_code(ctx, tx, code)? {
                Some(item) if item.kind == ItemKind::Region => Some(item.id),
                _ => return self.gone(call, "region", "region"),
            },
        };
        let mut new = NewApplicant { region, lang: Some(call.lang), ..NewApplicant::default() };
        let read = self.read_profile(&mut new, &said);
        let saved =
            read.and_then(|()| tx.savepoint(|tx| self.write_applicant(ctx, tx, conversation, new.clone())));
        match saved {
            Ok(applicant) => answer(call, "ok", &profile(ctx, tx, &applicant, call.lang)?),
            Err(error) => self.refused(call, None, error),
        }
    }

    /// What was said of somebody, as the admissions take it.
    fn read_profile(&self, new: &mut NewApplicant, said: &SaveProfile) -> Result<()> {
        let words = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        new.first_name = words(&said.first_name);
        new.last_name = words(&said.last_name);
        new.email = words(&said.email);
        new.gender = words(&said.gender)
            .map(|word| word.parse::<Gender>())
            .transpose()
            .map_err(|error| error.under("gender"))?;
        new.birth_date = words(&said.birth_date)
            .map(|day| Date::parse(&day))
            .transpose()
            .map_err(|error| error.under("birth_date"))?;
        new.phone = words(&said.phone)
            .map(|phone| Phone::parse(&phone))
            .transpose()
            .map_err(|error| error.under("phone"))?;
        Ok(())
    }

    pub(super) fn application_form(
        &self,
        tx: &mut ReadTx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let ctx = &applying(self.ctx);
        let ApplicationForm { form } = args(call)?;
        let Some(form) = reads::find_form(ctx, tx, &form)? else { return answer(call, "closed", &()) };
        let applicant = self.applicant(ctx, tx, conversation)?;
        let theirs = match applicant {
            Some(applicant) => reads::find(ctx, tx, form.id, applicant.id)?,
            None => None,
        };
        let Some(whole) =
            theirs.filter(|whole| form.is_open || whole.application.status != Status::Cancelled)
        else {
            let view = FormView {
                name: form.names.get(call.lang).to_owned(),
                status: None,
                number: None,
                answers: Map::new(),
                names: Map::new(),
            };
            return if form.is_open { answer(call, "ok", &view) } else { answer(call, "closed", &()) };
        };
        let names = form
            .fields
            .iter()
            .map(|field| (field.key.clone(), Value::from(self.shown(&whole, field, call.lang))))
            .filter(|(_, words)| words.as_str().is_some_and(|words| !words.is_empty()))
            .collect();
        let view = FormView {
            name: form.names.get(call.lang).to_owned(),
            status: Some(whole.application.status.word().to_owned()),
            number: Some(whole.application.number),
            answers: whole.application.answers,
            names,
        };
        answer(call, "ok", &view)
    }

    pub(super) fn submit_application(
        &self,
        tx: &mut Tx,
        conversation: &mut Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let ctx = &applying(self.ctx);
        let SubmitApplication { form, answers } = args(call)?;
        let Some(form) = reads::find_form(ctx, tx, &form)? else { return answer(call, "closed", &()) };
        let new = NewApplicant { lang: Some(call.lang), ..NewApplicant::default() };
        let applicant = self.write_applicant(ctx, tx, conversation, new)?;
        match tx.savepoint(|tx| actions::submit(ctx, tx, applicant.id, &form.code, &answers)) {
            Ok(done) => {
                let status = done.application.status.word().to_owned();
                answer(
                    call,
                    "ok",
                    &Submitted { number: done.application.number, is_new: done.is_new, status },
                )
            }
            Err(error) if error.kind() == Kind::Conflict => {
                let theirs = reads::find(ctx, tx, form.id, applicant.id)?;
                match theirs.map(|whole| whole.application.status).filter(|status| status.is_decided()) {
                    Some(status) => answer(call, "decided", &Decided { status: status.word().to_owned() }),
                    None if !form.is_open => answer(call, "closed", &()),
                    None => Err(error),
                }
            }
            Err(error) => self.refused(call, Some(&form), error),
        }
    }

    pub(super) fn my_applications(
        &self,
        tx: &mut ReadTx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let ctx = &applying(self.ctx);
        let found = match self.applicant(ctx, tx, conversation)? {
            Some(applicant) => reads::of_applicant(ctx, tx, applicant.id, LAST)?,
            None => Vec::new(),
        };
        let items: Vec<MyApplication> = found.iter().map(|whole| self.seen(whole, call.lang)).collect();
        let outcome = if items.is_empty() { "empty" } else { "ok" };
        answer(call, outcome, &MyApplications { items })
    }

    fn seen(&self, whole: &WholeApplication, lang: Lang) -> MyApplication {
        let line = |field: &FormField| {
            let value = self.shown(whole, field, lang);
            (!value.is_empty()).then(|| AnswerLine { label: field.label.get(lang).to_owned(), value })
        };
        MyApplication {
            number: whole.application.number,
            form: whole.form.names.get(lang).to_owned(),
            status: whole.application.status.word().to_owned(),
            submitted_ms: whole.application.submitted_at.as_millis(),
            lines: whole.form.fields.iter().filter_map(line).collect(),
        }
    }

    fn shown(&self, whole: &WholeApplication, field: &FormField, lang: Lang) -> String {
        let words = ["bots-yes", "bots-no"].map(|key| self.texts.say(lang, &Text::new(key)));
        whole.shown(field, lang, words.each_ref().map(String::as_str))
    }

    /// The applicant that the person is, as far as they are known.
    pub(super) fn applicant(
        &self,
        ctx: &Ctx,
        tx: &mut ReadTx,
        conversation: &Conversation,
    ) -> Result<Option<Applicant>> {
        if let Some(contact) = conversation.contact.filter(|_| self.is_proved)
            && let Some(found) = reads::find_applicant(ctx, tx, contact)?
        {
            return Ok(Some(found));
        }
        match telegram_of(ctx, tx, conversation)? {
            Some(telegram) => reads::find_applicant_by_telegram(ctx, tx, telegram.telegram_id),
            None => reads::find_applicant_by_chat(ctx, tx, &chat_ref(conversation)),
        }
    }

    /// Writes down what is known of the person now. What becomes of their applications is told in this chat from here on.
    fn write_applicant(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        conversation: &mut Conversation,
        new: NewApplicant,
    ) -> Result<Applicant> {
        let telegram = telegram_of(ctx, tx, conversation)?;
        let who = match (conversation.contact.filter(|_| self.is_proved), &telegram) {
            (Some(contact), _) => Who::Contact(contact),
            (None, Some(telegram)) => Who::Telegram(telegram.telegram_id),
            (None, None) => Who::Chat(chat_ref(conversation)),
        };
        let mut new = NewApplicant { chat_ref: Some(chat_ref(conversation)), ..new };
        if let Some(telegram) = telegram {
            new.telegram_id = Some(telegram.telegram_id);
            new.telegram_chat_id = Some(telegram.telegram_id);
            new.username = telegram.username;
        }
        if new.phone.is_none()
            && let Some(contact) = conversation.contact
        {
            new.phone = contacts::get(ctx, tx, contact)?.phone;
        }
        let (applicant, _) = actions::upsert_applicant(ctx, tx, who, new)?;
        conversation.contact = conversation.contact.or(Some(applicant.contact));
        Ok(applicant)
    }

    /// What was refused, as an outcome: a chosen item that is gone, or an answer that does not fit.
    fn refused(&self, call: &ActionCall, form: Option<&Form>, error: Error) -> Result<ActionResult> {
        let Some(FieldError { field, text, .. }) = error.field_errors().first().cloned() else {
            return Err(error);
        };
        let label = form
            .and_then(|form| form.field(&field))
            .map_or_else(|| field.clone(), |field| field.label.get(call.lang).to_owned());
        if text.key() == INACTIVE {
            return self.gone(call, &field, &label);
        }
        let why = self.texts.say(call.lang, &text);
        answer(call, "unfit", &Unfit { field, label, why })
    }

    fn gone(&self, call: &ActionCall, field: &str, label: &str) -> Result<ActionResult> {
        answer(call, "gone", &GoneField { field: field.to_owned(), label: label.to_owned() })
    }
}

/// The items of a kind that can be chosen.
pub(super) fn items(ctx: &Ctx, tx: &mut ReadTx, kind: ItemKind, lang: Lang) -> Result<Vec<Item>> {
    let found = catalog::items::active(ctx, tx, kind)?.into_iter();
    Ok(found.map(|item| Item { name: item.name(lang).to_owned(), code: item.code }).collect())
}

pub(super) fn offer(call: &ActionCall, items: Vec<Item>) -> Result<ActionResult> {
    let outcome = if items.is_empty() { "empty" } else { "ok" };
    answer(call, outcome, &Items { items })
}

fn profile(ctx: &Ctx, tx: &mut ReadTx, applicant: &Applicant, lang: Lang) -> Result<Profile> {
    let region = match applicant.region {
        Some(id) => catalog::items::find(ctx, tx, id)?,
        None => None,
    };
    Ok(Profile {
        first_name: applicant.first_name.clone(),
        last_name: applicant.last_name.clone(),
        gender: applicant.gender.map(|gender| gender.word().to_owned()),
        region_name: region.as_ref().map(|item| item.name(lang).to_owned()),
        region: region.map(|item| item.code),
        birth_date: applicant.birth_date.map(|day| day.to_string()),
        phone: applicant.phone.as_ref().map(ToString::to_string),
        email: applicant.email.clone(),
    })
}
