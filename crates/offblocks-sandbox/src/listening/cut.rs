//! Connections that end on purpose before their response is there, or in the middle of it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::{HeaderValue, Response, header};
use http_body::{Frame, SizeHint};

use super::idle::{Activity, Ending};

/// How the connection ends that a response is sent on. A response carries it in its extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// It is reset, and nothing is sent.
    ResetBefore,
    /// It is reset after half of the body.
    ResetInside,
    /// It is closed after half of the body.
    CloseInside,
    /// It is closed after so long, and nothing is sent.
    Silence(Duration),
}

/// The part of a response that is sent. Where nothing is, this does not complete: the connection
/// ends first.
pub(super) async fn cut(
    response: Response<Body>,
    cut: Cut,
    activity: &Arc<Activity>,
) -> Response<Body> {
    let ending = match cut {
        Cut::ResetInside => Ending::Reset,
        Cut::CloseInside => Ending::Close,
        // Whoever watches the response learns that it is over before the client does.
        Cut::ResetBefore => {
            drop(response);
            return never(activity, Ending::Reset).await;
        }
        Cut::Silence(silence) => {
            tokio::time::sleep(silence).await;
            drop(response);
            return never(activity, Ending::Close).await;
        }
    };
    let (mut parts, body) = response.into_parts();
    let Ok(whole) = to_bytes(body, usize::MAX).await else {
        return never(activity, ending).await;
    };
    let length = HeaderValue::from(whole.len());
    parts.headers.insert(header::CONTENT_LENGTH, length);
    let body = Half {
        left: Some(whole.slice(..whole.len() / 2)),
        length: whole.len(),
        ending,
        activity: Arc::clone(activity),
    };
    Response::from_parts(parts, Body::new(body))
}

async fn never(activity: &Activity, ending: Ending) -> Response<Body> {
    activity.end_by(ending);
    std::future::pending().await
}

/// The first half of a body. Where the second would come, the connection ends.
struct Half {
    left: Option<Bytes>,
    /// Of the whole.
    length: usize,
    ending: Ending,
    activity: Arc<Activity>,
}

impl http_body::Body for Half {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match self.left.take() {
            Some(half) if !half.is_empty() => Poll::Ready(Some(Ok(Frame::data(half)))),
            _ => {
                // What was given before is written out by the same poll of the connection, and the
                // ending is looked for after it.
                self.activity.end_by(self.ending);
                Poll::Pending
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length as u64)
    }
}
