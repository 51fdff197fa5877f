//! The file of a database: making it, locking it against other sandboxes, and noticing when it is deleted.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::StoreError;
#[cfg(unix)]
use super::beside::beside;
use super::inode::Inode;
use super::recognise::{self, Origin};

/// A database file, locked as long as this lives.
#[derive(Debug)]
pub(crate) struct DatabaseFile {
    path: PathBuf,
    origin: Origin,
    /// The open file. On Linux it carries the lock.
    file: File,
    /// The locked file beside it, where the file itself cannot be locked.
    _lock: Option<File>,
    /// Closing any handle of the file would let go the locks that SQLite has on it in this
    /// process, so this is given back last.
    _inode: Inode,
}

impl DatabaseFile {
    /// Opens the file, makes it where it does not exist, and keeps other sandboxes away from it:
    /// which calls still run is known to one process only.
    ///
    /// A file that is not a sandbox's is left as it is, byte for byte.
    pub(super) async fn open(path: &Path) -> Result<Self, StoreError> {
        let failed = |error: io::Error| StoreError::unopened(path, error.into());
        if path.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        let known = Inode::claim_existing(path)?;
        let file = private(path).map_err(failed)?;
        let inode = match known {
            Some(inode) => inode,
            None => Inode::claim(&file, path)?,
        };
        let lock = lock(&file, path)?;
        let origin = recognise::origin(path, &file).await?;
        tighten(path);
        Ok(Self {
            path: path.to_owned(),
            origin,
            file,
            _lock: lock,
            _inode: inode,
        })
    }

    /// What the file was before this opened it.
    pub(super) const fn origin(&self) -> Origin {
        self.origin
    }

    /// Whether the path still leads to this file. SQLite would continue to use a file that was
    /// deleted, and everything written to it would be lost.
    #[cfg(unix)]
    pub(super) fn check(&self) -> Result<(), StoreError> {
        use super::Outage;
        use super::inode::identity;
        let open = self.file.metadata().map(|file| identity(&file)).ok();
        match std::fs::metadata(&self.path) {
            Ok(named) if Some(identity(&named)) == open => Ok(()),
            _ => Err(StoreError::unavailable(Outage::Gone)),
        }
    }

    /// An open file cannot be deleted or replaced here.
    #[cfg(not(unix))]
    pub(super) fn check(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Locks the file itself, so that no other name of it leads past the lock. The kernel keeps this
/// kind of lock (`flock`) apart from those that SQLite has on the file.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn lock(file: &File, path: &Path) -> Result<Option<File>, StoreError> {
    try_lock(file, path).map(|()| None)
}

/// Locks a file beside it. Elsewhere a lock on the database itself would keep SQLite out too:
/// macOS and the BSDs have one table for all kinds of locks, and Windows enforces them. Symbolic
/// links are followed first, and a file with hard links is rejected.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn lock(_: &File, path: &Path) -> Result<Option<File>, StoreError> {
    let failed = |error: io::Error| StoreError::unopened(path, error.into());
    let mut beside = path.canonicalize().map_err(failed)?.into_os_string();
    beside.push("-lock");
    let lock = private(Path::new(&beside)).map_err(failed)?;
    try_lock(&lock, path).map(|()| Some(lock))
}

fn try_lock(file: &File, path: &Path) -> Result<(), StoreError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(StoreError::unopened(path, error.into())),
    }
}

/// A file that only its owner may read, since it holds the secret of every token. SQLite gives the
/// files beside it the same permissions.
fn private(path: &Path) -> io::Result<File> {
    let mut file = OpenOptions::new();
    file.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    file.open(path)
}

/// Takes the permissions of others away from an existing file and the files beside it.
#[cfg(unix)]
fn tighten(path: &Path) {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    for suffix in ["", "-wal", "-shm"] {
        let file = beside(path, suffix);
        let Ok(metadata) = std::fs::metadata(&file) else {
            continue;
        };
        if metadata.permissions().mode() & 0o077 == 0 {
            continue;
        }
        let file_name = file.display();
        match std::fs::set_permissions(&file, Permissions::from_mode(0o600)) {
            Ok(()) => tracing::warn!(
                "others could read {file_name}, which holds the secret of every token: now only \
                 its owner can"
            ),
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "others can read {file_name}, which holds the secret of every token: take their \
                 permissions away"
            ),
        }
    }
}

#[cfg(not(unix))]
const fn tighten(_: &Path) {}
