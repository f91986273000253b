//! Roles: five that every workspace has (SPEC ACC-6, seed 003) and those it makes itself. Pure.

use std::{fmt, str::FromStr};

use context::{Permission, Permissions};
use kernel::{Error, Id, Text, Timestamp};
use serde::Serialize;

use Permission::{
    ApplicationsCreate, ApplicationsEdit, ApplicationsRead, AuditRead, BotsCreate, BotsEdit, BotsRead,
    BroadcastCreate, BroadcastRead, FinanceCreate, FinanceDelete, FinanceEdit, FinanceRead, InventoryCreate,
    InventoryDelete, InventoryEdit, InventoryRead, PurchasesCreate, PurchasesDelete, PurchasesEdit,
    PurchasesRead, ReportsExport, ReportsRead, SalesCreate, SalesDelete, SalesEdit, SalesRead, SettingsRead,
    SurveysCreate, SurveysEdit, SurveysRead, TicketsCreate, TicketsDelete, TicketsEdit, TicketsRead,
    UsersRead,
};

/// Which role it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RoleKind {
    /// Everything.
    Admin,
    /// Every module, but not who may what.
    Manager,
    /// Sales and cash.
    Cashier,
    /// Stock and goods that come in.
    Warehouse,
    /// Looks, and changes little.
    User,
    /// Made by the workspace.
    Custom,
}

impl RoleKind {
    /// The roles that every workspace has, in the order they are offered.
    pub const BUILT_IN: [Self; 5] = [Self::Admin, Self::Manager, Self::Cashier, Self::Warehouse, Self::User];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Cashier => "cashier",
            Self::Warehouse => "warehouse",
            Self::User => "user",
            Self::Custom => "custom",
        }
    }

    /// The key of its name; `None` for a role that the workspace named itself.
    pub const fn text_key(self) -> Option<&'static str> {
        match self {
            Self::Admin => Some("auth-role-admin"),
            Self::Manager => Some("auth-role-manager"),
            Self::Cashier => Some("auth-role-cashier"),
            Self::Warehouse => Some("auth-role-warehouse"),
            Self::User => Some("auth-role-user"),
            Self::Custom => None,
        }
    }

    /// What a built-in role gives. It stands here and not in the workspace's rows, so that a permission which a
    /// later release brings reaches the roles of every workspace.
    pub fn permissions(self) -> Option<Permissions> {
        let of = |list: &[Permission]| Some(list.iter().copied().collect());
        match self {
            Self::Admin => Some(Permission::ALL.iter().copied().collect()),
            Self::Manager => of(MANAGER),
            Self::Cashier => of(CASHIER),
            Self::Warehouse => of(WAREHOUSE),
            Self::User => of(USER),
            Self::Custom => None,
        }
    }
}

/// All modules; reads members, settings and the log.
const MANAGER: &[Permission] = &[
    SalesRead,
    SalesCreate,
    SalesEdit,
    SalesDelete,
    InventoryRead,
    InventoryCreate,
    InventoryEdit,
    InventoryDelete,
    PurchasesRead,
    PurchasesCreate,
    PurchasesEdit,
    PurchasesDelete,
    FinanceRead,
    FinanceCreate,
    FinanceEdit,
    FinanceDelete,
    ReportsRead,
    ReportsExport,
    UsersRead,
    SettingsRead,
    TicketsRead,
    TicketsCreate,
    TicketsEdit,
    TicketsDelete,
    ApplicationsRead,
    ApplicationsCreate,
    ApplicationsEdit,
    SurveysRead,
    SurveysCreate,
    SurveysEdit,
    BotsRead,
    BotsCreate,
    BotsEdit,
    BroadcastRead,
    BroadcastCreate,
    AuditRead,
];
/// Sells and takes money; sees what there is to sell.
const CASHIER: &[Permission] = &[
    SalesRead,
    SalesCreate,
    SalesEdit,
    InventoryRead,
    FinanceRead,
    FinanceCreate,
    ReportsRead,
    TicketsRead,
    TicketsCreate,
];
/// Takes goods in, moves and counts them; sees the orders it packs.
const WAREHOUSE: &[Permission] = &[
    SalesRead,
    InventoryRead,
    InventoryCreate,
    InventoryEdit,
    PurchasesRead,
    PurchasesCreate,
    PurchasesEdit,
    ReportsRead,
    TicketsRead,
    TicketsCreate,
];
/// Sees orders and goods.
const USER: &[Permission] = &[SalesRead, InventoryRead, TicketsRead, TicketsCreate];

