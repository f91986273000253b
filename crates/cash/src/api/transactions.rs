//! `/api/cash-transactions`.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

use axum::{extract::Path, http::StatusCode};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Checks, Date, Error, Money, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::{Caller, Json, Listed, PageQuery, ProblemBody, Query, RowKey, pages::Words};

use crate::{
    Flow, MoveMoney, Transaction, TransactionFilter, TransactionKind, list_transactions, post_transaction,
    reverse_transaction,
    seen::{
        SeenTransaction, named_contact, named_register, seen_one, seen_page, seen_transaction,
        stored_transaction,
    },
};

/// Money that came or went and that no document records.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct CashTransactionIn {
    /// The register; the default till where nobody says.
    #[schema(example = 1)]
    register_id: Option<i64>,
    /// `in` or `out`, also `income`, `expense`, `kirim`, `chiqim`. May be left out where `kind` says it.
    #[serde(rename = "type", alias = "flow", alias = "transaction_type")]
    #[schema(example = "in")]
    flow: Option<String>,
    /// `other_income`, `opening`, `other_expense`, `selling_expense` or `administrative_expense`; other income or
    /// other expense where nobody says.
    #[serde(alias = "category")]
    #[schema(example = "other_income")]
    kind: Option<String>,
    /// In so'm, above zero.
    #[schema(value_type = f64, example = 150000)]
    amount: Money,
    /// The contact that it came from or went to.
    contact_id: Option<i64>,
    /// The business date; today where nobody says.
    #[serde(alias = "on")]
    #[schema(value_type = Option<String>, example = "2026-11-20")]
    date: Option<Date>,
    #[serde(alias = "description")]
    #[schema(max_length = 300)]
    note: Option<String>,
}

/// The way that a word names.
fn flow(word: &str) -> Option<Flow> {
    match word.trim().to_lowercase().as_str() {
        "in" | "income" | "kirim" => Some(Flow::In),
        "out" | "expense" | "chiqim" => Some(Flow::Out),
        _ => None,
    }
}

/// A text that says something.
fn said(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

impl CashTransactionIn {
    fn input(self, ctx: &Ctx, tx: &mut ReadTx) -> Result<MoveMoney> {
        let mut checks = Checks::new();
        let way = said(self.flow.as_ref()).and_then(|word| {
            let unknown = || Error::invalid(Text::new("cash-flow-unknown"));
            checks.take("type", flow(word).ok_or_else(unknown))
        });
        let kind = said(self.kind.as_ref()).and_then(|word| {
            let unknown = |()| Error::invalid(Text::new("cash-kind-unknown"));
            checks.take("kind", word.parse::<TransactionKind>().map_err(unknown))
        });
        let says_neither = said(self.flow.as_ref()).is_none() && said(self.kind.as_ref()).is_none();
        checks.hold(!says_neither, "type", Text::new("cash-flow-missing"));
        let kind = kind.or(match way {
            Some(Flow::In) => Some(TransactionKind::OtherIncome),
            Some(Flow::Out) => Some(TransactionKind::OtherExpense),
            None => None,
        });
        let crossed =
            kind.and_then(TransactionKind::by_hand).zip(way).is_some_and(|((own, _), way)| own != way);
        checks.hold(!crossed, "type", Text::new("cash-flow-is-not-the-kinds"));
        checks.done()?;
        let kind = kind.ok_or_else(|| Error::internal("a kind that was read is not there"))?;
        let Self { register_id, flow: _, kind: _, amount, contact_id, date, note } = self;
        let register =
            register_id.map(|number| named_register(ctx, tx, number, "register_id")).transpose()?;
        let contact = contact_id.map(|number| named_contact(ctx, tx, number)).transpose()?;
        let (on, note) = (date.unwrap_or_else(|| ctx.today()), note.unwrap_or_default());
        Ok(MoveMoney { register, kind, amount, contact, on, note })
    }
}

/// A transaction as the API shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct CashTransactionOut {
    id: i64,
    uuid: Uuid,
    register_id: i64,
    register_name: String,
    /// `in` or `out`.
    #[serde(rename = "type")]
    flow: String,
    /// Why: `sale_payment`, `refund`, `other_income`, `opening`, `other_expense`, `selling_expense`,
    /// `administrative_expense`, `transfer`.
    kind: String,
    /// The same in the caller's language.
    kind_name: String,
    #[schema(value_type = f64)]
    amount: Money,
    /// What lay in the register after it.
    #[schema(value_type = f64)]
    balance_after: Money,
    contact_id: Option<i64>,
    contact_name: Option<String>,
    #[schema(value_type = String)]
    date: Date,
    note: String,
    /// The kind of document it comes from; `cash_transaction` or `cash_transfer` when a person moved the money.
    source_kind: String,
    source_id: Uuid,
    source_number: Option<i64>,
    /// The transaction that it takes back.
    reverses: Option<Uuid>,
    /// The transaction that takes it back.
    reversed_by: Option<Uuid>,
    recorded_by: String,
    #[schema(value_type = String)]
    recorded_at: Timestamp,
    /// The numbers of its document's entries in the ledger; lists leave them out.
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<Vec<i64>>,
}

