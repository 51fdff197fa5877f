//! Where deliveries may go: to this machine, and to the hosts that are allowed.
//!
//! An address is checked when a subscription is saved, and a name when the connection is made: the client
//! is given only the permitted addresses of the name. So a name cannot lead elsewhere after the check.

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use hyper_util::client::legacy::connect::dns::Name;
use offblocks_types::support::UriText;
use tower::Service;
use url::{Host, Position, Url};

/// The most characters of a callback URL. Many servers take no longer line of a request.
const LONGEST: usize = 8_000;

/// Why deliveries cannot go to a URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TargetError {
    #[error(
        "the callback URL cannot be read ({0}): use an absolute one, as https://bank.example/hooks"
    )]
    Unreadable(#[from] url::ParseError),
    #[error("the callback URL's scheme is {0}: use http or https")]
    Scheme(String),
    #[error("the callback URL has a user name or a password: leave them out")]
    Credentials,
    #[error(
        "the callback URL has no host: write it behind the slashes, as https://bank.example/hooks"
    )]
    NoHost,
    #[error("the callback URL has the port 0, on which nothing can listen: name the receiver's")]
    NoPort,
    #[error(
        "the callback URL has {0} characters, percent-encoding included: use one of at most {LONGEST}"
    )]
    Long(usize),
    #[error("the callback URL has characters that no request can have: percent-encode them")]
    Unrequestable,
    #[error(
        "deliveries go to this machine only, and {0} is another: allow it with \
         --allow-webhook-host {0}"
    )]
    Address(String),
    #[error(
        "deliveries go to this machine only, and {name} leads to {address}: allow it with \
         --allow-webhook-host {name}"
    )]
    Name { name: String, address: IpAddr },
    #[error("the name {0} has no address")]
    NoAddress(String),
}

/// Judges the text of a URL, which is kept as it is: it has to be a URI, as the contract says, and
/// where it leads is judged as [`check`] does.
pub(crate) fn check_text(text: &UriText, allowed: &BTreeSet<String>) -> Result<(), TargetError> {
    let url = text.parse()?;
    let uri = fluent_uri::Uri::parse(text.as_str());
    let uri = uri.map_err(|_| TargetError::Unrequestable)?;
    // What a browser reads as a host where none is written.
    let is_named = |authority: fluent_uri::component::Authority<'_>| !authority.host().is_empty();
    let of_web = matches!(url.scheme(), "http" | "https");
    if of_web && !uri.authority().is_some_and(is_named) {
        return Err(TargetError::NoHost);
    }
    check(&url, allowed)
}

/// Judges a URL by itself, without looking its name up.
pub(crate) fn check(url: &Url, allowed: &BTreeSet<String>) -> Result<(), TargetError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(TargetError::Scheme(url.scheme().to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(TargetError::Credentials);
    }
    if url.as_str().len() > LONGEST {
        return Err(TargetError::Long(url.as_str().len()));
    }
    if url[..Position::AfterQuery].parse::<http::Uri>().is_err() {
        return Err(TargetError::Unrequestable);
    }
    if url.port() == Some(0) {
        return Err(TargetError::NoPort);
    }
    let address = match url.host() {
        None => return Err(TargetError::NoHost),
        Some(Host::Domain(_)) => return Ok(()),
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
    };
    let text = address.to_string();
    if is_local(address) || is_allowed(&text, allowed) {
        Ok(())
    } else {
        Err(TargetError::Address(text))
    }
}

/// Whether all addresses of a name are permitted.
fn is_allowed(host: &str, allowed: &BTreeSet<String>) -> bool {
    let host = host.trim_end_matches('.');
    let same = |allowed: &String| {
        let allowed = allowed.trim_matches(['[', ']']).trim_end_matches('.');
        allowed.eq_ignore_ascii_case(host)
    };
    allowed.iter().any(same)
}

