//! One connection with its prepared statements, opened again when the server went away.

use std::sync::Arc;

use kernel::{Error, Result};
use postgres::Client;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{
    ReadTx, Tx,
    error::{Retry, from_postgres},
    tx::Conn,
};

use super::Statements;

/// A connection of the pool.
pub(super) struct Connection {
    url: String,
    settings: String,
    client: Client,
    statements: Statements,
}

impl Connection {
    pub(super) fn open(url: &str, limit_ms: u64, durable: bool) -> Result<Self> {
        let settings = format!(
            "SET statement_timeout = {limit_ms}; SET lock_timeout = {limit_ms}; \
             SET idle_in_transaction_session_timeout = {}; SET synchronous_commit = {}",
            limit_ms.saturating_mul(2),
            if durable { "on" } else { "off" },
        );
        let client = prepared_client(url, &settings)?;
        Ok(Self { url: url.to_owned(), settings, client, statements: Statements::default() })
    }

    /// Connects again when the server has closed the connection.
    pub(super) fn ensure_open(&mut self) -> Result<()> {
        if self.client.is_closed() {
            self.statements = Statements::default();
            self.client = prepared_client(&self.url, &self.settings)
                .map_err(|error| Error::internal(Retry(Box::new(error))))?;
        }
        Ok(())
    }

    pub(super) fn begin(&mut self, sql: &str) -> Result<()> {
        self.client.batch_execute(sql).map_err(from_postgres)
    }

    pub(super) fn tx(&mut self, record: bool) -> Tx<'_> {
        Tx::new(Conn::Postgres { client: &mut self.client, statements: &mut self.statements }, record)
    }

    pub(super) fn read_tx(&mut self, record: bool) -> ReadTx<'_> {
        ReadTx::new(Conn::Postgres { client: &mut self.client, statements: &mut self.statements }, record)
    }

    /// Commits what ran well and rolls back what did not.
    pub(super) fn end(&mut self, ran: Result<()>) -> Result<()> {
        match ran {
            // A connection lost in COMMIT leaves the outcome unknown: running it again could do it twice.
            Ok(()) => {
                self.client.batch_execute("COMMIT").map_err(|error| {
                    if error.as_db_error().is_some() { from_postgres(error) } else { Error::internal(error) }
                })?;
                self.statements.plan_anew_when_due(&mut self.client);
                Ok(())
            }
            Err(error) => {
                if let Err(second) = self.client.batch_execute("ROLLBACK") {
                    tracing::warn!(db.error = %second, "a rollback failed");
                }
                // After a migration by another node the prepared statements no longer fit.
                if crate::error::is_retry(&error) {
                    self.statements = Statements::default();
                }
                Err(error)
            }
        }
    }
}

fn prepared_client(url: &str, settings: &str) -> Result<Client> {
    let mut client = connect(url)?;
    client.batch_execute(settings).map_err(from_postgres)?;
    Ok(client)
}

/// Connects, with TLS where the URL's `sslmode` asks for it. Certificates are always verified.
pub(crate) fn connect(url: &str) -> Result<Client> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::connect(url, MakeRustlsConnect::new(tls))
        .map_err(|error| Error::internal(format!("PostgreSQL does not answer: {error}")))
}
