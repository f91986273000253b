//! Makes the call of an [`Outgoing`] and says what became of it.

use std::{fmt, io, sync::Arc};

use bytes::Bytes;
use flow::{Document, Keyboard, Location, MediaKind, RichText};
use frankenstein::{
    input_file::FileUpload,
    input_media::{InputMedia, InputMediaPhoto},
    methods::{
        AnswerCallbackQueryParams, CopyMessageParams, DeleteMessageParams, EditMessageMediaParams,
        EditMessageTextParams, SendAudioParams, SendChatActionParams, SendDocumentParams, SendLocationParams,
        SendMessageParams, SendPhotoParams, SendVideoParams, SendVoiceParams,
    },
    types::{ChatAction, LinkPreviewOptions},
};
use futures::stream::BoxStream;
use kernel::degrees;
use net::reqwest::{Body, multipart::Part};
use serde::{Deserialize, Serialize, de::IgnoredAny};

use super::{
    api::Telegram,
    markup::{entities, inline_markup, reply_markup},
    outcome::{CallError, Outcome, classify},
    outgoing::{Act, Outgoing, is_address},
};

/// How the parameter names a file that travels with the call.
const ATTACHED: &str = "attach://file";

/// A stored file for [`Outgoing::stored_file`].
#[derive(Debug, Clone)]
pub enum Upload {
    /// This bot has sent it before: Telegram's id from [`Sent::file_id`].
    FileId(String),
    /// The file itself.
    File {
        /// What the person sees, for documents.
        name: String,
        /// Such as `image/jpeg`.
        mime: String,
        /// How many bytes it has.
        size_bytes: u64,
        /// Where they come from.
        bring: Bring,
    },
}

/// Brings the bytes of a file, from the beginning at each call.
#[derive(Clone)]
pub struct Bring(Arc<dyn Fn() -> BoxStream<'static, io::Result<Bytes>> + Send + Sync>);

impl Bring {
    /// As this function brings them.
    pub fn new(bring: impl Fn() -> BoxStream<'static, io::Result<Bytes>> + Send + Sync + 'static) -> Self {
        Self(Arc::new(bring))
    }
}

impl fmt::Debug for Bring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bring")
    }
}

/// What a call that went well left behind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    /// The message that was sent or changed.
    pub message: Option<i64>,
    /// Telegram's id of the picture or file, for the next time.
    pub file_id: Option<String>,
}

/// As much of a Message as we need; whatever else it holds cannot make a sent message look unsent.
#[derive(Deserialize)]
struct Message {
    message_id: i64,
    #[serde(default)]
    photo: Vec<File>,
    document: Option<File>,
    video: Option<File>,
}

#[derive(Deserialize)]
struct File {
    file_id: String,
}

impl From<Message> for Sent {
    fn from(message: Message) -> Self {
        let Message { message_id, photo, document, video } = message;
        let file = photo.into_iter().next_back().or(video).or(document);
        Self { message: Some(message_id), file_id: file.map(|file| file.file_id) }
    }
}

