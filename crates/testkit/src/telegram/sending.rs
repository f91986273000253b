//! sendMessage, sendPhoto, sendDocument, sendVideo, sendMediaGroup, sendLocation, sendContact, sendChatAction.

use serde_json::{Map, Value, json};

use super::{
    error::ApiError,
    files::Source,
    markup::{Markup, reply_markup},
    params::Params,
    state::{ChatKind, State},
    text::{self, Formatted},
};

const ACTIONS: [&str; 11] = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];

impl State {
    /// The chat of a call, if the bot may write there.
    pub fn chat_to_write(&mut self, token: &str, params: &Params) -> Result<i64, ApiError> {
        let chat = self.known_chat(token, params)?;
        let deactivated = self.people.get(&chat).is_some_and(|person| person.deactivated);
        let conversation = self.conversation(token, chat);
        match &conversation.kind {
            ChatKind::Private if deactivated => Err(ApiError::forbidden("user is deactivated")),
            ChatKind::Private if conversation.blocked => {
                Err(ApiError::forbidden("bot was blocked by the user"))
            }
            ChatKind::Group { migrated_to: Some(to), .. } => Err(ApiError::migrated(*to)),
            ChatKind::Group { supergroup, .. } if conversation.blocked => {
                let kind = if *supergroup { "supergroup" } else { "group" };
                Err(ApiError::forbidden(&format!("bot was kicked from the {kind} chat")))
            }
            _ => Ok(chat),
        }
    }

    /// The chat of a call, if the bot knows it.
    pub fn known_chat(&mut self, token: &str, params: &Params) -> Result<i64, ApiError> {
        let given = params.text("chat_id");
        if given.is_empty() {
            return Err(ApiError::bad("chat_id is empty"));
        }
        let chat: i64 = given.trim().parse().map_err(|_| ApiError::bad("chat not found"))?;
        if self.bot(token)?.chats.contains_key(&chat) {
            return Ok(chat);
        }
        if self.people.contains_key(&chat) {
            return Err(ApiError::forbidden("bot can't initiate conversation with a user"));
        }
        Err(ApiError::bad("chat not found"))
    }

    /// Counts `messages` against the flood limits of the bot and the chat.
    pub fn check_flood(&mut self, token: &str, chat: i64, messages: u32) -> Result<(), ApiError> {
        if self.limits == super::limits::Limits::Off {
            return Ok(());
        }
        let now = self.clock.now();
        let bot = self.bot(token)?;
        let of_bot = bot.bucket.wait_seconds(now);
        let conversation = bot.chats.get_mut(&chat).expect("a known chat");
        let wait = of_bot.max(conversation.bucket.wait_seconds(now));
        if wait > 0 {
            self.counters.calls_flooded += 1;
            return Err(ApiError::too_many(wait));
        }
        for _ in 0..messages {
            bot.bucket.take();
            conversation.bucket.take();
        }
        Ok(())
    }

    /// Every method that sends, except albums and actions.
    pub fn send(&mut self, token: &str, method: &str, params: &Params) -> Result<Value, ApiError> {
        let chat = self.chat_to_write(token, params)?;
        let private = self.conversation(token, chat).kind == ChatKind::Private;
        let markup = reply_markup(params, private)?;
        let reply_to = self.reply_to(token, chat, params)?;
        let content = match method {
            "sendmessage" => with_text("text", "entities", text::message_text(params)?),
            "sendlocation" => json!({"location": location(params)?}),
            "sendcontact" => json!({"contact": contact(params)?}),
            _ => {
                let kind = method.trim_start_matches("send");
                let caption = text::caption(params)?;
                let source = Source::of_field(params, kind)?
                    .ok_or_else(|| ApiError::bad(format!("there is no {kind} in the request")))?;
                let mut content = with_text("caption", "caption_entities", caption);
                content[kind] = self.media(token, kind, source)?;
                content
            }
        };
        self.check_flood(token, chat, 1)?;
        Ok(self.take_message(token, chat, content, markup, reply_to, None))
    }

