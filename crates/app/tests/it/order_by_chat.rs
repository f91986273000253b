//! A customer orders in a Telegram chat, and the order stands in the ERP with its stock reserved.

use db::{db_test, testing::TestDb};
use kernel::Quantity;
use serde_json::json;
use testkit::telegram::{Fake, Limits, Options, Person};

use crate::world::World;

/// From `/start` to the order's number, as a person does it.
async fn order_two_things(anna: &Person) -> i64 {
    anna.send_text("/start");
    anna.wait_for_text("Choose a language").await;
    anna.tap_button("🇬🇧 English");
    anna.wait_for(|screen| screen.has_key("📱 Share my number")).await;
    anna.share_contact();
    anna.wait_for(|screen| screen.has_key("🔎 Search")).await;
    anna.send_text("самсунг телевизор");
    anna.wait_for_text("7 products, page 1/2").await;
    anna.tap_button("Next ▶️");
    anna.wait_for_text("page 2/2").await;
    anna.send_text("samsng");
    anna.wait_for(|screen| screen.last_text().contains("page 1/2")).await;
    let first = anna.screen().last().unwrap().text.clone();
    assert!(first.contains("Samsung"), "{first}");
    anna.send_text("galaxy a15");
    anna.wait_for_text("Galaxy A15 smartphone").await;
    anna.tap_button("1. Galaxy A15 smartphone");
    anna.wait_for(|screen| screen.last().is_some_and(|m| m.button("🛒 Add to cart").is_some())).await;
    anna.tap_button("🛒 Add to cart");
    anna.wait_for(|screen| screen.last().is_some_and(|m| m.button("➕").is_some())).await;
    anna.send_text("UE20");
    let found = |screen: &testkit::telegram::Screen| {
        screen.last().is_some_and(|message| message.button("1. Samsung UE20 TV").is_some())
    };
    anna.wait_for(found).await;
    anna.tap_button("1. Samsung UE20 TV");
    anna.wait_for(|screen| screen.last().is_some_and(|m| m.button("🛒 Add to cart").is_some())).await;
    anna.tap_button("🛒 Add to cart");
    anna.wait_for(|screen| screen.last().is_some_and(|m| m.button("➕").is_some())).await;
    anna.tap_button("🛒 Go to the cart");
    anna.wait_for(|screen| screen.last().is_some_and(|m| m.button("✅ Checkout").is_some())).await;
    anna.tap_button("✅ Checkout");
    anna.wait_for_text("What is your name?").await;
    anna.send_text("Anna Kim");
    anna.wait_for(|screen| screen.last().is_some_and(|m| m.button("🏬 I will pick it up").is_some())).await;
    anna.tap_button("🏬 I will pick it up");
    anna.wait_for(|screen| screen.has_key("⏭ Skip")).await;
    anna.tap_key("⏭ Skip");
    anna.wait_for(|screen| screen.last().is_some_and(|m| m.button("✅ Place the order").is_some())).await;
    anna.tap_button("✅ Place the order");
    let screen = anna.wait_for(|screen| screen.says("№")).await;
    let text = screen.bot_texts().into_iter().rev().find(|text| text.contains('№')).unwrap().to_owned();
    let digits: String = text
        .split('№')
        .nth(1)
        .unwrap()
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().unwrap()
}

async fn reserved(world: &World) -> Quantity {
    let (ctx, ids) = (world.ctx.clone(), world.products.iter().map(|product| product.id).collect::<Vec<_>>());
    let read = move |tx: &mut db::ReadTx<'_>| stock::balances_of(&ctx, tx, &ids);
    let balances = world.parts.app.db().read(&world.ctx, read).await.unwrap();
    Quantity::sum(balances.iter().map(|balance| balance.reserved)).unwrap()
}

#[db_test]
async fn an_order_by_chat_reserves_its_stock_and_its_cancelling_is_told_in_the_chat(db: &TestDb) {
    let fake = Fake::start_with(Options { limits: Limits::Off, ..Options::default() }).await;
    let mut world = World::with(db, fake.url(), &[("KARVON_TELEGRAM_LIMITS", "false")]).await;
    let bot = world.connect(&fake, bots::Intake::Polling).await;
    world.start();
    let anna = bot.user(1001).named("Anna", "en", "+998901234567");
    let number = order_two_things(&anna).await;

    let (status, order) = world.api("GET", &format!("/api/sales-orders/{number}"), "").await;
    assert_eq!(status, 200, "{order}");
    assert_eq!(order["status"], json!("new"));
    assert_eq!(order["lines"].as_array().unwrap().len(), 2, "{order}");
    assert_eq!(order["total_amount"].to_string(), "4500000");
    assert_eq!(reserved(&world).await, Quantity::from_units(2));

    let (status, cancelled) = world.api("POST", &format!("/api/sales-orders/{number}/cancel"), "{}").await;
    assert_eq!(status, 200, "{cancelled}");
    anna.wait_for_text("has been cancelled").await;
    assert_eq!(reserved(&world).await, Quantity::ZERO);
    let counters = fake.counters();
    assert_eq!((counters.messages_doubled, counters.taps_unanswered), (0, 0), "{counters:?}");
    world.stop().await;
}
