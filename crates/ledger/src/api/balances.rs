//! `/api/v1/ledger/trial-balance` and the lines of an account.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

use axum::extract::Path;
use context::Ctx;
use kernel::{Date, Error, Money, Page, Result};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::{Caller, Json, PageQuery, ProblemBody, Query, pages::Words};

use crate::{
    AccountLine, Month, Sides, TrialRow, account_lines, account_turnover, find_account, pages::memo,
    trial_balance,
};

/// Which days are wanted: this month until today where nobody says.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LedgerDaysQuery {
    /// The first day.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// The last day.
    #[param(value_type = Option<String>)]
    until: Option<Date>,
    /// The part of the lines, from 1.
    page: Option<u32>,
    /// Lines a part, at most 500.
    page_size: Option<u32>,
}

impl LedgerDaysQuery {
    fn days(&self, ctx: &Ctx) -> Result<(Date, Date)> {
        let until = self.until.unwrap_or_else(|| ctx.today());
        let month = Month::of(until).map_err(|error| error.under("until"))?;
        let from = self.from.map_or_else(|| month.first_day(), Ok)?;
        Month::of(from).map_err(|error| error.under("from"))?;
        if from > until {
            return Err(Error::field("from", kernel::Text::new("ledger-days-backwards")));
        }
        Ok((from, until))
    }
}

/// Both sides, in so'm.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct LedgerSides {
    #[schema(value_type = f64)]
    debit: Money,
    #[schema(value_type = f64)]
    credit: Money,
}

impl From<Sides> for LedgerSides {
    fn from(sides: Sides) -> Self {
        let Sides { debit, credit } = sides;
        Self { debit, credit }
    }
}

/// An account of a trial balance.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct TrialBalanceRow {
    account: String,
    account_name: String,
    kind: String,
    opening: LedgerSides,
    turnover: LedgerSides,
    closing: LedgerSides,
}

/// A trial balance. The sums leave out what stands beside the balance.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct TrialBalanceOut {
    #[schema(value_type = String)]
    from: Date,
    #[schema(value_type = String)]
    until: Date,
    /// Whether both sides agree; they always should.
    balanced: bool,
    opening: LedgerSides,
    turnover: LedgerSides,
    closing: LedgerSides,
    accounts: Vec<TrialBalanceRow>,
}

/// What stood on each account, what it turned over, and what stands on it then.
#[utoipa::path(get, path = "/api/v1/ledger/trial-balance", tag = "ledger", params(LedgerDaysQuery),
    responses((status = 200, body = TrialBalanceOut), (status = 422, body = ProblemBody)))]
pub(super) async fn get_trial_balance(
    caller: Caller,
    Query(query): Query<LedgerDaysQuery>,
) -> web::Result<Json<TrialBalanceOut>> {
    let (lang, (from, until)) = (caller.ctx.lang(), query.days(&caller.ctx)?);
    let found = caller.read(move |ctx, tx| trial_balance(ctx, tx, from, until)).await?;
    let row = |row: TrialRow| {
        let TrialRow { account, opening, turnover, closing } = row;
        TrialBalanceRow {
            account_name: account.name.get(lang).to_owned(),
            account: account.code,
            kind: account.kind.word().to_owned(),
            opening: opening.into(),
            turnover: turnover.into(),
            closing: closing.into(),
        }
    };
    Ok(Json(TrialBalanceOut {
        from: found.from,
        until: found.until,
        balanced: found.is_balanced(),
        opening: found.opening.into(),
        turnover: found.turnover.into(),
        closing: found.closing.into(),
        accounts: found.rows.into_iter().map(row).collect(),
    }))
}

/// A line of an account, with what stood on the account after it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct AccountLineOut {
    /// The number of its entry.
    entry: i64,
    #[schema(value_type = String)]
    date: Date,
    memo: String,
    #[schema(value_type = f64)]
    debit: Money,
    #[schema(value_type = f64)]
    credit: Money,
    /// Debit above zero, credit below.
    #[schema(value_type = f64)]
    balance: Money,
    contact: Option<Uuid>,
    product: Option<Uuid>,
    note: String,
}

impl AccountLineOut {
    fn of(words: &Words, found: AccountLine) -> Self {
        let AccountLine { line, entry, balance } = found;
        Self {
            entry: entry.number,
            date: entry.date,
            memo: memo(words, &entry.memo),
            debit: line.debit(),
            credit: line.credit(),
            balance,
            contact: line.contact,
            product: line.product,
            note: line.note,
        }
    }
}

/// What moved on an account.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct AccountLinesOut {
    account: String,
    #[schema(value_type = String)]
    from: Date,
    #[schema(value_type = String)]
    until: Date,
    /// What stood on it before: debit above zero, credit below.
    #[schema(value_type = f64)]
    opening: Money,
    #[schema(value_type = f64)]
    debit: Money,
    #[schema(value_type = f64)]
    credit: Money,
    #[schema(value_type = f64)]
    closing: Money,
    /// Lines in the whole.
    count: i64,
    /// The lines of this part, oldest first.
    results: Vec<AccountLineOut>,
}

/// What moved on one account, named by its code or UUID.
#[utoipa::path(get, path = "/api/v1/ledger/accounts/{id}/lines", tag = "ledger",
    params(("id" = String, Path), LedgerDaysQuery),
    responses((status = 200, body = AccountLinesOut), (status = 404, body = ProblemBody)))]
pub(super) async fn list_ledger_account_lines(
    caller: Caller,
    Path(key): Path<String>,
    Query(query): Query<LedgerDaysQuery>,
) -> web::Result<Json<AccountLinesOut>> {
    let (words, (from, until)) = (caller.words(), query.days(&caller.ctx)?);
    let part = PageQuery::of(query.page, query.page_size).request();
    let found = caller
        .read(move |ctx, tx| {
            let account = find_account(ctx, tx, &key)?;
            let turnover = account_turnover(ctx, tx, account.id, from, until)?;
            Ok((account.code, turnover, account_lines(ctx, tx, account.id, from, until, part)?))
        })
        .await?;
    let (account, turnover, Page { count, results, request: _ }) = found;
    Ok(Json(AccountLinesOut {
        account,
        from,
        until,
        opening: turnover.opening,
        debit: turnover.debit,
        credit: turnover.credit,
        closing: turnover.closing()?,
        count,
        results: results.into_iter().map(|line| AccountLineOut::of(&words, line)).collect(),
    }))
}
