//! Snapshots as files.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use offblocks_sandbox::Sandbox;
use tempfile::NamedTempFile;

use crate::failure::Failure;
use crate::private_file;

/// A file that only its owner can read. It appears whole or not at all.
pub(crate) struct SnapshotFile {
    path: PathBuf,
    replaces: bool,
    file: BufWriter<NamedTempFile>,
}

impl SnapshotFile {
    /// Begins a file beside the place where it is to appear. One that is there already is replaced where
    /// that is asked for.
    pub(crate) fn begin(path: &Path, replaces: bool) -> Result<Self, Failure> {
        named(path)?;
        if !replaces && path.symlink_metadata().is_ok() {
            return Err(exists(path));
        }
        let path = private_file::target(path).map_err(|error| unwritten(path, error))?;
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")));
        Ok(Self {
            file: BufWriter::new(file.map_err(|error| unwritten(&path, error))?),
            path,
            replaces,
        })
    }

    /// Appends these bytes.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = self.file.write_all(bytes);
        written.map_err(|error| unwritten(&self.path, error))
    }

    /// Puts the file in its place.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let Self {
            path,
            replaces,
            file,
        } = self;
        let failed = |error| unwritten(&path, error);
        let mut file = file
            .into_inner()
            .map_err(|error| failed(error.into_error()))?;
        file.flush().map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        let appeared = match replaces {
            true => file.persist(&path),
            false => file.persist_noclobber(&path),
        };
        appeared
            .map(drop)
            .map_err(|error| match error.error.kind() {
                // Somebody else made it meanwhile.
                io::ErrorKind::AlreadyExists => exists(&path),
                _ => failed(error.error),
            })
    }
}

/// Writes a snapshot of a sandbox to a file. Returns the number of rows.
pub(crate) async fn write(sandbox: &Sandbox, path: &Path, replaces: bool) -> Result<u64, Failure> {
    let SnapshotFile { path, file, .. } = SnapshotFile::begin(path, replaces)?;
    let written = sandbox.snapshot(file).await;
    let unwritten = |error| Failure::new("the snapshot is not written", error);
    let (file, rows) = written.map_err(unwritten)?;
    let written = SnapshotFile {
        path,
        replaces,
        file,
    };
    written.finish()?;
    Ok(rows)
}

/// Restores a snapshot from a file.
pub(crate) async fn restore(sandbox: &Sandbox, path: &Path) -> Result<u64, Failure> {
    let restored = sandbox.restore(BufReader::new(open(path)?)).await;
    restored.map_err(|error| Failure::new(&format!("cannot restore {}", path.display()), error))
}

/// Opens a file with a snapshot.
pub(crate) fn open(path: &Path) -> Result<File, Failure> {
    named(path)?;
    let failed = |error| Failure::new(&format!("cannot read {}", path.display()), error);
    File::open(path).map_err(failed)
}

/// Elsewhere `-` is the standard output or input. A snapshot holds secrets, and appears whole or not at
/// all, so it is always a file.
fn named(path: &Path) -> Result<(), Failure> {
    match path == Path::new("-") {
        true => Err(Failure::because(
            "a snapshot is written to a file and read from one: name the file (`./-` is one named `-`)",
        )),
        false => Ok(()),
    }
}

fn exists(path: &Path) -> Failure {
    Failure::because(format!(
        "{} exists already: name another file, or replace it with --force",
        path.display()
    ))
}

fn unwritten(path: &Path, error: io::Error) -> Failure {
    Failure::new(&format!("cannot write {}", path.display()), error)
}
