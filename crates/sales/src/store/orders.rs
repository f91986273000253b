//! Orders.

use contacts::Contact;
use context::Ctx;
use db::{
    Constraint, OnConstraint, ReadTx, Row, ToValue, Tx, params,
    sea_query::{Expr, ExprTrait, Order as Direction, Query},
};
use kernel::{Error, Id, Page, PageRequest, Result, Text};

use crate::{Amounts, Delivery, DeliveryState, Order, OrderFilter, OrderOrder, Payment, Progress, Status};

fn read(row: &Row<'_>) -> Result<Order> {
    let word = |column: usize| row.get::<String>(column);
    let unknown = |word: &str| Error::internal(format!("an order with {word:?}"));
    let (status, source, kind) = (word(2)?, word(3)?, word(9)?);
    Ok(Order {
        id: row.get(0)?,
        number: row.get(1)?,
        status: status.parse().map_err(|()| unknown(&status))?,
        source: source.parse().map_err(|()| unknown(&source))?,
        customer: row.get(4)?,
        ordered_on: row.get(5)?,
        prices_include_vat: row.get(6)?,
        amounts_only: row.get(7)?,
        discount: row.get(8)?,
        delivery: Delivery {
            kind: kind.parse().map_err(|()| unknown(&kind))?,
            address: row.get(10)?,
            place: row.get(11)?,
            fee: row.get(12)?,
        },
        amounts: Amounts { net: row.get(13)?, vat: row.get(14)?, total: row.get(15)? },
        line_count: row.get(16)?,
        note: row.get(17)?,
        chat_ref: row.get(18)?,
        cancel_reason: row.get(19)?,
        version: row.get(20)?,
        created_at: row.get(21)?,
        confirmed_at: row.get(22)?,
        cancelled_at: row.get(23)?,
        delivery_vat: row.get(24)?,
        kept_at_once: row.get(25)?,
        progress: Progress {
            delivery: row.parse(26)?,
            invoiced: row.get(27)?,
            credited: row.get(28)?,
            paid: row.get(29)?,
        },
    })
}

/// The one with this id.
pub(crate) fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Order>) -> Result<Order> {
    tx.query_one(
        "SELECT id, number, status, source, customer_id, ordered_on, prices_include_vat, amounts_only, discount_tiyin,
             delivery_kind, delivery_address, delivery_place, delivery_fee_tiyin, net_tiyin, vat_tiyin, total_tiyin,
             line_count, note, chat_ref, cancel_reason, version, created_at_ms, confirmed_at_ms, cancelled_at_ms,
             delivery_vat_tiyin, kept_at_once, delivery_state, invoiced_tiyin, credited_tiyin, paid_tiyin
         FROM sales_order WHERE workspace_id = $1 AND id = $2",
        params![ctx.workspace(), id],
        read,
    )
}

/// The one with this number.
pub(crate) fn get_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Order> {
    tx.query_one(
        "SELECT id, number, status, source, customer_id, ordered_on, prices_include_vat, amounts_only, discount_tiyin,
             delivery_kind, delivery_address, delivery_place, delivery_fee_tiyin, net_tiyin, vat_tiyin, total_tiyin,
             line_count, note, chat_ref, cancel_reason, version, created_at_ms, confirmed_at_ms, cancelled_at_ms,
             delivery_vat_tiyin, kept_at_once, delivery_state, invoiced_tiyin, credited_tiyin, paid_tiyin
         FROM sales_order WHERE workspace_id = $1 AND number = $2",
        params![ctx.workspace(), number],
        read,
    )
}

