//! Which publication the vendored contract follows.

use super::Committed;
use std::fmt::Write as _;
use toml::value::Datetime;
use toml::{Table, Value};

/// The content of `openapi/upstream.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Where publications live.
    pub repository: Option<String>,
    /// The commit that holds this one.
    pub commit: Option<String>,
    /// The day of that commit, as YYYY-MM-DD.
    pub date: Option<String>,
    /// The URL it was fetched from, where that is how it came.
    pub url: Option<String>,
    /// The published file's name.
    pub file: String,
    /// SHA-256 of the published file's bytes, lowercase hexadecimal.
    pub sha256: String,
    /// The licence it is published under, an SPDX expression.
    pub licence: Option<String>,
}

/// Why a record cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// It is not valid TOML.
    #[error("{0}")]
    Syntax(#[from] toml::de::Error),
    /// A text is not a valid day.
    #[error("`{0}` is not a valid day; write it as YYYY-MM-DD")]
    Day(String),
    /// A value that has to be there is not, or is of another kind.
    #[error("`{key}` is missing or is not a {kind}")]
    Value {
        /// Its key.
        key: &'static str,
        /// What it has to be.
        kind: &'static str,
    },
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    ///
    /// [`RecordError`] when it is not valid TOML or lacks file or hash.
    pub fn parse(text: &str) -> Result<Self, RecordError> {
        let table: Table = text.parse()?;
        let text = |key: &str| match table.get(key) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Datetime(date)) => Some(date.to_string()),
            _ => None,
        };
        let required = |key: &'static str| {
            text(key).ok_or(RecordError::Value {
                key,
                kind: "string",
            })
        };
        Ok(Self {
            repository: text("repository"),
            commit: text("commit"),
            date: text("date"),
            url: text("url"),
            file: required("file")?,
            sha256: required("sha256")?,
            licence: text("licence"),
        })
    }

    /// The record as a file, with a word on each key.
    #[must_use]
    pub fn render(&self) -> String {
        let mut out = HEAD.to_owned();
        let mut group = |about: &str, lines: &[(&str, Option<&str>)]| {
            if lines.iter().any(|(_, value)| value.is_some()) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\n# {about}\n");
            }
            for (key, value) in lines {
                if let Some(value) = value {
                    let _ = writeln!(out, "{key} = {}", value_of(key, value));
                }
            }
        };
        group(
            "Where the publication lives.",
            &[("repository", self.repository.as_deref())],
        );
        group(
            "The commit that holds it, and the day it was made.",
            &[
                ("commit", self.commit.as_deref()),
                ("date", self.date.as_deref()),
            ],
        );
        group(
            "Where it was fetched from.",
            &[("url", self.url.as_deref())],
        );
        group(
            "The published file's name, the SHA-256 of its bytes, and the licence it is published \
             under.",
            &[
                ("file", Some(&self.file)),
                ("sha256", Some(&self.sha256)),
                ("licence", self.licence.as_deref()),
            ],
        );
        out
    }

    /// The record of a file at a commit: what was recorded there, if the file was vendored then.
    pub(super) fn of_commit(self, committed: &Committed) -> Result<Self, RecordError> {
        if let Some(text) = &committed.record {
            return Self::parse(text);
        }
        Ok(Self {
            repository: committed.repository.clone().or(self.repository),
            commit: Some(committed.commit.clone()),
            date: Some(committed.date.clone()),
            ..self
        })
    }
}

/// A day as a record has it.
///
/// # Errors
///
/// [`RecordError::Day`] unless the word is YYYY-MM-DD and there is such a day.
pub fn day(word: &str) -> Result<String, RecordError> {
    match word.parse::<Datetime>() {
        Ok(Datetime {
            time: None,
            offset: None,
            ..
        }) => Ok(word.to_owned()),
        _ => Err(RecordError::Day(word.to_owned())),
    }
}

const HEAD: &str = "\
# Which publication `offblocks.yaml` follows. `cargo xtask vendor` keeps this file; by hand there is
# nothing to edit.
";

/// Dates are written as such, everything else as a string.
fn value_of(key: &str, value: &str) -> String {
    if key == "date" && day(value).is_ok() {
        value.to_owned()
    } else {
        format!("\"{}\"", value.escape_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        let full = Record {
            repository: Some("https://git.example/api".to_owned()),
            commit: Some("46e7923".to_owned()),
            date: Some("2024-02-02".to_owned()),
            url: Some("https://git.example/api.yaml".to_owned()),
            file: "api \"1\".yaml".to_owned(),
            sha256: "00ff".to_owned(),
            licence: Some("Apache-2.0".to_owned()),
        };
        let bare = Record {
            file: "api.yaml".to_owned(),
            sha256: "00ff".to_owned(),
            ..Record::default()
        };
        for record in [full, bare] {
            assert_eq!(Record::parse(&record.render()), Ok(record));
        }
    }

    #[test]
    fn the_record_in_use_is_written_as_it_stands() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/upstream.toml");
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(Record::parse(&text).unwrap().render(), text);
    }

    #[test]
    fn a_day_is_a_date_and_nothing_else() {
        assert_eq!(day("2024-02-29"), Ok("2024-02-29".to_owned()));
        for word in [
            "",
            "yesterday",
            "2024-2-9",
            "2023-02-29",
            "12:00:00",
            "2024-02-02T12:00:00Z",
        ] {
            assert_eq!(day(word), Err(RecordError::Day(word.to_owned())));
        }
    }

    #[test]
    fn a_record_without_a_hash_is_rejected() {
        let rejected = Record::parse("file = \"api.yaml\"\n");
        let error = RecordError::Value {
            key: "sha256",
            kind: "string",
        };
        assert_eq!(rejected, Err(error));
    }
}
