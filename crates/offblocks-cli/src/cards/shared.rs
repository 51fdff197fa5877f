//! A job whose journal is in PostgreSQL, with workers in this process and in others.

use std::path::Path;
use std::time::Duration;

use futures_util::future::join_all;
use indicatif::ProgressBar;
use offblocks_cards::Cards;
use offblocks_cards::bulk::{
    BulkControl, BulkError, BulkOptions, PostgresJob, PostgresJournal, PostgresJournalOptions,
    Summary, postgres::Pool,
};

use super::journal::{self, failed, job_name};
use super::ran::{Ran, cancelled_by_signal, say};
use super::rows::Rows;
use super::{progress, results};
use crate::arguments::Issue;
use crate::arguments::journal::PostgresPlace;
use crate::failure::Failure;

/// How often the job's rows are counted for the progress bar.
const COUNT_EVERY: Duration = Duration::from_secs(2);

/// Runs the workers, and writes the job's results where they are asked for.
pub(super) async fn order(
    options: &Issue,
    place: &PostgresPlace,
    from: &Path,
    rows: &Rows,
) -> Result<Ran, Failure> {
    let name = job_name(options.job.as_deref(), from)?;
    let cards = super::cards(&options.api)?;
    let pool = journal::connect(place, options.workers.get())?;
    let journals = open(options, place, &name, &cards, &pool, rows).await?;
    let job = journals
        .first()
        .map(|journal| journal.job_handle().clone())
        .ok_or_else(|| Failure::because("a job needs a worker"))?;
    let before = job.progress().await.map_err(failed)?;
    if before.ended() > 0 {
        let ended = before.ended();
        say(&format!("the job goes on: {ended} rows have ended"));
    }
    let bar = progress::bar(rows.count, before.ended());
    let control = BulkControl::default();
    let runs = journals
        .iter()
        .map(|journal| work(options, &cards, &control, journal));
    let summaries = tokio::select! {
        summaries = join_all(runs) => summaries,
        never = cancelled_by_signal(&control) => never,
        never = show(&bar, &job) => never,
    };
    bar.finish_and_clear();
    for journal in journals {
        journal.close().await.map_err(failed)?;
    }
    let after = job.progress().await.map_err(failed)?;
    if let Some(file) = &options.results {
        results::write_job(file, &job).await?;
    }
    let mut ran = Ran {
        all_issued: after.issued,
        all_failed: after.failed,
        cancelled: control.is_cancelled(),
        ..Ran::default()
    };
    for summary in summaries {
        let progress = summary.map_err(failed)?.progress;
        ran.issued += progress.issued;
        ran.found += progress.found;
        ran.failed += progress.failed;
    }
    if after.command == offblocks_cards::bulk::JobCommand::Cancel {
        say("the job is cancelled; `offblocks cards job resume` continues it");
        ran.cancelled = true;
    }
    Ok(ran)
}

/// The first one writes the rows, or compares them; the others join.
async fn open(
    options: &Issue,
    place: &PostgresPlace,
    name: &str,
    cards: &Cards,
    pool: &Pool,
    rows: &Rows,
) -> Result<Vec<PostgresJournal>, Failure> {
    let concurrency = u32::try_from(options.concurrency.get()).unwrap_or(u32::MAX);
    let worker = PostgresJournalOptions::new(cards)
        .lease(options.lease)
        .batch(concurrency.min(256));
    let worker = journal::worker(place, worker)?;
    let first = worker.clone().open(pool, name, rows.stream()?).await;
    let mut journals = vec![first.map_err(failed)?];
    for _ in 1..options.workers.get() {
        let further = worker.clone().join(pool, name).await;
        journals.push(further.map_err(failed)?);
    }
    Ok(journals)
}

async fn work(
    options: &Issue,
    cards: &Cards,
    control: &BulkControl,
    journal: &PostgresJournal,
) -> Result<Summary, BulkError> {
    let run = cards
        .bulk()
        .options(BulkOptions::default().with_concurrency(options.concurrency.get()))
        .control(control.clone());
    run.run(journal).await
}

/// Shows how far all workers are, where there is a terminal. It never returns.
async fn show<T>(bar: &ProgressBar, job: &PostgresJob) -> T {
    if bar.is_hidden() {
        return std::future::pending().await;
    }
    loop {
        tokio::time::sleep(COUNT_EVERY).await;
        // A count that fails is tried again; what matters fails with the workers.
        if let Ok(now) = job.progress().await {
            progress::show_job(bar, now);
        }
    }
}
