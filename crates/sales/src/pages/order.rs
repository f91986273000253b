//! The page of one order, and what its buttons do.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use context::{AuditEntry, AuditFilter, Ctx, Permission, list_audit_entries};
use db::{ReadTx, Tx};
use kernel::{Error, Kind, Money, PageRequest, Quantity, Result, Text};
use serde::Deserialize;
use web::{
    Caller, RowKey,
    pages::{
        Action, Badge, Cell, Column, DetailPage, Facts, Field, Form, FormPage, Go, Notice, Row, Shell, Table,
        Tone, form_again, render,
    },
};

use super::{
    followed::{self, Followed, followed},
    tone,
};
use crate::{
    DeliveryState, LineProgress, Order, OrderLine, PaymentState, Progress, Source, Status, Step,
    cancel_order as cancel, confirm_order as confirm, delete_order as delete, order_lines,
    progress::Stands,
    seen::{SeenLine, WholeOrder, find, whole},
    submit_order as submit,
};

/// Entries of the history that the page shows; the audit log has the rest.
const HISTORY_ROWS: u32 = 50;

type Read = (WholeOrder, Vec<AuditEntry>, Vec<Followed>);

fn read(ctx: &Ctx, tx: &mut ReadTx, key: RowKey) -> Result<Read> {
    let order = find(ctx, tx, key)?;
    let filter = AuditFilter { entity_id: Some(order.id.uuid()), ..AuditFilter::default() };
    let history = list_audit_entries(ctx, tx, &filter, PageRequest::new(1, HISTORY_ROWS))?;
    let documents = followed(ctx, tx, &order)?;
    Ok((whole(ctx, tx, order)?, history.results, documents))
}

/// `GET /orders/{id}`.
pub(super) async fn order_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    let (whole, history, documents) = caller.read(move |ctx, tx| read(ctx, tx, key)).await?;
    let WholeOrder { order, customer: _, lines } = &whole;
    let p = caller.shell();
    let title = p.t1("sales-order-number", "number", order.number.to_string());
    let p = p.named(title).crumb("/orders", "sales-menu-orders");
    let badge = Badge::new(tone(order.status), p.t(order.status.text_key()));
    let mut page = DetailPage::new(p.clone()).badge(badge).facts(facts(&p, &whole)?);
    for action in actions(&p, order, lines, followed::advances(order, &documents)?)? {
        page = page.action(action);
    }
    if let Some(notice) = notice(&p, order, lines) {
        page = page.notice(notice);
    }
    if !order.amounts_only {
        page = page.table("sales-order-lines", &lines_table(&p, order, lines));
    }
    if !documents.is_empty() {
        page = page.table("sales-documents", &followed::table(&p, &documents));
    }
    Ok(render(&page.table("sales-order-history", &history_table(&p, &history))))
}

/// What can be done with the order, of whose payments `advances` can be given back.
fn actions(p: &Shell, order: &Order, lines: &[SeenLine], advances: Money) -> Result<Vec<Action>> {
    let address = |what: &str| format!("/orders/{}/{what}", order.number);
    let may_step = |step: Step| p.can(Permission::SalesEdit) && order.status.after(step).is_some();
    let mut actions = Vec::new();
    if order.status == Status::Confirmed {
        next_steps(p, order, lines, advances, &mut actions)?;
    }
    if p.can(Permission::SalesEdit) && order.status.is_editable() {
        actions.push(Action::link(address("edit"), p.t("sales-order-edit")).icon("pencil"));
    }
    if p.can(Permission::SalesDelete) && order.status.is_editable() && order.source != Source::Chat {
        let question = p.t1("sales-order-delete-question", "number", order.number.to_string());
        let action = Action::post(p, address("delete"), p.t("sales-order-delete"));
        actions.push(action.danger().icon("trash").confirm(question));
    }
    if may_step(Step::Cancel) && may_cancel(order, lines) {
        actions.push(Action::link(address("cancel"), p.t("sales-order-cancel")).danger().icon("x-circle"));
    }
    if may_step(Step::Submit) {
        actions.push(Action::post(p, address("submit"), p.t("sales-order-submit")).icon("send-fill"));
    }
    if may_step(Step::Confirm) {
        let question = p.t1("sales-order-confirm-question", "number", order.number.to_string());
        let action = Action::post(p, address("confirm"), p.t("sales-order-confirm"));
        actions.push(action.primary().icon("check-lg").confirm(question));
    }
    Ok(actions)
}

