//! What the layout around a page needs. Templates call it `p`.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use context::{Permission, Permissions};
use kernel::{Arg, Date, Lang, Money, Quantity, Text, Timestamp};
use serde::{Deserialize, Serialize};

use super::{DocumentKind, Icon, MenuGroup, Notice, Tone, Words};
use crate::assets;

/// Texts of the script that every page loads; the messages are `web-js-…`.
const SCRIPT_TEXTS: &[&str] = &[
    "web-js-close",
    "web-js-combobox-empty",
    "web-js-confirm-title",
    "web-js-confirm-yes",
    "web-js-copied",
    "web-js-copy-failed",
    "web-js-failed",
    "web-js-network-lost",
    "web-js-signed-out",
];

/// Everything that the layout shows around a page, and the words of the page itself.
#[derive(Debug, Clone)]
pub struct Shell {
    /// The reader's language at hand.
    pub words: Words,
    /// The page's title, already in words.
    pub title: String,
    /// A sentence under the title; may be empty.
    pub lead: String,
    /// The address of this page with its query.
    pub path: String,
    /// The workspace's name; empty where there is none yet.
    pub workspace: String,
    /// Who is signed in.
    pub member: Option<Member>,
    /// What they may do: pages hide the rest.
    pub permissions: Permissions,
    /// The side menu, already without what they may not open.
    pub menu: Vec<MenuGroup>,
    /// The kinds of documents that have pages.
    pub documents: Arc<[DocumentKind]>,
    /// The way here, without the page itself.
    pub crumbs: Vec<Crumb>,
    /// The token that forms send back.
    pub csrf: String,
    /// Notices to show once.
    pub toasts: Vec<Toast>,
    /// What stands above every page until it is settled.
    pub banners: Vec<Notice>,
    /// `dark` or `light`, as the member's profile says; the switch in the header is this device's own choice over it.
    pub theme: &'static str,
    /// Whether the page is one column of reading width.
    pub narrow: bool,
    form_key: String,
    forms: Arc<AtomicU32>,
}

/// Who is signed in, as the user's menu shows them.
#[derive(Debug, Clone)]
pub struct Member {
    /// Their name.
    pub name: String,
    /// Under the name: e-mail or role.
    pub note: String,
    /// Whether they belong to other workspaces too.
    pub has_other_workspaces: bool,
    /// Whether they run the server.
    pub is_operator: bool,
}

/// A step of the way to a page.
#[derive(Debug, Clone)]
pub struct Crumb {
    /// Its address.
    pub href: String,
    /// Its name.
    pub label: String,
}

/// A notice in the corner, shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toast {
    /// Its colour and urgency.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

impl Shell {
    /// A shell for nobody in particular: no member, no menu. `form_key` is a fresh id; the keys of the page's
    /// forms begin with it.
    pub fn new(words: Words, path: impl Into<String>, csrf: impl Into<String>, form_key: String) -> Self {
        Self {
            words,
            title: String::new(),
            lead: String::new(),
            path: path.into(),
            workspace: String::new(),
            member: None,
            permissions: Permissions::NONE,
            menu: Vec::new(),
            documents: Arc::default(),
            crumbs: Vec::new(),
            csrf: csrf.into(),
            toasts: Vec::new(),
            banners: Vec::new(),
            theme: "dark",
            narrow: false,
            form_key,
            forms: Arc::default(),
        }
    }

    /// The same shell with the title `key`.
    #[must_use]
    pub fn titled(self, key: &'static str) -> Self {
        let title = self.words.t(key);
        self.named(title)
    }

    /// The same shell titled with words that are not ours: a product's name, an order's number.
    #[must_use]
    pub fn named(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// The same shell with the sentence `key` under the title.
    #[must_use]
    pub fn lead(mut self, key: &'static str) -> Self {
        self.lead = self.words.t(key);
        self
    }

    /// The same shell with one more step of the way.
    #[must_use]
    pub fn crumb(mut self, href: impl Into<String>, key: &'static str) -> Self {
        let label = self.words.t(key);
        self.crumbs.push(Crumb { href: href.into(), label });
        self
    }

    /// The same shell with one more step whose name is not ours.
    #[must_use]
    pub fn crumb_named(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.crumbs.push(Crumb { href: href.into(), label: label.into() });
        self
    }

    /// The same shell at reading width, for forms and texts.
    #[must_use]
    pub const fn narrow(mut self) -> Self {
        self.narrow = true;
        self
    }

    /// The same shell with one more notice.
    #[must_use]
    pub fn toast(mut self, tone: Tone, text: &Text) -> Self {
        let text = self.words.say(text);
        self.toasts.push(Toast { tone, text });
        self
    }

    /// Whether whoever reads may do this; for hiding, never for deciding.
    pub const fn can(&self, permission: Permission) -> bool {
        self.permissions.has(permission)
    }

    /// A key for one form of this page, so that sending it twice does its work once.
    pub fn next_form_key(&self) -> String {
        format!("{}-{}", self.form_key, self.forms.fetch_add(1, Ordering::Relaxed))
    }

    /// The address of a built asset: `app.css` → `/assets/app-3f2a….css`.
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// An icon of the sprite (web/icons.txt), hidden from screen readers.
    pub fn icon(&self, name: &'static str) -> Icon {
        Icon::new(name)
    }

    /// The same at the end of its row.
    pub fn icon_end(&self, name: &'static str) -> Icon {
        Icon::end(name)
    }

    /// Texts of the page's script, as JSON.
    pub fn script_texts(&self) -> String {
        self.words.json("web-js-", SCRIPT_TEXTS)
    }

    /// The reader's language.
    pub const fn lang(&self) -> Lang {
        self.words.lang
    }

    /// The languages offered.
    pub const fn languages(&self) -> [Lang; 3] {
        Lang::ALL
    }

    /// The path without its query, encoded as a value of a query.
    pub fn back(&self) -> String {
        serde_urlencoded::to_string([("back", self.path.as_str())]).unwrap_or_default()
    }

    /// The message `key`.
    pub fn t(&self, key: &str) -> String {
        self.words.t(key)
    }

    /// The message `key` with one argument.
    pub fn t1(&self, key: &'static str, name: &'static str, value: impl Into<Arg>) -> String {
        self.words.t1(key, name, value)
    }

    /// The sentence of a text that carries its arguments.
    pub fn say(&self, text: &Text) -> String {
        self.words.say(text)
    }

    /// Money in so'm, without the currency's name.
    pub fn money(&self, money: Money) -> String {
        self.words.money(money)
    }

    /// A quantity, without its unit.
    pub fn quantity(&self, quantity: Quantity) -> String {
        self.words.quantity(quantity)
    }

    /// A whole number.
    pub fn number(&self, number: i64) -> String {
        self.words.number(number)
    }

    /// `20.11.2026`.
    pub fn date(&self, date: Date) -> String {
        self.words.date(date)
    }

    /// `20.11.2026 14:05`.
    pub fn time(&self, at: Timestamp) -> String {
        self.words.time(at)
    }
}

impl Member {
    /// The letters of the round picture.
    pub fn initials(&self) -> String {
        self.name.split_whitespace().take(2).filter_map(|word| word.chars().next()).collect()
    }
}
