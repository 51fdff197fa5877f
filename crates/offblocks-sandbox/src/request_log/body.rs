//! Bodies that are copied as they pass, up to a number of bytes.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::LoggedBody;
use super::redact;

/// What the bodies of axum fail with.
pub(super) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The most bytes of a body that are kept.
const MOST: usize = 16 * 1024;

/// What has passed of a body.
#[derive(Debug, Default)]
pub(super) struct Passed {
    excerpt: Vec<u8>,
    length: u64,
    ended: bool,
}

impl Passed {
    fn add(&mut self, data: &[u8]) {
        let room = MOST - self.excerpt.len();
        self.excerpt
            .extend_from_slice(&data[..data.len().min(room)]);
        self.length += data.len() as u64;
    }

    /// Takes note of what a body gave when it was asked for its next frame.
    pub(super) fn note(&mut self, frame: Option<&Result<Frame<Bytes>, axum::Error>>) {
        match frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    self.add(data);
                }
            }
            Some(Err(_)) => (),
            None => self.ended = true,
        }
    }

    /// Notes that nothing comes any more, where the body says so itself.
    pub(super) fn end(&mut self, has_ended: bool) {
        self.ended |= has_ended;
    }

    /// What is kept of it.
    pub(super) fn into_logged(self) -> LoggedBody {
        let whole = self.ended && self.length == self.excerpt.len() as u64;
        LoggedBody {
            excerpt: redact::body(self.excerpt),
            length: self.length,
            whole,
        }
    }

    /// A body that is not there.
    pub(super) const fn nothing() -> Self {
        Self {
            excerpt: Vec::new(),
            length: 0,
            ended: true,
        }
    }
}

/// What has passed of a request's body, while another part of the server reads it.
pub(super) type Shared = Arc<Mutex<Passed>>;

/// Takes what has passed so far.
pub(super) fn take(shared: &Shared) -> Passed {
    let mut passed = shared.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::take(&mut passed)
}

/// A request's body that is copied as it is read.
pub(super) struct Read {
    pub(super) body: Body,
    pub(super) passed: Shared,
}

impl http_body::Body for Read {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        passed.note(frame.as_ref());
        passed.end(self.body.is_end_stream());
        drop(passed);
        // The error itself, so that whoever reads the body finds out what it is.
        Poll::Ready(frame.map(|frame| frame.map_err(axum::Error::into_inner)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
