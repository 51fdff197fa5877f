//! What can go wrong in the file system.

use super::FileSetError;
use std::io;
use std::path::{Path, PathBuf};

/// Why files could not be compared or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FilesError {
    /// A generated file is in none of the folders that the generator owns.
    #[error("`{path}` is in none of the generated folders; this is a fault of the generator")]
    Outside {
        /// The path.
        path: String,
    },
    /// A path is not valid.
    #[error(transparent)]
    Set(FileSetError),
    /// A generated folder is reached through a symbolic link.
    #[error(
        "{} is a symbolic link, and generated files are never written through one; replace it by a \
         folder",
        path.display()
    )]
    Link {
        /// The link.
        path: PathBuf,
    },
    /// Something that is not a folder is in the place of a folder.
    #[error("{} is not a folder, but generated files belong below it; move it away", path.display())]
    NotAFolder {
        /// What stands there.
        path: PathBuf,
    },
    /// The file system fails.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl FilesError {
    /// An error of the system.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}
