//! The chart and the form of an account; what comboboxes find among accounts.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::Permission;
use kernel::{Error, Kind, Page, Result, Text};
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Caller,
    pages::{
        Action, Cell, Choice, Column, Empty, Export, Field, Form, FormPage, Found, Go, ListPage, ListQuery,
        Options, Row, Shell, Table, Tone, form_again, render,
    },
};

use crate::{
    Account, AccountKind, Names, NewAccount, accounts, create_account as create, delete_account as delete,
    find_account, update_account as update,
};

/// Rows under a search field at most.
const OPTIONS_AT_MOST: usize = 20;

/// What the form sends, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct AccountForm {
    code: String,
    kind: String,
    name_uz: String,
    name_ru: String,
    name_en: String,
    active: String,
}

impl AccountForm {
    fn of(account: &Account) -> Self {
        let Account { id: _, code, kind, name: Names { uz, ru, en }, postable: _, standard: _, active } =
            account;
        Self {
            code: code.clone(),
            kind: kind.word().to_owned(),
            name_uz: uz.clone(),
            name_ru: ru.clone(),
            name_en: en.clone(),
            active: if *active { "true".to_owned() } else { String::new() },
        }
    }

    fn content(&self, stands: Option<&Account>) -> Result<NewAccount> {
        let Self { code, kind, name_uz, name_ru, name_en, active } = self;
        let name = Names { uz: name_uz.clone(), ru: name_ru.clone(), en: name_en.clone() };
        // Of the standard chart, code and kind are shown and not sent.
        let (code, kind) = match stands.filter(|account| account.standard) {
            Some(account) => (account.code.clone(), account.kind),
            None => (code.clone(), kind.parse::<AccountKind>()?),
        };
        Ok(NewAccount { code, kind, name, active: active == "true" })
    }
}

/// `GET /ledger/accounts?q=`.
pub(super) async fn accounts_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceRead)?;
    let chart = caller.read(accounts).await?;
    let q = query.q().unwrap_or_default();
    let found: Vec<Account> = chart.into_iter().filter(|account| account.fits(&q)).collect();
    let p = caller.shell().titled("ledger-menu-accounts").lead("ledger-accounts-lead");
    let table = chart_table(&p, &query, found);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "accounts")?);
    }
    let may = p.can(Permission::FinanceEdit);
    let new =
        |p: &Shell| Action::link("/ledger/accounts/new", p.t("ledger-account-new")).primary().icon("plus-lg");
    Ok(render(&ListPage::new(p, table).action_if(may, new)))
}

fn chart_table(p: &Shell, query: &ListQuery, found: Vec<Account>) -> Table {
    let columns = vec![
        Column::main("ledger-field-account"),
        Column::new("ledger-field-kind"),
        Column::new("ledger-field-status"),
    ];
    let row = |account: &Account| -> Row {
        let name = account.name.get(p.lang()).to_owned();
        if !account.postable {
            let group = Cell::badge(Tone::Plain, p.t("ledger-account-group"));
            return vec![
                Cell::Two(account.code.clone(), name),
                Cell::text(p.t(account.kind.text_key())),
                group,
            ];
        }
        let state = match (account.active, account.standard) {
            (false, _) => Cell::badge(Tone::Warning, p.t("ledger-account-closed")),
            (true, false) => Cell::badge(Tone::Info, p.t("ledger-account-own")),
            (true, true) => Cell::Blank,
        };
        let href = format!("/ledger/accounts/{}", account.code);
        let link = Cell::Link { href, text: account.code.clone(), sub: name };
        vec![link, Cell::text(p.t(account.kind.text_key())), state]
    };
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let part = query.page();
    let skip = usize::try_from(part.offset()).unwrap_or(usize::MAX);
    let take =
        if Export::asked(query).is_some() { usize::MAX } else { usize::try_from(part.limit()).unwrap_or(0) };
    let shown = found.into_iter().skip(if take == usize::MAX { 0 } else { skip }).take(take).collect();
    let page = Page::new(part, count, shown);
    let empty = Empty::new("diagram-3", p.t("web-list-empty"), "");
    Table::new(&p.words, "accounts", query, columns, &page, row)
        .search("ledger-accounts-search")
        .export("/ledger/accounts")
        .empty(empty)
}

/// `GET /ledger/accounts/options?q=`: the accounts that entries may name.
pub(super) async fn account_options(caller: Caller, query: ListQuery) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceRead)?;
    let chart = caller.read(accounts).await?;
    let q = query.q().unwrap_or_default();
    let lang = caller.ctx.lang();
    let found = chart.iter().filter(|account| account.postable && account.active && account.fits(&q));
    let option = |account: &Account| Found::new(account.code.as_str(), account.label(lang));
    Ok(render(&Options(found.take(OPTIONS_AT_MOST).map(option).collect())))
}

