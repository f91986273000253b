//! What others may read of applications, and the lists of pages and API.

mod analytics;
mod personal;
mod whole;

pub use self::{
    analytics::{AgeGroup, Analytics, CountedBy, DayCounts, FormCounts, Shares, analytics},
    personal::{Personal, PersonalApplication, personal},
    whole::{WholeApplicant, WholeApplication},
};

use std::collections::HashMap;

use catalog::Item;
use contacts::Contact;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Date, Error, Id, Lang, Page, PageRequest, Result};

use crate::{Answers, Applicant, Application, Entry, FieldKind, Form, Status, actions::is_within, store};

/// Cards of one column of the board.
const BOARD_ROWS: u32 = 50;
/// Rows that are read at once where all are wanted.
const ROWS_AT_ONCE: usize = 4_096;

/// Which applications are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct ApplicationFilter {
    /// For this.
    pub form: Option<Id<Form>>,
    /// This far.
    pub status: Option<Status>,
    /// Of this applicant.
    pub applicant: Option<Id<Applicant>>,
    /// With this number, or of somebody with this name or phone, in either script; empty for all.
    pub text: String,
    /// Of somebody from this region, or where it was chosen.
    pub region: Option<Id<Item>>,
    /// Where each of these items was chosen.
    pub items: Vec<Id<Item>>,
    /// Submitted on this day or later.
    pub from: Option<Date>,
    /// Submitted on this day or earlier.
    pub to: Option<Date>,
    /// In which order.
    pub order: ApplicationOrder,
    /// From the beginning of that order: the oldest first.
    pub ascending: bool,
}

/// The orders that a list of applications can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ApplicationOrder {
    /// By when they came.
    #[default]
    Submitted,
    /// By when they were last changed.
    Updated,
    /// By number.
    Number,
}

impl ApplicationOrder {
    /// Both, and the word in `?ordering=`.
    pub const WORDS: [(Self, &str); 3] =
        [(Self::Submitted, "submitted_at"), (Self::Updated, "updated_at"), (Self::Number, "number")];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS.into_iter().find(|(order, _)| *order == self).map_or("", |(_, word)| word)
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::WORDS.into_iter().find(|(_, found)| *found == word).map(|(order, _)| order)
    }
}

/// Which applicants are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct ApplicantFilter {
    /// With this name or phone, in either script; empty for all.
    pub text: String,
    /// From this region.
    pub region: Option<Id<Item>>,
    /// Whom Telegram calls so.
    pub telegram_id: Option<i64>,
    /// By name; else by when they were written down.
    pub by_name: bool,
    /// From the end of that order.
    pub descending: bool,
}

/// A column of the board.
#[derive(Debug, Clone)]
pub struct Column {
    /// How far its applications are.
    pub status: Status,
    /// How many there are.
    pub count: i64,
    /// The first of them, the latest first.
    pub applications: Vec<WholeApplication>,
}

/// Something that can be chosen in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// What to submit.
    pub code: String,
    /// What it is called.
    pub label: String,
}

/// Every form, in the order in which they are offered.
pub fn forms(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Form>> {
    ctx.require(Permission::ApplicationsRead)?;
    store::form::list(ctx, tx)
}

/// The form with this id.
pub fn form(ctx: &Ctx, tx: &mut ReadTx, id: Id<Form>) -> Result<Form> {
    ctx.require(Permission::ApplicationsRead)?;
    store::form::get(ctx, tx, id)
}

/// The form with this code.
pub fn find_form(ctx: &Ctx, tx: &mut ReadTx, code: &str) -> Result<Option<Form>> {
    ctx.require(Permission::ApplicationsRead)?;
    // What no code can be is not looked for.
    if crate::form::is_slug(code) { store::form::find_by_code(ctx, tx, code) } else { Ok(None) }
}

/// How many applications each form has; forms without any are left out.
pub fn counts_of_forms(ctx: &Ctx, tx: &mut ReadTx) -> Result<HashMap<Id<Form>, i64>> {
    ctx.require(Permission::ApplicationsRead)?;
    store::listed::counts_of_forms(ctx, tx)
}

/// A part of the applications that fit, and how many there are.
#[derive(Debug)]
pub struct Table {
    /// How many have each status, in the order of statuses; the filter's own status does not narrow it.
    pub counts: Vec<(Status, i64)>,
    /// The part.
    pub page: Page<WholeApplication>,
}

/// The part `page` of the applications that fit.
pub fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ApplicationFilter,
    page: PageRequest,
) -> Result<Page<WholeApplication>> {
    Ok(table(ctx, tx, filter, page)?.page)
}

