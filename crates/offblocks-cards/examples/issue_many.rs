//! Orders a card for each of ten accounts, is interrupted in the middle, and continues without ordering
//! any card twice, in a sandbox of its own.
//!
//! `cargo run -p offblocks-cards --features bulk,wallet --example issue_many`

#![expect(clippy::print_stdout, reason = "an example may print")]

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use futures_util::stream;
use offblocks_cards::bulk::{BulkControl, BulkOptions, CardRow, FileJournal, Results};
use offblocks_cards::{Cards, LocalWallet};
use offblocks_client::{Client, KeyId, SigningKey};
use offblocks_sandbox::{DEFAULT_API_KEY, DEFAULT_API_SECRET, Settings};
use offblocks_types::uuid::Uuid;
use offblocks_types::{AccountId, Address, CardType, CreateAccountCardRequest};

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
    let mut accounts = Vec::new();
    for _ in 0..10 {
        let account = cards.open_account(customer.id, &wallet, "EUR").await?;
        accounts.push(account.id);
    }

    let folder = Folder::new()?;
    let path = folder.0.join("cards.journal");

    // The first run is cancelled after four cards, as a deployment or a crash would.
    let control = BulkControl::default();
    let stop = control.clone();
    let journal = FileJournal::open(&cards, &path, rows(&accounts)).await?;
    let run = cards.bulk().control(control);
    let run = run.options(BulkOptions::default().with_concurrency(2));
    let run = run.on_progress(move |progress| {
        if progress.ended() == 4 {
            stop.cancel();
        }
    });
    let summary = run.run(&journal).await?;
    println!("{} cards before the interruption", summary.progress.issued);
    drop(journal);

    // The second run continues with the same journal and the same rows.
    let journal = FileJournal::open(&cards, &path, rows(&accounts)).await?;
    let summary = cards.issue_many(&journal).await?;
    println!("{} cards after it", summary.progress.issued);
    journal.close().await?;

    let mut results = Results::open(&path)?;
    for account in &accounts {
        println!("{account}: {:?}", results.next_outcome()?);
    }
    println!("{} cards in all", cards.list().await?.len());
    sandbox.stop().await?;
    Ok(())
}

/// The same rows in each run: in your program they come from a file or a table.
fn rows(accounts: &[AccountId]) -> stream::Iter<std::vec::IntoIter<CardRow>> {
    let row = |(number, account): (usize, &AccountId)| {
        let address = Address::new("4 Quay Lane", "Bristol", "GB", "BS1 4RN");
        let order = CreateAccountCardRequest::new(CardType::Virtual, address);
        CardRow::new(format!("employee {number}"), *account, order)
    };
    stream::iter(accounts.iter().enumerate().map(row).collect::<Vec<_>>())
}

/// A folder for the journal, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, Box<dyn Error>> {
        let path = std::env::temp_dir().join(format!("issue-many-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A failure only leaves files in the system's folder for temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
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
