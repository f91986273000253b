//! `/api/sales-invoices`: invoices and credit notes.

use std::collections::HashMap;

use axum::extract::Path;
use context::Ctx;
use db::{ReadTx, Tx};
use kernel::{Date, Error, Id, Lang, Money, Page, Quantity, Rate, Result, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::{Caller, Json, Listed, OptionalJson, PageQuery, ProblemBody, Query};

use super::{
    customer,
    documents::{LineQuantityIn, lines_said},
};
use crate::{
    Amounts, Invoice, InvoiceFilter, InvoiceKind, InvoiceLine, NewCreditNote, OrderLine, credit_invoice,
    get_invoice, get_invoice_by_label, get_order, invoice_lines, list_invoices, order_lines,
};

/// An invoice or a credit note as the API shows it; lists leave its lines out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SalesInvoiceOut {
    /// What people call it: `2026-000123`, a credit note `QN-2026-000004`.
    pub id: String,
    pub uuid: Uuid,
    /// `invoice` or `credit_note`.
    pub kind: String,
    /// The number of the order.
    pub order_id: i64,
    /// The invoice that a credit note takes back.
    pub credits: Option<String>,
    pub customer_id: Option<i64>,
    pub customer_name: Option<String>,
    #[schema(value_type = String)]
    pub date: Date,
    #[schema(value_type = f64)]
    pub net_amount: Money,
    #[schema(value_type = f64)]
    pub tax_amount: Money,
    #[schema(value_type = f64)]
    pub total_amount: Money,
    /// Of the total, for bringing the goods.
    #[schema(value_type = f64)]
    pub delivery_fee: Money,
    #[schema(value_type = f64)]
    pub paid_amount: Money,
    #[schema(value_type = f64)]
    pub credited_amount: Money,
    /// What is still to be paid.
    #[schema(value_type = f64)]
    pub open_amount: Money,
    pub note: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<SalesInvoiceLineOut>>,
    #[schema(value_type = String)]
    pub created_at: Timestamp,
}

/// One product of an invoice.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SalesInvoiceLineOut {
    /// The place of the order's line.
    pub line: u32,
    pub product_id: i64,
    pub product_code: String,
    pub product_name: String,
    #[schema(value_type = f64)]
    pub quantity: Quantity,
    #[schema(value_type = f64)]
    pub price: Money,
    #[schema(value_type = f64)]
    pub vat_rate: Rate,
    #[schema(value_type = f64)]
    pub net_amount: Money,
    #[schema(value_type = f64)]
    pub tax_amount: Money,
    #[schema(value_type = f64)]
    pub total_amount: Money,
}

impl SalesInvoiceOut {
    /// These, without their lines.
    fn all(ctx: &Ctx, tx: &mut ReadTx, invoices: Vec<Invoice>) -> Result<Vec<Self>> {
        let mut ids: Vec<_> = invoices.iter().filter_map(|invoice| invoice.customer).collect();
        ids.sort_unstable();
        ids.dedup();
        let customers: HashMap<_, _> = if ids.is_empty() {
            HashMap::new()
        } else {
            contacts::get_many(ctx, tx, &ids)?.into_iter().map(|contact| (contact.id, contact)).collect()
        };
        let mut out = Vec::with_capacity(invoices.len());
        for invoice in invoices {
            let order_id = get_order(ctx, tx, invoice.order)?.number;
            let credits = match invoice.credits {
                Some(id) => Some(get_invoice(ctx, tx, id)?.label()),
                None => None,
            };
            let customer = invoice.customer.and_then(|id| customers.get(&id));
            let (id, open_amount) = (invoice.label(), invoice.open()?);
            let Invoice {
                id: uuid,
                kind,
                year: _,
                number: _,
                order: _,
                credits: _,
                customer: _,
                invoiced_on,
                amounts: Amounts { net, vat, total },
                fee,
                fee_vat_rate: _,
                line_count: _,
                paid,
                credited,
                note,
                created_at,
            } = invoice;
            let is_invoice = kind == InvoiceKind::Invoice;
            out.push(Self {
                id,
                uuid: uuid.uuid(),
                kind: kind.word().to_owned(),
                order_id,
                credits,
                customer_id: customer.map(|contact| contact.number),
                customer_name: customer.map(|contact| contact.name.clone()),
                date: invoiced_on,
                net_amount: net,
                tax_amount: vat,
                total_amount: total,
                delivery_fee: fee.total,
                paid_amount: paid,
                credited_amount: credited,
                open_amount: if is_invoice { open_amount } else { Money::ZERO },
                note,
                lines: None,
                created_at,
            });
        }
        Ok(out)
    }

