//! People of the fake: what they type, tap, share and see.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use serde_json::{Value, json};

use super::{
    Fake,
    screen::{Action, Screen, Shown},
    state::{Callback, ChatKind, Conversation, Profile, State},
    text::found_entities,
};

/// How long waiting for something goes on before it is a failure.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// What a bot answered to a tap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Shown for a moment at the top, or in a box; may be empty.
    pub text: String,
    /// In a box that must be closed.
    pub alert: bool,
    /// A page to open.
    pub url: String,
}

impl Profile {
    pub(super) fn numbered(id: i64) -> Self {
        Self {
            first_name: format!("Person {id}"),
            last_name: None,
            username: None,
            language: "uz".into(),
            phone: format!("998{:09}", 900_000_000 + id.unsigned_abs() % 99_999_999),
            deactivated: false,
        }
    }
}

/// A person in one chat.
#[derive(Clone)]
pub struct Person {
    pub(super) fake: Fake,
    pub(super) token: String,
    pub(super) id: i64,
    pub(super) chat: i64,
}

/// A tap on a button, and the way to its answer.
pub struct Tap {
    person: Person,
    id: String,
}

impl Tap {
    /// The id of the callback query.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Waits for answerCallbackQuery. Panics after ten seconds.
    pub async fn answer(&self) -> Answer {
        let person = &self.person;
        let mut version = person.version();
        let waiting = async {
            loop {
                version.mark_unchanged();
                let found = person
                    .fake
                    .shared
                    .with(|state| state.bots.get(&person.token)?.callbacks.get(&self.id)?.answer.clone());
                if let Some(answer) = found {
                    return answer;
                }
                let _ = version.changed().await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting)
            .await
            .unwrap_or_else(|_| panic!("the tap was not answered; the screen:\n{}", person.screen()))
    }
}

impl Person {
    /// The person's id.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The chat's id: the person's own in a private chat.
    pub fn chat(&self) -> i64 {
        self.chat
    }

    /// The person's phone number as Telegram writes it, without a plus.
    pub fn phone(&self) -> String {
        self.fake.shared.with(|state| state.people[&self.id].phone.clone())
    }

    /// Sets name, interface language and phone number.
    pub fn named(self, first_name: &str, language: &str, phone: &str) -> Self {
        self.fake.shared.with(|state| {
            let profile = state.people.get_mut(&self.id).expect("made with the person");
            profile.first_name = first_name.to_owned();
            profile.language = language.to_owned();
            profile.phone = phone.to_owned();
        });
        self
    }

    /// Sets surname and user name.
    pub fn known_as(self, last_name: &str, username: &str) -> Self {
        self.fake.shared.with(|state| {
            let profile = state.people.get_mut(&self.id).expect("made with the person");
            profile.last_name = Some(last_name.to_owned());
            profile.username = Some(username.to_owned());
        });
        self
    }

    /// Opens the chat without a word: somebody who talked to the bot long ago.
    pub fn begin(&self) {
        self.fake.shared.with(|state| start_chat_unchecked(state, self));
    }

    /// Types and sends a text; gives the message's id.
    pub fn send_text(&self, text: &str) -> i64 {
        let mut content = json!({"text": text});
        let entities = found_entities(text);
        if !entities.is_empty() {
            content["entities"] = entities.into();
        }
        self.send(content)
    }

    /// Sends a message with any content (`{"dice": {…}}`); gives its id.
    pub fn send(&self, content: Value) -> i64 {
        self.fake.shared.with(|state| {
            start_chat(state, self);
            let date = state.clock.unix();
            let (from, chat) = (state.user_json(self.id), state.chat_json(&self.token, self.chat));
            let id = state.bots.get_mut(&self.token).expect("this bot").fresh_message_id();
            let mut message = json!({"message_id": id, "from": from, "chat": chat, "date": date});
            if let (Some(message), Value::Object(content)) = (message.as_object_mut(), content) {
                message.extend(content);
            }
            state.store_message(&self.token, self.chat, id, message.clone(), false, false);
            state.push_update(&self.token, self.chat, "message", message);
            id
        })
    }

