//! Why a secret is not read from the keyring, or not stored there.

/// Why a secret is not read from the keyring, or not stored there. No secret is in it.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(
    not(feature = "keyring"),
    expect(dead_code, reason = "only the feature meets the others")
)]
pub(crate) enum KeyringError {
    /// The feature is off.
    #[cfg_attr(feature = "keyring", expect(dead_code, reason = "the feature is on"))]
    #[error(
        "this offblocks is built without the feature `keyring`: build it with `--features keyring`, or \
         name a file (--api-secret-file, --signing-key)"
    )]
    NotBuilt,
    /// There is no keyring, or it does not respond.
    #[error(
        "the operating system's keyring cannot be used: {0}; where there is none, name a file \
         (--api-secret-file, --signing-key)"
    )]
    Unavailable(String),
    /// The keyring does not give this program access.
    #[error(
        "the operating system's keyring is locked or does not allow it: {0}; unlock it and try again"
    )]
    Locked(String),
    /// The entry does not exist.
    #[error(
        "the keyring has no entry `{0}` of the service `offblocks`: store it again with `offblocks \
         configure --keyring`"
    )]
    Missing(String),
    /// Several entries have the same name.
    #[error("the keyring has several entries `{0}` of the service `offblocks`: remove all but one")]
    Ambiguous(String),
    /// The entry holds something else.
    #[error(
        "the entry `{0}` of the keyring is not a text: store it again with `offblocks configure --keyring`"
    )]
    NotText(String),
    /// The keyring does not accept the secret.
    #[error("the keyring rejects the entry `{entry}`: {reason}")]
    Rejected {
        /// The entry.
        entry: String,
        /// Why.
        reason: String,
    },
}
