//! Single rows of a job in PostgreSQL: how they are written, claimed and ended.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::{join, join_all};
use offblocks_cards::bulk::{Finished, Journal as _, Next, PostgresJournal, RowOutcome};
use offblocks_types::CardId;
use offblocks_types::uuid::Uuid;

use super::{Database, JOB, claimed, issued, numbered};
use crate::bulk::{after_polls, rows};
use crate::stage::Stage;

/// How many entries of its indexes the server read, and how often it looked into that of accounts.
/// It counts what a connection did a moment later.
const READ: &str = "\
SELECT COALESCE(sum(idx_tup_read), 0)::bigint,
    COALESCE(sum(idx_scan) FILTER (WHERE indexrelname = 'job_rows_account'), 0)::bigint
FROM pg_stat_user_indexes WHERE schemaname = $1 AND relname = 'job_rows'";

#[tokio::test]
async fn rows_are_written_without_a_look_at_all_others() {
    const ROWS: u64 = 3_000;
    let Some(database) = Database::new("written").await else {
        return;
    };
    let stage = Stage::new().await;
    let worker = database.worker(&stage.cards, &numbered(ROWS)).await;
    let mut seen = (0, 0);
    for _ in 0..300 {
        let read = sqlx::query_as::<_, (i64, i64)>(READ).bind(&database.schema);
        seen = read.fetch_one(&database.pool).await.unwrap();
        if seen.1.unsigned_abs() >= ROWS {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let (entries, looks) = (seen.0.unsigned_abs(), seen.1.unsigned_abs());
    assert!(
        looks >= ROWS && entries < 20 * ROWS,
        "{ROWS} rows were written with {looks} looks into the index of accounts, and {entries} entries of \
         indexes were read: see the plan of the statement that inserts them"
    );
    worker.close().await.unwrap();
}

#[tokio::test]
async fn rows_of_one_account_are_worked_on_one_after_the_other() {
    let Some(database) = Database::new("order").await else {
        return;
    };
    let stage = Stage::new().await;
    // The rows of the second part follow on rows of the first one.
    let mut accounts = numbered(1_200);
    accounts[1] = accounts[0];
    accounts[1_100] = accounts[0];
    let [one, two] = [(), ()].map(|()| database.worker(&stage.cards, &accounts));
    let (one, two) = join(one, two).await;
    let first = claimed(&one).await;
    assert_eq!(first.number, 0);
    let second = claimed(&one).await;
    assert_eq!(second.number, 2, "row 1 waits for row 0");
    one.finish(&first, &issued(1)).await.unwrap();
    let next = claimed(&two).await;
    assert_eq!((next.number, next.row.account), (1, accounts[0]));
    // A card belongs to one row, over all workers.
    assert_eq!(
        two.finish(&next, &issued(1)).await.unwrap(),
        Finished::CardTaken
    );
    let cards: BTreeSet<CardId> = [1, 2].map(|id| CardId::from(Uuid::from_u128(id))).into();
    let taken = two.taken(&cards).await.unwrap();
    assert_eq!(taken, [CardId::from(Uuid::from_u128(1))].into());
    let waiting = database.run(
        "DO $$ BEGIN ASSERT (SELECT state FROM @.job_rows WHERE number = 1100) = 'waiting'; END $$",
    );
    waiting.await;
    assert_eq!(
        two.finish(&next, &issued(2)).await.unwrap(),
        Finished::Recorded
    );
    let opened = database.run(
        "DO $$ BEGIN ASSERT (SELECT state FROM @.job_rows WHERE number = 1100) = 'open'; END $$",
    );
    opened.await;
}

#[tokio::test]
async fn rows_that_end_at_once_are_recorded_together_and_each_for_itself() {
    let Some(database) = Database::new("together").await else {
        return;
    };
    let stage = Stage::new().await;
    let options = database.options(&stage.cards).batch(12);
    let worker = options.open(&database.pool, JOB, rows(&numbered(36)));
    let worker = worker.await.unwrap();
    let mut claims = Vec::new();
    for _ in 0..24 {
        claims.push(claimed(&worker).await);
    }
    let finish = |claim, card| worker.finish(claim, card);
    let cards: Vec<RowOutcome> = (1..=12).map(issued).collect();
    let (first, second) = claims.split_at(12);
    let recorded = join_all(
        first
            .iter()
            .zip(&cards)
            .map(|(row, card)| finish(row, card)),
    )
    .await;
    assert!(
        recorded
            .into_iter()
            .all(|one| one.unwrap() == Finished::Recorded)
    );
    database
        .run(
            "DO $$ BEGIN ASSERT (SELECT count(DISTINCT xmin::text) FROM @.job_rows WHERE state = 'ended') \
             < 12, 'each row was recorded by a statement of its own'; END $$",
        )
        .await;

    // One card that another row has does not keep the others from being recorded.
    let cards: Vec<RowOutcome> = (12..24).map(issued).collect();
    let recorded = join_all(
        second
            .iter()
            .zip(&cards)
            .map(|(row, card)| finish(row, card)),
    )
    .await;
    let recorded: Vec<Finished> = recorded.into_iter().map(Result::unwrap).collect();
    assert_eq!(recorded[0], Finished::CardTaken);
    assert!(
        recorded[1..].iter().all(|one| *one == Finished::Recorded),
        "{recorded:?}"
    );
    assert_eq!(database.job().await.progress().await.unwrap().issued, 23);
}

#[tokio::test]
async fn a_row_that_becomes_open_is_claimed_at_once() {
    let Some(database) = Database::new("opened").await else {
        return;
    };
    let stage = Stage::new().await;
    let account = numbered(1)[0];
    let worker = database.worker(&stage.cards, &[account, account]).await;
    let first = claimed(&worker).await;
    pauses_are_long(&worker).await;
    worker.finish(&first, &issued(1)).await.unwrap();
    assert_eq!(claimed(&worker).await.number, 1);
}

#[tokio::test]
async fn all_who_share_a_journal_learn_at_once_that_the_job_is_done() {
    let Some(database) = Database::new("done").await else {
        return;
    };
    let stage = Stage::new().await;
    let worker = database.worker(&stage.cards, &numbered(1)).await;
    let only = claimed(&worker).await;
    pauses_are_long(&worker).await;
    worker.finish(&only, &issued(1)).await.unwrap();
    // Others may have been put off before: these find out by themselves, once each.
    while let Next::Wait(_) = worker.claim().await.unwrap() {}
    for _ in 0..16 {
        assert_eq!(worker.claim().await.unwrap(), Next::Done);
    }
}

/// Sessions whose transaction stays open and idle.
const LEFT_OPEN: &str = "\
SELECT count(*) FROM pg_stat_activity
WHERE state = 'idle in transaction' AND query LIKE '%' || $1 || '%'
    AND state_change < clock_timestamp() - interval '200 milliseconds'";

#[tokio::test]
async fn a_caller_that_is_dropped_leaves_no_transaction_open() {
    let Some(database) = Database::new("dropped").await else {
        return;
    };
    let stage = Stage::new().await;
    let worker = database.worker(&stage.cards, &numbered(1)).await;
    let only = claimed(&worker).await;
    // Nothing is open, so each look asks for crashed workers too, and is dropped at another moment.
    let dropped = async {
        for polls in 0..300 {
            let _ = after_polls(worker.claim(), polls % 30).await;
        }
    };
    let ended = tokio::time::timeout(Duration::from_secs(20), dropped).await;
    ended.expect("no caller waits for a transaction that was left open");
    worker.finish(&only, &issued(1)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let left = sqlx::query_scalar::<_, i64>(LEFT_OPEN).bind(&database.schema);
    let left = left.fetch_one(&database.pool).await.unwrap();
    assert_eq!(left, 0, "run transactions by `to_its_end`");
}

/// Nothing is open so often that the next look is far away.
async fn pauses_are_long(worker: &PostgresJournal) {
    for _ in 0..100 {
        match worker.claim().await.unwrap() {
            Next::Wait(pause) if pause >= Duration::from_millis(900) => break,
            other => assert!(matches!(other, Next::Wait(_)), "{other:?}"),
        }
    }
}