    /// One with its lines.
    pub(super) fn whole(ctx: &Ctx, tx: &mut ReadTx, invoice: Invoice, lang: Lang) -> Result<Self> {
        let (id, order) = (invoice.id, invoice.order);
        let lines = invoice_lines(ctx, tx, id)?;
        let stands = order_lines(ctx, tx, order)?;
        let ids: Vec<_> = lines.iter().map(|line| line.product).collect();
        let products: HashMap<_, _> = if ids.is_empty() {
            HashMap::new()
        } else {
            catalog::get_many(ctx, tx, &ids)?.into_iter().map(|product| (product.id, product)).collect()
        };
        let place = |id: Id<OrderLine>| stands.iter().find(|line| line.id == id).map_or(0, |l| l.position);
        let line = |line: InvoiceLine| {
            let InvoiceLine {
                position: _,
                order_line,
                product,
                quantity,
                price,
                discount: _,
                vat: _,
                vat_rate,
                amounts: Amounts { net, vat, total },
            } = line;
            let product =
                products.get(&product).ok_or_else(|| Error::internal("a line without its product"))?;
            Ok(SalesInvoiceLineOut {
                line: place(order_line),
                product_id: product.number,
                product_code: product.code.clone(),
                product_name: product.name.get(lang).to_owned(),
                quantity,
                price,
                vat_rate,
                net_amount: net,
                tax_amount: vat,
                total_amount: total,
            })
        };
        let lines = lines.into_iter().map(line).collect::<Result<Vec<_>>>()?;
        let out = Self::all(ctx, tx, vec![invoice])?.pop().ok_or_else(Error::not_found)?;
        Ok(Self { lines: Some(lines), ..out })
    }
}

/// The invoice that a path names by what people call it, or by its id.
pub(crate) fn find_invoice(ctx: &Ctx, tx: &mut ReadTx, key: &str) -> Result<Invoice> {
    match Uuid::try_parse(key) {
        Ok(uuid) => get_invoice(ctx, tx, Id::from_uuid(uuid)),
        Err(_) => get_invoice_by_label(ctx, tx, key),
    }
}

/// Which invoices are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SalesInvoiceQuery {
    /// `invoice` or `credit_note`.
    kind: Option<String>,
    /// Of this customer.
    customer_id: Option<i64>,
    /// Of this day or later.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// Of this day or earlier.
    #[param(value_type = Option<String>)]
    until: Option<Date>,
    /// Only those that something is still to be paid of.
    #[serde(default)]
    open: bool,
    page: Option<u32>,
    page_size: Option<u32>,
}

impl SalesInvoiceQuery {
    fn filter(&self, ctx: &Ctx, tx: &mut ReadTx) -> Result<InvoiceFilter> {
        let Self { kind, customer_id, from, until, open, page: _, page_size: _ } = self;
        let unknown = || Error::field("kind", Text::new("sales-invoice-kind-unknown"));
        let kind = kind.as_deref().filter(|word| !word.is_empty());
        let kind = kind.map(|word| word.parse().map_err(|()| unknown())).transpose()?;
        let customer = customer_id.map(|number| customer(ctx, tx, number)).transpose()?;
        Ok(InvoiceFilter {
            kind,
            customer,
            order: None,
            from: *from,
            until: *until,
            open: *open,
            label: None,
        })
    }
}

