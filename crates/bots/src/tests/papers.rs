//! Files in chats: who sees them, and who does not.

use axum::http::StatusCode;
use context::Permission;
use db::{db_test, testing::TestDb};
use files::{Blobs, MediaType};
use flow::{Document, Message, Reply, RichText};
use serde_json::json;

use super::{
    Shop,
    simulator::{Chat, all},
};
use crate::{Conversation, Place, simulator_channel, store, turn::leave};

const PDF: &[u8] = b"%PDF-1.7 a paper of the shop";

/// Puts a paper into the member's chat with the bot, as a job would.
fn put_paper(db: &TestDb, shop: &Shop) -> kernel::Id<Conversation> {
    let hash = shop.site.app.service::<Blobs>().unwrap().put_now(PDF).unwrap();
    let ctx = shop.ctx.clone();
    db.write_now(&shop.ctx, move |tx| {
        let bot = store::bot::find_by_number(&ctx, tx, 1)?.unwrap();
        let channel = simulator_channel(&ctx, tx, bot.id)?;
        let conversation = store::conversation::find_last(&ctx, tx, channel.id, "sim:")?.unwrap();
        files::record(&ctx, tx, hash, MediaType::Pdf, PDF.len(), Some(Permission::SalesRead))?;
        let document = Document {
            file: hash.to_string(),
            name: "faktura-2026-000001.pdf".to_owned(),
            size_bytes: 2_049,
            without: "Faylni doʻkondan soʻrang.".to_owned(),
        };
        let message = Message { document: Some(document), ..Message::of(RichText::plain("Faktura")) };
        let leaving = leave(&ctx, &Place::Page { tapped: None }, &[Reply::Message(message)]);
        store::message::insert_leaving(&ctx, tx, channel.id, conversation.id, &leaving)?;
        Ok(conversation.id)
    })
    .unwrap()
}

#[db_test]
async fn a_file_in_a_chat_is_seen_by_those_who_may_read_the_chat_and_by_nobody_else(db: &TestDb) {
    let shop = Shop::open(db);
    let mut chat = Chat::new(&shop.site);
    chat.come_in().await;
    let conversation = put_paper(db, &shop);

    let state = chat.state().await;
    let shown = all(&state["messages"]).next_back().unwrap();
    let path = shown["media"]["url"].as_str().unwrap();
    assert!(path.starts_with(&format!("/conversations/{conversation}/files/")), "{path}");
    let expected =
        json!({ "kind": "document", "url": path, "name": "faktura-2026-000001.pdf", "size": 2_049 });
    assert_eq!(shown["media"], expected);
    let told = shop.site.get(&format!("/api/bots/1/conversations/{conversation}/messages")).await.json();
    let told = all(&told["results"]).next_back().unwrap();
    assert_eq!(told["document"], json!({ "name": "faktura-2026-000001.pdf", "url": path, "size": 2_049 }));
    let page = shop.site.page(&format!("/conversations/{conversation}")).await.text();
    assert!(page.contains(path) && page.contains("faktura-2026-000001.pdf") && page.contains("3 KB"));

    let file = shop.site.page(path).await;
    assert_eq!((file.status, &file.bytes[..]), (StatusCode::OK, PDF));
    assert_eq!(file.header("content-type"), Some("application/pdf"));
    let name = "attachment; filename=\"faktura-2026-000001.pdf\"";
    assert_eq!(file.header("content-disposition"), Some(name));

    assert_eq!(shop.site.by("2").page(path).await.status, StatusCode::NOT_FOUND, "another workspace");
    let without = shop.site.by("1:catalog.read").page(path).await;
    assert_eq!(without.status, StatusCode::FORBIDDEN, "a member who may not read chats");
    let message = path.rsplit('/').next().unwrap();
    let elsewhere = format!("/conversations/{message}/files/{message}");
    assert_eq!(shop.site.page(&elsewhere).await.status, StatusCode::NOT_FOUND, "no conversation");
    let first = all(&state["messages"]).next().unwrap()["id"].as_str().unwrap();
    let no_file = format!("/conversations/{conversation}/files/{first}");
    assert_eq!(shop.site.page(&no_file).await.status, StatusCode::NOT_FOUND, "a message without a file");
}
