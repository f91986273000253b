//! Students, rosters and answers as the API shows them.

use std::collections::HashMap;

use catalog::Item;
use context::Ctx;
use db::ReadTx;
use kernel::{Id, Lang, Money, Phone, Result, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Answered, Campaign, Change, Deed, Employment, Entry, Gender, Response, RosterRow, Student, json::Object,
};

/// The items, and the campaigns, that rows name.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) items: HashMap<Id<Item>, Item>,
    pub(super) campaigns: HashMap<Id<Campaign>, Campaign>,
}

impl Known {
    /// Reads these items and every campaign.
    pub(super) fn of(ctx: &Ctx, tx: &mut ReadTx, items: impl IntoIterator<Item = Id<Item>>) -> Result<Self> {
        let mut ids: Vec<Id<Item>> = items.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        let items =
            catalog::items::get_many(ctx, tx, &ids)?.into_iter().map(|item| (item.id, item)).collect();
        let campaigns = crate::store::campaign::list(ctx, tx)?;
        let campaigns = campaigns.into_iter().map(|campaign| (campaign.id, campaign)).collect();
        Ok(Self { items, campaigns })
    }

    pub(super) fn item(&self, id: Id<Item>) -> Option<SurveyItemOut> {
        self.items.get(&id).map(SurveyItemOut::of)
    }

    pub(super) fn code(&self, id: Id<Campaign>) -> String {
        self.campaigns.get(&id).map(|campaign| campaign.code.clone()).unwrap_or_default()
    }
}

/// A catalog item that a row names.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct SurveyItemOut {
    /// Its id.
    pub(super) id: Uuid,
    /// Its code.
    pub(super) code: String,
    /// Its names, and what else is said of it.
    #[schema(value_type = Object)]
    pub(super) metadata: Object,
}

impl SurveyItemOut {
    pub(super) fn of(item: &Item) -> Self {
        Self { id: item.id.uuid(), code: item.code.clone(), metadata: item.metadata.clone() }
    }
}

/// A student.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct SurveyStudentOut {
    id: Uuid,
    student_external_id: String,
    telegram_user_id: Option<i64>,
    username: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    #[schema(value_type = Option<String>)]
    gender: Option<Gender>,
    #[schema(value_type = Option<String>)]
    phone: Option<Phone>,
    region: Option<SurveyItemOut>,
    #[schema(value_type = Option<String>)]
    language: Option<Lang>,
    /// The id of the contact that they are.
    contact_id: Option<Uuid>,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = String)]
    updated_at: Timestamp,
    /// When their personal data were erased.
    #[schema(value_type = Option<String>)]
    erased_at: Option<Timestamp>,
}

impl SurveyStudentOut {
    pub(super) fn of(student: &Student, known: &Known) -> Self {
        let Student {
            id,
            student_external_id,
            roster: _,
            contact,
            telegram_user_id,
            username,
            first_name,
            last_name,
            gender,
            phone,
            region,
            lang,
            created_at,
            updated_at,
            erased_at,
        } = student.clone();
        Self {
            id: id.uuid(),
            student_external_id,
            telegram_user_id,
            username,
            first_name,
            last_name,
            gender,
            phone,
            region: region.and_then(|id| known.item(id)),
            language: lang,
            contact_id: contact.map(|id| id.uuid()),
            created_at,
            updated_at,
            erased_at,
        }
    }
}

/// A row of a roster.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct SurveyRosterOut {
    id: Uuid,
    student_external_id: String,
    program: Option<SurveyItemOut>,
    course_year: Option<i32>,
    /// The code of the campaign whose roster it stands in.
    roster_campaign: String,
    is_active: bool,
    #[schema(value_type = Object)]
    metadata: Object,
}

impl SurveyRosterOut {
    pub(super) fn of(row: &RosterRow, known: &Known) -> Self {
        let RosterRow {
            id,
            campaign,
            student_external_id,
            program,
            course_year,
            is_active,
            metadata,
            created_at: _,
            updated_at: _,
        } = row.clone();
        Self {
            id: id.uuid(),
            student_external_id,
            program: known.item(program),
            course_year,
            roster_campaign: known.code(campaign),
            is_active,
            metadata,
        }
    }
}

/// An answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct SurveyResponseOut {
    pub(super) id: Uuid,
    student: Option<SurveyStudentOut>,
    roster: Option<SurveyRosterOut>,
    program: Option<SurveyItemOut>,
    course_year: Option<i32>,
    /// The code of the campaign that was answered.
    survey_campaign: String,
    /// `employed` or `unemployed`.
    #[schema(value_type = Option<String>)]
    employment_status: Option<Employment>,
    employment_company: Option<String>,
    employment_role: Option<String>,
    hours_per_week: Option<i32>,
    /// In so'm a month.
    #[schema(value_type = Option<f64>)]
    salary: Option<Money>,
    help: Option<String>,
    suggestions: Option<String>,
    #[schema(value_type = Object)]
    consents: Object,
    channels: Vec<String>,
    #[schema(value_type = Object)]
    answers: Object,
    #[schema(value_type = String)]
    submitted_at: Timestamp,
    #[schema(value_type = String)]
    updated_at: Timestamp,
}

impl SurveyResponseOut {
    pub(super) fn of(
        response: &Response,
        student: Option<&Student>,
        roster: Option<&RosterRow>,
        known: &Known,
    ) -> Self {
        let Response {
            id,
            campaign,
            roster: _,
            student: _,
            program,
            course_year,
            answered,
            submitted_at,
            updated_at,
        } = response.clone();
        let Answered {
            employment,
            company,
            role,
            hours_per_week,
            salary,
            help,
            suggestions,
            consents,
            channels,
            answers,
        } = answered;
        Self {
            id: id.uuid(),
            student: student.map(|student| SurveyStudentOut::of(student, known)),
            roster: roster.map(|row| SurveyRosterOut::of(row, known)),
            program: known.item(program),
            course_year,
            survey_campaign: known.code(campaign),
            employment_status: employment,
            employment_company: company,
            employment_role: role,
            hours_per_week,
            salary,
            help,
            suggestions,
            consents,
            channels,
            answers,
            submitted_at,
            updated_at,
        }
    }
}

/// A line of an answer's history.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct SurveyHistoryOut {
    /// `submitted`, `changed` or `erased`.
    #[schema(value_type = String)]
    deed: Deed,
    by: String,
    #[schema(value_type = Vec<Object>)]
    changes: Vec<Change>,
    #[schema(value_type = String)]
    at: Timestamp,
}

impl From<Entry> for SurveyHistoryOut {
    fn from(entry: Entry) -> Self {
        let Entry { id: _, response: _, deed, author, changes, at } = entry;
        Self { deed, by: author, changes, at }
    }
}
