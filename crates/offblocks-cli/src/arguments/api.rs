//! The options of the hand-written commands that call the API.

use clap::{Args, Subcommand};

use super::ConnectionOptions;

/// Which API is called, and how the outcome is printed.
#[derive(Debug, Clone, Args)]
pub(crate) struct ApiOptions {
    #[command(flatten)]
    pub(crate) connection: ConnectionOptions,

    /// Call another machine over plain http, where others can read the secret
    #[arg(long)]
    pub(crate) allow_plain_http: bool,

    /// Print JSON on one line, and a failure as JSON too
    #[arg(long)]
    pub(crate) json: bool,
}

const CHECK_HELP: &str = "Examples:
  offblocks auth check --profile staging
  offblocks auth check --base-url http://127.0.0.1:8080/v1 --signing-key key.pem --key-id UUID
  offblocks auth check --profile staging --json | jq .clockSkewSeconds

--json prints one line (members may be added):
  {\"baseUrl\", \"apiKey\", \"signingKeyId\", \"tokenExpiresAt\", \"clockSkewSeconds\", \"signature\"}
  \"clockSkewSeconds\" is above 0 where this machine's clock is ahead of the server's.
  \"signature\" is \"accepted\".";

/// What can be done about signing in, besides the operations of the contract.
#[derive(Debug, Subcommand)]
pub(crate) enum AuthCommand {
    /// Check what is configured: get a token, compare the clocks, and make a signed call
    ///
    /// Nothing is changed on the server. It stops at the first thing that is wrong, and says what to
    /// do about it.
    #[command(after_help = concat_help(CHECK_HELP))]
    Check(Box<ApiOptions>),
}

fn concat_help(examples: &str) -> String {
    format!("{examples}\n\n{}", crate::exit_code::HELP)
}
