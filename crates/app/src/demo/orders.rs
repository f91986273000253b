//! Orders of the demo shop at every step from the counter or the desk to the books, by the actions that staff use.

use contacts::Contact;
use context::Ctx;
use db::Tx;
use kernel::{Error, Id, Money, Phone, Quantity, Rate, Result};
use sales::{Goods, NewDelivery, NewInvoice, NewLine, NewPayment, OrderContent, QuickSale, Source, Status};
use serde::Deserialize;

const ORDERS: &str = include_str!("../../../../demo/orders.toml");

#[derive(Debug, Deserialize)]
struct Orders {
    #[serde(rename = "order")]
    orders: Vec<DemoOrder>,
}

/// How far an order goes; each includes those before it, a sale over the counter all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Goes {
    Draft,
    Confirmed,
    Delivered,
    Invoiced,
    Paid,
    Sold,
}

#[derive(Debug, Deserialize)]
struct DemoOrder {
    goes: Goes,
    #[serde(default)]
    customer: Option<Phone>,
    /// Codes of products, and pieces.
    lines: Vec<(String, i64)>,
    /// What was paid, in so'm; all of it unless said.
    #[serde(default)]
    pays: Option<i64>,
    #[serde(default)]
    note: String,
}

/// Makes them all.
pub(super) fn make(ctx: &Ctx, tx: &mut Tx<'_>) -> Result<()> {
    let Orders { orders } = toml::from_str(ORDERS).map_err(Error::internal)?;
    orders.into_iter().try_for_each(|order| make_one(ctx, tx, order))
}

fn make_one(ctx: &Ctx, tx: &mut Tx<'_>, order: DemoOrder) -> Result<()> {
    let DemoOrder { goes, customer, lines, pays, note } = order;
    let customer = customer.map(|phone| known(ctx, tx, &phone)).transpose()?;
    let lines =
        lines.iter().map(|(code, pieces)| line(ctx, tx, code, *pieces)).collect::<Result<Vec<_>>>()?;
    let payment = NewPayment { amount: pays.map(Money::from_som), ..NewPayment::default() };
    if goes == Goes::Sold {
        let sale = QuickSale { customer, lines, note, payments: Some(vec![payment]), ..QuickSale::default() };
        return sales::sell(ctx, tx, Source::Staff, sale).map(drop);
    }
    let status = if goes == Goes::Draft { Status::Draft } else { Status::Confirmed };
    let content = OrderContent { customer, goods: Goods::Lines(lines), note, ..OrderContent::default() };
    let id = sales::create_order(ctx, tx, Source::Staff, status, content)?.id;
    if goes >= Goes::Delivered {
        sales::deliver_order(ctx, tx, id, NewDelivery::default())?;
    }
    if goes >= Goes::Invoiced {
        sales::invoice_order(ctx, tx, id, NewInvoice::default())?;
    }
    if goes >= Goes::Paid {
        sales::pay_order(ctx, tx, id, payment)?;
    }
    Ok(())
}

fn known(ctx: &Ctx, tx: &mut Tx<'_>, phone: &Phone) -> Result<Id<Contact>> {
    let contact = contacts::find_by_phone(ctx, tx, phone)?;
    Ok(contact.ok_or_else(|| Error::internal(format!("{phone} is no customer of the demo")))?.id)
}

fn line(ctx: &Ctx, tx: &mut Tx<'_>, code: &str, pieces: i64) -> Result<NewLine> {
    let product = catalog::find_by_code(ctx, tx, code)?;
    let product = product.ok_or_else(|| Error::internal(format!("{code} is no product of the demo")))?;
    Ok(NewLine {
        product: product.id,
        quantity: Quantity::from_units(pieces),
        price: None,
        discount: Rate::default(),
    })
}
