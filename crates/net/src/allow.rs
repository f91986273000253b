//! What the operator opens for tenants besides the public network: networks, addresses and host names.

use std::{net::IpAddr, str::FromStr};

use crate::special::is_public;

/// The operator's list. Empty by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allow {
    all: bool,
    networks: Vec<Network>,
    hosts: Vec<String>,
}

/// An entry of the list that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no address, no network such as 10.0.0.0/8 and no host name")]
pub struct AllowError(String);

impl Allow {
    /// Only the public network.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Everything, for a server whose tenants are its owner.
    pub fn everything() -> Self {
        Self { all: true, ..Self::default() }
    }

    /// Whether a host may be named whatever it resolves to.
    pub fn host(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.');
        self.all || self.hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host))
    }

    /// Whether an address may be connected to.
    pub fn address(&self, address: IpAddr) -> bool {
        self.all || is_public(address) || self.networks.iter().any(|network| network.holds(address))
    }
}

/// `10.0.0.0/8, 192.168.1.5, shop.local`, or `*` for everything.
impl FromStr for Allow {
    type Err = AllowError;

    fn from_str(list: &str) -> Result<Self, AllowError> {
        let mut allow = Self::nothing();
        for entry in list.split([',', ' ']).map(str::trim).filter(|entry| !entry.is_empty()) {
            let wrong = || AllowError(entry.to_owned());
            if entry == "*" {
                allow.all = true;
            } else if let Some((address, bits)) = entry.split_once('/') {
                let address = address.parse().map_err(|_| wrong())?;
                let bits = bits.parse().map_err(|_| wrong())?;
                allow.networks.push(Network::new(address, bits).ok_or_else(wrong)?);
            } else if let Ok(address) = entry.parse() {
                allow.networks.push(Network::of(address));
            } else if is_host_name(entry) {
                allow.hosts.push(entry.trim_end_matches('.').to_ascii_lowercase());
            } else {
                return Err(wrong());
            }
        }
        Ok(allow)
    }
}

fn is_host_name(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c))
        && text.chars().any(|c| c.is_ascii_alphabetic())
}

/// Addresses that begin with the same bits. Both kinds as 128 bits, IPv4 in its mapped form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    start: u128,
    mask: u128,
}

impl Network {
    fn new(address: IpAddr, bits: u32) -> Option<Self> {
        let (before, width) = if address.is_ipv4() { (96, 32) } else { (0, 128) };
        if bits > width {
            return None;
        }
        let free = 128_u32.checked_sub(before)?.checked_sub(bits)?;
        let mask = u128::MAX.checked_shl(free).unwrap_or(0);
        Some(Self { start: as_bits(address) & mask, mask })
    }

    fn of(address: IpAddr) -> Self {
        Self { start: as_bits(address), mask: u128::MAX }
    }

    fn holds(self, address: IpAddr) -> bool {
        as_bits(address) & self.mask == self.start
    }
}

fn as_bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(four) => four.to_ipv6_mapped().to_bits(),
        IpAddr::V6(six) => six.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(list: &str, address: &str, allowed: bool) {
        let allow: Allow = list.parse().unwrap();
        assert_eq!(allow.address(address.parse().unwrap()), allowed, "{address} by `{list}`");
    }

    #[test]
    fn networks_addresses_and_everything_are_opened_by_the_list() {
        check("", "10.1.2.3", false);
        check("", "8.8.8.8", true);
        check("10.0.0.0/8", "10.1.2.3", true);
        check("10.0.0.0/8", "::ffff:10.1.2.3", true);
        check("10.0.0.0/8", "11.1.2.3", true);
        check("10.0.0.0/8", "192.168.0.1", false);
        check("192.168.0.7, fd00::/8", "192.168.0.7", true);
        check("192.168.0.7, fd00::/8", "192.168.0.8", false);
        check("192.168.0.7 fd00::/8", "fd00::9", true);
        check("0.0.0.0/0", "127.0.0.1", true);
        check("0.0.0.0/0", "::1", false);
        check("*", "::1", true);
    }

    #[test]
    fn hosts_are_opened_whatever_their_letters_and_last_dot() {
        let allow: Allow = "Shop.local".parse().unwrap();
        assert!(allow.host("shop.LOCAL."));
        assert!(!allow.host("other.local"));
        assert!(!allow.host("evil.shop.local"));
    }

    #[test]
    fn what_is_no_entry_is_named() {
        for list in ["10.0.0.0/33", "fe80::/129", "10.0.0/8", "a b/8", "http://x"] {
            let entry = list.split_whitespace().last().unwrap();
            assert_eq!(list.parse::<Allow>(), Err(AllowError(entry.to_owned())), "{list}");
        }
    }
}
