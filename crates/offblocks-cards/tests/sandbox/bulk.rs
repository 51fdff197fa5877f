//! Bulk jobs on the real sandbox: interrupted, over a network that loses messages, after the hour of
//! the keys, and by rules.

#![expect(
    clippy::disallowed_methods,
    reason = "a test makes the damage it looks for"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::stream::{self, StreamExt as _};
use offblocks_cards::Cards;
use offblocks_cards::bulk::{
    BulkControl, BulkError, BulkOptions, CardRow, FileJournal, Results, RowFailureKind, RowOutcome,
    RowProblem,
};
use offblocks_types::{AccountId, CardId};

use crate::faults::behind_a_lossy_network;
use crate::stage::{Stage, virtual_card};

pub type Rows = stream::Iter<std::vec::IntoIter<CardRow>>;

pub fn rows(accounts: &[AccountId]) -> Rows {
    let numbered = accounts.iter().enumerate();
    let rows = numbered
        .map(|(number, account)| CardRow::new(format!("row {number}"), *account, virtual_card()));
    stream::iter(rows.collect::<Vec<_>>())
}

/// As many active accounts of the stage's customer.
pub async fn accounts(stage: &Stage, count: usize) -> Vec<AccountId> {
    let mut accounts = Vec::new();
    for _ in 0..count {
        let opened = stage
            .cards
            .open_account(stage.customer, &stage.wallet, "EUR");
        accounts.push(opened.await.unwrap().id);
    }
    accounts
}

/// The cards of the programme, by account.
pub async fn cards_by_account(stage: &Stage) -> BTreeMap<AccountId, Vec<CardId>> {
    let mut found: BTreeMap<AccountId, Vec<CardId>> = BTreeMap::new();
    for card in stage.client.get_cards().send().await.unwrap().into_inner() {
        found.entry(card.account_id).or_default().push(card.id);
    }
    found
}

/// Each row of the journal has the only card of its account.
async fn assert_exactly_one_card_each(stage: &Stage, path: &Path, accounts: &[AccountId]) {
    let cards = cards_by_account(stage).await;
    let mut results = Results::open(path).unwrap();
    for account in accounts {
        let outcome = results.next_outcome().unwrap();
        match (outcome, cards.get(account).map(Vec::as_slice)) {
            (Some(RowOutcome::Issued { card, .. }), Some([only])) => assert_eq!(card, *only),
            other => panic!("the account {account}: {other:?}"),
        }
    }
    assert_eq!(results.next_outcome().unwrap(), None);
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn journal(&self) -> PathBuf {
        self.0.path().join("job.journal")
    }
}

#[tokio::test]
async fn each_row_gets_its_card() {
    let stage = Stage::new().await;
    let folder = Folder::new();
    let accounts = accounts(&stage, 20).await;
    let journal = FileJournal::open(&stage.cards, folder.journal(), rows(&accounts));
    let journal = journal.await.unwrap();
    let most = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&most);
    let run = stage
        .cards
        .bulk()
        .options(BulkOptions::default().with_concurrency(4))
        .on_progress(move |progress| {
            seen.fetch_max(progress.in_flight, Ordering::Relaxed);
        });
    let summary = run.run(&journal).await.unwrap();
    assert_eq!((summary.progress.issued, summary.progress.failed), (20, 0));
    assert_eq!(summary.progress.in_flight, 0);
    assert_eq!(
        most.load(Ordering::Relaxed),
        4,
        "as many rows at a time as were asked for"
    );
    assert_exactly_one_card_each(&stage, &folder.journal(), &accounts).await;
}

/// A job that is dropped again and again, in the middle of calls, over a network that loses a fifth of
/// the requests, a fifth of the responses, and responds to another fifth with a 503.
#[tokio::test]
async fn interrupted_runs_over_a_bad_network_order_no_card_twice() {
    let stage = Stage::new().await;
    let folder = Folder::new();
    let accounts = accounts(&stage, 40).await;
    let cards = behind_a_lossy_network(&stage, 2).await;
    let mut polls = 40;
    loop {
        let opened = FileJournal::open(&cards, folder.journal(), rows(&accounts)).await;
        let journal = opened.unwrap();
        polls += 17;
        let run = cards.bulk().options(short_pauses()).run(&journal);
        match after_polls(run, polls).await {
            Some(summary) => {
                summary.unwrap();
                break;
            }
            // What was on its way is lost with the future.
            None => continue,
        }
    }
    assert_exactly_one_card_each(&stage, &folder.journal(), &accounts).await;
}

/// Options for behind a lossy network, where whatever takes longer than ten seconds never comes.
pub fn short_pauses() -> BulkOptions {
    let mut options = BulkOptions::default();
    options.longest_pause = Duration::from_secs(5);
    options
}

