//! Which addresses are of the public network. Source: the IANA registries of special-purpose IPv4 and IPv6 addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is reachable by everybody, so that a tenant may name it.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => is_public_v4(four),
        IpAddr::V6(six) => is_public_v6(six),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = a == 0
        || a >= 240
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(four) = inner_v4(address) {
        return is_public_v4(four);
    }
    let [first, second, ..] = address.segments();
    let global_unicast = first & 0xe000 == 0x2000;
    // 2001::/23 holds Teredo, benchmarks and other protocols; 2001:db8::/32 and 3fff::/20 are for documents.
    let special =
        (first == 0x2001 && (second < 0x200 || second == 0xdb8)) || (first == 0x3fff && second < 0x1000);
    global_unicast && !special
}

/// The IPv4 address that an IPv6 address leads to: mapped, compatible, NAT64 or 6to4.
fn inner_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let [_, _, g1, g2] = (u32::from(f) << 16 | u32::from(g)).to_be_bytes();
    let [h1, h2] = h.to_be_bytes();
    let last = Ipv4Addr::new(g1, g2, h1, h2);
    match (a, b, c, d, e, f) {
        (0, 0, 0, 0, 0, 0xffff) => Some(last),
        (0, 0, 0, 0, 0, 0) => Some(last),
        (0x64, 0xff9b, 0, 0, 0, 0) => Some(last),
        (0x2002, ..) => {
            let [b1, b2] = b.to_be_bytes();
            let [c1, c2] = c.to_be_bytes();
            Some(Ipv4Addr::new(b1, b2, c1, c2))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(addresses: &str, public: bool) {
        for address in addresses.split_whitespace() {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }

    #[test]
    fn addresses_of_the_public_network_are_public() {
        check(
            "149.154.167.220 8.8.8.8 100.63.0.1 100.128.0.1 172.32.0.1 195.158.0.1 198.20.0.1 223.255.255.1",
            true,
        );
        check(
            "2a00:1450:4001::1 2001:67c:4e8::1 2606:4700::1111 64:ff9b::8.8.8.8 ::ffff:8.8.8.8 2002:808:808::1",
            true,
        );
    }

    #[test]
    fn addresses_of_this_machine_and_of_private_networks_are_not() {
        check("127.0.0.1 127.255.0.9 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1", false);
        check(
            "169.254.169.254 100.64.0.1 192.0.0.8 192.0.2.1 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255",
            false,
        );
        check(":: ::1 fe80::1 fc00::1 fd12::1 fec0::1 ff02::1 2001:db8::1 2001::1 100::1 3fff::1", false);
    }

    #[test]
    fn a_private_address_inside_an_ipv6_address_is_seen() {
        check(
            "::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::10.0.0.1 2002:7f00:1::1 2002:a00:1::1",
            false,
        );
    }
}
