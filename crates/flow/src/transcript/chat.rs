//! What a person sees on the screen: the messages with their buttons, edits applied, and the keyboard below.

use super::write::readable;
use crate::{
    input::Input,
    reply::{InlineAct, InlineButton, Keyboard, Message, ReplyButton},
};

/// A screen.
#[derive(Default)]
pub(super) struct Chat {
    messages: Vec<Vec<InlineButton>>,
    /// Buttons that an edit took away, with the number of their message; a slow client still shows them.
    gone: Vec<(usize, Vec<InlineButton>)>,
    keyboard: Vec<ReplyButton>,
}

impl Chat {
    /// A message of the bot arrives; `answered` is the message whose button was tapped.
    pub(super) fn hear(&mut self, message: Message, answered: Option<usize>) -> Result<(), String> {
        let inline = match message.keyboard {
            Keyboard::Inline(rows) => rows.into_iter().flatten().collect(),
            Keyboard::Reply { rows, .. } => {
                self.keyboard = rows.into_iter().flatten().collect();
                Vec::new()
            }
            Keyboard::Remove => {
                self.keyboard.clear();
                Vec::new()
            }
            Keyboard::Keep => Vec::new(),
        };
        if message.edit {
            let edited = answered.and_then(|number| Some(number).zip(self.messages.get_mut(number)));
            let (number, edited) =
                edited.ok_or_else(|| "the bot edits a message although no button was tapped".to_owned())?;
            self.gone.push((number, std::mem::replace(edited, inline)));
        } else {
            self.messages.push(inline);
        }
        Ok(())
    }

    /// The input that a tap makes, and the message it was on. Meant is the last message, then the keyboard below, then
    /// the newest message that has the button; with `older`, the one before the newest that has it.
    pub(super) fn tap(&self, label: &str, which: usize, older: bool) -> Option<(Input, Option<usize>)> {
        let having = self.messages.iter().enumerate().rev();
        let mut having = having
            .filter(|(_, buttons)| buttons.iter().any(|button| readable(&button.label) == label))
            .peekable();
        let last = having.peek().is_some_and(|(number, _)| number + 1 == self.messages.len());
        let on_keyboard = self.keyboard.iter().find(|button| readable(&button.label) == label);
        if let Some(button) = on_keyboard.filter(|_| !last && !older) {
            return Some((Input::Text(button.label.clone()), None));
        }
        if let Some((number, buttons)) = having.nth(usize::from(older)) {
            let button = buttons
                .iter()
                .filter(|button| readable(&button.label) == label)
                .nth(which.checked_sub(1)?)?;
            return match &button.act {
                InlineAct::Key(key) => Some((Input::Button(key.clone()), Some(number))),
                InlineAct::Url(_) | InlineAct::WebApp(_) => None,
            };
        }
        None
    }

    /// The tap of a client that has not seen the latest edit: on the newest buttons with this label that are gone.
    pub(super) fn tap_gone(&self, label: &str) -> Option<(Input, Option<usize>)> {
        self.gone.iter().rev().find_map(|(number, buttons)| {
            let button = buttons.iter().find(|button| readable(&button.label) == label)?;
            match &button.act {
                InlineAct::Key(key) => Some((Input::Button(key.clone()), Some(*number))),
                InlineAct::Url(_) | InlineAct::WebApp(_) => None,
            }
        })
    }

    /// Says which buttons there are when `label` is none of them.
    pub(super) fn missing(&self, label: &str) -> String {
        let inline = self.messages.iter().rev().take(3).flatten().map(|button| button.label.as_str());
        let all: Vec<&str> = inline.chain(self.keyboard.iter().map(|button| button.label.as_str())).collect();
        format!("no button [{label}] among [{}]", all.join("] ["))
    }
}
