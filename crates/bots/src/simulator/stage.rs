//! One member's chat with one bot's simulator: which it is, how it stands, what is put into it.

use context::{Ctx, Permission};
use db::{ReadTx, Topic, Tx};
use files::signed_path;
use flow::{Input, Session};
use kernel::{Error, Kind, Phone, Result, Timestamp, WorkspaceId};
use serde_json::Value;
use web::RowKey;

use super::wire::{
    Anew, Answering, BotFace, Command, Language, PersonFace, PersonIn, Sent, SentWhat, SessionView, SimState,
    Variable, own_contact,
};
use crate::{
    Bot, Bots, Channel, Chat, Conversation, Message, Place, Update, What,
    actions::simulator_channel,
    reads,
    said::{self, Looks},
    store,
    trial::Plays,
};

/// Messages that the page is given when it opens.
const MESSAGES_SHOWN: i64 = 300;
/// Characters of a variable's value that are shown.
const VALUE_CHARS: usize = 400;
/// How long a picture's address stays good; the same address all day, so that browsers keep the picture.
const PICTURE_DAYS: u64 = 2;

/// The chat of one member with one bot.
pub(super) struct Stage {
    pub(super) bot: Bot,
    pub(super) channel: Channel,
    /// The present conversation; `None` before the first word.
    pub(super) conversation: Option<Conversation>,
    plays: Plays,
    /// With this begin the keys of the member's chats.
    prefix: String,
}

impl Stage {
    pub(super) fn find(ctx: &Ctx, tx: &mut ReadTx, (key, plays): (RowKey, Plays)) -> Result<Self> {
        let bot = reads::get_bot(ctx, tx, key)?;
        let channel = simulator_channel(ctx, tx, bot.id)?;
        let prefix = plays.prefix(ctx)?;
        let conversation = store::conversation::find_last(ctx, tx, channel.id, &prefix)?;
        Ok(Self { bot, channel, conversation, plays, prefix })
    }

    /// The number of the simulated person, from 1.
    fn person(&self) -> u64 {
        let number = self.conversation.as_ref().and_then(|c| c.chat_key.strip_prefix(&self.prefix));
        number.and_then(|number| number.parse().ok()).unwrap_or(1)
    }

    fn chat_key(&self, person: u64) -> String {
        // As text the keys stand in the order of the numbers.
        format!("{}{person:06}", self.prefix)
    }

    /// The name that a person keeps; a new one is called `name`, with a number from the second on.
    fn name(&self, person: u64, name: &str) -> String {
        match &self.conversation {
            Some(conversation) if person == self.person() => conversation.person_name.clone(),
            _ if person > 1 => format!("{name} {person}"),
            _ => name.to_owned(),
        }
    }
}

/// A number that nobody has: operators' codes begin at 20, so behind +998 00 there is no telephone.
fn phone_of(chat_key: &str) -> String {
    // FNV-1a: the same chat has the same number, on every machine.
    let hash = chat_key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("+99800{:07}", hash % 10_000_000)
}

/// The update that an input is.
pub(super) fn update(
    ctx: &Ctx,
    tx: &mut ReadTx,
    key: (RowKey, Plays),
    sent: &Sent,
    name: &str,
) -> Result<Update> {
    ctx.require(Permission::BotsEdit)?;
    let stage = Stage::find(ctx, tx, key)?;
    let Sent { client_id, what } = sent;
    let chat_key = stage.chat_key(stage.person());
    let mut tapped = None;
    let input = match what {
        SentWhat::Said(input) => input.clone(),
        SentWhat::OwnContact(_) => own_contact(phone_of(&chat_key)),
        SentWhat::Tap(message, key) => {
            let conversation = stage.conversation.as_ref().ok_or_else(Error::not_found)?;
            if !store::summary::has_message(ctx, tx, conversation.id, *message)? {
                return Err(Error::not_found());
            }
            tapped = Some(*message);
            Input::Button(key.clone())
        }
    };
    let chat = Chat {
        person_name: stage.name(stage.person(), name),
        key: chat_key,
        username: None,
        lang: Some(ctx.lang()),
        message_id: None,
        place: Place::Page { tapped },
    };
    Ok(Update {
        channel: stage.channel.id,
        key: client_id.to_string(),
        chat: Some(chat),
        what: What::Input(input),
    })
}

