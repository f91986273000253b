//! A customer's checkout of two lines, against its own SQL through the driver alone.

use context::Ctx;
use db::Tx;
use kernel::{Quantity, Result};
use sales::{Delivery, DeliveryKind, PlaceLine, PlaceOrder, Source};

use crate::{
    action::{Action, Basket, Shop},
    bars::Bars,
    place::Database,
};

/// What a checkout writes, its keeping of goods among it.
const LEAVES: &[(&str, i64)] = &[("sales_order", 1), ("sales_order_line", 2), ("stock_reservation", 2)];

/// Checkouts by 64 callers.
pub fn run(database: Database) -> Bars {
    let checkout = Action {
        name: "checkouts",
        run: check_out,
        count: database.choose(4_000, 1_200),
        statements_at_most: 25.0,
        leaves: LEAVES,
    };
    Shop::open(database).measure(database, &checkout)
}

fn check_out(ctx: &Ctx, tx: &mut Tx<'_>, basket: &Basket) -> Result<()> {
    let line = |(product, units): &(catalog::Product, i64)| PlaceLine {
        product: product.id,
        quantity: Quantity::from_units(*units),
        expected_price: Some(product.sale_price),
    };
    let order = PlaceOrder {
        customer: basket.customer,
        lines: basket.lines.iter().map(line).collect(),
        delivery: Delivery {
            kind: DeliveryKind::Delivery,
            address: "Toshkent, Chilonzor 5".to_owned(),
            ..Delivery::default()
        },
        note: String::new(),
        expected_total: None,
        source: Source::Chat,
        chat_ref: Some("019a0000-0000-7000-8000-000000000000".to_owned()),
    };
    sales::place_order(ctx, tx, order).map(drop)
}
