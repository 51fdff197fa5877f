//! Issues cards by three workers that share a job in PostgreSQL, in a sandbox of its own. In your
//! programme the workers run on machines of their own.
//!
//! ```sh
//! .ci/postgres run cargo run -p offblocks-cards --features bulk-postgres,wallet --example several_workers
//! ```

#![expect(clippy::print_stdout, reason = "an example may print")]
#![expect(
    clippy::disallowed_methods,
    reason = "an example has no argument parser"
)]

use std::error::Error;
use std::time::Duration;

use futures_util::future::try_join_all;
use futures_util::stream;
use offblocks_cards::bulk::{CardRow, PostgresJob, PostgresJournalOptions, postgres};
use offblocks_cards::{Cards, LocalWallet};
use offblocks_client::{Client, KeyId, SigningKey};
use offblocks_sandbox::{DEFAULT_API_KEY, DEFAULT_API_SECRET, Settings};
use offblocks_types::uuid::Uuid;
use offblocks_types::{AccountId, Address, CardType, CreateAccountCardRequest};

const SCHEMA: &str = "example_several_workers";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("OFFBLOCKS_TEST_POSTGRES")?;
    run(&url).await
}

/// The example, which a test runs too.
pub async fn run(url: &str) -> Result<(), Box<dyn Error>> {
    let mut settings = Settings::default();
    settings.follow_up_delay = Duration::ZERO;
    let sandbox = offblocks_sandbox::start_local(settings).await?;
    let cards = Cards::new(client(sandbox.base_url().as_str()).await?);
    let accounts = accounts(&cards, 12).await?;

    // A job has a name. The same one with the same rows is the same job, on every machine.
    let name = format!("cards of {}", accounts[0]);
    try_join_all((0..3).map(|_| worker(&cards, url, &name, &accounts))).await?;

    let pool = postgres::connect(url, 2)?;
    let job = PostgresJob::find_in_schema(&pool, SCHEMA, &name).await?;
    let progress = job.progress().await?;
    println!(
        "{} of {} rows have their card",
        progress.issued, progress.rows
    );
    for result in job.results(0).await? {
        println!("{}: {:?}", result.reference, result.outcome);
    }
    job.delete().await?;
    sandbox.stop().await?;
    Ok(())
}

/// One worker, as it would run on a machine of its own.
async fn worker(
    cards: &Cards,
    url: &str,
    job: &str,
    accounts: &[AccountId],
) -> Result<(), Box<dyn Error>> {
    let pool = postgres::connect(url, 4)?;
    let options = PostgresJournalOptions::new(cards).schema(SCHEMA)?.batch(2);
    let journal = options.open(&pool, job, rows(accounts)).await?;
    let summary = cards.issue_many(&journal).await?;
    println!("a worker issued {} cards", summary.progress.issued);
    journal.close().await?;
    Ok(())
}

/// The same rows for each worker: in your programme they come from a file or a table.
fn rows(accounts: &[AccountId]) -> stream::Iter<std::vec::IntoIter<CardRow>> {
    let row = |(number, account): (usize, &AccountId)| {
        let address = Address::new("4 Quay Lane", "Bristol", "GB", "BS1 4RN");
        let order = CreateAccountCardRequest::new(CardType::Virtual, address);
        CardRow::new(format!("employee {number}"), *account, order)
    };
    stream::iter(accounts.iter().enumerate().map(row).collect::<Vec<_>>())
}

/// As many active accounts of one customer.
async fn accounts(cards: &Cards, count: usize) -> Result<Vec<AccountId>, Box<dyn Error>> {
    let wallet = LocalWallet::new(&[7; 32], "eip155:300")?;
    let onboarding = cards.onboard(&wallet, "customer-1");
    let customer = onboarding.simulate_verification().await?;
    let mut accounts = Vec::new();
    for _ in 0..count {
        let account = cards.open_account(customer.id, &wallet, "EUR").await?;
        accounts.push(account.id);
    }
    Ok(accounts)
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
