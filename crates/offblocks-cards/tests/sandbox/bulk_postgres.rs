//! Bulk jobs whose journal is in PostgreSQL: many workers, crashed ones, late ones, and the whole job.
//!
//! They run where `OFFBLOCKS_TEST_POSTGRES` names a server: `.ci/postgres run cargo test …`.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads its environment and prints why it is skipped"
)]
#![expect(clippy::print_stdout, reason = "a test says why it is skipped")]

mod rows;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::{Either, join, join_all, select};
use futures_util::stream::{self, StreamExt as _};
use offblocks_cards::bulk::{
    BulkControl, BulkOptions, CardRow, Finished, History, JobCommand, Journal as _, Next,
    PostgresJob, PostgresJournal, PostgresJournalError, PostgresJournalOptions, Round,
    RowFailureKind, RowOutcome, postgres,
};
use offblocks_cards::{Cards, Timer};
use offblocks_types::AccountId;
use offblocks_types::uuid::Uuid;

use crate::bulk::{accounts, after_polls, cards_by_account, rows, short_pauses};
use crate::faults::behind_a_lossy_network;
use crate::stage::{Stage, virtual_card};

const JOB: &str = "june";

/// A schema of its own on the test server.
struct Database {
    pool: postgres::Pool,
    schema: String,
}

impl Database {
    /// `None` where there is no server; the test is skipped then.
    async fn new(test: &str) -> Option<Self> {
        let Ok(url) = std::env::var("OFFBLOCKS_TEST_POSTGRES") else {
            println!("skipped: set OFFBLOCKS_TEST_POSTGRES to the URL of a PostgreSQL server");
            return None;
        };
        let pool = postgres::connect(&url, 20).unwrap();
        let database = Self {
            pool,
            schema: format!("bulk_test_{test}"),
        };
        database.run("DROP SCHEMA IF EXISTS @ CASCADE").await;
        Some(database)
    }

    /// Runs a statement in which `@` stands for the schema.
    async fn run(&self, statement: &str) {
        let statement = statement.replace('@', &self.schema);
        let statement = sqlx::query(sqlx::AssertSqlSafe(statement));
        statement.execute(&self.pool).await.unwrap();
    }

    fn options(&self, cards: &Cards) -> PostgresJournalOptions {
        let options = PostgresJournalOptions::new(cards).timer(Arc::new(Looks::default()));
        options.schema(&self.schema).unwrap()
    }

    /// A worker that shows no life after it has joined, so that a test decides when its lease ends.
    async fn worker(&self, cards: &Cards, accounts: &[AccountId]) -> PostgresJournal {
        let options = self.options(cards);
        options.open(&self.pool, JOB, rows(accounts)).await.unwrap()
    }

    async fn job(&self) -> PostgresJob {
        let job = PostgresJob::find_in_schema(&self.pool, &self.schema, JOB);
        job.await.unwrap()
    }

    /// The leases of all workers end.
    async fn end_leases(&self) {
        self.run("UPDATE @.workers SET lease_until = now() - interval '1 second'")
            .await;
    }

    /// Each row of the job has the only card of its account.
    async fn assert_exactly_one_card_each(&self, stage: &Stage, accounts: &[AccountId]) {
        let cards = cards_by_account(stage).await;
        let results = self.job().await.results(0).await.unwrap();
        assert_eq!(results.len(), accounts.len());
        for (result, account) in results.iter().zip(accounts) {
            assert_eq!(result.account, *account);
            match (&result.outcome, cards.get(account).map(Vec::as_slice)) {
                (Some(RowOutcome::Issued { card, .. }), Some([only])) => assert_eq!(card, only),
                other => panic!("the account {account}: {other:?}"),
            }
        }
    }
}

/// A timer by which some time passes with each look at it, and no pause ends.
#[derive(Debug, Default)]
struct Looks(AtomicU64);

