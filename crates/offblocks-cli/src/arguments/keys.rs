//! The arguments of `offblocks keys`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use uuid::Uuid;

use super::{ApiOptions, KeyOptions, Unshown, help};

pub(super) const HELP: &str = help!(
    "Examples:
  offblocks keys new signing-key.pem
  offblocks keys show signing-key.pem
  offblocks keys register --profile staging --signing-key signing-key.pem
  offblocks keys rotate next-key.pem --profile staging
  offblocks quickstart --signing-key signing-key.pem
"
);

const SIGN_HELP: &str = help!(
    "Examples:
  curl -H \"Authorization: Bearer $OFFBLOCKS_TOKEN\" \\
    -H @<(offblocks keys sign GET http://127.0.0.1:8080/v1/cards) http://127.0.0.1:8080/v1/cards

  A POST, with a body that is sent exactly as it was signed; its content-digest is among the lines:
  url=http://127.0.0.1:8080/v1/customers
  body='{\"chainId\": \"eip155:300:0x…\", \"externalId\": \"customer-1\"}'
  offblocks keys sign POST $url --body \"$body\" | curl -X POST $url --data-binary \"$body\" \\
    -H \"Authorization: Bearer $OFFBLOCKS_TOKEN\" -H 'Content-Type: application/json' \\
    -H \"Idempotency-Key: $(uuidgen)\" -H @-
"
);

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Create a P-384 key, and print its public half in the form that PUT /auth/signing takes
    #[command(visible_alias = "generate")]
    New {
        /// The file to write the private key to; it must not exist yet
        #[arg(value_name = "FILE")]
        out: PathBuf,
    },
    /// Print the header lines that sign a request now, for `curl -H @-`
    #[command(after_help = SIGN_HELP)]
    Sign(Sign),
    /// Print the public half of a private key in the form that PUT /auth/signing takes
    Show {
        /// The file with the private key (PEM)
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Register the public half of the signing key under its id
    ///
    /// Without --key-id a new id is made and printed. An id that is known already gets this key.
    #[command(after_help = REGISTER_HELP)]
    Register(Box<ApiOptions>),
    /// Create a key, register it, check that it is accepted, and remove the old one
    ///
    /// Calls signed with the old key are accepted until the last step. When a step fails, the old key
    /// stays registered. With --profile the profile names the new key from then on.
    #[command(after_help = ROTATE_HELP)]
    Rotate(Box<Rotate>),
}

const REGISTER_HELP: &str = help!(
    "Examples:
  offblocks keys register --signing-key signing-key.pem --base-url http://127.0.0.1:8080/v1
  offblocks keys register --profile staging

--json prints one line (members may be added): {\"signingKeyId\", \"signingKey\"}
  \"signingKey\" is the public half, as PUT /auth/signing takes it.
"
);

const ROTATE_HELP: &str = help!(
    "Examples:
  offblocks keys rotate next-key.pem --profile staging
  offblocks keys rotate next-key.pem --profile staging --keep-old

--json prints one line (members may be added):
  {\"signingKeyId\", \"signingKeyFile\", \"removedKeyId\", \"profile\"}
  \"removedKeyId\" is null with --keep-old, and \"profile\" where none was named.
"
);

/// The options of `offblocks keys rotate`.
#[derive(Debug, Args)]
pub(crate) struct Rotate {
    /// The file to write the new private key to; it must not exist yet
    #[arg(value_name = "FILE")]
    pub(crate) out: PathBuf,

    /// The id of the new key; a random one without it
    #[arg(long, value_name = "UUID", value_parser = Unshown)]
    pub(crate) new_key_id: Option<Uuid>,

    /// Leave the old key registered, for programs that still sign with it
    #[arg(long)]
    pub(crate) keep_old: bool,

    #[command(flatten)]
    pub(crate) api: ApiOptions,
}

/// The options of `offblocks keys sign`.
#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// The method, in letters of any case; it is signed in capitals, as it is sent
    #[arg(value_parser = method)]
    pub(crate) method: http::Method,

    /// The URL, as it will be called
    pub(crate) url: http::Uri,

    /// The body, exactly as it will be sent
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    pub(crate) body: String,

    /// A profile of the file of profiles, for the key and its id where they are not given otherwise
    #[arg(long, env = "OFFBLOCKS_PROFILE", value_name = "NAME")]
    pub(crate) profile: Option<String>,

    #[command(flatten)]
    pub(crate) key: KeyOptions,
}

fn method(text: &str) -> Result<http::Method, String> {
    let method = text.to_ascii_uppercase().parse();
    method.map_err(|_| "write a method such as GET or POST".to_owned())
}
