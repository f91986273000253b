//! Figures for reports agree with the accounts they are of.

use db::{db_test, testing::TestDb};

use super::{ctx, day, posted, read};
use crate::{Role, RoleSum, account_turnover, find_account, role_balances, role_turnovers};

#[db_test]
fn figures_of_roles_are_those_of_their_accounts_for_any_days(db: &TestDb) {
    let ctx = ctx(1);
    for (on, sum) in
        [("2026-06-30", 1), ("2026-07-01", 2), ("2026-07-15", 4), ("2026-08-10", 8), ("2026-09-01", 16)]
    {
        posted(db, &ctx, on, &format!("5010 {sum} | 9390 -{sum}")).unwrap();
    }
    posted(db, &ctx, "2026-07-20", "9430 3 | 5010 -3").unwrap();
    for (from, until) in [
        ("2026-07-01", "2026-07-31"),
        ("2026-07-02", "2026-07-20"),
        ("2026-07-15", "2026-07-15"),
        ("2026-06-30", "2026-08-09"),
        ("2026-06-02", "2026-08-30"),
        ("2026-01-01", "2026-12-31"),
        ("2025-01-01", "2025-02-01"),
    ] {
        read(db, &ctx, move |ctx, tx| {
            let (from, until) = (day(from), day(until));
            let found = role_turnovers(ctx, tx, from, until, &[Role::Cash, Role::OtherIncome])?;
            let stands = role_balances(ctx, tx, until, &[Role::Cash])?;
            for RoleSum { role: _, code, debit, credit } in &found {
                let account = find_account(ctx, tx, code)?.id;
                let turned = account_turnover(ctx, tx, account, from, until)?;
                assert_eq!((*debit, *credit), (turned.debit, turned.credit), "{code} {from} {until}");
                if code == "5010" {
                    assert_eq!(stands[0].balance()?, turned.closing()?, "{from} {until}");
                }
            }
            assert_eq!(found.len(), 2);
            Ok(())
        });
    }
}

#[db_test]
fn a_workspace_without_books_has_figures_of_nothing(db: &TestDb) {
    read(db, &ctx(2), |ctx, tx| {
        let found = role_turnovers(ctx, tx, day("2026-07-02"), day("2026-09-05"), &[Role::RevenueGoods])?;
        assert!(found[0].balance()?.is_zero() && found[0].code == "9020");
        Ok(())
    });
}
