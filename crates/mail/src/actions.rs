//! What people can see of letters.

use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Page, PageRequest, Result};

use crate::{LetterState, Posted, store};

/// The letters that the workspace posted in the last weeks, newest first.
pub fn letters(
    ctx: &Ctx,
    tx: &mut ReadTx,
    state: Option<LetterState>,
    page: PageRequest,
) -> Result<Page<Posted>> {
    ctx.require(Permission::SettingsRead)?;
    store::list(ctx, tx, state, page)
}
