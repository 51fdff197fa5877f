//! The exit codes of calls, by the kind of the failure.

use std::process::ExitCode;

use offblocks_client::{Error, ErrorKind};

/// The exit code of a command when a call of the API fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Code(u8);

/// The part of a help text that says what the exit codes of calls mean.
pub(crate) const HELP: &str = "Exit codes:
   0  it worked
   1  it failed before a call was made, or in a way that is not listed here
   2  the command line is wrong
  10  the request is malformed or not allowed (400, 403, 422)
  11  credentials, token or signature were rejected (401)
  12  what was asked for does not exist (404)
  13  the state of things does not allow it (409)
  14  the server asks for fewer calls (429)
  15  the server failed (5xx)
  16  no connection was made; nothing was carried out
  17  no whole response came in time; nothing was changed
  18  a change may have been carried out; repeat it with the idempotency key that the message names
  19  the response is not what the contract says
 141  the reader of the output closed it, as `head` does; the command ends without a message";

impl Code {
    /// It failed, in a way that has no code of its own.
    pub(crate) const FAILED: Self = Self(1);
    /// The command line is wrong.
    pub(crate) const USAGE: Self = Self(2);

    /// The reader of the output closed it: what a shell shows for a program that SIGPIPE ends.
    pub(crate) const PIPE_CLOSED: Self = Self(141);

    /// The code of a failed call.
    pub(crate) fn of(error: &Error) -> Self {
        match error.is_outcome_unknown() {
            true => Self(18),
            false => Self::of_kind(error.kind()),
        }
    }

    fn of_kind(kind: ErrorKind) -> Self {
        Self(match kind {
            ErrorKind::BadRequest | ErrorKind::Forbidden | ErrorKind::Unprocessable => 10,
            ErrorKind::Unauthorised => 11,
            ErrorKind::NotFound => 12,
            ErrorKind::Conflict | ErrorKind::StillRunning => 13,
            ErrorKind::RateLimited => 14,
            ErrorKind::Server => 15,
            ErrorKind::Connect => 16,
            ErrorKind::Timeout | ErrorKind::Interrupted => 17,
            ErrorKind::OutcomeUnknown => 18,
            ErrorKind::Decode | ErrorKind::UnexpectedStatus => 19,
            // Setup, and kinds to come.
            _ => 1,
        })
    }
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_the_command_lists_the_same_codes() {
        let page = include_str!("../README.md");
        for line in HELP.lines().skip(1) {
            let (code, meaning) = line.trim().split_once("  ").unwrap();
            let row = format!("| {code} | {meaning} |");
            assert!(page.contains(&row), "README.md lacks the row: {row}");
        }
    }

    #[test]
    fn each_code_is_in_the_help() {
        for kind in [
            ErrorKind::Setup,
            ErrorKind::BadRequest,
            ErrorKind::Unauthorised,
            ErrorKind::NotFound,
            ErrorKind::Conflict,
            ErrorKind::RateLimited,
            ErrorKind::Server,
            ErrorKind::Connect,
            ErrorKind::Timeout,
            ErrorKind::OutcomeUnknown,
            ErrorKind::Decode,
        ] {
            let Code(code) = Code::of_kind(kind);
            let line = format!("\n{code:>4}  ");
            assert!(HELP.contains(&line), "add a line for {code} ({kind:?})");
        }
    }
}
