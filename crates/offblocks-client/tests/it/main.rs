//! The session against a small server over real HTTP.

mod calls;
mod server;
mod tokens;
mod transport;
