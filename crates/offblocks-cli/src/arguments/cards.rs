//! The arguments of `offblocks cards`.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use offblocks_cards::rules::CardState;
use offblocks_types::{AccountId, CardId, CardType};
use uuid::Uuid;

use super::journal::{JournalPlace, JournalPlaceParser};
use super::{ApiOptions, Unshown};
use crate::values;

const ISSUE_HELP: &str = "Examples:
  offblocks cards issue --account e2947b10-6c8d-4d3a-b5f1-3a70c9d8e461 --first-line '18 Harbour Row' \\
    --city Bristol --country GB --post-code 'BS1 4RN' --wait --profile staging
  offblocks cards issue --from cards.csv --dry-run --profile staging
  offblocks cards issue --from cards.csv --journal cards.journal --profile staging
  offblocks cards issue --from cards.csv --journal cards.journal --results results.csv --json
  PGPASSFILE=~/.pgpass offblocks cards issue --from cards.csv --workers 2 \\
    --journal 'postgres://ann@db.test/cards?schema=june' --job june

The file of --from is CSV with a line of headings. Columns:
  reference   your own name for the row; it is sent nowhere
  account     the id of the account
  firstLine, secondLine, city, state, country, postCode   the billing address
  type        virtual, where the column is missing
secondLine and state may be missing. All lines are read and checked before the first card is ordered.

Run the same command again after a crash, an interruption or a failure: the journal knows which rows
have their card, and no row gets a second one. The first Ctrl-C finishes the rows that are in flight.

