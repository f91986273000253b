//! What strangers stored is shown as words, never as markup.

use db::{db_test, testing::TestDb};
use serde_json::json;

use crate::{
    bad_input::{Bench, SCRIPT, ends_the_session},
    browser::escaped,
    routes, samples,
};

/// Whatever was stored is shown as words: in no page does the tag stand that somebody typed.
#[db_test]
async fn what_people_typed_is_shown_as_words_on_every_page(db: &TestDb) {
    let mut bench = Bench::new(db).await;
    let description = routes::description();
    let mut places = Vec::new();
    for route in routes::api()
        .into_iter()
        .filter(|route| route.method == "POST" && !route.path.contains('{') && !ends_the_session(route))
    {
        let sample = samples::body(&description, &route, &bench.known);
        for name in sample.as_object().into_iter().flatten().map(|(name, _)| name.clone()) {
            let mut body = samples::body(&description, &route, &bench.known);
            body[&name] = json!(format!("{SCRIPT} {name}"));
            let answer = bench.owner.api("POST", &route.path, &body).await;
            if answer.is_done() {
                places.push(format!("{route} {name}"));
            }
        }
    }
    assert!(places.len() >= 5, "the tag was taken as words by some fields: {places:?}");
    let body = json!({"code": "H-1", "name": SCRIPT, "name_ru": SCRIPT, "sale_price": 1, "description_uz": SCRIPT, "brand": SCRIPT, "unit": "<b>x</b>"});
    let product = bench.owner.api("POST", "/api/products", &body).await;
    assert!(product.is_done(), "{}", product.text());
    let mut shown = 0;
    let mut pages: Vec<String> = routes::pages()
        .iter()
        .filter(|route| route.is_safe() && !route.path.contains('{'))
        .map(|route| route.path.clone())
        .collect();
    for number in 1..=30 {
        for kind in [
            "products",
            "contacts",
            "sales-orders",
            "members",
            "bots",
            "warehouses",
            "categories",
            "stock/receipts",
        ] {
            pages.push(format!("/{kind}/{number}"));
            pages.push(format!("/{kind}/{number}/edit"));
        }
    }
    for page in pages {
        for path in [page.clone(), format!("{page}?q={}", escaped(SCRIPT)), format!("{page}?page_size=100")] {
            let answer = bench.owner.page(&path).await;
            if answer.status.as_u16() >= 500 {
                bench.wrong.push(format!("{path}: {}", answer.status));
            }
            if !answer.kind.starts_with("text/html") {
                continue;
            }
            let text = answer.text();
            shown += usize::from(text.contains("alert("));
            if text.contains("<script>alert(") || text.contains("<b>x</b>") {
                bench.wrong.push(format!("{path} shows the tag itself"));
            }
        }
    }
    assert!(shown >= 5, "the words stand on some pages: {shown}");
    bench.done();
}
