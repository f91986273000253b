//! Migrations: a folder and a history table per domain, applied in dependency order, under a lock.

use kernel::{Error, Result};
use refinery::Runner;

use crate::{Backend, Config, config::Target, dialect, postgres, sqlite};

/// One migration file.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// `V1__what_it_does`.
    pub name: &'static str,
    /// Its SQL, with type words.
    pub sql: &'static str,
}

/// A domain's migrations, in order.
#[derive(Debug, Clone, Copy)]
pub struct Migrations {
    domain: &'static str,
    steps: &'static [Migration],
}

/// Advisory lock that nodes take before they migrate: the ASCII of "karvon".
const MIGRATION_LOCK: i64 = 0x6b61_7276_6f6e;

impl Migrations {
    /// The migrations of `domain`.
    pub const fn new(domain: &'static str, steps: &'static [Migration]) -> Self {
        Self { domain, steps }
    }

    /// The domain's name, in its history table's name.
    pub const fn domain(&self) -> &'static str {
        self.domain
    }

    /// The same domain as it was after its first `count` migrations; for tests of later ones on data.
    pub fn first(&self, count: usize) -> Self {
        Self { domain: self.domain, steps: self.steps.get(..count).unwrap_or(self.steps) }
    }

    /// How many there are.
    pub const fn count(&self) -> usize {
        self.steps.len()
    }

    fn runner(&self, backend: Backend) -> Result<Runner> {
        let steps = self
            .steps
            .iter()
            .map(|Migration { name, sql }| {
                let sql = dialect::migration(sql, backend)?;
                refinery::Migration::unapplied(name, &sql).map_err(Error::internal)
            })
            .collect::<Result<Vec<_>>>()?;
        let mut runner = Runner::new(&steps).set_abort_divergent(true);
        runner.set_migration_table_name(format!("{}_migration", self.domain));
        Ok(runner)
    }

    pub(crate) fn fingerprint(all: &[Self]) -> String {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        for Self { domain, steps } in all {
            hash.update(domain);
            for Migration { name, sql } in *steps {
                hash.update(name);
                hash.update(sql);
            }
        }
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Applies what is missing, lower domains first.
pub(crate) fn run(config: &Config, all: &[Migrations]) -> Result<()> {
    match &config.target {
        Target::Sqlite(path) => {
            let mut conn = sqlite::connect(path, false, config.durable)?;
            for domain in all {
                domain.runner(Backend::Sqlite)?.run(&mut conn).map_err(|e| failed(domain, e))?;
            }
            Ok(())
        }
        Target::Postgres(url) => {
            let mut client = postgres::connect(url)?;
            let lock = format!("SELECT pg_advisory_lock({MIGRATION_LOCK})");
            client.batch_execute(&lock).map_err(Error::internal)?;
            for domain in all {
                domain.runner(Backend::Postgres)?.run(&mut client).map_err(|e| failed(domain, e))?;
            }
            // The lock ends with the connection.
            client.batch_execute(ROW_LEVEL_SECURITY).map_err(Error::internal)
        }
    }
}

fn failed(domain: &Migrations, error: refinery::Error) -> Error {
    Error::internal(format!("migrations of {}: {error:?}", domain.domain))
}

/// Puts row-level security on every table that has a `workspace_id` and none yet: a new table cannot forget it.
/// The settings stand in selects of their own, so that they are read once a statement and not once a row.
const ROW_LEVEL_SECURITY: &str = "
DO $$
DECLARE t record;
BEGIN
  FOR t IN
    SELECT c.oid, c.relname FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t.relname);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t.relname);
    EXECUTE format(
      'CREATE POLICY workspace ON %I USING (
         workspace_id = (SELECT NULLIF(current_setting(''karvon.workspace'', true), '''')::uuid)
         OR (SELECT current_setting(''karvon.server'', true) = ''on''))', t.relname);
  END LOOP;
END $$;
";
