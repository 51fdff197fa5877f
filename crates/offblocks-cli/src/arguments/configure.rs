//! The arguments of `offblocks configure`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use offblocks_client::Environment;
use offblocks_types::Secret;
use uuid::Uuid;

use super::{Unshown, help, secret};

pub(super) const HELP: &str = help!(
    "Examples:
  offblocks configure
  offblocks configure --profile staging --environment sandbox --api-key UUID \\
    --api-secret-file staging.secret --signing-key staging.pem --key-id UUID
  offblocks configure --profile staging --keyring --api-secret-file staging.secret
  OFFBLOCKS_API_SECRET=… offblocks configure --profile ci --environment live --api-key UUID
  offblocks configure list
  offblocks configure remove staging

What is not given is asked for, where the standard input is a terminal; a secret is not shown while it
is typed. Elsewhere, what is not given stays as it is. Only the owner can read the file of profiles,
which is $XDG_CONFIG_HOME/offblocks/profiles.toml, or what OFFBLOCKS_PROFILE_FILE names. The client
reads it too. Its comments are kept. The entries of the keyring have the service `offblocks`, and users such
as `staging/api_secret`; removing a profile, or naming a file instead, removes them too.

--json prints one line (members may be added): {\"profile\", \"file\", \"settings\"}, or for list
{\"file\", \"profiles\"}, where each profile has a \"name\" and its \"settings\". No secret is among them.
"
);

/// The options of `offblocks configure`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Configure {
    #[command(subcommand)]
    pub(crate) command: Option<ConfigureCommand>,

    /// The name of the profile
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub(crate) profile: String,

    /// The API to call: sandbox, live or a URL with its base path
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Option<Environment>,

    /// The API key
    #[arg(long, value_name = "UUID", value_parser = Unshown)]
    pub(crate) api_key: Option<Uuid>,

    /// A file with the API secret, which the profile then names
    #[arg(long, value_name = "FILE", conflicts_with = "api_secret")]
    pub(crate) api_secret_file: Option<PathBuf>,

    /// The API secret itself, from the variable alone, since others can see command lines
    #[arg(
        long, env = "OFFBLOCKS_API_SECRET", hide_env_values = true, hide = true,
        value_name = "SECRET", value_parser = secret()
    )]
    pub(crate) api_secret: Option<Secret>,

    /// A file with the P-384 private key (PEM), which the profile then names
    #[arg(long, value_name = "FILE")]
    pub(crate) signing_key: Option<PathBuf>,

    /// The id under which the signing key is (or will be) registered; a new one where there is none
    #[arg(long, value_name = "UUID", value_parser = Unshown)]
    pub(crate) key_id: Option<Uuid>,

    /// Keep the API secret and the signing key in the operating system's keyring
    ///
    /// The profile then names the entries of the keyring, and the files are no longer needed. It is there
    /// where this program is built with its feature `keyring`.
    #[arg(long)]
    pub(crate) keyring: bool,

    /// Ask for nothing, even on a terminal
    #[arg(long)]
    pub(crate) no_input: bool,

    /// Print JSON on one line
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// What else can be done with profiles.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigureCommand {
    /// List the profiles and their settings; secrets are not shown
    List,
    /// Remove a profile, and its entries of the keyring; files that it names stay
    Remove {
        /// The name of the profile
        #[arg(value_name = "NAME")]
        name: String,
    },
}
