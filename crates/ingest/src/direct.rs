//! A whole file at once, for commands: every row or none.

use context::{Ctx, Permission};
use db::{Db, Lane};
use files::Hash;
use kernel::{Result, Text};
use web::RowKey;

use crate::{
    BadRow, ImportKind, ImportState, Policy,
    actions::{NewImport, apply_import, create_import},
    books, stage, store,
    work::Progress,
};

/// Bad rows that a report names.
const NAMED_ROWS: i64 = 1_000;

/// What came of a file.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Report {
    /// Rows of the file, the headings not counted.
    pub rows: i64,
    /// Products that were not there, or lines of the receipt.
    pub created: i64,
    /// Products that are different now.
    pub changed: i64,
    /// Products that are as they were; all lines of a receipt that came of this file before.
    pub same: i64,
    /// What keeps the file from being taken; nothing is written when there is any.
    pub bad: Vec<BadRow>,
}

/// Writes the products of a file.
pub async fn import_products(db: &Db, ctx: &Ctx, bytes: &[u8], name: &str) -> Result<Report> {
    import(db, ctx, ImportKind::Products, bytes, name).await
}

/// Writes the stock receipt of a file. A file that a receipt came of before changes nothing.
pub async fn import_receipt(db: &Db, ctx: &Ctx, bytes: &[u8], name: &str) -> Result<Report> {
    import(db, ctx, ImportKind::StockReceipt, bytes, name).await
}

async fn import(db: &Db, ctx: &Ctx, kind: ImportKind, bytes: &[u8], name: &str) -> Result<Report> {
    ctx.require(Permission::InventoryCreate)?;
    let sheet = stage::unpack(bytes.to_vec()).await?;
    let hash = Hash::of(bytes);
    let new = NewImport::of(kind, name, hash, false, &sheet);
    let rows = new.row_count;
    if kind == ImportKind::StockReceipt {
        let own = ctx.clone();
        let before = move |tx: &mut db::ReadTx| store::find_receipt_of_file(&own, tx, &hash.to_string());
        if db.read(ctx, before).await?.is_some() {
            return Ok(Report { rows, same: rows, ..Report::default() });
        }
    }
    let own = ctx.clone();
    let create = move |tx: &mut db::Tx| {
        let import = create_import(&own, tx, new.clone())?;
        import.mapping.check(kind, &import.headings, false).map(|()| import)
    };
    let import = db.write(ctx, Lane::Background, create).await?;
    let (id, quiet) = (import.id, Progress(None));
    stage::stage(db, ctx, id, bytes.to_vec(), &quiet).await?;
    let own = ctx.clone();
    let apply = move |tx: &mut db::Tx| {
        let import = store::get(&own, tx, id)?;
        if import.bad_count > 0 || import.good_count == 0 {
            return Ok(import);
        }
        apply_import(&own, tx, RowKey::Id(id.uuid()), Policy::All, false)
    };
    let import = db.write(ctx, Lane::Background, apply).await?;
    if import.state == ImportState::Applying {
        books::write(db, ctx, id, &quiet).await?;
    }
    let own = ctx.clone();
    let (import, refused) = db
        .read(ctx, move |tx| Ok((store::get(&own, tx, id)?, store::bad_rows(&own, tx, id, 0, NAMED_ROWS)?)))
        .await?;
    let of_row = |row: u32, problems: Vec<(String, Text)>| {
        problems.into_iter().map(move |(column, text)| BadRow { row, column, text })
    };
    Ok(Report {
        rows,
        created: import.created_count,
        changed: import.changed_count,
        same: import.same_count,
        bad: refused.into_iter().flat_map(|refused| of_row(refused.row, refused.problems)).collect(),
    })
}
