//! The file of a database: making it, keeping other sandboxes off it, and noticing when it goes.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::{Outage, StoreError};

/// A database file, locked as long as this lives.
#[derive(Debug)]
pub(crate) struct DatabaseFile {
    path: PathBuf,
    /// The open file and its lock.
    file: File,
    _lock: File,
}

impl DatabaseFile {
    /// Makes the file where it does not exist, and keeps other sandboxes away from it: which calls
    /// still run is known to one process only. The lock is on a file beside, since SQLite has
    /// locks of its own on the database; it is let go when the process ends, however it does.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        if path.is_dir() {
            let error = io::Error::from(io::ErrorKind::IsADirectory);
            return Err(unopened(path, error.into()));
        }
        let mut beside = path.as_os_str().to_owned();
        beside.push("-lock");
        let lock = private(Path::new(&beside)).map_err(|error| unopened(path, error.into()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(unopened(path, error.into())),
        }
        let file = private(path).map_err(|error| unopened(path, error.into()))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            _lock: lock,
        })
    }

    /// Whether the path still leads to this file. SQLite would go on with a file that was
    /// deleted, and everything written to it would be lost.
    #[cfg(unix)]
    pub(super) fn check(&self) -> Result<(), StoreError> {
        use std::os::unix::fs::MetadataExt as _;
        let identity = |metadata: io::Result<std::fs::Metadata>| {
            let metadata = metadata.ok()?;
            Some((metadata.dev(), metadata.ino()))
        };
        let (named, open) = (std::fs::metadata(&self.path), self.file.metadata());
        match identity(named) {
            Some(named) if Some(named) == identity(open) => Ok(()),
            _ => Err(StoreError::unavailable(Outage::Gone)),
        }
    }

    /// An open file cannot be deleted or replaced here.
    #[cfg(not(unix))]
    pub(super) fn check(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A file that only its owner may read, since it holds the secret of every token. SQLite gives the
/// files beside it the same permissions.
fn private(path: &Path) -> io::Result<File> {
    let mut file = OpenOptions::new();
    file.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    file.open(path)
}

pub(super) fn unopened(path: &Path, source: sqlx::Error) -> StoreError {
    let path = path.to_owned();
    StoreError::Open { path, source }
}
