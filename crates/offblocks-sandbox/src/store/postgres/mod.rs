//! The code for PostgreSQL alone: connecting, recognising a schema, and notices between several
//! processes on one schema.

mod connect;
mod instance;
mod notice;
mod recognise;
mod revision;
mod session;

pub(super) use connect::Connector;
pub(super) use instance::Instance;
pub(super) use notice::{Notice, notify};
pub(super) use recognise::{drop_schema, is_missing, is_new, open};
pub(super) use revision::is_behind;
pub(crate) use session::KeyLock;
pub(super) use session::Session;
