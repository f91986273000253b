//! The support desk at a site: what somebody asks there is theirs alone, and an answer comes once, wherever it was written.

use axum::http::StatusCode;
use contacts::NewContact;
use db::{db_test, testing::TestDb};
use kernel::Phone;
use serde_json::json;
use tickets::{By, MessageKind, NewCategory, Said, actions, reads};

use super::{Page, all, conversation, opened};
use crate::tests::desk::{is_a_desk, standing, told};

/// Asks what a visitor has to say.
async fn asks(page: &mut Page<'_>, words: &str) {
    page.gives(json!({ "kind": "command", "command": "start" })).await;
    page.press("English").await;
    page.press("Payment").await;
    page.say(words).await;
}

#[db_test]
async fn an_answer_comes_once_wherever_it_was_written_and_the_bot_answers_when_all_is_said(db: &TestDb) {
    let (shop, key) = opened(db).await;
    is_a_desk(db, &shop).await;
    let mut page = Page::met(&shop.site, &key).await;
    asks(&mut page, "My card was charged twice").await;
    assert_eq!(page.file("check.pdf", b"%PDF-1.7 a check").await.status, StatusCode::ACCEPTED);
    let (ticket, said) = standing(db, &shop, 1);
    let kinds: Vec<_> = said.iter().map(|one| (one.said.kind, one.said.text.as_str())).collect();
    assert_eq!(kinds, [(MessageKind::Text, "My card was charged twice"), (MessageKind::File, "")]);
    assert_eq!(said[1].said.kept.as_ref().unwrap().name, "check.pdf", "we keep it, and the desk shows it");

    // In the inbox, by somebody who is no agent: it stands in the ticket, and is not told again.
    let id = conversation(&shop).await;
    let answered =
        shop.site.post(&format!("/api/conversations/{id}/messages"), json!({ "text": "Let me look" })).await;
    assert_eq!(answered.status, StatusCode::CREATED, "{}", answered.text());
    told(db, &shop).await;
    let (after, said) = standing(db, &shop, 1);
    assert_eq!((said[2].said.text.as_str(), said[2].is_answer, said[2].agent), ("Let me look", true, None));
    assert!(after.first_answer_at.is_some() && after.agent.is_none());
    assert_eq!(page.seen().await.matches("Let me look").count(), 1, "{}", page.seen().await);

    page.say("And?").await;
    // At the desk, by an agent: it comes into the chat, also when it is told twice.
    let ctx = shop.ctx.clone();
    db.write_now(&shop.ctx, move |tx| {
        let agent = reads::agents(&ctx, tx)?.remove(0).id;
        let said = Said::words("Paid back");
        actions::add_message(&ctx, tx, ticket.id, By::Agent(agent), said)
    })
    .unwrap();
    told(db, &shop).await;
    told(db, &shop).await;
    assert_eq!(page.seen().await.matches("Paid back").count(), 1, "{}", page.seen().await);
    let standing_there = shop.site.get(&format!("/api/conversations/{id}")).await.json();
    assert_eq!((&standing_there["unread"], &standing_there["waiting_since"]), (&json!(0), &json!(null)));

    // Somebody has the conversation now: closing the ticket does not take it from them.
    let ctx = shop.ctx.clone();
    db.write_now(&shop.ctx, move |tx| actions::close(&ctx, tx, ticket.id)).unwrap();
    told(db, &shop).await;
    assert!(page.seen().await.contains("Your ticket No. 1 is closed"), "{}", page.seen().await);
    let state = shop.site.get(&format!("/api/conversations/{id}")).await.json()["state"].clone();
    assert_eq!(state, "person");
    page.say("Thanks").await;
    assert_eq!(standing(db, &shop, 1).1.len(), 5, "a closed ticket grows no more");
}

