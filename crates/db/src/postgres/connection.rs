//! One connection of the pool, opened again when the server went away.

use std::sync::Arc;

use kernel::{Error, Result};
use postgres::Client;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::wire::Wire;
use crate::{
    ReadTx, Tx,
    error::{Retry, is_retry},
    pending::Ahead,
    tx::Conn,
};

/// A connection of the pool.
pub(super) struct Connection {
    url: String,
    settings: String,
    wire: Wire,
}

impl Connection {
    pub(super) fn open(url: &str, limit_ms: u64, durable: bool) -> Result<Self> {
        let settings = format!(
            "SET statement_timeout = {limit_ms}; SET lock_timeout = {limit_ms}; \
             SET idle_in_transaction_session_timeout = {}; SET synchronous_commit = {}",
            limit_ms.saturating_mul(2),
            if durable { "on" } else { "off" },
        );
        let wire = prepared_wire(url, &settings)?;
        Ok(Self { url: url.to_owned(), settings, wire })
    }

    /// Connects again when the server has closed the connection.
    pub(super) fn ensure_open(&mut self) -> Result<()> {
        if self.wire.is_closed() {
            self.wire = prepared_wire(&self.url, &self.settings)
                .map_err(|error| Error::internal(Retry(Box::new(error))))?;
        }
        Ok(())
    }

    /// A transaction that begins with these words.
    pub(super) fn tx(&mut self, begin: &str, record: bool) -> Tx<'_> {
        Tx::new(Conn::Postgres(&mut self.wire), record).beginning(begin)
    }

    /// The same to read.
    pub(super) fn read_tx(&mut self, begin: &str, record: bool) -> ReadTx<'_> {
        ReadTx::new(Conn::Postgres(&mut self.wire), record).beginning(begin)
    }

    /// Commits what ran well and rolls back what did not.
    pub(super) fn end(&mut self, ran: Result<()>, left: Left) -> Result<()> {
        let Left { rows, has_begun } = left;
        match ran {
            Ok(()) if has_begun || !rows.is_empty() => self.wire.commit(&rows),
            Ok(()) => Ok(()),
            Err(error) => {
                if has_begun && let Err(second) = self.wire.batch("ROLLBACK") {
                    tracing::warn!(db.error = %second, "a rollback failed");
                }
                // After a migration by another node the prepared statements no longer fit.
                if is_retry(&error) {
                    self.wire.forget_statements();
                }
                Err(error)
            }
        }
    }
}

/// What a transaction that ran leaves to its end.
pub(crate) struct Left {
    /// The rows that are still to be written, and what they need.
    pub(crate) rows: Vec<Ahead>,
    /// Whether anything was said so far: a transaction that has not begun needs no end.
    pub(crate) has_begun: bool,
}

fn prepared_wire(url: &str, settings: &str) -> Result<Wire> {
    let mut wire = Wire::open(url)?;
    wire.batch(settings)?;
    Ok(wire)
}

/// Connects, with TLS where the URL's `sslmode` asks for it. Certificates are always verified.
pub(crate) fn connect(url: &str) -> Result<Client> {
    Client::connect(url, tls()?).map_err(silent)
}

/// Why there is no connection.
pub(super) fn silent(error: postgres::Error) -> Error {
    Error::internal(format!("PostgreSQL does not answer: {error}"))
}

pub(super) fn tls() -> Result<MakeRustlsConnect> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(tls))
}
