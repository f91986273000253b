//! What was said, as a page shows it: the simulator's chat and the page of a conversation. Pure.

use std::collections::HashMap;

use flow::{Asks, InlineAct, Input, Keyboard, Reply, RichText, Style};
use kernel::{Id, Phone, Timestamp};
use serde::Serialize;

use crate::{Body, Conversation, Message};

/// Who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum From {
    /// The bot.
    Bot,
    /// The person.
    Contact,
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
    /// Nothing that a page shows.
    Nothing,
}

/// What pages need to know to show a message of somebody.
pub(crate) struct Looks<'l> {
    /// Where a stored picture can be had; `None` when there is none.
    pub(crate) picture: &'l dyn Fn(&str) -> Option<String>,
    /// What the person calls themselves.
    pub(crate) person: &'l str,
    /// Whose messages these are; their files have addresses under it.
    pub(crate) conversation: Option<Id<Conversation>>,
}

impl Looks<'_> {
    /// One row of the history.
    pub(crate) fn see(&self, message: &Message) -> Seen {
        match &message.body {
            Body::In(input) => self.input(message, input),
            Body::Out(Reply::Message(reply)) => {
                let (inline_keyboard, change) = keyboard(&reply.keyboard);
                let picture = || reply.picture.as_deref().and_then(|picture| self.media(picture));
                let document = reply.document.as_ref().and_then(|document| self.document(message, document));
                let media = document.or_else(picture);
                let said = Said {
                    // An edit stands in the place of what it replaces.
                    id: message.edits.unwrap_or(message.id),
                    from: From::Bot,
                    text: spans(&reply.text),
                    media,
                    inline_keyboard,
                    edited: reply.edit,
                    at: message.at,
                    client_id: None,
                    is_tap: false,
                };
                Seen::Message(said, change)
            }
            Body::Out(Reply::Toast(text)) => Seen::Toast(message.edits, text.clone()),
            Body::Out(Reply::Typing) => Seen::Typing,
            Body::Other(_) => Seen::Nothing,
        }
    }

    fn input(&self, message: &Message, input: &Input) -> Seen {
        let mut said = Said {
            id: message.id,
            from: From::Contact,
            text: Vec::new(),
            media: None,
            inline_keyboard: Vec::new(),
            edited: false,
            at: message.at,
            client_id: message.update_key.clone(),
            is_tap: false,
        };
        match input {
            Input::Text(text) => said.text = plain(text),
            Input::Command { name, payload } => said.text = plain(format!("/{name} {payload}").trim_end()),
            Input::Contact(contact) => {
                let phone =
                    Phone::parse(&contact.phone).map_or_else(|_| contact.phone.clone(), |p| p.pretty());
                said.media = Some(Media::Contact { name: self.person.to_owned(), phone });
            }
            Input::Location(place) => {
                let degrees = |millionths| degrees(millionths).unwrap_or_else(|| 0.into());
                said.media = Some(Media::Location {
                    latitude: degrees(place.latitude_e6),
                    longitude: degrees(place.longitude_e6),
                });
            }
            Input::Media(media) => {
                let words = if media.caption.is_empty() { media.kind.name() } else { &media.caption };
                said.text = plain(words);
            }
            Input::Button(key) => return Seen::Tap(key.clone()),
            Input::Language(_) | Input::Timeout => return Seen::Nothing,
        }
        Seen::Message(said, None)
    }

    fn document(&self, message: &Message, document: &flow::Document) -> Option<Media> {
        let flow::Document { file: _, name, size_bytes, without: _ } = document;
        let url = file_path(self.conversation?, message.id);
        Some(Media::Document { url, name: name.clone(), size: Some(*size_bytes) })
    }

    fn media(&self, picture: &str) -> Option<Media> {
        if let Some(url) = (self.picture)(picture) {
            return Some(Media::Photo { url });
        }
        // A picture of somebody else's server is not loaded into our pages; the way to it is shown.
        let name = picture.split('?').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
        let is_address = picture.starts_with("https://") || picture.starts_with("http://");
        is_address.then(|| Media::Document { url: picture.to_owned(), name: name.to_owned(), size: None })
    }
}

/// The address of the file that a message brought: for whoever may read the conversation.
fn file_path(conversation: Id<Conversation>, message: Id<Message>) -> String {
    format!("/conversations/{conversation}/files/{message}")
}

/// A chat at one moment.
#[derive(Debug, Default)]
pub(crate) struct Chat {
    pub(crate) said: Vec<Said>,
    pub(crate) reply_keyboard: Option<ReplyKeyboard>,
}

impl Chat {
    /// The chat after all these rows. `with_taps` shows taps as what the person said.
    pub(crate) fn of(messages: &[Message], looks: &Looks<'_>, with_taps: bool) -> Self {
        let mut chat = Self::default();
        let mut places: HashMap<Id<Message>, usize> = HashMap::new();
        let mut labels: HashMap<String, String> = HashMap::new();
        for message in messages {
            match looks.see(message) {
                Seen::Message(said, change) => {
                    for button in said.inline_keyboard.iter().flatten() {
                        if let Some(key) = &button.key {
                            labels.insert(key.clone(), button.text.clone());
                        }
                    }
                    chat.note_keyboard(&said, change);
                    match places.get(&said.id).and_then(|place| chat.said.get_mut(*place)) {
                        Some(old) => *old = said,
                        None => {
                            places.insert(said.id, chat.said.len());
                            chat.said.push(said);
                        }
                    }
                }
                Seen::Tap(key) if with_taps => {
                    let label = labels.get(&key).cloned().unwrap_or_default();
                    chat.said.push(tap(message, label));
                }
                Seen::Tap(_) | Seen::Toast(..) | Seen::Typing | Seen::Nothing => {}
            }
        }
        chat
    }

