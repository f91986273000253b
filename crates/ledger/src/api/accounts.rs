//! `/api/v1/ledger/accounts` and `/api/v1/ledger/roles`.
#![expect(unused_qualifications, reason = "utoipa writes the path of the query's type")]

use std::collections::BTreeMap;

use axum::{extract::Path, http::StatusCode};
use context::{Ctx, Permission};
use db::Tx;
use kernel::{Checks, Error, FieldError, Lang, Page, PageRequest, Result, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::{Caller, Json, Listed, ProblemBody, Query};

use crate::{
    Account, Names, NewAccount, Role, accounts, create_account, delete_account, find_account, role_accounts,
    set_role_accounts, update_account,
};

/// What is written into an account. `code` and `kind` are required of POST; what is absent stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct LedgerAccountIn {
    /// One of a kind in the workspace.
    #[schema(example = "5011", max_length = 10)]
    code: Option<String>,
    /// `active`, `passive`, `contra`, `transit` or `off_balance`.
    kind: Option<String>,
    #[schema(max_length = 150)]
    name_uz: Option<String>,
    #[schema(max_length = 150)]
    name_ru: Option<String>,
    #[schema(max_length = 150)]
    name_en: Option<String>,
    /// Whether entries may name it.
    active: Option<bool>,
}

impl LedgerAccountIn {
    fn whole(self) -> Result<NewAccount> {
        let mut checks = Checks::new();
        checks.hold(self.code.is_some(), "code", Text::new("kernel-text-missing"));
        checks.hold(self.kind.is_some(), "kind", Text::new("kernel-text-missing"));
        checks.done()?;
        let Self { code, kind, name_uz, name_ru, name_en, active } = self;
        let name = Names {
            uz: name_uz.unwrap_or_default(),
            ru: name_ru.unwrap_or_default(),
            en: name_en.unwrap_or_default(),
        };
        Ok(NewAccount {
            code: code.unwrap_or_default(),
            kind: kind.unwrap_or_default().parse()?,
            name,
            active: active.unwrap_or(true),
        })
    }

    fn over(self, stands: Account) -> Result<NewAccount> {
        let Self { code, kind, name_uz, name_ru, name_en, active } = self;
        let Account { id: _, code: old, kind: old_kind, name, postable: _, standard: _, active: was } =
            stands;
        Ok(NewAccount {
            code: code.unwrap_or(old),
            kind: kind.map_or(Ok(old_kind), |word| word.parse())?,
            name: Names {
                uz: name_uz.unwrap_or(name.uz),
                ru: name_ru.unwrap_or(name.ru),
                en: name_en.unwrap_or(name.en),
            },
            active: active.unwrap_or(was),
        })
    }
}

/// An account as the API shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct LedgerAccountOut {
    code: String,
    /// None while the workspace has no books yet.
    uuid: Option<Uuid>,
    kind: String,
    /// In the caller's language.
    name: String,
    name_uz: String,
    name_ru: String,
    name_en: String,
    /// The code of its group.
    group: Option<String>,
    /// Whether it gathers others and is not posted to.
    is_group: bool,
    /// Of NSBU 21, or the workspace's own.
    standard: bool,
    active: bool,
}

impl LedgerAccountOut {
    fn of(lang: Lang, account: Account) -> Self {
        let group = account.group_code();
        let label = account.name.get(lang).to_owned();
        let Account { id, code, kind, name: Names { uz, ru, en }, postable, standard, active } = account;
        Self {
            code,
            uuid: Some(id.uuid()).filter(|uuid| !uuid.is_nil()),
            kind: kind.word().to_owned(),
            name: label,
            name_uz: uz,
            name_ru: ru,
            name_en: en,
            group,
            is_group: !postable,
            standard,
            active,
        }
    }
}

/// Which accounts are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LedgerAccountQuery {
    /// The beginning of the code, or words of a name.
    q: Option<String>,
}

/// Every account, in the order of the codes.
#[utoipa::path(get, path = "/api/v1/ledger/accounts", tag = "ledger", params(LedgerAccountQuery),
    responses((status = 200, body = Listed<LedgerAccountOut>)))]
pub(super) async fn list_ledger_accounts(
    caller: Caller,
    Query(query): Query<LedgerAccountQuery>,
) -> web::Result<Json<Listed<LedgerAccountOut>>> {
    caller.ctx.require(Permission::FinanceRead)?;
    let (q, lang) = (query.q.unwrap_or_default(), caller.ctx.lang());
    let all = caller.read(accounts).await?;
    let shown: Vec<_> = all
        .into_iter()
        .filter(|account| account.fits(&q))
        .map(|account| LedgerAccountOut::of(lang, account))
        .collect();
    let count = i64::try_from(shown.len()).unwrap_or(i64::MAX);
    let whole = PageRequest::new(1, u32::MAX);
    let mut listed = Listed::of(&caller, Page::new(whole, count, shown));
    // All of them stand in the one part.
    listed.next = None;
    Ok(Json(listed))
}

/// Adds an account of the workspace's own.
#[utoipa::path(post, path = "/api/v1/ledger/accounts", tag = "ledger", request_body = LedgerAccountIn,
    responses((status = 201, body = LedgerAccountOut), (status = 422, body = ProblemBody)))]
