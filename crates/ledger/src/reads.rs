//! What others may read of the books, and the lists of pages and API.

use std::collections::{BTreeMap, HashMap};

use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Date, Error, Id, Money, Page, PageRequest, Result};
use uuid::Uuid;

use crate::{
    Account, AccountKind, AccountLine, Entry, Line, Month, Period, Role, TrialBalance, Turnover,
    chart::standard, store,
};

/// Which entries are wanted; what is `None` or empty does not matter.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// Of this day or later.
    pub from: Option<Date>,
    /// Of this day or earlier.
    pub until: Option<Date>,
    /// With a line of this account.
    pub account: Option<Id<Account>>,
    /// From this kind of document.
    pub source_kind: Option<String>,
    /// From this document.
    pub source_id: Option<Uuid>,
    /// Of exactly this sum.
    pub amount: Option<Money>,
    /// These words of the memo, in either script.
    pub text: String,
    /// The oldest first.
    pub ascending: bool,
}

/// Every account, in the order of the codes. A workspace without books sees the standard chart as it will be; those
/// accounts have no ids yet.
pub fn accounts(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Account>> {
    let stored = store::accounts::all(ctx, tx)?;
    if !stored.is_empty() {
        return Ok(stored);
    }
    let account = |account: crate::chart::StandardAccount| Account {
        id: Id::from_uuid(Uuid::nil()),
        code: account.code.to_owned(),
        kind: account.kind,
        name: account.name,
        postable: account.postable,
        standard: true,
        active: true,
    };
    let mut chart: Vec<_> = standard()?.into_iter().map(account).collect();
    chart.sort_by(|one, two| one.code.cmp(&two.code));
    Ok(chart)
}

/// The account that people call `5010`, or that has this UUID.
pub fn find_account(ctx: &Ctx, tx: &mut ReadTx, key: &str) -> Result<Account> {
    ctx.require(Permission::FinanceRead)?;
    let uuid = Uuid::try_parse(key).ok().filter(|uuid| !uuid.is_nil());
    let is_it = |account: &Account| account.code == key || uuid.is_some_and(|uuid| account.id.uuid() == uuid);
    accounts(ctx, tx)?.into_iter().find(is_it).ok_or_else(Error::not_found)
}

/// Which account each role is.
pub fn role_accounts(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<(Role, Account)>> {
    let chart = accounts(ctx, tx)?;
    let chosen: BTreeMap<Role, Id<Account>> = store::accounts::chosen(ctx, tx)?.into_iter().collect();
    let of = |role: &Role| {
        let is_it = |account: &&Account| match chosen.get(role) {
            Some(id) => account.id == *id,
            None => account.code == role.default_code(),
        };
        let account = chart.iter().find(is_it).cloned();
        account
            .map(|account| (*role, account))
            .ok_or_else(|| Error::internal(format!("{role:?} has no account")))
    };
    Role::ALL.iter().map(of).collect()
}

/// The account that a role is.
pub fn account_for(ctx: &Ctx, tx: &mut ReadTx, role: Role) -> Result<Account> {
    let found = store::accounts::wanted(ctx, tx, &[role.default_code().to_owned()], &[], &[role])?;
    let chosen = found.iter().find(|(_, chosen)| chosen.is_some()).or_else(|| found.first());
    match chosen {
        Some((account, _)) => Ok(account.clone()),
        None => {
            let is_it = |account: &Account| account.code == role.default_code();
            accounts(ctx, tx)?.into_iter().find(is_it).ok_or_else(Error::not_found)
        }
    }
}

/// The entry with this id.
pub fn get_entry(ctx: &Ctx, tx: &mut ReadTx, id: Id<Entry>) -> Result<Entry> {
    ctx.require(Permission::FinanceRead)?;
    store::entries::get(ctx, tx, id)
}

/// The entry with this number.
pub fn get_entry_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Entry> {
    ctx.require(Permission::FinanceRead)?;
    store::entries::get_by_number(ctx, tx, number)
}

/// The lines of an entry, in order.
pub fn entry_lines(ctx: &Ctx, tx: &mut ReadTx, id: Id<Entry>) -> Result<Vec<Line>> {
    ctx.require(Permission::FinanceRead)?;
    store::lines::of_entry(ctx, tx, id)
}

/// What a document posted, in order; also for whoever may see the document and not the books.
pub fn entries_of(ctx: &Ctx, tx: &mut ReadTx, kind: &str, id: Uuid) -> Result<Vec<Entry>> {
    store::entries::of_source(ctx, tx, kind, id)
}

/// The entries that fit, the newest day first unless the filter says otherwise.
pub fn list_entries(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &EntryFilter,
    page: PageRequest,
) -> Result<Page<Entry>> {
    ctx.require(Permission::FinanceRead)?;
    let Page { count, results: ids, request } = store::entries::list(ctx, tx, filter, page)?;
    Ok(Page::new(request, count, in_order(ctx, tx, &ids)?))
}

fn in_order(ctx: &Ctx, tx: &mut ReadTx, ids: &[Id<Entry>]) -> Result<Vec<Entry>> {
    let mut distinct = ids.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let found = store::entries::get_many(ctx, tx, &distinct)?;
    let by_id: HashMap<_, _> = found.into_iter().map(|entry| (entry.id, entry)).collect();
    ids.iter().map(|id| by_id.get(id).cloned().ok_or_else(Error::not_found)).collect()
}

/// The same with their lines.
pub(crate) fn list_with_lines(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &EntryFilter,
    page: PageRequest,
) -> Result<Page<(Entry, Vec<Line>)>> {
    let found = list_entries(ctx, tx, filter, page)?;
    let ids: Vec<_> = found.results.iter().map(|entry| entry.id).collect();
    let mut lines: HashMap<Id<Entry>, Vec<Line>> = HashMap::new();
    for line in store::lines::of_entries(ctx, tx, &ids)? {
        lines.entry(line.entry).or_default().push(line);
    }
    Ok(found.map(|entry| {
        let own = lines.remove(&entry.id).unwrap_or_default();
        (entry, own)
    }))
}

/// What stood on every account before `from`, what it turned over until `until`, and what stands on it then. Reads the
/// months that are kept, and lines only of the days of a month that is cut.
pub fn trial_balance(ctx: &Ctx, tx: &mut ReadTx, from: Date, until: Date) -> Result<TrialBalance> {
    ctx.require(Permission::FinanceRead)?;
    let chart = accounts(ctx, tx)?;
    let mut found = store::balances::turnovers(ctx, tx, from, until.max(from), None)?;
    let rows = chart.into_iter().filter_map(|account| {
        let moved = found.remove(&account.id)?;
        Some((account, moved))
    });
    TrialBalance::of(from, until.max(from), rows.collect())
}

/// What one account turned over on these days, and what stood on it before.
pub fn account_turnover(
    ctx: &Ctx,
    tx: &mut ReadTx,
    account: Id<Account>,
    from: Date,
    until: Date,
) -> Result<Turnover> {
    ctx.require(Permission::FinanceRead)?;
    let mut found = store::balances::turnovers(ctx, tx, from, until.max(from), Some(account))?;
    Ok(found.remove(&account).unwrap_or_default())
}

/// A part of an account's lines of these days, oldest first, each with what stood on the account after it.
pub fn account_lines(
    ctx: &Ctx,
    tx: &mut ReadTx,
    account: Id<Account>,
    from: Date,
    until: Date,
    page: PageRequest,
) -> Result<Page<AccountLine>> {
    let opening = account_turnover(ctx, tx, account, from, until)?.opening;
    let (count, lines) = store::lines::of_account(ctx, tx, account, from, until, page)?;
    let before = store::lines::sum_of_first(ctx, tx, account, from, until, page.offset())?;
    let ids: Vec<_> = lines.iter().map(|line| line.entry).collect();
    let entries = in_order(ctx, tx, &ids)?;
    let mut balance = opening.plus(before)?;
    let mut found = Vec::with_capacity(lines.len());
    for (line, entry) in lines.into_iter().zip(entries) {
        balance = balance.plus(line.amount)?;
        found.push(AccountLine { line, entry, balance });
    }
    Ok(Page::new(page, count, found))
}

/// What stands between us and these contacts on the account of a role: above zero they owe us. In the order asked for.
pub fn contact_balances(
    ctx: &Ctx,
    tx: &mut ReadTx,
    role: Role,
    contacts: &[Uuid],
) -> Result<Vec<(Uuid, Money)>> {
    let account = account_for(ctx, tx, role)?;
    let mut found = HashMap::with_capacity(contacts.len());
    for some in contacts.chunks(1_000) {
        found.extend(store::lines::by_contact(ctx, tx, account.id, some)?);
    }
    Ok(contacts.iter().map(|id| (*id, found.get(id).copied().unwrap_or_default())).collect())
}

/// What every product is worth on the account of a role; those of nothing are left out.
pub fn product_balances(ctx: &Ctx, tx: &mut ReadTx, role: Role) -> Result<Vec<(Uuid, Money)>> {
    let account = account_for(ctx, tx, role)?;
    store::lines::by_product(ctx, tx, account.id)
}

/// The last closed month, if any is closed.
pub fn closed_through(ctx: &Ctx, tx: &mut ReadTx) -> Result<Option<Month>> {
    store::books::closed_through(ctx, tx)
}

/// The months of the books, newest first: from the first with entries, or the first closed one, to this month.
pub fn periods(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<Period>> {
    ctx.require(Permission::FinanceRead)?;
    let closings: BTreeMap<_, _> = store::books::closings(ctx, tx)?.into_iter().collect();
    let posted = store::books::months(ctx, tx)?;
    let today = Month::of(ctx.today())?;
    let firsts = [closings.keys().next().copied(), posted.map(|(first, _)| first), Some(today)];
    let first = firsts.into_iter().flatten().min().unwrap_or(today);
    let last = posted.map_or(today, |(_, last)| last.max(today));
    let mut months = Vec::new();
    let mut month = last;
    while month >= first {
        months.push(Period { month, closed: closings.get(&month).cloned() });
        month = month.previous();
    }
    Ok(months)
}

/// Everything of the workspace's books that does not agree: balances against lines, entries against their lines,
/// numbers with gaps, the two sides of the trial balance. Empty when all is well. For the simulation and a command.
pub fn check(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    let mut found = store::checks::balances_without_lines(ctx, tx)?;
    found.extend(store::checks::broken_entries(ctx, tx)?);
    found.extend(store::checks::gaps(ctx, tx)?);
    if let Some((first, last)) = store::books::months(ctx, tx)? {
        let chart = accounts(ctx, tx)?;
        let turned = store::balances::turnovers(ctx, tx, first.first_day()?, last.last_day()?, None)?;
        let mut balance = Money::ZERO;
        for account in chart.iter().filter(|account| account.kind != AccountKind::OffBalance) {
            let closing = turned.get(&account.id).map(Turnover::closing).transpose()?;
            balance = balance.plus(closing.unwrap_or_default())?;
        }
        if !balance.is_zero() {
            found.push(format!("the trial balance comes to {balance} and not to nothing"));
        }
    }
    Ok(found)
}