impl Telegram {
    /// Makes the call. `upload` is for [`Outgoing::stored_file`]. An edit that cannot be made becomes a new message, and a
    /// picture or file that is not accepted leaves its words. [`Outcome::Done`] never comes out: it is a success here.
    pub async fn deliver(&self, outgoing: &Outgoing, upload: Option<&Upload>) -> Result<Sent, Outcome> {
        let Outgoing { chat, act } = outgoing;
        let chat = *chat;
        let result = match act {
            Act::Text { text, keyboard } => self.send_text(chat, text, keyboard).await,
            Act::Photo { picture, caption, keyboard } => {
                self.send_photo(chat, picture, caption, keyboard, upload).await
            }
            Act::Document { document, caption, keyboard } => {
                self.send_document(chat, document, caption, keyboard, upload).await
            }
            Act::Video { video, caption, keyboard } => {
                self.send_video(chat, video, caption, keyboard, upload).await
            }
            Act::File { kind, file, caption, keyboard } => {
                self.send_file(chat, *kind, file, caption, keyboard).await
            }
            Act::Place { place, keyboard } => self.send_place(chat, *place, keyboard).await,
            Act::Copy { from, message } => {
                let params = CopyMessageParams::builder()
                    .chat_id(chat)
                    .from_chat_id(*from)
                    .message_id(id(*message)?)
                    .build();
                self.message("copyMessage", &params, None).await
            }
            Act::EditText { message, text, keyboard } => {
                match self.edit_text(chat, *message, text, keyboard).await {
                    Err(Outcome::CannotEdit) => self.send_text(chat, text, keyboard).await,
                    other => other,
                }
            }
            Act::EditPhoto { message, picture, caption, keyboard } => {
                match self.edit_photo(chat, *message, picture, caption, keyboard, upload).await {
                    Err(Outcome::CannotEdit | Outcome::BadFile(_)) => {
                        self.send_photo(chat, picture, caption, keyboard, upload).await
                    }
                    other => other,
                }
            }
            Act::Delete { message } => {
                let params = DeleteMessageParams::builder().chat_id(chat).message_id(id(*message)?).build();
                self.act("deleteMessage", &params).await
            }
            Act::Answer { query_id, text } => {
                let mut params =
                    AnswerCallbackQueryParams::builder().callback_query_id(query_id.as_str()).build();
                params.text = (!text.is_empty()).then(|| text.clone());
                self.act("answerCallbackQuery", &params).await
            }
            Act::Typing => {
                let params = SendChatActionParams::builder().chat_id(chat).action(ChatAction::Typing).build();
                self.act("sendChatAction", &params).await
            }
        };
        match result {
            Err(Outcome::Done) => Ok(Sent::default()),
            other => other,
        }
    }

    /// As [`Telegram::deliver`] for a new message, and nothing is sent in its place: a file that is not accepted is
    /// [`Outcome::BadFile`].
    pub async fn deliver_as_it_is(
        &self,
        outgoing: &Outgoing,
        upload: Option<&Upload>,
    ) -> Result<Sent, Outcome> {
        match &outgoing.act {
            Act::Photo { picture, caption, keyboard } => {
                self.photo(outgoing.chat, picture, caption, keyboard, upload).await
            }
            _ => self.deliver(outgoing, upload).await,
        }
    }

    async fn send_text(&self, chat: i64, text: &RichText, keyboard: &Keyboard) -> Result<Sent, Outcome> {
        let mut params = SendMessageParams::builder()
            .chat_id(chat)
            .text(text.text.as_str())
            .entities(entities(text))
            .link_preview_options(LinkPreviewOptions::DISABLED)
            .build();
        params.reply_markup = reply_markup(keyboard);
        self.message("sendMessage", &params, None).await
    }

    async fn send_photo(
        &self,
        chat: i64,
        picture: &str,
        caption: &RichText,
        keyboard: &Keyboard,
        upload: Option<&Upload>,
    ) -> Result<Sent, Outcome> {
        let sent = self.photo(chat, picture, caption, keyboard, upload).await;
        match sent {
            Err(Outcome::BadFile(why)) if !caption.is_empty() => {
                tracing::warn!(telegram.bot = self.token().bot_id(), why, "a picture was not accepted");
                self.send_text(chat, caption, keyboard).await
            }
            other => other,
        }
    }

    async fn photo(
        &self,
        chat: i64,
        picture: &str,
        caption: &RichText,
        keyboard: &Keyboard,
        upload: Option<&Upload>,
    ) -> Result<Sent, Outcome> {
        let (photo, part) = source(picture, upload).ok_or_else(|| Outcome::BadFile(picture.to_owned()))?;
        let mut params = SendPhotoParams::builder()
            .chat_id(chat)
            .photo(photo)
            .caption(caption.text.as_str())
            .caption_entities(entities(caption))
            .build();
        params.reply_markup = reply_markup(keyboard);
        self.message("sendPhoto", &params, part).await
    }

