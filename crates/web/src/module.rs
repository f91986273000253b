//! What a domain gives to the application.

use axum::Router;
use context::Ctx;
use db::{Migrations, ReadTx};
use kernel::Result;
use text::TextFiles;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    App,
    pages::{DocumentKind, MenuEntry},
};

/// A domain's part of the application. Jobs and listeners come apart from it, as `jobs::Work`.
#[derive(Default)]
pub struct Module {
    /// The crate's name.
    pub name: &'static str,
    /// Its tables.
    pub migrations: Option<Migrations>,
    /// Its messages.
    pub texts: Option<TextFiles>,
    /// Its REST routes, each with the whole path and its OpenAPI.
    pub api: OpenApiRouter<App>,
    /// Its pages and other routes that are not REST.
    pub pages: Router<App>,
    /// Its entries of the side menu.
    pub menu: Vec<MenuEntry>,
    /// The kinds of documents that have pages here.
    pub documents: Vec<DocumentKind>,
    /// What a workspace has of what is kept here, for whoever runs the server.
    pub usage: Vec<UsageKind>,
}

/// How much a workspace has of something.
#[derive(Debug, Clone, Copy)]
pub struct UsageKind {
    /// The word of the API: `bots`.
    pub word: &'static str,
    /// The key of its name.
    pub text: &'static str,
    /// Counts it in the context's workspace, at its moment.
    pub count: fn(&Ctx, &mut ReadTx) -> Result<i64>,
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Module({})", self.name)
    }
}

impl Module {
    /// A module of this name, with nothing yet.
    pub fn new(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    /// With its tables.
    #[must_use]
    pub fn migrations(mut self, migrations: Migrations) -> Self {
        self.migrations = Some(migrations);
        self
    }

    /// With its messages.
    #[must_use]
    pub fn texts(mut self, texts: TextFiles) -> Self {
        self.texts = Some(texts);
        self
    }

    /// With its REST routes.
    #[must_use]
    pub fn api(mut self, api: OpenApiRouter<App>) -> Self {
        self.api = api;
        self
    }

    /// With its pages.
    #[must_use]
    pub fn pages(mut self, pages: Router<App>) -> Self {
        self.pages = pages;
        self
    }

    /// With its entries of the side menu.
    #[must_use]
    pub fn menu(mut self, menu: impl IntoIterator<Item = MenuEntry>) -> Self {
        self.menu.extend(menu);
        self
    }

    /// With the kinds of documents that have pages here.
    #[must_use]
    pub fn documents(mut self, documents: impl IntoIterator<Item = DocumentKind>) -> Self {
        self.documents.extend(documents);
        self
    }

    /// With what a workspace has of what is kept here.
    #[must_use]
    pub fn usage(mut self, usage: impl IntoIterator<Item = UsageKind>) -> Self {
        self.usage.extend(usage);
        self
    }
}
