//! [`App`]: what every handler can reach.

use std::{any::Any, sync::Arc};

use context::{Random, Services};
use db::Db;
use kernel::{Clock, Lang, Result, Zone};
use text::Texts;

use crate::{
    Authenticate,
    pages::{MenuEntry, Words},
};

/// How the server is reached.
#[derive(Debug, Clone, Default)]
pub struct AppConfig {
    /// The address people type, without a trailing slash: `https://shop.example`. Links in messages begin with it.
    pub public_url: String,
    /// Whether the address of a caller is taken from `X-Forwarded-For`, because a proxy of ours stands in front.
    pub behind_proxy: bool,
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
}

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}

impl App {
    /// An app of these parts.
    pub fn new(parts: AppParts) -> Self {
        Self(Arc::new(parts))
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// Every message.
    pub fn texts(&self) -> &Arc<Texts> {
        &self.0.texts
    }

    /// The messages in this language.
    pub fn words(&self, lang: Lang, zone: Zone) -> Words {
        Words::new(Arc::clone(&self.0.texts), lang, zone)
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// Ids and randomness.
    pub fn random(&self) -> &Random {
        &self.0.random
    }

    /// How the server is reached.
    pub fn config(&self) -> &AppConfig {
        &self.0.config
    }

    /// Signs CSRF tokens and file addresses.
    pub fn secret(&self) -> &[u8; 32] {
        &self.0.secret
    }

    /// The side menu, of all modules.
    pub fn menu(&self) -> &[MenuEntry] {
        &self.0.menu
    }

    /// The process's services.
    pub fn services(&self) -> &Services {
        &self.0.services
    }

    /// The one `T` of this process.
    pub fn service<T: Any + Send + Sync>(&self) -> Result<Arc<T>> {
        self.0.services.get()
    }

    pub(crate) fn authenticate(&self) -> &dyn Authenticate {
        self.0.authenticate.as_ref()
    }
}