    /// Edits an own text message.
    pub fn edit_text(&self, message_id: i64, text: &str) {
        self.fake.shared.with(|state| {
            let date = state.clock.unix();
            let conversation = state.conversation(&self.token, self.chat);
            let stored = conversation.messages.get_mut(&message_id).expect("an own message");
            assert!(!stored.by_bot, "that message is the bot's");
            stored.json["text"] = text.into();
            stored.json["edit_date"] = date.into();
            stored.shown = Arc::new(Shown::of(&stored.json, false));
            let message = stored.json.clone();
            conversation.touch();
            state.push_update(&self.token, self.chat, "edited_message", message);
        });
    }

    /// Presses a key of the reply keyboard: sends its text, the own contact or a location, as the key says.
    pub fn tap_key(&self, text: &str) {
        let key = self.fake.shared.with(|state| {
            let keyboard = &state.conversation(&self.token, self.chat).keyboard;
            let rows = keyboard.as_ref().and_then(|keyboard| keyboard["keyboard"].as_array().cloned());
            rows.into_iter()
                .flatten()
                .filter_map(|row| row.as_array().cloned())
                .flatten()
                .find(|key| key["text"] == text)
        });
        let Some(key) = key else { panic!("there is no key \"{text}\"; the screen:\n{}", self.screen()) };
        if key["request_contact"] == json!(true) {
            self.share_contact();
        } else if key["request_location"] == json!(true) {
            self.share_location(41.311_081, 69.240_562);
        } else {
            self.send_text(text);
        }
        self.fake.shared.with(|state| {
            let conversation = state.conversation(&self.token, self.chat);
            if conversation
                .keyboard
                .as_ref()
                .is_some_and(|keyboard| keyboard["one_time_keyboard"] == json!(true))
            {
                conversation.keyboard = None;
                conversation.touch();
            }
        });
    }

    /// Taps the button with this text on the newest message that has it.
    pub fn tap_button(&self, text: &str) -> Tap {
        let screen = self.screen();
        let message = screen.messages.iter().rev().find(|message| message.button(text).is_some());
        let Some(message) = message else { panic!("there is no button \"{text}\"; the screen:\n{screen}") };
        self.tap_button_of(message.id, text)
    }

    /// Taps a button of a certain message, which may be an old one.
    pub fn tap_button_of(&self, message_id: i64, text: &str) -> Tap {
        let screen = self.screen();
        let message = screen.messages.iter().find(|message| message.id == message_id);
        match message.and_then(|message| message.button(text)).map(|button| &button.action) {
            Some(Action::Callback(data)) => self.tap_data(message_id, data),
            Some(other) => panic!("the button \"{text}\" sends nothing to the bot: {other:?}"),
            None => panic!("message {message_id} has no button \"{text}\"; the screen:\n{screen}"),
        }
    }

    /// Sends a callback query with any data, as a changed client could.
    pub fn tap_data(&self, message_id: i64, data: &str) -> Tap {
        let id = self.fake.shared.with(|state| {
            start_chat(state, self);
            let from = state.user_json(self.id);
            let made = state.clock.now();
            let id = (4_382_000_000_000_000_000 + state.fresh()).to_string();
            let conversation = state.conversation(&self.token, self.chat);
            let message = conversation.messages.get(&message_id).map(|stored| stored.json.clone());
            let message = message.unwrap_or_else(
                || json!({"message_id": message_id, "date": 0, "chat": {"id": self.chat, "type": "private"}}),
            );
            let callback = Callback { chat: self.chat, made, answer: None };
            state.bots.get_mut(&self.token).expect("this bot").callbacks.insert(id.clone(), callback);
            let instance = format!("{}", self.chat.wrapping_mul(7_919));
            let query =
                json!({"id": id, "from": from, "message": message, "chat_instance": instance, "data": data});
            state.push_update(&self.token, self.chat, "callback_query", query);
            id
        });
        Tap { person: self.clone(), id }
    }

