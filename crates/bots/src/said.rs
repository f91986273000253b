//! What was said, as a page shows it: the simulator's chat and the page of a conversation. Pure.

mod chat;

use flow::{Asks, Attached, InlineAct, Input, Keyboard, Location, Reply, RichText, Style};
use kernel::{Id, Phone, Timestamp, degrees};
use serde::Serialize;

pub(crate) use self::chat::Chat;
use crate::{Body, Conversation, DeliveryState, DeskAct, Message, audience::is_broadcast};

/// Who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum From {
    /// The bot.
    Bot,
    /// The person.
    Contact,
    /// Somebody of the staff; the person sees it as the bot's.
    #[serde(rename = "bot")]
    Staff,
    /// Somebody of the staff, or nobody, for the staff alone.
    #[serde(skip)]
    Aside,
}

/// One message of a chat.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Said {
    pub(crate) id: Id<Message>,
    pub(crate) from: From,
    pub(crate) text: Vec<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) media: Option<Media>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) inline_keyboard: Vec<Vec<InlineButton>>,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) edited: bool,
    pub(crate) at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<String>,
    /// A tap on a button, whose words these are.
    #[serde(skip)]
    pub(crate) is_tap: bool,
    /// Who of the staff said it.
    #[serde(skip)]
    pub(crate) author: Option<String>,
    /// What stood there before the person changed it.
    #[serde(skip)]
    pub(crate) before: Option<String>,
    /// How far it has come.
    #[serde(skip)]
    pub(crate) delivery: DeliveryState,
    /// What became of the conversation, where that is what this says.
    #[serde(skip)]
    pub(crate) act: Option<DeskAct>,
    /// It went to many at once.
    #[serde(skip)]
    pub(crate) is_broadcast: bool,
}

impl Said {
    /// Nothing yet, said with this row.
    fn blank(message: &Message, from: From) -> Self {
        Self {
            id: message.id,
            from,
            text: Vec::new(),
            media: None,
            inline_keyboard: Vec::new(),
            edited: false,
            at: message.at,
            client_id: None,
            is_tap: false,
            author: message.author.clone(),
            before: None,
            delivery: message.state,
            act: None,
            is_broadcast: is_broadcast(message),
        }
    }

    /// The person changed it; what stood there first is kept.
    fn change(&mut self, text: &str) {
        let before = self.words();
        if self.from != From::Contact || before == text {
            return;
        }
        self.edited = true;
        self.before.get_or_insert(before);
        self.text = plain(text);
    }

    /// The words without their look.
    pub(crate) fn words(&self) -> String {
        self.text.iter().map(|span| span.text.as_str()).collect()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_false(yes: &bool) -> bool {
    !*yes
}

/// A stretch of text of one look.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Span {
    pub(crate) text: String,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) bold: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) italic: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) underline: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) strike: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) code: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) link: Option<String>,
}

/// What a message carries beside its words.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Media {
    /// A picture of ours.
    Photo { url: String },
    /// Anything else at an address; of a file of ours the length is known.
    Document {
        url: String,
        name: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        size: Option<u64>,
    },
    /// A file of the person, by the kind that the platform told.
    Sent {
        what: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        url: Option<String>,
        /// What the person calls it, where the channel says so.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// A shared contact.
    Contact { name: String, phone: String },
    /// A shared place, degrees.
    Location { latitude: serde_json::Number, longitude: serde_json::Number },
}

/// A button under a message: exactly one of the three is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct InlineButton {
    pub(crate) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) web_app: Option<String>,
}

/// The keyboard in place of the letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ReplyKeyboard {
    pub(crate) rows: Vec<Vec<ReplyButton>>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) placeholder: String,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) one_time: bool,
}

/// A button of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ReplyButton {
    pub(crate) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request: Option<&'static str>,
}

/// What one row of the history is to a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Seen {
    /// A message, new or in place of the one with its id; and what it does to the reply keyboard.
    Message(Said, Option<Option<ReplyKeyboard>>),
    /// The answer to a tap on that message.
    Toast(Option<Id<Message>>, String),
    /// The bot prepares an answer.
    Typing,
    /// The person pressed the button with this key.
    Tap(String),
    /// What only the staff reads.
    Aside(Said),
    /// The person changed the message that the platform calls so; these are its words now.
    Changed(i64, String),
    /// Nothing that a page shows.
    Nothing,
}

