//! The options of `offblocks data`, and those that fill a sandbox at its start.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use offblocks_sandbox::Database;

use crate::help::help;
use crate::values;

pub(super) const HELP: &str = help!(
    "Examples:
  offblocks data seed fixtures.yaml --database sqlite:sandbox.db
  offblocks data cards 1000000 --database sqlite:sandbox.db
  offblocks data snapshot before.jsonl --database sqlite:sandbox.db
  offblocks data restore before.jsonl --database sqlite:other.db
  offblocks data reset --database sqlite:sandbox.db

Fixtures are steps in YAML or JSON. A step may have a name, by which later ones refer to it:
  steps:
    - name: alice
      customer: {externalId: alice}              # status: active
    - name: current
      account: {customer: alice, balance: \"250\"} # status: active
    - name: card
      card: {account: current}                   # status: active
    - authorisation: {card: card, amount: \"20\"}  # status: captured
    - webhook: {callbackUrl: \"http://127.0.0.1:9000/hooks\"}
    - cards: 1000

A snapshot holds the secrets of the sandbox, so only its owner can read the file. It is lines of
JSON that end with a digest, the same for every kind of database.
"
);

/// The options of `offblocks data`.
#[derive(Debug, Args)]
pub(crate) struct Data {
    /// The database: sqlite:FILE, on which no sandbox may be running, or postgres://…
    #[arg(
        long,
        env = "OFFBLOCKS_DATABASE",
        global = true,
        default_value = "sqlite:offblocks.db"
    )]
    pub(crate) database: Database,

    /// Print one JSON object instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) command: DataCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DataCommand {
    /// Apply the steps of a fixtures file, all of them or none
    // `offblocks sandbox` calls the same thing by this name.
    #[command(alias = "fixtures")]
    Seed {
        /// The fixtures, in YAML or JSON
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Add cards of a typical programme, each with a customer and an account of its own
    Cards {
        /// How many
        #[arg(value_name = "NUMBER", value_parser = values::cards(1))]
        number: u64,
    },
    /// Write the whole database to a file
    Snapshot {
        /// The file to write
        #[arg(value_name = "FILE")]
        file: PathBuf,

        /// Replace a file that exists
        #[arg(long)]
        force: bool,
    },
    /// Put a snapshot in the place of everything in the database, credentials included
    Restore {
        /// The snapshot, of any kind of database
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Remove everything that callers made; credentials, keys and tokens stay
    Reset,
}

impl DataCommand {
    /// Whether it works on existing data, so that a missing database is a mistake.
    pub(crate) const fn needs_data(&self) -> bool {
        matches!(self, Self::Snapshot { .. } | Self::Reset)
    }
}

/// What a sandbox begins with, where its database has no customers yet.
#[derive(Debug, Args)]
pub(crate) struct Populated {
    /// Fixtures to begin with, where the database has no customers; see `offblocks data --help`
    #[arg(long, value_name = "FILE")]
    pub(crate) fixtures: Option<PathBuf>,

    /// How many cards to begin with, where the database has no customers
    #[arg(long, value_name = "NUMBER", value_parser = values::cards(0))]
    pub(crate) cards: Option<u64>,
}
