//! The pages, driven as a browser drives them.

use axum::http::StatusCode;
use db::{db_test, testing::TestDb};
use kernel::Lang;

use super::api::shop;

#[db_test]
async fn a_product_is_made_by_its_form_listed_exported_and_deleted(db: &TestDb) {
    let shop = shop(db);
    let mut site = shop.site.clone();
    let fields = [
        ("code", "A-1"),
        ("name", "=1+1 choy"),
        ("sale_price", "12 500,50"),
        ("quantity", "3"),
        ("minimum_quantity", "5"),
        ("vat", "zero"),
        ("active", "true"),
    ];
    let made = site.form("/products/new", &fields).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::SEE_OTHER, Some("/products/1")));
    let list = site.page("/products?q=choy&order=-sale_price").await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(list.text().contains("=1+1 choy") && list.text().contains("12,500.5"), "{}", list.text());
    let detail = site.page("/products/1").await.text();
    assert!(detail.contains("Less than the minimum quantity"), "{detail}");
    let csv = site.page("/products?format=csv").await;
    assert!(csv.header("content-type").unwrap().starts_with("text/csv"));
    let line = "A-1,,,'=1+1 choy,,,,,,,dona,0,12500.5,,VAT 0 %,5,,,On sale,3";
    assert!(csv.text().contains(line), "{}", csv.text());
    assert_eq!(site.page("/products?format=xlsx").await.bytes.get(..2), Some(&b"PK"[..]));

    let edited = site
        .form(
            "/products/1/edit",
            &[("code", "A-1"), ("name", "Choy"), ("sale_price", "1"), ("vat", "standard")],
        )
        .await;
    assert_eq!(edited.status, StatusCode::SEE_OTHER, "{}", edited.text());
    assert!(site.page("/products/1").await.text().contains("Off sale"), "an empty check box is no");
    assert_eq!(site.form("/products/1/activate", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.form("/products/1/delete", &[]).await.header("location"), Some("/products"));
    assert_eq!(site.page("/products/1").await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn a_form_with_errors_is_shown_again_with_what_was_typed(db: &TestDb) {
    let shop = shop(db);
    let mut site = shop.site.clone();
    let again = site
        .form(
            "/products/new",
            &[("code", ""), ("name", "<b>Choy</b>"), ("sale_price", "yuz"), ("category", "99")],
        )
        .await;
    let page = again.text();
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("&#60;b&#62;Choy") && !page.contains("<b>Choy"), "{page}");
    assert!(page.contains("This is not a number") && page.contains("This must be filled in"), "{page}");
    assert_eq!(site.page("/products").await.status, StatusCode::OK);
    for (lang, title) in [(Lang::Uz, "Yangi mahsulot"), (Lang::Ru, "Новый товар"), (Lang::En, "New product")]
    {
        assert!(site.in_lang(lang).page("/products/new").await.text().contains(title), "{title}");
    }
}

#[db_test]
async fn categories_are_kept_on_their_page(db: &TestDb) {
    let shop = shop(db);
    let mut site = shop.site.clone();
    assert_eq!(site.form("/categories/new", &[("name", "Idish")]).await.status, StatusCode::SEE_OTHER);
    let under = [("name", "Piyolalar"), ("parent", "1"), ("position", "2")];
    assert_eq!(site.form("/categories/new", &under).await.status, StatusCode::SEE_OTHER);
    assert!(site.page("/categories").await.text().contains("\u{2003}Piyolalar"));
    assert!(!site.page("/categories/1").await.text().contains("\u{2003}Piyolalar"), "not under itself");
    let twin = site.form("/categories/new", &[("name", "idish"), ("position", "x")]).await;
    assert_eq!(twin.status, StatusCode::UNPROCESSABLE_ENTITY);
    let moved = site.form("/categories/2", &[("name", "Piyolalar"), ("parent", "")]).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text());
    assert_eq!(site.form("/categories/2/delete", &[]).await.header("location"), Some("/categories"));
    assert_eq!(site.page("/categories/2").await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn pages_hide_what_one_may_not_and_refuse_it(db: &TestDb) {
    let shop = shop(db);
    let mut reader = shop.site.by("1:inventory.read");
    let page = reader.page("/products").await.text();
    assert!(!page.contains("/products/new"), "{page}");
    assert_eq!(reader.page("/products/new").await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        reader.form("/products/new", &[("code", "A"), ("name", "A"), ("sale_price", "1")]).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(reader.form("/categories/new", &[("name", "A")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(shop.site.by("1:sales.read").page("/products").await.status, StatusCode::FORBIDDEN);
    assert_eq!(shop.site.by("2").page("/products/1").await.status, StatusCode::NOT_FOUND);
}
