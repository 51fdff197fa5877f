//! `cargo xtask conformance`: runs `offblocks conformance` on the vendored contract.

use crate::report::{Exit, Failure};
use crate::workspace::Workspace;
use clap::Args;
use codegen::vendor::CONTRACT;
use std::ffi::OsString;
use std::process::Command;

/// What is passed on.
#[derive(Debug, Args)]
pub struct Conformance {
    /// Options of `offblocks conformance`; --help lists them
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "OPTIONS"
    )]
    options: Vec<OsString>,
}

/// Runs the command; its output and its exit code are passed on.
pub fn run(args: &Conformance, workspace: &Workspace) -> Result<Exit, Failure> {
    let mut cargo = Command::new("cargo");
    cargo.args([
        "run",
        "--quiet",
        "--package",
        "offblocks-cli",
        "--manifest-path",
    ]);
    cargo.arg(workspace.root.join("Cargo.toml"));
    cargo.args(["--", "conformance"]);
    if !args.options.iter().any(names_a_contract) {
        cargo.arg("--spec").arg(workspace.shown(CONTRACT));
    }
    let status = cargo.args(&args.options).status()?;
    Ok(match status.code() {
        Some(0) => Exit::Fine,
        Some(3) => Exit::Inconclusive,
        Some(100) => Exit::Drift,
        // Its own 1 and 2, and whatever cargo says of a command that does not compile.
        _ => Exit::Wrong,
    })
}

fn names_a_contract(option: &OsString) -> bool {
    let text = option.to_string_lossy();
    text == "--spec" || text.starts_with("--spec=") || text == "--help" || text == "-h"
}
