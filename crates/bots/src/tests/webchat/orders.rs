//! A number that was only typed opens nobody's orders.

use contacts::NewContact;
use db::{db_test, testing::TestDb};
use kernel::Phone;
use serde_json::json;

use super::{Page, conversation, opened};
use crate::tests::simulator::Chat;

/// Somebody's number, which anybody may know.
const PHONE: &str = "+998901234567";

/// Orders one case, as far as the words that it was received.
async fn order(page: &mut Page<'_>, name: &str) {
    page.say("galaxy a15").await;
    page.press("ilofi").await;
    page.press("Add to cart").await;
    page.press("Go to the cart").await;
    page.press("Checkout").await;
    if page.seen().await.ends_with("What is your name?\n") {
        page.say(name).await;
    }
    page.press("pick it up").await;
    page.say("⏭ Skip").await;
    page.press("Place the order").await;
    assert!(page.seen().await.contains("Your order has been received."), "{}", page.seen().await);
}

#[db_test]
async fn whoever_types_a_customer_s_number_reads_neither_their_name_nor_their_orders(db: &TestDb) {
    let (shop, key) = opened(db).await;
    // A customer who is known, with an order from elsewhere.
    let ctx = shop.ctx.clone();
    let known = db
        .write_now(&shop.ctx, move |tx| {
            let phone = Phone::parse(PHONE).ok();
            contacts::create_contact(&ctx, tx, NewContact::customer("Dilnoza Karimova", phone))
        })
        .unwrap();
    let mut theirs = Page::met(&shop.site, &key).await;
    theirs.come_in(PHONE).await;
    order(&mut theirs, "Dilnoza").await;

    // Somebody else, at another browser, types the same number.
    let mut thief = Page::met(&shop.site, &key).await;
    thief.sent += 500;
    thief.come_in(PHONE).await;
    assert!(!thief.seen().await.contains("Dilnoza"), "{}", thief.seen().await);
    thief.gives(json!({ "kind": "command", "command": "orders" })).await;
    let seen = thief.seen().await;
    assert!(!seen.contains("№") && !seen.contains("89 000"), "{seen}");
    thief.gives(json!({ "kind": "command", "command": "status" })).await;
    thief.say("1").await;
    let seen = thief.seen().await;
    assert!(!seen.contains("89 000"), "an order of somebody else is as if it were not there: {seen}");
    thief.gives(json!({ "kind": "command", "command": "settings" })).await;
    let ctx = shop.ctx.clone();
    let id = known.id;
    let contact = db.read_now(&shop.ctx, move |tx| contacts::get(&ctx, tx, id)).unwrap();
    assert_eq!(contact.name, "Dilnoza Karimova", "nobody is renamed by whoever types their number");

    // Who ordered in this chat follows it there, and it is the customer's in the ERP.
    theirs.gives(json!({ "kind": "command", "command": "orders" })).await;
    assert!(
        theirs.seen().await.contains("№ 1") || theirs.seen().await.contains("№1"),
        "{}",
        theirs.seen().await
    );
    let ctx = shop.ctx.clone();
    let placed = db.read_now(&shop.ctx, move |tx| sales::get_order_by_number(&ctx, tx, 1)).unwrap();
    assert_eq!(placed.customer, Some(known.id));
    let page = shop.site.page(&format!("/conversations/{}", conversation(&shop).await)).await.text();
    assert!(page.contains("not checked"), "the staff is told that nobody proved the number");
    // What a platform has proved is trusted as before.
    let mut chat = Chat::new(&shop.site);
    chat.come_in().await;
}

#[db_test]
async fn a_new_customer_is_made_of_what_they_typed(db: &TestDb) {
    let (shop, key) = opened(db).await;
    let mut page = Page::met(&shop.site, &key).await;
    page.come_in("90 765 43 21").await;
    order(&mut page, "Aziza Rahimova").await;
    let ctx = shop.ctx.clone();
    let customer = db
        .read_now(&shop.ctx, move |tx| {
            let order = sales::get_order_by_number(&ctx, tx, 1)?;
            contacts::get(&ctx, tx, order.customer.unwrap())
        })
        .unwrap();
    assert_eq!(customer.name, "Aziza Rahimova");
    assert_eq!(customer.phone.map(|phone| phone.to_string()), Some("+998907654321".to_owned()));
}
