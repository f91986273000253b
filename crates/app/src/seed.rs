//! What `karvon seed` puts into a workspace.

mod admissions;
mod applying;
mod asking;
mod calendar;
mod chance;
mod people;
pub mod ttpumock;

use catalog::Ensured;
use db::{Lane, Scope, Tx};
use kernel::{Error, Result, Text, WorkspaceId};

use crate::{commands::console_ctx, parts::Parts};

/// The workspace with this name in addresses, or the default one. Errors: there is none.
pub(crate) async fn workspace(parts: &Parts, slug: Option<&str>) -> Result<WorkspaceId> {
    let slug = slug.map(str::to_owned);
    let find = move |tx: &mut db::ReadTx<'_>| match &slug {
        Some(slug) => {
            let found = auth::find_workspace(tx, slug)?.map(|workspace| workspace.id);
            found.ok_or_else(|| Error::conflict(Text::new("app-workspace-unknown").with("slug", slug)))
        }
        None => auth::default_workspace(tx)?.ok_or_else(|| Error::conflict(Text::new("app-workspace-none"))),
    };
    parts.app.db().read(Scope::Server, find).await
}

/// Puts a university's catalog items in, and says what became of them.
pub(crate) async fn catalog(parts: &Parts, slug: Option<&str>) -> Result<String> {
    let ctx = console_ctx(parts, workspace(parts, slug).await?);
    let items = catalog::delivered_items()?;
    let own = ctx.clone();
    let ensure = move |tx: &mut Tx<'_>| catalog::ensure_items(&own, tx, &items);
    let ensured = parts.app.db().write(&ctx, Lane::People, ensure).await?;
    let Ensured { made, changed, unchanged } = ensured;
    Ok(format!("Catalog items: {made} made, {changed} changed, {unchanged} unchanged."))
}

/// Puts the forms of a university's admissions in, with the items that they choose among, and says what became of them. What
/// is there stays as it is.
pub(crate) async fn admissions(parts: &Parts, slug: Option<&str>) -> Result<String> {
    let ctx = console_ctx(parts, workspace(parts, slug).await?);
    let own = ctx.clone();
    let put = move |tx: &mut Tx<'_>| admissions::put(&own, tx);
    let (items, forms) = parts.app.db().write(&ctx, Lane::People, put).await?;
    Ok(format!("Catalog items: {items}.\nForms: {forms}."))
}
