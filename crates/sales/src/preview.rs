//! What a cart would come to if it were ordered now, and what stands in its way. Changes nothing.

use std::collections::HashMap;

use catalog::{Product, Vat};
use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Id, Money, Quantity, Rate, Result};

use crate::{Amounts, Fee, PlaceLine, Terms, count, prices_include_vat};

/// A cart, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPreview {
    /// Its lines, in order.
    pub lines: Vec<PreviewLine>,
    /// What the lines that can be ordered come to, with the fee for delivery.
    pub amounts: Amounts,
    /// The fee for delivery, as the customer pays it.
    pub delivery: Amounts,
}

/// A line of a cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewLine {
    /// The product as it is now; none when there is none any more.
    pub product: Option<Product>,
    /// How much is wanted.
    pub quantity: Quantity,
    /// What the line comes to; nothing when the product is gone.
    pub total: Money,
    /// What stands in its way.
    pub state: LineState,
}

/// Whether a line can be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineState {
    /// It can.
    Ready,
    /// The product is no longer sold.
    Gone,
    /// Another price than the customer saw.
    PriceChanged,
    /// Too little is left: this much for this line.
    NotEnough(Quantity),
}

/// What these lines would come to now. Lines share what is left in their order: the first takes first.
pub fn preview_order(ctx: &Ctx, tx: &mut ReadTx, lines: &[PlaceLine], fee: Money) -> Result<OrderPreview> {
    ctx.require(Permission::SalesRead)?;
    let ids: Vec<_> = lines.iter().map(|line| line.product).collect();
    let products: HashMap<Id<Product>, Product> = if ids.is_empty() {
        HashMap::new()
    } else {
        let sold = |product: &Product| product.active && product.deleted_at.is_none();
        catalog::get_many(ctx, tx, &ids)?.into_iter().filter(sold).map(|p| (p.id, p)).collect()
    };
    let mut left: HashMap<_, _> = stock::available(ctx, tx, &ids)?.into_iter().collect();
    let rates = tax::vat_rates(ctx, tx)?;
    let includes_vat = prices_include_vat(ctx, tx)?;
    let mut found = Vec::with_capacity(lines.len());
    let mut terms = Vec::new();
    for PlaceLine { product, quantity, expected_price } in lines {
        let (id, quantity) = (product, *quantity);
        let Some(product) = products.get(id) else {
            found.push((None, quantity, LineState::Gone, None));
            continue;
        };
        let there = left.get(id).copied().unwrap_or_default();
        let state = if there < quantity {
            LineState::NotEnough(there)
        } else if expected_price.is_some_and(|price| price != product.sale_price) {
            LineState::PriceChanged
        } else {
            LineState::Ready
        };
        left.insert(*id, there.minus(quantity.min(there))?);
        found.push((Some(product.clone()), quantity, state, Some(terms.len())));
        terms.push(Terms {
            quantity,
            price: product.sale_price,
            discount: Rate::default(),
            vat_rate: rates.on(product.vat, ctx.today()),
        });
    }
    let fee = Fee { amount: fee, vat_rate: rates.on(Vat::Standard, ctx.today()) };
    let counted = count(&terms, Money::ZERO, fee, includes_vat)?;
    let total = |place: Option<usize>| {
        place.and_then(|place| counted.lines.get(place)).map_or(Money::ZERO, |amounts| amounts.total)
    };
    let lines = found
        .into_iter()
        .map(|(product, quantity, state, place)| PreviewLine {
            product,
            quantity,
            total: total(place),
            state,
        })
        .collect();
    Ok(OrderPreview { lines, amounts: counted.whole, delivery: counted.delivery })
}
