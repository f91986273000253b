//! What others may read of the cash, and the lists of pages and API.

use contacts::Contact;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Date, Id, Money, Page, PageRequest, Result};
use uuid::Uuid;

use crate::{Flow, Register, RegisterKind, Transaction, TransactionKind, store};

/// Which transactions are wanted; what is `None` or empty does not matter.
#[derive(Debug, Clone, Default)]
pub struct TransactionFilter {
    /// Of this register.
    pub register: Option<Id<Register>>,
    /// Of this kind.
    pub kind: Option<TransactionKind>,
    /// Which went this way.
    pub flow: Option<Flow>,
    /// From or to this contact.
    pub contact: Option<Id<Contact>>,
    /// Of this day or later.
    pub from: Option<Date>,
    /// Of this day or earlier.
    pub until: Option<Date>,
    /// With these letters in the note, in either script, or this number.
    pub text: String,
}

/// Every register: tills first, the default one of each kind first. For lists to choose from; also for whoever takes a
/// payment and does not see the books.
pub fn registers(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Register>> {
    store::registers::all(ctx, tx)
}

/// The register with this id; also for whoever sees the document that names it.
pub fn find_register(ctx: &Ctx, tx: &mut ReadTx, id: Id<Register>) -> Result<Option<Register>> {
    store::registers::find(ctx, tx, id)
}

/// The register with this number.
pub fn find_register_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Option<Register>> {
    Ok(registers(ctx, tx)?.into_iter().find(|register| register.number == number))
}

/// What lies in all registers of a kind together.
pub fn total(ctx: &Ctx, tx: &mut ReadTx, kind: RegisterKind) -> Result<Money> {
    ctx.require(Permission::FinanceRead)?;
    let all = registers(ctx, tx)?;
    Money::sum(all.iter().filter(|register| register.kind == kind).map(|register| register.balance))
}

/// The transaction with this id.
pub fn get_transaction(ctx: &Ctx, tx: &mut ReadTx, id: Id<Transaction>) -> Result<Transaction> {
    ctx.require(Permission::FinanceRead)?;
    store::transactions::get(ctx, tx, id)
}

/// The transaction with this number.
pub fn get_transaction_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Transaction> {
    ctx.require(Permission::FinanceRead)?;
    store::transactions::get_by_number(ctx, tx, number)
}

/// What a document moved, in order; also for whoever may see the document and not the books.
pub fn transactions_of(ctx: &Ctx, tx: &mut ReadTx, kind: &str, id: Uuid) -> Result<Vec<Transaction>> {
    store::transactions::of_source(ctx, tx, kind, id)
}

/// The transactions that fit, the newest first.
pub fn list_transactions(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &TransactionFilter,
    page: PageRequest,
) -> Result<Page<Transaction>> {
    ctx.require(Permission::FinanceRead)?;
    store::transactions::list(ctx, tx, filter, page)
}

/// Everything of the workspace's cash that does not agree: balances against transactions, transactions against each
/// other. Empty when all is well. For the simulation and a command.
pub fn check(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    let mut found = store::checks::balances_without_transactions(ctx, tx)?;
    found.extend(store::checks::broken_chains(ctx, tx)?);
    found.extend(store::checks::gaps(ctx, tx)?);
    found.extend(store::checks::crooked_reversals(ctx, tx)?);
    found.extend(store::checks::crooked_transfers(ctx, tx)?);
    Ok(found)
}
