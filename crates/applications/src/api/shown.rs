//! Applicants and applications as the API shows them.

use std::collections::BTreeMap;

use catalog::{Item, Metadata};
use kernel::{Date, Lang, Phone, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Answers, Applicant, Application, Deed, Entry, Gender, Status, WholeApplicant, WholeApplication};

/// A catalog item that was chosen.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ChoiceOut {
    /// Its id.
    pub id: Uuid,
    /// What other systems call it.
    pub code: String,
    /// `name_uz`, perhaps `name_ru` and `name_en`, and whatever else is kept of it.
    #[schema(value_type = Object)]
    pub metadata: Metadata,
}

impl From<Item> for ChoiceOut {
    fn from(item: Item) -> Self {
        let Item { id, kind: _, code, metadata, active: _, created_at: _, updated_at: _ } = item;
        Self { id: id.uuid(), code, metadata }
    }
}

/// Somebody who applies.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ApplicantOut {
    /// Their id.
    pub id: Uuid,
    /// The number of the contact that they are.
    pub contact: i64,
    /// Their id in Telegram.
    pub telegram_user_id: Option<i64>,
    /// The chat with them there.
    pub telegram_chat_id: Option<i64>,
    /// Their name there, without `@`.
    pub username: Option<String>,
    /// Their first name.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
    /// Their phone.
    #[schema(value_type = Option<String>)]
    pub phone: Option<Phone>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Where they come from; in the lists of applications its code and metadata are left out.
    pub region: Option<ChoiceOut>,
    /// `male` or `female`.
    #[schema(value_type = Option<String>)]
    pub gender: Option<Gender>,
    /// When they were born.
    #[schema(value_type = Option<String>, format = Date)]
    pub birth_date: Option<Date>,
    /// `uz`, `ru` or `en`: what they are written to in.
    #[schema(value_type = String)]
    pub language: Lang,
    /// When they were written down.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When something of them was last changed.
    #[schema(value_type = String)]
    pub updated_at: Timestamp,
    /// When their personal data was erased, if it was.
    #[schema(value_type = Option<String>)]
    pub erased_at: Option<Timestamp>,
    /// Whether this call made them; only in the answer to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<bool>,
}

impl From<WholeApplicant> for ApplicantOut {
    fn from(whole: WholeApplicant) -> Self {
        let WholeApplicant { applicant, contact, region } = whole;
        let Applicant {
            id,
            contact: _,
            telegram_id,
            telegram_chat_id,
            username,
            first_name,
            last_name,
            gender,
            birth_date,
            phone,
            email,
            region: _,
            created_at,
            updated_at,
            erased_at,
            chat_ref: _,
        } = applicant;
        Self {
            id: id.uuid(),
            contact: contact.number,
            telegram_user_id: telegram_id,
            telegram_chat_id,
            username,
            first_name,
            last_name,
            phone,
            email,
            region: region.map(ChoiceOut::from),
            gender,
            birth_date,
            language: contact.lang,
            created_at,
            updated_at,
            erased_at,
            created: None,
        }
    }
}

/// An application. Beside these fields there is one for each catalog item that was chosen, under its field's key
/// (`direction`, `region`, …), with the item's `id`, `code` and `metadata`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ApplicationOut {
    /// Its id.
    pub id: Uuid,
    /// What people call it by.
    pub number: i64,
    /// The form's code.
    pub form: String,
    /// Who applied.
    pub applicant: ApplicantOut,
    /// `submitted`, `in_review`, `accepted`, `rejected` or `cancelled`.
    #[schema(value_type = String)]
    pub status: Status,
    /// What was answered, by the keys of fields: phones in E.164, dates in ISO 8601, items by their codes; what no field asks
    /// for as it came.
    #[schema(value_type = Object)]
    pub answers: Answers,
    /// When it came.
    #[schema(value_type = String)]
    pub submitted_at: Timestamp,
    /// When something in it was last changed.
    #[schema(value_type = String)]
    pub updated_at: Timestamp,
    /// Whether this call made it; only in the answer to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<bool>,
    /// What became of it, as it was done; only where one application is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<Vec<ApplicationEntryOut>>,
    /// What was chosen.
    #[serde(flatten)]
    pub chosen: BTreeMap<String, ChoiceOut>,
}

impl ApplicationOut {
    /// The application as it stands, of somebody whose region is known.
    pub(super) fn of(whole: WholeApplication, region: Option<Item>) -> Self {
        let WholeApplication { application, form, applicant, contact, chosen } = whole;
        let Application { id, number, form: _, applicant: _, status, mut answers, submitted_at, updated_at } =
            application;
        // A code may have been changed since.
        for (field, item) in &chosen {
            answers.insert(field.clone(), Value::String(item.code.clone()));
        }
        Self {
            id: id.uuid(),
            number,
            form: form.code,
            applicant: WholeApplicant { applicant, contact, region }.into(),
            status,
            answers,
            submitted_at,
            updated_at,
            created: None,
            history: None,
            chosen: chosen.into_iter().map(|(field, item)| (field, item.into())).collect(),
        }
    }
}

/// An answer that was replaced.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AnswerChangeOut {
    /// The field's key.
    pub field: String,
    /// What stood there.
    #[schema(value_type = Option<Object>)]
    pub from: Value,
    /// What stands there now.
    #[schema(value_type = Option<Object>)]
    pub to: Value,
}

/// Something that was done with an application.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ApplicationEntryOut {
    /// Its id.
    pub id: Uuid,
    /// `submitted`, `changed`, `status`, `note` or `erased`.
    pub kind: String,
    /// Who did it.
    pub author: String,
    /// When.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// The answers that were replaced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<AnswerChangeOut>,
    /// The status before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub from: Option<Status>,
    /// The status after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub to: Option<Status>,
    /// The note, or the message to whoever applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl From<Entry> for ApplicationEntryOut {
    fn from(entry: Entry) -> Self {
        let Entry { id, application: _, author, deed, created_at } = entry;
        let bare = |kind: &str| Self {
            id: id.uuid(),
            kind: kind.to_owned(),
            author,
            created_at,
            fields: Vec::new(),
            from: None,
            to: None,
            text: None,
        };
        match deed {
            Deed::Submitted => bare("submitted"),
            Deed::Changed { fields } => {
                let change =
                    |one: crate::Change| AnswerChangeOut { field: one.field, from: one.from, to: one.to };
                Self { fields: fields.into_iter().map(change).collect(), ..bare("changed") }
            }
            Deed::Status { from, to, message } => {
                Self { from: Some(from), to: Some(to), text: message, ..bare("status") }
            }
            Deed::Note { text } => Self { text: Some(text), ..bare("note") },
            Deed::Erased => bare("erased"),
        }
    }
}
