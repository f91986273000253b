//! The chart: begun by itself, grown by the workspace.

use db::{Lane, db_test, testing::TestDb};
use kernel::Id;

use super::{ctx, day, invoice, invoiced, posted, read, told, trial, write};
use crate::{
    Account, AccountKind, Names, NewAccount, Role, account_for, accounts, create_account, delete_account,
    find_account, post, role_accounts, set_role_accounts, update_account,
};

fn new(code: &str) -> NewAccount {
    let name = Names { uz: "Ikkinchi kassa".into(), ..Names::default() };
    NewAccount { code: code.into(), kind: AccountKind::Active, name, active: true }
}

fn created(db: &TestDb, code: &str) -> Result<Account, String> {
    let input = new(code);
    write(db, &ctx(1), move |ctx, tx| create_account(ctx, tx, input.clone())).map_err(|e| told(&e))
}

fn updated(db: &TestDb, id: Id<Account>, input: NewAccount) -> Result<Account, String> {
    write(db, &ctx(1), move |ctx, tx| update_account(ctx, tx, id, input.clone())).map_err(|e| told(&e))
}

#[db_test]
fn the_chart_is_there_before_and_after_the_first_entry(db: &TestDb) {
    let before = read(db, &ctx(1), accounts);
    invoiced(db, &ctx(1), 1).unwrap();
    let after = read(db, &ctx(1), accounts);
    let codes = |all: &[Account]| all.iter().map(|account| account.code.clone()).collect::<Vec<_>>();
    assert_eq!(codes(&before), codes(&after));
    assert!(read(db, &ctx(2), |ctx, tx| Ok(find_account(ctx, tx, "5010")?.id.uuid())).is_nil());
}

#[db_test]
async fn several_may_begin_the_chart_at_once(db: &TestDb) {
    let ctx = ctx(1);
    let posted = |document: u128| {
        let own = ctx.clone();
        db.write(&ctx, Lane::People, move |tx| post(&own, tx, invoice(document)))
    };
    let (one, two, three) = tokio::join!(posted(1), posted(2), posted(3));
    let mut numbers: Vec<_> = [one, two, three].into_iter().map(|outcome| outcome.unwrap().number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3]);
}

#[db_test]
fn an_account_of_ones_own_is_made_renamed_closed_and_deleted(db: &TestDb) {
    let ctx = ctx(1);
    let made = created(db, "5011").unwrap();
    assert_eq!(made.group_code().as_deref(), Some("5000"));
    assert_eq!(created(db, "5011").unwrap_err(), "code: ledger-code-taken");
    assert_eq!(created(db, "5010").unwrap_err(), "code: ledger-code-taken");
    for wrong in ["", "5", "касса", "50 10", "A123", "12345678901"] {
        assert!(created(db, wrong).unwrap_err().starts_with("code: "), "{wrong}");
    }
    let renamed = NewAccount { name: Names { ru: "Касса 2".into(), ..Names::default() }, ..new("5011") };
    assert_eq!(updated(db, made.id, renamed).unwrap().name.get(kernel::Lang::En), "Касса 2");
    posted(db, &ctx, "2026-09-01", "5011 5 | 9390 -5").unwrap();
    let beside = NewAccount { kind: AccountKind::OffBalance, ..new("5011") };
    assert_eq!(updated(db, made.id, beside).unwrap_err(), "kind: ledger-account-has-lines");
    updated(db, made.id, NewAccount { active: false, ..new("5011") }).unwrap();
    let error = posted(db, &ctx, "2026-09-01", "5011 5 | 9390 -5").unwrap_err();
    assert_eq!(told(&error), "lines.0.account: ledger-account-is-closed");
    let deleted = |id| write(db, &ctx, move |ctx, tx| delete_account(ctx, tx, id)).map_err(|e| told(&e));
    assert_eq!(deleted(made.id).unwrap_err(), "Conflict ledger-account-in-use");
    let other = created(db, "5012").unwrap();
    deleted(other.id).unwrap();
    assert_eq!(deleted(other.id).unwrap_err(), "NotFound kernel-not-found");
}

#[db_test]
fn an_account_of_the_standard_stays_what_it_is(db: &TestDb) {
    let ctx = ctx(1);
    invoiced(db, &ctx, 1).unwrap();
    let cash = read(db, &ctx, |ctx, tx| find_account(ctx, tx, "5010"));
    let id = cash.id;
    let same = NewAccount { code: cash.code, kind: cash.kind, name: cash.name, active: true };
    assert_eq!(
        updated(db, id, NewAccount { code: "5019".into(), ..same.clone() }).unwrap_err(),
        "code: ledger-account-is-standard"
    );
    assert_eq!(
        updated(db, id, NewAccount { active: false, ..same }).unwrap_err(),
        "active: ledger-account-has-role"
    );
    let error = write(db, &ctx, move |ctx, tx| delete_account(ctx, tx, id)).unwrap_err();
    assert_eq!(told(&error), "Conflict ledger-account-is-standard");
}

#[db_test]
fn documents_post_to_the_account_that_the_workspace_gave_the_role(db: &TestDb) {
    let ctx = ctx(1);
    let own = created(db, "4015").unwrap();
    let set = |role: Role, code: &'static str| {
        let chosen = vec![(role, code.to_owned())];
        write(db, &ctx, move |ctx, tx| set_role_accounts(ctx, tx, &chosen)).map_err(|e| told(&e))
    };
    set(Role::Customers, "4015").unwrap();
    invoiced(db, &ctx, 1).unwrap();
    assert!(trial(db, &ctx, "2026-09-01", "2026-09-30").starts_with("4015: 0 +168000"));
    assert_eq!(read(db, &ctx, |ctx, tx| account_for(ctx, tx, Role::Customers)).id, own.id);
    assert_eq!(set(Role::Customers, "9999").unwrap_err(), "customers: ledger-account-unknown");
    assert_eq!(set(Role::Customers, "4000").unwrap_err(), "customers: ledger-account-unfit");
    assert_eq!(set(Role::Customers, "002").unwrap_err(), "customers: ledger-account-unfit");
    set(Role::Customers, "4010").unwrap();
    let roles = read(db, &ctx, role_accounts);
    assert!(roles.iter().all(|(role, account)| account.code == role.default_code()));
    assert_eq!(day("2026-09-01").to_string(), "2026-09-01");
}
