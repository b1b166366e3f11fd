//! Whose address a request has: the peer's, or what proxies that are trusted say of theirs.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

use http::{HeaderMap, HeaderName};
use serde::{Deserialize, Deserializer, de::Error as _};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Hops of a header that are looked at: no chain of proxies is longer.
const MAX_HOPS: usize = 64;
/// Who has one address of IPv6 has its whole network of 2^64.
const IPV6_PREFIX: u8 = 64;

/// Who is at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// A network: an address, and how many of its bits all its addresses share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    bits: u128,
    /// Of 128 bits: an address of IPv4 is the one of IPv6 into which it is mapped.
    prefix: u8,
}

fn bits_of(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn masked(bits: u128, prefix: u8) -> u128 {
    bits & u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0)
}

impl Network {
    fn holds(self, address: IpAddr) -> bool {
        masked(bits_of(address), self.prefix) == self.bits
    }
}

/// The text is no network.
#[derive(Debug)]
pub struct InvalidNetwork(String);

impl fmt::Display for InvalidNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no address and no network; write `10.1.2.3`, `10.0.0.0/8` or `fd00::/8`", self.0)
    }
}

impl FromStr for Network {
    type Err = InvalidNetwork;
    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let invalid = || InvalidNetwork(text.chars().take(80).collect());
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| invalid())?;
        let own = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => own,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().ok().filter(|prefix| *prefix <= own).ok_or_else(invalid)?
            }
            Some(_) => return Err(invalid()),
        };
        let prefix = 128 - own + prefix;
        let bits = bits_of(address);
        // An address beyond the prefix is a slip: `10.1.2.3/8` trusts more than it shows.
        if masked(bits, prefix) == bits { Ok(Self { bits, prefix }) } else { Err(invalid()) }
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|error| D::Error::custom(format_args!("`trusted_proxies`: {error}")))
    }
}

/// The proxies whose word on addresses is taken.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct TrustedProxies(Vec<Network>);

impl TrustedProxies {
    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(address))
    }

    /// The client's address: the peer's, unless that is a trusted proxy; then the rightmost hop of X-Forwarded-For that is not
    /// itself trusted, since only what a trusted proxy has written is true. A hop that is no address ends the walk; each is read by
    /// itself, since what a client wrote may be any bytes. A request that came over no connection is this machine's own.
    #[must_use]
    pub fn client(&self, peer: Option<&Peer>, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.map_or(Ipv4Addr::LOCALHOST.into(), |peer| peer.0.to_canonical());
        let lines = headers.get_all(X_FORWARDED_FOR).iter().rev();
        let mut hops = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b',')).take(MAX_HOPS);
        while self.trusts(client)
            && let Some(hop) = hops.next().and_then(hop_address)
        {
            client = hop;
        }
        client
    }
}

/// One hop: an address, which some proxies write with the port.
fn hop_address(hop: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(hop).ok()?.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// What of an address is counted: whoever has one of IPv6 has its network, and could come from another one each time.
#[must_use]
pub fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(masked(address.to_bits(), IPV6_PREFIX)).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn client(trusted: &[&str], peer: &str, lines: &[&str]) -> String {
        let proxies = TrustedProxies(trusted.iter().map(|network| network.parse().unwrap()).collect());
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(X_FORWARDED_FOR, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        proxies.client(Some(&Peer(peer.parse().unwrap())), &headers).to_string()
    }

    #[test]
    fn without_a_trusted_proxy_the_header_is_nobodys_word() {
        assert_eq!(client(&[], "203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(client(&["10.0.0.0/8"], "203.0.113.7", &["198.51.100.1, 10.0.0.1"]), "203.0.113.7");
        assert_eq!(TrustedProxies::default().client(None, &HeaderMap::new()), Ipv4Addr::LOCALHOST);
    }

    #[test]
    fn the_rightmost_hop_that_is_not_trusted_is_the_client() {
        let trusted = ["10.0.0.0/8", "fd00::/8", "::1"];
        for (lines, address) in [
            (&["198.51.100.1"] as &[&str], "198.51.100.1"),
            (&["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            (&["1.1.1.1, 198.51.100.1 ,10.9.9.9"], "198.51.100.1"),
            (&["1.1.1.1, 198.51.100.1", "10.9.9.9", "fd00::7"], "198.51.100.1"),
            (&["1.1.1.1", "198.51.100.1:4711"], "198.51.100.1"),
            (&["[2001:db8::1]:443"], "2001:db8::1"),
            (&["[2001:db8::1]"], "2001:db8::1"),
            (&["::ffff:198.51.100.1"], "198.51.100.1"),
            (&["10.2.2.2, 10.1.1.1"], "10.2.2.2"),
            (&[], "10.0.0.1"),
            (&[""], "10.0.0.1"),
            (&["198.51.100.1, unknown"], "10.0.0.1"),
            (&["198.51.100.1, , 10.1.1.1"], "10.1.1.1"),
            (&["198.51.100.1, é, 10.1.1.1"], "10.1.1.1"),
            (&["é, 203.0.113.7"], "203.0.113.7"),
            (&["é", "203.0.113.7, 10.1.1.1"], "203.0.113.7"),
            (&["203.0.113.7, é"], "10.0.0.1"),
        ] {
            assert_eq!(client(&trusted, "10.0.0.1", lines), address, "{lines:?}");
            assert_eq!(client(&trusted, "::ffff:10.0.0.1", lines), address, "{lines:?}");
        }
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one() {
        let counted = |text: &str| counted(text.parse().unwrap()).to_string();
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(counted("2001:db8:1:2:ffff::"), counted("2001:db8:1:2::1"));
        assert_ne!(counted("2001:db8:1:3::1"), counted("2001:db8:1:2::1"));
        assert_eq!(counted("::ffff:198.51.100.1"), "198.51.100.1");
        assert_ne!(counted("198.51.100.1"), counted("198.51.100.2"));
    }

    #[test]
    fn what_is_no_network_is_named() {
        for good in ["10.0.0.0/8", "10.1.2.3", "::1", "fd00::/8", "0.0.0.0/0", "::/0", "10.1.2.3/32"] {
            assert!(good.parse::<Network>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "10.0.0",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0.0/",
            "10.1.2.3/8",
            "fd00::/129",
            "localhost",
            "10.0.0.0/8/8",
        ] {
            assert!(bad.parse::<Network>().unwrap_err().to_string().contains(&format!("`{bad}`")), "{bad}");
        }
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.holds("8.8.8.8".parse().unwrap()) && !all.holds("2001:db8::1".parse().unwrap()));
    }
}
