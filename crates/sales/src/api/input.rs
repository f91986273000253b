//! What is written into an order.

use std::collections::HashMap;

use contacts::Contact;
use context::Ctx;
use db::ReadTx;
use kernel::{Checks, Date, Error, Id, Money, Quantity, Rate, Result, Text};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use crate::{
    Delivery, DeliveryKind, Goods, MAX_LINES, NewLine, Order, OrderContent, OrderLine, Status, order_lines,
};

/// What is written into an order. POST needs `lines`, or `total_amount` where only sums are known; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct SalesOrderIn {
    /// The customer: a contact. Null is nobody in particular.
    #[serde(default, deserialize_with = "said")]
    #[schema(example = 1)]
    pub customer_id: Option<Option<i64>>,
    /// What is ordered.
    pub lines: Option<Vec<SalesOrderLineIn>>,
    /// What the customer pays, in so'm, where there are no lines; with lines it is counted.
    #[schema(value_type = Option<f64>, example = 500000)]
    pub total_amount: Option<Money>,
    /// What is taken off the whole, in so'm.
    #[schema(value_type = Option<f64>, example = 50000)]
    pub discount: Option<Money>,
    /// The VAT in the total, in so'm, where there are no lines; it stands as given.
    #[schema(value_type = Option<f64>, example = 75000)]
    pub tax_amount: Option<Money>,
    /// `draft`, `new`, `confirmed` or `cancelled`, or a name of theirs such as `Yangi`.
    #[schema(example = "Yangi")]
    pub status: Option<String>,
    /// Why, when the status is `cancelled`.
    pub reason: Option<String>,
    /// The day of the order; VAT is at its rates. Today where nobody says.
    #[schema(value_type = Option<String>, example = "2026-11-20")]
    pub ordered_on: Option<Date>,
    /// How the goods reach the customer.
    pub delivery: Option<DeliveryIn>,
    /// Whatever else there is to say.
    pub note: Option<String>,
    /// The version that was read; another one since then is a conflict. PUT and PATCH only.
    pub version: Option<i64>,
}

/// One product of an order.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct SalesOrderLineIn {
    /// The product.
    pub product_id: i64,
    /// How much.
    #[schema(value_type = f64)]
    pub quantity: Quantity,
    /// The price of one unit, in so'm; the product's where nobody says.
    #[schema(value_type = Option<f64>)]
    pub price: Option<Money>,
    /// Percent taken off the line.
    #[serde(default)]
    #[schema(value_type = f64)]
    pub discount_percent: Rate,
}

/// How the goods reach the customer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct DeliveryIn {
    /// `unsaid`, `delivery` or `pickup`.
    pub kind: String,
    /// The address in words.
    #[serde(default)]
    pub address: String,
    /// A point on the map, `latitude,longitude`.
    #[serde(default)]
    pub place: String,
    /// What the customer pays for it, in so'm.
    #[serde(default)]
    #[schema(value_type = f64)]
    pub fee: Money,
}