/// What pages need to know to show a message of somebody.
pub(crate) struct Looks<'l> {
    /// Where a stored picture of a message can be had; `None` when there is none.
    pub(crate) picture: &'l dyn Fn(&Message, &str) -> Option<String>,
    /// What the person calls themselves.
    pub(crate) person: &'l str,
    /// Where the file that a message brought can be had.
    pub(crate) file: &'l dyn Fn(Id<Message>) -> Option<String>,
}

impl Looks<'_> {
    /// One row of the history.
    pub(crate) fn see(&self, message: &Message) -> Seen {
        match &message.body {
            Body::In(input) => self.input(message, input),
            Body::Out(Reply::Message(reply)) => {
                let (inline_keyboard, change) = keyboard(&reply.keyboard);
                let picture = || reply.picture.as_deref().and_then(|picture| self.media(message, picture));
                let document = reply.document.as_ref().and_then(|document| self.document(message, document));
                let attached =
                    || reply.attached.as_deref().and_then(|attached| self.attached(message, attached));
                let media = document.or_else(picture).or_else(attached);
                let from = if message.author.is_some() { From::Staff } else { From::Bot };
                let said = Said {
                    // An edit stands in the place of what it replaces.
                    id: message.edits.unwrap_or(message.id),
                    text: spans(&reply.text),
                    media,
                    inline_keyboard,
                    edited: reply.edit,
                    ..Said::blank(message, from)
                };
                Seen::Message(said, change)
            }
            Body::Out(Reply::Toast(text)) => Seen::Toast(message.edits, text.clone()),
            Body::Out(Reply::Typing) => Seen::Typing,
            Body::Note(text) => Seen::Aside(Said { text: plain(text), ..Said::blank(message, From::Aside) }),
            Body::Desk(act) => Seen::Aside(Said { act: Some(*act), ..Said::blank(message, From::Aside) }),
            Body::Other(value) => changed(value).map_or(Seen::Nothing, |(id, text)| Seen::Changed(id, text)),
        }
    }

    fn input(&self, message: &Message, input: &Input) -> Seen {
        let client_id = message.update_key.clone();
        let mut said = Said { client_id, ..Said::blank(message, From::Contact) };
        match input {
            Input::Text(text) => said.text = plain(text),
            Input::Command { name, payload } => said.text = plain(format!("/{name} {payload}").trim_end()),
            Input::Contact(contact) => {
                let phone =
                    Phone::parse(&contact.phone).map_or_else(|_| contact.phone.clone(), |p| p.pretty());
                said.media = Some(Media::Contact { name: self.person.to_owned(), phone });
            }
            Input::Location(place) => said.media = Some(place_of(*place)),
            Input::Media(media) => {
                said.text = plain(&media.caption);
                let name = sent_here(&media.file).map(|(_, name)| name.to_owned());
                said.media =
                    Some(Media::Sent { what: media.kind.name(), url: (self.file)(message.id), name });
            }
            Input::Button(key) => return Seen::Tap(key.clone()),
            Input::Language(_) | Input::Timeout => return Seen::Nothing,
        }
        Seen::Message(said, None)
    }

    fn document(&self, message: &Message, document: &flow::Document) -> Option<Media> {
        let flow::Document { file: _, name, size_bytes, without: _ } = document;
        let url = (self.file)(message.id)?;
        Some(Media::Document { url, name: name.clone(), size: Some(*size_bytes) })
    }

    fn attached(&self, message: &Message, attached: &Attached) -> Option<Media> {
        match attached {
            Attached::Place(place) => Some(place_of(*place)),
            Attached::File { kind, file } if file.starts_with("telegram:") => {
                Some(Media::Sent { what: kind.name(), url: (self.file)(message.id), name: None })
            }
            Attached::File { file, .. } => self.media(message, file),
        }
    }

    fn media(&self, message: &Message, picture: &str) -> Option<Media> {
        if let Some(url) = (self.picture)(message, picture) {
            return Some(Media::Photo { url });
        }
        // A picture of somebody else's server is not loaded into our pages; the way to it is shown.
        let name = picture.split('?').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
        let is_address = picture.starts_with("https://") || picture.starts_with("http://");
        is_address.then(|| Media::Document { url: picture.to_owned(), name: name.to_owned(), size: None })
    }
}

/// The address of the file that a message brought: for whoever may read the conversation.
pub(crate) fn file_path(conversation: Id<Conversation>, message: Id<Message>) -> String {
    format!("/conversations/{conversation}/files/{message}")
}