A journal in PostgreSQL is shared: run the same command on as many machines as you like, at the same
time. The rows of a worker that crashes are taken over when its lease has ended. The database has to exist;
the schema (\"offblocks_bulk\" unless named) is made in it. Orders, which hold addresses, are deleted
from it as their rows end. `sslmode=verify-full` in the URL demands an encrypted connection to a server
with a valid certificate, by the roots of `sslrootcert=FILE` too. `offblocks cards job` shows, pauses,
resumes and cancels the whole job.

--json prints the card, or with --from one line at the end (members may be added):
  {\"issued\", \"found\", \"failed\", \"total\", \"cancelled\"}
  \"found\" counts cards that an earlier, interrupted run had ordered. \"total\" counts all runs of all
  workers: {\"issued\", \"failed\"}. With --dry-run one line for each row with a problem:
  {\"row\", \"reference\", \"problems\"}

Exit codes:
    0  the card is ordered, with --wait active; each row has its card; with --dry-run, no row has a
       problem
    1  the card was not ordered, or the run stopped; the reason is on the error stream
    2  the command line is wrong, or the file of --from is
    3  the card was still being issued at the end of --timeout; the run was interrupted, or other
       workers stopped before the last row. Run it again to go on
10-19  a call for the one card failed, by its kind, as of each operation (offblocks cards get --help)
  100  the card could not be issued; all rows have ended, and some have failed; with --dry-run, some
       have a problem";

const WATCH_HELP: &str = "Examples:
  offblocks cards watch 9d36e581-f0b7-4c29-8a54-71e2b60fc9a3 --profile staging
  offblocks cards watch 9d36e581-f0b7-4c29-8a54-71e2b60fc9a3 --until active --timeout 2min --json

--json prints one line for each change (members may be added):
  {\"card\", \"status\", \"updatedAt\", \"missed\"}
  \"missed\" lists states that must have come in between and were not seen.

Exit codes:
    0  the card is in the state of --until, or in a final state
    1  it failed; the reason is on the error stream
    2  the command line is wrong
    3  the time of --timeout is over, or it was interrupted
10-19  a call failed, by its kind, as of each operation (offblocks cards get --help)
  100  the card cannot come to the state of --until any more";

const JOB_HELP: &str = "Examples:
  offblocks cards job status --journal postgres://ann@db.test/cards --job june
  offblocks cards job pause --journal postgres://ann@db.test/cards --job june
  offblocks cards job resume --journal postgres://ann@db.test/cards --job june
  offblocks cards job cancel --journal postgres://ann@db.test/cards --job june
  offblocks cards job results results.csv --journal postgres://ann@db.test/cards --job june

--json prints one line (members may be added):
  {\"job\", \"command\", \"rows\", \"issued\", \"found\", \"failed\", \"claimed\", \"open\", \"workers\"}

Exit codes:
  0  it worked
  1  it failed; the reason is on the error stream
  2  the command line is wrong";

/// What can be done with cards.
#[derive(Debug, Subcommand)]
pub(crate) enum CardsCommand {
    /// Order a card, or one for each row of a file, each exactly once
    #[command(after_help = ISSUE_HELP)]
    Issue(Box<Issue>),
    /// Print the states of a card as they change
    #[command(after_help = WATCH_HELP)]
    Watch(Box<Watch>),
    /// Show, pause, resume or cancel a job whose journal is in PostgreSQL
    #[command(subcommand, after_help = JOB_HELP)]
    Job(JobAction),
}

impl CardsCommand {
    /// Whether a program reads what is printed.
    pub(crate) const fn json(&self) -> bool {
        match self {
            Self::Issue(options) => options.api.json,
            Self::Watch(options) => options.api.json,
            Self::Job(action) => action.options().json,
        }
    }
}

/// The options of `offblocks cards issue`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["account", "from"]))]
pub(crate) struct Issue {
    /// The account to order one card for
    #[arg(long, value_name = "UUID", value_parser = values::id::<AccountId>)]
    pub(crate) account: Option<AccountId>,

    #[command(flatten)]
    pub(crate) address: AddressOptions,

    /// The type of the one card: virtual, where it is left out
    #[arg(long = "type", value_name = "TYPE", conflicts_with = "from")]
    pub(crate) r#type: Option<CardType>,

    /// Order the one card under this idempotency key; the same key orders no second card for an hour
    #[arg(long, value_name = "UUID", conflicts_with = "from", value_parser = Unshown)]
    pub(crate) idempotency_key: Option<Uuid>,

    /// Have the simulator of a sandbox issue the one card
    #[arg(long, conflicts_with = "from")]
    pub(crate) simulate: bool,

    /// Wait until the one card is active
    #[arg(long, conflicts_with = "from")]
    pub(crate) wait: bool,

    /// How long to wait
    #[arg(
        long, value_name = "DURATION", default_value = "2min", requires = "wait",
        value_parser = values::duration
    )]
    pub(crate) timeout: Duration,

    /// The file with the rows (CSV)
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,

    /// Where the progress of the job is kept: a file, or postgres://USER@HOST/DATABASE[?schema=NAME];
    /// it is created if it does not exist
    #[arg(
        long, value_name = "FILE|URL", required_unless_present_any = ["dry_run", "account"],
        conflicts_with = "account", value_parser = JournalPlaceParser
    )]
    pub(crate) journal: Option<JournalPlace>,

    /// The name of the job in PostgreSQL; that of the file with the rows, where it is left out
    #[arg(long, value_name = "NAME", requires = "journal")]
    pub(crate) job: Option<String>,

    /// How many workers of a job in PostgreSQL run in this process
    #[arg(long, default_value = "1", value_name = "NUMBER", requires = "journal", value_parser = values::positive::<NonZeroU32>)]
    pub(crate) workers: NonZeroU32,

    /// How long a worker keeps its rows without renewing its lease; then others get them
    #[arg(
        long, value_name = "DURATION", default_value = "30s", requires = "journal",
        value_parser = lease
    )]
    pub(crate) lease: Duration,

    /// Write the outcome of each row to this file (CSV), when the run has ended
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "account"])]
    pub(crate) results: Option<PathBuf>,

    /// How many cards each worker orders at the same time
    #[arg(long, default_value = "16", value_name = "NUMBER", value_parser = values::positive::<NonZeroUsize>)]
    pub(crate) concurrency: NonZeroUsize,

    /// Check the rows against the rules and the accounts, and order nothing
    #[arg(long, conflicts_with = "account")]
    pub(crate) dry_run: bool,

    /// Remove everything after the damage in a journal; the job finds out again what is lost
    #[arg(long, conflicts_with_all = ["dry_run", "account"])]
    pub(crate) repair: bool,

    #[command(flatten)]
    pub(crate) api: ApiOptions,
}

