//! What `karvon seed` puts into a workspace.

use catalog::Ensured;
use db::Scope;
use kernel::{Error, Result, Text, WorkspaceId};

use crate::{commands::console_ctx, parts::Parts};

/// The workspace with this name in addresses, or the default one. Errors: there is none.
pub(crate) fn workspace(parts: &Parts, slug: Option<&str>) -> Result<WorkspaceId> {
    let slug = slug.map(str::to_owned);
    parts.app.db().read_now(Scope::Server, move |tx| match &slug {
        Some(slug) => {
            let found = auth::find_workspace(tx, slug)?.map(|workspace| workspace.id);
            found.ok_or_else(|| Error::conflict(Text::new("app-workspace-unknown").with("slug", slug)))
        }
        None => auth::default_workspace(tx)?.ok_or_else(|| Error::conflict(Text::new("app-workspace-none"))),
    })
}

/// Puts a university's catalog items in, and says what became of them.
pub(crate) fn catalog(parts: &Parts, slug: Option<&str>) -> Result<String> {
    let ctx = console_ctx(parts, workspace(parts, slug)?);
    let items = catalog::delivered_items()?;
    let own = ctx.clone();
    let ensured =
        parts.app.db().write_now(Scope::from(&ctx), move |tx| catalog::ensure_items(&own, tx, &items))?;
    let Ensured { made, changed, unchanged } = ensured;
    Ok(format!("Catalog items: {made} made, {changed} changed, {unchanged} unchanged."))
}
