//! What replacing the contract would do.

use super::{CONTRACT, Candidate, RECORD, VendorError};
use crate::generate::{self, OWNED, generate};
use crate::policy::Policy;
use contract::diagnostics::Diagnostics;
use files::{self, Change, FileSet, FilesError, Outcome, Verdict};
use std::path::{Path, PathBuf};

/// A replacement that was checked and can be carried out.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Contract and record as they will stand, by path.
    files: [(PathBuf, String); 2],
    /// How the two differ from what stands there now.
    pub inputs: Outcome,
    /// What `cargo xtask regenerate` will then change, headers aside.
    pub generated: Outcome,
    /// The part of that which is code, not documentation.
    pub code: Outcome,
    /// What reading and lowering had to say.
    pub warnings: Diagnostics,
}

/// Checks a candidate and finds out what follows from it. Writes nothing.
///
/// # Errors
///
/// [`VendorError::Generate`] when no code can be generated from it under the policy,
/// [`VendorError::Files`] when what stands there now cannot be read.
pub fn plan(root: &Path, candidate: Candidate, policy: &Policy) -> Result<Plan, VendorError> {
    let mut document = contract::read_str(&candidate.name, &candidate.text)?;
    CONTRACT.clone_into(&mut document.path);
    let generated = generate(&document, policy)?;
    let warnings = generated.warnings.clone();
    let code = generated
        .in_workspace()
        .map_err(generate::GenerateError::from)?;
    let mut record = candidate.record;
    if record.sha256.is_empty() {
        record.sha256.clone_from(&document.sha256);
    }
    let files = [(CONTRACT, candidate.text), (RECORD, record.render())];
    Ok(Plan {
        inputs: files::check_by(root, &[CONTRACT, RECORD], &set(&files)?, str::to_owned)?,
        generated: files::check_by(root, &OWNED, &code, generate::without_header)?,
        code: files::check_by(root, &OWNED, &code, generate::without_docs)?,
        files: files.map(|(path, text)| (root.join(path), text)),
        warnings,
    })
}

impl Plan {
    /// Whether the contract and its record stand already as they would.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.inputs.is_clean()
    }

    /// What changes, for a person to decide on: files, and lines added and removed.
    #[must_use]
    pub fn summary(&self) -> String {
        let inputs = self.inputs.changes.iter().map(|change| line(change, ""));
        let generated = self.generated.changes.iter().map(|change| {
            let in_code = self
                .code
                .changes
                .iter()
                .any(|code| code.path == change.path);
            line(change, if in_code { "" } else { ", documentation alone" })
        });
        inputs.chain(generated).chain([self.total()]).collect()
    }

    fn total(&self) -> String {
        let (added, removed) = self.generated.lines();
        let (files, in_code) = (self.generated.changes.len(), self.code.changes.len());
        if files == 0 {
            return "the generated code stays as it is, but for the hash in its headers\n"
                .to_owned();
        }
        format!(
            "generated files that change: {files} (+{added} -{removed} lines), in more than \
             documentation: {in_code}\n"
        )
    }

    /// Replaces contract and record, both or neither.
    ///
    /// # Errors
    ///
    /// [`FilesError`] when the file system fails; then both stand as before.
    pub fn carry_out(&self) -> Result<(), FilesError> {
        let texts: Vec<_> = self
            .files
            .iter()
            .map(|(path, text)| (path, text.as_str()))
            .collect();
        files::replace(&texts)
    }
}

fn line(change: &Change, note: &str) -> String {
    let word = match change.verdict {
        Verdict::Missing => "new",
        Verdict::Stale => "changed",
        Verdict::Extra => "gone",
    };
    let (path, added, removed) = (&change.path, change.added, change.removed);
    format!("  {word:<8} {path} (+{added} -{removed}{note})\n")
}

/// The texts by path. A candidate with carriage returns keeps them when it is written; here they
/// would only look like changes.
fn set(files: &[(&str, String)]) -> Result<FileSet, VendorError> {
    let mut set = FileSet::new();
    for (path, text) in files {
        set.insert(*path, text.clone()).map_err(FilesError::Set)?;
    }
    Ok(set)
}
