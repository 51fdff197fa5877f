//! What only a sandbox on PostgreSQL has: schemas, servers that go away, and several processes.
//!
//! These tests need a server: `.ci/postgres run cargo test -p offblocks-sandbox`.

mod opening;
mod outages;
#[cfg(unix)]
mod processes;
mod programmes;
mod proxy;
mod servers;
mod shared;
