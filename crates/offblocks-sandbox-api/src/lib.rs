#![doc = include_str!("../README.md")]

// Generated code names its types by the crate's name, in documentation too.
extern crate self as offblocks_sandbox_api;

#[cfg(feature = "client")]
pub mod client;
#[rustfmt::skip]
mod generated;
#[cfg(feature = "server")]
pub mod server;

pub use generated::*;
