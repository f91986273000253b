//! `/api/v1/ledger/entries` and the journal as a file.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

use std::collections::HashMap;

use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Checks, Date, Error, Id, Money, Page, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::{Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey, pages::Words};

use crate::{
    Account, AccountRef, Entry, EntryFilter, Line, NewLine, Side, WriteEntry, accounts, entry_lines,
    find_account,
    journal::journal,
    list_entries,
    pages::memo,
    reverse_entry,
    seen::{by_id, find_entry},
    write_entry,
};

/// A line: `debit` or `credit`, in so'm.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct LedgerLineIn {
    /// The code of the account.
    #[schema(example = "5010")]
    account: String,
    #[schema(value_type = Option<f64>, example = 168000)]
    debit: Option<Money>,
    #[schema(value_type = Option<f64>)]
    credit: Option<Money>,
    /// The UUID of whom it is about.
    contact: Option<Uuid>,
    /// The UUID of the product that it is about.
    product: Option<Uuid>,
    #[schema(max_length = 200)]
    note: Option<String>,
}

/// An entry that a person writes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct LedgerEntryIn {
    /// The day it counts for; today where nobody says.
    #[schema(value_type = Option<String>, example = "2026-11-20")]
    date: Option<Date>,
    #[schema(max_length = 500)]
    memo: String,
    lines: Vec<LedgerLineIn>,
}

impl LedgerEntryIn {
    fn input(self, today: Date) -> Result<WriteEntry> {
        let Self { date, memo, lines } = self;
        let mut checks = Checks::new();
        let mut read = Vec::with_capacity(lines.len());
        for (place, line) in lines.into_iter().enumerate() {
            let LedgerLineIn { account, debit, credit, contact, product, note } = line;
            let (side, amount) = match (debit, credit) {
                (Some(amount), None) => (Side::Debit, amount),
                (None, Some(amount)) => (Side::Credit, amount),
                _ => {
                    checks.refuse(format!("lines.{place}.debit"), Text::new("ledger-line-one-side"));
                    continue;
                }
            };
            let note = note.unwrap_or_default();
            let line = NewLine::new(AccountRef::Code(account), side, amount);
            read.push(NewLine { contact, product, note, ..line });
        }
        checks.done().map(|()| WriteEntry { date: date.unwrap_or(today), memo, lines: read })
    }
}

/// A line as the API shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct LedgerLineOut {
    account: String,
    account_name: String,
    #[schema(value_type = f64)]
    debit: Money,
    #[schema(value_type = f64)]
    credit: Money,
    contact: Option<Uuid>,
    product: Option<Uuid>,
    warehouse: Option<Uuid>,
    note: String,
}

/// An entry as the API shows it. In lists its lines are left out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct LedgerEntryOut {
    /// Its number in the journal.
    id: i64,
    uuid: Uuid,
    #[schema(value_type = String)]
    date: Date,
    memo: String,
    /// The kind of document it comes from; `manual` when a person wrote it.
    source_kind: String,
    source_id: Uuid,
    source_number: Option<i64>,
    purpose: String,
    /// The entry that it takes back.
    reverses: Option<Uuid>,
    /// The entry that takes it back.
    reversed_by: Option<Uuid>,
    /// The sum of its debits.
    #[schema(value_type = f64)]
    total: Money,
    posted_by: String,
    #[schema(value_type = String)]
    posted_at: Timestamp,
    lines: Option<Vec<LedgerLineOut>>,
}

impl LedgerEntryOut {
    pub(super) fn of(words: &Words, entry: Entry) -> Self {
        let Entry {
            id,
            number,
            date,
            memo: said,
            source,
            purpose,
            reverses,
            reversed_by,
            line_count: _,
            total,
            posted_by,
            posted_at,
        } = entry;
        Self {
            id: number,
            uuid: id.uuid(),
            date,
            memo: memo(words, &said),
            source_kind: source.kind,
            source_id: source.id,
            source_number: source.number,
            purpose,
            reverses: reverses.map(Id::uuid),
            reversed_by: reversed_by.map(Id::uuid),
            total,
            posted_by,
            posted_at,
            lines: None,
        }
    }
}

fn whole(ctx: &Ctx, tx: &mut ReadTx, words: &Words, entry: Entry) -> Result<LedgerEntryOut> {
    let chart = by_id(accounts(ctx, tx)?);
    let lines = entry_lines(ctx, tx, entry.id)?;
    let shown = lines.into_iter().map(|line| line_out(words, &chart, line)).collect();
    Ok(LedgerEntryOut { lines: Some(shown), ..LedgerEntryOut::of(words, entry) })
}

fn line_out(words: &Words, chart: &HashMap<Id<Account>, Account>, line: Line) -> LedgerLineOut {
    let (debit, credit) = (line.debit(), line.credit());
    let Line { entry: _, position: _, account, amount: _, off_balance: _, contact, product, warehouse, note } =
        line;
    let account = chart.get(&account);
    LedgerLineOut {
        account: account.map(|found| found.code.clone()).unwrap_or_default(),
        account_name: account.map(|found| found.name.get(words.lang).to_owned()).unwrap_or_default(),
        debit,
        credit,
        contact,
        product,
        warehouse,
        note,
    }
}

/// Which entries are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LedgerEntryQuery {
    /// Words of the memo, or the document's number.
    q: Option<String>,
    /// Of this day or later.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// Of this day or earlier.
    #[param(value_type = Option<String>)]
    until: Option<Date>,
    /// With a line of the account with this code.
    account: Option<String>,
    /// From this kind of document: `manual`, `sales_invoice`.
    source_kind: Option<String>,
    /// From the document with this UUID.
    source_id: Option<Uuid>,
    /// Of exactly this sum.
    #[param(value_type = Option<f64>)]
    amount: Option<Money>,
    page: Option<u32>,
    page_size: Option<u32>,
}