impl Timer for Looks {
    fn elapsed(&self) -> Duration {
        Duration::from_millis(50 * self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

/// Rows of accounts that are not called.
fn numbered(count: u64) -> Vec<AccountId> {
    let account = |number| AccountId::from(Uuid::from_u128(u128::from(number)));
    (0..count).map(account).collect()
}

fn issued(card: u128) -> RowOutcome {
    let document = serde_json::json!({ "issued": { "card": Uuid::from_u128(card) } });
    serde_json::from_value(document).unwrap()
}

async fn claimed(journal: &PostgresJournal) -> offblocks_cards::bulk::Claim {
    journal.claim().await.unwrap().row().unwrap()
}

#[tokio::test]
async fn workers_share_a_job_and_each_row_gets_its_card() {
    let Some(database) = Database::new("share").await else {
        return;
    };
    let stage = Stage::new().await;
    let accounts = accounts(&stage, 40).await;
    // All of them start at once: one makes the tables, one the job, and one each part of its rows.
    let workers = (0..4).map(|_| database.worker(&stage.cards, &accounts));
    let workers = join_all(workers).await;
    let runs = workers
        .iter()
        .map(|journal| stage.cards.issue_many(journal));
    let mut ended = 0;
    for summary in join_all(runs).await {
        ended += summary.unwrap().progress.ended();
    }
    assert_eq!(ended, 40, "each row is counted by the worker that ended it");
    database
        .assert_exactly_one_card_each(&stage, &accounts)
        .await;
    let progress = database.job().await.progress().await.unwrap();
    assert_eq!(
        (progress.rows, progress.issued, progress.failed),
        (40, 40, 0)
    );
    assert!(progress.is_complete());
    assert_eq!(progress.workers, 4);
    for worker in workers {
        worker.close().await.unwrap();
    }
    assert_eq!(database.job().await.progress().await.unwrap().workers, 0);
}

#[tokio::test]
async fn a_dead_workers_rows_are_taken_over_and_its_late_writes_change_nothing() {
    let Some(database) = Database::new("crashed").await else {
        return;
    };
    let stage = Stage::new().await;
    let accounts = numbered(3);
    let crashed = database.worker(&stage.cards, &accounts).await;
    let running = database.worker(&stage.cards, &accounts).await;
    let first = claimed(&crashed).await;
    assert_eq!((first.number, first.history), (0, History::Unsent));
    assert!(
        matches!(running.claim().await.unwrap(), Next::Wait(_)),
        "all rows are claimed"
    );
    database.end_leases().await;
    database
        .run("UPDATE @.workers SET lease_until = now() + interval '1 hour' WHERE id <> (SELECT worker FROM @.job_rows WHERE number = 0)")
        .await;
    let next = database.worker(&stage.cards, &accounts).await;
    let again = claimed(&next).await;
    assert_eq!((again.number, again.round), (0, 0));
    assert!(matches!(again.history, History::MaybeSent { .. }));

    let now = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_340_781);
    let late = crashed.finish(&first, &issued(1)).await.unwrap();
    assert_eq!(late, Finished::ClaimLost);
    let late = crashed.begin_round(&first, 1, now).await.unwrap();
    assert_eq!(late, Round::ClaimLost);
    crashed.release(first).await.unwrap();
    let recorded = next.finish(&again, &issued(2)).await.unwrap();
    assert_eq!(recorded, Finished::Recorded);
    // Not even after the row has ended.
    let results = database.job().await.results(0).await.unwrap();
    assert_eq!(results[0].outcome, Some(issued(2)));
    // It notices, joins anew, and gets the rows that others give back.
    crashed.close().await.unwrap();
    next.close().await.unwrap();
    assert_eq!(claimed_after_wait(&running).await.number, 1);
}

/// The next row, once the worker has looked again.
async fn claimed_after_wait(journal: &PostgresJournal) -> offblocks_cards::bulk::Claim {
    for _ in 0..100 {
        if let Next::Row(claim) = journal.claim().await.unwrap() {
            return *claim;
        }
    }
    panic!("rows were given back, so there is one");
}

#[tokio::test]
async fn a_worker_that_stood_still_orders_no_second_card_after_the_hour() {
    let Some(database) = Database::new("still").await else {
        return;
    };
    let stage = Stage::new().await;
    let accounts = accounts(&stage, 6).await;
    // It looks for further rows, and so learns of its lease, when half of these are handed out.
    let slow = database.options(&stage.cards).batch(6);
    let slow = slow
        .open(&database.pool, JOB, rows(&accounts))
        .await
        .unwrap();
    claimed(&slow).await;
    database.end_leases().await;
    let heir = database.worker(&stage.cards, &accounts).await;
    let row = claimed(&heir).await;

    // The slow one still has its rows, sends them, and may not write what came of it.
    let control = BulkControl::default();
    let stop = control.clone();
    let run = stage.cards.bulk().control(control);
    let run = run.options(BulkOptions::default().with_concurrency(5));
    let run = run.on_progress(move |progress| {
        if progress.in_flight == 0 {
            stop.cancel();
        }
    });
    let summary = run.run(&slow).await.unwrap();
    assert_eq!(summary.progress.ended(), 0, "late writes are rejected");
    let sent = cards_by_account(&stage).await.len();
    assert!(sent > 0, "its orders were sent");

    stage.advance(Duration::from_secs(2 * 3600));
    heir.release(row).await.unwrap();
    let summary = stage.cards.issue_many(&heir).await.unwrap();
    let progress = summary.progress;
    assert_eq!((progress.issued, progress.found), (6, sent as u64));
    database
        .assert_exactly_one_card_each(&stage, &accounts)
        .await;
}

#[tokio::test]
async fn a_job_has_its_rows_and_no_others_though_loading_is_interrupted() {
    let Some(database) = Database::new("rows").await else {
        return;
    };
    let stage = Stage::new().await;
    let accounts = numbered(2_500);
    // The first loader stops in the middle of the second part, for ever.
    let stopped = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&stopped);
    let some: Vec<CardRow> = rows(&accounts[..1_500]).collect().await;
    let stopping = stream::iter(some).chain(stream::poll_fn(move |_| {
        seen.store(true, Ordering::Relaxed);
        std::task::Poll::Pending
    }));
    let open = database.options(&stage.cards);
    let open = Box::pin(open.open(&database.pool, JOB, stopping));
    let stop = Box::pin(std::future::poll_fn(|context| {
        if stopped.load(Ordering::Relaxed) {
            return std::task::Poll::Ready(());
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    }));
    assert!(matches!(select(open, stop).await, Either::Right(_)));
    let early = database.options(&stage.cards).join(&database.pool, JOB);
    assert!(
        matches!(early.await, Err(PostgresJournalError::NoJob(_))),
        "no row is worked on before all rows are there"
    );
    let journal = database.worker(&stage.cards, &accounts).await;
    assert_eq!(journal.job_handle().progress().await.unwrap().rows, 2_500);

    let mut others = accounts.clone();
    others[2_100] = AccountId::from(Uuid::from_u128(9_999));
    let further = numbered(2_501);
    for (other, from) in [
        (&others[..], 2_000),
        (&accounts[..2_499], 2_000),
        (&accounts[..2_000], 2_000),
        (&further[..], 2_000),
    ] {
        let open = database.options(&stage.cards);
        match open.open(&database.pool, JOB, rows(other)).await {
            Err(PostgresJournalError::OtherRows { from: found, .. }) => assert_eq!(found, from),
            other => panic!("{other:?}"),
        }
    }
    let joined = database
        .options(&stage.cards)
        .join(&database.pool, JOB)
        .await;
    assert_eq!(claimed(&joined.unwrap()).await.number, 0);
}

#[tokio::test]
async fn a_whole_job_is_paused_resumed_and_cancelled() {
    let Some(database) = Database::new("whole").await else {
        return;
    };
    let stage = Stage::new().await;
    let worker = database.worker(&stage.cards, &numbered(40)).await;
    let job = database.job().await;
    job.pause().await.unwrap();
    assert!(matches!(worker.claim().await.unwrap(), Next::Wait(_)));
    assert_eq!(job.progress().await.unwrap().command, JobCommand::Pause);
    job.resume().await.unwrap();
    let further = database.worker(&stage.cards, &numbered(40)).await;
    let row = claimed(&further).await;
    job.cancel().await.unwrap();
    let finished = further.finish(&row, &issued(1)).await.unwrap();
    assert_eq!(finished, Finished::Recorded, "rows in flight are finished");
    // What was claimed ahead is handed out until the next look at the job.
    let mut handed_out = 0;
    while let Next::Row(row) = further.claim().await.unwrap() {
        further.release(*row).await.unwrap();
        handed_out += 1;
    }
    assert_eq!(handed_out, 15);
    let last = database.worker(&stage.cards, &numbered(40)).await;
    assert_eq!(last.claim().await.unwrap(), Next::Done);
    job.resume().await.unwrap();
    let again = database.worker(&stage.cards, &numbered(40)).await;
    assert_eq!(claimed(&again).await.number, 1);
}

#[tokio::test]
async fn interrupted_workers_over_a_bad_network_order_no_card_twice() {
    let Some(database) = Database::new("network").await else {
        return;
    };
    let stage = Stage::new().await;
    let accounts = accounts(&stage, 40).await;
    let cards = behind_a_lossy_network(&stage, 2).await;
    let mut polls = 60;
    loop {
        let one = database.worker(&cards, &accounts).await;
        let two = database.worker(&cards, &accounts).await;
        polls += 23;
        let run = |journal| cards.bulk().options(short_pauses()).run(journal);
        let runs = join(run(&one), run(&two));
        let ended = after_polls(runs, polls).await;
        if let Some((one, two)) = ended {
            one.unwrap();
            two.unwrap();
            break;
        }
        // What was on its way is lost with the futures, and both workers have crashed.
        drop((one, two));
        database.end_leases().await;
    }
    database
        .assert_exactly_one_card_each(&stage, &accounts)
        .await;
}

#[tokio::test]
async fn failures_are_recorded_and_addresses_are_deleted() {
    let Some(database) = Database::new("failures").await else {
        return;
    };
    let stage = Stage::new().await;
    let mut accounts = accounts(&stage, 2).await;
    stage
        .cards
        .issue(accounts[0], virtual_card())
        .await
        .unwrap();
    accounts.push(AccountId::from(Uuid::from_u128(5)));
    let journal = database.worker(&stage.cards, &accounts).await;
    let summary = stage.cards.issue_many(&journal).await.unwrap();
    assert_eq!((summary.progress.issued, summary.progress.failed), (1, 2));
    let results = journal.job_handle().results(0).await.unwrap();
    let failures: Vec<_> = results
        .iter()
        .filter_map(|result| match &result.outcome {
            Some(RowOutcome::Failed(failure)) => Some((failure.kind, failure.status)),
            _ => None,
        })
        .collect();
    let rejected = RowFailureKind::Rejected;
    assert_eq!(failures, [(rejected, Some(400)), (rejected, Some(404))]);
    let deleted = "DO $$ BEGIN ASSERT NOT EXISTS \
                   (SELECT 1 FROM @.job_rows WHERE order_document IS NOT NULL); END $$";
    database.run(deleted).await;
    journal.close().await.unwrap();
    database.job().await.delete().await.unwrap();
    let gone = PostgresJob::find_in_schema(&database.pool, &database.schema, JOB).await;
    assert!(matches!(gone, Err(PostgresJournalError::NoJob(_))));
}
