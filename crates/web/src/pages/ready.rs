//! Ready pages for the usual cases, so that a list, a form or a card of one thing needs no template of its own.

use std::fmt;

use askama::{Template, filters::HtmlSafe};

use super::{Action, Facts, Form, Icon, Notice, Shell, Table, Tile, Tiles};

/// A list: title, actions, tiles above (may be none), table.
#[derive(Debug, Template)]
#[template(path = "pages/list.html")]
pub struct ListPage {
    /// The shell.
    pub p: Shell,
    /// Beside the title.
    pub actions: Vec<Action>,
    /// Above the table.
    pub tiles: Vec<Tile>,
    /// The list.
    pub table: Table,
}

impl ListPage {
    /// A page of this table.
    pub const fn new(p: Shell, table: Table) -> Self {
        Self { p, actions: Vec::new(), tiles: Vec::new(), table }
    }

    /// With an action beside the title.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    /// With this action when the reader may do it.
    #[must_use]
    pub fn action_if(self, may: bool, action: impl FnOnce(&Shell) -> Action) -> Self {
        if !may {
            return self;
        }
        let action = action(&self.p);
        self.action(action)
    }

    /// With figures above the table.
    #[must_use]
    pub fn tiles(mut self, tiles: Vec<Tile>) -> Self {
        self.tiles = tiles;
        self
    }

    fn figures(&self) -> Tiles {
        Tiles(self.tiles.clone())
    }
}

/// A form in a card.
#[derive(Debug, Template)]
#[template(path = "pages/form.html")]
pub struct FormPage {
    /// The shell.
    pub p: Shell,
    /// The form.
    pub form: Form,
    /// Sentences above it.
    pub notices: Vec<Notice>,
}

impl FormPage {
    /// A page of this form.
    pub const fn new(p: Shell, form: Form) -> Self {
        Self { p, form, notices: Vec::new() }
    }

    /// With a sentence above the form.
    #[must_use]
    pub fn notice(mut self, notice: Notice) -> Self {
        self.notices.push(notice);
        self
    }
}

/// One thing: its facts, its state's actions, and whatever belongs to it, one card after another.
#[derive(Debug, Template)]
#[template(path = "pages/detail.html")]
pub struct DetailPage {
    /// The shell.
    pub p: Shell,
    badge: Option<super::Badge>,
    actions: Vec<Action>,
    notices: Vec<Notice>,
    facts: Option<Facts>,
    parts: Vec<Part>,
}

/// A drawn part, with its heading.
#[derive(Debug)]
struct Part {
    title: String,
    html: Drawn,
    is_flush: bool,
}

/// Markup that a part of ours has drawn.
#[derive(Debug)]
struct Drawn(String);
impl fmt::Display for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl HtmlSafe for Drawn {}

impl DetailPage {
    /// An empty page of this shell.
    pub const fn new(p: Shell) -> Self {
        Self { p, badge: None, actions: Vec::new(), notices: Vec::new(), facts: None, parts: Vec::new() }
    }

    /// With the state beside the title.
    #[must_use]
    pub fn badge(mut self, badge: super::Badge) -> Self {
        self.badge = Some(badge);
        self
    }

    /// With an action beside the title.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    /// With a sentence above all.
    #[must_use]
    pub fn notice(mut self, notice: Notice) -> Self {
        self.notices.push(notice);
        self
    }

    /// With its facts.
    #[must_use]
    pub fn facts(mut self, facts: Facts) -> Self {
        self.facts = Some(facts);
        self
    }

    /// With a card of another part under the heading `key`.
    #[must_use]
    pub fn part(mut self, key: &'static str, part: &impl HtmlSafe) -> Self {
        let title = self.p.t(key);
        self.parts.push(Part { title, html: Drawn(part.to_string()), is_flush: false });
        self
    }

    /// With a table under the heading `key`, from edge to edge.
    #[must_use]
    pub fn table(mut self, key: &'static str, table: &Table) -> Self {
        let title = self.p.t(key);
        self.parts.push(Part { title, html: Drawn(table.to_string()), is_flush: true });
        self
    }
}

/// Sign-in and the other pages without a menu: a title and a form in a narrow column.
#[derive(Debug, Template)]
#[template(path = "pages/sign_in.html")]
pub struct SignInPage {
    /// The shell.
    pub p: Shell,
    /// The form.
    pub form: Form,
    /// Ways to the sister pages: address and words.
    pub links: Vec<(String, String)>,
}

/// A page that says no, in words: nothing here, not allowed, our fault.
#[derive(Debug, Template)]
#[template(path = "pages/error.html")]
pub struct ErrorPage {
    /// The shell; without a member it has no menu.
    pub p: Shell,
    /// The HTTP status.
    pub status: u16,
    /// What to tell the person.
    pub text: String,
    /// The way back, where one is known.
    pub back: Option<Action>,
    /// What to quote to whoever runs the server; may be empty.
    pub request_id: String,
}

/// A page whose middle is an island of web/src/islands.
#[derive(Debug, Template)]
#[template(path = "pages/island.html")]
pub struct IslandPage {
    /// The shell.
    pub p: Shell,
    /// The island's script: `simulator.js`.
    pub script: &'static str,
    /// Its `data-…` attributes: `("base", "/bots/7/simulator")`.
    pub attributes: Vec<(&'static str, String)>,
    /// Its words, as JSON (`Words::json`).
    pub texts: String,
    /// Beside the title.
    pub actions: Vec<Action>,
}

impl IslandPage {
    /// The simulator; `base` is where its protocol lives (web/README.md).
    pub fn simulator(p: Shell, base: impl Into<String>) -> Self {
        let texts = p.words.json("web-", SIMULATOR_TEXTS);
        Self {
            p,
            script: "simulator.js",
            attributes: vec![("base", base.into())],
            texts,
            actions: Vec::new(),
        }
    }

    /// The page that shows and tries the API described at `source`.
    pub fn api(p: Shell, source: impl Into<String>) -> Self {
        let texts = p.words.json("web-", API_TEXTS);
        Self {
            p,
            script: "apidocs.js",
            attributes: vec![("source", source.into())],
            texts,
            actions: Vec::new(),
        }
    }

    /// With an action beside the title.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    fn waiting(&self) -> Icon {
        Icon::new("clock")
    }
}

/// Texts of the simulator; the messages are `web-sim-…`.
const SIMULATOR_TEXTS: &[&str] = &[
    "web-sim-bot",
    "web-sim-buttons",
    "web-sim-chat",
    "web-sim-commands",
    "web-sim-connecting",
    "web-sim-edited",
    "web-sim-empty",
    "web-sim-file",
    "web-sim-keyboard",
    "web-sim-language",
    "web-sim-location",
    "web-sim-log",
    "web-sim-my-contact",
    "web-sim-new-person",
    "web-sim-no-variables",
    "web-sim-person",
    "web-sim-photo",
    "web-sim-placeholder",
    "web-sim-restart",
    "web-sim-retry",
    "web-sim-send",
    "web-sim-session",
    "web-sim-share",
    "web-sim-share-contact",
    "web-sim-share-location",
    "web-sim-step",
    "web-sim-typing",
    "web-sim-variables",
    "web-sim-you",
];

/// Texts of the page of the API; the messages are `web-api-…`.
const API_TEXTS: &[&str] = &[
    "web-api-answers",
    "web-api-body",
    "web-api-copy",
    "web-api-key",
    "web-api-key-help",
    "web-api-nothing",
    "web-api-other",
    "web-api-reload",
    "web-api-search",
    "web-api-send",
];
