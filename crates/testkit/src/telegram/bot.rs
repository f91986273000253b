//! A bot as a test sees it: its people, its groups, its faults.

use serde_json::Value;

use super::{
    Fake, Fault, Person,
    faults::Rule,
    person::start_chat,
    state::{ChatKind, Conversation, Profile},
};

/// One bot of the fake.
#[derive(Clone)]
pub struct FakeBot {
    fake: Fake,
    token: String,
}

impl FakeBot {
    pub(super) fn new(fake: Fake, token: &str) -> Self {
        Self { fake, token: token.to_owned() }
    }

    /// Its token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// A person in the private chat with this bot; made when not there yet. The chat's id is the person's.
    pub fn user(&self, id: i64) -> Person {
        self.fake.shared.with(|state| {
            state.people.entry(id).or_insert_with(|| Profile::numbered(id));
        });
        Person { fake: self.fake.clone(), token: self.token.clone(), id, chat: id }
    }

    /// A person in a group or supergroup (ids below zero) that this bot is a member of.
    pub fn user_in_group(&self, id: i64, group: i64, supergroup: bool) -> Person {
        let person = self.user(id);
        self.fake.shared.with(|state| {
            let kind = ChatKind::Group { title: format!("Group {group}"), supergroup, migrated_to: None };
            let bot = state.bots.get_mut(&self.token).expect("this bot");
            bot.chats.entry(group).or_insert_with(|| Conversation::new(kind));
        });
        Person { chat: group, ..person }
    }

    /// A group becomes a supergroup under a new id.
    pub fn migrate_group(&self, old: i64, new: i64) {
        self.fake.shared.with(|state| state.migrate(&self.token, old, new));
    }

    /// The token is good no longer: every call answers 401.
    pub fn revoke(&self) {
        self.fake.shared.with(|state| {
            if let Some(bot) = state.bots.remove(&self.token) {
                bot.changed.send_modify(|version| *version += 1);
            }
        });
    }

    /// Update ids start anew somewhere else, as after a week without updates.
    pub fn jump_update_ids(&self, next: i64) {
        self.fake
            .shared
            .with(|state| state.bots.get_mut(&self.token).expect("this bot").next_update_id = next);
    }

    /// The next `times` calls of this bot fail like this; of any method when it is "".
    pub fn fail_next(&self, method: &str, times: u32, fault: Fault) {
        let method = (!method.is_empty()).then(|| method.to_owned());
        self.fake.add_rule(Rule { token: Some(self.token.clone()), method, left: times, fault });
    }

    /// An update of any kind, as it is, in the chat of a person.
    pub fn raw_update(&self, person: &Person, kind: &str, content: Value) {
        self.fake.shared.with(|state| {
            start_chat(state, person);
            state.push_update(&self.token, person.chat, kind, content)
        });
    }
}
