//! The files that generated code reads bodies with, by themselves: bytes may be cut anywhere.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how the helpers of a test fail"
)]

#[path = "../../src/emit/runtime/records.rs"]
#[expect(dead_code, reason = "generated code uses what is not tested here")]
mod records;
#[path = "../../src/emit/server/runtime/splitter.rs"]
mod splitter;

mod multipart;
mod streams;
