//! Retry policies of a program: one for the client, another one for a single call, and no retries where
//! the program decides itself.
//!
//! `cargo run -p offblocks-client --example own_retry_policy`

#![expect(clippy::print_stdout, reason = "an example may print")]

mod sandbox;

use std::error::Error;
use std::time::Duration;

use offblocks_client::{RetryBudget, RetryPolicy};
use offblocks_types::CreateCustomerRequest;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    run().await
}

/// The example, which a test runs too.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let handle = sandbox::start().await?;
    let patient = RetryPolicy {
        attempts: 8,
        longest_pause: Duration::from_secs(20),
        ..RetryPolicy::default()
    };
    let builder = sandbox::builder(&handle)
        .retry(patient)
        // Clients of the same server share a budget, so that they do not add to its load when it fails.
        .retry_budget(RetryBudget::new(200))
        .deadline(Duration::from_secs(300));
    let client = sandbox::client(builder).await?;

    // A page that a person waits for shows an error sooner.
    let chains = client
        .get_chains()
        .retry(RetryPolicy::default().with_attempts(2))
        .deadline(Duration::from_secs(3))
        .await?;
    println!("{} chains", chains.len());

    // A job queue repeats the call later. Because the key is stored with the job, it stays the same call.
    let owner = "eip155:300:0x30dfcfdedd5ebe78b03cefba9ef0f7a00d3ba8bd".parse()?;
    let job = client
        .create_customer(CreateCustomerRequest::new(owner, "customer-1"))
        .retry(RetryPolicy::none());
    let key = job.key().ok_or("a change has a key")?;
    let first = job.clone().await?;
    let again = job.await?;
    println!("customer {} under the key {key}", first.id);
    match first.id == again.id {
        true => Ok(()),
        false => Err("a call that is repeated with its key makes nothing new".into()),
    }
}
