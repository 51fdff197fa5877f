//! What `offblocks conformance` can be told.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use conformance::FailOn;
use conformance::render::Format;
use url::Url;
use uuid::Uuid;

use crate::arguments::{CredentialOptions, base_url};

/// The options of `offblocks conformance`.
#[derive(Debug, Args)]
pub(crate) struct Conformance {
    /// The contract, OpenAPI 3.0 or 3.1, YAML or JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: PathBuf,

    /// The API to judge, with its base path; a sandbox of its own without it
    #[arg(long, env = "OFFBLOCKS_BASE_URL", value_name = "URL", value_parser = base_url)]
    pub(crate) base_url: Option<Url>,

    #[command(flatten)]
    pub(crate) credentials: CredentialOptions,

    /// A P-384 private key (PEM) to sign with; a new one is made without it
    #[arg(long, env = "OFFBLOCKS_SIGNING_KEY", value_name = "FILE")]
    pub(crate) signing_key: Option<PathBuf>,

    /// The id of the signing key; given together with the key, it is taken to be registered
    #[arg(long, env = "OFFBLOCKS_KEY_ID", value_name = "UUID")]
    pub(crate) key_id: Option<Uuid>,

    /// Call another machine over plain http, where token and secret can be read on the way
    #[arg(long)]
    pub(crate) allow_plain_http: bool,

    /// Walk the issuance guide too: makes customers, accounts and cards, and ends some again
    #[arg(long, conflicts_with = "har")]
    pub(crate) mutate: bool,

    /// How many of the identifiers found are asked for at each operation
    #[arg(long, value_name = "COUNT", default_value = "3")]
    pub(crate) limit: NonZeroUsize,

    /// Judge recorded traffic instead, a HAR file or lines of JSON; may be given several times
    #[arg(long, visible_alias = "ndjson", value_name = "FILE")]
    pub(crate) har: Vec<PathBuf>,

    /// Keep the exchanges of this run as lines of JSON, secrets withheld
    #[arg(long, value_name = "FILE", conflicts_with = "har")]
    pub(crate) record: Option<PathBuf>,

    /// How the report is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: FormatOption,

    /// Write the report to this file instead
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// From which level on findings fail
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    pub(crate) fail_on: FailOnOption,

    /// Findings that are known and do not fail
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// Write the findings of this run to the baseline, and do not fail
    #[arg(long, requires = "baseline")]
    pub(crate) write_baseline: bool,
}

/// The formats by name.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum FormatOption {
    #[default]
    Text,
    Json,
    Markdown,
    Github,
    Sarif,
    Junit,
}

impl From<FormatOption> for Format {
    fn from(option: FormatOption) -> Self {
        match option {
            FormatOption::Text => Self::Text,
            FormatOption::Json => Self::Json,
            FormatOption::Markdown => Self::Markdown,
            FormatOption::Github => Self::Github,
            FormatOption::Sarif => Self::Sarif,
            FormatOption::Junit => Self::Junit,
        }
    }
}

/// The levels by name.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum FailOnOption {
    Breaking,
    #[default]
    Warning,
    Any,
}

impl From<FailOnOption> for FailOn {
    fn from(option: FailOnOption) -> Self {
        match option {
            FailOnOption::Breaking => Self::Breaking,
            FailOnOption::Warning => Self::Warning,
            FailOnOption::Any => Self::Any,
        }
    }
}
