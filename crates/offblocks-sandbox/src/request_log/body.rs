//! Bodies that are copied as they pass, up to a number of bytes.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};

use super::LoggedBody;
use super::recording::Pending;
use super::redact;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

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
        note(&mut passed, frame.as_ref());
        passed.ended |= self.body.is_end_stream();
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

/// A response's body. The request is logged when it ends, or is dropped.
pub(super) struct Written {
    pub(super) body: Body,
    pub(super) passed: Passed,
    pub(super) pending: Option<Pending>,
}

impl http_body::Body for Written {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        note(&mut self.passed, frame.as_ref());
        Poll::Ready(frame.map(|frame| frame.map_err(axum::Error::into_inner)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        if let Some(pending) = self.pending.take() {
            let mut passed = std::mem::take(&mut self.passed);
            passed.ended |= self.body.is_end_stream();
            pending.finish(passed);
        }
    }
}

fn note(passed: &mut Passed, frame: Option<&Result<Frame<Bytes>, axum::Error>>) {
    match frame {
        Some(Ok(frame)) => {
            if let Some(data) = frame.data_ref() {
                passed.add(data);
            }
        }
        Some(Err(_)) => (),
        None => passed.ended = true,
    }
}
