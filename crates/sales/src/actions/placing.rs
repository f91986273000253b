//! The checkout of a customer: in a chat, in its Web App.

use std::collections::HashMap;

use catalog::Product;
use context::{Ctx, Permission, next_number};
use db::Tx;
use kernel::{Checks, Error, Id, Money, Rate, Result, Text};

use super::{
    audited,
    counting::{NOTE_CHARS, Priced, check_delivery, check_lines, price, products},
    customer, keep, search_text,
    writing::SERIES,
};
use crate::{NewLine, ORDER_PLACED, Order, PlaceLine, PlaceOrder, Status, events, store};

/// Characters of a reference to a conversation.
const CHAT_REF_CHARS: usize = 200;

/// Takes a customer's order: new, numbered, its goods kept at once. What they saw is checked again: a product that is
/// no longer sold, another price, another sum, too little left are conflicts that name the product; nothing is stored
/// then.
pub fn place_order(ctx: &Ctx, tx: &mut Tx, input: PlaceOrder) -> Result<Order> {
    ctx.require(Permission::SalesCreate)?;
    let PlaceOrder { customer: whom, lines, delivery, note, expected_total, source, chat_ref } = input;
    let mut checks = Checks::new();
    let note = checks.prose("note", &note, NOTE_CHARS);
    let delivery = check_delivery(&mut checks, &delivery);
    let chat_ref = checks.optional_line("chat_ref", chat_ref.as_deref(), CHAT_REF_CHARS);
    check_lines(&mut checks, lines.iter().map(|line| (line.quantity, line.expected_price.as_ref())));
    checks.done()?;

    let contact = customer(ctx, tx, Some(whom))?;
    let wanted: Vec<_> = lines.iter().map(|line| line.product).collect();
    let products = products(ctx, tx, &wanted)?;
    as_seen(ctx, &lines, &products)?;
    let new: Vec<_> = lines
        .iter()
        .map(|PlaceLine { product, quantity, expected_price: _ }| NewLine {
            product: *product,
            quantity: *quantity,
            price: None,
            discount: Rate::default(),
        })
        .collect();
    let priced = price(ctx, tx, &new, &products, Money::ZERO, delivery.fee, ctx.today())?;
    let Priced { lines, amounts, delivery_vat, prices_include_vat } = priced;
    if expected_total.is_some_and(|expected| expected != amounts.total) {
        return Err(Error::conflict(Text::new("sales-total-changed").with("total", amounts.total)));
    }
    let id: Id<Order> = ctx.new_id();
    // The goods first: whoever comes too late waits for nobody's number.
    keep(ctx, tx, id, &lines)?;
    let order = Order {
        id,
        number: next_number(ctx, tx, SERIES)?,
        status: Status::New,
        source,
        customer: Some(whom),
        ordered_on: ctx.today(),
        prices_include_vat,
        amounts_only: false,
        discount: Money::ZERO,
        delivery,
        amounts,
        line_count: u32::try_from(lines.len()).map_err(Error::internal)?,
        note,
        chat_ref,
        cancel_reason: String::new(),
        version: 1,
        created_at: ctx.now(),
        confirmed_at: None,
        cancelled_at: None,
        delivery_vat,
        kept_at_once: true,
        progress: crate::Progress::default(),
    };
    store::orders::insert(ctx, tx, &order, &search_text(&order, contact.as_ref()))?;
    store::lines::insert(ctx, tx, id, &lines)?;
    let products: Vec<_> = products.into_values().collect();
    ctx.audit_new(tx, "sales_order.place", "sales_order", id, &audited(&order, &lines, &products))?;
    events::emit(ctx, tx, ORDER_PLACED, &order, contact.as_ref())?;
    Ok(order)
}

/// Refuses what is no longer as the customer saw it.
fn as_seen(ctx: &Ctx, lines: &[PlaceLine], products: &HashMap<Id<Product>, Product>) -> Result<()> {
    for PlaceLine { product, quantity: _, expected_price } in lines {
        let product = products.get(product).ok_or_else(Error::not_found)?;
        let name = product.name.get(ctx.lang());
        if !product.active {
            return Err(Error::conflict(Text::new("sales-product-off-sale").with("product", name)));
        }
        if expected_price.is_some_and(|expected| expected != product.sale_price) {
            let text =
                Text::new("sales-price-changed").with("product", name).with("price", product.sale_price);
            return Err(Error::conflict(text));
        }
    }
    Ok(())
}
