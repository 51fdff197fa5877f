#![doc = include_str!("../README.md")]
//!
//! # For maintainers
//!
//! The `offblocks` command: a quickstart, a local sandbox, keys, and a check of servers
//! against the contract.
//!
//! Only this crate reads arguments, the environment and the system clock, and only this crate
//! prints.

mod arguments;
mod cards;
mod conformance;
mod connection;
mod control;
mod data;
mod failure;
mod fixture_file;
mod help;
mod key_file;
mod keys;
mod logging;
mod paint;
mod program;
mod progress;
mod quickstart;
mod ready;
mod sandbox;
mod secret_file;
mod settings;
mod snapshot_file;
mod wallet;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use arguments::{Arguments, Command, Environment, KeysCommand, with_examples};
use failure::Failure;
use logging::Log;
use paint::Paint;
use program::Program;

/// How the output of a command looks.
struct OutputStyle {
    /// Colours for the output.
    paint: Paint,
    /// How the commands start that the output recommends.
    program: Program,
}

fn main() -> ExitCode {
    let matches = with_examples(Arguments::command()).get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let environment = Environment::read();
    let log = Log {
        verbosity: arguments.verbose,
        paint: arguments.paint(&environment, &io::stderr()),
    };
    let style = OutputStyle {
        paint: arguments.paint(&environment, &io::stdout()),
        program: environment.program(std::env::args_os().next().as_deref()),
    };
    match run(arguments.command, style, log) {
        Ok(code) => code,
        Err(failure) => report(&failure, log.paint),
    }
}

fn run(command: Command, style: OutputStyle, log: Log) -> Result<ExitCode, Failure> {
    let done = match command {
        Command::Conformance(options) => {
            return block_on(conformance::run(*options, &style, log));
        }
        Command::Cards(command) => return block_on(cards::run(command)),
        Command::Quickstart(options) => block_on(quickstart::run(options, style, log)),
        Command::Sandbox(options) => block_on(sandbox::run(*options, style, log)),
        Command::Data(options) => block_on(data::run(*options, &style, log)),
        Command::Keys(KeysCommand::Generate { out }) => keys::generate(&out),
        Command::Keys(KeysCommand::Show { file }) => keys::show(&file),
        Command::Keys(KeysCommand::Sign(request)) => keys::sign(&request),
        Command::Completions { shell } => {
            let mut command = Arguments::command();
            clap_complete::generate(shell, &mut command, "offblocks", &mut io::stdout());
            Ok(())
        }
    };
    done.map(|()| ExitCode::SUCCESS)
}

fn block_on<T>(task: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime
        .map_err(|error| Failure::new("the runtime does not start", error))?
        .block_on(task)
}

/// Writes the reason to the error stream. When that is closed too, the reason cannot be reported.
fn report(failure: &Failure, paint: Paint) -> ExitCode {
    let label = paint.bad("error:");
    let _ = writeln!(io::stderr(), "{label} {failure}");
    ExitCode::FAILURE
}
