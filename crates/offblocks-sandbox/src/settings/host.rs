//! Hosts as `Host` headers and addresses name them.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// The longest host name there is (RFC 1035, section 2.3.4).
const LONGEST: usize = 255;

/// A host without a port: a name, an IPv4 address or an IPv6 address.
///
/// Names have no case and may end with a dot. IPv6 addresses stand in brackets, as in a URL.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostName(Kind);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Kind {
    Name(String),
    Address(IpAddr),
}

/// The text is not a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "it is not a host: write a name or an IP address without scheme and port, such as sandbox.test or [::1]"
)]
pub struct HostNameError;

impl HostName {
    /// Whether it is `localhost` or a loopback address (`127.0.0.0/8`, `::1`).
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match &self.0 {
            Kind::Name(name) => name == "localhost",
            Kind::Address(address) => address.is_loopback(),
        }
    }

    /// Whether it is an IP address, which no name server can lead elsewhere.
    #[must_use]
    pub fn is_address(&self) -> bool {
        matches!(self.0, Kind::Address(_))
    }

    /// The host of an authority (RFC 3986, section 3.2), `None` where it is not well formed.
    /// An authority with user information is not, as RFC 9110, section 4.2.4 asks.
    pub(crate) fn of_authority(authority: &str) -> Option<Self> {
        let end = match authority.strip_prefix('[') {
            Some(rest) => rest.find(']')? + 2,
            None => authority.find(':').unwrap_or(authority.len()),
        };
        let (host, port) = authority.split_at(end);
        is_port(port).then(|| host.parse().ok()).flatten()
    }
}

impl FromStr for HostName {
    type Err = HostNameError;

    fn from_str(text: &str) -> Result<Self, HostNameError> {
        let literal = text
            .strip_prefix('[')
            .and_then(|text| text.strip_suffix(']'));
        if let Some(literal) = literal {
            let address = literal.parse::<Ipv6Addr>().map_err(|_| HostNameError)?;
            return Ok(Self(Kind::Address(address.into())));
        }
        let name = text.strip_suffix('.').unwrap_or(text);
        if let Ok(address) = name.parse::<Ipv4Addr>() {
            return Ok(Self(Kind::Address(address.into())));
        }
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if name.is_empty() || name.len() > LONGEST || !name.bytes().all(allowed) {
            return Err(HostNameError);
        }
        Ok(Self(Kind::Name(name.to_ascii_lowercase())))
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Name(name) => f.write_str(name),
            Kind::Address(IpAddr::V4(address)) => write!(f, "{address}"),
            Kind::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
}

/// Nothing, or a colon and a port, which may be empty.
fn is_port(text: &str) -> bool {
    let Some(port) = text.strip_prefix(':') else {
        return text.is_empty();
    };
    port.is_empty()
        || (port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_read_without_its_port() {
        for (authority, expected) in [
            ("localhost", Some("localhost")),
            ("LOCALHOST.:8080", Some("localhost")),
            ("127.0.0.1:", Some("127.0.0.1")),
            ("127.0.0.1.:80", Some("127.0.0.1")),
            ("[::1]:8080", Some("[::1]")),
            ("[0:0:0:0:0:0:0:1]", Some("[::1]")),
            ("a_b-c.example:65535", Some("a_b-c.example")),
            ("", None),
            (":80", None),
            (".", None),
            ("localhost:65536", None),
            ("localhost:+80", None),
            ("localhost:80:80", None),
            ("localhost@evil.example", None),
            ("evil.example@localhost", None),
            ("user:password@localhost", None),
            ("[::1", None),
            ("[::1]evil.example", None),
            ("[fe80::1%25eth0]", None),
            ("::1", None),
            ("local host", None),
            ("localhost/", None),
            ("localhost,evil.example", None),
        ] {
            let host = HostName::of_authority(authority).map(|host| host.to_string());
            assert_eq!(host.as_deref(), expected, "{authority:?}");
        }
    }

    #[test]
    fn loopback_is_told_from_what_looks_like_it() {
        for (text, loopback) in [
            ("localhost", true),
            ("127.0.0.1", true),
            ("127.255.255.254", true),
            ("[::1]", true),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("128.0.0.1", false),
            ("0.0.0.0", false),
            ("[::]", false),
            ("2130706433", false),
            ("0x7f.1", false),
            ("127.1", false),
            ("0177.0.0.1", false),
        ] {
            let host: HostName = text.parse().unwrap();
            assert_eq!(host.is_loopback(), loopback, "{text}");
        }
    }
}
