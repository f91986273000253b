//! Customers in their chats: what they type and tap, twice or at once, and a process that dies while they wait.

use std::pin::pin;

use bots::{Body, Message, Place, Update, What, receive};
use context::Ctx;
use db::{ReadTx, Scope, params};
use flow::{Asks, Contact, InlineAct, Input, Keyboard, Location, Reply};
use futures::{executor::block_on, future::join_all, poll};
use kernel::Id;

use crate::world::World;

/// What people type, in whatever step they are.
const WORDS: [(usize, &str); 17] = [
    (8, "samsung televizor"),
    (4, "самсунг телевизор"),
    (2, "samsng"),
    (4, "smartfon"),
    (4, "choynak"),
    (1, "velosiped"),
    (1, "/start"),
    (1, "/menu"),
    (3, "/cart"),
    (1, "/order 1"),
    (1, "/order 3"),
    (1, "/lang"),
    (1, "/cancel"),
    (3, "Dilnoza Karimova"),
    (2, "Toshkent, Chilonzor 5, 12-uy"),
    (1, "'; DROP TABLE sales_order; --"),
    (1, "<b>ortga</b>"),
];
/// Messages back that people still tap on.
const LOOK_BACK: i64 = 4;
/// How much less an older message's button appeals than one of the newest.
const LESS_WHEN_OLD: usize = 20;

/// One customer's chat.
#[derive(Debug)]
pub(crate) struct Chat {
    key: String,
    name: String,
    phone: String,
    sent: usize,
    /// How many more kinds of goods they want before they go to the checkout.
    wants: usize,
}

impl Chat {
    pub(crate) fn new(number: usize) -> Self {
        Self {
            key: format!("chat-{number}"),
            name: format!("Mijoz {number}"),
            phone: format!("99890123456{number}"),
            sent: 0,
            wants: 1 + number % 4,
        }
    }
}

/// Something that can be done: a tap on a message's button, or something sent.
#[derive(Debug, Clone)]
struct Doing {
    input: Input,
    tapped: Option<Id<Message>>,
    /// Puts something into the cart.
    is_adding: bool,
    /// Sends something off, or gives it up.
    is_ordering: bool,
}

impl World {
    /// Somebody writes or taps; now and then the same update comes twice, or the process dies while it is taken.
    pub(crate) fn chat(&mut self) {
        let place = self.dice.below(self.chats.len());
        for _ in 0..self.dice.between(1, 4) {
            self.go_on(place);
        }
    }

    fn go_on(&mut self, place: usize) {
        let update = self.update_of(place);
        if self.dice.one_in(8 * self.crash_every) {
            self.die_while_taking(&update);
        }
        self.take(&update);
        if self.dice.one_in(10) {
            self.take(&update);
        }
    }

    /// Several chats at once, and one update in several hands.
    pub(crate) fn chats_at_once(&mut self) {
        let mut updates: Vec<Update> = (0..3).map(|_| self.next_update()).collect();
        updates.push(updates[0].clone());
        let (ctx, process) = (self.channel_ctx(), self.process());
        let taken = block_on(join_all(
            updates.into_iter().map(|update| receive(&ctx, &self.db, &process.bots, update)),
        ));
        for outcome in taken {
            outcome.unwrap();
        }
    }

    fn take(&self, update: &Update) {
        block_on(receive(&self.channel_ctx(), &self.db, &self.process().bots, update.clone())).unwrap();
    }

    /// The update is on its way to the database when the process dies: whether it was taken, nobody knows.
    fn die_while_taking(&mut self, update: &Update) {
        let (ctx, db, bots) = (self.channel_ctx(), (*self.db).clone(), self.process().bots.clone());
        block_on(async {
            let mut taking = pin!(receive(&ctx, &db, &bots, update.clone()));
            let _on_its_way = poll!(&mut taking);
        });
        drop((db, bots));
        self.crash();
    }

    /// What comes over the channel acts with the bot's rights, which `bots` sets itself.
    fn channel_ctx(&self) -> Ctx {
        self.staff().with(|builder| builder.origin = "simulator".to_owned())
    }

    fn next_update(&mut self) -> Update {
        let place = self.dice.below(self.chats.len());
        self.update_of(place)
    }

    fn update_of(&mut self, place: usize) -> Update {
        let Doing { input, tapped, is_adding, is_ordering } = self.choose(place);
        let more = self.dice.below(4);
        let chat = &mut self.chats[place];
        // Who has put one thing into the cart looks for the next, and sometimes thinks again.
        if tapped.is_some() && is_adding {
            chat.wants = chat.wants.saturating_sub(1);
        }
        if is_ordering {
            chat.wants = 1 + more;
        }
        chat.sent += 1;
        let key = format!("{}:{}", chat.key, chat.sent);
        self.delivered.insert(key.clone());
        let chat = bots::Chat {
            key: chat.key.clone(),
            person_name: chat.name.clone(),
            username: None,
            lang: None,
            message_id: None,
            place: Place::Page { tapped },
        };
        Update { channel: self.channel, key, chat: Some(chat), what: What::Input(input) }
    }

