//! The only maker of HTTP clients: one place for certificates, timeouts, retries and for the wall around private networks.
//!
//! It knows nothing of what is said over the wire. A program makes one [`Net`] and hands it to everybody.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::as_conversions)
)]

mod allow;
mod body;
mod client;
mod resolve;
mod retry;
mod special;
mod tenant;
#[cfg(test)]
mod tests;

use std::time::Duration;

use kernel::Result;

pub use allow::{Allow, AllowError};
pub use body::{TooLong, read_up_to};
/// The HTTP library, for the types of requests and answers.
pub use reqwest;
pub use retry::{Retry, not_sent, send_again};
pub use special::is_public;
pub use tenant::Tenant;

/// How the clients behave.
#[derive(Debug, Clone)]
pub struct Options {
    /// Until a connection stands.
    pub connect_timeout: Duration,
    /// For a whole call; a call that is meant to be long (a poll, a stream) sets its own.
    pub timeout: Duration,
    /// What tenants may reach besides the public network.
    pub allow: Allow,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(30),
            allow: Allow::nothing(),
        }
    }
}

/// The clients. Cloning is cheap and shares connections.
#[derive(Debug, Clone)]
pub struct Net {
    trusted: reqwest::Client,
    store: reqwest::Client,
    tenant: Tenant,
}

impl Net {
    /// Makes the clients. Fails only when TLS cannot be set up.
    pub fn new(options: &Options) -> Result<Self> {
        let trusted = client::builder(options)?.build().map_err(kernel::Error::internal)?;
        let store = client::of_store(options)?;
        Ok(Self { trusted, store, tenant: Tenant::new(options)? })
    }

    /// For addresses of the configuration: any network is reached.
    pub fn trusted(&self) -> &reqwest::Client {
        &self.trusted
    }

    /// For the store of files, which the configuration names: a call may be as long as a film, and is given up when
    /// nothing moves.
    pub fn store(&self) -> &reqwest::Client {
        &self.store
    }

    /// For addresses that a tenant typed: only the public network is reached, and what the operator allowed.
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }
}
