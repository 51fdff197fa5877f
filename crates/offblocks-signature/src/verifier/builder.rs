//! The settings of a verifier.

use std::time::Duration;

use http::uri::Scheme;

use super::Verifier;

/// Sets up a [`Verifier`]; see [`Verifier::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct VerifierBuilder {
    verifier: Verifier,
}

impl VerifierBuilder {
    pub(super) fn new() -> Self {
        Self {
            verifier: Verifier {
                scheme: None,
                authority: None,
                window: Some(Duration::from_secs(300)),
                required: ["@method", "@authority", "@path"].map(str::to_owned).into(),
                created_required: false,
                limit: 8,
            },
        }
    }

    /// The scheme that callers use. It defines the default port. Without it the scheme of the
    /// URI is used, and `https` where the URI has none.
    ///
    /// ```
    /// use offblocks_signature::Verifier;
    ///
    /// // A local server without TLS: its default port is 80.
    /// let verifier = Verifier::builder().scheme(http::uri::Scheme::HTTP).build();
    /// ```
    pub fn scheme(mut self, scheme: Scheme) -> Self {
        self.verifier.scheme = Some(scheme);
        self
    }

    /// The authority that callers use, when a proxy rewrites the `Host` header.
    ///
    /// ```
    /// use offblocks_signature::Verifier;
    ///
    /// let verifier = Verifier::builder().authority("api.example").build();
    /// ```
    pub fn authority(mut self, authority: impl Into<String>) -> Self {
        self.verifier.authority = Some(authority.into());
        self
    }

    /// How far `created` may lie in the past and in the future; 300 seconds unless set.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use offblocks_signature::Verifier;
    ///
    /// let verifier = Verifier::builder().window(Duration::from_secs(60)).build();
    /// ```
    pub fn window(mut self, window: Duration) -> Self {
        self.verifier.window = Some(window);
        self
    }

    /// Accepts signatures of any age, for example to replay recorded ones. `expires` is checked
    /// nevertheless.
    ///
    /// ```
    /// use offblocks_signature::Verifier;
    ///
    /// let verifier = Verifier::builder().any_age().build();
    /// ```
    pub fn any_age(mut self) -> Self {
        self.verifier.window = None;
        self
    }

    /// Rejects signatures that do not say when they were made. Off unless set, because the API
    /// accepts such signatures. A receiver of webhooks should switch it on.
    ///
    /// ```
    /// use offblocks_signature::Verifier;
    ///
    /// let verifier = Verifier::builder().require_created(true).build();
    /// ```
    pub fn require_created(mut self, required: bool) -> Self {
        self.verifier.created_required = required;
        self
    }

    /// The components that every signature has to cover, in any order; `@method`, `@authority`
    /// and `@path` unless set.
    ///
    /// ```
    /// use offblocks_signature::Verifier;
    ///
    /// let components = ["@method", "@target-uri", "content-type"];
    /// let verifier = Verifier::builder().required_components(components).build();
    /// ```
    pub fn required_components<S: Into<String>>(
        mut self,
        names: impl IntoIterator<Item = S>,
    ) -> Self {
        self.verifier.required = names.into_iter().map(Into::into).collect();
        self
    }

    /// How many signatures a request may carry; 8 unless set.
    ///
    /// ```
    /// use offblocks_signature::Verifier;
    ///
    /// let verifier = Verifier::builder().max_signatures(1).build();
    /// ```
    pub fn max_signatures(mut self, limit: usize) -> Self {
        self.verifier.limit = limit;
        self
    }

    /// Builds the verifier.
    ///
    /// ```
    /// let verifier = offblocks_signature::Verifier::builder().build();
    /// ```
    pub fn build(self) -> Verifier {
        self.verifier
    }
}
