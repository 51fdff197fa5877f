//! Writes a text to the path that a person named, which may be a file, a link, a device or a pipe.

use super::{FilesError, replace};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// How many links are followed before they count as a circle.
const MOST_LINKS: usize = 40;

/// Writes a text to a path that a person named. A file is replaced in one step, a link is followed
/// and its target replaced, and what is neither (a device, a pipe) is written to and stays what it
/// is.
///
/// # Errors
///
/// [`FilesError::Io`] when the file system fails.
pub fn deliver(path: &Path, text: &str) -> Result<(), FilesError> {
    let target = follow(path)?;
    match is_stream(&target) {
        true => pour(&target, text),
        false => replace(&[(target, text)]),
    }
}

/// Where a path leads by links, also to a file that does not exist yet. Descriptors under `/proc` look like
/// links. What they name is written to, and not replaced.
fn follow(path: &Path) -> Result<PathBuf, FilesError> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::symlink_metadata(&path) {
            Ok(data) if data.is_symlink() && !is_descriptor(&path) => {
                let next = fs::read_link(&path).map_err(FilesError::io("follow", &path))?;
                path = path.parent().unwrap_or(Path::new("")).join(next);
            }
            _ => return Ok(path),
        }
    }
    let circle = std::io::Error::other("its links lead in a circle");
    Err(FilesError::io("follow", &path)(circle))
}

fn is_descriptor(path: &Path) -> bool {
    path.starts_with("/proc")
}

/// Whether something stands there that is written to instead of replaced.
fn is_stream(path: &Path) -> bool {
    let ends = fs::metadata(path).is_ok_and(|data| data.is_file() || data.is_dir());
    is_descriptor(path) || (path.exists() && !ends)
}

fn pour(path: &Path, text: &str) -> Result<(), FilesError> {
    let stream = OpenOptions::new().append(true).open(path);
    let mut stream = stream.map_err(FilesError::io("open", path))?;
    let poured = stream.write_all(text.as_bytes());
    poured.map_err(FilesError::io("write", path))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{FileTypeExt as _, symlink};
    use std::process::Command;

    #[test]
    fn a_link_is_followed_and_stays_one() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        fs::create_dir(at("deep")).unwrap();
        symlink("deep/file", at("link")).unwrap();
        symlink("link", at("again")).unwrap();
        for text in ["made through the link", "replaced"] {
            deliver(&at("again"), text).unwrap();
            assert_eq!(fs::read_to_string(at("deep/file")).unwrap(), text);
            assert!(at("link").is_symlink() && at("again").is_symlink());
            assert!(!at("deep/file").is_symlink());
        }
        symlink("circle", at("circle")).unwrap();
        let said = deliver(&at("circle"), "x").unwrap_err().to_string();
        assert!(said.contains("circle"), "{said}");
    }

    #[test]
    fn what_is_no_file_is_written_to_and_never_replaced() {
        deliver(Path::new("/dev/null"), "nothing").unwrap();
        let null = fs::metadata("/dev/null").unwrap();
        assert!(null.file_type().is_char_device());

        let root = tempfile::tempdir().unwrap();
        let pipe = root.path().join("pipe");
        let made = Command::new("mkfifo").arg(&pipe).status();
        if !made.is_ok_and(|status| status.success()) {
            // Standard error itself, because what a test prints is shown only when it fails.
            let mut stderr = std::io::stderr();
            writeln!(
                stderr,
                "skipped: no pipe was written to, because there is no `mkfifo`"
            )
            .unwrap();
            return;
        }
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read_to_string(pipe).unwrap()
        });
        deliver(&pipe, "through the pipe").unwrap();
        assert_eq!(reader.join().unwrap(), "through the pipe");
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    }

    #[test]
    fn a_folder_is_rejected() {
        let root = tempfile::tempdir().unwrap();
        deliver(root.path(), "x").unwrap_err();
        assert!(root.path().is_dir());
    }
}
