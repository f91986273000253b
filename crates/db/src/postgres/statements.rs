//! The prepared statements of one connection, and when their plans are made anew.
//!
//! PostgreSQL keeps one plan for a statement that it has seen a few times, and likewise for the checks of foreign keys.
//! Plans that were made while the tables were empty may walk along a whole workspace where a key would find the row:
//! for a handful of rows both cost the same. Autovacuum's ANALYZE replaces them, but only once a minute; until then
//! a business that is just being moved in would become slower with each row. So a connection drops its plans (not its
//! statements) each time that it has done twice as much as before.

use std::collections::HashMap;

use postgres::Statement;

/// Statements kept prepared on one connection; SQL texts are constants, so there are few.
const PREPARED_AT_MOST: usize = 1_024;
/// A connection's plans are made anew after this much work for the first time, and then each time at twice as much.
const FIRST_PLANNED_ANEW_AT: u64 = 500;

/// Statements by their SQL, and how much they have done: a run counts for one, or for the rows that it changed, each of
/// which has its foreign keys checked.
pub(super) struct Statements {
    prepared: HashMap<Box<str>, Statement>,
    work: u64,
    planned_anew_at: u64,
}

impl Default for Statements {
    fn default() -> Self {
        Self { prepared: HashMap::new(), work: 0, planned_anew_at: FIRST_PLANNED_ANEW_AT }
    }
}

impl Statements {
    /// The statement of `sql`, to be run once, where it is prepared.
    pub(super) fn get(&mut self, sql: &str) -> Option<Statement> {
        self.work = self.work.saturating_add(1);
        self.prepared.get(sql).cloned()
    }

    /// Keeps the statement of `sql`.
    pub(super) fn keep(&mut self, sql: &str, statement: Statement) {
        if self.prepared.len() >= PREPARED_AT_MOST {
            self.prepared.clear();
        }
        self.prepared.insert(sql.into(), statement);
    }

    /// The statement that was prepared last has changed so many rows.
    pub(super) fn changed(&mut self, rows: u64) {
        self.work = self.work.saturating_add(rows.saturating_sub(1));
    }

    /// Between two transactions: whether it is time to drop the plans.
    pub(super) fn is_due(&mut self) -> bool {
        let due = self.work >= self.planned_anew_at;
        if due {
            self.planned_anew_at = self.work.saturating_mul(2);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_made_anew_each_time_the_work_has_doubled() {
        let mut statements = Statements::default();
        let mut due_at = Vec::new();
        for run in 1..=10_000 {
            statements.work = run;
            if statements.is_due() {
                due_at.push(run);
            }
        }
        assert_eq!(due_at, [500, 1_000, 2_000, 4_000, 8_000]);
        // The rows of one statement count as those of many.
        statements.changed(6_001);
        assert!(statements.is_due());
        statements.changed(1);
        statements.changed(0);
        assert!(!statements.is_due());
    }
}
