//! One setting: its text, and where it comes from.

use std::fmt;
use std::path::{Path, PathBuf};

use super::open_to_others;
use crate::build_error::BuildError;

/// The text of a setting. It may be a secret, so it is never shown.
#[derive(Clone)]
pub(crate) struct Setting {
    pub text: String,
    pub source: Source,
}

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// An environment variable.
    Variable(&'static str),
    /// A setting in a file of profiles.
    #[cfg_attr(
        not(feature = "profiles"),
        expect(dead_code, reason = "made by `file`")
    )]
    File {
        setting: &'static str,
        profile: String,
        path: PathBuf,
    },
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => formatter.write_str(name),
            Self::File { setting, .. } => formatter.write_str(setting),
        }
    }
}

impl Setting {
    /// The error for a text that cannot be used. It does not show the text.
    pub(crate) fn rejected(&self, reason: impl ToString) -> BuildError {
        let reason = reason.to_string();
        match &self.source {
            Source::Variable(name) => BuildError::Variable { name, reason },
            Source::File {
                setting,
                profile,
                path,
            } => BuildError::Profile {
                profile: profile.clone(),
                path: path.clone(),
                reason: format!("`{setting}` cannot be used: {reason}"),
            },
        }
    }

    /// The text of the file that this setting names, without white space around it.
    ///
    /// A path in a file of profiles is relative to the folder of that file, and the file must not be
    /// readable by others. A path in a variable is used as it is, since secrets that a container is
    /// given as files are often readable by its group.
    pub(super) fn read_file(self) -> Result<Self, BuildError> {
        let path = match &self.source {
            Source::Variable(_) => PathBuf::from(&self.text),
            Source::File { path, .. } => {
                let folder = path.parent().unwrap_or(Path::new(""));
                let named = folder.join(&self.text);
                let reason = open_to_others(&named).map_err(|error| self.unreadable(&error))?;
                if let Some(reason) = reason {
                    return Err(self.rejected(reason));
                }
                named
            }
        };
        let text = std::fs::read_to_string(path).map_err(|error| self.unreadable(&error))?;
        match text.trim() {
            "" => Err(self.rejected("the file is empty")),
            text => Ok(Self {
                text: text.to_owned(),
                source: self.source,
            }),
        }
    }

    fn unreadable(&self, error: &std::io::Error) -> BuildError {
        self.rejected(format!("the file cannot be read ({})", error.kind()))
    }
}
