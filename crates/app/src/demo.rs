//! The demo shop: an electronics shop with goods, stock, people and a bot, put in through the product's own doors.

mod desk;
mod knowledge;
mod orders;
mod university;

use std::{fmt, net::SocketAddr, sync::Arc};

use auth::{DemoPeople, demo_people};
use bots::NewBot;
use contacts::NewContact;
use context::{Actor, Ctx};
use db::{Lane, Scope, Tx};
use flow::shop::ShopInfo;
use kernel::{Error, Id, Lang, PageRequest, Phone, Result};
use serde::Deserialize;
use uuid::Uuid;

use crate::{commands::console_ctx, parts::Parts};

const PEOPLE: &str = include_str!("../../../demo/people.toml");
const PRODUCTS_CSV: &[u8] = include_bytes!("../../../demo/products.csv");
const PRODUCTS_XLSX: &[u8] = include_bytes!("../../../demo/products.xlsx");
/// Products in the two files.
const PRODUCTS: i64 = 200;
const STOCK_RECEIPT: &[u8] = include_bytes!("../../../demo/stock_receipt.csv");

/// How to sign in to the demo.
#[derive(Debug, Clone)]
pub struct SignIns {
    people: Arc<DemoPeople>,
    /// With what somebody signs in to the university.
    university: String,
}

impl SignIns {
    /// What is printed when the demo answers at `address`.
    pub fn words(&self, address: SocketAddr) -> String {
        use fmt::Write;
        let mut out = format!(
            "\nKarvon: http://{address}\n\nSign in with the password {}\n",
            self.people.sign_in.words()
        );
        for member in &self.people.members {
            // Writing into a String cannot fail.
            let _always = writeln!(out, "  {:<10} {}", member.role, member.email);
        }
        let _always = writeln!(out, "  {:<10} {}", "University", self.university);
        out
    }
}

/// The part of the file that is ours.
#[derive(Debug, Deserialize)]
struct Customers {
    #[serde(rename = "customer")]
    customers: Vec<Customer>,
}

#[derive(Debug, Clone, Deserialize)]
struct Customer {
    name: String,
    phone: Phone,
    language: Lang,
    #[serde(default)]
    address: Option<String>,
}

/// Makes what is not there yet; a second call changes nothing. A call that was cut off is finished by the next.
pub async fn make(parts: &Parts) -> Result<SignIns> {
    let people: Arc<DemoPeople> = Arc::new(toml::from_str(PEOPLE).map_err(Error::internal)?);
    let db = parts.app.db();
    let server = console_ctx(parts, Id::from_uuid(Uuid::nil()));
    let hash = parts.auth.passwords().hash(parts.app.random(), people.sign_in.password.clone()).await?;
    let file = Arc::clone(&people);
    let workspace =
        db.write(Scope::Server, Lane::People, move |tx| demo_people(&server, tx, &file, &hash)).await?;
    let ctx = console_ctx(parts, workspace);
    let own = ctx.clone();
    let (products, receipts) = db
        .read(&ctx, move |tx| {
            let one = PageRequest::new(1, 1);
            let products = catalog::list(&own, tx, &catalog::ProductFilter::default(), one)?.count;
            let receipts = stock::list_receipts(&own, tx, &stock::ReceiptFilter::default(), one)?.count;
            Ok((products, receipts))
        })
        .await?;
    if products < PRODUCTS {
        import(parts, &ctx, "products.csv", PRODUCTS_CSV).await?;
        import(parts, &ctx, "products.xlsx", PRODUCTS_XLSX).await?;
    }
    if receipts == 0 {
        ingest::import_receipt(db, &ctx, STOCK_RECEIPT, "stock_receipt.csv").await?;
    }
    let customers: Customers = toml::from_str(PEOPLE).map_err(Error::internal)?;
    let (own, shop) = (ctx.clone(), Arc::clone(&people));
    db.write(&ctx, Lane::People, move |tx| finish(&own, tx, &customers.customers, &shop)).await?;
    let university = university::make(parts).await?;
    Ok(SignIns { people, university })
}

/// Puts the products of one file in, all or none.
async fn import(parts: &Parts, ctx: &Ctx, name: &str, bytes: &[u8]) -> Result<()> {
    let report = ingest::import_products(parts.app.db(), ctx, bytes, name).await?;
    if report.bad.is_empty() { Ok(()) } else { Err(Error::internal(format!("{name}: {:?}", report.bad))) }
}

/// Customers, their orders and the bot, in one transaction: they are there together or not at all.
fn finish(ctx: &Ctx, tx: &mut Tx<'_>, customers: &[Customer], people: &DemoPeople) -> Result<()> {
    if !bots::list_bots(ctx, tx)?.is_empty() {
        return Ok(());
    }
    for Customer { name, phone, language, address } in customers {
        let new = NewContact {
            lang: *language,
            address: address.clone(),
            ..NewContact::customer(name.clone(), Some(phone.clone()))
        };
        contacts::upsert_by_phone(ctx, tx, new)?;
    }
    let demo = ctx.with(|ctx| ctx.actor = Actor::server("demo"));
    orders::make(&demo, tx)?;
    let shop = ShopInfo {
        name: people.workspace.name.clone(),
        about: "Televizor, telefon, noutbuk va maishiy texnika. Rasmiy kafolat 1 yil.".to_owned(),
        phone: people.workspace.phone.to_string(),
        address: people.workspace.address.clone(),
        hours: "09:00–20:00".to_owned(),
        site: String::new(),
        delivers: true,
        pickup: true,
        delivery_tiyin: 3_000_000,
    };
    let name = people.workspace.name.clone();
    let source = flow::shop::BLUEPRINT.to_owned();
    bots::create_bot(ctx, tx, NewBot { name, source, shop: shop.clone() })?;
    knowledge::make(&demo, tx, shop.clone())?;
    desk::make(&demo, tx, shop)
}
