//! The pages of catalog items, driven as a browser drives them.

use axum::http::StatusCode;
use db::{db_test, testing::TestDb};
use kernel::{Id, Lang};
use serde_json::{Value, json};
use web::testing::Site;

use super::{api::shop, ctx, items::name_it};

const LIST: &str = "/catalog/items";

/// The one item there is.
async fn only(site: &Site) -> Value {
    site.get("/api/v1/catalog/items").await.json()["results"][0].clone()
}

#[db_test]
async fn an_item_is_made_by_its_form_changed_hidden_and_deleted(db: &TestDb) {
    let shop = shop(db);
    let mut site = shop.site.clone();
    assert!(site.page(LIST).await.text().contains("No items yet"));
    let fields = [
        ("type", "REGION"),
        ("code", "UZ-AN"),
        ("metadata.name_uz", "Andijon viloyati"),
        ("metadata.name_ru", "Андижанская область"),
        ("metadata.description_uz", "Vodiyda\r\nsharqda"),
        ("metadata", r#"{"icon": "🏔", "hours": [1, 2]}"#),
        ("is_active", "true"),
    ];
    let made = site.form("/catalog/items/new", &fields).await;
    assert_eq!(
        (made.status, made.header("location")),
        (StatusCode::SEE_OTHER, Some(LIST)),
        "{}",
        made.text()
    );
    let item = only(&site).await;
    assert_eq!(
        item["metadata"],
        json!({"name_uz": "Andijon viloyati", "name_ru": "Андижанская область",
               "description_uz": "Vodiyda\nsharqda", "icon": "🏔", "hours": [1, 2]})
    );
    let list = site.page("/catalog/items?q=andijon&type=REGION&active=true").await.text();
    assert!(
        list.contains("Andijon viloyati") && list.contains("UZ-AN") && list.contains("Vodiyda"),
        "{list}"
    );
    assert!(!site.page("/catalog/items?type=TRACK").await.text().contains("UZ-AN"));
    assert!(site.in_lang(Lang::Ru).page(LIST).await.text().contains("Андижанская область"));

    let address = format!("{LIST}/{}", item["id"].as_str().unwrap());
    let form = site.page(&address).await.text();
    assert!(form.contains("&#34;icon&#34;: &#34;🏔&#34;") && !form.contains("&#34;name_uz&#34;"), "{form}");
    // A form that knows nothing of the rest leaves it alone.
    let edit = [
        ("type", "REGION"),
        ("code", "UZ-AN"),
        ("metadata.name_uz", "Andijon"),
        ("metadata.position", "3"),
        ("is_active", "true"),
    ];
    assert_eq!(site.form(&address, &edit).await.status, StatusCode::SEE_OTHER);
    let changed = only(&site).await["metadata"].clone();
    assert_eq!(changed, json!({"name_uz": "Andijon", "icon": "🏔", "hours": [1, 2], "position": 3}));
    assert!(site.page(&address).await.text().contains(r#"value="3""#));

    assert_eq!(site.form(&format!("{address}/deactivate"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(only(&site).await["is_active"], false);
    assert!(!site.page("/catalog/items?active=true").await.text().contains("UZ-AN"));
    assert_eq!(site.form(&format!("{address}/activate"), &[]).await.status, StatusCode::SEE_OTHER);
    let deleted = site.form(&format!("{address}/delete"), &[]).await;
    assert_eq!((deleted.status, deleted.header("location")), (StatusCode::SEE_OTHER, Some(LIST)));
    assert_eq!(site.page(&address).await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn a_form_with_errors_is_shown_again_with_what_was_typed(db: &TestDb) {
    let shop = shop(db);
    let mut site = shop.site.clone();
    let typed = [
        ("type", "REGION"),
        ("code", ""),
        ("metadata.name_uz", ""),
        ("metadata.name_ru", "<b>Регион</b>"),
        ("metadata.position", "birinchi"),
        ("metadata", "{\"icon\": "),
    ];
    let again = site.form("/catalog/items/new", &typed).await;
    let page = again.text();
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["This must be filled in", "This is not a number", "This is not a JSON object"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(page.contains("&#60;b&#62;Регион") && page.contains("birinchi"), "{page}");
    assert!(page.contains("{&#34;icon&#34;: "), "{page}");
    let twice =
        [("type", "REGION"), ("code", "A"), ("metadata.name_uz", "A"), ("metadata", r#"{"name_uz": "B"}"#)];
    let page = site.form("/catalog/items/new", &twice).await.text();
    assert!(page.contains("name_uz stands in a field of its own already"), "{page}");
    for (lang, title) in [(Lang::Uz, "Yangi yozuv"), (Lang::Ru, "Новая запись"), (Lang::En, "New item")]
    {
        let page = site.in_lang(lang).page("/catalog/items/new?type=TRACK").await.text();
        assert!(page.contains(title), "{title}");
    }
}

#[db_test]
async fn an_item_in_use_is_not_deleted_and_the_page_says_why(db: &TestDb) {
    let shop = shop(db);
    let mut site = shop.site.clone();
    let body = json!({"type": "TRACK", "code": "T", "metadata": {"name_uz": "Yoʻl"}});
    let id = site.post("/api/v1/catalog/items", body).await.json()["id"].as_str().unwrap().to_owned();
    name_it(db, &ctx(1), Id::from_uuid(id.parse().unwrap()));
    let refused = site.form(&format!("{LIST}/{id}/delete"), &[]).await;
    assert_eq!((refused.status, refused.header("location")), (StatusCode::SEE_OTHER, Some(LIST)));
    assert_eq!(only(&site).await["code"], "T");
    let moved = site
        .form(&format!("{LIST}/{id}"), &[("type", "REGION"), ("code", "T"), ("metadata.name_uz", "Yoʻl")])
        .await;
    assert_eq!(moved.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(moved.text().contains("its type stays"), "{}", moved.text());
}

#[db_test]
async fn pages_hide_what_one_may_not_and_refuse_it(db: &TestDb) {
    let shop = shop(db);
    let body = json!({"type": "TRACK", "code": "T", "metadata": {"name_uz": "Yoʻl"}});
    let id = shop.site.post("/api/v1/catalog/items", body).await.json()["id"].as_str().unwrap().to_owned();
    let address = format!("{LIST}/{id}");
    for reader in ["1:applications.read", "1:surveys.read", "1:surveys.read,applications.read"] {
        let mut reader = shop.site.by(reader);
        let page = reader.page(LIST).await.text();
        assert!(
            page.contains("Yoʻl") && !page.contains("/catalog/items/new") && !page.contains(&address),
            "{page}"
        );
        assert_eq!(page.matches(r#"href="/catalog/items""#).count(), 1, "one entry of the menu: {page}");
        assert_eq!(reader.page(&address).await.status, StatusCode::FORBIDDEN);
        for act in ["activate", "deactivate", "delete"] {
            let refused = reader.form(&format!("{address}/{act}"), &[]).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{act}");
        }
        assert_eq!(reader.form("/catalog/items/new", &[("code", "A")]).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(shop.site.by("1:inventory.read").page(LIST).await.status, StatusCode::FORBIDDEN);
    let mut strange = shop.site.by("2");
    assert_eq!(strange.page(&address).await.status, StatusCode::NOT_FOUND);
    assert_eq!(strange.form(&format!("{address}/delete"), &[]).await.status, StatusCode::NOT_FOUND);
}
