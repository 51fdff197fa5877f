//! The arguments of the command line.

pub mod drift;
mod no_echo;

use no_echo::{NoEcho, source};

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use codegen::vendor::{Source, day};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0    fine
  2    wrong usage, something is wrong with a contract, or a file could not be read or written
  3    inconclusive: the network or git failed
  4    generated code is stale
  100  drift";

const REGENERATE_EXAMPLES: &str = "\
Examples:
  cargo xtask regenerate                    bring the generated code up to date
  cargo xtask regenerate --check            report what is stale, change nothing (exit 4)
  cargo xtask regenerate --check --ignore-docs --spec ../api.yaml
                                            does another contract give the same code?
  cargo xtask regenerate --spec shop.yaml --standalone ../shop --name shop
                                            a workspace of its own for any contract

Exit codes:
  0  fine
  2  wrong usage, something is wrong with the contract, or a file could not be written
  4  --check found missing, stale or extra files";

const VENDOR_EXAMPLES: &str = "\
The document is checked first, and its effect on the generated code is shown. Policy entries that
match nothing in the new contract are errors: fix openapi/codegen.toml, then vendor again. Nothing
is written before you confirm. Afterwards run `cargo xtask regenerate`.

Examples:
  cargo xtask vendor ../api.yaml --commit 46e7923 --date 2024-02-02
  cargo xtask vendor https://example.com/api.yaml --yes
  cargo xtask vendor git:v1.2:api.yaml --clone ../offblocks-api-spec
  cargo xtask vendor git:HEAD~1:openapi/offblocks.yaml
                                            back to the contract of an earlier commit

Exit codes:
  0  replaced, or declined, or nothing to do
  2  wrong usage, something is wrong with the document, or a file could not be written
  3  the network or git failed";

const BENCH_EXAMPLES: &str = "\
A slow result is not a failure. Times are medians. `check` empties its own folders below the target
folder and takes some minutes.

Examples:
  cargo xtask bench                         everything
  cargo xtask bench regenerate sign         only these
  cargo xtask bench sign --json             for a program

Exit codes:
  0  measured
  2  a command that was to be measured failed, or a file could not be read or written";

/// The tasks of this workspace.
#[derive(Debug, Parser)]
#[command(name = "xtask", bin_name = "cargo xtask", about, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// The options of every task.
#[derive(Debug, Args)]
pub struct Global {
    /// Colour: auto (on a terminal, unless NO_COLOR is set), always or never
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        hide_possible_values = true
    )]
    pub colour: Colour,
    /// Set to anything, it turns colour off (see no-color.org).
    #[arg(long, global = true, hide = true, env = "NO_COLOR", hide_env = true)]
    pub no_color: Option<String>,
    /// Show every warning and error of a contract, not ten of each kind
    #[arg(long, global = true)]
    pub all_findings: bool,
    /// Another workspace than the one this was built from.
    #[arg(long, global = true, hide = true, value_name = "DIR")]
    pub root: Option<PathBuf>,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Generate the code again from the contracts of this workspace: the vendored one and that of
    /// the sandbox's control plane
    #[command(after_help = REGENERATE_EXAMPLES)]
    Regenerate(Regenerate),
    /// Replace the vendored contract by another published version
    #[command(after_help = VENDOR_EXAMPLES)]
    Vendor(Vendor),
    /// Show what a change of the contract breaks, on the wire and in Rust
    Drift(Box<drift::Drift>),
    /// Check the responses of a server against the vendored contract
    ///
    /// It runs `offblocks conformance`, without --base-url against a sandbox of its own.
    #[command(disable_help_flag = true)]
    Conformance(crate::conformance::Conformance),
    /// Measure generating, signing and compiling, and compare with goals and alternatives
    #[command(after_help = BENCH_EXAMPLES)]
    Bench(Bench),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Debug, Args)]
pub struct Regenerate {
    /// Change nothing; print a diff and exit with 4 when anything is missing, stale or extra
    #[arg(long, conflicts_with = "dry_run")]
    pub check: bool,
    /// Change nothing; print what would be written and removed
    #[arg(long)]
    pub dry_run: bool,
    /// With --check: compare code alone, not comments, documentation and empty lines
    #[arg(long, requires = "check")]
    pub ignore_docs: bool,
    /// Another contract in place of the vendored one, and of that one alone (OpenAPI 3.0 or 3.1,
    /// YAML or JSON)
    #[arg(long, value_name = "FILE")]
    pub spec: Option<PathBuf>,
    /// Write a workspace of three crates into this folder instead; its crates' folders are
    /// replaced as a whole
    #[arg(long, value_name = "DIR", requires = "spec")]
    pub standalone: Option<PathBuf>,
    /// The name of the crates of --standalone: NAME-types, NAME-client, NAME-server [default:
    /// the contract's title]
    #[arg(long, requires = "standalone", value_parser = NonEmptyStringValueParser::new())]
    pub name: Option<String>,
    /// Another policy than openapi/codegen.toml, for the vendored contract alone; without this,
    /// --standalone uses none
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Vendor {
    /// A file, an http(s) URL, or git:REV:PATH
    #[arg(value_parser = source())]
    pub source: Source,
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
    /// The clone that git:REV:PATH is read from [default: this workspace]
    #[arg(long, value_name = "DIR")]
    pub clone: Option<PathBuf>,
    /// The published commit to record; git:REV:PATH needs no --commit
    #[arg(long)]
    pub commit: Option<String>,
    /// The day of that commit to record
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub date: Option<String>,
}

#[derive(Debug, Args)]
pub struct Bench {
    /// What to measure [default: all]
    #[arg(value_enum)]
    subjects: Vec<Subject>,
    /// For the sandbox: how long each kind of call is made
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0)]
    pub seconds: f64,
    /// For the sandbox: how many cards the long list has
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000_000)]
    pub cards: u64,
    /// For the sandbox: how many requests its memory is looked at after
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000_000)]
    pub requests: u64,
    /// For the sandbox: how many mixed operations it serves in a row
    #[arg(long, value_name = "NUMBER", default_value_t = 200_000)]
    pub operations: u64,
    /// For bulk jobs: how many cards each of them orders
    #[arg(long, value_name = "NUMBER", default_value_t = 10_000)]
    pub rows: u64,
    /// For bulk jobs: how many rows the larger one of two journals has whose memory is compared
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000_000)]
    pub most_rows: u64,
    /// Print JSON instead of lines
    #[arg(long)]
    pub json: bool,
}

impl Bench {
    /// What to measure, in order.
    pub fn subjects(&self) -> Vec<Subject> {
        match self.subjects.is_empty() {
            true => Subject::value_variants().to_vec(),
            false => self.subjects.clone(),
        }
    }
}

/// Something that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Subject {
    /// A full regenerate in a release build: processor time and memory
    Regenerate,
    /// Signing and verifying a request beside the bare cryptographic operation
    Sign,
    /// Receiving a webhook beside the bare verification of a signature
    Webhooks,
    /// `cargo check` of the generated crates beside raw progenitor output
    Check,
    /// Comparing two versions of the contract in a separate process
    Drift,
    /// The sandbox under load: time to the first response, memory, rates, a long list
    Sandbox,
    /// Bulk jobs beside what the sandbox alone sustains: by file, by several workers, and their memory
    Bulk,
    /// A call of the client beside a prepared request and one signature, and the crates it brings
    Client,
}