/// The one with this id, held until the transaction ends: two people confirming it come one after the other.
pub(crate) fn lock(ctx: &Ctx, tx: &mut Tx, id: Id<Order>) -> Result<Order> {
    tx.query_one(
        "SELECT id, number, status, source, customer_id, ordered_on, prices_include_vat, amounts_only, discount_tiyin,
             delivery_kind, delivery_address, delivery_place, delivery_fee_tiyin, net_tiyin, vat_tiyin, total_tiyin,
             line_count, note, chat_ref, cancel_reason, version, created_at_ms, confirmed_at_ms, cancelled_at_ms,
             delivery_vat_tiyin, kept_at_once, delivery_state, invoiced_tiyin, credited_tiyin, paid_tiyin
         FROM sales_order WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        params![ctx.workspace(), id],
        read,
    )
}

/// Holds the orders of which a customer has open invoices, in the order of their ids.
pub(crate) fn lock_owing(ctx: &Ctx, tx: &mut Tx, customer: Id<Contact>) -> Result<Vec<Id<Order>>> {
    tx.query(
        "SELECT id FROM sales_order WHERE workspace_id = $1 AND id IN (
             SELECT order_id FROM sales_invoice
             WHERE workspace_id = $1 AND customer_id = $2 AND kind = 'invoice'
                 AND paid_tiyin + credited_tiyin < total_tiyin)
         ORDER BY id FOR UPDATE",
        params![ctx.workspace(), customer],
        |row| row.get(0),
    )
}

/// Holds the orders whose invoices a payment pays, in the order of their ids.
pub(crate) fn lock_paid_by(ctx: &Ctx, tx: &mut Tx, payment: Id<Payment>) -> Result<Vec<Id<Order>>> {
    tx.query(
        "SELECT id FROM sales_order WHERE workspace_id = $1 AND id IN (
             SELECT i.order_id FROM sales_allocation a
             JOIN sales_invoice i ON i.workspace_id = a.workspace_id AND i.id = a.invoice_id
             WHERE a.workspace_id = $1 AND a.payment_id = $2 AND a.amount_tiyin > 0)
         ORDER BY id FOR UPDATE",
        params![ctx.workspace(), payment],
        |row| row.get(0),
    )
}

fn no_customer() -> Error {
    Error::field("customer_id", Text::new("sales-customer-unknown"))
}

/// Writes a new order; `search` is what it is found by.
pub(crate) fn insert(ctx: &Ctx, tx: &mut Tx, order: &Order, search: &str) -> Result<()> {
    let Order {
        id,
        number,
        status,
        source,
        customer,
        ordered_on,
        prices_include_vat,
        amounts_only,
        discount,
        delivery: Delivery { kind, address, place, fee },
        amounts: Amounts { net, vat, total },
        line_count,
        note,
        chat_ref,
        cancel_reason,
        version,
        created_at,
        confirmed_at,
        cancelled_at,
        delivery_vat,
        kept_at_once,
        progress: Progress { delivery, invoiced, credited, paid },
    } = order;
    tx.execute_one(
        "INSERT INTO sales_order (workspace_id, id, number, status, source, customer_id, ordered_on, prices_include_vat,
             amounts_only, discount_tiyin, delivery_kind, delivery_address, delivery_place,
             delivery_fee_tiyin, net_tiyin, vat_tiyin, total_tiyin, line_count, note, chat_ref,
             cancel_reason, version, created_at_ms, confirmed_at_ms, cancelled_at_ms, search_fold, delivery_vat_tiyin, kept_at_once,
             delivery_state, invoiced_tiyin, credited_tiyin, paid_tiyin)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
             $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)",
        params![
            ctx.workspace(),
            id,
            number,
            status.word(),
            source.word(),
            customer,
            ordered_on,
            prices_include_vat,
            amounts_only,
            discount,
            kind.word(),
            address,
            place,
            fee,
            net,
            vat,
            total,
            line_count,
            note,
            chat_ref,
            cancel_reason,
            version,
            created_at,
            confirmed_at,
            cancelled_at,
            search,
            delivery_vat,
            kept_at_once,
            delivery.word(),
            invoiced,
            credited,
            paid
        ],
    )
    .on(Constraint::ForeignKey, no_customer)
}