/// The invoices and credit notes that fit, newest first. Their lines are left out.
#[utoipa::path(get, path = "/api/sales-invoices", tag = "sales", params(SalesInvoiceQuery),
    responses((status = 200, body = Listed<SalesInvoiceOut>)))]
pub(super) async fn list_sales_invoices(
    caller: Caller,
    Query(query): Query<SalesInvoiceQuery>,
) -> web::Result<Json<Listed<SalesInvoiceOut>>> {
    let part = PageQuery::of(query.page, query.page_size).request();
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let filter = query.filter(ctx, tx)?;
        let Page { count, results, request } = list_invoices(ctx, tx, &filter, part)?;
        Ok(Page::new(request, count, SalesInvoiceOut::all(ctx, tx, results)?))
    };
    let found = caller.read(read).await?;
    Ok(Json(Listed::of(&caller, found)))
}

/// An invoice or a credit note with its lines, by what people call it or by its UUID.
#[utoipa::path(get, path = "/api/sales-invoices/{id}", tag = "sales", params(("id" = String, Path)),
    responses((status = 200, body = SalesInvoiceOut), (status = 404, body = ProblemBody)))]
pub(super) async fn get_sales_invoice(
    caller: Caller,
    Path(key): Path<String>,
) -> web::Result<Json<SalesInvoiceOut>> {
    let lang = caller.ctx.lang();
    let read = move |ctx: &Ctx, tx: &mut ReadTx<'_>| {
        let invoice = find_invoice(ctx, tx, &key)?;
        SalesInvoiceOut::whole(ctx, tx, invoice, lang)
    };
    Ok(Json(caller.read(read).await?))
}

/// What comes back.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct CreditNoteIn {
    /// How much of which line of the order; everything that is left of the invoice where nobody says.
    pub lines: Option<Vec<LineQuantityIn>>,
    /// Whether the fee for delivery is given back, too; with everything, it is.
    pub with_delivery_fee: bool,
    /// The number of the warehouse where the goods go; the default one where nobody says.
    pub warehouse_id: Option<i64>,
    /// The business date; today where nobody says.
    #[schema(value_type = Option<String>)]
    pub date: Option<Date>,
    /// Why.
    pub note: String,
}

impl CreditNoteIn {
    fn note(self, ctx: &Ctx, tx: &mut ReadTx, lines: &[OrderLine]) -> Result<NewCreditNote> {
        let Self { lines: said, with_delivery_fee, warehouse_id, date, note } = self;
        let warehouse = match warehouse_id {
            None => None,
            Some(number) => {
                let unknown = || Error::field("warehouse_id", Text::new("stock-warehouse-unknown"));
                Some(stock::find_warehouse_by_number(ctx, tx, number)?.ok_or_else(unknown)?.id)
            }
        };
        Ok(NewCreditNote {
            lines: lines_said(lines, said)?,
            with_fee: with_delivery_fee,
            warehouse,
            on: date,
            note,
        })
    }
}

/// Takes goods of an invoice back: a credit note, and the goods in the warehouse at what they had cost. What was paid
/// for them can be given back or pays the next invoice.
#[utoipa::path(post, path = "/api/sales-invoices/{id}/credit-notes", tag = "sales", params(("id" = String, Path)),
    request_body = CreditNoteIn, responses((status = 200, body = SalesInvoiceOut), (status = 409, body = ProblemBody)))]
pub(super) async fn credit_sales_invoice(
    caller: Caller,
    Path(key): Path<String>,
    OptionalJson(body): OptionalJson<CreditNoteIn>,
) -> web::Result<Json<SalesInvoiceOut>> {
    let lang = caller.ctx.lang();
    let credit = move |ctx: &Ctx, tx: &mut Tx<'_>| {
        let invoice = find_invoice(ctx, tx, &key)?;
        let lines = order_lines(ctx, tx, invoice.order)?;
        let new = body.clone().note(ctx, tx, &lines)?;
        let (_, credit) = credit_invoice(ctx, tx, invoice.id, new)?;
        SalesInvoiceOut::whole(ctx, tx, credit, lang)
    };
    Ok(Json(caller.once(credit).await?))
}
