//! Audit entries: written here, shown by the `audit` crate.

use db::{
    ReadTx, ToValue, Tx, Value,
    sea_query::{Expr, ExprTrait, Order, Query},
    values,
};
use kernel::{Error, Id, Page, PageRequest, Result, Timestamp};
use serde::Serialize;
use uuid::Uuid;

use crate::Ctx;

/// What was done, by whom, to which row.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// The entry's id: its moment, then the order in which the process wrote it. Later entries have larger ones.
    pub id: Id<AuditEntry>,
    /// When.
    pub at: Timestamp,
    /// What kind of actor.
    pub actor_kind: String,
    /// The row that stands for the actor.
    pub actor_id: Option<Uuid>,
    /// What people call the actor.
    pub actor_name: String,
    /// What was done: `sales_order.confirm`.
    pub action: String,
    /// What kind of row: `sales_order`.
    pub entity: String,
    /// Which row.
    pub entity_id: Uuid,
    /// What it was like before, where that is worth keeping.
    pub before: Option<serde_json::Value>,
    /// What it is like after.
    pub after: Option<serde_json::Value>,
    /// From where.
    pub origin: String,
}

/// Which entries are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// This kind of row.
    pub entity: Option<String>,
    /// This row.
    pub entity_id: Option<Uuid>,
    /// This actor.
    pub actor_id: Option<Uuid>,
    /// This action.
    pub action: Option<String>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

/// What was done to one row of several, for [`Ctx::audit_many`]: what is worth comparing, as JSON.
#[derive(Debug, Clone)]
pub struct Trace {
    id: Uuid,
    before: Option<String>,
    after: Option<String>,
}

impl Trace {
    /// The row with this id was like `before` and is like `after`.
    pub fn new<T>(
        id: Id<T>,
        before: Option<&impl Serialize>,
        after: Option<&impl Serialize>,
    ) -> Result<Self> {
        Ok(Self { id: id.uuid(), before: json(before)?, after: json(after)? })
    }
}

fn json(value: Option<&impl Serialize>) -> Result<Option<String>> {
    value.map(serde_json::to_string).transpose().map_err(Error::internal)
}

pub(crate) fn insert_many(
    ctx: &Ctx,
    tx: &mut Tx,
    action: &'static str,
    entity: &'static str,
    traces: &[Trace],
) -> Result<()> {
    let actor = ctx.actor();
    let row = |Trace { id, before, after }: &Trace| {
        let entry: Id<AuditEntry> = ctx.new_id();
        values![
            ctx.workspace(),
            entry,
            ctx.now(),
            actor.kind.word(),
            actor.id,
            actor.name,
            action,
            entity,
            id,
            before,
            after,
            ctx.origin()
        ]
    };
    let rows: Vec<Vec<Value<'_>>> = traces.iter().map(row).collect();
    tx.insert_many_later(
        "INSERT INTO context_audit_entry (workspace_id, id, at_ms, actor_kind, actor_id, actor_name,
             action, entity, entity_id, before, after, origin)
         VALUES {}",
        &rows,
    )
}

/// The entries of the workspace that fit, newest first.
pub fn list(ctx: &Ctx, tx: &mut ReadTx, filter: &AuditFilter, page: PageRequest) -> Result<Page<AuditEntry>> {
    let AuditFilter { entity, entity_id, actor_id, action, from, until } = filter;
    let is = |column: &'static str, value: Option<Value<'_>>| value.map(|value| Expr::col(column).eq(value));
    let statement = Query::select()
        .columns([
            "id",
            "at_ms",
            "actor_kind",
            "actor_id",
            "actor_name",
            "action",
            "entity",
            "entity_id",
            "before",
            "after",
            "origin",
        ])
        .from("context_audit_entry")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(is("entity", entity.as_ref().map(ToValue::to_value)))
        .and_where_option(is("entity_id", entity_id.as_ref().map(ToValue::to_value)))
        .and_where_option(is("actor_id", actor_id.as_ref().map(ToValue::to_value)))
        .and_where_option(is("action", action.as_ref().map(ToValue::to_value)))
        .and_where_option(from.map(|from| Expr::col("at_ms").gte(from.as_millis())))
        .and_where_option(until.map(|until| Expr::col("at_ms").lt(until.as_millis())))
        .order_by("id", Order::Desc)
        .to_owned();
    tx.page(&statement, page, |row| {
        Ok(AuditEntry {
            id: row.get(0)?,
            at: row.get(1)?,
            actor_kind: row.get(2)?,
            actor_id: row.get(3)?,
            actor_name: row.get(4)?,
            action: row.get(5)?,
            entity: row.get(6)?,
            entity_id: row.get(7)?,
            before: row.get(8)?,
            after: row.get(9)?,
            origin: row.get(10)?,
        })
    })
}
