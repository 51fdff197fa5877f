//! The files to which a contract may refer: those of its own folder. A comparison writes nothing, so it
//! may also read files beside that folder.

use super::text;
use std::path::{Component, Path, PathBuf};

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum FolderError {
    #[error("`{0}` lies outside the contract's folder")]
    Outside(String),
    #[error("a contract that is not in a file has no folder to find `{0}` in")]
    NoFolder(String),
    #[error("the file `{name}` cannot be read: {reason}")]
    Unreadable { name: String, reason: String },
}

/// Where further files are found.
pub(super) trait Folder {
    /// The text of a file, by its normalised path relative to the folder.
    fn text(&self, relative: &str) -> Result<String, FolderError>;

    /// How diagnostics call the file.
    fn display(&self, relative: &str) -> String;

    /// Whether paths may lead out of the folder.
    fn is_open(&self) -> bool {
        false
    }
}

/// There is none: the contract came as a text.
pub(super) struct NoFolder;

impl Folder for NoFolder {
    fn text(&self, relative: &str) -> Result<String, FolderError> {
        Err(FolderError::NoFolder(relative.to_owned()))
    }

    fn display(&self, relative: &str) -> String {
        relative.to_owned()
    }
}

/// The folder of a contract on disk.
pub(super) struct Directory {
    path: PathBuf,
    open: bool,
}

/// How the files of a contract end. Nothing else is read from outside its folder, whatever a
/// contract from elsewhere says.
const ENDINGS: [&str; 3] = ["json", "yaml", "yml"];

impl Directory {
    /// The folder that holds a file.
    pub(super) fn of(file: &Path) -> Self {
        Self {
            path: file.parent().unwrap_or(Path::new("")).to_owned(),
            open: false,
        }
    }

    /// The same, with the contracts beside it.
    pub(super) fn with_surroundings(file: &Path) -> Self {
        Self {
            open: true,
            ..Self::of(file)
        }
    }

    /// A link inside the folder must not lead out of it.
    fn inside(&self, file: &Path) -> std::io::Result<bool> {
        let folder = match self.path.as_os_str().is_empty() {
            true => Path::new("."),
            false => &self.path,
        };
        let file = file.canonicalize()?;
        let ending = file.extension().and_then(|ending| ending.to_str());
        let is_contract = ending.is_some_and(|ending| ENDINGS.contains(&ending));
        Ok((self.open && is_contract) || file.starts_with(folder.canonicalize()?))
    }
}

impl Folder for Directory {
    fn text(&self, relative: &str) -> Result<String, FolderError> {
        let file = self.path.join(relative);
        let unreadable = |reason: String| FolderError::Unreadable {
            name: relative.to_owned(),
            reason,
        };
        match self.inside(&file) {
            Ok(true) => {}
            Ok(false) => return Err(FolderError::Outside(relative.to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(unreadable("there is no such file".to_owned()));
            }
            Err(error) => return Err(unreadable(error.to_string())),
        }
        let bytes = std::fs::read(&file).map_err(|error| unreadable(error.to_string()))?;
        text::decode(bytes).map_err(unreadable)
    }

    fn display(&self, relative: &str) -> String {
        let path = self.path.join(relative);
        path.to_string_lossy().replace('\\', "/")
    }

    fn is_open(&self) -> bool {
        self.open
    }
}

/// The normalised path of `file` as seen from the folder of the file `from`, both relative to
/// the contract's folder. Where that is `open`, the path may begin with `..`.
pub(super) fn resolve(from: &str, file: &str, open: bool) -> Result<String, FolderError> {
    let outside = || FolderError::Outside(file.to_owned());
    let joined = Path::new(from)
        .parent()
        .unwrap_or(Path::new(""))
        .join(file.replace('\\', "/"));
    let mut steps: Vec<String> = Vec::new();
    for component in joined.components() {
        match component {
            Component::Normal(step) => steps.push(step.to_string_lossy().into_owned()),
            Component::CurDir => {}
            Component::ParentDir => match steps.last().map(String::as_str) {
                None | Some("..") if open => steps.push("..".to_owned()),
                None => return Err(outside()),
                Some(_) => drop(steps.pop()),
            },
            Component::RootDir | Component::Prefix(_) => return Err(outside()),
        }
    }
    Ok(steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let table = [
            ("api.yaml", "schemas/a.yaml", Some("schemas/a.yaml")),
            ("schemas/a.yaml", "b.yaml", Some("schemas/b.yaml")),
            ("schemas/a.yaml", "../api.yaml", Some("api.yaml")),
            ("schemas/a.yaml", "./x/../b.yaml", Some("schemas/b.yaml")),
            ("api.yaml", "../a.yaml", None),
            ("schemas/a.yaml", "../../a.yaml", None),
            ("api.yaml", "/etc/passwd", None),
        ];
        for (from, file, expected) in table {
            let resolved = resolve(from, file, false).ok();
            assert_eq!(resolved.as_deref(), expected, "{file} from {from}");
        }
    }

    #[test]
    fn paths_out_of_an_open_folder() {
        let table = [
            ("api.yaml", "../a.yaml", Some("../a.yaml")),
            ("../common/a.yaml", "../../b.yaml", Some("../../b.yaml")),
            ("../common/a.yaml", "../api/b.yaml", Some("../api/b.yaml")),
            ("api.yaml", "/etc/a.yaml", None),
        ];
        for (from, file, expected) in table {
            let resolved = resolve(from, file, true).ok();
            assert_eq!(resolved.as_deref(), expected, "{file} from {from}");
        }
    }
}