/// Writes the content of an order that this transaction holds; its steps are written by [`set_status`].
pub(crate) fn update(ctx: &Ctx, tx: &mut Tx, order: &Order, search: &str) -> Result<()> {
    let Order {
        id,
        number: _,
        status: _,
        source: _,
        customer,
        ordered_on,
        prices_include_vat,
        amounts_only,
        discount,
        delivery: Delivery { kind, address, place, fee },
        amounts: Amounts { net, vat, total },
        line_count,
        note,
        chat_ref: _,
        cancel_reason: _,
        version,
        created_at: _,
        confirmed_at: _,
        cancelled_at: _,
        delivery_vat,
        kept_at_once: _,
        progress: _,
    } = order;
    tx.execute_one(
        "UPDATE sales_order SET customer_id = $3, ordered_on = $4, prices_include_vat = $5, amounts_only = $6,
             discount_tiyin = $7, delivery_kind = $8, delivery_address = $9, delivery_place = $10,
             delivery_fee_tiyin = $11, net_tiyin = $12, vat_tiyin = $13, total_tiyin = $14,
             line_count = $15, note = $16, version = $17, search_fold = $18,
             delivery_vat_tiyin = $19
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(),
            id,
            customer,
            ordered_on,
            prices_include_vat,
            amounts_only,
            discount,
            kind.word(),
            address,
            place,
            fee,
            net,
            vat,
            total,
            line_count,
            note,
            version,
            search,
            delivery_vat
        ],
    )
    .on(Constraint::ForeignKey, no_customer)
}

/// Writes where an order stands that this transaction holds.
pub(crate) fn set_status(ctx: &Ctx, tx: &mut Tx, order: &Order) -> Result<()> {
    tx.execute_one(
        "UPDATE sales_order SET status = $3, confirmed_at_ms = $4, cancelled_at_ms = $5, cancel_reason = $6,
             version = $7
         WHERE workspace_id = $1 AND id = $2",
        params![
            ctx.workspace(),
            order.id,
            order.status.word(),
            order.confirmed_at,
            order.cancelled_at,
            order.cancel_reason,
            order.version
        ],
    )
}

/// Writes how far an order has come that this transaction holds: how much of it went out, and the sums of its documents
/// as they stand now; answers the sums. (Asked for a kind too, SQLite would walk along all invoices of it.)
pub(crate) fn follow(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Order>,
    delivery: DeliveryState,
    version: i64,
) -> Result<Progress> {
    tx.query_one(
        "UPDATE sales_order SET delivery_state = $3, version = $4,
             invoiced_tiyin = (
                 SELECT CAST(COALESCE(SUM(CASE WHEN i.kind = 'invoice' THEN i.total_tiyin ELSE 0 END), 0) AS BIGINT)
                 FROM sales_invoice i WHERE i.workspace_id = $1 AND i.order_id = $2),
             credited_tiyin = (
                 SELECT CAST(COALESCE(SUM(CASE WHEN i.kind = 'credit_note' THEN i.total_tiyin ELSE 0 END), 0) AS BIGINT)
                 FROM sales_invoice i WHERE i.workspace_id = $1 AND i.order_id = $2),
             paid_tiyin = (
                 SELECT CAST(COALESCE(SUM(CASE WHEN i.kind = 'invoice' THEN i.paid_tiyin ELSE 0 END), 0) AS BIGINT)
                 FROM sales_invoice i WHERE i.workspace_id = $1 AND i.order_id = $2)
                 + (SELECT CAST(COALESCE(SUM(p.amount_tiyin - p.allocated_tiyin - p.refunded_tiyin), 0) AS BIGINT)
                     FROM sales_payment p
                     WHERE p.workspace_id = $1 AND p.order_id = $2 AND p.kind = 'payment'
                         AND p.reversed_at_ms IS NULL)
         WHERE workspace_id = $1 AND id = $2
         RETURNING invoiced_tiyin, credited_tiyin, paid_tiyin",
        params![ctx.workspace(), id, delivery.word(), version],
        |row| {
            Ok(Progress { delivery, invoiced: row.get(0)?, credited: row.get(1)?, paid: row.get(2)? })
        },
    )
}