/// `by_id` when the address names the account so.
fn page(p: Shell, of: Option<(&Account, bool)>, typed: &AccountForm, error: Option<&Error>) -> FormPage {
    let p = p.crumb("/ledger/accounts", "ledger-menu-accounts").narrow();
    let (p, action) = match of {
        None => (p.titled("ledger-account-new"), "/ledger/accounts/new".to_owned()),
        Some((account, by_id)) => {
            let title = account.label(p.lang());
            let name = if by_id { account.id.to_string() } else { account.code.clone() };
            (p.named(title), format!("/ledger/accounts/{name}/edit"))
        }
    };
    let AccountForm { code, kind, name_uz, name_ru, name_en, active } = typed;
    let kinds = AccountKind::ALL.map(|kind| Choice::new(kind.word(), p.t(kind.text_key()))).to_vec();
    let is_standard = of.is_some_and(|(account, _)| account.standard);
    let fixed = |field: Field| if is_standard { field.disabled() } else { field };
    let kind = if kind.is_empty() { AccountKind::Active.word() } else { kind };
    let form = Form::new(&p, action)
        .error(error)
        .field(fixed(Field::text("code", "ledger-field-code").value(code).required().max(10).half()))
        .field(fixed(Field::select("kind", "ledger-field-kind", kinds).value(kind).required().half()))
        .field(Field::text("name_uz", "ledger-field-name-uz").value(name_uz).max(150))
        .field(Field::text("name_ru", "ledger-field-name-ru").value(name_ru).max(150))
        .field(Field::text("name_en", "ledger-field-name-en").value(name_en).max(150))
        .field(
            Field::check("active", "ledger-field-active")
                .checked(active == "true")
                .help("ledger-field-active-help"),
        )
        .cancel("/ledger/accounts");
    FormPage::new(p, form)
}

/// `GET /ledger/accounts/new`.
pub(super) async fn new_account_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let typed = AccountForm { active: "true".to_owned(), ..AccountForm::default() };
    Ok(render(&page(caller.shell(), None, &typed, None)))
}

/// `POST /ledger/accounts/new`.
pub(super) async fn create_account(
    caller: Caller,
    web::Form(typed): web::Form<AccountForm>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let sent = typed.clone();
    let made =
        caller.once(move |ctx, tx| create(ctx, tx, sent.content(None)?).map(|account| account.code)).await;
    answer(&caller, None, &typed, made)
}

/// `GET /ledger/accounts/{id}/edit`.
pub(super) async fn edit_account_page(caller: Caller, Path(key): Path<String>) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let by_id = Uuid::try_parse(&key).is_ok();
    let account = caller.read(move |ctx, tx| find_account(ctx, tx, &key)).await?;
    Ok(render(&page(caller.shell(), Some((&account, by_id)), &AccountForm::of(&account), None)))
}

/// `POST /ledger/accounts/{id}/edit`.
pub(super) async fn update_account(
    caller: Caller,
    Path(key): Path<String>,
    web::Form(typed): web::Form<AccountForm>,
) -> web::Result<Response> {
    caller.ctx.require(Permission::FinanceEdit)?;
    let by_id = Uuid::try_parse(&key).is_ok();
    let account = caller.read(move |ctx, tx| find_account(ctx, tx, &key)).await?;
    let (stands, sent) = (account.clone(), typed.clone());
    let written = caller
        .write(move |ctx, tx| {
            let new = sent.content(Some(&stands))?;
            crate::actions::begin_if_new(ctx, tx)?;
            // A chart that was only shown so far has its ids from here on.
            let stands = find_account(ctx, tx, &stands.code)?;
            update(ctx, tx, stands.id, new).map(|account| account.code)
        })
        .await;
    answer(&caller, Some((&account, by_id)), &typed, written)
}

fn answer(
    caller: &Caller,
    of: Option<(&Account, bool)>,
    typed: &AccountForm,
    written: Result<String>,
) -> web::Result<Response> {
    match written {
        Ok(code) => {
            let done = Text::new("ledger-account-saved").with("code", code.clone());
            Ok(Go::to(format!("/ledger/accounts/{code}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), of, typed, Some(error)))?),
    }
}

/// `POST /ledger/accounts/{id}/delete`.
pub(super) async fn delete_account(caller: Caller, Path(key): Path<String>) -> web::Result<Go> {
    caller.ctx.require(Permission::FinanceDelete)?;
    let account = caller.read(move |ctx, tx| find_account(ctx, tx, &key)).await?;
    let id = account.id;
    let words = caller.words();
    match caller.once(move |ctx, tx| delete(ctx, tx, id)).await {
        Ok(()) => {
            let done = Text::new("ledger-account-deleted").with("code", account.code);
            Ok(Go::to("/ledger/accounts").done(&words, &done))
        }
        Err(error) if error.kind() == Kind::Conflict => {
            let own = format!("/ledger/accounts/{}", account.code);
            Ok(Go::to(own).toast(Tone::Error, words.say(error.text())))
        }
        Err(error) => Err(error.into()),
    }
}
