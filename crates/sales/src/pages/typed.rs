//! What the form of an order sends, as typed, and how it becomes an order's content.

use contacts::Contact;
use context::Ctx;
use db::ReadTx;
use kernel::{Checks, Date, Error, Lang, Money, Quantity, Rate, Result, Text};
use web::{Multi, pages::Line};

use crate::{
    Delivery, DeliveryKind, Goods, Order, OrderContent, OrderLine, Status,
    api::{SalesOrderLineIn, customer, lines},
    seen::{SeenLine, WholeOrder},
};

/// The fields as typed.
#[derive(Debug, Clone, Default)]
pub(super) struct OrderForm {
    pub(super) customer: String,
    pub(super) customer_shown: String,
    pub(super) ordered_on: String,
    pub(super) discount: String,
    pub(super) delivery_kind: String,
    pub(super) delivery_address: String,
    pub(super) delivery_place: String,
    pub(super) delivery_fee: String,
    pub(super) note: String,
    pub(super) status: String,
    pub(super) version: String,
    pub(super) total_amount: String,
    pub(super) tax_amount: String,
    pub(super) lines: Vec<Line>,
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// The amount, or nothing for an empty field.
fn amount(checks: &mut Checks, field: &str, text: &str) -> Option<Money> {
    given(text).and_then(|text| checks.take(field, Money::parse(text)))
}

impl OrderForm {
    /// An empty form, of an order of this day.
    pub(super) fn empty(today: Date) -> Self {
        Self {
            ordered_on: today.to_string(),
            status: Status::New.word().to_owned(),
            lines: vec![Line::default()],
            ..Self::default()
        }
    }

    /// The same for this customer.
    pub(super) fn for_customer(self, contact: &Contact) -> Self {
        Self { customer: contact.number.to_string(), customer_shown: contact.name.clone(), ..self }
    }

    /// The form as it was sent.
    pub(super) fn sent(form: &Multi) -> Self {
        let text = |name: &str| form.get(name).trim().to_owned();
        Self {
            customer: text("customer_id"),
            customer_shown: text("customer_id_shown"),
            ordered_on: text("ordered_on"),
            discount: text("discount"),
            delivery_kind: text("delivery.kind"),
            delivery_address: form.get("delivery.address").to_owned(),
            delivery_place: text("delivery.place"),
            delivery_fee: text("delivery.fee"),
            note: form.get("note").to_owned(),
            status: text("status"),
            version: text("version"),
            total_amount: text("total_amount"),
            tax_amount: text("tax_amount"),
            lines: Line::sent(form),
        }
    }

    /// The form of an order that stands.
    pub(super) fn of(whole: &WholeOrder, lang: Lang) -> Self {
        let WholeOrder { order, customer, lines } = whole;
        let Delivery { kind, address, place, fee } = order.delivery.clone();
        let unless_zero = |money: Money| if money.is_zero() { String::new() } else { money.to_string() };
        Self {
            customer: customer.as_ref().map(|contact| contact.number.to_string()).unwrap_or_default(),
            customer_shown: customer.as_ref().map(|contact| contact.name.clone()).unwrap_or_default(),
            ordered_on: order.ordered_on.to_string(),
            discount: unless_zero(order.discount),
            delivery_kind: kind.word().to_owned(),
            delivery_address: address,
            delivery_place: place,
            delivery_fee: unless_zero(fee),
            note: order.note.clone(),
            status: String::new(),
            version: order.version.to_string(),
            total_amount: order.amounts.total.to_string(),
            tax_amount: order.amounts.vat.to_string(),
            lines: lines.iter().map(|seen| line_of(seen, lang)).collect(),
        }
    }

    /// The status that a new order is brought to.
    pub(super) fn status(&self) -> Result<Status> {
        match given(&self.status) {
            None => Ok(Status::New),
            Some(text) => Status::parse(text).map_err(|error| error.under("status")),
        }
    }

    /// The version that was read.
    pub(super) fn version(&self) -> Option<i64> {
        self.version.parse().ok()
    }

