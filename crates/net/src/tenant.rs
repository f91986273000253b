//! The door for addresses that a tenant typed.

use std::{error::Error as StdError, net::IpAddr, sync::Arc};

use kernel::{Error, Result, Text};
use reqwest::{Method, RequestBuilder, Url, redirect};

use crate::{
    Allow, Options, client,
    resolve::{Guarded, Refused},
    special::is_public,
};

/// Redirects followed, each checked.
const REDIRECTS_MAX: usize = 5;

/// A client that reaches the public network and what the operator allowed, and nothing else.
#[derive(Debug, Clone)]
pub struct Tenant {
    client: reqwest::Client,
    straight: reqwest::Client,
    allow: Arc<Allow>,
}

impl Tenant {
    pub(crate) fn new(options: &Options) -> Result<Self> {
        let allow = Arc::new(options.allow.clone());
        let build = |redirects: redirect::Policy| {
            client::builder(options)?
                .dns_resolver(Arc::new(Guarded(Arc::clone(&allow))))
                .redirect(redirects)
                .referer(false)
                .build()
                .map_err(Error::internal)
        };
        let client = build(redirects(Arc::clone(&allow)))?;
        let straight = build(redirect::Policy::none())?;
        Ok(Self { client, straight, allow })
    }

    /// A request to what a tenant typed. Refused here: what is no `http(s)` address, and an address written in numbers
    /// that is not allowed. A name is checked when it is resolved: see [`Tenant::is_refused`].
    pub fn request(&self, method: Method, address: &str) -> Result<RequestBuilder> {
        Ok(self.client.request(method, self.check(address)?))
    }

    /// The same for a request that holds a secret: a redirect is not followed but is the answer. The HTTP library takes
    /// `Authorization` away from another host, and no other header in which a key may travel.
    pub fn request_without_redirects(&self, method: Method, address: &str) -> Result<RequestBuilder> {
        Ok(self.straight.request(method, self.check(address)?))
    }

    /// Whether the operator named this address: a host of the list, or an address in numbers in a private network that is
    /// open. Only there may a secret travel without TLS.
    pub fn is_opened(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let private = literal(host).is_some_and(|address| !is_public(address) && self.allow.address(address));
        private || self.allow.host(host)
    }

    /// The check of [`Tenant::request`] alone, for a form that keeps an address.
    pub fn check(&self, address: &str) -> Result<Url> {
        let invalid = || Error::invalid(Text::new("net-address-invalid").with("address", address));
        let url = Url::parse(address.trim()).map_err(|_| invalid())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(invalid());
        }
        check_literal(&self.allow, &url).map_err(|Refused(host)| refused(&host))?;
        Ok(url)
    }

    /// The error of a call as the tenant should see it, when it failed because of where it led.
    pub fn is_refused(failure: &reqwest::Error) -> Option<Error> {
        let mut cause: Option<&(dyn StdError + 'static)> = Some(failure);
        while let Some(current) = cause {
            if let Some(Refused(host)) = current.downcast_ref() {
                return Some(refused(host));
            }
            cause = current.source();
        }
        None
    }
}

fn refused(host: &str) -> Error {
    Error::invalid(Text::new("net-address-refused").with("host", host))
}

/// An address written in numbers never meets the resolver, so it is checked before each request and redirect.
fn check_literal(allow: &Allow, url: &Url) -> Result<(), Refused> {
    let host = url.host_str().unwrap_or_default();
    match literal(host) {
        Some(address) if !allow.address(address) && !allow.host(host) => Err(Refused(host.to_owned())),
        _ => Ok(()),
    }
}

/// The address that a host is, when it is written in numbers.
fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn redirects(allow: Arc<Allow>) -> redirect::Policy {
    redirect::Policy::custom(move |attempt| {
        if attempt.previous().len() > REDIRECTS_MAX {
            return attempt.stop();
        }
        match check_literal(&allow, attempt.url()) {
            Ok(()) => attempt.follow(),
            Err(refused) => attempt.error(refused),
        }
    })
}
