//! The server: raw TCP, one act for each request.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::server::CARD;

/// What the server does with one request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Sends these bytes and keeps the connection.
    Send(Vec<u8>),
    /// Sends these bytes and closes the connection.
    Close(Vec<u8>),
    /// Sends the first bytes, and then the second ones for as long as somebody reads them.
    Endless(Vec<u8>, Vec<u8>),
    /// Sends these bytes and then nothing any more.
    Hang(Vec<u8>),
}

impl Act {
    /// A whole response.
    pub fn whole(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let length = format!("Content-Length: {}\r\n{headers}", body.len());
        Self::Send(message(status, &length, body))
    }

    /// What is wanted: the card, as a whole response.
    pub fn good() -> Self {
        Self::whole("201 Created", "Content-Type: application/json\r\n", CARD)
    }
}

/// A response, whatever its head says.
pub fn message(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}\r\n");
    [head.as_bytes(), body.as_ref()].concat()
}

/// A running server. When its acts are over, it sends what is wanted.
pub struct Script {
    pub url: String,
    seen: Arc<Seen>,
}

struct Seen {
    acts: Mutex<VecDeque<Act>>,
    requests: watch::Sender<Vec<String>>,
    connections: AtomicUsize,
    sent: AtomicUsize,
}

impl Script {
    pub async fn start(acts: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let seen = Arc::new(Seen {
            acts: Mutex::new(acts.into_iter().collect()),
            requests: watch::Sender::new(Vec::new()),
            connections: AtomicUsize::new(0),
            sent: AtomicUsize::new(0),
        });
        let shared = seen.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::SeqCst);
                let seen = shared.clone();
                tokio::spawn(async move { serve(stream, &seen).await });
            }
        });
        Self { url, seen }
    }

    /// The requests so far, as text.
    pub fn requests(&self) -> Vec<String> {
        self.seen.requests.borrow().clone()
    }

    /// Waits until this many requests have come.
    pub async fn received(&self, number: usize) {
        let mut requests = self.seen.requests.subscribe();
        let enough = requests.wait_for(|requests| requests.len() >= number);
        enough.await.unwrap();
    }

    /// The idempotency keys of the requests so far.
    pub fn keys(&self) -> Vec<String> {
        let requests = self.requests();
        let keys = requests.iter().map(|it| header(it, "idempotency-key"));
        keys.collect()
    }

    pub fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    /// How many bytes were sent of responses without an end.
    pub fn sent(&self) -> usize {
        self.seen.sent.load(Ordering::SeqCst)
    }
}

async fn serve(mut stream: TcpStream, seen: &Seen) {
    while let Some(request) = read(&mut stream).await {
        let act = seen.acts.lock().unwrap().pop_front();
        seen.requests.send_modify(|all| all.push(request));
        // The client may have closed the connection, which ends the next read.
        match act.unwrap_or_else(Act::good) {
            Act::Send(bytes) => drop(stream.write_all(&bytes).await),
            Act::Close(bytes) => {
                let _ = stream.write_all(&bytes).await;
                return;
            }
            Act::Endless(first, again) => {
                let mut next = first;
                while stream.write_all(&next).await.is_ok() {
                    seen.sent.fetch_add(next.len(), Ordering::SeqCst);
                    next.clone_from(&again);
                }
                return;
            }
            Act::Hang(bytes) => {
                let _ = stream.write_all(&bytes).await;
                // It ends when the client closes the connection.
                while let Ok(1..) = stream.read(&mut [0; 1024]).await {}
                return;
            }
        }
    }
}

/// A request's head and body; `None` when the client has closed the connection.
async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let read = stream
            .read(&mut chunk)
            .await
            .ok()
            .filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = header(head, "content-length").parse().unwrap_or(0);
            if body.len() >= length {
                return Some(text);
            }
        }
    }
}

/// The value of a header in a request's text; empty where there is none.
pub fn header(request: &str, name: &str) -> String {
    let lines = request.lines().filter_map(|line| line.split_once(": "));
    let mut found = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let value = found.next().map(|(_, value)| value.trim().to_owned());
    value.unwrap_or_default()
}
