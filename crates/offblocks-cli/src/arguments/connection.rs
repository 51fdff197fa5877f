//! The options that say which API is called, and with which credentials and signing key.
//!
//! Each has the environment variable that `offblocks_client::Profile::from_env` reads too, and the
//! profiles are those of the client.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::Args;
use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use offblocks_client::{Environment, SigningKey};
use url::Url;
use uuid::Uuid;

use super::{CredentialOptions, Unshown, base_url};

/// Which API is called, and what it is called with.
#[derive(Debug, Clone, Args)]
pub(crate) struct ConnectionOptions {
    /// The profile to use for settings that are not given
    #[arg(long, env = "OFFBLOCKS_PROFILE", value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// The API to call: sandbox, live or a URL
    #[arg(long, env = "OFFBLOCKS_ENVIRONMENT", value_name = "NAME")]
    pub(crate) environment: Option<Environment>,

    /// The address of the API to call, with its base path; it counts before the environment
    #[arg(long, env = "OFFBLOCKS_BASE_URL", value_name = "URL", value_parser = base_url)]
    pub(crate) base_url: Option<Url>,

    #[command(flatten)]
    pub(crate) credentials: CredentialOptions,

    #[command(flatten)]
    pub(crate) key: KeyOptions,
}

/// A signing key and its id.
#[derive(Debug, Clone, Args)]
pub(crate) struct KeyOptions {
    /// A file with a P-384 private key (PEM) to sign with
    #[arg(
        long,
        env = "OFFBLOCKS_SIGNING_KEY_FILE",
        value_name = "FILE",
        group = "key"
    )]
    pub(crate) signing_key: Option<PathBuf>,

    /// The private key itself; prefer the variable, since others can see command lines
    #[arg(
        long, env = "OFFBLOCKS_SIGNING_KEY", hide_env_values = true, value_name = "PEM",
        group = "key", value_parser = UnshownKey
    )]
    pub(crate) signing_key_pem: Option<SigningKey>,

    /// The id under which the signing key is (or will be) registered
    #[arg(long, env = "OFFBLOCKS_SIGNING_KEY_ID", value_name = "UUID", value_parser = Unshown)]
    pub(crate) key_id: Option<Uuid>,
}

/// Reads a private key as PEM text. The error does not repeat it, as clap's own would.
#[derive(Debug, Clone, Copy)]
struct UnshownKey;

impl TypedValueParser for UnshownKey {
    type Value = SigningKey;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<SigningKey, clap::Error> {
        let rejected = |reason: String| {
            let text = format!(
                "OFFBLOCKS_SIGNING_KEY and --signing-key-pem take the PEM text of a private key: \
                 {reason}; give the name of a file in OFFBLOCKS_SIGNING_KEY_FILE or with \
                 --signing-key"
            );
            command.clone().error(ErrorKind::ValueValidation, text)
        };
        let text = value
            .to_str()
            .ok_or_else(|| rejected("this is not UTF-8".to_owned()))?;
        SigningKey::from_pem(text).map_err(|error| rejected(error.to_string()))
    }
}
