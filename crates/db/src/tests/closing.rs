//! The end of a database's threads.

use super::{WORKSPACE, count, put};
use crate::testing::TestDb;

/// SQLite 3.51.0 and 3.51.1 take two of their locks in one order where the last connection of a file closes and in the other
/// where any connection does: connections that closed at once waited for each other for ever, once in some hundred times
/// (sqlite.org/releaselog/3_51_2.html).
#[test]
fn sqlite_closes_its_connections_without_waiting_for_itself() {
    assert!(rusqlite::version_number() >= 3_051_002, "{}", rusqlite::version());
    for _ in 0..100 {
        let db = TestDb::sqlite(&crate::test_migrations());
        db.write_now(WORKSPACE, |tx| put(tx, WORKSPACE, "a", 1)).unwrap();
        assert_eq!(count(&db, WORKSPACE), 1);
    }
}
