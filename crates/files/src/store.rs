//! The SQL of this crate's table.

use context::{Ctx, Permission};
use db::{ReadTx, Tx, params};
use kernel::{Error, Result};

use crate::{File, Hash, MediaType};

/// The file, if the workspace has it.
pub fn find(ctx: &Ctx, tx: &mut ReadTx, hash: Hash) -> Result<Option<File>> {
    tx.query_opt(
        "SELECT media_type, size_bytes, permission, created_at_ms FROM files_file
         WHERE workspace_id = $1 AND hash = $2",
        params![ctx.workspace(), hash.to_string()],
        |row| {
            let media_type: String = row.get(0)?;
            let permission: Option<String> = row.get(2)?;
            let known = |word: String| {
                Permission::parse(&word).ok_or_else(|| Error::internal(format!("no permission {word:?}")))
            };
            Ok(File {
                hash,
                media_type: MediaType::parse(&media_type),
                size_bytes: row.get(1)?,
                permission: permission.map(known).transpose()?,
                created_at: row.get(3)?,
            })
        },
    )
}

/// Writes the file's row unless it is there.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, file: &File) -> Result<()> {
    let File { hash, media_type, size_bytes, permission, created_at } = file;
    tx.execute(
        "INSERT INTO files_file (workspace_id, hash, media_type, size_bytes, permission, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id, hash) DO NOTHING",
        params![
            ctx.workspace(),
            hash.to_string(),
            media_type.name(),
            size_bytes,
            permission.map(|permission| permission.word().to_owned()),
            created_at
        ],
    )?;
    Ok(())
}