/// Whether the order can be called off, at once or after its money is given back.
fn may_cancel(order: &Order, lines: &[SeenLine]) -> bool {
    let lines: Vec<_> = lines.iter().map(|seen| seen.line.clone()).collect();
    matches!(Stands::of(order, &lines), None | Some(Stands::Money))
}

/// What comes next for a confirmed order; the first of them is what the page offers most plainly.
fn next_steps(
    p: &Shell,
    order: &Order,
    lines: &[SeenLine],
    advances: Money,
    actions: &mut Vec<Action>,
) -> Result<()> {
    let address = |what: &str| format!("/orders/{}/{what}", order.number);
    let edits = p.can(Permission::SalesEdit);
    let is_of_sums = order.amounts_only && order.amounts.total.is_positive();
    let mut to_invoice = is_of_sums && order.progress.invoiced.is_zero();
    for seen in lines {
        to_invoice |= seen.line.to_invoice()?.is_positive();
    }
    let due = order.due()?;
    if order.progress.paid.is_positive() || order.progress.delivery != DeliveryState::None {
        let receipt = Action::file(address("receipt.pdf"), p.t("sales-print-receipt"));
        actions.push(receipt.icon("printer"));
    }
    let mut steps = Vec::new();
    if p.can(Permission::FinanceCreate) && due.is_positive() {
        steps.push(Action::link(address("pay"), p.t("sales-pay")).icon("cash-coin"));
    }
    if edits && to_invoice {
        let action = Action::post(p, address("invoice"), p.t("sales-invoice-it")).icon("receipt");
        let question = p.t1("sales-invoice-question", "number", order.number.to_string());
        steps.push(action.confirm(question));
    }
    if edits && order.can_deliver() {
        steps.push(Action::link(address("deliver"), p.t("sales-deliver")).icon("truck"));
    }
    if p.can(Permission::FinanceCreate) && advances.is_positive() {
        let action = Action::link(address("refund"), p.t("sales-refund")).icon("arrow-counterclockwise");
        // What was paid too much is to be given back; an advance may be.
        if due.is_negative() { steps.push(action) } else { actions.push(action) }
    }
    if let Some(last) = steps.pop() {
        steps.push(last.primary());
    }
    if edits && order.progress.delivery == DeliveryState::Part {
        let question = p.t1("sales-close-question", "number", order.number.to_string());
        let action = Action::post(p, address("close"), p.t("sales-close"));
        actions.push(action.icon("x-circle").confirm(question));
    }
    actions.extend(steps);
    Ok(())
}

/// What the reader should know before anything else.
fn notice(p: &Shell, order: &Order, lines: &[SeenLine]) -> Option<Notice> {
    match order.status {
        Status::Cancelled if order.cancel_reason.is_empty() => None,
        Status::Cancelled => {
            let text = p.t1("sales-order-cancelled-because", "reason", order.cancel_reason.as_str());
            Some(Notice::new(Tone::Warning, text))
        }
        Status::New if lines.iter().any(|seen| seen.reserved < seen.line.quantity) => {
            Some(Notice::new(Tone::Info, p.t("sales-order-not-reserved")))
        }
        Status::Draft | Status::New | Status::Confirmed => None,
    }
}

