//! How every client is built.

use std::{sync::Arc, time::Duration};

use kernel::{Error, Result};
use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore, crypto::ring};

use crate::Options;

/// Idle connections kept per host: a thousand bots talk to one host.
const IDLE_PER_HOST: usize = 64;

/// A store of files that has not said anything for so long is given up; five megabytes have gone out by then.
const STORE_SILENT: Duration = Duration::from_secs(60);

/// A builder with our TLS, timeouts and name. Proxies from the environment are not used: a proxy would resolve names
/// itself, past the wall.
pub(crate) fn builder(options: &Options) -> Result<reqwest::ClientBuilder> {
    Ok(client_with(options)?.timeout(options.timeout))
}

#[expect(clippy::disallowed_methods, reason = "this is the one place where clients are made")]
fn client_with(options: &Options) -> Result<reqwest::ClientBuilder> {
    Ok(reqwest::Client::builder()
        .tls_backend_preconfigured(tls()?)
        .user_agent(concat!("Karvon/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(options.connect_timeout)
        .pool_max_idle_per_host(IDLE_PER_HOST)
        .tcp_nodelay(true)
        .no_proxy())
}

/// The client of a store of files. No redirects: what is signed is signed for its address. Nothing is unpacked: the bytes
/// are those that were stored.
pub(crate) fn of_store(options: &Options) -> Result<reqwest::Client> {
    let builder = client_with(options)?.read_timeout(STORE_SILENT).redirect(Policy::none()).no_gzip();
    builder.build().map_err(Error::internal)
}

/// TLS 1.2 and 1.3 by ring with the roots that browsers trust.
fn tls() -> Result<ClientConfig> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