    /// Shares the person's own contact.
    pub fn share_contact(&self) -> i64 {
        let contact = self.fake.shared.with(|state| {
            let profile = &state.people[&self.id];
            json!({"phone_number": profile.phone, "first_name": profile.first_name, "user_id": self.id})
        });
        self.send(json!({"contact": contact}))
    }

    /// Shares the contact of somebody else, from the address book.
    pub fn share_contact_of(&self, name: &str, phone: &str, user_id: Option<i64>) -> i64 {
        let mut contact = json!({"phone_number": phone, "first_name": name});
        if let Some(id) = user_id {
            contact["user_id"] = id.into();
        }
        self.send(json!({"contact": contact}))
    }

    /// Shares a place.
    pub fn share_location(&self, latitude: f64, longitude: f64) -> i64 {
        self.send(json!({"location": {"latitude": latitude, "longitude": longitude}}))
    }

    /// Sends a photo with a caption (may be empty).
    pub fn send_photo(&self, bytes: impl Into<Bytes>, caption: &str) -> i64 {
        self.send_file("photo", "photo.jpg", "image/jpeg", bytes.into(), None, caption, None)
    }

    /// Sends several photos as one album; the caption stands on the first.
    pub fn send_album(&self, photos: Vec<Bytes>, caption: &str) -> Vec<i64> {
        let album = self.fake.shared.with(|state| state.fresh().to_string());
        let captions = std::iter::once(caption).chain(std::iter::repeat(""));
        photos
            .into_iter()
            .zip(captions)
            .map(|(bytes, caption)| {
                self.send_file("photo", "photo.jpg", "image/jpeg", bytes, None, caption, Some(&album))
            })
            .collect()
    }

    /// Sends a document.
    pub fn send_document(&self, name: &str, mime: &str, bytes: impl Into<Bytes>) -> i64 {
        self.send_file("document", name, mime, bytes.into(), None, "", None)
    }

    /// Sends a document that is said to have this size; over 20 MB a bot can't download it.
    pub fn send_big_document(&self, name: &str, size: u64) -> i64 {
        self.send_file("document", name, "application/octet-stream", Bytes::new(), Some(size), "", None)
    }

    /// Sends a voice message.
    pub fn send_voice(&self, bytes: impl Into<Bytes>) -> i64 {
        self.send_file("voice", "voice.ogg", "audio/ogg", bytes.into(), None, "", None)
    }

    fn send_file(
        &self,
        kind: &str,
        name: &str,
        mime: &str,
        bytes: Bytes,
        size: Option<u64>,
        caption: &str,
        album: Option<&str>,
    ) -> i64 {
        let mut content = self.fake.shared.with(|state| {
            let id = state.keep_file(&self.token, kind, name, mime, bytes, size);
            json!({kind: state.media_json(kind, &id)})
        });
        if !caption.is_empty() {
            content["caption"] = caption.into();
        }
        if let Some(album) = album {
            content["media_group_id"] = album.into();
        }
        self.send(content)
    }

    /// Blocks the bot, or as a group's member throws it out.
    pub fn block(&self) {
        self.set_blocked(true);
    }

    /// Takes the block back.
    pub fn unblock(&self) {
        self.set_blocked(false);
    }

    fn set_blocked(&self, blocked: bool) {
        self.fake.shared.with(|state| {
            start_chat_unchecked(state, self);
            let date = state.clock.unix();
            let (from, chat) = (state.user_json(self.id), state.chat_json(&self.token, self.chat));
            let bot = state.bots[&self.token].user_json();
            state.conversation(&self.token, self.chat).blocked = blocked;
            let (member, out) = (json!({"user": bot, "status": "member"}), json!({"user": bot, "status": "kicked", "until_date": 0}));
            let (old, new) = if blocked { (member, out) } else { (out, member) };
            let update =
                json!({"chat": chat, "from": from, "date": date, "old_chat_member": old, "new_chat_member": new});
            state.push_update(&self.token, self.chat, "my_chat_member", update);
        });
    }

