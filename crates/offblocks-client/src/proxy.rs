//! Which proxy requests use, and what errors say of it.

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use offblocks_types::Secret;
use url::Url;

use crate::build_error::BuildError;

/// Where the proxy comes from.
#[derive(Debug, Default)]
pub(crate) enum ProxySetting {
    /// From the environment, and none for this machine's own addresses.
    #[default]
    Environment,
    Off,
    /// This URL, which may hold a password.
    Given(Secret),
}

impl ProxySetting {
    /// Applies the setting to an HTTP client that calls this address. A variable must not send calls to
    /// this machine over the network unencrypted. A proxy that is set in the code is used for all calls.
    pub(crate) fn apply(
        &self,
        http: reqwest::ClientBuilder,
        calls_loopback: bool,
    ) -> Result<reqwest::ClientBuilder, BuildError> {
        match self {
            Self::Environment if calls_loopback => Ok(http.no_proxy()),
            Self::Environment => Ok(http),
            Self::Off => Ok(http.no_proxy()),
            Self::Given(url) => {
                address(url.expose()).ok_or(BuildError::Proxy)?;
                let proxy = reqwest::Proxy::all(url.expose());
                Ok(http.proxy(proxy.map_err(|_| BuildError::Proxy)?))
            }
        }
    }

    /// What an error says of the proxy when no connection is made. Where the caller changes the HTTP
    /// client, the proxy of the environment may not be the one in use.
    pub(crate) fn said(
        &self,
        base_url: &str,
        calls_loopback: bool,
        configured: bool,
    ) -> Option<String> {
        match self {
            Self::Environment if !calls_loopback => {
                let proxy = shown(&Matcher::from_env(), &base_url.parse().ok()?)?;
                Some(match configured {
                    true => format!("the environment names the proxy {proxy}"),
                    false => format!("the proxy {proxy} is in use"),
                })
            }
            Self::Environment | Self::Off => None,
            Self::Given(url) => Some(format!("the proxy {} is in use", address(url.expose())?)),
        }
    }
}

/// The address of a proxy without user, password and path.
fn address(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let known = matches!(url.scheme(), "http" | "https");
    let host = url.host_str().filter(|_| known)?;
    let port = url.port_or_known_default()?;
    Some(format!("{}://{host}:{port}", url.scheme()))
}

/// The proxy that the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`) names for an
/// address, as reqwest reads it: scheme, host and port, without user and password.
fn shown(matcher: &Matcher, called: &Uri) -> Option<String> {
    let intercept = matcher.intercept(called)?;
    let (scheme, host) = (intercept.uri().scheme_str()?, intercept.uri().host()?);
    let port = intercept
        .uri()
        .port_u16()
        .map_or(String::new(), |port| format!(":{port}"));
    Some(format!("{scheme}://{host}{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proxy_is_named_without_its_password() {
        let matcher = Matcher::builder()
            .all("http://user:hunter2@proxy.example:3128")
            .no("internal.example")
            .build();
        let proxy = |called: &'static str| shown(&matcher, &Uri::from_static(called));
        assert_eq!(
            proxy("https://api.example/v1").as_deref(),
            Some("http://proxy.example:3128")
        );
        assert_eq!(proxy("https://internal.example"), None);
        assert_eq!(
            address("http://user:hunter2@proxy.example/x").as_deref(),
            Some("http://proxy.example:80")
        );
    }

    #[test]
    fn only_urls_of_http_are_proxies() {
        for url in [
            "",
            "proxy.example",
            "proxy.example:3128",
            "ftp://proxy.example",
            "http://",
        ] {
            let given = ProxySetting::Given(url.to_owned().into());
            let applied = given.apply(reqwest::Client::builder(), false);
            assert!(matches!(applied, Err(BuildError::Proxy)), "{url}");
        }
    }
}
