//! The SQL of chosen items.

use context::Ctx;
use db::{ReadTx, ToValue, Tx, Value, params};
use kernel::{Id, Result};

use super::{VALUES_AT_ONCE, padded, places};
use crate::{Application, application::Choice};

/// What was chosen in these applications.
pub(crate) fn of_many(ctx: &Ctx, tx: &mut ReadTx, ids: &[Id<Application>]) -> Result<Vec<Choice>> {
    let mut found = Vec::new();
    for part in ids.chunks(VALUES_AT_ONCE) {
        let part = padded(part);
        let sql = format!(
            "SELECT application_id, field_key, item_id FROM applications_choice
             WHERE workspace_id = $1 AND application_id IN ({})",
            places(2, part.len())
        );
        let mut values = vec![Value::Uuid(ctx.workspace().uuid())];
        values.extend(part.iter().map(ToValue::to_value));
        found.extend(tx.query(&sql, &values, |row| {
            Ok(Choice { application: row.get(0)?, field: row.get(1)?, item: row.get(2)? })
        })?);
    }
    Ok(found)
}

/// Writes what is chosen in a field.
pub(crate) fn put(ctx: &Ctx, tx: &mut Tx, choice: &Choice) -> Result<()> {
    let Choice { application, field, item } = choice;
    tx.execute_one(
        "INSERT INTO applications_choice (workspace_id, application_id, field_key, item_id) VALUES ($1, $2, $3, $4)
         ON CONFLICT (workspace_id, application_id, field_key) DO UPDATE SET item_id = excluded.item_id",
        params![ctx.workspace(), application, field, item],
    )
}