impl LedgerEntryQuery {
    fn filter(&self, ctx: &Ctx, tx: &mut ReadTx) -> Result<EntryFilter> {
        ctx.require(Permission::FinanceRead)?;
        let Self { q, from, until, account, source_kind, source_id, amount, page: _, page_size: _ } = self;
        let account = match account.as_deref().filter(|code| !code.is_empty()) {
            None => None,
            Some(code) => {
                let unknown = |_| Error::field("account", Text::new("ledger-account-unknown"));
                Some(find_account(ctx, tx, code).map_err(unknown)?.id)
            }
        };
        Ok(EntryFilter {
            from: *from,
            until: *until,
            account,
            source_kind: source_kind.clone().filter(|kind| !kind.is_empty()),
            source_id: *source_id,
            amount: *amount,
            text: q.clone().unwrap_or_default(),
            ascending: false,
        })
    }
}

/// The entries that fit, the newest day first. Their lines are left out.
#[utoipa::path(get, path = "/api/v1/ledger/entries", tag = "ledger", params(LedgerEntryQuery),
    responses((status = 200, body = Listed<LedgerEntryOut>)))]
pub(super) async fn list_ledger_entries(
    caller: Caller,
    Query(query): Query<LedgerEntryQuery>,
) -> web::Result<Json<Listed<LedgerEntryOut>>> {
    let words = caller.words();
    let part = PageQuery::of(query.page, query.page_size).request();
    let found: Page<Entry> = caller
        .read(move |ctx, tx| {
            let filter = query.filter(ctx, tx)?;
            list_entries(ctx, tx, &filter, part)
        })
        .await?;
    Ok(Json(Listed::of(&caller, found.map(|entry| LedgerEntryOut::of(&words, entry)))))
}

/// Posts an entry that a person wrote. Debits and credits must be equal.
#[utoipa::path(post, path = "/api/v1/ledger/entries", tag = "ledger", request_body = LedgerEntryIn,
    responses((status = 201, body = LedgerEntryOut), (status = 422, body = ProblemBody)))]
pub(super) async fn create_ledger_entry(
    caller: Caller,
    Json(body): Json<LedgerEntryIn>,
) -> web::Result<(StatusCode, Json<LedgerEntryOut>)> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let words = caller.words();
    let made = caller
        .once(move |ctx, tx| {
            let posted = write_entry(ctx, tx, body.clone().input(ctx.today())?)?;
            let entry = crate::store::entries::get(ctx, tx, posted.id)?;
            seen_by_writer(ctx, tx, &words, entry)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// What was just written is shown also to whoever may write and not read.
fn seen_by_writer(ctx: &Ctx, tx: &mut ReadTx, words: &Words, entry: Entry) -> Result<LedgerEntryOut> {
    let chart = by_id(accounts(ctx, tx)?);
    let lines = crate::store::lines::of_entry(ctx, tx, entry.id)?;
    let shown = lines.into_iter().map(|line| line_out(words, &chart, line)).collect();
    Ok(LedgerEntryOut { lines: Some(shown), ..LedgerEntryOut::of(words, entry) })
}

/// One entry with its lines.
#[utoipa::path(get, path = "/api/v1/ledger/entries/{id}", tag = "ledger", params(("id" = String, Path)),
    responses((status = 200, body = LedgerEntryOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_ledger_entry(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<LedgerEntryOut>> {
    let words = caller.words();
    let found = caller
        .read(move |ctx, tx| {
            let entry = find_entry(ctx, tx, key)?;
            whole(ctx, tx, &words, entry)
        })
        .await?;
    Ok(Json(found))
}

/// When and why an entry is taken back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct LedgerReversalIn {
    /// The day it counts for; today where nobody says.
    #[schema(value_type = Option<String>)]
    date: Option<Date>,
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// Takes a manual entry back by a new one with the sides exchanged.
#[utoipa::path(post, path = "/api/v1/ledger/entries/{id}/reverse", tag = "ledger", params(("id" = String, Path)),
    request_body = LedgerReversalIn,
    responses((status = 201, body = LedgerEntryOut), (status = 409, body = ProblemBody)))]
pub(super) async fn reverse_ledger_entry(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<LedgerReversalIn>,
) -> web::Result<(StatusCode, Json<LedgerEntryOut>)> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let words = caller.words();
    let made = caller
        .once(move |ctx, tx| {
            let stands = match key {
                RowKey::Number(number) => crate::store::entries::get_by_number(ctx, tx, number)?,
                RowKey::Id(uuid) => crate::store::entries::get(ctx, tx, Id::from_uuid(uuid))?,
            };
            let date = body.date.unwrap_or_else(|| ctx.today().max(stands.date));
            let posted = reverse_entry(ctx, tx, stands.id, date, body.reason.as_deref().unwrap_or_default())?;
            let entry = crate::store::entries::get(ctx, tx, posted.id)?;
            seen_by_writer(ctx, tx, &words, entry)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// The entries that fit as a journal of hledger, oldest first.
#[utoipa::path(get, path = "/api/v1/ledger/journal", tag = "ledger", params(LedgerEntryQuery),
    responses((status = 200, body = String, content_type = "text/plain"), (status = 422, body = ProblemBody)))]
pub(super) async fn get_ledger_journal(
    caller: Caller,
    Query(query): Query<LedgerEntryQuery>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::ReportsExport)?;
    let words = caller.words();
    let text = caller
        .read(move |ctx, tx| {
            let filter = query.filter(ctx, tx)?;
            journal(ctx, tx, &filter, |said| memo(&words, said))
        })
        .await?;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
