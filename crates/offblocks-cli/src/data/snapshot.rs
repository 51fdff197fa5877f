//! Snapshots as files.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write as _};
use std::path::Path;

use offblocks_sandbox::Sandbox;
use tempfile::NamedTempFile;

use crate::failure::Failure;

/// Writes a snapshot to a file that only its owner can read. It appears whole or not at all.
pub(super) async fn write(sandbox: &Sandbox, path: &Path) -> Result<u64, Failure> {
    let failed =
        |error: io::Error| Failure::new(&format!("cannot write {}", path.display()), error);
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let file = NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
    let written = sandbox.snapshot(BufWriter::new(file)).await;
    let unwritten = |error| Failure::new("the snapshot is not written", error);
    let (file, rows) = written.map_err(unwritten)?;
    let mut file = file
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    file.flush().map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(rows)
}

/// Restores a snapshot from a file.
pub(super) async fn restore(sandbox: &Sandbox, path: &Path) -> Result<u64, Failure> {
    let failed = |error| Failure::new(&format!("cannot read {}", path.display()), error);
    let file = File::open(path).map_err(failed)?;
    let restored = sandbox.restore(BufReader::new(file)).await;
    restored.map_err(|error| Failure::new(&format!("cannot restore {}", path.display()), error))
}
