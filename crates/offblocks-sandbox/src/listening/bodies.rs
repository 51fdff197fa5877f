//! Bodies on their way in: timed, counted, and read to their end after an early rejection.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use offblocks_server::support::BodyStop;
use tokio::time::{Instant, Sleep, sleep};

use crate::settings::Limits;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// How many bytes of bodies may still be held.
#[derive(Debug)]
pub(super) struct Room(AtomicUsize);

impl Room {
    pub(super) fn new(bytes: usize) -> Arc<Self> {
        Arc::new(Self(AtomicUsize::new(bytes)))
    }

    fn take(&self, bytes: usize) -> bool {
        let less = |left: usize| left.checked_sub(bytes);
        let order = Ordering::Relaxed;
        self.0.fetch_update(order, order, less).is_ok()
    }

    fn give_back(&self, bytes: usize) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// What a request's body holds until its response is ready, and what of it was left unread. Requests
/// carry it in their extensions. Clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct Held(Arc<Holding>);

#[derive(Debug)]
struct Holding {
    room: Arc<Room>,
    taken: AtomicUsize,
    unread: Mutex<Option<Incoming>>,
    /// Whether anything of the body was asked for.
    begun: AtomicBool,
    /// Whether what arrives is handed on at once.
    handed_on: AtomicBool,
}

impl Held {
    /// The handler passes the body on as it comes, so that it is not kept in memory: it may be of any
    /// length from here on, and take as long as something arrives now and then.
    pub(crate) fn hand_on(&self) {
        self.0.handed_on.store(true, Ordering::Relaxed);
    }

    /// The body, if it was dropped before its end.
    pub(super) fn unread(&self) -> Option<Incoming> {
        self.lock().take()
    }

    /// Whether anything of the body was asked for, so that a client that waits for a 100 got it.
    pub(super) fn is_begun(&self) -> bool {
        self.0.begun.load(Ordering::Relaxed)
    }

    fn is_handed_on(&self) -> bool {
        self.0.handed_on.load(Ordering::Relaxed)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Incoming>> {
        self.0.unread.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        self.room.give_back(*self.taken.get_mut());
    }
}

/// A body that fails with a [`BodyStop`] when it takes too long or there is no room for it.
pub(super) struct Guarded {
    /// `None` once it has ended.
    body: Option<Incoming>,
    held: Held,
    limits: Limits,
    /// Made when the body is first waited for: most bodies arrive with their head.
    clock: Option<Clock>,
}

struct Clock {
    /// When the whole body has to be there.
    end: Instant,
    next: Pin<Box<Sleep>>,
}

impl Guarded {
    pub(super) fn new(body: Incoming, limits: Limits, room: &Arc<Room>) -> (Self, Held) {
        let held = Held(Arc::new(Holding {
            room: Arc::clone(room),
            taken: AtomicUsize::new(0),
            unread: Mutex::new(None),
            begun: AtomicBool::new(false),
            handed_on: AtomicBool::new(false),
        }));
        let body = Self {
            body: Some(body),
            held: held.clone(),
            limits,
            clock: None,
        };
        (body, held)
    }

    /// Completes when the body has taken too long.
    fn poll_late(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let limits = self.limits;
        let clock = self.clock.get_or_insert_with(|| Clock {
            end: Instant::now() + limits.body_timeout,
            next: Box::pin(sleep(limits.body_timeout.min(limits.body_idle_timeout))),
        });
        clock.next.as_mut().poll(context)
    }

    /// Something arrived: the wait for the next piece begins anew.
    fn arrived(&mut self) {
        let handed_on = self.held.is_handed_on();
        if let Some(clock) = &mut self.clock {
            let next = Instant::now() + self.limits.body_idle_timeout;
            let next = if handed_on { next } else { next.min(clock.end) };
            clock.next.as_mut().reset(next);
        }
    }

    fn count(&self, bytes: usize) -> Result<(), BodyStop> {
        if self.held.is_handed_on() {
            return Ok(());
        }
        if !self.held.0.room.take(bytes) {
            return Err(BodyStop::NoRoom);
        }
        self.held.0.taken.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }
}

impl Body for Guarded {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        let Some(body) = &mut this.body else {
            return Poll::Ready(None);
        };
        this.held.0.begun.store(true, Ordering::Relaxed);
        let Poll::Ready(frame) = Pin::new(body).poll_frame(context) else {
            ready!(this.poll_late(context));
            return Poll::Ready(Some(Err(BodyStop::TimedOut.into())));
        };
        this.arrived();
        match frame {
            Some(Ok(frame)) => {
                let size = frame.data_ref().map_or(0, Bytes::len);
                let counted = this.count(size).map(|()| frame);
                Poll::Ready(Some(counted.map_err(BoxError::from)))
            }
            other => {
                this.body = None;
                Poll::Ready(other.map(|failed| failed.map_err(BoxError::from)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        if let Some(body) = self.body.take().filter(|body| !body.is_end_stream()) {
            *self.held.lock() = Some(body);
        }
    }
}

/// Reads the rest of a body and throws it away, so that a client that is still sending gets to
/// see the response (RFC 9112, section 9.6). It ends by itself: with the body, after as many bytes
/// as a body may have, or when nothing arrives for a while.
pub(super) async fn drain(mut body: Incoming, patience: Duration, most: usize) {
    let end = Instant::now() + patience;
    let mut left = most;
    while let Ok(Some(Ok(frame))) = tokio::time::timeout_at(end, next_frame(&mut body)).await {
        let size = frame.data_ref().map_or(0, Bytes::len);
        match left.checked_sub(size) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

async fn next_frame(body: &mut Incoming) -> Option<Result<Frame<Bytes>, hyper::Error>> {
    std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await
}
