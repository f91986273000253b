//! Papers: what stands on them, and that they become the same PDF each time.

use catalog::{Names, Vat};
use kernel::{Date, Lang, Money, Mxik, Phone, Quantity, Rate, Timestamp, Tin, Zone};
use text::Texts;

use super::{invoice, receipt, *};
use crate::{Amounts, Fee, Terms, count};

fn texts() -> Arc<Texts> {
    Arc::new(Texts::new(&[text::BASE, crate::TEXTS]))
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// A line of the goods `place`; every third is without VAT.
fn goods(place: usize) -> (Names, Vat, Terms) {
    let long = "Konditsioner Artel Inverter 12000 BTU, oq, Wi-Fi boshqaruvi, oʻrnatish toʻplami bilan";
    let (name, ru) = match place % 3 {
        0 => ("Choynak <b>elektr</b> #1 $x$", "Чайник электрический"),
        1 => ("Samsung Galaxy A15 smartfoni, 128 GB", "Смартфон Samsung Galaxy A15, 128 ГБ"),
        _ => (long, "Кондиционер Artel Inverter 12000 BTU, белый, управление по Wi-Fi, с установкой"),
    };
    let names = Names { uz: name.to_owned(), ru: Some(ru.to_owned()), en: None };
    let vat = if place.is_multiple_of(3) { Vat::Exempt } else { Vat::Standard };
    let terms = Terms {
        quantity: Quantity::from_thousandths(i64::try_from(place).unwrap() * 500 + 1_000),
        price: Money::from_tiyin(i64::try_from(place).unwrap() * 1_234_567 + 345_000_000),
        discount: Rate::from_percent(if place % 5 == 1 { 10 } else { 0 }),
        vat_rate: Rate::from_percent(if vat == Vat::Exempt { 0 } else { 12 }),
    };
    (names, vat, terms)
}

/// So many lines with their sums, times `dear`.
fn lines(how_many: usize, dear: i64) -> (Vec<PaperLine>, (Amounts, Rate), Amounts) {
    let goods: Vec<_> = (1..=how_many).map(goods).collect();
    let terms: Vec<Terms> = goods
        .iter()
        .map(|(_, _, terms)| Terms { price: Money::from_tiyin(terms.price.tiyin() * dear), ..*terms })
        .collect();
    let fee = Fee { amount: Money::from_som(25_000), vat_rate: Rate::from_percent(12) };
    let counted = count(&terms, Money::ZERO, fee, true).unwrap();
    let line = |((name, vat, _), (terms, amounts)): ((Names, Vat, Terms), (Terms, Amounts))| PaperLine {
        name,
        mxik: Some(Mxik::parse("00902001001031001").unwrap()),
        unit: "dona".to_owned(),
        quantity: terms.quantity,
        price: terms.price,
        discount: terms.discount,
        vat,
        vat_rate: terms.vat_rate,
        amounts,
    };
    let lines = goods.into_iter().zip(terms.into_iter().zip(counted.lines)).map(line).collect();
    (lines, (counted.delivery, fee.vat_rate), counted.whole)
}

fn seller() -> Seller {
    Seller {
        party: Party {
            name: "“Chorsu Texno” MChJ".to_owned(),
            tin: Some(Tin::parse("300000017").unwrap()),
            address: "Toshkent sh., Chilonzor tumani, Bunyodkor shoh koʻchasi, 1".to_owned(),
            phone: Some(Phone::parse("+998712000000").unwrap()),
        },
        vat_code: "326000000001".to_owned(),
        bank: "Namuna ATB, Chilonzor filiali".to_owned(),
        bank_account: "20208000900000000001".to_owned(),
        mfo: "00999".to_owned(),
        director: "D. Karimova".to_owned(),
        accountant: "N. Hisobchiyeva".to_owned(),
    }
}

fn invoice_of(how_many: usize, dear: i64) -> InvoicePaper {
    let (lines, delivery, amounts) = lines(how_many, dear);
    InvoicePaper {
        kind: PaperKind::Invoice,
        label: "2026-000123".to_owned(),
        invoiced_on: date("2026-11-21"),
        order: (7, date("2026-11-20")),
        prices_include_vat: true,
        seller: seller(),
        buyer: Party {
            name: "Oʻktam Gʻaniyev".to_owned(),
            phone: Some(Phone::parse("+998901234567").unwrap()),
            ..Party::default()
        },
        lines,
        delivery,
        amounts,
        paid: Money::from_som(1_000_000),
        credited: Money::ZERO,
        note: String::new(),
    }
}

fn credit_note() -> InvoicePaper {
    let kind = PaperKind::CreditNote("2026-000123".to_owned(), date("2026-11-21"));
    let note = "Mijoz mahsulotni qaytardi".to_owned();
    InvoicePaper { kind, label: "QN-2026-000004".to_owned(), note, ..invoice_of(1, 1) }
}

fn receipt_of(how_many: usize) -> ReceiptPaper {
    let (lines, delivery, amounts) = lines(how_many, 1);
    let paid =
        |register: &str, is_cash, amount| PaperPayment { register: register.to_owned(), is_cash, amount };
    let cash = amounts.total.minus(Money::from_som(1_200_000)).unwrap();
    ReceiptPaper {
        order: 7,
        at: Timestamp::from_millis(1_795_240_000_000),
        zone: Zone::default(),
        prices_include_vat: true,
        seller: seller().party,
        buyer: "Oʻktam Gʻaniyev".to_owned(),
        lines,
        delivery,
        amounts,
        payments: vec![
            paid("Karta terminali", false, Money::from_som(1_000_000)),
            paid("Asosiy kassa", true, cash),
        ],
        given: Some(cash.plus(Money::from_som(5_000)).unwrap()),
        due: Money::from_som(200_000),
    }
}

#[test]
fn an_invoice_says_everything_in_each_language() {
    let texts = texts();
    for lang in Lang::ALL {
        let document = invoice::document(&texts, lang, &invoice_of(3, 1)).unwrap();
        let shown = serde_json::to_string_pretty(&document).unwrap();
        assert!(!shown.contains("sales-print"), "{shown}");
        insta::assert_snapshot!(format!("invoice_{}", lang.code()), shown);
    }
}

#[test]
fn a_credit_note_names_its_invoice_and_nothing_is_due_of_it() {
    let texts = texts();
    let document = invoice::document(&texts, Lang::Uz, &credit_note()).unwrap();
    insta::assert_snapshot!("credit_note_uz", serde_json::to_string_pretty(&document).unwrap());
}

#[test]
fn a_receipt_says_what_was_given_and_what_came_back() {
    let texts = texts();
    for lang in Lang::ALL {
        let document = receipt::document(&texts, lang, &receipt_of(2)).unwrap();
        let shown = serde_json::to_string_pretty(&document).unwrap();
        assert!(!shown.contains("sales-print"), "{shown}");
        insta::assert_snapshot!(format!("receipt_{}", lang.code()), shown);
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads where somebody wants to look at the papers")]
fn papers_are_the_same_pdf_each_time_however_long_and_dear() {
    let papers = Papers::new(texts());
    let folder = std::env::var_os("KARVON_TEST_PAPERS");
    let keep = |name: String, pdf: &[u8]| {
        assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 8_000, "{name}: {} bytes", pdf.len());
        if let Some(folder) = &folder {
            std::fs::write(std::path::Path::new(folder).join(name), pdf).unwrap();
        }
    };
    for lang in Lang::ALL {
        let code = lang.code();
        keep(format!("invoice-one-{code}.pdf"), &papers.invoice_now(lang, &invoice_of(1, 1)).unwrap());
        keep(format!("receipt-{code}.pdf"), &papers.receipt_now(lang, &receipt_of(4)).unwrap());
        // Who looks, looks at everything in each language.
        if lang != Lang::Ru && folder.is_none() {
            continue;
        }
        for (name, paper) in
            [("long", invoice_of(120, 1)), ("dear", invoice_of(4, 30_000)), ("credit", credit_note())]
        {
            keep(format!("invoice-{name}-{code}.pdf"), &papers.invoice_now(lang, &paper).unwrap());
        }
    }
    let again = || papers.invoice_now(Lang::Uz, &invoice_of(2, 1)).unwrap();
    assert_eq!(again(), again());
    let again = || papers.receipt_now(Lang::Uz, &receipt_of(40)).unwrap();
    assert_eq!(again(), again());
}
