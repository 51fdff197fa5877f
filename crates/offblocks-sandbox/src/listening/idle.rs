//! The connections that wait for a request, the longest waiting first.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::settings::Limits;

/// The connections that wait for a request, by the order in which they began to.
#[derive(Debug, Default)]
pub(super) struct Idle {
    next: AtomicU64,
    waiting: Mutex<BTreeMap<u64, Arc<Notify>>>,
}

impl Idle {
    /// Asks the connection that has waited for longest to close. `false` when none waits.
    pub(super) fn evict(&self) -> bool {
        let longest = self.lock().pop_first();
        if let Some((_, leave)) = &longest {
            leave.notify_one();
        }
        longest.is_some()
    }

    fn enter(&self, leave: &Arc<Notify>) -> u64 {
        let ticket = self.next.fetch_add(1, Ordering::Relaxed);
        self.lock().insert(ticket, Arc::clone(leave));
        ticket
    }

    fn leave(&self, ticket: u64) {
        self.lock().remove(&ticket);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Notify>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a connection is doing now, as far as its deadlines go.
#[derive(Debug)]
pub(super) struct Activity {
    idle: Arc<Idle>,
    /// Tells the connection to close as soon as it can.
    pub(super) leave: Arc<Notify>,
    phase: Mutex<Phase>,
    limits: Limits,
    linger: std::sync::atomic::AtomicBool,
    ending: Mutex<Option<Ending>>,
}

/// How a connection ends that is cut off on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// It is reset (RST).
    Reset,
    /// It is closed (FIN).
    Close,
    /// It is closed once the client was told that the target of its request is too long.
    TargetTooLong,
}

/// The most bytes of a request's first line. What is longer is not read to its end, so it does not
/// matter how much longer it is.
const LONGEST_LINE: usize = 16 * 1024;

#[derive(Debug, Clone, Copy)]
enum Phase {
    /// Nothing of the next request has arrived.
    Waiting { ticket: u64, since: Instant },
    /// A part of a head has arrived.
    Head {
        ticket: u64,
        since: Instant,
        /// How much of its first line, as long as that has not ended.
        line: Option<usize>,
    },
    /// A request is being worked on; bodies have deadlines of their own.
    Busy,
}

/// When a connection is to be given up, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deadline {
    /// By then the next request has to begin.
    Idle(Instant),
    /// By then its head has to be there.
    Head(Instant),
}

impl Deadline {
    pub(super) fn instant(self) -> Instant {
        match self {
            Self::Idle(instant) | Self::Head(instant) => instant,
        }
    }
}

impl Activity {
    pub(super) fn new(idle: Arc<Idle>, limits: Limits) -> Arc<Self> {
        let leave = Arc::new(Notify::new());
        let phase = Phase::Waiting {
            ticket: idle.enter(&leave),
            since: Instant::now(),
        };
        Arc::new(Self {
            idle,
            leave,
            phase: Mutex::new(phase),
            limits,
            linger: false.into(),
            ending: Mutex::new(None),
        })
    }

    /// Bytes arrived. Where they make the first line of a request too long, the connection ends.
    pub(super) fn heard(&self, bytes: &[u8]) {
        let mut phase = self.lock();
        if let Phase::Waiting { ticket, .. } = *phase {
            *phase = Phase::Head {
                ticket,
                since: Instant::now(),
                // What arrives on a connection that closes is the rest of a body.
                line: (!self.lingers()).then_some(0),
            };
        }
        if let Phase::Head { line, .. } = &mut *phase {
            *line = line
                .filter(|_| !bytes.contains(&b'\n'))
                .map(|length| length + bytes.len());
            if line.is_some_and(|length| length > LONGEST_LINE) {
                self.end_by(Ending::TargetTooLong);
            }
        }
    }

    /// Bytes were sent: a client that takes its response is not idle.
    pub(super) fn sent(&self) {
        if let Phase::Waiting { since, .. } = &mut *self.lock() {
            *since = Instant::now();
        }
    }

    /// A request has begun.
    pub(super) fn begin(&self) {
        let mut phase = self.lock();
        if let Phase::Waiting { ticket, .. } | Phase::Head { ticket, .. } = *phase {
            self.idle.leave(ticket);
        }
        *phase = Phase::Busy;
    }