    /// The account is deleted: sending to it is refused for good.
    pub fn deactivate(&self) {
        self.fake.shared.with(|state| {
            state.people.get_mut(&self.id).expect("made with the person").deactivated = true;
        });
    }

    /// What is on the screen now.
    pub fn screen(&self) -> Screen {
        self.fake.shared.with(|state| {
            let Some(conversation) = state.bots.get(&self.token).and_then(|bot| bot.chats.get(&self.chat))
            else {
                return Screen { messages: Vec::new(), keys: Vec::new(), toasts: Vec::new(), typing: None };
            };
            let text = |key: &Value| key["text"].as_str().map(str::to_owned);
            let rows = conversation.keyboard.as_ref().and_then(|keyboard| keyboard["keyboard"].as_array());
            let keys = rows
                .into_iter()
                .flatten()
                .map(|row| row.as_array().into_iter().flatten().filter_map(text).collect())
                .collect();
            Screen {
                messages: conversation.messages.values().map(|stored| stored.shown.clone()).collect(),
                keys,
                toasts: conversation.toasts.clone(),
                typing: conversation.typing.clone(),
            }
        })
    }

    /// The messages on the screen, after edits and deletions.
    pub fn messages(&self) -> Vec<Arc<Shown>> {
        self.screen().messages
    }

    fn version(&self) -> tokio::sync::watch::Receiver<u64> {
        self.fake.shared.with(|state| {
            start_chat_unchecked(state, self);
            state.conversation(&self.token, self.chat).version.subscribe()
        })
    }

    /// Waits, by notification, until the screen is as wanted, and gives it. Panics after ten seconds.
    pub async fn wait_for(&self, wanted: impl Fn(&Screen) -> bool) -> Screen {
        match self.try_wait_for(PATIENCE, wanted).await {
            Some(screen) => screen,
            None => panic!("what was waited for did not come; the screen:\n{}", self.screen()),
        }
    }

    /// As [`Person::wait_for`] with a limit of time; `None` when it did not come.
    pub async fn try_wait_for(&self, patience: Duration, wanted: impl Fn(&Screen) -> bool) -> Option<Screen> {
        tokio::time::timeout(patience, self.wait_for_change(wanted)).await.ok()
    }

    /// As [`Person::wait_for`], for as long as it takes.
    pub async fn wait_for_change(&self, wanted: impl Fn(&Screen) -> bool) -> Screen {
        let mut version = self.version();
        loop {
            version.mark_unchanged();
            let screen = self.screen();
            if wanted(&screen) {
                return screen;
            }
            let _ = version.changed().await;
        }
    }

    /// Waits until the bot has written a message with this in its text.
    pub async fn wait_for_text(&self, part: &str) -> Screen {
        self.wait_for(|screen| screen.says(part)).await
    }

    /// Waits until the bot has sent, edited or answered after the person's last update: cheap, for load.
    pub async fn wait_for_reply(&self, patience: Duration) -> bool {
        let mut version = self.version();
        let waiting = async {
            loop {
                version.mark_unchanged();
                if self.fake.shared.with(|state| state.conversation(&self.token, self.chat).unanswered == 0) {
                    return;
                }
                let _ = version.changed().await;
            }
        };
        tokio::time::timeout(patience, waiting).await.is_ok()
    }
}

pub(super) fn start_chat(state: &mut State, person: &Person) {
    start_chat_unchecked(state, person);
    let conversation = state.conversation(&person.token, person.chat);
    assert!(!conversation.blocked, "{} has blocked the bot and can't write to it", person.id);
}

fn start_chat_unchecked(state: &mut State, person: &Person) {
    let bot = state.bots.get_mut(&person.token).expect("this bot");
    bot.chats.entry(person.chat).or_insert_with(|| Conversation::new(ChatKind::Private));
}
