//! What people in chats wait for.

use std::{sync::Arc, time::Duration};

use testkit::telegram::{Action, Counters, Fake, Person, Screen, Shown};

use crate::time::now;

/// Does something and waits for a new message of the bot that fits: the screen with it, or nothing when it does not come.
pub async fn ask(
    person: &Person,
    patience: Duration,
    act: impl FnOnce(&Person, &Screen),
    fits: impl Fn(&Shown) -> bool,
) -> Option<Screen> {
    let before = person.screen();
    act(person, &before);
    let is_new = |shown: &Arc<Shown>| !before.messages.iter().any(|old| Arc::ptr_eq(old, shown));
    let came = |screen: &Screen| {
        screen.messages.iter().rev().any(|shown| shown.by_bot && is_new(shown) && fits(shown))
    };
    person.try_wait_for(patience, came).await
}

/// Says it.
pub fn say(text: &str) -> impl FnOnce(&Person, &Screen) {
    move |person, _| {
        let _message = person.send_text(text);
    }
}

/// Taps the newest button whose words have this in them.
pub fn tap(words: &str) -> impl FnOnce(&Person, &Screen) {
    move |person, screen| {
        let button = screen.messages.iter().rev().find_map(|shown| {
            let button = shown.buttons.iter().flatten().find(|button| button.text.contains(words))?;
            match &button.action {
                Action::Callback(data) => Some((shown.id, data.clone())),
                _ => None,
            }
        });
        let (message, data) = button.unwrap_or_else(|| panic!("no button {words:?} in\n{screen}"));
        drop(person.tap_data(message, &data));
    }
}

/// A message with this in its words.
pub fn says(part: &str) -> impl Fn(&Shown) -> bool {
    move |shown| shown.text.contains(part)
}

/// A message with a button whose words have this in them.
pub fn offers(words: &str) -> impl Fn(&Shown) -> bool {
    move |shown| shown.buttons.iter().flatten().any(|button| button.text.contains(words))
}

/// Waits until no update and no tap waits, or patience ends; what was counted then.
pub async fn settled(fake: &Fake, patience: Duration) -> Counters {
    let until = now() + patience;
    loop {
        let counters = fake.counters();
        let open = counters.chats_unanswered + counters.taps_unanswered + counters.updates_waiting;
        if open == 0 || now() > until {
            return counters;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
