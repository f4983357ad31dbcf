//! Where a request comes from: the address of the connection, or, behind proxies that the service trusts, what they say.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use http::request::Parts;
use ipnet::IpNet;

use super::request::Sent;

/// The header in which proxies note whom they speak for, the nearest last.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The networks of the proxies that a service trusts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies(Arc<[IpNet]>);

impl Proxies {
    pub(crate) fn new(networks: impl IntoIterator<Item = IpNet>) -> Proxies {
        Proxies(networks.into_iter().collect())
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The address of the client; `None` where the application is served without addresses.
    pub(crate) fn peer(&self, parts: &Parts) -> Option<IpAddr> {
        let mut peer = Sent::peer(parts)?.to_canonical();
        let headers = parts.headers.get_all(FORWARDED_FOR).iter();
        let hops = headers.flat_map(|header| header.as_bytes().split(|byte| *byte == b','));
        let hops: Vec<&[u8]> = hops.collect();
        // From the nearest on; the first that is no proxy of ours is whom it spoke for. What is before, a client may have made up.
        for hop in hops.iter().rev() {
            if !self.trusts(peer) {
                break;
            }
            let address = std::str::from_utf8(hop.trim_ascii()).ok();
            match address.and_then(|text| text.parse::<IpAddr>().ok()) {
                Some(address) => peer = address.to_canonical(),
                None => break,
            }
        }
        Some(network(peer))
    }
}

/// The address as it is counted: of IPv6, everybody has 2^64 of them, and is counted as one.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn peer(proxies: &[&str], connection: &str, forwarded: &[&str]) -> String {
        let networks = proxies.iter().map(|network| network.parse().unwrap());
        let mut request = http::Request::builder();
        for value in forwarded {
            request = request.header(FORWARDED_FOR, *value);
        }
        let mut parts = request.body(()).unwrap().into_parts().0;
        parts.extensions.insert(Sent {
            peer: Some(connection.parse().unwrap()),
            ..Sent::default()
        });
        Proxies::new(networks).peer(&parts).unwrap().to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(peer(&[], "10.0.0.1", &["1.2.3.4"]), "10.0.0.1");
        assert_eq!(peer(&["10.0.0.0/8"], "10.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(peer(&["10.0.0.0/8"], "11.0.0.1", &["1.2.3.4"]), "11.0.0.1");
        // A client writes what it likes before the proxy adds whom it saw.
        assert_eq!(
            peer(&["10.0.0.0/8"], "10.0.0.1", &["6.6.6.6, 1.2.3.4"]),
            "1.2.3.4"
        );
        assert_eq!(
            peer(
                &["10.0.0.0/8"],
                "10.0.0.1",
                &["6.6.6.6", "1.2.3.4, 10.0.0.2"]
            ),
            "1.2.3.4"
        );
        assert_eq!(peer(&["10.0.0.0/8"], "10.0.0.1", &["nonsense"]), "10.0.0.1");
        assert_eq!(
            peer(&["10.0.0.0/8"], "::ffff:10.0.0.1", &["1.2.3.4"]),
            "1.2.3.4"
        );
        assert_eq!(peer(&["10.0.0.0/8"], "10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(
            peer(&["10.0.0.0/8"], "10.0.0.1", &["\u{e9}, 1.2.3.4"]),
            "1.2.3.4"
        );
        assert_eq!(peer(&[], "2001:db8:1:2:3:4:5:6", &[]), "2001:db8:1:2::");
    }
}
