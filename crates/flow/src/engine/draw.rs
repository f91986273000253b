//! Showing a question: its words, its buttons, and the keys by which they are known again.

use std::borrow::Cow;

use serde_json::Value;

use super::{Run, auto, calendar};
use crate::{
    blueprint::{Accept, Ask, Button, ButtonAct, Group, KeyboardKind, Kind, Label, Show},
    expr::Scope,
    limits::{
        BOARDS_BYTES_MAX, BOARDS_MAX, BUTTON_LABEL_CHARS_MAX, BUTTONS_MAX, CAPTION_UTF16_MAX,
        PLACEHOLDER_UTF16_MAX, TEXT_UTF16_MAX, TRAIL_MAX,
    },
    phrase::Phrase,
    reply::{Asks, InlineAct, InlineButton, Keyboard, Message, Reply, ReplyButton},
    rich::{RichText, Writer, cut, cut_units},
    session::{Board, Issued, Place, ReplyBoard, State},
    template::Template,
    value::{integer, truth},
};

/// A button before it has a key.
pub(super) struct Drawn {
    pub(super) issued: Issued,
    pub(super) act: DrawnAct,
}

pub(super) enum DrawnAct {
    /// Comes back to us.
    Key,
    Url(String),
    WebApp(String),
    Asks(Asks),
}

impl Drawn {
    pub(super) fn key(id: &str, label: String, set: Vec<(String, Value)>) -> Self {
        Self { issued: Issued { id: id.to_owned(), label, set, pressed_at_ms: None }, act: DrawnAct::Key }
    }
}

impl<'b> Run<'b> {
    /// Asks the question of a step, after the words of `lead` when there are any.
    pub(super) fn show(&mut self, number: usize, lead: Option<RichText>) {
        let Some(step) = self.blueprint.steps.get(number) else { return };
        let Kind::Ask(ask) = &step.kind else { return };
        self.visit(&step.place, false);
        self.remember_question(&step.place);
        let picture = self.picture(ask.media.as_ref());
        let units_max = if picture.is_some() { CAPTION_UTF16_MAX } else { TEXT_UTF16_MAX };
        let mut writer = Writer::default();
        if let Some(lead) = &lead {
            writer.push_rich(lead);
            writer.push("\n\n");
        }
        self.texts(&ask.text).write(&mut writer, self.writing(), &self.scope());
        let mut text = writer.finish(units_max);
        if text.is_empty() {
            // A channel refuses a message without words.
            text = RichText::plain("…");
        }
        let rows = self.rows(ask);
        let edit = self.edits(ask, &step.place, picture.is_some());
        let keyboard = match ask.keyboard {
            KeyboardKind::Inline => self.inline(&step.place, rows, picture.is_some()),
            KeyboardKind::Reply => self.reply(&step.place, ask, rows),
        };
        self.session.state = State::Asking;
        self.replies.push(Reply::Message(Message { picture, keyboard, edit, ..Message::of(text) }));
    }

    /// The address of a picture, when the template gives one.
    pub(super) fn picture(&self, template: Option<&Template>) -> Option<String> {
        template
            .map(|picture| picture.plain(self.writing(), &self.scope()))
            .filter(|picture| !picture.is_empty())
    }

    /// Keeps the trail by which "back" finds its way: the question before goes onto it, and a question that is on it
    /// already cuts it there, so that going round in circles does not lengthen it.
    pub(super) fn remember_question(&mut self, place: &str) {
        let session = &mut self.session;
        if session.question.as_ref().is_some_and(|question| question.step == place) {
            if let Some(question) = &mut session.question {
                question.calls.clone_from(&session.calls);
            }
            return;
        }
        session.month = None;
        let before = session.question.take();
        if let Some(position) = session.trail.iter().position(|known| known.step == place) {
            session.trail.truncate(position);
        } else if let Some(before) = before.filter(|_| !self.going_back) {
            session.trail.push(before);
            if session.trail.len() > TRAIL_MAX {
                session.trail.remove(0);
            }
        }
        session.question = Some(Place { step: place.to_owned(), calls: session.calls.clone() });
    }

    /// Whether the question replaces the message whose button led here, and if so, marks that keyboard as gone.
    fn edits(&mut self, ask: &Ask, place: &str, picture: bool) -> bool {
        let Some(pressed) = &self.session.pressed else { return false };
        let first = !pressed.said && !self.replies.iter().any(|reply| matches!(reply, Reply::Message(_)));
        let wanted = ask.show == Show::Edit || pressed.place == place;
        let edits = first && wanted && ask.keyboard == KeyboardKind::Inline && pressed.picture == picture;
        if edits {
            let turn = pressed.turn;
            if let Some(board) = self.session.boards.iter_mut().find(|board| board.turn == turn) {
                board.replaced = true;
            }
        }
        edits
    }