/// Tells a field that is absent (`None`) from one that is null (`Some(None)`).
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The id of the customer with this number.
pub(crate) fn customer(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Id<Contact>> {
    let unknown = || Error::field("customer_id", Text::new("sales-customer-unknown"));
    Ok(contacts::find_by_number(ctx, tx, number)?.ok_or_else(unknown)?.id)
}

/// The lines whose products are named by number, in order.
pub(crate) fn lines(ctx: &Ctx, tx: &mut ReadTx, lines: Vec<SalesOrderLineIn>) -> Result<Vec<NewLine>> {
    if lines.len() > MAX_LINES {
        let text = Text::new("sales-lines-too-many").with("max", MAX_LINES);
        return Err(Error::field("lines", text));
    }
    let mut numbers: Vec<_> = lines.iter().map(|line| line.product_id).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let found: HashMap<_, _> = if numbers.is_empty() {
        HashMap::new()
    } else {
        catalog::find_by_numbers(ctx, tx, &numbers)?.into_iter().map(|p| (p.number, p.id)).collect()
    };
    let mut checks = Checks::new();
    let mut new = Vec::with_capacity(lines.len());
    for (place, line) in lines.into_iter().enumerate() {
        let SalesOrderLineIn { product_id, quantity, price, discount_percent } = line;
        match found.get(&product_id) {
            Some(product) => {
                new.push(NewLine { product: *product, quantity, price, discount: discount_percent });
            }
            None => checks.refuse(format!("lines.{place}.product_id"), Text::new("sales-product-unknown")),
        }
    }
    checks.done().map(|()| new)
}

impl DeliveryIn {
    fn delivery(self) -> Result<Delivery> {
        let Self { kind, address, place, fee } = self;
        let unknown = || Error::field("delivery.kind", Text::new("sales-delivery-unknown"));
        let kind: DeliveryKind = kind.parse().map_err(|()| unknown())?;
        Ok(Delivery { kind, address, place, fee })
    }
}

impl SalesOrderIn {
    /// The status that is said.
    pub(super) fn status(&self) -> Result<Option<Status>> {
        let text = self.status.as_deref().filter(|text| !text.trim().is_empty());
        text.map(|text| Status::parse(text).map_err(|error| error.under("status"))).transpose()
    }

    /// Whether anything but the status is said.
    pub(super) const fn says_content(&self) -> bool {
        let Self {
            customer_id,
            lines,
            total_amount,
            discount,
            tax_amount,
            status: _,
            reason: _,
            ordered_on,
            delivery,
            note,
            version: _,
        } = self;
        customer_id.is_some()
            || lines.is_some()
            || total_amount.is_some()
            || discount.is_some()
            || tax_amount.is_some()
            || ordered_on.is_some()
            || delivery.is_some()
            || note.is_some()
    }

    /// The content of a new order.
    pub(super) fn content(self, ctx: &Ctx, tx: &mut ReadTx) -> Result<OrderContent> {
        let missing = || Error::field("lines", Text::new("sales-lines-or-total-missing"));
        let goods = match (&self.lines, self.total_amount) {
            (None, None) => return Err(missing()),
            (None, Some(total)) => Goods::Sums { total, vat: self.tax_amount.unwrap_or_default() },
            (Some(_), _) => Goods::default(),
        };
        self.written(ctx, tx, OrderContent { goods, ..OrderContent::default() })
    }

    /// The content of an order that stands, with what is said written over it.
    pub(super) fn over(self, ctx: &Ctx, tx: &mut ReadTx, order: &Order) -> Result<OrderContent> {
        let goods = if order.amounts_only {
            Goods::Sums {
                total: self.total_amount.unwrap_or(order.amounts.total),
                vat: self.tax_amount.unwrap_or(order.amounts.vat),
            }
        } else {
            Goods::Lines(order_lines(ctx, tx, order.id)?.iter().map(stored).collect())
        };
        let stands = OrderContent {
            customer: order.customer,
            ordered_on: Some(order.ordered_on),
            goods,
            discount: order.discount,
            delivery: order.delivery.clone(),
            note: order.note.clone(),
        };
        self.written(ctx, tx, stands)
    }

    fn written(self, ctx: &Ctx, tx: &mut ReadTx, stands: OrderContent) -> Result<OrderContent> {
        let Self {
            customer_id,
            lines: new,
            total_amount: _,
            discount,
            tax_amount: _,
            status: _,
            reason: _,
            ordered_on,
            delivery,
            note,
            version: _,
        } = self;
        let customer = match customer_id {
            None => stands.customer,
            Some(None) => None,
            Some(Some(number)) => Some(customer(ctx, tx, number)?),
        };
        let goods = match new {
            None => stands.goods,
            Some(new) => Goods::Lines(lines(ctx, tx, new)?),
        };
        let delivery = match delivery {
            None => stands.delivery,
            Some(delivery) => delivery.delivery()?,
        };
        Ok(OrderContent {
            customer,
            ordered_on: ordered_on.or(stands.ordered_on),
            goods,
            discount: discount.unwrap_or(stands.discount),
            delivery,
            note: note.unwrap_or(stands.note),
        })
    }
}

/// A line that stands, as it would be said again.
pub(crate) fn stored(line: &OrderLine) -> NewLine {
    let OrderLine {
        id: _,
        position: _,
        product,
        quantity,
        price,
        discount,
        vat: _,
        vat_rate: _,
        amounts: _,
        progress: _,
    } = line;
    NewLine { product: *product, quantity: *quantity, price: Some(*price), discount: *discount }
}
