//! The real sandbox behind a network that loses what it carries.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use offblocks_cards::{Cards, PollingPolicy, Timer};
use offblocks_client::{RetryBudget, RetryPolicy};
use offblocks_types::uuid::Uuid;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::purchase;
use crate::stage::{FOLLOW_UP, Stage, virtual_card};

/// A timer by which pauses are over at once and timeouts never come.
#[derive(Debug)]
struct NoPauses;

impl Timer for NoPauses {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        match duration > Duration::from_secs(10) {
            true => Box::pin(std::future::pending()),
            false => Box::pin(std::future::ready(())),
        }
    }
}

/// A network in front of a server. One request in five is lost before the server has it, one
/// response in five afterwards, and one request in five gets a 503 of a gateway.
async fn lossy(server: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicU64::new(0));
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let count = count.clone();
            tokio::spawn(async move {
                let Some(request) = message(&mut stream).await else {
                    return;
                };
                // Scattered, and the same in every run.
                let number = count
                    .fetch_add(1, Ordering::SeqCst)
                    .wrapping_mul(0x9e37_79b9);
                match (number >> 16) % 5 {
                    0 => {}
                    1 => drop(carry(server, &request).await),
                    2 => {
                        let gateway = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                        let _ = stream.write_all(gateway).await;
                    }
                    _ => {
                        if let Some(response) = carry(server, &request).await {
                            let _ = stream.write_all(&response).await;
                        }
                    }
                }
            });
        }
    });
    address
}

/// The server's response to a request.
async fn carry(server: SocketAddr, request: &[u8]) -> Option<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await.ok()?;
    stream.write_all(request).await.ok()?;
    message(&mut stream).await
}

/// A head and the body it announces.
async fn message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 8192];
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

/// Cards behind a network that loses messages, where a call has this many attempts.
pub async fn behind_a_lossy_network(stage: &Stage, attempts: u32) -> Cards {
    let mut url = stage.address();
    let server = url.socket_addrs(|| None).unwrap()[0];
    url.set_port(Some(lossy(server).await.port())).unwrap();
    let client = stage
        .builder()
        .base_url(url.as_str())
        .timer(Arc::new(NoPauses))
        .retry(RetryPolicy::default().with_attempts(attempts))
        .retry_budget(RetryBudget::unlimited())
        .build()
        .unwrap();
    Cards::with_timer(client, Arc::new(NoPauses), PollingPolicy::default())
}

#[tokio::test]
async fn nothing_is_done_twice_and_nothing_is_lost() {
    const PURCHASES: usize = 60;
    let stage = Stage::new().await;
    let card = stage.active().await;
    let cards = behind_a_lossy_network(&stage, 40).await;
    let lossy = cards.get(card.id()).await.unwrap();
    let mut made = Vec::new();
    for _ in 0..PURCHASES {
        let authorisation = lossy.simulate_authorisation(purchase(true)).await.unwrap();
        made.push(authorisation.id());
    }
    made.sort_unstable();
    made.dedup();
    assert_eq!(made.len(), PURCHASES);
    // A capture has several steps, each of which is due some time after the one before.
    let mut transactions = Vec::new();
    for _ in 0..5 {
        stage.advance(FOLLOW_UP);
        transactions = card.transactions().await.unwrap();
    }
    let mut settled: Vec<_> = transactions
        .iter()
        .filter_map(|transaction| transaction.authorisation_id)
        .collect();
    settled.sort_unstable();
    assert_eq!(settled, made);
}

#[tokio::test]
async fn moves_whose_response_is_lost_are_done_once() {
    let stage = Stage::new().await;
    let card = stage.active().await;
    let cards = behind_a_lossy_network(&stage, 40).await;
    for _ in 0..20 {
        let lossy = cards.get(card.id()).await.unwrap();
        let inactive = lossy.deactivate().await.unwrap();
        inactive.activate().await.unwrap();
    }
}

#[tokio::test]
async fn a_card_ordered_again_under_its_key_is_the_same_card() {
    let stage = Stage::new().await;
    let key = Uuid::from_u128(0x5eed);
    let first = stage
        .cards
        .issue_with_key(stage.account, virtual_card(), key)
        .await
        .unwrap();
    let again = stage
        .cards
        .issue_with_key(stage.account, virtual_card(), key)
        .await
        .unwrap();
    assert_eq!(first.id(), again.id());
    assert_eq!(stage.cards.list().await.unwrap().len(), 1);
}
