//! What others may read of contacts, and the lists of pages and API.

use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Id, Page, PageRequest, Phone, Result, Tin};

use crate::{Contact, store};

/// Which contacts are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct ContactFilter {
    /// Each of these words, in either script, begins a word of the name, or an end of the phone.
    pub q: Option<String>,
    /// Those who buy, or who do not.
    pub is_customer: Option<bool>,
    /// Those who supply, or who do not.
    pub is_supplier: Option<bool>,
    /// With this phone.
    pub phone: Option<Phone>,
    /// With this TIN.
    pub tin: Option<Tin>,
    /// In which order.
    pub order: ContactOrder,
    /// From the end of that order.
    pub descending: bool,
}

/// The orders a list of contacts can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContactOrder {
    /// By name, in the Uzbek alphabet, both scripts in one.
    #[default]
    Name,
    /// By number, that is by age.
    Number,
}

impl ContactOrder {
    /// The word in `?ordering=`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Number => "id",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Name, Self::Number].into_iter().find(|order| order.word() == word)
    }
}

/// The contact with this id, a deleted one too: documents that name it show it.
pub fn get(ctx: &Ctx, tx: &mut ReadTx, id: Id<Contact>) -> Result<Contact> {
    ctx.require(Permission::SalesRead)?;
    store::get(ctx, tx, id)
}

/// The contacts with these ids, deleted ones too, in this order; ids the workspace does not have are left out.
pub fn get_many(ctx: &Ctx, tx: &mut ReadTx, ids: &[Id<Contact>]) -> Result<Vec<Contact>> {
    store::get_many(ctx, tx, ids)
}

/// The contact with this number, unless it was deleted.
pub fn find_by_number(ctx: &Ctx, tx: &mut ReadTx, number: i64) -> Result<Option<Contact>> {
    Ok(store::list_by_numbers(ctx, tx, &[number])?.pop())
}

/// The contacts with these numbers, unless they were deleted; unknown numbers are left out.
pub fn find_by_numbers(ctx: &Ctx, tx: &mut ReadTx, numbers: &[i64]) -> Result<Vec<Contact>> {
    store::list_by_numbers(ctx, tx, numbers)
}

/// The contact with this phone, unless it was deleted.
pub fn find_by_phone(ctx: &Ctx, tx: &mut ReadTx, phone: &Phone) -> Result<Option<Contact>> {
    store::find_by_phone(ctx, tx, phone.as_str())
}

/// The part `page` of the contacts that fit.
pub fn list(ctx: &Ctx, tx: &mut ReadTx, filter: &ContactFilter, page: PageRequest) -> Result<Page<Contact>> {
    ctx.require(Permission::SalesRead)?;
    store::list(ctx, tx, filter, page)
}
