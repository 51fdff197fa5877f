#![doc = include_str!("../README.md")]
//!
//! # How it works
//! Emitters fill a [`FileSet`]; [`apply`] compares it with the folders it owns and, by its
//! [`Mode`], writes what differs or only reports it. Checking and writing share one comparison, so
//! a check straight after a write is clean, and a write straight after that changes nothing.
//!
//! An owned folder belongs to the generator as a whole: a file that is not in the set is an error, like a
//! file that differs. Links are never followed. A link inside an owned folder is itself replaced or removed,
//! and a folder that is reached through a link is rejected.

mod deliver;
mod diff;
mod disk;
mod error;
mod set;
#[cfg(test)]
mod tests;

pub use deliver::deliver;
pub use disk::{remove, replace};
pub use error::FilesError;
pub use set::{FileSet, FileSetError};

use std::path::Path;

/// What to do about files that differ from their set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Write, replace and remove until the folders hold exactly the set.
    Write,
    /// Change nothing; the outcome is a verdict.
    Check,
    /// Change nothing; the outcome is what [`Mode::Write`] would do.
    DryRun,
}

/// How a file on disk differs from its set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// In the set and not on disk.
    Missing,
    /// On disk with other bytes, or as something that is not a file.
    Stale,
    /// On disk and not in the set.
    Extra,
}

impl Verdict {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Extra => "extra",
        }
    }
}

/// One file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Relative to the root, with forward slashes.
    pub path: String,
    /// How it differs.
    pub verdict: Verdict,
    /// Lines that writing adds.
    pub added: usize,
    /// Lines that writing removes.
    pub removed: usize,
    /// Whether the file on disk holds the markers of an unfinished merge.
    pub conflicted: bool,
    /// A unified diff from what is on disk to what belongs there, long ones cut short.
    pub diff: String,
}

/// What [`apply`] found, and in [`Mode::Write`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Files that differed, by path.
    pub changes: Vec<Change>,
    /// How many files were right already.
    pub unchanged: usize,
    /// Whether the changes have been made.
    pub written: bool,
}

impl Outcome {
    /// Whether every file was right already.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.changes.is_empty()
    }

    /// The diffs of all changes, one after another.
    #[must_use]
    pub fn diff(&self) -> String {
        self.changes
            .iter()
            .map(|change| change.diff.as_str())
            .collect()
    }

    /// Lines added and lines removed, over all files.
    #[must_use]
    pub fn lines(&self) -> (usize, usize) {
        let sum = |count: fn(&Change) -> usize| self.changes.iter().map(count).sum();
        (sum(|change| change.added), sum(|change| change.removed))
    }
}

/// Compares `set` with the content of the folders `owned` under `root`, and treats the differences as
/// `mode` says. Paths of the set and of the folders are relative to `root`. A path that is both owned and in
/// the set is a single file.
///
/// Every file is replaced in one step, so that a reader sees the old text or the new one; all new
/// texts are on disk before the first is put in place. Files that are right are not touched.
///
/// # Errors
///
/// [`FilesError::Outside`] when a file of the set is in none of the folders,
/// [`FilesError::Link`] when a folder is reached through a symbolic link, [`FilesError::Io`] when
/// the file system fails.
pub fn apply(
    root: &Path,
    owned: &[&str],
    set: &FileSet,
    mode: Mode,
) -> Result<Outcome, FilesError> {
    let found = look(root, owned, set)?;
    let changes = compare(&found, set);
    if mode == Mode::Write {
        write(root, owned, set, &changes)?;
    }
    Ok(Outcome {
        unchanged: set.len() - wanted(&changes).count(),
        changes,
        written: mode == Mode::Write,
    })
}

/// [`Mode::Check`] with a filter: `view` receives the text on disk and the text of the set, and
/// only its results are compared.
///
/// # Errors
///
/// Those of [`apply`].
pub fn check_by(
    root: &Path,
    owned: &[&str],
    set: &FileSet,
    view: impl Fn(&str) -> String,
) -> Result<Outcome, FilesError> {
    let mut found = look(root, owned, set)?;
    for entry in found.entries.values_mut() {
        if let disk::Entry::File(bytes) = entry {
            *bytes = view(&String::from_utf8_lossy(bytes)).into_bytes();
        }
    }
    let viewed = set.map(view);
    let changes = compare(&found, &viewed);
    Ok(Outcome {
        unchanged: set.len() - wanted(&changes).count(),
        changes,
        written: false,
    })
}

fn look(root: &Path, owned: &[&str], set: &FileSet) -> Result<disk::Found, FilesError> {
    check_inside(owned, set)?;
    let mut found = disk::Found::default();
    for path in owned {
        disk::scan(root, path, set.get(path).is_some(), &mut found)?;
    }
    Ok(found)
}

fn check_inside(owned: &[&str], set: &FileSet) -> Result<(), FilesError> {
    for path in owned {
        set::check_path(path).map_err(FilesError::Set)?;
    }
    let inside = |path: &str| {
        let below = |owned: &&str| {
            let rest = path.strip_prefix(*owned);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        owned.iter().any(below)
    };
    match set.iter().find(|(path, _)| !inside(path)) {
        Some((path, _)) => Err(FilesError::Outside {
            path: path.to_owned(),
        }),
        None => Ok(()),
    }
}

fn compare(found: &disk::Found, set: &FileSet) -> Vec<Change> {
    let mut changes: Vec<Change> = set
        .iter()
        .filter_map(|(path, text)| match found.entries.get(path) {
            None => Some(diff::change(path, Verdict::Missing, &[], text)),
            Some(disk::Entry::File(bytes)) if bytes == text.as_bytes() => None,
            Some(disk::Entry::File(bytes)) => Some(diff::change(path, Verdict::Stale, bytes, text)),
            Some(disk::Entry::Link) => Some(diff::change(path, Verdict::Stale, &[], text)),
        })
        .collect();
    let extra = found
        .entries
        .iter()
        .filter(|(path, _)| set.get(path).is_none());
    changes
        .extend(extra.map(|(path, entry)| diff::change(path, Verdict::Extra, entry.bytes(), "")));
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}

fn wanted(changes: &[Change]) -> impl Iterator<Item = &Change> {
    changes
        .iter()
        .filter(|change| change.verdict != Verdict::Extra)
}

/// What is in the way goes first: an extra file may stand where a folder belongs.
fn write(root: &Path, owned: &[&str], set: &FileSet, changes: &[Change]) -> Result<(), FilesError> {
    for change in changes {
        if change.verdict == Verdict::Extra {
            remove(&disk::join(root, &change.path))?;
        }
    }
    for folder in owned {
        disk::prune(&disk::join(root, folder))?;
    }
    let texts: Vec<_> = wanted(changes)
        .filter_map(|change| Some((disk::join(root, &change.path), set.get(&change.path)?)))
        .collect();
    replace(&texts)
}
