//! Where a document comes from.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A file, an http(s) URL, or a file at a git revision (`git:REV:PATH`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file of this machine.
    File(PathBuf),
    /// An http(s) URL.
    Url(String),
    /// A file of a repository.
    Git {
        /// Anything that names a commit.
        revision: String,
        /// From the repository's root.
        path: String,
    },
}

/// Why a word names no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// `git:` is not followed by two parts.
    #[error("`{0}` names no file at a revision; write git:REV:PATH, as in git:main:api.yaml")]
    Git(String),
    /// Another scheme than http or https. Only the scheme is kept: what follows may be secret.
    #[error("`{0}:` cannot be fetched: only http and https URLs, files and git:REV:PATH can")]
    Scheme(String),
    /// A URL carries a user name, which would end up in records and reports.
    #[error("the URL carries credentials, which records and reports would keep; leave them out")]
    Credentials,
    /// Nothing at all.
    #[error("a source is a file, an http(s) URL or git:REV:PATH")]
    Empty,
}

impl Source {
    /// The last part of the path.
    #[must_use]
    pub fn file_name(&self) -> &str {
        let last = |path: &'_ str| path.rfind('/').map_or(0, |slash| slash + 1);
        match self {
            Self::File(path) => path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default(),
            Self::Git { path, .. } => &path[last(path)..],
            Self::Url(url) => {
                let path = url.split(['?', '#']).next().unwrap_or_default();
                &path[last(path)..]
            }
        }
    }
}

impl FromStr for Source {
    type Err = SourceError;

    fn from_str(word: &str) -> Result<Self, SourceError> {
        if word.is_empty() {
            return Err(SourceError::Empty);
        }
        if has_credentials(word) {
            return Err(SourceError::Credentials);
        }
        if let Some(rest) = word.strip_prefix("git:") {
            return match rest.split_once(':') {
                Some((revision, path)) if is_revision(revision) && !path.is_empty() => {
                    Ok(Self::Git {
                        revision: revision.to_owned(),
                        path: path.to_owned(),
                    })
                }
                _ => Err(SourceError::Git(word.to_owned())),
            };
        }
        match word.split_once("://") {
            None => Ok(Self::File(word.into())),
            Some((scheme, _)) if is_web(scheme) => Ok(Self::Url(word.to_owned())),
            Some((scheme, _)) => Err(SourceError::Scheme(scheme.to_owned())),
        }
    }
}

/// A revision that git would take for an option is none.
fn is_revision(word: &str) -> bool {
    !word.is_empty() && !word.starts_with('-')
}

/// Whether a user name, and perhaps a password, stands before the host of any URL in a word.
fn has_credentials(word: &str) -> bool {
    let rest = word.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next();
    authority.is_some_and(|it| it.contains('@'))
}

fn is_web(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.write_str(&path.to_string_lossy().replace('\\', "/")),
            Self::Url(url) => f.write_str(url),
            Self::Git { revision, path } => write!(f, "git:{revision}:{path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_names_a_source_or_says_what_would() {
        let git = |revision: &str, path: &str| {
            Ok(Source::Git {
                revision: revision.to_owned(),
                path: path.to_owned(),
            })
        };
        let table = [
            ("api.yaml", Ok(Source::File("api.yaml".into()))),
            (
                "../a b/api.yaml",
                Ok(Source::File("../a b/api.yaml".into())),
            ),
            (
                "https://x.example/api.yaml?v=1",
                Ok(Source::Url("https://x.example/api.yaml?v=1".into())),
            ),
            (
                "HTTP://x.example/a@b",
                Ok(Source::Url("HTTP://x.example/a@b".into())),
            ),
            ("git:main:dir/api.yaml", git("main", "dir/api.yaml")),
            ("git:HEAD~3:a:b", git("HEAD~3", "a:b")),
            ("git:main", Err(SourceError::Git("git:main".into()))),
            (
                "git::api.yaml",
                Err(SourceError::Git("git::api.yaml".into())),
            ),
            (
                "git:--upload-pack=x:a",
                Err(SourceError::Git("git:--upload-pack=x:a".into())),
            ),
            ("ftp://x.example/a", Err(SourceError::Scheme("ftp".into()))),
            (
                "https://user:word@x.example/a",
                Err(SourceError::Credentials),
            ),
            ("ftp://user:word@x/a", Err(SourceError::Credentials)),
            ("git:https://user:word@x/a", Err(SourceError::Credentials)),
            ("", Err(SourceError::Empty)),
        ];
        for (word, source) in table {
            assert_eq!(word.parse::<Source>(), source, "{word:?}");
        }
    }

    #[test]
    fn a_source_has_a_file_name() {
        for (word, name) in [
            ("../a/api.yaml", "api.yaml"),
            ("https://x.example/v1/api.json?x=/y", "api.json"),
            ("git:main:dir/api.yaml", "api.yaml"),
            ("git:main:api.yaml", "api.yaml"),
        ] {
            let source: Source = word.parse().unwrap();
            assert_eq!(source.file_name(), name, "{word}");
            assert_eq!(source.to_string(), word);
        }
    }
}
