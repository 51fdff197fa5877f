//! `offblocks conformance`: does a server keep to the contract?
//!
//! The verdicts are `build-support/conformance`'s, which judges exchanges without a network; here the
//! exchanges are made. Without `--mutate` only `GET` is called, beside what calling takes: a
//! token, and a signing key that is removed again at the end.

mod bodies;
mod caller;
mod guide;
mod options;
mod session;
mod survey;
mod walk;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use conformance::{Base, Baseline, Contract, FailOn, Judge, Report, recorded, render};

use crate::Voice;
use crate::failure::Failure;
use crate::logging::{self, Log};
use caller::Caller;
use session::Session;
use walk::Walk;

pub(crate) use options::Conformance;

/// The exit code for wrong usage and for what cannot be read.
const UNREADABLE: u8 = 2;

/// Judges a server, or what was recorded of one, and prints the report.
pub(crate) async fn run(
    options: Conformance,
    voice: &Voice,
    log: Log,
) -> Result<ExitCode, Failure> {
    logging::start(log);
    match judged(&options).await {
        Ok(report) => finish(&options, report, voice),
        Err(unreadable) => {
            let label = log.paint.bad("error:");
            let told = writeln!(io::stderr(), "{label} {unreadable}");
            told.map_err(unprintable)?;
            Ok(ExitCode::from(UNREADABLE))
        }
    }
}

/// What was asked for cannot be begun: a file or an option is wrong.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("the contract cannot be used\n{0}")]
    Contract(#[from] contract::diagnostics::Diagnostics),
    #[error("cannot read {}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Recorded(#[from] recorded::RecordedError),
    #[error(transparent)]
    Baseline(#[from] conformance::BaselineError),
    #[error("{0}")]
    Usage(Failure),
}

async fn judged(options: &Conformance) -> Result<Report, Unreadable> {
    let contract = Contract::new(contract::read_file(&options.spec)?);
    // Read first, so that a wrong file is told before a server is called.
    let baseline = known(options)?;
    let mut report = match options.har.is_empty() {
        true => live(options, &contract).await?,
        false => offline(options, &contract)?,
    };
    if let Some(baseline) = baseline {
        baseline.apply(&mut report);
    }
    Ok(report)
}

/// The baseline, unless it is about to be written.
fn known(options: &Conformance) -> Result<Option<Baseline>, Unreadable> {
    let Some(path) = options
        .baseline
        .as_ref()
        .filter(|_| !options.write_baseline)
    else {
        return Ok(None);
    };
    let text = text(path)?;
    Ok(Some(Baseline::parse(&path.to_string_lossy(), &text)?))
}

/// Judges what was recorded.
fn offline(options: &Conformance, contract: &Contract) -> Result<Report, Unreadable> {
    let base = options.base_url.as_ref().map(|url| Base::of(url.as_str()));
    let mut judge = Judge::new(contract, base);
    let mut names = Vec::new();
    for path in &options.har {
        let name = path.to_string_lossy();
        for exchange in recorded::read(&name, &text(path)?)? {
            judge.judge(&exchange);
        }
        names.push(name.into_owned());
    }
    Ok(judge.finish(names.join(", ")))
}

/// Calls a server and judges what it answers.
async fn live(options: &Conformance, contract: &Contract) -> Result<Report, Unreadable> {
    let session = Session::new(options).await.map_err(Unreadable::Usage)?;
    let caller = Caller::new(contract, &session, options.record.is_some());
    let mut walk = Walk::new(caller.map_err(Unreadable::Usage)?, &session, options);
    let ended = walk.run().await;
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

fn finish(options: &Conformance, report: Report, voice: &Voice) -> Result<ExitCode, Failure> {
    let fail_on = FailOn::from(options.fail_on);
    let format = render::Format::from(options.format);
    let colour = options.output.is_none() && voice.paint.is_coloured();
    let text = render::render(&report, format, fail_on, colour);
    match &options.output {
        Some(path) => written(path, &text)?,
        None => print(&text).map_err(unprintable)?,
    }
    // What could not be judged is known to nobody.
    let writes = options.write_baseline && report.inconclusive.is_none();
    if let Some(path) = options.baseline.as_ref().filter(|_| writes) {
        written(path, &Baseline::of(&report).to_text())?;
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
    files::replace(&[(path, text)]).map_err(|error| Failure::new(&what, error))
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn unprintable(error: io::Error) -> Failure {
    Failure::new("cannot print", error)
}
