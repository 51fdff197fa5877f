//! From a wallet to the first payment in ten lines, in a sandbox of its own.
//!
//! `cargo run -p offblocks-cards --features wallet --example first_payment`

#![expect(clippy::print_stdout, reason = "an example may print")]

use std::error::Error;
use std::time::Duration;

use offblocks_cards::{Cards, LocalWallet};
use offblocks_client::{Client, KeyId, SigningKey};
use offblocks_sandbox::{DEFAULT_API_KEY, DEFAULT_API_SECRET, Settings};
use offblocks_types::uuid::Uuid;
use offblocks_types::{Address, SimulateCardAuthorisationRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    run().await
}

/// The example, which a test runs too.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let mut settings = Settings::default();
    settings.follow_up_delay = Duration::ZERO;
    let sandbox = offblocks_sandbox::start_local(settings).await?;
    guide(Cards::new(client(sandbox.base_url().as_str()).await?)).await?;
    sandbox.stop().await?;
    Ok(())
}

/// The whole guide. Without the two `simulate…` of a sandbox, OffBlocks decides.
async fn guide(cards: Cards) -> Result<(), Box<dyn Error>> {
    let wallet = LocalWallet::new(&[7; 32], "eip155:300")?;
    let onboarding = cards.onboard(&wallet, "customer-1");
    let customer = onboarding.simulate_verification().await?;
    let account = cards.open_account(customer.id, &wallet, "EUR").await?;
    let address = Address::new("4 Quay Lane", "Bristol", "GB", "BS1 4RN");
    let order = cards.order(account.id, address).checked();
    let card = order.simulate().until_active().await?;
    let purchase = SimulateCardAuthorisationRequest::new("12.50".parse()?, "EUR", true);
    let payment = card.simulate_authorisation(purchase).await?;
    let payment = payment.wait_until_captured().await?;

    println!("the card {} is {}", card.id(), card.status());
    println!("it paid {} EUR", payment.authorisation().amount);
    Ok(())
}

/// A client with a new key, which the server knows.
async fn client(base_url: &str) -> Result<Client, Box<dyn Error>> {
    let key = SigningKey::generate()?;
    let key_id = KeyId::new(Uuid::from_u128(0x2a6e_9c14).to_string())?;
    let client = Client::builder()
        .base_url(base_url)
        .credentials(DEFAULT_API_KEY, DEFAULT_API_SECRET)
        .signing_key(key.clone(), key_id.clone())
        .build()?;
    client.register_signing_key(&key, &key_id).await?;
    Ok(client)
}
