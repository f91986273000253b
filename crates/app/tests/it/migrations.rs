//! Every step of the tables applies on rows that earlier steps left, on both databases.

use std::collections::BTreeMap;

use db::{Backend, Db, Migrations, ReadTx, Scope, Tx, Value, testing::TestDb};
use kernel::Result;
use uuid::Uuid;

/// Every id of a made-up row: so that each reference finds its row.
const ONE: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);

#[derive(Debug)]
struct Column {
    name: String,
    kind: String,
}

pub(crate) fn tables(tx: &mut ReadTx<'_>) -> Result<Vec<String>> {
    let sql = match tx.backend() {
        Backend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Backend::Postgres => {
            "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()"
        }
    };
    let mut found: Vec<String> = tx.query(sql, &[], |row| row.get(0))?;
    found.retain(|name| !name.ends_with("_migration"));
    found.sort_unstable();
    Ok(found)
}

/// The columns that a row must say: neither counted by the database nor free to be absent.
fn columns(tx: &mut ReadTx<'_>, table: &str) -> Result<Vec<Column>> {
    let sql = match tx.backend() {
        Backend::Sqlite => {
            "SELECT name, LOWER(type) FROM pragma_table_info($1)
             WHERE ((\"notnull\" = 1 AND dflt_value IS NULL) OR name = 'email'
                     OR ($1 = 'sales_payment' AND name = 'order_id')) AND NOT (name = 'seq' AND pk = 1)"
        }
        Backend::Postgres => {
            "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name = $1
                 AND ((is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO') OR column_name = 'email'
                     OR ($1 = 'sales_payment' AND column_name = 'order_id'))"
        }
    };
    tx.query(sql, db::params![table], |row| Ok(Column { name: row.get(0)?, kind: row.get(1)? }))
}

fn value(table: &str, column: &Column) -> Value<'static> {
    let Column { name, kind } = column;
    match kind.as_str() {
        "text" if name == "kind" && table == "ledger_account" => Value::Text("active".into()),
        "text" if name == "kind" && table == "cash_register" => Value::Text("bank".into()),
        "text" if name == "kind" && table == "sales_invoice" => Value::Text("invoice".into()),
        "text" if name == "kind" && table == "sales_payment" => Value::Text("payment".into()),
        "text" if name == "flow" => Value::Text("in".into()),
        "uuid" => Value::Uuid(ONE),
        // SQLite keeps ids as bytes, and bytes too.
        "blob" if name == "id" || name.ends_with("_id") || name == "source" => Value::Uuid(ONE),
        "blob" | "bytea" => Value::Bytes(vec![7; 32].into()),
        "json" | "jsonb" => Value::Text("{}".into()),
        // What is open has no end yet.
        "boolean" if name == "is_open" => Value::Bool(true),
        "boolean" => Value::Bool(false),
        "text" | "character varying" if name == "lang" || name == "language" => Value::Text("uz".into()),
        "text" | "character varying" if name == "source" => Value::Text("staff".into()),
        "text" | "character varying" if name == "kind" => Value::Text("opening".into()),
        "text" | "character varying" if name == "status" || name == "state" => Value::Text("draft".into()),
        "date" => Value::Text("2026-11-20".into()),
        "text" | "character varying" if name.ends_with("_on") => Value::Text("2026-11-20".into()),
        "text" | "character varying" => Value::Text("x".into()),
        // An order's total is its net and its VAT.
        _ if name == "total_tiyin" || name == "fee_total_tiyin" => Value::Int(2),
        // What pays an invoice is not given back.
        _ if name == "refunded_tiyin" => Value::Int(0),
        // A closed register is empty.
        _ if name == "balance_tiyin" => Value::Int(0),
        _ => Value::Int(1),
    }
}

/// Puts one row into every table that takes a made-up one; tables that refer to others follow them.
fn fill(tx: &mut Tx<'_>) -> Result<()> {
    if tx.backend() == Backend::Postgres {
        // Keys that are compared at the end only would refuse everything then.
        tx.execute("SET CONSTRAINTS ALL IMMEDIATE", &[])?;
    }
    let mut left = tables(tx)?;
    loop {
        let before = left.len();
        let mut refused = Vec::new();
        for table in left {
            let columns = columns(tx, &table)?;
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            let holes: Vec<String> = (1..=columns.len()).map(|hole| format!("${hole}")).collect();
            let values: Vec<Value<'_>> = columns.iter().map(|column| value(&table, column)).collect();
            let sql = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), holes.join(", "));
            if tx.savepoint(|tx| tx.execute(&sql, &values)).is_err() {
                refused.push(table);
            }
        }
        if refused.len() == before || refused.is_empty() {
            return Ok(());
        }
        left = refused;
    }
}

fn counts(tx: &mut ReadTx<'_>) -> Result<BTreeMap<String, i64>> {
    let tables = tables(tx)?;
    let count = |tx: &mut ReadTx<'_>, table: &String| {
        tx.query_one(&format!("SELECT COUNT(*) FROM {table}"), &[], |row| row.get(0))
    };
    tables.iter().map(|table| Ok((table.clone(), count(tx, table)?))).collect()
}

/// Domains that are younger than a step of what they refer to: their first one came with that step.
const BORN_AT: [(&str, usize); 2] = [("applications", 3), ("surveys", 3)];

fn born_at(domain: &Migrations) -> usize {
    BORN_AT.iter().find(|(name, _)| *name == domain.domain()).map_or(1, |(_, step)| *step)
}

fn up_to(step: usize) -> Vec<Migrations> {
    let domains = app::modules::migrations();
    let there = domains.iter().filter(|domain| step >= born_at(domain));
    there.map(|domain| domain.first((step + 1 - born_at(domain)).min(domain.count()))).collect()
}

fn steps_on_rows(db: &TestDb) {
    let domains = app::modules::migrations();
    let steps = domains.iter().map(|domain| domain.count() + born_at(domain) - 1).max().unwrap();
    let mut before: BTreeMap<String, i64> = BTreeMap::new();
    for step in 1..=steps {
        let opened = Db::open(db.config(), &up_to(step)).unwrap();
        let after = opened.read_now(Scope::Server, counts).unwrap();
        for (table, count) in &before {
            assert_eq!(after.get(table), Some(count), "rows of {table} after step {step}");
        }
        opened.write_now(Scope::Server, fill).unwrap();
        before = opened.read_now(Scope::Server, counts).unwrap();
    }
    let filled = before.values().filter(|count| **count > 0).count();
    assert!(filled * 20 >= before.len() * 19, "made-up rows stand in nearly every table: {before:?}");
    // Once more: a start with nothing to do.
    let opened = Db::open(db.config(), &app::modules::migrations()).unwrap();
    assert_eq!(opened.read_now(Scope::Server, counts).unwrap(), before);
}

#[test]
fn every_step_applies_on_rows_on_sqlite() {
    steps_on_rows(&TestDb::sqlite(&[]));
}

#[test]
fn every_step_applies_on_rows_on_postgres() {
    steps_on_rows(&TestDb::postgres(&[]));
}
