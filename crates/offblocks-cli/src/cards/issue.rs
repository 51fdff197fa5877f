//! `offblocks cards issue`: a card for each row.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use offblocks_cards::bulk::{
    BulkControl, BulkOptions, FileJournal, FileJournalOptions, Recovery, Summary,
};
use serde_json::json;

use super::check::print;
use super::rows::Rows;
use super::{progress, results};
use crate::arguments::Issue;
use crate::failure::Failure;

/// Orders the cards, and says what became of the rows.
pub(super) async fn run(options: &Issue) -> Result<ExitCode, Failure> {
    // clap asks for the journal wherever there is no dry run.
    let journal = options
        .journal
        .as_deref()
        .unwrap_or(Path::new("cards.journal"));
    let rows = Rows::check(&options.from)?;
    let (summary, issued, failed) = order(options, journal, &rows).await?;
    if let Some(file) = &options.results {
        results::write(file, journal, rows.stream()?).await?;
    }
    let progress = summary.progress;
    if options.json {
        print(
            &json!({
                "issued": progress.issued,
                "found": progress.found,
                "failed": progress.failed,
                "total": { "issued": issued, "failed": failed },
                "cancelled": summary.cancelled,
            })
            .to_string(),
        )?;
    } else {
        print(&text(options, rows.count, issued, failed))?;
    }
    Ok(match (issued + failed < rows.count, failed) {
        (true, _) => ExitCode::from(3),
        (false, 0) => ExitCode::SUCCESS,
        (false, _) => ExitCode::from(100),
    })
}

/// Runs the job: its summary, and how many rows of all runs have a card or failed.
async fn order(
    options: &Issue,
    journal: &Path,
    rows: &Rows,
) -> Result<(Summary, u64, u64), Failure> {
    let cards = super::cards(options).await?;
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
    let (issued, failed) = opened.ended().await;
    close(opened).await?;
    let summary = summary.map_err(|error| Failure::because(error.to_string()))?;
    Ok((summary, issued, failed))
}

async fn close<S>(journal: FileJournal<S>) -> Result<(), Failure> {
    let closed = journal.close().await;
    closed.map_err(|error| Failure::because(error.to_string()))
}

/// Cancels the run at the first Ctrl-C, and never returns: the run ends by itself.
async fn cancelled_by_signal<T>(control: &BulkControl) -> T {
    if tokio::signal::ctrl_c().await.is_ok() {
        say("finishing the rows in flight; run the command again to go on");
        control.cancel();
    }
    std::future::pending().await
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

/// A message on the error stream. Where that is closed, nobody reads it.
fn say(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

fn text(options: &Issue, count: u64, issued: u64, failed: u64) -> String {
    let open = count - issued - failed;
    let mut text = format!("{issued} of {count} rows have their card");
    if failed > 0 {
        text.push_str(&format!(", {failed} failed"));
    }
    if open > 0 {
        text.push_str(&format!(
            ", {open} are open: run the command again to go on"
        ));
    }
    if failed > 0 && options.results.is_none() {
        text.push_str("; --results FILE says why");
    }
    text
}
