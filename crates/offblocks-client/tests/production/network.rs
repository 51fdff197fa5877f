//! A network between client and server that loses, cuts and delays what it carries, and puts the
//! responses of gateways in its place.
//!
//! The faults are scattered over the exchanges by their number, and are the same in every run.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use offblocks_client::Timer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// How long an attempt of the tests' clients may take, by their timer. It does not pass by itself: the
/// network ends it, so that the tests do not depend on how busy a machine is.
pub const ATTEMPT: Duration = Duration::from_secs(60);

/// A timer by which attempts time out when the network says so, and deadlines never end. Pauses are
/// short.
#[derive(Debug)]
pub struct NetworkTimer(Arc<Notify>);

impl Timer for NetworkTimer {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        match duration.cmp(&ATTEMPT) {
            std::cmp::Ordering::Less => {
                let pause = duration.min(Duration::from_millis(20));
                Box::pin(tokio::time::sleep(pause))
            }
            std::cmp::Ordering::Equal => Box::pin(self.0.notified()),
            std::cmp::Ordering::Greater => Box::pin(std::future::pending()),
        }
    }
}

/// What happens to one exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// The connection is closed before the server has the request.
    LostRequest,
    /// The server has carried the request out, and the response is lost.
    LostResponse,
    /// Half of the response arrives.
    CutResponse,
    /// The attempt times out, and so do all others at that moment; the server has carried it out.
    LateResponse,
    /// A gateway responds without asking the server.
    Gateway(&'static str),
}

const UNAVAILABLE: Fault = Fault::Gateway("503 Service Unavailable\r\n");
const FAILED: Fault = Fault::Gateway("500 Internal Server Error\r\n");
const LIMITED: Fault = Fault::Gateway("429 Too Many Requests\r\nRetry-After: 0\r\n");

/// One exchange in five has a fault: how many of a thousand have which.
const FAULTS: [(u64, Fault); 7] = [
    (45, Fault::LostRequest),
    (45, Fault::LostResponse),
    (30, Fault::CutResponse),
    (10, Fault::LateResponse),
    (20, UNAVAILABLE),
    (20, FAILED),
    (30, LIMITED),
];

/// A running network.
pub struct Network {
    pub url: String,
    /// The timer for its clients.
    pub timer: Arc<NetworkTimer>,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    exchanges: AtomicU64,
    faults: AtomicU64,
    tokens_asked: AtomicU64,
    /// The bearer tokens that were sent.
    tokens: Mutex<Vec<String>>,
    /// Notified when attempts time out.
    late: Arc<Notify>,
}

impl Network {
    /// A network that loses nothing.
    pub async fn reliable(server: SocketAddr) -> Self {
        Self::start(server, |_| Fault::None).await
    }

    /// A network in which one exchange in five has a fault.
    pub async fn faulty(server: SocketAddr) -> Self {
        Self::start(server, fault).await
    }

    async fn start(server: SocketAddr, fault: fn(u64) -> Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let seen = Arc::new(Seen::default());
        let counted = seen.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let seen = counted.clone();
                tokio::spawn(async move { carry(stream, server, &seen, fault).await });
            }
        });
        let timer = Arc::new(NetworkTimer(seen.late.clone()));
        Self { url, timer, seen }
    }

    /// How many exchanges had a fault.
    pub fn faults(&self) -> u64 {
        self.seen.faults.load(Ordering::SeqCst)
    }

    /// How often a token was asked for.
    pub fn tokens_asked(&self) -> u64 {
        self.seen.tokens_asked.load(Ordering::SeqCst)
    }

    /// The bearer tokens that were sent, each once.
    pub fn tokens(&self) -> Vec<String> {
        self.seen.tokens.lock().unwrap().clone()
    }
}

impl Seen {
    fn note(&self, request: &[u8]) {
        let text = String::from_utf8_lossy(request);
        if text.starts_with("POST /v1/auth/token ") {
            self.tokens_asked.fetch_add(1, Ordering::SeqCst);
        }
        let bearer = text.lines().find_map(|line| line.split_once("Bearer "));
        let mut tokens = self.tokens.lock().unwrap();
        if let Some((_, token)) = bearer
            && !tokens.iter().any(|known| known == token)
        {
            tokens.push(token.to_owned());
        }
    }
}

/// The fault of an exchange, by its number.
fn fault(number: u64) -> Fault {
    // Neighbours get different faults.
    let mut place = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    place = (place >> 32) % 1000;
    for (share, fault) in FAULTS {
        match place.checked_sub(share) {
            Some(rest) => place = rest,
            None => return fault,
        }
    }
    Fault::None
}

/// Carries one exchange. Each connection has one, so that what a fault leaves is not met by others.
async fn carry(mut client: TcpStream, server: SocketAddr, seen: &Seen, fault: fn(u64) -> Fault) {
    let Some(request) = message(&mut client).await else {
        return;
    };
    seen.note(&request);
    let fault = fault(seen.exchanges.fetch_add(1, Ordering::SeqCst));
    if fault != Fault::None {
        seen.faults.fetch_add(1, Ordering::SeqCst);
    }
    let response = match fault {
        Fault::LostRequest => return,
        Fault::Gateway(head) => format!("HTTP/1.1 {head}Content-Length: 0\r\n\r\n").into_bytes(),
        _ => match exchange(server, &request).await {
            Some(response) => response,
            None => return,
        },
    };
    let end = match fault {
        Fault::LostResponse => return,
        Fault::CutResponse => response.len() / 2,
        _ => response.len(),
    };
    if fault == Fault::LateResponse {
        seen.late.notify_waiters();
        return;
    }
    // The client may have given up.
    let _ = client.write_all(&closing(&response[..end])).await;
}

/// Says in the head that the connection closes.
fn closing(response: &[u8]) -> Vec<u8> {
    match response.windows(2).position(|two| two == b"\r\n") {
        Some(line) => [
            &response[..line],
            b"\r\nConnection: close",
            &response[line..],
        ]
        .concat(),
        None => response.to_vec(),
    }
}

/// The server's response to a request.
async fn exchange(server: SocketAddr, request: &[u8]) -> Option<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await.ok()?;
    stream.write_all(request).await.ok()?;
    message(&mut stream).await
}

/// A head and the body it announces.
async fn message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 16384];
        let read = stream.read(&mut chunk).await.ok()?;
        bytes.extend_from_slice(&chunk[..read]);
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
            if bytes.len() >= end + 4 + length {
                return Some(bytes);
            }
        }
        if read == 0 {
            return None;
        }
    }
}

#[test]
fn one_exchange_in_five_has_a_fault() {
    let faults = (0..10_000).filter(|number| fault(*number) != Fault::None);
    let count = faults.count();
    assert!((1_900..2_100).contains(&count), "{count}");
}
