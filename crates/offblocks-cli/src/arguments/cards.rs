//! The arguments of `offblocks cards`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ConnectionOptions;

const ISSUE_HELP: &str = "Examples:
  offblocks cards issue --from cards.csv --dry-run --profile staging
  offblocks cards issue --from cards.csv --journal cards.journal --profile staging
  offblocks cards issue --from cards.csv --journal cards.journal --results results.csv --json

The file of --from is CSV with a line of headings. Columns:
  reference   your own name for the row; it is sent nowhere
  account     the id of the account
  firstLine, secondLine, city, state, country, postCode   the billing address
  type        virtual, where the column is missing
secondLine and state may be missing. All lines are read and checked before the first card is ordered.

Run the same command again after a crash, an interruption or a failure: the journal knows which rows
have their card, and no row gets a second one. The first Ctrl-C finishes the rows that are in flight.

--json prints one line at the end (members may be added):
  {\"issued\", \"found\", \"failed\", \"total\", \"cancelled\"}
  \"found\" counts cards that an earlier, interrupted run had ordered. \"total\" counts all runs:
  {\"issued\", \"failed\"}. With --dry-run one line for each row with a problem:
  {\"row\", \"reference\", \"problems\"}

Exit codes:
    0  each row has its card; with --dry-run, no row has a problem
    1  the run stopped; the reason is on the error stream. Run it again to go on
    2  the command line is wrong, or the file of --from is
    3  the run was interrupted. Run it again to go on
  100  all rows have ended, and some have failed; with --dry-run, some have a problem";

/// What can be done with cards.
#[derive(Debug, Subcommand)]
pub(crate) enum CardsCommand {
    /// Order a card for each row of a file, each exactly once
    #[command(after_help = ISSUE_HELP)]
    Issue(Box<Issue>),
}

/// The options of `offblocks cards issue`.
#[derive(Debug, Args)]
pub(crate) struct Issue {
    /// The file with the rows (CSV)
    #[arg(long, value_name = "FILE")]
    pub(crate) from: PathBuf,

    /// The file that remembers the job; it is made where it does not exist
    #[arg(long, value_name = "FILE", required_unless_present = "dry_run")]
    pub(crate) journal: Option<PathBuf>,

    /// Write what became of each row to this file (CSV), when the run has ended
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub(crate) results: Option<PathBuf>,

    /// How many cards are ordered at the same time
    #[arg(long, default_value = "16", value_name = "NUMBER")]
    pub(crate) concurrency: NonZeroUsize,

    /// Check the rows against the rules and the accounts, and order nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Cut a damaged journal off at the damage; what is lost is found out again
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) repair: bool,

    #[command(flatten)]
    pub(crate) connection: ConnectionOptions,

    /// Call another machine over plain http, where others can read the secret
    #[arg(long)]
    pub(crate) allow_plain_http: bool,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
