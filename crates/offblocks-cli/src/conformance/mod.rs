//! `offblocks conformance`: does a server keep to the contract?
//!
//! The verdicts are `build-support`'s, which judges exchanges without a network; here the
//! exchanges are made. Without `--mutate` only `GET` is called, beside what calling takes: a
//! token, and a signing key that is removed again at the end.

mod caller;
mod options;
mod session;
mod survey;
mod walk;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use build_support::conformance::{Base, Baseline, Contract, Judge, Outcome, Report, recorded};
use build_support::conformance::{FailOn, render};
use build_support::{files, read};

use crate::Voice;
use crate::failure::{Failure, chain};
use crate::logging::{self, Log};

pub(crate) use options::Conformance;

/// The exit code for wrong usage and for what cannot be read.
const UNREADABLE: u8 = 2;

/// Judges a server, or what was recorded of one, and prints the report.
pub(crate) async fn run(options: Conformance, voice: Voice, log: Log) -> Result<ExitCode, Failure> {
    logging::start(log);
    match report(&options).await {
        Ok(report) => finish(&options, report, voice),
        Err(unreadable) => {
            let label = log.paint.bad("error:");
            writeln!(io::stderr(), "{label} {unreadable}").map_err(unprintable)?;
            Ok(ExitCode::from(UNREADABLE))
        }
    }
}

/// What was asked for cannot be begun: a file or an option is wrong.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("{0}")]
    Contract(read::Unsound),
    #[error("cannot read {path}: {source}", path = .path.display())]
    File { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Recorded(#[from] recorded::RecordedError),
    #[error("{0}")]
    Usage(Failure),
}
