//! The pages, driven as a browser drives them.

use db::{db_test, testing::TestDb};
use kernel::Lang;

use super::*;

#[db_test]
async fn a_person_writes_a_pair_tries_a_question_and_takes_it_away(db: &TestDb) {
    let mut site = office(db).site;
    assert!(site.page("/knowledge").await.text().contains("/knowledge/pairs/new"));
    assert_eq!(site.page("/knowledge/pairs/new").await.status, 200);
    let refused = site.form("/knowledge/pairs/new", &[("question", ""), ("answer", "Bir yil <b>")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Bir yil &#60;b&#62;") && refused.text().contains("invalid-feedback"));
    let fields = [
        ("question", "Kafolat bormi <i>?"),
        ("answer", "Bir yil <b>"),
        ("wordings", "Garantiya necha yil?\r\n\r\nKafolat muddati"),
        ("is_on", "true"),
    ];
    let made = site.form("/knowledge/pairs/new", &fields).await;
    assert_eq!(made.header("location"), Some("/knowledge/1"), "{}", made.text());
    let page = site.page("/knowledge/1").await.text();
    assert!(page.contains("Garantiya necha yil? · Kafolat muddati") && !page.contains("<i>?"), "{page}");
    let tried = site.page("/knowledge/try?q=garantiya+bormi").await.text();
    assert!(tried.contains("Bir yil &#60;b&#62;") && tried.contains("Is said as the answer"), "{tried}");
    assert!(
        tried.contains(r#"<span class="cell-sub">Bir yil &#60;b&#62;</span>"#),
        "under the title, where a phone shows long text as it is read: {tried}"
    );
    assert!(!site.page("/knowledge/try?q=futbol").await.text().contains("Bir yil"));
    assert!(site.page("/knowledge/try").await.text().contains("Ask something"));
    let edit = site.page("/knowledge/1/edit").await.text();
    assert!(edit.contains("Garantiya necha yil?\nKafolat muddati"), "{edit}");
    let saved = site.form("/knowledge/1/edit", &[("question", "Kafolat?"), ("answer", "Ikki yil")]).await;
    assert_eq!(saved.header("location"), Some("/knowledge/1"));
    assert!(site.page("/knowledge/1").await.text().contains("switched off"));
    site.form("/knowledge/1/on", &[]).await;
    assert!(site.page("/knowledge/try?q=kafolat").await.text().contains("Ikki yil"));
    site.form("/knowledge/1/off", &[]).await;
    assert!(!site.page("/knowledge/try?q=kafolat").await.text().contains("Ikki yil"));
    assert_eq!(site.form("/knowledge/1/delete", &[]).await.header("location"), Some("/knowledge"));
    assert_eq!(site.page("/knowledge/1").await.status, 404);
}

#[db_test]
async fn a_person_brings_a_text_and_a_file_and_filters_the_list(db: &TestDb) {
    let office = office(db);
    let mut site = office.site.clone();
    let fields = [("title", "Qoidalar"), ("text", "# Toʻlov\r\nNaqd."), ("is_on", "true")];
    assert_eq!(site.form("/knowledge/texts/new", &fields).await.header("location"), Some("/knowledge/1"));
    assert!(site.page("/knowledge/files/new").await.text().contains("multipart/form-data"));
    let sent = site.upload("/knowledge/files/new", "file", "narx.txt", b"Choy 12 ming.").await;
    assert_eq!(sent.header("location"), Some("/knowledge/2"), "{}", sent.text());
    assert!(site.page("/knowledge/2").await.text().contains("being read"));
    office.worker.drain().await.unwrap();
    assert!(site.page("/knowledge/2").await.text().contains("Choy 12 ming."));
    assert_eq!(site.form("/knowledge/2/edit", &[("title", "Narxlar"), ("is_on", "true")]).await.status, 303);
    let list = site.page("/knowledge?kind=file").await.text();
    assert!(list.contains("Narxlar") && !list.contains("Qoidalar"));
    assert!(site.page("/knowledge?q=qoida").await.text().contains("Qoidalar"));
    assert!(site.page("/knowledge?format=csv").await.text().contains("Narxlar"));
    assert_eq!(site.form("/knowledge/2/read", &[]).await.header("location"), Some("/knowledge/2"));
    let other = site.by("2");
    for path in ["/knowledge/1", "/knowledge/1/edit"] {
        assert_eq!(other.page(path).await.status, 404, "{path}");
    }
    let mut reader = site.by("1:bots.read");
    assert!(!reader.page("/knowledge").await.text().contains("/knowledge/pairs/new"));
    assert_eq!(reader.page("/knowledge/pairs/new").await.status, 403);
    assert_eq!(reader.form("/knowledge/1/delete", &[]).await.status, 403);
    assert_eq!(site.by("1:sales.read").page("/knowledge/try?q=narx").await.status, 403);
}

#[db_test]
async fn the_pages_speak_three_languages(db: &TestDb) {
    let office = office(db);
    for (lang, words) in [
        (Lang::Uz, "Savol-javob qoʻshish"),
        (Lang::Ru, "Добавить вопрос и ответ"),
        (Lang::En, "Add a question"),
    ] {
        let site = office.site.in_lang(lang);
        assert!(site.page("/knowledge").await.text().contains(words), "{words}");
        for path in
            ["/knowledge/try?q=a", "/knowledge/texts/new", "/knowledge/files/new", "/knowledge/pairs/new"]
        {
            assert!(!site.page(path).await.text().contains("knowledge-field"), "{path}");
        }
    }
}
