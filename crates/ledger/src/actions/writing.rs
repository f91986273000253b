//! Entries that people write themselves.

use context::{Ctx, Permission};
use db::Tx;
use kernel::{Checks, Date, Error, Id, Result};

use super::posting::{Draft, post_drafts};
use crate::{Entry, MANUAL, MAX_MEMO, MAX_NOTE, Memo, NewEntry, NewLine, Posted, Source, events};

/// What a person writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteEntry {
    /// The day it counts for.
    pub date: Date,
    /// What it is about.
    pub memo: String,
    /// Its lines.
    pub lines: Vec<NewLine>,
}

/// Posts what a person wrote.
pub fn write_entry(ctx: &Ctx, tx: &mut Tx, input: WriteEntry) -> Result<Posted> {
    ctx.require(Permission::FinanceEdit)?;
    let WriteEntry { date, memo, mut lines } = input;
    let mut checks = Checks::new();
    let memo = checks.required_line("memo", &memo, MAX_MEMO);
    for (place, line) in lines.iter_mut().enumerate() {
        line.note = checks.line(&format!("lines.{place}.note"), &line.note, MAX_NOTE);
    }
    checks.done()?;
    let id: Id<Entry> = ctx.new_id();
    let source = Source { kind: MANUAL.to_owned(), id: id.uuid(), number: None };
    let new = NewEntry { date, memo: Memo::said(memo), source, purpose: "entry".to_owned(), lines };
    let drafts = vec![Draft { new, reverses: None, id }];
    let posted = post_drafts(ctx, tx, drafts)?;
    let posted = posted.into_iter().next().ok_or_else(|| Error::internal("nothing was posted"))?;
    ctx.audit_new(tx, "ledger_entry.post", "ledger_entry", posted.id, &posted)?;
    events::posted(ctx, tx, &posted, date)?;
    Ok(posted)
}