impl CashTransactionOut {
    pub(super) fn of(words: &Words, seen: SeenTransaction) -> Self {
        let SeenTransaction { transaction, register, contact } = seen;
        let Transaction {
            id,
            number,
            register: _,
            ordinal: _,
            flow,
            kind,
            amount,
            balance_after,
            contact: _,
            source,
            reverses,
            reversed_by,
            on,
            note,
            recorded_by,
            recorded_at,
        } = transaction;
        Self {
            id: number,
            uuid: id.uuid(),
            register_id: register.number,
            register_name: register.name,
            flow: flow.word().to_owned(),
            kind: kind.word().to_owned(),
            kind_name: words.t(kind.text_key()),
            amount,
            balance_after,
            contact_id: contact.as_ref().map(|contact| contact.number),
            contact_name: contact.map(|contact| contact.name),
            date: on,
            note,
            source_kind: source.kind,
            source_id: source.id,
            source_number: source.number,
            reverses: reverses.map(kernel::Id::uuid),
            reversed_by: reversed_by.map(kernel::Id::uuid),
            recorded_by,
            recorded_at,
            entries: None,
        }
    }
}

/// One with the numbers of its entries.
pub(super) fn whole(
    ctx: &Ctx,
    tx: &mut ReadTx,
    words: &Words,
    transaction: Transaction,
) -> Result<CashTransactionOut> {
    let source = &transaction.source;
    let entries = ledger::entries_of(ctx, tx, &source.kind, source.id)?;
    let entries = Some(entries.into_iter().map(|entry| entry.number).collect());
    Ok(CashTransactionOut { entries, ..CashTransactionOut::of(words, seen_one(ctx, tx, transaction)?) })
}

/// Which transactions are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CashTransactionQuery {
    /// Words of the note.
    q: Option<String>,
    /// Of this register.
    register_id: Option<i64>,
    /// `in` or `out`.
    #[serde(rename = "type")]
    flow: Option<String>,
    /// Of this kind.
    kind: Option<String>,
    /// From or to this contact.
    contact_id: Option<i64>,
    /// Of this day or later.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// Of this day or earlier.
    #[param(value_type = Option<String>)]
    until: Option<Date>,
    page: Option<u32>,
    page_size: Option<u32>,
}