fn facts(p: &Shell, whole: &WholeOrder) -> Result<Facts> {
    let WholeOrder { order, customer, lines: _ } = whole;
    let som = |money: Money| format!("{} {}", p.money(money), p.t("web-som"));
    let mut facts = match customer {
        Some(contact) => {
            let name = match &contact.phone {
                Some(phone) => format!("{}, {}", contact.name, phone.pretty()),
                None => contact.name.clone(),
            };
            Facts::new().link(p.t("sales-field-customer"), name, format!("/contacts/{}", contact.number))
        }
        None => Facts::new().text(p.t("sales-field-customer"), ""),
    };
    facts = facts
        .text(p.t("sales-field-day"), p.date(order.ordered_on))
        .text(p.t("sales-field-source"), p.t(order.source.text_key()))
        .text(p.t("sales-field-total"), som(order.amounts.total))
        .text(p.t("sales-field-vat"), som(order.amounts.vat))
        .text(p.t("sales-field-net"), som(order.amounts.net));
    if !order.discount.is_zero() {
        facts = facts.text(p.t("sales-field-discount"), som(order.discount));
    }
    let mut delivery = p.t(order.delivery.kind.text_key());
    for more in [&order.delivery.address, &order.delivery.place] {
        if !more.is_empty() {
            delivery = format!("{delivery}, {more}");
        }
    }
    facts = facts.text(p.t("sales-field-delivery"), delivery);
    if !order.delivery.fee.is_zero() {
        facts = facts.text(p.t("sales-field-delivery-fee"), som(order.delivery.fee));
    }
    if order.status == Status::Confirmed {
        let Progress { delivery, invoiced, credited: _, paid } = order.progress;
        let (tone, state) = delivery_badge(delivery);
        if !order.amounts_only {
            facts = facts.badge(p.t("sales-field-delivered"), Badge::new(tone, p.t(state)));
        }
        facts = facts.text(p.t("sales-field-invoiced"), som(invoiced));
        let (tone, state) = payment_badge(order.payment_state()?);
        facts = facts
            .badge(p.t("sales-field-payment"), Badge::new(tone, p.t(state)))
            .text(p.t("sales-field-paid"), som(paid))
            .text(p.t("sales-field-due"), som(order.due()?));
    }
    Ok(facts.text(p.t("sales-field-note"), order.note.clone()))
}

/// How much has gone out, and how it looks.
pub(super) const fn delivery_badge(state: DeliveryState) -> (Tone, &'static str) {
    let tone = match state {
        DeliveryState::None => Tone::Plain,
        DeliveryState::Part => Tone::Warning,
        DeliveryState::Whole => Tone::Success,
        DeliveryState::Closed => Tone::Info,
    };
    (tone, state.text_key())
}

/// How much is paid, and how it looks.
pub(super) const fn payment_badge(state: PaymentState) -> (Tone, &'static str) {
    let tone = match state {
        PaymentState::Unpaid => Tone::Plain,
        PaymentState::Part => Tone::Warning,
        PaymentState::Paid => Tone::Success,
        PaymentState::Over => Tone::Error,
    };
    (tone, state.text_key())
}

fn lines_table(p: &Shell, order: &Order, lines: &[SeenLine]) -> Table {
    let has_discount = lines.iter().any(|seen| !seen.line.discount.is_zero());
    let mut columns = vec![
        Column::main("web-line-product"),
        Column::figures("web-line-quantity"),
        Column::figures("web-line-price"),
    ];
    if has_discount {
        columns.push(Column::figures("web-line-discount"));
    }
    columns.extend([
        Column::figures("sales-field-vat"),
        Column::figures("sales-field-total"),
        Column::new("sales-field-reserved"),
    ]);
    let row = |seen: &SeenLine| -> Row {
        let SeenLine { line, product, reserved } = seen;
        let OrderLine {
            id: _,
            position: _,
            product: _,
            quantity,
            price,
            discount,
            vat: _,
            vat_rate,
            amounts,
            progress: _,
        } = line;
        let mut row = vec![
            Cell::Link {
                href: format!("/products/{}", product.number),
                text: product.name.get(p.lang()).to_owned(),
                sub: product.code.clone(),
            },
            Cell::Quantity(*quantity, product.unit_in(p.lang()).to_owned()),
            Cell::Money(*price),
        ];
        if has_discount {
            let none = discount.is_zero();
            row.push(if none { Cell::Blank } else { Cell::text(format!("{discount} %")) });
        }
        row.extend([
            Cell::Two(p.money(amounts.vat), format!("{vat_rate} %")),
            Cell::Money(amounts.total),
            state_cell(p, order.status, line, *reserved),
        ]);
        row
    };
    Table::of(&p.words, "lines", columns, lines.iter().map(row).collect())
}

