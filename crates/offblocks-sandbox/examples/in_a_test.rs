//! A sandbox in a test, with a clock that the test moves: nothing waits, and every run is the same.
//!
//! `cargo run -p offblocks-sandbox --example in_a_test`

#![expect(clippy::print_stdout, reason = "an example may print")]

use std::error::Error;
use std::time::Duration;

use offblocks_client::{Client, KeyId, SigningKey};
use offblocks_sandbox::{
    DEFAULT_API_KEY, DEFAULT_API_SECRET, ManualClock, Sandbox, SeededRandom, Surroundings,
};
use offblocks_types::chrono::DateTime;
use offblocks_types::uuid::Uuid;
use offblocks_types::{CreateCustomerRequest, CustomerStatus, UpdateSigningKeyRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    run().await
}

/// The example, which a test runs too.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let start = DateTime::from_timestamp(1_795_340_781, 0).ok_or("the time is valid")?;
    let clock = ManualClock::new(start);
    let surroundings = Surroundings::new(clock.clone(), SeededRandom::new(1));
    let sandbox = Sandbox::builder(surroundings)
        .build()
        .await?
        .start()
        .await?;
    let client = client(sandbox.base_url().as_str(), &clock).await?;

    // What the test checks: a challenge can be signed for one hour.
    let owner = "eip155:300:0x30dFcFdEdD5ebe78b03ceFbA9Ef0f7A00d3bA8bd".parse()?;
    let request = CreateCustomerRequest::new(owner, "customer-1");
    let customer = client.create_customer(request).send().await?;
    assert_eq!(customer.status, CustomerStatus::Initiating);
    assert_eq!(customer.created_at, start);

    let waiting = client.get_customer_challenge(customer.id).send().await?;
    assert_eq!(waiting.challenge, customer.challenge);
    clock.advance(Duration::from_secs(60 * 60 + 1));
    let renewed = client.get_customer_challenge(customer.id).send().await?;
    assert_ne!(renewed.challenge, customer.challenge);
    println!("the challenge was renewed after an hour, and no time has passed");

    sandbox.stop().await?;
    Ok(())
}

async fn client(base_url: &str, clock: &ManualClock) -> Result<Client, Box<dyn Error>> {
    let key = SigningKey::generate()?;
    let key_id = Uuid::from_u128(0x2a6e_9c14);
    let public = key.public_key().to_spki_pem().into_bytes();
    let client = Client::builder()
        .base_url(base_url)
        .credentials(DEFAULT_API_KEY, DEFAULT_API_SECRET)
        .signing_key(key, KeyId::new(key_id.to_string())?)
        .clock(clock.clone())
        .build()?;
    let upload = UpdateSigningKeyRequest::new(key_id, public.into());
    client.update_signing_key(upload).send().await?;
    Ok(client)
}
