//! Invoices and credit notes: the list, one of them, how they are made.

use std::collections::HashMap;

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use catalog::Product;
use contacts::Contact;
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Error, Id, Money, Page, Quantity, Result, Text};
use ledger::Entry;
use web::{
    Caller, Multi, RowKey,
    pages::{
        Action, Badge, Cell, Choice, Column, DayRange, DetailPage, Empty, Export, Facts, Field, Filter, Form,
        FormPage, Go, ListPage, ListQuery, Row, Shell, Table, Tone, asked_page, form_again, render,
    },
};

use super::{deliver::QuantitiesForm, order::step};
use crate::{
    Invoice, InvoiceFilter, InvoiceKind, InvoiceLine, NewCreditNote, NewInvoice, Order, OrderLine,
    api::find_invoice, credit_invoice, credited_of, get_order, invoice_lines, invoice_order as invoice,
    invoices_of, list_invoices,
};

/// What is still to be paid, as a badge.
pub(super) fn state(p: &Shell, invoice: &Invoice) -> Badge {
    let (tone, key) = if invoice.kind == InvoiceKind::CreditNote {
        (Tone::Plain, "sales-credit-note")
    } else if invoice.credited == invoice.amounts.total {
        (Tone::Plain, "sales-invoice-credited")
    } else if invoice.open().unwrap_or_default().is_zero() {
        (Tone::Success, "sales-paid-whole")
    } else if invoice.paid.is_positive() {
        (Tone::Warning, "sales-paid-part")
    } else {
        (Tone::Accent, "sales-paid-none")
    };
    Badge::new(tone, p.t(key))
}

fn filter(ctx: &Ctx, tx: &mut ReadTx, query: &ListQuery) -> Result<InvoiceFilter> {
    let DayRange { from, until, .. } = DayRange::asked(query);
    let customer = match query.get("customer").and_then(|number| number.parse().ok()) {
        None => None,
        Some(number) => contacts::find_by_number(ctx, tx, number)?.map(|contact| contact.id),
    };
    let state = query.get("state").unwrap_or_default();
    let label = query.q().map(|text| {
        // What is no label fits no invoice.
        Invoice::parse_label(text.trim()).unwrap_or((InvoiceKind::Invoice, 0, 0))
    });
    Ok(InvoiceFilter {
        kind: state.parse().ok(),
        customer,
        order: None,
        from,
        until,
        open: state == "open",
        label,
    })
}

/// An invoice with whom it is for.
type Seen = (Invoice, Option<Contact>);

fn seen(ctx: &Ctx, tx: &mut ReadTx, invoices: Vec<Invoice>) -> Result<Vec<Seen>> {
    let mut ids: Vec<_> = invoices.iter().filter_map(|invoice| invoice.customer).collect();
    ids.sort_unstable();
    ids.dedup();
    let customers: HashMap<_, _> = if ids.is_empty() {
        HashMap::new()
    } else {
        contacts::get_many(ctx, tx, &ids)?.into_iter().map(|contact| (contact.id, contact)).collect()
    };
    let with = |invoice: Invoice| {
        let customer = invoice.customer.and_then(|id| customers.get(&id).cloned());
        (invoice, customer)
    };
    Ok(invoices.into_iter().map(with).collect())
}

/// `GET /invoices?state=&from=&until=&customer=&q=`.
pub(super) async fn invoices_page(caller: Caller, query: ListQuery) -> web::Result<Response> {
    let asked = query.clone();
    let page = caller
        .read(move |ctx, tx| {
            let filter = filter(ctx, tx, &asked)?;
            asked_page(&asked, |part| {
                let Page { count, results, request } = list_invoices(ctx, tx, &filter, part)?;
                Ok(Page::new(request, count, seen(ctx, tx, results)?))
            })
        })
        .await?;
    let p = caller.shell().titled("sales-menu-invoices");
    let table = table(&p, &query, &page).days(caller.ctx.today());
    if let Some(kind) = Export::asked(&query) {
        return Ok(table.download(kind, "invoices")?);
    }
    Ok(render(&ListPage::new(p, table)))
}

