//! The journal in hledger's format (hledger.org, "Journal"): plain text that other programs check us by.

use std::{collections::BTreeSet, fmt::Write};

use context::Ctx;
use db::ReadTx;
use kernel::{Error, PageRequest, Result, Text};

use crate::{Account, EntryFilter, Line, Memo, accounts, reads::list_with_lines, seen::by_id};

/// Entries of one file at most: it is made in memory.
const MAX_ENTRIES: i64 = 50_000;
/// Entries that one step reads.
const STEP: u32 = 500;

/// The entries that fit, oldest first. `say` makes words of what they are about.
pub(crate) fn journal(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &EntryFilter,
    say: impl Fn(&Memo) -> String,
) -> Result<String> {
    let filter = EntryFilter { ascending: true, ..filter.clone() };
    let chart = by_id(accounts(ctx, tx)?);
    let mut body = String::new();
    let mut used = BTreeSet::new();
    let mut number = 1;
    loop {
        let page = list_with_lines(ctx, tx, &filter, PageRequest::new(number, STEP))?;
        if page.count > MAX_ENTRIES {
            let text = Text::new("ledger-journal-too-long").with("max", MAX_ENTRIES);
            return Err(Error::field("from", text));
        }
        for (entry, lines) in &page.results {
            // What stands in brackets before the words is a code; a bar and a semicolon mean something to hledger.
            let said = plain(&say(&entry.memo));
            written(writeln!(body, "{} ({}) {said}", entry.date, entry.number))?;
            for line in lines {
                let missing = || Error::internal("a line without an account");
                let account = chart.get(&line.account).ok_or_else(missing)?;
                let name = name(ctx, account);
                written(writeln!(body, "    {}  {} UZS", posting(line, &name), line.amount))?;
                used.insert(name);
            }
            body.push('\n');
        }
        if !page.has_next() {
            break;
        }
        number += 1;
    }
    let mut out = String::from("commodity 1000.00 UZS\n");
    for name in used {
        written(writeln!(out, "account {name}"))?;
    }
    out.push('\n');
    out.push_str(&body);
    Ok(out)
}

/// The account's name: hledger ends one at two spaces, at a semicolon, and parts it at colons.
fn name(ctx: &Ctx, account: &Account) -> String {
    plain(&account.label(ctx.lang())).replace(':', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands beside the balance stands in brackets: a posting without another side.
fn posting(line: &Line, name: &str) -> String {
    if line.off_balance { format!("({name})") } else { name.to_owned() }
}

fn plain(text: &str) -> String {
    let plain: String =
        text.chars().map(|c| if c == ';' || c == '|' || c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").replace(['(', ')', '[', ']'], "")
}

fn written(outcome: std::fmt::Result) -> Result<()> {
    outcome.map_err(Error::internal)
}
