//! The transaction: plain SQL with `$1` parameters that both databases accept.

use std::ops;

use kernel::{Error, Page, PageRequest, Result, Timestamp};
use sea_query::{Asterisk, Expr, Func, PostgresQueryBuilder, Query, SelectStatement};

use crate::{
    Backend, Row, Statement, Topic, Value,
    database::Scope,
    dialect::{self, Rewrites},
    error::from_sqlite,
    pending::{Ahead, Insert, Pending},
    postgres::{Left, Wire},
    value::from_sea,
    wake::WakeSet,
};

/// Rows and words that wait before they are sent anyway.
const WAITING_AT_MOST: usize = 64;

/// A connection as a transaction sees it.
pub(crate) enum Conn<'c> {
    Sqlite { conn: &'c rusqlite::Connection, rewrites: &'c mut Rewrites },
    Postgres(&'c mut Wire),
}

/// A transaction that reads one snapshot.
pub struct ReadTx<'c> {
    conn: Conn<'c>,
    /// An error ends a transaction: PostgreSQL would refuse the rest, SQLite would go on; here both refuse.
    failed: bool,
    pending: Pending,
    /// Statements that hold rows until the end.
    holding: u64,
    record: Option<Vec<Statement>>,
}

/// A transaction that writes. Everything that reads takes a [`ReadTx`], which this is too.
pub struct Tx<'c> {
    read: ReadTx<'c>,
    wakes: WakeSet,
}

impl<'c> ops::Deref for Tx<'c> {
    type Target = ReadTx<'c>;
    fn deref(&self) -> &ReadTx<'c> {
        &self.read
    }
}
impl<'c> ops::DerefMut for Tx<'c> {
    fn deref_mut(&mut self) -> &mut ReadTx<'c> {
        &mut self.read
    }
}

impl<'c> ReadTx<'c> {
    pub(crate) fn new(conn: Conn<'c>, record: bool) -> Self {
        Self { conn, failed: false, pending: Pending::default(), holding: 0, record: record.then(Vec::new) }
    }

    /// Which database this is; for `db` and for tests.
    pub fn backend(&self) -> Backend {
        match self.conn {
            Conn::Sqlite { .. } => Backend::Sqlite,
            Conn::Postgres(_) => Backend::Postgres,
        }
    }

    /// It begins with these words (PostgreSQL).
    pub(crate) fn beginning(mut self, words: &str) -> Self {
        self.pending = Pending::begin(words.to_owned());
        self
    }

    /// What its end has to do (PostgreSQL).
    pub(crate) fn left(&mut self) -> Left {
        let has_begun = self.pending.has_begun();
        Left { rows: self.pending.take_rows(), has_begun }
    }

    pub(crate) fn is_failed(&self) -> bool {
        self.failed
    }

    pub(crate) fn take_record(&mut self) -> Vec<Statement> {
        self.record.take().unwrap_or_default()
    }

