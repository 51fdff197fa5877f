//! Where a rendered report is written.

use files::FilesError;
use std::path::Path;

/// Whether a path means standard output. `/dev/stdout` cannot be opened where standard output is a
/// socket, so that it is never opened as a file.
#[must_use]
pub fn is_standard_output(file: &Path) -> bool {
    file == Path::new("-") || file == Path::new("/dev/stdout")
}

/// Writes a rendered report to a file as a whole: a reader never sees half of it.
///
/// # Errors
/// When the file system does not allow it; then the file is as it was.
pub fn write(file: &Path, text: &str) -> Result<(), FilesError> {
    files::deliver(file, text)
}
