//! The memory of a journal by its number of rows, measured in a process of its own: it claims and ends
//! rows without any call of the API, as a worker does.

use std::error::Error;
use std::process::Command;

use futures_util::future::try_join_all;
use futures_util::stream;
use offblocks_cards::Cards;
use offblocks_cards::bulk::{
    CardRow, FileJournal, Journal, Next, PostgresJournalOptions, RowOutcome, postgres,
};
use offblocks_client::Client;
use offblocks_types::uuid::Uuid;
use offblocks_types::{AccountId, Address, CardType, CreateAccountCardRequest};
use serde_json::json;

use crate::run::{Figure, Plan};

/// How many rows the smaller journal has.
const FEW: u64 = 10_000;

/// How many rows are ended at once.
const AT_ONCE: usize = 16;

/// The largest resident set of a process in bytes, where the system shows it.
pub fn most(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// The memory of journals with few rows and with many.
pub fn measure(plan: &Plan) -> Result<Vec<Figure>, Box<dyn Error>> {
    let mut figures = Vec::new();
    let journals = [("file", true), ("postgres", plan.postgres.is_some())];
    for (journal, _) in journals.into_iter().filter(|(_, measured)| *measured) {
        for (size, rows) in [("few", FEW), ("many", plan.most_rows)] {
            let mut command = Command::new(std::env::current_exe()?);
            command.args(arguments(rows, journal == "postgres"));
            if let Some(url) = &plan.postgres {
                command.env("OFFBLOCKS_TEST_POSTGRES", url);
            }
            let done = command.output()?;
            if !done.status.success() {
                return Err(String::from_utf8_lossy(&done.stderr).into_owned().into());
            }
            let bytes: f64 = String::from_utf8_lossy(&done.stdout).trim().parse()?;
            let name = format!("{journal}_memory_{size}");
            figures.push(Figure::new(&name, bytes / 1e6, "MB"));
        }
    }
    Ok(figures)
}

/// What this program is started with again, to measure one journal in a process of its own.
pub fn arguments(rows: u64, shared: bool) -> Vec<String> {
    let mut arguments = vec!["--journal-only".to_owned(), rows.to_string()];
    arguments.extend(shared.then(|| "--shared".to_owned()));
    arguments
}

/// Ends so many rows of a journal, and returns the most memory that took, in bytes.
pub fn journal_only(plan: &Plan, rows: u64) -> Result<u64, Box<dyn Error>> {
    tokio::runtime::Runtime::new()?.block_on(async {
        // Nobody is called: the journal takes the clock of the client.
        let client = Client::builder()
            .base_url("http://127.0.0.1:9/v1")
            .build()?;
        let cards = Cards::new(client);
        match (&plan.postgres, plan.shared) {
            (Some(url), true) => {
                let pool = postgres::connect(url, 10)?;
                let options = PostgresJournalOptions::new(&cards).schema("bench_bulk")?;
                let name = format!("rows {rows} of {}", std::process::id());
                let journal = options.open(&pool, &name, given(rows)).await?;
                end_all(&journal).await?;
                journal.job_handle().clone().delete().await?;
            }
            _ => {
                let folder = tempfile::tempdir()?;
                let path = folder.path().join("job.journal");
                let journal = FileJournal::open(&cards, path, given(rows)).await?;
                end_all(&journal).await?;
            }
        }
        Ok(most(std::process::id()).ok_or("this system does not show memory")?)
    })
}

/// Rows that are made as they are asked for.
fn given(rows: u64) -> impl futures_util::Stream<Item = CardRow> + Send + Unpin {
    stream::iter((0..rows).map(|number| {
        let address = Address::new("18 Harbour Row", "Bristol", "GB", "BS1 4RN");
        let order = CreateAccountCardRequest::new(CardType::Virtual, address);
        let account = AccountId::from(Uuid::from_u128(u128::from(number)));
        CardRow::new(format!("row {number}"), account, order)
    }))
}

async fn end_all(journal: &impl Journal) -> Result<(), Box<dyn Error>> {
    let workers = (0..AT_ONCE).map(|_| async {
        while let Next::Row(claim) = journal.claim().await? {
            let card = Uuid::from_u128(u128::from(claim.number));
            let outcome: RowOutcome = serde_json::from_value(json!({"issued": {"card": card}}))?;
            journal.finish(&claim, &outcome).await?;
        }
        Ok::<_, Box<dyn Error>>(())
    });
    try_join_all(workers).await?;
    Ok(())
}