/// Throws an order away whose lines are gone.
pub(crate) fn delete(ctx: &Ctx, tx: &mut Tx, id: Id<Order>) -> Result<()> {
    tx.execute_one(
        "DELETE FROM sales_order WHERE workspace_id = $1 AND id = $2 AND status IN ('draft', 'new')",
        params![ctx.workspace(), id],
    )
}

/// Those that fit.
pub(crate) fn list(
    ctx: &Ctx,
    tx: &mut ReadTx,
    filter: &OrderFilter,
    page: PageRequest,
) -> Result<Page<Order>> {
    let OrderFilter {
        status,
        source,
        customer,
        chat_ref,
        text,
        from,
        until,
        without_drafts,
        order,
        descending,
    } = filter;
    let mut statement = Query::select();
    statement
        .columns([
            "id",
            "number",
            "status",
            "source",
            "customer_id",
            "ordered_on",
            "prices_include_vat",
            "amounts_only",
            "discount_tiyin",
            "delivery_kind",
            "delivery_address",
            "delivery_place",
            "delivery_fee_tiyin",
            "net_tiyin",
            "vat_tiyin",
            "total_tiyin",
            "line_count",
            "note",
            "chat_ref",
            "cancel_reason",
            "version",
            "created_at_ms",
            "confirmed_at_ms",
            "cancelled_at_ms",
            "delivery_vat_tiyin",
            "kept_at_once",
            "delivery_state",
            "invoiced_tiyin",
            "credited_tiyin",
            "paid_tiyin",
        ])
        .from("sales_order")
        .and_where(Expr::col("workspace_id").eq(ctx.workspace().to_value()))
        .and_where_option(status.map(|status| Expr::col("status").eq(status.word())))
        .and_where_option(source.map(|source| Expr::col("source").eq(source.word())))
        .and_where_option(customer.map(|id| Expr::col("customer_id").eq(id.to_value())))
        .and_where_option(chat_ref.as_ref().map(|chat| Expr::col("chat_ref").eq(chat.as_str())))
        .and_where_option(from.map(|day| Expr::col("ordered_on").gte(day.to_value())))
        .and_where_option(until.map(|day| Expr::col("ordered_on").lte(day.to_value())));
    if *without_drafts {
        statement.and_where(Expr::col("status").ne(Status::Draft.word()));
    }
    for word in uztext::fold(text).split(' ').filter(|word| !word.is_empty()) {
        // Folded words hold letters and digits only: nothing in them means anything to LIKE.
        statement.and_where(Expr::col("search_fold").like(format!("%{word}%")));
    }
    let direction = if *descending { Direction::Desc } else { Direction::Asc };
    match order {
        OrderOrder::Number => statement.order_by("number", direction),
        OrderOrder::Total => {
            statement.order_by("total_tiyin", direction.clone()).order_by("number", direction)
        }
        OrderOrder::Day => statement.order_by("ordered_on", direction.clone()).order_by("number", direction),
    };
    tx.page(&statement, page, read)
}