/// Begins the dialogue anew, with the same person or with somebody new.
pub(super) fn restart(ctx: &Ctx, tx: &mut Tx, key: (RowKey, Plays), anew: Anew, name: &str) -> Result<()> {
    ctx.require(Permission::BotsEdit)?;
    let stage = Stage::find(ctx, tx, key)?;
    let last_seq = match &stage.conversation {
        Some(conversation) => last_seq(ctx, tx, conversation)?,
        None => 0,
    };
    // Whoever has not said anything is new already.
    let is_met =
        stage.conversation.as_ref().is_some_and(|old| !old.session.is_empty() || last_seq > old.first_seq);
    let person = if anew.person == PersonIn::New && is_met { stage.person() + 1 } else { stage.person() };
    let (chat_key, name) = (stage.chat_key(person), stage.name(person, name));
    let mut conversation = store::conversation::lock(ctx, tx, stage.channel.id, &chat_key, &name, None)?;
    if conversation.session.is_empty() && conversation.lang == Some(anew.lang) && !is_met {
        return Ok(());
    }
    conversation.session = String::new();
    conversation.desk.give_back();
    conversation.resets += 1;
    // Said by the device, as it were; the person has chosen nothing yet.
    conversation.lang = Some(anew.lang);
    conversation.first_seq = last_seq;
    store::conversation::update(ctx, tx, &conversation)?;
    tx.wake(Topic::Messages);
    Ok(())
}

/// The place of the last event of the conversation.
pub(super) fn last_seq(ctx: &Ctx, tx: &mut ReadTx, conversation: &Conversation) -> Result<i64> {
    Ok(store::message::last_seq(ctx, tx, conversation.id)?.max(conversation.first_seq))
}

/// Everything that the page shows.
pub(super) fn state(
    ctx: &Ctx,
    tx: &mut ReadTx,
    bots: &Bots,
    secret: &[u8; 32],
    key: (RowKey, Plays),
    name: &str,
) -> Result<SimState> {
    let stage = Stage::find(ctx, tx, key)?;
    let (messages, last) = match &stage.conversation {
        Some(conversation) => {
            let last = last_seq(ctx, tx, conversation)?;
            let found = store::summary::before(ctx, tx, conversation.id, i64::MAX, MESSAGES_SHOWN)?;
            (found.into_iter().filter(|message| message.seq > conversation.first_seq).collect(), last)
        }
        None => (Vec::<Message>::new(), 0),
    };
    let draft = match stage.plays {
        Plays::Published => None,
        Plays::Draft => Some(store::draft::find(ctx, tx, stage.bot.id)?.map_or(0, |draft| draft.problems)),
    };
    let blueprint =
        match bots.holding(ctx, tx, (stage.bot.id, stage.bot.version), &stage.chat_key(stage.person())) {
            Err(error) if error.kind() == Kind::Conflict => None,
            found => Some(found?),
        };
    let lang = stage.conversation.as_ref().and_then(|conversation| conversation.lang).unwrap_or(ctx.lang());
    let person_name = stage.name(stage.person(), name);
    let picture = picture_address(ctx, secret);
    let conversation = stage.conversation.as_ref().map(|conversation| conversation.id);
    let file = |message| conversation.map(|conversation| said::file_path(conversation, message));
    let looks = Looks { picture: &picture, person: &person_name, file: &file };
    let chat = said::Chat::of(&messages, &looks, false);
    let phone = phone_of(&stage.chat_key(stage.person()));
    Ok(SimState {
        bot: BotFace { name: stage.bot.name.clone(), about: stage.bot.shop.about.clone() },
        version: String::new(),
        person: PersonFace {
            phone: Phone::parse(&phone)?.pretty().replace(' ', "\u{a0}"),
            name: person_name,
        },
        lang,
        languages: kernel::Lang::ALL.map(|lang| Language { code: lang.code(), name: lang.name() }).into(),
        commands: blueprint.map(|blueprint| commands(&blueprint, lang)).unwrap_or_default(),
        messages: chat.said,
        reply_keyboard: chat.reply_keyboard,
        session: session_view(stage.conversation.as_ref())?,
        time_zone: ctx.zone().name(),
        last_event_id: last.to_string(),
        answering: Answering { state: stage.bot.state, version: stage.bot.version, draft },
    })
}

