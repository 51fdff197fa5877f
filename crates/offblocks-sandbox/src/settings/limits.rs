//! Sizes and time limits for the clients of a sandbox.

use std::time::Duration;

/// Sizes and time limits for the clients of a sandbox.
///
/// Some limits are fixed: a request whose target has more than 8,000 bytes is a 414, and a request whose
/// head has more than about 40 KiB is a 431 without a body.
///
/// With the defaults, one slow or hostile client does not harm the others, and there is room within the
/// 1,024 open files that most systems allow a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How many connections are open at once. Beyond them, the one that has been idle for longest
    /// is closed in favour of a new one; where none is idle, the new one gets a 503.
    pub connections: usize,
    /// How long the head of a request (request line and headers) may take from its first byte.
    /// A client that takes longer gets a 408.
    pub head_timeout: Duration,
    /// How long a connection stays open between two requests, and before the first.
    pub idle_timeout: Duration,
    /// How long a body may take from its first wait to its last byte. Then it is a 408.
    pub body_timeout: Duration,
    /// How long a body may send no bytes. Then it is a 408.
    pub body_idle_timeout: Duration,
    /// How many bytes of bodies are held at once, over all requests. Beyond them, it is a 503.
    pub body_bytes: usize,
    /// How many bytes one body may have where the contract asks for no token; more is a 413.
    pub anonymous_body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            head_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            body_timeout: Duration::from_secs(60),
            body_idle_timeout: Duration::from_secs(10),
            body_bytes: 64 * 1024 * 1024,
            anonymous_body_bytes: 16 * 1024,
        }
    }
}
