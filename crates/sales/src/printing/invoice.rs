//! An invoice in words: what `print/invoice.typ` lays out.

use kernel::{Lang, Money, Rate, Result, Text};
use serde::Serialize;
use text::{Texts, spelled};

use super::{
    InvoicePaper, PaperKind, PaperLine, Party, Seller,
    words::{Named, Say, discount_in_all, vat_by_rate},
};
use crate::Amounts;

/// From this sum the columns need the sheet's long side.
const WIDE_FROM: Money = Money::from_som(1_000_000_000);

/// Everything that stands on the sheet.
#[derive(Debug, Serialize)]
pub(super) struct Document {
    lang: &'static str,
    is_wide: bool,
    title: String,
    subtitle: String,
    seller: Side,
    buyer: Side,
    head: [String; 8],
    rows: Vec<Row>,
    sums: Vec<Sum>,
    in_words: Named,
    note: Option<Named>,
    signatures: Vec<Signature>,
    foot: String,
}

#[derive(Debug, Serialize)]
struct Side {
    role: String,
    name: String,
    rows: Vec<Named>,
}

#[derive(Debug, Serialize)]
struct Row {
    position: String,
    name: String,
    notes: Vec<String>,
    quantity: String,
    price: String,
    net: String,
    rate: String,
    vat: String,
    total: String,
}

#[derive(Debug, Serialize)]
struct Sum {
    name: String,
    value: String,
    is_main: bool,
}

#[derive(Debug, Serialize)]
struct Signature {
    name: String,
    person: String,
}

/// The invoice or credit note, for a reader of `lang`.
pub(super) fn document(texts: &Texts, lang: Lang, paper: &InvoicePaper) -> Result<Document> {
    let say = Say { texts, lang };
    let InvoicePaper { kind, label, seller, buyer, lines, delivery, amounts, note, .. } = paper;
    let title = match kind {
        PaperKind::Invoice => say.t1("sales-print-invoice", "label", label.as_str()),
        PaperKind::CreditNote(..) => say.t1("sales-print-credit-note", "label", label.as_str()),
    };
    let foot = format!("{} · {title}", seller.party.name);
    let mut rows: Vec<Row> = lines.iter().zip(1..).map(|(line, place)| row(say, line, place)).collect();
    rows.extend(fee_row(say, *delivery, rows.len() + 1));
    let price = if paper.prices_include_vat { "sales-print-price-with-vat" } else { "sales-print-price" };
    let head = [
        "sales-print-position",
        "sales-print-goods",
        "sales-print-quantity",
        price,
        "sales-print-net",
        "sales-print-rate",
        "sales-print-vat",
        "sales-print-total-with-vat",
    ];
    let signature = |key: &str, person: &str| Signature { name: say.t(key), person: person.to_owned() };
    Ok(Document {
        lang: lang.code(),
        is_wide: amounts.total >= WIDE_FROM,
        subtitle: subtitle(say, paper),
        title,
        seller: seller_side(say, seller),
        buyer: side(say, "sales-print-buyer", buyer),
        head: head.map(|key| say.t(key)),
        rows,
        sums: sums(say, paper)?,
        in_words: say.named("sales-print-in-words", spelled::money(lang, amounts.total)),
        note: (!note.is_empty()).then(|| say.named("sales-print-note", note.as_str())),
        signatures: vec![
            signature("sales-print-director", &seller.director),
            signature("sales-print-accountant", &seller.accountant),
            signature("sales-print-received", &buyer.name),
        ],
        foot,
    })
}

fn subtitle(say: Say<'_>, paper: &InvoicePaper) -> String {
    let (order, ordered_on) = paper.order;
    let of_order = Text::new("sales-print-of-order").with("number", order).with("date", ordered_on.dotted());
    let mut parts = vec![
        say.t1("sales-print-day", "date", paper.invoiced_on.dotted()),
        say.texts.say(say.lang, &of_order),
    ];
    if let PaperKind::CreditNote(label, day) = &paper.kind {
        let text = Text::new("sales-print-credits").with("label", label.as_str()).with("date", day.dotted());
        parts.insert(1, say.texts.say(say.lang, &text));
    }
    parts.join(" · ")
}

