//! Small parts that draw themselves.

use std::{collections::HashSet, fmt, sync::LazyLock};

use askama::{Template, filters::HtmlSafe};
use serde::{Deserialize, Serialize};

use crate::assets;

/// The colour of a badge, a notice or a toast, by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// Our colour: new, chosen.
    Accent,
    /// Neutral news.
    Info,
    /// Done, paid, in stock.
    Success,
    /// Needs a look.
    Warning,
    /// Failed, overdue, cancelled.
    Error,
}

impl Tone {
    /// The class that colours text and ground.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Accent => "tone-accent",
            Self::Info => "tone-info",
            Self::Success => "tone-ok",
            Self::Warning => "tone-warn",
            Self::Error => "tone-bad",
        }
    }

    /// The word that toasts and alerts use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plain | Self::Accent | Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The class of an alert box.
    pub const fn alert(self) -> &'static str {
        match self {
            Self::Plain | Self::Accent | Self::Info => "alert-info",
            Self::Success => "alert-success",
            Self::Warning => "alert-warning",
            Self::Error => "alert-danger",
        }
    }

    /// The icon that goes with it.
    pub const fn icon(self) -> Icon {
        Icon::new(match self {
            Self::Plain | Self::Accent | Self::Info => "info-circle",
            Self::Success => "check-lg",
            Self::Warning => "exclamation-triangle",
            Self::Error => "exclamation-circle",
        })
    }
}

/// Whether the sprite has an icon of this name.
fn is_listed(name: &str) -> bool {
    static LISTED: LazyLock<HashSet<&str>> =
        LazyLock::new(|| include_str!("../../../../web/icons.txt").lines().collect());
    LISTED.contains(name)
}

/// An icon of the sprite, hidden from screen readers: words stand beside it.
#[derive(Debug, Clone, Copy)]
pub struct Icon {
    name: &'static str,
    class: &'static str,
}

impl Icon {
    /// The icon of this name (web/icons.txt).
    pub const fn new(name: &'static str) -> Self {
        Self { name, class: "" }
    }

    /// The icon at the end of its row.
    pub const fn end(name: &'static str) -> Self {
        Self { name, class: " icon-end" }
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, class } = self;
        debug_assert!(is_listed(name), "web/icons.txt lacks {name}");
        let sprite = assets::address("icons.svg");
        write!(f, r##"<svg class="icon{class}" aria-hidden="true"><use href="{sprite}#{name}"></use></svg>"##)
    }
}
impl HtmlSafe for Icon {}

/// A state in a word or two, coloured by meaning.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/badge.html")]
pub struct Badge {
    /// The colour.
    pub tone: Tone,
    /// The word.
    pub label: String,
}
impl HtmlSafe for Badge {}

impl Badge {
    /// A badge of words that are already in the reader's language.
    pub fn new(tone: Tone, label: impl Into<String>) -> Self {
        Self { tone, label: label.into() }
    }
}

/// A link or a button that does something to what the page shows.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/action.html")]
pub struct Action {
    label: String,
    icon: Option<Icon>,
    href: String,
    class: &'static str,
    post: Option<Post>,
    confirm: Option<String>,
    danger: bool,
    file: bool,
}
impl HtmlSafe for Action {}

#[derive(Debug, Clone)]
struct Post {
    csrf: String,
    key: String,
}

impl Action {
    /// A link.
    pub fn link(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            icon: None,
            href: href.into(),
            class: "btn-secondary",
            post: None,
            confirm: None,
            danger: false,
            file: false,
        }
    }

    /// A link to a file, which is kept and not shown.
    pub fn file(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { file: true, ..Self::link(href, label).icon("download") }
    }

    /// A button that posts to `href`, with the token and a key of its own.
    pub fn post(p: &super::Shell, href: impl Into<String>, label: impl Into<String>) -> Self {
        let post = Post { csrf: p.csrf.clone(), key: p.next_form_key() };
        Self { post: Some(post), ..Self::link(href, label) }
    }

    /// The one action that people come for.
    #[must_use]
    pub const fn primary(mut self) -> Self {
        self.class = "btn-primary";
        self
    }

    /// An action that takes something away.
    #[must_use]
    pub const fn danger(mut self) -> Self {
        self.class = "btn-outline-danger";
        self.danger = true;
        self
    }

    /// With an icon before the words.
    #[must_use]
    pub const fn icon(mut self, name: &'static str) -> Self {
        self.icon = Some(Icon::new(name));
        self
    }

    /// Asks this first.
    #[must_use]
    pub fn confirm(mut self, question: impl Into<String>) -> Self {
        self.confirm = Some(question.into());
        self
    }
}

