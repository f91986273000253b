//! A register with its transactions, all transactions, and one of them.

use axum::{extract::Path, response::Response};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Page, Result};
use ledger::Entry;
use web::{
    Caller, RowKey,
    pages::{
        Action, Badge, DetailPage, Export, Facts, ListPage, ListQuery, Shell, Tile, Tone, asked_page, render,
    },
};

use super::{
    address, document, icon,
    listed::{About, filter, table},
    som, state, transaction_address,
};
use crate::{
    Register, Transaction, list_transactions, registers,
    seen::{SeenTransaction, seen_one, seen_page, seen_register, seen_transaction},
    transactions_of,
};

fn listed(
    ctx: &Ctx,
    tx: &mut ReadTx,
    query: &ListQuery,
    register: Option<&Register>,
) -> Result<Page<SeenTransaction>> {
    let filter = filter(ctx, tx, query, register)?;
    asked_page(query, |part| {
        let page = list_transactions(ctx, tx, &filter, part)?;
        seen_page(ctx, tx, page)
    })
}

/// `GET /cash/registers/{id}?from=&until=&flow=&kind=&contact=&q=`.
pub(super) async fn register_page(
    caller: Caller,
    Path(key): Path<RowKey>,
    query: ListQuery,
) -> web::Result<Response> {
    let asked = query.clone();
    let (register, page, open) = caller
        .read(move |ctx, tx| {
            let register = seen_register(ctx, tx, key)?;
            let page = listed(ctx, tx, &asked, Some(&register))?;
            let open = registers(ctx, tx)?.into_iter().filter(|one| one.active).count();
            Ok((register, page, open))
        })
        .await?;
    let p = caller.shell().named(register.name.as_str()).crumb("/cash", "cash-menu-cash");
    let path = address(&register);
    let about = About { path: &path, registers: None };
    let table = table(&p, &about, &query, &page).days(caller.ctx.today());
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "cash")?);
    }
    let actions = actions(&p, &register, open);
    let tile = tile(&p, &register);
    let page = ListPage::new(p, table).tiles(vec![tile]);
    Ok(render(&actions.into_iter().fold(page, ListPage::action)))
}

/// What lies in the register, and what kind of place it is.
fn tile(p: &Shell, register: &Register) -> Tile {
    let kind = p.t(register.kind.text_key());
    let note = match state(register) {
        Some((_, key)) => format!("{kind} · {}", p.t(key)),
        None => kind,
    };
    let tile = Tile::new(p.t("cash-field-balance"), p.money(register.balance)).unit(p.t("web-som"));
    tile.icon(icon(register.kind)).note(note)
}

fn actions(p: &Shell, register: &Register, open: usize) -> Vec<Action> {
    let mut actions = Vec::new();
    let to = |page: &str| format!("{}/{page}", address(register));
    if register.active && p.can(Permission::FinanceCreate) {
        actions.push(Action::link(to("in"), p.t("cash-flow-in")).primary().icon("plus-lg"));
        actions.push(Action::link(to("out"), p.t("cash-flow-out")).icon("arrow-up-right"));
        if open > 1 {
            actions.push(Action::link(to("transfer"), p.t("cash-kind-transfer")).icon("arrow-down-up"));
        }
    }
    if p.can(Permission::FinanceEdit) {
        actions.push(Action::link(to("edit"), p.t("cash-register-edit")).icon("pencil"));
    }
    let is_unused = register.transactions == 0 && !register.is_default;
    if is_unused && p.can(Permission::FinanceDelete) {
        let question = p.t1("cash-register-delete-question", "register", register.name.clone());
        let delete = Action::post(p, to("delete"), p.t("cash-register-delete"));
        actions.push(delete.danger().icon("trash").confirm(question));
    }
    actions
}

/// `GET /cash/transactions?from=&until=&register=&flow=&kind=&contact=&q=`.
pub(super) async fn transactions_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let (page, all) =
        caller.read(move |ctx, tx| Ok((listed(ctx, tx, &asked, None)?, registers(ctx, tx)?))).await?;
    let p = caller.shell().titled("cash-menu-transactions").lead("cash-transactions-lead");
    let about = About { path: "/cash/transactions", registers: Some(&all) };
    let table = table(&p, &about, &query, &page).days(caller.ctx.today());
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "cash_transactions")?);
    }
    Ok(render(&ListPage::new(p, table)))
}

