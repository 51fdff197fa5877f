//! The address every call begins with.

use std::net::IpAddr;

use url::{Host, Url};

use crate::build_error::BuildError;

/// Checks and normalises a base URL: no slash at its end, so that a path can follow.
///
/// Plain http to other machines is rejected unless `insecure` allows it, because the token and the
/// API secret would travel unencrypted.
pub(crate) fn parse(text: &str, insecure: bool) -> Result<String, BuildError> {
    let rejected = |reason: &'static str| BuildError::BaseUrl {
        url: shown(text),
        reason,
    };
    let url = Url::parse(text).map_err(|_| rejected("it is not an absolute URL"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(rejected("it holds a user name or a password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(rejected("it holds a query or a fragment"));
    }
    match url.scheme() {
        "https" => {}
        "http" if insecure || is_loopback(&url) => {}
        "http" => {
            return Err(rejected(
                "over plain http the token and the secret would travel unencrypted; use https, or \
                 allow it with `allow_plain_http`",
            ));
        }
        _ => return Err(rejected("its scheme is neither https nor http")),
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// The URL without what may be a secret.
fn shown(text: &str) -> String {
    let text = text.split(['?', '#']).next().unwrap_or_default();
    match text.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => text.to_owned(),
    }
}

/// Whether a base URL names this machine.
pub(crate) fn names_loopback(base_url: &str) -> bool {
    Url::parse(base_url).is_ok_and(|url| is_loopback(&url))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slash_at_the_end_goes_and_the_path_stays() {
        let cases = [
            ("https://api.example/v1", "https://api.example/v1"),
            ("https://api.example/v1/", "https://api.example/v1"),
            ("https://API.example", "https://api.example"),
            ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://localhost:1", "http://localhost:1"),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text, false).unwrap(), expected, "of {text}");
        }
    }

    #[test]
    fn what_leaks_or_cannot_work_is_rejected() {
        let cases = [
            ("api.example/v1", "absolute"),
            ("ftp://api.example", "scheme"),
            ("http://api.example/v1", "unencrypted"),
            ("http://10.0.0.1", "unencrypted"),
            ("http://localhost.example", "unencrypted"),
            ("https://user:pass@api.example", "password"),
            ("https://api.example?key=1", "query"),
            ("https://api.example#a", "fragment"),
        ];
        for (text, expected) in cases {
            let error = parse(text, false).unwrap_err().to_string();
            assert!(error.contains(expected), "of {text}: {error}");
            assert!(!error.contains("pass@"), "the password is shown: {error}");
        }
    }

    #[test]
    fn plain_http_can_be_allowed() {
        assert_eq!(
            parse("http://gateway/v1", true).unwrap(),
            "http://gateway/v1"
        );
    }
}
