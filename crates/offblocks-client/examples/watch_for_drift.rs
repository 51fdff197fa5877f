//! Counts what a server sends outside the contract, as a metric would.
//!
//! The server is a sandbox behind a layer that adds a property to every response, as a newer version
//! of the API could do.
//!
//! `cargo run -p offblocks-client --example watch_for_drift`

#![expect(clippy::print_stdout, reason = "an example may print")]

use std::collections::BTreeMap;
use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::middleware;
use axum::response::Response;
use offblocks_client::{Client, KeyId, SigningKey};
use offblocks_sandbox::{DEFAULT_API_KEY, DEFAULT_API_SECRET, Sandbox, Surroundings};
use offblocks_types::UpdateSigningKeyRequest;
use offblocks_types::uuid::Uuid;
use serde_json::Value;
use tokio::net::TcpListener;

/// How often each drift was seen: by operation, kind and place.
type Counters = Arc<Mutex<BTreeMap<(&'static str, &'static str, String), u64>>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    run().await
}

/// The example, which a test runs too.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let counters = Counters::default();
    let client = client(&serve_a_newer_version().await?, &counters).await?;

    // The call succeeds: the new property is ignored.
    let chains = client.get_chains().send().await?;
    println!("{} chains", chains.len());

    let counters = counters.lock().unwrap_or_else(PoisonError::into_inner);
    for ((operation, kind, pointer), count) in counters.iter() {
        println!("{operation}: {kind} at {pointer}, {count} times");
    }
    let place = ("getChains", "unknown_field", "/*/explorerUrl".to_owned());
    let seen = counters.get(&place).copied().unwrap_or_default();
    match seen == chains.len() as u64 {
        true => Ok(()),
        false => Err(format!("{} drifts are expected, not {seen}", chains.len()).into()),
    }
}

/// A client that knows the sandbox's credentials and reports drift to these counters.
async fn client(base_url: &str, counters: &Counters) -> Result<Client, Box<dyn Error>> {
    let key = SigningKey::generate()?;
    let key_id = Uuid::from_u128(0x2a6e_9c14);
    let public = key.public_key().to_spki_pem().into_bytes();
    let sink = Arc::clone(counters);
    let client = Client::builder()
        .base_url(base_url)
        .credentials(DEFAULT_API_KEY, DEFAULT_API_SECRET)
        .signing_key(key, KeyId::new(key_id.to_string())?)
        .on_drift(move |drift| {
            let labels = (drift.operation, drift.kind.as_str(), drift.pointer.clone());
            let mut counters = sink.lock().unwrap_or_else(PoisonError::into_inner);
            *counters.entry(labels).or_default() += drift.count;
        })
        .build()?;
    let upload = UpdateSigningKeyRequest::new(key_id, public);
    client.update_signing_key(upload).send().await?;
    Ok(client)
}

/// Serves a sandbox in which every object of a list has a property that the contract does not know.
async fn serve_a_newer_version() -> Result<String, Box<dyn Error>> {
    let sandbox = Sandbox::builder(Surroundings::real()).build().await?;
    let service = sandbox
        .router()
        .layer(middleware::map_response(add_property));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let base_url = format!("http://{}/v1", listener.local_addr()?);
    tokio::spawn(async { axum::serve(listener, service).await });
    Ok(base_url)
}

async fn add_property(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let Ok(Value::Array(mut items)) = serde_json::from_slice(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    for item in items.iter_mut().filter_map(Value::as_object_mut) {
        item.insert("explorerUrl".to_owned(), "https://explorer.example".into());
    }
    parts.headers.remove("content-length");
    Response::from_parts(parts, Body::from(Value::Array(items).to_string()))
}
