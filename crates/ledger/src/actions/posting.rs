//! Posting: what every document does in its own transaction. Five statements, however many lines and entries.
// tidy: no permission: documents post on behalf of whoever acts; their own actions asked for the permission

use std::collections::{BTreeMap, HashMap};

use context::Ctx;
use db::Tx;
use kernel::{Checks, Error, Id, Money, Result, Text};

use super::begin;
use crate::{
    Account, AccountKind, AccountRef, Entry, Line, Month, NewEntry, Posted, Role, store,
    store::balances::Added,
};

/// Posts one entry in the caller's transaction: numbered, sealed, counted into its accounts' months. The same source
/// and purpose a second time is a conflict. An entry that does not balance, an unknown account, a closed month are
/// refused with the field that is wrong.
pub fn post(ctx: &Ctx, tx: &mut Tx, new: NewEntry) -> Result<Posted> {
    let posted = post_all(ctx, tx, vec![new])?;
    posted.into_iter().next().ok_or_else(|| Error::internal("nothing was posted"))
}

/// Posts several entries at once, in as few statements as one: a sale posts its delivery, its invoice and its payment
/// together, at the end of its transaction, because posting holds the workspace's book until the commit.
pub fn post_all(ctx: &Ctx, tx: &mut Tx, new: Vec<NewEntry>) -> Result<Vec<Posted>> {
    let entries = new.into_iter().map(|new| Draft { new, reverses: None, id: ctx.new_id() }).collect();
    post_drafts(ctx, tx, entries)
}

/// An entry on its way.
pub(super) struct Draft {
    pub(super) new: NewEntry,
    pub(super) reverses: Option<Id<Entry>>,
    pub(super) id: Id<Entry>,
}

pub(super) fn post_drafts(ctx: &Ctx, tx: &mut Tx, drafts: Vec<Draft>) -> Result<Vec<Posted>> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    let months = drafts.iter().map(|draft| draft.new.check()).collect::<Result<Vec<_>>>()?;
    let accounts = Wanted::of(&drafts).resolve(ctx, tx)?;
    let is_reversal = |draft: &Draft| draft.reverses.is_some();
    let lines =
        drafts.iter().map(|draft| lines(draft, &accounts, is_reversal(draft))).collect::<Result<Vec<_>>>()?;
    let first = number(ctx, tx, &drafts, &months)?;
    let mut entries = Vec::with_capacity(drafts.len());
    let mut added = Added::new();
    for ((draft, number), (lines, month)) in drafts.iter().zip(first..).zip(lines.iter().zip(&months)) {
        entries.push(entry(ctx, draft, number, lines)?);
        count(&mut added, lines, *month)?;
    }
    let rows: Vec<_> = entries
        .iter()
        .zip(&lines)
        .flat_map(|(entry, lines)| lines.iter().map(|line| (line, entry.number, entry.date)))
        .collect();
    store::lines::insert(ctx, tx, &rows)?;
    store::entries::insert(ctx, tx, &entries)?;
    store::balances::add(ctx, tx, &added)?;
    Ok(entries.iter().map(|entry| Posted { id: entry.id, number: entry.number }).collect())
}

/// Takes the entries' numbers and refuses those of closed months. From here on the book is held: posts of a workspace
/// stand in one queue, so that numbers have no gap and a month is not closed while somebody posts into it.
fn number(ctx: &Ctx, tx: &mut Tx, drafts: &[Draft], months: &[Month]) -> Result<i64> {
    let count = i64::try_from(drafts.len()).map_err(Error::internal)?;
    let (first, closed) = match store::books::take_numbers(ctx, tx, count)? {
        Some(taken) => taken,
        None => {
            begin(ctx, tx)?;
            let no_book = || Error::internal("a book that was just begun is not there");
            store::books::take_numbers(ctx, tx, count)?.ok_or_else(no_book)?
        }
    };
    match months.iter().find(|month| closed.is_some_and(|closed| **month <= closed)) {
        Some(month) => {
            let text = Text::new("ledger-period-is-closed").with("month", month.to_string());
            Err(Error::field("date", text))
        }
        None => Ok(first),
    }
}

fn entry(ctx: &Ctx, draft: &Draft, number: i64, lines: &[Line]) -> Result<Entry> {
    let Draft { new, reverses, id } = draft;
    let NewEntry { date, memo, source, purpose, lines: _ } = new.clone();
    let debits = Money::sum(lines.iter().map(Line::debit))?;
    let total = if debits.is_zero() { Money::sum(lines.iter().map(Line::credit))? } else { debits };
    Ok(Entry {
        id: *id,
        number,
        date,
        memo,
        source,
        purpose,
        reverses: *reverses,
        reversed_by: None,
        line_count: i32::try_from(lines.len()).map_err(Error::internal)?,
        total,
        posted_by: ctx.actor().name.clone(),
        posted_at: ctx.now(),
    })
}

