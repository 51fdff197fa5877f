//! A job whose journal is a file.

use std::path::Path;

use offblocks_cards::bulk::{BulkControl, BulkOptions, FileJournalOptions, Recovery};

use super::ran::{Ran, cancelled_by_signal, say};
use super::rows::Rows;
use super::{progress, results};
use crate::arguments::Issue;
use crate::failure::Failure;

/// Runs the job, and writes its results where they are asked for.
pub(super) async fn order(options: &Issue, journal: &Path, rows: &Rows) -> Result<Ran, Failure> {
    let cards = super::cards(&options.api)?;
    let opened = FileJournalOptions::new(&cards).repair(options.repair);
    let opened = opened.open(journal, rows.stream()?).await;
    let opened = opened.map_err(|error| Failure::because(error.to_string()))?;
    let (issued, failed) = opened.ended().await;
    say_what_was_found(opened.recovery(), issued + failed);
    let bar = progress::bar(rows.count, issued + failed);
    let shown = bar.clone();
    let control = BulkControl::default();
    let run = cards
        .bulk()
        .options(BulkOptions::default().with_concurrency(options.concurrency.get()))
        .control(control.clone())
        .on_progress(move |progress| progress::show(&shown, issued + failed, progress));
    let summary = tokio::select! {
        summary = run.run(&opened) => summary,
        never = cancelled_by_signal(&control) => never,
    };
    bar.finish_and_clear();
    let (all_issued, all_failed) = opened.ended().await;
    let closed = opened.close().await;
    closed.map_err(|error| Failure::because(error.to_string()))?;
    let summary = summary.map_err(|error| Failure::because(error.to_string()))?;
    if let Some(file) = &options.results {
        results::write_file(file, journal, rows.stream()?).await?;
    }
    Ok(Ran {
        issued: summary.progress.issued,
        found: summary.progress.found,
        failed: summary.progress.failed,
        all_issued,
        all_failed,
        cancelled: summary.cancelled,
    })
}

fn say_what_was_found(recovery: Recovery, ended: u64) {
    if recovery.lost_bytes > 0 {
        say(&format!(
            "{} bytes at the end of the journal were cut off; what they said is found out again",
            recovery.lost_bytes
        ));
    }
    if recovery.resumed {
        let open = recovery.open;
        say(&format!(
            "the job goes on: {ended} rows have ended, and {open} were in flight"
        ));
    }
}
