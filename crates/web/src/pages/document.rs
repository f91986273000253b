//! Documents that other domains speak of: an entry of the ledger says what it was posted for, a transaction of the cash
//! what it was paid for. Whoever owns a kind of document says here how it is called and where its page is.

use context::Permission;
use uuid::Uuid;

use super::{Cell, Facts, Shell};

/// What the address of a document's page ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressedBy {
    /// The number that people call it by.
    Number,
    /// Its id, where numbers begin anew each year.
    Id,
}

/// A kind of document that has pages.
#[derive(Debug, Clone, Copy)]
pub struct DocumentKind {
    /// The word that is stored with what comes of it: `sales_delivery`.
    pub kind: &'static str,
    /// The key of its name, with its `number`.
    pub text: &'static str,
    /// Where its pages lie: `/deliveries`.
    pub list: &'static str,
    /// What their addresses end with.
    pub by: AddressedBy,
    /// Who may open them.
    pub permission: Permission,
}

/// A document as one reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentName {
    /// How it is called.
    pub text: String,
    /// Its page, where the reader may open it.
    pub href: Option<String>,
}

impl DocumentName {
    /// As a cell of a table.
    pub fn cell(self) -> Cell {
        match self.href {
            Some(href) => Cell::link(href, self.text),
            None => Cell::text(self.text),
        }
    }

    /// As a fact of a page.
    pub fn fact(self, facts: Facts, label: impl Into<String>) -> Facts {
        match self.href {
            Some(href) => facts.link(label, self.text, href),
            None => facts.text(label, self.text),
        }
    }
}

impl Shell {
    /// The document of this kind, which people know by `number`; `None` when nobody said what such documents are.
    pub fn document(&self, kind: &str, id: Uuid, number: Option<i64>) -> Option<DocumentName> {
        let DocumentKind { kind: _, text, list, by, permission } =
            self.documents.iter().find(|known| known.kind == kind)?;
        let number = number.map(|number| number.to_string());
        let key = match (by, &number) {
            (AddressedBy::Number, Some(number)) => number.clone(),
            (AddressedBy::Number, None) | (AddressedBy::Id, _) => id.to_string(),
        };
        let href = self.can(*permission).then(|| format!("{list}/{key}"));
        Some(DocumentName { text: self.t1(text, "number", number.unwrap_or_default()), href })
    }
}
