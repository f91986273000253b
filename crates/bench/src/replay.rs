//! Recorded transactions made ready to be run again: what was new in the run is new in each replay.

use std::collections::HashMap;

use db::{Statement, Value};
use kernel::Timestamp;
use uuid::Uuid;

use crate::bare::Call;

/// What has to be new: ids made at this moment, and the number of each recorded order.
#[derive(Debug, Clone, Copy)]
pub struct Fresh {
    /// Ids of this millisecond were made in the run; older ones name what was there before.
    pub made_at: Timestamp,
    /// Replays count on from here.
    pub next_id: u64,
    /// Numbers from here on are free.
    pub next_number: i64,
}

/// Recorded transactions.
#[derive(Debug)]
pub struct Recording {
    /// Every statement's text, once.
    pub sql: Vec<String>,
    transactions: Vec<(i64, Vec<Call>)>,
}

impl Recording {
    /// From what `db` recorded; each transaction comes with the number that its order got.
    pub fn new(record: Vec<Vec<Statement>>, numbers: &[i64]) -> Self {
        assert_eq!(record.len(), numbers.len(), "a transaction for each number");
        let (mut sql, mut places) = (Vec::new(), HashMap::new());
        let mut call = |Statement { sql: text, values }: Statement| {
            let place = *places.entry(text.clone()).or_insert_with(|| {
                sql.push(text);
                sql.len() - 1
            });
            (place, values)
        };
        let calls = record.into_iter().map(|statements| statements.into_iter().map(&mut call).collect());
        let transactions = numbers.iter().copied().zip(calls).collect();
        Self { sql, transactions }
    }

    /// The longest transaction's statements.
    pub fn statements(&self) -> usize {
        self.transactions.iter().map(|(_, calls)| calls.len()).max().unwrap_or(0)
    }

    /// `count` transactions of the same SQL and values, with ids and numbers that nobody has yet.
    pub fn replays(&self, count: usize, fresh: &mut Fresh) -> Vec<Vec<Call>> {
        let recorded = self.transactions.iter().cycle().take(count);
        recorded.map(|(number, calls)| replay(*number, calls, fresh)).collect()
    }
}

fn replay(number: i64, calls: &[Call], fresh: &mut Fresh) -> Vec<Call> {
    let mut ids: HashMap<Uuid, Uuid> = HashMap::new();
    let new_number = fresh.next_number;
    fresh.next_number += 1;
    let mut value = |value: &Value<'static>| match value {
        Value::Uuid(id) if made_at(*id) == fresh.made_at.as_millis() => {
            let new = *ids.entry(*id).or_insert_with(|| {
                fresh.next_id += 1;
                renumbered(*id, fresh.next_id)
            });
            Value::Uuid(new)
        }
        Value::Int(found) if *found == number => Value::Int(new_number),
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
    fn new_ids_and_the_number_are_new_in_each_replay_and_agree_within_it() {
        let moment = Timestamp::from_millis(1_790_000_000_000);
        let old = Uuid::from_u128(5);
        let new = Uuid::from_u128((1_790_000_000_000 << 80) | 9);
        let statement = |values: Vec<Value<'static>>| Statement { sql: "INSERT".to_owned(), values };
        let record = vec![vec![
            statement(vec![Value::Uuid(old), Value::Uuid(new), Value::Int(77)]),
            statement(vec![Value::Uuid(new), Value::Int(3)]),
        ]];
        let recording = Recording::new(record, &[77]);
        assert_eq!((recording.statements(), recording.sql.len()), (2, 1));
        let mut fresh = Fresh { made_at: moment, next_id: 0, next_number: 1_000 };
        let replays = recording.replays(2, &mut fresh);
        let first = &replays[0][0].1;
        assert_eq!((&first[0], &first[2]), (&Value::Uuid(old), &Value::Int(1_000)));
        assert_eq!(first[1], replays[0][1].1[0]);
        assert_ne!(first[1], replays[1][0].1[1]);
        assert_eq!(replays[1][0].1[2], Value::Int(1_001));
        assert_eq!(replays[0][1].1[1], Value::Int(3));
    }
}
