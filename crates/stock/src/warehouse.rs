//! A place where goods lie.

use kernel::{Id, Timestamp};

/// A place where goods lie: a shop, a store room, a van.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warehouse {
    /// Its id.
    pub id: Id<Warehouse>,
    /// Its number in the workspace, which the API speaks.
    pub number: i64,
    /// What people call it.
    pub name: String,
    /// Whether it is taken where nobody names one. One is.
    pub is_default: bool,
    /// Whether more may go out of it than lies there.
    pub may_be_negative: bool,
    /// Whether goods may still move through it.
    pub active: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Warehouse {
    /// What can be said of it, as it stands.
    pub fn content(&self) -> NewWarehouse {
        let Self { id: _, number: _, name, is_default, may_be_negative, active, created_at: _ } =
            self.clone();
        NewWarehouse { name, may_be_negative, is_default, active }
    }
}

/// What people say of a warehouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWarehouse {
    /// What to call it.
    pub name: String,
    /// Whether more may go out of it than lies there.
    pub may_be_negative: bool,
    /// Whether to take it where nobody names one.
    pub is_default: bool,
    /// Whether goods may move through it.
    pub active: bool,
}

impl Default for NewWarehouse {
    fn default() -> Self {
        Self { name: String::new(), may_be_negative: false, is_default: false, active: true }
    }
}
