//! What a call costs beyond a prepared request and one signature, over real HTTP. Run with
//! `cargo xtask bench client`.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on may stop")]

use std::net::SocketAddr;

use divan::{AllocProfiler, Bencher};
use offblocks_client::{Client, KeyId, SigningKey, reqwest};
use offblocks_signature::Signer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

const KEY_ID: &str = "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c";
const CREATED: i64 = 1_795_340_781;

/// How many tasks call at once.
const TASKS: usize = 1000;

fn main() {
    divan::main();
}

/// A call as a program makes it: token, signature, sending, reading and decoding.
#[divan::bench(sample_count = 3000)]
fn call(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let client = client(&serve());
    runtime.block_on(client.get_chains().send()).unwrap();
    bencher.bench_local(|| runtime.block_on(client.get_chains().send()).unwrap());
}

/// One signature, and a request that was made beforehand, sent and read to its end.
#[divan::bench(sample_count = 3000)]
fn prepared_request_and_signature(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let url = format!("{}/chains", serve());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let signer = Signer::new(
        SigningKey::generate().unwrap(),
        &KeyId::new(KEY_ID).unwrap(),
    );
    let mut signed = http::Request::get(&url).body("").unwrap();
    signer.sign_request(&mut signed, CREATED).unwrap();
    let headers = signed.headers().clone();
    let bearer = http.get(&url).bearer_auth("token-1").headers(headers);
    let request = bearer.build().unwrap();
    let mut send = || {
        signer.sign_request(&mut signed, CREATED).unwrap();
        let response = runtime.block_on(http.execute(request.try_clone().unwrap()));
        runtime.block_on(response.unwrap().bytes()).unwrap()
    };
    send();
    bencher.bench_local(send);
}

/// A thousand tasks that make one call each, with one client.
#[divan::bench(sample_count = 20)]
fn thousand_tasks(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let client = client(&serve());
    runtime.block_on(client.get_chains().send()).unwrap();
    bencher.bench_local(|| {
        runtime.block_on(async {
            let calls: Vec<_> = (0..TASKS)
                .map(|_| tokio::spawn(client.get_chains().send()))
                .collect();
            for call in calls {
                call.await.unwrap().unwrap();
            }
        });
    });
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn client(url: &str) -> Client {
    let key = SigningKey::generate().unwrap();
    Client::builder()
        .base_url(url)
        .bearer_token("token-1")
        .signing_key(key, KeyId::new(KEY_ID).unwrap())
        .build()
        .unwrap()
}

/// A server on a thread of its own, which reads requests without a body and sends one response. It
/// checks nothing, so that what is measured is the client. Its base URL.
fn serve() -> String {
    let (sender, address) = std::sync::mpsc::channel::<SocketAddr>();
    std::thread::spawn(move || {
        runtime().block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap()).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(respond(stream));
            }
        });
    });
    format!("http://{}/v1", address.recv().unwrap())
}

async fn respond(mut stream: TcpStream) {
    const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
        Content-Length: 50\r\n\r\n[{\"id\": \"eip155:300\", \"name\": \"zkSync Sepolia\"}]  ";
    let (mut chunk, mut bytes) = ([0; 4096], Vec::new());
    stream.set_nodelay(true).unwrap();
    while let Ok(read @ 1..) = stream.read(&mut chunk).await {
        bytes.extend_from_slice(&chunk[..read]);
        if bytes.ends_with(b"\r\n\r\n") {
            bytes.clear();
            if stream.write_all(RESPONSE).await.is_err() {
                return;
            }
        }
    }
}
