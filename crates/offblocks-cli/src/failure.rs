//! Why a command failed, in one line for people.

use std::error::Error;
use std::fmt;

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// What did not work, and the error beneath.
    pub(crate) fn new(what: &str, error: impl Error) -> Self {
        Self(format!("{what}: {}", chain(&error)))
    }

    /// A reason as text.
    pub(crate) fn because(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An error with its causes, each one once.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let cause = error.to_string();
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("outside")]
    struct Outside(#[source] std::num::ParseIntError);

    #[test]
    fn a_failure_names_every_cause_once() {
        let error = "x".parse::<u8>().unwrap_err();
        let text = Failure::new("this did not work", Outside(error)).to_string();
        assert_eq!(
            text,
            "this did not work: outside: invalid digit found in string"
        );
    }
}
