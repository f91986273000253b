//! `/api/cash-registers`.

use axum::{extract::Path, http::StatusCode};
use context::Permission;
use kernel::{Checks, Error, Money, Page, PageRequest, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{Caller, Json, Listed, ProblemBody, RowKey, pages::Words};

use crate::{
    NewRegister, Register, RegisterKind, create_register, delete_register, registers,
    seen::{seen_register, stored_register},
    update_register,
};

/// What is written into a register. `name` is required of POST and PUT; what is absent stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct CashRegisterIn {
    /// What to call it, one of a kind in the workspace.
    #[schema(example = "Asosiy kassa", max_length = 100)]
    name: Option<String>,
    /// `cash`, a till, or `bank`, an account or a card terminal. It stays as it was made.
    #[serde(alias = "type")]
    #[schema(example = "cash")]
    kind: Option<String>,
    /// Whether it is taken where nobody names one of its kind.
    is_default: Option<bool>,
    /// Whether more may go out of it than lies there; for bank accounts with an overdraft.
    may_be_negative: Option<bool>,
    /// Whether money may move through it.
    active: Option<bool>,
}

impl CashRegisterIn {
    fn whole(self) -> Result<Self> {
        let mut checks = Checks::new();
        checks.hold(self.name.is_some(), "name", Text::new("kernel-text-missing"));
        checks.done().map(|()| self)
    }

    fn over(self, stands: NewRegister) -> Result<NewRegister> {
        let Self { name, kind, is_default, may_be_negative, active } = self;
        let kind = match kind {
            None => stands.kind,
            Some(word) => {
                let unknown = || Error::field("kind", Text::new("cash-register-kind-unknown"));
                word.trim().parse::<RegisterKind>().map_err(|()| unknown())?
            }
        };
        Ok(NewRegister {
            name: name.unwrap_or(stands.name),
            kind,
            is_default: is_default.unwrap_or(stands.is_default),
            may_be_negative: may_be_negative.unwrap_or(stands.may_be_negative),
            active: active.unwrap_or(stands.active),
        })
    }
}

/// A register as the API shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct CashRegisterOut {
    id: i64,
    uuid: Uuid,
    name: String,
    /// `cash` or `bank`.
    kind: String,
    /// The same in the caller's language.
    kind_name: String,
    is_default: bool,
    may_be_negative: bool,
    active: bool,
    /// What lies in it, in so'm.
    #[schema(value_type = f64)]
    balance: Money,
    #[schema(value_type = String)]
    created_at: Timestamp,
}

impl CashRegisterOut {
    fn of(words: &Words, register: Register) -> Self {
        let Register {
            id,
            number,
            name,
            kind,
            is_default,
            may_be_negative,
            active,
            balance,
            transactions: _,
            created_at,
        } = register;
        Self {
            id: number,
            uuid: id.uuid(),
            name,
            kind: kind.word().to_owned(),
            kind_name: words.t(kind.text_key()),
            is_default,
            may_be_negative,
            active,
            balance,
            created_at,
        }
    }
}

/// Every register, tills first.
#[utoipa::path(get, path = "/api/cash-registers", tag = "cash",
    responses((status = 200, body = Listed<CashRegisterOut>)))]
pub(super) async fn list_cash_registers(caller: Caller) -> web::Result<Json<Listed<CashRegisterOut>>> {
    caller.ctx.require(Permission::FinanceRead)?;
    let words = caller.words();
    let all = caller.read(registers).await?;
    let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let whole = PageRequest::new(1, u32::try_from(all.len()).unwrap_or(u32::MAX));
    let shown = Page::new(whole, count, all).map(|register| CashRegisterOut::of(&words, register));
    let mut listed = Listed::of(&caller, shown);
    // All of them stand in the one part.
    listed.next = None;
    Ok(Json(listed))
}

/// Makes a register. The first one of its kind is the default one.
#[utoipa::path(post, path = "/api/cash-registers", tag = "cash", request_body = CashRegisterIn,
    responses((status = 201, body = CashRegisterOut), (status = 422, body = ProblemBody)))]
pub(super) async fn create_cash_register(
    caller: Caller,
    Json(body): Json<CashRegisterIn>,
) -> web::Result<(StatusCode, Json<CashRegisterOut>)> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let words = caller.words();
    let new = body.whole()?.over(NewRegister::default())?;
    let made = caller
        .once(move |ctx, tx| Ok(CashRegisterOut::of(&words, create_register(ctx, tx, new.clone())?)))
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One register.
#[utoipa::path(get, path = "/api/cash-registers/{id}", tag = "cash", params(("id" = String, Path)),
    responses((status = 200, body = CashRegisterOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_cash_register(
    caller: Caller,
    Path(key): Path<RowKey>,
) -> web::Result<Json<CashRegisterOut>> {
    let words = caller.words();
    let found = caller.read(move |ctx, tx| seen_register(ctx, tx, key)).await?;
    Ok(Json(CashRegisterOut::of(&words, found)))
}

/// Changes a register; only an empty one closes.
#[utoipa::path(put, path = "/api/cash-registers/{id}", tag = "cash", params(("id" = String, Path)),
    request_body = CashRegisterIn,
    responses((status = 200, body = CashRegisterOut), (status = 409, body = ProblemBody)))]
pub(super) async fn replace_cash_register(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<CashRegisterIn>,
) -> web::Result<Json<CashRegisterOut>> {
    caller.ctx.require(Permission::FinanceEdit)?;
    write(&caller, key, body.whole()?).await
}

/// Changes what is said of a register; what is absent stays.
#[utoipa::path(patch, path = "/api/cash-registers/{id}", tag = "cash", params(("id" = String, Path)),
    request_body = CashRegisterIn,
    responses((status = 200, body = CashRegisterOut), (status = 409, body = ProblemBody)))]
pub(super) async fn change_cash_register(
    caller: Caller,
    Path(key): Path<RowKey>,
    Json(body): Json<CashRegisterIn>,
) -> web::Result<Json<CashRegisterOut>> {
    caller.ctx.require(Permission::FinanceEdit)?;
    write(&caller, key, body).await
}

async fn write(caller: &Caller, key: RowKey, body: CashRegisterIn) -> web::Result<Json<CashRegisterOut>> {
    let words = caller.words();
    let written = caller
        .write(move |ctx, tx| {
            let stands = stored_register(ctx, tx, key)?;
            let new = body.clone().over(stands.content())?;
            update_register(ctx, tx, stands.id, new)
        })
        .await?;
    Ok(Json(CashRegisterOut::of(&words, written)))
}

/// Deletes a register through which no money ever went, and which is not the default one.
#[utoipa::path(delete, path = "/api/cash-registers/{id}", tag = "cash", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn delete_cash_register(caller: Caller, Path(key): Path<RowKey>) -> web::Result<StatusCode> {
    caller.ctx.require(Permission::FinanceDelete)?;
    caller
        .write(move |ctx, tx| {
            let stands = stored_register(ctx, tx, key)?;
            delete_register(ctx, tx, stands.id)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
