//! What became of each row, as a CSV file.

use std::fs::{self, File};
use std::path::Path;

use csv::Writer;
use futures_util::{Stream, StreamExt as _};
use offblocks_cards::bulk::{CardRow, Results, RowOutcome};

use crate::failure::Failure;

/// Writes the outcomes of a job beside its rows. The file appears whole or not at all.
pub(super) async fn write(
    path: &Path,
    journal: &Path,
    mut rows: impl Stream<Item = CardRow> + Unpin,
) -> Result<(), Failure> {
    let failed = |error: &dyn std::error::Error| {
        Failure::because(format!("{} cannot be written: {error}", path.display()))
    };
    let mut results = Results::open(journal).map_err(|error| failed(&error))?;
    let part = path.with_extension("part");
    let mut out = Writer::from_path(&part).map_err(|error| failed(&error))?;
    let headings = [
        "reference",
        "account",
        "outcome",
        "card",
        "status",
        "message",
    ];
    out.write_record(headings).map_err(|error| failed(&error))?;
    while let Some(row) = rows.next().await {
        let outcome = results.next_outcome().map_err(|error| failed(&error))?;
        write_row(&mut out, &row, outcome.as_ref()).map_err(|error| failed(&error))?;
    }
    let file = out.into_inner().map_err(|error| failed(&error))?;
    file.sync_all().map_err(|error| failed(&error))?;
    fs::rename(&part, path).map_err(|error| failed(&error))
}

fn write_row(
    out: &mut Writer<File>,
    row: &CardRow,
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
        // The library may come to know more of them than this command.
        Some(_) => ("ended", ""),
    };
    let account = row.account.to_string();
    let fields = [&row.reference, &account, word, &card, &status, message];
    out.write_record(fields)
}
