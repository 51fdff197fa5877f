//! Which files this process has open, by their identity and not by their names.
//!
//! The operating system lets go all POSIX locks that a process has on a file as soon as the
//! process closes any handle of it. SQLite relies on such locks, so a second sandbox in the same
//! process must be rejected before it opens the file at all.

#[cfg(unix)]
pub(super) use unix::{Inode, identity};

#[cfg(not(unix))]
pub(super) use elsewhere::Inode;

#[cfg(unix)]
mod unix {
    use std::collections::BTreeSet;
    use std::fs::{File, Metadata};
    use std::io;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::Path;
    use std::sync::{Mutex, PoisonError};

    use crate::store::StoreError;

    type Identity = (u64, u64);

    static OPEN: Mutex<BTreeSet<Identity>> = Mutex::new(BTreeSet::new());

    /// A file that no other part of this process has open as a database, until this is dropped.
    #[derive(Debug)]
    pub(in crate::store) struct Inode(Identity);

    impl Inode {
        /// Claims the file of this name, without opening it; `None` where there is none.
        pub(in crate::store) fn claim_existing(path: &Path) -> Result<Option<Self>, StoreError> {
            match std::fs::metadata(path) {
                Ok(metadata) => Self::of(&metadata, path).map(Some),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(StoreError::unopened(path, error.into())),
            }
        }

        /// Claims a file that was made just now.
        pub(in crate::store) fn claim(file: &File, path: &Path) -> Result<Self, StoreError> {
            match file.metadata() {
                Ok(metadata) => Self::of(&metadata, path),
                Err(error) => Err(StoreError::unopened(path, error.into())),
            }
        }

        fn of(metadata: &Metadata, path: &Path) -> Result<Self, StoreError> {
            // SQLite names the files beside a database after it: under another name it would not
            // find what is not yet in the database itself.
            if metadata.nlink() > 1 {
                return Err(StoreError::HardLinks(path.to_owned()));
            }
            let identity = identity(metadata);
            if open().insert(identity) {
                Ok(Self(identity))
            } else {
                Err(StoreError::InUse(path.to_owned()))
            }
        }
    }

    impl Drop for Inode {
        fn drop(&mut self) {
            open().remove(&self.0);
        }
    }

    /// The identity of a file, independent of its names: its device and its number there.
    pub(in crate::store) fn identity(metadata: &Metadata) -> Identity {
        (metadata.dev(), metadata.ino())
    }

    fn open() -> std::sync::MutexGuard<'static, BTreeSet<Identity>> {
        OPEN.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::fs::File;
    use std::path::Path;

    use crate::store::StoreError;

    /// Locks belong to handles here, so there is nothing to claim.
    #[derive(Debug)]
    pub(in crate::store) struct Inode;

    impl Inode {
        pub(in crate::store) fn claim_existing(_: &Path) -> Result<Option<Self>, StoreError> {
            Ok(None)
        }

        pub(in crate::store) fn claim(_: &File, _: &Path) -> Result<Self, StoreError> {
            Ok(Self)
        }
    }
}
