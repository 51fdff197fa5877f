//! Issues a card, waits until it is active, pays with it and terminates it, in a sandbox of its own.
//!
//! `cargo run -p offblocks-cards --features wallet --example issue_and_wait`

#![expect(clippy::print_stdout, reason = "an example may print")]

use std::error::Error;
use std::time::Duration;

use offblocks_cards::{Cards, IssuanceError, LocalWallet};
use offblocks_client::{Client, KeyId, SigningKey};
use offblocks_sandbox::{DEFAULT_API_KEY, DEFAULT_API_SECRET, Settings};
use offblocks_types::uuid::Uuid;
use offblocks_types::{
    Address, CardType, CreateAccountCardRequest, SimulateCardAuthorisationRequest,
    UpdateSigningKeyRequest,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    run().await
}

/// The example, which a test runs too.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let mut settings = Settings::default();
    settings.follow_up_delay = Duration::ZERO;
    let sandbox = offblocks_sandbox::start_local(settings).await?;
    let client = client(sandbox.base_url().as_str()).await?;
    let cards = Cards::new(client);
    let wallet = LocalWallet::new(&[7; 32], "eip155:300")?;
    let onboarding = cards.onboard(&wallet, "customer-1");
    let customer = onboarding.simulate_verification().await?;
    let account = cards.open_account(customer.id, &wallet, "EUR").await?;

    let address = Address::new("4 Quay Lane", "Bristol", "GB", "BS1 4RN");
    let order = CreateAccountCardRequest::new(CardType::Virtual, address);
    let pending = cards.issue(account.id, order).await?;
    pending.simulate_issue().await?; // only in a sandbox: elsewhere OffBlocks decides
    let card = match pending.wait_until_active().await {
        Ok(card) => card,
        // The card is not lost: wait again later, with the handle that the error holds.
        Err(IssuanceError::Deadline { card, .. }) => {
            return Err(format!("the card {} is not issued yet", card.id()).into());
        }
        Err(error) => return Err(error.into()),
    };
    println!("the card {} is {}", card.id(), card.status());

    let purchase = SimulateCardAuthorisationRequest::new("12.50".parse()?, "EUR", true);
    let payment = card.simulate_authorisation(purchase).await?;
    let payment = payment.wait_until_captured().await?;
    println!("it paid {} EUR", payment.authorisation().amount);

    let card = card.terminate().await?;
    println!("the card {} is {}", card.id(), card.status());
    sandbox.stop().await?;
    Ok(())
}

/// A client with a new key, which the server knows.
async fn client(base_url: &str) -> Result<Client, Box<dyn Error>> {
    let key = SigningKey::generate()?;
    let key_id = Uuid::from_u128(0x2a6e_9c14);
    let public = key.public_key().to_spki_pem().into_bytes();
    let client = Client::builder()
        .base_url(base_url)
        .credentials(DEFAULT_API_KEY, DEFAULT_API_SECRET)
        .signing_key(key, KeyId::new(key_id.to_string())?)
        .build()?;
    let upload = UpdateSigningKeyRequest::new(key_id, public);
    client.update_signing_key(upload).send().await?;
    Ok(client)
}
