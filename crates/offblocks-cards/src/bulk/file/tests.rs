//! Journals that are interrupted, cut off and damaged.

#![expect(
    clippy::disallowed_methods,
    reason = "a test makes the damage it looks for"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::stream;
use offblocks_types::uuid::Uuid;
use offblocks_types::{AccountId, Address, CardType, CreateAccountCardRequest};

use super::*;
use crate::bulk::{CardRow, RowFailure, RowFailureKind};

/// A clock that stands still.
#[derive(Debug)]
struct Still;

impl Clock for Still {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_340_781)
    }
}

/// Always the same job.
#[derive(Debug)]
struct SameJob;

impl offblocks_client::Random for SameJob {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(0xb01d)
    }
}

fn row(number: u64) -> CardRow {
    let address = Address::new("18 Harbour Row", "Bristol", "GB", "BS1 4RN");
    let order = CreateAccountCardRequest::new(CardType::Virtual, address);
    let account = AccountId::from(Uuid::from_u128(u128::from(number)));
    CardRow::new(format!("row {number}"), account, order)
}

type Rows = stream::Iter<std::vec::IntoIter<CardRow>>;

fn rows(count: u64) -> Rows {
    given((0..count).map(row))
}

fn given(rows: impl Iterator<Item = CardRow>) -> Rows {
    stream::iter(rows.collect::<Vec<_>>())
}

fn options() -> FileJournalOptions {
    FileJournalOptions::of(Arc::new(Still), Arc::new(SameJob))
}

fn issued(number: u64) -> RowOutcome {
    RowOutcome::Issued {
        card: CardId::from(Uuid::from_u128(1_000 + u128::from(number))),
        found: false,
    }
}

fn failed() -> RowOutcome {
    RowOutcome::Failed(RowFailure::new(
        RowFailureKind::Rejected,
        Some(400),
        "the account is closed",
    ))
}

fn outcome(number: u64) -> RowOutcome {
    match number % 5 {
        4 => failed(),
        _ => issued(number),
    }
}

/// A folder of its own, removed at the end.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("job.journal")
    }
}

/// Ends rows of a job of `count` rows until `most` have ended, and says which did.
async fn run(path: &Path, count: u64, most: usize) -> Vec<u64> {
    let journal = options().open(path, rows(count)).await.unwrap();
    let mut ended = Vec::new();
    while ended.len() < most
        && let Some(claim) = journal.claim().await.unwrap().row()
    {
        let finished = journal
            .finish(&claim, &outcome(claim.number))
            .await
            .unwrap();
        assert_eq!(finished, Finished::Recorded);
        ended.push(claim.number);
    }
    journal.flush().await.unwrap();
    ended
}

#[tokio::test]
async fn a_job_goes_on_where_it_stopped_and_ends_each_row_once() {
    let folder = Folder::new();
    let mut ended = Vec::new();
    for most in [0, 1, 300, 7, 256, 1_000] {
        ended.extend(run(&folder.path(), 700, most).await);
    }
    let each: Vec<u64> = (0..700).collect();
    ended.sort_unstable();
    assert_eq!(ended, each);
    let mut results = Results::open(folder.path()).unwrap();
    for number in 0..700 {
        assert_eq!(
            results.next_outcome().unwrap(),
            Some(outcome(number)),
            "{number}"
        );
    }
    assert_eq!(results.next_outcome().unwrap(), None);
}

#[tokio::test]
async fn rows_in_flight_come_again_as_maybe_sent() {
    let folder = Folder::new();
    let journal = options().open(folder.path(), rows(3)).await.unwrap();
    let first = journal.claim().await.unwrap().row().unwrap();
    assert_eq!((first.number, first.history), (0, History::Unsent));
    journal.begin_round(&first, 2, Still.now()).await.unwrap();
    drop(journal);
    let journal = options().open(folder.path(), rows(3)).await.unwrap();
    assert_eq!(journal.recovery().open, 3);
    let again = journal.claim().await.unwrap().row().unwrap();
    let since = Still.now();
    assert_eq!((again.number, again.round), (0, 2));
    assert_eq!(again.history, History::MaybeSent { since });
}

#[tokio::test]
async fn a_card_belongs_to_one_row() {
    let folder = Folder::new();
    let journal = options().open(folder.path(), rows(3)).await.unwrap();
    let first = journal.claim().await.unwrap().row().unwrap();
    let second = journal.claim().await.unwrap().row().unwrap();
    let card = issued(0);
    assert_eq!(
        journal.finish(&first, &card).await.unwrap(),
        Finished::Recorded
    );
    assert_eq!(
        journal.finish(&second, &card).await.unwrap(),
        Finished::CardTaken
    );
    let RowOutcome::Issued { card, .. } = card else {
        panic!("it is a card")
    };
    let other = CardId::from(Uuid::from_u128(9));
    let taken = journal.taken(&BTreeSet::from([card, other])).await.unwrap();
    assert_eq!(taken, BTreeSet::from([card]));
}

