//! A session: somebody signed in on one device. Pure.

use std::str::FromStr;

use kernel::{Error, Id, PersonId, Timestamp, WorkspaceId};

/// Days after which a session that nobody used ends.
pub const IDLE_DAYS: i64 = 30;
/// Days after which every session ends.
pub const LIFE_DAYS: i64 = 90;
/// Milliseconds between two notes of "seen": a note a request would be a write a request.
pub const NOTED_EVERY_MS: i64 = 60_000;

const DAY_MS: i64 = 86_400_000;

/// Sessions of one person that are held by tokens; when there are more, the one used longest ago ends. A program that
/// signs in for every call would otherwise fill the list.
pub const TOKEN_SESSIONS_AT_MOST: i64 = 50;

/// What holds a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// The cookie of a browser that shows our pages.
    Page,
    /// Tokens of a dashboard or another program: an access token for a short time, a refresh token for the next one.
    Token,
}

impl SessionKind {
    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Token => "token",
        }
    }
}

impl FromStr for SessionKind {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self, Error> {
        [Self::Page, Self::Token].into_iter().find(|kind| kind.word() == word).ok_or_else(Error::not_found)
    }
}

/// Somebody signed in on one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, which is no secret.
    pub id: Id<Session>,
    /// Who.
    pub person: PersonId,
    /// The workspace that is open.
    pub at_workspace: WorkspaceId,
    /// What holds it.
    pub kind: SessionKind,
    /// What the browser calls itself.
    pub agent: String,
    /// The address it was made from.
    pub origin: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used, give or take a minute.
    pub seen_at: Timestamp,
}

/// Whether a session made and last seen at these moments still holds at `now`.
pub const fn holds(created_at: Timestamp, seen_at: Timestamp, now: Timestamp) -> bool {
    now.millis_since(created_at) < LIFE_DAYS * DAY_MS && now.millis_since(seen_at) < IDLE_DAYS * DAY_MS
}

impl Session {
    /// Whether it still holds.
    pub const fn holds(&self, now: Timestamp) -> bool {
        holds(self.created_at, self.seen_at, now)
    }
}

/// A browser in a few words: `Chrome · Android`. What a header holds is a stranger's text; only names from here are
/// shown of it.
pub fn device(agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = first(&[
        ("YaBrowser", "Yandex"),
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari", "Safari"),
        ("curl", "curl"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Macintosh", "macOS"),
        ("Linux", "Linux"),
    ]);
    [browser, system].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_after_thirty_idle_days_and_after_ninety_in_all() {
        let start = Timestamp::from_millis(1_790_000_000_000);
        let day = |n: i64| start.plus_millis(n * DAY_MS);
        assert!(holds(start, start, day(30).plus_millis(-1)));
        assert!(!holds(start, start, day(30)));
        assert!(holds(start, day(80), day(90).plus_millis(-1)));
        assert!(!holds(start, day(89), day(90)));
    }

    #[test]
    fn a_device_is_named_by_names_we_know_only() {
        let android =
            "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36";
        assert_eq!(device(android), "Chrome · Android");
        assert_eq!(device("<script>alert(1)</script>"), "");
    }
}