    /// The lines as typed, those whose fields can be read; what cannot be read is named.
    fn read_lines(&self, checks: &mut Checks) -> Vec<SalesOrderLineIn> {
        let mut read = Vec::with_capacity(self.lines.len());
        for (place, line) in self.lines.iter().enumerate() {
            let field = |name: &str| format!("lines.{place}.{name}");
            let no_product = || Error::invalid(Text::new("sales-product-choose"));
            let number = line.product_id.parse::<i64>().map_err(|_| no_product());
            let product_id = checks.take(&field("product_id"), number);
            let quantity = checks.take(&field("quantity"), Quantity::parse(&line.quantity));
            let price = amount(checks, &field("price"), &line.price);
            let discount = given(&line.discount);
            let discount = discount.and_then(|text| checks.take(&field("discount"), Rate::parse(text)));
            if let (Some(product_id), Some(quantity)) = (product_id, quantity) {
                let discount_percent = discount.unwrap_or_default();
                read.push(SalesOrderLineIn { product_id, quantity, price, discount_percent });
            }
        }
        read
    }

    /// What the action takes, or everything that is wrong with what was typed. `sums_of` is the order of which only
    /// sums are known.
    pub(super) fn content(
        &self,
        ctx: &Ctx,
        tx: &mut ReadTx,
        sums_of: Option<&Order>,
    ) -> Result<OrderContent> {
        let mut checks = Checks::new();
        let day = given(&self.ordered_on).map(|text| checks.take("ordered_on", Date::parse(text)));
        let discount = amount(&mut checks, "discount", &self.discount).unwrap_or_default();
        let fee = amount(&mut checks, "delivery.fee", &self.delivery_fee).unwrap_or_default();
        let no_kind = || Error::invalid(Text::new("sales-delivery-unknown"));
        let kind = match given(&self.delivery_kind) {
            None => DeliveryKind::Unsaid,
            Some(word) => {
                checks.take("delivery.kind", word.parse().map_err(|()| no_kind())).unwrap_or_default()
            }
        };
        let number = match given(&self.customer) {
            None => None,
            Some(text) => {
                let unknown = || Error::invalid(Text::new("sales-customer-unknown"));
                checks.take("customer_id", text.parse::<i64>().map_err(|_| unknown()))
            }
        };
        let unchosen = given(&self.customer).is_none() && given(&self.customer_shown).is_some();
        checks.hold(!unchosen, "customer_id", Text::new("sales-customer-choose"));
        let total = amount(&mut checks, "total_amount", &self.total_amount);
        let vat = amount(&mut checks, "tax_amount", &self.tax_amount);
        let read = if sums_of.is_some() { Vec::new() } else { self.read_lines(&mut checks) };
        checks.done()?;
        let goods = match sums_of {
            Some(order) => Goods::Sums {
                total: total.unwrap_or(order.amounts.total),
                vat: vat.unwrap_or(order.amounts.vat),
            },
            None => Goods::Lines(lines(ctx, tx, read)?),
        };
        let customer = match number {
            None => None,
            Some(number) => Some(customer(ctx, tx, number)?),
        };
        let (address, place) = (self.delivery_address.clone(), self.delivery_place.clone());
        Ok(OrderContent {
            customer,
            ordered_on: day.flatten(),
            goods,
            discount,
            delivery: Delivery { kind, address, place, fee },
            note: self.note.clone(),
        })
    }

    /// What can be read of a form that is still being typed: lines, discount, fee, day.
    pub(super) fn readable(&self, today: Date) -> (Vec<SalesOrderLineIn>, Money, Money, Date) {
        let mut checks = Checks::new();
        let lines = self.read_lines(&mut checks);
        let discount = amount(&mut checks, "discount", &self.discount).unwrap_or_default();
        let fee = amount(&mut checks, "fee", &self.delivery_fee).unwrap_or_default();
        (lines, discount, fee, Date::parse(&self.ordered_on).unwrap_or(today))
    }
}

fn line_of(seen: &SeenLine, lang: Lang) -> Line {
    let SeenLine { line, product, reserved: _ } = seen;
    let OrderLine {
        id: _,
        position: _,
        product: _,
        quantity,
        price,
        discount,
        vat: _,
        vat_rate: _,
        amounts: _,
        progress: _,
    } = line;
    Line::stored(
        product.number.to_string(),
        product.name.get(lang),
        product.unit_in(lang),
        *quantity,
        *price,
        *discount,
    )
}
