//! The file that says that the sandbox listens.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A file with the base URL. It appears whole or not at all, and goes when this is dropped.
#[derive(Debug)]
pub(crate) struct ReadyFile(PathBuf);

impl ReadyFile {
    /// Writes it beside its place first, then moves it there.
    pub(crate) fn write(path: &Path, base_url: &str) -> io::Result<Self> {
        let mut draft = path.as_os_str().to_owned();
        draft.push(format!(".{}", std::process::id()));
        let draft = PathBuf::from(draft);
        let written = File::create(&draft)
            .and_then(|mut file| writeln!(file, "{base_url}"))
            .and_then(|()| std::fs::rename(&draft, path));
        if let Err(error) = written {
            // What cannot be removed was not made.
            let _ = std::fs::remove_file(&draft);
            return Err(error);
        }
        Ok(Self(path.to_owned()))
    }
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        // Somebody else may have removed it already.
        let _ = std::fs::remove_file(&self.0);
    }
}
