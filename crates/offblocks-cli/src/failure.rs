//! Why a command failed, in one line for people.

use std::error::Error;
use std::fmt;
use std::io;

use serde_json::{Map, Value, json};

use crate::exit_code::Code;

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    text: String,
    code: Code,
    /// The properties of a failed call, for programs.
    known: Map<String, Value>,
    /// Whether a program reads it.
    json: bool,
    /// Whether only the exit code tells of it.
    silent: bool,
}

impl Failure {
    /// What did not work, and its error.
    pub(crate) fn new(what: &str, error: impl Error) -> Self {
        Self::because(format!("{what}: {}", chain(&error)))
    }

    /// A reason as text.
    pub(crate) fn because(reason: impl Into<String>) -> Self {
        Self {
            text: reason.into(),
            code: Code::FAILED,
            known: Map::new(),
            json: false,
            silent: false,
        }
    }

    /// The output could not be written. Where its reader has closed the pipe, no message is printed, as where
    /// the signal SIGPIPE ends a program.
    pub(crate) fn unprinted(error: io::Error) -> Self {
        let closed = error.kind() == io::ErrorKind::BrokenPipe;
        let failure = Self::new("cannot print", error);
        match closed {
            true => Self {
                code: Code::PIPE_CLOSED,
                silent: true,
                ..failure
            },
            false => failure,
        }
    }

    /// The command line is wrong, which was found only when it was used.
    pub(crate) fn usage(reason: impl Into<String>) -> Self {
        Self {
            code: Code::USAGE,
            ..Self::because(reason)
        }
    }

    /// A call failed. Its text holds no secret.
    pub(crate) fn of_call(error: &offblocks_client::Error) -> Self {
        let mut known = Map::new();
        let mut add = |name: &str, value: Option<Value>| {
            value.map(|value| known.insert(name.to_owned(), value));
        };
        add("kind", Some(error.kind().as_str().into()));
        add("operation", Some(error.operation().into()));
        add(
            "status",
            error.status().map(|status| status.as_u16().into()),
        );
        add("requestId", error.request_id().map(Value::from));
        let key = error.idempotency_key().map(|key| key.to_string());
        add("idempotencyKey", key.map(Value::from));
        add("outcomeUnknown", Some(error.is_outcome_unknown().into()));
        Self {
            text: chain(error),
            code: Code::of(error),
            known,
            json: false,
            silent: false,
        }
    }

    /// The same failure, with what has happened before in front of it.
    pub(crate) fn after(self, happened: &str) -> Self {
        let text = format!("{happened}: {}", self.text);
        self.saying(text)
    }

    /// The same failure in other words.
    pub(crate) fn saying(self, text: String) -> Self {
        Self { text, ..self }
    }

    /// The same failure for a program where `json` says so: one line of JSON.
    pub(crate) fn in_json(self, json: bool) -> Self {
        Self { json, ..self }
    }

    /// Whether only the exit code tells of it.
    pub(crate) fn is_silent(&self) -> bool {
        self.silent
    }

    /// The exit code of the command.
    pub(crate) fn code(&self) -> Code {
        self.code
    }

    /// The line for a program, where one reads it.
    pub(crate) fn as_json(&self) -> Option<String> {
        let mut error = self.known.clone();
        error.insert("message".to_owned(), self.text.clone().into());
        self.json.then(|| json!({ "error": error }).to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
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