fn count(added: &mut Added, lines: &[Line], month: Month) -> Result<()> {
    for line in lines {
        let (debit, credit, count) = added.entry((line.account, month)).or_default();
        *debit = debit.plus(line.debit())?;
        *credit = credit.plus(line.credit())?;
        *count += 1;
    }
    Ok(())
}

/// The lines with their accounts; or which of them cannot be, and whether they balance.
fn lines(draft: &Draft, accounts: &Found, is_reversal: bool) -> Result<Vec<Line>> {
    let mut checks = Checks::new();
    let mut lines = Vec::with_capacity(draft.new.lines.len());
    let mut balance = Money::ZERO;
    for (place, new) in draft.new.lines.iter().enumerate() {
        let field = format!("lines.{place}.account");
        let Some(account) = accounts.get(&new.account) else {
            checks.refuse(field, Text::new("ledger-account-unknown"));
            continue;
        };
        let code = || account.code.clone();
        let group = Text::new("ledger-account-is-group").with("code", code());
        checks.hold(account.postable, &field, group);
        // What was posted can always be taken back.
        let closed = Text::new("ledger-account-is-closed").with("code", code());
        checks.hold(account.active || is_reversal, &field, closed);
        let off_balance = account.kind == AccountKind::OffBalance;
        let amount = new.signed()?;
        if !off_balance {
            balance = balance.plus(amount).map_err(|error| error.under("lines"))?;
        }
        lines.push(Line {
            entry: draft.id,
            position: i32::try_from(place).map_err(Error::internal)?,
            account: account.id,
            amount,
            off_balance,
            contact: new.contact,
            product: new.product,
            warehouse: new.warehouse,
            note: new.note.clone(),
        });
    }
    checks.done()?;
    if !balance.is_zero() {
        let text = Text::new("ledger-entry-unbalanced").with("difference", balance);
        return Err(Error::field("lines", text));
    }
    Ok(lines)
}

/// The accounts that lines name.
struct Wanted {
    codes: Vec<String>,
    ids: Vec<Id<Account>>,
    roles: Vec<Role>,
}

impl Wanted {
    fn of(drafts: &[Draft]) -> Self {
        let mut wanted = Self { codes: Vec::new(), ids: Vec::new(), roles: Vec::new() };
        for line in drafts.iter().flat_map(|draft| &draft.new.lines) {
            match &line.account {
                AccountRef::Role(role) => {
                    wanted.roles.push(*role);
                    wanted.codes.push(role.default_code().to_owned());
                }
                AccountRef::Code(code) => wanted.codes.push(code.clone()),
                AccountRef::Id(id) => wanted.ids.push(*id),
            }
        }
        let Self { codes, ids, roles } = &mut wanted;
        codes.sort_unstable();
        codes.dedup();
        ids.sort_unstable();
        ids.dedup();
        roles.sort_unstable();
        roles.dedup();
        wanted
    }

    /// Asks for them; a workspace whose book is not begun yet gets its chart here.
    fn resolve(&self, ctx: &Ctx, tx: &mut Tx) -> Result<Found> {
        let Self { codes, ids, roles } = self;
        let found = Found::of(store::accounts::wanted(ctx, tx, codes, ids, roles)?);
        if codes.iter().all(|code| found.by_code.contains_key(code)) {
            return Ok(found);
        }
        begin(ctx, tx)?;
        Ok(Found::of(store::accounts::wanted(ctx, tx, codes, ids, roles)?))
    }
}

/// The accounts that were found.
struct Found {
    by_code: HashMap<String, Account>,
    by_id: BTreeMap<Id<Account>, Account>,
    by_role: BTreeMap<Role, Account>,
}

impl Found {
    fn of(accounts: Vec<(Account, Option<Role>)>) -> Self {
        let mut found = Self { by_code: HashMap::new(), by_id: BTreeMap::new(), by_role: BTreeMap::new() };
        for (account, role) in accounts {
            if let Some(role) = role {
                found.by_role.insert(role, account);
            } else {
                found.by_id.insert(account.id, account.clone());
                found.by_code.insert(account.code.clone(), account);
            }
        }
        found
    }

    fn get(&self, account: &AccountRef) -> Option<&Account> {
        match account {
            AccountRef::Role(role) => {
                self.by_role.get(role).or_else(|| self.by_code.get(role.default_code()))
            }
            AccountRef::Code(code) => self.by_code.get(code),
            AccountRef::Id(id) => self.by_id.get(id),
        }
    }
}
