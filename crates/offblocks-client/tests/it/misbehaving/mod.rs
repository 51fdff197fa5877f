//! A server that does everything a server should not do. Whatever it does, a call ends within its
//! time, with an error of the right kind whose text helps, and a change is never sent twice without
//! its key.

mod accepted;
mod broken;
mod conflicts;
mod connections;
mod foreign;
mod http2;
mod rejected;
mod run;
mod script;
mod tokens;
mod turns;
mod unending;
