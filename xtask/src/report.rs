//! Verdicts, failures and their exit codes.

use codegen::generate::{DependencyError, GenerateError};
use codegen::vendor::{FetchError, VendorError};
use contract::diagnostics::{Diagnostic, Diagnostics, Severity};
use files::{FilesError, Outcome};
use serde_json::{Value, json};
use std::io;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Fine = 0,
    /// Wrong usage, something is wrong with a contract, or a file could not be read or written.
    Wrong = 2,
    /// The network or git failed, so that nothing is known.
    Inconclusive = 3,
    /// Generated code is stale.
    Stale = 4,
    /// The contract drifted at or above the threshold.
    Drift = 100,
}

/// Why a task failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Generate(#[from] GenerateError),
    #[error(transparent)]
    Vendor(#[from] VendorError),
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error("the workspace's manifests: {0}")]
    Dependencies(#[from] DependencyError),
    #[error("{0}")]
    Usage(String),
    #[error("cannot read {path}: {source}")]
    Read { path: String, source: io::Error },
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<Diagnostics> for Failure {
    fn from(found: Diagnostics) -> Self {
        Self::Generate(found.into())
    }
}

impl Failure {
    /// The exit code it means.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Vendor(VendorError::Fetch { .. }) => Exit::Inconclusive,
            _ => Exit::Wrong,
        }
    }

    /// Whether the reader of the output has closed it, as `head` does. That is not a success, but
    /// there is nothing to report either.
    pub fn is_reader_gone(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// For a program.
    pub fn to_json(&self) -> Value {
        let found = self.diagnostics().map(diagnostics_json).unwrap_or_default();
        let message = match self.diagnostics() {
            Some(_) => "the contract or its policy is wrong".to_owned(),
            None => self.to_string(),
        };
        json!({"status": "error", "message": message, "diagnostics": found})
    }

    /// The findings it is made of, if it is.
    pub fn diagnostics(&self) -> Option<&Diagnostics> {
        match self {
            Self::Generate(GenerateError::Contract(found))
            | Self::Vendor(VendorError::Generate(GenerateError::Contract(found))) => Some(found),
            _ => None,
        }
    }
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        Self::Io(io::Error::other(error))
    }
}

/// Findings as JSON, each with file, line and column where they are known.
pub fn diagnostics_json(found: &Diagnostics) -> Vec<Value> {
    found
        .items
        .iter()
        .map(|item| diagnostic_json(item, found))
        .collect()
}

fn diagnostic_json(item: &Diagnostic, found: &Diagnostics) -> Value {
    let place = item.span.map(|span| {
        let (line, column) = found.sources.position(span);
        json!({"file": found.sources.name(span.file), "line": line, "column": column})
    });
    let severity = match item.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    json!({
        "severity": severity,
        "code": item.code,
        "message": item.message,
        "place": place,
        "help": item.help,
    })
}

/// What was found or done, as JSON.
pub fn outcome_json(outcome: &Outcome, status: &str, warnings: &[Diagnostics]) -> Value {
    let warnings = warnings.iter().flat_map(diagnostics_json);
    let changes = outcome.changes.iter().map(|change| {
        json!({
            "path": change.path,
            "verdict": change.verdict.as_str(),
            "added": change.added,
            "removed": change.removed,
            "conflicted": change.conflicted,
        })
    });
    json!({
        "status": status,
        "written": outcome.written,
        "unchanged": outcome.unchanged,
        "changes": changes.collect::<Vec<_>>(),
        "warnings": warnings.collect::<Vec<_>>(),
    })
}
