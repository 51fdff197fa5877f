//! Which proxy requests go through, for the advice of errors.

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

/// The proxy that the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`) names for an
/// address, as reqwest reads it: scheme, host and port, without user and password.
pub(crate) fn of_environment(base_url: &str) -> Option<String> {
    let address: Uri = base_url.parse().ok()?;
    shown(&Matcher::from_env(), &address)
}

fn shown(matcher: &Matcher, address: &Uri) -> Option<String> {
    let intercept = matcher.intercept(address)?;
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
        let proxy = |address: &'static str| shown(&matcher, &Uri::from_static(address));
        assert_eq!(
            proxy("https://api.example/v1").as_deref(),
            Some("http://proxy.example:3128")
        );
        assert_eq!(proxy("https://internal.example"), None);
    }
}
