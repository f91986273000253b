//! Goods, stock and customers to measure with.

use catalog::{Product, ProductContent, Upsert};
use contacts::{Contact, NewContact};
use context::{Actor, Ctx, CtxBuilder, Random};
use db::{Db, Lane, Tx};
use kernel::{Id, Money, Phone, Quantity, Timestamp, WorkspaceId};
use stock::{NewReceipt, NewReceiptLine};

/// Products written in one transaction.
const AT_ONCE: usize = 1_000;
/// Lines of one receipt.
const LINES: usize = 5_000;
/// Pieces of each product: more than a measurement can sell.
const PIECES: i64 = 1_000_000;

const KINDS: [(&str, &str); 8] = [
    ("televizor", "телевизор"),
    ("muzlatkich", "холодильник"),
    ("konditsioner", "кондиционер"),
    ("changyutgich", "пылесос"),
    ("smartfon", "смартфон"),
    ("noutbuk", "ноутбук"),
    ("choynak", "чайник"),
    ("quloqchin", "наушники"),
];
const BRANDS: [&str; 10] =
    ["Samsung", "LG", "Artel", "Xiaomi", "Sony", "Bosch", "Haier", "Hisense", "Lenovo", "Philips"];

/// A context of the server in this workspace.
pub fn ctx(workspace: WorkspaceId, now: Timestamp) -> Ctx {
    CtxBuilder::server(workspace, Actor::server("bench"), now, Random::from_system()).build()
}

/// Makes `count` products with plenty of stock, numbered on from `first`.
pub async fn make_products(db: &Db, ctx: &Ctx, first: usize, count: usize) -> Vec<Product> {
    let mut products = Vec::with_capacity(count);
    let numbers: Vec<usize> = (first..first + count).collect();
    for part in numbers.chunks(AT_ONCE) {
        let contents: Vec<ProductContent> = part.iter().copied().map(content).collect();
        let own = ctx.clone();
        let put = move |tx: &mut Tx<'_>| catalog::upsert_products(&own, tx, contents.clone());
        for done in db.write(ctx, Lane::Background, put).await.unwrap() {
            match done {
                Upsert::Created(product) | Upsert::Changed(product) | Upsert::Same(product) => {
                    products.push(product)
                }
                Upsert::Refused(error) => panic!("a product of the measurement: {error}"),
            }
        }
    }
    for part in products.chunks(LINES) {
        let ids: Vec<Id<Product>> = part.iter().map(|product| product.id).collect();
        receive(db, ctx, &ids).await;
    }
    products
}

/// Puts plenty of each product into stock.
pub async fn receive(db: &Db, ctx: &Ctx, products: &[Id<Product>]) {
    let line = |product: &Id<Product>| NewReceiptLine {
        product: *product,
        quantity: Quantity::from_units(PIECES),
        unit_cost: Money::from_som(10),
    };
    let new = NewReceipt { lines: products.iter().map(line).collect(), ..NewReceipt::default() };
    let own = ctx.clone();
    db.write(ctx, Lane::Background, move |tx| stock::receive(&own, tx, new.clone())).await.unwrap();
}

fn content(number: usize) -> ProductContent {
    let (brand, (uz, ru)) = (BRANDS[number % BRANDS.len()], KINDS[number / BRANDS.len() % KINDS.len()]);
    let price = Money::from_som(100_000 + i64::try_from(number % 9_973).unwrap() * 1_000);
    let mut content = ProductContent::new(format!("B-{number:06}"), format!("{brand} {uz} M{number}"), price);
    content.name.ru = Some(format!("{brand} {ru} M{number}"));
    content.brand = Some(brand.to_owned());
    content.purchase_price = Money::from_som(50_000);
    content
}

/// Makes `count` customers.
pub async fn make_customers(db: &Db, ctx: &Ctx, count: usize) -> Vec<Contact> {
    let own = ctx.clone();
    let put = move |tx: &mut Tx<'_>| {
        let one = |number: usize| {
            let phone = Phone::parse(&format!("+99890{number:07}"))?;
            contacts::create_contact(&own, tx, NewContact::customer(format!("Mijoz {number}"), Some(phone)))
        };
        (0..count).map(one).collect::<kernel::Result<Vec<_>>>()
    };
    db.write(ctx, Lane::Background, put).await.unwrap()
}