pub(super) async fn create_ledger_account(
    caller: Caller,
    Json(body): Json<LedgerAccountIn>,
) -> web::Result<(StatusCode, Json<LedgerAccountOut>)> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let (new, lang) = (body.whole()?, caller.ctx.lang());
    let made = caller
        .once(move |ctx, tx| Ok(LedgerAccountOut::of(lang, create_account(ctx, tx, new.clone())?)))
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One account, by its code or its UUID.
#[utoipa::path(get, path = "/api/v1/ledger/accounts/{id}", tag = "ledger", params(("id" = String, Path)),
    responses((status = 200, body = LedgerAccountOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_ledger_account(
    caller: Caller,
    Path(key): Path<String>,
) -> web::Result<Json<LedgerAccountOut>> {
    let found = caller.read(move |ctx, tx| find_account(ctx, tx, &key)).await?;
    Ok(Json(LedgerAccountOut::of(caller.ctx.lang(), found)))
}

/// Changes an account; what is absent stays. Of NSBU's only the name and whether it is open.
#[utoipa::path(patch, path = "/api/v1/ledger/accounts/{id}", tag = "ledger", params(("id" = String, Path)),
    request_body = LedgerAccountIn,
    responses((status = 200, body = LedgerAccountOut), (status = 422, body = ProblemBody)))]
pub(super) async fn change_ledger_account(
    caller: Caller,
    Path(key): Path<String>,
    Json(body): Json<LedgerAccountIn>,
) -> web::Result<Json<LedgerAccountOut>> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let written = caller
        .write(move |ctx, tx| {
            let stands = stored(ctx, tx, &key)?;
            update_account(ctx, tx, stands.id, body.clone().over(stands)?)
        })
        .await?;
    Ok(Json(LedgerAccountOut::of(caller.ctx.lang(), written)))
}

/// The account, which has an id from here on.
fn stored(ctx: &Ctx, tx: &mut Tx, key: &str) -> Result<Account> {
    let found = find_account(ctx, tx, key)?;
    if !found.id.uuid().is_nil() {
        return Ok(found);
    }
    crate::actions::begin(ctx, tx)?;
    find_account(ctx, tx, key)
}

/// Deletes an account of the workspace's own to which nothing was posted.
#[utoipa::path(delete, path = "/api/v1/ledger/accounts/{id}", tag = "ledger", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn delete_ledger_account(
    caller: Caller,
    Path(key): Path<String>,
) -> web::Result<StatusCode> {
    caller.ctx.require(Permission::FinanceDelete)?;
    caller
        .write(move |ctx, tx| {
            let stands = stored(ctx, tx, &key)?;
            delete_account(ctx, tx, stands.id)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What an account is used for, and which one it is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct LedgerRoleOut {
    role: String,
    account: String,
    account_name: String,
    /// NSBU's account for it.
    default_account: String,
}

fn roles_out(caller: &Caller, found: Vec<(Role, Account)>) -> Listed<LedgerRoleOut> {
    let lang = caller.ctx.lang();
    let out = |(role, account): (Role, Account)| LedgerRoleOut {
        role: role.word().to_owned(),
        account_name: account.name.get(lang).to_owned(),
        account: account.code,
        default_account: role.default_code().to_owned(),
    };
    let shown: Vec<_> = found.into_iter().map(out).collect();
    let count = i64::try_from(shown.len()).unwrap_or(i64::MAX);
    Listed::of(caller, Page::new(PageRequest::new(1, u32::MAX), count, shown))
}

/// Which account each role is: documents post to roles.
#[utoipa::path(get, path = "/api/v1/ledger/roles", tag = "ledger",
    responses((status = 200, body = Listed<LedgerRoleOut>)))]
pub(super) async fn list_ledger_roles(caller: Caller) -> web::Result<Json<Listed<LedgerRoleOut>>> {
    caller.ctx.require(Permission::SettingsRead)?;
    let found = caller.read(role_accounts).await?;
    Ok(Json(roles_out(&caller, found)))
}

/// Which roles become which accounts; the others stay.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct LedgerRolesIn {
    /// Codes of accounts by roles: `{"cash": "5011"}`.
    roles: BTreeMap<String, String>,
}

/// Says which accounts these roles are from now on. What is posted stays where it is.
#[utoipa::path(patch, path = "/api/v1/ledger/roles", tag = "ledger", request_body = LedgerRolesIn,
    responses((status = 200, body = Listed<LedgerRoleOut>), (status = 422, body = ProblemBody)))]
pub(super) async fn change_ledger_roles(
    caller: Caller,
    Json(body): Json<LedgerRolesIn>,
) -> web::Result<Json<Listed<LedgerRoleOut>>> {
    caller.ctx.require(Permission::SettingsEdit)?;
    let mut unknown = Vec::new();
    let mut chosen = Vec::new();
    for (word, code) in body.roles {
        match Role::parse(&word) {
            Some(role) => chosen.push((role, code)),
            None => unknown
                .push(FieldError { field: format!("roles.{word}"), text: Text::new("ledger-role-unknown") }),
        }
    }
    Error::all(unknown)?;
    let put = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        set_role_accounts(ctx, tx, &chosen).map_err(|error| error.under("roles"))
    };
    let found = caller.write(put).await?;
    Ok(Json(roles_out(&caller, found)))
}