/// What else there is to show of a transaction.
struct Around {
    seen: SeenTransaction,
    entries: Vec<Entry>,
    /// The others of its document: the other side of a transfer, reversals.
    others: Vec<Transaction>,
}

fn around(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Around> {
    let transaction = seen_transaction(ctx, tx, key)?;
    let source = transaction.source.clone();
    let entries = ledger::entries_of(ctx, tx, &source.kind, source.id)?;
    let mut others = transactions_of(ctx, tx, &source.kind, source.id)?;
    others.retain(|other| other.id != transaction.id);
    Ok(Around { seen: seen_one(ctx, tx, transaction)?, entries, others })
}

/// `GET /cash/transactions/{id}`.
pub(super) async fn transaction_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let around = caller.read(move |ctx, tx| around(ctx, tx, key)).await?;
    let Around { seen, entries, others } = &around;
    let SeenTransaction { transaction, register, contact: _ } = seen;
    let title = caller.words().t1("cash-transaction-number", "number", transaction.number.to_string());
    let p = caller.shell().named(title).crumb("/cash", "cash-menu-cash");
    let p = p.crumb_named(address(register), register.name.as_str());
    let facts = linked(&p, facts(&p, seen), seen, entries, others);
    let mut page = DetailPage::new(p.clone()).facts(facts);
    if let Some((tone, key)) = said_of(transaction) {
        page = page.badge(Badge::new(tone, p.t(key)));
    }
    let may = transaction.is_manual() && said_of(transaction).is_none() && p.can(Permission::FinanceEdit);
    if may {
        let href = format!("{}/reverse", transaction_address(transaction));
        page = page.action(Action::link(href, p.t("cash-transaction-reverse")).icon("arrow-return-left"));
    }
    Ok(render(&page))
}

/// What there is to say of a transaction beyond that it is recorded.
fn said_of(transaction: &Transaction) -> Option<(Tone, &'static str)> {
    match (transaction.reverses, transaction.reversed_by) {
        (Some(_), _) => Some((Tone::Info, "cash-transaction-reversal")),
        (None, Some(_)) => Some((Tone::Warning, "cash-transaction-reversed")),
        (None, None) => None,
    }
}

fn facts(p: &Shell, seen: &SeenTransaction) -> Facts {
    let SeenTransaction { transaction, register, contact } = seen;
    let what = format!("{}: {}", p.t(transaction.flow.text_key()), p.t(transaction.kind.text_key()));
    let recorded_at = p.time(transaction.recorded_at);
    let mut facts = Facts::new()
        .text(p.t("cash-field-kind"), what)
        .text(p.t("cash-field-amount"), som(p, transaction.amount))
        .link(p.t("cash-field-register"), register.name.as_str(), address(register))
        .text(p.t("cash-field-balance-after"), som(p, transaction.balance_after))
        .text(p.t("cash-field-date"), p.date(transaction.on));
    if let Some(contact) = contact {
        let href = format!("/contacts/{}", contact.number);
        facts = facts.link(p.t("cash-field-contact"), contact.name.as_str(), href);
    }
    facts
        .text(p.t("cash-field-note"), transaction.note.as_str())
        .text(p.t("cash-field-recorded-by"), format!("{}, {recorded_at}", transaction.recorded_by))
}

/// With the document, the entries in the ledger, and the other transactions that belong to it.
fn linked(
    p: &Shell,
    mut facts: Facts,
    seen: &SeenTransaction,
    entries: &[Entry],
    others: &[Transaction],
) -> Facts {
    if !seen.transaction.is_manual() {
        facts = document(p, &seen.transaction).fact(facts, p.t("cash-field-document"));
    }
    for entry in entries {
        let said = p.t1("cash-entry-number", "number", entry.number.to_string());
        facts = facts.link(p.t("cash-field-entry"), said, format!("/ledger/entries/{}", entry.number));
    }
    for other in others {
        let label = match (other.reverses == Some(seen.transaction.id), other.reversed_by) {
            (true, _) => "cash-field-reversed-by",
            (false, Some(reversal)) if reversal == seen.transaction.id => "cash-field-reverses",
            _ => "cash-field-related",
        };
        let said = p.t1("cash-transaction-number", "number", other.number.to_string());
        facts = facts.link(p.t(label), said, transaction_address(other));
    }
    facts
}