fn is_local(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// The permitted ones of a name's addresses.
fn permitted(
    name: &str,
    found: impl Iterator<Item = SocketAddr>,
    allowed: &BTreeSet<String>,
) -> Result<Vec<SocketAddr>, TargetError> {
    let found: Vec<_> = found.collect();
    if is_allowed(name, allowed) && !found.is_empty() {
        return Ok(found);
    }
    let local: Vec<_> = found
        .iter()
        .copied()
        .filter(|it| is_local(it.ip()))
        .collect();
    match (local.is_empty(), found.first()) {
        (false, _) => Ok(local),
        (true, Some(other)) => Err(TargetError::Name {
            name: name.to_owned(),
            address: other.ip(),
        }),
        (true, None) => Err(TargetError::NoAddress(name.to_owned())),
    }
}

/// Looks names up for the HTTP client, and hides what deliveries may not go to.
#[derive(Debug, Clone)]
pub(crate) struct Resolver(pub(crate) Arc<BTreeSet<String>>);

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let allowed = Arc::clone(&self.0);
        Box::pin(async move {
            // The client puts the URL's port in the place of this one.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let permitted = permitted(name.as_str(), found, &allowed);
            Ok(permitted.map_err(io::Error::other)?.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(hosts: &[&str]) -> BTreeSet<String> {
        hosts.iter().map(|&host| host.to_owned()).collect()
    }

    #[test]
    fn only_this_machine_and_allowed_hosts_are_targets() {
        for (url, allowed, permitted) in [
            ("http://127.0.0.1:8080/hooks", &[][..], true),
            ("http://127.8.9.10/", &[], true),
            ("http://[::1]:8080/", &[], true),
            ("http://[::ffff:127.0.0.1]/", &[], true),
            ("https://localhost/hooks", &[], true),
            // Names are judged once they are looked up.
            ("https://bank.example/hooks", &[], true),
            ("http://10.0.0.7/", &[], false),
            ("http://10.0.0.7/", &["10.0.0.7"], true),
            ("http://10.0.0.7/", &["10.0.0.8"], false),
            ("http://169.254.169.254/latest", &[], false),
            ("http://0.0.0.0/", &[], false),
            ("http://[::ffff:10.0.0.7]/", &[], false),
            ("http://[2001:db8::1]/", &["[2001:db8::1]"], true),
            // The parser reads these as addresses.
            ("http://0x0a000007/", &[], false),
            ("http://2130706433/", &[], true),
            ("ftp://127.0.0.1/", &[], false),
            ("http://user:password@127.0.0.1/", &[], false),
            ("data:text/plain,hello", &[], false),
        ] {
            let verdict = check(&url.parse().unwrap(), &set(allowed));
            assert_eq!(verdict.is_ok(), permitted, "{url} {allowed:?}: {verdict:?}");
        }
    }

    #[test]
    fn what_no_request_can_have_is_not_a_target() {
        let of = |length: usize| {
            let begin = "http://127.0.0.1/";
            format!("{begin}{}", "x".repeat(length - begin.len()))
        };
        let judge = |url: &str| check(&url.parse().unwrap(), &set(&[]));
        assert_eq!(judge(&of(LONGEST)), Ok(()));
        assert_eq!(judge(&of(LONGEST + 1)), Err(TargetError::Long(LONGEST + 1)));
        let encoded = format!("http://127.0.0.1/{}", "é".repeat(1_500));
        assert_eq!(judge(&encoded), Err(TargetError::Long(9_017)));
        assert_eq!(judge("http://127.0.0.1/?a={b}|c#d^e"), Ok(()));
    }

    #[test]
    fn a_text_is_a_uri_before_it_is_a_target() {
        for (text, verdict) in [
            ("http://127.0.0.1:8787", Ok(())),
            ("HTTP://LOCALHOST:80/%7eme/../hooks", Ok(())),
            ("http:///hooks", Err(TargetError::NoHost)),
            ("http:127.0.0.1", Err(TargetError::NoHost)),
            ("http://127.0.0.1:0/", Err(TargetError::NoPort)),
            (
                "ftp://127.0.0.1/",
                Err(TargetError::Scheme("ftp".to_owned())),
            ),
            ("http://127.0.0.1/a b", Err(TargetError::Unrequestable)),
            (" http://127.0.0.1/", Err(TargetError::Unrequestable)),
            ("http://127.0.0.1/?{a}", Err(TargetError::Unrequestable)),
            (
                "/hooks",
                Err(TargetError::Unreadable(
                    url::ParseError::RelativeUrlWithoutBase,
                )),
            ),
        ] {
            assert_eq!(check_text(&text.into(), &set(&[])), verdict, "{text}");
        }
    }

    #[test]
    fn a_name_leads_to_permitted_addresses_only() {
        let at = |text: &str| SocketAddr::new(text.parse().unwrap(), 0);
        for (found, allowed, expected) in [
            (&["127.0.0.1"][..], &[][..], &["127.0.0.1"][..]),
            (&["10.0.0.7", "::1"], &[], &["::1"]),
            (&["10.0.0.7"], &[], &[]),
            (&["10.0.0.7"], &["Hooks.Example."], &["10.0.0.7"]),
            (&[], &["hooks.example"], &[]),
        ] {
            let addresses = found.iter().map(|text| at(text));
            let verdict = permitted("hooks.example", addresses, &set(allowed));
            let expected: Vec<_> = expected.iter().map(|text| at(text)).collect();
            assert_eq!(verdict.clone().unwrap_or_default(), expected, "{verdict:?}");
        }
    }
}