/// The part `page` of the applications that fit, with how many have each status.
pub fn table(ctx: &Ctx, tx: &mut ReadTx, filter: &ApplicationFilter, page: PageRequest) -> Result<Table> {
    let counts = counts(ctx, tx, filter)?;
    let fits = |status: Status| filter.status.is_none_or(|asked| asked == status);
    let count = counts.iter().filter(|(status, _)| fits(*status)).map(|(_, count)| count).sum();
    let found = store::application::list(ctx, tx, filter, page, count)?;
    Ok(Table { counts, page: Page::new(page, count, whole::applications(ctx, tx, found)?) })
}

/// The ids of the applications that fit, in their order. Errors: there are more than so many, in words of the caller's.
pub fn ids(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ApplicationFilter,
    at_most: u32,
    too_many: impl FnOnce() -> Error,
) -> Result<Vec<Id<Application>>> {
    ctx.require(Permission::ApplicationsRead)?;
    let most = usize::try_from(at_most).map_err(Error::internal)?;
    let found = store::application::ids(ctx, tx, filter, u64::from(at_most) + 1)?;
    if found.len() > most { Err(too_many()) } else { Ok(found) }
}

/// All applications that fit, in their order. Errors: as [`ids`].
pub fn all(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ApplicationFilter,
    at_most: u32,
    too_many: impl FnOnce() -> Error,
) -> Result<Vec<WholeApplication>> {
    let ids = ids(ctx, tx, filter, at_most, too_many)?;
    let mut all = Vec::with_capacity(ids.len());
    for part in ids.chunks(ROWS_AT_ONCE) {
        let rows = store::application::get_many(ctx, tx, part)?;
        all.extend(whole::applications(ctx, tx, rows)?);
    }
    Ok(all)
}

/// How many applications that fit have each status, in the order of statuses; its own status does not narrow it.
pub fn counts(ctx: &Ctx, tx: &mut ReadTx, filter: &ApplicationFilter) -> Result<Vec<(Status, i64)>> {
    ctx.require(Permission::ApplicationsRead)?;
    let any = ApplicationFilter { status: None, ..filter.clone() };
    let found: HashMap<Status, i64> = store::application::counts(ctx, tx, &any)?.into_iter().collect();
    Ok(Status::ALL.iter().map(|status| (*status, found.get(status).copied().unwrap_or(0))).collect())
}

/// The applications that fit, in columns by status.
pub fn board(ctx: &Ctx, tx: &mut ReadTx, filter: &ApplicationFilter) -> Result<Vec<Column>> {
    let mut columns = Vec::new();
    for (status, count) in counts(ctx, tx, filter)? {
        let applications = if count == 0 {
            Vec::new()
        } else {
            let of = ApplicationFilter { status: Some(status), ..filter.clone() };
            let found = store::application::list(ctx, tx, &of, PageRequest::new(1, BOARD_ROWS), count)?;
            whole::applications(ctx, tx, found)?
        };
        columns.push(Column { status, count, applications });
    }
    Ok(columns)
}

/// The application with this id, with its form, its applicant and what was chosen.
pub fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Application>) -> Result<WholeApplication> {
    ctx.require(Permission::ApplicationsRead)?;
    let application = store::application::get(ctx, tx, id)?;
    whole::application(ctx, tx, application)
}

/// The application with this number.
pub fn get_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<WholeApplication> {
    ctx.require(Permission::ApplicationsRead)?;
    let application = store::application::find_by_number(ctx, tx, number)?.ok_or_else(Error::not_found)?;
    whole::application(ctx, tx, application)
}

/// What became of an application, as it was done.
pub fn history(ctx: &Ctx, tx: &mut ReadTx, id: Id<Application>) -> Result<Vec<Entry>> {
    ctx.require(Permission::ApplicationsRead)?;
    store::application::get(ctx, tx, id)?;
    store::entry::of(ctx, tx, id)
}

