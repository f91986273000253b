//! What is said of an order, checked and counted.

use std::collections::{HashMap, HashSet};

use catalog::{Product, Vat};
use context::Ctx;
use db::ReadTx;
use kernel::{Checks, Date, Error, Id, Money, Result, Text};
use stock::{price_within, quantity_within};

use super::setting::prices_include_vat;
use crate::{
    Amounts, Delivery, Fee, MAX_LINES, NewLine, OrderLine, Terms, count,
    totals::{TOTAL_MAX, within},
};

/// Characters of a note.
pub(crate) const NOTE_CHARS: usize = 2_000;
/// Characters of an address.
const ADDRESS_CHARS: usize = 500;
/// Characters of a point on the map.
const PLACE_CHARS: usize = 100;

/// An order's lines, counted.
pub(crate) struct Priced {
    pub(crate) lines: Vec<OrderLine>,
    pub(crate) amounts: Amounts,
    pub(crate) delivery_vat: Money,
    pub(crate) prices_include_vat: bool,
}

/// What is wrong with lines by themselves, whatever the products are.
pub(crate) fn check_lines<'l>(
    checks: &mut Checks,
    lines: impl ExactSizeIterator<Item = (kernel::Quantity, Option<&'l Money>)>,
) {
    if lines.len() == 0 {
        checks.refuse("lines", Text::new("sales-lines-missing"));
    }
    if lines.len() > MAX_LINES {
        checks.refuse("lines", Text::new("sales-lines-too-many").with("max", MAX_LINES));
        return;
    }
    for (place, (quantity, price)) in lines.enumerate() {
        checks.take(&format!("lines.{place}.quantity"), quantity_within(quantity));
        if let Some(price) = price {
            checks.take(&format!("lines.{place}.price"), price_within(*price));
        }
    }
}

/// The delivery, tidied.
pub(crate) fn check_delivery(checks: &mut Checks, delivery: &Delivery) -> Delivery {
    let Delivery { kind, address, place, fee } = delivery;
    checks.hold(!fee.is_negative(), "delivery.fee", Text::new("sales-amount-negative"));
    let text = Text::new("sales-amount-too-large").with("max", TOTAL_MAX);
    checks.hold(*fee <= TOTAL_MAX, "delivery.fee", text);
    Delivery {
        kind: *kind,
        address: checks.prose("delivery.address", address, ADDRESS_CHARS),
        place: checks.line("delivery.place", place, PLACE_CHARS),
        fee: *fee,
    }
}

/// The products of these lines; every line names one that is there.
pub(crate) fn products(
    ctx: &Ctx,
    tx: &mut ReadTx,
    wanted: &[Id<Product>],
) -> Result<HashMap<Id<Product>, Product>> {
    let distinct: HashSet<_> = wanted.iter().copied().collect();
    let distinct: Vec<_> = distinct.into_iter().collect();
    let found: HashMap<_, _> = catalog::get_many(ctx, tx, &distinct)?
        .into_iter()
        .filter(|product| product.deleted_at.is_none())
        .map(|product| (product.id, product))
        .collect();
    let mut checks = Checks::new();
    for (place, id) in wanted.iter().enumerate() {
        let field = format!("lines.{place}.product_id");
        checks.hold(found.contains_key(id), &field, Text::new("sales-product-unknown"));
    }
    checks.done()?;
    Ok(found)
}

/// Counts lines whose products are known, at the rates of this day.
pub(crate) fn price(
    ctx: &Ctx,
    tx: &mut ReadTx,
    lines: &[NewLine],
    products: &HashMap<Id<Product>, Product>,
    discount: Money,
    fee: Money,
    day: Date,
) -> Result<Priced> {
    let prices_include_vat = prices_include_vat(ctx, tx)?;
    let rates = tax::vat_rates(ctx, tx)?;
    let product =
        |id: Id<Product>| products.get(&id).ok_or_else(|| Error::internal("a line's product is gone"));
    let mut terms = Vec::with_capacity(lines.len());
    for line in lines {
        let product = product(line.product)?;
        terms.push(Terms {
            quantity: line.quantity,
            price: line.price.unwrap_or(product.sale_price),
            discount: line.discount,
            vat_rate: rates.on(product.vat, day),
        });
    }
    let fee = Fee { amount: fee, vat_rate: rates.on(Vat::Standard, day) };
    let counted = count(&terms, discount, fee, prices_include_vat)?;
    let mut priced = Vec::with_capacity(lines.len());
    for (position, ((line, terms), amounts)) in (1..).zip(lines.iter().zip(terms).zip(counted.lines)) {
        let Terms { quantity, price, discount, vat_rate } = terms;
        priced.push(OrderLine {
            id: ctx.new_id(),
            position,
            product: line.product,
            quantity,
            price,
            discount,
            vat: product(line.product)?.vat,
            vat_rate,
            amounts,
            progress: crate::LineProgress::default(),
        });
    }
    let delivery_vat = counted.delivery.vat;
    Ok(Priced { lines: priced, amounts: within(counted.whole)?, delivery_vat, prices_include_vat })
}
