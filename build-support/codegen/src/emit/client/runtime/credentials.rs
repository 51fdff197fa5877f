//! What calls carry so that the server knows who sends them.

use reqwest::header::{self, HeaderName, HeaderValue};
use reqwest::redirect;
use std::collections::BTreeMap;
use std::fmt;

/// How a security scheme of the contract is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scheme {
    /// In a header of this name.
    Header(&'static str),
    /// In the query, under this name.
    Query(&'static str),
    /// In a cookie of this name.
    Cookie(&'static str),
    /// In the header `Authorization`, behind the name of such a scheme of HTTP (RFC 9110, section
    /// 11.6.2).
    Authorization(&'static str),
    /// A user and a password in the header `Authorization` (RFC 7617).
    Basic,
}

/// Follows redirections that stay with the host, the port and the scheme that the call was for.
/// On the way to others reqwest takes `Authorization` and cookies off a request; it leaves headers
/// of other names, and says the address that it comes from with all of its query. For a client of
/// reqwest that a client of this crate is made with.
#[must_use]
pub fn within_host() -> redirect::Policy {
    redirect::Policy::custom(|attempt| {
        let start = attempt.previous().first();
        match start.is_some_and(|start| start.origin() == attempt.url().origin()) {
            true => redirect::Policy::default().redirect(attempt),
            false => attempt.stop(),
        }
    })
}

/// The credentials of a client, by the names of the contract's security schemes. They are never shown.
#[derive(Clone, Default)]
pub struct Credentials {
    values: BTreeMap<&'static str, (Scheme, String, String)>,
}

impl Credentials {
    /// Keeps a credential; the password only of [`Scheme::Basic`], whose value is the user.
    pub(crate) fn set(&mut self, name: &'static str, scheme: Scheme, value: String, password: String) {
        self.values.insert(name, (scheme, value, password));
    }

    /// Adds to a request what the first of some alternatives asks for of which all is there; nothing
    /// where there is none. Each alternative names the schemes that belong together.
    ///
    /// # Errors
    ///
    /// When a credential cannot stand in a header. The text of it is not in the error.
    pub(crate) fn add(
        &self,
        client: &reqwest::Client,
        request: &mut reqwest::Request,
        security: &[&[&str]],
    ) -> Result<(), String> {
        let has_all = |schemes: &&&[&str]| {
            !schemes.is_empty() && schemes.iter().all(|name| self.values.contains_key(*name))
        };
        for name in security.iter().find(has_all).copied().unwrap_or_default() {
            if let Some((scheme, value, password)) = self.values.get(*name) {
                let unfit = || format!("the credential for `{name}` cannot stand in a header");
                add_one(client, request, *scheme, value, password).ok_or_else(unfit)?;
            }
        }
        Ok(())
    }
}

fn add_one(
    client: &reqwest::Client,
    request: &mut reqwest::Request,
    scheme: Scheme,
    value: &str,
    password: &str,
) -> Option<()> {
    match scheme {
        Scheme::Header(name) => {
            let name = HeaderName::try_from(name).ok()?;
            request.headers_mut().insert(name, secret(value)?);
        }
        Scheme::Query(name) => {
            let before = request.url().query().map(str::to_owned);
            let url = request.url_mut();
            url.query_pairs_mut().clear().append_pair(name, value);
            // Only forms have a plus for a space.
            let pair = url.query()?.replace('+', "%20");
            let pairs = before.into_iter().chain([pair]);
            url.set_query(Some(&pairs.collect::<Vec<_>>().join("&")));
        }
        Scheme::Cookie(name) => {
            if value.contains([';', ',', ' ', '"', '\\']) {
                return None;
            }
            let before = request.headers().get(header::COOKIE);
            let text = match before {
                Some(before) => format!("{}; {name}={value}", before.to_str().ok()?),
                None => format!("{name}={value}"),
            };
            request.headers_mut().insert(header::COOKIE, secret(&text)?);
        }
        Scheme::Authorization(kind) => {
            let text = secret(&format!("{kind} {value}"))?;
            request.headers_mut().insert(header::AUTHORIZATION, text);
        }
        Scheme::Basic => {
            let empty = client.get(request.url().clone()).basic_auth(value, Some(password));
            let made = empty.build().ok()?;
            let text = made.headers().get(header::AUTHORIZATION)?.clone();
            request.headers_mut().insert(header::AUTHORIZATION, text);
        }
    }
    Some(())
}

/// A value that is not shown where headers are.
fn secret(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.values.keys()).finish()
    }
}
