//! Files by their paths.

use std::collections::BTreeMap;

/// Texts by relative path (`cards.rs`, `support/decimal.rs`), in the order of their paths.
///
/// Paths use forward slashes and stay below their root; texts end their lines with a line feed
/// alone, whatever the platform.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSet(BTreeMap<String, String>);

/// Why a file cannot join a set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileSetError {
    /// The set has a file of that path, or of a path that some file systems treat as the same.
    #[error("two generated files want the path `{path}`; rename one of them")]
    Duplicate {
        /// The path.
        path: String,
    },
    /// The path is absolute, leaves its root, or is spelt in a platform's own way.
    #[error("`{path}` is not a path below a folder; use names joined by `/`")]
    Path {
        /// The path.
        path: String,
    },
}

impl FileSet {
    /// No files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file. Carriage returns before line feeds are dropped.
    ///
    /// # Errors
    ///
    /// [`FileSetError::Path`] unless the path stays below its root, [`FileSetError::Duplicate`]
    /// when it is taken, letter case apart.
    pub fn insert(
        &mut self,
        path: impl Into<String>,
        text: impl Into<String>,
    ) -> Result<(), FileSetError> {
        let (path, text) = (path.into(), text.into());
        check_path(&path)?;
        if self.0.keys().any(|taken| taken.eq_ignore_ascii_case(&path)) {
            return Err(FileSetError::Duplicate { path });
        }
        let text = if text.contains("\r\n") {
            text.replace("\r\n", "\n")
        } else {
            text
        };
        self.0.insert(path, text);
        Ok(())
    }

    /// The text at a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Paths and texts, in the order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The same files with other texts.
    #[must_use]
    pub fn map(&self, text: impl Fn(&str) -> String) -> Self {
        let mapped = self.0.iter().map(|(path, old)| (path.clone(), text(old)));
        Self(mapped.collect())
    }

    /// How many files.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same files below a folder.
    ///
    /// # Errors
    ///
    /// [`FileSetError::Path`] unless the folder is a path below its root.
    pub fn prefixed(self, folder: &str) -> Result<Self, FileSetError> {
        check_path(folder)?;
        let below = |(path, text)| (format!("{folder}/{path}"), text);
        Ok(Self(self.0.into_iter().map(below).collect()))
    }

    /// Adds every file of another set.
    ///
    /// # Errors
    ///
    /// [`FileSetError::Duplicate`] when a path is taken.
    pub fn merge(&mut self, other: Self) -> Result<(), FileSetError> {
        other
            .0
            .into_iter()
            .try_for_each(|(path, text)| self.insert(path, text))
    }
}

/// Whether a path is made of names joined by `/`, none of which leads up or elsewhere.
pub(super) fn check_path(path: &str) -> Result<(), FileSetError> {
    let name = |name: &str| !matches!(name, "" | "." | "..") && !name.contains(['\\', ':', '\0']);
    if path.split('/').all(name) {
        Ok(())
    } else {
        Err(FileSetError::Path {
            path: path.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_its_root() {
        for path in [
            "", "/a", "a/", "a//b", "../a", "a/../b", "./a", "a\\b", "c:a", "a/\0",
        ] {
            let rejected = FileSet::new().insert(path, "");
            assert_eq!(
                rejected,
                Err(FileSetError::Path {
                    path: path.to_owned()
                }),
                "{path:?}"
            );
        }
        for path in ["a", "a.rs", "a/b.rs", "..a", "a..", ".hidden"] {
            assert_eq!(FileSet::new().insert(path, ""), Ok(()), "{path:?}");
        }
    }

    #[test]
    fn a_path_is_taken_once_whatever_its_case() {
        let mut set = FileSet::new();
        set.insert("a/Card.rs", "1").unwrap();
        assert_eq!(
            set.insert("a/card.rs", "2"),
            Err(FileSetError::Duplicate {
                path: "a/card.rs".to_owned()
            })
        );
        assert_eq!(set.get("a/Card.rs"), Some("1"));
    }

    #[test]
    fn lines_end_with_a_line_feed() {
        let mut set = FileSet::new();
        set.insert("a", "1\r\n2\n").unwrap();
        assert_eq!(set.get("a"), Some("1\n2\n"));
    }

    #[test]
    fn sets_join_below_folders() {
        let mut one = FileSet::new();
        one.insert("b.rs", "1").unwrap();
        let mut both = one.clone().prefixed("x/y").unwrap();
        both.merge(one.prefixed("a").unwrap()).unwrap();
        assert_eq!(
            both.iter().collect::<Vec<_>>(),
            [("a/b.rs", "1"), ("x/y/b.rs", "1")]
        );
    }
}