/// What names a file of a person that came over a channel of ours and is kept here.
pub(crate) fn kept_here(hash: &str, name: &str) -> String {
    format!("here:{hash}:{name}")
}

/// The hash and the name of such a file; `None` when it is with a platform.
pub(crate) fn sent_here(file: &str) -> Option<(&str, &str)> {
    file.strip_prefix("here:")?.split_once(':')
}

fn tap(message: &Message, label: String) -> Said {
    Said { text: plain(&label), is_tap: true, ..Said::blank(message, From::Contact) }
}

/// The message that the person changed, and its words now, of a Telegram update kept as it came. An edit that has
/// neither words nor a caption (a moved place, a changed picture) erases nothing.
pub(crate) fn changed(update: &serde_json::Value) -> Option<(i64, String)> {
    let message = update.get("edited_message")?;
    let text = message.get("text").or_else(|| message.get("caption"))?;
    Some((message.get("message_id")?.as_i64()?, text.as_str()?.to_owned()))
}

fn place_of(place: Location) -> Media {
    let number = |millionths| serde_json::from_str(&degrees(millionths)).unwrap_or_else(|_| 0.into());
    Media::Location { latitude: number(place.latitude_e6), longitude: number(place.longitude_e6) }
}

fn plain(text: &str) -> Vec<Span> {
    if text.is_empty() { Vec::new() } else { vec![Span { text: text.to_owned(), ..Span::default() }] }
}

fn keyboard(keyboard: &Keyboard) -> (Vec<Vec<InlineButton>>, Option<Option<ReplyKeyboard>>) {
    match keyboard {
        Keyboard::Keep => (Vec::new(), None),
        Keyboard::Inline(rows) => {
            let rows = rows.iter().map(|row| row.iter().map(inline).collect()).collect();
            (rows, None)
        }
        Keyboard::Reply { rows, once, placeholder } => {
            let button = |button: &flow::ReplyButton| ReplyButton {
                text: button.label.clone(),
                request: match button.asks {
                    Asks::Nothing => None,
                    Asks::Contact => Some("contact"),
                    Asks::Location => Some("location"),
                },
            };
            let rows = rows.iter().map(|row| row.iter().map(button).collect()).collect();
            let shown = ReplyKeyboard { rows, placeholder: placeholder.clone(), one_time: *once };
            (Vec::new(), Some(Some(shown)))
        }
        Keyboard::Remove => (Vec::new(), Some(None)),
    }
}

fn inline(button: &flow::InlineButton) -> InlineButton {
    let flow::InlineButton { label, act } = button;
    let blank = InlineButton { text: label.clone(), ..InlineButton::default() };
    match act {
        InlineAct::Key(key) => InlineButton { key: Some(key.clone()), ..blank },
        InlineAct::Url(url) => InlineButton { url: Some(url.clone()), ..blank },
        InlineAct::WebApp(url) => InlineButton { web_app: Some(url.clone()), ..blank },
    }
}

/// The text cut where its look changes.
pub(crate) fn spans(rich: &RichText) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut at = 0;
    let is_cut = |at: usize| rich.marks.iter().any(|mark| mark.start == at || mark.start + mark.length == at);
    for c in rich.text.chars() {
        match spans.last_mut() {
            Some(last) if !is_cut(at) => last.text.push(c),
            _ => spans.push(Span { text: c.to_string(), ..look(rich, at) }),
        }
        at += c.len_utf16();
    }
    spans
}

fn look(rich: &RichText, at: usize) -> Span {
    let mut span = Span::default();
    for mark in rich.marks.iter().filter(|mark| (mark.start..mark.start + mark.length).contains(&at)) {
        match &mark.style {
            Style::Bold => span.bold = true,
            Style::Italic => span.italic = true,
            Style::Underline => span.underline = true,
            Style::Strike => span.strike = true,
            Style::Code => span.code = true,
            Style::Link(url) => span.link = Some(url.clone()),
        }
    }
    span
}

impl Span {
    /// The link, when a browser may follow it: a bot's text can hold anything.
    pub(crate) fn safe_link(&self) -> Option<&str> {
        let link = self.link.as_deref()?;
        let is_safe =
            ["https://", "http://", "tel:", "mailto:"].iter().any(|scheme| link.starts_with(scheme));
        is_safe.then_some(link)
    }
}

#[cfg(test)]
mod tests;