/// The last applications of an applicant, the latest first.
pub fn of_applicant(
    ctx: &Ctx,
    tx: &mut ReadTx,
    id: Id<Applicant>,
    at_most: u32,
) -> Result<Vec<WholeApplication>> {
    ctx.require(Permission::ApplicationsRead)?;
    let found = store::application::of_applicant(ctx, tx, id, at_most)?;
    whole::applications(ctx, tx, found)
}

/// The application of this applicant for this form, if they applied for it.
pub fn find(
    ctx: &Ctx,
    tx: &mut ReadTx,
    form: Id<Form>,
    applicant: Id<Applicant>,
) -> Result<Option<WholeApplication>> {
    ctx.require(Permission::ApplicationsRead)?;
    let found = store::application::find(ctx, tx, form, applicant)?;
    Ok(whole::applications(ctx, tx, found.into_iter().collect())?.pop())
}

/// The last applications of this contact, the latest first; none where they never applied.
pub fn last_of(
    ctx: &Ctx,
    tx: &mut ReadTx,
    contact: Id<Contact>,
    at_most: u32,
) -> Result<Vec<WholeApplication>> {
    match find_applicant(ctx, tx, contact)? {
        Some(applicant) => of_applicant(ctx, tx, applicant.id, at_most),
        None => Ok(Vec::new()),
    }
}

/// The applicant that this contact is, if they ever applied.
pub fn find_applicant(ctx: &Ctx, tx: &mut ReadTx, contact: Id<Contact>) -> Result<Option<Applicant>> {
    ctx.require(Permission::ApplicationsRead)?;
    store::applicant::find_by_contact(ctx, tx, contact)
}

/// The applicant whom Telegram calls so.
pub fn find_applicant_by_telegram(ctx: &Ctx, tx: &mut ReadTx, telegram_id: i64) -> Result<Option<Applicant>> {
    ctx.require(Permission::ApplicationsRead)?;
    store::applicant::find_by_telegram(ctx, tx, telegram_id)
}

/// The applicant who applies in this chat of ours.
pub fn find_applicant_by_chat(ctx: &Ctx, tx: &mut ReadTx, chat_ref: &str) -> Result<Option<Applicant>> {
    ctx.require(Permission::ApplicationsRead)?;
    store::applicant::find_by_chat(ctx, tx, chat_ref)
}

/// The applicant with this id, with their contact and region.
pub fn applicant(ctx: &Ctx, tx: &mut ReadTx, id: Id<Applicant>) -> Result<WholeApplicant> {
    ctx.require(Permission::ApplicationsRead)?;
    let applicant = store::applicant::get(ctx, tx, id)?;
    whole::applicants(ctx, tx, vec![applicant])?.pop().ok_or_else(Error::not_found)
}

/// The part `page` of the applicants that fit.
pub fn applicants(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &ApplicantFilter,
    page: PageRequest,
) -> Result<Page<WholeApplicant>> {
    ctx.require(Permission::ApplicationsRead)?;
    let Page { count, results, request } = store::applicant::list(ctx, tx, filter, page)?;
    Ok(Page::new(request, count, whole::applicants(ctx, tx, results)?))
}

/// What can be chosen in a field of a form, for whoever reads `lang`: the items of its kind, and of those only what belongs to
/// the item that `answers` has in the field it is chosen within. Empty where the field takes no item.
pub fn options(
    ctx: &Ctx,
    tx: &mut ReadTx,
    form: &Form,
    field: &str,
    answers: &Answers,
    lang: Lang,
) -> Result<Vec<Offered>> {
    let Some(FieldKind::Item { item, within }) = form.field(field).map(|field| &field.kind) else {
        return Ok(Vec::new());
    };
    let chosen = match within.as_ref().and_then(|key| answers.get(key)).and_then(serde_json::Value::as_str) {
        Some(code) => catalog::items::find_by_key(ctx, tx, code)?,
        None => None,
    };
    let items = catalog::items::active(ctx, tx, *item)?.into_iter();
    Ok(items
        .filter(|item| chosen.as_ref().is_none_or(|chosen| is_within(item, chosen)))
        .map(|item| Offered { label: item.name(lang).to_owned(), code: item.code })
        .collect())
}