/// The billing address of one card.
#[derive(Debug, Args)]
pub(crate) struct AddressOptions {
    /// The first line of the billing address of the one card
    #[arg(long, value_name = "TEXT", conflicts_with = "from")]
    pub(crate) first_line: Option<String>,

    /// Its second line
    #[arg(long, value_name = "TEXT", conflicts_with = "from")]
    pub(crate) second_line: Option<String>,

    /// Its city
    #[arg(long, value_name = "TEXT", conflicts_with = "from")]
    pub(crate) city: Option<String>,

    /// Its state or region
    #[arg(long, value_name = "TEXT", conflicts_with = "from")]
    pub(crate) state: Option<String>,

    /// Its country (ISO 3166-1, two letters)
    #[arg(long, value_name = "CODE", conflicts_with = "from")]
    pub(crate) country: Option<String>,

    /// Its postal code
    #[arg(long, value_name = "TEXT", conflicts_with = "from")]
    pub(crate) post_code: Option<String>,
}

/// The options of `offblocks cards watch`.
#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// The card
    #[arg(value_name = "CARD", value_parser = values::id::<CardId>)]
    pub(crate) card: CardId,

    /// End when the card is in this state, such as active
    #[arg(long, value_name = "STATE")]
    pub(crate) until: Option<CardState>,

    /// How often to look
    #[arg(
        long, value_name = "DURATION", default_value = "1s",
        value_parser = values::duration
    )]
    pub(crate) interval: Duration,

    /// End after so long
    #[arg(long, value_name = "DURATION", value_parser = values::duration)]
    pub(crate) timeout: Option<Duration>,

    #[command(flatten)]
    pub(crate) api: ApiOptions,
}

/// What can be done with a whole job.
#[derive(Debug, Subcommand)]
pub(crate) enum JobAction {
    /// Show how far all workers are
    Status(JobOptions),
    /// Tell all workers to begin no further row, and to wait
    Pause(JobOptions),
    /// Tell all workers to continue; those that have ended have to be started again
    Resume(JobOptions),
    /// Tell all workers to begin no further row, and to end
    Cancel(JobOptions),
    /// Write the outcome of each row to a file (CSV), at any time
    Results {
        /// The file to write
        #[arg(value_name = "FILE")]
        file: PathBuf,

        #[command(flatten)]
        options: JobOptions,
    },
}

impl JobAction {
    /// The options that all have.
    pub(crate) const fn options(&self) -> &JobOptions {
        match self {
            Self::Status(options)
            | Self::Pause(options)
            | Self::Resume(options)
            | Self::Cancel(options)
            | Self::Results { options, .. } => options,
        }
    }
}

/// Which job.
#[derive(Debug, Args)]
pub(crate) struct JobOptions {
    /// The database: postgres://USER@HOST/DATABASE[?schema=NAME]
    #[arg(long, value_name = "URL", value_parser = JournalPlaceParser)]
    pub(crate) journal: JournalPlace,

    /// The name of the job
    #[arg(long, value_name = "NAME")]
    pub(crate) job: String,

    /// Print JSON on one line, and a failure as JSON too
    #[arg(long)]
    pub(crate) json: bool,
}

/// A lease. A shorter one would end between two signs of life on a busy machine.
fn lease(text: &str) -> Result<Duration, String> {
    match values::duration(text)? {
        lease if lease >= Duration::from_secs(1) => Ok(lease),
        _ => Err("a lease has to be a second or more".to_owned()),
    }
}
