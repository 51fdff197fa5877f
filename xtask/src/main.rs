//! The workspace's own tasks: regenerate, vendor, drift, conformance, bench, completions.
//!
//! This crate parses arguments, calls `build-support`, prints and exits. Every decision that
//! deserves a unit test is made there.

mod bench;
mod cli;
mod conformance;
mod drift;
mod fetch;
mod io;
mod regenerate;
mod report;
mod vendor;
mod workspace;

use clap::{CommandFactory as _, Parser as _};
use cli::{Cli, Command};
use io::Io;
use report::{Exit, Failure};
use std::process::ExitCode;

/// Generating makes and drops millions of small values, on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut io = Io::terminal(&cli.global);
    let exit = run(&cli, &mut io).unwrap_or_else(|failure| io.failure(&failure));
    ExitCode::from(exit as u8)
}

fn run(cli: &Cli, io: &mut Io) -> Result<Exit, Failure> {
    let workspace = workspace::Workspace::find(cli.global.root.as_deref())?;
    match &cli.command {
        Command::Regenerate(args) => regenerate::run(args, &workspace, io),
        Command::Vendor(args) => vendor::run(args, &workspace, io),
        Command::Drift(args) => drift::run(args, &workspace, io),
        Command::Conformance(args) => conformance::run(args, &workspace),
        Command::Bench(args) => bench::run(args, &workspace, io),
        Command::Completions { shell } => {
            clap_complete::generate(*shell, &mut Cli::command(), "xtask", &mut io.out);
            Ok(Exit::Fine)
        }
    }
}
