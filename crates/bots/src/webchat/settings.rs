//! What a chat on a site shows, and where it may be shown.

use std::str::FromStr;

use kernel::{Checks, Error, Id, Result, Text};
use serde::{Deserialize, Serialize};

use super::Site;
use crate::Channel;

/// The colour of a chat that was given none.
pub(crate) const COLOUR: &str = "#1f6feb";
/// Sites of one chat: a company with its shops and its test sites.
const MAX_ORIGINS: usize = 20;
/// Characters of the title, which stands in one line on a phone.
const TITLE_CHARS: usize = 60;
/// Characters of the greeting.
const GREETING_CHARS: usize = 300;

/// The corner in which the button stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Where most sites have it.
    #[default]
    Right,
    /// The other one.
    Left,
}

impl Side {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Right, Self::Left];

    /// The word that is stored.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Left => "left",
        }
    }
}

impl FromStr for Side {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|side| side.word() == word);
        found.ok_or_else(|| Error::field("side", Text::new("bots-web-side-unknown")))
    }
}

/// A chat on somebody's site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WebChat {
    /// Its channel.
    pub channel: Id<Channel>,
    /// Names it in the snippet; no secret, everybody sees it in the page.
    pub key: String,
    /// What stands above the chat.
    pub title: String,
    /// What is said beside the button; may be empty.
    pub greeting: String,
    /// `#rrggbb`.
    pub colour: String,
    /// The corner of its button.
    pub side: Side,
    /// Sites that may show it; none but this server's own pages when there are none.
    pub sites: Vec<Site>,
}

/// A chat as somebody wants it.
#[derive(Debug, Clone, Default)]
pub struct NewWebChat {
    /// What stands above the chat; empty means the bot's shop.
    pub title: String,
    /// What is said beside the button.
    pub greeting: String,
    /// `#rrggbb`; empty means the usual one.
    pub colour: String,
    /// The corner of its button.
    pub side: Side,
    /// Addresses of sites, as they are typed; empty ones say nothing.
    pub origins: Vec<String>,
}

impl NewWebChat {
    /// The chat of this channel and key; `title` is what one without a title is called. Errors name the fields.
    pub(crate) fn checked(&self, channel: Id<Channel>, key: String, title: &str) -> Result<WebChat> {
        let Self { title: typed, greeting, colour, side, origins } = self;
        let mut checks = Checks::new();
        let typed = checks.line("title", typed, TITLE_CHARS);
        let greeting = checks.prose("greeting", greeting, GREETING_CHARS);
        let colour = match colour.trim().to_ascii_lowercase() {
            empty if empty.is_empty() => COLOUR.to_owned(),
            colour => colour,
        };
        checks.hold(is_colour(&colour), "colour", Text::new("bots-web-colour-wrong"));
        let mut sites: Vec<Site> = Vec::new();
        for origin in origins.iter().filter(|origin| !origin.trim().is_empty()) {
            match Site::parse(origin) {
                Ok(site) if sites.contains(&site) => {}
                Ok(site) => sites.push(site),
                Err(error) if checks.has("origins") => drop(error),
                Err(error) => checks.refuse("origins", error.text().clone()),
            }
        }
        let is_short = sites.len() <= MAX_ORIGINS;
        checks.hold(is_short || checks.has("origins"), "origins", Text::new("bots-web-origins-many"));
        checks.done()?;
        let title = if typed.is_empty() { title.chars().take(TITLE_CHARS).collect() } else { typed };
        Ok(WebChat { channel, key, title, greeting, colour, side: *side, sites })
    }
}

impl WebChat {
    /// Whether a page of this origin may show it.
    pub(super) fn allows(&self, origin: &str) -> bool {
        self.sites.iter().any(|site| site.allows(origin))
    }
}

/// What is put into a page of a site, for a server that people reach at `public_url`.
pub(crate) fn snippet(public_url: &str, key: &str) -> String {
    format!("<script src=\"{public_url}/chat.js\" data-bot=\"{key}\" async></script>")
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(new: &NewWebChat) -> Result<WebChat> {
        new.checked(Id::from_uuid(uuid::Uuid::nil()), "k".to_owned(), "Chorsu Texno")
    }

    #[test]
    fn a_chat_without_wishes_is_whole() {
        let chat = checked(&NewWebChat::default()).unwrap();
        assert_eq!(
            (chat.title.as_str(), chat.colour.as_str(), chat.side),
            ("Chorsu Texno", COLOUR, Side::Right)
        );
        assert!(chat.sites.is_empty() && !chat.allows("https://shop.uz"));
    }

    #[test]
    fn each_wrong_field_is_named_once() {
        let wrong = NewWebChat {
            title: "a".repeat(TITLE_CHARS + 1),
            colour: "red".to_owned(),
            origins: vec!["ftp://a".to_owned(), "nobody@".to_owned(), "shop.uz".to_owned()],
            ..NewWebChat::default()
        };
        let error = checked(&wrong).unwrap_err();
        let fields: Vec<&str> = error.field_errors().iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["title", "colour", "origins"]);
        let many = (0..=MAX_ORIGINS).map(|n| format!("s{n}.uz")).collect();
        assert!(checked(&NewWebChat { origins: many, ..NewWebChat::default() }).is_err());
    }

    #[test]
    fn a_site_is_kept_once() {
        let origins = vec!["shop.uz".to_owned(), "https://shop.uz/".to_owned(), "  ".to_owned()];
        let chat = checked(&NewWebChat { origins, ..NewWebChat::default() }).unwrap();
        assert_eq!(chat.sites.len(), 1);
    }
}
