//! The pages of stock, opened and sent as a browser does.

use axum::http::StatusCode;
use db::{db_test, testing::TestDb};
use kernel::Lang;
use web::testing::ctx;

use super::{api::shop, assert_sound, product, standing, stocked};

fn receipt<'f>(quantity: &'f str, price: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![
        ("supplier_id", ""),
        ("received_on", "2026-09-20"),
        ("note", "Birinchi kirim"),
        ("version", ""),
        ("line_product_id", "1"),
        ("line_product", "Mahsulot A"),
        ("line_unit", "dona"),
        ("line_quantity", quantity),
        ("line_price", price),
    ]
}

#[db_test]
async fn a_receipt_is_written_changed_and_posted_on_its_pages(db: &TestDb) {
    let mut shop = shop(db);
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    let site = &mut shop.site;
    assert!(site.page("/stock/receipts").await.text().contains("No receipts yet"));
    assert_eq!(site.page("/stock/receipts/new").await.status, StatusCode::OK);
    let sent = site.form("/stock/receipts/new", &receipt("3", "1 250,5")).await;
    assert_eq!(sent.header("location"), Some("/stock/receipts/1"), "{}", sent.text());
    let page = site.page("/stock/receipts/1").await.text();
    for words in ["Birinchi kirim", "3,751.5", "This is a draft"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(site.page("/stock/receipts/1/edit").await.text().contains("value=\"1250.5\""));
    let mut changed = receipt("4", "100");
    changed.retain(|(name, _)| *name != "version");
    changed.push(("version", "1"));
    assert_eq!(site.form("/stock/receipts/1/edit", &changed).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        site.form("/stock/receipts/1/edit", &changed).await.status,
        StatusCode::CONFLICT,
        "an old form"
    );
    assert_eq!(site.form("/stock/receipts/1/post", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(standing(db, &ctx, &choy), "4/0/400");
    let again = site.form("/stock/receipts/1/post", &[]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "told on the receipt's page");
    assert_eq!(standing(db, &ctx, &choy), "4/0/400");
    assert_eq!(site.page("/stock/receipts/1/edit").await.status, StatusCode::SEE_OTHER);
    let wrong = site.form("/stock/receipts/new", &receipt("0", "-1")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["The quantity must be above zero", "A price is never negative"] {
        assert!(wrong.text().contains(words), "{words}: {}", wrong.text());
    }
    assert_eq!(
        site.form("/stock/receipts/new", &receipt("1", "1")).await.header("location"),
        Some("/stock/receipts/2")
    );
    assert_eq!(site.form("/stock/receipts/2/delete", &[]).await.header("location"), Some("/stock/receipts"));
    assert_sound(db, &ctx);
}

#[db_test]
async fn balances_cards_and_moves_show_what_a_count_changed(db: &TestDb) {
    let mut shop = shop(db);
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    stocked(db, &ctx, &choy, 5, 100);
    let site = &mut shop.site;
    assert!(site.page("/stock/adjust?product=1").await.text().contains("Mahsulot A"));
    let fields = [("product_id", "1"), ("way", "counted"), ("quantity", "4"), ("note", "Bittasi singan")];
    assert_eq!(site.form("/stock/adjust", &fields).await.header("location"), Some("/stock/products/1"));
    let card = site.page("/stock/products/1").await.text();
    for words in ["Bittasi singan", "Adjustment", "Receipt", "400", "Average cost"] {
        assert!(card.contains(words), "{words}: {card}");
    }
    let too_much = [("product_id", "1"), ("way", "difference"), ("quantity", "-9")];
    assert!(site.form("/stock/adjust", &too_much).await.text().contains("not enough, 4 pcs left"));
    let nothing = site.form("/stock/adjust", &[("quantity", "x")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.text().contains("Choose a product from the list"));
    for path in ["/stock", "/stock?q=mahsulot", "/stock/moves", "/stock/moves?kind=adjustment&warehouse=1"] {
        assert!(site.page(path).await.text().contains("/stock/products/1"), "{path}");
    }
    let csv = site.page("/stock/moves?format=csv").await.text();
    assert!(csv.contains("Adjustment,Mahsulot A"), "{csv}");
    assert!(site.page("/stock?format=csv").await.text().contains("Mahsulot A,A,4,0,4,0,400"));
    assert!(site.page("/stock/low").await.text().contains("There is enough of everything"));
}

#[db_test]
async fn warehouses_are_made_and_changed_on_their_pages(db: &TestDb) {
    let mut shop = shop(db);
    let site = &mut shop.site;
    assert!(site.page("/warehouses").await.text().contains("No warehouses yet"));
    let fields = [("name", "Chilonzor"), ("active", "true")];
    assert_eq!(site.form("/warehouses/new", &fields).await.header("location"), Some("/warehouses"));
    let again = site.form("/warehouses/new", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("There is a warehouse of this name already"));
    let shut = site.form("/warehouses/1", &[("name", "Chilonzor")]).await;
    assert!(shut.text().contains("The main warehouse stays open"), "{}", shut.text());
    assert_eq!(
        site.form("/warehouses/1", &[("name", "Sergeli"), ("active", "true")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(site.page("/warehouses").await.text().contains("Sergeli"));
}

#[db_test]
async fn every_page_speaks_three_languages_and_strangers_find_nothing(db: &TestDb) {
    let shop = shop(db);
    let ctx = ctx(1);
    let choy = product(db, &ctx, "A");
    stocked(db, &ctx, &choy, 5, 100);
    let pages = [
        "/stock",
        "/stock/products/1",
        "/stock/moves",
        "/stock/low",
        "/stock/adjust",
        "/stock/receipts",
        "/stock/receipts/new",
        "/stock/receipts/1",
        "/warehouses",
        "/warehouses/new",
        "/warehouses/1",
    ];
    for lang in Lang::ALL {
        for path in pages {
            let page = shop.site.in_lang(lang).page(path).await;
            assert!(page.status.is_success(), "{lang:?} {path}: {}", page.text());
            assert!(!page.text().contains(">stock-"), "{lang:?} {path}: a key without words");
        }
    }
    for path in ["/stock/products/1", "/stock/receipts/1", "/stock/receipts/1/edit", "/warehouses/1"] {
        assert_eq!(shop.site.by("2").page(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in pages {
        assert_eq!(shop.site.by("1:sales.read").page(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}