impl FromStr for RoleKind {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self, Error> {
        let all = Self::BUILT_IN.into_iter().chain([Self::Custom]);
        all.into_iter().find(|kind| kind.word() == word.to_ascii_lowercase()).ok_or_else(Error::not_found)
    }
}

impl fmt::Display for RoleKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A role as input names it: a built-in one by its word, any by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleRef {
    /// `cashier`.
    BuiltIn(RoleKind),
    /// The id.
    Id(Id<Role>),
}

impl RoleRef {
    /// Reads what a form or the API sends; what names no role is an error in words.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::invalid(Text::new("auth-role-missing")));
        }
        match text.parse::<RoleKind>() {
            Ok(kind) if kind != RoleKind::Custom => Ok(Self::BuiltIn(kind)),
            _ => Id::parse(text).map(Self::Id).map_err(|_| Self::unknown()),
        }
    }

    /// There is no such role.
    pub(crate) fn unknown() -> Error {
        Error::invalid(Text::new("auth-role-unknown"))
    }
}

impl From<Id<Role>> for RoleRef {
    fn from(id: Id<Role>) -> Self {
        Self::Id(id)
    }
}

/// A role of a workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct Role {
    /// Its id.
    pub id: Id<Role>,
    /// Which one it is.
    pub kind: RoleKind,
    /// Its name, where the workspace made it; the word of the kind otherwise.
    pub name: String,
    /// What it gives.
    pub permissions: Permissions,
    /// Since when.
    pub created_at: Timestamp,
}

impl Role {
    /// Reads what is stored: the grid of a built-in role is the code's, that of another its own words.
    pub(crate) fn permissions_of(kind: RoleKind, words: &serde_json::Value) -> Permissions {
        kind.permissions().unwrap_or_else(|| from_words(words))
    }
}

/// The permissions that these stored words name; a word of a release gone by gives nothing.
pub(crate) fn from_words(words: &serde_json::Value) -> Permissions {
    let words = words.as_array().map(Vec::as_slice).unwrap_or_default();
    words.iter().filter_map(|word| Permission::parse(word.as_str()?)).collect()
}

/// The permissions that these words of a form or the API name; an unknown one is an error of its place.
pub fn parse_words<'w>(words: impl IntoIterator<Item = &'w str>) -> Result<Permissions, Error> {
    let mut permissions = Permissions::NONE;
    for (place, word) in words.into_iter().enumerate() {
        let unknown = || Error::field(format!("permissions.{place}"), Text::new("auth-permission-unknown"));
        permissions = permissions.with(Permission::parse(word.trim()).ok_or_else(unknown)?);
    }
    Ok(permissions)
}

/// The words of these permissions, as they are stored and as the API speaks them.
pub fn to_words(permissions: Permissions) -> Vec<&'static str> {
    permissions.iter().map(Permission::word).collect()
}

/// An area of the grid with its verbs, in the order of the page.
pub fn grid() -> Vec<(&'static str, Vec<Permission>)> {
    let mut areas: Vec<(&'static str, Vec<Permission>)> = Vec::new();
    for permission in Permission::ALL.iter().copied() {
        match areas.last_mut() {
            Some((area, verbs)) if *area == permission.area() => verbs.push(permission),
            _ => areas.push((permission.area(), vec![permission])),
        }
    }
    areas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_has_every_permission_once() {
        let count: usize = grid().iter().map(|(_, verbs)| verbs.len()).sum();
        assert_eq!(count, Permission::ALL.len());
        assert_eq!(grid().first().map(|(area, verbs)| (*area, verbs.len())), Some(("sales", 4)));
    }

    #[test]
    fn each_role_gives_less_than_the_one_above_it() {
        let grid = |kind: RoleKind| kind.permissions().unwrap();
        for kind in RoleKind::BUILT_IN {
            assert!(grid(kind).is_within(grid(RoleKind::Admin)), "{kind}");
            assert!(grid(RoleKind::User).is_within(grid(kind)), "{kind}");
        }
        for permission in [Permission::UsersCreate, Permission::UsersEdit, Permission::SettingsEdit] {
            assert!(!grid(RoleKind::Manager).has(permission), "{}", permission.word());
        }
    }

    #[test]
    fn words_survive_the_trip_and_unknown_ones_give_nothing() {
        let permissions = RoleKind::Cashier.permissions().unwrap();
        let words = serde_json::json!(to_words(permissions));
        assert_eq!(from_words(&words), permissions);
        assert_eq!(from_words(&serde_json::json!(["moon.read", 5, null])), Permissions::NONE);
        assert_eq!("ADMIN".parse::<RoleKind>().unwrap(), RoleKind::Admin);
    }
}
