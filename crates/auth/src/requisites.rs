//! What a company's papers say of it besides name and address: its bank, its code, who signs. Pure but for the reading.

use context::{Ctx, get_setting};
use db::ReadTx;
use kernel::{Error, Result, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::input::{self, Checks, NAME_AT_MOST};

/// The setting that holds them.
pub(crate) const REQUISITES: &str = "company.requisites";

/// Digits of the code of a payer of VAT.
const VAT_CODE_DIGITS: usize = 12;
/// Digits of a bank account.
const ACCOUNT_DIGITS: usize = 20;
/// Digits of the code of a branch of a bank (MFO).
const MFO_DIGITS: usize = 5;

/// What a company's papers say; what is empty is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Requisites {
    /// The code of a payer of VAT: 12 digits.
    pub vat_code: String,
    /// The bank's name.
    pub bank: String,
    /// The account: 20 digits.
    pub bank_account: String,
    /// The code of the bank's branch: 5 digits.
    pub mfo: String,
    /// Who leads the company.
    pub director: String,
    /// Who keeps its books.
    pub accountant: String,
}

/// The requisites of the workspace. For its papers; asks no permission.
pub fn requisites(ctx: &Ctx, tx: &mut ReadTx) -> Result<Requisites> {
    get_setting(ctx, tx, REQUISITES)
}

impl Requisites {
    /// As they are kept, or what is wrong with each.
    pub(crate) fn checked(&self, checks: &mut Checks) -> Self {
        let Self { vat_code, bank, bank_account, mfo, director, accountant } = self;
        let mut code = |field, text: &str, count| checks.take(field, digits(text, count)).unwrap_or_default();
        let vat_code = code("vat_code", vat_code, VAT_CODE_DIGITS);
        let bank_account = code("bank_account", bank_account, ACCOUNT_DIGITS);
        let mfo = code("mfo", mfo, MFO_DIGITS);
        let mut line =
            |field, text: &str| checks.take(field, input::one_line(text, NAME_AT_MOST)).unwrap_or_default();
        let bank = line("bank", bank);
        let director = line("director", director);
        let accountant = line("accountant", accountant);
        Self { vat_code, bank, bank_account, mfo, director, accountant }
    }
}

/// So many digits without the spaces between them, or nothing.
fn digits(text: &str, count: usize) -> Result<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let fits = digits.len() == count && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits || digits.is_empty() {
        Ok(digits)
    } else {
        Err(Error::invalid(Text::new("auth-digits-wrong").with("count", count)))
    }
}
