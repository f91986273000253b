//! [`App`]: what every handler can reach.

use std::{any::Any, sync::Arc};

use context::{Random, Services};
use db::Db;
use kernel::{Clock, Lang, Result, Zone};
use text::Texts;
use tokio_util::sync::CancellationToken;

use crate::{
    Authenticate, Origins, UsageKind,
    pages::{DocumentKind, MenuEntry, Words},
};

/// How the server is reached.
#[derive(Debug, Clone, Default)]
pub struct AppConfig {
    /// The address people type, without a trailing slash: `https://shop.example`. Links in messages begin with it.
    pub public_url: String,
    /// Whether the address of a caller is taken from `X-Forwarded-For`, because a proxy of ours stands in front.
    pub behind_proxy: bool,
    /// The sites whose pages may call the API and read its answers.
    pub origins: Origins,
}

impl AppConfig {
    /// Whether people reach the server by HTTPS, so that cookies may ask for it.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// What an [`App`] is made of.
pub struct AppParts {
    /// The database.
    pub db: Db,
    /// Every message.
    pub texts: Arc<Texts>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Ids and randomness.
    pub random: Random,
    /// Who a caller is.
    pub authenticate: Arc<dyn Authenticate>,
    /// The process's services.
    pub services: Services,
    /// Signs CSRF tokens and file addresses; 32 random bytes that outlive the process.
    pub secret: [u8; 32],
    /// How the server is reached.
    pub config: AppConfig,
    /// The side menu, of all modules.
    pub menu: Vec<MenuEntry>,
    /// The kinds of documents that have pages, of all modules.
    pub documents: Arc<[DocumentKind]>,
    /// What a workspace has, of all modules.
    pub usage: Vec<UsageKind>,
}

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct App {
    parts: Arc<AppParts>,
    stopping: CancellationToken,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}

impl App {
    /// An app of these parts.
    pub fn new(parts: AppParts) -> Self {
        Self { parts: Arc::new(parts), stopping: CancellationToken::new() }
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.parts.db
    }

    /// Every message.
    pub fn texts(&self) -> &Arc<Texts> {
        &self.parts.texts
    }

    /// The messages in this language.
    pub fn words(&self, lang: Lang, zone: Zone) -> Words {
        Words::new(Arc::clone(&self.parts.texts), lang, zone)
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.parts.clock
    }

    /// Ids and randomness.
    pub fn random(&self) -> &Random {
        &self.parts.random
    }

    /// How the server is reached.
    pub fn config(&self) -> &AppConfig {
        &self.parts.config
    }

    /// Signs CSRF tokens and file addresses.
    pub fn secret(&self) -> &[u8; 32] {
        &self.parts.secret
    }

    /// The side menu, of all modules.
    pub fn menu(&self) -> &[MenuEntry] {
        &self.parts.menu
    }

    /// The kinds of documents that have pages, of all modules.
    pub fn documents(&self) -> &Arc<[DocumentKind]> {
        &self.parts.documents
    }

    /// What a workspace has, of all modules.
    pub fn usage(&self) -> &[UsageKind] {
        &self.parts.usage
    }

    /// The process's services.
    pub fn services(&self) -> &Services {
        &self.parts.services
    }

    /// The one `T` of this process.
    pub fn service<T: Any + Send + Sync>(&self) -> Result<Arc<T>> {
        self.parts.services.get()
    }

    /// Told when the server is about to stop: what would go on for long ends then.
    pub const fn stopping(&self) -> &CancellationToken {
        &self.stopping
    }

    pub(crate) fn authenticate(&self) -> &dyn Authenticate {
        self.parts.authenticate.as_ref()
    }
}