impl CashTransactionQuery {
    fn filter(&self, ctx: &Ctx, tx: &mut ReadTx) -> Result<TransactionFilter> {
        ctx.require(Permission::FinanceRead)?;
        let Self { q, register_id, flow: way, kind, contact_id, from, until, page: _, page_size: _ } = self;
        let no_way = || Error::field("type", Text::new("cash-flow-unknown"));
        let no_kind = |()| Error::field("kind", Text::new("cash-kind-unknown"));
        let way = said(way.as_ref()).map(|word| flow(word).ok_or_else(no_way)).transpose()?;
        let kind = said(kind.as_ref()).map(|word| word.parse().map_err(no_kind)).transpose()?;
        Ok(TransactionFilter {
            register: register_id.map(|number| named_register(ctx, tx, number, "register_id")).transpose()?,
            kind,
            flow: way,
            contact: contact_id.map(|number| named_contact(ctx, tx, number)).transpose()?,
            from: *from,
            until: *until,
            text: q.clone().unwrap_or_default(),
        })
    }
}

/// The transactions that fit, the newest first.
#[utoipa::path(get, path = "/api/cash-transactions", tag = "cash", params(CashTransactionQuery),
    responses((status = 200, body = Listed<CashTransactionOut>)))]
pub(super) async fn list_cash_transactions(
    caller: Caller,
    Query(query): Query<CashTransactionQuery>,
) -> web::Result<Json<Listed<CashTransactionOut>>> {
    let words = caller.words();
    let part = PageQuery::of(query.page, query.page_size).request();
    let found = caller
        .read(move |ctx, tx| {
            let filter = query.filter(ctx, tx)?;
            let page = list_transactions(ctx, tx, &filter, part)?;
            seen_page(ctx, tx, page)
        })
        .await?;
    Ok(Json(Listed::of(&caller, found.map(|seen| CashTransactionOut::of(&words, seen)))))
}

/// Records money that came or went, and posts it to the ledger.
#[utoipa::path(post, path = "/api/cash-transactions", tag = "cash", request_body = CashTransactionIn,
    responses((status = 201, body = CashTransactionOut), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn create_cash_transaction(
    caller: Caller,
    Json(body): Json<CashTransactionIn>,
) -> web::Result<(StatusCode, Json<CashTransactionOut>)> {
    caller.ctx.require(Permission::FinanceCreate)?;
    let words = caller.words();
    let made = caller
        .once(move |ctx, tx| {
            let input = body.clone().input(ctx, tx)?;
            let (made, _) = post_transaction(ctx, tx, input)?;
            whole(ctx, tx, &words, made)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One transaction.
#[utoipa::path(get, path = "/api/cash-transactions/{id}", tag = "cash", params(("id" = String, Path)),
    responses((status = 200, body = CashTransactionOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_cash_transaction(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<CashTransactionOut>> {
    let words = caller.words();
    let found = caller
        .read(move |ctx, tx| {
            let found = seen_transaction(ctx, tx, key)?;
            whole(ctx, tx, &words, found)
        })
        .await?;
    Ok(Json(found))
}

/// When and why a transaction is taken back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct CashReversalIn {
    /// The business date; today where nobody says.
    #[schema(value_type = Option<String>)]
    date: Option<Date>,
    #[schema(max_length = 300)]
    reason: Option<String>,
}

/// Takes back what a person moved: the same money the other way, of a transfer on both sides.
#[utoipa::path(post, path = "/api/cash-transactions/{id}/reverse", tag = "cash", params(("id" = String, Path)),
    request_body = CashReversalIn,
    responses((status = 201, body = CashTransactionOut), (status = 409, body = ProblemBody)))]
pub(super) async fn reverse_cash_transaction(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<CashReversalIn>,
) -> web::Result<(StatusCode, Json<CashTransactionOut>)> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let words = caller.words();
    let made = caller
        .once(move |ctx, tx| {
            let stands = stored_transaction(ctx, tx, key)?;
            let on = body.date.unwrap_or_else(|| ctx.today());
            let reason = body.reason.as_deref().unwrap_or_default();
            let made = reverse_transaction(ctx, tx, stands.id, on, reason)?;
            let own = made.into_iter().find(|one| one.reverses == Some(stands.id));
            whole(ctx, tx, &words, own.ok_or_else(Error::not_found)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}
