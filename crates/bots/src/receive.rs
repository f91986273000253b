//! The asynchronous edge of an update: finds out what its transaction needs, and runs it.

use std::sync::Arc;

use context::Ctx;
use db::{Db, Lane, Tx};
use kernel::{Error, Result};

use flow::{Input, shop::PAGE_PRODUCTS};

use crate::{
    Bots, Update,
    host::{Answers, Need},
    turn,
    update::What,
};

/// Rounds of finding out at most: a search, and once more for the last page.
const ROUNDS: usize = 4;

/// Takes one update: when this is done, it is durably taken, and its replies stand in the outbox or on the page.
/// The same update again changes nothing. Errors: the database is busy or lost; then the update is not taken.
pub async fn receive(ctx: &Ctx, db: &Db, bots: &Arc<Bots>, update: Update) -> Result<()> {
    let mut answers = match foreseen(&update) {
        Some(need) => find_out(ctx, bots, need)?,
        None => Answers::default(),
    };
    let update = Arc::new(update);
    for _ in 0..ROUNDS {
        let (own, holder, given, found) =
            (ctx.clone(), Arc::clone(bots), Arc::clone(&update), answers.clone());
        let run = move |tx: &mut Tx<'_>| turn::take(&own, tx, &holder, &given, &found);
        let Err(error) = db.write(ctx, Lane::People, run).await else { return Ok(()) };
        match Need::of(&error) {
            Some(need) => answers = find_out(ctx, bots, need.clone())?,
            None => return Err(error),
        }
    }
    Err(Error::internal("an update needs more than can be found out"))
}

/// What the update's transaction is likely to need: words that somebody writes to a shop are mostly searched for. A guess
/// that is wrong costs a search, one that is right saves a transaction.
pub(crate) fn foreseen(update: &Update) -> Option<Need> {
    match &update.what {
        What::Input(Input::Text(text)) if update.chat.is_some() && !text.starts_with('/') => {
            Some(Need::Search { query: text.trim().to_owned(), offset: 0, limit: PAGE_PRODUCTS })
        }
        _ => None,
    }
}

/// Finds out what a transaction needs, outside of it: the search index is no part of the database.
pub(crate) fn find_out(ctx: &Ctx, bots: &Bots, need: Need) -> Result<Answers> {
    match &need {
        Need::Search { query, offset, limit } => {
            let found = bots.search().find(ctx.workspace(), query, *offset, *limit)?;
            Ok(Answers { search: Some((need, found.ids, found.total)) })
        }
    }
}
