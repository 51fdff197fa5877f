//! The parts of a request that signatures use.

use std::fmt;

use http::uri::Scheme;
use http::{HeaderMap, Method, Uri, header};

use crate::component_error::ComponentError;

/// The parts of a request that a signature can cover, all borrowed.
///
/// A client has an absolute URI. A server usually has only a path and a `Host` header. These do not show
/// the scheme and authority that its caller used, above all behind a proxy. Set them with
/// [`with_scheme`](Self::with_scheme) and [`with_authority`](Self::with_authority), or once for
/// all requests with [`VerifierBuilder`](crate::VerifierBuilder).
#[derive(Clone, Copy)]
pub struct Message<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
    scheme: Option<&'a Scheme>,
    authority: Option<&'a str>,
}

impl<'a> Message<'a> {
    /// A request of these parts.
    ///
    /// ```
    /// use http::{HeaderMap, Method, Uri};
    /// use offblocks_signature::Message;
    ///
    /// let (uri, headers) = (Uri::from_static("https://api.example/v1/cards"), HeaderMap::new());
    /// let message = Message::new(&Method::GET, &uri, &headers);
    /// ```
    #[must_use]
    pub fn new(method: &'a Method, uri: &'a Uri, headers: &'a HeaderMap) -> Self {
        Self {
            method,
            uri,
            headers,
            scheme: None,
            authority: None,
        }
    }

    /// A request with any body.
    ///
    /// ```
    /// let request = http::Request::get("https://api.example/v1/cards").body("any body")?;
    /// let message = offblocks_signature::Message::from_request(&request);
    /// # Ok::<(), http::Error>(())
    /// ```
    #[must_use]
    pub fn from_request<B>(request: &'a http::Request<B>) -> Self {
        Self::new(request.method(), request.uri(), request.headers())
    }

    /// A request whose head was split off its body.
    ///
    /// ```
    /// let request = http::Request::get("https://api.example/v1/cards").body(())?;
    /// let (parts, ()) = request.into_parts();
    /// let message = offblocks_signature::Message::from_parts(&parts);
    /// # Ok::<(), http::Error>(())
    /// ```
    #[must_use]
    pub fn from_parts(parts: &'a http::request::Parts) -> Self {
        Self::new(&parts.method, &parts.uri, &parts.headers)
    }

    /// Sets the scheme that the caller used. It replaces the scheme of the URI.
    ///
    /// ```
    /// use http::uri::Scheme;
    /// use offblocks_signature::Message;
    ///
    /// // Behind a proxy that ends TLS, the server sees a path alone.
    /// let request = http::Request::get("/v1/cards").header("host", "api.example").body(())?;
    /// let message = Message::from_request(&request).with_scheme(&Scheme::HTTPS);
    /// # Ok::<(), http::Error>(())
    /// ```
    #[must_use]
    pub fn with_scheme(self, scheme: &'a Scheme) -> Self {
        let scheme = Some(scheme);
        Self { scheme, ..self }
    }

    /// Sets the authority that the caller used. It replaces that of the URI and of `Host`.
    ///
    /// ```
    /// use offblocks_signature::Message;
    ///
    /// // A proxy has put its own name for the server into `Host`.
    /// let request = http::Request::get("/v1/cards").header("host", "10.0.0.7:8080").body(())?;
    /// let message = Message::from_request(&request).with_authority("api.example");
    /// # Ok::<(), http::Error>(())
    /// ```
    #[must_use]
    pub fn with_authority(self, authority: &'a str) -> Self {
        let authority = Some(authority);
        Self { authority, ..self }
    }

    /// The scheme in lower case: the one that was set, else that of the URI, else `https`.
    pub(crate) fn scheme(&self) -> String {
        let scheme = self.scheme.or(self.uri.scheme()).unwrap_or(&Scheme::HTTPS);
        scheme.as_str().to_ascii_lowercase()
    }

    /// The authority as RFC 9421, section 2.2.3, requires it: lower case, no default port.
    pub(crate) fn authority(&self) -> Result<String, ComponentError> {
        let authority = match (self.authority, self.uri.authority()) {
            (Some(given), _) => given,
            (None, Some(of_uri)) => of_uri.as_str(),
            (None, None) => self.host()?,
        };
        Ok(normalised_authority(authority, &self.scheme()))
    }

    /// The path exactly as sent; "/" when it is empty.
    pub(crate) fn path(&self) -> &'a str {
        match self.uri.path() {
            "" => "/",
            path => path,
        }
    }

    /// The query with its question mark, which is there even when there is no query.
    pub(crate) fn query(&self) -> String {
        format!("?{}", self.uri.query().unwrap_or_default())
    }

    fn host(&self) -> Result<&'a str, ComponentError> {
        let mut hosts = self.headers.get_all(header::HOST).iter();
        match (hosts.next(), hosts.next()) {
            (Some(host), None) => host.to_str().map_err(|_| not_ascii()),
            (Some(_), Some(_)) => Err(ComponentError::RepeatedHost),
            (None, _) => Err(ComponentError::NoAuthority),
        }
    }
}

impl fmt::Debug for Message<'_> {
    /// Shows method and path; headers may hold tokens, queries may hold anything.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Message({} {})", self.method, self.uri.path())
    }
}

fn not_ascii() -> ComponentError {
    ComponentError::NotAscii {
        name: header::HOST.to_string(),
    }
}

fn normalised_authority(authority: &str, scheme: &str) -> String {
    let authority = authority.trim();
    let authority = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let default_port = match scheme {
        "http" => "80",
        _ => "443",
    };
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port == default_port || port.is_empty() => host,
        _ => authority,
    };
    host.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorities_are_normalised() {
        let cases = [
            ("API.Example.com", "https", "api.example.com"),
            ("api.example.com:443", "https", "api.example.com"),
            ("api.example.com:80", "https", "api.example.com:80"),
            ("LocalHost:80", "http", "localhost"),
            ("localhost:443", "http", "localhost:443"),
            ("127.0.0.1:8080", "http", "127.0.0.1:8080"),
            ("localhost:", "http", "localhost"),
            ("user:secret@localhost:8080", "http", "localhost:8080"),
            ("[::1]:80", "http", "[::1]"),
            ("[2001:db8::80]", "http", "[2001:db8::80]"),
        ];
        for (authority, scheme, expected) in cases {
            assert_eq!(normalised_authority(authority, scheme), expected);
        }
    }

    #[test]
    fn the_authority_is_what_the_caller_meant() {
        let (origin, absolute) = (
            Uri::from_static("/v1/cards"),
            Uri::from_static("http://proxy.test/v1/cards"),
        );
        let mut headers = HeaderMap::new();
        let none = Message::new(&Method::GET, &origin, &headers).authority();
        assert_eq!(none, Err(ComponentError::NoAuthority));

        headers.insert(header::HOST, "host.test:443".parse().unwrap());
        let host = Message::new(&Method::GET, &origin, &headers);
        assert_eq!(host.authority().as_deref(), Ok("host.test"));
        let http = host.with_scheme(&Scheme::HTTP);
        assert_eq!(http.authority().as_deref(), Ok("host.test:443"));
        let given = host.with_authority("api.offblocks.test");
        assert_eq!(given.authority().as_deref(), Ok("api.offblocks.test"));
        let uri = Message::new(&Method::GET, &absolute, &headers);
        assert_eq!(uri.authority().as_deref(), Ok("proxy.test"));

        headers.append(header::HOST, "other.test".parse().unwrap());
        let two = Message::new(&Method::GET, &origin, &headers).authority();
        assert_eq!(two, Err(ComponentError::RepeatedHost));
    }
}
