//! Which API is called.

use url::Url;

/// Which OffBlocks API a client calls.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Environment {
    /// `https://api.sandbox.offblocks.xyz/v1`, where no money moves.
    Sandbox,
    /// `https://api.offblocks.xyz/v1`.
    Live,
    /// Another address with its base path, such as that of a local sandbox.
    Url(Url),
}

impl Environment {
    /// The address every call begins with.
    ///
    /// ```
    /// use offblocks_client::Environment;
    ///
    /// assert_eq!(Environment::Live.base_url(), "https://api.offblocks.xyz/v1");
    /// ```
    #[must_use]
    pub fn base_url(&self) -> &str {
        match self {
            Self::Sandbox => "https://api.sandbox.offblocks.xyz/v1",
            Self::Live => "https://api.offblocks.xyz/v1",
            Self::Url(url) => url.as_str(),
        }
    }
}

impl std::str::FromStr for Environment {
    type Err = EnvironmentError;

    /// `sandbox`, `live` or a URL.
    fn from_str(text: &str) -> Result<Self, EnvironmentError> {
        match text {
            "sandbox" => Ok(Self::Sandbox),
            "live" => Ok(Self::Live),
            url => url.parse().map(Self::Url).map_err(|_| EnvironmentError),
        }
    }
}

/// A text that is not a valid environment. It is not shown, because it may be a secret in the wrong place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is neither `sandbox` nor `live` nor an absolute URL")]
pub struct EnvironmentError;
