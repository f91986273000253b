//! The SQL of what waits at the desk.

use context::Ctx;
use db::{
    ReadTx, ToValue,
    sea_query::{Cond, Expr, ExprTrait, NullOrdering, Order, Query, SelectStatement},
};
use kernel::{Page, PageRequest, Result};

use super::{
    said::Found,
    ticket::{among, columns, ticket, with_label},
};
use crate::{
    Ticket,
    reads::{QueueFilter, Sight, View},
};

/// The part `page` of the tickets that fit and are seen, in the order of their part.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    sight: &Sight,
    filter: &QueueFilter,
    found: &Found,
    page: PageRequest,
) -> Result<Page<Ticket>> {
    let QueueFilter { view, category, agent, label, text: _ } = filter;
    let mut select = part(ctx, sight, *view);
    select
        .columns(columns())
        .and_where_option(category.map(|id| Expr::col("category_id").eq(id.to_value())))
        .and_where_option(agent.map(|id| Expr::col("agent_id").eq(id.to_value())));
    with_label(ctx, &mut select, *label);
    found.narrow(&mut select);
    match view {
        View::Waiting => select.order_by("waiting_since_ms", Order::Asc),
        View::Overdue => select.order_by("due_at_ms", Order::Asc),
        View::Snoozed => select.order_by("snoozed_until_ms", Order::Asc),
        View::Closed => select.order_by("closed_at_ms", Order::Desc),
        View::Unassigned => select.order_by("number", Order::Asc),
        // Whoever waits stands first, the longest at the top.
        View::Mine => select
            .order_by_with_nulls("waiting_since_ms", Order::Asc, NullOrdering::Last)
            .order_by("last_message_at_ms", Order::Desc),
        View::Open | View::Mentions => select.order_by("last_message_at_ms", Order::Desc),
    };
    select.order_by("number", Order::Desc);
    tx.page(&select.take(), page, ticket)
}

/// The part `page` of the tickets of this part that are seen, whoever has waited longest first, and whoever does not wait last.
pub(crate) fn longest_first(
    ctx: &Ctx,
    tx: &mut ReadTx,
    sight: &Sight,
    view: View,
    page: PageRequest,
) -> Result<Page<Ticket>> {
    let mut select = part(ctx, sight, view);
    select
        .columns(columns())
        .order_by_with_nulls("waiting_since_ms", Order::Asc, NullOrdering::Last)
        .order_by("number", Order::Asc);
    tx.page(&select.take(), page, ticket)
}

/// How many tickets the part has, at most so many.
pub(crate) fn count(ctx: &Ctx, tx: &mut ReadTx, sight: &Sight, view: View, at_most: i64) -> Result<i64> {
    let mut some = part(ctx, sight, view);
    some.column("id").limit(u64::try_from(at_most).unwrap_or_default());
    // tidy: no workspace: it counts what `part` found in one.
    let count = Query::select().expr(Expr::cust("COUNT(*)")).from_subquery(some.take(), "some").take();
    Ok(tx.select(&count, |row| row.get(0))?.pop().unwrap_or_default())
}

/// The tickets of the part that are seen, without columns and order.
fn part(ctx: &Ctx, sight: &Sight, view: View) -> SelectStatement {
    let now = ctx.now();
    let now = now.to_value();
    let own = sight.agent().map(|agent| agent.id.to_value());
    let mut select = Query::select();
    select.from("tickets_ticket").and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()));
    if let Some(categories) = sight.categories() {
        select.and_where(among(categories));
    }
    let is_open = Expr::col("is_open").eq(true);
    let awake = Cond::any()
        .add(Expr::col("snoozed_until_ms").is_null())
        .add(Expr::col("snoozed_until_ms").lte(now.clone()));
    // Who is no agent has no tickets of their own.
    let nobody = || Expr::col("workspace_id").is_null();
    match view {
        View::Mine => {
            let mine = own.map_or_else(nobody, |own| Expr::col("agent_id").eq(own));
            select.and_where(is_open).and_where(mine).cond_where(awake)
        }
        View::Unassigned => {
            select.and_where(is_open).and_where(Expr::col("agent_id").is_null()).cond_where(awake)
        }
        View::Waiting => select.and_where(Expr::col("waiting_since_ms").is_not_null()).cond_where(awake),
        View::Overdue => {
            let over = Expr::col("due_at_ms").is_not_null().and(Expr::col("due_at_ms").lt(now));
            select.and_where(over).cond_where(awake)
        }
        View::Open => select.and_where(is_open).cond_where(awake),
        View::Snoozed => {
            let asleep =
                Expr::col("snoozed_until_ms").is_not_null().and(Expr::col("snoozed_until_ms").gt(now));
            select.and_where(is_open).and_where(asleep)
        }
        View::Mentions => {
            let mut named = Query::select();
            named
                .column("ticket_id")
                .from("tickets_mention")
                .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
                .and_where(own.map_or_else(nobody, |own| Expr::col("agent_id").eq(own)));
            select.and_where(Expr::col("id").in_subquery(named.take()))
        }
        View::Closed => select
            .and_where(Expr::col("is_open").eq(false))
            .and_where(Expr::col("closed_at_ms").is_not_null()),
    };
    select
}
