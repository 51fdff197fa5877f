//! The file that exists while the sandbox listens.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A file with the base URL. It appears as a whole, and is removed when this is dropped.
#[derive(Debug)]
pub(crate) struct ReadyFile(PathBuf);

impl ReadyFile {
    /// Writes a draft beside it first, then renames the draft.
    pub(crate) fn write(path: &Path, base_url: &str) -> io::Result<Self> {
        let mut draft = path.as_os_str().to_owned();
        draft.push(format!(".{}", std::process::id()));
        let draft = PathBuf::from(draft);
        let written = File::create(&draft)
            .and_then(|mut file| writeln!(file, "{base_url}"))
            .and_then(|()| std::fs::rename(&draft, path));
        if let Err(error) = written {
            // If the draft cannot be removed, it was not created.
            let _ = std::fs::remove_file(&draft);
            return Err(error);
        }
        Ok(Self(path.to_owned()))
    }
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        // Another process may have removed it already.
        let _ = std::fs::remove_file(&self.0);
    }
}