    /// The response is ready.
    pub(super) fn end(&self) {
        *self.lock() = Phase::Waiting {
            ticket: self.idle.enter(&self.leave),
            since: Instant::now(),
        };
    }

    /// The client may still be sending when the connection closes.
    pub(super) fn set_linger(&self) {
        self.linger.store(true, Ordering::Relaxed);
    }

    /// The connection ends now, in this way, whatever its response still needs.
    pub(super) fn end_by(&self, ending: Ending) {
        let mut present = self.ending.lock().unwrap_or_else(PoisonError::into_inner);
        *present = Some(ending);
    }

    /// How the connection has to end now, if it has to.
    pub(super) fn ending(&self) -> Option<Ending> {
        *self.ending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// See [`Activity::set_linger`].
    pub(super) fn lingers(&self) -> bool {
        self.linger.load(Ordering::Relaxed)
    }

    pub(super) fn deadline(&self) -> Option<Deadline> {
        match *self.lock() {
            Phase::Waiting { since, .. } => Some(Deadline::Idle(since + self.limits.idle_timeout)),
            Phase::Head { since, .. } => Some(Deadline::Head(since + self.limits.head_timeout)),
            Phase::Busy => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Activity {
    fn drop(&mut self) {
        let phase = *self.lock();
        if let Phase::Waiting { ticket, .. } | Phase::Head { ticket, .. } = phase {
            self.idle.leave(ticket);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_longest_idle_connection_goes_first_and_a_busy_one_never() {
        let idle = Arc::new(Idle::default());
        let new = || Activity::new(Arc::clone(&idle), Limits::default());
        let (first, second, busy) = (new(), new(), new());
        busy.begin();
        first.begin();
        first.end();
        assert!(idle.evict());
        second.leave.notified().await;
        assert!(idle.evict());
        first.leave.notified().await;
        assert!(!idle.evict(), "the busy one stays");
        busy.end();
        drop(busy);
        assert!(!idle.evict(), "the closed one is forgotten");
    }

    #[test]
    fn the_first_line_of_a_request_is_bounded_and_the_other_lines_are_not() {
        let long = [b'x'; 6 * 1024];
        let activity = Activity::new(Arc::default(), Limits::default());
        activity.heard(b"GET / HTTP/1.1\r\n");
        for _ in 0..4 {
            activity.heard(&long);
        }
        assert_eq!(activity.ending(), None);
        activity.begin();
        activity.heard(&[long, long, long].concat());
        assert_eq!(activity.ending(), None, "that was a body");
        activity.end();
        activity.heard(&long);
        activity.heard(&long);
        assert_eq!(activity.ending(), None);
        activity.heard(&long);
        assert_eq!(activity.ending(), Some(Ending::TargetTooLong));
    }

    #[test]
    fn the_rest_of_a_body_that_was_not_read_is_not_a_first_line() {
        let activity = Activity::new(Arc::default(), Limits::default());
        activity.begin();
        activity.set_linger();
        activity.end();
        activity.heard(&[b'x'; 100 * 1024]);
        assert_eq!(activity.ending(), None);
    }

    #[test]
    fn deadlines_follow_what_the_client_does() {
        let limits = Limits::default();
        let activity = Activity::new(Arc::default(), limits);
        let waiting = activity.deadline();
        assert!(matches!(waiting, Some(Deadline::Idle(_))), "{waiting:?}");
        activity.heard(b"GET / ");
        let head = activity.deadline();
        assert!(matches!(head, Some(Deadline::Head(_))), "{head:?}");
        activity.heard(b"HTTP/1.1");
        assert_eq!(activity.deadline(), head, "more bytes buy no more time");
        activity.begin();
        assert_eq!(activity.deadline(), None);
        activity.end();
        let waiting = activity.deadline().map(Deadline::instant);
        activity.sent();
        let sent = activity.deadline().map(Deadline::instant);
        assert!(
            sent >= waiting,
            "a client that takes its response has more time"
        );
        assert!(sent >= Some(Instant::now() + limits.idle_timeout / 2));
    }
}
