//! A till's receipt in words: what `print/receipt.typ` lays out.

use kernel::{Lang, Money, Result};
use serde::Serialize;
use text::{Texts, format};

use super::{
    PaperLine, Party, ReceiptPaper,
    words::{Named, Say, discount_in_all, vat_by_rate},
};

/// Everything that stands on the roll.
#[derive(Debug, Serialize)]
pub(super) struct Document {
    lang: &'static str,
    seller: String,
    about: Vec<String>,
    title: String,
    facts: Vec<Named>,
    rows: Vec<Row>,
    before_total: Vec<Named>,
    total: Named,
    vat: Vec<Named>,
    payments: Vec<Named>,
    thanks: String,
    foot: String,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    count: String,
    sum: String,
    discount: Option<String>,
}

/// The receipt, for a reader of `lang`.
pub(super) fn document(texts: &Texts, lang: Lang, paper: &ReceiptPaper) -> Result<Document> {
    let say = Say { texts, lang };
    let Party { name, tin, address, phone } = &paper.seller;
    let tin = tin.as_ref().map(|tin| format!("{} {}", say.t("sales-print-tin"), tin.as_str()));
    let about = [Some(address.clone()), phone.as_ref().map(kernel::Phone::pretty), tin];
    let mut facts = vec![
        say.named("sales-print-order", paper.order.to_string()),
        say.named("sales-print-when", paper.zone.dotted(paper.at)),
    ];
    if !paper.buyer.is_empty() {
        facts.push(say.named("sales-print-buyer", paper.buyer.as_str()));
    }
    let money = |key: &str, money: Money| say.named(key, format::money(lang, money));
    let mut rows = paper.lines.iter().map(|line| row(say, line)).collect::<Result<Vec<_>>>()?;
    let fee = paper.delivery.0.total;
    if fee.is_positive() {
        let name = say.t("sales-print-delivery");
        rows.push(Row { name, count: String::new(), sum: format::money(lang, fee), discount: None });
    }
    let off = discount_in_all(&paper.lines, paper.prices_include_vat)?;
    let mut before_total = Vec::new();
    if off.is_positive() {
        before_total.push(money("sales-print-discount", Money::ZERO.minus(off)?));
    }
    if !paper.prices_include_vat {
        before_total.push(money("sales-print-net-in-all", paper.amounts.net));
    }
    let vat = vat_by_rate(&paper.lines, paper.delivery)?.into_iter().map(|(rate, amounts)| Named {
        name: say.t1("sales-print-vat-inside", "rate", say.percent(rate)),
        value: say.money(amounts.vat),
    });
    Ok(Document {
        lang: lang.code(),
        seller: name.clone(),
        about: about.into_iter().flatten().filter(|line| !line.is_empty()).collect(),
        title: say.t("sales-print-receipt"),
        facts,
        rows,
        before_total,
        total: say.named(
            "sales-print-to-pay",
            say.t1("sales-print-som", "sum", format::money(lang, paper.amounts.total)),
        ),
        vat: vat.collect(),
        payments: payments(say, paper)?,
        thanks: say.t("sales-print-thanks"),
        foot: say.t("sales-print-not-fiscal"),
    })
}

fn row(say: Say<'_>, line: &PaperLine) -> Result<Row> {
    let price = format::money(say.lang, line.price);
    Ok(Row {
        name: line.name.get(say.lang).to_owned(),
        count: format!("{} × {price}", say.quantity(line)),
        sum: format::money(say.lang, line.price.times(line.quantity)?),
        discount: say.discount(line.discount),
    })
}

fn payments(say: Say<'_>, paper: &ReceiptPaper) -> Result<Vec<Named>> {
    let named = |name: String, money: Money| Named { name, value: format::money(say.lang, money) };
    let mut rows: Vec<Named> =
        paper.payments.iter().map(|payment| named(payment.register.clone(), payment.amount)).collect();
    let change = paper.change()?;
    if let Some(given) = paper.given.filter(|_| change.is_positive()) {
        rows.push(named(say.t("sales-print-given"), given));
        rows.push(named(say.t("sales-print-change"), change));
    }
    if paper.due.is_positive() {
        rows.push(named(say.t("sales-print-due"), paper.due));
    }
    Ok(rows)
}
