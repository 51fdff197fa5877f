//! One connection, from its first byte to its last.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use super::idle::{Activity, Deadline, Ending};
use super::{Peer, Shared, response};

/// The most bytes of a head, and of a body that waits to be read.
const BUFFER: usize = 32 * 1024;

/// How long and how much is read from a client that got a response while it was still sending.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: u64 = 1024 * 1024;

const TOO_SLOW: &[u8] = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\
    content-type: application/problem+json\r\ncontent-length: 104\r\n\r\n\
    {\"title\":\"Request Timeout\",\"status\":408,\"detail\":\"the head of the request took too long; send it again\"}";

const TARGET_TOO_LONG: &[u8] = b"HTTP/1.1 414 URI Too Long\r\nconnection: close\r\n\
    content-type: application/problem+json\r\ncontent-length: 111\r\n\r\n\
    {\"title\":\"URI Too Long\",\"status\":414,\"detail\":\"the target of the request has more than 8000 bytes: shorten it\"}";

const TOO_MANY_CONNECTIONS: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 1\r\n\
    content-type: application/problem+json\r\ncontent-length: 122\r\n\r\n\
    {\"title\":\"Service Unavailable\",\"status\":503,\"detail\":\"every connection this server allows is busy; try again in a second\"}";

/// Serves a connection until it ends, is given up, or `closing` changes.
pub(super) async fn run(stream: TcpStream, shared: Arc<Shared>, closing: watch::Receiver<()>) {
    // Responses are written whole; waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    let peer = stream.peer_addr().ok().map(|peer| Peer(peer.ip()));
    let activity = Activity::new(Arc::clone(&shared.idle), shared.limits);
    let watched = Watched {
        stream,
        activity: Arc::clone(&activity),
    };
    let service = Service {
        peer,
        shared,
        activity: Arc::clone(&activity),
    };
    let mut connection = http1::Builder::new()
        .half_close(true)
        .header_read_timeout(None)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(watched), service);
    let ended = drive(&mut connection, &activity, closing).await;
    let mut stream = connection.into_parts().io.into_inner().stream;
    match ended {
        Ended::Done(Ok(())) if !activity.lingers() => {
            let _ = stream.shutdown().await;
        }
        Ended::Cut(Ending::Reset) => {
            // Closing it without time to send the rest resets it.
            let _ = stream.set_zero_linger();
        }
        Ended::Cut(Ending::Close) => {
            let _ = stream.shutdown().await;
        }
        Ended::Cut(Ending::TargetTooLong) => tell(stream, TARGET_TOO_LONG).await,
        Ended::Late(Deadline::Idle(_)) => (),
        Ended::Late(Deadline::Head(_)) => tell(stream, TOO_SLOW).await,
        Ended::Done(outcome) => {
            if let Err(error) = outcome {
                tracing::debug!(%error, "a connection ended early");
            }
            tell(stream, b"").await;
        }
    }
}

/// Rejects a client because there are too many connections, and tells it when to try again.
///
/// A response that comes before the request has been sent is an error to many clients, so the first
/// bytes of the request are waited for.
pub(super) async fn turn_away(stream: TcpStream) {
    let begun = timeout(LINGER, stream.peek(&mut [0])).await;
    if matches!(begun, Ok(Ok(1))) {
        tell(stream, TOO_MANY_CONNECTIONS).await;
    }
}

enum Ended {
    Done(hyper::Result<()>),
    Cut(Ending),
    Late(Deadline),
}

type Connection = http1::Connection<TokioIo<Watched>, Service>;

async fn drive(
    connection: &mut Connection,
    activity: &Activity,
    mut closing: watch::Receiver<()>,
) -> Ended {
    let mut closing = std::pin::pin!(async {
        tokio::select! {
            () = activity.leave.notified() => (),
            _ = closing.changed() => (),
        }
    });
    let mut told = false;
    let mut clock = std::pin::pin!(sleep_until(Instant::now()));
    std::future::poll_fn(|context| {
        if !told && closing.as_mut().poll(context).is_ready() {
            told = true;
            Pin::new(&mut *connection).graceful_shutdown();
        }
        if let Poll::Ready(outcome) = connection.poll_without_shutdown(context) {
            return Poll::Ready(Ended::Done(outcome));
        }
        if let Some(ending) = activity.ending() {
            return Poll::Ready(Ended::Cut(ending));
        }
        let Some(deadline) = activity.deadline() else {
            return Poll::Pending;
        };
        // hyper would wait for the rest of a head; nothing is lost when it never comes.
        if told && matches!(deadline, Deadline::Head(_)) {
            return Poll::Ready(Ended::Late(Deadline::Idle(deadline.instant())));
        }
        if clock.deadline() != deadline.instant() {
            clock.as_mut().reset(deadline.instant());
        }
        clock.as_mut().poll(context).map(|()| Ended::Late(deadline))
    })
    .await
}

/// Sends the last of a connection and reads on for a moment: closing it while the client sends
/// would reset it, and the client would lose the response (RFC 9112, section 9.6).
async fn tell(mut stream: TcpStream, text: &[u8]) {
    let farewell = async {
        stream.write_all(text).await?;
        stream.shutdown().await?;
        tokio::io::copy(
            &mut (&mut stream).take(LINGER_BYTES),
            &mut tokio::io::sink(),
        )
        .await
    };
    // The client is gone, or has had its time; either way nothing is left to do.
    let _ = timeout(LINGER, farewell).await;
}

/// What hyper calls for each request.
struct Service {
    /// Who sends the requests, where the connection still knows.
    peer: Option<Peer>,
    shared: Arc<Shared>,
    activity: Arc<Activity>,
}

impl hyper::service::Service<Request<Incoming>> for Service {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        self.activity.begin();
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(peer);
        }
        let (shared, activity) = (Arc::clone(&self.shared), Arc::clone(&self.activity));
        Box::pin(async move {
            let response = response::respond(&shared, &activity, request).await;
            activity.end();
            Ok(response)
        })
    }
}

/// A stream that records what passes through it.
struct Watched {
    stream: TcpStream,
    activity: Arc<Activity>,
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if let Some(heard @ [_, ..]) = buffer.filled().get(before..) {
            self.activity.heard(heard);
        }
        // Nothing more is read of a request whose connection ends, so that hyper does not respond too.
        match self.activity.ending() {
            Some(Ending::TargetTooLong) => Poll::Pending,
            _ => polled,
        }
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        if polled.is_ready() {
            self.activity.sent();
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        if polled.is_ready() {
            self.activity.sent();
        }
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_without_the_router_is_as_long_as_it_says() {
        for message in [TOO_SLOW, TARGET_TOO_LONG, TOO_MANY_CONNECTIONS] {
            let text = std::str::from_utf8(message).unwrap();
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            let length = format!("content-length: {}", body.len());
            assert!(head.ends_with(&length), "write {length} in {head}");
            serde_json::from_str::<serde_json::Value>(body).unwrap();
        }
    }
}