#[tokio::test]
async fn only_one_process_works_with_a_file_and_only_with_its_rows() {
    let folder = Folder::new();
    let journal = options().open(folder.path(), rows(300)).await.unwrap();
    let second = options().open(folder.path(), rows(300)).await;
    assert!(matches!(second, Err(FileJournalError::InUse { .. })));
    for _ in 0..300 {
        journal.claim().await.unwrap().row().unwrap();
    }
    drop(journal);
    let before = fs::read(folder.path()).unwrap();
    let others = [
        // One row differs, one is missing.
        given((0..300).map(|number| row(if number == 299 { 7 } else { number }))),
        rows(299),
    ];
    for other in others {
        match options().open(folder.path(), other).await {
            Err(FileJournalError::OtherRows {
                from: 256, to: 300, ..
            }) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(
        fs::read(folder.path()).unwrap(),
        before,
        "a wrong call changes nothing"
    );
    let journal = options().open(folder.path(), rows(301)).await.unwrap();
    assert_eq!(journal.recovery().open, 300, "further rows may follow");
}

#[tokio::test]
async fn a_file_cut_off_at_any_byte_is_recovered() {
    let folder = Folder::new();
    run(&folder.path(), 20, 13).await;
    let whole = fs::read(folder.path()).unwrap();
    for length in 0..whole.len() {
        fs::write(folder.path(), &whole[..length]).unwrap();
        let ended_before = ended_in(&whole[..length]);
        let ended = run(&folder.path(), 20, usize::MAX).await;
        let expected: Vec<u64> = (0..20)
            .filter(|number| !ended_before.contains(number))
            .collect();
        let mut ended = ended;
        ended.sort_unstable();
        assert_eq!(ended, expected, "cut off at byte {length}");
    }
}

/// The rows whose line is whole.
fn ended_in(bytes: &[u8]) -> BTreeSet<u64> {
    let text = String::from_utf8_lossy(bytes);
    let whole = text
        .split_inclusive('\n')
        .filter(|line| line.ends_with('\n'));
    let number = |line: &str| {
        let rest = line.split_once("{\"ended\":{\"row\":")?.1;
        rest.split(',').next()?.parse().ok()
    };
    whole.filter_map(number).collect()
}

#[tokio::test]
async fn a_flipped_bit_is_refused_with_its_place_or_recovered() {
    let folder = Folder::new();
    run(&folder.path(), 6, 5).await;
    let whole = fs::read(folder.path()).unwrap();
    let first_line = whole.iter().position(|byte| *byte == b'\n').unwrap();
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << bit;
            fs::write(folder.path(), &damaged).unwrap();
            let last = at + 1 == whole.len();
            match options().open(folder.path(), rows(6)).await {
                Err(FileJournalError::Damaged { offset, .. }) => {
                    assert!(offset <= at as u64, "byte {at}: the place is {offset}");
                    assert_eq!(fs::read(folder.path()).unwrap(), damaged);
                }
                Err(FileJournalError::NotAJournal { .. }) => assert!(at <= first_line),
                // Without its end, the last line looks like one that was never finished.
                Ok(journal) if last => assert!(journal.recovery().lost_bytes > 0),
                other => panic!("bit {bit} of byte {at}: {other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_damaged_file_can_be_repaired() {
    let folder = Folder::new();
    run(&folder.path(), 20, 13).await;
    let mut bytes = fs::read(folder.path()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs::write(folder.path(), &bytes).unwrap();
    let journal = options()
        .repair(true)
        .open(folder.path(), rows(20))
        .await
        .unwrap();
    let recovery = journal.recovery();
    assert!(recovery.lost_bytes > 0 && recovery.open > 7, "{recovery:?}");
}

#[tokio::test]
async fn a_file_of_something_else_is_left_alone() {
    let folder = Folder::new();
    for foreign in [
        "reference,account\n",
        "no line's end",
        "00000000 {\"other\":1}\n",
        "\u{0}\u{1}",
    ] {
        fs::write(folder.path(), foreign).unwrap();
        let opened = options().open(folder.path(), rows(1)).await;
        assert!(
            matches!(opened, Err(FileJournalError::NotAJournal { .. })),
            "{foreign:?}"
        );
        assert_eq!(fs::read_to_string(folder.path()).unwrap(), foreign);
    }
}
