//! `offblocks conformance`: checks whether a server conforms to the contract.
//!
//! The verdicts are those of `build-support/conformance`, which checks exchanges without a network.
//! Here the exchanges are made. Without `--mutate` only `GET` is called, and what every call needs:
//! a token, and a signing key that is removed again at the end.

mod bodies;
mod caller;
mod guide;
mod session;
mod survey;
mod walk;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, NaiveDate};
use conformance::{Base, Checker, ConformanceReport, Contract, recorded, render};
use contract::diagnostics::Diagnostics;
use report::{Accepted, RenderStyle, is_standard_output};

use crate::OutputStyle;
use crate::failure::Failure;
use crate::logging::{self, Log};
use crate::system;
use caller::Caller;
use session::Session;
use walk::Walk;

use crate::arguments::Conformance;

/// The exit code for wrong usage and for files that cannot be read.
const UNREADABLE: u8 = 2;

/// Checks a server, or what was recorded of one, and prints the report.
pub(crate) async fn run(
    options: Conformance,
    style: &OutputStyle,
    log: Log,
) -> Result<ExitCode, Failure> {
    logging::start(log);
    match checked(&options).await {
        Ok((report, accepted)) => finish(&options, &report, &accepted, style),
        Err(unreadable) => {
            let label = log.paint.bad("error:");
            let printed = writeln!(io::stderr(), "{label} {unreadable}");
            printed.map_err(unprintable)?;
            Ok(ExitCode::from(UNREADABLE))
        }
    }
}

/// The check cannot start: a file or an option is wrong.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("the contract cannot be used\n{0}")]
    Contract(Diagnostics),
    #[error("cannot read {}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Recorded(#[from] recorded::RecordedError),
    #[error("the accepted findings cannot be used\n{0}")]
    Accepted(Diagnostics),
    #[error("{0}")]
    Usage(Failure),
}

async fn checked(options: &Conformance) -> Result<(ConformanceReport, Accepted), Unreadable> {
    let contract = contract::read_file(&options.spec).map_err(Unreadable::Contract)?;
    let contract = Contract::new(contract);
    // Read first, so that a wrong file is reported before a server is called.
    let accepted = accepted(options)?;
    let mut report = match options.har.is_empty() {
        true => live(options, &contract).await?,
        false => offline(options, &contract)?,
    };
    let marked = report.accept(&accepted, day(options)?);
    marked.map_err(Unreadable::Accepted)?;
    Ok((report, accepted))
}

/// The accepted findings. A file that is about to be written need not be there yet.
fn accepted(options: &Conformance) -> Result<Accepted, Unreadable> {
    let Some(path) = &options.accepted else {
        return Ok(Accepted::default());
    };
    if options.write_accepted && !path.exists() {
        return Ok(Accepted::default());
    }
    let accepted = Accepted::parse(&path.to_string_lossy(), &text(path)?);
    let accepted = accepted.map_err(Unreadable::Accepted)?;
    let holds = accepted.check_expiry(day(options)?);
    holds.map_err(Unreadable::Accepted)?;
    Ok(accepted)
}

/// The day that expiry dates are compared with.
fn day(options: &Conformance) -> Result<NaiveDate, Unreadable> {
    if let Some(day) = options.today {
        return Ok(day);
    }
    let now = system::now().map_err(Unreadable::Usage)?;
    let today = DateTime::from_timestamp(now, 0).unwrap_or_default();
    Ok(today.date_naive())
}

/// Checks what was recorded.
fn offline(options: &Conformance, contract: &Contract) -> Result<ConformanceReport, Unreadable> {
    let base = options.connection.given_url().map_err(Unreadable::Usage)?;
    let base = base.map(|url| Base::of(url.as_str()));
    let mut checker = Checker::new(contract, base);
    let mut names = Vec::new();
    for path in &options.har {
        let name = path.to_string_lossy();
        for exchange in recorded::read(&name, &text(path)?)? {
            checker.check(&exchange);
        }
        names.push(name.into_owned());
    }
    Ok(checker.finish(names.join(", ")))
}

/// Calls a server and checks its responses.
async fn live(options: &Conformance, contract: &Contract) -> Result<ConformanceReport, Unreadable> {
    let session = Session::new(options).await.map_err(Unreadable::Usage)?;
    let caller = Caller::new(contract, &session, options.record.is_some());
    let mut walk = Walk::new(caller.map_err(Unreadable::Usage)?, &session, options);
    let ended = match options.deadline {
        None => walk.run().await,
        Some(deadline) => {
            let ended = tokio::time::timeout(deadline, walk.run()).await;
            ended.unwrap_or_else(|_| {
                walk.stop("the deadline passed, so that the rest was not called");
                Ok(())
            })
        }
    };
    let ended = ended.and(walk.clean_up().await);
    let (mut report, lines) = walk.finish(&session);
    if let Err(failure) = ended {
        report.give_up(failure.to_string());
    }
    session.stop().await.map_err(Unreadable::Usage)?;
    if let Some(path) = &options.record {
        written(path, &lines).map_err(Unreadable::Usage)?;
    }
    Ok(report)
}

fn finish(
    options: &Conformance,
    report: &ConformanceReport,
    accepted: &Accepted,
    output_style: &OutputStyle,
) -> Result<ExitCode, Failure> {
    let fail_on = options.fail_on;
    let output = options.output.as_ref().filter(|it| !is_standard_output(it));
    let style = RenderStyle {
        colour: output.is_none() && output_style.paint.is_coloured(),
        fail_on,
    };
    let text = render::render(report, options.format, style);
    match output {
        Some(path) => written(path, &text)?,
        None => print(&text).map_err(unprintable)?,
    }
    // A run without a result does not show what could be accepted.
    if report.inconclusive.is_none()
        && let (Some(path), Some(acceptance)) = (&options.accepted, options.acceptance())
    {
        written(path, &accepted.with_added(&report.findings, &acceptance))?;
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::from(report.outcome(fail_on) as u8))
}

fn text(path: &Path) -> Result<String, Unreadable> {
    std::fs::read_to_string(path).map_err(|source| Unreadable::File {
        path: path.to_owned(),
        source,
    })
}

fn written(path: &Path, text: &str) -> Result<(), Failure> {
    let what = format!("cannot write {}", path.display());
    report::write(path, text).map_err(|error| Failure::new(&what, error))
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn unprintable(error: io::Error) -> Failure {
    Failure::unprinted(error)
}
