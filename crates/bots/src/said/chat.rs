//! A chat, as all its rows make it.

use std::collections::HashMap;

use kernel::Id;

use super::{From, Looks, ReplyKeyboard, Said, Seen, tap};
use crate::Message;

/// A chat at one moment.
#[derive(Debug, Default)]
pub(crate) struct Chat {
    pub(crate) said: Vec<Said>,
    pub(crate) reply_keyboard: Option<ReplyKeyboard>,
}

impl Chat {
    /// The chat after all these rows. `with_taps` shows taps as what the person said.
    pub(crate) fn of(messages: &[Message], looks: &Looks<'_>, with_taps: bool) -> Self {
        let mut chat = Self::default();
        let mut places: HashMap<Id<Message>, usize> = HashMap::new();
        let mut labels: HashMap<String, String> = HashMap::new();
        let mut on_platform: HashMap<i64, Id<Message>> = HashMap::new();
        for message in messages {
            if let Some(id) = message.platform_id {
                // An edit comes under the id of what it changes.
                on_platform.entry(id).or_insert(message.id);
            }
            match looks.see(message) {
                Seen::Message(said, change) => {
                    for button in said.inline_keyboard.iter().flatten() {
                        if let Some(key) = &button.key {
                            labels.insert(key.clone(), button.text.clone());
                        }
                    }
                    chat.note_keyboard(&said, change);
                    match places.get(&said.id).and_then(|place| chat.said.get_mut(*place)) {
                        Some(old) => *old = said,
                        None => {
                            places.insert(said.id, chat.said.len());
                            chat.said.push(said);
                        }
                    }
                }
                Seen::Tap(key) if with_taps => {
                    let label = labels.get(&key).cloned().unwrap_or_default();
                    chat.said.push(tap(message, label));
                }
                Seen::Aside(said) if with_taps => chat.said.push(said),
                Seen::Changed(id, text) => {
                    let place = on_platform.get(&id).and_then(|id| places.get(id));
                    if let Some(said) = place.and_then(|place| chat.said.get_mut(*place)) {
                        said.change(&text);
                    }
                }
                Seen::Tap(_) | Seen::Aside(_) | Seen::Toast(..) | Seen::Typing | Seen::Nothing => {}
            }
        }
        chat
    }

    fn note_keyboard(&mut self, said: &Said, change: Option<Option<ReplyKeyboard>>) {
        if let Some(keyboard) = change {
            self.reply_keyboard = keyboard;
        } else if said.from == From::Contact && self.reply_keyboard.as_ref().is_some_and(|keys| keys.one_time)
        {
            self.reply_keyboard = None;
        }
    }
}
