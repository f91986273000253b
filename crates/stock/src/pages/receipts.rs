//! The list of receipts, the page of one, and what its buttons do.

use axum::{extract::Path, response::Response};
use context::{Ctx, Permission};
use db::{ReadTx, Tx};
use kernel::{Kind, Page, Result, Text};
use web::{
    Caller, RowKey,
    pages::{
        Action, Badge, Cell, Choice, Column, DayRange, DetailPage, Empty, Export, Facts, Filter, Go,
        ListPage, ListQuery, Notice, Row, Shell, Table, Tone, asked_page, render,
    },
};

use super::{som, warehouse_choices};
use crate::{
    Receipt, ReceiptFilter, ReceiptLine, ReceiptStatus, Warehouse, delete_receipt as delete,
    find_warehouse_by_number, list_receipts, post_receipt as post, receipt_lines_page,
    seen::{SeenLine, SeenReceipt, find_receipt, seen_receipts, with_products},
    warehouses,
};

const fn tone(status: ReceiptStatus) -> Tone {
    match status {
        ReceiptStatus::Draft => Tone::Plain,
        ReceiptStatus::Posted => Tone::Success,
    }
}

/// Lines that a form can hold; an imported receipt with more is written anew by another import or by the API.
const FORM_LINES: u32 = 500;

/// Whether the receipt can be changed on a page.
pub(super) const fn fits_a_form(receipt: &Receipt) -> bool {
    receipt.line_count <= FORM_LINES
}

fn read(ctx: &Ctx, tx: &mut ReadTx, query: &ListQuery) -> Result<(Page<SeenReceipt>, Vec<Warehouse>)> {
    let number: Option<i64> = query.get("warehouse").and_then(|number| number.parse().ok());
    let warehouse = match number {
        None => None,
        Some(number) => find_warehouse_by_number(ctx, tx, number)?.map(|found| found.id),
    };
    let DayRange { from, until, .. } = DayRange::asked(query);
    let filter = ReceiptFilter {
        received_from: from,
        received_until: until,
        status: query.get("status").and_then(|word| word.parse().ok()),
        warehouse,
        number: query.q().and_then(|text| text.trim_start_matches(['№', '#', ' ']).parse().ok()),
        ..ReceiptFilter::default()
    };
    let page = asked_page(query, |part| {
        let Page { count, results, request } = list_receipts(ctx, tx, &filter, part)?;
        Ok(Page::new(request, count, seen_receipts(ctx, tx, results)?))
    })?;
    Ok((page, warehouses(ctx, tx)?))
}

/// `GET /stock/receipts`.
pub(super) async fn receipts_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let (page, places) = caller.read(move |ctx, tx| read(ctx, tx, &asked)).await?;
    let p = caller.shell().titled("stock-menu-receipts");
    let table = table(&p, &query, &page, &places).days(caller.ctx.today());
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "receipts")?);
    }
    let may = p.can(Permission::InventoryCreate);
    Ok(render(&ListPage::new(p, table).action_if(may, new)))
}

fn new(p: &Shell) -> Action {
    Action::link("/stock/receipts/new", p.t("stock-receipt-new")).primary().icon("plus-lg")
}

fn table(p: &Shell, query: &ListQuery, page: &Page<SeenReceipt>, places: &[Warehouse]) -> Table {
    let columns = vec![
        Column::main("stock-field-receipt"),
        Column::new("stock-field-received-on"),
        Column::new("stock-field-supplier"),
        Column::new("stock-field-warehouse").wide(),
        Column::figures("stock-field-lines"),
        Column::figures("stock-field-total"),
        Column::new("stock-field-status"),
    ];
    let states = ReceiptStatus::ALL.map(|status| Choice::new(status.word(), p.t(status.text_key()))).to_vec();
    let mut empty = Empty::new("truck", p.t("stock-receipts-empty"), p.t("stock-receipts-empty-hint"));
    if p.can(Permission::InventoryCreate) {
        empty = empty.action(new(p));
    }
    Table::new(&p.words, "receipts", query, columns, page, |seen| {
        let SeenReceipt { receipt, warehouse, supplier } = seen;
        let title = p.t1("stock-receipt-number", "number", receipt.number.to_string());
        let supplier = supplier.as_ref().map(|contact| contact.name.clone());
        vec![
            Cell::Link {
                href: format!("/stock/receipts/{}", receipt.number),
                text: title,
                sub: receipt.note.clone(),
            },
            Cell::Date(receipt.received_on),
            supplier.map_or(Cell::Blank, Cell::text),
            Cell::text(warehouse.as_ref().map(|found| found.name.clone()).unwrap_or_default()),
            Cell::Number(i64::from(receipt.line_count)),
            Cell::Money(receipt.total),
            Cell::badge(tone(receipt.status), p.t(receipt.status.text_key())),
        ]
    })
    .search("stock-receipts-search")
    .filter(Filter::select("status", "stock-field-status", states))
    .filter(Filter::select("warehouse", "stock-field-warehouse", warehouse_choices(places)))
    .export("/stock/receipts")
    .empty(empty)
}

