//! The arguments of the command line and the variables of the environment.

mod cards;
mod conformance;
mod connection;
mod data;
mod examples;
mod repeatable;

use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use offblocks_sandbox::Database;
use offblocks_types::Secret;
use url::Url;
use uuid::Uuid;

use crate::control::ControlCommand;
use crate::help::help;
use crate::paint::Paint;
use crate::program::Program;
use crate::secret_file::secret_in_file;
use crate::settings::SettingOptions;

pub(crate) use cards::{CardsCommand, Issue};
pub(crate) use conformance::Conformance;
pub(crate) use connection::{ConnectionOptions, KeyOptions};
pub(crate) use data::{Data, DataCommand, Populated};
pub(crate) use examples::with_examples;
pub(crate) use repeatable::Repeatable;

const QUICKSTART_HELP: &str = help!(
    "Examples:
  offblocks quickstart
  offblocks quickstart --base-url http://127.0.0.1:8080/v1
  offblocks quickstart --profile staging
  offblocks quickstart --json | jq -r 'select(.step == 7).values.id'

JSON lines (members may be added, none changes its name or meaning):
  {\"event\": \"begin\", \"baseUrl\"}
  {\"event\": \"step\", \"step\", \"title\", \"requests\", \"values\"}, once for each step
  {\"event\": \"end\", \"steps\"}
  \"requests\" lists {\"method\", \"path\", \"status\", \"times\"}.
  \"status\" is null without a response. \"values\" holds strings.
  A step that failed has \"error\" instead of \"values\", and is the last.
"
);

const SANDBOX_HELP: &str = help!(
    "Examples:
  offblocks sandbox
  offblocks sandbox --database sqlite:offblocks.db --listen 127.0.0.1:9000
  OFFBLOCKS_DATABASE=postgres://ann:…@db.test/cards offblocks sandbox
  PGPASSFILE=~/.pgpass offblocks sandbox --database 'postgres://ann@db.test/cards?schema=job_7'
  OFFBLOCKS_API_KEY=… OFFBLOCKS_API_SECRET=… offblocks sandbox --listen 0.0.0.0:8080
  offblocks sandbox --listen 127.0.0.1:0 --json --ready-file sandbox.url
  offblocks sandbox --exchange-rate USD=0.92 --config sandbox.toml
  offblocks sandbox clock advance 1h
  offblocks sandbox cards suspend 9d36e581-f0b7-4c29-8a54-71e2b60fc9a3
  offblocks sandbox --seed 7
  offblocks sandbox --fixtures fixtures.yaml --cards 1000

The file of --config is TOML. Its keys are the settings' names without the dashes before them:
  follow-up-delay = 0
  exchange-rate = [\"USD=0.92\", \"GBP=1.17\"]
  allow-host = [\"sandbox.test\"]
A key that is not known is an error. The command line overrides the file; lists are joined.

A PostgreSQL database has to exist; the schema (\"offblocks\" unless named) is created in it. Several
sandboxes can serve one schema. What the URL leaves out is taken from PGHOST, PGPASSWORD, PGPASSFILE
and so on. The connection is not encrypted, and a pooler between must keep sessions.

--json prints one line once it listens (members may be added):
  {\"baseUrl\", \"database\", \"credentials\", \"signatures\"}
  \"credentials\" is \"example\", \"given\", \"kept\" or \"deleted\".
"
);

const KEYS_HELP: &str = help!(
    "Examples:
  offblocks keys generate signing-key.pem
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

const CONFORMANCE_HELP: &str = "Examples:
  offblocks conformance --spec openapi/offblocks.yaml
  offblocks conformance --spec openapi/offblocks.yaml --base-url http://127.0.0.1:8080/v1 --mutate
  offblocks conformance --spec openapi/offblocks.yaml --har traffic.har --har more.ndjson
  offblocks conformance --spec openapi/offblocks.yaml --accepted accepted.toml
  offblocks conformance --spec openapi/offblocks.yaml --accepted accepted.toml --write-accepted \\
    --reason 'the client shows it as unknown' --expires 2027-01-31

Exit codes:
    0  the server conforms
    1  it failed; the reason is on the error stream
    2  the command line is wrong, or a file cannot be read
    3  inconclusive: the server was not reached, or nothing was checked
  100  findings at or above --fail-on";

const COMPLETIONS_HELP: &str = help!(
    "Examples:
  offblocks completions bash > ~/.local/share/bash-completion/completions/offblocks
  offblocks completions zsh > \"${fpath[1]}/_offblocks\"
"
);

/// Issue payment cards with OffBlocks, without a network and without credentials.
#[derive(Debug, Parser)]
#[command(name = "offblocks", version, after_help = help!(), propagate_version = true)]
pub(crate) struct Arguments {
    /// Log to the error stream what the program does; twice for everything
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,

    /// No colour, even on a terminal
    #[arg(long, global = true)]
    no_colour: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// Colour for what is printed to `stream`.
    pub(crate) fn paint(&self, environment: &Environment, stream: &impl IsTerminal) -> Paint {
        match self.no_colour || environment.unwants_colour() {
            true => Paint::plain(),
            false => Paint::for_stream(stream),
        }
    }
}

/// What only the environment sets, without an option.
#[derive(Debug, Parser)]
pub(crate) struct Environment {
    /// The convention of <https://no-color.org>: any text but an empty one means no colour.
    #[arg(long, env = "NO_COLOR")]
    no_color: Option<OsString>,

    /// The package that cargo runs, when it does.
    #[arg(long, env = "CARGO_PKG_NAME")]
    cargo_package: Option<OsString>,
}

impl Environment {
    /// Reads it, and no arguments.
    pub(crate) fn read() -> Self {
        Self::parse_from(["offblocks"])
    }

    /// How to start this program again. `name` is its own name for itself.
    pub(crate) fn program(&self, name: Option<&OsStr>) -> Program {
        Program::new(self.cargo_package.as_deref().and_then(OsStr::to_str), name)
    }

    fn unwants_colour(&self) -> bool {
        self.no_color.as_ref().is_some_and(|text| !text.is_empty())
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Walk the card issuance guide, from credentials to a settled payment
    ///
    /// Without --base-url, --environment and --profile this starts a sandbox of its own, in memory
    /// and on a free port of this machine. With one of them, this calls that server: what it creates
    /// there stays there. Without a signing key it creates one.
    #[command(after_help = QUICKSTART_HELP)]
    Quickstart(Quickstart),
    /// Serve a local OffBlocks until it is stopped
    ///
    /// It checks tokens, signatures and every request against the contract, and keeps its data in
    /// SQLite or PostgreSQL. Credentials are for a new database; one that exists keeps its own. Stop
    /// it with Ctrl-C or SIGTERM: requests in flight are completed first. With a subcommand it
    /// controls a sandbox that runs, and starts none.
    #[command(after_help = SANDBOX_HELP)]
    Sandbox(Box<Sandbox>),
    /// Fill, empty, save and restore the database of a sandbox that does not run
    #[command(after_help = data::HELP)]
    Data(Box<Data>),
    /// Create and show the keys that requests are signed with
    #[command(subcommand, after_help = KEYS_HELP)]
    Keys(KeysCommand),
    /// Check the responses of a server against a contract
    ///
    /// Calls every GET with the identifiers that the lists contain. It also makes wrong calls:
    /// without a token, with a wrong signature, for unknown identifiers. With --mutate it walks the
    /// issuance guide as well. Without --base-url it checks a sandbox of its own. With --har it
    /// checks recorded traffic, and calls nothing.
    #[command(after_help = CONFORMANCE_HELP)]
    Conformance(Box<Conformance>),
    /// Order cards
    #[command(subcommand)]
    Cards(CardsCommand),
    /// Print a completion script for a shell
    #[command(after_help = COMPLETIONS_HELP)]
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// The options of `offblocks quickstart`.
#[derive(Debug, Args)]
#[command(group(
    clap::ArgGroup::new("address").args(["base_url", "environment", "profile"]).multiple(true)
))]
pub(crate) struct Quickstart {
    #[command(flatten)]
    pub(crate) connection: ConnectionOptions,

    /// Call another machine over plain http, where others can read the secret
    #[arg(long, requires = "address")]
    pub(crate) allow_plain_http: bool,

    /// Print one JSON object a line: each step, then the outcome
    #[arg(long)]
    pub(crate) json: bool,
}

/// An API key and its secret.
#[derive(Debug, Clone, Args)]
pub(crate) struct CredentialOptions {
    /// The API key; without it, and on this machine only, the contract's example
    #[arg(
        long,
        env = "OFFBLOCKS_API_KEY",
        value_name = "UUID",
        requires = "secret",
        value_parser = Unshown
    )]
    pub(crate) api_key: Option<Uuid>,

    /// The API secret; prefer the variable, since others can see command lines
    #[arg(
        long, env = "OFFBLOCKS_API_SECRET", hide_env_values = true, value_name = "SECRET",
        requires = "api_key", group = "secret", value_parser = secret()
    )]
    pub(crate) api_secret: Option<Secret>,

    /// A file with the API secret; white space around it is left out
    #[arg(
        long, env = "OFFBLOCKS_API_SECRET_FILE", value_name = "FILE",
        requires = "api_key", group = "secret", value_parser = secret_in_file
    )]
    pub(crate) api_secret_file: Option<Secret>,
}

impl CredentialOptions {
    /// The credentials, where they were given; clap checks that key and secret are given together.
    pub(crate) fn given(self) -> Option<offblocks_sandbox::Credentials> {
        let (key, secret) = self.api_key.zip(self.api_secret.or(self.api_secret_file))?;
        Some(offblocks_sandbox::Credentials::new(key, secret))
    }
}

/// The options of `offblocks sandbox`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_help_heading = "Control of a sandbox that runs"
)]
pub(crate) struct Sandbox {
    #[command(subcommand)]
    pub(crate) control: Option<ControlCommand>,