    /// sendMediaGroup.
    pub fn send_album(&mut self, token: &str, params: &Params) -> Result<Value, ApiError> {
        let chat = self.chat_to_write(token, params)?;
        let reply_to = self.reply_to(token, chat, params)?;
        let media = match params.json("media") {
            Err(()) => return Err(ApiError::bad("can't parse media JSON object")),
            Ok(None) => return Err(ApiError::bad("parameter \"media\" is required")),
            Ok(Some(Value::Array(media))) => media,
            Ok(Some(_)) => return Err(ApiError::bad("expected an Array of InputMedia")),
        };
        match media.len() {
            0 => return Err(ApiError::bad("there are no messages to send")),
            1 => return Err(ApiError::bad("media group must include 2-10 items")),
            2..=10 => {}
            _ => return Err(ApiError::bad("too many messages to send as an album")),
        }
        let kinds: Vec<&str> = media.iter().map(|item| item["type"].as_str().unwrap_or_default()).collect();
        for kind in ["document", "audio"] {
            if kinds.contains(&kind) && kinds.iter().any(|other| *other != kind) {
                return Err(ApiError::bad(format!("{kind} can't be mixed with other media types")));
            }
        }
        let mut contents = Vec::new();
        for (item, kind) in media.iter().zip(&kinds) {
            let cannot = |why: &str| ApiError::bad(format!("can't parse InputMedia: {why}"));
            if !["photo", "video", "document", "audio"].contains(kind) {
                return Err(cannot(&format!("type \"{kind}\" is unsupported")));
            }
            let source = Source::of_text(params, item["media"].as_str().unwrap_or_default(), kind)?
                .ok_or_else(|| cannot("media not found"))?;
            let item_params = Params {
                fields: item.as_object().cloned().unwrap_or_default(),
                files: std::collections::HashMap::new(),
            };
            let mut content = with_text("caption", "caption_entities", text::caption(&item_params)?);
            content[*kind] = self.media(token, kind, source)?;
            contents.push(content);
        }
        self.check_flood(token, chat, contents.len() as u32)?;
        let album = self.fresh().to_string();
        let sent: Vec<Value> = contents
            .into_iter()
            .map(|content| {
                self.take_message(token, chat, content, Markup::None, reply_to.clone(), Some(&album))
            })
            .collect();
        Ok(sent.into())
    }

    /// sendChatAction.
    pub fn send_action(&mut self, token: &str, params: &Params) -> Result<Value, ApiError> {
        let chat = self.chat_to_write(token, params)?;
        let action = params.text("action");
        if !ACTIONS.contains(&action.as_str()) {
            return Err(ApiError::bad("wrong parameter action in request"));
        }
        let conversation = self.conversation(token, chat);
        conversation.typing = Some(action);
        conversation.touch();
        Ok(true.into())
    }

    fn reply_to(&mut self, token: &str, chat: i64, params: &Params) -> Result<Option<Value>, ApiError> {
        let (message, may_lack) = match params.json("reply_parameters") {
            Ok(Some(reply)) => (
                reply["message_id"].as_i64().unwrap_or_default(),
                reply["allow_sending_without_reply"] == json!(true),
            ),
            Ok(None) => (params.int("reply_to_message_id", 0), params.flag("allow_sending_without_reply")),
            Err(()) => return Err(ApiError::bad("can't parse reply parameters JSON object")),
        };
        if message == 0 {
            return Ok(None);
        }
        match self.conversation(token, chat).messages.get(&message) {
            Some(found) => {
                let mut shortened = found.json.clone();
                let fields = shortened.as_object_mut().expect("an object");
                fields.shift_remove("reply_to_message");
                Ok(Some(shortened))
            }
            None if may_lack => Ok(None),
            None => Err(ApiError::bad("message to be replied not found")),
        }
    }

