//! The pages, driven as a browser drives them.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use db::{db_test, testing::TestDb};
use kernel::Lang;
use testkit::models::{KEY, Wire};
use web::testing::{Answer, Site};

use super::Office;

/// The page that a redirect leads to, with the notice that it brings.
async fn followed(site: &Site, answer: &Answer) -> String {
    let notice = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).unwrap_or_default();
    let request = Request::get("/ai")
        .header("accept", "text/html")
        .header("cookie", format!("{}=1; {notice}", web::SESSION_COOKIE));
    site.ask(request, Body::empty()).await.text()
}

#[db_test]
async fn pages_are_drawn_in_every_language(db: &TestDb) {
    let office = Office::ready(db, Wire::Gemini).await;
    office.ask("Narxi <b>qancha</b>?\nAytib bering").await.unwrap();
    office.fake.fail(401);
    office.ask("Salom").await.unwrap_err();
    for lang in Lang::ALL {
        let site = office.site.in_lang(lang);
        for path in [
            "/ai",
            "/ai/calls",
            "/ai/calls?state=failed&purpose=bots.ask_assistant",
            "/ai/calls?state=nonsense&from=x",
            "/ai/calls/1",
            "/ai/calls/2",
        ] {
            let page = site.page(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
            let text = page.text();
            assert!(
                !text.contains(">models-") && !text.contains("models-failure"),
                "{lang:?} {path}: {text}"
            );
        }
    }
    for path in ["/ai/calls/7", "/ai/calls/x"] {
        assert_eq!(office.site.page(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let one = office.site.page("/ai/calls/1").await.text();
    assert!(
        one.contains("Narxi &#60;b&#62;qancha&#60;/b&#62;?\nAytib") && one.contains("Choyxona &#60;bot&#62;"),
        "{one}"
    );
    let csv = office.site.page("/ai/calls?format=csv").await.text();
    assert!(csv.lines().count() == 3 && csv.contains("fake-1"), "{csv}");
}

#[db_test]
async fn the_form_keeps_what_was_typed_but_the_key(db: &TestDb) {
    let office = Office::open(db).await;
    let mut site = office.site.clone();
    let url = office.fake.openai_url();
    let good = [
        ("provider", "openai"),
        ("base_url", url.as_str()),
        ("model", "fake-1"),
        ("key", KEY),
        ("is_on", "true"),
        ("tokens_per_day", "20 000"),
        ("input_price", "0.15"),
        ("output_price", "0.6"),
    ];
    let mut wrong = good;
    wrong[5].1 = "many";
    wrong[2].1 = "gpt <4>";
    let refused = site.form("/ai", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text();
    assert!(page.contains("A whole number from 0 to") && page.contains("holds no spaces"), "{page}");
    assert!(page.contains("gpt &#60;4&#62;") && !page.contains(KEY));
    let saved = site.form("/ai", &good).await;
    assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, Some("/ai")));
    let page = site.page("/ai").await.text();
    assert!(
        page.contains("it ends with") && page.contains("cdef") && page.contains("The model is on"),
        "{page}"
    );
    let mut off = good.to_vec();
    off.retain(|(name, _)| !matches!(*name, "is_on" | "key"));
    assert_eq!(site.form("/ai", &off).await.status, StatusCode::SEE_OTHER);
    assert!(site.page("/ai").await.text().contains("The model is off"));
    assert!(!office.is_ready());
}

#[db_test]
async fn the_button_says_what_came_of_it(db: &TestDb) {
    let office = Office::ready(db, Wire::OpenAi).await;
    let mut site = office.site.clone();
    office.fake.say("OK <3");
    let checked = site.form("/ai/check", &[]).await;
    assert_eq!(checked.status, StatusCode::SEE_OTHER, "{}", checked.text());
    let said = followed(&site, &checked).await;
    assert!(said.contains("The model answered") && said.contains("OK &#60;3"), "{said}");
    office.fake.fail(404);
    let checked = site.form("/ai/check", &[]).await;
    assert!(followed(&site, &checked).await.contains("no such model"));
    let removed = site.form("/ai/remove-key", &[]).await;
    assert!(followed(&site, &removed).await.contains("The key is removed"));
    let mut reader = site.by("1:settings.read");
    let page = reader.page("/ai").await.text();
    assert!(!page.contains("/ai/check") && !page.contains("name=\"key\""), "who only reads has no form");
    assert_eq!(reader.form("/ai/check", &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(reader.form("/ai", &[("provider", "openai")]).await.status, StatusCode::FORBIDDEN);
}