    /// Every row of the answer, each made by `read`.
    pub fn query<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut out = Vec::new();
        self.each(sql, values, |row| {
            out.push(read(row)?);
            Ok(())
        })?;
        Ok(out)
    }

    /// The one row of the answer; none is "not found", two are a fault of ours.
    pub fn query_one<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.query_opt(sql, values, read)?.ok_or_else(Error::not_found)
    }

    /// The one row of the answer, if there is one; two are a fault of ours.
    pub fn query_opt<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut rows = self.query(sql, values, read)?;
        if rows.len() > 1 {
            return Err(Error::internal(format!("{} rows where one was wanted", rows.len())));
        }
        Ok(rows.pop())
    }

    /// Every row of a statement built with sea-query: lists with filters and ordering.
    pub fn select<T>(
        &mut self,
        statement: &SelectStatement,
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let (sql, values) = statement.build(PostgresQueryBuilder);
        let values = values.0.iter().map(from_sea).collect::<Result<Vec<_>>>()?;
        self.query(&sql, &values, read)
    }

    /// The part `request` of a list built with sea-query, and the size of the whole. The statement comes with its
    /// filters and its order, without limit and offset; the order ends with a unique column.
    pub fn page<T>(
        &mut self,
        statement: &SelectStatement,
        request: PageRequest,
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Page<T>> {
        let mut unordered = statement.clone();
        unordered.clear_order_by();
        let whole = Query::select()
            .expr(Func::count(Expr::col(Asterisk)))
            .from_subquery(unordered, "whole")
            .to_owned();
        let count = self.select(&whole, |row| row.get(0))?.pop().unwrap_or(0);
        let mut part = statement.clone();
        part.limit(u64::from(request.page_size())).offset(u64::try_from(request.offset()).unwrap_or(0));
        Ok(Page::new(request, count, self.select(&part, read)?))
    }

    /// Calls `row` for each row of the answer, without keeping them.
    pub fn each(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        mut row: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        self.begin_statement(sql, values)?;
        let statement = self.prepared(sql)?;
        let Self { conn, pending, .. } = self;
        let answer = match (conn, statement) {
            (Conn::Postgres(wire), Some(statement)) => {
                let rows = wire.query(&pending.take(), &statement, values);
                rows.and_then(|rows| rows.iter().try_for_each(|found| row(&Row::postgres(found))))
            }
            (Conn::Sqlite { conn, rewrites }, _) => sqlite_each(conn, rewrites, sql, values, &mut row),
            (Conn::Postgres(_), None) => Err(unprepared()),
        };
        self.failed |= answer.is_err();
        if dialect::holds_rows(sql) {
            self.holding += 1;
        }
        answer
    }

    /// How many statements so far changed or locked rows that other transactions may wait for. On SQLite, where writers come
    /// one after the other, nobody waits for rows.
    pub fn holding(&self) -> u64 {
        match self.backend() {
            Backend::Sqlite => 0,
            Backend::Postgres => self.holding,
        }
    }

    /// The database's own clock, which all nodes share. For leases only; everything else asks `Ctx`.
    pub fn database_now(&mut self) -> Result<Timestamp> {
        let sql = dialect::clock(self.backend());
        self.query_one(sql, &[], |row| row.get(0))
    }

    /// The number up to which a series is settled: whoever took one at or below it has committed or rolled back, so a cursor
    /// that stays behind it passes nothing by. A trigger of the table that takes the numbers holds, before each insert and
    /// until the transaction ends, the shared advisory lock 2^62 + the sequence's `last_value`, which hinders nobody.
    ///
    /// What this says holds for transactions that begin afterwards: a reading transaction sees what was there at its first
    /// statement. On SQLite, where writers come one after the other, everything is settled.
    pub fn settled(&mut self, series: &'static str) -> Result<i64> {
        if self.backend() == Backend::Sqlite {
            return Ok(i64::MAX);
        }
        // In this order: who is not seen any more among those that run has ended after the last number was read.
        let last: i64 = self.query_one(&dialect::last_of_series(series), &[], |row| row.get(0))?;
        let entered: Option<i64> = self.query_one(&dialect::entered_series(), &[], |row| row.get(0))?;
        Ok(entered.map_or(last, |entered| entered.min(last)))
    }

    fn begin_statement(&mut self, sql: &str, values: &[Value<'_>]) -> Result<()> {
        if self.failed {
            return Err(Error::internal("a statement after the one that ended this transaction"));
        }
        if values.iter().any(|value| matches!(value, Value::Text(text) if text.contains('\0'))) {
            self.failed = true;
            return Err(Error::invalid(kernel::Text::new("db-text-has-nul")));
        }
        if self.backend() == Backend::Sqlite {
            self.say_what_waits()?;
        }
        if let Some(record) = &mut self.record {
            let values = values.iter().map(|value| value.clone().into_owned()).collect();
            record.push(Statement { sql: sql.to_owned(), values });
        }
        Ok(())
    }

    /// The statement as PostgreSQL knows it; `None` on SQLite. What waits is said before one is prepared: its failure would
    /// end what has not begun.
    fn prepared(&mut self, sql: &str) -> Result<Option<postgres::Statement>> {
        let Conn::Postgres(wire) = &mut self.conn else { return Ok(None) };
        if let Some(statement) = wire.prepared(sql) {
            return Ok(Some(statement));
        }
        self.say_what_waits()?;
        let Conn::Postgres(wire) = &mut self.conn else { return Ok(None) };
        let statement = wire.prepare(sql);
        self.failed |= statement.is_err();
        statement.map(Some)
    }

    fn change(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        self.begin_statement(sql, values)?;
        let statement = self.prepared(sql)?;
        let Self { conn, pending, .. } = self;
        let answer = match (conn, statement) {
            (Conn::Postgres(wire), Some(statement)) => wire.execute(&pending.take(), &statement, values),
            (Conn::Sqlite { conn, rewrites }, _) => sqlite_execute(conn, rewrites, sql, values),
            (Conn::Postgres(_), None) => Err(unprepared()),
        };
        self.failed |= answer.is_err();
        if answer.as_ref().is_ok_and(|rows| *rows > 0) {
            self.holding += 1;
        }
        answer
    }

    /// Writes so many rows: at once on SQLite, on PostgreSQL with the next statement or with the commit.
    fn write_later(&mut self, rows: u64, sql: &str, values: &[Value<'_>]) -> Result<()> {
        self.begin_statement(sql, values)?;
        let Some(statement) = self.prepared(sql)? else { return Ok(()) };
        let values = values.iter().map(|value| value.clone().into_owned()).collect();
        self.pending.insert(Insert { statement, values, rows });
        self.holding += 1;
        if self.pending.len() >= WAITING_AT_MOST { self.say_what_waits() } else { Ok(()) }
    }

    /// A statement of ours without parameters.
    pub(crate) fn control(&mut self, sql: &str) -> Result<()> {
        self.say_what_waits()?;
        self.say(&[Ahead::Words(vec![sql.to_owned()])])
    }

    fn say_what_waits(&mut self) -> Result<()> {
        let waiting = self.pending.take();
        if waiting.is_empty() { Ok(()) } else { self.say(&waiting) }
    }

    /// Says all of it on one way to the server.
    fn say(&mut self, sayings: &[Ahead]) -> Result<()> {
        let said = match &mut self.conn {
            Conn::Sqlite { conn, .. } => sayings.iter().try_for_each(|saying| match saying {
                Ahead::Words(words) => words
                    .iter()
                    .try_for_each(|one| conn.prepare_cached(one)?.execute([]).map(drop))
                    .map_err(from_sqlite),
                Ahead::Insert(_) => Err(Error::internal("rows that wait on SQLite")),
            }),
            Conn::Postgres(wire) => wire.say(sayings),
        };
        self.failed |= said.is_err();
        said
    }
}

fn unprepared() -> Error {
    Error::internal("a statement that is not prepared")
}

impl<'c> Tx<'c> {
    pub(crate) fn new(conn: Conn<'c>, record: bool) -> Self {
        Self { read: ReadTx::new(conn, record), wakes: WakeSet::default() }
    }

    /// It begins with these words (PostgreSQL).
    pub(crate) fn beginning(self, words: &str) -> Self {
        Self { read: self.read.beginning(words), ..self }
    }

    pub(crate) fn wakes(&self) -> WakeSet {
        self.wakes
    }

    /// Runs a statement that changes rows; answers how many. Lists of any length only: what must touch an
    /// exact number of rows says so with [`Tx::execute_one`].
    pub fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        self.read.change(sql, values)
    }

    /// Runs a statement that must change exactly one row; none is "not found".
    pub fn execute_one(&mut self, sql: &str, values: &[Value<'_>]) -> Result<()> {
        match self.execute(sql, values)? {
            1 => Ok(()),
            0 => Err(Error::not_found()),
            n => {
                self.read.failed = true;
                Err(Error::internal(format!("{n} rows changed where one was meant")))
            }
        }
    }

    /// Runs a statement that must change exactly so many rows; another number ends the transaction.
    pub(crate) fn execute_exactly(&mut self, rows: u64, sql: &str, values: &[Value<'_>]) -> Result<()> {
        let changed = self.execute(sql, values)?;
        if changed == rows {
            return Ok(());
        }
        self.read.failed = true;
        Err(Error::internal(format!("{changed} rows changed where {rows} were meant")))
    }

    /// Writes one row by an `INSERT` of which nothing is asked: on PostgreSQL it goes with the next statement, or with the
    /// commit, instead of on a way of its own. An error of it ends the transaction, and is that of the statement it went with; so
    /// whoever has words for a constraint's refusal takes [`Tx::execute_one`]. It must write a row in any case: `DO NOTHING` may not.
    pub fn insert_later(&mut self, sql: &str, values: &[Value<'_>]) -> Result<()> {
        self.insert_rows_later(1, sql, values)
    }

    /// [`Tx::insert_later`] of so many rows.
    pub(crate) fn insert_rows_later(&mut self, rows: u64, sql: &str, values: &[Value<'_>]) -> Result<()> {
        match self.backend() {
            Backend::Sqlite => self.execute_exactly(rows, sql, values),
            Backend::Postgres => self.read.write_later(rows, sql, values),
        }
    }

    /// Wakes whoever waits for `topic`, after the commit.
    pub fn wake(&mut self, topic: Topic) {
        self.wakes.add(topic);
    }

    /// Runs what may fail without ending the transaction: its error undoes only itself.
    pub fn savepoint<T>(&mut self, run: impl FnOnce(&mut Tx<'c>) -> Result<T>) -> Result<T> {
        if self.read.failed {
            return Err(Error::internal("a savepoint after the end of its transaction"));
        }
        let mark = self.read.pending.open();
        let wakes = self.wakes;
        let ran = run(self).and_then(|value| {
            if self.read.pending.has_rows_since(&mark) {
                self.read.say_what_waits()?;
            }
            Ok(value)
        });
        let error = match ran {
            Ok(value) if !self.read.failed => {
                self.read.pending.close(&mark);
                return Ok(value);
            }
            Ok(_) => Error::internal("a statement failed and its error was dropped"),
            Err(error) => error,
        };
        self.wakes = wakes;
        if crate::error::is_retry(&error) {
            // The whole transaction is to be run again; a savepoint cannot keep it.
            self.read.failed = true;
            return Err(error);
        }
        let undoing = self.read.pending.undo(&mark);
        self.read.failed = false;
        if let Some(undoing) = undoing
            && let Err(second) = self.read.say(&undoing)
        {
            // What failed was written before the savepoint, and ends the transaction.
            tracing::warn!(db.error = %second, "a savepoint could not be undone");
        }
        Err(error)
    }

    /// From here on the transaction sees the rows of `scope`. For sign-up, jobs and webhooks, which learn the
    /// workspace from the first row they read; row-level security on PostgreSQL follows.
    pub fn enter(&mut self, scope: Scope) -> Result<()> {
        if self.backend() == Backend::Postgres {
            self.read.pending.enter(scope);
        }
        Ok(())
    }
}

fn sqlite_each(
    conn: &rusqlite::Connection,
    rewrites: &mut Rewrites,
    sql: &str,
    values: &[Value<'_>],
    row: &mut dyn FnMut(&Row<'_>) -> Result<()>,
) -> Result<()> {
    let mut statement = conn.prepare_cached(rewrites.get(sql)?).map_err(from_sqlite)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(from_sqlite)?;
    while let Some(found) = rows.next().map_err(from_sqlite)? {
        row(&Row::sqlite(found))?;
    }
    Ok(())
}

fn sqlite_execute(
    conn: &rusqlite::Connection,
    rewrites: &mut Rewrites,
    sql: &str,
    values: &[Value<'_>],
) -> Result<u64> {
    let mut statement = conn.prepare_cached(rewrites.get(sql)?).map_err(from_sqlite)?;
    let changed = statement.execute(rusqlite::params_from_iter(values)).map_err(from_sqlite)?;
    u64::try_from(changed).map_err(Error::internal)
}