    fn rows(&self, ask: &'b Ask) -> Vec<Vec<Drawn>> {
        let mut rows = Vec::new();
        match &ask.accept {
            Accept::Contact { .. } => rows.push(vec![self.asking(Phrase::ContactButton, Asks::Contact)]),
            Accept::Location { .. } => rows.push(vec![self.asking(Phrase::LocationButton, Asks::Location)]),
            Accept::Date { min, max, opens } => rows.extend(calendar::rows(self, ask, *min, *max, *opens)),
            Accept::Buttons
            | Accept::Text { .. }
            | Accept::Number { .. }
            | Accept::Media { .. }
            | Accept::Any => {}
        }
        // The pages turn right below the items.
        let items_end = ask
            .groups
            .iter()
            .rposition(|group| group.each.is_some())
            .map_or(ask.groups.len(), |last| last + 1);
        let (items, rest) = ask.groups.split_at(items_end);
        items.iter().for_each(|group| self.group_rows(group, &mut rows));
        rows.push(self.paging(ask));
        rest.iter().for_each(|group| self.group_rows(group, &mut rows));
        // With nowhere to go back to, "back" is "home".
        let back = ask.nav.back && !self.session.trail.is_empty();
        let home = ask.nav.home || (ask.nav.back && !back);
        let mut nav = Vec::new();
        if back {
            nav.push(Drawn::key(auto::BACK, self.words(Phrase::Back), Vec::new()));
        }
        if home {
            nav.push(Drawn::key(auto::HOME, self.words(Phrase::Home), Vec::new()));
        }
        // The way out always fits on the keyboard.
        let mut room = BUTTONS_MAX - nav.len();
        for row in &mut rows {
            row.truncate(room);
            room -= row.len();
        }
        rows.push(nav);
        rows.retain(|row| !row.is_empty());
        rows
    }

    fn paging(&self, ask: &Ask) -> Vec<Drawn> {
        let mut paging = Vec::new();
        if let Some(list) = &ask.paging {
            let page = self.session.variables.get(&list.page).and_then(integer).unwrap_or(1);
            let pages = integer(&list.pages.eval(&self.scope())).unwrap_or(1);
            let to = |page: i64| vec![(list.page.clone(), Value::from(page))];
            if page > 1 {
                paging.push(Drawn::key(auto::PREVIOUS, self.words(Phrase::Previous), to(page - 1)));
            }
            if page < pages {
                paging.push(Drawn::key(auto::NEXT, self.words(Phrase::Next), to(page.saturating_add(1))));
            }
        }
        paging
    }

    fn asking(&self, phrase: Phrase, asks: Asks) -> Drawn {
        Drawn { act: DrawnAct::Asks(asks), ..Drawn::key(auto::BLANK, self.words(phrase), Vec::new()) }
    }

    fn words(&self, phrase: Phrase) -> String {
        cut(&self.phrase_template(phrase).plain(self.writing(), &self.scope()), BUTTON_LABEL_CHARS_MAX)
    }

    fn group_rows(&self, group: &'b Group, rows: &mut Vec<Vec<Drawn>>) {
        let scope = self.scope();
        let mut drawn = Vec::new();
        match &group.each {
            None => drawn.extend(group.buttons.iter().filter_map(|button| self.button(button, &scope))),
            Some(each) => {
                let items = each.eval(&scope);
                for (position, item) in items.as_array().into_iter().flatten().enumerate() {
                    let index = Value::from(position + 1);
                    let scope = scope.with("index", &index);
                    let scope = scope.with("item", item);
                    let of_item = group.buttons.iter().filter_map(|button| self.button(button, &scope));
                    if group.buttons.len() > 1 {
                        rows.push(of_item.collect());
                    } else {
                        drawn.extend(of_item);
                    }
                }
            }
        }
        let mut drawn = drawn.into_iter().peekable();
        while drawn.peek().is_some() {
            rows.push(drawn.by_ref().take(group.columns).collect());
        }
    }

