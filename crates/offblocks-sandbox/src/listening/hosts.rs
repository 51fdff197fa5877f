//! Which hosts requests may name: the guard against DNS rebinding.
//!
//! When the name `evil.example` leads to 127.0.0.1, a browser takes its pages for the sandbox's own origin,
//! but their requests say `Host: evil.example`. Only hosts that no foreign page can have are accepted:
//!
//! - on a loopback listener, `localhost` and the loopback addresses;
//! - beyond loopback, every IP address too: no name server decides about those, and behind a
//!   forwarded port the address that callers use is not one of this machine's;
//! - everywhere, what `Settings::allowed_hosts` lists.

use http::uri::Scheme;
use http::{HeaderMap, StatusCode, Uri, Version, header};
use offblocks_server::Problem;

use crate::settings::HostName;

/// The hosts that requests may name.
#[derive(Debug, Clone)]
pub(crate) struct Hosts {
    /// Whether every IP address is let through, and not only those of loopback.
    addresses: bool,
    allowed: Vec<HostName>,
}

/// Why a request is not for this server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HostError {
    /// RFC 9112, section 3.2: 400.
    #[error("the request has no host header; HTTP/1.1 asks for one")]
    Missing,
    /// RFC 9112, section 3.2: 400.
    #[error("the request has more than one host header; send one")]
    Repeated,
    /// RFC 9112, section 3.2: 400.
    #[error("the host is not well formed; send a name or an IP address, and a port if you like")]
    Malformed,
    /// RFC 9110, section 7.4: 421.
    #[error("this server speaks plain http, and the request is for another scheme")]
    Scheme,
    /// RFC 9110, section 15.5.20: 421.
    #[error(
        "this server does not respond to requests for the host {0}; call it by localhost or its IP \
         address, or start it with --allow-host {0}"
    )]
    Unknown(HostName),
}

impl Hosts {
    /// The hosts of a listener that is reachable from this machine alone, or from others too.
    pub(crate) fn new(loopback: bool, allowed: Vec<HostName>) -> Self {
        Self {
            addresses: !loopback,
            allowed,
        }
    }

    /// Whether only this machine reaches the listener.
    pub(crate) fn are_of_loopback(&self) -> bool {
        !self.addresses
    }

