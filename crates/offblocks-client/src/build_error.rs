//! Why a client cannot be built.

use std::path::PathBuf;

/// Why no client was built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// There is no base URL.
    #[error(
        "no base URL was given; call `base_url`, for example with `https://api.sandbox.offblocks.xyz/v1`"
    )]
    NoBaseUrl,
    /// The base URL cannot be used.
    #[error("the base URL `{url}` cannot be used: {reason}")]
    BaseUrl {
        /// The URL, without what may be a secret.
        url: String,
        /// Why.
        reason: &'static str,
    },
    /// An environment variable is missing or cannot be used. Its value is not shown.
    #[error("the environment variable `{name}` cannot be used: {reason}")]
    Variable {
        /// The variable.
        name: &'static str,
        /// Why.
        reason: String,
    },
    /// A profile is incomplete or cannot be used. No value of it is shown.
    #[error("the profile `{profile}` in {} cannot be used: {reason}", path.display())]
    Profile {
        /// The name of the profile.
        profile: String,
        /// The file of profiles.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The file of profiles cannot be used.
    #[error("the file of profiles {} cannot be used: {reason}", path.display())]
    ProfileFile {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A certificate cannot be used.
    #[error("{what} cannot be used: {reason}")]
    Tls {
        /// Which ones.
        what: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// The proxy cannot be used. Its URL is not shown, because it may hold a password.
    #[error("the proxy cannot be used: give its URL, as in `http://proxy.example:3128`")]
    Proxy,
    /// The HTTP client did not start.
    #[error("the HTTP client did not start; check the user agent and the machine's TLS set-up")]
    Http(#[source] Box<dyn std::error::Error + Send + Sync>),
}
