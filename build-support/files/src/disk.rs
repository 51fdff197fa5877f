//! Looks at folders and changes them.

use super::FilesError;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// What stands in the owned folders, by path relative to the root.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub entries: BTreeMap<String, Entry>,
}

/// Something that is not a folder.
#[derive(Debug)]
pub(super) enum Entry {
    File(Vec<u8>),
    /// A symbolic link or something odder; its content is not read here.
    Link,
}

impl Entry {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::File(bytes) => bytes,
            Self::Link => &[],
        }
    }
}

/// `path`, spelt with forward slashes, below `root`.
pub(super) fn join(root: &Path, path: &str) -> PathBuf {
    path.split('/')
        .fold(root.to_owned(), |path, name| path.join(name))
}

/// Finds everything in a folder, or the one file that an owned path is. What is not there is
/// empty.
pub(super) fn scan(
    root: &Path,
    owned: &str,
    is_file: bool,
    found: &mut Found,
) -> Result<(), FilesError> {
    let (folder, file) = match owned.rsplit_once('/') {
        _ if !is_file => (owned, None),
        Some((folder, file)) => (folder, Some(file)),
        None => ("", Some(owned)),
    };
    let Some(path) = reach(root, folder)? else {
        return Ok(());
    };
    match file {
        None => walk(&path, folder, found),
        Some(file) => match fs::symlink_metadata(path.join(file)) {
            Ok(data) => note(&path.join(file), owned, data.file_type(), found),
            Err(_) => Ok(()),
        },
    }
}

/// The path of a folder, unless it is not there. On the way no link is taken.
fn reach(root: &Path, folder: &str) -> Result<Option<PathBuf>, FilesError> {
    let mut path = root.to_owned();
    for name in folder.split('/').filter(|name| !name.is_empty()) {
        path.push(name);
        match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(FilesError::io("look at", &path)(error)),
            Ok(data) if data.is_symlink() => return Err(FilesError::Link { path }),
            Ok(data) if !data.is_dir() => return Err(FilesError::NotAFolder { path }),
            Ok(_) => {}
        }
    }
    Ok(Some(path))
}

fn walk(path: &Path, relative: &str, found: &mut Found) -> Result<(), FilesError> {
    for entry in list(path)? {
        let name = entry.file_name();
        let relative = format!("{relative}/{}", name.to_string_lossy());
        let kind = entry
            .file_type()
            .map_err(FilesError::io("look at", &entry.path()))?;
        note(&entry.path(), &relative, kind, found)?;
    }
    Ok(())
}

fn note(
    path: &Path,
    relative: &str,
    kind: fs::FileType,
    found: &mut Found,
) -> Result<(), FilesError> {
    if kind.is_dir() {
        return walk(path, relative, found);
    }
    let entry = if kind.is_file() {
        Entry::File(fs::read(path).map_err(FilesError::io("read", path))?)
    } else {
        Entry::Link
    };
    found.entries.insert(relative.to_owned(), entry);
    Ok(())
}

fn list(path: &Path) -> Result<Vec<fs::DirEntry>, FilesError> {
    let entries = fs::read_dir(path).map_err(FilesError::io("list", path))?;
    entries
        .collect::<Result<_, _>>()
        .map_err(FilesError::io("list", path))
}

/// Removes a file, or a link without following it. What is not there need not be removed.
///
/// # Errors
///
/// [`FilesError::Io`] when the file system fails.
pub fn remove(path: &Path) -> Result<(), FilesError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other.map_err(FilesError::io("remove", path)),
    }
}

/// Removes empty folders below a folder, and the folder itself when nothing is left in it.
pub(super) fn prune(path: &Path) -> Result<(), FilesError> {
    if !path.is_dir() {
        return Ok(());
    }
    for entry in list(path)? {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            prune(&entry.path())?;
        }
    }
    if list(path)?.is_empty() {
        fs::remove_dir(path).map_err(FilesError::io("remove the empty folder", path))?;
    }
    Ok(())
}

/// Writes several files: first every text beside its place, then each into its place in one step.
/// When a later step fails, files that were replaced already get their former bytes back.
///
/// # Errors
///
/// [`FilesError::Io`] when the file system fails; then nothing has changed, unless it fails to
/// undo as well.
pub fn replace<P: AsRef<Path>>(texts: &[(P, &str)]) -> Result<(), FilesError> {
    let staged = texts
        .iter()
        .map(|(path, text)| stage(path.as_ref(), text.as_bytes()))
        .collect::<Result<Vec<_>, _>>()?;
    let mut undo: Vec<(&Path, Option<Vec<u8>>)> = Vec::new();
    for ((path, _), file) in texts.iter().zip(staged) {
        let path = path.as_ref();
        undo.push((path, fs::read(path).ok()));
        if let Err(error) = file.persist(path) {
            undo.pop();
            restore(&undo);
            return Err(FilesError::io("replace", path)(error.error));
        }
    }
    Ok(())
}

fn stage(path: &Path, text: &[u8]) -> Result<NamedTempFile, FilesError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder).map_err(FilesError::io("create", folder))?;
    let mut file = builder(path)
        .tempfile_in(folder)
        .map_err(FilesError::io("create a file in", folder))?;
    file.write_all(text)
        .map_err(FilesError::io("write", path))?;
    Ok(file)
}

/// A temporary file is private by default; a generated one is as readable as what it replaces, or
/// as any new file.
#[cfg(unix)]
fn builder<'name>(path: &Path) -> tempfile::Builder<'name, 'name> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::symlink_metadata(path)
        .ok()
        .filter(fs::Metadata::is_file)
        .map_or(0o666, |data| data.permissions().mode() & 0o777);
    let mut builder = tempfile::Builder::new();
    builder.permissions(fs::Permissions::from_mode(mode));
    builder
}

#[cfg(not(unix))]
fn builder<'name>(_: &Path) -> tempfile::Builder<'name, 'name> {
    tempfile::Builder::new()
}

/// Best effort: the first error is what the caller gets.
fn restore(undo: &[(&Path, Option<Vec<u8>>)]) {
    for (path, former) in undo {
        match former {
            Some(bytes) => {
                let _ = stage(path, bytes).map(|file| file.persist(path));
            }
            None => {
                let _ = remove(path);
            }
        }
    }
}
