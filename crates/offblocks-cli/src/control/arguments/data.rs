//! The arguments of the subcommands about all data at once, and about programmes.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use offblocks_sandbox::ProgrammeName;

use crate::control::target::Target;
use crate::help::help;

pub(super) const PROGRAMMES_HELP: &str = help!(
    "Examples:
  offblocks sandbox programmes create ci-job-17
  offblocks sandbox programmes create ci-job-17 --json | jq -r .apiSecret
  offblocks sandbox programmes list
  offblocks sandbox clock freeze --programme ci-job-17
  offblocks sandbox programmes drop ci-job-17

A programme has credentials, keys, data, a clock and faults of its own. Its secret is shown once.
--programme NAME lets every other subcommand do its work in that programme.
",
);

pub(super) const FIXTURES_HELP: &str = help!(
    "Examples:
  offblocks sandbox fixtures fixtures.yaml
  offblocks sandbox fixtures fixtures.yaml --json | jq -r .made.alice

`offblocks data --help` shows what can be written in the file.
",
);

pub(super) const SNAPSHOT_HELP: &str = help!(
    "Examples:
  offblocks sandbox snapshot before.jsonl
  offblocks sandbox snapshot before.jsonl --programme ci-job-17

It holds the secrets of the sandbox, so only its owner can read the file.
",
);

pub(super) const RESTORE_HELP: &str = help!(
    "Examples:
  offblocks sandbox restore before.jsonl
  offblocks sandbox restore before.jsonl --url http://127.0.0.1:9000

The snapshot may come from another kind of database. One that is damaged changes nothing.
",
);

pub(super) const RESET_HELP: &str = help!(
    "Examples:
  offblocks sandbox reset
  offblocks sandbox reset --programme ci-job-17
",
);

pub(super) const WORK_HELP: &str = help!(
    "Examples:
  offblocks sandbox work
  offblocks sandbox work --json | jq '.[] | select(.kind == \"cards\")'
",
);

/// A file, and the sandbox that is called.
#[derive(Debug, Args)]
pub(crate) struct OfFile {
    #[command(flatten)]
    pub(in crate::control) target: Target,
    /// The file
    #[arg(value_name = "FILE")]
    pub(in crate::control) file: PathBuf,
}

/// A file that is written.
#[derive(Debug, Args)]
pub(crate) struct ToFile {
    #[command(flatten)]
    pub(in crate::control) target: Target,
    /// The file to write
    #[arg(value_name = "FILE")]
    pub(in crate::control) file: PathBuf,
    /// Replace a file that exists
    #[arg(long)]
    pub(in crate::control) force: bool,
}

/// The sandbox that is called.
#[derive(Debug, Args)]
pub(crate) struct OfSandbox {
    #[command(flatten)]
    pub(in crate::control) target: Target,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProgrammesCommand {
    /// Create a programme, and show its credentials once
    Create {
        /// Its name: small letters, digits and hyphens
        name: ProgrammeName,
    },
    /// List the programmes
    List,
    /// Stop a programme and delete its data
    Drop {
        /// Its name
        name: ProgrammeName,
    },
}
