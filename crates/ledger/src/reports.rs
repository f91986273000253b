//! Figures of the books for reports: what the accounts of some roles turned over, and what stands on them.

use std::collections::BTreeMap;

use context::{Ctx, Permission};
use db::ReadTx;
use kernel::{Date, Id, Money, Result};

use crate::{Account, Month, Role, reads::role_accounts, store};

/// What the account of a role turned over, or holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleSum {
    /// The role.
    pub role: Role,
    /// Its account's code, for a link to what is behind the figure.
    pub code: String,
    /// Left.
    pub debit: Money,
    /// Right.
    pub credit: Money,
}

impl RoleSum {
    /// Debit without credit.
    pub fn balance(&self) -> Result<Money> {
        self.debit.minus(self.credit)
    }
}

/// What the accounts of these roles turned over on these days, in the order of the roles.
pub fn role_turnovers(
    ctx: &Ctx,
    tx: &mut ReadTx,
    from: Date,
    until: Date,
    roles: &[Role],
) -> Result<Vec<RoleSum>> {
    ctx.require(Permission::FinanceRead)?;
    let days = Days::between(from, until.max(from))?;
    sums(ctx, tx, &days, roles)
}

/// What stands on the accounts of these roles at the end of this day, in the order of the roles.
pub fn role_balances(ctx: &Ctx, tx: &mut ReadTx, on: Date, roles: &[Role]) -> Result<Vec<RoleSum>> {
    ctx.require(Permission::FinanceRead)?;
    let days = Days::until(on)?;
    sums(ctx, tx, &days, roles)
}

fn sums(ctx: &Ctx, tx: &mut ReadTx, days: &Days, roles: &[Role]) -> Result<Vec<RoleSum>> {
    let accounts: BTreeMap<Role, Account> = role_accounts(ctx, tx)?.into_iter().collect();
    let wanted: Vec<(Role, &Account)> =
        roles.iter().filter_map(|role| Some((*role, accounts.get(role)?))).collect();
    let ids: Vec<Id<Account>> = wanted.iter().map(|(_, account)| account.id).collect();
    let mut moved = match days.months {
        Some((first, last)) => store::reports::of_months(ctx, tx, &ids, first, last)?,
        None => BTreeMap::new(),
    };
    for (sign, days) in [(1, &days.more), (-1, &days.less)] {
        for (account, (debit, credit)) in store::reports::of_days(ctx, tx, &ids, days)? {
            let sum = moved.entry(account).or_default();
            let add = |to: Money, what: Money| if sign > 0 { to.plus(what) } else { to.minus(what) };
            *sum = (add(sum.0, debit)?, add(sum.1, credit)?);
        }
    }
    let of = |(role, account): (Role, &Account)| {
        let (debit, credit) = moved.get(&account.id).copied().unwrap_or_default();
        RoleSum { role, code: account.code.clone(), debit, credit }
    };
    Ok(wanted.into_iter().map(of).collect())
}

/// A span of days as the books keep it: whole months, and single days that are missing or too many. Of a month that is
/// cut, the smaller side is read from the lines.
#[derive(Debug, PartialEq, Eq)]
struct Days {
    months: Option<(Month, Month)>,
    more: Vec<Date>,
    less: Vec<Date>,
}

impl Days {
    fn between(from: Date, until: Date) -> Result<Self> {
        let (mut first, mut last) = (Month::of(from)?, Month::of(until)?);
        let (mut more, mut less) = (Vec::new(), Vec::new());
        if first == last {
            let outside =
                [each(first.first_day()?, from.minus_days(1)), each(until.plus_days(1), last.last_day()?)];
            let outside = outside.concat();
            let inside = each(from, until);
            return Ok(match inside.len() <= outside.len() {
                true => Self { months: None, more: inside, less },
                false => Self { months: Some((first, last)), more, less: outside },
            });
        }
        let (inside, outside) = (each(from, first.last_day()?), each(first.first_day()?, from.minus_days(1)));
        if inside.len() <= outside.len() {
            more.extend(inside);
            first = first.next();
        } else {
            less.extend(outside);
        }
        let (inside, outside) = (each(last.first_day()?, until), each(until.plus_days(1), last.last_day()?));
        if inside.len() <= outside.len() {
            more.extend(inside);
            last = last.previous();
        } else {
            less.extend(outside);
        }
        Ok(Self { months: (first <= last).then_some((first, last)), more, less })
    }

    fn until(on: Date) -> Result<Self> {
        let last = Month::of(on)?;
        let first = Month::of(Date::new(crate::FIRST_YEAR, 1, 1)?)?;
        Ok(Self {
            months: Some((first, last)),
            more: Vec::new(),
            less: each(on.plus_days(1), last.last_day()?),
        })
    }
}

fn each(from: Date, until: Date) -> Vec<Date> {
    let count = u64::try_from(until.days_since(from) + 1).unwrap_or(0);
    (0..count).map(|n| from.plus_days(n)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, until: &str, months: Option<(&str, &str)>, more: usize, less: usize) {
        let date = |text| Date::parse(text).unwrap();
        let month = |text| Month::parse(text).unwrap();
        let days = Days::between(date(from), date(until)).unwrap();
        let months = months.map(|(first, last)| (month(first), month(last)));
        assert_eq!((days.months, days.more.len(), days.less.len()), (months, more, less), "{from} {until}");
    }

    #[test]
    fn a_span_of_days_is_months_and_the_fewest_days() {
        check("2026-11-01", "2026-11-30", Some(("2026-11", "2026-11")), 0, 0);
        check("2026-11-01", "2026-11-21", Some(("2026-11", "2026-11")), 0, 9);
        check("2026-11-21", "2026-11-21", None, 1, 0);
        check("2026-10-11", "2026-10-31", Some(("2026-10", "2026-10")), 0, 10);
        check("2026-10-30", "2026-11-02", None, 4, 0);
        check("2026-10-02", "2026-12-03", Some(("2026-10", "2026-11")), 3, 1);
        check("2026-01-01", "2026-12-31", Some(("2026-01", "2026-12")), 0, 0);
    }

    #[test]
    fn what_stands_on_a_day_is_all_months_without_the_days_after_it() {
        let days = Days::until(Date::parse("2026-11-21").unwrap()).unwrap();
        assert_eq!(days.months, Some((Month::parse("2000-01").unwrap(), Month::parse("2026-11").unwrap())));
        assert_eq!((days.more.len(), days.less.len()), (0, 9));
    }
}
