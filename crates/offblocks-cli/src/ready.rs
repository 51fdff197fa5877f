//! The file that exists while the sandbox listens.

use std::path::{Path, PathBuf};

use files::FilesError;

/// A file with the base URL. It appears whole or not at all, and is removed when this is dropped.
#[derive(Debug)]
pub(crate) struct ReadyFile(PathBuf);

impl ReadyFile {
    /// Writes the URL and a line feed.
    pub(crate) fn write(path: &Path, base_url: &str) -> Result<Self, FilesError> {
        files::replace(&[(path, &format!("{base_url}\n"))])?;
        Ok(Self(path.to_owned()))
    }
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        // Another process may have removed it already.
        let _ = files::remove(&self.0);
    }
}
