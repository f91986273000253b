//! The chat's protocol as JSON; web/src/chat/protocol.ts is the other side of it.

use context::Ctx;
use db::ReadTx;
use kernel::{Error, Lang, Result};
use serde::{Deserialize, Serialize};
use web::pages::Words;

use super::{Visitor, WebChat, watch};
use crate::{
    Chat, Place, Update, What, person_file,
    said::{self, ReplyKeyboard, Said},
    simulator::{Sent, SentWhat, own_contact},
    store,
};

/// Messages that a page is given at once.
const MESSAGES_AT_ONCE: i64 = 60;

/// The page's words, by the names under which its script asks for them.
const TEXTS: &[(&str, &str)] = &[
    ("open", "bots-chat-open"),
    ("close", "bots-chat-close"),
    ("unread", "bots-chat-unread"),
    ("log", "bots-chat-log"),
    ("you", "bots-chat-you"),
    ("them", "bots-chat-them"),
    ("write", "bots-chat-write"),
    ("send", "bots-chat-send"),
    ("attach", "bots-chat-attach"),
    ("file", "bots-chat-file"),
    ("place", "bots-chat-place"),
    ("placeRefused", "bots-chat-place-refused"),
    ("phone", "bots-chat-phone"),
    ("phoneHelp", "bots-chat-phone-help"),
    ("phoneWrong", "bots-chat-phone-wrong"),
    ("share", "bots-chat-share"),
    ("cancel", "bots-chat-cancel"),
    ("typing", "bots-chat-typing"),
    ("person", "bots-chat-person"),
    ("offline", "bots-chat-offline"),
    ("sending", "bots-chat-sending"),
    ("retry", "bots-chat-retry"),
    ("failed", "bots-chat-failed"),
    ("earlier", "bots-chat-earlier"),
    ("picture", "bots-chat-picture"),
    ("buttons", "bots-chat-buttons"),
    ("keyboard", "bots-chat-keyboard"),
    ("edited", "bots-chat-edited"),
    ("tooLarge", "bots-chat-too-large"),
    ("newTab", "bots-chat-new-tab"),
];

/// What a page needs to draw the chat.
#[derive(Debug, Serialize)]
pub(super) struct ConfigOut {
    title: String,
    greeting: String,
    colour: String,
    side: &'static str,
    lang: &'static str,
    max_file_bytes: usize,
    texts: serde_json::Map<String, serde_json::Value>,
}

impl ConfigOut {
    pub(super) fn new(chat: WebChat, words: &Words, lang: Lang) -> Self {
        let WebChat { channel: _, key: _, title, greeting, colour, side, sites: _ } = chat;
        let texts = TEXTS.iter().map(|(name, key)| ((*name).to_owned(), words.t(key).into())).collect();
        let (side, lang) = (side.word(), lang.code());
        Self { title, greeting, colour, side, lang, max_file_bytes: person_file::MAX_BYTES, texts }
    }
}

/// Which language a page wants.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    lang: String,
}

impl Wish {
    /// The language, or `usual`.
    pub(super) fn lang(&self, usual: Lang) -> Lang {
        Lang::parse(&self.lang).unwrap_or(usual)
    }
}

/// Somebody new.
#[derive(Debug, Serialize)]
pub(super) struct VisitorOut {
    pub(super) token: String,
}

/// From where on, or up to where.
#[derive(Debug, Deserialize)]
pub(super) struct Stretch {
    #[serde(default)]
    pub(super) after: i64,
    #[serde(default = "end")]
    pub(super) before: i64,
}

const fn end() -> i64 {
    i64::MAX
}

/// What was said.
#[derive(Debug, Default, Serialize)]
pub(super) struct HistoryOut {
    messages: Vec<Said>,
    /// How the keyboard in place of the letters stands after these.
    reply_keyboard: Option<ReplyKeyboard>,
    /// The place of the last of them: what is new comes after it.
    last: i64,
    /// Older ones stand before this place; `null` when these are the first.
    before: Option<i64>,
    with_person: bool,
}

/// What was said to this visitor and by them before a place.
pub(super) fn history(
    ctx: &Ctx,
    tx: &mut ReadTx,
    secret: &[u8; 32],
    visitor: &Visitor,
    before: i64,
) -> Result<HistoryOut> {
    let found = watch::rows_before(ctx, tx, visitor, before, MESSAGES_AT_ONCE)?;
    let Some((conversation, rows)) = found else { return Ok(HistoryOut::default()) };
    let is_full = i64::try_from(rows.len()).is_ok_and(|count| count >= MESSAGES_AT_ONCE);
    let before = rows.first().filter(|_| is_full).map(|first| first.seq);
    let last = rows.last().map_or(0, |row| row.seq);
    let (person, with_person) = (&conversation.person_name, conversation.desk.with_person);
    let visible = watch::visible(rows);
    let chat = watch::with_looks(ctx, secret, person, |looks| said::Chat::of(&visible, looks, false));
    let messages = chat.said.into_iter().map(watch::own_words).collect();
    Ok(HistoryOut { messages, reply_keyboard: chat.reply_keyboard, last, before, with_person })
}

/// The update that an input of the visitor is.
pub(super) fn update(ctx: &Ctx, tx: &mut ReadTx, visitor: &Visitor, sent: &Sent) -> Result<Update> {
    let Sent { client_id, what } = sent;
    let found = store::conversation::find_by_key(ctx, tx, visitor.channel, &visitor.chat_key())?;
    let mut tapped = None;
    let input = match what {
        SentWhat::Said(input) => input.clone(),
        SentWhat::OwnContact(phone) => {
            let phone = kernel::Phone::parse(phone).map_err(|error| error.under("phone"))?;
            own_contact(phone.to_string())
        }
        SentWhat::Tap(message, key) => {
            let conversation = found.as_ref().ok_or_else(Error::not_found)?;
            if !store::summary::has_message(ctx, tx, conversation.id, *message)? {
                return Err(Error::not_found());
            }
            tapped = Some(*message);
            flow::Input::Button(key.clone())
        }
    };
    let person_name = found.map_or_else(|| visitor.name.clone(), |conversation| conversation.person_name);
    let chat = Chat {
        key: visitor.chat_key(),
        person_name,
        username: None,
        lang: Some(visitor.lang),
        message_id: None,
        place: Place::Site { tapped },
    };
    let key = visitor.update_key(*client_id);
    Ok(Update { channel: visitor.channel, key, chat: Some(chat), what: What::Input(input) })
}
