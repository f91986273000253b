//! The server's time for a page with 100,000 products, and the weight of a first visit.

use std::{collections::BTreeSet, sync::Arc};

use db::{Lane, Tx};
use kernel::Quantity;
use sales::{Delivery, PlaceLine, PlaceOrder, Source};

use crate::{
    bare,
    bars::{Bars, figure, table},
    goods::{ctx, make_customers, make_products},
    place::{Database, runtime},
    site::{Browser, Shop, time_pages},
};

const PRODUCTS: usize = 100_000;
const ORDERS: usize = 2_000;

/// What people open all day.
const PAGES: [(&str, &str); 10] = [
    ("products", "/products"),
    ("products, page 500", "/products?page=500"),
    ("products, by price", "/products?ordering=-sale_price"),
    ("products, searched", "/products?q=samsung%20televizor"),
    ("products, searched in Cyrillic", "/products?q=%D1%81%D0%B0%D0%BC%D1%81%D1%83%D0%BD%D0%B3"),
    ("a product", "/products/5000"),
    ("orders", "/orders"),
    ("an order", "/orders/5"),
    ("stock", "/stock"),
    ("the simulator's state", "/bots/1/simulator/state"),
];
/// First pages that somebody sees.
const FIRST: [&str; 2] = ["/sign-in", "/products"];
const FIRST_VISIT_BYTES: f64 = 150.0 * 1_024.0;

/// Calls the routes in this process, one after the other, signed in as the demo's Admin.
pub fn run(database: Database) -> Bars {
    runtime().block_on(measure(database))
}

async fn measure(database: Database) -> Bars {
    let shop = Shop::make(database, &[]).await;
    fill(&shop).await;
    tokio::task::block_in_place(|| bare::settle(&shop.db));
    shop.parts.search.follow_now().unwrap();
    let mut browser = Browser::new(&shop.parts);
    let mut bars = Bars::default();
    let signing_in = weigh(&mut browser, FIRST[0]).await;
    browser.sign_in().await;
    let signed_in = weigh(&mut browser, FIRST[1]).await;
    let pages: Vec<(&str, String)> = PAGES.iter().map(|(name, path)| (*name, (*path).to_owned())).collect();
    let (rows, worst) = time_pages(&mut browser, &pages).await;
    table(&["server time, ms", "p50", "p99", "slowest", "KB of HTML"], &rows);
    println!();
    let kb = |bytes: usize| figure(bytes as f64 / 1_024.0);
    table(
        &["first visit over the wire", "KB"],
        &[vec![FIRST[0].to_owned(), kb(signing_in)], vec![FIRST[1].to_owned(), kb(signed_in)]],
    );
    bars.at_most("slowest page's p99, ms", worst, 20.0);
    bars.at_most("first visit, bytes", signing_in.max(signed_in) as f64, FIRST_VISIT_BYTES);
    bars
}

/// The page, its scripts and its styles, as they are sent.
async fn weigh(browser: &mut Browser, path: &str) -> usize {
    let page = browser.get(path).await.text();
    let assets: BTreeSet<String> = page
        .split(['"', '\''])
        .filter(|part| part.starts_with("/assets/") && (part.ends_with(".css") || part.ends_with(".js")))
        .map(str::to_owned)
        .collect();
    assert!(!assets.is_empty(), "{path} names no scripts and styles: is web/dist built?");
    let mut bytes = browser.weigh(path).await;
    for asset in assets {
        bytes += browser.weigh(&asset).await;
    }
    bytes
}

/// Goods, customers and orders beside those of the demo.
async fn fill(shop: &Shop) {
    let now = shop.parts.app.clock().now();
    let (db, own) = (&shop.db, ctx(shop.workspace, now));
    let products = Arc::new(make_products(db, &own, 0, PRODUCTS).await);
    let customers = make_customers(db, &own, 100).await;
    for number in 0..ORDERS {
        let line = |place: usize| {
            let product = &products[(number * 37 + place) % PRODUCTS];
            PlaceLine { product: product.id, quantity: Quantity::ONE, expected_price: None }
        };
        let cart = PlaceOrder {
            customer: customers[number % customers.len()].id,
            lines: vec![line(0), line(1)],
            delivery: Delivery::default(),
            note: String::new(),
            expected_total: None,
            source: Source::Chat,
            chat_ref: None,
        };
        let ctx = own.clone();
        let place = move |tx: &mut Tx<'_>| sales::place_order(&ctx, tx, cart.clone());
        db.write(&own, Lane::People, place).await.unwrap();
    }
}
