//! The options of `offblocks conformance`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use chrono::NaiveDate;
use clap::Args;
use report::{Acceptance, FailOn, Format};

use super::ConnectionOptions;
use crate::values;

/// The options of `offblocks conformance`.
#[derive(Debug, Args)]
pub(crate) struct Conformance {
    /// The contract, OpenAPI 3.0 or 3.1, YAML or JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: PathBuf,

    // A signing key that is given with its id must be registered already. One is created without it.
    #[command(flatten)]
    pub(crate) connection: ConnectionOptions,

    /// Call another machine over plain http, where others can read token and secret
    #[arg(long)]
    pub(crate) allow_plain_http: bool,

    /// Walk the issuance guide too: creates customers, accounts and cards, and closes some again
    #[arg(long, conflicts_with = "har")]
    pub(crate) mutate: bool,

    /// Stop calling after so many seconds, and report what was seen until then
    #[arg(long, value_name = "SECONDS", value_parser = seconds, conflicts_with = "har")]
    pub(crate) deadline: Option<Duration>,

    /// How many of the identifiers found are used for each operation
    #[arg(long, value_name = "COUNT", default_value = "3", value_parser = values::positive::<NonZeroUsize>)]
    pub(crate) limit: NonZeroUsize,

    /// Check recorded traffic instead, a HAR file or lines of JSON; may be given several times
    #[arg(long, visible_alias = "ndjson", value_name = "FILE")]
    pub(crate) har: Vec<PathBuf>,

    /// Write the exchanges of this run as lines of JSON, without secrets
    #[arg(long, value_name = "FILE", conflicts_with = "har")]
    pub(crate) record: Option<PathBuf>,

    /// How the report is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,

    /// Write the report to this file instead
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// The lowest level of findings that fails the run
    #[arg(long, value_enum, default_value_t = FailOn::Warning, value_name = "LEVEL")]
    pub(crate) fail_on: FailOn,

    /// Findings that were looked at and accepted, in TOML; they do not fail until they expire
    #[arg(long, alias = "baseline", value_name = "FILE")]
    pub(crate) accepted: Option<PathBuf>,

    /// Add the open findings of this run to --accepted, which may be a new file, and do not fail
    #[arg(long, alias = "write-baseline", requires_all = ["accepted", "reason", "expires"])]
    pub(crate) write_accepted: bool,

    /// For --write-accepted: why the findings are fine
    #[arg(
        long,
        value_name = "TEXT",
        requires = "write_accepted",
        value_parser = reason
    )]
    pub(crate) reason: Option<String>,

    /// For --write-accepted: the last day on which the findings are accepted
    #[arg(
        long,
        value_name = "YYYY-MM-DD",
        requires = "write_accepted",
        value_parser = day
    )]
    pub(crate) expires: Option<NaiveDate>,

    /// The day that expiry dates are compared with [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(crate) today: Option<NaiveDate>,
}

impl Conformance {
    /// The reason and expiry date for open findings, with --write-accepted.
    pub(crate) fn acceptance(&self) -> Option<Acceptance> {
        let (reason, expires) = (self.reason.clone()?, self.expires?);
        self.write_accepted
            .then_some(Acceptance { reason, expires })
    }
}

fn seconds(text: &str) -> Result<Duration, &'static str> {
    let wrong = "it is not a number of seconds above zero";
    let seconds: u64 = text.parse().map_err(|_| wrong)?;
    match seconds {
        0 => Err(wrong),
        seconds => Ok(Duration::from_secs(seconds)),
    }
}

fn reason(text: &str) -> Result<String, &'static str> {
    match text.trim() {
        "" => Err("say why the findings are fine"),
        text => Ok(text.to_owned()),
    }
}

fn day(text: &str) -> Result<NaiveDate, &'static str> {
    let wrong = "it is not a valid day; write it as YYYY-MM-DD";
    text.parse().map_err(|_| wrong)
}
