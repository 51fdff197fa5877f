//! The arguments of the command line and the variables of the environment.

mod api;
mod cards;
mod configure;
mod conformance;
mod connection;
mod data;
mod events;
mod examples;
mod global;
pub(crate) mod journal;
mod keys;
mod listen;
pub(crate) mod onboarding;
mod operation;
mod repeatable;
mod signatures;

use std::ffi::OsStr;
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
use crate::secret_file::secret_in_file;
use crate::settings::SettingOptions;

pub(crate) use api::{ApiOptions, AuthCommand};
pub(crate) use cards::{CardsCommand, Issue, JobAction, JobOptions, Watch};
pub(crate) use configure::{Configure, ConfigureCommand};
pub(crate) use conformance::Conformance;
pub(crate) use connection::{ConnectionOptions, KeyOptions};
pub(crate) use data::{Data, DataCommand, Populated};
pub(crate) use events::{Events, EventsCommand, Trigger};
pub(crate) use examples::with_examples;
pub(crate) use global::{Environment, Global};
pub(crate) use keys::{KeysCommand, Rotate, Sign};
pub(crate) use listen::Listen;
pub(crate) use operation::{Format, OperationOptions};
pub(crate) use repeatable::Repeatable;
pub(crate) use signatures::{ExplainedSign, Verify};

const QUICKSTART_HELP: &str = help!(
    "Examples:
  offblocks quickstart
  offblocks quickstart --base-url http://127.0.0.1:8080/v1
  offblocks quickstart --profile staging
  offblocks quickstart --base-url http://127.0.0.1:8080/v1 --keep-card
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

The file of --config is TOML. Its keys are listen, database and the settings' names without the dashes
before them:
  listen = \"127.0.0.1:9000\"
  follow-up-delay = 0
  exchange-rate = [\"USD=0.92\", \"GBP=1.17\"]
  allow-host = [\"sandbox.test\"]
A key that is not known is an error. The command line overrides the file; lists are joined.

A PostgreSQL database has to exist; the schema (\"offblocks\" unless named) is created in it. Several
sandboxes can serve one schema. What the URL leaves out is taken from PGHOST, PGPASSWORD, PGPASSFILE
and so on. `sslmode=verify-full` demands an encrypted connection to a server with a valid certificate, by
the roots of `sslrootcert=FILE` too. A pooler between must keep sessions.

--json prints one line once it listens (members may be added):
  {\"baseUrl\", \"database\", \"credentials\", \"signatures\"}
  \"credentials\" is \"example\", \"given\", \"kept\" or \"deleted\".
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

const MAN_HELP: &str = help!(
    "Examples:
  offblocks man ~/.local/share/man/man1
  offblocks man /tmp/man && man /tmp/man/offblocks-cards-list.1
"
);

/// Issue payment cards with OffBlocks, without a network and without credentials.
#[derive(Debug, Parser)]
#[command(name = "offblocks", version, after_help = help!(), propagate_version = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Walk the card issuance guide, from credentials to the end of a card
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
    /// Create, show, register and rotate the keys that requests are signed with
    #[command(subcommand, after_help = keys::HELP)]
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
    #[command(flatten)]
    Onboarding(onboarding::OnboardingCommand),
    /// Check what is configured
    #[command(subcommand)]
    Auth(AuthCommand),
    /// Store which API is called, and with what, as a profile
    #[command(after_help = configure::HELP)]
    Configure(Box<Configure>),
    /// Receive webhooks: verify, show and forward them
    #[command(after_help = listen::HELP)]
    Listen(Box<Listen>),
    /// Have a sandbox produce an event
    #[command(after_help = events::TRIGGER_HELP)]
    Trigger(Box<Trigger>),
    /// List and resend the events of a sandbox
    #[command(after_help = events::EVENTS_HELP)]
    Events(Events),
    /// Sign a request, and show what is signed
    #[command(after_help = signatures::SIGN_HELP)]
    Sign(Box<ExplainedSign>),
    /// Check the signatures of captured requests, and explain what differs
    #[command(after_help = signatures::VERIFY_HELP)]
    Verify(Verify),
    /// Write a man page for each command
    #[command(after_help = MAN_HELP)]
    Man {
        /// The folder to write to; it is made where it does not exist
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
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

    /// Do not terminate the card at the end, so that more can be tried with it
    #[arg(long)]
    pub(crate) keep_card: bool,

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

    /// Where to listen; beyond this machine only with credentials of your own [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub(crate) listen: Option<SocketAddr>,

    /// Where the data is stored: sqlite:FILE, postgres://USER:PASSWORD@HOST:PORT/DATABASE?schema=NAME,
    /// or sqlite::memory: to delete it at the end [default: sqlite::memory:]
    #[arg(
        long, env = "OFFBLOCKS_DATABASE", hide_env_values = true,
        value_name = "URL", value_parser = UnshownDatabase
    )]
    pub(crate) database: Option<Database>,

    #[command(flatten)]
    pub(crate) credentials: CredentialOptions,

    /// A file in TOML with settings, listen and database
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
        <Arguments as clap::CommandFactory>::command().debug_assert();
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