/// `GET /stock/receipts/{id}`.
pub(super) async fn receipt_page(
    caller: Caller,
    Path(key): Path<RowKey>,
    query: ListQuery,
) -> web::Result<Response> {
    let asked = query.clone();
    let (seen, lines) = caller
        .read(move |ctx, tx| {
            let receipt = find_receipt(ctx, tx, key)?;
            let lines = asked_page(&asked, |part| {
                let Page { count, results, request } = receipt_lines_page(ctx, tx, &receipt, part)?;
                Ok(Page::new(request, count, with_products(ctx, tx, results)?))
            })?;
            let seen = seen_receipts(ctx, tx, vec![receipt])?.pop();
            Ok((seen.ok_or_else(kernel::Error::not_found)?, lines))
        })
        .await?;
    let p = caller.shell();
    let title = p.t1("stock-receipt-number", "number", seen.receipt.number.to_string());
    let p = p.named(title).crumb("/stock/receipts", "stock-menu-receipts");
    let status = seen.receipt.status;
    let badge = Badge::new(tone(status), p.t(status.text_key()));
    let mut page = DetailPage::new(p.clone()).badge(badge).facts(facts(&p, &seen));
    for action in actions(&p, &seen.receipt) {
        page = page.action(action);
    }
    if status == ReceiptStatus::Draft {
        page = page.notice(Notice::new(Tone::Info, p.t("stock-receipt-draft-notice")));
    }
    let table = lines_table(&p, &query, &lines);
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "receipt")?);
    }
    Ok(render(&page.table("stock-receipt-lines", &table)))
}

fn facts(p: &Shell, seen: &SeenReceipt) -> Facts {
    let SeenReceipt { receipt, warehouse, supplier } = seen;
    let facts = Facts::new().text(p.t("stock-field-received-on"), p.date(receipt.received_on)).text(
        p.t("stock-field-warehouse"),
        warehouse.as_ref().map(|found| found.name.clone()).unwrap_or_default(),
    );
    let facts = match supplier {
        Some(contact) => {
            let href = format!("/contacts/{}", contact.number);
            facts.link(p.t("stock-field-supplier"), contact.name.clone(), href)
        }
        None => facts.text(p.t("stock-field-supplier"), ""),
    };
    let posted = receipt.posted_at.map(|at| p.time(at)).unwrap_or_default();
    facts
        .text(p.t("stock-field-total"), som(p, receipt.total))
        .text(p.t("stock-field-posted-at"), posted)
        .text(p.t("stock-field-note"), receipt.note.clone())
}

fn lines_table(p: &Shell, query: &ListQuery, lines: &Page<SeenLine>) -> Table {
    let columns = vec![
        Column::main("web-line-product"),
        Column::figures("web-line-quantity"),
        Column::figures("stock-field-unit-cost"),
        Column::figures("web-line-sum"),
    ];
    let row = |seen: &SeenLine| -> Row {
        let SeenLine { line, product } = seen;
        let ReceiptLine { position: _, product: _, quantity, unit_cost, value } = line;
        let name = product.as_ref().map_or(Cell::Blank, |product| Cell::Link {
            href: format!("/stock/products/{}", product.number),
            text: product.name.get(p.lang()).to_owned(),
            sub: product.code.clone(),
        });
        let unit = product.as_ref().map_or("", |product| product.unit_in(p.lang())).to_owned();
        vec![name, Cell::Quantity(*quantity, unit), Cell::Money(*unit_cost), Cell::Money(*value)]
    };
    Table::new(&p.words, "lines", query, columns, lines, row).export(query.path())
}

fn actions(p: &Shell, receipt: &Receipt) -> Vec<Action> {
    let mut actions = Vec::new();
    if receipt.status != ReceiptStatus::Draft {
        return actions;
    }
    let address = |what: &str| format!("/stock/receipts/{}/{what}", receipt.number);
    if p.can(Permission::InventoryEdit) && fits_a_form(receipt) {
        actions.push(Action::link(address("edit"), p.t("stock-receipt-edit")).icon("pencil"));
    }
    if p.can(Permission::InventoryDelete) {
        let question = p.t1("stock-receipt-delete-question", "number", receipt.number.to_string());
        let action = Action::post(p, address("delete"), p.t("stock-receipt-delete"));
        actions.push(action.danger().icon("trash").confirm(question));
    }
    if p.can(Permission::InventoryCreate) {
        let question = p.t1("stock-receipt-post-question", "number", receipt.number.to_string());
        let action = Action::post(p, address("post"), p.t("stock-receipt-post"));
        actions.push(action.primary().icon("check-lg").confirm(question));
    }
    actions
}

/// `POST /stock/receipts/{id}/post`.
pub(super) async fn post_receipt(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    let run = |ctx: &Ctx, tx: &mut Tx<'_>, receipt: Receipt| post(ctx, tx, receipt.id).map(drop);
    done(&caller, key, "stock-receipt-posted", None, run).await
}

/// `POST /stock/receipts/{id}/delete`.
pub(super) async fn delete_receipt(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    let run = |ctx: &Ctx, tx: &mut Tx<'_>, receipt: Receipt| delete(ctx, tx, receipt.id);
    done(&caller, key, "stock-receipt-deleted", Some("/stock/receipts"), run).await
}

/// Does something with the receipt and goes back to it, or to `then`; what stands against it is told there.
async fn done(
    caller: &Caller,
    key: RowKey,
    text: &'static str,
    then: Option<&'static str>,
    run: impl Fn(&Ctx, &mut Tx<'_>, Receipt) -> Result<()> + Send + 'static,
) -> web::Result<Go> {
    let number = caller.read(move |ctx, tx| find_receipt(ctx, tx, key)).await?.number;
    let outcome = caller
        .once(move |ctx, tx| {
            let receipt = find_receipt(ctx, tx, key)?;
            run(ctx, tx, receipt)
        })
        .await;
    let own = format!("/stock/receipts/{number}");
    let words = caller.words();
    match outcome {
        Ok(()) => {
            let to = then.map_or(own, str::to_owned);
            Ok(Go::to(to).done(&words, &Text::new(text).with("number", number.to_string())))
        }
        Err(error) if error.kind() == Kind::Conflict => {
            Ok(Go::to(own).toast(Tone::Error, words.say(error.text())))
        }
        Err(error) => Err(error.into()),
    }
}
