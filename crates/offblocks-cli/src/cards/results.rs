//! The outcome of each row, as a CSV file.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use csv::Writer;
use futures_util::{Stream, StreamExt as _};
use offblocks_cards::bulk::{CardRow, PostgresJob, Results, RowOutcome};
use offblocks_types::AccountId;

use crate::failure::Failure;

const HEADINGS: [&str; 6] = [
    "reference",
    "account",
    "outcome",
    "card",
    "status",
    "message",
];

/// A file that appears whole or not at all.
struct Table<'a> {
    path: &'a Path,
    part: PathBuf,
    out: Writer<File>,
}

impl<'a> Table<'a> {
    fn begin(path: &'a Path) -> Result<Self, Failure> {
        let part = path.with_extension("part");
        let out = Writer::from_path(&part).map_err(|error| failed(path, &error))?;
        let mut table = Self { path, part, out };
        let written = table.out.write_record(HEADINGS);
        written.map_err(|error| failed(path, &error))?;
        Ok(table)
    }

    fn row(
        &mut self,
        reference: &str,
        account: AccountId,
        outcome: Option<&RowOutcome>,
    ) -> Result<(), Failure> {
        let written = write_row(&mut self.out, reference, account, outcome);
        written.map_err(|error| failed(self.path, &error))
    }

    fn end(self) -> Result<(), Failure> {
        let path = self.path;
        let file = self.out.into_inner();
        let file = file.map_err(|error| failed(path, &error))?;
        let renamed = file.sync_all().and_then(|()| fs::rename(&self.part, path));
        renamed.map_err(|error| failed(path, &error))
    }
}

/// Writes the outcomes in a journal's file beside the job's rows.
pub(super) async fn write_file(
    path: &Path,
    journal: &Path,
    mut rows: impl Stream<Item = CardRow> + Unpin,
) -> Result<(), Failure> {
    let mut results = Results::open(journal).map_err(|error| failed(path, &error))?;
    let mut table = Table::begin(path)?;
    while let Some(row) = rows.next().await {
        let outcome = results.next_outcome();
        let outcome = outcome.map_err(|error| failed(path, &error))?;
        table.row(&row.reference, row.account, outcome.as_ref())?;
    }
    table.end()
}

/// Writes the outcomes of a job in PostgreSQL.
pub(super) async fn write_job(path: &Path, job: &PostgresJob) -> Result<(), Failure> {
    let mut table = Table::begin(path)?;
    let mut from = 0;
    loop {
        let page = job.results(from).await;
        let page = page.map_err(|error| failed(path, &error))?;
        let Some(last) = page.last() else {
            return table.end();
        };
        from = last.number + 1;
        for row in &page {
            table.row(&row.reference, row.account, row.outcome.as_ref())?;
        }
    }
}

fn failed(path: &Path, error: &dyn std::error::Error) -> Failure {
    Failure::because(format!("{} cannot be written: {error}", path.display()))
}

fn write_row(
    out: &mut Writer<File>,
    reference: &str,
    account: AccountId,
    outcome: Option<&RowOutcome>,
) -> Result<(), csv::Error> {
    let mut card = String::new();
    let mut status = String::new();
    let (word, message) = match outcome {
        None => ("open", ""),
        Some(RowOutcome::Issued { card: id, .. }) => {
            card = id.to_string();
            ("issued", "")
        }
        Some(RowOutcome::Failed(failure)) => {
            status = failure.status.map(|it| it.to_string()).unwrap_or_default();
            (failure.kind.as_str(), failure.message.as_str())
        }
        // A newer library may have more outcomes than this command knows.
        Some(_) => ("ended", ""),
    };
    let account = account.to_string();
    let fields = [reference, &account, word, &card, &status, message];
    out.write_record(fields)
}
