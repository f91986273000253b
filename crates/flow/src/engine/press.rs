//! A tap on a button: which button it was, whether it still works, and what it does.

use serde_json::Value;

use super::{Run, auto};
use crate::{
    blueprint::{Ask, Button, ButtonAct, Go, Kind, Works},
    limits::{BUTTON_KEY_BYTES_MAX, DOUBLE_TAP_MS},
    phrase::Phrase,
    reply::Reply,
    session::{Issued, Pressed, State},
};

/// What a tap means in its question.
enum Meaning<'b> {
    Button(&'b Button),
    /// A day of a calendar.
    Day(Go),
    Go(Go),
    Month,
    Nothing,
}

impl<'b> Run<'b> {
    /// Takes a tap on the inline button with this key.
    pub(super) fn press(&mut self, key: &str) {
        match self.session.state {
            State::Acting { .. } => return self.toast(Phrase::Busy),
            State::HandedOver => return self.toast(Phrase::StaleButton),
            State::New | State::Asking | State::Ended => {}
        }
        let Some((turn, position)) = self.read_key(key) else { return self.toast(Phrase::StaleButton) };
        let now_ms = self.now.at.as_millis();
        let current = self.session.state == State::Asking && self.session.board_turn == Some(turn);
        let Some((place, picture, replaced, issued)) = self.issued(turn, position) else {
            return self.toast(Phrase::StaleButton);
        };
        let Some(Kind::Ask(ask)) = self.step_at(&place).map(|number| self.kind(number)) else {
            return self.toast(Phrase::StaleButton);
        };
        let Some(meaning) = meaning(ask, &issued.id) else { return self.toast(Phrase::StaleButton) };
        let before = issued.pressed_at_ms;
        let works = if let Meaning::Button(button) = &meaning { button.works } else { Works::Now };
        let doubled = before.is_some_and(|before| now_ms.saturating_sub(before) < DOUBLE_TAP_MS);
        let allowed = match works {
            Works::Now => current && !doubled,
            Works::Once => before.is_none() && !replaced,
            Works::Always => !doubled && !replaced,
        };
        if !allowed {
            // The second of two taps has had its effect; Telegram only wants to hear that it was heard.
            if doubled {
                self.replies.push(Reply::Toast(String::new()));
                return;
            }
            return self.toast(Phrase::StaleButton);
        }
        self.mark_pressed(turn, position, now_ms);
        self.session.pressed = Some(Pressed { turn, place, picture, said: false });
        if !current {
            // An old message's button starts something new; the flow under way is left, "back" leads to its question.
            self.session.calls.clear();
        }
        self.apply(meaning, issued.set, current, true);
    }

    /// The place of a keyboard, whether its message has a picture, whether it was replaced, and the button.
    fn issued(&self, turn: u64, position: usize) -> Option<(String, bool, bool, Issued)> {
        let board = self.session.boards.iter().find(|board| board.turn == turn)?;
        Some((board.place.clone(), board.picture, board.replaced, board.buttons.get(position)?.clone()))
    }

    fn mark_pressed(&mut self, turn: u64, position: usize, now_ms: i64) {
        let board = self.session.boards.iter_mut().find(|board| board.turn == turn);
        if let Some(issued) = board.and_then(|board| board.buttons.get_mut(position)) {
            issued.pressed_at_ms = Some(now_ms);
        }
    }

    /// `nonce.turn.position`, when the nonce is this session's.
    fn read_key(&self, key: &str) -> Option<(u64, usize)> {
        if key.len() > BUTTON_KEY_BYTES_MAX {
            return None;
        }
        let mut parts = key.split('.');
        let nonce = u64::from_str_radix(parts.next()?, 36).ok()?;
        let turn = u64::from_str_radix(parts.next()?, 36).ok()?;
        let position = parts.next()?.parse().ok()?;
        (nonce == u64::from(self.session.nonce) && parts.next().is_none()).then_some((turn, position))
    }

    /// Takes a typed answer that is the label of a button; `position` counts in the board's buttons.
    pub(super) fn press_label(&mut self, place: &str, issued: Issued) -> bool {
        let Some(number) = self.step_at(place) else { return false };
        let Kind::Ask(ask) = self.kind(number) else { return false };
        let Some(meaning) = meaning(ask, &issued.id) else { return false };
        let current = self.session.question.as_ref().is_some_and(|question| question.step == place);
        if !current {
            self.session.calls.clear();
        }
        self.apply(meaning, issued.set, current, false);
        true
    }

    /// `current`: the button is one of the question that waits. `inline`: it was tapped, and not typed.
    fn apply(&mut self, meaning: Meaning<'b>, set: Vec<(String, Value)>, current: bool, inline: bool) {
        let go = match meaning {
            Meaning::Nothing => {
                if inline {
                    self.replies.push(Reply::Toast(String::new()));
                }
                return;
            }
            Meaning::Month => {
                let month = set.into_iter().next().and_then(|(_, month)| month.as_str().map(str::to_owned));
                self.session.month = month;
                return self.walk(Go::Again);
            }
            Meaning::Go(go) => {
                self.session.variables.extend(set);
                go
            }
            Meaning::Day(go) => {
                self.session.variables.extend(set);
                self.pass();
                go
            }
            Meaning::Button(button) => {
                if let Some(lang) = button.lang {
                    self.speak(lang);
                }
                if let ButtonAct::Go(go) = button.act
                    && current
                {
                    self.pass_by_button(go, !set.is_empty());
                }
                self.session.variables.extend(set);
                if let Some(toast) = &button.toast {
                    let toast = self.texts(toast).plain(self.writing(), &self.scope());
                    self.note(&toast);
                }
                match &button.act {
                    ButtonAct::Go(go) => *go,
                    ButtonAct::Url(_) | ButtonAct::WebApp(_) => Go::Stay,
                }
            }
        };
        self.walk(go);
    }
}

fn meaning<'b>(ask: &'b Ask, id: &str) -> Option<Meaning<'b>> {
    Some(match id {
        auto::BACK => Meaning::Go(Go::Back),
        auto::HOME => Meaning::Go(Go::Home),
        auto::PREVIOUS | auto::NEXT => Meaning::Go(Go::Step(ask.reload?)),
        auto::DAY => Meaning::Day(ask.go),
        auto::MONTH => Meaning::Month,
        auto::BLANK => Meaning::Nothing,
        id => Meaning::Button(
            ask.groups.iter().flat_map(|group| &group.buttons).find(|button| button.id == id)?,
        ),
    })
}
