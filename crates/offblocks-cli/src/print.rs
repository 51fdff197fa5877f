//! The outcome of a command: lines for people, or one line of JSON.

use std::fmt::Display;
use std::io::{self, Write as _};

use serde_json::Value;

use crate::failure::Failure;

/// Prints a value as one line of JSON, or these lines.
pub(crate) fn print(json: bool, value: &Value, lines: &[String]) -> Result<(), Failure> {
    let line = value.to_string();
    let lines = if json {
        std::slice::from_ref(&line)
    } else {
        lines
    };
    let mut out = io::stdout().lock();
    let written = lines.iter().try_for_each(|line| writeln!(out, "{line}"));
    let written = written.and_then(|()| out.flush());
    written.map_err(Failure::unprinted)
}

/// A number, with the words for one thing or for several.
pub(crate) fn counted<N: Display + PartialEq + From<u8>>(
    number: N,
    one: &str,
    more: &str,
) -> String {
    let words = if number == N::from(1) { one } else { more };
    format!("{number} {words}")
}