/// How many orders of each status there are.
pub(crate) fn count_by_status(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<(String, i64)>> {
    tx.query(
        "SELECT status, COUNT(*) FROM sales_order WHERE workspace_id = $1 GROUP BY status",
        params![ctx.workspace()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Orders whose sums are not those of their lines and their delivery, or whose lines are not counted right.
pub(crate) fn sums_unlike_their_lines(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    tx.query(
        "SELECT o.number, o.total_tiyin, o.vat_tiyin, o.delivery_fee_tiyin, o.delivery_vat_tiyin,
             CAST(COALESCE(l.total_tiyin, 0) AS BIGINT), CAST(COALESCE(l.vat_tiyin, 0) AS BIGINT)
         FROM sales_order o
         LEFT JOIN (
             SELECT order_id, SUM(total_tiyin) AS total_tiyin, SUM(vat_tiyin) AS vat_tiyin, COUNT(*) AS lines
             FROM sales_order_line WHERE workspace_id = $1 GROUP BY order_id
         ) l ON l.order_id = o.id
         WHERE o.workspace_id = $1 AND (o.line_count <> COALESCE(l.lines, 0) OR (NOT o.amounts_only
             AND (o.total_tiyin <> COALESCE(l.total_tiyin, 0) + o.delivery_fee_tiyin
                     + CASE WHEN o.prices_include_vat THEN 0 ELSE o.delivery_vat_tiyin END
                 OR o.vat_tiyin <> COALESCE(l.vat_tiyin, 0) + o.delivery_vat_tiyin)))
         ORDER BY o.number",
        params![ctx.workspace()],
        |row| {
            let column = |place: usize| row.get::<i64>(place);
            let (number, total, vat) = (column(0)?, column(1)?, column(2)?);
            let (fee, fee_vat, lines, lines_vat) = (column(3)?, column(4)?, column(5)?, column(6)?);
            Ok(format!(
                "order {number} says {total} tiyin with {vat} of VAT, its lines say {lines} with {lines_vat}, its \
                 delivery {fee} with {fee_vat}"
            ))
        },
    )
}

/// Confirmed orders and checkouts of which a line is not promised in full, and cancelled ones, drafts and what staff
/// and outside systems only wrote down that are promised something; promises to lines that no order has.
pub(crate) fn promises_unlike_their_lines(ctx: &Ctx, tx: &mut ReadTx) -> Result<Vec<String>> {
    let mut found = tx.query(
        "SELECT o.number, o.status, CAST(SUM(l.quantity - l.delivered) AS BIGINT),
             CAST(SUM(COALESCE(r.quantity, 0)) AS BIGINT)
         FROM sales_order o
         JOIN sales_order_line l ON l.workspace_id = o.workspace_id AND l.order_id = o.id
         LEFT JOIN (
             SELECT line_id, SUM(quantity) AS quantity FROM stock_reservation WHERE workspace_id = $1 GROUP BY line_id
         ) r ON r.line_id = l.id
         WHERE o.workspace_id = $1
         GROUP BY o.number, o.status
         HAVING SUM(ABS((CASE WHEN (o.status = 'confirmed' AND o.delivery_state <> 'closed')
                 OR (o.status = 'new' AND o.kept_at_once)
             THEN l.quantity - l.delivered ELSE 0 END) - COALESCE(r.quantity, 0))) <> 0
         ORDER BY o.number",
        params![ctx.workspace()],
        |row| {
            let (number, status): (i64, String) = (row.get(0)?, row.get(1)?);
            let (wanted, kept): (i64, i64) = (row.get(2)?, row.get(3)?);
            Ok(format!("order {number} is {status}, wants {wanted} thousandths and is promised {kept}"))
        },
    )?;
    found.extend(tx.query(
        "SELECT r.source_id, CAST(SUM(r.quantity) AS BIGINT) FROM stock_reservation r
         LEFT JOIN sales_order_line l ON l.workspace_id = $1 AND l.id = r.line_id AND l.order_id = r.source_id
         WHERE r.workspace_id = $1 AND l.id IS NULL GROUP BY r.source_id",
        params![ctx.workspace()],
        |row| {
            let (source, kept): (uuid::Uuid, i64) = (row.get(0)?, row.get(1)?);
            Ok(format!("{kept} thousandths are promised to {source}, which is no order's line"))
        },
    )?);
    Ok(found)
}

/// How many orders the workspace has.
pub(crate) fn count(ctx: &Ctx, tx: &mut ReadTx) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM sales_order WHERE workspace_id = $1";
    tx.query_one(sql, params![ctx.workspace()], |row| row.get(0))
}
