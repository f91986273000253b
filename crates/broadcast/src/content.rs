//! What a broadcast says, in each language, and the calls that bring it.

use bots::Voice;
use channels::telegram::{Act, Outgoing};
use flow::{Document, InlineAct, InlineButton, Keyboard, RichText, limits};
use kernel::{Checks, Lang, Text};
use serde::{Deserialize, Serialize};

use crate::markup::{is_address, rich};

/// Something in each of the three languages; empty where there is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Texts {
    /// In Uzbek.
    pub uz: String,
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

impl Texts {
    /// In this language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Uz => &self.uz,
            Lang::Ru => &self.ru,
            Lang::En => &self.en,
        }
    }

    /// In this language, or in the other one where there is nothing.
    pub(crate) fn or(&self, lang: Lang, other: Lang) -> &str {
        let own = self.get(lang);
        if own.is_empty() { self.get(other) } else { own }
    }

    fn is_empty(&self) -> bool {
        Lang::ALL.iter().all(|lang| self.get(*lang).is_empty())
    }

    fn set(&mut self, lang: Lang, text: String) {
        *match lang {
            Lang::Uz => &mut self.uz,
            Lang::Ru => &mut self.ru,
            Lang::En => &mut self.en,
        } = text;
    }
}

/// What a broadcast says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// The words, with `*bold*`, `_italic_` and `[words](https://address)`.
    pub texts: Texts,
    /// A picture or a film above them.
    pub media: Option<Media>,
    /// A button under them.
    pub button: Option<Button>,
}

/// A picture or a film, stored with us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// What it is.
    pub kind: MediaKind,
    /// The name of its bytes in the store.
    pub file: String,
    /// What the sender called it.
    pub name: String,
    /// Its length.
    pub size_bytes: u64,
}

impl Media {
    /// Its address under the broadcast of this number, for whoever may read that.
    pub(crate) fn path(&self, number: i64) -> String {
        format!("/broadcasts/{number}/files/{}", self.file)
    }
}

/// What a broadcast can bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A picture.
    Photo,
    /// A film.
    Video,
}

/// A button under the message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What stands on it.
    pub labels: Texts,
    /// What it opens.
    pub opens: Opens,
}

/// What a button opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opens {
    /// An address.
    Url(String),
    /// A command of the bot, without the slash.
    Command(String),
}

impl Content {
    /// The words in this language, or in `default` where there are none.
    pub(crate) fn words(&self, lang: Lang, default: Lang) -> RichText {
        rich(self.texts.or(lang, default))
    }

    /// What the button says.
    pub(crate) fn label(&self, lang: Lang, default: Lang) -> Option<&str> {
        self.button.as_ref().map(|button| button.labels.or(lang, default))
    }

    /// Languages in which something of its own is said.
    pub(crate) fn langs(&self) -> Vec<Lang> {
        Lang::ALL.into_iter().filter(|lang| !self.texts.get(*lang).is_empty()).collect()
    }

    /// The call that brings it to this chat in this language.
    pub fn call_to(&self, chat: i64, lang: Lang) -> Outgoing {
        self.call(chat, lang, lang)
    }

    /// The same; `default` is the language whose words stand in for others.
    pub(crate) fn call(&self, chat: i64, lang: Lang, default: Lang) -> Outgoing {
        let text = self.words(lang, default);
        let keyboard = self.keyboard(lang, default);
        let act = match &self.media {
            None => Act::Text { text, keyboard },
            Some(Media { kind: MediaKind::Photo, file, .. }) => {
                Act::Photo { picture: file.clone(), caption: text, keyboard }
            }
            Some(Media { kind: MediaKind::Video, file, name: _, size_bytes }) => {
                let video = Document {
                    file: file.clone(),
                    name: "video.mp4".to_owned(),
                    size_bytes: *size_bytes,
                    without: String::new(),
                };
                Act::Video { video, caption: text, keyboard }
            }
        };
        Outgoing { chat, act }
    }

    fn keyboard(&self, lang: Lang, default: Lang) -> Keyboard {
        let Some(button) = &self.button else { return Keyboard::Keep };
        let act = match &button.opens {
            Opens::Url(url) => InlineAct::Url(url.clone()),
            Opens::Command(name) => InlineAct::Key(format!("/{name}")),
        };
        Keyboard::Inline(vec![vec![InlineButton { label: button.labels.or(lang, default).to_owned(), act }]])
    }

    /// The same, tidied. Errors are about `text_uz` and its sisters, `button_uz` and its sisters, `button`.
    pub(crate) fn checked(self, checks: &mut Checks, voice: &Voice) -> Self {
        let Self { texts, media, button } = self;
        let most = if media.is_some() { limits::CAPTION_UTF16_MAX } else { limits::TEXT_UTF16_MAX };
        let mut tidy = Texts::default();
        for lang in Lang::ALL {
            let field = format!("text_{}", lang.code());
            // Marks take room that the platform does not count.
            let text = checks.prose(&field, texts.get(lang), limits::TEXT_UTF16_MAX * 2);
            let units = rich(&text).units();
            let too_long =
                Text::new("broadcast-text-too-long").with("max", i64::try_from(most).unwrap_or_default());
            checks.hold(units <= most || checks.has(&field), &field, too_long);
            tidy.set(lang, text);
        }
        let default = format!("text_{}", voice.lang.code());
        let may_be_silent = media.is_some() && tidy.is_empty();
        let says = !tidy.get(voice.lang).is_empty() || may_be_silent || checks.has(&default);
        checks.hold(says, &default, Text::new("broadcast-text-missing").with("language", voice.lang.name()));
        let button = button.map(|button| button.checked(checks, voice));
        Self { texts: tidy, media, button }
    }
}

impl Button {
    fn checked(self, checks: &mut Checks, voice: &Voice) -> Self {
        let Self { labels, opens } = self;
        let mut tidy = Texts::default();
        for lang in Lang::ALL {
            let field = format!("button_{}", lang.code());
            tidy.set(lang, checks.line(&field, labels.get(lang), limits::BUTTON_LABEL_CHARS_MAX));
        }
        let default = format!("button_{}", voice.lang.code());
        let says = !tidy.get(voice.lang).is_empty() || checks.has(&default);
        checks.hold(
            says,
            &default,
            Text::new("broadcast-button-missing").with("language", voice.lang.name()),
        );
        match &opens {
            Opens::Url(url) => {
                let is_url = is_address(url) && url.len() <= 2_000;
                checks.hold(is_url, "button_url", Text::new("broadcast-button-url"));
            }
            Opens::Command(name) => {
                let is_known = voice.commands.iter().any(|(known, _)| known == name);
                checks.hold(is_known, "button_command", Text::new("broadcast-button-command"));
            }
        }
        Self { labels: tidy, opens }
    }
}
