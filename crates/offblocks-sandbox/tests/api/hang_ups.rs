//! Clients that hang up while their request runs.

use std::time::Duration;

use offblocks_sandbox::Database;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::common::{Caller, LocalWallet, Stage, chosen};

/// How many clients hang up, for each database. Before units of work had tasks of their own, one
/// in fifty of them cost the database in memory.
const CLIENTS: u64 = 2_000;

/// How many of them call at the same time.
const AT_ONCE: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_hang_up_leave_everything_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = Database::File(folder.path().join("sandbox.db"));
    let databases = match chosen(Database::Memory) {
        Database::Memory => vec![Database::Memory, file],
        postgres => vec![postgres],
    };
    for database in databases {
        let stage = Stage::with(|settings| {
            settings.database = database;
            // Requests of clients that hung up are still worked on, and keep their connections.
            settings.limits.connections = 2 * CLIENTS as usize;
        })
        .await;
        let (customer, account, card) = stage.caller.everything(&LocalWallet::numbered(1)).await;
        let requests = requests(&stage.caller, &account, &card);
        let address = stage.caller.base_url.socket_addrs(|| None).unwrap()[0];
        let mut random = Moments(7);
        let mut client = 0;
        while client < CLIENTS {
            let calls = (0..AT_ONCE).map(|_| {
                client += 1;
                let request = &requests[client as usize % requests.len()];
                hang_up(address, request(client), random.next())
            });
            futures_util::future::join_all(calls).await;
        }
        drop(requests);
        // What they asked for is still worked on, and until the queue for the server's connections is
        // short a call may be a 503.
        let path = format!("/cards/{card}");
        for _ in 0..60 {
            if stage.caller.get(&path).await.status != 503 {
                break;
            }
        }
        for path in [
            format!("/customers/{customer}"),
            format!("/accounts/{account}"),
            format!("/cards/{card}"),
        ] {
            assert_eq!(stage.caller.status(&path).await, "active", "{path}");
        }
        let path = format!("/simulator/cards/{card}/authorisation");
        let body = json!({"amount": "1", "currency": "EUR", "capture": true});
        stage.caller.post(&path, body).await.expect(201);
        stage.stop().await;
    }
}

type Requests<'a> = Vec<Box<dyn Fn(u64) -> Vec<u8> + 'a>>;

/// A read, a login, and writes with a key and without one.
fn requests<'a>(caller: &'a Caller, account: &str, card: &str) -> Requests<'a> {
    let read = caller.call("GET", &format!("/accounts/{account}")).raw();
    let body = json!({"apiKey": offblocks_sandbox::DEFAULT_API_KEY, "apiSecret": "a wrong secret"});
    let login = caller
        .call("POST", "/auth/token")
        .body(body)
        .unsigned()
        .raw();
    let key = caller.key.public_key().to_base64_pem();
    let body = json!({"signingKeyId": caller.key_id.as_str(), "signingKey": key});
    let upload = caller
        .call("PUT", "/auth/signing")
        .body(body)
        .unsigned()
        .raw();
    let path = format!("/simulator/cards/{card}/authorisation");
    vec![
        Box::new(move |_| read.clone()),
        Box::new(move |_| login.clone()),
        Box::new(move |_| upload.clone()),
        Box::new(move |amount| {
            let body = json!({"amount": amount.to_string(), "currency": "EUR", "capture": true});
            caller.call("POST", &path).body(body).raw()
        }),
    ]
}

/// Sends a request, and closes the connection after a moment, whatever has come back by then.
async fn hang_up(address: std::net::SocketAddr, request: Vec<u8>, moment: Duration) {
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(&request).await.unwrap();
    let mut response = [0; 64];
    let _ = tokio::time::timeout(moment, connection.read(&mut response)).await;
}

/// Pseudo-random moments up to eight milliseconds (a linear congruential generator).
struct Moments(u64);

impl Moments {
    fn next(&mut self) -> Duration {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        Duration::from_micros((self.0 >> 33) % 8_000)
    }
}
