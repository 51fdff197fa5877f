//! The files beside a database, and the folder with the databases of its programmes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::StoreError;

/// The path of a file that is named after a database and stands beside it.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

/// The folder of the programmes beside this database.
pub(crate) fn programmes_folder(database: &Path) -> PathBuf {
    beside(database, ".programmes")
}

/// Makes the folder, for its owner alone, where it does not exist.
pub(crate) fn make_programmes_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(StoreError::unopened(folder, error.into()))
        }
        _ => Ok(()),
    }
}

/// The names of the databases in a folder, without their ending, in alphabetical order. A folder that
/// does not exist has none.
pub(crate) fn programmes_in(folder: &Path) -> Result<Vec<String>, StoreError> {
    let failed = |error: io::Error| StoreError::unopened(folder, error.into());
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(failed)?.file_name();
        let name = name.to_str().and_then(|name| name.strip_suffix(".db"));
        names.extend(name.map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// Deletes a closed database with the files beside it.
pub(crate) fn delete(path: &Path) -> Result<(), StoreError> {
    for suffix in ["-wal", "-shm", "-lock", ""] {
        let file = beside(path, suffix);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(StoreError::unopened(&file, error.into()));
            }
            _ => {}
        }
    }
    Ok(())
}