fn commands(blueprint: &flow::Blueprint, lang: kernel::Lang) -> Vec<Command> {
    let command = |(name, description): (&str, String)| Command { command: name.to_owned(), description };
    blueprint.commands(lang).into_iter().map(command).collect()
}

/// Where stored pictures can be had by whoever looks at the chat: the bot shows its goods to everybody.
pub(crate) fn picture_address(
    ctx: &Ctx,
    secret: &[u8; 32],
) -> impl Fn(&Message, &str) -> Option<String> + use<> {
    let (workspace, secret): (WorkspaceId, [u8; 32]) = (ctx.workspace(), *secret);
    let until: Timestamp = ctx.zone().start_of(ctx.today().plus_days(PICTURE_DAYS));
    move |_, picture| signed_path(&secret, workspace, picture.parse().ok()?, until).ok()
}

/// Where the dialogue stands.
pub(super) fn session_view(conversation: Option<&Conversation>) -> Result<SessionView> {
    let Some(text) = conversation.map(|conversation| &conversation.session).filter(|text| !text.is_empty())
    else {
        return Ok(SessionView::default());
    };
    let session: Session = serde_json::from_str(text).map_err(Error::internal)?;
    let (flow, step) = session.step().and_then(|place| place.split_once('.')).unwrap_or_default();
    let variables = session
        .variables()
        .iter()
        .map(|(name, value)| Variable { name: name.clone(), value: shortened(&readable(value)) })
        .filter(|variable| !variable.value.is_empty());
    Ok(SessionView { flow: flow.to_owned(), step: step.to_owned(), variables: variables.collect() })
}

/// A value without the marks of JSON: `name: Chorsu, delivers: true`.
fn readable(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(readable).collect();
            items.join("; ")
        }
        Value::Object(fields) => {
            let said = fields.iter().map(|(name, value)| (name, readable(value)));
            let said = said.filter(|(_, value)| !value.is_empty());
            said.map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ")
        }
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn shortened(value: &str) -> String {
    let mut short: String = value.chars().take(VALUE_CHARS).collect();
    if short.len() < value.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simulated_person_has_a_number_of_their_own_that_nobody_can_have() {
        let [one, two] = ["sim:a:1", "sim:a:2"].map(phone_of);
        assert_ne!(one, two);
        assert_eq!(phone_of("sim:a:1"), one);
        assert!(one.starts_with("+99800") && Phone::parse(&one).is_ok(), "{one}");
    }

    #[test]
    fn values_are_shown_without_the_marks_of_json() {
        let value = serde_json::json!([{ "product": "a1", "note": null, "quantity": 2 }, "x"]);
        assert_eq!(readable(&value), "product: a1, quantity: 2; x");
    }

    #[test]
    fn long_values_are_cut_at_a_letter() {
        assert_eq!(shortened(&"ʻ".repeat(VALUE_CHARS)).chars().count(), VALUE_CHARS);
        assert!(shortened(&"ʻ".repeat(VALUE_CHARS + 1)).ends_with('…'));
    }
}