    /// Where to listen; beyond this machine only with credentials of your own
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS", value_parser = address)]
    pub(crate) listen: SocketAddr,

    /// Where the data is stored: sqlite:FILE, postgres://USER:PASSWORD@HOST:PORT/DATABASE?schema=NAME,
    /// or sqlite::memory: to delete it at the end
    #[arg(
        long, env = "OFFBLOCKS_DATABASE", hide_env_values = true, default_value = "sqlite::memory:",
        value_name = "URL", value_parser = UnshownDatabase
    )]
    pub(crate) database: Database,

    #[command(flatten)]
    pub(crate) credentials: CredentialOptions,

    /// A file with settings, in TOML
    #[arg(long, env = "OFFBLOCKS_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// A file with the base URL, written once the sandbox listens and removed when it stops
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,

    /// Print one JSON line instead of the greeting
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) repeatable: Repeatable,

    #[command(flatten)]
    pub(crate) populated: Populated,

    #[command(flatten)]
    pub(crate) settings: SettingOptions,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Create a P-384 key, and print its public half in the form that PUT /auth/signing takes
    Generate {
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
}

fn base_url(text: &str) -> Result<Url, String> {
    let example = "write it with scheme and base path, such as http://127.0.0.1:8080/v1";
    match text.parse::<Url>() {
        Ok(url) if url.has_host() => Ok(url),
        Ok(_) => Err(format!("the URL has no host; {example}")),
        Err(error) => Err(format!("{error}; {example}")),
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let example = "write an IP address and a port, such as 127.0.0.1:8080, or [::1]:0 for any port";
    text.parse().map_err(|error| format!("{error}; {example}"))
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

/// Reads a UUID. What is not one may be a secret in the wrong place, so the error does not repeat
/// it, as clap's own would.
#[derive(Debug, Clone, Copy)]
struct Unshown;

impl clap::builder::TypedValueParser for Unshown {
    type Value = Uuid;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Uuid, clap::Error> {
        let uuid = value.to_str().and_then(|text| Uuid::try_parse(text).ok());
        uuid.ok_or_else(|| {
            let name = argument.and_then(clap::Arg::get_long).unwrap_or("the id");
            let text = format!(
                "the value of --{name} is not a UUID such as 2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c; \
                 it is not shown here, since it may be a secret"
            );
            command
                .clone()
                .error(clap::error::ErrorKind::ValueValidation, text)
        })
    }
}

/// Reads where the data is stored. The text may hold a password, so the error does not repeat it.
#[derive(Debug, Clone, Copy)]
struct UnshownDatabase;

impl clap::builder::TypedValueParser for UnshownDatabase {
    type Value = Database;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Database, clap::Error> {
        let read = value.to_str().unwrap_or_default().parse();
        read.map_err(|error: offblocks_sandbox::DatabaseError| {
            let name = argument
                .and_then(clap::Arg::get_long)
                .unwrap_or("the database");
            command.clone().error(
                clap::error::ErrorKind::ValueValidation,
                format!("the value of --{name} cannot be used: {error}"),
            )
        })
    }
}

fn secret() -> impl clap::builder::TypedValueParser<Value = Secret> {
    use clap::builder::TypedValueParser as _;
    NonEmptyStringValueParser::new().map(Secret::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory as _;
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_secret_is_not_shown_by_debug() {
        let line = [
            "offblocks",
            "sandbox",
            "--api-key",
            "b7a1f3c2-5e0d-4f6a-9c38-2d71e6408f15",
        ];
        let line = line.into_iter().chain(["--api-secret", "my own secret"]);
        let shown = format!("{:?}", Arguments::try_parse_from(line).unwrap());
        assert!(!shown.contains("my own secret"), "{shown}");
    }

    #[test]
    fn the_password_of_a_database_is_not_shown() {
        for database in [
            "postgres://ann:hidden@db.test/cards",
            "postgres://ann:hid/den@db.test:x/cards",
            "postgres://ann@db.test/cards?pasword=hidden",
            "postgresq://ann:hidden@db.test/cards",
        ] {
            let line = ["offblocks", "sandbox", "--database", database];
            let shown = match Arguments::try_parse_from(line) {
                Ok(arguments) => format!("{arguments:?}"),
                Err(error) => format!("{error} {error:?}"),
            };
            assert!(!shown.contains("hid"), "{shown}");
        }
    }
}
