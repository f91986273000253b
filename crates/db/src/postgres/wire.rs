//! The wire of one connection. What a transaction says ahead of a statement (its begin, savepoints, rows of which nobody asks
//! anything) goes with it on one way to the server, one behind the other: PostgreSQL does them in order and refuses what comes
//! behind an error.

use std::{future::Future, pin::pin};

use futures::{future::maybe_done, poll};
use kernel::{Error, Result};
use postgres::{Row, Statement, types::ToSql};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::Client;

use super::{
    Statements,
    connection::{silent, tls},
};
use crate::{
    Value, dialect,
    error::{from_commit, from_postgres},
    pending::{Ahead, Insert},
};

type Answer<T> = std::result::Result<T, postgres::Error>;

/// A connection and its prepared statements.
pub(crate) struct Wire {
    client: Client,
    statements: Statements,
    // Moves the bytes while somebody waits for an answer.
    runtime: Runtime,
}

impl Wire {
    /// Connects. Blocks.
    pub(super) fn open(url: &str) -> Result<Self> {
        let config: tokio_postgres::Config = url.parse().map_err(silent)?;
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Error::internal)?;
        let (client, connection) = runtime.block_on(config.connect(tls()?)).map_err(silent)?;
        // How it ended, whoever waits for an answer hears.
        runtime.spawn(async move { connection.await.unwrap_or_default() });
        Ok(Self { client, statements: Statements::default(), runtime })
    }

    /// Whether the server is known to be away.
    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Forgets the prepared statements: they may not fit any more.
    pub(super) fn forget_statements(&mut self) {
        self.statements = Statements::default();
    }

    /// Whether the statement is prepared.
    pub(crate) fn prepared(&mut self, sql: &str) -> Option<Statement> {
        self.statements.get(sql)
    }

    /// Prepares a statement.
    pub(crate) fn prepare(&mut self, sql: &str) -> Result<Statement> {
        if dialect::has_cast(sql) {
            return Err(Error::internal("a `::` cast; write CAST(x AS t)"));
        }
        let statement = self.runtime.block_on(self.client.prepare(sql)).map_err(from_postgres)?;
        self.statements.keep(sql, statement.clone());
        Ok(statement)
    }

    /// The rows of a statement.
    pub(crate) fn query(
        &mut self,
        ahead: &[Ahead],
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>> {
        let values = as_params(values);
        self.runtime.block_on(after(
            &self.client,
            ahead,
            self.client.query(statement, &values),
            from_postgres,
        ))
    }

    /// How many rows a statement changed.
    pub(crate) fn execute(
        &mut self,
        ahead: &[Ahead],
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Result<u64> {
        let values = as_params(values);
        let last = self.client.execute(statement, &values);
        let changed = self.runtime.block_on(after(&self.client, ahead, last, from_postgres))?;
        self.statements.changed(changed);
        Ok(changed)
    }

    /// Says this and nothing else.
    pub(crate) fn say(&mut self, ahead: &[Ahead]) -> Result<()> {
        let last = async { Ok(()) };
        self.runtime.block_on(after(&self.client, ahead, last, from_postgres))
    }

    /// Commits.
    pub(super) fn commit(&mut self, ahead: &[Ahead]) -> Result<()> {
        let last = self.client.batch_execute("COMMIT");
        self.runtime.block_on(after(&self.client, ahead, last, from_commit))?;
        if self.statements.is_due()
            && let Err(error) = self.batch("DISCARD PLANS")
        {
            // What fails here shows itself in the next transaction.
            tracing::warn!(db.error = %error, "plans could not be dropped");
        }
        Ok(())
    }

    /// Words without values.
    pub(super) fn batch(&mut self, sql: &str) -> Result<()> {
        self.runtime.block_on(self.client.batch_execute(sql)).map_err(from_postgres)
    }
}

/// What `last` answers, sent behind what goes ahead of it, or the first error of all of them.
async fn after<T>(
    client: &Client,
    ahead: &[Ahead],
    last: impl Future<Output = Answer<T>>,
    refused: impl Fn(postgres::Error) -> Error,
) -> Result<T> {
    // Each is sent when it is polled first.
    let mut sent = Vec::with_capacity(ahead.len());
    for ahead in ahead {
        let mut going = Box::pin(maybe_done(go(client, ahead)));
        let _sent = poll!(going.as_mut());
        sent.push(going);
    }
    let mut last = pin!(maybe_done(last));
    let _sent = poll!(last.as_mut());
    for (mut going, ahead) in sent.into_iter().zip(ahead) {
        going.as_mut().await;
        let done = going.as_mut().take_output().unwrap_or(Ok(0)).map_err(&refused)?;
        if let Ahead::Insert(Insert { rows, .. }) = ahead
            && done != *rows
        {
            return Err(Error::internal(format!("{done} rows written where {rows} were meant")));
        }
    }
    last.as_mut().await;
    let last = last.as_mut().take_output();
    last.ok_or_else(|| Error::internal("a statement without an answer"))?.map_err(refused)
}

async fn go(client: &Client, ahead: &Ahead) -> Answer<u64> {
    match ahead {
        Ahead::Words(words) => client.batch_execute(&words.join("; ")).await.map(|()| 0),
        Ahead::Insert(Insert { statement, values, .. }) => {
            client.execute(statement, &as_params(values)).await
        }
    }
}

fn as_params<'v>(values: &'v [Value<'v>]) -> Vec<&'v (dyn ToSql + Sync)> {
    values.iter().map(|value| -> &(dyn ToSql + Sync) { value }).collect()
}
