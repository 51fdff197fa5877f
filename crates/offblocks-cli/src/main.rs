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
mod auth;
mod cards;
mod configure;
mod conformance;
mod connection;
mod control;
mod data;
mod events;
mod exit_code;
mod failure;
mod fixture_file;
#[rustfmt::skip] // The generator prints it in a style of its own.
mod generated;
mod help;
mod key_file;
mod keyring;
mod keys;
mod listen;
mod logging;
mod manual;
mod onboarding;
mod operations;
mod paint;
mod print;
mod private_file;
mod profiles;
mod program;
mod progress;
mod quickstart;
mod ready;
mod registration;
mod sandbox;
mod secret_file;
mod settings;
mod signatures;
mod snapshot_file;
mod stop;
mod system;
mod trigger;
mod values;
mod wallet;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use arguments::{Arguments, AuthCommand, Command, Environment, Global, KeysCommand, with_examples};
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
    let by_hand = Arguments::command();
    // What is wrong with the arguments is printed before they are read.
    let colour = match std::env::args_os().any(|argument| argument == "--no-colour") {
        true => clap::ColorChoice::Never,
        false => clap::ColorChoice::Auto,
    };
    let matches = grammar().color(colour).get_matches();
    // The options of every command are in all matches, so this cannot fail.
    let global = Global::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let environment = Environment::read();
    let log = Log {
        verbosity: global.verbose,
        paint: global.paint(&environment, &io::stderr()),
    };
    let style = OutputStyle {
        paint: global.paint(&environment, &io::stdout()),
        program: environment.program(std::env::args_os().next().as_deref()),
    };
    let ended = match operations::chosen(&by_hand, &matches) {
        Some(chosen) => block_on(operations::run(chosen, &style, log)).map(|()| ExitCode::SUCCESS),
        None => {
            let read = Arguments::from_arg_matches(&matches);
            let arguments = read.unwrap_or_else(|error| error.exit());
            run(arguments.command, style, log)
        }
    };
    ended.unwrap_or_else(|failure| report(&failure, log.paint))
}

/// The whole command line: what is written by hand, and the operations of the contract.
fn grammar() -> clap::Command {
    let whole = operations::with_operations(with_examples(Arguments::command()));
    with_negative_numbers(whole)
}

/// Lets `-5` be a value that is read and rejected with a reason, and not an option that nobody knows.
fn with_negative_numbers(command: clap::Command) -> clap::Command {
    let command = command.allow_negative_numbers(true);
    command.mut_subcommands(with_negative_numbers)
}

fn run(command: Command, style: OutputStyle, log: Log) -> Result<ExitCode, Failure> {
    let done = match command {
        Command::Conformance(options) => {
            return block_on(conformance::run(*options, &style, log));
        }
        Command::Cards(command) => {
            let json = command.json();
            let ran = block_on(cards::run(command));
            return ran.map_err(|failure| failure.in_json(json));
        }
        Command::Onboarding(command) => {
            let json = command.json();
            let ran = block_on(onboarding::run(command));
            return ran.map_err(|failure| failure.in_json(json));
        }
        Command::Quickstart(options) => block_on(quickstart::run(options, style, log)),
        Command::Sandbox(options) => block_on(sandbox::run(*options, style, log)),
        Command::Data(options) => block_on(data::run(*options, &style, log)),
        Command::Auth(AuthCommand::Check(options)) => {
            logging::start(log);
            let json = options.json;
            block_on(auth::check(*options)).map_err(|failure| failure.in_json(json))
        }
        Command::Configure(options) => {
            configure::run(&options).map_err(|failure| failure.in_json(options.json))
        }
        Command::Keys(KeysCommand::New { out }) => keys::create(&out),
        Command::Keys(KeysCommand::Register(options)) => {
            let json = options.json;
            block_on(registration::register(*options)).map_err(|failure| failure.in_json(json))
        }
        Command::Keys(KeysCommand::Rotate(options)) => {
            let json = options.api.json;
            block_on(registration::rotate(*options)).map_err(|failure| failure.in_json(json))
        }
        Command::Keys(KeysCommand::Show { file }) => keys::show(&file),
        Command::Keys(KeysCommand::Sign(request)) => keys::sign(&request),
        Command::Listen(options) => {
            let json = options.api.json;
            let listen = listen::run(*options, style.paint, log);
            block_on(listen).map_err(|failure| failure.in_json(json))
        }
        Command::Trigger(options) => {
            logging::start(log);
            let json = options.api.json;
            block_on(trigger::run(*options)).map_err(|failure| failure.in_json(json))
        }
        Command::Events(options) => {
            logging::start(log);
            block_on(events::run(options))
        }
        Command::Sign(options) => signatures::sign(&options),
        Command::Verify(options) => return signatures::verify(&options),
        Command::Man { folder } => manual::write(grammar(), &folder),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut grammar(), "offblocks", &mut script);
            let written = io::stdout().write_all(&script);
            written.map_err(Failure::unprinted)
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
    if failure.is_silent() {
        return failure.code().into();
    }
    let line = failure.as_json();
    let line = line.unwrap_or_else(|| format!("{} {failure}", paint.bad("error:")));
    let _ = writeln!(io::stderr(), "{line}");
    failure.code().into()
}
