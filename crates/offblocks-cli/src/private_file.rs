//! Files that only their owner can read.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Writes a new file; an existing one stays as it is.
///
/// # Errors
/// When the file exists already or cannot be written.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    open(path)?.write_all(bytes)
}

/// Writes a file whole, in place of one that may be there. Folders that are missing are made, so that
/// only their owner can open them.
///
/// # Errors
/// When the file cannot be written; what was there stays then.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = &target(path)?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    // The file is made with a mode that lets only its owner read it.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Where a file is to be replaced: at the end of the links that lead there, so that they stay.
///
/// # Errors
/// When something else than a file is there, such as a pipe or a device.
pub(crate) fn target(path: &Path) -> io::Result<PathBuf> {
    match std::fs::metadata(path) {
        Ok(there) if there.is_file() => path.canonicalize(),
        Ok(_) => Err(io::Error::other("what is there is not a file; name a file")),
        Err(_) => Ok(path.to_owned()),
    }
}

/// Why a file was not written.
pub(crate) fn unwritten(path: &Path, error: io::Error) -> Failure {
    let shown = path.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::because(format!(
            "{shown} exists already, and what is overwritten is lost: choose another name"
        )),
        _ => Failure::new(&format!("cannot write {shown}"), error),
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