#[db_test]
async fn a_number_that_is_only_typed_leads_to_nobody_else_s_ticket(db: &TestDb) {
    let (shop, key) = opened(db).await;
    is_a_desk(db, &shop).await;
    let mut owner = Page::met(&shop.site, &key).await;
    asks(&mut owner, "Mine").await;
    let (ctx, contact) = (shop.ctx.clone(), standing(db, &shop, 1).0.contact);
    let number = db.read_now(&shop.ctx, move |tx| Ok(contacts::get(&ctx, tx, contact)?.number)).unwrap();
    let mut other = Page::met(&shop.site, &key).await;
    other.gives(json!({ "kind": "command", "command": "start" })).await;
    let list = shop.site.get("/api/conversations").await.json();
    for one in all(&list["results"]) {
        let path = format!("/api/conversations/{}/contact", one["id"].as_str().unwrap());
        let set = shop.site.put(&path, json!({ "contact_id": number })).await;
        assert_eq!(set.status, StatusCode::OK, "{}", set.text());
    }
    // To the staff both are one contact; to each other they are not.
    asks(&mut other, "Not yours").await;
    assert!(other.seen().await.contains("Ticket No. 2 is open"), "{}", other.seen().await);
    let (first, second) = (standing(db, &shop, 1), standing(db, &shop, 2));
    assert_ne!(first.0.contact, second.0.contact);
    assert_eq!((first.1.len(), second.1.len()), (1, 1));
    other.gives(json!({ "kind": "command", "command": "close" })).await;
    assert!(standing(db, &shop, 1).0.is_open && !standing(db, &shop, 2).0.is_open);

    // Whoever has the number that somebody typed would find the answers in their own chat.
    let ctx = shop.ctx.clone();
    let known = db
        .write_now(&shop.ctx, move |tx| {
            let phone = Phone::parse("90 123 45 67")?;
            contacts::create_contact(&ctx, tx, NewContact::customer("Aziza".to_owned(), Some(phone)))
        })
        .unwrap();
    let mut third = Page::met(&shop.site, &key).await;
    third.gives(json!({ "kind": "command", "command": "start" })).await;
    let path = format!("/api/conversations/{}/contact", conversation(&shop).await);
    assert_eq!(shop.site.put(&path, json!({ "contact_id": known.number })).await.status, StatusCode::OK);
    asks(&mut third, "Who am I?").await;
    let (ticket, said) = standing(db, &shop, 3);
    assert_eq!(said[0].said.text, "Who am I?");
    assert_ne!(ticket.contact, known.id);
}

#[db_test]
async fn nothing_to_ask_about_is_said_and_a_category_that_is_gone_is_not_opened(db: &TestDb) {
    let (shop, key) = opened(db).await;
    is_a_desk(db, &shop).await;
    let mut page = Page::met(&shop.site, &key).await;
    page.gives(json!({ "kind": "command", "command": "start" })).await;
    page.press("English").await;
    let ctx = shop.ctx.clone();
    db.write_now(&shop.ctx, move |tx| {
        let category = reads::categories(&ctx, tx)?.remove(0);
        let put_away = NewCategory { is_active: false, ..NewCategory::named(category.name) };
        actions::update_category(&ctx, tx, category.id, put_away)
    })
    .unwrap();
    page.press("Payment").await;
    let seen = page.seen().await;
    assert!(seen.contains("This is no longer offered") && seen.contains("Nothing can be asked"), "{seen}");
}

#[db_test]
async fn nobody_rates_or_opens_again_what_another_visitor_asked(db: &TestDb) {
    let (shop, key) = opened(db).await;
    is_a_desk(db, &shop).await;
    let mut owner = Page::met(&shop.site, &key).await;
    asks(&mut owner, "Mine").await;
    owner.gives(json!({ "kind": "command", "command": "close" })).await;
    let mut other = Page::met(&shop.site, &key).await;
    other.gives(json!({ "kind": "command", "command": "start" })).await;
    other.press("English").await;
    for (words, answer) in [
        ("/rate 1 1", "There is no closed ticket to rate"),
        ("/rate 9 1", "There is no closed ticket to rate"),
        ("/rate", "There is no closed ticket to rate"),
        ("/reopen 1", "There is no such ticket"),
        ("/reopen 77", "There is no such ticket"),
        ("/reopen", "There is no such ticket"),
    ] {
        other.say(words).await;
        assert!(other.seen().await.contains(answer), "{words}: {}", other.seen().await);
    }
    let ticket = standing(db, &shop, 1).0;
    assert!(!ticket.is_open && ticket.rating.is_none());
    owner.say("/rate 4 1").await;
    assert_eq!(standing(db, &shop, 1).0.rating.unwrap().stars, 4);
    owner.say("/reopen 1").await;
    assert!(standing(db, &shop, 1).0.is_open);
}
