//! The session against a small server over real HTTP.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how the helpers of a test fail"
)]

mod blocking;
mod calls;
mod contract;
mod drift;
mod faults;
mod one_tag;
mod retries;
mod server;
mod shapes;
mod tls;
mod tokens;
mod transport;
mod untyped;
