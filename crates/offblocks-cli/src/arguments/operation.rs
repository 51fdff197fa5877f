//! The options that every operation of the API has.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ConnectionOptions;

/// How a response is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: aligned columns, or one property a line
    Table,
    /// Indented JSON, as the API sends it
    Json,
    /// YAML
    Yaml,
    /// CSV with a line of headings; properties inside others have a dot in their name
    Csv,
}

/// What every operation takes besides its own arguments.
#[derive(Debug, Clone, Args)]
pub(crate) struct OperationOptions {
    #[command(flatten, next_help_heading = "Connection")]
    pub(crate) connection: ConnectionOptions,

    /// Call another machine over plain http, where others can read the secret
    #[arg(long, help_heading = "Connection")]
    pub(crate) allow_plain_http: bool,

    /// How the response is printed
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value = "table",
        help_heading = "Output"
    )]
    output: Format,

    /// Print JSON on one line, and a failure as JSON too
    #[arg(long, conflicts_with = "output", help_heading = "Output")]
    json: bool,

    /// Print only what this JMESPath expression selects, such as id or "[?status=='active'].id"
    #[arg(long, value_name = "EXPRESSION", value_parser = jmespath, help_heading = "Output")]
    pub(crate) query: Option<String>,

    /// Write the response to a new file that only its owner can read, with its secrets, and print
    /// nothing; what is printed never shows a secret
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) secrets_to: Option<PathBuf>,
}

impl OperationOptions {
    /// How the response is printed, and whether JSON stands on one line.
    pub(crate) fn format(&self) -> (Format, bool) {
        match self.json {
            true => (Format::Json, true),
            false => (self.output, false),
        }
    }

    /// Whether a program reads what is printed.
    pub(crate) fn is_json(&self) -> bool {
        self.format().0 == Format::Json
    }
}

fn jmespath(text: &str) -> Result<String, String> {
    let compiled = jmespath::compile(text);
    compiled.map_err(|error| error.to_string())?;
    Ok(text.to_owned())
}
