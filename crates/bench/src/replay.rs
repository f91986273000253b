//! Recorded transactions made ready to be run again: what was new in the run is new in each replay.

use std::collections::HashMap;

use db::{Statement, Value};
use kernel::Timestamp;
use uuid::Uuid;

use crate::bare::Call;

/// What has to be new: ids made at this moment, and the numbers that series gave.
#[derive(Debug, Clone, Copy)]
pub struct Fresh {
    /// Ids of this millisecond were made in the run; older ones name what was there before.
    pub made_at: Timestamp,
    /// Figures from here on are numbers of series: of documents, of entries, of moves of one balance.
    pub first_number: i64,
    /// Replays count on from here.
    pub next_id: u64,
    /// Numbers from here on are free in every series.
    pub next_number: i64,
}

/// Recorded transactions.
#[derive(Debug)]
pub struct Recording {
    /// Every statement's text, once.
    pub sql: Vec<String>,
    transactions: Vec<Vec<Call>>,
}

impl Recording {
    /// From what `db` recorded.
    pub fn new(record: Vec<Vec<Statement>>) -> Self {
        let (mut sql, mut places) = (Vec::new(), HashMap::new());
        let mut call = |Statement { sql: text, values }: Statement| {
            let place = *places.entry(text.clone()).or_insert_with(|| {
                sql.push(text);
                sql.len() - 1
            });
            (place, values)
        };
        let calls = |statements: Vec<Statement>| statements.into_iter().map(&mut call).collect();
        let transactions = record.into_iter().map(calls).collect();
        Self { sql, transactions }
    }

    /// The longest transaction's statements.
    pub fn statements(&self) -> usize {
        self.transactions.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// `count` transactions of the same SQL and values, with ids and numbers that nobody has yet.
    pub fn replays(&self, count: usize, fresh: &mut Fresh) -> Vec<Vec<Call>> {
        self.transactions.iter().cycle().take(count).map(|calls| replay(calls, fresh)).collect()
    }
}

/// What was the same id or number in the recorded transaction is the same new one in the replay.
fn replay(calls: &[Call], fresh: &mut Fresh) -> Vec<Call> {
    let mut ids: HashMap<Uuid, Uuid> = HashMap::new();
    let mut numbers: HashMap<i64, i64> = HashMap::new();
    let mut value = |value: &Value<'static>| match value {
        Value::Uuid(id) if made_at(*id) == fresh.made_at.as_millis() => {
            let new = *ids.entry(*id).or_insert_with(|| {
                fresh.next_id += 1;
                renumbered(*id, fresh.next_id)
            });
            Value::Uuid(new)
        }
        Value::Int(number) if *number >= fresh.first_number => {
            let new = *numbers.entry(*number).or_insert_with(|| {
                fresh.next_number += 1;
                fresh.next_number
            });
            Value::Int(new)
        }
        other => other.clone(),
    };
    calls.iter().map(|(place, values)| (*place, values.iter().map(&mut value).collect())).collect()
}

/// The moment in an id of version 7, in milliseconds.
fn made_at(id: Uuid) -> i64 {
    i64::try_from(id.as_u128() >> 80).unwrap_or_default()
}

/// An id of the same moment with another rest, spread like random ones.
fn renumbered(id: Uuid, number: u64) -> Uuid {
    let spread = u128::from(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    Uuid::from_u128((id.as_u128() & !((1 << 62) - 1)) | (spread & ((1 << 62) - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_ids_and_numbers_are_new_in_each_replay_and_agree_within_it() {
        let moment = Timestamp::from_millis(1_790_000_000_000);
        let old = Uuid::from_u128(5);
        let new = Uuid::from_u128((1_790_000_000_000 << 80) | 9);
        let statement = |values: Vec<Value<'static>>| Statement { sql: "INSERT".to_owned(), values };
        let record = vec![vec![
            statement(vec![Value::Uuid(old), Value::Uuid(new), Value::Int(1_007), Value::Int(1_008)]),
            statement(vec![Value::Uuid(new), Value::Int(3), Value::Int(1_007)]),
        ]];
        let recording = Recording::new(record);
        assert_eq!((recording.statements(), recording.sql.len()), (2, 1));
        let mut fresh = Fresh { made_at: moment, first_number: 1_000, next_id: 0, next_number: 2_000 };
        let replays = recording.replays(2, &mut fresh);
        let (first, second) = (&replays[0], &replays[1]);
        assert_eq!(first[0].1[0], Value::Uuid(old));
        assert_eq!(first[0].1[1], first[1].1[0]);
        assert_ne!(first[0].1[1], second[0].1[1]);
        assert_eq!(first[0].1[2..], [Value::Int(2_001), Value::Int(2_002)]);
        assert_eq!(first[1].1[1..], [Value::Int(3), Value::Int(2_001)]);
        assert_eq!(second[0].1[2..], [Value::Int(2_003), Value::Int(2_004)]);
    }
}
