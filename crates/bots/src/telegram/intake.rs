//! Updates in: from Telegram's words to ours, chat by chat in order, chats side by side.

use std::{collections::HashMap, sync::Arc};

use channels::telegram::{ChatKind, Incoming, Kind, Sender};
use context::{Actor, ActorKind, Ctx, CtxBuilder, Permissions, Random};
use db::Db;
use futures::{TryStreamExt, stream};
use kernel::{Lang, Result, Timestamp, Zone};

use crate::{Bots, Channel, Chat, Place, Update, What, receive};

/// Chats whose updates are taken side by side; the writer groups them.
const CHATS_AT_ONCE: usize = 128;

/// A context for what comes over this channel.
pub(super) fn ctx_of(channel: &Channel, now: Timestamp, random: &Random) -> Ctx {
    let actor = Actor { kind: ActorKind::Bot, id: Some(channel.bot.uuid()), name: "telegram".to_owned() };
    CtxBuilder {
        workspace: channel.workspace,
        actor,
        operator: None,
        permissions: Permissions::NONE,
        lang: Lang::default(),
        zone: Zone::default(),
        now,
        random: random.clone(),
        origin: "telegram".to_owned(),
    }
    .build()
}

/// An update in our words.
pub(super) fn update_of(channel: &Channel, incoming: &Incoming) -> Update {
    let Incoming { update_id, chat, from, message_id, date_s: _, kind, raw } = incoming;
    let other = || What::Other(without_nul(serde_json::from_str(raw.get()).unwrap_or_default()));
    let chat = chat.as_ref().filter(|chat| chat.kind != ChatKind::Other);
    let is_group = chat.is_some_and(|chat| chat.kind == ChatKind::Group);
    let person = from.as_ref().filter(|sender| !sender.is_bot);
    let title = |title: &str| title.chars().filter(|c| !c.is_control()).take(130).collect();
    let chat = chat.map(|chat| Chat {
        key: chat.id.to_string(),
        person_name: match chat.kind {
            ChatKind::Group => chat.title.as_deref().map(title).unwrap_or_default(),
            _ => person.map(name_of).unwrap_or_default(),
        },
        username: person.filter(|_| !is_group).and_then(|sender| sender.username.clone()),
        lang: person.and_then(|sender| sender.language_code.as_deref()).and_then(Lang::parse),
        message_id: *message_id,
        place: Place::Telegram { chat: chat.id, tap: incoming.tap() },
    });
    let what = match kind {
        Kind::Blocked => What::Blocked(true),
        Kind::Unblocked => What::Blocked(false),
        // The file stays with Telegram until somebody asks for it.
        Kind::Media { file, .. } => {
            incoming.to_input(&format!("telegram:{}", file.id)).map_or_else(other, What::Input)
        }
        _ => incoming.to_input("").map_or_else(other, What::Input),
    };
    // Groups have no dialogue of ours; what happens there is kept, and staff can be told there.
    let what = match what {
        What::Input(_) if is_group || chat.is_none() => other(),
        what => what,
    };
    Update { channel: channel.id, key: update_id.to_string(), chat, what }
}

/// PostgreSQL keeps no NUL; an update that cannot be kept would come again for ever.
fn without_nul(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    let clean = |text: String| text.replace('\0', "");
    match value {
        Value::String(text) => Value::String(clean(text)),
        Value::Array(items) => items.into_iter().map(without_nul).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (clean(name), without_nul(value))).collect()
        }
        plain => plain,
    }
}

fn name_of(sender: &Sender) -> String {
    let last = sender.last_name.as_deref().unwrap_or_default();
    let name = format!("{} {last}", sender.first_name);
    // Telegram allows 64 characters each; a name of blanks is none.
    name.trim().chars().filter(|c| !c.is_control()).take(130).collect()
}

/// Takes updates: those of one chat in their order, chats side by side. An error: some are not taken; all of them may be
/// given again.
pub(super) async fn take_all(
    ctx: &Ctx,
    db: &Db,
    bots: &Arc<Bots>,
    channel: &Channel,
    incoming: &[Incoming],
) -> Result<()> {
    let mut order: Vec<Vec<Update>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for update in incoming.iter().map(|incoming| update_of(channel, incoming)) {
        let key = update.chat.as_ref().map(|chat| chat.key.clone()).unwrap_or_default();
        match places.get(&key).and_then(|place| order.get_mut(*place)) {
            Some(chat) => chat.push(update),
            None => {
                places.insert(key, order.len());
                order.push(vec![update]);
            }
        }
    }
    stream::iter(order.into_iter().map(Ok))
        .try_for_each_concurrent(CHATS_AT_ONCE, |chat| async move {
            for update in chat {
                receive(ctx, db, bots, update).await?;
            }
            Ok(())
        })
        .await
}

#[cfg(test)]
mod tests {
    use channels::telegram::parse;
    use kernel::Id;

    use super::*;
    use crate::{ChannelKind, ChannelState};

    fn channel() -> Channel {
        Channel {
            id: Id::from_uuid(uuid::Uuid::from_u128(1)),
            workspace: Id::from_uuid(uuid::Uuid::from_u128(2)),
            bot: Id::from_uuid(uuid::Uuid::from_u128(3)),
            kind: ChannelKind::Telegram,
            state: ChannelState::Live,
            username: None,
            token_sealed: None,
            intake: None,
            webhook_secret: None,
            next_update: 0,
            problem: None,
            fence: 0,
        }
    }

    #[test]
    fn a_message_of_a_private_chat_is_an_input_and_one_of_a_group_is_only_kept() {
        let private = br#"{"update_id":7,"message":{"message_id":1,"date":1,"text":"salom",
            "chat":{"id":5,"type":"private"},"from":{"id":5,"is_bot":false,"first_name":" Ali\u0000 ","language_code":"uz"}}}"#;
        let update = update_of(&channel(), &parse(private).unwrap());
        let chat = update.chat.unwrap();
        assert_eq!((update.key.as_str(), chat.key.as_str(), chat.person_name.as_str()), ("7", "5", "Ali"));
        assert!(matches!(update.what, What::Input(flow::Input::Text(text)) if text == "salom"));
        let group = br#"{"update_id":8,"message":{"message_id":1,"date":1,"text":"salom","chat":{"id":-5,"type":"group","title":"Zal"},"from":{"id":5,"is_bot":false,"first_name":"Ali","username":"ali"}}}"#;
        let update = update_of(&channel(), &parse(group).unwrap());
        assert!(matches!(update.what, What::Other(_)));
        let chat = update.chat.unwrap();
        assert_eq!((chat.key.as_str(), chat.person_name.as_str(), chat.username), ("-5", "Zal", None));
        let channel_post = br#"{"update_id":9,"channel_post":{"message_id":1,"date":1,"text":"salom","chat":{"id":-7,"type":"channel"}}}"#;
        let update = update_of(&channel(), &parse(channel_post).unwrap());
        assert!(update.chat.is_none() && matches!(update.what, What::Other(_)));
    }

    #[test]
    fn what_is_only_kept_is_kept_without_nul() {
        let odd = br#"{"update_id":9,"tomorrow":{"a\u0000b":["\u0000",{"c":"\u0000d"}],"n":1}}"#;
        let What::Other(kept) = update_of(&channel(), &parse(odd).unwrap()).what else { panic!("an input") };
        assert_eq!(kept["tomorrow"], serde_json::json!({"ab": ["", {"c": "d"}], "n": 1}));
    }
}