fn seller_side(say: Say<'_>, seller: &Seller) -> Side {
    let Seller { party, vat_code, bank, bank_account, mfo, director: _, accountant: _ } = seller;
    let mut side = side(say, "sales-print-seller", party);
    let more = [
        ("sales-print-vat-code", vat_code),
        ("sales-print-account", bank_account),
        ("sales-print-bank", bank),
        ("sales-print-mfo", mfo),
    ];
    side.rows.extend(more.into_iter().filter(|(_, v)| !v.is_empty()).map(|(key, v)| say.named(key, v)));
    side
}

fn side(say: Say<'_>, role: &str, party: &Party) -> Side {
    let Party { name, tin, address, phone } = party;
    let mut rows = Vec::new();
    if !address.is_empty() {
        rows.push(say.named("sales-print-address", address.as_str()));
    }
    rows.extend(phone.as_ref().map(|phone| say.named("sales-print-phone", phone.pretty())));
    rows.extend(tin.as_ref().map(|tin| say.named("sales-print-tin", tin.as_str())));
    let name = if name.is_empty() { say.t("sales-print-nobody") } else { name.clone() };
    Side { role: say.t(role), name, rows }
}

fn row(say: Say<'_>, line: &PaperLine, place: usize) -> Row {
    let PaperLine { name, mxik, price, discount, vat, vat_rate, amounts, .. } = line;
    let code = mxik.as_ref().map(|mxik| say.t1("sales-print-mxik", "code", mxik.as_str()));
    Row {
        position: place.to_string(),
        name: name.get(say.lang).to_owned(),
        notes: code.into_iter().chain(say.discount(*discount)).collect(),
        quantity: say.quantity(line),
        price: say.money(*price),
        net: say.money(amounts.net),
        rate: say.rate(*vat, *vat_rate),
        vat: say.money(amounts.vat),
        total: say.money(amounts.total),
    }
}

/// The fee for delivery as one more line.
fn fee_row(say: Say<'_>, (amounts, rate): (Amounts, Rate), place: usize) -> Option<Row> {
    (!amounts.total.is_zero()).then(|| Row {
        position: place.to_string(),
        name: say.t("sales-print-delivery"),
        notes: Vec::new(),
        quantity: String::new(),
        price: String::new(),
        net: say.money(amounts.net),
        rate: say.percent(rate),
        vat: say.money(amounts.vat),
        total: say.money(amounts.total),
    })
}

fn sums(say: Say<'_>, paper: &InvoicePaper) -> Result<Vec<Sum>> {
    let InvoicePaper { kind, lines, delivery, amounts, paid, credited, prices_include_vat, .. } = paper;
    let sum = |key: &str, money: Money| Sum { name: say.t(key), value: say.money(money), is_main: false };
    let mut sums = Vec::new();
    let off = discount_in_all(lines, *prices_include_vat)?;
    if off.is_positive() {
        sums.push(sum("sales-print-discount", Money::ZERO.minus(off)?));
    }
    sums.push(sum("sales-print-net-in-all", amounts.net));
    for (rate, of_rate) in vat_by_rate(lines, *delivery)? {
        let name = Text::new("sales-print-vat-of-rate")
            .with("rate", say.percent(rate))
            .with("base", say.money(of_rate.net));
        let name = say.texts.say(say.lang, &name);
        sums.push(Sum { name, value: say.money(of_rate.vat), is_main: false });
    }
    let total = Sum { name: say.t("sales-print-in-all"), value: say.som(amounts.total), is_main: true };
    sums.push(total);
    if *kind == PaperKind::Invoice {
        if credited.is_positive() {
            sums.push(sum("sales-print-credited", *credited));
        }
        sums.push(sum("sales-print-paid", *paid));
        sums.push(sum("sales-print-due", paper.due()?));
    }
    Ok(sums)
}