    async fn send_video(
        &self,
        chat: i64,
        video: &Document,
        caption: &RichText,
        keyboard: &Keyboard,
        upload: Option<&Upload>,
    ) -> Result<Sent, Outcome> {
        let (file, part) = source(&video.file, upload).ok_or_else(|| Outcome::BadFile(video.name.clone()))?;
        let mut params = SendVideoParams::builder()
            .chat_id(chat)
            .video(file)
            .caption(caption.text.as_str())
            .caption_entities(entities(caption))
            .supports_streaming(true)
            .build();
        params.reply_markup = reply_markup(keyboard);
        self.message("sendVideo", &params, part).await
    }

    async fn send_document(
        &self,
        chat: i64,
        document: &Document,
        caption: &RichText,
        keyboard: &Keyboard,
        upload: Option<&Upload>,
    ) -> Result<Sent, Outcome> {
        let sent = match source(&document.file, upload) {
            Some((file, part)) => {
                let mut params = SendDocumentParams::builder()
                    .chat_id(chat)
                    .document(file)
                    .caption(caption.text.as_str())
                    .caption_entities(entities(caption))
                    .build();
                params.reply_markup = reply_markup(keyboard);
                self.message("sendDocument", &params, part).await
            }
            None => Err(Outcome::BadFile(document.name.clone())),
        };
        match sent {
            Err(Outcome::BadFile(why)) => {
                tracing::warn!(telegram.bot = self.token().bot_id(), why, "a file was not accepted");
                let words = without_file(caption, document);
                if words.is_empty() {
                    return Err(Outcome::BadFile(why));
                }
                self.send_text(chat, &words, keyboard).await
            }
            other => other,
        }
    }

    /// A file that lies elsewhere. One that is not accepted leaves its words, and its address where it has one; without an
    /// address it is [`Outcome::BadFile`] all the same, for the person misses something.
    async fn send_file(
        &self,
        chat: i64,
        kind: MediaKind,
        file: &str,
        caption: &RichText,
        keyboard: &Keyboard,
    ) -> Result<Sent, Outcome> {
        let sent = self.elsewhere(chat, kind, file, caption, keyboard).await;
        let Err(Outcome::BadFile(why)) = sent else { return sent };
        tracing::warn!(telegram.bot = self.token().bot_id(), why, "a file was not accepted");
        let mut words = caption.clone();
        if is_address(file) {
            if !words.text.is_empty() {
                words.text.push('\n');
            }
            words.text.push_str(file);
            return self.send_text(chat, &words, keyboard).await;
        }
        if !words.is_empty() {
            self.send_text(chat, &words, keyboard).await?;
        }
        Err(Outcome::BadFile(why))
    }

    async fn elsewhere(
        &self,
        chat: i64,
        kind: MediaKind,
        file: &str,
        caption: &RichText,
        keyboard: &Keyboard,
    ) -> Result<Sent, Outcome> {
        let (words, marks, markup) = (caption.text.as_str(), entities(caption), reply_markup(keyboard));
        let named = FileUpload::String(file.to_owned());
        match kind {
            MediaKind::Photo => {
                self.photo(chat, file, caption, keyboard, Some(&Upload::FileId(file.to_owned()))).await
            }
            MediaKind::Video => {
                let mut params = SendVideoParams::builder()
                    .chat_id(chat)
                    .video(named)
                    .caption(words)
                    .caption_entities(marks)
                    .build();
                params.reply_markup = markup;
                self.message("sendVideo", &params, None).await
            }
            MediaKind::Voice => {
                let mut params = SendVoiceParams::builder()
                    .chat_id(chat)
                    .voice(named)
                    .caption(words)
                    .caption_entities(marks)
                    .build();
                params.reply_markup = markup;
                self.message("sendVoice", &params, None).await
            }
            MediaKind::Audio => {
                let mut params = SendAudioParams::builder()
                    .chat_id(chat)
                    .audio(named)
                    .caption(words)
                    .caption_entities(marks)
                    .build();
                params.reply_markup = markup;
                self.message("sendAudio", &params, None).await
            }
            MediaKind::Document => {
                let mut params = SendDocumentParams::builder()
                    .chat_id(chat)
                    .document(named)
                    .caption(words)
                    .caption_entities(marks)
                    .build();
                params.reply_markup = markup;
                self.message("sendDocument", &params, None).await
            }
        }
    }