    /// Whether a request may be responded to. The target's own authority counts before the header
    /// (RFC 9112, section 3.2.2).
    pub(crate) fn check(
        &self,
        version: Version,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<(), HostError> {
        let named = named(version, headers)?;
        if uri.scheme().is_some_and(|scheme| *scheme != Scheme::HTTP) {
            return Err(HostError::Scheme);
        }
        let target = uri.authority().map(|authority| host(authority.as_str()));
        match target.transpose()?.or(named) {
            Some(host) if !self.knows(&host) => Err(HostError::Unknown(host)),
            // Before HTTP/1.1 a request need not name a host, and no browser sends such a one.
            _ => Ok(()),
        }
    }

    fn knows(&self, host: &HostName) -> bool {
        host.is_loopback() || (self.addresses && host.is_address()) || self.allowed.contains(host)
    }
}

impl From<HostError> for Problem {
    fn from(error: HostError) -> Self {
        let status = match error {
            HostError::Missing | HostError::Repeated | HostError::Malformed => {
                StatusCode::BAD_REQUEST
            }
            HostError::Scheme | HostError::Unknown(_) => StatusCode::MISDIRECTED_REQUEST,
        };
        Self::new(status).with_detail(error.to_string())
    }
}

/// The host of the one `Host` header.
fn named(version: Version, headers: &HeaderMap) -> Result<Option<HostName>, HostError> {
    let mut values = headers.get_all(header::HOST).iter();
    match (values.next(), values.next()) {
        (None, _) if version < Version::HTTP_11 => Ok(None),
        (None, _) => Err(HostError::Missing),
        (Some(_), Some(_)) => Err(HostError::Repeated),
        (Some(value), None) => {
            let value = value.to_str().map_err(|_| HostError::Malformed)?;
            host(value.trim()).map(Some)
        }
    }
}

fn host(authority: &str) -> Result<HostName, HostError> {
    HostName::of_authority(authority).ok_or(HostError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVIL: &str = "evil.example";

    fn status(hosts: &Hosts, version: Version, target: &str, named: &[&str]) -> Option<u16> {
        let mut headers = HeaderMap::new();
        for value in named {
            headers.append(header::HOST, value.parse().unwrap());
        }
        let checked = hosts.check(version, &target.parse().unwrap(), &headers);
        checked
            .err()
            .map(|error| Problem::from(error).status().as_u16())
    }

    #[test]
    fn on_loopback_only_loopback_is_responded_to() {
        let hosts = Hosts::new(true, vec!["sandbox.test".parse().unwrap()]);
        for (target, named, expected) in [
            ("/", &["localhost"][..], None),
            ("/", &["LocalHost.:8080"], None),
            ("/", &["127.0.0.1:1"], None),
            ("/", &["127.9.8.7"], None),
            ("/", &["[::1]:8080"], None),
            ("/", &["SANDBOX.test:8080"], None),
            ("/", &[EVIL], Some(421)),
            ("/", &["evil.example:8080"], Some(421)),
            ("/", &["localhost.evil.example"], Some(421)),
            ("/", &["127.0.0.1.evil.example"], Some(421)),
            ("/", &["sandbox.test.evil.example"], Some(421)),
            ("/", &["192.168.1.2"], Some(421)),
            ("/", &["[::ffff:127.0.0.1]"], Some(421)),
            ("/", &["0.0.0.0"], Some(421)),
            ("/", &["2130706433"], Some(421)),
            ("/", &[], Some(400)),
            ("/", &[""], Some(400)),
            ("/", &["localhost", "localhost"], Some(400)),
            ("/", &["localhost", EVIL], Some(400)),
            ("/", &["localhost, evil.example"], Some(400)),
            ("/", &["localhost@evil.example"], Some(400)),
            ("/", &["evil.example@localhost"], Some(400)),
            ("/", &["localhost:99999"], Some(400)),
            ("/", &["[::1"], Some(400)),
            ("http://localhost/", &["localhost"], None),
            ("http://localhost/", &[EVIL], None),
            ("http://localhost/", &[], Some(400)),
            ("http://evil.example/", &["localhost"], Some(421)),
            ("http://localhost@evil.example/", &["localhost"], Some(400)),
            ("http://evil.example@localhost/", &["localhost"], Some(400)),
            ("https://localhost/", &["localhost"], Some(421)),
            ("evil.example:80", &["localhost"], Some(421)),
            ("*", &["localhost"], None),
            ("*", &[EVIL], Some(421)),
        ] {
            let found = status(&hosts, Version::HTTP_11, target, named);
            assert_eq!(found, expected, "{target} with {named:?}");
        }
        for (target, named, expected) in [
            ("/", &[][..], None),
            ("/", &[EVIL], Some(421)),
            ("/", &[EVIL, EVIL], Some(400)),
            ("http://evil.example/", &[], Some(421)),
        ] {
            let found = status(&hosts, Version::HTTP_10, target, named);
            assert_eq!(found, expected, "HTTP/1.0: {target} with {named:?}");
        }
    }

    #[test]
    fn beyond_loopback_addresses_are_responded_to_and_names_are_not() {
        let hosts = Hosts::new(false, vec!["sandbox".parse().unwrap()]);
        for (named, expected) in [
            ("192.168.1.2:8080", None),
            ("[2001:db8::1]", None),
            ("127.0.0.1", None),
            ("localhost", None),
            ("sandbox:8080", None),
            (EVIL, Some(421)),
            ("192.168.1.2.evil.example", Some(421)),
        ] {
            let found = status(&hosts, Version::HTTP_11, "/", &[named]);
            assert_eq!(found, expected, "{named}");
        }
    }

    #[test]
    fn the_rejection_says_what_to_do() {
        let error = HostError::Unknown(EVIL.parse().unwrap());
        assert!(
            error.to_string().contains("--allow-host evil.example"),
            "{error}"
        );
    }
}