    /// Mostly what leads on to an order, now and then anything.
    fn choose(&mut self, place: usize) -> Doing {
        let phone = self.chats[place].phone.clone();
        let wants = self.chats[place].wants;
        let sent = |input| Doing { input, tapped: None, is_adding: false, is_ordering: false };
        let mut may: Vec<(usize, Doing)> =
            WORDS.iter().map(|(weight, word)| (*weight, sent(Input::Text((*word).to_owned())))).collect();
        may.push((1, sent(Input::Contact(Contact { phone: phone.clone(), own: true }))));
        may.push((1, sent(Input::Contact(Contact { phone: "998901110000".to_owned(), own: false }))));
        may.push((1, sent(Input::Location(Location { latitude_e6: 41_311_081, longitude_e6: 69_240_562 }))));
        for (age, (id, message)) in self.last_messages(place).into_iter().enumerate() {
            let old = if age == 0 { 1 } else { LESS_WHEN_OLD };
            let sums_up = message.text.text.starts_with('📝');
            match message.keyboard {
                Keyboard::Inline(rows) => {
                    for button in rows.into_iter().flatten() {
                        if let InlineAct::Key(key) = button.act {
                            let weight = appeal(&button.label, wants) / old;
                            may.push((
                                weight,
                                Doing {
                                    input: Input::Button(key),
                                    tapped: Some(id),
                                    is_adding: adds(&button.label),
                                    is_ordering: is_ordering(&button.label, sums_up),
                                },
                            ));
                        }
                    }
                }
                Keyboard::Reply { rows, .. } if age == 0 => {
                    for button in rows.into_iter().flatten() {
                        let doing = match button.asks {
                            Asks::Contact => {
                                sent(Input::Contact(Contact { phone: phone.clone(), own: true }))
                            }
                            Asks::Nothing | Asks::Location => sent(Input::Text(button.label.clone())),
                        };
                        may.push((if button.asks == Asks::Contact { 200 } else { 4 }, doing));
                    }
                }
                Keyboard::Reply { .. } | Keyboard::Keep | Keyboard::Remove => {}
            }
        }
        self.dice.weighted(&may).cloned().expect("there is always something to type")
    }

    /// What the chat shows, newest first.
    fn last_messages(&self, place: usize) -> Vec<(Id<Message>, flow::Message)> {
        let ctx = self.staff();
        let (workspace, channel, key) = (ctx.workspace(), self.channel, self.chats[place].key.clone());
        let read = move |tx: &mut ReadTx<'_>| {
            tx.query(
                "SELECT id, body FROM bots_message
                 WHERE workspace_id = $1 AND direction = 'out' AND conversation_id = (
                     SELECT id FROM bots_conversation WHERE workspace_id = $1 AND channel_id = $2 AND chat_key = $3)
                 ORDER BY seq DESC LIMIT $4",
                params![workspace, channel, key, LOOK_BACK],
                |row| Ok((row.get(0)?, row.get::<serde_json::Value>(1)?)),
            )
        };
        let rows = self.db.read_now(Scope::from(&ctx), read).unwrap();
        let message =
            |(id, body): (Id<Message>, serde_json::Value)| match serde_json::from_value(body).unwrap() {
                Body::Out(Reply::Message(message)) => Some((id, message)),
                Body::Out(Reply::Toast(_) | Reply::Typing)
                | Body::In(_)
                | Body::Other(_)
                | Body::Note(_)
                | Body::Desk(_) => None,
            };
        rows.into_iter().filter_map(message).collect()
    }
}

/// Whether the button puts something into the cart, in any language.
fn adds(label: &str) -> bool {
    ["qoʻshish", "В корзину", "Add to"].iter().any(|words| label.contains(words))
}

/// Whether the button sends off what the message sums up, or empties the cart.
fn is_ordering(label: &str, sums_up: bool) -> bool {
    label.starts_with('🗑') || sums_up && label.starts_with('✅')
}

/// How much a button appeals to somebody who wants so many more kinds of goods.
fn appeal(label: &str, wants: usize) -> usize {
    match label.chars().next() {
        // The cart and the checkout wait until it is full, mostly.
        Some('🛒') if adds(label) => 400,
        Some('🛒' | '✅') if wants > 0 => 12,
        Some('✅') => 500,
        Some('🛒' | '🏬' | '🚚' | '⏭') => 250,
        Some('🇺' | '🇷' | '🇬') => 100,
        Some('➕') => 40,
        Some('➖' | '✖') => 14,
        Some('🗑') => 6,
        Some('❌') => 20,
        // A product of a list; the count between ➖ and ➕ and the ➖ of a cart's line also begin with a digit.
        Some(first) if first.is_ascii_digit() && label.contains(". ") && !label.contains('➖') => 100,
        _ => 4,
    }
}
