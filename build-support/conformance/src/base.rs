//! Where the API begins in a URL.

/// What stands before the contract's paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// `https://api.example`, lower case; `None` means any.
    origin: Option<String>,
    /// `/v1`, without a slash at its end.
    path: String,
}

impl Base {
    /// The base of a URL such as `https://api.example/v1`; from a bare path, that of any origin.
    #[must_use]
    pub fn of(url: &str) -> Self {
        let parts = Parts::of(url);
        Self {
            origin: parts.origin.map(|origin| origin.to_ascii_lowercase()),
            path: parts.path.trim_end_matches('/').to_owned(),
        }
    }

    /// The base with any origin.
    #[must_use]
    pub fn anywhere(self) -> Self {
        Self {
            origin: None,
            ..self
        }
    }

    /// The contract's path in a URL, if it lies below this base: never empty.
    #[must_use]
    pub fn strip<'u>(&self, url: &'u str) -> Option<&'u str> {
        let parts = Parts::of(url);
        let same_origin = match (&self.origin, parts.origin) {
            (Some(own), Some(other)) => own.eq_ignore_ascii_case(other),
            _ => true,
        };
        let rest = parts.path.strip_prefix(self.path.as_str())?;
        let below = rest.is_empty() || rest.starts_with('/');
        (same_origin && below).then_some(if rest.is_empty() { "/" } else { rest })
    }

    /// The contract's path in a URL by the base that takes most of it.
    pub(super) fn longest<'u>(bases: &[Self], url: &'u str) -> Option<&'u str> {
        let found = bases.iter().filter_map(|base| base.strip(url));
        found.min_by_key(|rest| rest.len())
    }
}

/// A URL taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts<'u> {
    /// Scheme and authority, without a user name or password.
    pub(super) origin: Option<&'u str>,
    pub(super) path: &'u str,
    /// What stands behind the question mark.
    pub(super) query: Option<&'u str>,
}

impl<'u> Parts<'u> {
    pub(super) fn of(url: &'u str) -> Self {
        let url = url.split('#').next().unwrap_or_default();
        let (head, query) = match url.split_once('?') {
            Some((head, query)) => (head, Some(query)),
            None => (url, None),
        };
        let after_scheme = head.find("://").map(|at| at + 3);
        let Some(start) = after_scheme else {
            return Self {
                origin: None,
                path: head,
                query,
            };
        };
        let end = head[start..].find('/').map_or(head.len(), |at| start + at);
        let has_user = head[start..end].contains('@');
        Self {
            origin: (!has_user).then_some(&head[..end]),
            path: &head[end..],
            query,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_below_their_base() {
        let table = [
            (
                "https://a.example/v1",
                "https://A.example/v1/cards?x=1",
                Some("/cards"),
            ),
            ("https://a.example/v1/", "https://a.example/v1", Some("/")),
            ("https://a.example/v1", "https://a.example/v10/cards", None),
            ("https://a.example/v1", "https://b.example/v1/cards", None),
            ("https://a.example/v1", "/v1/cards#top", Some("/cards")),
            ("/v1", "https://b.example:8080/v1/cards", Some("/cards")),
            ("", "https://b.example/cards", Some("/cards")),
        ];
        for (base, url, expected) in table {
            assert_eq!(Base::of(base).strip(url), expected, "{url} below {base}");
        }
    }

    #[test]
    fn a_password_never_becomes_an_origin() {
        let parts = Parts::of("https://user:secret@a.example/v1/x");
        assert_eq!((parts.origin, parts.path), (None, "/v1/x"));
    }
}
