//! The command line as a person meets it: words, files, exit codes.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how the helpers of a test fail"
)]

mod drift;
mod help;
mod place;
mod regenerate;
mod vendor;
