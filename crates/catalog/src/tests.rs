//! The catalog on both databases.

mod api;
mod categories;
mod counts;
mod item_api;
mod item_pages;
mod items;
mod pages;
mod products;
mod upserts;

use context::{Actor, Ctx, CtxBuilder, Permissions, Random};
use db::{Tx, testing::TestDb};
use kernel::{Id, Lang, Money, Result, Timestamp};

use crate::{Product, ProductContent, create_product};

/// Tables of others: of a document whose lines name products, of an application that names an item.
pub(crate) const PROBE: db::Migrations = db::Migrations::new(
    "probe",
    &[db::Migration {
        name: "V1__probe",
        sql: "CREATE TABLE probe_line (
            workspace_id {id} NOT NULL,
            product_id {id} NOT NULL,
            FOREIGN KEY (workspace_id, product_id) REFERENCES catalog_product (workspace_id, id)
        ) {strict};
        CREATE TABLE probe_choice (
            workspace_id {id} NOT NULL,
            item_id {id} NOT NULL,
            FOREIGN KEY (workspace_id, item_id) REFERENCES catalog_item (workspace_id, id)
        ) {strict};",
    }],
);

/// The context of a member of workspace `n` who may do everything.
pub(crate) fn ctx(n: u128) -> Ctx {
    let workspace = Id::from_uuid(uuid::Uuid::from_u128(n));
    let now = Timestamp::from_millis(1_790_000_000_000);
    let seed = u64::try_from(n).unwrap();
    CtxBuilder::server(workspace, Actor::server("test"), now, Random::from_seed(seed)).build()
}

pub(crate) fn with_permissions(ctx: &Ctx, permissions: Permissions) -> Ctx {
    ctx.with(|ctx| ctx.permissions = permissions)
}

pub(crate) fn in_language(ctx: &Ctx, lang: Lang) -> Ctx {
    ctx.with(|ctx| ctx.lang = lang)
}

/// Runs `work` in one transaction of the context's workspace.
pub(crate) fn run<T: Send + 'static>(
    db: &TestDb,
    ctx: &Ctx,
    work: impl Fn(&Ctx, &mut Tx<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let own = ctx.clone();
    db.write_now(ctx, move |tx| work(&own, tx))
}

pub(crate) fn content(code: &str, name: &str, som: i64) -> ProductContent {
    ProductContent::new(code, name, Money::from_som(som))
}

/// Writes a product with this code, name and price.
pub(crate) fn product(db: &TestDb, ctx: &Ctx, code: &str, name: &str, som: i64) -> Product {
    let content = content(code, name, som);
    run(db, ctx, move |ctx, tx| create_product(ctx, tx, content.clone())).unwrap()
}

/// The fields an error is about, with their keys.
#[track_caller]
pub(crate) fn refused<T>(outcome: Result<T>) -> Vec<String> {
    let Err(error) = outcome else { panic!("it was not refused") };
    error.field_errors().iter().map(|e| format!("{}: {}", e.field, e.text.key())).collect()
}