/// What stands where there is nothing yet.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/empty.html")]
pub struct Empty {
    icon: Icon,
    title: String,
    hint: String,
    action: Option<Action>,
}
impl HtmlSafe for Empty {}

impl Empty {
    /// Says what is missing and what to do about it.
    pub fn new(icon: &'static str, title: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { icon: Icon::new(icon), title: title.into(), hint: hint.into(), action: None }
    }

    /// With the action that ends the emptiness.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.action = Some(action);
        self
    }
}

/// A box with a sentence that stays on the page.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/notice.html")]
pub struct Notice {
    tone: Tone,
    text: String,
    items: Vec<String>,
    action: Option<Action>,
}
impl HtmlSafe for Notice {}

impl Notice {
    /// A sentence of this tone.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into(), items: Vec::new(), action: None }
    }

    /// With what to do about it.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.action = Some(action);
        self
    }

    /// With a list under it.
    #[must_use]
    pub fn items(mut self, items: Vec<String>) -> Self {
        self.items = items;
        self
    }
}

/// One figure with its name.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/tile.html")]
pub struct Tile {
    label: String,
    value: String,
    unit: String,
    note: String,
    icon: Option<Icon>,
    href: Option<String>,
}
impl HtmlSafe for Tile {}

impl Tile {
    /// `label: value`.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
            unit: String::new(),
            note: String::new(),
            icon: None,
            href: None,
        }
    }

    /// With its unit, small.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// With a note under it.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// With an icon before its name.
    #[must_use]
    pub const fn icon(mut self, name: &'static str) -> Self {
        self.icon = Some(Icon::new(name));
        self
    }

    /// Opens this page.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// Tiles side by side.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<div class="tiles">{% for tile in self.0 %}{{ tile }}{% endfor %}</div>"#,
    ext = "html"
)]
pub struct Tiles(pub Vec<Tile>);
impl HtmlSafe for Tiles {}

/// Names and values of one thing: customer, date, state.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/facts.html")]
pub struct Facts {
    items: Vec<Fact>,
}
impl HtmlSafe for Facts {}

#[derive(Debug, Clone)]
enum Fact {
    Text(String, String),
    Link(String, String, String),
    Badge(String, Badge),
}

impl Facts {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more; an empty value shows a dash.
    #[must_use]
    pub fn text(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.items.push(Fact::Text(label.into(), value.into()));
        self
    }

    /// One more that opens a page.
    #[must_use]
    pub fn link(
        mut self,
        label: impl Into<String>,
        value: impl Into<String>,
        href: impl Into<String>,
    ) -> Self {
        self.items.push(Fact::Link(label.into(), value.into(), href.into()));
        self
    }

    /// One more that is a state.
    #[must_use]
    pub fn badge(mut self, label: impl Into<String>, badge: Badge) -> Self {
        self.items.push(Fact::Badge(label.into(), badge));
        self
    }
}

/// A box with a heading around another part.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/card.html")]
pub struct Card<T: fmt::Display + HtmlSafe> {
    title: String,
    body: T,
    action: Option<Action>,
}
impl<T: fmt::Display + HtmlSafe> HtmlSafe for Card<T> {}

impl<T: fmt::Display + HtmlSafe> Card<T> {
    /// `body` under the heading `title`.
    pub fn new(title: impl Into<String>, body: T) -> Self {
        Self { title: title.into(), body, action: None }
    }

    /// With an action beside the heading.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.action = Some(action);
        self
    }
}
