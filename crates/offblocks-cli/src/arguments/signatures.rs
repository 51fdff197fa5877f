//! The arguments of `offblocks sign` and `offblocks verify`.

use std::path::PathBuf;

use clap::Args;

use super::{Sign, help};
use crate::values;

pub(super) const SIGN_HELP: &str = help!(
    "Examples:
  offblocks sign GET http://127.0.0.1:8080/v1/cards --profile local
  offblocks sign POST http://127.0.0.1:8080/v1/customers --body \"$body\" --profile local

The lines of the signature base are what is signed. Compare them with those of another program, or
give that program's base to `offblocks verify --base`. `offblocks keys sign` prints the header lines
alone, for curl.

--json prints one line (members may be added): {\"signatureBase\", \"headers\"}
"
);

pub(super) const VERIFY_HELP: &str = "Examples:
  offblocks verify request.http --key signing-key.pem
  offblocks verify traffic.har --entry 3 --key public-key.pem
  pbpaste | offblocks verify - --key signing-key.pem --scheme http
  offblocks verify request.http --key signing-key.pem --base their-base.txt

The file is an HTTP/1.1 request as it was sent (a raw file), a HAR file, or lines of JSON as
`offblocks conformance` records them. Each request is checked: the headers, the digest of the body,
and the signature. Where the signature is not valid, changes of one component are tried (host with and
without port, path with and without its prefix, other bytes of the body), and the one that makes it
valid is named. The age is shown and not checked, since a capture is old.

--json prints one line for each request (members may be added):
  {\"method\", \"url\", \"valid\", \"reason\", \"keyId\", \"created\", \"signatureBase\", \"digest\",
   \"difference\"}
  \"digest\" is \"right\", \"wrong\" or \"absent\". \"difference\" is null, or lists
  {\"component\", \"captured\", \"signed\"}.

Exit codes:
    0  every signature is valid
    1  it failed; the reason is on the error stream
    2  the command line is wrong
  100  a signature is not valid";

/// The options of `offblocks sign`.
#[derive(Debug, Args)]
pub(crate) struct ExplainedSign {
    #[command(flatten)]
    pub(crate) request: Sign,

    /// Print JSON on one line
    #[arg(long)]
    pub(crate) json: bool,
}

/// The options of `offblocks verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The captured request or requests; - for the standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// The key: its public half (PEM, or as PUT /auth/signing takes it), or the private key
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,

    /// Only the request of this number, where the file has several
    #[arg(long, value_name = "NUMBER", value_parser = values::number::<usize>)]
    pub(crate) entry: Option<usize>,

    /// The scheme that was called, where the capture does not say it
    #[arg(long, value_parser = ["http", "https"], default_value = "https")]
    pub(crate) scheme: String,

    /// The signature base of the signer, to compare with what the request gives
    #[arg(long, value_name = "FILE")]
    pub(crate) base: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