    fn button(&self, button: &'b Button, scope: &Scope<'_>) -> Option<Drawn> {
        if button.when.as_ref().is_some_and(|when| !truth(&when.eval(scope))) {
            return None;
        }
        let label = match &button.label {
            Label::Own(texts) => self.texts(texts).plain(self.writing(), scope),
            Label::Phrase(phrase) => self.words(*phrase),
        };
        // A button needs some words; a name that is missing must not lose the button.
        let label =
            if label.is_empty() { "…".to_owned() } else { cut(&one_line(&label), BUTTON_LABEL_CHARS_MAX) };
        let act = match &button.act {
            ButtonAct::Go(_) => DrawnAct::Key,
            ButtonAct::Url(url) => DrawnAct::Url(url.plain(self.writing(), scope)),
            ButtonAct::WebApp(url) => DrawnAct::WebApp(url.plain(self.writing(), scope)),
        };
        if matches!(&act, DrawnAct::Url(url) | DrawnAct::WebApp(url) if url.is_empty()) {
            return None;
        }
        let set =
            button.set.iter().map(|assign| (assign.name.clone(), self.fill(&assign.value, scope))).collect();
        Some(Drawn { act, ..Drawn::key(&button.id, label, set) })
    }

    fn inline(&mut self, place: &str, rows: Vec<Vec<Drawn>>, picture: bool) -> Keyboard {
        let turn = self.session.turn;
        let prefix = format!("{}.{}.", base36(u64::from(self.session.nonce)), base36(turn));
        let mut buttons: Vec<Issued> = Vec::new();
        let rows = rows.into_iter().map(|row| {
            let row = row.into_iter().map(|Drawn { issued, act }| {
                let label = issued.label.clone();
                let act = match act {
                    DrawnAct::Url(url) => InlineAct::Url(url),
                    DrawnAct::WebApp(url) => InlineAct::WebApp(url),
                    DrawnAct::Key | DrawnAct::Asks(_) => {
                        let known = (issued.id == auto::BLANK)
                            .then(|| buttons.iter().position(|b| b.id == auto::BLANK));
                        let position = known.flatten().unwrap_or_else(|| {
                            buttons.push(issued);
                            buttons.len() - 1
                        });
                        InlineAct::Key(format!("{prefix}{position}"))
                    }
                };
                InlineButton { label, act }
            });
            row.collect()
        });
        let rows: Vec<Vec<InlineButton>> = rows.collect();
        // Typed answers are matched with the current question only, so older labels need not be kept.
        if let Some(board) = self.session.boards.back_mut() {
            board.buttons.iter_mut().for_each(|button| button.label = String::new());
        }
        self.session.boards.push_back(Board {
            turn,
            place: place.to_owned(),
            picture,
            replaced: false,
            buttons,
        });
        self.forget_old_boards();
        self.session.board_turn = Some(turn);
        if rows.is_empty() { Keyboard::Keep } else { Keyboard::Inline(rows) }
    }

    /// The newest keyboards stay, as many as fit; the current one always does.
    fn forget_old_boards(&mut self) {
        let boards = &mut self.session.boards;
        let mut kept = 0;
        let mut bytes = 0;
        for board in boards.iter().rev() {
            bytes += board.weight();
            if kept == BOARDS_MAX || (kept > 0 && bytes > BOARDS_BYTES_MAX) {
                break;
            }
            kept += 1;
        }
        while boards.len() > kept {
            boards.pop_front();
        }
    }

    fn reply(&mut self, place: &str, ask: &'b Ask, rows: Vec<Vec<Drawn>>) -> Keyboard {
        let mut buttons = Vec::new();
        let rows = rows.into_iter().map(|row| {
            let row = row.into_iter().map(|Drawn { issued, act }| {
                let label = issued.label.clone();
                let asks = if let DrawnAct::Asks(asks) = act { asks } else { Asks::Nothing };
                if matches!(act, DrawnAct::Key) {
                    buttons.push(issued);
                }
                ReplyButton { label, asks }
            });
            row.collect()
        });
        let rows: Vec<Vec<ReplyButton>> = rows.collect();
        self.session.board_turn = None;
        self.session.reply_board = Some(ReplyBoard { place: place.to_owned(), buttons });
        if rows.is_empty() {
            return Keyboard::Remove;
        }
        let hint = ask.placeholder.as_ref().map(|hint| self.texts(hint).plain(self.writing(), &self.scope()));
        let placeholder = cut_units(&hint.unwrap_or_default(), PLACEHOLDER_UTF16_MAX);
        Keyboard::Reply { rows, once: !matches!(ask.accept, Accept::Buttons), placeholder }
    }
}

/// A label has no line breaks.
fn one_line(label: &str) -> Cow<'_, str> {
    if label.contains('\n') { Cow::Owned(label.replace('\n', " ")) } else { Cow::Borrowed(label) }
}

/// A number in digits and small letters: short, and safe in every channel's button key.
pub(super) fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        let digit = u32::try_from(number % 36).unwrap_or_default();
        digits.push(char::from_digit(digit, 36).unwrap_or('0'));
        number /= 36;
        if number == 0 {
            break;
        }
    }
    digits.iter().rev().collect()
}
