//! Three stories on each database, as CI tells them.

use simulation::{CRASH_EVERY, Story, tell};

/// Enough for orders, invoices, refusals and crashes in each story, and few enough for all six to end in seconds.
const STEPS: usize = 320;

#[track_caller]
fn check(seed: u64, on_postgres: bool) {
    let told = tell(Story { seed, steps: STEPS, crash_every: CRASH_EVERY, on_postgres });
    assert!(
        told.orders > 5
            && told.orders_by_chat > 1
            && told.crashes > 2
            && told.lost_writes > 0
            && told.refused > 0
            && told.deaths_at_work > 0
            && told.restocks > 0
            && told.deliveries > 0
            && told.invoices > 0
            && told.payments > 0
            && told.asked > 0,
        "a dull story of seed {seed}: {told:?}"
    );
}

#[test]
fn nothing_is_lost_or_doubled_sqlite_1() {
    check(1, false);
}
#[test]
fn nothing_is_lost_or_doubled_sqlite_2() {
    check(2, false);
}
#[test]
fn nothing_is_lost_or_doubled_sqlite_3() {
    check(3, false);
}
#[test]
fn nothing_is_lost_or_doubled_postgres_1() {
    check(1, true);
}
#[test]
fn nothing_is_lost_or_doubled_postgres_2() {
    check(2, true);
}
#[test]
fn nothing_is_lost_or_doubled_postgres_3() {
    check(3, true);
}