fn table(p: &Shell, query: &ListQuery, page: &Page<Seen>) -> Table {
    let columns = vec![
        Column::main("sales-invoice"),
        Column::new("sales-field-day"),
        Column::new("sales-field-customer"),
        Column::figures("sales-field-vat"),
        Column::figures("sales-field-total"),
        Column::figures("sales-field-open"),
        Column::new("sales-field-status"),
    ];
    let states = vec![
        Choice::new("open", p.t("sales-invoices-open")),
        Choice::new("invoice", p.t("sales-menu-invoices")),
        Choice::new("credit_note", p.t("sales-credit-notes")),
    ];
    let cells = |(invoice, customer): &Seen| -> Row {
        let open = match invoice.kind {
            InvoiceKind::Invoice => Cell::Money(invoice.open().unwrap_or_default()),
            InvoiceKind::CreditNote => Cell::Blank,
        };
        let sign = |money: Money| match invoice.kind {
            InvoiceKind::Invoice => money,
            InvoiceKind::CreditNote => Money::ZERO.minus(money).unwrap_or_default(),
        };
        vec![
            Cell::link(format!("/invoices/{}", invoice.label()), invoice.label()),
            Cell::Date(invoice.invoiced_on),
            customer.as_ref().map_or(Cell::Blank, |contact| Cell::text(contact.name.clone())),
            Cell::Money(sign(invoice.amounts.vat)),
            Cell::Money(sign(invoice.amounts.total)),
            open,
            badge_cell(p, invoice),
        ]
    };
    Table::new(&p.words, "invoices", query, columns, page, cells)
        .search("sales-invoices-search")
        .filter(Filter::select("state", "sales-field-status", states))
        .export("/invoices")
        .empty(Empty::new("receipt", p.t("sales-invoices-empty"), p.t("sales-invoices-empty-hint")))
}

fn badge_cell(p: &Shell, invoice: &Invoice) -> Cell {
    let Badge { tone, label } = state(p, invoice);
    Cell::Badge(tone, label)
}

/// Everything that the page of an invoice shows.
struct Whole {
    invoice: Invoice,
    customer: Option<Contact>,
    order: Order,
    lines: Vec<(InvoiceLine, Product)>,
    /// Credit notes of an invoice, the invoice of a credit note.
    others: Vec<Invoice>,
    credited: HashMap<Id<OrderLine>, Quantity>,
    /// The fee for delivery was given back already.
    fee_credited: bool,
    entries: Vec<Entry>,
}

fn whole(ctx: &Ctx, tx: &mut ReadTx, key: &str) -> Result<Whole> {
    let invoice = find_invoice(ctx, tx, key)?;
    let order = get_order(ctx, tx, invoice.order)?;
    let lines = invoice_lines(ctx, tx, invoice.id)?;
    let ids: Vec<_> = lines.iter().map(|line| line.product).collect();
    let products: HashMap<_, _> = if ids.is_empty() {
        HashMap::new()
    } else {
        catalog::get_many(ctx, tx, &ids)?.into_iter().map(|product| (product.id, product)).collect()
    };
    let with = |line: InvoiceLine| {
        let product = products.get(&line.product).cloned();
        Ok((line, product.ok_or_else(|| Error::internal("a line without its product"))?))
    };
    let lines = lines.into_iter().map(with).collect::<Result<_>>()?;
    let mut others = invoices_of(ctx, tx, order.id)?;
    others.retain(|other| other.credits == Some(invoice.id) || invoice.credits == Some(other.id));
    let (credited, fee_credited) = credited_of(ctx, tx, invoice.id)?;
    let kind = match invoice.kind {
        InvoiceKind::Invoice => "sales_invoice",
        InvoiceKind::CreditNote => "sales_credit_note",
    };
    let entries = ledger::entries_of(ctx, tx, kind, invoice.id.uuid())?;
    let (invoice, customer) = seen(ctx, tx, vec![invoice])?.pop().ok_or_else(Error::not_found)?;
    Ok(Whole { invoice, customer, order, lines, others, credited, fee_credited, entries })
}

