//! editMessageText, editMessageCaption, editMessageMedia, editMessageReplyMarkup, deleteMessage, answerCallbackQuery.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};

use super::{
    error::ApiError,
    files::Source,
    markup::reply_markup,
    params::Params,
    person::Answer,
    screen::Shown,
    sending::{same_content, with_text},
    state::{ChatKind, State},
    text::{self, utf16},
};

/// A bot deletes messages younger than this.
const DELETE_LIMIT: Duration = Duration::from_secs(48 * 3600);
/// Letters of the answer to a tap, at most.
const ANSWER_LIMIT: usize = 200;

impl State {
    /// The edits of text, caption and buttons.
    pub fn edit(&mut self, token: &str, method: &str, params: &Params) -> Result<Value, ApiError> {
        if !params.text("inline_message_id").is_empty() {
            return Err(ApiError::bad("inline message is not found"));
        }
        let chat = self.chat_to_write(token, params)?;
        let private = self.conversation(token, chat).kind == ChatKind::Private;
        let markup = reply_markup(params, private)?;
        let new_text = match method {
            "editmessagetext" => Some(with_text("text", "entities", text::message_text(params)?)),
            "editmessagecaption" => Some(with_text("caption", "caption_entities", text::caption(params)?)),
            _ => None,
        };
        let id = params.int("message_id", 0);
        let conversation = self.conversation(token, chat);
        let stored =
            conversation.messages.get(&id).ok_or_else(|| ApiError::bad("message to edit not found"))?;
        if !stored.by_bot || stored.has_other_markup {
            return Err(ApiError::bad("message can't be edited"));
        }
        let has_text = !stored.json["text"].is_null();
        let has_media = Shown::of(&stored.json, true).media.is_some();
        match method {
            "editmessagetext" if !has_text => {
                return Err(ApiError::bad("there is no text in the message to edit"));
            }
            "editmessagecaption" if !has_media => {
                return Err(ApiError::bad("there is no caption in the message to edit"));
            }
            _ => {}
        }
        let mut edited = stored.json.clone();
        let fields = edited.as_object_mut().expect("an object");
        fields.shift_remove("reply_markup");
        if let Some(Value::Object(new_text)) = new_text {
            for field in ["text", "entities", "caption", "caption_entities"] {
                fields.shift_remove(field);
            }
            fields.extend(new_text);
        }
        if let Some(buttons) = markup.on_message() {
            fields.insert("reply_markup".into(), buttons.clone());
        }
        let before = stored.json.clone();
        self.finish_edit(token, chat, id, &before, edited)
    }

    /// editMessageMedia: another picture or file with another caption; only where there is one already.
    pub fn edit_media(&mut self, token: &str, params: &Params) -> Result<Value, ApiError> {
        let media = match params.json("media") {
            Ok(Some(media)) if media.is_object() => media,
            _ => return Err(ApiError::bad("can't parse input media JSON object")),
        };
        let kind = media["type"].as_str().unwrap_or_default().to_owned();
        if !["photo", "video", "document", "audio", "animation"].contains(&kind.as_str()) {
            return Err(ApiError::bad("can't parse InputMedia: media type is unsupported"));
        }
        let chat = self.chat_to_write(token, params)?;
        let id = params.int("message_id", 0);
        let stored = self.conversation(token, chat).messages.get(&id);
        let stored = stored.ok_or_else(|| ApiError::bad("message to edit not found"))?;
        if !stored.by_bot || stored.has_other_markup {
            return Err(ApiError::bad("message can't be edited"));
        }
        if Shown::of(&stored.json, true).media.is_none() {
            return Err(ApiError::bad("there is no media in the message to edit"));
        }
        let before = stored.json.clone();
        let source = Source::of_text(params, media["media"].as_str().unwrap_or_default(), &kind)?
            .ok_or_else(|| ApiError::bad("can't parse InputMedia: media not found"))?;
        let fields = media.as_object().cloned().unwrap_or_default();
        let own = Params { fields, files: std::collections::HashMap::new() };
        let mut content = with_text("caption", "caption_entities", text::caption(&own)?);
        content[&kind] = self.media(token, &kind, source)?;
        let markup = reply_markup(params, self.conversation(token, chat).kind == ChatKind::Private)?;
        let mut edited = before.clone();
        if let (Some(fields), Value::Object(content)) = (edited.as_object_mut(), content) {
            for field in [
                "photo",
                "video",
                "document",
                "audio",
                "animation",
                "caption",
                "caption_entities",
                "reply_markup",
            ] {
                fields.shift_remove(field);
            }
            fields.extend(content);
            if let Some(buttons) = markup.on_message() {
                fields.insert("reply_markup".into(), buttons.clone());
            }
        }
        self.finish_edit(token, chat, id, &before, edited)
    }

    /// The new content stands in place of the old one, unless they are the same.
    fn finish_edit(
        &mut self,
        token: &str,
        chat: i64,
        id: i64,
        before: &Value,
        mut edited: Value,
    ) -> Result<Value, ApiError> {
        if same_content(before, &edited) {
            return Err(ApiError::bad(
                "message is not modified: specified new message content and reply markup are exactly the same as a \
                 current content and reply markup of the message",
            ));
        }
        self.check_flood(token, chat, 1)?;
        edited["edit_date"] = self.clock.unix().into();
        let conversation = self.conversation(token, chat);
        conversation.unanswered = 0;
        conversation.since_message += 1;
        let stored = conversation.messages.get_mut(&id).expect("found by the caller");
        stored.shown = Arc::new(Shown::of(&edited, true));
        stored.json = edited.clone();
        conversation.touch();
        Ok(edited)
    }

    /// deleteMessage.
    pub fn delete(&mut self, token: &str, params: &Params) -> Result<Value, ApiError> {
        let chat = self.chat_to_write(token, params)?;
        let id = params.int("message_id", 0);
        let now = self.clock.now();
        let conversation = self.conversation(token, chat);
        let stored =
            conversation.messages.get(&id).ok_or_else(|| ApiError::bad("message to delete not found"))?;
        let others_in_group = !stored.by_bot && conversation.kind != ChatKind::Private;
        if others_in_group || now.saturating_sub(stored.at) > DELETE_LIMIT {
            return Err(ApiError::bad("message can't be deleted"));
        }
        conversation.messages.remove(&id);
        conversation.touch();
        Ok(true.into())
    }

    /// answerCallbackQuery: once per tap, and soon.
    pub fn answer_callback(&mut self, token: &str, params: &Params) -> Result<Value, ApiError> {
        let now = self.clock.now();
        let lifetime = self.callback_lifetime;
        let id = params.text("callback_query_id");
        let answer =
            Answer { text: params.text("text"), alert: params.flag("show_alert"), url: params.text("url") };
        let stale = || ApiError::bad("query is too old and response timeout expired or query ID is invalid");
        let bot = self.bot(token)?;
        let callback = bot.callbacks.get_mut(&id).ok_or_else(stale)?;
        if callback.answer.is_some() || now.saturating_sub(callback.made) > lifetime {
            return Err(stale());
        }
        if utf16(&answer.text) > ANSWER_LIMIT {
            return Err(ApiError::bad("MESSAGE_TOO_LONG"));
        }
        let chat = callback.chat;
        callback.answer = Some(answer.clone());
        let conversation = self.conversation(token, chat);
        conversation.unanswered = 0;
        if !answer.text.is_empty() {
            conversation.toasts.push(answer);
        }
        conversation.touch();
        Ok(json!(true))
    }
}
