//! The command line as a person meets it: words, files, exit codes.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how the helpers of a test fail"
)]

mod accepted;
mod code;
mod drift;
mod help;
mod history;
mod place;
mod regenerate;
mod vendor;
