//! An account of the chart. Pure.

use std::str::FromStr;

use kernel::{Checks, Error, Id, Lang, Result, Text};

/// Characters of a code at most.
pub const MAX_CODE: usize = 10;
/// Characters of a name at most.
pub const MAX_NAME: usize = 150;
/// Accounts of one workspace at most: a chart is read whole.
pub const MAX_ACCOUNTS: usize = 2_000;

/// What an account is to the balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountKind {
    /// What the business has: grows by debit.
    Active,
    /// Where it came from: grows by credit.
    Passive,
    /// Takes away from another account: depreciation, returns.
    Contra,
    /// Revenue and expense: emptied into the result at the end of a year.
    Transit,
    /// Beside the balance: its lines have no other side.
    OffBalance,
}

impl AccountKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Active, Self::Passive, Self::Contra, Self::Transit, Self::OffBalance];

    /// The word that is stored and that the API speaks.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Passive => "passive",
            Self::Contra => "contra",
            Self::Transit => "transit",
            Self::OffBalance => "off_balance",
        }
    }

    /// The key of its name.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Active => "ledger-kind-active",
            Self::Passive => "ledger-kind-passive",
            Self::Contra => "ledger-kind-contra",
            Self::Transit => "ledger-kind-transit",
            Self::OffBalance => "ledger-kind-off-balance",
        }
    }
}

impl FromStr for AccountKind {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self> {
        let unknown = || Error::field("kind", Text::new("ledger-kind-unknown"));
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(unknown)
    }
}

/// An account's name in three languages; those that nobody gave are empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// In Uzbek, Latin script.
    pub uz: String,
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

impl Names {
    /// The name in `lang`, or in the language that there is one in.
    pub fn get(&self, lang: Lang) -> &str {
        let Self { uz, ru, en } = self;
        let wanted = match lang {
            Lang::Uz => uz,
            Lang::Ru => ru,
            Lang::En => en,
        };
        [wanted, uz, ru, en].into_iter().find(|name| !name.is_empty()).map_or("", String::as_str)
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: Id<Account>,
    /// `5010`.
    pub code: String,
    /// What it is to the balance.
    pub kind: AccountKind,
    /// What it is called.
    pub name: Names,
    /// Whether entries may name it; a group only gathers others.
    pub postable: bool,
    /// Of the standard chart, or the workspace's own.
    pub standard: bool,
    /// Whether new entries may name it.
    pub active: bool,
}

impl Account {
    /// The code of the group that it stands in: `5000` for `5010`. A group, and what stands beside the balance, has
    /// none.
    pub fn group_code(&self) -> Option<String> {
        let start = self.code.get(..2)?;
        (self.kind != AccountKind::OffBalance && self.postable).then(|| format!("{start}00"))
    }

    /// Whether its code begins with what was typed, or a name has it, in either script.
    pub(crate) fn fits(&self, q: &str) -> bool {
        let folded = uztext::fold(q);
        let Names { uz, ru, en } = &self.name;
        let has = |name: &String| uztext::fold(name).contains(&folded);
        self.code.starts_with(q.trim()) || [uz, ru, en].into_iter().any(has)
    }

    /// `5010 Kassa`.
    pub fn label(&self, lang: Lang) -> String {
        format!("{} {}", self.code, self.name.get(lang))
    }
}

/// What people write of an account of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// Its code: digits, and letters or dots for sub-accounts.
    pub code: String,
    /// What it is to the balance.
    pub kind: AccountKind,
    /// What it is called, in one language at least.
    pub name: Names,
    /// Whether new entries may name it.
    pub active: bool,
}

impl NewAccount {
    /// The same, tidy; or everything that is wrong with it.
    pub fn check(self) -> Result<Self> {
        let Self { code, kind, name, active } = self;
        let mut checks = Checks::new();
        let code = checks.required_line("code", &code, MAX_CODE);
        let fits = code.len() >= 3
            && code.starts_with(|c: char| c.is_ascii_digit())
            && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
        if !checks.has("code") {
            checks.hold(fits, "code", Text::new("ledger-code-malformed"));
        }
        let name = name.check(&mut checks);
        checks.done().map(|()| Self { code, kind, name, active })
    }
}

impl Names {
    /// The same, tidy; what is wrong goes to `checks`.
    pub(crate) fn check(self, checks: &mut Checks) -> Self {
        let Self { uz, ru, en } = self;
        let names = Self {
            uz: checks.line("name_uz", &uz, MAX_NAME),
            ru: checks.line("name_ru", &ru, MAX_NAME),
            en: checks.line("name_en", &en, MAX_NAME),
        };
        let wrong = ["name_uz", "name_ru", "name_en"].iter().any(|field| checks.has(field));
        if !wrong {
            let given = !names.get(Lang::Uz).is_empty();
            checks.hold(given, "name_uz", Text::new("kernel-text-missing"));
        }
        names
    }
}
