//! What customers do in the shop's chat, step by step, however long a step takes.

use std::time::Duration;

use testkit::telegram::{Person, Screen, Shown};

/// The telephone of the shop, of which there are ten.
pub(crate) const PHONE: &str = "Galaxy A15 smartphone";
pub(crate) const ADD: &str = "🛒 Add to cart";
pub(crate) const CHECKOUT: &str = "✅ Checkout";
pub(crate) const PLACE: &str = "✅ Place the order";
const TO_CART: &str = "🛒 Go to the cart";
const PICKUP: &str = "🏬 I will pick it up";
const SKIP: &str = "⏭ Skip";
/// A step may have to outlive a few stops of the server.
const PATIENCE: Duration = Duration::from_secs(40);

/// Waits for the screen to be as wanted.
pub(crate) async fn see(person: &Person, what: &str, wanted: impl Fn(&Screen) -> bool) -> Screen {
    match person.try_wait_for(PATIENCE, wanted).await {
        Some(screen) => screen,
        None => panic!("{what} did not come to {}:\n{}", person.id(), person.screen()),
    }
}

/// What the bot said since the person last wrote something. A stopped program may have had to send a message twice: the
/// newest one is not always the one that counts.
fn answers(screen: &Screen) -> impl Iterator<Item = &Shown> {
    let news = screen.messages.iter().rev().take_while(|message| message.by_bot);
    news.map(AsRef::as_ref)
}

/// Waits for a button under one of the bot's latest answers.
pub(crate) async fn see_button(person: &Person, text: &str) -> Screen {
    see(person, text, |screen| answers(screen).any(|message| message.button(text).is_some())).await
}

/// From `/start` to the home menu, in English, with the number shared.
pub(crate) async fn enter(person: &Person) {
    person.send_text("/start");
    see_button(person, "🇬🇧 English").await;
    person.tap_button("🇬🇧 English");
    see(person, "the question for the number", |screen| screen.has_key("📱 Share my number")).await;
    person.share_contact();
    see(person, "the home menu", |screen| screen.has_key("🔎 Search")).await;
}

/// Finds a product by its name and opens its card.
pub(crate) async fn open_card(person: &Person, name: &str) {
    person.send_text(name);
    let button = format!("1. {name}");
    see_button(person, &button).await;
    person.tap_button(&button);
    see(person, "the card", |screen| {
        answers(screen).any(|message| {
            message.button(ADD).is_some()
                || message.button("➕").is_some()
                || message.text.contains("Out of stock")
        })
    })
    .await;
}

/// From anywhere to the cart with one piece of this product.
pub(crate) async fn put_into_cart(person: &Person, name: &str) {
    open_card(person, name).await;
    person.tap_button(ADD);
    see_button(person, "➕").await;
    person.tap_button(TO_CART);
    see_button(person, CHECKOUT).await;
}

/// From the cart to the last question before the order.
pub(crate) async fn check_out(person: &Person) {
    person.tap_button(CHECKOUT);
    let wants_name = |screen: &Screen| answers(screen).any(|m| m.text.contains("What is your name?"));
    let asked = |screen: &Screen| wants_name(screen) || answers(screen).any(|m| m.button(PICKUP).is_some());
    let screen = see(person, "the checkout", asked).await;
    if wants_name(&screen) {
        person.send_text("Anna Kim");
        see_button(person, PICKUP).await;
    }
    person.tap_button(PICKUP);
    see(person, "the question for a comment", |screen| screen.has_key(SKIP)).await;
    person.tap_key(SKIP);
    see_button(person, PLACE).await;
}

/// The numbers of the orders that the person was told of, in the order they were told; one told twice counts once.
pub(crate) fn orders_told(screen: &Screen) -> Vec<i64> {
    let mut numbers: Vec<i64> = Vec::new();
    for text in screen.bot_texts().into_iter().filter(|text| text.contains("has been received")) {
        let digits = text.split('№').nth(1).unwrap_or_default().trim_start();
        let digits: String = digits.chars().take_while(char::is_ascii_digit).collect();
        let number = digits.parse().unwrap();
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    numbers
}

/// Orders one piece of the product, from the home menu back to it; the order's number.
pub(crate) async fn order_one(person: &Person, name: &str) -> i64 {
    let before = orders_told(&person.screen()).len();
    put_into_cart(person, name).await;
    check_out(person).await;
    person.tap_button(PLACE);
    let screen = see(person, "the order's number", |screen| orders_told(screen).len() > before).await;
    see(person, "the home menu", |screen| screen.has_key("🔎 Search")).await;
    *orders_told(&screen).last().unwrap()
}