/// What became of a line: how much came back, went out, or is kept.
fn state_cell(p: &Shell, status: Status, line: &OrderLine, reserved: Quantity) -> Cell {
    let LineProgress { delivered, returned, .. } = line.progress;
    let wanted = line.quantity;
    if returned.is_positive() {
        return Cell::badge(Tone::Warning, p.t1("sales-line-returned", "quantity", returned));
    }
    if delivered >= wanted {
        return Cell::badge(Tone::Success, p.t("sales-delivered-whole"));
    }
    if delivered.is_positive() {
        return Cell::badge(Tone::Info, p.t1("sales-line-delivered", "quantity", delivered));
    }
    if reserved >= wanted {
        return Cell::badge(Tone::Success, p.t("sales-reserved-whole"));
    }
    if reserved.is_positive() {
        return Cell::badge(Tone::Warning, p.t1("sales-reserved-part", "quantity", reserved));
    }
    match status {
        Status::Cancelled => Cell::Blank,
        Status::Draft | Status::New | Status::Confirmed => {
            Cell::badge(Tone::Plain, p.t("sales-reserved-none"))
        }
    }
}

/// What was done with the order: action and the key of its words.
const HISTORY: &[(&str, &str)] = &[
    ("sales_order.place", "sales-history-placed"),
    ("sales_order.create", "sales-history-created"),
    ("sales_order.update", "sales-history-updated"),
    ("sales_order.submit", "sales-history-submitted"),
    ("sales_order.confirm", "sales-history-confirmed"),
    ("sales_order.cancel", "sales-history-cancelled"),
    ("sales_order.sell", "sales-history-sold"),
    ("sales_order.close", "sales-history-closed"),
    ("sales_delivery.post", "sales-history-delivered"),
    ("sales_delivery.undo", "sales-history-undone"),
    ("sales_invoice.post", "sales-history-invoiced"),
    ("sales_credit_note.post", "sales-history-credited"),
    ("sales_payment.receive", "sales-history-paid"),
    ("sales_payment.allocate", "sales-history-paid-on-account"),
    ("sales_payment.reverse", "sales-history-payment-reversed"),
    ("sales_payment.free", "sales-history-payment-reversed"),
    ("sales_refund.pay", "sales-history-refunded"),
];

fn history_table(p: &Shell, history: &[AuditEntry]) -> Table {
    let columns = vec![
        Column::main("sales-history-what"),
        Column::new("sales-history-who"),
        Column::new("sales-history-when"),
    ];
    let row = |entry: &AuditEntry| -> Row {
        let key = HISTORY.iter().find(|(action, _)| *action == entry.action).map(|(_, key)| *key);
        let what = key.map_or_else(|| entry.action.clone(), |key| p.t(key));
        vec![Cell::text(what), Cell::text(entry.actor_name.clone()), Cell::Time(entry.at)]
    };
    Table::of(&p.words, "history", columns, history.iter().map(row).collect())
}