    fn note_keyboard(&mut self, said: &Said, change: Option<Option<ReplyKeyboard>>) {
        if let Some(keyboard) = change {
            self.reply_keyboard = keyboard;
        } else if said.from == From::Contact && self.reply_keyboard.as_ref().is_some_and(|keys| keys.one_time)
        {
            self.reply_keyboard = None;
        }
    }
}

fn tap(message: &Message, label: String) -> Said {
    Said {
        id: message.id,
        from: From::Contact,
        text: plain(&label),
        media: None,
        inline_keyboard: Vec::new(),
        edited: false,
        at: message.at,
        client_id: None,
        is_tap: true,
    }
}

fn plain(text: &str) -> Vec<Span> {
    if text.is_empty() { Vec::new() } else { vec![Span { text: text.to_owned(), ..Span::default() }] }
}

/// Millionths of a degree as a decimal number, by its digits: no arithmetic with floats.
fn degrees(millionths: i32) -> Option<serde_json::Number> {
    let sign = if millionths < 0 { "-" } else { "" };
    let whole = millionths.unsigned_abs() / 1_000_000;
    let rest = millionths.unsigned_abs() % 1_000_000;
    serde_json::from_str(&format!("{sign}{whole}.{rest:06}")).ok()
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
mod tests {
    use flow::Mark;
    use kernel::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn message(n: u128, body: Body, edits: Option<u128>) -> Message {
        Message {
            seq: i64::try_from(n).unwrap(),
            id: Id::from_uuid(Uuid::from_u128(n)),
            body,
            edits: edits.map(|n| Id::from_uuid(Uuid::from_u128(n))),
            update_key: None,
            at: Timestamp::from_millis(0),
        }
    }

    fn bot(text: &str, keyboard: Keyboard, edit: bool) -> Body {
        let text = RichText::plain(text);
        Body::Out(Reply::Message(flow::Message { keyboard, edit, ..flow::Message::of(text) }))
    }

    fn looks() -> Looks<'static> {
        Looks { picture: &|_| None, person: "Ali", conversation: None }
    }

    #[test]
    fn a_text_is_cut_where_its_look_changes_whatever_its_letters_weigh() {
        let mark = |start, length, style| Mark { start, length, style };
        let marks = vec![mark(0, 7, Style::Bold), mark(3, 4, Style::Strike)];
        let found = spans(&RichText { text: "😀 narx 5".to_owned(), marks });
        let look: Vec<_> = found.iter().map(|span| (span.text.as_str(), span.bold, span.strike)).collect();
        assert_eq!(look, [("😀 ", true, false), ("narx", true, true), (" 5", false, false)]);
    }

    #[test]
    fn an_edit_stands_in_the_place_of_what_it_replaces_and_a_tap_is_named_by_its_button() {
        let button = flow::InlineButton { label: "Savatga".to_owned(), act: InlineAct::Key("a1".to_owned()) };
        let rows = [
            message(1, bot("Choynak", Keyboard::Inline(vec![vec![button]]), false), None),
            message(2, Body::In(Input::Button("a1".to_owned())), None),
            message(3, Body::Out(Reply::Toast(String::new())), Some(1)),
            message(4, bot("Choynak: 1 dona", Keyboard::Keep, true), Some(1)),
        ];
        let chat = Chat::of(&rows, &looks(), true);
        let said: Vec<_> = chat.said.iter().map(|said| (said.text[0].text.as_str(), said.edited)).collect();
        assert_eq!(said, [("Choynak: 1 dona", true), ("Savatga", false)]);
        assert_eq!(Chat::of(&rows, &looks(), false).said.len(), 1);
    }

    #[test]
    fn a_keyboard_for_one_tap_goes_with_the_answer_and_others_stay() {
        let reply = |once| Keyboard::Reply { rows: Vec::new(), once, placeholder: String::new() };
        let text = || Body::In(Input::Text("bir".to_owned()));
        let shown = |keyboard, answered: bool| {
            let mut rows = vec![message(1, bot("?", keyboard, false), None)];
            rows.extend(answered.then(|| message(2, text(), None)));
            Chat::of(&rows, &looks(), false).reply_keyboard.is_some()
        };
        assert!(shown(reply(false), true));
        assert!(shown(reply(true), false));
        assert!(!shown(reply(true), true));
    }

    #[test]
    fn places_are_shown_in_degrees_by_their_digits() {
        let number = |millionths| degrees(millionths).unwrap().to_string();
        assert_eq!(number(41_311_080), "41.31108");
        assert_eq!(number(-500), "-0.0005");
    }

    #[test]
    fn only_addresses_of_pages_are_followed() {
        let link = |link: &str| Span { link: Some(link.to_owned()), ..Span::default() };
        assert!(link("https://karvon.uz").safe_link().is_some());
        assert!(link("javascript:alert(1)").safe_link().is_none());
    }
}
