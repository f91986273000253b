//! `postgres` alone.

use std::collections::HashMap;

use db::Value;
use postgres::{Client, NoTls, Statement, types::ToSql};

use super::{Call, answers};

/// One connection.
pub struct Postgres {
    client: Client,
    prepared: HashMap<String, Statement>,
}

impl Postgres {
    /// With the isolation and the durability that `db` asks for. The scope is set once: it is `db`'s to set it anew.
    pub fn open(url: &str) -> Self {
        let mut client = Client::connect(url, NoTls).unwrap();
        client.batch_execute("SET synchronous_commit = on; SET karvon.server = 'on'").unwrap();
        Self { client, prepared: HashMap::new() }
    }

    pub fn commit_each(&mut self, sql: &[String], transactions: &[Vec<Call>]) {
        let statements = self.prepare(sql);
        for transaction in transactions {
            self.client.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED").unwrap();
            self.run(sql, &statements, transaction);
            self.client.batch_execute("COMMIT").unwrap();
        }
    }

    pub fn commit_once(&mut self, sql: &[String], transactions: &[Vec<Call>]) {
        let statements = self.prepare(sql);
        self.client.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED").unwrap();
        for transaction in transactions {
            self.run(sql, &statements, transaction);
        }
        self.client.batch_execute("COMMIT").unwrap();
    }

    /// Each read on a snapshot of its own.
    pub fn read(&mut self, sql: &str, calls: &[Vec<Value<'static>>]) {
        let statement = self.client.prepare(sql).unwrap();
        for values in calls {
            self.client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").unwrap();
            std::hint::black_box(self.client.query(&statement, &parameters(values)).unwrap());
            self.client.batch_execute("COMMIT").unwrap();
        }
    }

    pub fn vacuum(&mut self) {
        self.client.batch_execute("VACUUM ANALYZE").unwrap();
    }

    fn prepare(&mut self, all: &[String]) -> Vec<Statement> {
        let Self { client, prepared } = self;
        let mut one = |sql: &String| {
            prepared.entry(sql.clone()).or_insert_with(|| client.prepare(sql).unwrap()).clone()
        };
        all.iter().map(&mut one).collect()
    }

    fn run(&mut self, sql: &[String], statements: &[Statement], calls: &[Call]) {
        for (place, values) in calls {
            let (statement, values) = (&statements[*place], parameters(values));
            if answers(&sql[*place]) {
                std::hint::black_box(self.client.query(statement, &values).unwrap());
            } else {
                self.client.execute(statement, &values).unwrap();
            }
        }
    }
}

fn parameters<'v>(values: &'v [Value<'static>]) -> Vec<&'v (dyn ToSql + Sync)> {
    values.iter().map(|value| -> &(dyn ToSql + Sync) { value }).collect()
}
