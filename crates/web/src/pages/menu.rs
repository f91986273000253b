//! The side menu: what the modules put into it, and what one person sees of it.

use context::{Permission, Permissions};

use super::Words;

/// The parts of the menu, in the order they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// The first page; stands without a heading.
    Home,
    /// Orders, customers, cash.
    Sales,
    /// Products, stock, purchases.
    Goods,
    /// Bots, conversations, broadcasts.
    Bots,
    /// Tickets, applications, surveys.
    Desk,
    /// Ledger, reports, tax.
    Books,
    /// Members, keys, audit log, settings.
    Settings,
}

impl Section {
    const fn key(self) -> &'static str {
        match self {
            Self::Home => "web-menu-home",
            Self::Sales => "web-menu-sales",
            Self::Goods => "web-menu-goods",
            Self::Bots => "web-menu-bots",
            Self::Desk => "web-menu-desk",
            Self::Books => "web-menu-books",
            Self::Settings => "web-menu-settings",
        }
    }
}

/// A module's entry in the menu.
#[derive(Debug, Clone, Copy)]
pub struct MenuEntry {
    /// Where it stands.
    pub section: Section,
    /// Its place within the section, from the top.
    pub order: u8,
    /// The page's address.
    pub href: &'static str,
    /// The key of its name.
    pub text: &'static str,
    /// Its icon (web/icons.txt).
    pub icon: &'static str,
    /// Who sees it; `None` is everybody signed in. A page for whoever has one of several permissions has an entry for
    /// each, equal in all else: it is shown once.
    pub permission: Option<Permission>,
}

/// A part of one person's menu.
#[derive(Debug, Clone)]
pub struct MenuGroup {
    /// Its heading; empty for the first.
    pub label: String,
    /// Its links.
    pub links: Vec<MenuLink>,
}

/// A link of one person's menu.
#[derive(Debug, Clone)]
pub struct MenuLink {
    /// The page's address.
    pub href: &'static str,
    /// Its name.
    pub label: String,
    /// Its icon.
    pub icon: &'static str,
    /// Whether the page shown is this one or lies under it.
    pub current: bool,
    /// What waits there; nothing is shown for `None`.
    pub count: Option<i64>,
}

/// The menu of somebody with `permissions` who is at `path`. Of entries whose address begins the path, the longest
/// is the current one.
pub fn menu(entries: &[MenuEntry], permissions: Permissions, path: &str, words: &Words) -> Vec<MenuGroup> {
    let mut seen: Vec<&MenuEntry> = entries
        .iter()
        .filter(|entry| entry.permission.is_none_or(|permission| permissions.has(permission)))
        .collect();
    seen.sort_by_key(|entry| (entry.section, entry.order, entry.href));
    seen.dedup_by_key(|entry| (entry.section, entry.href));
    let bare = path.split('?').next().unwrap_or_default();
    let current = seen
        .iter()
        .filter(|entry| is_under(bare, entry.href))
        .map(|entry| entry.href)
        .max_by_key(|href| href.len());
    let mut groups: Vec<(Section, MenuGroup)> = Vec::new();
    for entry in seen {
        let MenuEntry { section, order: _, href, text, icon, permission: _ } = *entry;
        let link = MenuLink { href, label: words.t(text), icon, current: current == Some(href), count: None };
        match groups.last_mut() {
            Some((last, group)) if *last == section => group.links.push(link),
            _ => {
                let label = if section == Section::Home { String::new() } else { words.t(section.key()) };
                groups.push((section, MenuGroup { label, links: vec![link] }));
            }
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The first page is under no other, and no other is under it.
fn is_under(path: &str, href: &str) -> bool {
    path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