    /// The message is taken: it gets an id, stands in the chat, and is the answer of the call.
    fn take_message(
        &mut self,
        token: &str,
        chat: i64,
        content: Value,
        markup: Markup,
        reply_to: Option<Value>,
        album: Option<&str>,
    ) -> Value {
        let date = self.clock.unix();
        let chat_json = self.chat_json(token, chat);
        let bot = self.bots.get_mut(token).expect("a bot of this fake");
        let id = bot.fresh_message_id();
        let mut message = json!({"message_id": id, "from": bot.user_json(), "chat": chat_json, "date": date});
        let fields = message.as_object_mut().expect("an object");
        if let Some(reply) = reply_to {
            fields.insert("reply_to_message".into(), reply);
        }
        if let Some(album) = album {
            fields.insert("media_group_id".into(), album.into());
        }
        if let Value::Object(content) = content {
            fields.extend(content);
        }
        if let Some(buttons) = markup.on_message() {
            fields.insert("reply_markup".into(), buttons.clone());
        }
        let conversation = bot.chats.get_mut(&chat).expect("a known chat");
        self.counters.messages_taken += 1;
        let before = conversation.messages.values().next_back().filter(|stored| stored.by_bot);
        if album.is_none()
            && conversation.since_message == 0
            && before.is_some_and(|before| same_content(&before.json, &message))
        {
            self.counters.messages_doubled += 1;
        }
        conversation.unanswered = 0;
        conversation.since_message = 0;
        match &markup {
            Markup::Keyboard(keyboard) => conversation.keyboard = Some(keyboard.clone()),
            Markup::Remove => conversation.keyboard = None,
            Markup::None | Markup::Inline(_) | Markup::ForceReply => {}
        }
        let other_markup = !matches!(markup, Markup::None | Markup::Inline(_));
        self.store_message(token, chat, id, message.clone(), true, other_markup);
        message
    }
}

/// Two messages say the same: all but what differs in any two messages. A file that is uploaded anew has another id, and
/// is the same by its unique one.
pub(super) fn same_content(one: &Value, other: &Value) -> bool {
    let content = |message: &Value| {
        let mut fields = message.as_object().cloned().unwrap_or_default();
        for own in ["message_id", "date", "edit_date"] {
            fields.shift_remove(own);
        }
        fields.values_mut().for_each(without_file_ids);
        fields
    };
    content(one) == content(other)
}

fn without_file_ids(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_file_ids),
        Value::Object(fields) => {
            fields.shift_remove("file_id");
        }
        _ => {}
    }
}

/// Text or caption with its entities, as fields of a message; nothing when empty.
pub(super) fn with_text(text_field: &str, entities_field: &str, formatted: Formatted) -> Value {
    let mut fields = Map::new();
    if !formatted.text.is_empty() {
        fields.insert(text_field.into(), formatted.text.into());
    }
    if !formatted.entities.is_empty() {
        fields.insert(entities_field.into(), formatted.entities.into());
    }
    fields.into()
}

fn location(params: &Params) -> Result<Value, ApiError> {
    let latitude = params.decimal("latitude").ok_or_else(|| ApiError::bad("latitude is empty"))?;
    let longitude = params.decimal("longitude").ok_or_else(|| ApiError::bad("longitude is empty"))?;
    if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
        return Err(ApiError::bad("wrong location specified"));
    }
    Ok(json!({"latitude": latitude, "longitude": longitude}))
}

fn contact(params: &Params) -> Result<Value, ApiError> {
    let (phone, name) = (params.text("phone_number"), params.text("first_name"));
    if phone.is_empty() {
        return Err(ApiError::bad("parameter \"phone_number\" is required"));
    }
    if name.is_empty() {
        return Err(ApiError::bad("parameter \"first_name\" is required"));
    }
    Ok(json!({"phone_number": phone, "first_name": name}))
}
