//! Replaces the vendored contract by another publication: obtain it, check it, show what follows,
//! and only then write.
//!
//! Network and git are handed in as a [`Fetch`]. Nothing is written before
//! [`Plan::carry_out`], and that replaces contract and record together or not at all.

mod plan;
mod record;
mod source;
#[cfg(test)]
mod tests;

pub use plan::{Plan, plan};
pub use record::{Record, RecordError, day};
pub use source::{Source, SourceError};

use crate::generate::GenerateError;
use contract::diagnostics::Diagnostics;
use files::FilesError;
use std::path::PathBuf;

/// The vendored contract, relative to the workspace's root.
pub const CONTRACT: &str = "openapi/offblocks.yaml";
/// The record of the publication it follows, relative to the workspace's root.
pub const RECORD: &str = "openapi/upstream.toml";
/// The policy it is generated under, relative to the workspace's root.
pub const POLICY: &str = "openapi/codegen.toml";

/// Reaches what is not a file of this machine.
pub trait Fetch {
    /// The body behind an http(s) URL.
    ///
    /// # Errors
    ///
    /// [`FetchError`] when it cannot be had.
    fn url(&self, url: &str) -> Result<Vec<u8>, FetchError>;

    /// A file as it was at a revision.
    ///
    /// # Errors
    ///
    /// [`FetchError`] when repository, revision or path are not there.
    fn git(&self, revision: &str, path: &str) -> Result<Committed, FetchError>;
}

/// Why something could not be fetched: a lowercase fragment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FetchError(pub String);

/// A file of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The commit that the revision names, abbreviated.
    pub commit: String,
    /// The day of that commit, as YYYY-MM-DD.
    pub date: String,
    /// Where the repository comes from, if that is known.
    pub repository: Option<String>,
    /// The `upstream.toml` beside the file at that revision: the file was vendored before.
    pub record: Option<String>,
}

/// A document that may become the vendored contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What diagnostics call it.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Where it comes from; the hash is filled in once it was read.
    pub record: Record,
}

impl Candidate {
    /// Records a commit and its day that the source did not give.
    pub fn record_commit(&mut self, commit: Option<String>, date: Option<String>) {
        self.record.commit = commit.or(self.record.commit.take());
        self.record.date = date.or(self.record.date.take());
    }
}

/// Why the contract was not replaced.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VendorError {
    /// The document could not be had.
    #[error("cannot fetch {name}: {reason}")]
    Fetch {
        /// The source.
        name: String,
        /// Why.
        reason: FetchError,
    },
    /// The file could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The document is not text.
    #[error("{name} is not UTF-8; fetch the contract itself, not an archive of it")]
    NotText {
        /// The source.
        name: String,
    },
    /// The record in use cannot be read.
    #[error("{RECORD}: {0}")]
    Record(#[from] RecordError),
    /// The document is not a contract that code can be generated from.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// The file system fails.
    #[error(transparent)]
    Files(#[from] FilesError),
}

impl From<Diagnostics> for VendorError {
    fn from(found: Diagnostics) -> Self {
        Self::Generate(found.into())
    }
}

/// Gets a document. Its record keeps of `current` what the source does not have: the publication's
/// repository and licence.
///
/// # Errors
///
/// [`VendorError`] when it cannot be had or is not text.
pub fn obtain(
    source: &Source,
    current: &Record,
    fetch: &dyn Fetch,
) -> Result<Candidate, VendorError> {
    let name = source.to_string();
    let rejected = |reason| VendorError::Fetch {
        name: name.clone(),
        reason,
    };
    let mut record = Record {
        commit: None,
        date: None,
        url: None,
        file: source.file_name().to_owned(),
        sha256: String::new(),
        ..current.clone()
    };
    let bytes = match source {
        Source::File(path) => std::fs::read(path).map_err(|source| VendorError::Read {
            path: path.clone(),
            source,
        })?,
        Source::Url(url) => {
            record.url = Some(url.clone());
            fetch.url(url).map_err(rejected)?
        }
        Source::Git { revision, path } => {
            let committed = fetch.git(revision, path).map_err(rejected)?;
            record = record.of_commit(&committed)?;
            committed.bytes
        }
    };
    let text = String::from_utf8(bytes).map_err(|_| VendorError::NotText { name: name.clone() })?;
    Ok(Candidate { name, text, record })
}
