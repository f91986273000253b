//! An order as the API shows it.

use kernel::{Date, Money, Quantity, Rate, Result, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::pages::Words;

use crate::{
    Amounts, Delivery, LineProgress, Order, OrderLine, Progress,
    seen::{SeenLine, SeenOrder, WholeOrder},
};

/// An order as the API shows it; lists leave its lines out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SalesOrderOut {
    pub id: i64,
    pub uuid: Uuid,
    pub customer_id: Option<i64>,
    pub customer_name: Option<String>,
    /// `draft`, `new`, `confirmed` or `cancelled`.
    pub status: String,
    /// The same in the caller's language.
    pub status_name: String,
    /// `staff`, `chat` or `api`.
    pub source: String,
    #[schema(value_type = String)]
    pub ordered_on: Date,
    /// What the customer pays, in so'm: discount taken off, VAT in it.
    #[schema(value_type = f64)]
    pub total_amount: Money,
    #[schema(value_type = f64)]
    pub discount: Money,
    #[schema(value_type = f64)]
    pub tax_amount: Money,
    #[schema(value_type = f64)]
    pub net_amount: Money,
    pub prices_include_vat: bool,
    pub delivery: DeliveryOut,
    pub note: String,
    pub cancel_reason: String,
    /// How much went out: `none`, `part`, `whole`, or `closed` when the rest never will.
    pub delivery_status: String,
    /// How much is paid: `unpaid`, `part`, `paid`, or `over` when money is to be given back.
    pub payment_status: String,
    #[schema(value_type = f64)]
    pub invoiced_amount: Money,
    #[schema(value_type = f64)]
    pub credited_amount: Money,
    #[schema(value_type = f64)]
    pub paid_amount: Money,
    /// What is still to be paid; below zero, what is to be given back.
    #[schema(value_type = f64)]
    pub due_amount: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<SalesOrderLineOut>>,
    pub version: i64,
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    #[schema(value_type = Option<String>)]
    pub confirmed_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    pub cancelled_at: Option<Timestamp>,
}

/// How the goods reach the customer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DeliveryOut {
    /// `unsaid`, `delivery` or `pickup`.
    pub kind: String,
    pub address: String,
    pub place: String,
    #[schema(value_type = f64)]
    pub fee: Money,
}

/// One product of an order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SalesOrderLineOut {
    /// Its place in the order, from 1: what a delivery and a credit note name it by.
    pub line: u32,
    pub product_id: i64,
    pub product_code: String,
    pub product_name: String,
    pub unit: String,
    #[schema(value_type = f64)]
    pub quantity: Quantity,
    #[schema(value_type = f64)]
    pub price: Money,
    #[schema(value_type = f64)]
    pub discount_percent: Rate,
    #[schema(value_type = f64)]
    pub vat_rate: Rate,
    #[schema(value_type = f64)]
    pub net_amount: Money,
    #[schema(value_type = f64)]
    pub tax_amount: Money,
    #[schema(value_type = f64)]
    pub total_amount: Money,
    /// How much of it is kept for this order.
    #[schema(value_type = f64)]
    pub reserved: Quantity,
    #[schema(value_type = f64)]
    pub delivered: Quantity,
    #[schema(value_type = f64)]
    pub invoiced: Quantity,
    #[schema(value_type = f64)]
    pub returned: Quantity,
}

impl SalesOrderOut {
    /// An order of a list.
    pub(super) fn listed(words: &Words, seen: SeenOrder) -> Result<Self> {
        let SeenOrder { order, customer } = seen;
        let (due_amount, payment) = (order.due()?, order.payment_state()?);
        let Order {
            id,
            number,
            status,
            source,
            customer: _,
            ordered_on,
            prices_include_vat,
            amounts_only: _,
            discount,
            delivery: Delivery { kind, address, place, fee },
            amounts: Amounts { net, vat, total },
            line_count: _,
            note,
            chat_ref: _,
            cancel_reason,
            version,
            created_at,
            confirmed_at,
            cancelled_at,
            delivery_vat: _,
            kept_at_once: _,
            progress: Progress { delivery, invoiced, credited, paid },
        } = order;
        Ok(Self {
            id: number,
            uuid: id.uuid(),
            customer_id: customer.as_ref().map(|contact| contact.number),
            customer_name: customer.map(|contact| contact.name),
            status: status.word().to_owned(),
            status_name: words.t(status.text_key()),
            source: source.word().to_owned(),
            ordered_on,
            total_amount: total,
            discount,
            tax_amount: vat,
            net_amount: net,
            prices_include_vat,
            delivery: DeliveryOut { kind: kind.word().to_owned(), address, place, fee },
            delivery_status: delivery.word().to_owned(),
            payment_status: payment.word().to_owned(),
            invoiced_amount: invoiced,
            credited_amount: credited,
            paid_amount: paid,
            due_amount,
            note,
            cancel_reason,
            lines: None,
            version,
            created_at,
            confirmed_at,
            cancelled_at,
        })
    }

    /// An order with its lines.
    pub(super) fn whole(words: &Words, whole: WholeOrder) -> Result<Self> {
        let WholeOrder { order, customer, lines } = whole;
        let lines = lines.into_iter().map(|line| SalesOrderLineOut::of(words, line)).collect();
        Ok(Self { lines: Some(lines), ..Self::listed(words, SeenOrder { order, customer })? })
    }
}

impl SalesOrderLineOut {
    fn of(words: &Words, seen: SeenLine) -> Self {
        let SeenLine { line, product, reserved } = seen;
        let OrderLine {
            id: _,
            position,
            product: _,
            quantity,
            price,
            discount,
            vat: _,
            vat_rate,
            amounts,
            progress: LineProgress { delivered, delivered_cost: _, invoiced, returned, returned_cost: _ },
        } = line;
        let Amounts { net, vat, total } = amounts;
        Self {
            line: position,
            product_id: product.number,
            product_name: product.name.get(words.lang).to_owned(),
            product_code: product.code,
            unit: product.unit,
            quantity,
            price,
            discount_percent: discount,
            vat_rate,
            net_amount: net,
            tax_amount: vat,
            total_amount: total,
            reserved,
            delivered,
            invoiced,
            returned,
        }
    }
}
