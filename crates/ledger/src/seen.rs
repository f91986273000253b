//! Rows as pages and API name them.

use std::collections::HashMap;

use context::Ctx;
use db::ReadTx;
use kernel::{Id, Result};
use web::RowKey;

use crate::{Account, Entry, get_entry, get_entry_by_number};

/// The entry that a path names by number or id.
pub(crate) fn find_entry(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Entry> {
    match key {
        RowKey::Number(number) => get_entry_by_number(ctx, tx, number),
        RowKey::Id(uuid) => get_entry(ctx, tx, Id::from_uuid(uuid)),
    }
}

/// The accounts by their ids.
pub(crate) fn by_id(accounts: Vec<Account>) -> HashMap<Id<Account>, Account> {
    accounts.into_iter().map(|account| (account.id, account)).collect()
}
