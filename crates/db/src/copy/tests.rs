//! What goes out comes in again, on each database and from one to the other.

use kernel::{Id, Result, WorkspaceId};

use super::{CopiedTable, CopySink, copy_in, copy_out, is_empty};
use crate::{Config, Migration, Migrations, Target, Value, params, testing::TestDb};

/// Everything that a table of ours can have; the sealed rows are guarded by a trigger.
const TREE: &[Migration] = &[Migration {
    name: "V1__tree",
    sql: "CREATE TABLE tree (
            workspace_id {id} NOT NULL, id {id} NOT NULL, parent_id {id}, name {text} NOT NULL, is_leaf {bool} NOT NULL,
            born_on {date}, extra {json}, picture {bytes},
            PRIMARY KEY (workspace_id, id), FOREIGN KEY (workspace_id, parent_id) REFERENCES tree (workspace_id, id)
        ) {strict};
        CREATE TABLE tree_event (tx_number {txid}, seq {serial}, workspace_id {id} NOT NULL, name {text} NOT NULL) {strict};
--sqlite: CREATE TRIGGER tree_is_full BEFORE INSERT ON tree BEGIN SELECT RAISE(ABORT, 'the tree is sealed'); END;
--postgres: CREATE FUNCTION tree_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the tree is sealed'; END $$;
--postgres: CREATE TRIGGER tree_is_full BEFORE INSERT ON tree FOR EACH ROW EXECUTE FUNCTION tree_is_sealed();
        ",
}];
const WORKSPACE: WorkspaceId = Id::from_uuid(uuid::Uuid::from_u128(1));

fn all() -> [Migrations; 1] {
    [Migrations::new("tree", TREE)]
}

/// Tables with their rows, in memory.
#[derive(Debug, Default, Clone, PartialEq)]
struct Kept(Vec<(CopiedTable, Vec<Vec<Value<'static>>>)>);

impl CopySink for Kept {
    fn table(&mut self, table: &CopiedTable) -> Result<()> {
        self.0.push((table.clone(), Vec::new()));
        Ok(())
    }
    fn row(&mut self, values: &[Value<'_>]) -> Result<()> {
        let row = values.iter().map(|value| value.clone().into_owned()).collect();
        self.0.last_mut().unwrap().1.push(row);
        Ok(())
    }
}

impl Kept {
    fn of(config: &Config) -> Self {
        let mut kept = Self::default();
        copy_out(config, &mut kept).unwrap();
        kept
    }

    fn put_into(&self, config: &Config) -> Result<()> {
        copy_in(config, &mut |sink| {
            self.0.iter().try_for_each(|(table, rows)| {
                sink.table(table)?;
                rows.iter().try_for_each(|row| sink.row(row))
            })
        })
    }
}

/// A tree whose child stands before its parent, with everything that is hard to write down.
fn tree() -> Kept {
    let id = |n: u8| Value::Bytes(vec![n; 16].into());
    let text = |text: &str| Value::Text(text.to_owned().into());
    let columns = ["workspace_id", "id", "parent_id", "name", "is_leaf", "born_on", "extra", "picture"];
    let workspace = || Value::Bytes(WORKSPACE.uuid().as_bytes().to_vec().into());
    let child = vec![
        workspace(),
        id(2),
        id(1),
        text("oʻ\\ \t\n\r\"'ў"),
        Value::Int(1),
        text("2026-11-21"),
        text("{\"a\": 1}"),
        Value::Bytes(vec![0, 255, 10, 92].into()),
    ];
    let parent =
        vec![workspace(), id(1), Value::Null, text(""), Value::Int(0), Value::Null, Value::Null, Value::Null];
    let table = |name: &str, columns: &[&str], last_serial| CopiedTable {
        name: name.to_owned(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        last_serial,
    };
    let event = vec![Value::Int(0), Value::Int(3), workspace(), text("made")];
    Kept(vec![
        (table("tree", &columns, None), vec![child, parent]),
        (table("tree_event", &["tx_number", "seq", "workspace_id", "name"], Some(7)), vec![event]),
    ])
}

fn comes_back(there: &TestDb, here: &TestDb) {
    let tree = tree();
    tree.put_into(&there.config()).unwrap();
    let out = Kept::of(&there.config());
    assert_eq!(out, tree);
    out.put_into(&here.config()).unwrap();
    assert_eq!(Kept::of(&here.config()), tree);
    let sql = "INSERT INTO tree_event (workspace_id, name) VALUES ($1, 'next') RETURNING seq";
    let next = here.write_now(WORKSPACE, |tx| tx.query_one(sql, params![WORKSPACE], |row| row.get::<i64>(0)));
    assert_eq!(next.unwrap(), 8, "a number that was given comes again");
    let sealed = "INSERT INTO tree (workspace_id, id, name, is_leaf) VALUES ($1, $1, 'x', $2)";
    let refused = here.write_now(WORKSPACE, |tx| tx.execute(sealed, params![WORKSPACE, true]));
    assert!(refused.is_err(), "the trigger is not there any more");
}

#[test]
fn rows_come_back_on_sqlite() {
    comes_back(&TestDb::sqlite(&all()), &TestDb::sqlite(&all()));
}

#[test]
fn rows_come_back_on_postgres() {
    comes_back(&TestDb::postgres(&all()), &TestDb::postgres(&all()));
}

#[test]
fn rows_go_from_sqlite_to_postgres_and_back() {
    comes_back(&TestDb::sqlite(&all()), &TestDb::postgres(&all()));
    comes_back(&TestDb::postgres(&all()), &TestDb::sqlite(&all()));
}

#[test]
fn a_row_whose_parent_did_not_come_stops_everything() {
    for db in [TestDb::sqlite(&all()), TestDb::postgres(&all())] {
        let mut tree = tree();
        tree.0[0].1.pop();
        assert!(tree.put_into(&db.config()).is_err());
        assert!(Kept::of(&db.config()).0.iter().all(|(_, rows)| rows.is_empty()));
    }
}

#[test]
fn a_column_that_is_not_there_stops_everything() {
    for db in [TestDb::sqlite(&all()), TestDb::postgres(&all())] {
        let mut tree = tree();
        tree.0[1].0.columns[3] = "nowhere".to_owned();
        let error = tree.put_into(&db.config()).unwrap_err();
        assert!(error.to_string().contains("tree_event.nowhere is not in this database"), "{error}");
        assert!(Kept::of(&db.config()).0.iter().all(|(_, rows)| rows.is_empty()));
    }
}

#[test]
fn a_database_is_empty_until_it_is_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let config =
        Config { target: Target::Sqlite(folder.path().join("new.sqlite3")), ..TestDb::sqlite(&[]).config() };
    assert!(is_empty(&config).unwrap());
    assert!(!is_empty(&TestDb::sqlite(&all()).config()).unwrap());
    assert!(is_empty(&TestDb::postgres(&[]).config()).unwrap());
    assert!(!is_empty(&TestDb::postgres(&all()).config()).unwrap());
}
