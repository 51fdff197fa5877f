//! The arguments of `cargo xtask drift`.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use codegen::vendor::{Source, SourceError, day};
use drift::Reweighed;
use report::{FailOn, Format};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

const EXAMPLES: &str = "\
A SOURCE is a file, an http(s) URL, or git:REV:PATH. The report ends with one line that names both
verdicts: what the change does on the wire, and which step the generated crates need.

Examples:
  cargo xtask drift --against ../api.yaml   the vendored contract beside a newer one
  cargo xtask drift --against https://example.com/api.yaml --format github
  cargo xtask drift --base git:v1.2:api.yaml --against git:HEAD:api.yaml --clone ../spec
  cargo xtask drift --against ../api.yaml --format sarif --output drift.sarif
  cargo xtask drift --history git:openapi/offblocks.yaml
                                            every version of a file beside the one before it
  cargo xtask drift --against ../api.yaml --summary
                                            what to do and for whom, for a release note
  cargo xtask drift --against ../api.yaml --severity request-property-removed=breaking
                                            what build-support/drift/POLICY.md lists, the other way
  cargo xtask drift --code                  does the generated code say what the contract says?
  cargo xtask drift explain response-enum-value-added
                                            what a rule means

Exit codes:
  0    no drift at or above --fail-on, on the wire
  2    wrong usage, a document that cannot be read, or openapi/accepted.toml is wrong
  3    inconclusive: a source could not be fetched, the clone of a history is shallow, or --code
       found nothing, but the derived schemas could not be compared
  4    --code: generated code is stale, and nothing else is wrong
  100  drift at or above --fail-on; what could not be decided counts as breaking";

#[derive(Debug, Args)]
#[command(
    after_help = EXAMPLES,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub struct Drift {
    #[command(subcommand)]
    pub command: Option<DriftCommand>,
    /// The document that clients and servers rely on [default: the vendored contract]
    #[arg(
        long,
        value_name = "SOURCE",
        value_parser = super::source(),
        requires = "against",
        conflicts_with_all = ["history", "code"]
    )]
    pub base: Option<Source>,
    /// The document that may break them
    #[arg(
        long,
        value_name = "SOURCE",
        value_parser = super::source(),
        required_unless_present_any = ["history", "code"]
    )]
    pub against: Option<Source>,
    /// Compare each version of a file that git knows with the one before, along first parents:
    /// git:PATH as seen from the repository's root, or git:REV:PATH to end at a revision
    #[arg(
        long,
        value_name = "git:PATH",
        value_parser = super::NoEcho::<HistorySource>::default(),
        conflicts_with_all = ["against", "code"]
    )]
    pub history: Option<HistorySource>,
    /// Compare the generated code with the vendored contract: freshness, inventory and derived
    /// schemas
    #[arg(long, conflicts_with = "against")]
    pub code: bool,
    /// How to write the report; build-support/drift/schemas/drift-report.schema.json describes the JSON
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Instead of the report, print one paragraph for a release note: what to do, and for whom
    #[arg(long, conflicts_with_all = ["code", "format"])]
    pub summary: bool,
    /// Weigh the entries of a rule as this project does: RULE=SEVERITY for all that are not
    /// compatible, RULE:SEVERITY=SEVERITY for those of one severity; may be given several times
    #[arg(long, value_name = "RULE=SEVERITY", value_parser = reweighed)]
    pub severity: Vec<Reweighed>,
    /// Write the report to a file; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Drift that was looked at and accepted; an entry that matches nothing is an error [default:
    /// openapi/accepted.toml, when the base is a version of the vendored contract; beside another
    /// --base an entry that matches nothing is a warning]
    #[arg(long, value_name = "FILE")]
    pub accepted: Option<PathBuf>,
    /// The lowest severity of drift on the wire that fails the run; changes in Rust are reported,
    /// and do not fail the run
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    pub fail_on: FailOn,
    /// Do not report what changes in the generated crates
    #[arg(long, conflicts_with = "code")]
    pub wire_only: bool,
    /// Report what would change in generated crates also where the base is not a version of the
    /// vendored contract
    #[arg(long, conflicts_with_all = ["code", "wire_only"])]
    pub rust: bool,
    /// The clone that git: sources are read from [default: this workspace]
    #[arg(long, value_name = "DIR")]
    pub clone: Option<PathBuf>,
    /// Another policy than openapi/codegen.toml, which holds for versions of the vendored contract
    /// (the same title); by default other contracts have none, and their enums are closed
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// The day that expiry and sunset dates are compared with [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub today: Option<NaiveDate>,
}

#[derive(Debug, Subcommand)]
pub enum DriftCommand {
    /// Describe a rule, or list all of them
    Explain {
        /// The rule's name
        rule: Option<String>,
    },
}

impl Drift {
    /// The day that dates are compared with, which is this one unless another was given.
    pub fn day(&self, today: NaiveDate) -> NaiveDate {
        self.today.unwrap_or(today)
    }
}

/// A file whose versions are to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistorySource {
    revision: Option<String>,
    /// From the repository's root.
    pub path: String,
}

impl HistorySource {
    /// The newest revision to look at.
    pub fn revision(&self) -> &str {
        self.revision.as_deref().unwrap_or("HEAD")
    }
}

impl FromStr for HistorySource {
    type Err = SourceError;

    fn from_str(word: &str) -> Result<Self, SourceError> {
        let whole = |path: &str| Self {
            revision: None,
            path: path.strip_prefix("./").unwrap_or(path).to_owned(),
        };
        let path = word.strip_prefix("git:");
        match path.filter(|path| !path.is_empty() && !path.contains(':')) {
            Some(path) => Ok(whole(path)),
            None => match word.parse::<Source>()? {
                Source::Git { revision, path } => Ok(Self {
                    revision: Some(revision),
                    path,
                }),
                // Only git has a history, so a path alone means a file in git.
                Source::File(_) => Ok(whole(word)),
                Source::Url(url) => Err(SourceError::Git(url)),
            },
        }
    }
}

impl fmt::Display for HistorySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.revision {
            Some(revision) => write!(f, "git:{revision}:{}", self.path),
            None => write!(f, "git:{}", self.path),
        }
    }
}

fn reweighed(word: &str) -> Result<Reweighed, String> {
    word.parse()
}

fn date(word: &str) -> Result<NaiveDate, String> {
    let day = day(word).map_err(|error| error.to_string())?;
    day.parse()
        .map_err(|_| format!("`{day}` is not a valid day"))
}