/// `GET /invoices/{label}`.
pub(super) async fn invoice_page(caller: Caller, Path(key): Path<String>) -> web::Result<Response> {
    let whole = caller.read(move |ctx, tx| whole(ctx, tx, &key)).await?;
    let Whole { invoice, customer, order, lines, others, credited: _, fee_credited: _, entries } = &whole;
    let label = invoice.label();
    let p = caller.shell();
    let title = format!("{} {label}", p.t(invoice.kind.text_key()));
    let p = p.named(title).crumb("/invoices", "sales-menu-invoices");
    let order_name = p.t1("sales-order-number", "number", order.number.to_string());
    let som = |money: Money| format!("{} {}", p.money(money), p.t("web-som"));
    let mut facts = Facts::new()
        .link(p.t("sales-field-number"), order_name, format!("/orders/{}", order.number))
        .text(p.t("sales-field-day"), p.date(invoice.invoiced_on));
    if let Some(contact) = customer {
        let href = format!("/contacts/{}", contact.number);
        facts = facts.link(p.t("sales-field-customer"), contact.name.clone(), href);
    }
    facts = facts
        .text(p.t("sales-field-net"), som(invoice.amounts.net))
        .text(p.t("sales-field-vat"), som(invoice.amounts.vat))
        .text(p.t("sales-field-total"), som(invoice.amounts.total));
    if !invoice.fee.total.is_zero() {
        facts = facts.text(p.t("sales-field-delivery-fee"), som(invoice.fee.total));
    }
    if invoice.kind == InvoiceKind::Invoice {
        facts = facts
            .text(p.t("sales-field-paid"), som(invoice.paid))
            .text(p.t("sales-field-open"), som(invoice.open()?));
    }
    for other in others {
        let name = p.t(other.kind.text_key());
        facts = facts.link(name, other.label(), format!("/invoices/{}", other.label()));
    }
    facts = facts.text(p.t("sales-field-note"), invoice.note.clone());
    let left = invoice.kind == InvoiceKind::Invoice && invoice.credited < invoice.amounts.total;
    let mut page = DetailPage::new(p.clone()).badge(state(&p, invoice)).facts(facts);
    page =
        page.action(Action::file(format!("/invoices/{label}/pdf"), p.t("sales-print-pdf")).icon("printer"));
    if left && p.can(Permission::SalesEdit) {
        let action = Action::link(format!("/invoices/{label}/credit"), p.t("sales-credit"));
        page = page.action(action.icon("arrow-counterclockwise"));
    }
    if invoice.kind == InvoiceKind::Invoice
        && invoice.open()?.is_positive()
        && p.can(Permission::FinanceCreate)
    {
        let action = Action::link(format!("/orders/{}/pay", order.number), p.t("sales-pay"));
        page = page.action(action.primary().icon("cash-coin"));
    }
    if !lines.is_empty() {
        page = page.table("sales-order-lines", &lines_table(&p, lines));
    }
    if p.can(Permission::FinanceRead) {
        page = page.table("sales-entries", &entries_table(&p, entries));
    }
    Ok(render(&page))
}

fn lines_table(p: &Shell, lines: &[(InvoiceLine, Product)]) -> Table {
    let columns = vec![
        Column::main("web-line-product"),
        Column::figures("web-line-quantity"),
        Column::figures("web-line-price"),
        Column::figures("sales-field-net"),
        Column::figures("sales-field-vat"),
        Column::figures("sales-field-total"),
    ];
    let row = |(line, product): &(InvoiceLine, Product)| -> Row {
        vec![
            Cell::Link {
                href: format!("/products/{}", product.number),
                text: product.name.get(p.lang()).to_owned(),
                sub: product.code.clone(),
            },
            Cell::Quantity(line.quantity, product.unit_in(p.lang()).to_owned()),
            Cell::Money(line.price),
            Cell::Money(line.amounts.net),
            Cell::Two(p.money(line.amounts.vat), format!("{} %", line.vat_rate)),
            Cell::Money(line.amounts.total),
        ]
    };
    Table::of(&p.words, "lines", columns, lines.iter().map(row).collect())
}

