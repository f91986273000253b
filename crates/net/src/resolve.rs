//! Names of tenants become addresses here, and only allowed addresses come out. The connection is made to exactly these,
//! so that a name which answers differently the second time gains nothing.

use std::{net::SocketAddr, sync::Arc};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::Allow;

/// A name that leads into networks which are not open to tenants.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is in a private network")]
pub(crate) struct Refused(pub(crate) String);

/// The resolver of the tenants' client.
#[derive(Debug)]
pub(crate) struct Guarded(pub(crate) Arc<Allow>);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let allow = Arc::clone(&self.0);
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let kept = keep_allowed(&allow, &host, found)?;
            let addresses: Addrs = Box::new(kept.into_iter());
            Ok(addresses)
        })
    }
}

/// The allowed of the addresses of a host; an error when there were some and none is allowed.
pub(crate) fn keep_allowed(
    allow: &Allow,
    host: &str,
    found: Vec<SocketAddr>,
) -> Result<Vec<SocketAddr>, Refused> {
    if allow.host(host) || found.is_empty() {
        return Ok(found);
    }
    let kept: Vec<SocketAddr> = found.into_iter().filter(|address| allow.address(address.ip())).collect();
    if kept.is_empty() { Err(Refused(host.to_owned())) } else { Ok(kept) }
}
