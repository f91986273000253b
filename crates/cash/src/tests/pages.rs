//! The pages of cash, opened and sent as a browser does.

use axum::http::StatusCode;
use contacts::NewContact;
use db::{db_test, testing::TestDb};
use kernel::Lang;

use super::{api::site, assert_sound, by_hand, ctx, moved, payment, recorded, write};
use crate::{Flow, TransactionKind};

fn money<'f>(kind: &'f str, amount: &'f str, date: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![("kind", kind), ("amount", amount), ("date", date), ("contact_id", ""), ("note", "Izoh")]
}

#[db_test]
async fn money_comes_goes_and_is_taken_back_on_its_pages(db: &TestDb) {
    let mut site = site(db);
    assert!(site.page("/cash").await.text().contains("No registers yet"));
    let new = [("name", "Doʻkon"), ("kind", "cash"), ("active", "true")];
    let made = site.form("/cash/registers/new", &new).await;
    assert_eq!(made.header("location"), Some("/cash/registers/1"), "{}", made.text());
    let taken = site.form("/cash/registers/new", &new).await;
    assert!(taken.text().contains("There is a register with this name"), "{}", taken.text());
    let sent = site.form("/cash/registers/1/in", &money("opening", "1 000,5", "2026-09-01")).await;
    assert_eq!(sent.header("location"), Some("/cash/registers/1"), "{}", sent.text());
    let short = site.form("/cash/registers/1/out", &money("other_expense", "2000", "2026-09-01")).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text().contains("Doʻkon has only 1,000.5 so"), "{}", short.text());
    let late = site.form("/cash/registers/1/in", &money("opening", "1", "2030-01-01")).await;
    assert!(late.text().contains("The date cannot be in the future"), "{}", late.text());
    let crossed = site.form("/cash/registers/1/out", &money("opening", "1", "2026-09-01")).await;
    assert!(crossed.text().contains("There is no such kind"), "{}", crossed.text());
    let empty = site.form("/cash/registers/1/out", &money("", "", "")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = site.page("/cash/transactions/1").await.text();
    for words in ["Opening balance", "1,000.5", "/ledger/entries/1", "/cash/transactions/1/reverse", "Izoh"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let early = site.form("/cash/transactions/1/reverse", &[("date", "2026-08-31"), ("reason", "")]).await;
    assert!(early.text().contains("A reversal cannot be before"), "{}", early.text());
    let back = site.form("/cash/transactions/1/reverse", &[("date", "2026-09-02"), ("reason", "Xato")]).await;
    assert_eq!(back.header("location"), Some("/cash/transactions/2"), "{}", back.text());
    let page = site.page("/cash/transactions/1").await.text();
    assert!(!page.contains("/cash/transactions/1/reverse"), "{page}");
    assert!(page.contains("Reversed by"), "{page}");
    let list = site.page("/cash/transactions").await.text();
    assert!(
        list.contains("Opening balance (Reversal)") && list.contains("Opening balance (Reversed)"),
        "{list}"
    );
    assert_sound(db, &ctx(1));
}

#[db_test]
async fn money_goes_from_one_register_to_another(db: &TestDb) {
    let mut site = site(db);
    moved(db, &ctx(1), by_hand(TransactionKind::Opening, 100)).unwrap();
    assert!(!site.page("/cash/registers/1").await.text().contains("/cash/registers/1/transfer"));
    site.form("/cash/registers/new", &[("name", "Hisob"), ("kind", "bank"), ("active", "true")]).await;
    assert!(site.page("/cash/registers/1").await.text().contains("/cash/registers/1/transfer"));
    let form =
        |to, amount| [("to_register_id", to), ("amount", amount), ("date", "2026-09-20"), ("note", "")];
    let short = site.form("/cash/registers/1/transfer", &form("2", "101")).await;
    assert!(short.text().contains("Asosiy kassa has only 100 so"), "{}", short.text());
    let wrong = site.form("/cash/registers/1/transfer", &form("1", "10")).await;
    assert!(wrong.text().contains("Choose another register"), "{}", wrong.text());
    let sent = site.form("/cash/registers/1/transfer", &form("2", "60")).await;
    assert_eq!(sent.header("location"), Some("/cash/registers/1"), "{}", sent.text());
    let page = site.page("/cash/transactions/2").await.text();
    assert!(page.contains("/cash/transactions/3"), "{page}");
    assert_sound(db, &ctx(1));
}

#[db_test]
async fn a_register_is_renamed_closed_and_deleted(db: &TestDb) {
    let mut site = site(db);
    for name in ["Bir", "Ikki"] {
        site.form("/cash/registers/new", &[("name", name), ("kind", "cash"), ("active", "true")]).await;
    }
    let renamed = site.form("/cash/registers/2/edit", &[("name", "Uch"), ("active", "true")]).await;
    assert_eq!(renamed.header("location"), Some("/cash/registers/2"), "{}", renamed.text());
    let shut = site.form("/cash/registers/1/edit", &[("name", "Bir")]).await;
    assert!(shut.text().contains("The default register stays open"), "{}", shut.text());
    site.form("/cash/registers/2/edit", &[("name", "Uch")]).await;
    let page = site.page("/cash/registers/2").await.text();
    assert!(page.contains("Closed") && !page.contains("/cash/registers/2/in"), "{page}");
    let kept = site.form("/cash/registers/1/delete", &[]).await;
    assert_eq!(kept.header("location"), Some("/cash/registers/1"));
    let gone = site.form("/cash/registers/2/delete", &[]).await;
    assert_eq!(gone.header("location"), Some("/cash"));
    assert_eq!(site.page("/cash/registers/2").await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn what_a_document_recorded_has_no_button_to_take_it_back(db: &TestDb) {
    let mut site = site(db);
    recorded(db, &ctx(1), payment(7, Flow::In, 100)).unwrap();
    let page = site.page("/cash/transactions/1").await.text();
    assert!(page.contains("Document 7") && !page.contains("/cash/transactions/1/reverse"), "{page}");
    let sent = site.form("/cash/transactions/1/reverse", &[("date", "2026-09-21"), ("reason", "")]).await;
    assert_eq!(sent.status, StatusCode::CONFLICT);
    assert!(sent.text().contains("undo the document"), "{}", sent.text());
}

#[db_test]
async fn every_page_opens_in_every_language_and_every_list_is_a_file(db: &TestDb) {
    let site = site(db);
    let ctx = ctx(1);
    let customer =
        write(db, &ctx, |ctx, tx| contacts::create_contact(ctx, tx, NewContact::customer("Nodira", None)))
            .unwrap();
    let income = by_hand(TransactionKind::OtherIncome, 100);
    moved(db, &ctx, crate::MoveMoney { contact: Some(customer.id), ..income }).unwrap();
    recorded(db, &ctx, payment(1, Flow::Out, 40)).unwrap();
    crate::tests::register(db, &ctx, crate::RegisterKind::Cash, "Ikkinchi");
    crate::tests::register(db, &ctx, crate::RegisterKind::Bank, "Hisob");
    let pages = [
        "/cash",
        "/cash/registers",
        "/cash/registers/new",
        "/cash/registers/1",
        "/cash/registers/1?from=2026-09-01&until=2026-09-30&flow=in&kind=other_income&contact=1&q=x&page=2",
        "/cash/registers/1?from=x&flow=y&kind=z&contact=w",
        "/cash/registers/1/edit",
        "/cash/registers/3/edit",
        "/cash/registers/1/in",
        "/cash/registers/1/out",
        "/cash/registers/1/transfer",
        "/cash/transactions",
        "/cash/transactions?register=1&flow=out",
        "/cash/transactions/1",
        "/cash/transactions/2",
        "/cash/transactions/1/reverse",
    ];
    for lang in [Lang::Uz, Lang::Ru, Lang::En] {
        for path in pages {
            let answer = site.in_lang(lang).page(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
            assert!(!answer.text().contains(">cash-"), "{path} shows a key: {}", answer.text());
        }
    }
    for (path, expected) in [
        ("/cash/registers/1?format=csv", "Nodira"),
        ("/cash/registers/1?format=csv&flow=out", "40,60"),
        ("/cash/transactions?format=csv", "Asosiy kassa"),
    ] {
        let text = site.page(path).await.text();
        assert!(text.contains(expected), "{path}: {text}");
    }
    assert_eq!(site.page("/cash/transactions?format=xlsx").await.status, StatusCode::OK);
}
