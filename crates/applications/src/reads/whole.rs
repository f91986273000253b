//! Applications and applicants with the rows that they name.

use std::collections::HashMap;

use catalog::Item;
use contacts::Contact;
use context::Ctx;
use db::ReadTx;
use kernel::{Error, Id, Lang, Result};
use serde_json::Value;

use crate::{Applicant, Application, FieldKind, Form, FormField, field::plain, store};

/// An application with its form, who applied, and what was chosen.
#[derive(Debug, Clone)]
pub struct WholeApplication {
    /// The application.
    pub application: Application,
    /// What for.
    pub form: Form,
    /// Who.
    pub applicant: Applicant,
    /// The contact that they are: whom messages go to, and in which language.
    pub contact: Contact,
    /// What was chosen, by the keys of fields; items that can be chosen no more among it.
    pub chosen: HashMap<String, Item>,
}

impl WholeApplication {
    /// The answer in a field for a reader of `lang`, as people read it: an item by its name, a day with dots. Empty where there
    /// is none. `yes` and `no` are what those are called.
    pub fn shown(&self, field: &FormField, lang: Lang, [yes, no]: [&str; 2]) -> String {
        if let Some(item) = self.chosen.get(&field.key) {
            return item.name(lang).to_owned();
        }
        let Some(answer) = self.application.answers.get(&field.key) else { return String::new() };
        let text = plain(answer).unwrap_or_default();
        match field.kind {
            FieldKind::Date { .. } => kernel::Date::parse(&text).map_or(text, kernel::Date::dotted),
            FieldKind::Phone => kernel::Phone::parse(&text).map_or(text, |phone| phone.pretty()),
            FieldKind::YesNo => answer.as_bool().map_or(text, |is| if is { yes } else { no }.to_owned()),
            _ => text,
        }
    }

    /// What was answered that no field asks for, by its name.
    pub fn unasked(&self) -> impl Iterator<Item = (&str, String)> {
        let unasked = |(key, value): (&'_ String, &'_ Value)| -> Option<(String, String)> {
            let is_asked = self.form.field(key).is_some();
            (!is_asked).then(|| (key.clone(), plain(value).unwrap_or_default()))
        };
        self.application
            .answers
            .iter()
            .filter_map(move |(key, value)| unasked((key, value)).map(|(_, text)| (key.as_str(), text)))
    }
}

/// An applicant with the contact that they are and where they come from.
#[derive(Debug, Clone)]
pub struct WholeApplicant {
    /// The applicant.
    pub applicant: Applicant,
    /// The contact.
    pub contact: Contact,
    /// Where they come from.
    pub region: Option<Item>,
}

fn lost() -> Error {
    Error::internal("an application names a row that is not there")
}

fn contacts_of(
    ctx: &Ctx,
    tx: &mut ReadTx,
    applicants: &[Applicant],
) -> Result<HashMap<Id<Contact>, Contact>> {
    let ids: Vec<Id<Contact>> = applicants.iter().map(|one| one.contact).collect();
    Ok(contacts::get_many(ctx, tx, &ids)?.into_iter().map(|contact| (contact.id, contact)).collect())
}

pub(crate) fn application(ctx: &Ctx, tx: &mut ReadTx, application: Application) -> Result<WholeApplication> {
    applications(ctx, tx, vec![application])?.pop().ok_or_else(lost)
}

/// The applications in their order; every row that they name is read once.
pub(crate) fn applications(
    ctx: &Ctx,
    tx: &mut ReadTx,
    found: Vec<Application>,
) -> Result<Vec<WholeApplication>> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let forms: HashMap<Id<Form>, Form> =
        store::form::list(ctx, tx)?.into_iter().map(|form| (form.id, form)).collect();
    let mut who: Vec<Id<Applicant>> = found.iter().map(|one| one.applicant).collect();
    who.sort_unstable();
    who.dedup();
    let who = store::applicant::get_many(ctx, tx, &who)?;
    let contacts = contacts_of(ctx, tx, &who)?;
    let who: HashMap<Id<Applicant>, Applicant> = who.into_iter().map(|one| (one.id, one)).collect();
    let ids: Vec<Id<Application>> = found.iter().map(|one| one.id).collect();
    let choices = store::choice::of_many(ctx, tx, &ids)?;
    let mut items: Vec<Id<Item>> = choices.iter().map(|choice| choice.item).collect();
    items.sort_unstable();
    items.dedup();
    let items: HashMap<Id<Item>, Item> =
        catalog::items::get_many(ctx, tx, &items)?.into_iter().map(|item| (item.id, item)).collect();
    let mut chosen: HashMap<Id<Application>, HashMap<String, Item>> = HashMap::new();
    for choice in choices {
        let item = items.get(&choice.item).ok_or_else(lost)?.clone();
        chosen.entry(choice.application).or_default().insert(choice.field, item);
    }
    found
        .into_iter()
        .map(|application| {
            let applicant = who.get(&application.applicant).ok_or_else(lost)?.clone();
            Ok(WholeApplication {
                form: forms.get(&application.form).ok_or_else(lost)?.clone(),
                contact: contacts.get(&applicant.contact).ok_or_else(lost)?.clone(),
                chosen: chosen.remove(&application.id).unwrap_or_default(),
                applicant,
                application,
            })
        })
        .collect()
}

/// The applicants in their order.
pub(crate) fn applicants(ctx: &Ctx, tx: &mut ReadTx, found: Vec<Applicant>) -> Result<Vec<WholeApplicant>> {
    let contacts = contacts_of(ctx, tx, &found)?;
    let mut regions: Vec<Id<Item>> = found.iter().filter_map(|one| one.region).collect();
    regions.sort_unstable();
    regions.dedup();
    let regions: HashMap<Id<Item>, Item> =
        catalog::items::get_many(ctx, tx, &regions)?.into_iter().map(|item| (item.id, item)).collect();
    found
        .into_iter()
        .map(|applicant| {
            Ok(WholeApplicant {
                contact: contacts.get(&applicant.contact).ok_or_else(lost)?.clone(),
                region: applicant.region.and_then(|id| regions.get(&id).cloned()),
                applicant,
            })
        })
        .collect()
}