/// Does a step and comes back to the order; what stands against it is told there.
pub(super) async fn step(
    caller: &Caller,
    key: RowKey,
    done: &'static str,
    run: impl Fn(&Ctx, &mut Tx<'_>, &Order) -> Result<()> + Send + 'static,
) -> web::Result<Go> {
    let number = caller.read(move |ctx, tx| find(ctx, tx, key)).await?.number;
    let outcome = caller
        .once(move |ctx, tx| {
            let order = find(ctx, tx, key)?;
            run(ctx, tx, &order)
        })
        .await;
    let (back, words) = (Go::to(format!("/orders/{number}")), caller.words());
    match outcome {
        Ok(()) => Ok(back.done(&words, &Text::new(done).with("number", number.to_string()))),
        Err(error) if error.kind() == Kind::Conflict => Ok(back.toast(Tone::Error, words.say(error.text()))),
        Err(error) => Err(error.into()),
    }
}

/// `POST /orders/{id}/submit`.
pub(super) async fn submit_order(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    step(&caller, key, "sales-order-submitted", |ctx, tx, order| submit(ctx, tx, order.id).map(drop)).await
}

/// `POST /orders/{id}/confirm`.
pub(super) async fn confirm_order(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    step(&caller, key, "sales-order-confirmed", |ctx, tx, order| confirm(ctx, tx, order.id).map(drop)).await
}

/// `POST /orders/{id}/delete`.
pub(super) async fn delete_order(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    let number = caller.read(move |ctx, tx| find(ctx, tx, key)).await?.number;
    let outcome = caller
        .write(move |ctx, tx| {
            let id = find(ctx, tx, key)?.id;
            delete(ctx, tx, id)
        })
        .await;
    let words = caller.words();
    match outcome {
        Ok(()) => {
            let done = Text::new("sales-order-deleted").with("number", number.to_string());
            Ok(Go::to("/orders").done(&words, &done))
        }
        Err(error) if error.kind() == Kind::Conflict => {
            Ok(Go::to(format!("/orders/{number}")).toast(Tone::Error, words.say(error.text())))
        }
        Err(error) => Err(error.into()),
    }
}

/// What the form of a cancellation sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct CancelForm {
    reason: String,
}

fn cancel_page(p: Shell, order: &Order, typed: &CancelForm, error: Option<&Error>) -> FormPage {
    let name = p.t1("sales-order-number", "number", order.number.to_string());
    let back = format!("/orders/{}", order.number);
    let p = p
        .titled("sales-order-cancel")
        .crumb("/orders", "sales-menu-orders")
        .crumb_named(&back, name)
        .narrow();
    let help =
        if order.source == Source::Chat { "sales-cancel-reason-told" } else { "sales-cancel-reason-kept" };
    let form = Form::new(&p, format!("{back}/cancel"))
        .error(error)
        .field(
            Field::area("reason", "sales-field-cancel-reason")
                .value(&typed.reason)
                .help(help)
                .focus()
                .max(500),
        )
        .submit("sales-order-cancel")
        .submit_icon("x-circle")
        .cancel(back);
    let text = p.t1("sales-order-cancel-question", "number", order.number.to_string());
    FormPage::new(p, form).notice(Notice::new(Tone::Warning, text))
}

/// `GET /orders/{id}/cancel`.
pub(super) async fn cancel_order_page(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Response> {
    caller.ctx.require(Permission::SalesEdit)?;
    let (order, lines) = caller
        .read(move |ctx, tx| {
            let order = find(ctx, tx, key)?;
            let lines = order_lines(ctx, tx, order.id)?;
            Ok((order, lines))
        })
        .await?;
    let back = Go::to(format!("/orders/{}", order.number));
    if order.status.after(Step::Cancel).is_none() {
        return Ok(back.into_response());
    }
    if let Some(stands) = Stands::of(&order, &lines) {
        let text = Text::new(stands.against_cancelling()).with("number", order.number.to_string());
        return Ok(back.toast(Tone::Error, caller.words().say(&text)).into_response());
    }
    Ok(render(&cancel_page(caller.shell(), &order, &CancelForm::default(), None)))
}

/// `POST /orders/{id}/cancel`.
pub(super) async fn cancel_order(
    caller: Caller,
    Path(key): Path<RowKey>,
    web::Form(typed): web::Form<CancelForm>,
) -> web::Result<Response> {
    let order = caller.read(move |ctx, tx| find(ctx, tx, key)).await?;
    let (id, number, sent) = (order.id, order.number, typed.clone());
    match caller.once(move |ctx, tx| cancel(ctx, tx, id, &sent.reason).map(drop)).await {
        Ok(()) => {
            let done = Text::new("sales-order-cancelled").with("number", number.to_string());
            Ok(Go::to(format!("/orders/{number}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => {
            Ok(form_again(error, |error| cancel_page(caller.shell(), &order, &typed, Some(error)))?)
        }
    }
}