/// The outcome of a future, unless it needs more polls than that.
pub async fn after_polls<T>(future: impl Future<Output = T>, most: u32) -> Option<T> {
    let mut future = Box::pin(future);
    let mut polls = 0;
    std::future::poll_fn(move |context: &mut Context<'_>| {
        polls += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
            Poll::Pending if polls >= most => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test]
async fn after_the_hour_of_the_keys_cards_are_found_and_only_missing_ones_ordered() {
    let stage = Stage::new().await;
    let folder = Folder::new();
    let accounts = accounts(&stage, 6).await;
    let control = BulkControl::default();
    let cancel = control.clone();
    {
        let journal = FileJournal::open(&stage.cards, folder.journal(), rows(&accounts));
        let journal = journal.await.unwrap();
        let run = stage
            .cards
            .bulk()
            .options(BulkOptions::default().with_concurrency(1))
            .control(control)
            .on_progress(move |progress| {
                if progress.ended() == 4 {
                    cancel.cancel();
                }
            });
        let summary = run.run(&journal).await.unwrap();
        assert!(summary.cancelled);
        assert_eq!(summary.progress.issued, 4);
    }
    // The lines of the last two cards are lost, as if the machine had crashed before they were durable.
    let text = std::fs::read_to_string(folder.journal()).unwrap();
    let kept: Vec<&str> = text.split_inclusive('\n').take(4).collect();
    std::fs::write(folder.journal(), kept.concat()).unwrap();
    stage.advance(Duration::from_secs(2 * 3600));

    let journal = FileJournal::open(&stage.cards, folder.journal(), rows(&accounts));
    let journal = journal.await.unwrap();
    let summary = stage.cards.issue_many(&journal).await.unwrap();
    let progress = summary.progress;
    assert_eq!(
        (progress.issued, progress.found, progress.failed),
        (4, 2, 0)
    );
    assert_exactly_one_card_each(&stage, &folder.journal(), &accounts).await;
}

#[tokio::test]
async fn what_the_server_rejects_is_recorded_and_the_job_goes_on() {
    let stage = Stage::new().await;
    let folder = Folder::new();
    let mut accounts = accounts(&stage, 3).await;
    // The second row of an account, and an account that does not exist.
    accounts.insert(1, accounts[0]);
    accounts.insert(
        2,
        AccountId::from(offblocks_types::uuid::Uuid::from_u128(5)),
    );
    let journal = FileJournal::open(&stage.cards, folder.journal(), rows(&accounts));
    let journal = journal.await.unwrap();
    let summary = stage.cards.issue_many(&journal).await.unwrap();
    assert_eq!((summary.progress.issued, summary.progress.failed), (3, 2));
    let mut results = Results::open(folder.journal()).unwrap();
    let mut failures = Vec::new();
    for _ in &accounts {
        if let Some(RowOutcome::Failed(failure)) = results.next_outcome().unwrap() {
            failures.push((failure.kind, failure.status));
        }
    }
    let rejected = RowFailureKind::Rejected;
    assert_eq!(failures, [(rejected, Some(400)), (rejected, Some(404))]);
}

#[tokio::test]
async fn a_failure_that_concerns_every_row_stops_the_run_and_loses_none() {
    let stage = Stage::new().await;
    let folder = Folder::new();
    let accounts = accounts(&stage, 3).await;
    let stranger = stage
        .builder()
        .credentials(offblocks_sandbox::DEFAULT_API_KEY, "another secret");
    let strangers = Cards::new(stranger.build().unwrap());
    {
        let journal = FileJournal::open(&strangers, folder.journal(), rows(&accounts));
        let journal = journal.await.unwrap();
        match strangers.issue_many(&journal).await {
            Err(BulkError::Call { error, .. }) => assert!(error.is_unauthorised()),
            other => panic!("{other:?}"),
        }
    }
    let journal = FileJournal::open(&stage.cards, folder.journal(), rows(&accounts));
    stage
        .cards
        .issue_many(&journal.await.unwrap())
        .await
        .unwrap();
    assert_exactly_one_card_each(&stage, &folder.journal(), &accounts).await;
}

#[tokio::test]
async fn a_paused_job_begins_no_row_until_it_goes_on() {
    let stage = Stage::new().await;
    let folder = Folder::new();
    let accounts = accounts(&stage, 2).await;
    let journal = FileJournal::open(&stage.cards, folder.journal(), rows(&accounts));
    let journal = journal.await.unwrap();
    let control = BulkControl::default();
    control.pause();
    let run = stage.cards.bulk().control(control.clone()).run(&journal);
    let mut run = Box::pin(run);
    assert!((&mut run).now_or_never().is_none());
    assert_eq!(cards_by_account(&stage).await.len(), 0);
    control.resume();
    assert_eq!(run.await.unwrap().progress.issued, 2);
}

#[tokio::test]
async fn a_dry_run_names_what_would_fail_and_orders_nothing() {
    let stage = Stage::new().await;
    let accounts = accounts(&stage, 3).await;
    stage
        .cards
        .issue(accounts[0], virtual_card())
        .await
        .unwrap();
    stage
        .client
        .deactivate_account(accounts[1])
        .send()
        .await
        .unwrap();
    let unknown = AccountId::from(offblocks_types::uuid::Uuid::from_u128(5));
    let all = [accounts[0], accounts[1], accounts[2], unknown];
    let checked: Vec<_> = stage.cards.check_many(rows(&all), 2).collect().await;
    let problems: Vec<String> = checked
        .into_iter()
        .map(|row| {
            let problems = row.unwrap().problems;
            let texts: Vec<String> = problems.iter().map(RowProblem::to_string).collect();
            texts.join("; ")
        })
        .collect();
    assert_eq!(
        problems,
        [
            "the account already has a virtual card, and may have only one; terminate that card first",
            "the account is inactive and has to be active",
            "",
            &format!("there is no account {unknown}"),
        ]
    );
    assert_eq!(cards_by_account(&stage).await.len(), 1);
}
