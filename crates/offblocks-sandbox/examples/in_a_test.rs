//! A sandbox in a test, with a clock that the test moves: nothing waits, and every run is the same.
//!
//! `cargo run -p offblocks-sandbox --example in_a_test`

#![expect(clippy::print_stdout, reason = "an example may print")]

use std::error::Error;
use std::time::Duration;

use offblocks_sandbox::testing::{self, LocalWallet};
use offblocks_types::{CreateCustomerRequest, CustomerStatus, WebhookType};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    run().await
}

/// The example, which a test runs too. Yours has `#[tokio::test]` above it.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let sandbox = testing::start().await;
    let client = sandbox.client();
    let inbox = sandbox.receive(&[WebhookType::CustomerUpdated]).await;

    // What the test checks: a challenge can be signed for one hour.
    let request = CreateCustomerRequest::new(LocalWallet::numbered(7).owner(), "customer-1");
    let customer = client.create_customer(request).send().await?;
    assert_eq!(customer.status, CustomerStatus::Initiating);
    sandbox.advance(Duration::from_secs(60 * 60 + 1)).await;
    let renewed = client.get_customer_challenge(customer.id).send().await?;
    assert_ne!(renewed.challenge, customer.challenge);
    println!("the challenge was renewed after an hour, and no time has passed");

    // What was called, and what was delivered.
    sandbox.assert_called("createCustomer", 1);
    inbox.assert_received(WebhookType::CustomerUpdated, 1).await;

    // What most tests begin with is one call.
    let card = sandbox.active_card().await;
    let transaction = sandbox.paid(card.id, "12.50".parse()?).await;
    println!("the card {} paid {}", card.id, transaction.amount);
    sandbox.stop().await;
    Ok(())
}
