//! The channel against the fake Bot API: what a person does arrives, what we send stands on their screen.

mod arriving;
mod failing;
mod parsing;
mod sending;

use bytes::Bytes;
use flow::{Document, InlineAct, InlineButton, Keyboard, Message, Reply, RichText};
use futures::{StreamExt, stream};
use net::{Net, Options};
use testkit::telegram::{Fake, FakeBot, Person};

use super::*;

const TOKEN: &str = "42:SECRET-part_of_it";

/// A fake, a bot on it, a person who has started the bot, and our client of the bot.
struct World {
    fake: Fake,
    bot: FakeBot,
    anna: Person,
    telegram: Telegram,
}

async fn world() -> World {
    let limits = testkit::telegram::Limits::Off;
    let fake = Fake::start_with(testkit::telegram::Options { limits, ..Default::default() }).await;
    let bot = fake.bot(TOKEN);
    let anna = bot.user(1001);
    anna.send_text("/start");
    let telegram = client(fake.url());
    World { fake, bot, anna, telegram }
}

fn client(url: &str) -> Telegram {
    let net = Net::new(&Options::default()).unwrap();
    Telegram::new(net.trusted().clone(), url, Token::parse(TOKEN).unwrap()).unwrap()
}

impl World {
    /// Renders replies and makes all their calls.
    async fn send(&self, tap: Option<&Tap>, replies: &[Reply]) -> Vec<Sent> {
        let mut sent = Vec::new();
        for outgoing in render(1001, tap, replies) {
            sent.push(self.telegram.deliver(&outgoing, None).await.unwrap());
        }
        sent
    }

    /// The newest update.
    async fn last_update(&self) -> Incoming {
        self.telegram.get_updates(-1, 0).await.unwrap().pop().unwrap()
    }
}

fn says(text: &str) -> Message {
    Message::of(RichText::plain(text))
}

fn one_button(label: &str, key: &str) -> Keyboard {
    Keyboard::Inline(vec![vec![InlineButton { label: label.into(), act: InlineAct::Key(key.into()) }]])
}

fn to_anna(act: Act) -> Outgoing {
    Outgoing { chat: 1001, act }
}

fn invoice() -> Document {
    Document {
        file: "stored-3".into(),
        name: "faktura-2026-000001.pdf".into(),
        size_bytes: 8,
        without: "Fayl kelmadi.".into(),
    }
}

/// The head of a PNG: all that the fake looks at.
fn of_bytes(name: &str, mime: &str, bytes: impl Into<Bytes>) -> Upload {
    let bytes = bytes.into();
    let bring = Bring::new({
        let bytes = bytes.clone();
        move || stream::iter([Ok(bytes.clone())]).boxed()
    });
    Upload::File { name: name.to_owned(), mime: mime.to_owned(), size_bytes: bytes.len() as u64, bring }
}

fn png() -> Upload {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend([0, 0, 0, 40, 0, 0, 0, 30, 8, 6, 0, 0, 0]);
    of_bytes("tv.png", "image/png", bytes)
}