/// What a document says in the books, each a link to its entry.
pub(super) fn entries_table(p: &Shell, entries: &[Entry]) -> Table {
    let columns = vec![
        Column::main("sales-entry"),
        Column::new("sales-field-day"),
        Column::new("sales-entry-memo"),
        Column::figures("sales-field-total"),
    ];
    let row = |entry: &Entry| -> Row {
        let memo = &entry.memo;
        let words =
            if memo.key.is_empty() { memo.text.clone() } else { p.words.say_stored(&memo.key, &memo.args) };
        vec![
            Cell::link(format!("/ledger/entries/{}", entry.number), format!("№ {}", entry.number)),
            Cell::Date(entry.date),
            Cell::text(words),
            Cell::Money(entry.total),
        ]
    };
    Table::of(&p.words, "entries", columns, entries.iter().map(row).collect())
}

/// `POST /orders/{id}/invoice`.
pub(super) async fn invoice_order(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    step(&caller, key, "sales-order-invoiced", |ctx, tx, order| {
        invoice(ctx, tx, order.id, NewInvoice::default()).map(drop)
    })
    .await
}

fn credit_form(p: Shell, whole: &Whole, typed: &QuantitiesForm, error: Option<&Error>) -> FormPage {
    let Whole { invoice, lines, credited, fee_credited, .. } = whole;
    let back = format!("/invoices/{}", invoice.label());
    let p = p
        .titled("sales-credit")
        .crumb("/invoices", "sales-menu-invoices")
        .crumb_named(back.clone(), invoice.label())
        .narrow();
    let mut form = Form::new(&p, format!("{back}/credit"))
        .error(error)
        .field(Field::date("date", "sales-field-day").value(&typed.date).required().half());
    for (place, (line, product)) in lines.iter().enumerate() {
        let before = credited.get(&line.order_line).copied().unwrap_or_default();
        let left = line.quantity.minus(before).unwrap_or_default();
        let field = typed.field(place, product.name.get(p.lang()), product.unit_in(p.lang()));
        form = form.field(field.hint(p.t1("sales-left-to-return", "quantity", left)));
    }
    if invoice.fee.total.is_positive() && !fee_credited {
        form = form.field(Field::check("with_fee", "sales-credit-fee"));
    }
    let form = form
        .field(Field::area("note", "sales-field-cancel-reason").value(&typed.note).max(2_000))
        .submit("sales-credit")
        .submit_icon("arrow-counterclockwise")
        .cancel(back);
    FormPage::new(p, form)
}

/// `GET /invoices/{label}/credit`.
pub(super) async fn credit_page(caller: Caller, Path(key): Path<String>) -> web::Result<Response> {
    caller.ctx.require(Permission::SalesEdit)?;
    let whole = caller.read(move |ctx, tx| whole(ctx, tx, &key)).await?;
    let none = whole.lines.iter().map(|_| Quantity::ZERO);
    let typed = QuantitiesForm::of(caller.ctx.today(), none);
    Ok(render(&credit_form(caller.shell(), &whole, &typed, None)))
}

/// `POST /invoices/{label}/credit`.
pub(super) async fn credit(caller: Caller, Path(key): Path<String>, form: Multi) -> web::Result<Response> {
    caller.ctx.require(Permission::SalesEdit)?;
    let whole = caller.read(move |ctx, tx| whole(ctx, tx, &key)).await?;
    let typed = QuantitiesForm::sent(&form, whole.lines.len());
    let with_fee = form.get("with_fee") == "true";
    let ids: Vec<_> = whole.lines.iter().map(|(line, _)| line.order_line).collect();
    let (id, sums_only, sent) = (whole.invoice.id, whole.order.amounts_only, typed.clone());
    let made = caller
        .once(move |ctx, tx| {
            let (on, lines) = sent.read(&ids)?;
            let new = NewCreditNote {
                lines: (!sums_only).then_some(lines),
                with_fee,
                warehouse: None,
                on,
                note: sent.note.clone(),
            };
            Ok(credit_invoice(ctx, tx, id, new)?.1.label())
        })
        .await;
    match made {
        Ok(label) => {
            let done = Text::new("sales-invoice-credit-made").with("number", label.clone());
            Ok(Go::to(format!("/invoices/{label}")).done(&caller.words(), &done).into_response())
        }
        Err(error) => {
            Ok(form_again(error, |error| credit_form(caller.shell(), &whole, &typed, Some(error)))?)
        }
    }
}
