//! Rows as pages and API name and show them.

use std::collections::HashMap;

use contacts::Contact;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Id, Page, Result, Text};
use web::RowKey;

use crate::{Register, Transaction, get_transaction, get_transaction_by_number, registers, store};

/// A transaction with what it names.
#[derive(Debug, Clone)]
pub(crate) struct SeenTransaction {
    pub(crate) transaction: Transaction,
    pub(crate) register: Register,
    pub(crate) contact: Option<Contact>,
}

/// The register that a path names by number or id.
pub(crate) fn seen_register(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Register> {
    ctx.require(Permission::FinanceRead)?;
    stored_register(ctx, tx, key)
}

/// The same for whoever may change it and not read the books.
pub(crate) fn stored_register(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Register> {
    let is_it = |register: &Register| match key {
        RowKey::Number(number) => register.number == number,
        RowKey::Id(uuid) => register.id.uuid() == uuid,
    };
    registers(ctx, tx)?.into_iter().find(is_it).ok_or_else(Error::not_found)
}

/// The register that an input names by its number.
pub(crate) fn named_register(
    ctx: &Ctx,
    tx: &mut ReadTx,
    number: i64,
    field: &'static str,
) -> Result<Id<Register>> {
    let found = registers(ctx, tx)?.into_iter().find(|register| register.number == number);
    found.map(|register| register.id).ok_or_else(|| Error::field(field, Text::new("cash-register-unknown")))
}

/// The contact that an input names by its number.
pub(crate) fn named_contact(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Id<Contact>> {
    let found = contacts::find_by_number(ctx, tx, number)?;
    let unknown = || Error::field("contact_id", Text::new("cash-contact-unknown"));
    found.map(|contact| contact.id).ok_or_else(unknown)
}

/// The transaction that a path names by number or id.
pub(crate) fn seen_transaction(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Transaction> {
    match key {
        RowKey::Number(number) => get_transaction_by_number(ctx, tx, number),
        RowKey::Id(uuid) => get_transaction(ctx, tx, Id::from_uuid(uuid)),
    }
}

/// The same for whoever may take it back and not read the books.
pub(crate) fn stored_transaction(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Transaction> {
    match key {
        RowKey::Number(number) => store::transactions::get_by_number(ctx, tx, number),
        RowKey::Id(uuid) => store::transactions::get(ctx, tx, Id::from_uuid(uuid)),
    }
}

/// With the registers and the contacts that they name, in the same order.
pub(crate) fn seen(
    ctx: &Ctx,
    tx: &mut ReadTx,
    transactions: Vec<Transaction>,
) -> Result<Vec<SeenTransaction>> {
    let all: HashMap<_, _> = registers(ctx, tx)?.into_iter().map(|one| (one.id, one)).collect();
    let mut wanted: Vec<_> = transactions.iter().filter_map(|one| one.contact).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let found = if wanted.is_empty() { Vec::new() } else { contacts::get_many(ctx, tx, &wanted)? };
    let contacts: HashMap<_, _> = found.into_iter().map(|contact| (contact.id, contact)).collect();
    let with = |transaction: Transaction| {
        let register = all.get(&transaction.register).cloned().ok_or_else(Error::not_found)?;
        let contact = transaction.contact.and_then(|id| contacts.get(&id).cloned());
        Ok(SeenTransaction { transaction, register, contact })
    };
    transactions.into_iter().map(with).collect()
}

/// The same of one.
pub(crate) fn seen_one(ctx: &Ctx, tx: &mut ReadTx, transaction: Transaction) -> Result<SeenTransaction> {
    seen(ctx, tx, vec![transaction])?.pop().ok_or_else(Error::not_found)
}

/// The same of a part of a list.
pub(crate) fn seen_page(
    ctx: &Ctx,
    tx: &mut ReadTx,
    page: Page<Transaction>,
) -> Result<Page<SeenTransaction>> {
    let Page { count, results, request } = page;
    Ok(Page::new(request, count, seen(ctx, tx, results)?))
}
