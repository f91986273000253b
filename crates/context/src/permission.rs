//! The grid of permissions (SPEC ACC-6): areas by verbs.

use std::fmt;

macro_rules! permissions {
    ($($name:ident = $word:literal),* $(,)?) => {
        /// One cell of the grid: what may be done in which area.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "the words say it")]
        pub enum Permission { $($name),* }

        impl Permission {
            /// All of them, in the order of the grid.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word that is stored and shown in the API: `sales.edit`.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }
        }
    };
}

permissions! {
    SalesRead = "sales.read", SalesCreate = "sales.create", SalesEdit = "sales.edit", SalesDelete = "sales.delete",
    InventoryRead = "inventory.read", InventoryCreate = "inventory.create",
    InventoryEdit = "inventory.edit", InventoryDelete = "inventory.delete",
    PurchasesRead = "purchases.read", PurchasesCreate = "purchases.create",
    PurchasesEdit = "purchases.edit", PurchasesDelete = "purchases.delete",
    FinanceRead = "finance.read", FinanceCreate = "finance.create",
    FinanceEdit = "finance.edit", FinanceDelete = "finance.delete",
    ReportsRead = "reports.read", ReportsExport = "reports.export",
    UsersRead = "users.read", UsersCreate = "users.create", UsersEdit = "users.edit", UsersDelete = "users.delete",
    SettingsRead = "settings.read", SettingsEdit = "settings.edit",
    TicketsRead = "tickets.read", TicketsCreate = "tickets.create",
    TicketsEdit = "tickets.edit", TicketsDelete = "tickets.delete",
    ApplicationsRead = "applications.read", ApplicationsCreate = "applications.create",
    ApplicationsEdit = "applications.edit", ApplicationsDelete = "applications.delete",
    SurveysRead = "surveys.read", SurveysCreate = "surveys.create",
    SurveysEdit = "surveys.edit", SurveysDelete = "surveys.delete",
    BotsRead = "bots.read", BotsCreate = "bots.create", BotsEdit = "bots.edit", BotsDelete = "bots.delete",
    BroadcastRead = "broadcast.read", BroadcastCreate = "broadcast.create",
    AuditRead = "audit.read",
}

impl Permission {
    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.word() == word)
    }

    /// The area, the part before the dot.
    pub fn area(self) -> &'static str {
        self.word().split('.').next().unwrap_or_default()
    }

    /// The verb, the part after the dot.
    pub fn verb(self) -> &'static str {
        self.word().split('.').nth(1).unwrap_or_default()
    }

    #[expect(clippy::as_conversions, reason = "a fieldless enum of fewer than 64 names")]
    const fn bit(self) -> u64 {
        1 << (self as u8)
    }
}

/// A set of permissions: what a role gives, what a key is scoped to.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions(u64);

impl Permissions {
    /// None.
    pub const NONE: Self = Self(0);
    /// All.
    pub const ALL: Self = Self(u64::MAX);

    /// Whether `permission` is in it.
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// The set with one more.
    #[must_use]
    pub const fn with(self, permission: Permission) -> Self {
        Self(self.0 | permission.bit())
    }

    /// What is in both: a key never does more than the person who made it may.
    #[must_use]
    pub const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether every permission of it is in `other`.
    pub const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The permissions in it, in the order of the grid.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.has(*permission))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(items: I) -> Self {
        items.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Permission::word)).finish()
    }
}