    async fn send_place(&self, chat: i64, place: Location, keyboard: &Keyboard) -> Result<Sent, Outcome> {
        let decimal =
            |millionths| degrees(millionths).parse().map_err(|_| Outcome::BadRequest("a place".to_owned()));
        let (latitude, longitude) = (decimal(place.latitude_e6)?, decimal(place.longitude_e6)?);
        let mut params =
            SendLocationParams::builder().chat_id(chat).latitude(latitude).longitude(longitude).build();
        params.reply_markup = reply_markup(keyboard);
        self.message("sendLocation", &params, None).await
    }

    async fn edit_text(
        &self,
        chat: i64,
        message: i64,
        text: &RichText,
        keyboard: &Keyboard,
    ) -> Result<Sent, Outcome> {
        let mut params = EditMessageTextParams::builder()
            .chat_id(chat)
            .message_id(id(message)?)
            .text(text.text.as_str())
            .entities(entities(text))
            .link_preview_options(LinkPreviewOptions::DISABLED)
            .build();
        params.reply_markup = inline_markup(keyboard);
        edited(message, self.message("editMessageText", &params, None).await)
    }

    async fn edit_photo(
        &self,
        chat: i64,
        message: i64,
        picture: &str,
        caption: &RichText,
        keyboard: &Keyboard,
        upload: Option<&Upload>,
    ) -> Result<Sent, Outcome> {
        let (photo, part) = source(picture, upload).ok_or(Outcome::CannotEdit)?;
        let media = InputMediaPhoto::builder()
            .media(photo)
            .caption(caption.text.as_str())
            .caption_entities(entities(caption))
            .build();
        let mut params = EditMessageMediaParams::builder()
            .chat_id(chat)
            .message_id(id(message)?)
            .media(InputMedia::Photo(media))
            .build();
        params.reply_markup = inline_markup(keyboard);
        edited(message, self.message("editMessageMedia", &params, part).await)
    }

    /// A method whose result is a message.
    async fn message(
        &self,
        method: &str,
        params: &impl Serialize,
        part: Option<Part>,
    ) -> Result<Sent, Outcome> {
        let message: Result<Message, CallError> = match part {
            Some(part) => self.upload(method, params, part).await,
            None => self.call(method, params).await,
        };
        message.map(Sent::from).map_err(|error| classify(&error))
    }

    /// A method whose result says nothing.
    async fn act(&self, method: &str, params: &impl Serialize) -> Result<Sent, Outcome> {
        let result: Result<IgnoredAny, CallError> = self.call(method, params).await;
        result.map(|_| Sent::default()).map_err(|error| classify(&error))
    }
}

/// The words of a message whose file cannot be brought, and that it cannot. Both together are far below a message's limit.
fn without_file(caption: &RichText, document: &Document) -> RichText {
    let mut words = caption.clone();
    if !words.text.is_empty() && !document.without.is_empty() {
        words.text.push_str("\n\n");
    }
    words.text.push_str(&document.without);
    words
}

/// An edit that changes nothing stands where it was wanted.
fn edited(message: i64, result: Result<Sent, Outcome>) -> Result<Sent, Outcome> {
    match result {
        Err(Outcome::Done) => Ok(Sent { message: Some(message), file_id: None }),
        other => other,
    }
}

/// Message ids of the Bot API's types have 32 bits.
fn id(message: i64) -> Result<i32, Outcome> {
    i32::try_from(message).map_err(|_| Outcome::CannotEdit)
}

/// How a file is named in the call, and the file when it travels with it. `None` when the stored file was not given.
fn source(file: &str, upload: Option<&Upload>) -> Option<(FileUpload, Option<Part>)> {
    let named = |name: &str| FileUpload::String(name.to_owned());
    match upload {
        Some(Upload::FileId(id)) => Some((named(id), None)),
        Some(Upload::File { name, mime, size_bytes, bring: Bring(bring) }) => {
            let body = Body::wrap_stream(bring());
            let part = Part::stream_with_length(body, *size_bytes).file_name(name.clone());
            Some((named(ATTACHED), Some(part.mime_str(mime).ok()?)))
        }
        None if is_address(file) => Some((named(file), None)),
        None => None,
    }
}
